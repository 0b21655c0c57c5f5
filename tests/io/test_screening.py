"""Bad input of every kind, each as a real file: a clear finding, and nothing lost."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

from ropsanalysis.io import store, workbook_guard
from ropsanalysis.io.screening import CHECKS, Finding, Screening, format_findings, screen_regional
from support import PROJECT

RAW = PROJECT / "data" / "raw"
HOSTILE = ("</script><script>alert(1)</script>", "=1+1", "#import", "{{7*7}}", "@SUM(A1)", "$x$", "a\u2028b")


@pytest.fixture(scope="module")
def shipped() -> Screening:
    """Return the screening of the data that ship with the project."""
    return screen_regional(RAW, latest_year=2025)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "raw"
    for name in ("gus_sdg", "bdl_context"):
        shutil.copytree(RAW / name, folder / name)
    return folder


def observations(raw: Path) -> Path:
    return raw / "gus_sdg" / "observations.csv"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def row_of(path: Path, start: str) -> int:
    """Return the row as a spreadsheet numbers it."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if line.startswith(start))


def screen(raw: Path) -> Screening:
    return screen_regional(raw, latest_year=2025)


def only(screening: Screening, code: str) -> Finding:
    """Return the finding, after checking that there is no other kind."""
    assert {finding.code for finding in screening.findings} == {code}, format_findings(screening.findings)
    return screening.findings[0]


def to_xlsx(source: Path, target: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("dane")
    with source.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            sheet.append(row)
    book.save(target)


# --- the shipped data -----------------------------------------------------------------------------------


def test_the_shipped_data_have_no_finding(shipped: Screening) -> None:
    screening = shipped
    assert screening.findings == ()
    assert len(screening.observations) == 6919  # lines of the file less its header
    assert screening.rejected.empty
    assert list(screening.indicators["status"]).count("excluded") == 6
    assert len(screening.context) == 4 * 17
    assert [record.path for record in screening.files] == [
        "data/raw/gus_sdg/indicators.csv",
        "data/raw/gus_sdg/observations.csv",
        "data/raw/bdl_context/observations.csv",
    ]
    assert all(record.rows_in == record.rows_out for record in screening.files)
    assert format_findings(()) == "Kontrola danych nie wykazała uwag."


def test_quoted_figures_are_there(shipped: Screening) -> None:
    table = shipped.observations.set_index(["indicator", "teryt", "year"])["value"].sort_index()
    assert table["1.B.1", "28", 2025] == 377.6  # DOMAIN.md, case SDG-REG
    assert table["1.B.1", "00", 2025] == 222.7
    assert table["1.D.2", "28"].loc[2012:2018].isna().all()


# --- the file as a whole --------------------------------------------------------------------------------


def test_missing_file(raw: Path) -> None:
    observations(raw).unlink()
    finding = only(screen(raw), "GUS-02")
    assert finding.severity == "blocking"
    assert finding.file == "data/raw/gus_sdg/observations.csv"


def test_missing_context_is_only_a_warning(raw: Path) -> None:
    shutil.rmtree(raw / "bdl_context")
    screening = screen(raw)
    assert only(screening, "GUS-02").severity == "warning"
    assert screening.context.empty
    assert screening.blocking == ()


def test_nothing_at_all(tmp_path: Path) -> None:
    screening = screen(tmp_path)
    assert len(screening.blocking) == 2
    assert screening.observations.empty


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_empty_file(raw: Path, content: bytes) -> None:
    observations(raw).write_bytes(content)
    assert only(screen(raw), "GUS-03").severity == "blocking"


def test_header_only(raw: Path) -> None:
    observations(raw).write_text("indicator,teryt,year,value,flag\n", encoding="utf-8")
    assert only(screen(raw), "GUS-04").severity == "blocking"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("cp1250", "Windows-1250"), ("iso-8859-2", "ISO-8859-2"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16")],
)
def test_wrong_encoding_is_named(raw: Path, encoding: str, name: str) -> None:
    path = raw / "gus_sdg" / "indicators.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding, errors="replace"))
    finding = next(finding for finding in screen(raw).blocking if finding.file.endswith("indicators.csv"))
    assert finding.code == "GUS-05"
    assert finding.found.startswith(name)
    assert "UTF-8" in finding.remedy


def test_letters_broken_before_are_noticed(raw: Path) -> None:
    path = raw / "gus_sdg" / "indicators.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("ł", "Ĺ‚"), encoding="utf-8")
    assert screen(raw).blocking[0].code == "GUS-05"


def test_a_byte_order_mark_is_accepted(raw: Path) -> None:
    for path in raw.rglob("*.csv"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert screen(raw).findings == ()


@pytest.mark.parametrize("content", [b"PK\x03\x04 something", b"\xd0\xcf\x11\xe0 xls", b"%PDF-1.7"])
def test_another_format_named_csv(raw: Path, content: bytes) -> None:
    observations(raw).write_bytes(content)
    assert "z rozszerzeniem .csv" in only(screen(raw), "GUS-06").found


def test_an_open_quotation_mark(raw: Path) -> None:
    edit(observations(raw), "1.B.1,00,2010,541.5,", '1.B.1,00,2010,541.5,"')
    assert only(screen(raw), "GUS-06").severity == "blocking"


def test_missing_column_with_a_suggestion(raw: Path) -> None:
    edit(observations(raw), "indicator,teryt,year,value,flag", "indicator,teryt,year,values,flag")
    finding = only(screen(raw), "GUS-01")
    assert (finding.row, finding.column) == (1, "value")
    assert "„values”" in finding.remedy


def test_surplus_column_is_ignored_with_a_warning(raw: Path) -> None:
    path = raw / "bdl_context" / "observations.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    text = "\n".join([lines[0] + ",uwagi", *(line + ",=1+1" for line in lines[1:])])
    path.write_text(text, encoding="utf-8")
    screening = screen(raw)
    assert only(screening, "GUS-20").severity == "warning"
    assert len(screening.context) == 68


def test_repeated_column(raw: Path) -> None:
    edit(observations(raw), "indicator,teryt,year,value,flag", "indicator,teryt,year,value,value")
    codes = [finding.code for finding in screen(raw).blocking]
    assert codes == ["GUS-21", "GUS-01"]


def test_phantom_column_of_a_trailing_delimiter(raw: Path) -> None:
    path = observations(raw)
    text = path.read_text(encoding="utf-8").replace("\n", ",\n")
    path.write_text(text, encoding="utf-8")
    assert screen(raw).findings == ()


# --- rows -----------------------------------------------------------------------------------------------

LINE = "1.B.1,28,2025,377.6,"


@pytest.mark.parametrize(
    ("new", "code", "column"),
    [
        ("1.B.1,28,2025,377O6,", "GUS-07", "value"),
        ("1.B.1,28,2025,377.6 %,", "GUS-07", "value"),
        ("1.B.1,28,2025,x,", "GUS-07", "value"),
        ("1.B.1,28,2025,nan,", "GUS-07", "value"),
        ("1.B.1,28,2025,1e999,", "GUS-07", "value"),
        ("1.B.1,28,2025,=1+1,", "GUS-07", "value"),
        ("1.B.1,28,2025,377,6,", "GUS-08", "value"),
        ('1.B.1,28,2025,"377,6",', "GUS-08", "value"),
        ("1.B.1,29,2025,377.6,", "GUS-11", "teryt"),
        ("1.B.1,warmińsko-mazurskie,2025,377.6,", "GUS-11", "teryt"),
        ("1.B.1,2801,2025,377.6,", "GUS-11", "teryt"),
        ("1.B.11,28,2025,377.6,", "GUS-12", "indicator"),
        ("1.B.1,28,2026,377.6,", "GUS-13", "year"),
        ("1.B.1,28,20225,377.6,", "GUS-13", "year"),
        ("1.B.1,28,1900,377.6,", "GUS-13", "year"),
        ("1.B.1,28,2025,-377.6,", "GUS-14", "value"),
        ("1.B.1,28,2025,377.6,withheld", "GUS-19", "value"),
        ("1.B.1,28,2025,,secret", "GUS-19", "flag"),
        ("1.B.1,28,2025", "GUS-21", ""),
    ],
)
def test_a_bad_row_is_found_refused_and_kept(raw: Path, shipped: Screening, new: str, code: str, column: str) -> None:
    path = observations(raw)
    row = row_of(path, LINE)
    edit(path, LINE, new)
    screening = screen(raw)
    blocking = screening.blocking
    assert [(finding.code, finding.row, finding.column) for finding in blocking] == [(code, row, column)]
    assert all((finding.found, finding.expected, finding.remedy) for finding in blocking)
    assert len(screening.observations) == len(shipped.observations) - 1
    (kept,) = screening.rejected.itertuples()
    assert (kept.file, kept.row, kept.code) == (blocking[0].file, row, code)
    assert json.loads(kept.record) == next(csv.reader([new]))
    assert CHECKS[code] in kept.reason


def test_all_faults_of_a_row_are_told_at_once(raw: Path) -> None:
    edit(observations(raw), LINE, "1.B.11,29,2026,377O6,")
    codes = [finding.code for finding in screen(raw).blocking]
    assert codes == ["GUS-12", "GUS-11", "GUS-13", "GUS-07"]


def test_duplicates_name_both_rows_and_neither_is_trusted(raw: Path) -> None:
    path = observations(raw)
    row = row_of(path, LINE)
    edit(path, LINE, f"{LINE}\n1.B.1,28,2025,999.9,")
    screening = screen(raw)
    finding = screening.blocking[0]
    assert finding.code == "GUS-09"
    assert f"w wierszach {row} i {row + 1}" in finding.found
    assert list(screening.rejected["row"]) == [row, row + 1]
    left = screening.observations.query("indicator == '1.B.1' and teryt == '28' and year == 2025")
    assert left.empty


def test_codes_that_lost_their_zero_are_mended_with_a_warning(raw: Path, shipped: Screening) -> None:
    path = observations(raw)
    want = shipped.observations
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table.assign(teryt=table["teryt"].astype(int)).to_csv(path, index=False)
    screening = screen(raw)
    assert {(finding.code, finding.severity) for finding in screening.findings} == {("GUS-10", "warning")}
    pd.testing.assert_frame_equal(screening.observations, want)


def test_semicolons_allow_decimal_commas(raw: Path, shipped: Screening) -> None:
    path = observations(raw)
    want = shipped.observations
    path.write_text(path.read_text(encoding="utf-8").replace(",", ";").replace("377.6", "377,6"), encoding="utf-8")
    screening = screen(raw)
    assert screening.findings == ()
    pd.testing.assert_frame_equal(screening.observations, want)


def test_a_zero_where_none_can_be_becomes_missing(raw: Path) -> None:
    edit(observations(raw), "1.D.2,28,2012,,zero_means_missing", "1.D.2,28,2012,0.0,")
    screening = screen(raw)
    assert only(screening, "GUS-15").severity == "warning"
    row = screening.observations.query("indicator == '1.D.2' and teryt == '28' and year == 2012").iloc[0]
    assert pd.isna(row["value"])
    assert row["flag"] == "zero_means_missing"


def test_an_empty_value_without_a_flag_is_a_warning(raw: Path) -> None:
    edit(observations(raw), LINE, "1.B.1,28,2025,,")
    screening = screen(raw)
    assert only(screening, "GUS-19").severity == "warning"
    assert screening.observations["flag"].eq("not_published").sum() == 289 + 1  # 289 in the shipped data


def test_a_percentage_above_one_hundred(raw: Path) -> None:
    edit(observations(raw), "1.G.1,00,2024,93.9,", "1.G.1,00,2024,939,")
    assert screen(raw).blocking[0].code == "GUS-14"


def test_half_a_family(raw: Path) -> None:
    edit(observations(raw), "1.A.1,02,2024,17938,", "1.A.1,02,2024,17938.5,")
    assert screen(raw).blocking[0].expected == "liczba całkowita"


def test_an_excluded_series_is_set_aside(raw: Path) -> None:
    path = observations(raw)
    path.write_text(path.read_text(encoding="utf-8") + "1.E.3,28,2024,1.5,\n", encoding="utf-8")
    screening = screen(raw)
    assert only(screening, "GUS-25").severity == "warning"
    assert "1.E.3" not in set(screening.observations["indicator"])
    assert len(screening.rejected) == 1


# --- series ---------------------------------------------------------------------------------------------


def test_regions_that_do_not_sum_to_poland(raw: Path) -> None:
    edit(observations(raw), "1.A.1,02,2024,17938,", "1.A.1,02,2024,17398,")
    finding = only(screen(raw), "GUS-16")
    # Transposed digits: 540 families fewer than Poland's 341 438.
    assert "rok 2024: suma województw 340898, Polska 341438" in finding.found


def test_a_copy_of_the_year_before(raw: Path) -> None:
    path = observations(raw)
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    of = table["indicator"].eq("1.B.1") & table["teryt"].ne("00")
    earlier = table.loc[of & table["year"].eq("2024"), "value"].to_list()
    table.loc[of & table["year"].eq("2025"), "value"] = earlier
    table.to_csv(path, index=False)
    assert "rok 2025 powtarza wartości roku 2024" in only(screen(raw), "GUS-17").found


def test_a_region_without_a_row_in_the_latest_year(raw: Path) -> None:
    edit(observations(raw), LINE + "\n", "")
    assert "warmińsko-mazurskie" in only(screen(raw), "GUS-18").found


def test_an_indicator_without_observations(raw: Path) -> None:
    path = observations(raw)
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("1.B.7,")]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert "1.B.7" in only(screen(raw), "GUS-23").found


def test_a_lost_decimal_point(raw: Path) -> None:
    edit(observations(raw), LINE, "1.B.1,28,2025,3776,")
    assert "3776" in only(screen(raw), "GUS-24").found


# --- indicators -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        (",rate,1,lower,poverty", ",rate,1,lowest,poverty", "direction"),
        (",rate,1,lower,poverty", ",odsetek,1,lower,poverty", "kind"),
        (",rate,1,lower,poverty", ",rate,jeden,lower,poverty", "digits"),
        (",rate,1,lower,poverty", ",rate,1,lower,", "section"),
        (",register,,true,", ",register,,może,", "comparable"),
        (",register,,true,", ",register,od 2020,true,", "break_years"),
    ],
)
def test_a_bad_description_is_refused(raw: Path, old: str, new: str, column: str) -> None:
    edit(raw / "gus_sdg" / "indicators.csv", old, new)
    finding = screen(raw).blocking[0]
    assert (finding.code, finding.row, finding.column) == ("GUS-22", 2, column)


def test_hostile_text_is_kept_word_for_word(raw: Path) -> None:
    path = raw / "gus_sdg" / "indicators.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    for number, text in enumerate(HOSTILE):
        table.loc[number, "caution"] = text
    table.to_csv(path, index=False)
    screening = screen(raw)
    assert screening.findings == ()
    assert tuple(screening.indicators["caution"].head(len(HOSTILE))) == HOSTILE


def test_hostile_text_in_a_refused_row_is_kept_word_for_word(raw: Path, tmp_path: Path) -> None:
    path = observations(raw)
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([text, "28", "2025", text, ""] for text in HOSTILE)
    screening = screen(raw)
    (kept,) = store.write_rejected(screening.rejected, tmp_path / "rejected")
    records = [json.loads(record) for record in pd.read_csv(kept)["record"]]
    assert [record[0] for record in records] == list(HOSTILE)


# --- workbooks ------------------------------------------------------------------------------------------


def test_the_same_dataset_as_a_workbook(raw: Path, shipped: Screening) -> None:
    want = shipped
    for path in list(raw.rglob("*.csv")):
        to_xlsx(path, path.with_suffix(".xlsx"))
        path.unlink()
    screening = screen(raw)
    assert screening.findings == ()
    pd.testing.assert_frame_equal(screening.observations, want.observations)
    pd.testing.assert_frame_equal(screening.indicators, want.indicators)


def test_a_workbook_with_numbers_in_place_of_codes(raw: Path) -> None:
    path = raw / "bdl_context" / "observations.csv"
    book = Workbook()
    for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"))):
        numeric = row[1].isdigit()
        book.active.append([row[0], int(row[1]), int(row[2]), float(row[3]), None] if numeric else row)
    path.unlink()
    book.save(path.with_suffix(".xlsx"))
    screening = screen(raw)
    assert only(screening, "GUS-10").severity == "warning"
    assert len(screening.context) == 68


def archive(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return buffer.getvalue()


def small_workbook() -> bytes:
    buffer = io.BytesIO()
    book = Workbook()
    for _ in range(30):
        book.active.append(list(range(30)))
    book.save(buffer)
    return buffer.getvalue()


BOMB = archive({"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": b"0" * (64 * 2**20)})
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (BOMB, "bomba ZIP"),
        (archive({"xl/workbook.xml": LAUGHS}), "ENTITY"),
        (archive({"xl/workbook.xml": LAUGHS.decode().encode("utf-16-le")}), "ENTITY"),
        (archive({"readme.txt": b"x"}), "nie jest skoroszytem"),
        (archive({"xl/workbook.xml": b"<a/>"}), "nie jest poprawnym skoroszytem"),
        (archive({f"xl/{n}.bin": b"" for n in range(2_001)}), "2001 plików"),
        (b"PK\x03\x04 cut off", "nie jest poprawnym skoroszytem"),
        (b"indicator,teryt\n", "nie jest poprawnym skoroszytem"),
    ],
    ids=["bomb", "laughs", "laughs-utf16", "zip", "hollow", "many-parts", "cut-off", "csv"],
)
def test_a_hostile_workbook_is_not_opened(raw: Path, content: bytes, message: str) -> None:
    observations(raw).unlink()
    observations(raw).with_suffix(".xlsx").write_bytes(content)
    finding = only(screen(raw), "GUS-06")
    assert finding.severity == "blocking"
    assert message in finding.found


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (workbook_guard.Limits(archive_bytes=100), "plik ma"),
        (workbook_guard.Limits(unpacked_bytes=100), "po rozpakowaniu"),
        (workbook_guard.Limits(cells=100), "ponad 100 komórek"),
    ],
)
def test_each_limit_of_a_workbook(limits: workbook_guard.Limits, message: str) -> None:
    with pytest.raises(workbook_guard.DataError, match=message):
        workbook_guard.read_first_sheet(small_workbook(), limits=limits)


# --- the text a person reads ----------------------------------------------------------------------------


def test_findings_are_readable_and_long_lists_are_cut(raw: Path) -> None:
    path = observations(raw)
    text = path.read_text(encoding="utf-8").replace("1.B.1,", "1.B.X,")
    path.write_text(text, encoding="utf-8")
    screening = screen(raw)
    assert len(screening.blocking) == 16 * 17  # 2010-2025 for Poland and 16 regions: all collected
    report = format_findings(screening.findings, limit=3)
    assert report.startswith("BŁĘDY, które wstrzymują obliczenia: 272")
    assert "GUS-12 nieznany wskaźnik - data/raw/gus_sdg/observations.csv, wiersz 2, kolumna „indicator”" in report
    assert "pozostałe takie uwagi: 269" in report
    assert "Czy chodziło o „1.B." in report


def test_every_finding_code_is_exercised_here() -> None:
    # A check nobody ever saw fail is a check nobody can trust.
    source = Path(__file__).read_text(encoding="utf-8")
    assert [code for code in CHECKS if code.startswith("GUS") and code not in source] == []


def test_screening_changes_no_file(raw: Path) -> None:
    def contents() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in raw.rglob("*") if path.is_file()}

    before = contents()
    screen(raw)
    assert contents() == before
