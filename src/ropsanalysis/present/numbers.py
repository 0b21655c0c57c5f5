"""Shares, probabilities and amounts of money as reports print them."""

from __future__ import annotations

from math import log10
from typing import Final

from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Cell, Number

#: Half of the smallest share that is printed in whole percent.
_LEAST: Final = 0.005
_MILLION: Final = 1_000_000


def percent(share: float | None, *, missing: str = "", unit: str = "%", digits: int = 1) -> Number:
    """Return a share (0–1) as a percentage; empty `unit` where a column names it."""
    # 0.57 becomes 57, not 56.99999999999999
    return Number(None if share is None else round(100 * share, 6), digits=digits, unit=unit, missing=missing)


def rare(share: float | None) -> Cell:
    """Return a share of draws in whole percent; nearly nothing or nearly all is not printed as exactly that.

    Examples
    --------
    >>> rare(0.0002), rare(0.0412).text
    ('mniej niż 1%', '4%')
    """
    if share is not None and share < _LEAST:
        return f"mniej niż {percent(2 * _LEAST, digits=0).text}"
    if share is not None and share > 1 - _LEAST:
        return f"ponad {percent(1 - 2 * _LEAST, digits=0).text}"
    return percent(share, digits=0)


def amount(pln: float | None, *, missing: str = "") -> Number:
    r"""Return an amount for a sentence: millions with two decimals, else thousands, few of them with one, or złoty.

    Examples
    --------
    >>> amount(13_768_806.14).text, amount(240_000).text, amount(14_440).text, amount(812).text
    ('13,77\xa0mln\xa0zł', '240\xa0tys.\xa0zł', '14,4\xa0tys.\xa0zł', '812\xa0zł')
    """
    if pln is not None and abs(pln) >= _MILLION:
        return Number(pln / _MILLION, digits=2, unit=f"mln{polish.NBSP}zł")
    if pln is not None and abs(pln) >= 10_000:
        return Number(pln / 1000, digits=0 if abs(pln) >= 100_000 else 1, unit=f"tys.{polish.NBSP}zł")
    return Number(pln, unit="zł", missing=missing)


def thousands(pln: float | None, *, missing: str = "", digits: int = 0) -> Number:
    """Return an amount in thousands of złoty for a column that names the unit."""
    return Number(None if pln is None else pln / 1000, digits=digits, missing=missing)


def stepped(number: float | None, step: float, *, unit: str = "") -> Number:
    r"""Return a figure with as many digits as its source printed.

    Parameters
    ----------
    step
        Distance of the numbers that the source could have printed: 100 for "75,8 tys.", 100 000 for "45,6 mln".

    Examples
    --------
    >>> stepped(45_600_000, 100_000, unit="zł").text, stepped(16_000, 100).text, stepped(58_210, 1).text
    ('45,6\xa0mln\xa0zł', '16,0\xa0tys.', '58\xa0210')
    """
    for size, name in ((_MILLION, "mln"), (1000, "tys.")):
        if number is not None and step >= size / 10 and number >= size:
            shown = f"{name}{polish.NBSP}{unit}" if unit else name
            return Number(number / size, digits=max(round(log10(size / step)), 0), unit=shown)
    return Number(number, unit=unit)


def grosze(pln: float | None, *, missing: str = "", unit: str = "zł") -> Number:
    r"""Return an amount to the grosz.

    Examples
    --------
    >>> grosze(11_362_018.82).text
    '11\xa0362\xa0018,82\xa0zł'
    """
    return Number(pln, digits=2, unit=unit, missing=missing)
