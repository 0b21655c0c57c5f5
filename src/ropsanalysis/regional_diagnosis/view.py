"""One voivodeship's share of the national tables: what its report selects, and nothing computed anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from ropsanalysis.definitions import Direction
from ropsanalysis.regional_diagnosis.assess import NationalTables
from ropsanalysis.regional_diagnosis.series import VARIANT_SUFFIXES, latest_context
from ropsanalysis.regions import POLAND, REGIONS, Region, find


@dataclass(frozen=True, slots=True)
class Indicator:
    """The catalogue's words and facts about one indicator; see the catalogue for the fields."""

    key: str
    name: str
    short: str
    unit: str
    kind: str
    digits: int
    direction: Direction
    section: str
    definition: str
    source: str
    measurement: str
    breaks: tuple[int, ...]
    comparable: bool
    headline: bool
    caution: str

    @property
    def is_variant(self) -> bool:
        """Whether this is the urban or rural variant of another indicator."""
        return self.key.endswith(VARIANT_SUFFIXES)

    @property
    def difference_unit(self) -> str:
        """Unit of a difference between two values: percentage points for percentages."""
        return "p.p." if self.unit == "%" else ""


class Observation(NamedTuple):
    """A published or missing value of one year."""

    year: int
    value: float | None
    flag: str


class Position(NamedTuple):
    """Where the region stands on one indicator in the latest comparable year; see `positions`."""

    year: int
    value: float | None
    poland: float | None
    difference: float | None
    rank: int | None
    rank_last: int | None
    n_ranked: int
    best_teryt: str
    peer_mean: float | None
    z: float | None
    standing: str
    beyond_noise: bool | None


class Trend(NamedTuple):
    """Direction of change over the last years; see `trends`."""

    first_year: int | None
    last_year: int | None
    n: int
    slope: float | None
    slope_low: float | None
    slope_high: float | None
    p_value: float | None
    marker: str


class SourceFile(NamedTuple):
    """A data file the diagnosis was computed from; `sha256` in hexadecimal, `size` in bytes."""

    path: str
    sha256: str
    size: int
    rows_in: int
    rows_out: int
    source: str


class Choice(NamedTuple):
    """A choice of method with its Polish description, as the catalogue gives it."""

    name: str
    value: float
    unit: str
    description: str


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
    context
        Structural background in the tidy shape.
    tables
        The national tables.
    choices
        The choices of method they were computed with.
    files
        The data files they were computed from.
    """

    region: Region
    edition: str
    indicators: Mapping[str, Indicator]
    sections: Mapping[str, str]
    observations: Mapping[tuple[str, str], tuple[Observation, ...]]
    context: pd.DataFrame
    tables: NationalTables
    choices: tuple[Choice, ...]
    files: tuple[SourceFile, ...]

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
        row = _row(self.tables.positions, indicator=indicator.key, teryt=teryt or self.region.teryt)
        if row is None:
            return None
        return Position(
            year=int(row["year"]),
            value=_number(row["value"]),
            poland=_number(row["poland"]),
            difference=_number(row["difference"]),
            rank=_whole(row["rank"]),
            rank_last=_whole(row["rank_last"]),
            n_ranked=int(row["n_ranked"]),
            best_teryt=str(row["best_teryt"]),
            peer_mean=_number(row["peer_mean"]),
            z=_number(row["z"]),
            standing=str(row["standing"]),
            beyond_noise=None if pd.isna(row["beyond_noise"]) else bool(row["beyond_noise"]),
        )

    def trend(self, indicator: Indicator, teryt: str | None = None) -> Trend:
        """Return the region's trend; its marker is `too_short` where there is none."""
        row = _row(self.tables.trends, indicator=indicator.key, teryt=teryt or self.region.teryt)
        if row is None:
            return Trend(None, None, 0, None, None, None, None, "too_short")
        return Trend(
            first_year=_whole(row["first_year"]),
            last_year=_whole(row["last_year"]),
            n=int(row["n"]),
            slope=_number(row["slope"]),
            slope_low=_number(row["slope_low"]),
            slope_high=_number(row["slope_high"]),
            p_value=_number(row["p_value"]),
            marker=str(row["marker"]),
        )

    def listed(self, kind: str) -> list[Listed]:
        """Return the indicators of one list (`watch`, `strength`, `weakness`), in its order."""
        rows = self.tables.profile
        own = rows[(rows["teryt"] == self.region.teryt) & (rows["kind"] == kind)].sort_values("order")
        found = []
        for key in own["indicator"]:
            indicator = self.indicators[key]
            position = self.position(indicator)
            if position is not None:
                found.append(Listed(indicator, position, self.trend(indicator)))
        return found

    def peers(self) -> list[Region]:
        """Return the most similar voivodeships, the nearest first."""
        rows = self.tables.peers
        own = rows[rows["teryt"] == self.region.teryt].sort_values("order")
        return [find(str(teryt)) for teryt in own["peer_teryt"]]

    def background(self, key: str, teryt: str | None = None) -> float | None:
        """Return the newest value of a background figure such as the population."""
        return _number(latest_context(self.context, key).get(teryt or self.region.teryt))

    def compared(self) -> list[Indicator]:
        """Return the indicators that compare regions, without urban and rural variants."""
        return [i for i in self.indicators.values() if i.comparable and not i.is_variant]

    def span(self) -> tuple[int, int]:
        """Return the first and the last year of any published value."""
        years = [o.year for series in self.observations.values() for o in series if o.value is not None]
        return min(years), max(years)

    def role(self, teryt: str) -> str:
        """Return how a unit is drawn in this report: as the region, Poland, a peer or another."""
        if teryt == self.region.teryt:
            return "region"
        if teryt == POLAND.teryt:
            return "poland"
        return "peer" if teryt in {peer.teryt for peer in self.peers()} else "other"


def read_indicators(table: pd.DataFrame) -> dict[str, Indicator]:
    """Return the used indicators of the catalogue's table, in its order."""
    return {
        row.indicator: Indicator(
            key=row.indicator,
            name=row.name,
            short=row.short,
            unit=row.unit,
            kind=row.kind,
            digits=int(row.digits),
            direction=row.direction,
            section=row.section,
            definition=row.definition,
            source=row.source,
            measurement=row.measurement,
            breaks=tuple(int(year) for year in str(row.break_years or "").split()),
            comparable=bool(row.comparable),
            headline=bool(row.headline),
            caution=row.caution,
        )
        for row in table[table["status"] == "used"].itertuples(index=False)
    }


def read_observations(table: pd.DataFrame) -> dict[tuple[str, str], tuple[Observation, ...]]:
    """Return the tidy observations as series by indicator and TERYT, each in order of years."""
    series: dict[tuple[str, str], list[Observation]] = {}
    columns = table.sort_values("year", kind="stable")[["indicator", "teryt", "year", "value", "flag"]]
    for indicator, teryt, year, value, flag in columns.itertuples(index=False):
        series.setdefault((indicator, teryt), []).append(Observation(int(year), _number(value), str(flag)))
    return {key: tuple(observed) for key, observed in series.items()}


def _row(table: pd.DataFrame, **keys: str) -> pd.Series | None:
    for column, value in keys.items():
        table = table[table[column] == value]
    return None if table.empty else table.iloc[0]


def _number(value: object) -> float | None:
    return None if pd.isna(value) else float(value)  # type: ignore[call-overload, arg-type]


def _whole(value: object) -> int | None:
    return None if pd.isna(value) else int(value)  # type: ignore[call-overload]
