"""Which units made and carry out a local plan of deinstitutionalisation: written rules, a reason for every unit.

A plan counts on a day unless, in this order,

1. ``not_adopted``: it was not adopted by then, its day of adoption is unknown, or its adoption is shown by none of
   `plan_evidence` (a draft or a statement);
2. ``not_in_force``: it comes into force later (without a day it is in force from its adoption on);
3. ``expired``: it was in force before that day only;
4. ``sections_missing``: it lacks one of `plan_sections`;
5. ``not_carried_out``: that it is carried out is shown by none of `plan_carried_out`, or by something that has no day,
   is of a later day, or older than the plan (only if `plan_carried_out` names any).

A unit counts if any of its plans does; else it has the rule of the plan that came farthest, and ``no_plan`` without a
plan. A plan of a unit that the share does not count (see `denominator`) is ``unit_not_counted``, whatever it is like.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from ropsanalysis.project_monitoring.counting import COUNTED, first_failed
from ropsanalysis.project_monitoring.denominator import Denominator
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.project_monitoring.published import listed

PLAN_RULES: Final = ("not_adopted", "not_in_force", "expired", "sections_missing", "not_carried_out")
NO_PLAN: Final = "no_plan"
OUTSIDE: Final = "unit_not_counted"
UNIT_RULES: Final = (NO_PLAN, *PLAN_RULES, OUTSIDE)


def plan_rules(lpdi: pd.DataFrame, day: pd.Timestamp, *, parameters: MonitoringParameters) -> list[str]:
    """Return for each plan the first rule that it fails on a day, "" if it passes all.

    Parameters
    ----------
    lpdi
        As in `schema.Inputs`.
    parameters
        ``plan_sections``, ``plan_evidence``, ``plan_carried_out``.
    """
    begins = lpdi["in_force_from"].fillna(lpdi["adopted"])
    shown = lpdi["carried_out_day"]
    failed = (
        not_adopted(lpdi, day, parameters=parameters),
        begins > day,
        lpdi["in_force_to"] < day,
        ~lpdi[list(listed(parameters.plan_sections))].all(axis=1),
        ~(lpdi["carried_out"].isin(listed(parameters.plan_carried_out)) & (shown <= day) & (shown >= lpdi["adopted"]))
        & bool(listed(parameters.plan_carried_out)),
    )
    return first_failed(failed, PLAN_RULES)


def not_adopted(lpdi: pd.DataFrame, day: pd.Timestamp, *, parameters: MonitoringParameters) -> pd.Series[bool]:
    """Return which plans were not adopted by a day."""
    return ~(lpdi["adopted"] <= day) | ~lpdi["evidence"].isin(listed(parameters.plan_evidence))


def unit_rules(
    lpdi: pd.DataFrame, day: pd.Timestamp, units: Denominator, *, parameters: MonitoringParameters
) -> dict[str, str]:
    """Return the rule of each unit on a day, "" where its plan counts.

    Parameters
    ----------
    lpdi
        Plans of the voivodeship.
    units
        Its units.

    Returns
    -------
    dict of str to str
        All units of the share, by code; then codes of plans outside it, with the rule ``unit_not_counted``.
    """
    stages = (NO_PLAN, *PLAN_RULES, COUNTED)
    found = dict.fromkeys(units.codes, NO_PLAN)
    outside: dict[str, str] = {}
    for code, rule in zip(lpdi["unit"], plan_rules(lpdi, day, parameters=parameters), strict=True):
        if code not in units.stands_for:
            outside[str(code)] = OUTSIDE
        for unit in units.stands_for.get(code, ()):
            found[unit] = max(found[unit], rule, key=stages.index)
    return found | {code: outside[code] for code in sorted(outside)}


def share(rules: Mapping[str, str]) -> tuple[int, int]:
    """Return how many units count, and how many there are.

    Examples
    --------
    >>> share({"160101": "", "160102": "no_plan", "1699": "unit_not_counted"})
    (1, 2)
    """
    own = [rule for rule in rules.values() if rule != OUTSIDE]
    return own.count(COUNTED), len(own)
