"""A process with all that it started: what it uses, and how it is ended.

A run may start processes, and a Jupyter kernel is one, in a process group of its own. All of them count as the run.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil

_MIB: Final = 2**20


@dataclass(slots=True)
class Watch:
    """What a run has used, as far as it was seen from outside: it may be killed before it can say so itself.

    Attributes
    ----------
    pid
        The process that the run was given.
    cpu_before
        Processor time that this process had used for earlier runs.
    largest_mib
        Memory of the run's largest process, the most that was seen.
    cpu_seconds
        Processor time of all its processes.
    """

    pid: int
    cpu_before: float = 0.0
    largest_mib: float = 0.0
    cpu_seconds: float = 0.0
    _seen: list[psutil.Process] = field(default_factory=list)

    def look(self, *, limit_mib: float) -> bool:
        """Look at all processes of the run; return whether they hold more memory together than the limit.

        What several of them share counts once, where the system can tell.
        """
        self._seen = family(self.pid) or self._seen
        held = [_resident_mib(process) for process in self._seen]
        self.largest_mib = max(self.largest_mib, *held, 0.0)
        self.cpu_seconds = max(self.cpu_seconds, cpu_seconds(self._seen) - self.cpu_before)
        return sum(held) > limit_mib and sum(_share_mib(process) for process in self._seen) > limit_mib

    def usage(self) -> dict[str, float]:
        """Return what was seen as the manifest tells it; empty before the first look."""
        if not self._seen:
            return {}
        return {"cpu_seconds": round(self.cpu_seconds, 3), "peak_memory_mib": round(self.largest_mib, 1)}

    def end_children(self) -> None:
        """Kill what the run's process has started and left running; the process itself stays."""
        _kill(family(self.pid)[1:])

    def end(self) -> None:
        """Kill every process of the run that is there, or was at the last look and still is."""
        end(self.pid)
        _kill(self._seen)


def family(pid: int) -> list[psutil.Process]:
    """Return a process and all that descend from it, itself first; empty where it has gone."""
    found: list[psutil.Process] = []
    waiting = [pid]
    while waiting:
        with suppress(psutil.Error):
            process = psutil.Process(waiting.pop())
            found.append(process)
            waiting += _children(process)
    return found


def cpu_seconds(found: Iterable[psutil.Process]) -> float:
    """Return the processor time that processes have used, with that of children which have ended."""
    total = 0.0
    for process in found:
        with suppress(psutil.Error):
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def end(pid: int) -> None:
    """Kill a process with everything that it started, in whatever group that is; the process itself last."""
    started = family(pid)
    _kill(started[1:])
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):  # gone already, or never a group of its own
            os.killpg(pid, signal.SIGKILL)
    _kill(started[:1])


def _kill(found: list[psutil.Process]) -> None:
    for process in found:
        with suppress(psutil.Error):  # it has gone; psutil does not kill another that has its number now
            process.kill()


def _children(process: psutil.Process) -> list[int]:
    """Return the numbers of a process's children: from Linux itself, which need not look through all processes."""
    try:
        tasks = list(Path(f"/proc/{process.pid}/task").iterdir())
        return [int(number) for task in tasks for number in (task / "children").read_text(encoding="ascii").split()]
    except OSError:
        return [child.pid for child in process.children()]


def _resident_mib(process: psutil.Process) -> float:
    with suppress(psutil.Error):
        return float(process.memory_info().rss) / _MIB
    return 0.0


def _share_mib(process: psutil.Process) -> float:
    """Return a process's memory with its part of what it shares; all of what it shares where that is not told."""
    with suppress(psutil.Error):
        info = process.memory_full_info()
        return float(getattr(info, "pss", info.rss)) / _MIB
    return 0.0
