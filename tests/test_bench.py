"""The benchmark sums up and words its figures rightly; the timing itself takes minutes and is not run here."""

from __future__ import annotations

import json
import pkgutil
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ropsanalysis.io import built, synthetic
from support import PROJECT, load_tool

sys.path.append(str(PROJECT / "tools"))  # the script imports its neighbours
bench = load_tool("bench")
training, social, impact = bench.bench_training, bench.bench_social, bench.bench_impact
batch = bench.bench_batch
measuring = sys.modules["measuring"]
floor = load_tool("floor")

MACHINE = bench.Machine(2, 23.6, "Debian", "3.11.7", {"papermill": "2.7.0"})

# Chosen so that the ratio of the medians (60 / 10) differs from the median of the ratios (5) and from the
# ratio of the means (70 / 13.3). No two figures alike, so that each can be looked for.
BATCH = batch.Batch(
    steps=batch.STEPS,
    rounds=3,
    jobs=2,
    sample=batch.Routes(
        reports=7,
        jobs=2,
        taken={
            "plain": tuple(measuring.Usage(seconds, 410.0, 1.0) for seconds in (50.0, 60.0, 100.0)),
            "html": tuple(measuring.Usage(seconds, 205.0, 1.0) for seconds in (10.0, 10.0, 20.0)),
            "all": tuple(measuring.Usage(seconds, 305.0, 1.0) for seconds in (15.0, 16.0, 17.0)),
            "one": tuple(measuring.Usage(seconds, 306.0, 1.0) for seconds in (29.0, 30.0, 31.0)),
            "dask": tuple(measuring.Usage(seconds, 307.0, 1.0) for seconds in (17.6, 17.7, 17.5)),
            "floor": tuple(measuring.Usage(seconds, 251.0, 1.0) for seconds in (12.4, 12.5, 12.6)),
        },
    ),
    whole=batch.Routes(
        reports=97,
        jobs=2,
        taken={
            "floor": (measuring.Usage(100.0, 252.0, 199.0),),
            "all": (measuring.Usage(121.0, 309.0, 240.0),),
            "html": (measuring.Usage(106.0, 308.0, 211.0),),
        },
    ),
    again=batch.Again(
        reports=97,
        unchanged=tuple(measuring.Usage(seconds, 90.0) for seconds in (1.41, 1.43, 1.52)),
        building=measuring.Usage(7.7, 280.0),
        changed=measuring.Usage(33.4, 290.0),
        made={"cooperation": 16},
    ),
    gminas=batch.Gminas(
        asked="all",
        reports=2_479,
        jobs=2,
        usage=measuring.Usage(801.0, 211.0),
        quarters=(181.0, 182.0, 183.0, 184.0),
        parent_mib=(212.0, 213.0),
        largest_mib=(221.0, 222.0),
    ),
)

# No two figures alike, so that each can be looked for. Ratio of the medians 1.5 / 0.6; of the rounds 2.6, 3.0 and 2.0.
SURVEY = training.Survey(
    analysis=training.Analysis(
        respondents=4_978, competences=20, draws=500, figures=8, estimating=(0.5, 0.6, 0.9), drawing=(1.3, 1.5, 2.7)
    ),
    protection=training.Protection(
        regions=16, institutions=15, competences=20, tables=21, cells=5_712, primary=3_501, secondary=73,
        width_required=5.0, width_smallest=5.25, gap=0.0123, cpu_seconds=8.31, seconds=9.67,
    ),
    build=measuring.Usage(61.4, 455.0),
    stages=(training.Stage("reading and screening", 1.7, 2.2), training.Stage("training plans", 17.6, 19.8)),
    large=training.Large(200_000, 198_036, 98.0, measuring.Usage(33.9, 1_777.0)),
)  # fmt: skip

# Likewise. Ratios of the medians: 0.9 / 0.3, 2.8 / 0.7 and, of both together, 3.6 / 1.0.
SOCIAL = social.Social(
    asked_entities=120_000,
    asked_answers=20_000,
    size=social.Size(
        lists=7, rows=132_448, lists_mib=15.4, entities=120_673, spells=120_873, delivered=20_049, answers=20_041
    ),
    screening=measuring.Usage(22.2, 671.0, 20.1),
    build=measuring.Usage(49.8, 707.0, 45.6),
    stages=(measuring.Stage("structure", 0.31, 0.42), measuring.Stage("targets", 3.83, 3.94)),
    powiats=social.Powiats(
        powiats=380, periods=18, lives=119_383, flows=(0.2, 0.3, 0.4), plain_flows=(0.8, 0.9, 1.1),
        survival=(0.8, 0.7, 0.5), plain_survival=(2.8, 2.9, 1.3),
    ),
)  # fmt: skip

# Likewise. Ratios to the fastest rounds: 200 / 0.02, 0.8 / 0.02; 9 / 0.3, 0.6 / 0.3.
IMPACT = impact.Impact(
    asked_waves=50_000,
    size=impact.Size(persons=13_720, waves=50_124, gminas=2_479, years=12, outcomes=13),
    screening=measuring.Usage(3.6, 281.0),
    assessed=measuring.Usage(14.4, 433.0),
    seconds=10.8,
    cpu_seconds=11.9,
    stages=(measuring.Stage("gminas with a centre", 2.3, 2.1), measuring.Stage("claims", 0.34, 0.25)),
    centres=impact.Compared(
        "centres", (0.03, 0.02, 0.04), {"statsmodels, loop": 200.0, "numpy, loop": 0.8},
        {"statsmodels, loop": 3, "numpy, loop": 100},
    ),
    maps=impact.Compared(
        "maps", (0.3, 0.35, 0.4), {"plain Python": 9.0, "numpy, loop over years": 0.6},
        {"plain Python": 500, "numpy, loop over years": 100_000},
    ),
)  # fmt: skip

PROTECTION_ROWS = (
    "voivodeships ×", "systems of tables", "cells", "hidden for their own sake", "hidden to protect others",
    "largest optimality gap", "interval required", "narrowest interval left", "CPU seconds, audit", "wall seconds",
)  # fmt: skip


def row(text: str, start: str) -> list[str]:
    """Return the cells of the table row whose first cell starts so."""
    lines = [line for line in text.splitlines() if line.startswith(f"| {start}")]
    assert len(lines) == 1
    return [cell.strip() for cell in lines[0].strip("|").split("|")][1:]


def test_spread_is_middle_and_ends() -> None:
    found = measuring.spread([3.0, 1.0, 2.0, 10.0])
    assert (found.median, found.low, found.high) == (2.5, 1.0, 10.0)  # by hand
    assert found.text() == "2.5 (1.0–10.0)"


def test_nothing_measured_is_an_error_and_not_a_zero() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        measuring.spread([])


def test_routes_are_compared_by_the_ratio_of_the_medians() -> None:
    assert batch.ratio(BATCH.sample, "plain", "html") == 6.0
    assert batch.ratio(BATCH.whole, "all", "floor") == 1.21


def test_the_tables_show_every_route_beside_the_floor_and_the_plain_one() -> None:
    text = batch.routes_table(BATCH.sample)
    assert row(text, "papermill, then") == ["60.0 (50.0–100.0)", "8.57", "410", "4.80", "1.0"]
    assert row(text, "ropsanalysis, 2 at a time: HTML |") == ["10.0 (10.0–20.0)", "1.43", "205", "0.80", "6.0"]
    assert row(text, "ropsanalysis, one at a time") == ["30.0 (29.0–31.0)", "4.29", "306", "2.40", "2.0"]
    assert row(text, "floor") == ["12.5 (12.4–12.6)", "1.79", "251", "1.00", "4.8"]
    assert len({line.count("|") for line in text.splitlines()}) == 1  # a table, not a heap
    whole = batch.routes_table(BATCH.whole)
    assert row(whole, "ropsanalysis, 2 at a time: HTML, PDF")[-2:] == ["1.21", ""]
    assert row(batch.rounds_table(BATCH.sample), "3 |") == ["100.0", "20.0", "17.0", "31.0", "17.5", "12.6"]


def test_the_tables_show_scaling_dask_a_second_run_and_gminas() -> None:
    text = batch.tables(BATCH)
    assert "From one worker to 2: 1.88 times as fast. Dask against local: 1.10." in text  # 30 / 16, 17.6 / 16
    assert row(text, "all 97 reports, nothing changed") == ["1.43 (1.41–1.52)", "0"]
    assert row(text, "one number in one data file changed") == ["33.4", "16 × cooperation"]
    assert row(text, "reports, HTML") == ["2 479"]
    assert row(text, "reports a minute") == ["181, 182, 183, 184"]
    assert row(text, "memory of the batch's own process") == ["212, 213"]
    assert row(text, "largest process of a report") == ["221, 222"]


def test_a_step_left_out_is_left_out_of_the_page() -> None:
    text = batch.tables(replace(BATCH, gminas=None, again=None, whole=None))
    assert [line for line in text.splitlines() if line.startswith("###")] == ["### One voivodeship by every route"]


def test_parts_of_a_route_are_added_up() -> None:
    found = batch.total([measuring.Usage(1.5, 300.0, 2.0), measuring.Usage(2.5, 200.0, 3.0)])
    assert found == measuring.Usage(4.0, 300.0, 5.0)
    assert batch.total([measuring.Usage(1.5, None, None)]) == measuring.Usage(1.5, None, None)


def test_unknown_memory_is_called_unknown() -> None:
    silent = replace(BATCH.whole, taken={"floor": (measuring.Usage(100.0, None),)})
    assert row(batch.routes_table(silent), "floor")[2] == "unknown"


def test_the_rate_is_told_quarter_by_quarter() -> None:
    # Reports 0 to 4 a second apart, then 5 to 8 two seconds apart: 60 a minute, then 30.
    assert batch.rates([0, 1, 2, 3, 4, 6, 8, 10, 12]) == (60, 60, 30, 30)


def test_one_number_is_changed_and_only_that(tmp_path: Path) -> None:
    path = tmp_path / "cooperation_effects" / "coaching.csv"
    path.parent.mkdir()
    lines = ("pilot,worker,kind,day,hours", "02-a,x,group,2024-01-15,2.0", *["02-a,x,individual,2024-01-15,1.5"] * 2)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    before = path.read_text(encoding="utf-8").splitlines()
    batch.change(tmp_path)
    after = path.read_text(encoding="utf-8").splitlines()
    [(old, new)] = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert new == old.removesuffix("1.5") + "2.5"
    path.write_text("another file\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="nothing to change"):
        batch.change(tmp_path)


def test_a_failed_report_ends_the_benchmark(tmp_path: Path) -> None:
    entry = {"report": "cooperation", "teryt": "02", "status": "failed", "cause": "cell 6 failed with KeyError"}
    (tmp_path / "manifest.json").write_text(json.dumps({"runs": [entry]}), encoding="utf-8")
    with pytest.raises(SystemExit, match="cooperation 02 failed: cell 6 failed with KeyError"):
        batch.runs(tmp_path)


def test_the_floor_runs_every_cell_and_keeps_what_the_last_line_shows(tmp_path: Path) -> None:
    cell = {"cell_type": "code", "metadata": {"tags": []}}
    tagged = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": ["region = '28'"]}
    words = {"cell_type": "markdown", "metadata": {}, "source": ["## Heading"]}
    shows = {**cell, "source": ["from types import SimpleNamespace as Figure\n", "Figure(svg='<svg>' + region)"]}
    silent = {**cell, "source": ["n = len(region)"]}
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps({"cells": [tagged, words, shows, silent, shows]}), encoding="utf-8")
    parts = floor.cells(path)
    floor.run([compile(tree, "n", "exec") for tree in parts], {"region": "14"}, tmp_path / "out")
    assert {p.name: p.read_text() for p in (tmp_path / "out").iterdir()} == {"0.svg": "<svg>14", "1.svg": "<svg>14"}
    names: dict[str, object] = {}
    exec(floor.imports(parts), names)  # noqa: S102 - the imports of the cells above
    assert "Figure" in names
    assert "n" not in names


RESULTS = bench.Results(BATCH, SURVEY, SOCIAL, IMPACT)


def test_the_page_holds_command_machine_and_every_round() -> None:
    text = bench.page(RESULTS, MACHINE)
    assert (
        "tools/bench.py --rounds 3 --jobs 2 --gminas all --survey-repeats 3 --respondents 200000 "
        "--social-repeats 3 --entities 120000 --answers 20000 --impact-repeats 3 --waves 50000`"
    ) in text
    assert "2 cores, 24 GiB memory, Debian, Python 3.11.7; papermill 2.7.0." in text
    assert batch.tables(BATCH) in text
    assert training.tables(SURVEY) in text
    assert social.tables(SOCIAL) in text
    assert impact.tables(IMPACT) in text
    assert "{" not in text
    assert max(map(len, text.splitlines())) < 400


def test_a_part_measured_alone_takes_its_place_on_the_page() -> None:
    before = bench.page(RESULTS, MACHINE)
    anew = bench.Results(social=replace(SOCIAL, asked_answers=30_000, build=measuring.Usage(33.3, 717.0, 32.1)))
    words = f"--only social {bench.options(anew)}"
    after = bench.renewed(before, *bench.sections(anew), words, MACHINE)
    assert row(after, "**build of the social economy**")[0] == "**33.3**"
    assert "--only social --social-repeats 3 --entities 120000 --answers 30000`" in after
    heading, closing = "\n## The social economy\n", "\n## On all figures\n"
    assert after.partition(heading)[0] == before.partition(heading)[0]
    assert after.partition(closing)[2] == before.partition(closing)[2] != ""
    assert bench.renewed(after, *bench.sections(anew), words, MACHINE) == after
    without = before.replace(*bench.sections(bench.Results(social=SOCIAL)), "")
    assert heading not in without
    last = bench.renewed(without, *bench.sections(anew), words, MACHINE)
    assert last.index(heading) < last.index(closing)
    with pytest.raises(ValueError, match="no part '## The social economy'"):
        bench.renewed("# Another page\n", *bench.sections(anew), words, MACHINE)


def test_the_command_on_the_page_is_one_the_script_takes() -> None:
    words = re.search(r"tools/bench\.py ([^`]*)`", bench.page(RESULTS, MACHINE))
    assert words is not None
    chosen = bench.arguments(words[1].split())
    assert (chosen.rounds, chosen.gminas, chosen.survey_repeats, chosen.respondents) == (3, "all", 3, 200_000)
    assert (chosen.social_repeats, chosen.entities, chosen.answers) == (3, 120_000, 20_000)
    assert (chosen.impact_repeats, chosen.waves) == (3, 50_000)


def test_estimates_and_figures_are_compared_by_the_ratio_of_medians() -> None:
    text = training.tables(SURVEY)
    assert training.times(SURVEY.analysis) == pytest.approx(2.5)  # by hand, floating point apart
    assert row(text, "weights, estimates, ranks") == ["0.60 (0.50–0.90)", "1.50 (1.30–2.70)", "**2.5**"]
    assert [row(text, f"round {n}")[-1] for n in (1, 2, 3)] == ["2.6", "2.5", "3.0"]


def test_the_survey_part_names_every_number_measured() -> None:
    text = training.section(SURVEY)
    protection = [cells[0] for cells in (row(text, start) for start in PROTECTION_ROWS)]
    assert protection == [
        "16 × 15 × 20", "21", "5 712", "3 501", "73", "1.23 %", "5", "5.25", "**8.3**", "9.7",
    ]  # fmt: skip
    assert row(text, "build: reading and screening") == ["2.2", "1.7", ""]
    assert row(text, "build: training plans") == ["19.8", "17.6", ""]
    assert row(text, "build of the training needs") == ["61.4", "", "455"]
    assert row(text, "screening of 200 000 respondents (98 MiB of CSV, 198 036 accepted)") == ["33.9", "", "1777"]
    for words in ("4 978 is the number", "500 bootstrap samples", "the 8 figures", "run 3 times"):
        assert words in text


def test_unknown_memory_of_the_survey_part_is_called_unknown() -> None:
    silent = replace(SURVEY, build=measuring.Usage(61.4, None))
    assert row(training.tables(silent), "build of the training needs") == ["61.4", "", "unknown"]


def test_the_figures_timed_are_those_of_the_notebook() -> None:
    notebook = json.loads((PROJECT / "notebooks" / "training_needs.ipynb").read_text(encoding="utf-8"))
    source = "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
    called = set(re.findall(r"\bshow\.(\w+)\(", source))
    drawn = {function.__name__ for function in training._figures()}
    assert drawn == {name for name in called if name.endswith("_figure")} | {"heat_map"}


def test_powiats_are_compared_by_the_ratio_of_medians() -> None:
    text = social.tables(SOCIAL)
    assert social.times(SOCIAL.powiats.plain_survival, SOCIAL.powiats.survival) == pytest.approx(4.0)  # by hand
    assert row(text, "stocks and flows of 380 powiats in 18 periods") == [
        "0.90 (0.80–1.10)", "0.30 (0.20–0.40)", "**3.0**",
    ]  # fmt: skip
    assert row(text, "survival in 380 powiats, 119 383 lifetimes") == [
        "2.80 (1.30–2.90)", "0.70 (0.50–0.80)", "**4.0**",
    ]  # fmt: skip
    assert row(text, "both") == ["3.60 (2.40–3.80)", "1.00 (0.90–1.00)", "**3.6**"]
    assert [row(text, f"round {n}")[-1] for n in (1, 2, 3)] == ["3.6", "3.8", "2.7"]


def test_the_social_economy_part_names_every_number_measured() -> None:
    text = social.section(SOCIAL)
    assert row(text, "build: structure") == ["0.4", "0.3", ""]
    assert row(text, "build: targets") == ["3.9", "3.8", ""]
    what = "120 673 entities (7 lists, 132 448 rows, 15 MiB) and 20 041 entity-years"
    assert row(text, f"**build of the social economy**, {what}") == ["**49.8**", "**45.6**", "**707**"]
    assert row(text, "screening of the same data") == ["22.2", "20.1", "671"]
    for words in ("a survey of 20 049 rows", "below 60 seconds", "2 GiB", "run 3 times", "below 5 seconds"):
        assert words in text
    assert "{" not in text


def test_loops_are_compared_with_the_fastest_round() -> None:
    text = impact.tables(IMPACT)
    assert row(text, "centres: ropsanalysis") == ["0.02", ""]
    assert row(text, "centres: statsmodels, loop") == ["200.0", "**10000**"]  # by hand
    assert row(text, "centres: numpy, loop") == ["0.8", "**40**"]
    assert row(text, "maps: plain Python") == ["9.0", "**30**"]
    assert row(text, "maps: numpy, loop over years") == ["0.6", "**2.0**"]


def test_the_part_on_social_impact_names_every_number_measured() -> None:
    text = impact.section(IMPACT)
    assert row(text, "gminas with a centre") == ["2.1", "2.3", ""]
    what = "50 124 person-waves (13 720 persons), 2 479 gminas × 12 years, 13 outcomes"
    assert row(text, f"**all tables of social impact**, {what}") == ["**10.8**", "11.9", "**433**"]
    assert row(text, "screening of the same data") == ["3.6", "", "281"]
    for words in ("below 60 seconds", "below 2 seconds", "makes 3 draws", "makes 100", "makes 500 draws", "3 times"):
        assert words in text
    assert "{" not in text


def test_plain_loops_give_the_same_effects_and_ratios() -> None:
    routes = load_tool("impact_routes")
    rng = np.random.default_rng(1)
    years, opened = np.arange(2015, 2020), np.array([2017.0, 2017, 2018, 2018, *[np.nan] * 6])
    rates = rng.normal(50, 5, (10, 5))
    panel = pd.DataFrame(
        {"teryt": np.repeat([f"02{n:02d}01" for n in range(10)], 5), "year": np.tile(years, 10),
         "opened": np.repeat(opened, 5), "rate": rates.ravel()}
    )  # fmt: skip
    looped = routes.loop_cells(panel)
    assert looped == pytest.approx(routes.array_cells(rates, years, opened))
    change = rates[:, 3] - rates[:, 1]
    assert looped[2017, 2018] == pytest.approx(change[:2].mean() - change[4:].mean())
    # The case by hand of DOMAIN.md, section 4: all assumptions certain.
    hand = [[(value, value, value) for value in (100.0, 200.0, 0.25, 0.0, 0.4, 0.1, 3.0)]]
    assert routes.loop_ratios(hand, inputs=12_000, rate=0.035, draws=2, seed=1) == pytest.approx([1.9027] * 2, abs=5e-5)
    wide = [[(value * 0.9, value, value * 1.1 + 1e-6) for value, *_ in hand[0]]]
    ratios = routes.array_ratios(wide, inputs=12_000, rate=0.035, draws=4000, rng=rng)
    assert np.median(ratios) == pytest.approx(1.9, abs=0.05)


def test_the_demo_grows_by_what_is_many() -> None:
    assert social.growth_of(120_000, fixed=6_000, growing=16_000) == 7.125  # 6 000 + 7.125 * 16 000
    with pytest.raises(SystemExit, match="5000 are too few: 6000"):
        social.growth_of(5_000, fixed=6_000, growing=16_000)


def test_a_clock_leaves_out_what_another_clock_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(measuring.time, "perf_counter", lambda: now[0])
    monkeypatch.setattr(measuring, "cpu_seconds", lambda: 2 * now[0])
    clocks = measuring.Clocks()

    def outer() -> str:
        now[0] += 1
        first = inner()
        now[0] += 2
        return first + inner()

    def work() -> str:
        now[0] += 10
        return "done "

    inner = clocks._clocked(work, "inner")
    assert clocks._clocked(outer, "outer")() == "done done "
    assert clocks.stages == {
        "inner": measuring.Stage("inner", 40.0, 20.0),  # two calls
        "outer": measuring.Stage("outer", 6.0, 3.0),
    }


def test_clocks_are_taken_off_again() -> None:
    clocks, before = measuring.Clocks(), json.dumps
    with clocks.on({"writing": "json.dumps"}):
        assert json.dumps([1]) == "[1]"
    assert list(clocks.stages) == ["writing"]
    assert json.dumps is before


def test_jobs_take_turns_and_the_order_changes() -> None:
    order: list[str] = []
    taken = measuring.in_turn({name: lambda name=name: order.append(name) for name in "ab"}, 3)
    assert "".join(order) == "abbaab"
    assert {name: len(values) for name, values in taken.items()} == {"a": 3, "b": 3}


@pytest.mark.parametrize("target", [*training.STAGES.values(), *social.STAGES.values(), *impact.STAGES.values()])
def test_every_stage_with_a_clock_is_a_function_of_the_build(target: str) -> None:
    assert callable(pkgutil.resolve_name(target))


def test_settings_that_slow_one_route_do_not_reach_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("SOMETHING_ELSE", "1")
    environment = bench.environment()
    assert "PYTHONDONTWRITEBYTECODE" not in environment
    assert environment["SOMETHING_ELSE"] == "1"


def test_a_partial_run_keeps_the_published_page() -> None:
    assert bench.arguments([]).write
    assert not bench.arguments(["--steps", "sample"]).write
    assert bench.arguments(["--steps", "sample", "--write"]).write
    assert bench.arguments(["--steps", "again,gminas"]).steps == ("gminas", "again")  # in the order they run in
    assert not bench.arguments(["--no-write"]).write
    assert not bench.arguments(["--only", "survey"]).write
    assert not bench.arguments(["--only", "social"]).write
    assert bench.arguments(["--only", "social", "--write"]).write
    assert not bench.arguments(["--respondents", "5000"]).write
    assert not bench.arguments(["--entities", "50000"]).write
    assert not bench.arguments(["--answers", "5000"]).write
    assert not bench.arguments(["--waves", "5000"]).write


@pytest.mark.parametrize(
    "words",
    [["--steps", "x"], ["--rounds", "0"], ["--jobs", "-1"], ["--region", "x"], ["--only", "x"]],
)
def test_a_wrong_option_ends_with_code_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        bench.arguments(words)
    assert stopped.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_a_failing_command_ends_the_benchmark_with_what_it_printed(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"(?s)ended with code 3.*no such region"):
        measuring.run(sys.executable, "-c", "import sys; print('no such region'); sys.exit(3)", cwd=tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell a child's peak memory this way")
def test_memory_of_a_command_includes_its_children() -> None:
    # The system counts a child's peak from that of its parent, so a small process does the measuring, not pytest.
    child = "data = bytearray(512 * 2**20)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    measure = (
        "import sys; from pathlib import Path; import measuring; "
        f"used = [measuring.run(sys.executable, '-c', code, cwd=Path('.')) for code in ('pass', {parent!r})]; "
        "print(used[1].peak_mib - used[0].peak_mib, used[1].seconds, used[1].cpu_seconds)"
    )
    found = subprocess.run(
        [sys.executable, "-c", measure], cwd=Path(bench.__file__).parent, capture_output=True, text=True, check=True
    )
    more_mib, seconds, cpu_seconds = map(float, found.stdout.split())
    assert more_mib > 100
    assert seconds > 0
    assert cpu_seconds > 0


def test_only_data_that_come_with_the_project_are_copied() -> None:
    delivered = {name for topic in built.TOPICS.values() if not topic.shipped for name in topic.datasets}
    assert delivered
    assert not delivered & set(bench.SHIPPED)


def test_a_large_survey_is_written_and_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROPSANALYSIS_KEY_FILE", str(tmp_path / "pseudonyms.key"))
    project = tmp_path / "project"
    synthetic.write_training_demo(project / "data" / "raw", respondents=50)
    assert training.write_large(project, 600)["file_mib"] > 0
    assert [path.name for path in (project / "data" / "raw" / "training_survey").glob("*.csv")] == [
        "ankieta_limesurvey.csv"
    ]
    # About one in a hundred breaks off (`exports.limesurvey`); nobody else may be lost.
    assert 570 < training.read_large(project)["accepted"] <= 600


def test_a_larger_social_economy_is_written(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "data" / "raw" / "teryt_units", tmp_path / "data" / "raw" / "teryt_units")
    written = social.write(tmp_path, 26_000, 6_500)
    assert written["lists"] == 7
    assert 26_000 < written["rows"] < 32_000  # some stand in several lists
    assert written["delivered"] == pytest.approx(6_500, rel=0.05)


def test_a_larger_panel_of_persons_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROPSANALYSIS_KEY_FILE", str(tmp_path / "pseudonyms.key"))
    project = tmp_path / "project"
    shutil.copytree(PROJECT / "data" / "raw" / "teryt_units", project / "data" / "raw" / "teryt_units")
    impact.write(project, 30_000)
    size = impact.screen(project)
    assert size["waves"] == pytest.approx(30_000, rel=0.05)
    assert (size["years"], size["outcomes"]) == (12, 13)


def test_a_route_that_makes_fewer_reports_is_noticed(tmp_path: Path) -> None:
    one = batch._Bench(tmp_path, tmp_path, 2, ["cooperation"])
    one._check(("02",), 6, tmp_path)
    one._check(("02",), 6, tmp_path)
    with pytest.raises(SystemExit, match="5 reports, 6 by another route"):
        one._check(("02",), 5, tmp_path)
    with pytest.raises(SystemExit, match="0 reports"):
        one._check(("04",), 0, tmp_path)  # whatever the others made
