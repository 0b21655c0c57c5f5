"""The end of the report: how entities are protected, how it was made, with what choices, from which files."""

from __future__ import annotations

from typing import Final

from ropsanalysis.present import origin, polish
from ropsanalysis.present.blocks import Column, Note, Number, Points, Table
from ropsanalysis.present.social_economy import words
from ropsanalysis.social_economy.view import SocialEconomy

_PROTECTION: Final = (
    (
        "Rejestry są jawne, dlatego nie ukrywamy liczb podmiotów, także małych. Odpowiedzi z badania podmiotów są "
        "poufne: nie podajemy ich dla pojedynczych podmiotów."
    ),
    (
        "Wyniku badania nie podajemy, gdy opiera się na odpowiedziach mniej niż {statutory_min_units} podmiotów albo "
        "gdy udział jednego podmiotu przekracza {statutory_dominance} całości. Liczby osób nie podajemy także wtedy, "
        "gdy jest mniejsza niż {count_threshold}. Takie pole ukrywamy we wszystkich tabelach z badania."
    ),
    (
        "Aby ukrytej wielkości nie dało się obliczyć z sum, ukrywamy także inne pola. Sprawdzamy to tak, jak zrobiłby "
        "to ktoś, kto zna wszystko, co opublikowano, także dla pozostałych województw i Polski: przedział, w którym "
        "mógłby umieścić ukrytą wielkość, musi mieć szerokość co najmniej {protection_share} tej wielkości. Gdy "
        "warunek nie jest spełniony, raport nie powstaje."
    ),
)
_METHODS: Final = (
    (
        "Rejestry: wpisy z kilku rejestrów łączymy po numerach NIP, REGON i KRS, a gdy ich brak, po nazwie i gminie; "
        "pary o podobnych nazwach trafiają na listę do przejrzenia i do czasu decyzji są liczone osobno. Jednostki "
        "reintegracyjne liczymy oddzielnie od podmiotów, które je prowadzą."
    ),
    (
        "Wpis w rejestrze nie oznacza, że podmiot działa. Za potwierdzony jako działający uznajemy podmiot, którego "
        "wpis zweryfikowano w ostatnich {verification_months} miesiącach przed dniem rejestru."
    ),
    (
        "Gęstość: liczba podmiotów na 10 tys. mieszkańców. Iloraz lokalizacji (LQ): udział formy prawnej w "
        "województwie podzielony przez jej udział w Polsce; powyżej 1 forma jest tu częstsza niż przeciętnie."
    ),
    (
        "Nierówności: współczynnik Giniego (0 – wszędzie tyle samo podmiotów na mieszkańca, bliski 1 – wszystkie w "
        "jednym powiecie) i wskaźnik Theila; wagą jest liczba mieszkańców powiatu."
    ),
    (
        "Ruch: stan na początku okresu plus wejścia minus wyjścia daje stan na końcu. Przeniesienia do innej gminy i "
        "zmiany formy prawnej nie liczymy jako założenia ani zamknięcia. Przedziały liczb na 100 podmiotów są "
        "dokładnymi przedziałami dla rozkładu Poissona."
    ),
    (
        "Trwałość: estymator Kaplana–Meiera z przedziałem log-log. Podmiot obserwujemy od dnia, od którego rejestr by "
        "go wykazał, więc podmioty zamknięte przed założeniem rejestru nie zaniżają ani nie zawyżają wyniku. Różnice "
        "między grupami: test log-rank i model Coxa; założenie proporcjonalności sprawdzamy resztami Schoenfelda."
    ),
    (
        "Badanie podmiotów: waga podmiotu to liczba podmiotów w rejestrze przypadająca na jedną odpowiedź w tej samej "
        "formie prawnej i klasie wielkości w województwie; nie jest mniejsza niż 1, a gdy odpowiedziały wszystkie "
        "podmioty, wynosi dokładnie 1. Grupy, w których odpowiedzi jest mniej niż {collapse_below}, łączymy; waga nie "
        "przekracza {trim_ratio}-krotności mediany wag. Oszacowania nie podajemy, gdy odpowiedzi jest mniej niż "
        "{min_base} albo przedział jest bardzo szeroki."
    ),
    (
        "Przedziały badania uwzględniają ważenie i skończoną liczbę podmiotów. Ich końce odsunięto od oszacowania do "
        "okrągłej odległości, aby z dokładnej szerokości nie dało się odczytać pojedynczych odpowiedzi; przedziały są "
        "przez to szersze, nigdy węższe."
    ),
    (
        "Przychody, koszty i wynik szacujemy każde z odpowiedzi, które podały tę liczbę, dlatego wynik nie musi być "
        "równy różnicy przychodów i kosztów. Rozkład przychodów podajemy od {quantile_base} odpowiedzi, w zaokrągleniu "
        "do dwóch cyfr znaczących; jednakową odpowiedź wszystkich ukrywamy, gdy odpowiedziało mniej niż "
        "{unanimity_base} podmiotów albo wszystkie."
    ),
    (
        "Koncentracja przychodów (HHI): suma kwadratów udziałów źródeł; 1 oznacza jedno źródło. Środki publiczne: "
        "dotacje, zamówienia publiczne i środki Unii Europejskiej."
    ),
    (
        "Wskaźnik złożony: wskaźniki sprowadzamy do skali 0–100, uśredniamy w każdym wymiarze, a potem uśredniamy "
        "wymiary z równymi wagami. Przedziały miejsc wyznaczamy z wariantów o innych wagach i sposobach liczenia; "
        "liczba wariantów: {index_draws}."
    ),
    (
        "Wykresy lejkowe (Spiegelhalter 2005): granice o poziomach {funnel_inner} i {funnel_outer} pokazują, jak "
        "bardzo wynik ośrodka może odbiegać od ogólnego z samego przypadku. Gdy ośrodki różnią się bardziej niż "
        "losowo, granice poszerzamy."
    ),
    (
        "Cele: prognoza z tłumionym trendem i przedziałem 80%, tylko dla szeregów o długości co najmniej "
        "{target_min_years} lat. Status przedsiębiorstwa społecznego istnieje od 30 października 2022 r., dlatego jego "
        "szeregu nie łączymy z wcześniejszymi danymi."
    ),
    (
        "Zaokrąglenia: różnice i udziały liczymy przed zaokrągleniem, dlatego mogą nieznacznie odbiegać od wyniku "
        "działania na liczbach widocznych w tabeli."
    ),
)
_VERDICT: Final = {"safe": "bezpieczny", "unsafe": "niewystarczająca ochrona"}


def protection_notes(economy: SocialEconomy) -> Points:
    """Return how entities are protected."""
    return origin.methods(_PROTECTION, economy.choices)


def protection_table(economy: SocialEconomy) -> Table | None:
    """Return the audit of the systems of tables in which something is hidden; None where nothing is."""
    hiding = [row for row in economy.protection if row.hidden]
    whole = len(economy.protection) - len(hiding)
    if not hiding:
        return None
    return Table(
        key="protection",
        title="Wynik sprawdzenia ochrony danych",
        columns=(
            Column("Zestaw tabel", "left"),
            Column("Pola"),
            Column("Ukryte"),
            Column("Szer. wymagana (%)"),
            Column("Szer. najmniejsza (%)"),
            Column("Do optimum (%)"),
            Column("Wynik", "left"),
        ),
        rows=tuple(
            (
                row.system,
                Number(row.cells),
                Number(row.hidden),
                *(
                    Number(None if share is None else round(100 * share, 6), digits=1)
                    for share in (row.width_required, row.width_smallest, row.gap)
                ),
                _VERDICT.get(row.verdict, row.verdict),
            )
            for row in hiding
        ),
        note="Dotyczy wszystkich województw łącznie. Ukryte: pola z poufnymi odpowiedziami oraz pola ukryte po to, aby "
        "tamtych nie dało się obliczyć; ile jest których, nie podajemy. Szer.: szerokość przedziału, w którym ktoś z "
        "zewnątrz może umieścić ukrytą wielkość, jako procent tej wielkości: wymagana i najmniejsza uzyskana. Do "
        "optimum: o ile procent co najwyżej można by jeszcze zmniejszyć stratę z dodatkowego ukrywania."
        + (f" Liczba pozostałych zestawów, w których nic nie ukryto: {whole}." if whole else ""),
        **words.origin(economy, *words.SURVEY),
    )


def symbols(economy: SocialEconomy) -> Note:
    """Return the meaning of every symbol in the tables."""
    acronyms = "; ".join(
        f"{form.short} – {polish.lower_first(form.name)}"
        for form in economy.forms.values()
        if form.short.isupper() and form.short != form.name
    )
    return Note(
        title="Znaki umowne.",
        text="W tabelach zamiast liczby może stać słowo albo znak.",
        items=(
            (
                "ukryto – zbyt mało podmiotów, jeden podmiot dominuje albo trzeba chronić inne pola tabeli; jedno "
                "słowo na wszystkie powody, bo osobne słowa zdradzałyby, gdzie podmiotów jest bardzo mało"
            ),
            "nieprecyzyjne – zbyt mało odpowiedzi albo zbyt szeroki przedział",
            "brak odpowiedzi – nikt nie odpowiedział",
            "– (kreska) – liczby nie wyznaczono lub nie ma ona sensu w tym miejscu",
            "n – liczba odpowiadających podmiotów, na których opiera się wynik, bez ważenia",
            (
                f"od, do – granice przedziału {words.confidence(economy)}, czyli granice niepewności wyniku; im "
                "przedział jest szerszy, tym mniej pewny jest wynik"
            ),
            "p.p. – punkty procentowe, czyli różnica dwóch odsetków",
            (
                f"skróty: {acronyms}; PES – podmiot ekonomii społecznej; PS – przedsiębiorstwo społeczne; OWES – "
                "ośrodek wsparcia ekonomii społecznej"
            ),
        ),
    )


def register_table(economy: SocialEconomy) -> Table | None:
    """Return what each register brought, and how many of its entities others hold too; None without a register."""
    if not economy.register_counts:
        return None
    return Table(
        key="registers",
        title="Rejestry, z których policzono podmioty",
        columns=(
            Column("Rejestr", "left"),
            Column("Wpisy"),
            Column("Podmioty"),
            Column("Także w innym rejestrze"),
            Column("Do przejrzenia"),
        ),
        rows=tuple(
            (row.source, Number(row.records), Number(row.entities), Number(row.shared), Number(row.review))
            for row in economy.register_counts
        ),
        note="Podmiot obecny w kilku rejestrach liczymy raz. Do przejrzenia: wpisy o nazwie podobnej do nazwy innego "
        "podmiotu z tej samej gminy; czy je połączyć, musi zdecydować człowiek.",
        **words.origin(economy, *words.REGISTER),
    )


def method_notes(economy: SocialEconomy) -> Points:
    """Return the methods, one sentence or two for each, with the choices that were used."""
    return origin.methods(_METHODS, economy.choices)


def choices_of_method(economy: SocialEconomy) -> Table:
    """Return the parameters of the methods as they were used."""
    return origin.choices_table(economy.choices, title="Przyjęte parametry")


def sources(economy: SocialEconomy) -> Table:
    """Return the data files the report was computed from, with their checksums."""
    return origin.files_table(
        economy.files,
        note="SHA-256: suma kontrolna, po której można poznać, czy plik się zmienił; pełne sumy zawiera plik "
        "manifest.json tej edycji. Opisy list (pliki YAML) nie mają wierszy danych.",
        sizes=False,
    )
