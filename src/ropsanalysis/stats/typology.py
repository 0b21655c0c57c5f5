"""Types of respondents: k-means partitions, how far two partitions agree, and how stable one is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ropsanalysis.stats.vocabulary import FloatMatrix, FloatVector, as_matrix

Labels = NDArray[np.int64]

MOST_ROUNDS = 25
"""Rounds of one k-means run; clusters that still move then are settled for what they are."""


@dataclass(frozen=True, slots=True)
class Partition:
    """Rows sorted into k clusters, the largest first.

    Attributes
    ----------
    labels
        Shape (n,): cluster of each row, 0 to k - 1.
    centres
        Shape (k, p): mean of each cluster.
    within
        Sum of the squared distances of the rows to their centres.
    """

    labels: Labels
    centres: FloatMatrix
    within: float


def k_means(points: ArrayLike, *, k: int, rng: np.random.Generator, starts: int = 5) -> Partition:
    """Best of several k-means partitions from k-means++ starts.

    Parameters
    ----------
    points
        Shape (n, p), complete; n at least k.
    k
        Clusters, at least 1.
    starts
        Random starts; the partition with the smallest sum of squares is kept.

    Returns
    -------
    Partition
        Clusters in order of size, ties in order of their first row.

    Raises
    ------
    ValueError
        If a value is missing or there are fewer rows than clusters.

    References
    ----------
    Arthur, D., Vassilvitskii, S. (2007). k-means++: the advantages of careful seeding. SODA '07, 1027-1035.
    """
    matrix = as_matrix(points, name="points")
    if np.isnan(matrix).any():
        raise ValueError("points: k-means needs complete rows; impute or leave out missing values first")
    if not 1 <= k <= matrix.shape[0]:
        raise ValueError(f"k is {k}; it must lie between 1 and the number of rows ({matrix.shape[0]})")
    found = (_one_start(matrix, k, rng) for _ in range(starts))
    centres = min(found, key=lambda centre: float(_squared(matrix, centre).min(axis=1).sum()))
    labels = _squared(matrix, centres).argmin(axis=1)
    sizes = np.bincount(labels, minlength=k)
    first = np.array([np.argmax(labels == cluster) for cluster in range(k)])
    order = np.lexsort((first, -sizes))
    within = float(_squared(matrix, centres).min(axis=1).sum())
    return Partition(np.argsort(order)[labels].astype(np.int64), centres[order], within)


def nearest(points: FloatMatrix, centres: FloatMatrix) -> Labels:
    """Index of the nearest centre of each row, shape (n,)."""
    return np.asarray(_squared(points, centres).argmin(axis=1), dtype=np.int64)


def adjusted_rand_index(first: ArrayLike, second: ArrayLike) -> float:
    r"""Agreement of two partitions of the same rows: 1 if the same, 0 on average by chance.

    Parameters
    ----------
    first, second
        Shape (n,): whole-number labels; which numbers are used does not matter.

    Notes
    -----
    With counts :math:`n_{ij}` of the rows in cluster i of one and j of the other, the index is
    :math:`(s - e)/(m - e)` with :math:`s = \sum_{ij}\binom{n_{ij}}{2}`, :math:`e` the value of s expected for
    random partitions of the same sizes and :math:`m` the mean of the two sums over single partitions. Two trivial
    partitions agree fully.

    References
    ----------
    Hubert, L., Arabie, P. (1985). Comparing partitions. Journal of Classification 2, 193-218.

    Examples
    --------
    >>> adjusted_rand_index([0, 0, 1, 1], [5, 5, 3, 3])
    1.0
    """
    a = np.unique(np.asarray(first), return_inverse=True)[1]
    b = np.unique(np.asarray(second), return_inverse=True)[1]
    if a.shape != b.shape:
        raise ValueError(f"the partitions label {a.size} and {b.size} rows; they must label the same rows")
    counts = np.zeros((a.max(initial=0) + 1, b.max(initial=0) + 1))
    np.add.at(counts, (a, b), 1)
    together, rows, columns = (_pairs(part).sum() for part in (counts, counts.sum(axis=1), counts.sum(axis=0)))
    expected = rows * columns / max(_pairs(np.array(float(a.size))), 1.0)
    highest = (rows + columns) / 2
    return 1.0 if highest == expected else float((together - expected) / (highest - expected))


def stability(
    points: ArrayLike, partition: Partition, *, rng: np.random.Generator, draws: int = 20, starts: int = 2
) -> float:
    """Mean adjusted Rand index between a partition and those found in bootstrap samples of the rows.

    Parameters
    ----------
    points
        Shape (n, p): the rows that were partitioned.
    draws
        Bootstrap samples; every one is clustered anew, and all rows are then given to its nearest centres.

    References
    ----------
    Dolnicar, S., Leisch, F. (2010). Evaluation of structure and reproducibility of cluster solutions using the
    bootstrap. Marketing Letters 21(1), 83-101.
    """
    matrix, k = as_matrix(points, name="points"), partition.centres.shape[0]
    indices = []
    for _ in range(draws):
        sample = matrix[rng.integers(matrix.shape[0], size=matrix.shape[0])]
        again = k_means(sample, k=k, rng=rng, starts=starts)
        indices.append(adjusted_rand_index(partition.labels, nearest(matrix, again.centres)))
    return float(np.mean(indices))


def silhouette(points: ArrayLike, labels: ArrayLike) -> float:
    """Mean silhouette width: 1 for tight clusters far apart, about 0 where clusters run into one another.

    Notes
    -----
    For each row: (b - a) / max(a, b), with a the mean distance to its own cluster's other rows and b the mean
    distance to the nearest other cluster; 0 for a row alone in its cluster. Needs n * n distances.

    References
    ----------
    Rousseeuw, P. J. (1987). Silhouettes. Journal of Computational and Applied Mathematics 20, 53-65.
    """
    matrix = as_matrix(points, name="points")
    cluster = np.unique(np.asarray(labels), return_inverse=True)[1]
    member = np.eye(cluster.max(initial=0) + 1)[cluster]
    sizes = member.sum(axis=0)
    if sizes.size < 2:
        return float("nan")
    sums = np.sqrt(np.maximum(_squared(matrix, matrix), 0.0)) @ member
    rows = np.arange(cluster.size)
    own = sums[rows, cluster] / np.maximum(sizes[cluster] - 1, 1)
    others = sums / sizes
    others[rows, cluster] = np.inf
    other = others.min(axis=1)
    largest = np.maximum(own, other)
    width = np.divide(other - own, largest, out=np.zeros_like(own), where=(largest > 0) & (sizes[cluster] > 1))
    return float(width.mean())


def _one_start(matrix: FloatMatrix, k: int, rng: np.random.Generator) -> FloatMatrix:
    """Centres of one k-means run: rows move to their nearest centre until none moves."""
    centres = _spread_centres(matrix, k, rng)
    labels = nearest(matrix, centres)
    for _ in range(MOST_ROUNDS):
        member = np.eye(k)[labels]
        sizes = member.sum(axis=0)[:, None]
        # A cluster that lost all its rows keeps its centre.
        centres = np.where(sizes > 0, member.T @ matrix / np.maximum(sizes, 1), centres)
        previous, labels = labels, nearest(matrix, centres)
        if (labels == previous).all():
            break
    return centres


def _spread_centres(matrix: FloatMatrix, k: int, rng: np.random.Generator) -> FloatMatrix:
    """Draw k rows, each with a chance proportional to its squared distance from those drawn before."""
    chosen = [int(rng.integers(matrix.shape[0]))]
    while len(chosen) < k:
        distance = np.maximum(_squared(matrix, matrix[chosen]).min(axis=1), 0.0)
        distance[chosen] = 0.0
        total = distance.sum()
        chosen.append(int(rng.choice(matrix.shape[0], p=distance / total if total > 0 else None)))
    return matrix[chosen]


def _squared(points: FloatMatrix, centres: FloatMatrix) -> FloatMatrix:
    cross = points @ centres.T
    return np.asarray((points**2).sum(axis=1)[:, None] - 2 * cross + (centres**2).sum(axis=1))


def _pairs(counts: FloatVector) -> FloatVector:
    return np.asarray(counts * (counts - 1) / 2)
