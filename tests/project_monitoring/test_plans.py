"""Units with a plan made and carried out: denominators of the register, and a reason for every unit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from monitoring_inputs import make_inputs, table, units

from ropsanalysis.project_monitoring.assess import assess
from ropsanalysis.project_monitoring.denominator import denominator
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.project_monitoring.plans import counting_spans, running, share, unit_rules

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


def random_plans(seed: int) -> pd.DataFrame:
    """Return plans of few units, many of a unit, whose days follow each other by chance."""
    rng = np.random.default_rng(seed)

    def day() -> str | None:
        return None if rng.random() < 0.1 else f"{2024 + rng.integers(2)}-{rng.integers(1, 13):02}-01"

    rows = []
    for _ in range(120):
        ends = day()
        rows.append({
            "unit": str(rng.choice(["160101", "160102", "1601", "1661", "166101", "160203"])), "adopted": day(),
            "in_force_from": day(), "in_force_to": None if ends is None else f"{ends[:8]}{rng.choice(['01', '30'])}",
            "costs": bool(rng.random() < 0.9), "evidence": str(rng.choice(["resolution", "draft"], p=[0.8, 0.2])),
            "carried_out": str(rng.choice(["annual_report", "statement"], p=[0.8, 0.2])), "carried_out_day": day(),
        })  # fmt: skip
    rows = [row for row in rows if not (row["in_force_to"] or "").startswith(("2024-02", "2025-02"))]
    return table("lpdi", rows)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("carried_out", ["annual_report", ""])
def test_spans_say_of_each_day_what_the_rules_of_that_day_say(seed: int, carried_out: str) -> None:
    parameters = replace(USUAL, plan_carried_out=carried_out)
    own, lpdi = denominator(units(), "16", plan_units="cities_once"), random_plans(seed)
    spans = counting_spans(lpdi, own, parameters=parameters)
    assert len(spans) > 3
    for day in pd.date_range("2023-12-15", "2026-01-15", freq="9D", unit="s"):
        rules_of_day = unit_rules(lpdi, day, own, parameters=parameters)
        assert sorted(running(spans, day)["unit"]) == sorted(unit for unit, rule in rules_of_day.items() if not rule)


def test_a_plan_that_follows_at_once_goes_on_and_one_that_comes_later_is_new() -> None:
    first = {"unit": "160101", "carried_out_day": "2025-01-20", "in_force_to": "2025-06-30"}
    own = denominator(units(), "16", plan_units="cities_once")

    def spans(begins: str) -> list[list[str]]:
        plan = {"unit": "160101", "carried_out_day": "2025-01-20", "in_force_from": begins}
        found = counting_spans(table("lpdi", [first, plan]), own, parameters=USUAL)
        return [[f"{day:%Y-%m-%d}" for day in row[1:]] for row in found.itertuples(index=False)]

    assert spans("2025-07-01") == [["2025-01-20", "9999-12-31"]]
    assert spans("2025-07-02") == [["2025-01-20", "2025-06-30"], ["2025-07-02", "9999-12-31"]]


def plans_indicator(lpdi: list[dict[str, Any]], **changed: Any) -> dict[str, Any]:
    tables = assess(make_inputs(lpdi=lpdi), parameters=replace(USUAL, draws=2_000, **changed))
    (row,) = tables["indicators"].query("indicator == 'plans'").to_dict("records")
    return {str(name): value for name, value in row.items()} | {"units": tables["units"].set_index("unit")}


def test_plans_that_expire_before_the_end_of_the_project_are_not_in_the_forecast() -> None:
    codes = denominator(units(), "16", plan_units="cities_once").codes
    # Long in force: nothing came in the last 12 months. 4 of 10 expire before the project ends on 31 December 2027.
    old = {"adopted": "2024-01-15", "carried_out_day": "2024-02-01"}
    ends = ["2026-06-30"] * 3 + ["2027-12-30", "2027-12-31", "2028-06-30"] + [None] * 4
    lpdi = [{**old, "unit": code, "in_force_to": end} for code, end in zip(codes, ends, strict=False)]
    row = plans_indicator(lpdi)
    assert (row["numerator"], row["lapsing"]) == (10, 4)
    assert row["forecast_low"] == pytest.approx(6 / 82)
    assert row["forecast"] < 10 / 82
    # Half of 82 is 41: 35 are lacking to the 6 that stay, in 730 days.
    assert row["needed_per_month"] == pytest.approx(35 / (730 / 30.4375))
    assert row["units"]["until"].to_dict() == dict.fromkeys(row["units"].index, "") | {
        code: end for code, end in zip(codes, ends, strict=False) if end
    }
    renewed = plans_indicator(lpdi, plans_renewed=True)
    assert (renewed["lapsing"], renewed["forecast_low"]) == (4, pytest.approx(10 / 82))
    assert renewed["needed_per_month"] == pytest.approx(31 / (730 / 30.4375))


def test_the_recent_pace_of_plans_has_also_those_that_have_expired_since() -> None:
    begins = {"adopted": "2025-02-10", "carried_out_day": "2025-03-10"}
    gone = [{**begins, "unit": f"16010{n}", "in_force_to": "2025-09-30"} for n in range(1, 4)]
    row = plans_indicator([*gone, {**begins, "unit": "160201"}])
    assert (row["numerator"], row["recent_per_month"]) == (1, 4 / 12)


def test_of_each_plan_it_is_told_how_many_rules_it_fails() -> None:
    found = assess(make_inputs(lpdi=[{"unit": unit, **row} for unit, row in PLANS.items()]), parameters=USUAL)
    lacking = found["units"].set_index("unit")["lacking"].dropna().to_dict()
    assert lacking == {
        **dict.fromkeys(("160101", "160106", "1601", "166101"), 0),
        # Not adopted by the day: its being carried out cannot be of a later day either, or comes before the adoption.
        "160102": 2, "160103": 3, "160104": 1, "160105": 1, "160201": 1, "160202": 1, "160203": 1, "160204": 1,
        "160301": 1, "160302": 1,
    }  # fmt: skip
    draft = {"unit": "160401", "evidence": "draft", "costs": False, "carried_out": ""}
    (units_,) = [assess(make_inputs(lpdi=[draft]), parameters=USUAL)["units"].set_index("unit")]
    assert (units_.loc["160401", "plan"], units_.loc["160401", "lacking"]) == ("not_adopted", 3)


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
