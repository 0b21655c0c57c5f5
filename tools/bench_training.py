"""Time the survey of training needs: its estimates against its figures, its protection, its build, a large file.

`tools/bench.py` imports this module for `measure` and `section`. Each measurement runs this file as a process of
its own, so that its peak memory is its own:

    python tools/bench_training.py {write-demo,build,analysis,write-large,read-large} PROJECT RESULT.json [N]

Everything is done on the survey of `ropsanalysis demo`, by the functions that `ropsanalysis build` calls itself.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from measuring import (
    ONE_THREAD,
    Clocks,
    Stage,
    Usage,
    child,
    in_turn,
    mib,
    rows,
    say,
    serve,
    spaced,
    spread,
    stay_on_one_core,
)

REGION = "26"
STAGES = {
    "reading and screening": "ropsanalysis.reporting.build.screen",
    "weights, estimates, ranks": "ropsanalysis.training_needs.assess.estimate",
    "profiles": "ropsanalysis.training_needs.assess.profiles",
    "protection of all tables": "ropsanalysis.training_needs.assess.shield",
    "mixed models of small groups": "ropsanalysis.training_needs.assess.pooled_gaps",
    "differences between institution types": "ropsanalysis.training_needs.assess.differences",
    "ordered logits": "ropsanalysis.training_needs.assess.drivers",
    "training plans": "ropsanalysis.training_needs.assess.plan_tables",
}
"""Stages of the build and the functions they are, by the names under which the build calls them."""
LIMIT_SECONDS = 60
"""What the protection of the full system may take on one core."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """Estimates against drawing, in one process with one thread on one core.

    Attributes
    ----------
    respondents, competences, draws
        Size of the survey, and bootstrap draws behind the ranks.
    figures
        Number of figures of the report that was drawn.
    estimating, drawing
        CPU seconds of each repetition; the n-th of both were run one right after the other.
    """

    respondents: int
    competences: int
    draws: int
    figures: int
    estimating: tuple[float, ...]
    drawing: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Protection:
    """Disclosure control of response and shares in need, audit included, on one core.

    Attributes
    ----------
    tables
        Systems of tables: the response, and one for each competence.
    cells, primary, secondary
        Positions in all tables, totals included; hidden for their own sake (too few answers, too wide an
        interval); hidden to protect others.
    gap
        Largest share of a table's loss that a better pattern could at most have saved.
    """

    regions: int
    institutions: int
    competences: int
    tables: int
    cells: int
    primary: int
    secondary: int
    width_required: float
    width_smallest: float
    gap: float
    cpu_seconds: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Large:
    """Screening of one large survey file."""

    respondents: int
    accepted: int
    file_mib: float
    usage: Usage


@dataclass(frozen=True, slots=True)
class Survey:
    """All figures of the survey part."""

    analysis: Analysis
    protection: Protection
    build: Usage
    stages: tuple[Stage, ...]
    large: Large


# Summing up (pure, tested) ---------------------------------------------------------------------------------


def times(analysis: Analysis) -> float:
    """Return how many times more CPU the figures of one report take: the ratio of the medians."""
    return spread(analysis.drawing).median / spread(analysis.estimating).median


def section(survey: Survey) -> str:
    """Return the survey part of docs/benchmarks.md."""
    analysis = survey.analysis
    return SECTION.format(
        tables=tables(survey),
        region=REGION,
        respondents=spaced(analysis.respondents),
        repeats=len(analysis.estimating),
        draws=analysis.draws,
        figures=analysis.figures,
        limit=LIMIT_SECONDS,
        large=spaced(survey.large.respondents),
    )


def tables(survey: Survey) -> str:
    """Return the survey part's results as Markdown tables."""
    return "\n\n".join(
        (
            "### Estimates and figures\n\n" + _analysis_table(survey.analysis),
            "### Protection of the full system\n\n" + _protection_table(survey.protection),
            "### Build and a large file\n\n" + _build_table(survey),
        )
    )


def _analysis_table(analysis: Analysis) -> str:
    what = f"{spaced(analysis.respondents)} respondents, {analysis.competences} competences"
    rounds = zip(analysis.estimating, analysis.drawing, strict=True)
    body = [
        (
            f"weights, estimates, ranks ({what}) and {analysis.figures} figures: median (min–max)",
            spread(analysis.estimating).text(2),
            spread(analysis.drawing).text(2),
            f"**{times(analysis):.1f}**",
        ),
        *((f"round {n}", f"{a:.2f}", f"{b:.2f}", f"{b / a:.1f}") for n, (a, b) in enumerate(rounds, start=1)),
    ]
    return rows(("CPU seconds", "estimates, once for all reports", "figures of one report", "times"), body)


def _protection_table(protection: Protection) -> str:
    size = f"{protection.regions} × {protection.institutions} × {protection.competences}"
    body = [
        ("voivodeships × institution types × competences", size),
        ("systems of tables", str(protection.tables)),
        ("cells, totals included", spaced(protection.cells)),
        ("hidden for their own sake", spaced(protection.primary)),
        ("hidden to protect others", spaced(protection.secondary)),
        ("largest optimality gap", f"{100 * protection.gap:.2f} %"),
        ("interval required, persons", f"{protection.width_required:g}"),
        ("narrowest interval left, persons", f"{protection.width_smallest:g}"),
        ("CPU seconds, audit included", f"**{protection.cpu_seconds:.1f}**"),
        ("wall seconds, audit included", f"{protection.seconds:.1f}"),
    ]
    return rows(("", "full system"), body)


def _build_table(survey: Survey) -> str:
    large = survey.large
    accepted = f"{large.file_mib:.0f} MiB of CSV, {spaced(large.accepted)} accepted"
    size = f"{spaced(large.respondents)} respondents ({accepted})"
    body = [
        *((f"build: {s.name}", f"{s.seconds:.1f}", f"{s.cpu_seconds:.1f}", "") for s in survey.stages),
        ("build of the training needs, whole process", f"{survey.build.seconds:.1f}", "", mib(survey.build.peak_mib)),
        (f"screening of {size}, whole process", f"{large.usage.seconds:.1f}", "", mib(large.usage.peak_mib)),
    ]
    return rows(("", "wall s", "CPU s", "peak MiB"), body)


SECTION = """\
## The survey of training needs

{tables}

### How to read the survey part

- The data are the synthetic survey that `ropsanalysis demo` writes; {respondents} is the number of respondents that
  screening accepts.
- **Estimates** are raking with trimming, all measures of need for every voivodeship, Poland and every institution
  type, and {draws} bootstrap samples for the intervals of ranks, from the screened survey on. They are computed once
  for all voivodeships. **Figures** are the {figures} figures of the report of one voivodeship (TERYT {region}): the
  functions that the notebook calls, timed as a whole, thus the drawing with its alternative text and the table of its
  data. Both run {repeats} times in turn in one process with one thread, after one uncounted run of each. "times" is
  the ratio of the medians: above 1 the estimates take less than the figures of a single report.
- **Protection** is the choice of what to hide and the audit by an attacker's intervals, for the numbers of
  respondents and the shares in need of every competence. "Hidden for their own sake" counts too few answers as well
  as intervals too wide to show. The process is held on one core, where the system allows it; the aim is below
  {limit} seconds. The gap is what a better choice of secondary cells could at most have saved, in the table where it
  is largest; 0 % means that the solver proved the choice to be the best.
- **Build** is `ropsanalysis build` with the regional diagnosis built before, so that only the training needs are
  computed; its stages are those of the same run, the protection of all other questions included. Stages of little
  weight are not listed. CPU seconds include those of child processes. **Screening** reads one LimeSurvey export of
  {large} respondents with a frame scaled to fit, and checks all of it; writing that file is not counted. Memory is the
  peak of the largest process, start of Python and libraries included.
"""


# Running: this process --------------------------------------------------------------------------------------


def measure(project: Path, scratch: Path, *, repeats: int, respondents: int) -> Survey:
    """Measure the survey part.

    Parameters
    ----------
    project
        A project whose regional diagnosis is built and which has no delivered data; it is left as it is.
    scratch
        An empty folder to work in.
    respondents
        Size of the large survey.
    """
    own = scratch / "project"
    shutil.copytree(project, own)
    child(__file__, "write-demo", own, scratch)
    say("survey: build")
    stages, built = child(__file__, "build", own, scratch)
    say("survey: estimates, figures, protection")
    found, _ = child(__file__, "analysis", own, scratch, repeats, variables=ONE_THREAD)
    say(f"survey: a file of {respondents} respondents")
    written, _ = child(__file__, "write-large", own, scratch, respondents)
    read, usage = child(__file__, "read-large", own, scratch)
    analysis = found["analysis"]
    for name in ("estimating", "drawing"):
        analysis[name] = tuple(analysis[name])
    return Survey(
        analysis=Analysis(**analysis),
        protection=Protection(**found["protection"]),
        build=built,
        stages=tuple(Stage(**stage) for stage in stages),
        large=Large(respondents, read["accepted"], written["file_mib"], usage),
    )


# Running: the child processes -------------------------------------------------------------------------------


def analysis(project: Path, repeats: int) -> dict[str, Any]:
    """Time estimates and figures in turn, then the protection, all on one core."""
    stay_on_one_core()
    from ropsanalysis import jupyter
    from ropsanalysis.io import catalogue
    from ropsanalysis.io.training import screen_training
    from ropsanalysis.training_needs.need import estimate
    from ropsanalysis.training_needs.parameters import TrainingParameters
    from ropsanalysis.training_needs.sample import read_sample

    values: dict[str, Any] = catalogue.parameter_values("training_parameters")
    parameters = TrainingParameters(**values)
    inputs = screen_training(project / "data" / "raw").inputs
    if inputs is None:
        raise SystemExit("the demo's survey was refused")
    needs = jupyter.training_needs(REGION)
    jobs: dict[str, Callable[[], Any]] = {
        "estimating": lambda: estimate(read_sample(inputs), parameters=parameters),
        "drawing": lambda: [figure for draw in _figures() if (figure := draw(needs)) is not None],
    }
    figures = len([job() for job in jobs.values()][1])  # uncounted: fonts, caches
    taken = in_turn(jobs, repeats)
    found = Analysis(
        respondents=len(read_sample(inputs)),
        competences=len(inputs.competences),
        draws=parameters.bootstrap_draws,
        figures=figures,
        estimating=taken["estimating"],
        drawing=taken["drawing"],
    )
    return {"analysis": asdict(found), "protection": asdict(_protect(inputs, parameters))}


def _figures() -> list[Callable[[Any], Any]]:
    """Return what the notebook calls to draw: the functions that return a figure."""
    from ropsanalysis.present import training_needs as show

    functions = [getattr(show, name) for name in show.__all__]
    return [function for function in functions if str(function.__annotations__["return"]).startswith("Figure")]


def _protect(inputs: Any, parameters: Any) -> Protection:
    from ropsanalysis.training_needs.need import estimate
    from ropsanalysis.training_needs.sample import read_sample
    from ropsanalysis.training_needs.shield import shield

    sample = read_sample(inputs)
    need = estimate(sample, parameters=parameters)
    names = dict(zip(inputs.competences["key"], inputs.competences["name"], strict=True))
    cpu, wall = time.process_time(), time.perf_counter()
    audit = shield(sample, need, [], names=names, labels={}, parameters=parameters).audit
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return Protection(
        regions=len(sample.regions),
        institutions=len(sample.institutions),
        competences=len(sample.competences),
        tables=len(audit),
        cells=sum(one.cells for one in audit),
        primary=sum(one.primary for one in audit),
        secondary=sum(one.secondary for one in audit),
        width_required=parameters.protection_width,
        width_smallest=min(one.width_smallest for one in audit if one.primary),
        gap=max(one.gap for one in audit),
        cpu_seconds=cpu,
        seconds=wall,
    )


def write_demo(project: Path) -> None:
    """Write the demo's survey, and nothing for the other reports, so that only the training needs are built."""
    from ropsanalysis.io import synthetic

    synthetic.write_training_demo(project / "data" / "raw")


def build(project: Path) -> list[dict[str, Any]]:
    """Build as `ropsanalysis build` does, with a clock on each stage."""
    from ropsanalysis.io.paths import Project
    from ropsanalysis.reporting import build as building

    clocks = Clocks()
    with clocks.on(STAGES):
        done = building.build(Project(project))
    if [one.folder.name for one in done if not one.fresh] != ["training_needs"]:
        raise SystemExit("not only the training needs were built")
    return [asdict(clocks.stages[stage]) for stage in STAGES]


def write_large(project: Path, respondents: int) -> dict[str, float]:
    """Put one LimeSurvey export of so many respondents in the place of the demo's surveys, and a frame to fit."""
    import numpy as np

    from ropsanalysis.io import catalogue, synthetic
    from ropsanalysis.io.synthetic import answers, exports, population

    raw, rng = project / "data" / "raw", np.random.default_rng(1)
    frame = population.draw_frame(rng)
    # The demo's institutions employ fewer: take as many of each as are needed for four in ten to answer.
    frame["staff"] *= max(1, round(respondents / (0.4 * frame["staff"].sum())))
    frame.to_csv(raw / "training_frame" / "frame.csv", index=False)
    people = population.draw_respondents(frame, respondents=respondents, rng=rng)
    groups = {entry.key: entry.group for entry in catalogue.institutions()}
    drawn = answers.draw_answers(people, groups=groups, rng=rng)
    folder = raw / "training_survey"
    for path in folder.glob("ankieta*"):
        path.unlink()
    files = exports.limesurvey(drawn, labels=synthetic._labels(), year=synthetic.YEAR, rng=rng)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return {"file_mib": max(map(len, files.values())) / 2**20}


def read_large(project: Path) -> dict[str, int]:
    """Screen the survey."""
    from ropsanalysis.io.training import screen_training

    found = screen_training(project / "data" / "raw")
    if found.inputs is None:
        raise SystemExit("\n".join(map(str, found.blocking)))
    return {"accepted": len(found.inputs.survey.respondents)}


JOBS: dict[str, Callable[..., Any]] = {
    "write-demo": write_demo,
    "analysis": analysis,
    "build": build,
    "write-large": write_large,
    "read-large": read_large,
}


if __name__ == "__main__":
    serve(JOBS)
