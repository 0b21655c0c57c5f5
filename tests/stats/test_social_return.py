"""Social return: the hand case, published ratios, laws, break-even, tornado and Monte Carlo against plain loops."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import beta

from ropsanalysis.stats.social_return import (
    KINDS,
    Assumptions,
    Kind,
    leave_one_out,
    price_factor,
    social_return,
    years_worth,
)
from ropsanalysis.stats.social_return_sensitivity import (
    ALL_OUTCOMES,
    Ranges,
    Shape,
    Spread,
    break_even,
    one_at_a_time,
)
from ropsanalysis.stats.social_return_uncertainty import simulate

HAND = Assumptions(100, 200.0, deadweight=0.25, attribution=0.4, drop_off=0.1, duration=3)
CENTRAL = {
    "quantity": [100, 12, 30], "proxy": [200.0, 9000.0, 700.0], "deadweight": [0.25, 0.4, 0.1],
    "displacement": [0.0, 0.1, 0.05], "attribution": [0.4, 0.3, 0.2], "drop_off": [0.1, 0.3, 0.0],
    "duration": [3.0, 2.5, 1.0],
}  # fmt: skip
MAP = Assumptions(**CENTRAL)


def ranges(shapes: Shape = "triangular", *, width: float = 0.2, only: Kind | None = None) -> Ranges:
    """Return the map with every assumption (or one) from `width` below to half of that above its central value."""
    low, high = (
        Assumptions(**{
            kind: np.array(values) * (factor if only in (None, kind) else 1.0) for kind, values in CENTRAL.items()
        })
        for factor in (1 - width, 1 + width / 2)
    )  # fmt: skip
    return Ranges(low, MAP, high, shapes)


def ratio_by_loops(table: np.ndarray, *, inputs: float, rate: float) -> float:
    """Ratio of assumptions of shape (7, k), year by year, straight from the definition."""
    total = 0.0
    for quantity, proxy, deadweight, displacement, attribution, drop_off, duration in table.T:
        impact = quantity * proxy * (1 - deadweight) * (1 - displacement) * (1 - attribution)
        year = 1
        while duration - (year - 1) > 0:
            part = min(1.0, duration - (year - 1))
            total += impact * (1 - drop_off) ** (year - 1) * part / (1 + rate) ** year
            year += 1
    return total / inputs


def test_hand_case() -> None:
    # shared/DOMAIN.md, section 4, "Synthetic check": worked by hand.
    result = social_return(HAND, inputs=12_000, rate=0.035)
    assert result.impact == pytest.approx([9000])
    assert result.values[0] == pytest.approx([9000, 8100, 7290])
    assert result.present_value == pytest.approx(22_832.2512, abs=5e-5)
    assert result.present_value == pytest.approx(8695.6522 + 7561.4367 + 6575.1623, abs=2e-4)
    assert (result.ratio, result.net_ratio) == pytest.approx((1.9027, 0.9027), abs=5e-5)
    assert result.shares == pytest.approx([1.0])


@pytest.mark.parametrize(
    ("yearly", "years", "inputs", "ratio"), [(185_000, 10, 500_000, 3.70), (107_000, 5, 200_000, 2.675)]
)
def test_published_undiscounted_ratios(yearly: float, years: float, inputs: float, ratio: float) -> None:
    # https://www.novacalculator.com/sroicalculator/, as quoted in shared/DOMAIN.md, section 4.
    result = social_return(Assumptions(1, yearly, duration=years), inputs=inputs, rate=0.0)
    assert (result.ratio, result.net_ratio) == pytest.approx((ratio, ratio - 1))


def test_payback_is_read_within_the_year() -> None:
    # By hand: 9000 of 12 000 after one year; 3000 of the next 8100. Discounted: 3304.3478 of 7561.4367.
    result = social_return(HAND, inputs=12_000, rate=0.035)
    assert result.payback_years == pytest.approx(1 + 3000 / 8100)
    assert result.discounted_payback_years == pytest.approx(1 + (12_000 - 9000 / 1.035) / (8100 / 1.035**2))
    assert social_return(HAND, inputs=9000, rate=0.035).payback_years == 1.0
    late = social_return(HAND, inputs=24_000, rate=0.035)
    assert late.payback_years == pytest.approx(2 + 6900 / 7290)
    assert np.isnan(late.discounted_payback_years)


def test_last_part_of_a_year_counts_pro_rata() -> None:
    # By hand: 100 in year 1, 100 * 0.8 * 0.5 in year 2.
    result = social_return(Assumptions(1, 100.0, drop_off=0.2, duration=1.5), inputs=100, rate=0.1)
    assert result.values[0] == pytest.approx([100, 40])
    assert result.present_value == pytest.approx(100 / 1.1 + 40 / 1.21)
    assert social_return(Assumptions(1, 100.0, duration=0), inputs=100, rate=0.1).ratio == 0.0


@pytest.mark.parametrize("rate", [-0.02, 0.0, 1e-9, 0.035, 0.5])
@pytest.mark.parametrize("drop_off", [0.0, 1e-8, 1e-5, 0.1, 1.0])
def test_closed_form_is_the_sum_of_the_years(rate: float, drop_off: float) -> None:
    # 1e-8: the series for quotients near 1 stops after its second term, and 100 years make the third 2e-9 at most.
    for duration in (0.0, 0.4, 1.0, 2.5, 7.0, 100.0):
        expected = ratio_by_loops(np.array([[1, 1, 0, 0, 0, drop_off, duration]]).T, inputs=1.0, rate=rate)
        assert float(years_worth(drop_off, duration, rate)) == pytest.approx(expected, rel=1e-8, abs=1e-15)


def test_several_outcomes_are_the_loop_over_outcomes() -> None:
    result = social_return(MAP, inputs=50_000, rate=0.035)
    assert result.ratio == pytest.approx(ratio_by_loops(MAP.table(), inputs=50_000, rate=0.035))
    assert result.shares.sum() == pytest.approx(1.0)
    assert result.values.shape == (3, 3)


def test_laws_of_the_ratio() -> None:
    ratio = social_return(MAP, inputs=50_000, rate=0.035).ratio
    in_thousands = replace(MAP, proxy=np.array(CENTRAL["proxy"]) / 1000)
    assert social_return(in_thousands, inputs=50, rate=0.035).ratio == pytest.approx(ratio)
    doubled = replace(MAP, quantity=2 * np.array(CENTRAL["quantity"]))
    assert social_return(doubled, inputs=50_000, rate=0.035).ratio == pytest.approx(2 * ratio)
    for kind in ("deadweight", "displacement", "attribution"):
        assert social_return(replace(MAP, **{kind: 1.0}), inputs=50_000, rate=0.035).ratio == 0.0


@pytest.mark.parametrize("inputs", [0, -5, np.nan])
def test_a_ratio_needs_inputs(inputs: float) -> None:
    with pytest.raises(ValueError, match=r"inputs: .* above 0"):
        social_return(HAND, inputs=inputs, rate=0.035)


def test_assumptions_outside_their_range_are_named() -> None:
    for kind in ("deadweight", "displacement", "attribution", "drop_off"):
        for value in (-0.1, 1.2):
            with pytest.raises(ValueError, match=f"{kind}: {value} in outcome 1; expected a share from 0 to 1"):
                Assumptions([1, 1], 1.0, **{kind: [0.5, value]})
    with pytest.raises(ValueError, match="duration: 101 in outcome 0; expected years"):
        Assumptions(1, 1.0, duration=101)
    with pytest.raises(ValueError, match="quantity: -1"):
        Assumptions(-1, 1.0)
    with pytest.raises(ValueError, match="proxy: missing in outcome 1"):
        Assumptions(1, [1.0, np.nan])
    with pytest.raises(ValueError, match="proxy: 2 values, expected 3"):
        Assumptions([1, 2, 3], [1.0, 2.0])
    with pytest.raises(ValueError, match="rate: -1"):
        social_return(HAND, inputs=1, rate=-1.0)


def test_inputs_are_not_changed_and_not_shared() -> None:
    proxy = np.array([200.0])
    held = Assumptions(100, proxy)
    proxy[0] = 0.0
    assert np.asarray(held.proxy)[0] == 200.0


def test_a_proxy_that_values_two_outcomes_leaves_with_both() -> None:
    # By hand: present values 60, 30, 10 beside inputs of 50.
    result = social_return(Assumptions(1, [30.0, 60.0, 10.0]), inputs=50, rate=0.0)
    found = leave_one_out(result, proxies=["wage", "rent", "wage"], limit=0.6)
    assert found.labels.tolist() == ["wage", "rent"]
    assert found.ratio_without == pytest.approx([1.2, 0.8])
    assert found.shares == pytest.approx([0.4, 0.6])
    assert (found.largest, found.driven_by_one) == (1, False)
    assert leave_one_out(result).driven_by_one
    with pytest.raises(ValueError, match="proxies: 2 labels, expected 3"):
        leave_one_out(result, proxies=["a", "b"])


def test_no_value_is_driven_by_nothing() -> None:
    found = leave_one_out(social_return(Assumptions([0, 0], 1.0), inputs=1, rate=0.0))
    assert (found.largest, found.driven_by_one) == (-1, False)
    assert np.isnan(found.shares).all()


def test_price_years_chain_and_turn_round() -> None:
    # By hand: 1.1 * 1.2 = 1.32. The index of 2021 is not needed to leave 2021.
    years, index = [2023, 2022, 2021], [1.2, 1.1, np.nan]
    assert price_factor(years, index, from_year=2021, to_year=2023) == pytest.approx(1.32)
    assert price_factor(years, index, from_year=2023, to_year=2021) == pytest.approx(1 / 1.32)
    assert price_factor(years, index, from_year=2022, to_year=2022) == 1.0
    with pytest.raises(ValueError, match="no price index for 2021, 2024"):
        price_factor(years, index, from_year=2020, to_year=2024)
    with pytest.raises(ValueError, match="given twice"):
        price_factor([2022, 2022], [1.1, 1.2], from_year=2021, to_year=2022)
    with pytest.raises(ValueError, match="above 0"):
        price_factor([2022], [-1.1], from_year=2021, to_year=2022)


def test_tornado_rows_are_the_ratio_recomputed() -> None:
    both = ranges()
    found = one_at_a_time(both, inputs=Spread(40_000, 50_000, 60_000), rate=Spread(0.0, 0.035, 0.05))
    assert (np.diff(found.span) <= 0).all()
    low, central, high = both.tables()
    for driver, outcome, at_low, at_high in zip(
        found.driver, found.outcome, found.ratio_at_low, found.ratio_at_high, strict=True
    ):
        if driver == "rate":
            expected = [ratio_by_loops(central, inputs=50_000, rate=rate) for rate in (0.0, 0.05)]
        elif driver == "inputs":
            expected = [ratio_by_loops(central, inputs=inputs, rate=0.035) for inputs in (40_000, 60_000)]
        else:
            expected = []
            for edge in (low, high):
                moved = central.copy()
                columns = slice(None) if outcome == ALL_OUTCOMES else outcome
                moved[KINDS.index(driver), columns] = edge[KINDS.index(driver), columns]
                expected.append(ratio_by_loops(moved, inputs=50_000, rate=0.035))
        assert [at_low, at_high] == pytest.approx(expected)
    # 7 kinds, each in 3 outcomes (no displacement and no drop-off in one, which cannot move), rate and inputs.
    assert len(found.driver) == 7 + 7 * 3 - 2 + 2


def test_every_break_even_gives_a_ratio_of_one() -> None:
    inputs = 90_000.0
    found = break_even(MAP, inputs=inputs, rate=0.035)
    table = MAP.table()
    for place, kind in enumerate(KINDS):
        for outcome in range(3):
            if np.isnan(found.value[place, outcome]):
                continue
            moved = table.copy()
            moved[place, outcome] = found.value[place, outcome]
            assert ratio_by_loops(moved, inputs=inputs, rate=0.035) == pytest.approx(1.0), (kind, outcome)
    # Drop-off and duration are only looked for where they can be.
    assert (found.reachable | np.isnan(found.value))[5:].all()
    assert (~np.isnan(found.value[:5])).all()
    assert found.value_factor == pytest.approx(inputs / (ratio_by_loops(table, inputs=1.0, rate=0.035)))


def test_break_even_of_the_hand_case() -> None:
    # By hand: quantity and proxy fall by 1 / ratio; what deadweight leaves, 0.75, and attribution, 0.6, too.
    ratio = 22_832.2512 / 12_000
    found = break_even(HAND, inputs=12_000, rate=0.035)
    assert found.value[:5, 0] == pytest.approx(
        [100 / ratio, 200 / ratio, 1 - 0.75 / ratio, 1 - 1 / ratio, 1 - 0.6 / ratio]
    )
    assert found.reachable[:5, 0].all()
    # The first year brings 8695.65; of the second 3304.35 is needed of 7561.44.
    assert found.value[6, 0] == pytest.approx(1 + (12_000 - 9000 / 1.035) / (8100 / 1.035**2))
    # Even a drop-off of everything after the first year would leave 8695.65.
    assert 0 < found.value[5, 0] < 1
    # numpy.roots of 12000 g^3 - 9000 g^2 - 8100 g - 7290, g = 1 + rate.
    growth = max(np.roots([12_000, -9000, -8100, -7290]).real)
    assert found.rate == pytest.approx(growth - 1)


def test_what_cannot_be_reached_is_said_to_be_so() -> None:
    poor = break_even(Assumptions(10, 10.0, deadweight=0.2, duration=1), inputs=1000, rate=0.0)
    assert poor.value[2, 0] == pytest.approx(-9.0)  # 10 * 10 * (1 - w) = 1000
    assert not poor.reachable[2, 0]
    assert poor.reachable[0, 0]
    assert np.isnan(poor.rate)
    assert poor.value_factor == pytest.approx(12.5)
    nothing = break_even(Assumptions(0, 10.0), inputs=1000, rate=0.0)
    assert nothing.value[0, 0] == pytest.approx(100.0)
    assert np.isnan(nothing.value[1, 0])
    assert np.isnan(nothing.value_factor)
    harm = break_even(Assumptions([10, 1], [100.0, -50.0]), inputs=2000, rate=0.0)
    assert harm.value[1, 1] == pytest.approx(1000.0)
    assert not harm.reachable[1, 1]  # the harm would have to be a benefit


def test_certain_assumptions_give_the_point_estimate() -> None:
    point = social_return(MAP, inputs=50_000, rate=0.035)
    for found in (
        simulate(Ranges(MAP, MAP, MAP), inputs=50_000, rate=0.035, draws=300, rng=np.random.default_rng(1)),
        simulate(ranges("fixed"), inputs=50_000, rate=0.035, draws=300, rng=np.random.default_rng(1)),
    ):
        assert found.ratios == pytest.approx(point.ratio)
        assert not found.contribution.any()
        assert found.counts.sum() == 300


def test_same_seed_same_draws() -> None:
    first, again, other = (
        simulate(ranges("pert"), inputs=50_000, rate=Spread(0, 0.03, 0.05), draws=700, rng=np.random.default_rng(seed))
        for seed in (1, 1, 2)
    )
    assert (first.ratios == again.ratios).all()
    assert (first.ratios != other.ratios).any()


MEANS = {
    "uniform": lambda low, _mode, high: (low + high) / 2,
    "triangular": lambda low, mode, high: (low + mode + high) / 3,
    "pert": lambda low, mode, high: (low + 4 * mode + high) / 6,
}


@pytest.mark.parametrize("shape", ["uniform", "triangular", "pert"])
@pytest.mark.parametrize("together", [(), ("proxy", "deadweight")])
def test_mean_ratio_is_that_of_the_mean_assumptions(shape: Shape, together: tuple[Kind, ...]) -> None:
    # For one year the ratio is a product of independent assumptions: the mean of it is that of their means.
    low, high = (
        Assumptions([8, 3], [90.0, 40.0], deadweight=[0.1, 0.0], attribution=0.2),
        Assumptions([15, 8], [190.0, 60.0], deadweight=[0.6, 0.4], attribution=0.5),
    )
    central = Assumptions([10, 4], [100.0, 50.0], deadweight=[0.2, 0.1], attribution=0.4)
    both = Ranges(low, central, high, shape)
    found = simulate(both, inputs=1000, rate=0.0, draws=40_000, rng=np.random.default_rng(3), together=together)
    expected = ratio_by_loops(MEANS[shape](*both.tables()), inputs=1000, rate=0.0)
    assert found.mean == pytest.approx(expected, abs=4 * found.sd / 200)  # four standard errors


@pytest.mark.parametrize("shape", ["uniform", "triangular", "pert"])
@pytest.mark.parametrize("together", [(), ("proxy",)])
def test_quantiles_of_one_uncertain_proxy_are_those_of_its_distribution(
    shape: Shape, together: tuple[Kind, ...]
) -> None:
    # numpy.random's triangular and scipy's beta, and a straight line for uniform.
    low, central, high = (Assumptions(1, proxy) for proxy in (100.0, 150.0, 300.0))
    found = simulate(
        Ranges(low, central, high, shape), inputs=100, rate=0.0, draws=60_000, rng=np.random.default_rng(4),
        together=together, confidence=0.8,
    )  # fmt: skip
    expected = {
        "uniform": [1.2, 2.0, 2.8],
        "triangular": np.quantile(np.random.default_rng(5).triangular(1, 1.5, 3, 400_000), [0.1, 0.5, 0.9]),
        "pert": 1 + 2 * beta.ppf([0.1, 0.5, 0.9], 1 + 4 * 0.25, 1 + 4 * 0.75),
    }[shape]
    # Standard error of a quantile: at most 0.5 / (sqrt(60000) * density), density 0.2 at the least.
    assert [found.low, found.median, found.high] == pytest.approx(expected, abs=0.03)
    assert found.contribution[1, 0] == pytest.approx(1.0)


def test_draws_follow_a_plain_loop() -> None:
    # The same distributions drawn by numpy's own triangular(), year by year, one draw after another.
    both, rng = ranges(), np.random.default_rng(6)
    low, central, high = both.tables()
    fixed = low == high
    by_loop = np.array([
        ratio_by_loops(np.where(fixed, central, rng.triangular(low, central, high + fixed)), inputs=50_000,
                       rate=float(rng.triangular(0.0, 0.03, 0.06)))
        for _ in range(3000)
    ])  # fmt: skip
    found = simulate(both, inputs=50_000, rate=Spread(0.0, 0.03, 0.06), draws=20_000, rng=np.random.default_rng(7))
    error = by_loop.std() * np.sqrt(1 / 3000 + 1 / 20_000)
    assert found.mean == pytest.approx(by_loop.mean(), abs=4 * error)
    assert found.sd == pytest.approx(by_loop.std(), rel=0.06)  # four standard errors of 1 / sqrt(2 * 3000)
    assert found.median == pytest.approx(np.median(by_loop), abs=5 * error)
    assert found.below_one == pytest.approx((by_loop < 1).mean(), abs=0.04)


def test_contributions_name_what_drives_the_spread() -> None:
    found = simulate(ranges(), inputs=50_000, rate=Spread(0, 0.03, 0.05), draws=20_000, rng=np.random.default_rng(8))
    # numpy.corrcoef cannot see the assumptions; but nearly linear contributions add up to nearly everything.
    total = found.contribution.sum() + found.rate_contribution + found.inputs_contribution
    assert total == pytest.approx(1.0, abs=0.05)
    assert found.kind_contribution == pytest.approx(found.contribution.sum(axis=1))
    assert (found.correlation[2] <= 0.02).all()  # deadweight lowers the ratio; 0.02 is three errors of a correlation
    # The largest by analysis of the linear terms: outcome 1 carries most of the value.
    assert found.contribution.max() == found.contribution[:, 1].max()
    only = simulate(ranges(only="proxy"), inputs=50_000, rate=0.03, draws=5000, rng=np.random.default_rng(9))
    assert only.contribution[1].sum() == pytest.approx(1.0, abs=0.05)
    assert not np.delete(only.contribution, 1, axis=0).any()


def test_errors_in_one_direction_widen_the_interval() -> None:
    # Equal outcomes: independent errors of 25 cancel to a fifth, common ones not at all.
    low, central, high = (Assumptions(np.ones(25), proxy) for proxy in (50.0, 100.0, 150.0))
    both = Ranges(low, central, high)
    alone, common = (
        simulate(both, inputs=1000, rate=0.0, draws=20_000, rng=np.random.default_rng(10), together=kinds)
        for kinds in ((), ("proxy",))
    )
    assert common.sd / alone.sd == pytest.approx(5.0, rel=0.05)
    assert common.kind_contribution[1] == pytest.approx(1.0)


def test_memory_does_not_grow_with_the_draws() -> None:
    # All draws of 7 assumptions of 40 outcomes at once would be 100 000 * 280 * 8 bytes = 224 MB.
    low, central, high = (
        Assumptions(np.full(40, 10 * f), 100.0 * f, 0.3 * f, 0.1 * f, 0.2 * f, 0.1 * f, 3.0 * f) for f in (0.8, 1, 1.2)
    )
    tracemalloc.start()
    simulate(Ranges(low, central, high), inputs=500, rate=0.03, draws=100_000, rng=np.random.default_rng(1))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20e6


def test_ranges_that_cannot_be_used_are_named() -> None:
    with pytest.raises(ValueError, match="proxy: 3, 2, 4 in outcome 0 are not low <= central <= high"):
        Ranges(Assumptions(1, 3.0), Assumptions(1, 2.0), Assumptions(1, 4.0))
    with pytest.raises(ValueError, match="1, 2, 1 outcomes"):
        Ranges(Assumptions(1, 1.0), Assumptions([1, 1], 2.0), Assumptions(1, 4.0))
    with pytest.raises(ValueError, match=r"'triangle' is not known; .* Did you mean 'triangular'"):
        Ranges(MAP, MAP, MAP, "triangle")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"'dropoff' is no assumption. Did you mean 'drop_off'"):
        Ranges(MAP, MAP, MAP, {"dropoff": "pert"})  # type: ignore[dict-item]
    with pytest.raises(ValueError, match="shapes: 2 for proxy, expected 3"):
        Ranges(MAP, MAP, MAP, {"proxy": ["pert", "pert"]})
    with pytest.raises(ValueError, match="together: 'proxies' is no assumption"):
        simulate(ranges(), inputs=1, rate=0.0, draws=9, rng=np.random.default_rng(1), together=["proxies"])  # type: ignore[list-item]
    with pytest.raises(ValueError, match="not low <= central <= high"):
        Spread(1, 0, 2)
    with pytest.raises(ValueError, match="inputs: 0"):
        simulate(ranges(), inputs=Spread(0, 5, 9), rate=0.0, draws=9, rng=np.random.default_rng(1))
    with pytest.raises(ValueError, match="draws, bins"):
        simulate(ranges(), inputs=1, rate=0.0, draws=1, rng=np.random.default_rng(1))


def test_each_outcome_may_have_its_own_shape() -> None:
    both = ranges()
    mixed = Ranges(both.low, both.central, both.high, {"proxy": ["fixed", "uniform", "pert"]})
    assert mixed.codes[1].tolist() == [0, 1, 3]
    found = simulate(mixed, inputs=50_000, rate=0.0, draws=500, rng=np.random.default_rng(1))
    assert (found.contribution[1, 0], found.contribution[1, 1] > 0) == (0.0, True)
