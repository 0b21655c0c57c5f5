"""What reports are made from, packed so that it can be laid out on another machine.

A parcel holds notebooks, published tables and outlines of areas. Raw data stay where they are: of them a list of
checksums goes along, so that tables are known to fit them there as here.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, Final

from ropsanalysis.errors import ReportError
from ropsanalysis.io import built, memo, provenance
from ropsanalysis.io.paths import Project
from ropsanalysis.reporting import job as jobs
from ropsanalysis.reporting.job import Job

#: What of the raw data a report itself reads: it comes from public offices and says nothing of persons.
_READ_RAW: Final = ("boundaries", "teryt_units")
_EARLIER: Final = "earlier"
#: The target of a job on the other machine, relative to the folder it works in.
DONE: Final = "done"


@dataclass(frozen=True, slots=True)
class Parcel:
    """Files of a project by the path they have in it, and where each is read from here.

    Attributes
    ----------
    sums
        SHA-256 of each file's bytes as they were when the parcel was packed.
    raw
        What is told of the raw data: see `ropsanalysis.io.built.listed`.
    """

    sources: Mapping[str, Path]
    sums: Mapping[str, str]
    raw: Mapping[str, Any]

    @property
    def key(self) -> str:
        """Checksum of everything in it."""
        return provenance.sha256(json.dumps([dict(self.sums), dict(self.raw)], sort_keys=True).encode())

    def described(self) -> dict[str, Any]:
        """Return as JSON-ready values what is in it, and where on a shared disk the files would be."""
        where = {name: str(path) for name, path in self.sources.items()}
        return {"key": self.key, "sums": dict(self.sums), "raw": dict(self.raw), "sources": where}

    def data(self, name: str) -> bytes:
        """Return the bytes of one file.

        Raises
        ------
        ReportError
            They are no longer those that the parcel was packed with.
        """
        data = self.sources[name].read_bytes()
        if provenance.sha256(data) != self.sums[name]:
            raise ReportError(f"{self.sources[name]} has changed since the run began; run the same command again.")
        return data


def pack(due: Iterable[Job]) -> Parcel:
    """Pack what jobs of one project need."""
    wanted = list(due)
    project = Project(wanted[0].project)
    topics = _with_sources(job.report for job in wanted)
    sources: dict[str, Path] = {}
    for job in wanted:
        sources[f"notebooks/{job.notebook.name}"] = job.notebook
        if job.previous is not None:
            sources[_earlier(job)] = job.previous
    for folder in (*(built.folder(project, key) for key in topics), *(project.raw / name for name in _READ_RAW)):
        sources.update({path.relative_to(project.root).as_posix(): path for path in _files(folder)})
    known = memo.of(project)
    sums = {name: known.sha256(path) for name, path in sorted(sources.items())}
    return Parcel(sources=sources, sums=sums, raw=built.listed(project, topics))


def addressed(job: Job) -> dict[str, Any]:
    """Return a job as JSON-ready values that know nothing of this machine's folders."""
    previous = None if job.previous is None else Path(_earlier(job))
    own = replace(
        job, project=Path(), notebook=Path("notebooks", job.notebook.name), target=Path(DONE), previous=previous
    )
    values = jobs.as_json(own, Path())
    return {**values, "notebook": own.notebook.as_posix(), "previous": previous and previous.as_posix()}


def received(values: Mapping[str, Any], project: Path, folder: Path) -> Job:
    """Return the job that `addressed` gave the values of, for a parcel laid out in `project`."""
    job = jobs.from_json(values, folder)
    previous = None if job.previous is None else project / job.previous
    return replace(job, project=project, notebook=project / job.notebook, previous=previous)


def lay_out(described: Mapping[str, Any], folder: Path, stock: Path) -> Path:
    """Lay out a parcel's files, which are all in stock, as a project below `folder`; return the project's folder.

    Whatever is there under the parcel's key is whole.
    """
    project = place_of(described["key"], folder)
    if project.is_dir():
        return project
    unfinished = project.with_name(f"{project.name}.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    for name, digest in described["sums"].items():
        path = _below(unfinished, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.hardlink_to(stock / digest)
        except OSError:
            shutil.copy2(stock / digest, path)
    for name in ("notebooks", "data/processed"):
        (unfinished / name).mkdir(parents=True, exist_ok=True)
    built.lay_list(Project(unfinished), described["raw"])
    unfinished.rename(project)
    return project


def place_of(key: str, folder: Path) -> Path:
    """Return where below a folder the parcel with a key is laid out."""
    return folder / key[:16]


def lacking(described: Mapping[str, Any], stock: Path) -> list[str]:
    """Return the names of a parcel's files of which the bytes are not to be had here.

    What lies on a disk that both machines share, with the right bytes, is taken from there.
    """
    stock.mkdir(parents=True, exist_ok=True, mode=0o700)
    sums: dict[str, str] = described["sums"]
    return [
        name
        for name, digest in sums.items()
        if not (stock / digest).is_file() and not _taken(Path(described["sources"][name]), stock, digest)
    ]


def put_in_stock(data: bytes, stock: Path) -> None:
    """Keep a file's bytes under their checksum."""
    temporary = stock / f"{provenance.sha256(data)}.part"
    temporary.write_bytes(data)
    temporary.replace(temporary.with_suffix(""))


def _taken(path: Path, stock: Path, digest: str) -> bool:
    with suppress(OSError):
        data = path.read_bytes()
        if provenance.sha256(data) == digest:
            put_in_stock(data, stock)
            return True
    return False


def _with_sources(reports: Iterable[str]) -> list[str]:
    """Return the topics of reports, with those from whose tables they are made."""
    own = set(reports)
    return sorted(own.union(*(built.TOPICS[key].derived_from for key in own)))


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith("."))


def _earlier(job: Job) -> str:
    return f"{_EARLIER}/{job.teryt}-{job.report}.json"


def _below(folder: Path, name: str) -> Path:
    """Return the path of a name below a folder.

    Raises
    ------
    ReportError
        It leads out of the folder.
    """
    parts = PurePosixPath(name).parts
    if not parts or parts[0] == "/" or ".." in parts or "\\" in name or ":" in name:
        raise ReportError(f"A parcel has no file '{name}'.")
    return folder.joinpath(*parts)
