"""What an edition consists of: every report with its files, checksums, cost and origin.

Times and machine facts live here and nowhere else, so that the reports themselves are the same bytes
on every run.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ropsanalysis
from ropsanalysis.io import atomic, provenance
from ropsanalysis.reporting import cache
from ropsanalysis.reporting.job import USAGE, Outcome
from ropsanalysis.reporting.spec import REPORTS

NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """One report of an edition that is in place.

    Attributes
    ----------
    area
        What the area is called.
    files
        Path relative to the edition's folder, by format.
    synthetic
        Whether any of the data were made up.
    stale
        Whether a newer run failed, or other reports were made from newer data.
    """

    report: str
    teryt: str
    area: str
    files: Mapping[str, str]
    synthetic: bool
    stale: bool


def update(
    folder: Path,
    outcomes: Iterable[Outcome],
    *,
    edition: str,
    build_records: Mapping[str, Mapping[str, Any]],
    inputs: Mapping[str, Mapping[str, Any]] | None = None,
) -> Path:
    """Write the edition's manifest: see `merged`. Nothing is written where nothing has changed.

    Files that would contradict the new ones beside them are removed.

    Raises
    ------
    RopsError
        The manifest cannot be written.
    """
    before = read(folder)
    document = merged(before, folder, outcomes, edition=edition, build_records=build_records, inputs=inputs)
    for path in sorted(_paths(before) - _paths(document)):
        (folder / path).unlink(missing_ok=True)
    if json.loads(json.dumps({**document, "written": before.get("written")})) == before:
        return folder / NAME
    return atomic.write_text(folder / NAME, json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def merged(
    before: Mapping[str, Any],
    folder: Path,
    outcomes: Iterable[Outcome],
    *,
    edition: str,
    build_records: Mapping[str, Mapping[str, Any]],
    inputs: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """Return a manifest in which new runs replace their old entries and other entries stay.

    Parameters
    ----------
    before
        What `read` gave.
    folder
        The edition's folder; paths in the manifest are relative to it.
    build_records
        Provenance of the processed tables by report; that of other reports is kept.
    inputs
        What the new runs were made from, by report: see `ropsanalysis.reporting.cache.Inputs`.
    """
    made_from = inputs or {}
    there = (_as_found(folder, run) for run in before.get("runs", []))
    runs = {(run["report"], run["teryt"]): run for run in there if run["files"] or run["status"] == "failed"}
    data = {**before.get("data", {}), **build_records}
    marks = {report: _digest(parts) for report, parts in made_from.items()}
    known = {**before.get("inputs", {}), **{marks[report]: parts for report, parts in made_from.items()}}
    for outcome in outcomes:
        key = (outcome.job.report, outcome.job.teryt)
        if outcome.status == "fresh":
            continue
        if outcome.status == "done":
            runs[key] = _run(folder, outcome, runs.get(key, {}), data[key[0]], marks.get(key[0], ""), known)
        else:
            earlier = {name: value for name, value in runs.get(key, {}).items() if name not in USAGE}
            runs[key] = {
                "files": {},
                **earlier,  # an earlier good report stays in place, with the data it was made from
                "report": key[0],
                "teryt": key[1],
                "status": "failed",
                "cause": outcome.cause,
                "finished": _now(),
                **outcome.usage,
            }
    for (report, _), run in runs.items():
        if report in made_from and run["status"] == "done" and _is_from(run, made_from[report]["data"], known):
            run["data_fingerprint"] = build_records[report].get("fingerprint")  # built anew, with the same result
    used = {file["inputs"] for run in runs.values() for file in run["files"].values() if "inputs" in file}
    return {
        "edition": edition,
        "package_version": ropsanalysis.__version__,
        "written": _now(),
        "data": {report: dict(data[report]) for report in sorted(data)},
        "inputs": {digest: known[digest] for digest in sorted(used & set(known))},
        "runs": [runs[key] for key in sorted(runs)],
    }


def read(folder: Path) -> dict[str, Any]:
    """Return the edition's manifest, empty where there is none or it cannot be read."""
    try:
        found: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def entries(folder: Path) -> list[Entry]:
    """Return the reports that are in place, by report and region."""
    found = []
    document = read(folder)
    data = document.get("data", {})
    for run in document.get("runs", []):
        files = {name: file["path"] for name, file in run["files"].items() if (folder / file["path"]).is_file()}
        if files and run["report"] in REPORTS:
            newest = data.get(run["report"], {}).get("fingerprint")
            stale = run["status"] == "failed" or run.get("data_fingerprint") != newest
            found.append(
                Entry(
                    report=run["report"],
                    teryt=run["teryt"],
                    area=run.get("region", ""),
                    files=files,
                    synthetic=bool(run.get("synthetic", False)),
                    stale=stale,
                )
            )
    return found


def _as_found(folder: Path, run: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entry of an earlier run; where none of its files is in place any more, without them."""
    files = run.get("files", {})
    return {**run, "files": files if any((folder / file["path"]).is_file() for file in files.values()) else {}}


def _paths(document: Mapping[str, Any]) -> set[str]:
    return {file["path"] for run in document.get("runs", []) for file in run.get("files", {}).values()}


def _is_from(run: Mapping[str, Any], data: Mapping[str, str], known: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether all files of a run were made from the very data."""
    keys = [file.get("inputs") for file in run.get("files", {}).values()]
    return bool(keys) and all(known.get(key, {}).get("data") == data for key in keys)


def _digest(parts: Mapping[str, Any]) -> str:
    return cache.Inputs(**parts).digest


def _run(
    folder: Path,
    outcome: Outcome,
    before: Mapping[str, Any],
    build_record: Mapping[str, Any],
    mark: str,
    known: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """Return the entry of a finished run; of its earlier files those stay that cannot contradict the new ones.

    `mark` is the key in `known` of what the run was made from; empty where that is not known.
    """
    job = outcome.job
    files = {name: _file(folder, path) for name, path in outcome.files.items()}
    if mark:
        for file in files.values():
            file["inputs"] = mark
    asked = {"parameters": dict(job.parameters), "previous": cache.of_file(job.previous)}
    same = all(before.get(name, "") == value for name, value in asked.items()) and (
        _is_from(before, known[mark]["data"], known)
        if mark
        else before.get("data_fingerprint") == build_record.get("fingerprint")
    )
    for name, earlier in before.get("files", {}).items():
        if name in files:
            continue
        if same:
            files[name] = earlier  # another format of the same report from the same data
    return {
        "report": job.report,
        "teryt": job.teryt,
        "region": job.called,
        "status": "done",
        "engine": job.engine,
        **asked,
        "package_version": ropsanalysis.__version__,
        "data_fingerprint": build_record.get("fingerprint"),
        "synthetic": build_record.get("synthetic", False),
        "finished": outcome.finished or _now(),
        **outcome.usage,
        "files": dict(sorted(files.items())),
    }


def _file(folder: Path, path: Path) -> dict[str, Any]:
    data = path.read_bytes()
    return {
        "path": path.relative_to(folder).as_posix(),
        "bytes": len(data),
        "sha256": provenance.sha256(data),
    }


def _now() -> str:
    return datetime.now(tz=UTC).isoformat(timespec="seconds")
