"""The published tables as frames, by their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ropsanalysis.project_monitoring.records import TABLES
from ropsanalysis.stats import published
from ropsanalysis.stats.records import Estimate


def as_table(name: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Build a published table from rows; numbers that a row lacks are missing."""
    return published.as_table(TABLES[name], rows)


def conform(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with exactly the columns and types of its record; see `stats.published.conform`."""
    return published.conform(TABLES[name], table)


def ends(field: str, estimate: Estimate) -> dict[str, float | None]:
    """Return the three columns of an estimate.

    Examples
    --------
    >>> ends("forecast", Estimate(2.0, 1.0, 3.0))
    {'forecast': 2.0, 'forecast_low': 1.0, 'forecast_high': 3.0}
    """
    return {field: estimate.value, f"{field}_low": estimate.low, f"{field}_high": estimate.high}


def listed(text: str) -> tuple[str, ...]:
    """Return the keys of a parameter that joins them by commas.

    Examples
    --------
    >>> listed("conference, other"), listed("")
    (('conference', 'other'), ())
    """
    return tuple(key.strip() for key in text.split(",") if key.strip())


def day_text(day: pd.Timestamp) -> str:
    """Return a day as the tables hold it, "" where it is unknown.

    Examples
    --------
    >>> day_text(pd.Timestamp("2026-06-30")), day_text(pd.NaT)
    ('2026-06-30', '')
    """
    return "" if pd.isna(day) else f"{day:%Y-%m-%d}"
