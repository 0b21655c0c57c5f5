"""Support of centres and targets of programmes as real files: wrong rows are named and set aside, the rest is read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from ropsanalysis.io.findings import Finding, format_findings
from ropsanalysis.io.social_programme import read_programme
from ropsanalysis.io.social_support import read_support
from ropsanalysis.io.social_tables import TableRead
from ropsanalysis.social_economy.schema import PROGRAMME_COLUMNS, SUPPORT_COLUMNS
from ropsanalysis.social_economy.targets import MEASURES

MEASURE = next(iter(MEASURES))
SUPPORT = f"""{";".join(SUPPORT_COLUMNS)}
owes_1;OWES Północ;26;podregion kielecki;2023;1 200;40;32;28;5;1 600 000,00 zł
owes_1;OWES Północ;26;podregion kielecki;2024;1100;36;30;;4;1500000
owes_2;OWES Południe;świętokrzyskie;;2024;900,5;20;20;;3;800000
"""
PROGRAMME = f"""{";".join(PROGRAMME_COLUMNS)}
26;Solidarny rynek pracy;Miejsca pracy;{MEASURE};osoby;0;higher;100;2021;150;2030
26;Solidarna wspólnota lokalna;Gminy bez podmiotów;{MEASURE};%;1;spadek;12,5;2021;8;2030
woj. małopolskie;Solidarny rynek pracy;Ocena usług;;punkty;1;WZROST;3;2022;3;2027
"""
Read = Callable[[str], TableRead]


@pytest.fixture
def support(tmp_path: Path) -> Read:
    def read(text: str) -> TableRead:
        (tmp_path / "support.csv").write_text(text, encoding="utf-8")
        return read_support(tmp_path, label="data/raw/owes_support", last_year=2025)

    return read


@pytest.fixture
def programme(tmp_path: Path) -> Read:
    def read(text: str) -> TableRead:
        (tmp_path / "programme.csv").write_text(text, encoding="utf-8")
        return read_programme(tmp_path, label="data/raw/es_programme")

    return read


def only(read: TableRead, code: str) -> Finding:
    assert [finding.code for finding in read.findings] == [code], format_findings(read.findings)
    return read.findings[0]


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


# --- support ---------------------------------------------------------------------------------------------


def test_support_is_read(support: Read) -> None:
    read = support(SUPPORT)
    assert read.findings == ()
    assert read.rejected.empty
    assert tuple(read.table.columns) == SUPPORT_COLUMNS
    assert read.table["teryt"].tolist() == ["26"] * 3
    assert read.table["cost_pln"].tolist() == [1_600_000, 1_500_000, 800_000]
    assert read.table["advice_hours"].tolist() == [1200, 1100, 900.5]
    assert read.table["jobs_after_24m"].isna().tolist() == [False, True, True]
    assert read.table["year"].dtype == np.int64
    assert [(file.path, file.rows_in, file.rows_out) for file in read.files] == [
        ("data/raw/owes_support/support.csv", 3, 3)
    ]


ROW = "owes_1;OWES Północ;26;podregion kielecki;2024;1100;36;30;;4;1500000"
WRONG_SUPPORT = [
    ("36;30;", "36;37;", "ES-30", "jobs_after_12m", "36;37"),
    (";40;32;28;", ";40;32;33;", "ES-30", "jobs_after_12m, jobs_after_24m", "33"),
    (";40;32;28;", ";40;;41;", "ES-30", "jobs_after_24m", "41"),
    ("4;1500000", "4;0", "ES-28", "cost_pln", ""),
    ("4;1500000", "4;-5", "ES-28", "cost_pln", ""),
    ("4;1500000", "4;dużo", "ES-38", "cost_pln", "dużo"),
    ("4;1500000", "4;", "ES-38", "cost_pln", ""),
    (";36;30", ";36,5;30", "ES-28", "jobs_created", ""),
    (";36;30", ";-36;", "ES-28", "jobs_created", ""),
    (";1100;", ";11%;", "ES-38", "advice_hours", ""),
    (";2024;1100", ";2027;1100", "ES-26", "year", ""),
    (";2024;1100", ";24;1100", "ES-38", "year", ""),
    (";2024;1100", ";1899;1100", "ES-28", "year", ""),
    ("Północ;26;podregion kielecki;2024", "Północ;Galicja;podregion kielecki;2024", "ES-40", "teryt", "Galicja"),
    ("Północ;26;podregion kielecki;2024", "Północ;00;podregion kielecki;2024", "ES-40", "teryt", ""),
    ("owes_2;OWES Południe", ";OWES Południe", "ES-28", "owes", ""),
    (";36;30;;4;", ";36;30;;4;1;", "ES-21", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "column", "shown"), WRONG_SUPPORT)
def test_a_wrong_row_of_support_is_set_aside(
    support: Read, old: str, new: str, code: str, column: str, shown: str
) -> None:
    read = support(changed(SUPPORT, old, new))
    finding = only(read, code)
    assert (finding.severity, finding.column) == ("warning", column)
    assert len(read.table) == 2
    assert read.rejected["row"].tolist() == [finding.row]
    assert read.rejected["code"].tolist() == [code]
    assert shown in ";".join(json.loads(read.rejected["record"].iloc[0])) + finding.found


def test_a_misspelt_voivodeship_gets_a_suggestion(support: Read) -> None:
    assert "świętokrzyskie" in only(support(changed(SUPPORT, "świętokrzyskie", "świetokszyskie")), "ES-40").remedy


@pytest.mark.parametrize(
    ("old", "new", "column", "kept"),
    [
        ("2024;1100;36;30;;", "2025;1100;36;30;;", "jobs_after_12m", False),
        ("2024;1100;36;30;;", "2024;1100;36;30;28;", "jobs_after_24m", False),
        ("2024;1100;36;30;;", "2023;1100;36;30;28;", "jobs_after_24m", True),
    ],
)
def test_jobs_cannot_have_lasted_longer_than_time_has_passed(
    support: Read, old: str, new: str, column: str, kept: bool
) -> None:
    text = changed(SUPPORT, old, new).replace("kielecki;2023;1 200", "kielecki;2022;1 200")
    read = support(text)
    assert len(read.table) == 3
    assert read.rejected.empty
    assert read.table[column].notna().iloc[1] == kept
    assert [finding.code for finding in read.findings] == ([] if kept else ["ES-30"])


def test_of_equal_rows_one_counts_and_of_different_ones_none(support: Read) -> None:
    read = support(SUPPORT + ROW + "\n")
    assert only(read, "ES-25").row == 5
    assert len(read.table) == 3
    read = support(SUPPORT + changed(ROW, ";36;", ";37;") + "\n")
    assert [(finding.code, finding.row) for finding in read.findings] == [("ES-25", 3), ("ES-25", 5)]
    assert read.table["year"].tolist() == [2023, 2024]


def test_one_key_in_two_voivodeships_is_not_one_centre(support: Read) -> None:
    read = support(changed(SUPPORT, "owes_1;OWES Północ;26", "owes_1;OWES Północ;12"))
    assert only(read, "ES-30").row == 2, "the newest row says where the centre is"
    assert read.table["teryt"].tolist() == ["26", "26"]


def test_without_registers_nothing_is_in_the_future(tmp_path: Path) -> None:
    (tmp_path / "support.csv").write_text(SUPPORT.replace("2024", "2030"), encoding="utf-8")
    read = read_support(tmp_path, label="x", last_year=None)
    assert read.findings == ()
    assert len(read.table) == 3


def test_support_may_be_a_workbook(tmp_path: Path, support: Read) -> None:
    expected = support(SUPPORT).table
    (tmp_path / "support.csv").unlink()
    book = Workbook()
    for line in SUPPORT.splitlines():
        book.active.append([int(cell) if cell.isdecimal() and cell != "26" else cell for cell in line.split(";")])
    book.save(tmp_path / "support.xlsx")
    read = read_support(tmp_path, label="x", last_year=2025)
    assert read.findings == ()
    assert read.table.equals(expected)


def test_a_missing_column_of_support_is_blocking(support: Read) -> None:
    finding = only(support(changed(SUPPORT, "cost_pln", "koszt_pln")), "ES-01")
    assert (finding.severity, finding.column) == ("blocking", "cost_pln")
    assert "koszt_pln" in finding.found + finding.remedy


@pytest.mark.parametrize("value", ["44051401359", "jan.kowalski@example.org"])
def test_an_identifier_of_a_person_refuses_support(support: Read, value: str) -> None:
    read = support(changed(SUPPORT, "podregion kielecki", value))
    assert only(read, "ES-10").severity == "blocking"
    assert value not in format_findings(read.findings) + read.rejected.to_csv()
    assert read.table.empty


# --- targets ---------------------------------------------------------------------------------------------


def test_targets_are_read(programme: Read) -> None:
    read = programme(PROGRAMME)
    assert read.findings == ()
    assert tuple(read.table.columns) == PROGRAMME_COLUMNS
    assert read.table["teryt"].tolist() == ["26", "26", "12"]
    assert read.table["direction"].tolist() == ["higher", "lower", "higher"]
    assert read.table["measure"].tolist() == [MEASURE, MEASURE, ""]
    assert read.table["baseline"].tolist() == [100, 12.5, 3]
    assert read.table["target_year"].tolist() == [2030, 2030, 2027]


@pytest.mark.parametrize("measure", list(MEASURES))
def test_every_measure_is_known(programme: Read, measure: str) -> None:
    label = MEASURES[measure].label
    read = programme(changed(PROGRAMME, MEASURE, measure).replace(f";{MEASURE};", f";{label.upper()};"))
    assert read.findings == ()
    assert read.table["measure"].tolist() == [measure, measure, ""]


WRONG_TARGETS = [
    (";higher;100;2021;150", ";higher;100;2021;90", "ES-32", "direction, baseline, target"),
    (";spadek;12,5;2021;8", ";spadek;12,5;2021;13", "ES-32", "direction, baseline, target"),
    ("2021;150;2030", "2030;150;2030", "ES-32", "baseline_year, target_year"),
    ("2021;150;2030", "2031;150;2030", "ES-32", "baseline_year, target_year"),
    (";higher;", ";w górę;", "ES-28", "direction"),
    (";higher;100", ";higher;sto", "ES-38", "baseline"),
    (";osoby;0;", ";osoby;7;", "ES-28", "digits"),
    ("2021;150;2030", "2021;;2030", "ES-38", "target"),
    ("26;Solidarny", "99;Solidarny", "ES-40", "teryt"),
    (";Miejsca pracy;", ";;", "ES-28", "name"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "column"), WRONG_TARGETS)
def test_a_wrong_target_is_set_aside(programme: Read, old: str, new: str, code: str, column: str) -> None:
    read = programme(changed(PROGRAMME, old, new))
    finding = only(read, code)
    assert (finding.severity, finding.column) == ("warning", column)
    assert len(read.table) == 2
    assert read.rejected["row"].tolist() == [finding.row]


def test_an_unknown_measure_is_named_and_its_target_stays(programme: Read) -> None:
    wrong = f"{MEASURE}x"
    read = programme(PROGRAMME.replace(MEASURE, wrong))
    assert [(finding.code, finding.row) for finding in read.findings] == [("ES-31", 2), ("ES-31", 3)]
    assert f"Czy chodziło o „{MEASURE}”" in read.findings[0].remedy
    assert read.table["measure"].tolist() == ["", "", ""]
    assert read.rejected.empty


def test_a_repeated_target_counts_once(programme: Read) -> None:
    read = programme(PROGRAMME + PROGRAMME.splitlines()[1] + "\n")
    assert only(read, "ES-25").row == 5
    assert len(read.table) == 3


# --- anything at all -------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=40)
@given(content=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)), after=st.booleans())
def test_no_bytes_break_the_readers(tmp_path_factory: pytest.TempPathFactory, content: bytes, after: bool) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "support.csv").write_bytes((SUPPORT.encode() if after else b"") + content)
    (folder / "programme.csv").write_bytes((PROGRAMME.encode() if after else b"") + content)
    support, programme = read_support(folder, label="x", last_year=2025), read_programme(folder, label="x")
    assert tuple(support.table.columns) == SUPPORT_COLUMNS
    assert tuple(programme.table.columns) == PROGRAMME_COLUMNS
    assert (support.table["cost_pln"] > 0).all()
    assert (programme.table["target_year"] > programme.table["baseline_year"]).all()
