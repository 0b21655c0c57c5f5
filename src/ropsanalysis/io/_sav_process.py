"""Reads one SPSS file in a process of its own and writes it to standard output as an Arrow stream.

A damaged .sav can bring the reading library down with the whole process, so this file is run by its path as a
program (see `ropsanalysis.io.sav`) and imports nothing of the package. Neither errors nor values are printed.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np
import pyarrow as pa
import pyreadstat


def main(path: str, largest: int) -> int:
    """Write the file's columns and its labels; return the exit code.

    Parameters
    ----------
    path
        The file.
    largest
        Most cells that are read.
    """
    _, described = pyreadstat.read_sav(path, metadataonly=True)
    width = max(len(described.column_names), 1)
    limit = largest // width
    data, meta = pyreadstat.read_sav(path, user_missing=True, row_limit=limit + 1, output_format="dict")
    rows = len(next(iter(data.values()), ()))
    if rows > limit:
        return 4
    missing: Any = meta.missing_ranges
    about = {
        "labels": {
            name: [[_number(value), str(label)] for value, label in labels.items()]
            for name, labels in meta.variable_value_labels.items()
        },
        "missing": {
            name: [[_number(span["lo"]), _number(span["hi"])] for span in spans] for name, spans in missing.items()
        },
    }
    columns = [_column(data[name]) for name in meta.column_names]
    schema = pa.schema(
        [(f"c{number}", column.type) for number, column in enumerate(columns)],
        metadata={"about": json.dumps({**about, "header": list(meta.column_names)})},
    )
    table = pa.Table.from_arrays(columns, schema=schema)
    with pa.ipc.new_stream(sys.stdout.buffer, schema) as stream:
        stream.write_table(table)
    return 0


def _column(values: Any) -> pa.Array:
    array = np.asarray(values)
    if array.dtype.kind in "fiu":
        return pa.array(array.astype(float))
    cells = [None if value is None or value != value else value for value in array.tolist()]
    if all(cell is None or isinstance(cell, (int, float)) for cell in cells):
        return pa.array(cells, pa.float64())
    return pa.array([None if cell is None else str(cell) for cell in cells], pa.string())


def _number(value: Any) -> float | str:
    return value if isinstance(value, str) else float(value)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1], int(sys.argv[2])))
    except Exception:  # noqa: BLE001 - any message could hold a cell of the file
        sys.exit(3)
