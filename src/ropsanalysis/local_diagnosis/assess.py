"""All tables of the diagnosis of gminas and powiats, one set for each voivodeship: a report reads only its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.local_diagnosis.groups import group_keys, nearest_in_size, scopes
from ropsanalysis.local_diagnosis.inputs import LocalInputs
from ropsanalysis.local_diagnosis.parameters import LocalParameters
from ropsanalysis.local_diagnosis.positions import position_rows, voivodeship_values
from ropsanalysis.local_diagnosis.ratios import Ratios, ratios, wide

LEVELS: Final = ("gmina", "powiat")
PARTS: Final = ("units", "positions", "series", "peers")
"""Tables of each voivodeship; its code follows the name."""


def part(name: str, voivodeship: str) -> str:
    """Return the name of a voivodeship's table.

    Examples
    --------
    >>> part("units", "02")
    'units_02'
    """
    return f"{name}_{voivodeship}"


def assess(inputs: LocalInputs, *, parameters: LocalParameters) -> dict[str, pd.DataFrame]:
    """Compute the tables of all gminas and powiats of the voivodeships that there are data on.

    Returns
    -------
    dict
        ``indicators``, and for each voivodeship ``units``, ``positions``, ``series`` (indicators drawn over years) and
        ``peers``, named as `part` does.
    """
    covered = covered_voivodeships(inputs)
    years = sorted(int(year) for year in inputs.observations["year"].unique())
    found: dict[str, list[pd.DataFrame]] = {name: [] for name in PARTS}
    for level in LEVELS:
        own = inputs.units["voivodeship"].isin(covered) & (inputs.units["level"] == level)
        units = inputs.units.loc[own].reset_index(drop=True)
        if units.empty:
            continue
        tables = wide(inputs.observations, units, years)
        units = units.join(scopes(units, parameters=parameters))
        units["population"] = _newest(tables.get("population"), len(units))
        found["units"].append(units)
        found["peers"].append(nearest_in_size(units, units["population"].to_numpy(), parameters=parameters))
        for indicator, numbers in _indicators(inputs, level, tables, parameters):
            found["positions"].append(position_rows(indicator, units, numbers, years, parameters=parameters))
            if indicator["headline"]:
                found["series"].append(_series_rows(indicator, units, numbers, years))
    whole = {name: pd.concat([one for one in parts if len(one)], ignore_index=True) for name, parts in found.items()}
    result = {"indicators": inputs.indicators}
    for code in covered:
        for name, table in whole.items():
            result[part(name, code)] = table.loc[table["teryt"].str[:2] == code].reset_index(drop=True)
    return result


def covered_voivodeships(inputs: LocalInputs) -> tuple[str, ...]:
    """Return the voivodeships with a value of any gmina or powiat."""
    known = inputs.observations.loc[inputs.observations["value"].notna(), "teryt"]
    return tuple(sorted(set(known[known.str.len() > 2].str[:2])))


def _indicators(
    inputs: LocalInputs, level: str, tables: dict[str, np.ndarray], parameters: LocalParameters
) -> Iterator[tuple[pd.Series, Ratios]]:
    for _, indicator in inputs.indicators.iterrows():
        if level in str(indicator["levels"]).split():
            numbers = ratios(indicator, tables, parameters=parameters)
            if numbers is not None:
                yield indicator, numbers


def _newest(table: np.ndarray | None, units: int) -> np.ndarray:
    if table is None:
        return np.full(units, np.nan)
    filled: np.ndarray = pd.DataFrame(table).ffill(axis=1).iloc[:, -1].to_numpy()
    return filled


def _series_rows(indicator: pd.Series, units: pd.DataFrame, numbers: Ratios, years: list[int]) -> pd.DataFrame:
    """Return the value of each unit and year, with the median of its group and the value of its voivodeship."""
    values = pd.DataFrame(numbers.value)
    median = np.full(numbers.value.shape, np.nan)
    for scope, key in group_keys(units).items():
        own = (units["scope"] == scope).to_numpy()
        if own.any():
            median[own] = values.groupby(key.to_numpy()).transform("median").to_numpy()[own]
    return pd.DataFrame(
        {
            "teryt": np.repeat(units["teryt"].to_numpy(), len(years)),
            "indicator": indicator["indicator"],
            "year": np.tile(years, len(units)),
            "value": numbers.value.ravel(),
            "median": median.ravel(),
            "voivodeship_value": voivodeship_values(indicator, units, numbers).ravel(),
        }
    )
