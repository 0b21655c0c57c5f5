"""Position of each voivodeship: rank, distance to Poland, to the best and to its peer group."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.definitions import Direction
from ropsanalysis.regional_diagnosis.parameters import DiagnosisParameters
from ropsanalysis.regional_diagnosis.series import REGION_CODES, IndicatorSeries, frame
from ropsanalysis.regions import POLAND
from ropsanalysis.stats.change import since_last_break, wobble
from ropsanalysis.stats.ranking import competition_ranks, signed_distance, standing
from ropsanalysis.stats.vocabulary import SIGN, FloatVector

ROUNDING_SD: Final = 6**-0.5
"""Standard deviation that rounding alone gives to the difference of two values, in units of the last digit.

Without this floor a smooth series published in whole numbers would pass for one without any noise.
"""

COLUMNS: Final = {
    "indicator": "str",
    "teryt": "str",
    "year": "int64",
    "value": "float64",
    "poland": "float64",
    "difference": "float64",
    "relative_difference": "float64",
    "rank": "Int64",
    "rank_last": "Int64",
    "n_ranked": "int64",
    "best_teryt": "str",
    "best_value": "float64",
    "difference_to_best": "float64",
    "peer_mean": "float64",
    "difference_to_peers": "float64",
    "z": "float64",
    "standing": "str",
    "noise": "float64",
    "beyond_noise": "boolean",
}


def positions(series: list[IndicatorSeries], peers: pd.DataFrame, *, parameters: DiagnosisParameters) -> pd.DataFrame:
    """Position of the sixteen voivodeships and Poland on every comparable indicator.

    Parameters
    ----------
    series
        All used indicators; those that do not compare regions (counts) are passed over.
    peers
        Peer groups as made by `peers.peers`.
    parameters
        ``min_regions`` decides the year: the latest in which so many voivodeships have a value.

    Returns
    -------
    DataFrame
        Seventeen rows per indicator. A voivodeship without a value that year keeps its row: value and rank
        null, standing ``unknown``. An indicator without a fit year has no rows. Poland's row has neither
        rank nor z. The spread behind z is the standard deviation of the voivodeships with a value, divisor n;
        ``difference_to_best`` is value minus best value, in the unit. ``noise`` is the usual wobble of the
        difference to Poland around its own line over the trend window, at least what rounding gives.
    """
    groups = {str(code): list(rows["peer_teryt"]) for code, rows in peers.groupby("teryt")}
    rows = [
        row for indicator in series if indicator.comparable for row in _indicator_rows(indicator, groups, parameters)
    ]
    return frame(rows, COLUMNS)


def _indicator_rows(
    indicator: IndicatorSeries, groups: dict[str, list[str]], parameters: DiagnosisParameters
) -> list[dict[str, object]]:
    years = indicator.common_years(parameters.min_regions)
    if not years:
        return []
    year = years[-1]
    regions = indicator.regions(year)
    ranking = competition_ranks(regions, direction=indicator.direction)
    best = int(np.nanargmax(SIGN[indicator.direction] * regions))
    best_value, poland = float(regions[best]), indicator.poland(year)
    by_code = dict(zip(REGION_CODES, map(float, regions), strict=True))
    shared: dict[str, object] = {
        "indicator": indicator.key,
        "year": year,
        "poland": poland,
        "n_ranked": ranking.n_ranked,
        "best_teryt": REGION_CODES[best],
        "best_value": best_value,
    }
    spread = float(np.nanstd(regions))
    rows: list[dict[str, object]] = [
        {
            **shared,
            "teryt": POLAND.teryt,
            **_distances(poland, poland, best_value),
            "standing": "unknown",
        }
    ]
    for place, (code, value) in enumerate(by_code.items()):
        group = [by_code[peer] for peer in groups.get(code, [])]
        rows.append(
            {
                **shared,
                "teryt": code,
                **_distances(value, poland, best_value),
                "rank": _whole(ranking.first[place]),
                "rank_last": _whole(ranking.last[place]),
                **_against_peers(value, group),
                **_against_poland(value, poland, spread, indicator.direction, parameters),
                **_noise(indicator, code, year, value - poland, parameters),
            }
        )
    return rows


def _distances(value: float, poland: float, best: float) -> dict[str, object]:
    return {
        "value": value,
        "difference": value - poland,
        "relative_difference": (value - poland) / poland if poland else float("nan"),
        "difference_to_best": value - best,
    }


def _against_peers(value: float, peer_values: list[float]) -> dict[str, object]:
    present = [peer for peer in peer_values if not np.isnan(peer)]
    mean = float(np.mean(present)) if present else float("nan")
    return {"peer_mean": mean, "difference_to_peers": value - mean}


def _against_poland(
    value: float, poland: float, spread: float, direction: Direction, parameters: DiagnosisParameters
) -> dict[str, object]:
    return {
        "z": signed_distance(value, poland, spread=spread, direction=direction),
        "standing": standing(value, poland, spread=spread, direction=direction, band_sd=parameters.similarity_band_sd),
    }


def _noise(
    indicator: IndicatorSeries, code: str, year: int, difference: float, parameters: DiagnosisParameters
) -> dict[str, object]:
    """Usual wobble of the difference to Poland, and whether this year's difference is beyond it."""
    years = indicator.years
    used = (years <= year) & (years > year - parameters.trend_window)
    used &= since_last_break(years, indicator.break_years)
    gaps: FloatVector = indicator.unit(code) - indicator.unit(POLAND.teryt)
    noise = wobble(years[used], gaps[used], min_years=parameters.min_years_trend)
    noise = float(np.maximum(noise, ROUNDING_SD * 10.0**-indicator.digits))
    known = not (np.isnan(noise) or np.isnan(difference))
    return {
        "noise": noise,
        "beyond_noise": bool(abs(difference) > parameters.noise_multiple * noise) if known else None,
    }


def _whole(rank: float) -> int | None:
    return None if np.isnan(rank) else int(rank)
