"""Before and after, and differences in differences: against statsmodels, by hand, as laws, and where truth is known."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student

from ropsanalysis.stats.effects import (
    Effect,
    before_after,
    cluster_least_squares,
    difference_in_differences,
    difference_in_means,
)


class People:
    """300 persons in 30 unequal counties, treated by county; a common shock moves each county."""

    def __init__(
        self, rng: np.random.Generator, *, trend: float = 2.0, effect: float = 1.0, counties: int = 30
    ) -> None:
        self.county = np.sort(rng.integers(0, counties, 10 * counties))
        self.treated = self.county % 2 == 0
        self.weights = rng.uniform(0.5, 2, self.county.size)
        self.before = rng.normal(10, 2, self.county.size) - 3 * self.treated
        shock = rng.normal(0, 0.7, counties)[self.county]
        change = trend + effect * self.treated + shock + rng.normal(0, 1, self.county.size)
        self.after = self.before + change

    def did(self, order: np.ndarray | slice = slice(None), **kwargs: object) -> Effect:
        chosen = {"treated": self.treated[order], "clusters": self.county[order], **kwargs}
        return difference_in_differences(self.before[order], self.after[order], **chosen)


@pytest.fixture(scope="module")
def people() -> People:
    return People(np.random.default_rng(20240501))


@pytest.mark.parametrize("weighted", [False, True])
def test_error_is_that_of_statsmodels(people: People, weighted: bool) -> None:
    weights = people.weights if weighted else np.ones(people.county.size)
    model = sm.WLS(people.after - people.before, sm.add_constant(people.treated.astype(float)), weights=weights)
    fit = model.fit(cov_type="cluster", cov_kwds={"groups": people.county}, use_t=True)
    found = people.did(weights=weights)
    assert (found.value, found.se) == pytest.approx((fit.params[1], fit.bse[1]))
    # statsmodels has 29 degrees of freedom; each group has 15 of the 30 counties.
    assert (found.df, found.n_clusters) == (14, 30)
    reach = student.ppf(0.975, 14) / student.ppf(0.975, 29)
    assert found.high - found.value == pytest.approx(reach * (fit.conf_int()[1, 1] - fit.params[1]))
    assert found.p_value == pytest.approx(2 * student.sf(abs(fit.tvalues[1]), 14))


def test_degrees_of_freedom_are_those_of_the_group_in_fewer_counties(people: People) -> None:
    # Counties 0, 2, 4 alone are treated, then all but these; without a comparison the only group counts.
    few = np.isin(people.county, (0, 2, 4))
    assert people.did(treated=few).df == people.did(treated=~few).df == 2
    assert before_after(people.before, people.after, clusters=people.county).df == 29


def test_many_outcomes_and_columns_as_in_statsmodels(people: People) -> None:
    design = np.column_stack((np.ones(people.county.size), people.treated, people.before))
    outcomes = np.column_stack((people.after, people.after**2))
    fit = cluster_least_squares(design, outcomes, clusters=people.county)
    for k, y in enumerate(outcomes.T):
        reference = sm.OLS(y, design).fit(cov_type="cluster", cov_kwds={"groups": people.county})
        assert fit.coefficients[:, k] == pytest.approx(reference.params)
        assert fit.covariance[k] == pytest.approx(reference.cov_params())
        assert fit.se[:, k] == pytest.approx(reference.bse)


def test_by_hand() -> None:
    # Changes 3 and 5 of the treated, 1 and 1 of the comparison, one missing: 4 - 1. Each person alone (HC1):
    # (1 + 1) / 2**2 = 0.5, times 4 / 2 for four persons and two coefficients, is 1.
    found = difference_in_differences([1, 1, 0, 2, None], [4, 6, 1, 3, 9], [1, 1, 0, 0, 1], clusters=None)
    assert (found.value, found.se) == pytest.approx((3.0, 1.0))
    assert (found.n_treated, found.n_comparison, found.n_missing, found.df) == (2, 2, 1, 1.0)


def test_before_and_after_takes_the_trend_for_an_effect_and_did_does_not() -> None:
    # Trend 2, effect 1. Over 60 samples of 300 persons means vary by about 0.2 / sqrt(60) = 0.03.
    rng = np.random.default_rng(7)
    samples = [People(rng) for _ in range(60)]
    naive = [before_after(s.before[s.treated], s.after[s.treated], clusters=s.county[s.treated]).value for s in samples]
    assert np.mean(naive) == pytest.approx(3.0, abs=0.15)
    assert np.mean([s.did().value for s in samples]) == pytest.approx(1.0, abs=0.15)
    # The treated start 3 lower, so a comparison of levels afterwards is wrong as well.
    levels = [difference_in_means(s.after, s.treated, clusters=s.county).value for s in samples]
    assert np.mean(levels) == pytest.approx(-2.0, abs=0.15)


def test_order_of_persons_and_names_of_clusters_do_not_matter(people: People) -> None:
    order = np.random.default_rng(1).permutation(people.county.size)
    names = np.array([f"powiat {number}" for number in people.county])
    shuffled = people.did(order, clusters=names[order])
    assert astuple(shuffled) == pytest.approx(astuple(people.did()))


@given(constant=st.floats(-1e3, 1e3))
def test_a_constant_changes_nothing(people: People, constant: float) -> None:
    moved = difference_in_differences(
        people.before + constant, people.after + constant, people.treated, clusters=people.county
    )
    # Rounding of numbers near 1000.
    assert astuple(moved) == pytest.approx(astuple(people.did()), abs=1e-9)


def test_equal_weights_are_none_and_weight_zero_is_absence(people: People) -> None:
    assert astuple(people.did(weights=np.full(people.county.size, 3.0))) == pytest.approx(astuple(people.did()))
    kept = people.county > 3
    assert astuple(people.did(weights=kept.astype(float))) == pytest.approx(astuple(people.did(kept)))


def test_missing_persons_are_left_out_and_counted(people: People) -> None:
    after = people.after.copy()
    after[:7] = np.nan
    found = difference_in_differences(people.before, after, people.treated, clusters=people.county)
    assert found.n_missing == 7
    assert astuple(found)[:-1] == pytest.approx(astuple(people.did(slice(7, None)))[:-1])


@pytest.mark.parametrize(
    ("treated", "clusters"),
    [
        ([1, 1, 0, 0, 0, 0], list("aabbcc")),  # the treated are one cluster: their residuals add up to 0
        ([1, 1, 1, 1, 0, 0], list("aabbcc")),
        ([1, 1, 0, 0, 0, 0], list("aaaaaa")),
    ],
)
def test_a_group_in_one_cluster_has_a_value_but_no_error(treated: list[int], clusters: list[str]) -> None:
    found = difference_in_differences([0] * 6, [3, 4, 1, 2, 3, 5], treated, clusters=clusters)
    assert np.isfinite(found.value)
    assert np.isnan([found.se, found.df, found.low, found.high, found.p_value]).all()


def test_few_clusters_of_either_group_are_marked(people: People) -> None:
    assert not people.did().few_clusters
    assert people.did(treated=people.county < 5).few_clusters
    assert people.did(treated=people.county >= 5).few_clusters
    assert not before_after(people.before, people.after, clusters=people.county).few_clusters


def test_empty_groups_give_no_value() -> None:
    for treated in ([1, 1], [0, 0]):
        assert np.isnan(difference_in_differences([1, 2], [2, 3], treated, clusters=None).value)
    assert np.isnan(before_after([None], [1], clusters=None).value)
    assert before_after([None], [1], clusters=None).n_missing == 1


def test_nothing_given_is_changed(people: People) -> None:
    before, after = people.before.copy(), people.after.copy()
    people.did()
    assert (before == people.before).all()
    assert (after == people.after).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"treated": [1, 2, 0]}, "true and false"),
        ({"treated": [1, 0]}, "expected 3"),
        ({"after": [1, 2]}, "expected 3"),
        ({"clusters": ["a", None, "b"]}, "missing for 1"),
        ({"weights": [1, -1, 1]}, "from 0 on"),
        ({"confidence": 95}, "between 0 and 1"),
    ],
)
def test_what_cannot_be_used_is_refused(change: dict[str, object], message: str) -> None:
    given = {"before": [1, 2, 3], "after": [2, 3, 4], "treated": [1, 0, 0], "clusters": None, **change}
    with pytest.raises(ValueError, match=message):
        difference_in_differences(**given)


def test_dependent_columns_are_refused() -> None:
    with pytest.raises(ValueError, match="depend on one another"):
        cluster_least_squares([[1, 2], [1, 2], [1, 2]], [[1], [2], [3]], clusters=None)
