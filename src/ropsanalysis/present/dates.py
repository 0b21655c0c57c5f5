"""Days and quarters as Polish readers write them."""

from __future__ import annotations

from typing import Final

from ropsanalysis.present import polish

_MONTHS: Final = (
    "stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września", "października",
    "listopada", "grudnia",
)  # fmt: skip
_QUARTERS: Final = {"Q1": "I", "Q2": "II", "Q3": "III", "Q4": "IV"}


def day(iso: str) -> str:
    """Return a day for a table.

    Examples
    --------
    >>> day("2024-03-07"), day("")
    ('07.03.2024', '–')
    """
    if not iso:
        return polish.DASH
    year, month, number = iso[:10].split("-")
    return f"{number}.{month}.{year}"


def long_day(iso: str) -> str:
    r"""Return a day for a sentence.

    Examples
    --------
    >>> long_day("2024-03-07")
    '7\xa0marca 2024\xa0r.'
    """
    year, month, number = iso[:10].split("-")
    return f"{int(number)}{polish.NBSP}{_MONTHS[int(month) - 1]} {year}{polish.NBSP}r."


def period(key: str) -> str:
    r"""Return a year or a quarter.

    Examples
    --------
    >>> period("2024"), period("2024-Q4")
    ('2024', 'IV\xa0kw. 2024')
    """
    year, _, quarter = key.partition("-")
    return f"{_QUARTERS[quarter]}{polish.NBSP}kw. {year}" if quarter else year


def quarter_label(key: str) -> str:
    r"""Return a quarter where there is little room, as on an axis.

    Examples
    --------
    >>> quarter_label("2024-Q4")
    'IV\xa02024'
    """
    year, _, quarter = key.partition("-")
    return f"{_QUARTERS[quarter]}{polish.NBSP}{year}"
