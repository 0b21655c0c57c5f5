"""Every report is about its own region only, and its page shows what its JSON holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from report_edition import Edition, squeezed, text_of, texts_of

from ropsanalysis.regions import REGIONS, find
from ropsanalysis.reporting.spec import REPORTS

pytestmark = pytest.mark.slow


@pytest.fixture(params=list(REPORTS))
def edition(request: pytest.FixtureRequest, editions: dict[str, Edition]) -> Edition:
    return editions[request.param]


@pytest.fixture(params=[region.teryt for region in REGIONS], ids=[region.slug for region in REGIONS])
def teryt(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_report_speaks_of_its_own_region_only(edition: Edition, pdf_text: Callable[[Path], str], teryt: str) -> None:
    region = find(teryt)
    cover = edition.document(teryt)["cover"]
    assert (cover["teryt"], cover["region"], cover["centre"]) == (teryt, region.name, region.centre)
    assert cover["subtitle"] == f"Województwo {region.name}"
    page = lxml.html.fromstring(edition.path(teryt, "html").read_text(encoding="utf-8"))
    assert page.xpath("string(//meta[@name='ropsanalysis:teryt']/@content)") == teryt
    assert page.xpath("string(//title)").endswith(f"Województwo {region.name}")
    assert page.xpath("string(//header//*[@class='subtitle'])") == f"Województwo {region.name}"
    foreign = [
        f"{noun} {form}"
        for other in REGIONS
        if other != region
        for noun, form in (
            ("województwo", other.name),
            ("województwa", other.genitive),
            ("województwie", other.locative),
        )
    ]
    for name, text in texts_of(edition, pdf_text, teryt).items():
        assert squeezed(region.of_genitive) in text or squeezed(region.in_locative) in text, name
        found = [words for words in foreign if re.search(rf"{squeezed(words)}\b", text, re.IGNORECASE)]
        assert found == [], name


def test_html_is_light(edition: Edition, teryt: str) -> None:
    assert edition.path(teryt, "html").stat().st_size < 460_000


def test_html_shows_the_tables_of_the_json_cell_by_cell(edition: Edition, teryt: str) -> None:
    page = lxml.html.fromstring(edition.path(teryt, "html").read_text(encoding="utf-8"))
    shown = [
        [[cell.text_content() for cell in row] for row in table.xpath("./tbody/tr")] for table in page.xpath("//table")
    ]
    assert shown == [[list(map(text_of, row)) for row in table["rows"]] for table in _in_order(edition, teryt)]


def _in_order(edition: Edition, teryt: str) -> list[dict[str, Any]]:
    elements = edition.document(teryt)["elements"]
    return [e["data"] if e["kind"] == "figure" else e for e in elements if e["kind"] in {"figure", "table"}]
