"""From spells in registers to lifetimes of entities: founding, closing, and since when the register would tell."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.social_economy.schema import Inputs

DAYS_OF_YEAR: Final = 365.25
TRAITS: Final = ("region", "kind", "group", "cohort")
"""Columns by which lives are told apart; categories, since they are compared often."""

_DAYS: Final = ("start", "end", "observed_from")


def entity_lives(inputs: Inputs, *, years: int, cohort_years: int) -> pd.DataFrame:
    """Return the first years of the life of every entity whose closing would have become known.

    Parameters
    ----------
    years
        Age after which lives are no longer followed.
    cohort_years
        Years of founding that make up one cohort.

    Returns
    -------
    pandas.DataFrame
        A row per life, sorted by entity and day of founding: entity; region and kind of the gmina, and group of the
        legal form, all as at the founding; cohort (such as "2015–2019"); entry, time: ages in years at which it came
        under observation and was last seen; event: whether it closed then.

    Notes
    -----
    A move or a change of form does not end a life; a gap does, and what comes after it is a life of its own, as in the
    stocks and flows. Lives are told by what was known when they began, since a form or place taken on later belongs
    to those who lived to take it. An entity is under observation from the day from which its register would have shown
    it, so one closed earlier is left out, whether or not it can be read about: others like it cannot. So is one that
    closed on the day of its founding: it was never there on any day.
    """
    # Place and form only decide between spells that begin and end on one day.
    order = ["entity", "start", "end", "teryt", "legal_form"]
    spells = inputs.spells.sort_values(order, na_position="last", kind="stable")
    entity = spells["entity"].to_numpy()
    start, end, observed_from = (spells[name].to_numpy(dtype="datetime64[s]") for name in _DAYS)
    begins = np.ones(len(spells), dtype=np.bool_)
    begins[1:] = (entity[1:] != entity[:-1]) | ~(end[:-1] >= start[1:])
    life = np.cumsum(begins) - 1
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(spells)) - 1 if first.size else first

    as_of = inputs.as_of.to_datetime64().astype("datetime64[s]")
    seen_until = np.where(np.isnat(end) | (end > as_of), as_of, end)
    shown_since = np.fmax(start, observed_from)  # not known counts as from the start
    watched = pd.Series(np.where(shown_since < seen_until, shown_since, np.datetime64("NaT", "s")))
    known = spells["closures_known"].astype(bool).groupby(life).all().to_numpy(dtype=np.bool_)

    founding = spells.iloc[first]
    founded, closed = start[first], end[last]
    kinds, groups = inputs.units.set_index("teryt")["kind"], inputs.legal_forms.set_index("key")["group"]
    lives = pd.DataFrame(
        {
            "entity": entity[first],
            "region": founding["teryt"].str[:2].to_numpy(),
            "kind": founding["teryt"].map(kinds).to_numpy(),
            "legal_form": founding["legal_form"].to_numpy(),
            "group": founding["legal_form"].map(groups).to_numpy(),
            "cohort": _cohorts(pd.Series(founded).dt.year, cohort_years, inputs.as_of.year),
            "entry": _age(watched.groupby(life).min().to_numpy(), founded),
            "time": _age(seen_until[last], founded),
            "event": closed <= as_of,
        }
    )
    lives[list(TRAITS)] = lives[list(TRAITS)].astype("category")
    lives["event"] &= lives["time"] <= years
    lives["time"] = lives["time"].clip(upper=float(years))
    return lives[known & (lives["entry"] < lives["time"])].reset_index(drop=True)


def _age(days: np.ndarray, founded: np.ndarray) -> np.ndarray:
    """Return ages in years, NaN where a day is missing."""
    span: np.ndarray = (days - founded) / np.timedelta64(1, "D") / DAYS_OF_YEAR
    return span


def _cohorts(year: pd.Series[int], width: int, newest: int) -> list[str]:
    """Return the years of founding of each cohort, the last one cut at the year of the registers."""
    names = {}
    for low in (year // width * width).unique():
        high = min(low + width - 1, newest)
        names[low] = str(low) if high == low else f"{low}–{high}"
    return (year // width * width).map(names).tolist()
