"""Numbers, lists and plural forms as Polish readers expect them: the only place that turns a number into text.

Rounding happens here and nowhere else: half away from zero, on the decimal digits of the
unrounded value, so that 0,125 becomes 0,13 (binary rounding would print 0,12).
Separators follow CLDR's Polish: decimal comma, a non-breaking space from five digits on.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from babel.numbers import get_decimal_symbol, get_group_symbol

NBSP = "\u00a0"
MINUS = "\u2212"
DASH = "–"

#: Units that follow the number without being spelled with a space (CLDR: "23,5%").
_GLUED = {"%"}
#: Place of each letter in the Polish alphabet, behind all other characters of the basic plane.
_ORDER: Final = {letter: 0x10000 + n for n, letter in enumerate("aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż")}
#: Digits enough for any float; the usual 28 are not.
_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)
_SEPARATORS: Final = str.maketrans({".": get_decimal_symbol("pl_PL"), ",": get_group_symbol("pl_PL")})


def number(value: float | None, *, digits: int = 0) -> str:
    r"""Return the number with a decimal comma, or a dash for a missing one.

    Examples
    --------
    >>> number(377.6, digits=1), number(1234.5, digits=1), number(12345), number(None)
    ('377,6', '1234,5', '12\xa0345', '–')
    >>> number(0.125, digits=2), number(-0.34, digits=1)
    ('0,13', '−0,3')
    """
    if value is None or math.isnan(value):
        return DASH
    rounded = _EXACT.quantize(Decimal(repr(float(value))), Decimal(1).scaleb(-digits))
    size = rounded.copy_abs()
    text = (f"{size:,f}" if size >= 10_000 else f"{size:f}").translate(_SEPARATORS)
    return MINUS + text if rounded < 0 else text  # "−0,0" would claim a fall that rounding removed


def signed(value: float | None, *, digits: int = 0) -> str:
    """Return the number with its sign always shown; zero has none.

    Examples
    --------
    >>> signed(3.25, digits=1), signed(-3.25, digits=1), signed(0.01, digits=1)
    ('+3,3', '−3,3', '0,0')
    """
    text = number(value, digits=digits)
    if value is None or math.isnan(value) or value <= 0 or not any(c in "123456789" for c in text):
        return text
    return "+" + text


def with_unit(text: str, unit: str) -> str:
    r"""Join a formatted number and its unit, never breaking the line between them.

    Examples
    --------
    >>> with_unit("23,5", "%"), with_unit("12", "zł")
    ('23,5%', '12\xa0zł')
    """
    if not unit or text == DASH:
        return text
    return text + unit if unit in _GLUED else text + NBSP + unit


def plural(count: int, one: str, few: str, many: str) -> str:
    r"""Return the number with the noun in the right Polish form.

    Examples
    --------
    >>> plural(1, "rok", "lata", "lat"), plural(3, "rok", "lata", "lat"), plural(12, "rok", "lata", "lat")
    ('1\xa0rok', '3\xa0lata', '12\xa0lat')
    >>> plural(22, "wskaźnik", "wskaźniki", "wskaźników")
    '22\xa0wskaźniki'
    """
    return number(count) + NBSP + plural_form(count, one, few, many)


def plural_form(count: int, one: str, few: str, many: str) -> str:
    """Return the noun alone in the form that the count asks for."""
    if count == 1:
        return one
    if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14):
        return few
    return many


def years(first: int, last: int) -> str:
    """Return a span of years with an en dash.

    Examples
    --------
    >>> years(2015, 2025), years(2025, 2025)
    ('2015–2025', '2025')
    """
    return str(first) if first == last else f"{first}{DASH}{last}"


def runs_of_years(values: Iterable[int]) -> str:
    """Return years with neighbours joined to spans.

    Examples
    --------
    >>> runs_of_years([2012, 2013, 2014, 2020])
    '2012–2014 i 2020'
    """
    spans: list[tuple[int, int]] = []
    for year in sorted(set(values)):
        if spans and spans[-1][1] == year - 1:
            spans[-1] = (spans[-1][0], year)
        else:
            spans.append((year, year))
    return listing([years(*span) for span in spans])


def listing(words: Iterable[str]) -> str:
    """Join words as a Polish sentence does.

    Examples
    --------
    >>> listing(["a"]), listing(["a", "b"]), listing(["a", "b", "c"])
    ('a', 'a i b', 'a, b i c')
    """
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    return ", ".join(items[:-1]) + " i " + items[-1]


def sort_key(text: str) -> tuple[int, ...]:
    """Return a key that sorts names as a Polish index does: Łagów after Lipnik, not after Zagnańsk.

    Examples
    --------
    >>> sorted(["Zagnańsk", "Łagów", "Lipnik", "Ćmielów", "Bałtów"], key=sort_key)
    ['Bałtów', 'Ćmielów', 'Lipnik', 'Łagów', 'Zagnańsk']
    """
    return tuple(_ORDER.get(letter, ord(letter)) for letter in text.casefold())


def rank(first: int | None, last: int | None = None) -> str:
    """Return a rank, or the span of ranks that a tie shares.

    Examples
    --------
    >>> rank(3), rank(3, 4), rank(None)
    ('3.', '3.–4.', '–')
    """
    if first is None:
        return DASH
    return f"{first}." if last is None or last == first else f"{first}.{DASH}{last}."


def capital(text: str) -> str:
    """Return the text with its first letter in upper case and the rest as it was.

    Examples
    --------
    >>> capital("łódzkie"), capital("")
    ('Łódzkie', '')
    """
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Return the text with its first letter in lower case, unless it starts with an acronym.

    Examples
    --------
    >>> lower_first("Liczba mieszkań"), lower_first("NEET wśród młodych")
    ('liczba mieszkań', 'NEET wśród młodych')
    """
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
