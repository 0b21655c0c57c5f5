"""How reliably a set of items measures one thing: Cronbach's alpha with its interval, and McDonald's omega."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import f as f_distribution

from ropsanalysis.stats.vocabulary import FloatMatrix, FloatVector, as_matrix

MIN_PAIRS: Final = 3
"""Fewest respondents a covariance rests on: two points always lie on a line."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """Reliability of the sum of k items.

    Attributes
    ----------
    alpha, low, high
        Cronbach's alpha and its interval; NaN where it cannot be computed.
    omega
        McDonald's omega of one common factor; NaN where the factor cannot be found.
    items
        Items used: those that vary and share enough respondents with every other.
    n
        Fewest respondents behind one pair of items; the interval rests on it.
    """

    alpha: float
    low: float
    high: float
    omega: float
    items: int
    n: int


def reliability(ratings: ArrayLike, *, confidence: float = 0.95) -> Reliability:
    r"""Cronbach's alpha with Feldt's interval, and McDonald's omega.

    Parameters
    ----------
    ratings
        Shape (n, k): respondents in rows, items in columns, on one scale; NaN where missing.
    confidence
        Level of the interval of alpha.

    Notes
    -----
    With item covariances :math:`c_{ij}` and :math:`k` items,
    :math:`\alpha = \frac{k}{k-1}\left(1 - \frac{\sum_i c_{ii}}{\sum_{ij} c_{ij}}\right)`. Each covariance is taken
    over the respondents who rated both items (pairwise). The interval uses
    :math:`(1-\alpha)/(1-\hat\alpha) \sim F_{n-1,\,(n-1)(k-1)}` with the smallest number of respondents behind
    any pair as :math:`n`, so missing answers widen it. Omega is
    :math:`(\sum\lambda_i)^2 / \{(\sum\lambda_i)^2 + \sum\psi_i\}` with loadings and uniquenesses of one factor.

    References
    ----------
    Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests. Psychometrika 16, 297-334.
    Feldt, L. S., Woodruff, D. J., Salih, F. A. (1987). Statistical inference for coefficient alpha. Applied
    Psychological Measurement 11(1), 93-103.
    McDonald, R. P. (1999). Test Theory: A Unified Treatment. Erlbaum, chapter 6.

    Examples
    --------
    >>> round(reliability([[1, 2], [2, 3], [3, 5], [5, 5]]).alpha, 4)
    0.931
    """
    matrix = as_matrix(ratings, name="ratings")
    matrix = matrix[:, _usable(matrix)]
    k = matrix.shape[1]
    if k < 2:
        return Reliability(np.nan, np.nan, np.nan, np.nan, k, 0)
    n = int(_pair_counts(matrix).min())
    covariance = pd.DataFrame(matrix).cov().to_numpy()
    alpha = k / (k - 1) * (1 - float(np.trace(covariance) / covariance.sum()))
    edges = f_distribution.ppf([(1 + confidence) / 2, (1 - confidence) / 2], n - 1, (n - 1) * (k - 1))
    low, high = 1 - (1 - alpha) * edges
    return Reliability(alpha, float(low), float(high), _omega(covariance), k, n)


def one_factor(covariance: FloatMatrix, *, tolerance: float = 1e-10, max_iterations: int = 2000) -> FloatVector:
    """Find the loadings of one common factor by iterated principal axes; all NaN where they do not settle.

    Parameters
    ----------
    covariance
        Shape (k, k), k at least 3.

    Returns
    -------
    loadings
        Shape (k,), in the unit of the items, with a positive sum.

    Notes
    -----
    The diagonal of the correlation matrix is replaced by communalities until these no longer change, which
    minimises the squared residuals off the diagonal. No communality may exceed 1 (no negative uniqueness).

    References
    ----------
    Harman, H. H. (1976). Modern Factor Analysis, 3rd ed. University of Chicago Press, chapter 9.
    """
    scale = np.sqrt(np.diag(covariance))
    reduced = covariance / np.outer(scale, scale)
    communality = np.abs(reduced - np.eye(scale.size)).max(axis=0)
    for _ in range(max_iterations):
        np.fill_diagonal(reduced, communality)
        values, vectors = np.linalg.eigh(reduced)
        loadings: FloatVector = vectors[:, -1] * np.sqrt(max(values[-1], 0.0))
        previous, communality = communality, np.minimum(loadings**2, 1.0)
        if np.abs(communality - previous).max() < tolerance:
            return loadings * scale * (1.0 if loadings.sum() >= 0 else -1.0)
    return np.full(scale.size, np.nan)


def _omega(covariance: FloatMatrix) -> float:
    if covariance.shape[0] < 3:  # two items do not determine a factor
        return float("nan")
    loadings = one_factor(covariance)
    common = float(loadings.sum()) ** 2
    unique = float(np.maximum(np.diag(covariance) - loadings**2, 0.0).sum())
    return common / (common + unique)


def _pair_counts(matrix: FloatMatrix) -> FloatMatrix:
    rated = (~np.isnan(matrix)).astype(np.float64)
    return rated.T @ rated


def _usable(matrix: FloatMatrix) -> NDArray[np.int64]:
    """Columns left when, one by one, the item that shares too few respondents with another is dropped."""
    present = ~np.isnan(matrix)
    varies = (np.where(present, matrix, -np.inf).max(axis=0, initial=-np.inf)
              > np.where(present, matrix, np.inf).min(axis=0, initial=np.inf))  # fmt: skip
    keep = np.flatnonzero(varies).astype(np.int64)
    while keep.size:
        thin = (_pair_counts(matrix[:, keep]) < MIN_PAIRS).sum(axis=0)
        if not thin.any():
            break
        keep = np.delete(keep, int(thin.argmax()))
    return keep
