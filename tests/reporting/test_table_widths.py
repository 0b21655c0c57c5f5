"""Columns of text in the PDF leave room for amounts and days, which do not break."""

from __future__ import annotations

import pytest

from ropsanalysis.present.blocks import Column, Table
from ropsanalysis.reporting.pdf import _CHARACTER, _PADDING, _PAGE, _widths

AMOUNT = "10\u00a0032\u00a0520,40\u00a0zł"


def points(table: Table) -> list[float]:
    """Return the widths of the columns on the page."""
    widths = _widths(table, [[str(cell) for cell in row] for row in table.rows])
    shares = sum(width["size"] for width in widths if width["unit"] == "fr")
    room = _PAGE - sum(width["size"] for width in widths if width["unit"] == "pt")
    return [width["size"] * (room / shares if width["unit"] == "fr" else 1) for width in widths]


@pytest.mark.parametrize("long", [30, 300, 3_000])
def test_an_amount_in_a_column_of_text_fits_beside_a_long_text(long: int) -> None:
    columns = tuple(
        Column(label, "left") for label in ("Pozycja", "Opublikowano", "Źródło", "Karta urzędu", "Zgodność")
    )
    rows = (("Wartość projektu", AMOUNT, "[1]", AMOUNT, "tak"), ("Zadania", "zadanie; " * (long // 9), "[1]", "–", "–"))
    found = points(Table(key="card", title="Karta", columns=columns, rows=rows))
    assert min(found[1], found[3]) >= len(AMOUNT) * _CHARACTER + _PADDING - 0.1
    assert sum(found) == pytest.approx(_PAGE)


def test_words_alone_are_hyphenated_and_take_no_width() -> None:
    columns = (Column("Pozycja", "left"), Column("Opis", "left"))
    narrow, wide = points(Table(key="t", title="T", columns=columns, rows=(("krótko", "długi tekst " * 300),)))
    assert narrow < 60 < wide
