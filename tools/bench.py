"""Time the reports against plain papermill and nbconvert; the survey; the social economy; social impact.

    make bench                                                 the whole; writes docs/benchmarks.md
    .venv/bin/python tools/bench.py --regions 2 --repeats 1    a quick look; writes nothing
    .venv/bin/python tools/bench.py --only survey              one part; writes nothing
    .venv/bin/python tools/bench.py --only survey --write      one part anew in docs/benchmarks.md

Both routes run the same notebook on the same tables, in turn and in one session, so that a slow minute of
the machine hits both. Every round starts from nothing: a new output folder, no earlier report to reuse.
The tables all reports share are computed before the clock starts, for both routes alike. The reports compared
are those of the regional diagnosis; `bench_training.py` measures the survey of training needs, `bench_social.py`
the social economy, `bench_impact.py` social impact.

This process stays small on purpose: a child's peak memory is counted from that of the process it was
started from.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import bench_impact
import bench_social
import bench_training
from bench_impact import Impact
from bench_social import Social
from bench_training import Survey
from measuring import Spread, Usage, environment, program, rows, run, say, spread

from ropsanalysis.regions import REGIONS, Region

PROJECT = Path(__file__).resolve().parent.parent
TARGET = PROJECT / "docs" / "benchmarks.md"
REPORT = "regional_diagnosis"
PARTS = ("reports", "survey", "social", "impact")
LARGE = 200_000
PERSONAL = shutil.ignore_patterns(
    "training_*", "es_*", "owes_support", "gmina_population", "social_economy", "impact_*", "jst_panel", "price_index",
    "social_impact", "cooperation", "cooperation_*", "project_*", "supported_entities", "lpdi", "cus", "foster_care",
    "national_summary", "rejected", "review",
)  # fmt: skip
LIBRARIES = (
    "papermill", "nbconvert", "ipykernel", "numpy", "scipy", "pandas", "statsmodels", "highspy", "matplotlib",
    "seaborn", "typst",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Round:
    """One route, run once for all regions.

    Attributes
    ----------
    html_bytes
        Size of each finished HTML file.
    """

    seconds: float
    peak_mib: float | None
    html_bytes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Machine:
    """Where it was measured; no date and no name, so that the page changes only with the figures."""

    cores: int
    memory_gib: float | None
    system: str
    python: str
    libraries: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Results:
    """All figures of the comparison of both routes.

    Attributes
    ----------
    plain, ours
        Rounds of the two routes; the n-th of both were run one right after the other.
    pdf_seconds
        Seconds for each document's PDF, in one warm process.
    """

    regions: int
    jobs: int
    plain: tuple[Round, ...]
    ours: tuple[Round, ...]
    pdf_seconds: tuple[float, ...]
    machine: Machine


# Summing up (pure, tested) ---------------------------------------------------------------------------------


def speed_up(results: Results) -> float:
    """Return how many times longer the plain route takes: the ratio of the medians."""
    return spread(seconds(results.plain)).median / spread(seconds(results.ours)).median


def seconds(rounds: Sequence[Round]) -> list[float]:
    """Return the wall time of each round."""
    return [one.seconds for one in rounds]


def html_sizes(rounds: Sequence[Round]) -> Spread:
    """Return the sizes of all HTML files of a route in kB (1000 bytes)."""
    return spread([size / 1000 for one in rounds for size in one.html_bytes])


def peak(rounds: Sequence[Round]) -> float | None:
    """Return the largest peak memory of any process of a route in MiB, None where it is not known."""
    known = [one.peak_mib for one in rounds if one.peak_mib is not None]
    return max(known, default=None)


def table(results: Results) -> str:
    """Return the results as a Markdown table."""
    plain, ours = spread(seconds(results.plain)), spread(seconds(results.ours))
    n = results.regions
    times = f"**{speed_up(results):.1f}**"
    plain_html, our_html = html_sizes(results.plain), html_sizes(results.ours)
    body = [
        (f"{n} reports as HTML, s: median (min–max)", plain.text(), ours.text(), times),
        ("one report, s: median", f"{plain.median / n:.2f}", f"{ours.median / n:.2f}", ""),
        ("HTML file, kB: median", *_pair(plain_html.median, our_html.median)),
        ("HTML file, kB: largest", *_pair(plain_html.high, our_html.high)),
        ("largest process, MiB: peak memory", *_pair(peak(results.plain), peak(results.ours))),
        ("PDF of one report, s: median (min–max)", "not made", spread(results.pdf_seconds).text(2), ""),
    ]
    head = ("", "papermill + nbconvert", f"ropsanalysis, {results.jobs} at a time", "times")
    return rows(head, body)


def rounds_table(results: Results) -> str:
    """Return every round as a Markdown table: no figure of the summary stands alone."""
    body = [
        (str(number), f"{a.seconds:.1f}", f"{b.seconds:.1f}", f"{a.seconds / b.seconds:.1f}")
        for number, (a, b) in enumerate(zip(results.plain, results.ours, strict=True), start=1)
    ]
    head = ("round", "papermill + nbconvert, s", "ropsanalysis, s", "times")
    return rows(head, body)


def machine_text(machine: Machine) -> str:
    """Return the machine in one line."""
    memory = "memory unknown" if machine.memory_gib is None else f"{machine.memory_gib:.0f} GiB memory"
    libraries = ", ".join(f"{name} {number}" for name, number in machine.libraries.items())
    return f"{machine.cores} cores, {memory}, {machine.system}, Python {machine.python}; {libraries}."


def options(results: Results | None, survey: Survey | None, social: Social | None, impact: Impact | None) -> str:
    """Return the options that measure the same again, part by part."""
    words = []
    if results is not None:
        words.append(f"--regions {results.regions} --repeats {len(results.ours)} --jobs {results.jobs}")
    if survey is not None:
        words.append(f"--survey-repeats {len(survey.analysis.estimating)} --respondents {survey.large.respondents}")
    if social is not None:
        words.append(
            f"--social-repeats {len(social.powiats.flows)} --entities {social.asked_entities} "
            f"--answers {social.asked_answers}"
        )
    if impact is not None:
        words.append(f"--impact-repeats {len(impact.centres.ours)} --waves {impact.asked_waves}")
    return " ".join(words)


def section(results: Results) -> str:
    """Return the reports' part of docs/benchmarks.md."""
    return SECTION.format(table=table(results), rounds=rounds_table(results), jobs=results.jobs)


def sections(results: Results | None, survey: Survey | None, social: Social | None, impact: Impact | None) -> list[str]:
    """Return the parts of docs/benchmarks.md that were measured."""
    found = []
    if results is not None:
        found.append(section(results))
    if survey is not None:
        found.append(bench_training.section(survey))
    if social is not None:
        found.append(bench_social.section(social))
    if impact is not None:
        found.append(bench_impact.section(impact))
    return found


def page(results: Results, survey: Survey, social: Social, impact: Impact) -> str:
    """Return the whole of docs/benchmarks.md."""
    return PAGE.format(
        origin=origin(options(results, survey, social, impact), results.machine),
        sections="\n".join(sections(results, survey, social, impact)),
    )


def origin(words: str, machine: Machine) -> str:
    """Return by which command and on which machine something was measured."""
    return f"- Command: `.venv/bin/python tools/bench.py {words}`\n- Machine: {machine_text(machine)}\n"


def renewed(text: str, part: str, words: str, machine: Machine) -> str:
    """Return the page with one part in place of the one it has, or as its last, saying that it was measured alone.

    Raises
    ------
    ValueError
        If it is another page.
    """
    heading, _, rest = part.partition("\n\n")
    before, found, after = f"\n{text}".partition(f"\n{heading}\n")
    if not found:
        before, closing, after = f"\n{text}".partition("\n## On all figures")
        if not closing:
            raise ValueError(f"the page has no part '{heading}', nor a place for it")
        after = closing + after
    others = after[after.index("\n## ") + 1 :]
    alone = f"Measured in a run of its own:\n\n{origin(words, machine)}"
    return f"{before}\n{heading}\n\n{alone}\n{rest}\n{others}".removeprefix("\n")


def _pair(plain: float | None, ours: float | None) -> tuple[str, str, str]:
    if plain is None or ours is None:
        return ("unknown", "unknown", "")
    return (f"{plain:.0f}", f"{ours:.0f}", f"{plain / ours:.1f}")


SECTION = """\
## The reports

The reports of the regional diagnosis, by two routes.

{table}

"times" is the plain route divided by ropsanalysis; for the first row it is the ratio of the medians.

### Every round

{rounds}

### How to read this

- **papermill + nbconvert** is what one does without this package: for each voivodeship
  `papermill -r region 28 …`, then `jupyter nbconvert --to html …`, one after the other. **ropsanalysis** is
  `ropsanalysis render --format html --jobs {jobs}`, which also reads every file back, checks it against its
  own figures and writes the manifest and the index.
- Both run the same notebook on the same tables, which are computed before the clock starts. Both start from
  an empty output folder and reuse nothing. They take turns, and the order changes from round to round. One
  report by each route is made first and not counted, so that neither pays for a cold disk.
- Python's bytecode is compiled beforehand for both.
- Part of the gain comes from working side by side ({jobs} at a time); `--jobs 1` shows the rest. That rest is
  start-up: the plain route starts a papermill, a kernel and an nbconvert for every report, and each imports
  its libraries anew.
- The HTML of the plain route loads scripts from the network and shows the code; ours does neither. The sizes
  are those of the files.
- Memory is the resident size that the system reports for the largest single process. Pages that forked
  processes share with their parent count in each of them, so the sizes of several must not be added up.
- A PDF is made from an executed notebook in one warm process; its accessibility check is included.
"""

PAGE = """\
# How long the reports take

Written by `make bench`; do not edit by hand.

{origin}
{sections}
## On all figures

A shared machine is noisy: the same command may well take half as long again some minutes later. Compare only
figures of one page with one another. Ratios are steadier than seconds, and CPU seconds steadier than wall seconds;
with few rounds the second digit of a ratio means little.
"""


# Running ---------------------------------------------------------------------------------------------------


def plain_round(project: Path, regions: Sequence[Region], out: Path) -> Round:
    """Make each report with papermill's and nbconvert's own commands, one after the other."""
    out.mkdir(parents=True)
    notebooks = project / "notebooks"
    papermill, jupyter = program("papermill"), program("jupyter")
    used: list[Usage] = []
    began = time.perf_counter()
    for region in regions:
        executed = out / f"{region.folder}.ipynb"
        source = notebooks / f"{REPORT}.ipynb"
        used.append(run(papermill, source, executed, "-r", "region", region.teryt, "--cwd", notebooks, cwd=notebooks))
        used.append(run(jupyter, "nbconvert", "--to", "html", executed, cwd=out))
    took = time.perf_counter() - began
    return Round(took, _largest(*(one.peak_mib for one in used)), _sizes(out, len(regions)))


def our_round(project: Path, regions: Sequence[Region], out: Path, *, jobs: int) -> Round:
    """Make the same reports with one command of ours."""
    wanted = ",".join(region.teryt for region in regions)
    used = run(
        program("ropsanalysis"), "render", "--report", REPORT, "--region", wanted, "--format", "html",
        "--jobs", str(jobs), "--out", out, "--edition", "bench", "--project", project,
        cwd=project,
    )  # fmt: skip
    edition = out / "bench"
    manifest = json.loads((edition / "manifest.json").read_text(encoding="utf-8"))
    peaks = [entry.get("peak_memory_mib") for entry in manifest["runs"]]
    return Round(used.seconds, _largest(used.peak_mib, *peaks), _sizes(edition, len(regions), "*/*.html"))


def _largest(*peaks: float | None) -> float | None:
    return max((value for value in peaks if value is not None), default=None)


def _sizes(folder: Path, expected: int, pattern: str = "*.html") -> tuple[int, ...]:
    sizes = tuple(path.stat().st_size for path in sorted(folder.glob(pattern)))
    if len(sizes) != expected or not all(sizes):
        raise SystemExit(f"{folder}: {len(sizes)} HTML files instead of {expected}")
    return sizes


def prepare(scratch: Path) -> Path:
    """Copy the project's notebooks and data, compute the shared tables, and compile all bytecode.

    Data about persons and entities stay where they are: nothing that an office delivers is copied.
    """
    project = scratch / "project"
    for name in ("notebooks", "data"):
        shutil.copytree(PROJECT / name, project / name, ignore=PERSONAL if name == "data" else None)
    run(program("ropsanalysis"), "build", "--project", project, cwd=project)
    # Exit code ignored: some packages carry templates that are no valid Python.
    folders = [sysconfig.get_path("purelib"), str(PROJECT / "src")]
    compile_all = [sys.executable, "-m", "compileall", "-qq", "-j", "0", *folders]
    subprocess.run(compile_all, env=environment(), stdout=subprocess.DEVNULL, check=False)
    return project


def time_pdfs(notebooks: Sequence[Path]) -> tuple[float, ...]:
    """Return the seconds each executed notebook takes to become a PDF, in this process."""
    import nbformat  # heavy: only now, when no process is started from this one any more

    from ropsanalysis.reporting.exporters import ReportPDFExporter

    taken = []
    exporter = ReportPDFExporter()
    for path in (notebooks[0], *notebooks):  # the first time warms up: fonts, template
        notebook = nbformat.read(path, as_version=4)
        began = time.perf_counter()
        exporter.from_notebook_node(notebook)
        taken.append(time.perf_counter() - began)
    return tuple(taken[1:])


def look_at_machine() -> Machine:
    """Collect what a reader needs to judge the figures."""
    return Machine(
        cores=_cores(),
        memory_gib=_memory_gib(),
        system=f"{_system()} ({platform.machine()})",
        python=platform.python_version(),
        libraries={name: version(name) for name in LIBRARIES},
    )


def _cores() -> int:
    """Return the processors this process may use, which on a shared machine are fewer than there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory_gib() -> float | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    except (AttributeError, ValueError, OSError):
        return None


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return f"{platform.system()} {platform.release()}"


def measure(project: Path, regions: Sequence[Region], *, repeats: int, jobs: int, scratch: Path) -> Results:
    """Run both routes in turn, `repeats` times each."""
    say("reports: one uncounted by each route")
    plain_round(project, regions[:1], scratch / "warm-plain")
    our_round(project, regions[:1], scratch / "warm-ours", jobs=1)
    plain: list[Round] = []
    ours: list[Round] = []
    for number in range(repeats):
        for plain_now in (True, False) if number % 2 == 0 else (False, True):
            if plain_now:
                plain.append(plain_round(project, regions, scratch / f"plain-{number}"))
            else:
                ours.append(our_round(project, regions, scratch / f"ours-{number}", jobs=jobs))
        say(f"round {number + 1}: {plain[-1].seconds:.1f} s plain, {ours[-1].seconds:.1f} s ropsanalysis")
    executed = sorted((scratch / f"plain-{repeats - 1}").glob("*.ipynb"))
    return Results(len(regions), jobs, tuple(plain), tuple(ours), time_pdfs(executed), look_at_machine())


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line; a partial run does not overwrite the published page unless told to."""
    parser = argparse.ArgumentParser(
        description="Time the reports against plain papermill and nbconvert, the survey of training needs, the "
        "social economy, and social impact."
    )
    parser.add_argument("--only", choices=PARTS, help="one part alone, without writing the page")
    parser.add_argument("--regions", type=int, default=16, choices=range(1, 17), metavar="1-16", help="how many")
    parser.add_argument("--repeats", type=_positive, default=3, metavar="N", help="rounds of both routes")
    parser.add_argument("--jobs", type=_positive, default=2, metavar="N", help="our reports at a time")
    parser.add_argument("--survey-repeats", type=_positive, default=9, metavar="N", help="estimates and figures")
    parser.add_argument("--respondents", type=_positive, default=LARGE, metavar="N", help="of the large survey")
    parser.add_argument("--social-repeats", type=_positive, default=9, metavar="N", help="powiats by both routes")
    parser.add_argument(
        "--entities", type=_positive, default=bench_social.ENTITIES, metavar="N", help="of the large register"
    )
    parser.add_argument(
        "--answers", type=_positive, default=bench_social.ANSWERS, metavar="N", help="of the survey of entities"
    )
    parser.add_argument("--impact-repeats", type=_positive, default=5, metavar="N", help="centres and impact maps")
    parser.add_argument(
        "--waves", type=_positive, default=bench_impact.WAVES, metavar="N", help="person-waves of the impact panel"
    )
    parser.add_argument(
        "--write",
        action=argparse.BooleanOptionalAction,
        help="write docs/benchmarks.md, with --only that part of it (default: only with all parts, all 16 regions and "
        "large data)",
    )
    chosen = parser.parse_args(words)
    if chosen.write is None:
        large = (
            chosen.respondents >= LARGE
            and chosen.entities >= bench_social.ENTITIES
            and chosen.answers >= bench_social.ANSWERS
            and chosen.waves >= bench_impact.WAVES
        )
        chosen.write = not chosen.only and chosen.regions == len(REGIONS) and large
    return chosen


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number above 0")
    return number


def main() -> None:
    """Run the benchmark, print the tables, write the page."""
    chosen = arguments()
    results, survey, social, impact = None, None, None, None
    parts = (chosen.only,) if chosen.only else PARTS
    with tempfile.TemporaryDirectory(prefix="ropsanalysis-bench-") as folder:
        scratch = Path(folder).resolve()
        say("preparing: a copy of the project, shared tables")
        project = prepare(scratch)
        if "survey" in parts:
            survey = bench_training.measure(
                project, scratch / "survey", repeats=chosen.survey_repeats, respondents=chosen.respondents
            )
        if "social" in parts:
            social = bench_social.measure(
                project,
                scratch / "social",
                repeats=chosen.social_repeats,
                entities=chosen.entities,
                answers=chosen.answers,
            )
        if "impact" in parts:
            impact = bench_impact.measure(
                project, scratch / "impact", repeats=chosen.impact_repeats, waves=chosen.waves
            )
        if "reports" in parts:  # last, because making PDFs lets this process grow
            regions = REGIONS[: chosen.regions]
            results = measure(project, regions, repeats=chosen.repeats, jobs=chosen.jobs, scratch=scratch)
    if survey is not None:
        print(bench_training.tables(survey), end="\n\n")
        ratio = bench_training.times(survey.analysis)
        print(f"The figures of one report take {ratio:.1f} times the CPU of all estimates (ratio of medians).")
    if social is not None:
        print(bench_social.tables(social), end="\n\n")
    if impact is not None:
        print(bench_impact.tables(impact), end="\n\n")
    if results is not None:
        print(table(results), rounds_table(results), sep="\n\n", end="\n\n")
        print(f"The plain route takes {speed_up(results):.1f} times as long (ratio of medians).")
    print(f"\n{machine_text(look_at_machine())}")
    if not chosen.write:
        return
    if results is not None and survey is not None and social is not None and impact is not None:
        text = page(results, survey, social, impact)
    else:
        [part] = sections(results, survey, social, impact)
        words = f"--only {chosen.only} {options(results, survey, social, impact)}"
        text = renewed(TARGET.read_text(encoding="utf-8"), part, words, look_at_machine())
    TARGET.write_text(text, encoding="utf-8", newline="\n")
    say(f"written: {TARGET}")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
