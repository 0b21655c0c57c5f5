"""The forecast against distributions it must collapse to, in edge cases, and its coverage where the truth is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import gamma, kstest, nbinom

from ropsanalysis.stats.rate_forecast import Forecast, Kind, forecast_total


def forecast(recent: list[float] | np.ndarray, **options: object) -> Forecast:
    usual = {"periods": 6, "so_far": 0, "rng": np.random.default_rng(1), "draws": 20_000, "confidence": 0.95}
    return forecast_total(recent, **(usual | options))  # type: ignore[arg-type]


def test_one_month_of_counts_is_the_negative_binomial_of_jeffreys() -> None:
    # Rate gamma(x + 1/2, 1), Poisson over t months: negative binomial with size x + 1/2 and p = 1 / (1 + t) (scipy).
    found = forecast([8], periods=2.5, draws=100_000)
    exact = nbinom(8.5, 1 / 3.5)
    values = np.arange(80)
    share = (found.draws[:, None] <= values).mean(axis=0)
    # 100 000 draws: a share has a standard error of at most 0.0016.
    assert share == pytest.approx(exact.cdf(values), abs=0.006)
    assert (found.low, found.median, found.high) == pytest.approx(exact.ppf([0.025, 0.5, 0.975]), abs=1)


def test_one_month_of_amounts_is_exponential() -> None:
    # Rate exponential with mean x, then gamma(rate t / x, scale x): mean x t, variance x^2 t^2 + x^2 t.
    found = forecast([300.0], periods=4, kind="amount", draws=200_000)
    assert found.draws.mean() == pytest.approx(1200, rel=0.02)
    assert found.draws.var() == pytest.approx(300**2 * (16 + 4), rel=0.03)


@pytest.mark.parametrize("dispersion", [1.0, 4.0])
def test_many_months_leave_the_uncertainty_of_the_future_only(dispersion: float) -> None:
    # Means and variances of 40 000 months are known; what is left is the spread of the months to come.
    rng = np.random.default_rng(2)
    mean = rng.gamma(20 / (dispersion - 1), dispersion - 1, 40_000) if dispersion > 1 else np.full(40_000, 20.0)
    found = forecast(rng.poisson(mean), periods=5.5, draws=40_000)
    assert found.draws.mean() == pytest.approx(110, rel=0.01)
    assert found.draws.var() == pytest.approx(dispersion * 110, rel=0.04)


def test_many_months_of_amounts_are_a_gamma_distribution() -> None:
    rng = np.random.default_rng(3)
    found = forecast(rng.gamma(4, 25, 100_000), periods=2.5, kind="amount", draws=4_000)
    # Two months and a half of gamma(4, 25) are gamma(10, 25), scipy. Kolmogorov-Smirnov at 0.001: one chance in 1000.
    assert kstest(found.draws, gamma(10, scale=25).cdf).pvalue > 0.001


def test_rate_has_the_moments_of_the_mean_of_the_recent_months() -> None:
    # Over very many months the future's own spread is small beside that of the rate: variance of the mean s^2 / n,
    # widened by (n - 1) / (n - 3) as that of Student's t, for the variance itself is estimated.
    recent = np.array([90, 110, 105, 95, 100, 80, 120, 100, 98, 102, 104, 96], dtype=float)
    found = forecast(recent, periods=1e6, kind="amount", draws=200_000)
    assert (found.draws / 1e6).mean() == pytest.approx(recent.mean(), rel=0.002)
    assert (found.draws / 1e6).var() == pytest.approx(recent.var(ddof=1) / 12 * 11 / 9, rel=0.03)


def test_nothing_left_is_certain() -> None:
    for kind in ("count", "amount"):
        found = forecast([3, 5, 4], periods=0, so_far=40, kind=kind)
        assert (found.low, found.median, found.high) == (40, 40, 40)
        assert (found.probability_of(40), found.probability_of(41)) == (1, 0)


def test_months_without_counts_do_not_show_that_there_will_be_none() -> None:
    found = forecast([0] * 12, periods=12, so_far=7)
    # Rate gamma(1/2, 1/12) over 12 months: negative binomial with size 1/2 and p = 1/2 (scipy).
    assert (found.low, found.median, found.high) == tuple(7 + nbinom(0.5, 0.5).ppf([0.025, 0.5, 0.975]))
    assert found.probability_of(8) == pytest.approx(1 - nbinom(0.5, 0.5).cdf(0), abs=0.02)
    # The longer nothing came, the less is to come.
    assert forecast([0] * 48, periods=12).draws.mean() < forecast([0] * 3, periods=12).draws.mean() / 5


def test_months_without_amounts_stop() -> None:
    for recent in ([0.0, 0.0], [0.0], [100.0, -150.0]):
        found = forecast(recent, so_far=50.0, kind="amount")
        assert (found.low, found.high) == (50, 50)


def test_equal_amounts_go_on_for_certain() -> None:
    found = forecast([100.0] * 4, periods=2.5, so_far=10, kind="amount")
    assert (found.low, found.median, found.high) == pytest.approx((260, 260, 260))


def test_equal_counts_are_no_more_certain_than_poisson() -> None:
    found = forecast([20] * 12, periods=12)
    # Dispersion 1: rate gamma(240.5, 1/12) over 12 months, variance 240.5 + 240.5.
    assert found.draws.var() == pytest.approx(481, rel=0.04)


def test_a_return_of_money_in_one_month_is_part_of_the_mean() -> None:
    found = forecast([100.0, -20.0, 130.0, 90.0, 110.0, 100.0], kind="amount", so_far=200)
    assert found.low < 200 + 6 * 85 < found.high


def test_ceiling_ends_the_total_but_takes_nothing_away() -> None:
    found = forecast([20] * 6, periods=6, so_far=100, ceiling=150)
    assert (found.median, found.high) == (150, 150)
    assert found.probability_of(150) > 0.99
    assert forecast([20] * 6, so_far=170, ceiling=150).draws.tolist() == [170] * 20_000


def test_counts_stay_whole_and_draws_repeat() -> None:
    recent = [4, 9, 2, 14, 6, 1]
    found = forecast(recent, periods=3.7, so_far=12)
    assert (found.draws == np.floor(found.draws)).all()
    assert found.draws.min() >= 12
    assert found.low == np.floor(found.low)
    np.testing.assert_array_equal(found.draws, forecast(recent, periods=3.7, so_far=12).draws)


def test_probability_falls_as_the_target_rises() -> None:
    found = forecast([20, 18, 25, 22, 19, 16], so_far=300)
    chances = [found.probability_of(target) for target in (300, 400, 420, 440, 600)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] == 1
    assert 0.3 < chances[2] < 0.7
    assert chances[-1] < 0.01


@pytest.mark.parametrize(
    ("recent", "options", "message"),
    [
        ([], {}, "at least one period"),
        ([1, np.nan], {}, "at least one period"),
        ([1, -1], {}, "whole numbers"),
        ([1.5], {}, "whole numbers"),
        ([1], {"periods": -1}, "periods"),
        ([1], {"periods": np.nan}, "periods"),
        ([1], {"draws": 0}, "draws"),
        ([1], {"confidence": 1.0}, "confidence"),
    ],
)
def test_wrong_input_is_refused(recent: list[float], options: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        forecast(recent, **options)


Months = Callable[[np.random.Generator, int], np.ndarray]


@pytest.mark.parametrize(
    ("months", "kind", "lowest", "highest"),
    [
        # 95 % intervals from 3 000 simulations (standard error 0.004). Counts may be too careful: their dispersion is
        # never below 1, and whole numbers cannot be cut at exactly 2.5 %.
        pytest.param(lambda rng, n: rng.poisson(20, n), "count", 0.945, 0.99, id="poisson"),
        pytest.param(lambda rng, n: rng.poisson(1, n), "count", 0.945, 0.995, id="few"),
        pytest.param(lambda rng, n: rng.negative_binomial(5, 0.2, n), "count", 0.925, 0.97, id="overdispersed"),
        pytest.param(lambda rng, n: rng.gamma(4, 25, n), "amount", 0.925, 0.97, id="amounts"),
        # As the docstring says: amounts that spread as much as their mean are missed a little more often.
        pytest.param(lambda rng, n: rng.gamma(1, 100, n), "amount", 0.9, 0.95, id="scattered amounts"),
    ],
)
def test_intervals_hold_the_total_as_often_as_they_say(
    months: Months, kind: Kind, lowest: float, highest: float
) -> None:
    rng = np.random.default_rng(4)
    hits = []
    for _ in range(3_000):
        recent, total = months(rng, 12), months(rng, 12).sum()
        found = forecast(recent, periods=12, rng=rng, draws=800, kind=kind)
        hits.append(found.low <= total <= found.high)
    assert lowest < np.mean(hits) < highest


def test_probability_of_a_target_is_as_often_true_as_it_says() -> None:
    rng = np.random.default_rng(5)
    said, came = [], []
    for _ in range(1_500):
        rate = rng.gamma(20, 0.5)
        found = forecast(rng.poisson(rate, 12), periods=12, rng=rng, draws=400)
        said.append(found.probability_of(120))
        came.append(rng.poisson(12 * rate) >= 120)
    sure = np.array(said)
    for low, high in ((0, 0.2), (0.2, 0.5), (0.5, 0.8), (0.8, 1.01)):
        inside = (sure >= low) & (sure < high)
        # Two to seven hundred cases in each: three standard errors are 0.1 at most.
        assert np.mean(np.array(came)[inside]) == pytest.approx(sure[inside].mean(), abs=0.1)
