"""Effects beside a weighted comparison group: inverse-probability, augmented and balancing weights."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike
from statsmodels.discrete.discrete_model import Logit
from statsmodels.regression.linear_model import OLS
from statsmodels.treatment.treatment_effects import TreatmentEffect

from ropsanalysis.stats.balancing import NoOverlapError, Propensity, entropy_weights, odds_weights, propensity
from ropsanalysis.stats.effects import Effect, as_effect, as_groups, cluster_codes, influence_se
from ropsanalysis.stats.vocabulary import BoolVector, FloatMatrix, FloatVector, as_matrix, as_vector
from ropsanalysis.stats.weighting import effective_n

Weighting = Literal["ipw", "aipw", "entropy"]

_DEPENDENT: Final = 1e-10
"""Part of the largest variance below which a combination of covariates does not vary within a group."""


def effects_on_treated(
    outcomes: ArrayLike,
    treated: ArrayLike,
    covariates: ArrayLike,
    *,
    method: Weighting,
    clusters: ArrayLike | None,
    confidence: float = 0.95,
) -> tuple[Effect, ...]:
    r"""How far the treated are from a comparison that was made like them, for each of k outcomes.

    Parameters
    ----------
    outcomes
        Shape (n, k): changes since before treatment (then what sets the groups apart for good drops out), or levels;
        NaN where not known.
    treated
        Shape (n,): true or false, or 1 and 0.
    covariates
        Shape (n, p), complete: known before treatment.
    method
        ``"ipw"``: odds of a logistic propensity score. ``"aipw"``: the same, and a linear outcome model of the
        comparison; right if either model is. ``"entropy"``: entropy balancing, right if the outcome is linear in the
        covariates or the score is logistic.
    clusters
        Shape (n,), as in `effects.difference_in_differences`.

    Returns
    -------
    effects
        One for each outcome. Outcomes that are known of the same persons share their weights; for others the weights
        are made anew, so that the comparison is like those treated whose outcome is known.

    Raises
    ------
    ValueError
        If shapes differ, or a covariate or cluster is missing.
    NoOverlapError
        If the treated of some outcome have no counterparts; see `balancing`.

    Notes
    -----
    With weights :math:`w_i` of the comparison that add up to 1, :math:`n_1` treated, and :math:`m` the outcome model
    (0 for ``ipw``), :math:`\hat\theta = \frac{1}{n_1}\sum_{D_i = 1} (y_i - m_i) - \sum_{D_i = 0} w_i (y_i - m_i)`.
    Standard errors come from influences :math:`\psi_i` that allow for the estimation of the weights and of :math:`m`.
    For ``entropy`` these are the residuals of a regression on the covariates with the balancing weights. With G
    clusters, p covariates and :math:`m_e = 1 / \sum_{D_i = 0} w_i^2` the effective number of the comparison (Kish),
    :math:`se^2 = \frac{m_e}{\max(m_e - p - 1, 1)} \frac{G}{G - 1} \sum_g (\sum_{i \in g} \psi_i)^2`. The first factor
    is that of residuals of a regression on p covariates: weights fit the sample at hand, so that what is left looks
    smaller than it is. Degrees of freedom are those of the group in fewer clusters.

    With 12 covariates, no effect and clusters that correlate at 0.05, 95 % intervals of ``entropy`` held 0 in 95.5 % of
    1000 samples with 11 and 9 clusters (120 persons each), and in 95.9 % with 24 and 20 (235); without the factor and
    with G - 1 degrees of freedom in 92.1 and 93.5 %.

    References
    ----------
    Abadie, A. (2005). Semiparametric difference-in-differences estimators. Review of Economic Studies 72(1), 1-19.
    Sant'Anna, P. H. C., Zhao, J. (2020). Doubly robust difference-in-differences estimators. Journal of Econometrics
    219(1), 101-122.
    Zhao, Q., Percival, D. (2017). Entropy balancing is doubly robust. Journal of Causal Inference 5(1), 20160010.

    Examples
    --------
    >>> found = effects_on_treated(
    ...     [[5], [4], [1], [2], [2]], [1, 1, 0, 0, 0], [[1], [0], [0], [1], [1]], method="entropy", clusters=None
    ... )
    >>> round(found[0].value, 6)
    3.0
    """
    if method not in ("ipw", "aipw", "entropy"):
        raise ValueError(f"method: {method!r} is not known; choose ipw, aipw or entropy")
    y, x = as_matrix(outcomes, name="outcomes"), as_matrix(covariates, name="covariates")
    group, codes = as_groups(treated, n=len(y)), cluster_codes(clusters, n=len(y))
    if len(x) != len(y):
        raise ValueError(f"covariates: {len(x)} rows, expected {len(y)}, one for each row of outcomes")
    found: dict[int, Effect] = {}
    patterns, pattern = np.unique(~np.isnan(y), axis=1, return_inverse=True)
    for number, known in enumerate(patterns.T):
        columns = np.flatnonzero(pattern.ravel() == number)
        chosen = y[np.ix_(known, columns)], group[known], x[known]
        if method == "entropy":
            values, influence, effective = _balanced(*chosen)
        else:
            values, influence, effective = _by_score(*chosen, augmented=method == "aipw")
        numbered = np.unique(codes[known], return_inverse=True)[1].astype(np.int64)
        for column, value, se in zip(columns, values, influence_se(influence, numbered), strict=True):
            found[int(column)] = as_effect(
                value,
                se * small_sample_factor(effective, x.shape[1]),
                treated=group[known],
                codes=numbered,
                n_missing=int((~known).sum()),
                confidence=confidence,
            )
    return tuple(found[column] for column in range(y.shape[1]))


def small_sample_factor(effective: float, covariates: int) -> float:
    """Return how much wider intervals beside a comparison are whose weights fit so many covariates.

    Parameters
    ----------
    effective
        Effective number of the weighted comparison (Kish).

    Examples
    --------
    >>> round(small_sample_factor(52.0, 12), 3), small_sample_factor(4.0, 12)
    (1.155, 2.0)
    """
    return float(np.sqrt(effective / max(effective - covariates - 1, 1.0)))


def average_effect(
    outcome: ArrayLike,
    treated: ArrayLike,
    covariates: ArrayLike,
    *,
    method: Literal["ipw", "aipw"],
    clusters: ArrayLike | None,
    confidence: float = 0.95,
) -> Effect:
    """Effect on everybody, treated or not, by statsmodels' `TreatmentEffect`.

    No report asks for it: what support did for those who had it is `effects_on_treated`. It serves studies of a measure
    that is open to all, and shows that errors from influences are those of a reference.

    Parameters
    ----------
    outcome
        Shape (n,); NaN where not known.
    treated, covariates, method, clusters
        As in `effects_on_treated`; here ``aipw`` has a linear outcome model for each group.

    Raises
    ------
    ValueError
        As in `effects_on_treated`.
    NoOverlapError
        If some of either group have no counterparts in the other.

    Notes
    -----
    statsmodels gives the value; the standard error comes from influences, which equal statsmodels' sandwich of all
    moments where each person stands alone, but know clusters and need no search.

    References
    ----------
    Lunceford, J. K., Davidian, M. (2004). Stratification and weighting via the propensity score in estimation of causal
    treatment effects: a comparative study. Statistics in Medicine 23(19), 2937-2960.
    """
    if method not in ("ipw", "aipw"):
        raise ValueError(f"method: {method!r} is not known; choose ipw or aipw")
    values, x = as_vector(outcome, name="outcome"), as_matrix(covariates, name="covariates")
    known = ~np.isnan(values)
    codes = np.unique(cluster_codes(clusters, n=values.size)[known], return_inverse=True)[1].astype(np.int64)
    y, fitted = values[known], propensity(x[known], as_groups(treated, n=values.size)[known])
    if not (fitted.scores > 0).all():
        raise NoOverlapError("some of the comparison have no counterparts among the treated; leave them out")
    chosen = Logit(fitted.treated.astype(np.float64), fitted.design).fit(disp=0)
    model = TreatmentEffect(OLS(y, fitted.design), fitted.treated.astype(np.int64), results_select=chosen)
    value = float(getattr(model, method)(return_results=False)[0])
    influence = _influence_on_all(y, fitted, augmented=method == "aipw")
    return as_effect(
        value,
        float(influence_se(influence[:, None], codes)[0]),
        treated=fitted.treated,
        codes=codes,
        n_missing=int((~known).sum()),
        confidence=confidence,
    )


def _influence_on_all(y: FloatVector, fitted: Propensity, *, augmented: bool) -> FloatVector:
    """Influences on the effect on everybody: the treated's mean less the comparison's, each weighted up to all."""
    p, design, n = fitted.scores, fitted.design, y.size
    influence = np.zeros(n)
    score = np.zeros(design.shape[1])
    for sign, part, chance in ((1.0, fitted.treated, p), (-1.0, ~fitted.treated, 1 - p)):
        weight = part / chance
        if augmented:
            own = design * part[:, None]
            bread = np.linalg.pinv(own.T @ own, rcond=_DEPENDENT, hermitian=True)
            model = design @ (bread @ (own.T @ y))
            weight, residual = weight / n, y - model
            influence += sign * ((model - (model + part / chance * residual).mean()) / n + weight * residual)
            influence += sign * (own @ (bread @ design.T @ (1 / n - weight))) * residual
        else:
            weight = weight / weight.sum()
            residual = y - weight @ y
            influence += sign * weight * residual
        score -= design.T @ (weight * (1 - chance) * residual)
    information = design.T @ ((p * (1 - p))[:, None] * design)
    influence += (design * (fitted.treated - p)[:, None]) @ np.linalg.solve(information, score)
    return influence


def _by_score(
    y: FloatMatrix, group: BoolVector, x: FloatMatrix, *, augmented: bool
) -> tuple[FloatVector, FloatMatrix, float]:
    """Effects of all columns, influences (n, k) and effective number of the comparison, by odds of a propensity."""
    fitted = propensity(x, group)
    p, design = fitted.scores, fitted.design
    first = group / group.sum()
    second = np.where(group, 0.0, odds_weights(p, group) / group.sum())
    residual, model = y, np.zeros_like(y)
    if augmented:
        others = design * ~group[:, None]
        bread = np.linalg.pinv(others.T @ others, rcond=_DEPENDENT, hermitian=True)
        residual = y - design @ (bread @ (others.T @ y))
        model = (others @ (bread @ design.T @ (first - second)))[:, None] * residual
    above, below = residual - first @ residual, residual - second @ residual
    information = design.T @ ((p * (1 - p))[:, None] * design)
    moved = np.linalg.solve(information, design.T @ (second[:, None] * below))
    score = (design * np.where(p > 0, group - p, 0.0)[:, None]) @ moved
    influence = first[:, None] * above - second[:, None] * below - score - model
    return (first - second) @ residual, influence, effective_n(second[~group])


def _balanced(y: FloatMatrix, group: BoolVector, x: FloatMatrix) -> tuple[FloatVector, FloatMatrix, float]:
    """Effects of all columns, their influences, shape (n, k), and effective number of the comparison, by balancing."""
    share = entropy_weights(x, group) / group.sum()
    first, second = np.where(group, share, 0.0), np.where(group, 0.0, share)
    spread = x.std(axis=0)
    centred = (x - first @ x) / np.where(spread > 0, spread, 1.0)
    weighted = second[:, None] * centred
    slopes = np.linalg.pinv(centred.T @ weighted, rcond=_DEPENDENT, hermitian=True) @ (weighted.T @ y)
    residual = y - centred @ slopes
    influence = first[:, None] * (residual - first @ residual) - second[:, None] * (residual - second @ residual)
    return (first - second) @ y, influence, effective_n(second[~group])
