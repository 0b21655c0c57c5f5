"""A notebook read as a document: numbering, order, and what is let in."""

from __future__ import annotations

import json
from typing import Any

import nbformat
import pytest
from small_notebooks import cover, executed, figure, findings, table

from ropsanalysis.errors import ReportError
from ropsanalysis.present.blocks import BLOCK_MIME, Figure, Note, Statement, Table
from ropsanalysis.reporting import annex, document, html
from ropsanalysis.reporting.document import Heading, Numbered, Paragraph, Plain

v4 = nbformat.v4


def display(data: dict[str, Any]) -> nbformat.NotebookNode:
    return v4.new_output("display_data", data=data)


def read(*outputs: object) -> document.Document:
    return document.read(executed(cover(), *outputs))


def test_a_small_notebook_is_read_in_order() -> None:
    shown = read(
        "## Ustalenia", findings("W regionie {value} osób."), table(), "Zwykły *akapit* i **ważny**.", figure()
    )
    kinds = [type(e).__name__ if not isinstance(e, Numbered) else e.block.kind for e in shown.elements]
    assert kinds == ["Heading", "points", "table", "Paragraph", "figure"]
    assert shown.cover == cover()
    paragraph = shown.elements[3]
    assert isinstance(paragraph, Paragraph)
    assert [(r.text, r.strong, r.emphasis) for r in paragraph.runs] == [
        ("Zwykły ", False, False), ("akapit", False, True), (" i ", False, False), ("ważny", True, False),
        (".", False, False),
    ]  # fmt: skip


def test_tables_charts_and_maps_are_counted_each_by_itself() -> None:
    shown = read(table(), figure(), table(), figure(label="Mapa"), figure(), Statement("a"))
    assert [e.caption for e in shown.elements if isinstance(e, Numbered)] == [
        "Tabela 1.", "Wykres 1.", "Tabela 2.", "Mapa 1.", "Wykres 2.", "",
    ]  # fmt: skip
    assert [e.caption for e in shown.numbered(Table)] == ["Tabela 1.", "Tabela 2."]
    assert [e.caption for e in shown.numbered(Figure)] == ["Wykres 1.", "Mapa 1.", "Wykres 2."]


def test_anchors_are_ascii_and_unique() -> None:
    shown = read("## Źródła", "## Źródła", "## Łódź – <b>", "## 123", "## ###", "## Tabela 1", table(), "## źródła 2")
    anchors = [e.anchor for e in shown.elements if isinstance(e, (Heading, Numbered))]
    assert len(set(anchors)) == len(anchors)
    assert all(anchor.isascii() and anchor.replace("-", "").isalnum() for anchor in anchors)


def test_lists_are_bullets_and_a_title_of_level_one_becomes_a_chapter() -> None:
    shown = read("# Tytuł\n\n- jeden\n- dwa\n\nkoniec")
    assert shown.elements[0] == Heading(2, "Tytuł", "tytul")
    assert [e.bullet for e in shown.elements[1:] if isinstance(e, Paragraph)] == [True, True, False]


@pytest.mark.parametrize(
    "data",
    [
        {"text/html": "<script>alert(1)</script>"},
        {"application/javascript": "alert(1)"},
        {"text/vnd.mermaid": "graph TD; a-->b"},
        {"image/svg+xml": "<svg onload='alert(1)'/>"},
        {"image/png": "iVBORw0KGgo="},
        {"text/markdown": "[a](javascript:alert(1))"},
        {"text/latex": "$$x$$"},
        {"application/vnd.jupyter.widget-view+json": {"model_id": "evil"}},
    ],
)
def test_a_foreign_output_is_left_out(data: dict[str, Any]) -> None:
    assert read(display(data)).elements == ()
    assert read(display({**data, "text/plain": "<Figure>"})).elements == (Plain("<Figure>"),)


def test_a_block_s_own_html_is_not_used() -> None:
    data = {BLOCK_MIME: Statement("prawda").to_dict(), "text/html": "<b>fałsz</b>", "text/plain": "fałsz"}
    page = html.render(read(display(data)))
    assert "prawda" in page
    assert "fałsz" not in page


def test_a_print_is_shown_and_a_warning_is_not() -> None:
    shown = read(
        v4.new_output("stream", name="stdout", text="wynik\n"),
        v4.new_output("stream", name="stderr", text="DeprecationWarning"),
        v4.new_output("stream", name="stdout", text="\n \n"),
    )
    assert shown.elements == (Plain("wynik"),)


def test_a_failed_cell_is_refused_without_its_message() -> None:
    failed = v4.new_output("error", ename="ValueError", evalue="PESEL 44051401359", traceback=[])
    with pytest.raises(ReportError, match="a cell failed with ValueError") as caught:
        read(failed)
    assert "44051401359" not in str(caught.value)


@pytest.mark.parametrize("covers", [0, 2])
def test_a_report_has_one_cover(covers: int) -> None:
    with pytest.raises(ReportError, match=f"{covers} cover blocks"):
        document.read(executed(*[cover()] * covers, Statement("a")))


@pytest.mark.parametrize(
    "data", [{}, {"kind": "unknown"}, {"kind": "table"}, [], "text", 3, {"kind": "points", "items": [1]},
             {"kind": "statement", "text": "a", "values": [], "tone": "text"}],
)  # fmt: skip
def test_a_block_of_unknown_form_is_refused(data: object) -> None:
    with pytest.raises(ReportError, match="block of unknown form"):
        read(display({BLOCK_MIME: data}))


@pytest.mark.parametrize(
    "source",
    [
        "![x](../../../../etc/passwd)",
        "![x](https://example.org/x.png)",
        '<img src="../../../../etc/passwd">',
        "<script>alert(1)</script>",
        "[link](javascript:alert(1))",
        "<https://example.org>",
        "`kod` ~~skreślone~~ | a | b |",
        "$x^2$",
        "{{7*7}}",
    ],
)
def test_images_links_and_html_of_a_notebook_s_markdown_stay_text(source: str) -> None:
    shown = read(source)
    assert shown.elements == (Paragraph((document.Run(source),)),)
    page = html.render(shown)
    assert "root:" not in page
    assert "<img" not in page
    assert "<script" not in page
    assert 'href="http' not in page


def test_the_annex_keeps_numbers_unrounded_and_drops_the_drawing() -> None:
    data = annex.to_dict(read("## Rozdział", table(), figure(), Note("uwaga"), "- punkt"))
    text = json.dumps(data, allow_nan=False)
    assert data["format"] == 1
    assert data["cover"]["teryt"] == "28"
    assert data["elements"][1]["rows"][0][2]["value"] == 377.61
    assert data["elements"][1]["rows"][1][1]["value"] is None
    assert data["elements"][2]["data"]["rows"]
    assert "<svg" not in text
    assert data["elements"][4] == {"kind": "paragraph", "text": "punkt", "bullet": True}


def test_reading_leaves_the_notebook_as_it_was() -> None:
    notebook = executed(cover(), "## a", table(), figure())
    before = json.dumps(notebook)
    document.read(notebook)
    assert json.dumps(notebook) == before
