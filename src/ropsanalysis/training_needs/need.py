"""Measured need: weighted discrepancy, ranked discrepancy, shares with a gap, quadrants, ranks and the wish list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from ropsanalysis.stats.survey import DomainEstimates, domain_means, domain_shares
from ropsanalysis.stats.survey_design import Design
from ropsanalysis.stats.vocabulary import FloatMatrix
from ropsanalysis.training_needs.parameters import TrainingParameters
from ropsanalysis.training_needs.ranks import bootstrap_scores, rank_interval, ranks
from ropsanalysis.training_needs.sample import Codes, Counts, Sample
from ropsanalysis.training_needs.weights import Weighting, weigh

Quadrant = Literal["concentrate", "keep", "low_priority", "overkill"]
QUADRANTS: Final = np.array([["overkill", "low_priority"], ["keep", "concentrate"]])
"""By importance (low, high) and lack of mastery (no, yes)."""


@dataclass(frozen=True, slots=True)
class Band:
    """Estimates with the ends of their intervals, all of one shape."""

    value: FloatMatrix
    low: FloatMatrix
    high: FloatMatrix

    @property
    def half_width(self) -> FloatMatrix:
        """Half the width of the intervals."""
        return np.asarray((self.high - self.low) / 2)


@dataclass(frozen=True, slots=True)
class Need:
    """All measures of need, before protection and rounding.

    Arrays are (u, j) - units (voivodeships, then Poland) by competences - but for the cells: (u, i, j).

    Attributes
    ----------
    weighting
        Weights and design.
    base, missing
        Respondents who rated both importance and mastery, and those who did not.
    importance, mastery, mwds, rds, share
        Means of both ratings, mean weighted discrepancy score, ranked discrepancy score (-100 to 100, the lowest is
        the greatest need), share of staff whose importance exceeds their mastery.
    wanted, wanted_base
        Share of staff who ticked the topic, and who answered the question.
    precise, wanted_precise
        Whether base and interval meet the parameters.
    rank, rank_low, rank_high, rds_rank, wanted_rank
        Places, 1 = most needed, among the precise; NaN for the rest.
    quadrant
        Key of the quadrant, "" where not precise.
    cell_base, cell_share
        The share by institution type.
    """

    weighting: Weighting
    base: Counts
    missing: Counts
    importance: Band
    mastery: Band
    mwds: Band
    rds: Band
    share: Band
    wanted: Band
    wanted_base: Counts
    precise: NDArray[np.bool_]
    wanted_precise: NDArray[np.bool_]
    rank: FloatMatrix
    rank_low: FloatMatrix
    rank_high: FloatMatrix
    rds_rank: FloatMatrix
    wanted_rank: FloatMatrix
    quadrant: NDArray[np.str_]
    cell_base: Counts
    cell_share: Band


def estimate(sample: Sample, *, parameters: TrainingParameters) -> Need:
    r"""Weights, estimates for all units and cells, and bootstrap ranks.

    Notes
    -----
    Every measure of a competence rests on the same respondents: those who rated both its importance and its mastery.
    With weighted means :math:`\bar I, \bar M` of their ratings the mean weighted discrepancy score is
    :math:`\overline{(I - M)\bar I} = (\bar I - \bar M)\bar I`; its variance is that of the mean of
    :math:`(2\bar I - \bar M)(I - \bar I) - \bar I (M - \bar M)`. The ranked discrepancy score is 100 times the share of
    staff with mastery above importance, less the share with mastery below it.

    References
    ----------
    Borich, G. D. (1980). A needs assessment model for conducting follow-up studies. Journal of Teacher Education
    31(3), 39-42.
    Narine, L., Harder, A. (2021). Comparing the Borich model with the ranked discrepancy model for competency
    assessment. Advancements in Agricultural Development 2(3), 96-111.
    Martilla, J. A., James, J. C. (1977). Importance-performance analysis. Journal of Marketing 41(1), 77-79.
    """
    weighting = weigh(sample, parameters=parameters)
    design, confidence = weighting.design, parameters.confidence
    gap = sample.gap
    paired = ~np.isnan(gap)
    importance = _means(sample, np.where(paired, sample.importance, np.nan), design, confidence)
    mastery = _means(sample, np.where(paired, sample.mastery, np.nan), design, confidence)
    share = by_unit(
        sample, lambda codes, d: domain_shares(_flags(gap > 0, paired), design, codes, d, confidence=confidence)
    )
    rds = _means(sample, np.where(paired, -100.0 * np.sign(gap), np.nan), design, confidence)
    rds = Band(rds.value, np.maximum(rds.low, -100.0), np.minimum(rds.high, 100.0))
    wanted = by_unit(sample, lambda codes, d: domain_shares(sample.wanted, design, codes, d, confidence=confidence))
    mwds = _discrepancy(sample, design, importance.value, mastery.value, confidence=confidence)
    precise = is_precise(share.n, _band(share), parameters=parameters)
    wanted_precise = is_precise(wanted.n, _band(wanted), parameters=parameters)
    rank = ranks(mwds.value, precise)
    drawn = bootstrap_scores(sample, design, draws=parameters.bootstrap_draws, seed=parameters.seed)
    rank_low, rank_high = rank_interval(ranks(drawn, precise[:, None, :]), confidence=confidence)
    cells = _cells(sample, _flags(gap > 0, paired), design, confidence)
    return Need(
        weighting=weighting,
        base=share.n,
        missing=share.n_missing,
        importance=importance,
        mastery=mastery,
        mwds=mwds,
        rds=rds,
        share=_band(share),
        wanted=_band(wanted),
        wanted_base=wanted.n,
        precise=precise,
        wanted_precise=wanted_precise,
        rank=rank,
        rank_low=np.fmin(rank_low, rank),
        rank_high=np.fmax(rank_high, rank),
        rds_rank=ranks(-rds.value, precise),
        wanted_rank=ranks(wanted.value, wanted_precise),
        quadrant=quadrants(importance.value, mastery.value, precise, cut=_cut_lines(sample, parameters)),
        cell_base=cells.n.reshape(-1, len(sample.institutions), gap.shape[1]),
        cell_share=_reshaped(_band(cells), (-1, len(sample.institutions), gap.shape[1])),
    )


def is_precise(base: Counts, share: Band, *, parameters: TrainingParameters) -> NDArray[np.bool_]:
    """Whether there are enough answers and the interval of the share is narrow enough."""
    return np.asarray((base >= parameters.min_base) & (share.half_width <= parameters.max_half_width))


def quadrants(
    importance: FloatMatrix, mastery: FloatMatrix, shown: NDArray[np.bool_], *, cut: float | None
) -> NDArray[np.str_]:
    """Sort competences into the quadrants of importance and mastery.

    Parameters
    ----------
    importance, mastery
        Shape (u, j): means.
    shown
        Shape (u, j): competences that take part; the others get "".
    cut
        Where both lines run; None: at the means over the competences shown, unit by unit.

    Notes
    -----
    A mean on the line counts as important, and as mastered.
    """
    counted = np.maximum(shown.sum(axis=1, keepdims=True), 1)
    lines = [
        np.where(shown, ratings, 0.0).sum(axis=1, keepdims=True) / counted if cut is None else np.array(cut)
        for ratings in (importance, mastery)
    ]
    key = QUADRANTS[(importance >= lines[0]).astype(int), (mastery < lines[1]).astype(int)]
    return np.where(shown, key, "")


def by_unit(sample: Sample, estimates: Callable[[Codes, int], DomainEstimates]) -> DomainEstimates:
    """Estimates for the voivodeships and, below them, for Poland."""
    parts = [estimates(codes, domains) for codes, domains in sample.unit_codes()]
    return DomainEstimates(*(np.concatenate([getattr(part, name) for part in parts]) for name in _FIELDS))


_FIELDS: Final = tuple(DomainEstimates.__dataclass_fields__)


def _means(sample: Sample, values: FloatMatrix, design: Design, confidence: float) -> Band:
    return _band(by_unit(sample, lambda codes, d: domain_means(values, design, codes, d, confidence=confidence)))


def _discrepancy(
    sample: Sample, design: Design, importance: FloatMatrix, mastery: FloatMatrix, *, confidence: float
) -> Band:
    """Mean weighted discrepancy scores from the means of both ratings, with linearised intervals."""

    def linearised(codes: Codes, domains: int) -> DomainEstimates:
        # Rows of `importance` are voivodeships first, Poland last: the same units as `codes` counts.
        own = slice(0, domains) if domains > 1 or len(sample.regions) == 1 else slice(-1, None)
        i, m = importance[own][codes], mastery[own][codes]
        score = (2 * i - m) * (sample.importance - i) - i * (sample.mastery - m)
        return domain_means(score, design, codes, domains, confidence=confidence)

    around = _band(by_unit(sample, linearised))
    value = (importance - mastery) * importance
    return Band(value, value + (around.low - around.value), value + (around.high - around.value))


def _cells(sample: Sample, flags: FloatMatrix, design: Design, confidence: float) -> DomainEstimates:
    """Shares by cell, and below them by institution type over all voivodeships."""
    levels = [(sample.cell, sample.staff.size)]
    if len(sample.regions) > 1:
        levels.append((sample.institution, len(sample.institutions)))
    parts = [domain_shares(flags, design, codes, domains, confidence=confidence) for codes, domains in levels]
    return DomainEstimates(*(np.concatenate([getattr(part, name) for part in parts]) for name in _FIELDS))


def _flags(flags: NDArray[np.bool_], known: NDArray[np.bool_]) -> FloatMatrix:
    return np.where(known, flags.astype(np.float64), np.nan)


def _band(estimates: DomainEstimates) -> Band:
    return Band(estimates.value, estimates.low, estimates.high)


def _reshaped(band: Band, shape: tuple[int, ...]) -> Band:
    return Band(band.value.reshape(shape), band.low.reshape(shape), band.high.reshape(shape))


def _cut_lines(sample: Sample, parameters: TrainingParameters) -> float | None:
    return None if parameters.quadrant_cut == "mean" else (sample.low + sample.high) / 2
