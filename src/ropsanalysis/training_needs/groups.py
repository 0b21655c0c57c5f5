"""Institution types compared: do they differ, and what is their need where few answered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ropsanalysis.stats.comparison import WaldTest, adjust, wald_equal_means
from ropsanalysis.stats.pooling import pooled_means
from ropsanalysis.stats.vocabulary import FloatMatrix, FloatVector
from ropsanalysis.training_needs.need import Band
from ropsanalysis.training_needs.parameters import TrainingParameters
from ropsanalysis.training_needs.sample import Codes, Sample
from ropsanalysis.training_needs.weights import Weighting


@dataclass(frozen=True, slots=True)
class Difference:
    """Test whether the mean gap in one competence is the same in all institution types.

    Attributes
    ----------
    unit, competence
        Indices.
    test
        Wald test; NaN where fewer than two types can be compared.
    p_adjusted
        Corrected for the number of competences tested in the unit.
    highest, lowest
        Indices of the institution types with the largest and smallest mean gap; None without a test.
    highest_gap, lowest_gap
        Their mean gaps, in points of the scale.
    """

    unit: int
    competence: int
    test: WaldTest
    p_adjusted: float
    highest: int | None
    lowest: int | None
    highest_gap: float
    lowest_gap: float


def differences(
    sample: Sample, weighting: Weighting, *, shown: NDArray[np.bool_], parameters: TrainingParameters
) -> list[Difference]:
    """Compare the mean gaps of institution types, competence by competence, in every unit.

    Parameters
    ----------
    shown
        Shape (units, i) or (units, i, j): institution types (and competences) whose numbers may be shown; of these,
        those with at least ``min_base`` answers take part.

    Notes
    -----
    The Wald test follows the design (weights, strata, unequal variances), which a Kruskal-Wallis
    test would not. P-values are corrected by Holm's method inside each unit: a false claim of a difference would
    steer a voivodeship's money, so the chance of even one is bounded, and with some twenty tests that costs little.
    """
    found = []
    for unit, (codes, rows) in enumerate(_unit_rows(sample)):
        mean, covariance, base = group_means(sample, weighting, rows)
        take = shown[unit].reshape(base.shape[0], -1) & (base >= parameters.min_base)
        free = (~np.isnan(sample.gap[rows])).sum(axis=0) - np.unique(np.asarray(weighting.design.strata)[rows]).size
        tests = [
            wald_equal_means(mean[take[:, j], j], covariance[j][np.ix_(take[:, j], take[:, j])], df=float(free[j]))
            for j in range(mean.shape[1])
        ]
        adjusted = adjust([test.p_value for test in tests], method="holm")
        found += [
            _difference(codes, j, test, float(adjusted[j]), np.where(take[:, j], mean[:, j], np.nan))
            for j, test in enumerate(tests)
        ]
    return found


def group_means(
    sample: Sample, weighting: Weighting, rows: NDArray[np.bool_]
) -> tuple[FloatMatrix, FloatMatrix, NDArray[np.int64]]:
    r"""Mean gap of each institution type among some respondents, with covariances.

    Parameters
    ----------
    rows
        Shape (n,): the respondents of the unit (whole strata).

    Returns
    -------
    mean, covariance, base
        Shapes (i, j), (j, i, i), (i, j).

    Notes
    -----
    With linearised values :math:`z = w (y - \bar y_g)/\hat N_g`, and their sums :math:`s_{hg}` and sums of squares
    :math:`q_{hg}` over type g in stratum h,
    :math:`V_{gk} = \sum_h \frac{n_h}{n_h - 1}(\delta_{gk} q_{hg} - s_{hg}s_{hk}/n_h)`.
    There is no finite population correction: two groups of real people never have exactly the same mean, so the
    question is whether they could have come from one and the same source (Cochran, W. G. (1977). Sampling Techniques,
    3rd ed. Wiley, section 2.14).
    """
    design, gap = weighting.design, sample.gap[rows]
    weights = np.asarray(design.weights)[rows][:, None] * ~np.isnan(gap)
    filled, kind = np.nan_to_num(gap), sample.institution[rows]
    _, stratum, size = np.unique(np.asarray(design.strata)[rows], return_inverse=True, return_counts=True)
    types = len(sample.institutions)
    people = _sums(weights, kind, types)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = _sums(weights * filled, kind, types) / people
        z = weights * (filled - mean[kind]) / people[kind]
        factor = np.where(size > 1, size / (size - 1), 0.0)
    z = np.nan_to_num(z)
    pair = stratum * types + kind
    sums, squares = (_sums(part, pair, size.size * types).reshape(size.size, types, -1) for part in (z, z**2))
    covariance = -np.einsum("h,hgj,hkj->jgk", factor / size, sums, sums, optimize=True)
    covariance[:, np.arange(types), np.arange(types)] += np.einsum("h,hgj->jg", factor, squares)
    return mean, covariance, _sums((weights > 0).astype(np.float64), kind, types).astype(np.int64)


def pooled_gaps(sample: Sample, *, parameters: TrainingParameters) -> Band:
    """Model-based mean gap of every cell, shape (r, i, j): NaN where the model cannot be fitted.

    Notes
    -----
    One mixed model per competence: institution type and voivodeship as fixed effects (with one voivodeship the
    general mean alone), a random intercept per cell. Weights are not needed: they are equal inside a cell.
    """
    regions, types = sample.staff.shape
    fixed = np.ones((regions * types, 1))
    if regions > 1:
        fixed = np.column_stack(
            (fixed, np.tile(np.eye(types), (regions, 1)), np.repeat(np.eye(regions), types, axis=0))
        )
    band = Band(*np.full((3, regions, types, len(sample.competences)), np.nan))
    used = np.unique(sample.institution)
    inside = np.flatnonzero(np.isin(np.arange(regions * types) % types, used))
    group = np.searchsorted(inside, sample.cell)
    for j in range(len(sample.competences)):
        fit = pooled_means(sample.gap[:, j], group, fixed[inside], confidence=parameters.confidence)
        if fit is not None:
            for target, source in zip((band.value, band.low, band.high), (fit.value, fit.low, fit.high), strict=True):
                target.reshape(-1, target.shape[2])[inside, j] = source
    return band


def _unit_rows(sample: Sample) -> list[tuple[int, NDArray[np.bool_]]]:
    """Return number and respondents of each unit, Poland last."""
    everybody = np.ones(len(sample), dtype=np.bool_)
    rows = [sample.region == code for code in range(len(sample.regions))]
    return list(enumerate([*rows, everybody] if len(sample.regions) > 1 else rows))


def _difference(unit: int, competence: int, test: WaldTest, p_adjusted: float, gaps: FloatVector) -> Difference:
    if np.isnan(test.p_value):
        return Difference(unit, competence, test, float("nan"), None, None, float("nan"), float("nan"))
    highest, lowest = int(np.nanargmax(gaps)), int(np.nanargmin(gaps))
    return Difference(unit, competence, test, p_adjusted, highest, lowest, float(gaps[highest]), float(gaps[lowest]))


def _sums(values: FloatMatrix, codes: Codes, n_codes: int) -> FloatMatrix:
    rows = np.arange(codes.size)
    sums: FloatMatrix = csr_array((np.ones(codes.size), (codes, rows)), shape=(n_codes, codes.size)) @ values
    return sums
