"""The training plan: which groups, for whom, what limits it, and what more money would buy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Protocol

import numpy as np
import pandas as pd

from ropsanalysis.stats.allocation import Allocation, allocate
from ropsanalysis.stats.allocation_limits import budget_curve, least_budget, prices, relax
from ropsanalysis.training_needs import plan_words as words
from ropsanalysis.training_needs.plan_limits import Names, conflict_rows, limit_rows
from ropsanalysis.training_needs.plan_problem import RegionProblem, region_problem
from ropsanalysis.training_needs.schema import Inputs

EXTRA_PLN: Final = 100_000.0
"""The additional money whose worth the report names."""
CURVE_FROM, CURVE_TO = 0.4, 2.0
"""Ends of the budget curve, as multiples of the budget."""
MAIN_AUDIENCES: Final = 3
"""Institution types named with a group."""

_TEXT, _WHOLE, _NUMBER, _FLAG = "str", "Int64", "Float64", "bool"
_COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {
    "plan": {
        "teryt": _TEXT, "competence": _TEXT, "form": _TEXT, "group_size": _WHOLE, "groups": _WHOLE, "seats": _WHOLE,
        "hours": _NUMBER, "cost_pln": _NUMBER, "audiences": _TEXT,
    },
    "plan_summary": {
        "teryt": _TEXT, "status": _TEXT, "gap": _NUMBER, "budget_pln": _NUMBER, "cost_pln": _NUMBER,
        "groups": _WHOLE, "seats": _WHOLE, "persons": _WHOLE, "persons_certain": _WHOLE,
        "persons_supported": _WHOLE, "persons_qualified": _WHOLE, "expected_qualified": _NUMBER,
        "need_covered": _NUMBER, "message": _TEXT,
    },
    "plan_limits": {
        "teryt": _TEXT, "limit": _TEXT, "label": _TEXT, "used": _NUMBER, "available": _NUMBER, "binding": _FLAG,
        "extra": _NUMBER, "unit": _TEXT,
    },
    "plan_curve": {"teryt": _TEXT, "budget_pln": _NUMBER, "need_covered": _NUMBER, "persons": _WHOLE},
    "plan_coverage": {
        "teryt": _TEXT, "institution": _TEXT, "staff": _WHOLE, "persons": _WHOLE, "share": _NUMBER,
        "minimum": _NUMBER,
    },
    "plan_conflicts": {
        "teryt": _TEXT, "limit": _TEXT, "label": _TEXT, "required": _NUMBER, "possible": _NUMBER,
    },
}  # fmt: skip


class PlanParameters(Protocol):
    """The choices of method that the plan needs."""

    @property
    def plan_min_filling(self) -> float:
        """Share of a group's places that must be taken."""

    @property
    def plan_max_trainings(self) -> int:
        """Most trainings per person in need."""

    @property
    def plan_curve_steps(self) -> int:
        """Budgets on the curve."""

    @property
    def plan_time_limit(self) -> float:
        """Seconds for one call of the solver."""


@dataclass(frozen=True, slots=True)
class PlanTables:
    """All tables of the plan; every one has a column ``teryt``.

    Attributes
    ----------
    plan
        A row per offer with groups: competence, form, group_size, groups, seats, hours (of all groups), cost_pln,
        audiences (short names of the institution types with most seats).
    plan_summary
        A row per voivodeship: status, gap, money, persons against targets, need_covered (share of the weighted
        need), message. ``persons`` are unique; ``persons_certain`` is their number if needs overlap most.
    plan_limits
        Budget and targets, and what else is used up. ``extra`` is the additional share of the weighted need that
        ``unit`` would cover: for the budget a new plan, for the rest the price in the linear relaxation.
    plan_curve
        Best plans of other budgets, the plan's own and 100 000 zł more among them; a budget that cannot keep the
        targets has no row.
    plan_coverage
        Persons per institution type against the least share promised to it.
    plan_conflicts
        Targets that cannot be met together, with what is possible; ``budget``: the least money for all of them.
    """

    plan: pd.DataFrame
    plan_summary: pd.DataFrame
    plan_limits: pd.DataFrame
    plan_curve: pd.DataFrame
    plan_coverage: pd.DataFrame
    plan_conflicts: pd.DataFrame


Rows = dict[str, list[dict[str, Any]]]


def plan_tables(
    inputs: Inputs,
    needs: pd.DataFrame,
    needs_by_institution: pd.DataFrame,
    pooled: pd.DataFrame,
    *,
    parameters: PlanParameters,
) -> PlanTables:
    """Plan the trainings of every voivodeship with published needs.

    Parameters
    ----------
    inputs
        Frame, offer, targets and catalogues. Answers of the survey are not read: besides these tables the plan sees
        published estimates only, and so cannot disclose what they hide.
    needs, needs_by_institution, pooled
        The protected and rounded tables of the report.
    parameters
        Choices of method.

    Returns
    -------
    PlanTables
        The same for the same input, unless the time limit stops the solver; a voivodeship without targets has a
        summary with status ``missing``.

    Notes
    -----
    See `stats.allocation` for the programme and what it assumes, `plan_problem` for need and weights.
    """
    forms = inputs.options[inputs.options["question"] == "form"]
    names = Names(
        competence=dict(zip(inputs.competences["key"], inputs.competences["short"], strict=True)),
        institution=dict(zip(inputs.institutions["key"], inputs.institutions["short"], strict=True)),
        form=dict(zip(forms["option"], forms["label"], strict=True)),
    )
    rows: Rows = {name: [] for name in _COLUMNS}
    for teryt in sorted(set(needs["teryt"]) - {"00"}):
        targets = inputs.targets[inputs.targets["teryt"] == teryt]
        if targets.empty:
            rows["plan_summary"].append({"teryt": teryt, "status": "missing", "message": words.NO_TARGETS})
            continue
        target = targets.iloc[0]
        region = region_problem(
            inputs, needs, needs_by_institution, pooled, target,
            min_filling=parameters.plan_min_filling, max_trainings=parameters.plan_max_trainings,
        )  # fmt: skip
        if region is None:
            rows["plan_summary"].append(_targets(target) | {"status": "missing", "message": words.NO_NEED})
            continue
        for name, found in _plan_region(region, target, names, parameters).items():
            rows[name].extend({"teryt": teryt} | row for row in found)
    return PlanTables(**{field.name: _frame(field.name, rows[field.name]) for field in fields(PlanTables)})


def _plan_region(region: RegionProblem, target: pd.Series, names: Names, parameters: PlanParameters) -> Rows:
    """All rows of one voivodeship, by table."""
    limit = parameters.plan_time_limit
    wanted = region.problem
    plan = allocate(wanted, time_limit=limit)
    status, enough = plan.status, None
    rows: Rows = {}
    possible = wanted
    if status == "infeasible":
        enough = least_budget(wanted, time_limit=limit)
        possible = relax(wanted, time_limit=limit) or wanted
        rows["plan_conflicts"] = conflict_rows(region, possible, enough=enough, names=names)
        plan = allocate(possible, time_limit=limit)
    multiples = np.linspace(CURVE_FROM, CURVE_TO, parameters.plan_curve_steps)
    budgets = sorted({wanted.budget, wanted.budget + EXTRA_PLN, *np.round(multiples * wanted.budget, 2).tolist()})
    curve = dict(zip(budgets, budget_curve(possible, budgets, time_limit=limit, own=plan), strict=True))
    rows["plan_summary"] = [
        _targets(target)
        | _summary(plan, region)
        | {
            "status": "gap" if status == "unsolved" else status,
            "message": words.message(
                status,
                found=plan.found,
                affordable=None if enough is None else np.isfinite(enough),
                without_offer=[names.competence[key] for key in region.without_offer],
                without_estimate=[names.competence[key] for key in region.without_estimate],
            ),
        }
    ]
    if plan.found:
        more = curve[wanted.budget + EXTRA_PLN].need_covered - plan.need_covered
        rows["plan"] = _groups(plan, region, names)
        rows["plan_limits"] = limit_rows(plan, region, prices=prices(possible), more=more, names=names)
        rows["plan_coverage"] = _coverage(plan, region, target)
    rows["plan_curve"] = [
        {"budget_pln": budget, "need_covered": each.need_covered, "persons": each.persons.sum()}
        for budget, each in curve.items()
        if each.found
    ]
    return rows


def _targets(target: pd.Series) -> dict[str, Any]:
    kept = ("teryt", "budget_pln", "persons_supported", "persons_qualified")
    return {name: target[name] for name in kept}


def _summary(plan: Allocation, region: RegionProblem) -> dict[str, Any]:
    if not plan.found:
        return {}
    persons = int(plan.persons.sum())
    return {
        "gap": plan.gap,
        "cost_pln": plan.cost,
        "groups": plan.groups.sum(),
        "seats": plan.seats.sum(),
        "persons": persons,
        "persons_certain": plan.persons_certain,
        "expected_qualified": region.problem.qualified_rate * persons,
        "need_covered": plan.need_covered,
    }


def _groups(plan: Allocation, region: RegionProblem, names: Names) -> list[dict[str, Any]]:
    return [
        {
            "competence": offer["competence"],
            "form": offer["form"],
            "group_size": offer["group_size"],
            "groups": groups,
            "seats": seats.sum(),
            "hours": groups * offer["hours"],
            "cost_pln": groups * offer["cost_pln"],
            "audiences": _audiences(seats, region, names),
        }
        for groups, seats, offer in zip(plan.groups, plan.seats, region.offer.to_dict("records"), strict=True)
        if groups
    ]


def _audiences(seats: np.ndarray, region: RegionProblem, names: Names) -> str:
    largest = [column for column in np.argsort(-seats, kind="stable") if seats[column]]
    named = ", ".join(names.institution[region.institutions[column]] for column in largest[:MAIN_AUDIENCES])
    return f"{named} i inne" if len(largest) > MAIN_AUDIENCES else named


def _coverage(plan: Allocation, region: RegionProblem, target: pd.Series) -> list[dict[str, Any]]:
    return [
        {
            "institution": key,
            "staff": staff,
            "persons": persons,
            "share": persons / staff,
            "minimum": target["minimum_coverage"],
        }
        for key, staff, persons in zip(region.institutions, region.problem.staff, plan.persons, strict=True)
    ]


def _frame(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    columns = _COLUMNS[name]
    return pd.DataFrame(rows, columns=list(columns)).astype(dict(columns))
