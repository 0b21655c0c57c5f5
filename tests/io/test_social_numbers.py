"""Numbers in Polish spreadsheets: what is read, what means that there is none, and what is refused."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ropsanalysis.io.social_numbers import PERCENTAGE, UNREADABLE, read_numbers

READ = [
    ("0", 0.0), ("12", 12.0), ("-3", -3.0), ("−3", -3.0), ("– 3", -3.0), ("+3", 3.0), ("12.5", 12.5), ("12,5", 12.5),
    ("1 234,50 zł", 1234.5), ("1\u00a0234\u00a0567,5", 1234567.5), ("1\u202f234", 1234.0), ("1'234", 1234.0),
    ("1.234,50", 1234.5), ("1.234.567", 1234567.0), ("1,234.50", 1234.5), ("1,234,567", 1234567.0),
    ("1.234.567,89", 1234567.89), ("1,234,567.89", 1234567.89),
    ("(1 234,50)", -1234.5), ("(300 zł)", -300.0), ("1234 PLN", 1234.0), ("7 osób", 7.0), ("2,25 etatu", 2.25),
    ("12 os.", 12.0), ("1.5E+3", 1500.0), ("1e-05", 1e-5), ("12,", 12.0), ("0.125", 0.125), ("1234.567", 1234.567),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), READ)
def test_numbers_are_read_as_people_write_them(text: str, value: float) -> None:
    for amounts in (False, True):
        assert read_numbers([text], amounts=amounts).tolist() == [value]


@pytest.mark.parametrize("text", ["", "-", "–", ".", "nd", "n/d", "nie dotyczy", "Brak danych", "b.d.", "x", "odmowa"])
def test_words_for_no_answer_are_no_number_and_no_error(text: str) -> None:
    assert math.isnan(read_numbers([text])[0])


@pytest.mark.parametrize(
    "text",
    ["sporo", "12 tys.", "1 23", "12 345 67", "1.23.456", "12,34,56", "1 234 5", "5 mln zł", "10-12", "1/2", "####",
     "?", "=A1+1", "inf", "1_000", "0x1F", "１２", "12;5", "zł", "()", "--5", "12 zł zł", "1,2.3", "9" * 400],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    assert read_numbers([text]).tolist() == [UNREADABLE]


@pytest.mark.parametrize("text", ["12.500", "12,500 zł", "-1.200"])
def test_an_amount_that_may_be_read_in_two_ways_is_refused(text: str) -> None:
    assert read_numbers([text], amounts=True).tolist() == [UNREADABLE]
    assert math.isfinite(read_numbers([text])[0]), "of full-time equivalents thousandths are usual"


def test_a_percentage_is_told_apart() -> None:
    assert read_numbers(["12,9%", "12 %"]).tolist() == [PERCENTAGE] * 2


@given(st.floats(-1e12, 1e12, allow_nan=False), st.integers(0, 2))
def test_what_polish_spreadsheets_show_is_read_back(value: float, digits: int) -> None:
    shown = f"{value:,.{digits}f}".replace(",", "\u00a0").replace(".", ",")
    expected = float(f"{value:.{digits}f}")
    assert read_numbers([shown, f"{shown} zł", str(expected)], amounts=True).tolist() == [expected] * 3


@given(st.lists(st.text(max_size=30)))
def test_no_text_breaks_the_reader(texts: list[str]) -> None:
    values = read_numbers(texts)
    assert len(values) == len(texts)
    assert values.dtype == float
