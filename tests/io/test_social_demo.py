"""The demo of the social economy: made-up data that say so, are the same everywhere, and pass screening."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import numpy as np
import openpyxl
import pandas as pd
import pytest
from social_demo import read_list, with_units, write_demo

from ropsanalysis.errors import UsageError
from ropsanalysis.io import identifiers, synthetic
from ropsanalysis.io.social_economy import SocialScreening, screen_social_economy
from ropsanalysis.io.synthetic import social_economy, social_overlaps, social_places, social_registers
from ropsanalysis.social_economy.schema import DATASETS
from support import PROJECT

LISTS = ("cis_kis", "kgw", "koscielne_osoby_prawne", "krs", "owes_baza", "przedsiebiorstwa_spoleczne", "zaz_wtz")
FORMS_OF_COURT = {"social_cooperative", "work_cooperative", "disabled_cooperative", "nonprofit_company"}
# Weights of the check digits: ordinance on tax identification (NIP) and on REGON (nine digits).
NIP_WEIGHTS = (6, 5, 7, 2, 3, 4, 5, 6, 7)
REGON_WEIGHTS = (8, 9, 2, 3, 4, 5, 6, 7)


def contents(raw: Path) -> dict[str, bytes]:
    return {path.relative_to(raw).as_posix(): path.read_bytes() for path in raw.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return raw data with the whole demo of the social economy; tests do not change it."""
    return write_demo(tmp_path_factory.mktemp("social") / "raw")


# --- what is written ------------------------------------------------------------------------------------


def test_every_folder_says_that_it_is_made_up(raw: Path) -> None:
    assert {path.name for path in raw.iterdir()} == {*DATASETS, "teryt_units"}
    assert not synthetic.is_synthetic(raw / "teryt_units")
    for dataset in DATASETS:
        about = json.loads((raw / dataset / "provenance.json").read_text(encoding="utf-8"))
        assert (about["synthetic"], about["year"], about["seed"]) == (True, 2025, 20252)
        assert "zmyślone" in about["note"]
        assert {entry["path"] for entry in about["files"]} | {"provenance.json"} == {
            path.name for path in (raw / dataset).iterdir()
        }


def test_same_seed_same_bytes_in_another_process_at_another_time(raw: Path, tmp_path: Path) -> None:
    code = "import sys, pathlib; from ropsanalysis.io import synthetic; "
    code += "synthetic.write_social_demo(pathlib.Path(sys.argv[1]))"
    time.sleep(1.1)  # headers of archives hold whole seconds
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland"}
    with_units(tmp_path / "raw")
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "raw")], check=True, env=environment)
    assert contents(tmp_path / "raw") == contents(raw)


def test_another_seed_gives_other_bytes(raw: Path, tmp_path: Path) -> None:
    synthetic.write_social_demo(with_units(tmp_path / "raw"), seed=1)
    other = contents(tmp_path / "raw")
    same = {name for name, content in contents(raw).items() if other[name] == content and "teryt" not in name}
    # What is drawn changes; how the lists are described does not.
    assert same == {f"es_register/{name}.yaml" for name in LISTS}


def test_demo_is_small_and_quick(tmp_path: Path) -> None:
    began = time.process_time()
    written = synthetic.write_social_demo(with_units(tmp_path / "raw"))
    assert time.process_time() - began < 6
    assert sum(path.stat().st_size for path in written) < 6_000_000


def test_workbooks_carry_a_fixed_date_and_hold_texts_numbers_and_days_only(raw: Path) -> None:
    for name in ("zaz_wtz", "przedsiebiorstwa_spoleczne"):
        path = raw / "es_register" / f"{name}.xlsx"
        book = openpyxl.load_workbook(path)
        assert book.properties.created is not None
        assert book.properties.created.isoformat() == "2025-03-03T00:00:00"
        kinds = {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None}
        assert kinds == {"s", "n", "d"}
        with zipfile.ZipFile(path) as archive:
            assert {part.compress_type for part in archive.infolist()} == {zipfile.ZIP_STORED}


def test_nothing_points_at_a_person(raw: Path) -> None:
    tables = [read_list(raw, name).table for name in LISTS]
    tables += [pd.read_csv(path, dtype=str) for name in DATASETS[1:] for path in (raw / name).glob("*.csv")]
    for table in tables:
        for name in table.columns:
            texts = sorted(set(table[name].dropna().astype(str)))
            assert identifiers.find_in_column([str(name), *texts]) == {}, name


def test_identifiers_have_valid_check_digits_but_nobody_has_them(raw: Path) -> None:
    def remainder(numbers: pd.Series, weights: tuple[int, ...]) -> pd.Series:
        return sum(numbers.str[place].astype(int) * weight for place, weight in enumerate(weights)) % 11

    for name in LISTS:
        table = read_list(raw, name).table
        nip = table["nip"].dropna().str.replace("-", "")
        assert nip.str.fullmatch(r"900\d{7}").all(), "codes of tax offices do not end in two zeros"
        assert (remainder(nip, NIP_WEIGHTS) == nip.str[9].astype(int)).all()
        if "regon" in table:
            regon = table["regon"].dropna().astype(str)
            assert regon.str.fullmatch(r"98\d{7}").all()
            assert (remainder(regon, REGON_WEIGHTS) % 10 == regon.str[8].astype(int)).all()
    court = read_list(raw, "krs").table
    assert court["krs"].str.fullmatch(r"0009\d{6}").all()
    # One number is one entity: further rows with it are moves and transformations.
    assert court.groupby("nip")["krs"].nunique().max() == 1
    assert court.groupby("krs")["name"].nunique().max() == 1


# --- groups: synthetic and delivered data never meet -----------------------------------------------------


@pytest.fixture
def quick_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the demo of training needs a small one."""
    whole = synthetic.write_training_demo
    monkeypatch.setattr(synthetic, "write_training_demo", lambda raw: whole(raw, respondents=50))


@pytest.mark.usefixtures("quick_demo")
def test_a_group_with_delivered_data_is_left_alone_and_the_other_is_written(tmp_path: Path) -> None:
    raw = with_units(tmp_path / "raw")
    delivered = raw / "es_survey" / "survey.csv"
    delivered.parent.mkdir()
    delivered.write_text("nip;year\n", encoding="utf-8")
    states = synthetic.write_missing(raw, force=True)
    assert {name: states[name] for name in DATASETS} == {
        **dict.fromkeys(DATASETS, "absent"),
        "es_survey": "delivered",
    }
    assert {states[name] for name in synthetic.TRAINING} == {"written"}
    assert not (raw / "es_register").exists()
    assert delivered.read_text(encoding="utf-8") == "nip;year\n"
    with pytest.raises(UsageError, match=r"es_survey holds data that are not synthetic \(survey\.csv\)"):
        synthetic.write_social_demo(raw)
    assert not (raw / "es_register").exists()


@pytest.mark.usefixtures("quick_demo")
def test_delivered_training_data_do_not_keep_the_social_economy_away(tmp_path: Path) -> None:
    raw = with_units(tmp_path / "raw")
    (raw / "training_frame").mkdir()
    (raw / "training_frame" / "frame.csv").write_text("teryt\n", encoding="utf-8")
    states = synthetic.write_missing(raw)
    assert {states[name] for name in DATASETS} == {"written"}
    assert {states[name] for name in synthetic.TRAINING} == {"absent", "delivered"}
    again = synthetic.write_missing(raw)
    assert {again[name] for name in DATASETS} == {"unchanged"}
    assert {name: again[name] for name in synthetic.TRAINING} == {name: states[name] for name in synthetic.TRAINING}


@pytest.mark.usefixtures("quick_demo")
def test_a_demo_of_which_a_part_is_missing_is_made_whole(raw: Path, tmp_path: Path) -> None:
    mine = write_demo(tmp_path / "raw")
    (mine / "owes_support" / "support.csv").unlink()
    (mine / "owes_support" / "provenance.json").unlink()
    states = synthetic.write_missing(mine)
    assert {states[name] for name in DATASETS} == {"written"}
    made = {
        name: content for name, content in contents(mine).items() if name.split("/")[0] in (*DATASETS, "teryt_units")
    }
    assert made == contents(raw)


def test_a_demo_that_somebody_changed_is_not_overwritten(tmp_path: Path) -> None:
    mine = write_demo(tmp_path / "raw")
    changed = mine / "gmina_population" / "population.csv"
    changed.write_text("teryt,year,population\n020101,2025,1\n", encoding="utf-8")
    before = contents(mine)
    with pytest.raises(UsageError, match=r"gmina_population holds files that were .* changed .*\(population\.csv\)"):
        synthetic.write_social_demo(mine)
    assert contents(mine) == before


@pytest.mark.usefixtures("quick_demo")
def test_without_territorial_units_there_is_no_place_to_make_up(tmp_path: Path) -> None:
    states = synthetic.write_missing(tmp_path)
    assert {states[name] for name in DATASETS} == {"absent"}
    assert {states[name] for name in synthetic.TRAINING} == {"written"}
    with pytest.raises(UsageError, match="ropsanalysis import teryt_units"):
        synthetic.write_social_demo(tmp_path)
    assert not any((tmp_path / name).exists() for name in DATASETS)


@pytest.mark.slow
def test_the_command_names_every_dataset_and_what_is_missing(
    tmp_path: Path, run_cli: Callable[..., CompletedProcess[str]]
) -> None:
    for name in ("notebooks", "data/raw"):
        (tmp_path / name).mkdir(parents=True)
    bare = run_cli("demo", "--project", tmp_path)
    assert (bare.returncode, "no list of territorial units" in bare.stderr) == (0, True)
    assert {line.split(": ")[0] for line in bare.stdout.splitlines() if Path(line).name in DATASETS} == {"absent"}
    with_units(tmp_path / "data" / "raw")
    whole = run_cli("demo", "--project", tmp_path)
    assert (whole.returncode, whole.stderr) == (0, "")
    written = {Path(line).name for line in whole.stdout.splitlines() if line.startswith("written")}
    groups = (synthetic.SOCIAL_IMPACT, synthetic.PROJECT_MONITORING, synthetic.COOPERATION, synthetic.LOCAL)
    assert written == {*DATASETS, *(name for group in groups for name in group)}


# --- what screening makes of it --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def screened(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> SocialScreening:
    """Return the demo, beside the figures that come with the project, as screening hands it on."""
    folder = tmp_path_factory.mktemp("screened") / "raw"
    shutil.copytree(raw, folder)
    for name in ("gus_sdg", "bdl_context"):
        shutil.copytree(PROJECT / "data" / "raw" / name, folder / name)
    return screen_social_economy(folder)


def test_screening_finds_only_the_names_left_to_review(screened: SocialScreening) -> None:
    assert screened.blocking == ()
    assert screened.synthetic
    left = social_overlaps.MISSPELT - social_overlaps.DECIDED
    assert {(one.code, one.severity) for one in screened.findings if "gus_sdg" not in one.file} == {
        ("ES-23", "warning")
    }
    assert len(screened.review) == sum(one.code == "ES-23" for one in screened.findings) == left
    assert screened.rejected.empty
    assert (screened.review["name_a"].str[-5:] == screened.review["name_b"].str[-5:]).all(), "one name, misspelt"


def test_linking_counts_every_entity_once(raw: Path, screened: SocialScreening) -> None:
    """The same number by another way: the entities as they were drawn, before they were written into lists."""
    assert screened.inputs is not None
    chance = [np.random.default_rng([social_economy.SEED, part]) for part in (0, 1)]
    gminas = social_places.draw_gminas(social_places.read_gminas(raw), chance[0])
    drawn = social_registers.draw_entities(gminas, chance[1])
    spells = screened.inputs.spells
    doubtful = social_overlaps.MISSPELT - social_overlaps.DECIDED  # counted apart until somebody decides
    alone = social_overlaps.KNOWN_ONCE + doubtful
    assert spells["entity"].nunique() == len(drawn) + alone
    assert len(spells) == len(drawn) + drawn["changed"].notna().sum() + alone
    assert spells["closures_known"].all()
    found = spells[spells["end"].isna()]["legal_form"].value_counts()
    expected = drawn.loc[drawn["end"].isna(), "legal_form"].value_counts()
    extra = (found - expected).loc[lambda more: more != 0]
    assert extra.sum() <= alone
    assert set(extra.index) <= {"ngo", *FORMS_OF_COURT}
    assert len(screened.inputs.status) == drawn["since"].notna().sum()


def test_survey_support_and_targets_are_taken_whole(raw: Path, screened: SocialScreening) -> None:
    assert screened.inputs is not None
    for dataset, table in {
        "es_survey": screened.inputs.survey,
        "owes_support": screened.inputs.support,
        "es_programme": screened.inputs.programme,
        "gmina_population": screened.inputs.population,
    }.items():
        path = next((raw / dataset).glob("*.csv"))
        assert len(table) == len(path.read_text(encoding="utf-8").splitlines()) - 1, dataset
    assert (screened.inputs.programme["measure"] == "").sum() == 16
    # The form that the registers know is the one that answered: units keep their own answers.
    forms = screened.inputs.spells.drop_duplicates("entity", keep="last").set_index("entity")["legal_form"]
    answered = screened.inputs.survey.groupby(screened.inputs.survey["entity"].map(forms))["participants"].count()
    assert set(answered[answered > 0].index) == {"cis", "kis", "zaz", "wtz"}
