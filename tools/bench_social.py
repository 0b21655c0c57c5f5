"""Time the social economy: a large register and survey from files to tables; powiats against plain pandas.

`tools/bench.py` imports this module for `measure` and `section`. Each measurement runs this file as a process of
its own, so that its peak memory is its own:

    python tools/bench_social.py {write,screen,build,powiats} PROJECT RESULT.json [NUMBERS]

The data are those of `ropsanalysis demo`, drawn larger; everything is done by the functions that `ropsanalysis build`
calls itself.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from measuring import (
    ONE_THREAD,
    Clocks,
    Stage,
    Usage,
    child,
    decimal,
    in_turn,
    mib,
    rows,
    say,
    serve,
    spaced,
    spread,
    stay_on_one_core,
)

if TYPE_CHECKING:  # heavy: this process stays small
    from ropsanalysis.io.provenance import FileRecord
    from ropsanalysis.social_economy.schema import Inputs

ENTITIES = 120_000
ANSWERS = 20_000
LIMIT_SECONDS = 60
LIMIT_MIB = 2048
"""What the build of a register and a survey of that size may take."""
LIMIT_POWIATS = 5
"""Seconds that stocks, flows and survival of all powiats may take together."""
STAGES = {
    "reading and screening": "ropsanalysis.reporting.build.screen",
    "structure": "ropsanalysis.social_economy.assess.structure_tables",
    "stocks and flows": "ropsanalysis.social_economy.assess.flow_tables",
    "survival": "ropsanalysis.social_economy.assess.survival_tables",
    "weights and estimates of the survey": "ropsanalysis.social_economy.assess.survey_tables",
    "protection of the survey": "ropsanalysis.social_economy.estimates.protect",
    "values of powiats": "ropsanalysis.social_economy.assess.powiat_values",
    "support centres": "ropsanalysis.social_economy.assess.owes_tables",
    "condition": "ropsanalysis.social_economy.assess.condition_tables",
    "targets": "ropsanalysis.social_economy.assess.target_tables",
}
"""Stages of the build and the functions they are, by the names under which the build calls them."""


@dataclass(frozen=True, slots=True)
class Size:
    """What was delivered, and what screening accepted of it.

    Attributes
    ----------
    lists, rows, lists_mib
        Files of the register, data rows in them, and their size.
    entities, spells
        Entities after linkage; periods in which nothing of them changed.
    delivered, answers
        Rows of the survey, and those accepted: an entity in a year.
    """

    lists: int
    rows: int
    lists_mib: float
    entities: int
    spells: int
    delivered: int
    answers: int


@dataclass(frozen=True, slots=True)
class Powiats:
    """Two results for all powiats by two routes, in one process with one thread on one core.

    Attributes
    ----------
    powiats, periods, lives
        Numbers of powiats, of years and quarters, and of lifetimes.
    flows, plain_flows, survival, plain_survival
        CPU seconds of each round; the n-th of all were run one right after the other.
    """

    powiats: int
    periods: int
    lives: int
    flows: tuple[float, ...]
    plain_flows: tuple[float, ...]
    survival: tuple[float, ...]
    plain_survival: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Social:
    """All figures of the social economy part.

    Attributes
    ----------
    asked_entities, asked_answers
        About how many the register and the survey were to have; `size` tells how many they have.
    """

    asked_entities: int
    asked_answers: int
    size: Size
    screening: Usage
    build: Usage
    stages: tuple[Stage, ...]
    powiats: Powiats


# Summing up (pure, tested) ---------------------------------------------------------------------------------


def times(plain: tuple[float, ...], ours: tuple[float, ...]) -> float:
    """Return how many times more CPU the plain route takes: the ratio of the medians."""
    return spread(plain).median / spread(ours).median


def together(one: tuple[float, ...], other: tuple[float, ...]) -> tuple[float, ...]:
    """Return what two jobs took in each round."""
    return tuple(a + b for a, b in zip(one, other, strict=True))


def section(social: Social) -> str:
    """Return the social economy's part of docs/benchmarks.md."""
    return SECTION.format(
        tables=tables(social),
        rows=spaced(social.size.rows),
        lists=social.size.lists,
        delivered=spaced(social.size.delivered),
        limit=LIMIT_SECONDS,
        limit_gib=f"{LIMIT_MIB / 1024:g}",
        limit_powiats=LIMIT_POWIATS,
        repeats=len(social.powiats.flows),
    )


def tables(social: Social) -> str:
    """Return the social economy's results as Markdown tables."""
    return "\n\n".join(
        (
            "### A large register and survey\n\n" + _build_table(social),
            "### All powiats, against plain pandas\n\n" + _powiat_table(social.powiats),
        )
    )


def _build_table(social: Social) -> str:
    size = social.size
    register = (
        f"{spaced(size.entities)} entities ({size.lists} lists, {spaced(size.rows)} rows, {size.lists_mib:.0f} MiB)"
    )
    survey = f"{spaced(size.answers)} entity-years"
    body = [
        *((f"build: {s.name}", f"{s.seconds:.1f}", f"{s.cpu_seconds:.1f}", "") for s in social.stages),
        (
            f"**build of the social economy**, {register} and {survey}, whole process",
            f"**{social.build.seconds:.1f}**",
            f"**{decimal(social.build.cpu_seconds)}**",
            f"**{mib(social.build.peak_mib)}**",
        ),
        (
            "screening of the same data, whole process",
            f"{social.screening.seconds:.1f}",
            decimal(social.screening.cpu_seconds),
            mib(social.screening.peak_mib),
        ),
    ]
    return rows(("", "wall s", "CPU s", "peak MiB"), body)


def _powiat_table(found: Powiats) -> str:
    ours, plain = together(found.flows, found.survival), together(found.plain_flows, found.plain_survival)
    compared = (
        (f"stocks and flows of {found.powiats} powiats in {found.periods} periods", found.plain_flows, found.flows),
        (f"survival in {found.powiats} powiats, {spaced(found.lives)} lifetimes", found.plain_survival, found.survival),
        ("both", plain, ours),
    )
    body = [
        *(
            (f"{what}: median (min–max)", spread(a).text(2), spread(b).text(2), f"**{times(a, b):.1f}**")
            for what, a, b in compared
        ),
        *(
            (f"round {n}, both", f"{a:.2f}", f"{b:.2f}", f"{a / b:.1f}")
            for n, (a, b) in enumerate(zip(plain, ours, strict=True), start=1)
        ),
    ]
    return rows(("CPU seconds", "plain pandas", "ropsanalysis", "times"), body)


SECTION = """\
## The social economy

{tables}

### How to read the social economy's part

- The data are what `ropsanalysis demo` writes, with more organisations and circles (the forms of which there are
  many in the country), more answers and more overlap: {lists} lists, CSV and workbooks in different layouts, of
  together {rows} rows, and a survey of {delivered} rows over three years. The numbers in the table are of what
  screening accepted and linked. Writing the files is not counted.
- **Build** is what `ropsanalysis build` does, with the regional diagnosis built before, so that only the social
  economy is computed, over all voivodeships and ten years, from files to stored tables, in a process of its own; its
  stages are those of the same run. Stages of little weight are not listed. **Screening** is the same first stage in
  another process. The aim is below {limit} seconds and {limit_gib} GiB. Memory is the peak of the largest process;
  like the seconds of whole processes it includes the start of Python and of libraries.
- **All powiats** compares two results that both routes compute from the same screened tables: the balanced
  stocks and flows of every powiat in every year and quarter of the reports, and Kaplan-Meier curves of
  every powiat with numbers at risk and limits at every quarter of a year of age. **Plain pandas** is what one would
  write with its `groupby`, `shift`, `agg` and `apply` and with numpy, without this package; it is in
  `tools/social_routes.py`. Both results are compared before the clock starts, and the benchmark ends if they differ.
  All run {repeats} times in turn in one process with one thread, held on one core where the system allows it, after
  one uncounted run of each. "times" is the ratio of the medians. The aim is below {limit_powiats} seconds for both
  together.
"""


# Running: this process --------------------------------------------------------------------------------------


def measure(project: Path, scratch: Path, *, repeats: int, entities: int, answers: int) -> Social:
    """Measure the social economy part.

    Parameters
    ----------
    project
        A project whose regional diagnosis is built and which has no delivered data; it is left as it is.
    scratch
        A folder to work in, which need not exist.
    entities, answers
        About how many entities the register holds, and entity-years the survey.
    """
    own = scratch / "project"
    shutil.copytree(project, own)
    say(f"social economy: a register of about {entities} entities, a survey of about {answers} answers")
    written, _ = child(__file__, "write", own, scratch, entities, answers)
    say("social economy: screening")
    read, screening = child(__file__, "screen", own, scratch)
    say("social economy: build")
    stages, built = child(__file__, "build", own, scratch)
    say("social economy: all powiats by two routes")
    found, _ = child(__file__, "powiats", own, scratch, repeats, variables=ONE_THREAD)
    for name in ("flows", "plain_flows", "survival", "plain_survival"):
        found[name] = tuple(found[name])
    return Social(
        asked_entities=entities,
        asked_answers=answers,
        size=Size(**written, **read),
        screening=screening,
        build=built,
        stages=tuple(Stage(**stage) for stage in stages),
        powiats=Powiats(**found),
    )


# Running: the child processes -------------------------------------------------------------------------------


def write(project: Path, entities: int, answers: int) -> dict[str, float]:
    """Write the demo's social economy with about so many entities and answers, and say how large it became."""
    from ropsanalysis.io import synthetic

    raw = project / "data" / "raw"
    with _larger(raw, entities, answers):
        synthetic.write_social_demo(raw)
    lists = [one for one in _written(raw / "es_register") if one.path != "links.csv"]
    return {
        "lists": len(lists),
        "rows": sum(one.rows_out or 0 for one in lists),
        "lists_mib": sum(one.bytes for one in lists) / 2**20,
        "delivered": sum(one.rows_out or 0 for one in _written(raw / "es_survey")),
    }


def _written(folder: Path) -> list[FileRecord]:
    """Return what the demo noted of a dataset's files that have rows, thus not of descriptions."""
    from ropsanalysis.io import provenance

    records = provenance.from_json((folder / "provenance.json").read_text(encoding="utf-8"))
    return [record for record in records if record.rows_out]


@contextmanager
def _larger(raw: Path, entities: int, answers: int) -> Iterator[None]:
    """Let the demo be drawn with about so many entities and answers.

    Notes
    -----
    Entities and answers are added of the forms whose changes no report lists one by one, because there are many of
    them. Of the others the demo has about as many as the country, and more would be refused as implausible.
    """
    import numpy as np

    from ropsanalysis.io import catalogue
    from ropsanalysis.io.synthetic import social_overlaps, social_places, social_registers, social_survey, social_truth

    gminas = social_places.draw_gminas(social_places.read_gminas(raw), np.random.default_rng(1))
    drawn = social_registers.draw_entities(gminas, np.random.default_rng(2))
    many = [form.key for form in catalogue.legal_forms() if not form.logged]
    growing = int(drawn["legal_form"].isin(many).sum())
    growth = growth_of(entities, fixed=len(drawn) - growing, growing=growing)
    overlap = entities / len(drawn)
    forms = {key: replace(social_truth.FORMS[key], open=round(social_truth.FORMS[key].open * growth)) for key in many}
    asked = {key: kind.sample for key, kind in social_survey.KINDS.items() if key not in social_registers.UNITS}
    units = int((drawn["legal_form"].isin(social_registers.UNITS) & drawn["end"].isna()).sum())
    answering = units * social_survey.KINDS["cis"].sample // 1000 + sum(asked[key] for key in asked if key not in many)
    more = growth_of(answers / len(social_survey.YEARS), fixed=answering, growing=sum(asked[key] for key in many))
    kinds = {key: replace(social_survey.KINDS[key], sample=round(asked[key] * more)) for key in many}
    with ExitStack() as stack:
        stack.enter_context(mock.patch.dict(social_truth.FORMS, forms))
        stack.enter_context(mock.patch.dict(social_survey.KINDS, kinds))
        for name in ("KNOWN_TWICE", "KNOWN_ONCE"):
            number = round(getattr(social_overlaps, name) * overlap)
            stack.enter_context(mock.patch.object(social_overlaps, name, number))
        yield


def growth_of(wanted: float, *, fixed: int, growing: int) -> float:
    """Return how many times as many there must be of what grows for all to be as many as wanted.

    Raises
    ------
    SystemExit
        If what does not grow is more than that already.
    """
    if wanted <= fixed:
        raise SystemExit(f"{wanted:g} are too few: {fixed} of the demo stay as they are")
    return (wanted - fixed) / growing


def screen(project: Path) -> dict[str, int]:
    """Screen all that was delivered."""
    inputs = _inputs(project)
    return {
        "entities": int(inputs.spells["entity"].nunique()),
        "spells": len(inputs.spells),
        "answers": len(inputs.survey),
    }


def _inputs(project: Path) -> Inputs:
    from ropsanalysis.io.social_economy import screen_social_economy

    found = screen_social_economy(project / "data" / "raw")
    if found.inputs is None:
        raise SystemExit("\n".join(map(str, found.blocking)))
    return found.inputs


def build(project: Path) -> list[dict[str, Any]]:
    """Build as `ropsanalysis build` does, with a clock on each stage."""
    from ropsanalysis.io.paths import Project
    from ropsanalysis.reporting import build as building

    clocks = Clocks()
    with clocks.on(STAGES):
        done = building.build(Project(project))
    if [one.folder.name for one in done if not one.fresh] != ["social_economy"]:
        raise SystemExit("not only the social economy was built")
    return [asdict(clocks.stages[stage]) for stage in STAGES]


def powiats(project: Path, repeats: int) -> dict[str, Any]:
    """Compute stocks and flows and survival of all powiats by both routes in turn, on one core."""
    stay_on_one_core()
    import social_routes as routes

    from ropsanalysis.io import catalogue
    from ropsanalysis.social_economy.parameters import SocialEconomyParameters

    inputs = _inputs(project)
    values: dict[str, Any] = catalogue.parameter_values("social_economy_parameters")
    parameters = SocialEconomyParameters(**values)
    jobs: dict[str, Callable[[], routes.Tables]] = {
        "flows": lambda: routes.flows(inputs, parameters.history_years),
        "plain_flows": lambda: routes.plain_flows(inputs, parameters.history_years),
        "survival": lambda: routes.survival(inputs, parameters.survival_years),
        "plain_survival": lambda: routes.plain_survival(inputs, parameters.survival_years),
    }
    found = {name: job() for name, job in jobs.items()}  # uncounted: imports, caches
    for name in ("flows", "survival"):
        different = routes.differences(found[name], found[f"plain_{name}"])
        if different:
            raise SystemExit(f"{name}: the routes differ in {', '.join(different)}")
    number, periods = found["flows"]["opening"].shape
    lives = int(found["survival"]["lives"].to_numpy().sum())
    return asdict(Powiats(powiats=number, periods=periods, lives=lives, **in_turn(jobs, repeats)))


JOBS: dict[str, Callable[..., Any]] = {"write": write, "screen": screen, "build": build, "powiats": powiats}


if __name__ == "__main__":
    serve(JOBS)
