"""Tables of the survey as they are published: the one place where its numbers are hidden and rounded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ropsanalysis.social_economy.estimator import Figure
from ropsanalysis.social_economy.magnitudes import BoolArray
from ropsanalysis.social_economy.measures import MEASURES, SHARE_STEP, Measure
from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_economy.protection import Protected
from ropsanalysis.social_economy.sample import Sample
from ropsanalysis.social_economy.schema import REVENUE_SOURCES
from ropsanalysis.social_economy.suppression import AuditRow
from ropsanalysis.social_economy.weights import Weighting
from ropsanalysis.stats.disclosure_system import with_totals
from ropsanalysis.stats.tables import IMPRECISE, NONE, PROTECTED, frame, hide, rounded, spread
from ropsanalysis.stats.vocabulary import BoolVector, FloatVector
from ropsanalysis.stats.weighting import kish_design_effect

RATE_DIGITS: Final = 3
DEFF_DIGITS: Final = 1
"""Decimals of the design effect and of weights: with more, the size of a hidden cell could be worked out."""
STEPS: Final = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0)
"""Leading figures of the distance between an estimate and an end of its interval."""

QUANTILE_FIGURES: Final = 2
"""Leading figures of quantiles that are amounts."""

RESPONSE_COLUMNS: Final = {
    "teryt": "str", "legal_form": "str", "year": "Int64", "register": "Int64", "respondents": "Int64",
    "rate": "Float64", "reason": "str",
}  # fmt: skip
QUALITY_COLUMNS: Final = {
    "teryt": "str", "year": "Int64", "respondents": "Int64", "register": "Int64", "deff": "Float64",
    "n_effective": "Int64", "weight_min": "Float64", "weight_max": "Float64", "n_trimmed": "Int64",
    "iterations": "Int64", "converged": "bool", "difference_before": "Float64", "difference_after": "Float64",
    "covered": "Int64",
}  # fmt: skip
ESTIMATE_COLUMNS: Final = {
    "teryt": "str", "legal_form": "str", "year": "Int64", "measure": "str", "value": "Float64", "low": "Float64",
    "high": "Float64", "base": "Int64", "reason": "str",
}  # fmt: skip
PROTECTION_COLUMNS: Final = {
    "system": "str", "cells": "Int64", "hidden": "Int64", "width_required": "Float64", "width_smallest": "Float64",
    "gap": "Float64", "verdict": "str",
}  # fmt: skip


def response_table(samples: Sequence[Sample], protected: Protected) -> pd.DataFrame:
    """Entities in the registers and answers, by legal form ("" = all) in every voivodeship and year.

    Notes
    -----
    A form nobody of which answered has 0 respondents and the reason "none": it is in no total of its voivodeship.
    """
    parts = []
    for sample in samples:
        register, respondents = with_totals(sample.register.sum(axis=2)), with_totals(sample.respondents)
        table = spread(
            {"teryt": sample.axes.units, "legal_form": sample.axes.columns},
            {
                "register": register,
                "respondents": respondents,
                "rate": respondents / np.maximum(register, 1),
                "kept": (register > 0) & published_rows(sample)[:, None],
            },
        ).assign(year=sample.year, reason="")
        table = hide(table, respondents == 0, [], reason=NONE)
        hidden = protected.hidden["respondents"] & (respondents > 0)
        table = hide(table, hidden, ["respondents", "rate"], reason=PROTECTED)
        table["rate"] = rounded(table["rate"], RATE_DIGITS)
        parts.append(table[table["kept"]])
    return _joined(parts, RESPONSE_COLUMNS)


def quality_table(samples: Sequence[Sample], weightings: Sequence[Weighting], response: pd.DataFrame) -> pd.DataFrame:
    """Say what weighting did, per voivodeship (and Poland) and year.

    Notes
    -----
    Smallest and largest weight, the number of trimmed weights and the differences to the registers leave out legal
    forms whose number of respondents is hidden: a weight would tell it. Differences are the largest between a legal
    form's share of the answers (weighted: of the weights) and of the registers, among forms that answered.
    ``register`` counts all entities, ``covered`` those of forms that anybody answered for (in the voivodeship): totals
    over all forms speak of these only. Which forms those are `response_table` tells; so it is never hidden.
    """
    shown = response.dropna(subset=["respondents"]).set_index(["teryt", "legal_form", "year"])
    rows = []
    for sample, weighting in zip(samples, weightings, strict=True):
        for unit, teryt in enumerate(sample.axes.units):
            whole = shown.index.isin([(teryt, "", sample.year)]).any()
            if not whole:
                continue
            regions = [unit] if unit < len(sample.axes.regions) else list(range(len(sample.axes.regions)))
            forms = [(teryt, form, sample.year) in shown.index for form in sample.axes.forms]
            rows.append(_quality(sample, weighting, teryt, regions, np.array(forms)))
    return frame(rows, QUALITY_COLUMNS)


def _quality(
    sample: Sample, weighting: Weighting, teryt: str, regions: list[int], open_forms: BoolVector
) -> dict[str, object]:
    own = np.isin(sample.region, regions)
    weights, told = weighting.weights[own], open_forms[sample.form[own]]
    register = weighting.represented[regions].sum(axis=0)
    row: dict[str, object] = {
        "teryt": teryt,
        "year": sample.year,
        "respondents": int(own.sum()),
        "register": int(sample.register[regions].sum()),
        "covered": int(register.sum()),
        "iterations": int(weighting.rounds[regions].max()),
        "converged": bool(weighting.converged[regions].all()),
    }
    if weights.size:
        deff = round(kish_design_effect(weights), DEFF_DIGITS)
        row |= {"deff": deff, "n_effective": round(weights.size / deff)}
    if told.any():
        row |= {
            "weight_min": round(float(weights[told].min()), DEFF_DIGITS),
            "weight_max": round(float(weights[told].max()), DEFF_DIGITS),
            "n_trimmed": int(weighting.trimmed[own][told].sum()),
        }
        counts = {
            "difference_before": np.bincount(sample.form[own], minlength=register.size),
            "difference_after": np.bincount(sample.form[own], weights=weights, minlength=register.size),
        }
        compared = open_forms & (register > 0)
        for name, count in counts.items():
            difference = np.abs(count / count.sum() - register / register.sum())[compared]
            row[name] = round(float(difference.max(initial=0.0)), RATE_DIGITS)
    return row


def estimates_table(
    samples: Sequence[Sample],
    figures: Sequence[Mapping[str, Figure]],
    protected: Protected,
    *,
    parameters: SocialEconomyParameters,
) -> pd.DataFrame:
    """All measures, by legal form ("" = all) in every voivodeship and year.

    Notes
    -----
    Which rows are there depends on the registers only. Rows without a number say why: nobody answered ("none"),
    confidentiality ("protected"), or too little to go by ("imprecise", see `is_imprecise`).
    """
    parts = [_year_rows(sample, figure, protected, parameters) for sample, figure in zip(samples, figures, strict=True)]
    return _joined(parts, ESTIMATE_COLUMNS)


def protection_table(audit: Sequence[AuditRow]) -> pd.DataFrame:
    """Write what the audit found."""
    rows = [{name: getattr(row, name) for name in PROTECTION_COLUMNS} for row in audit]
    return frame(rows, PROTECTION_COLUMNS)


def published_rows(sample: Sample) -> BoolVector:
    """Rows of tables with totals that are published: Poland only if the registers hold all voivodeships."""
    rows = np.ones(len(sample.axes.units), dtype=np.bool_)
    if len(sample.axes.regions) > 1:
        rows[-1] = sample.axes.complete
    return rows


def widened(value: FloatVector, end: FloatVector) -> FloatVector:
    """Move the end of an interval away from the estimate until its distance is a round figure (see `STEPS`).

    Notes
    -----
    The exact width of a total's interval would tell the spread of the hidden amounts in it, and with one large entity
    among few answers nearly its amount. Intervals only get wider, so they keep their confidence.

    Examples
    --------
    >>> widened(np.array([100.0, 100.0, 100.0]), np.array([88.0, 100.0, 162.0]))
    array([ 85., 100., 170.])
    """
    distance = np.abs(end - value)
    known = distance > 0
    power = 10.0 ** np.floor(np.log10(np.where(known, distance, 1.0)))
    lead = np.where(known, distance / power, 0.0)
    # A distance that is round already must stay: divided by its power it may be a hair above.
    step = np.array(STEPS)[np.minimum(np.searchsorted(np.array(STEPS) * (1 + 1e-9), lead), len(STEPS) - 1)]
    return np.where(known, value + np.sign(end - value) * step * power, end)


def _year_rows(
    sample: Sample, figures: Mapping[str, Figure], protected: Protected, parameters: SocialEconomyParameters
) -> pd.DataFrame:
    nobody = with_totals(sample.respondents) == 0
    if len(sample.axes.regions) > 1:
        # Without one of the voivodeships it would not be Poland.
        nobody[-1] |= (sample.respondents.sum(axis=1) == 0).any()
    columns = [_measure_columns(sample, figures[m.key], m, nobody, protected, parameters) for m in MEASURES]
    table = spread(
        {
            "measure": [measure.key for measure in MEASURES],
            "teryt": sample.axes.units,
            "legal_form": sample.axes.columns,
        },
        {name: np.array([column[name] for column in columns]) for name in columns[0]},
    )
    return table[table["kept"]].assign(year=sample.year)


def _measure_columns(
    sample: Sample,
    figure: Figure,
    measure: Measure,
    nobody: BoolArray,
    protected: Protected,
    parameters: SocialEconomyParameters,
) -> dict[str, NDArray[Any]]:
    """Columns of one measure, each of the shape of a table with totals."""
    hidden = np.any([protected.hidden[family] for family in measure.families], axis=0)
    if measure.scope == "margins":
        hidden = hidden | _hidden_sources(measure, protected)
    few = is_imprecise(figure, measure, parameters)
    low, high = figure.low, figure.high
    if measure.probability:
        # Too few answers, or too few beyond the quantile: whose it is could be guessed.
        guessable = (figure.base < parameters.quantile_base) | np.isnan(figure.value)
        hidden = hidden | ((figure.base >= parameters.min_base) & guessable)
    else:
        low, high = widened(figure.value, low), widened(figure.value, high)
    reason = np.select([nobody, hidden, figure.base == 0, few], [NONE, PROTECTED, NONE, IMPRECISE], "")
    band = {"value": figure.value, "low": low, "high": high}
    shown = {
        name: np.where(reason == "", _coarse(np.clip(numbers, measure.low, measure.high), measure), np.nan)
        for name, numbers in band.items()
    }
    base = np.where(nobody, 0.0, np.where(reason == PROTECTED, np.nan, figure.base))
    if measure.scope == "reintegration":
        # Their sum over the kinds of units is no column of the protected table: it would tell a hidden kind's number.
        kinds = np.append(sample.axes.reintegration, False)
        base[protected.hidden["respondents"][:, kinds].any(axis=1), -1] = np.nan
    return {**shown, "base": base, "reason": reason, "kept": _kept(sample, measure)}


def is_imprecise(figure: Figure, measure: Measure, parameters: SocialEconomyParameters) -> BoolArray:
    """Figures that say too little: few answers, few effective answers, or a wide interval.

    Notes
    -----
    Fewer answers than ``min_base``; an effective number of answers below ``min_effective``, unless all entities gave
    the figure; an interval whose half-width exceeds ``widest_relative`` of the estimate or, for shares and other
    figures in thousandths, ``widest_share``; no interval at all. Width is no matter for quantiles, whose intervals are
    lopsided.
    """
    few = (figure.base < parameters.min_base) | (figure.effective < parameters.min_effective)
    if measure.probability:
        return np.asarray(few)
    share = measure.step == SHARE_STEP
    most = parameters.widest_share if share else parameters.widest_relative * np.abs(figure.value)
    return np.asarray(few | ~((figure.high - figure.low) / 2 <= most * (1 + 1e-9)))


def _coarse(values: FloatVector, measure: Measure) -> FloatVector:
    """Round to the measure's step; quantiles of amounts to `QUANTILE_FIGURES` leading figures as well."""
    if not measure.probability or measure.step < 1:
        return to_step(values, measure.step)
    power = np.floor(np.log10(np.where(values > 0, values, 1.0))) + 1 - QUANTILE_FIGURES
    unit = np.maximum(10.0 ** np.where(np.isnan(power), 0.0, power), measure.step)
    return np.asarray(np.round(values / unit) * unit + 0.0)


def to_step(values: FloatVector, step: float) -> FloatVector:
    """Round to multiples of a step; a zero never keeps a minus sign.

    Examples
    --------
    >>> to_step(np.array([1499.0, -0.2]), 1000.0), to_step(np.array([0.12345]), 0.001)
    (array([1000.,    0.]), array([0.123]))
    """
    if step < 1:
        return np.asarray(np.round(values, round(-np.log10(step))) + 0.0)
    return np.asarray(np.round(values / step) * step + 0.0)


def _hidden_sources(measure: Measure, protected: Protected) -> BoolArray:
    name = measure.key.removeprefix("revenue_share_")
    if name in REVENUE_SOURCES:
        return np.asarray(protected.sources[..., REVENUE_SOURCES.index(name)])
    # The sum of squares of two hidden shares, whose sum is known, would give both away.
    return np.asarray(protected.sources.any(axis=-1))


def _kept(sample: Sample, measure: Measure) -> NDArray[np.bool_]:
    kept = (with_totals(sample.register.sum(axis=2)) > 0) & published_rows(sample)[:, None]
    r, f = sample.axes.shape
    if measure.scope == "margins":
        kept[:r, :f] = False
    if measure.scope == "reintegration":
        kept[:, :f] &= sample.axes.reintegration
    return kept


def _joined(parts: Sequence[pd.DataFrame], columns: Mapping[str, str]) -> pd.DataFrame:
    if not parts:
        return frame([], columns)
    return pd.concat(parts, ignore_index=True)[list(columns)].astype(dict(columns))
