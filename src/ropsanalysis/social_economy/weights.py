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

TOLERANCE: Final = 1e-5
"""Totals count as met within one in a hundred thousand: less than an entity in any voivodeship."""
MOST_ROUNDS: Final = 1000
"""Rounds of trimming; a few are usual."""
LEAST_IN_STRATUM: Final = 3
"""Answers under which a stratum that was not answered completely is joined with others before its spread is taken."""


@dataclass(frozen=True, slots=True)
class Weighting:
    """Weights of the n entities that answered in one year.

    Attributes
    ----------
    weights
        Shape (n,): entities of the registers that each stands for, at least 1.
    design
        Strata and finite populations of all estimates; strata with few answers are joined (see `joined_strata`).
    strata
        Shape (n,): stratum of each entity, a voivodeship's legal form and merged size class.
    represented
        Shape (r, f): register entities of the forms that somebody answered for, 0 for the other forms.
    rounds
        Shape (r,): rounds of weighting in each voivodeship, 1 where nothing was trimmed, 0 where nobody answered.
    converged
        Shape (r,): whether the weights of each form add up to its entities in the register.
    trimmed
        Shape (n,): whether the weight lies on the cap of its form.
    """

    weights: FloatVector
    design: Design
    strata: Codes
    represented: Counts
    rounds: Counts
    converged: BoolVector
    trimmed: BoolVector


def weigh(sample: Sample, *, parameters: SocialEconomyParameters) -> Weighting:
    r"""Weights to the registers: legal form within each voivodeship, and size within the form.

    Notes
    -----
    Strata are cells of voivodeship, legal form and size class. Neighbouring size classes with fewer than
    ``collapse_below`` answers are merged (see `merge_sizes`), legal forms never: what nobody of a form has answered,
    another form cannot say. Such forms are left out of the population. An entity's weight is the register entities of
    its stratum over its answers: so no weight is below 1, a stratum that answered completely has weights of exactly 1,
    and totals by form (and by its merged size classes) are those of the register. Weights above ``trim_ratio`` times
    the median of their form in the voivodeship are cut and given to the form's other entities; strata that answered
    completely take no part in that. Totals by form always hold, those by size nearly.
    Strata are taken as drawn at random from their entities, without replacement: where all answered, nothing varies.
    """
    answers = np.zeros_like(sample.register)
    np.add.at(answers, (sample.region, sample.form, sample.size), 1)
    represented = np.where(answers.sum(axis=2) > 0, sample.register.sum(axis=2), 0)
    register = np.where((represented > 0)[:, :, None], sample.register, 0)
    strata, totals = _classes(answers, register, below=parameters.collapse_below)
    stratum = strata[sample.region, sample.form, sample.size]
    answered = np.bincount(stratum, minlength=totals.size).astype(np.float64)
    weights, trimmed, rounds = _trim(totals[stratum] / answered[stratum], sample.cell, ratio=parameters.trim_ratio)
    reached = np.bincount(sample.cell, weights=weights, minlength=represented.size).reshape(represented.shape)
    region_rounds = np.zeros(len(represented), dtype=np.int64)
    np.maximum.at(region_rounds, sample.region, rounds)
    joined = joined_strata(stratum, sample.region, totals)
    population = np.zeros(joined.max(initial=-1) + 1)
    first = np.unique(stratum, return_index=True)[1]
    np.add.at(population, joined[first], totals[stratum[first]])
    return Weighting(
        weights,
        Design(weights, strata=joined, population=population[joined]),
        stratum,
        represented,
        region_rounds,
        np.asarray((np.abs(reached - represented) <= TOLERANCE * represented).all(axis=1)),
        trimmed,
    )


def joined_strata(stratum: Codes, region: Codes, totals: FloatVector) -> Codes:
    """Strata for the variance: those with few answers are joined, voivodeship by voivodeship.

    Parameters
    ----------
    stratum, region
        Shape (n,): of each entity that answered.
    totals
        Entities of each stratum in the register.

    Returns
    -------
    NDArray
        Shape (n,).

    Notes
    -----
    A stratum with a single answer shows no spread, so an estimate from it would look exact. Strata with fewer than
    `LEAST_IN_STRATUM` answers that were not answered completely become one stratum of their voivodeship; where that
    still has too few answers, the smallest of the other strata not answered completely joins it. What differs between
    the strata joined then counts as chance: intervals are too wide rather than too narrow.

    Examples
    --------
    >>> stratum = np.array([0, 1, 1, 2, 2, 2, 3])
    >>> joined_strata(stratum, np.zeros(7, dtype=int), np.array([9.0, 9.0, 9.0, 1.0]))
    array([0, 0, 0, 2, 2, 2, 3])
    """
    answered = np.bincount(stratum, minlength=totals.size)
    partial = answered < totals
    joined = stratum.copy()
    for code in np.unique(region):
        own = np.unique(stratum[region == code])
        own = own[partial[own]]
        own = own[np.argsort(answered[own], kind="stable")]
        few = int((answered[own] < LEAST_IN_STRATUM).sum())
        while 0 < few < own.size and answered[own[:few]].sum() < LEAST_IN_STRATUM:
            few += 1
        if few > 1:
            joined[np.isin(stratum, own[:few])] = own[:few].min()
    return joined


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


def _trim(base: FloatVector, cell: Codes, *, ratio: float) -> tuple[FloatVector, BoolVector, Counts]:
    """Cut weights to a multiple of the median of their cell and give what was cut to the cell's other entities.

    Parameters
    ----------
    base
        Shape (n,): weights to trim; those of 1 are of strata that answered completely and stay as they are.
    cell
        Shape (n,): voivodeship and legal form.
    ratio
        Largest weight over the median of the cell's weights above 1.

    Returns
    -------
    weights, trimmed, rounds
        Shape (n,) each; rounds are those of the cell.
    """
    weights, trimmed = base.copy(), np.zeros(base.size, dtype=np.bool_)
    rounds = np.ones(base.size, dtype=np.int64)
    for code in np.unique(cell[base > 1]):
        own = np.flatnonzero((cell == code) & (base > 1))
        total = base[own].sum()
        for _ in range(MOST_ROUNDS):
            cap = ratio * float(np.median(weights[own]))
            over = weights[own] > cap * (1 + TOLERANCE)
            if not over.any():
                break
            trimmed[own] |= over
            rounds[own] += 1
            cut = np.minimum(weights[own], cap)
            weights[own] = cut * (total / cut.sum())
    return weights, trimmed, rounds
