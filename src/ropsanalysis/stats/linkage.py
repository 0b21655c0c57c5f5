"""Which records are one: pairs of equal keys, and the groups that pairs join together."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Indices = NDArray[np.int64]


def pairs_of_equal(keys: ArrayLike) -> Indices:
    """Pairs of neighbouring records with an equal key: enough to join all of them, without all their pairs.

    Parameters
    ----------
    keys
        Shape (n,): text or numbers; None or NaN where a record has no key: such records are in no pair. An empty
        text is a key like any other.

    Returns
    -------
    NDArray
        Shape (m, 2): positions, the smaller first. A key that k records share gives k - 1 pairs, each of a record
        and the next one with that key; pairs in the order of their second record.

    Examples
    --------
    >>> pairs_of_equal(["a", None, "b", "a", None, "a"]).tolist()
    [[0, 3], [3, 5]]
    """
    codes = pd.factorize(_column(keys))[0]
    order = np.argsort(codes, kind="stable").astype(np.int64)
    ordered = codes[order]
    same = (ordered[1:] == ordered[:-1]) & (ordered[1:] >= 0)
    pairs = np.column_stack((order[:-1][same], order[1:][same]))
    return pairs[np.argsort(pairs[:, 1], kind="stable")]


def linked_groups(n: int, pairs: ArrayLike) -> Indices:
    """Label records so that all that pairs join, directly or through others, have one label.

    Parameters
    ----------
    n
        Number of records.
    pairs
        Shape (m, 2): positions of two records that are one; their order does not matter.

    Returns
    -------
    NDArray
        Shape (n,): the smallest position in the record's group, so that labels depend neither on the order nor on
        the choice of the pairs. A record in no pair is labelled by its own position.

    Raises
    ------
    ValueError
        If the pairs do not form two columns, or one of them names a record that is not there.

    Examples
    --------
    >>> linked_groups(5, [[3, 1], [4, 3]]).tolist()
    [0, 1, 2, 1, 1]
    """
    joined = np.asarray(pairs, dtype=np.int64)
    if joined.size == 0:
        return np.arange(n, dtype=np.int64)
    if joined.ndim != 2 or joined.shape[1] != 2:
        raise ValueError(f"pairs: expected shape (m, 2), found {joined.shape}")
    if joined.min() < 0 or joined.max() >= n:
        raise ValueError(f"pairs: positions must lie between 0 and {n - 1}")
    graph = coo_array((np.ones(len(joined), dtype=np.bool_), (joined[:, 0], joined[:, 1])), shape=(n, n))
    component = connected_components(graph, directed=False)[1]
    first = np.unique(component, return_index=True)[1].astype(np.int64)
    labels: Indices = first[component]
    return labels


def groups_by_keys(*keys: ArrayLike) -> Indices:
    """Label records so that all with an equal key of any kind, directly or through others, have one label.

    Parameters
    ----------
    keys
        One or more columns of shape (n,), as in `pairs_of_equal`; equal values of different columns mean nothing.

    Returns
    -------
    NDArray
        Shape (n,): as in `linked_groups`.

    Raises
    ------
    ValueError
        If there is no column, or their lengths differ.

    Notes
    -----
    Joining is transitive: if one record shares its tax number with a second and that its court number with a third,
    all three are one. Whether that may be is for the caller to decide, who may leave pairs out.

    Examples
    --------
    >>> groups_by_keys(["x", "x", None, None], [None, "7", "7", None]).tolist()
    [0, 0, 0, 3]
    """
    columns = [_column(column) for column in keys]
    if len({len(column) for column in columns}) != 1:
        raise ValueError("give at least one column of keys, all of one length")
    return linked_groups(len(columns[0]), np.concatenate([pairs_of_equal(column) for column in columns]))


def _column(keys: ArrayLike) -> pd.Series:
    # Through a list, numpy would turn None beside text into the word "None".
    return keys if isinstance(keys, pd.Series) else pd.Series(keys)
