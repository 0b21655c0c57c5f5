"""What several tests share: where the published reference files lie."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent


def shared_data(name: str) -> Path:
    """Return the folder of published reference files, or skip the test with a reason."""
    folder = Path(os.environ.get("ROPS_SHARED", PROJECT.parent / "shared" / "data")) / name
    if not folder.exists():
        pytest.skip(f"published reference files '{name}' are not beside the project (set ROPS_SHARED)")
    return folder
