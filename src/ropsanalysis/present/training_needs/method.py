"""The end of the report: how people are protected, how it was made, with what choices, from which files."""

from __future__ import annotations

from typing import Any

from ropsanalysis.definitions import Choice
from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Column, Note, Number, Points, Statement, Table
from ropsanalysis.present.training_needs import words
from ropsanalysis.training_needs.view import TrainingNeeds

_PROTECTION = (
    (
        "Nie podajemy liczby respondentów mniejszej niż {threshold}. Aby takiej liczby nie dało się obliczyć z sum i z "
        "odsetek, ukrywamy także inne pola tabel; wybiera je program optymalizacyjny, tak by ukryć jak najmniej."
    ),
    (
        "Każdy zestaw tabel sprawdzamy oczami kogoś, kto zna wszystko, co opublikowano, także dla pozostałych "
        "województw i Polski: przedział, w którym mógłby on umieścić ukrytą liczbę, musi mieć szerokość co najmniej "
        "{protection_width}. Gdy warunek nie jest spełniony, raport nie powstaje."
    ),
    (
        "Udziały podajemy w pełnych procentach, a liczby pracowników w zaokrągleniu. Wykresy nie pokazują pojedynczych "
        "osób. Do raportu nie trafiają odpowiedzi otwarte ani żadne dane identyfikujące."
    ),
)
_METHODS = (
    ("Luka: różnica między oceną ważności kompetencji a oceną jej opanowania, od 1 do 5. Osobę, która nie podała "
    "jednej z ocen lub wybrała „nie dotyczy”, pomijamy tylko przy tej kompetencji; n mówi, ile osób zostało."),
    ("Średnia ważona luka (MWDS, Borich 1980): średnia luka pomnożona przez średnią ważność. Luka rangowa (RDS, Narine "
    "i Harder 2021): odsetek osób, które opanowanie oceniły wyżej niż ważność, minus odsetek tych, które oceniły je "
    "niżej."),
    ("Ważenie: odpowiedzi ważymy tak, aby struktura według typu instytucji zgadzała się z zatrudnieniem. Typy z mniej "
    "niż {collapse_below} respondentami łączymy przy tym z innymi. Wagi przycinamy do {trim_ratio}-krotności mediany."),
    ("Przedziały: uwzględniają schemat badania, ważenie i skończoną liczbę pracowników (linearyzacja Taylora); dla "
    "udziałów bliskich 0 i 100% nie wychodzą poza możliwe wartości. Przedziały miejsc wyznacza {bootstrap_draws} prób "
    "bootstrapowych."),
    ("Oszacowania nie podajemy, gdy odpowiedzi jest mniej niż {min_base} albo gdy połowa szerokości przedziału udziału "
    "przekracza {max_half_width}."),
    ("Małe typy instytucji: model mieszany z częściowym łączeniem. Związki z cechami osób: model logitowy dla "
    "odpowiedzi uporządkowanych, przeciętne efekty krańcowe i sprawdzenie założenia proporcjonalnych szans. Poziom "
    "istotności testów {alpha} po poprawce na liczbę porównań."),
    "Profile: grupowanie osób o podobnym układzie luk; ich liczbę wybrano tak, by podział był jak najtrwalszy.",
    "Plan: program całkowitoliczbowy; solver dowodzi, że lepszego planu nie ma, albo podaje, ile można zyskać.",
    ("Zaokrąglenia: liczby w tabelach są takie jak w opublikowanych danych; różnice liczymy przed zaokrągleniem, "
    "dlatego mogą nieznacznie odbiegać od wyniku odejmowania liczb widocznych w tabeli."),
)  # fmt: skip
_SCALE = {"importance": "ważność", "mastery": "opanowanie"}
_VERDICT = {"safe": "bezpieczny", "unsafe": "niewystarczająca ochrona"}
_VALUE = {"mean": "średnia", "midpoint": "środek skali", "True": "tak", "False": "nie"}


def protection_notes(needs: TrainingNeeds) -> Points:
    """Return how people are protected."""
    return _filled(needs, _PROTECTION)


def protection_table(needs: TrainingNeeds) -> Table | None:
    """Return the audit of the systems of tables in which something is hidden; None where nothing is."""
    hiding = [row for row in needs.protection if row.primary or row.secondary]
    whole = len(needs.protection) - len(hiding)
    if not hiding:
        return None
    return Table(
        key="protection",
        title="Wynik sprawdzenia ochrony danych",
        columns=(
            Column("Zestaw tabel", "left"),
            Column("Pola"),
            Column("Małe"),
            Column("Inne"),
            Column("Wym. szer."),
            Column("Najm. szer."),
            Column("Luka opt. (%)"),
            Column("Wynik", "left"),
        ),
        rows=tuple(
            (
                row.system,
                Number(row.cells),
                Number(row.primary),
                Number(row.secondary),
                _plain(row.width_required),
                _plain(row.width_smallest),
                Number(None if row.gap is None else round(100 * row.gap, 6), digits=1),
                _VERDICT.get(row.verdict, row.verdict),
            )
            for row in hiding
        ),
        source=words.source(needs),
        note="Dotyczy wszystkich województw łącznie. Małe: pola ukryte z powodu zbyt małej liczby odpowiedzi; inne: "
        "pola ukryte, aby tamtych nie dało się obliczyć. Szer.: długość przedziału, w którym ktoś z zewnątrz może "
        "umieścić ukrytą liczbę, wymagana i najmniejsza. Luka opt.: o ile procent mniejszy mógłby być koszt ukrycia; 0 "
        "oznacza dowiedzione minimum."
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
                "na wszystkie powody, bo rozróżnienie zdradzałoby, że odpowiedzi było bardzo mało"
            ),
            "nieprecyzyjne – zbyt mało odpowiedzi lub zbyt szeroki przedział w całym województwie albo w Polsce",
            "brak odpowiedzi – nikt nie odpowiedział",
            "– (kreska) – liczby nie wyznaczono lub nie ma ona sensu w tym miejscu",
            "n – liczba odpowiedzi, na których opiera się wynik, bez ważenia",
            f"od, do – granice przedziału {words.confidence(needs)}",
        ),
    )


def method_notes(needs: TrainingNeeds) -> Points:
    """Return the methods, one sentence or two for each, with the choices that were used."""
    return _filled(needs, _METHODS)


def _filled(needs: TrainingNeeds, texts: tuple[str, ...]) -> Points:
    used: dict[str, Any] = {choice.name: _value(choice) for choice in needs.choices}
    return Points(
        tuple(
            Statement.of(text, **{name: shown for name, shown in used.items() if f"{{{name}}}" in text})
            for text in texts
        )
    )


def _value(choice: Choice) -> Number | str:
    if isinstance(choice.value, (str, bool)):
        return _VALUE.get(str(choice.value), str(choice.value))
    return Number(choice.value, digits=0 if float(choice.value).is_integer() else 2)


def choices_of_method(needs: TrainingNeeds) -> Table:
    """Return the parameters of the methods as they were used."""
    return Table(
        key="choices",
        title="Przyjęte parametry",
        columns=(Column("Parametr", "left"), Column("Wartość"), Column("Jednostka", "left")),
        rows=tuple(
            (choice.description.rstrip("."), _value(choice), choice.unit or polish.DASH) for choice in needs.choices
        ),
    )


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
        note="Wartości bliskie 1: oceny poszczególnych kompetencji są ze sobą spójne. n: osoby, które oceniły "
        f"wszystkie pozycje. „od” i „do”: przedział {words.confidence(needs)}.",
    )


def sources(needs: TrainingNeeds) -> Table:
    """Return the data files the report was computed from, with their checksums."""
    return Table(
        key="sources",
        title="Pliki danych, z których powstał raport",
        columns=(
            Column("Plik", "left"),
            Column("Wierszy w pliku"),
            Column("Przyjęto"),
            Column("SHA-256 (początek)"),
            Column("Źródło", "left"),
        ),
        rows=tuple(
            (
                file.path,
                Number(file.rows_in),
                Number(file.rows_out),
                file.sha256[:16],
                file.source,
            )
            for file in needs.files
        ),
        note="Pełne sumy kontrolne zawiera plik manifest.json tej edycji.",
    )
