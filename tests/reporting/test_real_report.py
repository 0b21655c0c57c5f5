"""The real report of one voivodeship: the same bytes wherever it is made, the same numbers in every format."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pypdfium2
import pytest
from editions import manifest_of, whole_files
from lxml import html

from projects import link_project
from ropsanalysis.present.blocks import Number
from ropsanalysis.regions import find

pytestmark = pytest.mark.slow

REGION = find("28")
NAME = "regional_diagnosis"


@pytest.fixture(scope="module")
def two_runs(
    built_data: Path, tmp_path_factory: pytest.TempPathFactory, run_cli: Callable[..., CompletedProcess[str]]
) -> list[Path]:
    """Render the report twice, with everything different that must not matter; return the editions' folders."""
    settings = [
        ("one", {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}),
        ("dwa {region} ąę", {"TZ": "Asia/Tokyo", "LC_ALL": "pl_PL.UTF-8", "PYTHONHASHSEED": "4242", "COLUMNS": "40"}),
    ]
    editions = []
    for name, env in settings:
        base = tmp_path_factory.mktemp("run")
        project = link_project(built_data, base / name)
        words = (
            "render",
            "--report",
            "regional_diagnosis",
            "--project",
            project,
            "--region",
            REGION.name,
            "--format",
            "html,pdf,xlsx,json,ipynb",
        )
        result = run_cli(*words, env=env, cwd=base)
        assert result.returncode == 0, result.stderr
        (edition,) = (path for path in (project / "reports").iterdir() if path.is_dir())
        editions.append(edition)
    return editions


@pytest.fixture(scope="module")
def report(two_runs: list[Path]) -> Path:
    return two_runs[0] / REGION.folder


@pytest.fixture(scope="module")
def annex(report: Path) -> dict[str, Any]:
    return json.loads((report / f"{NAME}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def page(report: Path) -> Any:
    return html.fromstring((report / f"{NAME}.html").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pdf_text(report: Path) -> str:
    opened = pypdfium2.PdfDocument(report / f"{NAME}.pdf")
    try:
        return squeezed("".join(sheet.get_textpage().get_text_range() for sheet in opened))
    finally:
        opened.close()


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u00ad\u0002\ufffe]", "", text)


def tables(annex: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return each table with the anchor of the element that holds it."""
    for element in annex["elements"]:
        if element["kind"] == "table":
            yield element["anchor"], element
        elif element["kind"] == "figure":
            yield element["anchor"], element["data"]


@pytest.mark.parametrize("name", ["html", "pdf", "xlsx", "json", "ipynb"])
def test_two_runs_give_the_same_bytes(two_runs: list[Path], name: str) -> None:
    one, two = ((edition / REGION.folder / f"{NAME}.{name}").read_bytes() for edition in two_runs)
    assert one == two


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("--isolation", "pool", "--jobs", "1", "--region", "02,28"), id="pool"),  # the second of two
        pytest.param(("--engine", "kernel", "--region", "28"), id="kernel"),
    ],
)
def test_each_way_of_running_gives_the_same_document(
    two_runs: list[Path],
    words: tuple[str, ...],
    built_data: Path,
    tmp_path: Path,
    run_cli: Callable[..., CompletedProcess[str]],
) -> None:
    project, formats = link_project(built_data, tmp_path / "project"), ("html", "pdf", "xlsx", "json")
    result = run_cli("render", "--report", NAME, "--project", project, "--format", ",".join(formats), *words)
    assert result.returncode == 0, result.stderr
    (edition,) = (path for path in (project / "reports").iterdir() if path.is_dir())
    for name in formats:
        made, usual = ((one / REGION.folder / f"{NAME}.{name}").read_bytes() for one in (edition, two_runs[0]))
        assert made == usual, name
    assert len(whole_files(edition)) == len(formats) * len(list(edition.glob("*/*.html"))) + 2


def test_both_editions_are_whole(two_runs: list[Path]) -> None:
    for edition in two_runs:
        assert len(whole_files(edition)) == 7
        assert [run["teryt"] for run in manifest_of(edition)["runs"]] == ["28"]


@pytest.mark.parametrize("name", ["html", "json", "ipynb"])
def test_no_path_of_the_machine_is_in_a_report(two_runs: list[Path], name: str) -> None:
    text = (two_runs[1] / REGION.folder / f"{NAME}.{name}").read_text(encoding="utf-8")
    assert str(Path.home()) not in text
    assert str(two_runs[1].parents[1]) not in text


def test_every_number_stands_in_the_same_cell_of_the_html(annex: dict[str, Any], page: Any) -> None:
    compared = 0
    for anchor, table in tables(annex):
        (shown,) = page.xpath(f"//*[@id='{anchor}']//table")
        rows = [[cell.text_content() for cell in row.xpath("th | td")] for row in shown.xpath(".//tbody/tr")]
        expected = [[Number(**c).text if isinstance(c, dict) else c for c in row] for row in table["rows"]]
        assert rows == expected
        compared += sum(isinstance(cell, dict) for row in table["rows"] for cell in row)
    assert compared > 300, "the report has hundreds of numbers"


def test_every_number_stands_in_the_pdf(annex: dict[str, Any], pdf_text: str) -> None:
    lacking = {
        text
        for _, table in tables(annex)
        for row in table["rows"]
        for text in (Number(**c).text if isinstance(c, dict) else c for c in row)
        if squeezed(text).replace("-", "") not in pdf_text.replace("-", "")
    }
    assert lacking == set()


def test_every_sentence_holds_its_numbers_and_stands_in_html_and_pdf(
    annex: dict[str, Any], page: Any, pdf_text: str
) -> None:
    shown = squeezed(page.text_content())
    sentences = [e for e in annex["elements"] if e["kind"] == "statement"]
    sentences += [item for e in annex["elements"] if e["kind"] == "points" for item in e["items"]]
    assert len(sentences) > 10
    for sentence in sentences:
        assert squeezed(sentence["text"]) in shown
        for number in sentence["values"].values():
            assert Number(**number).text in sentence["text"]
            assert squeezed(Number(**number).text) in pdf_text


def test_the_report_says_its_region_and_the_published_figures(annex: dict[str, Any], page: Any, pdf_text: str) -> None:
    # 1.B.1 in 2025: 377,6 in warmińsko-mazurskie, 222,7 in Poland (GUS, SDG indicators of voivodeships).
    for text in (squeezed(page.text_content()), pdf_text, squeezed(json.dumps(annex, ensure_ascii=False))):
        assert "377,6" in text
        assert "222,7" in text
        assert "warmińsko-mazurskie" in text
    assert annex["cover"]["teryt"] == "28"


def test_the_html_is_below_400_kb(report: Path) -> None:
    assert (report / f"{NAME}.html").stat().st_size < 400_000
