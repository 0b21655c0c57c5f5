"""Effects beside the comparison group: right where a change in time is wrong, and silent where nobody is alike."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom
from simulated_persons import HOURS_EFFECT, HOURS_TREND, WORK_EFFECT, WORK_TREND, make_inputs, make_panel, only
from statsmodels.stats.multitest import multipletests

from ropsanalysis.regions import REGIONS
from ropsanalysis.social_impact import evidence
from ropsanalysis.social_impact.assess import person_tables
from ropsanalysis.social_impact.attribution import METHODS, doubts_about, weaknesses
from ropsanalysis.social_impact.parameters import SocialImpactParameters
from ropsanalysis.social_impact.persons import telling_traits
from ropsanalysis.stats.effects import FEW_CLUSTERS
from ropsanalysis.stats.intervals import wilson_limits
from support import THOROUGH

USUAL = SocialImpactParameters()
CODES = tuple(region.teryt for region in REGIONS if region.teryt != "00")


def _tables(panel: pd.DataFrame, *outcomes: str, parameters: SocialImpactParameters = USUAL) -> dict[str, pd.DataFrame]:
    inputs = make_inputs(panel)
    return person_tables(only(inputs, *outcomes) if outcomes else inputs, parameters=parameters)


def _row(table: pd.DataFrame, outcome: str, method: str) -> pd.Series:
    return table[(table["outcome"] == outcome) & (table["method"] == method)].iloc[0]


def _covers(row: pd.Series, truth: float) -> bool:
    return bool(row["effect_low"] <= truth <= row["effect_high"])


# --- simulated truth ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("outcome", "truth", "trend"), [
    ("hours", HOURS_EFFECT, HOURS_TREND), ("work", WORK_EFFECT, WORK_TREND),
])  # fmt: skip
def test_the_change_in_time_misses_what_support_did_and_the_comparison_finds_it(
    outcome: str, truth: float, trend: float
) -> None:
    effects = _tables(make_panel(500, 500, entities=40, seed=11), outcome)["effects"]
    plain = _row(effects, outcome, "before_after")
    assert not _covers(plain, truth)
    assert _covers(plain, truth + trend)
    for method in ("did", "ipw", "aipw", "balancing"):
        assert _covers(_row(effects, outcome, method), truth), method
    assert _row(effects, outcome, "balancing")["main"]


def test_weights_find_what_differences_miss_where_the_trend_depends_on_a_trait() -> None:
    panel = make_panel(500, 500, entities=40, seed=3, apart=0.8)
    # Who is long without work gains less in time; participants are longer without work.
    panel["hours"] -= 0.25 * (panel["months_out_of_work"] - 24) * (panel["wave"] != "entry")
    effects = _tables(panel, "hours")["effects"]
    assert not _covers(_row(effects, "hours", "did"), HOURS_EFFECT)
    for method in ("ipw", "aipw", "balancing"):
        assert _covers(_row(effects, "hours", method), HOURS_EFFECT), method


@pytest.mark.slow
def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    rounds, hits = 25 if THOROUGH else 12, {"before_after": 0, "did": 0, "balancing": 0}
    for number in range(rounds):
        panel = pd.concat([
            make_panel(160, 160, teryt=code, seed=1000 * number + int(code), entities=22, missing=0.0, continuous=True)
            for code in CODES
        ])  # fmt: skip
        effects = _tables(panel, "hours")["effects"]
        for method in hits:
            own = effects[effects["method"] == method]
            hits[method] += int(((own["effect_low"] <= HOURS_EFFECT) & (own["effect_high"] >= HOURS_EFFECT)).sum())
    # 192 samples: neither too few hits for a rate of 93 % nor too many for one of 97 %, each at a level of 5 %. A rate
    # of 85 % has too few with a probability of 97 %. With 80 persons a group, weights for a dozen traits cover 92 %
    # only (800 samples).
    fewest, most = binom.ppf(0.05, rounds * len(CODES), 0.93), binom.ppf(0.95, rounds * len(CODES), 0.97)
    assert fewest <= hits["did"] <= most, hits
    assert fewest <= hits["balancing"] <= most, hits
    assert hits["before_after"] < 0.05 * rounds * len(CODES), hits


# --- how alike the groups are -------------------------------------------------------------------------


def test_a_good_comparison_is_balanced_and_its_main_method_is_balancing() -> None:
    found = _tables(make_panel(200, 200, seed=2))
    comparison = found["comparison"].iloc[0]
    assert comparison["verdict"] == "good"
    assert comparison["worst_after"] <= USUAL.max_imbalance < comparison["worst_before"]
    shown = found["balance"].dropna(subset=["before"])
    assert (shown["balanced"].abs() <= 0.1).all()
    assert shown["before"].abs().max() == comparison["worst_before"]
    assert 0 < comparison["n_effective"] <= comparison["n_comparison"]


def test_overlap_has_ten_bins_that_hold_everybody() -> None:
    table = _tables(make_panel(200, 200, seed=2))["overlap"]
    assert table[["low", "high"]].to_numpy(dtype=float).tolist() == [[k / 10, (k + 1) / 10] for k in range(10)]
    for group in ("participant", "comparison"):
        assert table[group].sum() == pytest.approx(1.0, abs=0.05)  # ten shares in whole percent


def test_without_a_comparison_group_only_the_change_in_time_is_told() -> None:
    found = _tables(make_panel(80, 0))
    assert found["comparison"]["verdict"].tolist() == ["no_comparison"]
    effects = found["effects"]
    others = effects[effects["method"] != "before_after"]
    assert set(others["reason"]) == {"no_comparison"}
    assert others[["effect", "effect_low", "n_participant", "p", "grade"]].isna().all(axis=None)
    main = effects[effects["main"]]
    assert set(main["method"]) == {"before_after"}
    assert set(main["grade"].dropna()) == {evidence.BEFORE_AFTER}
    assert found["balance"].empty
    assert found["overlap"].empty


def test_a_comparison_group_of_few_persons_is_none() -> None:
    found = _tables(make_panel(80, 8))
    assert found["comparison"][["verdict", "n_comparison"]].iloc[0].fillna(-1).tolist() == ["no_comparison", -1]
    assert set(found["effects"].query("method == 'did'")["reason"]) == {"few"}


def test_groups_that_have_nothing_in_common_are_not_compared() -> None:
    panel = make_panel(100, 100)
    panel["months_out_of_work"] = np.where(panel["group"] == "participant", 40.0, 2.0) + panel["age"] % 5
    found = _tables(panel)
    assert found["comparison"]["verdict"].tolist() == ["no_overlap"]
    effects = found["effects"]
    assert set(effects.query("method == 'balancing'")["reason"]) == {"no_overlap"}
    assert effects.query("method != 'before_after'")["effect"].isna().all()
    assert set(effects.loc[effects["main"], "method"]) == {"before_after"}


def test_a_group_that_cannot_be_made_alike_leaves_the_difference_in_differences() -> None:
    found = _tables(make_panel(150, 150), parameters=replace(USUAL, max_imbalance=0.0))
    assert found["comparison"]["verdict"].tolist() == ["doubtful"]
    main = found["effects"][found["effects"]["main"]]
    assert set(main["method"]) == {"did"}
    assert set(main["grade"].dropna()) == {evidence.COMPARED}


def test_each_outcome_has_a_row_of_each_method_and_one_of_them_is_main() -> None:
    effects = _tables(make_panel(100, 90))["effects"]
    assert effects.groupby("outcome")["main"].sum().eq(1).all()
    assert {tuple(own) for _, own in effects.groupby("outcome")["method"]} == {METHODS}


def test_traits_that_tell_nothing_new_make_no_weights() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(2, 50))
    rare = np.zeros(50)
    rare[:3] = 1
    assert telling_traits(np.column_stack((a, b, a + b, a, np.ones(50), rare)), fewest=5).tolist() == [0, 1]


# --- numbers ------------------------------------------------------------------------------------------


def test_without_loss_the_difference_in_differences_is_that_of_the_printed_levels() -> None:
    found = _tables(make_panel(150, 150, loss=0.0), "work", "hours")
    levels = found["levels"].set_index(["outcome", "group", "wave"])["level"].astype(float)
    for outcome, tolerance in (("work", 0.0021), ("hours", 0.21)):  # four levels and an effect, each rounded
        changes = [levels[outcome, g, "m12"] - levels[outcome, g, "entry"] for g in ("participant", "comparison")]
        found_effect = _row(found["effects"], outcome, "did")["effect"]
        assert found_effect == pytest.approx(changes[0] - changes[1], abs=tolerance)


def test_the_change_in_time_is_the_published_change() -> None:
    found = _tables(make_panel(120, 100))
    own = found["effects"].query("method == 'before_after'").set_index("outcome")
    for change in found["changes"].to_dict("records"):
        row = own.loc[change["outcome"]]
        assert row[["effect", "effect_low", "effect_high"]].tolist() == [
            change["change"], change["change_low"], change["change_high"]
        ]  # fmt: skip


def test_p_values_are_corrected_by_holm_over_the_outcomes_of_a_method() -> None:
    effects = _tables(make_panel(60, 60, seed=8))["effects"].dropna(subset=["p"])
    for _, own in effects.groupby("method"):
        expected = multipletests(own["p"].to_numpy(dtype=float), method="holm")[1]
        np.testing.assert_allclose(own["p_adjusted"].to_numpy(dtype=float), expected, atol=6e-4)


def test_the_e_value_of_a_share_is_that_of_the_levels_with_and_without_support() -> None:
    found = _tables(make_panel(300, 300, seed=4), "work")
    level = found["levels"].query("group == 'participant' and wave == 'm12'")["level"].iloc[0]
    row = _row(found["effects"], "work", "balancing")
    ratio, nearer = (level / (level - number) for number in (row["effect"], row["effect_low"]))
    for name, risk in (("evalue", ratio), ("evalue_limit", nearer)):
        # VanderWeele and Ding (2017), formula on page 269
        assert row[name] == pytest.approx(risk + np.sqrt(risk * (risk - 1)), abs=0.03)


def test_an_effect_that_may_be_none_needs_no_confounder_at_its_limit() -> None:
    effects = _tables(make_panel(150, 150), "education", "health")["effects"].dropna(subset=["evalue"])
    none = effects[(effects["effect_low"] <= 0) & (effects["effect_high"] >= 0)]
    assert len(none)
    assert (none["evalue_limit"] == 1.0).all()


def test_delta_is_told_of_the_main_method_and_grows_as_less_is_left_unexplained() -> None:
    panel = make_panel(200, 200)
    usual, wide = (
        _tables(panel, "hours", parameters=replace(USUAL, r_squared_max=factor))["effects"] for factor in (1.3, 2.0)
    )
    assert usual.loc[~usual["main"], "delta"].isna().all()
    deltas = [abs(_row(table, "hours", "balancing")["delta"]) for table in (usual, wide)]
    # Oster (2019): delta is inversely proportional to R_max - R.
    assert deltas[0] / deltas[1] == pytest.approx(1.0 / 0.3, rel=0.01)


def test_time_to_work_is_compared_between_weighted_groups_only() -> None:
    effects = _tables(make_panel(300, 300))["effects"].query("outcome == 'months_to_work'").set_index("method")
    assert effects["effect"].notna().to_dict() == {method: method in ("ipw", "balancing") for method in METHODS}
    assert effects.loc["balancing", "effect"] < 0
    for method in ("ipw", "balancing"):  # as wide on either side, and the p-value fits the interval
        row = effects.loc[method]
        assert row["effect_high"] - row["effect"] == pytest.approx(row["effect"] - row["effect_low"], abs=0.11)
        assert (row["effect_high"] < 0) == (row["p"] < 0.05)
    assert set(effects.loc[["before_after", "did", "aipw"], "reason"]) == {"unstable"}


def test_groups_of_few_entities_have_no_interval() -> None:
    effects = _tables(make_panel(60, 60, entities=3, loss=0.0))["effects"]
    shown = effects[effects["reason"] == ""]
    assert shown["effect"].notna().all()
    assert shown[["effect_low", "effect_high", "p", "p_adjusted", "evalue_limit"]].isna().all(axis=None)


# --- grades -------------------------------------------------------------------------------------------


def test_few_entities_and_heavy_loss_each_cost_a_grade() -> None:
    usual = _tables(make_panel(200, 200, entities=12), "hours")["effects"]
    few = _tables(make_panel(200, 200, entities=6), "hours")["effects"]
    lost = _tables(make_panel(300, 300, entities=12, loss=0.4), "hours")["effects"]
    grades = [_row(table, "hours", "balancing")["grade"] for table in (usual, few, lost)]
    assert grades == [evidence.BALANCED, evidence.COMPARED, evidence.COMPARED]


def test_scales_of_persons_and_gminas_lose_grades_for_each_doubt() -> None:
    grades = [
        evidence.grade(evidence.BALANCED, doubts)
        for doubts in ([], ["confounder", "short"], ["few_clusters"], ["few_clusters", "attrition"],
                       ["imbalance", "few_clusters", "attrition"])
    ]  # fmt: skip
    assert grades == [4, 4, 3, 2, 2]
    for doubts, expected in (
        ([], 3), (["unmeasured_change"], 3), (["pre_trend"], 2), (["placebo"], 2), (["few_gminas"], 2),
        (["pre_trend", "placebo", "few_gminas"], 2),
    ):  # fmt: skip
        assert evidence.grade(evidence.COMPARED, doubts) == expected


def test_weaknesses_are_read_from_published_tables() -> None:
    retention = pd.DataFrame({
        "teryt": ["02", "02", "04"], "group": ["participant", "comparison", "participant"], "wave": ["all"] * 3,
        "share": pd.array([0.7, 0.69, None], dtype="Float64"), "reason": ["", "", "few"],
    })  # fmt: skip
    participation = pd.DataFrame({
        "teryt": ["02", "02", "04"], "group": ["participant"] * 3, "kinds": ["", "cis", ""],
        "persons": pd.array([50, 12, None], dtype="Int64"),
        "entities": pd.array([FEW_CLUSTERS - 1, 2, None], dtype="Int64"),
        "reason": ["", "", "few"],
    })  # fmt: skip
    weak = weaknesses(retention, participation, parameters=USUAL)
    assert weak == {("02", "comparison"): ["attrition"], ("02", "participant"): ["few_clusters"]}
    assert doubts_about("02", "before_after", "no_overlap", weak) == ["no_overlap", "few_clusters"]
    assert doubts_about("02", "did", "doubtful", weak) == ["imbalance", "attrition", "few_clusters", "confounder"]


def test_a_sample_is_judged_alike_whatever_its_order_and_names() -> None:
    panel = make_panel(90, 80)
    other = panel.assign(person="q" + panel["person"].str[::-1]).sample(frac=1.0, random_state=1)
    first, second = _tables(panel), _tables(other)
    for name, table in first.items():
        pd.testing.assert_frame_equal(table, second[name])


def test_the_simulation_of_shares_is_inside_what_its_chances_allow() -> None:
    panel = make_panel(2000, 0, missing=0.0, loss=0.0)
    share = panel.query("wave == 'm12'")["work"].mean()
    # Chance 0.3 + 0.15 + 0.2 less 0.05 times a distance of 0.6 on average.
    low, high = wilson_limits(np.array([share]), np.array([2000]), np.array([4.0]))
    assert low[0] <= 0.65 - 0.05 * 0.6 <= high[0]
