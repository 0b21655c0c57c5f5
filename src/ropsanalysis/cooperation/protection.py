"""What may be told of cases: the one place that decides which pilots are joined and which counts are hidden.

A case is a person or family in a crisis, and a pilot is a gmina where people know each other. Why nobody's case can be
worked out from the tables:

- Nothing rests on fewer than `min_cases` cases. A trait is counted only where nobody, everybody, or at least
  `min_count` cases have it and as many lack it.
- Ended and successful cases are published for parts of a voivodeship: pilots that may not stand alone are joined
  (`outcome_parts`). Whether a goal was scored or a service planned is told of the same parts or of unions of them, so
  that there is no smaller set to take from a larger one. Pilots without an ended case tell nothing and stand aside.
- Shares by pilot (fidelity) are told of pilots that may stand alone in all traits at once, differences of nested traits
  included (`telling_pilots`). All others make one part whose counts, which anybody can work out from the totals, may be
  published as well. Sums of such parts keep the rule, since each number in them keeps it.
- Totals of a voivodeship are nested: of two counts, one within the other, the difference is a count too. A step whose
  difference from a step already told is at least one and fewer than `min_count` is hidden (`open_steps`).
- A voivodeship of which even the whole may not be told is hidden altogether, and so is every sum over voivodeships
  that it is part of (see `effects`).
- Social workers who are coached are persons too: the same limits hold for their numbers.
- Entities, their ties and the documents of a pilot are public.
- Medians are rounded to days, T scores and shares as stored; a share of planned services is hidden where fewer than
  `min_count` cases got less than planned, since the missing units would tell of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Final

import pandas as pd

from ropsanalysis.cooperation.cases import REACHED, Voivodeship
from ropsanalysis.cooperation.parameters import CooperationParameters
from ropsanalysis.stats.joined_parts import joined_parts, publishable

WAY_IN: Final = ("signal", "diagnosis", "contract", "basket")
WAY_OUT: Final = ("signal", "ended", "success", "followup", "kept")
"""Steps, each a part of the one before."""
FIRST_TOLD: Final = ("ended", "success", "signal", "contract", "diagnosis", "basket", "followup", "kept")
"""The order in which steps are admitted: what the rates and baskets rest on comes first."""

SHARE_DIGITS: Final = 3
"""Decimals of shares (0-1), of differences of shares and of measures of a network."""
SCORE_DIGITS: Final = 1
"""Decimals of T scores."""
DAY_DIGITS: Final = 0
UNIT_DIGITS: Final = 1
"""Decimals of units of services and of hours."""
P_DIGITS: Final = 4


def few(count: int, *, parameters: CooperationParameters) -> bool:
    """Return whether a number of cases inside a whole, or a difference of two, tells of some few.

    Examples
    --------
    >>> [few(count, parameters=CooperationParameters()) for count in (0, 2, 3)]
    [False, True, False]
    """
    return 0 < count < parameters.min_count


def may_tell(whole: int, nested: Sequence[int] = (), *, parameters: CooperationParameters) -> bool:
    """Return whether a number of cases, and numbers of those inside it, may be published."""
    return publishable(whole, nested, fewest=parameters.min_cases, fewest_inside=parameters.min_count)


def step_counts(cases: pd.DataFrame) -> dict[str, int]:
    """Count the cases that reached each step of `REACHED`, and all of them ("signal")."""
    return {"signal": len(cases)} | {step: int(cases[column].sum()) for step, column in REACHED.items()}


def open_steps(counts: Mapping[str, int], *, parameters: CooperationParameters) -> frozenset[str]:
    """Return the steps whose counts may be published side by side.

    Parameters
    ----------
    counts
        As from `step_counts`, of a voivodeship.

    Examples
    --------
    Of 40 cases 38 were diagnosed: that two were not is not told, and neither is the number of the diagnosed.

    >>> counts = {"signal": 40, "diagnosis": 38, "contract": 30, "basket": 30}
    >>> counts |= {"ended": 25, "success": 20, "followup": 0, "kept": 0}
    >>> sorted({*counts} - open_steps(counts, parameters=CooperationParameters()))
    ['diagnosis']
    """
    told: list[str] = []
    for step in FIRST_TOLD:
        way = WAY_IN if step in WAY_IN[1:] else WAY_OUT
        base = counts[way[max(way.index(step) - 1, 0)]]
        enough = counts[step] >= parameters.min_cases if step == "signal" else base >= parameters.min_cases or base == 0
        related = [one for one in told if any({one, step} <= set(way) for way in (WAY_IN, WAY_OUT))]
        gaps = [counts[step], *(abs(counts[one] - counts[step]) for one in related)]
        if enough and not any(few(gap, parameters=parameters) for gap in gaps):
            told.append(step)
    return frozenset(told)


def outcome_parts(own: Voivodeship, *, parameters: CooperationParameters) -> list[tuple[str, ...]]:
    """Return the parts of which ended and successful cases are told; empty where the whole may not be told.

    Pilots without an ended case are in none of them.
    """
    counts = {}
    for pilot in own.pilots:
        cases = own.of((pilot,))
        if ended := int(cases["closed"].sum()):
            counts[pilot] = (ended, int(cases["successful"].sum()))
    if not counts or not may_tell(*outcome(own.cases), parameters=parameters):
        return []
    return joined_parts(counts, fewest=parameters.min_cases, fewest_inside=parameters.min_count)


def outcome(cases: pd.DataFrame) -> tuple[int, tuple[int, ...]]:
    """Return how many cases ended, and (nested) how many of them successfully."""
    return int(cases["closed"].sum()), (int(cases["successful"].sum()),)


def telling_pilots(own: Voivodeship, *, parameters: CooperationParameters) -> frozenset[str]:
    """Return the pilots of which shares of cases by trait may be told, all traits at once."""
    counts = {pilot: _traits(own.of((pilot,))) for pilot in own.pilots if len(own.of((pilot,)))}
    limits = {"fewest": parameters.min_cases, "fewest_inside": parameters.min_count}
    parts = joined_parts(counts, **limits)
    rest = [part for part in parts if len(part) > 1]
    sums = [sum(column) for column in zip(*(counts[pilot] for part in rest for pilot in part), strict=True)]
    if rest and not publishable(sums[0], sums[1:], **limits):
        return frozenset()  # even all of them together tell of some few
    return frozenset(
        part[0]
        for part in parts
        if len(part) == 1 and publishable(counts[part[0]][0], counts[part[0]][1:], **limits)
    )


def _traits(cases: pd.DataFrame) -> list[int]:
    """Return the number of cases, of those with each trait, and each difference of two nested traits."""
    counts = step_counts(cases)
    differences = [
        counts[outer] - counts[inner] for way in (WAY_IN, WAY_OUT) for outer, inner in combinations(way[1:], 2)
    ]
    return [counts["signal"], *(counts[step] for step in REACHED), int(cases["monitored"].sum()), *differences]
