"""Notebooks are kept short and clean: they show, the package computes."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import pytest

from ropsanalysis.reporting.spec import REPORTS

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
#: Logic and input belong to the package.
FORBIDDEN_STATEMENTS = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.Try,
    ast.For,
    ast.While,
    ast.With,
)
FORBIDDEN_CALLS = {
    "open",
    "merge",
    "groupby",
    "read_csv",
    "read_excel",
    "read_parquet",
    "exec",
    "eval",
    "print",
}


def _code(path: Path) -> list[str]:
    return [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def test_every_report_has_its_notebook_and_every_notebook_its_report() -> None:
    assert {path.stem for path in NOTEBOOKS} == set(REPORTS)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_stored_without_results(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_cells_have_at_most_five_lines(path: Path) -> None:
    assert [source for source in _code(path) if len(source.splitlines()) > 5] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_cells_hold_no_logic(path: Path) -> None:
    for source in _code(path):
        nodes = list(ast.walk(ast.parse(source)))
        assert not [ast.unparse(node) for node in nodes if isinstance(node, FORBIDDEN_STATEMENTS)]
        called = [node.func for node in nodes if isinstance(node, ast.Call)]
        names = {func.attr if isinstance(func, ast.Attribute) else ast.unparse(func) for func in called}
        assert not names & FORBIDDEN_CALLS
