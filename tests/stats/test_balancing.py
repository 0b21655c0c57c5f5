"""Propensity scores, weights and balance: against statsmodels and a solver, by hand, as laws, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.optimize import minimize

from ropsanalysis.stats.balancing import (
    NoOverlapError,
    balance,
    entropy_weights,
    odds_weights,
    overlap,
    propensity,
    standardised_differences,
)
from ropsanalysis.stats.vocabulary import FloatMatrix


@pytest.fixture(scope="module")
def people() -> tuple[FloatMatrix, np.ndarray]:
    rng = np.random.default_rng(11)
    x = np.column_stack((rng.normal(40, 10, 500), rng.random(500) < 0.4, rng.exponential(2, 500)))
    chance = 1 / (1 + np.exp(-(-1 + 0.05 * (x[:, 0] - 40) + x[:, 1] - 0.2 * x[:, 2])))
    return x, rng.random(500) < chance


def test_scores_are_those_of_statsmodels(people: tuple[FloatMatrix, np.ndarray]) -> None:
    x, treated = people
    reference = sm.Logit(treated.astype(float), sm.add_constant(x)).fit(disp=0)
    assert propensity(x, treated).scores == pytest.approx(reference.predict())


def test_scores_do_not_depend_on_units_or_on_a_doubled_column(people: tuple[FloatMatrix, np.ndarray]) -> None:
    x, treated = people
    scores = propensity(x, treated).scores
    assert propensity(x * [1e6, 1, 1e-6] + [5, 0, 0], treated).scores == pytest.approx(scores)
    assert propensity(np.column_stack((x, x[:, 0], np.ones(len(x)))), treated).scores == pytest.approx(scores)


def test_entropy_weights_balance_exactly(people: tuple[FloatMatrix, np.ndarray]) -> None:
    x, treated = people
    squares = np.column_stack((x, x[:, 0] ** 2, x[:, 2] ** 2))
    weights = entropy_weights(squares, treated)
    found = balance(squares, treated, weights)
    assert np.abs(found.before).max() > 0.3
    assert np.abs(found.after).max() < 1e-6
    assert weights[~treated].sum() == pytest.approx(treated.sum())
    assert (weights[treated] == 1).all()
    assert 0 < found.n_effective < found.n_comparison


def test_entropy_weights_are_as_even_as_possible() -> None:
    # Brute force: the largest entropy with the treated's means, by sequential quadratic programming.
    x = np.array([[0.5, 0.3], [0.7, 0.5], [0, 0], [1, 0], [0, 1], [1, 1], [0.2, 0.9], [0.8, 0.1]])
    treated = np.array([1, 1, 0, 0, 0, 0, 0, 0], dtype=bool)
    target = x[treated].mean(axis=0)
    solved = minimize(
        lambda w: float(w @ np.log(w)),
        np.full(6, 1 / 6),
        bounds=[(1e-9, 1)] * 6,
        constraints=[
            {"type": "eq", "fun": lambda w: w.sum() - 1},
            {"type": "eq", "fun": lambda w: x[~treated].T @ w - target},
        ],
        options={"ftol": 1e-14},
    )
    # The solver stops at about 1e-6.
    assert entropy_weights(x, treated)[2:] / 2 == pytest.approx(solved.x, abs=1e-5)


def test_entropy_weights_ignore_units_order_and_dependent_columns(people: tuple[FloatMatrix, np.ndarray]) -> None:
    x, treated = people
    weights = entropy_weights(x, treated)
    assert entropy_weights(x * [1e4, 1, 1e-4] + 3, treated) == pytest.approx(weights, rel=1e-6)
    assert entropy_weights(np.column_stack((x, x @ [1, 2, 3])), treated) == pytest.approx(weights, rel=1e-6)
    order = np.random.default_rng(2).permutation(len(x))
    assert entropy_weights(x[order], treated[order]) == pytest.approx(weights[order], rel=1e-6)


def test_entropy_weights_reach_means_near_the_edge() -> None:
    # One of 1000 in the comparison has the trait that 99 of 100 treated have: its weight must be 0.99.
    treated = np.r_[np.ones(100), np.zeros(1000)]
    trait = np.r_[np.ones(99), 0, 1, np.zeros(999)]
    found = balance(trait[:, None], treated, entropy_weights(trait[:, None], treated))
    assert found.largest_share == pytest.approx(0.99)
    # 1 / (0.99**2 + 999 (0.01 / 999)**2)
    assert found.n_effective == pytest.approx(1.0203, abs=1e-4)


def test_weights_by_hand() -> None:
    # Odds 1 and 3 of the comparison, brought to two treated.
    assert odds_weights([0.5, 0.9, 0.5, 0.75], [1, 1, 0, 0]) == pytest.approx([1, 1, 0.5, 1.5])


def test_balance_by_hand() -> None:
    # Treated 2 and 4: mean 3, SD sqrt(2). Comparison 0 and 4: mean 2; with weights 1 and 3: mean 3.
    found = balance([[2], [4], [0], [4]], [1, 1, 0, 0], [1, 1, 1, 3])
    assert found.before == pytest.approx([1 / np.sqrt(2)])
    assert found.after == pytest.approx([0])
    # (1 + 3)**2 / (1 + 9)
    assert (found.n_effective, found.largest_share) == pytest.approx((1.6, 0.75))


def test_equal_weights_change_nothing_and_a_constant_trait_shows_its_imbalance() -> None:
    x, treated = [[2, 1], [4, 1], [0, 1], [4, 0]], [1, 1, 0, 0]
    found = balance(x, treated, [1, 1, 5, 5])
    assert found.after == pytest.approx(found.before)
    assert found.n_effective == pytest.approx(2)
    assert np.isinf(found.before[1])
    assert standardised_differences([[1], [1], [1]], [1, 1, 0]).tolist() == [0]


def test_overlap_by_hand() -> None:
    found = overlap([0.95, 0.5, 0.3, 0.05, 0.4, 0.6], [1, 1, 1, 0, 0, 0], bins=10)
    assert found.share_within == pytest.approx(2 / 3)
    assert found.verdict == "partial"
    assert found.within.tolist() == [False, True, True, False, True, True]
    assert found.treated.sum() == found.comparison.sum() == 3
    assert found.treated[9] == found.comparison[0] == 1
    assert overlap([0.5, 0.5], [1, 0]).verdict == "good"
    assert overlap([0.9, 0.8, 0.2, 0.1], [1, 1, 0, 0]).verdict == "none"


def test_a_category_of_the_treated_alone_is_named() -> None:
    x = np.array([[0, 1], [1, 1], [0, 0], [0, 1], [1, 0], [0, 0]])
    treated = [1, 1, 0, 0, 0, 0]
    x[0] = [0, 2]  # only a treated person has 2
    for make in (propensity, entropy_weights):
        with pytest.raises(NoOverlapError) as caught:
            make(np.column_stack((x[:, 0], x[:, 1] == 2, [0, 0, 1, 1, 0, 0])), treated)
        assert caught.value.reason == "no_overlap"
        assert 1 in caught.value.columns


def test_separation_by_covariates_together_is_found() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(200, 2))
    treated = x.sum(axis=1) > 1
    for make in (propensity, entropy_weights):
        with pytest.raises(NoOverlapError):
            make(x, treated)


def test_a_category_of_the_comparison_alone_is_not_needed(people: tuple[FloatMatrix, np.ndarray]) -> None:
    x, treated = people
    unlike = ~treated & (np.arange(500) % 5 == 0)
    found = propensity(np.column_stack((x, unlike)), treated)
    assert (found.scores[unlike] == 0).all()
    assert found.scores[~unlike] == pytest.approx(propensity(x[~unlike], treated[~unlike]).scores)


def test_empty_groups_and_missing_covariates_are_refused() -> None:
    for make in (propensity, entropy_weights):
        with pytest.raises(NoOverlapError, match="empty"):
            make([[1], [2]], [1, 1])
        with pytest.raises(ValueError, match="missing for 1"):
            make([[1], [None], [2]], [1, 0, 0])
