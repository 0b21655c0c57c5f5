"""What the diagnosis of gminas and powiats is computed from."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, slots=True)
class LocalInputs:
    """Screened tables.

    Attributes
    ----------
    units
        Columns teryt (seven digits of a gmina, four of a powiat, two of a voivodeship), level, name, kind, powiat,
        voivodeship.
    observations
        Columns teryt, variable, year, value, flag; one row for each unit, variable and year.
    indicators
        One row for each indicator, in the order of the report: see the catalogue.
    """

    units: pd.DataFrame
    observations: pd.DataFrame
    indicators: pd.DataFrame

    @property
    def latest_year(self) -> int:
        """Last year with a value."""
        return int(self.observations.loc[self.observations["value"].notna(), "year"].max())
