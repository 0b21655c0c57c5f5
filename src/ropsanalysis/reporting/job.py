"""One report for one area: what a run is asked to make, and how it ended.

Nothing heavy is imported here, so that finding nothing to do costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from ropsanalysis.regions import by_teryt

if TYPE_CHECKING:
    from ropsanalysis.reporting.spec import Scalar

EngineName = Literal["ropsanalysis", "kernel"]
Status = Literal["done", "failed", "fresh"]
#: How runs are kept apart: see `ropsanalysis.reporting.isolation`.
Isolation = Literal["fork", "pool", "process"]

#: What a run cost, as the manifest tells it of the last one.
USAGE: Final = ("seconds", "cpu_seconds", "peak_memory_mib")
#: Seconds that a run may take and memory (MiB) that it may hold, unless told otherwise.
TIME_LIMIT: Final = 300
MEMORY_LIMIT: Final = 2048


@dataclass(frozen=True, slots=True)
class Job:
    """One report for one region.

    Attributes
    ----------
    report, teryt, edition
        What is made, for whom, and which edition it belongs to.
    notebook, project
        Absolute paths of the source notebook and of the project folder.
    area
        What a gmina or powiat is called; empty for voivodeships and the country, which are known by their codes.
    target
        Folder that the finished files go to.
    parameters
        Checked parameters for the notebook.
    time_limit, memory_limit
        Seconds that the run may take, and memory (MiB) that all its processes may hold together.
    previous
        JSON of an earlier edition, for the chapter on what changed since; None for no such chapter.
    code
        Checksum of the notebook and the code that compute it, which its JSON records.
    """

    report: str
    teryt: str
    edition: str
    notebook: Path
    project: Path
    target: Path
    formats: tuple[str, ...]
    parameters: Mapping[str, Scalar]
    engine: EngineName = "ropsanalysis"
    time_limit: int = TIME_LIMIT
    memory_limit: int = MEMORY_LIMIT
    previous: Path | None = None
    code: str = ""
    area: str = ""

    @property
    def called(self) -> str:
        """Name of the area."""
        return self.area or by_teryt(self.teryt).name


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one job ended.

    Attributes
    ----------
    status
        `fresh` is a report that was in place already, made from the same; nothing was run for it.
    cause
        A sentence where it failed; empty where it is done.
    files
        Finished files by format.
    usage
        Seconds, CPU seconds of all its processes and peak memory (MiB) of the largest, as far as they are known.
    finished
        When, as the manifest tells it; empty for now.
    """

    job: Job
    status: Status
    cause: str = ""
    diagnostic: str = ""
    files: dict[str, Path] = field(default_factory=dict)
    usage: dict[str, float] = field(default_factory=dict)
    finished: str = ""


def as_json(job: Job, folder: Path) -> dict[str, Any]:
    """Return a job as JSON-ready values; its target relative to the edition's folder, which may be moved meanwhile."""
    values = {name: str(value) if isinstance(value, Path) else value for name, value in asdict(job).items()}
    return {**values, "target": job.target.relative_to(folder).as_posix()}


def from_json(values: Mapping[str, Any], folder: Path) -> Job:
    """Return the job of which `as_json` gave the values, with its target in the edition's folder where it is now."""
    paths = {name: Path(values[name]) for name in ("notebook", "project")}
    previous = values["previous"] and Path(values["previous"])
    own = {field.name: values[field.name] for field in fields(Job)}
    changed = {**paths, "previous": previous, "target": folder / values["target"], "formats": tuple(values["formats"])}
    return Job(**{**own, **changed})
