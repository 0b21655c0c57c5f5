"""The survey of entities as real files: whom a row is about, what is left out, and no answer in any message."""

from __future__ import annotations

import csv
import itertools
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from ropsanalysis.io import entity_numbers
from ropsanalysis.io.findings import Finding, format_findings
from ropsanalysis.io.social_entities import Known
from ropsanalysis.io.social_survey import SurveyRead, read_survey
from ropsanalysis.social_economy.schema import REVENUE_SOURCES, SIGNED, SURVEY_COLUMNS

LABEL = "data/raw/es_survey"
# Numbers with correct check digits, of no entity in particular.
NIP = {"fundacja": "5261040828", "spoldzielnia": "1132191233", "dawna": "5252248481"}
REGON, KRS = "000331501", "0000022306"
ENTITIES = [
    # entity, legal form, start, end; the foundation runs a workshop and a centre under its own NIP
    ("fundacja", "ngo", "2010-05-01", None),
    ("warsztat", "wtz", "2012-01-01", None),
    ("centrum", "cis", "2015-01-01", "2024-01-01"),
    ("spoldzielnia", "social_cooperative", "2018-03-01", None),
    ("dawna", "work_cooperative", "2005-01-01", "2021-06-30"),
]
NUMBERS = [
    ("fundacja", "nip", NIP["fundacja"]), ("fundacja", "krs", KRS), ("fundacja", "regon", REGON),
    ("warsztat", "nip", NIP["fundacja"]), ("warsztat", "id", "WTZ/7"),
    ("centrum", "nip", NIP["fundacja"]), ("centrum", "id", "7"),
    ("spoldzielnia", "nip", NIP["spoldzielnia"]), ("spoldzielnia", "name", "spółdzielnia"),
    ("dawna", "nip", NIP["dawna"]),
]  # fmt: skip
PARTS = dict(zip(REVENUE_SOURCES, ("60000", "20000", "10000", "0", "5000", "4000", "1000"), strict=True))
MONEY = {"revenue_total_pln": "100000", **{f"revenue_{source}_pln": part for source, part in PARTS.items()}}


def known(entities: Sequence[tuple[Any, ...]] = ENTITIES, numbers: Sequence[tuple[str, ...]] = NUMBERS) -> Known:
    spells = pd.DataFrame(entities, columns=["entity", "legal_form", "start", "end"])
    days = {name: pd.to_datetime(spells[name]).astype("datetime64[s]") for name in ("start", "end")}
    return Known(
        spells=spells.assign(**days),
        identifiers=pd.DataFrame(numbers, columns=["entity", "kind", "value"]),
        reintegration=frozenset({"cis", "kis", "zaz", "wtz"}),
        last_year=2025,
    )


def answers(**changes: Any) -> dict[str, Any]:
    """Return a row about the cooperative in which everything is right."""
    row = {
        "nip": NIP["spoldzielnia"], "regon": "", "krs": "", "id": "", "year": "2024", "staff": "12",
        "staff_fte": "10,5", "staff_risk": "6", "volunteers": "3", **MONEY, "costs_pln": "90000", "result_pln": "10000",
        "current_assets_pln": "40 000,00 zł", "current_liabilities_pln": "20000", "public_contracts": "2", "places": "",
        "participants": "", "exits": "", "exits_to_work": "", "reintegration_cost_pln": "",
    }  # fmt: skip
    assert set(changes) <= {*row, "legal_form"}
    return row | changes


def workshop(**changes: Any) -> dict[str, Any]:
    """Return a row about the workshop, a unit of reintegration."""
    unit = {"nip": "", "id": "WTZ/7", "places": "40", "participants": "38", "exits": "5", "exits_to_work": "2"}
    return answers(**{**unit, "reintegration_cost_pln": "600000", **changes})


@dataclass
class Folder:
    """A folder with a survey; `read` reads it with the real reader."""

    path: Path
    rows: list[dict[str, Any]] = field(default_factory=lambda: [answers(), workshop()])

    def write(self, *, delimiter: str = ";") -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "survey.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(self.rows[0]), delimiter=delimiter, restval="")
            writer.writeheader()
            writer.writerows(self.rows)

    def describe(self, text: str) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        (self.path / "survey.yaml").write_text(text, encoding="utf-8")

    def read(self, registers: Known | None = None) -> SurveyRead:
        return read_survey(self.path, label=LABEL, known=registers or known())

    def screened(self) -> SurveyRead:
        self.write()
        return self.read()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "es_survey")


def only(read: SurveyRead, code: str) -> Finding:
    assert [finding.code for finding in read.findings] == [code], format_findings(read.findings)
    return read.findings[0]


def row_of(read: SurveyRead, entity: str) -> pd.Series[Any]:
    found = read.table[read.table["entity"] == entity]
    assert len(found) == 1
    return found.iloc[0]


# --- good data -------------------------------------------------------------------------------------------


def test_good_rows_are_read_without_a_finding(folder: Folder) -> None:
    read = folder.screened()
    assert read.findings == ()
    assert read.rejected.empty
    assert tuple(read.table.columns) == SURVEY_COLUMNS
    assert read.table["year"].tolist() == [2024, 2024]
    assert read.table["entity"].tolist() == ["spoldzielnia", "warsztat"]
    first = row_of(read, "spoldzielnia")
    assert (first["staff"], first["staff_fte"], first["current_assets_pln"]) == (12, 10.5, 40_000)
    assert pd.isna(first["places"])
    assert row_of(read, "warsztat")["participants"] == 38
    assert set(read.table.drop(columns=["entity", "year"]).dtypes) == {np.dtype("float64")}


def test_provenance_tells_no_number_of_rows(folder: Folder) -> None:
    folder.describe("columns: {staff: staff}\n")
    read = folder.screened()
    assert {(file.path, file.rows_in, file.rows_out) for file in read.files} == {
        (f"{LABEL}/survey.csv", None, None), (f"{LABEL}/survey.yaml", 0, 0),
    }  # fmt: skip


def test_a_workbook_gives_the_same_answers(folder: Folder) -> None:
    expected = folder.screened().table
    (folder.path / "survey.csv").unlink()
    book = Workbook()
    book.active.append(list(folder.rows[0]))
    for row in folder.rows:
        numbers = {name: float(text.replace(",", ".")) if name in ("staff", "staff_fte", "revenue_total_pln") else text
                   for name, text in row.items()}  # fmt: skip
        book.active.append(list(numbers.values()))
    book.save(folder.path / "survey.xlsx")
    read = folder.read()
    assert read.findings == ()
    pd.testing.assert_frame_equal(read.table, expected)


def test_an_office_names_columns_as_it_likes(folder: Folder) -> None:
    expected = folder.screened().table
    theirs = {"nip": "NIP podmiotu", "staff": "Liczba pracowników", "year": "Rok", "result_pln": "Wynik finansowy (zł)"}
    folder.rows = [{theirs.get(name, name): value for name, value in row.items()} for row in folder.rows]
    folder.describe("columns:\n" + "".join(f'  {ours}: "{name}"\n' for ours, name in theirs.items()))
    read = folder.screened()
    assert read.findings == ()
    pd.testing.assert_frame_equal(read.table, expected)


def test_years_are_read_as_people_write_them(folder: Folder) -> None:
    folder.rows = [answers(year="2024 r."), answers(year="2023.0"), answers(year="2022 rok")]
    assert folder.screened().table["year"].tolist() == [2024, 2023, 2022]


def test_blank_parts_are_zero_where_the_others_make_up_the_whole(folder: Folder) -> None:
    blank = {name: "" if value == "0" else value for name, value in MONEY.items()}
    folder.rows = [answers(**blank), workshop(**{**MONEY, "revenue_eu_pln": "", "revenue_sales_pln": ""})]
    read = folder.screened()
    assert read.findings == ()
    assert row_of(read, "spoldzielnia")["revenue_eu_pln"] == 0
    assert np.isnan(row_of(read, "warsztat")["revenue_eu_pln"]), "60 thousand are not told: nobody knows from where"


def test_a_total_that_is_not_given_is_the_sum_of_all_parts(folder: Folder) -> None:
    folder.rows = [answers(revenue_total_pln=""), workshop(revenue_total_pln="", revenue_fees_pln="")]
    read = folder.screened()
    assert row_of(read, "spoldzielnia")["revenue_total_pln"] == 100_000
    assert np.isnan(row_of(read, "warsztat")["revenue_total_pln"])


# --- whom a row is about ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "entity"),
    [
        ({"nip": "113-219-12-33"}, "spoldzielnia"),
        ({"nip": "PL 1132191233"}, "spoldzielnia"),
        ({"nip": "", "krs": "22306"}, "fundacja"),
        ({"nip": "", "regon": "331501".zfill(9)}, "fundacja"),
        ({"nip": NIP["fundacja"], "krs": KRS}, "fundacja"),
        ({"nip": NIP["fundacja"], "id": "wtz/7 "}, "warsztat"),
        ({"nip": NIP["fundacja"], "legal_form": "Warsztat terapii zajęciowej"}, "warsztat"),
        ({"nip": NIP["fundacja"], "legal_form": "Fundacja"}, "fundacja"),
        ({"nip": NIP["fundacja"], "participants": "9"}, "warsztat"),  # the centre was closed when the year began
        ({"nip": NIP["fundacja"]}, "fundacja"),  # no answers about reintegration
        ({"nip": NIP["spoldzielnia"], "id": "7"}, "spoldzielnia"),  # 7 is the number of an entry in another register
        ({"nip": NIP["spoldzielnia"], "regon": REGON[:-1] + "9"}, "spoldzielnia"),  # the REGON is wrong, and left out
    ],
)  # fmt: skip
def test_an_entity_is_found_by_its_numbers(folder: Folder, numbers: Mapping[str, str], entity: str) -> None:
    folder.rows = [answers(**numbers)]
    read = folder.screened()
    assert read.table["entity"].tolist() == [entity], format_findings(read.findings)


def test_a_number_of_several_entities_is_not_guessed(folder: Folder) -> None:
    folder.rows = [answers(nip=NIP["fundacja"], year="2020", participants="9")]  # the workshop or the centre
    read = folder.screened()
    finding = only(read, "ES-22")
    assert (finding.row, finding.severity) == (2, "warning")
    assert "legal_form" in finding.remedy
    assert read.rejected[["row", "code", "record"]].to_numpy().tolist() == [[2, "ES-22", ""]]


def test_numbers_of_different_entities_contradict_each_other(folder: Folder) -> None:
    folder.rows = [answers(krs=KRS)]
    assert "różne podmioty" in only(folder.screened(), "ES-22").found


def test_an_entity_of_no_register_is_set_aside(folder: Folder) -> None:
    folder.rows.append(answers(nip="7740001454"))  # correct check digit, not in the registers
    read = folder.screened()
    assert only(read, "ES-27").row == 4
    assert len(read.table) == 2


@pytest.mark.parametrize(
    ("number", "codes"), [("1132191234", ["ES-18", "ES-18"]), ("", ["ES-18"]), ("brak", ["ES-18"])]
)
def test_a_row_without_a_usable_number_is_set_aside(folder: Folder, number: str, codes: list[str]) -> None:
    folder.rows = [answers(nip=number)]
    read = folder.screened()
    assert [finding.code for finding in read.findings] == codes
    assert read.table.empty
    assert read.rejected["row"].tolist() == [2]


@pytest.mark.parametrize("year", ["2022", "2023", "2004"])
def test_answers_of_a_year_in_which_the_entity_was_not_open_are_set_aside(folder: Folder, year: str) -> None:
    folder.rows = [answers(nip=NIP["dawna"], year=year)]
    finding = only(folder.screened(), "ES-30")
    assert (finding.row, finding.column) == (2, "year")
    assert "nie działał" in finding.found


@pytest.mark.parametrize(("end", "accepted"), [("2024-01-01", False), ("2024-01-02", True)])
def test_an_entity_open_on_one_day_of_the_year_was_open(folder: Folder, end: str, accepted: bool) -> None:
    folder.rows = [answers()]
    folder.write()
    read = folder.read(known([("spoldzielnia", "social_cooperative", "2018-03-01", end)]))
    assert bool(len(read.table)) == accepted


def test_the_legal_form_of_the_year_decides_about_reintegration(folder: Folder) -> None:
    spells = [("x", "kis", "2010-01-01", "2023-07-01"), ("x", "ngo", "2023-07-01", None)]
    number = [("x", "nip", NIP["spoldzielnia"])]
    folder.rows = [answers(participants="5", year=str(year)) for year in (2022, 2023, 2024)]
    folder.write()
    read = folder.read(known(spells, number))
    assert read.table["participants"].fillna(-1).tolist() == [5, 5, -1]
    assert only(read, "ES-30").row == 4


def test_a_legal_form_nobody_knows_is_named_with_a_suggestion(folder: Folder) -> None:
    folder.rows = [answers(legal_form="Spoldzielnia socialna")]
    finding = only(folder.screened(), "ES-16")
    assert "Spółdzielnia socjalna" in finding.remedy


# --- rows and answers that cannot be right ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "code"),
    [("2026", "ES-26"), ("1989", "ES-28"), ("dwa tysiące", "ES-38"), ("", "ES-38"), ("2024,5", "ES-38")],
)
def test_a_year_that_cannot_be_is_refused(folder: Folder, year: str, code: str) -> None:
    folder.rows[0]["year"] = year
    read = folder.screened()
    assert (only(read, code).row, only(read, code).column) == (2, "year")
    assert read.table["entity"].tolist() == ["warsztat"]


WRONG = [
    ({"staff": "-5"}, "ES-28", ["staff"]),
    ({"staff_risk": "12,9%"}, "ES-38", ["staff_risk"]),
    ({"staff_risk": "0,129"}, "ES-28", ["staff_risk"]),
    ({"staff": "12,5"}, "ES-28", ["staff"]),
    ({"volunteers": "1e9"}, "ES-28", ["volunteers"]),
    ({"volunteers": "kilku"}, "ES-38", ["volunteers"]),
    ({"current_assets_pln": "40.000 zł"}, "ES-38", ["current_assets_pln"]),
    ({"current_assets_pln": "-1"}, "ES-28", ["current_assets_pln"]),
    ({"costs_pln": "99999999999", "result_pln": ""}, "ES-28", ["costs_pln"]),
    ({"staff_risk": "13"}, "ES-30", ["staff_risk", "staff"]),
    ({"staff_fte": "15"}, "ES-30", ["staff_fte"]),
    ({"participants": "4"}, "ES-30", ["participants"]),
    ({"revenue_sales_pln": "61000"}, "ES-29", list(MONEY)),
    ({"revenue_total_pln": "98000", "result_pln": "8000"}, "ES-29", list(MONEY)),
    ({"revenue_sales_pln": "", "revenue_total_pln": "39000", "result_pln": "-51000"}, "ES-29", list(MONEY)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "code", "left_out"), WRONG, ids=[" ".join(map(str, case[0].items())) for case in WRONG]
)
def test_an_answer_that_cannot_be_right_is_left_out_and_the_rest_stays(
    folder: Folder, changes: Mapping[str, str], code: str, left_out: list[str]
) -> None:
    expected = folder.screened()
    folder.rows[0] |= changes
    read = folder.screened()
    finding = only(read, code)
    assert (finding.severity, finding.row) == ("warning", 2)
    assert set(changes) & set(finding.column.split(", "))
    assert read.rejected.empty
    before, after = row_of(expected, "spoldzielnia"), row_of(read, "spoldzielnia")
    assert after[left_out].isna().all()
    untouched = [name for name in SURVEY_COLUMNS if name not in left_out and name not in changes]
    pd.testing.assert_series_equal(after[untouched], before[untouched])
    pd.testing.assert_series_equal(row_of(read, "warsztat"), row_of(expected, "warsztat"), check_names=False)


@pytest.mark.parametrize(
    "changes",
    [
        {"staff_fte": "12,9"},  # within 5 % and half a post of the staff
        {"staff_risk": "12"},
        {"revenue_sales_pln": "60001"},  # 1 PLN
        {"revenue_sales_pln": "60099"},  # 0.1 % of 100 000 PLN
        {"result_pln": "10099"},
        {"result_pln": "-10000", "costs_pln": "110000"},
        {"places": "0", "participants": "0"},  # zero stands for "not applicable"
        {"staff": "", "staff_fte": "", "staff_risk": "nie dotyczy"},
    ],
)  # fmt: skip
def test_answers_at_the_border_of_the_rules_stay(folder: Folder, changes: Mapping[str, str]) -> None:
    folder.rows[0] |= changes
    read = folder.screened()
    assert read.findings == ()
    assert row_of(read, "spoldzielnia")["places":"participants"].isna().all()


def test_exits_to_work_above_all_exits_are_left_out(folder: Folder) -> None:
    folder.rows[1]["exits_to_work"] = "6"
    read = folder.screened()
    assert only(read, "ES-30").row == 3
    assert row_of(read, "warsztat")[["exits", "exits_to_work"]].isna().all()
    assert row_of(read, "warsztat")["participants"] == 38


def test_a_result_that_is_not_revenue_less_costs_is_doubtful_and_stays(folder: Folder) -> None:
    folder.rows[0]["result_pln"] = "8100"
    read = folder.screened()
    assert only(read, "ES-29").column == "result_pln"
    assert row_of(read, "spoldzielnia")["result_pln"] == 8100


def test_a_repeated_row_counts_once(folder: Folder) -> None:
    folder.rows = [answers(), workshop(), answers(current_assets_pln="40000")]
    read = folder.screened()
    assert only(read, "ES-25").row == 4
    assert read.table["entity"].tolist() == ["spoldzielnia", "warsztat"]


def test_of_different_rows_of_an_entity_none_is_believed(folder: Folder) -> None:
    folder.rows = [answers(), workshop(), answers(staff="11"), answers(year="2023")]
    read = folder.screened()
    assert [(finding.code, finding.row) for finding in read.findings] == [("ES-25", 2), ("ES-25", 4)]
    assert read.table[["entity", "year"]].to_numpy().tolist() == [["warsztat", 2024], ["spoldzielnia", 2023]]


@pytest.mark.parametrize("only_answer", [{}, {"staff": "-4"}])
def test_who_answered_nothing_is_no_respondent(folder: Folder, only_answer: Mapping[str, str]) -> None:
    silent = dict.fromkeys(answers(), "") | {"nip": NIP["spoldzielnia"], "year": "2024"} | only_answer
    folder.rows = [silent, workshop()]
    read = folder.screened()
    assert "ES-38" in {finding.code for finding in read.findings}
    assert read.table["entity"].tolist() == ["warsztat"]
    assert read.rejected["row"].tolist() == [2]


def test_a_row_of_another_width_is_set_aside(folder: Folder) -> None:
    folder.write(delimiter=",")  # decimal commas are quoted by the writer, so that nothing is lost
    assert folder.read().findings == ()
    text = (folder.path / "survey.csv").read_text(encoding="utf-8").replace('"10,5"', "10,5")
    (folder.path / "survey.csv").write_text(text, encoding="utf-8")
    read = folder.read()
    assert {finding.row for finding in read.findings if finding.code == "ES-21"} == {2, 3}
    assert read.table.empty


def test_many_wrong_rows_are_counted_and_all_kept_in_mind(folder: Folder) -> None:
    folder.rows = [answers(nip="7740001454") for _ in range(500)]
    read = folder.screened()
    assert len(read.findings) < 30
    assert len(read.rejected) == 500
    assert "480" in read.findings[-1].found


def test_findings_and_refused_rows_hold_no_answer(folder: Folder) -> None:
    marker = "77123"  # in every number, so that a leak of any shows
    numbers = [name for name in SURVEY_COLUMNS if name not in ("entity", "year")]
    folder.rows = [
        answers(**dict.fromkeys(numbers, f"{sign}{marker}{tail}"))
        for sign, tail in (("", ""), ("-", ""), ("", ",5"), ("", "?"), ("", "%"), ("", "0000000000"))
    ] + [answers(nip=f"{marker}00000", year=f"{marker}")]  # fmt: skip
    read = folder.screened()
    told = format_findings(read.findings, limit=10_000) + read.rejected.to_csv() + repr(read.files)
    assert len(read.findings) > 20
    assert marker not in told


# --- the file as such ------------------------------------------------------------------------------------


def without(rows: list[dict[str, Any]], *names: str) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name not in names} for row in rows]


def test_without_any_number_of_entities_a_survey_cannot_be_used(folder: Folder) -> None:
    folder.rows = without(folder.rows, "nip", "regon", "krs", "id")
    assert only(folder.screened(), "ES-01").severity == "blocking"


@pytest.mark.parametrize("name", ["year", "staff"])
def test_year_and_staff_are_required(folder: Folder, name: str) -> None:
    folder.rows = [
        {("Rok badania" if key == name else key): value for key, value in row.items()} for row in folder.rows
    ]
    finding = only(folder.screened(), "ES-01")
    assert (finding.severity, finding.column) == ("blocking", name)


def test_what_an_office_did_not_ask_is_a_warning(folder: Folder) -> None:
    folder.rows = [{("volunters" if key == "volunteers" else key): value for key, value in row.items()}
                   for row in without(folder.rows, "public_contracts")]  # fmt: skip
    read = folder.screened()
    told = {(finding.code, finding.severity, finding.column) for finding in read.findings}
    assert told == {
        ("ES-01", "warning", "volunteers"),
        ("ES-01", "warning", "public_contracts"),
        ("ES-20", "warning", ""),
    }
    assert "volunters" in next(finding for finding in read.findings if finding.column == "volunteers").remedy
    assert read.table["public_contracts"].isna().all()
    assert len(read.table) == 2


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("columns: {staf: Pracownicy}", "ES-09", "staff"),
        ("columns: {staff: staff}\nsheet: dane", "ES-09", ""),
        ("kolumny: {}", "ES-08", ""),
        ("columns: [a", "ES-08", ""),
        ("- a\n- b", "ES-08", ""),
        ("", "ES-08", ""),
        ("columns: {staff: a, volunteers: a}", "ES-08", ""),
        ("columns: {staff: a, staff: b}", "ES-08", "staff"),
        ("columns: {staff: ''}", "ES-08", ""),
        ("columns: {krs: Numer KRS}", "ES-01", ""),
    ],
)
def test_a_wrong_description_is_a_finding(folder: Folder, text: str, code: str, words: str) -> None:
    folder.describe(text)
    read = folder.screened()
    found = [finding for finding in read.findings if finding.code == code]
    assert found, format_findings(read.findings)
    assert found[0].severity == "blocking"
    assert words in found[0].found + found[0].remedy
    assert read.table.empty


def test_a_repeated_column_is_a_finding(folder: Folder) -> None:
    folder.write()
    text = (folder.path / "survey.csv").read_text(encoding="utf-8").replace("volunteers", "staff", 1)
    (folder.path / "survey.csv").write_text(text, encoding="utf-8")
    assert "ES-21" in {finding.code for finding in folder.read().findings if finding.severity == "blocking"}


FILES = [
    (b"", "ES-03"), (b"\xef\xbb\xbf \n", "ES-03"), (b"nip;year;staff\n", "ES-04"),
    ("rok;płaca\n1;ł".encode("cp1250"), "ES-05"),
    (b"PK\x03\x04\x00", "ES-06"), (b"%PDF-1.7", "ES-06"), (b'a;b\n"1;2', "ES-06"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "code"), FILES)
def test_a_file_that_cannot_be_read_is_blocking(folder: Folder, content: bytes, code: str) -> None:
    folder.path.mkdir()
    (folder.path / "survey.csv").write_bytes(content)
    assert only(folder.read(), code).severity == "blocking"


def test_a_folder_without_a_survey_is_a_warning(folder: Folder) -> None:
    folder.path.mkdir()
    assert only(folder.read(), "ES-02").severity == "warning"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("44051401359", "numer PESEL"),  # example number of the Ministry of Digital Affairs
        ("jan.kowalski@example.org", "adres e-mail"),
        ("+48 600 100 200", "numer telefonu"),
    ],
)
@pytest.mark.parametrize("column", ["nip", "staff", "revenue_total_pln", "uwagi"])
def test_an_identifier_of_a_person_refuses_the_file(folder: Folder, value: str, kind: str, column: str) -> None:
    folder.rows[0] = {**folder.rows[0], column: value}
    folder.rows[1] = {**folder.rows[1], **({"uwagi": ""} if column == "uwagi" else {})}
    read = folder.screened()
    finding = only(read, "ES-10")
    assert (finding.severity, finding.column) == ("blocking", column)
    assert kind in finding.found
    assert read.table.empty
    assert read.rejected.empty
    assert value not in format_findings(read.findings)


def test_numbers_of_entities_and_amounts_are_no_telephones(folder: Folder) -> None:
    numbers = {"revenue_total_pln": "601 234 567", "revenue_sales_pln": "601 134 567"}
    folder.rows = [answers(regon="610063110", nip="", **numbers)]  # both look like mobile telephones
    assert "ES-10" not in {finding.code for finding in folder.screened().findings}


def test_without_registers_only_the_file_is_checked(folder: Folder) -> None:
    folder.write()
    read = read_survey(folder.path, label=LABEL, known=None)
    assert read.findings == ()
    assert read.table.empty


# --- size and anything at all ----------------------------------------------------------------------------


def many(count: int) -> tuple[list[dict[str, Any]], Known]:
    rng = np.random.default_rng(7)
    candidates = (f"{number:09}{check}" for number in range(100_000_000, 200_000_000) for check in range(10))
    nips = list(itertools.islice(filter(entity_numbers.fits_nip, candidates), count))
    rows = []
    for nip, value in zip(nips, rng.integers(1, 9_999_999, size=count).tolist(), strict=True):
        shown = f"{value:,.2f} zł".replace(",", " ").replace(".", ",")
        rows.append(answers(nip=nip, current_assets_pln=shown, staff=str(12 + value % 80)))
    entities = [(nip, "ngo", "2010-01-01", None) for nip in nips]
    return rows, known(entities, [(nip, "nip", nip) for nip in nips])


def test_twenty_thousand_rows_are_read_in_seconds(folder: Folder) -> None:
    folder.rows, registers = many(20_000)
    folder.write()
    start = time.process_time()
    read = folder.read(registers)
    assert time.process_time() - start < 20, "about 2 s on a free core"
    assert read.findings == ()
    assert len(read.table) == 20_000


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(content=st.one_of(st.binary(max_size=400), st.text(max_size=400).map(str.encode)), name=st.sampled_from(
    ["survey.csv", "survey.xlsx", "survey.yaml"]))  # fmt: skip
def test_no_bytes_break_the_reader(tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str) -> None:
    folder = Folder(tmp_path_factory.mktemp("fuzz"))
    folder.write()
    if name == "survey.xlsx":
        (folder.path / "survey.csv").unlink()
    (folder.path / name).write_bytes(content)
    read = folder.read()
    assert all(finding.severity in ("blocking", "warning") for finding in read.findings)
    assert tuple(read.table.columns) == SURVEY_COLUMNS


CELLS = st.one_of(st.sampled_from(["", "0", "-1", "1,5", "99999999999", "x", "12%", "abc"]), st.text(max_size=8))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(cells=st.lists(st.dictionaries(st.sampled_from(list(answers())), CELLS, max_size=6), min_size=1, max_size=4))
def test_whatever_is_accepted_keeps_the_rules(
    tmp_path_factory: pytest.TempPathFactory, cells: list[dict[str, str]]
) -> None:
    folder = Folder(
        tmp_path_factory.mktemp("fuzz"), [(answers if n % 2 else workshop)(**c) for n, c in enumerate(cells)]
    )
    folder.write()
    read = folder.read()
    table = read.table
    assert not table.duplicated(["entity", "year"]).any()
    assert not (table.drop(columns=["entity", "year", *SIGNED]) < 0).any(axis=None)
    assert not (table["staff_risk"] > table["staff"]).any()
    assert not (table["exits_to_work"] > table["exits"]).any()
    assert np.isfinite(table.drop(columns=["entity", "year"]).fillna(0).to_numpy()).all()
    parts = table[[f"revenue_{source}_pln" for source in REVENUE_SOURCES]]
    assert not (parts.sum(axis=1) > table["revenue_total_pln"] * 1.001 + 1).any()
