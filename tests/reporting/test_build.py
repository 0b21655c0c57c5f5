"""What a build tells and what it keeps to itself."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from ropsanalysis import cli
from ropsanalysis.errors import DisclosureError, RopsError
from ropsanalysis.io import built
from ropsanalysis.io.paths import Project
from ropsanalysis.reporting import build

PESEL = "44051401359"  # a well-known made-up number with a right check digit


def compute_with(monkeypatch: pytest.MonkeyPatch, compute: Callable[[Any], Any]) -> None:
    recipes: Mapping[str, Callable[[Any], Any]] = {**build._COMPUTE, "training_needs": compute}
    monkeypatch.setattr(build, "_COMPUTE", recipes)


def fail(_: Any) -> Any:
    raise ValueError(f"could not convert string to float: '{PESEL}'")


def test_an_unforeseen_error_with_data_about_persons_tells_no_value(
    copied_project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    compute_with(monkeypatch, fail)
    (Project(copied_project).processed / "training_needs" / built.RECORD).unlink()
    with pytest.raises(RopsError) as caught:
        build.build(Project(copied_project))
    assert "unexpected ValueError (test_build.py, line" in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert PESEL not in str(caught.value) + "".join(capfd.readouterr())


def test_a_failed_audit_ends_the_command_with_4_and_leaves_no_table_to_print(
    copied_project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_: Any) -> Any:
        raise DisclosureError("Nie udało się ochronić tabeli.")

    compute_with(monkeypatch, refuse)
    codebook = next((Project(copied_project).raw / "training_survey").glob("*.yaml"))
    codebook.write_text(codebook.read_text(encoding="utf-8") + "\n", encoding="utf-8")  # other data than before
    monkeypatch.setattr(sys, "argv", ["ropsanalysis", "build", "--project", str(copied_project)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 4
    assert "Nie udało się ochronić tabeli." in capsys.readouterr().err
    monkeypatch.setattr(
        sys, "argv", ["ropsanalysis", "render", "-r", "training_needs", "--project", str(copied_project)]
    )
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 3  # the tables of the last good build no longer fit the data
    assert not (copied_project / "reports").exists()


def test_a_project_without_a_survey_builds_and_plans_what_it_has(
    copied_project: Path, run_cli: Callable[..., Any]
) -> None:
    for dataset in built.TOPICS["training_needs"].datasets:
        for path in sorted((copied_project / "data" / "raw" / dataset).iterdir()):
            path.unlink()
        (copied_project / "data" / "raw" / dataset).rmdir()
    result = run_cli("build", "--project", copied_project)
    assert result.returncode == 0, result.stderr
    assert "training_needs" not in result.stdout
    result = run_cli("render", "--report", "training_needs", "--region", "26", "--project", copied_project)
    assert result.returncode == 3
    assert "ropsanalysis demo" in result.stderr
