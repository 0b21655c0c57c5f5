"""A project folder for a test, and the command line as a user's shell would start it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from ropsanalysis.io.paths import PROJECT_VARIABLE


def cli_command(*words: str | Path) -> list[str]:
    """Return the command line as a user's shell would start it."""
    return [sys.executable, "-m", "ropsanalysis", *map(str, words)]


def cli_environment(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a command: this process's, without what would change a report."""
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith("PYTEST_") and key != PROJECT_VARIABLE
    }
    return {**kept, **(changes or {})}


def link_project(built: Path, folder: Path) -> Path:
    """Make a project in `folder` that reads the built data and has notebooks of its own."""
    folder.mkdir(exist_ok=True)
    (folder / "data").symlink_to(built, target_is_directory=True)
    shutil.copytree(built.parent / "notebooks", folder / "notebooks")
    return folder
