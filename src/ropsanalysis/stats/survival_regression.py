"""What makes lifetimes shorter or longer: Cox's regression, and the check of the proportionality it assumes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import chi2, norm

from ropsanalysis.stats.risk_sets import Places, RiskSets, from_the_end, lifetimes, risk_sets
from ropsanalysis.stats.vocabulary import BoolVector, FloatMatrix, FloatVector, as_matrix

Ties = Literal["efron", "breslow"]
Ages = Literal["km", "identity", "log"]
Cube = NDArray[np.float64]

_MOST_STEPS: Final = 50
_HALVINGS: Final = 20
_TOLERANCE: Final = 1e-9
"""Relative change of the log likelihood at which the search ends, as in R's coxph."""
_COLLINEAR: Final = 1e-9
"""Part of a covariate's information that the others must leave, or it cannot be told apart from them."""
_RESTLESS: Final = 0.01
"""Part of itself by which a coefficient still moves at the end, if it is on its way to infinity."""
_STILL: Final = 1e-6
"""A move smaller than this, per standard deviation of the covariate, is none."""


@dataclass(frozen=True, slots=True)
class CoxModel:
    """Hazards relative to one another, with p covariates.

    Attributes
    ----------
    coefficients, se
        Shape (p,): logarithms of the hazard ratios, and their standard errors; NaN where a covariate cannot be told
        apart from those before it, or is constant among those at risk together.
    covariance
        Shape (p, p); NaN like the coefficients.
    log_likelihood, log_likelihood_null
        Partial log likelihood of the model and of the one without covariates.
    converged
        False where the likelihood has no maximum (some hazard ratio is 0 or infinite): the model cannot be used.
    n, n_events
        Lifetimes, and how many of them ended.
    times
        Shape (k,): ages at which lifetimes ended.
    ended, at_risk
        Shape (k,): number that ended at each, and that were at risk.
    residuals
        Shape (k, p): Schoenfeld residuals, covariates of those that ended less those expected, added up at each age.
    variances
        Shape (k, p, p): variance of the covariates among those at risk, for all that ended at each age.
    """

    coefficients: FloatVector
    se: FloatVector
    covariance: FloatMatrix
    log_likelihood: float
    log_likelihood_null: float
    converged: bool
    n: int
    n_events: int
    times: FloatVector
    ended: FloatVector
    at_risk: FloatVector
    residuals: FloatMatrix
    variances: Cube


@dataclass(frozen=True, slots=True)
class HazardRatios:
    """Hazard ratios with their intervals and two-sided p-values (Wald), each of shape (p,)."""

    ratio: FloatVector
    low: FloatVector
    high: FloatVector
    p_value: FloatVector


@dataclass(frozen=True, slots=True)
class ProportionalityTest:
    """Test that hazard ratios do not change with age.

    Attributes
    ----------
    statistic, df, p_value
        Shape (m,): chi-square statistic of each term, its degrees of freedom (estimated covariates), p-value; NaN
        where none of its covariates is estimated.
    global_statistic, global_df, global_p_value
        The same for all terms at once.
    """

    statistic: FloatVector
    df: NDArray[np.int64]
    p_value: FloatVector
    global_statistic: float
    global_df: int
    global_p_value: float


def cox_regression(
    time: ArrayLike,
    event: ArrayLike,
    covariates: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    ties: Ties = "efron",
) -> CoxModel:
    r"""Estimate how the hazard depends on covariates, whatever its course with age (Cox).

    Parameters
    ----------
    time, event, entry
        Shape (n,): see `risk_sets.lifetimes`.
    covariates
        Shape (n, p): known at the beginning of each lifetime. What only turns up later (a status that is granted
        after years) would make those who lived to see it look immortal until then.
    ties
        How lifetimes that ended at the same age are treated. ``"efron"`` is close to the exact likelihood;
        ``"breslow"`` pulls hazard ratios towards 1 where ties are many.

    Raises
    ------
    ValueError
        If the lifetimes cannot be used, none ended, or a covariate is missing somewhere.

    Notes
    -----
    Newton's method with halved steps on the partial likelihood. At each age the sums over those at risk come from one
    pass over all lifetimes, so the cost grows with n, not with n times the number of ages (statsmodels' PHReg, which
    gives the same numbers, keeps a list of those at risk for each age). Covariates are centred and scaled inside.

    References
    ----------
    Cox, D. R. (1972). Regression models and life-tables. Journal of the Royal Statistical Society B 34(2), 187-220.
    Efron, B. (1977). The efficiency of Cox's likelihood function for censored data. Journal of the American
    Statistical Association 72(359), 557-565.
    Suissa, S. (2008). Immortal time bias in pharmacoepidemiology. American Journal of Epidemiology 167(4), 492-499.

    Examples
    --------
    >>> model = cox_regression([1, 2, 3, 4], [1, 1, 1, 1], [[1], [0], [1], [0]])
    >>> round(float(model.coefficients[0]), 4)
    0.9406
    """
    if ties not in ("efron", "breslow"):
        raise ValueError(f"ties: {ties!r} is not known; choose efron or breslow")
    lives = lifetimes(time, event, entry=entry)
    given = as_matrix(covariates, name="covariates")
    if given.shape[0] != lives.n:
        raise ValueError(f"covariates: {given.shape[0]} rows, expected {lives.n}, one for each time")
    if np.isnan(given).any():
        raise ValueError(f"covariates: missing in {np.isnan(given).any(axis=1).sum()} lifetimes; leave these out")
    if not lives.event.any():
        raise ValueError("event: no lifetime ended, so there is no hazard to compare")
    sets = risk_sets(lives)
    spread = given.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    likelihood = _Likelihood(sets, (given - given.mean(axis=0)) / scale, ties)
    null = likelihood.at(np.zeros(given.shape[1]))
    free = _told_apart(null.variances.sum(axis=0))
    best, converged = _maximise(likelihood, null, free)
    covariance = np.full((free.size, free.size), np.nan)
    covariance[np.ix_(free, free)] = np.linalg.pinv(best.variances.sum(axis=0)[np.ix_(free, free)], hermitian=True)
    covariance /= np.outer(scale, scale)
    return CoxModel(
        coefficients=np.where(free, best.coefficients / scale, np.nan),
        se=np.sqrt(np.diag(covariance)),
        covariance=covariance,
        log_likelihood=best.value,
        log_likelihood_null=null.value,
        converged=converged,
        n=lives.n,
        n_events=int(lives.event.sum()),
        times=sets.times,
        ended=sets.ended()[:, 0],
        at_risk=sets.counts()[:, 0],
        residuals=best.residuals * scale,
        variances=best.variances * np.outer(scale, scale),
    )


def hazard_ratios(model: CoxModel, *, confidence: float = 0.95) -> HazardRatios:
    """Return hazard ratios with intervals that are symmetric on the scale of logarithms."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence: {confidence} does not lie between 0 and 1")
    reach = norm.ppf((1 + confidence) / 2) * model.se
    beta = model.coefficients
    return HazardRatios(np.exp(beta), np.exp(beta - reach), np.exp(beta + reach), 2 * norm.sf(np.abs(beta) / model.se))


def proportionality_test(
    model: CoxModel, *, terms: Sequence[int] | None = None, ages: Ages = "km"
) -> ProportionalityTest:
    r"""Test by Schoenfeld residuals that hazard ratios do not change with age.

    Parameters
    ----------
    terms
        For each of the p covariates the number (0 to m - 1) of the term it belongs to, such as all levels of one
        classification. None: each is a term of its own.
    ages
        Scale on which a change is looked for. ``"km"`` (1 less the share that outlives the age) keeps a few very long
        lifetimes from deciding.

    Raises
    ------
    ValueError
        If `terms` does not give a number for each covariate, or the model has not converged.

    Notes
    -----
    The score test of :math:`\theta = 0` in :math:`\beta_j + \theta_j g(t)`, with :math:`r_k` the residuals and
    :math:`V_k` the variances at each age: :math:`u = \sum g(t_k) r_k`, and its variance
    :math:`\sum g^2 V_k - (\sum g V_k)(\sum V_k)^{-1}(\sum g V_k)`. It is Grambsch and Therneau's test of scaled
    residuals without their approximation of :math:`V_k` by the mean; R's cox.zph does the same since version 3.0 of
    survival.

    References
    ----------
    Grambsch, P. M., Therneau, T. M. (1994). Proportional hazards tests and diagnostics based on weighted residuals.
    Biometrika 81(3), 515-526.
    """
    p = model.coefficients.size
    numbers = np.arange(p) if terms is None else np.asarray(terms, dtype=np.int64)
    if numbers.shape != (p,):
        raise ValueError(f"terms: shape {numbers.shape}, expected ({p},), one number for each covariate")
    if not model.converged:
        raise ValueError("model: it has not converged, so its residuals say nothing")
    free = np.flatnonzero(~np.isnan(model.coefficients))
    age = _scaled_ages(model, ages)
    residuals, variances = model.residuals[:, free], model.variances[:, free][:, :, free]
    middle = (age @ model.ended) / model.ended.sum()  # leaves the test as it is, and the sums small
    score = (age - middle) @ residuals
    once, twice = (np.tensordot((age - middle) ** power, variances, axes=1) for power in (1, 2))
    variance = twice - once @ np.linalg.pinv(variances.sum(axis=0), hermitian=True) @ once
    count = int(numbers.max()) + 1 if p else 0
    tests = [_score_test(score, variance, np.flatnonzero(numbers[free] == term)) for term in range(count)]
    whole = _score_test(score, variance, np.arange(free.size))
    return ProportionalityTest(
        np.array([test[0] for test in tests]),
        np.array([test[1] for test in tests], dtype=np.int64),
        np.array([test[2] for test in tests]),
        *whole,
    )


@dataclass(frozen=True, slots=True)
class _Point:
    """The partial likelihood at some coefficients, as in `CoxModel`."""

    coefficients: FloatVector
    value: float
    residuals: FloatMatrix
    variances: Cube


class _Likelihood:
    """The partial likelihood of lifetimes as a function of the coefficients of n by p covariates."""

    def __init__(self, sets: RiskSets, covariates: FloatMatrix, ties: Ties) -> None:
        codes, rows = _patterns(covariates)
        self._x = covariates[rows]
        m, p = self._x.shape
        self._upper = np.triu_indices(p)
        self._moments = np.column_stack((np.ones(m), self._x, self._x[:, self._upper[0]] * self._x[:, self._upper[1]]))
        self._at_risk, self._ended = sets.incidence(codes, m)
        # Of those that ended at the same age, the share taken to have gone before each.
        d = sets.ended()[:, 0].astype(np.int64)
        self._first = np.concatenate(([0], np.cumsum(d)[:-1]))
        self._place = np.repeat(np.arange(d.size), d)
        turn = np.arange(self._place.size) - self._first[self._place]
        self._gone = turn / d[self._place] if ties == "efron" else np.zeros(self._place.size)

    def at(self, beta: FloatVector) -> _Point:
        """Return the likelihood, its slopes and curvatures at each age."""
        p = beta.size
        risk = self._x @ beta
        shift = risk.max()  # keeps the exponentials finite
        weighted = self._moments * np.exp(risk - shift)[:, None]
        at_risk = from_the_end(self._at_risk @ weighted)
        tied = self._ended @ weighted
        # Each that ended sees those at risk less a part of those tied with it. Their moments are linear in the part,
        # so that sums over the tied need only a few weights.
        total = at_risk[self._place, 0] - self._gone * tied[self._place, 0]
        one, gone = self._added(1 / total), self._added(self._gone / total)
        squares = [self._added(self._gone**power / total**2) for power in range(3)]
        first, tied_first = at_risk[:, 1 : p + 1], tied[:, 1 : p + 1]
        mean = one * first - gone * tied_first
        left, right = (first[:, side] for side in self._upper)
        tied_left, tied_right = (tied_first[:, side] for side in self._upper)
        curvature = one * at_risk[:, p + 1 :] - gone * tied[:, p + 1 :]
        curvature -= squares[0] * left * right + squares[2] * tied_left * tied_right
        curvature += squares[1] * (left * tied_right + tied_left * right)
        variances = np.empty((self._first.size, p, p))
        variances[:, self._upper[0], self._upper[1]] = curvature
        variances[:, self._upper[1], self._upper[0]] = curvature
        observed = self._ended @ np.column_stack((self._x, risk - shift))
        value = float(observed[:, p].sum() - np.log(total).sum())
        return _Point(beta, value, observed[:, :p] - mean, variances)

    def _added(self, values: FloatVector) -> FloatMatrix:
        """Add up over those that ended at each age: shape (k, 1)."""
        return np.add.reduceat(values, self._first)[:, None]


def _patterns(covariates: FloatMatrix) -> tuple[Places, Places]:
    """Return the number of each row's pattern, and for each pattern a row that has it.

    Classifications have few patterns, and then sums over lifetimes are cheap.
    """
    codes = np.zeros(covariates.shape[0], dtype=np.int64)
    for column in covariates.T:
        values, distinct = pd.factorize(column)
        codes = pd.factorize(codes * len(distinct) + values)[0]
    return codes, np.unique(codes, return_index=True)[1]


def _maximise(likelihood: _Likelihood, start: _Point, free: BoolVector) -> tuple[_Point, bool]:
    """Return the best point, and whether it is a maximum."""
    point = start
    for _ in range(_MOST_STEPS):
        step = _newton(point, free)
        moved = likelihood.at(point.coefficients + step)
        for _ in range(_HALVINGS):
            if moved.value >= point.value - _TOLERANCE * abs(point.value):
                break
            step = step / 2
            moved = likelihood.at(point.coefficients + step)
        gain, point = abs(moved.value - point.value), moved
        if gain <= _TOLERANCE * max(abs(point.value), 1.0):
            ahead = np.abs(_newton(point, free))
            return point, not bool((ahead > np.maximum(_RESTLESS * np.abs(point.coefficients), _STILL)).any())
    return point, False


def _newton(point: _Point, free: BoolVector) -> FloatVector:
    step = np.zeros(free.size)
    information = point.variances.sum(axis=0)[np.ix_(free, free)]
    step[free] = np.linalg.pinv(information, hermitian=True) @ point.residuals.sum(axis=0)[free]
    return step


def _told_apart(information: FloatMatrix) -> BoolVector:
    """Return which covariates carry information that those before them do not (sweeping one after the other)."""
    left = information.copy()
    free = np.zeros(left.shape[0], dtype=np.bool_)
    for j, whole in enumerate(np.diag(information)):
        free[j] = left[j, j] > max(_COLLINEAR * whole, _COLLINEAR)
        if free[j]:
            left = left - np.outer(left[:, j], left[j]) / left[j, j]
    return free


def _scaled_ages(model: CoxModel, ages: Ages) -> FloatVector:
    if ages == "identity":
        return model.times
    if ages == "log":
        return np.asarray(np.log(model.times), dtype=np.float64)
    if ages != "km":
        raise ValueError(f"ages: {ages!r} is not known; choose km, identity or log")
    outlived = np.cumprod(1 - model.ended / model.at_risk)
    return np.asarray(1 - np.concatenate(([1.0], outlived[:-1])), dtype=np.float64)


def _score_test(score: FloatVector, variance: FloatMatrix, columns: NDArray[np.int64]) -> tuple[float, int, float]:
    if not columns.size:
        return float("nan"), 0, float("nan")
    part = variance[np.ix_(columns, columns)]
    statistic = float(score[columns] @ np.linalg.pinv(part, hermitian=True) @ score[columns])
    return statistic, columns.size, float(chi2.sf(statistic, columns.size))
