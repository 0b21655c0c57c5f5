"""The end of the report: how people are protected, how it was made, with what choices, from which files."""

from __future__ import annotations

from ropsanalysis.present import origin, polish
from ropsanalysis.present.blocks import Column, Note, Number, Points, Table
from ropsanalysis.present.training_needs import words
from ropsanalysis.training_needs.view import TrainingNeeds

_PROTECTION = (
    (
        "Nie podajemy liczby respondentów mniejszej niż {threshold}. "
        "Aby takiej liczby nie dało się obliczyć z sum i odsetków, ukrywamy także inne pola tabel; wybiera je program "
        "optymalizacyjny, tak by ukryć jak najmniej."
    ),
    (
        "Każdy zestaw tabel sprawdzamy tak, jak zrobiłby to ktoś, kto zna wszystko, co opublikowano, także dla "
        "pozostałych województw i Polski, i próbuje odtworzyć ukryte liczby: przedział, w którym mógłby umieścić "
        "ukrytą liczbę, musi mieć szerokość co najmniej {protection_width} (mniej tylko tam, gdzie pracuje mniej "
        "osób). Gdy warunek nie jest spełniony, raport nie powstaje."
    ),
    (
        "Odsetki podajemy w pełnych procentach. Szacowane liczby osób z luką zaokrąglamy, a w typach instytucji "
        "obliczamy z zaokrąglonych odsetków. Wykresy nie pokazują pojedynczych osób. Do raportu nie trafiają "
        "odpowiedzi otwarte ani żadne dane identyfikujące."
    ),
)
_ZERO = " Zero podajemy, ponieważ brak odpowiedzi nie mówi nic o żadnej osobie."
_METHODS = (
    ("Luka: ocena ważności kompetencji minus ocena jej opanowania; obie w skali od 1 do 5. Oceny są tym, co osoby "
    "mówią o sobie, a nie sprawdzianem umiejętności. Osobę, która nie podała jednej z ocen lub wybrała „nie dotyczy”, "
    "pomijamy tylko przy tej kompetencji; n mówi, ile osób zostało."),
    ("Średnia ważona luka (MWDS, Borich 1980): średnia luka pomnożona przez średnią ważność. Luka rangowa (RDS, Narine "
    "i Harder 2021): odsetek osób, które opanowanie oceniły wyżej niż ważność, minus odsetek tych, które oceniły je "
    "niżej; im niższa, tym silniejsza potrzeba."),
    ("Ważenie: odpowiedziom nadajemy wagi, przy których struktura respondentów według typu instytucji jest taka jak "
    "struktura zatrudnienia. Typy instytucji, w których jest mniej niż {collapse_below} respondentów, łączymy przy tym "
    "z innymi. Waga nie może przekroczyć {trim_ratio}-krotności mediany wag. Wagi nie usuwają innych różnic między "
    "osobami, które odpowiedziały, a tymi, które nie odpowiedziały."),
    ("Przedziały: pokazują, jak bardzo wynik mógłby się zmienić, gdyby odpowiedział kto inny; uwzględniają schemat "
    "badania, ważenie i skończoną liczbę pracowników (linearyzacja Taylora). Dla odsetków bliskich 0 i 100% nie "
    "wychodzą poza możliwe wartości. Przedziały miejsc wyznacza {bootstrap_draws} powtórzeń losowania spośród "
    "odpowiedzi (bootstrap). Gdy dwa przedziały na siebie zachodzą, różnicy nie uznajemy za pewną."),
    ("Oszacowania nie podajemy, gdy odpowiedzi jest mniej niż {min_base} albo gdy połowa szerokości przedziału odsetka "
    "przekracza {max_half_width} (1 oznacza 100%)."),
    ("Oszacowania dla małych typów instytucji: model mieszany, który łączy odpowiedzi ze wszystkich typów. Związki z "
    "cechami osób: model logitowy dla odpowiedzi uporządkowanych, przeciętne efekty krańcowe (zmiana "
    "prawdopodobieństwa luki) i sprawdzenie założenia proporcjonalnych szans. Poziom istotności testów: {alpha} po "
    "poprawce na liczbę porównań."),
    ("Profile: grupowanie osób o podobnym układzie luk (metoda k-średnich). Z podziałów dostatecznie trwałych wybrano "
    "ten, w którym grupy różnią się najwyraźniej; gdy żaden nie jest trwały – najtrwalszy z nich."),
    ("Plan: zadanie optymalizacji, w którym liczby grup i miejsc są całkowite. Program obliczeniowy dowodzi, że "
    "lepszego planu nie ma, albo podaje, ile jeszcze można zyskać."),
    ("Zaokrąglenia: liczby w tabelach są takie jak w opublikowanych danych; różnice liczymy przed zaokrągleniem, "
    "dlatego mogą nieznacznie odbiegać od wyniku odejmowania liczb widocznych w tabeli."),
)  # fmt: skip
_SCALE = {"importance": "ważność", "mastery": "opanowanie"}
_VERDICT = {"safe": "bezpieczny", "unsafe": "niewystarczająca ochrona"}


def protection_notes(needs: TrainingNeeds) -> Points:
    """Return how people are protected."""
    told = any(choice.name == "zero_is_disclosive" and str(choice.value) == "False" for choice in needs.choices)
    first, *others = _PROTECTION
    return origin.methods((first + _ZERO if told else first, *others), needs.choices)


def protection_table(needs: TrainingNeeds) -> Table | None:
    """Return the audit of the systems of tables in which something is hidden; None where nothing is."""
    hiding = [row for row in needs.protection if row.hidden]
    whole = len(needs.protection) - len(hiding)
    if not hiding:
        return None
    return Table(
        key="protection",
        title="Wynik sprawdzenia ochrony danych",
        columns=(
            Column("Zestaw tabel", "left"),
            Column("Pola"),
            Column("Ukryte"),
            Column("Wym. szer."),
            Column("Najm. szer."),
            Column("Do optimum (%)"),
            Column("Wynik", "left"),
        ),
        rows=tuple(
            (
                row.system,
                Number(row.cells),
                Number(row.hidden),
                _plain(row.width_required),
                _plain(row.width_smallest),
                Number(None if row.gap is None else round(100 * row.gap, 6), digits=1),
                _VERDICT.get(row.verdict, row.verdict),
            )
            for row in hiding
        ),
        source=words.source(needs),
        note="Dotyczy wszystkich województw łącznie. Pola: liczba wszystkich pól zestawu. Ukryte: pola, w których "
        "odpowiedzi jest zbyt mało albo przedział jest zbyt szeroki, oraz pola ukryte po to, aby tamtych nie dało się "
        "obliczyć; ile jest których, nie podajemy, bo zdradzałoby to małe liczby. Szer.: szerokość przedziału, w "
        "którym ktoś z zewnątrz może umieścić ukrytą liczbę, wymagana i najmniejsza uzyskana. Do optimum: o ile "
        "procent mniej można by co najwyżej stracić na dodatkowym ukrywaniu; 0 oznacza dowiedzione minimum."
        + (f" Liczba pozostałych zestawów, w których nic nie ukryto: {whole}." if whole else ""),
    )


def _plain(value: float | None) -> Number:
    return Number(value, digits=0 if value is None or float(value).is_integer() else 1)


def symbols(needs: TrainingNeeds) -> Note:
    """Return the meaning of every symbol in the tables."""
    return Note(
        title="Znaki umowne.",
        text="W tabelach zamiast liczby może stać słowo albo znak.",
        items=(
            (
                "ukryto – zbyt mało odpowiedzi, zbyt szeroki przedział albo ochrona innych komórek tabeli; jedno słowo "
                "na wszystkie powody, bo osobne słowa zdradzałyby, gdzie odpowiedzi było bardzo mało"
            ),
            "nieprecyzyjne – zbyt mało odpowiedzi lub zbyt szeroki przedział w całym województwie albo w Polsce",
            "brak odpowiedzi – nikt nie odpowiedział",
            "– (kreska) – liczby nie wyznaczono lub nie ma ona sensu w tym miejscu",
            "n – liczba odpowiedzi, na których opiera się wynik, bez ważenia",
            f"od, do – granice przedziału {words.confidence(needs)}",
            "p.p. – punkty procentowe, czyli różnica dwóch odsetków",
            "skróty typów instytucji: "
            + "; ".join(
                f"{institution.short} – {polish.lower_first(institution.name)}"
                for institution in needs.institutions.values()
                if institution.short.lower() != institution.name.lower()
            ),
        ),
    )


def method_notes(needs: TrainingNeeds) -> Points:
    """Return the methods, one sentence or two for each, with the choices that were used."""
    return origin.methods(_METHODS, needs.choices)


def choices_of_method(needs: TrainingNeeds) -> Table:
    """Return the parameters of the methods as they were used."""
    return origin.choices_table(needs.choices, title="Przyjęte parametry")


def scales_table(needs: TrainingNeeds) -> Table | None:
    """Return the reliability of the ratings; None where it could not be estimated."""
    known = [scale for scale in needs.scales if scale.alpha.shown]
    if not known:
        return None
    return Table(
        key="scales",
        title="Rzetelność ocen",
        columns=(
            Column("Skala", "left"),
            Column("Alfa Cronbacha"),
            Column("od"),
            Column("do"),
            Column("Omega McDonalda"),
            Column("Pozycje"),
            Column("n"),
        ),
        rows=tuple(
            (
                _SCALE.get(scale.scale, scale.scale),
                *words.score_cells(scale.alpha),
                words.score(scale.omega),
                Number(scale.items),
                Number(scale.n),
            )
            for scale in known
        ),
        source=words.source(needs),
        note="Alfa i omega mówią, na ile zgodne są ze sobą oceny poszczególnych kompetencji: 1 oznacza pełną spójność, "
        "0 – jej brak. Pozycje: liczba ocenianych kompetencji. n: najmniejsza liczba osób, które oceniły obie pozycje "
        f"jednej pary. „od” i „do”: przedział {words.confidence(needs)} alfy.",
    )


def sources(needs: TrainingNeeds) -> Table:
    """Return the data files the report was computed from, with their checksums."""
    return origin.files_table(
        needs.files,
        note="SHA-256: suma kontrolna, po której można poznać, czy plik się zmienił; pełne sumy zawiera plik "
        "manifest.json tej edycji. Książki kodów (pliki YAML) opisują kolumny ankiety i nie mają wierszy danych.",
        sizes=False,
    )
