"""Progress of a batch on stderr: a live bar in a terminal, plain lines for failures everywhere."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from ropsanalysis.regions import by_teryt
from ropsanalysis.reporting.job import Job, Outcome


class Progress:
    """Shows what is done, what runs and how long it may still take.

    The bar is redrawn by the caller's loop, not by a thread: the process that shows it forks.
    """

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            TextColumn("[dim]{task.fields[running]}"),
            console=self._console,
            auto_refresh=False,
            disable=not self._console.is_terminal,
        )
        self._task = self._bar.add_task("Reports", total=None, running="")

    def __enter__(self) -> Progress:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def begin(self, total: int) -> None:
        """Say how many reports will run."""
        self._bar.update(self._task, total=total)

    def show(self, finished: int, running: list[Job]) -> None:
        """Redraw with the number of finished reports and the names of those running."""
        names = ", ".join(job.area or by_teryt(job.teryt).short for job in running)
        self._bar.update(self._task, completed=finished, running=names)
        self._bar.refresh()

    def tell(self, outcome: Outcome, diagnostic: Path) -> None:
        """Print one line for a failure: which report, why, where the full output is."""
        if outcome.status == "failed":
            job = outcome.job
            self._console.print(
                f"FAILED {job.report} {job.teryt} {job.called}: {outcome.cause}. Details: {diagnostic}",
                style="bold red" if self._console.is_terminal else None,
                markup=False,
                highlight=False,
                soft_wrap=True,
            )
