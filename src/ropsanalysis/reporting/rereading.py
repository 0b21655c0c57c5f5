"""Finished files read back as a reader gets them: the JSON's document, the page, the PDF's pages, the workbook's cells.

The files may come from anybody: what is read is limited, no entity is resolved, nothing is fetched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any, Final

import lxml.html
import pypdfium2
from lxml import etree

from ropsanalysis.errors import ReportError
from ropsanalysis.present.blocks import Cover, from_dict
from ropsanalysis.reporting import annex, archive
from ropsanalysis.reporting.document import Document, Element, Heading, Numbered, Paragraph, Plain, Run

#: A workbook of one report: dozens of sheets, each far below these.
WORKBOOK: Final = archive.Limits(total=200_000_000, single=60_000_000, files=3000, ratio=400)
_MOST_PAGES: Final = 3000
#: All that a workbook of plain sheets consists of: no macro, drawing, connection or other workbook.
_WORKBOOK_PART: Final = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(app|core|custom)\.xml|xl/_rels/workbook\.xml\.rels|"
    r"xl/(workbook|styles|sharedStrings|theme/theme1|tables/table\d+|worksheets/sheet\d+)\.xml|"
    r"xl/worksheets/_rels/sheet\d+\.xml\.rels"
)
#: Elements of a sheet that calculate, lead elsewhere, or join cells so that a screen reader loses its way.
_LIVE: Final = ("{*}f", "{*}hyperlink", "{*}mergeCell", "{*}calculatedColumnFormula", "{*}dataValidation", "{*}cfRule")
#: A character that XML cannot hold, as Excel writes it.
_CODED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a sheet: its text, or its number with the format that shows it."""

    text: str
    number: float | None = None
    form: str = ""


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook of plain sheets.

    Attributes
    ----------
    sheets
        Cells by row and column, both counted from 0, by the sheet's name in the order of the tabs.
    properties
        Title, creator, keywords and created, as the file says them of itself.
    """

    sheets: Mapping[str, Mapping[Place, Cell]]
    properties: Mapping[str, str]


def squeezed(text: str) -> str:
    """Return the text without white space and hyphens: line breaks differ between formats."""
    return re.sub(r"[\s\u00ad\u2060\ufffe\u0002-]", "", text)


def strict_json(data: bytes) -> Any:
    """Return what a JSON file holds; refuses what two readers could understand differently.

    Raises
    ------
    ValueError
        It is no JSON in UTF-8, repeats a key, holds a number that is none, or is nested too deep.
    """
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number, parse_float=_finite)
    except RecursionError:
        raise ValueError("nested too deep") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is repeated")
    return found


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number of JSON")


def _finite(text: str) -> float:
    value = float(text)
    if value in {float("inf"), float("-inf")}:
        raise ValueError(f"{text} is too large")
    return value


def document(data: bytes) -> Document:
    """Return the document that a report's JSON was written from; its figures have no drawing.

    Raises
    ------
    ValueError, KeyError, TypeError, AttributeError
        The JSON is not one that `annex.to_dict` made.
    """
    found = strict_json(data)
    if found["format"] != annex.FORMAT:
        raise ValueError(f"format {found['format']!r} instead of {annex.FORMAT}")
    cover = from_dict(found["cover"])
    if not isinstance(cover, Cover):
        raise TypeError("the cover is none")
    elements = tuple(_element(element) for element in found["elements"])
    read = Document(cover=cover, elements=elements, lineage=found.get("provenance", {}))
    if annex.to_dict(read) != found:
        raise ValueError("not as this package writes it")
    return read


def _element(data: Mapping[str, Any]) -> Element:
    values = {key: value for key, value in data.items() if key != "kind"}
    match data["kind"]:
        case "heading":
            return Heading(**values)
        case "paragraph":
            return Paragraph(runs=(Run(values["text"]),), bullet=values["bullet"])
        case "plain":
            return Plain(**values)
        case kind:
            block = {key: value for key, value in values.items() if key not in {"caption", "anchor"}}
            drawn = {"svg": ""} if kind == "figure" else {}
            return Numbered(from_dict({"kind": kind, **block, **drawn}), values["caption"], values["anchor"])


def page(data: bytes) -> Any:
    """Return an HTML page as a tree.

    Raises
    ------
    ValueError, lxml.etree.LxmlError
        It is no HTML in UTF-8.
    """
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True)
    return lxml.html.document_fromstring(data.decode("utf-8").encode("utf-8"), parser=parser)


def page_text(data: bytes) -> str:
    """Return all words of an HTML page, squeezed."""
    body = re.sub(r"<style>.*?</style>", "", data.decode("utf-8"), flags=re.DOTALL)
    return squeezed(unescape(re.sub(r"<[^>]+>", "", body)))


def pdf_pages(data: bytes) -> tuple[str, ...]:
    """Return the words of each page of a PDF, squeezed, in the order of the file's content.

    Raises
    ------
    pypdfium2.PdfiumError, ValueError
        It is no PDF that opens without a password, or has far too many pages.
    """
    opened = pypdfium2.PdfDocument(data)
    try:
        if len(opened) > _MOST_PAGES:
            raise ValueError(f"{len(opened)} pages")
        return tuple(squeezed(_page_text(sheet)) for sheet in opened)
    finally:
        opened.close()


def _page_text(sheet: Any) -> str:
    text = sheet.get_textpage()
    try:
        return str(text.get_text_range())
    finally:
        text.close()
        sheet.close()


def pdf_title(data: bytes) -> tuple[str, str]:
    """Return the title and the author that a PDF says of itself."""
    opened = pypdfium2.PdfDocument(data)
    try:
        found = opened.get_metadata_dict()
        return str(found.get("Title", "")), str(found.get("Author", ""))
    finally:
        opened.close()


def workbook(data: bytes, *, name: str = "workbook") -> Workbook:
    """Return the cells of a workbook.

    Raises
    ------
    ReportError
        It is no workbook, holds far too much, or holds anything but plain sheets of texts and numbers.
    ValueError, KeyError, IndexError, lxml.etree.LxmlError
        Its parts are not what they should be.
    """
    parts, strings = _parts(data, name=name)
    forms = _forms(parts["xl/styles.xml"])
    places = {item.get("Id"): f"xl/{item.get('Target')}" for item in parts["xl/_rels/workbook.xml.rels"]}
    sheets = {}
    for sheet in parts["xl/workbook.xml"].iter("{*}sheet"):
        (reference,) = (value for key, value in sheet.attrib.items() if key.endswith("}id"))
        sheets[sheet.get("name")] = dict(_cells(parts[places[reference]], strings, forms))
    if len(sheets) != sum(part.startswith("xl/worksheets/sheet") for part in parts):
        raise ReportError(f"{name}: a sheet is in no tab")
    core = parts["docProps/core.xml"]
    return Workbook(sheets, {etree.QName(item).localname: item.text or "" for item in core})


def workbook_text(data: bytes, *, name: str) -> str:
    """Return all texts of a workbook's cells, squeezed; raises as `workbook` does."""
    parts, strings = _parts(data, name=name)
    sheets = [part for part_name, part in parts.items() if part_name.startswith("xl/worksheets/sheet")]
    cells = (cell for sheet in sheets for cell in sheet.iter("{*}c") if cell.get("t") == "s")
    return squeezed(" ".join(strings[int(cell[0].text)] for cell in cells))


def _parts(data: bytes, *, name: str) -> tuple[dict[str, Any], list[str]]:
    """Return the parts of a workbook of plain sheets as trees, and its shared texts."""
    opened = archive.unpack(data, limits=WORKBOOK)
    if opened.faults:
        raise ReportError(f"{name}: {opened.faults[0].name} is not read ({opened.faults[0].kind})")
    if strange := [part for part in opened.files if not _WORKBOOK_PART.fullmatch(part)]:
        raise ReportError(f"{name}: a workbook of plain data has no part '{strange[0]}'")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    parts = {part: etree.fromstring(content, parser) for part, content in opened.files.items()}
    for part, tree in parts.items():
        _check_plain(part, tree, name=name)
    return parts, ["".join(map(_string, item.iter("{*}t"))) for item in parts["xl/sharedStrings.xml"]]


def _check_plain(part: str, tree: Any, *, name: str) -> None:
    if tree.getroottree().docinfo.doctype:
        raise ReportError(f"{name}: {part} declares a document type")
    if (live := next(tree.iter(*_LIVE), None)) is not None:
        raise ReportError(f"{name}: {part} holds <{etree.QName(live).localname}>, which is not plain data")
    if tree.xpath("//@TargetMode | //*[local-name()='definedName'][@name!='_xlnm.Print_Titles']"):
        raise ReportError(f"{name}: {part} refers to more than its own sheets")
    if tree.xpath("//@hidden | //*[local-name()='sheet']/@state"):
        raise ReportError(f"{name}: {part} hides a sheet, a row or a column")


def _string(item: Any) -> str:
    return _CODED.sub(lambda match: chr(int(match[1], 16)), item.text or "")


def _forms(styles: Any) -> list[str]:
    """Return the number format of each style of cell; empty for a built-in one."""
    named = {item.get("numFmtId"): item.get("formatCode") for item in styles.iter("{*}numFmt")}
    return [named.get(item.get("numFmtId"), "") for item in next(styles.iter("{*}cellXfs"))]


def _cells(sheet: Any, strings: list[str], forms: list[str]) -> Iterator[tuple[Place, Cell]]:
    for cell in sheet.iter("{*}c"):
        value = next(cell.iter("{*}v"), None)
        if value is None:
            continue
        if cell.get("t") == "s":
            yield _place(cell.get("r")), Cell(strings[int(value.text)])
        elif cell.get("t") in {None, "n"}:
            yield _place(cell.get("r")), Cell("", float(value.text), forms[int(cell.get("s", "0"))])
        else:
            raise ValueError(f"a cell of type {cell.get('t')}")


def _place(reference: str) -> Place:
    found = re.fullmatch(r"([A-Z]{1,3})([1-9]\d{0,6})", reference)
    if found is None:
        raise ValueError(f"a cell at {reference}")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def json_text(data: bytes) -> str:
    """Return all texts of a JSON file, squeezed."""
    return squeezed(" ".join(_strings(strict_json(data))))


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
