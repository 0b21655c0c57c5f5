"""The project's money: budget, plan and payments to the grosz, earned value, where spending goes.

**Planned** by the day of the data: all quarters that are over, and of the running one the share of its days that have
passed, rounded to the grosz of each line. **Spent**: payments dated by that day. A payment that screening could not
assign to a line counts in the total and by source alone, so parts may add up to less. All sums are of whole grosze.

**Earned**: planned money of the work done. For an action it is its planned money times the weight of its activities
done by that day (also of those done early) over the weight of those due; a weight is the hours of an activity, 1 where
they are not known. It is at most the action's budget. Where activities were done and none was due yet, it is the budget
times the weight done over the weight of all. Management and indirect costs, and actions without any activity done or
due, count as level of effort: earned as planned. A team's earned value is of its own lines and activities in each
action; the total is the sum over actions.

The forecast goes on as the payments of the last months (`stats.rate_forecast`); it may exceed the budget, and what is
left unspent is then negative.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np
import pandas as pd

from ropsanalysis.project_monitoring.counting import COUNTED, Counted
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.project_monitoring.period import Period, by_month, generator, periods, quarter_ends
from ropsanalysis.project_monitoring.published import as_table, ends
from ropsanalysis.project_monitoring.schema import ACTIONS, CATEGORIES, NO_ACTION, TEAMS, Inputs
from ropsanalysis.stats.earned_value import earned_value
from ropsanalysis.stats.rate_forecast import forecast_total
from ropsanalysis.stats.records import NO_ESTIMATE, Estimate

GROSZE: Final = 100
SOURCES: Final = ("eu", "national")


def money_tables(inputs: Inputs, counted: Counted, *, parameters: MonitoringParameters) -> dict[str, pd.DataFrame]:
    """Return the tables ``money``, ``spending`` and ``unit_costs``."""
    money: list[dict[str, Any]] = []
    spending: list[dict[str, Any]] = []
    costs: list[dict[str, Any]] = []
    for period in periods(inputs.cards):
        own = amounts_of(inputs, period)
        money += own.parts(parameters)
        spending += own.quarters()
        costs += _unit_costs(own, counted)
    return {
        "money": as_table("money", money),
        "spending": as_table("spending", spending),
        "unit_costs": as_table("unit_costs", costs),
    }


@dataclass(frozen=True, slots=True)
class Amounts:
    """Money of one project, in grosze (int64).

    Attributes
    ----------
    budget
        A row per line and quarter: line, action, team, category, quarter, eu, national, whole, and planned_eu,
        planned_national, planned_whole by the day of the data.
    payments
        Payments by the day of the data: line, day, eu, national, whole, with action, team, category of the line (NaN
        without a line).
    activities
        action, team, weight, is_done, is_due.
    """

    period: Period
    budget: pd.DataFrame
    payments: pd.DataFrame
    activities: pd.DataFrame
    paid_at_all: bool

    def of_action(self, action: int) -> tuple[float | None, float | None]:
        """Return budget and payments of an action in PLN, None where there is no budget or were no payments."""
        value = self.budget.loc[self.budget["action"] == action, "whole"].sum()
        spent = self.payments.loc[self.payments["action"] == action, "whole"].sum()
        known = len(self.budget) > 0
        return (pln(value) if known else None, pln(spent) if known and self.paid_at_all else None)

    def spent(self, actions: frozenset[int] | None = None) -> int:
        """Return what was paid by the day of the data, for all or for some actions."""
        chosen = self.payments if actions is None else self.payments[self.payments["action"].isin(actions)]
        return int(chosen["whole"].sum())

    def parts(self, parameters: MonitoringParameters) -> Iterator[dict[str, Any]]:
        """Yield the whole budget and its parts by action, team, category and source."""
        if self.budget.empty and not self.paid_at_all:
            yield {"teryt": self.period.teryt, "dimension": "total", "key": "", "reason": "no_budget", **_NOTHING}
            return
        yield self._part("total", "", "whole", parameters)
        for source in SOURCES:
            yield self._part("source", source, source, parameters)
        for dimension, keys in (("action", (*ACTIONS, NO_ACTION)), ("team", TEAMS), ("category", CATEGORIES)):
            for key in keys:
                if (self.budget[dimension] == key).any():
                    yield self._part(dimension, key, "whole", parameters)

    def _part(self, dimension: str, key: str | int, column: str, parameters: MonitoringParameters) -> dict[str, Any]:
        budget, payments = self.budget, self.payments
        if dimension in ("action", "team", "category"):
            budget, payments = budget[budget[dimension] == key], payments[payments[dimension] == key]
        whole, planned, spent = (
            int(table.sum()) for table in (budget[column], budget[f"planned_{column}"], payments[column])
        )
        known = len(self.budget) > 0
        row: dict[str, Any] = {
            "teryt": self.period.teryt, "dimension": dimension, "key": str(key), **_NOTHING,
            "reason": "no_budget" if not known else "" if self.paid_at_all else "no_data",
        }  # fmt: skip
        if known:
            row |= {"budget": pln(whole), "planned": pln(planned)}
        if self.paid_at_all:
            row |= {"spent": pln(spent)}
            row |= self._forecast(payments[["day", column]], f"{dimension} {key}", whole if known else None, parameters)
        if known and dimension in ("total", "action", "team"):
            row |= self._earned(dimension, key, budget, spent)
        return row

    def _earned(self, dimension: str, key: str | int, budget: pd.DataFrame, spent: int) -> dict[str, Any]:
        activities = self.activities
        if dimension == "team":
            activities = activities[activities["team"] == key]
        earned = sum(
            earned_grosze(action, budget[budget["action"] == action], activities[activities["action"] == action])
            for action in (*ACTIONS, NO_ACTION)
        )
        whole, planned = (int(budget[name].sum()) for name in ("whole", "planned_whole"))
        found = earned_value(
            budget=float(whole), planned=float(planned), earned=float(earned),
            spent=float(spent) if self.paid_at_all else math.nan,
        )  # fmt: skip
        indices = {"cost_index": found.cost_index, "schedule_index": found.schedule_index}
        return {"earned": pln(earned)} | {name: None if math.isnan(x) else x for name, x in indices.items()}

    def _forecast(
        self, payments: pd.DataFrame, name: str, budget: int | None, parameters: MonitoringParameters
    ) -> dict[str, Any]:
        edges = self.period.recent_edges(parameters.forecast_months)
        if len(edges) < 2:
            return {}
        amounts = payments.iloc[:, 1]
        found = forecast_total(
            by_month(payments["day"], edges, weights=amounts.tolist()), periods=self.period.months_left,
            so_far=float(amounts.sum()), rng=generator(parameters.seed, self.period.teryt, "money", name),
            draws=parameters.draws, confidence=parameters.confidence, kind="amount",
        )  # fmt: skip
        end = Estimate(*(pln(round(x)) for x in (found.median, found.low, found.high)))
        row = ends("forecast", end)
        if budget is not None:
            left = (pln(budget - round(x)) for x in (found.median, found.high, found.low))
            row |= ends("unspent", Estimate(*left))
        return row

    def quarters(self) -> Iterator[dict[str, Any]]:
        """Yield cumulative plan and payments at the end of each quarter; payments of quarters that are over."""
        for quarter in self.period.quarters() if len(self.budget) or self.paid_at_all else ():
            last = quarter_ends(quarter)[1]
            row: dict[str, Any] = {"teryt": self.period.teryt, "quarter": quarter}
            if len(self.budget):
                row["planned"] = pln(self.budget.loc[self.budget["quarter"] <= quarter, "whole"].sum())
            if self.paid_at_all and min(last, self.period.end) <= self.period.as_of:
                own = self.payments[self.payments["day"] <= last]
                row |= {"spent": pln(own["whole"].sum()), **{name: pln(own[name].sum()) for name in SOURCES}}
            yield row


_NOTHING: Final[dict[str, Any]] = {**ends("forecast", NO_ESTIMATE), **ends("unspent", NO_ESTIMATE)}


def amounts_of(inputs: Inputs, period: Period) -> Amounts:
    """Return the money of one project by the day of the data."""
    budget = _with_whole(inputs.budget[inputs.budget["teryt"] == period.teryt])
    for name in (*SOURCES, "whole"):
        pairs = zip(budget["quarter"], budget[name], strict=True)
        budget[f"planned_{name}"] = [planned_by(amount, quarter, period.as_of) for quarter, amount in pairs]
    # What is national is what is left, so that the parts add up to the grosz.
    budget["planned_national"] = budget["planned_whole"] - budget["planned_eu"]
    delivered = inputs.payments[inputs.payments["teryt"] == period.teryt]
    lines = budget.drop_duplicates("line").set_index("line")[["action", "team", "category"]]
    payments = _with_whole(delivered[delivered["day"] <= period.as_of]).join(lines, on="line")
    activities = inputs.activities[inputs.activities["teryt"] == period.teryt]
    hours = activities["hours"]
    weighed = activities[["action", "team"]].assign(
        weight=hours.where(hours > 0, 1.0), is_done=activities["done"] <= period.as_of,
        is_due=activities["planned"] <= period.as_of,
    )  # fmt: skip
    return Amounts(period, budget, payments, weighed, paid_at_all=len(delivered) > 0)


def _with_whole(table: pd.DataFrame) -> pd.DataFrame:
    named = table.rename(columns={f"{name}_grosz": name for name in SOURCES}).drop(columns="teryt")
    return named.assign(whole=named["eu"] + named["national"])


def planned_by(amount: int, quarter: str, day: pd.Timestamp) -> int:
    """Return how much of a quarter's plan falls to its days up to a day, in whole grosze.

    Examples
    --------
    >>> [planned_by(900, "2025-Q1", pd.Timestamp(day)) for day in ("2024-12-31", "2025-01-31", "2025-03-31")]
    [0, 310, 900]
    """
    first, last = quarter_ends(quarter)
    days = (last - first).days + 1
    passed = min(max((day - first).days + 1, 0), days)
    return round(Fraction(int(amount) * passed, days))


def earned_grosze(action: int, budget: pd.DataFrame, activities: pd.DataFrame) -> int:
    """Return the planned money of the work done of an action, in grosze; see the module.

    Parameters
    ----------
    action
        1-16 or `NO_ACTION`.
    budget
        Its lines, with whole and planned_whole.
    activities
        Its activities, with weight, is_done and is_due.
    """
    whole, planned = int(budget["whole"].sum()), int(budget["planned_whole"].sum())
    done, due, every = (
        Fraction(math.fsum(activities.loc[mask, "weight"]))
        for mask in (activities["is_done"], activities["is_due"], np.ones(len(activities), dtype=np.bool_))
    )
    if action == NO_ACTION or (not done and not due):
        return planned
    return min(round(planned * done / due if due else whole * done / every), whole)


def pln(grosze: float) -> float:
    """Return an amount in PLN.

    Examples
    --------
    >>> pln(1_376_880_614)
    13768806.14
    """
    return int(grosze) / GROSZE


def _unit_costs(money: Amounts, counted: Counted) -> Iterator[dict[str, Any]]:
    """Yield what was spent per person: of all spending, and of that on actions that supported somebody."""
    persons = counted.of(money.period.teryt)
    actions = frozenset(int(action) for action in counted.supports_of(money.period.teryt)["action"].unique())
    for per in ("supported", "qualified"):
        number = int((persons[f"{per}_rule"] == COUNTED).sum()) if len(persons) else None
        for base in ("all", "persons"):
            known = money.paid_at_all and (base == "all" or len(money.budget) > 0)
            spent = money.spent(None if base == "all" else actions) if known else None
            row: dict[str, Any] = {
                "teryt": money.period.teryt, "per": per, "base": base, "persons": number,
                "spent": None if spent is None else pln(spent),
                "reason": "no_budget" if not known and money.paid_at_all else "" if known and number else "no_data",
            }  # fmt: skip
            if spent is not None and number:
                row["cost"] = round(spent / number) / GROSZE
            yield row
