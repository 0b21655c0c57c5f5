"""Measures of many networks of the same entities at once; what they mean is told in `network`."""

from __future__ import annotations

from collections.abc import Sequence
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
        Shape (n,). Ties of entities of a negative level are no part of "cross_level".
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
    levelled = tied * (level >= 0) * (level[:, None] >= 0)
    paths = _paths(tied)
    joined = np.sum([np.count_nonzero(layer, axis=(1, 2)) for layer in paths], axis=0) - n
    found = {
        "density": _share(ties, pairs),
        "centralisation": _centralisation(degree, (n - 1) * (n - 2)),
        "betweenness_centralisation": _centralisation(_betweenness(tied, paths), n - 1),
        "cross_sector": _share(_between_unlike(tied, sector), ties),
        "cross_level": _share(_between_unlike(levelled, level), levelled.sum(axis=(1, 2)) / 2),
        "reach": _share(joined / 2, pairs),
        "brokerage": _share(*brokered(tied, sector, animator)),
        "ties": ties,
    }
    return {name: found[name] for name in MEASURES}


def _betweenness(tied: FloatMatrix, paths: Sequence[FloatMatrix]) -> FloatMatrix:
    """Return the betweenness (0-1) of each entity of d networks, shape (d, n).

    Notes
    -----
    The algorithm of Brandes for all beginnings and all networks in one go: forwards (`_paths`), the number of shortest
    paths from each beginning to the entities at distance 1, 2, ...; backwards, what each entity has of the pairs behind
    it.

    References
    ----------
    Brandes, U. (2001). A faster algorithm for betweenness centrality. Journal of Mathematical Sociology 25(2), 163-177.
    """
    n = tied.shape[1]
    dependency = np.zeros_like(tied)
    # The beginning itself (distance 0) lies between no pair, so the walk back ends at distance 1.
    for nearer, farther in zip(paths[-2:0:-1], paths[:1:-1], strict=True):
        # Paths are whole numbers: the two limits pick those at this distance and divide by nothing smaller than 1.
        share = (1 + dependency) * np.minimum(farther, 1) / np.maximum(farther, 1)
        dependency += nearer * (share @ tied)
    return np.asarray(dependency.sum(axis=1) / max((n - 1) * (n - 2), 1))


def _paths(tied: FloatMatrix) -> list[FloatMatrix]:
    """Return for distance 0, 1, ... the number of shortest paths between the entities that far apart, else 0."""
    layers = [np.broadcast_to(np.eye(tied.shape[1]), tied.shape)]
    unseen = 1 - layers[0]
    while layers[-1].any():
        farther = (layers[-1] @ tied) * unseen
        unseen *= farther == 0
        layers.append(farther)
    return layers[:-1]


def brokered(tied: FloatMatrix, sector: IntVector, animator: int | None) -> tuple[FloatVector, FloatVector]:
    """Return the paths through the animator, and all, between entities of unlike sectors that are not tied themselves.

    Parameters
    ----------
    tied
        Shape (d, n, n): 1 where two entities are tied, else 0.
    sector, animator
        As in `measures`.

    Returns
    -------
    through, paths
        Shape (d,) each: numbers of paths of two ties; through NaN without an animator.
    """
    unjoined = (1 - tied) * (sector[:, None] != sector)
    paths = ((tied @ tied) * unjoined).sum(axis=(1, 2)) / 2
    if animator is None:
        return np.full(len(tied), np.nan), paths
    own = tied[:, :, animator]
    return np.einsum("di,dij,dj->d", own, unjoined, own) / 2, paths


def _centralisation(values: FloatMatrix, most: float) -> FloatVector:
    """Return how far the entities are behind the foremost, of the most that is possible (in a star)."""
    if values.shape[1] < 3:
        return np.full(len(values), np.nan)
    return np.asarray((values.max(axis=1)[:, None] - values).sum(axis=1) / most)


def _between_unlike(tied: FloatMatrix, code: IntVector) -> FloatVector:
    """Return the number of ties between entities of unlike codes."""
    return np.asarray((tied * (code[:, None] != code)).sum(axis=(1, 2)) / 2)


def _share(part: FloatVector, whole: FloatVector) -> FloatVector:
    return np.asarray(np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0))
