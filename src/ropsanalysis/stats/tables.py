"""From arrays to the tables that are published: the one place where numbers are hidden and rounded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ropsanalysis.stats.vocabulary import FloatVector

Columns = Mapping[str, str]

PROTECTED: Final = "protected"
IMPRECISE: Final = "imprecise"
NONE: Final = "none"


def frame(rows: Sequence[Mapping[str, Any]], types: Columns) -> pd.DataFrame:
    """Build a table with exactly these columns and types, also where there are no rows."""
    return pd.DataFrame(list(rows), columns=list(types)).astype(dict(types))


def spread(keys: Mapping[str, Sequence[str]], values: Mapping[str, NDArray[Any]]) -> pd.DataFrame:
    """Write arrays as a long table.

    Parameters
    ----------
    keys
        Name of each axis of the arrays -> keys along it.
    values
        Name of each column -> array of the shape of the keys.
    """
    table = pd.DataFrame(list(product(*keys.values())), columns=list(keys))
    return table.assign(**{name: np.asarray(array).ravel() for name, array in values.items()})


def hide(
    table: pd.DataFrame,
    where: NDArray[np.bool_] | pd.Series[bool],
    columns: Sequence[str],
    *,
    reason: str | None = None,
) -> pd.DataFrame:
    """Empty columns in some rows (an array of any shape with as many values), and say why."""
    table = table.copy()
    mask = np.asarray(where, dtype=np.bool_).ravel()
    for name in columns:
        table[name] = table[name].where(~mask, np.nan if table[name].dtype.kind in "fiu" else "")
    if reason is not None:
        table["reason"] = table["reason"].where(~mask, reason)
    return table


def rounded(values: pd.Series[float], digits: int) -> pd.Series[float]:
    """Round half to even at so many digits; a zero never keeps a minus sign."""
    return values.astype("float64").round(digits) + 0.0


def to_base(values: NDArray[np.float64] | pd.Series[float], base: int) -> FloatVector:
    """Round to a multiple of the base, missing values kept."""
    return np.asarray(np.round(np.asarray(values, dtype=np.float64) / base) * base)
