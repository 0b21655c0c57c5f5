"""Who was not seen again: share lost, how the lost differ, and weights that let those seen again stand for all."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import statsmodels.api as sm
from numpy.typing import ArrayLike
from scipy.special import expit

from ropsanalysis.stats.ordinal import binary_logit
from ropsanalysis.stats.vocabulary import BoolVector, FloatMatrix, FloatVector, IntVector, as_matrix, as_vector
from ropsanalysis.stats.weighting import effective_n

Reason = Literal["", "nobody_lost", "nobody_kept", "no_varying_characteristic", "separation"]
Flag = Literal["low_share", "few_lost", "imbalance_before", "imbalance_after", "few_effective", "not_modelled"]

IMBALANCE: Final = 0.1
"""Standardised differences above this are no longer negligible (Austin 2009)."""

ENOUGH_SHARE: Final = 0.8
"""Below it, what was lost may overturn what was found (Schulz and Grimes 2002)."""

PER_COEFFICIENT: Final = 10.0
"""Fewer persons of the rarer kind (kept or lost) for each coefficient make a logit unsteady (Peduzzi et al. 1996)."""

ENOUGH_EFFECTIVE: Final = 0.5
"""Share of the answers that must be left as effective ones after weighting."""


@dataclass(frozen=True, slots=True, eq=False)
class Retention:
    """How n persons were followed up; p characteristics known at entry.

    Attributes
    ----------
    share
        Persons seen again over persons at entry, 0-1.
    n, n_kept
        Persons at entry, and seen again.
    probability
        Shape (n,): modelled chance of being seen again; the plain share where there is no model.
    weights
        Shape (n,): stabilised, trimmed weights, mean 1 over those kept; NaN for the lost. All 1 without a model.
    n_trimmed, n_effective
        Weights that were cut, and Kish's effective number of persons kept.
    reason
        Why there is no model and all weights are 1; empty where there is one.
    coefficients, se
        Shape (p,): log odds of being seen again per unit of the characteristic, and standard errors; NaN for
        characteristics left out (constant, or told by the others) and without a model.
    model_p
        Likelihood-ratio p-value of the whole model: small, and the loss is no pure chance; NaN without a model.
    kept_less_lost
        Shape (p,): standardised difference of those kept and those lost.
    before, after
        Shape (p,): standardised difference of those kept and all persons at entry, without and with the weights. NaN,
        as the row above, where a characteristic does not vary.
    n_filled
        Shape (p,): persons whose characteristic was missing.
    flags
        What a reader must know: ``low_share`` (few seen again), ``few_lost`` (too few kept or lost for so many
        coefficients), ``imbalance_before``, ``imbalance_after`` (some difference of kept and all is above the limit),
        ``few_effective`` (weights vary so much that little is left), ``not_modelled`` (see `reason`; not where nobody
        was lost).
    """

    share: float
    n: int
    n_kept: int
    probability: FloatVector
    weights: FloatVector
    n_trimmed: int
    n_effective: float
    reason: Reason
    coefficients: FloatVector
    se: FloatVector
    model_p: float
    kept_less_lost: FloatVector
    before: FloatVector
    after: FloatVector
    n_filled: IntVector
    flags: tuple[Flag, ...]


def retention(
    kept: ArrayLike,
    characteristics: ArrayLike,
    *,
    trim_quantile: float | None = 0.99,
    max_ratio: float | None = None,
    imbalance: float = IMBALANCE,
    enough_share: float = ENOUGH_SHARE,
) -> Retention:
    r"""Model of being seen again, inverse-probability weights, and balance before and after.

    Parameters
    ----------
    kept
        Shape (n,): 1 (or True) for persons seen again, 0 for the lost.
    characteristics
        Shape (n, p): known at entry, numbers or 0/1 marks (leave out one mark per question); NaN where missing.
    trim_quantile
        Weights above this quantile of the weights are cut to it. None: no cut.
    max_ratio
        Weights above so many times their mean are cut to that. None: no cut. With both, the lower holds.
    imbalance
        Absolute standardised difference from which on a characteristic counts as unbalanced.
    enough_share
        Share seen again below which ``low_share`` is raised.

    Raises
    ------
    ValueError
        If lengths differ, `kept` is missing or neither 0 nor 1, nobody entered, or a limit of trimming is impossible.

    Notes
    -----
    Weights are :math:`\bar S / \hat\pi_i` for those kept, :math:`\bar S` the share kept and :math:`\hat\pi_i` from a
    logit with main effects, then cut and scaled to mean 1. They mend what the characteristics tell about who left, not
    what nobody asked. A missing characteristic is set to its mean, and a mark that it was missing joins the model
    (unless these marks bring about separation). Columns that are constant, or a combination of others, are left out.

    Without a model all weights are 1 and `reason` says why: ``nobody_lost``, ``nobody_kept``,
    ``no_varying_characteristic``, or ``separation`` (each characteristic by itself tells for certain who was lost, so
    some chance is 0 and no weight can stand for them).

    Standardised differences are over the standard deviation at entry of all persons.

    References
    ----------
    Robins, J. M., Hernan, M. A., Brumback, B. (2000). Marginal structural models and causal inference in
    epidemiology. Epidemiology 11(5), 550-560.
    Cole, S. R., Hernan, M. A. (2008). Constructing inverse probability weights for marginal structural models.
    American Journal of Epidemiology 168(6), 656-664.
    Austin, P. C. (2009). Balance diagnostics for comparing the distribution of baseline covariates. Statistics in
    Medicine 28(25), 3083-3107.
    Schulz, K. F., Grimes, D. A. (2002). Sample size slippages in randomised trials. Lancet 359(9308), 781-785.
    Peduzzi, P. et al. (1996). A simulation study of the number of events per variable in logistic regression
    analysis. Journal of Clinical Epidemiology 49(12), 1373-1379.

    Examples
    --------
    >>> found = retention([1, 1, 1, 0, 1, 1, 0, 0], [[0], [0], [0], [0], [1], [1], [1], [1]], trim_quantile=None)
    >>> found.share, found.weights.round(4)
    (0.625, array([0.8333, 0.8333, 0.8333,    nan, 1.25  , 1.25  ,    nan,    nan]))
    >>> round(float(found.before[0]), 3), abs(round(float(found.after[0]), 3))
    (-0.2, 0.0)
    """
    seen, table = _checked(kept, characteristics, trim_quantile, max_ratio)
    missing = np.isnan(table)
    matrix, owner = _predictors(table, missing)
    share = float(seen.mean())
    reason = _without_model(seen, matrix)
    design, beta = _fitted(seen, matrix)
    if not reason and np.isnan(beta).any() and (owner >= 0).any():
        # Marks of missing answers are ours: a rare one must not take the whole model away.
        matrix, owner = matrix[:, owner >= 0], owner[owner >= 0]
        design, beta = _fitted(seen, matrix)
    while not reason and np.isnan(beta).any() and matrix.shape[1] > 1:
        # A trait that hardly anybody lost, or kept, differs in may tell for certain: the others still make a model.
        told = np.arange(matrix.shape[1]) != _rarest(seen, matrix)
        matrix, owner = matrix[:, told], owner[told]
        design, beta = _fitted(seen, matrix)
    if not reason and np.isnan(beta).any():
        reason = "separation"
    probability, weights, n_trimmed = np.full(seen.size, share), np.where(seen, 1.0, np.nan), 0
    coefficients, se, model_p = np.full(table.shape[1], np.nan), np.full(table.shape[1], np.nan), float("nan")
    if not reason:
        probability = expit(design @ beta)
        weights, n_trimmed = _trimmed(np.where(seen, share / probability, np.nan), trim_quantile, max_ratio)
        errors, model_p = _uncertainty(seen, design, beta)
        own = owner >= 0
        unit = _filled(table).std(axis=0)[owner[own]]
        coefficients[owner[own]], se[owner[own]] = beta[1:][own] / unit, errors[1:][own] / unit
    before, after = _differences(table, seen.astype(np.float64)), _differences(table, np.where(seen, weights, 0.0))
    n_effective = effective_n(weights[seen])
    rarer = min(int(seen.sum()), int((~seen).sum()))
    flags: list[tuple[bool, Flag]] = [
        (share < enough_share, "low_share"),
        (not reason and rarer < PER_COEFFICIENT * matrix.shape[1], "few_lost"),
        (_exceeds(before, imbalance), "imbalance_before"),
        (_exceeds(after, imbalance), "imbalance_after"),
        (bool(seen.any()) and n_effective < ENOUGH_EFFECTIVE * seen.sum(), "few_effective"),
        (reason not in ("", "nobody_lost"), "not_modelled"),
    ]
    return Retention(
        share, seen.size, int(seen.sum()), probability, weights, n_trimmed, n_effective, reason, coefficients, se,
        model_p, before - _differences(table, (~seen).astype(np.float64)), before, after,
        missing.sum(axis=0).astype(np.int64), tuple(flag for holds, flag in flags if holds),
    )  # fmt: skip


def _checked(
    kept: ArrayLike, characteristics: ArrayLike, trim_quantile: float | None, max_ratio: float | None
) -> tuple[BoolVector, FloatMatrix]:
    seen, table = as_vector(kept, name="kept"), as_matrix(characteristics, name="characteristics")
    if seen.size == 0:
        raise ValueError("kept: nobody entered")
    if table.shape[0] != seen.size:
        raise ValueError(f"characteristics: {table.shape[0]} rows, expected {seen.size}, one for each person")
    if not np.isin(seen, (0.0, 1.0)).all():
        raise ValueError("kept: only 0 (lost) and 1 (seen again) can be used, none missing")
    if trim_quantile is not None and not 0 < trim_quantile <= 1:
        raise ValueError(f"trim_quantile: {trim_quantile} does not lie above 0 and up to 1")
    if max_ratio is not None and not max_ratio >= 1:
        raise ValueError(f"max_ratio: {max_ratio} is below 1, which the mean weight has itself")
    return seen == 1.0, table


def _predictors(table: FloatMatrix, missing: FloatMatrix) -> tuple[FloatMatrix, IntVector]:
    """Standardised columns of full rank, and which characteristic each is (-1: a mark that it was missing)."""
    filled = _filled(table)
    columns = np.column_stack((filled, missing.astype(np.float64)))
    spread = columns.std(axis=0)
    centred = columns - columns.mean(axis=0)
    used: list[int] = []
    basis = np.zeros((table.shape[0], 0))
    for place in range(columns.shape[1]):
        # What the columns before it do not tell; below a millionth of its spread that is rounding.
        rest = centred[:, place] - basis @ (basis.T @ centred[:, place])
        size = float(np.linalg.norm(rest))
        if spread[place] > 1e-12 and size > 1e-6 * float(np.linalg.norm(centred[:, place])):
            used.append(place)
            basis = np.column_stack((basis, rest / size))
    owner = np.array([place if place < table.shape[1] else -1 for place in used], dtype=np.int64)
    # In units of their spread, so that a large coefficient means separation and not a small unit.
    return centred[:, used] / spread[used], owner


def _filled(table: FloatMatrix) -> FloatMatrix:
    """Missing characteristics at their means; 0 where nobody's is known."""
    known = ~np.isnan(table)
    count = known.sum(axis=0)
    mean = np.divide(np.where(known, table, 0.0).sum(axis=0), count, out=np.zeros(table.shape[1]), where=count > 0)
    return np.where(known, table, mean)


def _without_model(seen: BoolVector, matrix: FloatMatrix) -> Reason:
    if seen.all():
        return "nobody_lost"
    if not seen.any():
        return "nobody_kept"
    return "" if matrix.shape[1] else "no_varying_characteristic"


def _fitted(seen: BoolVector, matrix: FloatMatrix) -> tuple[FloatMatrix, FloatVector]:
    """Return the columns of the logit, a constant first, and its coefficients; NaN where they do not exist."""
    design = np.column_stack((np.ones(seen.size), matrix))
    if seen.all() or not seen.any():
        return design, np.full(design.shape[1], np.nan)
    return design, binary_logit(seen, design)


def _rarest(seen: BoolVector, matrix: FloatMatrix) -> int:
    """Return the column in which the fewest differ from its most common value, of those kept or of those lost."""
    counts = []
    for column in matrix.T:
        values, place = np.unique(column, return_inverse=True)
        differing = place != np.bincount(place).argmax() if values.size > 1 else np.zeros(seen.size, dtype=np.bool_)
        counts.append(min(int(differing[seen].sum()), int(differing[~seen].sum())))
    return int(np.argmin(counts))


def _trimmed(weights: FloatVector, trim_quantile: float | None, max_ratio: float | None) -> tuple[FloatVector, int]:
    cap = np.inf
    if trim_quantile is not None:
        cap = float(np.nanquantile(weights, trim_quantile))
    if max_ratio is not None:
        cap = min(cap, max_ratio * float(np.nanmean(weights)))
    cut = np.minimum(weights, cap)  # NaN stays NaN
    return cut / np.nanmean(cut), int((weights > cap * (1 + 1e-12)).sum())


def _uncertainty(seen: BoolVector, design: FloatMatrix, beta: FloatVector) -> tuple[FloatVector, float]:
    """Return standard errors of the coefficients and the likelihood-ratio p-value of all of them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it starts at the maximum, and says that it went nowhere
        fit = sm.Logit(seen.astype(np.float64), design).fit(start_params=beta, disp=0, maxiter=25)
    return np.asarray(fit.bse, dtype=np.float64), float(fit.llr_pvalue)


def _differences(table: FloatMatrix, weights: FloatVector) -> FloatVector:
    """Weighted means less those of all persons, over the standard deviations of all; known answers only."""
    known = ~np.isnan(table)
    values, weight = np.where(known, table, 0.0), np.where(known, weights[:, None], 0.0)
    result = np.full(table.shape[1], np.nan)
    for place in range(table.shape[1]):
        answers = table[known[:, place], place]
        if answers.size > 1 and np.ptp(answers) > 0 and weight[:, place].sum() > 0:
            mean = weight[:, place] @ values[:, place] / weight[:, place].sum()
            result[place] = (mean - answers.mean()) / answers.std(ddof=0)
    return result


def _exceeds(differences: FloatVector, limit: float) -> bool:
    return bool((np.abs(differences[~np.isnan(differences)]) > limit).any())
