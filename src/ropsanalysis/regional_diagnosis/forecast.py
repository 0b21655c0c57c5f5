"""Forecast of every indicator in Poland and every voivodeship, with its back-test or the reason for none."""

from __future__ import annotations

from typing import Final

import pandas as pd

from ropsanalysis.regional_diagnosis.parameters import DiagnosisParameters
from ropsanalysis.regional_diagnosis.series import UNITS, IndicatorSeries, frame
from ropsanalysis.stats.forecast import Bounds, Forecast, forecast

FORECAST_COLUMNS: Final = {
    "indicator": "str",
    "teryt": "str",
    "year": "int64",
    "mean": "float64",
    "low80": "float64",
    "high80": "float64",
    "low95": "float64",
    "high95": "float64",
}
QUALITY_COLUMNS: Final = {
    "indicator": "str",
    "teryt": "str",
    "status": "str",
    "n": "int64",
    "first_year": "Int64",
    "last_year": "Int64",
    "origins": "int64",
    "mae": "float64",
    "mae_naive": "float64",
    "coverage80": "float64",
    "reason": "str",
}


def possible_range(kind: str) -> Bounds:
    """Return the ends of an indicator's scale: percentages stay within 0-100, nothing falls below 0.

    Examples
    --------
    >>> possible_range("percent"), possible_range("rate")
    ((0.0, 100.0), (0.0, None))
    """
    return (0.0, 100.0) if kind == "percent" else (0.0, None)


def forecasts(series: list[IndicatorSeries], *, parameters: DiagnosisParameters) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Forecasts and their quality for every used indicator, counts and variants included.

    Returns
    -------
    tuple of DataFrame
        The forecasts (years after the last published one) and, for every indicator and unit, the back-test
        or the reason why there is no forecast. A unit whose series ended early has none.
    """
    ahead: list[dict[str, object]] = []
    quality: list[dict[str, object]] = []
    for indicator in series:
        for code in UNITS:
            result = forecast(
                indicator.years,
                indicator.unit(code),
                horizon=parameters.forecast_horizon,
                min_years=parameters.min_years_forecast,
                break_years=indicator.break_years,
                bounds=possible_range(indicator.kind),
                damping=parameters.damping,
                origins=parameters.back_test_origins,
                expected_last=indicator.last_year,
            )
            key: dict[str, object] = {"indicator": indicator.key, "teryt": code}
            ahead.extend({**key, **row} for row in _years(result))
            quality.append({**key, **_quality(result)})
    return frame(ahead, FORECAST_COLUMNS), frame(quality, QUALITY_COLUMNS)


def _years(result: Forecast) -> list[dict[str, object]]:
    lines = result.prediction
    if lines is None:
        return []
    return [
        {
            "year": year,
            "mean": lines.mean[step],
            "low80": lines.low80[step],
            "high80": lines.high80[step],
            "low95": lines.low95[step],
            "high95": lines.high95[step],
        }
        for step, year in enumerate(result.years)
    ]


def _quality(result: Forecast) -> dict[str, object]:
    tested = result.back_test
    return {
        "status": result.status,
        "n": result.n,
        "first_year": result.first_year,
        "last_year": result.last_year,
        "origins": tested.origins if tested else 0,
        "mae": tested.mae if tested else float("nan"),
        "mae_naive": tested.mae_naive if tested else float("nan"),
        "coverage80": tested.coverage80 if tested else float("nan"),
        "reason": result.reason,
    }
