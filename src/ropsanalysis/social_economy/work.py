"""Work in the social economy: staff, full-time equivalents, persons at risk of exclusion, volunteers."""

from __future__ import annotations

from ropsanalysis.social_economy.estimator import Estimator, Figure
from ropsanalysis.social_economy.magnitudes import yes_or_no


def work_figures(estimator: Estimator) -> dict[str, Figure]:
    """Estimate totals of staff and volunteers, and ratios with their own bases.

    Notes
    -----
    ``risk_share`` is the part of staff at risk of social exclusion, over entities that gave both numbers and have
    staff; ``employing_share`` the part of all entities that answered which employ anybody.
    """
    answers = estimator.sample.answers
    staff = answers["staff"]
    totals = {name: answers[name] for name in ("staff", "staff_fte", "volunteers", "staff_risk")}
    return {
        **estimator.totals(totals),
        **estimator.ratios(
            {"risk_share": (answers["staff_risk"], staff), "fte_per_person": (answers["staff_fte"], staff)}
        ),
        **estimator.shares({"employing_share": yes_or_no(answers)["employing"]}),
    }
