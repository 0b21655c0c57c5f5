"""Concentration: against R's laeken on its own data, by hand, by brute force, and as laws."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import entropy

from ropsanalysis.stats.concentration import gini, hhi, location_quotient, theil
from support import shared_data

AMOUNTS = st.lists(st.floats(0, 1000), min_size=1, max_size=20).filter(lambda values: sum(values) > 1)
WEIGHTED = st.lists(
    st.tuples(st.floats(0, 1000), st.integers(1, 9), st.sampled_from("abc")), min_size=1, max_size=20
).filter(lambda rows: sum(row[0] for row in rows) > 1)


def columns(rows: list[tuple[float, int, str]]) -> tuple[list[float], list[int], list[str]]:
    values, weights, groups = zip(*rows, strict=True)
    return list(values), list(weights), list(groups)


# --- Gini ---------------------------------------------------------------------------------------------


def test_gini_of_eusilc_as_in_laeken() -> None:
    # R 4.2, laeken: gini("eqIncome", weights = "rb050", data = eusilc) is 26.489619 (shared REFERENCES.md).
    eusilc = pd.read_csv(shared_data("survey_reference") / "eusilc.csv")
    assert 100 * gini(eusilc["eqIncome"], weights=eusilc["rb050"]) == pytest.approx(26.489619, abs=5e-7)


def test_gini_by_hand() -> None:
    # 1, 2, 3, 4: mean difference of all 16 ordered pairs (6*1 + 4*2 + 2*3) / 16 = 1.25; half of it over the mean 2.5.
    assert gini([4.0, 1.0, 3.0, 2.0]) == pytest.approx(0.25)


@given(WEIGHTED)
def test_gini_is_half_the_mean_difference_over_the_mean(rows: list[tuple[float, int, str]]) -> None:
    values, weights, _ = columns(rows)
    x, w = np.array(values), np.array(weights, dtype=float)
    difference = (np.abs(x[:, None] - x) * np.outer(w, w)).sum() / w.sum() ** 2
    assert gini(values, weights=weights) == pytest.approx(difference / (2 * np.average(x, weights=w)), abs=1e-9)


@given(WEIGHTED)
def test_a_weight_is_as_many_units(rows: list[tuple[float, int, str]]) -> None:
    values, weights, groups = columns(rows)
    repeated = np.repeat(values, weights)
    assert gini(values, weights=weights) == pytest.approx(gini(repeated), abs=1e-9)
    parts, whole = theil(values, groups, weights=weights), theil(repeated, np.repeat(groups, weights))
    assert (parts.between, parts.within) == pytest.approx((whole.between, whole.within), abs=1e-9)


@given(AMOUNTS, st.floats(0.01, 1000))
def test_the_unit_of_measurement_does_not_matter(values: list[float], scale: float) -> None:
    scaled = [scale * value for value in values]
    assert gini(scaled) == pytest.approx(gini(values), abs=1e-9)
    assert theil(scaled).total == pytest.approx(theil(values).total, abs=1e-9)
    assert hhi(scaled).item() == pytest.approx(hhi(values).item(), abs=1e-9)


def test_equality_and_its_opposite() -> None:
    assert gini([7.0] * 9) == 0
    assert theil([7.0] * 9).total == 0
    # One of ten has everything: Gini 1 - 1/n, Theil ln n.
    alone = [0.0] * 9 + [3.0]
    assert gini(alone) == pytest.approx(0.9)
    assert theil(alone).total == pytest.approx(np.log(10))


# --- Theil --------------------------------------------------------------------------------------------


def test_theil_by_hand() -> None:
    # Groups (0, 2) and (3, 3), mean 2. Between: half of 0.5 ln 0.5 plus half of 1.5 ln 1.5. Within: the first group's
    # own index is ln 2, its share of the sum 2/8; the second is equal inside. The zero adds nothing.
    parts = theil([0.0, 2.0, 3.0, 3.0], ["a", "a", "b", "b"])
    assert parts.between == pytest.approx(0.25 * np.log(0.5) + 0.75 * np.log(1.5))
    assert parts.within == pytest.approx(0.25 * np.log(2))
    assert parts.total == pytest.approx(parts.between + parts.within)


@given(WEIGHTED)
def test_between_and_within_add_up(rows: list[tuple[float, int, str]]) -> None:
    values, weights, groups = columns(rows)
    parts = theil(values, groups, weights=weights)
    assert parts.total == pytest.approx(parts.between + parts.within, abs=1e-9)
    # The index is the divergence of the shares of the amount from the shares of the weight (scipy, in nats).
    amount = np.array(values) * weights
    assert parts.total == pytest.approx(entropy(amount, np.array(weights, dtype=float)), abs=1e-9)
    # Between: the same of the sums of the groups.
    sums = pd.DataFrame({"a": amount, "w": weights, "g": groups}).groupby("g")[["a", "w"]].sum()
    assert parts.between == pytest.approx(entropy(sums["a"], sums["w"]), abs=1e-9)


def test_within_is_made_of_the_groups_own_indices() -> None:
    eusilc = pd.read_csv(shared_data("survey_reference") / "eusilc.csv")
    income, weight, land = eusilc["eqIncome"], eusilc["rb050"], eusilc["db040"]
    parts = theil(income, land, weights=weight)
    amount = (income * weight).groupby(land).sum()
    own = {name: theil(income[land == name], weights=weight[land == name]).total for name in amount.index}
    assert parts.within == pytest.approx(sum(amount[name] / amount.sum() * own[name] for name in own))


def test_one_group_has_nothing_between() -> None:
    parts = theil([1.0, 2.0, 5.0])
    assert parts.between == pytest.approx(0, abs=1e-15)
    assert parts.within == pytest.approx(parts.total)


# --- what is missing or impossible --------------------------------------------------------------------


def test_missing_units_are_left_out() -> None:
    assert gini([1.0, np.nan, 3.0, 9.0], weights=[1.0, 5.0, 3.0, np.nan]) == gini([1.0, 3.0], weights=[1.0, 3.0])
    assert theil([1.0, np.nan, 3.0], ["a", "b", "b"]) == theil([1.0, 3.0], ["a", "b"])


@pytest.mark.parametrize("values", [[], [0.0, 0.0], [np.nan]])
def test_nothing_has_no_inequality(values: list[float]) -> None:
    assert np.isnan(gini(values))
    assert np.isnan(theil(values).total)


def test_impossible_input_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        gini([-1.0, 2.0])
    with pytest.raises(ValueError, match="negative"):
        theil([1.0, 2.0], weights=[1.0, -2.0])
    with pytest.raises(ValueError, match="weights: expected shape"):
        gini([1.0, 2.0], weights=[1.0])
    with pytest.raises(ValueError, match="groups: expected shape"):
        theil([1.0, 2.0], ["a"])
    with pytest.raises(ValueError, match="negative"):
        hhi([1.0, -1.0])
    with pytest.raises(ValueError, match="reference: expected shape"):
        location_quotient([[1.0, 2.0]], reference=[1.0])


# --- HHI and location quotient ------------------------------------------------------------------------


def test_hhi_by_hand() -> None:
    # Shares 0.5, 0.3, 0.2: 0.25 + 0.09 + 0.04.
    assert hhi([50, 30, 20]).item() == pytest.approx(0.38)
    assert hhi([50, 30, 20], normalised=True).item() == pytest.approx((0.38 - 1 / 3) / (2 / 3))


def test_hhi_of_many_wholes() -> None:
    index = hhi([[1, 1, 1, 1], [0, 0, 5, 0], [0, 0, 0, 0], [1, np.nan, 1, 1]])
    assert index[:2] == pytest.approx([0.25, 1])
    assert np.isnan(index[2:]).all()
    assert np.isnan(hhi([[4.0]], normalised=True)).all()


def test_location_quotient_by_hand() -> None:
    # 10 of 40 entities here, 25 of 200 in the country: 0.25 against 0.125.
    quotient = location_quotient([[10, 30]], reference=[25, 175])
    assert quotient.ravel() == pytest.approx([2, 0.75 / 0.875])


def test_location_quotient_against_the_sum_of_the_units() -> None:
    counts = np.array([[2.0, 0, 6], [1, 0, 1], [0, 0, 0]])
    quotient = location_quotient(counts)
    # Weighted by the units' sizes, the quotients of a kind average to 1.
    assert np.average(quotient[:2, [0, 2]], axis=0, weights=[8, 2]) == pytest.approx([1, 1])
    assert np.isnan(quotient[:, 1]).all()
    assert np.isnan(quotient[2]).all()
