"""Small inputs of project monitoring, made by hand: whoever needs a table gives the rows that matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from ropsanalysis.project_monitoring import schema
from ropsanalysis.project_monitoring.schema import Inputs
from support import PROJECT

OWN: Final = "16"
DAYS: Final = {
    "cards": ("start", "end", "as_of"), "plan": ("day",), "participants": ("started", "ended", "left", "evidence_day"),
    "entities": ("started",), "lpdi": ("adopted", "in_force_from", "in_force_to", "carried_out_day"),
    "cus": ("opened", "closed"), "activities": ("planned", "done"), "payments": ("day",),
}  # fmt: skip
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "cards": schema.CARD_COLUMNS, "plan": schema.PLAN_COLUMNS, "subregions": schema.SUBREGION_COLUMNS,
    "participants": schema.PARTICIPANT_COLUMNS, "entities": schema.ENTITY_COLUMNS, "lpdi": schema.LPDI_COLUMNS,
    "cus": schema.CUS_COLUMNS, "foster_care": schema.FOSTER_COLUMNS, "activities": schema.ACTIVITY_COLUMNS,
    "budget": schema.BUDGET_COLUMNS, "payments": schema.PAYMENT_COLUMNS,
}  # fmt: skip
DEFAULTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "cards": {
        "teryt": OWN, "title": "Projekt", "number": "", "leader": "ROPS", "start": "2024-01-01", "end": "2027-12-31",
        "as_of": "2025-12-31", "value_pln": 1000.0, "eu_pln": 825.2, "national_pln": 174.8, "target_supported": 100.0,
        "target_qualified": 95.0, "target_plan_share": 0.5, "source": "umowa",
    },
    "plan": {"teryt": OWN, "indicator": "supported"},
    "participants": {
        "teryt": OWN, "person": "p1", "unit": "160102", "employer": "e1", "institution": "ops", "form": "course",
        "action": 6, "started": "2025-03-01", "ended": None, "left": None, "complete": True, "evidence": "",
        "evidence_day": None,
    },
    "entities": {
        "teryt": OWN, "unit": "160102", "institution": "ops", "form": "advice", "action": 3, "started": "2025-03-01",
    },
    "lpdi": {
        "teryt": OWN, "unit": "160102", "title": "Plan", "adopted": "2025-01-15", "in_force_from": None,
        "in_force_to": None, **dict.fromkeys(schema.SECTIONS, True), "evidence": "resolution",
        "carried_out": "annual_report", "carried_out_day": "2025-10-01",
    },
    "cus": {"teryt": OWN, "centre": "c1", "name": "CUS", "gminas": "160102", "opened": "2025-02-01", "closed": None,
            "services": 5},
    "foster_care": {"teryt": "00", "total_printed": np.nan, "step": 1.0, "source": "GUS"},
    "activities": {
        "teryt": OWN, "action": 6, "team": "training", "kind": "training", "title": "Szkolenie", "planned": None,
        "done": None, "hours": np.nan, "attendance": np.nan, "product": "", "subregion": "",
    },
    "budget": {
        "teryt": OWN, "line": "1", "task": "Zadanie", "action": 6, "team": "training", "category": "training",
        "quarter": "2025-Q1", "eu_grosz": 0, "national_grosz": 0,
    },
    "payments": {"teryt": OWN, "line": "1", "day": "2025-03-31", "eu_grosz": 0, "national_grosz": 0},
    "subregions": {},
}  # fmt: skip
TYPES: Final = {
    "complete": "bool", **dict.fromkeys(schema.SECTIONS, "bool"), "action": "int64", "row": "int64",
    "eu_grosz": "int64", "national_grosz": "int64", "services": "int64", "year": "int64", "hours": "float64",
    "attendance": "float64", "family": "float64", "institutional": "float64", "total_printed": "float64",
    "step": "float64",
    "value_pln": "float64", "eu_pln": "float64", "national_pln": "float64", "target_supported": "float64",
    "target_qualified": "float64", "target_plan_share": "float64",
}  # fmt: skip


def table(name: str, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return a table of the inputs; what a row does not say is as in `DEFAULTS`, its row in the file counted from 2."""
    full = [
        {"row": place, "activity": f"a{place}", "payment": f"w{place}", "entity": f"e{place}"}
        | dict(DEFAULTS[name]) | dict(row)
        for place, row in enumerate(rows, start=2)
    ]  # fmt: skip
    found = pd.DataFrame(full, columns=list(COLUMNS[name]))
    types = {column: TYPES.get(column, "str") for column in COLUMNS[name]}
    types |= dict.fromkeys(DAYS.get(name, ()), "datetime64[s]")
    if name == "plan":
        types["planned"] = "float64"
    return found.astype(types)


def make_inputs(**rows: Iterable[Mapping[str, Any]]) -> Inputs:
    """Return inputs of one project in Opolskie with these rows; other tables are empty."""
    cards = table("cards", rows.pop("cards", [{}]))
    tables = {name: table(name, rows.get(name, [])) for name in COLUMNS if name != "cards"}
    institutions = pd.DataFrame(
        [("ops", "Ośrodek pomocy społecznej", "OPS"), ("pcpr", "Powiatowe centrum", "PCPR"), ("ngo", "NGO", "NGO")],
        columns=["key", "name", "short"],
    )
    actions = pd.DataFrame(
        [(n, f"Działanie {n}", f"D{n}", "research", "", "uchwała") for n in schema.ACTIONS],
        columns=["key", "title", "short", "team", "serves", "reference"],
    )
    published = pd.DataFrame(columns=["teryt", "field", "number", "text", "unit", "step", "source"]).astype(
        {"number": "float64", "step": "float64"}
    )
    return Inputs(
        cards=cards, **tables, units=units(), institutions=institutions, actions=actions, published=published,
        year=int(cards["as_of"].dt.year.max()), refused={},
    )  # fmt: skip


def units() -> pd.DataFrame:
    """Return the list of territorial units that comes with the project."""
    found = pd.read_csv(PROJECT / "data" / "raw" / "teryt_units" / "units.csv", dtype=str, keep_default_na=False)
    return found.astype("str")
