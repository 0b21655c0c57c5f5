"""Where the made-up entities are: the real gminas of the country, with made-up numbers of inhabitants."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.io.synthetic.social_chance import Whole, happens, skewed
from ropsanalysis.io.synthetic.social_truth import CAPITALS, DESERTED, PLACES, POPULATION, POPULATION_YEARS, SPIRIT

UNITS: Final = ("teryt_units", "units.csv")
"""Folder and file of the raw data with the list of territorial units, which comes with the project."""
KINDS: Final = ("city", "town", "mixed", "rural")

_SIZE_YEAR: Final = 2024


def has_units(raw: Path) -> bool:
    """Return whether the list of territorial units is there; without it no entity has a place."""
    return raw.joinpath(*UNITS).is_file()


def read_gminas(raw: Path) -> pd.DataFrame:
    """Return the gminas of the country: teryt, kind (one of `KINDS`) and code (teryt of seven digits)."""
    with raw.joinpath(*UNITS).open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["level"] == "gmina"]
    teryt = sorted((row["teryt"][:6], row["kind"]) for row in rows)
    kinds = [_kind(code, words) for code, words in teryt]
    digits = {"city": "1", "town": "1", "mixed": "3", "rural": "2"}
    return pd.DataFrame(
        {
            "teryt": [code for code, _ in teryt],
            "kind": kinds,
            "code": [code + digits[kind] for (code, _), kind in zip(teryt, kinds, strict=True)],
        }
    )


def draw_gminas(gminas: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the gminas with what is made up of them.

    Adds population (persons in 2024), drift (change in a year per 10 000), deserted (without any entity) and spirit
    (how many entities its powiat has for its size, in tenths of the usual).

    Notes
    -----
    The inhabitants of a voivodeship's gminas add up to the published number; how they are spread is made up.
    """
    low = gminas["kind"].map({kind: low for kind, (low, _) in PLACES.items()})
    high = gminas["kind"].map({kind: high for kind, (_, high) in PLACES.items()})
    size = skewed(low, high, len(gminas), rng, power=3)
    drift = rng.integers(-60, 61, size=len(gminas))
    population = np.zeros(len(gminas), dtype=np.int64)
    for teryt, (total, change) in POPULATION.items():
        here = gminas["teryt"].str.startswith(teryt).to_numpy()
        capital = here & gminas["teryt"].str[:4].isin(CAPITALS).to_numpy()
        share = sum(permille for code, permille in CAPITALS.items() if code[:2] == teryt)
        population[capital] = total * share // 1000
        others = here & ~capital
        population[others] = (total - population[capital].sum()) * size[others] // size[others].sum()
        drift[here] += change
    # Towns shrink for the sake of the villages around them.
    drift += gminas["kind"].map({"city": -25, "town": -20, "mixed": 5, "rural": 10}).to_numpy()
    rural = gminas["kind"].eq("rural").to_numpy()
    powiats = gminas["teryt"].str[:4]
    spirit = dict(zip(powiats.unique(), rng.integers(*SPIRIT, size=powiats.nunique()), strict=True))
    return gminas.assign(
        population=population,
        drift=drift,
        deserted=rural & happens(DESERTED, len(gminas), rng),
        spirit=powiats.map(spirit),
    )


def population_rows(gminas: pd.DataFrame) -> list[tuple[str, int, int]]:
    """Return the rows of the population table: teryt, year, population."""
    years = np.array(POPULATION_YEARS, dtype=np.int64)
    population: Whole = gminas["population"].to_numpy()[:, None]
    drift = gminas["drift"].to_numpy()[:, None]
    persons = population * (10_000 + drift * (years - _SIZE_YEAR)) // 10_000
    return [
        (teryt, int(year), int(count))
        for teryt, counts in zip(gminas["teryt"], persons, strict=True)
        for year, count in zip(years, counts, strict=True)
    ]


def _kind(teryt: str, words: str) -> str:
    if teryt[2:4] > "60":  # cities with the rights of a powiat are numbered from 61
        return "city"
    return "mixed" if "miejsko-wiejsk" in words else "rural" if "wiejsk" in words else "town"
