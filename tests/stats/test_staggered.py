"""Callaway and Sant'Anna's effects: against R's did on its own data, by brute force, as laws, and what is refused."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from ropsanalysis.stats.effects import NotEstimableError, difference_in_differences
from ropsanalysis.stats.staggered import Aggregation, Control, GroupTimeEffects, aggregate, group_time_effects
from ropsanalysis.stats.staggered_bands import Multipliers, bands, pre_trend_test
from support import shared_data

YEARS = [2003, 2004, 2005, 2006, 2007]


@dataclass(frozen=True)
class Panel:
    y: np.ndarray
    begin: np.ndarray

    def effects(self, order: np.ndarray | slice = slice(None), **kwargs: object) -> GroupTimeEffects:
        chosen = {"clusters": None, "control": "never", **kwargs}
        return group_time_effects(self.y[order], YEARS, self.begin[order], **chosen)


@pytest.fixture(scope="module")
def mpdta() -> Panel:
    table = pd.read_csv(shared_data("did_reference") / "mpdta.csv")
    wide = table.pivot_table(index="countyreal", columns="year", values="lemp")
    begin = table.groupby("countyreal")["first.treat"].first()
    assert list(wide.columns) == YEARS
    return Panel(wide.to_numpy(), begin.to_numpy(float))


@pytest.fixture(scope="module")
def simulated() -> Panel:
    rng = np.random.default_rng(31)
    begin = rng.choice([0.0, 2004, 2005, 2007], 120)
    late = (begin[:, None] > 0) & (np.array(YEARS) >= begin[:, None])
    return Panel(rng.normal(size=(120, 5)).cumsum(axis=1) + late, begin)


def by_hand(panel: Panel, g: float, t: int, control: Control) -> float:
    """ATT(g, t) of Callaway and Sant'Anna (2021), equations 2.8 and 2.9 without covariates, straight from the words."""
    base = g - 1 if t >= g else t - 1
    change = panel.y[:, YEARS.index(t)] - panel.y[:, YEARS.index(int(base))]
    others = panel.begin == 0
    if control == "not_yet":
        others = others | ((panel.begin > t) & (panel.begin != g))
    return float(change[panel.begin == g].mean() - change[others].mean())


# --- R's did: att_gt(yname = "lemp", gname = "first.treat", idname = "countyreal", tname = "year", xformla = ~1,
#     data = mpdta, est_method = "reg"), as printed in its README (shared reference_did_README.txt), to four digits. ---

ATT = {
    2004: (-0.0105, -0.0704, -0.1373, -0.1008),
    2006: (0.0065, -0.0028, -0.0046, -0.0412),
    2007: (0.0305, -0.0027, -0.0311, -0.0261),
}
SE = {
    2004: (0.0246, 0.0332, 0.0397, 0.0357),
    2006: (0.0229, 0.0197, 0.0179, 0.0192),
    2007: (0.0154, 0.0164, 0.0184, 0.0170),
}
EVENT = (0.0305, -0.0006, -0.0245, -0.0199, -0.0510, -0.1373, -0.1008)
EVENT_SE = (0.0154, 0.0132, 0.0153, 0.0123, 0.0167, 0.0413, 0.0351)

#: R's standard errors are interquartile ranges of 1000 draws, which vary by 3.7 % (1.17 / sqrt(1000)).
DRAWN = 0.15


def test_group_time_effects_as_in_r(mpdta: Panel) -> None:
    found = mpdta.effects()
    assert found.group.tolist() == np.repeat([2004, 2006, 2007], 4).tolist()
    assert found.period.tolist() == [2004, 2005, 2006, 2007] * 3
    assert found.value == pytest.approx(np.concatenate([ATT[g] for g in ATT]), abs=5e-5)
    assert found.se == pytest.approx(np.concatenate([SE[g] for g in SE]), rel=DRAWN)
    assert (found.n_units, found.n_clusters, found.n_missing, found.n_always) == (500, 500, 0, 0)


def test_pre_trend_test_as_in_r(mpdta: Panel) -> None:
    # "P-value for pre-test of parallel trends assumption: 0.16812": all covariances are R's.
    found = pre_trend_test(mpdta.effects(), small_sample=False)
    assert found.df == 5
    assert found.p_value == pytest.approx(0.16812, abs=5e-6)
    small = pre_trend_test(mpdta.effects())
    assert small.p_value > found.p_value
    # Hotelling: W (G - q) / (q (G - 1)) with G clusters.
    clusters = small.df_denominator + small.df
    assert clusters == mpdta.effects().n_clusters
    assert small.ratio == pytest.approx(small.statistic * small.df_denominator / (5 * (clusters - 1)))
    assert np.isnan(found.ratio)


def test_event_study_as_in_r(mpdta: Panel) -> None:
    found = aggregate(mpdta.effects(), "event")
    assert found.at.tolist() == [-3, -2, -1, 0, 1, 2, 3]
    assert found.value == pytest.approx(EVENT, abs=5e-5)
    assert found.se == pytest.approx(EVENT_SE, rel=DRAWN)
    # aggte(out, type = "dynamic"): -0.0772 (0.0219) [-0.1201, -0.0344]
    assert found.overall == pytest.approx(-0.0772, abs=5e-5)
    assert found.overall_se == pytest.approx(0.0219, rel=DRAWN)


def test_groups_as_in_r(mpdta: Panel) -> None:
    # aggte(out, type = "group")
    found = aggregate(mpdta.effects(), "group")
    assert found.value == pytest.approx([-0.0797, -0.0229, -0.0261], abs=5e-5)
    assert found.se == pytest.approx([0.0291, 0.0176, 0.0175], rel=DRAWN)
    assert found.overall == pytest.approx(-0.0310, abs=5e-5)
    assert found.overall_se == pytest.approx(0.0126, rel=0.05)


def test_simple_as_published(mpdta: Panel) -> None:
    # shared REFERENCES.md, row DiD: -0.039951, standard error .0117/.0118 with given sizes of groups.
    effects = mpdta.effects()
    found = aggregate(effects, "simple")
    assert found.overall == pytest.approx(-0.039951, abs=5e-7)
    after = effects.period >= effects.group
    given_sizes = effects.influence[:, after] @ (effects.n_treated[after] / effects.n_treated[after].sum())
    assert np.sqrt(given_sizes @ given_sizes) == pytest.approx(0.01175, abs=1e-4)


@pytest.mark.parametrize("kind", ["simple", "event", "group", "calendar"])
def test_errors_are_those_of_leaving_out_units(mpdta: Panel, kind: str) -> None:
    # The jackknife counts chance sizes of groups as well. The smallest group has 20 units: variances differ by 20 / 19.
    left_out = [aggregate(mpdta.effects(np.arange(500) != i), kind).overall for i in range(500)]  # type: ignore[arg-type]
    jackknife = np.sqrt(499 / 500 * ((np.array(left_out) - np.mean(left_out)) ** 2).sum())
    assert aggregate(mpdta.effects(), kind).overall_se == pytest.approx(jackknife, rel=0.06)  # type: ignore[arg-type]


@pytest.mark.parametrize("multipliers", ["mammen", "rademacher"])
def test_bootstrap_as_in_r(mpdta: Panel, multipliers: Multipliers) -> None:
    event = aggregate(mpdta.effects(), "event")
    found = bands(event.value, event.influence, rng=np.random.default_rng(5), draws=3999, multipliers=multipliers)
    # Two groups of 20 and 40 units are far from normal, which moves quartiles and standard deviations apart.
    assert found.se == pytest.approx(event.se, rel=0.12)
    # R's draws vary by 3.7 %, these by 1.9 %; Mammen's skewness is not R's.
    assert found.se == pytest.approx(EVENT_SE, rel=0.08 if multipliers == "rademacher" else DRAWN)
    # R's band at event time 0: [-0.0522, 0.0124], half of it 0.0323 = 2.63 of R's standard errors.
    assert found.critical == pytest.approx(2.63, rel=0.06)
    assert (found.band_low < found.low).all()
    assert (found.band_high > found.high).all()


# --- Brute force and cases that collapse --------------------------------------------------------------


@pytest.mark.parametrize("control", ["never", "not_yet"])
def test_every_cell_is_what_the_article_says(simulated: Panel, control: Control) -> None:
    found = simulated.effects(control=control)
    assert found.value.size == 12
    for g, t, value in zip(found.group, found.period, found.value, strict=True):
        assert value == pytest.approx(by_hand(simulated, g, int(t), control))


def test_two_periods_and_one_group_are_a_difference_in_differences() -> None:
    rng = np.random.default_rng(1)
    y, treated, county = rng.normal(size=(60, 2)), np.arange(60) % 2, np.arange(60) // 6
    found = group_time_effects(y, [0, 1], treated, clusters=county)
    plain = difference_in_differences(y[:, 0], y[:, 1], treated, clusters=county)
    assert found.value == pytest.approx([plain.value])
    # Least squares has a factor (n - 1) / (n - 2) more.
    assert found.se * np.sqrt(59 / 58) == pytest.approx([plain.se])
    simple = aggregate(found, "simple")
    assert (simple.overall, simple.overall_se) == pytest.approx((found.value[0], found.se[0]))


def test_a_placebo_one_year_earlier_is_the_last_check_before_treatment(simulated: Panel) -> None:
    real, placebo = simulated.effects(), simulated.effects(placebo=1)
    shown = placebo.period >= placebo.group
    checks = (real.period == real.group - 1) & (real.group > 2004)
    assert placebo.group[shown].tolist() == [2004, 2006]
    assert placebo.value[shown] == pytest.approx(real.value[checks])
    # G / (G - 1) differs: units treated in the second year have no earlier period to pretend in, and are left out.
    factor = [np.sqrt(found.n_clusters / (found.n_clusters - 1)) for found in (real, placebo)]
    assert placebo.se[shown] / factor[1] == pytest.approx(real.se[checks] / factor[0])


def test_a_placebo_sees_no_period_after_treatment_began(simulated: Panel) -> None:
    begun = (simulated.begin[:, None] > 0) & (np.array(YEARS) >= simulated.begin[:, None])
    spoilt = Panel(np.where(begun, 1e6, simulated.y), simulated.begin)
    for control in ("never", "not_yet"):
        for years in (1, 2):
            assert spoilt.effects(control=control, placebo=years).value == pytest.approx(
                simulated.effects(control=control, placebo=years).value
            )


def test_a_known_effect_is_found_where_it_grows() -> None:
    # No noise: the effect is 1 in the first year and 1 more in each further; both controls give it exactly.
    begin = np.repeat([0.0, 2004, 2006], 4)
    since = np.where(begin[:, None] > 0, np.array(YEARS) - begin[:, None] + 1, 0).clip(0)
    panel = Panel(np.arange(12.0)[:, None] + np.array(YEARS) * 0.3 + since, begin)
    for control in ("never", "not_yet"):
        event = aggregate(panel.effects(control=control), "event")
        assert event.value == pytest.approx([0, 0, 1, 2, 3, 4], abs=1e-9)
        group = aggregate(panel.effects(control=control), "group")
        assert group.value == pytest.approx([2.5, 1.5])
        calendar = aggregate(panel.effects(control=control), "calendar")
        assert calendar.value == pytest.approx([1, 2, 2, 3])
        # Six cells of equal groups: (1 + 2 + 3 + 4 + 1 + 2) / 6.
        assert aggregate(panel.effects(control=control), "simple").overall == pytest.approx(13 / 6)


# --- Laws ---------------------------------------------------------------------------------------------


def all_numbers(found: Aggregation) -> np.ndarray:
    return np.concatenate((found.value, found.se, [found.overall, found.overall_se]))


def test_order_of_units_constants_and_common_trends_do_not_matter(simulated: Panel) -> None:
    order = np.random.default_rng(3).permutation(120)
    moved = Panel(simulated.y + np.arange(120)[:, None] + np.array([1, 5, 2, 8, 3]), simulated.begin)
    county = np.arange(120) // 4
    for kind in ("simple", "event", "group", "calendar"):
        expected = all_numbers(aggregate(simulated.effects(clusters=county), kind))
        shuffled = simulated.effects(order, clusters=county[order])
        assert all_numbers(aggregate(shuffled, kind)) == pytest.approx(expected)
        assert all_numbers(aggregate(moved.effects(clusters=county), kind)) == pytest.approx(expected)


def test_twins_in_one_cluster_bring_no_knowledge(simulated: Panel) -> None:
    doubled = Panel(np.repeat(simulated.y, 2, axis=0), np.repeat(simulated.begin, 2))
    twins = doubled.effects(clusters=np.repeat(np.arange(120), 2))
    assert twins.se == pytest.approx(simulated.effects().se)
    assert doubled.effects().se == pytest.approx(simulated.effects().se / np.sqrt(2), rel=0.01)


def test_same_generator_same_bands(simulated: Panel) -> None:
    found = simulated.effects()
    first, second = (bands(found.value, found.influence, rng=np.random.default_rng(9)) for _ in range(2))
    assert (first.se == second.se).all()
    assert first.critical == second.critical


# --- What cannot be estimated -------------------------------------------------------------------------


def test_gaps_and_units_treated_from_the_start_are_counted(simulated: Panel) -> None:
    y, begin = simulated.y.copy(), simulated.begin.copy()
    y[:3, 1] = np.nan
    begin[3:5] = 2003
    found = Panel(y, begin).effects()
    assert (found.n_missing, found.n_always, found.n_units) == (3, 2, 115)
    assert found.value == pytest.approx(simulated.effects(slice(5, None)).value)


def test_units_treated_after_the_last_period_are_never_treated(simulated: Panel) -> None:
    begin = np.where(simulated.begin == 0, np.where(np.arange(120) % 2, np.nan, 2030), simulated.begin)
    assert Panel(simulated.y, begin).effects().value == pytest.approx(simulated.effects().value)


def refusal(*args: object, **kwargs: object) -> str:
    with pytest.raises(NotEstimableError) as caught:
        group_time_effects(*args, clusters=None, **kwargs)  # type: ignore[arg-type]
    return caught.value.reason


def test_reasons_why_nothing_can_be_estimated() -> None:
    y = np.arange(24.0).reshape(8, 3)
    assert refusal(y, [1, 2, 3], np.full(8, 2)) == "no_comparison"  # all opened in one year
    assert refusal(y, [1, 2, 3], [2, 2, 3, 3, 3, 3, 3, 3], control="never") == "no_comparison"
    assert refusal(y, [1, 2, 3], np.zeros(8)) == "no_group"
    assert refusal(y, [1, 2, 3], np.r_[2, np.zeros(7)]) == "no_group"  # one unit alone
    assert refusal(y, [1, 2, 3], np.r_[1, 1, np.zeros(6)]) == "no_group"  # nothing known before
    assert refusal(y[:, :1], [1], np.zeros(8)) == "one_period"
    assert refusal(y, [1, 2, 3], np.r_[2, 2, np.zeros(6)], placebo=1) == "no_group"  # no earlier period


def test_groups_of_one_cluster_are_left_out_and_named(simulated: Panel) -> None:
    begin = simulated.begin.copy()
    begin[np.flatnonzero(begin == 0)[0]] = 2006
    found = Panel(simulated.y, begin).effects(control="not_yet")
    assert found.too_small == (2006.0,)
    assert 2006 not in found.groups


def test_without_never_treated_the_last_group_is_the_comparison(simulated: Panel) -> None:
    kept = simulated.begin > 0
    found = simulated.effects(kept, control="not_yet")
    treated = found.period >= found.group
    assert set(found.group[treated]) == {2004, 2005}
    assert found.period[treated].max() == 2006
    assert aggregate(found, "group").at.tolist() == [2004, 2005]


def test_more_checks_than_clusters_can_tell_give_no_test(simulated: Panel) -> None:
    assert np.isnan(pre_trend_test(simulated.effects(clusters=np.arange(120) % 4)).p_value)
    assert 0 < pre_trend_test(simulated.effects()).p_value < 1
    # Treated in the second year: nothing to check.
    none = pre_trend_test(simulated.effects(np.isin(simulated.begin, (0, 2004))))
    assert (none.df, np.isnan(none.p_value)) == (0, True)


def test_estimates_that_do_not_vary_get_no_band() -> None:
    found = bands([1.0, 2.0], [[0, 0.1], [0, -0.1], [0, 0.2]], rng=np.random.default_rng(1))
    assert np.isnan(found.se[0])
    assert np.isfinite(found.band_low[1])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"periods": [1, 3, 2]}, "ascending"),
        ({"periods": [1, 2]}, "does not fit"),
        ({"control": "always"}, "choose never or not_yet"),
        ({"fewest_clusters": 1}, "at least 0 and 2"),
    ],
)
def test_what_cannot_be_used_is_refused(change: dict[str, object], message: str) -> None:
    given = {"outcomes": np.zeros((3, 3)), "periods": [1, 2, 3], "first_treated": [2, 2, 0], "clusters": None, **change}
    with pytest.raises(ValueError, match=message):
        group_time_effects(**given)


def test_a_province_takes_a_moment() -> None:
    # 2 500 units, 12 periods, 10 groups, 999 draws: about 0.1 s; ten times that on a busy machine.
    rng = np.random.default_rng(2)
    y, begin = rng.normal(size=(2500, 12)), rng.integers(0, 11, 2500)
    start = time.perf_counter()
    found = group_time_effects(y, np.arange(12), begin, clusters=None)
    bands(found.value, found.influence, rng=rng)
    assert time.perf_counter() - start < 3
