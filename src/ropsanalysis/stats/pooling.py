"""Means of many small groups by partial pooling: a mixed model with a random intercept per group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar
from scipy.stats import norm

from ropsanalysis.stats.vocabulary import FloatMatrix, FloatVector, as_matrix, as_vector

SEARCH = (-14.0, 5.0)
"""Logarithms of the ratios of both variances that are searched: from none to a hundredfold."""


@dataclass(frozen=True, slots=True)
class PooledMeans:
    """Model-based means of g groups.

    Attributes
    ----------
    value, low, high
        Shape (g,): predicted mean of each group and its interval, of groups without answers too.
    se
        Shape (g,): root of the mean squared error of prediction, the fixed part's uncertainty included.
    between, within
        Variance of the groups around the fixed part, and of answers inside a group.
    """

    value: FloatVector
    low: FloatVector
    high: FloatVector
    se: FloatVector
    between: float
    within: float


def pooled_means(
    values: ArrayLike, groups: ArrayLike, fixed: ArrayLike, *, confidence: float = 0.95
) -> PooledMeans | None:
    r"""Predict group means by a linear mixed model, fitted by restricted maximum likelihood.

    Parameters
    ----------
    values
        Shape (n,), NaN where missing (such rows are left out).
    groups
        Shape (n,): group of each row, 0 to g - 1.
    fixed
        Shape (g, p): what is known about each group, a constant included; columns may depend on one another.

    Returns
    -------
    PooledMeans or None
        None where the two variances cannot be told apart: no group has two answers, or there are no more groups
        with answers than the fixed part has dimensions.

    Notes
    -----
    :math:`y_{ig} = x_g'\beta + u_g + e_{ig}` with normal :math:`u_g` (variance :math:`\tau^2`) and :math:`e_{ig}`
    (:math:`\sigma^2`). As the fixed part does not change inside a group, sizes, means and inner squares of the groups
    hold all the information, and the restricted likelihood needs one search, over :math:`\tau^2/\sigma^2`. The
    predicted mean is :math:`x_g'\hat\beta + \gamma_g(\bar y_g - x_g'\hat\beta)` with
    :math:`\gamma_g = \tau^2/(\tau^2 + \sigma^2/n_g)`; its mean squared error is that of Prasad and Rao's first two
    terms, which takes the variances as known.

    References
    ----------
    Henderson, C. R. (1975). Best linear unbiased estimation and prediction under a selection model. Biometrics
    31(2), 423-447.
    Rao, J. N. K., Molina, I. (2015). Small Area Estimation, 2nd ed. Wiley, section 7.1.
    """
    answers, group = as_vector(values), np.asarray(groups)
    known = ~np.isnan(answers)
    answers, group = answers[known], group[known]
    basis = _independent(as_matrix(fixed, name="fixed"))
    n = np.bincount(group, minlength=basis.shape[0]).astype(np.float64)
    seen = n > 0
    if seen.sum() <= basis.shape[1] or n.sum() <= seen.sum() or np.linalg.matrix_rank(basis[seen]) < basis.shape[1]:
        return None
    means = np.bincount(group, weights=answers, minlength=n.size)[seen] / n[seen]
    inner = float(((answers - means[(np.cumsum(seen) - 1)[group]]) ** 2).sum())
    known_part = _Groups(n[seen], means, inner, basis[seen])
    search = minimize_scalar(
        lambda log_ratio: -known_part.fit(np.exp(log_ratio))[0],
        bounds=SEARCH,
        method="bounded",
        options={"xatol": 1e-6},
    )
    ratio = 0.0 if known_part.fit(0.0)[0] >= -search.fun else float(np.exp(search.x))
    _, within, beta, inverse = known_part.fit(ratio)
    mean_fixed = basis @ beta
    shrink = ratio * n / (1 + ratio * n)
    deviation = np.zeros(n.size)
    deviation[seen] = means - mean_fixed[seen]
    error = within * (ratio * (1 - shrink) + (1 - shrink) ** 2 * np.einsum("gi,ij,gj->g", basis, inverse, basis))
    value, se = mean_fixed + shrink * deviation, np.sqrt(error)
    half = norm.ppf((1 + confidence) / 2) * se
    return PooledMeans(value, value - half, value + half, se, ratio * within, within)


@dataclass(frozen=True, slots=True)
class _Groups:
    """Sizes, means, inner sum of squares and fixed part of the groups with answers."""

    n: FloatVector
    means: FloatVector
    inner: float
    fixed: FloatMatrix

    def fit(self, ratio: float) -> tuple[float, float, FloatVector, FloatMatrix]:
        """Restricted log-likelihood but for a constant, inner variance, slopes and their covariance over it."""
        weight = self.n / (1 + ratio * self.n)
        normal = self.fixed.T @ (weight[:, None] * self.fixed)
        inverse: FloatMatrix = np.asarray(np.linalg.inv(normal), dtype=np.float64)
        beta = inverse @ (self.fixed.T @ (weight * self.means))
        squares = self.inner + float((weight * (self.means - self.fixed @ beta) ** 2).sum())
        free = float(self.n.sum()) - beta.size
        within = max(squares / free, 1e-300)
        likelihood = -0.5 * (
            free * (np.log(2 * np.pi * within) + 1) + np.log1p(ratio * self.n).sum() + np.linalg.slogdet(normal)[1]
        )
        return float(likelihood), within, beta, inverse


def _independent(fixed: FloatMatrix) -> FloatMatrix:
    """Independent columns that span the same space."""
    left, sizes, _ = np.linalg.svd(fixed, full_matrices=False)
    return np.asarray(left[:, sizes > sizes.max(initial=0.0) * 1e-10])
