"""What limits an allocation: targets out of reach, the money they would take, and the cover of each budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ropsanalysis.stats.allocation import Allocation, allocate
from ropsanalysis.stats.allocation_persons import reachable
from ropsanalysis.stats.allocation_problem import IntVector, Problem
from ropsanalysis.stats.allocation_solver import Prices, prices, solve

__all__ = ["Prices", "budget_curve", "least_budget", "most_seats", "prices", "relax"]


def relax(problem: Problem, *, time_limit: float) -> Problem | None:
    r"""Return the problem with its targets lowered to what is possible together; None if time ran out.

    Notes
    -----
    Each target and minimum t may be missed by a slack :math:`s_t`; the sum :math:`\sum_t s_t / t` of the
    shares missed is made as small as possible. Budget, groups, capacity and need stay as they are. Which target
    gives way may be a matter of choice; the sum of shares is not.
    """
    nearest = solve(problem, aim="shortfall", time_limit=time_limit)
    if nearest.status not in ("optimal", "gap"):
        return None
    persons = int(nearest.persons.sum())
    return replace(
        problem,
        persons_target=min(problem.persons_target, persons),
        qualified_target=min(problem.qualified_target, int(np.floor(problem.qualified_rate * persons + 1e-9))),
        minimum_persons=np.minimum(problem.minimum_persons, nearest.persons),
    )


def least_budget(problem: Problem, *, time_limit: float) -> float | None:
    """Return the least money that keeps all targets: infinite if none does, None if time ran out."""
    cheapest = solve(replace(problem, budget=np.inf), aim="cost", time_limit=time_limit)
    if cheapest.status == "infeasible":
        return np.inf
    return None if cheapest.status == "unsolved" else float(problem.cost @ cheapest.groups)


def budget_curve(
    problem: Problem, budgets: Sequence[float], *, time_limit: float, own: Allocation | None = None
) -> tuple[Allocation, ...]:
    """Return the best plan of each budget, in the order given.

    Parameters
    ----------
    problem, budgets, time_limit
        What to plan, the budgets in its place, and seconds for one call of the solver.
    own
        The best plan of the problem's own budget, if it is known already.

    Notes
    -----
    A plan for less money is possible with more, so where the solver stops at a gap, the better of the two is
    kept: more money never covers less.
    """
    plans: dict[float, Allocation] = {}
    best: Allocation | None = None
    for budget in sorted(set(budgets)):
        if own is not None and budget == problem.budget:
            plan = own
        else:
            plan = allocate(replace(problem, budget=budget), time_limit=time_limit)
        if best is not None and (not plan.found or plan.need_covered < best.need_covered):
            plan = best
        best = plan if plan.found else None
        plans[budget] = plan
    return tuple(plans[budget] for budget in budgets)


def most_seats(problem: Problem) -> IntVector:
    """Return the most seats of each audience, shape (a,): trainings per person times persons in any need."""
    reach = [reachable(problem, audience) for audience in range(len(problem.staff))]
    return problem.trainings_per_person * np.array(reach)
