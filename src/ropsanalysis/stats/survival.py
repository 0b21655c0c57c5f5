r"""How long things last: Kaplan-Meier curves with bands, their quantiles and means, and the log-rank test.

Lifetimes may be censored (still going on when last seen) and left truncated (watched from some age on only, because
what ended before never came to be known).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import betaincinv
from scipy.stats import chi2, norm

from ropsanalysis.stats.risk_sets import Places, RiskSets, lifetimes, risk_sets
from ropsanalysis.stats.vocabulary import FloatMatrix, FloatVector, as_vector

Band = Literal["log_log", "log", "plain"]

_SAME: Final = 1e-9
"""Shares closer than this are equal: products of many fractions carry rounding errors."""


@dataclass(frozen=True, slots=True)
class SurvivalCurve:
    """Share that outlives each age, with its pointwise interval.

    Attributes
    ----------
    times
        Shape (k,): distinct ages at which lifetimes ended, ascending.
    at_risk, ended
        Shape (k,): lifetimes watched just before, and those that ended.
    survival
        Shape (k,): share that outlives that age; constant from there to the next.
    spread
        Shape (k,): standard error of the logarithm of `survival` (Greenwood); infinite where none is left.
    low, high
        Shape (k,): limits of the interval.
    confidence, band
        Level and scale of the interval.
    n, n_events
        Lifetimes, and how many of them ended.
    entries, exits
        Shape (n,): ages from which and until which lifetimes were watched, each in ascending order.
    """

    times: FloatVector
    at_risk: FloatVector
    ended: FloatVector
    survival: FloatVector
    spread: FloatVector
    low: FloatVector
    high: FloatVector
    confidence: float
    band: Band
    n: int
    n_events: int
    entries: FloatVector
    exits: FloatVector

    @property
    def se(self) -> FloatVector:
        """Standard error of the share (Greenwood), shape (k,); NaN where none is left."""
        with np.errstate(invalid="ignore"):
            return self.survival * self.spread


@dataclass(frozen=True, slots=True)
class SurvivalAt:
    """A curve read off at m ages.

    Attributes
    ----------
    times, at_risk, survival, low, high
        Shape (m,). at_risk: watched just before that age (at age 0: from the beginning). survival, low, high: NaN
        beyond the last age that was watched.
    """

    times: FloatVector
    at_risk: FloatVector
    survival: FloatVector
    low: FloatVector
    high: FloatVector


@dataclass(frozen=True, slots=True)
class Lifetime:
    """An age by which a given share has ended, or a mean, with the interval; NaN where the curve does not reach it."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LogRank:
    """Test that k groups end at the same pace.

    Attributes
    ----------
    statistic, df, p_value
        Chi-square statistic and its degrees of freedom; NaN p-value where fewer than two groups can be compared.
    observed, expected
        Shape (k,): lifetimes that ended, and how many would have, had all groups the same pace.
    n, n_events
        Lifetimes, and how many of them ended.
    """

    statistic: float
    df: int
    p_value: float
    observed: FloatVector
    expected: FloatVector
    n: int
    n_events: int


def kaplan_meier(
    time: ArrayLike,
    event: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    confidence: float = 0.95,
    band: Band = "log_log",
) -> SurvivalCurve:
    r"""Estimate the share that outlives each age (Kaplan-Meier).

    Parameters
    ----------
    time, event, entry
        Shape (n,): see `risk_sets.lifetimes`. With `entry` the curve is that of all lifetimes, whether or not they
        lasted until somebody watched, provided that entry tells nothing else about how long they last.
    confidence
        Coverage of the interval at each age.
    band
        Scale on which the interval is symmetric. ``"log_log"`` stays between 0 and 1 and holds its level best with
        few lifetimes; ``"log"`` is the default of R's survfit; ``"plain"`` is Greenwood's own, cut at 0 and 1.

    Raises
    ------
    ValueError
        If the lifetimes cannot be used.

    Notes
    -----
    With :math:`d_j` ended of :math:`n_j` at risk, :math:`\hat S(t) = \prod_{t_j \le t} (1 - d_j / n_j)` and
    :math:`\sigma^2(t) = \sum_{t_j \le t} d_j / (n_j (n_j - d_j))`. The limits are
    :math:`\hat S^{\exp(\pm z\sigma / \log \hat S)}`, :math:`\hat S \exp(\pm z\sigma)` or
    :math:`\hat S \pm z\sigma\hat S`. Where all or none are left, none of these has a width; there the limits are
    Clopper and Pearson's for the smallest number at risk so far, so that a few survivors are not taken for certainty.

    With left truncation few may be at risk at young ages. Should all of them end, the curve is 0 for ever after,
    whatever the others did; see `watched_until`.

    References
    ----------
    Kaplan, E. L., Meier, P. (1958). Nonparametric estimation from incomplete observations. Journal of the American
    Statistical Association 53(282), 457-481.
    Klein, J. P., Moeschberger, M. L. (2003). Survival Analysis, 2nd ed. Springer, sections 4.2, 4.3 and 4.6.

    Examples
    --------
    >>> kaplan_meier([1, 2, 3, 4], [1, 0, 1, 1]).survival
    array([0.75 , 0.375, 0.   ])
    """
    if band not in ("log_log", "log", "plain"):
        raise ValueError(f"band: {band!r} is not known; choose log_log, log or plain")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence: {confidence} does not lie between 0 and 1")
    lives = lifetimes(time, event, entry=entry)
    sets = risk_sets(lives)
    at_risk, ended = sets.counts()[:, 0], sets.ended()[:, 0]
    survival = np.asarray(np.cumprod(1 - ended / at_risk), dtype=np.float64)
    with np.errstate(divide="ignore"):
        spread = np.sqrt(np.cumsum(ended / (at_risk * (at_risk - ended))))
    low, high = _interval(survival, spread, at_risk, band, confidence)
    return SurvivalCurve(
        times=sets.times, at_risk=at_risk, ended=ended, survival=survival, spread=spread, low=low, high=high,
        confidence=confidence, band=band, n=lives.n, n_events=int(lives.event.sum()),
        entries=np.sort(lives.entry), exits=np.sort(lives.time),
    )  # fmt: skip


def survival_at(curve: SurvivalCurve, times: ArrayLike) -> SurvivalAt:
    """Read a curve off at given ages.

    Examples
    --------
    >>> survival_at(kaplan_meier([1, 2, 3, 4], [1, 0, 1, 0]), [0, 2, 5]).survival
    array([1.  , 0.75,  nan])
    """
    ages = as_vector(times, name="times")
    if not (ages >= 0).all():
        raise ValueError("times: ages must be known, and not negative")
    at_risk = _watched(curve, np.maximum(ages, np.nextafter(0.0, 1.0)))
    place = np.searchsorted(curve.times, ages, side="right")
    survival = np.concatenate(([1.0], curve.survival))[place]
    low, high = np.concatenate(([1.0], curve.low))[place], np.concatenate(([1.0], curve.high))[place]
    untouched = (place == 0) & (ages > 0)  # nothing has ended yet, which is not to say that nothing will
    low[untouched] = _none_of(_fewest(curve, ages[untouched]), curve.confidence)
    unknown = (ages > curve.exits[-1]) & (survival > 0)
    return SurvivalAt(ages, at_risk, *(np.where(unknown, np.nan, item) for item in (survival, low, high)))


def watched_until(curve: SurvivalCurve, *, at_least: int) -> float:
    """Return the age up to which, from the beginning on, so many lifetimes or more were watched at every age.

    Beyond it a curve says little. With left truncation it may begin with too few: then nothing of it can be
    read, and NaN is returned.

    Examples
    --------
    >>> watched_until(kaplan_meier([3, 5, 8], [1, 1, 1]), at_least=2)
    5.0
    >>> watched_until(kaplan_meier([3, 5, 8], [1, 1, 1], entry=[0, 1, 1]), at_least=2)
    nan
    """
    if at_least < 1:
        raise ValueError(f"at_least: {at_least} is below 1")
    moments = np.union1d(np.concatenate(([0.0], curve.entries)), curve.exits)
    after = np.searchsorted(curve.entries, moments, side="right") - np.searchsorted(curve.exits, moments, side="right")
    first = int(np.argmax(after < at_least))  # nobody is watched after the last exit
    return float(moments[first]) if first else float("nan")


def lifetime_quantile(curve: SurvivalCurve, *, share: float = 0.5) -> Lifetime:
    """Return the age by which a share has ended (0.5: the median), with the interval of Brookmeyer and Crowley.

    Parameters
    ----------
    share
        Between 0 and 1.

    Notes
    -----
    The first age at which the curve falls below ``1 - share``; where it is level there, the middle of that stretch,
    as in R. The limits are the ages at which those of the curve do the same, so they follow its `band`.

    References
    ----------
    Brookmeyer, R., Crowley, J. (1982). A confidence interval for the median survival time. Biometrics 38(1), 29-41.

    Examples
    --------
    >>> lifetime_quantile(kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1])).value
    2.5
    """
    if not 0 < share < 1:
        raise ValueError(f"share: {share} does not lie between 0 and 1")
    return Lifetime(*(_crossing(curve.times, line, 1 - share) for line in (curve.survival, curve.low, curve.high)))


def restricted_mean(curve: SurvivalCurve, *, horizon: float) -> Lifetime:
    r"""Return the mean time lived up to an age: the area under the curve.

    Parameters
    ----------
    horizon
        Age at which lifetimes are cut, in the unit of the times.

    Notes
    -----
    The variance is :math:`\sum_j A_j^2 d_j / (n_j (n_j - d_j))`, :math:`A_j` the area between :math:`t_j` and the
    horizon; the interval is symmetric. NaN where the horizon lies beyond the last age that was watched.

    References
    ----------
    Klein, J. P., Moeschberger, M. L. (2003). Survival Analysis, 2nd ed. Springer, section 4.5.

    Examples
    --------
    >>> restricted_mean(kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1]), horizon=4).value
    2.5
    """
    if not horizon > 0:
        raise ValueError(f"horizon: {horizon} is not above 0")
    within = curve.times < horizon
    edges = np.concatenate(([0.0], curve.times[within], [horizon]))
    heights = np.concatenate(([1.0], curve.survival[within]))
    if horizon > curve.exits[-1] and heights[-1] > 0:
        return Lifetime(np.nan, np.nan, np.nan)
    areas = np.diff(edges) * heights
    ahead = np.cumsum(areas[:0:-1])[::-1]
    n, d = curve.at_risk[within], curve.ended[within]
    some = n > d  # where none is left no area is ahead either
    se = float(np.sqrt((ahead[some] ** 2 * d[some] / (n[some] * (n[some] - d[some]))).sum()))
    mean, reach = float(areas.sum()), float(norm.ppf((1 + curve.confidence) / 2)) * se
    return Lifetime(mean, mean - reach, mean + reach)


def simultaneous_band(curve: SurvivalCurve, *, start: float, stop: float) -> SurvivalAt:
    r"""Return limits that hold the whole curve between two ages at once (Nair's equal-precision band).

    Parameters
    ----------
    start, stop
        Ages between which the band holds; the variance of the curve must be above 0 at `start` and finite at `stop`.

    Returns
    -------
    SurvivalAt
        At the ages between at which lifetimes ended, on the scale of the curve's `band`.

    Raises
    ------
    ValueError
        If fewer than two such ages lie between.

    Notes
    -----
    The pointwise limits with the quantile :math:`z` replaced by the solution :math:`c` of
    :math:`\frac{4\varphi(c)}{c} + \varphi(c)(c - \frac1c)\log\frac{a_U(1 - a_L)}{a_L(1 - a_U)} = \alpha`, where
    :math:`a = n\sigma^2/(1 + n\sigma^2)` at both ends.

    References
    ----------
    Nair, V. N. (1984). Confidence bands for survival functions with censored data: a comparative study.
    Technometrics 26(3), 265-275.
    """
    inside = (curve.times >= start) & (curve.times <= stop) & (curve.survival > 0)
    if inside.sum() < 2:
        raise ValueError(f"start, stop: fewer than two lifetimes ended between {start} and {stop} and left others")
    scaled = curve.n * curve.spread[inside][[0, -1]] ** 2
    ends = scaled / (1 + scaled)
    quantile = _band_quantile(float(ends[0]), float(ends[1]), 1 - curve.confidence)
    survival, times = curve.survival[inside], curve.times[inside]
    low, high = _limits(survival, curve.spread[inside], curve.band, quantile)
    return SurvivalAt(times, curve.at_risk[inside], survival, low, high)


def log_rank(time: ArrayLike, event: ArrayLike, group: ArrayLike, *, entry: ArrayLike | None = None) -> LogRank:
    r"""Test that groups end at the same pace (log-rank, Mantel-Haenszel variance).

    Parameters
    ----------
    time, event, entry
        Shape (n,): see `risk_sets.lifetimes`.
    group
        Shape (n,): labels of any kind; results follow their order.

    Raises
    ------
    ValueError
        If the lifetimes cannot be used, or a group is missing.

    Notes
    -----
    At each age the ended are compared with their expected number given who is at risk,
    :math:`E_{gj} = d_j n_{gj} / n_j`; :math:`(O - E)' V^{-} (O - E)` follows chi-square with as many degrees of freedom
    as V has rank: groups never at risk together with others do not count.

    References
    ----------
    Klein, J. P., Moeschberger, M. L. (2003). Survival Analysis, 2nd ed. Springer, section 7.3.

    Examples
    --------
    >>> log_rank([1, 2, 3, 4], [1, 1, 1, 1], ["a", "a", "b", "b"]).expected
    array([0.83333333, 3.16666667])
    """
    lives = lifetimes(time, event, entry=entry)
    labels = np.asarray(group)
    if labels.shape != (lives.n,):
        raise ValueError(f"group: shape {labels.shape}, expected ({lives.n},), one label for each time")
    if labels.dtype.kind == "f" and np.isnan(labels).any():
        raise ValueError(f"group: missing in {np.isnan(labels).sum()} lifetimes; leave these out")
    names, codes = np.unique(labels, return_inverse=True)
    sets = risk_sets(lives)
    observed, expected, variance = _comparison(sets, codes, names.size)
    sizes, directions = np.linalg.eigh(variance)
    kept = sizes > _SAME * max(sizes[-1], 0.0)  # at least one is 0: all together cannot differ from themselves
    df = int(kept.sum())
    statistic = float((((observed - expected) @ directions[:, kept]) ** 2 / sizes[kept]).sum()) if df else float("nan")
    return LogRank(
        statistic, df, float(chi2.sf(statistic, df)) if df else float("nan"), observed, expected, lives.n,
        int(lives.event.sum()),
    )  # fmt: skip


def _comparison(sets: RiskSets, codes: Places, groups: int) -> tuple[FloatVector, FloatVector, FloatMatrix]:
    at_risk, ended = sets.counts(codes, groups), sets.ended(codes, groups)
    n, d = at_risk.sum(axis=1), ended.sum(axis=1)
    share = at_risk / n[:, None]
    weight = np.divide(d * (n - d), n - 1, out=np.zeros(n.size), where=n > 1)
    variance = np.diag(weight @ share) - (share * weight[:, None]).T @ share
    return ended.sum(axis=0), d @ share, variance


def _interval(
    survival: FloatVector, spread: FloatVector, at_risk: FloatVector, band: Band, confidence: float
) -> tuple[FloatVector, FloatVector]:
    low, high = _limits(survival, spread, band, float(norm.ppf((1 + confidence) / 2)))
    gone = survival <= 0
    low[gone] = 0.0
    high[gone] = 1 - _none_of(np.minimum.accumulate(at_risk)[gone], confidence)
    return low, high


def _limits(survival: FloatVector, spread: FloatVector, band: Band, quantile: float) -> tuple[FloatVector, FloatVector]:
    """Return the limits so many standard errors around each share; not meant for a share of 0."""
    some = survival > 0
    share, reach = np.where(some, survival, 0.5), np.where(some, quantile * spread, 0.0)
    if band == "plain":
        return np.clip(share * (1 - reach), 0, 1), np.clip(share * (1 + reach), 0, 1)
    if band == "log":
        return share * np.exp(-reach), np.minimum(share * np.exp(reach), 1.0)
    power = np.exp(reach / np.log(share))  # below 1, since the logarithm is negative
    return share ** (1 / power), share**power


def _none_of(n: FloatVector, confidence: float) -> FloatVector:
    """Return Clopper and Pearson's lower limit of a share where all of n have it."""
    limit: FloatVector = betaincinv(np.maximum(n, 1.0), 1.0, (1 - confidence) / 2)
    return limit


def _fewest(curve: SurvivalCurve, ages: FloatVector) -> FloatVector:
    """Return the smallest number watched at any age above 0 and up to each of these."""
    moments = np.union1d(curve.entries, curve.exits)
    moments = moments[moments > 0]
    least = np.minimum.accumulate(np.concatenate(([np.inf], _watched(curve, moments))))
    place = np.searchsorted(moments, ages, side="left")
    return np.minimum(least[place], _watched(curve, ages))


def _watched(curve: SurvivalCurve, ages: FloatVector) -> FloatVector:
    """Count lifetimes watched just before each age."""
    since = np.searchsorted(curve.entries, ages, side="left")
    return np.asarray(since - np.searchsorted(curve.exits, ages, side="left"), dtype=np.float64)


def _crossing(times: FloatVector, line: FloatVector, level: float) -> float:
    """Return the first time at which a falling line is at or below a level; the middle of a stretch exactly on it."""
    reached = np.flatnonzero(line <= level + _SAME)
    if reached.size == 0:
        return float("nan")
    first = reached[0]
    below = np.flatnonzero(line < level - _SAME)
    if line[first] > level - _SAME and below.size:
        return float(times[first] + times[below[0]]) / 2
    return float(times[first])


def _band_quantile(lower: float, upper: float, alpha: float) -> float:
    width = np.log(upper * (1 - lower) / (lower * (1 - upper)))

    def excess(c: float) -> float:
        return float(norm.pdf(c) * (4 / c + (c - 1 / c) * width)) - alpha

    return float(brentq(excess, float(norm.ppf(1 - alpha / 2)), 20.0))
