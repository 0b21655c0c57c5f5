"""Intervals of counts: against R, against statsmodels, by their definition, and their true coverage."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, poisson
from statsmodels.stats.proportion import proportion_confint

from ropsanalysis.stats.rates import binomial_interval, poisson_interval


@pytest.mark.parametrize(
    ("events", "low", "high"),
    [
        # R 4.2: poisson.test(k)$conf.int
        (0, 0.000000000, 3.688879454),
        (1, 0.02531780798, 5.57164339094),
        (10, 4.795388696, 18.390356042),
        (210, 182.5561067, 240.4051239),
    ],
)
def test_rate_as_in_r(events: int, low: float, high: float) -> None:
    limits = poisson_interval(events)
    assert (limits.low.item(), limits.high.item()) == pytest.approx((low, high), rel=1e-9)


def test_rate_with_exposure_as_in_r() -> None:
    # R 4.2: poisson.test(12, T=3.4, conf.level=.9)$conf.int
    limits = poisson_interval(12, 3.4, confidence=0.9)
    assert (limits.low.item(), limits.high.item()) == pytest.approx((2.036533092, 5.718402744), rel=1e-9)


@pytest.mark.parametrize(
    ("cases", "total", "exact", "wilson"),
    [
        # R 4.2: binom.test(x, n)$conf.int and prop.test(x, n, correct=FALSE)$conf.int
        (7, 20, (0.1539092048, 0.5921885345), (0.1811918241, 0.5671457233)),
        (0, 15, (0.0, 0.2180193609), (0.0, 0.203883301)),
        (15, 15, (0.7819806391, 1.0), (0.796116699, 1.0)),
        (82, 100, (0.7305229140, 0.8896887708), (0.7333264161, 0.8829977450)),
    ],
)
def test_share_as_in_r(cases: int, total: int, exact: tuple[float, float], wilson: tuple[float, float]) -> None:
    for method, expected in (("exact", exact), ("wilson", wilson)):
        limits = binomial_interval(cases, total, method=method)  # type: ignore[arg-type]
        assert (limits.low.item(), limits.high.item()) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("method", "theirs"), [("exact", "beta"), ("wilson", "wilson")])
def test_many_shares_at_once_as_in_statsmodels(method: str, theirs: str) -> None:
    cases, total = np.array([[1, 5], [30, 77]]), np.array([[9, 5], [64, 80]])
    limits = binomial_interval(cases, total, method=method, confidence=0.9)  # type: ignore[arg-type]
    low, high = proportion_confint(cases.ravel(), total.ravel(), alpha=0.1, method=theirs)
    assert limits.low.ravel() == pytest.approx(np.asarray(low), abs=1e-12)
    assert limits.high.ravel() == pytest.approx(np.asarray(high), abs=1e-12)


def test_ends_are_where_the_tails_have_their_probability() -> None:
    # What "exact" means: at either end of the interval the count seen, or one beyond it, has probability 2.5 %.
    events = np.array([1.0, 4.0, 37.0])
    limits = poisson_interval(events)
    assert poisson.sf(events - 1, limits.low) == pytest.approx([0.025] * 3)
    assert poisson.cdf(events, limits.high) == pytest.approx([0.025] * 3)
    shares = binomial_interval(events, 40, method="exact")
    assert binom.sf(events - 1, 40, shares.low) == pytest.approx([0.025] * 3)
    assert binom.cdf(events, 40, shares.high) == pytest.approx([0.025] * 3)


@pytest.mark.parametrize("mean", [0.7, 3.2, 18.0])
def test_exact_rates_cover_at_least_as_often_as_asked(mean: float) -> None:
    # The true coverage, summed over all counts that can happen.
    counts = np.arange(200)
    limits = poisson_interval(counts)
    inside = (limits.low <= mean) & (mean <= limits.high)
    assert poisson.pmf(counts, mean)[inside].sum() >= 0.95


@pytest.mark.parametrize("share", [0.05, 0.5, 0.82])
def test_shares_cover_as_often_as_promised(share: float) -> None:
    # Over 10 000 draws the standard error of a coverage of 0.95 is 0.0022.
    n = np.random.default_rng(3).integers(20, 120, 10_000)
    cases = np.random.default_rng(4).binomial(n, share)
    exact, wilson = (binomial_interval(cases, n, method=method) for method in ("exact", "wilson"))
    assert ((exact.low <= share) & (share <= exact.high)).mean() >= 0.95 - 3 * 0.0022
    assert ((wilson.low <= share) & (share <= wilson.high)).mean() == pytest.approx(0.95, abs=0.015)


def test_what_is_not_known_has_no_interval() -> None:
    rates = poisson_interval([3, np.nan, 0], [0, 5, np.nan])
    assert np.isnan(rates.low).all()
    assert np.isnan(rates.high).all()
    shares = binomial_interval([0, np.nan], [0, 5])
    assert np.isnan(shares.low).all()
    assert np.isnan(shares.high).all()


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        poisson_interval([-1])
    with pytest.raises(ValueError, match="between 0 and the total"):
        binomial_interval(6, 5)
