"""The demo of cooperation: made-up data that say so, are the same everywhere, pass screening and hold differences."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from social_demo import with_units

from ropsanalysis.cooperation.schema import DATASETS, SECTORS, Inputs
from ropsanalysis.errors import UsageError
from ropsanalysis.io import identifiers, synthetic
from ropsanalysis.io.cooperation import CooperationScreening, screen_cooperation
from ropsanalysis.io.findings import format_findings
from ropsanalysis.io.project_catalogue import cooperation_projects
from ropsanalysis.io.synthetic import cooperation_truth as truth
from ropsanalysis.regions import REGIONS


def contents(raw: Path) -> dict[str, bytes]:
    return {path.relative_to(raw).as_posix(): path.read_bytes() for path in raw.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return raw data with the whole demo of cooperation; tests do not change it."""
    folder = with_units(tmp_path_factory.mktemp("cooperation") / "data" / "raw")
    synthetic.write_cooperation_demo(folder)
    return folder


@pytest.fixture(scope="module")
def screening(raw: Path) -> CooperationScreening:
    return screen_cooperation(raw)


@pytest.fixture(scope="module")
def inputs(screening: CooperationScreening) -> Inputs:
    assert screening.inputs is not None, format_findings(screening.blocking)
    return screening.inputs


# --- what is written ------------------------------------------------------------------------------------


def test_every_folder_says_that_it_is_made_up(raw: Path) -> None:
    assert {path.name for path in raw.iterdir()} == {*DATASETS, "teryt_units"}
    for dataset in DATASETS:
        about = json.loads((raw / dataset / "provenance.json").read_text(encoding="utf-8"))
        assert (about["synthetic"], about["year"], about["seed"]) == (True, 2025, 20258)
        assert "zmyślone" in about["note"]
        assert {entry["path"] for entry in about["files"]} | {"provenance.json"} == {
            path.name for path in (raw / dataset).iterdir()
        }


def test_same_seed_same_bytes_in_another_process_at_another_time(raw: Path, tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from ropsanalysis.io.synthetic import write_cooperation_demo; "
        "write_cooperation_demo(pathlib.Path(sys.argv[1]))"
    )
    with_units(tmp_path / "raw")
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland"}
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "raw")], check=True, env=environment)
    assert contents(tmp_path / "raw") == contents(raw)


def test_another_seed_gives_other_bytes(raw: Path, tmp_path: Path) -> None:
    synthetic.write_cooperation_demo(with_units(tmp_path / "raw"), seed=1)
    other = contents(tmp_path / "raw")
    same = {name for name, content in contents(raw).items() if other[name] == content}
    assert {name for name in same if not name.startswith("teryt_units/")} == set()


def test_delivered_data_are_left_alone(tmp_path: Path) -> None:
    delivered = tmp_path / "cooperation_cases" / "cases.csv"
    delivered.parent.mkdir()
    delivered.write_text("pilot;case\n", encoding="utf-8")
    before = contents(tmp_path)
    with pytest.raises(UsageError, match=r"cooperation_cases holds data that are not synthetic"):
        synthetic.write_cooperation_demo(tmp_path)
    assert contents(tmp_path) == before


def test_without_units_nothing_is_made_up(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="needs the list of territorial units"):
        synthetic.write_cooperation_demo(tmp_path)
    assert contents(tmp_path) == {}


def test_the_demo_is_quick_and_small(tmp_path: Path) -> None:
    begun = time.process_time()
    written = synthetic.write_cooperation_demo(with_units(tmp_path / "raw"))
    assert time.process_time() - begun < 6, "about 0.5 s on a free core"
    assert sum(path.stat().st_size for path in written) < 2_000_000


def test_nothing_points_at_a_person(raw: Path) -> None:
    for dataset in DATASETS:
        for path in (raw / dataset).glob("*.csv"):
            table = pd.read_csv(path, dtype=str)
            for name in table.columns:
                texts = sorted(set(table[name].dropna()))
                assert identifiers.find_in_column([str(name), *texts]) == {}, (path.name, name)


# --- what screening makes of it --------------------------------------------------------------------------


def test_the_demo_passes_with_the_findings_it_is_meant_to_have(screening: CooperationScreening) -> None:
    told = [(finding.code, finding.severity, finding.found) for finding in screening.findings]
    assert [entry[:2] for entry in told] == [("CO-17", "warning"), ("CO-18", "warning")]
    assert f"„{truth.NO_INSPIRER}”" in told[0][2]
    assert f"„{truth.ONE_LEVEL}”" in told[1][2]
    assert screening.rejected.empty
    assert screening.synthetic
    assert set(screening.sources) == set(DATASETS)


def test_no_row_is_lost(raw: Path, inputs: Inputs) -> None:
    for dataset in DATASETS:
        for path in (raw / dataset).glob("*.csv"):
            delivered = len(path.read_text(encoding="utf-8").splitlines()) - 1
            assert len(getattr(inputs, path.stem)) == delivered, path.stem
    assert inputs.year == 2025


def test_every_voivodeship_has_pilots_of_the_kind_its_project_is_for(inputs: Inputs) -> None:
    counts = inputs.pilots.groupby("teryt").size()
    assert set(counts.index) == {region.teryt for region in REGIONS}
    assert counts.between(3, 5).all()
    kinds = inputs.units.set_index("teryt")["kind"]
    gminas = inputs.pilots[inputs.pilots["unit"].str.len() == 6]
    kind = gminas["unit"].map(kinds)
    assert (kind[gminas["teryt"].isin(truth.URBAN_RURAL)] == "gmina miejsko-wiejska").all()
    assert (kind[gminas["teryt"].isin(truth.CITIES)] == "gmina miejska").all()
    assert (gminas.loc[gminas["teryt"].isin(truth.CITIES), "population"] > 20_000).all()
    covered = {teryt: project.project for project in cooperation_projects() for teryt in project.teryt}
    assert (inputs.pilots["project"] == inputs.pilots["teryt"].map(covered).fillna("")).all()


def test_pilots_have_entities_of_many_sectors(inputs: Inputs) -> None:
    sizes = inputs.partners.groupby("pilot").size()
    assert sizes.between(8, 28).all()
    assert sizes.median() >= 15
    assert set(inputs.partners["sector"]) == set(SECTORS)
    assert inputs.partners.groupby("pilot")["sector"].nunique().min() >= 6


def test_ties_grow_and_cross_sectors(inputs: Inputs) -> None:
    sectors = inputs.partners.set_index(["pilot", "entity"])["sector"]
    ends = [sectors.loc[list(zip(inputs.ties["pilot"], inputs.ties[end], strict=True))].to_numpy()
            for end in ("source", "target")]  # fmt: skip
    crossing = pd.Series(ends[0] != ends[1]).groupby(inputs.ties["wave"]).agg(["mean", "size"])
    assert crossing.loc["after", "size"] > 2 * crossing.loc["before", "size"]
    assert crossing.loc["after", "mean"] > crossing.loc["before", "mean"] + 0.1
    one_wave = inputs.ties.loc[inputs.ties["pilot"] == truth.ONE_WAVE, "wave"]
    assert set(one_wave) == {"after"}


def test_about_four_of_five_cases_end_well_but_in_one_pilot(inputs: Inputs) -> None:
    ended = inputs.cases[inputs.cases["outcome"] != "ongoing"]
    well = (ended["outcome"] == "success").groupby(ended["pilot"]).agg(["mean", "size"])
    assert (ended["outcome"] == "success").mean() == pytest.approx(0.81, abs=0.03)
    low = next(iter(truth.OUTLIERS))
    assert well.loc[low, "mean"] < 0.6
    assert well.loc[well["size"] >= 20].drop(index=low)["mean"].min() > 0.6
    assert (well["size"] < 10).sum() >= 10, "small pilots, whose cases must be joined with others"
    assert set(inputs.cases["outcome"]) == {"success", "partial", "interrupted", "ongoing"}


def test_health_and_courts_deliver_less_than_planned(inputs: Inputs) -> None:
    sums = inputs.baskets.groupby("sector")[["planned", "delivered"]].sum()
    share = sums["delivered"] / sums["planned"]
    assert share[["health", "courts"]].max() < 0.6
    assert share.drop(["health", "courts"]).min() > 0.65


def test_goals_improve_in_cases_that_end_well(inputs: Inputs) -> None:
    goals = inputs.goals.merge(inputs.cases[["pilot", "case", "outcome"]], on=["pilot", "case"])
    gain = (goals["exit"] - goals["entry"]).groupby(goals["outcome"]).mean()
    assert gain["success"] > 1.5 > gain["partial"] > gain["interrupted"]
    assert goals.loc[goals["outcome"] == "ongoing", "exit"].isna().all()
    assert not inputs.pilots.set_index("pilot").loc[list(set(goals["pilot"])), "teryt"].eq(truth.NO_GOALS).any()


def test_pilots_lack_what_they_are_meant_to_lack(inputs: Inputs) -> None:
    pilots = inputs.pilots.set_index("pilot")
    assert list(pilots.index[~pilots["aftercare"]]) == [truth.NO_AFTERCARE]
    assert list(pilots.index[~pilots["monitoring"]]) == [truth.NO_MONITORING]
    followed = inputs.cases.loc[inputs.cases["followup"] != "", "pilot"]
    assert truth.NO_AFTERCARE not in set(followed)
    assert len(set(followed)) > 50


def test_effects_are_stated_where_no_file_counts_them(inputs: Inputs) -> None:
    ways = inputs.promised.set_index(["project", "effect"])["counted_from"]
    stated = list(zip(inputs.effects["project"], inputs.effects["effect"], strict=True))
    assert (ways.loc[stated] == "").all()
    assert set(stated) == set(ways.index[ways == ""])
