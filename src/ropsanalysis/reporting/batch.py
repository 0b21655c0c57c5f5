"""Many reports, each run apart from the others; a failure stays with the report that failed.

A run that takes too long or holds too much memory is ended with all that it started. How it is kept apart from other
runs is told in `ropsanalysis.reporting.isolation`.
"""

from __future__ import annotations

import errno
import json
import shutil
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any, Final

from ropsanalysis.errors import ReportError
from ropsanalysis.reporting import isolation, publish, worker
from ropsanalysis.reporting.isolation import Run
from ropsanalysis.reporting.job import Isolation, Job, Outcome

#: Seconds between two looks at what runs use, and the longest that a request to stop waits.
_PAUSE: Final = 0.25
#: Of what a failed run printed, so many bytes are kept from its beginning and from its end.
_KEPT_BYTES: Final = 100_000


@dataclass(slots=True)
class _Running:
    job: Job
    run: Run
    workdir: Path
    breach: str = ""  # the limit that it broke, as a sentence


def run(
    jobs: Sequence[Job],
    *,
    workers: int,
    scratch: Path,
    on_change: Callable[[int, list[Job]], None],
    done: Callable[[Outcome], None],
    stop: Callable[[], bool] = lambda: False,
    isolated: Isolation | None = None,
) -> None:
    """Run the jobs, at most `workers` at a time.

    Parameters
    ----------
    scratch
        Private directory of this batch, on the same disk as the targets.
    on_change
        Told the number of finished jobs and those running, whenever either changes, and a few times a second.
    done
        Told each outcome as it comes; finished files are in place by then.
    stop
        Asked between any two steps, never in the middle of one; a yes ends the batch.
    isolated
        How runs are kept apart: see `isolation.source`.

    Raises
    ------
    KeyboardInterrupt
        `stop` said yes; all running processes were ended.
    UsageError
        This system has no such isolation.
    """
    source = isolation.source(isolated, notebooks={job.notebook for job in jobs})
    waiting, finished, looked = list(reversed(jobs)), 0, time.monotonic()
    running: list[_Running] = []
    try:
        while waiting or running:
            if stop():
                raise KeyboardInterrupt
            while waiting and len(running) < workers:
                running.append(_start(waiting.pop(), source, scratch))
            on_change(finished, [one.job for one in running])
            limit = min(one.run.deadline for one in running) - time.monotonic()
            wait([handle for one in running for handle in one.run.handles], timeout=max(0.0, min(limit, _PAUSE)))
            if time.monotonic() - looked >= _PAUSE:
                looked = time.monotonic()
                for one in running:
                    _look(one)
            for one in [one for one in running if one.breach or one.run.is_over() or _is_late(one)]:
                done(_end(one))
                running.remove(one)
                finished += 1
        on_change(finished, [])
    finally:
        for one in running:
            one.run.end()
        source.close()


def _start(job: Job, source: isolation.Source, scratch: Path) -> _Running:
    workdir = scratch / f"{job.teryt}-{job.report}"
    workdir.mkdir(parents=True)
    return _Running(job, source.start(job, workdir), workdir)


def _look(one: _Running) -> None:
    if one.run.watch.look(limit_mib=one.job.memory_limit):
        one.breach = f"it held more than {one.job.memory_limit} MiB of memory and was ended"


def _is_late(one: _Running) -> bool:
    if time.monotonic() > one.run.deadline:
        one.breach = f"it took longer than {one.job.time_limit} s and was ended"
    return bool(one.breach)


def _end(one: _Running) -> Outcome:
    if one.breach:
        one.run.watch.look(limit_mib=one.job.memory_limit)  # how much it had used by then
    code = one.run.end()
    try:
        if one.breach:
            return _failed(one, _placed(one, one.breach))
        if code == 0 and (one.workdir / worker.RESULT).is_file():
            return _published(one)
        return _failed(one, _cause(one, code))
    finally:
        shutil.rmtree(one.workdir, ignore_errors=True)


def _published(one: _Running) -> Outcome:
    usage = _usage(one, json.loads((one.workdir / worker.RESULT).read_text(encoding="utf-8")))
    try:
        return publish.publish(one.job, one.workdir, usage=usage)
    except ReportError as error:
        return _failed(one, str(error))


def _failed(one: _Running, cause: str) -> Outcome:
    own = _left(one).get("usage", {})
    text = _shortened(one.workdir / worker.DIAGNOSTIC)
    return Outcome(one.job, "failed", cause=cause, diagnostic=text, usage=_usage(one, own))


def _usage(one: _Running, own: dict[str, float]) -> dict[str, float]:
    """Return what a run used: as it told itself where it could, and never less than what was seen of it."""
    seen = one.run.watch.usage()
    return {**own, **{name: max(value, own.get(name, 0.0)) for name, value in seen.items()}}


def _left(one: _Running) -> dict[str, Any]:
    """Return what a failed run has left word of."""
    try:
        found = json.loads((one.workdir / worker.FAILURE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _cause(one: _Running, code: int) -> str:
    if "cause" in (left := _left(one)):
        return str(left["cause"])
    if code < 0:
        known = {number.value: number.name for number in signal.Signals}
        name = known.get(-code, f"signal {-code}")
        return _placed(one, f"its process was ended by {name}" + (" (out of memory?)" if name == "SIGKILL" else ""))
    if code == errno.ENOSPC:
        return "no space left on the disk"
    return _placed(one, f"its process ended with code {code} before the report was finished")


def _placed(one: _Running, cause: str) -> str:
    """Return the cause with the cell or the step that the run was in, where it came so far."""
    try:
        lines = (one.workdir / worker.WHERE).read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    return f"{lines[-1]}: {cause}" if lines else cause


def _shortened(path: Path) -> str:
    """Return what a run printed, without the middle where it printed very much."""
    try:
        with path.open("rb") as file:
            start = file.read(_KEPT_BYTES)
            size = path.stat().st_size
            file.seek(max(size - _KEPT_BYTES, len(start)))
            end = file.read(_KEPT_BYTES)
    except OSError:
        return ""
    left_out = size - len(start) - len(end)
    gap = f"\n[{left_out} bytes left out]\n".encode() if left_out > 0 else b""
    return (start + gap + end).decode("utf-8", errors="replace")
