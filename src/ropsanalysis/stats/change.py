"""Did a yearly series change in one direction? Theil-Sen slope, Mann-Kendall test and a marker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import norm

from ropsanalysis.stats.vocabulary import SIGN, Direction, FloatVector, as_vector

Marker = Literal["improving", "worsening", "rising", "falling", "no_clear_change", "too_short"]

EXACT_LIMIT = 30
"""Longest series whose p-value is exact; beyond it the normal curve is as good."""

MAD_TO_SD = 1.4826
"""1 / 0.6745: makes the median absolute deviation estimate the SD of normally spread values."""


@dataclass(frozen=True, slots=True)
class Slope:
    """Robust straight line through a series.

    Attributes
    ----------
    slope
        Median change per unit of x, in units of y; NaN with fewer than two points.
    low, high
        Limits of the confidence interval of the slope.
    intercept
        Median of y minus slope times median of x.
    n
        Points used.
    """

    slope: float
    low: float
    high: float
    intercept: float
    n: int


@dataclass(frozen=True, slots=True)
class MannKendall:
    """Mann-Kendall test against no monotone change.

    Attributes
    ----------
    s
        Pairs that rise minus pairs that fall.
    variance
        Variance of S under no change, corrected for ties.
    z
        Continuity-corrected normal deviate; 0 where S is 0.
    p_value
        Two-sided; exact for up to ``EXACT_LIMIT`` points without ties, else from z.
    tau
        Kendall's tau-b between time and value; NaN for a constant series.
    exact
        Whether ``p_value`` is exact.
    n
        Points used.
    """

    s: int
    variance: float
    z: float
    p_value: float
    tau: float
    exact: bool
    n: int


@dataclass(frozen=True, slots=True)
class Trend:
    """Change of one yearly series, with the marker that a reader sees.

    Attributes
    ----------
    first_year, last_year
        Ends of the years used; None where no year is left.
    n
        Years with a value that were used.
    slope, slope_low, slope_high
        Theil-Sen change per year and its confidence limits, in the series' unit; NaN if too short.
    s, tau, p_value
        From `mann_kendall`; NaN if too short.
    marker
        ``improving``/``worsening`` (``rising``/``falling`` where neither end is better),
        ``no_clear_change`` or ``too_short``.
    """

    first_year: int | None
    last_year: int | None
    n: int
    slope: float
    slope_low: float
    slope_high: float
    s: float
    tau: float
    p_value: float
    marker: Marker


def complete_pairs(x: ArrayLike, y: ArrayLike) -> tuple[FloatVector, FloatVector]:
    """Return x and y without the points that lack a value, ordered by x.

    Raises
    ------
    ValueError
        If the lengths differ or an x value occurs twice.
    """
    time, value = as_vector(x, name="x"), as_vector(y, name="y")
    if time.shape != value.shape:
        raise ValueError(f"x has {time.size} values and y has {value.size}; they must be paired")
    keep = ~(np.isnan(time) | np.isnan(value))
    order = np.argsort(time[keep], kind="stable")
    time, value = time[keep][order], value[keep][order]
    if (np.diff(time) == 0).any():
        raise ValueError("x holds the same point in time twice; give one value per year")
    return time, value


def _tie_sizes(values: FloatVector) -> FloatVector:
    """Sizes of the groups of equal values (1 for a value that occurs once)."""
    return np.unique(values, return_counts=True)[1].astype(np.float64)


def _variance_of_s(values: FloatVector) -> float:
    """Variance of S under no change, corrected for tied values."""
    n, ties = values.size, _tie_sizes(values)
    return float((n * (n - 1) * (2 * n + 5) - np.sum(ties * (ties - 1) * (2 * ties + 5))) / 18)


def theil_sen(x: ArrayLike, y: ArrayLike, *, confidence: float = 0.95) -> Slope:
    r"""Theil-Sen slope: the median of the slopes between all pairs of points.

    Parameters
    ----------
    x, y
        Shape (n,); real years as x, so that missing years keep their distance. Points lacking either
        value are left out.
    confidence
        Level of the interval.

    Notes
    -----
    With :math:`N` pairwise slopes in order and :math:`C = z\sqrt{\mathrm{Var}(S)}` the interval runs from
    the :math:`(N - C)/2`-th to the :math:`(N + C)/2 + 1`-th slope, rounded and kept inside the list; the
    variance is corrected for ties. With few points it is the whole range of pairwise slopes.

    References
    ----------
    Sen, P. K. (1968). Estimates of the regression coefficient based on Kendall's tau. Journal of the
    American Statistical Association 63(324), 1379-1389.

    Examples
    --------
    >>> theil_sen([2018, 2019, 2021, 2022], [10.0, 9.0, 7.0, 3.0]).slope
    -1.375
    """
    time, value = complete_pairs(x, y)
    n = time.size
    if n < 2:
        return Slope(slope=np.nan, low=np.nan, high=np.nan, intercept=np.nan, n=n)
    i, j = np.triu_indices(n, k=1)
    slopes = np.sort((value[j] - value[i]) / (time[j] - time[i]))
    slope = float(np.median(slopes))
    reach = norm.ppf((1 + confidence) / 2) * np.sqrt(_variance_of_s(value))
    low = max(round((slopes.size - reach) / 2) - 1, 0)
    high = min(round((slopes.size + reach) / 2), slopes.size - 1)
    return Slope(
        slope=slope,
        low=float(slopes[low]),
        high=float(slopes[high]),
        intercept=float(np.median(value) - slope * np.median(time)),
        n=n,
    )


@lru_cache(maxsize=EXACT_LIMIT + 1)
def _discordant_counts(n: int) -> tuple[int, ...]:
    """Count the orders of n values with 0, 1, 2 ... falling pairs (Mahonian numbers)."""
    counts = [1]
    for size in range(2, n + 1):
        grown = [0] * (len(counts) + size - 1)
        for falling, ways in enumerate(counts):
            for extra in range(size):
                grown[falling + extra] += ways
        counts = grown
    return tuple(counts)


def _exact_p_value(s: int, n: int) -> float:
    """Two-sided probability of an S at least as far from 0 as the one observed, without ties."""
    counts = _discordant_counts(n)
    pairs = len(counts) - 1
    extreme = sum(ways for falling, ways in enumerate(counts) if abs(pairs - 2 * falling) >= abs(s))
    return extreme / sum(counts)


def mann_kendall(values: ArrayLike) -> MannKendall:
    r"""Mann-Kendall test of a series in time order.

    Parameters
    ----------
    values
        Shape (n,), in time order; missing values are left out (only the order matters).

    Notes
    -----
    :math:`S = \sum_{i<j} \mathrm{sgn}(y_j - y_i)`; :math:`\mathrm{Var}(S) = [n(n-1)(2n+5) - \sum_t
    t(t-1)(2t+5)]/18` over groups of t equal values; :math:`z = (S - \mathrm{sgn}\,S)/\sqrt{\mathrm{Var}(S)}`.
    Without ties and with at most 30 values the p-value is exact, because yearly series are short; with
    ties the tie-corrected normal approximation is used. The test assumes that years are independent:
    smooth series make p-values too small, so the marker describes a series and proves no cause.

    References
    ----------
    Mann, H. B. (1945). Nonparametric tests against trend. Econometrica 13(3), 245-259.
    Kendall, M. G. (1975). Rank Correlation Methods, 4th ed., ch. 4-5. London: Griffin.

    Examples
    --------
    >>> result = mann_kendall([1.0, 2.0, 3.0, 5.0, 4.0])
    >>> result.s, round(result.p_value, 4)
    (8, 0.0833)
    """
    series = as_vector(values)
    series = series[~np.isnan(series)]
    n = series.size
    if n < 2:
        return MannKendall(s=0, variance=0.0, z=0.0, p_value=1.0, tau=np.nan, exact=False, n=n)
    i, j = np.triu_indices(n, k=1)
    s = int(np.sign(series[j] - series[i]).sum())
    variance = _variance_of_s(series)
    z = float((s - np.sign(s)) / np.sqrt(variance)) if variance > 0 else 0.0
    ties = _tie_sizes(series)
    pairs = n * (n - 1) / 2
    untied = pairs - float(np.sum(ties * (ties - 1)) / 2)
    exact = bool(n <= EXACT_LIMIT and ties.size == n)
    return MannKendall(
        s=s,
        variance=variance,
        z=z,
        p_value=_exact_p_value(s, n) if exact else float(2 * norm.sf(abs(z))),
        tau=float(s / np.sqrt(pairs * untied)) if untied > 0 else float("nan"),
        exact=exact,
        n=n,
    )


def since_last_break(years: FloatVector, break_years: Sequence[int]) -> np.ndarray:
    """Boolean mask of the years from the last break on; a break year is the first of the new level.

    Examples
    --------
    >>> since_last_break(np.array([2018.0, 2019.0, 2020.0]), [2012, 2019])
    array([False,  True,  True])
    """
    start = max(break_years, default=None)
    return np.full(years.shape, True) if start is None else years >= start


def trend_marker(test: MannKendall, slope: float, *, direction: Direction, alpha: float) -> Marker:
    """Word for a trend: a clear one needs p below alpha and a slope that points the same way."""
    clear = test.p_value < alpha and np.sign(slope) == np.sign(test.s) and slope != 0
    if not clear:
        return "no_clear_change"
    if direction == "neutral":
        return "rising" if slope > 0 else "falling"
    return "improving" if SIGN[direction] * slope > 0 else "worsening"


def trend(
    years: ArrayLike,
    values: ArrayLike,
    *,
    direction: Direction = "neutral",
    break_years: Sequence[int] = (),
    window: int | None = 10,
    min_years: int = 5,
    alpha: float = 0.05,
    confidence: float = 0.95,
    until: int | None = None,
) -> Trend:
    """Trend of one yearly series over its last years: slope, test and marker.

    Parameters
    ----------
    years, values
        Shape (n,), paired; missing values NaN. Biennial series are welcome: real years are used.
    direction
        Which end is better; decides between ``improving`` and ``worsening``.
    break_years
        First years of a new level. Only years from the last break on are used.
    window
        Calendar years looked back on, counted from ``until``; None for all.
    min_years
        Fewest values for a verdict.
    alpha
        Level of the Mann-Kendall test.
    confidence
        Level of the interval of the slope.
    until
        Last calendar year of the window; by default the last year with a value. Give it so that units
        whose series ended earlier are looked at over the same years.

    Examples
    --------
    >>> falling = trend(range(2018, 2025), [9, 8, 7, 6, 5, 4, 3], direction="lower")
    >>> falling.marker, falling.slope
    ('improving', -1.0)
    >>> trend([2023, 2024], [1.0, 2.0]).marker
    'too_short'
    """
    time, value = complete_pairs(years, values)
    keep = since_last_break(time, break_years)
    time, value = time[keep], value[keep]
    if time.size and window is not None:
        end = time[-1] if until is None else until
        recent = (time > end - window) & (time <= end)
        time, value = time[recent], value[recent]
    first, last = (int(time[0]), int(time[-1])) if time.size else (None, None)
    if time.size < max(min_years, 2):
        nan = float("nan")
        return Trend(first, last, time.size, nan, nan, nan, nan, nan, nan, "too_short")
    line = theil_sen(time, value, confidence=confidence)
    test = mann_kendall(value)
    marker = trend_marker(test, line.slope, direction=direction, alpha=alpha)
    return Trend(first, last, line.n, line.slope, line.low, line.high, float(test.s), test.tau, test.p_value, marker)


def wobble(years: ArrayLike, values: ArrayLike, *, min_years: int = 5) -> float:
    """Typical year-to-year wobble of a series around its own straight line, in its unit.

    Returns
    -------
    float
        1.4826 times the median absolute deviation of the residuals from the Theil-Sen line;
        NaN with fewer than ``min_years`` values.

    Notes
    -----
    Sums up sampling error, revisions and true short swings alike: a difference well beyond it is not
    just this year's luck. It is no standard error of one published value.

    Examples
    --------
    >>> wobble([1, 2, 3, 4, 5], [1.0, 2.0, 3.0, 4.0, 5.0])
    0.0
    """
    time, value = complete_pairs(years, values)
    if time.size < max(min_years, 2):
        return float("nan")
    line = theil_sen(time, value)
    residuals = value - (line.intercept + line.slope * time)
    return float(MAD_TO_SD * np.median(np.abs(residuals - np.median(residuals))))
