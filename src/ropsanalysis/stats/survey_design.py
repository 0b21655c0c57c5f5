"""How a sample was drawn: weights, strata, clusters, size of the population, margins it was calibrated to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from ropsanalysis.errors import UsageError
from ropsanalysis.stats.margins import Margin, as_margin
from ropsanalysis.stats.vocabulary import FloatMatrix, FloatVector, as_vector

Lonely = Literal["fail", "remove", "centre", "average"]
IntVector = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the variance of calibrated weights needs of the design; p categories in all margins together.

    Attributes
    ----------
    indicators
        Shape (n, p): the row's base weight where it is in a category, so that its products are weighted sums.
    inverse
        Shape (p, p): generalised inverse of the indicators' weighted cross products.
    psu_totals
        Shape (m, p): weighted indicators summed over each PSU, times the factor of its stratum.
    stratum_totals
        Shape (s, p): the same summed over strata; 0 where the PSU is not compared with its stratum's mean.
    form
        Shape (p, p): variances and covariances that the category sizes would have without calibration.
    """

    indicators: csr_array
    inverse: FloatMatrix
    psu_totals: csr_array
    stratum_totals: csr_array
    form: FloatMatrix


@dataclass(frozen=True, slots=True)
class Layout:
    """A design in numbers, worked out once: m primary sampling units (PSUs) in s strata.

    Attributes
    ----------
    psu
        Shape (n,): PSU of each row.
    stratum
        Shape (m,): stratum of each PSU.
    psus
        Shape (s,): PSUs drawn per stratum.
    left
        Shape (s,): share of the stratum's PSUs that was not drawn, 1 without ``population``.
    factor
        Shape (s,): what a stratum's sum of squares between PSUs is multiplied by.
    calibration
        What the margins add; None without margins.
    """

    psu: IntVector
    stratum: IntVector
    psus: IntVector
    left: FloatVector
    factor: FloatVector
    calibration: Calibration | None


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    r"""Weights of a sample of n rows and the way it was drawn.

    Attributes
    ----------
    weights
        Shape (n,), at least 0: people whom each row stands for. Rows with weight 0 are in no estimate.
    strata
        Shape (n,), any labels: groups that were sampled separately. None: one stratum.
    clusters
        Shape (n,), any labels: units drawn together; equal labels in two strata are two clusters.
        None: each row was drawn by itself.
    population
        Shape (n,): PSUs that the row's stratum has in the population, for the finite population correction
        :math:`1 - n_h / N_h`. None: drawn with replacement, or the population is large.
    margins
        Margins to which the weights were raked or post-stratified: what the margins explain adds no variance.
    base
        Shape (n,): weights before calibration, used with ``margins`` only; equal weights if None.
    lonely
        A stratum with a single PSU shows no variance. ``centre`` compares the PSU with the centre of all instead
        of its stratum's (rather too large), ``average`` gives the stratum the mean variance of the others,
        ``remove`` counts it as 0 (too small), ``fail`` refuses. A stratum drawn completely always adds 0.

    Raises
    ------
    UsageError
        If lengths differ, weights are negative or missing, a stratum's ``population`` varies or is smaller than
        the sample, or a stratum has a single PSU and ``lonely`` is ``fail``.
    """

    weights: ArrayLike
    strata: ArrayLike | None = None
    clusters: ArrayLike | None = None
    population: ArrayLike | None = None
    margins: Sequence[Margin] = ()
    base: ArrayLike | None = None
    lonely: Lonely = "centre"
    layout: Layout = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        weights = as_vector(self.weights, name="weights")
        if not (weights >= 0).all():
            raise UsageError("weights must be numbers of at least 0, none missing")
        object.__setattr__(self, "weights", weights)
        object.__setattr__(self, "layout", _layout(self))

    def __len__(self) -> int:
        return len(np.asarray(self.weights))


def _layout(design: Design) -> Layout:
    n = len(design)
    strata = np.zeros(n, dtype=np.int64) if design.strata is None else _labels(design.strata, n, "strata")
    if design.clusters is None:
        psu, stratum = np.arange(n), strata
    else:
        clusters = _labels(design.clusters, n, "clusters")
        keys, psu = np.unique(strata * (clusters.max(initial=0) + 1) + clusters, return_inverse=True)
        stratum = keys // (clusters.max(initial=0) + 1)
    psus = np.bincount(stratum)
    left = _left(design, strata, psus)
    if design.lonely == "fail" and ((psus == 1) & (left > 0)).any():
        raise UsageError("a stratum has a single sampled unit; merge strata or choose how to treat it (lonely)")
    alone = left if design.lonely == "centre" else np.zeros_like(left)
    factor = np.where(psus > 1, left * psus / np.maximum(psus - 1, 1), alone)
    return Layout(psu, stratum, psus, left, factor, _calibration(design, psu, stratum, factor))


def _left(design: Design, strata: IntVector, psus: IntVector) -> FloatVector:
    if design.population is None:
        return np.ones(len(psus))
    population = as_vector(design.population, name="population")
    if len(population) != len(strata):
        raise UsageError(f"population: expected {len(strata)} values, one per row, found {len(population)}")
    size = np.zeros(len(psus))
    size[strata] = population
    if not (population == size[strata]).all():
        raise UsageError("population: must be known and the same for all rows of a stratum")
    if (size < psus).any():
        raise UsageError("population: a stratum has more sampled units than its population holds")
    return 1 - psus / size


def _labels(labels: ArrayLike, n: int, name: str) -> IntVector:
    codes, _ = pd.factorize(np.asarray(labels))
    if len(codes) != n:
        raise UsageError(f"{name}: expected {n} labels, one per row, found {len(codes)}")
    if (codes < 0).any():
        raise UsageError(f"{name}: every row needs a label, row {int(np.argmin(codes))} has none")
    return codes.astype(np.int64)


def _calibration(design: Design, psu: IntVector, stratum: IntVector, factor: FloatVector) -> Calibration | None:
    if not design.margins:
        return None
    n, m, s = len(psu), len(stratum), len(factor)
    weights = np.asarray(design.weights)
    base = np.ones(n) if design.base is None else as_vector(design.base, name="base")
    margins = [as_margin(margin.codes, margin.totals, index=index) for index, margin in enumerate(design.margins)]
    if len(base) != n or any(len(margin.codes) != n for margin in margins):
        raise UsageError(f"base and margins: expected {n} values, one per row")
    first = np.cumsum([0, *(len(margin.totals) for margin in margins)])
    categories = np.concatenate([margin.codes + start for margin, start in zip(margins, first[:-1], strict=True)])
    x = _ones(np.tile(np.arange(n), len(margins)), categories, (n, int(first[-1])))
    of_psus, of_strata = _ones(psu, np.arange(n), (m, n)), _ones(stratum, np.arange(m), (s, m))
    totals = of_psus @ (x * weights[:, None])
    weighted = csr_array(totals * factor[stratum, None])
    psus = np.bincount(stratum, minlength=s)
    compared = csr_array((of_strata @ weighted) * (psus > 1)[:, None])
    form = totals.T @ weighted - (of_strata @ totals).T @ csr_array(compared / psus[:, None])
    inverse = np.linalg.pinv((x.T @ (x * base[:, None])).toarray(), hermitian=True)
    return Calibration(csr_array(x * base[:, None]), inverse, weighted, compared, form.toarray())


def _ones(row: IntVector, column: IntVector, shape: tuple[int, int]) -> csr_array:
    return csr_array((np.ones(len(row)), (row, column)), shape=shape)
