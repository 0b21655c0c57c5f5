"""How well the comparison group serves: overlap, balance, and a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from ropsanalysis.social_impact import protection
from ropsanalysis.social_impact.followup import Study
from ropsanalysis.social_impact.parameters import SocialImpactParameters
from ropsanalysis.social_impact.persons import Persons, filled, telling_traits
from ropsanalysis.social_impact.published import as_table
from ropsanalysis.social_impact.schema import GROUPS
from ropsanalysis.stats import balancing
from ropsanalysis.stats.effects import NotEstimableError
from ropsanalysis.stats.vocabulary import BoolVector, FloatMatrix, FloatVector, IntVector

Verdict = Literal["good", "doubtful", "no_overlap", "no_comparison"]

BINS: Final = 10
"""Bins of the probability of taking part."""


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """How alike both groups of a voivodeship are, of those seen at all waves.

    Attributes
    ----------
    verdict
        See `records.Comparison`.
    why
        Why the groups are not compared: "few", "no_comparison", "no_overlap" or "".
    members
        Shape (n,): persons seen at all waves.
    traits
        Shape (n, p): traits at entry, missing ones set to the mean of the voivodeship.
    used
        Shape (q,): traits that weights are made from; see `persons.telling_traits`.
    shown
        Shape (p,): traits whose differences may be printed.
    overlap
        Of the probabilities of taking part; None where they cannot be estimated.
    before, ipw, balanced
        Shape (p,): standardised differences; NaN where there are none.
    n_effective
        Effective number of persons of the comparison after balancing; NaN without.
    """

    verdict: Verdict
    why: str
    members: BoolVector
    traits: FloatMatrix
    used: IntVector
    shown: BoolVector
    overlap: balancing.Overlap | None
    before: FloatVector
    ipw: FloatVector
    balanced: FloatVector
    n_effective: float

    def covariates(self, members: BoolVector) -> FloatMatrix:
        """Return the traits that weights are made from, of some persons."""
        return self.traits[members][:, self.used]

    @property
    def after(self) -> FloatVector:
        """Differences that are left: after balancing, else after inverse-probability weights."""
        return self.ipw if np.isnan(self.balanced).all() else self.balanced


def likeness(persons: Persons, *, parameters: SocialImpactParameters) -> Likeness:
    """Judge how well the comparison group serves.

    Notes
    -----
    "good" asks for three things: enough participants have a probability of taking part within the range of the
    comparison group (``min_overlap``); after weighting no trait differs by more than ``max_imbalance``; and the
    weighted comparison group is worth at least ``min_persons``. Weights that rest on a handful of persons say little.
    A missing trait counts as the mean, so that nobody is left out who answered the outcome. The balance is judged of
    all traits, also those that weights are not made from.
    """
    members, traits = persons.throughout, filled(persons.traits)
    groups = [members & persons.group(name) for name in GROUPS]
    shown = protection.open_traits(persons.traits, *groups, names=persons.trait_names, parameters=parameters)
    used = telling_traits(traits[members], fewest=parameters.min_count)
    nothing = np.full(traits.shape[1], np.nan)
    unknown = Likeness("no_comparison", "", members, traits, used, shown, None, nothing, nothing, nothing, np.nan)
    if min(int(group.sum()) for group in groups) < parameters.min_persons:
        return replace(unknown, why="no_comparison" if persons.participant.all() else "few")
    x, treated = traits[members], persons.participant[members]
    unknown = replace(unknown, before=balancing.standardised_differences(x, treated))
    try:
        chance = balancing.propensity(x[:, used], treated)
        overlap = balancing.overlap(chance.scores, treated, enough=parameters.min_overlap, bins=BINS)
        weighted = balancing.balance(x, treated, balancing.odds_weights(chance.scores, treated))
    except NotEstimableError:
        return replace(unknown, verdict="no_overlap", why="no_overlap")
    found = replace(unknown, overlap=overlap, ipw=weighted.after, n_effective=weighted.n_effective)
    try:
        exact = balancing.balance(x, treated, balancing.entropy_weights(x[:, used], treated))
    except NotEstimableError:
        pass  # inverse-probability weights remain, and show what they leave
    else:
        found = replace(found, balanced=exact.after, n_effective=exact.n_effective)
    if overlap.share_within < parameters.min_overlap:
        return replace(found, verdict="no_overlap", why="no_overlap")
    left = np.abs(found.after[np.isfinite(found.after)]).max(initial=0.0)
    alike = left <= parameters.max_imbalance and found.n_effective >= parameters.min_persons
    return replace(found, verdict="good" if alike else "doubtful")


def comparison_tables(
    studies: Sequence[Study], found: Sequence[Likeness], *, parameters: SocialImpactParameters
) -> dict[str, pd.DataFrame]:
    """Return the tables balance, overlap and comparison."""
    pairs = list(zip(studies, found, strict=True))
    return {
        "balance": as_table("balance", [row for one, like in pairs for row in _balance(one.persons, like)]),
        "overlap": as_table("overlap", [row for one, like in pairs for row in _overlap(one.persons, like, parameters)]),
        "comparison": as_table("comparison", [_comparison(one.persons, like, parameters) for one, like in pairs]),
    }


def _balance(persons: Persons, like: Likeness) -> Iterator[dict[str, Any]]:
    if like.verdict == "no_comparison":
        return
    for place, trait in enumerate(persons.trait_names):
        row: dict[str, Any] = {"teryt": persons.teryt, "trait": trait}
        if like.shown[place]:
            for name in ("before", "ipw", "balanced"):
                row[name] = protection.rounded(getattr(like, name)[place], protection.SIZE_DIGITS)
        yield row


def _overlap(persons: Persons, like: Likeness, parameters: SocialImpactParameters) -> Iterator[dict[str, Any]]:
    found = like.overlap
    # In a small group most bins would hold a person or two.
    if found is None or min(found.treated.sum(), found.comparison.sum()) < BINS * parameters.min_count:
        return
    for place in range(BINS):
        row: dict[str, Any] = {"teryt": persons.teryt}
        row |= {name: round(float(found.edges[place + k]), 1) for k, name in enumerate(("low", "high"))}
        for name, counts in (("participant", found.treated), ("comparison", found.comparison)):
            row[name] = protection.rounded(counts[place] / counts.sum(), protection.RETENTION_DIGITS)
        yield row


def _comparison(persons: Persons, like: Likeness, parameters: SocialImpactParameters) -> dict[str, Any]:
    digits = protection.SIZE_DIGITS
    row: dict[str, Any] = {"teryt": persons.teryt, "verdict": like.verdict}
    for name in GROUPS:
        n = int((like.members & persons.group(name)).sum())
        row[f"n_{name}"] = n if n >= parameters.min_persons else None
    if like.overlap is not None:
        row["overlap"] = protection.rounded(like.overlap.share_within, digits)
        row["n_effective"] = protection.rounded(like.n_effective, 1)
    for name, differences in (("worst_before", like.before), ("worst_after", like.after)):
        known = np.abs(differences[like.shown & np.isfinite(differences)])
        row[name] = protection.rounded(known.max(), digits) if known.size else None
    return row
