"""What the projects of cooperation promised, and what their voivodeships achieved together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from ropsanalysis.cooperation.cases import Voivodeship
from ropsanalysis.cooperation.parameters import CooperationParameters
from ropsanalysis.cooperation.protection import SHARE_DIGITS, few, may_tell
from ropsanalysis.cooperation.published import Row, as_table
from ropsanalysis.cooperation.schema import Inputs
from ropsanalysis.stats.published import rounded

LARGE: Final = 20_000
"""Inhabitants above which a gmina counts as a large one, as the project for cities has it."""
NUMBER_DIGITS: Final = 2
"""Decimals of promised numbers."""
POWIAT_DIGITS: Final = 4
"""Digits of a powiat's code; those of gminas are longer."""

_Promise = Mapping[Any, Any]
"""A row of the promised effects."""
_Parts = Mapping[str, float | None]
"""Voivodeship -> its part of an effect, None where that may not be told; those without data are not in it."""


def effects(inputs: Inputs, regions: Sequence[Voivodeship], *, parameters: CooperationParameters) -> pd.DataFrame:
    """Return the effects that the projects of each voivodeship promised, beside what was achieved.

    Notes
    -----
    A project's voivodeships are added up. Where the part of one may not be told (coached workers), neither is the sum,
    since whoever knows the other parts could take them off it. The sum is complete if all voivodeships of the project,
    or the one where the effect counts, delivered data on it. What an office states counts with its last day.
    """
    rows: list[Row] = []
    for project in inputs.projects.sort_values("project").to_dict("records"):
        covered = str(project["teryt"]).split("+")
        own = [region for region in regions if region.teryt in covered]
        for promise in inputs.promised[inputs.promised["project"] == project["project"]].to_dict("records"):
            what, _, only = str(promise["counted_from"]).partition(":")
            counting = [region for region in own if only in ("", region.teryt)]
            parts = (
                _counted(inputs, counting, promise, what, parameters) if what else _stated(inputs, counting, promise)
            )
            rows += [_row(region.teryt, promise, parts, {only} if only else set(covered)) for region in own]
    rows.sort(key=lambda row: (row["teryt"], row["project"]))  # effects stay in the order of the catalogue
    return as_table("effects", rows)


def _row(teryt: str, promise: _Promise, parts: _Parts, covered: set[str]) -> Row:
    """Return the row of one voivodeship; `covered` are those whose parts make the whole."""
    hidden = None in parts.values()
    achieved = sum(number for number in parts.values() if number is not None) if parts and not hidden else None
    stated = not promise["counted_from"]
    return {
        "teryt": teryt,
        **{name: promise[name] for name in ("project", "effect", "name", "unit", "source")},
        "promised": rounded(promise["number"], NUMBER_DIGITS),
        "achieved": achieved,
        "own": parts.get(teryt),
        "share": None if achieved is None else rounded(achieved / promise["number"], SHARE_DIGITS),
        "basis": "stated" if stated else "counted",
        "complete": set(parts) == covered,
        "reason": "few" if hidden else "" if parts else "not_stated" if stated else "no_data",
    }


def _stated(inputs: Inputs, regions: Sequence[Voivodeship], promise: _Promise) -> _Parts:
    """Return what each office states to have achieved, the latest of its statements."""
    effects = inputs.effects.dropna(subset=["achieved"])
    own = effects[(effects["project"] == promise["project"]) & (effects["effect"] == promise["effect"])]
    last = own.sort_values(["as_of", "achieved"]).groupby("teryt")["achieved"].last()
    return {region.teryt: float(last[region.teryt]) for region in regions if region.teryt in last.index}


def _counted(
    inputs: Inputs, regions: Sequence[Voivodeship], promise: _Promise, what: str, parameters: CooperationParameters
) -> _Parts:
    """Count an effect in the pilots of the project, voivodeship by voivodeship."""
    pilots = inputs.pilots[inputs.pilots["project"] == promise["project"]]
    found: dict[str, float | None] = {}
    for region in regions:
        own = pilots[pilots["teryt"] == region.teryt]
        if what == "coached_workers":
            found |= _workers(inputs, region, own["pilot"], parameters)
        elif len(own):
            found[region.teryt] = float(COUNTED[what](inputs, own))
    return found


def _workers(inputs: Inputs, region: Voivodeship, pilots: pd.Series[str], parameters: CooperationParameters) -> _Parts:
    """Count coached workers; neither those of the project may be few, nor those of the voivodeship beside them."""
    coached = inputs.coaching[inputs.coaching["pilot"].isin(region.pilots)]
    workers = coached.loc[coached["pilot"].isin(pilots), "worker"].nunique()
    if not workers:
        return {}
    beside = coached["worker"].nunique() - workers
    told = may_tell(workers, parameters=parameters) and not few(beside, parameters=parameters)
    return {region.teryt: float(workers) if told else None}


def _gminas(pilots: pd.DataFrame) -> pd.DataFrame:
    return pilots[pilots["unit"].str.len() > POWIAT_DIGITS]


def _entities(inputs: Inputs, pilots: pd.DataFrame) -> int:
    """Count partners; one institution in several pilots, known by its name and unit, counts once."""
    own = inputs.partners[inputs.partners["pilot"].isin(pilots["pilot"]) & (inputs.partners["role"] == "partner")]
    name = own["name"].str.split().str.join(" ").str.casefold()
    known = (own["name"] != own["entity"]) & (name != "") & (own["unit"] != "")  # an unnamed entity has its key as name
    return len(
        pd.DataFrame(
            {
                "where": own["unit"].where(known, own["pilot"]),
                "who": name.where(known, own["entity"]),
                "known": known,
            }
        ).drop_duplicates()
    )


COUNTED: Final[Mapping[str, Callable[[Inputs, pd.DataFrame], int]]] = {
    "units": lambda _, pilots: pilots["unit"].nunique(),
    "powiats": lambda _, pilots: pilots.loc[pilots["unit"].str.len() == POWIAT_DIGITS, "unit"].nunique(),
    "gminas": lambda _, pilots: _gminas(pilots)["unit"].nunique(),
    "large_gminas": lambda _, pilots: _gminas(pilots[pilots["population"] > LARGE])["unit"].nunique(),
    "entities": _entities,
}
"""How an effect is counted from the pilots of a project: the words of the catalogue, but for coached workers."""
