"""Who answered, and which forms, times and barriers they named: weighted shares of every option."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ropsanalysis.stats.survey import domain_shares
from ropsanalysis.stats.vocabulary import FloatMatrix
from ropsanalysis.training_needs.need import Band, by_unit, is_precise
from ropsanalysis.training_needs.parameters import TrainingParameters
from ropsanalysis.training_needs.sample import Counts, Sample
from ropsanalysis.training_needs.weights import Weighting


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers to one question, before protection and rounding; arrays are (units, options).

    Attributes
    ----------
    question
        Key of the question.
    options
        Keys of its options, in the order of the catalogue.
    single
        Whether one answer was possible; else any number of options could be ticked.
    base
        Respondents who answered.
    share
        Share of staff.
    precise
        Whether base and interval meet the parameters.
    counts
        Shape (voivodeships, options): respondents who chose the option.
    answered
        Shape (voivodeships,): respondents who answered.
    """

    question: str
    options: tuple[str, ...]
    single: bool
    base: Counts
    share: Band
    precise: NDArray[np.bool_]
    counts: Counts
    answered: Counts


def answers(sample: Sample, weighting: Weighting, *, parameters: TrainingParameters) -> list[Answers]:
    """Weighted shares of the options of all questions that somebody answered.

    Notes
    -----
    A respondent who said nothing is left out of that question's base. Where several options may be ticked, shares
    add up to more than 1.
    """
    asked = [
        (question, _one_hot(codes, len(sample.options[question])), True)
        for question, codes in sample.profile.items()
        if question in sample.options
    ]
    asked += [(question, ticks, False) for question, ticks in sample.ticks.items()]
    return [
        tabulate(sample, weighting, question, sample.options[question], chosen, single=single, parameters=parameters)
        for question, chosen, single in asked
        if not np.isnan(chosen).all()
    ]


def tabulate(
    sample: Sample,
    weighting: Weighting,
    question: str,
    options: tuple[str, ...],
    chosen: FloatMatrix,
    *,
    single: bool,
    parameters: TrainingParameters,
) -> Answers:
    """Weighted shares of one question's options.

    Parameters
    ----------
    chosen
        Shape (n, options): 1 where chosen, 0 where not, NaN in the whole row where nothing was answered.
    """
    estimates = by_unit(
        sample,
        lambda codes, d: domain_shares(chosen, weighting.design, codes, d, confidence=parameters.confidence),
    )
    share = Band(estimates.value, estimates.low, estimates.high)
    return Answers(
        question=question,
        options=options,
        single=single,
        base=estimates.n,
        share=share,
        precise=is_precise(estimates.n, share, parameters=parameters),
        counts=sample.counts(chosen == 1).sum(axis=1),
        answered=sample.counts(~np.isnan(chosen[:, :1])).sum(axis=(1, 2)),
    )


def _one_hot(codes: NDArray[np.int64], options: int) -> FloatMatrix:
    chosen: FloatMatrix = np.asarray(codes[:, None] == np.arange(options), dtype=np.float64)
    chosen[codes < 0] = np.nan
    return chosen
