"""How many entities there are, of what kind and where: over the years, on the day of the registers, and how evenly."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.regions import POLAND
from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_economy.schema import Inputs
from ropsanalysis.social_economy.spells import (
    NEVER,
    IntMatrix,
    Population,
    Spells,
    count,
    covers_poland,
    day_of,
    divided,
    iso,
    levels,
    rows_of,
    stock,
    to_days,
    units_of,
    with_status,
)
from ropsanalysis.stats.concentration import gini, hhi, location_quotient, theil
from ropsanalysis.stats.tables import frame, spread
from ropsanalysis.stats.vocabulary import BoolVector, FloatVector

PER: Final = 10_000.0
STOCK_COLUMNS: Final = {
    "teryt": "str", "legal_form": "str", "year": "Int64", "day": "str", "entities": "Int64", "population": "Int64",
    "per_10k": "Float64",
}  # fmt: skip
STRUCTURE_COLUMNS: Final = {
    "teryt": "str", "legal_form": "str", "entities": "Int64", "active": "Int64", "active_share": "Float64",
    "share": "Float64", "per_10k": "Float64", "location_quotient": "Float64",
}  # fmt: skip
GMINA_COLUMNS: Final = {
    "teryt": "str", "name": "str", "parent": "str", "kind": "str", "population": "Int64", "entities": "Int64",
    "per_10k": "Float64", "social_enterprises": "Int64", "reintegration_units": "Int64", "cooperatives": "Int64",
    "companies": "Int64", "organisations": "Int64", "kgw": "Int64",
}  # fmt: skip
COVERAGE_COLUMNS: Final = {
    "teryt": "str", "kind": "str", "gminas": "Int64", "with_any": "Int64", "without": "Int64",
    "population_without": "Int64", "share_without": "Float64",
}  # fmt: skip
INEQUALITY_COLUMNS: Final = {
    "teryt": "str", "year": "Int64", "n": "Int64", "gini": "Float64", "theil": "Float64", "theil_between": "Float64",
    "theil_within": "Float64", "hhi": "Float64", "top_share": "Float64",
}  # fmt: skip
_GROUPS: Final = {"reintegration": "reintegration_units", "cooperatives": "cooperatives", "companies": "companies",
                  "organisations": "organisations", "kgw": "kgw"}  # fmt: skip
_KINDS: Final = {"any": "entities", "reintegration": "reintegration_units", "social_enterprise": "social_enterprises"}


def structure_tables(inputs: Inputs, *, parameters: SocialEconomyParameters) -> dict[str, pd.DataFrame]:
    """Return the tables stock, structure, gminas, coverage and inequality.

    Notes
    -----
    A density takes the population of the same year, or of the latest year before for which there is one.
    """
    spells, people = Spells.of(inputs), Population(inputs)
    gminas = _gminas(inputs, spells, people)
    return {
        "stock": _stock(inputs, spells, people, parameters),
        "structure": _structure(inputs, spells, people, parameters),
        "gminas": gminas,
        "coverage": _coverage(gminas, poland=covers_poland(spells)),
        "inequality": _inequality(inputs, spells, people, parameters),
    }


def year_ends(inputs: Inputs, *, years: int) -> list[int]:
    """Return the last days of so many years back, and the day of the registers as the last."""
    year = inputs.as_of.year
    return [*(day_of(pd.Timestamp(y, 12, 31)) for y in range(year - years, year)), day_of(inputs.as_of)]


def density(entities: FloatVector | IntMatrix, population: FloatVector) -> FloatVector:
    """Return entities per 10 thousand inhabitants; NaN without inhabitants."""
    return divided(np.asarray(entities, dtype=np.float64) * PER, population)


def _stock(inputs: Inputs, spells: Spells, people: Population, parameters: SocialEconomyParameters) -> pd.DataFrame:
    days = year_ends(inputs, years=parameters.history_years)
    names = [iso(day) for day in days]
    parts = []
    for units in levels(inputs, spells, "country", "voivodeship"):
        n, d = len(units.teryt), len(days)
        whole = stock(spells, rows_of(spells, units, by_form=False), days)
        by_form = stock(spells, rows_of(spells, units, by_form=True), days)
        entities = np.concatenate([whole[:, None, :], by_form.reshape(n, -1, d)], axis=1)
        inhabitants = people.of(units.teryt, [int(name[:4]) for name in names])[:, None, :]
        parts.append(
            spread(
                {"teryt": units.teryt, "legal_form": ("", *spells.forms), "day": names},
                {
                    "entities": entities,
                    "population": np.broadcast_to(inhabitants, entities.shape),
                    "per_10k": density(entities, inhabitants),
                },
            )
        )
    table = pd.concat(parts, ignore_index=True)
    return table.assign(year=table["day"].str[:4].astype("int64"))[list(STOCK_COLUMNS)].astype(STOCK_COLUMNS)


def _structure(inputs: Inputs, spells: Spells, people: Population, parameters: SocialEconomyParameters) -> pd.DataFrame:
    here = spells.holds(day_of(inputs.as_of))
    sure = here & confirmed(inputs, spells, parameters=parameters)
    silent = np.append(False, ~np.isin(np.arange(len(spells.forms)), spells.form[_verified(inputs, spells)]))
    silent[0] = silent[1:].all()
    poland: FloatVector | None = None
    parts = []
    for units in levels(inputs, spells, "country", "voivodeship", "powiat"):
        rows, n = rows_of(spells, units, by_form=True), len(units.teryt)
        by_form, active = (count(rows, where).reshape(n, -1).astype(np.float64) for where in (here, sure))
        if units.level == "country":
            poland = by_form[0]
        entities, active = _with_sum(by_form), _with_sum(active)
        active[:, silent] = np.nan  # registers that verify nobody do not say that nobody is active
        quotient = np.full(entities.shape, np.nan)
        if poland is not None:
            quotient[:, 1:] = location_quotient(by_form, reference=poland)
        inhabitants = people.of(units.teryt, [inputs.as_of.year])
        parts.append(
            spread(
                {"teryt": units.teryt, "legal_form": ("", *spells.forms)},
                {
                    "entities": entities,
                    "active": active,
                    "active_share": divided(active, entities),
                    "share": divided(entities, entities[:, :1]),
                    "per_10k": density(entities, inhabitants),
                    "location_quotient": quotient,
                },
            )
        )
    return pd.concat(parts, ignore_index=True).astype(STRUCTURE_COLUMNS)


def _with_sum(by_form: FloatVector) -> FloatVector:
    return np.column_stack([by_form.sum(axis=1), by_form])


def confirmed(inputs: Inputs, spells: Spells, *, parameters: SocialEconomyParameters) -> BoolVector:
    """Return which spells belong to an entity that is confirmed to be active on the day of the registers.

    Notes
    -----
    Confirmed is an entity that its register verified within so many months before that day (or later, as registers may
    describe different days); an entry alone says nothing of activity. That it answered the survey must not count here:
    where a register verifies nobody, the confirmed would be those who answered, whose number may be hidden.
    """
    since = inputs.as_of - pd.DateOffset(months=parameters.verification_months)
    sure = np.zeros(len(spells.entities), dtype=np.bool_)
    sure[spells.entity[_verified(inputs, spells, since=day_of(since))]] = True
    return sure[spells.entity]


def _verified(inputs: Inputs, spells: Spells, *, since: int = -NEVER) -> BoolVector:
    """Return which spells their register verified on a day or later."""
    verified = to_days(inputs.spells["verified"])
    recent: BoolVector = (verified >= since) & (verified < NEVER)
    return recent[spells.row]


def _gminas(inputs: Inputs, spells: Spells, people: Population) -> pd.DataFrame:
    day = day_of(inputs.as_of)
    here = spells.holds(day)
    units = units_of(inputs, spells, "gmina")
    rows = rows_of(spells, units, by_form=False)
    about = inputs.units.set_index("teryt").loc[list(units.teryt)]
    entities = count(rows, here)
    inhabitants = people.of(units.teryt, [inputs.as_of.year])[:, 0]
    enterprises = with_status(inputs, spells)
    group = inputs.legal_forms["group"].to_numpy(dtype=np.str_)[spells.form]
    table = pd.DataFrame(
        {
            "teryt": units.teryt, "name": about["name"].to_numpy(), "parent": about["parent"].to_numpy(),
            "kind": about["kind"].to_numpy(), "population": inhabitants, "entities": entities,
            "per_10k": density(entities, inhabitants),
            "social_enterprises": count(rows_of(enterprises, units, by_form=False), enterprises.holds(day)),
            **{column: count(rows, here & (group == name)) for name, column in _GROUPS.items()},
        }
    )  # fmt: skip
    return table[list(GMINA_COLUMNS)].astype(GMINA_COLUMNS)


def _coverage(gminas: pd.DataFrame, *, poland: bool) -> pd.DataFrame:
    """Count the gminas without entities of each kind; their inhabitants are not known where one gmina's are not."""
    gmina = gminas["teryt"].to_numpy(dtype=np.str_)
    inhabitants = gminas["population"].to_numpy(dtype=np.float64, na_value=np.nan)
    lacking = np.column_stack([gminas[column] == 0 for column in _KINDS.values()])
    parts = []
    for keys in [*([np.full(gmina.size, POLAND.teryt)] if poland else []), gmina.astype("U2"), gmina.astype("U4")]:
        teryt, code = np.unique(keys, return_inverse=True)
        number = np.bincount(code, minlength=teryt.size)[:, None]
        without, people = (
            np.column_stack([np.bincount(code, weights=each, minlength=teryt.size) for each in amounts.T])
            for amounts in (lacking.astype(np.float64), np.where(lacking, inhabitants[:, None], 0.0))
        )
        parts.append(
            spread(
                {"teryt": list(map(str, teryt)), "kind": tuple(_KINDS)},
                {
                    "gminas": np.broadcast_to(number, without.shape),
                    "with_any": number - without,
                    "without": without,
                    "population_without": people,
                    "share_without": without / number,
                },
            )
        )
    return pd.concat(parts, ignore_index=True).astype(COVERAGE_COLUMNS)


def _inequality(
    inputs: Inputs, spells: Spells, people: Population, parameters: SocialEconomyParameters
) -> pd.DataFrame:
    """Measure how unequal densities are between powiats; concentration needs no inhabitants."""
    units = units_of(inputs, spells, "powiat")
    region = np.array([teryt[:2] for teryt in units.teryt])
    days = year_ends(inputs, years=parameters.history_years)
    years = [int(iso(day)[:4]) for day in days]
    entities = stock(spells, rows_of(spells, units, by_form=False), days).astype(np.float64)
    inhabitants = people.of(units.teryt, years)
    rows = []
    for teryt in [*([POLAND.teryt] if covers_poland(spells) else []), *sorted(set(region))]:
        own = (region == teryt) | (teryt == POLAND.teryt)
        for at, year in enumerate(years):
            there = entities[own, at]
            if own.sum() < 2 or not there.any():
                continue
            values, weights = density(there, inhabitants[own, at]), inhabitants[own, at]
            parts = theil(values, region[own] if teryt == POLAND.teryt else None, weights=weights)
            rows.append(
                {
                    "teryt": teryt, "year": year, "n": int(own.sum()), "gini": gini(values, weights=weights),
                    "theil": parts.total, "theil_between": parts.between if teryt == POLAND.teryt else None,
                    "theil_within": parts.within, "hhi": float(hhi(there)), "top_share": there.max() / there.sum(),
                }
            )  # fmt: skip
    return frame(rows, INEQUALITY_COLUMNS)
