"""Confidence intervals from an estimate and its standard error: for any number, and for shares near 0 and 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv, expit, logit, stdtrit

from ropsanalysis.stats.vocabulary import FloatMatrix

ShareInterval = Literal["logit", "beta", "wilson"]

NEGLIGIBLE = 1e-7
"""A standard error below this is rounding noise around 0: a share cannot be known that well from answers."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Both ends of confidence intervals, in the shape of the estimates; NaN where there is none."""

    low: FloatMatrix
    high: FloatMatrix


def t_interval(value: ArrayLike, se: ArrayLike, df: ArrayLike, *, confidence: float = 0.95) -> Limits:
    """Symmetric interval with Student's t; NaN where ``df`` is below 1.

    Examples
    --------
    >>> limits = t_interval(10.0, 2.0, 10)
    >>> round(float(limits.low), 3), round(float(limits.high), 3)
    (5.544, 14.456)
    """
    centre = np.asarray(value, dtype=np.float64)
    reach = _t_quantile(df, confidence) * np.asarray(se, dtype=np.float64)
    return Limits(centre - reach, centre + reach)


def share_interval(
    share: ArrayLike,
    se: ArrayLike,
    df: ArrayLike,
    *,
    n: ArrayLike,
    n_without_spread: ArrayLike,
    method: ShareInterval = "beta",
    confidence: float = 0.95,
) -> Limits:
    r"""Interval of a share from a survey that stays between 0 and 1.

    Parameters
    ----------
    share, se, df
        Estimate (0-1), its design-based standard error, and the degrees of freedom of the latter.
    n
        Answers.
    n_without_spread
        Effective number of answers to go by where the standard error is 0, most of all at a share of 0 or 1:
        unanimity among few is no certainty. Infinite (a complete census): the share is known.
    method
        ``logit``: symmetric on the scale of log odds. ``beta``: Clopper and Pearson's interval with an
        effective sample size (Korn and Graubard); wider rather than too narrow. ``wilson``: Wilson's with it.
    confidence
        Coverage aimed at.

    Notes
    -----
    :math:`n_{eff} = p(1 - p) / se^2`; for ``beta`` times :math:`(t_{n-1} / t_{df})^2`. ``beta`` has the limits
    :math:`B(\alpha/2;\ n_{eff} p,\ n_{eff}(1 - p) + 1)` and :math:`B(1 - \alpha/2;\ n_{eff} p + 1,\ n_{eff}(1 - p))`.
    ``logit`` has no interval where everybody agrees; there it gives that of ``beta``.

    References
    ----------
    Korn, E. L., Graubard, B. I. (1998). Confidence intervals for proportions with small expected number of
    positive counts estimated from survey data. Survey Methodology 24(2), 193-201.
    Franco, C., Little, R. J. A., Louis, T. A., Slud, E. V. (2019). Comparative study of confidence intervals for
    proportions in complex sample surveys. Journal of Survey Statistics and Methodology 7(3), 334-364.
    Brown, L. D., Cai, T. T., DasGupta, A. (2001). Interval estimation for a binomial proportion. Statistical
    Science 16(2), 101-133.

    Examples
    --------
    >>> limits = share_interval(0.0, 0.0, 29, n=30, n_without_spread=30)
    >>> float(limits.low), round(float(limits.high), 4)
    (0.0, 0.1157)
    """
    p, error, freedom, answers, fallback = np.broadcast_arrays(
        *(np.asarray(item, dtype=np.float64) for item in (share, se, df, n, n_without_spread))
    )
    p = np.clip(p, 0, 1)
    spread = error > NEGLIGIBLE
    n_effective = np.divide(p * (1 - p), error**2, out=fallback.copy(), where=spread)
    certain = np.isinf(n_effective)
    n_effective[certain] = 1.0
    if method == "wilson":
        low, high = wilson_limits(p, n_effective, _t_quantile(freedom, confidence))
    else:
        low, high = beta_limits(p, _adjusted(n_effective, answers, freedom, confidence), confidence)
    if method == "logit":
        inside = spread & (p > 0) & (p < 1)
        centre, slope = np.where(inside, p, 0.5), np.where(inside, p * (1 - p), 1.0)
        reach = _t_quantile(freedom, confidence) * error / slope
        low = np.where(inside, expit(logit(centre) - reach), low)
        high = np.where(inside, expit(logit(centre) + reach), high)
    none = np.isnan(p) | np.isnan(error) | (freedom < 1)
    return Limits(*(np.where(none, np.nan, np.where(certain, p, end)) for end in (low, high)))


def _t_quantile(df: ArrayLike, confidence: float) -> FloatMatrix:
    freedom = np.asarray(df, dtype=np.float64)
    quantile: FloatMatrix = stdtrit(np.where(freedom >= 1, freedom, np.nan), (1 + confidence) / 2)
    return quantile


def _adjusted(n_effective: FloatMatrix, n: FloatMatrix, df: FloatMatrix, confidence: float) -> FloatMatrix:
    return n_effective * (_t_quantile(n - 1, confidence) / _t_quantile(df, confidence)) ** 2


def beta_limits(p: FloatMatrix, n: FloatMatrix, confidence: float) -> tuple[FloatMatrix, FloatMatrix]:
    """Clopper and Pearson's limits of a share p of n answers, n > 0 not necessarily whole; arrays of one shape."""
    tail = (1 - confidence) / 2
    positive, negative = n * p, n * (1 - p)
    low, high = np.zeros_like(p), np.ones_like(p)
    some, others = positive > 0, negative > 0
    low[some] = betaincinv(positive[some], negative[some] + 1, tail)
    high[others] = betaincinv(positive[others] + 1, negative[others], 1 - tail)
    return low, high


def wilson_limits(p: FloatMatrix, n: FloatMatrix, t: FloatMatrix) -> tuple[FloatMatrix, FloatMatrix]:
    """Wilson's limits of a share p of n answers; t is the quantile of the distribution that errors follow."""
    with np.errstate(invalid="ignore", divide="ignore"):
        pull = t**2 / n
        centre = (p + pull / 2) / (1 + pull)
        reach = t / (1 + pull) * np.sqrt(p * (1 - p) / n + pull / (4 * n))
    return np.clip(centre - reach, 0, 1), np.clip(centre + reach, 0, 1)
