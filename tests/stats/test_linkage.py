"""Linkage: by hand, against a plain search through the graph, and at the size of real registers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ropsanalysis.stats.linkage import groups_by_keys, linked_groups, pairs_of_equal

PAIRS = st.integers(1, 12).flatmap(
    lambda n: st.tuples(
        st.just(n), st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), min_size=0, max_size=15)
    )
)


def flooded(n: int, pairs: list[tuple[int, int]]) -> list[int]:
    """Smallest record that can be reached from each, by spreading the smaller label until nothing changes."""
    labels, before = list(range(n)), None
    while labels != before:
        before = list(labels)
        for one, other in pairs:
            labels[one] = labels[other] = min(labels[one], labels[other])
    return labels


@given(PAIRS)
def test_groups_are_what_spreading_labels_finds(case: tuple[int, list[tuple[int, int]]]) -> None:
    n, pairs = case
    assert linked_groups(n, np.array(pairs, dtype=np.int64).reshape(-1, 2)).tolist() == flooded(n, pairs)


@given(PAIRS, st.randoms(use_true_random=False))
def test_neither_the_order_nor_the_side_of_pairs_matters(
    case: tuple[int, list[tuple[int, int]]], chance: object
) -> None:
    n, pairs = case
    turned = [(b, a) for a, b in pairs]
    chance.shuffle(turned)  # type: ignore[attr-defined]
    first, second = (np.array(one, dtype=np.int64).reshape(-1, 2) for one in (pairs, turned))
    assert (linked_groups(n, first) == linked_groups(n, second)).all()


@given(st.lists(st.sampled_from(["a", "b", "c", "", None]), max_size=20))
def test_pairs_join_equal_keys_and_nothing_else(keys: list[str | None]) -> None:
    pairs = pairs_of_equal(keys)
    assert pairs.shape == (sum(keys.count(key) - 1 for key in set(keys) - {None}), 2)
    labels = linked_groups(len(keys), pairs)
    expected = [place if key is None else keys.index(key) for place, key in enumerate(keys)]
    assert labels.tolist() == expected


@pytest.mark.parametrize(
    "keys",
    [
        ["x", None, "x"],
        np.array(["x", None, "x"], dtype=object),
        pd.Series(["x", None, "x"], dtype="str"),
        pd.Series(["x", pd.NA, "x"], dtype="string", index=[7, 7, 9]),
        [1.0, np.nan, 1.0],
    ],
)
def test_keys_come_in_any_kind_of_column(keys: object) -> None:
    assert pairs_of_equal(keys).tolist() == [[0, 2]]  # type: ignore[arg-type]


def test_the_word_none_is_a_key() -> None:
    assert pairs_of_equal(["None", None, "None"]).tolist() == [[0, 2]]


def test_records_are_joined_through_others() -> None:
    # 0 and 3 share a tax number, 3 and 1 a court number: all three are one; 2 and 4 have no key.
    labels = groups_by_keys(["526", None, None, "526", None], [None, "K1", None, "K1", None])
    assert labels.tolist() == [0, 0, 2, 0, 4]


def test_equal_values_of_different_columns_mean_nothing() -> None:
    assert groups_by_keys(["1", None], [None, "1"]).tolist() == [0, 1]


def test_no_pairs_and_no_records() -> None:
    assert linked_groups(3, np.empty((0, 2), dtype=np.int64)).tolist() == [0, 1, 2]
    assert linked_groups(0, []).tolist() == []
    assert pairs_of_equal([]).shape == (0, 2)


@pytest.mark.parametrize("pairs", [[[0, 3]], [[-1, 0]]])
def test_records_that_are_not_there_are_refused(pairs: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="between 0 and 2"):
        linked_groups(3, pairs)


def test_misshapen_input_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\(m, 2\)"):
        linked_groups(3, [0, 1, 2])
    with pytest.raises(ValueError, match="one length"):
        groups_by_keys(["a"], ["a", "b"])
    with pytest.raises(ValueError, match="at least one"):
        groups_by_keys()


def test_half_a_million_records_with_long_chains() -> None:
    # Record i shares one key with i + 1 and another with i - 1 inside blocks of 5: groups are the blocks.
    n = 500_000
    place = np.arange(n)
    inside = place // 5
    even = pd.Series(inside * 10 + place % 5 // 2).astype(str)
    odd = pd.Series(inside * 10 + (place % 5 + 1) // 2).astype(str)
    labels = groups_by_keys(even, odd)
    assert (labels == inside * 5).all()
