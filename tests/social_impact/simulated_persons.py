"""Made-up panels of persons whose true effect is known, and inputs around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd
import yaml

from ropsanalysis.social_impact.schema import (
    COST_COLUMNS,
    INACTION_COLUMNS,
    JST_COLUMNS,
    MAP_COLUMNS,
    PANEL_COLUMNS,
    PRICE_COLUMNS,
    SCALE_ITEMS,
    WAVES,
    Inputs,
)

HOURS_EFFECT = 4.0
"""Hours a week that support adds from the exit on."""
HOURS_TREND = 6.0
"""Hours a week that come to everybody in the same time."""
WORK_EFFECT = 0.2
WORK_TREND = 0.15


@cache
def catalogue() -> pd.DataFrame:
    """Return the outcomes as the catalogue has them."""
    text = files("ropsanalysis.catalogue").joinpath("impact_outcomes.yaml").read_text(encoding="utf-8")
    entries = yaml.safe_load(text)
    rows = [{"low": np.nan, "high": np.nan, **e, "items": ",".join(e.get("items", ()))} for e in entries]
    columns = ["key", "level", "kind", "name", "short", "unit", "digits", "direction", "low", "high", "items"]
    return pd.DataFrame(rows)[columns].astype({"low": "float64", "high": "float64"})


def make_panel(
    participants: int = 150,
    comparison: int = 150,
    *,
    teryt: str = "02",
    seed: int = 1,
    entities: int = 12,
    kinds: Sequence[str] = ("cis", "kis", "wtz"),
    apart: float = 0.6,
    loss: float = 0.12,
    missing: float = 0.01,
    continuous: bool = False,
) -> pd.DataFrame:
    """Draw a panel in which everybody would do better anyway and participants begin worse off.

    Parameters
    ----------
    entities
        Entities of each group.
    apart
        How many standard deviations longer participants are without work. Who is longer without work has less of each
        outcome, and gains as much in time as others, so that both differences in differences and weights are right.
    loss
        Share lost after the entry; those longer without work are lost more.
    missing
        Share of single answers that are missing.
    continuous
        Whether hours and months without work keep their decimals, as the theory of the intervals has it.
    """
    rng = np.random.default_rng(seed)
    n = participants + comparison
    treated = np.arange(n) < participants
    entity = np.where(treated, rng.integers(entities, size=n), entities + rng.integers(entities, size=n))
    kind = np.where(treated, np.array(kinds)[entity % len(kinds)], "")
    distance = rng.normal(size=n) + apart * treated
    months = 24 + 8 * distance
    person, place = rng.normal(size=n), rng.normal(size=(2, 2 * entities))
    later = np.arange(len(WAVES)) > 0
    gain = later * (HOURS_TREND + HOURS_EFFECT * treated[:, None] + 1.0 * place[1, entity][:, None])
    hours = (18 - 2 * distance + 3 * person + 1.0 * place[0, entity])[:, None] + gain + rng.normal(size=(n, 4)) * 3
    chance = (0.3 - 0.05 * np.clip(distance, -2, 3))[:, None] + later * (WORK_TREND + WORK_EFFECT * treated[:, None])
    work = rng.random((n, 4)) < chance
    assistance = rng.random((n, 4)) < 0.55 - later * (0.05 + 0.1 * treated[:, None])
    level = (2.8 - 0.2 * distance + 0.4 * person)[:, None] + later * (0.15 + 0.3 * treated[:, None])
    items = {name: _answer(level + rng.normal(size=(n, 4)) * 0.8) for name in SCALE_ITEMS}
    health = _answer(level + rng.normal(size=(n, 4)) * 0.6)
    education = np.repeat(rng.integers(1, 6, size=n), 4).reshape(n, 4)
    wait = rng.geometric(np.where(treated, 0.12, 0.07))
    lost = rng.random(n) < loss * (1 + 0.5 * np.tanh(distance))
    gone = np.where(lost, rng.integers(1, 4, size=n), len(WAVES))
    columns = {
        "work": work,
        "hours": hours if continuous else np.clip(hours.round(), 0, 80),
        "income_source": np.where(work, "work", np.where(assistance, "benefit", "family")),
        "assistance": assistance,
        "education": education,
        "health": health,
        **items,
        "months_to_work": np.where(
            (np.arange(4) >= 2) & (wait[:, None] <= np.array([0, 0, 6, 12])), wait[:, None], np.nan
        ),
    }
    index = np.repeat(np.arange(n), 4)
    wave = np.tile(np.arange(4), n)
    panel = pd.DataFrame(
        {
            "person": [f"{teryt}-{'u' if treated[i] else 'p'}{i}" for i in index],
            "teryt": teryt,
            "entity": [f"{teryt}-{entity[i]}" for i in index],
            "group": np.where(treated, "participant", "comparison")[index],
            "kind": kind[index],
            "wave": np.array(WAVES)[wave],
            "sex": np.where(rng.random(n) < 0.5, "female", "male")[index],
            "age": rng.integers(20, 60, size=n)[index].astype(float),
            "disability": (rng.random(n) < 0.35).astype(float)[index],
            "months_out_of_work": (months if continuous else np.clip(months.round(), 0, 60))[index],
            **{
                name: table.ravel() if table.dtype.kind == "U" else table.ravel().astype(float)
                for name, table in columns.items()
            },
        }
    )[list(PANEL_COLUMNS)]
    asked = ("hours", "work", "assistance", "education", "health", *SCALE_ITEMS)
    for name in asked:
        panel[name] = panel[name].where(rng.random(len(panel)) >= missing)
    return panel[wave < gone[index]].reset_index(drop=True)


def make_inputs(panel: pd.DataFrame | None = None, **tables: pd.DataFrame) -> Inputs:
    """Put a panel (and other tables) into inputs in which everything else is empty."""
    texts = {"teryt", "line", "stakeholder", "outcome", "outcome_key", "indicator", "distribution", "currency", "proxy",
             "proxy_source", "evidence", "payer", "item", "source"}  # fmt: skip

    def empty(columns: Sequence[str]) -> pd.DataFrame:
        return pd.DataFrame({name: pd.Series(dtype="str" if name in texts else "float64") for name in columns})

    if panel is None:
        panel = make_panel(1, 1).iloc[:0]
    found = Inputs(
        panel=panel,
        jst=empty(JST_COLUMNS),
        impact_map=empty(MAP_COLUMNS),
        costs=empty(COST_COLUMNS),
        inaction=empty(INACTION_COLUMNS),
        prices=empty(PRICE_COLUMNS),
        price_year=None,
        units=pd.DataFrame(columns=["teryt", "level", "name", "parent", "kind"], dtype="str"),
        outcomes=catalogue(),
        year=2025,
    )
    return replace(found, **tables)  # type: ignore[arg-type]


def only(inputs: Inputs, *keys: str) -> Inputs:
    """Keep some outcomes only."""
    return replace(inputs, outcomes=inputs.outcomes[inputs.outcomes["key"].isin(keys)].reset_index(drop=True))


def hand_panel(people: Mapping[str, Mapping[str, Sequence[float]]], **fixed: Mapping[str, object]) -> pd.DataFrame:
    """Write a panel by hand: person -> column -> value at each of the four waves (NaN: not answered).

    Parameters
    ----------
    fixed
        Column -> person -> the same value at all waves; a participant of entity "e" and kind "cis" else.
    """
    usual = {"teryt": "02", "entity": "e", "group": "participant", "kind": "cis", "sex": "female", "income_source": ""}
    rows = []
    for person, columns in people.items():
        for number, wave in enumerate(WAVES):
            own = {name: values[number] for name, values in columns.items()}
            told = {name: values[person] for name, values in fixed.items() if person in values}
            rows.append({"person": person, "wave": wave} | usual | own | told)
    table = pd.DataFrame(rows, columns=list(PANEL_COLUMNS))
    numbers = [name for name in PANEL_COLUMNS if name not in {*usual, "person", "wave"}]
    return table.astype(dict.fromkeys(numbers, "float64"))


def _answer(level: np.ndarray) -> np.ndarray:
    """Return the answer on a scale from 1 to 5 that is nearest to a level."""
    return np.clip(np.round(level), 1, 5)
