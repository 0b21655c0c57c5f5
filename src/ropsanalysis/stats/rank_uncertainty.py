"""How far ranks in a composite index depend on its choices: build it in many defensible ways."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from ropsanalysis.stats.composite import (
    GEOMETRIC_FLOOR,
    Aggregation,
    Normalisation,
    aggregate,
    normalise,
    treat_all,
)
from ropsanalysis.stats.ranking import competition_ranks
from ropsanalysis.stats.vocabulary import Direction, FloatMatrix, FloatVector, as_matrix

Weighting = Literal["equal_by_dimension", "equal_by_indicator", "random"]

SCALES: tuple[tuple[Normalisation, Aggregation], ...] = (
    ("minmax", "arithmetic"),
    ("minmax", "geometric"),
    ("zscore", "arithmetic"),
    ("rank", "arithmetic"),
    ("rank", "geometric"),
)
"""Normalisations with the means that can follow them (no geometric mean of z-scores)."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One way of building the index.

    ``omitted`` is the column left out, None where all are used.
    """

    normalisation: Normalisation
    aggregation: Aggregation
    weighting: Weighting
    omitted: int | None


@dataclass(frozen=True, slots=True)
class RankUncertainty:
    """Ranks of n units over v variants of an index.

    Attributes
    ----------
    variants
        The v variants; the systematic ones first, then the random ones.
    ranks
        Shape (v, n); 1 = most favourable; NaN for a unit without a score.
    low, median, high
        Shape (n,): 5th, 50th and 95th percentile of the ranks, each a rank that occurred.
    """

    variants: tuple[Variant, ...]
    ranks: FloatMatrix
    low: FloatVector
    median: FloatVector
    high: FloatVector


def indicator_weights(dimensions: Sequence[Hashable], *, weighting: Weighting) -> FloatVector:
    """Weights of the indicators, shape (p,), that sum to 1 (``random`` starts from equal dimensions).

    Examples
    --------
    >>> indicator_weights(["a", "a", "b"], weighting="equal_by_dimension")
    array([0.25, 0.25, 0.5 ])
    """
    p = len(dimensions)
    if weighting == "equal_by_indicator":
        return np.full(p, 1 / p)
    sizes = {label: list(dimensions).count(label) for label in dimensions}
    return np.array([1 / sizes[label] / len(sizes) for label in dimensions])


def _systematic(p: int, *, leave_one_out: bool) -> Iterator[Variant]:
    """Every scale with both equal weightings, on all indicators and leaving each one out."""
    left_out: list[int | None] = [None, *range(p)] if leave_one_out and p > 1 else [None]
    weightings: tuple[Weighting, ...] = ("equal_by_dimension", "equal_by_indicator")
    for omitted in left_out:
        for weighting in weightings:
            for normalisation, aggregation in SCALES:
                yield Variant(normalisation, aggregation, weighting, omitted)


def rank_uncertainty(
    values: ArrayLike,
    *,
    directions: Sequence[Direction],
    dimensions: Sequence[Hashable],
    draws: int,
    rng: np.random.Generator,
    concentration: float = 4.0,
    leave_one_out: bool = True,
    treat: bool = True,
    min_available: float = 0.66,
) -> RankUncertainty:
    r"""Rank units under many defensible variants of a composite index.

    Parameters
    ----------
    values, directions, dimensions, treat, min_available
        As in `composite.composite_index`; values of shape (n, p), imputed beforehand if wanted.
    draws
        Random variants added to the systematic ones: a random scale, random weights and (if
        ``leave_one_out``) at random one indicator less or none.
    rng
        Source of chance; the same seed gives the same result.
    concentration
        Strength with which random weights keep to equal dimensions: the weights are Dirichlet with
        parameters ``concentration * p * w``. 4 makes a weight vary by about half of itself.
    leave_one_out
        Whether variants without one of the indicators are built.

    Notes
    -----
    The systematic part crosses normalisation x mean x {equal dimensions, equal indicators} x {all
    indicators, one left out}. Each variant is one weighted mean over all indicators. The interval says how
    much the rank depends on choices; it is no sampling error of the data.

    References
    ----------
    Saisana, M., Saltelli, A., Tarantola, S. (2005). Uncertainty and sensitivity analysis techniques as tools
    for the quality assessment of composite indicators. Journal of the Royal Statistical Society A 168(2),
    307-323.
    """
    matrix = as_matrix(values)
    p = matrix.shape[1]
    unscored = (~np.isnan(matrix)).mean(axis=1) < min_available
    treated = treat_all(matrix) if treat else matrix
    scaled = {scale: _normalised(treated, directions, *scale) for scale in SCALES}
    base = indicator_weights(dimensions, weighting="equal_by_dimension")
    variants, ranks = [], []
    for variant in _systematic(p, leave_one_out=leave_one_out):
        kept = [d for column, d in enumerate(dimensions) if column != variant.omitted]
        weights = indicator_weights(kept, weighting=variant.weighting)
        if variant.omitted is not None:
            weights = np.insert(weights, variant.omitted, 0.0)
        variants.append(variant)
        ranks.append(_ranks(scaled, variant, weights, unscored))
    for _ in range(draws):
        omitted = int(rng.integers(-1, p)) if leave_one_out and p > 1 else -1
        weights = rng.dirichlet(concentration * p * base)
        if omitted >= 0:
            weights[omitted] = 0.0
        normalisation, aggregation = SCALES[int(rng.integers(len(SCALES)))]
        variant = Variant(normalisation, aggregation, "random", omitted if omitted >= 0 else None)
        variants.append(variant)
        ranks.append(_ranks(scaled, variant, weights, unscored))
    table = np.vstack(ranks)
    low, median, high = np.percentile(table, [5, 50, 95], axis=0, method="inverted_cdf")
    return RankUncertainty(tuple(variants), table, low, median, high)


def _normalised(
    treated: FloatMatrix,
    directions: Sequence[Direction],
    normalisation: Normalisation,
    aggregation: Aggregation,
) -> FloatMatrix:
    low = GEOMETRIC_FLOOR if aggregation == "geometric" else 0.0
    return normalise(treated, directions=directions, method=normalisation, low=low)


def _ranks(
    scaled: dict[tuple[Normalisation, Aggregation], FloatMatrix],
    variant: Variant,
    weights: FloatVector,
    unscored: np.ndarray,
) -> FloatVector:
    normalised = scaled[variant.normalisation, variant.aggregation]
    scores = aggregate(normalised, weights=weights, method=variant.aggregation)
    scores[unscored] = np.nan
    return competition_ranks(scores, direction="higher").first
