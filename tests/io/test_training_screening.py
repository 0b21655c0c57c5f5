"""Bad data of training needs, each as a real file: a clear finding, nothing lost, and no word about a person."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from training_project import (
    CANARIES,
    KEYS,
    REPORTED,
    TrainingProject,
    codebook,
    codes,
    everything_told,
    only,
    person,
    write_csv,
    write_sav,
    write_xlsx,
)

from ropsanalysis.io import identifiers, store
from ropsanalysis.io.findings import CHECKS
from ropsanalysis.io.training import REJECTED_COLUMNS, present, screen_training
from ropsanalysis.training_needs.schema import DATASETS, validate


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TrainingProject:
    monkeypatch.setenv(identifiers.KEY_VARIABLE, str(tmp_path / "klucz"))
    made = TrainingProject(tmp_path / "project")
    made.write()
    return made


# --- good data -------------------------------------------------------------------------------------------


def test_good_data_have_no_finding_and_keep_the_contract(project: TrainingProject) -> None:
    screening = project.screen()
    assert screening.findings == ()
    assert screening.rejected.empty
    assert list(screening.rejected.columns) == list(REJECTED_COLUMNS)
    assert screening.inputs is not None
    inputs = validate(screening.inputs)
    assert inputs.survey.respondents["teryt"].tolist() == ["26"] * 8
    assert inputs.survey.respondents["institution"].tolist() == ["dps"] * 8
    assert inputs.survey.respondents["tenure"].isna().all()
    expected = [float(one[f"waz[{KEYS[0]}]"]) for one in project.people]
    assert inputs.survey.importance[KEYS[0]].tolist() == expected
    assert inputs.survey.wanted[KEYS[1]].tolist() == [float(number % 3 == 1) for number in range(1, 9)]
    assert inputs.survey.wanted[KEYS[5]].isna().all(), "the topic was not asked about"
    assert inputs.frame.to_dict("list") == {"teryt": ["26", "26"], "institution": ["dps", "ops"], "staff": [40, 1200]}
    assert inputs.offer.iloc[0].tolist() == ["social_work", "classroom", 16, 16.0, 6780.5, 8]
    assert inputs.targets["qualification_rate"].tolist() == [0.96]
    assert (screening.year, screening.synthetic) == (2025, False)
    assert {Path(record.path).name: record.rows_out for record in screening.files} == {
        "ankieta.yaml": 0, "ankieta.csv": None, "frame.csv": 2, "offer.csv": 2, "targets.csv": 1,
    }  # fmt: skip


def test_no_free_text_and_no_token_reach_the_inputs(project: TrainingProject) -> None:
    project.people[0]["uwagi"] = "=cmd|' /C calc'!A0"
    project.write()
    screening = project.screen()
    assert screening.inputs is not None
    survey = screening.inputs.survey
    cells = pd.concat([survey.respondents, survey.choices, survey.wanted], axis=1).to_csv()
    assert "cmd" not in cells + everything_told(screening)
    assert "abc1xyz" not in cells + everything_told(screening)


def test_the_same_answers_as_workbook_and_spss_file_give_the_same_inputs(project: TrainingProject) -> None:
    expected = project.screen().inputs
    assert expected is not None
    (project.survey / "ankieta.csv").unlink()
    write_xlsx(project.survey / "ankieta.xlsx", project.people)
    project.write_book("ankieta.yaml", codebook("ankieta.xlsx"))
    from_workbook = project.screen()
    (project.survey / "ankieta.xlsx").unlink()
    kept = ("id", "submitdate")
    names = {name: name if name in kept else f"v{number}" for number, name in enumerate(project.people[0])}
    columns: dict[str, list[Any]] = {}
    for name, short in names.items():
        values = [one[name] for one in project.people]
        columns[short] = [float(value) for value in values] if name.startswith(("waz", "opan")) else values
    columns[names["woj"]] = [26.0] * 8
    labels = {names["woj"]: {26: "świętokrzyskie"}, names[f"waz[{KEYS[0]}]"]: {1: "nieważne", 5: "bardzo ważne"}}
    write_sav(project.survey / "ankieta.sav", columns, variable_value_labels=labels)
    book = codebook("ankieta.sav")
    book["columns"] = renamed(book["columns"], names)
    project.write_book("ankieta.yaml", book)
    from_spss = project.screen()
    for screening in (from_workbook, from_spss):
        assert screening.findings == ()
        assert screening.inputs is not None
        for name in ("respondents", "importance", "mastery", "wanted", "choices"):
            pd.testing.assert_frame_equal(
                getattr(screening.inputs.survey, name), getattr(expected.survey, name), check_dtype=False
            )


def renamed(columns: Any, names: dict[str, str]) -> Any:
    if isinstance(columns, dict):
        return {role: renamed(column, names) for role, column in columns.items()}
    return [names[name] for name in columns] if isinstance(columns, list) else names[columns]


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        ("DOM POMOCY SPOŁECZNEJ", "dps"), ("dom pomocy spolecznej", "dps"), ("DPS", "dps"), ("dps", "dps"),
        ("  Dom  pomocy społecznej (DPS) ", "dps"), ("MOPS", "ops"), ("Z9", "ops"),
    ],
)  # fmt: skip
def test_institutions_are_known_in_many_spellings(project: TrainingProject, answer: str, key: str) -> None:
    project.people[0]["typ"] = answer
    project.book["answers"] = {"institution": {"Z9": "ops"}}
    project.write()
    inputs = project.screen().inputs
    assert inputs is not None
    assert inputs.survey.respondents["institution"].iloc[0] == key


@pytest.mark.parametrize("answer", ["26", "26.0", "2661011", "2605", "woj. świętokrzyskie", "SWIETOKRZYSKIE", "k13"])
def test_voivodeships_are_known_by_name_and_code(project: TrainingProject, answer: str) -> None:
    project.people[0]["woj"] = answer
    project.book["answers"] = {"region": {"k13": "26"}}
    project.write()
    screening = project.screen()
    assert screening.findings == ()


@pytest.mark.parametrize(
    ("answer", "rating"),
    [("4", 4), ("4.0", 4), ("4,0", 4), ("5 - bardzo ważne", 5), ("N/A", np.nan), ("nie dotyczy", np.nan), ("", np.nan),
     ("A4", 4), ("bardzo", 5)],
)  # fmt: skip
def test_ratings_are_read_from_numbers_words_and_codes(project: TrainingProject, answer: str, rating: float) -> None:
    project.people[0][f"waz[{KEYS[0]}]"] = answer
    project.book["answers"] = {"importance": {"A4": "4", "bardzo": "5"}}
    project.write()
    screening = project.screen()
    assert screening.inputs is not None, screening.findings
    read = screening.inputs.survey.importance[KEYS[0]].iloc[0]
    assert read == rating or (np.isnan(read) and np.isnan(rating))


def test_an_unanswered_question_is_not_the_same_as_nothing_ticked(project: TrainingProject) -> None:
    for key in KEYS[:3]:
        project.people[0][f"temat[{key}]"] = ""
    project.people[1] |= {"bar[cost]": "Y", "bar[none]": ""}
    project.write()
    inputs = project.screen().inputs
    assert inputs is not None
    assert inputs.survey.wanted[KEYS[0]].iloc[0:2].isna().tolist() == [True, False]
    assert inputs.survey.choices["barrier:cost"].iloc[1] == 1
    assert inputs.survey.choices["barrier:none"].iloc[1] == 0
    assert inputs.survey.choices["barrier:distance"].isna().all(), "the option was not offered"


# --- answers that cannot be right ------------------------------------------------------------------------

WRONG = [
    ("typ", "Dom pomocy spolecznejj", "TN-15", "Dom pomocy społecznej"),
    ("typ", "Jan Nowak, brygadzista", "TN-15", "typ instytucji z katalogu"),
    ("woj", "Galicja", "TN-16", "TERYT"),
    ("woj", "00", "TN-16", "TERYT"),
    ("stan", "kosmonauta", "TN-14", "answers: position"),
    (f"waz[{KEYS[0]}]", "6", "TN-12", "od 1 do 5"),
    (f"waz[{KEYS[0]}]", "3,5", "TN-12", "od 1 do 5"),
    (f"opan[{KEYS[1]}]", "-1", "TN-12", "od 1 do 5"),
    (f"opan[{KEYS[1]}]", "ważne", "TN-13", "od 1 do 5"),
    (f"temat[{KEYS[0]}]", "może", "TN-14", "zaznaczenie"),
]


@pytest.mark.parametrize(("column", "answer", "code", "words"), WRONG, ids=[f"{c}-{a}" for c, a, _, _ in WRONG])
def test_an_answer_that_cannot_be_right_is_named_and_its_row_set_aside(
    project: TrainingProject, column: str, answer: str, code: str, words: str
) -> None:
    project.people[4][column] = answer
    project.write()
    screening = project.screen()
    finding = only(screening, code)
    assert finding.severity == "blocking"
    assert (finding.file, finding.row, finding.column) == ("data/raw/training_survey/ankieta.csv", 6, column)
    assert words in finding.expected + finding.remedy
    assert screening.inputs is None
    assert screening.rejected[["row", "code", "record"]].to_numpy().tolist() == [[6, code, ""]]


def test_a_wrong_code_is_shown_and_free_text_is_not(project: TrainingProject) -> None:
    project.people[0][f"waz[{KEYS[0]}]"] = "77"
    project.people[1][f"waz[{KEYS[0]}]"] = "Nowak mnie wysłał"
    project.people[2]["typ"] = "u Kowalskiej"
    project.write()
    screening = project.screen()
    told = everything_told(screening)
    assert "„77”" in told
    assert "Nowak" not in told
    assert "Kowalskiej" not in told
    assert screening.rejected["row"].tolist() == [2, 3, 4]


def test_a_row_wrong_in_two_ways_is_kept_once_with_both_reasons(project: TrainingProject) -> None:
    project.people[0] |= {"typ": "?", f"waz[{KEYS[0]}]": "9"}
    project.write()
    rejected = project.screen().rejected
    assert rejected["code"].tolist() == ["TN-12 TN-15"]
    assert rejected["reason"].iloc[0].count(";") == 1


def test_many_different_wrong_answers_are_counted(project: TrainingProject) -> None:
    for number, one in enumerate(project.people):
        one[f"waz[{KEYS[0]}]"] = str(20 + number)
    project.write()
    screening = project.screen()
    assert [finding.code for finding in screening.findings] == ["TN-12"] * 6 + ["TN-04"]
    assert screening.findings[5].found.startswith("inne nieznane odpowiedzi: 3")
    assert len(screening.rejected) == 8


def test_a_survey_of_another_voivodeship_is_a_finding(project: TrainingProject) -> None:
    project.book["region"] = "26"
    project.people[2]["woj"] = "lubelskie"
    project.people[3]["woj"] = ""
    project.write()
    screening = project.screen()
    finding = only(screening, "TN-17")
    assert (finding.row, finding.severity) == (4, "blocking")
    assert "lubelskie" in finding.found


def test_a_survey_of_one_voivodeship_needs_no_column_of_it(project: TrainingProject) -> None:
    project.book = codebook(region="26", columns={"region": None, "free_text": ["uwagi", "woj"]})
    project.write()
    screening = project.screen()
    assert screening.inputs is not None
    assert screening.inputs.survey.respondents["teryt"].unique().tolist() == ["26"]


def test_who_does_not_say_where_he_works_is_set_aside_with_a_warning(project: TrainingProject) -> None:
    project.people[1]["typ"] = ""
    project.write()
    screening = project.screen()
    finding = only(screening, "TN-31")
    assert (finding.severity, finding.row) == ("warning", 3)
    assert screening.inputs is not None
    assert len(screening.inputs.survey.respondents) == 7
    assert screening.rejected["row"].tolist() == [3]


@pytest.mark.parametrize(("column", "empty"), [("submitdate", ""), ("lastpage", "0")])
def test_unfinished_answers_are_set_aside_before_anything_is_checked(
    project: TrainingProject, column: str, empty: str
) -> None:
    project.people = [
        {("lastpage" if name == "submitdate" else name) if column == "lastpage" else name: value
         for name, value in one.items()} for one in project.people
    ]  # fmt: skip
    project.people[3] |= {column: empty, f"waz[{KEYS[0]}]": "99", "typ": ""}
    project.write()
    screening = project.screen()
    finding = only(screening, "TN-18")
    assert (finding.severity, finding.row, finding.column) == ("warning", 5, column)
    assert screening.rejected[["row", "code"]].to_numpy().tolist() == [[5, "TN-18"]]
    assert screening.inputs is not None
    assert len(screening.inputs.survey.respondents) == 7


def test_contradictory_barriers_become_missing(project: TrainingProject) -> None:
    project.people[0] |= {"bar[cost]": "Tak", "bar[none]": "Tak"}
    project.people[1] |= {"bar[cost]": "Tak"}
    project.write()
    screening = project.screen()
    assert (only(screening, "TN-22").severity, only(screening, "TN-22").row) == ("warning", 2)
    assert screening.inputs is not None
    assert screening.inputs.survey.choices["barrier:cost"].iloc[:2].tolist()[1] == 1
    assert screening.inputs.survey.choices.filter(like="barrier").iloc[0].isna().all()


def test_straight_lining_is_counted_and_kept(project: TrainingProject) -> None:
    for key in KEYS:
        project.people[5] |= {f"waz[{key}]": "5", f"opan[{key}]": "3"}
        project.people[6] |= {f"waz[{key}]": "5"}
    project.write()
    screening = project.screen()
    finding = only(screening, "TN-23")
    assert (finding.severity, finding.row) == ("warning", 7)
    assert screening.inputs is not None
    assert len(screening.inputs.survey.respondents) == 8


def test_the_second_answer_of_a_person_is_set_aside(project: TrainingProject) -> None:
    project.people[6]["token"] = project.people[1]["token"]
    project.people[7]["token"] = project.people[2]["token"] = ""
    project.write()
    screening = project.screen()
    finding = only(screening, "TN-19")
    assert (finding.severity, finding.row) == ("warning", 8)
    assert screening.rejected["row"].tolist() == [8]


def test_the_same_answers_throughout_are_a_warning(project: TrainingProject) -> None:
    project.people[7] = {**project.people[0], "token": "inny", "id": "8"}
    project.write()
    screening = project.screen()
    assert (only(screening, "TN-24").severity, only(screening, "TN-24").row) == ("warning", 9)
    assert screening.inputs is not None
    assert len(screening.inputs.survey.respondents) == 8


def test_rows_of_another_width_are_set_aside(project: TrainingProject) -> None:
    with (project.survey / "ankieta.csv").open("a", encoding="utf-8") as file:
        file.write("9,2025-03-03,x\n")
    screening = project.screen()
    assert (only(screening, "TN-21").row, only(screening, "TN-21").severity) == (10, "blocking")


# --- the frame -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("zero", ["", "26,dps,0\n"])
def test_respondents_of_a_cell_without_staff_are_a_finding(project: TrainingProject, zero: str) -> None:
    project.frame = f"teryt,institution,staff\n26,ops,50\n{zero}"
    project.write()
    screening = project.screen()
    finding = next(finding for finding in screening.findings if finding.code == "TN-25")
    assert finding.severity == "blocking"
    assert "świętokrzyskie, DPS" in finding.found
    assert screening.rejected["row"].tolist() == list(range(2, 10))
    assert ("TN-35" in codes(screening)) == bool(zero)


def test_more_respondents_than_staff_are_a_finding(project: TrainingProject) -> None:
    project.frame = "teryt,institution,staff\n26,dps,7\n"
    project.write()
    finding = only(project.screen(), "TN-26")
    assert "respondentów 8, pracowników 7" in finding.found
    assert finding.file == "data/raw/training_frame/frame.csv"


TABLES = [
    ("frame", "26;dps;40", "26;dps;-3", "TN-28", "staff"),
    ("frame", "26;dps;40", "26;dps;40,5", "TN-28", "staff"),
    ("frame", "26;dps;40", "26;dps;sporo", "TN-13", "staff"),
    ("frame", "26;dps;40", "26;dps;40\n26;DPS;41", "TN-27", "teryt, institution"),
    ("frame", "26;dps;40", "26;dps;40\n26;szkoła;41", "TN-15", "institution"),
    ("frame", "26;dps;40", "26;dps;40\n27;cus;41", "TN-16", "teryt"),
    ("frame", "26;dps;40", "26;dps;40\n26;cus;4;1", "TN-21", ""),
    ("frame", "staff", "kadra", "TN-01", "staff"),
    ("offer", "law;", "prawoo;", "TN-38", "competence"),
    ("offer", "e_learning", "hipnoza", "TN-38", "form"),
    ("offer", ";2400;", ";0;", "TN-28", "cost_pln"),
    ("offer", ";2400;", ";2400 zł;", "TN-13", "cost_pln"),
    ("offer", ";20;8;", ";0;8;", "TN-28", "group_size"),
    ("offer", ";20;8;", ";20;-8;", "TN-28", "hours"),
    ("offer", "2400;3", "2400;3\nlaw;e_learning;20;8;2400;9", "TN-27", "competence, form, group_size, hours, cost_pln"),
    ("targets", "688;654", "654;688", "TN-32", "persons_qualified"),
    ("targets", "0,96", "96", "TN-28", "qualification_rate"),
    ("targets", "450000", "", "TN-13", "budget_pln"),
    ("targets", "688;654", "688;", "TN-40", "persons_qualified"),
]


@pytest.mark.parametrize(("name", "old", "new", "code", "column"), TABLES)
def test_wrong_cells_of_frame_offer_and_targets(
    project: TrainingProject, name: str, old: str, new: str, code: str, column: str
) -> None:
    text = getattr(project, name)
    assert old in text
    setattr(project, name, text.replace(old, new, 1))
    project.write()
    screening = project.screen()
    finding = next(finding for finding in screening.findings if finding.code == code)
    assert finding.file == f"data/raw/training_{name}/{name}.csv"
    assert finding.column == column
    assert (screening.inputs is None) == (finding.severity == "blocking")
    if code in ("TN-13", "TN-15", "TN-16", "TN-21", "TN-27", "TN-28", "TN-38"):
        own = screening.rejected[screening.rejected["file"] == finding.file]
        assert own["code"].str.contains(code).all()
        assert json.loads(own["record"].iloc[0]), "cells of a table without persons are kept word for word"


def test_decimal_commas_and_spaces_between_thousands_are_read(project: TrainingProject) -> None:
    project.offer = (
        "competence;form;group_size;hours;cost_pln;capacity_groups\nlaw;blended;20;7,5;12\u00a0345,60;1 000\n"
    )
    project.write()
    inputs = project.screen().inputs
    assert inputs is not None
    assert inputs.offer.iloc[0].tolist() == ["law", "blended", 20, 7.5, 12345.6, 1000]


# --- datasets and codebooks ------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", [name for name in DATASETS if name != "training_targets"])
def test_a_missing_dataset_is_named_and_not_filled_from_the_demo(project: TrainingProject, missing: str) -> None:
    shutil.rmtree(project.raw / missing)
    screening = project.screen()
    finding = next(finding for finding in screening.findings if finding.code == "TN-07")
    assert finding.severity == "blocking"
    assert finding.file.endswith(missing)
    assert "pokazowymi" in finding.remedy
    assert screening.inputs is None


def test_without_targets_there_is_a_warning_and_an_empty_table(project: TrainingProject) -> None:
    shutil.rmtree(project.raw / "training_targets")
    screening = project.screen()
    assert only(screening, "TN-07").severity == "warning"
    assert screening.inputs is not None
    assert screening.inputs.targets.empty


def test_presence_is_told_by_any_folder(tmp_path: Path) -> None:
    assert not present(tmp_path)
    (tmp_path / "training_offer").mkdir()
    assert present(tmp_path)


def test_made_up_data_are_marked_and_not_mixed_in_silence(project: TrainingProject) -> None:
    about = json.dumps({"source": "dane syntetyczne", "synthetic": True, "year": 2025})
    for dataset in DATASETS:
        (project.raw / dataset / "provenance.json").write_text(about, encoding="utf-8")
    screening = project.screen()
    assert (screening.findings, screening.synthetic) == ((), True)
    assert screening.inputs is not None
    assert screening.inputs.survey.synthetic
    assert screening.sources == dict.fromkeys(DATASETS, "dane syntetyczne")
    (project.raw / "training_survey" / "provenance.json").unlink()
    mixed = project.screen()
    assert only(mixed, "TN-34").severity == "warning"
    assert mixed.synthetic


def test_a_broken_provenance_is_not_taken_for_real_data(project: TrainingProject) -> None:
    (project.raw / "training_offer" / "provenance.json").write_text("[1", encoding="utf-8")
    assert only(project.screen(), "TN-36").severity == "blocking"


def test_a_codebook_that_names_an_absent_column_is_a_finding(project: TrainingProject) -> None:
    project.book["columns"]["position"] = "stanowisko"
    project.people = [{("stanowisk" if name == "stan" else name): v for name, v in p.items()} for p in project.people]
    project.write()
    finding = next(finding for finding in project.screen().findings if finding.code == "TN-01")
    assert (finding.file, finding.column) == ("data/raw/training_survey/ankieta.yaml", "stanowisko")
    assert "„stanowisk”" in finding.remedy


def test_a_column_with_the_name_of_another_is_a_finding(project: TrainingProject) -> None:
    text = (project.survey / "ankieta.csv").read_text(encoding="utf-8")
    (project.survey / "ankieta.csv").write_text(text.replace('"bar[none]"', '"bar[cost]"'), encoding="utf-8")
    assert {"TN-01", "TN-21"} <= codes(project.screen())


def test_columns_without_a_role_are_named(project: TrainingProject) -> None:
    for one in project.people:
        one["dodatkowe"] = "x"
    project.write()
    assert "dodatkowe" in only(project.screen(), "TN-20").found


def test_a_folder_without_a_codebook_and_a_file_without_one(project: TrainingProject) -> None:
    write_csv(project.survey / "druga.csv", project.people)
    assert only(project.screen(), "TN-39").file.endswith("druga.csv")
    (project.survey / "ankieta.yaml").unlink()
    assert only(project.screen(), "TN-02").severity == "blocking"


def test_two_surveys_are_joined(project: TrainingProject) -> None:
    write_csv(project.survey / "druga.csv", [person(number, typ="MOPS") for number in range(20, 25)])
    project.write_book("druga.yaml", codebook("druga.csv"))
    screening = project.screen()
    assert screening.findings == ()
    assert screening.inputs is not None
    assert screening.inputs.survey.respondents["institution"].tolist() == ["dps"] * 8 + ["ops"] * 5


def test_only_the_newest_survey_is_used(project: TrainingProject) -> None:
    write_csv(project.survey / "druga.csv", [person(number) for number in range(20, 25)])
    project.write_book("druga.yaml", codebook("druga.csv", year="2023"))
    screening = project.screen()
    finding = only(screening, "TN-29")
    assert "liczba ankiet: 5" in finding.found
    assert screening.inputs is not None
    assert len(screening.inputs.survey.respondents) == 8


def test_surveys_on_different_scales_are_not_joined(project: TrainingProject) -> None:
    write_csv(project.survey / "druga.csv", [person(number) for number in range(20, 25)])
    project.write_book("druga.yaml", codebook("druga.csv", scale={"low": "1", "high": "10"}))
    screening = project.screen()
    assert codes(screening) == {"TN-30"}
    assert screening.blocking


def test_one_file_with_two_codebooks_is_a_finding(project: TrainingProject) -> None:
    project.write_book("druga.yaml", project.book)
    assert "TN-08" in codes(project.screen())


def test_a_key_inside_the_project_is_a_finding(project: TrainingProject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(identifiers.KEY_VARIABLE, str(project.root / "klucz"))
    finding = only(project.screen(), "TN-33")
    assert finding.severity == "blocking"
    assert identifiers.KEY_VARIABLE in finding.found


# --- identifiers of persons ------------------------------------------------------------------------------

PLACES = ["uwagi", "typ", "token", f"waz[{KEYS[0]}]", "bez roli", "header"]


@pytest.mark.parametrize("kind", list(CANARIES))
@pytest.mark.parametrize("place", PLACES)
def test_an_identifier_anywhere_refuses_the_file_and_is_never_told(
    project: TrainingProject, tmp_path: Path, kind: str, place: str
) -> None:
    value = CANARIES[kind]
    for one in project.people:
        one["bez roli"] = ""
    if place == "header":
        project.people = [{**one, f"dane {value}": "1"} for one in project.people]
    else:
        project.people[3][place] = f"moje dane: {value}." if place == "uwagi" else value
    project.write()
    screening = project.screen()
    finding = next(finding for finding in screening.findings if finding.code == "TN-10")
    assert finding.severity == "blocking"
    assert REPORTED[kind] in finding.found
    assert finding.column == (f"kolumna nr {len(project.people[0])}" if place == "header" else place)
    assert screening.inputs is None
    assert screening.rejected.empty, "nothing of the file is kept"
    store.write_rejected(screening.rejected, tmp_path / "rejected")
    told = everything_told(screening)
    for word in (value, value.replace(" ", ""), value.removeprefix("+48 ")):
        assert word not in told


@pytest.mark.parametrize("kind", list(CANARIES))
def test_an_identifier_in_a_workbook_refuses_it_on_any_sheet(project: TrainingProject, kind: str) -> None:
    value = CANARIES[kind]
    project.book["file"] = "ankieta.xlsx"
    project.write()
    write_xlsx(project.survey / "ankieta.xlsx", project.people, kontakt=[["kto", "jak"], ["a", value]])
    screening = project.screen()
    finding = next(finding for finding in screening.findings if finding.code == "TN-10")
    assert finding.column == "arkusz „kontakt”: jak"
    assert value not in everything_told(screening)


def test_an_identifier_as_name_of_a_sheet_is_not_told(project: TrainingProject) -> None:
    project.book["file"] = "ankieta.xlsx"
    project.write()
    write_xlsx(project.survey / "ankieta.xlsx", project.people, **{CANARIES["PESEL"]: [["a"], ["b"]]})
    screening = project.screen()
    assert "TN-10" in codes(screening)
    assert CANARIES["PESEL"] not in everything_told(screening)


@pytest.mark.parametrize("kind", list(CANARIES))
def test_an_identifier_in_an_spss_file_refuses_it(project: TrainingProject, kind: str) -> None:
    value: Any = CANARIES[kind]
    column = [float(value)] + [1.0] * 3 if kind == "PESEL" else [value, "", "", ""]
    project.write_book("ankieta.yaml", codebook("ankieta.sav"))
    write_sav(project.survey / "ankieta.sav", {"dane": column, "inne": [1.0] * 4})
    screening = project.screen()
    finding = next(finding for finding in screening.findings if finding.code == "TN-10")
    assert finding.column == "dane"
    assert value not in everything_told(screening)


@pytest.mark.parametrize("name", ["frame", "offer", "targets"])
def test_an_identifier_in_another_dataset_refuses_it(project: TrainingProject, name: str) -> None:
    lines = getattr(project, name).splitlines()
    setattr(project, name, "\n".join([lines[0] + ";uwagi", *(f"{line};{CANARIES['e-mail']}" for line in lines[1:])]))
    project.write()
    screening = project.screen()
    finding = next(finding for finding in screening.findings if finding.code == "TN-10")
    assert finding.column == "uwagi"
    assert CANARIES["e-mail"] not in everything_told(screening)


@pytest.mark.parametrize("header", ["Imię", "nazwisko", "Adres", "E-mail", "nr telefonu", "ipaddr", "firstname"])
def test_columns_of_personal_data_are_dropped_or_refused(project: TrainingProject, header: str) -> None:
    people = project.people
    project.people = [{**one, header: "słowo"} for one in people]
    project.book = codebook(columns={"free_text": ["uwagi", header]})
    project.write()
    assert (only(project.screen(), "TN-11").severity, only(project.screen(), "TN-11").column) == ("warning", header)
    project.book = codebook(columns={"person": header})
    project.write()
    finding = next(finding for finding in project.screen().findings if finding.code == "TN-11")
    assert (finding.severity, finding.column) == ("blocking", header)
    project.people = [{**one, header: ""} for one in people]
    project.book = codebook()
    project.write()
    assert "TN-11" not in codes(project.screen()), "an anonymous survey has the column, but nothing in it"


def test_a_codebook_that_quotes_an_identifier_does_not_spread_it(project: TrainingProject) -> None:
    project.book["columns"]["position"] = f"stan {CANARIES['PESEL']}"
    project.write()
    screening = project.screen()
    assert "TN-01" in codes(screening)
    assert CANARIES["PESEL"] not in everything_told(screening)


# --- size ------------------------------------------------------------------------------------------------


def test_twenty_thousand_respondents_are_screened_in_seconds(project: TrainingProject) -> None:
    project.people = [person(number, woj="26") for number in range(20_000)]
    project.write()
    start = time.process_time()
    screening = project.screen()
    assert time.process_time() - start < 20, "about 1.5 s on a free core; each distinct answer is read once"
    assert "TN-26" in codes(screening)
    assert "respondentów 20000, pracowników 40" in everything_told(screening)


def test_screening_an_empty_project_says_what_is_missing(tmp_path: Path) -> None:
    screening = screen_training(tmp_path / "data" / "raw")
    assert [finding.severity for finding in screening.findings] == ["blocking"] * 3 + ["warning"]
    assert codes(screening) == {"TN-07"}
    assert screening.inputs is None
    assert screening.year is None


def test_every_code_is_exercised() -> None:
    # A check nobody ever saw fail is a check nobody can trust.
    here = Path(__file__).parent
    names = ("test_training_screening.py", "test_surveys.py", "test_codebook.py")
    source = "".join((here / name).read_text(encoding="utf-8") for name in names)
    assert [code for code in CHECKS if code.startswith("TN-") and f'"{code}"' not in source] == []
