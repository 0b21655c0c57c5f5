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
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from ropsanalysis.errors import ReportError
from ropsanalysis.reporting import publish, worker
from ropsanalysis.reporting.job import Job, Outcome


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
    stop: Callable[[], bool] = lambda: False,
) -> None:
    """Run the jobs, at most `workers` at a time.

    Parameters
    ----------
    scratch
        Private directory of this batch, on the same disk as the targets.
    on_change
        Told the number of finished jobs and those running, whenever either changes.
    done
        Told each outcome as it comes; finished files are in place by then.
    stop
        Asked between any two steps, never in the middle of one; a yes ends the batch.

    Raises
    ------
    KeyboardInterrupt
        `stop` said yes; all running processes were ended.
    """
    context = _context()
    waiting, finished = list(reversed(jobs)), 0
    running: list[_Running] = []
    try:
        while waiting or running:
            if stop():
                raise KeyboardInterrupt
            while waiting and len(running) < workers:
                running.append(_start(waiting.pop(), context, scratch))
            on_change(finished, [r.job for r in running])
            limit = min(r.deadline for r in running) - time.monotonic()
            wait([r.process.sentinel for r in running], timeout=max(0.0, min(limit, 0.3)))
            for one in [r for r in running if not r.process.is_alive() or time.monotonic() > r.deadline]:
                done(_end(one))
                running.remove(one)
                finished += 1
        on_change(finished, [])
    finally:
        for one in running:
            _kill(one.process)


@contextmanager
def noted_signals() -> Iterator[list[int]]:
    """Note requests to end (Ctrl-C, SIGTERM, a closed terminal) instead of being cut off by them.

    A request that struck at any moment could leave one format of a report new and another old. The
    list that this yields fills with the signals that came; whoever runs looks at it between steps.
    """
    asked: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield asked  # only the main thread may handle signals
        return
    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), lambda number, _: asked.append(number)) for name in names}
    try:
        yield asked
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


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
    usage = json.loads((one.workdir / worker.RESULT).read_text(encoding="utf-8"))
    try:
        return publish.publish(one.job, one.workdir, usage=usage)
    except ReportError as error:
        return _failed(one, str(error))


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
        known = {number.value: number.name for number in signal.Signals}
        name = known.get(-code, f"signal {-code}")
        return f"its process was ended by {name}" + (" (out of memory?)" if name == "SIGKILL" else "")
    if code == errno.ENOSPC:
        return "no space left on the disk"
    return f"its process ended with code {code} before the report was finished"


def _kill(process: BaseProcess) -> None:
    """End the process and everything it started."""
    if process.pid is None:
        return
    try:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except (ProcessLookupError, PermissionError):
        pass  # it has gone already, or was never a group of ours; what is left of it ends below
    if process.is_alive():
        process.kill()  # it may not have made its own group yet
        process.join(5)
