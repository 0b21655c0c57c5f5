"""Reads a small table about centres or targets, a cell at a time; a row with a wrong cell is set aside with a warning.

What support centres and programmes report is public, so findings name the value; of a confidential table they name
the place only, and of a refused row only the number is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.io import answers, days
from ropsanalysis.io.findings import Finding, Prefix, suggest
from ropsanalysis.io.intake import Intake, check_columns, open_file
from ropsanalysis.io.privacy import guard_for, telling_columns
from ropsanalysis.io.provenance import FileRecord
from ropsanalysis.io.row_notes import RowNotes
from ropsanalysis.io.social_numbers import read_numbers
from ropsanalysis.io.tabular import RawRow
from ropsanalysis.regions import REGIONS

FIRST_YEAR: Final = 1995
LAST_YEAR: Final = 2100
LARGEST: Final = 1e12

_SHOWN: Final = 60
_REMEDY: Final = "Wiersz odłożono. Proszę poprawić wartość."
_READERS: Final[Mapping[Prefix, str]] = {
    "ES": "social_economy", "IM": "social_impact", "PM": "project_monitoring", "CO": "cooperation",
}  # fmt: skip
"""Name of the reader in the provenance, by the topic that findings are numbered for."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a cell cannot be used: the check, what was expected and what to do."""

    code: str
    expected: str
    remedy: str = _REMEDY


Cell = str | float
Parse = Callable[[str], Cell | Wrong]


@dataclass(frozen=True, slots=True)
class SocialTable:
    """One table as it was read.

    Attributes
    ----------
    table
        Accepted rows; texts, and numbers as float64.
    rows
        Number of each accepted row in the file.
    notes
        What was found in rows, and which were refused; checks of whole rows add to it.
    intake
        The file.
    prefix
        Topic that findings are numbered for: a check of values has one number in all topics that read such tables.
    confidential
        Whether rows are about persons.
    """

    table: pd.DataFrame
    rows: pd.Series[int]
    notes: RowNotes
    intake: Intake
    prefix: Prefix = "ES"
    confidential: bool = False

    def refuse(
        self, wrong: pd.Series[bool], code: str, columns: Sequence[str], found: str, *, expected: str, remedy: str,
        together: bool = False,
    ) -> SocialTable:  # fmt: skip
        """Return the table without the rows `wrong`, set aside; `together`: they have one cause, told once."""
        told = f"{'Wiersze' if together and wrong.sum() > 1 else 'Wiersz'} odłożono. {remedy}"
        self._note(wrong, code, columns, found, expected, told, refuse=True, together=together)
        kept = ~wrong
        return replace(self, table=self.table[kept].reset_index(drop=True), rows=self.rows[kept].reset_index(drop=True))

    def doubt(
        self, wrong: pd.Series[bool], code: str, columns: Sequence[str], found: str, *, expected: str, remedy: str,
        together: bool = False,
    ) -> None:  # fmt: skip
        """Warn of the rows `wrong`."""
        self._note(wrong, code, columns, found, expected, remedy, refuse=False, together=together)

    def _note(
        self, wrong: pd.Series[bool], code: str, columns: Sequence[str], found: str, expected: str, remedy: str,
        *, refuse: bool, together: bool,
    ) -> None:  # fmt: skip
        places = [(int(row), found) for row in self.rows[wrong]]
        if places:
            self.notes.add(
                _of_topic(code, self.prefix), ", ".join(columns), places, expected, remedy, refuse=refuse,
                together=together,
            )  # fmt: skip

    def without_repeated(self, key: Sequence[str], *, expected: str, code: str = "ES-25") -> SocialTable:
        """Return the table with one row per key: of equal rows the first, of rows that differ none."""
        copies = self.refuse(
            self.table.duplicated(), code, key, "wiersz powtarza inny wiersz", expected=expected,
            remedy="Proszę usunąć powtórzony wiersz.",
        )  # fmt: skip
        return copies.refuse(
            copies.table.duplicated(list(key), keep=False), code, key, "kilka różnych wierszy", expected=expected,
            remedy="Żadnego z nich nie użyto. Proszę zostawić poprawny.",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableRead:
    """What is left of a table in the end: accepted rows, refused rows, findings, provenance.

    `refused_in` holds the voivodeship of each refused row, "" where the row does not tell it.
    """

    table: pd.DataFrame
    rejected: pd.DataFrame
    findings: tuple[Finding, ...]
    files: tuple[FileRecord, ...]
    refused_in: tuple[str, ...] = ()


def read_table(
    folder: Path,
    stem: str,
    *,
    label: str,
    parse: Mapping[str, Parse],
    numbers: Sequence[str],
    prefix: Prefix = "ES",
    required: bool = False,
    optional: Collection[str] = (),
    plain: Collection[str] = (),
    confidential: bool = False,
) -> SocialTable:
    """Read a table of a folder.

    Parameters
    ----------
    label
        Path of the folder inside the project, for findings.
    parse
        How each column is read.
    numbers
        Columns of numbers.
    prefix
        Topic that findings are numbered for.
    required
        Whether an absent file is blocking or only worth a warning.
    optional
        Columns that may be absent; they are then read as empty.
    plain
        Columns that are read as texts though they hold amounts or numbers of entities, in which nine or ten digits are
        no identifier of a person.
    confidential
        Whether rows are about persons: no finding then names a value, of a refused row only the number is kept, and
        columns whose names promise personal data refuse the file.
    """
    intake = open_file(
        folder, stem, label=label, columns=None, required=required, prefix=prefix,
        guard=guard_for(prefix, numbers=(*numbers, *plain)),
    )  # fmt: skip
    if intake.table is not None:
        header = intake.table.header
        columns = tuple(name for name in parse if name not in optional or name in header)
        found = (*intake.findings, *check_columns(intake.file, header, columns, prefix))
        if confidential:
            found += telling_columns(intake.file, intake.table, prefix=prefix)
        stops = any(finding.severity == "blocking" for finding in found)
        intake = replace(intake, findings=found, table=None if stops else intake.table)
    notes = RowNotes(intake.file)
    rows = intake.table.rows if intake.table else ()
    lines = [(row.number, _read_row(intake, row, parse, notes, prefix, confidential)) for row in rows]
    kept = [(number, cells) for number, cells in lines if cells is not None]
    table = pd.DataFrame([cells for _, cells in kept], columns=list(parse))
    table = table.astype({name: "float64" if name in numbers else "str" for name in parse})
    return SocialTable(
        table, pd.Series([number for number, _ in kept], dtype="int64"), notes, intake, prefix, confidential
    )


def finished(read: SocialTable, table: pd.DataFrame) -> TableRead:
    """Return what is left of a table.

    Parameters
    ----------
    table
        The accepted rows, typed as the schema has them.
    """
    intake = read.intake
    rows = intake.table.rows if intake.table else ()
    cells = {row.number: row.cells for row in rows}
    # How many persons there are may have to be hidden.
    delivered, accepted = (None, None) if read.confidential else (len(rows), len(table))
    files = (
        (FileRecord(intake.file, intake.sha256, intake.bytes, delivered, accepted, _READERS[read.prefix], ""),)
        if intake.sha256
        else ()
    )
    findings = (*intake.findings, *read.notes.findings())
    rejected = read.notes.rejected(cells.__getitem__)
    header = intake.table.header if intake.table else ()
    place = header.index("teryt") if "teryt" in header else len(header)
    codes = (cells[row][place : place + 1] for row in rejected["row"])
    refused_in = tuple(
        (answers.voivodeship(code[0].strip()) or "") if code and code[0].strip() else "" for code in codes
    )
    if read.confidential:
        rejected = rejected.assign(record="")
    return TableRead(table, rejected, findings, files, refused_in)


def _read_row(
    intake: Intake, row: RawRow, parse: Mapping[str, Parse], notes: RowNotes, prefix: Prefix, confidential: bool
) -> dict[str, Cell] | None:
    header = intake.table.header if intake.table else ()
    if len(row.cells) != len(header):
        notes.add(
            _of_topic("ES-21", prefix), "", [(row.number, f"liczba komórek: {len(row.cells)}")],
            f"liczba komórek jak w nagłówku: {len(header)}",
            "Wiersz odłożono. Proszę sprawdzić rozdzielniki, cudzysłowy i przecinki dziesiętne.", refuse=True,
        )  # fmt: skip
        return None
    cells = dict(zip(header, (" ".join(cell.split()) for cell in row.cells), strict=True))
    values: dict[str, Cell] = {}
    for name, read in parse.items():
        cell = cells.get(name, "")
        value = read(cell)
        if isinstance(value, Wrong):
            code = _of_topic(value.code, prefix)
            shown = answers.shown(cell) if confidential and cell else _shown(cell)
            notes.add(code, name, [(row.number, shown)], value.expected, value.remedy, refuse=True)
        else:
            values[name] = value
    return values if len(values) == len(parse) else None


def _of_topic(code: str, prefix: Prefix) -> str:
    """Return the code of the same check in a topic."""
    return f"{prefix}{code[code.index('-') :]}"


def _shown(text: str) -> str:
    if not text:
        return "pusta komórka"
    return f"„{text[:_SHOWN]}…”" if len(text) > _SHOWN else f"„{text}”"


# --- cells -----------------------------------------------------------------------------------------------


def text_of(*, required: bool) -> Parse:
    """Return a reader of words."""

    def parse(text: str) -> Cell | Wrong:
        return text if text or not required else Wrong("ES-28", "niepusty tekst")

    return parse


def voivodeship(text: str) -> Cell | Wrong:
    """Read a voivodeship by its name or code."""
    teryt = answers.voivodeship(text) if text else None
    if teryt is not None:
        return teryt
    near = suggest(text, [region.name for region in REGIONS])
    return Wrong("ES-40", "nazwa albo dwucyfrowy kod TERYT województwa", f"{_REMEDY} {near}".strip())


def year(text: str) -> Cell | Wrong:
    """Read a year."""
    found = re.fullmatch(r"(\d{4})(?:\s*r\.?)?", text, re.ASCII)
    if found and FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return float(found[1])
    return Wrong("ES-28" if found else "ES-38", f"rok od {FIRST_YEAR} do {LAST_YEAR}")


def day_of(*, code: str, required: bool) -> Parse:
    """Return a reader of days, as ISO text; an empty cell that is not required stays empty."""

    def parse(text: str) -> Cell | Wrong:
        if days.is_empty(text) and not required:
            return ""
        day = days.parse_day(text)
        if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
            return Wrong(code, f"data, np. 2025-03-31, z lat {FIRST_YEAR}–{LAST_YEAR}")
        return day.isoformat()

    return parse


def number_of(
    *, low: float = -LARGEST, high: float = LARGEST, above: float | None = None, whole: bool = False,
    required: bool = True, amounts: bool = False,
) -> Parse:  # fmt: skip
    """Return a reader of numbers.

    Parameters
    ----------
    low, high, above
        Smallest and largest number; number that it must exceed.
    whole
        Whether it must be a whole number.
    required
        Whether an empty cell is wrong, or stands for "not known".
    amounts
        As `social_numbers.read_numbers` takes it.
    """
    smallest = f"większa od {above:g}" if above is not None else f"od {low:g}" if low > -LARGEST else ""
    largest = f"do {high:g}" if high < LARGEST else ""
    expected = " ".join(part for part in ("liczba całkowita" if whole else "liczba", smallest, largest) if part)

    def parse(text: str) -> Cell | Wrong:
        value = float(read_numbers([text], amounts=amounts)[0])
        if np.isnan(value) and not required:
            return value
        if not np.isfinite(value):
            return Wrong("ES-38", expected)
        if not low <= value <= high or (above is not None and value <= above) or (whole and not value.is_integer()):
            return Wrong("ES-28", expected)
        return value

    return parse


def choice_of(spellings: Mapping[str, str], *, code: str) -> Parse:
    """Return a reader of one of several words.

    Parameters
    ----------
    spellings
        Key of each spelling, normalised.
    """

    def parse(text: str) -> Cell | Wrong:
        key = spellings.get(answers.normalise(text))
        if key is not None:
            return key
        near = suggest(answers.normalise(text), list(filter(None, spellings)))
        words = ", ".join(filter(None, spellings))
        blank = " albo pusta komórka" if "" in spellings else ""
        return Wrong(code, f"jedno ze słów: {words}{blank}", f"{_REMEDY} {near}".strip())

    return parse
