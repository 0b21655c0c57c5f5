"""Reports on gminas and powiats through the real command line: where they lie, what they promise, who asks for them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.html
import page as page_validation
import pytest
from report_pages import PHONE, WIDE, Visitor, look_at
from test_report_pdf import MISCOUNTED

from projects import link_project
from ropsanalysis import jupyter
from ropsanalysis.io import built
from ropsanalysis.io.paths import PROJECT_VARIABLE, Project
from ropsanalysis.reporting import parcel, publish, render, spec
from ropsanalysis.reporting.job import Job

TOWN = "28-warminsko-mazurskie/gminy/2801011-bartoszyce"
CITY = "28-warminsko-mazurskie/powiaty/2862-olsztyn"
FORMATS = ("html", "pdf", "xlsx", "json")


@pytest.fixture(scope="module")
def own(built_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with built tables, for this module alone."""
    return link_project(built_data, tmp_path_factory.mktemp("local") / "project")


@pytest.fixture(scope="module")
def folder(own: Path, run_cli: Callable[..., Any]) -> Path:
    """Return an edition with the reports on a town and on a city, rendered by the command line."""
    run = run_cli("render", "--unit", "2801011,2862", "--jobs", "2", "--project", own)
    assert run.returncode == 0, run.stderr
    [found] = (path for path in (own / "reports").iterdir() if path.is_dir() and path.name.isdigit())
    return found


def test_reports_lie_below_their_voivodeship_in_all_formats(folder: Path) -> None:
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    reports = {f"{place}/local_diagnosis.{name}" for place in (TOWN, CITY) for name in FORMATS}
    assert files == {*reports, "index.html", "manifest.json", "28-warminsko-mazurskie/index.html"}
    runs = {run["teryt"]: run for run in json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["runs"]}
    assert runs["2801011"]["region"] == "gmina Bartoszyce (miejska), powiat bartoszycki"
    assert runs["2862"]["region"] == "miasto na prawach powiatu Olsztyn"
    assert all(run["status"] == "done" and run["synthetic"] for run in runs.values())


@pytest.mark.parametrize(
    ("place", "subtitle", "code"),
    [
        (TOWN, "Gmina Bartoszyce (miejska), powiat bartoszycki", "2801011"),
        (CITY, "Miasto na prawach powiatu Olsztyn", "2862"),
    ],
)
def test_the_cover_says_which_unit_it_is(folder: Path, place: str, subtitle: str, code: str) -> None:
    document = json.loads((folder / place / "local_diagnosis.json").read_text(encoding="utf-8"))
    cover = document["cover"]
    assert (cover["subtitle"], cover["teryt"], cover["region"]) == (subtitle, code, "warmińsko-mazurskie")
    assert cover["synthetic"]
    page = (folder / place / "local_diagnosis.html").read_text(encoding="utf-8")
    assert "DANE SYNTETYCZNE" in page
    text = lxml.html.fromstring(page).find(".//main").text_content()
    assert not re.search(r"\bnan\b|None|\{\w", text)


def test_pages_of_links_lead_to_every_report(folder: Path) -> None:
    main = lxml.html.parse(str(folder / "index.html"))
    [link] = [a for a in main.iterfind(".//a") if a.get("href") == "28-warminsko-mazurskie/index.html"]
    assert "gminy: 1, powiaty: 1" in link.getparent().text_content()
    page = lxml.html.parse(str(folder / "28-warminsko-mazurskie" / "index.html"))
    targets = {a.get("href") for a in page.iterfind(".//a") if not a.get("href").startswith(("#", ".."))}
    assert targets == {f"{place.split('/', 1)[1]}/local_diagnosis.{name}" for place in (TOWN, CITY) for name in FORMATS}
    anchors = [a.get("href")[1:] for a in page.iterfind(".//nav//a")]
    assert anchors == [heading.get("id") for heading in page.iterfind(".//h2")] == ["p2801", "p2862"]
    assert [h.text_content() for h in page.iterfind(".//h2")] == [
        "powiat bartoszycki",
        "miasto na prawach powiatu Olsztyn",
    ]


def test_a_second_render_finds_them_fresh_and_status_tells(
    folder: Path, own: Path, run_cli: Callable[..., Any]
) -> None:
    del folder
    again = run_cli("render", "--unit", "2801011,2862", "--project", own)
    assert "2 of 2 reports done, 2 of them unchanged" in again.stdout
    told = run_cli("status", "--unit", "2801011", "--level", "gmina", "--project", own, "--json")
    [one] = json.loads(told.stdout)
    assert (one["teryt"], one["state"]) == ("2801011", "fresh")
    assert one["region"] == "gmina Bartoszyce (miejska), powiat bartoszycki"


def test_a_bundle_of_the_voivodeship_leaves_them_out_and_says_so(
    folder: Path, own: Path, run_cli: Callable[..., Any], tmp_path: Path
) -> None:
    del folder
    run = run_cli("bundle", "-w", "28", "-r", "local_diagnosis", "--out", tmp_path / "b.zip", "--project", own)
    assert run.returncode == 2
    assert "gminas and powiats" in run.stderr
    assert not (tmp_path / "b.zip").exists()


@pytest.mark.parametrize("place", [TOWN, CITY])
@pytest.mark.parametrize("profile", ["PDF_UA_1", "PDF_A_2A"])
def test_the_pdf_meets_the_standard(folder: Path, place: str, profile: str) -> None:
    path = folder / place / "local_diagnosis.pdf"
    report = page_validation.validate_pdf(str(path), profile=page_validation.ValidationProfile[profile])
    failures = [(failure.rule_id, failure.message) for failure in report.failures]
    assert [failure for failure in failures if failure[0] != MISCOUNTED] == []
    assert report.is_compliant or failures


@pytest.mark.browser
@pytest.mark.parametrize("width", [WIDE, PHONE])
@pytest.mark.parametrize("name", [f"{TOWN}/local_diagnosis.html", "28-warminsko-mazurskie/index.html", "index.html"])
def test_a_page_keeps_the_promises_of_all_pages(browser: Any, folder: Path, name: str, width: int) -> None:
    visitor = Visitor(browser, folder)
    visit = look_at(visitor.new_page(width), visitor.url(name), thorough=True)
    assert visit.violations == []
    assert visit.console == visit.errors == visit.dialogs == []
    assert visit.facts["language"] == "pl"
    assert visit.facts["headings"][0] == 1
    assert visit.facts["outside"] == visit.facts["foreign"] == visit.facts["unscoped"] == []
    assert visit.facts["width_opened"] <= width
    assert visit.skip_link["lands_behind"]
    assert visit.skip_link["passes_navigation"]
    assert all(role == "img" and label for role, label in visit.facts["drawings"])


# --- what is planned ------------------------------------------------------------------------------------------------


def planned(project: Path, **wanted: Any) -> tuple[Job, ...]:
    asked = {"reports": [], "regions": [], "formats": ("html",), "parameters": {}, **wanted}
    return render.plan(Project(project), **asked).jobs


def test_reports_on_gminas_are_made_only_where_they_are_asked_for(own: Path) -> None:
    delivered = {key for key, topic in built.TOPICS.items() if built.delivered(Project(own), topic)}
    assert "local_diagnosis" in delivered
    assert {job.report for job in planned(own)} == delivered - {"local_diagnosis"}
    assert {job.report for job in planned(own, regions=spec.find_regions(["28"]))} == {
        key for key in delivered if spec.REPORTS[key].levels == ("voivodeship",)
    }


def test_all_units_are_planned_once_each_in_a_folder_of_its_own(own: Path) -> None:
    jobs = planned(own, reports=spec.find_reports(["local_diagnosis"]))
    assert len(jobs) == len({job.target for job in jobs}) == len({job.teryt for job in jobs}) == 2859
    assert all(job.parameters["unit"] == job.teryt and job.area for job in jobs)
    own_region = planned(own, level="gmina", regions=spec.find_regions(["28"]))
    assert len(own_region) == 116
    assert {len(job.teryt) for job in own_region} == {7}
    assert len(planned(own, level="powiat")) == 380


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("-r", "regional_diagnosis", "--level", "gmina"), "--level and --unit are for reports on gminas"),
        (("-r", "local_diagnosis", "-w", "polska"), "is made for gminas and powiats"),
        (("--unit", "Bartoszyce"), "2801032 gmina Bartoszyce (wiejska), powiat bartoszycki"),
        (("--unit", "2801011", "-w", "14"), "There is no gmina or powiat '2801011'"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    own: Path, run_cli: Callable[..., Any], words: tuple[str, ...], message: str
) -> None:
    run = run_cli("render", *words, "--project", own, "--out", own / "nothing")
    assert run.returncode == 2
    assert message in run.stderr
    assert not (own / "nothing").exists()


def test_a_report_of_a_killed_batch_is_completed_in_its_own_folder(own: Path, tmp_path: Path) -> None:
    [job] = planned(own, units=["2801011"], out=tmp_path)
    edition = job.target.parents[2]
    scratch = edition / ".work-x"
    workdir = scratch / "2801011-local_diagnosis"
    workdir.mkdir(parents=True)
    publish.begin(scratch, edition="2025", records={}, inputs={})
    (workdir / "local_diagnosis.html").write_text("<html>")
    done = publish.publish(job, workdir, usage={})
    assert done.files["html"] == edition / TOWN / "local_diagnosis.html"
    done.files["html"].rename(workdir / "local_diagnosis.html")  # as if it had been killed before the move
    left = publish.recover(scratch)
    assert left is not None
    assert [outcome.job.target for outcome in left.outcomes] == [edition / TOWN]
    assert (edition / TOWN / "local_diagnosis.html").read_text() == "<html>"


def test_a_copy_without_raw_data_has_what_a_report_on_a_gmina_reads(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [job] = planned(own, units=["2801011"], out=tmp_path / "out")
    packed = parcel.pack([job])
    described, stock = packed.described(), tmp_path / "stock"
    stock.mkdir()
    for name in packed.sums:
        parcel.put_in_stock(packed.data(name), stock)
    there = parcel.lay_out(described, tmp_path, stock)
    assert not (there / "data" / "raw" / "bdl_local" / "ludnosc.csv").exists()
    monkeypatch.setenv(PROJECT_VARIABLE, str(there))
    assert jupyter.local_diagnosis("2801011").unit.name == "Bartoszyce"
