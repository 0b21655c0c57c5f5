"""What several tests share: where the published reference files lie, and the scripts of tools/ as modules."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

PROJECT = Path(__file__).resolve().parent.parent
#: Whether to try everything there is where otherwise a part stands for all: pages, kills, samples.
THOROUGH = os.environ.get("ROPS_THOROUGH") == "1"


def shared_data(name: str) -> Path:
    """Return the folder of published reference files, or skip the test with a reason."""
    folder = Path(os.environ.get("ROPS_SHARED", PROJECT.parent / "shared" / "data")) / name
    if not folder.exists():
        pytest.skip(f"published reference files '{name}' are not beside the project (set ROPS_SHARED)")
    return folder


def load_tool(name: str) -> ModuleType:
    """Return a script of `tools/`, which is no package, as a module."""
    spec = importlib.util.spec_from_file_location(f"ropsanalysis_{name}_script", PROJECT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
