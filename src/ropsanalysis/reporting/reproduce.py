"""A bundle made again from the data: the same bytes, or what differs.

Data, code and notebooks are compared with what the bundle says it was made from; only where they are the same is
everything built and rendered anew, in a folder of its own, and compared file by file.
"""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from ropsanalysis.io.built import TOPICS
from ropsanalysis.io.paths import Project
from ropsanalysis.io.provenance import sha256
from ropsanalysis.regions import by_teryt
from ropsanalysis.reporting import build, cache, code_state, render
from ropsanalysis.reporting.bundle_manifest import Manifest, Report
from ropsanalysis.reporting.job import Job
from ropsanalysis.reporting.spec import FILLED_IN, REPORTS

CHECKS: Final[dict[str, str]] = {
    "RP-01": "brak pliku danych",
    "RP-02": "inny plik danych",
    "RP-03": "inny kod",
    "RP-04": "inny notatnik",
    "RP-05": "inne środowisko",
    "RP-06": "raport nie powstał",
    "RP-07": "inny wynik",
    "RP-08": "brak poprzedniej edycji",
}
_EPOCH: Final = "SOURCE_DATE_EPOCH"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as the bundle says.

    Attributes
    ----------
    code
        Key of `CHECKS`.
    name
        File, library or report.
    text
        Polish: what was found.
    """

    code: str
    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.code} {CHECKS[self.code]} – {self.name}: {self.text}"


@dataclass(frozen=True, slots=True)
class Reproduced:
    """How the attempt ended.

    Attributes
    ----------
    differences
        What kept the bundle from being made again, or differs; none where every file has the same bytes.
    remarks
        What differs without any effect on a file, such as the version of a library.
    compared
        How many files were made anew and compared.
    """

    differences: tuple[Difference, ...]
    remarks: tuple[Difference, ...]
    compared: int


def reproduce(
    project: Project,
    manifest: Manifest,
    *,
    workers: int,
    previous: Path | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Reproduced:
    """Make a bundle's reports again from the project's data.

    Parameters
    ----------
    manifest
        That of a bundle without problems (see `bundle_check`).
    previous
        Edition that the reports were compared with, where they were.
    tell
        Told each step before it begins.

    Raises
    ------
    RopsError
        The data do not pass the build, or there is no room for it.
    """
    tell("comparing data, code and notebooks")
    environment = tuple(_environment(manifest))
    if found := tuple(_inputs(project, manifest)):
        return Reproduced((*found, *environment), (), 0)
    with tempfile.TemporaryDirectory(prefix="ropsanalysis-reproduce-") as folder:
        copy = _copied(project, manifest, Path(folder).resolve())
        tell("building the tables")
        build.build(copy)
        results = []
        for report in manifest.reports:
            tell(f"rendering {report.report}")
            results += list(_made_again(copy, manifest, report, workers, previous))
    differences = tuple(one for one in results if one is not None)
    if differences:
        return Reproduced((*differences, *environment), (), len(results))
    return Reproduced((), environment, len(results))


# ---- what it was made from -----------------------------------------------------------------------------------------


def _inputs(project: Project, manifest: Manifest) -> Iterator[Difference]:
    known = {file.path: file for data in manifest.data.values() for file in data.files}
    for path in sorted(known):
        try:
            found = sha256((project.root / path).read_bytes())
        except OSError:
            yield Difference("RP-01", path, "w projekcie nie ma pliku, z którego powstała paczka")
            continue
        if found != known[path].sha256:
            yield Difference("RP-02", path, f"SHA-256 to {found}, a w paczce {known[path].sha256}")
    if manifest.code.sha256 != code_state.package_digest():
        text = f"paczkę zrobił program w wersji {manifest.code.version} o innej treści niż zainstalowany"
        yield Difference("RP-03", "ropsanalysis", text)
    for name, expected in manifest.code.notebooks.items():
        notebook = project.notebooks / f"{name}.ipynb"
        if not notebook.is_file() or sha256(notebook.read_bytes()) != expected:
            yield Difference("RP-04", f"notebooks/{name}.ipynb", "notatnika nie ma albo jest inny niż użyty do paczki")


def _environment(manifest: Manifest) -> Iterator[Difference]:
    """Yield each library whose version is another; this alone need not change a byte."""
    before = dict(line.split("==", 1) for line in manifest.code.environment) | {"python": manifest.code.python}
    now = dict(line.split("==", 1) for line in code_state.environment()) | {"python": platform.python_version()}
    for name in sorted(before.keys() | now.keys()):
        if before.get(name) != now.get(name):
            yield Difference("RP-05", name, f"wersja {now.get(name, 'brak')}, a w paczce {before.get(name, 'brak')}")


# ---- made again ----------------------------------------------------------------------------------------------------


def _copied(project: Project, manifest: Manifest, folder: Path) -> Project:
    """Return a project with the notebooks and with the data that the reports need, and nothing that was computed."""
    needed = {name for key in manifest.data for name in (*TOPICS[key].datasets, *TOPICS[key].shared)}
    of_topics = {name for topic in TOPICS.values() for name in (*topic.datasets, *topic.shared)}
    shutil.copytree(project.notebooks, folder / "notebooks", ignore=shutil.ignore_patterns(".*"))
    for source in sorted(path for path in project.raw.iterdir() if path.is_dir()):
        if source.name in needed or source.name not in of_topics:  # boundaries, for one, are of no topic
            shutil.copytree(source, folder / "data" / "raw" / source.name)
    return Project(folder)


def _made_again(
    project: Project, manifest: Manifest, report: Report, workers: int, previous: Path | None
) -> Iterator[Difference | None]:
    """Render a report and yield one result for each of its files; None where it is the same."""
    given = {name: str(value) for name, value in report.parameters.items() if name not in FILLED_IN}
    with _dated(report.dated):
        planned = render.plan(
            project,
            reports=[REPORTS[report.report]],
            regions=[by_teryt(manifest.teryt)],
            formats=tuple(report.files),
            parameters=given,
            edition=manifest.edition,
            previous=previous if report.previous else None,
        )
        if cache.of_file(planned.jobs[0].previous) != report.previous:
            text = "raport porównano z poprzednią edycją, którą trzeba wskazać opcją --previous"
            yield Difference("RP-08", report.report, text)
            return
        (outcome,) = render.run(planned, workers=workers, on_change=_silent, on_outcome=lambda _: None)
    if outcome.status == "failed":
        yield Difference("RP-06", report.report, outcome.cause)
        return
    for path in report.files.values():
        data, expected = (planned.folder / path).read_bytes(), manifest.files[path]
        if sha256(data) == expected.sha256:
            yield None
        else:
            text = f"powstał plik o SHA-256 {sha256(data)} ({len(data)} B), a w paczce {expected.sha256}"
            yield Difference("RP-07", path, f"{text} ({expected.bytes} B)")


def _silent(finished: int, running: list[Job]) -> None:
    del finished, running


@contextmanager
def _dated(moment: str) -> Iterator[None]:
    """Let reports say for a while that they were made at a given time."""
    before = os.environ.get(_EPOCH)
    os.environ[_EPOCH] = str(int(datetime.fromisoformat(moment).timestamp()))
    try:
        yield
    finally:
        if before is None:
            del os.environ[_EPOCH]
        else:
            os.environ[_EPOCH] = before
