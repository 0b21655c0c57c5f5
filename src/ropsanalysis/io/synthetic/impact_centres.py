"""The made-up panel of gminas: rates of services by year, and which gminas opened a social service centre."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.io.synthetic import impact_truth as truth
from ropsanalysis.io.synthetic.social_chance import Whole, pick_apart, pick_from, skewed
from ropsanalysis.social_impact.schema import JST_COLUMNS

_RATES: Final[dict[str, tuple[int, int, int, int]]] = {
    "home_care_per_10k": (150, 600, 10, 14), "residential_per_10k": (70, 200, 1, 5),
    "assistance_per_10k": (2000, 7000, -110, 60),
}  # fmt: skip
"""Lowest and highest level of a gmina at first, change in a year, spread of a year's noise; all in tenths."""


def draw_centres(gminas: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return a row per gmina and year, as delivered; a gmina without centre has an empty year of opening.

    Parameters
    ----------
    gminas
        Column teryt.
    """
    years = np.array(truth.YEARS, dtype=np.int64)
    teryt = gminas["teryt"].to_numpy()
    level = {name: skewed(low, high, len(teryt), rng) for name, (low, high, _, _) in _RATES.items()}
    opened = _openings(teryt, level["home_care_per_10k"], rng)
    since = years - np.where(opened > 0, opened, truth.YEARS[-1] + 1)[:, None]
    columns: dict[str, object] = {
        "teryt": np.repeat(teryt, len(years)),
        "year": np.tile(years, len(teryt)),
        "opened": np.repeat([str(year) if year else "" for year in opened.tolist()], len(years)),
    }
    for name, (_, _, trend, spread) in _RATES.items():
        common = rng.integers(-spread, spread + 1, size=len(years)) // 2
        noise = rng.integers(-spread, spread + 1, size=(3, *since.shape)).sum(axis=0)
        effect = np.array([*truth.CENTRE_EFFECT[name], 0], dtype=np.int64)
        rate = (
            level[name][:, None] + trend * (years - years[0]) + common + noise + effect[np.where(since < 0, -1, since)]
        )
        columns[name] = [f"{value // 10}.{value % 10}" for value in np.maximum(rate, 0).ravel().tolist()]
    return pd.DataFrame(columns)[list(JST_COLUMNS)]


def _openings(teryt: np.ndarray, need: Whole, rng: np.random.Generator) -> Whole:
    """Return the year in which each gmina opened a centre, 0 for none; those with more home care opened it rather."""
    opened = np.zeros(len(teryt), dtype=np.int64)
    region = np.array([code[:2] for code in teryt])
    for code, share in truth.OPENINGS.items():
        here = np.flatnonzero(region == code)
        chosen = here[pick_apart(need[here], len(here) * share // 1000, rng)]
        at_once = {truth.OPENED_AT_ONCE: 1} if code == truth.ONE_YEAR else truth.OPENING_YEARS
        opened[chosen] = pick_from({str(year): weight for year, weight in at_once.items()}, len(chosen), rng).astype(
            int
        )
    return opened
