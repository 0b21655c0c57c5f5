"""What the guide to project monitoring promises is so: examples, columns, words, rules, findings."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from ropsanalysis.io import catalogue, identifiers, project_services, project_work
from ropsanalysis.io.findings import CHECKS, format_findings
from ropsanalysis.io.project_monitoring import MonitoringScreening, screen_project_monitoring
from ropsanalysis.project_monitoring import schema
from ropsanalysis.project_monitoring.assess import assess
from ropsanalysis.project_monitoring.counting import QUALIFIED_RULES, SUPPORTED_RULES
from ropsanalysis.project_monitoring.ledger import ledger
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.project_monitoring.plans import UNIT_RULES
from ropsanalysis.project_monitoring.social_services import half_digit
from support import PROJECT

GUIDES = ("docs/project_monitoring.md", "docs/project_monitoring.pl.md")
PARAMETERS = MonitoringParameters()

_FENCE = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_EXAMPLE = re.compile(r"^\*\*`([^`\n]+)`\*\*\n\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def text_of(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def examples(name: str = GUIDES[0]) -> list[tuple[str, str]]:
    return _EXAMPLE.findall(text_of(name))


@pytest.fixture
def screened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MonitoringScreening:
    """Screen a project with the example of the guide."""
    raw = tmp_path / "project" / "data" / "raw"
    shutil.copytree(PROJECT / "data" / "raw" / "teryt_units", raw / "teryt_units")
    for name, content in examples():
        (raw / name).parent.mkdir(exist_ok=True)
        (raw / name).write_text(content, encoding="utf-8")
    monkeypatch.setenv(identifiers.KEY_VARIABLE, str(tmp_path / "pseudonyms.key"))
    return screen_project_monitoring(raw)


def test_both_guides_hold_the_same_examples_of_every_dataset() -> None:
    assert examples(GUIDES[0]) == examples(GUIDES[1])
    assert {Path(name).parent.name for name, _ in examples()} == set(schema.DATASETS)


def test_the_example_passes_the_check_and_gives_what_the_guide_says(screened: MonitoringScreening) -> None:
    assert screened.findings == (), format_findings(screened.findings)
    inputs = screened.inputs
    assert inputs is not None
    # As the guide reads: two supported, one of them qualified, one plan of two counts.
    found: dict[str, list[tuple[str, str]]] = {}
    for indicator in schema.INDICATORS:
        entries = ledger(inputs, indicator=indicator, teryt="26", parameters=PARAMETERS)
        found[indicator] = [(row.rows, row.rule) for row in entries.itertuples() if row.rows]
    assert found == {
        "supported": [("2, 3", ""), ("4", ""), ("5", "incomplete")],
        "qualified": [("2, 3", ""), ("4", "too_late"), ("5", "not_supported")],
        "plans": [("2", ""), ("3", "not_adopted")],
    }
    tables = assess(inputs, parameters=PARAMETERS)
    indicators = tables["indicators"].set_index("indicator")
    assert indicators.loc["plans", ["numerator", "denominator"]].to_list() == [1, 115]
    total = tables["money"].query("dimension == 'total'").iloc[0]
    # 5000 + 1500 + 1000 zł of quarters that are over; 4500 + 1500 zł paid.
    assert (total["planned"], total["spent"]) == (7500, 6000)
    costs = tables["unit_costs"].set_index(["per", "base"])["cost"]
    assert costs["supported", "all"] == 3000


def described(name: str) -> dict[str, set[str]]:
    """Return the columns that the table of a guide describes, by file."""
    found: dict[str, set[str]] = {}
    for file, cell in re.findall(r"^\| `(\w+)` \| (`[^|]+) \|", _FENCE.sub("", text_of(name)), re.MULTILINE):
        found.setdefault(file, set()).update(_SPAN.findall(cell))
    return found


@pytest.mark.parametrize("name", GUIDES)
def test_the_columns_and_words_are_those_of_the_schema(name: str) -> None:
    money = {"eu_grosz": "eu_pln", "national_grosz": "national_pln", "total_printed": project_services.TOTAL}
    tables = {
        "cards": schema.CARD_COLUMNS, "plan": schema.PLAN_COLUMNS, "subregions": schema.SUBREGION_COLUMNS,
        "participants": schema.PARTICIPANT_COLUMNS, "entities": schema.ENTITY_COLUMNS, "plans": schema.LPDI_COLUMNS,
        "centres": schema.CUS_COLUMNS, "foster_care": schema.FOSTER_COLUMNS, "activities": schema.ACTIVITY_COLUMNS,
        "budget": schema.BUDGET_COLUMNS, "payments": schema.PAYMENT_COLUMNS,
    }  # fmt: skip
    expected = {
        file: {money.get(column, column) for column in names} - {"row", "step"} for file, names in tables.items()
    }
    assert described(name) == expected
    assert {Path(path).stem: set(content.splitlines()[0].split(";")) for path, content in examples()} == expected
    words = {
        *schema.INDICATORS, *schema.FORMS, *schema.EVIDENCE, *schema.PLAN_EVIDENCE, *schema.CARRIED_OUT, *schema.TEAMS,
        *schema.ACTIVITY_KINDS, *schema.CATEGORIES,
    }  # fmt: skip
    assert words - {""} <= set(_SPAN.findall(_FENCE.sub("", text_of(name))))
    for most in (project_work.MOST_HOURS, project_work.MOST_ATTENDANCE):
        assert f"0–{most}" in text_of(name)


@pytest.mark.parametrize("name", GUIDES)
def test_every_finding_rule_and_parameter_is_told(name: str) -> None:
    text = text_of(name)
    codes = [code for row in re.findall(r"^\| (PM-[^|]+) \|", text, re.MULTILINE) for code in row.split(", ")]
    assert sorted(codes) == sorted(code for code in CHECKS if code.startswith("PM-"))
    spans = set(_SPAN.findall(_FENCE.sub("", text)))
    parameters: dict[str, Any] = catalogue.parameter_values("monitoring_parameters")
    assert {*SUPPORTED_RULES, *QUALIFIED_RULES, *UNIT_RULES, *parameters} <= spans
    assert set(str(parameters["accepted_evidence"]).split(",")) <= spans
    assert identifiers.KEY_VARIABLE in text
    plain = " ".join(text.split())
    promises = {
        GUIDES[0]: (
            "later than {weeks_after_leaving} weeks after leaving", "as the last {forecast_months} months went",
            "late {late_days} days after", "at least {min_persons} persons", "none or at least {min_count}",
            "is not {share}%",
        ),
        GUIDES[1]: (
            "niż {weeks_after_leaving} tygodnie po opuszczeniu", "ostatnie {forecast_months} miesięcy",
            "opóźnione {late_days} dni po", "co najmniej {min_persons} osób", "zero albo co najmniej {min_count}",
            "to nie {share}%",
        ),
    }  # fmt: skip
    share = f"{100 * parameters['eu_share']:.2f}"
    for promise in promises[name]:
        told = promise.format(**parameters, share=share if name == GUIDES[0] else share.replace(".", ","))
        assert told in plain, told
    # 58 210 + 17 128 beside 75,8 thousand: DOMAIN.md, case DI-B.
    assert abs(58_210 + 17_128 - 75_800) > half_digit(75_800.0) == 50
    assert "58 210 + 17 128 = 75 338" in plain
