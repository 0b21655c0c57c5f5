"""The guide to cooperation models tells the truth: examples, columns, limits and findings are those of the code."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from ropsanalysis.cooperation import effects, schema
from ropsanalysis.io import built, catalogue, cooperation_effects, identifiers
from ropsanalysis.io.cooperation import screen_cooperation
from ropsanalysis.io.findings import CHECKS
from ropsanalysis.io.paths import PROJECT_VARIABLE, Project
from ropsanalysis.io.project_catalogue import cooperation_projects
from ropsanalysis.reporting import build
from support import PROJECT
from test_docs import _EXAMPLE, _FENCE, _PYTHON, _SPAN, COOPERATION, text_of

FILES = {
    "pilots": schema.PILOT_COLUMNS, "partners": schema.PARTNER_COLUMNS, "ties": schema.TIE_COLUMNS,
    "cases": tuple(name for name in schema.CASE_COLUMNS if name != "row"), "baskets": schema.BASKET_COLUMNS,
    "goals": schema.GOAL_COLUMNS, "effects": schema.EFFECT_COLUMNS, "coaching": schema.COACHING_COLUMNS,
}  # fmt: skip
PROMISES = {  # the numbers are those of catalogue/cooperation_parameters.yaml, and of the code where `large`, `longest`
    COOPERATION[0]: (
        "fewer than {min_cases} cases",
        "where 1 or {most_hidden} cases have the trait",
        "at least {min_element_share:.0%} of a pilot's cases",
        "({permutations} draws)",
        "with a {confidence:.0%} interval",
        "limits of {funnel_inner:.0%} and {funnel_outer:.1%} around",
        "{published_success} of {published_cases}, {published_rate:.1%}",
        "assumed correlation of {goal_correlation} between goals",
        "fewer than {min_ended} cases ended",
        "from {min_paths} paths on",
        "interval below the published {published_rate:.1%}",
        "below {min_delivered:.0%} delivered",
        "above {large} inhabitants",
        "or more than {longest}:",
    ),
    COOPERATION[1]: (
        "mniej niż {min_cases} sprawach",
        "nie mają jej 1 lub {most_hidden} sprawy",
        "co najmniej {min_element_share:.0%} spraw pilotażu",
        "({permutations} losowań)",
        "ma {confidence_number}-procentowy przedział",
        "granice {funnel_inner:.0%} i {outer_polish}% wokół",
        "{published_success} ze {published_cases}, czyli {rate_polish}%",
        "założonej korelacji celów {correlation_polish}",
        "mniej niż {min_ended} spraw (obserwować)",
        "z podaną liczbą ścieżek, od {min_paths};",
        "poniżej opublikowanych {rate_polish}%",
        "dostarczono mniej niż {min_delivered:.0%}",
        "powyżej {large} mieszkańców",
        "albo większa niż {longest}:",
    ),
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Make a project with the example of the guide."""
    project = Project(tmp_path / "project")
    shutil.copytree(PROJECT / "data" / "raw" / "teryt_units", project.raw / "teryt_units")
    project.notebooks.mkdir()
    for name, content in _EXAMPLE.findall(text_of(COOPERATION[0])):
        (project.raw / name).parent.mkdir(exist_ok=True)
        (project.raw / name).write_text(content, encoding="utf-8")
    monkeypatch.setenv(identifiers.KEY_VARIABLE, str(tmp_path / "pseudonyms.key"))
    return project


def test_both_guides_hold_the_same_examples() -> None:
    english, polish = ([*_EXAMPLE.findall(text_of(name)), *_PYTHON.findall(text_of(name))] for name in COOPERATION)
    assert english == polish
    examples = dict(_EXAMPLE.findall(text_of(COOPERATION[0])))
    assert {Path(name).parent.name for name in examples} == set(schema.DATASETS)
    heads = {Path(name).stem: tuple(text.splitlines()[0].split(",")) for name, text in examples.items()}
    assert heads == FILES


def test_the_example_passes_the_check(project: Project) -> None:
    screened = screen_cooperation(project.raw)
    assert screened.findings == ()
    assert screened.rejected.empty
    assert screened.inputs is not None
    # As the example itself reads: one case that ended well and one that goes on.
    assert list(screened.inputs.cases["outcome"]) == ["success", "ongoing"]
    assert screened.inputs.year == 2025
    assert len(screened.inputs.ties) == 5


def test_the_python_of_the_guide_runs_on_its_example(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project.root)
    monkeypatch.delenv(PROJECT_VARIABLE, raising=False)
    with_build, without_build = _PYTHON.findall(text_of(COOPERATION[0]))
    exec(without_build, {})  # noqa: S102 - the document's own lines
    printed = [tuple(line.split()) for line in capsys.readouterr().out.splitlines()]
    # By hand: four entities are six pairs, of which one was tied before and four are after.
    assert ("density", f"{1 / 6:.3f}", f"{4 / 6:.3f}") in printed
    assert printed[-1] == ("k1", "few"), "one ended case is not told of"
    for name, before, after in ((COOPERATION[0], "0.167", "0.667"), (COOPERATION[1], "0,167", "0,667")):
        assert f"1/6, {'density' if name == COOPERATION[0] else 'gęstość'} {before}" in " ".join(text_of(name).split())
        assert after in text_of(name)

    monkeypatch.setattr(build, "TOPICS", {"cooperation": built.TOPICS["cooperation"]})
    build.build(project)
    shown: dict[str, Any] = {}
    exec(with_build.replace("show.network_summary", "said = show.network_summary"), shown)  # noqa: S102
    assert "gęstość" in str(shown["said"]).casefold()


@pytest.mark.parametrize("name", COOPERATION)
def test_the_guide_gives_the_numbers_that_are_used(name: str) -> None:
    text = text_of(name)
    parameters: dict[str, Any] = catalogue.parameter_values("cooperation_parameters")
    rate = parameters["published_success"] / parameters["published_cases"]
    numbers = {
        "most_hidden": parameters["min_count"] - 1, "published_rate": rate, "rate_polish": polish(100 * rate),
        "outer_polish": polish(100 * parameters["funnel_outer"]), "large": f"{effects.LARGE:,}".replace(",", " "),
        "correlation_polish": polish(parameters["goal_correlation"]), "longest": cooperation_effects.LONGEST_MEETING,
        "confidence_number": round(100 * parameters["confidence"]),
    }  # fmt: skip
    plain = " ".join(text.split())
    for sentence in PROMISES[name]:
        assert sentence.format(**parameters, **numbers) in plain, sentence
    assert set(parameters) <= set(_SPAN.findall(_FENCE.sub("", text)))
    assert identifiers.KEY_VARIABLE in text
    assert ("+86.34%" if name == COOPERATION[0] else "+86,34%") in text


def polish(number: float) -> str:
    """Return a number with one decimal and a comma."""
    return f"{number:.1f}".replace(".", ",")


@pytest.mark.parametrize("name", COOPERATION)
def test_the_guide_tells_what_every_finding_does_and_no_other(name: str) -> None:
    codes = [code for row in re.findall(r"^\| (CO-[^|]+) \|", text_of(name), re.MULTILINE) for code in row.split(", ")]
    assert sorted(codes) == sorted(code for code in CHECKS if code.startswith("CO-"))


@pytest.mark.parametrize("name", COOPERATION)
def test_the_columns_of_the_guide_are_those_of_the_schema(name: str) -> None:
    text = _FENCE.sub("", text_of(name))
    found: dict[str, list[str]] = {}
    for file, cell in re.findall(r"^\| `(\w+)` \| (`[^|]+) \|", text, re.MULTILINE):
        found.setdefault(file, []).extend(_SPAN.findall(cell))
    assert {file: sorted(columns) for file, columns in found.items()} == {
        file: sorted(columns) for file, columns in FILES.items()
    }
    words = {
        *schema.SECTORS, *schema.LEVELS, *schema.ROLES, *schema.WAVES, *schema.OUTCOMES, *schema.COACHING_KINDS,
        *schema.FOLLOWUPS[1:], *(project.project for project in cooperation_projects()),
    }  # fmt: skip
    assert words <= set(_SPAN.findall(text))
    assert "covid_entities" in {effect.effect for project in cooperation_projects() for effect in project.effects}
