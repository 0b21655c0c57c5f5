"""Change of an ordered answer of the same persons: a common odds ratio, and who got better or worse."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit
from scipy.stats import norm

from ropsanalysis.stats import survey
from ropsanalysis.stats.intervals import NEGLIGIBLE, t_interval, wilson_limits
from ropsanalysis.stats.ordinal import ordered_logit
from ropsanalysis.stats.paired_design import Pairs, clusters_worth, pairs_of, wald_p_value
from ropsanalysis.stats.survey_design import Design
from ropsanalysis.stats.vocabulary import SIGN, Direction, FloatMatrix, FloatVector


@dataclass(frozen=True, slots=True)
class OrdinalChange:
    """Change of an ordered answer of n persons.

    Attributes
    ----------
    odds_ratio, low, high
        Odds of a better answer after, over those before, common to all thresholds, with interval; NaN where there is
        no estimate (one answer only, or complete separation of the waves).
    p_value
        Of an odds ratio of 1.
    improved, unchanged, worsened
        Weighted shares of persons, 0-1.
    superiority, superiority_low, superiority_high
        Share improved and half of those unchanged: 0.5 is no shift; with interval.
    n, n_missing, n_clusters
        As in `MeanChange`.
    """

    odds_ratio: float
    low: float
    high: float
    p_value: float
    improved: float
    unchanged: float
    worsened: float
    superiority: float
    superiority_low: float
    superiority_high: float
    n: int
    n_missing: int
    n_clusters: int


def paired_ordinal(
    before: ArrayLike,
    after: ArrayLike,
    *,
    direction: Direction = "higher",
    weights: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    confidence: float = 0.95,
) -> OrdinalChange:
    r"""Shift of an ordered answer (for example self-rated health), as odds and as shares of persons.

    Parameters
    ----------
    before, after
        Shape (n,): answers of the same persons on one ordered scale, as numbers; NaN where missing.
    direction
        Which end is better; ``"neutral"`` is read as ``"higher"``.
    weights, clusters, confidence
        As in `paired_mean`.

    Raises
    ------
    ValueError
        If lengths differ.
    UsageError
        As in `paired_mean`.

    Notes
    -----
    Marginal cumulative logit :math:`P(y_{it} \le j) = \operatorname{logit}^{-1}(a_j - \beta t)` of both waves, t = 0
    and 1, by weighted likelihood as if the answers were independent; that they come in pairs, and persons in clusters,
    enters the variance :math:`H^{-1} (\frac{G}{G-1} \sum_g u_g u_g') H^{-1}` (:math:`u_g` the sum of scores, H the
    observed information). The odds ratio is :math:`e^\beta`. Superiority compares each person with itself,
    :math:`P(y_2 > y_1) + P(y_2 = y_1)/2`, and uses ranks only; where all are alike its interval is Wilson's, with
    Kish's effective number of clusters.

    References
    ----------
    McCullagh, P. (1980). Regression models for ordinal data. Journal of the Royal Statistical Society B 42(2),
    109-142.
    Liang, K.-Y., Zeger, S. L. (1986). Longitudinal data analysis using generalized linear models. Biometrika 73(1),
    13-22.

    Examples
    --------
    >>> found = paired_ordinal([1, 2, 2, 3, 3, 1], [2, 2, 3, 3, 2, 3])
    >>> round(found.improved, 4), round(found.unchanged, 4), round(found.superiority, 4), found.odds_ratio > 1
    (0.5, 0.3333, 0.6667, True)
    """
    pairs = pairs_of(before, after, weights, clusters)
    step = np.sign(SIGN[direction] * (pairs.after - pairs.before))
    improved, unchanged, worsened = (survey.mean(step == kind, pairs.design).value for kind in (1, 0, -1))
    ahead = survey.mean((step + 1) / 2, pairs.design, confidence=confidence)
    edges = (max(ahead.low, 0.0), min(ahead.high, 1.0))
    if ahead.se <= NEGLIGIBLE:  # all alike: no certainty, but as many answers as there are clusters
        quantile = np.full(1, norm.ppf((1 + confidence) / 2))
        ends = wilson_limits(np.array([ahead.value]), np.array([clusters_worth(pairs)]), quantile)
        edges = (float(ends[0][0]), float(ends[1][0]))
    beta, se, df = _wave_effect(pairs, SIGN[direction])
    limits = t_interval(beta, se, df, confidence=confidence)
    return OrdinalChange(
        float(np.exp(beta)), float(np.exp(limits.low)), float(np.exp(limits.high)),
        wald_p_value(beta, se, df, scale=1.0),
        improved, unchanged, worsened, ahead.value, *edges,
        pairs.n, pairs.n_missing, pairs.n_clusters,
    )  # fmt: skip


def _wave_effect(pairs: Pairs, sign: float) -> tuple[float, float, int]:
    """Log odds ratio of the second wave, its standard error and degrees of freedom."""
    answers = sign * np.concatenate((pairs.before, pairs.after))
    levels, codes = np.unique(answers, return_inverse=True)
    wave = np.repeat([0, 1], pairs.n)
    if levels.size < 2:
        return np.nan, np.nan, 0
    start = ordered_logit(codes, wave[:, None].astype(np.float64))
    if not start.converged:
        return np.nan, np.nan, 0
    weights = np.tile(pairs.weights, 2)
    cells = np.zeros((2, levels.size))
    np.add.at(cells, (wave, codes), weights)
    at = np.concatenate((start.slopes, start.thresholds))
    for _ in range(50):  # without weights the start is the end
        scores, hessian = _cell_derivatives(at, cells)
        step = np.linalg.solve(hessian, np.einsum("wc,wcp->p", cells, scores))
        at = at - step
        if np.abs(step).max() < 1e-10:
            break
    else:
        return np.nan, np.nan, 0
    scores, hessian = _cell_derivatives(at, cells)
    row = -np.linalg.inv(hessian)[0]
    by_row = weights * (scores[wave, codes] @ row)
    total = survey.total(by_row[: pairs.n] + by_row[pairs.n :], Design(np.ones(pairs.n), clusters=pairs.labels))
    return float(at[0]), total.se, total.df


def _cell_derivatives(at: FloatVector, cells: FloatMatrix) -> tuple[FloatMatrix, FloatMatrix]:
    """Scores of an answer in each cell, shape (2, c, p), and the Hessian of the weighted log-likelihood, (p, p).

    Parameters are the slope and the c - 1 thresholds; cells hold the weights of both waves and c categories.
    """
    c = cells.shape[1]
    index = at[1:][None, :] - np.array([[0.0], [1.0]]) * at[0]
    by_index = np.zeros((2, c - 1, c))  # derivative of each bound by the parameters
    by_index[1, :, 0] = -1.0
    by_index[:, np.arange(c - 1), np.arange(1, c)] = 1.0
    below = expit(index)
    slope = below * (1 - below)
    edge = np.zeros((2, 1))
    chance = np.diff(np.hstack((edge, below, edge + 1)), axis=1)
    first = slope[:, :, None] * by_index
    second = (slope * (1 - 2 * below))[:, :, None, None] * by_index[:, :, :, None] * by_index[:, :, None, :]
    none_1, none_2 = np.zeros((2, 1, c)), np.zeros((2, 1, c, c))
    change = np.diff(np.concatenate((none_1, first, none_1), axis=1), axis=1)
    bend = np.diff(np.concatenate((none_2, second, none_2), axis=1), axis=1)
    scores = change / chance[:, :, None]
    curvature = bend / chance[:, :, None, None] - scores[:, :, :, None] * scores[:, :, None, :]
    return scores, np.einsum("wc,wcpq->pq", cells, curvature)
