"""The demo of project monitoring: made-up data that say so, are the same everywhere, and pass screening."""

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

from ropsanalysis.errors import UsageError
from ropsanalysis.io import identifiers, project_catalogue, synthetic
from ropsanalysis.io.findings import format_findings
from ropsanalysis.io.project_monitoring import MonitoringScreening, screen_project_monitoring
from ropsanalysis.io.synthetic import project_truth as truth
from ropsanalysis.project_monitoring import schema
from ropsanalysis.project_monitoring.schema import DATASETS, Inputs

AS_OF = pd.Timestamp(truth.AS_OF)


def contents(raw: Path) -> dict[str, bytes]:
    return {path.relative_to(raw).as_posix(): path.read_bytes() for path in raw.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return raw data with the whole demo of project monitoring; tests do not change it."""
    folder = with_units(tmp_path_factory.mktemp("projects") / "data" / "raw")
    synthetic.write_project_demo(folder)
    return folder


@pytest.fixture(scope="module")
def screening(raw: Path) -> MonitoringScreening:
    return screen_project_monitoring(raw)


@pytest.fixture(scope="module")
def inputs(screening: MonitoringScreening) -> Inputs:
    assert screening.inputs is not None, format_findings(screening.blocking)
    return screening.inputs


# --- what is written ------------------------------------------------------------------------------------


def test_every_folder_says_that_it_is_made_up(raw: Path) -> None:
    assert {path.name for path in raw.iterdir()} == {*DATASETS, "teryt_units"}
    for dataset in DATASETS:
        about = json.loads((raw / dataset / "provenance.json").read_text(encoding="utf-8"))
        assert (about["synthetic"], about["year"], about["seed"]) == (True, 2025, 20257)
        assert "zmyślon" in about["note"]


def test_same_seed_same_bytes_in_another_process(raw: Path, tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from ropsanalysis.io.synthetic import write_project_demo; "
        "write_project_demo(pathlib.Path(sys.argv[1]))"
    )
    with_units(tmp_path / "raw")
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland"}
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "raw")], check=True, env=environment)
    assert contents(tmp_path / "raw") == contents(raw)


def test_another_seed_gives_other_bytes(raw: Path, tmp_path: Path) -> None:
    synthetic.write_project_demo(with_units(tmp_path / "raw"), seed=1)
    other = contents(tmp_path / "raw")
    same = {name for name, content in contents(raw).items() if other[name] == content}
    # Cards, plans and sub-regions are not drawn.
    assert {name for name in same if not name.startswith("teryt_units/")} == {
        "project_card/cards.csv", "project_card/plan.csv", "project_card/subregions.csv",
    }  # fmt: skip


def test_without_units_nothing_is_made_up(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="need the list of territorial units"):
        synthetic.write_project_demo(tmp_path)
    assert contents(tmp_path) == {}


def test_the_demo_is_quick_and_small(tmp_path: Path) -> None:
    begun = time.process_time()
    written = synthetic.write_project_demo(with_units(tmp_path / "raw"))
    assert time.process_time() - begun < 8, "about 1 s on a free core"
    assert sum(path.stat().st_size for path in written) < 5_000_000


def test_nothing_points_at_a_person(raw: Path) -> None:
    for dataset in DATASETS:
        for path in (raw / dataset).glob("*.csv"):
            table = pd.read_csv(path, dtype=str)
            for name in table.columns.difference(["teryt", "unit", "eu_pln", "national_pln"]):
                texts = sorted(set(table[name].dropna()))
                assert identifiers.find_in_column([str(name), *texts]) == {}, (path.name, name)


# --- what screening makes of it --------------------------------------------------------------------------


def test_screening_finds_only_what_careful_offices_have_too(screening: MonitoringScreening) -> None:
    # Some persons brought nothing but a certificate of attendance: a warning, told once.
    assert [finding.code for finding in screening.findings] == ["PM-14"], format_findings(screening.findings)
    assert screening.synthetic
    assert len(screening.rejected) == 0


def test_cards_hold_what_was_published_and_say_so(inputs: Inputs) -> None:
    columns = {
        "title": "title", "start": "start", "end": "end", "target_supported": "target_supported",
        "target_qualified": "target_qualified", "value": "value_pln", "eu": "eu_pln", "national": "national_pln",
    }  # fmt: skip
    cards = inputs.cards.set_index("teryt")
    taken = 0
    for published in project_catalogue.published_cards():
        for figure in published.figures:
            if figure.field not in columns or figure.unit == "EUR" or (figure.step > 1 and figure.unit == "PLN"):
                continue
            own = cards.loc[published.teryt, columns[figure.field]]
            told = f"{own:%Y-%m-%d}" if isinstance(own, pd.Timestamp) else own
            assert told == (figure.text or figure.number), (published.teryt, figure.field)
            taken += 1
    assert taken > 30
    assert cards["source"].str.contains("zmyślone").all()
    assert cards.loc["02", "source"] == "przykład: wszystkie dane zmyślone"


def test_budgets_add_up_to_the_grosz_and_to_the_share_of_the_eu(inputs: Inputs) -> None:
    sums = inputs.budget.groupby("teryt")[["eu_grosz", "national_grosz"]].sum()
    for card in inputs.cards.to_dict("records"):
        eu, national = sums.loc[card["teryt"]]
        assert (eu, national) == (round(100 * card["eu_pln"]), round(100 * card["national_pln"]))
        assert eu / (eu + national) == pytest.approx(0.8252, abs=0.00005)  # DOMAIN.md, finding 1


def test_all_of_it_describes_the_end_of_2025(inputs: Inputs) -> None:
    assert inputs.year == 2025
    assert len(inputs.cards) == 16
    for table, name in (
        (inputs.participants, "started"), (inputs.participants, "evidence_day"), (inputs.activities, "done"),
        (inputs.payments, "day"), (inputs.cus, "opened"), (inputs.lpdi, "adopted"), (inputs.lpdi, "carried_out_day"),
    ):  # fmt: skip
        assert table[name].max() <= AS_OF, name
    assert inputs.activities["planned"].max().year == 2026


def test_there_is_something_of_every_kind(inputs: Inputs) -> None:
    assert set(inputs.participants["form"]) == set(schema.FORMS)
    assert set(inputs.participants["evidence"]) == set(schema.EVIDENCE)
    assert set(inputs.activities["action"]) == set(schema.ACTIONS)
    assert set(inputs.activities["team"]) == set(schema.TEAMS)
    assert set(inputs.budget["action"]) == {schema.NO_ACTION, *schema.ACTIONS}
    assert set(inputs.foster_care["year"]) == {2020, 2021, 2022, 2023, 2024}
    assert inputs.cus["gminas"].str.contains("+", regex=False).any()
    late = inputs.activities["done"].isna() & (inputs.activities["planned"] < AS_OF - pd.Timedelta(days=30))
    assert set(inputs.activities.loc[late, "teryt"]) == set(inputs.cards["teryt"])
    # Four sub-regions in Warmia and Mazury: the project's own description, DOMAIN.md 6.1.
    warmia = inputs.subregions[inputs.subregions["powiat"].str.startswith("28")]
    assert len(set(warmia["subregion"])) == 4
    assert set(inputs.subregions["powiat"].str[:2]) == set(truth.SUBREGIONS)
    named = inputs.activities.loc[inputs.activities["subregion"] != "", "teryt"]
    assert set(named) == set(truth.SUBREGIONS)


def test_offices_differ_in_pace_and_care(inputs: Inputs) -> None:
    persons = inputs.participants.groupby("teryt")
    supports = persons.size() / persons["person"].nunique()
    assert supports.min() < 1.3
    assert supports.max() > 1.8
    assert 1.0 < len(inputs.participants) / inputs.participants.groupby("teryt")["person"].nunique().sum() < 2.2
    reached = persons["person"].nunique() / inputs.cards.set_index("teryt")["target_supported"]
    # 27 of 63 months have passed: a straight line would be at 43%.
    assert reached.min() < 0.35
    assert reached.max() > 0.6
    units = inputs.units[(inputs.units["level"] == "gmina") | (inputs.units["teryt"].str[2:].str.fullmatch(r"[0-5]\d"))]
    planned = inputs.lpdi.groupby("teryt")["unit"].nunique() / units["teryt"].str[:2].value_counts()
    assert 0.08 < planned.min() < 0.15
    assert 0.5 < planned.max() < 0.65
