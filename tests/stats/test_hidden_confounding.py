"""E-values and Oster's delta: published, by hand, as laws, and what is refused."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from ropsanalysis.stats.hidden_confounding import coefficient_stability, e_value, e_value_of_difference, stability


def test_published_e_value() -> None:
    # VanderWeele and Ding (2017): maternal smoking of formula milk, RR 3.9 (1.8, 8.7): E-values 7.26 and 3.0.
    found = e_value(3.9, 1.8, 8.7)
    assert (found.estimate, found.limit) == pytest.approx((7.26, 3.0), abs=0.005)


@given(st.floats(1.001, 50), st.floats(1.001, 3))
def test_a_protective_ratio_is_as_strong_as_its_inverse(ratio: float, spread: float) -> None:
    harmful = e_value(ratio, ratio / spread, ratio * spread)
    protective = e_value(1 / ratio, 1 / (ratio * spread), spread / ratio)
    assert (harmful.estimate, harmful.limit) == pytest.approx((protective.estimate, protective.limit))
    # The bias of a confounder that strong, E * E / (2 E - 1), is the ratio itself (their bounding factor).
    e = harmful.estimate
    assert e * e / (2 * e - 1) == pytest.approx(ratio)


def test_no_effect_within_the_interval_needs_no_confounder() -> None:
    assert e_value(1.5, 0.9, 2.5).limit == 1
    assert e_value(0.8, 0.5, 1.0).limit == 1
    assert e_value(1.0, 0.5, 2.0).estimate == 1


def test_missing_gives_missing() -> None:
    assert np.isnan(e_value(2.0, np.nan, np.nan).limit)
    assert e_value(2.0, np.nan, np.nan).estimate == pytest.approx(2 + np.sqrt(2))


def test_difference_is_a_ratio_of_091_per_standard_deviation() -> None:
    found, ratio = e_value_of_difference(0.5, 0.1, 0.9), np.exp(0.91 * 0.5)
    assert found.estimate == pytest.approx(ratio + np.sqrt(ratio * (ratio - 1)))
    assert astuple(e_value_of_difference(-0.5, -0.9, -0.1)) == pytest.approx(astuple(found))


@pytest.mark.parametrize("numbers", [(0.0, 0.0, 1.0), (2.0, 2.5, 3.0), (2.0, 1.0, 1.5)])
def test_impossible_ratios_are_refused(numbers: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match=r"expected positive|does not lie"):
        e_value(*numbers)


def test_delta_by_hand() -> None:
    # (1.5 - 0) (0.4 - 0.1) / ((2 - 1.5) (0.52 - 0.4)) = 0.45 / 0.06; 1.5 - 0.5 * 0.12 / 0.3.
    found = stability(2.0, 1.5, r2_short=0.1, r2_full=0.4)
    assert found.r2_max == pytest.approx(0.52)
    assert (found.delta, found.adjusted) == pytest.approx((7.5, 1.3))


def test_delta_is_one_where_the_null_is_the_adjusted_effect() -> None:
    adjusted = stability(2.0, 1.5, r2_short=0.1, r2_full=0.4).adjusted
    assert stability(2.0, 1.5, r2_short=0.1, r2_full=0.4, null=adjusted).delta == pytest.approx(1)


def test_limits_of_delta() -> None:
    assert stability(2.0, 2.0, r2_short=0.1, r2_full=0.4).delta == np.inf
    assert stability(2.0, 1.0, r2_short=0.1, r2_full=1.0).delta == np.inf
    assert np.isnan(stability(2.0, 1.0, r2_short=0.4, r2_full=0.4).delta)
    assert stability(1.0, 1.5, r2_short=0.1, r2_full=0.4).delta < 0
    with pytest.raises(ValueError, match="do not rise"):
        stability(2.0, 1.0, r2_short=0.5, r2_full=0.4)


def test_regressions_are_those_of_statsmodels() -> None:
    rng = np.random.default_rng(4)
    x = rng.normal(size=(200, 2))
    treated = rng.random(200) < 1 / (1 + np.exp(-x[:, 0]))
    y = treated + x @ [1.0, 0.5] + rng.normal(size=200)
    y[:5] = np.nan
    short = sm.OLS(y[5:], sm.add_constant(treated[5:].astype(float))).fit()
    full = sm.OLS(y[5:], np.column_stack((np.ones(195), treated[5:], x[5:]))).fit()
    found = coefficient_stability(y, treated, x)
    assert (found.effect_short, found.effect_full) == pytest.approx((short.params[1], full.params[1]))
    assert (found.r2_short, found.r2_full) == pytest.approx((short.rsquared, full.rsquared))
    assert (
        found.delta
        == stability(found.effect_short, found.effect_full, r2_short=found.r2_short, r2_full=found.r2_full).delta
    )
