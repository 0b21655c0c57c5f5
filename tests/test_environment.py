"""The three lists of packages (project, conda, lock) say the same, and the lock holds no address."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from support import PROJECT

# What conda-forge calls a package that the Python index calls otherwise.
CONDA_NAMES = {"typst-py": "typst"}

PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (PROJECT / "requirements.lock").read_text(encoding="utf-8")


def declared() -> dict[str, SpecifierSet]:
    """Return the project's direct dependencies, those of development included."""
    project = PYPROJECT["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    return {canonicalize_name(item.name): item.specifier for item in map(Requirement, lines)}


def conda() -> dict[str, SpecifierSet]:
    """Return the packages of environment.yml under the names of the Python index."""
    entries = yaml.safe_load((PROJECT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    lines = [entry for entry in entries if isinstance(entry, str)]
    for entry in entries:
        if isinstance(entry, dict):
            lines += [line for line in entry["pip"] if not line.startswith("-")]
    packages = {item.name: item.specifier for item in map(Requirement, lines)}
    return {canonicalize_name(CONDA_NAMES.get(name, name)): ranges for name, ranges in packages.items()}


def locked() -> Iterator[tuple[Requirement, list[str]]]:
    """Yield each entry of the lock with its hashes."""
    text = re.sub(r"^\s*#.*\n?", "", LOCK, flags=re.MULTILINE).strip()
    for block in re.split(r"\n(?=\S)", text):
        head, *rest = block.split(" \\\n")
        yield Requirement(head), [line.strip() for line in rest]


def test_conda_users_get_the_same_packages_in_the_same_ranges() -> None:
    environment = conda()
    python = environment.pop("python")
    del environment["pip"]
    assert environment == declared()
    assert python == SpecifierSet(PYPROJECT["project"]["requires-python"])


@pytest.mark.parametrize("name", sorted(declared()))
def test_the_lock_holds_every_direct_dependency_within_its_range(name: str) -> None:
    entries = [entry for entry, _ in locked() if canonicalize_name(entry.name) == name]
    assert entries, f"{name} is not in requirements.lock; CONTRIBUTING says how the lock is made"
    for entry in entries:
        (pin,) = entry.specifier
        assert pin.operator == "=="
        assert declared()[name].contains(pin.version)


def test_the_lock_holds_what_builds_the_project_without_isolation() -> None:
    names = {canonicalize_name(entry.name) for entry, _ in locked()}
    assert {canonicalize_name(Requirement(line).name) for line in PYPROJECT["build-system"]["requires"]} <= names
    assert "editables" in names


def test_every_locked_package_has_hashes_and_nothing_else() -> None:
    for entry, hashes in locked():
        assert hashes, entry
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", line) for line in hashes), entry


def test_the_lock_names_no_address_and_no_index() -> None:
    assert "://" not in LOCK
    assert not re.search(r"^\s*(-i|-f|--(extra-)?index-url|--find-links|--trusted-host)\b", LOCK, re.MULTILINE)


def test_the_citation_is_complete_and_names_this_version() -> None:
    citation = yaml.safe_load((PROJECT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"  # that version requires the keys below
    assert {"message", "title", "authors"} <= set(citation)
    assert str(citation["version"]) == PYPROJECT["project"]["version"]
    assert citation["license"] == PYPROJECT["project"]["license"]
    assert citation["authors"] == [{"name": author["name"]} for author in PYPROJECT["project"]["authors"]]
