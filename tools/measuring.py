"""What both parts of the benchmark share: running a command and what it took, medians, rows of a table.

Nothing heavy is imported: a child's peak memory is counted from that of the process it was started from.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

#: Would make one route compile in every process what the other route finds compiled.
FOREIGN = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONPROFILEIMPORTTIME", "PYTHONVERBOSE")


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
    """

    seconds: float
    peak_mib: float | None


@dataclass(frozen=True, slots=True)
class Spread:
    """Middle and ends of some measurements."""

    median: float
    low: float
    high: float

    def text(self, digits: int = 1) -> str:
        """Write as ``median (low–high)``."""
        return f"{self.median:.{digits}f} ({self.low:.{digits}f}–{self.high:.{digits}f})"


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


def mib(peak: float | None) -> str:
    """Write a peak memory."""
    return "unknown" if peak is None else f"{peak:.0f}"


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
        code, peak_mib = _wait(process)
        usage = Usage(time.perf_counter() - began, peak_mib)
        if code:
            log.seek(0)
            tail = log.read().decode(errors="replace")[-3000:]
            raise SystemExit(f"{' '.join(map(str, command))}\nended with code {code}:\n{tail}")
    return usage


def _wait(process: subprocess.Popen[bytes]) -> tuple[int, float | None]:
    """Return exit code and peak memory (MiB) of a process and of the children it waited for."""
    if sys.platform == "win32":
        return process.wait(), None
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    scale = 1 if sys.platform == "darwin" else 1024
    return process.returncode, used.ru_maxrss * scale / 2**20


def say(text: str) -> None:
    """Tell the user, on stderr: stdout is for results."""
    print(text, file=sys.stderr, flush=True)
