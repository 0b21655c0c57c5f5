"""Claims: which verdict and which doubts follow from which published numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from simulated_persons import catalogue, make_inputs, make_panel

from ropsanalysis.social_impact import evidence
from ropsanalysis.social_impact.assess import person_tables
from ropsanalysis.social_impact.claims import claims
from ropsanalysis.social_impact.parameters import SocialImpactParameters
from ropsanalysis.social_impact.published import as_table

USUAL = SocialImpactParameters()
NOTHING: dict[str, pd.DataFrame] = {
    name: as_table(name, [])
    for name in (
        "effects", "comparison", "retention", "centre_effects", "centre_tests", "value_summary", "overclaims",
        "changes", "participation",
    )
}  # fmt: skip


def _claims(**tables: Any) -> pd.DataFrame:
    found = NOTHING | {name: as_table(name, rows) if isinstance(rows, list) else rows for name, rows in tables.items()}
    positional = [found[name] for name in list(NOTHING)[:7]]
    return claims(
        *positional, outcomes=catalogue(), changes=found["changes"], participation=found["participation"],
        parameters=USUAL,
    )  # fmt: skip


def _effect(**changes: Any) -> dict[str, Any]:
    row = {
        "teryt": "02", "outcome": "work", "method": "balancing", "effect": 0.2, "effect_low": 0.1, "effect_high": 0.3,
        "p": 0.001, "p_adjusted": 0.009, "main": True, "grade": 4, "reason": "",
    }  # fmt: skip
    return row | changes


COMPARISON = [{"teryt": "02", "verdict": "good"}]
CHANGES = [{"teryt": "02", "outcome": "work", "size_name": "h", "smallest": 0.05, "verdict": "improved", "reason": ""}]


@pytest.mark.parametrize(
    ("changes", "verdict", "doubts"),
    [
        ({}, "improved", "confounder+short"),
        ({"outcome": "assistance"}, "worsened", "confounder+short"),
        ({"p_adjusted": 0.2, "effect_low": -0.1}, "unclear", "confounder+chance"),
        ({"p_adjusted": 0.06}, "unclear", "confounder"),
        ({"effect": 0.02, "effect_low": -0.01, "effect_high": 0.04}, "small", "confounder+chance"),
        ({"effect_low": None, "effect_high": None, "p_adjusted": None}, "unclear", "confounder+chance"),
        ({"method": "did"}, "improved", "confounder+short"),
        ({"method": "before_after"}, "improved", "no_comparison+short"),
    ],
)
def test_verdict_and_doubts_of_persons(changes: dict[str, Any], verdict: str, doubts: str) -> None:
    row = _claims(effects=[_effect(**changes)], comparison=COMPARISON, changes=CHANGES).iloc[0]
    assert (row["subject"], row["verdict"], row["doubts"], row["grade"]) == ("persons", verdict, doubts, 4)


def test_only_main_effects_are_claimed() -> None:
    table = _claims(effects=[_effect(), _effect(method="did", main=False)], comparison=COMPARISON)
    assert table["method"].tolist() == ["balancing"]


def test_a_hidden_effect_is_claimed_as_unknown() -> None:
    hidden = _effect(effect=None, effect_low=None, effect_high=None, grade=None, reason="protected")
    row = _claims(effects=[hidden], comparison=COMPARISON).iloc[0]
    assert row[["verdict", "grade", "reason", "doubts"]].tolist() == ["unknown", evidence.UNKNOWN, "protected", ""]
    assert pd.isna(row["effect"])


def test_heavy_loss_and_few_entities_are_doubts() -> None:
    retention = [{"teryt": "02", "group": "comparison", "wave": "all", "share": 0.6, "reason": ""}]
    participation = [{"teryt": "02", "group": "participant", "kinds": "", "persons": 50, "entities": 6, "reason": ""}]
    tables = {"comparison": COMPARISON, "retention": retention, "participation": participation}
    assert _claims(effects=[_effect()], **tables)["doubts"].tolist() == ["attrition+few_clusters+confounder+short"]
    plain = _claims(effects=[_effect(method="before_after")], **tables)
    assert plain["doubts"].tolist() == ["no_comparison+few_clusters+short"]


def _centre(**changes: Any) -> dict[str, Any]:
    row = {
        "teryt": "00", "outcome": "home_care_per_10k", "controls": "never", "kind": "simple", "effect": 5.0,
        "effect_low": 3.0, "effect_high": 7.0, "gminas": 90, "few": False, "main": True, "grade": 3, "reason": "",
    }  # fmt: skip
    return row | changes


def _test(test: str, *, passed: bool) -> dict[str, Any]:
    keys = {"teryt": "00", "outcome": "home_care_per_10k", "controls": "never"}
    return keys | {"test": test, "passed": passed, "reason": ""}


def test_claims_of_gminas_take_direction_tests_and_the_number_of_outcomes_into_account() -> None:
    effects = [
        _centre(),
        _centre(outcome="residential_per_10k", effect=-2.0, effect_low=-3.0, effect_high=-1.0),
        # 1.96 standard errors would do for one outcome, but this is one of three.
        _centre(outcome="assistance_per_10k", effect=-5.0, effect_low=-9.98, effect_high=-0.02, few=True, grade=2),
        _centre(kind="event", main=False),
    ]
    tests = [_test("pre_trend", passed=True), _test("placebo", passed=False)]
    table = _claims(centre_effects=effects, centre_tests=tests).set_index("outcome")
    assert table["verdict"].to_dict() == {
        "home_care_per_10k": "improved", "residential_per_10k": "improved", "assistance_per_10k": "improved",
    }  # fmt: skip
    assert table["doubts"].to_dict() == {
        "home_care_per_10k": "placebo+unmeasured_change", "residential_per_10k": "unmeasured_change",
        "assistance_per_10k": "few_gminas+unmeasured_change",
    }  # fmt: skip
    assert set(table["method"]) == {"never"}


def test_ends_of_gminas_may_be_called_low_and_high() -> None:
    table = as_table("centre_effects", [_centre()]).rename(columns={"effect_low": "low", "effect_high": "high"})
    row = _claims(centre_effects=table).iloc[0]
    assert row[["effect", "effect_low", "effect_high"]].tolist() == [5.0, 3.0, 7.0]


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(1.2, 2.6, "improved"), (0.4, 0.9, "worsened"), (0.8, 2.6, "unclear"), (None, None, "unclear")],
)
def test_the_value_is_an_assumption_whatever_its_interval(low: float, high: float, verdict: str) -> None:
    summary = {"teryt": "02", "ratio": 1.9 if verdict != "worsened" else 0.7, "ratio_low": low, "ratio_high": high,
               "biggest_line": "a", "reason": ""}  # fmt: skip
    found = [{"teryt": "02", "code": "one_line", "line": "a", "found": "0.6"}]
    row = _claims(value_summary=[summary], overclaims=found).iloc[0]
    assert row[["subject", "grade", "verdict", "doubts"]].tolist() == [
        "value", evidence.ASSUMED, verdict, "assumptions+one_line"
    ]  # fmt: skip


def test_without_anything_there_are_no_claims() -> None:
    table = _claims()
    assert table.empty
    assert list(table.columns)[:4] == ["teryt", "subject", "outcome", "method"]


def test_persons_have_one_claim_per_outcome_that_agrees_with_its_main_effect() -> None:
    found = person_tables(make_inputs(make_panel(150, 150)), parameters=USUAL)
    own = {name: found[name] for name in ("effects", "comparison", "retention", "changes", "participation")}
    table = _claims(**own)
    main = found["effects"][found["effects"]["main"]]
    assert table["outcome"].tolist() == main["outcome"].tolist()
    for name in ("effect", "effect_low", "effect_high"):
        np.testing.assert_array_equal(table[name].to_numpy(dtype=float), main[name].to_numpy(dtype=float))
    known = table["reason"] == ""
    assert (table.loc[known, "grade"].to_numpy() == main.loc[known.to_numpy(), "grade"].to_numpy()).all()
