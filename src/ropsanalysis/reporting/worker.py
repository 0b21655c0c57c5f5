"""What happens inside the one process that a report gets: run, render, check, leave the files.

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
from dataclasses import replace
from pathlib import Path

import nbformat

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

_EXPORTERS = {
    "html": ReportHTMLExporter,
    "pdf": ReportPDFExporter,
    "xlsx": ReportXLSXExporter,
    "json": ReportJSONExporter,
}


def work(job: Job, workdir: Path) -> None:
    """Make one report in this process; ends the process with a code that tells how it went."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(os, "setsid"):
        os.setsid()  # a group of its own, so that the parent can end it with all its children
        signal.alarm(job.time_limit + 30)  # should the parent be gone and a cell stop the lifeline, this ends it
    lifeline.end_with_parent()
    with (workdir / DIAGNOSTIC).open("ab", buffering=0) as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    os.environ[PROJECT_VARIABLE] = str(job.project)
    try:
        _make(job, workdir)
    except BaseException as error:  # noqa: BLE001 - the process ends here; the parent reports the cause
        _leave_failure(error, workdir)
        sys.exit(1)


def _make(job: Job, workdir: Path) -> None:
    started = time.perf_counter()
    cells = workdir / "cells"  # a notebook's stray files stay apart from the report's own
    cells.mkdir()
    notebook = run(job.notebook, job.parameters, engine=job.engine, workdir=cells, time_limit=job.time_limit)
    origin = lineage.of(Project(job.project), report=job.report, parameters=job.parameters, code=job.code)
    read = replace(document.read(notebook), lineage=origin)
    verify.check_cover(read, report=job.report, teryt=job.teryt)
    if job.previous is not None:
        read = chapter.added(read, job.previous)
    for name in job.formats:
        path = workdir / f"{job.report}.{name}"
        if name == "ipynb":
            nbformat.write(notebook, path)
            continue
        rendered = _EXPORTERS[name]().render(read)
        path.write_bytes(rendered if isinstance(rendered, bytes) else rendered.encode())
        verify.check(path, read)
    result = {"seconds": round(time.perf_counter() - started, 3), **_usage()}
    (workdir / RESULT).write_text(json.dumps(result), encoding="utf-8")


def _usage() -> dict[str, float]:
    """Return CPU seconds and peak memory (MiB) of this process, where the system tells."""
    try:
        import resource
    except ImportError:
        return {"cpu_seconds": round(time.process_time(), 3)}
    used = resource.getrusage(resource.RUSAGE_SELF)
    scale = 1 if sys.platform == "darwin" else 1024
    return {
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 3),
        "peak_memory_mib": round(used.ru_maxrss * scale / 2**20, 1),
    }


def _leave_failure(error: BaseException, workdir: Path) -> None:
    if isinstance(error, CellFailedError):
        cause, diagnostic = str(error), error.diagnostic
    elif isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        cause, diagnostic = "no space left on the disk", ""
    else:
        text = str(error) if isinstance(error, RopsError) else type(error).__name__
        cause, diagnostic = text, "".join(traceback.format_exception(error))
    try:
        (workdir / FAILURE).write_text(json.dumps({"cause": cause}), encoding="utf-8")
        with (workdir / DIAGNOSTIC).open("a", encoding="utf-8") as log:
            log.write(diagnostic)
    except OSError:
        os._exit(errno.ENOSPC)  # not even the cause can be written; the code says it
