"""Reads the cases of cooperation: persons and families, the services of their baskets, their goals.

A case's key becomes a keyed pseudonym at once. Findings name rows and columns, never a value, and of a refused row only
the number is kept.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.cooperation.schema import BASKET_COLUMNS, CASE_COLUMNS, GOAL_COLUMNS, GOAL_LEVELS
from ropsanalysis.io import cooperation_cells as cells
from ropsanalysis.io.social_tables import Cell, Parse, SocialTable, Wrong, number_of, read_table, text_of

LARGEST_FAMILY: Final = 30

_STEPS: Final = {"signal": "zgłoszenie", "diagnosis": "diagnoza", "contract": "kontrakt", "ended": "zakończenie",
                 "followup_day": "sprawdzenie po zakończeniu"}  # fmt: skip
"""Days of a case in their order, in words."""


def read_cases(folder: Path, *, label: str, pilots: pd.DataFrame, key: bytes) -> SocialTable:
    """Read ``cases.csv`` or ``cases.xlsx``: a row per person or family.

    Parameters
    ----------
    label
        Path of the folder inside the project, for findings.
    pilots
        Columns `cooperation.schema.PILOT_COLUMNS`.
    key
        Key of pseudonyms.

    Returns
    -------
    SocialTable
        Table with the columns `CASE_COLUMNS`, a row per pilot and case.
    """
    days = tuple(_STEPS)
    parse: dict[str, Parse] = {
        "pilot": text_of(required=True), "case": text_of(required=True),
        "persons": number_of(low=1, high=LARGEST_FAMILY, whole=True, required=False),
        **dict.fromkeys(days, cells.day()), "outcome": cells.word_of("outcome"), "monitored": cells.yes_no,
        "followup": cells.word_of("followup"),
    }  # fmt: skip
    read = read_table(
        folder, "cases", label=label, parse=parse, numbers=("persons",), prefix="CO", confidential=True
    )  # fmt: skip
    read = cells.with_pseudonyms(cells.of_pilots(read, pilots), "case", key, within_pilot=True)
    read = cells.with_yes_no(cells.with_days(read, days), ("monitored",))
    read = read.without_repeated(("pilot", "case"), expected="jeden wiersz na sprawę w pilotażu", code="CO-37")
    for name in days:
        read = cells.not_in_future(read, name, pilots)
    read = _in_order(read)
    read = _ended(read)
    return replace(read, table=read.table.assign(row=read.rows.astype("int64"))[list(CASE_COLUMNS)])


def _in_order(read: SocialTable) -> SocialTable:
    """Refuse cases with a step earlier than any of the steps before it."""
    names = list(_STEPS)
    for place, name in enumerate(names[1:], start=1):
        for earlier in names[:place]:
            read = read.refuse(
                read.table[name] < read.table[earlier], "CO-27", [earlier, name],
                f"{_STEPS[name]} przed krokiem: {_STEPS[earlier]}",
                expected="kolejność: zgłoszenie, diagnoza, kontrakt, zakończenie, sprawdzenie po zakończeniu",
                remedy="Proszę sprawdzić obie daty.",
            )  # fmt: skip
    return read


def _ended(read: SocialTable) -> SocialTable:
    """Refuse cases whose outcome, end and follow-up contradict one another."""
    open_ended = (read.table["outcome"] != "ongoing") & read.table["ended"].isna()
    read = read.refuse(
        open_ended, "CO-29", ["outcome", "ended"], "wynik sprawy bez daty zakończenia",
        expected="data w kolumnie „ended” albo wynik „ongoing” (w toku)", remedy="Proszę poprawić wynik albo datę.",
    )  # fmt: skip
    closed = (read.table["outcome"] == "ongoing") & read.table["ended"].notna()
    read = read.refuse(
        closed, "CO-29", ["outcome", "ended"], "sprawa w toku z datą zakończenia",
        expected="wynik sprawy albo pusta komórka w kolumnie „ended”", remedy="Proszę poprawić wynik albo datę.",
    )  # fmt: skip
    early = read.table["ended"].isna() & ((read.table["followup"] != "") | read.table["followup_day"].notna())
    return read.refuse(
        early, "CO-27", ["ended", "followup"], "sprawdzenie po zakończeniu w sprawie, której nie zakończono",
        expected="sprawdzenie najwcześniej w dniu zakończenia", remedy="Proszę poprawić daty albo usunąć sprawdzenie.",
    )  # fmt: skip


def read_baskets(folder: Path, *, label: str, pilots: pd.DataFrame, cases: pd.DataFrame, key: bytes) -> SocialTable:
    """Read ``baskets.csv`` or ``baskets.xlsx``: a row per service planned for a case.

    Parameters
    ----------
    label, pilots, key
        As for `read_cases`.
    cases
        Columns `CASE_COLUMNS`.

    Returns
    -------
    SocialTable
        Table with the columns `BASKET_COLUMNS`.
    """
    amount = number_of(low=0)
    parse: dict[str, Parse] = {
        "pilot": text_of(required=True), "case": text_of(required=True), "sector": cells.sector_of(),
        "service": text_of(required=True), "planned": amount, "delivered": amount,
    }  # fmt: skip
    read = read_table(
        folder, "baskets", label=label, parse=parse, numbers=("planned", "delivered"), prefix="CO", confidential=True
    )
    read = _of_cases(cells.of_pilots(read, pilots), cases, key)
    read = read.without_repeated(BASKET_COLUMNS[:4], expected="jeden wiersz na usługę w koszyku sprawy")
    read.doubt(
        read.table["delivered"] > read.table["planned"], "CO-30", ["planned", "delivered"],
        "dostarczono więcej jednostek usługi, niż zaplanowano", expected="najwyżej tyle, ile zaplanowano",
        remedy="Wiersz zostaje. Proszę sprawdzić obie liczby i ich jednostkę.",
    )  # fmt: skip
    return replace(read, table=read.table[list(BASKET_COLUMNS)])


def read_goals(folder: Path, *, label: str, pilots: pd.DataFrame, cases: pd.DataFrame, key: bytes) -> SocialTable:
    """Read ``goals.csv`` or ``goals.xlsx``: a row per goal of a case; parameters as for `read_baskets`.

    Returns
    -------
    SocialTable
        Table with the columns `GOAL_COLUMNS`; exit is NaN while the case is open.
    """
    parse: dict[str, Parse] = {
        "pilot": text_of(required=True), "case": text_of(required=True), "goal": text_of(required=True),
        "weight": _as("CO-32", number_of(above=0, high=100)), "entry": _level(required=True),
        "exit": _level(required=False),
    }  # fmt: skip
    read = read_table(
        folder, "goals", label=label, parse=parse, numbers=("weight", "entry", "exit"), prefix="CO", confidential=True
    )
    read = _of_cases(cells.of_pilots(read, pilots), cases, key)
    read = read.without_repeated(GOAL_COLUMNS[:3], expected="jeden wiersz na cel sprawy")
    return replace(read, table=read.table[list(GOAL_COLUMNS)])


def _level(*, required: bool) -> Parse:
    low, high = GOAL_LEVELS
    return _as("CO-31", number_of(low=low, high=high, whole=True, required=required))


def _as(code: str, parse: Parse) -> Parse:
    """Return a reader of numbers for which a number out of range is another check than usual."""

    def read(text: str) -> Cell | Wrong:
        value = parse(text)
        return replace(value, code=code) if isinstance(value, Wrong) and value.code == "ES-28" else value

    return read


def _of_cases(read: SocialTable, cases: pd.DataFrame, key: bytes) -> SocialTable:
    read = cells.with_pseudonyms(read, "case", key, within_pilot=True)
    known = set(zip(cases["pilot"], cases["case"], strict=True))
    pairs = zip(read.table["pilot"], read.table["case"], strict=True)
    strange = pd.Series(np.array([pair not in known for pair in pairs], dtype=bool), index=read.table.index)
    return read.refuse(
        strange, "CO-35", ["case"], "sprawy nie ma w pliku cases albo jej wiersz odłożono",
        expected="klucz sprawy z pliku cases, z tego samego pilotażu",
        remedy="Proszę poprawić klucz albo wiersz sprawy.", together=True,
    )  # fmt: skip
