"""How strong a trait that nobody measured would have to be to explain an effect on persons away."""

from __future__ import annotations

import numpy as np

from ropsanalysis.social_impact.comparison import Likeness
from ropsanalysis.social_impact.followup import Base, Study
from ropsanalysis.social_impact.parameters import SocialImpactParameters
from ropsanalysis.social_impact.persons import ENTRY, M12
from ropsanalysis.stats.hidden_confounding import (
    EValue,
    coefficient_stability,
    e_value,
    e_value_of_difference,
    stability,
)


def strength(one: Study, base: Base, effect: tuple[float, float, float]) -> EValue | None:
    """How strong a hidden confounder would have to be; None where the level without support would be below 0.

    Notes
    -----
    Of a share: the ratio of the participants' level 12 months after exit and the level that the effect implies for them
    without support. Of other outcomes: the effect in standard deviations of participants at entry (of a time: of both
    groups' times).
    """
    members, outcome = base.members & one.persons.participant, base.outcome
    if outcome.kind == "share":
        level = float(np.average(one.persons.answers[outcome.key][members, M12], weights=one.weights[members]))
        ratios = [_ratio(level, level - number) for number in effect]
        if not 0 < ratios[0] < np.inf:
            return None
        return e_value(ratios[0], ratios[1], ratios[2])
    if outcome.kind == "duration":
        values = one.persons.waiting(outcome).time[base.members]
    else:
        values = one.persons.answers[outcome.key][members, ENTRY]
    spread = float(values.std(ddof=1))
    return e_value_of_difference(*(number / spread for number in effect)) if spread > 0 else None


def _ratio(level: float, without: float) -> float:
    """Ratio of two levels; infinite where nothing, or less, would be without support."""
    if np.isnan(without):
        return np.nan
    return level / without if without > 0 else np.inf


def delta(one: Study, like: Likeness, base: Base, parameters: SocialImpactParameters) -> float:
    """Oster's delta of the change; NaN where nobody changed differently."""
    change = one.persons.answers[base.outcome.key][base.members][:, [ENTRY, M12]] @ np.array([-1.0, 1.0])
    if not np.ptp(change) > 0:
        return np.nan
    found = coefficient_stability(change, one.persons.participant[base.members], like.covariates(base.members))
    r2_max = min(1.0, parameters.r_squared_max * found.r2_full)
    return stability(
        found.effect_short, found.effect_full, r2_short=found.r2_short, r2_full=found.r2_full, r2_max=r2_max
    ).delta
