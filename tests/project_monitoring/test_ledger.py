"""The list behind a number: all persons and units, in the order of the file, each with a Polish reason."""

from __future__ import annotations

from typing import Any

import pytest
from monitoring_inputs import make_inputs

from ropsanalysis.errors import UsageError
from ropsanalysis.project_monitoring.ledger import LEDGER_COLUMNS, RULES, explanations, ledger
from ropsanalysis.project_monitoring.parameters import MonitoringParameters

USUAL = MonitoringParameters()
ROWS: list[dict[str, Any]] = [
    {"person": "b", "row": 9, "evidence": "external_exam", "evidence_day": "2025-06-01"},
    {"person": "a", "row": 12},
    {"person": "b", "row": 4, "complete": False},
    {"person": "c", "row": 10, "left": "2025-04-01", "evidence": "state_diploma", "evidence_day": "2025-04-30"},
]


def rows(indicator: str, **tables: Any) -> list[list[Any]]:
    found = ledger(make_inputs(**tables), indicator=indicator, teryt="16", parameters=USUAL)
    assert tuple(found.columns) == LEDGER_COLUMNS
    return [list(row) for row in found.itertuples(index=False)]


def test_persons_stand_in_the_order_of_the_file_with_all_their_rows() -> None:
    assert rows("qualified", participants=ROWS) == [
        ["b", "4, 9", True, "", "Osoba liczona jako ta, która podniosła kwalifikacje."],
        # 1 April + 28 days = 29 April
        ["c", "10", False, "too_late", "Dowód ma datę późniejszą niż 4 tygodnie po opuszczeniu projektu."],
        ["a", "12", False, "no_evidence", "Brak dowodu podniesienia kwalifikacji."],
    ]
    assert [row[2] for row in rows("supported", participants=ROWS)] == [True, True, True]


def test_units_with_plans_come_first_and_every_unit_is_listed() -> None:
    plans = [{"unit": "1661", "row": 3}, {"unit": "160101", "row": 2, "costs": False}, {"unit": "1699", "row": 8}]
    found = rows("plans", lpdi=plans)
    assert [row[:4] for row in found[:3]] == [
        ["160101", "2", False, "sections_missing"], ["166101", "3", True, ""], ["1699", "8", False, "unit_not_counted"]
    ]  # fmt: skip
    assert {tuple(row[1:4]) for row in found[3:]} == {("", False, "no_plan")}
    assert len(found) == 82 + 1


def test_every_rule_has_a_sentence_of_its_own() -> None:
    words = explanations(USUAL)
    assert set(words) == {(name, rule) for name, rules in RULES.items() for rule in ("", *rules)}
    assert len(set(words.values())) == len(words)
    assert all(text.endswith(".") for text in words.values())


def test_what_there_is_not_is_told() -> None:
    with pytest.raises(UsageError, match=r"no indicator 'suported'.*'supported'"):
        ledger(make_inputs(), indicator="suported", teryt="16", parameters=USUAL)
    with pytest.raises(UsageError, match="no project of the voivodeship 02"):
        ledger(make_inputs(), indicator="plans", teryt="02", parameters=USUAL)
