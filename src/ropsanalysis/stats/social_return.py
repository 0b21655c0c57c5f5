r"""What change is worth beside what it cost: social return on investment, payback, and how far one proxy carries it.

Money is in one unit and one price year throughout; see `price_factor`. What a range of assumptions does to the ratio is
in `stats.social_return_uncertainty`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ropsanalysis.stats.vocabulary import FloatMatrix, FloatVector, as_vector

Kind = Literal["quantity", "proxy", "deadweight", "displacement", "attribution", "drop_off", "duration"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
"""What is assumed about every outcome, in the order of the rows of all tables here."""

SHARES: Final[tuple[Kind, ...]] = ("deadweight", "displacement", "attribution", "drop_off")
"""Assumptions that are shares, 0-1."""

MAX_DURATION: Final = 100.0
"""Years: no outcome of a social programme outlives a person."""


@dataclass(frozen=True, slots=True, eq=False)
class Assumptions:
    """What is assumed about k outcomes. Scalars stand for all of them.

    Attributes
    ----------
    quantity
        Shape (k,): people (or things) changed, at least 0.
    proxy
        Shape (k,): value of the change of one for a full year, money; negative for a harm.
    deadweight
        Shape (k,), 0-1: share that would have happened anyway.
    displacement
        Shape (k,), 0-1: share that only moved from elsewhere.
    attribution
        Shape (k,), 0-1: share that is due to *others*.
    drop_off
        Shape (k,), 0-1: share of the effect that is lost from each year to the next.
    duration
        Shape (k,): years that the effect lasts, 0 to 100, not necessarily whole.

    Raises
    ------
    ValueError
        If lengths differ, a number is missing or outside its range; the message names the assumption.
    """

    quantity: ArrayLike
    proxy: ArrayLike
    deadweight: ArrayLike = 0.0
    displacement: ArrayLike = 0.0
    attribution: ArrayLike = 0.0
    drop_off: ArrayLike = 0.0
    duration: ArrayLike = 1.0

    def __post_init__(self) -> None:
        given = [as_vector(np.atleast_1d(np.asarray(getattr(self, kind), dtype=np.float64)), name=kind)
                 for kind in KINDS]  # fmt: skip
        k = max(vector.size for vector in given)
        for kind, vector in zip(KINDS, given, strict=True):
            if vector.size not in (1, k):
                raise ValueError(f"{kind}: {vector.size} values, expected {k}, one for each outcome")
            if np.isnan(vector).any():
                raise ValueError(f"{kind}: missing in outcome {int(np.isnan(vector).argmax())}")
            low, high = ADMISSIBLE[kind]
            outside = (vector < low) | (vector > high)
            if outside.any():
                place = int(outside.argmax())
                raise ValueError(f"{kind}: {vector[place]:g} in outcome {place}; expected {_range(kind)}")
            object.__setattr__(self, kind, np.broadcast_to(vector, k).copy() if vector.size != k else vector)

    def __len__(self) -> int:
        return int(np.asarray(self.quantity).size)

    def table(self) -> FloatMatrix:
        """Return all assumptions, shape (7, k), rows as in `KINDS`."""
        return np.array([getattr(self, kind) for kind in KINDS], dtype=np.float64)


ADMISSIBLE: Final[Mapping[Kind, tuple[float, float]]] = {
    "quantity": (0.0, np.inf),
    "proxy": (-np.inf, np.inf),
    **dict.fromkeys(SHARES, (0.0, 1.0)),
    "duration": (0.0, MAX_DURATION),
}
"""Lowest and highest value that each assumption may have."""


@dataclass(frozen=True, slots=True, eq=False)
class SocialReturn:
    """Value of k outcomes over T years beside the inputs; money in the unit given.

    Attributes
    ----------
    impact
        Shape (k,): value of one full year that is due to the programme.
    values
        Shape (k, T): value of each year, not discounted.
    present_values
        Shape (k,): discounted sum of each outcome.
    present_value
        Of all outcomes together.
    inputs, rate
        As given.
    ratio
        Present value for one unit of inputs.
    net_ratio
        The same, after the inputs are taken off.
    payback_years, discounted_payback_years
        Time at which the value created so far covers the inputs; NaN where it never does.
    shares
        Shape (k,): part of each outcome in the present value, adding up to 1; NaN where that value is 0. Beside harms
        (negative values) a share may exceed 1.
    """

    impact: FloatVector
    values: FloatMatrix
    present_values: FloatVector
    present_value: float
    inputs: float
    rate: float
    ratio: float
    net_ratio: float
    payback_years: float
    discounted_payback_years: float
    shares: FloatVector


@dataclass(frozen=True, slots=True, eq=False)
class WithoutOne:
    """The ratio when one proxy is left out.

    Attributes
    ----------
    labels
        Shape (g,): proxies, in the order of their first outcome.
    ratio_without
        Shape (g,): ratio without all outcomes valued by that proxy; the inputs stay.
    shares
        Shape (g,): part of the ratio that goes with it; NaN where the ratio is 0.
    largest
        Index of the largest share; -1 where there is none.
    driven_by_one
        Whether that share exceeds the limit.
    """

    labels: NDArray[np.generic]
    ratio_without: FloatVector
    shares: FloatVector
    largest: int
    driven_by_one: bool


def social_return(assumptions: Assumptions, *, inputs: float, rate: float) -> SocialReturn:
    r"""Social return on investment.

    Parameters
    ----------
    assumptions
        About k outcomes.
    inputs
        What the programme cost, in the unit of the proxies, spent at the beginning; above 0.
    rate
        Yearly discount rate, real where prices are constant, as a share (0.035: 3.5 %); above -1.

    Raises
    ------
    ValueError
        If the inputs are not above 0 or the rate is not above -1.

    Notes
    -----
    With quantity :math:`q`, proxy :math:`v`, deadweight :math:`w`, displacement :math:`s`, attribution to others
    :math:`a`, drop-off :math:`d` and rate :math:`r`, the impact is :math:`I = qv(1-w)(1-s)(1-a)`, the value of year
    :math:`t` is :math:`I(1-d)^{t-1}`, so that drop-off begins after the first year, and its present value
    :math:`I(1-d)^{t-1}/(1+r)^t`: the first year's value is discounted once. A last, incomplete year counts pro rata.

    Payback is interpolated within the year, as if the year's value came evenly; inputs are spent at time 0. The first
    time counts, also where harms take the sum below the inputs again later.

    References
    ----------
    Nicholls, J., Lawlor, E., Neitzert, E., Goodspeed, T. (2012). A Guide to Social Return on Investment. The SROI
    Network, stages 4 and 5.

    Examples
    --------
    >>> course = Assumptions(100, 200.0, deadweight=0.25, attribution=0.4, drop_off=0.1, duration=3)
    >>> result = social_return(course, inputs=12_000, rate=0.035)
    >>> result.impact, round(result.present_value, 2), round(result.ratio, 4)
    (array([9000.]), 22832.25, 1.9027)
    """
    check_money(inputs, rate)
    table = assumptions.table()
    impact = impacts(table)
    drop_off, duration = table[5], table[6]
    years = np.arange(1, max(1, int(np.ceil(duration.max()))) + 1)
    part = np.clip(duration[:, None] - (years - 1), 0.0, 1.0)
    values: FloatMatrix = impact[:, None] * (1 - drop_off[:, None]) ** (years - 1) * part
    discounted = values / (1 + rate) ** years
    present = discounted.sum(axis=1)
    total = float(present.sum())
    return SocialReturn(
        impact=impact, values=values, present_values=present, present_value=total, inputs=float(inputs),
        rate=float(rate), ratio=total / inputs, net_ratio=(total - inputs) / inputs,
        payback_years=_payback(values.sum(axis=0), inputs),
        discounted_payback_years=_payback(discounted.sum(axis=0), inputs),
        shares=present / total if total != 0 else np.full(present.size, np.nan),
    )  # fmt: skip


def leave_one_out(result: SocialReturn, *, proxies: ArrayLike | None = None, limit: float = 0.5) -> WithoutOne:
    """Find out whether the ratio is driven by one proxy.

    Parameters
    ----------
    result
        Of k outcomes.
    proxies
        Shape (k,): label of the proxy that values each outcome; outcomes with equal labels are left out together.
        None: every outcome has its own, labelled 0 to k - 1.
    limit
        Share of the ratio, 0-1, above which one proxy is said to drive it.

    Raises
    ------
    ValueError
        If there are not as many labels as outcomes.

    Examples
    --------
    >>> result = social_return(Assumptions([1, 1, 1], [60.0, 30.0, 10.0]), inputs=50, rate=0.0)
    >>> found = leave_one_out(result)
    >>> found.ratio_without, found.largest, found.driven_by_one
    (array([0.8, 1.4, 1.8]), 0, True)
    """
    k = result.present_values.size
    names = np.arange(k) if proxies is None else np.asarray(proxies)
    if names.shape != (k,):
        raise ValueError(f"proxies: {names.size} labels, expected {k}, one for each outcome")
    _, first, code = np.unique(names, return_index=True, return_inverse=True)
    order = np.argsort(first)
    part: FloatVector = np.bincount(code, weights=result.present_values)[order].astype(np.float64)
    total = result.present_value
    shares = part / total if total != 0 else np.full(part.size, np.nan)
    largest = -1 if total == 0 else int(np.argmax(shares))
    driven = largest >= 0 and bool(shares[largest] > limit)
    return WithoutOne(names[first[order]], (total - part) / result.inputs, shares, largest, driven)


def price_factor(years: ArrayLike, index: ArrayLike, *, from_year: int, to_year: int) -> float:
    r"""Factor that turns money of one year into money of another.

    Parameters
    ----------
    years
        Shape (n,), whole numbers, in any order.
    index
        Shape (n,): prices of each year, those of the year before being 1 (1.035: 3.5 % dearer).
    from_year, to_year
        The price year of the money given, and that wanted; either may be the later.

    Raises
    ------
    ValueError
        If a year between them is missing or given twice, or an index is not above 0.

    Notes
    -----
    :math:`\prod_{t = a + 1}^{b} i_t` from year :math:`a` to :math:`b > a`, and its inverse backwards. The index of
    the earlier of both years is not needed.

    Examples
    --------
    >>> round(price_factor([2022, 2023, 2024], [1.144, 1.114, 1.036], from_year=2022, to_year=2024), 6)
    1.154104
    """
    chain = as_vector(index, name="index")
    labels = as_vector(years, name="years")
    if labels.size != chain.size:
        raise ValueError(f"index: {chain.size} values, expected {labels.size}, one for each year")
    needed = range(min(from_year, to_year) + 1, max(from_year, to_year) + 1)
    known = [(int(year), float(value)) for year, value in zip(labels, chain, strict=True) if not np.isnan(value)]
    by_year = dict(known)
    missing = [str(year) for year in needed if year not in by_year]
    if missing:
        raise ValueError(f"index: no price index for {', '.join(missing)}; add it to express {from_year} in {to_year}")
    if len(known) != len(by_year):
        raise ValueError("years: a year is given twice")
    if not all(by_year[year] > 0 for year in needed):
        raise ValueError("index: must be above 0, the year before being 1")
    factor = float(np.prod([by_year[year] for year in needed]))
    return factor if to_year >= from_year else 1 / factor


def impacts(table: FloatMatrix) -> FloatMatrix:
    """Value of one full year that is due to the programme, shape (k, ...), from assumptions of shape (7, k, ...)."""
    quantity, proxy, deadweight, displacement, attribution = table[:5]
    impact: FloatMatrix = quantity * proxy * (1 - deadweight) * (1 - displacement) * (1 - attribution)
    return impact


def years_worth(drop_off: ArrayLike, duration: ArrayLike, rate: ArrayLike) -> FloatMatrix:
    r"""Present value of an effect worth 1 in its first year; arrays of any shapes that fit together.

    Notes
    -----
    With :math:`x = (1-d)/(1+r)` and :math:`n` full years and a part :math:`f` of one more it is
    :math:`\frac{1}{1+r}\left(\frac{1 - x^n}{1 - x} + f x^n\right)`: no loop over years.

    Examples
    --------
    >>> round(float(years_worth(0.1, 3, 0.035)), 6)
    2.536917
    """
    growth = 1 + np.asarray(rate, dtype=np.float64)
    last = np.asarray(duration, dtype=np.float64)
    full = np.floor(last)
    x = (1 - np.asarray(drop_off, dtype=np.float64)) / growth
    left = x**full
    gap = 1 - x
    level = np.abs(gap) < 1e-6  # where the quotient has lost its digits, its series has all of them
    sums = np.where(level, full * (1 - (full - 1) / 2 * gap), (1 - left) / np.where(level, 1.0, gap))
    worth: FloatMatrix = (sums + (last - full) * left) / growth
    return worth


def check_money(inputs: float, rate: float) -> None:
    """Refuse inputs and rates that make no ratio.

    Raises
    ------
    ValueError
        If the inputs are not above 0 or the rate is not above -1.
    """
    if not (inputs > 0 and np.isfinite(inputs)):
        raise ValueError(f"inputs: {inputs:g}; a return can only be set beside inputs above 0")
    if not (rate > -1 and np.isfinite(rate)):
        raise ValueError(f"rate: {rate:g}; expected a yearly discount rate as a share above -1, such as 0.035")


def _payback(by_year: FloatVector, inputs: float) -> float:
    so_far = np.cumsum(by_year)
    reached = np.flatnonzero(so_far >= inputs)
    if reached.size == 0:
        return float("nan")
    year = int(reached[0])
    return float(year + 1 - (so_far[year] - inputs) / by_year[year])


def _range(kind: Kind) -> str:
    if kind == "quantity":
        return "a number of at least 0"
    return "years from 0 to 100" if kind == "duration" else "a share from 0 to 1"
