"""From "which reports, for whom" to finished files: plan, run, manifest, index."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ropsanalysis.errors import DataError, RopsError, UsageError
from ropsanalysis.io import atomic, built
from ropsanalysis.io.paths import Project
from ropsanalysis.regions import Region
from ropsanalysis.reporting import batch, index, manifest
from ropsanalysis.reporting.editions import reports as editions
from ropsanalysis.reporting.job import EngineName, Job, Outcome
from ropsanalysis.reporting.spec import REPORTS, ReportSpec, Scalar, check_notebook

#: Where the full output of failed runs is kept: beside the editions, which are handed on.
DIAGNOSTICS = "diagnostics"


@dataclass(frozen=True, slots=True)
class Plan:
    """Checked jobs of one edition, ready to run.

    Attributes
    ----------
    folder
        The edition's folder.
    records
        Provenance of the tables that each report reads, by the report's key.
    diagnostics
        Folder for the full output of failed runs.
    """

    jobs: tuple[Job, ...]
    folder: Path
    edition: str
    records: Mapping[str, Mapping[str, Any]]
    diagnostics: Path


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
    previous: Path | None = None,
) -> Plan:
    """Check everything that can be checked before a process starts.

    Parameters
    ----------
    reports, regions
        What to render; none named means every report there are data for, and every voivodeship in them.
        Poland stands for the reports on the whole country.
    previous
        Folder of an earlier edition, or the JSON of one report of it: each report that is there gets a chapter on
        what changed since.

    Raises
    ------
    UsageError
        A parameter is unknown or ill-typed, a report on the country was asked for a voivodeship, or `previous` has
        none of the reports.
    ReportError
        A notebook is missing, unreadable or declares other parameters.
    DataError
        The processed tables are missing or stale, or say nothing of a voivodeship that was named.
    RopsError
        The target folder cannot be written to.
    """
    chosen = reports or [spec for spec in REPORTS.values() if built.delivered(project, built.TOPICS[spec.key])]
    checked: dict[str, tuple[Path, dict[str, Scalar]]] = {
        spec.key: (check_notebook(spec, project.notebooks), spec.check(parameters)) for spec in chosen
    }
    records = {spec.key: built.record(project, spec.key) for spec in chosen}
    edition = edition or built.edition(project)
    folder = (out or project.reports).resolve() / edition
    asked = [
        (region, spec)
        for region, spec in _asked(chosen, regions, named=bool(reports))
        if _covered(region, spec, records[spec.key], named=bool(regions and reports))
    ]
    earlier = {} if previous is None else editions.earlier(previous, asked, target=folder)
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
            parameters={**checked[spec.key][1], **spec.fill(region, edition)},
            engine=engine,
            time_limit=time_limit,
            previous=earlier.get((spec.key, region.teryt)),
        )
        for region, spec in asked
    )
    return Plan(
        jobs=jobs, folder=folder, edition=edition, records=records, diagnostics=folder.parent / DIAGNOSTICS / edition
    )


def _asked(reports: Sequence[ReportSpec], regions: Sequence[Region], *, named: bool) -> list[tuple[Region, ReportSpec]]:
    """Return what is asked for, area by area, the country last.

    Raises
    ------
    UsageError
        A report that was named is not made for any of the areas named.
    """
    if named and (none := next((spec for spec in reports if not spec.areas(regions)), None)) is not None:
        whom = "the whole country: name no --region, or polska" if none.country else "single voivodeships"
        raise UsageError(f"The report '{none.key}' is made for {whom}.")
    asked = [(area, spec) for spec in reports for area in spec.areas(regions)]
    return sorted(asked, key=lambda one: (one[1].country, one[0].teryt))  # a stable sort keeps the order of reports


def _covered(region: Region, spec: ReportSpec, record: Mapping[str, Any], *, named: bool) -> bool:
    """Whether the report's data say anything of the region.

    Raises
    ------
    DataError
        They do not, although this report was asked for this region.
    """
    covered = region.teryt in record["regions"]
    if named and not covered:
        raise DataError(f"Dane do raportu {spec.key} nie obejmują województwa {region.genitive}.")
    return covered


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
        _keep_diagnostic(planned, outcome)
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
            manifest.update(planned.folder, outcomes, edition=planned.edition, build_records=planned.records)
            index.write(planned.folder, edition=planned.edition)
    return outcomes


def diagnostic_path(planned: Plan, job: Job) -> Path:
    """Return where a failed run's full output is kept."""
    return planned.diagnostics / f"{job.target.name}-{job.report}.txt"


def _keep_diagnostic(planned: Plan, outcome: Outcome) -> None:
    path = diagnostic_path(planned, outcome.job)
    with suppress(OSError, RopsError):  # a diagnostic that cannot be kept must not end the batch
        if outcome.status == "failed":
            atomic.write_text(path, f"{outcome.cause}\n\n{outcome.diagnostic}")
        else:
            path.unlink(missing_ok=True)
