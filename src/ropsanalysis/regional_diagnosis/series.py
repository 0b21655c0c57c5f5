"""One indicator over years and voivodeships, and the questions that every module asks of it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from ropsanalysis.definitions import Direction
from ropsanalysis.regions import POLAND, REGIONS
from ropsanalysis.stats.vocabulary import FloatMatrix, FloatVector

REGION_CODES: Final[tuple[str, ...]] = tuple(sorted(region.teryt for region in REGIONS))
UNITS: Final[tuple[str, ...]] = (POLAND.teryt, *REGION_CODES)
VARIANT_SUFFIXES: Final[tuple[str, ...]] = (".miasto", ".wies")


@dataclass(frozen=True, slots=True)
class IndicatorSeries:
    """One indicator over all years and units.

    Attributes
    ----------
    key, direction, kind, digits, section
        From the indicators table.
    break_years
        First years of a new level, in order.
    comparable, index_member
        Whether it compares regions, and whether it belongs to the composite index.
    years
        Shape (y,): years with any value, in order.
    table
        Shape (y, 17): values by year and unit, columns in the order of ``UNITS``; NaN where missing.
    """

    key: str
    direction: Direction
    kind: str
    digits: int
    section: str
    break_years: tuple[int, ...]
    comparable: bool
    index_member: bool
    years: FloatVector
    table: FloatMatrix

    @property
    def is_variant(self) -> bool:
        """Whether this is the urban or rural variant of another indicator."""
        return self.key.endswith(VARIANT_SUFFIXES)

    @property
    def last_year(self) -> int | None:
        """Last year with any value."""
        return int(self.years[-1]) if self.years.size else None

    def unit(self, teryt: str) -> FloatVector:
        """Values of Poland or one voivodeship over `years`, shape (y,)."""
        return self.table[:, UNITS.index(teryt)]

    def poland(self, year: int) -> float:
        """Value of Poland in one of the `years`."""
        return float(self.table[self.years == year, 0][0])

    def regions(self, year: int) -> FloatVector:
        """Values of the sixteen voivodeships in one of the `years`, in the order of ``REGION_CODES``."""
        values: FloatVector = self.table[self.years == year][0, 1:]
        return values

    def common_years(self, min_regions: int) -> list[int]:
        """Years in which at least ``min_regions`` voivodeships have a value."""
        counts = (~np.isnan(self.table[:, 1:])).sum(axis=1)
        return [int(year) for year in self.years[counts >= min_regions]]

    def common_years_since_break(self, min_regions: int) -> list[int]:
        """Like `common_years`, from the first year of the present level on."""
        start = max(self.break_years, default=0)
        return [year for year in self.common_years(min_regions) if year >= start]


def read_series(observations: pd.DataFrame, indicators: pd.DataFrame) -> list[IndicatorSeries]:
    """Return one series per used indicator, in the order of the indicators table.

    Parameters
    ----------
    observations
        Columns indicator, teryt, year, value; one row per indicator, unit and year.
    indicators
        Columns indicator, direction, kind, digits, section, break_years, comparable, index_member, status.

    Raises
    ------
    ValueError
        If an (indicator, teryt, year) occurs twice.
    """
    known = observations[observations["teryt"].isin(UNITS) & observations["value"].notna()]
    by_key = {str(key): rows for key, rows in known.groupby("indicator", sort=False)}
    used = indicators[indicators["status"] == "used"]
    return [_one_series(row, by_key.get(row["indicator"], known.iloc[:0])) for row in used.to_dict("records")]


def _one_series(row: dict[Hashable, Any], rows: pd.DataFrame) -> IndicatorSeries:
    indexed = rows.set_index(["year", "teryt"])["value"]
    wide = indexed.unstack("teryt").reindex(columns=list(UNITS)).sort_index()  # noqa: PD010 - no averaging here
    return IndicatorSeries(
        key=row["indicator"],
        direction=row["direction"],
        kind=row["kind"],
        digits=int(row["digits"]),
        section=row["section"],
        break_years=tuple(sorted(int(year) for year in (row["break_years"] or "").split())),
        comparable=bool(row["comparable"]),
        index_member=bool(row["index_member"]),
        years=wide.index.to_numpy(dtype=np.float64),
        table=wide.to_numpy(dtype=np.float64),
    )


def latest_context(context: pd.DataFrame, key: str) -> dict[str, float]:
    """Latest published value of a background figure by TERYT code, Poland included; NaN where none."""
    rows = context[(context["indicator"] == key) & context["value"].notna()].sort_values("year")
    latest = rows.drop_duplicates("teryt", keep="last").set_index("teryt")["value"].to_dict()
    return {code: float(latest.get(code, np.nan)) for code in UNITS}


def frame(rows: list[dict[str, object]], types: dict[str, str]) -> pd.DataFrame:
    """Build a table with exactly these columns and types, also where there are no rows."""
    return pd.DataFrame(rows, columns=list(types)).astype(types)
