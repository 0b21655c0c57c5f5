"""Disparities between voivodeships over time, and whether they shrink (sigma- and beta-convergence)."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.regional_diagnosis.parameters import DiagnosisParameters
from ropsanalysis.regional_diagnosis.series import REGION_CODES, IndicatorSeries, frame, latest_context
from ropsanalysis.stats.inequality import beta_convergence, dispersion, sigma_convergence
from ropsanalysis.stats.vocabulary import FloatVector

POPULATION: Final = "population_thousand"

DISPARITY_COLUMNS: Final = {
    "indicator": "str",
    "year": "int64",
    "n": "int64",
    "mean": "float64",
    "sd": "float64",
    "cv": "float64",
    "cv_weighted": "float64",
    "ratio": "float64",
    "weighted": "bool",
}
CONVERGENCE_COLUMNS: Final = {
    "indicator": "str",
    "first_year": "Int64",
    "last_year": "Int64",
    "n": "int64",
    "beta": "float64",
    "beta_se": "float64",
    "p_value": "float64",
    "half_life_years": "float64",
    "sigma_slope": "float64",
    "sigma_p": "float64",
    "weighted": "bool",
    "verdict": "str",
}


def population(context: pd.DataFrame) -> FloatVector | None:
    """Return the latest population of the sixteen voivodeships in thousands, or None unless all are known."""
    latest = latest_context(context, POPULATION)
    values = np.array([latest[code] for code in REGION_CODES])
    return values if (values > 0).all() else None


def disparities(
    series: list[IndicatorSeries], context: pd.DataFrame, *, parameters: DiagnosisParameters
) -> pd.DataFrame:
    """Dispersion of the sixteen voivodeships on each comparable indicator, year by year.

    Returns
    -------
    DataFrame
        One row per indicator and year in which at least ``min_regions`` voivodeships have a value. The
        weights are today's population in every year (``weighted`` says whether it is known).
    """
    weights = population(context)
    rows: list[dict[str, object]] = []
    for indicator in series:
        years = indicator.common_years(parameters.min_regions) if indicator.comparable else []
        for year in years:
            result = dispersion(indicator.regions(year), weights=weights)
            rows.append(
                {
                    "indicator": indicator.key,
                    "year": year,
                    "n": result.n,
                    "mean": result.mean,
                    "sd": result.sd,
                    "cv": result.cv,
                    "cv_weighted": result.cv_weighted,
                    "ratio": result.ratio,
                    "weighted": weights is not None,
                }
            )
    return frame(rows, DISPARITY_COLUMNS)


def convergence(
    series: list[IndicatorSeries], context: pd.DataFrame, *, parameters: DiagnosisParameters
) -> pd.DataFrame:
    """Do voivodeships draw nearer to one another, since the indicator's last break.

    Returns
    -------
    DataFrame
        One row per comparable indicator, weighted by population where it is known. The verdict rests on the
        trend of the dispersion alone, because a negative beta is also what mere regression to the mean gives.
        Indicators with fewer than ``min_years_trend`` fit years get ``unclear`` and no figures.
    """
    weights = population(context)
    return frame(
        [_converges(indicator, weights, parameters) for indicator in series if indicator.comparable],
        CONVERGENCE_COLUMNS,
    )


def _converges(
    indicator: IndicatorSeries, weights: FloatVector | None, parameters: DiagnosisParameters
) -> dict[str, object]:
    years = indicator.common_years_since_break(parameters.min_regions)
    row: dict[str, object] = {
        "indicator": indicator.key,
        "first_year": years[0] if years else None,
        "last_year": years[-1] if years else None,
        "n": 0,
        "weighted": weights is not None,
        "verdict": "unclear",
    }
    if len(years) < parameters.min_years_trend:
        return row
    spreads = [dispersion(indicator.regions(year), weights=weights) for year in years]
    cv = [spread.cv if weights is None else spread.cv_weighted for spread in spreads]
    sigma = sigma_convergence(years, cv, alpha=parameters.alpha, min_years=parameters.min_years_trend)
    beta = beta_convergence(
        indicator.regions(years[0]),
        indicator.regions(years[-1]),
        years=years[-1] - years[0],
        weights=weights,
        min_units=parameters.min_regions,
    )
    return {
        **row,
        "n": beta.n,
        "beta": beta.beta,
        "beta_se": beta.se,
        "p_value": beta.p_value,
        "half_life_years": beta.half_life_years,
        "sigma_slope": sigma.slope,
        "sigma_p": sigma.p_value,
        "verdict": sigma.verdict,
    }
