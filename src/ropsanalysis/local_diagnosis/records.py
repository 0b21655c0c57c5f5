"""The tables of the diagnosis of gminas and powiats as typed records, free of data frames."""

from __future__ import annotations

from typing import NamedTuple


class Indicator(NamedTuple):
    """The catalogue's words and facts about one indicator; `levels` are joined by a blank."""

    indicator: str
    name: str
    short: str
    unit: str
    numerator: str
    denominator: str
    digits: int
    direction: str
    section: str
    definition: str
    caution: str
    events: bool
    headline: bool
    levels: str

    @property
    def relative_change(self) -> bool:
        """Whether a change is told in percent: of plain numbers and of money."""
        return not self.denominator or self.unit == "zł"

    @property
    def directed(self) -> bool:
        """Whether one end of the scale is the better one."""
        return self.direction != "neutral"


class Position(NamedTuple):
    """Where the unit stands on one indicator; see `positions.position_rows`."""

    indicator: str
    year: int
    value: float | None
    counted: float | None
    base: float | None
    low: float | None
    high: float | None
    small: bool
    first_year: int
    first_value: float | None
    change: float | None
    change_clear: bool
    voivodeship_value: float | None
    median: float | None
    rank: int | None
    ranked: int | None
    ahead: float | None
    near_rank: int | None
    near_ranked: int | None
    near_ahead: float | None
    standing: str


class Point(NamedTuple):
    """One year of an indicator: the unit, the median of its group, its voivodeship."""

    indicator: str
    year: int
    value: float | None
    median: float | None
    voivodeship_value: float | None


class Peer(NamedTuple):
    """A unit of the group with a near number of inhabitants."""

    order: int
    peer: str
    peer_name: str
    peer_kind: str
    peer_voivodeship: str
    population: float | None


class Group(NamedTuple):
    """The group that the unit is compared with; see `groups.SCOPES`."""

    scope: str
    group_size: int
    population: float | None
