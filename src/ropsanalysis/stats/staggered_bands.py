"""What holds for many staggered effects at once: simultaneous bands, and the test of the checks before treatment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import chi2, f, norm
from scipy.stats import t as student

from ropsanalysis.stats.effects import FEWEST_CLUSTERS
from ropsanalysis.stats.staggered import GroupTimeEffects
from ropsanalysis.stats.vocabulary import FloatMatrix, FloatVector, as_matrix, as_vector

Multipliers = Literal["rademacher", "mammen"]

_DRAWS_AT_ONCE: Final = 256
_INTERQUARTILE: Final = float(norm.ppf(0.75) - norm.ppf(0.25))
_SAME: Final = 1e-10
"""Part of the largest variance below which a combination of estimates does not vary at all."""


@dataclass(frozen=True, slots=True)
class Bands:
    """Bootstrap standard errors and intervals of k estimates, each array of shape (k,).

    Attributes
    ----------
    se
        Interquartile range of the draws in units of that of the normal distribution.
    low, high
        Each holds its true value with the confidence asked for.
    band_low, band_high
        All hold their true values together with that confidence.
    critical
        Standard errors from an estimate to the end of its band.
    """

    se: FloatVector
    low: FloatVector
    high: FloatVector
    band_low: FloatVector
    band_high: FloatVector
    critical: float


@dataclass(frozen=True, slots=True)
class PreTrendTest:
    """Test that all effects before treatment are 0; NaN where there are none, or more than clusters can tell.

    Attributes
    ----------
    statistic
        Wald's.
    df
        Its degrees of freedom.
    p_value
        Of no effect before treatment.
    ratio, df_denominator
        The statistic as an F, and the degrees of freedom of its denominator; NaN and 0 of a chi-square.

    A high p-value does not show that trends were parallel, only that these data do not contradict it.
    """

    statistic: float
    df: int
    p_value: float
    ratio: float = np.nan
    df_denominator: int = 0


def bands(
    value: ArrayLike,
    influence: ArrayLike,
    *,
    rng: np.random.Generator,
    draws: int = 999,
    confidence: float = 0.95,
    multipliers: Multipliers = "rademacher",
) -> Bands:
    r"""Intervals that hold for all estimates together, by a bootstrap that multiplies the influences of whole clusters.

    Parameters
    ----------
    value, influence
        Shapes (k,) and (G, k): those of `GroupTimeEffects` or `Aggregation`.
    draws
        Number of bootstrap draws.
    multipliers
        Distribution, of mean 0 and variance 1: ``"rademacher"`` is -1 or 1, ``"mammen"`` has a skewness of 1.

    Raises
    ------
    ValueError
        If shapes differ, or an option is not known.

    Notes
    -----
    Each draw is :math:`\sqrt{G / (G - 1)} \sum_g v_g \psi_g`. The critical value is the quantile of the largest
    :math:`|draw| / se` over all estimates, at least that of Student's t. Estimates that do not vary get no interval.

    References
    ----------
    Callaway and Sant'Anna (2021), as in `group_time_effects`, section 4.1, algorithm 1.
    Mammen, E. (1993). Bootstrap and wild bootstrap for high dimensional linear models. Annals of Statistics 21(1),
    255-285.
    """
    estimate, psi = as_vector(value, name="value"), as_matrix(influence, name="influence")
    if psi.shape[1] != estimate.size:
        raise ValueError(f"influence: {psi.shape[1]} columns, expected {estimate.size}, one for each value")
    if multipliers not in ("mammen", "rademacher") or draws < 1:
        raise ValueError("multipliers: choose mammen or rademacher; draws: at least 1")
    n_clusters = len(psi)
    if n_clusters < FEWEST_CLUSTERS or not estimate.size:
        none = np.full(estimate.size, np.nan)
        return Bands(none, none, none, none, none, np.nan)
    sizes = [min(_DRAWS_AT_ONCE, draws - start) for start in range(0, draws, _DRAWS_AT_ONCE)]
    drawn = np.concatenate([_multipliers(rng, (size, n_clusters), multipliers) @ psi for size in sizes])
    drawn *= np.sqrt(n_clusters / (n_clusters - 1))
    quartiles = np.quantile(drawn, (0.25, 0.75), axis=0)
    se = (quartiles[1] - quartiles[0]) / _INTERQUARTILE
    se[se <= _SAME * np.abs(estimate)] = np.nan
    pointwise = float(student.ppf((1 + confidence) / 2, n_clusters - 1))
    varies = ~np.isnan(se)
    critical = np.nan
    if varies.any():
        critical = max(pointwise, float(np.quantile(np.abs(drawn / se)[:, varies].max(axis=1), confidence)))
    reach, far = pointwise * se, critical * se
    return Bands(se, estimate - reach, estimate + reach, estimate - far, estimate + far, critical)


def pre_trend_test(effects: GroupTimeEffects, *, small_sample: bool = True) -> PreTrendTest:
    r"""Test all effects before treatment at once (Wald).

    Parameters
    ----------
    small_sample
        True: Hotelling's distribution, which allows for a covariance known from few clusters. False: chi-square and no
        correction of the covariance, as R's did has it.

    Notes
    -----
    :math:`a'V^{-1}a` with a the effects of all cells before treatment and V their covariance; its rank gives the
    degrees of freedom q. With G clusters, :math:`\frac{G - q}{q (G - 1)} W` has an F distribution with q and G - q.
    """
    before = effects.period < effects.group
    psi, n_clusters = effects.influence[:, before], effects.n_clusters
    scale = n_clusters / (n_clusters - 1) if small_sample and n_clusters > 1 else 1.0
    values, vectors = np.linalg.eigh(scale * psi.T @ psi)
    real = values > _SAME * values.max(initial=0.0)
    df = int(real.sum())
    if df == 0 or df >= n_clusters - 1:
        return PreTrendTest(np.nan, df, np.nan)
    statistic = float(((vectors[:, real].T @ effects.value[before]) ** 2 / values[real]).sum())
    if not small_sample:
        return PreTrendTest(statistic, df, float(chi2.sf(statistic, df)))
    ratio = statistic * (n_clusters - df) / (df * (n_clusters - 1))
    return PreTrendTest(statistic, df, float(f.sf(ratio, df, n_clusters - df)), ratio, n_clusters - df)


def _multipliers(rng: np.random.Generator, shape: tuple[int, int], kind: Multipliers) -> FloatMatrix:
    if kind == "rademacher":
        return np.where(rng.random(shape) < 0.5, -1.0, 1.0)
    root = float(np.sqrt(5))
    below = rng.random(shape) < (root + 1) / (2 * root)
    return np.where(below, (1 - root) / 2, (1 + root) / 2)
