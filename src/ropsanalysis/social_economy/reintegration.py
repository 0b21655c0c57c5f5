"""Reintegration units (CIS, KIS, ZAZ, WTZ): places, participants, exits to the open labour market, cost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.special import ndtri

from ropsanalysis.social_economy.estimator import Estimator, Figure
from ropsanalysis.social_economy.magnitudes import table_of
from ropsanalysis.stats.intervals import wilson_limits
from ropsanalysis.stats.vocabulary import FloatVector


def reintegration_figures(estimator: Estimator) -> dict[str, Figure]:
    """Estimate the measures of reintegration, over units of reintegration only.

    Notes
    -----
    Every ratio has the base its name promises: exits to work over all exits (not over participants), participants
    over places, cost over participants, each from units that gave both numbers and have some of the latter.

    Where nearly all units answered, the sample leaves little doubt about how many persons went to work; but whether a
    person finds work is chance itself. So the interval of ``exit_to_work_share`` is at least as wide as Wilson's for
    as many independent persons as left (weighted count).
    """
    answers = estimator.sample.answers
    units = replace(estimator, among=estimator.sample.of_reintegration)
    totals = {name: answers[name] for name in ("places", "participants", "exits", "exits_to_work")}
    ratios = units.ratios(
        {
            "occupancy": (answers["participants"], answers["places"]),
            "exit_to_work_share": (answers["exits_to_work"], answers["exits"]),
            "cost_per_participant_pln": (answers["reintegration_cost_pln"], answers["participants"]),
        }
    )
    known = estimator.sample.of_reintegration & ~np.isnan(answers["exits_to_work"])
    persons = np.where(known, np.nan_to_num(answers["exits"]), 0.0)
    share = ratios["exit_to_work_share"]
    return {**units.totals(totals), **ratios, "exit_to_work_share": _of_persons(share, persons, estimator)}


def _of_persons(figure: Figure, persons: FloatVector, estimator: Estimator) -> Figure:
    """Widen the interval of a share of persons, shape (n,) by unit, to Wilson's at least."""
    counts = table_of(estimator.sample, estimator.weighting.weights * persons)
    z = np.full(counts.shape, ndtri((1 + estimator.confidence) / 2))
    low, high = wilson_limits(np.clip(figure.value, 0, 1), counts, z)
    return replace(figure, low=np.minimum(figure.low, low), high=np.maximum(figure.high, high))
