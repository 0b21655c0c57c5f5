"""Makes up exports of the Local Data Bank for all gminas and powiats, as the bank writes them.

Neighbours are alike: what is made up of a gmina leans on its voivodeship, its powiat and its kind. Numbers of
inhabitants are those of the made-up social economy. Gminas add up to powiats, and powiats to voivodeships.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.errors import UsageError
from ropsanalysis.io import local_catalogue, tabular
from ropsanalysis.io.synthetic import social_economy
from ropsanalysis.io.synthetic import social_places as places
from ropsanalysis.io.synthetic.social_chance import Whole, share_of
from ropsanalysis.regions import POLAND, REGIONS

SEED: Final = 20256
YEARS: Final = tuple(range(2019, 2025))

#: Variables of each file, as somebody would choose them in the bank.
FILES: Final[Mapping[str, tuple[str, ...]]] = {
    "ludnosc.csv": ("population", "children_0_2", "children_0_17", "working_age", "aged_65", "migration"),
    "pomoc_i_swiadczenia.csv": ("assistance", "family_benefit", "child_benefit"),
    "rynek_pracy.csv": ("unemployed", "long_unemployed"),
    "uslugi_spoleczne.csv": ("nursery_places", "senior_places", "dps_places", "foster_children"),
    "mieszkania.csv": ("dwellings", "dwellings_bathroom"),
    "dochody.csv": ("own_revenue",),
    "organizacje.csv": ("ngos",),
}

#: Thousandths of a base: the usual level, what well-being adds to it, what a year adds, and the widest noise.
_LEVELS: Final[Mapping[str, tuple[str, int, int, int, int]]] = {
    "children_0_17": ("population", 182, 6, -1, 6),
    "children_0_2": ("children_0_17", 148, 4, -5, 8),
    "aged_65": ("population", 186, -8, 5, 12),
    "working_age": ("population", 590, 0, -4, 6),
    "assistance": ("population", 46, -22, -2, 8),
    "family_benefit": ("children_0_17", 235, -70, -12, 30),
    "child_benefit": ("children_0_17", 905, -10, 8, 20),
    "unemployed": ("working_age", 44, -24, -1, 8),
    "long_unemployed": ("unemployed", 430, -90, 3, 60),
    "dwellings": ("population", 385, 15, 4, 20),
    "dwellings_bathroom": ("dwellings", 905, 30, 3, 20),
    "senior_places": ("aged_65", 8, 3, 1, 6),
    "dps_places": ("population", 2, 0, 0, 1),
    "foster_children": ("children_0_17", 10, -4, 0, 3),
    "ngos": ("population", 4, 1, 0, 1),
}
_REVENUE: Final = (1900, 900, 210, 250)
"""Złoty per inhabitant: usual level, what well-being adds, what a year adds, noise."""
_WITHHELD: Final = 4
"""Of a thousand gminas so many have a sign instead of a number, in one variable."""
_SIGN: Final = "x"


def draw_datasets(raw: Path, *, seed: int = SEED) -> dict[str, dict[str, tuple[bytes, int]]]:
    """Return the made-up exports: content and number of rows of each file, by dataset and name.

    Raises
    ------
    UsageError
        There is no list of territorial units.
    """
    if not places.has_units(raw):
        raise UsageError(f"There is no list of territorial units at {raw}/{'/'.join(places.UNITS)}.")
    chance = np.random.default_rng([social_economy.SEED, 0])  # the same inhabitants as in the social economy
    gminas = places.draw_gminas(places.read_gminas(raw), chance)
    values = draw_values(gminas, np.random.default_rng(seed))
    rows = _rows(gminas, raw)
    names = {entry.key: (entry.bdl_name, entry.unit) for entry in local_catalogue.variables()}
    return {"bdl_local": {file: _export(rows, values, keys, names) for file, keys in FILES.items()}}


def draw_values(gminas: pd.DataFrame, rng: np.random.Generator) -> dict[str, Whole]:
    """Return for each variable the whole numbers of gminas by years."""
    size, years = len(gminas), np.arange(len(YEARS), dtype=np.int64)
    well = _well_being(gminas, rng)
    since = np.array(YEARS, dtype=np.int64) - YEARS[-1]
    drift = gminas["drift"].to_numpy()[:, None]
    found: dict[str, Whole] = {
        "population": gminas["population"].to_numpy()[:, None] * (10_000 + drift * since) // 10_000
    }
    for key, (base, level, slope, trend, noise) in _LEVELS.items():
        own = rng.integers(-noise, noise + 1, size=(size, 1)) + rng.integers(-noise, noise + 1, size=(size, 6)) // 4
        per_mille = level + slope * well[:, None] // 100 + trend * years + own
        found[key] = share_of(found[base], np.clip(per_mille, 0, 1000), rng)
    found["dps_places"] = found["dps_places"] * (rng.integers(4, size=(size, 1)) == 0) * 3
    found["migration"] = share_of(
        found["population"], 100 + well[:, None] // 14 + rng.integers(-2, 3, size=(size, 6)), rng
    )
    found["migration"] -= found["population"] // 10
    town = gminas["kind"].isin(("city", "town", "mixed")).to_numpy()[:, None]
    opened = (rng.integers(100, size=(size, 1)) < np.where(town, 92, 45)) * (160 + well[:, None] // 2)
    places_per_mille = np.clip(opened + 22 * years + rng.integers(-40, 41, size=(size, 1)), 0, 700) * (opened > 0)
    found["nursery_places"] = share_of(found["children_0_2"], places_per_mille, rng)
    usual, slope, step, noise = _REVENUE
    per_head = usual + slope * well[:, None] // 100 + step * years + rng.integers(-noise, noise + 1, size=(size, 1))
    found["own_revenue"] = found["population"] * np.maximum(per_head, 500)
    return found


def _well_being(gminas: pd.DataFrame, rng: np.random.Generator) -> Whole:
    """Return how well off each gmina is made up to be, from about -150 to 150."""
    powiat = gminas["teryt"].str[:4]
    region = gminas["teryt"].str[:2]
    by_region = dict(zip(region.unique(), rng.integers(-45, 46, size=region.nunique()), strict=True))
    by_powiat = dict(zip(powiat.unique(), rng.integers(-55, 56, size=powiat.nunique()), strict=True))
    kind = gminas["kind"].map({"city": 45, "town": 15, "mixed": 0, "rural": -10})
    own = rng.integers(-40, 41, size=len(gminas))
    return np.asarray(region.map(by_region) + powiat.map(by_powiat) + kind + own, dtype=np.int64)


def _rows(gminas: pd.DataFrame, raw: Path) -> list[tuple[str, str, np.ndarray]]:
    """Return code, name and members (positions of gminas) of each row of an export, in the order of codes."""
    with raw.joinpath(*places.UNITS).open(encoding="utf-8-sig", newline="") as file:
        names = {row["teryt"]: row["name"] for row in csv.DictReader(file)}
    teryt = gminas["teryt"]
    found = [("0000000", "POLSKA", np.arange(len(gminas)))]
    for region in REGIONS:
        if region.teryt == POLAND.teryt:
            continue
        found.append((f"{region.teryt}00000", region.name.upper(), _inside(teryt, region.teryt)))
    for powiat in sorted(teryt.str[:4].unique()):
        city = powiat[2:] > "60"
        name = f"Powiat m. {names[powiat]}" if city else f"Powiat {names[powiat]}"
        found.append((f"{powiat}000", name, _inside(teryt, powiat)))
    for place, (code, own) in enumerate(zip(gminas["code"], teryt, strict=True)):
        found.append((code, f"{names[own]} ({code[6]})", np.array([place])))
        if code[6] == "3":
            found += [(f"{own}{kind}", f"{names[own]} - {part} ({kind})", np.array([], dtype=np.int64))
                      for kind, part in (("4", "miasto"), ("5", "obszar wiejski"))]  # fmt: skip
    return sorted(found, key=lambda row: row[0])


def _inside(teryt: pd.Series[str], code: str) -> np.ndarray:
    return np.flatnonzero(teryt.str.startswith(code).to_numpy())


def _export(
    rows: list[tuple[str, str, np.ndarray]],
    values: Mapping[str, Whole],
    keys: tuple[str, ...],
    names: Mapping[str, tuple[str, str]],
) -> tuple[bytes, int]:
    """Return one file as the bank writes it: a column for each variable and year, a comma at the end of each line."""
    header = ["Kod", "Nazwa", *(f"{names[key][0]},{year},[{names[key][1]}]" for key in keys for year in YEARS), ""]
    lines = []
    for code, name, members in rows:
        cells: list[object] = []
        for key in keys:
            cells += _cells(key, code, members, values[key])
        lines.append([code, name, *cells, ""])
    return tabular.to_csv(header, lines).encode("utf-8-sig"), len(lines)


def _cells(key: str, code: str, members: np.ndarray, table: Whole) -> list[object]:
    """Return the cells of a unit; what the bank does not publish for it is empty."""
    gmina = code[4:] != "000"
    of_powiats = key in ("dps_places", "foster_children")
    of_gminas = key == "own_revenue"
    half = not len(members)  # the town or the countryside of an urban-rural gmina
    if half or (gmina and of_powiats) or (not gmina and of_gminas):
        return [""] * len(YEARS)
    numbers: list[object] = [int(number) for number in table[members].sum(axis=0)]
    if key == "senior_places" and gmina and (int(code) * 7919) % 1000 < _WITHHELD:
        return [_SIGN] * len(YEARS)
    return numbers
