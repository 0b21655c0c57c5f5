"""Who took part, who was seen again, how the lost differ, and whom each outcome is computed from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from ropsanalysis.social_impact import protection
from ropsanalysis.social_impact.parameters import SocialImpactParameters
from ropsanalysis.social_impact.persons import Persons, filled, telling_traits
from ropsanalysis.social_impact.published import as_table
from ropsanalysis.social_impact.records import Outcome
from ropsanalysis.social_impact.schema import GROUPS, KINDS, WAVES
from ropsanalysis.stats import attrition, scales
from ropsanalysis.stats.joined_parts import joined_parts
from ropsanalysis.stats.vocabulary import BoolVector, FloatVector, IntVector

ALL: Final = "all"
"""In place of a wave: seen at all four."""


@dataclass(frozen=True, slots=True, eq=False)
class Base:
    """Persons whom an outcome is computed from.

    Attributes
    ----------
    outcome
        The outcome.
    members
        Shape (n,): who answered it at all waves.
    reason
        Group -> why nothing may be printed of it: "few", "protected" (then of both groups), "no_data" or
        "no_comparison" for an empty group, "" if it may.
    """

    outcome: Outcome
    members: BoolVector
    reason: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """One voivodeship's persons with what was lost of them.

    Attributes
    ----------
    persons
        The persons.
    bases
        One for each outcome, in the catalogue's order.
    losses
        Group -> model of who was seen at all waves, in the order of the group's persons; no empty group.
    told
        Group -> shape (q,): traits that the model is made from.
    weights
        Shape (n,): weights that let those seen at all waves stand for their group; NaN for the lost.
    """

    persons: Persons
    bases: tuple[Base, ...]
    losses: Mapping[str, attrition.Retention]
    told: Mapping[str, IntVector]
    weights: FloatVector


def study(persons: Persons, outcomes: Iterable[Outcome], *, parameters: SocialImpactParameters) -> Study:
    """Return the persons with their bases, and weights for those who were lost."""
    losses, told, weights = {}, {}, np.full(len(persons), np.nan)
    for name in GROUPS:
        members = persons.group(name)
        if members.any():
            traits = persons.traits[members]
            told[name] = telling_traits(filled(traits), fewest=parameters.min_count)
            losses[name] = attrition.retention(
                persons.throughout[members], traits[:, told[name]], trim_quantile=parameters.trim_quantile
            )
            weights[members] = losses[name].weights
    bases = _without_small_gaps(persons, [_base(persons, outcome, parameters) for outcome in outcomes], parameters)
    return Study(persons, bases, losses, told, weights)


def followup_tables(studies: Sequence[Study], *, parameters: SocialImpactParameters) -> dict[str, pd.DataFrame]:
    """Return the tables participation, retention, lost and reliability."""
    parts = {
        "participation": _participation,
        "retention": _retention,
        "lost": _lost,
        "reliability": _reliability,
    }
    return {
        name: as_table(name, [row for found in studies for row in rows(found, parameters)])
        for name, rows in parts.items()
    }


def _base(persons: Persons, outcome: Outcome, parameters: SocialImpactParameters) -> Base:
    members = persons.base(outcome)
    answers = persons.waiting(outcome).time[:, None] if outcome.kind == "duration" else persons.answers[outcome.key]
    reason: dict[str, str] = {}
    for name in GROUPS:
        group = persons.group(name)
        reason[name] = (
            protection.hidden_because(answers[members & group], parameters=parameters)
            if group.any()
            else {"participant": "no_data", "comparison": "no_comparison"}[name]
        )
    if "protected" in reason.values():
        reason = {name: "protected" if why == "" else why for name, why in reason.items()}
    return Base(outcome, members, reason)


def _without_small_gaps(
    persons: Persons, bases: Sequence[Base], parameters: SocialImpactParameters
) -> tuple[Base, ...]:
    """Hide outcomes that, beside the one they lie within, would tell of a few persons; see `protection.NESTED`."""
    found = {base.outcome.key: base for base in bases}
    for inner, outer in protection.NESTED:
        if not {inner, outer} <= set(found):
            continue
        part, whole = found[inner], found[outer]
        for name in GROUPS:
            shown = part.reason[name] == whole.reason[name] == ""
            answers = [persons.answers[key] for key in (inner, outer)]
            # Those of either share, and those of both: a few who left one question out must not hide a small number.
            sets = [
                members & persons.group(name)
                for members in (part.members | whole.members, part.members & whole.members)
            ]
            if shown and any(
                protection.tells_difference(*(a[s] for a in answers), parameters=parameters) for s in sets
            ):
                reason = {group: why or "protected" for group, why in found[inner].reason.items()}
                found[inner] = replace(part, reason=reason)
    return tuple(found.values())


def _participation(found: Study, parameters: SocialImpactParameters) -> Iterator[dict[str, Any]]:
    persons = found.persons
    for name in GROUPS:
        group = persons.group(name)
        row = {"teryt": persons.teryt, "group": name, "kinds": "", "reason": ""}
        if group.sum() < parameters.min_persons:
            empty = "no_data" if name == "participant" else "no_comparison"
            yield row | {"reason": "few" if group.any() else empty}
            continue
        yield row | _counts(persons, group)
        present = {kind: int((persons.kind[group] == code).sum()) for code, kind in enumerate(KINDS)}
        counts = {kind: [count] for kind, count in present.items() if count}
        for part in joined_parts(counts, fewest=parameters.min_persons):
            codes = [KINDS.index(kind) for kind in part]
            yield row | {"kinds": "+".join(part)} | _counts(persons, group & np.isin(persons.kind, codes))


def _counts(persons: Persons, members: BoolVector) -> dict[str, int]:
    return {"persons": int(members.sum()), "entities": int(np.unique(persons.cluster[members]).size)}


def _retention(found: Study, parameters: SocialImpactParameters) -> Iterator[dict[str, Any]]:
    persons = found.persons
    for name in GROUPS:
        group = persons.group(name)
        if not group.any():
            continue
        few = group.sum() < parameters.min_persons
        columns = dict(zip(WAVES, persons.seen[group].T, strict=True)) | {ALL: persons.throughout[group]}
        for wave, seen in columns.items():
            share = None if few else protection.rounded(seen.mean(), protection.RETENTION_DIGITS)
            reason = "few" if few else ""
            yield {"teryt": persons.teryt, "group": name, "wave": wave, "share": share, "reason": reason}


def _lost(found: Study, parameters: SocialImpactParameters) -> Iterator[dict[str, Any]]:
    persons = found.persons
    for name, loss in found.losses.items():
        group = persons.group(name)
        sets = (group & persons.throughout, group & ~persons.throughout)
        shown = protection.open_traits(persons.traits, *sets, names=persons.trait_names, parameters=parameters)
        for place, trait in enumerate(found.told[name]):
            row: dict[str, Any] = {"teryt": persons.teryt, "group": name, "trait": persons.trait_names[trait]}
            if shown[trait]:
                row["difference"] = protection.rounded(loss.before[place], protection.SIZE_DIGITS)
                row["difference_weighted"] = protection.rounded(loss.after[place], protection.SIZE_DIGITS)
            yield row


def _reliability(found: Study, parameters: SocialImpactParameters) -> Iterator[dict[str, Any]]:
    """Yield the scales' rows, of groups that are large enough: the size of a small one would follow from the sum."""
    persons = found.persons
    large = [persons.group(name) for name in GROUPS if persons.group(name).sum() >= parameters.min_persons]
    members = np.any(large, axis=0) if large else np.zeros(len(persons), dtype=np.bool_)
    for scale, everybody in persons.items.items():
        items = everybody[members]
        row: dict[str, Any] = {"teryt": persons.teryt, "outcome": scale, "reason": ""}
        if (~np.isnan(items).all(axis=1)).sum() < parameters.min_persons:
            yield row | {"reason": "few"}
            continue
        result = scales.reliability(items, confidence=parameters.confidence)
        if result.n < parameters.min_persons or np.isnan(result.alpha):
            yield row | {"reason": "unstable"}
            continue
        digits = protection.SIZE_DIGITS
        alpha = protection.estimate("alpha", result.alpha, result.low, result.high, digits=digits)
        omega = protection.rounded(result.omega, digits)
        yield row | alpha | {"omega": omega, "items": result.items, "n": result.n}
