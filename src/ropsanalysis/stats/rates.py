"""Intervals of what is counted, not sampled: rates of events and shares of cases, exact at any number."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaincinv, ndtri

from ropsanalysis.stats.intervals import Limits, beta_limits, wilson_limits
from ropsanalysis.stats.vocabulary import FloatMatrix

CountInterval = Literal["exact", "wilson"]


def poisson_interval(events: ArrayLike, exposure: ArrayLike = 1.0, *, confidence: float = 0.95) -> Limits:
    r"""Exact interval of a rate of events (Garwood).

    Parameters
    ----------
    events
        Any shape: events counted, 0 or more; NaN where not known.
    exposure
        Broadcasts with the events: what the rate is per (entities, inhabitants, money).
    confidence
        Coverage, at least.

    Returns
    -------
    Limits
        In events per unit of exposure; NaN where the exposure is not above 0 or something is not known.

    Raises
    ------
    ValueError
        If a number of events is negative.

    Notes
    -----
    :math:`\chi^2_{\alpha/2;\,2k} / 2` and :math:`\chi^2_{1-\alpha/2;\,2k+2} / 2`, divided by the exposure; the lower
    end is 0 without any event.

    References
    ----------
    Garwood, F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28(3/4), 437-442.

    Examples
    --------
    >>> limits = poisson_interval([0, 10], 100)
    >>> limits.low.round(4), limits.high.round(4)
    (array([0.   , 0.048]), array([0.0369, 0.1839]))
    """
    count, per = _pair(events, exposure)
    if (count < 0).any():
        raise ValueError("events cannot be negative")
    tail = (1 - confidence) / 2
    known = (per > 0) & ~np.isnan(count)
    some = known & (count > 0)
    low, high = np.where(known, 0.0, np.nan), np.full(count.shape, np.nan)
    low[some] = gammaincinv(count[some], tail) / per[some]
    high[known] = gammaincinv(count[known] + 1, 1 - tail) / per[known]
    return Limits(low, high)


def binomial_interval(
    cases: ArrayLike, total: ArrayLike, *, method: CountInterval = "wilson", confidence: float = 0.95
) -> Limits:
    """Interval of a share of cases among so many.

    Parameters
    ----------
    cases, total
        Any shapes that broadcast: cases counted, and among how many; NaN where not known.
    method
        ``exact``: Clopper and Pearson's, which covers at least as often as asked, so is rather too wide. ``wilson``:
        covers as often as asked on average.
    confidence
        Coverage.

    Returns
    -------
    Limits
        Between 0 and 1; NaN where the total is 0 or something is not known.

    Raises
    ------
    ValueError
        If there are less than 0 cases, or more of them than the total.

    References
    ----------
    Clopper, C. J., Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated in the case of the
    binomial. Biometrika 26(4), 404-413.
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. Journal of the
    American Statistical Association 22(158), 209-212.

    Examples
    --------
    >>> limits = binomial_interval(0, [10, 100], method="exact")
    >>> limits.low, limits.high.round(4)
    (array([0., 0.]), array([0.3085, 0.0362]))
    """
    count, n = _pair(cases, total)
    if ((count < 0) | (count > n)).any():
        raise ValueError("cases must lie between 0 and the total")
    known = (n > 0) & ~np.isnan(count)
    low, high = np.full(count.shape, np.nan), np.full(count.shape, np.nan)
    share, number = count[known] / n[known], n[known]
    if method == "exact":
        low[known], high[known] = beta_limits(share, number, confidence)
    else:
        low[known], high[known] = wilson_limits(share, number, ndtri((1 + confidence) / 2))
    # Wilson's ends meet the share itself where all or no cases count, but for rounding noise.
    return Limits(np.where(count == 0, low * 0, low), np.where(count == n, high * 0 + 1, high))


def difference_interval(
    cases: ArrayLike, total: ArrayLike, other_cases: ArrayLike, other_total: ArrayLike, *, confidence: float = 0.95
) -> Limits:
    r"""Interval of the difference of two shares of unrelated cases, the second taken off the first (Newcombe).

    Parameters
    ----------
    cases, total, other_cases, other_total
        Any shapes that broadcast; see `binomial_interval`.
    confidence
        Coverage.

    Returns
    -------
    Limits
        Between -1 and 1; NaN where a total is 0 or something is not known.

    Raises
    ------
    ValueError
        If there are less than 0 cases, or more of them than the total.

    Notes
    -----
    Square-and-add: with Wilson's limits :math:`l_i, u_i` of the shares :math:`p_i` the limits are
    :math:`p_1 - p_2 - \sqrt{(p_1 - l_1)^2 + (u_2 - p_2)^2}` and
    :math:`p_1 - p_2 + \sqrt{(u_1 - p_1)^2 + (p_2 - l_2)^2}`.

    References
    ----------
    Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions: comparison of eleven
    methods. Statistics in Medicine 17(8), 873-890, method 10.

    Examples
    --------
    >>> limits = difference_interval(56, 70, 48, 80)  # Newcombe (1998), table II, (a)
    >>> round(float(limits.low), 4), round(float(limits.high), 4)
    (0.0524, 0.3339)
    """
    first = binomial_interval(cases, total, confidence=confidence)
    second = binomial_interval(other_cases, other_total, confidence=confidence)
    with np.errstate(invalid="ignore", divide="ignore"):
        one, other = (np.divide(*_pair(*pair)) for pair in ((cases, total), (other_cases, other_total)))
    low = one - other - np.hypot(one - first.low, second.high - other)
    high = one - other + np.hypot(first.high - one, other - second.low)
    return Limits(low, high)


def _pair(first: ArrayLike, second: ArrayLike) -> tuple[FloatMatrix, FloatMatrix]:
    one, other = np.broadcast_arrays(np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64))
    return one, other
