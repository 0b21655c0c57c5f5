"""Indicators from counts: numerator, denominator, ratio and interval of every unit in every year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ropsanalysis.local_diagnosis.parameters import LocalParameters
from ropsanalysis.stats.rates import binomial_interval, poisson_interval
from ropsanalysis.stats.vocabulary import FloatMatrix


@dataclass(frozen=True, slots=True)
class Ratios:
    """One indicator of all units of a level; matrices of units by years, NaN where not known.

    Attributes
    ----------
    value
        The ratio times what it is told for (per 100, per 1000), or the number itself.
    count, base
        Numerator and denominator; the base of a plain number is NaN.
    low, high
        Interval of the value where the numerator counts persons; NaN elsewhere.
    """

    value: FloatMatrix
    count: FloatMatrix
    base: FloatMatrix
    low: FloatMatrix
    high: FloatMatrix


def wide(values: pd.DataFrame, units: pd.DataFrame, years: list[int]) -> dict[str, FloatMatrix]:
    """Return for each variable its values by units and years.

    Parameters
    ----------
    values
        Columns teryt, variable, year, value.
    units
        Whose codes in the column teryt give the order of rows.
    """
    index = pd.Index(units["teryt"])
    row = index.get_indexer(pd.Index(values["teryt"]))
    column = pd.Index(years).get_indexer(pd.Index(values["year"]))
    own = (row >= 0) & (column >= 0)
    found = {}
    for variable in values["variable"].unique():
        here = own & (values["variable"] == variable).to_numpy()
        table = np.full((len(index), len(years)), np.nan)
        table[row[here], column[here]] = values["value"].to_numpy(dtype=np.float64)[here]
        found[str(variable)] = table
    return found


def ratios(indicator: pd.Series, tables: Mapping[str, FloatMatrix], *, parameters: LocalParameters) -> Ratios | None:
    """Return an indicator of all units; None where a variable is not there at all.

    Parameters
    ----------
    indicator
        A row of the catalogue's table.
    tables
        What `wide` gave.

    Notes
    -----
    A ratio is known where both its parts are and the denominator is above zero. The interval of a part of a whole is
    Wilson's, that of other numbers of persons is Garwood's for the Poisson distribution.
    """
    count, denominator = tables.get(indicator["numerator"]), str(indicator["denominator"])
    if count is None or (denominator and denominator not in tables):
        return None
    none = np.full(count.shape, np.nan)
    if not denominator:
        return Ratios(count, count, none, none, none)
    base = np.where(tables[denominator] > 0, tables[denominator], np.nan)
    per = float(indicator["per"])
    value = per * count / base
    if not indicator["events"]:
        return Ratios(value, count, base, none, none)
    if indicator["part"]:
        limits = binomial_interval(count, base, confidence=parameters.confidence)
    else:
        limits = poisson_interval(count, base, confidence=parameters.confidence)
    return Ratios(value, count, base, per * limits.low, per * limits.high)
