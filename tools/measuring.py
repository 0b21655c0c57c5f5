"""What the parts of the benchmark share: running a command and what it took, clocks, medians, rows of a table.

Nothing heavy is imported: a child's peak memory is counted from that of the process it was started from.
"""

from __future__ import annotations

import argparse
import json
import os
import pkgutil
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

#: Would make one route compile in every process what the other route finds compiled.
FOREIGN = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONPROFILEIMPORTTIME", "PYTHONVERBOSE")
#: Libraries that compute in several threads otherwise.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True, slots=True)
class Usage:
    """What one command took.

    Attributes
    ----------
    seconds
        Wall time.
    peak_mib
        Peak memory of the largest process, the command's children included; None where the system does
        not tell (Windows).
    cpu_seconds
        CPU time of all its processes; None where the system does not tell.
    """

    seconds: float
    peak_mib: float | None
    cpu_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """Middle and ends of some measurements."""

    median: float
    low: float
    high: float

    def text(self, digits: int = 1) -> str:
        """Write as ``median (low–high)``."""
        return f"{self.median:.{digits}f} ({self.low:.{digits}f}–{self.high:.{digits}f})"


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a build; the CPU time is that of the process and of its children."""

    name: str
    cpu_seconds: float
    seconds: float


def spread(values: Sequence[float]) -> Spread:
    """Return median, smallest and largest value.

    Raises
    ------
    ValueError
        If there is no value.
    """
    if not values:
        raise ValueError("nothing was measured")
    return Spread(statistics.median(values), min(values), max(values))


def row(cells: Sequence[str]) -> str:
    """Return a row of a Markdown table."""
    return "| " + " | ".join(cells) + " |"


def rows(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table whose columns after the first are numbers."""
    return "\n".join([row(head), row(["---", *["---:"] * (len(head) - 1)]), *map(row, body)])


def spaced(number: int) -> str:
    """Write a whole number with a space between thousands."""
    return f"{number:,}".replace(",", " ")


def mib(peak: float | None) -> str:
    """Write a peak memory."""
    return "unknown" if peak is None else f"{peak:.0f}"


def decimal(seconds: float | None) -> str:
    """Write seconds with one decimal."""
    return "unknown" if seconds is None else f"{seconds:.1f}"


def environment() -> dict[str, str]:
    """Return the caller's environment without what would slow one route down."""
    return {name: value for name, value in os.environ.items() if name not in FOREIGN}


def program(name: str) -> str:
    """Return a command of this environment.

    Raises
    ------
    SystemExit
        If the environment does not have it.
    """
    found = shutil.which(name, path=sysconfig.get_path("scripts"))
    if found is None:
        raise SystemExit(f"{name} is not in this environment; run it as: make bench")
    return found


def run(*command: str | Path, cwd: Path, variables: Mapping[str, str] | None = None) -> Usage:
    """Run a command to its end, with some environment variables set besides the caller's.

    Raises
    ------
    SystemExit
        If it fails; with the end of what it printed.
    """
    with tempfile.TemporaryFile() as log:
        began = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd,
            env=environment() | dict(variables or {}),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        code, peak_mib, cpu = _wait(process)
        usage = Usage(time.perf_counter() - began, peak_mib, cpu)
        if code:
            log.seek(0)
            tail = log.read().decode(errors="replace")[-3000:]
            raise SystemExit(f"{' '.join(map(str, command))}\nended with code {code}:\n{tail}")
    return usage


def _wait(process: subprocess.Popen[bytes]) -> tuple[int, float | None, float | None]:
    """Return exit code, peak memory (MiB) and CPU seconds of a process and of the children it waited for."""
    if sys.platform == "win32":
        return process.wait(), None, None
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    scale = 1 if sys.platform == "darwin" else 1024
    return process.returncode, used.ru_maxrss * scale / 2**20, used.ru_utime + used.ru_stime


def say(text: str) -> None:
    """Tell the user, on stderr: stdout is for results."""
    print(text, file=sys.stderr, flush=True)


# Measurements that are processes of their own -------------------------------------------------------------


def child(
    script: str, job: str, project: Path, scratch: Path, *numbers: int, variables: Mapping[str, str] | None = None
) -> tuple[Any, Usage]:
    """Run one job of a script (see `serve`) as a process of its own; return what it found and what it took."""
    result = scratch / f"{job}.json"
    # Pseudonyms need a key; the user's own is left alone.
    own = {"ROPSANALYSIS_KEY_FILE": str(scratch / "pseudonyms.key"), "ROPSANALYSIS_PROJECT": str(project)}
    command = (sys.executable, Path(script).resolve(), job, project, result, *map(str, numbers))
    usage = run(*command, cwd=project, variables=own | dict(variables or {}))
    return json.loads(result.read_text(encoding="utf-8")), usage


def serve(jobs: Mapping[str, Callable[..., Any]]) -> None:
    """Do the job that the command line names, and write what it found; a job takes the project and whole numbers."""
    parser = argparse.ArgumentParser(description="Make one measurement; tools/bench.py runs them all.")
    parser.add_argument("job", choices=jobs)
    parser.add_argument("project", type=Path)
    parser.add_argument("result", type=Path)
    parser.add_argument("numbers", type=int, nargs="*", help="what the job takes besides")
    chosen = parser.parse_args()
    found = jobs[chosen.job](chosen.project, *chosen.numbers)
    chosen.result.write_text(json.dumps(found), encoding="utf-8")


@dataclass(slots=True)
class Clocks:
    """Clocks on functions: what each took over all its calls, without what others of them took inside it."""

    stages: dict[str, Stage] = field(default_factory=dict)
    _inside: list[list[float]] = field(default_factory=list)

    @contextmanager
    def on(self, functions: Mapping[str, str]) -> Iterator[None]:
        """Put clocks on functions: the name of a stage, and where the function is looked up when it is called."""
        with ExitStack() as stack:
            for stage, target in functions.items():
                clocked = self._clocked(pkgutil.resolve_name(target), stage)
                stack.enter_context(mock.patch(target, clocked))
            yield

    def _clocked(self, function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        def call(*positional: Any, **named: Any) -> Any:
            with self._time(stage):
                return function(*positional, **named)

        return call

    @contextmanager
    def _time(self, stage: str) -> Iterator[None]:
        began = cpu_seconds(), time.perf_counter()
        self._inside.append([0.0, 0.0])
        yield
        whole = [cpu_seconds() - began[0], time.perf_counter() - began[1]]
        others = self._inside.pop()
        if self._inside:
            self._inside[-1] = [a + b for a, b in zip(self._inside[-1], whole, strict=True)]
        before = self.stages.get(stage, Stage(stage, 0.0, 0.0))
        self.stages[stage] = Stage(
            stage, before.cpu_seconds + whole[0] - others[0], before.seconds + whole[1] - others[1]
        )


def cpu_seconds() -> float:
    """Return the CPU time of this process and of the children it waited for."""
    return sum(os.times()[:4])


def in_turn(jobs: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, tuple[float, ...]]:
    """Return the CPU seconds of each job in each round; the order changes from round to round."""
    taken: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(repeats):
        for name in jobs if number % 2 == 0 else reversed(list(jobs)):
            began = time.process_time()
            jobs[name]()
            taken[name].append(time.process_time() - began)
    return {name: tuple(values) for name, values in taken.items()}


def stay_on_one_core() -> None:
    """Hold this process on one core, where the system allows it."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
