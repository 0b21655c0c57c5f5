"""The made-up datasets of cooperation, put together: the network of pilots, their cases, effects and coaching."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.errors import UsageError
from ropsanalysis.io import tabular
from ropsanalysis.io.project_catalogue import CooperationProject, cooperation_projects
from ropsanalysis.io.synthetic import cooperation_cases as cases
from ropsanalysis.io.synthetic import cooperation_network as network
from ropsanalysis.io.synthetic import cooperation_truth as truth
from ropsanalysis.io.synthetic import social_places as places
from ropsanalysis.io.synthetic.social_chance import allot, happens
from ropsanalysis.io.synthetic.social_tables import Files

SEED: Final = 20258
PARTS: Final = ("pilots", "entities", "ties", "cases", "baskets", "goals", "coaching", "effects")
"""Each part has a stream of chance of its own, so that a change in one leaves the others as they were."""

_FULFILLED: Final = (820, 1080)  # of a thousand promised
_SOURCE: Final = "sprawozdanie – przykład"


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
            f"The synthetic cooperation needs the list of territorial units {raw.joinpath(*places.UNITS)}, which "
            "comes with the project. Restore it, or make it with `ropsanalysis import teryt_units`."
        )
    rng = {part: chance(part, seed=seed) for part in PARTS}
    projects = {teryt: project.project for project in cooperation_projects() for teryt in project.teryt}
    pilots = network.draw_pilots(raw, projects, rng["pilots"])
    entities = network.draw_entities(pilots, rng["entities"])
    drawn = cases.draw_cases(pilots, rng["cases"])
    return {
        "cooperation_network": {
            **_csv("pilots", network.pilot_frame(pilots)),
            **_csv("partners", pd.DataFrame(entities, columns=list(network.Entity._fields))),
            **_csv("ties", network.draw_ties(pilots, entities, rng["ties"])),
        },
        "cooperation_cases": {
            **_csv("cases", cases.case_frame(drawn)),
            **_csv("baskets", cases.draw_baskets(drawn, entities, rng["baskets"])),
            **_csv("goals", cases.draw_goals(drawn, rng["goals"])),
        },
        "cooperation_effects": {
            **_csv("effects", draw_effects(cooperation_projects(), rng["effects"])),
            **_csv("coaching", cases.draw_coaching(pilots, rng["coaching"])),
        },
    }


def draw_effects(projects: Sequence[CooperationProject], rng: np.random.Generator) -> pd.DataFrame:
    """Return what offices state to have achieved of the promised effects that no other file counts.

    A promised number is shared by the voivodeships of a project; a product without a number is the first one's.
    """
    rows: list[tuple[str, str, str, int, str, str]] = []
    for project in projects:
        for effect in project.effects:
            if effect.counted_from:
                continue
            count = len(project.teryt)
            promised = round(effect.number) if effect.number is not None else 1
            fulfilled = rng.integers(*_FULFILLED, size=count) if promised > 20 else np.full(count, 1000)
            done = happens(950, count, rng) if promised <= 20 else np.full(count, True)
            for k, part in enumerate(allot(promised, [1] * count)):
                achieved = part * int(fulfilled[k]) // 1000 * int(done[k] or promised == 1)
                if part:
                    rows.append((project.teryt[k], project.project, effect.effect, achieved, truth.AS_OF, _SOURCE))
    return pd.DataFrame(rows, columns=["teryt", "project", "effect", "achieved", "as_of", "source"])


def _csv(stem: str, table: pd.DataFrame) -> Files:
    rows = list(table.itertuples(index=False))
    return {f"{stem}.csv": (tabular.to_csv(list(table.columns), rows).encode("utf-8"), len(rows))}
