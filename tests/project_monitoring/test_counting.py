"""A dozen persons and more, each with one awkward circumstance: who counts, why not, and what changes with a rule."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from monitoring_inputs import OWN, make_inputs

from ropsanalysis.errors import DataError
from ropsanalysis.project_monitoring.counting import QUALIFIED_RULES, SUPPORTED_RULES, count_persons
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.project_monitoring.schema import Inputs

USUAL = MonitoringParameters()
EXAM: dict[str, Any] = {"evidence": "external_exam", "evidence_day": "2025-06-10"}
#: Rows of each person; what a row does not say is as in `monitoring_inputs.DEFAULTS`: supported from 1 March 2025,
#: by a course of action 6, with complete data, in an institution; day of the data 31 December 2025.
PERSONS: dict[str, list[dict[str, Any]]] = {
    "plain": [{**EXAM}],
    "no exam": [{}],
    "two spellings": [{**EXAM, "row": 40}, {"row": 12}],  # screening gives both spellings one pseudonym
    "incomplete": [{**EXAM, "complete": False}],
    "not started": [{**EXAM, "started": None}],
    "starts later": [{"started": "2026-01-01"}],
    "starts today": [{"started": "2025-12-31"}],
    "no institution": [{**EXAM, "institution": ""}],
    "conference": [{"form": "conference"}],
    "attendance": [{"evidence": "attendance", "evidence_day": "2025-06-10"}],
    "internal exam": [{"evidence": "internal_exam", "evidence_day": "2025-06-10"}],
    "undated exam": [{"evidence": "external_exam"}],
    "exam before start": [{"evidence": "state_diploma", "evidence_day": "2025-02-28"}],
    "exam on first day": [{"evidence": "state_diploma", "evidence_day": "2025-03-01"}],
    "four weeks": [{"left": "2025-05-13", **EXAM}],  # 13 May + 28 days = 10 June
    "a day later": [{"left": "2025-05-12", **EXAM}],  # 12 May + 28 days = 9 June
    "exam after day": [{"evidence": "external_exam", "evidence_day": "2026-01-10"}],
    "one of two complete": [{"complete": False, "started": "2025-02-01", **EXAM}, {"started": "2025-04-01"}],
    "both lacking": [{"complete": False, "institution": ""}, {"started": None}],
}
SUPPORTED = {
    "incomplete": "incomplete", "not started": "not_started", "starts later": "after_day",
    "no institution": "no_institution", "both lacking": "incomplete",
}  # fmt: skip
QUALIFIED = {
    **dict.fromkeys(SUPPORTED, "not_supported"), "no exam": "no_evidence", "starts today": "no_evidence",
    "conference": "no_evidence", "attendance": "attendance_only", "internal exam": "evidence_not_accepted",
    "undated exam": "evidence_not_accepted", "exam before start": "evidence_before_start", "a day later": "too_late",
    "exam after day": "evidence_after_day",
}  # fmt: skip


def inputs() -> Inputs:
    return make_inputs(participants=[{"person": name, **row} for name, rows in PERSONS.items() for row in rows])


def rules(kind: str, parameters: MonitoringParameters = USUAL, given: Inputs | None = None) -> dict[str, str]:
    """Return the rule of each person who is not counted."""
    own = given or inputs()
    persons = count_persons(own.participants, own.cards, parameters=parameters).of(OWN)
    found = dict(zip(persons["person"], persons[f"{kind}_rule"], strict=True))
    assert set(found) == set(PERSONS)
    return {person: rule for person, rule in found.items() if rule}


def test_each_awkward_person_counts_or_has_the_reason_worked_out_by_hand() -> None:
    assert rules("supported") == SUPPORTED
    assert rules("qualified") == QUALIFIED
    # 19 persons: 14 supported; with an exam that counts: plain, two spellings, first day, four weeks, one of two.
    assert (len(PERSONS), len(PERSONS) - len(SUPPORTED), len(PERSONS) - len(QUALIFIED)) == (19, 14, 5)


CHANGES: list[tuple[dict[str, Any], dict[str, str], dict[str, str]]] = [
    ({"complete_data_only": False}, {"incomplete": "", "both lacking": "no_institution"}, {"incomplete": ""}),
    ({"institution_required": False}, {"no institution": ""}, {"no institution": ""}),
    ({"forms_not_counted": "conference"}, {"conference": "form_not_counted"}, {"conference": "not_supported"}),
    ({"accepted_evidence": "internal_exam,external_exam,state_diploma"}, {}, {"internal exam": ""}),
    ({"accepted_evidence": "attendance,external_exam,state_diploma"}, {}, {"attendance": ""}),
    ({"accepted_evidence": "external_exam"}, {}, {"exam on first day": "evidence_not_accepted",
                                                 "exam before start": "evidence_not_accepted"}),
    ({"weeks_after_leaving": 5}, {}, {"a day later": ""}),
    ({"weeks_after_leaving": 3}, {}, {"four weeks": "too_late"}),
    (
        {"qualified_must_be_supported": False}, {},
        {"incomplete": "", "no institution": "", "not started": "evidence_before_start",
         "starts later": "no_evidence", "both lacking": "no_evidence"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "supported", "qualified"), CHANGES)
def test_a_changed_rule_changes_what_it_says_and_nothing_else(
    changed: dict[str, Any], supported: dict[str, str], qualified: dict[str, str]
) -> None:
    parameters = replace(USUAL, **changed)
    for kind, before, change in (("supported", SUPPORTED, supported), ("qualified", QUALIFIED, qualified)):
        expected = {person: rule for person, rule in {**before, **change}.items() if rule}
        assert rules(kind, parameters) == expected


def test_a_person_is_one_however_many_rows_and_counts_from_the_first_that_passes() -> None:
    own = inputs()
    persons = count_persons(own.participants, own.cards, parameters=USUAL).persons.set_index("person")
    assert persons.index.is_unique
    assert persons.loc["two spellings", "rows"] == "12, 40"
    # The earlier support is incomplete, so the person counts from the later one; its exam of June counts all the same.
    assert persons.loc["one of two complete", "supported_day"] == pd.Timestamp("2025-04-01")
    assert persons.loc["one of two complete", "qualified_day"] == pd.Timestamp("2025-06-10")
    assert pd.isna(persons.loc["incomplete", "supported_day"])
    assert pd.isna(persons.loc["no exam", "qualified_day"])


def test_nobody_is_qualified_before_being_supported() -> None:
    early = {"person": "p", "complete": False, "started": "2025-02-01", "evidence": "state_diploma",
             "evidence_day": "2025-02-20"}  # fmt: skip
    own = make_inputs(participants=[early, {"person": "p", "started": "2025-04-01"}])
    for required, day in ((True, "2025-04-01"), (False, "2025-02-20")):
        parameters = replace(USUAL, qualified_must_be_supported=required)
        persons = count_persons(own.participants, own.cards, parameters=parameters).persons
        assert persons["qualified_day"].tolist() == [pd.Timestamp(day)]


def test_the_breakdown_is_by_the_first_support_that_counts() -> None:
    rows = [
        {"started": "2025-05-01", "action": 7, "institution": "ngo", "unit": "160201"},
        {"started": "2025-01-01", "action": 3, "institution": "ops", "complete": False},
        {"started": "2025-04-01", "action": 16, "institution": "pcpr", "unit": "160301"},
    ]
    own = make_inputs(participants=rows)
    persons = count_persons(own.participants, own.cards, parameters=USUAL).persons
    assert persons[["action", "institution", "unit"]].to_numpy().tolist() == [[16, "pcpr", "160301"]]


def test_leaving_that_another_row_tells_counts_from_the_beginning_of_that_support_on() -> None:
    exam = {"evidence": "state_diploma", "evidence_day": "2025-09-01"}
    told_elsewhere = [{"started": "2025-03-01", **exam}, {"started": "2025-04-01", "left": "2025-06-01"}]
    came_back = [{"started": "2025-02-01", "left": "2025-02-20"}, {"started": "2025-07-01", **exam}]
    for rows, expected in ((told_elsewhere, "too_late"), (came_back, "")):
        own = make_inputs(participants=rows)
        persons = count_persons(own.participants, own.cards, parameters=USUAL).persons
        assert persons["qualified_rule"].tolist() == [expected]


def test_the_same_pseudonym_in_two_voivodeships_is_two_persons_of_two_projects() -> None:
    own = make_inputs(
        cards=[{}, {"teryt": "30", "as_of": "2025-02-28"}], participants=[{}, {"teryt": "30", "unit": "300101"}]
    )
    counted = count_persons(own.participants, own.cards, parameters=USUAL)
    # 1 March is after the day of the data of the second project only.
    assert counted.of("16")["supported_rule"].tolist() == [""]
    assert counted.of("30")["supported_rule"].tolist() == ["after_day"]


def test_every_rule_occurs_among_the_persons_of_this_file() -> None:
    seen = {*SUPPORTED.values(), *rules("supported", replace(USUAL, forms_not_counted="conference")).values()}
    assert seen == set(SUPPORTED_RULES)
    assert set(QUALIFIED.values()) == set(QUALIFIED_RULES)


def test_a_misspelt_kind_of_evidence_is_refused_instead_of_counting_nobody() -> None:
    with pytest.raises(DataError, match=r"accepted_evidence: nieznana wartość „state_diplom”.*state_diploma"):
        MonitoringParameters(accepted_evidence="state_diplom")
    with pytest.raises(DataError, match="plan_units"):
        MonitoringParameters(plan_units="counties")
