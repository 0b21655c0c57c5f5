"""Where a unit stands among others: ranks with ties, and its standing against a benchmark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import rankdata

from ropsanalysis.stats.vocabulary import SIGN, Direction, FloatVector, as_vector

Standing = Literal["better", "similar", "worse", "above", "below", "unknown"]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Competition ranks of n units; equal values share a place.

    Attributes
    ----------
    first
        Shape (n,). Best place of the unit's tie group, 1 = most favourable; NaN for a missing value.
    last
        Shape (n,). Last place of the tie group; equals ``first`` where there is no tie.
    n_ranked
        Units that have a value.
    """

    first: FloatVector
    last: FloatVector
    n_ranked: int


def competition_ranks(values: ArrayLike, *, direction: Direction) -> Ranking:
    """Rank units so that 1 is the most favourable value; ties share a place ("1224" ranking).

    Parameters
    ----------
    values
        Shape (n,); NaN or None where missing. Missing units get no rank and do not move the others.
    direction
        ``"lower"``: the smallest value is rank 1; ``"higher"`` and ``"neutral"``: the largest is.

    Examples
    --------
    >>> ranking = competition_ranks([3.1, 5.0, 3.1, None], direction="lower")
    >>> ranking.first, ranking.last, ranking.n_ranked
    (array([ 1.,  3.,  1., nan]), array([ 2.,  3.,  2., nan]), 3)
    """
    vector = as_vector(values)
    present = ~np.isnan(vector)
    ordered = -SIGN[direction] * vector[present]
    first = np.full(vector.shape, np.nan)
    last = np.full(vector.shape, np.nan)
    first[present] = rankdata(ordered, method="min")
    last[present] = rankdata(ordered, method="max")
    return Ranking(first=first, last=last, n_ranked=int(present.sum()))


def signed_distance(value: float, benchmark: float, *, spread: float, direction: Direction) -> float:
    """Distance from a benchmark in units of the spread, positive where more favourable.

    Parameters
    ----------
    value, benchmark
        In the indicator's unit; NaN where missing.
    spread
        Standard deviation over the units compared, same unit.
    direction
        For ``"neutral"`` the raw sign is kept (positive = above the benchmark).

    Returns
    -------
    float
        NaN where a value is missing, or where the units do not differ (spread 0).

    Examples
    --------
    >>> signed_distance(12.0, 10.0, spread=4.0, direction="lower")
    -0.5
    """
    if not spread > 0:
        return float("nan")
    return SIGN[direction] * (value - benchmark) / spread


def standing(value: float, benchmark: float, *, spread: float, direction: Direction, band_sd: float) -> Standing:
    """Say whether a value is better than, similar to or worse than a benchmark.

    Parameters
    ----------
    value, benchmark, spread, direction
        As in `signed_distance`.
    band_sd
        Half width of the band called similar, in standard deviations; its edges belong to it.

    Returns
    -------
    Standing
        ``"above"``/``"below"`` for a neutral direction; ``"unknown"`` where a value is missing.

    Examples
    --------
    >>> standing(12.0, 10.0, spread=4.0, direction="lower", band_sd=0.25)
    'worse'
    >>> standing(10.5, 10.0, spread=4.0, direction="lower", band_sd=0.25)
    'similar'
    """
    if np.isnan(value) or np.isnan(benchmark) or np.isnan(spread):
        return "unknown"
    distance = signed_distance(value, benchmark, spread=spread, direction=direction)
    if np.isnan(distance) or abs(distance) <= band_sd:
        return "similar"
    if direction == "neutral":
        return "above" if distance > 0 else "below"
    return "better" if distance > 0 else "worse"
