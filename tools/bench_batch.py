"""The batch of reports against plain papermill and nbconvert, and against the computation alone.

All that is compared takes turns in one session, and the order changes from round to round, so that a slow minute of
the machine hits everything. No route reuses anything: each has a new output folder. The tables that reports share are
computed before any clock starts. `bench.py` runs this and writes the page.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from measuring import Spread, Usage, environment, mib, program, rows, run, say, spaced, spread

#: Parts of this part, in the order in which they run.
STEPS: Final = ("whole", "gminas", "sample", "again")
LOCAL: Final = "local_diagnosis"
_REGIONS: Final = ("26", "14", "04", "28")
_FLOOR: Final = Path(__file__).with_name("floor.py")
#: The file of one report in which one number is changed, and how; the report it belongs to.
_CHANGED: Final = ("cooperation_effects/coaching.csv", r"(?m)^(.*,)1\.5$", r"\g<1>2.5")
_HTML: Final = "html"
_ALL: Final = "html,pdf,xlsx,json"

PLAIN, HTML, ALL, ONE, DASK, FLOOR = "plain", "html", "all", "one", "dask", "floor"
_TITLES: Final = {
    PLAIN: "papermill, then `nbconvert --to html`: HTML",
    HTML: "ropsanalysis, {jobs} at a time: HTML",
    ALL: "ropsanalysis, {jobs} at a time: HTML, PDF, XLSX, JSON",
    ONE: "ropsanalysis, one at a time: the same",
    DASK: "ropsanalysis on a Dask cluster of {jobs} workers here: the same",
    FLOOR: "floor: the cells alone, {jobs} at a time",
}


@dataclass(frozen=True, slots=True)
class Routes:
    """Some routes to the same reports, in turn.

    Attributes
    ----------
    reports
        How many reports each round made.
    taken
        What each round of a route took; where routes ran in parts, a round is the sum of its parts.
    """

    reports: int
    jobs: int
    taken: Mapping[str, tuple[Usage, ...]]


@dataclass(frozen=True, slots=True)
class Again:
    """The whole batch once more: with nothing changed, and after one number in one data file was.

    Attributes
    ----------
    building
        What computing the changed tables took.
    made
        Which reports were made anew after the change, and how many of each.
    """

    reports: int
    unchanged: tuple[Usage, ...]
    building: Usage
    changed: Usage
    made: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Gminas:
    """Reports on gminas.

    Attributes
    ----------
    asked
        Voivodeships, or all.
    quarters
        Reports a minute in each quarter of the run.
    parent_mib
        Memory of the batch's own process when a quarter had passed, and at the end.
    largest_mib
        Peak memory of the largest process of any report, in the first quarter and in the last.
    """

    asked: str
    reports: int
    jobs: int
    usage: Usage
    quarters: tuple[float, ...]
    parent_mib: tuple[float, float]
    largest_mib: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Batch:
    """All that was measured; None for what was left out."""

    steps: tuple[str, ...]
    rounds: int
    jobs: int
    sample: Routes | None = None
    whole: Routes | None = None
    again: Again | None = None
    gminas: Gminas | None = None


# Summing up (pure, tested) ---------------------------------------------------------------------------------


def ratio(routes: Routes, name: str, to: str) -> float:
    """Return how many times as long one route took as another: the ratio of the medians."""
    return wall(routes, name).median / wall(routes, to).median


def wall(routes: Routes, name: str) -> Spread:
    """Return the wall seconds of a route's rounds."""
    return spread([usage.seconds for usage in routes.taken[name]])


def peak(usages: Sequence[Usage]) -> float | None:
    """Return the largest peak memory of any process, None where it is not known."""
    return max((usage.peak_mib for usage in usages if usage.peak_mib is not None), default=None)


def total(parts: Sequence[Usage]) -> Usage:
    """Return several runs as one: times added up, the largest process of any."""
    known = [one.cpu_seconds for one in parts if one.cpu_seconds is not None]
    return Usage(sum(one.seconds for one in parts), peak(parts), sum(known) if len(known) == len(parts) else None)


def routes_table(routes: Routes) -> str:
    """Return routes as a Markdown table, each with its ratio to the floor and to the plain route where they ran."""
    body = []
    for name, usages in routes.taken.items():
        times = [f"{ratio(routes, name, FLOOR):.2f}" if FLOOR in routes.taken else ""]
        times.append(f"{ratio(routes, PLAIN, name):.1f}" if PLAIN in routes.taken else "")
        each = wall(routes, name).median / routes.reports
        title = _TITLES[name].format(jobs=routes.jobs)
        body.append((title, wall(routes, name).text(), f"{each:.2f}", mib(peak(usages)), *times))
    head = (
        f"{routes.reports} reports", "s: median (min–max)", "s a report", "largest process, MiB", "times the floor",
        "faster than plain, times",
    )  # fmt: skip
    return rows(head, body)


def rounds_table(routes: Routes) -> str:
    """Return every round as a Markdown table: no figure of the summary stands alone."""
    names = list(routes.taken)
    body = [
        (str(number), *(f"{usage.seconds:.1f}" for usage in usages))
        for number, usages in enumerate(zip(*routes.taken.values(), strict=True), start=1)
    ]
    return rows(("round: s", *names), body)


def again_table(again: Again) -> str:
    """Return the batch once more as a Markdown table."""
    unchanged = spread([usage.seconds for usage in again.unchanged])
    made = ", ".join(f"{count} × {name}" for name, count in again.made.items())
    body = [
        (f"all {again.reports} reports, nothing changed", unchanged.text(2), "0"),
        ("one number in one data file changed", f"{again.changed.seconds:.1f}", made),
        ("for that: `ropsanalysis build`", f"{again.building.seconds:.1f}", ""),
    ]
    return rows(("", "s: median (min–max)", "made anew"), body)


def gminas_table(gminas: Gminas) -> str:
    """Return the reports on gminas as a Markdown table."""
    body = [
        ("reports, HTML", spaced(gminas.reports)),
        (f"seconds, {gminas.jobs} at a time", f"{gminas.usage.seconds:.0f}"),
        ("reports a minute, by quarters of the run", ", ".join(f"{rate:.0f}" for rate in gminas.quarters)),
        ("memory of the batch's own process after a quarter, at the end, MiB", _two(gminas.parent_mib)),
        ("largest process of a report in the first quarter, in the last, MiB", _two(gminas.largest_mib)),
    ]
    return rows((f"gminas: {gminas.asked}", ""), body)


def _two(values: tuple[float, float]) -> str:
    return f"{values[0]:.0f}, {values[1]:.0f}"


def tables(batch: Batch) -> str:
    """Return all tables, each with its heading."""
    found = []
    if batch.whole is not None:
        found += ["### The whole batch", routes_table(batch.whole)]
    if batch.sample is not None:
        found += ["### One voivodeship by every route", routes_table(batch.sample), rounds_table(batch.sample)]
        if ONE in batch.sample.taken and ALL in batch.sample.taken:
            found.append(
                f"From one worker to {batch.sample.jobs}: {ratio(batch.sample, ONE, ALL):.2f} times as fast. "
                + (f"Dask against local: {ratio(batch.sample, DASK, ALL):.2f}." if DASK in batch.sample.taken else "")
            )
    if batch.again is not None:
        found += ["### Once more", again_table(batch.again)]
    if batch.gminas is not None:
        found += ["### Gminas", gminas_table(batch.gminas)]
    return "\n\n".join(found)


def options(batch: Batch) -> str:
    """Return the options that measure the same again."""
    words = "" if batch.steps == STEPS else f"--steps {','.join(batch.steps)} "
    everyone = " --gminas all" if batch.gminas is not None and batch.gminas.asked == "all" else ""
    return f"{words}--rounds {batch.rounds} --jobs {batch.jobs}{everyone}"


def section(batch: Batch) -> str:
    """Return the batch's part of docs/benchmarks.md."""
    return SECTION.format(tables=tables(batch))


SECTION = """\
## The batch

{tables}

### How to read this

- **plain** is what one does without this package: for each report and voivodeship `papermill -r region 28 …`, then
  `jupyter nbconvert --to html …`, one after the other. Its HTML shows the code and loads scripts from the network.
- **ropsanalysis** is `ropsanalysis render --force` into an empty folder: with imports, checks of every file against
  the report's own figures, manifest and index.
- **floor** is the same cells as one plain Python script, in a process forked from one that has everything imported,
  with the figures saved as SVG and nothing else: no document, no format, no check. It also pays its imports once.
- All routes take turns, and the order changes from round to round; the whole batch runs in two halves, forth and
  back. The seconds are wall time of the whole command, start-up included, which weighs more on few reports.
- The tables that reports share are computed before the clock starts, and Python's bytecode is compiled beforehand.
- Memory is the resident size of the largest single process, of a run or of the batch itself. Pages that forked
  processes share with their parent count in each of them, so the sizes of several must not be added up.
- Under **once more** a batch of all reports is in place. Then one number in one data file is changed, and the tables
  are built; what is made anew is what reads the changed tables.
"""


# Running ---------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Bench:
    """Where the routes run, and what they are asked for."""

    project: Path
    scratch: Path
    jobs: int
    reports: Sequence[str]
    scheduler: str = ""
    made: int = 0
    expected: dict[tuple[str, ...], int] = field(default_factory=dict)

    def out(self, name: str) -> Path:
        self.made += 1
        return self.scratch / f"{self.made:03}-{name}"

    def route(self, name: str, regions: Sequence[str], *, kept: Path | None = None) -> Usage:
        """Make all reports on some areas by one route, and remove them unless they are to be kept."""
        out = kept or self.out(name)
        made = {
            PLAIN: lambda: self._plain(regions, out),
            HTML: lambda: self.render(regions, out, _HTML, "--jobs", str(self.jobs)),
            ALL: lambda: self.render(regions, out, _ALL, "--jobs", str(self.jobs)),
            ONE: lambda: self.render(regions, out, _ALL, "--jobs", "1"),
            DASK: lambda: self.render(regions, out, _ALL, "--scheduler", self.scheduler),
            FLOOR: lambda: self._floor(regions, out),
        }
        usage = made[name]()
        if kept is None:
            shutil.rmtree(out, ignore_errors=True)
        say(f"  {name}: {usage.seconds:.1f} s")
        return usage

    def render(self, regions: Sequence[str], out: Path, formats: str, *options: str) -> Usage:
        """Render with our command; every report must come out."""
        made = dict.fromkeys(key for key, _ in self._areas(regions))  # no report is asked for where there is none
        chosen = [word for key in made for word in ("--report", key)]
        named = [word for code in regions for word in ("--region", code)]
        used = run(
            program("ropsanalysis"), "render", *chosen, *named, "--format", formats, "--force", "--out", out,
            "--edition", "bench", "--project", self.project, *options, cwd=self.project,
        )  # fmt: skip
        found = [one for one in runs(out / "bench") if not regions or one["teryt"] in regions]
        self._check(regions, len(found), out)
        peaks = [one["peak_memory_mib"] for one in found if "peak_memory_mib" in one]
        return replace(used, peak_mib=max([used.peak_mib or 0, *peaks]) or None)

    def _floor(self, regions: Sequence[str], out: Path) -> Usage:
        result = out.with_suffix(".json")
        chosen = [word for key in self.reports for word in ("--report", key)]
        named = [word for code in regions for word in ("--region", code)]
        jobs = ("--jobs", str(self.jobs))
        used = run(sys.executable, _FLOOR, self.project, result, out, *chosen, *named, *jobs, cwd=self.project)
        self._check(regions, json.loads(result.read_bytes())["reports"], out)
        if not any(out.glob("*/*.svg")):
            raise SystemExit(f"{out}: the floor saved no figure")
        return used

    def _plain(self, regions: Sequence[str], out: Path) -> Usage:
        """Make each report with papermill's and nbconvert's own commands, one after the other."""
        out.mkdir(parents=True)
        notebooks, used = self.project / "notebooks", list[Usage]()
        papermill, jupyter = program("papermill"), program("jupyter")
        began = time.perf_counter()
        for key, area in self._areas(regions):
            executed = out / f"{area}-{key}.ipynb"
            parameters = () if area == "00" else ("-r", "region", area)
            source = notebooks / f"{key}.ipynb"
            used.append(run(papermill, source, executed, *parameters, "--cwd", notebooks, cwd=notebooks))
            used.append(run(jupyter, "nbconvert", "--to", "html", executed, cwd=out))
        seconds = time.perf_counter() - began
        self._check(regions, len(list(out.glob("*.html"))), out)
        return replace(total(used), seconds=seconds)

    def _areas(self, regions: Sequence[str]) -> Iterator[tuple[str, str]]:
        from ropsanalysis.reporting import spec

        named = spec.find_regions(regions)
        for one in spec.find_reports(self.reports):
            for area in one.areas(named):
                yield one.key, area.teryt

    def _check(self, regions: Sequence[str], count: int, out: Path) -> None:
        """Stop where a route made fewer reports than another."""
        expected = self.expected.setdefault(tuple(regions), count)
        if count == 0 or count != expected:
            raise SystemExit(f"{out}: {count} reports, {expected} by another route")

    def count(self, regions: Sequence[str]) -> int:
        return self.expected[tuple(regions)]


def runs(edition: Path) -> list[dict[str, Any]]:
    """Return the runs that an edition's manifest tells of; all must have succeeded."""
    found: list[dict[str, Any]] = json.loads((edition / "manifest.json").read_text(encoding="utf-8"))["runs"]
    if failed := [one for one in found if one["status"] != "done"]:
        raise SystemExit(f"{edition}: {failed[0]['report']} {failed[0]['teryt']} failed: {failed[0].get('cause')}")
    return found


def measure(
    project: Path,
    scratch: Path,
    *,
    steps: Sequence[str],
    rounds: int,
    jobs: int,
    minutes: float,
    gminas: str = "",
) -> Batch:
    """Run the steps.

    Parameters
    ----------
    project
        A copy with data for every report and built tables; one of its data files is changed.
    minutes
        When so much time has passed, no further round of the sample is begun.
    gminas
        ``"all"`` for the reports on all of them, or codes of voivodeships by commas.
    """
    from ropsanalysis.io import built
    from ropsanalysis.io.paths import Project
    from ropsanalysis.reporting import spec

    there = Project(project)
    ordinary = [one.key for one in spec.REPORTS.values() if not one.local]
    reports = [key for key in ordinary if built.delivered(there, built.TOPICS[key])]
    bench = _Bench(project, scratch, jobs, reports)
    until = time.monotonic() + 60 * minutes
    found = Batch(tuple(name for name in STEPS if name in steps), rounds, jobs)
    if "whole" in steps:
        found = replace(found, whole=_whole(bench, scratch / "kept"))
    if "gminas" in steps and LOCAL in spec.REPORTS:
        found = replace(found, gminas=_gminas(bench, gminas))
    if "sample" in steps:
        with _cluster(scratch, jobs) as bench.scheduler:
            found = replace(found, sample=_sample(bench, rounds, until))
    if "again" in steps:
        found = replace(found, again=_again(bench, scratch / "kept"))
    return found


def _sample(bench: _Bench, rounds: int, until: float) -> Routes:
    names = (PLAIN, HTML, ALL, ONE, DASK, FLOOR)
    taken: dict[str, list[Usage]] = {name: [] for name in names}
    for number in range(rounds):
        if number and time.monotonic() > until:
            say("no time for another round")
            break
        regions = ("00", _REGIONS[number % len(_REGIONS)])
        say(f"round {number + 1}: reports on voivodeship {regions[1]} and on the country")
        for name in names if number % 2 == 0 else reversed(names):
            taken[name].append(bench.route(name, regions))
        count = bench.count(regions)
    return Routes(count, bench.jobs, {name: tuple(usages) for name, usages in taken.items()})


def _whole(bench: _Bench, kept: Path) -> Routes:
    """Make all reports by three routes; those in all formats are kept."""
    from ropsanalysis.regions import REGIONS

    codes = [region.teryt for region in REGIONS]
    halves = (tuple(codes[:8]), ("00", *codes[8:]))
    names = (FLOOR, ALL, HTML)
    taken: dict[str, list[Usage]] = {name: [] for name in names}
    for number, half in enumerate(halves):
        say(f"whole batch, half {number + 1}")
        for name in names if number == 0 else reversed(names):
            taken[name].append(bench.route(name, half, kept=kept if name == ALL else None))
    count = sum(bench.count(half) for half in halves)
    return Routes(count, bench.jobs, {name: (total(parts),) for name, parts in taken.items()})


def _again(bench: _Bench, kept: Path) -> Again:
    """Render a batch that is in place once more, then change one number under it; nothing may need the data later."""
    words = ("render", "--out", kept, "--edition", "bench", "--project", bench.project, "--jobs", str(bench.jobs))
    again, edition = (program("ropsanalysis"), *words), kept / "bench"
    say("a batch in place, rendered again")
    run(*again, cwd=bench.project)  # makes it where it is not there yet
    before = _finished(edition)
    unchanged = tuple(run(*again, cwd=bench.project) for _ in range(5))
    if _finished(edition) != before:
        raise SystemExit("nothing had changed, and yet reports were made")
    change(bench.project / "data" / "raw")
    building = run(program("ropsanalysis"), "build", "--project", bench.project, cwd=bench.project)
    changed = run(*again, cwd=bench.project)
    after = _finished(edition)
    made: dict[str, int] = {}
    for (report, _), when in after.items():
        if when != before[report, _]:
            made[report] = made.get(report, 0) + 1
    return Again(len(before), unchanged, building, changed, made)


def _finished(edition: Path) -> dict[tuple[str, str], str]:
    return {(one["report"], one["teryt"]): one["finished"] for one in runs(edition)}


def change(raw: Path) -> None:
    """Change one number in one data file.

    Raises
    ------
    SystemExit
        It is not as it was expected.
    """
    name, pattern, replacement = _CHANGED
    path = raw / name
    text, count = re.subn(pattern, replacement, path.read_text(encoding="utf-8"), count=1)
    if count != 1:
        raise SystemExit(f"{path}: nothing to change in it")
    path.write_text(text, encoding="utf-8")


def _gminas(bench: _Bench, asked: str) -> Gminas:
    """Render reports on gminas, looking at the batch's process and at when reports came out."""
    codes = "" if asked == "all" else asked or "28"
    out = bench.out("gminas")
    say(f"gminas: {asked or codes}")
    named = [word for code in codes.split(",") if code for word in ("--region", code)]
    used, memory = watched(
        program("ropsanalysis"), "render", "--report", LOCAL, "--level", "gmina", *named, "--format", _HTML,
        "--jobs", str(bench.jobs), "--out", out, "--edition", "bench", "--project", bench.project, cwd=bench.project,
    )  # fmt: skip
    found = runs(out / "bench")
    pages = sorted(path.stat().st_mtime for path in (out / "bench").rglob(f"{LOCAL}.html"))
    largest = [one.get("peak_memory_mib", 0.0) for one in sorted(found, key=lambda one: str(one["finished"]))]
    quarter = max(len(found) // 4, 1)
    shutil.rmtree(out, ignore_errors=True)
    return Gminas(
        asked=asked or codes,
        reports=len(found),
        jobs=bench.jobs,
        usage=used,
        quarters=rates(pages),
        parent_mib=(memory[len(memory) // 4], memory[-1]),
        largest_mib=(max(largest[:quarter]), max(largest[-quarter:])),
    )


def rates(times: Sequence[float]) -> tuple[float, ...]:
    """Return how many a minute there were in each quarter of them."""
    ends = [round(part * (len(times) - 1) / 4) for part in range(5)]
    return tuple(60 * (last - first) / (times[last] - times[first]) for first, last in pairwise(ends))


def watched(*command: str | Path, cwd: Path) -> tuple[Usage, list[float]]:
    """Run a command to its end; return what it took, and its own memory (MiB) once a second."""
    import psutil

    with tempfile.TemporaryFile() as log:
        began, memory = time.perf_counter(), [0.0]
        process = subprocess.Popen(
            [str(part) for part in command], cwd=cwd, env=environment(), stdout=log, stderr=subprocess.STDOUT
        )
        own = psutil.Process(process.pid)
        while process.poll() is None:
            try:
                memory.append(own.memory_info().rss / 2**20)
            except psutil.Error:
                break
            time.sleep(1)
        code, seconds = process.wait(), time.perf_counter() - began
        if code:
            log.seek(0)
            raise SystemExit(f"ended with code {code}:\n{log.read().decode(errors='replace')[-3000:]}")
    held = [one for one in memory if one] or [0.0]
    return Usage(seconds, max(held)), held


@contextmanager
def _cluster(scratch: Path, workers: int) -> Iterator[str]:
    """Run a scheduler and workers of one thread each on this machine; yields the scheduler's address."""
    folder = scratch / "cluster"
    folder.mkdir()
    started: list[subprocess.Popen[bytes]] = []

    def start(module: str, *words: str) -> None:
        command = [sys.executable, "-m", f"distributed.cli.{module}", *words, "--no-dashboard"]
        log = (folder / f"{module}.log").open("wb")
        with log:
            started.append(subprocess.Popen(command, cwd=folder, env=environment(), stdout=log, stderr=log))

    try:
        start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", "scheduler.json")
        address = _waited_for(lambda: json.loads((folder / "scheduler.json").read_bytes())["address"])
        start("dask_worker", address, "--nworkers", str(workers), "--nthreads", "1", "--local-directory", str(folder))
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(30)


def _waited_for(look: Callable[[], str]) -> str:
    limit = time.monotonic() + 60
    while True:
        try:
            return look()
        except (OSError, ValueError):
            if time.monotonic() > limit:
                raise
            time.sleep(0.1)
