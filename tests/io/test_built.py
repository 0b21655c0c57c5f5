"""Tables are stale when the data or what the code does has changed, and the change can be named."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import ropsanalysis
from ropsanalysis.errors import DataError
from ropsanalysis.io import built
from ropsanalysis.io.built import TOPICS
from ropsanalysis.io.paths import Project


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the package, which counts as its code."""
    source = Path(ropsanalysis.__file__).parent
    folder = tmp_path / "package"
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(ropsanalysis, "__file__", str(folder / "__init__.py"))
    return folder


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, path
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_docstring_makes_no_table_stale_and_code_does(project: Path, package: Path) -> None:
    own = Project(project)
    assert all(built.changed(own, key) == [] for key in TOPICS)
    regions = package / "regions.py"
    replace(regions, '"""The country, as the row every region is compared with."""', '"""Poland."""')
    assert built.record(own, "training_needs")
    replace(regions, 'wanted = _letters(_PREFIX.sub("", ', 'wanted = _letters(_PREFIX.sub(" ", ')
    with pytest.raises(DataError, match="ropsanalysis build"):
        built.record(own, "training_needs")
    assert built.changed(own, "training_needs") == ["regions.py"]


def test_code_of_one_topic_makes_no_other_stale_save_those_made_from_it(project: Path, package: Path) -> None:
    (package / "cooperation" / "published.py").write_text("", encoding="utf-8")
    stale = {key: found for key in TOPICS if (found := built.changed(Project(project), key))}
    assert stale == {"cooperation": ["cooperation/published.py"], "national_summary": ["cooperation"]}


def test_a_changed_added_or_renamed_file_of_the_data_is_named(copied_project: Path) -> None:
    own = Project(copied_project)
    folder = own.raw / "training_targets"
    (folder / "targets.csv").rename(folder / "targets-2.csv")
    assert built.changed(own, "training_needs") == [
        "data/raw/training_targets/targets-2.csv",
        "data/raw/training_targets/targets.csv",
    ]
    assert built.changed(own, "social_impact") == []
    with pytest.raises(DataError):
        built.record(own, "training_needs")


@pytest.mark.parametrize("content", [None, "", "[]", "{", '"x"'])
def test_without_a_list_of_what_they_were_made_from_tables_are_judged_all_the_same(
    copied_project: Path, content: str | None
) -> None:
    own = Project(copied_project)
    path = built.folder(own, "cooperation") / built.INPUTS
    path.unlink() if content is None else path.write_text(content, encoding="utf-8")
    assert built.record(own, "cooperation")["regions"]
    assert built.changed(own, "cooperation") == []


def test_asking_whether_tables_are_fresh_loads_no_library_that_computes() -> None:
    code = "import sys, ropsanalysis.io.built; print(sorted({'numpy', 'pandas', 'pyarrow', 'yaml'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
