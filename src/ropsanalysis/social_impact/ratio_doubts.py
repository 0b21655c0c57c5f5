"""How sure a social return is: all assumptions drawn at once, each moved alone, and where the ratio would be 1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.optimize import brentq

from ropsanalysis.social_impact.impact_maps import NAMES, ImpactMap
from ropsanalysis.social_impact.parameters import SocialImpactParameters
from ropsanalysis.stats.social_return import ADMISSIBLE, KINDS, SHARES, Kind, SocialReturn
from ropsanalysis.stats.social_return_sensitivity import (
    ALL_OUTCOMES,
    Ranges,
    break_even,
    one_at_a_time,
    present_values,
)
from ropsanalysis.stats.social_return_uncertainty import ReturnDistribution, simulate
from ropsanalysis.stats.vocabulary import FloatMatrix

BARS: Final = 12
"""Assumptions of the tornado: those that move the ratio most."""
LARGEST: Final = 3
"""Lines whose assumptions get a break-even value of their own."""
COMMON: Final[tuple[Kind, ...]] = (*SHARES, "duration")
"""Assumptions of which one value can stand for all lines."""
_SAME: Final = 1e-12
"""Part of a value up to which a difference is one of rounding."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """What the draws say: numbers of the summary, rows of the histogram and of what the spread comes from."""

    summary: dict[str, Any]
    bins: list[dict[str, Any]]
    drivers: list[dict[str, Any]]


def distribution(teryt: str, ranges: Ranges, inputs: float, parameters: SocialImpactParameters) -> Distribution:
    """Draw all assumptions; nothing is told where none has a range.

    Notes
    -----
    One kind of assumption is drawn together in all lines, quantities and prices as well as shares: who counts too
    many persons in one line does so in the others, most of all where lines are about the same persons. If errors were
    drawn line by line they would cancel, and the interval would be narrower than what one kind alone does in the
    tornado. It is the cautious choice: errors of different kinds are still independent.

    Chance starts from the seed and the voivodeship's code, so that a voivodeship has the same draws whichever others
    are computed with it.
    """
    low, _, high = ranges.tables()
    if (low == high).all():
        return Distribution({}, [], [])
    drawn = simulate(
        ranges,
        inputs=inputs,
        rate=parameters.discount_rate,
        draws=parameters.map_draws,
        rng=np.random.default_rng([parameters.seed, int(teryt)]),
        together=KINDS,
        confidence=parameters.confidence,
    )
    summary = {
        "ratio_low": drawn.low, "ratio_high": drawn.high, "median": drawn.median, "below_one": drawn.below_one,
        "draws": parameters.map_draws,
    }  # fmt: skip
    edges, shares = drawn.edges, drawn.counts / parameters.map_draws
    bins = [
        {"low": left, "high": right, "share": share}
        for left, right, share in zip(edges[:-1], edges[1:], shares, strict=True)
    ]
    return Distribution(summary, bins, list(_driver_rows(drawn)))


def _driver_rows(drawn: ReturnDistribution) -> Iterator[dict[str, Any]]:
    """Yield kinds of assumptions that move with the ratio, the strongest first."""
    found = [
        (kind, float(correlations[np.abs(correlations).argmax()]))
        for kind, correlations in zip(KINDS, drawn.correlation, strict=True)
    ]
    for kind, number in sorted(found, key=lambda row: -abs(row[1])):
        if number:
            yield {"line": "", "assumption": NAMES[kind], "correlation": number}


def tornado_rows(own: ImpactMap, ranges: Ranges, inputs: float, rate: float) -> Iterator[dict[str, Any]]:
    """Yield the assumptions that move the ratio most, the widest first.

    Notes
    -----
    One kind of assumption is moved in all lines together, too, where it has a range in more than one of them; its ends
    are then those that one value for all lines would have, see `break_even_rows`, and are not told for quantities and
    proxies.
    """
    found = one_at_a_time(ranges, inputs=inputs, rate=rate)
    low, central, high = ranges.tables()
    shown = 0
    for kind, place, *ratios in zip(
        found.driver, found.outcome.tolist(), found.ratio_at_low, found.ratio_at_high, strict=True
    ):
        row = KINDS.index(kind)
        ends: list[float | None] = [float(low[row, place]), float(high[row, place])]
        if place == ALL_OUTCOMES:
            if (low[row] < high[row]).sum() == 1:
                continue
            worth = [ratio * inputs for ratio in ratios]
            ends = [_common(central, kind, value, rate) if kind in COMMON else None for value in worth]
        yield {
            "line": own.line(place), "assumption": NAMES[kind], "low": ends[0], "high": ends[1],
            "ratio_low": ratios[0], "ratio_high": ratios[1],
        }  # fmt: skip
        shown += 1
        if shown == BARS:
            return


def break_even_rows(own: ImpactMap, result: SocialReturn) -> Iterator[dict[str, Any]]:
    """Yield the values at which the ratio is 1: of the whole map first, then of its largest lines.

    Notes
    -----
    For the whole map, ``value`` is the one share (or duration) that gives the same present value if it holds in all
    lines, and ``threshold`` the one that makes it equal the inputs; also the inputs and the rate.
    """
    if own.ranges is None:
        return
    table = own.ranges.central.table()
    found = break_even(own.ranges.central, inputs=result.inputs, rate=result.rate)
    yield _row("", "inputs", result.inputs, result.present_value, reachable=result.present_value > 0)
    yield _row("", "rate", result.rate, found.rate)
    for kind in COMMON:
        value = _common(table, kind, result.present_value, result.rate)
        yield _row("", NAMES[kind], value, _common(table, kind, result.inputs, result.rate))
    for place in np.argsort(-result.present_values, kind="stable")[:LARGEST]:
        for number, kind in enumerate(KINDS):
            yield _row(
                own.line(int(place)), NAMES[kind], table[number, place], found.value[number, place],
                reachable=bool(found.reachable[number, place]),
            )  # fmt: skip


def _row(
    line: str, assumption: str, value: float, threshold: float, *, reachable: bool | None = None
) -> dict[str, Any]:
    return {
        "line": line, "assumption": assumption, "value": value, "threshold": threshold,
        "reachable": not np.isnan(threshold) if reachable is None else reachable,
    }  # fmt: skip


def _common(table: FloatMatrix, kind: Kind, wanted: float, rate: float) -> float:
    """Return the value that, in all lines, makes the map worth so much; NaN where no possible value does."""

    def excess(value: float) -> float:
        changed = table.copy()
        changed[KINDS.index(kind)] = value
        return float(present_values(changed, rate).sum()) - wanted

    ends = ADMISSIBLE[kind]
    for end in ends:
        if abs(excess(end)) <= _SAME * abs(wanted):
            return end
    return float(brentq(excess, *ends)) if excess(ends[0]) * excess(ends[1]) < 0 else np.nan
