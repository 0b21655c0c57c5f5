"""Typical profiles of need: groups of respondents whose gaps lie in the same competences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from ropsanalysis.stats.typology import Partition, k_means, nearest, silhouette, stability
from ropsanalysis.stats.vocabulary import FloatMatrix
from ropsanalysis.training_needs.parameters import TrainingParameters
from ropsanalysis.training_needs.sample import MISSING, Codes, Sample

ANSWERED: Final = 0.5
"""Least share of competences a respondent must have rated twice; with less, the profile would be imputed."""
STABLE: Final = 0.75
"""Mean adjusted Rand index from which a partition counts as stable."""
MOST_ROWS: Final = 2000
"""Respondents the partitions are searched with; the silhouette compares all pairs of them."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How firm a partition into k profiles is: stability, silhouette, and respondents it was found with."""

    k: int
    stability: float
    silhouette: float
    n: int


@dataclass(frozen=True, slots=True)
class Profiles:
    """Profiles of need.

    Attributes
    ----------
    labels
        Shape (n,): profile of each respondent, 0 to k - 1, `MISSING` for those who rated too little.
    gap
        Shape (k, j): mean gap of the profile's respondents.
    centred
        Shape (k, j): mean of their gaps less their own mean gap, and less that of all profiles' respondents.
    quality
        Of the partition chosen first, then of the other numbers of profiles.
    """

    labels: Codes
    gap: FloatMatrix
    centred: FloatMatrix
    quality: tuple[Quality, ...]


def profiles(sample: Sample, *, parameters: TrainingParameters) -> Profiles | None:
    """Find profiles by k-means; None where too few rated enough.

    Notes
    -----
    Each respondent's gaps are centred on their own mean, so that profiles differ in where the gaps lie rather than in
    how severely somebody rates; a missing gap is then set to the mean of the others' centred gaps in that competence.
    Of the numbers of profiles with at least ``min_base`` respondents in each, the one with the largest silhouette among
    the stable is chosen, and the most stable where none is.
    """
    gap = sample.gap
    rated = (~np.isnan(gap)).mean(axis=1) >= ANSWERED
    if rated.sum() < 2 * parameters.min_base:
        return None
    points = impute(centre(gap[rated]))
    rng = np.random.default_rng(parameters.seed)
    tried = points[rng.permutation(len(points))[:MOST_ROWS]]
    found = []
    for k in range(2, parameters.max_profiles + 1):
        if len(tried) >= k * parameters.min_base:
            partition = k_means(tried, k=k, rng=rng)
            if np.bincount(partition.labels, minlength=k).min() >= parameters.min_base:
                found.append((partition, _quality(tried, partition, rng)))
    if not found:
        return None
    stable = [pair for pair in found if pair[1].stability >= STABLE]
    best = (
        max(stable, key=lambda pair: pair[1].silhouette) if stable else max(found, key=lambda pair: pair[1].stability)
    )
    own = nearest(points, best[0].centres)
    labels = np.full(len(sample), MISSING, dtype=np.int64)
    labels[rated] = own
    return Profiles(
        labels=labels,
        gap=np.array([_means(gap[labels == k]) for k in range(best[1].k)]),
        centred=np.array([points[own == k].mean(axis=0) for k in range(best[1].k)]) - points.mean(axis=0),
        quality=(best[1], *(quality for _, quality in found if quality is not best[1])),
    )


def centre(gap: FloatMatrix) -> FloatMatrix:
    """Gaps (n, j) less the respondent's own mean gap; missing ones stay missing."""
    return np.asarray(gap - np.nanmean(gap, axis=1, keepdims=True))


def impute(centred: FloatMatrix) -> FloatMatrix:
    """Put the competence's mean where a gap is missing (0 where nobody has one)."""
    return np.where(np.isnan(centred), _means(centred, empty=0.0), centred)


def _quality(points: FloatMatrix, partition: Partition, rng: np.random.Generator) -> Quality:
    return Quality(
        partition.centres.shape[0],
        stability(points, partition, rng=rng),
        silhouette(points, partition.labels),
        len(points),
    )


def _means(values: FloatMatrix, *, empty: float = np.nan) -> FloatMatrix:
    known = ~np.isnan(values)
    counts = known.sum(axis=0)
    sums = np.where(known, values, 0.0).sum(axis=0)
    return np.where(counts > 0, sums / np.maximum(counts, 1), empty)
