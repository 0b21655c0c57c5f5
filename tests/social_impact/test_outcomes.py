"""Who took part and was lost, levels at the waves, and what changed: by hand, by brute force, and in edge cases."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student
from simulated_persons import catalogue, hand_panel, make_inputs, make_panel, only
from statsmodels.stats.multitest import multipletests

from ropsanalysis.social_impact.assess import person_tables
from ropsanalysis.social_impact.outcomes import verdict
from ropsanalysis.social_impact.parameters import SocialImpactParameters
from ropsanalysis.social_impact.records import Outcome
from ropsanalysis.stats.records import as_records

USUAL = SocialImpactParameters()
LOOSE = SocialImpactParameters(min_persons=1, min_count=0, min_clusters=2)
OUTCOMES = {outcome.key: outcome for outcome in as_records(catalogue(), Outcome)}


def _four(first: list[float], last: list[float]) -> dict[str, dict[str, list[float]]]:
    return {f"p{k}": {"hours": [a, a, a, b]} for k, (a, b) in enumerate(zip(first, last, strict=True))}


# --- who took part ------------------------------------------------------------------------------------


def test_participation_counts_persons_and_entities_of_parts_and_of_all() -> None:
    panel = make_panel(40, 20, kinds=("cis", "kis", "wtz", "cis"), entities=8, loss=0.0)
    table = person_tables(make_inputs(panel), parameters=USUAL)["participation"]
    own = panel[panel["wave"] == "entry"]
    whole = table[(table["group"] == "participant") & (table["kinds"] == "")].iloc[0]
    assert (whole["persons"], whole["entities"]) == (40, own.loc[own["kind"] != "", "entity"].nunique())
    parts = table[table["kinds"] != ""]
    assert parts["persons"].sum() == 40
    assert set("+".join(parts["kinds"]).split("+")) == {"cis", "kis", "wtz"}


def test_a_group_of_few_persons_is_not_counted() -> None:
    found = person_tables(make_inputs(make_panel(9, 40)), parameters=USUAL)
    own = found["participation"].query("group == 'participant'")
    assert own["persons"].isna().all()
    assert own["reason"].tolist() == ["few"]
    seen = found["retention"].query("group == 'participant'")
    assert seen["share"].isna().all()


def test_retention_is_the_share_seen_in_whole_percent() -> None:
    panel = make_panel(60, 0, loss=0.3)
    table = person_tables(make_inputs(panel), parameters=USUAL)["retention"].set_index("wave")["share"]
    at_exit = (panel["wave"] == "exit").sum() / 60
    assert table["entry"] == 1.0
    assert table["exit"] == round(at_exit, 2)
    assert table["all"] <= table[["exit", "m6", "m12"]].min()


def test_weights_for_loss_bring_those_seen_nearer_to_all_who_began() -> None:
    panel = make_panel(400, 0, loss=0.35, seed=5)
    table = person_tables(make_inputs(panel), parameters=USUAL)["lost"].dropna()
    assert table["difference_weighted"].abs().sum() < 0.5 * table["difference"].abs().sum()


def test_how_the_lost_differ_is_told_of_ten_lost_or_more_only() -> None:
    table = person_tables(make_inputs(make_panel(60, 0, loss=0.05)), parameters=USUAL)["lost"]
    assert len(table)
    assert table["difference"].isna().all()


def test_reliability_is_that_of_identical_items_and_none_of_items_without_spread() -> None:
    panel = make_panel(50, 0)
    alike = panel.assign(**{f"wb_{k}": panel["wb_1"] for k in range(2, 6)}, **{f"st_{k}": 3.0 for k in range(1, 5)})
    table = person_tables(make_inputs(alike), parameters=USUAL)["reliability"].set_index("outcome")
    assert table.loc["wellbeing", ["alpha", "items", "reason"]].tolist() == [1.0, 5, ""]
    assert table.loc["ties", "reason"] == "unstable"


def test_reliability_leaves_a_group_out_whose_size_would_follow_from_the_sum() -> None:
    table = person_tables(make_inputs(make_panel(40, 8, missing=0.0)), parameters=USUAL)["reliability"]
    assert table["n"].tolist() == [40, 40, 40]


# --- levels -------------------------------------------------------------------------------------------


def test_a_level_is_the_mean_with_an_interval_from_sums_over_entities() -> None:
    hours = np.array([10.0, 14, 20, 26, 31, 13])
    entity = [0, 0, 1, 1, 2, 2]
    panel = hand_panel(_four(list(hours), list(hours + 1)), entity={f"p{k}": f"e{e}" for k, e in enumerate(entity)})
    table = person_tables(only(make_inputs(panel), "hours"), parameters=LOOSE)["levels"]
    sums = np.bincount(entity, weights=hours - hours.mean())
    se = np.sqrt(3 / 2 * (sums**2).sum()) / 6
    low, high = hours.mean() + np.array([-1, 1]) * student.ppf(0.975, 2) * se
    row = table[table["wave"] == "entry"].iloc[0]
    assert row[["level", "level_low", "level_high"]].tolist() == [hours.mean(), round(low, 1), round(high, 1)]
    assert row["n"] == 6


def test_all_levels_of_an_outcome_rest_on_those_who_answered_every_time() -> None:
    panel = make_panel(80, 70, missing=0.08)
    table = person_tables(make_inputs(panel), parameters=USUAL)["levels"]
    for (group, outcome), rows in table[table["reason"] == ""].groupby(["group", "outcome"]):
        assert (rows["n"] == rows["n"].iloc[0]).all(), (group, outcome)
    answered = panel.query("group == 'participant'").groupby("person")["hours"].count()
    own = table.query("group == 'participant' and outcome == 'hours'")
    assert own["n"].iloc[0] == (answered == 4).sum()


def test_intervals_of_shares_stay_between_0_and_1() -> None:
    table = person_tables(make_inputs(make_panel(40, 40, seed=9)), parameters=USUAL)["levels"]
    shares = table[table["outcome"].isin(("work", "assistance")) & (table["reason"] == "")]
    assert ((shares["level_low"] > 0) & (shares["level_high"] < 1)).all()


def test_a_time_to_work_has_one_level_and_no_change() -> None:
    found = person_tables(make_inputs(make_panel(80, 70)), parameters=USUAL)
    own = found["levels"].query("outcome == 'months_to_work'")
    assert own["wave"].tolist() == ["m12", "m12"]
    assert own["level"].between(0, 12).all()
    assert "months_to_work" not in set(found["changes"]["outcome"])


def test_the_mean_time_to_work_is_the_area_below_the_share_still_waiting() -> None:
    months = np.repeat([2.0, 5.0, 0.0, np.nan], (8, 6, 4, 6))
    people = {f"p{k:02}": {"months_to_work": [np.nan, np.nan, m, m]} for k, m in enumerate(months)}
    panel = hand_panel(people, entity={name: f"e{k % 6}" for k, name in enumerate(people)})
    table = person_tables(only(make_inputs(panel), "months_to_work"), parameters=USUAL)["levels"]
    assert table["level"].tolist() == [round((8 * 2 + 6 * 5 + 6 * 12) / 24, 1)]


# --- changes ------------------------------------------------------------------------------------------


def test_changes_by_hand() -> None:
    before, after = np.array([10.0, 20, 30, 40]), np.array([14.0, 22, 38, 42])
    panel = hand_panel(_four(list(before), list(after)), entity={f"p{k}": f"e{k}" for k in range(4)})
    row = person_tables(only(make_inputs(panel), "hours"), parameters=LOOSE)["changes"].iloc[0]
    change, spread = after - before, before.std(ddof=1)
    half = student.ppf(0.975, 3) * change.std(ddof=1) / 2
    assert row[["change", "change_low", "change_high"]].tolist() == [4.0, round(4 - half, 1), round(4 + half, 1)]
    assert row["size"] == round(4 / spread * (1 - 3 / 11), 2)
    assert row["smallest"] == round(0.2 * spread, 1)
    assert (row["size_name"], row["n"]) == ("d", 4)


def test_the_change_of_a_share_is_that_of_its_levels_and_has_the_size_h() -> None:
    found = person_tables(make_inputs(make_panel(150, 0, loss=0.0)), parameters=USUAL)
    levels = found["levels"].query("outcome == 'work'").set_index("wave")["level"].astype(float)
    row = found["changes"].query("outcome == 'work'").iloc[0]
    assert row["change"] == pytest.approx(levels["m12"] - levels["entry"], abs=0.0011)  # each is rounded to 0.001
    size = 2 * np.arcsin(np.sqrt(levels["m12"])) - 2 * np.arcsin(np.sqrt(levels["entry"]))
    assert row["size"] == pytest.approx(size, abs=0.01)
    assert row["size_low"] < row["size"] < row["size_high"]
    assert row["size_name"] == "h"


def test_an_ordered_answer_has_a_mean_change_and_an_odds_ratio() -> None:
    row = person_tables(make_inputs(make_panel(150, 0)), parameters=USUAL)["changes"].query("outcome == 'health'")
    assert row["size_name"].tolist() == ["or"]
    assert (row["change"] > 0).all()
    assert (row["size"] > 1).all()


def test_p_values_are_corrected_by_holm_over_the_outcomes() -> None:
    table = person_tables(make_inputs(make_panel(60, 0)), parameters=USUAL)["changes"].dropna(subset=["p"])
    expected = multipletests(table["p"].to_numpy(dtype=float), method="holm")[1]
    # From published p-values, each up to 0.00005 off and multiplied by at most 9.
    np.testing.assert_allclose(table["p_adjusted"].to_numpy(dtype=float), expected, atol=6e-4)


@pytest.mark.parametrize(
    ("outcome", "effect", "p", "expected"),
    [
        ("work", (0.2, 0.1, 0.3), 0.001, "improved"),
        ("work", (-0.2, -0.3, -0.1), 0.001, "worsened"),
        ("assistance", (-0.2, -0.3, -0.1), 0.001, "improved"),
        ("assistance", (0.2, 0.1, 0.3), 0.001, "worsened"),
        ("work", (0.2, 0.1, 0.3), 0.06, "unclear"),
        ("work", (0.02, 0.01, 0.03), 0.001, "small"),
        ("work", (0.0, -0.04, 0.04), 1.0, "small"),
        ("work", (0.02, -0.04, 0.08), 0.4, "unclear"),
        ("work", (0.2, np.nan, np.nan), np.nan, "unclear"),
    ],
)
def test_verdicts(outcome: str, effect: tuple[float, float, float], p: float, expected: str) -> None:
    found = verdict(effect, p_adjusted=p, smallest=0.05, outcome=OUTCOMES[outcome], alpha=0.05)
    assert found == expected


# --- edge cases ---------------------------------------------------------------------------------------


def test_persons_of_one_entity_have_a_level_and_a_change_but_no_interval() -> None:
    found = person_tables(make_inputs(make_panel(40, 0, entities=1, loss=0.0)), parameters=USUAL)
    for name, field in (("levels", "level"), ("changes", "change")):
        shown = found[name][found[name]["reason"] == ""]
        assert len(shown), name
        assert shown[field].notna().all()
        assert shown[f"{field}_low"].isna().all()
    assert set(found["changes"]["verdict"]) == {"unclear"}
    assert found["changes"][["p", "p_adjusted", "size_low"]].isna().all(axis=None)


def test_where_everybody_answers_the_same_nothing_is_told() -> None:
    panel = make_panel(40, 0).assign(work=1.0, health=3.0, hours=40.0)
    table = person_tables(make_inputs(panel), parameters=USUAL)["changes"].set_index("outcome")
    assert set(table.loc[["work", "health", "hours"], "reason"]) == {"protected"}
    assert table.loc[["work", "health", "hours"], "change"].isna().all()


def test_a_change_that_is_the_same_for_all_is_told_without_a_test() -> None:
    panel = make_panel(60, 0, loss=0.0, missing=0.0)
    first = panel[panel["wave"] == "entry"].set_index("person")["hours"]
    panel["hours"] = panel["person"].map(first) + 5.0 * (panel["wave"] != "entry")
    row = person_tables(make_inputs(panel), parameters=USUAL)["changes"].query("outcome == 'hours'").iloc[0]
    assert row[["change", "change_low", "change_high"]].tolist() == [5.0, 5.0, 5.0]
    assert pd.isna(row["p"])
    assert row["verdict"] == "unclear"


def test_nobody_who_answered_every_time_is_few() -> None:
    panel = make_panel(40, 0)
    panel.loc[panel["wave"] == "m6", "health"] = np.nan
    found = person_tables(make_inputs(panel), parameters=USUAL)
    own = found["levels"].query("outcome == 'health'")
    assert set(own["reason"]) == {"few"}
    assert own["n"].isna().all()
