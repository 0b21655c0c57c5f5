"""Opens a spreadsheet only after looking at what it would unpack to.

A workbook is a ZIP archive of XML: a few kilobytes can unpack to gigabytes, and XML can expand entities. The
sizes stand in the archive's directory and are checked before anything is unpacked; cells are counted while
they are read.
"""

from __future__ import annotations

import datetime
import io
import zipfile
from dataclasses import dataclass
from typing import Final

from openpyxl import load_workbook  # type: ignore[import-untyped]

from ropsanalysis.errors import DataError
from ropsanalysis.io.tabular import RawTable, from_records


@dataclass(frozen=True, slots=True)
class Limits:
    """What a workbook may hold.

    Attributes
    ----------
    archive_bytes, unpacked_bytes
        Size of the file, and of all parts unpacked.
    ratio
        Largest unpacked size over packed size of one part of more than 1 MiB.
    parts
        Files in the archive.
    cells
        Cells of the sheets that are read.
    """

    archive_bytes: int = 50 * 2**20
    unpacked_bytes: int = 200 * 2**20
    ratio: int = 200
    parts: int = 2_000
    cells: int = 2_000_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook: its name and its cells as text."""

    name: str
    table: RawTable


LIMITS: Final = Limits()
_SMALL: Final = 2**20  # a small part may compress very well and harm nobody
_DECLARATIONS: Final = tuple(
    word.encode(encoding) for word in ("<!DOCTYPE", "<!ENTITY") for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)


def require_safe(data: bytes, *, limits: Limits = LIMITS) -> None:
    """Check a workbook's archive without unpacking more than the limits allow.

    Raises
    ------
    DataError
        If it is no archive, no workbook, too large in any respect, or its XML declares entities.
    """
    if len(data) > limits.archive_bytes:
        raise _too_large(f"plik ma {_mib(len(data))}, dozwolone {_mib(limits.archive_bytes)}")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > limits.parts:
                raise _too_large(f"archiwum zawiera {len(parts)} plików, dozwolone {limits.parts}")
            unpacked = sum(part.file_size for part in parts)
            if unpacked > limits.unpacked_bytes:
                raise _too_large(f"po rozpakowaniu zajmie {_mib(unpacked)}, dozwolone {_mib(limits.unpacked_bytes)}")
            for part in parts:
                if part.file_size > _SMALL and part.file_size > limits.ratio * max(part.compress_size, 1):
                    raise _too_large(
                        f"część {part.filename} rozpakowuje się ponad {limits.ratio}-krotnie, tak jak tzw. bomba ZIP"
                    )
            if "xl/workbook.xml" not in archive.namelist():
                raise DataError("archiwum ZIP nie jest skoroszytem XLSX (brak części xl/workbook.xml)")
            for part in parts:
                if part.filename.endswith((".xml", ".rels", ".vml")):
                    _require_no_entities(archive.read(part), part.filename)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, RuntimeError) as error:
        raise DataError(f"plik nie jest poprawnym skoroszytem XLSX ({error})") from error


def read_first_sheet(data: bytes, *, limits: Limits = LIMITS) -> RawTable:
    """Return the first sheet as text, whole numbers without a decimal part.

    Raises
    ------
    DataError
        If the workbook is not safe to open or cannot be read; the text (Polish) says what was found.
    """
    return _read(data, limits, every=False)[0].table


def read_sheets(data: bytes, *, limits: Limits = LIMITS) -> tuple[Sheet, ...]:
    """Return all sheets, hidden ones too, each as `read_first_sheet` reads the first.

    Raises
    ------
    DataError
        If the workbook is not safe to open or cannot be read; the text (Polish) says what was found.
    """
    return _read(data, limits, every=True)


def _read(data: bytes, limits: Limits, *, every: bool) -> tuple[Sheet, ...]:
    require_safe(data, limits=limits)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except (KeyError, ValueError, OSError, TypeError, AttributeError, SyntaxError) as error:
        raise DataError(f"plik nie jest poprawnym skoroszytem XLSX ({type(error).__name__})") from None
    sheets = []
    seen = 0
    try:
        for sheet in book.worksheets if every else (book.worksheets[0],):
            # The declared size of a sheet may be wrong or hostile; without it the reader follows the real rows.
            sheet.reset_dimensions()
            records: list[tuple[int, tuple[str, ...]]] = []
            for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
                seen += max(len(row), 1)
                if seen > limits.cells:
                    raise _too_large(f"arkusz ma ponad {limits.cells} komórek")
                cells = tuple(_text(value) for value in row)
                if any(cell.strip() for cell in cells):
                    records.append((number, cells))
            sheets.append(Sheet(str(sheet.title), _table(records)))
    except (KeyError, IndexError, ValueError, TypeError, SyntaxError, zipfile.BadZipFile) as error:
        # The message of the library may hold a cell of the sheet, so only its kind is told.
        raise DataError(f"arkusza nie da się odczytać ({type(error).__name__})") from None
    finally:
        book.close()
    if not sheets:
        raise DataError("skoroszyt nie ma ani jednego arkusza z komórkami")
    return tuple(sheets)


def _table(records: list[tuple[int, tuple[str, ...]]]) -> RawTable:
    if not records:
        return RawTable((), (), ";")
    width = max(len(cells) for _, cells in records)
    padded = [(number, cells + ("",) * (width - len(cells))) for number, cells in records]
    return from_records(padded, ";")  # a workbook knows its numbers, so a decimal comma cannot split a cell


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime.date):  # a spreadsheet that took a code like 1.2 for a day
        return value.isoformat()
    return str(value)


def _require_no_entities(xml: bytes, name: str) -> None:
    if any(word in xml for word in _DECLARATIONS):
        raise DataError(f"część {name} zawiera deklarację DOCTYPE lub ENTITY, niedozwoloną w skoroszycie")


def _too_large(reason: str) -> DataError:
    return DataError(f"skoroszyt jest zbyt duży, aby go bezpiecznie otworzyć: {reason}")


def _mib(size: int) -> str:
    return f"{size / 2**20:.0f} MiB"
