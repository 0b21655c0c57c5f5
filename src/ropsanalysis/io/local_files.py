"""Reads exports of the Local Data Bank for gminas and powiats: every cell becomes a row, with what is wrong told.

Both shapes of `ropsanalysis.io.bdl` are read (CTAB: a column for each variable and year; CREL: a row for each unit and
year). There a single fault stops the import; here a file is screened whole, because an office corrects it once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.io import social_numbers
from ropsanalysis.io.bdl import ATTRIBUTES
from ropsanalysis.io.findings import suggest
from ropsanalysis.io.row_notes import RowNotes
from ropsanalysis.io.tabular import RawRow, RawTable

CELL_COLUMNS: Final = ("row", "code", "name", "variable", "year", "value", "flag")
"""Row of the file, code and name of the unit as written, variable, year, value (NaN where missing), why it is."""

FIRST_YEAR: Final = 1995
_UNIT_COLUMNS: Final = ("Kod", "Nazwa")
_CREL_END: Final = ("Rok", "Wartosc", "Jednostka miary", "Atrybut")
_CTAB_COLUMN: Final = re.compile(r"(?P<name>.+),(?P<year>(?:19|20)\d\d),\[(?P<unit>[^\]]*)\]")
_PLAIN: Final = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_BLANKS: Final = re.compile(r"[\s\u00a0]+")
#: Signs of Statistics Poland in the place of a number; none of them is taken for a zero.
_SIGNS: Final = {"": "not_published", "-": "not_published", "–": "not_published", ".": "withheld", "x": "withheld"}
_AGAIN: Final = "Proszę pobrać eksport z BDL ponownie, bez otwierania go w arkuszu kalkulacyjnym."


def read_cells(table: RawTable, notes: RowNotes, *, names: dict[str, str], last_year: int) -> pd.DataFrame:
    """Return the cells of one file that are about known variables.

    Parameters
    ----------
    names
        Key of each variable by its name in an export, as `plain_name` gives it.
    last_year
        Last year that can be true.

    Returns
    -------
    DataFrame
        Columns `CELL_COLUMNS`.
    """
    missing = [name for name in _UNIT_COLUMNS if name not in table.header[:2]]
    if missing:
        notes.add(
            "LD-01", missing[0], [(1, f"nagłówek zaczyna się od: {', '.join(table.header[:2])}")],
            "kolumny „Kod” i „Nazwa” na początku", _AGAIN, severity="blocking",
        )  # fmt: skip
        return _no_cells()
    rows = _whole_rows(table, notes)
    if table.header[-len(_CREL_END) :] == _CREL_END:
        return _crel(table, rows, notes, names, last_year)
    return _ctab(table, rows, notes, names, last_year)


def plain_name(name: str) -> str:
    """Return a variable's name for comparing: lower case, single blanks, no quotation marks."""
    return _BLANKS.sub(" ", name.strip().strip("\"'")).casefold()


def _no_cells() -> pd.DataFrame:
    return pd.DataFrame(columns=list(CELL_COLUMNS))


def _whole_rows(table: RawTable, notes: RowNotes) -> list[RawRow]:
    width = len(table.header)
    broken = [row for row in table.rows if len(row.cells) != width]
    if broken:
        notes.add(
            "LD-21", "", [(row.number, f"{len(row.cells)} komórek") for row in broken], f"{width} komórek w wierszu",
            f"{_AGAIN} Przecinek dziesiętny w pliku rozdzielanym przecinkami rozrywa liczbę na dwie komórki.",
            severity="blocking", refuse=True, together=True,
        )  # fmt: skip
    return [row for row in table.rows if len(row.cells) == width]


def _ctab(
    table: RawTable, rows: Sequence[RawRow], notes: RowNotes, names: dict[str, str], last_year: int
) -> pd.DataFrame:
    used: list[tuple[int, str, int]] = []
    for place, column in enumerate(table.header[2:], start=2):
        match = _CTAB_COLUMN.fullmatch(column)
        if match is None:
            notes.add(
                "LD-06", column, [(1, f"„{column}”")], "nagłówek „zmienna,rok,[jednostka miary]”", _AGAIN,
                severity="blocking",
            )  # fmt: skip
        elif _known_variable(match["name"], column, notes, names) and _true_year(
            match["year"], 1, column, notes, last_year
        ):
            used.append((place, names[plain_name(match["name"])], int(match["year"])))
    parts = []
    for place, variable, year in used:
        texts = [row.cells[place].strip() for row in rows]
        value, flag = _values(texts, rows, table.header[place], notes, comma_is_odd=table.delimiter == ",")
        parts.append(_frame(rows, variable, year, value, flag))
    return pd.concat(parts, ignore_index=True) if parts else _no_cells()


def _crel(
    table: RawTable, rows: Sequence[RawRow], notes: RowNotes, names: dict[str, str], last_year: int
) -> pd.DataFrame:
    year, text, _, attribute = range(len(table.header) - 4, len(table.header))
    called = [" - ".join(cell.strip() for cell in row.cells[2:year]) for row in rows]
    unknown = {name for name in set(called) if not _known_variable(name, "", notes, names)}
    false = {word for word in {row.cells[year].strip() for row in rows} if not _is_year(word, last_year)}
    for row in rows:
        if row.cells[year].strip() in false:
            _true_year(row.cells[year].strip(), row.number, "Rok", notes, last_year)
    odd = {row.cells[attribute].strip() for row in rows} - set(ATTRIBUTES)
    if odd:
        notes.add(
            "LD-29", "Atrybut",
            [(row.number, f"„{row.cells[attribute].strip()}”") for row in rows if row.cells[attribute].strip() in odd],
            f"znak: {', '.join(symbol for symbol in ATTRIBUTES if symbol)}", _AGAIN, severity="blocking", refuse=True,
            together=True,
        )  # fmt: skip
    kept = [
        number
        for number, (row, name) in enumerate(zip(rows, called, strict=True))
        if name not in unknown and row.cells[year].strip() not in false and row.cells[attribute].strip() not in odd
    ]
    own = [rows[number] for number in kept]
    if not own:
        return _no_cells()
    value, flag = _values([row.cells[text].strip() for row in own], own, "Wartosc", notes, comma_is_odd=False)
    told = [ATTRIBUTES[row.cells[attribute].strip()] for row in own]
    withheld = np.array([not keeps for _, keeps in told])
    marks = np.array([mark for mark, _ in told], dtype=object)
    return _frame(
        own,
        [names[plain_name(called[number])] for number in kept],
        [int(row.cells[year]) for row in own],
        np.where(withheld, np.nan, value),
        np.where(marks != "", marks, flag),
    )


def _frame(
    rows: Sequence[RawRow],
    variable: str | list[str],
    year: int | list[int],
    value: np.ndarray,
    flag: np.ndarray,
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "row": [row.number for row in rows],
            "code": [row.cells[0].strip() for row in rows],
            "name": [row.cells[1].strip() for row in rows],
            "variable": variable,
            "year": year,
            "value": value,
            "flag": flag,
        },
        columns=list(CELL_COLUMNS),
    )


def _known_variable(name: str, column: str, notes: RowNotes, names: dict[str, str]) -> bool:
    if plain_name(name) in names:
        return True
    near = suggest(plain_name(name), list(names))
    notes.add(
        "LD-20", column, [(1 if column else None, f"„{name}”")], "zmienna z katalogu albo z pliku variables.yaml",
        f"Zmienną pominięto. Jeżeli jest potrzebna, proszę wpisać jej nazwę w pliku variables.yaml. {near}".strip(),
    )  # fmt: skip
    return False


def _is_year(word: str, last: int) -> bool:
    return word.isascii() and word.isdecimal() and FIRST_YEAR <= int(word) <= last


def _true_year(word: str, row: int, column: str, notes: RowNotes, last: int) -> bool:
    if _is_year(word, last):
        return True
    notes.add(
        "LD-24", column, [(row, f"„{word}”")], f"rok od {FIRST_YEAR} do {last}", _AGAIN, severity="blocking",
    )  # fmt: skip
    return False


def _values(
    texts: Sequence[str], rows: Sequence[RawRow], column: str, notes: RowNotes, *, comma_is_odd: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of each cell and why there is none, with findings on what cannot be read."""
    values = np.full(len(texts), np.nan)
    flags = np.full(len(texts), "", dtype=object)
    hard: list[int] = []
    for place, text in enumerate(texts):
        if _PLAIN.fullmatch(text):
            values[place] = float(text)
        elif text.casefold() in _SIGNS:
            flags[place] = _SIGNS[text.casefold()]
        else:
            hard.append(place)
    if not hard:
        return values, flags
    read = social_numbers.read_numbers([texts[place] for place in hard])
    values[hard] = np.where(np.isinf(read), np.nan, read)
    flags[hard] = np.where(np.isnan(values[hard]), "not_published", "")
    wrong = [
        (rows[place].number, f"„{texts[place]}”") for place, number in zip(hard, read, strict=True) if np.isinf(number)
    ]
    if wrong:
        notes.add(
            "LD-38", column, wrong, "liczba albo znak umowny GUS („-”, „.”, „x”)",
            "Proszę poprawić wartość albo pobrać eksport z BDL ponownie.", severity="blocking", refuse=True,
            together=True,
        )  # fmt: skip
    commas = [(rows[place].number, f"„{texts[place]}”") for place in hard if "," in texts[place] and comma_is_odd]
    if commas:
        notes.add(
            "LD-23", column, commas, "kropka dziesiętna, jak w eksporcie CTAB",
            "Liczby odczytano z przecinkiem dziesiętnym. Jeżeli przecinek oddziela tysiące, proszę poprawić plik.",
            together=True,
        )  # fmt: skip
    return values, flags
