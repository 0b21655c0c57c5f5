"""Understands days as registers and spreadsheets write them."""

from __future__ import annotations

import datetime
import re
from typing import Final

FIRST: Final = datetime.date(1800, 1, 1)
LAST: Final = datetime.date(2200, 12, 31)

_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.]+Z?)?")
_POLISH: Final = re.compile(r"(\d{1,2})[.-](\d{1,2})[.-](\d{4})(?:\s+[\d:.]+)?(?:\s*r\.?)?")
_SERIAL: Final = re.compile(r"\d{5}(?:\.\d+)?")
_EPOCH: Final = datetime.date(1899, 12, 30)  # day 0 of a spreadsheet, so that 1 March 1900 is day 61
_NONE: Final = frozenset({"", "-", "–", "—", "brak", "nie dotyczy", "nd", "n/d", "null", "none", "nat", "bezterminowo"})


def is_empty(text: str) -> bool:
    """Return whether a cell says that there is no day."""
    return text.strip().casefold() in _NONE


def parse_day(text: str) -> datetime.date | None:
    """Return the day a cell holds; None if it holds none, or one before 1800 or after 2200.

    Notes
    -----
    ISO, ``dd.mm.yyyy`` and ``dd-mm-yyyy`` are read, a time of day is dropped, and five digits are a spreadsheet's
    number of the day. Slashes are not read: they do not tell the day from the month.

    Examples
    --------
    >>> parse_day("1.09.2024 r."), parse_day("45292"), parse_day("2024-02-30"), parse_day("03/04/2024")
    (datetime.date(2024, 9, 1), datetime.date(2024, 1, 1), None, None)
    """
    text = text.strip()
    iso, polish = _ISO.fullmatch(text), _POLISH.fullmatch(text)
    try:
        if iso:
            day = datetime.date(int(iso[1]), int(iso[2]), int(iso[3]))
        elif polish:
            day = datetime.date(int(polish[3]), int(polish[2]), int(polish[1]))
        elif _SERIAL.fullmatch(text):
            day = _EPOCH + datetime.timedelta(days=int(text[:5]))
        else:
            return None
    except ValueError:
        return None
    return day if FIRST <= day <= LAST else None
