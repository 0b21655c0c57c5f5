"""Support centres of the social economy (OWES) side by side: jobs, whether they last, what they cost.

What the accreditation standards ask to be measured is not published in the sources at hand, so nothing here claims to
be one of their indicators.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd

from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_economy.schema import Inputs
from ropsanalysis.stats.funnel import Family, Funnel, funnel
from ropsanalysis.stats.rates import binomial_interval
from ropsanalysis.stats.tables import frame
from ropsanalysis.stats.vocabulary import FloatVector

ALL_YEARS: Final = 0
"""What stands as the year of the rows over all years together."""

MONTHS: Final = ("12m", "24m")
MILLION: Final = 1_000_000
GRID: Final = 120
"""Points at which the limits of a funnel plot are drawn."""

_PER_PERIOD: Final = {
    name: "Float64" for month in MONTHS
    for name in (f"base_{month}", f"jobs_after_{month}", f"share_{month}", f"low_{month}", f"high_{month}")
}  # fmt: skip
OWES_COLUMNS: Final = {
    "owes": "str", "name": "str", "teryt": "str", "subregion": "str", "year": "Int64", "advice_hours": "Float64",
    "jobs_created": "Float64", "enterprises_created": "Float64", "cost_pln": "Float64", **_PER_PERIOD,
    "cost_per_job": "Float64", "cost_per_lasting_job": "Float64", "hours_per_enterprise": "Float64",
}  # fmt: skip
_LIMITS: Final = {
    "centre": "Float64", "low_inner": "Float64", "high_inner": "Float64", "low_outer": "Float64",
    "high_outer": "Float64",
}  # fmt: skip
FUNNEL_COLUMNS: Final = {
    "measure": "str", "owes": "str", "name": "str", "teryt": "str", "base": "Float64", "value": "Float64", **_LIMITS,
    "verdict": "str", "dispersion": "Float64", "adjusted": "bool",
}  # fmt: skip
LIMIT_COLUMNS: Final = {"measure": "str", "base": "Float64", **_LIMITS}

_AMOUNTS: Final = ("advice_hours", "jobs_created", "enterprises_created", "cost_pln")
_WORDS: Final = ("name", "teryt", "subregion")
_PAIRS: Final = (
    (("cost_pln", "paid_cost"), ("jobs_created", "paid_jobs")),
    (("advice_hours", "advised_hours"), ("enterprises_created", "advised_enterprises")),
)
"""Numbers of which a ratio is made, and what each is called where both are known."""
_FUNNELS: Final[tuple[tuple[str, Family, str, str], ...]] = (
    ("share_12m", "binomial", "jobs_after_12m", "base_12m"),
    ("share_24m", "binomial", "jobs_after_24m", "base_24m"),
    ("jobs_per_million", "poisson", "paid_jobs", "paid_millions"),
)
"""Measure, what chance does to it, its counts and what they are of."""


def owes_tables(inputs: Inputs, *, parameters: SocialEconomyParameters) -> dict[str, pd.DataFrame]:
    """Build what support centres did, and how they compare.

    Parameters
    ----------
    inputs
        Of which the support is read; it may be empty.
    parameters
        ``confidence`` of the intervals of shares, the levels of the limits and ``alpha`` of the test of
        overdispersion.

    Returns
    -------
    dict of str to pandas.DataFrame
        ``owes``: a row per centre and year, and one of all years together (year 0). ``owes_funnel``: centres of all
        voivodeships against limits of chance, all years together. ``owes_limits``: the same limits over a grid of
        bases, for drawing.

    Notes
    -----
    A share of lasting jobs is over jobs created in years of which it is known how many lasted; its interval is
    Wilson's. A cost per lasting job sets the cost of those same years against the jobs that lasted 12 months: it is
    the cost of all that the centre did. Sums over years are null where one of the years is; ratios are over the years
    in which both numbers are known, and null where the divisor is 0.
    """
    summed = _with_totals(inputs.support)
    table = summed.assign(**_ratios(summed, parameters.confidence))
    whole = table[table["year"] == ALL_YEARS].reset_index(drop=True)
    points: list[dict[str, Any]] = []
    grids: list[dict[str, Any]] = []
    for measure, family, counts, base in _FUNNELS:
        compared = whole[(whole[base] > 0) & whole[counts].notna()]
        if compared.empty:
            continue
        result = funnel(
            compared[counts],
            compared[base],
            family=family,
            levels=(parameters.funnel_inner, parameters.funnel_outer),
            alpha=parameters.alpha,
        )
        points.extend(_points(measure, compared, result))
        grids.extend(_grid(measure, result))
    return {
        "owes": table[list(OWES_COLUMNS)].astype(OWES_COLUMNS).reset_index(drop=True),
        "owes_funnel": frame(points, FUNNEL_COLUMNS),
        "owes_limits": frame(grids, LIMIT_COLUMNS),
    }


def _with_totals(support: pd.DataFrame) -> pd.DataFrame:
    """Return the years of each centre and, before them, its sums; with the parts that ratios are made of."""
    yearly = support.sort_values(["owes", "year"], ignore_index=True)
    parts: dict[str, pd.Series[float]] = {}
    for month in MONTHS:
        known = yearly[f"jobs_after_{month}"].notna() & yearly["jobs_created"].notna()
        parts[f"base_{month}"] = yearly["jobs_created"].where(known, 0.0)
        parts[f"jobs_after_{month}"] = yearly[f"jobs_after_{month}"].where(known)
        parts[f"cost_{month}"] = yearly["cost_pln"].where(known)
    for (top, above), (bottom, below) in _PAIRS:
        both = yearly[top].notna() & yearly[bottom].notna()
        parts[above], parts[below] = yearly[top].where(both), yearly[bottom].where(both)
    parts["paid_millions"] = parts["paid_cost"] / MILLION
    yearly = yearly.assign(**parts)
    grouped = yearly.groupby("owes", sort=True)
    amounts = grouped[list(_AMOUNTS)]
    complete = amounts.sum().where(amounts.count().eq(grouped.size(), axis=0))
    summed = grouped[list(parts)].sum(min_count=1)
    totals = grouped[list(_WORDS)].last().join([complete, summed]).assign(year=ALL_YEARS).reset_index()
    return pd.concat([totals, yearly], ignore_index=True).sort_values(["owes", "year"], ignore_index=True)


def _ratios(table: pd.DataFrame, confidence: float) -> dict[str, Any]:
    found: dict[str, Any] = {
        "cost_per_job": _divide(table["paid_cost"], table["paid_jobs"]),
        "cost_per_lasting_job": _divide(table["cost_12m"], table["jobs_after_12m"]),
        "hours_per_enterprise": _divide(table["advised_hours"], table["advised_enterprises"]),
    }
    for month in MONTHS:
        base, lasting = table[f"base_{month}"], table[f"jobs_after_{month}"]
        limits = binomial_interval(lasting, base, method="wilson", confidence=confidence)
        found |= {f"share_{month}": _divide(lasting, base), f"low_{month}": limits.low, f"high_{month}": limits.high}
    return found


def _divide(top: pd.Series[float], bottom: pd.Series[float]) -> FloatVector:
    above, below = top.to_numpy(dtype=np.float64), bottom.to_numpy(dtype=np.float64)
    quotient: FloatVector = np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)
    return quotient


def _points(measure: str, centres: pd.DataFrame, result: Funnel) -> Iterator[dict[str, Any]]:
    limits = result.limits
    words = centres[["owes", "name", "teryt"]].itertuples(index=False, name=None)
    for place, (key, name, teryt) in enumerate(words):
        yield {
            "measure": measure,
            "owes": key,
            "name": name,
            "teryt": teryt,
            "base": result.base[place],
            "value": result.value[place],
            "centre": result.target,
            "low_inner": limits.low_inner[place],
            "high_inner": limits.high_inner[place],
            "low_outer": limits.low_outer[place],
            "high_outer": limits.high_outer[place],
            "verdict": result.verdict[place],
            "dispersion": result.dispersion.phi,
            "adjusted": result.adjusted,
        }


def _grid(measure: str, result: Funnel) -> Iterator[dict[str, Any]]:
    """Yield the limits from half the smallest base to a little beyond the largest, denser where they bend."""
    base = np.geomspace(result.base.min() / 2, result.base.max() * 1.05, GRID)
    if result.family == "binomial":
        base = np.unique(np.ceil(base))
    limits = result.limits_at(base)
    for place, at in enumerate(base):
        yield {
            "measure": measure,
            "base": at,
            "centre": result.target,
            "low_inner": limits.low_inner[place],
            "high_inner": limits.high_inner[place],
            "low_outer": limits.low_outer[place],
            "high_outer": limits.high_outer[place],
        }
