"""How strong the evidence of a claim is: a grade, and what would change it.

The scale has six grades (catalogue: ``evidence_grades``). It follows the Maryland Scientific Methods Scale, of which
levels 1-5 are its grades 1-5; grade 0 is added for what nothing is known of.

References
----------
Sherman, L. W., et al. (1997). Preventing Crime: What Works, What Doesn't, What's Promising. National Institute of
Justice, chapter 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

UNKNOWN: Final = 0
ASSUMED: Final = 1
BEFORE_AFTER: Final = 2
COMPARED: Final = 3
BALANCED: Final = 4
RANDOMISED: Final = 5

DOUBTS: Final = (
    "no_comparison", "no_overlap", "imbalance", "attrition", "few_clusters", "few_gminas", "pre_trend", "placebo",
    "confounder", "unmeasured_change", "chance", "assumptions", "one_line", "short",
)  # fmt: skip
"""What would change our mind.

no_comparison: what happened to like persons without support; no_overlap: a comparison group of like persons;
imbalance: measured traits still differ; attrition: those lost; few_clusters, few_gminas: more entities or gminas;
pre_trend, placebo: gminas differed before the opening already, or nobody can tell; confounder: an unmeasured trait of
persons, of the strength printed; unmeasured_change: something else that came to gminas with a centre at the time;
chance: the interval includes no effect; assumptions: shares and proxies that nobody measured; one_line: another price
of one outcome; short: a longer time of observation.
"""

WEAK: Final = ("imbalance", "attrition", "few_clusters", "few_gminas", "pre_trend", "placebo")
"""Doubts that lower the grade of a comparison; of them imbalance leaves grade 3, each other one costs a grade."""


def grade(base: int, doubts: Iterable[str]) -> int:
    """Return the grade of a claim: that of its design, lowered for what is known to be weak.

    Parameters
    ----------
    base
        Grade of the design: one of the constants of this module.
    doubts
        Keys of `DOUBTS`.

    Notes
    -----
    Traits that weighting could not make alike leave a comparison of grade 3. Heavy loss of persons, few entities or
    gminas, and each check of gminas before the opening that failed or could not be made (pre_trend, placebo) cost a
    grade, but a change that was measured keeps grade 2: there it stands for a change without comparison, and for a
    comparison that is doubtful. Chance, something unmeasured and a short time are printed and cost nothing: the
    interval and the E-value speak for themselves.

    Gminas are compared with all those without a centre, which nobody made alike: their base is `COMPARED`.

    Examples
    --------
    >>> grade(BALANCED, ["imbalance"]), grade(BALANCED, ["attrition", "chance"]), grade(BEFORE_AFTER, ["attrition"])
    (3, 3, 2)
    >>> grade(COMPARED, ["unmeasured_change"]), grade(COMPARED, ["pre_trend"]), grade(COMPARED, ["pre_trend", "chance"])
    (3, 2, 2)
    """
    known = set(doubts)
    if base < BEFORE_AFTER:
        return base
    found = min(base, COMPARED) if "imbalance" in known else base
    found -= len(known & set(WEAK) - {"imbalance"})
    return max(found, BEFORE_AFTER)
