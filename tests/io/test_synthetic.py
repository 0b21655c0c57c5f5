"""The demo: made-up data that say so, are the same everywhere, pass the readers, and hold what a report should find."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyreadstat
import pytest
from scipy.stats import kendalltau
from social_demo import with_units

from ropsanalysis.errors import UsageError
from ropsanalysis.io import catalogue, identifiers, surveys, synthetic
from ropsanalysis.io.synthetic import answers, planning, population, truth
from ropsanalysis.io.training import screen_training
from ropsanalysis.regions import REGIONS
from ropsanalysis.stats.scales import reliability
from ropsanalysis.stats.typology import adjusted_rand_index, k_means
from ropsanalysis.training_needs.schema import DATASETS, Inputs

FEW = 400
TERYT = {region.teryt for region in REGIONS if region.teryt != "00"}
SURVEYS = ("ankieta_limesurvey.csv", "ankieta_spss.sav", "ankieta_arkusz.xlsx")


def contents(raw: Path) -> dict[str, bytes]:
    return {path.relative_to(raw).as_posix(): path.read_bytes() for path in raw.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return raw data with the whole demo."""
    folder = tmp_path_factory.mktemp("demo") / "raw"
    synthetic.write_training_demo(folder)
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return raw data with a small demo; tests do not change it."""
    folder = tmp_path_factory.mktemp("small") / "raw"
    synthetic.write_training_demo(folder, respondents=FEW)
    return folder


@pytest.fixture(scope="module")
def inputs(raw: Path) -> Inputs:
    """Return the demo as screening hands it on."""
    screened = screen_training(raw)
    assert not [finding for finding in screened.findings if finding.severity == "blocking"]
    assert screened.inputs is not None
    return screened.inputs


# --- what is written ------------------------------------------------------------------------------------


def test_every_folder_says_that_it_is_made_up(small: Path) -> None:
    assert {path.name for path in small.iterdir()} == set(DATASETS)
    for dataset in DATASETS:
        about = json.loads((small / dataset / "provenance.json").read_text(encoding="utf-8"))
        assert (about["synthetic"], about["year"]) == (True, 2025)
        assert about["source"] == "dane syntetyczne (wygenerowane przez ropsanalysis demo)"
        assert {entry["path"] for entry in about["files"]} | {"provenance.json"} == {
            path.name for path in (small / dataset).iterdir()
        }
        assert synthetic.is_synthetic(small / dataset)


def test_same_seed_same_bytes_in_another_process_at_another_time(small: Path, tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from ropsanalysis.io.synthetic import write_training_demo; "
        f"write_training_demo(pathlib.Path(sys.argv[1]), respondents={FEW})"
    )
    time.sleep(1.1)  # headers hold whole seconds
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland"}
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, env=environment)
    assert contents(tmp_path) == contents(small)


def test_another_seed_gives_other_bytes(small: Path, tmp_path: Path) -> None:
    synthetic.write_training_demo(tmp_path, seed=1, respondents=FEW)
    same = {name for name, content in contents(small).items() if contents(tmp_path)[name] == content}
    # Codebooks and example prices are not drawn.
    assert same == {
        "training_offer/offer.csv",
        "training_survey/ankieta_arkusz.yaml",
        "training_survey/ankieta_limesurvey.yaml",
        "training_survey/ankieta_spss.yaml",
    }


def test_files_carry_a_fixed_date_and_stay_readable(small: Path) -> None:
    folder = small / "training_survey"
    table, about = pyreadstat.read_sav(folder / "ankieta_spss.sav", user_missing=True)
    # The date the module writes over SPSS's header; bytes 92-108 in the format's description in PSPP's manual.
    assert about.creation_time.isoformat() == "2025-03-03T08:00:00"
    assert about.file_label == "Dane syntetyczne"
    # User-missing codes, each a range of one value, as pyreadstat documents them.
    assert about.missing_ranges["waz_05"] == [{"lo": 8, "hi": 8}, {"lo": 9, "hi": 9}]
    assert {8.0, 9.0} <= set(table["waz_05"])
    book = openpyxl.load_workbook(folder / "ankieta_arkusz.xlsx")
    assert book.properties.created is not None
    assert book.properties.created.isoformat() == "2025-03-03T00:00:00"
    with zipfile.ZipFile(folder / "ankieta_arkusz.xlsx") as archive:
        assert {part.compress_type for part in archive.infolist()} == {zipfile.ZIP_STORED}


def test_a_remark_like_a_formula_is_text_in_every_format(small: Path) -> None:
    folder = small / "training_survey"
    sheet = openpyxl.load_workbook(folder / "ankieta_arkusz.xlsx").worksheets[0]
    assert {cell.data_type for column in sheet.iter_cols() for cell in column if cell.value is not None} == {"s", "n"}
    remarks = [row[sheet.max_column - 1] for row in sheet.iter_rows(min_row=2, values_only=True)]
    table = list(csv.DictReader(io.StringIO((folder / "ankieta_limesurvey.csv").read_text(encoding="utf-8-sig"))))
    spss, _ = pyreadstat.read_sav(folder / "ankieta_spss.sav")
    for found in (remarks, [row["uwagi"] for row in table], list(spss["uwagi"])):
        assert found.count(truth.FORMULA_REMARK) == 1


def test_nothing_points_at_a_person(small: Path) -> None:
    for name in SURVEYS:
        table = surveys.open_survey(small / "training_survey" / name, file=name).table
        assert table is not None
        for header, column in zip(table.header, table.columns, strict=True):
            assert not any(identifiers.find_kinds(text) for text in (header, *column.texts)), header


def test_whole_demo_is_written_within_ten_seconds(tmp_path: Path) -> None:
    began = time.process_time()
    synthetic.write_training_demo(tmp_path)
    assert time.process_time() - began < 10


def test_more_respondents_than_staff_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Choose a number from 1 to"):
        synthetic.write_training_demo(tmp_path, respondents=10_000_000)
    assert contents(tmp_path) == {}


# --- synthetic and delivered data never meet -------------------------------------------------------------


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"synthetic": false}', '{"synthetic": "true"}', '{"year": 1}'])
def test_only_a_plain_true_makes_a_folder_synthetic(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "provenance.json").write_text(text, encoding="utf-8")
    assert not synthetic.is_synthetic(tmp_path)


def test_delivered_data_are_left_alone_and_nothing_is_written(tmp_path: Path) -> None:
    delivered = tmp_path / "training_targets" / "targets.csv"
    delivered.parent.mkdir()
    delivered.write_text("teryt;budget_pln\n26;1\n", encoding="utf-8")
    before = contents(tmp_path)
    with pytest.raises(UsageError, match=r"training_targets holds data that are not synthetic \(targets\.csv\)"):
        synthetic.write_training_demo(tmp_path, respondents=FEW)
    states = synthetic.write_missing(tmp_path, force=True)
    assert states.pop("training_targets") == "delivered"
    assert set(states.values()) == {"absent"}
    assert contents(tmp_path) == before


@pytest.mark.parametrize("name", ["frame.csv", "nasze_dane.xlsx"])
def test_a_demo_that_somebody_changed_is_not_overwritten(small: Path, tmp_path: Path, name: str) -> None:
    for path, content in contents(small).items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    (tmp_path / "training_frame" / name).write_bytes(b"teryt,institution,staff\n26,ops,812\n")
    before = contents(tmp_path)
    with pytest.raises(UsageError, match=rf"training_frame holds files that were added or changed .*\({name}\)"):
        synthetic.write_training_demo(tmp_path, respondents=FEW)
    assert contents(tmp_path) == before


def test_an_own_demo_is_replaced_and_litter_of_programs_does_not_matter(tmp_path: Path) -> None:
    synthetic.write_training_demo(tmp_path, seed=1, respondents=FEW)
    (tmp_path / "training_frame" / "~$frame.xlsx").write_bytes(b"lock")
    first = contents(tmp_path)
    synthetic.write_training_demo(tmp_path, seed=2, respondents=FEW)
    assert contents(tmp_path)["training_frame/frame.csv"] != first["training_frame/frame.csv"]


def test_missing_demo_is_written_once(tmp_path: Path) -> None:
    with_units(tmp_path)  # where the demo of the social economy finds its gminas
    assert set(synthetic.write_missing(tmp_path).values()) == {"written"}
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert set(synthetic.write_missing(tmp_path).values()) == {"unchanged"}
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
    assert set(synthetic.write_missing(tmp_path, force=True).values()) == {"written"}


# --- what the readers make of it -------------------------------------------------------------------------


def test_readers_accept_all_three_formats(inputs: Inputs) -> None:
    survey = inputs.survey
    assert survey.synthetic
    assert (survey.year, survey.low, survey.high) == (2025, 1, 5)
    assert set(survey.respondents["teryt"]) == TERYT
    # Screening may set aside those who broke off, about one in a hundred of one file.
    assert 4900 <= len(survey.respondents) <= 5000
    assert set(survey.respondents["institution"]) == {entry.key for entry in catalogue.institutions()}
    for question in ("position", "tenure", "education"):
        known = {entry.option for entry in catalogue.survey_options() if entry.question == question}
        assert set(survey.respondents[question].dropna()) == known
    for table in (survey.importance, survey.mastery):
        assert list(table.columns) == [entry.key for entry in catalogue.competences()]
        assert set(np.unique(table.to_numpy()[~np.isnan(table.to_numpy())])) == {1, 2, 3, 4, 5}
    for table in (survey.wanted, survey.choices):
        assert (table == 1).any().all()
        assert (table == 0).any().all()
        assert table.isna().any().all()


def test_readers_recover_what_was_drawn(inputs: Inputs) -> None:
    """The same table by another way: the answers before they were written, region by region."""
    frame = population.draw_frame(np.random.default_rng([20251, 0]))
    people = population.draw_respondents(frame, respondents=5000, rng=np.random.default_rng([20251, 1]))
    groups = {entry.key: entry.group for entry in catalogue.institutions()}
    drawn = answers.draw_answers(people, groups=groups, rng=np.random.default_rng([20251, 2]))
    pd.testing.assert_frame_equal(inputs.frame.reset_index(drop=True), frame, check_dtype=False)
    # The regions of the SPSS file and of the workbook, in which nobody broke off.
    regions = ("04", "06", "08", "16", "18", "20", "22", "26", "28", "32")
    mine = drawn.people["teryt"].isin(regions)
    read = inputs.survey.respondents["teryt"].isin(regions)
    for name in ("importance", "mastery"):
        expected = getattr(drawn, name)[mine].agg(["count", "sum"])
        pd.testing.assert_frame_equal(getattr(inputs.survey, name)[read].agg(["count", "sum"]), expected)
    assert inputs.survey.wanted[read].sum().tolist() == drawn.wanted[mine].sum().tolist()
    for question, ticks in drawn.choices.items():
        found = inputs.survey.choices.loc[read, [f"{question}:{option}" for option in ticks.columns]]
        assert found.sum().tolist() == ticks[mine].sum().tolist()


# --- what is true in it ----------------------------------------------------------------------------------


def test_every_key_of_the_catalogue_has_a_truth() -> None:
    assert list(truth.COMPETENCES) == [entry.key for entry in catalogue.competences()]
    assert list(truth.INSTITUTIONS) == [entry.key for entry in catalogue.institutions()]
    assert set(truth.SIZES) == TERYT
    options = {(entry.question, entry.option) for entry in catalogue.survey_options()}
    groups = {entry.group for entry in catalogue.institutions()}
    for question, chances in truth.CHOICES.items():
        assert set(chances) == groups
        for chance in chances.values():
            assert {(question, option) for option in chance} == {pair for pair in options if pair[0] == question}
    assert set(truth.TENURES) == {option for question, option in options if question == "tenure"}
    assert set(truth.EDUCATION) == {option for question, option in options if question == "education"}


def test_frame_lists_no_cell_that_is_nearly_empty(inputs: Inputs) -> None:
    frame = inputs.frame
    assert frame["staff"].min() >= population.SMALLEST
    assert len(frame) == 16 * 15 - sum(len(kind.absent) for kind in truth.INSTITUTIONS.values())
    answered = inputs.survey.respondents.value_counts(["teryt", "institution"])
    staff = frame.set_index(["teryt", "institution"])["staff"]
    assert (answered <= staff.reindex(answered.index)).all()


def test_institutions_answer_unequally(inputs: Inputs) -> None:
    staff = inputs.frame.groupby("institution")["staff"].sum()
    answered = inputs.survey.respondents["institution"].value_counts()
    rate = (answered / staff).sort_values()
    assert 0.01 < rate.iloc[0] < 0.04
    assert 0.25 < rate.iloc[-1] < 0.55
    shares = (answered / answered.sum() - staff / staff.sum()).abs()
    assert shares.max() > 0.05  # weighting has something to do


def test_what_people_want_is_not_what_they_lack(inputs: Inputs) -> None:
    survey = inputs.survey
    need = (survey.importance - survey.mastery).mean() * survey.importance.mean()
    wanted = survey.wanted.mean()
    assert kendalltau(need, wanted).statistic < 0.5
    assert len(set(need.nlargest(5).index) & set(wanted.nlargest(5).index)) <= 2
    assert need.idxmax() == "deinstitutionalisation"


def test_needs_differ_between_institutions_positions_and_lengths_of_service(inputs: Inputs) -> None:
    gap, people = inputs.survey.importance - inputs.survey.mastery, inputs.survey.respondents
    of_institution = gap.groupby(people["institution"]).mean()
    assert of_institution.loc["owes", "social_economy"] < of_institution.loc["ops", "social_economy"] - 0.5
    of_position = gap["management"].groupby(people["position"]).mean()
    assert of_position["manager"] > of_position["caregiver"] + 0.5
    of_tenure = gap.mean(axis=1).groupby(people["tenure"]).mean()
    assert of_tenure["under_2"] > of_tenure["over_20"] + 0.3
    # The larger of the planted effects of regions (sd 0.12 and 0.15) against a standard error of about 0.03.
    assert gap.mean(axis=1).groupby(people["teryt"]).mean().std() > 0.06


def test_missing_answers_are_of_a_realistic_number(inputs: Inputs) -> None:
    survey = inputs.survey
    concerned = pd.DataFrame(
        {key: ~survey.respondents["institution"].isin(kind.not_for) for key, kind in truth.COMPETENCES.items()}
    )
    skipped = survey.importance.isna().to_numpy()[concerned.to_numpy()]
    assert 0.03 < skipped.mean() < 0.08
    workshops = survey.respondents["institution"] == "wtz"
    assert survey.importance.loc[workshops, "foster_care"].isna().mean() > 0.6  # "nie dotyczy"
    same = survey.importance.eq(survey.importance["law"], axis=0).all(axis=1)
    assert 5 <= (same & survey.mastery.eq(survey.importance["law"], axis=0).all(axis=1)).sum() <= 100


def test_scales_are_as_reliable_as_real_ones(inputs: Inputs) -> None:
    for ratings in (inputs.survey.importance, inputs.survey.mastery):
        # Range of alpha that the demo is meant to have.
        assert 0.8 < reliability(ratings.dropna()).alpha < 0.95


def test_profiles_of_need_can_be_found_again() -> None:
    rng = np.random.default_rng(5)
    people = population.draw_respondents(population.draw_frame(rng), respondents=3000, rng=rng)
    groups = {entry.key: entry.group for entry in catalogue.institutions()}
    drawn = answers.draw_answers(people, groups=groups, rng=rng)
    gap = drawn.importance - drawn.mastery
    found = k_means(gap.fillna(gap.mean()), k=len(truth.PROFILES), rng=rng)
    # 0 is chance, 1 the planted profiles exactly.
    assert adjusted_rand_index(found.labels, people["profile"].astype(int)) > 0.5


# --- offer and targets -----------------------------------------------------------------------------------


def test_offer_has_two_to_four_forms_of_each_competence(inputs: Inputs) -> None:
    offer = inputs.offer
    assert set(offer["competence"]) == set(truth.COMPETENCES)
    assert offer.groupby("competence")["form"].nunique().between(2, 4).all()
    assert not offer.duplicated(["competence", "form"]).any()
    assert set(offer["form"]) == set(truth.CHOICES["form"]["family"])
    others = offer[offer["form"] != "e_learning"]
    assert others["group_size"].between(12, 20).all()


def test_targets_are_the_published_ones_and_can_be_reached(inputs: Inputs) -> None:
    targets = inputs.targets.set_index("teryt")
    assert set(targets.index) == TERYT
    # Published targets of the projects (product, result); the result of 30 was not published.
    for teryt, pair in {"26": (688, 654), "16": (502, 477), "18": (1641, 1559)}.items():
        assert tuple(targets.loc[teryt, ["persons_supported", "persons_qualified"]]) == pair
    assert targets.loc["30", "persons_supported"] == 1756
    assert pd.isna(targets.loc["30", "persons_qualified"])
    known = targets.dropna()
    assert len(known) == 15
    assert (known["persons_supported"] * known["qualification_rate"] >= known["persons_qualified"]).all()
    # Result over product is 95 % in all projects that published both.
    assert (known["persons_qualified"] / known["persons_supported"]).round(2).eq(planning.RESULT_SHARE).all()
    assert targets["minimum_coverage"].between(0.02, 0.05).all()


def test_budgets_bind_but_suffice(inputs: Inputs) -> None:
    offer, targets = inputs.offer, inputs.targets
    whole = float((offer["cost_pln"] * offer["capacity_groups"]).sum())
    assert (targets["budget_pln"] < 0.8 * whole).all()
    groups = offer.loc[offer.index.repeat(offer["capacity_groups"])].assign(
        seat=lambda t: t["cost_pln"] / t["group_size"]
    )
    cheapest = groups.sort_values("seat")
    for row in targets.itertuples():
        enough = cheapest[cheapest["group_size"].cumsum() - cheapest["group_size"] < row.persons_supported]
        assert enough["cost_pln"].sum() < 0.8 * row.budget_pln
