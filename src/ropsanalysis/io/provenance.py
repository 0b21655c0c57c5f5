"""Where a figure comes from: the files that were read, with their checksums and row counts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from ropsanalysis.errors import DataError


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file that was read.

    Attributes
    ----------
    path
        Relative to the project (or to the source's repository), with forward slashes; never a machine's path.
    sha256
        Checksum of the content, 64 hexadecimal digits.
    bytes
        Size.
    rows_in, rows_out
        Data rows (without headers) found, and observations or rows taken over; None for a file about persons, whose
        number may have to be hidden.
    reader
        Function that read it, e.g. ``"gus_sdg"``.
    source
        Who published the figures, as reports cite it.
    date
        Date of the edition or export, ISO; empty if the source gives none.
    commit
        Commit of the source's repository; empty if there is none.
    """

    path: str
    sha256: str
    bytes: int
    rows_in: int | None
    rows_out: int | None
    reader: str
    source: str
    date: str = ""
    commit: str = ""


def sha256(data: bytes) -> str:
    """Return the SHA-256 checksum of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def record_file(
    path: Path,
    *,
    root: Path,
    rows_in: int,
    rows_out: int,
    reader: str,
    source: str,
    date: str = "",
    commit: str = "",
) -> FileRecord:
    """Return the record of a file that lies under `root`.

    Raises
    ------
    ValueError
        If `path` is not under `root`; a record must not carry the path of a machine.
    """
    data = path.read_bytes()
    return FileRecord(
        path=path.resolve().relative_to(root.resolve()).as_posix(),
        sha256=sha256(data),
        bytes=len(data),
        rows_in=rows_in,
        rows_out=rows_out,
        reader=reader,
        source=source,
        date=date,
        commit=commit,
    )


def to_json(records: Iterable[FileRecord], *, about: Mapping[str, Any] | None = None) -> str:
    """Return records as JSON text: the same bytes for the same records.

    Parameters
    ----------
    about
        Further facts on the dataset (title, licence, note), written before the files.
    """
    document = {**(about or {}), "files": [asdict(record) for record in records]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def from_json(text: str) -> tuple[FileRecord, ...]:
    """Return the records that `to_json` wrote.

    Raises
    ------
    DataError
        If the text is not such a document.
    """
    known = {field.name for field in fields(FileRecord)}
    try:
        return tuple(
            FileRecord(**{name: value for name, value in entry.items() if name in known})
            for entry in json.loads(text)["files"]
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            "Plik pochodzenia danych (provenance.json) jest uszkodzony. Proszę ponownie zaimportować zbiór "
            "lub uruchomić `ropsanalysis build`."
        ) from error
