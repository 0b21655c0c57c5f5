"""The attacker's intervals against enumeration of every table that fits what is published."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ropsanalysis.stats.disclosure_attack import Attacker
from ropsanalysis.stats.disclosure_audit import audit, derive_intervals, prove, witness_tables
from ropsanalysis.stats.disclosure_system import SystemBuilder, table_system, with_totals


def consistent_tables(
    table: NDArray[np.int64], hidden: NDArray[np.bool_], ceiling: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Brute-force attacker: all tables of whole numbers, with totals, that agree with every shown cell."""
    inner = hidden[tuple(slice(length) for length in table.shape)]
    choices = [
        range(top + 1) if is_hidden else (value,)
        for value, top, is_hidden in zip(table.flat, ceiling.flat, inner.flat, strict=True)
    ]
    shown = with_totals(table)[~hidden]
    candidates = (with_totals(np.array(choice).reshape(table.shape)) for choice in product(*choices))
    return np.array([candidate for candidate in candidates if (candidate[~hidden] == shown).all()])


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from([(2, 2), (2, 3), (1, 4)]))
def test_two_way_intervals_are_those_of_enumeration(data: st.DataObject, shape: tuple[int, int]) -> None:
    # In two-way tables the linear programme has whole corners, so both attackers must agree exactly.
    size = shape[0] * shape[1]
    table = np.array(data.draw(st.lists(st.integers(0, 4), min_size=size, max_size=size))).reshape(shape)
    ceiling = table + 1
    full = with_totals(table)
    hidden = np.array(data.draw(st.lists(st.booleans(), min_size=full.size, max_size=full.size))).reshape(full.shape)
    found = consistent_tables(table, hidden, ceiling)[:, hidden]
    intervals = derive_intervals(table_system(table, inner_high=ceiling), hidden.ravel())
    np.testing.assert_allclose(intervals.low, found.min(axis=0), atol=1e-6)
    np.testing.assert_allclose(intervals.high, found.max(axis=0), atol=1e-6)


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_three_way_intervals_contain_those_of_enumeration(data: st.DataObject) -> None:
    table = np.array(data.draw(st.lists(st.integers(0, 2), min_size=8, max_size=8))).reshape(2, 2, 2)
    full = with_totals(table)
    hidden = np.array(data.draw(st.lists(st.booleans(), min_size=full.size, max_size=full.size))).reshape(full.shape)
    found = consistent_tables(table, hidden, table + 1)[:, hidden]
    intervals = derive_intervals(table_system(table, inner_high=table + 1), hidden.ravel())
    assert (intervals.low <= found.min(axis=0) + 1e-6).all()
    assert (intervals.high >= found.max(axis=0) - 1e-6).all()


# Built by hand: the hidden cells are one ring of eight, two in each row and column. Only moves that alternate
# around the ring keep the totals; the zero in the first row stops them one way, that of the second row the other.
RING = np.array([[0, 3, 9, 9], [9, 4, 0, 9], [9, 9, 2, 5], [3, 9, 9, 4]])
HIDDEN_RING = np.array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1], [1, 0, 0, 1]], dtype=bool)


def test_two_hidden_per_row_and_column_are_not_enough() -> None:
    hidden = np.pad(HIDDEN_RING, ((0, 1), (0, 1)))
    assert (HIDDEN_RING.sum(axis=0) == 2).all()
    assert (HIDDEN_RING.sum(axis=1) == 2).all()
    system = table_system(RING, width=1.0)
    intervals = derive_intervals(system, hidden.ravel())
    np.testing.assert_allclose(intervals.low, RING[HIDDEN_RING])
    np.testing.assert_allclose(intervals.high, RING[HIDDEN_RING])
    assert not intervals.safe
    attacker = Attacker(system, hidden.ravel())
    assert prove(attacker, intervals.cells).failures


def test_a_published_table_has_nothing_to_derive() -> None:
    system = table_system(RING, width=5.0)
    hidden = np.zeros(system.n_groups, dtype=bool)
    assert derive_intervals(system, hidden).cells.size == 0
    assert audit(system, hidden, []).safe


def test_a_rounded_share_narrows_a_hidden_count() -> None:
    # By hand: y of 200 is hidden, y / 200 is published as 0.31, so y lies between 61 and 63.
    builder = SystemBuilder()
    builder.add("count", np.array([62.0]), high=200.0, group=0)
    builder.add("share", np.array([0.31]), high=1.0, shown_low=0.305, shown_high=0.315, group=1)
    builder.relate({"count": np.array([[1 / 200]]), "share": np.array([[-1.0]])})
    system = builder.build()
    both = derive_intervals(system, np.array([True, False]))
    assert both.low[0] == pytest.approx(61.0)
    assert both.high[0] == pytest.approx(63.0)
    alone = derive_intervals(system, np.array([True, True]))
    assert (alone.low[0], alone.high[0]) == pytest.approx((0.0, 200.0))


def random_case(seed: int) -> tuple[object, NDArray[np.bool_]]:
    rng = np.random.default_rng(seed)
    table = rng.poisson(3, (4, 5))
    return table_system(table, inner_high=table + 9, width=4.0), rng.random(30) < 0.6


@pytest.mark.parametrize("seed", range(8))
def test_quick_proof_agrees_with_exact_intervals(seed: int) -> None:
    # Two ways to the same verdict: two programmes per cell, or few programmes for all.
    system, hidden = random_case(seed)
    intervals = derive_intervals(system, hidden)
    proof = prove(Attacker(system, hidden), intervals.cells)
    unsafe = {int(cell) for cell in intervals.cells[~intervals.protected]}
    assert {failure.cell for failure in proof.failures} == unsafe
    checked = audit(system, hidden, proof.moves)
    assert set(checked.cells[~checked.protected].tolist()) == unsafe


@pytest.mark.parametrize("seed", range(8))
def test_few_witnesses_show_as_much(seed: int) -> None:
    system, hidden = random_case(seed)
    intervals = derive_intervals(system, hidden)
    safe = intervals.cells[intervals.protected]
    proof = prove(Attacker(system, hidden), safe)
    tables = witness_tables(proof, safe)
    np.testing.assert_array_equal(tables[0], system.values)
    spread = tables.max(axis=0) - tables.min(axis=0)
    assert (spread[safe] >= 4.0 - 1e-6).all()
    shown = ~system.hidden_cells(hidden)
    np.testing.assert_allclose(tables[:, shown] - system.values[shown], 0.0, atol=1e-6)


def test_the_audit_believes_no_impossible_table() -> None:
    system = table_system(np.array([[3, 4], [5, 6]]), width=2.0)
    hidden = np.array([1, 1, 0, 1, 1, 0, 0, 0, 0], dtype=bool)
    ring = np.array([1.0, -1, 0, -1, 1, 0, 0, 0, 0])
    assert audit(system, hidden, [ring, -ring]).safe
    broken = np.array([2.0, 2, 0, 2, 2, 0, 0, 0, 0])  # changes totals without moving them
    outside = -4.0 * ring  # makes a count of three minus one
    assert not audit(system, hidden, [broken, outside]).safe
    published = ~hidden
    assert not audit(system, published, [ring, -ring]).protected.any()


def test_a_wrong_bound_is_refused() -> None:
    with pytest.raises(ValueError, match="own value lies outside"):
        table_system(np.array([[3, 4]]), inner_high=np.array([[2, 9]]))
