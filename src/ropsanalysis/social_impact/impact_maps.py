"""An impact map as the numbers that a social return is made of: indexed prices, ranges, shapes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

import numpy as np
import pandas as pd

from ropsanalysis.social_impact.prices import price_factors
from ropsanalysis.social_impact.schema import Inputs
from ropsanalysis.stats.social_return import KINDS, Assumptions, Kind
from ropsanalysis.stats.social_return_sensitivity import Ranges, Shape
from ropsanalysis.stats.vocabulary import FloatMatrix, FloatVector, IntVector

NAMES: Final[dict[str, str]] = dict(zip(KINDS, KINDS, strict=True)) | {
    "proxy": "proxy_value", "duration": "duration_years",
}  # fmt: skip
"""What the tables here call each assumption of `stats.social_return`."""
_PROXY: Final = KINDS.index("proxy")


@dataclass(frozen=True, slots=True)
class ImpactMap:
    """One voivodeship's impact map, k lines in the order of their names (2 before 10).

    Attributes
    ----------
    lines
        As delivered.
    proxy
        Shape (k,): proxies in prices of the report; NaN where they cannot be brought to these.
    places
        Shape (m,): lines that get a value; the others lack a number.
    ranges
        Of these m lines; None where there are none.
    complete
        Whether no line lacks anything but its deadweight.
    """

    lines: pd.DataFrame
    proxy: FloatVector
    places: IntVector
    ranges: Ranges | None
    complete: bool

    @classmethod
    def of(cls, lines: pd.DataFrame, inputs: Inputs) -> ImpactMap:
        """Read the lines of one voivodeship.

        Notes
        -----
        A line whose deadweight nobody stated is not valued: with a deadweight of 0 all of its change would count as
        brought about, and any other number would be invented. An assumption without a range is certain.
        """
        names = lines["line"].astype("str")
        lines = lines.assign(line=names).iloc[np.lexsort((names, names.str.len()))].reset_index(drop=True)
        factors = price_factors(lines["price_year"], inputs)
        low, central, high = (_table(lines, end, factors) for end in ("_low", "", "_high"))
        missing = np.isnan(central)
        places = np.flatnonzero(~missing.any(axis=0))
        return cls(
            lines=lines,
            proxy=central[_PROXY],
            places=places,
            ranges=_ranges(np.fmin(low, central), central, np.fmax(high, central), places, lines["distribution"]),
            complete=not missing[[kind != "deadweight" for kind in KINDS]].any(),
        )

    def line(self, outcome: int) -> str:
        """Return the name of a valued line; "" for -1, all lines together."""
        return "" if outcome < 0 else str(self.lines["line"].iloc[self.places[outcome]])

    def spread(self, values: FloatVector) -> FloatVector:
        """Return numbers of the valued lines as numbers of all lines, NaN for the others."""
        every = np.full(len(self.lines), np.nan)
        every[self.places] = values
        return every


def _table(lines: pd.DataFrame, end: str, factors: FloatVector) -> FloatMatrix:
    """Return a row of each assumption in prices of the report, shape (7, k), rows as in `KINDS`."""
    table = np.array([lines[f"{name}{end}"].to_numpy(dtype=np.float64) for name in NAMES.values()])
    table[_PROXY] *= factors
    return table


def _ranges(
    low: FloatMatrix, central: FloatMatrix, high: FloatMatrix, places: IntVector, distributions: pd.Series[str]
) -> Ranges | None:
    if not places.size:
        return None
    shapes = cast("list[Shape]", [word or "triangular" for word in distributions.iloc[places]])
    by_kind: dict[Kind, list[Shape]] = dict.fromkeys(KINDS, shapes)
    ends = [Assumptions(*table[:, places]) for table in (low, central, high)]
    return Ranges(ends[0], ends[1], ends[2], by_kind)
