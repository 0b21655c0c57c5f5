"""One real edition of all reports, a real browser and a real text extractor, shared by these tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

pytest.register_assert_rewrite("report_pages")

from report_edition import PLACE_NAMES, PLACES, Edition  # noqa: E402
from report_pages import Visitor  # noqa: E402

from projects import cli_command, cli_environment, link_project  # noqa: E402 - after a sibling is registered
from ropsanalysis.regions import Region  # noqa: E402
from ropsanalysis.reporting.spec import REPORTS  # noqa: E402


def _required(name: str, *programs: str) -> str:
    """Return the path of the first program that is installed; skip or fail where there is none."""
    for program in programs:
        if path := shutil.which(program):
            return path
    reason = f"{name} is not installed ({' or '.join(programs)})"
    if os.environ.get("ROPS_REQUIRE_BROWSER") == "1":
        pytest.fail(f"{reason}, but ROPS_REQUIRE_BROWSER=1 asks for it")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def editions(tmp_path_factory: pytest.TempPathFactory, built_data: Path) -> dict[str, Edition]:
    """Every report for all that it is made for, rendered once by the real command line for all test processes."""
    own = tmp_path_factory.getbasetemp()
    root = (own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own) / "all-reports"
    done, failure = root / "done", root / "failure.txt"
    try:
        root.mkdir()
    except FileExistsError:  # another test process was first: wait for it
        deadline = time.monotonic() + 960
        while not done.exists() and not failure.exists() and time.monotonic() < deadline:
            time.sleep(0.5)
    else:
        try:
            _render(link_project(built_data, root / "project"), root / "reports")
        except BaseException as error:
            failure.write_text(f"{error}", encoding="utf-8")
            raise
        done.touch()
    if not done.exists():
        cause = failure.read_text(encoding="utf-8") if failure.exists() else "the other test process is not ready"
        pytest.fail(f"the reports were not rendered: {cause}")
    [folder] = (path for path in (root / "reports").iterdir() if path.is_dir())
    return {key: Edition(project=root / "project", folder=folder, report=key) for key in REPORTS}


@pytest.fixture(scope="session")
def edition(editions: dict[str, Edition]) -> Edition:
    """Return the regional diagnosis; a module about all reports has its own fixture of this name."""
    return editions["regional_diagnosis"]


@pytest.fixture(scope="module", params=PLACES, ids=PLACE_NAMES)
def place(request: pytest.FixtureRequest) -> tuple[str, Region]:
    """Return in turn every report with every area that it is made for."""
    found: tuple[str, Region] = request.param
    return found


def _render(project: Path, out: Path) -> None:
    run = subprocess.run(
        cli_command("render", "--jobs", "2", "--project", project, "--out", out),
        cwd=project,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=cli_environment(),
        check=False,
        timeout=900,
    )
    if run.returncode != 0:
        raise RuntimeError(f"`ropsanalysis render` ended with {run.returncode}: {run.stderr[-3000:]}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Start a real Chromium."""
    executable = _required("Chromium", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    from playwright.sync_api import sync_playwright

    quiet = [
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=executable, args=[*quiet, "--no-first-run", *root])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def visitor(browser: Any, edition: Edition) -> Visitor:
    """Return what opens each page of the edition once at each width and remembers what it saw."""
    return Visitor(browser, edition.folder)


@pytest.fixture(scope="session")
def pdftotext() -> Callable[..., str]:
    """Return poppler's text extractor, called with its options and a file."""
    program = _required("poppler", "pdftotext")

    def extract(option: str, path: Path) -> str:
        run = subprocess.run([program, option, "-enc", "UTF-8", path, "-"], capture_output=True, check=True)
        return run.stdout.decode("utf-8")

    return extract


@pytest.fixture(scope="session")
def pdf_text(pdftotext: Callable[..., str]) -> Callable[[Path], str]:
    """Return a PDF as text in the order of its content."""
    return cache(lambda path: pdftotext("-raw", path))
