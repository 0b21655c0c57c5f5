"""A page printed from a real browser loses nothing at the edge of the paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from report_edition import Edition, numbers, squeezed
from report_pages import WIDE, Visitor

pytestmark = [pytest.mark.slow, pytest.mark.browser]

#: A4 in points.
WIDTH, HEIGHT = 595.3, 841.9


@pytest.mark.parametrize("teryt", ["28", "26"])  # a short name of a region and a long one
@pytest.mark.parametrize("opened", [False, True], ids=["closed", "opened"])
def test_printed_page_keeps_every_number_on_the_paper(
    teryt: str, opened: bool, visitor: Visitor, edition: Edition, pdftotext: Callable[..., str], tmp_path: Path
) -> None:
    paper = tmp_path / "page.pdf"
    page = visitor.new_page(WIDE)
    page.goto(edition.path(teryt, "html").as_uri())
    if opened:
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    page.pdf(path=paper, format="A4", margin=dict.fromkeys(("top", "bottom", "left", "right"), "1cm"))
    page.close()
    boxes = re.findall(
        r'xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)"', pdftotext("-bbox", paper)
    )
    assert len(boxes) > 2000
    assert min(min(float(left), float(top)) for left, top, _, _ in boxes) >= 0
    assert max(float(right) for _, _, right, _ in boxes) <= WIDTH
    assert max(float(bottom) for _, _, _, bottom in boxes) <= HEIGHT
    shown = edition.document(teryt)
    if not opened:  # what stands behind a figure is not printed
        shown = {"elements": [e for e in shown["elements"] if e["kind"] != "figure"]}
    text = squeezed(pdftotext("-raw", paper))
    assert sorted({n.text for n in numbers(shown) if squeezed(n.text) not in text}) == []
