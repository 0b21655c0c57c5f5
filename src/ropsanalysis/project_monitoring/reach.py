"""Where support came to: gminas and powiats with supported employees, their plans and centres."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from ropsanalysis.project_monitoring.counting import Counted
from ropsanalysis.project_monitoring.denominator import CITY, Denominator, denominator
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.project_monitoring.period import Period, periods
from ropsanalysis.project_monitoring.plans import ENDLESS, OUTSIDE, counting_spans, rules_lacking, running, unit_rules
from ropsanalysis.project_monitoring.published import as_table, day_text
from ropsanalysis.project_monitoring.schema import Inputs
from ropsanalysis.project_monitoring.social_services import open_centres


def units_table(inputs: Inputs, counted: Counted, *, parameters: MonitoringParameters) -> pd.DataFrame:
    """Return all gminas, and the powiats that the share of plans counts, with what came to each.

    Notes
    -----
    A unit is reached if any support that counts went to somebody who works there, be it one person; a powiat if it is
    the workplace itself, not if one of its gminas is. A city with powiat rights is reached under either of its codes.
    Gminas outside the share have the plan ``unit_not_counted``.
    """
    areas = subregions(inputs)
    rows: list[dict[str, Any]] = []
    for period in periods(inputs.cards):
        own = denominator(inputs.units, period.teryt, plan_units=parameters.plan_units)
        rows += _rows(inputs, counted, period, own, areas, parameters)
    return as_table("units", rows)


def _rows(
    inputs: Inputs,
    counted: Counted,
    period: Period,
    own: Denominator,
    areas: Mapping[str, str],
    parameters: MonitoringParameters,
) -> Iterator[dict[str, Any]]:
    lpdi = inputs.lpdi[inputs.lpdi["teryt"] == period.teryt]
    rules = unit_rules(lpdi, period.as_of, own, parameters=parameters)
    lacking = rules_lacking(lpdi, period.as_of, own, parameters=parameters)
    ends = {
        str(unit): day_text(until)
        for unit, _, until in running(counting_spans(lpdi, own, parameters=parameters), period.as_of).itertuples(
            index=False
        )
        if until < ENDLESS
    }
    reached = reached_units(counted, period.teryt, own)
    centres = open_centres(inputs.cus, period)["gminas"].str.split("+").explode()
    for row in own.units.to_dict("records"):
        unit = str(row["unit"])
        yield {
            "teryt": period.teryt, "unit": unit, "level": row["level"], "name": row["name"], "kind": row["kind"],
            "powiat": row["powiat"], "subregion": areas.get(row["powiat"], ""), "reached": unit in reached,
            "plan": _plan(rules.get(unit, OUTSIDE)) if row["counted"] else OUTSIDE, "lacking": lacking.get(unit),
            "until": ends.get(unit, ""), "centre": unit in set(centres),
        }  # fmt: skip


def _plan(rule: str) -> str:
    return {"": "counted", "no_plan": ""}.get(rule, rule)


def reached_units(counted: Counted, teryt: str, units: Denominator) -> frozenset[str]:
    """Return the listed units of a voivodeship in which somebody is supported."""
    places = {str(place) for place in counted.supports_of(teryt)["unit"].unique()}
    cities = set(units.units.loc[units.units["kind"] == CITY, "powiat"])
    whole = {place[:4] for place in places} & cities
    return frozenset(
        str(unit) for unit, powiat in units.units[["unit", "powiat"]].itertuples(index=False)
        if unit in places or powiat in whole
    )  # fmt: skip


def subregions(inputs: Inputs) -> dict[str, str]:
    """Return the sub-region of each powiat; where the office named none, the powiat is its own, by its name."""
    powiats = inputs.units[inputs.units["level"] == "powiat"]
    names = dict(zip(powiats["teryt"].astype(str), powiats["name"].astype(str), strict=True))
    named = dict(zip(inputs.subregions["powiat"].astype(str), inputs.subregions["subregion"].astype(str), strict=True))
    return names | named
