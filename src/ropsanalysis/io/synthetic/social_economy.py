"""The made-up datasets of the social economy, put together: registers, inhabitants, survey, support, targets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.errors import UsageError
from ropsanalysis.io import tabular
from ropsanalysis.io.synthetic import social_places as places
from ropsanalysis.io.synthetic.social_lists import write_lists
from ropsanalysis.io.synthetic.social_registers import draw_entities
from ropsanalysis.io.synthetic.social_support import draw_programme, draw_support
from ropsanalysis.io.synthetic.social_survey import draw_survey
from ropsanalysis.io.synthetic.social_tables import Files
from ropsanalysis.social_economy.schema import POPULATION_COLUMNS

SEED: Final = 20252
_PARTS: Final = ("places", "entities", "lists", "survey", "support", "programme")


def draw_datasets(raw: Path, *, seed: int) -> dict[str, Files]:
    """Return for each dataset its files: content and number of data rows (0 for a description) by name.

    Raises
    ------
    UsageError
        If the list of territorial units, which comes with the project, is not in the folder of raw data.
    """
    if not places.has_units(raw):
        raise UsageError(
            f"The synthetic social economy needs the list of territorial units {raw.joinpath(*places.UNITS)}, which "
            "comes with the project. Restore it, or make it with `ropsanalysis import teryt_units`."
        )
    # A stream of chance for each part, so that a change in one leaves the others as they were.
    chance = {part: np.random.default_rng([seed, number]) for number, part in enumerate(_PARTS)}
    gminas = places.draw_gminas(places.read_gminas(raw), chance["places"])
    entities = draw_entities(gminas, chance["entities"])
    return {
        "es_register": write_lists(entities, gminas, chance["lists"]),
        "gmina_population": _csv("population.csv", POPULATION_COLUMNS, places.population_rows(gminas)),
        "es_survey": _frame("survey.csv", draw_survey(entities, gminas, chance["survey"])),
        "owes_support": _frame("support.csv", draw_support(chance["support"])),
        "es_programme": _frame("programme.csv", draw_programme(entities, gminas, chance["programme"])),
    }


def _frame(name: str, table: pd.DataFrame) -> Files:
    return _csv(name, list(table.columns), table.itertuples(index=False))


def _csv(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Files:
    listed = list(rows)
    return {name: (tabular.to_csv(columns, listed).encode("utf-8"), len(listed))}
