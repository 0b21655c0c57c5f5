"""Weights that make the entities that answered stand for those in the registers, and the design variances follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_economy.sample import Codes, Counts, Sample
from ropsanalysis.stats.survey_design import Design
from ropsanalysis.stats.vocabulary import BoolVector, FloatMatrix, FloatVector
from ropsanalysis.stats.weighting import Margin, Raking, rake

TOLERANCE: Final = 1e-5
"""A margin counts as met within one in a hundred thousand: less than an entity in any voivodeship."""
MOST_ROUNDS: Final = 1000
"""Rounds of raking two margins; some tens are usual, voivodeships with many merged cells need some hundreds."""


@dataclass(frozen=True, slots=True)
class Weighting:
    """Weights of the n entities that answered in one year.

    Attributes
    ----------
    weights
        Shape (n,): entities of the registers that each stands for.
    design
        Strata, finite populations and margins of all estimates.
    strata
        Shape (n,): stratum of each entity, a voivodeship's legal form and merged size class.
    represented
        Shape (r, f): register entities of the forms that somebody answered for, 0 for the other forms.
    rakings
        Raking of each voivodeship's answers before trimming; None where nobody answered.
    trimmed
        Shape (n,): whether the weight lies on the cap of its form.
    size_class
        Shape (n,): merged size class within the voivodeship, the second margin.
    size_totals
        Register entities of each such class.
    """

    weights: FloatVector
    design: Design
    strata: Codes
    represented: Counts
    rakings: tuple[Raking | None, ...]
    trimmed: BoolVector
    size_class: Codes
    size_totals: FloatVector


def weigh(sample: Sample, *, parameters: SocialEconomyParameters) -> Weighting:
    r"""Weights to the registers: legal form and size within each voivodeship.

    Notes
    -----
    Strata are cells of voivodeship, legal form and size class. Neighbouring size classes with fewer than
    ``collapse_below`` answers are merged (see `merge_sizes`), legal forms never: what nobody of a form has answered,
    another form cannot say. Such forms are left out of the population. An entity starts with the register entities
    of its stratum over its answers; then each voivodeship is raked to its totals by form and by size class (merged
    likewise over all forms; entities of a class nobody of which answered count with the classes of their stratum that
    did, so that both margins can be met). At last weights above ``trim_ratio`` times the median of their form in the
    voivodeship are cut and the form is scaled to its total again, so totals by form always hold, those by size nearly.
    Strata are taken as drawn at random from their entities, without replacement: where all answered, nothing varies.
    """
    below = parameters.collapse_below
    answers = np.zeros_like(sample.register)
    np.add.at(answers, (sample.region, sample.form, sample.size), 1)
    represented = np.where(answers.sum(axis=2) > 0, sample.register.sum(axis=2), 0)
    register = np.where((represented > 0)[:, :, None], sample.register, 0)
    strata, stratum_totals = _classes(answers, register, below=below)
    reachable = _reachable(answers, register, strata, stratum_totals)
    sizes, size_totals = _classes(answers.sum(axis=1), reachable.sum(axis=1), below=below)
    stratum = strata[sample.region, sample.form, sample.size]
    size_class = sizes[sample.region, sample.size]
    base = stratum_totals[stratum] / np.bincount(stratum, minlength=stratum_totals.size)[stratum]
    weights = base.copy()
    rakings: list[Raking | None] = []
    for region in range(len(sample.axes.regions)):
        own = sample.region == region
        if not own.any():
            rakings.append(None)
            continue
        margins = [
            _margin(size_class[own], size_totals),
            _margin(sample.form[own], represented[region].astype(np.float64)),
        ]
        raking = rake(margins, base=base[own], tolerance=TOLERANCE, max_iterations=MOST_ROUNDS)
        rakings.append(raking)
        weights[own] = raking.weights
    weights, trimmed = _trim(weights, sample.cell, represented.ravel(), ratio=parameters.trim_ratio)
    design = Design(
        weights,
        strata=stratum,
        population=stratum_totals[stratum],
        margins=[_margin(sample.cell, represented.ravel().astype(np.float64)), _margin(size_class, size_totals)],
        base=base,
    )
    return Weighting(weights, design, stratum, represented, tuple(rakings), trimmed, size_class, size_totals)


def merge_sizes(answers: Counts, register: Counts | FloatMatrix, *, below: int) -> NDArray[np.int64]:
    """Merge neighbouring size classes until each has enough answers.

    Parameters
    ----------
    answers, register
        Shape (s,): entities that answered, and entities there are.
    below
        Fewest answers of a class.

    Returns
    -------
    NDArray
        Shape (s,): merged class 0, 1, …; -1 where there are no entities.

    Notes
    -----
    Classes are joined from the largest down: large entities differ most, so they keep a class of their own where
    enough of them answered. What is left over joins the class before.

    Examples
    --------
    >>> merge_sizes(np.array([9, 4, 1, 2]), np.array([50, 10, 3, 2]), below=3)
    array([2, 1, 0, 0])
    >>> merge_sizes(np.array([1, 4, 0, 1]), np.array([50, 10, 0, 2]), below=3)
    array([ 0,  0, -1,  0])
    """
    merged = np.full(register.size, -1, dtype=np.int64)
    number, reached = 0, 0
    for place in np.flatnonzero(register)[::-1]:
        merged[place] = number
        reached += int(answers[place])
        if reached >= below:
            number, reached = number + 1, 0
    if reached < below and number > 0:
        merged[merged == number] = number - 1
    return merged


def _reachable(answers: Counts, register: Counts, strata: Codes, totals: FloatVector) -> FloatMatrix:
    """Entities of each stratum, shared in the register's proportions by its size classes that answered."""
    answered = np.where(answers > 0, register, 0).astype(np.float64)
    known = strata >= 0
    spoken_for = np.bincount(strata[known], weights=answered[known], minlength=totals.size)
    factor = np.divide(totals, spoken_for, out=np.zeros_like(totals), where=spoken_for > 0)
    return np.where(known, answered * factor[strata], 0.0)


def _classes(answers: Counts, register: Counts | FloatMatrix, *, below: int) -> tuple[Codes, FloatVector]:
    """Give each merged class along the last axis a number of its own; also return the entities of each."""
    rows = np.asarray(register.reshape(-1, register.shape[-1]), dtype=np.float64)
    codes = np.full(rows.shape, -1, dtype=np.int64)
    for row, (answered, there) in enumerate(zip(answers.reshape(rows.shape), rows, strict=True)):
        merged = merge_sizes(answered, there, below=below)
        codes[row] = np.where(merged >= 0, merged + codes.max() + 1, -1)
    known = codes >= 0
    totals = np.bincount(codes[known], weights=rows[known], minlength=1).astype(np.float64)
    return np.asarray(codes.reshape(register.shape)), totals


def _margin(codes: Codes, totals: FloatVector) -> Margin:
    """Margin of the categories that occur, numbered anew."""
    present, again = np.unique(codes, return_inverse=True)
    return Margin(again.astype(np.int64), totals[present])


def _trim(weights: FloatVector, cell: Codes, totals: Counts, *, ratio: float) -> tuple[FloatVector, BoolVector]:
    """Cut weights to a multiple of the median of their cell and give what was cut to the cell's other entities."""
    weights, trimmed = weights.copy(), np.zeros(weights.size, dtype=np.bool_)
    for code in np.unique(cell):
        own = np.flatnonzero(cell == code)
        for _ in range(MOST_ROUNDS):
            cap = ratio * float(np.median(weights[own]))
            over = weights[own] > cap * (1 + TOLERANCE)
            if not over.any():
                break
            trimmed[own] |= over
            cut = np.minimum(weights[own], cap)
            weights[own] = cut * (totals[code] / cut.sum())
    return weights, trimmed
