"""Do groups differ? A Wald test of equal means from any covariance, and p-values corrected for their number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import chi2
from scipy.stats import f as f_distribution

from ropsanalysis.stats.vocabulary import FloatVector, as_matrix, as_vector

Correction = Literal["holm", "benjamini_hochberg"]


@dataclass(frozen=True, slots=True)
class WaldTest:
    """Test that k means are equal.

    Attributes
    ----------
    statistic
        F statistic (Wald statistic over its degrees of freedom, corrected for the design's).
    df, df_error
        Degrees of freedom of the numerator and the denominator.
    p_value
        NaN where fewer than two means, or no degrees of freedom are left.
    """

    statistic: float
    df: int
    df_error: float
    p_value: float


def wald_equal_means(means: ArrayLike, covariance: ArrayLike, *, df: float) -> WaldTest:
    r"""Test that means are equal, given their covariance.

    Parameters
    ----------
    means
        Shape (k,).
    covariance
        Shape (k, k), as a design gives it; means may have unequal variances and be correlated.
    df
        Degrees of freedom of the covariance (respondents minus strata); infinite if it is known.

    Notes
    -----
    With the contrasts :math:`C` of each mean with the first, :math:`W = (C\bar y)'(CVC')^{-1}(C\bar y)`, and
    :math:`F = W (d - q + 1)/(q d)` is compared with :math:`F_{q,\,d-q+1}`, :math:`q = k - 1`. The correction keeps the
    level where many groups share few respondents.

    References
    ----------
    Korn, E. L., Graubard, B. I. (1990). Simultaneous testing of regression coefficients with complex survey data.
    American Statistician 44(4), 270-276.
    """
    vector, matrix = as_vector(means, name="means"), as_matrix(covariance, name="covariance")
    q = vector.size - 1
    df_error = df - q + 1
    if q < 1 or df_error < 1:
        return WaldTest(np.nan, max(q, 0), float(df_error), np.nan)
    contrast = np.column_stack((-np.ones(q), np.eye(q)))
    difference = contrast @ vector
    wald = float(difference @ np.linalg.pinv(contrast @ matrix @ contrast.T) @ difference)
    if np.isinf(df):
        return WaldTest(wald / q, q, float("inf"), float(chi2.sf(wald, q)))
    statistic = wald * df_error / (q * df)
    return WaldTest(statistic, q, float(df_error), float(f_distribution.sf(statistic, q, df_error)))


def adjust(p_values: ArrayLike, *, method: Correction) -> FloatVector:
    """Correct p-values for their number; missing ones stay missing and are not counted.

    Parameters
    ----------
    p_values
        Shape (n,), NaN where there was no test.
    method
        ``"holm"`` bounds the chance of even one false finding: for statements that steer money.
        ``"benjamini_hochberg"`` bounds the expected share of false findings among all: for exploring many
        associations.

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of Statistics
    6(2), 65-70.
    Benjamini, Y., Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal Statistical
    Society B 57(1), 289-300.

    Examples
    --------
    >>> adjust([0.01, None, 0.04], method="holm")
    array([0.02,  nan, 0.04])
    """
    values = as_vector(p_values, name="p_values")
    adjusted = np.full(values.size, np.nan)
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.argsort(values[known], kind="stable")]
    place = np.arange(1, order.size + 1)
    if method == "holm":
        steps = np.maximum.accumulate(values[order] * (order.size + 1 - place))
    else:
        steps = np.minimum.accumulate((values[order] * order.size / place)[::-1])[::-1]
    adjusted[order] = np.minimum(steps, 1.0)
    return adjusted
