"""Solving an allocation: whole groups first, whole seats next, limits on unique persons as they are needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.optimize import OptimizeResult

from ropsanalysis.stats.allocation_model import RELATIVE_GAP, SCALE, Aim, Model
from ropsanalysis.stats.allocation_persons import unique_persons
from ropsanalysis.stats.allocation_problem import IntMatrix, IntVector, Problem
from ropsanalysis.stats.vocabulary import FloatVector

Status = Literal["optimal", "gap", "infeasible", "unsolved"]

# An objective smaller than this is zero: gaps are not relative to it.
_NOTHING = 1e-3


@dataclass(frozen=True, slots=True)
class Solution:
    """What the solver found; arrays are zero where it found nothing.

    ``gap`` is the relative distance of the aim to its proven bound, NaN without a plan; ``covered`` has the
    shape of the need, ``persons`` are the unique persons it allows.
    """

    status: Status
    gap: float
    groups: IntVector
    covered: IntMatrix
    persons: IntVector


@dataclass(frozen=True, slots=True)
class Prices:
    """What one more unit of a limit is worth in the linear relaxation, as a share of the weighted need.

    For targets and minima the unit is one person *less* required. Shapes: ``capacity`` (o,); ``minimum`` and
    ``trainings`` (one more seat) (a,).
    """

    budget: float
    capacity: FloatVector
    persons: float
    qualified: float
    minimum: FloatVector
    trainings: FloatVector


def solve(problem: Problem, *, aim: Aim, time_limit: float) -> Solution:
    """Solve the programme for one aim; limits on unique persons are added where a solution breaks them.

    Parameters
    ----------
    aim
        ``need``: cover the most weighted need. ``shortfall``: miss the targets by the smallest sum of shares.
        ``cost``: keep the targets with the least money.
    time_limit
        Seconds for each call of the solver.
    """
    model = Model(problem)
    model.relaxed(aim)
    while True:
        known = len(model.tangents)
        found = model.minimise(aim, whole_seats=False, time_limit=time_limit)
        if found.x is None:
            return _nothing(problem, found)
        bound = _bound(found)
        seated = model.seat(aim, model.split(found.x)[0], time_limit=time_limit)
        if seated.x is not None and not _gap(seated.fun, bound):
            return _solution(model, seated, bound)
        if len(model.tangents) == known:
            break
    # The best groups count on parts of seats: rare, since with whole groups the rest is a flow.
    while True:
        found = model.minimise(aim, whole_seats=True, time_limit=time_limit)
        if found.x is None:
            return _nothing(problem, found) if seated.x is None else _solution(model, seated, bound)
        if not model.add_tangents(found.x, whole=True):
            return _solution(model, found, _bound(found))


def _solution(model: Model, found: OptimizeResult, bound: float) -> Solution:
    groups, covered, _, _ = model.split(np.rint(found.x))
    gap = _gap(found.fun, bound)
    unique = unique_persons(model.problem, covered)
    return Solution("gap" if gap else "optimal", gap, *(each.astype(np.int64) for each in (groups, covered, unique)))


def _nothing(problem: Problem, found: OptimizeResult) -> Solution:
    nobody = np.zeros(len(problem.staff), dtype=np.int64)
    status: Status = "infeasible" if found.status == 2 else "unsolved"
    return Solution(status, np.nan, np.zeros_like(problem.subject), np.zeros_like(problem.need), nobody)


def _bound(found: OptimizeResult) -> float:
    """Best value the solver could not exclude; a problem without whole numbers is solved exactly."""
    return float(found.fun if found.mip_dual_bound is None else found.mip_dual_bound)


def _gap(value: float, bound: float) -> float:
    """Relative distance to the bound; 0 where it is as small as the solver's own tolerance."""
    gap = max(0.0, value - bound) / max(abs(value), _NOTHING)
    return 0.0 if gap <= 2 * RELATIVE_GAP else gap


def prices(problem: Problem) -> Prices:
    """Return the shadow prices of the limits in the linear relaxation; NaN if it has no solution."""
    model = Model(problem)
    found = model.relaxed("need")
    if found.x is None:
        offers, audiences = np.full(len(problem.subject), np.nan), np.full(len(problem.staff), np.nan)
        return Prices(np.nan, offers, np.nan, np.nan, audiences, audiences)
    worth = np.maximum(-found.ineqlin.marginals, 0.0) / SCALE
    return Prices(
        budget=float(worth[model.at["budget"]][0]),
        capacity=np.maximum(-found.upper.marginals[: len(problem.subject)], 0.0) / SCALE,
        persons=float(worth[model.at["persons"]][0]),
        qualified=float(worth[model.at["qualified"]][0]),
        minimum=worth[model.at["minimum"]],
        trainings=worth[model.at["trainings"]],
    )
