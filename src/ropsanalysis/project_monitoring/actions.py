"""The sixteen actions: what was done of what was planned, what is late, and what came of it.

An activity is done if its day of being done has come by the day of the data, due if its planned day has, and late if it
is not done `late_days` days after its planned day. One without a planned day is never due.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from ropsanalysis.project_monitoring.amounts import Amounts
from ropsanalysis.project_monitoring.counting import Counted
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.project_monitoring.parts import counted_persons
from ropsanalysis.project_monitoring.period import Period, quarter_of
from ropsanalysis.project_monitoring.published import as_table, day_text
from ropsanalysis.project_monitoring.schema import ACTIONS, TEAMS, Inputs


def action_tables(
    inputs: Inputs,
    counted: Counted,
    parts: pd.DataFrame,
    amounts: Sequence[Amounts],
    *,
    parameters: MonitoringParameters,
) -> dict[str, pd.DataFrame]:
    """Return the tables ``action_states``, ``late``, ``products``, ``heat`` and ``teams``.

    Parameters
    ----------
    parts
        The table ``parts``, which decides what may be said of the persons of an action.
    amounts
        Money of each project.
    """
    rows: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("action_states", "late", "products", "heat", "teams")
    }
    for money in amounts:
        period = money.period
        own = activities_of(inputs.activities, period, late_days=parameters.late_days)
        persons = action_persons(counted, parts, period.teryt, parameters=parameters)
        of_action = dict(iter(own.groupby("action")))
        nothing = own[:0]
        amounts_by_action = money.by_action()
        for action in ACTIONS:
            state = _state(of_action.get(action, nothing), action, persons, known=len(own) > 0)
            value, spent = amounts_by_action[action]
            rows["action_states"].append({"teryt": period.teryt, "value_pln": value, "spent_pln": spent, **state})
        rows["late"] += _late(own, period)
        rows["products"] += _products(own, period)
        rows["heat"] += _heat(own, period)
        rows["teams"] += _teams(own, period)
    return {name: as_table(name, found) for name, found in rows.items()}


def activities_of(activities: pd.DataFrame, period: Period, *, late_days: int) -> pd.DataFrame:
    """Return the activities of a project with is_done, is_due, is_late and days_late, ordered by planned day."""
    own = activities[activities["teryt"] == period.teryt]
    done = own["done"] <= period.as_of
    days = (period.as_of - own["planned"]).dt.days
    own = own.assign(is_done=done, is_due=own["planned"] <= period.as_of, days_late=days)
    own = own.assign(is_late=own["is_due"] & ~done & (days >= late_days))
    return own.sort_values(["planned", "activity"])


def action_persons(
    counted: Counted, parts: pd.DataFrame, teryt: str, *, parameters: MonitoringParameters
) -> dict[int, int | None]:
    """Return how many persons each action supported, first or later; None where that could name somebody.

    Notes
    -----
    With the part of an action (those supported there first) the number tells how many came later, and with the
    indicator how many never came. It is shown where the action is a part by itself and both are 0 or `min_count`; and 0
    where nobody was supported by it. Without data on persons there is no number for any action.
    """
    if counted.of(teryt).empty:
        return {}
    supports = counted.supports_of(teryt)
    whole = int((counted_persons(counted, teryt)["supported_rule"] == "").sum())
    own = parts[(parts["teryt"] == teryt) & (parts["dimension"] == "action")]
    first = dict(zip(own["keys"].astype(str), own["supported"], strict=True))
    numbers = supports.groupby("action")["person"].nunique().to_dict()
    found: dict[int, int | None] = {}
    for action in ACTIONS:
        number, alone = int(numbers.get(action, 0)), first.get(str(action))
        if number == 0:
            found[action] = 0
            continue
        known = alone is not None and not pd.isna(alone)
        others = (number - int(alone), whole - number) if known else ()  # type: ignore[arg-type]
        fine = number >= parameters.min_persons and all(n == 0 or n >= parameters.min_count for n in others)
        found[action] = number if known and fine else None
    return found


def _state(own: pd.DataFrame, action: int, persons: Mapping[int, int | None], *, known: bool) -> dict[str, Any]:
    done, late = own[own["is_done"]], own[own["is_late"]]
    hidden = bool(persons) and persons[action] is None
    reason = "no_data" if not known else "few" if hidden else "no_plan" if own.empty else ""
    return {
        "action": action, "planned": len(own), "due": int(own["is_due"].sum()),
        **_work(own),
        "persons": persons.get(action), "first": day_text(done["done"].min()), "last": day_text(done["done"].max()),
        "latest_due": day_text(late["planned"].min()), "reason": reason,
    }  # fmt: skip


def _work(own: pd.DataFrame) -> dict[str, Any]:
    """Return what activities came to: done, late, hours and attendance of those done, products."""
    done = own[own["is_done"]]
    return {
        "done": len(done), "late": int(own["is_late"].sum()), "hours": _sum(done["hours"]),
        "attendance": _sum(done["attendance"]), "products": int((done["product"] != "").sum()),
    }  # fmt: skip


def _sum(values: pd.Series[float]) -> float | None:
    """Return the sum of what is known, the same in any order; None where nothing is."""
    known = values.dropna()
    return math.fsum(known) if len(known) else None


def _late(own: pd.DataFrame, period: Period) -> Iterator[dict[str, Any]]:
    for row in own[own["is_late"]].to_dict("records"):
        yield {
            "teryt": period.teryt, "activity": row["activity"], "action": row["action"], "team": row["team"],
            "title": row["title"], "planned": day_text(row["planned"]), "days": row["days_late"],
        }  # fmt: skip


def _products(own: pd.DataFrame, period: Period) -> Iterator[dict[str, Any]]:
    found = own[own["is_done"] & (own["product"] != "")].sort_values(["done", "activity"])
    for row in found.to_dict("records"):
        yield {
            "teryt": period.teryt, "action": row["action"], "team": row["team"], "title": row["title"],
            "product": row["product"], "done": day_text(row["done"]),
        }  # fmt: skip


def _heat(own: pd.DataFrame, period: Period) -> Iterator[dict[str, Any]]:
    """Count activities by action and quarter, from the project's start (or earlier work) to the day of the data."""
    done = own.loc[own["is_done"], ["action", "done"]]
    due = own.loc[own["is_due"], ["action", "planned"]]
    if done.empty and due.empty:
        return
    since = min(day for day in (period.start, done["done"].min(), due["planned"].min()) if not pd.isna(day))
    counts = {
        name: table.groupby(["action", table[day].dt.to_period("Q")]).size().to_dict()
        for name, table, day in (("done", done, "done"), ("due", due, "planned"))
    }
    for action in ACTIONS:
        for quarter in period.quarters(since=since, until=period.as_of):
            at = (action, quarter_of(pd.Period(quarter, freq="Q").end_time))
            yield {
                "teryt": period.teryt, "action": action, "quarter": quarter, "done": counts["done"].get(at, 0),
                "due": counts["due"].get(at, 0),
            }  # fmt: skip


def _teams(own: pd.DataFrame, period: Period) -> Iterator[dict[str, Any]]:
    if own.empty:
        return
    for team in TEAMS:
        work = own[own["team"] == team]
        yield {"teryt": period.teryt, "team": team, "subregion": "", **_work(work)}
        for subregion in sorted(set(work["subregion"]) - {""}):
            share = work[work["subregion"] == subregion]
            yield {"teryt": period.teryt, "team": team, "subregion": subregion, **_work(share)}
