"""CSV text as offices really have it: which encoding, which delimiter, which row is which.

Nothing is interpreted here: cells stay text, and rows keep the number they have in the file (the header is
row 1), so that a finding can name the row a person sees in a spreadsheet.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

Delimiter = Literal[",", ";", "\t"]

_SIGNATURES: Final[dict[bytes, str]] = {
    b"PK\x03\x04": "skoroszyt XLSX lub archiwum ZIP",
    b"PK\x05\x06": "puste archiwum ZIP",
    b"\xd0\xcf\x11\xe0": "skoroszyt XLS (starszy format Excela)",
    b"%PDF": "dokument PDF",
    b"PAR1": "plik Parquet",
    b"\x1f\x8b": "archiwum GZIP",
}
# Polish letters that differ between the two one-byte encodings: "ąśźĄŚŹ".
_ONLY_CP1250: Final = b"\xb9\x9c\x9f\xa5\x8c\x8f"
_ONLY_LATIN2: Final = b"\xb1\xb6\xbc\xa1\xa6\xac"
_MOJIBAKE: Final = ("Å‚", "Ĺ‚", "Ä…", "Å›", "Ĺ›", "Ä™", "Ĺ„", "Å„", "ĹĽ", "Å¼")


@dataclass(frozen=True, slots=True)
class RawRow:
    """One record of a file: its number in the file (the header is 1) and its cells as text."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file's header and rows, uninterpreted.

    Attributes
    ----------
    header
        Column names without surrounding blanks; empty names of a trailing delimiter are dropped.
    rows
        Records that are not wholly empty.
    delimiter
        What separates cells; a comma then cannot be the decimal sign.
    """

    header: tuple[str, ...]
    rows: tuple[RawRow, ...]
    delimiter: Delimiter


def detect_format(data: bytes) -> str:
    """Return in Polish what binary format the bytes are, or an empty text if they look like text."""
    for signature, name in _SIGNATURES.items():
        if data.startswith(signature):
            return name
    return ""


def detect_encoding(data: bytes) -> str:
    """Return the encoding of text bytes by its common name.

    UTF-8 (with or without its mark) is proven by decoding; the one-byte encodings are told apart by the bytes
    of Polish letters, which is a guess and only used to word a finding.

    Examples
    --------
    >>> detect_encoding("świętokrzyskie".encode("cp1250"))
    'Windows-1250'
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    if b"\x00" in data[:4096]:
        return "UTF-16 bez znacznika lub plik binarny"
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        cp1250 = sum(data.count(byte) for byte in _ONLY_CP1250)
        latin2 = sum(data.count(byte) for byte in _ONLY_LATIN2)
        return "ISO-8859-2" if latin2 > cp1250 else "Windows-1250"
    return "UTF-8"


def find_mojibake(text: str) -> str:
    """Return a sample of Polish letters that were decoded in the wrong encoding, or an empty text."""
    return next((sample for sample in _MOJIBAKE if sample in text), "")


def parse(text: str) -> RawTable:
    """Split CSV text into header and rows; the delimiter is the one most frequent in the header.

    Raises
    ------
    csv.Error
        If a quotation mark is left open or a cell is longer than the reader's limit.
    """
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiters: tuple[Delimiter, ...] = (",", ";", "\t")
    delimiter = max(delimiters, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records = [(number, cells) for number, cells in enumerate(reader, start=1) if any(cell.strip() for cell in cells)]
    if not records:
        return RawTable((), (), delimiter)
    return from_records([(number, tuple(cells)) for number, cells in records], delimiter)


def from_records(records: Sequence[tuple[int, tuple[str, ...]]], delimiter: Delimiter) -> RawTable:
    """Return the table whose first record is the header; a column left by a trailing delimiter is dropped."""
    header = [name.strip() for name in records[0][1]]
    full_width = len(header)
    while header and not header[-1]:
        header.pop()
    width = len(header)
    rows = []
    for number, cells in records[1:]:
        # Only cells under the header's own empty names are phantoms; any other surplus is a finding.
        surplus = len(cells) > full_width or any(cell.strip() for cell in cells[width:])
        rows.append(RawRow(number, cells if surplus else cells[:width]))
    return RawTable(tuple(header), tuple(rows), delimiter)


def to_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return CSV text: comma, decimal point, line feeds."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return buffer.getvalue()


def frame_to_csv(frame: pd.DataFrame) -> str:
    """Return a table as CSV text, with ``true`` and ``false`` for booleans."""
    rows = (
        [str(cell).lower() if isinstance(cell, bool) else cell for cell in row]
        for row in frame.astype(object).itertuples(index=False)
    )
    return to_csv([str(name) for name in frame.columns], rows)
