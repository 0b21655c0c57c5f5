"""Weights that make respondents stand for all staff of the frame, and the design that variances follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ropsanalysis.stats.survey_design import Design
from ropsanalysis.stats.vocabulary import FloatMatrix, FloatVector
from ropsanalysis.stats.weighting import Margin, Raking, rake
from ropsanalysis.training_needs.parameters import TrainingParameters
from ropsanalysis.training_needs.sample import Codes, Counts, Sample

TOLERANCE: Final = 1e-3
"""A margin counts as met within one in a thousand: frames are not more exact than that."""
MOST_ROUNDS: Final = 1000
"""Rounds of raking; voivodeships with many merged cells need some hundreds."""


@dataclass(frozen=True, slots=True)
class Weighting:
    """Weights of a sample of n respondents.

    Attributes
    ----------
    strata
        Shape (r, i): number of the stratum each cell of the frame was merged into; -1 where there is no staff.
    raking
        Weights that meet the margins, and whether they converged.
    trimmed
        The same with the largest cut, which may leave margins unmet: the weights that are used.
    by_cell
        Shape (r, i): weight of the respondents of each cell, 0 where there are none.
    design
        Strata and finite populations of all estimates.
    """

    strata: Codes
    raking: Raking
    trimmed: Raking
    by_cell: FloatMatrix
    design: Design

    @property
    def weights(self) -> FloatVector:
        """Shape (n,): staff each respondent stands for; equal inside every cell."""
        return self.trimmed.weights


def weigh(sample: Sample, *, parameters: TrainingParameters) -> Weighting:
    r"""Weights to the frame: voivodeship by institution type, and institution type over all voivodeships.

    Notes
    -----
    The first margin are the strata: cells of voivodeship and institution type, those with fewer than
    ``collapse_below`` respondents merged (see `merge_cells`). The second, with more than one voivodeship, are
    institution types; a type's target is its staff, plus its part of the staff of types nobody of which answered in
    the same stratum, so that both margins can be met. Weights are trimmed at ``trim_ratio`` times their median. They
    differ between cells but never inside one. Strata are taken as drawn at random from their staff, without
    replacement.
    """
    respondents = sample.respondents
    strata = np.full(sample.staff.shape, -1, dtype=np.int64)
    for row in range(len(sample.regions)):
        merged = merge_cells(respondents[row], sample.staff[row], sample.group, below=parameters.collapse_below)
        strata[row] = np.where(merged >= 0, merged + strata.max() + 1, -1)
    stratum = strata[sample.region, sample.institution]
    in_frame = strata >= 0
    totals = _per(strata[in_frame], sample.staff[in_frame])
    margins = [Margin(stratum, totals)]
    if len(sample.regions) > 1:
        targets = _reachable(respondents, sample.staff, strata, totals).sum(axis=0)
        types = merge_cells(respondents.sum(axis=0), targets, sample.group, below=parameters.collapse_below)
        used = types >= 0
        # The strata come last: where trimming makes the margins contradict, voivodeships keep their own make-up.
        margins.insert(0, Margin(types[sample.institution], _per(types[used], targets[used])))
    raking = rake(margins, tolerance=TOLERANCE, max_iterations=MOST_ROUNDS)
    trimmed = rake(margins, tolerance=TOLERANCE, trim_ratio=parameters.trim_ratio)
    by_cell = np.zeros(sample.staff.shape)
    by_cell[sample.region, sample.institution] = trimmed.weights
    # A frame may be out of date: no stratum can hold fewer people than answered.
    population = np.maximum(totals, np.bincount(stratum, minlength=totals.size))
    design = Design(trimmed.weights, strata=stratum, population=population[stratum])
    return Weighting(strata, raking, trimmed, by_cell, design)


def merge_cells(
    respondents: Counts, staff: FloatVector | Counts, group: tuple[str, ...], *, below: int
) -> NDArray[np.int64]:
    """Merge institution types of one voivodeship until every stratum has enough respondents.

    Parameters
    ----------
    respondents, staff
        Shape (i,).
    group
        Shape (i,): field of each type; types are merged with others of their field first.
    below
        Fewest respondents of a stratum.

    Returns
    -------
    strata
        Shape (i,): 0, 1, … in order of the types, -1 where there is no staff.

    Notes
    -----
    Small types of a field form one stratum; if that is still small it joins the field's smallest other stratum.
    Fields that remain small are treated alike among one another. At last one stratum may be left, however small.
    """
    parts = {name: [[int(t)] for t in np.flatnonzero(staff) if group[t] == name] for name in dict.fromkeys(group)}
    fields = [part for cells in parts.values() for part in _merge(cells, respondents, below)]
    strata = np.full(respondents.size, -1, dtype=np.int64)
    for number, types in enumerate(sorted(_merge(fields, respondents, below), key=min)):
        strata[types] = number
    return strata


def _merge(parts: list[list[int]], respondents: Counts, below: int) -> list[list[int]]:
    def size(part: list[int]) -> int:
        return int(respondents[part].sum())

    small = [part for part in parts if size(part) < below]
    large = [part for part in parts if size(part) >= below]
    if not small:
        return large
    pooled = [member for part in small for member in part]
    if size(pooled) < below and large:
        host = min(large, key=lambda part: (size(part), min(part)))
        return [*(part for part in large if part is not host), host + pooled]
    return [*large, pooled]


def _reachable(respondents: Counts, staff: Counts, strata: Codes, totals: FloatVector) -> FloatMatrix:
    """Staff each cell's respondents can speak for: the stratum's staff, shared by the types that answered."""
    answered = np.where(respondents > 0, staff, 0).astype(np.float64)
    in_frame = strata >= 0
    represented = np.bincount(strata[in_frame], weights=answered[in_frame], minlength=totals.size)
    factor = np.where(in_frame, (totals / represented)[strata], 0.0)
    return np.asarray(answered * factor)


def _per(codes: NDArray[np.int64], values: FloatVector | Counts) -> FloatVector:
    """Sum values by code."""
    return np.asarray(np.bincount(codes, weights=values.astype(np.float64)), dtype=np.float64)
