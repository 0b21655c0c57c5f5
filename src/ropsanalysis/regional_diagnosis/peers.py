"""Which voivodeships are structurally alike: a peer group that a comparison is fair with."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.regional_diagnosis.series import REGION_CODES, IndicatorSeries, frame, latest_context
from ropsanalysis.stats.similarity import nearest
from ropsanalysis.stats.vocabulary import FloatVector

LOGGED: Final[tuple[str, ...]] = ("density_per_km2", "population_thousand")
"""Background figures compared by ratio: Mazowieckie or Slaskie would otherwise be unlike everybody."""

PLAIN: Final[tuple[str, ...]] = ("urbanisation_percent", "population_change_per_1000")

INCOME: Final = "1.D.1"
INCOME_YEARS: Final = 3
"""Published years averaged: one year of the household budget survey is noisy for a single voivodeship."""

COLUMNS: Final = {"teryt": "str", "peer_teryt": "str", "order": "int64", "distance": "float64"}


def structural_features(context: pd.DataFrame, series: list[IndicatorSeries]) -> pd.DataFrame:
    """Structural features of the sixteen voivodeships: one column each, NaN where unknown.

    Parameters
    ----------
    context
        Background figures (tidy): urbanisation in percent, density per square kilometre, population in
        thousands, population change per 1000; those that are absent are left out.
    series
        All indicators; income per head against Poland (1.D.1) enters as the mean of the last three
        published years.
    """
    columns: dict[str, FloatVector] = {}
    for key in (*PLAIN, *LOGGED):
        latest = latest_context(context, key)
        values = np.array([latest[code] for code in REGION_CODES])
        if not np.isnan(values).all():
            columns[key] = np.log(values) if key in LOGGED else values
    for indicator in series:
        if indicator.key == INCOME:
            columns["income"] = np.array([_recent_mean(indicator.unit(code)) for code in REGION_CODES])
    return pd.DataFrame(columns, index=pd.Index(REGION_CODES, name="teryt"))


def _recent_mean(values: FloatVector) -> float:
    published = values[~np.isnan(values)][-INCOME_YEARS:]
    return float(published.mean()) if published.size else float("nan")


def peers(context: pd.DataFrame, series: list[IndicatorSeries], *, n_peers: int) -> pd.DataFrame:
    """Peer group of each voivodeship: the ``n_peers`` nearest by standardised structural features.

    Returns
    -------
    DataFrame
        Columns teryt, peer_teryt, order (1 = most alike), distance (root mean square difference in standard
        deviations). Empty where no feature is known.
    """
    features = structural_features(context, series)
    if features.shape[1] == 0:
        return frame([], COLUMNS)
    found = nearest(features.to_numpy(dtype=np.float64), k=n_peers)
    rows: list[dict[str, object]] = [
        {
            "teryt": code,
            "peer_teryt": REGION_CODES[found.index[row, place]],
            "order": place + 1,
            "distance": float(found.distance[row, place]),
        }
        for row, code in enumerate(REGION_CODES)
        for place in range(found.index.shape[1])
        if found.index[row, place] >= 0
    ]
    return frame(rows, COLUMNS)
