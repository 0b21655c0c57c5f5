"""How a run gets its process: forked, freshly started, or out of a pool of processes that are used again.

A forked process starts with everything imported and ends with its report: nothing of one run can reach the next, and
a report costs its own computing alone. Where forking is absent or unsafe (Windows, macOS), processes of a pool import
everything once; what a notebook changed is put back before the next one, and a process in which anything went wrong,
or which was changed for good, is replaced. A freshly started process for each report is the slowest and the strictest.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Final, Protocol

from ropsanalysis.errors import UsageError
from ropsanalysis.reporting import pool, warm, worker
from ropsanalysis.reporting.job import Isolation, Job
from ropsanalysis.reporting.processes import Watch, cpu_seconds, family

#: Seconds that a started process may take until it has everything imported.
_GET_READY: Final = 120.0
#: Seconds for a process to end by itself before it is killed.
_GO: Final = 5.0


class Run(Protocol):
    """A run at work, as the batch sees it.

    Attributes
    ----------
    watch
        Looks at what the run's processes use.
    handles
        One of them becomes ready when the run may be over.
    deadline
        When it has run for too long, by the clock that never jumps.
    """

    watch: Watch
    handles: Sequence[Any]
    deadline: float

    def is_over(self) -> bool:
        """Return whether it has ended, in whatever way."""

    def end(self) -> int:
        """End it with all that it started, whether it is over or not; return its exit code, 0 for a good end."""


class Source(Protocol):
    """Where runs get their processes from."""

    def start(self, job: Job, workdir: Path) -> Run:
        """Start a run and return at once."""

    def close(self) -> None:
        """End what waits for more runs; runs still at work are ended by themselves."""


def source(isolation: Isolation | None, *, notebooks: Iterable[Path]) -> Source:
    """Return where runs get their processes from; by default forked on Linux, and out of a pool elsewhere.

    Parameters
    ----------
    notebooks
        Those that will be run: what they import is loaded beforehand.

    Raises
    ------
    UsageError
        This system cannot fork.
    """
    chosen = isolation or ("fork" if sys.platform == "linux" else "pool")
    if chosen == "pool":
        return _Pool(tuple(notebooks))
    if chosen == "process":
        return _OneEach("spawn")
    if not hasattr(os, "fork"):
        raise UsageError("This system cannot fork a process; choose --isolation pool or process.")
    warm.up(notebooks)
    return _OneEach("fork")


class _OneEach:
    """A process for each run, which ends with it."""

    def __init__(self, method: str) -> None:
        self._context: Any = multiprocessing.get_context(method)

    def start(self, job: Job, workdir: Path) -> _Own:
        process = self._context.Process(target=worker.work, args=(job, workdir), daemon=False)
        process.start()
        return _Own(process, time_limit=job.time_limit)

    def close(self) -> None:
        pass


class _Own:
    def __init__(self, process: BaseProcess, *, time_limit: float) -> None:
        self._process = process
        self.watch = Watch(_number(process))
        self.handles: Sequence[Any] = [process.sentinel]
        self.deadline = time.monotonic() + time_limit

    def is_over(self) -> bool:
        return not self._process.is_alive()

    def end(self) -> int:
        self.watch.end()
        self._process.join(_GO)
        return _code(self._process)


class _Pool:
    """Processes that make one report after the other; those that wait for the next are in `_idle`."""

    def __init__(self, notebooks: tuple[Path, ...]) -> None:
        self._context: Any = multiprocessing.get_context("spawn")
        self._notebooks = notebooks
        self._idle: list[_Member] = []

    def start(self, job: Job, workdir: Path) -> _Pooled:
        while self._idle:
            member = self._idle.pop()
            if member.process.is_alive():
                break
            member.end()
        else:
            member = self._new()
        return _Pooled(member, job, workdir, idle=self._idle)

    def close(self) -> None:
        for member in self._idle:
            member.connection.close()  # what it takes for the word to end
        for member in self._idle:
            member.process.join(_GO)
            member.end()
        self._idle.clear()

    def _new(self) -> _Member:
        here, there = self._context.Pipe()
        process = self._context.Process(target=pool.serve, args=(there, self._notebooks), daemon=False)
        process.start()
        there.close()
        return _Member(process, here)


class _Member:
    """A process of the pool and the line to it."""

    def __init__(self, process: BaseProcess, connection: Connection) -> None:
        self.process, self.connection = process, connection
        self.is_ready = False

    def end(self) -> int:
        Watch(_number(self.process)).end()
        self.process.join(_GO)
        self.connection.close()
        return _code(self.process)


class _Pooled:
    def __init__(self, member: _Member, job: Job, workdir: Path, *, idle: list[_Member]) -> None:
        self._member, self._idle = member, idle
        self._time_limit = job.time_limit
        self._answer: pool.Answer | None = None
        pid = _number(member.process)
        self.watch = Watch(pid, cpu_before=cpu_seconds(family(pid)))
        self.handles: Sequence[Any] = [member.connection, member.process.sentinel]
        self.deadline = time.monotonic() + job.time_limit + (0 if member.is_ready else _GET_READY)
        with suppress(OSError):  # it has gone, which `is_over` will find
            member.connection.send((job, workdir))

    def is_over(self) -> bool:
        try:
            while self._answer is None and self._member.connection.poll():
                self._hear(self._member.connection.recv())
        except (EOFError, OSError):
            return True  # the line is cut: the process has gone, or is going
        return self._answer is not None or not self._member.process.is_alive()

    def _hear(self, word: pool.Answer) -> None:
        if word == "ready":
            self._member.is_ready = True
            self.deadline = time.monotonic() + self._time_limit
        else:
            self._answer = word

    def end(self) -> int:
        if self._answer == "again":
            self.watch.end_children()
            self._idle.append(self._member)
            return 0
        code = self._member.end()
        return 0 if self._answer == "enough" else code


def _number(process: BaseProcess) -> int:
    if process.pid is None:
        raise ValueError("a process that was not started has no number")
    return process.pid


def _code(process: BaseProcess) -> int:
    return 0 if process.exitcode is None else process.exitcode
