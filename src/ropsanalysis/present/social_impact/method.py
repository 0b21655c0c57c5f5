"""The end of the report: how persons are protected, how it was made, with what choices, from which files."""

from __future__ import annotations

from typing import Final

from ropsanalysis.definitions import Choice
from ropsanalysis.present import origin, polish
from ropsanalysis.present.blocks import Column, Note, Number, Points, Table
from ropsanalysis.present.social_impact import names, words
from ropsanalysis.social_impact.centre_checks import ENOUGH_DF
from ropsanalysis.social_impact.centre_panel import ENOUGH_POWIATS
from ropsanalysis.social_impact.view import SocialImpact
from ropsanalysis.stats.effects import FEW_CLUSTERS

_PROTECTION: Final = (
    (
        "Osoby występują w danych pod pseudonimami. Wyniku nie podajemy, gdy opiera się na mniej niż {min_persons} "
        "osobach, a odsetka także wtedy, gdy cechę ma albo nie ma jej mniej niż {min_count} osób."
    ),
    (
        "Formy wsparcia o małej liczbie osób łączymy, a ukryte liczby chronimy także przed obliczeniem z sum. Liczb o "
        "gminach nie ukrywamy, bo są jawne; nie podajemy tylko wyników, które opierają się na mniej niż {min_opened} "
        "gminach z centrum."
    ),
)
_METHODS: Final = (
    (
        "Uczestników i grupę porównawczą pytano cztery razy: na wejściu, na wyjściu oraz 6 i 12 miesięcy później. "
        "Utrata osób: wagi odwrotne do prawdopodobieństwa odpowiedzi we wszystkich pomiarach, przewidzianego z cech na "
        "wejściu; największe wagi przycinamy na kwantylu {trim_quantile}. Utrata większa niż {max_attrition} obniża "
        "stopień dowodu."
    ),
    ("Rzetelność skal: alfa Cronbacha z przedziałem Feldta i omega McDonalda. Wynik skali to średnia jej pozycji."),
    (
        "Zmiana: różnica między wejściem a rokiem po wyjściu u tych samych osób. Zmiany odsetków i średnich "
        "ocenia test Walda z wagami za utratę, odpowiedzi uporządkowane – model porządkowy. Na liczbę wskaźników "
        "w województwie, osobno dla każdej metody, poprawiamy metodą Holma. Przedziały na poziomie {confidence} "
        "uwzględniają, że osoby z jednego podmiotu są do siebie podobne, i wymagają co najmniej {min_clusters} "
        "podmiotów."
    ),
    (
        "Najmniejsza ważna zmiana: {smallest_difference_share} w odsetkach albo {smallest_difference_sd} odchylenia "
        "standardowego na wejściu. Ocena „mniej niż ważna zmiana” wymaga, aby cały przedział leżał poniżej ważnej "
        "zmiany, a „poprawa” albo „pogorszenie” – aby wartość p po poprawce Holma była mniejsza niż {alpha}; "
        "w pozostałych przypadkach wynik jest nierozstrzygnięty."
    ),
    (
        "Porównanie z osobami bez wsparcia: różnica w różnicach, ważenie odwrotnością prawdopodobieństwa udziału, "
        "ważenie podwójnie odporne (AIPW) i wagi równoważące. Porównujemy tylko wtedy, gdy podobne osoby ma co "
        "najmniej {min_overlap} uczestników; grupy uznajemy za podobne, gdy żadna cecha nie różni się o więcej niż "
        "{max_imbalance} odchylenia standardowego. Od tego, a nie od wyników, zależy metoda, na której opiera się "
        "twierdzenie: wagi równoważące, gdy grupy da się wyrównać, w przeciwnym razie różnica w różnicach. Ważenie "
        "i wagi równoważące porównują tylko osoby, które odpowiedziały w każdym pomiarze, bez wag za utratę "
        "pozostałych."
    ),
    (
        "Przedziały różnic: rozkład t, w którym stopnie swobody to liczba podmiotów grupy o mniejszej ich liczbie "
        "pomniejszona o 1; przy wagach przedział jest szerszy o poprawkę na liczbę wyrównywanych cech. W symulacjach "
        "bez efektu (12 cech, 11 i 9 albo 24 i 20 podmiotów) przedziały 95% obejmowały zero w 94–96% prób. "
        f"Grupa z mniej niż {FEW_CLUSTERS} podmiotów obniża stopień dowodu."
    ),
    (
        "Cecha, której nie zmierzono: wartość E (VanderWeele i Ding 2017) i delta Oster (2019) z mnożnikiem "
        "{r_squared_max}. Mówią, jak silna musiałaby być taka cecha, a nie czy istnieje."
    ),
    (
        "Centra usług społecznych: otwierano je w różnych latach, dlatego różnice liczymy osobno dla gmin z jednego "
        "roku otwarcia i każdego roku (Callaway i Sant'Anna 2021), a potem uśredniamy. Porównujemy z gminami, które "
        "centrum nie mają, oraz – na próbę – z tymi, które otworzą je później. Przedziały punktowe i pas łączny "
        "pochodzą z losowania znaków odchyleń całych powiatów, a gdy jest ich mniej niż "
        f"{ENOUGH_POWIATS} – gmin; "
        "liczba losowań: {bootstrap_draws}. Próba placebo udaje otwarcie o {placebo_years} lata wcześniej. Próbę przed "
        f"otwarciem uznajemy za przeprowadzoną, gdy mianownik testu F ma co najmniej {ENOUGH_DF} stopni swobody."
    ),
    (
        "Siła dowodu: stopień wynika ze sposobu porównania (bez grupy porównawczej – 2, z grupą – 3, z grupą wyrównaną "
        "– 4, z losowym przydziałem – 5); gmin nikt nie wyrównuje, więc ich porównanie zaczyna od 3. Stopień obniża "
        "nieudane wyrównanie grup, duża utrata osób, mała liczba podmiotów lub gmin oraz każda próba kontrolna gmin, "
        "która się nie powiodła albo której nie da się przeprowadzić; pomiar nie spada jednak poniżej stopnia 2. "
        "Czasownik zdania odpowiada stopniowi: stopień 4 mówi o prawdopodobnym udziale wsparcia, a dopiero stopień 5 "
        "o przyczynie bez zastrzeżeń."
    ),
    (
        "Wartość (SROI): liczba × cena × (1 − efekt jałowy) × (1 − wyparcie) × (1 − wkład innych); po pierwszym roku "
        "maleje o zanikanie, a kolejne lata dyskontujemy stopą {discount_rate}. Ceny z różnych "
        "lat przeliczamy wskaźnikiem cen. Wskaźnik: wartość podzielona przez nakłady. Liczba: wszystkie osoby z "
        "rezultatem w całym okresie nakładów, bez odejmowania tych, które miałyby go i bez wsparcia."
    ),
    (
        "Mapa i pomiar: osoby netto z mapy (liczba × (1 − efekt jałowy)) porównujemy z liczbą uczestników pomnożoną "
        "przez różnicę wobec osób bez wsparcia. W drugim wskaźniku rezultat, który pomiar potwierdza, liczy się w tej "
        "liczbie osób (przy średnich: jak w mapie), a niepotwierdzony – jako zero; wiersze bez związku z pomiarem "
        "pozostają bez zmian."
    ),
    (
        "Niepewność wartości: założenia losujemy z podanych granic, {map_draws} razy, ze stałym ziarnem {seed}; bez "
        "granic założenie się nie zmienia. Założenia jednego rodzaju losujemy wspólnie dla wszystkich wierszy, bo kto "
        "zawyża liczbę albo cenę w jednym, robi to zwykle i w innych; to wybór ostrożny, który rozszerza przedział. "
        "Wynik uznajemy za zależny od jednego wiersza, gdy jego udział przekracza "
        "{dominant_share}."
    ),
    (
        "Zaokrąglenia: różnice i udziały liczymy przed zaokrągleniem, dlatego mogą nieznacznie odbiegać od wyniku "
        "działania na liczbach widocznych w tabeli."
    ),
)
_TABLES: Final = {
    "participation": "uczestnicy",
    "retention": "kolejne pomiary",
    "lost": "utrata osób",
    "reliability": "rzetelność skal",
    "levels": "poziom wskaźników",
    "changes": "zmiany",
    "balance": "podobieństwo grup",
    "overlap": "prawdopodobieństwo udziału",
    "comparison": "ocena grupy porównawczej",
    "effects": "różnice wobec osób bez wsparcia",
    "centre_effects": "różnice po otwarciu centrów",
    "centre_tests": "próby kontrolne gmin",
    "cost_per": "nakłady na trwały rezultat",
    "claims": "twierdzenia",
}


def protection_notes(impact: SocialImpact) -> Points:
    """Return how persons are protected."""
    return origin.methods(_PROTECTION, impact.choices)


def protection_table(impact: SocialImpact) -> Table | None:
    """Return how many results are hidden; None where nothing is."""
    hiding = [row for row in impact.protection if row.hidden]
    if not hiding:
        return None
    return Table(
        key="protection",
        title="Ile wyników ukryto",
        columns=(Column("Zestaw wyników", "left"), Column("Wyniki"), Column("Ukryte")),
        rows=tuple(
            (polish.capital(_TABLES.get(row.table, row.table)), Number(row.results), Number(row.hidden))
            for row in hiding
        ),
        **words.origin(impact, *words.PERSONS),
    )


def symbols(impact: SocialImpact) -> Note:
    """Return the meaning of every symbol in the tables."""
    kinds = "; ".join(
        f"{text[text.index('(') + 1 : -1]} – {text[: text.index('(') - 1]}"
        for text in names.KIND.values()
        if "(" in text
    )
    return Note(
        title="Znaki umowne.",
        text="W tabelach zamiast liczby może stać słowo albo znak.",
        items=(
            "ukryto – zbyt mało osób albo trzeba chronić inne liczby",
            "brak porównania, grupy różne – nie ma grupy porównawczej albo jest zbyt inna; różnicy nie szacujemy",
            "brak danych, niestabilne – danych nie dostarczono albo nie wystarczają do wiarygodnej liczby",
            "– (kreska) – liczby nie wyznaczono lub nie ma ona sensu w tym miejscu",
            "n – liczba osób, na których opiera się wynik, bez ważenia",
            f"od, do – granice przedziału {words.confidence(impact)}, czyli granice niepewności wyniku",
            "p – prawdopodobieństwo tak dużej różnicy, gdyby w rzeczywistości jej nie było",
            "p.p. – punkty procentowe; pkt – punkty skali odpowiedzi od 1 do 5",
            f"skróty: {kinds}; CUS – centrum usług społecznych; DPS – dom pomocy społecznej",
        ),
    )


def method_notes(impact: SocialImpact) -> Points:
    """Return the methods, one sentence or two for each, with the choices that were used."""
    return origin.methods(_METHODS, [_readable(choice) for choice in impact.choices])


def _readable(choice: Choice) -> Choice:
    """Return a choice as sentences print it: a share as a percentage, the start of random numbers as a name."""
    if choice.name == "smallest_difference_share":
        points = 100 * float(choice.value)
        noun = polish.plural_form(round(points), "punkt procentowy", "punkty procentowe", "punktów procentowych")
        return choice._replace(value=f"{words.plain(points, digits=0).text}{polish.NBSP}{noun}")
    if choice.unit in {"udział", "prawdopodobieństwo", "stopa roczna"}:
        value = float(choice.value)
        digits = 0 if abs(100 * value - round(100 * value)) < 1e-9 else 1
        return choice._replace(value=words.percent(value, digits=digits).text)
    return choice._replace(value=str(choice.value)) if choice.name == "seed" else choice


def choices_of_method(impact: SocialImpact) -> Table:
    """Return the parameters of the methods as they were used."""
    return origin.choices_table(impact.choices, title="Przyjęte parametry")


def sources(impact: SocialImpact) -> Table:
    """Return the data files the report was computed from, with their checksums."""
    return origin.files_table(
        impact.files,
        note="SHA-256: suma kontrolna, po której można poznać, czy plik się zmienił; pełne sumy zawiera plik "
        "manifest.json tej edycji.",
        sizes=False,
    )
