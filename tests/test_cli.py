"""The command line: what is wrong is said in one sentence, with its exit code, before anything is made."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

import ropsanalysis
from projects import link_project
from ropsanalysis import cli
from ropsanalysis.io.built import TOPICS, folder
from ropsanalysis.io.paths import Project
from support import THOROUGH


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command that starts no other process within this one: seconds faster than a process of its own."""

    def run(*words: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["ropsanalysis", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capfd.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def own_project(built_data: Path, tmp_path: Path) -> Path:
    """Return a project with built tables and notebooks of its own."""
    return link_project(built_data, tmp_path / "project")


def without(project: Path, *topics: str) -> Path:
    """Take away what was delivered on some topics: a test about the others need not compute them."""
    for topic in topics:
        for name in TOPICS[topic].datasets:
            shutil.rmtree(project / "data" / "raw" / name)
    return project


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--region", "warminsko-mazurska"], "Did you mean"),
        (["--region", "99"], "Unknown region '99'"),
        (["--region", "28,atlantyda"], "Unknown region 'atlantyda'"),
        (["--report", "regional_diagnoses"], "Did you mean 'regional_diagnosis'"),
        (["--format", "pfd"], "Did you mean 'pdf'"),
        (["--format", ","], "No format named"),
        (["--parameter", "edtion=2025"], "Unknown parameter 'edtion'"),
        (["--parameter", "edition"], "A parameter reads name=value"),
        (["--parameter", "=3"], "A parameter reads name=value"),
        (["--edition", "../../etc"], "one plain folder name"),
        (["--edition", ".."], "one plain folder name"),
        (["--edition", "/tmp/x"], "one plain folder name"),  # noqa: S108 - a path to be refused
        (["--edition", "a\nb"], "one plain folder name"),
        (["--edition", ".work-1"], "one plain folder name"),
        (["--jobs", "0"], "--jobs"),
        (["--jobs", "two"], "--jobs"),
        (["--time-limit", "0"], "--time-limit"),
        (["--engine", "julia"], "--engine"),
        (["--regoin", "28"], "No such option"),
    ],
)
def test_a_misspelt_word_ends_with_2_before_anything_is_made(
    own_project: Path, call: Call, words: list[str], message: str
) -> None:
    before = tree(own_project)
    code, out, err = call("render", "-r", "regional_diagnosis", "--project", own_project, *words)
    assert code == 2
    assert message in err.replace("│", " ")
    assert out == ""
    assert "Traceback" not in err
    assert tree(own_project) == before
    assert not (own_project / "reports").exists()


def test_an_unknown_dataset_or_source_ends_with_2(own_project: Path, call: Call, tmp_path: Path) -> None:
    code, _, err = call("import", "gus-sdg", tmp_path, "--project", own_project)
    assert (code, "Did you mean 'gus_sdg'" in err) == (2, True)
    code, _, err = call("import", "gus_sdg", tmp_path / "nowhere", "--project", own_project)
    assert (code, "There is nothing at" in err) == (2, True)


def test_a_folder_that_is_no_project_ends_with_2(call: Call, tmp_path: Path) -> None:
    code, _, err = call("build", "--project", tmp_path)
    assert (code, "No project folder at or above" in err) == (2, True)


def test_version_and_help_are_good_ends(call: Call) -> None:
    assert call("--version")[:2] == (0, f"{ropsanalysis.__version__}\n")
    assert call("render", "--help")[0] == 0


def test_missing_tables_end_with_3_and_the_command_to_run(copied_project: Path, call: Call) -> None:
    shutil.rmtree(copied_project / "data" / "processed")
    code, _, err = call("render", "--project", copied_project)
    assert (code, "Proszę najpierw uruchomić `ropsanalysis build`" in err) == (3, True)
    assert not (copied_project / "reports").exists()


@pytest.mark.parametrize("name", ["build.json", "positions.parquet"])
def test_tables_of_which_one_is_missing_count_as_none(copied_project: Path, call: Call, name: str) -> None:
    (copied_project / "data" / "processed" / "regional_diagnosis" / name).unlink()
    code, _, err = call("render", "--project", copied_project)
    assert (code, "Brak przetworzonych danych" in err) == (3, True)


def test_stale_tables_end_with_3_and_the_command_to_run(copied_project: Path, call: Call) -> None:
    observations = copied_project / "data" / "raw" / "gus_sdg" / "observations.csv"
    observations.write_bytes(observations.read_bytes() + b"\n")
    code, _, err = call("render", "--project", copied_project)
    assert (code, "zmieniły się od ostatniego przetworzenia" in err) == (3, True)
    assert not (copied_project / "reports").exists()


def test_refused_data_end_with_3_and_harm_no_good_table(copied_project: Path, call: Call) -> None:
    without(copied_project, "training_needs", "social_economy")
    observations = copied_project / "data" / "raw" / "gus_sdg" / "observations.csv"
    lines = observations.read_text(encoding="utf-8").splitlines()
    cells = lines[1].split(",")
    cells[lines[0].split(",").index("value")] = "37O.5"  # a letter O
    observations.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", encoding="utf-8")
    tables = copied_project / "data" / "processed" / "regional_diagnosis"
    before = tree(tables)
    code, out, err = call("build", "--project", copied_project)
    assert code == 3
    assert "37O.5" in err
    assert "observations.csv" in err
    assert "Traceback" not in err
    assert out == ""
    assert tree(tables) == before
    rejected = list((copied_project / "data" / "processed" / "rejected").rglob("*.csv"))
    assert any("37O.5" in path.read_text(encoding="utf-8") for path in rejected)
    assert call("check", "--project", copied_project)[0] == 3
    code, out, _ = call("check", "--project", copied_project, "--json")
    assert code == 3
    assert any("37O.5" in json.dumps(finding, ensure_ascii=False) for finding in json.loads(out))


def test_a_second_build_changes_nothing(copied_project: Path, call: Call) -> None:
    before = tree(copied_project / "data")
    code, out, _ = call("build", "--project", copied_project)
    assert (code, out.startswith("unchanged: ")) == (0, True)
    after = tree(copied_project / "data")
    for seen in (before, after):
        seen.pop("processed/.memo.json", None)  # when each file was last read
    assert after == before


@pytest.mark.slow
def test_a_build_made_anew_gives_the_same_tables(copied_project: Path, call: Call) -> None:
    left_out = set() if THOROUGH else {"training_needs", "social_economy", "project_monitoring"}
    for key in left_out:
        without(copied_project, key)
    tables = [
        folder(Project(copied_project), key)
        for key, topic in TOPICS.items()
        if key not in left_out and not topic.derived_from
    ]
    before = [tree(place) for place in tables]
    assert all(before)
    assert call("build", "--force", "--project", copied_project)[0] == 0
    assert [tree(place) for place in tables] == before


@pytest.mark.parametrize("content", ["", "{}", '{"cells": []}', "PK"])
def test_a_corrupt_notebook_is_named_before_anything_is_made(own_project: Path, call: Call, content: str) -> None:
    (own_project / "notebooks" / "regional_diagnosis.ipynb").write_text(content, encoding="utf-8")
    code, _, err = call("render", "--project", own_project)
    assert (code, "regional_diagnosis.ipynb" in err, "Traceback" in err) == (1, True, False)
    assert not (own_project / "reports").exists()


def test_a_folder_that_may_not_be_written_is_told_before_anything_is_made(
    own_project: Path, call: Call, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.name == "posix" and os.geteuid() == 0:  # permissions do not stop root; a disk mounted to be read does
        options = ["-t", "tmpfs", "-o", "size=64k,ro", "tmpfs", str(disk)]
        if subprocess.run(["mount", *options], capture_output=True, check=False).returncode:
            pytest.skip("as root, and no disk can be mounted read-only here")
    else:
        disk.chmod(0o555)
    try:
        code, _, err = call("render", "-r", "regional_diagnosis", "--project", own_project, "--out", disk)
        assert code == 1
        assert f"Cannot write to {disk}" in err
        assert "Nothing was changed" in err
        assert "Traceback" not in err
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", str(disk)], capture_output=True, check=False)


def test_a_file_in_the_place_of_the_folder_is_told(own_project: Path, call: Call, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a", encoding="utf-8")
    code, _, err = call("render", "-r", "regional_diagnosis", "--project", own_project, "--out", tmp_path / "taken")
    assert (code, "Cannot write to" in err) == (1, True)
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "a"


@pytest.mark.slow
def test_the_installed_command_ends_with_the_same_codes(
    own_project: Path, run_cli: Callable[..., CompletedProcess[str]]
) -> None:
    refused = run_cli("render", "--project", own_project, "--region", "atlantyda", env={"PYTHONIOENCODING": "ascii"})
    assert refused.returncode == 2
    assert "łódzkie" in refused.stderr, "Polish letters survive a console that does not know them"
    assert not (own_project / "reports").exists()
