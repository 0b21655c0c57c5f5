"""The national summary takes numbers over, adds them up and ranks them: nothing else, and no sum with a hidden part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest

from ropsanalysis.national_summary.assess import Built, assess
from ropsanalysis.national_summary.records import TABLES
from ropsanalysis.project_monitoring import records as monitoring
from ropsanalysis.stats.published import as_table, columns


def _indicator(teryt: str, indicator: str, **own: Any) -> dict[str, Any]:
    return {"teryt": teryt, "indicator": indicator, "reason": "", **own}


def _money(teryt: str, **own: Any) -> dict[str, Any]:
    return {"teryt": teryt, "dimension": "total", "key": "", "reason": "", **own}


def _state(teryt: str, action: int, **own: int) -> dict[str, Any]:
    return {"teryt": teryt, "action": action, "planned": 9, "products": 0, "first": "", "last": "", "latest_due": "",
            "reason": "", **own}  # fmt: skip


def _tables(**rows: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    return {name: as_table(record, rows.get(name, [])) for name, record in monitoring.TABLES.items()}


def _built(tables: Mapping[str, pd.DataFrame], *regions: str) -> Built:
    return Built("Monitoring projektu koordynacyjnego", tables, regions, 2025, False, "f" * 64)


@pytest.fixture
def two_projects() -> dict[str, pd.DataFrame]:
    # Worked by hand: 300/688 = 0.436047, 400/502 = 0.796813; 700 of 1190 = 0.588235; plans 20 of 102, 41 of 82.
    return _tables(
        cards=[
            {"teryt": "26", "value_pln": 13_768_806.14},
            {"teryt": "16", "value_pln": 10_032_520.40},
        ],
        indicators=[
            _indicator("26", "supported", value=300.0, target=688.0, of_target=300 / 688, line=304.0, probability=0.4),
            _indicator("16", "supported", value=400.0, target=502.0, of_target=400 / 502, line=222.0, probability=0.99),
            _indicator("26", "plans", value=20 / 102, numerator=20, denominator=102, target=0.5, of_target=40 / 102),
            _indicator("16", "plans", value=0.5, numerator=41, denominator=82, target=0.5, of_target=1.0),
        ],
        money=[
            _money("26", budget=13_768_806.14, planned=6_000_000.0, earned=5_400_000.0, spent=4_500_000.0),
            _money("16", budget=10_032_520.40, planned=4_000_000.0, earned=4_000_000.0, spent=5_000_000.0),
        ],
        actions=[{"action": 1, "title": "Diagnozy", "short": "diagnozy", "team": "research"}],
        action_states=[_state("26", 1, due=4, done=3, late=1), _state("16", 1, due=2, done=2, late=0)],
    )


def test_sums_are_those_worked_by_hand(two_projects: dict[str, pd.DataFrame]) -> None:
    found = assess({"project_monitoring": _built(two_projects, "16", "26")})
    total = found["indicators"].set_index(["teryt", "indicator"]).loc["00"]
    assert total.loc["supported", "value"] == 700
    assert total.loc["supported", "target"] == 1190
    assert total.loc["supported", "of_target"] == pytest.approx(700 / 1190)
    assert total.loc["supported", "line"] == 526
    assert pd.isna(total.loc["supported", "probability"])
    assert (total.loc["plans", "numerator"], total.loc["plans", "denominator"]) == (61, 184)
    assert total.loc["plans", "value"] == pytest.approx(61 / 184)  # of the sums, not the mean of 19.6% and 50%
    money = found["money"].set_index("teryt").loc["00"]
    assert money["value_pln"] == pytest.approx(23_801_326.54)
    assert money["spent"] == 9_500_000
    assert money["share_spent"] == pytest.approx(9_500_000 / 23_801_326.54)
    assert money["cost_index"] == pytest.approx(9.4 / 9.5)
    assert money["schedule_index"] == pytest.approx(0.94)
    action = found["actions"].set_index(["teryt", "action"]).loc[("00", 1)]
    assert (action["due"], action["done"], action["late"]) == (6, 5, 1)


def test_the_best_of_the_target_has_the_first_place(two_projects: dict[str, pd.DataFrame]) -> None:
    table = assess({"project_monitoring": _built(two_projects, "16", "26")})["indicators"]
    places = table[table["indicator"] == "supported"].set_index("teryt")["place"]
    assert (places["16"], places["26"]) == (1, 2)
    assert pd.isna(places["00"])


@pytest.mark.parametrize(
    ("table", "column", "shown"),
    [
        ("indicators", "value", "value"),
        ("indicators", "target", "target"),
        ("money", "spent", "spent"),
        ("money", "budget", "budget"),
    ],
)
def test_no_sum_stands_beside_a_part_that_is_missing(
    two_projects: dict[str, pd.DataFrame], table: str, column: str, shown: str
) -> None:
    hidden = two_projects[table].copy()
    hidden.loc[0, column] = pd.NA
    found = assess({"project_monitoring": _built(two_projects | {table: hidden}, "16", "26")})[table]
    total = found[(found["teryt"] == "00") & (found.get("indicator", "supported") == "supported")]
    assert total[shown].isna().all()


def test_without_any_report_on_projects_there_is_nothing_of_them() -> None:
    found = assess({})
    assert {name: len(table) for name, table in found.items()} == {
        "regions": 16, "indicators": 0, "money": 0, "actions": 0, "headlines": 0, "sources": 0,
    }  # fmt: skip


def test_every_table_keeps_the_columns_of_its_record(two_projects: dict[str, pd.DataFrame]) -> None:
    for name, table in assess({"project_monitoring": _built(two_projects, "16", "26")}).items():
        assert list(table.columns) == list(columns(TABLES[name]))
