"""What a spreadsheet shows of a workbook's cells, told without a spreadsheet."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

#: One section of a number format: literal text, digits, literal text.
_SECTION = re.compile(r'(?:"([^"]*)")?([#,0.]+)(?:"([^"]*)")?')


def shown(value: float, number_format: str) -> str:
    """Return what a number looks like: sections as in ECMA-376 part 1, 18.8.31; separators of Poland."""
    positive, negative, zero = number_format.split(";")
    found = _SECTION.fullmatch(positive if value > 0 else negative if value < 0 else zero)
    assert found, number_format
    before, pattern, after = found.groups(default="")
    digits = len(pattern.partition(".")[2])
    rounded = Decimal(repr(abs(value))).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    text = f"{rounded:,}" if "," in pattern else f"{rounded}"
    return before + text.replace(",", "\u00a0").replace(".", ",") + after


def body(sheet: Worksheet) -> list[list[Any]]:
    """Return the cells of a sheet's one table, headings first."""
    [area] = [found.ref for found in sheet.tables.values()]
    return [list(row) for row in sheet[area]]


def values(sheet: Worksheet) -> list[list[Any]]:
    """Return the contents of a sheet's one table, headings first."""
    return [[cell.value for cell in row] for row in body(sheet)]
