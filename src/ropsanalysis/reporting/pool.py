"""A process of the pool: everything is imported once, and then it makes one report after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, Literal

import psutil

from ropsanalysis.reporting import lifeline, pdf, state, warm, worker
from ropsanalysis.reporting.job import Job

#: `ready` once everything is imported; after a report `again` when the process can make another, `enough` when not.
Answer = Literal["ready", "again", "enough"]

#: Reports after which a process is replaced, and growth of its memory (MiB) at which it is.
_MOST_REPORTS: Final = 50
_MOST_GROWTH_MIB: Final = 300


def serve(connection: Connection, notebooks: Iterable[Path]) -> None:
    """Make the reports that come through the line, until it is closed or this process should be replaced.

    Parameters
    ----------
    notebooks
        Those that will be run: what they import is loaded beforehand, so that it counts as unchanged.
    """
    worker.begin()
    lifeline.end_with_parent()
    warm.up(notebooks)
    watched = state.Watched()
    with suppress(OSError):  # whoever waited for the answer has gone
        _say(connection, "ready")
        first: float | None = None
        for number, (job, workdir) in enumerate(_jobs(connection), start=1):
            with state.kept():
                worker.end_after(job.time_limit)
                good = worker.make(job, workdir)
            if "pdf" in job.formats:
                pdf.forget()
            held = psutil.Process().memory_info().rss / 2**20
            first = held if first is None else first  # libraries load parts of themselves with the first report
            fit = good and number < _MOST_REPORTS and held - first < _MOST_GROWTH_MIB and not watched.changes()
            _say(connection, "again" if fit else "enough")
            if not fit:
                return


def _say(connection: Connection, answer: Answer) -> None:
    connection.send(answer)


def _jobs(connection: Connection) -> Iterator[tuple[Job, Path]]:
    with suppress(EOFError):
        while True:
            yield connection.recv()
