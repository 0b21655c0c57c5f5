"""Where each unit stands among comparable ones, in the newest year that can be compared, and how it changed."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.local_diagnosis.groups import group_keys
from ropsanalysis.local_diagnosis.parameters import LocalParameters
from ropsanalysis.local_diagnosis.ratios import Ratios
from ropsanalysis.stats.vocabulary import FloatMatrix

MIN_RANKED: Final = 3
"""Fewest units with a value for a place among them."""


def compared_years(value: FloatMatrix, years: list[int], *, parameters: LocalParameters) -> tuple[int, int] | None:
    """Return the places of the first and the last year of a comparison; None where no year has enough values."""
    covered = (~np.isnan(value)).mean(axis=0) >= parameters.min_coverage
    if not covered.any():
        return None
    last = int(np.flatnonzero(covered)[-1])
    since = years[last] - parameters.change_years
    first = next(place for place in np.flatnonzero(covered) if years[place] >= since)
    return int(first), last


def position_rows(
    indicator: pd.Series, units: pd.DataFrame, ratios: Ratios, years: list[int], *, parameters: LocalParameters
) -> pd.DataFrame:
    """Return one indicator's row for each unit of a level.

    Parameters
    ----------
    indicator
        A row of the catalogue's table.
    units
        Units of the level, with the column scope.

    Returns
    -------
    DataFrame
        Columns teryt, indicator, year, value, counted, base, low, high, small, first_year, first_value, change,
        change_clear, voivodeship_value, and, within the unit's group and within the voivodeship (prefix ``near_``):
        median, rank, ranked, ahead; standing. Empty where no year has enough values.

    Notes
    -----
    `rank` is 1 for the most favourable value, of neutral indicators for the highest; equal values share the best
    rank. `ahead` is the share of the other units with a value that have a less favourable one, equal ones counting
    half. The value of the voivodeship is the sum of numerators over the sum of denominators of the units with both.
    """
    found = compared_years(ratios.value, years, parameters=parameters)
    if found is None:
        return pd.DataFrame()
    first, last = found
    value = ratios.value[:, last]
    rows = pd.DataFrame({"teryt": units["teryt"].to_numpy(), "indicator": indicator["indicator"], "year": years[last]})
    rows["value"] = value
    rows["counted"], rows["base"] = ratios.count[:, last], ratios.base[:, last]
    rows["low"], rows["high"] = ratios.low[:, last], ratios.high[:, last]
    few = bool(indicator["events"]) & (rows["counted"] < parameters.small_count)
    rows["small"] = (few | (rows["base"] < parameters.small_base)) & rows["value"].notna()
    _add_change(rows, indicator, ratios, years, first, last)
    rows["voivodeship_value"] = voivodeship_values(indicator, units, ratios)[:, last]
    favourable = value if indicator["direction"] != "lower" else -value
    keys = group_keys(units)
    for prefix, group in (("", None), ("near_", "voivodeship")):
        for name, column in _places(value, favourable, keys, units["scope"], group).items():
            rows[prefix + name] = column
    rows["standing"] = _standing(rows, indicator, parameters)
    return rows


def voivodeship_values(indicator: pd.Series, units: pd.DataFrame, ratios: Ratios) -> FloatMatrix:
    """Return the value of each unit's voivodeship, by units and years: sum over sum, of units with both."""
    both = ~np.isnan(ratios.value)
    codes, place = np.unique(units["voivodeship"].to_numpy(dtype=str), return_inverse=True)
    count = _sums(np.where(both, ratios.count, 0.0), place, len(codes))
    known = _sums(both.astype(float), place, len(codes)) > 0
    if not indicator["denominator"]:
        total = np.where(known, count, np.nan)
    else:
        base = _sums(np.where(both, ratios.base, 0.0), place, len(codes))
        total = float(indicator["per"]) * count / np.where(known, base, np.nan)
    return total[place]


def _sums(table: FloatMatrix, place: np.ndarray, groups: int) -> FloatMatrix:
    total = np.zeros((groups, table.shape[1]))
    np.add.at(total, place, table)
    return total


def _add_change(
    rows: pd.DataFrame, indicator: pd.Series, ratios: Ratios, years: list[int], first: int, last: int
) -> None:
    """Add the change since the first year: of numbers and of money in percent, else as a difference."""
    before = ratios.value[:, first]
    rows["first_year"] = years[first]
    rows["first_value"] = before
    difference = rows["value"] - before
    relative = not indicator["denominator"] or indicator["unit"] == "zł"
    rows["change"] = 100 * difference / np.where(before > 0, before, np.nan) if relative else difference
    if first == last:
        rows["change"] = np.nan
    apart = (rows["low"] > ratios.high[:, first]) | (rows["high"] < ratios.low[:, first])
    rows["change_clear"] = apart | ~rows["low"].notna()


def _places(
    value: np.ndarray, favourable: np.ndarray, keys: dict[str, pd.Series[str]], scope: pd.Series[str], group: str | None
) -> dict[str, np.ndarray]:
    """Return median, rank, number of units and share behind, in each unit's own group or in a named one."""
    found: dict[str, np.ndarray] = {}
    for name, key in keys.items():
        if group not in (None, name):
            continue
        own = np.ones(len(value), dtype=bool) if group else (scope == name).to_numpy()
        by = pd.Series(favourable).groupby(key.to_numpy())
        ranked = by.transform("count").to_numpy(dtype=float)
        average = by.rank(method="average", ascending=False).to_numpy()
        enough = ranked >= MIN_RANKED
        columns = {
            "median": pd.Series(value).groupby(key.to_numpy()).transform("median").to_numpy(),
            "rank": np.where(enough, by.rank(method="min", ascending=False).to_numpy(), np.nan),
            "ranked": ranked,
            "ahead": np.where(enough, (ranked - average) / np.where(enough, ranked - 1, 1), np.nan),
        }
        for column, numbers in columns.items():
            found.setdefault(column, np.full(len(value), np.nan))[own] = numbers[own]
    return found


def _standing(rows: pd.DataFrame, indicator: pd.Series, parameters: LocalParameters) -> np.ndarray:
    """Return ``strength``, ``weakness`` or an empty text.

    Nothing is told of small numbers, nor where the interval reaches the group's median.
    """
    if indicator["direction"] == "neutral":
        return np.full(len(rows), "", dtype=object)
    reaches = (rows["low"] <= rows["median"]) & (rows["median"] <= rows["high"])
    told = ~rows["small"] & ~reaches & (rows["value"] != rows["median"])
    best, worst = rows["ahead"] >= 1 - parameters.extreme_share, rows["ahead"] <= parameters.extreme_share
    return np.select([told & best, told & worst], ["strength", "weakness"], default="").astype(object)
