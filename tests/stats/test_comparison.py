"""Equality of means and corrected p-values, against statsmodels and by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_ind
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.oneway import anova_oneway

from ropsanalysis.stats.comparison import adjust, wald_equal_means

GROUPS = [np.array([4.1, 5.0, 6.2, 5.5]), np.array([3.9, 3.1, 4.4, 2.8, 3.3]), np.array([6.0, 7.5, 5.1])]


def test_statistic_is_that_of_welchs_anova() -> None:
    # statsmodels.stats.oneway.anova_oneway, unequal variances, without Welch's correction of the statistic: the
    # weighted sum of squares between groups over k - 1. With known variances (df infinite) F = W / (k - 1).
    means = [group.mean() for group in GROUPS]
    covariance = np.diag([group.var(ddof=1) / group.size for group in GROUPS])
    expected = anova_oneway(GROUPS, use_var="unequal", welch_correction=False).statistic
    assert wald_equal_means(means, covariance, df=np.inf).statistic == pytest.approx(expected, rel=1e-10)


def test_two_groups_give_the_square_of_welchs_t() -> None:
    means = [group.mean() for group in GROUPS[:2]]
    covariance = np.diag([group.var(ddof=1) / group.size for group in GROUPS[:2]])
    t, p = ttest_ind(GROUPS[0], GROUPS[1], equal_var=False)
    df = ttest_ind(GROUPS[0], GROUPS[1], equal_var=False).df
    test = wald_equal_means(means, covariance, df=df)
    assert test.statistic == pytest.approx(t**2)
    assert test.p_value == pytest.approx(p)


def test_equal_means_are_rejected_in_one_of_twenty_samples() -> None:
    # Law of the level: 5 % of 2000 samples, standard error 0.5 points. Groups of 12 with different variances.
    rng = np.random.default_rng(8)
    rejected = 0
    for _ in range(2000):
        groups = rng.normal(size=(4, 12)) * np.array([[1.0], [1.5], [1.0], [2.0]])
        covariance = np.diag(groups.var(axis=1, ddof=1) / 12)
        rejected += wald_equal_means(groups.mean(axis=1), covariance, df=44).p_value < 0.05
    assert 0.035 <= rejected / 2000 <= 0.075  # the F distribution is an approximation for unequal variances


def test_covariance_between_groups_counts() -> None:
    # By hand: variance of the difference 1 + 1 - 2 * 0.5 = 1, so W = 2^2 = 4.
    test = wald_equal_means([0.0, 2.0], [[1.0, 0.5], [0.5, 1.0]], df=np.inf)
    assert test.statistic == pytest.approx(4.0)


def test_nothing_to_compare() -> None:
    assert np.isnan(wald_equal_means([1.0], [[1.0]], df=10).p_value)
    assert np.isnan(wald_equal_means([1.0, 2.0, 3.0], np.eye(3), df=1).p_value)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=25))
def test_corrections_agree_with_statsmodels(p_values: list[float]) -> None:
    assert adjust(p_values, method="holm") == pytest.approx(multipletests(p_values, method="holm")[1])
    assert adjust(p_values, method="benjamini_hochberg") == pytest.approx(multipletests(p_values, method="fdr_bh")[1])


def test_missing_p_values_are_not_counted() -> None:
    # By hand, Holm over two tests: 0.01 * 2, and 0.03 * 1 raised to at least 0.02.
    assert adjust([0.03, np.nan, 0.01], method="holm") == pytest.approx([0.03, np.nan, 0.02], nan_ok=True)
    assert np.isnan(adjust([np.nan], method="holm")).all()
