"""The audit: the interval an attacker can derive for every hidden cell, and whether it is wide enough."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ropsanalysis.stats.disclosure_attack import TOLERANCE, Attacker, Push
from ropsanalysis.stats.disclosure_system import CellSystem, IntVector
from ropsanalysis.stats.vocabulary import BoolVector, FloatMatrix, FloatVector

_COMBINED_ATTACKS = 12
"""Attacks on all unproven cells at once, before they are attacked one by one."""


@dataclass(frozen=True, slots=True)
class Intervals:
    """What an attacker can derive.

    Attributes
    ----------
    cells
        Shape (h,): the hidden cells.
    low, high
        Shape (h,): smallest and largest value that fits everything published.
    protected
        Shape (h,): whether the interval reaches as far as the cell needs.
    """

    cells: IntVector
    low: FloatVector
    high: FloatVector
    protected: BoolVector

    @property
    def safe(self) -> bool:
        """Whether every hidden cell is protected."""
        return bool(self.protected.all())


@dataclass(frozen=True, slots=True)
class Failure:
    """A hidden cell that moves too little, with the two attacks that show it."""

    cell: int
    up: Push
    down: Push


@dataclass(slots=True)
class Proof:
    """How far hidden cells are known to move, and the tables that show it.

    Attributes
    ----------
    up, down
        Shape (n,): proven distances above and below the true value.
    moves
        Possible tables minus the true one that extended these.
    failures
        Cells that do not move far enough (exact).
    """

    system: CellSystem
    up: FloatVector
    down: FloatVector
    moves: list[FloatVector] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    def missing(self, cells: IntVector) -> IntVector:
        """Those of the cells whose protection is not yet shown."""
        return cells[~is_protected(self.system, self.up, self.down)[cells]]

    def take(self, move: FloatVector) -> None:
        """Remember a possible table if it takes an unproven cell further."""
        further = (move > self.up + TOLERANCE) | (-move > self.down + TOLERANCE)
        if further.any():
            self.moves.append(move)
        self.up = np.maximum(self.up, move)
        self.down = np.maximum(self.down, -move)


def is_protected(system: CellSystem, up: FloatVector, down: FloatVector) -> BoolVector:
    """Whether moves of this size above and below give each cell (shape (n,)) the protection it needs."""
    return (
        (up >= system.upper - TOLERANCE) & (down >= system.lower - TOLERANCE) & (up + down >= system.width - TOLERANCE)
    )


def derive_intervals(system: CellSystem, hidden: BoolVector) -> Intervals:
    """Exact interval of every hidden cell, by two linear programmes each.

    Parameters
    ----------
    system
        The cells.
    hidden
        Shape (n_groups,): groups not published.

    Notes
    -----
    Counts are whole numbers, which an attacker may use; the intervals leave it out and are, if anything, too wide
    then. In a two-way table with totals both agree, because all corners of the set of its tables are whole.
    """
    attacker = Attacker(system, hidden)
    cells = np.flatnonzero(system.hidden_cells(hidden))
    up = np.array([attacker.push_cell(int(cell), sign=1.0).reach for cell in cells])
    down = np.array([attacker.push_cell(int(cell), sign=-1.0).reach for cell in cells])
    reach = np.zeros((2, system.values.size))
    reach[:, cells] = up, down
    return Intervals(
        cells=cells,
        low=system.values[cells] - down,
        high=system.values[cells] + up,
        protected=is_protected(system, reach[0], reach[1])[cells],
    )


def prove(attacker: Attacker, cells: IntVector, *, known: list[FloatVector] | None = None) -> Proof:
    """Show that cells are protected, or find those that are not, with as few linear programmes as possible.

    Parameters
    ----------
    attacker
        Knows what is published.
    cells
        The hidden cells to look at.
    known
        Moves found under other patterns; those that still fit are used first.

    Notes
    -----
    Every solution is a table the attacker cannot rule out, so one of them may prove many cells at once. Cells
    not proven by a few attacks on all of them together (signs of Walsh functions) are attacked singly; what
    is still missing then is exact.
    """
    n = attacker.system.values.size
    proof = Proof(attacker.system, np.zeros(n), np.zeros(n))
    if known:
        for move in np.array(known)[attacker.allows(np.array(known))]:
            proof.take(move)
    for order in range(_COMBINED_ATTACKS):
        missing = proof.missing(cells)
        if missing.size == 0:
            return proof
        direction = np.zeros(n)
        direction[missing] = _walsh(order // 2)[np.arange(missing.size) % _WALSH_LENGTH] * (1.0 - 2.0 * (order % 2))
        proof.take(attacker.push(direction).move)
    for cell in proof.missing(cells):
        if proof.missing(np.array([cell])).size == 0:  # proven by the attack on another cell meanwhile
            continue
        up = attacker.push_cell(int(cell), sign=1.0)
        proof.take(up.move)
        if proof.missing(np.array([cell])).size == 0:
            continue
        down = attacker.push_cell(int(cell), sign=-1.0)
        proof.take(down.move)
        if proof.missing(np.array([cell])).size:
            proof.failures.append(Failure(int(cell), up, down))
    return proof


_WALSH_LENGTH = 64


def _walsh(order: int) -> FloatVector:
    """Signs that halve the cells differently for each order, without chance."""
    bits = (np.arange(_WALSH_LENGTH) & (2 * order + 1))[:, None] >> np.arange(6) & 1
    return np.where(bits.sum(axis=1) % 2, -1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Audit:
    """What tables that an attacker cannot rule out show, checked by arithmetic alone, without a solver.

    Attributes
    ----------
    cells
        Shape (h,): hidden cells that need protection.
    width
        Shape (h,): how far the tables let each of them vary.
    protected
        Shape (h,): whether that is as far as the cell needs.
    """

    cells: IntVector
    width: FloatVector
    protected: BoolVector

    @property
    def safe(self) -> bool:
        """Whether every hidden cell is protected."""
        return bool(self.protected.all())


def audit(system: CellSystem, hidden: BoolVector, moves: list[FloatVector]) -> Audit:
    """Check that the moves fit everything published, and measure how far they let hidden cells vary.

    Parameters
    ----------
    system
        The cells.
    hidden
        Shape (n_groups,): groups not published.
    moves
        Other tables minus the true one. Those that break a relation, a bound or a published number count for nothing.
    """
    is_open = system.hidden_cells(hidden)
    low = np.where(is_open, system.low, np.maximum(system.low, system.shown_low)) - system.values
    high = np.where(is_open, system.high, np.minimum(system.high, system.shown_high)) - system.values
    up, down = np.zeros(system.values.size), np.zeros(system.values.size)
    for move in moves:
        scale = TOLERANCE * (1.0 + float(np.abs(move).max(initial=0.0)))
        fits = ((move >= low - scale) & (move <= high + scale)).all()
        if fits and (np.abs(system.relations @ move) <= 10.0 * scale).all():
            up, down = np.maximum(up, move), np.maximum(down, -move)
    cells = np.flatnonzero(is_open & system.needs_protection)
    return Audit(cells, (up + down)[cells], is_protected(system, up, down)[cells])


def witness_tables(proof: Proof, cells: IntVector) -> FloatMatrix:
    """Few tables that fit everything published and between them show the protection of these cells.

    Returns
    -------
    FloatMatrix
        Shape (w, n); the first is the true table.
    """
    system, kept = proof.system, list(proof.moves)
    for move in proof.moves:
        others = np.array([other for other in kept if other is not move] or [np.zeros(system.values.size)])
        up, down = np.maximum(others.max(axis=0), 0.0), np.maximum(-others.min(axis=0), 0.0)
        if is_protected(system, up, down)[cells].all():
            kept = [other for other in kept if other is not move]
    return np.vstack([system.values, *(system.values + move for move in kept)])
