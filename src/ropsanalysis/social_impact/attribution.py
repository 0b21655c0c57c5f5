"""What support added: the effect on each outcome by five methods, and the grade of its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import t as student

from ropsanalysis.social_impact import evidence, protection
from ropsanalysis.social_impact.comparison import Likeness
from ropsanalysis.social_impact.confounding import delta, strength
from ropsanalysis.social_impact.followup import ALL, Base, Study
from ropsanalysis.social_impact.outcomes import Found, clustered_enough
from ropsanalysis.social_impact.parameters import SocialImpactParameters
from ropsanalysis.social_impact.persons import ENTRY, M12, longest
from ropsanalysis.social_impact.published import as_table
from ropsanalysis.social_impact.records import Participation, Retention
from ropsanalysis.social_impact.schema import GROUPS
from ropsanalysis.stats import balancing
from ropsanalysis.stats.comparison import adjust
from ropsanalysis.stats.effects import FEW_CLUSTERS, NotEstimableError, difference_in_differences
from ropsanalysis.stats.paired import paired_duration
from ropsanalysis.stats.records import as_records
from ropsanalysis.stats.weighted_effects import Weighting, effects_on_treated, small_sample_factor
from ropsanalysis.stats.weighting import effective_n

METHODS: Final = ("before_after", "did", "ipw", "aipw", "balancing")
DESIGN: Final[Mapping[str, int]] = {
    "before_after": evidence.BEFORE_AFTER,
    "did": evidence.COMPARED,
    "ipw": evidence.BALANCED,
    "aipw": evidence.BALANCED,
    "balancing": evidence.BALANCED,
}
"""Grade of each method where nothing is known to be weak."""
MAIN: Final[Mapping[str, str]] = {
    "good": "balancing",
    "doubtful": "did",
    "no_overlap": "before_after",
    "no_comparison": "before_after",
}
"""Verdict on the comparison group -> method that the report's claims rest on."""

_WEIGHTS: Final[Mapping[str, Weighting]] = {"ipw": "ipw", "aipw": "aipw", "balancing": "entropy"}
_NOTHING: Final = (np.nan, np.nan, np.nan, np.nan)
_TINY: Final = 1e-9
"""So that a share of exactly the limit, which binary numbers miss by a hair, does not count as above it."""


class Estimated(NamedTuple):
    """An effect, ends of its interval and p-value; NaN where there is none, and `reason` says why."""

    value: float
    low: float
    high: float
    p: float
    reason: str = ""


def effects_table(
    studies: Sequence[Study],
    found: Sequence[Likeness],
    changes: Sequence[Found],
    weak: Mapping[tuple[str, str], Sequence[str]],
    *,
    parameters: SocialImpactParameters,
) -> pd.DataFrame:
    """Effect on each outcome by each method.

    Parameters
    ----------
    studies, found
        One for each voivodeship.
    changes
        Changes of participants: the method without a comparison.
    weak
        What is weak about a group of a voivodeship; see `weaknesses`.

    Notes
    -----
    Differences are those of the changes from entry to 12 months after exit, of persons who answered at all waves.
    "did" and "before_after" are weighted for loss. The other methods are not: they make the comparison group like those
    participants who were seen throughout, and tell the effect on these, not on the lost. A time to work, which has no
    value before the support, is compared between the weighted groups only. p-values are corrected by Holm's method
    over the outcomes of a voivodeship, method by method; which method is the main one follows from how alike the
    groups are, and not from any outcome.
    """
    by_outcome = {(change.teryt, change.outcome.key): change for change in changes}
    rows: list[dict[str, Any]] = []
    for one, like in zip(studies, found, strict=True):
        for method in METHODS:
            own = [_estimate(one, like, base, method, by_outcome, parameters) for base in one.bases]
            adjusted = adjust([estimated.p for estimated in own], method="holm") if own else ()
            rows += [
                _row(one, like, base, method, estimated, float(p), weak, parameters)
                for base, estimated, p in zip(one.bases, own, adjusted, strict=True)
            ]
    place = {base.outcome.key: number for one in studies for number, base in enumerate(one.bases)}
    rows.sort(key=lambda row: (row["teryt"], place[row["outcome"]], METHODS.index(row["method"])))
    return as_table("effects", rows)


def weaknesses(
    retention: pd.DataFrame, participation: pd.DataFrame, *, parameters: SocialImpactParameters
) -> dict[tuple[str, str], list[str]]:
    """Return what is weak about each voivodeship's groups, from the published tables.

    Returns
    -------
    weak
        (teryt, group) -> "attrition" where too many were lost, "few_clusters" where the group comes from fewer than
        `effects.FEW_CLUSTERS` entities.
    """
    weak: dict[tuple[str, str], list[str]] = {}
    for kept in as_records(retention, Retention):
        if kept.wave == ALL and kept.share is not None and 1 - kept.share > parameters.max_attrition + _TINY:
            weak.setdefault((kept.teryt, kept.group), []).append("attrition")
    for began in as_records(participation, Participation):
        if began.kinds == "" and began.entities is not None and began.entities < FEW_CLUSTERS:
            weak.setdefault((began.teryt, began.group), []).append("few_clusters")
    return weak


def doubts_about(teryt: str, method: str, verdict: str, weak: Mapping[tuple[str, str], Sequence[str]]) -> list[str]:
    """Return which of `evidence.DOUBTS` the design of an estimate leaves, in their order."""
    groups = GROUPS[:1] if method == "before_after" else GROUPS
    found = {doubt for group in groups for doubt in weak.get((teryt, group), ())}
    if method == "before_after":
        found.add("no_overlap" if verdict == "no_overlap" else "no_comparison")
    else:
        found.add("confounder")
        if verdict == "doubtful":
            found.add("imbalance")
    return [doubt for doubt in evidence.DOUBTS if doubt in found]


def _estimate(
    one: Study,
    like: Likeness,
    base: Base,
    method: str,
    changes: Mapping[tuple[str, str], Found],
    parameters: SocialImpactParameters,
) -> Estimated:
    """Effect on one outcome by one method."""
    if method == "before_after":
        change = changes.get((one.persons.teryt, base.outcome.key))
        if change is None:
            return Estimated(*_NOTHING, reason=base.reason["participant"] or like.why or "unstable")
        return Estimated(*change.change, change.p, reason=change.reason)
    reason = base.reason["participant"] or base.reason["comparison"] or like.why
    if reason:
        return Estimated(*_NOTHING, reason=reason)
    groups = [base.members & one.persons.group(name) for name in GROUPS]
    compare = _waiting if base.outcome.kind == "duration" else _changing
    try:
        found = compare(one, like, base, method, parameters)
    except NotEstimableError as error:
        return Estimated(*_NOTHING, reason="no_overlap" if error.reason == "no_overlap" else "no_comparison")
    if np.isnan(found.value):
        return Estimated(*_NOTHING, reason=found.reason or "unstable")
    if not clustered_enough(one, *groups, parameters=parameters):
        return Estimated(found.value, np.nan, np.nan, np.nan)
    return found


def _changing(one: Study, like: Likeness, base: Base, method: str, parameters: SocialImpactParameters) -> Estimated:
    """Difference of the changes of both groups."""
    members = base.members
    before, after = one.persons.answers[base.outcome.key][members][:, [ENTRY, M12]].T
    treated, clusters = one.persons.participant[members], one.persons.cluster[members]
    if method == "did":
        effect = difference_in_differences(
            before, after, treated, clusters=clusters, weights=one.weights[members], confidence=parameters.confidence
        )
    else:
        effect = effects_on_treated(
            (after - before)[:, None],
            treated,
            like.covariates(members),
            method=_WEIGHTS[method],
            clusters=clusters,
            confidence=parameters.confidence,
        )[0]
    return Estimated(effect.value, effect.low, effect.high, effect.p_value)


def _waiting(one: Study, like: Likeness, base: Base, method: str, parameters: SocialImpactParameters) -> Estimated:
    """Difference of the mean times of both groups up to the longest one, as wide as `effects_on_treated` makes it."""
    if method not in ("ipw", "balancing"):
        return Estimated(*_NOTHING, reason="unstable")
    members = base.members
    x, treated = like.covariates(members), one.persons.participant[members]
    if method == "ipw":
        weights = balancing.odds_weights(balancing.propensity(x, treated).scores, treated)
    else:
        weights = balancing.entropy_weights(x, treated)
    time, event = (part[members] for part in one.persons.waiting(base.outcome))
    found = paired_duration(
        time,
        event,
        horizon=longest(base.outcome),
        group=treated,
        weights=weights,
        clusters=one.persons.cluster[members],
        confidence=parameters.confidence,
    )
    clusters = one.persons.cluster[members]
    df = max(min(np.unique(clusters[treated == group]).size for group in (True, False)) - 1, 1)
    half = (found.difference_high - found.difference_low) / 2
    half *= small_sample_factor(effective_n(weights[~treated]), x.shape[1])
    value, level = found.difference, float(student.ppf((1 + parameters.confidence) / 2, df))
    p = float(2 * student.sf(abs(value) * level / half, df)) if half > 0 else np.nan
    return Estimated(value, value - half, value + half, p)


def _row(
    one: Study,
    like: Likeness,
    base: Base,
    method: str,
    estimated: Estimated,
    p_adjusted: float,
    weak: Mapping[tuple[str, str], Sequence[str]],
    parameters: SocialImpactParameters,
) -> dict[str, Any]:
    persons, outcome = one.persons, base.outcome
    main = MAIN[like.verdict] == method
    row: dict[str, Any] = {"teryt": persons.teryt, "outcome": outcome.key, "method": method, "main": main}
    row["reason"] = estimated.reason
    if estimated.reason:
        return row
    row |= protection.estimate("effect", *estimated[:3], digits=protection.digits_of(outcome))
    row["n_participant"] = int((base.members & persons.participant).sum())
    row["p"] = protection.rounded(estimated.p, protection.P_DIGITS)
    row["p_adjusted"] = protection.rounded(p_adjusted, protection.P_DIGITS)
    doubts = doubts_about(persons.teryt, method, like.verdict, weak)
    row["grade"] = evidence.grade(DESIGN[method], doubts)
    if method == "before_after":
        return row
    row["n_comparison"] = int((base.members & ~persons.participant).sum())
    needed = strength(one, base, estimated[:3])
    if needed is not None:
        row["evalue"] = protection.rounded(needed.estimate, protection.SIZE_DIGITS)
        row["evalue_limit"] = protection.rounded(needed.limit, protection.SIZE_DIGITS)
    if main and outcome.kind != "duration":
        row["delta"] = protection.rounded(delta(one, like, base, parameters), protection.SIZE_DIGITS)
    return row
