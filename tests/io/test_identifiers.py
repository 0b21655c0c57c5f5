"""Identifiers of persons are found however they are written, ordinary numbers are not; the key stays outside."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import stat
import string
import sys
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ropsanalysis.errors import DataError
from ropsanalysis.io import identifiers
from ropsanalysis.io.identifiers import find_in_column, find_kinds, load_key, pseudonym, redact

LETTERS = string.ascii_letters + "ąćęłńóśźż ,;:!?\n"
WORDS = st.text(alphabet=LETTERS, max_size=20)


def pesel(born: datetime.date, serial: int) -> str:
    """Return the PESEL by the rule of the act on population records, art. 15-18: the weights are 1, 3, 7, 9."""
    month = born.month + (20 if born.year >= 2000 else 0)
    first = f"{born.year % 100:02}{month:02}{born.day:02}{serial:04}"
    total = sum((1, 3, 7, 9)[place % 4] * int(digit) for place, digit in enumerate(first))
    return f"{first}{-total % 10}"


PESELS = st.builds(pesel, st.dates(datetime.date(1900, 1, 1), datetime.date(2099, 12, 31)), st.integers(0, 9999))


def test_the_rule_gives_the_published_example() -> None:
    # "44051401359" is the example that official descriptions of the number use.
    assert pesel(datetime.date(1944, 5, 14), 135) == "44051401359"


@given(PESELS, WORDS, WORDS, st.sampled_from(["", " ", "-", "\u00a0"]))
def test_a_pesel_is_found_inside_any_text(number: str, before: str, after: str, gap: str) -> None:
    written = f"{number[:6]}{gap}{number[6:]}"
    text = before + written + after
    assert "pesel" in find_kinds(text)
    assert written not in redact(text)


@given(st.integers(0, 10**11 - 1).map("{:011}".format))
def test_eleven_digits_without_their_check_digit_are_no_pesel(number: str) -> None:
    total = sum((1, 3, 7, 9)[place % 4] * int(digit) for place, digit in enumerate(number[:10]))
    assume((total + int(number[10])) % 10)
    assert "pesel" not in find_kinds(number)


@given(st.text(alphabet=string.ascii_lowercase + "_.", min_size=1, max_size=12), WORDS)
def test_an_address_is_found_inside_any_text(name: str, around: str) -> None:
    assume(name[-1] not in "." and name[0] not in ".")
    assert "email" in find_kinds(f"{around} {name}@urzad.example.pl {around}")


@pytest.mark.parametrize(
    "text",
    [
        "+48 600 100 200", "+48600100200", "0048 600100200", "48600100200", "(48) 600 100 200", "+48 12 345-67-89",
        "600 100 200", "600-100-200", "tel:600.100.200", "600100200", "41 345 67 89", "(41) 345-67-89",
        "041 345 67 89", "(41) 3456789", "413456789", "600\u00a0100\u00a0200", "６００１００２００",
    ],
)  # fmt: skip
def test_usual_spellings_of_telephones_are_found(text: str) -> None:
    assert find_kinds(f"proszę dzwonić: {text}.") == {"phone"}
    assert find_in_column(["", text]) == {"phone": [1]}
    assert not any(sign.isdigit() for sign in redact(text))


@pytest.mark.parametrize(
    "text",
    [
        "5", "123456", "2025", "20250314", "20250314123045", "2025-03-14 10:22:33", "14.03.2025", "12:30:45",
        "250 000 000", "600 000 000 zł", "12 345 678", "1 234 567,89", "0.8137213712", "48.1234567891", "100000001",
        "26-600", "1, 2, 3, 4, 5, 1, 2, 3, 4", "1-2-3-4-5-4-3-2-1-5-5-4", "wersja 1.2.3", "0.123456789012",
    ],
)  # fmt: skip
def test_ordinary_numbers_dates_and_amounts_are_not(text: str) -> None:
    assert find_kinds(text) == frozenset()
    assert redact(text) == text


@pytest.mark.parametrize("text", ["192.168.0.1", "z adresu 83.12.7.254,", "2001:db8::1", "fe80::1ff:fe23:4567:890a"])
def test_addresses_of_computers_are_found(text: str) -> None:
    assert find_kinds(text) == {"ip"}


def test_a_pesel_that_lost_its_zero_is_found_in_a_column_of_numbers() -> None:
    shortened = pesel(datetime.date(2002, 7, 8), 362)[1:]
    assert find_in_column(["", shortened]) == {"pesel": [1]}
    others = [str(number) for number in range(3_000_000_000, 3_000_000_020)]
    assert find_in_column([*others, shortened]) == {}, "one in twenty is chance"


def test_random_numbers_of_the_survey_program_are_no_telephones() -> None:
    assert find_in_column(["600100200"], technical=True) == {}
    assert find_in_column(["600 100 200"], technical=True) == {"phone": [0]}
    assert find_in_column(["44051401359"], technical=True) == {"pesel": [0]}


def test_a_pseudonym_is_the_keyed_hash() -> None:
    # RFC 4231, test case 2: key "Jefe", data "what do ya want for nothing?".
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert pseudonym("what do ya want for nothing?", b"Jefe") == expected
    assert pseudonym("ą", b"k") == hmac.new(b"k", "ą".encode(), hashlib.sha256).hexdigest()


def test_the_key_is_made_once_and_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(identifiers.KEY_VARIABLE, raising=False)
    for name in ("XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "config"))
    key = load_key(tmp_path / "project")
    path = tmp_path / "config" / "ropsanalysis" / "pseudonyms.key"
    assert len(key) == 64
    assert path.read_bytes().strip() == key == load_key(tmp_path / "project")
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_inside_the_project_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(identifiers.KEY_VARIABLE, str(tmp_path / "data" / "klucz"))
    with pytest.raises(DataError, match="w folderze projektu"):
        load_key(tmp_path)
    assert not (tmp_path / "data").exists()


def test_a_short_or_unreadable_key_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    short = tmp_path / "klucz"
    short.write_text("abc")
    monkeypatch.setenv(identifiers.KEY_VARIABLE, str(short))
    with pytest.raises(DataError, match="krótszy niż 32"):
        load_key(tmp_path / "project")
    monkeypatch.setenv(identifiers.KEY_VARIABLE, str(short / "pod" / "klucz"))
    with pytest.raises(DataError, match="Nie można odczytać"):
        load_key(tmp_path / "project")
