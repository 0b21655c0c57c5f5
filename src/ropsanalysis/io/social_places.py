"""Reads where entities are: the units of the country, and the inhabitants of gminas."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from ropsanalysis.io.findings import Finding
from ropsanalysis.io.gminas import Gminas
from ropsanalysis.io.intake import Intake, open_file
from ropsanalysis.io.provenance import FileRecord
from ropsanalysis.io.row_notes import REJECTED, RowNotes
from ropsanalysis.io.tabular import RawRow
from ropsanalysis.regions import REGIONS
from ropsanalysis.social_economy.schema import LEVELS, POPULATION_COLUMNS, UNIT_COLUMNS

UNITS: Final = "teryt_units"
POPULATION: Final = "gmina_population"
CONTEXT: Final = "bdl_context"
"""Dataset with the published population of voivodeships."""
TOLERANCE: Final = 0.05
"""Largest difference from the published population that is passed over in silence."""
WRONG_SCALE: Final = 2.0
"""A sum so many times too large or too small is another quantity, or in another unit."""

_YEARS: Final = (1990, 2100)
_LARGEST: Final = 5_000_000
_NEAR_YEARS: Final = 3
_INTEGER: Final = re.compile(r"-?\d{1,9}(?:[.,]0+)?")
_GROUPS: Final = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")
_PARTS: Final = "4589"
_NAMED: Final = 8
_CORRECT: Final = "Proszę poprawić wartość."


class PlacesRead(NamedTuple):
    """One table as it was read.

    Attributes
    ----------
    table
        Accepted rows, typed.
    findings
        What was found.
    rejected
        Columns `row_notes.REJECTED`.
    files
        Provenance.
    """

    table: pd.DataFrame
    findings: tuple[Finding, ...]
    rejected: pd.DataFrame
    files: tuple[FileRecord, ...]


def read_units(raw: Path) -> PlacesRead:
    """Read ``teryt_units/units.csv``, which comes with the project.

    Parameters
    ----------
    raw
        Usually ``data/raw``.

    Returns
    -------
    PlacesRead
        Table with the columns `UNIT_COLUMNS`, all of type ``str``, sorted by code; empty where a finding is blocking.
    """
    intake = open_file(raw / UNITS, "units", label=_label(raw, UNITS), columns=UNIT_COLUMNS, prefix="ES")
    findings = list(intake.findings)
    rows = [_cells(intake, row, UNIT_COLUMNS) for row in (intake.table.rows if intake.table else ())]
    table = pd.DataFrame(rows, columns=list(UNIT_COLUMNS)).astype("str").sort_values("teryt", ignore_index=True)
    widths = table["level"].map(dict(zip(LEVELS, (2, 2, 4, 6), strict=True)))
    broken = (
        table["teryt"].duplicated()
        | ~table["teryt"].str.fullmatch(r"\d+")
        | (table["teryt"].str.len() != widths)
        | (~table["parent"].isin(table["teryt"]) & (table["level"] != LEVELS[0]))
    )
    missing = [region.teryt for region in REGIONS if region.teryt not in set(table["teryt"])]
    if intake.table and (broken.any() or missing):
        wrong = ", ".join([*table.loc[broken, "teryt"].head(_NAMED), *missing[:_NAMED]])
        findings.append(
            Finding("ES-40", "blocking", intake.file, None, "teryt",
                    f"kody powtórzone, niepełne, bez jednostki nadrzędnej albo brakujące: {wrong}",
                    "wykaz wszystkich województw, powiatów i gmin", _IMPORT_AGAIN)
        )  # fmt: skip
        table = table.iloc[:0]
    return PlacesRead(table, tuple(findings), pd.DataFrame(columns=list(REJECTED)), _record(intake, table, "GUGiK"))


_IMPORT_AGAIN: Final = "Proszę przywrócić plik dostarczony z programem albo ponownie zaimportować wykaz."


def read_population(raw: Path, *, units: pd.DataFrame) -> PlacesRead:
    """Read ``gmina_population/population.csv`` (or ``.xlsx``): inhabitants by gmina and year.

    Parameters
    ----------
    raw
        Usually ``data/raw``; the published population of voivodeships beside it is what sums are compared with.
    units
        Columns `UNIT_COLUMNS`.

    Returns
    -------
    PlacesRead
        Table with teryt (six digits), year and population (int64), one row per gmina and year, sorted; the rejected
        rows are those that are no gmina's, not positive, or contradict one another.

    Notes
    -----
    Where a file lists the parts of a gmina (town and countryside, districts), the gmina's own row counts; without
    one the parts are added up.
    """
    label = _label(raw, POPULATION)
    intake = open_file(raw / POPULATION, "population", label=label, columns=POPULATION_COLUMNS, prefix="ES")
    notes = RowNotes(intake.file)
    rows = intake.table.rows if intake.table else ()
    table = _population(intake, rows, Gminas.of(units), notes)
    findings = [*intake.findings, *notes.findings()]
    if len(table):
        findings += _compare(table, _published(raw / CONTEXT / "observations.csv"), intake.file)
        findings += _missing(table, units, intake.file)
    elif rows:
        findings.append(
            Finding("ES-04", "blocking", intake.file, None, "", "żadnego wiersza nie można użyć",
                    "liczba mieszkańców każdej gminy", "Proszę sprawdzić pozostałe uwagi do tego pliku.")
        )  # fmt: skip
    cells = {row.number: row.cells for row in rows}
    return PlacesRead(table, tuple(findings), notes.rejected(cells.__getitem__), _record(intake, table, "GUS"))


@dataclass(frozen=True, slots=True)
class _Line:
    row: int
    text: str
    year: int
    population: int


def _population(intake: Intake, rows: Sequence[RawRow], gminas: Gminas, notes: RowNotes) -> pd.DataFrame:
    lines = [line for row in rows if (line := _line(intake, row, notes)) is not None]
    texts = list(dict.fromkeys(line.text for line in lines))
    places = dict(zip(texts, gminas.by_codes(texts), strict=True))
    unknown = [(line.row, places[line.text].problem) for line in lines if not places[line.text].teryt]
    if unknown:
        notes.add("ES-40", "teryt", unknown, "kod gminy: 6 albo 7 cyfr", "Wiersz pominięto. Proszę sprawdzić kod.",
                  refuse=True)  # fmt: skip
    mended = [(line.row, f"kod „{line.text}” bez zera na początku") for line in lines if places[line.text].mended]
    if mended:
        notes.add("ES-40", "teryt", mended, "kod jako tekst, z zerem na początku",
                  "Zero przywrócono. Proszę zapisać kody jako tekst.")  # fmt: skip
    whole: dict[tuple[str, int], list[_Line]] = {}
    parts: dict[tuple[str, int], dict[str, list[_Line]]] = {}
    for line in lines:
        teryt = places[line.text].teryt
        if not teryt:
            continue
        code = re.sub(r"\D", "", line.text)
        # A district of six digits has another code than its city.
        if (len(code) == 7 and code[6] in _PARTS) or (len(code) == 6 and code != teryt and f"0{code}"[:6] != teryt):
            parts.setdefault((teryt, line.year), {}).setdefault(code, []).append(line)
        else:
            whole.setdefault((teryt, line.year), []).append(line)
    result = {key: value for key, found in whole.items() if (value := _agreed(found, notes)) is not None}
    for key, by_code in parts.items():
        kinds = {code[6:] for code in by_code}
        if kinds in ({"4"}, {"5"}):  # the other part was refused or is missing
            half = next(iter(by_code.values()))
            notes.add("ES-35", "teryt", [(line.row, "tylko miasto albo tylko obszar wiejski gminy") for line in half],
                      "wiersz całej gminy albo obu jej części", "Wiersz pominięto. Proszę dopisać drugą część.",
                      refuse=True)  # fmt: skip
        elif key not in whole:
            values = [_agreed(found, notes) for found in by_code.values()]
            if None not in values:
                result[key] = sum(value for value in values if value is not None)
    records = [(teryt, year, value) for (teryt, year), value in sorted(result.items())]
    table = pd.DataFrame(records, columns=list(POPULATION_COLUMNS))
    return table.astype({"teryt": "str", "year": "int64", "population": "int64"})


def _line(intake: Intake, row: RawRow, notes: RowNotes) -> _Line | None:
    header = intake.table.header if intake.table else ()
    if len(row.cells) != len(header):
        notes.add("ES-21", "", [(row.number, f"liczba komórek: {len(row.cells)}")],
                  f"liczba komórek jak w nagłówku: {len(header)}", "Proszę sprawdzić rozdzielniki w tym wierszu.",
                  severity="blocking", refuse=True)  # fmt: skip
        return None
    cells = dict(zip(header, row.cells, strict=True))
    year = _integer(cells["year"])
    if year is None or not _YEARS[0] <= year <= _YEARS[1]:
        notes.add("ES-28", "year", [(row.number, f"„{cells['year']}”")], "rok, np. 2024", _CORRECT, refuse=True)
        return None
    population = _integer(cells["population"])
    if population is None:
        notes.add("ES-38", "population", [(row.number, f"„{cells['population']}”")], "liczba osób", _CORRECT,
                  refuse=True)  # fmt: skip
        return None
    if not 0 < population <= _LARGEST:
        notes.add("ES-28", "population", [(row.number, f"liczba mieszkańców: {population}")], "liczba większa od zera",
                  _CORRECT, refuse=True)  # fmt: skip
        return None
    return _Line(row.number, cells["teryt"].strip(), year, population)


def _agreed(lines: Sequence[_Line], notes: RowNotes) -> int | None:
    """Return the one number that all rows of a gmina and year give; None, and all refused, if they differ."""
    first = lines[0]
    if len(lines) == 1:
        return first.population
    numbers = ", ".join(str(line.row) for line in lines[:_NAMED])
    same = {line.population for line in lines} == {first.population}
    found = f"gmina {first.text}, rok {first.year}: wiersze {numbers}"
    remedy = "Powtórzenie pominięto." if same else "Żadnego z tych wierszy nie użyto. Proszę zostawić poprawny."
    notes.add("ES-25", "teryt, year", [(line.row, found) for line in (lines[1:] if same else lines)],
              "jeden wiersz dla gminy i roku", remedy, refuse=True)  # fmt: skip
    return first.population if same else None


def _integer(text: str) -> int | None:
    plain = _GROUPS.sub("", text.strip())
    return int(re.split(r"[.,]", plain)[0]) if _INTEGER.fullmatch(plain) else None


def _published(path: Path) -> dict[tuple[str, int], float]:
    """Return the published population, in persons, by voivodeship and year; empty where there is none."""
    if not path.is_file():
        return {}
    try:
        found = pd.read_csv(path, dtype={"indicator": "str", "teryt": "str"}, encoding="utf-8")
    except (ValueError, OSError):
        return {}
    if not {"indicator", "teryt", "year", "value"} <= set(found.columns):
        return {}  # the screening of the regional diagnosis tells what is wrong with it
    chosen = found[(found["indicator"] == "population_thousand") & (found["teryt"] != "00")]
    values = pd.to_numeric(chosen["value"], errors="coerce") * 1000
    years = pd.to_numeric(chosen["year"], errors="coerce")
    triples = zip(chosen["teryt"], years, values, strict=True)
    return {(teryt, int(year)): float(value) for teryt, year, value in triples if value > 0 and year > 0}


def _compare(table: pd.DataFrame, published: Mapping[tuple[str, int], float], file: str) -> list[Finding]:
    sums = table.groupby([table["teryt"].str[:2], "year"])["population"].sum()
    found = []
    for region in REGIONS:
        years = [year for teryt, year in sums.index if teryt == region.teryt]
        pairs = [
            (abs(year - known), -year, known)
            for year in years
            for teryt, known in published
            if teryt == region.teryt and abs(year - known) <= _NEAR_YEARS
        ]
        if not pairs:
            continue
        _, negative, known = min(pairs)
        ours, theirs = int(sums[(region.teryt, -negative)]), published[region.teryt, known]
        ratio = ours / theirs
        if abs(ratio - 1) <= TOLERANCE:
            continue
        wrong = not 1 / WRONG_SCALE <= ratio <= WRONG_SCALE
        remedy = (
            "Proszę sprawdzić, czy kolumna zawiera liczbę osób (nie tysięcy) i wszystkie gminy."
            if wrong
            else "Proszę sprawdzić, czy w pliku są wszystkie gminy województwa i czy żadna nie występuje podwójnie."
        )
        found.append(
            Finding("ES-33", "blocking" if wrong else "warning", file, None, "population",
                    f"województwo {region.name}, rok {-negative}: suma gmin {ours}",
                    f"około {theirs:.0f} osób (GUS, rok {known})", remedy)
        )  # fmt: skip
    return found


def _missing(table: pd.DataFrame, units: pd.DataFrame, file: str) -> list[Finding]:
    newest = int(table["year"].max())
    present = set(table.loc[table["year"] == newest, "teryt"])
    gminas = units[units["level"] == "gmina"]
    lacking = gminas[~gminas["teryt"].isin(present)]
    found, whole = [], []
    for region in REGIONS:
        here, absent = (part[part["teryt"].str.startswith(region.teryt)] for part in (gminas, lacking))
        if len(absent) == len(here):
            whole.append(region.name)
        elif len(absent):
            named = ", ".join(f"{code} {name}" for code, name in absent[["teryt", "name"]].head(_NAMED).to_numpy())
            more = f" i {len(absent) - _NAMED} innych" if len(absent) > _NAMED else ""
            found.append(
                Finding("ES-35", "warning", file, None, "teryt",
                        f"województwo {region.name}, rok {newest}, gminy bez liczby mieszkańców "
                        f"({len(absent)}): {named}{more}",
                        "liczba mieszkańców każdej gminy w każdym roku",
                        "Dla tych gmin nie podamy liczby podmiotów na 10 tys. mieszkańców. Proszę dopisać wiersze.")
            )  # fmt: skip
    if whole:
        found.append(
            Finding("ES-35", "warning", file, None, "teryt", f"rok {newest}, bez ani jednej gminy: {', '.join(whole)}",
                    "gminy wszystkich województw",
                    "Wskaźników na 10 tys. mieszkańców nie podamy dla tych województw ani dla Polski.")
        )  # fmt: skip
    return found


def _cells(intake: Intake, row: RawRow, columns: Sequence[str]) -> list[str]:
    cells = dict(zip(intake.table.header if intake.table else (), row.cells, strict=False))
    return [cells.get(name, "").strip() for name in columns]


def _label(raw: Path, dataset: str) -> str:
    return f"{raw.parent.name}/{raw.name}/{dataset}"


def _record(intake: Intake, table: pd.DataFrame, source: str) -> tuple[FileRecord, ...]:
    if not intake.sha256:
        return ()
    rows = len(intake.table.rows) if intake.table else 0
    return (FileRecord(intake.file, intake.sha256, intake.bytes, rows, len(table), "social_places", source),)
