"""The made-up datasets of social impact, put together: persons, gminas, impact maps, costs, prices."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.errors import UsageError
from ropsanalysis.io import tabular
from ropsanalysis.io.synthetic import social_places as places
from ropsanalysis.io.synthetic.impact_centres import draw_centres
from ropsanalysis.io.synthetic.impact_money import draw_money
from ropsanalysis.io.synthetic.impact_persons import draw_panel
from ropsanalysis.io.synthetic.social_tables import Files

SEED: Final = 20256
PARTS: Final = ("persons", "centres", "money")
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
            f"The synthetic social impact needs the list of territorial units {raw.joinpath(*places.UNITS)}, which "
            "comes with the project. Restore it, or make it with `ropsanalysis import teryt_units`."
        )
    money = draw_money(chance("money", seed=seed))
    return {
        "impact_panel": _csv("panel", draw_panel(chance("persons", seed=seed))),
        "jst_panel": _csv("jst", draw_centres(places.read_gminas(raw), chance("centres", seed=seed))),
        "impact_map": _csv("map", money["map"]),
        "impact_costs": {**_csv("costs", money["costs"]), **_csv("inaction", money["inaction"])},
        "price_index": _csv("prices", money["prices"]),
    }


def _csv(stem: str, table: pd.DataFrame) -> Files:
    rows = list(table.itertuples(index=False))
    return {f"{stem}.csv": (tabular.to_csv(list(table.columns), rows).encode("utf-8"), len(rows))}
