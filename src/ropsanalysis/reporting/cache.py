"""The key of a run: everything that its result depends on, in named parts.

Two runs with the same key give the same bytes, so a report whose key is still that of its last run need not be made
again. The parts are kept apart, so that it can be said which of them has changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from ropsanalysis.io import built, memo
from ropsanalysis.io.built import TOPICS
from ropsanalysis.io.paths import Project
from ropsanalysis.reporting import imports
from ropsanalysis.reporting.imports import Code

#: What runs a notebook and reads and checks its result, whatever the format.
RUNNING: Final = (
    "ropsanalysis._papermill_entry",
    "ropsanalysis.reporting.document",
    "ropsanalysis.reporting.execute",
    "ropsanalysis.reporting.inprocess",
    "ropsanalysis.reporting.verify",
)
#: What renders each format. The JSON also says what the report was made from.
RENDERING: Final[Mapping[str, tuple[str, ...]]] = {
    "html": ("ropsanalysis.reporting.html",),
    "pdf": ("ropsanalysis.reporting.pdf",),
    "xlsx": ("ropsanalysis.reporting.xlsx",),
    "json": ("ropsanalysis.reporting.annex", "ropsanalysis.reporting.lineage"),
    "ipynb": (),
}
#: What compares with an earlier edition.
COMPARING: Final = ("ropsanalysis.reporting.editions.chapter",)
#: What calls all of these: it counts itself, or each format would depend on the code of every other.
CALLING: Final = ("ropsanalysis.reporting.worker", "ropsanalysis.reporting.exporters")

#: Where a library's name in code is not that of its distribution; others are looked up, which takes longer.
DISTRIBUTIONS: Final = {"yaml": "pyyaml", "markdown_it": "markdown-it-py", "page": "page-validation"}
#: Parts of the record of a build that say by which code, and not what the data are. The JSON prints one of them.
_BY_CODE: Final = ("fingerprint", "package_version", "code")
#: Code that renders a report and changes none of its numbers.
_RENDERING: Final = ("reporting/", "_papermill")
#: What of a notebook does not reach a report: see `ropsanalysis.reporting.execute.without_traces`.
_TRACES: Final = ("papermill", "execution", "widgets")
#: Hexadecimal digits of the checksums in a key: they tell changes apart, and guard nothing.
_DIGITS: Final = 16
_EPOCH: Final = "SOURCE_DATE_EPOCH"


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a report of any area is made from, part by part; the parameters of a run come to it.

    Attributes
    ----------
    notebook
        Checksum of the notebook without outputs.
    code
        Checksums of modules, of what they do only, by path in the package.
    files
        Checksums of catalogue and templates by path in the package.
    data
        Checksums of tables and of what is printed of their origin, as in ``"social_economy/units"``.
    environment
        Versions of Python and of the libraries that the code imports.
    """

    notebook: str
    code: Mapping[str, str]
    files: Mapping[str, str]
    data: Mapping[str, str]
    environment: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        """Return the parts as JSON-ready values."""
        return asdict(self)

    @property
    def digest(self) -> str:
        """Checksum over all parts."""
        return _digest(self.as_dict())

    @property
    def code_digest(self) -> str:
        """Checksum over the notebook and the code that may change a number."""
        return _digest(computing(self.as_dict()))

    @property
    def data_digest(self) -> str:
        """Checksum over the data alone."""
        return _digest(self.data)


class Keys:
    """Keys of the reports of a project, each part worked out once.

    Parameters
    ----------
    package
        Folder of the package's code; by default that of the running one.
    """

    def __init__(self, project: Project, *, package: Path | None = None) -> None:
        self._project, self._package = project, package
        self._memo = memo.of(project)
        self._known: dict[tuple[str, ...], Any] = {}

    def inputs(self, report: str, notebook: Path, formats: Sequence[str], *, compared: bool = False) -> Inputs:
        """Return what some formats of a report are made from now.

        Parameters
        ----------
        compared
            Whether the report has a chapter on what changed since an earlier edition.
        """
        key = ("inputs", report, str(notebook), *formats, str(compared))
        if key not in self._known:
            self._known[key] = self._inputs(report, notebook, formats, compared=compared)
        found: Inputs = self._known[key]
        return found

    def _inputs(self, report: str, notebook: Path, formats: Sequence[str], *, compared: bool) -> Inputs:
        own = self._notebook(report, notebook)
        parts = [own.code, self._rendering("", RUNNING), *(self._rendering(name, RENDERING[name]) for name in formats)]
        if compared:
            parts.append(self._rendering("compared", COMPARING))
        libraries = sorted(set[str]().union(*(part.libraries for part in parts)))
        environment = {"python": ".".join(map(str, sys.version_info[:2]))}
        environment |= {name: _version(name) for name in libraries}
        if _EPOCH in os.environ:
            environment[_EPOCH] = os.environ[_EPOCH]
        return Inputs(
            notebook=own.digest,
            code=_merged([*(part.modules for part in parts), own.tables if "json" in formats else {}]),
            files=_merged(part.files for part in parts),
            data=own.data,
            environment=environment,
        )

    def save(self) -> None:
        """Keep what was worked out of unchanged files for the next command."""
        self._memo.save()

    def _rendering(self, name: str, roots: Sequence[str]) -> Code:
        key = ("rendering", name)
        if key not in self._known:
            alone = () if name else CALLING
            self._known[key] = imports.follow((), roots=roots, alone=alone, memo=self._memo, package=self._package)
        found: Code = self._known[key]
        return found

    def _notebook(self, report: str, path: Path) -> _Notebook:
        key = ("notebook", report, str(path))
        if key not in self._known:
            self._known[key] = self._read_notebook(report, path)
        found: _Notebook = self._known[key]
        return found

    def _read_notebook(self, report: str, path: Path) -> _Notebook:
        notebook = json.loads(path.read_bytes())
        cells = imports.code_cells(notebook)
        names = imports.used_names(cells)
        topics = [key for key in TOPICS if key == report or names is None or key in names]
        sources = {source for topic in topics for source in TOPICS[topic].derived_from}
        records = {key: built.recorded(self._project, key) for key in TOPICS if key in topics or key in sources}
        return _Notebook(
            digest=_digest(_without_traces(notebook)),
            code=imports.follow(cells, roots=(), memo=self._memo, package=self._package),
            data=self._data(records, topics)
            | (self._boundaries() if names is None or any("boundaries" in name for name in names) else {}),
            tables={f"tables of {key}": record["code"] for key, record in records.items() if "code" in record},
        )

    def _data(self, records: Mapping[str, Mapping[str, Any]], topics: Sequence[str]) -> dict[str, str]:
        found = {}
        for topic, record in records.items():
            if record:
                printed = {name: value for name, value in record.items() if name not in _BY_CODE}
                found[f"{topic}/{built.RECORD}"] = _digest(printed)
            if topic in topics:  # of the others only the origin is printed
                place = built.folder(self._project, topic)
                for name in record.get("tables", ()):
                    found[f"{topic}/{name}"] = self._memo.sha256(place / f"{name}.parquet")[:_DIGITS]
        return found

    def _boundaries(self) -> dict[str, str]:
        folder = self._project.raw / "boundaries"
        files = sorted([*folder.glob("*.geojson"), *folder.glob("*.json")])
        return {f"boundaries/{path.name}": self._memo.sha256(path)[:_DIGITS] for path in files}


@dataclass(frozen=True, slots=True)
class _Notebook:
    """A notebook's own part of the key; `tables` is by which code each topic's tables were computed."""

    digest: str
    code: Code
    data: Mapping[str, str]
    tables: Mapping[str, str]


def computing(made_from: Mapping[str, Any]) -> dict[str, str]:
    """Return checksums of what may change a number, by name: notebook, modules, and files of the catalogue.

    What only renders is left out, and choices of method, which editions compare by their values.

    Parameters
    ----------
    made_from
        What `Inputs.as_dict` gave.

    Raises
    ------
    AttributeError, KeyError, TypeError
        It is something else.
    """
    parts = {**made_from["code"], **made_from["files"]}
    return {
        "notatnik": str(made_from["notebook"]),
        **{
            str(name): str(digest)
            for name, digest in parts.items()
            if not name.startswith(_RENDERING) and not name.endswith(built.CHOICES)
        },
    }


def changes(before: Any, now: Inputs) -> list[str]:
    """Return in what a recorded key, which may cover more formats, differs from the present one.

    Parameters
    ----------
    before
        What `Inputs.as_dict` gave at the run; anything else counts as unknown.
    """
    if not isinstance(before, Mapping) or {field.name for field in fields(Inputs)} - set(before):
        return ["not recorded what it was made from"]
    found = ["notebook"] if before["notebook"] != now.notebook else []
    code = _changed(before["code"], now.code)
    files = _changed(before["files"], now.files)
    data = _changed(before["data"], now.data, gone=True)
    found += listed("data", dict.fromkeys(name.partition("/")[0] for name in data))
    found += listed("code", code)
    for title, of_catalogue in (("catalogue", True), ("templates", False)):
        own = (name for name in files if name.startswith("catalogue/") == of_catalogue)
        found += listed(title, (name.rpartition("/")[2] for name in own))
    old = before["environment"]
    moved = _changed(old, now.environment, gone=_EPOCH in old)
    return found + listed(
        "environment", (f"{name} {old.get(name, 'none')} -> {now.environment.get(name, 'none')}" for name in moved)
    )


def of_file(path: Path | None) -> str:
    """Return the short checksum of a file that need not be part of the project; empty where there is none."""
    if path is None:
        return ""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:_DIGITS]
    except OSError:
        return ""


def _changed(before: Mapping[str, str], now: Mapping[str, str], *, gone: bool = False) -> list[str]:
    """Return the names with another value now; also those no longer there, where that means a change."""
    names = {*now, *before} if gone else set(now)
    return sorted(name for name in names if before.get(name) != now.get(name))


def listed(title: str, names: Iterable[str], *, most: int = 3) -> list[str]:
    """Return a reason that names the first few of what has changed; none where nothing has."""
    found = list(names)
    if not found:
        return []
    rest = f" and {len(found) - most} more" if len(found) > most else ""
    return [f"{title}: {', '.join(found[:most])}{rest}"]


def _merged(parts: Iterable[Mapping[str, str]]) -> dict[str, str]:
    merged = {name: digest[:_DIGITS] for part in parts for name, digest in part.items()}
    return dict(sorted(merged.items()))


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def _without_traces(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a notebook reaches its reports."""
    about = {name: value for name, value in notebook.get("metadata", {}).items() if name not in _TRACES}
    language = {name: value for name, value in about.pop("language_info", {}).items() if name != "version"}
    cells = [
        {
            "type": cell["cell_type"],
            "source": "".join(cell["source"]),
            "metadata": {name: value for name, value in cell.get("metadata", {}).items() if name not in _TRACES},
        }
        for cell in notebook["cells"]
    ]
    return {"metadata": about, "language": language, "cells": cells}


@cache
def _version(name: str) -> str:
    """Return the version of an imported library; for one without a version, a checksum of its code."""
    try:
        return version(DISTRIBUTIONS.get(name, name))
    except PackageNotFoundError:
        pass
    if found := _distributions().get(name):
        return ", ".join(sorted({version(one) for one in found}))
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        spec = None
    if spec is None or spec.origin is None:
        return "none"
    files = [Path(spec.origin)]
    for folder in spec.submodule_search_locations or ():
        files += sorted(Path(folder).rglob("*.py"))
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()[:_DIGITS]


@cache
def _distributions() -> Mapping[str, Sequence[str]]:
    return packages_distributions()
