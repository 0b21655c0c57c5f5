"""The catalogue of the diagnosis of gminas and powiats: what is counted, and the indicators made of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

import pandas as pd

from ropsanalysis.definitions import DIRECTIONS, Direction
from ropsanalysis.errors import DataError
from ropsanalysis.io.catalogue import build_entry, load_entries, require_terms, require_unique

Level = Literal["gmina", "powiat"]
LEVELS: Final[tuple[Level, ...]] = ("gmina", "powiat")
_SHORTEST_LABEL: Final = 42


@dataclass(frozen=True, slots=True)
class LocalVariable:
    """A number or amount of the Local Data Bank.

    Attributes
    ----------
    bdl_name
        Name in an export's header, without year and unit, unless the dataset's own ``variables.yaml`` names another.
    levels
        Units that need it.
    additive
        Whether gminas add up to their powiat, and powiats to their voivodeship.
    signed
        Whether it may be negative.
    zero
        ``missing`` where none can be zero.
    """

    key: str
    name: str
    unit: str
    bdl_name: str
    levels: tuple[str, ...]
    additive: bool = True
    signed: bool = False
    zero: Literal["real", "missing"] = "real"


@dataclass(frozen=True, slots=True)
class LocalIndicator:
    """A ratio of two variables, or one of them alone.

    Attributes
    ----------
    numerator, denominator
        Keys of variables; the denominator is empty for a plain number.
    per
        What the ratio is multiplied by.
    part
        Whether the numerator is a part of the denominator.
    events
        Whether the numerator counts persons in some situation, so that chance moves it where it is small.
    levels
        Units that have it: those for which both variables are needed.
    """

    indicator: str
    name: str
    short: str
    unit: str
    numerator: str
    digits: int
    direction: Direction
    section: str
    definition: str
    denominator: str = ""
    per: float = 1.0
    part: bool = False
    events: bool = False
    caution: str = ""
    headline: bool = False
    levels: tuple[str, ...] = ()


@cache
def variables() -> tuple[LocalVariable, ...]:
    """Return what is counted, in the order of the file."""
    file = "local_variables.yaml"
    found = tuple(
        build_entry(LocalVariable, {**entry, "levels": tuple(entry["levels"])}, file) for entry in load_entries(file)
    )
    require_unique(file, [entry.key for entry in found])
    require_unique(file, [entry.bdl_name for entry in found])
    return found


@cache
def sections() -> dict[str, str]:
    """Return key and Polish title of each chapter, in order."""
    return dict(load_entries("local_sections.yaml"))


@cache
def indicators() -> tuple[LocalIndicator, ...]:
    """Return the indicators, in the order of the report."""
    file = "local_indicators.yaml"
    found = tuple(_indicator(entry, file) for entry in load_entries(file))
    require_terms(file, [(entry.indicator, entry.short) for entry in found], _SHORTEST_LABEL)
    return found


def _indicator(entry: dict[str, Any], file: str) -> LocalIndicator:
    known = {variable.key: variable for variable in variables()}
    built = build_entry(LocalIndicator, entry, file)
    named = [key for key in (built.numerator, built.denominator) if key]
    problems = [f"nieznana wielkość „{key}”" for key in named if key not in known]
    if built.direction not in DIRECTIONS:
        problems.append(f"direction = „{built.direction}” (dozwolone: {', '.join(DIRECTIONS)})")
    if built.section not in sections():
        problems.append(f"section = „{built.section}” (dozwolone: {', '.join(sections())})")
    if (built.part or built.events) and not built.denominator:
        problems.append("part i events wymagają mianownika (denominator)")
    if problems:
        raise DataError(f"Katalog {file}, wpis „{built.indicator}”: {'; '.join(problems)}.")
    levels = tuple(level for level in LEVELS if all(level in known[key].levels for key in named))
    return build_entry(LocalIndicator, {**entry, "levels": levels}, file)


def indicator_frame() -> pd.DataFrame:
    """Return the indicators as a table: one row each, the levels joined by a blank."""
    columns = [name for name in LocalIndicator.__dataclass_fields__ if name != "levels"]
    rows = [
        {name: getattr(entry, name) for name in columns} | {"levels": " ".join(entry.levels)} for entry in indicators()
    ]
    return pd.DataFrame(rows)
