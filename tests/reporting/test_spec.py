"""What reports, regions, parameters and formats there are: all else is refused before anything starts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ropsanalysis.errors import ReportError, UsageError
from ropsanalysis.reporting import spec
from ropsanalysis.reporting.spec import REPORTS, Parameter, ReportSpec
from support import PROJECT

DIAGNOSIS = REPORTS["regional_diagnosis"]


@pytest.mark.parametrize("key", REPORTS)
def test_the_notebook_declares_what_the_report_declares(key: str) -> None:
    assert spec.check_notebook(REPORTS[key], PROJECT / "notebooks") == PROJECT / "notebooks" / f"{key}.ipynb"


def test_the_defaults_of_parameters_are_of_their_kind() -> None:
    for report in REPORTS.values():
        for parameter in report.parameters:
            assert type(parameter.default) is parameter.kind


def test_no_name_means_everything() -> None:
    assert spec.find_reports([]) == []
    assert spec.find_regions([]) == []


def test_regions_come_once_in_order_however_they_are_named() -> None:
    found = spec.find_regions(["zachodniopomorskie", "28", "WARMIŃSKO-MAZURSKIE", "02", "Dolnoslaskie"])
    assert [region.teryt for region in found] == ["02", "28", "32"]


@pytest.mark.parametrize("name", ["00", "Polska", " POLAND ", "00-polska"])
def test_the_country_is_named_in_every_usual_way(name: str) -> None:
    assert [region.teryt for region in spec.find_regions(["28", name])] == ["00", "28"]


def test_a_report_on_the_country_is_made_once_and_for_nobody_else() -> None:
    summary, diagnosis = REPORTS["national_summary"], REPORTS["regional_diagnosis"]
    own, country = spec.find_regions(["28"]), spec.find_regions(["polska"])
    assert [area.teryt for area in summary.areas([])] == ["00"]
    assert [area.teryt for area in summary.areas([*country, *own])] == ["00"]
    assert summary.areas(own) == ()
    assert len(diagnosis.areas([])) == 16
    assert [area.teryt for area in diagnosis.areas([*country, *own])] == ["28"]
    assert diagnosis.areas(country) == ()
    assert summary.fill(country[0], "2025") == {"edition": "2025"}
    assert diagnosis.fill(own[0], "2025") == {"region": "28", "edition": "2025"}


def test_formats_come_once_in_the_order_named() -> None:
    assert spec.find_formats(" PDF, html,pdf ,") == ("pdf", "html")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: spec.find_reports(["regional_diagnoses"]),
            "no report 'regional_diagnoses'. Did you mean 'regional_diagnosis'",
        ),
        (lambda: spec.find_regions(["małopolska"]), "Unknown region 'małopolska'. Did you mean"),
        (lambda: spec.find_regions(["polsca"]), "Unknown region 'polsca'"),
        (lambda: spec.find_regions(["2"]), None),
        (lambda: spec.find_formats("htm"), "no format 'htm'. Did you mean 'html'"),
        (lambda: spec.find_formats(","), "No format named"),
        (lambda: DIAGNOSIS.check({"edtion": "2025"}), "Unknown parameter 'edtion' of report 'regional_diagnosis'"),
        (lambda: DIAGNOSIS.check({"region": "28"}), "Unknown parameter 'region'"),
    ],
)
def test_what_there_is_not_is_refused_with_a_hint(call: Any, message: str | None) -> None:
    if message is None:  # a code that lost its zero is understood: 2 is 02
        assert [region.teryt for region in call()] == ["02"]
        return
    with pytest.raises(UsageError) as caught:
        call()
    assert message in str(caught.value)


MANY = ReportSpec(
    "many",
    "Wiele",
    "wiele",
    (Parameter("weights", int, 3, ""), Parameter("share", float, 0.5, ""), Parameter("full", bool, False, ""),
     Parameter("code", str, "02", "")),
)  # fmt: skip


def test_a_value_gets_its_declared_kind_and_a_code_keeps_its_zero() -> None:
    checked = MANY.check({"weights": "7", "share": "0.25", "full": "tak", "code": "02"})
    assert checked == {"weights": 7, "share": 0.25, "full": True, "code": "02"}
    assert type(checked["code"]) is str


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [("weights", "7.5", "a whole number"), ("share", "1,5", "a number"), ("full", "może", "true or false"),
     ("weights", "", "a whole number")],
)  # fmt: skip
def test_a_value_of_another_kind_is_refused(name: str, text: str, wanted: str) -> None:
    with pytest.raises(UsageError, match=f"'{name}' takes {wanted}, not '{text}'"):
        MANY.check({name: text})


def test_an_unknown_parameter_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"Did you mean 'share'\? Known parameters: weights, share, full, code"):
        MANY.check({"shares": "1"})


def cell(source: str, *tags: str) -> dict[str, object]:
    return {"cell_type": "code", "source": source, "metadata": {"tags": list(tags)}, "outputs": []}


GOOD = 'region: str = "28"\nedition: str = ""'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "not a readable notebook"),
        ("{", "not a readable notebook"),
        ("PK\x03\x04", "not a readable notebook"),
        ("[]", "not a readable notebook"),
        ("null", "not a readable notebook"),
        ("{}", "not a readable notebook"),
        ({"cells": None}, "not a readable notebook"),
        ({"cells": ["text"]}, "not a readable notebook"),
        ({"cells": [{"cell_type": "code"}]}, "not a readable notebook"),
        ({"cells": [{"cell_type": "code", "metadata": {"tags": ["parameters"]}}]}, "not a readable notebook"),
        ({"cells": []}, "has 0 cells tagged 'parameters'"),
        ({"cells": [cell(GOOD, "parameters"), cell(GOOD, "parameters")]}, "has 2 cells tagged 'parameters'"),
        ({"cells": [cell("import os\n" + GOOD, "parameters")]}, "each line of the parameters cell reads"),
        ({"cells": [cell('region = "28"', "parameters")]}, "each line of the parameters cell reads"),
        ({"cells": [cell("region: str = open('/etc/passwd').read()", "parameters")]}, "not plain assignments"),
        ({"cells": [cell("region: str = ", "parameters")]}, "not plain assignments"),
        ({"cells": [cell('region: str = "30"\nedition: str = ""', "parameters")]}, "declares {'region': '28'"),
        ({"cells": [cell('region: str = "28"', "parameters")]}, "declares {'region': '28'"),
        ({"cells": [cell('region: int = 28\nedition: str = ""', "parameters")]}, "declares {'region': '28'"),
    ],
)
def test_a_corrupt_notebook_is_refused_by_name(tmp_path: Path, content: object, message: str) -> None:
    text = content if isinstance(content, str) else json.dumps(content)
    (tmp_path / "regional_diagnosis.ipynb").write_text(text, encoding="utf-8")
    with pytest.raises(ReportError) as caught:
        spec.check_notebook(DIAGNOSIS, tmp_path)
    assert message in str(caught.value)
    assert "regional_diagnosis.ipynb" in str(caught.value)


def test_a_missing_notebook_and_one_in_another_encoding_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="missing from notebooks/"):
        spec.check_notebook(DIAGNOSIS, tmp_path)
    (tmp_path / "regional_diagnosis.ipynb").write_bytes('{"cells": "ą"}'.encode("cp1250"))
    with pytest.raises(ReportError, match="not a readable notebook"):
        spec.check_notebook(DIAGNOSIS, tmp_path)


def test_parameters_split_into_lines_as_jupyter_stores_them_are_read(tmp_path: Path) -> None:
    notebook = {"cells": [{**cell("", "parameters"), "source": GOOD.splitlines(keepends=True)}]}
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    assert spec.read_notebook_parameters(path) == {"region": "28", "edition": ""}
