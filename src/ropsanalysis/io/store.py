"""Processed tables as Parquet: written whole or not at all, the same bytes for the same table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ropsanalysis.errors import DataError
from ropsanalysis.io import atomic, tabular


def write_table(frame: pd.DataFrame, path: Path) -> Path:
    """Write a table, without its index, and return the path.

    Raises
    ------
    RopsError
        If the disk is full or the file cannot be written; the message says what to do.
    """
    table = pa.Table.from_pandas(frame, preserve_index=False)
    with atomic.replacing(path) as temporary:
        # Statistics and compression are fixed, so that a library's new default does not change the bytes.
        pq.write_table(table, temporary, compression="snappy", version="2.6", write_statistics=True)
    return path


def read_table(path: Path, *, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Read a table that `write_table` wrote.

    Raises
    ------
    DataError
        If the file is missing, damaged, or lacks one of `columns`.
    """
    try:
        with pq.ParquetFile(path) as file:
            absent = [name for name in columns or () if name not in file.schema_arrow.names]
            if absent:
                raise DataError(
                    f"Tabela „{path.name}” nie ma kolumn {', '.join(absent)}. Proszę ponownie uruchomić "
                    "`ropsanalysis build`."
                )
            frame: pd.DataFrame = file.read(None if columns is None else list(columns)).to_pandas()
    except FileNotFoundError:
        raise DataError(
            f"Brak tabeli „{path.name}” w folderze {path.parent.name}. Proszę uruchomić `ropsanalysis build`."
        ) from None
    except (pa.ArrowInvalid, OSError) as error:
        raise DataError(
            f"Tabela „{path.name}” jest uszkodzona ({error}). Proszę ponownie uruchomić `ropsanalysis build`."
        ) from error
    return frame


def write_rejected(rejected: pd.DataFrame, folder: Path) -> tuple[Path, ...]:
    """Keep rejected rows aside: one CSV for each file they came from; return the paths.

    Parameters
    ----------
    rejected
        Columns file, row, code, reason, record, as `screening.Screening.rejected` has them.
    folder
        ``data/processed/rejected``; files of an earlier build are removed.
    """
    for stale in folder.glob("*.csv"):
        stale.unlink()
    return tuple(
        atomic.write_text(folder / f"{_flat(str(file))}.csv", tabular.frame_to_csv(group))
        for file, group in rejected.groupby("file", sort=True)
    )


def write_review(review: pd.DataFrame | None, path: Path) -> None:
    """Keep what a person should decide as one CSV; without anything to decide, no file of an earlier build stays."""
    if review is None or review.empty:
        path.unlink(missing_ok=True)
    else:
        atomic.write_text(path, tabular.frame_to_csv(review))


def _flat(file: str) -> str:
    return Path(file).with_suffix("").as_posix().replace("/", "-").removeprefix("data-raw-")
