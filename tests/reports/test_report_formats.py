"""Every report is about its own region only, and its page shows what its JSON holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from report_edition import Edition, squeezed, text_of, texts_of

from ropsanalysis.regions import POLAND, REGIONS, Region, by_teryt

pytestmark = pytest.mark.slow


@pytest.fixture
def edition(place: tuple[str, Region], editions: dict[str, Edition]) -> Edition:
    return editions[place[0]]


@pytest.fixture
def teryt(place: tuple[str, Region]) -> str:
    return place[1].teryt


def test_report_speaks_of_its_own_region_only(edition: Edition, pdf_text: Callable[[Path], str], teryt: str) -> None:
    region = by_teryt(teryt)
    subtitle, centre = f"Województwo {region.name}", region.centre
    if region is POLAND:
        subtitle, centre = "Województwa obok siebie", "Regionalne ośrodki polityki społecznej"
    cover = edition.document(teryt)["cover"]
    assert (cover["teryt"], cover["region"], cover["centre"]) == (teryt, region.name, centre)
    assert cover["subtitle"] == subtitle
    page = lxml.html.fromstring(edition.path(teryt, "html").read_text(encoding="utf-8"))
    assert page.xpath("string(//meta[@name='ropsanalysis:teryt']/@content)") == teryt
    assert page.xpath("string(//title)").endswith(subtitle)
    assert page.xpath("string(//header//*[@class='subtitle'])") == subtitle
    foreign = [  # "Województwo Lubuskie" is a legal person, such as a partner of a published project
        rf"(?i:{squeezed(noun)}){squeezed(form)}\b"
        for other in REGIONS
        if other != region
        for noun, form in (
            ("województwo", other.name),
            ("województwa", other.genitive),
            ("województwie", other.locative),
        )
    ]
    for name, text in texts_of(edition, pdf_text, teryt).items():
        if region is POLAND:  # about all voivodeships alike
            assert [other.name for other in REGIONS if squeezed(other.name) not in text.casefold()] == [], name
            continue
        own = (squeezed(words).casefold() for words in (region.of_genitive, region.in_locative))
        assert any(words in text.casefold() for words in own), name
        found = [words for words in foreign if re.search(words, text)]
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
