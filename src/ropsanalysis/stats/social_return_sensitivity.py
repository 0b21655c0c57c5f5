"""What a social return hangs on: each assumption moved alone, and the value of each at which the ratio is 1."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from ropsanalysis.errors import did_you_mean
from ropsanalysis.stats.social_return import ADMISSIBLE, KINDS, Assumptions, Kind, check_money, impacts, years_worth
from ropsanalysis.stats.vocabulary import FloatMatrix, FloatVector, IntVector

Shape = Literal["fixed", "uniform", "triangular", "pert"]
Driver = Literal[Kind, "rate", "inputs"]

SHAPES: Final[tuple[Shape, ...]] = ("fixed", "uniform", "triangular", "pert")

ALL_OUTCOMES: Final = -1
"""Stands for an outcome where an assumption is moved for all of them together."""

HIGHEST_RATE: Final = 1.0
"""Discount rates above 100 % a year are not looked at."""


@dataclass(frozen=True, slots=True)
class Spread:
    """One uncertain number, `low` <= `central` <= `high`.

    Raises
    ------
    ValueError
        If the three are not in that order or the shape is not known.
    """

    low: float
    central: float
    high: float
    shape: Shape = "triangular"

    def __post_init__(self) -> None:
        if not (self.low <= self.central <= self.high):
            raise ValueError(f"spread: {self.low:g}, {self.central:g}, {self.high:g} are not low <= central <= high")
        _check_shape(self.shape)


@dataclass(frozen=True, slots=True, eq=False)
class Ranges:
    """Low, central and high assumptions about the same k outcomes, and how chance spreads between them.

    Attributes
    ----------
    low, central, high
        low <= central <= high for every assumption; equal where it is certain.
    shapes
        One for all, or one per kind of assumption, for all outcomes or each, shape (k,); kinds not named are
        triangular. ``uniform`` knows only low and high; ``triangular`` has its peak at the central value; ``pert`` is
        a beta distribution with that peak and mean (low + 4 central + high) / 6; ``fixed`` stays at the central value.
    codes
        Shape (7, k): the shapes as places in `SHAPES`, found from the above.

    Raises
    ------
    ValueError
        If the numbers of outcomes differ, values are not in order, or a kind or shape is not known.
    """

    low: Assumptions
    central: Assumptions
    high: Assumptions
    shapes: Shape | Mapping[Kind, Shape | Sequence[Shape]] = "triangular"
    codes: NDArray[np.int64] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if not len(self.low) == len(self.central) == len(self.high):
            raise ValueError(f"low, central, high: {len(self.low)}, {len(self.central)}, {len(self.high)} outcomes")
        low, central, high = self.tables()
        wrong = np.argwhere(~((low <= central) & (central <= high)))
        if wrong.size:
            kind, outcome = int(wrong[0, 0]), int(wrong[0, 1])
            values = ", ".join(f"{table[kind, outcome]:g}" for table in (low, central, high))
            raise ValueError(f"{KINDS[kind]}: {values} in outcome {outcome} are not low <= central <= high")
        object.__setattr__(self, "codes", self._codes(low == high))

    def tables(self) -> tuple[FloatMatrix, FloatMatrix, FloatMatrix]:
        """Return low, central and high assumptions, each of shape (7, k)."""
        return self.low.table(), self.central.table(), self.high.table()

    def _codes(self, certain: NDArray[np.bool_]) -> NDArray[np.int64]:
        given: Mapping[Kind, Shape | Sequence[Shape]] = (
            dict.fromkeys(KINDS, self.shapes) if isinstance(self.shapes, str) else self.shapes
        )
        unknown = [name for name in given if name not in KINDS]
        if unknown:
            raise ValueError(f"shapes: {unknown[0]!r} is no assumption.{did_you_mean(unknown[0], KINDS)}")
        codes = np.full(certain.shape, SHAPES.index("triangular"), dtype=np.int64)
        for name, shapes in given.items():
            listed = [shapes] * len(self.central) if isinstance(shapes, str) else list(shapes)
            if len(listed) != len(self.central):
                raise ValueError(f"shapes: {len(listed)} for {name}, expected {len(self.central)}, one per outcome")
            codes[KINDS.index(name)] = [_check_shape(shape) for shape in listed]
        codes[certain] = SHAPES.index("fixed")
        return codes


@dataclass(frozen=True, slots=True, eq=False)
class Tornado:
    """The ratio with one assumption at a time at either end of its range, widest first; r rows.

    Attributes
    ----------
    driver
        Length r: which assumption; also ``rate`` and ``inputs``.
    outcome
        Shape (r,): of which outcome, 0 to k - 1; `ALL_OUTCOMES` (-1) for one kind moved in all outcomes together, the
        rate and the inputs.
    ratio_at_low, ratio_at_high
        Shape (r,): ratio with the assumption (not the ratio) at its low and high end.
    span
        Shape (r,): absolute difference of the two.
    ratio
        With all assumptions at their central values.
    """

    driver: tuple[Driver, ...]
    outcome: IntVector
    ratio_at_low: FloatVector
    ratio_at_high: FloatVector
    span: FloatVector
    ratio: float


@dataclass(frozen=True, slots=True, eq=False)
class BreakEven:
    """Values at which the ratio is 1, all else equal.

    Attributes
    ----------
    value
        Shape (7, k), rows as in `KINDS`: the value that the assumption of this outcome would need; NaN where none
        brings the ratio to 1.
    reachable
        Shape (7, k): whether that value can be (shares within 0-1, quantities and proxies on their side of 0, years
        within 0 to 100).
    rate
        Discount rate from 0 to 1 at which the ratio is 1; NaN if there is none.
    value_factor
        By what the value of all outcomes together, or one assumption in which it is linear, can be multiplied;
        1 / ratio. NaN where the value is not above 0.
    """

    value: FloatMatrix
    reachable: NDArray[np.bool_]
    rate: float
    value_factor: float


def one_at_a_time(ranges: Ranges, *, inputs: float | Spread, rate: float | Spread) -> Tornado:
    """Move each assumption alone to its low and high end, and each kind of assumption in all outcomes together.

    Parameters
    ----------
    ranges
        About k outcomes; certain assumptions give no row.
    inputs, rate
        As in `social_return.social_return`, or their range.

    Raises
    ------
    ValueError
        If inputs are not above 0 or a rate is not above -1.

    Examples
    --------
    >>> low, central, high = (Assumptions(10, 100.0, deadweight=share) for share in (0.1, 0.2, 0.4))
    >>> found = one_at_a_time(Ranges(low, central, high), inputs=400, rate=Spread(0.0, 0.0, 0.25))
    >>> found.driver, found.ratio_at_low, found.ratio_at_high
    (('deadweight', 'deadweight', 'rate'), array([2.25, 2.25, 2.  ]), array([1.5, 1.5, 1.6]))
    """
    cost, discount = as_spread(inputs), as_spread(rate)
    for edge in (cost.low, cost.high):
        check_money(edge, discount.low)
    low, central, high = ranges.tables()
    present = present_values(central, discount.central)
    total = float(present.sum())
    rows: list[tuple[Driver, int, float, float]] = []
    for place, kind in enumerate(KINDS):
        moving = low[place] < high[place]
        if not moving.any():
            continue
        first, last = (present_values(_with(central, place, table[place]), discount.central) for table in (low, high))
        rows.append((kind, ALL_OUTCOMES, float(first.sum()) / cost.central, float(last.sum()) / cost.central))
        others = total - present
        at_low, at_high = (others + first) / cost.central, (others + last) / cost.central
        rows += [(kind, int(i), float(at_low[i]), float(at_high[i])) for i in np.flatnonzero(moving)]
    if discount.low < discount.high:
        cheap, dear = (float(present_values(central, edge).sum()) for edge in (discount.low, discount.high))
        rows.append(("rate", ALL_OUTCOMES, cheap / cost.central, dear / cost.central))
    if cost.low < cost.high:
        rows.append(("inputs", ALL_OUTCOMES, total / cost.low, total / cost.high))
    span = np.array([abs(row[3] - row[2]) for row in rows], dtype=np.float64)
    order = np.argsort(-span, kind="stable")
    return Tornado(
        tuple(rows[row][0] for row in order),
        np.array([rows[row][1] for row in order], dtype=np.int64),
        np.array([rows[row][2] for row in order], dtype=np.float64),
        np.array([rows[row][3] for row in order], dtype=np.float64),
        span[order],
        total / cost.central,
    )


def break_even(assumptions: Assumptions, *, inputs: float, rate: float) -> BreakEven:
    r"""Find the value of each assumption at which the ratio is 1.

    Parameters
    ----------
    assumptions, inputs, rate
        As in `social_return.social_return`.

    Raises
    ------
    ValueError
        If inputs are not above 0 or the rate is not above -1.

    Notes
    -----
    The present value is linear in quantity, proxy and what the three shares leave: with :math:`P_i = c_i f_i` in one
    such factor :math:`f_i`, :math:`f_i^* = (K - \sum_{j \ne i} P_j) / c_i` for inputs :math:`K`; shares are
    :math:`1 - f_i^*`. Such a value is given even where it cannot be (a deadweight below 0 says how far off it is).
    Drop-off, duration and the rate are found by root search in their admissible range only.

    Examples
    --------
    >>> found = break_even(Assumptions(100, 200.0, deadweight=0.25), inputs=12_000, rate=0.25)
    >>> round(float(found.value[2, 0]), 6), round(float(found.value[1, 0]), 6), bool(found.reachable[6, 0])
    (0.25, 200.0, True)
    """
    check_money(inputs, rate)
    table = assumptions.table()
    present = present_values(table, rate)
    total = float(present.sum())
    needed = inputs - (total - present)
    value = np.full(table.shape, np.nan)
    for place, kind in enumerate(KINDS[:5]):
        is_share = kind not in ("quantity", "proxy")
        per_unit = present_values(_with(table, place, np.full(len(assumptions), 0.0 if is_share else 1.0)), rate)
        factor = np.divide(needed, per_unit, out=np.full(needed.size, np.nan), where=per_unit != 0)
        value[place] = 1 - factor if is_share else factor
    impact = impacts(table)
    for i in range(len(assumptions)):
        drop, last, worth, need = table[5, i], table[6, i], impact[i], needed[i]
        value[5, i] = _root(lambda x: worth * float(years_worth(x, last, rate)) - need, 0.0, 1.0)  # noqa: B023
        value[6, i] = _root(lambda x: worth * float(years_worth(drop, x, rate)) - need, *ADMISSIBLE["duration"])  # noqa: B023
    low, high = (np.array([ADMISSIBLE[kind][end] for kind in KINDS])[:, None] for end in (0, 1))
    reachable = (value >= low) & (value <= high)
    reachable[1] &= value[1] * table[1] >= 0
    at_rate = _root(lambda x: float(present_values(table, x).sum()) - inputs, 0.0, HIGHEST_RATE)
    return BreakEven(value, reachable, at_rate, inputs / total if total > 0 else np.nan)


def present_values(table: FloatMatrix, rate: float) -> FloatVector:
    """Present value of each outcome, shape (k,), from assumptions of shape (7, k)."""
    return np.asarray(impacts(table) * years_worth(table[5], table[6], rate), dtype=np.float64)


def _with(table: FloatMatrix, place: int, row: FloatVector) -> FloatMatrix:
    changed = table.copy()
    changed[place] = row
    return changed


def _root(excess: Callable[[float], float], low: float, high: float) -> float:
    """Return where a continuous function is 0 between two ends; NaN where it has one sign at both."""
    at_low, at_high = excess(low), excess(high)
    if at_low * at_high > 0 or at_low == at_high:  # the same at both ends: the assumption has no influence
        return float("nan")
    return float(brentq(excess, low, high, xtol=1e-12))


def as_spread(number: float | Spread) -> Spread:
    """Return a range; a plain number is certain."""
    return number if isinstance(number, Spread) else Spread(number, number, number, "fixed")


def _check_shape(shape: str) -> int:
    if shape not in SHAPES:
        raise ValueError(f"shape: {shape!r} is not known; choose {', '.join(SHAPES)}.{did_you_mean(shape, SHAPES)}")
    return SHAPES.index(shape)
