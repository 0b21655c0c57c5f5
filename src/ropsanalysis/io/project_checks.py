"""Checks that several files of project monitoring share: a card for each row, days against the project's own days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from ropsanalysis.io.project_cells import days_of
from ropsanalysis.io.project_units import Unit, Units
from ropsanalysis.io.social_tables import SocialTable

KEPT: Final = "Wiersz zostaje. Proszę sprawdzić datę."


def with_days(read: SocialTable, names: Sequence[str]) -> None:
    """Turn columns of ISO texts into days."""
    for name in names:
        read.table[name] = days_of(read.table[name])


def of_projects(read: SocialTable, cards: pd.DataFrame) -> SocialTable:
    """Return the rows of voivodeships whose project has a card; the others are set aside, each voivodeship told once."""
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


def doubt_future(
    read: SocialTable, cards: pd.DataFrame, names: Sequence[str], *, remedy: str = KEPT, beyond: Sequence[str] = ()
) -> None:
    """Warn of days after the day of the data.

    Parameters
    ----------
    remedy
        What happens to the row, and what to do.
    beyond
        Those of the columns whose days after the project's end are told by `refuse_outside` already.
    """
    as_of, end = of_card(read.table, cards, "as_of"), of_card(read.table, cards, "end")
    for name in names:
        late = read.table[name] > as_of
        if name in beyond:
            late &= read.table[name] <= end
        for day in sorted(as_of[late].unique()):
            read.doubt(
                late & (as_of == day), "PM-26", [name], f"data po dniu, na który są dane ({_day(day)})",
                expected=f"data do {_day(day)} albo pusta komórka", remedy=remedy,
            )  # fmt: skip


def refuse_outside(read: SocialTable, cards: pd.DataFrame, name: str, *, remedy: str) -> SocialTable:
    """Return the rows whose day lies within the project, or has none; the others are set aside."""
    for words, wrong in (
        ("data przed początkiem projektu", lambda table: table[name] < of_card(table, cards, "start")),
        ("data po zakończeniu projektu", lambda table: table[name] > of_card(table, cards, "end")),
    ):
        read = read.refuse(
            wrong(read.table), "PM-18", [name], words, expected="data od początku do końca projektu z jego karty",
            remedy=remedy,
        )  # fmt: skip
    return read


def looked_up(read: SocialTable, units: Units, name: str = "unit") -> pd.Series[Any]:
    """Return for each row the `Unit` that its cell names; an empty cell names none, without a problem."""
    known: dict[tuple[str, str], Unit] = {}
    found = []
    for text, teryt in zip(read.table[name], read.table["teryt"], strict=True):
        if (text, teryt) not in known:
            known[text, teryt] = units.find(text, teryt) if text else Unit("")
        found.append(known[text, teryt])
    return pd.Series(found, index=read.table.index, dtype=object)


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
            rows = problems_of(read.table["_unit"], elsewhere=elsewhere)[problem]
            read = read.refuse(rows, code, [name], problem, expected=expected, remedy=remedy, together=True)
    del read.table["_unit"]
    return read


def _day(day: pd.Timestamp) -> str:
    return pd.Timestamp(day).strftime("%Y-%m-%d")
