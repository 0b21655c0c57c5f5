"""Who answered twice: complete pairs with their weights and clusters, shared by all measures of change of persons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t as t_distribution

from ropsanalysis.stats.survey_design import Design
from ropsanalysis.stats.vocabulary import BoolVector, FloatVector, as_vector
from ropsanalysis.stats.weighting import effective_n


class Pairs(NamedTuple):
    """Persons who answered twice, with a weight above 0."""

    before: FloatVector
    after: FloatVector
    weights: FloatVector
    labels: NDArray[Any]
    design: Design
    n: int
    n_missing: int
    n_clusters: int


def pairs_of(before: ArrayLike, after: ArrayLike, weights: ArrayLike | None, clusters: ArrayLike | None) -> Pairs:
    """Return the persons who answered twice and have a weight that is not 0.

    Raises
    ------
    ValueError
        If lengths differ.
    UsageError
        If a weight or label of a person who answered twice cannot be used.
    """
    waves = [as_vector(before, name="before"), as_vector(after, name="after")]
    kept = complete_rows(waves, ("before", "after"), weights)
    w = np.ones(kept.sum()) if weights is None else as_vector(weights, name="weights")[kept]
    labels = labels_of(clusters, kept)
    design = Design(w, clusters=labels)
    n_clusters = int(design.layout.psus.sum())
    return Pairs(waves[0][kept], waves[1][kept], w, labels, design, w.size, count_missing(waves, weights), n_clusters)


def labels_of(clusters: ArrayLike | None, kept: BoolVector) -> NDArray[Any]:
    """Clusters of the rows kept; without clusters each row is its own.

    Raises
    ------
    ValueError
        If there are not as many labels as rows.
    """
    if clusters is None:
        return np.arange(int(kept.sum()))
    labels = np.asarray(clusters)
    if labels.shape != kept.shape:
        raise ValueError(f"clusters: {labels.size} labels, expected {kept.size}, one for each person")
    return labels[kept]


def complete_rows(columns: Sequence[FloatVector], names: Sequence[str], weights: ArrayLike | None) -> BoolVector:
    """Return which rows have every answer and a weight that is not 0, shape (n,).

    Raises
    ------
    ValueError
        If lengths differ.
    """
    n = columns[0].size
    for name, column in zip(names, columns, strict=True):
        if column.size != n:
            raise ValueError(f"{name}: {column.size} values, expected {n}, one for each person")
    known: BoolVector = ~np.asarray(np.isnan(np.array(columns)).any(axis=0))
    if weights is None:
        return known
    w = as_vector(weights, name="weights")
    if w.size != n:
        raise ValueError(f"weights: {w.size} values, expected {n}, one for each person")
    known &= w != 0
    return known


def count_missing(columns: Sequence[FloatVector], weights: ArrayLike | None) -> int:
    """Count rows with a missing answer, except those of weight 0."""
    missing = np.isnan(np.array(columns)).any(axis=0)
    return int(missing.sum() if weights is None else (missing & (as_vector(weights) != 0)).sum())


def wald_p_value(value: float, se: float, df: float, *, scale: float) -> float:
    """Two-sided p-value by Student's t; NaN without degrees of freedom or spread (beside numbers of size `scale`)."""
    if not se > 1e-12 * max(scale, 1e-300) or df < 1:
        return float("nan")
    return float(2 * t_distribution.sf(abs(value) / se, df))


def clusters_worth(pairs: Pairs) -> float:
    """Kish's effective number of clusters."""
    _, code = np.unique(pairs.labels, return_inverse=True)
    return effective_n(np.bincount(code, weights=pairs.weights))
