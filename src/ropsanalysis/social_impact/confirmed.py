"""Which part of an impact map the measurement bears out: persons that lines claim beside those that it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from ropsanalysis.social_impact.costs import served
from ropsanalysis.social_impact.outcomes import verdict
from ropsanalysis.social_impact.parameters import SocialImpactParameters
from ropsanalysis.social_impact.records import Change, Effect, Outcome
from ropsanalysis.stats.records import Estimate, as_records

NO_PERSONS: Final = Estimate(None, None, None)
PERSON_DIGITS: Final = 1
"""Digits of numbers of persons that are a product of a share."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What the comparison with persons without support says of an outcome.

    Attributes
    ----------
    estimated
        Whether there is such a comparison.
    improved
        Whether it shows, after Holm's correction, that support did good: the verdict of the report's claim.
    persons
        For a share and where the costs tell participants: participants times the effect, counted in the good
        direction, with the interval of the effect; else empty.
    """

    estimated: bool = False
    improved: bool = False
    persons: Estimate = NO_PERSONS


Known = dict[tuple[str, str], Measured]
"""By voivodeship and outcome."""


def measured(
    effects: pd.DataFrame,
    changes: pd.DataFrame,
    outcomes: pd.DataFrame,
    costs: pd.DataFrame,
    *,
    parameters: SocialImpactParameters,
) -> Known:
    """Return what is known of each outcome of persons with a main effect beside a comparison group.

    Parameters
    ----------
    effects, changes, outcomes
        Published tables.
    costs
        Columns teryt, year and participants.
    """
    known = {outcome.key: outcome for outcome in as_records(outcomes, Outcome)}
    smallest = {(row.teryt, row.outcome): _number(row.smallest) for row in as_records(changes, Change)}
    began = served(costs)
    found: Known = {}
    for row in as_records(effects, Effect):
        if not row.main or row.method == "before_after" or not row.effect.shown:
            continue
        outcome = known[row.outcome]
        judged = verdict(
            (_number(row.effect.value), _number(row.effect.low), _number(row.effect.high)),
            p_adjusted=_number(row.p_adjusted),
            smallest=smallest.get((row.teryt, row.outcome), np.nan),
            outcome=outcome,
            alpha=parameters.alpha,
        )
        persons = began.get(row.teryt, np.nan)
        told = outcome.kind == "share" and persons > 0
        found[row.teryt, row.outcome] = Measured(
            estimated=True,
            improved=judged == "improved",
            persons=_times(row.effect, persons, turned=outcome.direction == "lower") if told else NO_PERSONS,
        )
    return found


def net_persons(line: pd.Series[Any]) -> float:
    """Return how many persons (or units) a line claims beyond what would have happened anyway; NaN if not known."""
    return float(line["quantity"] * (1 - line["deadweight"]))


def confirmed_deadweight(line: pd.Series[Any], of: Measured) -> float:
    """Return the deadweight at which a line claims only what the measurement bears out.

    Notes
    -----
    1 where nothing is borne out: the effect is undecided, or the line calls itself measured and there is no comparison.
    Where an effect on a share is shown, the one that leaves as many persons as the measurement does (never more than
    the line's quantity). Else that of the map: an effect on a mean tells no number of persons, and a line that rests on
    no measurement is not for the measurement to judge.
    """
    own = float(line["deadweight"])
    if not of.improved:
        rests = line["evidence"] == "measured" or of.estimated
        return 1.0 if rests else own
    if of.persons.value is None or not line["quantity"] > 0:
        return own
    return float(np.clip(1 - of.persons.value / line["quantity"], 0.0, 1.0))


def _times(effect: Estimate, persons: float, *, turned: bool) -> Estimate:
    ends = (effect.value, effect.high, effect.low) if turned else tuple(effect)
    sign = -persons if turned else persons
    return Estimate(*(None if end is None else round(sign * end, PERSON_DIGITS) for end in ends))


def _number(value: float | None) -> float:
    return np.nan if value is None else value
