"""What may stand in a workbook: names, texts and number formats within the rules of Excel and of XML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Cell, Column, Number

#: Characters in one cell. Excel takes 32 767 units of UTF-16, of which a character has one or two.
LONGEST_TEXT = 16_000
#: A unit must fit three times into a number format of 255 characters.
LONGEST_UNIT = 50
#: A cell that starts so would become a formula when its text is edited and entered again.
RISKY = ("=", "+", "-", "@", "\t")
#: Where a text is written in two runs: whole, xlsxwriter would take `<r>…</r>` for markup of its own, and
#: escape only every other of two joined `_x000D_`, which Excel reads as control characters.
RUNS = re.compile(r"(?<=\A<)(?=r>)|(?<=_x[0-9A-Fa-f]{4})(?=_x[0-9A-Fa-f]{4}_)")
#: A text that is not written as it is, so that it cannot be a table's heading.
CODED = re.compile(r"\A<r>|_x[0-9A-Fa-f]{4}_")

#: What XML does not allow, and the carriage return that Excel and XML read differently.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
#: Excel keeps one name of a sheet to itself.
_NOT_A_NAME = {"", "history"}


def clean(text: str) -> str:
    r"""Return the text with line ends as Excel has them and every forbidden character made visible.

    Examples
    --------
    >>> clean("a\r\nb\x00c")
    'a\nb␀c'
    """
    if not _FORBIDDEN.search(text):
        return text
    return _FORBIDDEN.sub(_picture, text.replace("\r\n", "\n").replace("\r", "\n"))


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"


def names(texts: Iterable[str]) -> list[str]:
    """Return the texts as names that sheets of one workbook can have.

    Examples
    --------
    >>> names(["Tabela 1.", "a/b:[c]", "tabela 1", "'"])
    ['Tabela 1', 'a b  c', 'tabela 1 (2)', 'Arkusz']
    """
    allowed = (re.sub(r"[\[\]:*?/\\\s]", " ", clean(text))[:31].strip(" '.") for text in texts)
    return unique((name if name.casefold() not in _NOT_A_NAME else "Arkusz" for name in allowed), longest=31)


def unique(texts: Iterable[str], *, longest: int) -> list[str]:
    """Return the texts with a number after each that was there before, upper and lower case alike.

    Examples
    --------
    >>> unique(["Rok", "rok", "Rok"], longest=31)
    ['Rok', 'rok (2)', 'Rok (3)']
    """
    names: dict[str, str] = {}
    for text in texts:
        name, count = text, 1
        while name.casefold() in names:
            count += 1
            suffix = f" ({count})"
            name = text[: longest - len(suffix)] + suffix
        names[name.casefold()] = name
    return list(names.values())


def pieces(text: str) -> list[str]:
    """Return the cleaned text in pieces that a cell can hold; one piece nearly always."""
    text = clean(text)
    return [text[start : start + LONGEST_TEXT] for start in range(0, len(text), LONGEST_TEXT)] or [""]


def headings(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> tuple[list[str], list[str]]:
    """Return each column's heading and the unit it names: that of all its numbers, where they share one."""
    labels, units = [], []
    for index, column in enumerate(columns):
        found = {cell.unit for row in rows if isinstance(cell := row[index], Number) and cell.value is not None}
        unit = found.pop() if len(found) == 1 else ""
        label = re.sub(r"[\n\t]+", " ", clean(column.label)).strip() or f"kolumna {index + 1}"
        says_unit = not unit or re.search(rf"(?<!\w){re.escape(unit)}(?!\w)", column.label)
        labels.append(label if says_unit else f"{label} ({clean(unit)})")
        units.append(unit)
    return unique(labels, longest=LONGEST_TEXT), units


def number_format(number: Number, *, unit: str = "") -> str:
    r"""Return the number format that shows a number as the report prints it.

    Parameters
    ----------
    number
        A number that is there.
    unit
        The unit, where the cell is to show it.

    Notes
    -----
    The format depends on the value: the report groups digits from five on, Excel from four; and where
    rounding leaves zero the report prints no sign, as "−0,0" would claim a fall.

    Examples
    --------
    >>> number_format(Number(-0.34, digits=1))
    '0.0;"−"0.0;0.0'
    >>> number_format(Number(12345.0, unit="zł", signed=True), unit="zł")
    '"+"#,##0"\xa0zł";"−"#,##0"\xa0zł";#,##0"\xa0zł"'
    >>> number_format(Number(-0.01, digits=1))
    '0.0;0.0;0.0'
    """
    value, half = number.value or 0.0, 0.5 * 10.0**-number.digits
    pattern = "#,##0" if abs(value) >= 10_000 - half else "0"
    pattern += "." + "0" * number.digits if number.digits else ""
    if unit:
        pattern += '"' + clean(polish.with_unit("", unit)).replace('"', "”").replace("\n", " ") + '"'
    plus = '"+"' if number.signed and not 0 < value < half else ""
    minus = "" if -half < value < 0 else f'"{polish.MINUS}"'
    return f"{plus}{pattern};{minus}{pattern};{pattern}"
