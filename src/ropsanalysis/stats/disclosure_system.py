"""What is published and what could stand behind it: cells, their bounds and the linear relations between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from ropsanalysis.stats.vocabulary import BoolVector, FloatVector

ALWAYS_OPEN = -1
"""Group of cells that are never published themselves: counts behind a sum, the room below a bound."""

IntVector = NDArray[np.int64]
Number = TypeVar("Number", np.int64, np.float64)


@dataclass(frozen=True, slots=True)
class CellSystem:
    r"""Cells of one or several tables, joined by linear relations that everybody knows.

    Attributes
    ----------
    values
        Shape (n,): the true values.
    low, high
        Shape (n,): what everybody knows of a cell before anything is published; finite, around the value.
    shown_low, shown_high
        Shape (n,): what publishing tells about the cell. Equal to the value for an exact number; the ends of
        the rounding interval for a rounded one; ``low`` and ``high`` where the cell itself is not published.
    group
        Shape (n,): cells of one group are shown or hidden together; `ALWAYS_OPEN` for those never shown.
    relations
        Shape (m, n): each row times the cells is a constant (its value at ``values``).
    lower, upper, width
        Shape (n,): protection a *hidden* cell needs: how far below and above the value, and how wide in all,
        the interval of an attacker must reach; in the unit of the cell.

    References
    ----------
    Fischetti, M. and Salazar-González, J. J. (2001). Solving the cell suppression problem on tabular data with
    linear constraints. Management Science 47(7), 1008-1027, section 2.
    """

    values: FloatVector
    low: FloatVector
    high: FloatVector
    shown_low: FloatVector
    shown_high: FloatVector
    group: IntVector
    relations: sparse.csr_array
    lower: FloatVector
    upper: FloatVector
    width: FloatVector

    def __post_init__(self) -> None:
        """Refuse a system whose parts do not fit.

        Raises
        ------
        ValueError
            Shapes differ, bounds are infinite or exclude the value, or publishing tells a wrong interval.
        """
        n = self.values.size
        for name in ("low", "high", "shown_low", "shown_high", "group", "lower", "upper", "width"):
            if getattr(self, name).shape != (n,):
                raise ValueError(f"{name}: expected shape ({n},), found {getattr(self, name).shape}")
        if self.relations.shape[1] != n:
            raise ValueError(f"relations: expected {n} columns, found {self.relations.shape[1]}")
        if not (np.isfinite(self.low).all() and np.isfinite(self.high).all()):
            raise ValueError("low and high: every cell needs finite bounds")
        for low, high in ((self.low, self.high), (self.shown_low, self.shown_high)):
            if (low > self.values + 1e-9).any() or (high < self.values - 1e-9).any():
                raise ValueError("bounds: a cell's own value lies outside")

    @property
    def n_groups(self) -> int:
        """Number of groups, those without a cell included."""
        return int(self.group.max(initial=ALWAYS_OPEN)) + 1

    @property
    def needs_protection(self) -> BoolVector:
        """Cells (shape (n,)) that need protection when they are hidden."""
        return (self.lower > 0) | (self.upper > 0) | (self.width > 0)

    def hidden_cells(self, hidden: BoolVector) -> BoolVector:
        """Which cells are not published if these groups (shape (n_groups,)) are hidden."""
        return np.append(hidden, True)[self.group]


def table_shape(shape: Sequence[int]) -> tuple[int, ...]:
    """Shape of a table with its totals: they come last, and an axis of length 1 has none.

    Examples
    --------
    >>> table_shape((16, 15)), table_shape((1, 15))
    ((17, 16), (1, 16))
    """
    return tuple(length + (length > 1) for length in shape)


def with_totals(counts: NDArray[Number]) -> NDArray[Number]:
    """Return a table with the totals of every axis longer than 1 appended at its end.

    Examples
    --------
    >>> with_totals(np.array([[1, 2], [3, 4]]))
    array([[ 1,  2,  3],
           [ 3,  4,  7],
           [ 4,  6, 10]])
    """
    table = counts
    for axis, length in enumerate(table.shape):
        if length > 1:
            table = np.concatenate([table, table.sum(axis=axis, keepdims=True)], axis=axis)
    return table


def total_relations(shape: Sequence[int]) -> sparse.csr_array:
    """Relations "parts minus total is nothing" of a table with totals, one row per line of the table.

    Parameters
    ----------
    shape
        Shape of the table without totals, any number of dimensions.

    Returns
    -------
    csr_array
        Shape (lines, cells of the table with totals in C order).
    """
    full = table_shape(shape)
    index = np.arange(int(np.prod(full))).reshape(full)
    lines = [
        line
        for axis, length in enumerate(shape)
        if length > 1
        for line in np.moveaxis(index, axis, -1).reshape(-1, length + 1)
    ]
    rows = np.repeat(np.arange(len(lines)), [line.size for line in lines])
    signs = np.concatenate([np.append(np.ones(line.size - 1), -1.0) for line in lines] or [np.empty(0)])
    columns = np.concatenate(lines or [np.empty(0, dtype=np.int64)])
    return sparse.csr_array((signs, (rows, columns)), shape=(len(lines), index.size))


def table_system(
    inner: ArrayLike,
    *,
    inner_high: ArrayLike | None = None,
    lower: ArrayLike = 0.0,
    upper: ArrayLike = 0.0,
    width: ArrayLike = 0.0,
) -> CellSystem:
    """System of one table of non-negative numbers with all its totals.

    Parameters
    ----------
    inner
        Table without totals, any number of dimensions.
    inner_high
        What everybody knows to be the largest possible value of each inner cell, same shape; default: twice the
        table's sum. Totals may be as large as their parts together.
    lower, upper, width
        Protection of hidden cells; one number, or shape of the table with totals.

    Returns
    -------
    CellSystem
        Cells and groups both are the table with totals in C order.
    """
    values = np.asarray(inner, dtype=np.float64)
    ceiling = np.full(values.shape, 2 * values.sum()) if inner_high is None else np.asarray(inner_high, np.float64)
    cells = with_totals(values).ravel()
    full = table_shape(values.shape)

    def spread(level: ArrayLike) -> FloatVector:
        return np.broadcast_to(np.asarray(level, dtype=np.float64), full).ravel().copy()

    return CellSystem(
        values=cells,
        low=np.zeros(cells.size),
        high=with_totals(ceiling).ravel(),
        shown_low=cells,
        shown_high=cells,
        group=np.arange(cells.size),
        relations=total_relations(values.shape),
        lower=spread(lower),
        upper=spread(upper),
        width=spread(width),
    )


@dataclass(slots=True)
class SystemBuilder:
    """Puts a system together from named blocks of cells and the relations between them."""

    _columns: dict[str, list[FloatVector]] = field(default_factory=dict)
    _relations: list[dict[str, sparse.csr_array]] = field(default_factory=list)

    def add(
        self,
        name: str,
        values: FloatVector,
        *,
        low: ArrayLike = 0.0,
        high: ArrayLike,
        shown_low: ArrayLike | None = None,
        shown_high: ArrayLike | None = None,
        group: ArrayLike = ALWAYS_OPEN,
        lower: ArrayLike = 0.0,
        upper: ArrayLike = 0.0,
        width: ArrayLike = 0.0,
    ) -> None:
        """Add a block; the arguments are those of `CellSystem`, one number may stand for all cells.

        Without ``shown_low`` and ``shown_high`` publishing tells the exact value.
        """
        told = (values if shown_low is None else shown_low, values if shown_high is None else shown_high)
        parts = (values, low, high, *told, group, lower, upper, width)
        self._columns[name] = [np.broadcast_to(np.asarray(part, dtype=np.float64), values.shape) for part in parts]

    def relate(self, blocks: dict[str, NDArray[np.float64] | sparse.csr_array]) -> None:
        """Add relations: the sum of matrix times block is a constant."""
        self._relations.append({name: sparse.csr_array(matrix) for name, matrix in blocks.items()})

    def build(self) -> CellSystem:
        """Return the system, blocks in the order they were added."""
        columns = [np.concatenate(part) for part in zip(*self._columns.values(), strict=True)]
        sizes = [block[0].size for block in self._columns.values()]
        rows = [
            [
                relation.get(name, sparse.csr_array((next(iter(relation.values())).shape[0], size)))
                for name, size in zip(self._columns, sizes, strict=True)
            ]
            for relation in self._relations
        ]
        relations = sparse.csr_array(sparse.block_array(rows)) if rows else sparse.csr_array((0, sum(sizes)))
        values, low, high, shown_low, shown_high, group, lower, upper, width = columns
        return CellSystem(
            values, low, high, shown_low, shown_high, group.astype(np.int64), relations, lower, upper, width
        )
