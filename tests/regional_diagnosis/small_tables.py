"""Small hand-made tables in the shape the diagnosis reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ropsanalysis.regional_diagnosis.series import REGION_CODES

DEFAULTS: dict[str, object] = {
    "kind": "rate",
    "digits": 1,
    "direction": "lower",
    "section": "poverty",
    "break_years": "",
    "comparable": True,
    "index_member": True,
    "status": "used",
}


def indicators(*rows: dict[str, object]) -> pd.DataFrame:
    """Build an indicators table; each row needs only what differs from the defaults."""
    return pd.DataFrame([{**DEFAULTS, **row} for row in rows])


def observations(key: str, years: Sequence[int], values: Mapping[str, Sequence[float | None]]) -> pd.DataFrame:
    """Tidy observations of one indicator from one list of values per unit."""
    return pd.DataFrame(
        [
            {"indicator": key, "teryt": code, "year": year, "value": np.nan if value is None else value}
            for code, series in values.items()
            for year, value in zip(years, series, strict=True)
        ]
    ).astype({"value": "float64"})


def ladder(key: str, years: Sequence[int], *, step: float = 1.0, poland: float = 8.5) -> pd.DataFrame:
    """Give regions 1, 2, ... 16 (times step) in the order of their codes, the same every year."""
    values: dict[str, Sequence[float | None]] = {"00": [poland] * len(years)}
    for place, code in enumerate(REGION_CODES, start=1):
        values[code] = [place * step] * len(years)
    return observations(key, years, values)


def context(**columns: Mapping[str, float]) -> pd.DataFrame:
    """Background figures of one year by TERYT code."""
    return pd.DataFrame(
        [
            {"indicator": name, "teryt": code, "year": 2024, "value": value}
            for name, values in columns.items()
            for code, value in values.items()
        ],
        columns=["indicator", "teryt", "year", "value"],
    )


def replaced(frame: pd.DataFrame, teryt: str, year: int, value: float) -> pd.DataFrame:
    """Copy of the observations with one value changed."""
    copy = frame.copy()
    copy.loc[(copy["teryt"] == teryt) & (copy["year"] == year), "value"] = value
    return copy
