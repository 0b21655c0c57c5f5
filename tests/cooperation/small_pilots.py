"""A pilot of five entities and six cases whose every number is worked out by hand, and made-up cases in any number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from ropsanalysis.cooperation.parameters import CooperationParameters
from ropsanalysis.cooperation.schema import (
    BASKET_COLUMNS,
    CASE_COLUMNS,
    COACHING_COLUMNS,
    EFFECT_COLUMNS,
    GOAL_COLUMNS,
    PARTNER_COLUMNS,
    PILOT_COLUMNS,
    SECTORS,
    TIE_COLUMNS,
    Inputs,
)

USUAL = CooperationParameters(permutations=99)
#: Shows everything, so that a small pilot can be worked out by hand.
OPEN = replace(USUAL, min_cases=1, min_count=1, min_paths=1)

_DAYS = ("started", "ended", "as_of", "joined", "left", "signal", "diagnosis", "contract", "followup_day", "day")
_NUMBERS = ("population", "persons", "planned", "delivered", "weight", "entry", "exit", "hours", "achieved")
_FLAGS = ("monitoring", "aftercare", "monitored")
_WHOLE = ("row", "strength")

PILOT: Mapping[str, Any] = {
    "teryt": "04", "pilot": "04-a", "name": "Pilotaż A", "unit": "040101", "population": 15_000.0,
    "project": "urban_rural", "started": "2024-01-01", "ended": "", "monitoring": True, "aftercare": True,
    "as_of": "2024-12-31",
}  # fmt: skip
CASE: Mapping[str, Any] = {
    "pilot": "04-a", "row": 2, "persons": 3.0, "signal": "2024-01-01", "diagnosis": "", "contract": "", "ended": "",
    "outcome": "ongoing", "monitored": False, "followup_day": "", "followup": "",
}  # fmt: skip

Rows = Sequence[Mapping[str, Any]]


def table(columns: Sequence[str], rows: Rows) -> pd.DataFrame:
    """Return a table as screening leaves it; what a row lacks is "" or NaN."""
    found = pd.DataFrame(list(rows), columns=list(columns))
    for name in columns:
        if name in _DAYS:
            found[name] = pd.to_datetime(found[name].replace("", None)).astype("datetime64[s]")
        elif name in _NUMBERS:
            found[name] = found[name].astype("float64")
        elif name in _FLAGS:
            found[name] = found[name].astype("bool")
        elif name in _WHOLE:
            found[name] = found[name].astype("int64")
        else:
            found[name] = found[name].astype(object).fillna("").astype("str")
    return found


def inputs(
    *,
    pilots: Rows = (PILOT,),
    partners: Rows = (),
    ties: Rows = (),
    cases: Rows = (),
    baskets: Rows = (),
    goals: Rows = (),
    coaching: Rows = (),
    effects: Rows = (),
    promised: Rows = (),
    projects: Rows = (),
) -> Inputs:
    """Return inputs with these rows; catalogues are empty unless given."""
    names = pd.DataFrame({"key": SECTORS, "name": SECTORS, "short": SECTORS})
    promise = ("project", "effect", "name", "number", "unit", "counted_from", "source")
    project = (
        "project", "title", "teryt", "partners", "macroregion", "start", "end", "value_pln", "grant_pln", "targets",
        "source",
    )  # fmt: skip
    return Inputs(
        pilots=table(PILOT_COLUMNS, pilots),
        partners=table(PARTNER_COLUMNS, partners),
        ties=table(TIE_COLUMNS, ties),
        cases=table(CASE_COLUMNS, cases),
        baskets=table(BASKET_COLUMNS, baskets),
        goals=table(GOAL_COLUMNS, goals),
        coaching=table(COACHING_COLUMNS, coaching),
        effects=table(EFFECT_COLUMNS, effects),
        promised=pd.DataFrame(list(promised), columns=list(promise)).astype({"number": "float64"}),
        projects=pd.DataFrame(list(projects), columns=list(project)),
        units=pd.DataFrame(columns=["teryt", "level", "name", "parent", "kind"]),
        sectors=names,
        year=2024,
        refused={},
    )


def partner(entity: str, sector: str, level: str, role: str = "partner", pilot: str = "04-a") -> dict[str, Any]:
    return {"pilot": pilot, "entity": entity, "name": entity, "sector": sector, "level": level, "role": role}


def tie(wave: str, source: str, target: str, strength: int = 2, pilot: str = "04-a") -> dict[str, Any]:
    return {"pilot": pilot, "wave": wave, "source": source, "target": target, "strength": strength}


#: Before, the centre of social assistance works with the school alone; after, it is the middle of a star.
PARTNERS = (
    partner("ops", "social_assistance", "gmina", "animator"),
    partner("pcpr", "family_support", "powiat"),
    partner("pup", "employment", "powiat"),
    partner("rops", "social_assistance", "region", "inspirer"),
    partner("szkola", "education", "gmina"),
)
TIES = (
    tie("before", "ops", "szkola", 1),
    tie("after", "ops", "szkola", 3),
    tie("after", "ops", "pcpr"),
    tie("after", "ops", "pup"),
    tie("after", "ops", "rops"),
)
#: Days to the diagnosis 10, 20, 30, 40, 50 and not yet; on to the contract 20, 30, 40, none (the case was broken off),
#: 60; from the contract to the end 180, 200, 220.
CASES = (
    CASE | {
        "case": "c1", "diagnosis": "2024-01-11", "contract": "2024-01-31", "ended": "2024-07-29", "outcome": "success",
        "monitored": True, "followup_day": "2024-10-01", "followup": "kept",
    },
    CASE | {
        "case": "c2", "diagnosis": "2024-01-21", "contract": "2024-02-20", "ended": "2024-09-07", "outcome": "success",
        "monitored": True, "followup_day": "2024-12-01", "followup": "lost",
    },
    CASE | {
        "case": "c3", "diagnosis": "2024-01-31", "contract": "2024-03-11", "ended": "2024-10-17", "outcome": "partial",
        "monitored": True,
    },
    CASE | {"case": "c4", "diagnosis": "2024-02-10", "ended": "2024-04-10", "outcome": "interrupted"},
    CASE | {"case": "c5", "diagnosis": "2024-02-20", "contract": "2024-04-20"},
    CASE | {"case": "c6"},
)  # fmt: skip
BASKETS = tuple(
    {"pilot": "04-a", "case": case, "sector": sector, "service": "usługa", "planned": planned, "delivered": delivered}
    for case, sector, planned, delivered in (
        ("c1", "social_assistance", 10.0, 8.0),
        ("c1", "education", 4.0, 4.0),
        ("c2", "social_assistance", 10.0, 10.0),
        ("c3", "social_assistance", 20.0, 10.0),
        ("c5", "health", 30.0, 1.0),  # an open case: still to be delivered
    )
)
GOALS = tuple(
    {"pilot": "04-a", "case": case, "goal": goal, "weight": weight, "entry": entry, "exit": level}
    for case, goal, weight, entry, level in (
        ("c1", "praca", 1.0, -1.0, 1.0),
        ("c1", "zdrowie", 1.0, -1.0, 0.0),
        ("c2", "praca", 2.0, -2.0, 0.0),
        ("c3", "nauka", 1.0, -1.0, -1.0),
        ("c5", "nauka", 1.0, -1.0, None),
    )
)
COACHING = tuple(
    {"pilot": "04-a", "worker": worker, "kind": kind, "day": "2024-05-01", "hours": hours}
    for worker, kind, hours in (("w1", "individual", 1.5), ("w1", "group", 3.0), ("w2", "group", 3.0))
)
HAND = inputs(partners=PARTNERS, ties=TIES, cases=CASES, baskets=BASKETS, goals=GOALS, coaching=COACHING)


def drawn_cases(rng: np.random.Generator, pilot: str, count: int) -> list[dict[str, Any]]:
    """Return cases of a pilot that have reached any step, most of them far."""
    found = []
    for number in range(count):
        case = dict(CASE) | {"pilot": pilot, "case": f"{pilot}/{number}", "monitored": bool(rng.random() < 0.85)}
        steps = {"diagnosis": "2024-02-01", "contract": "2024-03-01"}
        case |= dict(list(steps.items())[: int(rng.choice(3, p=[0.05, 0.1, 0.85]))])
        if rng.random() < 0.8:
            outcome = str(rng.choice(["success", "partial", "interrupted"], p=[0.75, 0.15, 0.1]))
            case |= {"ended": "2024-10-01", "outcome": outcome}
            if outcome == "success" and rng.random() < 0.6:
                case["followup"] = str(rng.choice(["kept", "lost"], p=[0.8, 0.2]))
        found.append(case)
    return found


def with_outcomes(pilot: str, *, success: int, ended: int, ongoing: int = 0) -> list[dict[str, Any]]:
    """Return cases of a pilot that all have a contract, of which so many ended, and so many of these well."""
    found = []
    for number in range(ended + ongoing):
        case = dict(CASE) | {"pilot": pilot, "case": f"{pilot}/{number}", "monitored": True}
        case |= {"diagnosis": "2024-02-01", "contract": "2024-03-01"}
        if number < ended:
            case |= {"ended": "2024-10-01", "outcome": "success" if number < success else "partial"}
        if number < success:
            case["followup"] = "kept"
        found.append(case)
    return found


def pilot(key: str, **changes: Any) -> dict[str, Any]:
    """Return a pilot of the voivodeship that its key begins with."""
    return dict(PILOT) | {"pilot": key, "teryt": key[:2], "unit": f"{key[:2]}0101"} | changes
