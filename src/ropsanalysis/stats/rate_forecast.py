"""Forecast of a total from what came in the recent months, with the uncertainty of the rate and of the future."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from ropsanalysis.stats.vocabulary import FloatVector, as_vector

Kind = Literal["count", "amount"]


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """A total at the end, in the unit of the recent numbers.

    Attributes
    ----------
    median, low, high
        Middle of the draws and the ends of the interval.
    draws
        Shape (d,): possible totals.
    """

    median: float
    low: float
    high: float
    draws: FloatVector = field(repr=False)

    def probability_of(self, target: float) -> float:
        """Return the share of draws (0-1) that reach the target."""
        return float((self.draws >= target).mean())


def forecast_total(
    recent: ArrayLike,
    *,
    periods: float,
    so_far: float,
    rng: np.random.Generator,
    draws: int,
    confidence: float,
    kind: Kind = "count",
    ceiling: float | None = None,
) -> Forecast:
    r"""Forecast a total, going on from the recent months.

    Parameters
    ----------
    recent
        Shape (n,): counts or amounts of the last whole months (or other periods), n at least 1.
    periods
        How many such periods are left, also a fraction; 0 if none.
    so_far
        Total on the day of the data.
    rng
        Random numbers.
    draws
        How many possible totals are drawn.
    confidence
        Level of the interval.
    kind
        "count": whole numbers of persons or units. "amount": money.
    ceiling
        The total cannot rise above it, such as all units there are; None if there is no such limit.

    Returns
    -------
    forecast
        With nothing left, or where the recent amounts sum to 0 or less, it is `so_far` for certain. Recent counts of 0
        only do not show that there will be none: their rate is drawn all the same.

    Raises
    ------
    ValueError
        If there are no recent periods or one of them is missing, a count is negative or not whole, `periods` is
        negative, there are no draws, or the confidence is not between 0 and 1.

    Notes
    -----
    With mean :math:`m` and variance :math:`s^2` of the :math:`n` recent months, the dispersion is
    :math:`\varphi = s^2/m`, for counts at least 1 (Poisson). The rate :math:`\lambda` is gamma distributed with the
    moments of the mean of the recent months, :math:`m` and :math:`\varphi m / n`: shape :math:`nm/\varphi` and scale
    :math:`\varphi/n`. For counts 1/2 is added to :math:`nm` (Jeffreys' prior of a Poisson rate), so that the rate of a
    time without events has a distribution too. Given the rate, the total of the :math:`t` periods left has mean
    :math:`\lambda t` and variance :math:`\varphi\lambda t`: negative binomial for counts (a Poisson number whose mean
    is gamma with shape :math:`\lambda t/(\varphi-1)` and scale :math:`\varphi-1`), gamma with shape
    :math:`\lambda t/\varphi` and scale :math:`\varphi` for amounts.

    The variance of :math:`n` months is itself uncertain. In each draw :math:`\varphi` is therefore
    :math:`\frac{s^2}{m}\,\frac{n-1}{\chi^2_{n-1}}` (for counts at least 1), as in the step from the normal to Student's
    t. One month shows no variance: counts are then taken as Poisson, and amounts as exponential (:math:`s = m`).

    The forecast says what follows if the months left are like the recent ones and independent of each other; it knows
    of no season, trend or plan. In simulations with twelve recent months, intervals of 95 % held the total in 94-99 %
    of cases for counts, and for amounts in 94-95 % where their standard deviation is half their mean, but in 92 % where
    it is as large as their mean (what was missed then lay mostly above the interval).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> found = forecast_total([20, 18, 25, 22, 19, 16], periods=6, so_far=300, rng=rng, draws=4000, confidence=0.95)
    >>> round(found.median, -1), found.low < 420 < found.high
    (420.0, True)
    >>> forecast_total([20, 18], periods=0, so_far=300, rng=rng, draws=10, confidence=0.95).high
    300.0
    """
    months = as_vector(recent, name="recent")
    _check(months, kind, periods=periods, draws=draws, confidence=confidence)
    future = _future_counts if kind == "count" else _future_amounts
    totals = so_far + future(months, float(periods), rng, draws)
    if ceiling is not None:
        # What is there already stays, also above a limit that it has outgrown.
        totals = np.maximum(np.minimum(totals, ceiling), so_far)
    ends = [(1 - confidence) / 2, 0.5, (1 + confidence) / 2]
    # Values that were drawn, so that a count of persons has no fraction.
    low, median, high = np.quantile(totals, ends, method="inverted_cdf")
    return Forecast(median=float(median), low=float(low), high=float(high), draws=totals)


def _check(months: FloatVector, kind: Kind, *, periods: float, draws: int, confidence: float) -> None:
    if months.size == 0 or np.isnan(months).any():
        raise ValueError("recent: at least one period is needed, and none may be missing")
    if kind == "count" and ((months < 0).any() or (months != np.floor(months)).any()):
        raise ValueError("recent: counts are whole numbers from 0")
    if not 0 <= periods < np.inf:
        raise ValueError(f"periods: {periods} is not a number from 0")
    if draws < 1:
        raise ValueError(f"draws: {draws} is below 1")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence: {confidence} is not between 0 and 1")


def _future_counts(months: FloatVector, periods: float, rng: np.random.Generator, draws: int) -> FloatVector:
    dispersion = np.maximum(_dispersions(months, rng, draws, alone=1.0), 1.0)
    rate = rng.gamma((months.sum() + 0.5) / dispersion, dispersion / months.size)
    excess = dispersion - 1
    clustered = excess > 0
    mean = rate * periods
    mean[clustered] = rng.gamma(mean[clustered] / excess[clustered], excess[clustered])
    return rng.poisson(mean).astype(np.float64)


def _future_amounts(months: FloatVector, periods: float, rng: np.random.Generator, draws: int) -> FloatVector:
    total = months.sum()
    if total <= 0 or periods == 0:
        return np.zeros(draws)
    dispersion = _dispersions(months, rng, draws, alone=total)
    if not dispersion.any():
        return np.full(draws, total / months.size * periods)
    rate = rng.gamma(total / dispersion, dispersion / months.size)
    return rng.gamma(rate * periods / dispersion, dispersion)


def _dispersions(months: FloatVector, rng: np.random.Generator, draws: int, *, alone: float) -> FloatVector:
    """Return draws of variance / mean; `alone` of a single month, 0 where there is nothing."""
    if months.size == 1:
        return np.full(draws, alone)
    freedom = months.size - 1
    spread = months.var(ddof=1) / months.mean() if months.any() else 0.0
    return np.asarray(spread * freedom / rng.chisquare(freedom, draws))
