"""Checks that several files of project monitoring share: a card for each row, days against the project's own days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from ropsanalysis.io.project_cells import days_of
from ropsanalysis.io.project_units import Unit, Units
from ropsanalysis.io.social_tables import SocialTable
from ropsanalysis.project_monitoring.published import day_text

KEPT: Final = "Wiersz zostaje. Proszę sprawdzić datę."


def with_days(read: SocialTable, names: Sequence[str]) -> None:
    """Turn columns of ISO texts into days."""
    for name in names:
        read.table[name] = days_of(read.table[name])


def of_projects(read: SocialTable, cards: pd.DataFrame) -> SocialTable:
    """Return the rows of voivodeships whose project has a card; of the others each voivodeship is told once."""
    for teryt in sorted(set(read.table["teryt"]) - set(cards["teryt"])):
        read = read.refuse(
            read.table["teryt"] == teryt, "PM-08", ["teryt"], f"województwo {teryt} nie ma karty projektu",
            expected="województwo z wierszem w pliku project_card/cards.csv",
            remedy="Proszę dopisać kartę projektu albo poprawić kod województwa.", together=True,
        )  # fmt: skip
    return read


def of_card(table: pd.DataFrame, cards: pd.DataFrame, name: str) -> pd.Series[Any]:
    """Return for each row what the card of its project says."""
    return table["teryt"].map(cards.set_index("teryt")[name])


def doubt_future(read: SocialTable, cards: pd.DataFrame, names: Sequence[str], *, remedy: str = KEPT) -> None:
    """Warn of days after the day of the data; `remedy` says what happens to the row, and what to do."""
    as_of = of_card(read.table, cards, "as_of")
    for name in names:
        late = read.table[name] > as_of
        for day in sorted(set(as_of[late])):
            read.doubt(
                late & (as_of == day), "PM-26", [name], f"data po dniu, na który są dane ({day_text(day)})",
                expected=f"data do {day_text(day)} albo pusta komórka", remedy=remedy,
            )  # fmt: skip


def refuse_outside(read: SocialTable, cards: pd.DataFrame, name: str, *, remedy: str) -> SocialTable:
    """Return the rows whose day lies within the project, or has none; the others are set aside."""
    expected = "data od początku do końca projektu z jego karty"
    early = read.table[name] < of_card(read.table, cards, "start")
    read = read.refuse(early, "PM-18", [name], "data przed początkiem projektu", expected=expected, remedy=remedy)
    late = read.table[name] > of_card(read.table, cards, "end")
    return read.refuse(late, "PM-18", [name], "data po zakończeniu projektu", expected=expected, remedy=remedy)


def looked_up(read: SocialTable, units: Units, name: str = "unit") -> pd.Series[Any]:
    """Return for each row the `Unit` that its cell names; an empty cell names none, without a problem."""
    known: dict[tuple[str, str], Unit] = {}
    found = []
    for text, teryt in zip(read.table[name], read.table["teryt"], strict=True):
        if (text, teryt) not in known:
            known[text, teryt] = units.find(text, teryt) if text else Unit("")
        found.append(known[text, teryt])
    return pd.Series(found, index=read.table.index, dtype=object)


def one_row(read: SocialTable, position: int) -> pd.Series[bool]:
    """Return a mask of one row, by its place in the table."""
    return pd.Series(np.arange(len(read.table)) == position, index=read.table.index)


def problems_of(found: pd.Series[Any], *, elsewhere: bool) -> Mapping[str, pd.Series[Any]]:
    """Return the rows of each problem of one kind, in the order of the first row."""
    problems = found.map(lambda unit: unit.problem if unit.elsewhere == elsewhere else "")
    return {problem: problems == problem for problem in dict.fromkeys(problems) if problem}


def refuse_unknown(read: SocialTable, units: Units, *, name: str = "unit") -> SocialTable:
    """Return the rows whose unit there is in their voivodeship, with its code; units named are public."""
    found = looked_up(read, units, name)
    read.table[name] = found.map(lambda unit: unit.code).astype("str")
    read.table["_unit"] = found
    for code, elsewhere, expected, remedy in (
        ("PM-40", False, "jednostka z wykazu gmin i powiatów, kod albo nazwa",
         "Jednostka mogła zmienić nazwę lub kod albo zostać zniesiona. Proszę wpisać dzisiejszą."),
        ("PM-43", True, "jednostka z województwa podanego w kolumnie „teryt”",
         "Proszę poprawić jednostkę albo województwo."),
    ):  # fmt: skip
        for problem in problems_of(read.table["_unit"], elsewhere=elsewhere):
            # Rows have moved up where others were set aside.
            rows = problems_of(read.table["_unit"], elsewhere=elsewhere)[problem]
            read = read.refuse(rows, code, [name], problem, expected=expected, remedy=remedy, together=True)
    del read.table["_unit"]
    return read
