"""A finished file is that region's and holds that run's figures, or it is not published.

A report with another voivodeship's figures is the worst mistake there is, so every file is read
back as a reader would get it and compared with the document it was made from.
"""

from __future__ import annotations

from pathlib import Path

from ropsanalysis.errors import ReportError
from ropsanalysis.present.blocks import Points
from ropsanalysis.reporting import rereading
from ropsanalysis.reporting.document import Document, Numbered


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
    expected = {"title": cover.title, "subtitle": cover.subtitle}
    expected |= {f"fact '{name}'": f"{name} {value}" for name, value in cover.facts}  # the region's code is one
    expected |= {f"key finding {number}": text for number, text in enumerate(key_findings(document), start=1)}
    found = _text(path)
    for name, text in expected.items():
        if rereading.squeezed(text) not in found:
            error = ReportError(f"{path.name}: the {name} is missing from the finished file")
            error.add_note(f"It reads: {text}")  # for the diagnostic alone: it may hold values of the data
            raise error


def key_findings(document: Document) -> list[str]:
    """Return the sentences of the report's first list: its key findings, numbers and all."""
    for element in document.elements:
        if isinstance(element, Numbered) and isinstance(element.block, Points):
            return [item.text for item in element.block.items]
    return []


def _text(path: Path) -> str:
    """Return the words of a finished file, squeezed."""
    data = path.read_bytes()
    match path.suffix:
        case ".html":
            return rereading.page_text(data)
        case ".pdf":
            return "".join(rereading.pdf_pages(data))
        case ".xlsx":
            return rereading.workbook_text(data, name=path.name)
        case _:
            return rereading.json_text(data)
