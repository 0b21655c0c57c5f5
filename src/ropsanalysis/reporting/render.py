"""From "which reports, for whom" to finished files: plan, run, manifest, index."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ropsanalysis.errors import RopsError
from ropsanalysis.io import atomic
from ropsanalysis.io.paths import Project
from ropsanalysis.regions import Region
from ropsanalysis.reporting import batch, build, index, manifest
from ropsanalysis.reporting.batch import Outcome
from ropsanalysis.reporting.execute import EngineName
from ropsanalysis.reporting.spec import ReportSpec, Scalar, check_notebook
from ropsanalysis.reporting.worker import Job

#: Where the full output of failed runs is kept, below the edition's folder.
DIAGNOSTICS = "diagnostics"


@dataclass(frozen=True, slots=True)
class Plan:
    """Checked jobs of one edition, ready to run.

    Attributes
    ----------
    folder
        The edition's folder.
    record
        Provenance of the tables the jobs read.
    """

    jobs: tuple[Job, ...]
    folder: Path
    edition: str
    record: Mapping[str, object]


def plan(
    project: Project,
    *,
    reports: Sequence[ReportSpec],
    regions: Sequence[Region],
    formats: tuple[str, ...],
    parameters: Mapping[str, str],
    out: Path | None = None,
    edition: str = "",
    engine: EngineName = "ropsanalysis",
    time_limit: int = 300,
) -> Plan:
    """Check everything that can be checked before a process starts.

    Raises
    ------
    UsageError
        A parameter is unknown or ill-typed.
    ReportError
        A notebook is missing, unreadable or declares other parameters.
    DataError
        The processed tables are missing or stale.
    RopsError
        The target folder cannot be written to.
    """
    checked: dict[str, tuple[Path, dict[str, Scalar]]] = {
        spec.key: (check_notebook(spec, project.notebooks), spec.check(parameters)) for spec in reports
    }
    record = build.record(project)
    edition = edition or str(record["latest_year"])
    folder = (out or project.reports).resolve() / edition
    batch.check_room(folder)
    jobs = tuple(
        Job(
            report=spec.key,
            teryt=region.teryt,
            edition=edition,
            notebook=checked[spec.key][0],
            project=project.root,
            target=folder / region.folder,
            formats=formats,
            parameters={**checked[spec.key][1], "region": region.teryt, "edition": edition},
            engine=engine,
            time_limit=time_limit,
        )
        for region in regions
        for spec in reports
    )
    return Plan(jobs=jobs, folder=folder, edition=edition, record=record)


def run(
    planned: Plan, *, workers: int, on_change: Callable[[int, list[Job]], None], on_outcome: Callable[[Outcome], None]
) -> list[Outcome]:
    """Run a plan; the manifest and the index tell the truth even where it is interrupted.

    Raises
    ------
    KeyboardInterrupt
        Interrupted; reports finished before stay, and are in the manifest.
    """
    outcomes: list[Outcome] = []

    def done(outcome: Outcome) -> None:
        outcomes.append(outcome)
        _keep_diagnostic(planned.folder, outcome)
        on_outcome(outcome)

    with batch.noted_signals() as asked:
        try:
            batch.run(
                planned.jobs,
                workers=workers,
                folder=planned.folder,
                on_change=on_change,
                done=done,
                stop=lambda: bool(asked),
            )
        finally:
            manifest.update(planned.folder, outcomes, edition=planned.edition, build_record=planned.record)
            index.write(planned.folder, edition=planned.edition)
    return outcomes


def diagnostic_path(folder: Path, job: Job) -> Path:
    """Return where a failed run's full output is kept."""
    return folder / DIAGNOSTICS / f"{job.target.name}-{job.report}.txt"


def _keep_diagnostic(folder: Path, outcome: Outcome) -> None:
    path = diagnostic_path(folder, outcome.job)
    with suppress(OSError, RopsError):  # a diagnostic that cannot be kept must not end the batch
        if outcome.status == "failed":
            atomic.write_text(path, f"{outcome.cause}\n\n{outcome.diagnostic}")
        else:
            path.unlink(missing_ok=True)
