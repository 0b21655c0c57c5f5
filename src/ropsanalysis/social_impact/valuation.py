"""What support was worth beside what it cost, how sure that is, and what the calculation claims too much of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from ropsanalysis.social_impact.confirmed import Known, Measured, confirmed_deadweight, measured, net_persons
from ropsanalysis.social_impact.costs import MONEY_DIGITS, cost_per_table, cost_table, inaction_table
from ropsanalysis.social_impact.impact_maps import ImpactMap
from ropsanalysis.social_impact.overclaiming import overclaims
from ropsanalysis.social_impact.parameters import SocialImpactParameters
from ropsanalysis.social_impact.published import as_table
from ropsanalysis.social_impact.ratio_doubts import (
    Distribution,
    break_even_rows,
    distribution,
    tornado_rows,
)
from ropsanalysis.social_impact.schema import Inputs
from ropsanalysis.stats.social_return import KINDS, SocialReturn, leave_one_out, social_return
from ropsanalysis.stats.social_return_sensitivity import present_values

SHARE_DIGITS: Final = 6
"""Digits of shares and ratios in stored tables."""

TABLES: Final = (
    "map_lines", "value_years", "stakeholders", "value_summary", "tornado", "break_even", "ratio_bins", "drivers",
)  # fmt: skip
"""Tables made voivodeship by voivodeship."""
_MONEY: Final = (
    "proxy_indexed",
    "impact",
    "present_value",
    "value",
    "discounted",
    "inputs",
    "threshold",
    "quantity",
    "proxy_value",
    "claimed",
)


def value_tables(
    inputs: Inputs,
    effects: pd.DataFrame,
    participation: pd.DataFrame,
    levels: pd.DataFrame,
    changes: pd.DataFrame,
    *,
    parameters: SocialImpactParameters,
) -> dict[str, pd.DataFrame]:
    """Compute the social return of each voivodeship's impact map, its uncertainty, and what lasting outcomes cost.

    Parameters
    ----------
    inputs
        Of which the impact maps, costs, costs of doing nothing and prices are read; each may be empty.
    effects, participation, levels, changes
        The published tables of persons.
    parameters
        ``discount_rate``, ``map_draws``, ``seed``, ``confidence``, ``alpha`` and ``dominant_share``.

    Returns
    -------
    dict of str to pandas.DataFrame
        ``map_lines``, ``value_years``, ``stakeholders``, ``costs``, ``value_summary``, ``tornado``, ``break_even``,
        ``ratio_bins``, ``drivers``, ``overclaims``, ``cost_per`` and ``inaction``.

    Notes
    -----
    Amounts are in prices of `Inputs.price_year`; inputs are all costs of the voivodeship. A line without deadweight has
    no value and is not part of the ratio, and `overclaims` says so. Where anything else keeps a line from being valued,
    or a cost from being indexed, there is no ratio (reason "no_prices"): it would be one of a part to a whole. Without
    costs, or with costs of 0, lines have a value and there is no ratio ("no_costs"); without a line that has a value
    "no_data".

    Payback is of discounted values, so that it never comes where the ratio is below 1; all inputs count as spent at
    once, when the effects begin. A map without any range has no interval, no draws and no drivers; how ranges are drawn
    is said in `ratio_doubts.distribution`.
    """
    costs = cost_table(inputs)
    known = measured(effects, changes, inputs.outcomes, costs, parameters=parameters)
    paid = costs.groupby("teryt")["indexed"].agg(lambda amounts: amounts.sum(skipna=False))
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    maps = dict(iter(inputs.impact_map.groupby("teryt", sort=True)))
    for teryt in sorted({*maps, *paid.index}):
        amount = paid.get(teryt, 0.0)
        budget = _Budget(np.nan if pd.isna(amount) else float(amount), inputs.price_year)
        found = _valued(str(teryt), maps.get(teryt), budget, inputs, known, parameters)
        for name, new in found.items():
            rows[name] += [{"teryt": teryt} | row for row in new]
    tables = {name: _stored(as_table(name, rows[name])) for name in TABLES}
    return {
        **tables,
        "costs": costs,
        "overclaims": overclaims(
            inputs.impact_map, tables["map_lines"], effects, known, parameters=parameters, refused=inputs.map_refused
        ),
        "cost_per": cost_per_table(
            costs, effects, participation, levels, improved={key for key, of in known.items() if of.improved}
        ),
        "inaction": inaction_table(inputs, parameters=parameters),
    }


@dataclass(frozen=True, slots=True)
class _Budget:
    """All costs of a voivodeship in prices of `price_year`: NaN where not known, 0 where there are none."""

    amount: float
    price_year: int | None


_Rows = dict[str, list[dict[str, Any]]]


def _valued(
    teryt: str,
    lines: pd.DataFrame | None,
    budget: _Budget,
    inputs: Inputs,
    known: Known,
    parameters: SocialImpactParameters,
) -> _Rows:
    """Return the rows of one voivodeship, by table."""
    summary: dict[str, Any] = {
        "price_year": budget.price_year, "rate": parameters.discount_rate, "biggest_line": "",
        "inputs": budget.amount if budget.amount > 0 else None,
    }  # fmt: skip
    if lines is None:
        return {"value_summary": [summary | {"reason": "no_data"}]}
    own = ImpactMap.of(lines, inputs)
    about = [known.get((teryt, key), Measured()) for key in own.lines["outcome_key"]]
    reason = _hindrance(own, budget)
    if own.ranges is None:
        return {"map_lines": _line_rows(own, about, None), "value_summary": [summary | {"reason": reason}]}
    # Values of lines do not depend on the inputs; where these are not known, no ratio is read off.
    inputs_pln = 1.0 if reason else budget.amount
    result = social_return(own.ranges.central, inputs=inputs_pln, rate=parameters.discount_rate)
    tables: _Rows = {
        "map_lines": _line_rows(own, about, result),
        "value_years": list(_year_rows(result)),
        "stakeholders": list(_stakeholder_rows(own, result)),
    }
    if reason:
        told = {"present_value": result.present_value} if own.complete else {}
        return tables | {"value_summary": [summary | told | {"reason": reason}]}
    drawn = distribution(teryt, own.ranges, inputs_pln, parameters)
    return tables | {
        "value_summary": [
            summary | _summary(own, result, drawn, parameters) | {"ratio_measured": _confirmed(own, about, result)}
        ],
        "tornado": list(tornado_rows(own, own.ranges, inputs_pln, parameters.discount_rate)),
        "break_even": list(break_even_rows(own, result)),
        "ratio_bins": drawn.bins,
        "drivers": drawn.drivers,
    }


def _hindrance(own: ImpactMap, budget: _Budget) -> str:
    """Return why there is no ratio; "" where there is one."""
    if not own.complete or np.isnan(budget.amount):
        return "no_prices"
    if own.ranges is None:
        return "no_data"
    return "" if budget.amount > 0 else "no_costs"


def _summary(
    own: ImpactMap, result: SocialReturn, drawn: Distribution, parameters: SocialImpactParameters
) -> dict[str, Any]:
    alone = leave_one_out(result, limit=parameters.dominant_share)
    known = alone.largest >= 0
    return {
        "inputs": result.inputs,
        "present_value": result.present_value,
        "ratio": result.ratio,
        "net_ratio": result.net_ratio,
        "payback_years": result.discounted_payback_years,
        **drawn.summary,
        "biggest_line": own.line(alone.largest),
        "biggest_share": alone.shares[alone.largest] if known else None,
        "without_biggest": alone.ratio_without[alone.largest] if known else None,
        "reason": "",
    }


def _confirmed(own: ImpactMap, about: list[Measured], result: SocialReturn) -> float | None:
    """Return the ratio of what the measurement bears out; None where no line rests on a measurement."""
    if own.ranges is None or not any(
        of.estimated or evidence == "measured" for of, evidence in zip(about, own.lines["evidence"], strict=True)
    ):
        return None
    table = own.ranges.central.table()
    table[KINDS.index("deadweight")] = [
        confirmed_deadweight(own.lines.iloc[place], about[place]) for place in own.places
    ]
    return float(present_values(table, result.rate).sum()) / result.inputs


def _line_rows(own: ImpactMap, about: list[Measured], result: SocialReturn | None) -> list[dict[str, Any]]:
    nothing = np.full(own.places.size, np.nan)
    impact, present, shares = (
        (nothing, nothing, nothing) if result is None else (result.impact, result.present_values, result.shares)
    )
    table = own.lines.assign(
        proxy_indexed=own.proxy,
        impact=own.spread(impact),
        present_value=own.spread(present),
        share=own.spread(shares),
    )
    rows = [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
    for place, of in enumerate(about):
        if of.persons.shown:
            ends = {"measured": of.persons.value, "measured_low": of.persons.low, "measured_high": of.persons.high}
            rows[place] |= ends | {"claimed": net_persons(own.lines.iloc[place]), "decided": of.improved}
        rows[place].setdefault("decided", False)
    return rows


def _year_rows(result: SocialReturn) -> Iterator[dict[str, Any]]:
    for year, value in enumerate(result.values.sum(axis=0), start=1):  # noqa: PD011
        yield {"year": year, "value": value, "discounted": value / (1 + result.rate) ** year}


def _stakeholder_rows(own: ImpactMap, result: SocialReturn) -> Iterator[dict[str, Any]]:
    """Yield the value by stakeholder, the largest first."""
    names = own.lines["stakeholder"].iloc[own.places].to_numpy()
    values = pd.Series(result.present_values).groupby(names).sum().sort_values(ascending=False, kind="stable")
    for stakeholder, value in values.items():
        share = value / result.present_value if result.present_value else None
        yield {"stakeholder": stakeholder, "present_value": value, "share": share}


def _stored(table: pd.DataFrame) -> pd.DataFrame:
    digits = {
        name: MONEY_DIGITS if name in _MONEY else SHARE_DIGITS
        for name, kind in table.dtypes.items()
        if kind == "Float64"
    }
    return table.round(digits)
