"""Parts are joined until each may be published: by hand, and as laws that hold for any counts."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ropsanalysis.stats.joined_parts import joined_parts, publishable

FEWEST, INSIDE = 10, 5


@st.composite
def counted(draw: st.DrawFn) -> dict[str, tuple[int, ...]]:
    """Draw up to eight keys with their persons and two numbers nested inside."""
    keys = draw(st.lists(st.sampled_from("abcdefghij"), max_size=8, unique=True))
    whole = {key: draw(st.integers(1, 40)) for key in keys}
    return {key: (n, draw(st.integers(0, n)), draw(st.integers(0, n))) for key, n in whole.items()}


def may_stand(counts: dict[str, tuple[int, ...]], part: tuple[str, ...]) -> bool:
    whole, *nested = (sum(counts[key][place] for key in part) for place in range(3))
    return publishable(whole, nested, fewest=FEWEST, fewest_inside=INSIDE)


def own_parts(counts: dict[str, tuple[int, ...]]) -> list[tuple[str, ...]]:
    return joined_parts(counts, fewest=FEWEST, fewest_inside=INSIDE)


@pytest.mark.parametrize(
    ("whole", "nested", "expected"),
    [
        (10, (), True),
        (9, (), False),
        (20, (0, 20), True),  # nobody and everybody tell of no few persons
        (20, (5, 15), True),
        (20, (4,), False),
        (20, (16,), False),
        (9, (0,), False),
        (20, (10, 1), False),
    ],
)
def test_a_part_needs_persons_and_no_few_inside(whole: int, nested: tuple[int, ...], expected: bool) -> None:
    assert publishable(whole, nested, fewest=FEWEST, fewest_inside=INSIDE) is expected


@pytest.mark.parametrize(("whole", "nested"), [(-1, ()), (5, (6,)), (5, (-1,))])
def test_impossible_counts_are_refused(whole: int, nested: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="cannot have"):
        publishable(whole, nested, fewest=1)


def test_keys_need_the_same_numbers() -> None:
    with pytest.raises(ValueError, match="same amount"):
        joined_parts({"a": [10, 5], "b": [10]}, fewest=1)


def test_parts_by_hand() -> None:
    # "b" and "d" are too small and are 7 together; "c", the smallest of the others, makes them 18.
    assert joined_parts({"a": [30], "b": [4], "c": [11], "d": [3]}, fewest=10) == [("a",), ("b", "c", "d")]
    # Equal counts: the key decides, whatever the order of the counts.
    assert joined_parts({"y": [12], "s": [3], "x": [12]}, fewest=10) == [("y",), ("s", "x")]
    assert joined_parts({"x": [12], "s": [3], "y": [12]}, fewest=10) == [("x", "s"), ("y",)]
    assert ("s", "k0") in joined_parts({"s": [3]} | {f"k{place}": [12] for place in range(9, -1, -1)}, fewest=10)
    # Nothing to join, everything to join, nothing there.
    assert joined_parts({"a": [10], "b": [10]}, fewest=10) == [("a",), ("b",)]
    assert joined_parts({"a": [4], "b": [5]}, fewest=10) == [("a", "b")]
    assert joined_parts({}, fewest=10) == []


def test_small_keys_of_every_size_are_put_together_until_no_part_is_too_small() -> None:
    for numbers in itertools.product((1, 4, 9, 10, 25), repeat=4):
        counts = {key: [number] for key, number in zip(("cis", "kis", "zaz", "wtz"), numbers, strict=True)}
        sizes = [sum(counts[key][0] for key in part) for part in joined_parts(counts, fewest=10)]
        assert min(sizes) >= 10 or len(sizes) == 1
        assert sum(sizes) == sum(numbers)


@given(counted())
def test_parts_hold_every_key_once_in_the_order_of_the_counts(counts: dict[str, tuple[int, ...]]) -> None:
    parts = own_parts(counts)
    order = list(counts)
    assert sorted(itertools.chain(*parts)) == sorted(order)
    assert [part[0] for part in parts] == sorted((part[0] for part in parts), key=order.index)
    assert all(list(part) == sorted(part, key=order.index) for part in parts)


@given(counted())
def test_every_part_may_be_published_unless_it_is_the_only_one(counts: dict[str, tuple[int, ...]]) -> None:
    parts = own_parts(counts)
    assert all(may_stand(counts, part) for part in parts) or len(parts) == 1


@given(counted())
def test_nothing_is_joined_without_need(counts: dict[str, tuple[int, ...]]) -> None:
    joined = [part for part in own_parts(counts) if len(part) > 1 or not may_stand(counts, part)]
    assert len(joined) <= 1
    fit = sorted((key for key in counts if may_stand(counts, (key,))), key=lambda key: (counts[key][0], key))
    small = tuple(key for key in counts if key not in fit)
    if not joined:
        assert not small
        return
    # All that may not stand alone, and the smallest of the others: one less, and it could not be published.
    taken = [key for key in fit if key in joined[0]]
    assert set(small) <= set(joined[0])
    assert taken == fit[: len(taken)]
    assert not any(may_stand(counts, (*small, *taken[:many])) for many in range(len(taken)))


@given(counted(), st.integers(0, 2**16))
def test_the_order_of_the_counts_does_not_decide_what_is_joined(counts: dict[str, tuple[int, ...]], seed: int) -> None:
    mixed = list(counts)
    random.Random(seed).shuffle(mixed)  # noqa: S311
    again = own_parts({key: counts[key] for key in mixed})
    assert {frozenset(part) for part in again} == {frozenset(part) for part in own_parts(counts)}
