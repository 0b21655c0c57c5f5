"""What a sample says about many groups at once: means, totals, shares and ratios of k variables in d domains.

Answers may be missing (NaN): they are counted and left out. A domain (part of the population) is estimated
from the whole design, so that its random size is part of the standard error.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ropsanalysis.errors import UsageError
from ropsanalysis.stats.intervals import ShareInterval, share_interval, t_interval
from ropsanalysis.stats.survey_design import Design
from ropsanalysis.stats.survey_variance import (
    Groups,
    degrees_of_freedom,
    linearised_variance,
    n_without_spread,
    sums_by,
)
from ropsanalysis.stats.vocabulary import FloatMatrix, as_matrix


@dataclass(frozen=True, slots=True)
class DomainEstimates:
    """Figures about d domains (rows) and k variables (columns), all of shape (d, k).

    Attributes
    ----------
    value
        Estimate, in the unit of the answers; NaN where nobody answered.
    se
        Design-based standard error; NaN where ``df`` is below 1.
    low, high
        Limits of the confidence interval; NaN where ``df`` is below 1.
    n
        Answers used: in the domain, not missing, weight above 0.
    n_missing
        Rows of the domain left out because the answer is missing.
    deff
        Design effect: variance over that of a simple random sample of as many answers, drawn without
        replacement from as many people as the weights add up to (with replacement if they add up to n or less).
    df
        Degrees of freedom: primary sampling units with an answer less strata with an answer.
    """

    value: FloatMatrix
    se: FloatMatrix
    low: FloatMatrix
    high: FloatMatrix
    n: NDArray[np.int64]
    n_missing: NDArray[np.int64]
    deff: FloatMatrix
    df: NDArray[np.int64]


def domain_means(
    values: ArrayLike, design: Design, codes: ArrayLike, n_domains: int, *, confidence: float = 0.95
) -> DomainEstimates:
    """Means of k variables in d domains that do not overlap.

    Parameters
    ----------
    values
        Shape (n, k); NaN where missing.
    design
        Of the same n rows.
    codes
        Shape (n,): domain of each row, 0 to n_domains - 1, or -1 for none.
    n_domains
        d; domains without members have n = 0 and NaN.
    confidence
        Coverage of the intervals.

    Examples
    --------
    >>> domain_means([[1.0], [3.0], [5.0]], Design([1, 1, 1]), [0, 0, 1], 2).value.ravel()
    array([2., 5.])
    """
    return _means(Sample.of(as_matrix(values), design, codes, n_domains), confidence=confidence)


def domain_totals(
    values: ArrayLike, design: Design, codes: ArrayLike, n_domains: int, *, confidence: float = 0.95
) -> DomainEstimates:
    """Totals of k variables in d domains that do not overlap; parameters as in ``domain_means``."""
    sample = Sample.of(as_matrix(values), design, codes, n_domains)
    value = np.where(sample.n > 0, sample.sums(sample.filled), np.nan)
    return estimates(sample, value, sample.filled, confidence=confidence)


def domain_shares(
    answers: ArrayLike,
    design: Design,
    codes: ArrayLike,
    n_domains: int,
    *,
    confidence: float = 0.95,
    interval: ShareInterval = "beta",
) -> DomainEstimates:
    """Shares of k yes-or-no variables in d domains; parameters as in ``domain_means`` and ``share``.

    Raises
    ------
    UsageError
        If an answer is neither 0, 1 nor missing.
    """
    matrix = as_matrix(answers, name="answers")
    if not (np.isnan(matrix) | (matrix == 0) | (matrix == 1)).all():
        raise UsageError("a share needs answers of 1 and 0 (or missing)")
    sample = Sample.of(matrix, design, codes, n_domains)
    plain = _means(sample, confidence=confidence)
    limits = share_interval(
        plain.value,
        plain.se,
        plain.df,
        n=plain.n,
        n_without_spread=n_without_spread(sample.groups, sample.used),
        method=interval,
        confidence=confidence,
    )
    return replace(plain, low=limits.low, high=limits.high)


def domain_ratios(
    numerators: ArrayLike,
    denominators: ArrayLike,
    design: Design,
    codes: ArrayLike,
    n_domains: int,
    *,
    confidence: float = 0.95,
) -> DomainEstimates:
    r"""Ratios of two totals for k pairs of variables in d domains; parameters as in ``domain_means``.

    Parameters
    ----------
    numerators, denominators
        Shape (n, k); rows lacking either number of a pair are left out of it.
    design, codes, n_domains, confidence
        As in ``domain_means``.

    Notes
    -----
    :math:`R = \sum w_i y_i / \sum w_i x_i` with linearised variable :math:`(y_i - R x_i) / \sum w_i x_i`; NaN where
    the denominator adds up to nothing.

    Examples
    --------
    >>> domain_ratios([[1.0], [3.0], [1.0]], [[2.0], [2.0], [4.0]], Design([1, 1, 1]), [0, 0, 1], 2).value.ravel()
    array([1.  , 0.25])
    """
    top, bottom = as_matrix(numerators, name="numerators"), as_matrix(denominators, name="denominators")
    if top.shape != bottom.shape:
        raise UsageError(f"ratios need as many numerators {top.shape} as denominators {bottom.shape}")
    sample = Sample.of(np.where(np.isnan(bottom), np.nan, top), design, codes, n_domains)
    divisor = sample.sums(np.where(sample.used, bottom, 0.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(divisor != 0, sample.sums(sample.filled) / divisor, np.nan)
        # Rows of no domain take the last domain's figures here, and are put back to 0 by `used`.
        scores = (sample.filled - value[sample.codes] * np.where(sample.used, bottom, 0.0)) / divisor[sample.codes]
    return estimates(sample, value, np.where(sample.used, scores, 0.0), confidence=confidence)


def imputed_totals(
    values: ArrayLike,
    design: Design,
    cells: ArrayLike,
    codes: ArrayLike,
    n_domains: int,
    *,
    confidence: float = 0.95,
) -> DomainEstimates:
    r"""Totals of k variables in d domains, a missing answer taking the weighted mean of the answers of its cell.

    Parameters
    ----------
    values, design, codes, n_domains, confidence
        As in ``domain_means``.
    cells
        Shape (n, k), whole numbers from 0: imputation cell of each row for each variable; a cell lies in one domain.
        A cell without any answer counts as nothing.

    Notes
    -----
    :math:`\hat Y = \sum_c W_c \bar y_c` with :math:`W_c` the weight of a cell and :math:`A_c` that of its answers. The
    linearised variable is :math:`\bar y_c + (W_c / A_c)(y_i - \bar y_c)` for an answer and :math:`\bar y_c` for a
    missing one, so the interval knows that a mean stands in for answers. Who of those asked gives the answer is chance
    as well, even where all were asked: with :math:`s_c^2` the variance within a cell, whose members answer equally
    likely, the variance grows by :math:`\sum_c W_c (W_c / A_c - 1) s_c^2`.

    References
    ----------
    Shao, J., Steel, P. (1999). Variance estimation for survey data with composite imputation and nonnegligible
    sampling fractions. Journal of the American Statistical Association 94(445), 254-265.

    Examples
    --------
    >>> answers = [[2.0], [4.0], [np.nan]]
    >>> imputed_totals(answers, Design([1, 1, 1]), [[0], [0], [0]], [0, 0, 0], 1).value.item()
    9.0
    """
    sample = Sample.of(as_matrix(values), design, codes, n_domains)
    factor = imputation_factors(sample.used, np.asarray(design.weights), np.asarray(cells, dtype=np.int64))
    mean = _cell_means(sample, factor, np.asarray(cells, dtype=np.int64))
    scores = np.where(sample.used, mean + factor * (sample.filled - mean), mean)
    value = np.where(sample.n > 0, sample.sums(factor * sample.filled), np.nan)
    silence = sample.sums(_variance_of_silence(sample, factor, mean, np.asarray(cells, dtype=np.int64)))
    return estimates(sample, value, scores, confidence=confidence, besides=silence)


def imputation_factors(used: NDArray[np.bool_], weights: FloatMatrix, cells: NDArray[np.int64]) -> FloatMatrix:
    """Factors of the answers' weights with which they also stand for the missing answers of their cell.

    Parameters
    ----------
    used
        Shape (n, k): whether an answer counts.
    weights
        Shape (n,).
    cells
        Shape (n, k): imputation cells, from 0.

    Returns
    -------
    FloatMatrix
        Shape (n, k): :math:`W_c / A_c`, 0 for rows that do not answer.
    """
    factor = np.zeros(used.shape)
    for column in range(used.shape[1]):
        cell, answers = cells[:, column], used[:, column]
        everybody = np.bincount(cell, weights=weights)
        answered = np.bincount(cell, weights=weights * answers, minlength=everybody.size)
        ratio = np.divide(everybody, answered, out=np.zeros_like(everybody), where=answered > 0)
        factor[:, column] = np.where(answers, ratio[cell], 0.0)
    return factor


def _variance_of_silence(
    sample: Sample, factor: FloatMatrix, mean: FloatMatrix, cells: NDArray[np.int64]
) -> FloatMatrix:
    """Return what each answer, by its weight, adds to the variance because others of its cell are missing."""
    correction = np.ones(factor.shape)  # from the mean square of n answers to the variance
    for column in range(factor.shape[1]):
        n = np.bincount(cells[:, column], weights=sample.used[:, column])[cells[:, column]]
        correction[:, column] = np.divide(n, n - 1, out=np.ones_like(n), where=n > 1)
    deviations = np.where(sample.used, sample.filled - mean, 0.0)
    return np.asarray(factor * (factor - 1) * correction * deviations**2)


def _cell_means(sample: Sample, factor: FloatMatrix, cells: NDArray[np.int64]) -> FloatMatrix:
    weights = np.asarray(sample.groups.design.weights)
    means = np.zeros(factor.shape)
    for column in range(factor.shape[1]):
        cell = cells[:, column]
        total = np.bincount(cell, weights=weights * factor[:, column] * sample.filled[:, column])
        everybody = np.bincount(cell, weights=weights)
        means[:, column] = np.divide(total, everybody, out=np.zeros_like(total), where=everybody > 0)[cell]
    return np.where((sample.codes >= 0)[:, None], means, 0.0)


@dataclass(frozen=True, slots=True)
class Sample:
    """Answers of n rows to k questions, with those that count.

    Attributes
    ----------
    groups
        Rows sorted into d domains.
    codes
        Shape (n,): domain of each row; -1 for none and where the weight is 0.
    used, filled
        Shape (n, k): whether an answer counts; the answers, 0 where not.
    n, n_missing
        Shape (d, k): answers that count and answers missing.
    """

    groups: Groups
    codes: NDArray[np.int64]
    used: NDArray[np.bool_]
    filled: FloatMatrix
    n: NDArray[np.int64]
    n_missing: NDArray[np.int64]

    @classmethod
    def of(cls, values: FloatMatrix, design: Design, codes: ArrayLike, n_domains: int) -> Sample:
        """Check that answers, design and domain codes belong together, and sort them.

        Raises
        ------
        UsageError
            If their lengths differ or a code is no domain.
        """
        code, weights = np.asarray(codes, dtype=np.int64), np.asarray(design.weights)
        if not len(values) == len(code) == len(weights):
            raise UsageError(
                f"{len(values)} answers, {len(code)} domain codes, {len(weights)} weights: must be as many"
            )
        if len(code) and not (code.min() >= -1 and code.max() < n_domains):
            raise UsageError(f"domain codes must run from -1 (none) to {n_domains - 1}")
        code = np.where(weights > 0, code, -1)
        rows = np.flatnonzero(code >= 0)
        members, missing = np.bincount(code[rows], minlength=n_domains)[:, None], np.isnan(values)
        used = (code >= 0)[:, None] & ~missing
        n = sums_by(code[rows], used[rows].astype(np.float64), n_domains).astype(np.int64)
        groups = Groups.of(design, code, n_domains)
        return cls(groups, code, used, np.where(used, values, 0.0), n, members - n)

    def sums(self, values: FloatMatrix | NDArray[np.bool_]) -> FloatMatrix:
        """Weighted sums, shape (d, k), of values that are 0 where not used."""
        rows = self.groups.rows
        weights = np.asarray(self.groups.design.weights)[rows, None]
        return sums_by(self.codes[rows], weights * values[rows], self.groups.n_domains)


def _means(sample: Sample, *, confidence: float) -> DomainEstimates:
    weight = sample.sums(sample.used)
    value = np.divide(sample.sums(sample.filled), weight, out=np.full(weight.shape, np.nan), where=weight > 0)
    # Rows of no domain (code -1) take the last domain's figures here, and are put back to 0 by `used`.
    with np.errstate(invalid="ignore", divide="ignore"):
        scores = (sample.filled - value[sample.codes]) / weight[sample.codes]
    return estimates(sample, value, np.where(sample.used, scores, 0.0), confidence=confidence)


def estimates(
    sample: Sample, value: FloatMatrix, scores: FloatMatrix, *, confidence: float, besides: FloatMatrix | float = 0.0
) -> DomainEstimates:
    """Complete estimates of shape (d, k) by the variance of their linearised variables.

    Parameters
    ----------
    sample
        Which answers count.
    value
        Shape (d, k).
    scores
        Shape (n, k): linearised variables, as in ``survey_variance.linearised_variance``.
    confidence
        Coverage of the intervals.
    besides
        Shape (d, k): variance that does not come from the drawing of the sample.
    """
    df = degrees_of_freedom(sample.groups, sample.used)
    variance = linearised_variance(sample.groups, scores) + besides
    se = np.where(df >= 1, np.sqrt(variance), np.nan)
    limits = t_interval(value, se, df, confidence=confidence)
    with np.errstate(invalid="ignore", divide="ignore"):
        deff = np.where(df >= 1, variance / _simple_variance(sample, scores), np.nan)
    return DomainEstimates(value, se, limits.low, limits.high, sample.n, sample.n_missing, deff, df)


def _simple_variance(sample: Sample, scores: FloatMatrix) -> FloatMatrix:
    n, people = sample.n, sample.sums(sample.used)
    average = sample.sums(scores) / people
    # In two steps, since a mean square less a squared mean loses its digits for totals.
    deviations = np.where(sample.used, scores - average[sample.codes], 0.0)
    variance = sample.sums(deviations**2) / people * n / (n - 1)
    left = np.where(people > n, 1 - n / people, 1.0)
    simple: FloatMatrix = people**2 * variance / n * left
    return simple
