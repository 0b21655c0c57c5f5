"""The page on the programme's documents names all they ask for, and each place it names is there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from ropsanalysis.cooperation.schema import ELEMENTS
from ropsanalysis.io import catalogue
from ropsanalysis.io.built import TOPICS
from ropsanalysis.io.project_catalogue import actions, cooperation_projects, published_cards
from ropsanalysis.project_monitoring.schema import TEAMS
from ropsanalysis.reporting.spec import REPORTS
from support import PROJECT

PAGES = ("docs/programme.md", "docs/programme.pl.md")
ENGLISH, POLISH = PAGES
CATALOGUE = PROJECT / "src" / "ropsanalysis" / "catalogue"
DATASETS = {name for topic in TOPICS.values() for name in (*topic.datasets, *topic.shared)}

_REPORT = re.compile(r"`(\w+)`\s\(((?:\*[^*]+\*(?:,\s)?)+)\)")
_SPAN = re.compile(r"`([^`]+)`")
#: Headings of the page by what they hold, in the order of both pages.
CHAPTERS = (
    "read", "documents", "actions", "aims", "money", "indicators", "recipients", "teams", "urban_rural", "cities",
    "other",
)  # fmt: skip


def text_of(page: str) -> str:
    return (PROJECT / page).read_text(encoding="utf-8")


def chapters(page: str) -> dict[str, str]:
    """Return the text of each chapter."""
    _, *parts = re.split(r"^## .+$", text_of(page), flags=re.MULTILINE)
    return dict(zip(CHAPTERS, parts, strict=True))


def rows(page: str, chapter: str) -> list[list[str]]:
    """Return the cells of a chapter's table, without its head."""
    lines = [line for line in chapters(page)[chapter].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def headings(report: str) -> set[str]:
    notebook = json.loads((PROJECT / "notebooks" / f"{report}.ipynb").read_text(encoding="utf-8"))
    lines = [line for cell in notebook["cells"] if cell["cell_type"] == "markdown" for line in cell["source"]]
    return {line.lstrip("#").strip() for line in lines if line.startswith("#")}


def named_sections(text: str) -> Iterator[tuple[str, str]]:
    """Yield each report named with a section."""
    for report, sections in _REPORT.findall(" ".join(text.split())):
        for section in re.findall(r"\*([^*]+)\*", sections):
            yield report, section


def english(amount: float) -> str:
    return f"{amount:,.2f}".replace(",", " ")


@pytest.mark.parametrize("page", PAGES)
def test_each_section_named_is_a_heading_of_its_report(page: str) -> None:
    named = set(named_sections(text_of(page)))
    assert {report for report, _ in named} == set(REPORTS)
    missing = {(report, section) for report, section in named if section not in headings(report)}
    assert not missing


@pytest.mark.parametrize("page", PAGES)
def test_each_place_named_exists(page: str) -> None:
    parameters = {entry.name for entry in catalogue.parameters("monitoring_parameters")}
    for chapter in CHAPTERS[2:]:
        for cells in rows(page, chapter):
            for span in _SPAN.findall(" ".join(cells)):
                known = span in REPORTS or span in DATASETS or span in parameters or (CATALOGUE / span).is_file()
                assert known, f"{page}: {span}"


@pytest.mark.parametrize("page", PAGES)
def test_each_row_has_a_place_or_says_why_there_is_none(page: str) -> None:
    for chapter in CHAPTERS[2:]:
        for *_, place, remark in rows(page, chapter):
            assert _SPAN.search(place) or (place == "–" and len(remark) > 20), (chapter, place, remark)


def test_both_pages_name_the_same_places_in_the_same_order() -> None:
    for chapter in CHAPTERS[2:]:
        places = [[_SPAN.findall(" ".join(cells)) for cells in rows(page, chapter)] for page in PAGES]
        assert places[0] == places[1], chapter
    assert list(named_sections(text_of(ENGLISH))) == list(named_sections(text_of(POLISH)))


@pytest.mark.parametrize("page", PAGES)
def test_all_sixteen_actions_are_there_with_the_reports_of_the_catalogue(page: str) -> None:
    table = rows(page, "actions")
    assert [int(cells[0]) for cells in table] == list(range(1, 17))
    for cells, action in zip(table, actions(), strict=True):
        served = {(s.report, section) for s in action.serves for section in s.sections}
        assert set(named_sections(cells[4])) == served, action.action
        assert (cells[5] != "–") == bool(action.note), action.action
    if page == POLISH:
        assert [cells[1] for cells in table] == [action.title for action in actions()]


@pytest.mark.parametrize("page", PAGES)
def test_every_item_of_the_other_two_lists_has_its_action(page: str) -> None:
    table = rows(page, "actions")
    # koordynacja.swietokrzyskie.pro/o-projekcie lists sixteen, the account of Warmia-Mazury seven.
    assert sorted(int(cells[2]) for cells in table) == list(range(1, 17))
    assert sorted(int(cells[3]) for cells in table if cells[3] != "–") == list(range(1, 8))
    # The first five items of Świętokrzyskie: organising, diagnosing, planning, strengthening, training needs.
    first = {int(cells[2]): int(cells[0]) for cells in table}
    assert [first[item] for item in range(1, 6)] == [3, 1, 2, 6, 5]


def test_amounts_and_periods_of_the_coordination_projects_are_there() -> None:
    cards = {card.teryt: card for card in published_cards()}
    amounts = [cards["26"].number(field) for field in ("value", "eu", "national")] + [cards["16"].number("value")]
    for page in PAGES:
        text = " ".join(" ".join(cells) for cells in rows(page, "money"))
        for amount in amounts:
            shown = english(amount or 0)
            assert (shown if page == ENGLISH else shown.replace(".", ",")) in text
        assert text.count("2028") == 2  # the two periods
        assert "100%" in text
        assert "04.13" in text


@pytest.mark.parametrize("page", PAGES)
def test_the_three_obligatory_indicators_are_there_with_their_targets(page: str) -> None:
    found = [cells[0] for cells in rows(page, "indicators")]
    card = next(card for card in published_cards() if card.teryt == "26")
    targets = [f"{card.number('target_supported'):.0f}", f"{card.number('target_qualified'):.0f}",
               f"{card.number('target_plan_share'):.0%}"]  # fmt: skip
    assert targets == ["688", "654", "50%"]  # koordynacja.swietokrzyskie.pro/o-projekcie
    assert all(target in row for target, row in zip(targets, found, strict=True))


@pytest.mark.parametrize("page", PAGES)
def test_aims_recipients_and_teams_are_all_there(page: str) -> None:
    texts = {
        card.teryt: {figure.field: figure.text.split("; ") for figure in card.figures} for card in published_cards()
    }
    # Four aims of Świętokrzyskie, and one that only the resolution of Opolskie has: effective inclusion work.
    assert len(rows(page, "aims")) == len(texts["26"]["aims"]) + 1
    # Six groups of each document; those of the first one are two here, local government and family support.
    assert len(rows(page, "recipients")) == len(texts["26"]["recipients"]) + 1
    assert len(texts["28"]["recipients"]) == 6
    assert len(rows(page, "teams")) == len(TEAMS) + 3  # tasks, ways of working, the training itself


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("project", cooperation_projects(), ids=lambda project: project.project)
def test_every_promised_effect_and_amount_of_cooperation_is_there(page: str, project: object) -> None:
    entry = next(p for p in cooperation_projects() if p == project)
    table = rows(page, entry.project)
    effects = " ".join(cells[0] for cells in table)
    for effect in entry.effects:
        if effect.number is not None:
            assert re.search(rf"\b{effect.number:.0f}\b", effects), effect.effect
    for amount in (entry.value_pln, entry.grant_pln):
        if amount is not None:
            assert (english(amount) if page == ENGLISH else english(amount).replace(".", ",")) in effects
    # "Counted" stands beside what is counted, "stated by the office" beside what is not.
    word = "Effect:" if page == ENGLISH else "Efekt:"
    stated = [cells[0] for cells in table if cells[2] in ("Stated by the office.", "Podaje urząd.")]
    assert all(row.startswith(word) for row in stated)
    assert len(stated) == sum(not effect.counted_from for effect in entry.effects)


@pytest.mark.parametrize("page", PAGES)
def test_all_elements_of_the_minimum_content_are_there(page: str) -> None:
    numbered = [cells[0] for cells in rows(page, "cities") if cells[0].startswith("Element ")]
    assert [int(text.split()[1].rstrip(":")) for text in numbered] == list(range(1, len(ELEMENTS) + 1))
    fidelity = [section for report, section in named_sections(chapters(page)["cities"]) if report == "cooperation"]
    assert fidelity.count("Zgodność z minimalną zawartością modelu") == len(ELEMENTS) + 1  # and the model itself


@pytest.mark.parametrize("page", PAGES)
def test_further_published_figures_are_there(page: str) -> None:
    text = chapters(page)["other"]
    for figure in ("502", "477", "41", "70%", "58 210", "17 128", "140", "172", "350"):
        assert re.search(rf"\b{figure}", text), figure
