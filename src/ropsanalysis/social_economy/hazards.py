"""Which entities close sooner: hazards by legal group, cohort and kind of gmina, each with the others held equal."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.stats.survival_regression import CoxModel, cox_regression, hazard_ratios, proportionality_test

EVENTS_PER_TERM: Final = 10
"""Fewest closed entities for each hazard ratio of a model, and of each level that is compared: with fewer, ratios and
their intervals are known to be biased (Peduzzi and others 1995, Journal of Clinical Epidemiology 48(12))."""
GLOBAL: Final = "global"
REFERENCES: Final = {"group": "organisations", "kind": "gmina wiejska"}
"""The level that others are compared with where it is there; elsewhere, and for cohorts, the one with most closings."""
GROUP_LABELS: Final = {
    "reintegration": "Jednostki reintegracyjne",
    "cooperatives": "Spółdzielnie",
    "companies": "Spółki non profit",
    "organisations": "Organizacje pozarządowe",
    "kgw": "Koła gospodyń wiejskich",
}
_FACTORS: Final = ("group", "kind", "cohort")


def hazard_rows(
    lives: pd.DataFrame, ranking: dict[str, list[str]], *, parameters: SocialEconomyParameters
) -> list[dict[str, Any]]:
    """Return hazard ratios of one unit's lives with the check of their proportionality; empty if none can be had.

    Parameters
    ----------
    lives
        As `lives.entity_lives` returns them.
    ranking
        Levels of every factor in the order in which they are preferred as reference: see `reference_order`.

    Notes
    -----
    A level with too few closings is left out together with its entities: among the reference they would change what
    the others are compared with. Where all terms together are too many for the closings, or have no maximum,
    cohorts go first, kinds of gmina next.

    The status of social enterprise is no term. It is granted years after the founding, so whoever has it has lived
    until then: as a trait of the whole life it would seem to protect from closing (immortal time bias).
    """
    for count in range(len(_FACTORS), 0, -1):
        kept = _enough(lives, _FACTORS[:count])
        terms = _terms(kept, ranking, _FACTORS[:count])
        if not terms or kept["event"].sum() < EVENTS_PER_TERM * len(terms):
            continue
        design = np.column_stack([(kept[factor] == level).to_numpy(dtype=np.float64) for factor, level, _ in terms])
        model = cox_regression(kept["time"], kept["event"], design, entry=kept["entry"])
        if model.converged and (rows := _rows(model, terms, parameters.confidence)):
            return rows
    return []


def reference_order(lives: pd.DataFrame) -> dict[str, list[str]]:
    """Return the levels of each factor, the one that others should be compared with first.

    Taken from all lives, so that voivodeships have the same reference wherever they can.
    """
    order = {}
    for factor in _FACTORS:
        closed = lives.groupby(factor, observed=True)["event"].sum()
        levels = sorted(map(str, closed.index), key=lambda level: (-closed[level], level))
        order[factor] = sorted(levels, key=lambda level: level != REFERENCES.get(factor))
    return order


def _enough(lives: pd.DataFrame, factors: tuple[str, ...]) -> pd.DataFrame:
    """Leave out levels with too few closings, until none is left: leaving one out takes closings from others."""
    while True:
        enough = np.ones(len(lives), dtype=np.bool_)
        for factor in factors:
            closed = lives.groupby(factor, observed=True)["event"].transform("sum")
            enough &= (closed >= EVENTS_PER_TERM).to_numpy()
        if enough.all():
            return lives
        lives = lives[enough]


def _terms(lives: pd.DataFrame, ranking: dict[str, list[str]], factors: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Return factor, level and reference of each hazard ratio, levels in ascending order."""
    terms = []
    for factor in factors:
        present = set(lives[factor].unique())
        if len(present) > 1:
            reference = next(level for level in ranking[factor] if level in present)
            terms += [(factor, level, reference) for level in _ordered(factor, present - {reference})]
    return terms


def _ordered(factor: str, levels: set[str]) -> list[str]:
    return [level for level in GROUP_LABELS if level in levels] if factor == "group" else sorted(levels)


def _rows(model: CoxModel, terms: list[tuple[str, str, str]], confidence: float) -> list[dict[str, Any]]:
    ratios, check = hazard_ratios(model, confidence=confidence), proportionality_test(model)
    base = {"n": model.n, "events": model.n_events}
    rows: list[dict[str, Any]] = [
        {
            "term": f"{factor}:{level}",
            "label": _label(factor, level),
            "reference": _label(factor, reference),
            "hazard_ratio": ratios.ratio[i],
            "low": ratios.low[i],
            "high": ratios.high[i],
            "p_value": ratios.p_value[i],
            "ph_p_value": check.p_value[i],
            **base,
        }
        for i, (factor, level, reference) in enumerate(terms)
        if not np.isnan(ratios.ratio[i])
    ]
    whole = {"term": GLOBAL, "label": "Cały model", "reference": "", "ph_p_value": check.global_p_value, **base}
    return [*rows, whole] if rows else []


def _label(factor: str, level: str) -> str:
    if factor == "group":
        return GROUP_LABELS[level]
    return f"Założone: {level}" if factor == "cohort" else level[:1].upper() + level[1:]
