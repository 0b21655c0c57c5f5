"""Theil-Sen and Mann-Kendall against SciPy, against published and hand-worked cases, and as laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from ropsanalysis.stats.change import mann_kendall, theil_sen, trend, wobble

SERIES = st.lists(st.integers(-20, 20), min_size=4, max_size=16)
DISTINCT = st.lists(st.integers(-1000, 1000), min_size=3, max_size=12, unique=True)

# SciPy and we sum the same floating-point terms in another order.
ROUNDING = 1e-12


@given(SERIES)
def test_slope_and_interval_agree_with_scipy(values: list[int]) -> None:
    years = np.arange(2010, 2010 + len(values))
    ours = theil_sen(years, values)
    theirs = scipy_stats.theilslopes(values, years, alpha=0.95)
    assert (ours.slope, ours.low, ours.high) == pytest.approx(
        (theirs.slope, theirs.low_slope, theirs.high_slope), abs=ROUNDING
    )


@given(SERIES)
def test_tau_agrees_with_scipy_with_ties(values: list[int]) -> None:
    assume(len(set(values)) > 1)
    theirs = scipy_stats.kendalltau(np.arange(len(values)), values, variant="b")
    assert mann_kendall(values).tau == pytest.approx(theirs.statistic, abs=ROUNDING)


@given(DISTINCT)
def test_exact_p_value_agrees_with_scipy(values: list[int]) -> None:
    theirs = scipy_stats.kendalltau(np.arange(len(values)), values, method="exact")
    ours = mann_kendall(values)
    assert ours.exact
    assert ours.p_value == pytest.approx(theirs.pvalue, abs=ROUNDING)


def test_sen_slope_worked_by_hand() -> None:
    # Pairs of (2018, 10), (2019, 9), (2021, 7), (2022, 3): -1, -1, -7/4, -1, -2, -4; median (-1.75 - 1) / 2.
    line = theil_sen([2018, 2019, 2021, 2022], [10.0, 9.0, 7.0, 3.0])
    assert line.slope == -1.375
    # median y - slope * median x = 8 + 1.375 * 2020
    assert line.intercept == 8 + 1.375 * 2020


def test_tie_corrected_variance_worked_by_hand() -> None:
    # Values 1, 2, 2, 3, 3, 3, 4: n = 7, ties of 2 and 3.
    # [7*6*19 - 2*1*9 - 3*2*11] / 18 = (798 - 18 - 66) / 18 = 714/18
    # S: 21 pairs, of them 1 + 3 tied, all others rise: S = 17; z = 16 / sqrt(714/18) = 2.54041...
    result = mann_kendall([1, 2, 2, 3, 3, 3, 4])
    assert result.variance == pytest.approx(714 / 18)
    assert result.s == 17
    assert result.z == pytest.approx(16 / (714 / 18) ** 0.5)
    assert not result.exact


@pytest.mark.parametrize(
    ("n", "p"),
    # A series that only rises is one of n! orders, its mirror image another: two-sided p = 2 / n!.
    [(3, 2 / 6), (4, 2 / 24), (5, 2 / 120), (8, 2 / 40320)],
)
def test_exact_p_of_a_steady_rise(n: int, p: float) -> None:
    assert mann_kendall(range(n)).p_value == pytest.approx(p)


def test_normal_approximation_beyond_the_exact_limit() -> None:
    # 31 rising values: S = 465, Var = 31*30*67/18 = 3461.666..., z = 464 / 58.8359... = 7.8863
    result = mann_kendall(range(31))
    assert not result.exact
    assert result.z == pytest.approx(464 / (31 * 30 * 67 / 18) ** 0.5)


@given(SERIES, st.integers(1, 9), st.integers(-100, 100))
def test_shifting_and_stretching_the_values(values: list[int], scale: int, shift: int) -> None:
    years = np.arange(len(values))
    plain = theil_sen(years, values)
    moved = theil_sen(years, [scale * value + shift for value in values])
    assert moved.slope == pytest.approx(scale * plain.slope, abs=1e-9)
    assert mann_kendall([scale * v + shift for v in values]).p_value == mann_kendall(values).p_value


@given(SERIES)
def test_reversing_time_turns_the_sign(values: list[int]) -> None:
    forward, backward = mann_kendall(values), mann_kendall(values[::-1])
    assert (forward.s, forward.p_value) == (-backward.s, backward.p_value)


def test_order_of_rows_does_not_matter() -> None:
    assert trend([2020, 2018, 2019, 2022, 2021], [3, 1, 2, 5, 4]) == trend(range(2018, 2023), [1, 2, 3, 4, 5])


@pytest.mark.parametrize(
    ("direction", "marker"), [("lower", "worsening"), ("higher", "improving"), ("neutral", "rising")]
)
def test_marker_follows_the_direction(direction: str, marker: str) -> None:
    assert trend(range(2018, 2025), range(7), direction=direction).marker == marker  # type: ignore[arg-type]


def test_noise_has_no_clear_change() -> None:
    assert trend(range(2016, 2024), [5, 3, 6, 4, 5, 3, 6, 4], direction="lower").marker == "no_clear_change"


def test_only_years_since_the_break_count() -> None:
    # The level jumps in 2020 (a census); within each level the series falls.
    values = [10.0, 9.9, 9.8, 9.7, 9.6, 12.0, 11.9, 11.8, 11.7, 11.6]
    result = trend(range(2015, 2025), values, direction="higher", break_years=[2012, 2020])
    assert (result.first_year, result.n, result.marker) == (2020, 5, "worsening")
    assert result.slope == pytest.approx(-0.1)


def test_too_short_after_a_break() -> None:
    result = trend(range(2015, 2025), range(10), break_years=[2022])
    assert (result.marker, result.n, result.first_year) == ("too_short", 3, 2022)
    assert np.isnan(result.slope)


def test_biennial_series_keep_real_years() -> None:
    # 1 unit in two years is 0.5 a year, although neighbours in the list are 1 apart.
    result = trend([2016, 2017, 2018, 2020, 2022, 2024], [0, np.nan, 1, 2, 3, 4])
    assert (result.slope, result.n) == (0.5, 5)


def test_window_ends_in_the_given_year() -> None:
    years, values = range(2005, 2021), range(16)
    assert trend(years, values).first_year == 2011
    # Comparable units run to 2025: the window is 2016-2025 and leaves five values.
    assert (trend(years, values, until=2025).first_year, trend(years, values, until=2025).n) == (2016, 5)


def test_a_series_without_values() -> None:
    result = trend([2020, 2021], [np.nan, np.nan])
    assert (result.first_year, result.n, result.marker) == (None, 0, "too_short")


def test_constant_series_has_no_trend() -> None:
    result = trend(range(2016, 2024), [95.7] * 8, direction="higher")
    assert (result.marker, result.p_value) == ("no_clear_change", 1.0)
    assert np.isnan(result.tau)


def test_the_same_year_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        theil_sen([2020, 2020], [1, 2])


def test_wobble_worked_by_hand() -> None:
    # A palindrome has as many rising as falling slopes: median 0, line at the median 0. Residuals 1, -1, 0,
    # -1, 1 have median 0 and absolute deviations 1, 1, 0, 1, 1, of which the median is 1.
    assert wobble(range(5), [1, -1, 0, -1, 1]) == pytest.approx(1.4826)
    # 0, 1, 2, 3, 10: six slopes of 1 and 2.5, 3, 4, 7 -> median 1; line through (2, 2); residuals 0, 0, 0, 0,
    # 6 -> 0. One outlying year does not count as noise.
    assert wobble(range(5), [0, 1, 2, 3, 10]) == 0
    assert np.isnan(wobble(range(4), [1, 2, 3, 4]))
