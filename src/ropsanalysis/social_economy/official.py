"""Where voivodeships stand on the official indicators of the social economy."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from ropsanalysis.definitions import Direction
from ropsanalysis.regions import POLAND, REGIONS
from ropsanalysis.social_economy.schema import Inputs
from ropsanalysis.stats.ranking import competition_ranks
from ropsanalysis.stats.tables import frame

COLUMNS: Final = {
    "indicator": "str",
    "teryt": "str",
    "year": "Int64",
    "value": "Float64",
    "poland": "Float64",
    "difference": "Float64",
    "rank_first": "Int64",
    "rank_last": "Int64",
    "n": "Int64",
}

_CODES: Final = sorted(region.teryt for region in REGIONS)


def positions(inputs: Inputs) -> pd.DataFrame:
    """Position of Poland and the sixteen voivodeships on each official indicator.

    Parameters
    ----------
    inputs
        Of which observations and indicators are read.

    Returns
    -------
    pandas.DataFrame
        Seventeen rows per indicator, of the latest year in which Poland and all voivodeships have a value; an
        indicator without such a year has none. ``difference``: value minus Poland's, as published, in the indicator's
        unit. ``rank_first`` and ``rank_last``: best and worst place that equal published values share, 1 the most
        favourable by the indicator's direction; null for Poland. ``n``: voivodeships ranked.
    """
    described = inputs.indicators.sort_values("indicator")[["indicator", "direction"]]
    rows = [
        row
        for key, direction in described.itertuples(index=False, name=None)
        for row in _positions(str(key), direction, inputs.observations)
    ]
    return frame(rows, COLUMNS)


def _positions(key: str, direction: Direction, observations: pd.DataFrame) -> list[dict[str, Any]]:
    own = observations[(observations["indicator"] == key) & observations["value"].notna()]
    table = own.set_index(["year", "teryt"])["value"].astype("float64").unstack("teryt")  # noqa: PD010 - nothing to average
    complete = table.reindex(columns=[POLAND.teryt, *_CODES]).dropna()
    if complete.empty:
        return []
    year, values = int(complete.index.max()), complete.loc[complete.index.max()]
    poland, ranking = float(values[POLAND.teryt]), competition_ranks(values[_CODES], direction=direction)
    places = zip(_CODES, ranking.first, ranking.last, strict=True)
    shared = {"indicator": key, "year": year, "poland": poland, "n": ranking.n_ranked}
    return [
        {**shared, "teryt": POLAND.teryt, "value": poland, "difference": 0.0},
        *(
            {
                **shared,
                "teryt": code,
                "value": float(values[code]),
                "difference": float(values[code]) - poland,
                "rank_first": int(first),
                "rank_last": int(last),
            }
            for code, first, last in places
        ),
    ]
