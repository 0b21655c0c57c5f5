"""One voivodeship's share of the national tables: what its report selects, and nothing computed anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import pandas as pd

from ropsanalysis.definitions import Choice, SourceFile
from ropsanalysis.regional_diagnosis import records
from ropsanalysis.regional_diagnosis.records import (
    NO_TREND,
    Convergence,
    Dispersion,
    Forecast,
    IndexScore,
    Indicator,
    Key,
    Observation,
    Position,
    Trend,
)
from ropsanalysis.regions import POLAND, REGIONS, Region

Role = Literal["region", "poland", "peer", "other"]


class Listed(NamedTuple):
    """An indicator on the watch-list or among strengths or weaknesses."""

    indicator: Indicator
    position: Position
    trend: Trend


@dataclass(frozen=True, slots=True)
class RegionalDiagnosis:
    """The diagnosis of one voivodeship.

    Attributes
    ----------
    region, edition
        Whom the report is about, and which edition it belongs to.
    indicators
        Used indicators in the order of the report, by key.
    sections
        Chapter titles by key, in order.
    observations
        Values of all regions by indicator and TERYT, each series in order of years, missing ones with
        their flag.
    positions, trends, relative_trends
        By indicator and TERYT; a relative trend is that of the value as a percentage of Poland's.
    peers
        The most similar voivodeships, the nearest first.
    lists
        Indicators by kind of list: `watch`, `falling_behind`, `strength`, `weakness`.
    forecasts
        The region's forecasts by indicator.
    dispersions, convergence
        Differences between all voivodeships by indicator.
    index
        The composite index of all voivodeships, the best first.
    background
        Newest structural figures, such as the population, by key and TERYT.
    choices
        The choices of method they were computed with.
    files
        The data files they were computed from.
    synthetic
        Whether any of the data is made up; the report then says so on every page.
    """

    region: Region
    edition: str
    indicators: Mapping[str, Indicator]
    sections: Mapping[str, str]
    observations: Mapping[Key, tuple[Observation, ...]]
    positions: Mapping[Key, Position]
    trends: Mapping[Key, Trend]
    relative_trends: Mapping[Key, Trend]
    peers: tuple[Region, ...]
    lists: Mapping[str, tuple[str, ...]]
    forecasts: Mapping[str, Forecast]
    dispersions: Mapping[str, tuple[Dispersion, ...]]
    convergence: Mapping[str, Convergence]
    index: tuple[IndexScore, ...]
    background: Mapping[Key, Observation]
    choices: tuple[Choice, ...]
    files: tuple[SourceFile, ...]
    synthetic: bool

    @classmethod
    def read(
        cls,
        region: Region,
        tables: Mapping[str, pd.DataFrame],
        *,
        edition: str,
        sections: Mapping[str, str],
        choices: tuple[Choice, ...],
        files: tuple[SourceFile, ...],
        synthetic: bool,
    ) -> RegionalDiagnosis:
        """Select one voivodeship's diagnosis from the national tables, given by their names."""
        return cls(
            region=region,
            edition=edition,
            indicators=records.read_indicators(tables["indicators"]),
            sections=sections,
            observations=records.read_observations(tables["observations"]),
            positions=records.read_positions(tables["positions"]),
            trends=records.read_trends(tables["trends"]),
            relative_trends=records.read_trends(tables["relative_trends"]),
            peers=records.read_peers(tables["peers"], region.teryt),
            lists=records.read_profile(tables["profile"], region.teryt),
            forecasts=records.read_forecasts(tables["forecasts"], tables["forecast_quality"], region.teryt),
            dispersions=records.read_dispersions(tables["disparities"]),
            convergence=records.read_convergence(tables["convergence"]),
            index=records.read_index(tables["index_scores"]),
            background=records.read_background(tables["context"]),
            choices=choices,
            files=files,
            synthetic=synthetic,
        )

    def of_section(self, section: str) -> list[Indicator]:
        """Return the chapter's indicators."""
        return [indicator for indicator in self.indicators.values() if indicator.section == section]

    def observed(self, indicator: Indicator, teryt: str | None = None) -> tuple[Observation, ...]:
        """Return all years of one indicator, in order; by default for the report's region."""
        return self.observations.get((indicator.key, teryt or self.region.teryt), ())

    def latest(self, indicator: Indicator, teryt: str | None = None) -> Observation | None:
        """Return the newest published value, or None where nothing was ever published."""
        known = [o for o in self.observed(indicator, teryt) if o.value is not None]
        return known[-1] if known else None

    def values_of(self, indicator: Indicator, year: int) -> dict[str, float]:
        """Return each voivodeship's value of one year; NaN where missing."""
        values = {region.teryt: self.value(indicator, year, region.teryt) for region in REGIONS}
        return {teryt: float("nan") if value is None else value for teryt, value in values.items()}

    def value(self, indicator: Indicator, year: int, teryt: str | None = None) -> float | None:
        """Return one value, or None."""
        return next((o.value for o in self.observed(indicator, teryt) if o.year == year), None)

    def position(self, indicator: Indicator, teryt: str | None = None) -> Position | None:
        """Return the region's position, or None where the indicator does not compare regions."""
        return self.positions.get((indicator.key, teryt or self.region.teryt))

    def trend(self, indicator: Indicator, teryt: str | None = None) -> Trend:
        """Return the region's trend; its marker is `too_short` where there is none."""
        return self.trends.get((indicator.key, teryt or self.region.teryt), NO_TREND)

    def listed(self, kind: str) -> list[Listed]:
        """Return the indicators of one list (`watch`, `falling_behind`, `strength`, `weakness`), in its order."""
        found = []
        for key in self.lists.get(kind, ()):
            indicator = self.indicators[key]
            position = self.position(indicator)
            if position is not None:
                found.append(Listed(indicator, position, self.trend(indicator)))
        return found

    def own_index(self) -> IndexScore | None:
        """Return the region's composite index, or None where too many of its indicators are missing."""
        return next((score for score in self.index if score.teryt == self.region.teryt), None)

    def choice(self, name: str) -> float:
        """Return the value of a choice of method.

        Raises
        ------
        KeyError
            There is no such choice.
        """
        return float({choice.name: choice.value for choice in self.choices}[name])

    def compared(self) -> list[Indicator]:
        """Return the indicators that compare regions, without urban and rural variants."""
        return [i for i in self.indicators.values() if i.comparable and not i.is_variant]

    def span(self) -> tuple[int, int]:
        """Return the first and the last year of any published value."""
        years = [o.year for series in self.observations.values() for o in series if o.value is not None]
        return min(years), max(years)

    def role(self, teryt: str) -> Role:
        """Return how a unit is drawn in this report: as the region, Poland, a peer or another."""
        if teryt == self.region.teryt:
            return "region"
        if teryt == POLAND.teryt:
            return "poland"
        return "peer" if any(peer.teryt == teryt for peer in self.peers) else "other"
