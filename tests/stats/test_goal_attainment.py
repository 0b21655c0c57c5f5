"""The T score against a published implementation, and its formula against brute-force variances."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ropsanalysis.stats.goal_attainment import t_score


@pytest.mark.parametrize(
    ("levels", "expected"),
    # R package gasr (calc_tscore), output printed in its README, equal weights and correlation 0.3.
    [((2, 2, 2), 77.38613), ((0, 1, 1), 59.12871), ((2, 1, 2), 72.82177), ((0, -1, 1), 50.0)],
)
def test_scores_of_the_package_gasr(levels: tuple[int, ...], expected: float) -> None:
    assert t_score(levels) == pytest.approx(expected, abs=5e-6)


@pytest.mark.parametrize("level", [-2, -1, 0, 1, 2])
def test_one_goal_is_fifty_and_ten_a_level(level: int) -> None:
    # Kiresuk and Sherman (1968): with a single goal the weight cancels, T = 50 + 10 x.
    assert t_score([level]) == 50 + 10 * level
    assert t_score([level], [7]) == pytest.approx(50 + 10 * level)


@pytest.mark.parametrize("goals", [2, 3, 5])
def test_equal_weights_are_the_sum_over_a_root(goals: int) -> None:
    # With k goals of equal weight: T = 50 + 10 sum(x) / sqrt(k - 0.3 k + 0.3 k^2).
    for levels in itertools.product((-2, 0, 1), repeat=goals):
        expected = 50 + 10 * sum(levels) / (0.7 * goals + 0.3 * goals**2) ** 0.5
        assert t_score(levels) == pytest.approx(expected)
        assert t_score(levels, [2.5] * goals) == pytest.approx(expected)


def test_denominator_is_the_standard_deviation_of_the_weighted_sum() -> None:
    # Two goals whose levels are -1 or 1, equal in a share (1 + rho) / 2 of cases: mean 0, variance 1, correlation rho.
    # Over all cases, with their probabilities, T must have mean 50 and standard deviation 10.
    for rho, weights in itertools.product((0.0, 0.3, 0.8, 1.0), ((1, 1), (1, 3), (2, 0.5))):
        cases = list(itertools.product((-1, 1), repeat=2))
        chance = np.array([(1 + rho) / 4 if a == b else (1 - rho) / 4 for a, b in cases])
        scores = np.array([t_score(case, weights, correlation=rho) for case in cases])
        assert chance @ scores == pytest.approx(50)
        assert chance @ (scores - 50) ** 2 == pytest.approx(100)


def test_goals_of_unknown_level_are_left_out_with_their_weight() -> None:
    assert t_score([1, np.nan, 2], [1, 5, 3]) == t_score([1, 2], [1, 3])
    assert np.isnan(t_score([]))
    assert np.isnan(t_score([np.nan, np.nan], [1, 2]))


@given(st.lists(st.tuples(st.integers(-2, 2), st.integers(1, 5)), min_size=1, max_size=6))
def test_laws_of_the_score(goals: list[tuple[int, int]]) -> None:
    levels, weights = (list(column) for column in zip(*goals, strict=True))
    score = t_score(levels, weights)
    # Neither the unit of the weights nor the order of the goals matters; below expectation mirrors above.
    assert t_score(levels, [10 * weight for weight in weights]) == pytest.approx(score)
    assert t_score(levels[::-1], weights[::-1]) == pytest.approx(score)
    assert t_score([-level for level in levels], weights) == pytest.approx(100 - score)


@pytest.mark.parametrize(
    ("levels", "weights", "correlation", "message"),
    [
        ([1, 2], [1], 0.3, "weights"),
        ([1, 2], [1, 0], 0.3, "above 0"),
        ([1, 2], [1, np.nan], 0.3, "above 0"),
        ([1], None, -0.1, "correlation"),
        ([1], None, 1.1, "correlation"),
        ([1], None, np.nan, "correlation"),
    ],
)
def test_wrong_input_is_refused(
    levels: list[float], weights: list[float] | None, correlation: float, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        t_score(levels, weights, correlation=correlation)
