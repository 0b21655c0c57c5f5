"""The made-up datasets of project monitoring, put together: cards, persons, plans, activities, money."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.errors import UsageError
from ropsanalysis.io import tabular
from ropsanalysis.io.synthetic import social_places as places
from ropsanalysis.io.synthetic.project_cards import draw_cards, draw_plan, draw_subregions
from ropsanalysis.io.synthetic.project_money import draw_money
from ropsanalysis.io.synthetic.project_persons import draw_entities, draw_participants
from ropsanalysis.io.synthetic.project_services import draw_centres, draw_foster_care, draw_plans
from ropsanalysis.io.synthetic.project_work import draw_activities
from ropsanalysis.io.synthetic.social_tables import Files

SEED: Final = 20257
PARTS: Final = ("participants", "entities", "plans", "centres", "foster_care", "activities", "money")
"""Each part has a stream of chance of its own, so that a change in one leaves the others as they were."""


def chance(part: str, *, seed: int = SEED) -> np.random.Generator:
    """Return the generator of a part."""
    return np.random.default_rng([seed, PARTS.index(part)])


def draw_datasets(raw: Path, *, seed: int) -> dict[str, Files]:
    """Return for each dataset its files: content and number of data rows by name.

    Raises
    ------
    UsageError
        If the list of territorial units, which comes with the project, is not in the folder of raw data.
    """
    if not places.has_units(raw):
        raise UsageError(
            f"The synthetic projects need the list of territorial units {raw.joinpath(*places.UNITS)}, which comes "
            "with the project. Restore it, or make it with `ropsanalysis import teryt_units`."
        )
    units = _units(raw)
    cards = draw_cards()
    persons = draw_participants(cards, places.read_gminas(raw), chance("participants", seed=seed))
    money = draw_money(cards, chance("money", seed=seed))
    powiats = sorted(units.loc[units["level"] == "powiat", "teryt"])
    return {
        "project_card": {
            **_csv("cards", cards), **_csv("plan", draw_plan(cards)), **_csv("subregions", draw_subregions(powiats)),
        },
        "project_participants": _csv("participants", persons),
        "supported_entities": _csv("entities", draw_entities(persons, chance("entities", seed=seed))),
        "lpdi": _csv("plans", draw_plans(units, chance("plans", seed=seed))),
        "cus": _csv("centres", draw_centres(units, chance("centres", seed=seed))),
        "foster_care": _csv("foster_care", draw_foster_care(chance("foster_care", seed=seed))),
        "project_activities": _csv("activities", draw_activities(cards, chance("activities", seed=seed))),
        "project_budget": _csv("budget", money["budget"]),
        "project_payments": _csv("payments", money["payments"]),
    }  # fmt: skip


def _units(raw: Path) -> pd.DataFrame:
    """Return the gminas and powiats of the country: teryt, level, name, by code."""
    with raw.joinpath(*places.UNITS).open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["level"] in {"gmina", "powiat"}]
    table = pd.DataFrame(rows)[["teryt", "level", "name"]]
    return table.sort_values("teryt", ignore_index=True)


def _csv(stem: str, table: pd.DataFrame) -> Files:
    rows = list(table.itertuples(index=False))
    return {f"{stem}.csv": (tabular.to_csv(list(table.columns), rows).encode("utf-8"), len(rows))}
