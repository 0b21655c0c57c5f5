"""A process that runs reports one after the other for somebody who sends them: a worker of a cluster.

Such a worker may not start processes the way a batch does, nor may what it has loaded be forked. This process may,
and has everything imported. Orders come in and answers go out as lines of JSON.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, Any, Final

from ropsanalysis.io import built
from ropsanalysis.io.paths import Project
from ropsanalysis.reporting import batch, lifeline, parcel
from ropsanalysis.reporting.job import Job, Outcome

#: In the environment of a run: the time that a report's files are given.
_EPOCH: Final = "SOURCE_DATE_EPOCH"


def serve() -> None:
    """Answer each order on stdin with a line on stdout, until there are no more or whoever sends them has ended."""
    gone = lifeline.starter_gone()
    with _own_streams() as (orders, answers):
        while line := orders.readline():
            order = json.loads(line)
            try:
                answer = _answer(order, gone)
            except KeyboardInterrupt:  # nobody is there to hear it
                return
            answers.write(json.dumps(answer) + "\n")
            answers.flush()


def _answer(order: dict[str, Any], gone: Callable[[], bool]) -> dict[str, Any]:
    folder, project = Path(order["folder"]), Path(order["project"])
    _set(_EPOCH, order["epoch"])
    job = parcel.received(order["job"], project, folder)
    _ready(project, job.report)
    outcome = _run(job, folder / "work", gone)
    return {
        "status": outcome.status,
        "cause": outcome.cause,
        "diagnostic": outcome.diagnostic,
        "usage": outcome.usage,
        "files": {name: str(path) for name, path in outcome.files.items()},
    }


def _run(job: Job, scratch: Path, gone: Callable[[], bool]) -> Outcome:
    outcomes: list[Outcome] = []
    scratch.mkdir(parents=True, exist_ok=True)
    batch.run([job], workers=1, scratch=scratch, on_change=lambda *_: None, done=outcomes.append, stop=gone)
    return outcomes[0]


@cache
def _ready(project: Path, report: str) -> None:
    """Find out once, and not in each run, whether the tables are those that code and data would give."""
    built.fresh(Project(project), built.TOPICS[report])


def _set(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value


@contextmanager
def _own_streams() -> Iterator[tuple[IO[str], IO[str]]]:
    """Take stdin and stdout away from everything else here, so that nothing reads an order or writes an answer."""
    with os.fdopen(os.dup(0), encoding="utf-8") as orders, os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        with Path(os.devnull).open("rb") as nothing:
            os.dup2(nothing.fileno(), 0)
        os.dup2(2, 1)
        sys.stdout.flush()
        yield orders, answers
