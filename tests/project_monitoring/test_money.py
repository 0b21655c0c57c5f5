"""Money to the grosz, earned value and costs per person, worked out by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from monitoring_inputs import make_inputs

from ropsanalysis.project_monitoring.amounts import amounts_of
from ropsanalysis.project_monitoring.assess import assess
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.project_monitoring.period import periods

USUAL = MonitoringParameters(draws=500)
#: Lines of the budget. Planned by 31 December 2025 is all of 2025; "6 later" is of 2026.
BUDGET: list[dict[str, Any]] = [
    {"line": "6", "quarter": "2025-Q1", "eu_grosz": 8_252_01, "national_grosz": 1_748_02},
    {"line": "6 later", "quarter": "2026-Q1", "eu_grosz": 4_126_00, "national_grosz": 874_00},
    {"line": "7", "action": 7, "team": "social_services", "category": "services", "quarter": "2025-Q2",
     "eu_grosz": 1_000_00, "national_grosz": 0},
    {"line": "office", "action": 0, "team": "", "category": "indirect", "quarter": "2025-Q4", "eu_grosz": 412_60,
     "national_grosz": 87_40},
]  # fmt: skip
PAYMENTS: list[dict[str, Any]] = [
    {"line": "6", "day": "2025-04-30", "eu_grosz": 4_000_01, "national_grosz": 999_99},
    {"line": "7", "day": "2025-12-31", "eu_grosz": 300_00, "national_grosz": 10},
    {"line": "office", "day": "2025-06-01", "eu_grosz": 412_60, "national_grosz": 87_40},
    {"line": "", "day": "2025-06-01", "eu_grosz": 1, "national_grosz": 2},
    {"line": "6", "day": "2026-01-01", "eu_grosz": 99_999_00, "national_grosz": 0},
]
#: Action 6: of four due two were done, and one before its time: 3 / 4. Action 7: one of two. Hours weigh nothing.
ACTIVITIES: list[dict[str, Any]] = [
    {"planned": "2025-03-01", "done": "2025-03-05", "hours": 30.0},
    {"planned": "2025-10-01"},
    {"planned": "2025-11-01", "hours": 10.0},
    {"planned": "2025-04-01", "done": "2025-04-05", "hours": 2.0},
    {"planned": "2026-05-01", "done": "2025-12-01", "hours": 8.0},
    {"planned": "2026-06-01", "hours": 100.0},
    {"planned": "2025-05-01", "done": "2025-05-01", "action": 7, "team": "social_services"},
    {"planned": "2025-06-01", "done": "2026-01-05", "action": 7, "team": "social_services"},
]


def tables(**changed: Any) -> dict[str, pd.DataFrame]:
    rows = {"budget": BUDGET, "payments": PAYMENTS, "activities": ACTIVITIES} | changed
    return assess(make_inputs(**rows), parameters=USUAL)


def money(**changed: Any) -> pd.DataFrame:
    return tables(**changed)["money"].set_index(["dimension", "key"])


def test_budget_plan_and_payments_to_the_grosz() -> None:
    found = money()
    expected = {
        # budget, planned by the day, spent by the day; the line of 2026 is not planned yet, its payment not made yet
        ("total", ""): (16_500.03, 11_500.03, 5_800.13),
        ("source", "eu"): (13_790.61, 9_664.61, 4_712.62),
        ("source", "national"): (2_709.42, 1_835.42, 1_087.51),
        ("action", "6"): (15_000.03, 10_000.03, 5_000.00),
        ("action", "7"): (1_000.00, 1_000.00, 300.10),
        ("action", "0"): (500.00, 500.00, 500.00),
        ("team", "training"): (15_000.03, 10_000.03, 5_000.00),
        ("team", "social_services"): (1_000.00, 1_000.00, 300.10),
        ("category", "training"): (15_000.03, 10_000.03, 5_000.00),
        ("category", "services"): (1_000.00, 1_000.00, 300.10),
        ("category", "indirect"): (500.00, 500.00, 500.00),
    }
    assert set(found.index) == set(expected)
    for key, row in expected.items():
        assert tuple(found.loc[key, ["budget", "planned", "spent"]]) == row, key
    assert set(found["reason"]) == {""}


def test_earned_value_by_hand() -> None:
    found = money()
    six = round(10_000.03 * 3 / 4, 2)
    assert six == 7_500.02
    for key, earned in {("action", "6"): six, ("action", "7"): 500.0, ("action", "0"): 500.0,
                        ("total", ""): six + 1_000.0, ("team", "training"): six}.items():  # fmt: skip
        assert found.loc[key, "earned"] == pytest.approx(earned, abs=1e-9)
    total = found.loc[("total", "")]
    assert total["cost_index"] == pytest.approx((six + 1_000) / 5_800.13)
    assert total["schedule_index"] == pytest.approx((six + 1_000) / 11_500.03)
    assert found.loc[[("source", "eu"), ("category", "training")], "earned"].isna().all()


def test_4_of_9_activities_due_earn_4_ninths_whatever_hours_they_took() -> None:
    done = {"planned": "2025-02-01", "done": "2025-02-01", "hours": 8.0}
    open_ = {"planned": "2025-03-01"}
    line = [{"line": "6", "quarter": "2025-Q1", "eu_grosz": 900_00}]
    paid = [{"line": "6", "day": "2025-04-30", "eu_grosz": 500_00}]
    row = money(budget=line, payments=paid, activities=[done] * 4 + [open_] * 5).loc[("total", "")]
    # By hours it would be 32 of 37 hours, 0.86. Planned 900.00: earned 900 x 4 / 9 = 400.00, paid 500.00.
    assert (row["earned"], row["schedule_index"], row["cost_index"]) == (400.0, pytest.approx(4 / 9), 0.8)


def test_earned_value_is_at_most_the_budget_and_early_work_counts() -> None:
    line = [{"line": "6", "quarter": "2025-Q1", "eu_grosz": 600_00}, {"line": "6b", "quarter": "2026-Q1",
                                                                     "eu_grosz": 400_00}]  # fmt: skip
    due = {"planned": "2025-03-01", "done": "2025-03-01", "hours": 10.0}
    early = {"planned": "2026-03-01", "done": "2025-12-01", "hours": 10.0}
    later = {"planned": "2026-06-01", "hours": 30.0}

    def earned(*activities: dict[str, Any]) -> float:
        return float(money(budget=line, activities=activities, payments=[]).loc[("total", ""), "earned"])

    # Twice the work due is done: 2 x 600 is more than the budget of 1000.
    assert earned(due, early) == 1_000.0
    # Nothing was due and one of four of all is done: a quarter of the budget.
    assert earned(early, later, later, later) == 250.0
    # Nothing due and nothing done: level of effort.
    assert earned(later) == 600.0


def test_of_a_running_quarter_the_days_passed_are_planned_and_parts_add_up() -> None:
    inputs = make_inputs(
        budget=[{"quarter": "2025-Q4", "eu_grosz": 92_01, "national_grosz": 33}], cards=[{"as_of": "2025-10-31"}]
    )
    (period,) = periods(inputs.cards)
    budget = amounts_of(inputs, period).budget
    # 31 of 92 days: 9234 x 31 / 92 = 3111.46, 9201 x 31 / 92 = 3100.34; the national part is what is left.
    assert budget[["planned_whole", "planned_eu", "planned_national"]].to_numpy().tolist() == [[3111, 3100, 11]]


def test_spending_is_cumulative_by_quarter() -> None:
    found = tables()["spending"].set_index("quarter")
    assert found.loc[["2024-Q4", "2025-Q1", "2025-Q4", "2026-Q1"], "planned"].tolist() == [
        0, 10_000.03, 11_500.03, 16_500.03
    ]  # fmt: skip
    assert found.loc[["2025-Q1", "2025-Q2", "2025-Q4"], "spent"].tolist() == [0, 5_500.03, 5_800.13]
    assert found.loc["2026-Q1":, "spent"].isna().all()
    assert (found["eu"] + found["national"]).dropna().round(2).tolist() == found["spent"].dropna().tolist()


def test_what_is_left_is_the_budget_less_the_forecast() -> None:
    even = [{"line": "6", "day": f"2025-{month:02}-15", "eu_grosz": 100_00} for month in range(1, 13)]
    row = money(payments=even).loc[("total", "")]
    # 100 PLN a month for 730 / 30.4375 = 23.98 months more than the 1200 spent.
    assert row["forecast"] == pytest.approx(1_200 + 100 * 730 / 30.4375, abs=0.01)
    for left, end in (("unspent", "forecast"), ("unspent_low", "forecast_high"), ("unspent_high", "forecast_low")):
        assert row[left] == pytest.approx(16_500.03 - row[end], abs=0.011)


def paid_each_month(eu: int, national: int = 0) -> list[dict[str, Any]]:
    days = [f"2025-{month:02}-15" for month in range(1, 13)]
    return [{"line": "6", "day": day, "eu_grosz": eu, "national_grosz": national} for day in days]


def test_where_the_pace_is_above_the_budget_nothing_is_left_and_the_quarter_is_told_in_which_it_runs_out() -> None:
    found = money(payments=paid_each_month(850_00))
    row = found.loc[("total", "")]
    # 10 200.00 are spent, and 850.00 a month for 23.98 months more: 30 586.04 of 16 500.03.
    assert row["forecast"] == pytest.approx(10_200 + 850 * 730 / 30.4375, abs=0.01)
    assert row[["unspent", "unspent_low", "unspent_high"]].tolist() == [0, 0, 0]
    # What is left, 6 300.03, lasts for 7.4 months: until August 2026.
    assert row["exhausted"] == "2026-Q3"
    assert (found["unspent"].dropna() >= 0).all()
    assert money(payments=paid_each_month(100_00)).loc[("total", ""), "exhausted"] == ""


@pytest.mark.parametrize("monthly", [(82_53, 17_49), (850_01, 0), (333_33, 10_07)])
def test_the_forecasts_of_eu_and_national_money_add_up_to_the_grosz(monthly: tuple[int, int]) -> None:
    payments = paid_each_month(*monthly)
    payments += [{"line": "7", "day": f"2025-{month:02}-20", "eu_grosz": 7_77 * month} for month in range(1, 12, 3)]
    found = money(payments=payments)
    for name in ("forecast", "unspent"):
        for column in (name, f"{name}_low", f"{name}_high"):
            whole, eu, national = (
                round(100 * found.loc[key, column]) for key in (("total", ""), ("source", "eu"), ("source", "national"))
            )  # fmt: skip
            assert eu + national == whole, column


def test_without_a_budget_or_payments_the_reason_is_told() -> None:
    nothing = money(budget=[], payments=[])
    assert nothing["reason"].tolist() == ["no_budget"]
    assert nothing[["budget", "spent", "earned", "forecast"]].isna().all(axis=None)
    unpaid = money(payments=[]).loc[("total", "")]
    assert (unpaid["reason"], unpaid["earned"]) == ("no_data", 8_500.02)
    assert unpaid[["spent", "cost_index", "forecast"]].isna().all()
    unplanned = money(budget=[], payments=[{"line": "", "eu_grosz": 5_00}]).loc[("total", "")]
    assert (unplanned["reason"], unplanned["spent"], pd.isna(unplanned["unspent"])) == ("no_budget", 5.0, True)


def test_cost_per_person_of_all_spending_and_of_actions_that_supported_persons() -> None:
    persons = [{"person": f"p{n}", "action": 6} for n in range(3)]
    persons[0] |= {"evidence": "state_diploma", "evidence_day": "2025-06-01"}
    costs = tables(participants=persons)["unit_costs"].set_index(["per", "base"])
    assert costs["spent"].tolist() == [5_800.13, 5_000.0] * 2
    assert costs["persons"].tolist() == [3, 3, 1, 1]
    # 5800.13 / 3 = 1933.376..., 5000 / 3 = 1666.666...
    assert costs["cost"].tolist() == [1_933.38, 1_666.67, 5_800.13, 5_000.0]
    nobody = tables()["unit_costs"]
    assert set(nobody["reason"]) == {"no_data"}
    assert nobody["cost"].isna().all()
