"""Blocks travel through a notebook as JSON and come back as they went."""

from __future__ import annotations

import json
import math
from dataclasses import FrozenInstanceError
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ropsanalysis.present import blocks
from ropsanalysis.present.blocks import (
    BLOCK_MIME,
    AnyBlock,
    Column,
    Cover,
    Figure,
    Note,
    Number,
    Points,
    Statement,
    Table,
    from_dict,
    plain_text,
)

#: Any text at all, with what is known to upset one format or another.
TEXT = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["</script><script>alert(1)</script>", "#import \"x\"", "=1+1", "{{7*7}}", "$x^2$", "*a*", "a\u2028b", "\x00",
         "zażółć gęślą jaźń", "<img src=x onerror=alert(1)>", "{value}", "&amp;"]
    ),
)  # fmt: skip
NUMBERS = st.builds(
    Number,
    st.none() | st.floats(allow_infinity=False),
    digits=st.integers(0, 4),
    unit=TEXT,
    signed=st.booleans(),
    missing=TEXT,
)
STATEMENTS = st.builds(
    Statement,
    text=TEXT,
    values=st.dictionaries(TEXT, NUMBERS, max_size=3),
    tone=st.sampled_from(get_args(blocks.Tone)),
    synthetic=st.booleans(),
)
TABLES = st.builds(
    Table,
    key=TEXT,
    title=TEXT,
    columns=st.just((Column("Województwo", "left"), Column("2025"))),
    rows=st.lists(st.tuples(TEXT, NUMBERS | TEXT), max_size=3).map(tuple),
    source=TEXT,
    note=TEXT,
    highlight=st.lists(st.integers(0, 3), max_size=2).map(tuple),
    synthetic=st.booleans(),
)
COVERS = st.builds(
    Cover, report=TEXT, title=TEXT, subtitle=TEXT, teryt=TEXT, region=TEXT, centre=TEXT, edition=TEXT,
    facts=st.lists(st.tuples(TEXT, TEXT), max_size=3).map(tuple), synthetic=st.booleans(), real=TEXT,
)  # fmt: skip
FIGURES = st.builds(
    Figure, key=TEXT, title=TEXT, svg=TEXT, alt=TEXT, description=TEXT, data=TABLES, source=TEXT, note=TEXT,
    label=st.sampled_from(get_args(blocks.FigureKind)),
)  # fmt: skip
NOTES = st.builds(Note, text=TEXT, title=TEXT, items=st.lists(TEXT, max_size=3).map(tuple))
POINTS = st.builds(Points, items=st.lists(STATEMENTS, max_size=3).map(tuple))
STRATEGIES = {Cover: COVERS, Statement: STATEMENTS, Points: POINTS, Table: TABLES, Figure: FIGURES, Note: NOTES}


def test_every_kind_of_block_is_tested_here() -> None:
    assert set(STRATEGIES) == set(get_args(AnyBlock))


@given(st.one_of(*STRATEGIES.values()))
def test_a_block_comes_back_from_json_as_it_went(block: AnyBlock) -> None:
    travelled = json.loads(json.dumps(block.to_dict(), allow_nan=False))
    assert from_dict(travelled) == block
    assert from_dict(travelled).to_dict() == block.to_dict()


@given(st.one_of(*STRATEGIES.values()))
def test_a_cell_gives_the_block_its_html_and_a_plain_text(block: AnyBlock) -> None:
    bundle = block._repr_mimebundle_()
    assert set(bundle) == {BLOCK_MIME, "text/html", "text/plain"}
    assert bundle[BLOCK_MIME] == block.to_dict()
    assert bundle["text/plain"] == plain_text(block)


def test_a_number_that_is_not_one_becomes_null_and_never_zero() -> None:
    missing = Number(float("nan"), digits=1, missing="brak danych")
    assert missing.value is None
    assert missing.text == "brak danych"
    shown = Table("k", "t", (Column("a"), Column("b")), (("x", missing),)).to_dict()
    assert json.loads(json.dumps(shown, allow_nan=False))["rows"][0][1]["value"] is None
    assert Number(None).text == "–"


def test_a_number_that_a_sentence_does_not_print_is_not_kept() -> None:
    made = Statement.of("{a}", a=Number(3), unused=Number(4))
    assert made.values == {"a": Number(3)}


def test_a_statement_keeps_its_numbers_unrounded() -> None:
    made = Statement.of("{a} wobec {b} ({word})", a=Number(377.6149, digits=1), b=Number(-0.04, digits=1), word="{a}")
    assert made.text == "377,6 wobec 0,0 ({a})"
    assert made.values["a"].value == 377.6149
    assert set(made.values) == {"a", "b"}


def test_a_number_with_unit_and_sign_reads_as_polish() -> None:
    assert Number(12.345, digits=1, unit="%", signed=True).text == "+12,3%"
    assert Number(1234.5, digits=2, unit="zł").text == "1234,50\u00a0zł"


@pytest.mark.parametrize(
    "broken",
    [{}, {"kind": "script"}, {"kind": "table"}, {"kind": "cover", "facts": []}, {"kind": "note", "text": "a"},
     {"kind": "points", "items": [1]}, {"kind": "table", "rows": 1, "columns": []}],
)  # fmt: skip
def test_a_structure_of_unknown_form_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises((AttributeError, KeyError, TypeError, ValueError)):
        from_dict(broken)


def test_a_block_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Note("a").text = "b"  # type: ignore[misc]


def test_infinity_is_no_number_to_publish() -> None:
    # An infinite value would break the JSON (allow_nan=False), so it must not pass silently as text.
    with pytest.raises(ValueError, match=r"Out of range|finite|infin"):
        json.dumps(Statement("a", {"v": Number(math.inf)}).to_dict(), allow_nan=False)
