"""Finished files moved into place, so that a batch killed in the middle of it can be completed later.

Before the first file of a report is moved, a note in the batch's private directory says which are to be there and
with which content. Whoever finds the note after the batch was killed moves the rest. Where that cannot be done, the
checksums tell that the report is not whole.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from ropsanalysis.errors import ReportError, RopsError
from ropsanalysis.io import provenance
from ropsanalysis.reporting import job as jobs
from ropsanalysis.reporting.job import Job, Outcome

_NOTES: Final = "notes"
_ABOUT: Final = "about.json"


@dataclass(frozen=True, slots=True)
class Left:
    """What a killed batch had finished.

    Attributes
    ----------
    records, inputs
        Provenance of the tables and key of the run, by report, as the manifest takes them.
    outcomes
        Reports whose files are all in place now.
    """

    edition: str
    records: dict[str, dict[str, Any]]
    inputs: dict[str, dict[str, Any]]
    outcomes: tuple[Outcome, ...]


def begin(
    scratch: Path, *, edition: str, records: Mapping[str, Mapping[str, Any]], inputs: Mapping[str, Mapping[str, Any]]
) -> None:
    """Note in a batch's private directory what all its reports are made from."""
    with suppress(OSError):
        (scratch / _NOTES).mkdir()
    _note(scratch / _ABOUT, {"edition": edition, "records": records, "inputs": inputs})


def publish(job: Job, workdir: Path, *, usage: dict[str, float]) -> Outcome:
    """Move the finished files into place: all of them, or none where one cannot be moved.

    Parameters
    ----------
    workdir
        Where they are: in a folder of its own in the batch's private directory.

    Raises
    ------
    ReportError
        A file cannot be moved; the earlier ones are back in place.
    """
    sources = {name: workdir / f"{job.report}.{name}" for name in job.formats}
    files = {name: job.target / source.name for name, source in sources.items()}
    note = workdir.parent / _NOTES / f"{workdir.name}.json"
    kept: dict[str, Path] = {}
    moved: list[str] = []
    finished = datetime.now(tz=UTC).isoformat(timespec="seconds")
    name = job.formats[0]
    try:
        sums = {name: provenance.sha256(path.read_bytes()) for name, path in sources.items()}
        job.target.mkdir(parents=True, exist_ok=True)
        for name, path in files.items():
            if path.exists():
                kept[name] = _keep(path, workdir / f"before.{name}")
        folder = workdir.parent.parent
        _note(note, {"job": jobs.as_json(job, folder), "sha256": sums, "usage": usage, "finished": finished})
        for name, path in files.items():
            os.replace(sources[name], path)  # noqa: PTH105 - atomic on Windows too
            moved.append(name)
    except OSError as error:
        note.unlink(missing_ok=True)
        for earlier in moved:
            _put_back(files[earlier], kept.get(earlier))
        raise ReportError(f"cannot write {job.report}.{name}: {hint(error)}") from error
    return Outcome(job, "done", files=files, usage=usage, finished=finished)


def recover(scratch: Path, *, move: bool = True) -> Left | None:
    """Complete what a killed batch had begun to move; None where it left no word of what it made.

    Parameters
    ----------
    scratch
        Its private directory, in the edition's folder. It is left as it is.
    move
        Whether to move what is left of a report, or to tell only of those in place: a batch may be at work.
    """
    about = _read(scratch / _ABOUT)
    outcomes = [_complete(scratch, path, move=move) for path in sorted((scratch / _NOTES).glob("*.json"))]
    try:
        return Left(about["edition"], about["records"], about["inputs"], tuple(one for one in outcomes if one))
    except KeyError:
        return None


def check_room(folder: Path) -> None:
    """Make the folder and write a byte to it, so that a full or read-only disk is told at once.

    Raises
    ------
    RopsError
        The folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"0")
            probe.flush()
    except OSError as error:
        raise RopsError(
            f"Cannot write to {folder}: {hint(error)}. Nothing was changed; make room or choose another --out."
        ) from error


def hint(error: OSError) -> str:
    """Return in a few words why a file cannot be written, and what to do."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return "no space left on the disk"
    if isinstance(error, PermissionError):
        return "no permission, or the file is open in another program; close it and render again"
    return error.strerror or type(error).__name__


def _complete(scratch: Path, note: Path, *, move: bool) -> Outcome | None:
    """Move what is left to move of one report; None where its files are not all to be had."""
    found = _read(note)
    try:
        job = jobs.from_json(found["job"], scratch.parent)
        files = {name: job.target / f"{job.report}.{name}" for name in job.formats}
        sources = {name: scratch / note.stem / path.name for name, path in files.items()}
        missing = [name for name, path in files.items() if _sum(path) != found["sha256"][name]]
        if missing and not move:
            return None
        if any(_sum(sources[name]) != found["sha256"][name] for name in missing):
            return None
        for name in missing:
            os.replace(sources[name], files[name])  # noqa: PTH105
        return Outcome(job, "done", files=files, usage=found["usage"], finished=found["finished"])
    except (OSError, KeyError, TypeError, AttributeError):
        return None


def _keep(path: Path, spare: Path) -> Path:
    """Keep a file under a second name, which needs no room, or as a copy where the disk knows no such thing."""
    try:
        spare.hardlink_to(path)
    except OSError:
        shutil.copy2(path, spare)
    return spare


def _put_back(path: Path, spare: Path | None) -> None:
    with suppress(OSError):
        if spare is None:
            path.unlink()
        else:
            os.replace(spare, path)  # noqa: PTH105


def _note(path: Path, content: Mapping[str, Any]) -> None:
    """Write a note, whole or not at all; without room for it, the batch goes on and cannot be completed if killed."""
    temporary = path.with_name(f"{path.name}.tmp")
    with suppress(OSError):
        temporary.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        os.replace(temporary, path)  # noqa: PTH105


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _sum(path: Path) -> str:
    try:
        return provenance.sha256(path.read_bytes())
    except FileNotFoundError:
        return ""
