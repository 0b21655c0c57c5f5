"""What comes and goes: the balanced flow of entities, the log of changes, the status of social enterprise."""

from __future__ import annotations

import calendar
import itertools
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_economy.schema import Inputs
from ropsanalysis.social_economy.spells import (
    NEVER,
    BoolMatrix,
    Movement,
    Population,
    Rows,
    Spells,
    day_of,
    divided,
    exits_known,
    iso,
    levels,
    movement,
    rows_of,
    with_status,
)
from ropsanalysis.social_economy.structure import density, year_ends
from ropsanalysis.stats.rates import poisson_interval
from ropsanalysis.stats.tables import frame
from ropsanalysis.stats.vocabulary import BoolVector, IntVector

QUARTERS: Final = 8
"""Last quarters whose flows are shown."""

FLOW_COLUMNS: Final = {
    "teryt": "str", "legal_form": "str", "period": "str", "first_day": "str", "last_day": "str", "opening": "Int64",
    "founded": "Int64", "arrived": "Int64", "closed": "Int64", "left": "Int64", "closing": "Int64",
    "exits_known": "bool", "entry_rate": "Float64", "entry_low": "Float64", "entry_high": "Float64",
    "exit_rate": "Float64", "exit_low": "Float64", "exit_high": "Float64",
}  # fmt: skip
CHANGE_COLUMNS: Final = {
    "teryt": "str", "gmina": "str", "day": "str", "name": "str", "legal_form": "str", "event": "str", "reason": "str",
    "source": "str",
}  # fmt: skip
ENTERPRISE_COLUMNS: Final = {
    "teryt": "str", "legal_form": "str", "day": "str", "enterprises": "Int64", "gained": "Int64", "lost": "Int64",
    "per_10k": "Float64",
}  # fmt: skip
UNEXPLAINED: Final = {
    "founded": "wpis do rejestru, powodu nie podano",
    "closed": "wykreślenie z rejestru, powodu nie podano",
    "moved_in": "przeniesienie siedziby",
    "moved_out": "przeniesienie siedziby",
    "changed_to": "zmiana formy prawnej",
    "changed_from": "zmiana formy prawnej",
    "status_gained": "nadanie statusu",
    "status_lost": "utrata statusu, powodu nie podano",
}
"""Reason of a change for which the register gives none."""
MOVED_AND_CHANGED: Final = "przeniesienie siedziby i zmiana formy prawnej"


def flow_tables(inputs: Inputs, *, parameters: SocialEconomyParameters) -> dict[str, pd.DataFrame]:
    """Return the tables flows, changes and social_enterprises.

    Notes
    -----
    Rates are per year and entity: events over the mean of opening and closing times the part of the calendar year that
    the period takes, 1 for a whole year. The log holds the same events as the flows of voivodeships and, for the
    status, as the table of social enterprises, where moves and changes of form are gains and losses as well.
    """
    spells = Spells.of(inputs)
    enterprises = with_status(inputs, spells)
    return {
        "flows": _flows(inputs, spells, parameters),
        "changes": _changes(inputs, spells, enterprises, parameters),
        "social_enterprises": _enterprises(inputs, spells, enterprises, parameters),
    }


# --- stock and flow -----------------------------------------------------------------------------------


def periods(inputs: Inputs, *, years: int) -> list[tuple[str, int, int]]:
    """Return name, first and last day of the last years and quarters; the last ones end on the day of the registers."""
    ends = year_ends(inputs, years=years)
    found = [(iso(last)[:4], first + 1, last) for first, last in itertools.pairwise(ends)]
    quarter = inputs.as_of.to_period("Q")
    for back in reversed(range(QUARTERS)):
        one = quarter - back
        last = min(day_of(one.end_time), day_of(inputs.as_of))
        found.append((f"{one.year}-Q{one.quarter}", day_of(one.start_time), last))
    return found


def _flows(inputs: Inputs, spells: Spells, parameters: SocialEconomyParameters) -> pd.DataFrame:
    named = periods(inputs, years=parameters.history_years)
    first, last = [first for _, first, _ in named], [last for *_, last in named]
    parts = []
    for units in levels(inputs, spells, "country", "voivodeship", "powiat"):
        for by_form in (False,) if units.level == "powiat" else (False, True):
            rows = rows_of(spells, units, by_form=by_form)
            found = movement(spells, rows, first=first, last=last)
            parts.append(_flow_rows(rows, found, named, exits_known(spells, rows, first), parameters))
    return pd.concat(parts, ignore_index=True).astype(FLOW_COLUMNS)


def _flow_rows(
    rows: Rows,
    found: Movement,
    named: Sequence[tuple[str, int, int]],
    known: BoolMatrix,
    parameters: SocialEconomyParameters,
) -> pd.DataFrame:
    n, p = found.opening.shape
    exposure = (found.opening + found.closing) / 2 * np.array([_of_year(first, last) for _, first, last in named])
    table = pd.DataFrame(
        {
            "teryt": np.repeat(rows.teryt, p),
            "legal_form": np.repeat(rows.form, p),
            "period": [name for name, *_ in named] * n,
            "first_day": [iso(first) for _, first, _ in named] * n,
            "last_day": [iso(last) for *_, last in named] * n,
            **{
                name: getattr(found, name).ravel()
                for name in ("opening", "founded", "arrived", "closed", "left", "closing")
            },
            "exits_known": known.ravel(),
        }
    )
    for name, events in (("entry", found.founded), ("exit", found.closed)):
        limits = poisson_interval(events, exposure, confidence=parameters.confidence)
        table[f"{name}_rate"] = divided(events, exposure).ravel()
        table[f"{name}_low"], table[f"{name}_high"] = limits.low.ravel(), limits.high.ravel()
    table.loc[~table["exits_known"], ["exit_rate", "exit_low", "exit_high"]] = np.nan
    return table


def _of_year(first: int, last: int) -> float:
    """Return which part of its calendar year a period takes: a leap year is no longer than others."""
    return (last - first + 1) / (366 if calendar.isleap(int(iso(first)[:4])) else 365)


# --- the log of changes -------------------------------------------------------------------------------


def _changes(inputs: Inputs, spells: Spells, enterprises: Spells, parameters: SocialEconomyParameters) -> pd.DataFrame:
    """List each change of the last months, with its reason; a move between voivodeships stands in both logs."""
    since = day_of(inputs.as_of - pd.DateOffset(months=parameters.log_months))
    until = day_of(inputs.as_of)
    parts = []
    for event, of, where, day, reason in (
        *_register_events(inputs, spells),
        *_status_events(inputs, spells, enterprises),
    ):
        chosen = where & (since < day) & (day <= until)
        parts.append(_log(inputs.spells.iloc[of.row[chosen]], day[chosen], event, reason[chosen]))
    found = pd.concat(parts, ignore_index=True)[list(CHANGE_COLUMNS)].astype(CHANGE_COLUMNS)
    order = ["day", "teryt", "name", "event", "gmina", "legal_form", "reason", "source"]
    return found.sort_values(order, ascending=[False, *[True] * 7], kind="stable", ignore_index=True)


_Event = tuple[str, Spells, BoolVector, IntVector, "pd.Series[str]"]
"""Name of an event, the spells it happens to, which of them, on which day each, and for which reason."""


def _register_events(inputs: Inputs, spells: Spells) -> Iterator[_Event]:
    """Yield the events of logged forms; a move within a voivodeship is none, as in its flows."""
    logged = inputs.legal_forms["logged"].to_numpy(dtype=np.bool_)[spells.form]
    table = inputs.spells.iloc[spells.row]
    moved, changed = (np.zeros(spells.row.size, dtype=np.bool_) for _ in range(2))
    moved[1:] = spells.continues[1:] & (spells.voivodeship[1:] != spells.voivodeship[:-1])
    changed[1:] = spells.continues[1:] & (spells.form[1:] != spells.form[:-1])
    sides = (
        (spells.first, table["start_reason"], ~spells.continues, moved, changed, ("founded", "moved_in", "changed_to")),
        (spells.last, table["end_reason"], ~spells.goes_on, np.append(moved[1:], False), np.append(changed[1:], False),
         ("closed", "moved_out", "changed_from")),
    )  # fmt: skip
    for day, told, alone, move, change, (plain, place, form) in sides:
        reasons = _told(told)
        both = reasons.where((reasons != "") | ~(move & change), MOVED_AND_CHANGED)
        yield plain, spells, logged & alone, day, reasons
        yield place, spells, logged & move, day, both
        yield form, spells, logged & change & ~move, day, reasons


def _status_events(inputs: Inputs, spells: Spells, enterprises: Spells) -> Iterator[_Event]:
    """Yield gains and losses of the status, of all forms; who is closed loses it for the reason of the closing."""
    table = inputs.spells.iloc[enterprises.row]
    nothing = pd.Series("", index=table.index, dtype="str")
    yield "status_gained", enterprises, ~enterprises.continues, enterprises.first, nothing
    closing = np.full(len(inputs.spells), NEVER)
    closing[spells.row] = np.where(spells.goes_on, NEVER, spells.last)
    reasons = _told(table["end_reason"])
    reasons = reasons.where(reasons != "", UNEXPLAINED["closed"])
    with_entity = closing[enterprises.row] == enterprises.last
    yield "status_lost", enterprises, ~enterprises.goes_on, enterprises.last, reasons.where(with_entity, "")


def _told(reasons: pd.Series[str]) -> pd.Series[str]:
    return reasons.fillna("").astype("str").str.strip()


def _log(rows: pd.DataFrame, days: IntVector, event: str, reasons: pd.Series[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "teryt": rows["teryt"].str[:2],
            "gmina": rows["teryt"],
            "day": days.astype("datetime64[D]").astype(np.str_),
            "name": rows["name"],
            "legal_form": rows["legal_form"],
            "event": event,
            "reason": reasons.where(reasons != "", UNEXPLAINED[event]),
            "source": rows["source"],
        }
    )


# --- the status of social enterprise ------------------------------------------------------------------


def _enterprises(
    inputs: Inputs, spells: Spells, enterprises: Spells, parameters: SocialEconomyParameters
) -> pd.DataFrame:
    """Count social enterprises at the ends of quarters since the status exists; before that there is no series."""
    days = _quarter_ends(inputs, parameters)
    if inputs.status.empty or not days:
        return frame([], ENTERPRISE_COLUMNS)
    first = [day_of(pd.Timestamp(parameters.status_since)), *(day + 1 for day in days[:-1])]
    people, names = Population(inputs), [iso(day) for day in days]
    years = [int(name[:4]) for name in names]
    parts = []
    for units in levels(inputs, spells, "country", "voivodeship"):
        for by_form in (False, True):
            rows = rows_of(enterprises, units, by_form=by_form)
            found = movement(enterprises, rows, first=first, last=days)
            inhabitants = np.repeat(people.of(units.teryt, years), rows.size // len(units.teryt), axis=0)
            table = pd.DataFrame(
                {
                    "teryt": np.repeat(rows.teryt, len(days)),
                    "legal_form": np.repeat(rows.form, len(days)),
                    "day": names * rows.size,
                    "enterprises": found.closing.ravel(),
                    "gained": (found.founded + found.arrived).ravel(),
                    "lost": (found.closed + found.left).ravel(),
                    "per_10k": density(found.closing, inhabitants).ravel(),
                }
            )
            known = found.closing.any(axis=1) | found.closed.any(axis=1) | (not by_form)
            parts.append(table[np.repeat(known, len(days))])
    found_rows = pd.concat(parts).sort_values(["teryt", "legal_form", "day"], kind="stable", ignore_index=True)
    return found_rows.astype(ENTERPRISE_COLUMNS)


def _quarter_ends(inputs: Inputs, parameters: SocialEconomyParameters) -> list[int]:
    last, since = day_of(inputs.as_of), day_of(pd.Timestamp(parameters.status_since))
    first = pd.Timestamp(parameters.status_since).to_period("Q")
    ends = [day_of((first + i).end_time) for i in range((inputs.as_of.to_period("Q") - first).n + 1)]
    return sorted({day for day in (*ends, last) if since <= day <= last})
