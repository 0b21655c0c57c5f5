"""A finished file is that region's and holds that run's figures, or it is not published.

A report with another voivodeship's figures is the worst mistake there is, so every file is read
back as a reader would get it and compared with the document it was made from.
"""

from __future__ import annotations

import json
import re
import zipfile
from html import unescape
from pathlib import Path

import pypdfium2
from lxml import etree

from ropsanalysis.errors import ReportError
from ropsanalysis.present.blocks import Points
from ropsanalysis.reporting.document import Document, Numbered

#: All that a workbook of plain sheets consists of: no macro, drawing, connection or other workbook.
_WORKBOOK_PART = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(app|core|custom)\.xml|xl/_rels/workbook\.xml\.rels|"
    r"xl/(workbook|styles|sharedStrings|theme/theme1|tables/table\d+|worksheets/sheet\d+)\.xml|"
    r"xl/worksheets/_rels/sheet\d+\.xml\.rels"
)
#: Elements of a sheet that calculate, lead elsewhere, or join cells so that a screen reader loses its way.
_LIVE = ("{*}f", "{*}hyperlink", "{*}mergeCell", "{*}calculatedColumnFormula", "{*}dataValidation", "{*}cfRule")


def check_cover(document: Document, *, report: str, teryt: str) -> None:
    """Check that the document is the report for the region that was asked for.

    Raises
    ------
    ReportError
        Its cover names another report or region.
    """
    cover = document.cover
    if (cover.report, cover.teryt) != (report, teryt):
        raise ReportError(f"the cover says {cover.report} for {cover.teryt}, but {report} for {teryt} was asked")


def check(path: Path, document: Document) -> None:
    """Check a finished file against the document it was made from.

    Raises
    ------
    ReportError
        The file lacks its report's title, its region with its code, or a key finding; or it is a
        workbook that holds anything but texts and numbers.
    """
    cover = document.cover
    facts = [f"{name} {value}" for name, value in cover.facts]  # the code of the region is one of them
    text = _READERS[path.suffix](path)
    for expected in (cover.title, cover.subtitle, *facts, *key_findings(document)):
        if _squeezed(expected) not in text:
            raise ReportError(f"{path.name}: '{expected}' is missing from the finished file")


def key_findings(document: Document) -> list[str]:
    """Return the sentences of the report's first list: its key findings, numbers and all."""
    for element in document.elements:
        if isinstance(element, Numbered) and isinstance(element.block, Points):
            return [item.text for item in element.block.items]
    return []


def _squeezed(text: str) -> str:
    """Return the text without white space and hyphens: line breaks differ between formats."""
    return re.sub(r"[\s\u00ad\ufffe\u0002-]", "", text)


def _html_text(path: Path) -> str:
    body = re.sub(r"<style>.*?</style>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return _squeezed(unescape(re.sub(r"<[^>]+>", "", body)))


def _pdf_text(path: Path) -> str:
    opened = pypdfium2.PdfDocument(path)
    try:
        return _squeezed("".join(page.get_textpage().get_text_range() for page in opened))
    finally:
        opened.close()


def _json_text(path: Path) -> str:
    data = json.loads(path.read_text(encoding="utf-8"))
    return _squeezed(" ".join(_strings(data)))


def _strings(data: object) -> list[str]:
    match data:
        case str():
            return [data]
        case list():
            return [text for item in data for text in _strings(item)]
        case dict():
            return [text for item in data.values() for text in _strings(item)]
        case _:
            return []


def _xlsx_text(path: Path) -> str:
    with zipfile.ZipFile(path) as opened:
        if strange := [name for name in opened.namelist() if not _WORKBOOK_PART.fullmatch(name)]:
            raise ReportError(f"{path.name}: a workbook of plain data has no part '{strange[0]}'")
        parts = {name: etree.fromstring(opened.read(name)) for name in opened.namelist()}
    for name, part in parts.items():
        if (live := next(part.iter(*_LIVE), None)) is not None:
            raise ReportError(f"{path.name}: {name} holds <{etree.QName(live).localname}>, which is not plain data")
        if part.xpath("//@TargetMode | //*[local-name()='definedName'][@name!='_xlnm.Print_Titles']"):
            raise ReportError(f"{path.name}: {name} refers to more than its own sheets")
    strings = ["".join(item.itertext()) for item in parts["xl/sharedStrings.xml"]]
    sheets = [part for name, part in parts.items() if name.startswith("xl/worksheets/sheet")]
    cells = (cell for sheet in sheets for cell in sheet.iter("{*}c") if cell.get("t") == "s")
    return _squeezed(" ".join(strings[int(cell[0].text)] for cell in cells))


_READERS = {".html": _html_text, ".pdf": _pdf_text, ".json": _json_text, ".xlsx": _xlsx_text}
