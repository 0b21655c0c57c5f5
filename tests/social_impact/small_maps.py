"""Impact maps, costs and prices of a few lines, and the published tables of persons that go with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
from simulated_gminas import empty_inputs

from ropsanalysis.io import catalogue
from ropsanalysis.social_impact.published import as_table
from ropsanalysis.social_impact.schema import (
    ASSUMPTIONS,
    COST_COLUMNS,
    INACTION_COLUMNS,
    MAP_COLUMNS,
    PRICE_COLUMNS,
    Inputs,
)

NONE = float("nan")
#: The case of DOMAIN.md, section 4: 100 x 200 PLN, deadweight 25 %, attribution 40 %, 3 years, drop-off 10 %.
HAND: Mapping[str, Any] = {
    "teryt": "02", "line": "1", "stakeholder": "uczestnicy", "outcome": "Praca", "outcome_key": "work",
    "indicator": "osoby pracujące", "quantity": 100.0, "proxy_value": 200.0, "duration_years": 3.0,
    "deadweight": 0.25, "displacement": 0.0, "attribution": 0.4, "drop_off": 0.1,
    **{f"{name}_{end}": NONE for name in ASSUMPTIONS for end in ("low", "high")},
    "distribution": "", "currency": "PLN", "price_year": 2024, "proxy": "cena", "proxy_source": "źródło",
    "evidence": "measured", "evidence_years": 3.0,
}  # fmt: skip
COST: Mapping[str, Any] = {
    "teryt": "02", "year": 2024, "payer": "EFS+", "amount_pln": 12_000.0, "participants": 40.0,
}  # fmt: skip
ITEM: Mapping[str, Any] = {
    "teryt": "02", "item": "Świadczenia", "payer": "gminy", "persons": 10.0, "cost_per_person_year_pln": 1000.0,
    "years": 2.0, "reduction": 0.25, "price_year": 2024, "source": "źródło",
}  # fmt: skip

Rows = Sequence[Mapping[str, Any]]


def money(
    lines: Rows = ({},),
    costs: Rows = ({},),
    inaction: Rows = (),
    *,
    prices: Mapping[int, float] | None = None,
    price_year: int | None = 2024,
) -> Inputs:
    """Return inputs of which each row is the one above with some values changed; the line's name is its place."""
    numbered = [{"line": str(place), **row} for place, row in enumerate(lines, start=1)]
    known = {2024: 100.0} if prices is None else prices
    return replace(
        empty_inputs(),
        impact_map=_table(numbered, HAND, MAP_COLUMNS),
        costs=_table(costs, COST, COST_COLUMNS),
        inaction=_table(inaction, ITEM, INACTION_COLUMNS),
        prices=pd.DataFrame(
            [(year, index, "źródło") for year, index in known.items()], columns=list(PRICE_COLUMNS)
        ).astype({"year": "int64", "index": "float64"}),
        price_year=price_year,
        outcomes=catalogue.impact_outcome_frame(),
    )


def _table(rows: Rows, base: Mapping[str, Any], columns: Sequence[str]) -> pd.DataFrame:
    table = pd.DataFrame([{**base, **row} for row in rows], columns=list(columns))
    kinds = pd.DataFrame([base], columns=list(columns)).dtypes
    return table.astype(kinds.to_dict())


def effects(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """Return published effects: balanced, of grade 4, work 0.1 (0.05 to 0.2), unless a row says otherwise."""
    base = {
        "teryt": "02", "outcome": "work", "method": "balancing", "effect": 0.1, "effect_low": 0.05, "effect_high": 0.2,
        "main": True, "grade": 4, "p_adjusted": 0.001, "reason": "",
    }  # fmt: skip
    return as_table("effects", [{**base, **row} for row in rows])


def changes(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """Return published changes: the smallest important one 0.05, of work unless a row says otherwise."""
    return as_table("changes", [{"teryt": "02", "outcome": "work", "smallest": 0.05, **row} for row in rows])


def levels(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """Return published levels: of participants 12 months after exit, work 0.4 (0.3 to 0.5)."""
    base = {
        "teryt": "02", "group": "participant", "outcome": "work", "wave": "m12", "level": 0.4, "level_low": 0.3,
        "level_high": 0.5, "n": 100, "reason": "",
    }  # fmt: skip
    return as_table("levels", [{**base, **row} for row in rows])


def participation(reason: str = "") -> pd.DataFrame:
    """Return that participants were counted, or why not."""
    return as_table("participation", [{"teryt": "02", "group": "participant", "kinds": "", "reason": reason}])
