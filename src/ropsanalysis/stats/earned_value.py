"""Earned value: what was spent and what was done, both in money, against the plan on the same day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class EarnedValue:
    """Where a budget stands; NaN where undefined.

    Attributes
    ----------
    cost_index
        Earned / spent: planned money of the work done for each złoty spent; below 1 the work costs more than planned.
    schedule_index
        Earned / planned: below 1 less was done than planned for the day.
    cost_variance
        Earned less spent.
    schedule_variance
        Earned less planned.
    estimate_at_completion
        What the whole will cost if the rest costs as much, compared with its plan, as what was done so far.
    """

    cost_index: float
    schedule_index: float
    cost_variance: float
    schedule_variance: float
    estimate_at_completion: float


def earned_value(*, budget: float, planned: float, earned: float, spent: float) -> EarnedValue:
    r"""Return the indices and variances of earned value.

    Parameters
    ----------
    budget
        Planned money of the whole work, BAC.
    planned
        Planned money of the work due by the day, PV.
    earned
        Planned money of the work done by the day, EV.
    spent
        Money spent by the day, AC. All in the same unit; NaN where unknown.

    Raises
    ------
    ValueError
        If the budget, the planned or the earned value is negative. (Spending may be, where more was returned than
        paid.)

    Notes
    -----
    :math:`CPI = EV / AC`, :math:`SPI = EV / PV`, :math:`CV = EV - AC`, :math:`SV = EV - PV` and
    :math:`EAC = BAC / CPI = BAC \cdot AC / EV`. An index is undefined where nothing was spent or planned; the estimate
    also where nothing was done.

    References
    ----------
    Project Management Institute (2017). A Guide to the Project Management Body of Knowledge, 6th ed., section 7.4.2.2
    and table 7-1.

    Examples
    --------
    >>> found = earned_value(budget=1_000, planned=500, earned=400, spent=500)
    >>> found.cost_index, found.schedule_index, found.cost_variance, found.estimate_at_completion
    (0.8, 0.8, -100, 1250.0)
    """
    for name, value in (("budget", budget), ("planned", planned), ("earned", earned)):
        if value < 0:
            raise ValueError(f"{name}: {value} is below 0")
    return EarnedValue(
        cost_index=_ratio(earned, spent),
        schedule_index=_ratio(earned, planned),
        cost_variance=earned - spent,
        schedule_variance=earned - planned,
        estimate_at_completion=_ratio(budget * spent, earned) if spent > 0 else np.nan,
    )


def _ratio(above: float, below: float) -> float:
    return above / below if below > 0 else np.nan
