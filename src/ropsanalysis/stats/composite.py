"""Composite index after the OECD/JRC handbook: impute, treat outliers, normalise, weight, aggregate.

Units stand in rows and indicators in columns throughout. Indicators belong to dimensions, dimensions to the
index. `rank_uncertainty` asks how far a unit's rank depends on the choices made on the way.

References
----------
OECD, JRC (2008). Handbook on Constructing Composite Indicators: Methodology and User Guide. Paris: OECD.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import kurtosis, rankdata, skew

from ropsanalysis.stats.ranking import competition_ranks
from ropsanalysis.stats.vocabulary import (
    SIGN,
    Direction,
    FloatMatrix,
    FloatVector,
    as_matrix,
    as_vector,
)

Imputation = Literal["none", "mean", "median"]
Normalisation = Literal["minmax", "zscore", "rank"]
Aggregation = Literal["arithmetic", "geometric"]
Transformation = Literal["none", "winsorised", "log"]

GEOMETRIC_FLOOR = 1.0
"""Lowest normalised value where a geometric mean follows: a single 0 would wipe out all else."""


@dataclass(frozen=True, slots=True)
class TreatedIndicator:
    """One indicator after the treatment of outliers.

    Attributes
    ----------
    treated
        Shape (n,).
    transformation
        ``none``, ``winsorised`` or ``log``.
    steps
        Extreme levels drawn in (0 unless winsorised).
    """

    treated: FloatVector
    transformation: Transformation
    steps: int


@dataclass(frozen=True, slots=True)
class CompositeIndex:
    """An index of n units from p indicators in d dimensions.

    Attributes
    ----------
    scores
        Shape (n,); higher is more favourable. NaN for a unit with too few indicators.
    ranks
        Shape (n,); 1 = most favourable; NaN where there is no score.
    dimension_scores
        Shape (n, d), columns in the order of ``dimensions``.
    dimensions
        The d dimension labels, in order of first appearance.
    available
        Shape (n,); share of the p indicators that the unit has, before imputation.
    normalised
        Shape (n, p); what went into the aggregation.
    """

    scores: FloatVector
    ranks: FloatVector
    dimension_scores: FloatMatrix
    dimensions: tuple[Hashable, ...]
    available: FloatVector
    normalised: FloatMatrix


def impute(values: ArrayLike, *, method: Imputation, groups: Sequence[Hashable] | None = None) -> FloatMatrix:
    """Fill missing values with the mean or median of the indicator, within groups of units if given.

    Parameters
    ----------
    values
        Shape (n, p).
    method
        ``"none"`` leaves them missing: aggregation then uses the indicators a unit has.
    groups
        Length n; a group without any value stays missing.

    Examples
    --------
    >>> impute([[1.0], [3.0], [None]], method="mean").ravel()
    array([1., 3., 2.])
    """
    matrix = as_matrix(values)
    if method == "none":
        return matrix
    labels = list(groups) if groups is not None else [0] * matrix.shape[0]
    if len(labels) != matrix.shape[0]:
        raise ValueError(f"groups names {len(labels)} units, the values have {matrix.shape[0]}")
    centre = np.mean if method == "mean" else np.median
    for group in set(labels):
        rows = np.array([label == group for label in labels])
        for column in range(matrix.shape[1]):
            present = rows & ~np.isnan(matrix[:, column])
            if present.any():
                gap = rows & np.isnan(matrix[:, column])
                matrix[gap, column] = centre(matrix[present, column])
    return matrix


def _has_outliers(values: FloatVector, max_skewness: float, max_kurtosis: float) -> bool:
    """Whether skewness and excess kurtosis (sample versions G1, G2) both pass their limits."""
    present = values[~np.isnan(values)]
    # G2 needs four values; equal values have no shape at all.
    if present.size < 4 or np.ptp(present) == 0:
        return False
    return bool(abs(skew(present, bias=False)) > max_skewness and kurtosis(present, bias=False) > max_kurtosis)


def _draw_in(values: FloatVector) -> FloatVector:
    """Replace the extreme level on the side of the skew by the next one."""
    drawn = values.copy()
    if skew(values[~np.isnan(values)]) >= 0:
        extreme = np.nanmax(values)
        drawn[values == extreme] = np.nanmax(values[values != extreme])
    else:
        extreme = np.nanmin(values)
        drawn[values == extreme] = np.nanmin(values[values != extreme])
    return drawn


def treat_outliers(
    values: ArrayLike,
    *,
    max_skewness: float = 2.0,
    max_kurtosis: float = 3.5,
    max_steps: int | None = None,
) -> TreatedIndicator:
    r"""Winsorise an indicator step by step until its shape is acceptable; take logs if that fails.

    Parameters
    ----------
    values
        Shape (n,).
    max_skewness, max_kurtosis
        An indicator is treated while absolute skewness **and** excess kurtosis exceed these.
    max_steps
        Most levels drawn in; by default a tenth of the units, rounded up.

    Notes
    -----
    Each step replaces the most extreme level on the skewed side by the next. If the shape is still not
    acceptable after ``max_steps``, the *original* values become :math:`\ln(x - \min x + 0.01\,r)` with range
    :math:`r = \max x - \min x` (the COIN Tool's log). The order of units never changes.

    References
    ----------
    Becker, W. et al. (2022). COINr: an R package for developing composite indicators. Journal of Open
    Source Software 7(78), 4567.
    """
    original = as_vector(values)
    limit = int(np.ceil(0.1 * original.size)) if max_steps is None else max_steps
    treated, steps = original, 0
    while steps < limit and _has_outliers(treated, max_skewness, max_kurtosis):
        treated, steps = _draw_in(treated), steps + 1
    if not _has_outliers(treated, max_skewness, max_kurtosis):
        return TreatedIndicator(treated, "winsorised" if steps else "none", steps)
    low, high = np.nanmin(original), np.nanmax(original)
    return TreatedIndicator(np.log(original - low + 0.01 * (high - low)), "log", 0)


def treat_all(values: ArrayLike, *, max_skewness: float = 2.0, max_kurtosis: float = 3.5) -> FloatMatrix:
    """Apply `treat_outliers` to every column; shape (n, p) in and out."""
    columns = [
        treat_outliers(column, max_skewness=max_skewness, max_kurtosis=max_kurtosis).treated
        for column in as_matrix(values).T
    ]
    return np.column_stack(columns)


def normalise(
    values: ArrayLike,
    *,
    directions: Sequence[Direction],
    method: Normalisation = "minmax",
    low: float = 0.0,
    high: float = 100.0,
) -> FloatMatrix:
    """Bring indicators to one scale on which higher is more favourable.

    Parameters
    ----------
    values
        Shape (n, p).
    directions
        Length p; ``"neutral"`` counts as ``"higher"``.
    method
        ``"minmax"``: worst unit ``low``, best unit ``high``; ``"rank"``: mean ranks spread evenly from
        ``low`` to ``high``; ``"zscore"``: mean 0, standard deviation 1 (divisor n - 1), ends unused.
    low, high
        Ends of the scale.

    Returns
    -------
    FloatMatrix
        Missing stays missing. An indicator without variation becomes the middle of the scale.

    Examples
    --------
    >>> normalise([[1.0], [2.0], [5.0]], directions=["lower"]).ravel()
    array([100.,  75.,   0.])
    """
    matrix = as_matrix(values)
    if len(directions) != matrix.shape[1]:
        raise ValueError(f"{len(directions)} directions for {matrix.shape[1]} indicators")
    scaled = np.full(matrix.shape, np.nan)
    for column, direction in enumerate(directions):
        present = ~np.isnan(matrix[:, column])
        oriented = SIGN[direction] * matrix[present, column]
        scaled[present, column] = _scale(oriented, method=method, low=low, high=high)
    return scaled


def _scale(oriented: FloatVector, *, method: Normalisation, low: float, high: float) -> FloatVector:
    if oriented.size == 0 or np.ptp(oriented) == 0:
        return np.full(oriented.shape, 0.0 if method == "zscore" else (low + high) / 2)
    if method == "zscore":
        standard: FloatVector = (oriented - oriented.mean()) / oriented.std(ddof=1)
        return standard
    if method == "rank":
        share: FloatVector = (rankdata(oriented) - 1) / (oriented.size - 1)
    else:
        share = (oriented - oriented.min()) / np.ptp(oriented)
    return low + (high - low) * share


def aggregate(
    values: ArrayLike, *, weights: ArrayLike, method: Aggregation = "arithmetic", min_available: float = 0.0
) -> FloatVector:
    r"""Weighted mean of each unit over the indicators it has.

    Parameters
    ----------
    values
        Shape (n, p); strictly positive for the geometric mean.
    weights
        Shape (p,), not negative; rescaled to sum to 1 over the indicators a unit has.
    method
        ``"arithmetic"`` :math:`\sum w_j x_j` (a good value makes up for a bad one) or ``"geometric"``
        :math:`\prod x_j^{w_j}` (only partly).
    min_available
        Share of indicators (with weight) that a unit needs; below it the result is NaN.

    Raises
    ------
    ValueError
        For a geometric mean of values that are not positive, or weights that do not fit.

    Examples
    --------
    >>> aggregate([[1.0, 4.0], [None, 4.0]], weights=[1, 1], method="geometric")
    array([2., 4.])
    """
    matrix, weight = as_matrix(values), as_vector(weights, name="weights")
    if weight.size != matrix.shape[1] or (weight < 0).any() or not weight.sum() > 0:
        raise ValueError("weights: give one non-negative weight per indicator, not all of them 0")
    used = weight > 0
    matrix, weight = matrix[:, used], weight[used]
    present = ~np.isnan(matrix)
    if method == "geometric":
        if (matrix[present] <= 0).any():
            raise ValueError("a geometric mean needs positive values; normalise to a range above 0")
        matrix = np.log(matrix)
    enough = present.any(axis=1) & (present.mean(axis=1) >= min_available)
    totals = np.where(present, matrix, 0.0) @ weight
    result = np.full(matrix.shape[0], np.nan)
    result[enough] = totals[enough] / (present @ weight)[enough]
    return np.exp(result) if method == "geometric" else result


def composite_index(
    values: ArrayLike,
    *,
    directions: Sequence[Direction],
    dimensions: Sequence[Hashable],
    weights: ArrayLike | None = None,
    dimension_weights: ArrayLike | None = None,
    normalisation: Normalisation = "minmax",
    aggregation: Aggregation = "arithmetic",
    imputation: Imputation = "none",
    groups: Sequence[Hashable] | None = None,
    treat: bool = True,
    min_available: float = 0.66,
) -> CompositeIndex:
    """Two-level composite index: indicators to dimensions to index.

    Parameters
    ----------
    values
        Shape (n, p), as published.
    directions, dimensions
        Length p: which end is better, and the dimension each indicator belongs to.
    weights
        Shape (p,): weights of the indicators inside their dimension; equal by default.
    dimension_weights
        Shape (d,): weights of the dimensions in order of first appearance; equal by default.
    normalisation, aggregation
        The choices; the aggregation is used on both levels. z-scores cannot be averaged geometrically.
    imputation, groups
        As in `impute`.
    treat
        Whether outliers are treated.
    min_available
        Share of the p indicators a unit must have before imputation to be scored.

    Notes
    -----
    Scores run from 0 to 100 (from 1 for a geometric mean); z-scores are left as they are. A dimension of
    which a unit has no indicator is left out and the other dimensions' weights rescaled.
    """
    matrix = as_matrix(values)
    if len(dimensions) != matrix.shape[1]:
        raise ValueError(f"{len(dimensions)} dimension labels for {matrix.shape[1]} indicators")
    if normalisation == "zscore" and aggregation == "geometric":
        raise ValueError("z-scores are negative for half of the units: use minmax or rank with a geometric mean")
    available = (~np.isnan(matrix)).mean(axis=1)
    matrix = impute(matrix, method=imputation, groups=groups)
    matrix = treat_all(matrix) if treat else matrix
    low = GEOMETRIC_FLOOR if aggregation == "geometric" else 0.0
    normalised = normalise(matrix, directions=directions, method=normalisation, low=low)
    return _aggregate_levels(
        normalised,
        available=available,
        dimensions=dimensions,
        weights=np.ones(matrix.shape[1]) if weights is None else as_vector(weights, name="weights"),
        dimension_weights=None if dimension_weights is None else as_vector(dimension_weights, name="dimension_weights"),
        aggregation=aggregation,
        min_available=min_available,
    )


def _aggregate_levels(
    normalised: FloatMatrix,
    *,
    available: FloatVector,
    dimensions: Sequence[Hashable],
    weights: FloatVector,
    dimension_weights: FloatVector | None,
    aggregation: Aggregation,
    min_available: float,
) -> CompositeIndex:
    labels = tuple(dict.fromkeys(dimensions))
    scores = np.full((normalised.shape[0], len(labels)), np.nan)
    for column, label in enumerate(labels):
        members = np.array([dimension == label for dimension in dimensions])
        scores[:, column] = aggregate(normalised[:, members], weights=weights[members], method=aggregation)
    outer = np.ones(len(labels)) if dimension_weights is None else dimension_weights
    index = aggregate(scores, weights=outer, method=aggregation)
    index[available < min_available] = np.nan
    return CompositeIndex(
        scores=index,
        ranks=competition_ranks(index, direction="higher").first,
        dimension_scores=scores,
        dimensions=labels,
        available=available,
        normalised=normalised,
    )
