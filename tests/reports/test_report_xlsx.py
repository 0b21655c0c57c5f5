"""Every workbook holds the numbers of the JSON, cell by cell, as numbers that look as they do in the report."""

from __future__ import annotations

import re
import zipfile
from typing import Any

import openpyxl
import pytest
from report_edition import Edition, text_of

from ropsanalysis.present.blocks import SYNTHETIC_BANNER, SYNTHETIC_MARK
from ropsanalysis.regions import Region
from ropsanalysis.reporting import xlsx
from spreadsheets import body, shown, values

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def edition(place: tuple[str, Region], editions: dict[str, Edition]) -> Edition:
    return editions[place[0]]


@pytest.fixture(scope="module")
def teryt(place: tuple[str, Region]) -> str:
    return place[1].teryt


@pytest.fixture(scope="module")
def book(edition: Edition, teryt: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(edition.path(teryt, "xlsx"))


@pytest.fixture(scope="module")
def report(edition: Edition, teryt: str) -> dict[str, Any]:
    return edition.document(teryt)


def numbered(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return each table, and the table behind each figure, by the name its sheet should have."""
    found = [e for e in report["elements"] if e["kind"] in {"table", "figure"}]
    return {e["caption"].removesuffix("."): e["data"] if e["kind"] == "figure" else e for e in found}


def test_every_table_and_figure_has_its_sheet(book: openpyxl.Workbook, report: dict[str, Any]) -> None:
    assert book.sheetnames == ["Okładka", "Ustalenia", "Uwagi", *numbered(report)]
    titles = [f"{e['caption']} {e['title']}" for e in report["elements"] if e["kind"] in {"table", "figure"}]
    assert [sheet["A1"].value for sheet in book.worksheets[3:]] == titles


def test_every_cell_is_that_of_the_json(book: openpyxl.Workbook, report: dict[str, Any]) -> None:
    compared = 0
    for name, table in numbered(report).items():
        if not table["rows"]:
            continue
        head, *rows = body(book[name])
        assert len(rows) == len(table["rows"]), name
        for found, expected in zip(rows, table["rows"], strict=True):
            for heading, label, cell, one in zip(head, table["columns"], found, expected, strict=True):
                assert heading.value.startswith(label["label"]), name
                compared += _is_same(cell, one, heading.value)
    assert compared > 300, "a report has hundreds of numbers"


def _is_same(cell: Any, one: str | dict[str, Any], heading: str) -> bool:
    """Compare a cell with one of the JSON; return whether it is a number."""
    if isinstance(one, str) or one["value"] is None:
        assert (cell.data_type, cell.value) == ("s", text_of(one))
        return False
    assert (cell.data_type, cell.value) == ("n", one["value"])
    looks = shown(cell.value, cell.number_format)
    unit = one.get("unit", "")
    assert looks == text_of(one) or (unit in heading and looks == text_of({**one, "unit": ""}))
    return True


def test_every_sentence_and_every_note_is_there(book: openpyxl.Workbook, report: dict[str, Any]) -> None:
    found = {text for name in ("Ustalenia", "Uwagi") for _, text in values(book[name])}
    for element in report["elements"]:
        match element["kind"]:
            case "statement":
                assert said(element) in found
            case "paragraph" | "plain":
                assert element["text"] in found
            case "points":
                assert {said(item) for item in element["items"]} <= found
            case "note":
                assert {element["text"], *element["items"]} - {""} <= found
            case "table" | "figure":
                column = [cell.value for cell in book[element["caption"].removesuffix(".")]["A"]]
                for name in ("note", "source", "alt", "description"):
                    assert any(str(text).endswith(element.get(name, "")) for text in column)


def said(statement: dict[str, Any]) -> str:
    """Return a sentence with the mark it must carry where its numbers are made up."""
    return f"{statement['text']} [{SYNTHETIC_MARK}]" if statement["synthetic"] else str(statement["text"])


def test_the_cover_says_what_the_report_is(book: openpyxl.Workbook, report: dict[str, Any]) -> None:
    cover = report["cover"]
    sheet = book["Okładka"]
    assert sheet["A1"].value == cover["title"]
    assert cover["subtitle"] in [cell.value for cell in sheet["A"][:3]]
    rows = values(sheet)
    assert [list(fact) for fact in cover["facts"]] == [row for row in rows if row in map(list, cover["facts"])]
    assert ["Kod TERYT", cover["teryt"]] in rows
    assert [f"Arkusz „{name}”" for name in book.sheetnames[1:]] == [row[0] for row in rows if row[0].startswith("Ark")]


def test_made_up_numbers_are_marked_on_their_sheets_and_real_ones_are_not(
    book: openpyxl.Workbook, report: dict[str, Any]
) -> None:
    cover = report["cover"]
    mixed = bool(cover["real"])
    for name, table in numbered(report).items():
        assert (book[name]["A2"].value == SYNTHETIC_BANNER) == (table["synthetic"] if mixed else cover["synthetic"])
    for name in ("Okładka", "Ustalenia", "Uwagi"):
        assert str(book[name]["A2"].value).startswith(SYNTHETIC_BANNER) == cover["synthetic"]


def test_every_symbol_in_place_of_a_number_is_explained(book: openpyxl.Workbook, report: dict[str, Any]) -> None:
    tables = numbered(report).values()
    missing = {
        text_of(c) for t in tables for row in t["rows"] for c in row if isinstance(c, dict) and c["value"] is None
    }
    explained = dict(values(book["Uwagi"]))
    assert {f"Symbol „{symbol}”" for symbol in missing} <= set(explained)
    for symbol in missing:
        if len(symbol) < 6 and symbol != "–":  # an abbreviation does not speak for itself
            assert not explained[f"Symbol „{symbol}”"].startswith(xlsx.WORD_MEANS), symbol


def test_nothing_is_merged_or_live_and_headings_stay_in_view(
    book: openpyxl.Workbook, edition: Edition, teryt: str
) -> None:
    for sheet in book:
        assert not sheet.merged_cells.ranges
        assert re.fullmatch(r"B\d+", sheet.freeze_panes)
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    with zipfile.ZipFile(edition.path(teryt, "xlsx")) as parts:
        everything = b"".join(parts.read(name) for name in parts.namelist())
        assert not [name for name in parts.namelist() if re.search("vba|external|connection|drawing|bin", name)]
    assert not re.search(rb"<(f|hyperlink|mergeCell)[ >/]|TargetMode", everything)


def test_the_file_is_light(edition: Edition, teryt: str) -> None:
    assert edition.path(teryt, "xlsx").stat().st_size < 300_000
