"""Levels of each outcome at the four waves, and what changed for participants from entry to 12 months after exit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from ropsanalysis.social_impact import protection
from ropsanalysis.social_impact.followup import Base, Study
from ropsanalysis.social_impact.parameters import SocialImpactParameters
from ropsanalysis.social_impact.persons import ENTRY, M12, longest
from ropsanalysis.social_impact.published import as_table
from ropsanalysis.social_impact.records import Outcome
from ropsanalysis.social_impact.schema import GROUPS, WAVES
from ropsanalysis.stats.comparison import adjust
from ropsanalysis.stats.effects import cluster_least_squares
from ropsanalysis.stats.intervals import t_interval
from ropsanalysis.stats.paired import paired_duration, paired_mean, paired_ordinal, paired_share
from ropsanalysis.stats.vocabulary import SIGN, BoolVector, Direction, FloatVector, IntVector

NOTHING: Final = (np.nan, np.nan, np.nan)


@dataclass(frozen=True, slots=True)
class Found:
    """Change of participants on an outcome, not rounded.

    Attributes
    ----------
    teryt, outcome
        Voivodeship and outcome.
    n
        Persons.
    change, size
        Estimate and ends of its interval; NaN where there is none.
    size_name
        "d", "h" or "or", see `records.Change`.
    p, p_adjusted
        Of no change, by itself and corrected for the outcomes of the voivodeship.
    spread
        Standard deviation at entry.
    smallest
        Smallest important difference.
    reason
        Why there is nothing; "" where there is.
    """

    teryt: str
    outcome: Outcome
    n: int
    change: tuple[float, float, float] = NOTHING
    size: tuple[float, float, float] = NOTHING
    size_name: str = ""
    p: float = np.nan
    p_adjusted: float = np.nan
    spread: float = np.nan
    smallest: float = np.nan
    reason: str = ""


def levels_table(studies: Iterable[Study], *, parameters: SocialImpactParameters) -> pd.DataFrame:
    """Level of each outcome by group and wave, of those who answered it at all waves, weighted for loss.

    Notes
    -----
    Intervals allow for what persons of one entity share; those of shares are symmetric on the logit scale. A group in
    fewer than ``min_clusters`` entities has none. A duration has one level, the mean time up to its longest, at the
    last wave.
    """
    rows = [
        row
        for found in studies
        for base in found.bases
        for group in GROUPS
        if found.persons.group(group).any()
        for row in _levels(found, base, group, parameters)
    ]
    return as_table("levels", rows)


def changes_of(studies: Iterable[Study], *, parameters: SocialImpactParameters) -> list[Found]:
    """Change of participants from entry to 12 months after exit, for each outcome but durations, not rounded.

    Notes
    -----
    A duration is known only after the exit, so that it cannot change. p-values are corrected by Holm's method over the
    outcomes of a voivodeship.
    """
    found = []
    for one in studies:
        own = [_change(one, base, parameters) for base in one.bases if base.outcome.kind != "duration"]
        adjusted = adjust([change.p for change in own], method="holm") if own else ()
        found += [replace(change, p_adjusted=float(p)) for change, p in zip(own, adjusted, strict=True)]
    return found


def changes_table(found: Sequence[Found], *, parameters: SocialImpactParameters) -> pd.DataFrame:
    """Publish what changed for participants, without any comparison."""
    rows = []
    for one in found:
        row: dict[str, Any] = {"teryt": one.teryt, "outcome": one.outcome.key, "size_name": "", "reason": one.reason}
        judged = verdict(
            one.change, p_adjusted=one.p_adjusted, smallest=one.smallest, outcome=one.outcome, alpha=parameters.alpha
        )
        row["verdict"] = judged if one.reason == "" else "unclear"
        if one.reason == "":
            digits = protection.digits_of(one.outcome)
            row |= protection.estimate("change", *one.change, digits=digits)
            row |= protection.estimate("size", *one.size, digits=protection.SIZE_DIGITS)
            row |= {
                "n": one.n,
                "size_name": one.size_name,
                "p": protection.rounded(one.p, protection.P_DIGITS),
                "p_adjusted": protection.rounded(one.p_adjusted, protection.P_DIGITS),
                "smallest": protection.rounded(one.smallest, digits),
            }
        rows.append(row)
    return as_table("changes", rows)


def verdict(
    effect: tuple[float, float, float], *, p_adjusted: float, smallest: float, outcome: Outcome, alpha: float
) -> str:
    """Return what an effect with its interval amounts to: "improved", "worsened", "small" or "unclear".

    Parameters
    ----------
    p_adjusted
        Corrected for the number of outcomes; NaN where there is no test.
    smallest
        Smallest important difference; NaN where none is known.

    Notes
    -----
    "small": the whole interval is smaller than important, whether or not it includes no effect.
    """
    value, low, high = effect
    if -smallest < low and high < smallest:
        return "small"
    if not p_adjusted < alpha or value == 0:
        return "unclear"
    return "improved" if value * SIGN[_direction(outcome)] > 0 else "worsened"


def clustered_enough(found: Study, *sets: BoolVector, parameters: SocialImpactParameters) -> bool:
    """Return whether each set of persons comes from enough entities for an interval."""
    return all(np.unique(found.persons.cluster[members]).size >= parameters.min_clusters for members in sets)


def _levels(found: Study, base: Base, group: str, parameters: SocialImpactParameters) -> Iterator[dict[str, Any]]:
    outcome, persons = base.outcome, found.persons
    members = base.members & persons.group(group)
    reason = base.reason[group]
    waves = (WAVES[M12],) if outcome.kind == "duration" else WAVES
    estimates = [NOTHING] * len(waves)
    if reason == "":
        estimates = _estimates(found, outcome, members, parameters)
        if not clustered_enough(found, members, parameters=parameters):
            estimates = [(value, np.nan, np.nan) for value, _, _ in estimates]
    for wave, numbers in zip(waves, estimates, strict=True):
        row = {"teryt": persons.teryt, "group": group, "outcome": outcome.key, "wave": wave, "reason": reason}
        n = int(members.sum()) if reason == "" else None
        yield row | protection.estimate("level", *numbers, digits=protection.digits_of(outcome)) | {"n": n}


def _estimates(
    found: Study, outcome: Outcome, members: BoolVector, parameters: SocialImpactParameters
) -> list[tuple[float, float, float]]:
    """Return the weighted mean with its interval, of each wave."""
    clusters, weights = found.persons.cluster[members], found.weights[members]
    if outcome.kind == "duration":
        time, event = (part[members] for part in found.persons.waiting(outcome))
        mean = paired_duration(
            time, event, horizon=longest(outcome), weights=weights, clusters=clusters, confidence=parameters.confidence
        )
        return [(mean.mean, mean.low, mean.high)]
    answers = found.persons.answers[outcome.key][members]
    fit = cluster_least_squares(np.ones((len(answers), 1)), answers, clusters=clusters, weights=weights)
    mean, se = fit.coefficients[0], fit.se[0]
    if outcome.kind != "share":
        limits = t_interval(mean, se, fit.df, confidence=parameters.confidence)
        return list(zip(mean, limits.low, limits.high, strict=True))
    limits = t_interval(logit(mean), se / (mean * (1 - mean)), fit.df, confidence=parameters.confidence)
    return list(zip(mean, expit(limits.low), expit(limits.high), strict=True))


def _change(found: Study, base: Base, parameters: SocialImpactParameters) -> Found:
    outcome, persons = base.outcome, found.persons
    members = base.members & persons.participant
    blank = Found(persons.teryt, outcome, int(members.sum()), reason=base.reason["participant"])
    if blank.reason:
        return blank
    before, after = persons.answers[outcome.key][members][:, [ENTRY, M12]].T
    weights, clusters = found.weights[members], persons.cluster[members]
    change = _of_means if outcome.kind in ("mean", "scale") else _of_shares if outcome.kind == "share" else _of_ranks
    result = change(blank, before, after, weights, clusters, parameters.confidence)
    spread = _standard_deviation(before, weights)
    smallest = parameters.smallest_difference_sd * spread
    if outcome.kind == "share":
        smallest = parameters.smallest_difference_share
    result = replace(result, spread=spread, smallest=smallest)
    if clustered_enough(found, members, parameters=parameters):
        return result
    unsure = [(numbers[0], np.nan, np.nan) for numbers in (result.change, result.size)]
    return replace(result, change=unsure[0], size=unsure[1], p=np.nan)


def _of_means(
    blank: Found, before: FloatVector, after: FloatVector, weights: FloatVector, clusters: IntVector, confidence: float
) -> Found:
    """Mean change; its size in standard deviations at entry, taken as known, with the correction for few persons."""
    mean = paired_mean(before, after, weights=weights, clusters=clusters, confidence=confidence)
    numbers = (mean.change, mean.low, mean.high)
    unit = (1 - 3 / (4 * (mean.n - 1) - 1)) / _standard_deviation(before, weights)
    low, high = (number * unit for number in numbers[1:])
    return replace(blank, change=numbers, size=(mean.change * unit, low, high), size_name="d", p=mean.p_value)


def _of_shares(
    blank: Found, before: FloatVector, after: FloatVector, weights: FloatVector, clusters: IntVector, confidence: float
) -> Found:
    """Change of a share; the ends of its size are those of the change, from the same share at entry."""
    share = paired_share(before, after, weights=weights, clusters=clusters, confidence=confidence)
    ends = np.clip(np.array([share.low, share.high]) + share.before, 0.0, 1.0)
    low, high = 2 * (np.arcsin(np.sqrt(ends)) - np.arcsin(np.sqrt(share.before)))
    return replace(
        blank,
        change=(share.difference, share.low, share.high),
        size=(share.cohens_h, float(low), float(high)),
        size_name="h",
        p=share.p_value,
    )


def _of_ranks(
    blank: Found, before: FloatVector, after: FloatVector, weights: FloatVector, clusters: IntVector, confidence: float
) -> Found:
    """Mean change of an ordered answer, with odds ratio and p-value of the ordinal model (of the mean without one)."""
    mean = paired_mean(before, after, weights=weights, clusters=clusters, confidence=confidence)
    ranks = paired_ordinal(
        before, after, direction=_direction(blank.outcome), weights=weights, clusters=clusters, confidence=confidence
    )
    return replace(
        blank,
        change=(mean.change, mean.low, mean.high),
        size=(ranks.odds_ratio, ranks.low, ranks.high),
        size_name="or",
        p=mean.p_value if np.isnan(ranks.p_value) else ranks.p_value,
    )


def _direction(outcome: Outcome) -> Direction:
    return "lower" if outcome.direction == "lower" else "higher"


def _standard_deviation(values: FloatVector, weights: FloatVector) -> float:
    centre = np.average(values, weights=weights)
    return float(np.sqrt(np.average((values - centre) ** 2, weights=weights) * values.size / (values.size - 1)))
