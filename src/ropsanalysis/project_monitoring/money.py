"""Where the project's money goes: spent against plan, earned value, cost per person, what may be left in the end.

How plan, payments and earned value are counted is told in `amounts`. The forecast goes on as the payments of the last
months (`stats.rate_forecast`), of all payments together. It is what would be paid at that pace, so it may exceed the
budget; nothing is left unspent then, and the money runs out in the quarter told, at the pace of the median. EU and
national money get their parts of the payments to come by what each has left in the budget (where nothing is, or no
budget was delivered, by their parts of the payments so far), so that they add up to the grosz.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import pandas as pd

from ropsanalysis.project_monitoring.amounts import GROSZE, SOURCES, Amounts, pln
from ropsanalysis.project_monitoring.counting import COUNTED, Counted
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.project_monitoring.period import by_month, generator, quarter_ends, quarter_of
from ropsanalysis.project_monitoring.published import as_table, ends
from ropsanalysis.project_monitoring.schema import ACTIONS, CATEGORIES, NO_ACTION, TEAMS
from ropsanalysis.stats.earned_value import earned_value
from ropsanalysis.stats.rate_forecast import forecast_total
from ropsanalysis.stats.records import NO_ESTIMATE, Estimate

_NOTHING: Final[dict[str, Any]] = {**ends("forecast", NO_ESTIMATE), **ends("unspent", NO_ESTIMATE)}


def money_tables(
    amounts: Sequence[Amounts], counted: Counted, *, parameters: MonitoringParameters
) -> dict[str, pd.DataFrame]:
    """Return the tables ``money``, ``spending`` and ``unit_costs`` of projects, given the money of each."""
    money: list[dict[str, Any]] = []
    spending: list[dict[str, Any]] = []
    costs: list[dict[str, Any]] = []
    for own in amounts:
        account = _Account(own, _forecast(own, parameters))
        money += account.parts()
        spending += account.quarters()
        costs += _unit_costs(own, counted)
    return {
        "money": as_table("money", money),
        "spending": as_table("spending", spending),
        "unit_costs": as_table("unit_costs", costs),
    }


def _forecast(money: Amounts, parameters: MonitoringParameters) -> tuple[int, int, int] | None:
    edges = money.period.recent_edges(parameters.forecast_months)
    if not money.paid_at_all or len(edges) < 2:
        return None
    amounts = money.payments["whole"]
    found = forecast_total(
        by_month(money.payments["day"], edges, weights=amounts.tolist()), periods=money.period.months_left,
        so_far=float(amounts.sum()), rng=generator(parameters.seed, money.period.teryt, "money", "total "),
        draws=parameters.draws, confidence=parameters.confidence, kind="amount",
    )  # fmt: skip
    return round(found.median), round(found.low), round(found.high)


@dataclass(frozen=True, slots=True)
class _Account:
    """The rows of one project's money."""

    money: Amounts
    forecast: tuple[int, int, int] | None
    """Median and ends of all payments until the end, in grosze; None where there were no payments for a month."""

    def parts(self) -> Iterator[dict[str, Any]]:
        """Yield the whole budget and its parts by action, team, category and source."""
        if self.money.budget.empty and not self.money.paid_at_all:
            yield {
                "teryt": self.money.period.teryt, "dimension": "total", "key": "", "exhausted": "",
                "reason": "no_budget", **_NOTHING,
            }  # fmt: skip
            return
        yield self._part("total", "", "whole")
        for source in SOURCES:
            yield self._part("source", source, source)
        for dimension, keys in (("action", (*ACTIONS, NO_ACTION)), ("team", TEAMS), ("category", CATEGORIES)):
            budgets, payments = (
                dict(iter(table.groupby(dimension))) for table in (self.money.budget, self.money.payments)
            )
            for key in keys:
                if key in budgets:
                    paid = payments.get(key, self.money.payments[:0])
                    yield self._part(dimension, key, "whole", budgets[key], paid)

    def _part(
        self,
        dimension: str,
        key: str | int,
        column: str,
        budget: pd.DataFrame | None = None,
        payments: pd.DataFrame | None = None,
    ) -> dict[str, Any]:
        """Return a row; without a part's own budget and payments that of all."""
        budget = self.money.budget if budget is None else budget
        payments = self.money.payments if payments is None else payments
        whole, planned, spent = (
            int(table.sum()) for table in (budget[column], budget[f"planned_{column}"], payments[column])
        )
        known = len(self.money.budget) > 0
        row: dict[str, Any] = {
            "teryt": self.money.period.teryt, "dimension": dimension, "key": str(key), "exhausted": "", **_NOTHING,
            "reason": "no_budget" if not known else "" if self.money.paid_at_all else "no_data",
        }  # fmt: skip
        if known:
            row |= {"budget": pln(whole), "planned": pln(planned)}
        if self.money.paid_at_all:
            row |= {"spent": pln(spent)}
            if dimension in ("total", "source"):
                row |= self._ahead(column, whole if known else None)
        if known and dimension in ("total", "action", "team"):
            row |= self._earned(dimension, key, budget, spent)
        return row

    def _earned(self, dimension: str, key: str | int, budget: pd.DataFrame, spent: int) -> dict[str, Any]:
        earned = self.money.earned(budget, team=str(key) if dimension == "team" else None)
        whole, planned = (int(budget[name].sum()) for name in ("whole", "planned_whole"))
        found = earned_value(
            budget=float(whole), planned=float(planned), earned=float(earned),
            spent=float(spent) if self.money.paid_at_all else math.nan,
        )  # fmt: skip
        indices = {"cost_index": found.cost_index, "schedule_index": found.schedule_index}
        return {"earned": pln(earned)} | {name: None if math.isnan(x) else x for name, x in indices.items()}

    def _ahead(self, column: str, budget: int | None) -> dict[str, Any]:
        """Return forecast and unspent of all money or of a source, and when all of it would have run out."""
        if self.forecast is None:
            return {}
        spent = int(self.money.payments["whole"].sum())
        own = int(self.money.payments[column].sum())
        ends_of = [own + self._share(column, end - spent) for end in self.forecast]
        row: dict[str, Any] = ends("forecast", Estimate(*(pln(end) for end in ends_of)))
        if budget is None:
            return row
        median, low, high = ends_of
        row |= ends("unspent", Estimate(*(pln(max(budget - end, 0)) for end in (median, high, low))))
        if column == "whole" and median > budget:
            row["exhausted"] = self._exhausted(max(budget - spent, 0) / (median - spent))
        return row

    def _share(self, column: str, grosze: int) -> int:
        """Return what of payments to come is of a source; EU and national money make the whole."""
        if column == "whole":
            return grosze
        left = {name: int(self.money.budget[name].sum() - self.money.payments[name].sum()) for name in SOURCES}
        if min(left.values()) < 0 or not sum(left.values()):
            left = {name: max(int(self.money.payments[name].sum()), 0) for name in SOURCES}
        whole = sum(left.values())
        eu = round(Fraction(grosze * left["eu"], whole)) if whole else 0
        return eu if column == "eu" else grosze - eu

    def _exhausted(self, share: float) -> str:
        """Return the quarter in which a share of the payments to come is made, at an even pace."""
        period = self.money.period
        day = period.as_of + (period.end - period.as_of) * share
        quarter = quarter_of(day)
        return f"{quarter.year}-Q{quarter.quarter}"

    def quarters(self) -> Iterator[dict[str, Any]]:
        """Yield cumulative plan and payments at the end of each quarter; payments of quarters that are over."""
        for quarter in self.money.period.quarters() if len(self.money.budget) or self.money.paid_at_all else ():
            last = quarter_ends(quarter)[1]
            row: dict[str, Any] = {"teryt": self.money.period.teryt, "quarter": quarter}
            if len(self.money.budget):
                row["planned"] = pln(self.money.budget.loc[self.money.budget["quarter"] <= quarter, "whole"].sum())
            if self.money.paid_at_all and min(last, self.money.period.end) <= self.money.period.as_of:
                own = self.money.payments[self.money.payments["day"] <= last]
                row |= {"spent": pln(own["whole"].sum()), **{name: pln(own[name].sum()) for name in SOURCES}}
            yield row


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
