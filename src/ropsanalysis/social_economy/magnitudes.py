"""The amounts and numbers of persons behind everything published, and which of them would give an entity away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ropsanalysis.social_economy.accounts import public_revenue, revenue_parts
from ropsanalysis.social_economy.estimator import effective_weights
from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_economy.sample import Codes, Sample
from ropsanalysis.social_economy.weights import Weighting
from ropsanalysis.stats.disclosure_rules import contributions, is_small_count, is_statutory
from ropsanalysis.stats.disclosure_system import table_shape, with_totals
from ropsanalysis.stats.vocabulary import BoolVector, FloatMatrix, FloatVector

BoolArray = NDArray[np.bool_]

TOTALS: Final = (
    "staff", "staff_fte", "staff_risk", "volunteers", "revenue_total_pln", "costs_pln", "result_pln", "places",
    "participants", "exits", "exits_to_work",
)  # fmt: skip
"""Columns whose totals are published."""
PERSONS: Final = ("staff", "staff_fte", "staff_risk", "volunteers", "participants", "exits", "exits_to_work")
"""Those that count persons (places are no persons)."""
FLAGS: Final = ("employing", "positive_result", "liquid", "contracts")
"""Questions answered by yes or no; magnitudes are the entities with either answer."""
_WHOLES: Final = {"staff_risk": "staff", "exits_to_work": "exits"}
"""Of these all may be part of the whole: that is unanimity as well."""
_OF_REINTEGRATION: Final = ("places", "participants", "exits", "exits_to_work", "cost_pln")


@dataclass(frozen=True, slots=True)
class Magnitude:
    """An additive quantity by year, voivodeship and legal form.

    Attributes
    ----------
    amounts
        Shape (years, r, f): weighted totals, as near to what is published as an attacker could get.
    sensitive
        Shape (r [+ 1], f [+ 1]): whether a position, totals last, is confidential in any of the years.
    single
        Shape (r [+ 1], f [+ 1]): whether, in any of the years, all comes from one entity that answered.
    possible
        Shape (years, r, f): whether anybody answered at all, and the form has such a quantity; everybody knows it.
    unanimous
        Shape (r [+ 1], f [+ 1]): whether, in any of the years, all answered the same and that is confidential.
    """

    amounts: NDArray[np.float64]
    sensitive: BoolArray
    single: BoolArray
    possible: BoolArray
    unanimous: BoolArray


def magnitudes(
    samples: Sequence[Sample], weightings: Sequence[Weighting], *, parameters: SocialEconomyParameters
) -> dict[str, Magnitude]:
    """Collect all magnitudes over the years.

    Returns
    -------
    dict
        The published totals by the name of their column, and what published ratios would give together with them:
        ``structured_pln`` (revenue of entities that told its sources), its parts ``public_pln`` and ``private_pln``,
        ``cost_pln`` (of reintegration, of units with participants), and for each of `FLAGS` the entities that
        answered yes (``_yes``) and no (``_no``).
    """
    yearly = [_contributions(sample, weighting) for sample, weighting in zip(samples, weightings, strict=True)]
    return {name: _magnitude(samples, [year[name] for year in yearly], name, parameters) for name in yearly[0]}


def respondents_magnitude(samples: Sequence[Sample], *, parameters: SocialEconomyParameters) -> Magnitude:
    """Numbers of entities that answered; some, but fewer than the statute's least number are confidential."""
    amounts = np.array([sample.respondents for sample in samples])
    tables = [table_of(sample, np.ones(len(sample))) for sample in samples]
    few = [is_small_count(table, threshold=parameters.statutory_min_units) for table in tables]
    sensitive = np.any(few, axis=0)
    never = np.zeros_like(sensitive)
    return Magnitude(amounts.astype(np.float64), sensitive, never, possible=amounts > 0, unanimous=never)


def yes_or_no(answers: Mapping[str, FloatVector]) -> dict[str, FloatVector]:
    """Answers to `FLAGS` as 1 and 0, shape (n,); NaN where not known."""
    staff, result, contracts = (answers[name] for name in ("staff", "result_pln", "public_contracts"))
    balance = answers["current_assets_pln"] - answers["current_liabilities_pln"]
    yes = (staff > 0, result > 0, balance >= 0, contracts > 0)
    known = (staff, result, balance, contracts)
    return {name: np.where(np.isnan(y), np.nan, x) for name, x, y in zip(FLAGS, yes, known, strict=True)}


def is_unanimous(
    sample: Sample, differs: FloatVector, forms: BoolVector, *, parameters: SocialEconomyParameters
) -> BoolArray:
    """Positions where no entity that answered differs and that tells something about each of them.

    Parameters
    ----------
    sample
        Of one year.
    differs
        Shape (n,): 1 where the entity's answer is not the one all others may have given, 0 where it is, NaN where there
        is none.
    forms
        Shape (f,): legal forms that are asked.

    Returns
    -------
    NDArray
        Shape (r [+ 1], f [+ 1]): nobody differs, and fewer than ``unanimity_base`` answered or all entities there are
        (of the forms that anybody answered for).
    """
    n = table_of(sample, (~np.isnan(differs)).astype(np.float64))
    others = table_of(sample, np.nan_to_num(differs))
    asked = np.where(forms & (sample.respondents > 0), sample.register.sum(axis=2), 0)
    everybody = with_totals(asked) == with_totals(np.where(forms, sample.respondents, 0))
    return np.asarray((n > 0) & (others == 0) & ((n < parameters.unanimity_base) | everybody))


def is_confidential(
    values: FloatVector, weights: FloatVector, codes: Codes, domains: int, *, parameters: SocialEconomyParameters
) -> BoolArray:
    """Apply the statute to what entities contribute to each domain, as it was answered and as it is weighted.

    Parameters
    ----------
    values
        Shape (n,): contributions; their size counts, not their sign. Entities that contribute nothing do not count.
    weights
        Shape (n,); 0 for entities that are in no total.
    codes, domains
        Domain of each entity, -1 for none, and number of domains.
    """
    some = (codes >= 0) & (weights > 0) & (np.nan_to_num(values) != 0)
    size, code = np.abs(values[some]), codes[some]
    marks = [
        is_statutory(
            contributions(amounts, code, n_cells=domains, keep=1),
            min_units=parameters.statutory_min_units,
            share=parameters.statutory_dominance,
        )
        for amounts in (size, size * weights[some])
    ]
    return np.asarray(marks[0] | marks[1])


def _contributions(sample: Sample, weighting: Weighting) -> dict[str, tuple[FloatVector, FloatVector]]:
    """Values (n,) and the weights they enter with."""
    answers = sample.answers
    columns = {name: answers[name] for name in TOTALS}
    found = {name: (column, effective_weights(sample, weighting, column)) for name, column in columns.items()}
    for name, flags in yes_or_no(answers).items():
        found[f"{name}_yes"] = (flags, weighting.weights)
        found[f"{name}_no"] = (1 - flags, weighting.weights)
    public = public_revenue(answers)
    found["public_pln"] = (public, weighting.weights)
    found["structured_pln"] = (revenue_parts(answers).sum(axis=1), weighting.weights)
    found["private_pln"] = (found["structured_pln"][0] - public, weighting.weights)
    paired = answers["participants"] > 0
    found["cost_pln"] = (np.where(paired, answers["reintegration_cost_pln"], np.nan), weighting.weights)
    outside = ~sample.of_reintegration
    for name in _OF_REINTEGRATION:
        values, weights = found[name]
        found[name] = (np.where(outside, np.nan, values), weights)
    return found


def _magnitude(
    samples: Sequence[Sample],
    yearly: Sequence[tuple[FloatVector, FloatVector]],
    name: str,
    parameters: SocialEconomyParameters,
) -> Magnitude:
    amounts, sensitive, single, possible, unanimous = [], [], [], [], []
    of_flags = name.rsplit("_", 1)[0] in FLAGS
    for sample, (values, weights) in zip(samples, yearly, strict=True):
        cells = sample.axes.shape
        filled = np.nan_to_num(values) * weights
        amounts.append(np.bincount(sample.cell, weights=filled, minlength=int(np.prod(cells))).reshape(cells))
        gives = ~np.isnan(values) if of_flags else filled != 0
        single.append(table_of(sample, gives.astype(np.float64)) == 1)
        marks = np.zeros(table_shape(cells), dtype=np.bool_)
        for codes, domains, place in () if of_flags else sample.levels():
            part = marks[place]
            found = is_confidential(values, weights, codes, domains, parameters=parameters)
            marks[place] = found.reshape(part.shape)
        if name in PERSONS:
            marks |= is_small_count(np.round(table_of(sample, filled)), threshold=parameters.count_threshold)
        of_forms = sample.axes.reintegration if name in _OF_REINTEGRATION else np.ones(cells[1], dtype=np.bool_)
        some = np.where(np.isnan(values), np.nan, values != 0)
        unanimous.append(is_unanimous(sample, some, of_forms, parameters=parameters))
        marks |= unanimous[-1]
        if name in _WHOLES:
            whole = np.where(values + sample.answers[_WHOLES[name]] > 0, sample.answers[_WHOLES[name]], np.nan)
            partly = np.where(np.isnan(whole + values), np.nan, values < whole)
            marks |= is_unanimous(sample, partly, of_forms, parameters=parameters)
        sensitive.append(marks)
        possible.append((sample.respondents > 0) & of_forms)
    return Magnitude(
        np.array(amounts),
        np.any(sensitive, axis=0),
        np.any(single, axis=0),
        np.array(possible),
        np.any(unanimous, axis=0),
    )


def table_of(sample: Sample, values: FloatVector) -> FloatMatrix:
    """Sum values (n,) in a table with totals."""
    table = np.zeros(table_shape(sample.axes.shape))
    for codes, domains, place in sample.levels():
        part = table[place]
        table[place] = np.bincount(codes, weights=values, minlength=domains).reshape(part.shape)
    return table
