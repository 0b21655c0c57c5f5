"""The panel of gminas, ready to compare: one voivodeship's or all of Poland's, complete series of one outcome."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ropsanalysis.regions import POLAND, REGIONS
from ropsanalysis.stats.vocabulary import BoolVector, FloatMatrix, FloatVector

ENOUGH_POWIATS: Final = 10
"""Powiats from which on they are the clusters; gminas of a powiat share its labour office, its homes and its news."""
_POWIAT: Final = 4
"""Digits of a gmina's code that name its powiat."""

_Codes = NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Sample:
    """Gminas of an area whose series of an outcome is complete.

    Attributes
    ----------
    teryt
        The area: a voivodeship, or "00" for Poland.
    outcome, digits
        Key of the outcome, and digits at which it is stored.
    years
        Shape (T,): years in which any gmina of the area has a value.
    rates
        Shape (n, T), without gaps.
    opened
        Shape (n,): year in which the centre opened; infinite where none did within the years.
    clusters
        Shape (n,): powiats where there are enough of them, else the gminas themselves.
    left_out
        Gminas with a gap.
    """

    teryt: str
    outcome: str
    digits: int
    years: FloatVector
    rates: FloatMatrix
    opened: FloatVector
    clusters: _Codes
    left_out: int

    @property
    def has_centre(self) -> BoolVector:
        """Which gminas opened a centre."""
        return np.isfinite(self.opened)


@dataclass(frozen=True, slots=True)
class Area:
    """All gminas of an area that are in the data, by code.

    Attributes
    ----------
    codes, opened
        Shape (n,).
    years
        Shape (T,).
    outcomes
        Table of each outcome, shape (n, T), NaN where there is no value.
    """

    teryt: str
    codes: _Codes
    opened: FloatVector
    years: FloatVector
    outcomes: dict[str, FloatMatrix]

    def sample(self, outcome: str, *, digits: int) -> Sample:
        """Return the gminas whose series of the outcome is complete."""
        known = ~np.isnan(self.outcomes[outcome])
        measured = known.any(axis=0)
        kept = known[:, measured].all(axis=1) & measured.any()
        codes = self.codes[kept]
        powiats = np.array([code[:_POWIAT] for code in codes], dtype=np.str_)
        return Sample(
            teryt=self.teryt,
            outcome=outcome,
            digits=digits,
            years=self.years[measured],
            rates=self.outcomes[outcome][np.ix_(kept, measured)],
            opened=self.opened[kept],
            clusters=powiats if np.unique(powiats).size >= ENOUGH_POWIATS else codes,
            left_out=int((~kept).sum()),
        )


def areas(jst: pd.DataFrame, outcomes: list[str]) -> Iterator[Area]:
    """Yield Poland, where gminas of two voivodeships or more are in the data, and each of these voivodeships.

    Parameters
    ----------
    jst
        As in `schema.Inputs`; gminas in any order.
    """
    if jst.empty:
        return
    opened = jst.groupby("teryt", sort=True)["opened"].first()
    wide = {name: jst.pivot_table(index="teryt", columns="year", values=name, dropna=False) for name in outcomes}
    years = np.unique(jst["year"]).astype(np.float64)
    begun = opened.to_numpy(dtype=np.float64)
    everywhere = Area(
        teryt=POLAND.teryt,
        codes=opened.index.to_numpy(dtype=np.str_),
        opened=np.where(begun <= years[-1], begun, np.inf),
        years=years,
        outcomes={
            name: table.reindex(index=opened.index, columns=years).to_numpy(dtype=np.float64)
            for name, table in wide.items()
        },
    )
    regions = np.array([code[:2] for code in everywhere.codes])
    here = [region.teryt for region in REGIONS if (regions == region.teryt).any()]
    if len(here) > 1:
        yield everywhere
    for teryt in here:
        yield _part(everywhere, teryt, regions == teryt)


def _part(whole: Area, teryt: str, rows: NDArray[Any]) -> Area:
    return Area(
        teryt=teryt,
        codes=whole.codes[rows],
        opened=whole.opened[rows],
        years=whole.years,
        outcomes={name: table[rows] for name, table in whole.outcomes.items()},
    )
