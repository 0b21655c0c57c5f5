"""Which reports of an edition are what a run would make now, which are not, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ropsanalysis.io import provenance
from ropsanalysis.reporting import cache
from ropsanalysis.reporting.cache import Keys
from ropsanalysis.reporting.job import Job

State = Literal["fresh", "stale", "missing", "failed"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a report stands.

    Attributes
    ----------
    state
        `missing` where a file that is asked for is not there, `failed` where the last run failed, `stale` where a run
        would give something else or a file is not the one that was made.
    reasons
        Why it is not fresh.
    """

    job: Job
    state: State
    reasons: tuple[str, ...] = ()


def standings(
    folder: Path,
    document: Mapping[str, Any],
    jobs: Iterable[Job],
    keys: Keys,
    *,
    outdated: Mapping[str, Sequence[str]],
) -> list[Standing]:
    """Return how each job's report stands in an edition.

    Parameters
    ----------
    folder, document
        The edition's folder and its manifest.
    outdated
        By report what has changed since its tables were built, where they must be built anew first.
    """
    runs = {(run["report"], run["teryt"]): run for run in document.get("runs", [])}
    known = document.get("inputs", {})
    return [
        _standing(folder, job, runs.get((job.report, job.teryt), {}), known, keys, outdated.get(job.report))
        for job in jobs
    ]


def _standing(
    folder: Path,
    job: Job,
    run: Mapping[str, Any],
    known: Mapping[str, Any],
    keys: Keys,
    outdated: Sequence[str] | None,
) -> Standing:
    files = run.get("files", {})
    if run.get("status") == "failed":
        return Standing(job, "failed", (run["cause"],))
    if not files:
        return Standing(job, "missing", ("never rendered",))
    sums = {name: _sum(folder / files[name]["path"]) if name in files else "" for name in job.formats}
    if gone := [name for name, found in sums.items() if not found]:
        return Standing(job, "missing", (f"no {', '.join(gone)}",))
    reasons = [f"{files[name]['path']} changed by hand" for name in job.formats if sums[name] != files[name]["sha256"]]
    if outdated is not None:
        what = cache.listed("tables to be built anew", outdated)
        reasons += what or ["tables to be built anew"]
    for made_from, formats in _together(files, job.formats).items():
        now = keys.inputs(job.report, job.notebook, formats, compared=job.previous is not None)
        reasons += cache.changes(known.get(made_from), now)
    reasons += _asked(run, job)
    return Standing(job, "stale" if reasons else "fresh", tuple(dict.fromkeys(reasons)))


def _together(files: Mapping[str, Any], formats: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the formats of a report by the key of the run that made them."""
    found: dict[str, tuple[str, ...]] = {}
    for name in formats:
        key = files[name].get("inputs", "")
        found[key] = (*found.get(key, ()), name)
    return found


def _asked(run: Mapping[str, Any], job: Job) -> list[str]:
    """Return what is asked for otherwise than at the last run."""
    found = []
    old, new = run.get("parameters", {}), dict(job.parameters)
    names = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
    if names:
        found += cache.listed(
            "parameters", (f"{name} {old.get(name, 'default')} -> {new.get(name, 'default')}" for name in names)
        )
    if run.get("previous", "") != cache.of_file(job.previous):
        found.append("previous edition")
    return found


def _sum(path: Path) -> str:
    """Return a file's checksum, empty where there is none that can be read."""
    try:
        return provenance.sha256(path.read_bytes())
    except OSError:
        return ""
