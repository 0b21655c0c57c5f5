"""The money of one project in whole grosze: budget, plan and payments, and the work that it is compared with.

**Planned** by the day of the data: all quarters that are over, and of the running one the share of its days that have
passed, rounded to the grosz of each line. **Spent**: payments dated by that day. A payment that screening could not
assign to a line counts in the total and by source alone, so parts may add up to less. All sums are of whole grosze.

**Earned**: planned money of the work done. For an action it is its planned money times the number of its activities
done by that day (also of those done early) over the number of those due. It is at most the action's budget. Where
activities were done and none was due yet, it is the budget times those done over all. Management and indirect costs,
and actions without any activity done or due, count as level of effort: earned as planned. A team's earned value is of
its own lines and activities in each action; the total is the sum over actions.

Every activity weighs the same. Hours are known of what was done and mostly not of what is still to be done, so that
weights by hours would make the work that is lacking light: 4 of 9 activities due would count as far more than 4/9.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NamedTuple

import pandas as pd

from ropsanalysis.project_monitoring.period import Period, quarter_ends
from ropsanalysis.project_monitoring.schema import ACTIONS, NO_ACTION, Inputs

GROSZE: Final = 100
SOURCES: Final = ("eu", "national")

Key = tuple[int, str]
"""Action and team."""


class Planned(NamedTuple):
    """Whole budget, and what of it is planned by the day of the data, in grosze."""

    whole: int = 0
    planned: int = 0


class Work(NamedTuple):
    """Activities done and due by the day of the data, and all."""

    done: int = 0
    due: int = 0
    every: int = 0


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
    work
        Activities by action and team.
    paid_at_all
        Whether any payments were delivered, be they of later days.
    """

    period: Period
    budget: pd.DataFrame
    payments: pd.DataFrame
    work: Mapping[Key, Work]
    paid_at_all: bool

    def by_action(self) -> dict[int, tuple[float | None, float | None]]:
        """Return budget and payments of each action in PLN, None where there is no budget or were no payments."""
        values, spent = (table.groupby("action")["whole"].sum().to_dict() for table in (self.budget, self.payments))
        known = len(self.budget) > 0
        return {
            action: (
                pln(values.get(action, 0)) if known else None,
                pln(spent.get(action, 0)) if known and self.paid_at_all else None,
            )
            for action in ACTIONS
        }

    def spent(self, actions: frozenset[int] | None = None) -> int:
        """Return what was paid by the day of the data, for all or for some actions."""
        chosen = self.payments if actions is None else self.payments[self.payments["action"].isin(actions)]
        return int(chosen["whole"].sum())

    def earned(self, budget: pd.DataFrame, *, team: str | None = None) -> int:
        """Return the planned money of the work done, of some lines of the budget; see the module.

        Parameters
        ----------
        budget
            Rows of `budget`.
        team
            Whose activities count; None for all.
        """
        sums = budget.groupby("action")[["whole", "planned_whole"]].sum()
        return sum(
            earned_grosze(action, Planned(int(whole), int(planned)), self._work(action, team))
            for action, whole, planned in sums.itertuples(name=None)
        )

    def _work(self, action: int, team: str | None) -> Work:
        own = [work for key, work in self.work.items() if key[0] == action and team in (None, key[1])]
        return Work(*(sum(numbers) for numbers in zip(*own, strict=True))) if own else Work()


def amounts_of(inputs: Inputs, period: Period) -> Amounts:
    """Return the money of one project by the day of the data."""
    budget = _with_whole(inputs.budget[inputs.budget["teryt"] == period.teryt])
    shares = {quarter: share_passed(str(quarter), period.as_of) for quarter in budget["quarter"].unique()}
    for name in ("eu", "whole"):
        pairs = zip(budget["quarter"], budget[name], strict=True)
        budget[f"planned_{name}"] = [round(int(amount) * shares[quarter]) for quarter, amount in pairs]
    budget = budget.astype({"planned_eu": "int64", "planned_whole": "int64"})
    # What is national is what is left, so that the parts add up to the grosz.
    budget["planned_national"] = budget["planned_whole"] - budget["planned_eu"]
    delivered = inputs.payments[inputs.payments["teryt"] == period.teryt]
    lines = budget.drop_duplicates("line").set_index("line")[["action", "team", "category"]]
    payments = _with_whole(delivered[delivered["day"] <= period.as_of]).join(lines, on="line")
    work = _work(inputs.activities[inputs.activities["teryt"] == period.teryt], period)
    return Amounts(period, budget, payments, work, paid_at_all=len(delivered) > 0)


def _with_whole(table: pd.DataFrame) -> pd.DataFrame:
    named = table.rename(columns={f"{name}_grosz": name for name in SOURCES}).drop(columns="teryt")
    return named.assign(whole=named["eu"] + named["national"])


def _work(activities: pd.DataFrame, period: Period) -> dict[Key, Work]:
    """Count the activities of each action and team."""
    own = activities[["action", "team"]].assign(
        done=activities["done"] <= period.as_of, due=activities["planned"] <= period.as_of, every=True
    )
    sums = own.groupby(["action", "team"])[["done", "due", "every"]].sum()
    return {(int(action), str(team)): Work(*map(int, row)) for (action, team), *row in sums.itertuples(name=None)}


def share_passed(quarter: str, day: pd.Timestamp) -> Fraction:
    """Return the share of a quarter's days that have passed at the end of a day.

    Examples
    --------
    >>> [str(share_passed("2025-Q1", pd.Timestamp(day))) for day in ("2024-12-31", "2025-01-31", "2025-03-31")]
    ['0', '31/90', '1']
    """
    first, last = quarter_ends(quarter)
    days = (last - first).days + 1
    return Fraction(min(max((day - first).days + 1, 0), days), days)


def earned_grosze(action: int, money: Planned, work: Work) -> int:
    """Return the planned money of the work done of an action, in grosze; see the module.

    Examples
    --------
    Two of three activities due are done, of money planned to that day of 600.00 PLN:

    >>> earned_grosze(6, Planned(100_000, 60_000), Work(done=2, due=3, every=9))
    40000
    """
    if action == NO_ACTION or not (work.done or work.due):
        return money.planned
    base, of = (money.planned, work.due) if work.due else (money.whole, work.every)
    earned = Fraction(base * work.done, of)
    return min(round(earned), money.whole)


def pln(grosze: float) -> float:
    """Return an amount in PLN.

    Examples
    --------
    >>> pln(1_376_880_614)
    13768806.14
    """
    return int(grosze) / GROSZE
