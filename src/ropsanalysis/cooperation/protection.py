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
- Totals of a voivodeship: of two counts, one within the other, the difference is a count too. A step whose difference
  from a step already told is at least one and fewer than `min_count` is hidden (`open_steps`). Diagnosis, contract and
  basket are as good as nested, but some cases have the later one without the earlier one. Of each two of them the cases
  with both, with either alone and with neither are looked at, as if their number were told; it is for the contracts
  without a diagnosis. The same holds for each pilot whose shares are told.
- A voivodeship of which even the whole may not be told is hidden altogether, and so is every sum over voivodeships
  that it is part of (see `effects`).
- Social workers who are coached are persons too: the same limits hold for their numbers.
- Entities, their ties and the documents of a pilot are public.
- A result may stand without its exact number of cases: where that number and another one, of which it is a part, differ
  by few, it is the number that is hidden, or rounded down so far that the difference may be larger (`least_cases`).
  Shares of goals and of planned services are hidden where few cases have a goal
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
RECORDED: Final = WAY_IN[1:]
"""Steps that are recorded each by itself, so that a case may have the later one without the earlier one."""
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
STEP: Final = 10
"""Numbers of cases that may not be told exactly are rounded down to a multiple of it."""


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
    """Count the cases that reached each step of `REACHED`, and all of them ("signal").

    "undiagnosed" are those with a contract and without a diagnosis.
    """
    counts = {"signal": len(cases)} | {step: int(cases[column].sum()) for step, column in REACHED.items()}
    return counts | {"undiagnosed": int((cases["contracted"] & ~cases["diagnosed"]).sum())}


def step_pairs(cases: pd.DataFrame) -> dict[frozenset[str], int]:
    """Count the cases that have both of each two steps of `RECORDED`."""
    return {
        frozenset(pair): int(cases[[REACHED[step] for step in pair]].all(axis=1).sum())
        for pair in combinations(RECORDED, 2)
    }


def cells(whole: int, first: int, second: int, both: int) -> tuple[int, int, int, int]:
    """Return the cases with both of two traits, with the first one only, the second one only, and with neither.

    Examples
    --------
    >>> cells(40, 30, 20, 18)
    (18, 12, 2, 8)
    """
    return both, first - both, second - both, whole - first - second + both


def open_steps(
    counts: Mapping[str, int], both: Mapping[frozenset[str], int] | None = None, *, parameters: CooperationParameters
) -> frozenset[str]:
    """Return the steps whose counts may be published side by side.

    Parameters
    ----------
    counts
        As from `step_counts`, of a voivodeship.
    both
        As from `step_pairs`; without it the later of two steps counts as a part of the earlier one.

    Notes
    -----
    "undiagnosed" is told with diagnoses and contracts, whose groups are then large enough.

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
        base = counts["signal" if step in WAY_IN else WAY_OUT[WAY_OUT.index(step) - 1]]
        enough = base >= parameters.min_cases or (base == 0 and step != "signal")
        gaps = [counts[step]]
        for one in told:
            if {one, step} <= set(RECORDED):
                pair = counts[one], counts[step]
                gaps += cells(counts["signal"], *pair, min(pair) if both is None else both[frozenset({one, step})])
            elif {one, step} <= set(WAY_OUT) or (step in WAY_IN and one in WAY_IN):
                gaps.append(abs(counts[one] - counts[step]))
        if enough and not any(few(gap, parameters=parameters) for gap in gaps):
            told.append(step)
    return frozenset(told) | ({"undiagnosed"} if {"signal", "diagnosis", "contract"} <= set(told) else set())


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


def least_cases(
    cases: Sequence[int], wholes: Sequence[Sequence[int]], *, exact: bool = False, parameters: CooperationParameters
) -> list[int]:
    """Round numbers of cases down so far that no difference from other numbers tells of some few.

    Parameters
    ----------
    cases
        Of a voivodeship, then of the parts that it consists of, if any; each at least `min_cases`.
    wholes
        Of each of them: numbers, told elsewhere, of cases of which these are a part, first the one that adds up over
        the parts. One that is smaller than the cases is not such a number.
    exact
        Whether the number of the voivodeship is told as it is; it must keep the rules.

    Returns
    -------
    least
        Multiples of `STEP`, or `min_cases`, which is known of every number that is told.

    Notes
    -----
    A number is rounded down further until each whole exceeds it by at least `min_count`. Whoever knows how this is done
    knows between which limits the missing cases of a part lie, and has those of the whole and the other parts to narrow
    them (`_missing`). If that leaves nothing but some few for any part, all parts get `min_cases`.

    Examples
    --------
    >>> least_cases([105, 61, 44], [[107], [62], [45]], parameters=CooperationParameters())
    [100, 50, 40]
    """
    fewest = parameters.min_cases
    least = []
    for number, larger in zip(cases, wholes, strict=True):
        low = number // STEP * STEP
        while low > fewest and any(number <= whole < low + parameters.min_count for whole in larger):
            low -= STEP
        least.append(max(low, fewest))
    if exact:
        least[0] = cases[0]
    ranges = _missing(least, [larger[0] for larger in wholes], exact=exact)
    if any(low > 0 and high < parameters.min_count for low, high in ranges):
        least[1:] = [fewest] * len(ranges)
    return least


def _missing(least: Sequence[int], wholes: Sequence[int], *, exact: bool) -> list[tuple[int, int]]:
    """Return between which numbers the cases missing in each part lie, for anybody who knows the numbers told."""
    high = [whole - low for whole, low in zip(wholes, least, strict=True)]
    low = [max(most - STEP + 1, 0) for most in high]
    low[0] = high[0] if exact else low[0]
    found = []
    for place in range(1, len(high)):
        others = [other for other in range(1, len(high)) if other != place]
        least_left = low[0] - sum(high[other] for other in others)
        most_left = high[0] - sum(low[other] for other in others)
        found.append((max(low[place], least_left), min(high[place], most_left)))
    return found


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
    told = open_steps(step_counts(own.cases), step_pairs(own.cases), parameters=parameters)
    traits = [name for name in TRAITS if all(column != name or step in told for step, column in REACHED.items())]
    names = [*OUTCOMES, *TRAITS]
    counts = {
        pilot: {"": len(cases), **dict(zip(names, cases[names].sum().astype(int), strict=True)), **_joint(cases)}
        for pilot, cases in own.by_pilot.items()
    }
    if "undiagnosed" not in told:
        counts = {pilot: {name: n for name, n in own.items() if name != "undiagnosed"} for pilot, own in counts.items()}
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


def _joint(cases: pd.DataFrame) -> dict[str, int]:
    """Return cases with both of each two recorded steps, by the columns of these joined with "&", and "undiagnosed"."""
    found = {"&".join(sorted(REACHED[step] for step in pair)): both for pair, both in step_pairs(cases).items()}
    return found | {"undiagnosed": step_counts(cases)["undiagnosed"]}


def _nested(numbers: Mapping[str, int], traits: Sequence[str]) -> list[int]:
    """Return all cases, those with each trait and outcome, and what follows from two of them (see `protection`).

    Where contracts without a diagnosis are told of all pilots together, all may be those of one pilot: beside either of
    the two shares they leave a group as well.
    """
    counts = {name: numbers[name] for name in (*OUTCOMES, *traits)}
    way_out = [REACHED[step] for step in WAY_OUT[1:] if REACHED[step] in counts]
    found = [numbers[""], *counts.values()]
    found += [counts[outer] - counts[inner] for outer, inner in combinations(way_out, 2)]
    for first, second in combinations(sorted(REACHED[step] for step in RECORDED), 2):
        if {first, second} <= counts.keys():
            found += cells(numbers[""], numbers[first], numbers[second], numbers[f"{first}&{second}"])
    if "undiagnosed" in numbers:
        found += [numbers["undiagnosed"]] if {"contracted", "diagnosed"} & counts.keys() else []
        found += [counts["contracted"] - numbers["undiagnosed"]] if "contracted" in counts else []
        found += [numbers[""] - counts["diagnosed"] - numbers["undiagnosed"]] if "diagnosed" in counts else []
    return found
