"""NIP, REGON and KRS: check digits, lost zeros, placeholders."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from register_project import nip, regon

from ropsanalysis.io.entity_numbers import Kind, read

NUMBERS = st.integers(0, 400_000)


@given(NUMBERS, st.sampled_from(["{0}", "{0} ", "PL{0}", "NIP: {0}", "PL {0}"]))
def test_a_nip_is_read_however_it_is_labelled(number: int, pattern: str) -> None:
    assert read("nip", pattern.format(nip(number))).value == nip(number)


@given(NUMBERS, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_found_in_a_nip(number: int, place: int, by: int) -> None:
    # The weights are not multiples of 11 and a digit changes by less than 11, so the sum modulo 11 changes.
    digits = list(nip(number))
    digits[place] = str((int(digits[place]) + by) % 10)
    assume(len(set(digits)) > 1)
    assert read("nip", "".join(digits)).wrong


@given(st.integers(0, 999_999), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_found_in_a_regon_unless_ten_counts_as_zero(number: int, place: int, by: int) -> None:
    original = regon(number)
    digits = list(original)
    digits[place] = str((int(digits[place]) + by) % 10)
    remainder = sum(w * int(d) for w, d in zip((8, 9, 2, 3, 4, 5, 6, 7), digits, strict=False)) % 11
    # 10 and 0 share the check digit 0: the one case that the regulation leaves open.
    assume(not (remainder in (0, 10) and digits[8] == "0"))
    assert read("regon", "".join(digits)).wrong == (remainder % 10 != int(digits[8]))


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("nip", "526-10-40-828", "5261040828"),  # Statistics Poland
        ("nip", "526 104 08 28", "5261040828"),
        ("regon", "000331501", "000331501"),  # Statistics Poland
        ("regon", "00033150100000", "000331501"),  # its 14 digits
        ("regon", "00033150100001", ""),
        ("krs", "30897", "0000030897"),
        ("krs", "0000030897", "0000030897"),
        ("krs", "30897.0", "0000030897"),
    ],
)
def test_published_numbers(kind: Kind, text: str, value: str) -> None:
    assert read(kind, text).value == value


def test_a_local_unit_counts_as_its_entity() -> None:
    nine = regon(123)
    weights = (2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8)
    body = f"{nine}0001"
    check = sum(w * int(d) for w, d in zip(weights, body, strict=True)) % 11 % 10
    assert read("regon", f"{body}{check}").value == nine
    assert read("regon", f"{body}{(check + 1) % 10}").wrong


def test_a_lost_zero_is_put_back_where_the_check_digit_fits() -> None:
    mended = read("regon", "331501".zfill(8))  # 00331501 lost the first of its zeros
    assert (mended.value, mended.mended, mended.wrong) == ("000331501", True, False)
    assert read("regon", "331501").wrong  # three lost zeros are a guess


@pytest.mark.parametrize(
    "text", ["1111111111", "9999999999", "123", "12345678901", "abc", "5261040828,526", "12345 i 67890"]
)
def test_what_is_no_nip_is_wrong(text: str) -> None:
    number = read("nip", text)
    assert number.wrong
    assert number.value == ""


@pytest.mark.parametrize("kind", ["nip", "regon", "krs"])
@pytest.mark.parametrize("text", ["", " ", "-", "brak", "nie dotyczy", "0", "0000000000", "n/d"])
def test_none_is_not_wrong(kind: Kind, text: str) -> None:
    number = read(kind, text)
    assert (number.value, number.wrong) == ("", False)
