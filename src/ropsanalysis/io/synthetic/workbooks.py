"""Workbooks that hold the same bytes wherever they are written."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import xlsxwriter

Cell = str | int | float | datetime.date | None

_MARCH: Final = (3, 3)  # day and month that every made-up workbook carries as its date


def write_workbook(columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, sheet: str, year: int) -> bytes:
    """Return a workbook with one sheet: the header and the rows; empty texts, None and NaN leave the cell empty.

    Parameters
    ----------
    sheet
        Name of the sheet.
    year
        Year that the workbook carries as its time of writing.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": "Dane syntetyczne", "created": datetime.datetime(year, *_MARCH)})  # noqa: DTZ001
        page = book.add_worksheet(sheet)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for row, cells in enumerate((columns, *rows)):
            for column, value in enumerate(cells):
                if isinstance(value, str):
                    if value:  # as text, whatever it looks like: a formula must not run
                        page.write_string(row, column, value)
                elif isinstance(value, datetime.date):
                    page.write_datetime(row, column, value, day)
                elif value is not None and not np.isnan(value):
                    page.write_number(row, column, value)
    return _stored(buffer.getvalue())


def _stored(archive: bytes) -> bytes:
    """Return the archive uncompressed: compressed bytes depend on the machine's zlib, and the system is named in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as packed, zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as plain:
        for name in packed.namelist():
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.create_system = 3
            plain.writestr(part, packed.read(name))
    return buffer.getvalue()
