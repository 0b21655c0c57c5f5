"""SPSS files: value labels become answers, user-missing values become missing.

The file is read by `_sav_process` in a process of its own, because a damaged one can crash the reading library.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from ropsanalysis.errors import DataError

CELLS: Final = 20_000_000
"""Most cells of a file: about 300 000 respondents and 65 questions."""
SECONDS: Final = 300
"""Longest time a file may take to read."""

_SIGNATURES: Final = (b"$FL2", b"$FL3")
_PROGRAM: Final = Path(__file__).with_name("_sav_process.py")
_TOO_LARGE: Final = 4


@dataclass(frozen=True, slots=True)
class SavColumn:
    """One variable.

    Attributes
    ----------
    name
        Name of the variable.
    texts
        Distinct answers as text: the value label, or the value where it has none; the first is the empty text.
    codes
        The value behind each of `texts`, as text.
    positions
        For each respondent the position of the answer in `texts`; 0 where it is missing, user-missing included.
    """

    name: str
    texts: tuple[str, ...]
    codes: tuple[str, ...]
    positions: np.ndarray


def read(path: Path) -> tuple[SavColumn, ...]:
    """Read a .sav or .zsav file.

    Raises
    ------
    DataError
        If it is no such file, is damaged or too large; the text (Polish) holds nothing of its content.
    """
    with path.open("rb") as file:
        if not file.read(4).startswith(_SIGNATURES):
            raise DataError("plik nie jest plikiem SPSS (.sav): nie zaczyna się od znaków $FL2 ani $FL3")
    command = [sys.executable, "-I", str(_PROGRAM), str(path.resolve()), str(CELLS)]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=SECONDS, stdin=subprocess.DEVNULL)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise DataError(f"odczyt pliku .sav trwał dłużej niż {SECONDS} s, więc został przerwany") from None
    if done.returncode == _TOO_LARGE:
        raise DataError(f"plik .sav ma ponad {CELLS} komórek")
    if done.returncode != 0:
        raise DataError("plik .sav jest uszkodzony albo zapisany w nieznanym kodowaniu")
    try:
        table = pa.ipc.open_stream(pa.BufferReader(done.stdout)).read_all()
        about = json.loads(table.schema.metadata[b"about"])
    except (pa.ArrowInvalid, ValueError, KeyError, TypeError) as error:
        raise DataError("plik .sav jest uszkodzony") from error
    return tuple(_column(name, table.column(number), about) for number, name in enumerate(about["header"]))


def _column(name: str, values: pa.ChunkedArray, about: Mapping[str, Any]) -> SavColumn:
    encoded = values.combine_chunks().dictionary_encode()
    distinct: list[float | str] = encoded.dictionary.to_pylist()
    labels = {value: str(label).strip() for value, label in about["labels"].get(name, ())}
    if len(set(labels.values())) < len(labels):
        labels = {}  # two values under one label: only the values tell them apart
    spans = about["missing"].get(name, ())
    texts, codes = [""], [""]
    target = np.zeros(len(distinct) + 1, dtype=np.int64)  # the last entry stands for null
    for position, value in enumerate(distinct):
        if _is_missing(value, spans):
            continue
        target[position] = len(texts)
        texts.append(labels.get(value, _text(value)))
        codes.append(_text(value))
    indices = encoded.indices.fill_null(len(distinct)).to_numpy(zero_copy_only=False).astype(np.int64)
    return SavColumn(name, tuple(texts), tuple(codes), target[indices])


def _is_missing(value: float | str, spans: list[list[Any]]) -> bool:
    if isinstance(value, str):
        return not value.strip() or any(value.strip() == str(low).strip() for low, _ in spans)
    if np.isnan(value):
        return True
    return any(not isinstance(low, str) and low <= value <= high for low, high in spans)


def _text(value: float | str) -> str:
    if isinstance(value, str):
        return value.strip()
    return str(int(value)) if float(value).is_integer() else repr(value)
