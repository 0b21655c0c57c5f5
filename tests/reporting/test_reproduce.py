"""A bundle made again from the same data is the same bytes, wherever; whatever keeps it from that is named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from bundles import FOLDERS, Bundled, forged, manifest_of, opened

from ropsanalysis.io.paths import Project
from ropsanalysis.reporting import build, render, reproduce
from ropsanalysis.reporting.bundle_manifest import Manifest
from ropsanalysis.reporting.job import Job, Outcome
from ropsanalysis.reporting.reproduce import Reproduced
from support import PROJECT

pytestmark = pytest.mark.slow

PAGE = f"{FOLDERS['26']}/regional_diagnosis.html"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Project:
    """Return a project with the public data only, in a folder with an awkward name, with nothing computed."""
    folder = tmp_path / "inny {folder} ąę"
    for name in ("gus_sdg", "bdl_context"):
        shutil.copytree(PROJECT / "data" / "raw" / name, folder / "data" / "raw" / name)
    shutil.copytree(PROJECT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".*"))
    return Project(folder)


def again(project: Project, manifest: Manifest) -> Reproduced:
    return reproduce.reproduce(project, manifest, workers=1)


def named(found: Reproduced) -> list[tuple[str, str]]:
    return [(difference.code, difference.name) for difference in found.differences]


def test_another_folder_time_zone_locale_and_home_give_the_same_bytes(
    bundled: Bundled, elsewhere: Project, run_cli: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> None:
    path = tmp_path / "paczka.zip"
    path.write_bytes(bundled.single)
    env = {"TZ": "Pacific/Chatham", "LC_ALL": "pl_PL.UTF-8", "PYTHONHASHSEED": "99", "HOME": str(tmp_path / "home")}
    result = run_cli("reproduce", path, env=env, cwd=elsewhere.root)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout == "Wynik: te same bajty, pliki: 4.\n"
    assert not elsewhere.reports.exists(), "the project itself is left alone"
    assert not (elsewhere.root / "data" / "processed").exists()


@pytest.fixture
def rendered_before(bundled: Bundled, monkeypatch: pytest.MonkeyPatch) -> list[Outcome]:
    """Let tables and reports be taken from where they lie; return the outcomes of runs, which a test may fill."""
    ends: list[Outcome] = []

    def put_tables(project: Project) -> None:
        shutil.copytree(bundled.project / "data" / "processed", project.processed)

    def put_reports(planned: render.Plan, **_: object) -> list[Outcome]:
        shutil.copytree(bundled.folder, planned.folder)
        return ends or [Outcome(job, "done") for job in planned.jobs]

    monkeypatch.setattr(build, "build", put_tables)
    monkeypatch.setattr(render, "run", put_reports)
    return ends


@pytest.mark.usefixtures("rendered_before")
def test_a_result_with_other_bytes_is_named_with_the_libraries_that_differ(
    bundled: Bundled, elsewhere: Project
) -> None:
    files = opened(bundled.single)
    page = files[PAGE].replace(b"</body>", b"<!-- --></body>")
    found = again(elsewhere, with_old_pandas(manifest_of(forged({**files, PAGE: page}))))
    assert named(found) == [("RP-07", PAGE), ("RP-05", "pandas")]
    assert found.compared == 4


@pytest.mark.usefixtures("rendered_before")
def test_another_library_that_changes_no_byte_is_no_difference(bundled: Bundled, elsewhere: Project) -> None:
    found = again(elsewhere, with_old_pandas(manifest_of(bundled.single)))
    assert found.differences == ()
    assert [(remark.code, remark.name) for remark in found.remarks] == [("RP-05", "pandas")]


def with_old_pandas(manifest: Manifest) -> Manifest:
    lines = ("pandas==0.1" if line.startswith("pandas==") else line for line in manifest.code.environment)
    return replace(manifest, code=replace(manifest.code, environment=tuple(lines)))


def test_a_report_that_cannot_be_made_is_named_with_its_cause(
    bundled: Bundled, elsewhere: Project, rendered_before: list[Outcome]
) -> None:
    rendered_before.append(
        Outcome(Job("x", "26", "2025", Path(), Path(), Path(), (), {}), "failed", cause="pełny dysk")
    )
    found = again(elsewhere, manifest_of(bundled.single))
    assert [str(one) for one in found.differences] == ["RP-06 raport nie powstał – regional_diagnosis: pełny dysk"]


def test_a_data_file_that_is_missing_or_another_is_named(bundled: Bundled, elsewhere: Project) -> None:
    manifest = manifest_of(bundled.single)
    one, other, *_ = sorted(manifest.files_behind("regional_diagnosis"))
    (elsewhere.root / one).unlink()
    path = elsewhere.root / other
    path.write_bytes(path.read_bytes() + b"\n")
    found = again(elsewhere, manifest)
    assert named(found) == [("RP-01", one), ("RP-02", other)]
    assert found.compared == 0


def test_other_code_and_another_notebook_are_named(bundled: Bundled, elsewhere: Project) -> None:
    manifest = manifest_of(bundled.single)
    path = elsewhere.notebooks / "regional_diagnosis.ipynb"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    changed = replace(manifest, code=replace(manifest.code, sha256="0" * 64))
    assert named(again(elsewhere, changed)) == [
        ("RP-03", "ropsanalysis"),
        ("RP-04", "notebooks/regional_diagnosis.ipynb"),
    ]


@pytest.mark.usefixtures("rendered_before")
def test_a_comparison_with_an_earlier_edition_needs_that_edition(bundled: Bundled, elsewhere: Project) -> None:
    manifest = manifest_of(bundled.single)
    compared = replace(manifest, reports=tuple(replace(report, previous="0" * 16) for report in manifest.reports))
    assert named(again(elsewhere, compared)) == [("RP-08", "regional_diagnosis")]


def test_a_bundle_that_cannot_be_trusted_is_not_made_again(
    bundled: Bundled, elsewhere: Project, run_cli: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> None:
    path = tmp_path / "paczka.zip"
    path.write_bytes(bundled.single + b"x")
    result = run_cli("reproduce", path, "--json", "--project", elsewhere.root)
    assert result.returncode == 1
    assert "BV-06" in result.stdout
    assert json.dumps("differences") not in result.stdout
