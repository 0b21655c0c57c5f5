"""Reads the numbers by which entities are known in Poland: NIP, REGON and KRS.

References
----------
Act of 13 October 1995 on the registration and identification of taxpayers (NIP); regulation of the Council of
Ministers of 30 November 2015 on the REGON register, for weights and check digits. A number of the National Court
Register (KRS) has ten digits and no check digit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul
from typing import Final, Literal

Kind = Literal["nip", "regon", "krs"]
KINDS: Final[tuple[Kind, ...]] = ("nip", "regon", "krs")
NAMES: Final[dict[Kind, str]] = {"nip": "NIP", "regon": "REGON", "krs": "KRS"}
EXPECTED: Final[dict[Kind, str]] = {
    "nip": "10 cyfr z poprawną cyfrą kontrolną",
    "regon": "9 albo 14 cyfr z poprawną cyfrą kontrolną",
    "krs": "10 cyfr (mogą być bez zer na początku)",
}

_NIP: Final = (6, 5, 7, 2, 3, 4, 5, 6, 7)
_REGON: Final = (8, 9, 2, 3, 4, 5, 6, 7)
_LOCAL: Final = (2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8)
_SEPARATORS: Final = re.compile(r"[\s\u00a0.–-]+")
_LABEL: Final = re.compile(r"^(?:nip|regon|krs|pl)[\s:.-]*", re.IGNORECASE)
_EMPTY: Final = frozenset({"", "brak", "nie dotyczy", "nd", "n/d", "-", "–", "—", "0", "null", "none", "nan"})


@dataclass(frozen=True, slots=True)
class Number:
    """What a cell says.

    Attributes
    ----------
    value
        Digits: 10 of a NIP or KRS, 9 of a REGON (the entity's, also where its local unit's is given); empty if there
        is none or it is wrong.
    wrong
        Whether something stands there that is no such number.
    mended
        Whether a lost leading zero was put back.
    """

    value: str
    wrong: bool = False
    mended: bool = False


_NOTHING: Final = Number("")
_WRONG: Final = Number("", wrong=True)


def read(kind: Kind, text: str) -> Number:
    """Return the number that a cell of a register holds.

    Parameters
    ----------
    text
        As delivered: with separators, a label ("NIP", "PL"), or without the zero that a spreadsheet took away.

    Notes
    -----
    A number of one digit repeated is a placeholder and wrong, even if its check digit fits.

    Examples
    --------
    >>> read("nip", "526-10-40-828").value, read("regon", "000331501").value, read("krs", "22306").value
    ('5261040828', '000331501', '0000022306')
    >>> read("nip", "526-10-40-829").wrong, read("regon", "331501").wrong
    (True, True)
    """
    if text.isdecimal() and text.isascii():
        digits = text
    else:
        if text.strip().casefold() in _EMPTY:
            return _NOTHING
        digits = _SEPARATORS.sub("", _LABEL.sub("", re.sub(r"\.0$", "", text.strip())))
        if not (digits.isdecimal() and digits.isascii()):
            return _WRONG
    if kind == "krs":
        return Number(digits.zfill(10)) if digits.strip("0") and len(digits) <= 10 else _placeholder(digits)
    widths = (10,) if kind == "nip" else (9, 14)
    if len(set(digits)) == 1:
        return _placeholder(digits)
    fits = fits_nip if kind == "nip" else fits_regon
    if len(digits) in widths:
        return Number(digits[: widths[0]]) if fits(digits) else _WRONG
    if len(digits) + 1 in widths and fits(f"0{digits}"):
        return Number(f"0{digits}"[: widths[0]], mended=True)
    return _WRONG


def fits_nip(digits: str) -> bool:
    """Return whether ten digits are a NIP: the weighted sum modulo 11 is the last digit, and never 10."""
    return len(digits) == 10 and _remainder(_NIP, digits) == int(digits[9])


def fits_regon(digits: str) -> bool:
    """Return whether 9 or 14 digits are a REGON; of 14 the first nine are the REGON of the entity."""
    if len(digits) not in (9, 14) or _remainder(_REGON, digits) % 10 != int(digits[8]):
        return False
    return len(digits) == 9 or _remainder(_LOCAL, digits) % 10 == int(digits[13])


def _remainder(weights: Sequence[int], digits: str) -> int:
    total: int = sum(map(mul, weights, map(int, digits)))
    return total % 11


def _placeholder(digits: str) -> Number:
    # Zeros stand for "none"; any other repeated digit, or too many of them, is a mistake.
    return _WRONG if digits.strip("0") else _NOTHING
