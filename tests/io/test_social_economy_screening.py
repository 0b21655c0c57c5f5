"""Bad data of the social economy, each as a real file: a clear finding, nothing lost, and the rest still builds."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from social_project import SocialProject, answer, codes, entry, everything_told, nip, only, population_text

from ropsanalysis.io.findings import CHECKS, format_findings
from ropsanalysis.io.row_notes import REJECTED
from ropsanalysis.io.social_economy import REQUIRED, present, screen_social_economy
from ropsanalysis.social_economy.schema import DATASETS, INDICATORS, Inputs, validate
from support import PROJECT

OPTIONAL = [name for name in DATASETS if name not in REQUIRED]


@pytest.fixture(scope="module")
def inhabitants() -> str:
    return population_text(PROJECT / "data" / "raw")


@pytest.fixture
def project(tmp_path: Path, inhabitants: str) -> SocialProject:
    return SocialProject(tmp_path / "project", inhabitants)


# --- good data -------------------------------------------------------------------------------------------


def test_good_data_have_no_finding_and_keep_the_contract(project: SocialProject) -> None:
    screening = project.screened()
    assert screening.findings == (), format_findings(screening.findings)
    assert screening.rejected.empty
    assert list(screening.rejected.columns) == list(REJECTED)
    assert screening.inputs is not None
    inputs = validate(screening.inputs)
    assert len(inputs.spells) == 12
    assert set(inputs.spells["legal_form"]) == {"ngo"}
    assert len(inputs.survey) == 6
    assert inputs.survey["entity"].isin(inputs.spells["entity"]).all()
    assert inputs.survey["revenue_total_pln"].tolist() == [100_000] * 6
    assert inputs.survey["revenue_eu_pln"].tolist() == [0] * 6
    assert (len(inputs.support), len(inputs.programme)) == (1, 1)
    assert inputs.as_of == pd.Timestamp("2025-12-31")
    assert (screening.synthetic, screening.review.empty) == (False, True)


def test_official_figures_are_those_that_come_with_the_project(project: SocialProject) -> None:
    inputs = project.screened().inputs
    assert inputs is not None
    assert sorted(inputs.indicators["indicator"]) == sorted(INDICATORS)
    assert set(inputs.observations["indicator"]) == set(INDICATORS)
    value = inputs.observations.set_index(["indicator", "teryt", "year"])["value"]
    # Statistics Poland, indicator_1-b-7-reg.csv @ da303e0d: CIS, ZAZ and WTZ per 100 thousand, 2024
    assert value["1.B.7", "00", 2024] == 3.3
    assert value["1.B.7", "26", 2024] == 5.4
    assert value["1.B.7", "28", 2024] == 5.8
    # indicator_1-e-2-reg.csv @ 36047985: foundations and associations in REGON per 10 thousand, 2023
    assert value["1.E.2", "14", 2023] == 55


def test_provenance_names_every_file_and_no_number_of_respondents(project: SocialProject) -> None:
    project.write()
    project.put("gmina_population/provenance.json", json.dumps({"source": "GUS, BDL", "synthetic": False}))
    files = {file.path.removeprefix("data/raw/"): file for file in project.screen().files}
    assert set(files) == {
        "teryt_units/units.csv", "es_register/lista.yaml", "es_register/lista.csv", "gmina_population/population.csv",
        "es_survey/survey.csv", "owes_support/support.csv", "es_programme/programme.csv", "gus_sdg/indicators.csv",
        "gus_sdg/observations.csv",
    }  # fmt: skip
    assert (files["es_survey/survey.csv"].rows_in, files["es_survey/survey.csv"].rows_out) == (None, None)
    assert files["es_register/lista.csv"].source == "Rejestr przykładowy"
    assert files["gmina_population/population.csv"].source == "GUS, BDL"
    assert all(len(file.sha256) == 64 for file in files.values())


def test_the_order_of_rows_does_not_matter(project: SocialProject) -> None:
    expected = project.screened().inputs
    project.entries.reverse()
    project.answers.reverse()
    turned = project.screened().inputs
    assert expected is not None
    assert turned is not None
    for name, key in (("spells", ["entity", "start"]), ("survey", ["entity", "year"])):
        before, after = (getattr(one, name).sort_values(key, ignore_index=True) for one in (expected, turned))
        pd.testing.assert_frame_equal(before, after)


# --- datasets --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", REQUIRED)
def test_a_missing_required_dataset_is_named_and_not_filled_from_the_demo(project: SocialProject, missing: str) -> None:
    project.write()
    shutil.rmtree(project.raw / missing)
    screening = project.screen()
    finding = only(screening, "ES-07")
    assert finding.severity == "blocking"
    assert finding.file == f"data/raw/{missing}"
    assert "pokazowymi" in finding.remedy
    assert screening.inputs is None


@pytest.mark.parametrize("missing", OPTIONAL)
def test_a_missing_optional_dataset_leaves_an_empty_table(project: SocialProject, missing: str) -> None:
    project.write()
    shutil.rmtree(project.raw / missing)
    screening = project.screen()
    assert screening.findings == ()
    assert screening.inputs is not None
    name = {"es_survey": "survey", "owes_support": "support", "es_programme": "programme"}[missing]
    assert getattr(screening.inputs, name).empty
    assert validate(screening.inputs) is screening.inputs


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_folder_without_its_file_is_told(project: SocialProject, dataset: str) -> None:
    project.write()
    shutil.rmtree(project.raw / dataset)
    (project.raw / dataset).mkdir()
    screening = project.screen()
    finding = only(screening, "ES-02")
    assert finding.severity == ("blocking" if dataset in REQUIRED else "warning")
    assert (screening.inputs is None) == (dataset in REQUIRED)


def test_screening_an_empty_project_says_what_is_missing(tmp_path: Path) -> None:
    screening = screen_social_economy(tmp_path / "data" / "raw")
    assert {(finding.code, finding.file) for finding in screening.blocking} >= {
        ("ES-07", "data/raw/es_register"), ("ES-07", "data/raw/gmina_population"),
        ("ES-02", "data/raw/teryt_units/units.csv"), ("GUS-02", "data/raw/gus_sdg/observations.csv"),
    }  # fmt: skip
    assert screening.inputs is None


def test_presence_is_told_by_any_delivered_folder(tmp_path: Path) -> None:
    (tmp_path / "teryt_units").mkdir()
    assert not present(tmp_path)
    (tmp_path / "owes_support").mkdir()
    assert present(tmp_path)


def test_made_up_data_are_marked_and_not_mixed_in_silence(project: SocialProject) -> None:
    project.write()
    for dataset in DATASETS:
        project.put(f"{dataset}/provenance.json", json.dumps({"source": "dane syntetyczne", "synthetic": True}))
    screening = project.screen()
    assert (screening.findings, screening.synthetic) == ((), True)
    assert screening.sources == dict.fromkeys(DATASETS, "dane syntetyczne")
    (project.raw / "es_register" / "provenance.json").unlink()
    mixed = project.screen()
    assert only(mixed, "ES-34").severity == "warning"
    assert "es_survey" in only(mixed, "ES-34").found
    assert "es_register" not in only(mixed, "ES-34").found
    assert mixed.synthetic
    assert mixed.inputs is not None


@pytest.mark.parametrize("text", ["[1", "[]", "\x00", '"x"'])
def test_a_broken_provenance_is_not_taken_for_real_data(project: SocialProject, text: str) -> None:
    project.write()
    project.put("es_survey/provenance.json", text)
    assert only(project.screen(), "ES-36").severity == "blocking"


def test_a_provenance_with_an_address_is_not_printed(project: SocialProject) -> None:
    project.write()
    project.put("es_survey/provenance.json", json.dumps({"source": "Jan, jan@example.org"}))
    screening = project.screen()
    assert only(screening, "ES-10").severity == "blocking"
    assert "jan@" not in everything_told(screening) + repr(screening.sources)


def test_official_figures_that_stop_any_build_stop_this_one(project: SocialProject) -> None:
    project.write()
    path = project.raw / "gus_sdg" / "observations.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("1.B.7,00,", "1.B.7,77,", 1), encoding="utf-8")
    assert [finding.code for finding in project.screen().findings] == ["GUS-11"]


def test_doubts_about_other_official_data_are_not_repeated(project: SocialProject) -> None:
    project.write()
    shutil.rmtree(project.raw / "bdl_context")
    assert project.screen().findings == ()


# --- the bad inputs of an office, one by one -------------------------------------------------------------


def register_row(**changes: str) -> Callable[[SocialProject], None]:
    def change(project: SocialProject) -> None:
        project.entries[3] |= changes

    return change


def survey_row(**changes: str) -> Callable[[SocialProject], None]:
    def change(project: SocialProject) -> None:
        project.answers[3] |= changes

    return change


def more(project: SocialProject) -> None:
    project.entries.append(entry(50, NIP=nip(3), KRS=""))


BAD = {
    "closed before opened": (register_row(Od="2020-01-01", Do="2019-12-31"), "ES-12", "lista.csv", 11, 5),
    "status before it existed": (register_row(**{"PS od": "2021-05-01"}), "ES-13", "lista.csv", 12, 6),
    "two entities with one NIP": (more, "ES-14", "lista.csv", 12, 6),
    "an entity in no gmina": (register_row(TERYT="269999"), "ES-15", "lista.csv", 11, 5),
    "a legal form nobody knows": (register_row(Forma="spółdzelnia socjalna"), "ES-16", "lista.csv", 11, 5),
    "a wrong NIP": (register_row(NIP="5261040829"), "ES-18", "lista.csv", 12, 5),
    "a day that is none": (register_row(Od="2020-02-31"), "ES-11", "lista.csv", 11, 5),
    "a day to come": (register_row(Od="2027-01-01"), "ES-26", "lista.csv", 11, 5),
    "revenue that does not add up": (survey_row(revenue_grants_pln="50000"), "ES-29", "survey.csv", 12, 6),
    "negative staff": (survey_row(staff="-8"), "ES-28", "survey.csv", 12, 6),
    "words for a number": (survey_row(costs_pln="sporo"), "ES-38", "survey.csv", 12, 6),
    "answers of nobody": (survey_row(nip=nip(900)), "ES-27", "survey.csv", 12, 5),
    "answers twice": (survey_row(nip=nip(0), staff="9"), "ES-25", "survey.csv", 12, 4),
}  # fmt: skip


@pytest.mark.parametrize("case", list(BAD))
def test_bad_input_is_told_with_place_and_remedy_and_the_rest_builds(project: SocialProject, case: str) -> None:
    change, code, file, entities, respondents = BAD[case]
    change(project)
    screening = project.screened()
    assert not screening.blocking, format_findings(screening.blocking)
    found = [finding for finding in screening.findings if finding.code == code]
    assert found, format_findings(screening.findings)
    assert found[0].file.endswith(file)
    assert found[0].row is not None
    assert found[0].expected
    assert found[0].remedy
    assert screening.inputs is not None
    assert screening.inputs.spells["entity"].nunique() == entities
    assert len(screening.inputs.survey) == respondents
    validate(screening.inputs)


def test_a_legal_form_nobody_knows_gets_a_suggestion(project: SocialProject) -> None:
    project.entries[3]["Forma"] = "spółdzelnia socjalna"
    finding = next(finding for finding in project.screened().findings if finding.code == "ES-16")
    assert "Spółdzielnia socjalna" in finding.remedy


def test_a_register_not_kept_up_is_a_warning(project: SocialProject) -> None:
    # The newest row is of 2022, the list says it is of the end of 2025.
    project.entries = [entry(number, Od=f"20{10 + number}-03-01", Weryfikacja="2022-06-30") for number in range(12)]
    finding = only(project.screened(), "ES-19")
    assert finding.severity == "warning"


def test_a_list_of_all_organisations_is_no_list_of_social_cooperatives(project: SocialProject) -> None:
    # An article took the 14.2 thousand non-profit organisations of Mazowieckie in BDL (2016) for social cooperatives;
    # the register of the region had 157 (MCPS, 4th quarter of 2023).
    project.mapping["columns"].pop("legal_form")
    project.mapping |= {"legal_form": "social_cooperative"}
    project.entries = [entry(number, TERYT="146501", Nazwa=f"Organizacja {number}") for number in range(14_200)]
    project.answers = [answer(number) for number in range(6)]
    finding = only(project.screened(), "ES-17")
    assert finding.severity == "blocking"
    assert "14200" in finding.found.replace("\u00a0", "").replace(" ", "")
    project.entries = project.entries[:157]
    assert project.screened().findings == ()


def test_an_entity_of_two_registers_is_counted_once(project: SocialProject) -> None:
    project.second_list([entry(3, Nr="KRS/3"), entry(30)])
    screening = project.screened()
    assert screening.findings == ()
    assert screening.inputs is not None
    assert screening.inputs.spells["entity"].nunique() == 13
    assert screening.inputs.register_counts.set_index("source")["shared"].to_dict() == {
        "Rejestr przykładowy": 1, "Drugi rejestr": 1,
    }  # fmt: skip


def test_registers_that_contradict_each_other_are_told(project: SocialProject) -> None:
    project.second_list([entry(3, Do="2024-05-01"), entry(30)])
    screening = project.screened()
    assert only(screening, "ES-24").file.endswith("druga.csv")
    assert screening.inputs is not None
    assert screening.inputs.spells["end"].isna().all()


def test_registers_of_different_days_are_told(project: SocialProject) -> None:
    project.second_list([entry(30)], as_of="2025-10-01")
    screening = project.screened()
    assert only(screening, "ES-37").severity == "warning"
    assert screening.inputs is not None
    assert screening.inputs.as_of == pd.Timestamp("2025-10-01"), "what happened later is known of one of them only"


def test_a_list_that_nobody_describes_is_told(project: SocialProject) -> None:
    project.put("es_register/inna.csv", "a;b\n1;2\n")
    assert only(project.screened(), "ES-39").file.endswith("inna.csv")


def test_findings_of_all_datasets_come_at_once(project: SocialProject) -> None:
    project.entries[5]["Forma"] = "klub szachowy"
    project.answers[0]["staff"] = "-1"
    project.support = project.support.replace(";500000", ";0")
    project.programme = project.programme.replace("gus:1.B.7", "gus:1.B.9")
    project.population = project.population.replace("2025;", "2025;-", 1)
    screening = project.screened()
    assert codes(screening) >= {"ES-16", "ES-28", "ES-31"}
    assert {Path(finding.file).name for finding in screening.findings} == {
        "lista.csv", "survey.csv", "support.csv", "programme.csv", "population.csv",
    }  # fmt: skip
    assert set(screening.rejected["file"].map(lambda file: Path(file).name)) >= {"lista.csv", "support.csv"}


def test_no_answer_of_an_entity_is_told(project: SocialProject) -> None:
    marker = "77123"
    project.answers[1] |= {"costs_pln": f"-{marker}", "revenue_total_pln": marker, "staff": f"{marker},5"}
    project.answers[2] |= {"year": marker, "volunteers": f"{marker} osób z Kielc"}
    project.answers[3] |= {"nip": nip(900), "costs_pln": marker}
    screening = project.screened()
    assert len(screening.rejected) == 2
    assert marker not in everything_told(screening)


@pytest.mark.parametrize("dataset", ["es_survey/survey.csv", "owes_support/support.csv", "es_programme/programme.csv"])
def test_personal_data_refuse_a_file_and_are_never_told(project: SocialProject, dataset: str) -> None:
    project.write()
    path = project.raw / dataset
    lines = path.read_text(encoding="utf-8").splitlines()
    value = "44051401359"  # example number of the Ministry of Digital Affairs: born 14 May 1944
    path.write_text("\n".join([f"{lines[0]};uwagi", *(f"{line};{value}" for line in lines[1:])]), encoding="utf-8")
    screening = project.screen()
    finding = next(finding for finding in screening.findings if finding.code == "ES-10")
    assert finding.severity == "blocking"
    assert value not in everything_told(screening)
    assert screening.inputs is None


# --- size, and anything at all ---------------------------------------------------------------------------


FILES = [
    "es_register/lista.yaml", "es_register/lista.csv", "gmina_population/population.csv", "es_survey/survey.csv",
    "es_survey/survey.yaml", "owes_support/support.csv", "es_programme/programme.csv", "es_survey/provenance.json",
]  # fmt: skip


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)), name=st.sampled_from(FILES))
def test_no_bytes_break_the_screening(
    tmp_path_factory: pytest.TempPathFactory, inhabitants: str, content: bytes, name: str
) -> None:
    project = SocialProject(tmp_path_factory.mktemp("fuzz"), "\n".join(inhabitants.splitlines()[:200]))
    project.write()
    (project.raw / name).write_bytes(content)
    screening = project.screen()
    assert (screening.inputs is None) == bool(screening.blocking)
    if screening.inputs is not None:
        assert {one.name for one in fields(Inputs)} == set(Inputs.__slots__)
        validate(screening.inputs)


def test_a_large_register_and_a_large_survey_are_screened_in_seconds(project: SocialProject) -> None:
    project.entries = [entry(number, Nazwa=f"Organizacja {number}") for number in range(20_000)]
    project.answers = [answer(number) for number in range(20_000)]
    project.write()
    start = time.process_time()
    screening = project.screen()
    assert time.process_time() - start < 40, "about 8 s on a free core"
    assert screening.inputs is not None, format_findings(screening.blocking)
    assert len(screening.inputs.survey) == 20_000


def test_every_code_is_exercised() -> None:
    # A check nobody ever saw fail is a check nobody can trust.
    source = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_social_*.py"))
    assert [code for code in CHECKS if code.startswith("ES-") and f'"{code}"' not in source] == []
