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
from typing import Any, Final

import pandas as pd

from ropsanalysis.project_monitoring.counting import COUNTED, first_failed
from ropsanalysis.project_monitoring.denominator import Denominator
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.project_monitoring.published import listed

PLAN_RULES: Final = ("not_adopted", "not_in_force", "expired", "sections_missing", "not_carried_out")
NO_PLAN: Final = "no_plan"
OUTSIDE: Final = "unit_not_counted"
ENDLESS: Final = pd.Timestamp("9999-12-31").as_unit("s")
"""Last day of a plan without an end."""
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
    return first_failed(_failed(lpdi, day, parameters), PLAN_RULES)


def _failed(lpdi: pd.DataFrame, day: pd.Timestamp, parameters: MonitoringParameters) -> tuple[pd.Series[bool], ...]:
    """Return which plans fail each of `PLAN_RULES` on a day."""
    shown = lpdi["carried_out_day"]
    return (
        not_adopted(lpdi, day, parameters=parameters),
        lpdi["in_force_from"].fillna(lpdi["adopted"]) > day,
        lpdi["in_force_to"] < day,
        ~lpdi[list(listed(parameters.plan_sections))].all(axis=1),
        ~(lpdi["carried_out"].isin(listed(parameters.plan_carried_out)) & (shown <= day) & (shown >= lpdi["adopted"]))
        & bool(listed(parameters.plan_carried_out)),
    )


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


def rules_lacking(
    lpdi: pd.DataFrame, day: pd.Timestamp, units: Denominator, *, parameters: MonitoringParameters
) -> dict[str, int]:
    """Return how many rules the plan of each unit fails on a day, 0 where it counts; units without a plan are left out.

    Notes
    -----
    The plan is that of which `unit_rules` tells the rule; of several with the same rule, the one that fails fewest.
    """
    chosen = unit_rules(lpdi, day, units, parameters=parameters)
    failed = _failed(lpdi, day, parameters)
    numbers = sum((mask.astype("int64") for mask in failed), start=pd.Series(0, index=lpdi.index))
    found: dict[str, int] = {}
    for code, rule, number in zip(lpdi["unit"], first_failed(failed, PLAN_RULES), numbers, strict=True):
        for unit in units.stands_for.get(code, ()):
            if chosen[unit] == rule:
                found[unit] = min(found.get(unit, len(PLAN_RULES)), int(number))
    return found


def counting_spans(lpdi: pd.DataFrame, units: Denominator, *, parameters: MonitoringParameters) -> pd.DataFrame:
    """Return from which day to which each unit counts, by the rules of each day.

    Parameters
    ----------
    lpdi
        Plans of the voivodeship; what they say of later days is taken as it is.
    units
        Its units.

    Returns
    -------
    pandas.DataFrame
        Columns unit, since, until (last day on which it counts, `ENDLESS` without an end), in order. A unit has several
        rows where its plan expired and another counted only later; a plan that follows at once goes on with the first.
    """
    steps = ["adopted", "in_force_from", *(["carried_out_day"] if listed(parameters.plan_carried_out) else [])]
    fits = pd.Series(True, index=lpdi.index)
    timeless = lpdi.assign(in_force_from=lpdi["adopted"], in_force_to=ENDLESS)
    for mask in _failed(timeless, ENDLESS, parameters):
        fits &= ~mask
    since, until = lpdi[steps].max(axis=1), lpdi["in_force_to"].fillna(ENDLESS)
    rows = sorted(
        (unit, first, last)
        for code, first, last in zip(
            *(column[fits & (since <= until)] for column in (lpdi["unit"], since, until)), strict=True
        )
        for unit in units.stands_for.get(code, ())
    )
    spans: list[list[Any]] = []
    for unit, first, last in rows:
        if spans and spans[-1][0] == unit and first <= spans[-1][2] + pd.Timedelta(days=1):
            spans[-1][2] = max(spans[-1][2], last)
        else:
            spans.append([unit, first, last])
    found = pd.DataFrame(spans, columns=["unit", "since", "until"])
    return found.astype({"unit": "str", "since": "datetime64[s]", "until": "datetime64[s]"})


def running(spans: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return the spans of `counting_spans` that a day lies in."""
    return spans[(spans["since"] <= day) & (spans["until"] >= day)]


def share(rules: Mapping[str, str]) -> tuple[int, int]:
    """Return how many units count, and how many there are.

    Examples
    --------
    >>> share({"160101": "", "160102": "no_plan", "1699": "unit_not_counted"})
    (1, 2)
    """
    own = [rule for rule in rules.values() if rule != OUTSIDE]
    return own.count(COUNTED), len(own)
