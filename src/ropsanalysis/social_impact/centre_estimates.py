"""Effects of centres on a sample of gminas, which gminas each rests on, and how sure so few of them let us be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.stats import t as student

from ropsanalysis.social_impact.centre_panel import Sample
from ropsanalysis.stats.effects import FEW_CLUSTERS, NotEstimableError
from ropsanalysis.stats.staggered import Aggregate, Control, GroupTimeEffects, aggregate, group_time_effects
from ropsanalysis.stats.vocabulary import BoolVector, FloatMatrix, FloatVector

EVENTS: Final = (-5, 5)
"""First and last year around the opening that are shown."""
KINDS: Final[Mapping[str, Aggregate]] = {
    "simple": "simple", "event": "event", "cohort": "group", "calendar": "calendar",
}  # fmt: skip
"""Kinds of effect, and what `stats.staggered` calls them."""
_REASONS: Final = {"no_comparison": "no_controls", "no_group": "few", "one_period": "no_data"}
"""What `stats` cannot estimate, in the words of the published tables."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Effects of one kind that are published.

    Attributes
    ----------
    at
        Length k: year, or years since the opening; 0 for the effect of all openings.
    value
        Shape (k,).
    influence
        Shape (G, k): what each cluster adds to the error.
    gminas
        Length k: gminas with a centre that each rests on.
    df
        Length k: degrees of freedom of each, see `degrees_of_freedom`.
    """

    at: tuple[int, ...]
    value: FloatVector
    influence: FloatMatrix
    gminas: tuple[int, ...]
    df: tuple[int, ...]


def estimate(
    sample: Sample, controls: Control, *, min_opened: int, placebo: int = 0
) -> tuple[GroupTimeEffects | None, str]:
    """Return the effects by year of opening and year, or the reason why there are none.

    Parameters
    ----------
    placebo
        Years by which the opening is moved forward.
    """
    reason = _hindrance(sample, min_opened)
    if reason:
        return None, reason
    try:
        found = group_time_effects(
            sample.rates, sample.years, sample.opened, clusters=sample.clusters, control=controls, placebo=placebo
        )
    except NotEstimableError as error:
        return None, _REASONS.get(error.reason, error.reason)
    after = found.period >= found.group
    few = gminas_behind(found, after) < min_opened or degrees_of_freedom(found, after) == 0
    return (None, "few") if few else (found, "")


def _hindrance(sample: Sample, min_opened: int) -> str:
    if sample.years.size < 2 or not sample.opened.size:
        return "no_data"
    later = sample.has_centre & (sample.opened > sample.years[0])
    if sample.has_centre.sum() < min_opened:
        return "few"
    if not later.any():
        return "no_pre"
    return "few" if later.sum() < min_opened else ""


def shown(found: GroupTimeEffects, kind: str) -> Shown:
    """Bring effects together for publication."""
    whole = aggregate(found, KINDS[kind])
    after = found.period >= found.group
    if kind == "simple":
        return Shown(
            (0,), np.array([whole.overall]), whole.overall_influence, (gminas_behind(found, after),),
            (degrees_of_freedom(found, after),),
        )  # fmt: skip
    label = found.period - found.group if kind == "event" else found.group if kind == "cohort" else found.period
    first, last = EVENTS if kind == "event" else (-np.inf, np.inf)
    kept = np.flatnonzero((whole.at >= first) & (whole.at <= last))
    cells = [(label == whole.at[place]) & (after | (kind == "event")) for place in kept]
    return Shown(
        at=tuple(int(whole.at[place]) for place in kept),
        value=whole.value[kept],
        influence=whole.influence[:, kept],
        gminas=tuple(gminas_behind(found, chosen) for chosen in cells),
        df=tuple(degrees_of_freedom(found, chosen) for chosen in cells),
    )


def gminas_behind(found: GroupTimeEffects, cells: BoolVector) -> int:
    """Return how many gminas with a centre some cells rest on."""
    return int(found.members[:, np.isin(found.groups, found.group[cells])].sum())


def degrees_of_freedom(found: GroupTimeEffects, cells: BoolVector) -> int:
    """Return the clusters with a centre less the years of opening among them; 0 where the error cannot be told.

    Notes
    -----
    Nearly all of the spread comes from gminas with a centre, and each year of opening takes a mean of its own. With
    these degrees of freedom intervals of simulated voivodeships with 3 to 40 such gminas, which open in one year or in
    five, hold the truth in 93-97 % of cases; with those of all clusters in 77-95 %.
    """
    groups = np.isin(found.groups, found.group[cells])
    return max(_clusters_with_centre(found, groups) - int(groups.sum()), 0)


def is_few(found: GroupTimeEffects) -> bool:
    """Return whether gminas of either side are so few that the grade of the evidence is lowered."""
    after = found.period >= found.group
    clusters = _clusters_with_centre(found, np.isin(found.groups, found.group[after]))
    return clusters < FEW_CLUSTERS or bool(found.n_comparison[after].min() < FEW_CLUSTERS)


def widening(df: int, n_clusters: int, *, confidence: float) -> float:
    """Return how much wider intervals of all clusters' degrees of freedom are with these; NaN where there are none."""
    if df == 0:
        return np.nan
    level = (1 + confidence) / 2
    return float(student.ppf(level, df) / student.ppf(level, n_clusters - 1))


def _clusters_with_centre(found: GroupTimeEffects, groups: BoolVector) -> int:
    return int((found.members[:, groups] > 0).any(axis=1).sum())
