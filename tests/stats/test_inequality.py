"""Dispersion and convergence: by hand, against a plain statsmodels formula, and as laws."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.formula.api as smf
from hypothesis import given
from hypothesis import strategies as st
from pandas import DataFrame

from ropsanalysis.stats.inequality import beta_convergence, dispersion, sigma_convergence

POSITIVE = st.lists(st.floats(0.5, 100), min_size=2, max_size=16)


def test_dispersion_by_hand() -> None:
    # 2, 4, 6: mean 4, squared deviations 4, 0, 4 -> sd sqrt(8/3); ratio 6/2.
    # Weights 1, 2, 1: weighted mean 4, variance (4 + 0 + 4)/4 = 2.
    result = dispersion([2.0, 4.0, 6.0], weights=[1.0, 2.0, 1.0])
    assert result.cv == pytest.approx((8 / 3) ** 0.5 / 4)
    assert result.cv_weighted == pytest.approx(2**0.5 / 4)
    assert result.ratio == 3


def test_missing_units_are_left_out() -> None:
    assert dispersion([2.0, np.nan, 6.0]) == dispersion([2.0, 6.0])
    assert dispersion([np.nan]).n == 0


@given(POSITIVE)
def test_equal_weights_change_nothing(values: list[float]) -> None:
    result = dispersion(values, weights=np.full(len(values), 7.0))
    assert result.cv_weighted == pytest.approx(result.cv, abs=1e-12)


@given(POSITIVE, st.floats(0.1, 1000))
def test_the_unit_of_measurement_does_not_matter(values: list[float], scale: float) -> None:
    plain, scaled = dispersion(values), dispersion([scale * value for value in values])
    assert scaled.cv == pytest.approx(plain.cv, abs=1e-12)
    assert scaled.ratio == pytest.approx(plain.ratio)


def test_a_zero_gives_no_ratio() -> None:
    assert np.isnan(dispersion([0.0, 2.0]).ratio)


def test_negative_weights_are_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        dispersion([1.0, 2.0], weights=[1.0, -1.0])


@pytest.mark.parametrize(
    ("cv", "verdict"),
    [
        ([0.5, 0.4, 0.3, 0.2, 0.1], "converging"),
        ([0.1, 0.2, 0.3, 0.4, 0.5], "diverging"),
        ([0.3, 0.1, 0.3, 0.1, 0.3], "unclear"),
    ],
)
def test_sigma_verdict(cv: list[float], verdict: str) -> None:
    assert sigma_convergence(range(2020, 2025), cv).verdict == verdict


def test_sigma_needs_enough_years() -> None:
    assert sigma_convergence([2023, 2024], [0.5, 0.1]).verdict == "unclear"


def test_beta_recovers_a_known_speed() -> None:
    # Every unit closes the gap to 100 at rate 0.05 for 10 years, ln(y_T/100) = exp(-0.5) ln(y_0/100),
    # so beta = -(1 - exp(-0.5))/10 and the half-life is ln 2 / 0.05 = 13.86 years, without error.
    initial = np.array([40.0, 60.0, 80.0, 120.0, 150.0, 90.0])
    final = 100 * (initial / 100) ** np.exp(-0.5)
    result = beta_convergence(initial, final, years=10)
    assert result.beta == pytest.approx(-(1 - np.exp(-0.5)) / 10)
    assert result.speed == pytest.approx(0.05)
    assert result.half_life_years == pytest.approx(np.log(2) / 0.05)


@pytest.mark.parametrize("weighted", [False, True])
def test_beta_agrees_with_the_formula_interface(weighted: bool) -> None:
    # statsmodels' formula interface with cov_type="HC3", computed here from the same numbers.
    rng = np.random.default_rng(7)
    initial, final = rng.uniform(50, 150, 16), rng.uniform(60, 160, 16)
    weights = rng.uniform(1, 5, 16) if weighted else np.ones(16)
    data = DataFrame({"growth": np.log(final / initial) / 8, "level": np.log(initial)})
    fit = smf.wls("growth ~ level", data, weights=weights).fit(cov_type="HC3", use_t=True)
    result = beta_convergence(initial, final, years=8, weights=weights if weighted else None)
    assert (result.beta, result.se, result.p_value) == pytest.approx(
        (fit.params["level"], fit.bse["level"], fit.pvalues["level"])
    )


def test_hc3_standard_error_by_its_definition() -> None:
    # (X'X)^-1 X' diag(e_i^2 / (1 - h_i)^2) X (X'X)^-1, MacKinnon & White (1985), written out.
    initial = np.array([40.0, 60.0, 80.0, 120.0, 150.0, 90.0])
    final = np.array([55.0, 70.0, 85.0, 118.0, 160.0, 99.0])
    x = np.column_stack([np.ones(6), np.log(initial)])
    y = np.log(final / initial) / 5
    inverse = np.linalg.inv(x.T @ x)
    residual = y - x @ inverse @ x.T @ y
    leverage = np.diag(x @ inverse @ x.T)
    middle = x.T @ np.diag((residual / (1 - leverage)) ** 2) @ x
    expected = np.sqrt((inverse @ middle @ inverse)[1, 1])
    assert beta_convergence(initial, final, years=5).se == pytest.approx(expected)


def test_diverging_units_have_no_half_life() -> None:
    initial = np.array([40.0, 60.0, 80.0, 120.0, 150.0])
    result = beta_convergence(initial, initial**1.1, years=5)
    assert result.beta > 0
    assert np.isnan(result.half_life_years)


def test_units_without_two_positive_values_are_left_out() -> None:
    result = beta_convergence([1.0, 0.0, 2.0, np.nan], [2.0, 1.0, 3.0, 4.0], years=5)
    assert result.n == 2
    assert np.isnan(result.beta)
