"""The gminas and powiats that reports are made for, and how they are named on the command line.

Nothing heavy is imported here: whoever plans a run reads the list first.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from ropsanalysis.errors import UsageError, did_you_mean
from ropsanalysis.regions import by_teryt
from ropsanalysis.units import CITY, Level, LocalUnit, slug

_UNITS: Final = ("teryt_units", "units.csv")
KIND_DIGITS: Final = {"gmina miejska": "1", "gmina wiejska": "2", "gmina miejsko-wiejska": "3"}
FIRST_CITY: Final = "61"
"""Powiats from this number on are cities."""
_SHOWN: Final = 12


def read_areas(raw: Path) -> tuple[LocalUnit, ...]:
    """Return all gminas and powiats of the list of territorial units, by voivodeship, powiats first.

    Raises
    ------
    UsageError
        There is no such list.
    """
    path = raw.joinpath(*_UNITS)
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        raise UsageError(f"There is no list of territorial units at {path}; restore data/raw/teryt_units.") from None


@lru_cache(maxsize=1)
def _read(path: Path, changed: int) -> tuple[LocalUnit, ...]:
    """Read the list once in a process, and in those forked from it, unless it changes."""
    del changed
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    powiats = {row["teryt"]: row["name"] for row in rows if row["level"] == "powiat"}
    found = [_area(row, powiats) for row in rows if row["level"] in ("gmina", "powiat")]
    return tuple(sorted(found, key=lambda area: (area.region.teryt, area.level != "powiat", area.teryt)))


def _area(row: dict[str, str], powiats: dict[str, str]) -> LocalUnit:
    level: Level = "gmina" if row["level"] == "gmina" else "powiat"
    teryt = row["teryt"] + (KIND_DIGITS.get(row["kind"], "1") if level == "gmina" else "")
    kind = CITY if teryt[2:4] >= FIRST_CITY else row["kind"]
    return LocalUnit(teryt, level, row["name"], kind, powiats.get(teryt[:4], ""), by_teryt(teryt[:2]))


def find_areas(texts: Iterable[str], areas: Sequence[LocalUnit]) -> list[LocalUnit]:
    """Return the named gminas and powiats, in the order of `areas`.

    Parameters
    ----------
    texts
        TERYT codes (six or seven digits of a gmina, four of a powiat) or names.
    areas
        Those that may be meant.

    Raises
    ------
    UsageError
        Nothing has such a code or name, or several have; the message lists these.
    """
    chosen = {_one(text, areas).teryt for text in texts}
    return [area for area in areas if area.teryt in chosen]


def _one(text: str, areas: Sequence[LocalUnit]) -> LocalUnit:
    wanted = text.strip()
    if wanted.isdecimal():
        found = [area for area in areas if wanted in (area.teryt, area.teryt[:6] if area.level == "gmina" else "")]
    else:
        words = slug(wanted)
        found = [area for area in areas if words in (area.slug, slug(area.title), slug(f"{area.level} {area.name}"))]
    if len(found) == 1:
        return found[0]
    if not found:
        near = did_you_mean(slug(wanted), sorted({area.slug for area in areas}))
        raise UsageError(f"There is no gmina or powiat '{text}' among those asked for.{near}")
    listed = "; ".join(f"{area.teryt} {area.title}" for area in found[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    raise UsageError(f"'{text}' may be several units; name one by its code: {listed}{more}.")
