"""The published tables as typed records: what a report reads, free of data frames.

Persons are counted in parts large enough to name nobody: small parts are joined ("+" between their keys). Days are
texts such as "2026-06-30", quarters such as "2026-Q2". Money is in PLN with whole grosze. `reason` says why a number is
missing: "" shown, "no_target", "no_plan", "no_data", "few", "no_budget", "not_published".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from ropsanalysis.stats.records import Estimate


class Card(NamedTuple):
    """The project as the office described it; `source` names where its figures come from."""

    teryt: str
    title: str
    number: str
    leader: str
    start: str
    end: str
    as_of: str
    value_pln: float | None
    eu_pln: float | None
    national_pln: float | None
    target_supported: int | None
    target_qualified: int | None
    target_plan_share: float | None
    source: str


class Published(NamedTuple):
    """A published figure of a project and its source; number and text both empty where nobody published it.

    field: "title", "number", "leader", "start", "end", "value", "eu", "national", "target_supported",
    "target_qualified", "target_plan_share", "target_plan_units", "teams" and further targets. own: what the card that
    the office delivered says, as text, "" where nothing; agrees: whether both say the same (True where one lacks it), a
    rounded figure within its rounding. step: distance of the numbers that the source could have printed.
    """

    teryt: str
    field: str
    number: float | None
    text: str
    unit: str
    step: float
    source: str
    own: str
    agrees: bool


class CardCheck(NamedTuple):
    """A check of the card. check: "parts_add_up" (grosz), "eu_share", "result_target", "budget_total", "eu_total"."""

    teryt: str
    check: str
    expected: float | None
    found: float | None
    passed: bool
    reason: str


class Indicator(NamedTuple):
    """Where an obligatory indicator stands on the day of the data.

    value: persons, or for "plans" share (0-1). numerator, denominator: of the share. of_target: value / target.
    line: where a straight line from start to end would be; planned: where the office's plan would be. forecast: value
    at the end of the project; probability: of reaching the target (0-1); needed_per_month and recent_per_month: what is
    needed from now on, and what there was in the last months (persons, None where that tells of few; or units).
    lapsing: of "plans" units counted now whose plan expires before the end of the project; the forecast has them no
    more, unless `plans_renewed`.
    """

    teryt: str
    indicator: str
    value: float | None
    numerator: int | None
    denominator: int | None
    target: float | None
    of_target: float | None
    line: float | None
    planned: float | None
    forecast: Estimate
    probability: float | None
    needed_per_month: float | None
    recent_per_month: float | None
    lapsing: int | None
    reason: str


class Progress(NamedTuple):
    """Cumulative value at the end of a quarter: reached (None after the day of the data), straight line, plan.

    reason: "few" where persons that came to count in the quarter are told only with those of the next.
    """

    teryt: str
    indicator: str
    quarter: str
    day: str
    reached: float | None
    line: float | None
    planned: float | None
    forecast: Estimate
    reason: str


class Part(NamedTuple):
    """Persons supported and qualified in a part.

    dimension: "institution", "subregion", "action" (of the first support). keys: what the part stands for, joined by
    "+" ("unknown": not told); the parts of a dimension add up to the indicator. qualified is None in a whole dimension
    where it can be told of no part.
    """

    teryt: str
    dimension: str
    keys: str
    supported: int | None
    qualified: int | None


class Reason(NamedTuple):
    """Why persons or units were not counted; `rules` joined by "+" where few. Their number, and that of all looked at.

    of units: of the denominator, None for "unit_not_counted", which lies outside. No number where all together are few.
    rules for supported: "not_started", "after_day", "incomplete", "no_institution", "form_not_counted". For qualified:
    "not_supported", "no_evidence", "attendance_only", "evidence_not_accepted", "evidence_before_start", "too_late",
    "evidence_after_day". For plans: "no_plan", "not_adopted", "not_in_force", "expired", "sections_missing",
    "not_carried_out", "unit_not_counted".
    """

    teryt: str
    indicator: str
    rules: str
    number: int | None
    of: int | None


class UnitReach(NamedTuple):
    """A gmina or powiat of the denominator: whether employees there were supported, its plan, its centre.

    plan: "" none, "counted", or the rule (see `Reason`) by which it is not counted. lacking: how many rules the plan
    fails, 0 if counted, None without one; until: of a plan that is counted the last day on which it is, "" without end.
    """

    teryt: str
    unit: str
    level: str
    name: str
    kind: str
    powiat: str
    subregion: str
    reached: bool
    plan: str
    lacking: int | None
    until: str
    centre: bool


class ActionState(NamedTuple):
    """One of the 16 actions.

    due: planned by the day of the data; late: of these not done; persons: supported (first support or later, None where
    few); value_pln, spent_pln: budget and payments; first, last: days of what was done; latest_due: planned day of the
    activity that is late the longest.
    """

    teryt: str
    action: int
    planned: int
    due: int
    done: int
    late: int
    hours: float | None
    attendance: float | None
    products: int
    persons: int | None
    first: str
    last: str
    latest_due: str
    value_pln: float | None
    spent_pln: float | None
    reason: str


class Late(NamedTuple):
    """An activity that should have been done."""

    teryt: str
    activity: str
    action: int
    team: str
    title: str
    planned: str
    days: int


class Product(NamedTuple):
    """A product of an activity that was done."""

    teryt: str
    action: int
    team: str
    title: str
    product: str
    done: str


class Heat(NamedTuple):
    """Activities of an action done in a quarter."""

    teryt: str
    action: int
    quarter: str
    done: int
    due: int


class Team(NamedTuple):
    """Work of a team; `subregion` "" all, else one (advisers of social services)."""

    teryt: str
    team: str
    subregion: str
    done: int
    late: int
    hours: float | None
    attendance: float | None
    products: int


class Money(NamedTuple):
    """Earned value of a part of the budget.

    dimension: "total", "action", "team", "category", "source" ("eu", "national"); key: of the part, of "action" its
    number, "0" for management and indirect costs. budget: whole; planned: by the day of the data; earned: planned money
    of the work done; spent: payments. cost_index = earned / spent, schedule_index = earned / planned. Indices and
    earned only for "total", "action", "team". forecast: what would be paid until the end at the recent pace, also above
    the budget; unspent: budget less forecast, 0 where it is above. Both only for "total" and "source", whose parts add
    up. exhausted: quarter of "total" in which the money would run out, "" where it lasts until the end.
    """

    teryt: str
    dimension: str
    key: str
    budget: float | None
    planned: float | None
    earned: float | None
    spent: float | None
    cost_index: float | None
    schedule_index: float | None
    forecast: Estimate
    unspent: Estimate
    exhausted: str
    reason: str


class Spending(NamedTuple):
    """Cumulative plan and payments at the end of a quarter, in PLN."""

    teryt: str
    quarter: str
    planned: float | None
    spent: float | None
    eu: float | None
    national: float | None


class UnitCost(NamedTuple):
    """Money spent per person.

    per: "supported", "qualified". base: "all" spending, "persons" (spending on actions that supported persons).
    """

    teryt: str
    per: str
    base: str
    spent: float | None
    persons: int | None
    cost: float | None
    reason: str


class PlanSection(NamedTuple):
    """Of the adopted plans, those that have a section."""

    teryt: str
    section: str
    plans: int
    of: int


class Centre(NamedTuple):
    """A social service centre open on the day of the data; gminas: names joined by ", "."""

    teryt: str
    name: str
    gminas: str
    units: int
    opened: str
    services: int | None


class FosterCare(NamedTuple):
    """Children in foster care; share: family / (family + institutional); printed differs from the sum where flagged.

    step: to what family and institutional are rounded, 1 if they are exact.
    """

    teryt: str
    year: int
    family: float
    institutional: float
    total: float
    share: float
    printed: float | None
    difference: float | None
    flagged: bool
    step: float
    source: str


class EntityCount(NamedTuple):
    """Entities supported, by type of institution (joined by "+" where few)."""

    teryt: str
    keys: str
    entities: int


class Action(NamedTuple):
    """An obligatory action of the programme. serves: reports of ours and their sections, as a text."""

    action: int
    title: str
    short: str
    team: str
    serves: str
    reference: str


class Institution(NamedTuple):
    """A type of institution of the catalogue."""

    key: str
    name: str
    short: str


TABLES: Final[Mapping[str, type[NamedTuple]]] = {
    "actions": Action,
    "institutions": Institution,
    "cards": Card,
    "published": Published,
    "card_checks": CardCheck,
    "indicators": Indicator,
    "progress": Progress,
    "parts": Part,
    "reasons": Reason,
    "units": UnitReach,
    "action_states": ActionState,
    "late": Late,
    "products": Product,
    "heat": Heat,
    "teams": Team,
    "money": Money,
    "spending": Spending,
    "unit_costs": UnitCost,
    "plan_sections": PlanSection,
    "centres": Centre,
    "foster_care": FosterCare,
    "entities": EntityCount,
}
"""Published tables by name. A column is named as its field; the ends of an estimate x are x_low and x_high."""
