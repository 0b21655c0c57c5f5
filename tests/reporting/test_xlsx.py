"""The workbook of a report: the report's numbers as numbers, every text as a text, nothing live, the same bytes."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_notebooks import cover, executed, figure, findings, table

from ropsanalysis.errors import ReportError
from ropsanalysis.present.blocks import Block, Column, Note, Number, Statement, Table
from ropsanalysis.reporting import cells, document, verify, xlsx
from ropsanalysis.reporting.document import Document
from ropsanalysis.reporting.exporters import ReportXLSXExporter
from spreadsheets import body, shown, values
from support import PROJECT

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "@SUM(1)",
    "+1",
    "-1",
    "=1+1",
    "\t=1+1",
    "{=1+1}",
    "'=1+1",
    '=HYPERLINK("https://example.org";"a")',
    "https://example.org/",
    "mailto:a@example.org",
    "internal:'Tabela 1'!A1",
    "#N/A",
    "TRUE",
    "2025",
    "1,5",
    "1e5",
    "2025-01-01",
    "_x000D_",
    "_x000D_x000A_",
    "a_x0041_",
    "<r><t>a</t></r>",
    "<r>&</r>",
    "<f>1+1</f>",
    "]]>",
    "&amp;",
    " spacja ",
    "wiersz\nwiersz",
    "zażółć gęślą jaźń 🙂",
]


def whole(text: str = "tekst", **changes: Any) -> Document:
    """Return a document that says the text in every place where a document can say one."""
    return document.read(
        executed(
            cover(centre=text, facts=((text, text),), **changes),
            "## Ustalenia",
            findings("Wynik {value}: " + text.replace("{", "{{").replace("}", "}}")),
            Statement(text),
            table(title=text, source=text, note=text, columns=(Column(text, "left"), Column(text)),
                  rows=((text, Number(1, unit=text)), ("b", Number(None, missing=text)))),
            figure(title=text, alt=text, description=text, source=text, note=text),
            Note(text, title=text, items=(text,)),
        )
    )  # fmt: skip


def of(*blocks: Block | str, **changes: Any) -> Document:
    return document.read(executed(cover(**changes), "## Ustalenia", findings("W regionie {value} osób."), *blocks))


def opened(made: Document | bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(xlsx.render(made) if isinstance(made, Document) else made))


def texts(book: openpyxl.Workbook) -> list[str]:
    return [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]


def notes(book: openpyxl.Workbook) -> list[tuple[str, str]]:
    return [(about, text) for about, text in values(book["Uwagi"])[1:]]


# ---- numbers ----------------------------------------------------------------------------------------------


@settings(max_examples=500)
@given(
    st.one_of(
        st.floats(-1e12, 1e12, allow_nan=False),
        st.decimals(-12_000, 12_000, places=2).map(float),  # ties, and the bounds where the report begins to group
        st.sampled_from([0.0, -0.0, 0.05, -0.05, 0.5, -0.5, 9999.5, 9999.95, 9999.995, -9999.5, 1e15]),
    ),
    st.integers(0, 4),
    st.booleans(),
    st.sampled_from(["", "%", "p.p.", "zł"]),
)
def test_a_cell_shows_the_number_as_the_report_prints_it(value: float, digits: int, signed: bool, unit: str) -> None:
    number = Number(value, digits=digits, signed=signed, unit=unit)
    assert shown(value, cells.number_format(number, unit=unit)) == number.text


@settings(max_examples=30)
@given(st.lists(st.floats(-1e15, 1e15), min_size=1, max_size=30))
def test_a_number_keeps_all_its_digits(numbers: list[float]) -> None:
    made = table(columns=(Column("a", "left"), Column("b")), rows=tuple(("x", Number(value)) for value in numbers))
    assert [row[1] for row in values(opened(of(made))["Tabela 1"])[1:]] == numbers


def test_a_missing_number_is_the_text_that_the_report_prints() -> None:
    rows = (("a", Number(None)), ("b", Number(None, missing="n.op.")), ("c", Number(0.0)))
    sheet = opened(of(table(columns=(Column("a", "left"), Column("b")), rows=rows)))["Tabela 1"]
    assert [row[1] for row in values(sheet)[1:]] == ["–", "n.op.", 0]


def test_the_heading_names_a_unit_that_all_numbers_share_and_the_cell_one_of_its_own() -> None:
    columns = (Column("Województwo", "left"), Column("Koszt"), Column("Różnica"), Column("Udział (%)"))
    rows = (
        ("opolskie", Number(5.0, unit="zł"), Number(1.5, digits=1, unit="p.p.", signed=True), Number(3.0, unit="%")),
        ("śląskie", Number(None, unit="zł"), Number(-7.0, signed=True), Number(4.0, unit="%")),
    )
    head, first, second = body(opened(of(table(columns=columns, rows=rows)))["Tabela 1"])
    assert [cell.value for cell in head] == ["Województwo", "Koszt (zł)", "Różnica", "Udział (%)"]
    assert [shown(cell.value, cell.number_format) for cell in first[1:]] == ["5", "+1,5\u00a0p.p.", "3"]
    assert (second[1].value, shown(second[2].value, second[2].number_format)) == ("–", "−7")


# ---- texts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    book, plain = opened(whole(text)), opened(whole("tekst"))
    found = texts(book)
    assert all(cell.data_type in "sn" for sheet in book for row in sheet.iter_rows() for cell in row)
    # centre, two sides of a fact, statement, first cell, missing number, three remarks of the figure, items of the note
    assert sum(value == text for value in found) >= 7
    assert len(found) == len(texts(plain))
    assert sum(text in value for value in found) >= 18


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1"])
def test_a_text_that_is_edited_in_a_spreadsheet_does_not_become_a_formula_either(text: str) -> None:
    sheet = opened(of(table(rows=((text, text, "a"), ("b", "c", "d")))))["Tabela 1"]
    assert [cell.quotePrefix for cell in body(sheet)[1]] == [True, True, False]


LETTERS = st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff") | st.sampled_from(
    "=+-@\t\n_x0D<r>/&"
)


@settings(max_examples=60)
@given(st.lists(st.text(LETTERS, min_size=1), min_size=1, max_size=20))
def test_any_text_is_read_back_as_it_was(words: list[str]) -> None:
    words = [word.replace("x005F_", "") for word in words]  # openpyxl takes this away wherever it stands
    made = of(table(columns=(Column("a", "left"), Column("b")), rows=tuple(("x", word) for word in words)))
    cells = [row[1] for row in body(opened(made)["Tabela 1"])[1:]]
    assert [cell.value or "" for cell in cells] == words
    assert {cell.data_type for cell, word in zip(cells, words, strict=True) if word} <= {"s"}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a\x00b", "a␀b"),
        ("\x1b[31m", "␛[31m"),
        ("a\x7fb\x0bc", "a␡b␋c"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\ud800b\ufffe", "a�b�"),
    ],
)
def test_a_character_that_a_workbook_cannot_hold_is_made_visible(text: str, written: str) -> None:
    made = of(table(title="t", rows=(("x", text, "y"), (text, "y", "z"))), centre=text)
    found = texts(opened(made))
    assert found.count(written) == 3


def test_a_text_longer_than_a_cell_is_continued_below_the_table() -> None:
    text = "".join(f"{number:07}." for number in range(5_000))  # 40 000 characters, each eight of them once
    book = opened(of(table(rows=(("a", text, "b"), ("c", "d", "e")))))
    sheet = book["Tabela 1"]
    column = [cell.value for cell in sheet["A"]]
    [[start]] = [[cell.value for cell in row if "Dalszy ciąg" in str(cell.value)] for row in body(sheet)[1:2]]
    rest = column[column.index("Dalszy ciąg komórki B4:") + 1 :]
    assert start.removesuffix(" […] Dalszy ciąg pod tabelą.") + "".join(rest) == text
    assert max(len(value.encode("utf-16-le")) // 2 for value in texts(book)) <= 32_767


def test_a_title_or_a_note_longer_than_a_cell_goes_on_in_the_next_row() -> None:
    text = "".join(f"{number:07}." for number in range(5_000))
    book = opened(of(table(title=text, note=text, source=text)))
    column = "".join(str(cell.value) for cell in book["Tabela 1"]["A"])
    assert column.count(text) == 3
    assert book.worksheets[0].tables  # the contents repeat the title in full, and are continued below
    assert "".join(texts(book)).count("0000001.") == 5


def test_a_table_wider_than_a_sheet_is_refused() -> None:
    columns = tuple(Column(f"k{number}") for number in range(16_385))  # a sheet has 16 384 columns
    with pytest.raises(ReportError, match="more rows or columns"):
        xlsx.render(of(table(columns=columns, rows=(tuple("x" for _ in columns),))))


# ---- sheets -----------------------------------------------------------------------------------------------


def test_there_is_a_sheet_for_each_table_and_figure_after_cover_findings_and_notes() -> None:
    made = of(table(), figure(), figure(label="Mapa"), table(title="Druga"))
    book = opened(made)
    assert book.sheetnames == ["Okładka", "Ustalenia", "Uwagi", "Tabela 1", "Wykres 1", "Mapa 1", "Tabela 2"]
    assert [sheet["A1"].value for sheet in book][3:] == [
        "Tabela 1. Korzystający z pomocy społecznej", "Wykres 1. Zmiana w czasie", "Mapa 1. Zmiana w czasie",
        "Tabela 2. Druga",
    ]  # fmt: skip
    assert values(book["Okładka"]) == [
        ["Pozycja", "Treść"],
        ["Ośrodek", cover().centre], ["Województwo", "warmińsko-mazurskie"], ["Kod TERYT", "28"], ["Edycja", "2025"],
        ["Stan danych", "2025"],
        ["Arkusz „Ustalenia”", "Ustalenia i opisy z raportu"], ["Arkusz „Uwagi”", "Objaśnienia, uwagi i źródła"],
        *([f"Arkusz „{sheet.title}”", sheet["A1"].value] for sheet in book.worksheets[3:]),
    ]  # fmt: skip


def test_every_sheet_has_one_table_with_headings_that_stay_in_view_and_no_merged_cell() -> None:
    for sheet in opened(of(table(), figure(), Note("Uwaga"))):
        [marked] = sheet.tables.values()
        head = body(sheet)[0]
        assert marked.headerRowCount == 1
        assert marked.autoFilter is None
        assert marked.column_names == [cell.value for cell in head]
        assert all(cell.font.bold for cell in head)
        assert sheet.freeze_panes == f"B{head[0].row + 1}"
        assert sheet.print_title_rows == f"${head[0].row}:${head[0].row}"
        assert not sheet.merged_cells.ranges
        assert all(cell.value not in (None, "") for row in body(sheet) for cell in row)


def test_the_row_of_the_own_region_is_bold_and_explained() -> None:
    book = opened(of(table(highlight=(1,))))
    assert [row[0].font.bold for row in body(book["Tabela 1"])] == [True, False, True]
    assert "Pogrubienie" in dict(notes(book))
    assert "Pogrubienie" not in dict(notes(opened(of(table()))))


def test_headings_that_a_table_does_not_allow_are_told_apart() -> None:
    columns = (Column("Rok", "left"), Column("rok"), Column(""), Column("a\nb"), Column("x" * 300))
    sheet = opened(of(table(columns=columns[:4], rows=(("a", "b", "c", "d"),))))["Tabela 1"]
    assert values(sheet)[0] == ["Rok", "rok (2)", "kolumna 3", "a b"]
    wide = opened(of(table(columns=columns, rows=(("a", "b", "c", "d", "e"),))))["Tabela 1"]
    assert not wide.tables  # Excel repairs a file whose heading is longer than 255
    assert wide["E3"].value == "x" * 300


def test_a_table_without_rows_is_written_all_the_same() -> None:
    sheet = opened(of(Table("k", "Pusta", (Column("a", "left"), Column("b")), ())))["Tabela 1"]
    assert [cell.value for cell in sheet[2]] == ["a", "b"]


@pytest.mark.parametrize("caption", ["", "Tabela 1.", "[*]:?/\\", "History", "'", "ą" * 40])
def test_a_sheet_s_name_is_one_that_excel_allows(caption: str) -> None:
    right = of(table(), table())
    changed = (replace(e, caption=caption) if isinstance(e, document.Numbered) else e for e in right.elements)
    names = opened(replace(right, elements=tuple(changed))).sheetnames
    assert len({name.casefold() for name in names}) == len(names) == 5
    for name in names:
        assert 0 < len(name) <= 31
        assert not re.search(r"[\[\]:*?/\\]|^'|'$", name)
        assert name.casefold() != "history"


def test_synthetic_data_are_marked_on_every_sheet_on_screen_and_on_paper() -> None:
    book = opened(of(table(), figure(), synthetic=True))
    assert [sheet["A2"].value for sheet in book] == ["DANE SYNTETYCZNE"] * 5
    assert [sheet.oddHeader.center.text for sheet in book] == ["DANE SYNTETYCZNE"] * 5
    assert book.properties.keywords == "DANE SYNTETYCZNE"
    assert not any("SYNTETYCZNE" in text for text in texts(opened(of(table(), figure()))))


def test_where_not_all_is_made_up_only_that_is_marked() -> None:
    real = "oprócz danych GUS"
    made_up = table(key="b", synthetic=True)
    book = opened(of(table(), figure(), made_up, figure(data=made_up), synthetic=True, real=real))
    page = f"DANE SYNTETYCZNE ({real})"
    headers = [sheet.oddHeader.center.text for sheet in book]
    assert headers == [page, page, page, None, None, "DANE SYNTETYCZNE", "DANE SYNTETYCZNE"]
    assert [sheet["A2"].value for sheet in book if sheet["A2"].value in headers[:1] + headers[-1:]] == [
        header for header in headers if header
    ]


def test_a_figure_s_sheet_says_what_is_drawn_and_a_table_s_sheet_its_source() -> None:
    book = opened(of(table(note="Uwaga o tabeli."), figure(source="Źródło rysunku")))
    assert [cell.value for cell in book["Tabela 1"]["A"]][1::5] == [
        "Opis, uwagi i źródło: od wiersza 7.", "Uwaga: Uwaga o tabeli."
    ]  # fmt: skip
    assert [cell.value for cell in book["Wykres 1"]["A"]][-4:] == [
        "Wykres: Wykres liniowy: 377,6 w 2025 roku.", "Opis: Wartość spadła z 391,2 do 377,6.", "Źródło: GUS",
        "Źródło: Źródło rysunku",
    ]  # fmt: skip


def test_every_symbol_in_place_of_a_number_is_explained() -> None:
    first = (("a", Number(None), Number(None, missing="n.op.")), ("b", Number(None, missing="x"), "–"))
    second = (("a", Number(None), Number(None, missing="n.op.")), ("b", Number(1), Number(None, missing="ukryto")))
    note = "Kreska: brak badania. n.op.: nie opublikowano, np. z powodu małej próby."
    book = opened(of(table(rows=first, note=note), table(rows=second)))
    reason = "przyczyna, dla której nie ma tu liczby; nie jest to zero"
    assert [(about, text) for about, text in notes(book) if about.startswith("Symbol")] == [
        ("Symbol „–”", "brak badania. Arkusze: Tabela 1."),
        ("Symbol „n.op.”", "nie opublikowano, np. z powodu małej próby. Arkusze: Tabela 1, Tabela 2."),
        ("Symbol „x”", f"{reason}. Arkusze: Tabela 1."),
        ("Symbol „–”", f"{xlsx.DASH_MEANS}. Arkusze: Tabela 2."),
        ("Symbol „ukryto”", f"{reason}. Arkusze: Tabela 2."),
    ]


def test_findings_and_notes_stand_under_their_chapter() -> None:
    book = opened(
        of(
            "### Sekcja\n\nAkapit z **pogrubieniem**.",
            "## Drugi",
            Statement("Zdanie."),
            Note("Treść", title="Metoda", items=("a",)),
        )
    )
    assert values(book["Ustalenia"])[1:] == [
        ["Ustalenia", "W regionie 377,6 osób."], ["Ustalenia: Sekcja", "Akapit z pogrubieniem."], ["Drugi", "Zdanie."],
    ]  # fmt: skip
    assert notes(book)[-2:] == [("Drugi: Metoda", "Treść"), ("Drugi: Metoda", "a")]


# ---- the file ---------------------------------------------------------------------------------------------


def test_the_file_holds_nothing_live() -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx.render(whole("=1+1")))) as parts:
        names = set(parts.namelist())
        everything = b"".join(parts.read(name) for name in names)
    acting = "vba|macro|external|connection|query|drawing|embed|pivot|ctrl|activeX|customXml|comments|media|bin"
    assert [name for name in names if re.search(acting, name, re.IGNORECASE)] == []
    assert not re.search(rb"<(f|hyperlink|mergeCell|calculatedColumnFormula)[ >/]|TargetMode|<autoFilter", everything)


MAKE = """\
import sys
from small_notebooks import *
from ropsanalysis.reporting import document, xlsx
blocks = [findings("{value}"), table(), figure(), table(note="x: y.")]
made = document.read(executed(cover(synthetic=True), "## A", *blocks))
sys.stdout.buffer.write(xlsx.render(made))
"""


@pytest.mark.slow
def test_the_same_report_gives_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    path = os.pathsep.join(str(PROJECT / part) for part in ("src", "tests", "tests/reporting"))
    made = []
    for zone, seed, folder in (("UTC", "1", PROJECT), ("Asia/Tokyo", "4242", tmp_path)):
        env = {**os.environ, "PYTHONPATH": path, "TZ": zone, "PYTHONHASHSEED": seed}
        env.pop("SOURCE_DATE_EPOCH", None)
        made.append(
            subprocess.run([sys.executable, "-c", MAKE], env=env, cwd=folder, capture_output=True, check=True).stdout
        )
    assert made[0][:2] == b"PK"
    assert made[0] == made[1]


def test_the_date_in_the_file_is_the_one_set(monkeypatch: pytest.MonkeyPatch) -> None:
    # 1 700 000 000 s after the epoch: 14 November 2023, 22:13:20 (date -u -d @1700000000).
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    properties = opened(of(table())).properties
    assert f"{properties.created:%Y-%m-%d %H:%M:%S}" == "2023-11-14 22:13:20"
    assert properties.modified == properties.created


def test_the_file_says_its_title_author_and_language() -> None:
    book = opened(of(table()))
    assert book.properties.title == "Diagnoza sytuacji regionalnej – województwo warmińsko-mazurskie"
    assert book.properties.subject == "Diagnoza sytuacji regionalnej, edycja 2025"
    assert book.properties.creator == cover().centre
    assert [(one.name, one.value) for one in book.custom_doc_props.props] == [("Language", "pl-PL")]


def test_nbconvert_s_exporter_writes_a_workbook() -> None:
    made, resources = ReportXLSXExporter().from_notebook_node(executed(cover(), "## A", findings("{value}"), table()))
    assert isinstance(made, bytes)
    assert opened(made).sheetnames[-1] == "Tabela 1"
    assert resources["output_extension"] == ".xlsx"


@pytest.mark.slow
def test_libreoffice_shows_the_numbers_as_the_report_prints_them(tmp_path: Path) -> None:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice is not installed (soffice or libreoffice)")
    numbers = [
        Number(-0.34, digits=1),
        Number(12345.6, unit="zł"),
        Number(-0.01, digits=1, signed=True),
        Number(9.5, unit="%"),
    ]
    made = of(table(columns=(Column("a", "left"), Column("b")), rows=tuple(("=1+1", number) for number in numbers)))
    (tmp_path / "a.xlsx").write_bytes(xlsx.render(made))
    options = ["--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--convert-to"]
    sheet_4_as_shown = "csv:Text - txt - csv (StarCalc):59,34,76,1,,1045,false,true,false,false,false,4"
    subprocess.run(
        [program, *options, sheet_4_as_shown, "--outdir", tmp_path, tmp_path / "a.xlsx"],
        check=True,
        timeout=120,
        capture_output=True,
    )
    [csv] = tmp_path.glob("*.csv")
    lines = [line.split(";") for line in csv.read_text(encoding="utf-8").splitlines()]
    assert [line for line in lines if line[0] == "=1+1"] == [["=1+1", number.text] for number in numbers]


# ---- the check of a finished file -------------------------------------------------------------------------


def test_a_finished_file_of_another_region_or_with_a_lost_figure_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "regional_diagnosis.xlsx"
    right = of(table())
    path.write_bytes(xlsx.render(right))
    verify.check(path, right)
    for wrong in (
        of(table(), subtitle="województwo opolskie"),
        of(table(), facts=(("Stan danych", "2024"),)),
        replace(right, elements=tuple(e for e in right.elements if isinstance(e, document.Heading))),
    ):
        path.write_bytes(xlsx.render(wrong))
        with pytest.raises(ReportError, match="missing from the finished file"):
            verify.check(path, right)


@pytest.mark.parametrize(
    ("part", "before", "live"),
    [
        ("xl/worksheets/sheet4.xml", "</row>", '<c r="E9"><f>1+1</f><v>2</v></c>'),
        ("xl/worksheets/sheet4.xml", "<pageMargins", '<mergeCells count="1"><mergeCell ref="A8:B8"/></mergeCells>'),
        ("xl/worksheets/sheet4.xml", "<pageMargins", '<hyperlinks><hyperlink ref="A8" location="A1"/></hyperlinks>'),
        ("xl/tables/table4.xml", "</tableColumns>", "<calculatedColumnFormula>1+1</calculatedColumnFormula>"),
        ("xl/workbook.xml", "</definedNames>", '<definedName name="a">SUM(1)</definedName>'),
        ("xl/_rels/workbook.xml.rels", "</Relationships>", '<Relationship Target="b.xlsx" TargetMode="External"/>'),
    ],
)
def test_a_file_that_is_not_plain_data_is_refused(tmp_path: Path, part: str, before: str, live: str) -> None:
    right = of(table())
    path = tmp_path / "regional_diagnosis.xlsx"
    with zipfile.ZipFile(io.BytesIO(xlsx.render(right))) as made, zipfile.ZipFile(path, "w") as changed:
        for name in made.namelist():
            text = made.read(name).decode()
            assert before in text or name != part
            changed.writestr(name, text.replace(before, live + before, 1) if name == part else text)
    with pytest.raises(ReportError, match=r"not plain data|more than its own sheets"):
        verify.check(path, right)


@pytest.mark.parametrize("name", ["xl/vbaProject.bin", "xl/externalLinks/externalLink1.xml", "xl/connections.xml"])
def test_a_file_with_a_part_that_acts_is_refused(tmp_path: Path, name: str) -> None:
    right = of(table())
    path = tmp_path / "regional_diagnosis.xlsx"
    path.write_bytes(xlsx.render(right))
    with zipfile.ZipFile(path, "a") as parts:
        parts.writestr(name, b"<a/>")
    with pytest.raises(ReportError, match=f"no part '{name}'"):
        verify.check(path, right)
