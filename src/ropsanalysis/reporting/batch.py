"""Many reports, each in a process of its own; a failure stays with the report that failed.

Where the system can fork, each process starts with everything imported: a report costs its own
computing and nothing else. Elsewhere (Windows) a fresh interpreter is started for each.
"""

from __future__ import annotations

import errno
import gc
import json
import multiprocessing
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Literal

from ropsanalysis.errors import RopsError
from ropsanalysis.reporting import worker
from ropsanalysis.reporting.worker import Job

Status = Literal["done", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one job ended.

    Attributes
    ----------
    cause
        A sentence where it failed; empty where it is done.
    files
        Finished files by format.
    usage
        Seconds, CPU seconds and peak memory, as far as the system tells.
    """

    job: Job
    status: Status
    cause: str = ""
    diagnostic: str = ""
    files: dict[str, Path] = field(default_factory=dict)
    usage: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class _Running:
    job: Job
    process: BaseProcess
    workdir: Path
    deadline: float


def run(
    jobs: Sequence[Job],
    *,
    workers: int,
    scratch: Path,
    on_change: Callable[[int, list[Job]], None],
    done: Callable[[Outcome], None],
) -> None:
    """Run the jobs, at most `workers` at a time.

    Parameters
    ----------
    scratch
        Folder for private directories, on the same disk as the targets; removed at the end.
    on_change
        Told the number of finished jobs and those running, whenever either changes.
    done
        Told each outcome as it comes; finished files are in place by then.

    Raises
    ------
    KeyboardInterrupt
        After all running processes were ended and the scratch folder removed.
    """
    context = _context()
    waiting, finished = list(reversed(jobs)), 0
    running: list[_Running] = []
    with _scratch(scratch), _terminable():
        try:
            while waiting or running:
                while waiting and len(running) < workers:
                    running.append(_start(waiting.pop(), context, scratch))
                on_change(finished, [r.job for r in running])
                limit = min(r.deadline for r in running) - time.monotonic()
                wait([r.process.sentinel for r in running], timeout=max(0.0, min(limit, 0.5)))
                for one in [r for r in running if not r.process.is_alive() or time.monotonic() > r.deadline]:
                    running.remove(one)
                    done(_end(one))
                    finished += 1
            on_change(finished, [])
        finally:
            for one in running:
                _kill(one.process)


def _context() -> Any:
    """Return how processes are started: forked on Linux, spawned where forking is unsafe or absent."""
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    _warm_up()
    gc.collect()
    gc.freeze()  # keeps the collector of each child from copying the parent's pages
    return multiprocessing.get_context("fork")


def _warm_up() -> None:
    """Do once, before forking, what every report would otherwise do first (fonts, styles, templates)."""
    from ropsanalysis.present import figures
    from ropsanalysis.reporting import html

    figures.intervals([figures.Interval("", 1, 1, 1, "region")], key="warm-up", label="")
    html.environment().get_template("report.html.j2")


@contextmanager
def _scratch(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _terminable() -> Iterator[None]:
    """Treat a polite request to end (SIGTERM) like Ctrl-C, so that it cleans up too."""

    def interrupt(signum: int, frame: object) -> None:
        del signum, frame
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _start(job: Job, context: Any, scratch: Path) -> _Running:
    workdir = scratch / f"{job.teryt}-{job.report}"
    workdir.mkdir(parents=True)
    process = context.Process(target=worker.work, args=(job, workdir), daemon=False)
    process.start()
    return _Running(job, process, workdir, time.monotonic() + job.time_limit)


def _end(one: _Running) -> Outcome:
    late = one.process.is_alive()
    _kill(one.process)
    one.process.join()
    try:
        if late:
            return _failed(one, f"took longer than {one.job.time_limit} s and was ended")
        if one.process.exitcode == 0 and (one.workdir / worker.RESULT).is_file():
            return _published(one)
        return _failed(one, _cause(one))
    finally:
        shutil.rmtree(one.workdir, ignore_errors=True)


def _published(one: _Running) -> Outcome:
    job, files = one.job, {}
    usage = json.loads((one.workdir / worker.RESULT).read_text(encoding="utf-8"))
    try:
        job.target.mkdir(parents=True, exist_ok=True)
        for name in job.formats:
            files[name] = job.target / f"{job.report}.{name}"
            os.replace(one.workdir / f"{job.report}.{name}", files[name])  # noqa: PTH105 - atomic on Windows too
    except OSError as error:
        return _failed(one, f"cannot write {files.get(name, job.target).name}: {_hint(error)}")
    return Outcome(job, "done", files=files, usage=usage)


def _failed(one: _Running, cause: str) -> Outcome:
    try:
        text = (one.workdir / worker.DIAGNOSTIC).read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    return Outcome(one.job, "failed", cause=cause, diagnostic=text)


def _cause(one: _Running) -> str:
    try:
        return str(json.loads((one.workdir / worker.FAILURE).read_text(encoding="utf-8"))["cause"])
    except (OSError, ValueError, KeyError):
        code = one.process.exitcode or 0
    if code < 0:
        name = signal.Signals(-code).name
        return f"its process was ended by {name}" + (" (out of memory?)" if name == "SIGKILL" else "")
    if code == errno.ENOSPC:
        return "no space left on the disk"
    return f"its process ended with code {code} before the report was finished"


def _hint(error: OSError) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return "no space left on the disk"
    if isinstance(error, PermissionError):
        return "no permission, or the file is open in another program; close it and render again"
    return error.strerror or type(error).__name__


def _kill(process: BaseProcess) -> None:
    """End the process and everything it started."""
    if process.pid is None:
        return
    try:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except ProcessLookupError:
        pass
    if process.is_alive():
        process.kill()  # it may not have made its own group yet
        process.join(5)


def check_room(folder: Path) -> None:
    """Make the folder and write a byte to it, so that a full or read-only disk is told at once.

    Raises
    ------
    RopsError
        The folder cannot be written to.
    """
    probe = folder / ".probe"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"0")
        probe.unlink()
    except OSError as error:
        raise RopsError(
            f"Cannot write to {folder}: {_hint(error)}. Nothing was changed; make room or choose another --out."
        ) from error
