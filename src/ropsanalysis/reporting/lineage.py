"""What a report's JSON says of its origin: files with checksums, choices of method, versions.

From this a later edition reads why its numbers differ. Sizes and numbers of rows stay out: those of a survey hint at
how many answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import ropsanalysis
from ropsanalysis.io import built, catalogue
from ropsanalysis.io.paths import Project
from ropsanalysis.reporting.spec import FILLED_IN, REPORTS, Scalar


def of(project: Project, *, report: str, parameters: Mapping[str, Scalar], code: str) -> dict[str, Any]:
    """Return the origin of one report as JSON-ready values; the same project gives the same values.

    Parameters
    ----------
    report
        Key of the report; its tables were built, or there would be no report.
    parameters
        What its notebook was given.
    code
        Checksum of the notebook and the code that computed the report.
    """
    own = {name: value for name, value in parameters.items() if name not in FILLED_IN}
    record = built.recorded(project, report)
    datasets = _datasets(record, cited="")
    choices = _choices({**record["parameters"], **own}, prefix="")
    for key in built.TOPICS[report].derived_from:
        if source := built.recorded(project, key):
            choices.update(_choices(source["parameters"], prefix=f"{key}."))
            for name, dataset in _datasets(source, cited=REPORTS[key].title).items():
                known = datasets.setdefault(name, {"sources": [], "files": {}})
                known["sources"] += dataset["sources"]
                known["files"].update(dataset["files"])
    return {
        "package_version": ropsanalysis.__version__,
        "code": code,
        "libraries": dict(record["libraries"]),
        "datasets": datasets,
        "choices": choices,
    }


def _datasets(record: Mapping[str, Any], *, cited: str) -> dict[str, dict[str, Any]]:
    """Return the files of each dataset, and how a report cites it: by its source, or by the report it came through."""
    datasets: dict[str, dict[str, Any]] = {}
    for file in record["files"]:
        name = next((part for part in file["path"].split("/") if part in record["datasets"]), "")
        source = cited or record["datasets"].get(name, {}).get("source", "")
        dataset = datasets.setdefault(name, {"sources": [source] if source else [], "files": {}})
        dataset["files"][file["path"]] = file["sha256"]
    return datasets


def _choices(values: Mapping[str, Any], *, prefix: str) -> dict[str, dict[str, Any]]:
    words = _descriptions(frozenset(values))
    return {f"{prefix}{name}": {"value": value, "description": words.get(name, "")} for name, value in values.items()}


@cache
def _descriptions(names: frozenset[str]) -> dict[str, str]:
    """Return what the catalogue says of choices of these names; one file of it has them all."""
    folder = files("ropsanalysis.catalogue")
    for path in sorted(path.name for path in folder.iterdir() if path.name.endswith(built.CHOICES)):
        entries = catalogue.parameters(path.removesuffix(".yaml"))
        if names and names >= {entry.name for entry in entries}:
            return {entry.name: entry.description for entry in entries}
    return {}
