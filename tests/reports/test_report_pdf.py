"""Every PDF is accessible by the letter, and poppler reads the same numbers in it as the JSON holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import page as page_validation
import pikepdf
import pytest
from report_edition import Edition, numbers, squeezed, text_of

from ropsanalysis.regions import Region
from ropsanalysis.reporting.spec import REPORTS

pytestmark = pytest.mark.slow


@pytest.fixture
def edition(place: tuple[str, Region], editions: dict[str, Edition]) -> Edition:
    return editions[place[0]]


@pytest.fixture
def teryt(place: tuple[str, Region]) -> str:
    return place[1].teryt


@pytest.fixture
def pdf(edition: Edition, teryt: str) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(edition.path(teryt, "pdf")) as opened:
        yield opened


def _title(edition: Edition, teryt: str) -> str:
    """Return what the file is called: that the cover is about the right area is tested of the formats."""
    return f"{REPORTS[edition.report].title} – {edition.document(teryt)['cover']['subtitle']}"


def _elements(node: Any, tag: str) -> Iterator[Any]:
    """Yield every structure element of a kind below a node."""
    if not isinstance(node, pikepdf.Dictionary):
        return
    if str(node.get("/S", "")) == f"/{tag}":
        yield node
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        yield from _elements(kid, tag)


def _scope(element: Any) -> str:
    attributes = element.get("/A", pikepdf.Dictionary())
    found = list(attributes) if isinstance(attributes, pikepdf.Array) else [attributes]
    return next((str(one["/Scope"]) for one in found if "/Scope" in one), "")


#: The checker takes a carriage return that ends a stream's compressed bytes for a part of the line end that
#: follows; lengths are therefore counted below instead.
MISCOUNTED = "PDFA2A-STREAM-LENGTH-001"


@pytest.mark.parametrize("profile", ["PDF_UA_1", "PDF_A_2A"])
def test_pdf_meets_the_standard(edition: Edition, teryt: str, profile: str) -> None:
    report = page_validation.validate_pdf(
        str(edition.path(teryt, "pdf")), profile=page_validation.ValidationProfile[profile]
    )
    failures = [(failure.rule_id, failure.message) for failure in report.failures]
    assert [failure for failure in failures if failure[0] != MISCOUNTED] == []
    assert report.is_compliant or failures


def test_pdf_streams_are_as_long_as_they_say(edition: Edition, teryt: str) -> None:
    data = edition.path(teryt, "pdf").read_bytes()
    starts = list(re.finditer(rb"/Length (\d+)[^>]*>>\s*stream\n", data))
    assert len(starts) > 20
    ends = {data[(end := start.end() + int(start[1])) : end + 10] for start in starts}
    assert ends == {b"\nendstream"}


def test_pdf_is_polish_titled_and_tagged(pdf: pikepdf.Pdf, edition: Edition, teryt: str) -> None:
    title = _title(edition, teryt)
    assert str(pdf.Root.Lang) == "pl-PL"
    assert str(pdf.docinfo.Title) == title
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert bool(pdf.Root.MarkInfo.Marked)
    with pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == title
        assert metadata["pdfuaid:part"] == "1"


def test_pdf_tables_have_headers_for_columns_and_rows(pdf: pikepdf.Pdf, edition: Edition, teryt: str) -> None:
    tables = list(_elements(pdf.Root.StructTreeRoot, "Table"))
    assert len(tables) == len(edition.tables(teryt))
    for table in tables:
        scopes = [_scope(header) for header in _elements(table, "TH")]
        assert set(scopes) == {"/Column", "/Row"}
        body = [row for part in _elements(table, "TBody") for row in _elements(part, "TR")]
        assert scopes.count("/Row") == len(body)


def test_pdf_figures_have_the_alternative_texts_of_the_json(pdf: pikepdf.Pdf, edition: Edition, teryt: str) -> None:
    figures = [e for e in edition.document(teryt)["elements"] if e["kind"] == "figure"]
    found = [str(figure.get("/Alt", "")) for figure in _elements(pdf.Root.StructTreeRoot, "Figure")]
    assert sorted(found) == sorted(figure["alt"] for figure in figures)
    assert all(found)


def test_pdf_headings_do_not_skip_a_level(pdf: pikepdf.Pdf) -> None:
    levels = [int(tag) for tag in re.findall(r"/H([1-6])\b", " ".join(_tags(pdf.Root.StructTreeRoot)))]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def _tags(node: Any) -> Iterator[str]:
    if not isinstance(node, pikepdf.Dictionary):
        return
    yield str(node.get("/S", ""))
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        yield from _tags(kid)


def test_pdf_holds_every_number_of_the_json(edition: Edition, pdf_text: Callable[[Path], str], teryt: str) -> None:
    text = squeezed(pdf_text(edition.path(teryt, "pdf")))
    shown = {number.text for number in numbers(edition.document(teryt))}
    assert len(shown) > 150
    assert sorted(number for number in shown if squeezed(number) not in text) == []


def test_pdf_holds_every_sentence_and_row_of_the_json(
    edition: Edition, pdf_text: Callable[[Path], str], teryt: str
) -> None:
    text = _without_page_edges(pdf_text(edition.path(teryt, "pdf")), edition, teryt)
    sentences = [
        item["text"]
        for element in edition.document(teryt)["elements"]
        for item in (element["items"] if element["kind"] == "points" else [element])
        if element["kind"] in {"statement", "points"}
    ]
    assert [sentence for sentence in sentences if squeezed(sentence) not in text] == []
    rows = ["".join(map(text_of, row)) for table in edition.tables(teryt).values() for row in table["rows"]]
    assert [row for row in rows if squeezed(row) not in text] == []


def _without_page_edges(text: str, edition: Edition, teryt: str) -> str:
    """Return the text without what is printed at the top and bottom of each page: a row may cross pages."""
    title, centre = _title(edition, teryt), edition.document(teryt)["cover"]["centre"]
    edges = rf"^((?:DANE SYNTETYCZNE (?:\([^)]+\) )?)?{title} edycja \d+|{centre} \d+ / \d+)$"
    return squeezed(re.sub(edges, "", text.replace("\f", ""), flags=re.MULTILINE))


def test_pdf_keeps_all_words_inside_the_page(edition: Edition, pdftotext: Callable[..., str], teryt: str) -> None:
    pages = pdftotext("-bbox", edition.path(teryt, "pdf")).split("<page ")[1:]
    assert 5 < len(pages) < 60
    for text in pages:
        width, height = (float(value) for value in re.findall(r'(?:width|height)="([\d.]+)"', text)[:2])
        words = re.findall(r'xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)"', text)
        assert words
        for left, top, right, bottom in (map(float, word) for word in words):
            assert left >= 0
            assert top >= 0
            assert right <= width
            assert bottom <= height
