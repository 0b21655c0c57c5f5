"""The damped trend against statsmodels' own forecasts and a brute-force search; refusals; laws."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from ropsanalysis.stats.forecast import (
    MIN_TRAINING,
    DampedTrendFit,
    back_test,
    fit_damped_trend,
    forecast,
    predict,
)

# Statistics Poland, indicator 1.B.1, Warmińsko-Mazurskie 2010-2025 (persons per 10 thousand).
WARMIA = np.array(
    [
        899.8,
        869.2,
        814.3,
        878.0,
        837.3,
        782.4,
        713.1,
        635.1,
        580.7,
        542.6,
        501.4,
        440.5,
        418.0,
        403.9,
        371.6,
        377.6,
    ]
)
YEARS = range(2010, 2026)

# The search stops at a relative change of the likelihood of about 1e-8; forecasts follow it to about 1e-4.
SEARCH = 1e-3


def _statsmodels(values: np.ndarray) -> object:
    """Fit the same model unscaled, with statsmodels' own heuristic start (it needs ten values)."""
    model = ETSModel(pd.Series(values), error="add", trend="add", damped_trend=True, initialization_method="heuristic")
    with model.fix_params({"damping_trend": 0.8}):
        return model.fit(disp=False)


def test_point_forecast_agrees_with_statsmodels() -> None:
    expected = _statsmodels(WARMIA).forecast(3).to_numpy()  # type: ignore[attr-defined]
    ours = predict(fit_damped_trend(WARMIA), horizon=3).mean
    assert ours == pytest.approx(expected, rel=SEARCH)


def test_variance_agrees_with_statsmodels_exact_variance() -> None:
    # statsmodels: mse (divisor n) and normal quantiles; ours: divisor n - 4 and Student's t.
    results = _statsmodels(WARMIA)
    exact = results.get_prediction(start=16, end=18, method="exact")  # type: ignore[attr-defined]
    half = (exact.pred_int(alpha=0.2).to_numpy() @ [-0.5, 0.5]) / 1.2815515655446004
    ours = predict(fit_damped_trend(WARMIA), horizon=3)
    expected = half * np.sqrt(16 / 12) * student.ppf(0.9, 12)
    assert ours.high80 - ours.mean == pytest.approx(expected, rel=SEARCH)


def test_interval_by_hand() -> None:
    # alpha 0.5, beta 0.2, phi 0.5: c_1 = 0.5 + 0.2 * 0.5 = 0.6, c_2 = 0.5 + 0.2 * 0.75 = 0.65;
    # variances 4, 4 (1 + 0.36) = 5.44, 4 (1 + 0.36 + 0.4225) = 7.13; means 10 + 4 (0.5, 0.75, 0.875).
    fit = DampedTrendFit(0.5, 0.2, 0.5, 10.0, 4.0, 2.0, 6, converged=True)
    result = predict(fit, horizon=3)
    assert result.mean.tolist() == [12.0, 13.0, 13.5]
    spread = (result.high95 - result.mean) / student.ppf(0.975, 6)
    assert spread**2 == pytest.approx([4.0, 5.44, 7.13])


def test_no_other_smoothing_weights_fit_better() -> None:
    # Brute force: the sum of squared one-step errors over a grid of alpha and beta, from the same start.
    x = np.arange(1, 11)
    trend0, level0 = np.polyfit(x, WARMIA[:10], 1)

    def squares(alpha: float, beta: float) -> float:
        level, trend, total = level0, trend0, 0.0
        for value in WARMIA:
            error = value - level - 0.8 * trend
            level, trend = level + 0.8 * trend + alpha * error, 0.8 * trend + beta * error
            total += error**2
        return total

    grid = [squares(a, a * share) for a in np.linspace(0.02, 0.98, 49) for share in np.linspace(0.02, 0.98, 49)]
    fit = fit_damped_trend(WARMIA)
    assert fit.sigma**2 * fit.degrees_of_freedom <= min(grid) * (1 + SEARCH)


@settings(max_examples=15, deadline=None)
@given(st.floats(0.01, 1000), st.floats(-500, 500))
def test_units_of_measurement_do_not_matter(scale: float, shift: float) -> None:
    plain = predict(fit_damped_trend(WARMIA), horizon=3)
    moved = predict(fit_damped_trend(scale * WARMIA + shift), horizon=3)
    assert moved.mean == pytest.approx(scale * plain.mean + shift, rel=1e-4, abs=scale * 1e-2)
    assert moved.high95 == pytest.approx(scale * plain.high95 + shift, rel=1e-4, abs=scale * 1e-2)


def test_a_full_forecast() -> None:
    result = forecast(YEARS, WARMIA, bounds=(0.0, None))
    assert (result.status, result.reason, result.years) == ("ok", "", (2026, 2027, 2028))
    assert (result.n, result.first_year, result.last_year) == (16, 2010, 2025)
    lines = result.prediction
    assert lines is not None
    assert (lines.low95 < lines.low80).all()
    assert (lines.low80 < lines.mean).all()
    assert (lines.mean < lines.high80).all()
    assert (lines.high80 < lines.high95).all()
    assert (np.diff(lines.high80 - lines.low80) > 0).all()


def test_the_same_call_gives_the_same_numbers() -> None:
    first, second = forecast(YEARS, WARMIA), forecast(YEARS, WARMIA)
    assert first.prediction is not None
    assert second.prediction is not None
    assert (first.prediction.mean == second.prediction.mean).all()


def test_back_test_sees_only_the_past() -> None:
    # Origins 2021-2024 hold out 3 + 3 + 2 + 1 = 9 values. A change of 2025 changes only errors about 2025.
    tested = back_test(WARMIA)
    assert tested is not None
    assert (tested.origins, tested.held_out) == (4, 9)
    changed = WARMIA.copy()
    changed[-1] += 100.0
    other = back_test(changed)
    assert other is not None
    # Naive errors by hand: 2025 is predicted from 2022, 2023 and 2024 (horizons 3, 2, 1).
    naive = [abs(418.0 - 440.5), abs(403.9 - 440.5), abs(371.6 - 440.5)]
    naive += [abs(403.9 - 418.0), abs(371.6 - 418.0), abs(377.6 - 418.0)]
    naive += [abs(371.6 - 403.9), abs(377.6 - 403.9), abs(377.6 - 371.6)]
    assert tested.mae_naive == pytest.approx(np.mean(naive))
    one_step = [abs(418.0 - 440.5), abs(403.9 - 418.0), abs(371.6 - 403.9), abs(377.6 - 371.6)]
    assert tested.mae_naive_by_horizon[0] == pytest.approx(np.mean(one_step))


def test_intervals_hold_about_what_they_promise() -> None:
    # Simulated random walks with drift, 12 values each; 60 series x 9 held-out values. The share inside the
    # 80 % interval has a standard error of about 3 points because a series' errors hang together.
    rng = np.random.default_rng(3)
    inside = []
    for _ in range(60):
        tested = back_test(np.cumsum(rng.normal(0.3, 1.0, 12)))
        assert tested is not None
        inside.append(tested.coverage80)
    assert 0.70 < np.mean(inside) < 0.92


@pytest.mark.parametrize(
    ("years", "breaks", "last", "status", "word"),
    [
        (range(2018, 2025), [], None, "too_short", "za krótki"),
        ([*range(2010, 2018), 2019, 2020], [], None, "gaps", "2018"),
        (range(2010, 2026), [2020], None, "broken", "przerwała"),
        (range(2010, 2026), [2030], None, "broken", "przerwała"),
        (range(2005, 2021), [], 2025, "gaps", "2020"),
    ],
)
def test_no_forecast_and_why(
    years: range | list[int], breaks: list[int], last: int | None, status: str, word: str
) -> None:
    result = forecast(years, np.arange(len(years)), break_years=breaks, expected_last=last)
    assert result.status == status
    assert word in result.reason
    assert result.prediction is None
    assert result.years == ()


def test_an_empty_series() -> None:
    assert forecast([2020], [np.nan]).status == "too_short"


def test_missing_ends_are_no_gaps() -> None:
    values = np.concatenate([[np.nan, np.nan], WARMIA[2:14], [np.nan, np.nan]])
    result = forecast(YEARS, values)
    assert (result.status, result.first_year, result.last_year) == ("ok", 2012, 2023)


def test_percentages_stay_percentages_and_say_so() -> None:
    result = forecast(range(2014, 2024), [80, 84, 87, 90, 92, 94, 96, 97, 98.5, 99.5], bounds=(0.0, 100.0))
    assert result.prediction is not None
    assert result.prediction.high95.max() == 100.0
    assert "przycięto" in result.reason


def test_a_constant_series_stays() -> None:
    result = forecast(range(2014, 2024), [95.7] * 10)
    assert result.prediction is not None
    assert result.prediction.mean.tolist() == [95.7] * 3


def test_no_warning_escapes() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        forecast(range(2014, 2024), [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0])


def test_too_few_values_are_refused() -> None:
    with pytest.raises(ValueError, match=str(MIN_TRAINING)):
        fit_damped_trend([1.0, 2.0, 3.0])
