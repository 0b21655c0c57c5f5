"""The integer programme of an allocation as a matrix (see `allocation` for its formulas)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp

from ropsanalysis.stats.allocation_persons import (
    FAR_BELOW_ONE,
    HALF,
    Tangent,
    most_persons,
    reachable,
    tightest,
    unique_persons,
)
from ropsanalysis.stats.allocation_problem import Problem
from ropsanalysis.stats.vocabulary import FloatMatrix, FloatVector

Aim = Literal["need", "shortfall", "cost"]

RELATIVE_GAP = 1e-6
"""Relative gap at which the solver counts a plan as proven best."""
SCALE = 1000.0
"""Size of the whole need in the objective: the solver's absolute tolerance of 1e-6 then is far below its gap."""

# Buying all groups on offer weighs as much as this share of the need: equal plans differ in money only.
_COST_SHARE = 1e-4
# Relaxed solutions may claim so many persons too many per audience; plans may claim none.
_RELAXED_EXCESS = 1.0


@dataclass(slots=True)
class Model:
    """Rows and columns of the programme; every row reads "at most".

    Columns: groups (o), covered needs (one per cell with need and offer), persons (a), slacks (a + 2).

    Each tangent adds one column per subject whose covered needs count up to a limit only.
    """

    problem: Problem
    rows: list[np.ndarray] = field(default_factory=list)
    limits: list[float] = field(default_factory=list)
    tangents: list[Tangent] = field(default_factory=list)
    at: dict[str, slice] = field(default_factory=dict)
    cells: tuple[NDArray[np.intp], ...] = field(init=False)

    def __post_init__(self) -> None:
        problem = self.problem
        offered = np.isin(np.arange(problem.need.shape[0]), problem.subject)
        self.cells = np.nonzero((problem.need > 0) & offered[:, None])
        subject_of, audience_of = self.cells
        teaches = (np.arange(problem.need.shape[0])[:, None] == problem.subject)[offered]
        in_subject = (np.arange(problem.need.shape[0])[:, None] == subject_of).astype(float)[offered]
        in_audience = (np.arange(len(problem.staff))[:, None] == audience_of).astype(float)
        everybody = np.ones((1, len(problem.staff)))
        each = np.eye(len(problem.staff))
        slack = np.eye(len(problem.staff) + 2)
        reach = np.array([reachable(problem, audience) for audience in range(len(each))])
        # A slack makes a target smaller.
        self._add("seats", teaches * -problem.size, in_subject, limits=0)
        self._add("fewest", teaches * problem.fewest, -in_subject, limits=0)
        self._add("budget", problem.cost[None, :], limits=problem.budget)
        self._add("trainings", covered=in_audience, limits=problem.trainings_per_person * reach)
        self._add("unique", covered=-in_audience, persons=each, limits=0)
        self._add("reach", persons=each, limits=reach)
        self._add("minimum", persons=-each, slacks=-slack[:-2], limits=-problem.minimum_persons)
        self._add("persons", persons=-everybody, slacks=-slack[-2:-1], limits=-problem.persons_target)
        self._add(
            "qualified",
            persons=-everybody * problem.qualified_rate,
            slacks=-slack[-1:],
            limits=-problem.qualified_target,
        )

    @property
    def widths(self) -> tuple[int, int, int, int]:
        """Numbers of columns of each kind, those of the tangents left out."""
        audiences = len(self.problem.staff)
        return len(self.problem.subject), len(self.cells[0]), audiences, audiences + 2

    def _add(
        self,
        name: str,
        groups: np.ndarray | None = None,
        covered: np.ndarray | None = None,
        persons: np.ndarray | None = None,
        slacks: np.ndarray | None = None,
        *,
        limits: float | np.ndarray,
    ) -> None:
        parts = (groups, covered, persons, slacks)
        height = next(len(part) for part in parts if part is not None)
        full = [
            np.zeros((height, width)) if part is None else part for part, width in zip(parts, self.widths, strict=True)
        ]
        self.at[name] = slice(len(self.limits), len(self.limits) + height)
        self.rows.extend(np.hstack(full))
        self.limits.extend(np.broadcast_to(np.asarray(limits, dtype=float), height).tolist())

    def _matrix(self) -> tuple[sparse.csr_array, FloatVector, FloatVector]:
        """Put together all rows, their limits, and the most of each column that tangents added."""
        blocks, limits, most = [np.vstack(self.rows)], [np.array(self.limits)], [np.zeros(0)]
        counted = []
        first_cell = self.widths[0]
        first_person = first_cell + self.widths[1]
        subject_of, audience_of = self.cells
        for tangent in self.tangents:
            own = np.flatnonzero(audience_of == tangent.audience)
            capped = own[tangent.most[subject_of[own]] < self.problem.need[subject_of[own], tangent.audience]]
            block = np.zeros((1 + len(capped), sum(self.widths)))
            block[0, first_person + tangent.audience] = 1
            block[0, first_cell + np.setdiff1d(own, capped)] = -1
            block[np.arange(len(capped)) + 1, first_cell + capped] = -1
            blocks.append(block)
            limits.append(np.append(tangent.level, np.zeros(len(capped))))
            counted.append(np.vstack([-np.ones(len(capped)), np.eye(len(capped))]))
            most.append(tangent.most[subject_of[capped]])
        base = sparse.csr_array(np.vstack(blocks))
        nothing = sparse.csr_array((len(self.limits), 0))
        added = sparse.block_diag([nothing, *map(sparse.csr_array, counted)], format="csr")
        return sparse.hstack([base, added], format="csr"), np.concatenate(limits), np.concatenate(most)

    def objective(self, aim: Aim) -> FloatVector:
        """Coefficients to be minimised."""
        problem = self.problem
        groups, covered, persons, slacks = (np.zeros(width) for width in self.widths)
        if aim == "shortfall":
            required = np.append(problem.minimum_persons, [problem.persons_target, problem.qualified_target])
            slacks = SCALE / np.maximum(required, 1)
        elif aim == "cost":
            groups = problem.cost / max(float(problem.cost.max(initial=0)), 1.0)
        else:
            whole_offer = max(float(problem.cost @ problem.capacity), 1.0)
            groups = SCALE * _COST_SHARE * problem.cost / whole_offer
            covered = -SCALE * problem.weight[self.cells] / max(problem.weighted_need, 1e-12)
        return np.concatenate([groups, covered, persons, slacks])

    def bounds(self, aim: Aim) -> tuple[FloatVector, FloatVector]:
        """Return the least and the most of each column; targets may be missed for one aim only."""
        slack = np.full(self.widths[3], np.inf if aim == "shortfall" else 0.0)
        upper = [self.problem.capacity, self.problem.need[self.cells], self.problem.staff, slack]
        return np.zeros(sum(self.widths)), np.concatenate(upper).astype(float)

    def split(self, x: FloatVector) -> tuple[FloatVector, FloatMatrix, FloatVector, FloatVector]:
        """Split columns into groups (o,), covered (c, a), persons (a,) and slacks (a + 2,)."""
        groups, flat, persons, slacks = np.split(x[: sum(self.widths)], np.cumsum(self.widths)[:-1])
        covered = np.zeros(self.problem.need.shape)
        covered[self.cells] = flat
        return groups, covered, persons, slacks

    def minimise(self, aim: Aim, *, whole_seats: bool, time_limit: float) -> OptimizeResult:
        """Solve with whole groups and persons, and with whole or any seats."""
        return self._milp(aim, *self.bounds(aim), whole_seats=whole_seats, time_limit=time_limit)

    def seat(self, aim: Aim, groups: FloatVector, *, time_limit: float) -> OptimizeResult:
        """Solve for whole seats and persons, the groups being given; all limits on unique persons are kept."""
        lower, upper = self.bounds(aim)
        lower[: len(groups)] = upper[: len(groups)] = np.rint(groups)
        self._relax(aim, lower, upper)
        while True:
            found = self._milp(aim, lower, upper, whole_seats=True, time_limit=time_limit)
            if found.x is None or not self.add_tangents(found.x, whole=True):
                return found

    def relaxed(self, aim: Aim) -> OptimizeResult:
        """Solve with any fraction of a group, adding the tangents that its solution asks for."""
        return self._relax(aim, *self.bounds(aim))

    def _milp(
        self, aim: Aim, lower: FloatVector, upper: FloatVector, *, whole_seats: bool, time_limit: float
    ) -> OptimizeResult:
        kinds = (1, int(whole_seats), 1, 0)
        matrix, limits, most = self._matrix()
        added = np.zeros(len(most))
        return milp(
            np.append(self.objective(aim), added),
            integrality=np.append(np.repeat(kinds, self.widths), added),
            bounds=Bounds(np.append(lower, added), np.append(upper, most)),
            constraints=LinearConstraint(matrix, -np.inf, limits),
            options={"time_limit": time_limit, "mip_rel_gap": RELATIVE_GAP},
        )

    def _relax(self, aim: Aim, lower: FloatVector, upper: FloatVector) -> OptimizeResult:
        while True:
            matrix, limits, most = self._matrix()
            added = np.zeros(len(most))
            bounds = np.column_stack([np.append(lower, added), np.append(upper, most)])
            kept = np.isfinite(limits)  # a budget without end
            objective = np.append(self.objective(aim), added)
            found = linprog(objective, A_ub=matrix[kept], b_ub=limits[kept], bounds=bounds, method="highs")
            if found.x is None or not self.add_tangents(found.x, whole=False):
                return found

    def add_tangents(self, x: FloatVector, *, whole: bool) -> bool:
        """Add limits on unique persons that break a solution; false where its covered needs keep the targets."""
        _, covered, persons, slacks = self.split(x)
        if whole:
            covered, persons = np.rint(covered), np.rint(persons)
        most = unique_persons(self.problem, covered) if whole else most_persons(self.problem, covered) + HALF
        beyond = np.flatnonzero(persons > most + (FAR_BELOW_ONE if whole else _RELAXED_EXCESS))
        if kept(self.problem, most, slacks):
            return False
        self.tangents.extend(tightest(self.problem, covered, int(audience))[1] for audience in beyond)
        return len(beyond) > 0


def kept(problem: Problem, persons: FloatVector, slacks: FloatVector) -> bool:
    """Tell whether these unique persons keep all targets, less the slacks."""
    total = persons.sum()
    required = np.append(problem.minimum_persons, [problem.persons_target, problem.qualified_target])
    reached = np.append(persons, [total, problem.qualified_rate * total])
    return bool((reached + slacks >= required - FAR_BELOW_ONE).all())
