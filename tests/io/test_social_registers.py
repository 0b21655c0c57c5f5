"""Register lists: what is read, what is refused, and what is told."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from register_project import (
    KRAKOW,
    ROLES,
    WARSAW,
    RegisterProject,
    codes,
    entity,
    nip,
    quiet,
    spell,
    told,
    write_csv,
    write_xlsx,
)

from ropsanalysis.io import catalogue
from ropsanalysis.io.findings import format_findings
from ropsanalysis.io.social_registers import RegistersRead
from ropsanalysis.social_economy.schema import REGISTER_COUNT_COLUMNS, SPELL_COLUMNS, STATUS_COLUMNS

FORM = {"legal_form": "social_cooperative"}
PESEL = "44051401359"  # example number of the Ministry of Digital Affairs


@pytest.fixture
def project(tmp_path: Path) -> RegisterProject:
    return RegisterProject(tmp_path)


def one_list(project: RegisterProject, *rows: dict[str, Any], **about: Any) -> RegistersRead:
    project.add("lista", rows, **(FORM | about))
    return project.read()


def beside(**changes: Any) -> list[dict[str, Any]]:
    """Return three good rows with one changed between them, so that what is refused is not all there is."""
    return [entity(1), entity(2, **changes), entity(3)]


# --- what is read ---------------------------------------------------------------------------------------


def test_a_row_becomes_a_spell(project: RegisterProject) -> None:
    row = entity(
        1, regon="000331501", krs="30897", start="06.05.2023", end="2024-03-31", start_reason="założenie",
        end_reason="likwidacja", verified="01-02-2024", size_class="10-49",
    )  # fmt: skip
    read = quiet(one_list(project, row, entity(2), covers_from="2024-01-01"))
    found = spell(read, name="Spółdzielnia Socjalna Jutrzenka 1")
    assert found.drop("entity").to_dict() == {
        "name": "Spółdzielnia Socjalna Jutrzenka 1", "legal_form": "social_cooperative", "teryt": "126101",
        "start": pd.Timestamp("2023-05-06"), "end": pd.Timestamp("2024-03-31"), "start_reason": "założenie",
        "end_reason": "likwidacja", "source": "Rejestr lista", "observed_from": pd.Timestamp("2024-01-01"),
        "closures_known": True, "verified": pd.Timestamp("2024-02-01"), "size_class": "10-49",
    }  # fmt: skip
    assert tuple(read.spells.columns) == SPELL_COLUMNS
    assert {str(read.spells[day].dtype) for day in ("start", "end", "observed_from", "verified")} == {"datetime64[s]"}
    assert read.as_of == pd.Timestamp("2025-12-31")
    own = read.identifiers[read.identifiers["entity"] == found["entity"]].set_index("kind")["value"].to_dict()
    assert own == {
        "nip": nip(1), "regon": "000331501", "krs": "0000030897", "name": "spoldzielnia socjalna jutrzenka 1",
    }  # fmt: skip


def test_an_entity_that_began_under_the_list_is_seen_from_its_start(project: RegisterProject) -> None:
    read = quiet(one_list(project, entity(1), entity(2, start="2015-01-01"), covers_from="2020-01-01"))
    seen = read.spells.set_index("name")["observed_from"]
    assert seen.isna().tolist() == [name.endswith("1") for name in seen.index]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_files_of_any_spreadsheet(project: RegisterProject, delimiter: str, mark: str) -> None:
    project.add("lista", [entity(1)], **FORM)
    lines = [["TERYT", "Data wpisu", "Uwagi", "Nazwa", "NIP", "Data wykreślenia"],
             [KRAKOW, "2023-05-06", "ulica; dom, 3", 'Spółdzielnia „Ślad"', nip(1), ""]]  # fmt: skip
    write_csv(project.folder / "lista.csv", lines, delimiter=delimiter, encoding="utf-8-sig" if mark else "utf-8")
    assert spell(quiet(project.read()))["name"] == 'Spółdzielnia „Ślad"'


def test_a_quoted_line_break_does_not_shift_the_rows_that_findings_name(project: RegisterProject) -> None:
    rows = [entity(1, name="Spółdzielnia\nSocjalna Świt"), entity(2), entity(3, teryt="")]
    read = one_list(project, *rows)
    # A spreadsheet numbers records, not lines: the header is 1.
    assert [finding.row for finding in told(read, "ES-15")] == [4]
    assert "Spółdzielnia Socjalna Świt" in read.spells["name"].tolist()


def test_a_workbook_with_days_numbers_and_a_sheet_of_its_own(project: RegisterProject) -> None:
    header = [ROLES[role] for role in ("name", "nip", "teryt", "start", "end")]
    rows = [["Świt", int(nip(1)), 1261011, datetime.datetime(2023, 5, 6), None],  # noqa: DTZ001 - a spreadsheet's day
            ["Zmierzch", nip(2), "0201011", 45_052, datetime.date(2024, 1, 31)]]  # fmt: skip
    project.add("lista", [entity(1)], sheet="Wykaz", **FORM)
    project.describe("lista", json.loads((project.folder / "lista.yaml").read_text(encoding="utf-8"))
                     | {"file": "lista.xlsx"})  # fmt: skip
    (project.folder / "lista.csv").unlink()
    write_xlsx(project.folder / "lista.xlsx", [["Okładka"], ["Spis"]], sheet="Okładka",
               Wykaz=[["Wykaz spółdzielni, stan na 31.12.2025"], [], header, *rows])  # fmt: skip
    read = quiet(project.read())
    table = read.spells.set_index("name")
    assert table.loc["Świt", "start"] == pd.Timestamp("2023-05-06")
    assert table.loc["Zmierzch", "start"] == pd.Timestamp("2023-05-06")  # day 45 052 of a spreadsheet
    assert table.loc["Zmierzch", "end"] == pd.Timestamp("2024-01-31")
    assert table["teryt"].to_dict() == {"Świt": "126101", "Zmierzch": "020101"}


def test_headings_of_several_lines(project: RegisterProject) -> None:
    project.add("lista", [entity(1)], **FORM)
    path = project.folder / "lista.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Data wpisu", '"Data\nwpisu "'), encoding="utf-8")
    assert len(quiet(project.read()).spells) == 1


def test_a_sheet_that_is_not_there(project: RegisterProject) -> None:
    project.add("lista", [entity(1)], xlsx=True, sheet="Listy", **FORM)
    [finding] = project.read().findings
    assert (finding.code, finding.severity) == ("ES-06", "blocking")
    assert "Czy chodziło o „Lista”?" in finding.remedy


def test_size_classes(project: RegisterProject) -> None:
    words = ["0", "1-9", "1–9 osób", "od 10 do 49", "50+", "50-249", "250 i więcej", "3", "0-9", "", "dużo", "10+"]
    read = one_list(project, *(entity(number, size_class=word) for number, word in enumerate(words)))
    found = dict(zip(read.spells["name"].str.rsplit(" ").str[-1].astype(int), read.spells["size_class"], strict=True))
    assert [found[number] for number in range(9)] == ["0", "1-9", "1-9", "10-49", "50+", "50+", "50+", "1-9", np.nan]
    assert read.spells["size_class"].isna().sum() == 4
    # "0-9" and an empty cell say nothing wrong; "dużo" is no class, and ten or more may be two of them.
    assert [finding.found for finding in told(read, "ES-38")] == ["„dużo”", "„10+”"]


def test_staff_becomes_a_class(project: RegisterProject) -> None:
    staff = [0, 1, 9, 10, 49, 50, 1200, "", "-3"]
    read = one_list(project, *(entity(number, staff=count) for number, count in enumerate(staff)))
    found = dict(zip(read.spells["name"].str.rsplit(" ").str[-1].astype(int), read.spells["size_class"], strict=True))
    assert [found[number] for number in range(7)] == ["0", "1-9", "1-9", "10-49", "10-49", "50+", "50+"]
    assert read.spells["size_class"].isna().sum() == 2
    assert [finding.row for finding in told(read, "ES-38")] == [10]


def test_forms_by_catalogue_and_by_the_description(project: RegisterProject) -> None:
    forms = ["CIS", "fundacja", "sp. socjalne", "Stowarzyszenie ogrodowe"]
    rows = [entity(number, legal_form=form) for number, form in enumerate(forms)]
    project.add("lista", rows, legal_forms={"stowarzyszenie OGRODOWE": "ngo"})
    read = quiet(project.read())
    assert sorted(read.spells["legal_form"]) == ["cis", "ngo", "ngo", "social_cooperative"]


def test_gminas_by_name(project: RegisterProject) -> None:
    rows = [entity(1, gmina="Kraków", powiat="m. Kraków"), entity(2, gmina="Bolesławiec", powiat="wieruszowski"),
            entity(3, gmina="Bolesławiec", powiat="bolesławiecki"), entity(4, gmina="Krakuw", powiat="")]  # fmt: skip
    for row in rows:
        del row["teryt"]
    read = one_list(project, *rows)
    assert sorted(read.spells["teryt"]) == ["101801", "126101"]
    ambiguous, unknown = told(read, "ES-15")
    assert "020101" in ambiguous.found
    assert "020102" in ambiguous.found
    assert "Czy chodziło o 126101 Kraków" in unknown.found
    assert read.rejected["row"].tolist() == [4, 5]


# --- rows that cannot be true ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"end": "2023-05-05"}, "ES-12", "koniec 2023-05-05, początek 2023-05-06"),
        ({"start": ""}, "ES-11", "pusta komórka"),
        ({"start": "2023-02-30"}, "ES-11", "„2023-02-30”"),
        ({"end": "kiedyś"}, "ES-11", "„kiedyś”"),
        ({"start": "2026-01-01"}, "ES-26", "początek 2026-01-01"),
        ({"teryt": ""}, "ES-15", "brak gminy"),
        ({"teryt": "1261"}, "ES-15", "powiat albo województwo"),
        ({"teryt": "999999"}, "ES-15", "nie oznacza żadnej gminy"),
        ({"name": "", "nip": ""}, "ES-18", "brak nazwy i identyfikatora"),
    ],
)
def test_a_row_that_cannot_be_true_is_kept_aside(
    project: RegisterProject, changes: dict[str, Any], code: str, words: str
) -> None:
    read = one_list(project, *beside(**changes))
    [finding] = told(read, code)
    assert (finding.severity, finding.row, finding.file) == ("warning", 3, "data/raw/es_register/lista.csv")
    assert words in finding.found
    assert finding.expected
    assert finding.remedy
    assert len(read.spells) == 2
    [refused] = read.rejected.to_dict("records")
    assert (refused["file"], refused["row"], refused["code"]) == (finding.file, 3, code)
    assert words in refused["reason"]
    row = entity(2, **changes)
    assert json.loads(refused["record"]) == [row[role] for role in row]


@pytest.mark.parametrize(
    ("changes", "code", "column"),
    [
        ({"nip": "1234567890"}, "ES-18", "nip"),
        ({"regon": "123"}, "ES-18", "regon"),
        ({"krs": "12345678901234"}, "ES-18", "krs"),
        ({"end": "2026-03-01"}, "ES-26", "end"),
        ({"verified": "2026-03-01"}, "ES-26", "verified"),
        ({"verified": "wczoraj"}, "ES-11", "verified"),
        ({"status_since": "2022-10-29"}, "ES-13", "status_since"),
        ({"status_since": "2026-10-29"}, "ES-26", "status_since"),
        ({"status_since": "2024-01-01", "status_until": "2023-01-01"}, "ES-12", "status_until"),
        ({"status_until": "2023-01-01"}, "ES-11", "status_since"),
        ({"size_class": "ogromna"}, "ES-38", "size_class"),
    ],
)
def test_a_value_that_cannot_be_true_costs_only_itself(
    project: RegisterProject, changes: dict[str, Any], code: str, column: str
) -> None:
    rows = beside(**changes)
    read = one_list(project, *({"status_since": "", "status_until": "", "krs": "", "regon": ""} | row for row in rows))
    [finding] = read.findings
    assert (finding.code, finding.severity, finding.row, finding.column) == (code, "warning", 3, ROLES[column])
    assert len(read.spells) == 3
    assert read.rejected.empty
    assert read.status.empty
    assert read.spells["end"].isna().all()
    assert read.spells["verified"].isna().all()


def test_a_lost_zero_of_a_regon_is_put_back_with_a_warning(project: RegisterProject) -> None:
    read = one_list(project, entity(1, regon="331501".zfill(8)), entity(2))
    assert [finding.found for finding in told(read, "ES-18")] == ["REGON bez zera na początku"]
    assert "000331501" in read.identifiers["value"].tolist()


def test_an_unknown_form_asks_what_was_meant(project: RegisterProject) -> None:
    rows = [entity(1, legal_form="spółdzielnia socjalna"), entity(2, legal_form="spółdzelnia socjalna"),
            entity(3, legal_form="spółdzelnia socjalna"), entity(4, legal_form=""),
            entity(5, legal_form="bank")]  # fmt: skip
    project.add("lista", rows)
    read = project.read()
    misspelt, empty, bank = told(read, "ES-16")
    assert misspelt.found == "„spółdzelnia socjalna”, liczba wierszy: 2"
    assert "Czy chodziło o „Spółdzielnia socjalna”?" in misspelt.remedy
    assert "pusta komórka" in empty.found
    assert "Czy chodziło" not in bank.remedy
    assert len(read.spells) == 1
    assert read.rejected["row"].tolist() == [3, 4, 5, 6]


def test_a_row_from_another_voivodeship_than_described(project: RegisterProject) -> None:
    read = one_list(project, entity(1), entity(2, teryt=WARSAW), region="małopolskie")
    assert "w województwie 12" in told(read, "ES-15")[0].found
    assert read.spells["teryt"].tolist() == ["126101"]


def test_ragged_rows_are_kept_aside(project: RegisterProject) -> None:
    project.add("lista", [entity(1), entity(2), entity(3)], **FORM)
    path = project.folder / "lista.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[2] += ",nadmiar"
    path.write_text("\n".join(lines), encoding="utf-8")
    read = project.read()
    assert [(finding.code, finding.row) for finding in read.findings] == [("ES-21", 3)]
    assert len(read.spells) == 2


def test_many_findings_of_a_kind_are_counted_and_all_rows_kept(project: RegisterProject) -> None:
    read = one_list(project, entity(0), *(entity(number, teryt="") for number in range(1, 101)))
    findings = told(read, "ES-15")
    assert [finding.row for finding in findings] == [*range(3, 23), None]
    assert findings[-1].found == "pozostałe takie uwagi do tego pliku: 80"
    assert len(read.rejected) == 100
    assert len(read.spells) == 1


# --- registers as such ----------------------------------------------------------------------------------


def test_two_entities_with_one_nip(project: RegisterProject) -> None:
    read = one_list(project, entity(1), entity(2, nip=nip(1), start="2024-02-03", teryt=WARSAW), entity(3))
    [finding] = read.findings
    assert (finding.code, finding.severity, finding.row, finding.column) == ("ES-14", "warning", 3, "NIP")
    assert nip(1) in finding.found
    assert "wiersz 2" in finding.found
    assert sorted(read.spells["name"].str[-1]) == ["1", "3"]
    assert read.rejected[["row", "code"]].to_numpy().tolist() == [[3, "ES-14"]]


def test_a_row_written_twice(project: RegisterProject) -> None:
    read = one_list(project, entity(1), entity(1), entity(2))
    assert [(finding.code, finding.row) for finding in read.findings] == [("ES-25", 3)]
    assert len(read.spells) == 2


def test_case_es_e_all_organisations_taken_for_social_cooperatives(project: RegisterProject) -> None:
    # An article of 2016 called all 14.2 thousand non-profits of Mazowieckie "Social Cooperatives"; the register of
    # MCPS counted 157 of these (fourth quarter of 2023).
    rows = [entity(number, teryt=WARSAW) for number in range(14_200)]
    read = one_list(project, *rows)
    [finding] = read.findings
    assert (finding.code, finding.severity) == ("ES-17", "blocking")
    assert "14200" in finding.found
    assert "mazowieckie" in finding.found
    assert "157" in finding.expected
    assert finding.file.endswith("lista.csv")


def test_as_many_as_the_register_counts_are_believed(project: RegisterProject) -> None:
    quiet(one_list(project, *(entity(number, teryt=WARSAW) for number in range(157))))


def test_bounds_count_who_is_there_on_the_day(project: RegisterProject) -> None:
    most = next(entry.most for entry in catalogue.legal_forms() if entry.key == "zaz")
    rows = [entity(number, end="2024-01-01" if number else "") for number in range(most + 2)]
    quiet(one_list(project, *rows, legal_form="zaz"))


@pytest.mark.parametrize(("newest", "stale"), [("2022-12-31", True), ("2023-01-01", False)])
@pytest.mark.parametrize("role", ["start", "end", "verified"])
def test_a_register_nobody_kept_up(project: RegisterProject, role: str, newest: str, stale: bool) -> None:
    read = one_list(
        project,
        *(
            entity(number, start="2018-01-01", verified="") | {role: day}
            for number, day in ((1, "2018-02-02"), (2, newest))
        ),
    )
    assert codes(read) == (["ES-19"] if stale else [])
    assert len(read.spells) == 2
    if stale:
        [finding] = read.findings
        assert (finding.severity, finding.row) == ("warning", None)
        assert "2022-12-31" in finding.found


def test_lists_of_different_days(project: RegisterProject) -> None:
    project.add("a", [entity(1), entity(2, end="2025-11-30")], **FORM)
    project.add("b", [entity(3, start="2025-07-01"), entity(4, verified="2025-06-01")], as_of="2025-06-30",
                legal_form="kgw")  # fmt: skip
    project.add("c", [entity(5, start="2025-08-01"), entity(6, status_since="2025-09-01")], **FORM)
    read = project.read()
    assert read.as_of == pd.Timestamp("2025-06-30")
    days = next(finding for finding in told(read, "ES-37") if finding.row is None)
    assert "a.csv: 2025-12-31" in days.found
    assert "2025-06-30" in days.remedy
    # Row 2 of b is later than its own list, row 2 of c than the oldest list.
    assert read.rejected[["file", "code"]].to_numpy().tolist() == [
        ["data/raw/es_register/b.csv", "ES-26"], ["data/raw/es_register/c.csv", "ES-37"],
    ]  # fmt: skip
    assert read.spells["end"].isna().all()
    assert read.status.empty


def test_a_list_a_year_older_than_the_newest(project: RegisterProject) -> None:
    project.add("a", [entity(1, verified="2025-12-01")], **FORM)
    project.add("b", [entity(2, verified="2024-12-01")], as_of="2024-12-30", legal_form="kgw")
    read = project.read()
    assert [(finding.code, finding.file[-5:]) for finding in read.findings if finding.column == "as_of"] == [
        ("ES-37", "ister"), ("ES-19", "b.csv"),
    ]  # fmt: skip


def test_entities_that_ended_before_the_list_covers(project: RegisterProject) -> None:
    rows = [
        entity(1, start="2010-01-01", end="2015-01-01", verified="2014-01-01"),
        entity(2, start="2012-01-01", verified="2025-01-01"),
    ]
    read = one_list(project, *rows, covers_from="2016-01-01")
    assert [(finding.code, finding.row) for finding in read.findings] == [("ES-30", 2)]
    assert read.spells["observed_from"].isna().tolist() == [name.endswith("1") for name in read.spells["name"]]


# --- files ----------------------------------------------------------------------------------------------


def blocking(read: RegistersRead) -> list[str]:
    assert read.spells.empty
    assert tuple(read.spells.columns) == SPELL_COLUMNS
    assert tuple(read.status.columns) == STATUS_COLUMNS
    assert tuple(read.counts.columns) == REGISTER_COUNT_COLUMNS
    return [finding.code for finding in read.findings if finding.severity == "blocking"]


def test_no_folder_and_no_list(project: RegisterProject) -> None:
    nothing = project.read()
    assert blocking(nothing) == []  # whoever asks for the dataset says that it is missing
    assert nothing.files == ()
    assert project.folder.is_dir()
    assert blocking(project.read()) == ["ES-02"]


def test_a_described_file_that_is_missing(project: RegisterProject) -> None:
    project.add("lista", [entity(1)], **FORM).unlink()
    assert blocking(project.read()) == ["ES-02"]


def test_a_list_without_description_is_told(project: RegisterProject) -> None:
    project.add("lista", [entity(1)], **FORM)
    write_csv(project.folder / "inna.csv", [["a"], ["b"]])
    read = project.read()
    assert [(finding.code, finding.severity, finding.file[-8:]) for finding in read.findings] == [
        ("ES-39", "warning", "inna.csv")
    ]
    assert len(read.spells) == 1


def test_two_descriptions_of_one_file(project: RegisterProject) -> None:
    path = project.add("lista", [entity(1)], **FORM)
    project.add("druga", [entity(1)], file=path.name, **FORM)
    (project.folder / "druga.csv").unlink()
    assert set(blocking(project.read())) == {"ES-08"}


def test_polish_letters_of_windows_are_refused(project: RegisterProject) -> None:
    project.add("lista", [entity(1)], **FORM)
    path = project.folder / "lista.csv"
    path.write_text(path.read_text(encoding="utf-8"), encoding="cp1250")
    read = project.read()
    assert blocking(read) == ["ES-05"]
    assert "Windows-1250" in read.findings[0].found


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "ES-03"), (b"PK\x03\x04", "ES-06"), (b"Nazwa,NIP\n", "ES-04"), (b'Nazwa,NIP\n"a,b\n', "ES-06")],
)
def test_files_that_cannot_be_used(project: RegisterProject, content: bytes, code: str) -> None:
    project.add("lista", [entity(1)], **FORM)
    (project.folder / "lista.csv").write_bytes(content)
    assert blocking(project.read()) == [code]


def test_a_missing_column_asks_what_was_meant(project: RegisterProject) -> None:
    project.add("lista", [entity(1)], columns={"name": "Nazwy", "teryt": "TERYT", "start": "Data wpisu"}, **FORM)
    read = project.read()
    assert blocking(read) == ["ES-01"]
    assert "Czy chodziło o „Nazwa”?" in read.findings[0].remedy


def test_a_column_written_twice(project: RegisterProject) -> None:
    project.add("lista", [entity(1)], **FORM)
    path = project.folder / "lista.csv"
    path.write_text("\n".join(f"{line},x" for line in path.read_text(encoding="utf-8").splitlines())
                    .replace("wykreślenia,x", "wykreślenia,Nazwa"), encoding="utf-8")  # fmt: skip
    assert blocking(project.read()) == ["ES-21"]


def test_a_broken_description_stops_everything(project: RegisterProject) -> None:
    project.add("lista", [entity(1)], **FORM)
    project.add("druga", [entity(2)], legal_form="nie ma takiej")
    assert blocking(project.read()) == ["ES-16"]


def test_nothing_but_refused_rows(project: RegisterProject) -> None:
    read = one_list(project, entity(1, teryt=""))
    assert blocking(read) == ["ES-04"]
    assert len(read.rejected) == 1


# --- personal data --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"name": f"Jan Kowalski {PESEL}"},
        {"name": "biuro@example.org"},
        {"end_reason": f"zgon, {PESEL[:6]} {PESEL[6:]}"},
        {"id": PESEL},
    ],
)
def test_personal_data_in_words_refuse_the_list(project: RegisterProject, changes: dict[str, str]) -> None:
    rows = [{"id": str(number), "end_reason": "", **row} for number, row in enumerate(beside(**changes))]
    read = one_list(project, *rows)
    assert blocking(read) == ["ES-10"]
    everything = format_findings(read.findings) + read.rejected.to_csv() + repr(read.files)
    assert PESEL not in everything
    assert "example.org" not in everything


def test_personal_data_in_a_column_nobody_reads(project: RegisterProject) -> None:
    project.add("lista", [entity(1)], **FORM)
    path = project.folder / "lista.csv"
    header, row = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{header},Kontakt\n{row},jan@example.org\n", encoding="utf-8")
    assert blocking(project.read()) == ["ES-10"]
    path.write_text(f"{header},Nazwisko prezesa\n{row},Nowak\n", encoding="utf-8")
    named = project.read()
    assert [(finding.code, finding.severity) for finding in named.findings] == [("ES-10", "warning")]
    assert len(named.spells) == 1


def test_personal_data_on_another_sheet(project: RegisterProject) -> None:
    project.add("lista", [entity(1)], xlsx=True, **FORM)
    row = entity(1)
    write_xlsx(project.folder / "lista.xlsx", [[ROLES[role] for role in row], list(row.values())],
               Robocze=[["uwagi"], [f"ur. {PESEL}"]])  # fmt: skip
    read = project.read()
    assert blocking(read) == ["ES-10"]
    assert "Robocze" in read.findings[0].column


def test_numbers_of_entities_are_no_personal_data(project: RegisterProject) -> None:
    # Eleven digits in the column of NIP are a wrong NIP; a REGON in a column nobody reads looks like a telephone.
    project.add("lista", [entity(1, nip=PESEL), entity(2)], **FORM)
    path = project.folder / "lista.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    words = ["REGON", "601234567", "501234567"]
    path.write_text("\n".join(map(",".join, zip(lines, words, strict=True))), encoding="utf-8")
    read = project.read()
    assert codes(read) == ["ES-18"]
    assert PESEL not in format_findings(read.findings)


def test_a_refused_row_is_kept_without_a_persons_number(project: RegisterProject) -> None:
    read = one_list(project, *beside(nip=PESEL, teryt=""))
    assert PESEL not in read.rejected.to_csv()
    assert "[usunięto]" in read.rejected["record"].iloc[0]


# --- provenance and counts ------------------------------------------------------------------------------


def test_files_and_counts(project: RegisterProject) -> None:
    project.add("a", [entity(1), entity(2), entity(3, teryt="")], **FORM)
    project.add("b", [entity(1), entity(4, teryt=WARSAW)], legal_form="ngo")
    read = project.read()
    assert [(file.path[-6:], file.rows_in, file.rows_out) for file in read.files] == [
        ("a.yaml", 0, 0), ("b.yaml", 0, 0), ("/a.csv", 3, 2), ("/b.csv", 2, 2),
    ]  # fmt: skip
    assert read.counts.to_numpy().tolist() == [
        ["12", "Rejestr a", 2, 2, 1, 0], ["12", "Rejestr b", 1, 1, 1, 0], ["14", "Rejestr b", 1, 1, 0, 0],
    ]  # fmt: skip
    assert tuple(read.counts.columns) == REGISTER_COUNT_COLUMNS
