"""Screening of cooperation: what is wrong in real files is told with its place, and what is right is taken whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from cooperation_project import (
    CooperationProjectFiles,
    basket,
    case,
    codes,
    effect,
    everything_told,
    goal,
    meeting,
    only,
    partners,
    pilot,
    refused,
    tie,
)
from impact_project import to_text

from ropsanalysis.cooperation import schema
from ropsanalysis.io import built, identifiers
from ropsanalysis.io.findings import CHECKS, format_findings
from ropsanalysis.io.paths import Project
from ropsanalysis.io.person_keys import normalised_key, person_pseudonym

PESEL = "44051401359"  # of no living person: the usual example, with a valid check digit
TABLES = {
    "pilots": schema.PILOT_COLUMNS, "partners": schema.PARTNER_COLUMNS, "ties": schema.TIE_COLUMNS,
    "cases": schema.CASE_COLUMNS, "baskets": schema.BASKET_COLUMNS, "goals": schema.GOAL_COLUMNS,
    "coaching": schema.COACHING_COLUMNS, "effects": schema.EFFECT_COLUMNS,
}  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> CooperationProjectFiles:
    return CooperationProjectFiles(tmp_path)


# --- what is right ---------------------------------------------------------------------------------------


def test_good_files_pass_without_a_remark_and_keep_the_contract(project: CooperationProjectFiles) -> None:
    screening = project.screened()
    assert screening.findings == (), format_findings(screening.findings)
    assert screening.inputs is not None
    assert screening.inputs.year == 2025
    assert not screening.synthetic
    for name, columns in TABLES.items():
        table = getattr(screening.inputs, name)
        assert tuple(table.columns) == columns
        assert len(table) == len(getattr(project, name)), name
    first = screening.inputs.pilots.loc[0]
    assert (first["population"], first["monitoring"], first["aftercare"]) == (14800.0, True, True)
    assert first["as_of"] == pd.Timestamp("2025-12-31")
    assert pd.isna(first["ended"])
    assert list(screening.inputs.partners["sector"]) == [
        "social_assistance", "social_assistance", "family_support", "education",
    ]  # fmt: skip
    taken = screening.inputs.cases.loc[0]
    assert (taken["diagnosis"], taken["row"]) == (pd.Timestamp("2024-01-22"), 2)
    assert taken["monitored"]
    assert screening.inputs.coaching["hours"].tolist() == [1.5, 1.5]


@pytest.mark.parametrize("columns", TABLES.values(), ids=TABLES)
def test_tables_without_rows_are_typed_like_those_with(
    project: CooperationProjectFiles, columns: tuple[str, ...]
) -> None:
    from ropsanalysis.io.cooperation import empty_table

    name = next(name for name, known in TABLES.items() if known == columns)
    screening = project.screened()
    assert screening.inputs is not None
    pd.testing.assert_series_equal(empty_table(columns).dtypes, getattr(screening.inputs, name).dtypes)


def test_a_workbook_is_read_like_a_csv(project: CooperationProjectFiles) -> None:
    csv = project.screened()
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [list(project.cases[0]), *(list(row.values()) for row in project.cases)]:
        sheet.append(row)
    (project.raw / "cooperation_cases" / "cases.csv").unlink()
    book.save(project.raw / "cooperation_cases" / "cases.xlsx")
    workbook = project.screen()
    assert workbook.findings == ()
    assert csv.inputs is not None
    assert workbook.inputs is not None
    pd.testing.assert_frame_equal(workbook.inputs.cases, csv.inputs.cases)


def test_only_pilots_are_needed(project: CooperationProjectFiles) -> None:
    for name in TABLES:
        if name != "pilots":
            setattr(project, name, [])
    screening = project.screened()
    assert [(finding.code, finding.severity) for finding in screening.findings] == [("CO-02", "warning")] * 2
    assert screening.inputs is not None
    assert screening.inputs.cases.empty


def test_a_tie_has_no_direction(project: CooperationProjectFiles) -> None:
    project.ties = [tie("after", "szkola", "ops"), tie("after", "ops", "pcpr")]
    screening = project.screened()
    assert screening.inputs is not None
    assert list(screening.inputs.ties["source"]) == ["ops", "ops"]


def test_keys_become_pseudonyms_the_same_for_every_spelling(project: CooperationProjectFiles) -> None:
    project.baskets = [basket(1, case="ks 001-2024")]
    project.coaching = [meeting("PS-1"), meeting("ps 1", day="2024-05-06")]
    screening = project.screened()
    assert screening.findings == (), format_findings(screening.findings)
    assert screening.inputs is not None
    assert screening.inputs.baskets["case"].tolist() == screening.inputs.cases["case"].tolist()[:1]
    assert len(set(screening.inputs.coaching["worker"])) == 1
    for table, name in ((screening.inputs.cases, "case"), (screening.inputs.coaching, "worker")):
        assert table[name].str.fullmatch("[0-9a-f]{64}").all()


def test_one_key_in_two_pilots_is_two_cases(project: CooperationProjectFiles) -> None:
    project.pilots = [pilot(), pilot("04-b", "041904")]
    project.partners = [*partners(), *partners("04-b")]
    project.cases = [case(1), case(1, "04-b")]
    project.baskets, project.goals = [basket(1)], [goal(1)]
    screening = project.screened()
    assert screening.findings == (), format_findings(screening.findings)
    assert screening.inputs is not None
    assert screening.inputs.cases["case"].nunique() == 2


def test_keys_of_different_numbers_stay_different() -> None:
    key = b"k" * 32
    assert normalised_key("1/12") != normalised_key("11/2")
    assert normalised_key("A-1/2024") == normalised_key("a 1-2024") == normalised_key("Ａ1/2024")
    assert person_pseudonym("007", key) == person_pseudonym("7", key) != person_pseudonym("U007", key)
    assert person_pseudonym("7", key, within="a") != person_pseudonym("7", key, within="b")
    assert person_pseudonym(" - ", key) == ""


# --- one thing wrong: code, place, what is left ------------------------------------------------------------

Change = Callable[[CooperationProjectFiles], Any]


def _set(name: str, row: int, **changes: str) -> Change:
    def change(project: CooperationProjectFiles) -> None:
        getattr(project, name)[row].update(changes)

    return change


def _add(name: str, *rows: dict[str, str]) -> Change:
    def change(project: CooperationProjectFiles) -> None:
        getattr(project, name).extend(rows)

    return change


REFUSED: list[tuple[str, Change, str, list[tuple[str, int]], str]] = [
    ("entity of a tie outside the pilot", _add("ties", tie("after", "ops", "szkoła")), "CO-12", [("ties", 5)],
     "Czy chodziło o „szkola”?"),
    ("tie to itself", _add("ties", tie("after", "ops", "ops")), "CO-13", [("ties", 5)], "Wiersz odłożono"),
    ("tie given twice, other strength", _add("ties", tie("after", "pcpr", "ops", "3")), "CO-14",
     [("ties", 3), ("ties", 5)], "Żadnego z tych wierszy"),
    ("tie given twice, same strength", _add("ties", tie("after", "pcpr", "ops")), "CO-25", [("ties", 5)],
     "powtórzenie"),
    ("strength out of scale", _add("ties", tie("after", "pcpr", "szkola", "4")), "CO-28", [("ties", 5)], "poprawić"),
    ("strength is no number", _add("ties", tie("after", "pcpr", "szkola", "silna")), "CO-38", [("ties", 5)],
     "poprawić"),
    ("unknown wave", _add("ties", tie("później", "pcpr", "szkola")), "CO-24", [("ties", 5)], "Wiersz odłożono"),
    ("tie of an unknown pilot", _add("ties", tie("after", "ops", "pcpr", key="04-A")), "CO-08", [("ties", 5)],
     "Czy chodziło o „04-a”?"),
    ("unknown sector", _set("partners", 3, sector="Edukacia"), "CO-22", [("partners", 5)], "Czy chodziło o „Edukacja”"),
    ("unknown role", _set("partners", 2, role="parter"), "CO-23", [("partners", 4)], "Czy chodziło o „partner”"),
    ("unknown level", _set("partners", 3, level="gmian"), "CO-24", [("partners", 5)], "Czy chodziło o „gmina”"),
    ("unit of an entity", _set("partners", 3, unit="049999"), "CO-40", [("partners", 5)], "nie ma w wykazie"),
    ("gmina of a pilot not in the list", _add("pilots", pilot("04-b", "049999")), "CO-40", [("pilots", 3)],
     "nie ma w wykazie jednostek"),
    ("pilot of another voivodeship", _add("pilots", pilot("04-b", "260101")), "CO-43", [("pilots", 3)],
     "sprawdzić województwo"),
    ("unknown voivodeship", _add("pilots", pilot("04-b", "041904", teryt="kujawsko-pomorski")), "CO-40",
     [("pilots", 3)], "Czy chodziło o „kujawsko-pomorskie”"),
    ("pilot starts after the data end", _add("pilots", pilot("04-b", "041904", started="2026-01-02")), "CO-26",
     [("pilots", 3)], "dzień stanu danych"),
    ("pilot ends before it starts", _add("pilots", pilot("04-b", "041904", ended="2022-01-02")), "CO-27",
     [("pilots", 3)], "obie daty"),
    ("data of 2032", _add("pilots", pilot("04-b", "041904", as_of="2032-12-31")), "CO-26", [("pilots", 3)],
     "do którego sięgają dane"),
    ("day that is none", _add("pilots", pilot("04-b", "041904", started="31.02.2023")), "CO-09", [("pilots", 3)],
     "poprawić wartość"),
    ("the same pilot twice", _add("pilots", pilot("04-b"), pilot("04-b", "041904")), "CO-25",
     [("pilots", 3), ("pilots", 4)], "Żadnego z nich"),
    ("contract before diagnosis", _add("cases", case(9, contract="2024-01-20")), "CO-27", [("cases", 5)], "obie daty"),
    ("diagnosis before signal", _add("cases", case(9, diagnosis="2024-01-02")), "CO-27", [("cases", 5)], "obie daty"),
    ("contract before signal", _add("cases", case(9, diagnosis="", contract="2023-12-29")), "CO-27", [("cases", 5)],
     "obie daty"),
    ("end before contract", _add("cases", case(9, ended="2024-02-01")), "CO-27", [("cases", 5)], "obie daty"),
    ("follow-up before end", _add("cases", case(9, followup_day="2025-01-02")), "CO-27", [("cases", 5)], "obie daty"),
    ("follow-up of an open case", _add("cases", case(9, ended="", outcome="w toku")), "CO-27", [("cases", 5)],
     "usunąć sprawdzenie"),
    ("case in 2032", _add("cases", case(9, followup_day="2032-06-02")), "CO-26", [("cases", 5)], "dzień stanu danych"),
    ("success without an end", _add("cases", case(9, ended="", followup="", followup_day="")), "CO-29", [("cases", 5)],
     "wynik albo datę"),
    ("open case with an end", _add("cases", case(9, outcome="ongoing", followup="", followup_day="")), "CO-29",
     [("cases", 5)], "wynik albo datę"),
    ("unknown outcome", _add("cases", case(9, outcome="sukcess")), "CO-24", [("cases", 5)], "Czy chodziło o „sukces”"),
    ("the same case twice, alike", _add("cases", case(1)), "CO-37", [("cases", 5)], "usunąć powtórzony wiersz"),
    ("case of an unknown pilot", _add("cases", case(9, "04-z")), "CO-08", [("cases", 5)], "wiersz pilotażu"),
    ("no key of a case", _add("cases", case(9, case="--")), "CO-28", [("cases", 5)], "wpisać klucz"),
    ("persons of a case", _add("cases", case(9, persons="0")), "CO-28", [("cases", 5)], "poprawić wartość"),
    ("delivered a negative number", _add("baskets", basket(3, delivered="-2")), "CO-28", [("baskets", 4)],
     "poprawić wartość"),
    ("basket of an unknown case", _add("baskets", basket(8)), "CO-35", [("baskets", 4)], "klucz albo wiersz sprawy"),
    ("service of an unknown sector", _add("baskets", basket(3, "zdrowe")), "CO-22", [("baskets", 4)],
     "Czy chodziło o „zdrowie”"),
    ("service twice", _add("baskets", basket(1, planned="3", delivered="1")), "CO-25", [("baskets", 2), ("baskets", 4)],
     "Żadnego z nich"),
    ("level of a goal out of scale", _add("goals", goal(3, exit="3")), "CO-31", [("goals", 4)], "poprawić wartość"),
    ("level of a goal at entry", _add("goals", goal(3, entry="-3")), "CO-31", [("goals", 4)], "poprawić wartość"),
    ("weight of 0", _add("goals", goal(3, weight="0")), "CO-32", [("goals", 4)], "poprawić wartość"),
    ("goal of an unknown case", _add("goals", goal(8)), "CO-35", [("goals", 4)], "klucz albo wiersz sprawy"),
    ("meeting of 90 hours", _add("coaching", meeting(hours="90")), "CO-39", [("coaching", 4)], "jednego spotkania"),
    ("meeting of 0 hours", _add("coaching", meeting(hours="0")), "CO-39", [("coaching", 4)], "jednego spotkania"),
    ("meeting in the future", _add("coaching", meeting(day="2026-01-05")), "CO-26", [("coaching", 4)], "datę"),
    ("meeting twice", _add("coaching", meeting()), "CO-25", [("coaching", 4)], "powtórzony"),
    ("unknown kind of coaching", _add("coaching", meeting(kind="grupowyy")), "CO-24", [("coaching", 4)],
     "Czy chodziło o „grupowo” albo „Grupowy”?"),
    ("unknown effect", _add("effects", effect("covid_entity")), "CO-41", [("effects", 3)],
     "Czy chodziło o „covid_entities”?"),
    ("negative effect", _add("effects", effect("report", "-1")), "CO-28", [("effects", 3)], "poprawić wartość"),
    ("effect of an unknown project", _add("effects", effect("report", "1", project="urban")), "CO-44", [("effects", 3)],
     "Czy chodziło o „urban_rural”?"),
    ("effect of another macroregion", _add("effects", effect("model", "1", project="cities")), "CO-44",
     [("effects", 3)], "województwo"),
    ("effect in the future", _add("effects", effect("report", "1", as_of="2032-01-01")), "CO-26", [("effects", 3)],
     "datę"),
    ("effect twice", _add("effects", effect(), effect(achieved="90")), "CO-25", [("effects", 2), ("effects", 4)],
     "Żadnego z nich"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "code", "rows", "remedy"), [entry[1:] for entry in REFUSED],
                         ids=[entry[0] for entry in REFUSED])  # fmt: skip
def test_a_wrong_row_is_set_aside_with_place_and_remedy(
    project: CooperationProjectFiles, change: Change, code: str, rows: list[tuple[str, int]], remedy: str
) -> None:
    change(project)
    screening = project.screened()
    findings = [finding for finding in screening.findings if finding.code == code]
    assert findings, format_findings(screening.findings)
    assert {finding.severity for finding in findings} == {"warning"}
    assert (Path(findings[0].file).stem, findings[0].row) in rows
    assert findings[0].column
    assert any(remedy in finding.remedy for finding in findings), findings[0].remedy
    found = refused(screening, code)
    # Of effects given three times the first and its copy are told apart from the one that differs.
    assert set(rows) <= set(found)
    assert screening.inputs is not None


DOUBTED: list[tuple[str, Change, str, str, int | None, str]] = [
    ("no animator", _set("partners", 0, role="partner"), "CO-15", "partners", None, "nikt nie jest animatorem"),
    ("two animators", _set("partners", 2, role="animator"), "CO-16", "partners", 4, "ma już animatora"),
    ("no inspirer", _set("partners", 1, role="partner"), "CO-17", "partners", None, "nikt nie jest inspiratorem"),
    ("one level", _set("partners", 2, level="gmina"), "CO-18", "partners", None, "tylko szczebla: gmina"),
    ("pilot without entities", _add("pilots", pilot("04-b", "041904")), "CO-45", "partners", None, "żadnego podmiotu"),
    ("left before joined", _set("partners", 3, left="2022-12-31"), "CO-19", "partners", 5, "zanim dołączył"),
    ("joined in 2032", _set("partners", 3, joined="2032-01-01"), "CO-26", "partners", 5, "późniejsza niż dzień stanu"),
    ("end of a pilot in the future", _set("pilots", 0, ended="2027-06-30"), "CO-26", "pilots", 2, "koniec pilotażu"),
    ("unknown project", _set("pilots", 0, project="urban_rual"), "CO-44", "pilots", 2, "projekt „urban_rual”"),
    ("project of another macroregion", _set("pilots", 0, project="cities"), "CO-44", "pilots", 2, "nie obejmuje"),
    ("aftercare unknown", _set("pilots", 0, aftercare=""), "CO-24", "pilots", 2, "pusta komórka"),
    ("monitored unknown", _set("cases", 1, monitored=""), "CO-24", "cases", 3, "pusta komórka"),
    ("delivered more than planned", _set("baskets", 0, delivered="11"), "CO-30", "baskets", 2, "więcej jednostek"),
    ("fewer entities stated than there are", _add("effects", effect("entities", "1")), "CO-42", "effects", None,
     "podano 1, a z danych wynika 2"),
    ("fewer workers stated than were coached", _add("effects", effect("coached_workers", "1")), "CO-42", "effects",
     None, "mniej, niż wynika z danych"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "code", "file", "row", "found"), [entry[1:] for entry in DOUBTED],
                         ids=[entry[0] for entry in DOUBTED])  # fmt: skip
def test_a_doubtful_row_stays_with_a_warning(
    project: CooperationProjectFiles, change: Change, code: str, file: str, row: int | None, found: str
) -> None:
    change(project)
    screening = project.screened()
    finding = only(screening, code)
    assert (finding.severity, Path(finding.file).stem, finding.row) == ("warning", file, row)
    assert found in finding.found
    assert finding.column
    assert screening.rejected.empty
    assert screening.inputs is not None


def test_what_is_doubtful_is_not_used(project: CooperationProjectFiles) -> None:
    project.partners[2]["role"] = "animator"
    project.partners[3]["left"] = "2022-12-31"
    project.pilots[0] |= {"project": "cities", "ended": "2027-06-30", "aftercare": ""}
    screening = project.screened()
    assert screening.inputs is not None
    assert list(screening.inputs.partners["role"]) == ["animator", "inspirer", "partner", "partner"]
    assert screening.inputs.partners.loc[3, ["joined", "left"]].isna().all()
    first = screening.inputs.pilots.loc[0]
    assert (first["project"], bool(first["aftercare"])) == ("", False)
    assert pd.isna(first["ended"])


def test_the_same_case_twice_with_other_days_is_used_neither_time(project: CooperationProjectFiles) -> None:
    project.cases.append(case(1, signal="2024-01-02"))
    screening = project.screened()
    assert refused(screening, "CO-37") == [("cases", 2), ("cases", 5)]
    # What hangs on them goes with them, told once for each file.
    assert [(one.code, Path(one.file).stem) for one in screening.findings] == [
        ("CO-37", "cases"), ("CO-37", "cases"), ("CO-35", "baskets"), ("CO-35", "goals"),
    ]  # fmt: skip
    assert screening.inputs is not None
    assert dict(screening.inputs.refused) == {("cooperation_cases", "04"): 4}


def test_rows_of_a_refused_pilot_are_told_once(project: CooperationProjectFiles) -> None:
    project.pilots.append(pilot("04-b", "049999"))
    project.partners += partners("04-b")
    screening = project.screened()
    told = [finding for finding in screening.findings if finding.code == "CO-08"]
    assert len(told) == 1
    assert "wierszy: 4" in told[0].found
    assert screening.inputs is not None
    assert screening.inputs.refused["cooperation_network", "04"] == 1
    assert screening.inputs.refused["cooperation_network", ""] == 4


def test_a_file_full_of_strange_keys_is_told_in_a_few_findings(project: CooperationProjectFiles) -> None:
    project.ties += [tie("after", "ops", f"x{number}") for number in range(60)]
    project.ties += [tie("after", "ops", "pcpr", key=f"p{number}") for number in range(60)]
    screening = project.screened()
    told = [finding.code for finding in screening.findings]
    assert told == ["CO-08"] * 21 + ["CO-12"] * 21
    assert len(refused(screening, "CO-08")) == len(refused(screening, "CO-12")) == 60


def test_the_year_of_the_dataset_bounds_the_last_day_of_its_data(project: CooperationProjectFiles) -> None:
    project.put("cooperation_network/provenance.json", '{"year": 2024}')
    screening = project.screened()
    assert screening.inputs is None
    assert [finding.code for finding in screening.findings if finding.file.endswith("pilots.csv")] == ["CO-26", "CO-04"]
    assert screening.blocking[-1].found == "żadnego wiersza nie można użyć"


# --- files and datasets ------------------------------------------------------------------------------------


def test_without_pilots_there_is_nothing_to_report(project: CooperationProjectFiles) -> None:
    project.pilots = []
    screening = project.screened()
    assert screening.inputs is None
    assert ("CO-02", "blocking") in {(one.code, one.severity) for one in screening.findings}


def test_without_the_dataset_of_pilots_that_is_said(project: CooperationProjectFiles) -> None:
    project.pilots = project.partners = project.ties = []
    screening = project.screened()
    assert only(screening, "CO-07").severity == "blocking"
    assert not built.delivered(Project(project.root), built.TOPICS["cooperation"])


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "CO-03"), ("pilot;case\n", "CO-04"), ("Piloc;x\n1;2\n", "CO-01")],
    ids=["empty", "header only", "columns"],
)
def test_a_file_that_cannot_be_used_stops_the_build(project: CooperationProjectFiles, text: str, code: str) -> None:
    project.write()
    project.put("cooperation_cases/cases.csv", text)
    screening = project.screen()
    assert code in {finding.code for finding in screening.blocking}
    assert screening.inputs is None


def test_other_encodings_formats_and_cells_are_told(project: CooperationProjectFiles) -> None:
    project.write()
    folder = project.raw / "cooperation_network"
    (folder / "partners.csv").write_bytes(to_text(partners()).replace("Podmiot", "Ośrodek").encode("cp1250"))
    (folder / "ties.csv").write_bytes(b"PK\x03\x04 not a table")
    project.put("cooperation_effects/effects.csv", to_text([effect()]) + "04;urban_rural\n")
    project.put("cooperation_cases/goals.csv", to_text([goal(1) | {"uwagi": "x"}]))
    assert {"CO-05", "CO-06", "CO-21", "CO-20"} <= codes(project.screen())


def test_a_wrong_description_of_origin_stops_the_build(project: CooperationProjectFiles) -> None:
    project.put("cooperation_effects/provenance.json", "[]")
    assert only(project.screened(), "CO-36").severity == "blocking"


def test_real_and_made_up_data_together_are_told(project: CooperationProjectFiles) -> None:
    project.put("cooperation_effects/provenance.json", '{"synthetic": true, "source": "przykład"}')
    screening = project.screened()
    assert "cooperation_effects" in only(screening, "CO-34").found
    assert screening.synthetic
    assert screening.sources == {"cooperation_effects": "przykład"}


# --- personal data -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "column"),
    [("pilots", "name"), ("partners", "name"), ("cases", "case"), ("baskets", "service"), ("goals", "goal"),
     ("coaching", "worker"), ("effects", "source")],
)  # fmt: skip
def test_a_file_with_a_pesel_is_refused_and_the_number_stands_nowhere(
    project: CooperationProjectFiles, name: str, column: str
) -> None:
    getattr(project, name)[0][column] = PESEL
    screening = project.screened()
    assert [(one.code, Path(one.file).stem, one.column) for one in screening.blocking] == [("CO-10", name, column)]
    assert screening.inputs is None
    assert PESEL not in everything_told(screening)


def test_a_column_of_names_refuses_a_file_about_persons(project: CooperationProjectFiles) -> None:
    project.cases = [row | {"nazwisko": "Nowak"} for row in project.cases]
    screening = project.screened()
    assert "CO-11" in {one.code for one in screening.blocking}
    assert "Nowak" not in everything_told(screening)


def test_no_value_of_a_row_about_a_person_is_told(project: CooperationProjectFiles) -> None:
    """Whatever is wrong in cases, baskets, goals and coaching, the words in the cells stay there."""
    words = "Tajemnicza Rodzina"
    columns = {"cases": list(project.cases[0]), "baskets": list(project.baskets[0]),
               "goals": list(project.goals[0]), "coaching": list(project.coaching[0])}  # fmt: skip
    told = set()
    for name, names in columns.items():
        for column in names:
            copy = CooperationProjectFiles(project.root)
            rows = getattr(copy, name)
            rows[0][column] = words
            screening = copy.screened()
            told |= codes(screening)
            assert words not in everything_told(screening), (name, column)
            records = screening.rejected.loc[screening.rejected["file"].str.contains(name), "record"]
            assert (records == "").all()
            about = next(file for file in screening.files if file.path.endswith(f"{name}.csv"))
            assert (about.rows_in, about.rows_out) == (None, None)
    assert {"CO-08", "CO-09", "CO-22", "CO-24", "CO-35", "CO-38"} <= told


def test_a_key_inside_the_project_stops_the_build(
    project: CooperationProjectFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(identifiers.KEY_VARIABLE, str(project.root / "data" / "klucz"))
    screening = project.screened()
    assert only(screening, "CO-33").severity == "blocking"
    assert screening.inputs is None


# --- the list of checks ----------------------------------------------------------------------------------------


def test_every_check_of_cooperation_has_a_test() -> None:
    here = Path(__file__).read_text(encoding="utf-8")
    assert [code for code in CHECKS if code.startswith("CO-") and f'"{code}"' not in here] == []


def test_checks_of_files_have_the_numbers_they_have_elsewhere() -> None:
    for number in (
        "01",
        "02",
        "03",
        "04",
        "05",
        "06",
        "07",
        "10",
        "11",
        "20",
        "21",
        "25",
        "28",
        "34",
        "36",
        "38",
        "40",
    ):
        assert CHECKS[f"CO-{number}"] == CHECKS[f"IM-{number}"]
