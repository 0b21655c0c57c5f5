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
  published as well. Sums of such parts keep the rule, since each number in them keeps it. That at least half of a
  pilot's cases have a trait, or fewer than half, is told of any pilot with `min_cases` cases: it is far from both ends.
- Totals of a voivodeship are nested: of two counts, one within the other, the difference is a count too. A step whose
  difference from a step already told is at least one and fewer than `min_count` is hidden (`open_steps`).
- A voivodeship of which even the whole may not be told is hidden altogether, and so is every sum over voivodeships
  that it is part of (see `effects`).
- Social workers who are coached are persons too: the same limits hold for their numbers.
- Entities, their ties and the documents of a pilot are public.
- A result may stand without its number of cases: where that number and another one, of which it is a part, differ by
  few, it is the number that is hidden. Shares of goals and of planned services are hidden where few cases have a goal
  that was attained or missed, or got less than planned: goals and units that are missing would tell of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Final, NamedTuple

import pandas as pd

from ropsanalysis.cooperation.cases import REACHED, Voivodeship
from ropsanalysis.cooperation.parameters import CooperationParameters
from ropsanalysis.stats.joined_parts import joined_parts, publishable

WAY_IN: Final = ("signal", "diagnosis", "contract", "basket")
WAY_OUT: Final = ("signal", "ended", "success", "followup", "kept")
"""Steps, each a part of the one before."""
FIRST_TOLD: Final = ("ended", "success", "signal", "contract", "diagnosis", "basket", "followup", "kept")
"""The order in which steps are admitted: what the rates and baskets rest on comes first."""

TRAITS: Final = ("contracted", "with_basket", "diagnosed", "monitored", "followed")
"""Columns of the cases of which shares by pilot are told, the most telling first."""
OUTCOMES: Final = ("closed", "successful")
"""Columns of which counts by pilot are published elsewhere."""
_NONE: Final[frozenset[str]] = frozenset()

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


class Telling(NamedTuple):
    """Pilots of which shares of cases by trait may be told, and the traits (columns of the cases) told of them."""

    pilots: frozenset[str]
    traits: frozenset[str]


def telling_pilots(own: Voivodeship, *, parameters: CooperationParameters) -> Telling:
    """Return of which pilots, and by which traits, shares of cases may be told.

    Notes
    -----
    Of `TRAITS` those are chosen that make the most shares. A trait whose total is not told (`open_steps`) is not told
    of pilots either: together they would give it. The share of successful cases that were followed up gives their
    number, and is only told where each of the pilots has its outcomes told by itself.
    """
    told = open_steps(step_counts(own.cases), parameters=parameters)
    traits = [name for name in TRAITS if all(column != name or step in told for step, column in REACHED.items())]
    names = [*OUTCOMES, *traits]
    counts = {
        pilot: {"": len(cases)} | dict(zip(names, cases[names].sum().astype(int), strict=True))
        for pilot, cases in own.by_pilot.items()
    }
    single = {part[0] for part in outcome_parts(own, parameters=parameters) if len(part) == 1}
    choices = []
    for size in range(len(traits), 0, -1):
        for chosen in combinations(traits, size):
            pilots = _alone(counts, chosen, parameters)
            choices.append(Telling(pilots & single if "followed" in chosen else pilots, frozenset(chosen)))
    return max(choices, key=lambda choice: len(choice.pilots) * len(choice.traits), default=Telling(_NONE, _NONE))


def _alone(
    found: Mapping[str, Mapping[str, int]], traits: Sequence[str], parameters: CooperationParameters
) -> frozenset[str]:
    """Return the pilots that may stand alone, if what is left of the voivodeship may be told as well.

    Parameters
    ----------
    found
        Pilot -> its cases with each trait, and all of them ("").
    """
    counts = {pilot: _nested(numbers, traits) for pilot, numbers in found.items()}
    parts = joined_parts(counts, fewest=parameters.min_cases, fewest_inside=parameters.min_count)
    sums = [[sum(column) for column in zip(*(counts[pilot] for pilot in part), strict=True)] for part in parts]
    if not all(may_tell(whole, nested, parameters=parameters) for whole, *nested in sums):
        return _NONE
    return frozenset(part[0] for part in parts if len(part) == 1)


def _nested(numbers: Mapping[str, int], traits: Sequence[str]) -> list[int]:
    """Return all cases, those with each trait and each outcome, and each difference of two that are nested."""
    counts = {name: numbers[name] for name in (*OUTCOMES, *traits)}
    ways = [[REACHED[step] for step in way[1:] if REACHED[step] in counts] for way in (WAY_IN, WAY_OUT)]
    differences = [counts[outer] - counts[inner] for way in ways for outer, inner in combinations(way, 2)]
    return [numbers[""], *counts.values(), *differences]
