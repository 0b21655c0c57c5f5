"""Weights that make a comparison group like the treated, and whether they did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import qr
from scipy.special import expit, softmax

from ropsanalysis.stats.effects import NotEstimableError, as_groups
from ropsanalysis.stats.ordinal import binary_logit
from ropsanalysis.stats.vocabulary import BoolVector, FloatMatrix, FloatVector, IntVector, as_matrix, as_vector

Verdict = Literal["good", "partial", "none"]

_DEPENDENT: Final = 1e-8
"""Part of a standardised column that the others must leave, or it adds nothing."""
_MOST_STEPS: Final = 200
_ENDLESS: Final = 1e12
"""A step that changes logarithms of weights by more than this is on its way to infinity."""
_BALANCED: Final = 1e-9
"""Largest difference of means, in standard deviations, that counts as none."""


class NoOverlapError(NotEstimableError):
    """The treated have no counterparts; `columns` are the covariates (from 0) that alone tell them apart, if any."""

    def __init__(self, message: str, *, columns: tuple[int, ...] = ()) -> None:
        super().__init__(message, reason="no_overlap")
        self.columns = columns


@dataclass(frozen=True, slots=True)
class Propensity:
    """A logistic model of who is treated.

    Attributes
    ----------
    scores
        Shape (n,): probability of being treated, 0 to 1.
    treated
        Shape (n,).
    design
        Shape (n, q): a column of ones and those covariates, standardised, that do not depend on the others.
    """

    scores: FloatVector
    treated: BoolVector
    design: FloatMatrix


@dataclass(frozen=True, slots=True)
class Balance:
    """How far the comparison is from the treated, with p covariates.

    Attributes
    ----------
    before, after
        Shape (p,): mean of the treated less that of the comparison, without and with weights, in standard deviations
        of the treated. Beyond 0.1 in either direction is commonly called unbalanced.
    n_treated, n_comparison
        Persons.
    n_effective
        Persons of the comparison that would tell as much if all weighed the same.
    largest_share
        Part of the comparison's weight (0-1) that its heaviest person has.
    """

    before: FloatVector
    after: FloatVector
    n_treated: int
    n_comparison: int
    n_effective: float
    largest_share: float


@dataclass(frozen=True, slots=True)
class Overlap:
    """Where the scores of both groups lie.

    Attributes
    ----------
    verdict
        ``"none"``: no treated person's score lies within the comparison's range; ``"partial"``: fewer do than asked
        for; ``"good"``: the rest.
    share_within
        Part of the treated (0-1) within that range: beyond it nobody shows what they would have become.
    within
        Shape (n,): persons of either group within the range of the other; the others would be trimmed.
    edges
        Shape (bins + 1,): ends of the bins, from 0 to 1.
    treated, comparison
        Shape (bins,): number of persons in each.
    """

    verdict: Verdict
    share_within: float
    within: BoolVector
    edges: FloatVector
    treated: IntVector
    comparison: IntVector


def propensity(covariates: ArrayLike, treated: ArrayLike) -> Propensity:
    r"""Estimate each person's probability of being treated from what is known before treatment.

    Parameters
    ----------
    covariates
        Shape (n, p), complete, without a constant.
    treated
        Shape (n,): true or false, or 1 and 0.

    Raises
    ------
    ValueError
        If a covariate is missing, or shapes differ.
    NoOverlapError
        If a group is empty, or the covariates tell some of the treated from all of the comparison: the likelihood
        then has no maximum.

    Notes
    -----
    Maximum likelihood of :math:`\operatorname{logit} p = x\beta`. Where all treated have the same value of a
    covariate with two values, persons of the comparison with the other get a score of 0, which is what the maximum
    tends to: nobody treated needs them as a counterpart.

    References
    ----------
    Rosenbaum, P. R., Rubin, D. B. (1983). The central role of the propensity score in observational studies for
    causal effects. Biometrika 70(1), 41-55.

    Examples
    --------
    >>> propensity([[0], [0], [0], [1], [1], [1]], [0, 0, 1, 0, 1, 1]).scores.round(4).tolist()
    [0.3333, 0.3333, 0.3333, 0.6667, 0.6667, 0.6667]
    """
    x, group = _checked(covariates, treated)
    two_values = np.array([np.unique(column).size == 2 for column in x.T], dtype=np.bool_)
    constant = np.ptp(x[group], axis=0) == 0
    needed = group | (x[:, two_values & constant] == x[group][0, two_values & constant]).all(axis=1)
    if group[needed].all():
        raise NoOverlapError("nobody of the comparison is like the treated", columns=_telling(x, group))
    centre, spread = x[needed].mean(axis=0), x[needed].std(axis=0)
    standard = (x - centre) / np.where(spread > 0, spread, 1.0)
    design = np.column_stack((np.ones(len(x)), standard[:, _independent(standard[needed])]))
    with np.errstate(over="ignore"):
        beta = binary_logit(group[needed], design[needed])
    if np.isnan(beta).any():
        columns = _telling(x, group)
        named = f" (columns {', '.join(map(str, columns))})" if columns else ""
        raise NoOverlapError(
            f"the covariates{named} tell some of the treated from all of the comparison, so that nobody shows what "
            "they would have become; join categories, leave covariates out, or choose another comparison",
            columns=columns,
        )
    return Propensity(np.where(needed, expit(design @ beta), 0.0), group, design)


def odds_weights(scores: ArrayLike, treated: ArrayLike) -> FloatVector:
    """Inverse-probability weights for the effect on the treated.

    Parameters
    ----------
    scores
        Shape (n,): probability of being treated; below 1 in the comparison.

    Returns
    -------
    weights
        Shape (n,): 1 for the treated, in proportion to p / (1 - p) for the comparison, where they add up to the
        number of the treated.

    Raises
    ------
    NoOverlapError
        If a group is empty, or nobody of the comparison has a chance between 0 and 1.

    Examples
    --------
    >>> odds_weights([0.5, 0.5, 0.75], [1, 0, 0]).tolist()
    [1.0, 0.25, 0.75]
    """
    p = as_vector(scores, name="scores")
    group = as_groups(treated, n=p.size)
    odds = np.divide(p, 1 - p, out=np.zeros_like(p), where=~group & (p < 1))
    if not group.any() or not odds.sum() > 0:
        raise NoOverlapError("no person of the comparison has a chance of treatment between 0 and 1")
    return np.where(group, 1.0, odds * group.sum() / odds.sum())


def entropy_weights(covariates: ArrayLike, treated: ArrayLike) -> FloatVector:
    r"""Weights of the comparison, as even as possible, with exactly the treated's means of all covariates.

    Parameters
    ----------
    covariates, treated
        As in `propensity`. For equal variances too, add squares.

    Returns
    -------
    weights
        Shape (n,): as in `odds_weights`.

    Raises
    ------
    ValueError
        If a covariate is missing, or shapes differ.
    NoOverlapError
        If no weights give the comparison the treated's means.

    Notes
    -----
    :math:`w_i \propto \exp(\lambda'x_i)`, with :math:`\lambda` the minimum of the convex
    :math:`\log \sum_{i: D_i = 0} \exp\{\lambda'(x_i - \bar{x}_1)\}`, by damped Newton steps (Sun and Tran-Dinh).

    References
    ----------
    Hainmueller, J. (2012). Entropy balancing for causal effects: a multivariate reweighting method to produce balanced
    samples in observational studies. Political Analysis 20(1), 25-46.
    Sun, T., Tran-Dinh, Q. (2019). Generalized self-concordant functions: a recipe for Newton-type methods.
    Mathematical Programming 178, 145-213, section 4.

    Examples
    --------
    >>> entropy_weights([[0.75], [0], [1]], [1, 0, 0]).round(6).tolist()
    [1.0, 0.25, 0.75]
    """
    x, group = _checked(covariates, treated)
    spread = x.std(axis=0)
    distance = (x[~group] - x[group].mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    multipliers = np.zeros(x.shape[1])
    for _ in range(_MOST_STEPS):
        share = softmax(distance @ multipliers)
        gradient = share @ distance
        if np.abs(gradient).max(initial=0.0) < _BALANCED:
            weights = np.ones(group.size)
            weights[~group] = share * group.sum()
            return weights
        centred = distance - gradient
        step = np.linalg.pinv(centred.T @ (share[:, None] * centred), rcond=_DEPENDENT, hermitian=True) @ gradient
        # The longer a step, the less of it: log(1 + r) is how far one can go for sure without going up again.
        reach = float(np.ptp(distance @ step))
        if not reach < _ENDLESS:
            break
        multipliers -= step * (np.log1p(reach) / reach if reach > 0 else 1.0)
    raise NoOverlapError(
        "no weights give the comparison the treated's means of all covariates: some treated lie outside of it; join "
        "categories, leave covariates out, or choose another comparison",
        columns=_telling(x, group),
    )


def balance(covariates: ArrayLike, treated: ArrayLike, weights: ArrayLike) -> Balance:
    """Compare the means of both groups, without and with weights of the comparison; see `Balance`.

    Parameters
    ----------
    covariates
        Shape (n, p), complete; also such that the weights were not made from.
    weights
        Shape (n,), not negative, such as from `odds_weights`.

    Examples
    --------
    >>> found = balance([[1], [3], [0], [2]], [1, 1, 0, 0], [1, 1, 0, 2])
    >>> found.before.round(3).tolist(), found.after.tolist(), found.n_effective
    ([0.707], [0.0], 1.0)
    """
    x, group = _checked(covariates, treated)
    weight = as_vector(weights, name="weights")
    if weight.size != group.size or not (weight >= 0).all() or not weight[~group].sum() > 0:
        raise ValueError(f"weights: expected {group.size} numbers from 0 on, not all 0 in the comparison")
    share = weight[~group] / weight[~group].sum()
    return Balance(
        before=standardised_differences(x, group),
        after=standardised_differences(x, group, weights=weight),
        n_treated=int(group.sum()),
        n_comparison=int((~group).sum()),
        n_effective=float(1 / (share @ share)),
        largest_share=float(share.max()),
    )


def standardised_differences(
    covariates: ArrayLike, treated: ArrayLike, *, weights: ArrayLike | None = None
) -> FloatVector:
    """Differences of weighted means in standard deviations of the treated (unweighted, n - 1), shape (p,).

    Where the treated do not differ among themselves: 0 if the comparison has the same mean, else infinite.

    References
    ----------
    Stuart, E. A. (2010). Matching methods for causal inference: a review and a look forward. Statistical Science
    25(1), 1-21, section 4.1.
    """
    x, group = _checked(covariates, treated)
    weight = np.ones(group.size) if weights is None else as_vector(weights, name="weights")
    means = (np.average(x[part], axis=0, weights=weight[part]) for part in (group, ~group))
    difference = np.subtract(*means)
    spread = x[group].std(axis=0, ddof=1) if group.sum() > 1 else np.zeros(x.shape[1])
    difference[np.abs(difference) < _BALANCED * np.abs(x).max(axis=0)] = 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(difference == 0, 0.0, difference / spread)


def overlap(scores: ArrayLike, treated: ArrayLike, *, enough: float = 0.95, bins: int = 20) -> Overlap:
    """Say whether the treated have counterparts, by the scores of both groups; see `Overlap`.

    Parameters
    ----------
    scores
        Shape (n,): probabilities of being treated.
    enough
        Part of the treated (0-1) that must lie within the comparison's range for a good overlap.

    Raises
    ------
    ValueError
        If a group is empty or a score is no probability.

    Examples
    --------
    >>> overlap([0.9, 0.6, 0.2, 0.7], [1, 1, 0, 0]).share_within
    0.5
    """
    p = as_vector(scores, name="scores")
    group = as_groups(treated, n=p.size)
    if not group.any() or group.all() or not ((p >= 0) & (p <= 1)).all():
        raise ValueError("scores: expected probabilities of persons of both groups")
    within = np.where(group, _inside(p, p[~group]), _inside(p, p[group]))
    share = float(within[group].mean())
    edges = np.linspace(0, 1, bins + 1)
    counts = [np.histogram(p[part], bins=edges)[0].astype(np.int64) for part in (group, ~group)]
    verdict: Verdict = "none" if share == 0 else "partial" if share < enough else "good"
    return Overlap(verdict, share, within, edges, *counts)


def _checked(covariates: ArrayLike, treated: ArrayLike) -> tuple[FloatMatrix, BoolVector]:
    x = as_matrix(covariates, name="covariates")
    group = as_groups(treated, n=len(x))
    if np.isnan(x).any():
        raise ValueError(f"covariates: missing for {np.isnan(x).any(axis=1).sum()} persons; leave these out")
    if not group.any() or group.all():
        raise NoOverlapError("one of the groups is empty")
    return x, group


def _telling(x: FloatMatrix, group: BoolVector) -> tuple[int, ...]:
    """Covariates with values among the treated that lie outside of the comparison's, each taken alone."""
    low, high = x[~group].min(axis=0), x[~group].max(axis=0)
    outside = ((x[group] < low) | (x[group] > high)).any(axis=0)
    return tuple(int(column) for column in np.flatnonzero(outside))


def _inside(values: FloatVector, others: FloatVector) -> BoolVector:
    inside: BoolVector = (values >= others.min()) & (values <= others.max())
    return inside


def _independent(standard: FloatMatrix) -> IntVector:
    """Columns, centred and scaled, that do not depend on others; in their order."""
    if standard.shape[1] == 0:
        return np.zeros(0, dtype=np.int64)
    triangle, order = qr(standard, mode="r", pivoting=True)
    size = np.zeros(standard.shape[1])
    diagonal = np.abs(np.diag(triangle))
    size[: diagonal.size] = diagonal
    kept = size > _DEPENDENT * np.sqrt(len(standard))
    return np.sort(order[kept]).astype(np.int64)
