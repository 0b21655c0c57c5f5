"""What support cost, what one lasting outcome cost, and what doing nothing costs."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import numpy as np
import pandas as pd

from ropsanalysis.social_impact.parameters import SocialImpactParameters
from ropsanalysis.social_impact.prices import price_factors
from ropsanalysis.social_impact.published import as_table, conform
from ropsanalysis.social_impact.records import Effect, Level, Participation
from ropsanalysis.social_impact.schema import Inputs
from ropsanalysis.stats.records import Estimate, as_records
from ropsanalysis.stats.social_return import years_worth

LASTING: Final = ("work", "income_work")
"""Outcomes of which the cost of one that lasts is told; of both, more is better."""
LAST_WAVE: Final = "m12"
MONEY_DIGITS: Final = 4
"""Digits of amounts in stored tables."""


def cost_table(inputs: Inputs) -> pd.DataFrame:
    """Return the costs as paid and in prices of the report, by voivodeship, year and payer."""
    costs = inputs.costs.sort_values(["teryt", "year", "payer"], ignore_index=True)
    found = costs.rename(columns={"amount_pln": "amount"})
    found["indexed"] = found["amount"].to_numpy(dtype=np.float64) * price_factors(costs["year"], inputs)
    return _stored("costs", found)


def served(costs: pd.DataFrame) -> dict[str, float]:
    """Return the participants of each voivodeship with costs; NaN where a year does not tell them.

    Parameters
    ----------
    costs
        Columns teryt, year and participants.

    Notes
    -----
    Payers of one year pay for the same persons, so that of each year the largest number counts, and years add up.
    """
    most = costs.groupby(["teryt", "year"], sort=True)["participants"].max().astype("float64")
    totals = most.groupby("teryt").agg(lambda years: years.sum(skipna=False))
    return {str(teryt): float(number) for teryt, number in totals.items()}


def cost_per_table(
    costs: pd.DataFrame,
    effects: pd.DataFrame,
    participation: pd.DataFrame,
    levels: pd.DataFrame,
    *,
    improved: Collection[tuple[str, str]],
) -> pd.DataFrame:
    """Return the cost of one outcome that lasts, by voivodeship with costs.

    Parameters
    ----------
    costs
        The published table of costs.
    effects, participation, levels
        The published tables of persons.
    improved
        Voivodeship and outcome of each effect beside a comparison group that is one for the better after Holm's
        correction.

    Notes
    -----
    Gross: the cost per participant over the share of participants with the outcome 12 months after exit, those included
    who had it at entry. Net: over the effect that the report's claim rests on, only where that claim is one of
    improvement (else "undecided"); a cost per outcome that may as well be infinite is no number. Both take the interval
    of the share and hold the cost per participant as certain. Participants are counted as in `served`; where a year has
    none, the cost per participant is not known, and neither where the costs cannot be indexed ("no_prices").
    """
    rows: list[dict[str, Any]] = []
    for teryt, own in costs.groupby("teryt", sort=True):
        code = str(teryt)
        began = as_records(participation, Participation, teryt=code)
        absent = next((row.reason for row in began if row.reason and row.group == "participant"), "no_data")
        per_person = _per_participant(own)
        unpriced = bool(own["indexed"].isna().any())
        for outcome in LASTING:
            shares = {
                "gross": _level(as_records(levels, Level, teryt=code), outcome, absent),
                "net": _effect(
                    as_records(effects, Effect, teryt=code), outcome, absent, improved=(code, outcome) in improved
                ),
            }
            for basis, (share, reason) in shares.items():
                keys = {"teryt": code, "outcome": outcome, "basis": basis}
                rows.append(keys | ({"reason": "no_prices"} if unpriced else _cost_of_one(per_person, share, reason)))
    return _stored("cost_per", as_table("cost_per", rows))


def inaction_table(inputs: Inputs, *, parameters: SocialImpactParameters) -> pd.DataFrame:
    """Return the cost of doing nothing, in prices of the report and discounted, item by item.

    Notes
    -----
    Persons times cost per person and year, over `years`, the first year discounted once as in the impact map; what is
    avoided is `reduction` of it. An item whose prices cannot be indexed has no cost.
    """
    found = inputs.inaction.sort_values(["teryt", "item", "payer"], ignore_index=True)
    yearly = found["persons"] * found["cost_per_person_year_pln"] * price_factors(found["price_year"], inputs)
    cost = yearly * years_worth(0.0, found["years"], parameters.discount_rate)
    return _stored("inaction", found.assign(cost=cost, avoided=cost * found["reduction"]))


def _stored(name: str, table: pd.DataFrame) -> pd.DataFrame:
    return conform(name, table).round(MONEY_DIGITS)


def _per_participant(costs: pd.DataFrame) -> float:
    """Return the cost per participant; NaN where it is not known."""
    (persons,) = served(costs).values()
    total = costs["indexed"].to_numpy(dtype=np.float64, na_value=np.nan).sum()
    return float(total / persons) if persons > 0 and total > 0 else np.nan


def _level(rows: tuple[Level, ...], outcome: str, absent: str) -> tuple[Estimate | None, str]:
    for row in rows:
        if (row.group, row.outcome, row.wave) == ("participant", outcome, LAST_WAVE):
            shown = row.level.value is not None and row.level.value > 0
            return (row.level, "") if shown else (None, row.reason or "unstable")
    return None, absent


def _effect(rows: tuple[Effect, ...], outcome: str, absent: str, *, improved: bool) -> tuple[Estimate | None, str]:
    for row in rows:
        if row.outcome == outcome and row.main:
            if row.reason:
                return None, row.reason
            if row.method == "before_after":
                return None, "no_comparison"
            return (row.effect, "") if improved else (None, "undecided")
    return None, absent


def _cost_of_one(per_person: float, share: Estimate | None, reason: str) -> dict[str, Any]:
    if np.isnan(per_person):
        return {"reason": "no_data"}
    if share is None or share.value is None:
        return {"per_participant": per_person, "reason": reason}
    low, high = (per_person / end if end is not None and end > 0 else None for end in (share.high, share.low))
    return {
        "cost": per_person / share.value, "cost_low": low, "cost_high": high, "per_participant": per_person,
        "reason": "",
    }  # fmt: skip
