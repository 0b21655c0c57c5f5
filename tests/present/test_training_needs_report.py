"""The report on training needs says what its tables say, in every situation, and shows nothing that is hidden."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import nbformat
import pytest

from ropsanalysis.present import training_needs as show
from ropsanalysis.present.blocks import AnyBlock, Cover, Figure, Number, Points, Statement, Table
from ropsanalysis.present.markup import fragment
from ropsanalysis.training_needs.view import TrainingNeeds
from training_needs.needs_tables import Survey, needs, tables

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "training_needs.ipynb"
SITUATIONS = {
    "all": Survey(),
    "few answers": Survey(respondents=(("26", 40), ("14", 640), ("00", 680)), plan="missing"),
    "one voivodeship": Survey(respondents=(("26", 320),), plan="infeasible", wanted=False, traits=False),
    "time ran out": Survey(plan="gap", shown_types=15),
    "all types hidden": Survey(shown_types=0),
}


def calls() -> list[str]:
    cells = [cell for cell in nbformat.read(NOTEBOOK, as_version=4).cells if cell.cell_type == "code"]
    return [match.group(1) for cell in cells if (match := re.fullmatch(r"show\.(\w+)\(needs\)", cell.source))]


@cache
def view(situation: str) -> TrainingNeeds:
    return needs("26", SITUATIONS[situation])


@cache
def report(situation: str) -> dict[str, AnyBlock | None]:
    """Return what every cell of the notebook shows."""
    return {name: getattr(show, name)(view(situation)) for name in calls()}


def shown(situation: str) -> list[AnyBlock]:
    return [block for block in report(situation).values() if block is not None]


def all_tables(situation: str) -> list[Table]:
    found = shown(situation)
    return [b for b in found if isinstance(b, Table)] + [b.data for b in found if isinstance(b, Figure)]


def statements(situation: str) -> list[Statement]:
    found = shown(situation)
    return [b for b in found if isinstance(b, Statement)] + [s for b in found if isinstance(b, Points) for s in b.items]


def test_the_notebook_calls_every_function_once() -> None:
    assert sorted(calls()) == sorted(show.__all__)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_block_becomes_html_without_an_empty_word(situation: str) -> None:
    for block in shown(situation):
        html = fragment(block)
        assert not re.search(r"\b(?:None|nan|NaT)\b", re.sub(r"<svg.*?</svg>", "", html)), html[:300]
        assert "{" not in re.sub(r"<svg.*?</svg>", "", html)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_sentences_end_once_and_have_no_double_spaces(situation: str) -> None:
    texts = [s.text for s in statements(situation)]
    texts += [text for t in all_tables(situation) for text in (t.note, t.title)]
    texts += [text for b in shown(situation) if isinstance(b, Figure) for text in (b.alt, b.description, b.note)]
    wrong = [text for text in texts if ".." in text or "  " in text or text != text.strip() or " ." in text]
    assert wrong == []


@pytest.mark.parametrize("situation", SITUATIONS)
def test_tables_are_whole_and_name_their_source(situation: str) -> None:
    found = all_tables(situation)
    assert all(len(row) == len(table.columns) for table in found for row in table.rows)
    assert all(table.rows for table in found)
    keys = [table.key for table in found]
    assert len(keys) == len(set(keys))
    without = {b.key for b in shown(situation) if isinstance(b, Table | Figure) and not b.source}
    assert without == {"choices", "sources"}  # they are about the report itself


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_figure_has_words_and_data(situation: str) -> None:
    for figure in (b for b in shown(situation) if isinstance(b, Figure)):
        assert len(figure.alt) > 40
        assert len(figure.description) > 40
        assert figure.data.rows
        assert len(figure.svg) < 40_000


@pytest.mark.parametrize("situation", SITUATIONS)
def test_shares_in_tables_stand_beside_their_base(situation: str) -> None:
    # Structure of frame, plan and profiles aside: those are counts or name the base in another column.
    for table in all_tables(situation):
        labels = [column.label for column in table.columns]
        if {"Luka (%)", "Odsetek (%)", "Wybrało (%)"} & set(labels):
            assert {"od", "do", "n"} <= set(labels), table.key


def test_numbers_in_tables_are_those_of_the_results() -> None:
    own = tables(SITUATIONS["all"])["needs"].query("teryt == '26'").set_index("competence")
    table = report("all")["need_table"]
    assert isinstance(table, Table)
    names = {c.short: c.key for c in view("all").competences.values()}
    for row in table.rows:
        expected = own.loc[names[str(row[0])]]
        share, low, high, base, staff, staff_low, staff_high = (c.value for c in row[2:] if isinstance(c, Number))
        assert (share, low, high) == tuple(round(100 * expected[n], 6) for n in ("share", "share_low", "share_high"))
        assert base == expected["base"]
        assert (staff, staff_low, staff_high) == tuple(expected[n] for n in ("staff", "staff_low", "staff_high"))


def test_key_findings_name_the_strongest_need_with_interval_and_base() -> None:
    first = view("all").ranked()[0]
    findings = report("all")["key_findings"]
    assert isinstance(findings, Points)
    values = findings.items[0].values
    assert (values["mwds"].value, values["mwds_low"].value, values["mwds_high"].value) == tuple(first.mwds)
    assert values["share"].value == pytest.approx(100 * (first.share.value or 0))
    assert values["base"].value == first.base
    assert view("all").competences[first.competence].short in findings.items[0].text
    plan = next(item for item in findings.items if item.text.startswith("Plan "))
    assert {"cost", "covered", "persons", "extra"} <= set(plan.values)


def test_hidden_cells_have_a_word_and_the_word_has_a_note() -> None:
    cells = view("all").cells
    hidden = {key for key, cell in cells.items() if not cell.share.shown}
    assert hidden
    figure = report("all")["heat_map"]
    assert isinstance(figure, Figure)
    assert (
        sum("ukryto" in str(getattr(c, "text", c)) for row in figure.data.rows for c in row[2:3]) >= 8
    )  # types hidden as a whole
    assert "„ukryto” – zbyt mało odpowiedzi, zbyt szeroki przedział albo ochrona innych komórek" in figure.data.note


def test_a_table_without_hidden_cells_does_not_explain_them() -> None:
    figure = report("all")["delivery_figure"]
    assert isinstance(figure, Figure)
    assert "ukryto" not in figure.data.note


def test_few_answers_make_sentences_instead_of_figures() -> None:
    found = report("few answers")
    assert found["need_figure"] is None
    assert found["heat_map"] is None
    assert found["wish_figure"] is None
    assert isinstance(found["need_summary"], Statement)
    assert "zbyt mało" in found["need_summary"].text
    assert isinstance(found["recommendations"], Points)
    assert "Powtórzyć badanie" in found["recommendations"].items[0].text


def test_one_voivodeship_is_not_compared_with_poland() -> None:
    figure = report("one voivodeship")["need_figure"]
    assert isinstance(figure, Figure)
    assert "Polska" not in figure.svg
    assert "Polska" in re.sub(r"\s", " ", getattr(report("all")["need_figure"], "svg", ""))


def test_an_impossible_plan_says_what_is_impossible() -> None:
    found = report("one voivodeship")
    assert found["plan_table"] is None
    assert isinstance(found["conflicts_table"], Table)
    assert isinstance(found["plan_summary"], Statement)
    assert found["plan_summary"].tone == "bad"
    assert found["plan_note"] is None


def test_a_plan_without_proof_tells_how_much_is_open() -> None:
    summary = report("time ran out")["plan_summary"]
    assert isinstance(summary, Statement)
    assert "co najwyżej o 1%" in summary.text  # a gap of 0.013
    assert report("all")["conflicts_table"] is None


def test_the_cover_has_the_code_and_says_that_the_data_are_made_up() -> None:
    cover = report("all")["cover"]
    assert isinstance(cover, Cover)
    assert ("Kod TERYT", "26") in cover.facts
    assert cover.synthetic
    assert "DANE SYNTETYCZNE" in fragment(cover)


def test_reading_selects_one_voivodeship_and_changes_nothing() -> None:
    given = tables(SITUATIONS["all"])
    before = {name: frame.copy() for name, frame in given.items()}
    other = needs("14")
    assert other.total is not None
    assert other.total.respondents == 640
    assert view("all").total != other.total
    assert all(frame.equals(before[name]) for name, frame in given.items())
