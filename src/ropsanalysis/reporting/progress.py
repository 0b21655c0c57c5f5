"""Progress of a batch on stderr: a live bar in a terminal, a line now and then elsewhere, a line for each failure."""

from __future__ import annotations

import time
from pathlib import Path
from types import TracebackType
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from ropsanalysis.regions import by_teryt
from ropsanalysis.reporting.job import Job, Outcome

#: Seconds between two lines where stderr is no terminal, such as the log of a scheduled run.
_PAUSE: Final = 30.0


class Progress:
    """Shows what is done, what runs, what failed and how long it may still take.

    The bar is redrawn by the caller's loop, not by a thread: the process that shows it forks.
    """

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._failed = self._total = 0
        self._begun = self._told = time.monotonic()
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("[red]{task.fields[failed]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            TextColumn("[dim]{task.fields[running]}"),
            console=self._console,
            auto_refresh=False,
            disable=not self._console.is_terminal,
        )
        self._task = self._bar.add_task("Reports", total=None, running="", failed="")

    def __enter__(self) -> Progress:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def begin(self, total: int) -> None:
        """Say how many reports will run."""
        self._total, self._begun = total, time.monotonic()
        self._bar.update(self._task, total=total)

    def show(self, finished: int, running: list[Job]) -> None:
        """Redraw with the number of finished reports and the names of those running."""
        if self._console.is_terminal:
            names = ", ".join(job.area or by_teryt(job.teryt).short for job in running)
            failed = f"{self._failed} failed" if self._failed else ""
            self._bar.update(self._task, completed=finished, running=names, failed=failed)
            self._bar.refresh()
        elif time.monotonic() - self._told >= _PAUSE:
            self._told = time.monotonic()
            self._print(
                f"{finished} of {self._total} reports finished, {self._failed} of them failed, "
                f"{len(running)} running{self._left(finished)}"
            )

    def tell(self, outcome: Outcome, diagnostic: Path) -> None:
        """Print one line for a failure: which report, why, where the full output is."""
        if outcome.status == "failed":
            self._failed += 1
            job = outcome.job
            self._print(
                f"FAILED {job.report} {job.teryt} {job.called}: {outcome.cause}. Details: {diagnostic}",
                style="bold red",
            )

    def _print(self, text: str, *, style: str = "") -> None:
        style = style if self._console.is_terminal else ""
        self._console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)

    def _left(self, finished: int) -> str:
        """Return how long the rest will take at the pace so far; nothing before the first report is finished."""
        if not finished:
            return ""
        seconds = (time.monotonic() - self._begun) / finished * (self._total - finished)
        return f", about {seconds / 60:.0f} min left" if seconds >= 90 else f", about {seconds:.0f} s left"
