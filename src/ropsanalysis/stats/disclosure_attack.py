"""The attacker: how far a hidden cell can move while everything published stays as it is."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from ropsanalysis.stats.disclosure_system import ALWAYS_OPEN, CellSystem
from ropsanalysis.stats.vocabulary import BoolVector, FloatMatrix, FloatVector

TOLERANCE = 1e-6
"""Feasibility tolerance of the solver, ten times: below it two numbers count as the same."""


@dataclass(frozen=True, slots=True)
class Push:
    """The furthest that a combination of cells can be pushed.

    Attributes
    ----------
    reach
        Distance from the true values, not negative.
    move
        Shape (n,): a possible table minus the true one.
    price
        Shape (n,): reduced costs; see `Attacker.capacity`.
    """

    reach: float
    move: FloatVector
    price: FloatVector


class Attacker:
    """Knows every relation and every published number, and looks for other values that fit them.

    The linear programmes differ in the objective only, so each starts from the last one's solution. Variables
    are moves from the true values; the true table (no move) is always possible.

    Parameters
    ----------
    system
        The cells.
    hidden
        Shape (n_groups,): groups not published.
    """

    def __init__(self, system: CellSystem, hidden: BoolVector) -> None:
        self.system = system
        self._transposed = system.relations.T.tocsr()
        self.hide(hidden)

    def hide(self, hidden: BoolVector) -> None:
        """Change which groups are published."""
        system = self.system
        is_open = system.hidden_cells(hidden)
        low = np.where(is_open, system.low, np.maximum(system.low, system.shown_low))
        high = np.where(is_open, system.high, np.minimum(system.high, system.shown_high))
        self._low, self._high = np.minimum(low - system.values, 0.0), np.maximum(high - system.values, 0.0)
        self._load()

    def _load(self) -> None:
        """Give the solver the cells that can move at all, and the relations between them."""
        self._columns = np.flatnonzero(self._low < self._high)
        relations = self.system.relations[:, self._columns]
        self._rows = np.flatnonzero(np.diff(relations.indptr))
        relations = relations[self._rows].tocsc()
        self._objective = np.zeros(self._columns.size)
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = relations.shape
        model.sense_ = highspy.ObjSense.kMaximize
        model.col_cost_ = self._objective
        model.col_lower_, model.col_upper_ = self._low[self._columns], self._high[self._columns]
        model.row_lower_ = model.row_upper_ = np.zeros(relations.shape[0])
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = relations.indptr
        model.a_matrix_.index_ = relations.indices
        model.a_matrix_.value_ = relations.data
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        # The last solution stays possible when the objective changes, so the primal simplex method goes on from it.
        for option, value in (("output_flag", False), ("threads", 1), ("presolve", "off"), ("simplex_strategy", 4)):
            self._solver.setOptionValue(option, value)
        self._solver.passModel(model)

    def allows(self, moves: FloatMatrix) -> BoolVector:
        """Which moves (shape (w, n), keeping all relations) fit what is published now."""
        return np.asarray(((moves >= self._low - TOLERANCE) & (moves <= self._high + TOLERANCE)).all(axis=1))

    def push(self, direction: FloatVector) -> Push:
        """Push a combination of cells as far as it goes.

        Parameters
        ----------
        direction
            Shape (n,): the weight of each cell.

        Raises
        ------
        ArithmeticError
            The solver found no optimum, which its finite bounds and the possible true table rule out.
        """
        wanted = direction[self._columns]
        changed = np.flatnonzero(wanted != self._objective).astype(np.int32)
        self._solver.changeColsCost(changed.size, changed, wanted[changed])
        self._objective = wanted
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            # A degenerate last solution can leave the solver at a loss; from the start it finds its way.
            self._solver.clearSolver()
            self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError(f"attack on a table: solver ended with {self._solver.getModelStatus()}")
        solution = self._solver.getSolution()
        move, multipliers = np.zeros(direction.size), np.zeros(self.system.relations.shape[0])
        move[self._columns] = solution.col_value
        multipliers[self._rows] = solution.row_dual
        return Push(reach=float(direction @ move), move=move, price=direction - self._transposed @ multipliers)

    def push_cell(self, cell: int, *, sign: float) -> Push:
        """Push one cell up (sign 1) or down (sign -1)."""
        direction = np.zeros(self.system.values.size)
        direction[cell] = sign
        return self.push(direction)

    def capacity(self, price: FloatVector) -> tuple[float, FloatVector]:
        r"""Bound the reach of an attack under *any* pattern of hidden groups.

        Returns
        -------
        constant, coefficients
            The reach under a pattern x (0/1 per group) is at most ``constant + coefficients @ x``.

        Notes
        -----
        With any multipliers of the relations the reduced costs :math:`r` bound the reach by
        :math:`\sum_i r_i^+ U_i(x) + r_i^- L_i(x)`, where :math:`U_i(x), L_i(x)` is the room above and below
        the value that a published or hidden cell leaves (weak duality), so a rounding error of the solver
        cannot make it wrong.
        """
        system = self.system
        rise, fall = np.maximum(price, 0.0), np.maximum(-price, 0.0)
        shown_up = np.maximum(np.minimum(system.high, system.shown_high) - system.values, 0.0)
        shown_down = np.maximum(system.values - np.maximum(system.low, system.shown_low), 0.0)
        shown = rise * shown_up + fall * shown_down
        full = rise * (system.high - system.values) + fall * (system.values - system.low)
        grouped = system.group != ALWAYS_OPEN
        constant = float(shown[grouped].sum() + full[~grouped].sum())
        coefficients = np.bincount(system.group[grouped], (full - shown)[grouped], minlength=system.n_groups)
        return constant, coefficients.astype(np.float64)
