"""Complementary suppression against a published optimum and against every pattern of small tables."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import linprog

from ropsanalysis.stats.disclosure_audit import derive_intervals
from ropsanalysis.stats.disclosure_rules import contributions, protection_nk
from ropsanalysis.stats.disclosure_suppression import suppress
from ropsanalysis.stats.disclosure_system import CellSystem, table_system, with_totals
from support import shared_data

REGIONS, GENDERS = ["A", "B", "C", "D"], ["male", "female"]


def microdata1(primary: list[tuple[str, str]]) -> tuple[CellSystem, NDArray[np.bool_]]:
    """Region x gender with the protection that the nk rule (2, 75 %) asks for; totals last."""
    data = pd.read_csv(shared_data("sdc_reference") / "microdata1.csv")
    cell = data["region"].map(REGIONS.index) * 2 + data["gender"].map(GENDERS.index)
    cells = contributions(data["val"].to_numpy(), cell.to_numpy(), n_cells=8)
    needed = np.pad(np.maximum(protection_nk(cells, n=2, share=0.75), 0.0).reshape(4, 2), ((0, 1), (0, 1)))
    forced = np.zeros((5, 3), dtype=bool)
    for region, gender in primary:
        forced[REGIONS.index(region), GENDERS.index(gender)] = True
    return table_system(cells.total.reshape(4, 2), lower=needed, upper=needed), forced.ravel()


def names(hidden: NDArray[np.bool_]) -> set[str]:
    rows, columns = np.nonzero(hidden.reshape(5, 3))
    return {f"{[*REGIONS, 'all'][i]}/{[*GENDERS, 'all'][j]}" for i, j in zip(rows, columns, strict=True)}


# The cost is the hidden cells' value, the customary loss of Tau-Argus and sdcTable.
def test_published_optimum_of_one_primary_cell() -> None:
    # sdcTable's tests: with A/female alone OPT, HITAS and HYPERCUBE suppress cells 5, 6, 11, 12.
    system, primary = microdata1([("A", "female")])
    found = suppress(system, cost=system.values, primary=primary)
    assert names(found.hidden) == {"A/male", "A/female", "C/male", "C/female"}
    assert found.gap == pytest.approx(0.0, abs=1e-9)


def test_published_optimum_of_two_primary_cells() -> None:
    # pytauargus 0.6.0, OPT, nk(2, 75) with n < 3: U = A/female, D/male; M = A/male, C/male, C/female, D/female.
    # A/female, only 20, cannot give D/male the 22 it needs below, so row C must help.
    system, primary = microdata1([("A", "female"), ("D", "male")])
    found = suppress(system, cost=system.values, primary=primary)
    assert names(found.hidden) == {"A/female", "D/male", "A/male", "C/male", "C/female", "D/female"}
    assert found.gap == pytest.approx(0.0, abs=1e-9)


def is_safe(table: NDArray[np.int64], hidden: NDArray[np.bool_], ceiling: NDArray[np.int64], width: float) -> bool:
    """Second attacker, written apart: unknown inner cells, one equation for each shown position."""
    inner = np.eye(table.size).reshape(table.size, *table.shape)
    maps = np.array([with_totals(unit).ravel() for unit in inner]).T
    full = with_totals(table).ravel()
    limits = [(0, top) for top in ceiling.flat]
    for position in np.flatnonzero(hidden):
        ends = [
            linprog(sign * maps[position], A_eq=maps[~hidden], b_eq=full[~hidden], bounds=limits)
            for sign in (1.0, -1.0)
        ]
        if -ends[1].fun - ends[0].fun < min(width, (maps @ ceiling.ravel())[position]) - 1e-6:
            return False
    return True


def cheapest_by_brute_force(
    table: NDArray[np.int64],
    primary: NDArray[np.bool_],
    cost: NDArray[np.float64],
    ceiling: NDArray[np.int64],
    width: float,
) -> float:
    """Try every pattern of hidden positions, cheap ones first."""
    optional = np.flatnonzero(~primary)
    patterns = np.array(list(product((False, True), repeat=optional.size)))
    for pattern in patterns[np.argsort(patterns @ cost[optional], kind="stable")]:
        hidden = primary.copy()
        hidden[optional] = pattern
        if is_safe(table, hidden, ceiling, width):
            return float(cost[hidden].sum())
    raise AssertionError("hiding everything is always safe")


@settings(max_examples=25, deadline=None)
@given(st.data(), st.sampled_from([(2, 2), (2, 3), (1, 4)]))
def test_no_pattern_of_a_small_table_is_cheaper(data: st.DataObject, shape: tuple[int, int]) -> None:
    size = shape[0] * shape[1]
    table = np.array(data.draw(st.lists(st.integers(0, 9), min_size=size, max_size=size))).reshape(shape)
    full = with_totals(table)
    ceiling = table + 4
    primary = ((full > 0) & (full < 5)).ravel()
    cost = full.ravel() + 1.0
    system = table_system(table, inner_high=ceiling, width=np.minimum(3.0, with_totals(ceiling)))
    found = suppress(system, cost=cost, primary=primary)
    assert found.cost == pytest.approx(cheapest_by_brute_force(table, primary, cost, ceiling, 3.0))
    assert found.bound == pytest.approx(found.cost)
    assert is_safe(table, found.hidden, ceiling, 3.0)


def larger(seed: int) -> tuple[CellSystem, NDArray[np.bool_], NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    ceiling = rng.integers(5, 90, (7, 6))
    table = rng.binomial(ceiling, 0.2)
    system = table_system(table, inner_high=ceiling, width=np.minimum(5, with_totals(ceiling)))
    full = with_totals(table).ravel()
    return system, (full > 0) & (full < 5), full + 1.0


@pytest.mark.parametrize("seed", range(6))
def test_suppression_only_hides_and_is_safe(seed: int) -> None:
    system, primary, cost = larger(seed)
    found = suppress(system, cost=cost, primary=primary)
    assert found.hidden[primary].all()
    assert derive_intervals(system, found.hidden).safe
    assert found.bound <= found.cost + 1e-6


@pytest.mark.parametrize("seed", range(6))
def test_one_more_primary_cell_never_lowers_the_cost(seed: int) -> None:
    system, primary, cost = larger(seed)
    before = suppress(system, cost=cost, primary=primary)
    more = primary.copy()
    more[np.flatnonzero(~primary)[seed]] = True
    after = suppress(system, cost=cost, primary=more)
    assert before.gap == pytest.approx(0.0, abs=1e-6)
    assert after.cost >= before.cost - 1e-6


@pytest.mark.parametrize("seed", range(6))
def test_the_heuristic_alone_is_safe_and_says_how_far_it_may_be_off(seed: int) -> None:
    system, primary, cost = larger(seed)
    quick = suppress(system, cost=cost, primary=primary, max_rounds=1)
    best = suppress(system, cost=cost, primary=primary)
    assert derive_intervals(system, quick.hidden).safe
    assert quick.bound <= best.cost + 1e-6 <= quick.cost + 2e-6
    secondary = quick.cost - cost[primary].sum()
    assert quick.gap == pytest.approx((quick.cost - quick.bound) / secondary if secondary else 0.0)


def test_nothing_sensitive_hides_nothing() -> None:
    system, primary, cost = larger(0)
    found = suppress(system, cost=cost, primary=np.zeros_like(primary))
    assert not found.hidden.any()
    assert (found.cost, found.gap) == (0.0, 0.0)


def test_more_protection_than_there_is_room_is_refused() -> None:
    # By hand: a cell known to lie between 0 and 4 can never be uncertain by 9.
    system = table_system(np.array([[2, 3], [4, 1]]), inner_high=np.full((2, 2), 4), width=9.0)
    primary = np.zeros(9, dtype=bool)
    primary[0] = True
    with pytest.raises(ArithmeticError, match=r"everything is hidden|cannot be protected"):
        suppress(system, cost=np.ones(9), primary=primary)
