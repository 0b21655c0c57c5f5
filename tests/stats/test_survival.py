"""Survival curves and the log-rank test against R and statsmodels, by hand, and where the truth is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight, survdiff
from statsmodels.stats.proportion import proportion_confint

from ropsanalysis.stats.survival import (
    Band,
    kaplan_meier,
    lifetime_quantile,
    log_rank,
    restricted_mean,
    simultaneous_band,
    survival_at,
    watched_until,
)

Z = 1.959963984540054  # quantile of the normal distribution at 0.975


@pytest.fixture(scope="module")
def lung() -> pd.DataFrame:
    table = pd.read_csv(Path(__file__).parent / "lung.csv", comment="#")
    # The entry is made up, so that the same data show left truncation: in R, entry <- (age * 7) %% 60.
    return table.assign(died=table["status"] == 2, entry=table["age"] * 7 % 60)


def drawn(rng: np.random.Generator, n: int, *, ticks: int = 40) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return times with many ties, events and entries of lifetimes that were seen."""
    entry, time = rng.integers(0, ticks // 2, 3 * n), rng.integers(1, ticks, 3 * n)
    seen = np.flatnonzero(entry < time)[:n]
    return time[seen].astype(float), rng.random(seen.size) < 0.6, entry[seen].astype(float)


def test_a_curve_worked_by_hand() -> None:
    # Six lifetimes, + censored: 6, 7+, 10, 15, 19+, 25. Shares 5/6; times 3/4; times 2/3; times 0.
    curve = kaplan_meier([6, 7, 10, 15, 19, 25], [1, 0, 1, 1, 0, 1])
    assert curve.times.tolist() == [6, 10, 15, 25]
    assert curve.at_risk.tolist() == [6, 4, 3, 1]
    assert curve.survival == pytest.approx([5 / 6, 5 / 8, 5 / 12, 0])
    # Greenwood: variance of the logarithm 1/30, plus 1/12, plus 1/6.
    assert curve.se[:3] == pytest.approx([5 / 6 * (1 / 30) ** 0.5, 5 / 8 * (7 / 60) ** 0.5, 5 / 12 * (17 / 60) ** 0.5])
    # R 4.2.2, survival 3.5-3: summary(survfit(Surv(time, event) ~ 1, conf.type = "log-log"))
    assert curve.low[:3] == pytest.approx([0.273122850, 0.141853390, 0.055991865], abs=1e-8)
    assert curve.high[:3] == pytest.approx([0.97471243, 0.89305060, 0.76652222], abs=1e-8)


def test_truncated_curve_worked_by_hand() -> None:
    # Watched from 0, 2, 2, 5. At 3 three are at risk, at 5 two (the fourth only joins then), at 6 one and at 9 one.
    curve = kaplan_meier([3, 5, 6, 9], [1, 1, 0, 1], entry=[0, 2, 2, 5])
    assert curve.at_risk.tolist() == [3, 2, 1]
    assert curve.survival == pytest.approx([2 / 3, 1 / 3, 0])
    assert survival_at(curve, [0, 1, 2.5, 5.5, 9]).at_risk.tolist() == [1, 1, 3, 2, 1]


# R 4.2.2, survival 3.5-3: survfit(Surv(time, status) ~ sex, lung, conf.type = ...), median and limits for men, women.
# The first row is published in many textbooks: 270 (212-310) and 426 (348-550).
MEDIANS = {
    "log": ((270, 212, 310), (426, 348, 550)),
    "log_log": ((270, 210, 306), (426, 345, 524)),
    "plain": ((270, 212, 306), (426, 345, 524)),
}
# ... and summary(., times = c(100, 365, 800)): at risk, survival, standard error; lower and upper by conf.type.
MEN = ((114, 35, 6), (0.8260869565217, 0.3360878346394, 0.0669635068003))
LIMITS = {
    "log": ((0.7652075661852, 0.2609005037897, 0.0314206886203), (0.891809869494, 0.432942945498, 0.142712061380)),
    "log_log": ((0.7518517229859, 0.2527291433280, 0.0279653627559), (0.879870543129, 0.421302168223, 0.129562598092)),
    "plain": ((0.7628475904290, 0.2509791644300, 0.0162934769599), (0.889326322614, 0.421196504849, 0.117633536641)),
}


@pytest.mark.parametrize("band", ["log", "log_log", "plain"])
def test_published_curves(lung: pd.DataFrame, band: Band) -> None:
    for sex, expected in zip((1, 2), MEDIANS[band], strict=True):
        rows = lung[lung["sex"] == sex]
        median = lifetime_quantile(kaplan_meier(rows["time"], rows["died"], band=band))
        assert (median.value, median.low, median.high) == expected
    rows = lung[lung["sex"] == 1]
    read = survival_at(kaplan_meier(rows["time"], rows["died"], band=band), [100, 365, 800])
    assert tuple(read.at_risk) == MEN[0]
    assert read.survival == pytest.approx(MEN[1], abs=1e-12)
    assert read.low == pytest.approx(LIMITS[band][0], abs=1e-11)
    assert read.high == pytest.approx(LIMITS[band][1], abs=1e-11)


def test_published_standard_errors(lung: pd.DataFrame) -> None:
    rows = lung[lung["sex"] == 1]
    curve = kaplan_meier(rows["time"], rows["died"])
    place = np.searchsorted(curve.times, [100, 365, 800], side="right") - 1
    # R: summary(survfit(.), times = c(100, 365, 800))$std.err
    assert curve.se[place] == pytest.approx([0.0322655755879, 0.0434235888418, 0.0258525310873], abs=1e-12)


def test_truncated_curves_agree_with_r(lung: pd.DataFrame) -> None:
    # R 4.2.2, survival 3.5-3: survfit(Surv(entry, time, status == 2) ~ sex, conf.type = "log-log"), rows with
    # time > entry; summary at 30, 100, 365, 800.
    seen = lung[lung["time"] > lung["entry"]]
    assert len(seen) == 218
    men = seen[seen["sex"] == 1]
    curve = kaplan_meier(men["time"], men["died"], entry=men["entry"])
    read, median = survival_at(curve, [30, 100, 365, 800]), lifetime_quantile(curve)
    assert (median.value, median.low, median.high) == (284, 218, 320)
    assert read.at_risk.tolist() == [67, 114, 35, 6]
    assert read.survival == pytest.approx([0.9577114427861, 0.8586347131098, 0.3493296670490, 0.0696018633346])
    assert read.low == pytest.approx([0.8319888444898, 0.7645657434119, 0.2613176177077, 0.0289730004807])
    assert read.high == pytest.approx([0.989901103032, 0.917106043675, 0.438564955722, 0.134601596635])
    women = seen[seen["sex"] == 2]
    median = lifetime_quantile(kaplan_meier(women["time"], women["died"], entry=women["entry"]))
    assert (median.value, median.low, median.high) == (426, 345, 524)


@pytest.mark.parametrize("seed", range(5))
def test_curves_agree_with_statsmodels(seed: int) -> None:
    time, event, entry = drawn(np.random.default_rng(seed), 150)
    curve = kaplan_meier(time, event, entry=entry)
    other = SurvfuncRight(time, event.astype(int), entry=entry)
    some = other.n_events > 0  # statsmodels also lists times of censoring only
    assert curve.times == pytest.approx(other.surv_times[some])
    assert curve.survival == pytest.approx(other.surv_prob[some], abs=1e-12)
    left = curve.survival > 0  # statsmodels has no standard error where none is left
    assert curve.se[left] == pytest.approx(other.surv_prob_se[some][left], abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 20), min_size=1, max_size=30))
def test_without_censoring_the_curve_is_the_share_that_lasts_longer(ages: list[int]) -> None:
    curve = kaplan_meier(ages, np.ones(len(ages)))
    expected = [np.mean(np.array(ages) > age) for age in range(21)]
    assert survival_at(curve, np.arange(21)).survival == pytest.approx(expected, abs=1e-12)
    # Greenwood's variance is then that of a share.
    share = curve.survival[:-1]
    assert curve.se[:-1] == pytest.approx(np.sqrt(share * (1 - share) / len(ages)), abs=1e-12)
    assert restricted_mean(curve, horizon=20).value == pytest.approx(np.mean(ages))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_order_does_not_matter_and_limits_enclose_the_curve(seed: int) -> None:
    rng = np.random.default_rng(seed)
    time, event, entry = drawn(rng, 25)
    order = rng.permutation(time.size)
    curve = kaplan_meier(time, event, entry=entry)
    again = kaplan_meier(time[order], event[order], entry=entry[order])
    assert np.array_equal(curve.survival, again.survival)
    assert np.array_equal(curve.low, again.low)
    for band in ("log_log", "log", "plain"):
        limits = kaplan_meier(time, event, entry=entry, band=band)
        assert (limits.low >= 0).all()
        assert (limits.low <= limits.survival + 1e-12).all()
        assert (limits.survival <= limits.high + 1e-12).all()
        assert (limits.high <= 1).all()
    assert (np.diff(curve.survival) <= 0).all()


def test_all_or_none_left_is_not_taken_for_certainty() -> None:
    # The limits are Clopper and Pearson's (statsmodels proportion_confint, "beta") for the number watched.
    curve = kaplan_meier(np.full(12, 5.0), np.ones(12))
    before = survival_at(curve, [0, 4])
    assert before.low == pytest.approx([1, proportion_confint(12, 12, method="beta")[0]])
    assert before.high.tolist() == [1, 1]
    assert curve.low.tolist() == [0]
    assert curve.high == pytest.approx(proportion_confint(0, 12, method="beta")[1])


def test_where_nothing_ended_the_fewest_that_were_watched_count() -> None:
    # One watched until 2, then the other three join; one leaves at 4, another at 6.
    curve = kaplan_meier([8, 8, 6, 4], [0, 0, 0, 0], entry=[0, 2, 2, 2])
    assert curve.times.size == 0
    read = survival_at(curve, [1, 3, 8, 9])
    assert read.at_risk.tolist() == [1, 4, 2, 0]
    assert read.survival == pytest.approx([1, 1, 1, np.nan], nan_ok=True)
    assert read.low == pytest.approx([0.025, 0.025, 0.025, np.nan], nan_ok=True)  # one of one: alpha / 2
    whole = kaplan_meier([8, 8, 6, 4], [0, 0, 0, 0])
    assert survival_at(whole, [5, 7]).low == pytest.approx([0.025 ** (1 / 3), 0.025**0.5])
    assert np.isnan(lifetime_quantile(whole).value)


def test_quantiles_on_level_stretches_are_those_of_r() -> None:
    # R 4.2.2, survival 3.5-3: quantile(survfit(Surv(1:4, rep(1, 4)) ~ 1), c(.25, .5, .75))
    curve = kaplan_meier([1, 2, 3, 4], np.ones(4), band="log")
    found = [lifetime_quantile(curve, share=share) for share in (0.25, 0.5, 0.75)]
    assert [item.value for item in found] == [1.5, 2.5, 3.5]
    assert [item.low for item in found] == [1, 1, 2]
    assert np.isnan([item.high for item in found]).all()


def test_restricted_means_agree_with_r(lung: pd.DataFrame) -> None:
    # R 4.2.2, survival 3.5-3: print(survfit(Surv(time, status) ~ 1, lung), rmean = 365), then 1000
    curve = kaplan_meier(lung["time"], lung["died"])
    for horizon, mean, se in ((365, 263.22187, 7.7988591), (1000, 375.16714, 19.438859)):
        found = restricted_mean(curve, horizon=horizon)
        assert found.value == pytest.approx(mean, abs=5e-6)
        assert (found.high - found.value) / Z == pytest.approx(se, abs=5e-7)
    assert np.isnan(restricted_mean(curve, horizon=2000).value)


def test_truncated_curves_hold_their_level() -> None:
    # 400 samples of 150 with exponential lifetimes, of which only those that last until somebody looks are seen.
    # Standard error of the coverage 1.1 points. Taking the seen for all gives a curve far too high.
    rng = np.random.default_rng(5)
    covered, at_once, naive = 0, 0, []
    for _ in range(400):
        life, look, leave = rng.exponential(5, 600), rng.choice([0.0, 2.0, 4.0], 600), rng.uniform(6, 12, 600)
        seen = np.flatnonzero(life > look)[:150]
        time, event = np.minimum(life, leave)[seen], (life <= leave)[seen]
        curve = kaplan_meier(time, event, entry=look[seen])
        read = survival_at(curve, [3.0])
        covered += int(read.low[0] <= np.exp(-3 / 5) <= read.high[0])
        band = simultaneous_band(curve, start=0.5, stop=6.0)
        edges = np.append(band.times[1:], 6.0)  # between two events the truth falls, the band does not
        at_once += int(((band.low <= np.exp(-edges / 5)) & (np.exp(-band.times / 5) <= band.high)).all())
        naive.append(survival_at(kaplan_meier(time, event), [3.0]).survival[0])
    assert 0.92 <= covered / 400 <= 0.98
    assert 0.915 <= at_once / 400 <= 0.985
    assert np.mean(naive) > np.exp(-3 / 5) + 0.1


def test_simultaneous_band_is_wider_by_one_factor() -> None:
    # Equal precision: on the scale of the band each limit is as many times farther out, here between 1.2 and 2.
    rng = np.random.default_rng(1)
    curve = kaplan_meier(rng.exponential(5, 200), np.ones(200), band="plain")
    band = simultaneous_band(curve, start=1.0, stop=8.0)
    place = np.searchsorted(curve.times, band.times)
    ratio = (band.high - band.survival) / (curve.high[place] - curve.survival[place])
    assert ratio == pytest.approx(np.full(ratio.size, ratio[0]))
    assert 1.2 < ratio[0] < 2
    # The farther it reaches, the wider it must be.
    longer = simultaneous_band(curve, start=0.2, stop=12.0)
    same = np.isin(longer.times, band.times)
    assert (longer.high[same] > band.high).all()
    with pytest.raises(ValueError, match="fewer than two"):
        simultaneous_band(curve, start=100, stop=200)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6))
def test_watched_until_is_the_first_age_with_too_few(seed: int, least: int) -> None:
    time, event, entry = drawn(np.random.default_rng(seed), 12, ticks=15)
    halves = np.arange(16) + 0.5  # between the whole ages at which anybody comes or goes
    enough = ((entry < halves[:, None]) & (time >= halves[:, None])).sum(axis=1) >= least
    expected = float(np.argmin(enough)) if enough[0] else np.nan
    found = watched_until(kaplan_meier(time, event, entry=entry), at_least=least)
    assert found == pytest.approx(expected, nan_ok=True)


def test_log_rank_agrees_with_r(lung: pd.DataFrame) -> None:
    # R 4.2.2, survival 3.5-3: survdiff(Surv(time, status) ~ sex, lung)$chisq; published as 10.3.
    test = log_rank(lung["time"], lung["died"], lung["sex"])
    assert test.statistic == pytest.approx(10.3267419549, abs=1e-9)
    assert (test.df, test.n, test.n_events) == (1, 228, 165)
    # ... ~ ph.ecog, four groups, one missing left out
    known = lung.dropna(subset=["ph_ecog"])
    test = log_rank(known["time"], known["died"], known["ph_ecog"])
    assert test.statistic == pytest.approx(21.9621316825, abs=1e-9)
    assert test.p_value == pytest.approx(6.64254e-05, rel=1e-5)
    assert test.observed.tolist() == [37, 82, 44, 1]
    assert test.expected == pytest.approx([54.15269702, 83.52756458, 26.14735307, 0.17238534], abs=1e-8)


@pytest.mark.parametrize("seed", range(4))
def test_truncated_log_rank_agrees_with_statsmodels(seed: int) -> None:
    rng = np.random.default_rng(seed)
    time, event, entry = drawn(rng, 200)
    group = rng.integers(0, 3, time.size)
    statistic, p_value = survdiff(time, event.astype(int), group, entry=entry)
    test = log_rank(time, event, group, entry=entry)
    assert test.df == 2
    assert test.statistic == pytest.approx(statistic)
    assert test.p_value == pytest.approx(p_value)
    assert test.expected.sum() == pytest.approx(event.sum())


def test_log_rank_rejects_equal_groups_in_one_of_twenty_samples() -> None:
    # Law of the level: 5 % of 1000 samples, standard error 0.7 points; the groups come under observation at
    # different ages. Groups that differ in pace are told apart.
    rng = np.random.default_rng(2)
    found, told = 0, 0
    for _ in range(1000):
        group = np.repeat((0, 1), 120)
        life, look = rng.exponential(5, 240), np.where(group == 1, rng.uniform(0, 4, 240), 0.0)
        seen = life > look
        time, event = np.minimum(life, 9)[seen], (life <= 9)[seen]
        found += int(log_rank(time, event, group[seen], entry=look[seen]).p_value < 0.05)
        slower = np.where(group == 1, 2, 1) * life
        told += int(log_rank(slower, np.ones(240), group).p_value < 0.05)
    assert 0.03 <= found / 1000 <= 0.072
    assert told / 1000 > 0.9


def test_groups_never_at_risk_together_are_not_compared() -> None:
    test = log_rank([1, 2, 5, 6], [1, 1, 1, 1], ["a", "a", "b", "b"], entry=[0, 0, 3, 3])
    assert test.df == 0
    assert np.isnan(test.p_value)
    alone = log_rank([1, 2], [1, 0], ["a", "a"])
    assert alone.df == 0
    assert np.isnan(alone.statistic)


@pytest.mark.parametrize(
    ("time", "event", "entry", "message"),
    [
        ([], [], None, "no lifetime"),
        ([1, 2], [1], None, "event: 1 values, expected 2"),
        ([1, None], [1, 0], None, "time: missing in 1"),
        ([1, 2], [1, 2], None, "only 0"),
        ([1, 2], [1, 0], [0, -1], "entry: negative in 1"),
        ([1, 2], [1, 0], [1, 0], "not below time in 1"),
        ([0, 2], [1, 0], None, "not below time in 1"),
        ([1, 2], [1, 0], [None, 0], "entry: missing in 1"),
    ],
)
def test_lifetimes_that_cannot_be_used(time: list[float], event: list[int], entry: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        kaplan_meier(time, event, entry=entry)


def test_questions_that_cannot_be_answered() -> None:
    curve = kaplan_meier([1, 2, 3], [1, 1, 0])
    with pytest.raises(ValueError, match="band"):
        kaplan_meier([1], [1], band="arcsin")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="confidence"):
        kaplan_meier([1], [1], confidence=95)
    with pytest.raises(ValueError, match="not negative"):
        survival_at(curve, [-1])
    with pytest.raises(ValueError, match="share"):
        lifetime_quantile(curve, share=1)
    with pytest.raises(ValueError, match="horizon"):
        restricted_mean(curve, horizon=0)
    with pytest.raises(ValueError, match="at_least"):
        watched_until(curve, at_least=0)
    with pytest.raises(ValueError, match="one label for each time"):
        log_rank([1, 2], [1, 1], ["a"])
    with pytest.raises(ValueError, match="group: missing in 1"):
        log_rank([1, 2], [1, 1], [1.0, np.nan])
