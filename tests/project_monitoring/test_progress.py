"""Where an indicator stands: straight line, plan, quarters, forecast."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from monitoring_inputs import make_inputs

from ropsanalysis.project_monitoring.assess import assess
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.project_monitoring.period import Period

USUAL = MonitoringParameters(draws=2_000)


def persons(number: int, day: str, **told: Any) -> list[dict[str, Any]]:
    return [{"person": f"{day}-{place}", "started": day, **told} for place in range(number)]


def one(indicator: str = "supported", **rows: Any) -> dict[str, Any]:
    """Return the row of an indicator; the project lasts from 1 January 2024 to 31 December 2027, half of it passed."""
    found = assess(make_inputs(**rows), parameters=USUAL)["indicators"]
    (row,) = found[found["indicator"] == indicator].to_dict("records")
    return {str(name): value for name, value in row.items()}


def test_line_and_plan_by_hand() -> None:
    plan = [{"day": "2024-12-31", "planned": 20.0}, {"day": "2026-12-31", "planned": 80.0}]
    row = one(participants=persons(30, "2025-03-01"), plan=plan)
    # 731 of 1461 days have passed. Between the days of the plan lie 730 days, 365 of which have passed: 20 + 60 / 2.
    assert row["line"] == pytest.approx(100 * 731 / 1461)
    assert row["planned"] == pytest.approx(50.0)
    assert (row["value"], row["of_target"], row["reason"]) == (30, 0.3, "")
    # 70 are lacking in 730 days, that is in 730 / 30.4375 months; 30 came in the last 12.
    assert row["needed_per_month"] == pytest.approx(70 / (730 / 30.4375))
    assert row["recent_per_month"] == 2.5


def test_what_is_reached_stays_reached_and_nothing_in_sight_of_much_stays_out_of_reach() -> None:
    assert one(participants=persons(100, "2025-03-01"))["probability"] == 1.0
    never = one("qualified", participants=persons(100, "2025-03-01"))
    # Nobody ever qualified: 95 in the two years left are out of reach of any rate that twelve empty months allow.
    assert (never["value"], never["probability"]) == (0, 0.0)
    assert never["forecast_high"] < 10


def test_an_even_pace_that_just_reaches_the_target_is_a_toss_up() -> None:
    even = [row for month in range(1, 13) for row in persons(4, f"2025-{month:02}-10")]
    row = one(participants=even, cards=[{"target_supported": 48 + 96.0}])  # 4 a month for the 24 months left
    assert 0.35 < row["probability"] < 0.65
    assert row["forecast_low"] < 144 < row["forecast_high"]
    assert row["recent_per_month"] == 4.0


def test_after_the_end_the_forecast_is_what_there_is() -> None:
    card = {"end": "2025-12-31"}
    row = one(participants=persons(99, "2025-03-01"), cards=[card])
    assert (row["forecast"], row["forecast_low"], row["forecast_high"], row["probability"]) == (99, 99, 99, 0.0)
    assert (row["line"], pd.isna(row["needed_per_month"])) == (100.0, True)
    assert one(participants=persons(100, "2025-03-01"), cards=[card])["probability"] == 1.0


def test_what_was_not_delivered_is_told_and_not_taken_for_zero() -> None:
    nothing = one()
    assert (nothing["reason"], pd.isna(nothing["value"]), nothing["target"]) == ("no_data", True, 100)
    no_target = one(participants=persons(10, "2025-03-01"), cards=[{"target_supported": float("nan")}])
    assert (no_target["reason"], no_target["value"]) == ("no_target", 10)
    assert all(pd.isna(no_target[name]) for name in ("of_target", "line", "probability", "needed_per_month"))
    plans = one("plans")
    assert (plans["reason"], plans["denominator"], pd.isna(plans["numerator"])) == ("no_data", 82, True)


def test_quarters_are_cumulative_and_end_in_the_indicator_and_its_forecast() -> None:
    inputs = make_inputs(
        participants=persons(7, "2024-03-31") + persons(5, "2024-04-01") + persons(11, "2025-12-31"),
        lpdi=[{"unit": "160101"}, {"unit": "160102", "in_force_to": "2025-11-30"}],
    )
    found = assess(inputs, parameters=USUAL)
    indicators = found["indicators"].set_index("indicator")
    course = found["progress"].set_index(["indicator", "quarter"])
    reached = course.loc["supported", "reached"]
    assert reached[["2024-Q1", "2024-Q2", "2025-Q3", "2025-Q4"]].tolist() == [7, 12, 12, 23]
    assert reached[:8].notna().all()
    assert reached[8:].isna().all()
    assert len(reached) == 16
    # The plans are carried out from 1 October 2025 on, so they count in the fourth quarter; one expired within it.
    assert course.loc["plans", "reached"].dropna().tolist() == [0.0] * 7 + [1 / 82]
    for name in ("supported", "qualified", "plans"):
        assert course.loc[(name, "2025-Q4"), "reached"] == indicators.loc[name, "value"]
        ends = ["forecast", "forecast_low", "forecast_high"]
        assert course.loc[(name, "2027-Q4"), ends].tolist() == indicators.loc[name, ends].tolist()
    assert course.loc[("supported", "2027-Q4"), "line"] == 100.0


def test_in_a_quarter_that_is_not_over_the_day_of_the_data_is_told() -> None:
    rows = persons(3, "2025-11-15") + persons(4, "2025-11-16")
    found = assess(make_inputs(participants=rows, cards=[{"as_of": "2025-11-15"}]), parameters=USUAL)["progress"]
    row = found.set_index(["indicator", "quarter"]).loc[("supported", "2025-Q4")]
    assert (row["day"], row["reached"]) == ("2025-11-15", 3)


def test_the_last_whole_months_are_counted_back_from_the_day_of_the_data() -> None:
    day = pd.Timestamp
    old = Period("16", day("2024-01-01"), day("2027-12-31"), day("2025-12-31"))
    assert [f"{edge:%Y-%m-%d}" for edge in old.recent_edges(3)] == [
        "2025-09-30", "2025-10-31", "2025-11-30", "2025-12-31"
    ]  # fmt: skip
    young = Period("16", day("2025-11-01"), day("2027-12-31"), day("2025-12-31"))
    assert len(young.recent_edges(12)) == 3
    newborn = Period("16", day("2025-12-15"), day("2027-12-31"), day("2025-12-31"))
    assert len(newborn.recent_edges(12)) < 2


def test_a_project_younger_than_a_month_has_no_forecast() -> None:
    row = one(participants=persons(12, "2025-12-20"), cards=[{"start": "2025-12-15"}])
    assert row["value"] == 12
    assert pd.isna(row["forecast"])
    assert pd.isna(row["probability"])
