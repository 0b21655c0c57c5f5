"""Which units are alike: the nearest neighbours by standardised structural features."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ropsanalysis.stats.vocabulary import FloatMatrix, as_matrix


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The k nearest units of each of n units, nearest first.

    Attributes
    ----------
    index
        Shape (n, k): row numbers of the neighbours; -1 where no comparable unit is left.
    distance
        Shape (n, k): distances in standard deviations per feature; NaN where the index is -1.
    """

    index: NDArray[np.int64]
    distance: FloatMatrix


def standardise(features: ArrayLike) -> FloatMatrix:
    """Columns with mean 0 and standard deviation 1 (divisor n), missing values kept as NaN.

    A column without variation becomes 0: it separates nobody.
    """
    matrix = as_matrix(features, name="features")
    with_values = (~np.isnan(matrix)).sum(axis=0) > 0
    scaled = np.full(matrix.shape, np.nan)
    used = matrix[:, with_values]
    centred = used - np.nanmean(used, axis=0)
    spread = np.nanstd(used, axis=0)
    scaled[:, with_values] = centred / np.where(spread > 0, spread, 1.0)
    return scaled


def standardised_distances(features: ArrayLike) -> FloatMatrix:
    r"""Distances between all units, shape (n, n); NaN where two units share no feature.

    Notes
    -----
    :math:`d_{ij}^2 = \frac{1}{m_{ij}}\sum_f (z_{if} - z_{jf})^2` over the :math:`m_{ij}` features that both
    units have: the mean and not the sum, so that a missing feature does not make a pair look alike.
    """
    scaled = standardise(features)
    difference = scaled[:, None, :] - scaled[None, :, :]
    shared = ~np.isnan(difference)
    counts = shared.sum(axis=2)
    squares = np.where(shared, difference, 0.0) ** 2
    with np.errstate(invalid="ignore"):
        distances: FloatMatrix = np.sqrt(squares.sum(axis=2) / np.where(counts > 0, counts, np.nan))
    return distances


def nearest(features: ArrayLike, *, k: int) -> Neighbours:
    """Find the k most similar units of each unit by standardised Euclidean distance.

    Parameters
    ----------
    features
        Shape (n, f): units in rows, structural features in columns; NaN where missing.
    k
        Neighbours per unit; equal distances are ordered by row.

    Examples
    --------
    >>> nearest([[0.0], [1.0], [10.0]], k=1).index.ravel()
    array([1, 0, 1])
    """
    distances = standardised_distances(features)
    np.fill_diagonal(distances, np.nan)
    order = np.argsort(distances, axis=1, kind="stable")[:, :k]
    nearest_distances = np.take_along_axis(distances, order, axis=1)
    missing = np.isnan(nearest_distances)
    return Neighbours(index=np.where(missing, -1, order), distance=nearest_distances)
