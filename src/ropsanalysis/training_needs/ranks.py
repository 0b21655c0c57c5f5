"""Ranks of competences by need, with intervals from a bootstrap that draws as the survey was drawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from ropsanalysis.stats.survey_design import Design
from ropsanalysis.stats.vocabulary import FloatMatrix
from ropsanalysis.training_needs.sample import Sample

BLOCK: Final = 2_000_000
"""Random numbers drawn at a time: keeps memory small however many people answered."""


def ranks(scores: FloatMatrix, shown: NDArray[np.bool_]) -> FloatMatrix:
    """Rank each row, 1 = the highest score; equal scores share the better place; NaN where not shown.

    Parameters
    ----------
    scores
        Shape (..., j).
    shown
        Shape (j,) or as `scores`: which competences take part.

    Examples
    --------
    >>> ranks(np.array([3.0, 5.0, 9.0, 3.0]), np.array([True, True, False, True]))
    array([ 2.,  1., nan,  2.])
    """
    place = rankdata(np.where(shown, -scores, np.inf), method="min", axis=-1).astype(np.float64)
    return np.where(shown & ~np.isnan(scores), place, np.nan)


def bootstrap_scores(sample: Sample, design: Design, *, draws: int, seed: int) -> FloatMatrix:
    r"""Mean weighted discrepancy scores in bootstrap samples: shape (units, draws, j).

    Notes
    -----
    Rescaled bootstrap: from the :math:`n_h` respondents of a stratum :math:`n_h - 1` are drawn with replacement, and
    someone drawn :math:`t_i` times gets the weight :math:`w_i \{1 - \lambda_h + \lambda_h t_i n_h/(n_h - 1)\}` with
    :math:`\lambda_h = \sqrt{1 - n_h/N_h}`. The variance over the draws is then that of the stratified design, finite
    population correction included. A stratum of one respondent does not vary. Each voivodeship has its own random
    numbers, so that its intervals do not depend on the others'.

    References
    ----------
    Rao, J. N. K., Wu, C. F. J. (1988). Resampling inference with complex survey data. Journal of the American
    Statistical Association 83(401), 231-241.
    """
    paired = ~np.isnan(sample.gap)
    weights = np.asarray(design.weights)[:, None]
    ratings = [np.where(paired, rating, 0.0) for rating in (sample.importance, sample.mastery)]
    parts = np.hstack([weights * part for part in (paired, *ratings)])
    strata, population = np.asarray(design.strata), np.asarray(design.population)
    sums = np.zeros((len(sample.regions), draws, parts.shape[1]))
    for code, teryt in enumerate(sample.regions):
        rng = np.random.default_rng([seed, int(teryt)])
        for stratum in np.unique(strata[sample.region == code]):
            rows = np.flatnonzero(strata == stratum)
            sums[code] += _stratum_sums(parts[rows], float(population[rows[0]]), draws, rng)
    if len(sample.regions) > 1:
        sums = np.concatenate((sums, sums.sum(axis=0, keepdims=True)))
    weight, importance, mastery = np.split(sums, 3, axis=2)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((importance - mastery) / weight * (importance / weight))


def rank_interval(drawn: FloatMatrix, *, confidence: float) -> tuple[FloatMatrix, FloatMatrix]:
    """Return the ends of the middle part of the ranks in draws (axis 1), whole places; NaN where there is no rank."""
    tail = (1 - confidence) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=1, method="inverted_cdf")
    return low, high


def _stratum_sums(parts: FloatMatrix, population: float, draws: int, rng: np.random.Generator) -> FloatMatrix:
    """Weighted sums (draws, k) of one stratum in the bootstrap samples."""
    n = parts.shape[0]
    plain = parts.sum(axis=0)
    if n == 1:
        return np.broadcast_to(plain, (draws, plain.size)).copy()
    reach = np.sqrt(max(1 - n / population, 0.0))
    drawn = np.concatenate([times @ parts for times in _times_drawn(n, draws, rng)])
    return np.asarray((1 - reach) * plain + reach * n / (n - 1) * drawn)


def _times_drawn(n: int, draws: int, rng: np.random.Generator) -> Iterator[FloatMatrix]:
    """How often each of n is among n - 1 drawn with replacement: blocks of shape (at most draws, n)."""
    step = max(1, BLOCK // n)
    for start in range(0, draws, step):
        size = min(step, draws - start)
        picks = rng.integers(n, size=(size, n - 1)) + np.arange(size)[:, None] * n
        yield np.bincount(picks.ravel(), minlength=size * n).reshape(size, n).astype(np.float64)
