"""Complementary suppression: hide as little as possible so that no hidden cell can be derived."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from ropsanalysis.stats.disclosure_attack import TOLERANCE, Attacker
from ropsanalysis.stats.disclosure_audit import Failure, Proof, prove
from ropsanalysis.stats.disclosure_system import ALWAYS_OPEN, CellSystem
from ropsanalysis.stats.vocabulary import BoolVector, FloatVector


@dataclass(frozen=True, slots=True)
class Suppression:
    """Groups to hide, what it costs and how much less any other choice could cost.

    Attributes
    ----------
    hidden
        Shape (n_groups,).
    cost
        Information lost: costs of the hidden groups, those that had to be hidden included.
    bound
        No pattern that protects every hidden cell costs less.
    gap
        ``(cost - bound)`` as a share of the cost of the groups hidden to protect others; 0 if proven optimal.
    rounds
        Rounds of the master problem.
    proof
        How far the hidden cells move, with the tables that show it.
    """

    hidden: BoolVector
    cost: float
    bound: float
    gap: float
    rounds: int
    proof: Proof


def suppress(
    system: CellSystem,
    *,
    cost: FloatVector,
    primary: BoolVector,
    max_rounds: int = 40,
    max_nodes: int = 2000,
) -> Suppression:
    r"""Cheapest pattern of hidden groups in which every hidden cell is protected.

    Parameters
    ----------
    system
        The cells, with the protection that each needs when hidden.
    cost
        Shape (n_groups,): information lost by hiding a group, not negative.
    primary
        Shape (n_groups,): groups that must be hidden.
    max_rounds, max_nodes
        Effort before the best pattern found is completed by a heuristic: rounds of the master problem, nodes of
        each of its searches. Not seconds, so that the same input gives the same tables on every machine.

    Raises
    ------
    ArithmeticError
        Even hiding everything leaves a cell without its protection: it needs more than is ever open.

    Notes
    -----
    The master problem picks groups under inequalities known so far; the attacker's linear programmes find cells
    of that pattern that move too little. Their duals give a capacity inequality that every good pattern
    satisfies: for a cell of group p that must move by w, :math:`\sum_g \min(c_g, w')\,x_g \ge w'\,x_p` with
    :math:`w' = w - c_0` and the capacity :math:`c_0 + \sum_g c_g x_g` of the attack. The search starts with the
    plainest of them: in a relation of published numbers no cell hides alone. If effort runs out, each failing
    cell gets the cheapest flow of moves that protects it, and the groups on the flow are hidden.

    References
    ----------
    Fischetti, M. and Salazar-González, J. J. (2001). Solving the cell suppression problem on tabular data with
    linear constraints. Management Science 47(7), 1008-1027. Kelly, J. P., Golden, B. L. and Assad, A. A. (1992).
    Cell suppression: disclosure protection for sensitive tabular data. Networks 22(4), 397-417.
    """
    master = _Master(cost, primary, max_nodes)
    master.add(bridgeless(system, primary))
    needy = np.flatnonzero(system.needs_protection)
    attacker = Attacker(system, primary)
    hidden, rounds = primary, 0
    known: list[FloatVector] = []
    failures: list[Failure] = []
    while True:
        hidden = master.solve() if rounds < max_rounds else complete(system, hidden, cost, failures)
        attacker.hide(hidden)
        proof = prove(attacker, needy[system.hidden_cells(hidden)[needy]], known=known)
        rounds += 1
        failures = proof.failures
        if not failures:
            break
        known = [*known, *proof.moves]
        master.add([cut for failure in failures for cut in capacity_cuts(attacker, failure, primary)])
    total = float(cost[hidden].sum())
    secondary = total - float(cost[primary].sum())
    bound = min(master.bound, total)
    gap = (total - bound) / secondary if secondary > 0 else 0.0
    return Suppression(hidden, total, bound, gap, rounds, proof)


@dataclass(frozen=True, slots=True)
class Cut:
    """Inequality ``coefficients @ x >= least`` that every good pattern satisfies."""

    coefficients: FloatVector
    least: float


def bridgeless(system: CellSystem, primary: BoolVector) -> list[Cut]:
    """Require company: in a relation whose other cells are published exactly, a hidden cell gives itself away.

    Returns
    -------
    list of Cut
        Those not already met by the groups in ``primary``.
    """
    relations = system.relations
    exact = (system.shown_low == system.shown_high) & (system.group != ALWAYS_OPEN)
    needs = system.needs_protection
    cuts = []
    for start, end in zip(relations.indptr[:-1], relations.indptr[1:], strict=True):
        cells = relations.indices[start:end]
        groups = system.group[cells]
        if not exact[cells].all() or np.unique(groups).size < groups.size:
            continue
        forced = primary[groups]
        for cell, group in zip(cells, groups, strict=True):
            if needs[cell] and not forced[groups != group].any():
                coefficients = np.zeros(system.n_groups)
                coefficients[groups] = 1.0
                coefficients[group] = -1.0
                cuts.append(Cut(coefficients, 0.0))
    return cuts


def capacity_cuts(attacker: Attacker, failure: Failure, primary: BoolVector) -> list[Cut]:
    """Inequalities that a failed cell violates: above, below and in all.

    What the cell's own group and the primary ones contribute is there whenever the cell is hidden, so it
    counts as constant, which makes the inequality tighter.
    """
    system, cell = attacker.system, failure.cell
    group = int(system.group[cell])
    (up_0, up), (down_0, down) = attacker.capacity(failure.up.price), attacker.capacity(failure.down.price)
    demands = (
        (system.upper[cell], up_0, up, failure.up.reach),
        (system.lower[cell], down_0, down, failure.down.reach),
        (system.width[cell], up_0 + down_0, up + down, failure.up.reach + failure.down.reach),
    )
    given = primary.copy()
    if group != ALWAYS_OPEN:
        given[group] = True
    cuts = []
    for needed, constant, capacities, reach in demands:
        if reach < needed - TOLERANCE:
            missing = needed - constant - float(capacities[given].sum())
            coefficients = np.where(given, 0.0, np.minimum(capacities / missing, 1.0))
            conditional = group != ALWAYS_OPEN and not primary[group]
            if conditional:
                coefficients[group] = -1.0
            cuts.append(Cut(coefficients, 0.0 if conditional else 1.0))
    return cuts


class _Master:
    """Cheapest pattern under the inequalities known so far."""

    def __init__(self, cost: FloatVector, primary: BoolVector, max_nodes: int) -> None:
        self._cost = cost
        self._primary = primary
        self._options = {"node_limit": max_nodes, "mip_rel_gap": 1e-6}
        self._rows: list[FloatVector] = []
        self._least: list[float] = []
        self.bound = float(cost[primary].sum())

    def add(self, cuts: list[Cut]) -> None:
        """Add inequalities."""
        for cut in cuts:
            self._rows.append(cut.coefficients)
            self._least.append(cut.least - float(cut.coefficients[self._primary].sum()))

    def solve(self) -> BoolVector:
        """Return the pattern and raise the bound."""
        optional = np.flatnonzero(~self._primary)
        if not self._rows or optional.size == 0:
            return self._primary.copy()
        rows = sparse.csr_array(np.array(self._rows)[:, optional])
        found = milp(
            self._cost[optional],
            integrality=np.ones(optional.size),
            bounds=Bounds(0.0, 1.0),
            constraints=LinearConstraint(rows, lb=np.array(self._least)),
            options=self._options,
        )
        hidden = self._primary.copy()
        if found.x is None:
            hidden[:] = True
            return hidden
        hidden[optional] = found.x > 0.5
        self.bound = max(self.bound, float(self._cost[self._primary].sum() + found.mip_dual_bound))
        return hidden


def complete(system: CellSystem, hidden: BoolVector, cost: FloatVector, failures: list[Failure]) -> BoolVector:
    """Hide the groups on the cheapest flow of moves that protects each failed cell.

    Raises
    ------
    ArithmeticError
        A cell needs more room than it has with everything hidden.
    """
    before, hidden = hidden, hidden.copy()
    widest = Attacker(system, np.ones(system.n_groups, dtype=np.bool_))
    for failure in failures:
        cell = failure.cell
        # Relations may leave less room above the value than its own bounds do; the rest of the width lies below then.
        room = widest.push_cell(cell, sign=1.0).reach * (1 - TOLERANCE)
        up = max(system.upper[cell], min(system.width[cell], room))
        for target in (up, -max(system.lower[cell], system.width[cell] - up)):
            if abs(target) > TOLERANCE:
                hidden |= _cheapest_flow(system, hidden, cost, cell, target)
    if (hidden == before).all():
        raise ArithmeticError(f"{len(failures)} cells cannot be protected: hiding more does not move them")
    return hidden


def _cheapest_flow(system: CellSystem, hidden: BoolVector, cost: FloatVector, cell: int, target: float) -> BoolVector:
    """Find the groups whose cells move in the cheapest table where one cell has moved by the target."""
    shown = np.flatnonzero(~system.hidden_cells(hidden))
    inner_low, inner_high = system.low - system.values, system.high - system.values
    outer_low, outer_high = inner_low[shown], inner_high[shown]
    inner_low[shown] = np.maximum(outer_low, system.shown_low[shown] - system.values[shown])
    inner_high[shown] = np.minimum(outer_high, system.shown_high[shown] - system.values[shown])
    inner_low[cell] = inner_high[cell] = target
    extra = system.relations[:, shown]
    unit = cost[system.group[shown]] / abs(target)
    flow = linprog(
        np.concatenate([np.zeros(system.values.size), unit, unit]),
        A_eq=sparse.hstack([system.relations, extra, -extra]).tocsc(),
        b_eq=np.zeros(system.relations.shape[0]),
        bounds=np.column_stack(
            [
                np.concatenate([inner_low, np.zeros(2 * shown.size)]),
                np.concatenate([inner_high, outer_high - inner_high[shown], inner_low[shown] - outer_low]),
            ]
        ),
    )
    if flow.x is None:
        raise ArithmeticError(f"cell {cell} cannot move by {target:g} even if everything is hidden")
    moved = flow.x[system.values.size :].reshape(2, -1).sum(axis=0) > TOLERANCE
    chosen = np.zeros(system.n_groups, dtype=np.bool_)
    chosen[system.group[shown[moved]]] = True
    return chosen
