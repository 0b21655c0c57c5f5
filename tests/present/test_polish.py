"""Laws of numbers in print: what is shown is the decimal rounding of the value, and nothing else."""

from __future__ import annotations

import re
from decimal import Decimal, localcontext

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from ropsanalysis.present import polish

FINITE = st.floats(min_value=-1e30, max_value=1e30)
DIGITS = st.integers(min_value=0, max_value=4)


def read_back(text: str) -> Decimal:
    """Return the number a Polish reader takes from the text."""
    return Decimal(text.replace(polish.NBSP, "").replace(",", ".").replace(polish.MINUS, "-").replace("+", ""))


# Half away from zero on the decimal digits, by hand; round() and format() give 0,12, 2, 1,00 and -0,12.
@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [(0.125, 2, "0,13"), (2.5, 0, "3"), (1.005, 2, "1,01"), (-0.125, 2, "−0,13"), (-2.5, 0, "−3"),
     (222.65, 1, "222,7"), (0.5, 0, "1"), (99999.95, 1, "100\u00a0000,0"), (9999.95, 1, "10\u00a0000,0")],
)  # fmt: skip
def test_halves_are_rounded_away_from_zero(value: float, digits: int, shown: str) -> None:
    assert polish.number(value, digits=digits) == shown


# CLDR 46 pl: minimumGroupingDigits 2, group U+00A0, decimal ",".
@pytest.mark.parametrize(
    ("value", "shown"),
    [(999, "999"), (1000, "1000"), (9999, "9999"), (10_000, "10\u00a0000"), (1_234_567, "1\u00a0234\u00a0567"),
     (-12_345, "−12\u00a0345")],
)  # fmt: skip
def test_digits_are_grouped_from_five_on(value: float, shown: str) -> None:
    assert polish.number(value) == shown


@given(FINITE, DIGITS)
def test_a_printed_number_is_within_half_a_last_digit(value: float, digits: int) -> None:
    shown = read_back(polish.number(value, digits=digits))
    assert abs(shown - Decimal(repr(value))) <= Decimal(1).scaleb(-digits) / 2


@given(FINITE, DIGITS)
def test_numbers_look_as_the_common_locale_data_say(value: float, digits: int) -> None:
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    rounded = abs(read_back(polish.number(value, digits=digits)))
    with localcontext(prec=60):
        expected = format_decimal(rounded, format=pattern, locale="pl_PL", group_separator=rounded >= 10_000)
    assert polish.number(value, digits=digits).removeprefix(polish.MINUS) == expected


@given(FINITE, DIGITS)
def test_a_number_and_its_opposite_differ_only_by_the_sign(value: float, digits: int) -> None:
    plus, minus = polish.number(abs(value), digits=digits), polish.number(-abs(value), digits=digits)
    assert minus.removeprefix(polish.MINUS) == plus
    assert (minus != plus) == bool(re.search("[1-9]", plus)), "zero alone has no sign"


@given(FINITE, DIGITS)
def test_a_signed_number_reads_as_the_same_number(value: float, digits: int) -> None:
    text = polish.signed(value, digits=digits)
    plain = polish.number(value, digits=digits)
    assert text.removeprefix("+") == plain
    assert text.startswith("+") == (read_back(plain) > 0)


@given(FINITE, DIGITS)
def test_a_printed_number_never_breaks_over_a_line_and_has_no_ascii_minus(value: float, digits: int) -> None:
    assert not re.search(r"[ \t\n-]", polish.number(value, digits=digits))


@pytest.mark.parametrize("show", [polish.number, polish.signed])
@pytest.mark.parametrize("missing", [None, float("nan")])
def test_a_missing_number_is_a_dash_and_never_zero(show: object, missing: float | None) -> None:
    assert show(missing, digits=1) == "–"  # type: ignore[operator]
    assert polish.with_unit("–", "zł") == "–"


# Plural forms by the CLDR rule for pl: one (1), few (2–4 but 12–14), many (the rest).
@pytest.mark.parametrize(
    ("count", "form"),
    [(0, "lat"), (1, "rok"), (2, "lata"), (4, "lata"), (5, "lat"), (11, "lat"), (12, "lat"), (14, "lat"),
     (21, "lat"), (22, "lata"), (101, "lat"), (112, "lat"), (122, "lata")],
)  # fmt: skip
def test_a_counted_noun_has_its_form(count: int, form: str) -> None:
    assert polish.plural_form(count, "rok", "lata", "lat") == form


@given(st.sets(st.integers(min_value=1990, max_value=2050), min_size=1))
def test_runs_of_years_name_each_year_once(years: set[int]) -> None:
    spans = re.split(", | i ", polish.runs_of_years(years))
    named = []
    for span in spans:
        first, _, last = span.partition("–")
        named += range(int(first), int(last or first) + 1)
    assert named == sorted(years)


@given(st.lists(st.from_regex(r"[a-ząćęłńóśźż]{2,8}", fullmatch=True), min_size=1, max_size=6))
def test_a_listing_holds_all_words_in_order(words: list[str]) -> None:
    assert [word for word in re.split(", | ", polish.listing(words)) if word != "i"] == words


def test_a_tie_shows_its_span_of_ranks() -> None:
    assert [polish.rank(3), polish.rank(3, 3), polish.rank(3, 5), polish.rank(None, 4)] == ["3.", "3.", "3.–5.", "–"]
