"""Stocks and flows and survival of all powiats by two routes: as the reports compute them, and by plain pandas.

`bench_social.py` times the routes in turn after making sure that both find the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from ropsanalysis.social_economy.dynamics import periods
from ropsanalysis.social_economy.lives import entity_lives
from ropsanalysis.social_economy.schema import Inputs
from ropsanalysis.social_economy.spells import Spells, movement, rows_of, units_of
from ropsanalysis.stats.survival import kaplan_meier, survival_at

STEP_YEARS = 0.25
"""Distance of the ages at which curves are read off, as in the reports."""

Tables = Mapping[str, pd.DataFrame]
"""Tables by name; the rows of each are powiats."""

_QUANTILE = 1.959963984540054  # of the normal distribution, for 95 %
_LIMITS = ("low", "high")


# As the reports compute them --------------------------------------------------------------------------------


def flows(inputs: Inputs, years: int) -> dict[str, pd.DataFrame]:
    """Return the stocks and flows of all powiats in the last years and quarters (columns).

    Returns
    -------
    dict
        opening, founded, arrived, closed, left, closing: numbers of entities.
    """
    named = periods(inputs, years=years)
    spells = Spells.of(inputs)
    units = units_of(inputs, spells, "powiat")
    found = movement(
        spells,
        rows_of(spells, units, by_form=False),
        first=[first for _, first, _ in named],
        last=[last for *_, last in named],
    )
    columns = [name for name, *_ in named]
    return {
        name: pd.DataFrame(getattr(found, name), index=list(units.teryt), columns=columns)
        for name in ("opening", "founded", "arrived", "closed", "left", "closing")
    }


def survival(inputs: Inputs, years: int) -> dict[str, pd.DataFrame]:
    """Return the Kaplan-Meier curve of each powiat with any life to follow, read off at ages (columns).

    Returns
    -------
    dict
        lives: number of lives (one column); at_risk, survival, low, high: as `stats.survival.survival_at` gives them.
    """
    # Lives are told by the kind of their gmina; here that is the powiat it lies in.
    by_powiat = replace(inputs, units=inputs.units.assign(kind=inputs.units["teryt"].str[:4]))
    lives = entity_lives(by_powiat, years=years, cohort_years=years)
    number, read = {}, {}
    for powiat, own in lives.groupby("kind", observed=True):
        curve = kaplan_meier(own["time"], own["event"], entry=own["entry"])
        number[str(powiat)], read[str(powiat)] = [len(own)], survival_at(curve, _ages(years))
    found = {
        name: {powiat: getattr(one, name) for powiat, one in read.items()}
        for name in ("at_risk", "survival", "low", "high")
    }
    return {
        "lives": pd.DataFrame.from_dict(number, orient="index"),
        **{name: pd.DataFrame.from_dict(rows, orient="index", columns=_ages(years)) for name, rows in found.items()},
    }


# The same by plain pandas -----------------------------------------------------------------------------------


def plain_flows(inputs: Inputs, years: int) -> dict[str, pd.DataFrame]:
    """Return the same as `flows`: rows are chosen by their days and counted by powiat, period by period."""
    spells = inputs.spells
    table = spells[["entity", "start", "end"]].assign(powiat=spells["teryt"].str[:4])
    table = table.sort_values(["entity", "start", "end"])
    before, after = table.groupby("entity").shift(), table.groupby("entity").shift(-1)
    follows, followed = before["end"] == table["start"], after["start"] == table["end"]
    kinds = {
        "founded": ("start", ~follows),
        "arrived": ("start", follows & (before["powiat"] != table["powiat"])),
        "closed": ("end", ~followed),
        "left": ("end", followed & (after["powiat"] != table["powiat"])),
    }
    powiats = inputs.units.loc[inputs.units["level"] == "powiat", "teryt"]
    powiats = powiats[powiats.str[:2].isin(table["powiat"].str[:2].unique())]

    def count(rows: pd.DataFrame) -> pd.Series[int]:
        return rows.groupby("powiat").size().reindex(powiats, fill_value=0)

    found: dict[str, dict[str, pd.Series[int]]] = {name: {} for name in ("opening", *kinds, "closing")}
    for name, first, last in _plain_periods(inputs.as_of, years):
        for state, day in (("opening", first - pd.Timedelta(days=1)), ("closing", last)):
            found[state][name] = count(table[(table["start"] <= day) & ~(table["end"] <= day)])
        for kind, (column, chosen) in kinds.items():
            found[kind][name] = count(table[chosen & (table[column] >= first) & (table[column] <= last)])
    return {name: pd.DataFrame(columns) for name, columns in found.items()}


def _plain_periods(as_of: pd.Timestamp, years: int) -> Iterator[tuple[str, pd.Timestamp, pd.Timestamp]]:
    """Yield name, first and last day of the last years and of the last eight quarters."""
    for one in pd.period_range(end=as_of.to_period("Y"), periods=years, freq="Y"):
        yield str(one.year), one.start_time, min(one.end_time.normalize(), as_of)
    for one in pd.period_range(end=as_of.to_period("Q"), periods=8, freq="Q"):
        yield f"{one.year}-Q{one.quarter}", one.start_time, min(one.end_time.normalize(), as_of)


def plain_survival(inputs: Inputs, years: int) -> dict[str, pd.DataFrame]:
    """Return the same as `survival`: lives by `groupby.agg`, curves by `groupby.apply`.

    Notes
    -----
    Limits are missing where nothing has ended yet or nobody is left, since there the usual formula has no width.
    """
    lives = _plain_lives(inputs, years)
    by_powiat = lives.groupby("powiat")
    curves = by_powiat[["entry", "time", "event"]].apply(_plain_curve, ages=_ages(years)).reset_index()
    return {
        "lives": by_powiat.size().to_frame(0),
        **{
            name: curves.pivot_table(index="powiat", columns="age", values=name, dropna=False)
            for name in ("at_risk", "survival", "low", "high")
        },
    }


def _plain_lives(inputs: Inputs, years: int) -> pd.DataFrame:
    """Return powiat, entry, time and event of each life whose end would have become known."""
    table = inputs.spells.sort_values(["entity", "start", "end", "teryt", "legal_form"])
    table["life"] = (~(table.groupby("entity")["end"].shift() >= table["start"])).cumsum()
    table["seen"] = table["end"].fillna(inputs.as_of).clip(upper=inputs.as_of)
    table["over"] = table["end"] <= inputs.as_of
    shown = table[["start", "observed_from"]].max(axis=1)
    table["watched"] = shown.where(shown < table["seen"])
    lives = table.groupby("life").agg(
        teryt=("teryt", "first"),
        start=("start", "first"),
        seen=("seen", "last"),
        over=("over", "last"),
        watched=("watched", "min"),
        known=("closures_known", "all"),
    )
    year = pd.Timedelta(days=365.25)
    lives["powiat"] = lives["teryt"].str[:4]
    lives["entry"], lives["time"] = (lives["watched"] - lives["start"]) / year, (lives["seen"] - lives["start"]) / year
    lives["event"] = lives["over"] & (lives["time"] <= years)
    lives["time"] = lives["time"].clip(upper=years)
    return lives[lives["known"] & (lives["entry"] < lives["time"])]


def _plain_curve(lives: pd.DataFrame, ages: Any) -> pd.DataFrame:
    """Return the Kaplan-Meier curve of some lives with log-log limits, read off at ages."""
    entry, time = (lives[name].to_numpy()[:, None] for name in ("entry", "time"))
    ended = lives.loc[lives["event"], "time"].value_counts().sort_index()
    moments = ended.index.to_numpy()
    at_risk = ((entry < moments) & (time >= moments)).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = pd.DataFrame(
            {
                "survival": (1 - ended / at_risk).cumprod(),
                "variance": (ended / (at_risk * (at_risk - ended))).cumsum(),
            }
        )
        read = steps.reindex(ages, method="ffill")
        left = read["survival"].where(read["survival"] > 0)
        reach = _QUANTILE * np.sqrt(read["variance"]) / np.log(left)
    read["low"], read["high"] = left ** np.exp(-reach), left ** np.exp(reach)
    read["survival"] = read["survival"].fillna(1.0)
    beyond = (ages > time.max()) & (read["survival"] > 0)
    read[["survival", "low", "high"]] = read[["survival", "low", "high"]].mask(beyond)
    before = np.maximum(ages, np.nextafter(0.0, 1.0))  # at age 0: from the beginning
    read["at_risk"] = ((entry < before) & (time >= before)).sum(axis=0)
    return read.rename_axis("age")


# Are they the same? -----------------------------------------------------------------------------------------


def differences(ours: Tables, plain: Tables) -> list[str]:
    """Return the names of the tables that differ; where the plain route has no limit, ours is not compared."""
    return [name for name in sorted({*ours, *plain}) if not _same(ours.get(name), plain.get(name), name in _LIMITS)]


def _same(ours: pd.DataFrame | None, plain: pd.DataFrame | None, limits: bool) -> bool:
    if ours is None or plain is None:
        return False
    one, other = ours.sort_index(), plain.sort_index()
    if list(one.index) != list(other.index) or list(one.columns) != list(other.columns):
        return False
    numbers, others = one.to_numpy(dtype=float), other.to_numpy(dtype=float)
    compared = ~np.isnan(others) | (not limits)
    return bool(np.allclose(numbers[compared], others[compared], rtol=1e-9, atol=1e-12, equal_nan=True))


def _ages(years: int) -> Any:
    return np.arange(0.0, years + STEP_YEARS / 2, STEP_YEARS)
