"""A real small edition rendered twice, a raw value corrected between: what is listed, and how the pages read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, ClassVar

import pypdfium2
import pytest
from lxml import html as parser
from openpyxl import load_workbook
from report_pages import PHONE, WIDE, PagePromises, Visit, Visitor

from ropsanalysis.reporting.editions.parts import CHANGES
from support import PROJECT

pytestmark = pytest.mark.slow

REPORT = "28-warminsko-mazurskie/regional_diagnosis"
#: One value of one indicator in one year, and the name of the indicator in the report.
VALUE, CORRECTED, INDICATOR = "1.B.1,28,2010,899.8,", "1.B.1,28,2010,901.3,", "Korzystający z pomocy społecznej"


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory, run_cli: Callable[..., CompletedProcess[str]]) -> Path:
    """Return a project with editions A and B of one report, B after the correction, and their comparison."""
    project = tmp_path_factory.mktemp("corrected")
    for name in ("gus_sdg", "bdl_context"):
        shutil.copytree(PROJECT / "data" / "raw" / name, project / "data" / "raw" / name)
    shutil.copytree(PROJECT / "notebooks", project / "notebooks", ignore=shutil.ignore_patterns(".*"))

    def run(*words: str | Path) -> None:
        done = run_cli(*words, cwd=project)
        assert done.returncode == 0, done.stderr

    run("build")
    run("render", "--report", "regional_diagnosis", "--region", "28,26", "--edition", "A")
    data = project / "data" / "raw" / "gus_sdg" / "observations.csv"
    text = data.read_text(encoding="utf-8")
    assert text.count(f"\n{VALUE}") == 1
    data.write_text(text.replace(f"\n{VALUE}", f"\n{CORRECTED}"), encoding="utf-8")
    run("build")
    run("render", "--report", "regional_diagnosis", "--region", "28", "--edition", "B", "--previous", "reports/A")
    run("diff", "reports/A", "reports/B", "--out", "out")
    return project


@pytest.fixture(scope="module")
def found(corrected: Path) -> dict[str, Any]:
    """Return what the comparison says of the report."""
    data: dict[str, Any] = json.loads((corrected / "out" / f"{REPORT}.diff.json").read_text(encoding="utf-8"))
    return data


def test_only_numbers_that_depend_on_the_corrected_value_are_listed(found: dict[str, Any]) -> None:
    assert {change["place"]["row"].split(" (")[0].split(" › ")[0] for change in found["changes"]} == {INDICATOR}
    assert [(text["place"]["block"], text["place"]["column"]) for text in found["texts"]] == [
        ("table sources", "SHA-256 (początek)")
    ]
    assert [found[part] for part in ("missing", "units", "added", "gone", "renamed", "cautions")] == [[]] * 6


def test_the_corrected_number_itself_is_listed_once_with_its_cause(found: dict[str, Any]) -> None:
    [change] = [one for one in found["changes"] if one["old"]["value"] == 899.8]
    assert (change["new"]["value"], change["place"]["column"]) == (901.3, "2010")
    assert change["difference"] == pytest.approx(1.5)
    assert change["causes"] == [{"kind": "data", "detail": ""}]


def test_the_corrected_file_is_the_only_thing_that_differs_in_origin(found: dict[str, Any]) -> None:
    assert (found["origin"]["recorded"], found["origin"]["separable"]) == (True, True)
    assert list(found["origin"]["data"]) == ["gus_sdg"]
    [file] = found["origin"]["data"]["gus_sdg"]
    assert file["name"] == "data/raw/gus_sdg/observations.csv"
    assert found["origin"]["method"] == found["origin"]["code"] == []


def test_the_list_says_which_report_only_the_older_edition_has(corrected: Path) -> None:
    listed = json.loads((corrected / "out" / "diff.json").read_text(encoding="utf-8"))
    assert (listed["only_old"], listed["only_new"]) == ([{"report": "regional_diagnosis", "teryt": "26"}], [])
    shown = parser.fromstring((corrected / "out" / "diff.html").read_text(encoding="utf-8"))
    assert shown.xpath("//main//ul[last()]/li/text()")[-1].strip() == "Diagnoza sytuacji regionalnej, kod TERYT 26"


class TestChapter:
    """The corrected report says itself what changed, in each format."""

    #: The corrected number before and after, as printed.
    NUMBERS: ClassVar = ("899,8", "901,3")

    def test_stands_in_html_behind_the_key_findings(self, corrected: Path) -> None:
        shown = parser.fromstring((corrected / "reports" / "B" / f"{REPORT}.html").read_text(encoding="utf-8"))
        assert shown.xpath("//main/h2/text()")[:2] == ["Najważniejsze ustalenia", CHANGES]
        cells = [cell.text_content() for cell in shown.xpath("//div[@id='tabela-1']//tbody//td")]
        assert [number for number in self.NUMBERS if number not in cells] == []
        assert len(shown.xpath("//div[@id='tabela-1']//tbody/tr")) <= 12

    def test_stands_in_pdf(self, corrected: Path) -> None:
        opened = pypdfium2.PdfDocument(corrected / "reports" / "B" / f"{REPORT}.pdf")
        pages = [sheet.get_textpage().get_text_range() for sheet in opened]
        opened.close()
        assert any(all(number in page for number in (*self.NUMBERS, "Największe zmiany")) for page in pages)

    def test_stands_in_xlsx_with_unrounded_numbers(self, corrected: Path) -> None:
        book = load_workbook(corrected / "reports" / "B" / f"{REPORT}.xlsx", read_only=True)
        rows = [row for sheet in book for row in sheet.iter_rows(values_only=True)]
        assert any(899.8 in row and 901.3 in row for row in rows)

    def test_stands_in_json_beside_the_origin_of_the_numbers(self, corrected: Path) -> None:
        data = json.loads((corrected / "reports" / "B" / f"{REPORT}.json").read_text(encoding="utf-8"))
        assert next(one["key"] for one in data["elements"] if one["kind"] == "table") == "edition_changes"
        files = data["provenance"]["datasets"]["gus_sdg"]["files"]
        assert set(files) == {f"data/raw/gus_sdg/{name}.csv" for name in ("indicators", "observations")}
        assert data["provenance"]["choices"]["trend_window"] == {
            "value": 10, "description": "Liczba ostatnich lat, z których liczony jest trend.",
        }  # fmt: skip
        assert "bytes" not in json.dumps(data["provenance"])  # the size of a survey would hint at how many answered


@pytest.fixture(scope="module")
def pages(corrected: Path, browser: Any) -> Visitor:
    """Return what opens each page of the comparison once at each width."""
    return Visitor(browser, corrected / "out")


class _Promises(PagePromises):
    @pytest.fixture(params=["diff.html", f"{REPORT}.diff.html"])
    def visit(self, request: pytest.FixtureRequest, pages: Visitor) -> Visit:
        return pages.visit(request.param, self.width)


class TestWideScreen(_Promises):
    """Each page of a comparison on a wide screen."""

    width = WIDE


class TestPhone(_Promises):
    """Each page of a comparison on a phone."""

    width = PHONE
