"""Time the batch of reports against other routes and the bare computation; the survey; the economy; the impact.

    make bench                                                        the whole; writes docs/benchmarks.md
    .venv/bin/python tools/bench.py --only batch --write              one part anew in docs/benchmarks.md
    .venv/bin/python tools/bench.py --only batch --steps sample --rounds 1    a quick look; writes nothing
    .venv/bin/python tools/bench.py --only batch --steps gminas --gminas all  all 2 479 gminas

`bench_batch.py` measures the batch, `bench_training.py` the survey of training needs, `bench_social.py` the social
economy, `bench_impact.py` social impact.

This process stays small on purpose: a child's peak memory is counted from that of the process it was
started from.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import bench_batch
import bench_impact
import bench_social
import bench_training
from bench_batch import Batch
from bench_impact import Impact
from bench_social import Social
from bench_training import Survey
from measuring import environment, program, run, say

from ropsanalysis.io import atomic, built
from ropsanalysis.io.paths import Project

PROJECT = Path(__file__).resolve().parent.parent
TARGET = PROJECT / "docs" / "benchmarks.md"
PARTS = ("batch", "survey", "social", "impact")
LARGE = 200_000
#: Data that come with the project.
SHIPPED = ("gus_sdg", "bdl_context", "teryt_units")
LIBRARIES = (
    "papermill", "nbconvert", "ipykernel", "numpy", "scipy", "pandas", "statsmodels", "highspy", "matplotlib",
    "seaborn", "typst",
)  # fmt: skip


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
    """All that was measured; None for a part that was left out."""

    batch: Batch | None = None
    survey: Survey | None = None
    social: Social | None = None
    impact: Impact | None = None


# Summing up (pure, tested) ---------------------------------------------------------------------------------


def machine_text(machine: Machine) -> str:
    """Return the machine in one line."""
    memory = "memory unknown" if machine.memory_gib is None else f"{machine.memory_gib:.0f} GiB memory"
    libraries = ", ".join(f"{name} {number}" for name, number in machine.libraries.items())
    return f"{machine.cores} cores, {memory}, {machine.system}, Python {machine.python}; {libraries}."


def options(results: Results) -> str:
    """Return the options that measure the same again, part by part."""
    words = []
    if results.batch is not None:
        words.append(bench_batch.options(results.batch))
    if (survey := results.survey) is not None:
        words.append(f"--survey-repeats {len(survey.analysis.estimating)} --respondents {survey.large.respondents}")
    if (social := results.social) is not None:
        words.append(
            f"--social-repeats {len(social.powiats.flows)} --entities {social.asked_entities} "
            f"--answers {social.asked_answers}"
        )
    if (impact := results.impact) is not None:
        words.append(f"--impact-repeats {len(impact.centres.ours)} --waves {impact.asked_waves}")
    return " ".join(words)


def sections(results: Results) -> list[str]:
    """Return the parts of docs/benchmarks.md that were measured."""
    found = []
    if results.batch is not None:
        found.append(bench_batch.section(results.batch))
    if results.survey is not None:
        found.append(bench_training.section(results.survey))
    if results.social is not None:
        found.append(bench_social.section(results.social))
    if results.impact is not None:
        found.append(bench_impact.section(results.impact))
    return found


def page(results: Results, machine: Machine) -> str:
    """Return the whole of docs/benchmarks.md."""
    return PAGE.format(origin=origin(options(results), machine), sections="\n".join(sections(results)))


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


def prepare(project: Path, *, demo: bool) -> Path:
    """Make a project with built tables: of the data that come with this one, and of synthetic ones for every report.

    Tables are taken from here as far as they are made from what is in the copy as well; others are computed anew.
    Nothing that an office delivers is measured.
    """
    own = {"ROPSANALYSIS_KEY_FILE": str(project.with_name("pseudonyms.key"))}  # the user's own is left alone
    shutil.copytree(PROJECT / "notebooks", project / "notebooks")
    for name in SHIPPED:
        shutil.copytree(PROJECT / "data" / "raw" / name, project / "data" / "raw" / name)
    if demo:
        run(program("ropsanalysis"), "demo", "--project", project, cwd=project, variables=own)
    for key in built.TOPICS:
        if (tables := built.folder(Project(PROJECT), key)).is_dir() and _fits(project, key):
            shutil.copytree(tables, built.folder(Project(project), key))
    run(program("ropsanalysis"), "build", "--project", project, cwd=project, variables=own)
    return project


def compile_all() -> None:
    """Compile all bytecode, so that no route pays for it."""
    folders = [sysconfig.get_path("purelib"), str(PROJECT / "src")]
    command = [sys.executable, "-m", "compileall", "-qq", "-j", "0", *folders]
    # Exit code ignored: some packages carry templates that are no valid Python.
    subprocess.run(command, env=environment(), stdout=subprocess.DEVNULL, check=False)


def _fits(project: Path, key: str) -> bool:
    """Return whether the tables here are those that the data of another project give."""
    here = built.recorded(Project(PROJECT), key).get("fingerprint")
    return here is not None and here == built.fingerprint(Project(project), built.TOPICS[key])


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


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line; a partial run does not overwrite the published page unless told to."""
    parser = argparse.ArgumentParser(
        description="Time the batch of reports, the survey of training needs, the social economy, and social impact."
    )
    parser.add_argument("--only", choices=PARTS, help="one part alone, without writing the page")
    parser.add_argument("--steps", type=_steps, default=bench_batch.STEPS, metavar="A,B", help="of the batch alone")
    parser.add_argument("--rounds", type=_positive, default=2, metavar="N", help="of one voivodeship by every route")
    parser.add_argument("--jobs", type=_positive, default=2, metavar="N", help="our reports at a time")
    parser.add_argument("--minutes", type=_positive, default=12, metavar="N", help="after which no round is begun")
    parser.add_argument("--gminas", default="", metavar="CODES", help="of which voivodeships (default: 28), or all")
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
        help="write docs/benchmarks.md, with --only that part of it (default: only with all parts and large data)",
    )
    chosen = parser.parse_args(words)
    if chosen.write is None:
        large = (
            chosen.respondents >= LARGE
            and chosen.entities >= bench_social.ENTITIES
            and chosen.answers >= bench_social.ANSWERS
            and chosen.waves >= bench_impact.WAVES
        )
        chosen.write = not chosen.only and tuple(chosen.steps) == bench_batch.STEPS and large
    return chosen


def _steps(text: str) -> tuple[str, ...]:
    names = text.split(",")
    if not set(names) <= set(bench_batch.STEPS):
        raise argparse.ArgumentTypeError(f"of {', '.join(bench_batch.STEPS)}")
    return tuple(name for name in bench_batch.STEPS if name in names)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number above 0")
    return number


def measure(chosen: argparse.Namespace, scratch: Path) -> Results:
    """Measure the parts that were asked for."""
    parts = (chosen.only,) if chosen.only else PARTS
    say("preparing: bytecode, projects, shared tables")
    compile_all()
    found = Results()
    if parts != ("batch",):
        project = prepare(scratch / "bare", demo=False)
    if "survey" in parts:
        found = replace(
            found,
            survey=bench_training.measure(
                project, scratch / "survey", repeats=chosen.survey_repeats, respondents=chosen.respondents
            ),
        )
    if "social" in parts:
        found = replace(
            found,
            social=bench_social.measure(
                project,
                scratch / "social",
                repeats=chosen.social_repeats,
                entities=chosen.entities,
                answers=chosen.answers,
            ),
        )
    if "impact" in parts:
        found = replace(
            found,
            impact=bench_impact.measure(project, scratch / "impact", repeats=chosen.impact_repeats, waves=chosen.waves),
        )
    if "batch" in parts:
        batch = bench_batch.measure(
            prepare(scratch / "project", demo=True),
            scratch,
            steps=chosen.steps,
            rounds=chosen.rounds,
            jobs=chosen.jobs,
            minutes=chosen.minutes,
            gminas=chosen.gminas,
        )
        found = replace(found, batch=batch)
    return found


def told(results: Results) -> str:
    """Return what was measured for a terminal."""
    found = []
    if results.batch is not None:
        found.append(bench_batch.tables(results.batch))
    if results.survey is not None:
        found.append(bench_training.tables(results.survey))
    if results.social is not None:
        found.append(bench_social.tables(results.social))
    if results.impact is not None:
        found.append(bench_impact.tables(results.impact))
    return "\n\n".join(found)


def main() -> None:
    """Run the benchmark, print the tables, write the page."""
    chosen = arguments()
    with tempfile.TemporaryDirectory(prefix="ropsanalysis-bench-") as folder:
        results = measure(chosen, Path(folder).resolve())
    machine = look_at_machine()
    print(f"{told(results)}\n\n{machine_text(machine)}")
    if not chosen.write:
        return
    if chosen.only:
        [part] = sections(results)
        words = f"--only {chosen.only} {options(results)}"
        text = renewed(TARGET.read_text(encoding="utf-8"), part, words, machine)
    else:
        text = page(results, machine)
    atomic.write_text(TARGET, text)
    say(f"written: {TARGET}")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
