"""Funnel plots: exact quantiles by brute force, published probabilities of false alarm, phi by hand, simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, poisson

from ropsanalysis.stats.funnel import LEVELS, Family, control_limits, dispersion, funnel


def limits_by_counting(probabilities: list[float], tail: float) -> tuple[float, float]:
    """Lower and upper limit in counts, from the probabilities of 0, 1, 2 ... one after the other."""
    below = 0.0
    for count, probability in enumerate(probabilities):
        if below + probability >= tail:
            low = count - (below + probability - tail) / probability
            break
        below += probability
    above = 0.0
    for count, probability in reversed(list(enumerate(probabilities))):
        if above + probability >= tail:
            high = count + (above + probability - tail) / probability
            break
        above += probability
    return low, high


# --- limits -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cases", [1, 5, 20, 137])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.8])
def test_limits_of_shares_by_brute_force(cases: int, share: float) -> None:
    chances = [float(binom.pmf(k, cases, share)) for k in range(cases + 1)]
    limits = control_limits([cases], share, family="binomial")
    for level, ends in zip(
        LEVELS, ((limits.low_inner, limits.high_inner), (limits.low_outer, limits.high_outer)), strict=True
    ):
        low, high = limits_by_counting(chances, (1 - level) / 2)
        assert ends[0].item() == pytest.approx(max(0, low / cases), abs=1e-9)
        assert ends[1].item() == pytest.approx(min(1, high / cases), abs=1e-9)


@pytest.mark.parametrize(("exposure", "rate"), [(0.4, 2.0), (2.5, 9.3), (11.0, 27.0)])
def test_limits_of_rates_by_brute_force(exposure: float, rate: float) -> None:
    chances = [float(poisson.pmf(k, exposure * rate)) for k in range(600)]
    limits = control_limits([exposure], rate, family="poisson")
    low, high = limits_by_counting(chances, 0.025)
    assert limits.low_inner.item() == pytest.approx(max(0, low / exposure), abs=1e-7)
    assert limits.high_inner.item() == pytest.approx(high / exposure, abs=1e-7)


@pytest.mark.parametrize(
    ("first", "last", "lower", "upper"),
    [
        # Seaton, S. E., Manktelow, B. N. (2012), BMC Medical Research Methodology 12:98, table 1: probability of a unit
        # of pure chance falling below and above 95 % prediction limits; median, smallest and largest over expected
        # counts of 1-50 and, below the limit, of more than 50 to 100.
        (1, 50, (0.0186, 0.0, 0.0250), (0.0201, 0.0052, 0.0250)),
        (50.01, 100, (0.0215, 0.0172, 0.0250), None),
    ],
)
def test_false_alarms_are_as_rare_as_published(
    first: float, last: float, lower: tuple[float, ...], upper: tuple[float, ...] | None
) -> None:
    expected = np.arange(first, last + 0.005, 0.01)
    limits = control_limits(expected, 1.0, family="poisson")
    below = poisson.cdf(np.ceil(limits.low_inner * expected - 1e-9) - 1, expected)
    above = poisson.sf(np.floor(limits.high_inner * expected + 1e-9), expected)
    for found, published in ((below, lower), (above, upper)):
        if published is not None:
            assert (np.median(found), found.min(), found.max()) == pytest.approx(published, abs=5e-5)


@given(st.integers(1, 300), st.floats(0.01, 0.99), st.integers(0, 300))
def test_a_unit_is_outside_exactly_if_its_count_is_too_unlikely(cases: int, share: float, seen: int) -> None:
    count = min(seen, cases)
    verdict = funnel([count], [cases], family="binomial", target=share).verdict[0]
    low, high = binom.cdf(count, cases, share), binom.sf(count - 1, cases, share)
    edge = min(abs(tail - p) for tail in (low, high) for p in (0.025, 0.001))
    if edge > 1e-9:  # a probability of exactly the tail may fall on either side by rounding
        expected = (
            "far_below" if low < 0.001 else "far_above" if high < 0.001
            else "below" if low < 0.025 else "above" if high < 0.025 else "within"
        )  # fmt: skip
        assert verdict == expected


def test_few_cases_that_all_succeed_are_no_outlier() -> None:
    # 0.8 ** 5 = 0.33: five of five happens every third time.
    assert funnel([5], [5], family="binomial", target=0.8).verdict == ("within",)
    assert funnel([0], [5], family="binomial", target=0.8).verdict == ("far_below",)


def test_limits_narrow_with_size_and_stay_on_the_scale() -> None:
    limits = control_limits(np.arange(1, 2000), 0.9, family="binomial")
    assert limits.high_outer.max() == 1
    assert limits.low_outer.min() == 0
    for low, high in ((limits.low_inner, limits.high_inner), (limits.low_outer, limits.high_outer)):
        assert (low < 0.9).all()
        assert (high > 0.9).all()
        assert (high - low)[1999 - 1000 :].max() < (high - low)[:100].min()
    assert (limits.low_outer <= limits.low_inner).all()
    assert (limits.high_outer >= limits.high_inner).all()


def test_what_always_or_never_happens_has_limits() -> None:
    for count, target in ((10, 1.0), (0, 0.0)):
        result = funnel([count], [10], family="binomial", target=target)
        assert result.verdict == ("within",)
        assert not np.isnan([result.limits.low_inner, result.limits.high_outer]).any()


# --- target and dispersion ----------------------------------------------------------------------------


def test_the_target_is_the_pooled_value() -> None:
    # 40 of 100 and 10 of 20: 50 of 120, not the mean of the two shares.
    assert funnel([40, 10], [100, 20], family="binomial").target == pytest.approx(50 / 120)
    assert funnel([40, 10], [2.5, 1.5], family="poisson").target == pytest.approx(50 / 4)


def test_dispersion_by_hand() -> None:
    # -4, -1, 0, 1, 9: the quantiles at a tenth and nine tenths are -4 + 0.4 * 3 = -2.8 and 1 + 0.6 * 8 = 5.8.
    # Squares 7.84 + 1 + 0 + 1 + 33.64 = 43.48. A tenth: c = 1.281552, density there 0.175498, so
    # kappa = 0.8 - 2 * 1.281552 * 0.175498 + 0.2 * 1.281552 ** 2 = 0.678655. All squares: 16 + 1 + 0 + 1 + 81 = 99.
    result = dispersion([-4.0, -1, 0, 1, 9])
    assert result.phi == pytest.approx(43.48 / (5 * 0.678655), rel=1e-5)
    assert result.statistic == 99
    assert dispersion([-4.0, -1, 0, 1, 9], fitted=1).phi == pytest.approx(43.48 / (4 * 0.678655), rel=1e-5)


def test_a_single_unit_has_no_dispersion() -> None:
    result = funnel([4], [10], family="binomial")
    assert np.isnan(result.dispersion.phi)
    assert result.inflation == 1
    assert result.verdict == ("within",)


def test_two_units_far_off_are_found_without_widening_the_limits_much() -> None:
    # 38 of 40 units give exactly what is expected but for one case more or less, two give far less.
    counts = [80 + (-1) ** k for k in range(38)] + [45, 50]
    result = funnel(counts, [100] * 40, family="binomial")
    assert result.dispersion.p_value < 1e-6
    assert not result.adjusted
    assert result.verdict[-2:] == ("far_below", "far_below")
    assert set(result.verdict[:-2]) == {"within"}


def test_adjusted_limits_are_wider_by_the_root_of_phi() -> None:
    rng = np.random.default_rng(11)
    cases = rng.integers(60, 200, 30)
    result = funnel(rng.binomial(cases, rng.beta(12, 6, 30)), cases, family="binomial")
    assert result.adjusted
    assert result.inflation == result.dispersion.phi
    plain = control_limits(cases, result.target, family="binomial")
    grown = result.target + np.sqrt(result.dispersion.phi) * (plain.low_inner - result.target)
    assert result.limits.low_inner == pytest.approx(np.maximum(grown, 0))
    assert (result.limits_at(cases).high_outer == result.limits.high_outer).all()


# --- simulation with a known truth --------------------------------------------------------------------


def draw(family: Family, phi: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """45 units around one target, their variance `phi` times that of chance."""
    if family == "poisson":
        base = rng.uniform(1, 10, 45)
        mean = 30 * base if phi == 1 else rng.gamma(30 * base / (phi - 1), phi - 1)
        return rng.poisson(mean), base
    base = rng.integers(30, 300, 45)
    own = (phi - 1) / (base - 1)
    share = 0.8 if phi == 1 else rng.beta(0.8 * (1 - own) / own, 0.2 * (1 - own) / own)
    return rng.binomial(base, share), base


@pytest.mark.parametrize("family", ["binomial", "poisson"])
@pytest.mark.parametrize("phi", [1, 4])
def test_chance_is_seldom_taken_for_a_difference(family: Family, phi: int) -> None:
    # 400 funnels of 45 units: standard error of a share of 0.05 is 0.0016 over units, of 0.05 over funnels 0.011.
    rng = np.random.default_rng(29)
    results = [funnel(*draw(family, phi, rng), family=family) for _ in range(400)]
    verdicts = np.array([result.verdict for result in results])
    assert (verdicts != "within").mean() < 0.05
    assert np.char.startswith(verdicts, "far").mean() < 0.004
    assert np.mean([result.dispersion.phi for result in results]) == pytest.approx(phi, rel=0.04)
    found = np.mean([result.dispersion.p_value < 0.05 for result in results])
    assert found == pytest.approx(0.05, abs=0.033) if phi == 1 else found == 1


# --- what is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "base", "family", "words"),
    [
        ([1.0], [1.0, 2.0], "poisson", "paired"),
        ([np.nan], [1.0], "poisson", "missing"),
        ([1], [0], "binomial", "above 0"),
        ([1.5], [3], "binomial", "whole"),
        ([-1], [3], "poisson", "not negative"),
        ([4], [3], "binomial", "more cases"),
    ],
)
def test_impossible_input_is_refused(counts: list[float], base: list[float], family: Family, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        funnel(counts, base, family=family)
