"""Primary rules of confidentiality: which cells of a table say too much about one unit or two."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ropsanalysis.stats.disclosure_system import IntVector
from ropsanalysis.stats.vocabulary import BoolVector, FloatMatrix, FloatVector, as_vector

_ROUNDING = 1e-12
"""Relative error of a sum of floats: a share of exactly three quarters must not count as more."""


@dataclass(frozen=True, slots=True)
class Contributions:
    """What the units of each cell contribute to a magnitude.

    Attributes
    ----------
    units
        Shape (c,): number of contributing units.
    total
        Shape (c,): sum of contributions, in their unit.
    largest
        Shape (c, m): the m largest contributions, descending; 0 where there are fewer units.
    """

    units: IntVector
    total: FloatVector
    largest: FloatMatrix


def contributions(values: ArrayLike, cells: ArrayLike, *, n_cells: int, keep: int = 3) -> Contributions:
    """Count, total and largest contributions of every cell.

    Parameters
    ----------
    values
        Shape (n,): contribution of each unit, not negative. A missing one is refused: whether a unit without a
        value counts is for the caller to decide.
    cells
        Shape (n,): cell of each unit, 0 to ``n_cells - 1``.
    n_cells
        Number of cells.
    keep
        How many of the largest contributions to keep.

    Raises
    ------
    ValueError
        If a value is negative or missing: dominance has no meaning then.

    Examples
    --------
    >>> contributions([9, 11, 280], [0, 0, 1], n_cells=2, keep=1).largest
    array([[ 11.],
           [280.]])
    """
    amounts, cell = as_vector(values), np.asarray(cells, dtype=np.int64)
    if not (amounts >= 0).all():
        raise ValueError("values: contributions must be known and not negative")
    order = np.lexsort((-amounts, cell))
    units = np.bincount(cell, minlength=n_cells)
    place = np.arange(amounts.size) - np.repeat(np.cumsum(units) - units, units)
    largest = np.zeros((n_cells, keep))
    top = place < keep
    largest[cell[order][top], place[top]] = amounts[order][top]
    return Contributions(units, np.bincount(cell, amounts, minlength=n_cells).astype(np.float64), largest)


def is_small_count(counts: ArrayLike, *, threshold: int, zero_is_disclosive: bool = False) -> NDArray[np.bool_]:
    """Mark counts (any shape) from 1 up to the threshold, the threshold itself excluded.

    Examples
    --------
    >>> is_small_count([0, 1, 4, 5], threshold=5)
    array([False,  True,  True, False])
    """
    count = np.asarray(counts)
    return (count < threshold) & ((count > 0) | zero_is_disclosive)


def has_few_units(cells: Contributions, *, minimum: int) -> BoolVector:
    """Mark cells to which some, but fewer than ``minimum`` units contribute."""
    return is_small_count(cells.units, threshold=minimum)


def is_dominated(cells: Contributions, *, n: int, share: float) -> BoolVector:
    """Apply the nk rule: the n largest contributions make up strictly more than a share (0-1) of the total."""
    return protection_nk(cells, n=n, share=share) > _ROUNDING * cells.total


def is_p_percent(cells: Contributions, *, p: float) -> BoolVector:
    """Apply the p% rule: the second largest unit can estimate the largest to within less than a share p (0-1) of it."""
    return is_pq(cells, p=p, q=1.0)


def is_pq(cells: Contributions, *, p: float, q: float) -> BoolVector:
    """Apply the pq rule: like p%, where everyone knew the rest to within a share q (0-1) already."""
    return protection_pq(cells, p=p, q=q) > _ROUNDING * cells.total


def is_statutory(cells: Contributions, *, min_units: int = 3, share: float = 0.75) -> BoolVector:
    """Apply the statute: fewer than three units, or one unit with more than three quarters of the total.

    References
    ----------
    Act of 29 June 1995 on official statistics (Journal of Laws 2024, item 1799), art. 38(2): "fewer than three"
    entities, or a share "greater than" three quarters; exactly three quarters may be published.
    """
    return has_few_units(cells, minimum=min_units) | is_dominated(cells, n=1, share=share)


def protection_nk(cells: Contributions, *, n: int, share: float) -> FloatVector:
    r"""How far above the total an attacker's interval must reach under the nk rule; negative if not sensitive.

    Notes
    -----
    :math:`\frac{1}{k}\sum_{i \le n} x_i - X`: with a total that much larger the rule would be met.

    References
    ----------
    Hundepool, A. et al. (2012). Statistical Disclosure Control. Wiley, section 4.2.2.
    """
    if cells.largest.shape[1] < n:
        raise ValueError(f"contributions: keep at least {n} of the largest, found {cells.largest.shape[1]}")
    return np.asarray(cells.largest[:, :n].sum(axis=1) / share - cells.total)


def protection_pq(cells: Contributions, *, p: float, q: float) -> FloatVector:
    r"""How far above the total an attacker's interval must reach under the pq rule; negative if not sensitive.

    Notes
    -----
    :math:`\frac{p}{q} x_1 - (X - x_1 - x_2)`; the p% rule has q = 1.

    References
    ----------
    Hundepool, A. et al. (2012). Statistical Disclosure Control. Wiley, section 4.2.2.
    """
    if cells.largest.shape[1] < 2:
        raise ValueError("contributions: keep at least 2 of the largest, found 1")
    return np.asarray(p / q * cells.largest[:, 0] - (cells.total - cells.largest[:, :2].sum(axis=1)))
