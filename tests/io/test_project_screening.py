"""What is wrong with data of a coordination project is told with place and remedy, and does what the guide says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from monitored_project import (
    MonitoredProject,
    activity,
    card,
    centre,
    codes,
    everything_told,
    foster,
    only,
    payment,
    person,
    plan,
)

from ropsanalysis.io import identifiers
from ropsanalysis.io.findings import CHECKS, format_findings
from ropsanalysis.io.project_monitoring import _COLUMNS, empty_table, present
from ropsanalysis.project_monitoring.schema import DATASETS, Inputs


@pytest.fixture
def project(tmp_path: Path) -> MonitoredProject:
    return MonitoredProject(tmp_path)


def inputs_of(project: MonitoredProject) -> Inputs:
    screening = project.screened()
    assert screening.inputs is not None, format_findings(screening.findings)
    return screening.inputs


# --- what is read ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("workbooks", [False, True])
def test_correct_files_give_no_finding_and_exact_values(project: MonitoredProject, *, workbooks: bool) -> None:
    project.write(workbooks=workbooks)
    screening = project.screen()
    assert screening.findings == (), format_findings(screening.findings)
    inputs = screening.inputs
    assert inputs is not None
    assert inputs.year == 2025
    assert inputs.cards.loc[0, ["value_pln", "eu_pln", "national_pln"]].to_list() == [
        13768806.14, 11362018.82, 2406787.32,
    ]  # fmt: skip
    # 11 000 000,00 + 362 018,82 and 2 406 787,31 + 0,01, in grosze.
    assert inputs.budget[["eu_grosz", "national_grosz"]].sum().to_list() == [1136201882, 240678732]
    assert inputs.participants["unit"].to_list() == ["260401", "2604"]
    assert inputs.entities.loc[0, ["institution", "form"]].to_list() == ["ops", "advice"]
    assert inputs.cus.loc[0, "gminas"] == "260401+260402"
    assert inputs.participants["row"].to_list() == [2, 3]
    assert not screening.synthetic


def test_empty_tables_have_the_types_of_filled_ones(project: MonitoredProject) -> None:
    project.plan = [{"teryt": "26", "indicator": "supported", "day": "2024-12-31", "planned": "100"}]
    project.subregions = [{"powiat": "2604", "subregion": "północny"}]
    inputs = inputs_of(project)
    for name in _COLUMNS:
        full = getattr(inputs, name)
        assert len(full), name
        assert empty_table(name).dtypes.astype(str).to_dict() == full.dtypes.astype(str).to_dict(), name


@pytest.mark.parametrize(
    "part", ["plan", "persons", "entities", "plans", "centres", "activities", "budget", "payments"]
)
def test_files_of_which_no_row_can_be_used_leave_the_others(project: MonitoredProject, part: str) -> None:
    project.plan = [{"teryt": "26", "indicator": "supported", "day": "2024-12-31", "planned": "100"}]
    rows = getattr(project, part)
    setattr(project, part, [row | {"teryt": "mazowieckie"} for row in rows])
    screening = project.screened()
    assert set(codes(screening)) == ({"PM-08", "PM-35"} if part == "budget" else {"PM-08"})
    assert screening.inputs is not None
    assert sum(screening.inputs.refused.values()) == len(rows)
    assert {teryt for _, teryt in screening.inputs.refused} == {"14"}


@pytest.mark.parametrize("dataset", DATASETS[1:])
def test_all_but_the_cards_may_be_absent(project: MonitoredProject, dataset: str) -> None:
    project.write()
    for path in (project.raw / dataset).iterdir():
        path.unlink()
    (project.raw / dataset).rmdir()
    screening = project.screen()
    assert screening.inputs is not None
    # A payment then has no line; nothing else depends on another dataset.
    assert codes(screening) == (["PM-35"] if dataset == "project_budget" else [])


def test_without_cards_there_is_nothing_to_report(project: MonitoredProject) -> None:
    project.cards = []
    finding = only(project.screened(), "PM-07")
    assert finding.severity == "blocking"
    assert not present(project.raw)


def test_published_foster_care_stands_beside_the_office_s_own(project: MonitoredProject) -> None:
    found = inputs_of(project).foster_care.set_index(["teryt", "year"])
    # Statistics Poland and its summary: DOMAIN.md, case DI-B.
    assert found.loc[("00", 2023), ["family", "institutional", "total_printed"]].to_list() == [58_210, 17_128, 75_800]
    assert found.loc[("26", 2023), "total_printed"] == 2000


# --- persons ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "keys", [("P-012", "p 012"), ("P-012", "P012"), ("012", "12"), ("12", "０012"), ("u/7", "U-7")]
)
def test_one_person_under_two_spellings_counts_once_and_both_rows_are_named(
    project: MonitoredProject, keys: tuple[str, str]
) -> None:
    project.persons = [person(keys[0]), person(keys[1], started="2024-06-03", ended="", evidence="", evidence_day="")]
    screening = project.screened()
    finding = only(screening, "PM-12")
    assert (finding.row, finding.column, "wierszu 2" in finding.found) == (3, "person", True)
    assert screening.inputs is not None
    assert len(set(screening.inputs.participants["person"])) == 1


@pytest.mark.parametrize("keys", [("P-012", "P-12"), ("1/12", "11/2"), ("12", "120")])
def test_keys_that_differ_otherwise_are_two_persons(project: MonitoredProject, keys: tuple[str, str]) -> None:
    project.persons = [person(key) for key in keys]
    assert inputs_of(project).participants["person"].nunique() == 2
    assert codes(project.screen()) == []


def test_the_same_key_in_two_offices_is_two_persons(project: MonitoredProject) -> None:
    project.cards.append(card(teryt="28"))
    project.persons = [person(), person(teryt="28", unit="28")]
    project.persons[1]["unit"] = ""
    assert inputs_of(project).participants["person"].nunique() == 2


def test_a_certificate_dated_before_the_training_is_told_and_kept_for_the_rule(project: MonitoredProject) -> None:
    project.persons[0] = person(evidence_day="2024-03-01")
    screening = project.screened()
    finding = only(screening, "PM-13")
    assert (finding.row, finding.column, finding.severity) == (2, "evidence_day, started", "warning")
    assert screening.inputs is not None
    assert screening.inputs.participants.loc[0, "evidence_day"] == pd.Timestamp("2024-03-01")


def test_attendance_given_as_qualification_is_told_once_for_the_file(project: MonitoredProject) -> None:
    project.persons = [person(f"P-{number}", evidence="attendance") for number in range(3)]
    screening = project.screened()
    finding = only(screening, "PM-14")
    assert "wierszy: 3" in finding.found
    assert "nie" in finding.remedy
    assert screening.inputs is not None
    assert set(screening.inputs.participants["evidence"]) == {"attendance"}


@pytest.mark.parametrize(
    ("changes", "code", "rows"),
    [
        ({"action": "17"}, "PM-15", 1),
        ({"started": "2032-05-01", "ended": "", "evidence": "", "evidence_day": ""}, "PM-18", 1),
        ({"started": "2023-08-31"}, "PM-18", 1),
        ({"started": "2026-01-07", "ended": "", "evidence": "", "evidence_day": ""}, "PM-26", 2),
        ({"evidence_day": "2026-02-01"}, "PM-26", 2),
        ({"ended": "2024-03-01"}, "PM-27", 2),
        ({"left": "2024-01-01"}, "PM-27", 2),
        ({"institution": "klub szachowy"}, "PM-22", 2),
        ({"unit": "269999"}, "PM-40", 2),
        ({"unit": "Jan Nowak"}, "PM-40", 2),
        ({"evidence_day": ""}, "PM-17", 2),
        ({"evidence": ""}, "PM-17", 2),
        ({"form": "kawa"}, "PM-24", 1),
        ({"complete": ""}, "PM-24", 1),
        ({"started": "2024-02-30"}, "PM-09", 1),
        ({"teryt": "28"}, "PM-08", 1),
        ({"person": "--"}, "PM-28", 1),
    ],
)  # fmt: skip
def test_a_wrong_answer_of_a_person_names_the_row_and_no_value(
    project: MonitoredProject, changes: dict[str, str], code: str, rows: int
) -> None:
    project.persons[0] = person("Jan-Nowak", **changes)
    screening = project.screened()
    finding = only(screening, code)
    assert (finding.row, finding.severity, bool(finding.remedy)) == (2, "warning", True)
    assert "nowak" not in everything_told(screening).casefold()
    assert screening.inputs is not None
    assert len(screening.inputs.participants) == rows
    refused = {key: number for key, number in screening.inputs.refused.items() if number}
    assert refused == ({} if rows == 2 else {("project_participants", changes.get("teryt", "26")): 1})


def test_the_same_support_twice_counts_once(project: MonitoredProject) -> None:
    project.persons = [person(), person("p 012")]
    screening = project.screened()
    assert only(screening, "PM-25").row == 3


def test_a_person_s_data_complete_here_and_not_there_are_told(project: MonitoredProject) -> None:
    project.persons = [person(), person(started="2024-06-03", ended="", evidence="", evidence_day="", complete="nie")]
    assert only(project.screened(), "PM-16").row == 2


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("employer", "44051401359", "PM-10"),
        ("employer", "ops@example.org", "PM-10"),
        ("unit", "tel. 600 100 200", "PM-10"),
        ("nazwisko", "Kowalska", "PM-11"),
        ("imię", "Anna", "PM-11"),
        ("telefon", "brak", "PM-11"),
    ],
)
def test_personal_data_refuse_the_file_and_are_nowhere(
    project: MonitoredProject, column: str, value: str, code: str
) -> None:
    # 44051401359 is the example of a PESEL number on gov.pl.
    project.persons = [{**row, column: value} for row in project.persons]
    screening = project.screened()
    assert code in codes(screening)
    assert screening.blocking
    assert screening.inputs is None
    assert value not in everything_told(screening)


def test_without_the_key_of_pseudonyms_no_person_is_read(
    project: MonitoredProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(identifiers.KEY_VARIABLE, str(project.root / "key"))
    assert only(project.screened(), "PM-33").severity == "blocking"


# --- cards and money -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"PM-29": {"national_pln": "2406787,31"}}, "różnica -0,01 zł"),
        ({"PM-31": {"target_qualified": "689"}}, "więcej osób"),
        ({"PM-26": {"as_of": "2032-01-01"}}, "ponad rok po zakończeniu"),
    ],
)
def test_a_doubtful_card_is_told_and_kept(
    project: MonitoredProject, changes: dict[str, dict[str, str]], found: str
) -> None:
    [(code, change)] = changes.items()
    project.cards, project.budget, project.payments = [card(**change)], [], []
    screening = project.screened()
    assert found in only(screening, code).found
    assert screening.inputs is not None


def test_a_share_of_the_eu_off_that_of_the_programme_is_told(project: MonitoredProject) -> None:
    # 82 530 of 100 000 is 82,53%.
    project.cards = [card(value_pln="100000", eu_pln="82530", national_pln="17470")]
    project.budget, project.payments = [], []
    finding = only(project.screened(), "PM-30")
    assert (finding.found, finding.expected) == ("udział UE: 82,5300%", "82,52% wartości projektu")


@pytest.mark.parametrize(("column", "value"), [("as_of", ""), ("as_of", "31/12/2025"), ("teryt", "27")])
def test_a_card_that_cannot_be_used_stops_where_it_is_the_only_one(
    project: MonitoredProject, column: str, value: str
) -> None:
    project.cards = [card(**{column: value})]
    screening = project.screened()
    assert "PM-04" in codes(screening)
    assert screening.inputs is None


def test_a_day_of_the_data_before_the_project_is_refused(project: MonitoredProject) -> None:
    project.cards = [card(as_of="2023-08-01")]
    assert set(codes(project.screened())) == {"PM-27", "PM-04"}


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("eu_pln", "362018,81", {"eu_pln": "różnica -0,01 zł", "value_pln": "różnica -0,01 zł"}),
        ("national_pln", "0,02", {"national_pln": "różnica 0,01 zł", "value_pln": "różnica 0,01 zł"}),
    ],
)
def test_a_budget_off_by_one_grosz_is_told_for_each_part(
    project: MonitoredProject, column: str, value: str, told: dict[str, str]
) -> None:
    project.budget[1][column] = value
    screening = project.screened()
    assert {finding.column: finding.found.rpartition(", ")[2] for finding in screening.findings} == told
    assert set(codes(screening)) == {"PM-32"}


def test_amounts_of_a_spreadsheet_are_exact(project: MonitoredProject) -> None:
    # 0.1 + 0.2 in binary, as a workbook holds it; and a share computed in a cell.
    project.payments = [payment(eu_pln="0.30000000000000004", national_pln="-17,48")]
    assert inputs_of(project).payments.loc[0, ["eu_grosz", "national_grosz"]].to_list() == [30, -1748]
    project.payments = [payment(eu_pln="8278.8341")]
    assert only(project.screened(), "PM-28").column == "eu_pln"
    project.payments = [payment(eu_pln="12.500")]  # twelve and a half, or twelve thousand five hundred
    assert only(project.screened(), "PM-38").column == "eu_pln"


@pytest.mark.parametrize(
    ("changes", "code", "kept"),
    [
        ({"line": "9.9"}, "PM-35", True),
        ({"line": ""}, "PM-35", True),
        ({"eu_pln": "11362018,83"}, "PM-37", True),
        ({"day": "2026-01-02"}, "PM-26", False),
        ({"day": "2032-01-02"}, "PM-26", False),
        ({"day": "2023-08-01"}, "PM-18", True),
    ],
)
def test_a_doubtful_payment_still_counts_in_the_total_unless_it_lies_ahead(
    project: MonitoredProject, changes: dict[str, str], code: str, *, kept: bool
) -> None:
    project.payments = [payment(**changes), payment(payment="f-2")]
    screening = project.screened()
    assert only(screening, code).row == 2
    assert screening.inputs is not None
    assert len(screening.inputs.payments) == 1 + kept
    assert screening.inputs.payments["line"].isin(["", "1.1"]).all()


def test_payments_above_their_line_name_the_difference(project: MonitoredProject) -> None:
    project.payments = [
        payment(national_pln="2406787,32"),
        payment(payment="f-2", day="2024-05-01", national_pln="0,01"),
    ]
    finding = only(project.screened(), "PM-37")
    assert (finding.row, "część krajowa" in finding.found, "o 0,01 zł za dużo" in finding.found) == (3, True, True)


@pytest.mark.parametrize(
    ("changes", "code", "kept"),
    [
        ({"quarter": "2029-Q1"}, "PM-19", True),
        ({"quarter": "2023-Q2"}, "PM-19", True),
        ({"quarter": "marzec"}, "PM-09", False),
        ({"category": "equipment"}, "PM-39", True),
        ({"quarter": "2024-Q1"}, "PM-25", False),
        ({"action": "17"}, "PM-15", False),
        ({"action": "5", "team": ""}, "PM-24", False),
        ({"eu_pln": "-1"}, "PM-28", False),
    ],
)
def test_a_doubtful_budget_row(project: MonitoredProject, changes: dict[str, str], code: str, *, kept: bool) -> None:
    project.budget[1] |= changes
    project.payments = []
    screening = project.screened()
    # A row that is set aside is missing from the total, and that is told too.
    assert set(codes(screening)) == ({code} if kept else {code, "PM-32"} if code != "PM-25" else {code})
    assert screening.inputs is not None


def test_management_has_no_action_and_needs_no_team(project: MonitoredProject) -> None:
    project.budget[1] |= {"line": "0", "action": "", "team": "", "category": "indirect"}
    assert inputs_of(project).budget["action"].to_list() == [4, 0]
    assert project.screen().findings == ()


@pytest.mark.parametrize(
    ("part", "make"),
    [
        ("payments", lambda: [payment(), payment()]),
        ("payments", lambda: [payment(), payment(eu_pln="1")]),
        ("activities", lambda: [activity(), activity(title="inny")]),
    ],
)
def test_a_number_of_a_payment_or_activity_given_twice(
    project: MonitoredProject, part: str, make: Callable[[], list[dict[str, str]]]
) -> None:
    setattr(project, part, make())
    assert set(codes(project.screened())) == {"PM-25"}


# --- plans, centres, foster care, activities -------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code", "told"),
    [
        ({"unit": "260499"}, "PM-40", "Czy chodziło o"),
        ({"unit": "2699"}, "PM-40", "nie ma powiatu o kodzie 2699"),
        ({"unit": "powiat kielceki"}, "PM-40", "Czy chodziło o powiat kielecki"),
        ({"unit": "Bielniy"}, "PM-40", "Czy chodziło o"),
        ({"unit": "2801"}, "PM-43", "leży w województwie warmińsko-mazurskim"),
    ],
)
def test_a_plan_of_a_unit_that_there_is_not_is_set_aside_with_units_near(
    project: MonitoredProject, changes: dict[str, str], code: str, told: str
) -> None:
    project.plans = [plan(**changes), plan()]
    # The short list of the tests has the gminas of one voivodeship; a powiat of another is needed here.
    project.write()
    units = project.raw / "teryt_units" / "units.csv"
    units.write_text(units.read_text(encoding="utf-8") + "\n2801,powiat,bartoszycki,28,powiat\n", encoding="utf-8")
    screening = project.screen()
    finding = only(screening, code)
    assert (finding.row, finding.column) == (2, "unit")
    assert told in finding.found
    assert screening.inputs is not None
    assert screening.inputs.lpdi["row"].to_list() == [3]


@pytest.mark.parametrize("unit", ["260401", "2604012", "2604", "powiat kielecki", "Powiat  Kielecki"])
def test_units_may_be_given_by_code_or_name(project: MonitoredProject, unit: str) -> None:
    project.plans = [plan(unit=unit)]
    assert inputs_of(project).lpdi["unit"][0] in {"260401", "2604"}
    assert project.screen().findings == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"adopted": "2026-03-01", "carried_out_day": ""}, "PM-26"),
        ({"in_force_to": "2024-01-01"}, "PM-27"),
        ({"carried_out_day": "2024-01-01"}, "PM-27"),
        ({"evidence": "plotka"}, "PM-24"),
        ({"costs": "może"}, "PM-24"),
    ],
)
def test_a_doubtful_plan(project: MonitoredProject, changes: dict[str, str], code: str) -> None:
    project.plans = [plan(**changes)]
    assert only(project.screened(), code).row == 2


@pytest.mark.parametrize(
    ("changes", "code", "kept"),
    [
        ({"opened": "2026-03-01"}, "PM-26", True),
        ({"closed": "2022-01-01"}, "PM-27", True),
        ({"gminas": "260499"}, "PM-40", False),
        ({"gminas": "2604"}, "PM-40", False),
        ({"services": "7,5"}, "PM-28", False),
    ],
)
def test_a_doubtful_centre(project: MonitoredProject, changes: dict[str, str], code: str, *, kept: bool) -> None:
    project.centres = [centre(**changes), centre(centre="cus-2", gminas="260101")]
    screening = project.screened()
    assert only(screening, code).row == 2
    assert screening.inputs is not None
    assert len(screening.inputs.cus) == 1 + kept


def test_a_gmina_in_two_open_centres_is_told(project: MonitoredProject) -> None:
    project.centres = [centre(), centre(centre="cus-2", gminas="260402")]
    assert "260402" in only(project.screened(), "PM-41").found
    project.centres[0]["closed"] = "2024-01-01"
    assert project.screened().findings == ()


@pytest.mark.parametrize(
    ("printed", "flagged"),
    [("75,8 tys.", True), ("75,3 tys.", False), ("75 338", False), ("75 339", True), ("", False)],
)
def test_a_printed_total_may_differ_by_its_rounding_only(
    project: MonitoredProject, printed: str, *, flagged: bool
) -> None:
    # Published: 58 210 + 17 128 children, printed as 75,8 thousand (DOMAIN.md, case DI-B).
    project.foster = [foster(family="58 210", institutional="17 128", total_children=printed)]
    screening = project.screened()
    assert codes(screening) == (["PM-42"] if flagged else [])
    if printed == "75,8 tys.":
        assert screening.findings[0].found == "rodzinna 58210 + instytucjonalna 17128 = 75338, podano 75800"


def test_a_year_after_the_data_is_set_aside(project: MonitoredProject) -> None:
    project.foster = [foster(), foster(year="2032")]
    assert only(project.screened(), "PM-26").row == 3


def test_the_printed_total_may_be_left_out(project: MonitoredProject) -> None:
    del project.foster[0]["total_children"]
    assert np.isnan(inputs_of(project).foster_care.set_index("teryt").loc["26", "total_printed"])
    assert project.screen().findings == ()


@pytest.mark.parametrize(
    ("changes", "code", "name"),
    [
        ({"attendance": "-3"}, "PM-23", "attendance"),
        ({"attendance": "999999"}, "PM-23", "attendance"),
        ({"attendance": "12,5"}, "PM-23", "attendance"),
        ({"hours": "-1"}, "PM-23", "hours"),
        ({"done": "2026-05-01"}, "PM-26", "done"),
        ({"done": "2032-05-01"}, "PM-26", "done"),
        ({"done": "2023-05-01"}, "PM-18", "done"),
    ],
)
def test_what_cannot_be_of_an_activity_is_left_out(
    project: MonitoredProject, changes: dict[str, str], code: str, name: str
) -> None:
    project.activities = [activity(**changes)]
    screening = project.screened()
    assert (only(screening, code).row, screening.findings[0].column) == (2, name)
    assert screening.inputs is not None
    assert pd.isna(screening.inputs.activities.loc[0, name])


@pytest.mark.parametrize("changes", [{"planned": "2032-01-01"}, {"planned": "2023-01-01"}])
def test_an_activity_planned_outside_the_project_is_set_aside(
    project: MonitoredProject, changes: dict[str, str]
) -> None:
    project.activities = [activity(**changes)]
    assert only(project.screened(), "PM-18").column == "planned"


def test_a_plan_that_falls_is_told(project: MonitoredProject) -> None:
    days = {"2024-12-31": "100", "2025-06-30": "90", "2025-12-31": "150"}
    project.plan = [
        {"teryt": "26", "indicator": "supported", "day": day, "planned": planned} for day, planned in days.items()
    ]
    assert only(project.screened(), "PM-44").row == 3


@pytest.mark.parametrize("day", ["2032-01-01", "2023-01-01"])
def test_a_plan_for_a_day_outside_the_project_is_set_aside(project: MonitoredProject, day: str) -> None:
    project.plan = [{"teryt": "26", "indicator": "plans", "day": day, "planned": "0,5"}]
    assert only(project.screened(), "PM-18").row == 2


def test_a_subregion_of_no_powiat_names_those_near(project: MonitoredProject) -> None:
    project.subregions = [{"powiat": "2609", "subregion": "A"}, {"powiat": "260401", "subregion": "A"}]
    screening = project.screened()
    assert codes(screening) == ["PM-40"]
    assert screening.inputs is not None
    assert screening.inputs.subregions["powiat"].to_list() == ["2609"]


# --- datasets as such ------------------------------------------------------------------------------------


def test_real_and_made_up_data_together_are_told(project: MonitoredProject) -> None:
    project.write()
    about = {"source": "ROPS", "synthetic": True}
    (project.raw / "cus" / "provenance.json").write_text(json.dumps(about), encoding="utf-8")
    screening = project.screen()
    assert "cus" in only(screening, "PM-34").found
    assert screening.synthetic


def test_a_broken_note_of_origin_stops_the_build(project: MonitoredProject) -> None:
    project.write()
    project.put("cus/provenance.json", b"{")
    assert only(project.screen(), "PM-36").severity == "blocking"


def test_a_broken_file_of_one_dataset_does_not_hide_what_is_wrong_in_another(project: MonitoredProject) -> None:
    project.plans = [plan(unit="260499")]
    project.write()
    project.put("cus/centres.csv", b"")
    assert set(codes(project.screen())) == {"PM-03", "PM-40"}


def test_every_check_has_a_test_or_is_one_of_a_file() -> None:
    told = Path(__file__).read_text(encoding="utf-8")
    of_files = {"PM-01", "PM-02", "PM-05", "PM-06", "PM-20", "PM-21"}  # tests/io/test_files.py, in every topic
    lacking = {code for code in CHECKS if code.startswith("PM-") and f'"{code}"' not in told}
    assert lacking <= of_files


def test_a_spoilt_table_is_told_as_in_every_topic(project: MonitoredProject) -> None:
    project.write()
    project.put("lpdi/plans.csv", b"teryt;unit\n26;260401\n")
    project.put("project_budget/budget.csv", (project.raw / "project_budget/budget.csv").read_bytes() + b"26;1.1\n")
    assert {"PM-01", "PM-21"} <= set(codes(project.screen()))
