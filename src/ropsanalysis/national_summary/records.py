"""The published tables as typed records: what the report reads, free of data frames.

Every number here stands in a report of a voivodeship, or is a sum or rank of such numbers; nothing is read from raw
data. A number that a voivodeship's report hides or lacks is None, with its `reason`; so is a sum with such a part.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Region(NamedTuple):
    """A voivodeship and which reports there are for it ("" none): keys joined by "+"."""

    teryt: str
    name: str
    reports: str


class IndicatorRow(NamedTuple):
    """An obligatory indicator of the voivodeship's project, as its monitoring has it; teryt "00" is the sum.

    place: rank by `of_target`, 1 the best, equal ones share it.
    """

    teryt: str
    indicator: str
    value: float | None
    numerator: int | None
    denominator: int | None
    target: float | None
    of_target: float | None
    line: float | None
    forecast: float | None
    forecast_low: float | None
    forecast_high: float | None
    probability: float | None
    place: int | None
    reason: str


class MoneyRow(NamedTuple):
    """The project's money, as its monitoring has it; teryt "00" is the sum."""

    teryt: str
    value_pln: float | None
    budget: float | None
    planned: float | None
    spent: float | None
    share_spent: float | None
    cost_index: float | None
    schedule_index: float | None
    forecast: float | None
    unspent: float | None
    reason: str


class ActionRow(NamedTuple):
    """Activities of an action: planned by the day of the data, done, late; teryt "00" is the sum."""

    teryt: str
    action: int
    title: str
    due: int
    done: int
    late: int


class Headline(NamedTuple):
    """The headline number of one of the other reports, as its first page has it.

    report: key of the report; measure: Polish name of the number; base: how many cases it rests on, where the report
    says so; unit, digits: how to print it; place: rank among the voivodeships where a direction can be defended, else
    None; detail: what belongs to it in words, such as the name of a competence.
    """

    teryt: str
    report: str
    measure: str
    value: float | None
    low: float | None
    high: float | None
    base: int | None
    unit: str
    digits: int
    place: int | None
    detail: str
    reason: str


class Source(NamedTuple):
    """A report that the summary was made from: its data's last year and whether any of them are made up."""

    report: str
    title: str
    year: int
    regions: int
    synthetic: bool
    fingerprint: str


TABLES: Final[Mapping[str, type[NamedTuple]]] = {
    "regions": Region,
    "indicators": IndicatorRow,
    "money": MoneyRow,
    "actions": ActionRow,
    "headlines": Headline,
    "sources": Source,
}
"""Published tables by name; columns are named as the fields."""
