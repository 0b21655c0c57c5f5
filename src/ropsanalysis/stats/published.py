"""Published tables as frames: columns and types follow their record, so that no table can leave its contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, get_type_hints

import numpy as np
import pandas as pd

from ropsanalysis.stats.records import Estimate
from ropsanalysis.stats.tables import frame

_TYPES: Final[Mapping[Any, str]] = {
    str: "str",
    bool: "bool",
    int: "Int64",
    int | None: "Int64",
    float: "Float64",
    float | None: "Float64",
}


def columns(record: type[NamedTuple]) -> dict[str, str]:
    """Return the columns of a published table and their types; the ends of an estimate x are x_low and x_high.

    Examples
    --------
    >>> from typing import NamedTuple
    >>> columns(NamedTuple("Row", [("teryt", str), ("rate", Estimate)]))
    {'teryt': 'str', 'rate': 'Float64', 'rate_low': 'Float64', 'rate_high': 'Float64'}
    """
    found: dict[str, str] = {}
    for field, kind in get_type_hints(record).items():
        if kind is Estimate:
            found |= dict.fromkeys((field, f"{field}_low", f"{field}_high"), "Float64")
        else:
            found[field] = _TYPES[kind]
    return found


def as_table(record: type[NamedTuple], rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Build a published table from rows; numbers that a row lacks are missing."""
    return frame(rows, columns(record))


def conform(record: type[NamedTuple], table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with exactly the columns and types of its record.

    Notes
    -----
    A table with one estimate x may call its ends ``low`` and ``high``; they become x_low and x_high.

    Raises
    ------
    KeyError
        If a column is missing.
    """
    types = columns(record)
    ends = {
        end: f"{field}_{end}"
        for field, kind in get_type_hints(record).items()
        for end in ("low", "high")
        if kind is Estimate and end not in types and f"{field}_{end}" not in table.columns
    }
    return table.rename(columns=ends)[list(types)].astype(types)


def rounded(value: float, digits: int) -> float | None:
    """Round half to even, without a minus before zero; None where there is no finite number."""
    return round(float(value), digits) + 0.0 if np.isfinite(value) else None


def estimate(field: str, value: float, low: float, high: float, *, digits: int) -> dict[str, float | None]:
    """Return the three columns of an estimate, rounded.

    Examples
    --------
    >>> estimate("level", 0.25, 0.1234, float("nan"), digits=3)
    {'level': 0.25, 'level_low': 0.123, 'level_high': None}
    """
    names = (field, f"{field}_low", f"{field}_high")
    return {name: rounded(number, digits) for name, number in zip(names, (value, low, high), strict=True)}
