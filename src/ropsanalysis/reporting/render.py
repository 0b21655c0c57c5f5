"""From "which reports, for whom" to finished files: plan, run, manifest, index."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ropsanalysis.errors import DataError, RopsError
from ropsanalysis.io import atomic, built
from ropsanalysis.io.paths import Project
from ropsanalysis.regions import Region, by_teryt
from ropsanalysis.reporting import areas, index, locking, manifest, publish, scratch, signals, status
from ropsanalysis.reporting.cache import Keys
from ropsanalysis.reporting.editions import reports as editions
from ropsanalysis.reporting.job import MEMORY_LIMIT, TIME_LIMIT, EngineName, Isolation, Job, Outcome
from ropsanalysis.reporting.spec import REPORTS, Area, ReportSpec, Scalar, check_notebook
from ropsanalysis.reporting.status import Standing
from ropsanalysis.units import Level, LocalUnit

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
    keys
        What each report is made from: as it was before anything waited or ran.
    outdated
        By report what has changed since its tables were built; it cannot run before they are built anew.
    """

    jobs: tuple[Job, ...]
    folder: Path
    edition: str
    records: Mapping[str, Mapping[str, Any]]
    diagnostics: Path
    keys: Keys
    outdated: Mapping[str, Sequence[str]]


def plan(
    project: Project,
    *,
    reports: Sequence[ReportSpec],
    regions: Sequence[Region],
    level: Level | None = None,
    units: Sequence[str] = (),
    formats: tuple[str, ...],
    parameters: Mapping[str, str],
    out: Path | None = None,
    edition: str = "",
    engine: EngineName = "ropsanalysis",
    time_limit: int = TIME_LIMIT,
    memory_limit: int = MEMORY_LIMIT,
    previous: Path | None = None,
    to_run: bool = True,
) -> Plan:
    """Check everything that can be checked before a process starts; nothing is written.

    Parameters
    ----------
    reports, regions
        What to render; none named means every report there are data for but those on gminas and powiats, and every
        voivodeship in them. Poland stands for the reports on the whole country.
    level, units
        Of reports on gminas and powiats: only gminas or only powiats; only those of these codes or names.
    previous
        Folder of an earlier edition, or the JSON of one report of it: each report that is there gets a chapter on
        what changed since.

    to_run
        Whether it shall run. If not, reports whose tables are missing or stale are planned as well.

    Raises
    ------
    UsageError
        A parameter is unknown or ill-typed, a report on the country was asked for a voivodeship, or `previous` has
        none of the reports.
    ReportError
        A notebook is missing, unreadable or declares other parameters.
    DataError
        The processed tables are missing or stale, or say nothing of a voivodeship that was named.
    """
    chosen = reports or [
        spec
        for spec in REPORTS.values()
        if built.delivered(project, built.TOPICS[spec.key]) and spec.local == bool(level or units)
    ]
    checked: dict[str, tuple[Path, dict[str, Scalar]]] = {
        spec.key: (check_notebook(spec, project.notebooks), spec.check(parameters)) for spec in chosen
    }
    if to_run:
        records = {spec.key: built.record(project, spec.key) for spec in chosen}
        outdated = {}
    else:
        records = {spec.key: built.recorded(project, spec.key) for spec in chosen}
        outdated = _outdated(project, records)
    edition = edition or built.edition(project)
    folder = (out or project.reports).resolve() / edition
    asked = [
        (area, spec)
        for area, spec in areas.asked(project, chosen, regions, named=bool(reports), level=level, units=units)
        if _covered(area, spec, records[spec.key], named=bool((regions or units) and reports))
    ]
    earlier = {} if previous is None else editions.earlier(previous, asked, target=folder)
    keys = Keys(project)
    codes = {spec.key: keys.inputs(spec.key, checked[spec.key][0], ()).code_digest for spec in chosen}
    jobs = tuple(
        Job(
            report=spec.key,
            teryt=area.teryt,
            area=area.title if isinstance(area, LocalUnit) else "",
            edition=edition,
            notebook=checked[spec.key][0],
            project=project.root,
            target=folder / area.folder,
            formats=formats,
            parameters={**checked[spec.key][1], **spec.fill(area, edition)},
            engine=engine,
            time_limit=time_limit,
            memory_limit=memory_limit,
            previous=earlier.get((spec.key, area.teryt)),
            code=codes[spec.key],
        )
        for area, spec in asked
    )
    for job in jobs:
        keys.inputs(job.report, job.notebook, job.formats, compared=job.previous is not None)
    return Plan(
        jobs=jobs,
        folder=folder,
        edition=edition,
        records=records,
        diagnostics=folder.parent / DIAGNOSTICS / edition,
        keys=keys,
        outdated=outdated,
    )


def _outdated(project: Project, records: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return the reports whose tables do not fit the data and the code of now, each with what has changed."""
    return {
        key: built.changed(project, key) if record else ["never built"]
        for key, record in records.items()
        if not record or not built.fresh(project, built.TOPICS[key])
    }


def _covered(area: Area, spec: ReportSpec, record: Mapping[str, Any], *, named: bool) -> bool:
    """Whether the report's data say anything of the area or, of a gmina or powiat, of its voivodeship.

    Raises
    ------
    DataError
        They do not, although this report was asked for this area.
    """
    region = by_teryt(area.teryt[:2])
    covered = region.teryt in record.get("regions", (region.teryt,))  # of tables not there it cannot be told
    if named and not covered:
        raise DataError(f"Dane do raportu {spec.key} nie obejmują województwa {region.genitive}.")
    return covered


def standings(planned: Plan) -> list[Standing]:
    """Return how each report of a plan stands in its edition; nothing is written but what makes asking again cheap.

    What a batch that is at work, or was killed, has finished counts though it is in no manifest yet.
    """
    folder = planned.folder
    document = manifest.read(folder)
    for place in scratch.there(folder):
        if done := publish.recover(place, move=False):
            document = manifest.merged(
                document, folder, done.outcomes, edition=done.edition, build_records=done.records, inputs=done.inputs
            )
    found = status.standings(folder, document, planned.jobs, planned.keys, outdated=planned.outdated)
    planned.keys.save()
    return found


def run(
    planned: Plan,
    *,
    workers: int | None,
    on_change: Callable[[int, list[Job]], None],
    on_outcome: Callable[[Outcome], None],
    on_start: Callable[[int], None] = lambda _: None,
    force: bool = False,
    wait: bool = True,
    say: Callable[[str], None] = lambda _: None,
    isolated: Isolation | None = None,
    scheduler: str = "",
) -> list[Outcome]:
    """Run what of a plan is not fresh; the manifest and the index tell the truth even where it is interrupted.

    What a killed run had finished is taken over first, and its leavings are removed.

    Parameters
    ----------
    workers
        How many reports at a time; None for as many as there are processors to use, here or on the cluster.
    on_start
        Told how many reports will run.
    force
        Whether to run what is fresh as well.
    wait
        Whether to wait for another run on the edition, or to raise.
    say
        Told what somebody who waits should know.
    isolated
        How runs are kept apart: see `ropsanalysis.reporting.isolation`.
    scheduler
        Address of the scheduler of a Dask cluster that runs them, instead of this machine.

    Returns
    -------
    list
        One outcome for each job of the plan: first the fresh ones, then the others as they finished.

    Raises
    ------
    KeyboardInterrupt
        Interrupted; reports finished before stay, and are in the manifest.
    BusyError
        Another run is at work on the edition, and `wait` is false.
    RopsError
        The target folder cannot be written to.
    """
    publish.check_room(planned.folder)
    with locking.hold(planned.folder, wait=wait, say=say) as locked:
        _clear(planned.folder, locked=locked)
        found = [] if force else standings(planned)
        fresh = [_as_it_is(one.job) for one in found if one.state == "fresh"]
        kept = {(one.job.report, one.job.teryt) for one in fresh}
        due = [job for job in planned.jobs if (job.report, job.teryt) not in kept]
        on_start(len(due))
        if due:
            start = _start(workers=workers, isolated=isolated, scheduler=scheduler, say=say)
            outcomes = fresh + _run(planned, due, start, on_change, on_outcome)
        else:
            outcomes = fresh
            _write_down(planned, [])
    return outcomes


def _start(
    *, workers: int | None, isolated: Isolation | None, scheduler: str, say: Callable[[str], None]
) -> Callable[..., None]:
    """Return what runs jobs: see `batch.run` and `cluster.run`. Either loads much, and only where a job is due."""
    if scheduler:
        from ropsanalysis.reporting import cluster

        return partial(cluster.run, address=scheduler, most=workers, say=say)
    from ropsanalysis.reporting import batch

    return partial(batch.run, workers=workers or processors(), isolated=isolated)


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _run(
    planned: Plan,
    due: Sequence[Job],
    start: Callable[..., None],
    on_change: Callable[[int, list[Job]], None],
    on_outcome: Callable[[Outcome], None],
) -> list[Outcome]:
    outcomes: list[Outcome] = []

    def done(outcome: Outcome) -> None:
        outcomes.append(outcome)
        _keep_diagnostic(planned, outcome)
        on_outcome(outcome)

    with scratch.private(planned.folder) as place, signals.noted() as asked:
        publish.begin(place, edition=planned.edition, records=planned.records, inputs=_inputs(planned))
        try:
            start(due, scratch=place, on_change=on_change, done=done, stop=lambda: bool(asked))
        finally:
            _write_down(planned, outcomes)
    return outcomes


def _write_down(planned: Plan, outcomes: Sequence[Outcome]) -> None:
    manifest.update(
        planned.folder,
        outcomes,
        edition=planned.edition,
        build_records=planned.records,
        inputs=_inputs(planned),
    )
    index.write(planned.folder, edition=planned.edition)


def _inputs(planned: Plan) -> dict[str, dict[str, Any]]:
    """Return what the plan's reports are made from, by report."""
    jobs: dict[str, list[Job]] = {}
    for job in planned.jobs:
        jobs.setdefault(job.report, []).append(job)
    return {
        report: planned.keys.inputs(
            report, own[0].notebook, own[0].formats, compared=any(job.previous is not None for job in own)
        ).as_dict()
        for report, own in jobs.items()
    }


def _as_it_is(job: Job) -> Outcome:
    return Outcome(job, "fresh", files={name: job.target / f"{job.report}.{name}" for name in job.formats})


def _clear(folder: Path, *, locked: bool) -> None:
    """Take over what killed runs had finished, and remove what they left behind."""
    for left in scratch.abandoned(folder, locked=locked):
        if done := publish.recover(left):
            manifest.update(folder, done.outcomes, edition=done.edition, build_records=done.records, inputs=done.inputs)
        shutil.rmtree(left, ignore_errors=True)
    if locked:
        atomic.remove_leavings(folder)


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
