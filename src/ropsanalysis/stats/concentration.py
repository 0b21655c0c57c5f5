"""How unequally something is spread, and where it is concentrated: Gini, Theil, Herfindahl, location quotient."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import xlogy

from ropsanalysis.stats.vocabulary import BoolVector, FloatMatrix, FloatVector, as_matrix, as_vector


@dataclass(frozen=True, slots=True)
class Theil:
    """Theil's index T and its two parts, in nats: ``total`` is ``between`` plus ``within``.

    Attributes
    ----------
    total
        0 where all are equal, at most the logarithm of the total weight over the smallest one; NaN where nothing is
        spread.
    between
        What would be left if all units of a group had the mean of their group.
    within
        Mean of the groups' own indices, weighted by their share of what is spread.
    """

    total: float
    between: float
    within: float


def gini(values: ArrayLike, *, weights: ArrayLike | None = None) -> float:
    r"""Gini coefficient of weighted units.

    Parameters
    ----------
    values
        Shape (n,), 0 or more; NaN where missing: such units are left out.
    weights
        Shape (n,), 0 or more, for instance population; units without one are left out. None: all count alike.

    Returns
    -------
    float
        Between 0 (all equal) and 1 (one unit has everything); NaN where nothing is spread.

    Raises
    ------
    ValueError
        If a value or weight is negative.

    Notes
    -----
    :math:`G = \frac{2 \sum_i w_i x_i W_i - \sum_i w_i^2 x_i}{\sum w_i \sum w_i x_i} - 1`, with :math:`W_i` the running
    sum of weights in rising order of the values: half the mean absolute difference of two units drawn by weight, over
    the mean. It is the estimator of the European statistics on income; of a finite population, it does not reach 1.

    References
    ----------
    Alfons, A., Templ, M. (2013). Estimation of social exclusion indicators from complex surveys: the R package laeken.
    Journal of Statistical Software 54(15), section 3.5.

    Examples
    --------
    >>> gini([1.0, 3.0]), gini([1.0, 3.0], weights=[3.0, 1.0])
    (0.25, 0.25)
    >>> gini([0.0, 0.0, 0.0, 8.0])
    0.75
    """
    x, w = _weighted(values, weights)
    order = np.argsort(x, kind="stable")
    x, w = x[order], w[order]
    amount = float((w * x).sum())
    if amount == 0:
        return float("nan")
    running = np.cumsum(w)
    twice = float(2 * (w * x * running).sum() - (w**2 * x).sum())
    return max(0.0, twice / (float(running[-1]) * amount) - 1)  # rounding can leave it a hair below


def theil(values: ArrayLike, groups: ArrayLike | None = None, *, weights: ArrayLike | None = None) -> Theil:
    r"""Theil's index T of weighted units, taken apart into that between groups and that within them.

    Parameters
    ----------
    values, weights
        As in `gini`.
    groups
        Shape (n,): codes or names of the groups. None: all units are one group, so that nothing is between.

    Returns
    -------
    Theil
        All NaN where nothing is spread.

    Raises
    ------
    ValueError
        If a value or weight is negative, or the lengths differ.

    Notes
    -----
    With shares of weight :math:`p_i` and mean :math:`\mu`, :math:`T = \sum p_i \frac{x_i}{\mu} \ln \frac{x_i}{\mu}`,
    where a zero adds nothing. With shares :math:`p_g` and means :math:`\mu_g` of groups, the part between is
    :math:`\sum p_g \frac{\mu_g}{\mu} \ln \frac{\mu_g}{\mu}` and that within
    :math:`\sum p_g \frac{\mu_g}{\mu} T_g`: an exact sum, without a remainder.

    References
    ----------
    Theil, H. (1967). Economics and Information Theory, ch. 4. Amsterdam: North-Holland.
    Shorrocks, A. F. (1980). The class of additively decomposable inequality measures. Econometrica 48(3), 613-625.

    Examples
    --------
    >>> parts = theil([1.0, 1.0, 3.0, 3.0], ["a", "a", "b", "b"])
    >>> round(parts.between, 4), round(parts.within, 4)
    (0.1308, 0.0)
    """
    raw = as_vector(values)
    keys = np.zeros(raw.size, dtype=np.int64) if groups is None else np.asarray(groups)
    if keys.shape != raw.shape:
        raise ValueError(f"groups: expected shape {raw.shape}, found {keys.shape}")
    used = _used(raw, weights)
    x, w = _weighted(raw, weights)
    amount = float((w * x).sum())
    if amount == 0:
        return Theil(float("nan"), float("nan"), float("nan"))
    codes = np.unique(keys[used], return_inverse=True)[1]
    weight, sums = (np.bincount(codes, weights=each).astype(np.float64) for each in (w, w * x))
    mean = amount / w.sum()
    own = np.divide(sums, weight, out=np.zeros_like(sums), where=weight > 0)
    between = _entropy(own / mean, weight)
    relative = np.divide(x, own[codes], out=np.zeros_like(x), where=own[codes] > 0)
    within = float((w * x * np.log(relative, out=np.zeros_like(x), where=relative > 0)).sum() / amount)
    return Theil(*(max(0.0, part) for part in (_entropy(x / mean, w), between, within)))


def hhi(amounts: ArrayLike, *, normalised: bool = False) -> FloatVector:
    r"""Herfindahl-Hirschman index: the sum of squared shares.

    Parameters
    ----------
    amounts
        Shape (k,) or (n, k): amounts or shares of the k parts of one whole or of n wholes, 0 or more. They need not
        add up to 1.
    normalised
        Put the index on a scale from 0 (all parts alike) to 1, whatever the number of parts.

    Returns
    -------
    FloatVector
        Shape () or (n,): from 1/k to 1; NaN for a whole that is 0 or has a missing part, and for the normalised index
        of a single part.

    Raises
    ------
    ValueError
        If an amount is negative.

    Notes
    -----
    :math:`H = \sum_j s_j^2`, normalised :math:`(H - 1/k) / (1 - 1/k)`. Parts of 0 count as parts: give all parts that
    could be there.

    Examples
    --------
    >>> hhi([[50.0, 50.0], [100.0, 0.0]]), hhi([[50.0, 50.0], [100.0, 0.0]], normalised=True)
    (array([0.5, 1. ]), array([0., 1.]))
    """
    parts = np.asarray(amounts, dtype=np.float64)
    if (parts < 0).any():
        raise ValueError("amounts cannot be negative")
    whole = parts.sum(axis=-1, keepdims=True)
    share = np.divide(parts, whole, out=np.full(parts.shape, np.nan), where=whole > 0)
    index: FloatVector = (share**2).sum(axis=-1)
    if not normalised:
        return index
    least = 1 / parts.shape[-1]
    return np.full(index.shape, np.nan) if least == 1 else (index - least) / (1 - least)


def location_quotient(counts: ArrayLike, *, reference: ArrayLike | None = None) -> FloatMatrix:
    r"""How many times larger a kind's share is in a unit than in the reference.

    Parameters
    ----------
    counts
        Shape (n, k): counts of k kinds in n units.
    reference
        Shape (k,): counts in the whole that units are compared with. None: the sum of the units.

    Returns
    -------
    FloatMatrix
        Shape (n, k): 1 where the kind is as common as in the reference; NaN for a unit without anything, for a kind
        that the reference lacks and for missing counts.

    Raises
    ------
    ValueError
        If a count is negative, or the reference has another number of kinds.

    Notes
    -----
    :math:`LQ_{ij} = \frac{x_{ij} / x_{i\cdot}}{x_{\cdot j} / x_{\cdot\cdot}}`.

    Examples
    --------
    >>> location_quotient([[2.0, 2.0], [1.0, 5.0]]).round(2)
    array([[1.67, 0.71],
           [0.56, 1.19]])
    """
    table = as_matrix(counts, name="counts")
    whole = table.sum(axis=0) if reference is None else as_vector(reference, name="reference")
    if whole.shape != table.shape[1:]:
        raise ValueError(f"reference: expected shape {table.shape[1:]}, found {whole.shape}")
    if (table < 0).any() or (whole < 0).any():
        raise ValueError("counts cannot be negative")
    expected = table.sum(axis=1, keepdims=True) * whole
    quotient: FloatMatrix = np.divide(
        table * whole.sum(), expected, out=np.full(table.shape, np.nan), where=expected > 0
    )
    return quotient


def _weighted(values: ArrayLike, weights: ArrayLike | None) -> tuple[FloatVector, FloatVector]:
    """Return values and weights of the units that have both."""
    x = as_vector(values)
    used = _used(x, weights)
    w = np.ones(x.size) if weights is None else as_vector(weights, name="weights")
    x, w = x[used], w[used]
    if (x < 0).any() or (w < 0).any():
        raise ValueError("values and weights cannot be negative")
    return x, w


def _used(x: FloatVector, weights: ArrayLike | None) -> BoolVector:
    if weights is None:
        return ~np.isnan(x)
    w = as_vector(weights, name="weights")
    if w.shape != x.shape:
        raise ValueError(f"weights: expected shape {x.shape}, found {w.shape}")
    return ~(np.isnan(x) | np.isnan(w))


def _entropy(relative: FloatVector, weights: FloatVector) -> float:
    """Weighted mean of y log y."""
    return float((weights * xlogy(relative, relative)).sum() / weights.sum())
