"""Reliability: alpha against a published value and the analysis of variance, omega against exact factor models."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.multivariate.factor import Factor

from ropsanalysis.stats.scales import one_factor, reliability

# Chatterjee, S., Price, B. (1977), Regression Analysis by Example: survey of clerical employees, ships with R as
# `attitude`; columns rating, complaints, privileges, learning, raises, critical, advance.
ATTITUDE = np.array(
    [
        [43, 63, 71, 61, 81, 43, 58, 71, 72, 67, 64, 67, 69, 68, 77, 81, 74, 65, 65, 50, 50, 64, 53, 40,
         63, 66, 78, 48, 85, 82],
        [51, 64, 70, 63, 78, 55, 67, 75, 82, 61, 53, 60, 62, 83, 77, 90, 85, 60, 70, 58, 40, 61, 66, 37,
         54, 77, 75, 57, 85, 82],
        [30, 51, 68, 45, 56, 49, 42, 50, 72, 45, 53, 47, 57, 83, 54, 50, 64, 65, 46, 68, 33, 52, 52, 42,
         42, 66, 58, 44, 71, 39],
        [39, 54, 69, 47, 66, 44, 56, 55, 67, 47, 58, 39, 42, 45, 72, 72, 69, 75, 57, 54, 34, 62, 50, 58,
         48, 63, 74, 45, 71, 59],
        [61, 63, 76, 54, 71, 54, 66, 70, 71, 62, 58, 59, 55, 59, 79, 60, 79, 55, 75, 64, 43, 66, 63, 50,
         66, 88, 80, 51, 77, 64],
        [92, 73, 86, 84, 83, 49, 68, 66, 83, 80, 67, 74, 63, 77, 77, 54, 79, 80, 85, 78, 64, 80, 80, 57,
         75, 76, 78, 83, 74, 78],
        [45, 47, 48, 35, 47, 34, 35, 41, 31, 41, 34, 41, 25, 35, 46, 36, 63, 60, 46, 52, 33, 41, 37, 49,
         33, 72, 49, 38, 55, 39],
    ],
    dtype=float,
).T  # fmt: skip


def test_alpha_of_the_attitude_survey_as_published() -> None:
    # R psych's help page of alpha() prints for alpha(attitude): raw_alpha 0.84.
    assert reliability(ATTITUDE).alpha == pytest.approx(0.84, abs=0.005)


def test_alpha_equals_the_ratio_of_mean_squares() -> None:
    # Hoyt (1941): 1 - MS(residual) / MS(persons) in the two-way table, computed here from its definition.
    n, k = ATTITUDE.shape
    rows, columns, mean = ATTITUDE.mean(axis=1), ATTITUDE.mean(axis=0), ATTITUDE.mean()
    residual = ((ATTITUDE - rows[:, None] - columns + mean) ** 2).sum() / ((n - 1) * (k - 1))
    persons = k * ((rows - mean) ** 2).sum() / (n - 1)
    assert reliability(ATTITUDE).alpha == pytest.approx(1 - residual / persons, abs=1e-12)


def test_feldts_interval_covers_the_true_alpha_in_95_of_100_samples() -> None:
    # Parallel items with variance 1 + 1: the true alpha of five is 5 * 0.5 / (1 + 4 * 0.5) = 5/6. 600 samples give a
    # standard error of 0.9 points, so 93-97 % is two of them either side.
    rng = np.random.default_rng(5)
    results = [reliability(rng.normal(size=(30, 1)) + rng.normal(size=(30, 5))) for _ in range(600)]
    covered = np.mean([r.low <= 5 / 6 <= r.high for r in results])
    assert 0.93 <= covered <= 0.97


def test_omega_of_an_exact_one_factor_model() -> None:
    # By hand: loadings 0.9, 0.7, 0.5, 0.3 and uniquenesses 0.2, 0.4, 0.6, 0.8 give 2.4^2 / (2.4^2 + 2.0) = 0.7423.
    loadings, unique = np.array([0.9, 0.7, 0.5, 0.3]), np.array([0.2, 0.4, 0.6, 0.8])
    covariance = np.outer(loadings, loadings) + np.diag(unique)
    assert one_factor(covariance) == pytest.approx(loadings, abs=1e-6)
    ratings = _with_covariance(covariance, n=50)
    assert reliability(ratings).omega == pytest.approx(5.76 / 7.76, abs=1e-6)


def test_omega_equals_alpha_when_all_loadings_are_equal() -> None:
    # McDonald (1999): the two coincide for tau-equivalent items.
    covariance = np.full((5, 5), 0.6) + np.diag([0.3, 0.5, 0.7, 0.9, 1.1])
    result = reliability(_with_covariance(covariance, n=40))
    assert result.omega == pytest.approx(result.alpha, abs=1e-6)


def test_loadings_agree_with_another_implementation() -> None:
    # statsmodels Factor, principal axes on the correlations of the attitude data.
    other = Factor(corr=np.corrcoef(ATTITUDE.T), n_factor=1, method="pa", smc=True).fit(maxiter=5000, tol=1e-12)
    ours = one_factor(np.corrcoef(ATTITUDE.T))
    assert ours == pytest.approx(np.abs(np.asarray(other.loadings).ravel()), abs=1e-4)


def test_each_covariance_uses_those_who_rated_both() -> None:
    ratings = np.array([[1, 2, np.nan], [2, 2, 3], [3, 5, 4], [5, 4, 5], [np.nan, 1, 2]])
    # By definition, pair by pair.
    covariance = np.empty((3, 3))
    for i in range(3):
        for j in range(3):
            both = ~np.isnan(ratings[:, i]) & ~np.isnan(ratings[:, j])
            covariance[i, j] = np.cov(ratings[both, i], ratings[both, j])[0, 1]
    result = reliability(ratings)
    assert result.alpha == pytest.approx(1.5 * (1 - np.trace(covariance) / covariance.sum()))
    assert result.n == 3  # items 1 and 3 share three respondents


def test_items_without_spread_or_partners_are_left_out() -> None:
    rng = np.random.default_rng(1)
    ratings = rng.integers(1, 6, size=(30, 4)).astype(float)
    ratings[:, 1] = 3.0
    ratings[2:, 2] = np.nan
    result = reliability(ratings)
    assert result.items == 2
    assert result.alpha == pytest.approx(reliability(ratings[:, [0, 3]]).alpha)
    assert np.isnan(result.omega)  # two items do not determine a factor


def test_nothing_is_claimed_without_items() -> None:
    result = reliability(np.full((4, 3), np.nan))
    assert (result.items, result.n) == (0, 0)
    assert np.isnan([result.alpha, result.low, result.high, result.omega]).all()


def _with_covariance(covariance: np.ndarray, *, n: int) -> np.ndarray:
    """Numbers whose sample covariance is exactly the one given."""
    raw = np.random.default_rng(3).normal(size=(n, covariance.shape[0]))
    white = np.linalg.qr(raw - raw.mean(axis=0))[0] * np.sqrt(n - 1)
    return white @ np.linalg.cholesky(covariance).T
