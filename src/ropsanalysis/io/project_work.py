"""Reads what a project did: its activities, planned and done."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from ropsanalysis.io.project_cells import action_of, day, maybe_day, whole_of, word_of
from ropsanalysis.io.project_checks import doubt_future, of_card, of_projects, refuse_outside, with_days
from ropsanalysis.io.social_tables import Parse, SocialTable, TableRead, finished, number_of, read_table, text_of
from ropsanalysis.io.social_tables import voivodeship as region
from ropsanalysis.project_monitoring.schema import ACTIVITY_COLUMNS, ACTIVITY_KINDS, TEAMS

MOST_HOURS: Final = 2_000
MOST_ATTENDANCE: Final = 10_000
"""More hours, or more persons at one activity, are taken for a slip."""

_NUMBERS: Final = {"hours": MOST_HOURS, "attendance": MOST_ATTENDANCE}


def read_activities(folder: Path, *, label: str, cards: pd.DataFrame) -> TableRead:
    """Read ``activities.csv`` or ``activities.xlsx``: a row per activity.

    Returns
    -------
    TableRead
        Table with the columns `ACTIVITY_COLUMNS`, in the order of the file: days datetime64[s], action int64, hours
        and attendance float64.
    """
    parse: dict[str, Parse] = {
        "teryt": region,
        "activity": text_of(required=True),
        "action": action_of(),
        "team": word_of("team", TEAMS),
        "kind": word_of("activity_kind", ACTIVITY_KINDS),
        "title": text_of(required=True),
        "planned": day,
        "done": maybe_day,
        **dict.fromkeys(_NUMBERS, number_of(required=False)),
        "product": text_of(required=False),
        "subregion": text_of(required=False),
    }
    read = read_table(folder, "activities", label=label, parse=parse, numbers=tuple(_NUMBERS), prefix="PM")
    read = of_projects(read, cards).without_repeated(("teryt", "activity"), expected="jeden wiersz na działanie")
    _possible(read)
    with_days(read, ("planned", "done"))
    read = refuse_outside(read, cards, "planned", remedy="Proszę poprawić planowany dzień.")
    early = read.table["done"] < of_card(read.table, cards, "start")
    read.doubt(
        early, "PM-18", ["done"], "wykonano przed początkiem projektu", expected="data od początku projektu z karty",
        remedy="Datę pominięto: działanie liczy się jako niewykonane. Proszę ją poprawić.",
    )  # fmt: skip
    doubt_future(
        read, cards, ("done",),
        remedy="Datę pominięto: działanie liczy się jako niewykonane. Proszę ją poprawić albo zmienić as_of karty.",
    )  # fmt: skip
    read.table["done"] = read.table["done"].mask(early | (read.table["done"] > of_card(read.table, cards, "as_of")))
    table = read.table.assign(action=whole_of(read.table["action"]))
    return finished(read, table[list(ACTIVITY_COLUMNS)])


def _possible(read: SocialTable) -> None:
    """Leave out numbers that cannot be."""
    for name, most in _NUMBERS.items():
        values = read.table[name]
        wrong = (values < 0) | (values > most)
        if name == "attendance":
            wrong |= values.notna() & (values % 1 != 0)
        read.doubt(
            wrong, "PM-23", [name], "liczba ujemna, niecałkowita albo niewiarygodnie duża",
            expected=f"liczba od 0 do {most}", remedy="Liczbę pominięto, reszta wiersza zostaje. Proszę ją poprawić.",
        )  # fmt: skip
        read.table[name] = values.mask(wrong)
