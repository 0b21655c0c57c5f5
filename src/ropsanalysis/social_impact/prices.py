"""Amounts of different years in the prices of one."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.social_impact.schema import Inputs
from ropsanalysis.stats.social_return import price_factor
from ropsanalysis.stats.vocabulary import FloatVector

UNCHANGED: Final = 100.0
"""Index of a year in which prices did not change."""


def price_factors(years: pd.Series[int], inputs: Inputs) -> FloatVector:
    """Return what brings amounts of these years to the prices of `Inputs.price_year`, shape (n,).

    NaN where the index of a year between is missing: an amount in unknown prices is no amount.
    """
    factors = {year: _factor(int(year), inputs) for year in years.unique()}
    return np.array([factors[year] for year in years], dtype=np.float64)


def _factor(year: int, inputs: Inputs) -> float:
    if inputs.price_year is None:
        return np.nan
    known = inputs.prices
    try:
        return price_factor(known["year"], known["index"] / UNCHANGED, from_year=year, to_year=inputs.price_year)
    except ValueError:  # a year is missing; screening has told the office
        return np.nan
