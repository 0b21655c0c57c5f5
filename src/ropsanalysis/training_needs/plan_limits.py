"""What limits a training plan, and which of its targets are out of reach, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ropsanalysis.stats.allocation import Allocation, Problem
from ropsanalysis.stats.allocation_limits import Prices, most_seats
from ropsanalysis.training_needs import plan_words as words
from ropsanalysis.training_needs.plan_problem import RegionProblem

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Names:
    """Short Polish names by key."""

    competence: Mapping[str, str]
    institution: Mapping[str, str]
    form: Mapping[str, str]


def limit_rows(plan: Allocation, region: RegionProblem, *, prices: Prices, more: float, names: Names) -> list[Row]:
    """Return the budget, the targets, and everything else that the plan uses up.

    Parameters
    ----------
    plan, region
        The plan, and the problem with the targets as wanted.
    prices
        Worth of one more unit of each limit.
    more
        Additional cover of the plan for more money.
    names
        Words for the labels.
    """
    problem = region.problem
    rate = problem.qualified_rate
    persons = int(plan.persons.sum())
    supported, qualified = problem.persons_target, problem.qualified_target
    rows = [
        _row("budget", words.BUDGET, plan.cost, problem.budget, more, binding=more > 0),
        # A target binds where one person less in the plan would miss it.
        _row(
            "persons_supported",
            words.SUPPORTED,
            persons,
            supported,
            prices.persons,
            binding=persons - 1 < supported,
        ),
    ]
    if qualified:  # a project may have published no such target
        binding = rate * (persons - 1) < qualified
        label = words.QUALIFIED
        rows.append(_row("persons_qualified", label, rate * persons, qualified, prices.qualified, binding=binding))
    rows.extend(_institution_rows(plan, region, prices, names))
    rows.extend(_offer_rows(plan, region, prices, names))
    rows.extend(_competence_rows(plan, region, names))
    return rows


def _institution_rows(plan: Allocation, region: RegionProblem, prices: Prices, names: Names) -> Iterator[Row]:
    problem = region.problem
    seats, most = plan.seats.sum(axis=0), most_seats(problem)
    for column, key in enumerate(region.institutions):
        name, persons, least = names.institution[key], plan.persons[column], problem.minimum_persons[column]
        if persons <= least and least > 0:
            price = prices.minimum[column]
            yield _row(f"coverage:{key}", words.coverage(name), persons, least, price)
        if seats[column] >= most[column] and seats[column] > 0:
            price = prices.trainings[column]
            yield _row(f"trainings:{key}", words.trainings(name), seats[column], most[column], price)


def _offer_rows(plan: Allocation, region: RegionProblem, prices: Prices, names: Names) -> Iterator[Row]:
    """Offers of which every group is bought, the most valuable first."""
    used_up = plan.groups >= region.problem.capacity
    offers = region.offer.to_dict("records")
    for row in np.argsort(-prices.capacity, kind="stable"):
        if used_up[row]:
            competence, form = offers[row]["competence"], offers[row]["form"]
            label = words.capacity(names.competence[competence], names.form[form])
            groups = plan.groups[row]
            yield _row(
                f"capacity:{competence}:{form}", label, groups, region.problem.capacity[row], prices.capacity[row]
            )


def _competence_rows(plan: Allocation, region: RegionProblem, names: Names) -> Iterator[Row]:
    covered, need = plan.covered.sum(axis=1), region.problem.need.sum(axis=1)
    for row, key in enumerate(region.competences):
        if covered[row] and covered[row] == need[row]:
            label = words.saturated(names.competence[key])
            yield _row(f"saturated:{key}", label, covered[row], need[row], None)
    for key in region.without_offer:
        yield _row(f"no_offer:{key}", words.no_offer(names.competence[key]), 0, 0, None)


def _row(limit: str, label: str, used: float, available: float, extra: float | None, *, binding: bool = True) -> Row:
    unit = words.UNITS[limit.split(":")[0]]
    found = {"limit": limit, "label": label, "used": used, "available": available, "binding": binding}
    return found | {"extra": extra, "unit": unit}


def conflict_rows(region: RegionProblem, possible: Problem, *, enough: float | None, names: Names) -> list[Row]:
    """Return the targets that cannot be met together, with what is possible within the budget.

    Parameters
    ----------
    region
        The problem with the targets as wanted.
    possible
        The same problem with targets that can be met.
    enough
        Least money for all targets: infinite if none suffices, None if not known.
    names
        Words for the labels.
    """
    wanted = region.problem
    found = [
        ("persons_supported", words.SUPPORTED, wanted.persons_target, possible.persons_target),
        ("persons_qualified", words.QUALIFIED, wanted.qualified_target, possible.qualified_target),
    ]
    for key, least, reached in zip(region.institutions, wanted.minimum_persons, possible.minimum_persons, strict=True):
        found.append((f"coverage:{key}", words.coverage(names.institution[key]), least, reached))
    rows = [
        {"limit": limit, "label": label, "required": required, "possible": reached}
        for limit, label, required, reached in found
        if reached < required
    ]
    if enough is not None and np.isfinite(enough):
        money = {"limit": "budget", "label": words.BUDGET_FOR_ALL}
        rows.append(money | {"required": enough, "possible": wanted.budget})
    return rows
