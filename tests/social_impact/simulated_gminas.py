"""Panels of gminas with a known effect of opening a centre, and inputs that hold nothing else."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import yaml

from ropsanalysis.social_impact.schema import (
    CENTRE_OUTCOMES,
    COST_COLUMNS,
    INACTION_COLUMNS,
    JST_COLUMNS,
    MAP_COLUMNS,
    PANEL_COLUMNS,
    PRICE_COLUMNS,
    Inputs,
)
from support import PROJECT

YEARS = np.arange(2014, 2026)
EFFECT = 6.0
"""What a centre adds to the rate of home care in the year of its opening and in each later one."""


@cache
def outcomes() -> pd.DataFrame:
    path = PROJECT / "src" / "ropsanalysis" / "catalogue" / "impact_outcomes.yaml"
    return pd.DataFrame(yaml.safe_load(path.read_text(encoding="utf-8")))


def empty_inputs() -> Inputs:
    """Return inputs of which no dataset was delivered."""
    return Inputs(
        panel=pd.DataFrame(columns=list(PANEL_COLUMNS)),
        jst=pd.DataFrame(columns=list(JST_COLUMNS)),
        impact_map=pd.DataFrame(columns=list(MAP_COLUMNS)),
        costs=pd.DataFrame(columns=list(COST_COLUMNS)),
        inaction=pd.DataFrame(columns=list(INACTION_COLUMNS)),
        prices=pd.DataFrame(columns=list(PRICE_COLUMNS)),
        price_year=None,
        units=pd.DataFrame(columns=["teryt", "level", "name", "parent", "kind"]),
        outcomes=outcomes(),
        year=2025,
    )


def codes_of(regions: dict[str, int], *, per_powiat: int = 6) -> list[str]:
    """Return codes of so many gminas of each voivodeship."""
    return [
        f"{region}{place // per_powiat + 1:02d}{place % per_powiat + 1:02d}"
        for region, number in regions.items()
        for place in range(number)
    ]


def panel(codes: list[str], opened: np.ndarray, rates: dict[str, np.ndarray], years: np.ndarray = YEARS) -> Inputs:
    """Return inputs with these gminas; rates of shape (n, T), outcomes not given are empty."""
    columns: dict[str, object] = {
        "teryt": np.repeat(codes, years.size),
        "year": np.tile(years, len(codes)),
        "opened": np.repeat(opened, years.size),
        **{name: np.full(len(codes) * years.size, np.nan) for name in CENTRE_OUTCOMES},
        **{name: rate.ravel() for name, rate in rates.items()},
    }
    return replace(empty_inputs(), jst=pd.DataFrame(columns)[list(JST_COLUMNS)])


def simulate(
    rng: np.random.Generator,
    *,
    regions: dict[str, int] | None = None,
    share: float = 0.3,
    effect: float = EFFECT,
    drift: float = 0.0,
) -> Inputs:
    """Return gminas that differ in level, share years and powiats, and of which some opened a centre in 2019-2023.

    Parameters
    ----------
    share
        Of gminas that opened one; those with a high level rather, so that levels tell nothing of the effect.
    drift
        What gminas with a centre gain each year anyway: then the comparison is wrong, and its tests should say so.
    """
    codes = codes_of(regions or {"02": 150, "04": 120})
    n = len(codes)
    level = rng.normal(60, 12, n)
    chosen = np.argsort(-(level + rng.normal(0, 12, n)))[: round(share * n)]
    opened = np.full(n, np.nan)
    opened[chosen] = rng.integers(2019, 2024, chosen.size)
    powiat = np.unique([code[:4] for code in codes], return_inverse=True)[1]
    shared = rng.normal(0, 1, (powiat.max() + 1, YEARS.size))[powiat]
    rates = level[:, None] + rng.normal(0, 3, YEARS.size).cumsum() + shared + rng.normal(0, 2, (n, YEARS.size))
    rates += effect * (opened[:, None] <= YEARS) + drift * (YEARS - YEARS[0]) * np.isfinite(opened)[:, None]
    flat = 40 + rng.normal(0, 3, (n, 1)) + rng.normal(0, 2, (n, YEARS.size))
    return panel(codes, opened, {"home_care_per_10k": rates, "residential_per_10k": flat})
