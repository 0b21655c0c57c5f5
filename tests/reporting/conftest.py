"""Projects with small notebooks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_notebooks import put, small_notebook

from projects import link_project


@pytest.fixture
def small_project(built_data: Path, tmp_path: Path) -> Callable[..., Path]:
    """Return a project whose report is a small notebook with the given extra code cells."""

    def make(*cells: str, before: tuple[str, ...] = ()) -> Path:
        folder = link_project(built_data, tmp_path / "project")
        put(small_notebook(*cells, before=before), folder)
        return folder

    return make
