"""Small registers of the social economy for tests: units, spells, status, population, and inputs that keep the schema.

Every builder takes what a test is about and fills in the rest with what changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pandas as pd

from ropsanalysis.io.catalogue import legal_form_frame
from ropsanalysis.social_economy.schema import (
    FORM_COLUMNS,
    POPULATION_COLUMNS,
    PROGRAMME_COLUMNS,
    REGISTER_COUNT_COLUMNS,
    SPELL_COLUMNS,
    STATUS_COLUMNS,
    SUPPORT_COLUMNS,
    SURVEY_COLUMNS,
    UNIT_COLUMNS,
    Inputs,
    validate,
)

AS_OF = "2025-12-31"
_SPELL_DAYS = ("start", "end", "observed_from", "verified")
_FILLED = {"start_reason": "", "end_reason": "", "source": "rejestr", "closures_known": True}


def make_units(voivodeships: Sequence[str] = ("14", "26"), *, powiats: int = 2, gminas: int = 2) -> pd.DataFrame:
    """Return Poland and voivodeships with so many powiats each and gminas in each: 1401, 1402; 140101, 140102 ..."""
    rows = [("00", "country", "Polska", "", "kraj")]
    for region in voivodeships:
        rows.append((region, "voivodeship", f"woj. {region}", "00", "województwo"))
        for powiat in (f"{region}{number:02d}" for number in range(1, powiats + 1)):
            rows.append((powiat, "powiat", f"powiat {powiat}", region, "powiat"))
            for gmina in (f"{powiat}{number:02d}" for number in range(1, gminas + 1)):
                rows.append((gmina, "gmina", f"gmina {gmina}", powiat, "gmina wiejska"))
    return pd.DataFrame(rows, columns=list(UNIT_COLUMNS))


def spell(
    entity: str, legal_form: str = "ngo", teryt: str = "140101", start: str = "2015-06-01", end: str | None = None,
    **others: Any,
) -> dict[str, Any]:  # fmt: skip
    """Return one spell as a row for `make_spells`; days are ISO texts, others are columns of the schema."""
    return {"entity": entity, "legal_form": legal_form, "teryt": teryt, "start": start, "end": end, **others}


def make_spells(rows: Iterable[dict[str, Any]] = ()) -> pd.DataFrame:
    """Return spells of the schema's types; the register keeps closures unless a row says otherwise."""
    filled = [_FILLED | {"name": f"Podmiot {row['entity']}"} | row for row in rows]
    table = pd.DataFrame(filled, columns=list(SPELL_COLUMNS))
    return table.astype(dict.fromkeys(_SPELL_DAYS, "datetime64[s]") | {"closures_known": "bool"})


def make_status(rows: Iterable[tuple[str, str, str | None]] = ()) -> pd.DataFrame:
    """Return spells of the status of social enterprise: entity, since, until (None while it lasts)."""
    table = pd.DataFrame(list(rows), columns=list(STATUS_COLUMNS))
    return table.astype({"since": "datetime64[s]", "until": "datetime64[s]"})


def make_population(
    units: pd.DataFrame, years: Sequence[int] = tuple(range(2014, 2026)), *, each: int = 10_000
) -> pd.DataFrame:
    """Return the same number of inhabitants for every gmina and year."""
    gminas = units.loc[units["level"] == "gmina", "teryt"]
    rows = [(gmina, year, each) for gmina in gminas for year in years]
    return pd.DataFrame(rows, columns=list(POPULATION_COLUMNS))


def make_survey(rows: Iterable[dict[str, Any]] = ()) -> pd.DataFrame:
    """Return a survey; numbers that a row does not give are not answered."""
    table = pd.DataFrame(list(rows), columns=list(SURVEY_COLUMNS))
    numbers = [name for name in SURVEY_COLUMNS if name not in ("entity", "year")]
    return table.astype({"year": "int64"} | dict.fromkeys(numbers, "float64"))


def make_inputs(**overrides: Any) -> Inputs:
    """Return inputs that keep the schema: by default two voivodeships, no entity, no survey, no support, no programme.

    Population follows the units where it is not given; `as_of` may be an ISO text.
    """
    unknown = set(overrides) - {field.name for field in fields(Inputs)}
    assert not unknown, f"Inputs has no {', '.join(sorted(unknown))}"
    units = overrides.get("units", make_units())
    empty = {
        "spells": make_spells(),
        "status": make_status(),
        "survey": make_survey(),
        "support": pd.DataFrame(columns=list(SUPPORT_COLUMNS)),
        "programme": pd.DataFrame(columns=list(PROGRAMME_COLUMNS)),
        "population": make_population(units),
        "units": units,
        "observations": pd.DataFrame(columns=["indicator", "teryt", "year", "value", "flag"]),
        "indicators": pd.DataFrame(columns=["indicator"]),
        "legal_forms": legal_form_frame()[list(FORM_COLUMNS)],
        "register_counts": pd.DataFrame(columns=list(REGISTER_COUNT_COLUMNS)),
        "as_of": AS_OF,
    }
    given = empty | overrides
    return validate(Inputs(**(given | {"as_of": pd.Timestamp(given["as_of"])})))


def shuffled(inputs: Inputs, *, seed: int = 0) -> Inputs:
    """Return the same inputs with the rows of all that was delivered in another order."""
    rng = np.random.default_rng(seed)
    tables = ("spells", "status", "survey", "support", "population", "observations", "units")
    return replace(inputs, **{name: getattr(inputs, name).sample(frac=1, random_state=rng) for name in tables})


def copied(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """Return copies of all tables, to see afterwards that nothing was changed."""
    tables = {field.name: getattr(inputs, field.name) for field in fields(inputs)}
    return {name: table.copy(deep=True) for name, table in tables.items() if isinstance(table, pd.DataFrame)}


def draw_spells(
    n: int, units: pd.DataFrame, *, rng: np.random.Generator, moved: float = 0.1, as_of: str = AS_OF
) -> pd.DataFrame:
    """Draw n entities founded since 2005, of which some close, and a share of which moves or changes its form once."""
    gminas = units.loc[units["level"] == "gmina", "teryt"].to_numpy()
    forms = legal_form_frame()["key"].to_numpy()
    day = np.timedelta64(1, "D")
    last = np.datetime64(as_of, "D")
    start = np.datetime64("2005-01-01", "D") + rng.integers(0, int((last - np.datetime64("2005-01-01")) / day), n) * day
    end = start + rng.exponential(9 * 365.25, n).astype(int) * day
    changes = (rng.random(n) < moved) & ((end - start) / day > 2)
    turn = np.where(changes, start + ((end - start) / day / 2).astype(int) * day, end)
    first = {"entity": np.arange(n), "teryt": rng.choice(gminas, n), "legal_form": rng.choice(forms, n)}
    second = first | {"teryt": rng.choice(gminas, n), "legal_form": rng.choice(forms, n)}
    parts = [pd.DataFrame(first | {"start": start, "end": turn}), pd.DataFrame(second | {"start": turn, "end": end})]
    table = pd.concat([parts[0], parts[1][changes]], ignore_index=True)
    table = table[table["start"] <= last]
    table["end"] = table["end"].where(table["end"] <= last)
    table["entity"] = "e" + table["entity"].astype("str").str.zfill(7)
    table["name"] = "Podmiot " + table["entity"]
    table["verified"] = pd.Timestamp(as_of) - pd.to_timedelta(rng.integers(0, 1500, len(table)), unit="D")
    table = table.reindex(columns=list(SPELL_COLUMNS))
    return table.assign(**_FILLED).astype(dict.fromkeys(_SPELL_DAYS, "datetime64[s]"))
