"""The words that several statistical modules share: array types and which end of a scale is better."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ropsanalysis.definitions import Direction

__all__ = ["SIGN", "BoolVector", "Direction", "FloatMatrix", "FloatVector", "IntVector", "as_matrix", "as_vector"]

FloatVector = NDArray[np.float64]
FloatMatrix = NDArray[np.float64]
IntVector = NDArray[np.int64]
BoolVector = NDArray[np.bool_]

SIGN: dict[Direction, float] = {"lower": -1.0, "higher": 1.0, "neutral": 1.0}
"""Multiply by this and more is better (for ``neutral``: more stays more)."""


def as_vector(values: ArrayLike, *, name: str = "values") -> FloatVector:
    """Return a new one-dimensional float array; missing values are NaN.

    Raises
    ------
    ValueError
        If the values do not form one row of numbers, or one of them is infinite.

    Examples
    --------
    >>> as_vector([1, None, 3])
    array([ 1., nan,  3.])
    """
    vector = np.array(values, dtype=np.float64)
    if vector.ndim != 1:
        raise ValueError(f"{name}: expected a one-dimensional array, found shape {vector.shape}")
    if np.isinf(vector).any():
        raise ValueError(f"{name}: infinite values cannot be used; mark missing values as NaN")
    return vector


def as_matrix(values: ArrayLike, *, name: str = "values") -> FloatMatrix:
    """Return a new two-dimensional float array (units in rows, indicators in columns); missing is NaN.

    Raises
    ------
    ValueError
        If the values do not form a table of numbers, or one of them is infinite.
    """
    matrix = np.array(values, dtype=np.float64)
    if matrix.ndim != 2:
        raise ValueError(f"{name}: expected a two-dimensional array, found shape {matrix.shape}")
    if np.isinf(matrix).any():
        raise ValueError(f"{name}: infinite values cannot be used; mark missing values as NaN")
    return matrix
