"""The national tables as typed records: what a report reads, free of data frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from ropsanalysis.definitions import Direction
from ropsanalysis.regional_diagnosis.series import VARIANT_SUFFIXES
from ropsanalysis.regions import Region, find

#: An indicator's key and a TERYT code.
Key = tuple[str, str]


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
    index_member: bool
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
    best_value: float | None
    difference_to_best: float | None
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


NO_TREND = Trend(None, None, 0, None, None, None, None, "too_short")


class ForecastYear(NamedTuple):
    """A forecast for one year with its two intervals, in the indicator's unit."""

    year: int
    mean: float
    low80: float
    high80: float
    low95: float
    high95: float


class Forecast(NamedTuple):
    """A forecast with its mean absolute errors on years already known, in the indicator's unit.

    `status` says why there is none: `too_short`, `gaps` or `broken` instead of `ok`.
    """

    indicator: str
    status: str
    last_year: int | None
    error: float | None
    naive_error: float | None
    ahead: tuple[ForecastYear, ...]

    @property
    def useful(self) -> bool:
        """Whether it beat "nothing will change" on years already known."""
        return self.error is not None and self.naive_error is not None and self.error < self.naive_error


class Dispersion(NamedTuple):
    """Coefficients of variation (0–1) between the voivodeships in one year."""

    indicator: str
    year: int
    cv: float
    cv_weighted: float | None


class Convergence(NamedTuple):
    """Whether the voivodeships draw nearer to one another on one indicator; see `convergence`."""

    indicator: str
    first_year: int
    last_year: int
    beta: float | None
    p_value: float | None
    sigma_slope: float | None
    sigma_p: float | None
    weighted: bool
    verdict: str


class IndexScore(NamedTuple):
    """One voivodeship's composite index (0–100), its rank with an interval, and its chapters' scores."""

    teryt: str
    score: float
    rank: float
    low: float
    high: float
    sections: Mapping[str, float]


def read_indicators(table: pd.DataFrame) -> dict[str, Indicator]:
    """Return the used indicators of the catalogue's table, in its order."""
    own = ("name", "short", "unit", "kind", "direction", "section", "definition", "source", "measurement", "caution")
    return {
        row["indicator"]: Indicator(
            key=row["indicator"],
            digits=int(row["digits"]),
            breaks=tuple(int(year) for year in str(row["break_years"] or "").split()),
            comparable=bool(row["comparable"]),
            index_member=bool(row["index_member"]),
            headline=bool(row["headline"]),
            **{name: row[name] for name in own},
        )
        for row in _rows(table)
        if row["status"] == "used"
    }


def read_observations(table: pd.DataFrame) -> dict[Key, tuple[Observation, ...]]:
    """Return the tidy observations as series by indicator and TERYT, each in order of years."""
    series: dict[Key, list[Observation]] = {}
    for row in _rows(table.sort_values("year", kind="stable")):
        observed = Observation(int(row["year"]), _number(row["value"]), str(row["flag"]))
        series.setdefault((row["indicator"], row["teryt"]), []).append(observed)
    return {key: tuple(observed) for key, observed in series.items()}


def read_positions(table: pd.DataFrame) -> dict[Key, Position]:
    """Return the table of positions by indicator and TERYT."""
    return {
        (row["indicator"], row["teryt"]): Position(
            year=int(row["year"]),
            value=_number(row["value"]),
            poland=_number(row["poland"]),
            difference=_number(row["difference"]),
            rank=_whole(row["rank"]),
            rank_last=_whole(row["rank_last"]),
            n_ranked=int(row["n_ranked"]),
            best_teryt=str(row["best_teryt"]),
            best_value=_number(row["best_value"]),
            difference_to_best=_number(row["difference_to_best"]),
            peer_mean=_number(row["peer_mean"]),
            z=_number(row["z"]),
            standing=str(row["standing"]),
            beyond_noise=None if pd.isna(row["beyond_noise"]) else bool(row["beyond_noise"]),
        )
        for row in _rows(table)
    }


def read_trends(table: pd.DataFrame) -> dict[Key, Trend]:
    """Return a table of trends by indicator and TERYT."""
    return {
        (row["indicator"], row["teryt"]): Trend(
            first_year=_whole(row["first_year"]),
            last_year=_whole(row["last_year"]),
            n=int(row["n"]),
            slope=_number(row["slope"]),
            slope_low=_number(row["slope_low"]),
            slope_high=_number(row["slope_high"]),
            p_value=_number(row["p_value"]),
            marker=str(row["marker"]),
        )
        for row in _rows(table)
    }


def read_peers(table: pd.DataFrame, teryt: str) -> tuple[Region, ...]:
    """Return the peers of one voivodeship, the nearest first."""
    own = table[table["teryt"] == teryt].sort_values("order")
    return tuple(find(str(code)) for code in own["peer_teryt"])


def read_profile(table: pd.DataFrame, teryt: str) -> dict[str, tuple[str, ...]]:
    """Return the lists of one voivodeship: indicators by kind, each list in its order."""
    lists: dict[str, list[str]] = {}
    for row in _rows(table[table["teryt"] == teryt].sort_values("order")):
        lists.setdefault(row["kind"], []).append(row["indicator"])
    return {kind: tuple(keys) for kind, keys in lists.items()}


def read_forecasts(forecasts: pd.DataFrame, quality: pd.DataFrame, teryt: str) -> dict[str, Forecast]:
    """Return the forecasts of one voivodeship by indicator, with the reason where there is none."""
    ahead: dict[str, list[ForecastYear]] = {}
    for row in _rows(forecasts[forecasts["teryt"] == teryt].sort_values("year")):
        numbers = (float(row[name]) for name in ForecastYear._fields[1:])
        ahead.setdefault(row["indicator"], []).append(ForecastYear(int(row["year"]), *numbers))
    return {
        row["indicator"]: Forecast(
            indicator=row["indicator"],
            status=str(row["status"]),
            last_year=_whole(row["last_year"]),
            error=_number(row["mae"]),
            naive_error=_number(row["mae_naive"]),
            ahead=tuple(ahead.get(row["indicator"], ())),
        )
        for row in _rows(quality[quality["teryt"] == teryt])
    }


def read_dispersions(table: pd.DataFrame) -> dict[str, tuple[Dispersion, ...]]:
    """Return the coefficients of variation by indicator, in order of years."""
    series: dict[str, list[Dispersion]] = {}
    for row in _rows(table[table["cv"].notna()].sort_values("year", kind="stable")):
        found = Dispersion(row["indicator"], int(row["year"]), float(row["cv"]), _number(row["cv_weighted"]))
        series.setdefault(row["indicator"], []).append(found)
    return {key: tuple(found) for key, found in series.items()}


def read_convergence(table: pd.DataFrame) -> dict[str, Convergence]:
    """Return the convergence by indicator."""
    return {
        row["indicator"]: Convergence(
            indicator=row["indicator"],
            first_year=int(row["first_year"]),
            last_year=int(row["last_year"]),
            beta=_number(row["beta"]),
            p_value=_number(row["p_value"]),
            sigma_slope=_number(row["sigma_slope"]),
            sigma_p=_number(row["sigma_p"]),
            weighted=bool(row["weighted"]),
            verdict=str(row["verdict"]),
        )
        for row in _rows(table)
        if not pd.isna(row["first_year"])
    }


def read_index(table: pd.DataFrame) -> tuple[IndexScore, ...]:
    """Return the composite index of every voivodeship that got one, the best first."""
    sections = [name for name in table.columns if name.startswith("score_")]
    return tuple(
        IndexScore(
            teryt=row["teryt"],
            score=float(row["score"]),
            rank=float(row["rank"]),
            low=float(row["rank_low"]),
            high=float(row["rank_high"]),
            sections={name.removeprefix("score_"): float(row[name]) for name in sections if not pd.isna(row[name])},
        )
        for row in _rows(table[table["score"].notna()].sort_values("rank", kind="stable"))
    )


def read_background(table: pd.DataFrame) -> dict[Key, Observation]:
    """Return the newest value of each background figure by its key and TERYT."""
    known = table[table["value"].notna()].sort_values("year", kind="stable")
    return {
        (row["indicator"], row["teryt"]): Observation(int(row["year"]), float(row["value"]), str(row["flag"]))
        for row in _rows(known)
    }


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)
