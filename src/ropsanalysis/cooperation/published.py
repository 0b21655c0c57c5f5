"""The published tables as frames, by their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ropsanalysis.cooperation.records import TABLES
from ropsanalysis.stats import published

Row = dict[str, Any]


def as_table(name: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Build a published table from rows; numbers that a row lacks are missing."""
    return published.as_table(TABLES[name], rows)


def conform(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with exactly the columns and types of its record; see `stats.published.conform`."""
    return published.conform(TABLES[name], table)
