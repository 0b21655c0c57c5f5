"""Imports the regional indicators of Statistics Poland (SDG, national priorities) into the tidy dataset.

The source is one wide CSV per indicator: years in rows; Poland and the sixteen voivodeships in columns; two
header rows (Polish, English); suffixes ``_`` and ``__`` for urban and rural areas. A missing value is a
blank, the letter ``x``, or, in some files, ``0.0``.

References
----------
Statistics Poland, repository ``statisticspoland/sdg-indicators-pl``, folder ``data/regionalne``.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ropsanalysis.definitions import ZeroRule
from ropsanalysis.errors import DataError, did_you_mean
from ropsanalysis.io import atomic, catalogue, provenance, tabular
from ropsanalysis.io.provenance import FileRecord
from ropsanalysis.regions import POLAND, REGIONS

SOURCE: Final = "GUS, Wskaźniki zrównoważonego rozwoju, dane regionalne"
REPOSITORY: Final = "statisticspoland/sdg-indicators-pl"
_FOLDER: Final = "data/regionalne"
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
_SUFFIX: Final = re.compile(r"_*$")
_REGION_BY_NAME: Final = {region.name.casefold(): region.teryt for region in (POLAND, *REGIONS)}

Row = tuple[str, str, int, str, str]
OBSERVATION_COLUMNS: Final = ("indicator", "teryt", "year", "value", "flag")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a source file.

    Attributes
    ----------
    suffix
        ``""`` total, ``"_"`` urban, ``"__"`` rural.
    text
        Content as published.
    """

    suffix: str
    teryt: str
    year: int
    text: str


@dataclass(frozen=True, slots=True)
class GusImport:
    """What an import wrote.

    Attributes
    ----------
    observations
        Rows of ``observations.csv``.
    missing
        Those among them without a value.
    indicators
        Series used, urban and rural variants included.
    excluded
        Series left out; their reasons stand in ``indicators.csv``.
    files
        Provenance of each source file.
    """

    observations: int
    missing: int
    indicators: int
    excluded: int
    files: tuple[FileRecord, ...]


def import_folder(source: Path, target: Path) -> GusImport:
    """Read the original folder and write the tidy dataset.

    Parameters
    ----------
    source
        Folder with the ``indicator_*-reg.csv`` files and the list ``indicators.csv``.
    target
        Folder of the dataset; receives ``observations.csv``, ``indicators.csv``, ``provenance.json`` and
        ``README.md``. The same source gives the same bytes.

    Raises
    ------
    DataError
        If a file is missing, a column, year or value cannot be read, or the source's list and the catalogue
        do not name the same series.
    """
    listed = _read_list(source / "indicators.csv")
    _require_agreement(listed)
    cells = {code: read_series(source / row["file"]) for code, row in listed.items()}
    used = [entry for entry in catalogue.indicators() if entry.status == "used"]
    observations: list[Row] = []
    taken = dict.fromkeys(listed, 0)
    for entry in used:
        rows = _tidy(entry.indicator, cells[entry.source_code], suffix=entry.suffix, zero=entry.zero)
        observations.extend(rows)
        taken[entry.source_code] += len(rows)
    records = [_record(source / "indicators.csv", "indicators.csv", rows_in=len(listed), rows_out=len(listed))]
    for code, row in listed.items():
        years = len({cell.year for cell in cells[code]})
        label = f"{_FOLDER}/{row['file']}"
        records.append(_record(source / row["file"], label, rows_in=years, rows_out=taken[code], commit=row["commit"]))
    result = GusImport(
        observations=len(observations),
        missing=sum(not row[3] for row in observations),
        indicators=len(used),
        excluded=len(catalogue.indicators()) - len(used),
        files=tuple(records),
    )
    frame = catalogue.indicator_frame({code: (row["file"], row["commit"]) for code, row in listed.items()})
    atomic.write_text(target / "observations.csv", tabular.to_csv(OBSERVATION_COLUMNS, observations))
    atomic.write_text(target / "indicators.csv", tabular.frame_to_csv(frame))
    atomic.write_text(target / "provenance.json", provenance.to_json(records, about=_ABOUT))
    atomic.write_text(target / "README.md", _readme(result))
    return result


def read_series(path: Path) -> tuple[Cell, ...]:
    """Return all cells of one source file, in the order of the file.

    Raises
    ------
    DataError
        If the file is absent or not UTF-8, the two header rows are not as expected, a column names no
        voivodeship, or a year is unreadable or repeated.
    """
    rows = _read_rows(path)
    if len(rows) < 3 or rows[0][:1] != ["year"] or rows[1][:1] != ["year"]:
        raise DataError(
            f"{path.name}: oczekiwano dwóch wierszy nagłówka (polskiego i angielskiego) zaczynających się od "
            "„year” i co najmniej jednego wiersza danych. Proszę pobrać oryginalny plik GUS ponownie."
        )
    columns = [_column(name, path.name) for name in rows[0][1:]]
    repeated = sorted({f"{teryt}{suffix}" for teryt, suffix in columns if columns.count((teryt, suffix)) > 1})
    if repeated:
        raise DataError(f"{path.name}, wiersz 1: kolumny powtórzone dla {', '.join(repeated)}.")
    cells: list[Cell] = []
    years: set[int] = set()
    for number, row in enumerate(rows[2:], start=3):
        if len(row) != len(rows[0]):
            raise DataError(
                f"{path.name}, wiersz {number}: {len(row)} komórek zamiast {len(rows[0])}. Proszę sprawdzić "
                "przecinki w tym wierszu."
            )
        if not re.fullmatch(r"(?:19|20)\d\d", row[0]):
            raise DataError(f"{path.name}, wiersz {number}, kolumna „year”: „{row[0]}” nie jest rokiem.")
        year = int(row[0])
        if year in years:
            raise DataError(f"{path.name}, wiersz {number}: rok {year} występuje po raz drugi.")
        years.add(year)
        for (teryt, suffix), text in zip(columns, row[1:], strict=True):
            _require_readable(text.strip(), path.name, number, f"{teryt}{suffix}")
            cells.append(Cell(suffix=suffix, teryt=teryt, year=year, text=text.strip()))
    return tuple(cells)


def _tidy(indicator: str, cells: tuple[Cell, ...], *, suffix: str, zero: ZeroRule) -> list[Row]:
    """Return rows from the first to the last year with any value, missing ones with their flag."""
    chosen = {(cell.teryt, cell.year): _value_and_flag(cell.text, zero=zero) for cell in cells if cell.suffix == suffix}
    published = [year for (_, year), (value, _) in chosen.items() if value]
    if not published:
        raise DataError(f"Wskaźnik {indicator}: źródło nie zawiera ani jednej wartości.")
    regions = sorted({teryt for teryt, _ in chosen})
    return [
        (indicator, teryt, year, *chosen.get((teryt, year), ("", "not_published")))
        for teryt in regions
        for year in range(min(published), max(published) + 1)
    ]


def _value_and_flag(text: str, *, zero: ZeroRule) -> tuple[str, str]:
    if not text:
        return "", "not_published"
    if text.casefold() == "x":
        return "", "withheld"
    if float(text) == 0 and zero == "missing":
        return "", "zero_means_missing"
    if float(text) == 0 and zero == "unclear":
        return "", "unclear_zero"
    return text, ""


def _require_readable(text: str, file: str, row: int, column: str) -> None:
    if text and text.casefold() != "x" and not _NUMBER.fullmatch(text):
        raise DataError(
            f"{file}, wiersz {row}, kolumna {column}: „{text}” nie jest liczbą, „x” ani pustą komórką. "
            "Proszę pobrać oryginalny plik GUS ponownie."
        )


def _column(name: str, file: str) -> tuple[str, str]:
    suffix = _SUFFIX.search(name).group()  # type: ignore[union-attr]
    bare = name[: len(name) - len(suffix)].strip().casefold()
    if bare not in _REGION_BY_NAME or suffix not in ("", "_", "__"):
        raise DataError(
            f"{file}, wiersz 1: kolumna „{name}” nie jest nazwą województwa ani Polski."
            f"{did_you_mean(bare, _REGION_BY_NAME)}"
        )
    return _REGION_BY_NAME[bare], suffix


def _read_rows(path: Path) -> list[list[str]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise DataError(
            f"Brak pliku {path.name} w folderze źródłowym {path.parent}. Proszę pobrać komplet plików."
        ) from None
    except UnicodeDecodeError as error:
        raise DataError(f"{path.name}: plik nie jest zapisany w UTF-8 (bajt {error.start}).") from error
    return [row for row in csv.reader(io.StringIO(text), strict=True) if row]


def _read_list(path: Path) -> dict[str, dict[str, str]]:
    """Return the source's list of series: code to its row."""
    header, *rows = _read_rows(path)
    wanted = ("indicator", "file", "name_pl", "commit")
    missing = [name for name in wanted if name not in header]
    if missing:
        raise DataError(f"{path.name}: brak kolumn {', '.join(missing)}.")
    listed = [dict(zip(header, row, strict=True)) for row in rows]
    return {row["indicator"]: row for row in listed}


def _require_agreement(listed: dict[str, dict[str, str]]) -> None:
    """Check that the catalogue describes exactly the series of the source, under the same names."""
    described = {entry.source_code: entry for entry in catalogue.indicators() if not entry.suffix}
    problems = [
        f"szereg {code} („{row['name_pl']}”) nie ma wpisu w katalogu wskaźników"
        for code, row in listed.items()
        if code not in described
    ]
    problems += [f"wskaźnik {code} z katalogu nie występuje w źródle" for code in described if code not in listed]
    for entry in catalogue.indicators():
        published = listed.get(entry.source_code, {}).get("name_pl")
        expected = entry.source_name or entry.name
        if published is not None and " ".join(published.split()) != expected:
            problems.append(
                f"wskaźnik {entry.indicator}: źródło zmieniło nazwę na „{published}”, katalog oczekuje "
                f"„{expected}”; proszę sprawdzić, czy zmieniła się też definicja, i poprawić katalog"
            )
    if problems:
        raise DataError("Katalog wskaźników i źródło nie są zgodne: " + "; ".join(problems) + ".")


def _record(path: Path, label: str, *, rows_in: int, rows_out: int, commit: str = "") -> FileRecord:
    data = path.read_bytes()
    return FileRecord(
        path=label,
        sha256=provenance.sha256(data),
        bytes=len(data),
        rows_in=rows_in,
        rows_out=rows_out,
        reader="gus_sdg",
        source=SOURCE,
        commit=commit,
    )


_ABOUT: Final = {
    "dataset": "gus_sdg",
    "title": "Wskaźniki regionalne GUS dla Polski i 16 województw",
    "source": SOURCE,
    "repository": f"https://github.com/{REPOSITORY}",
    "licence": "GUS zezwala na ponowne wykorzystanie danych pod warunkiem podania źródła.",
    "synthetic": False,
}


def _readme(result: GusImport) -> str:
    return f"""# Wskaźniki regionalne GUS / Regional indicators of Statistics Poland

Źródło: {SOURCE} (https://github.com/{REPOSITORY}, folder `{_FOLDER}`).
GUS zezwala na ponowne wykorzystanie danych pod warunkiem podania źródła.

Files written by the importer `ropsanalysis.io.gus_sdg`; do not edit by hand, import again instead.

- `observations.csv`: indicator, teryt (text, `00` = Poland), year, value (as published), flag.
  {result.observations} rows, {result.missing} of them without a value. An empty value always has a flag that
  says why: `not_published` (blank in the source), `withheld` (`x` in the source), `zero_means_missing` (the
  source writes 0 where 0 cannot be), `unclear_zero` (a 0 that may be real or missing).
- `indicators.csv`: name, unit, definition, direction, source, years in which the level breaks, cautions.
  {result.indicators} series are used; {result.excluded} are excluded, with the reason in `exclusion_reason`.
- `provenance.json`: SHA-256, size, rows in and out, and the commit of each source file.
"""
