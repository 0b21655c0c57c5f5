"""Trend of every indicator in Poland and every voivodeship, and of each voivodeship against Poland."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.regional_diagnosis.parameters import DiagnosisParameters
from ropsanalysis.regional_diagnosis.series import REGION_CODES, UNITS, IndicatorSeries, frame
from ropsanalysis.regions import POLAND
from ropsanalysis.stats.change import trend
from ropsanalysis.stats.vocabulary import FloatVector

COLUMNS: Final = {
    "indicator": "str",
    "teryt": "str",
    "first_year": "Int64",
    "last_year": "Int64",
    "n": "int64",
    "slope": "float64",
    "slope_low": "float64",
    "slope_high": "float64",
    "s": "float64",
    "tau": "float64",
    "p_value": "float64",
    "marker": "str",
}


def trends(series: list[IndicatorSeries], *, parameters: DiagnosisParameters) -> pd.DataFrame:
    """Theil-Sen slope, Mann-Kendall test and marker for every used indicator, counts and variants included.

    Returns
    -------
    DataFrame
        One row per indicator and unit (Poland first); slopes per year in the indicator's unit. The window
        ends for all units in the indicator's last year; ``last_year`` says where a unit's own values end.
    """
    rows = [_row(indicator, code, indicator.unit(code), parameters) for indicator in series for code in UNITS]
    return frame(rows, COLUMNS)


def relative_trends(series: list[IndicatorSeries], *, parameters: DiagnosisParameters) -> pd.DataFrame:
    """Trend of each voivodeship's level relative to Poland (Poland = 100) on comparable indicators.

    Returns
    -------
    DataFrame
        Columns of `trends`; slopes in points per year (Poland = 100). ``worsening`` means that the
        voivodeship loses ground against Poland, even where its own value improves.
    """
    rows = []
    for indicator in series:
        if indicator.comparable:
            poland = indicator.unit(POLAND.teryt)
            positive = np.where(poland > 0, poland, np.nan)
            for code in REGION_CODES:
                rows.append(_row(indicator, code, 100 * indicator.unit(code) / positive, parameters))
    return frame(rows, COLUMNS)


def _row(
    indicator: IndicatorSeries, code: str, values: FloatVector, parameters: DiagnosisParameters
) -> dict[str, object]:
    result = trend(
        indicator.years,
        values,
        direction=indicator.direction,
        break_years=indicator.break_years,
        window=parameters.trend_window,
        min_years=parameters.min_years_trend,
        alpha=parameters.alpha,
        until=indicator.last_year,
    )
    return {"indicator": indicator.key, "teryt": code, **asdict(result)}
