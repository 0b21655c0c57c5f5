"""Time the social impact: many persons and gminas from files to tables; centres and impact maps against plain loops.

`tools/bench.py` imports this module for `measure` and `section`. Each measurement runs this file as a process of
its own, so that its peak memory is its own:

    python tools/bench_impact.py {write,screen,assess,centres,maps} PROJECT RESULT.json [NUMBERS]

The data are those of `ropsanalysis demo`, with more persons; everything is done by the functions that
`ropsanalysis build` calls itself.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from measuring import ONE_THREAD, Clocks, Stage, Usage, child, mib, rows, say, serve, spaced, stay_on_one_core

if TYPE_CHECKING:  # heavy: this process stays small
    from ropsanalysis.social_impact.schema import Inputs
    from ropsanalysis.stats.social_return_sensitivity import Ranges

WAVES = 50_000
LIMIT_SECONDS = 60
"""What all tables of so many person-waves may take."""
LIMIT_MAPS = 2
"""Seconds that all draws over a large impact map may take."""
BOOTSTRAP = 999
MAP_DRAWS = 100_000
MAP_OUTCOMES = 40
LOOP_BOOTSTRAP = 3
ARRAY_BOOTSTRAP = 100
LOOP_DRAWS = 500
"""Draws that the loops make; their time is multiplied by what is missing."""
PACKAGE = "csdid"
"""Compared as well where it is installed."""
STAGES = {
    "persons: loss, changes, weights, effects": "ropsanalysis.social_impact.assess.person_tables",
    "gminas with a centre": "ropsanalysis.social_impact.assess.centre_tables",
    "impact maps and costs": "ropsanalysis.social_impact.assess.value_tables",
    "claims": "ropsanalysis.social_impact.assess.claims",
}
"""Stages of the computation and the functions they are, by the names under which it calls them."""


@dataclass(frozen=True, slots=True)
class Size:
    """What screening accepted.

    Attributes
    ----------
    persons, waves
        Persons, and rows of the panel: a person at a wave.
    gminas, years
        Of the panel of gminas.
    outcomes
        Outcomes of persons and of gminas together.
    """

    persons: int
    waves: int
    gminas: int
    years: int
    outcomes: int


@dataclass(frozen=True, slots=True)
class Compared:
    """One result by several routes, in one process with one thread on one core.

    Attributes
    ----------
    what
        What is computed.
    ours
        CPU seconds of each round.
    loops
        CPU seconds of each other route, as if it had made all draws.
    made
        Draws that each other route really made.
    """

    what: str
    ours: tuple[float, ...]
    loops: dict[str, float]
    made: dict[str, int]


@dataclass(frozen=True, slots=True)
class Impact:
    """All figures of the part on social impact.

    Attributes
    ----------
    asked_waves
        About how many person-waves the panel was to have; `size` tells how many it has.
    assessed
        Reading the screened tables and computing all results.
    seconds, cpu_seconds
        Of the computation alone.
    """

    asked_waves: int
    size: Size
    screening: Usage
    assessed: Usage
    seconds: float
    cpu_seconds: float
    stages: tuple[Stage, ...]
    centres: Compared
    maps: Compared


# Summing up (pure, tested) ---------------------------------------------------------------------------------


def section(impact: Impact) -> str:
    """Return the part of docs/benchmarks.md."""
    return SECTION.format(
        tables=tables(impact),
        limit=LIMIT_SECONDS,
        limit_maps=LIMIT_MAPS,
        outcomes=MAP_OUTCOMES,
        draws=spaced(MAP_DRAWS),
        bootstrap=BOOTSTRAP,
        repeats=len(impact.centres.ours),
        made=impact.centres.made["statsmodels, loop"],
        made_array=impact.centres.made["numpy, loop"],
        made_draws=impact.maps.made["plain Python"],
    )


def tables(impact: Impact) -> str:
    """Return the results as Markdown tables."""
    return "\n\n".join(
        (
            "### Many persons and gminas\n\n" + _assess_table(impact),
            "### Centres and impact maps, against plain loops\n\n" + _loop_table(impact.centres, impact.maps),
        )
    )


def times(compared: Compared, route: str) -> float:
    """Return how many times more CPU another route takes than our fastest round."""
    return compared.loops[route] / min(compared.ours)


def _assess_table(impact: Impact) -> str:
    size = impact.size
    data = (
        f"{spaced(size.waves)} person-waves ({spaced(size.persons)} persons), {spaced(size.gminas)} gminas × "
        f"{size.years} years, {size.outcomes} outcomes"
    )
    body = [
        *((s.name, f"{s.seconds:.1f}", f"{s.cpu_seconds:.1f}", "") for s in impact.stages),
        (
            f"**all tables of social impact**, {data}",
            f"**{impact.seconds:.1f}**", f"{impact.cpu_seconds:.1f}", f"**{mib(impact.assessed.peak_mib)}**",
        ),
        ("screening of the same data, whole process", f"{impact.screening.seconds:.1f}", "",
         mib(impact.screening.peak_mib)),
    ]  # fmt: skip
    return rows(("", "wall s", "CPU s", "peak MiB"), body)


def _loop_table(*compared: Compared) -> str:
    body = []
    for one in compared:
        body.append((f"{one.what}: ropsanalysis", f"{min(one.ours):.2f}", ""))
        body += [(f"{one.what}: {route}", f"{taken:.1f}", f"**{_digits(times(one, route))}**")
                 for route, taken in one.loops.items()]  # fmt: skip
    return rows(("CPU seconds", "all draws", "times"), body)


def _digits(ratio: float) -> str:
    return f"{ratio:.1f}" if ratio < 10 else f"{ratio:.0f}"


SECTION = """\
## Social impact

{tables}

### How to read the part on social impact

- The data are what `ropsanalysis demo` writes, with more persons in the same voivodeships, entities and offices, and
  with its impact maps. **All tables** is what `ropsanalysis build` computes from the screened data over all
  voivodeships: weights for loss, changes, comparison by three kinds of weights, effects of centres of every
  voivodeship and Poland with {bootstrap} draws of a cluster bootstrap each, and maps. The aim is below {limit} seconds.
  Memory is the peak of the process, screening, Python and libraries included.
- **Centres** are effects by year of opening and year for one outcome in Poland, their event study, and its simultaneous
  band. The loop is a regression for each year of opening and year with statsmodels, which draws powiats with
  replacement and begins again; it makes {made} draws. That of numpy takes differences of means and makes {made_array}.
  Their times are those of {bootstrap} draws. csdid, Python's port of the R package did, is compared where it is
  installed; the project does not need it.
- **Maps** are {draws} draws of all seven assumptions of {outcomes} outcomes, triangular, shares together in all
  outcomes; the aim is below {limit_maps} seconds. Plain Python goes draw by draw, outcome by outcome and year by year;
  it makes {made_draws} draws, and its time is that of {draws}. numpy draws whole arrays and loops over years. Both draw
  each outcome apart, which is less work.
- Both routes' effects, and the ratios at the central assumptions, are compared before the clock starts; the benchmark
  ends if they differ. Ours runs {repeats} times, and the fastest counts; all run in one thread, held on one core where
  the system allows it.
"""


# Running: this process --------------------------------------------------------------------------------------


def measure(project: Path, scratch: Path, *, repeats: int, waves: int) -> Impact:
    """Measure the part on social impact.

    Parameters
    ----------
    project
        A project that has no delivered data; it is left as it is.
    scratch
        A folder to work in, which need not exist.
    waves
        About how many person-waves the panel holds.
    """
    own = scratch / "project"
    shutil.copytree(project, own)
    say(f"social impact: a panel of about {waves} person-waves")
    child(__file__, "write", own, scratch, waves)
    say("social impact: screening")
    size, screening = child(__file__, "screen", own, scratch)
    say("social impact: all tables")
    found, assessed = child(__file__, "assess", own, scratch)
    say("social impact: centres and impact maps by several routes")
    centres, _ = child(__file__, "centres", own, scratch, repeats, variables=ONE_THREAD)
    maps, _ = child(__file__, "maps", own, scratch, repeats, variables=ONE_THREAD)
    return Impact(
        asked_waves=waves,
        size=Size(**size),
        screening=screening,
        assessed=assessed,
        seconds=found["seconds"],
        cpu_seconds=found["cpu_seconds"],
        stages=tuple(Stage(**stage) for stage in found["stages"]),
        centres=_compared(centres),
        maps=_compared(maps),
    )


def _compared(found: dict[str, Any]) -> Compared:
    return Compared(**found | {"ours": tuple(found["ours"])})


# Running: the child processes -------------------------------------------------------------------------------


def write(project: Path, waves: int) -> None:
    """Write the demo's social impact with about so many person-waves."""
    from ropsanalysis.io import synthetic
    from ropsanalysis.io.synthetic import impact_persons, impact_truth, social_impact

    drawn = len(impact_persons.draw_panel(social_impact.chance("persons")))
    growth = waves / drawn
    larger = {
        teryt: (round(participants * growth), round(others * growth), entities, offices)
        for teryt, (participants, others, entities, offices) in impact_truth.SIZES.items()
    }
    with mock.patch.dict(impact_truth.SIZES, larger):
        synthetic.write_impact_demo(project / "data" / "raw")


def screen(project: Path) -> dict[str, int]:
    """Screen all that was delivered."""
    inputs = _inputs(project)
    return {
        "persons": int(inputs.panel["person"].nunique()),
        "waves": len(inputs.panel),
        "gminas": int(inputs.jst["teryt"].nunique()),
        "years": int(inputs.jst["year"].nunique()),
        "outcomes": len(inputs.outcomes),
    }


def _inputs(project: Path) -> Inputs:
    from ropsanalysis.io.social_impact import screen_social_impact

    found = screen_social_impact(project / "data" / "raw")
    if found.inputs is None:
        raise SystemExit("\n".join(map(str, found.blocking)))
    return found.inputs


def assess(project: Path) -> dict[str, Any]:
    """Compute all tables, with a clock on each stage."""
    from ropsanalysis.io import catalogue
    from ropsanalysis.social_impact import assess as topic
    from ropsanalysis.social_impact.parameters import SocialImpactParameters

    inputs = _inputs(project)
    values: dict[str, Any] = catalogue.parameter_values("impact_parameters")
    parameters = SocialImpactParameters(**values)
    clocks = Clocks()
    began = time.perf_counter(), time.process_time()
    with clocks.on(STAGES):
        topic.assess(inputs, parameters=parameters)
    return {
        "seconds": time.perf_counter() - began[0],
        "cpu_seconds": time.process_time() - began[1],
        "stages": [asdict(clocks.stages[stage]) for stage in STAGES],
    }


def centres(project: Path, repeats: int) -> dict[str, Any]:
    """Estimate the effects of centres by both routes."""
    stay_on_one_core()
    import numpy as np
    from impact_routes import array_bootstrap, array_cells, csdid_event, loop_bootstrap, loop_cells

    from ropsanalysis.social_impact.centre_panel import areas
    from ropsanalysis.stats.staggered import aggregate, group_time_effects
    from ropsanalysis.stats.staggered_bands import bands

    jst = _inputs(project).jst
    outcome = "home_care_per_10k"
    sample = next(areas(jst, [outcome])).sample(outcome, digits=3)

    def ours() -> Any:
        effects = group_time_effects(
            sample.rates, sample.years, sample.opened, clusters=sample.clusters, control="never"
        )
        event = aggregate(effects, "event")
        bands(event.value, event.influence, rng=np.random.default_rng(1), draws=BOOTSTRAP)
        return effects

    known = jst[["teryt", "year", "opened"]].assign(rate=jst[outcome])
    panel = known[known.groupby("teryt")["rate"].transform(lambda rates: rates.notna().all())]
    opened = np.where(np.isinf(sample.opened), np.nan, sample.opened)
    effects = ours()
    for cells in (loop_cells(panel), array_cells(sample.rates, sample.years, opened)):
        for group, period, value in zip(effects.group, effects.period, effects.value, strict=True):
            if abs(cells[int(group), int(period)] - value) > 1e-9:
                raise SystemExit(f"centres: the routes differ in {group:g}, {period:g}")
    looped = _cpu(lambda: loop_bootstrap(panel, LOOP_BOOTSTRAP, np.random.default_rng(1)))
    array = _cpu(
        lambda: array_bootstrap(
            sample.rates, sample.years, opened, sample.clusters, ARRAY_BOOTSTRAP, np.random.default_rng(1)
        )
    )
    loops = {
        "statsmodels, loop": looped / LOOP_BOOTSTRAP * BOOTSTRAP,
        "numpy, loop": array / ARRAY_BOOTSTRAP * BOOTSTRAP,
    }
    made = {"statsmodels, loop": LOOP_BOOTSTRAP, "numpy, loop": ARRAY_BOOTSTRAP}
    if find_spec(PACKAGE):
        csdid_event(panel, draws=BOOTSTRAP)  # uncounted: what it compiles
        loops[PACKAGE], made[PACKAGE] = _cpu(lambda: csdid_event(panel, draws=BOOTSTRAP)), BOOTSTRAP
    return {
        "what": f"centres, {spaced(len(opened))} gminas × {sample.years.size} years, {BOOTSTRAP} draws",
        "ours": [_cpu(ours) for _ in range(repeats)],
        "loops": loops,
        "made": made,
    }


def maps(_project: Path, repeats: int) -> dict[str, Any]:
    """Draw over a large impact map by three routes."""
    stay_on_one_core()
    import numpy as np
    from impact_routes import array_ratios, loop_ratios

    from ropsanalysis.stats.social_return import SHARES, social_return
    from ropsanalysis.stats.social_return_uncertainty import simulate

    ranges = _map(np.random.default_rng(1))
    low, central, high = ranges.tables()
    outcomes = [
        list(zip(*ends, strict=True))
        for ends in zip(*(table.T.tolist() for table in (low, central, high)), strict=True)
    ]
    inputs, rate = 1e7, 0.035
    certain = [[(value, value, value) for _, value, _ in outcome] for outcome in outcomes]
    ratio = social_return(ranges.central, inputs=inputs, rate=rate).ratio
    if abs(loop_ratios(certain, inputs=inputs, rate=rate, draws=1, seed=1)[0] / ratio - 1) > 1e-12:
        raise SystemExit("maps: the routes differ")
    loop = _cpu(lambda: loop_ratios(outcomes, inputs=inputs, rate=rate, draws=LOOP_DRAWS, seed=1))
    array = _cpu(
        lambda: array_ratios(outcomes, inputs=inputs, rate=rate, draws=MAP_DRAWS, rng=np.random.default_rng(1))
    )

    def ours() -> None:
        simulate(ranges, inputs=inputs, rate=rate, draws=MAP_DRAWS, rng=np.random.default_rng(1), together=SHARES)

    return {
        "what": f"maps, {MAP_OUTCOMES} outcomes, {spaced(MAP_DRAWS)} draws",
        "ours": [_cpu(ours) for _ in range(repeats)],
        "loops": {"plain Python": loop / LOOP_DRAWS * MAP_DRAWS, "numpy, loop over years": array},
        "made": {"plain Python": LOOP_DRAWS, "numpy, loop over years": MAP_DRAWS},
    }


def _map(rng: Any) -> Ranges:
    from ropsanalysis.stats.social_return import Assumptions
    from ropsanalysis.stats.social_return_sensitivity import Ranges

    k = MAP_OUTCOMES
    central = [
        rng.uniform(20, 600, k), rng.uniform(500, 15_000, k), rng.uniform(0.1, 0.4, k), rng.uniform(0.02, 0.2, k),
        rng.uniform(0.1, 0.4, k), rng.uniform(0.1, 0.4, k), rng.uniform(1, 5, k),
    ]  # fmt: skip
    low, middle, high = (Assumptions(*(values * factor for values in central)) for factor in (0.8, 1.0, 1.2))
    return Ranges(low, middle, high)


def _cpu(job: Callable[[], object]) -> float:
    began = time.process_time()
    job()
    return time.process_time() - began


JOBS: dict[str, Callable[..., Any]] = {
    "write": write, "screen": screen, "assess": assess, "centres": centres, "maps": maps,
}  # fmt: skip


if __name__ == "__main__":
    serve(JOBS)
