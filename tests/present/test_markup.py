"""Blocks as HTML: every text is that text, and a table says what heads its rows and columns."""

from __future__ import annotations

import pytest
from lxml import html

from ropsanalysis.present.blocks import Block, Column, Cover, Figure, Note, Number, Points, Statement, Table, plain_text
from ropsanalysis.present.markup import fragment

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "</caption></table><b>",
    "&lt;b&gt; & zażółć",
    '#import "x"',
    "{{7*7}}",
]
SVG = '<svg viewBox="0 0 9 9" xmlns="http://www.w3.org/2000/svg"><text>a</text></svg>'


def table(text: str = "x") -> Table:
    return Table(
        "k", text, (Column(text, "left"), Column(text)), ((text, text), ("y", Number(1.25, digits=1))), text, text
    )


def blocks_saying(text: str) -> list[Block]:
    return [
        Cover("r", text, text, "28", text, text, text, facts=((text, text),)),
        Statement(text),
        Points((Statement(text), Statement(text, tone="bad"))),
        table(text),
        Figure("k", text, SVG, text, text, table(text), text, text),
        Note(text, title=text, items=(text,)),
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_stays_a_text_in_every_block(text: str) -> None:
    for block, plain in zip(blocks_saying(text), blocks_saying("word"), strict=True):
        shown = html.fragment_fromstring(fragment(block), create_parent="div")
        expected = html.fragment_fromstring(fragment(plain), create_parent="div")
        assert [(e.tag, sorted(e.attrib)) for e in shown.iter()] == [(e.tag, sorted(e.attrib)) for e in expected.iter()]
        assert shown.text_content() == expected.text_content().replace("word", text)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_number_and_anchor_stay_attributes(text: str) -> None:
    shown = html.fragment_fromstring(fragment(table(), caption=text, anchor=text), create_parent="div")
    assert shown.xpath("//div[@class='tablebox']/@id") == [text]
    assert shown.xpath("//*[@role='region']/@aria-label") == [f"{text} x"]
    assert not shown.xpath("//script | //img")


def test_a_table_names_its_rows_and_columns() -> None:
    shown = html.fragment_fromstring(fragment(table()))
    assert shown.xpath("//thead//th/@scope") == ["col", "col"]
    assert shown.xpath("//tbody//tr/*[1]/@scope") == ["row", "row"]
    assert [row.xpath("string(td)") for row in shown.xpath("//tbody/tr")] == ["x", "1,3"]
    assert shown.xpath("boolean(//table/caption)")


def test_the_own_region_s_row_is_marked() -> None:
    own = Table("k", "t", (Column("a"),), (("x",), ("y",)), highlight=(1,))
    rows = html.fragment_fromstring(fragment(own)).xpath("//tbody/tr")
    assert [row.get("class") for row in rows] == [None, "own"]


def test_a_row_of_another_length_than_the_head_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        fragment(Table("k", "t", (Column("a"), Column("b")), (("x",),)))


def test_a_figure_is_an_image_with_words_and_its_data() -> None:
    figure = Figure("k", "Tytuł", SVG, "co widać", "dłuższy opis", table(), label="Mapa")
    shown = html.fragment_fromstring(fragment(figure, caption="Mapa 1.", anchor="mapa-1"))
    assert shown.xpath("//svg/@role") == ["img"]
    assert shown.xpath("//svg/@aria-label") == ["co widać"]
    assert shown.xpath("string(//details/summary)") == "Opis i dane mapy"
    assert shown.xpath("string(//details/p)") == "dłuższy opis"
    assert shown.xpath("boolean(//details//table)")
    assert shown.xpath("string(//figcaption)") == "Mapa 1. Tytuł"


def test_synthetic_data_are_announced_on_the_cover() -> None:
    cover = Cover("r", "t", "s", "28", "w", "c", "2025", synthetic=True)
    assert "DANE SYNTETYCZNE" in fragment(cover)
    assert "SYNTETYCZNE" not in fragment(Cover("r", "t", "s", "28", "w", "c", "2025"))


def test_made_up_numbers_are_marked_where_they_stand() -> None:
    table = Table("k", "Tytuł", (Column("a"),), (("x",),), synthetic=True)
    figure = Figure("k", "Tytuł", SVG, "alt", "opis", table)
    points = Points((Statement("Zmyślone.", synthetic=True), Statement("Prawdziwe.")))
    for block, marks in ((table, 1), (figure, 2), (points, 1), (Statement("Zmyślone.", synthetic=True), 1)):
        assert fragment(block).count('<span class="mark">dane syntetyczne</span>') == marks
        assert plain_text(block).count("[dane syntetyczne]") == 1
    assert "mark" not in fragment(Statement("Prawdziwe."))
    mixed = Cover("r", "t", "s", "28", "w", "c", "2025", synthetic=True, real="oprócz danych GUS")
    assert "DANE SYNTETYCZNE (oprócz danych GUS)" in fragment(mixed)


def test_a_block_of_unknown_kind_is_refused() -> None:
    with pytest.raises(TypeError, match="no HTML for Block"):
        fragment(Block())
