"""One gmina's or powiat's share of the tables: what its report selects, and nothing computed anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ropsanalysis.definitions import Choice, SourceFile
from ropsanalysis.local_diagnosis.records import Group, Indicator, Peer, Point, Position
from ropsanalysis.stats.records import as_records
from ropsanalysis.units import LocalUnit


@dataclass(frozen=True, slots=True)
class LocalDiagnosis:
    """The diagnosis of one gmina or powiat.

    Attributes
    ----------
    unit, edition
        Whom the report is about, and which edition it belongs to.
    indicators
        Those of the unit's level, in the order of the report, by key.
    sections
        Chapter titles by key, in order.
    positions
        By indicator; those that no year has enough values of are not there.
    series
        The indicators drawn over years, each in the order of years.
    peers
        Units of the group, the nearest in number of inhabitants first.
    group
        The group that it is compared with.
    choices, files
        The choices of method, and the files that it was computed from.
    sources
        What to print as the source of each dataset.
    synthetic
        Whether the data are made up; the report then says so on every page.
    """

    unit: LocalUnit
    edition: str
    indicators: Mapping[str, Indicator]
    sections: Mapping[str, str]
    positions: Mapping[str, Position]
    series: Mapping[str, tuple[Point, ...]]
    peers: tuple[Peer, ...]
    group: Group
    choices: tuple[Choice, ...]
    files: tuple[SourceFile, ...]
    sources: Mapping[str, str]
    synthetic: bool

    @classmethod
    def read(cls, unit: LocalUnit, tables: Mapping[str, pd.DataFrame], **about: Any) -> LocalDiagnosis:
        """Select one unit's diagnosis from the tables of its voivodeship.

        Parameters
        ----------
        tables
            Indicators, units, positions, series and peers.
        about
            The other attributes.
        """
        known = as_records(tables["indicators"], Indicator)
        own = {one.indicator: one for one in known if unit.level in one.levels.split()}
        points: dict[str, list[Point]] = {}
        for point in as_records(tables["series"], Point, teryt=unit.teryt):
            points.setdefault(point.indicator, []).append(point)
        found = as_records(tables["units"], Group, teryt=unit.teryt)
        return cls(
            unit=unit,
            indicators=own,
            positions={one.indicator: one for one in as_records(tables["positions"], Position, teryt=unit.teryt)},
            series={key: tuple(one) for key, one in points.items()},
            peers=as_records(tables["peers"], Peer, teryt=unit.teryt),
            group=found[0],
            **about,
        )

    def placed(self) -> list[tuple[Indicator, Position]]:
        """Return the indicators with a position, in the order of the report."""
        return [(one, self.positions[key]) for key, one in self.indicators.items() if key in self.positions]

    def known(self) -> list[tuple[Indicator, Position]]:
        """Return the indicators that the unit has a value of."""
        return [(indicator, position) for indicator, position in self.placed() if position.value is not None]

    def standing(self, kind: str) -> list[tuple[Indicator, Position]]:
        """Return the unit's strengths or weaknesses, the most marked first."""
        found = [(indicator, position) for indicator, position in self.known() if position.standing == kind]
        sign = -1 if kind == "strength" else 1
        return sorted(found, key=lambda pair: (sign * (pair[1].ahead or 0.0), pair[0].indicator))

    def gaps(self) -> list[Indicator]:
        """Return the indicators that the unit has no value of."""
        there = {indicator.indicator for indicator, _ in self.known()}
        return [indicator for key, indicator in self.indicators.items() if key not in there]

    def span(self) -> tuple[int, int] | None:
        """Return the first and the last year that is told of; None without any value."""
        years = [year for _, position in self.known() for year in (position.first_year, position.year)]
        return (min(years), max(years)) if years else None

    def made_up(self, *datasets: str) -> bool:
        """Return whether the data are made up: there is one dataset, so the cover says it for every block."""
        del datasets
        return False
