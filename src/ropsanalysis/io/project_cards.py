"""Reads the cards of the coordination projects, what their offices planned to reach, and their sub-regions.

All of it is public, so findings name the value. Amounts are compared in whole grosze.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from ropsanalysis.io.project_cells import day, days_of, grosze_of, word_of, zlotys
from ropsanalysis.io.project_checks import of_projects, one_row, refuse_outside
from ropsanalysis.io.project_units import Units
from ropsanalysis.io.social_tables import (
    Cell,
    Parse,
    SocialTable,
    TableRead,
    Wrong,
    finished,
    number_of,
    read_table,
    text_of,
    voivodeship,
)
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.project_monitoring.schema import CARD_COLUMNS, INDICATORS, PLAN_COLUMNS, SUBREGION_COLUMNS

MONEY: Final = ("value_pln", "eu_pln", "national_pln")
TARGETS: Final = ("target_supported", "target_qualified", "target_plan_share")
LARGEST_TARGET: Final = 1_000_000

_DAYS: Final = ("start", "end", "as_of")
_KEPT: Final = "Wiersz zostaje. Proszę sprawdzić kartę z wnioskiem o dofinansowanie."


def read_cards(folder: Path, *, label: str, parameters: MonitoringParameters) -> TableRead:
    """Read ``cards.csv`` or ``cards.xlsx``: a row per project.

    Parameters
    ----------
    label
        Path of the folder inside the project, for findings.
    parameters
        ``eu_share`` and ``eu_share_tolerance``.

    Returns
    -------
    TableRead
        Table with the columns `CARD_COLUMNS`, sorted by voivodeship: days datetime64[s], amounts and targets float64.
    """
    target = number_of(low=0, high=LARGEST_TARGET, whole=True, required=False)
    parse: dict[str, Parse] = {
        "teryt": voivodeship,
        "title": text_of(required=True),
        "number": text_of(required=False),
        "leader": text_of(required=False),
        **dict.fromkeys(_DAYS, day),
        **dict.fromkeys(MONEY, grosze_of(required=False)),
        "target_supported": target,
        "target_qualified": target,
        "target_plan_share": number_of(low=0, high=1, required=False),
        "source": text_of(required=False),
    }
    read = read_table(
        folder, "cards", label=label, parse=parse, numbers=TARGETS, prefix="PM", plain=("number", *MONEY)
    )  # fmt: skip
    read = read.without_repeated(("teryt",), expected="jedna karta na województwo")
    for name in _DAYS:
        read.table[name] = days_of(read.table[name])
    read = _in_order(read)
    _doubt_money(read, parameters)
    read.doubt(
        read.table["target_qualified"] > read.table["target_supported"], "PM-31", ["target_supported",
        "target_qualified"], "więcej osób ma podnieść kwalifikacje, niż otrzymać wsparcie",
        expected="cel rezultatu nie większy niż cel produktu", remedy=_KEPT,
    )  # fmt: skip
    table = read.table.assign(**{name: pd.to_numeric(read.table[name]) / 100 for name in MONEY})
    table = table.astype(dict.fromkeys((*MONEY, *TARGETS), "float64"))
    return finished(read, table[list(CARD_COLUMNS)].sort_values("teryt", ignore_index=True))


def _in_order(read: SocialTable) -> SocialTable:
    read = read.refuse(
        read.table["end"] < read.table["start"], "PM-27", ["start", "end"], "projekt kończy się, zanim się zaczął",
        expected="początek nie później niż koniec", remedy="Proszę poprawić daty.",
    )  # fmt: skip
    read = read.refuse(
        read.table["as_of"] < read.table["start"], "PM-27", ["start", "as_of"], "dane są na dzień sprzed projektu",
        expected="dzień stanu danych (as_of) od początku projektu", remedy="Proszę poprawić datę.",
    )  # fmt: skip
    # No clock is read, so a day of the data far ahead is known only by the project's own end.
    read.doubt(
        read.table["as_of"] > read.table["end"] + pd.DateOffset(years=1), "PM-26", ["as_of"],
        "dane są na dzień ponad rok po zakończeniu projektu", expected="dzień, na który są dane", remedy=_KEPT,
    )  # fmt: skip
    return read


def _doubt_money(read: SocialTable, parameters: MonitoringParameters) -> None:
    """Warn of parts that do not add up to the grosz, and of a share of the EU that is not the programme's."""
    for position, row in enumerate(read.table[list(MONEY)].itertuples(index=False)):
        value, eu, national = (int(cell) if cell else None for cell in row)
        only = one_row(read, position)
        if value is not None and eu is not None and national is not None and eu + national != value:
            told = (
                f"{zlotys(eu)} + {zlotys(national)} = {zlotys(eu + national)}, różnica {zlotys(eu + national - value)}"
            )
            read.doubt(
                only, "PM-29", list(MONEY), told, expected=f"razem wartość projektu: {zlotys(value)}", remedy=_KEPT
            )  # fmt: skip
        if value and eu is not None and abs(eu / value - parameters.eu_share) > parameters.eu_share_tolerance:
            read.doubt(
                only, "PM-30", ["value_pln", "eu_pln"], f"udział UE: {_percent(eu / value, 4)}",
                expected=f"{_percent(parameters.eu_share, 2)} wartości projektu", remedy=_KEPT,
            )  # fmt: skip


def _percent(share: float, digits: int) -> str:
    return f"{100 * share:.{digits}f}".replace(".", ",") + "%"


def read_plan(folder: Path, *, label: str, cards: pd.DataFrame) -> TableRead:
    """Read ``plan.csv`` or ``plan.xlsx``: what an office planned to have reached by a day, cumulative.

    Returns
    -------
    TableRead
        Table with the columns `PLAN_COLUMNS`, sorted: day datetime64[s], planned float64.
    """
    parse: dict[str, Parse] = {
        "teryt": voivodeship,
        "indicator": word_of("indicator", INDICATORS),
        "day": day,
        "planned": number_of(low=0, high=LARGEST_TARGET),
    }
    read = read_table(folder, "plan", label=label, parse=parse, numbers=("planned",), prefix="PM")
    read = of_projects(read, cards)
    read = read.without_repeated(PLAN_COLUMNS[:3], expected="jeden wiersz na wskaźnik i dzień")
    read.table["day"] = days_of(read.table["day"])
    read = refuse_outside(read, cards, "day", remedy="Proszę poprawić dzień.")
    share = read.table["indicator"] == "plans"
    read = read.refuse(
        share & (read.table["planned"] > 1), "PM-28", ["planned"], "udział jednostek większy niż 1",
        expected="udział od 0 do 1, np. 0,5", remedy="Proszę poprawić wartość.",
    )  # fmt: skip
    order = read.table.sort_values(list(PLAN_COLUMNS[:3]))
    falls = order.groupby(["teryt", "indicator"])["planned"].diff() < 0
    read.doubt(
        falls.reindex(read.table.index), "PM-44", ["planned"], "mniej niż na wcześniejszy dzień",
        expected="wartości narastające od początku projektu",
        remedy="Wiersz zostaje. Proszę sprawdzić, czy nie podano przyrostów zamiast sumy.",
    )  # fmt: skip
    return finished(read, order[list(PLAN_COLUMNS)].reset_index(drop=True))


def read_subregions(folder: Path, *, label: str, units: Units) -> TableRead:
    """Read ``subregions.csv`` or ``subregions.xlsx``: the sub-region of each powiat.

    Returns
    -------
    TableRead
        Table with the columns `SUBREGION_COLUMNS`, sorted by powiat.
    """
    parse: dict[str, Parse] = {"powiat": _powiat(units), "subregion": text_of(required=True)}
    read = read_table(folder, "subregions", label=label, parse=parse, numbers=(), prefix="PM")
    read = read.without_repeated(("powiat",), expected="jeden wiersz na powiat")
    return finished(read, read.table[list(SUBREGION_COLUMNS)].sort_values("powiat", ignore_index=True))


def _powiat(units: Units) -> Parse:
    def parse(text: str) -> Cell | Wrong:
        found = units.find(text, "") if text else None
        if found and len(found.code) == 4:
            return found.code
        told = f" {found.problem}" if found and found.problem else ""
        return Wrong("PM-40", "kod powiatu: cztery cyfry", f"Wiersz odłożono.{told} Proszę poprawić kod.")

    return parse
