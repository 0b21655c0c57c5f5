"""Projects with small notebooks, and bundles of real reports."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from bundles import KEYS, Bundled
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from small_notebooks import put, small_notebook

from projects import cli_command, cli_environment, link_project
from ropsanalysis.io.paths import Project
from ropsanalysis.regions import find
from ropsanalysis.reporting import bundle, signing, spec


@pytest.fixture
def small_project(built_data: Path, tmp_path: Path) -> Callable[..., Path]:
    """Return a project whose report is a small notebook with the given extra code cells."""

    def make(*cells: str, before: tuple[str, ...] = ()) -> Path:
        folder = link_project(built_data, tmp_path / "project")
        put(small_notebook(*cells, before=before), folder)
        return folder

    return make


@pytest.fixture(scope="session")
def bundled(built_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Bundled:
    """Two real reports for two voivodeships, rendered once for all test processes, and bundles of them."""
    own = tmp_path_factory.getbasetemp()
    root = (own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own) / "two-regions"
    try:
        root.mkdir()
    except FileExistsError:  # another test process was first: wait for it
        deadline = time.monotonic() + 300
        while not (root / "done").exists() and time.monotonic() < deadline:
            time.sleep(0.2)
    else:
        _render_two(link_project(built_data, root / "project"))
        signing.make_keys(root / "keys")
        (root / "done").touch()
    project, private = Project(root / "project"), root / "keys" / signing.PRIVATE_NAME
    [folder] = (path for path in project.reports.iterdir() if path.is_dir())

    def make(teryt: str, *keys: str) -> bytes:
        return bundle.make(project, region=find(teryt), reports=spec.find_reports(keys), key=private)

    return Bundled(
        project=project.root,
        folder=folder,
        private=private,
        public=signing.read_public(root / "keys" / signing.PUBLIC_NAME),
        other=Ed25519PrivateKey.generate().public_key(),
        bundles={teryt: make(teryt) for teryt in ("26", "14")},
        single=make("26", "regional_diagnosis"),
    )


def _render_two(project: Path) -> None:
    words = ("render", "--jobs", "2", "--project", project, "--region", "26,14")
    chosen = [word for key in KEYS for word in ("--report", key)]
    run = subprocess.run(
        cli_command(*words, *chosen), cwd=project, capture_output=True, text=True, env=cli_environment(), check=False
    )
    if run.returncode != 0:
        pytest.fail(f"`ropsanalysis render` ended with {run.returncode}: {run.stderr[-2000:]}")
