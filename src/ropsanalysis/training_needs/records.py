"""The protected tables as typed records: what a report reads, free of data frames.

Every number here may be published; a hidden one is None, and its record's `reason` says what the report prints.
"""

from __future__ import annotations

from typing import NamedTuple

from ropsanalysis.stats.records import Estimate

#: An institution type's key ("" for all types) and a competence's key.
CellKey = tuple[str, str]


class Competence(NamedTuple):
    """A competence of the catalogue; `short` fits beside a chart."""

    key: str
    name: str
    short: str


class Institution(NamedTuple):
    """A type of institution; `group` is its field: assistance, family or social_economy."""

    key: str
    name: str
    short: str
    group: str


class Option(NamedTuple):
    """An answer that a question offers, in words."""

    question: str
    option: str
    label: str


class Response(NamedTuple):
    """Staff and respondents of one type of institution; shares from 0 to 1."""

    institution: str
    staff: int | None
    respondents: int | None
    rate: float | None
    share_frame: float | None
    share_sample: float | None
    share_weighted: float | None
    reason: str


class Quality(NamedTuple):
    """What weighting did: design effect, effective number of respondents, largest difference to the frame."""

    respondents: int | None
    staff: int | None
    deff: float | None
    n_effective: float | None
    weight_min: float | None
    weight_max: float | None
    n_trimmed: int | None
    iterations: int | None
    converged: bool
    difference_before: float | None
    difference_after: float | None


class Answer(NamedTuple):
    """Share (0–1) of staff who gave one answer."""

    question: str
    option: str
    base: int | None
    share: Estimate
    reason: str


class Need(NamedTuple):
    """All measures of need for one competence; `base` counts those who rated both importance and mastery."""

    competence: str
    base: int | None
    missing: int | None
    importance: Estimate
    mastery: Estimate
    mwds: Estimate
    rank: Estimate
    rds: Estimate
    rds_rank: float | None
    share: Estimate
    staff: Estimate
    wanted_share: Estimate
    wanted_rank: float | None
    quadrant: str
    reason: str
    wanted_base: int | None = None


class Cell(NamedTuple):
    """Share of an institution type's staff with a gap in one competence, and how many they are."""

    institution: str
    competence: str
    base: int | None
    share: Estimate
    staff: Estimate
    reason: str


class Pooled(NamedTuple):
    """Mean gap of one institution type by the model that borrows strength from the others."""

    institution: str
    competence: str
    gap: Estimate
    base: int | None
    reason: str


class Agreement(NamedTuple):
    """How far two methods order the competences alike."""

    method_a: str
    method_b: str
    tau: float | None
    p_value: float | None
    top5_shared: int | None


class Difference(NamedTuple):
    """Whether the gap differs between institution types, and between which two most."""

    competence: str
    statistic: float | None
    p_value: float | None
    p_adjusted: float | None
    significant: bool
    highest_institution: str
    highest_gap: float | None
    lowest_institution: str
    lowest_gap: float | None


class Driver(NamedTuple):
    """How much likelier a gap of two points is at one level of a trait than at its reference level."""

    competence: str
    term: str
    level: str
    reference: str
    effect: Estimate
    p_value: float | None
    p_adjusted: float | None
    proportional_ok: bool
    n: int | None


class Scale(NamedTuple):
    """Reliability of a set of ratings."""

    scale: str
    alpha: Estimate
    omega: float | None
    items: int | None
    n: int | None


class ProfileGap(NamedTuple):
    """Mean gap of a profile in one competence, and its distance from the mean of all profiles."""

    profile: int
    competence: str
    gap: float | None
    centred: float | None


class ProfileShare(NamedTuple):
    """How many of the staff belong to a profile."""

    profile: int
    base: int | None
    share: float | None
    reason: str


class ProfileQuality(NamedTuple):
    """How firm the division into profiles is."""

    k: int | None
    stability: float | None
    silhouette: float | None
    n: int | None


class PlannedGroup(NamedTuple):
    """Groups of one form for one competence; `audiences` names the institution types with most seats."""

    competence: str
    form: str
    groups: int | None
    seats: int | None
    hours: float | None
    cost_pln: float | None
    audiences: str


class PlanSummary(NamedTuple):
    """What the plan achieves; `status` is optimal, gap, infeasible or missing.

    An infeasible plan may still be there: the one nearest to its targets.
    """

    status: str
    gap: float | None
    budget_pln: float | None
    cost_pln: float | None
    persons: int | None
    persons_supported: int | None
    persons_qualified: int | None
    expected_qualified: float | None
    need_covered: float | None
    message: str


class PlanLimit(NamedTuple):
    """A limit of the plan: how much of it is used, whether it binds, what one more `unit` would buy (0–1 of need)."""

    limit: str
    label: str
    used: float | None
    available: float | None
    binding: bool
    extra: float | None
    unit: str


class CurvePoint(NamedTuple):
    """The share of weighted need that a budget covers."""

    budget_pln: float
    need_covered: float
    persons: int | None


class Coverage(NamedTuple):
    """Persons of one institution type in the plan, against the smallest share promised to it."""

    institution: str
    staff: int | None
    persons: int | None
    share: float | None
    minimum: float | None


class Conflict(NamedTuple):
    """A limit that cannot be met, and how far it could be."""

    limit: str
    label: str
    required: float | None
    possible: float | None


class Protection(NamedTuple):
    """The audit of one protected system of tables."""

    system: str
    cells: int | None
    hidden: int | None
    width_required: float | None
    width_smallest: float | None
    gap: float | None
    verdict: str
