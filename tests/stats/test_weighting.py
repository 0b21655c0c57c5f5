"""Weights: against R survey, by hand, and as laws."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from ropsanalysis.errors import UsageError
from ropsanalysis.stats.weighting import (
    Margin,
    MarginError,
    composition,
    effective_n,
    kish_design_effect,
    post_stratify,
    rake,
)
from support import shared_data

SEEDS = st.integers(0, 2**32 - 1)


def margin(codes: ArrayLike, totals: ArrayLike) -> Margin:
    return Margin(np.array(codes), np.array(totals, dtype=float))


def two_margins(seed: int, *, n: int = 200) -> list[Margin]:
    """Margins of a random population to which a sample with all categories can be raked."""
    rng = np.random.default_rng(seed)
    codes = [np.r_[np.arange(k), rng.integers(0, k, n - k)] for k in (4, 3)]
    people = rng.uniform(1, 10, n)
    return [Margin(code, np.bincount(code, weights=people)) for code in codes]


def test_raked_weights_equal_those_of_r() -> None:
    schools = pd.read_csv(shared_data("survey_reference") / "apiclus1.csv")
    # R survey 4.1.1: pop <- list(data.frame(stype=c("E","H","M"), Freq=c(4421,755,1018)),
    #                             data.frame(sch.wide=c("No","Yes"), Freq=c(1072,5122)))
    # range(weights(rake(svydesign(id=~dnum, weights=~pw, data=apiclus1, fpc=~fpc), list(~stype, ~sch.wide), pop,
    #                    control=list(epsilon=1e-10, maxit=100))))   -> 29.8706754926 67.1255292413
    types, wide = (pd.factorize(schools[name], sort=True)[0] for name in ("stype", "sch.wide"))
    result = rake([margin(types, [4421, 755, 1018]), margin(wide, [1072, 5122])], base=schools["pw"], tolerance=1e-11)
    assert result.weights.min() == pytest.approx(29.8706754926, rel=1e-9)
    assert result.weights.max() == pytest.approx(67.1255292413, rel=1e-9)
    assert result.converged
    assert result.n_trimmed == 0


def test_raking_two_by_two_by_hand() -> None:
    # Counts 1, 1 / 1, 1 (rows by columns), rows to 30 and 10, columns to 20 and 20: independence of the sample's
    # table is kept, so every cell is row total x column total / 40: 15, 15 / 5, 5.
    result = rake([margin([0, 0, 1, 1], [30, 10]), margin([0, 1, 0, 1], [20, 20])])
    np.testing.assert_allclose(result.weights, [15, 15, 5, 5], rtol=1e-12)


@given(SEEDS)
def test_raked_margins_are_met_and_raking_again_changes_nothing(seed: int) -> None:
    margins = two_margins(seed)
    result = rake(margins)
    for item in margins:
        np.testing.assert_allclose(np.bincount(item.codes, weights=result.weights), item.totals, rtol=1e-8)
    again = rake(margins, base=result.weights)
    assert again.iterations == 1
    np.testing.assert_allclose(again.weights, result.weights, rtol=1e-7)  # the tolerance 1e-8, met in each margin


@given(SEEDS)
def test_raking_to_one_margin_is_post_stratification(seed: int) -> None:
    first = two_margins(seed)[0]
    np.testing.assert_allclose(rake([first]).weights, post_stratify(first.codes, first.totals), rtol=1e-12)


@given(SEEDS, st.floats(0.01, 100))
def test_the_scale_of_the_base_weights_does_not_matter(seed: int, scale: float) -> None:
    margins, base = two_margins(seed), np.random.default_rng(seed).uniform(1, 3, 200)
    np.testing.assert_allclose(rake(margins, base=scale * base).weights, rake(margins, base=base).weights, rtol=1e-9)


@given(st.lists(st.integers(0, 3), min_size=4, max_size=60), st.lists(st.floats(0.5, 1e5), min_size=4, max_size=4))
def test_post_stratified_totals_are_exact(codes: list[int], totals: list[float]) -> None:
    everyone = [0, 1, 2, 3, *codes]
    weights = post_stratify(everyone, totals)
    np.testing.assert_allclose(np.bincount(everyone, weights=weights), totals, rtol=1e-12)


def skewed() -> tuple[list[Margin], np.ndarray]:
    """Return a sample whose few members of the last category stand for many."""
    rng = np.random.default_rng(5)
    first, second = np.r_[rng.integers(0, 3, 290), np.full(10, 3)], rng.integers(0, 2, 300)
    base = rng.lognormal(0, 0.8, 300)
    return [margin(first, [300, 300, 320, 80]), margin(second, [400, 600])], base


def test_trimmed_weights_keep_the_cap_and_the_margins() -> None:
    margins, base = skewed()
    free = rake(margins, base=base)
    assert free.weights.max() > 4 * np.median(free.weights)  # else there is nothing to trim
    trimmed = rake(margins, base=base, trim_ratio=4.0)
    assert trimmed.converged
    assert trimmed.n_trimmed > 0
    assert trimmed.weights.max() <= 4 * np.median(trimmed.weights) * (1 + 1e-12)
    for item in margins:
        np.testing.assert_allclose(np.bincount(item.codes, weights=trimmed.weights), item.totals, rtol=1e-8)
    assert kish_design_effect(trimmed.weights) < kish_design_effect(free.weights)


def test_a_cap_that_no_weight_reaches_changes_nothing() -> None:
    margins, base = skewed()
    free = rake(margins, base=base)
    loose = rake(margins, base=base, trim_ratio=1000)
    assert loose.n_trimmed == 0
    np.testing.assert_array_equal(loose.weights, free.weights)


def test_margins_that_contradict_the_cap_give_way_and_say_so() -> None:
    # One member stands for 90 of 100 people and nine for 10: the median is about 1, so a cap of 2 allows about 2.
    result = rake([margin([0] * 9 + [1], [10, 90])], trim_ratio=2.0)
    assert not result.converged
    assert result.iterations == 200
    assert result.weights[-1] == pytest.approx(2 * 10 / 9)
    assert result.max_difference == pytest.approx(1 - 2 * 10 / 9 / 90)


@pytest.mark.parametrize(
    ("codes", "totals", "problem", "category"),
    [
        ([0, 0], [5, 5], "no_members", 1),
        ([0, 1], [5, 0], "zero_target", 1),
        ([0, 1], [-5, 5], "bad_target", 0),
        ([0, 1], [5, np.nan], "bad_target", 1),
        ([0, 1], [5, np.inf], "bad_target", 1),
        ([0, 2], [5, 5], "unknown_code", 2),
        ([0, -1], [5, 5], "unknown_code", -1),
    ],
)
def test_targets_and_members_must_fit(codes: list[int], totals: list[float], problem: str, category: int) -> None:
    with pytest.raises(MarginError, match=f"category {category}") as alone:
        post_stratify(codes, totals)
    assert (alone.value.problem, alone.value.margin, alone.value.category) == (problem, 0, category)
    with pytest.raises(MarginError) as second:
        rake([margin([0, 1], [5, 5]), margin(codes, totals)])
    assert (second.value.problem, second.value.margin, second.value.category) == (problem, 1, category)
    assert isinstance(second.value, UsageError)


def test_members_with_zero_weight_do_not_count_as_members() -> None:
    with pytest.raises(MarginError, match="category 1") as error:
        post_stratify([0, 1], [5, 5], base=[1, 0])
    assert error.value.problem == "no_members"
    np.testing.assert_array_equal(post_stratify([0, 0, 1], [5, 0], base=[1, 1, 0]), [2.5, 2.5, 0])


def test_margins_must_agree_about_the_total() -> None:
    with pytest.raises(MarginError, match="another total") as error:
        rake([margin([0, 1], [50, 50]), margin([0, 1], [50, 51])])
    assert (error.value.problem, error.value.margin, error.value.category) == ("sums_differ", 1, None)


def test_senseless_calls_are_refused() -> None:
    with pytest.raises(UsageError, match="at least one margin"):
        rake([])
    with pytest.raises(UsageError, match="at least 1"):
        rake([margin([0], [1])], trim_ratio=0.5)
    with pytest.raises(UsageError, match="expected 2 weights"):
        post_stratify([0, 1], [1, 1], base=[1])
    with pytest.raises(UsageError, match="at least 0"):
        kish_design_effect([1, -1])
    with pytest.raises(UsageError, match="whole numbers"):
        post_stratify([0.0, 1.0], [1, 1])


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=50), st.floats(0.01, 100))
def test_kish_effect_is_one_plus_the_squared_variation(weights: list[float], scale: float) -> None:
    # Identity n sum(w^2) / sum(w)^2 = 1 + CV^2; effective n times the effect is n.
    effect = kish_design_effect(weights)
    assert effect == pytest.approx(1 + (np.std(weights) / np.mean(weights)) ** 2)
    assert kish_design_effect(scale * np.array(weights)) == pytest.approx(effect)
    assert effect * effective_n(weights) == pytest.approx(len(weights))


def test_the_difference_to_the_frame_vanishes_with_weights() -> None:
    codes, totals = [0, 0, 0, 1], [60, 40]
    before = composition(codes, totals)
    np.testing.assert_allclose(before.share, [0.75, 0.25])
    np.testing.assert_allclose(before.target_share, [0.6, 0.4])
    assert before.largest_difference == pytest.approx(0.15)
    after = composition(codes, totals, weights=post_stratify(codes, totals))
    assert after.largest_difference == pytest.approx(0, abs=1e-12)


def test_a_composition_may_lack_members_but_not_people() -> None:
    assert composition([0, 0], [30, 10]).largest_difference == pytest.approx(0.25)
    with pytest.raises(UsageError, match="people"):
        composition([0], [0, 0])


def test_inputs_stay_as_they_are() -> None:
    margins, base = skewed()
    before = [item.codes.copy() for item in margins], [item.totals.copy() for item in margins], base.copy()
    rake(margins, base=base, trim_ratio=3)
    np.testing.assert_array_equal(base, before[2])
    for item, codes, totals in zip(margins, before[0], before[1], strict=True):
        np.testing.assert_array_equal(item.codes, codes)
        np.testing.assert_array_equal(item.totals, totals)
