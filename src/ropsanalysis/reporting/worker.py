"""What happens inside the process that makes a report: run, render, check, leave the files.

Everything is written to a private directory. The parent moves the files into place only after this
process has said, by its `result.json`, that all of them are whole.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

import nbformat
import psutil

from ropsanalysis.errors import RopsError
from ropsanalysis.io.paths import PROJECT_VARIABLE, Project
from ropsanalysis.reporting import document, lifeline, lineage, verify
from ropsanalysis.reporting.editions import chapter
from ropsanalysis.reporting.execute import CellFailedError, run
from ropsanalysis.reporting.exporters import (
    ReportHTMLExporter,
    ReportJSONExporter,
    ReportPDFExporter,
    ReportXLSXExporter,
)
from ropsanalysis.reporting.job import Job

RESULT, FAILURE, DIAGNOSTIC = "result.json", "failure.json", "output.log"
#: Where a run is, line by line: a process that is ended from outside cannot say it any more.
WHERE = "where.txt"

_MIB: Final = 2**20
#: Seconds beyond its time limit after which a run ends itself, should nobody be there to end it.
_GRACE: Final = 30

_EXPORTERS = {
    "html": ReportHTMLExporter,
    "pdf": ReportPDFExporter,
    "xlsx": ReportXLSXExporter,
    "json": ReportJSONExporter,
}


def work(job: Job, workdir: Path) -> None:
    """Make one report in this process, which is its own; ends the process with a code that tells how it went."""
    begin()
    end_after(job.time_limit)
    lifeline.end_with_parent()
    sys.exit(0 if make(job, workdir) else 1)


def begin() -> None:
    """Make this process one that ends when it is told to, with everything that it started."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(os, "setsid"):
        os.setsid()  # a group of its own, so that the parent can end it with all its children


def end_after(time_limit: float) -> None:
    """See to it that a run ends even where its parent is gone and a cell has stopped what watches the parent."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, time_limit + _GRACE)


def make(job: Job, workdir: Path) -> bool:
    """Make one report in this process; return whether it is whole.

    The files, or the cause of a failure, are left in `workdir`; nothing is raised. Environment, working directory
    and much else may be changed afterwards: see `ropsanalysis.reporting.state`.
    """
    _begin_to_measure()
    before = _cpu_seconds()
    started = time.perf_counter()
    try:
        with _printing_to(workdir / DIAGNOSTIC):
            os.environ[PROJECT_VARIABLE] = str(job.project)
            _make(job, workdir)
            usage = _usage(started, before)
            (workdir / RESULT).write_text(json.dumps(usage), encoding="utf-8")
    except BaseException as error:  # noqa: BLE001 - whatever a notebook raises, the parent reports it
        _leave_failure(error, workdir, usage=_usage(started, before))
        return False
    return True


def _make(job: Job, workdir: Path) -> None:
    cells = workdir / "cells"  # a notebook's stray files stay apart from the report's own
    cells.mkdir()
    with (workdir / WHERE).open("ab", buffering=0) as where:
        notebook = run(
            job.notebook,
            job.parameters,
            engine=job.engine,
            workdir=cells,
            time_limit=job.time_limit,
            on_cell=lambda number: where.write(f"cell {number}\n".encode()),
        )
        where.write(b"reading the notebook\n")
        origin = lineage.of(Project(job.project), report=job.report, parameters=job.parameters, code=job.code)
        read = replace(document.read(notebook), lineage=origin)
        verify.check_cover(read, report=job.report, teryt=job.teryt)
        if job.previous is not None:
            read = chapter.added(read, job.previous)
        for name in job.formats:
            where.write(f"writing {name}\n".encode())
            path = workdir / f"{job.report}.{name}"
            if name == "ipynb":
                nbformat.write(notebook, path)
                continue
            rendered = _EXPORTERS[name]().render(read)
            path.write_bytes(rendered if isinstance(rendered, bytes) else rendered.encode())
            verify.check(path, read)


@contextmanager
def _printing_to(path: Path) -> Iterator[None]:
    """Lead what this process and its children print past Python into a file."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    kept = [(number, os.dup(number)) for number in (1, 2)]
    try:
        with path.open("ab", buffering=0) as log:
            for number, _ in kept:
                os.dup2(log.fileno(), number)
        yield
    finally:
        for number, copy in kept:
            os.dup2(copy, number)
            os.close(copy)


def _begin_to_measure() -> None:
    """Let Linux forget the most memory that this process ever held: it may have made other reports before."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _cpu_seconds() -> float:
    """Return the processor time of this process and of its children that have ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _usage(started: float, cpu_before: float) -> dict[str, float]:
    return {
        "seconds": round(time.perf_counter() - started, 3),
        "cpu_seconds": round(_cpu_seconds() - cpu_before, 3),
        "peak_memory_mib": round(_peak_mib(), 1),
    }


def _peak_mib() -> float:
    """Return the most memory that this process held since the report was begun, where the system tells."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
        return next(float(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        pass
    info = psutil.Process().memory_info()
    return float(getattr(info, "peak_wset", info.rss)) / _MIB


def _leave_failure(error: BaseException, workdir: Path, *, usage: dict[str, float]) -> None:
    if isinstance(error, CellFailedError):
        cause, diagnostic = str(error), error.diagnostic
    elif isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        cause, diagnostic = "no space left on the disk", ""
    else:
        text = str(error) if isinstance(error, RopsError) else type(error).__name__
        cause, diagnostic = text, "".join(traceback.format_exception(error))
    try:
        (workdir / FAILURE).write_text(json.dumps({"cause": cause, "usage": usage}), encoding="utf-8")
        with (workdir / DIAGNOSTIC).open("a", encoding="utf-8") as log:
            log.write(diagnostic)
    except OSError:
        os._exit(errno.ENOSPC)  # not even the cause can be written; the code says it
