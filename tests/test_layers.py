"""The floors of the house: an import points to a lower floor or stays in its own folder."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import PROJECT

PACKAGE = PROJECT / "src" / "ropsanalysis"
GROUND = {"errors", "regions", "units", "definitions"}
TOP = {"cli", "cli_bundle", "jupyter", "__main__"}
ROOMS = {"stats": 1, "catalogue": 0, "io": 3, "present": 3, "reporting": 4}
TOPIC_FLOOR = 2

# What each floor may not import from outside, and the calls that would open a file there.
FORBIDDEN = {
    0: {"numpy", "pandas", "scipy", "yaml", "pathlib", "os"},
    1: {"pathlib", "os", "io", "matplotlib", "seaborn", "yaml", "pyarrow", "openpyxl", "pandera", "random"},
    2: {"pathlib", "os", "io", "matplotlib", "seaborn", "yaml", "pyarrow", "openpyxl", "random"},
    3: {"papermill", "nbconvert", "nbclient", "typst", "typer"},
    4: {"typer"},
    5: set(),
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def room(parts: tuple[str, ...]) -> str:
    """Return the folder, or the module at the package's root, that a dotted path lies in."""
    return parts[0] if parts else ""


def floor(name: str) -> int:
    if name in GROUND or name == "":
        return 0
    if name in TOP:
        return 5
    if name.startswith("_papermill"):
        return 4
    if name in ROOMS:
        return ROOMS[name]
    if (PACKAGE / name).is_dir():
        return TOPIC_FLOOR
    raise AssertionError(f"{name} stands on no floor: add it to the plan in test_layers.py")


def place(path: Path) -> tuple[str, ...]:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and dotted name of everything a module imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute, so that floors can be read"
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_point_down(path: Path) -> None:
    here = room(place(path))
    wrong = []
    for line, name in imports(path):
        first, _, rest = name.partition(".")
        if first != "ropsanalysis":
            if first in FORBIDDEN[floor(here)]:
                wrong.append(f"line {line}: floor {floor(here)} must not import {first}")
            continue
        target = rest.split(".")[0]
        if not (PACKAGE / target).is_dir() and not (PACKAGE / f"{target}.py").is_file():
            continue  # a name of the package's own __init__, such as __version__
        if target == here:
            continue
        if floor(target) > floor(here):
            wrong.append(f"line {line}: {here} must not import {target}, which stands above it")
        elif floor(target) == floor(here) and floor(here) in (TOPIC_FLOOR, 3):
            wrong.append(f"line {line}: {here} and {target} must not import one another")
    assert not wrong, f"{path.relative_to(PROJECT)}: " + "; ".join(wrong)


READS_OR_WRITES = {
    "read_csv",
    "read_parquet",
    "read_excel",
    "to_csv",
    "to_parquet",
    "read_text",
    "write_text",
}


def opened_files(path: Path) -> list[int]:
    """Return the lines of a module that open a file."""
    lines = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            is_open = isinstance(node.func, ast.Name) and node.func.id == "open"
            is_io = isinstance(node.func, ast.Attribute) and node.func.attr in READS_OR_WRITES
            if is_open or is_io:
                lines.append(node.lineno)
    return lines


def test_numbers_and_topics_open_no_file() -> None:
    low = [path for path in MODULES if floor(room(place(path))) <= TOPIC_FLOOR]
    found = {path.relative_to(PROJECT).as_posix(): lines for path in low if (lines := opened_files(path))}
    assert found == {}, "opening files belongs to io/"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_pickle_anywhere(path: Path) -> None:
    # Reading a pickle runs whatever it holds.
    names = {name.split(".")[0] for _, name in imports(path)}
    assert not names & {"pickle", "joblib", "dill", "shelve", "marshal"}
    assert "read_pickle" not in path.read_text(encoding="utf-8")


def test_a_floor_would_be_noticed() -> None:
    assert floor("regional_diagnosis") == TOPIC_FLOOR
    assert floor("_papermill_entry") == 4
    with pytest.raises(AssertionError, match="no floor"):
        floor("helpers")
