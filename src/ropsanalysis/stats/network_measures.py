"""Measures of many networks of the same entities at once; what they mean is told in `network`."""

from __future__ import annotations

from typing import Final

import numpy as np

from ropsanalysis.stats.vocabulary import BoolVector, FloatMatrix, FloatVector, IntVector

MEASURES: Final = (
    "density", "centralisation", "betweenness_centralisation", "cross_sector", "cross_level", "reach", "brokerage",
    "ties",
)  # fmt: skip


def measures(
    adjacency: BoolVector, sector: IntVector, level: IntVector, animator: int | None
) -> dict[str, FloatVector]:
    """Return each measure of d networks.

    Parameters
    ----------
    adjacency
        Shape (d, n, n): symmetric, nothing on the diagonals.
    sector, level
        Shape (n,).
    animator
        Place of the animator or None.

    Returns
    -------
    measures
        Measure -> shape (d,); NaN where undefined.
    """
    n = adjacency.shape[1]
    tied = adjacency.astype(np.float64)
    degree = tied.sum(axis=2)
    ties = degree.sum(axis=1) / 2
    pairs = np.full(ties.shape, n * (n - 1) / 2)
    found = {
        "density": _share(ties, pairs),
        "centralisation": _centralisation(degree, (n - 1) * (n - 2)),
        "betweenness_centralisation": _centralisation(betweenness(tied), n - 1),
        "cross_sector": _share(_of_pairs(tied, sector[:, None] != sector), ties),
        "cross_level": _share(_of_pairs(tied, level[:, None] != level), ties),
        "reach": _share(_of_pairs(_joined(tied), ~np.eye(n, dtype=np.bool_)), pairs),
        "brokerage": _brokerage(tied, sector, animator),
        "ties": ties,
    }
    return {name: found[name] for name in MEASURES}


def betweenness(tied: FloatMatrix) -> FloatMatrix:
    """Return the betweenness (0-1) of each entity of d networks, shape (d, n).

    Notes
    -----
    The algorithm of Brandes for all beginnings and all networks in one go: forwards, the number of shortest paths from
    each beginning to the entities at distance 1, 2, ...; backwards, what each entity has of the pairs behind it.

    References
    ----------
    Brandes, U. (2001). A faster algorithm for betweenness centrality. Journal of Mathematical Sociology 25(2), 163-177.
    """
    n = tied.shape[1]
    if n < 3:
        return np.zeros(tied.shape[:2])
    layers = _paths(tied)
    dependency = np.zeros_like(tied)
    # The beginning itself (distance 0) lies between no pair, so the walk back ends at distance 1.
    for nearer, farther in zip(layers[-2:0:-1], layers[:1:-1], strict=True):
        share = np.divide(1 + dependency, farther, out=np.zeros_like(tied), where=farther > 0)
        dependency += nearer * (share @ tied)
    return np.asarray(dependency.sum(axis=1) / ((n - 1) * (n - 2)))


def _paths(tied: FloatMatrix) -> list[FloatMatrix]:
    """Return for distance 0, 1, ... the number of shortest paths between the entities that far apart, else 0."""
    start = np.broadcast_to(np.eye(tied.shape[1]), tied.shape)
    layers = [start]
    seen = start > 0
    while layers[-1].any():
        farther = np.where(seen, 0.0, layers[-1] @ tied)
        seen = seen | (farther > 0)
        layers.append(farther)
    return layers[:-1]


def _joined(tied: FloatMatrix) -> FloatMatrix:
    """Return 1 for entities that a path joins, else 0; paths of twice the length in each step."""
    joined = np.minimum(tied + np.eye(tied.shape[1]), 1.0)
    longest = 1
    while longest < tied.shape[1] - 1:
        joined = np.minimum(joined @ joined, 1.0)
        longest *= 2
    return joined


def _brokerage(tied: FloatMatrix, sector: IntVector, animator: int | None) -> FloatVector:
    if animator is None:
        return np.full(len(tied), np.nan)
    unlike = sector[:, None] != sector
    untied = 1 - tied
    through = tied[:, :, animator, None] * tied[:, None, animator, :]
    return _share(_of_pairs(through * untied, unlike), _of_pairs((tied @ tied) * untied, unlike))


def _centralisation(values: FloatMatrix, most: float) -> FloatVector:
    """Return how far the entities are behind the foremost, of the most that is possible (in a star)."""
    if values.shape[1] < 3:
        return np.full(len(values), np.nan)
    return np.asarray((values.max(axis=1)[:, None] - values).sum(axis=1) / most)


def _of_pairs(values: FloatMatrix, chosen: BoolVector) -> FloatVector:
    """Return the sum over chosen pairs, each once; both shapes end with (n, n) and are symmetric."""
    return np.asarray(np.where(chosen, values, 0.0).sum(axis=(1, 2)) / 2)


def _share(part: FloatVector, whole: FloatVector) -> FloatVector:
    return np.asarray(np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0))
