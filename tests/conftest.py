"""What tests of the finished tool share: a project of their own, and the command line in a process of its own.

No test writes to the repository's `reports/` or `data/`: each gets a copy in a temporary folder.
"""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import settings

from projects import cli_command, cli_environment, link_project
from ropsanalysis.io import built, identifiers, synthetic
from ropsanalysis.io.paths import Project
from ropsanalysis.reporting import build
from support import PROJECT

# Property tests are repeatable and have no time limit: shared machines are slow at times.
settings.register_profile("ropsanalysis", deadline=None, derandomize=True)
settings.load_profile("ropsanalysis")

#: Longer than any single command needs on two slow processors.
_LIMIT_SECONDS = 600

#: Where tests keep the key of person tokens: never in the home of whoever runs them.
_KEY = Path(tempfile.mkdtemp(prefix="ropsanalysis-tests-")) / "pseudonyms.key"
os.environ.setdefault(identifiers.KEY_VARIABLE, str(_KEY))

# Test processes share the processors: a library that computes in several threads waits for those of the others.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

#: The order of files for test processes side by side: while the first one makes what the reports' tests share, the
#: others do what needs none of it; what takes long comes before what is quick, so that all end at about the same time.
_FIRST = ("tests/reports/test_report_screen.py", "tests/io/", "tests/reports/", "tests/reporting/", "tests/test_cli.py")

RunCli = Callable[..., "subprocess.CompletedProcess[str]"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring the files into an order that keeps all test processes busy."""
    items.sort(key=lambda item: [not item.nodeid.startswith(place) for place in _FIRST])


def pytest_collection_finish() -> None:
    """Leave the collected tests out of the search for garbage: they are thousands, and stay to the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def run_cli() -> RunCli:
    """Run the command line to its end and return what it said."""

    def run(
        *words: str | Path, env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            cli_command(*words),
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=cli_environment(env),
            cwd=cwd,
            timeout=_LIMIT_SECONDS,
            check=False,
        )

    return run


@pytest.fixture
def start_cli() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start the command line and return at once; whatever still runs after the test is ended."""
    started: list[subprocess.Popen[str]] = []

    def start(*words: str | Path, **kwargs: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            cli_command(*words),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=cli_environment(),
            **kwargs,  # type: ignore[call-overload]
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture(scope="session")
def built_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a `data` folder with raw data and fresh tables, made once for all test processes."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder, lock = shared / "built-project", shared / "built-project.lock"
    try:
        lock.mkdir()
    except FileExistsError:
        _wait_for(folder / "ready", lock)
        return folder / "data"
    _make_project(folder)
    (folder / "ready").touch()
    return folder / "data"


def _wait_for(ready: Path, lock: Path) -> None:
    for _ in range(_LIMIT_SECONDS * 5):
        if ready.exists():
            return
        time.sleep(0.2)
    pytest.fail(f"the other test process did not finish building its tables ({lock})")


def _make_project(folder: Path) -> None:
    """Copy notebooks and shipped data, add the demo; take over the repository's tables where they fit, else build."""
    shutil.copytree(PROJECT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".*"))
    for name in ("gus_sdg", "bdl_context", "teryt_units"):
        shutil.copytree(PROJECT / "data" / "raw" / name, folder / "data" / "raw" / name)
    (folder / "data" / "raw" / "boundaries").mkdir()
    synthetic.write_missing(folder / "data" / "raw")
    for key in built.TOPICS:
        tables = built.folder(Project(PROJECT), key)
        if tables.is_dir():
            shutil.copytree(tables, built.folder(Project(folder), key))
    build.build(Project(folder))


@pytest.fixture(scope="session")
def project(built_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with built tables and the real notebook; its `reports` is this process's own."""
    return link_project(built_data, tmp_path_factory.mktemp("project"))


@pytest.fixture
def copied_project(built_data: Path, tmp_path: Path) -> Path:
    """Return a project whose data a test may damage."""
    folder = tmp_path / "project"
    shutil.copytree(built_data, folder / "data")
    shutil.copytree(built_data.parent / "notebooks", folder / "notebooks")
    return folder
