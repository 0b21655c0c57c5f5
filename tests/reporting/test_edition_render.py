"""`render --previous`: with either engine the same chapter, or a refusal before anything runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from small_notebooks import put, small_notebook

from ropsanalysis.reporting.editions.parts import CHANGES

RunCli = Callable[..., "CompletedProcess[str]"]

WORDS = ("--report", "regional_diagnosis", "--format", "json")
NAME = "28-warminsko-mazurskie/regional_diagnosis.json"
NUMBER = 'Points(items=(Statement.of("Liczba: {value}.", value=Number(%s)),))'


@pytest.fixture
def rendered(small_project: Callable[..., Path], run_cli: RunCli) -> Path:
    """Return a project with an edition A, whose notebook now gives another number."""
    folder = small_project(NUMBER % 5)
    assert run_cli("render", *WORDS, "--region", "28", "--edition", "A", cwd=folder).returncode == 0
    put(small_notebook(NUMBER % 8), folder)
    return folder


def chapter(path: Path) -> list[dict[str, Any]]:
    """Return the elements of the chapter on changes."""
    elements = json.loads(path.read_text(encoding="utf-8"))["elements"]
    headings = [index for index, one in enumerate(elements) if one["kind"] == "heading"]
    [start] = [index for index in headings if elements[index]["text"] == CHANGES]
    return elements[start : next((index for index in headings if index > start), len(elements))]


@pytest.mark.slow
def test_either_engine_writes_the_same_chapter_and_names_the_changed_notebook(rendered: Path, run_cli: RunCli) -> None:
    found = {}
    for engine in ("ropsanalysis", "kernel"):
        words = ("--region", "28", "--edition", "B", "--previous", "reports/A", "--engine", engine, "--out", engine)
        done = run_cli("render", *WORDS, *words, cwd=rendered)
        assert done.returncode == 0, done.stderr
        found[engine] = (rendered / engine / "B" / NAME).read_bytes()
    assert found["ropsanalysis"] == found["kernel"]
    _, lead, table, note = chapter(rendered / "kernel" / "B" / NAME)
    assert lead["text"].startswith("Liczby zmienione od edycji A: 1 spośród 2 porównanych")
    assert [cell["value"] for cell in table["rows"][0][1:4]] == [5, 8, 3]
    assert table["rows"][0][-1] == "program"
    assert note["items"][0].startswith("Program: kod raportu (suma kontrolna): ")


def test_an_earlier_edition_of_another_region_is_refused_before_anything_runs(rendered: Path, run_cli: RunCli) -> None:
    words = ("--edition", "B", "--previous", f"reports/A/{NAME}")
    done = run_cli("render", *WORDS, "--region", "26", *words, cwd=rendered)
    assert done.returncode == 2
    assert "regional_diagnosis for 28, not regional_diagnosis for 26" in done.stderr
    assert not (rendered / "reports" / "B").exists()


def test_the_edition_itself_and_a_place_without_one_are_refused(rendered: Path, run_cli: RunCli) -> None:
    before = (rendered / "reports" / "A" / NAME).read_bytes()
    for previous in ("reports/A", f"reports/A/{NAME}", "nowhere", "notebooks"):
        done = run_cli("render", *WORDS, "--region", "28", "--edition", "A", "--previous", previous, cwd=rendered)
        assert done.returncode == 2, previous
    assert (rendered / "reports" / "A" / NAME).read_bytes() == before
