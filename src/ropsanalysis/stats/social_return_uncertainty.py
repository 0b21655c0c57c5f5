r"""How sure a social return is: all assumptions drawn at once, each from its range (Monte Carlo)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from scipy.special import betaincinv

from ropsanalysis.errors import did_you_mean
from ropsanalysis.stats.social_return import KINDS, Kind, check_money, impacts, years_worth
from ropsanalysis.stats.social_return_sensitivity import SHAPES, Ranges, Shape, Spread, as_spread, present_values
from ropsanalysis.stats.vocabulary import BoolVector, FloatMatrix, FloatVector, IntVector

_CHUNK: Final = 256
"""Draws made at a time: small enough for the processor's cache. Changing it changes results for a given seed."""


@dataclass(frozen=True, slots=True, eq=False)
class ReturnDistribution:
    """The ratio over m draws of all assumptions.

    Attributes
    ----------
    median, low, high, confidence
        Median, and the quantiles between which the share `confidence` of the draws lies.
    mean, sd
        Of the draws.
    below_one
        Share of draws with a ratio below 1, 0-1.
    below_one_se
        Its standard error from the limited number of draws.
    correlation
        Shape (7, k), rows as in `KINDS`: linear correlation of each assumption with the ratio; 0 for certain ones.
    contribution
        Shape (7, k): its square, the share of the ratio's variance that goes with the assumption. For assumptions
        drawn independently these add up to at most about 1 (the rest is curvature and interplay); for those drawn
        together every outcome shows the share of the whole kind.
    kind_contribution
        Shape (7,): the same for each kind; the sum over outcomes, or where drawn together their largest.
    rate_contribution, inputs_contribution
        The same for the rate and the inputs.
    counts, edges
        Shapes (b,) and (b + 1,): histogram of the ratio from its smallest to its largest draw.
    ratios
        Shape (m,): the draws, in the order drawn.
    """

    median: float
    low: float
    high: float
    confidence: float
    mean: float
    sd: float
    below_one: float
    below_one_se: float
    correlation: FloatMatrix
    contribution: FloatMatrix
    kind_contribution: FloatVector
    rate_contribution: float
    inputs_contribution: float
    counts: IntVector
    edges: FloatVector
    ratios: FloatVector


def simulate(
    ranges: Ranges,
    *,
    inputs: float | Spread,
    rate: float | Spread,
    draws: int,
    rng: np.random.Generator,
    together: Collection[Kind] = (),
    confidence: float = 0.95,
    bins: int = 40,
) -> ReturnDistribution:
    r"""Draw all assumptions at random and look at the ratio (Monte Carlo).

    Parameters
    ----------
    ranges
        About k outcomes.
    inputs, rate
        As in `social_return.social_return`, or uncertain.
    draws
        How many.
    rng
        Source of chance; the same state gives the same result.
    together
        Kinds of assumption that are off in the same direction, and as far, in all outcomes: one quantile is drawn for
        all of them. Others are drawn independently, and then errors of many outcomes cancel each other: the interval
        becomes narrow because of that choice, not because anything is known better.
    confidence
        Share of the draws between `low` and `high`.
    bins
        Of the histogram.

    Raises
    ------
    ValueError
        If inputs can be 0 or less, a rate -1 or less, or `draws`, `bins` or `confidence` cannot be used.

    Notes
    -----
    Triangular numbers are combinations of the smaller and larger of two uniform ones (Stein and Keblis); ``pert``
    is the beta distribution on low to high with parameters :math:`1 + 4(c - l)/(h - l)` and
    :math:`1 + 4(h - c)/(h - l)`. Draws are made some hundred at a time, so memory hardly grows with their number.

    References
    ----------
    Stein, W. E., Keblis, M. F. (2009). A new method to simulate the triangular distribution. Mathematical and Computer
    Modelling 49, 1143-1147.
    Vose, D. (2008). Risk Analysis: A Quantitative Guide, 3rd ed. Wiley, section 14.3 (modified PERT).
    Saltelli, A. et al. (2008). Global Sensitivity Analysis. Wiley, section 1.2.

    Examples
    --------
    >>> from ropsanalysis.stats.social_return import Assumptions
    >>> low, central, high = (Assumptions(10, 100.0, deadweight=share) for share in (0.1, 0.2, 0.4))
    >>> found = simulate(
    ...     Ranges(low, central, high), inputs=400, rate=0.0, draws=2000, rng=np.random.default_rng(1)
    ... )
    >>> 1.5 < found.low < found.median < found.high < 2.25, found.below_one, int(found.counts.sum())
    (True, 0.0, 2000)
    """
    cost, discount = as_spread(inputs), as_spread(rate)
    check_money(cost.low, discount.low)
    if draws < 2 or bins < 1 or not 0 < confidence < 1:
        raise ValueError(f"draws, bins, confidence: {draws}, {bins}, {confidence}; expected 2 or more, 1 or more, 0-1")
    common = _common(together)
    sampler = _Sampler(ranges, common)
    central = sampler.central
    shift = np.concatenate((central.ravel()[sampler.moving], [discount.central, cost.central]))
    moments = _Moments(shift, float(present_values(central, discount.central).sum()) / cost.central)
    ratios = np.empty(draws)
    for start in range(0, draws, _CHUNK):
        size = min(_CHUNK, draws - start)
        drawn, moving = sampler.draw(size, rng)
        rates, costs = _scalar(discount, size, rng), _scalar(cost, size, rng)
        ratio = (impacts(drawn) * years_worth(drawn[5], drawn[6], rates)).sum(axis=0) / costs
        ratios[start : start + size] = ratio
        moments.add(np.vstack((moving, rates, costs)), ratio)
    found = moments.correlation()
    correlation = np.zeros(central.shape)
    correlation.ravel()[sampler.moving] = found[:-2]
    squares = correlation**2
    tail = (1 - confidence) / 2
    low, median, high = np.quantile(ratios, [tail, 0.5, 1 - tail])
    below = float((ratios < 1).mean())
    counts, edges = np.histogram(ratios, bins=bins)
    return ReturnDistribution(
        float(median), float(low), float(high), confidence, float(ratios.mean()), float(ratios.std(ddof=1)),
        below, float(np.sqrt(below * (1 - below) / draws)), correlation, squares,
        np.where(common, squares.max(axis=1), squares.sum(axis=1)),
        float(found[-2] ** 2), float(found[-1] ** 2), counts.astype(np.int64), edges, ratios,
    )  # fmt: skip


_LEVELS: Final = (1 - np.cos(np.linspace(0, np.pi, 513))) / 2
"""Levels of the quantiles between which beta-PERT draws made together lie; densest at the ends, the steepest part."""


class _Block(NamedTuple):
    """Assumptions drawn alike: r rows of those that move, with their edges of shape (r, 1)."""

    shape: Shape
    together: bool
    rows: IntVector
    low: FloatMatrix
    mode: FloatMatrix
    high: FloatMatrix

    def quantiles(self) -> FloatMatrix:
        """Return the quantiles of each row at `_LEVELS`, shape (r, levels)."""
        return _inverse(self.shape, np.broadcast_to(_LEVELS, (self.rows.size, _LEVELS.size)), *self[3:])


class _Sampler:
    """Draws the assumptions that move; the others stay at their central values."""

    def __init__(self, ranges: Ranges, common: BoolVector) -> None:
        low, central, high = ranges.tables()
        codes = ranges.codes.ravel()
        self.central = central
        self.moving = np.flatnonzero(codes != SHAPES.index("fixed"))
        edges = [table.ravel()[self.moving, None] for table in (low, central, high)]
        self.kind = self.moving // central.shape[1]
        together, codes = common[self.kind], codes[self.moving]
        self.blocks: list[_Block] = []
        for code, shape in enumerate(SHAPES):
            for whether in (False, True):
                rows = np.flatnonzero((codes == code) & (together == whether))
                if rows.size:
                    self.blocks.append(_Block(shape, whether, rows, *(edge[rows] for edge in edges)))
        # The inverse of the beta distribution is slow: it is taken once, not for every draw.
        self.tabled = {
            number: block.quantiles()
            for number, block in enumerate(self.blocks)
            if block.together and block.shape == "pert"
        }

    def draw(self, size: int, rng: np.random.Generator) -> tuple[FloatMatrix, FloatMatrix]:
        """Return the full table of assumptions, shape (7, k, size), and the rows that move, shape (moving, size)."""
        rows = np.empty((self.moving.size, size))
        shared = rng.random((len(KINDS), size))
        for number, block in enumerate(self.blocks):
            if number in self.tabled:
                levels = shared[self.kind[block.rows]]
                pairs = zip(levels, self.tabled[number], strict=True)
                rows[block.rows] = [np.interp(level, _LEVELS, known) for level, known in pairs]
            elif block.together:
                rows[block.rows] = _inverse(block.shape, shared[self.kind[block.rows]], *block[3:])
            else:
                rows[block.rows] = _independent(block.shape, *block[3:], size, rng)
        table = np.repeat(self.central[:, :, None], size, axis=2)
        table.reshape(-1, size)[self.moving] = rows
        return table, rows


class _Moments:
    """Correlation of each row with the ratio, gathered chunk by chunk."""

    def __init__(self, shift: FloatVector, ratio_shift: float) -> None:
        # Sums are taken around the central values, so that no digits are lost where the spread is small.
        self.shift, self.ratio_shift = shift[:, None], ratio_shift
        self.n, self.ratio, self.ratio_squares = 0, 0.0, 0.0
        self.rows, self.squares, self.products = np.zeros(shift.size), np.zeros(shift.size), np.zeros(shift.size)

    def add(self, rows: FloatMatrix, ratio: FloatVector) -> None:
        x, y = rows - self.shift, ratio - self.ratio_shift
        self.n += y.size
        self.ratio += float(y.sum())
        self.ratio_squares += float(y @ y)
        self.rows += x.sum(axis=1)
        self.squares += np.einsum("ij,ij->i", x, x)
        self.products += x @ y

    def correlation(self) -> FloatVector:
        covariance = self.products - self.rows * self.ratio / self.n
        spread = (self.squares - self.rows**2 / self.n) * (self.ratio_squares - self.ratio**2 / self.n)
        found = np.divide(covariance, np.sqrt(np.maximum(spread, 0.0)), out=np.zeros(spread.size), where=spread > 0)
        return np.asarray(np.clip(found, -1.0, 1.0), dtype=np.float64)


def _inverse(shape: Shape, u: FloatMatrix, low: FloatMatrix, mode: FloatMatrix, high: FloatMatrix) -> FloatMatrix:
    """Turn quantiles 0-1 into draws; rows differ in their edges, shape (rows, 1)."""
    width = high - low
    if shape == "uniform":
        return np.asarray(low + u * width)
    if shape == "pert":
        unit = betaincinv(1 + 4 * (mode - low) / width, 1 + 4 * (high - mode) / width, u)
        return np.asarray(low + unit * width)
    rising = u < (mode - low) / width
    reach = np.sqrt(np.where(rising, u * (width * (mode - low)), (1 - u) * (width * (high - mode))))
    return np.where(rising, low + reach, high - reach)


def _independent(
    shape: Shape, low: FloatMatrix, mode: FloatMatrix, high: FloatMatrix, size: int, rng: np.random.Generator
) -> FloatMatrix:
    """Return draws of the same distributions as `_inverse`, by faster ways."""
    width = high - low
    if shape == "pert":
        unit = rng.beta(1 + 4 * (mode - low) / width, 1 + 4 * (high - mode) / width, (low.size, size))
        return np.asarray(low + unit * width)
    u = rng.random((low.size, size))
    if shape == "uniform":
        return np.asarray(low + u * width)
    # (1 - c) min(U, V) + c max(U, V) is triangular on 0-1 with its peak at c: no root, no branch.
    v = rng.random((low.size, size))
    return np.asarray(low + (high - mode) * np.minimum(u, v) + (mode - low) * np.maximum(u, v))


def _scalar(spread: Spread, size: int, rng: np.random.Generator) -> FloatVector:
    if spread.shape == "fixed" or spread.low == spread.high:
        return np.full(size, spread.central)
    edges = (np.array([[edge]]) for edge in (spread.low, spread.central, spread.high))
    return np.asarray(_inverse(spread.shape, rng.random((1, size)), *edges)[0])


def _common(together: Collection[Kind]) -> BoolVector:
    unknown = [kind for kind in together if kind not in KINDS]
    if unknown:
        raise ValueError(f"together: {unknown[0]!r} is no assumption.{did_you_mean(unknown[0], KINDS)}")
    return np.array([kind in together for kind in KINDS])
