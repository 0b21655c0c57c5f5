"""Reintegration units (CIS, KIS, ZAZ, WTZ): places, participants, exits to the open labour market, cost."""

from __future__ import annotations

from dataclasses import replace

from ropsanalysis.social_economy.estimator import Estimator, Figure


def reintegration_figures(estimator: Estimator) -> dict[str, Figure]:
    """Estimate the measures of reintegration, over units of reintegration only.

    Notes
    -----
    Every ratio has the base its name promises: exits to work over all exits (not over participants), participants
    over places, cost over participants, each from units that gave both numbers and have some of the latter.
    """
    answers = estimator.sample.answers
    units = replace(estimator, among=estimator.sample.of_reintegration)
    totals = {name: answers[name] for name in ("places", "participants", "exits", "exits_to_work")}
    return {
        **units.totals(totals),
        **units.ratios(
            {
                "occupancy": (answers["participants"], answers["places"]),
                "exit_to_work_share": (answers["exits_to_work"], answers["exits"]),
                "cost_per_participant_pln": (answers["reintegration_cost_pln"], answers["participants"]),
            }
        ),
    }
