"""Units with a plan made and carried out: denominators of the register, and a reason for every unit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from monitoring_inputs import make_inputs, table, units

from ropsanalysis.project_monitoring.assess import assess
from ropsanalysis.project_monitoring.denominator import denominator
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.project_monitoring.plans import share, unit_rules

USUAL = MonitoringParameters(draws=200)
DAY = pd.Timestamp("2025-12-31")
#: A plan of each unit, each with one awkward circumstance; else as in `monitoring_inputs.DEFAULTS`.
PLANS: dict[str, dict[str, Any]] = {
    "160101": {},
    "160102": {"adopted": None},
    "160103": {"adopted": "2026-01-15"},
    "160104": {"evidence": "draft"},
    "160105": {"in_force_from": "2026-01-01"},
    "160106": {"in_force_from": "2025-12-31", "in_force_to": "2025-12-31"},
    "160201": {"in_force_to": "2025-12-30"},
    "160202": {"costs": False},
    "160203": {"carried_out": "statement"},
    "160204": {"carried_out": "", "carried_out_day": None},
    "160301": {"carried_out_day": "2026-01-01"},
    "160302": {"carried_out_day": "2025-01-14"},  # older than the plan
    "1601": {"evidence": "order", "carried_out": "contract"},
    "1661": {"carried_out": "monitoring"},  # Opole, a city with powiat rights, under its code of a powiat
}
EXPECTED = {
    "160101": "", "160102": "not_adopted", "160103": "not_adopted", "160104": "not_adopted", "160105": "not_in_force",
    "160106": "", "160201": "expired", "160202": "sections_missing", "160203": "not_carried_out",
    "160204": "not_carried_out", "160301": "not_carried_out", "160302": "not_carried_out", "1601": "", "166101": "",
}  # fmt: skip


def plans() -> pd.DataFrame:
    return table("lpdi", [{"unit": unit, **row} for unit, row in PLANS.items()])


def rules(parameters: MonitoringParameters, lpdi: pd.DataFrame | None = None) -> dict[str, str]:
    own = denominator(units(), "16", plan_units=parameters.plan_units)
    return unit_rules(plans() if lpdi is None else lpdi, DAY, own, parameters=parameters)


@pytest.mark.parametrize(
    ("teryt", "plan_units", "expected"),
    [
        # Opolskie: 71 gminas, 11 powiats and Opole; Wielkopolskie: 226 gminas, 31 powiats and Kalisz, Konin, Leszno,
        # Poznań (register of units that comes with the project; 41 of 82 and 128 units are published targets).
        ("16", "cities_once", 82), ("16", "all", 83), ("16", "gminas", 71), ("16", "powiats", 12),
        ("30", "cities_once", 257), ("30", "all", 261), ("30", "gminas", 226), ("30", "powiats", 35),
    ],
)  # fmt: skip
def test_the_denominator_is_the_one_that_the_parameter_names(teryt: str, plan_units: str, expected: int) -> None:
    assert len(denominator(units(), teryt, plan_units=plan_units).codes) == expected


@pytest.mark.parametrize(
    ("teryt", "plans_made", "probability"), [("16", 41, 1.0), ("16", 40, 0.0), ("30", 128, 0.0), ("30", 129, 1.0)]
)
def test_41_of_82_units_are_half_and_128_of_257_are_not(teryt: str, plans_made: int, probability: float) -> None:
    codes = denominator(units(), teryt, plan_units="cities_once").codes[:plans_made]
    ended = {"teryt": teryt, "end": "2025-12-31"}
    inputs = make_inputs(cards=[ended], lpdi=[{"teryt": teryt, "unit": code} for code in codes])
    (row,) = assess(inputs, parameters=USUAL)["indicators"].query("indicator == 'plans'").to_dict("records")
    assert (row["numerator"], row["denominator"]) == (plans_made, {"16": 82, "30": 257}[teryt])
    assert row["value"] == plans_made / row["denominator"]
    assert row["probability"] == probability
    assert (row["of_target"] >= 1) == bool(probability)


def test_each_unit_counts_or_has_the_reason_worked_out_by_hand() -> None:
    found = rules(USUAL)
    assert {unit: rule for unit, rule in found.items() if rule != "no_plan"} == EXPECTED
    assert share(found) == (4, 82)
    assert len(found) == 82


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"plan_sections": "diagnosis,programme"}, {"160202": ""}),
        ({"plan_evidence": "resolution,order,draft"}, {"160104": ""}),
        ({"plan_evidence": "resolution"}, {"1601": "not_adopted"}),
        ({"plan_carried_out": "annual_report,monitoring,contract,statement"}, {"160203": ""}),
        ({"plan_carried_out": ""}, dict.fromkeys(("160203", "160204", "160301", "160302"), "")),
        ({"plan_units": "gminas"}, {"1601": "unit_not_counted"}),
        ({"plan_units": "powiats"}, {**dict.fromkeys((u for u in EXPECTED if len(u) == 6), "unit_not_counted"),
                                     "166101": None, "1661": ""}),
        ({"plan_units": "all"}, {"1661": ""}),
    ],
)  # fmt: skip
def test_a_changed_rule_changes_what_it_says_and_nothing_else(
    changed: dict[str, Any], expected: dict[str, str | None]
) -> None:
    found = rules(replace(USUAL, **changed))
    wanted = {unit: rule for unit, rule in {**EXPECTED, **expected}.items() if rule is not None}
    assert {unit: rule for unit, rule in found.items() if rule != "no_plan"} == wanted


def test_a_city_counts_under_either_code_and_once() -> None:
    for code in ("1661", "166101"):
        found = rules(USUAL, table("lpdi", [{"unit": code}]))
        assert [unit for unit, rule in found.items() if not rule] == ["166101"]
    both = rules(USUAL, table("lpdi", [{"unit": "1661"}, {"unit": "166101", "evidence": "draft"}]))
    assert share(both) == (1, 82)
    assert "1661" not in both


def test_the_best_of_several_plans_of_a_unit_counts() -> None:
    rows = [{"unit": "160101", "evidence": "draft"}, {"unit": "160101", "costs": False}]
    assert rules(USUAL, table("lpdi", rows))["160101"] == "sections_missing"
    assert rules(USUAL, table("lpdi", [*rows, {"unit": "160101"}]))["160101"] == ""


def test_reasons_and_the_list_of_units_tell_the_same() -> None:
    inputs = make_inputs(lpdi=[{"unit": unit, **row} for unit, row in PLANS.items()], cus=[{"gminas": "160102+160103"}])
    found = assess(inputs, parameters=USUAL)
    reasons = found["reasons"].query("indicator == 'plans'").set_index("rules")
    assert reasons["number"].to_dict() == {
        "no_plan": 82 - 14, "not_adopted": 3, "not_in_force": 1, "expired": 1, "sections_missing": 1,
        "not_carried_out": 4,
    }  # fmt: skip
    assert set(reasons["of"]) == {82}
    listed = found["units"].set_index("unit")
    assert listed["plan"].value_counts().to_dict() == {
        "": 68, "counted": 4, **reasons.loc[lambda table: table.index != "no_plan", "number"].to_dict(),
    }  # fmt: skip
    assert set(listed.index[listed["centre"]]) == {"160102", "160103"}
    assert listed.loc["166101", "kind"] == "miasto na prawach powiatu"


def test_all_gminas_are_listed_also_where_the_share_is_of_powiats() -> None:
    inputs = make_inputs(lpdi=[{"unit": "1601"}], participants=[{"unit": "160102"}])
    listed = assess(inputs, parameters=replace(USUAL, plan_units="powiats"))["units"]
    assert listed["level"].value_counts().to_dict() == {"gmina": 71, "powiat": 12}
    assert set(listed.loc[listed["level"] == "gmina", "plan"]) == {"unit_not_counted"}
    assert listed.loc[listed["reached"], "unit"].tolist() == ["160102"]


def test_sections_are_counted_in_plans_that_were_adopted() -> None:
    found = assess(make_inputs(lpdi=[{"unit": unit, **row} for unit, row in PLANS.items()]), parameters=USUAL)
    sections = found["plan_sections"].set_index("section")
    # Of 14 plans three were not adopted; of the 11 one lacks the costs.
    assert sections["plans"].to_dict() == {
        "diagnosis": 11,
        "programme": 11,
        "costs": 10,
        "resources": 11,
        "monitoring": 11,
    }
    assert set(sections["of"]) == {11}
