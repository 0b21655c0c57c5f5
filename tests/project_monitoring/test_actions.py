"""Actions and teams: what was done of what was due, what is late, and of how many persons it may be told."""

from __future__ import annotations

from typing import Any

import pandas as pd
from monitoring_inputs import make_inputs

from ropsanalysis.project_monitoring.assess import assess
from ropsanalysis.project_monitoring.parameters import MonitoringParameters

USUAL = MonitoringParameters(draws=200)
#: Day of the data: 31 December 2025; late from 30 days after the planned day on.
ACTIVITIES: list[dict[str, Any]] = [
    {"planned": "2025-03-10", "done": "2025-03-12", "hours": 8.0, "attendance": 20.0, "product": "materiały"},
    {"planned": "2025-04-10", "done": "2025-07-01", "hours": 4.0},
    {"planned": "2025-12-01"},  # 30 days ago: late
    {"planned": "2025-12-02"},  # 29 days ago: due, not late
    {"planned": "2025-09-01", "done": "2026-01-02", "product": "raport"},  # done after the day: still late on it
    {"planned": "2026-02-01", "done": "2025-12-30", "attendance": 5.0},  # before its time
    {"planned": "2026-03-01"},
    {"planned": None, "done": "2025-05-05"},  # never due
    {"planned": "2025-06-01", "action": 7, "team": "social_services", "subregion": "północny", "done": "2025-06-02",
     "hours": 2.0},
    {"planned": "2025-06-01", "action": 7, "team": "social_services", "subregion": "południowy"},
]  # fmt: skip


def tables(**rows: Any) -> dict[str, pd.DataFrame]:
    return assess(make_inputs(**{"activities": ACTIVITIES} | rows), parameters=USUAL)


def test_an_action_by_hand() -> None:
    states = tables()["action_states"].set_index("action")
    six = states.loc[6]
    assert (six["planned"], six["due"], six["done"], six["late"]) == (8, 5, 4, 2)
    assert (six["hours"], six["attendance"], six["products"]) == (12.0, 25.0, 1)
    assert (six["first"], six["last"], six["latest_due"]) == ("2025-03-12", "2025-12-30", "2025-09-01")
    assert (states.loc[7, "due"], states.loc[7, "done"], states.loc[7, "late"]) == (2, 1, 1)
    assert states.loc[1, "reason"] == "no_plan"
    assert len(states) == 16
    assert states["persons"].isna().all(), "no data on persons"


def test_what_is_late_is_listed_the_longest_first_and_products_by_day() -> None:
    found = tables()
    assert found["late"][["activity", "days"]].to_numpy().tolist() == [["a11", 213], ["a6", 121], ["a4", 30]]
    assert found["products"]["product"].tolist() == ["materiały"]


def test_the_heat_map_counts_each_activity_done_and_due_once() -> None:
    heat = tables()["heat"].set_index(["action", "quarter"])
    assert len(heat) == 16 * 8
    assert heat.loc[(6, "2025-Q1"), ["done", "due"]].tolist() == [1, 1]
    assert heat.loc[(6, "2025-Q2"), ["done", "due"]].tolist() == [1, 1]
    assert heat.loc[(6, "2025-Q4"), ["done", "due"]].tolist() == [1, 2]
    sums = heat.groupby("action").sum()
    assert (sums.loc[6, "done"], sums.loc[6, "due"]) == (4, 5)


def test_teams_as_wholes_and_advisers_by_subregion() -> None:
    teams = tables()["teams"].set_index(["team", "subregion"])
    assert teams.loc[("social_services", ""), ["done", "late"]].tolist() == [1, 1]
    assert teams.loc[("social_services", "północny"), ["done", "late"]].tolist() == [1, 0]
    assert teams.loc[("social_services", "południowy"), ["done", "late"]].tolist() == [0, 1]
    assert teams.loc[("research", ""), "done"] == 0
    assert tables(activities=[])["teams"].empty


def test_no_activities_are_no_data_and_not_sixteen_idle_actions() -> None:
    assert set(tables(activities=[])["action_states"]["reason"]) == {"no_data"}


def persons(prefix: str, number: int, *actions: int) -> list[dict[str, Any]]:
    """Persons supported by these actions one after another."""
    return [
        {"person": f"{prefix}{n}", "action": action, "started": f"2025-0{place + 1}-01"}
        for n in range(number)
        for place, action in enumerate(actions)
    ]


def test_persons_of_an_action_are_told_where_neither_later_nor_never_are_few() -> None:
    def shown(*groups: list[dict[str, Any]]) -> dict[int, int | None]:
        found = tables(participants=[row for group in groups for row in group])["action_states"]
        known = zip(found["action"], found["persons"], strict=True)
        return {int(action): None if pd.isna(n) else int(n) for action, n in known if pd.isna(n) or n}

    assert shown(persons("a", 20, 6), persons("b", 12, 7)) == {6: 20, 7: 12}
    # Five of those of action 7 came to 6 later, then four of them.
    assert shown(persons("a", 20, 6), persons("b", 12, 7), persons("c", 5, 7, 6)) == {6: 25, 7: 17}
    assert shown(persons("a", 20, 6), persons("b", 12, 7), persons("c", 4, 7, 6)) == {6: None, 7: 16}
    # All but three were in action 6.
    assert shown(persons("a", 20, 6), persons("b", 12, 7, 6), persons("c", 3, 7)) == {6: None, 7: 15}
    # Actions 3 and 9 make one part of few, so neither is told of.
    assert shown(persons("a", 20, 6), persons("b", 6, 3), persons("c", 7, 9)) == {6: 20, 3: None, 9: None}
