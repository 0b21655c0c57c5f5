"""What the report claims of persons, gminas and value: one row per claim, with its grade and what would change it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.stats import norm

from ropsanalysis.social_impact import evidence, protection
from ropsanalysis.social_impact.attribution import doubts_about, weaknesses
from ropsanalysis.social_impact.outcomes import verdict
from ropsanalysis.social_impact.parameters import SocialImpactParameters
from ropsanalysis.social_impact.published import as_table, conform
from ropsanalysis.social_impact.records import (
    CentreEffect,
    CentreTest,
    Change,
    Comparison,
    Effect,
    Outcome,
    Overclaim,
    ValueSummary,
)
from ropsanalysis.stats.comparison import adjust
from ropsanalysis.stats.records import Estimate, as_records

VALUE_METHOD: Final = "sroi"
_DECIDED: Final = ("improved", "worsened")
_RATIO_DIGITS: Final = 4


def claims(
    effects: pd.DataFrame,
    comparison: pd.DataFrame,
    retention: pd.DataFrame,
    centre_effects: pd.DataFrame,
    centre_tests: pd.DataFrame,
    value_summary: pd.DataFrame,
    overclaims: pd.DataFrame,
    *,
    outcomes: pd.DataFrame,
    changes: pd.DataFrame,
    participation: pd.DataFrame,
    parameters: SocialImpactParameters,
) -> pd.DataFrame:
    """Return all claims: persons first, then gminas, then value.

    Parameters
    ----------
    effects, comparison, retention, centre_effects, centre_tests, value_summary, overclaims
        Published tables; each may be empty.
    outcomes
        Published table: which direction of an outcome is good.
    changes
        Published table: the smallest important differences.
    participation
        Published table: how many entities the groups come from.

    Notes
    -----
    A claim rests on published numbers only, so that a reader can follow every verdict. Whether a difference between
    gminas is more than chance is judged by its interval, as if it were normal, and corrected by Holm's method over the
    outcomes of a voivodeship (or Poland). No smallest important difference is known there. A ratio of value is no
    measured effect: its grade is that of an assumption, and its verdict is whether its interval lies on one side of 1.
    """
    known = {outcome.key: outcome for outcome in as_records(outcomes, Outcome)}
    weak = weaknesses(retention, participation, parameters=parameters)
    smallest = {(c.teryt, c.outcome): _number(c.smallest) for c in as_records(changes, Change)}
    judged = {c.teryt: c.verdict for c in as_records(comparison, Comparison)}
    rows: list[dict[str, Any]] = []
    for effect in as_records(effects, Effect):
        if effect.main:
            doubts = doubts_about(effect.teryt, effect.method, judged[effect.teryt], weak)
            least = smallest.get((effect.teryt, effect.outcome), np.nan)
            rows.append(_of_persons(effect, known[effect.outcome], doubts, least, parameters))
    rows += _of_gminas(
        as_records(conform("centre_effects", centre_effects), CentreEffect),
        as_records(conform("centre_tests", centre_tests), CentreTest),
        known,
        parameters,
    )
    rows += _of_value(
        as_records(conform("value_summary", value_summary), ValueSummary), as_records(overclaims, Overclaim)
    )
    return as_table("claims", rows)


def _of_persons(
    effect: Effect, outcome: Outcome, doubts: Sequence[str], smallest: float, parameters: SocialImpactParameters
) -> dict[str, Any]:
    row = {"teryt": effect.teryt, "subject": "persons", "outcome": effect.outcome, "method": effect.method}
    if not effect.effect.shown:
        return row | _unknown(effect.reason)
    found = verdict(
        _numbers(effect.effect),
        p_adjusted=_number(effect.p_adjusted),
        smallest=smallest,
        outcome=outcome,
        alpha=parameters.alpha,
    )
    known = {*doubts, *(["chance"] if _includes(effect.effect, 0.0) else []), *(["short"] if found in _DECIDED else [])}
    digits = protection.digits_of(outcome)
    return row | _known(effect.effect, effect.grade, found, known, digits)


def _of_gminas(
    effects: Iterable[CentreEffect],
    tests: Iterable[CentreTest],
    known: dict[str, Outcome],
    parameters: SocialImpactParameters,
) -> Iterator[dict[str, Any]]:
    """Yield a claim for each main effect of all openings."""
    main = [row for row in effects if row.main and row.kind == "simple"]
    failed = {(t.teryt, t.outcome, t.controls, t.test) for t in tests if not t.passed}
    adjusted: dict[tuple[str, str], float] = {}
    for teryt in {row.teryt for row in main}:
        own = [row for row in main if row.teryt == teryt]
        p = adjust([_p_of(row.effect, parameters.confidence) for row in own], method="holm")
        adjusted |= {(teryt, row.outcome): float(number) for row, number in zip(own, p, strict=True)}
    for row in main:
        claim = {"teryt": row.teryt, "subject": "gminas", "outcome": row.outcome, "method": row.controls}
        if not row.effect.shown:
            yield claim | _unknown(row.reason) | ({"doubts": "few_gminas"} if row.reason == "few" else {})
            continue
        outcome = known[row.outcome]
        doubts = {t for t in ("pre_trend", "placebo") if (row.teryt, row.outcome, row.controls, t) in failed}
        if row.few:
            doubts.add("few_gminas")
        if _includes(row.effect, 0.0):
            doubts.add("chance")
        found = verdict(
            _numbers(row.effect),
            p_adjusted=adjusted[row.teryt, row.outcome],
            smallest=np.nan,
            outcome=outcome,
            alpha=parameters.alpha,
        )
        yield claim | _known(row.effect, row.grade, found, doubts | {"unmeasured_change"}, _RATIO_DIGITS)


def _of_value(summaries: Iterable[ValueSummary], found: Iterable[Overclaim]) -> Iterator[dict[str, Any]]:
    one_line = {row.teryt for row in found if row.code == "one_line"}
    for row in summaries:
        claim = {"teryt": row.teryt, "subject": "value", "outcome": "", "method": VALUE_METHOD}
        if not row.ratio.shown:
            yield claim | _unknown(row.reason)
            continue
        doubts = {"assumptions", *(["one_line"] if row.teryt in one_line else [])}
        _, low, high = _numbers(row.ratio)
        judged = "improved" if low > 1 else "worsened" if high < 1 else "unclear"
        yield claim | _known(row.ratio, evidence.ASSUMED, judged, doubts, _RATIO_DIGITS)


def _unknown(reason: str) -> dict[str, Any]:
    doubts = reason if reason in evidence.DOUBTS else ""
    return {"grade": evidence.UNKNOWN, "verdict": "unknown", "doubts": doubts, "reason": reason}


def _known(effect: Estimate, grade: int | None, found: str, doubts: Iterable[str], digits: int) -> dict[str, Any]:
    known = set(doubts)
    return protection.estimate("effect", *_numbers(effect), digits=digits) | {
        "grade": grade,
        "verdict": found,
        "doubts": "+".join(doubt for doubt in evidence.DOUBTS if doubt in known),
        "reason": "",
    }


def _number(value: float | None) -> float:
    return np.nan if value is None else value


def _numbers(estimate: Estimate) -> tuple[float, float, float]:
    value, low, high = (_number(number) for number in estimate)
    return value, low, high


def _includes(estimate: Estimate, null: float) -> bool:
    """Return whether the interval holds no effect; without an interval chance cannot be ruled out."""
    _, low, high = _numbers(estimate)
    return not (low > null or high < null)


def _p_of(estimate: Estimate, confidence: float) -> float:
    """p-value of no effect, read off a normal interval."""
    value, low, high = _numbers(estimate)
    se = (high - low) / (2 * float(norm.ppf((1 + confidence) / 2)))
    return float(2 * norm.sf(abs(value) / se)) if se > 0 else np.nan
