"""Reads the budget of a project and its payments; amounts are whole grosze from the first moment on."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from ropsanalysis.io.findings import Finding
from ropsanalysis.io.project_cells import LARGEST_GROSZE, action_of, day, grosze_of, quarter, whole_of, word_of, zlotys
from ropsanalysis.io.project_checks import KEPT, of_card, of_projects, one_row, with_days
from ropsanalysis.io.social_tables import (
    Parse,
    SocialTable,
    TableRead,
    finished,
    read_table,
    text_of,
    voivodeship,
)
from ropsanalysis.project_monitoring.schema import BUDGET_COLUMNS, CATEGORIES, NO_ACTION, PAYMENT_COLUMNS, TEAMS
from ropsanalysis.regions import by_teryt

_PARTS: Final = {"eu_grosz": "eu_pln", "national_grosz": "national_pln"}
"""Column of the table and of the file."""
_ABOUT: Final = ("task", "action", "team", "category")
"""What is told of a line, the same in each of its quarters."""


def read_budget(folder: Path, *, label: str, cards: pd.DataFrame) -> TableRead:
    """Read ``budget.csv`` or ``budget.xlsx``: a row per budget line and quarter.

    Returns
    -------
    TableRead
        Table with the columns `BUDGET_COLUMNS`: action and amounts int64; team "" only where the action is
        `NO_ACTION`.
    """
    parse: dict[str, Parse] = {
        "teryt": voivodeship,
        "line": text_of(required=True),
        "task": text_of(required=True),
        "action": action_of(management=True),
        "team": word_of("team", ("", *TEAMS)),
        "category": word_of("category", CATEGORIES),
        "quarter": quarter,
        **dict.fromkeys(_PARTS.values(), grosze_of()),
    }
    read = read_table(folder, "budget", label=label, parse=parse, numbers=(), prefix="PM", plain=tuple(_PARTS.values()))
    read = of_projects(read, cards)
    read = read.without_repeated(("teryt", "line", "quarter"), expected="jeden wiersz na pozycję i kwartał")
    read = read.refuse(
        (read.table["team"] == "") & (read.table["action"] != str(NO_ACTION)), "PM-24", ["team"],
        "pozycja działania bez zespołu", expected=f"jedno ze słów: {', '.join(TEAMS)}",
        remedy="Proszę wpisać zespół; pusty może być tylko tam, gdzie action to 0.",
    )  # fmt: skip
    _of_one_line(read)
    _doubt_quarters(read, cards)
    done = finished(read, _in_grosze(read.table)[list(BUDGET_COLUMNS)])
    findings = (*done.findings, *_against_cards(done.table, cards, file=read.intake.file))
    return TableRead(done.table, done.rejected, findings, done.files, done.refused_in)


def read_payments(folder: Path, *, label: str, cards: pd.DataFrame, budget: pd.DataFrame) -> TableRead:
    """Read ``payments.csv`` or ``payments.xlsx``: a row per payment; money given back is below zero.

    Parameters
    ----------
    budget
        Columns `BUDGET_COLUMNS`.

    Returns
    -------
    TableRead
        Table with the columns `PAYMENT_COLUMNS`; `line` is "" where the budget has no such line.
    """
    parse: dict[str, Parse] = {
        "teryt": voivodeship,
        "payment": text_of(required=True),
        "line": text_of(required=False),
        "day": day,
        **dict.fromkeys(_PARTS.values(), grosze_of(low=-LARGEST_GROSZE)),
    }
    read = read_table(
        folder, "payments", label=label, parse=parse, numbers=(), prefix="PM",
        plain=("payment", *_PARTS.values()),
    )  # fmt: skip
    read = of_projects(read, cards).without_repeated(("teryt", "payment"), expected="jeden wiersz na płatność")
    with_days(read, ("day",))
    read = _paid_by_then(read, cards)
    for words, wrong in (
        ("płatność przed początkiem projektu", read.table["day"] < of_card(read.table, cards, "start")),
        ("płatność po zakończeniu projektu", read.table["day"] > of_card(read.table, cards, "end")),
    ):
        read.doubt(wrong, "PM-18", ["day"], words, expected="dzień od początku do końca projektu z karty", remedy=KEPT)
    _find_lines(read, budget)
    table = _in_grosze(read.table)
    _doubt_overspent(read, table, budget)
    return finished(read, table[list(PAYMENT_COLUMNS)])


def _in_grosze(table: pd.DataFrame) -> pd.DataFrame:
    told = {name: whole_of(table[column]) for name, column in _PARTS.items()}
    if "action" in table:
        told["action"] = whole_of(table["action"])
    return table.assign(**told)


def _of_one_line(read: SocialTable) -> None:
    """Take what is told of a line from its first row, and warn where another row says otherwise."""
    for name in _ABOUT:
        first = read.table.groupby(["teryt", "line"])[name].transform("first")
        read.doubt(
            first != read.table[name], "PM-39", ["line", name], "inaczej niż w pierwszym wierszu tej pozycji",
            expected="to samo we wszystkich kwartałach pozycji",
            remedy="Przyjęto wartość z pierwszego wiersza. Proszę poprawić albo nadać pozycji osobny numer.",
        )  # fmt: skip
        read.table[name] = first


def _doubt_quarters(read: SocialTable, cards: pd.DataFrame) -> None:
    # Texts such as "2024-Q1" are in the order of time.
    days = (of_card(read.table, cards, name).dt for name in ("start", "end"))
    first, last = (day.year.astype("str") + "-Q" + day.quarter.astype("str") for day in days)
    read.doubt(
        (read.table["quarter"] < first) | (read.table["quarter"] > last), "PM-19", ["quarter"],
        "kwartał poza okresem projektu", expected="kwartał od początku do końca projektu z karty",
        remedy="Kwota liczy się w całym budżecie. Proszę sprawdzić kwartał.",
    )  # fmt: skip


def _against_cards(budget: pd.DataFrame, cards: pd.DataFrame, *, file: str) -> list[Finding]:
    """Return findings on budgets that do not add up to their cards, in whole grosze: EU, national, and both."""
    sums = budget.groupby("teryt")[list(_PARTS)].sum()
    found = []
    for card in cards.to_dict("records"):
        if card["teryt"] not in sums.index:
            continue
        eu, national = (int(sums.loc[card["teryt"], name]) for name in _PARTS)
        for column, words, ours in (
            ("eu_pln", "część UE", eu), ("national_pln", "część krajowa", national),
            ("value_pln", "wartość", eu + national),
        ):  # fmt: skip
            if pd.isna(card[column]):
                continue
            theirs = round(100 * card[column])
            if ours != theirs:
                found.append(
                    Finding("PM-32", "warning", file, None, column,
                            f"województwo {by_teryt(str(card['teryt'])).name}, {words} w budżecie razem: "
                            f"{zlotys(ours)}, różnica {zlotys(ours - theirs)}",
                            f"tyle, ile na karcie projektu: {zlotys(theirs)}",
                            "Budżet zostaje bez zmian. Proszę znaleźć różnicę w pozycjach albo poprawić kartę.")
                )  # fmt: skip
    return found


def _paid_by_then(read: SocialTable, cards: pd.DataFrame) -> SocialTable:
    """Return the payments up to the day of the data."""
    return read.refuse(
        read.table["day"] > of_card(read.table, cards, "as_of"), "PM-26", ["day"],
        "płatność po dniu, na który są dane", expected="dzień nie późniejszy niż as_of z karty projektu",
        remedy="Takiej płatności nie policzono. Proszę poprawić datę albo zmienić as_of karty.",
    )  # fmt: skip


def _find_lines(read: SocialTable, budget: pd.DataFrame) -> None:
    """Leave out lines that the budget does not have; the payment still counts in the total."""
    known = set(zip(budget["teryt"], budget["line"], strict=True))
    pairs = zip(read.table["teryt"], read.table["line"], strict=True)
    unknown = pd.Series([pair not in known for pair in pairs], index=read.table.index, dtype=bool)
    with_budget = read.table["teryt"].isin(budget["teryt"])
    remedy = "Płatność liczy się tylko w sumie. Proszę wpisać pozycję z pliku project_budget/budget.csv."
    read.doubt(unknown & with_budget, "PM-35", ["line"], "nie ma takiej pozycji budżetu",
               expected="pozycja (line) z budżetu województwa", remedy=remedy)  # fmt: skip
    read.doubt(unknown & ~with_budget, "PM-35", ["line"], "województwo nie ma budżetu",
               expected="budżet województwa", remedy=remedy, together=True)  # fmt: skip
    read.table["line"] = read.table["line"].mask(unknown, "")


def _doubt_overspent(read: SocialTable, payments: pd.DataFrame, budget: pd.DataFrame) -> None:
    """Warn, at the payment that goes beyond it, of lines for which more was paid than they hold, by part."""
    limits = {name: budget.groupby(["teryt", "line"])[name].sum().to_dict() for name in _PARTS}
    for pair, rows in payments[payments["line"] != ""].groupby(["teryt", "line"]):
        for name, words in (("eu_grosz", "część UE"), ("national_grosz", "część krajowa")):
            total, limit = int(rows[name].sum()), int(limits[name][pair])
            if total > limit:
                last = read.table.loc[rows.index, "day"].reset_index(drop=True).idxmax()
                read.doubt(
                    one_row(read, int(rows.index[last])), "PM-37", ["line"],
                    f"pozycja {rows['line'].iloc[0]}, {words}: zapłacono {zlotys(total)}, o {zlotys(total - limit)} za "
                    "dużo",
                    expected=f"najwyżej tyle, ile w budżecie: {zlotys(limit)}",
                    remedy="Płatności zostają. Proszę sprawdzić pozycję albo dostarczyć budżet po zmianach.",
                )  # fmt: skip
