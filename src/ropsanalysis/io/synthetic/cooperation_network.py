"""The made-up pilots of cooperation: where they are, which entities take part, who works with whom."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from ropsanalysis.io.synthetic import cooperation_truth as truth
from ropsanalysis.io.synthetic.social_chance import days, happens, pick, pick_apart, skewed
from ropsanalysis.io.synthetic.social_places import UNITS

_ANIMATOR, _INSPIRER = truth.CORE[0][0], truth.CORE[1][0]
_FIRST_START: Final = "2022-09-01"
_SPAN: Final = 100  # days within which pilots start
_POWIATS: Final = (35_000, 120_000)
_RURAL: Final = (2_500, 14_000)
_MIXED: Final = (6_000, 30_000)
_LARGEST_CITY: Final = 110_000
_STRENGTHS: Final = (40, 40, 20)


class Pilot(NamedTuple):
    """A made-up pilot; started is the number of days since 1970-01-01."""

    teryt: str
    pilot: str
    unit: str
    powiat: str
    population: int
    project: str
    started: int
    small: bool


class Entity(NamedTuple):
    """A made-up entity of a pilot."""

    pilot: str
    entity: str
    name: str
    sector: str
    level: str
    role: str
    unit: str
    joined: str
    left: str


def draw_pilots(raw: Path, projects: dict[str, str], rng: np.random.Generator) -> list[Pilot]:
    """Return the pilots, three to five in each voivodeship.

    Parameters
    ----------
    raw
        Folder of raw data with the list of territorial units.
    projects
        Key of the project of each voivodeship that one covers.
    """
    units = _units(raw)
    first = int(days(_FIRST_START).astype(np.int64))
    found = []
    for teryt, count in truth.PILOTS.items():
        places = _places(units, teryt, count, rng)
        starts = first + rng.integers(_SPAN, size=count)
        for number, (unit, population) in enumerate(places):
            small = number >= count - truth.SMALL.get(teryt, 0)
            found.append(
                Pilot(teryt, f"{teryt}-{chr(ord('a') + number)}", unit, unit[:4], population, projects.get(teryt, ""),
                      int(starts[number]), small)
            )  # fmt: skip
    return found


def pilot_frame(pilots: Sequence[Pilot]) -> pd.DataFrame:
    """Return the pilots as they are delivered."""
    return pd.DataFrame(
        {
            "teryt": [one.teryt for one in pilots],
            "pilot": [one.pilot for one in pilots],
            "name": [f"Pilotaż {one.pilot[-1].upper()}" for one in pilots],
            "unit": [one.unit for one in pilots],
            "population": [one.population for one in pilots],
            "project": [one.project for one in pilots],
            "started": [as_text(one.started) for one in pilots],
            "ended": "",
            "monitoring": [int(one.pilot != truth.NO_MONITORING) for one in pilots],
            "aftercare": [int(one.pilot != truth.NO_AFTERCARE) for one in pilots],
            "as_of": truth.AS_OF,
        }
    )


def draw_entities(pilots: Sequence[Pilot], rng: np.random.Generator) -> list[Entity]:
    """Return the entities of all pilots."""
    return [entity for pilot in pilots for entity in _entities(pilot, rng)]


def draw_ties(pilots: Sequence[Pilot], entities: Sequence[Entity], rng: np.random.Generator) -> pd.DataFrame:
    """Return the ties before and after, a row each: few and within sectors before, through the animator after."""
    rows: list[tuple[str, str, str, str, int]] = []
    for pilot in pilots:
        here = [entity for entity in entities if entity.pilot == pilot.pilot]
        pairs = list(combinations(here, 2))
        before = happens([_chance_before(*pair) for pair in pairs], len(pairs), rng)
        new = happens([_chance_after(*pair) for pair in pairs], len(pairs), rng)
        after = (before & ~happens(truth.LOST, len(pairs), rng)) | new
        first = pick(_STRENGTHS, len(pairs), rng) + 1
        closer = np.minimum(3, np.where(before, first + happens(500, len(pairs), rng), first))
        for wave, there, strength in (("before", before, first), ("after", after, closer)):
            if (pilot.pilot, wave) != (truth.ONE_WAVE, "before"):
                rows += [
                    (pilot.pilot, wave, one.entity, other.entity, int(strength[k]))
                    for k, (one, other) in enumerate(pairs)
                    if there[k]
                ]
    return pd.DataFrame(rows, columns=["pilot", "wave", "source", "target", "strength"])


def as_text(day: int) -> str:
    """Return a number of days since 1970-01-01 as ISO text."""
    return str(np.datetime64(day, "D"))


def _units(raw: Path) -> list[dict[str, str]]:
    with raw.joinpath(*UNITS).open(encoding="utf-8-sig", newline="") as file:
        return sorted(csv.DictReader(file), key=lambda row: row["teryt"])


def _places(units: Sequence[dict[str, str]], teryt: str, count: int, rng: np.random.Generator) -> list[tuple[str, int]]:
    """Return unit and inhabitants of each pilot: gminas of the kind that its project is for, the first a powiat."""
    here = [row for row in units if row["teryt"].startswith(teryt)]
    gminas = [row for row in here if row["level"] == "gmina"]
    if teryt in truth.URBAN_RURAL:
        chosen, (low, high) = [row for row in gminas if "miejsko-wiejsk" in row["kind"]], _MIXED
    elif teryt in truth.CITIES:
        chosen, (low, high) = [row for row in gminas if row["kind"] == "gmina miejska"], (
            truth.SMALLEST_CITY, _LARGEST_CITY,
        )  # fmt: skip
    else:
        chosen, (low, high) = [row for row in gminas if row["kind"] == "gmina wiejska"], _RURAL
    places = [chosen[k]["teryt"] for k in pick_apart([1] * len(chosen), count, rng)]
    inhabitants = skewed(low, high, count, rng).tolist()
    if teryt in (*truth.URBAN_RURAL, *truth.CITIES):
        powiats = [row["teryt"] for row in here if row["level"] == "powiat" and row["teryt"][2:] <= "60"]
        places[0] = powiats[int(rng.integers(len(powiats)))]
        inhabitants[0] = int(skewed(*_POWIATS, 1, rng)[0])
    return list(zip(places, inhabitants, strict=True))


def _entities(pilot: Pilot, rng: np.random.Generator) -> list[Entity]:
    count = int(rng.integers(truth.ENTITIES[0], truth.ENTITIES[1] + 1))
    others = [truth.OTHERS[k] for k in pick_apart([1] * len(truth.OTHERS), count - len(truth.CORE), rng)]
    joined = pilot.started + rng.integers(0, 150, size=count)
    leaves = happens(25, count, rng)
    left = pilot.started + rng.integers(400, 900, size=count)
    found = []
    for k, (key, name, sector, level) in enumerate((*truth.CORE, *others)):
        role = {_ANIMATOR: "animator", _INSPIRER: "inspirer"}.get(key, "partner")
        if role == "inspirer" and pilot.pilot == truth.NO_INSPIRER:
            continue
        if level == "powiat" and pilot.pilot == truth.ONE_LEVEL:
            continue
        unit = {"gmina": pilot.unit, "powiat": pilot.powiat, "region": pilot.teryt}[level]
        gone = as_text(int(left[k])) if leaves[k] and role == "partner" else ""
        started = pilot.started if role != "partner" else int(joined[k])
        found.append(Entity(pilot.pilot, key, name, sector, level, role, unit, as_text(started), gone))
    return found


def _chance_before(one: Entity, other: Entity) -> int:
    if "inspirer" in (one.role, other.role):
        return 0
    if one.sector == other.sector:
        return truth.BEFORE_WITHIN
    return truth.BEFORE_ANIMATOR if "animator" in (one.role, other.role) else truth.BEFORE_ACROSS


def _chance_after(one: Entity, other: Entity) -> int:
    roles = {one.role, other.role}
    if "animator" in roles:
        return 1000 if "inspirer" in roles else truth.AFTER_ANIMATOR
    if "inspirer" in roles:
        return truth.AFTER_INSPIRER
    return truth.AFTER_WITHIN if one.sector == other.sector else truth.AFTER_ACROSS
