"""The set-up script decides well and is done only once (no network: only what it decides is tested)."""

from __future__ import annotations

import ast
import os
import sys
from pathlib import Path

import pytest

from support import PROJECT, load_tool

setup = load_tool("setup")
NOTHING = setup.Facts(ensurepip=False, pythons=(), virtualenv=None, uv=None, apt=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "requirements.lock").write_text("numpy==2.4.0\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    return tmp_path


@pytest.fixture
def venv(project: Path) -> Path:
    python = setup.venv_python(project / ".venv")
    python.parent.mkdir(parents=True)
    python.touch()
    return project / ".venv"


class TestLadder:
    def test_an_ordinary_python_uses_its_own_pip_first(self) -> None:
        facts = setup.Facts(True, ("/usr/bin/python3",), "/usr/bin/virtualenv", "/usr/bin/uv", True)
        kinds = [kind for kind, _ in setup.ladder(facts)]
        assert kinds == ["ensurepip", "virtualenv", "pip", "uv", "distribution"]

    def test_a_fresh_debian_ends_at_the_distributions_package(self) -> None:
        facts = NOTHING._replace(pythons=("/usr/bin/python3",), apt=True)
        assert setup.ladder(facts) == (("pip", "/usr/bin/python3"), ("distribution", "apt-get"))

    def test_every_python_is_asked_for_its_pip(self) -> None:
        facts = NOTHING._replace(pythons=("/usr/bin/python3", "/opt/python3.12"))
        assert setup.ladder(facts) == (("pip", "/usr/bin/python3"), ("pip", "/opt/python3.12"))

    def test_without_anything_the_message_says_what_to_install(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(setup, "look_around", lambda: NOTHING)
        with pytest.raises(setup.SetupError, match="sudo apt install python3-venv"):
            setup.build(tmp_path / ".venv")

    @pytest.mark.parametrize(("dependable", "tried"), [(True, ["ensurepip"]), (False, ["ensurepip", "uv"])])
    def test_only_an_undependable_tool_is_given_up_for_another(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dependable: bool, tried: list[str]
    ) -> None:
        seen: list[str] = []

        def climb(kind: str, _tool: str, _venv: Path) -> object:
            seen.append(kind)
            return setup.Installer(kind, (), dependable=dependable)

        monkeypatch.setattr(setup, "look_around", lambda: NOTHING._replace(ensurepip=True, uv="uv"))
        monkeypatch.setattr(setup, "climb", climb)
        monkeypatch.setattr(setup, "install_lock", lambda _installer: False)
        with pytest.raises(setup.SetupError):
            setup.build(tmp_path / ".venv")
        assert seen == tried


class TestPython:
    @pytest.mark.parametrize("version", [(3, 11), (3, 12, 4), (3, 14)])
    def test_a_tried_version_is_used_as_it_is(self, version: tuple[int, ...]) -> None:
        assert setup.choose_python(version, [((3, 13), ("python3.13",))]) == ()

    def test_an_old_one_hands_over_to_a_newer_one(self) -> None:
        found = [((3, 9), ("python3.9",)), ((3, 12), ("python3.12",)), ((3, 11), ("python3.11",))]
        assert setup.choose_python((3, 10), found) == ("python3.12",)

    def test_an_old_one_alone_is_refused_by_name(self) -> None:
        with pytest.raises(setup.SetupError, match=r"This is Python 3\.10; the project needs 3\.11 or newer"):
            setup.choose_python((3, 10), [((3, 9), ("python3.9",))])

    def test_one_newer_than_all_tried_is_used_when_it_is_alone(self) -> None:
        assert setup.choose_python((3, 99), []) == ()

    def test_one_newer_than_all_tried_gives_way_to_a_tried_one(self) -> None:
        assert setup.choose_python((3, 99), [((3, 13), ("python3.13",))]) == ("python3.13",)

    def test_a_stub_that_does_not_start_is_no_python(self, tmp_path: Path) -> None:
        assert setup.version_of((str(tmp_path / "python3.12"),)) == ()

    def test_an_old_python_can_read_the_script(self) -> None:
        source = (PROJECT / "tools" / "setup.py").read_text(encoding="utf-8")
        ast.parse(source, feature_version=(3, 7))

    def test_only_the_standard_library_is_imported(self) -> None:
        tree = ast.parse((PROJECT / "tools" / "setup.py").read_text(encoding="utf-8"))
        plain = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
        parts = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert {str(name).split(".")[0] for name in plain | parts} <= sys.stdlib_module_names


class TestStamp:
    def test_a_second_run_does_nothing(
        self, project: Path, venv: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def refuse(*_: object) -> None:
            pytest.fail("the set-up was done again")

        setup.write_stamp(venv, setup.wanted_stamp(project))
        monkeypatch.setattr(setup, "build", refuse)
        monkeypatch.setattr(setup, "run", refuse)
        setup.set_up(project)
        assert capsys.readouterr() == ("", "")

    def test_an_environment_without_a_stamp_is_unfinished(self, project: Path, venv: Path) -> None:
        assert setup.plan(setup.read_stamp(venv), setup.wanted_stamp(project)) == "everything"

    def test_a_torn_stamp_is_unfinished(self, project: Path, venv: Path) -> None:
        setup.write_stamp(venv, setup.wanted_stamp(project))
        stamp = venv / setup.STAMP
        stamp.write_text(stamp.read_text()[:20])
        assert setup.plan(setup.read_stamp(venv), setup.wanted_stamp(project)) == "everything"

    def test_a_vanished_interpreter_is_unfinished(self, project: Path, venv: Path) -> None:
        setup.write_stamp(venv, setup.wanted_stamp(project))
        setup.venv_python(venv).unlink()
        assert setup.plan(setup.read_stamp(venv), setup.wanted_stamp(project)) == "everything"

    @pytest.mark.parametrize(("name", "task"), [("requirements.lock", "everything"), ("pyproject.toml", "project")])
    def test_a_changed_file_is_noticed(self, project: Path, venv: Path, name: str, task: str) -> None:
        setup.write_stamp(venv, setup.wanted_stamp(project))
        (project / name).write_text("changed\n")
        assert setup.plan(setup.read_stamp(venv), setup.wanted_stamp(project)) == task

    def test_a_moved_project_is_set_up_anew(self, project: Path, venv: Path) -> None:
        setup.write_stamp(venv, setup.wanted_stamp(project))
        moved = project.with_name(project.name + "-moved")
        project.rename(moved)
        assert setup.plan(setup.read_stamp(moved / ".venv"), setup.wanted_stamp(moved)) == "everything"

    def test_a_failure_on_the_way_leaves_no_stamp(
        self, project: Path, venv: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        setup.write_stamp(venv, {**setup.wanted_stamp(project), "pyproject.toml": "older"})
        monkeypatch.setattr(setup, "own_pip", lambda _venv: setup.Installer("pip", ()))
        monkeypatch.setattr(setup, "install_project", lambda _installer: False)
        with pytest.raises(setup.SetupError):
            setup.set_up(project)
        assert not (venv / setup.STAMP).exists()


def test_the_callers_settings_do_not_lead_packages_astray() -> None:
    astray = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": "elsewhere", "PIP_TARGET": "elsewhere"}
    machine = {"PATH": os.defpath, "PIP_CERT": "certificates", "PIP_FIND_LINKS": "folder"}
    clean = setup.clean_environment({**astray, **machine, "PIP_USER": "1"})
    assert not set(astray) & set(clean)
    assert machine.items() <= clean.items()
    assert clean["PIP_USER"] == "0"
