"""Numbers as people write them in Polish spreadsheets: "1 234,50 zł", "12 osób", "(300)", "nie dotyczy".

What may be read in two ways ("12.500 zł") is not read at all, because a thousandfold error is worse than a gap.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ropsanalysis.io.answers import normalise

UNREADABLE: Final = np.inf
"""Not a number."""
PERCENTAGE: Final = -np.inf
"""A percentage, where a number was asked for."""

_PLAIN: Final = re.compile(r"-?\d{1,15}(?:\.\d{1,2})?", re.ASCII)  # what programs write; most cells are such
_UNIT: Final = re.compile(r"\s*(?:zł|zl|pln|os\.?|osób|osob|osoby|osoba|etat|etaty|etatu|etatów|godz\.?|szt\.?)$", re.I)
_GAP: Final = r"[ \u00a0\u2009\u202f']"
_NUMBER: Final = re.compile(
    rf"\d{{1,3}}(?:{_GAP}\d{{3}})+(?:[.,]\d{{1,15}})?"  # 1 234 567,50
    r"|\d{1,3}(?:\.\d{3})+,\d{1,15}|\d{1,3}(?:\.\d{3}){2,}"  # 1.234,50 and 1.234.567
    r"|\d{1,3}(?:,\d{3})+\.\d{1,15}|\d{1,3}(?:,\d{3}){2,}"  # 1,234.50 and 1,234,567
    r"|\d{1,15}(?:[.,]\d{0,17})?(?:[eE][+-]?\d{1,2})?",
    re.ASCII,
)
_TWO_WAYS: Final = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_GROUPING: Final = re.compile(_GAP)
_NOTHING: Final = frozenset(
    {"nd", "n d", "nie dotyczy", "brak", "brak danych", "bd", "b d", "x", "na", "n a", "odmowa", "odmowa odpowiedzi"}
    | {"nie wiem", "nan", "null", "none"}
)
_DASHES: Final = frozenset({"-", "–", "—", "−", "."})


def read_numbers(texts: Sequence[str], *, amounts: bool = False) -> NDArray[np.float64]:
    """Return the number that each text stands for.

    Parameters
    ----------
    texts
        Cells without surrounding blanks.
    amounts
        Whether they are amounts of money, which have no thousandths: "12.500" is then `UNREADABLE`, since it may
        mean twelve and a half or twelve thousand five hundred.

    Returns
    -------
    numpy.ndarray
        As long as `texts`: NaN for an empty cell and for words that say there is no answer, `UNREADABLE` for
        anything that is no number, `PERCENTAGE` for one with a percent sign.

    Examples
    --------
    >>> read_numbers(["1 234,50 zł", "(300)", "nie dotyczy", "12 %"], amounts=True).tolist()
    [1234.5, -300.0, nan, -inf]
    """
    return np.array([_read(text, amounts) for text in texts], dtype=np.float64)


def _read(text: str, amounts: bool) -> float:
    if not text:
        return np.nan
    if _PLAIN.fullmatch(text):
        return float(text)
    if text in _DASHES or normalise(text) in _NOTHING:
        return np.nan
    if text.endswith("%"):
        return PERCENTAGE
    plain = as_decimal(text, amounts=amounts)
    return UNREADABLE if plain is None else float(plain)


def as_decimal(text: str, *, amounts: bool = False) -> str | None:
    """Return a number as digits with a decimal point, not rounded in any way; None for anything that is no number.

    Parameters
    ----------
    amounts
        As `read_numbers` takes it.

    Examples
    --------
    >>> as_decimal("10 032 520,40 zł"), as_decimal("(12,5)"), as_decimal("12.500", amounts=True)
    ('10032520.40', '-12.5', None)
    """
    plain = _UNIT.sub("", text)
    negative = plain.startswith("(") and plain.endswith(")")
    if negative:
        plain = _UNIT.sub("", plain[1:-1])
    elif plain[:1] in {"-", "−", "–", "+"}:
        negative, plain = plain[0] != "+", plain[1:].lstrip()
    if not _NUMBER.fullmatch(plain) or (amounts and _TWO_WAYS.fullmatch(plain)):
        return None
    return ("-" if negative else "") + _with_point(_GROUPING.sub("", plain))


def _with_point(digits: str) -> str:
    """Return the digits with a decimal point and nothing between thousands."""
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and point >= 0:  # the sign that comes last is the decimal one
        other = "." if comma > point else ","
        digits = digits.replace(other, "")
    elif digits.count(",") > 1 or digits.count(".") > 1:
        return digits.replace(",", "").replace(".", "")
    return digits.replace(",", ".")
