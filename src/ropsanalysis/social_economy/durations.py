"""How long entities last: survival curves by legal group and cohort, tests of their differences, hazards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd

from ropsanalysis.regions import POLAND, REGIONS
from ropsanalysis.social_economy.hazards import hazard_rows, reference_order
from ropsanalysis.social_economy.lives import entity_lives
from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_economy.schema import Inputs
from ropsanalysis.stats.survival import (
    SurvivalCurve,
    kaplan_meier,
    lifetime_quantile,
    log_rank,
    survival_at,
    watched_until,
)
from ropsanalysis.stats.tables import frame

GRID_YEARS: Final = 0.25
"""Step of the ages at which curves are written down."""
LANDMARKS: Final = (1, 3, 5)
"""Ages, in years, whose shares the summary tells."""

_CURVE_KEYS: Final = {"teryt": "str", "group": "str", "cohort": "str"}
SURVIVAL_TYPES: Final = {
    **_CURVE_KEYS, "years": "Float64", "at_risk": "Int64", "survival": "Float64", "low": "Float64", "high": "Float64",
}  # fmt: skip
SUMMARY_TYPES: Final = {
    **_CURVE_KEYS, "n": "Int64", "events": "Int64", "median": "Float64", "median_low": "Float64",
    "median_high": "Float64", **{f"at_{age}": "Float64" for age in LANDMARKS},
    **{f"at_{age}_{end}": "Float64" for age in LANDMARKS for end in ("low", "high")},
}  # fmt: skip
TEST_TYPES: Final = {
    "teryt": "str", "comparison": "str", "statistic": "Float64", "df": "Int64", "p_value": "Float64", "n": "Int64",
    "events": "Int64",
}  # fmt: skip
HAZARD_TYPES: Final = {
    "teryt": "str", "term": "str", "label": "str", "reference": "str", "hazard_ratio": "Float64", "low": "Float64",
    "high": "Float64", "p_value": "Float64", "ph_p_value": "Float64", "n": "Int64", "events": "Int64",
}  # fmt: skip


def survival_tables(inputs: Inputs, *, parameters: SocialEconomyParameters) -> dict[str, pd.DataFrame]:
    """Compute how long entities last, for each voivodeship in the registers and, if all are there, for Poland.

    Returns
    -------
    dict of str to pandas.DataFrame
        survival: share of founded entities still active at ages 0 to ``survival_years``, in steps of a quarter.
        survival_summary: number of entities, closed ones, median lifetime and the shares after 1, 3 and 5 years.
        survival_tests: log-rank tests between legal groups and between cohorts.
        hazards: hazard ratios, see `hazards.hazard_rows`.

    Notes
    -----
    Column group holds a legal group, or a legal form of a group of several; "" are all.

    Only entities of registers that keep closed ones, each from the day from which its register would have shown it
    (see `lives.entity_lives`), by what they were when founded, and over the first ``survival_years`` years.

    A curve is drawn if at least ``min_survival_entities`` were seen from their founding, since with fewer a single
    early closing would pull down all that follows; it ends where fewer than ``min_base`` are under observation. Medians
    and shares beyond that end are missing. Tests and hazards also use entities that came under observation later.
    """
    lives = entity_lives(inputs, years=parameters.survival_years, cohort_years=parameters.cohort_years)
    order = reference_order(lives)
    curves: list[dict[str, Any]] = []
    summaries: list[dict[str, Any]] = []
    tests: list[dict[str, Any]] = []
    hazards: list[dict[str, Any]] = []
    for teryt, rows in _units(inputs, lives):
        for keys, members in _populations(rows):
            names = {"teryt": teryt, **keys}
            if len(members) < parameters.min_survival_entities:
                continue
            curve = kaplan_meier(
                members["time"], members["event"], entry=members["entry"], confidence=parameters.confidence
            )
            end = _readable_until(curve, parameters)
            if not np.isnan(end):
                curves += [names | point for point in _points(curve, end)]
                summaries.append(names | _summary(curve, end))
        tests += [{"teryt": teryt} | test for test in _tests(rows, parameters)]
        hazards += [{"teryt": teryt} | row for row in hazard_rows(rows, order, parameters=parameters)]
    return {
        "survival": frame(curves, SURVIVAL_TYPES),
        "survival_summary": frame(summaries, SUMMARY_TYPES),
        "survival_tests": frame(tests, TEST_TYPES),
        "hazards": frame(hazards, HAZARD_TYPES),
    }


def _units(inputs: Inputs, lives: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the lives of Poland, if all voivodeships are in the registers, and of each voivodeship."""
    if set(inputs.spells["teryt"].str[:2]) == {region.teryt for region in REGIONS}:
        yield POLAND.teryt, lives
    for region, rows in lives.groupby("region", observed=True):
        yield str(region), rows


def _populations(lives: pd.DataFrame) -> Iterator[tuple[dict[str, str], pd.DataFrame]]:
    """Yield all lives, those of each legal group, of each legal form in a group of several, and of each cohort."""
    yield {"group": "", "cohort": ""}, lives
    for group, rows in lives.groupby("group", observed=True):
        yield {"group": str(group), "cohort": ""}, rows
        if len(set(rows["legal_form"])) > 1:
            for form, own in rows.groupby("legal_form", observed=True):
                yield {"group": str(form), "cohort": ""}, own
    for cohort, rows in lives.groupby("cohort", observed=True):
        yield {"group": "", "cohort": str(cohort)}, rows


def _readable_until(curve: SurvivalCurve, parameters: SocialEconomyParameters) -> float:
    """Return the age up to which a curve is written down, NaN if nothing of it is."""
    from_founding = survival_at(curve, [0.0]).at_risk[0]
    if from_founding < parameters.min_survival_entities:
        return float("nan")
    return watched_until(curve, at_least=parameters.min_base)


def _points(curve: SurvivalCurve, end: float) -> list[dict[str, Any]]:
    read = survival_at(curve, np.arange(0.0, end + GRID_YEARS / 2**20, GRID_YEARS))
    return [
        {"years": years, "at_risk": int(at_risk), "survival": survival, "low": low, "high": high}
        for years, at_risk, survival, low, high in zip(
            read.times, read.at_risk, read.survival, read.low, read.high, strict=True
        )
    ]


def _summary(curve: SurvivalCurve, end: float) -> dict[str, Any]:
    median = lifetime_quantile(curve)
    row: dict[str, Any] = {"n": curve.n, "events": curve.n_events}
    for name, value in (("median", median.value), ("median_low", median.low), ("median_high", median.high)):
        row[name] = value if value <= end else np.nan
    read = survival_at(curve, LANDMARKS)
    for i, age in enumerate(LANDMARKS):
        shown = age <= end
        row[f"at_{age}"] = read.survival[i] if shown else np.nan
        row[f"at_{age}_low"] = read.low[i] if shown else np.nan
        row[f"at_{age}_high"] = read.high[i] if shown else np.nan
    return row


def _tests(lives: pd.DataFrame, parameters: SocialEconomyParameters) -> Iterator[dict[str, Any]]:
    """Compare the groups, and the cohorts, that have enough entities for a curve."""
    for comparison in ("group", "cohort"):
        rows = lives[
            lives.groupby(comparison, observed=True)["time"].transform("size") >= parameters.min_survival_entities
        ]
        if rows[comparison].nunique() < 2:
            continue
        test = log_rank(rows["time"], rows["event"], rows[comparison].cat.codes, entry=rows["entry"])
        if test.df:
            yield {
                "comparison": comparison,
                "statistic": test.statistic,
                "df": test.df,
                "p_value": test.p_value,
                "n": test.n,
                "events": test.n_events,
            }
