"""Opens a survey's file, whatever program wrote it, as one table of text answers.

Answers are kept once per column with a position per respondent, so that each distinct answer is read, checked
and scanned once, however many respondents gave it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.errors import DataError
from ropsanalysis.io import intake, sav
from ropsanalysis.io.findings import Finding
from ropsanalysis.io.provenance import sha256
from ropsanalysis.io.tabular import RawTable

SUFFIXES: Final = (".csv", ".sav", ".xlsx")

_SAV_EXPECTED: Final = "plik SPSS (.sav) z pełną zawartością"
_SAV_REMEDY: Final = "Proszę ponownie zapisać plik w SPSS (albo PSPP) z kodowaniem Unicode, albo wyeksportować CSV."


@dataclass(frozen=True, slots=True)
class Column:
    """Answers to one question.

    Attributes
    ----------
    texts
        Distinct answers without surrounding blanks; a repeated text is possible and harmless.
    codes
        The code behind each answer, where the file keeps both; else the same as `texts`.
    positions
        For each respondent the position of the answer in `texts`.
    """

    texts: tuple[str, ...]
    codes: tuple[str, ...]
    positions: np.ndarray

    def map(self, read: Callable[[str, str], float]) -> np.ndarray:
        """Return what `read` makes of each answer's text and code, one float per respondent."""
        values = np.array([read(text, code) for text, code in zip(self.texts, self.codes, strict=True)], dtype=float)
        return np.asarray(values[self.positions])

    def count(self, chosen: Sequence[int]) -> int:
        """Return the number of respondents whose answer is at one of the positions `chosen`."""
        return int(np.isin(self.positions, np.asarray(chosen)).sum())


@dataclass(frozen=True, slots=True)
class SurveyTable:
    """A survey's file, uninterpreted.

    Attributes
    ----------
    header
        Names of the columns; a column without a name has an empty one.
    columns
        As many as `header`.
    rows
        Row of each respondent as a spreadsheet numbers it (the header is row 1).
    ragged
        True where a row has more or fewer cells than the header.
    """

    header: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: np.ndarray
    ragged: np.ndarray

    def column(self, name: str) -> Column:
        """Return the column of that name, the first if there are several."""
        return self.columns[self.header.index(name)]


@dataclass(frozen=True, slots=True)
class Opened:
    """A survey's file as it was opened.

    Attributes
    ----------
    table
        What screening works on; None if the file cannot be used.
    others
        Further sheets of a workbook by name: nothing is read from them, but they are searched for identifiers.
    sheet
        Name of the sheet that `table` is; empty where there are none.
    finding
        Why the file cannot be used.
    sha256, bytes
        Checksum and size; empty and 0 if the file was not read.
    """

    table: SurveyTable | None
    others: tuple[tuple[str, SurveyTable], ...] = ()
    sheet: str = ""
    finding: Finding | None = None
    sha256: str = ""
    bytes: int = 0


def open_survey(path: Path, *, file: str) -> Opened:
    """Open a CSV file (LimeSurvey's or another), an SPSS file or a workbook.

    Parameters
    ----------
    path
        Where the file is; its ending tells the format.
    file
        Path inside the project, for findings.

    Notes
    -----
    Bad files never raise: the finding says in Polish what is wrong, without a word of their content.
    """
    if not path.is_file():
        return Opened(None, finding=_absent(file))
    if path.stat().st_size > intake.LARGEST_FILE:
        return Opened(None, finding=intake.too_large(file, "TN"))
    data = path.read_bytes()
    checksum, size = sha256(data), len(data)
    if path.suffix.lower() == ".sav":
        read = _open_sav(path, file, data)
        if isinstance(read, Finding):
            return Opened(None, finding=read, sha256=checksum, bytes=size)
        return Opened(read, sha256=checksum, bytes=size)
    sheets = intake.read_sheets(file, data, prefix="TN", every=True)
    if isinstance(sheets, Finding):
        return Opened(None, finding=sheets, sha256=checksum, bytes=size)
    tables = [(sheet.name, from_raw(sheet.table)) for sheet in sheets]
    (name, table), others = tables[0], tuple(tables[1:])
    return Opened(table, others, name, sha256=checksum, bytes=size)


def from_raw(raw: RawTable) -> SurveyTable:
    """Return a file's rows column by column; short rows are filled with empty cells and marked."""
    lengths = np.array([len(row.cells) for row in raw.rows], dtype=np.int64)
    width = max(len(raw.header), int(lengths.max(initial=0)))
    header = raw.header + ("",) * (width - len(raw.header))
    filled = itertools.zip_longest(*(row.cells for row in raw.rows), fillvalue="")
    columns = [_column(cells) for cells in filled]
    columns += [Column(("",), ("",), np.zeros(len(raw.rows), dtype=np.int64))] * (width - len(columns))
    rows = np.array([row.number for row in raw.rows], dtype=np.int64)
    return SurveyTable(header, tuple(columns), rows, lengths != len(raw.header))


def _column(cells: Sequence[str]) -> Column:
    positions, distinct = pd.factorize(np.array(cells, dtype=object))
    texts = tuple(str(text).strip() for text in distinct)
    return Column(texts, texts, positions)


def _open_sav(path: Path, file: str, data: bytes) -> SurveyTable | Finding:
    if not data:
        return intake.empty(file, "TN")
    try:
        variables = sav.read(path)
    except DataError as error:
        return Finding("TN-06", "blocking", file, None, "", str(error), _SAV_EXPECTED, _SAV_REMEDY)
    count = len(variables[0].positions) if variables else 0
    if not count:
        expected = "co najmniej jeden wiersz danych"
        remedy = "Proszę sprawdzić, czy zapis się zakończył, i wgrać plik ponownie."
        return Finding("TN-04", "blocking", file, None, "", "plik bez respondentów", expected, remedy)
    columns = tuple(Column(one.texts, one.codes, one.positions) for one in variables)
    # SPSS shows no header among the rows, yet a row is numbered here as it would be in a spreadsheet.
    return SurveyTable(tuple(one.name for one in variables), columns, np.arange(count) + 2, np.zeros(count, dtype=bool))


def _absent(file: str) -> Finding:
    return Finding(
        "TN-02", "blocking", file, None, "", "brak pliku", "plik, na który wskazuje książka kodów",
        "Proszę wgrać plik do folderu ankiety albo poprawić pole „file” w książce kodów.",
    )  # fmt: skip
