"""The page that leads to every report: by search, by map, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlparse

import pytest
from report_edition import Edition
from report_pages import Visitor

from ropsanalysis.regions import POLAND, REGIONS

pytestmark = [pytest.mark.slow, pytest.mark.browser]

#: The rows of the list.
LISTED = [POLAND.name, *(region.name for region in REGIONS)]


@pytest.fixture
def index(visitor: Visitor) -> Iterator[Any]:
    page = visitor.new_page(1280)
    page.goto(visitor.url("index.html"))
    yield page
    page.close()


def _shown(page: Any) -> list[str]:
    found: list[str] = page.locator("tbody tr:visible th").all_inner_texts()
    return found


def test_index_lists_every_voivodeship_with_every_format(index: Any, editions: dict[str, Edition]) -> None:
    assert _shown(index) == LISTED
    links = index.locator("tbody a").evaluate_all("links => links.map(link => link.href)")
    paths = {unquote(urlparse(link).path) for link in links}
    expected = {
        str(edition.path(area.teryt, suffix))
        for edition in editions.values()
        for area in edition.areas
        for suffix in ("html", "pdf", "xlsx", "json")
    }
    assert paths == expected


def test_map_leads_to_each_report(index: Any, editions: dict[str, Edition]) -> None:
    links = index.locator(".tiles a").evaluate_all("links => links.map(link => link.href)")
    assert sorted(unquote(urlparse(link).path) for link in links) == sorted(
        str(edition.path(area.teryt, "html"))
        for edition in editions.values()
        for area in edition.areas
        if area is not POLAND
    )


def test_reports_on_the_country_stand_first(index: Any, editions: dict[str, Edition]) -> None:
    assert index.locator("h2").first.inner_text() == "Cały kraj"
    links = index.locator("section[aria-labelledby=kraj] a").evaluate_all("links => links.map(link => link.href)")
    assert {unquote(urlparse(link).path) for link in links} == {
        str(editions["national_summary"].path(POLAND.teryt, suffix)) for suffix in ("html", "pdf", "xlsx", "json")
    }


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("malopolskie", ["małopolskie"]),
        ("Małopolskie", ["małopolskie"]),
        ("28", ["warmińsko-mazurskie"]),
        ("PL62", ["warmińsko-mazurskie"]),
        ("pomorskie", ["kujawsko-pomorskie", "pomorskie", "zachodniopomorskie"]),
        ("olsztyn", ["warmińsko-mazurskie"]),
        ("polska", ["Polska"]),
        ("bzdura", []),
    ],
)
def test_search_keeps_what_matches(index: Any, words: str, names: list[str]) -> None:
    index.get_by_label("Szukaj").press_sequentially(words)
    assert _shown(index) == names
    assert index.get_by_role("status").inner_text() == f"Pokazano: {len(names)} z {len(LISTED)}"


def test_emptied_search_shows_all_again(index: Any) -> None:
    field = index.get_by_label("Szukaj")
    field.fill("opolskie")
    field.fill("")
    assert _shown(index) == LISTED


def test_a_report_can_be_reached_by_keyboard_alone(index: Any) -> None:
    for key in ("Tab", "Enter", "Tab"):  # past the map, to the search field
        index.keyboard.press(key)
    assert index.evaluate("document.activeElement.id") == "szukaj"
    index.keyboard.type("26")
    for _ in range(2):  # the list itself can be scrolled, so it comes first
        index.keyboard.press("Tab")
    index.keyboard.press("Enter")
    index.wait_for_url("**/26-swietokrzyskie/regional_diagnosis.html")
    assert index.locator("h1").count() == 1


def test_list_is_there_without_scripts(browser: Any, visitor: Visitor) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(visitor.url("index.html"))
    assert _shown(page) == LISTED
    context.close()
