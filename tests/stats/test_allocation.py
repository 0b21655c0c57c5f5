"""Allocation of groups: hand cases, every plan of small problems tried out, and laws."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse.csgraph import maximum_bipartite_matching

from ropsanalysis.stats.allocation import Problem, allocate, unique_persons
from ropsanalysis.stats.allocation_limits import budget_curve, least_budget, most_seats, prices, relax

LIMIT = 20.0


def problem(need: list[list[int]], staff: list[int], *, subject: list[int] | None = None, **changes: object) -> Problem:
    """One offer per subject unless told: groups of 5-10 for 100 each, plenty of them."""
    taught = np.arange(len(need)) if subject is None else np.array(subject)
    offers = len(taught)
    base = Problem(
        subject=taught,
        size=np.full(offers, 10),
        fewest=np.full(offers, 5),
        cost=np.full(offers, 100.0),
        capacity=np.full(offers, 50),
        need=np.array(need),
        weight=np.ones(np.shape(need)),
        staff=np.array(staff),
        budget=10_000.0,
        trainings_per_person=3,
        minimum_persons=np.zeros(len(staff), dtype=int),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def large(seed: int) -> Problem:
    """Draw a problem of five subjects, four audiences and ten offers."""
    rng = np.random.default_rng(seed)
    staff = rng.integers(20, 300, size=4)
    size = rng.integers(8, 20, size=10)
    return Problem(
        subject=np.repeat(np.arange(5), 2),
        size=size,
        fewest=(size + 1) // 2,
        cost=rng.integers(10, 60, size=10) * 100.0,
        capacity=rng.integers(1, 6, size=10),
        need=rng.binomial(staff, 0.4, size=(5, 4)),
        weight=rng.uniform(1, 9, size=(5, 4)),
        staff=staff,
        budget=60_000.0,
        trainings_per_person=2,
        minimum_persons=staff // 20,
        persons_target=100,
    )


def test_budget_for_exactly_two_groups() -> None:
    # 250 buys two groups of 10 at 100 each; 20 of 40 needs are half of them.
    plan = allocate(problem([[40]], [60], budget=250.0), time_limit=LIMIT)
    assert plan.status == "optimal"
    assert (plan.groups.tolist(), plan.cost, plan.persons.tolist()) == ([2], 200.0, [20])
    assert plan.need_covered == 0.5


def test_a_group_that_cannot_be_filled_is_not_opened() -> None:
    # 14 in need: one full group, and 4 left over are fewer than the 5 a group needs; two groups of 7 cover all.
    assert allocate(problem([[14]], [60]), time_limit=LIMIT).groups.tolist() == [2]
    assert allocate(problem([[4]], [60]), time_limit=LIMIT).groups.tolist() == [0]


def test_money_is_not_wasted() -> None:
    # Two offers of one subject at 100 and 60: the dearer is bought only when the cheaper runs out.
    two = problem([[30]], [60], subject=[0, 0], cost=np.array([100.0, 60.0]), capacity=np.array([9, 2]))
    plan = allocate(two, time_limit=LIMIT)
    assert plan.groups.tolist() == [1, 2]
    assert plan.seats.sum(axis=1).tolist() == [10, 20]


def subsets(n: int) -> list[tuple[int, ...]]:
    return list(chain.from_iterable(combinations(range(n), k) for k in range(n + 1)))


def unique_by_all_sets(case: Problem, covered: np.ndarray) -> np.ndarray:
    """Least over every set of subjects, each tried and rounded: the definition of the limit."""
    subjects, audiences = case.need.shape
    share = case.need / np.maximum(case.staff, 1)
    found = []
    for a in range(audiences):
        limits = []
        for chosen in subsets(subjects):
            reach = case.staff[a] * (1 - np.prod([1 - share[c, a] for c in chosen]))
            limits.append(reach + sum(covered[c, a] for c in range(subjects) if c not in chosen))
        found.append(np.floor(min(limits) + 0.5 + 1e-4))
    return np.array(found)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=100, deadline=None)
def test_unique_persons_are_the_least_over_all_sets_of_subjects(seed: int) -> None:
    rng = np.random.default_rng(seed)
    staff = rng.integers(1, 40, size=2)
    case = problem(rng.integers(0, staff + 1, size=(5, 2)).tolist(), staff.tolist())
    covered = rng.integers(0, case.need + 1)
    np.testing.assert_array_equal(unique_persons(case, covered), unique_by_all_sets(case, covered))


@pytest.mark.parametrize("covered", [[8, 8, 8, 8], [8, 8, 0, 0], [8, 4, 1, 0], [3, 3, 3, 3], [8, 0, 0, 0]])
def test_unique_persons_agree_with_a_matching_of_real_people(covered: list[int]) -> None:
    # 16 people with every pattern of four needs once: needs are exactly independent. scipy finds the largest
    # number of people who can each be given a seat they need.
    patterns = np.array(list(product([0, 1], repeat=4)))
    seats = np.repeat(np.arange(4), covered)
    matched = maximum_bipartite_matching(sparse.csr_array(patterns[:, seats]), perm_type="column")
    case = problem([[8]] * 4, [16])
    assert unique_persons(case, np.array(covered)[:, None]).tolist() == [(matched >= 0).sum()]


def test_seats_are_not_persons() -> None:
    # Two needs of 50 among 100 people: 100 seats, but only 100 (1 - 1/2 1/2) = 75 people need anything.
    case = problem([[50], [50]], [100], persons_target=80)
    assert allocate(replace(case, persons_target=0), time_limit=LIMIT).seats.sum() == 100
    assert allocate(case, time_limit=LIMIT).status == "infeasible"
    nearest = relax(case, time_limit=LIMIT)
    assert nearest is not None
    assert nearest.persons_target == 75
    plan = allocate(nearest, time_limit=LIMIT)
    assert (plan.persons.tolist(), plan.persons_certain) == ([75], 50)


def test_seats_are_not_persons_even_where_nobody_runs_short() -> None:
    # Subject 2 keeps the union large (100 (1 - 1/8) = 87), but no group teaches it: 80 seats in subjects 0 and 1
    # can reach 75 people only, so the limit of this set, and not of all subjects, decides.
    case = problem([[50], [50], [50]], [100], subject=[0, 1], persons_target=76)
    assert allocate(case, time_limit=LIMIT).status == "infeasible"
    assert allocate(replace(case, persons_target=75), time_limit=LIMIT).persons.tolist() == [75]


def best_by_trying(case: Problem) -> float | None:
    """Objective of the best of all plans, None if no plan keeps all limits; every plan is tried."""
    whole_offer = max(case.cost @ case.capacity, 1.0)
    subjects, audiences = case.need.shape
    best = None
    for groups in product(*(range(n + 1) for n in case.capacity)):
        chosen = np.array(groups)
        if case.cost @ chosen > case.budget:
            continue
        least = np.bincount(case.subject, chosen * case.fewest, subjects)
        most = np.bincount(case.subject, chosen * case.size, subjects)
        for flat in product(*(range(n + 1) for n in case.need.ravel())):
            covered = np.array(flat).reshape(subjects, audiences)
            taken = covered.sum(axis=1)
            if (taken < least).any() or (taken > most).any() or (covered.sum(axis=0) > most_seats(case)).any():
                continue
            persons = unique_by_all_sets(case, covered)
            total = persons.sum()
            if (persons < case.minimum_persons).any() or total < case.persons_target:
                continue
            if case.qualified_rate * total < case.qualified_target - 1e-9:
                continue
            cover = (case.weight * covered).sum() / max(case.weighted_need, 1e-12)
            value = cover - 1e-4 * case.cost @ chosen / whole_offer
            best = value if best is None else max(best, value)
    return best


@given(seed=st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_no_plan_that_can_be_tried_is_better(seed: int) -> None:
    rng = np.random.default_rng(seed)
    staff = rng.integers(2, 6, size=2)
    size = rng.integers(2, 5, size=3)
    case = Problem(
        subject=np.array([0, 0, 1]),
        size=size,
        fewest=rng.integers(1, size + 1),
        cost=rng.integers(1, 9, size=3) * 10.0,
        capacity=rng.integers(0, 3, size=3),
        need=rng.integers(0, np.minimum(staff, 3) + 1, size=(2, 2)),
        weight=rng.uniform(0.5, 5, size=(2, 2)),
        staff=staff,
        budget=float(rng.integers(2, 20) * 10),
        trainings_per_person=int(rng.integers(1, 3)),
        minimum_persons=rng.integers(0, 2, size=2),
        persons_target=int(rng.integers(0, 4)),
        qualified_target=int(rng.integers(0, 3)),
        qualified_rate=0.9,
    )
    plan = allocate(case, time_limit=LIMIT)
    best = best_by_trying(case)
    if best is None:
        assert plan.status == "infeasible"
        nearest = relax(case, time_limit=LIMIT)
        assert nearest is not None
        assert best_by_trying(nearest) is not None  # its lower targets are possible
    else:
        assert plan.status == "optimal"
        value = plan.need_covered - 1e-4 * plan.cost / max(case.cost @ case.capacity, 1.0)
        # The solver proves a relative gap of 1e-6.
        assert value == pytest.approx(best, abs=5e-6)


def test_an_impossible_target_is_explained() -> None:
    # 300 buys three groups of 10, so 30 persons; 0.9 of them are 27 qualified. 45 persons take five groups, 500.
    case = problem([[80]], [90], budget=300.0, persons_target=45, qualified_target=30, qualified_rate=0.9)
    assert allocate(case, time_limit=LIMIT).status == "infeasible"
    nearest = relax(case, time_limit=LIMIT)
    assert nearest is not None
    assert (nearest.persons_target, nearest.qualified_target) == (30, 27)
    assert least_budget(case, time_limit=LIMIT) == 500.0


def test_no_money_helps_where_nobody_needs_more() -> None:
    case = problem([[30]], [90], persons_target=31)
    assert least_budget(case, time_limit=LIMIT) == np.inf


def test_the_smallest_share_of_targets_is_missed() -> None:
    # One group of 10 for minima of 10 and 20 persons (three groups needed): missing 20 of 20 costs 1, missing
    # 10 of 10 and 10 of 20 costs 1.5, and any mixture something between.
    case = problem([[50, 50]], [60, 60], budget=100.0, minimum_persons=np.array([10, 20]))
    nearest = relax(case, time_limit=LIMIT)
    assert nearest is not None
    assert nearest.minimum_persons.tolist() == [10, 0]


@pytest.mark.parametrize("seed", range(6))
def test_every_limit_is_kept(seed: int) -> None:
    case = large(seed)
    plan = allocate(case, time_limit=LIMIT)
    assert plan.status == "optimal"
    assert (plan.groups <= case.capacity).all()
    assert plan.cost <= case.budget
    filled = plan.seats.sum(axis=1)
    assert ((plan.groups * case.fewest <= filled) & (filled <= plan.groups * case.size)).all()
    for subject in range(5):
        np.testing.assert_array_equal(plan.seats[case.subject == subject].sum(axis=0), plan.covered[subject])
    assert (plan.covered <= case.need).all()
    assert (plan.persons >= case.minimum_persons).all()
    assert (plan.persons <= case.staff).all()
    assert (plan.seats.sum(axis=0) <= 2 * case.staff).all()
    assert plan.persons_certain <= plan.persons.sum() <= plan.seats.sum()
    assert plan.persons.sum() >= case.persons_target


@pytest.mark.parametrize("seed", range(6))
def test_more_money_never_covers_less(seed: int) -> None:
    case = large(seed)
    budgets = [50_000.0, 30_000.0, 40_000.0, 90_000.0, 300_000.0]
    plans = budget_curve(case, budgets, time_limit=LIMIT)
    covers = [plan.need_covered for _, plan in sorted(zip(budgets, plans, strict=True), key=lambda pair: pair[0])]
    assert covers == sorted(covers)
    assert all(plan.cost <= budget for budget, plan in zip(budgets, plans, strict=True))


def test_a_budget_too_small_for_the_targets_has_no_plan() -> None:
    plans = budget_curve(problem([[80]], [90], persons_target=20), [100.0, 200.0], time_limit=LIMIT)
    assert [plan.status for plan in plans] == ["infeasible", "optimal"]


def test_the_same_problem_has_the_same_plan() -> None:
    first, second = (allocate(large(3), time_limit=LIMIT) for _ in range(2))
    np.testing.assert_array_equal(first.seats, second.seats)
    assert first.gap == second.gap


def test_prices_by_hand() -> None:
    # 10 seats for 100: one more unit of money covers 0.1 of 400 needs. No group is short, no target is near.
    found = prices(problem([[400]], [500], budget=250.0))
    # The tie-break takes a ten-thousandth of the whole offer's worth off.
    assert found.budget == pytest.approx(0.1 / 400, rel=0.01)
    assert found.capacity.tolist() == [0.0]
    # With money to spare and 2 groups at most, one more group covers 10 of 400 needs.
    scarce = prices(problem([[400]], [500], capacity=np.array([2])))
    assert scarce.capacity[0] == pytest.approx(10 / 400, rel=0.01)
    assert scarce.budget == 0.0


def test_price_of_a_minimum_by_hand() -> None:
    # Audience 1 weighs nothing but must get 5 of 20 seats: one less is one seat more for audience 0, 1 of 100.
    weight = np.array([[1.0, 0.0]])
    case = problem([[100, 50]], [200, 60], budget=200.0, weight=weight, minimum_persons=np.array([0, 5]))
    assert allocate(case, time_limit=LIMIT).persons.tolist() == [15, 5]
    assert prices(case).minimum[1] == pytest.approx(1 / 100)


def test_no_time_is_not_called_impossible() -> None:
    plan = allocate(large(1), time_limit=0.0)
    assert plan.status in ("unsolved", "gap", "optimal")
    assert plan.found == (plan.groups.sum() > 0)


def test_nothing_needed_or_offered() -> None:
    assert allocate(problem([[0]], [60]), time_limit=LIMIT).need_covered == 0.0
    nothing = problem([[9]], [60], subject=[])
    plan = allocate(nothing, time_limit=LIMIT)
    assert (plan.status, plan.cost, plan.persons.tolist()) == ("optimal", 0.0, [0])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"need": np.array([[61]])}, "between 0 and staff"),
        ({"fewest": np.array([11])}, "fewest <= size"),
        ({"budget": -1.0}, "not be negative"),
        ({"weight": np.array([[np.nan]])}, "not be negative"),
        ({"subject": np.array([1])}, "row numbers"),
        ({"size": np.array([10, 10])}, "one entry per offer"),
        ({"staff": np.array([60, 60])}, "one entry per column"),
        ({"minimum_persons": np.array([], dtype=int)}, "one entry per audience"),
        ({"trainings_per_person": 0}, "at least 1"),
    ],
)
def test_nonsense_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        replace(problem([[40]], [60]), **changes)  # type: ignore[arg-type]
