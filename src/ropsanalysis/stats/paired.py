r"""Change of the same persons between two waves: a mean, a share, an ordered answer, and how long something took.

Weights (of persons lost in between) and clusters (persons of one entity) are respected throughout: standard errors come
from sums over clusters, with the factor :math:`G/(G-1)` (CR1) and Student's t with :math:`G - 1` degrees of freedom;
without clusters each person is one. A change is taken over persons who answered twice; the others are counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import binom, chi2, norm

from ropsanalysis.stats import survey
from ropsanalysis.stats.intervals import NEGLIGIBLE, wilson_limits
from ropsanalysis.stats.paired_design import clusters_worth, pairs_of, wald_p_value
from ropsanalysis.stats.paired_duration import DurationChange, paired_duration
from ropsanalysis.stats.paired_ordinal import OrdinalChange, paired_ordinal
from ropsanalysis.stats.vocabulary import FloatVector

__all__ = [
    "DurationChange",
    "MeanChange",
    "OrdinalChange",
    "ShareChange",
    "paired_duration",
    "paired_mean",
    "paired_ordinal",
    "paired_share",
]

ShareMethod = Literal["newcombe", "linearised"]
McNemarMethod = Literal["exact", "chi_square", "none"]

EXACT_BELOW: Final = 25
"""Fewer persons who changed than this, and McNemar's test is computed from the binomial distribution."""


@dataclass(frozen=True, slots=True)
class MeanChange:
    """Mean change of n persons, in the unit of the answers.

    Attributes
    ----------
    before, after
        Weighted means of both waves, of the persons who answered twice.
    change, se, low, high
        Mean of after - before, its cluster-robust standard error and interval.
    p_value
        Of no change; NaN where the change does not vary or there is one cluster.
    standardised, standardised_corrected
        Change over the standard deviation at entry, without and with the correction for few persons; NaN where the
        answers at entry do not vary.
    n, n_missing, n_clusters
        Persons used, persons left out because an answer is missing, clusters of those used.
    """

    before: float
    after: float
    change: float
    se: float
    low: float
    high: float
    p_value: float
    standardised: float
    standardised_corrected: float
    n: int
    n_missing: int
    n_clusters: int


@dataclass(frozen=True, slots=True)
class ShareChange:
    """Change of the share of n persons who say yes.

    Attributes
    ----------
    before, after
        Weighted shares of both waves, 0-1, of the persons who answered twice.
    difference, se, low, high
        Of the unrounded shares, after - before, its linearised standard error and its interval.
    method
        Of the interval: ``newcombe`` or ``linearised``.
    p_value
        Of no change: McNemar's where nothing is weighted or clustered, otherwise from the linearised standard error.
    gained, lost, kept_yes, kept_no
        Persons (not weighted) who went from no to yes, from yes to no, and who stayed.
    mcnemar_p, mcnemar_statistic, mcnemar_method
        McNemar's test of the persons, without weights and clusters; statistic (chi-square, 1 degree of freedom, no
        continuity correction) NaN for ``exact``; all NaN and ``none`` where nobody changed.
    cohens_h
        Effect size, from -pi to pi: 0.2 small, 0.5 medium, 0.8 large.
    odds_ratio
        Matched odds ratio, gained / lost; infinite where nobody lost, NaN where nobody changed.
    n, n_missing, n_clusters
        As in `MeanChange`.
    """

    before: float
    after: float
    difference: float
    se: float
    low: float
    high: float
    method: ShareMethod
    p_value: float
    gained: int
    lost: int
    kept_yes: int
    kept_no: int
    mcnemar_p: float
    mcnemar_statistic: float
    mcnemar_method: McNemarMethod
    cohens_h: float
    odds_ratio: float
    n: int
    n_missing: int
    n_clusters: int


def paired_mean(
    before: ArrayLike,
    after: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    confidence: float = 0.95,
) -> MeanChange:
    r"""Mean change of a number, with its standardised size.

    Parameters
    ----------
    before, after
        Shape (n,): answers of the same persons, in one unit; NaN where missing.
    weights
        Shape (n,), at least 0; may be missing where an answer is. None: equal.
    clusters
        Shape (n,), any labels. None: each person by itself.
    confidence
        Coverage of the interval.

    Raises
    ------
    ValueError
        If lengths differ.
    UsageError
        If a weight is negative, or a weight or label of a person who answered twice is missing.

    Notes
    -----
    :math:`\bar d = \sum w_i d_i / \sum w_i`; :math:`V = \frac{G}{G-1} \sum_g (\sum_{i \in g} w_i (d_i - \bar d) /
    \sum w)^2`. Standardised: :math:`g = \bar d / s_1`, :math:`s_1` the (weighted) standard deviation at entry, which
    the programme cannot have changed; corrected: :math:`g (1 - \frac{3}{4(n - 1) - 1})`.

    References
    ----------
    Becker, B. J. (1988). Synthesizing standardized mean-change measures. British Journal of Mathematical and
    Statistical Psychology 41(2), 257-278.
    Cameron, A. C., Miller, D. L. (2015). A practitioner's guide to cluster-robust inference. Journal of Human
    Resources 50(2), 317-372, section II.

    Examples
    --------
    >>> found = paired_mean([1, 2, 3, 4, 2], [2, 4, 3, 6, None])
    >>> found.change, found.n, found.n_missing, round(found.p_value, 4)
    (1.25, 4, 1, 0.0796)
    """
    pairs = pairs_of(before, after, weights, clusters)
    change = pairs.after - pairs.before
    found = survey.mean(change, pairs.design, confidence=confidence)
    p_value = wald_p_value(found.value, found.se, found.df, scale=float(np.abs(change).max(initial=0.0)))
    first, last = (survey.mean(wave, pairs.design).value for wave in (pairs.before, pairs.after))
    spread = _standard_deviation(pairs.before, pairs.weights)
    standardised = found.value / spread if spread > 0 else np.nan
    correction = 1 - 3 / (4 * (pairs.n - 1) - 1) if pairs.n > 1 else np.nan
    return MeanChange(
        first, last, found.value, found.se, found.low, found.high, p_value, standardised, standardised * correction,
        pairs.n, pairs.n_missing, pairs.n_clusters,
    )  # fmt: skip


def paired_share(
    before: ArrayLike,
    after: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    confidence: float = 0.95,
    exact_below: int = EXACT_BELOW,
) -> ShareChange:
    r"""Change of a share, with McNemar's test.

    Parameters
    ----------
    before, after
        Shape (n,): 1 (or True) and 0 of the same persons; NaN where missing.
    weights, clusters, confidence
        As in `paired_mean`.
    exact_below
        With fewer persons who changed McNemar's test is exact.

    Raises
    ------
    ValueError
        If lengths differ or an answer is neither 0 nor 1.
    UsageError
        As in `paired_mean`.

    Notes
    -----
    Without weights and clusters the interval is Newcombe's square-and-add (method 10): with Wilson's limits
    :math:`l, u` of both shares and the correlation :math:`\hat\varphi` of both answers (with his correction),
    :math:`\hat\theta - \sqrt{(p_2 - l_2)^2 - 2\hat\varphi (p_2 - l_2)(u_1 - p_1) + (u_1 - p_1)^2}`, and likewise
    above. Otherwise it is symmetric, from the linearised variance, cut at -1 and 1; should nobody have changed, or all
    alike, that variance is 0 and Newcombe's interval is taken instead, with Kish's effective number of clusters.

    The effect size is Cohen's :math:`h = 2\arcsin\sqrt{p_2} - 2\arcsin\sqrt{p_1}`, because it exists for all shares
    and takes weights; the matched odds ratio, which needs both kinds of change, stands beside it.

    References
    ----------
    McNemar, Q. (1947). Note on the sampling error of the difference between correlated proportions or percentages.
    Psychometrika 12(2), 153-157.
    Newcombe, R. G. (1998). Improved confidence intervals for the difference between binomial proportions based on
    paired data. Statistics in Medicine 17(22), 2635-2650, method 10.
    Cohen, J. (1988). Statistical Power Analysis for the Behavioral Sciences, 2nd ed. Erlbaum, section 6.2.

    Examples
    --------
    >>> found = paired_share([0, 0, 0, 0, 1, 1, 1, None], [1, 1, 1, 0, 1, 1, 0, 1])
    >>> found.gained, found.lost, found.mcnemar_p, round(found.difference, 4), found.n_missing
    (3, 1, 0.625, 0.2857, 1)
    """
    pairs = pairs_of(before, after, weights, clusters)
    for name, wave in (("before", pairs.before), ("after", pairs.after)):
        if not np.isin(wave, (0.0, 1.0)).all():
            raise ValueError(f"{name}: only 0 (no) and 1 (yes) can be used, and NaN where missing")
    found = survey.mean(pairs.after - pairs.before, pairs.design, confidence=confidence)
    first, last = (survey.mean(wave, pairs.design).value for wave in (pairs.before, pairs.after))
    yes, no = pairs.after == 1, pairs.before == 0
    gained, lost = int((yes & no).sum()), int((~yes & ~no).sum())
    statistic, mcnemar_p, test = _mcnemar(gained, lost, exact_below)
    plain = clusters is None and np.unique(pairs.weights).size <= 1
    flat = found.se <= NEGLIGIBLE
    low, high = max(found.low, -1.0), min(found.high, 1.0)
    p_value = mcnemar_p if plain else wald_p_value(found.value, found.se, found.df, scale=1.0)
    if plain or flat:
        both = float(pairs.weights @ (yes & ~no)) / max(float(pairs.weights.sum()), 1e-300)
        low, high = _newcombe(first, last, both, clusters_worth(pairs), confidence) if pairs.n else (np.nan, np.nan)
    odds = gained / lost if lost else (np.inf if gained else np.nan)
    effect = 2 * (np.arcsin(np.sqrt(last)) - np.arcsin(np.sqrt(first)))
    return ShareChange(
        first, last, last - first, found.se, low, high, "newcombe" if plain or flat else "linearised", p_value,
        gained, lost, int((yes & ~no).sum()), int((~yes & no).sum()), mcnemar_p, statistic, test, float(effect), odds,
        pairs.n, pairs.n_missing, pairs.n_clusters,
    )  # fmt: skip


def _standard_deviation(values: FloatVector, weights: FloatVector) -> float:
    if values.size < 2:
        return float("nan")
    centre = np.average(values, weights=weights)
    spread = float(np.average((values - centre) ** 2, weights=weights)) * values.size / (values.size - 1)
    return float(np.sqrt(spread)) if np.ptp(values) > 0 else 0.0


def _mcnemar(gained: int, lost: int, exact_below: int) -> tuple[float, float, McNemarMethod]:
    changed = gained + lost
    if changed == 0:
        return float("nan"), float("nan"), "none"
    if changed < exact_below:
        return float("nan"), min(1.0, 2 * float(binom.cdf(min(gained, lost), changed, 0.5))), "exact"
    statistic = (gained - lost) ** 2 / changed
    return statistic, float(chi2.sf(statistic, 1)), "chi_square"


def _newcombe(first: float, last: float, both: float, n: float, confidence: float) -> tuple[float, float]:
    shares = np.array([first, last])
    quantile = np.full(2, norm.ppf((1 + confidence) / 2))
    low, high = wilson_limits(shares, np.full(2, n), quantile)
    down, up = shares - low, high - shares
    # In shares of the four cells a d - b c is both - first * last; the correction takes off half a person.
    cross = both - first * last
    if cross > 0:
        cross = max(cross - 0.5 / n, 0.0)
    size = float(np.sqrt((shares * (1 - shares)).prod()))
    phi = cross / size if size > 0 else 0.0
    below = np.sqrt(max(down[1] ** 2 - 2 * phi * down[1] * up[0] + up[0] ** 2, 0.0))
    above = np.sqrt(max(up[1] ** 2 - 2 * phi * up[1] * down[0] + down[0] ** 2, 0.0))
    return float(last - first - below), float(last - first + above)
