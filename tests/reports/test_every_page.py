"""Every page of an edition, read without a browser: what does not depend on how a page is drawn.

A browser opens the pages of some voivodeships only; here it is tried that these stand for all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from report_edition import ALL_PLACES, BROWSER_PLACES, Edition

from ropsanalysis.reporting.spec import REPORTS

pytestmark = pytest.mark.slow

PAGES = [*(f"{area.folder}/{report}.html" for report, area in ALL_PLACES), "index.html"]
#: Attributes by which a page asks for something else, and elements that do so by themselves.
FETCHING = (
    "//*[@src or @srcset or @data or @poster or @action"
    " or self::link or self::base or self::iframe or self::object or self::embed]"
)


def kinds(page: Any) -> set[str]:
    """Return each element with its class and all that it stands in; a drawing counts as one, as axe sees it."""
    found = set()

    def walk(element: Any, around: str) -> None:
        if isinstance(element.tag, str):
            own = f"{around} {element.tag}.{element.get('class', '')}"
            found.add(own)
            for part in () if element.tag == "svg" else element:
                walk(part, own)

    walk(page, "")
    return found


def breaches(page: Any) -> Iterator[str]:
    """Tell which promises a page breaks."""
    if page.get("lang") != "pl" or len(page.xpath("//title")) != 1 or not page.findtext(".//title").strip():
        yield "language and title"
    levels = [int(heading.tag[1]) for heading in page.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
    if levels[:1] != [1] or levels.count(1) != 1 or any(after > before + 1 for before, after in pairwise(levels)):
        yield "headings"
    if page.xpath("//th[not(@scope = 'col' or @scope = 'row')]"):
        yield "scopes"
    if page.xpath("//svg[not(@role = 'img') or not(string(@aria-label))]"):
        yield "drawings"
    links = [value for drawing in page.xpath("//svg//*") for name, value in drawing.attrib.items() if "href" in name]
    styles = [style.text_content() for style in page.xpath("//style")] + page.xpath("//@style")
    if page.xpath(FETCHING) or any(not link.startswith("#") for link in links):
        yield "network"
    if any(re.search(r"url\((?!['\"]?#)|@import", style) for style in styles):
        yield "styles"
    if any(name.startswith("on") for element in page.iter() for name in element.attrib):
        yield "handlers"
    skip = next(iter(page.xpath("//a[@href]")), None)
    target = "" if skip is None else skip.get("href")
    text = "" if skip is None else skip.text_content()
    if not (text.startswith("Przejdź do") and target[:1] == "#" and page.xpath("//*[@id = $name]", name=target[1:])):
        yield "skip link"


def parsed(path: Path) -> Any:
    return lxml.html.fromstring(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_polish_and_asks_nothing_of_any_network(name: str, edition: Edition) -> None:
    assert list(breaches(parsed(edition.folder / name))) == []


@pytest.mark.parametrize("report", REPORTS)
def test_pages_opened_in_a_browser_have_every_kind_of_element_that_a_page_has(report: str, edition: Edition) -> None:
    found = {
        area.teryt: kinds(parsed(edition.folder / area.folder / f"{report}.html"))
        for key, area in ALL_PLACES
        if key == report
    }
    opened = set().union(*(found[area.teryt] for key, area in BROWSER_PLACES if key == report))
    assert {teryt: sorted(own - opened) for teryt, own in found.items() if own - opened} == {}


def test_a_class_of_its_own_is_another_kind_of_element() -> None:
    usual, other = (
        lxml.html.fromstring(f"<main><table><tr><td{name}>1</td></tr></table></main>") for name in ("", " class='odd'")
    )
    assert kinds(other) - kinds(usual) == {" main. table. tr. td.odd"}


@pytest.mark.parametrize(
    ("breach", "told"),
    [
        ("", []),
        ("<img src='http://example.invalid/x.png' alt=''>", ["network"]),
        ("<svg role='img' aria-label='a'><use href='x.svg#a'/></svg>", ["network"]),
        ("<p style='background: url(x.png)'>a</p>", ["styles"]),
        ("<style>@import 'a.css'</style>", ["styles"]),
        ("<p onclick='a()'>a</p>", ["handlers"]),
        ("<h5>Za głęboko</h5>", ["headings"]),
        ("<h1>Druga</h1>", ["headings"]),
        ("<table><tr><th>Bez zakresu</th></tr></table>", ["scopes"]),
        ("<svg role='img'></svg>", ["drawings"]),
    ],
)
def test_the_checks_tell_a_broken_promise(breach: str, told: list[str]) -> None:
    page = (
        "<html lang='pl'><head><title>Strona</title></head><body><a href='#tresc'>Przejdź do treści</a>"
        f"<main id='tresc'><h1>Strona</h1>{breach}</main></body></html>"
    )
    assert list(breaches(lxml.html.fromstring(page))) == told
    broken = page.replace("'#tresc'", "'#nigdzie'").replace("'pl'", "'en'")
    assert {"language and title", "skip link"} <= set(breaches(lxml.html.fromstring(broken)))
