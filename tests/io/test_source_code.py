"""A checksum of code changes with what the code does, and with nothing else."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from ropsanalysis.io import source_code
from ropsanalysis.io.memo import Memo

CODE = '''\
"""A module."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from package import other, third

if TYPE_CHECKING:
    from package.types import Kind

LIMIT = 3
"""How many."""


class Thing(other.Base):
    """A thing."""

    size: int = 1

    def grow(self, kind: Kind) -> int:
        """Grow."""
        from package.late import step  # only here

        return self.size + step(kind)


def load(name: str) -> object:
    """Load."""
    return json.loads(third.read(f"{name}.yaml") or "defaults.yaml")
'''


def digest(text: str) -> str:
    return source_code.of_tree(ast.parse(text)).digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"""A module."""', '"""A module, explained anew."""'),
        ('"""A module."""\n', ""),
        ('    """A thing."""', '    """A big thing.\n\n    With a note.\n    """'),
        ('        """Grow."""\n', ""),
        ('"""How many."""', '"""The most there may be."""'),
        ("  # only here", "  # and nowhere else"),
        ("LIMIT = 3", "# the limit\nLIMIT =  (3)"),
        ("return self.size + step(kind)", "return (\n            self.size\n            + step(kind)\n        )"),
        ('"defaults.yaml"', "'defaults.yaml'"),
    ],
)
def test_an_explanation_or_the_layout_is_no_code(old: str, new: str) -> None:
    assert CODE.count(old) == 1
    assert digest(CODE.replace(old, new)) == digest(CODE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("LIMIT = 3", "LIMIT = 4"),
        ("LIMIT = 3", "LIMIT = 3.0"),
        ("size: int = 1", "size: int = True"),
        ("size: int = 1", "size: int"),
        ("self.size + step", "self.size - step"),
        ("other.Base", "other.Bass"),
        ('"defaults.yaml"', 'b"defaults.yaml"'),
        ('{name}.yaml"', '{name!r}.yaml"'),
        ("import other, third", "import other as third, third as other"),
        ("name: str", "name: str, *"),
        ("def load", "async def load"),
    ],
)
def test_whatever_the_code_does_counts(old: str, new: str) -> None:
    assert CODE.count(old) == 1
    assert digest(CODE.replace(old, new).replace("str, *)", "str, *, b: int)")) != digest(CODE)


def test_imports_are_found_wherever_they_stand_save_for_type_checking() -> None:
    assert set(source_code.of_tree(ast.parse(CODE)).imports) == {
        ("__future__", "annotations"),
        ("json", ""),
        ("typing", "TYPE_CHECKING"),
        ("package", "other"),
        ("package", "third"),
        ("package.late", "step"),
    }


def test_names_of_files_are_among_the_texts() -> None:
    assert "defaults.yaml" in source_code.of_tree(ast.parse(CODE)).texts


def test_of_a_module_that_only_defines_a_part_can_be_read() -> None:
    found = source_code.of_tree(source_code.part(ast.parse(CODE), {"load"}))
    assert set(found.imports) == {("json", ""), ("package", "third"), ("typing", "TYPE_CHECKING")}
    changed = ast.parse(CODE.replace("self.size + step", "self.size - step"))
    assert source_code.of_tree(source_code.part(changed, {"load"})).digest == found.digest
    changed = ast.parse(CODE.replace("third.read", "third.fetch"))
    assert source_code.of_tree(source_code.part(changed, {"load"})).digest != found.digest


def test_a_part_holds_what_its_names_need_and_whatever_runs_by_itself() -> None:
    text = "A = 1\nB = A\nC = B\nD = 2\nregister(D)\ndef f(x=C): return g\ndef g(): pass\ndef h(): pass\n"
    kept = ast.unparse(source_code.part(ast.parse(text), {"f"}))
    assert kept.split("\n\n")[0].splitlines()[:5] == ["A = 1", "B = A", "C = B", "D = 2", "register(D)"]
    assert "def g" in kept
    assert "def h" not in kept


def test_a_file_that_is_not_python_changes_with_its_bytes(tmp_path: Path) -> None:
    path, memo = tmp_path / "broken.py", Memo(tmp_path / ".memo.json", roots={})
    path.write_text("def f(:\n", encoding="utf-8")
    first = source_code.read(path, memo)
    path.write_text("def f(: # x\n", encoding="utf-8")
    second = source_code.read(path, memo)
    assert first.digest != second.digest
    assert first.imports == ()


def test_a_remembered_reading_is_the_reading(tmp_path: Path) -> None:
    path, memo = tmp_path / "module.py", Memo(tmp_path / ".memo.json", roots={"project": tmp_path})
    path.write_text(CODE + 'TEXT = "\\ud800"\n', encoding="utf-8")
    read = source_code.read(path, memo), source_code.read(path, memo, names={"load"})
    memo.save()
    again = Memo(tmp_path / ".memo.json", roots={"project": tmp_path})
    assert (source_code.read(path, again), source_code.read(path, again, names={"load"})) == read
    assert read[0] != read[1]
