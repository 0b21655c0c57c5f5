"""Sheets of text and numbers as an XLSX workbook in which nothing is live.

Texts come from surveys and registers, so none of them may become a formula, a link, markup or a broken
file; numbers are written with every digit they have and shown as the report shows them.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from ropsanalysis.errors import ReportError
from ropsanalysis.present.blocks import Cell, Column, Number, cell_text
from ropsanalysis.reporting import cells

#: A table's heading must be this short, or Excel repairs the file.
_LONGEST_HEADING = 255
#: Widths of columns in characters.
_NARROWEST, _WIDEST, _WIDEST_OF_TWO, _WIDTH_FOR_NOTES = 8, 46, 100, 40


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: title and lines, one table, remarks below it.

    Attributes
    ----------
    name
        Its tab: one of `cells.names`.
    lines
        Short lines between the title and the table.
    remarks
        Notes and sources below the table.
    highlight
        Indices of rows set in bold.
    banner
        Line below the title and at the top of each printed page; empty for none.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    lines: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    highlight: tuple[int, ...] = ()
    banner: str = ""


class _Exact(float):
    """A float that is written with all its digits; xlsxwriter would round it to sixteen."""

    def __format__(self, spec: str) -> str:
        return repr(float(self))


def write(sheets: Sequence[Sheet], *, properties: Mapping[str, str], created: datetime) -> bytes:
    """Return the sheets as a workbook; the same sheets give the same bytes.

    Parameters
    ----------
    properties
        Title, subject, author and the like, by xlsxwriter's names.
    created
        The time the file says it was made at.

    Raises
    ------
    ReportError
        A sheet has more rows or columns than Excel knows.
    """
    buffer = io.BytesIO()
    never = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with Workbook(buffer, {"in_memory": True, **never}) as book:
        book.set_properties(
            {**{name: cells.clean(text)[:255] for name, text in properties.items()}, "created": created}
        )
        book.set_custom_property("Language", "pl-PL")
        styles = _Styles(book)
        for sheet in sheets:
            _Page(book.add_worksheet(sheet.name), styles).fill(sheet)
    return buffer.getvalue()


class _Styles:
    """The workbook's formats, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def get(self, **properties: Any) -> Format:
        key = tuple(properties.items())
        if key not in self._formats:
            self._formats[key] = self._book.add_format({"valign": "top", **properties})
        return self._formats[key]

    def text(self, text: str, **properties: Any) -> Format:
        return self.get(**properties, quote_prefix=True) if text.startswith(cells.RISKY) else self.get(**properties)


class _Page:
    """One worksheet being filled from the top."""

    def __init__(self, worksheet: Worksheet, styles: _Styles) -> None:
        self._worksheet = worksheet
        self._styles = styles
        self._widths: list[int] = []
        self._continued: list[str] = []

    def fill(self, sheet: Sheet) -> None:
        above = [line for text in (sheet.title, sheet.banner, *sheet.lines) if text for line in cells.pieces(text)]
        head = len(above) + bool(sheet.remarks)
        end = head + len(sheet.rows)
        for row, line in enumerate(above):
            bold = {"bold": True, "font_size": 14} if row == 0 else {"bold": line == sheet.banner}
            self._text(row, 0, line, **bold)
        if sheet.remarks:
            self._text(head - 1, 0, f"Opis, uwagi i źródło: od wiersza {end + 3}.")
        self._table(sheet, head)
        remarks = [line for text in sheet.remarks for line in cells.pieces(text)]
        for row, line in enumerate([*remarks, *self._continued], start=end + 2):
            self._text(row, 0, line, text_wrap=True)
        self._set_up(sheet, head, has_remarks=bool(remarks or self._continued))

    def _table(self, sheet: Sheet, head: int) -> None:
        """Write heading and rows, as a table by which a screen reader knows the headings of a cell."""
        labels, units = cells.headings(sheet.columns, sheet.rows)
        last = len(labels) - 1
        self._widths = [max(_NARROWEST, *map(len, label.split())) for label in labels]
        if sheet.rows and not any(len(label) > _LONGEST_HEADING or cells.CODED.search(label) for label in labels):
            columns = [{"header": label} for label in labels]
            options = {"columns": columns, "autofilter": False, "banded_rows": False, "style": None}
            _done(self._worksheet.add_table(head, 0, head + len(sheet.rows), last, options))
        for index, (label, column) in enumerate(zip(labels, sheet.columns, strict=True)):
            self._fitted(
                head, index, label, bold=True, text_wrap=True, align=column.align, bottom=1, bg_color="#E8EDF3"
            )
        for row, line in enumerate(sheet.rows):
            look = {"bold": True} if row in sheet.highlight else {}
            for index, (cell, column) in enumerate(zip(line, sheet.columns, strict=True)):
                self._cell(head + 1 + row, index, cell, named=units[index], align=column.align, **look)
        if sheet.rows:
            area = xl_range(head + 1, 0, head + len(sheet.rows), last)
            self._worksheet.ignore_errors({"number_stored_as_text": area})  # years and ranks are texts

    def _cell(self, row: int, index: int, cell: Cell, *, named: str, **look: Any) -> None:
        if not isinstance(cell, Number) or cell.value is None or len(cell.unit) > cells.LONGEST_UNIT:
            text = cells.clean(cell_text(cell))
            self._widen(index, *map(len, text.split("\n")))
            self._fitted(row, index, text, text_wrap=True, **look)
            return
        unit = "" if cell.unit == named else cell.unit
        self._widen(index, len(f"{cell.value:+,.{cell.digits}f} {unit}"))
        style = self._styles.get(num_format=cells.number_format(cell, unit=unit), **look)
        _done(self._worksheet.write_number(row, index, _Exact(cell.value), style))

    def _widen(self, index: int, *widths: int) -> None:
        self._widths[index] = max(self._widths[index], *widths)

    def _fitted(self, row: int, index: int, text: str, **look: Any) -> None:
        """Write a text; what a cell cannot hold follows below the table."""
        first, *rest = cells.pieces(text)
        if rest:
            place = xl_rowcol_to_cell(row, index)
            first += " […] Dalszy ciąg pod tabelą."
            self._continued += [f"Dalszy ciąg komórki {place}:", *rest]
        self._text(row, index, first, **look)

    def _text(self, row: int, index: int, text: str, **look: Any) -> None:
        style = self._styles.text(text, **look)
        first, *rest = cells.RUNS.split(text)
        if rest:
            runs = [part for run in rest for part in (style, run)]
            _done(self._worksheet.write_rich_string(row, index, first, *runs, style))
        else:
            _done(self._worksheet.write_string(row, index, text, style))

    def _set_up(self, sheet: Sheet, head: int, *, has_remarks: bool) -> None:
        """Set widths, what stays in view, and how the sheet is printed."""
        widest = _WIDEST_OF_TWO if len(sheet.columns) == 2 else _WIDEST
        for index, width in enumerate(self._widths):
            at_least = _WIDTH_FOR_NOTES if index == 0 and has_remarks else 0
            self._worksheet.set_column(index, index, max(at_least, min(width, widest)) + 2)
        self._worksheet.freeze_panes(head + 1, 1)
        self._worksheet.repeat_rows(head)
        self._worksheet.set_landscape()
        self._worksheet.set_paper(9)  # A4
        self._worksheet.fit_to_pages(1, 0)
        self._worksheet.set_footer("&C&A, &P/&N")
        if sheet.banner:
            self._worksheet.set_header(f"&C{sheet.banner}")


def _done(status: int) -> None:
    if status:
        raise ReportError("a table has more rows or columns than a sheet of XLSX can hold")
