"""A document as an accessible PDF: PDF/UA-1 and PDF/A-2a in one file, or no file at all.

Typst refuses to write a PDF/UA without alternative texts, title and whole heading levels. What its
binding cannot do, marking row headers, pikepdf adds; the finished bytes then pass an independent
checker of all machine-checkable PDF/UA-1 rules.
"""

from __future__ import annotations

import io
import json
import os
import re
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from math import ceil
from pathlib import Path
from typing import Any

import matplotlib as mpl
import page
import pikepdf
import typst

from ropsanalysis.errors import ReportError
from ropsanalysis.present.blocks import SYNTHETIC_MARK, Figure, Points, Table, cell_text
from ropsanalysis.reporting.document import Document, Heading, Numbered, Paragraph, Plain

#: Used when SOURCE_DATE_EPOCH is not set, so that the same data give the same bytes on any day.
DEFAULT_EPOCH = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
STANDARDS = ["ua-1", "a-2a"]
#: Documents that the typesetter sets before it forgets one.
_REMEMBERED = 10


def render(document: Document) -> bytes:
    """Return the document as PDF.

    Raises
    ------
    ReportError
        The document is not accessible (missing alternative text, skipped heading level, a rule of
        PDF/UA-1 broken); no PDF is made then.
    """
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH", DEFAULT_EPOCH))
    inputs = {"document": json.dumps(_content(document, epoch), ensure_ascii=False)}
    try:
        compiled = compiler().compile(
            _template(), sys_inputs=inputs, format="pdf", pdf_standards=STANDARDS, timestamp=epoch
        )
    except typst.TypstError as error:
        raise ReportError(f"the PDF would not be accessible or cannot be set: {error.message}") from error
    finished = with_row_headers(compiled)
    check(finished)
    return finished


@cache
def _template() -> bytes:
    return (files("ropsanalysis.reporting") / "templates" / "report.typ").read_bytes()


@cache
def compiler() -> Any:
    """Return the typesetter with its fonts loaded. It must set nothing before a fork: it would leave threads behind."""
    fonts = Path(mpl.get_data_path()) / "fonts" / "ttf"  # the same DejaVu that the figures are drawn with
    return typst.Compiler(font_paths=[str(fonts)], ignore_system_fonts=True)


def forget() -> None:
    """Let the typesetter forget earlier documents: it keeps about 60 MiB of each until ten others have been set."""
    for _ in range(_REMEMBERED + 1):
        compiler().compile(b"", format="pdf")


def with_row_headers(pdf: bytes) -> bytes:
    """Mark the first cell of each body row as the row's header, as the HTML does."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        _promote(opened.Root.StructTreeRoot, in_body=False)
        buffer = io.BytesIO()
        opened.save(
            buffer,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
        )
    return buffer.getvalue()


def _promote(node: Any, *, in_body: bool) -> None:
    tag = str(node.get("/S", ""))
    in_body = in_body or tag == "/TBody"
    if in_body and tag == "/TR":
        first = _children(node)[0]
        if str(first.get("/S", "")) == "/TD":
            first.S = pikepdf.Name.TH
            first.A = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Row)
        return
    for child in _children(node):
        _promote(child, in_body=in_body)


def _children(node: Any) -> list[Any]:
    kids = node.get("/K")
    if kids is None:
        return []
    items = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    return [item for item in items if isinstance(item, pikepdf.Dictionary) and "/S" in item]


def check(pdf: bytes) -> None:
    """Check the PDF against the machine-checkable rules of PDF/UA-1.

    Raises
    ------
    ReportError
        A rule is broken; the message names the first five.
    """
    report = page.validate_pdf_bytes(pdf, profile=page.ValidationProfile.PDF_UA_1)
    if not report.is_compliant:
        broken = "; ".join(f"{failure.rule_id}: {failure.message}" for failure in report.failures[:5])
        raise ReportError(f"the PDF breaks rules of PDF/UA-1: {broken}")


def _content(document: Document, epoch: int) -> dict[str, Any]:
    day = datetime.fromtimestamp(epoch, tz=UTC)
    return {
        "cover": document.cover.to_dict(),
        "banner": document.cover.banner,
        "mark": SYNTHETIC_MARK,
        "date": [day.year, day.month, day.day],
        "elements": [_element(element) for element in document.elements],
    }


def _element(element: Heading | Paragraph | Plain | Numbered) -> dict[str, Any]:
    match element:
        case Heading():
            return {"kind": "heading", **asdict(element)}
        case Paragraph():
            return {"kind": "paragraph", **asdict(element)}
        case Plain(text=text):
            return {"kind": "plain", "text": text}
        case Numbered(block=block, caption=caption, anchor=anchor):
            numbered = {"caption": caption, "anchor": anchor}
            match block:
                case Table():
                    return {**_table(block), **numbered}
                case Figure():
                    own = {"data": _table(block.data), "synthetic": block.synthetic}
                    return {**block.to_dict(), **own, **numbered}
                case Points(items=items):
                    shown = [{"text": i.text, "tone": i.tone, "synthetic": i.synthetic} for i in items]
                    return {"kind": "points", "items": shown}
                case _:
                    return {key: value for key, value in block.to_dict().items() if key != "values"}


def _table(table: Table) -> dict[str, Any]:
    rows = [[cell_text(cell) for cell in row] for row in table.rows]
    widths = _widths(table, rows)
    return {**table.to_dict(), "rows": rows, "widths": widths, "long": _is_long(rows, widths)}


#: A table with more rows than this, or with so many characters in their longest cells, or as many lines of text where
#: many columns leave them little room, runs over pages.
_MANY_ROWS, _MUCH_TEXT, _MANY_LINES = 18, 1100, 50


def _is_long(rows: list[list[str]], widths: list[dict[str, Any]]) -> bool:
    shares = sum(width["size"] for width in widths if width["unit"] == "fr")
    room = _PAGE - sum(width["size"] for width in widths if width["unit"] == "pt")
    points = [width["size"] * (max(room, 0.0) / shares if width["unit"] == "fr" else 1.0) for width in widths]
    fit = [max(1.0, (width - _PADDING) / _CHARACTER) for width in points]  # characters in a line of each column
    lines = sum(max(ceil(len(cell) / one) for cell, one in zip(row, fit, strict=True)) for row in rows)
    return len(rows) > _MANY_ROWS or lines > _MANY_LINES or sum(max(map(len, row)) for row in rows) > _MUCH_TEXT


#: Printed width of a character of DejaVu Sans at 8 pt, in points; headings are bold.
_CHARACTER, _BOLD_CHARACTER, _PADDING = 5.1, 5.8, 8.0
#: A numeric column is not made wider than this for the sake of its heading, which can be hyphenated.
_WIDEST_HEADING, _NARROWEST_HEADING = 62.0, 30.0
#: What is not hyphenated: digits, joined by spaces that do not break or not.
_NO_HYPHEN = re.compile(r"^[-−+\d][\d\u00a0.,%]*(\u00a0\w+)*$")
#: Width of a page's text, and the least of it that a column of texts should have, in points.
_PAGE, _LEAST_TEXT = 470.0, 78.0


def _widths(table: Table, rows: list[list[str]]) -> list[dict[str, Any]]:
    """Return column widths: numbers as wide as they need, text sharing the rest by its length.

    Left to itself the typesetter gives every number its heading's full width and starves the text. The more columns
    of numbers there are, the sooner their headings are hyphenated.
    """
    texts = sum(column.align == "left" for column in table.columns)
    room = (_PAGE - texts * _LEAST_TEXT) / max(len(table.columns) - texts, 1)
    widest = min(_WIDEST_HEADING, max(room - _PADDING, _NARROWEST_HEADING))
    widths: list[dict[str, Any]] = []
    for index, column in enumerate(table.columns):
        if column.align == "left":
            longest = max((len(row[index]) for row in rows), default=0)
            words = max((len(word) for row in rows for word in row[index].split()), default=0)
            share = max(longest**0.5, words * 0.42, max(map(len, column.label.split())) * 0.5)
            widths.append({"unit": "fr", "size": round(share, 2)})
            continue
        # Numbers are joined by spaces that do not break; words in their place may stand on two lines, or be hyphenated.
        pieces = [piece for row in rows for piece in row[index].split(" ")]
        numbers = max((len(piece) for piece in pieces if not piece.isalpha()), default=0)
        longest = max((len(piece) for piece in pieces), default=0)
        heading = max(len(word) for word in column.label.split()) * _BOLD_CHARACTER
        need = max(numbers * _CHARACTER, min(max(heading, longest * _CHARACTER), widest)) + _PADDING
        widths.append({"unit": "pt", "size": round(need, 1)})
    return _with_room_for_amounts(widths, rows)


def _with_room_for_amounts(widths: list[dict[str, Any]], rows: list[list[str]]) -> list[dict[str, Any]]:
    """Widen columns of text in which an amount or a day, which does not break, would run into the next column."""
    needs = [
        max((len(piece) for row in rows for piece in row[place].split(" ") if _NO_HYPHEN.search(piece)), default=0)
        * _CHARACTER + _PADDING for place in range(len(widths))
    ]  # fmt: skip
    while True:
        shares = sum(width["size"] for width in widths if width["unit"] == "fr")
        room = _PAGE - sum(width["size"] for width in widths if width["unit"] == "pt")
        tight = [
            place for place, width in enumerate(widths)
            if width["unit"] == "fr" and width["size"] * room < needs[place] * shares
        ]  # fmt: skip
        # At least one column of text stays, to take what is left.
        if (
            not tight
            or room < sum(needs[place] for place in tight) + _LEAST_TEXT
            or shares == sum(widths[place]["size"] for place in tight)
        ):
            return widths
        widths = [
            {"unit": "pt", "size": round(needs[place], 1)} if place in tight else width
            for place, width in enumerate(widths)
        ]
