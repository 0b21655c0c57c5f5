"""The published tables as typed records: what a report reads, free of data frames.

Cases are persons and families: they are counted in parts large enough to name nobody; small pilots are joined ("+"
between their keys). `reason` says why a number is missing: "" shown, "few", "no_data", "no_ties", "one_wave",
"few_paths", "not_stated", "ongoing".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from ropsanalysis.stats.records import Estimate


class Sector(NamedTuple):
    """A sector of policy."""

    key: str
    name: str
    short: str


class Project(NamedTuple):
    """A published project of cooperation that covers the voivodeship, with its source."""

    teryt: str
    project: str
    title: str
    partners: str
    macroregion: str
    start: str
    end: str
    value_pln: float | None
    grant_pln: float | None
    targets: str
    source: str


class Pilot(NamedTuple):
    """A pilot: where, how long, with whom. months: from start to end or to the last day of the data."""

    teryt: str
    pilot: str
    name: str
    unit: str
    population: float | None
    project: str
    started: str
    ended: str
    months: float | None
    entities: int
    sectors: int
    levels: int


class Partner(NamedTuple):
    """Entities of a pilot by sector and level."""

    teryt: str
    pilot: str
    sector: str
    level: str
    entities: int


class Fidelity(NamedTuple):
    """Whether a pilot keeps an element of the minimum content (`schema.ELEMENTS`).

    share: share (0-1) of its cases with the element, for those that cases show ("diagnosis", "contract", "basket",
    "monitoring", "aftercare"); kept: whether the element is there (None unknown). basis: "cases", "pilot", "partners".
    """

    teryt: str
    pilot: str
    element: str
    kept: bool
    known: bool
    share: float | None
    basis: str
    reason: str


class NetworkMeasure(NamedTuple):
    """A measure of a pilot's network before and after. pilot "" is the mean over the voivodeship's pilots.

    measure: "density", "centralisation" (degree, Freeman), "betweenness_centralisation", "cross_sector" (share of ties
    between sectors), "cross_level" (share between gmina and powiat, of ties between entities of these two), "reach"
    (share of pairs that a path joins), "brokerage" (share of all two-step paths between unlike sectors that run through
    the animator; of all pilots together in place of a mean, and without p), "ties" (number). paths_before, paths_after:
    the paths of "brokerage".
    p: permutation test of the difference (two-sided), p_adjusted: Holm over the measures of the row's pilot.
    """

    teryt: str
    pilot: str
    measure: str
    before: float | None
    after: float | None
    difference: float | None
    p: float | None
    p_adjusted: float | None
    entities: int
    paths_before: int | None
    paths_after: int | None
    reason: str


class Broker(NamedTuple):
    """An entity's place in the network after: its degree (share of others), betweenness (0-1), sectors it reaches."""

    teryt: str
    pilot: str
    entity: str
    name: str
    sector: str
    level: str
    role: str
    degree_before: float | None
    degree: float | None
    betweenness: float | None
    sectors: int
    x: float
    y: float


class Tie(NamedTuple):
    """A tie of a pilot, for the drawing: strength before and after, 0 where there was none."""

    teryt: str
    pilot: str
    source: str
    target: str
    before: int
    after: int


class SectorTie(NamedTuple):
    """Ties between two sectors over all pilots: those there are, of those possible, before and after."""

    teryt: str
    first: str
    second: str
    before: int
    after: int
    possible: int


class CaseFlow(NamedTuple):
    """Cases that reached a step: "signal", "diagnosis", "contract", "basket", "ended", "success", "followup", "kept".

    of: all cases, for "success", "followup" and "kept" those of the step before, of which they are a part; None where
    that is hidden. Steps count as recorded. "undiagnosed": contracts without a recorded diagnosis, of all contracts.
    """

    teryt: str
    step: str
    cases: int | None
    of: int | None
    reason: str


class Duration(NamedTuple):
    """Days between two steps ("diagnosis", "contract", "ended" since the step before; "signal_contract" in one go).

    lower (25 %), median and upper (75 %): Kaplan-Meier, cases not there yet are censored; None where not reached.
    cases, events: None where they are hidden, though the median is not.
    """

    teryt: str
    step: str
    median: Estimate
    lower: float | None
    upper: float | None
    cases: int | None
    events: int | None
    reason: str


class Success(NamedTuple):
    """Cases completed successfully of those that ended. pilots: keys joined by "+", "" the whole voivodeship.

    rate: with its interval (Wilson). reference: rate that the funnel is drawn around (the voivodeship's own, over
    what is published). zone: "inside", "high", "low" (outer limits), "rather_high", "rather_low" (inner).
    """

    teryt: str
    pilots: str
    success: int | None
    ended: int | None
    rate: Estimate
    reference: float | None
    inner_low: float | None
    inner_high: float | None
    outer_low: float | None
    outer_high: float | None
    zone: str
    reason: str


class Comparison(NamedTuple):
    """The voivodeship's rate against the published pilot: difference (0-1) with interval, and p of the exact test.

    success, of, rate: of the published pilot. difference: the voivodeship's rate less the published one.
    """

    teryt: str
    name: str
    success: int
    of: int
    rate: Estimate
    difference: Estimate
    p: float | None
    source: str
    reason: str


class Basket(NamedTuple):
    """Services of ended cases planned and delivered by a sector: cases with such a service, units, share (0-1).

    cases: None where the number is hidden, though the units are not.
    """

    teryt: str
    sector: str
    cases: int | None
    planned: float | None
    delivered: float | None
    share: Estimate
    reason: str


class GoalScore(NamedTuple):
    """Goal attainment (T score, 50 = as expected) at entry and exit, and the change with its interval over cases.

    pilots: joined as in `Success`, or unions of such parts; no parts where there is only one. Where the difference from
    other numbers would tell of few (in all parts if in one), cases and goals are None, and cases_from and goals_from
    say that there are at least so many. unscored: share (0-1) of ended cases without goals of which both levels are
    known, or the most it may be (with cases_from). attained may be hidden (None), though the scores are not.
    """

    teryt: str
    pilots: str
    cases: int | None
    goals: int | None
    cases_from: int | None
    goals_from: int | None
    unscored: float | None
    entry: float | None
    exit: float | None
    change: Estimate
    attained: float | None
    reason: str


class Coaching(NamedTuple):
    """Coaching: social workers with it, meetings, hours. kind: "individual", "group", "" both."""

    teryt: str
    kind: str
    workers: int | None
    meetings: int | None
    hours: float | None
    reason: str


class Effect(NamedTuple):
    """A promised effect and what was achieved. promised: of the whole project (all its voivodeships).

    achieved: counted from the data of the voivodeships of the project (basis "counted") or stated by the office
    ("stated"); own: this voivodeship's part. share: achieved / promised. complete: whether all voivodeships of the
    project delivered data.
    """

    teryt: str
    project: str
    effect: str
    name: str
    unit: str
    promised: float | None
    achieved: float | None
    own: float | None
    share: float | None
    basis: str
    complete: bool
    source: str
    reason: str


class Advice(NamedTuple):
    """One line of the table on extending the model.

    pilots: those of a part of `Success` that lack the same elements by their public documents and partners. rated: the
    part, joined as in `Success`; ended, rate and what the cases say are its own. verdict: "extend" (the rules name no
    obstacle), "mend_first" (an element is missing), "watch" (too few ended cases), "look_closer" (rate below the inner
    limit of the funnel, or its interval below the published rate). causes: keys joined by "+": elements missing,
    "few_ended", "low_rate", "below_published", "basket_short", "no_network_change", "no_followup".
    """

    teryt: str
    pilots: str
    rated: str
    verdict: str
    causes: str
    ended: int | None
    rate: float | None


TABLES: Final[Mapping[str, type[NamedTuple]]] = {
    "sectors": Sector,
    "projects": Project,
    "pilots": Pilot,
    "partners": Partner,
    "fidelity": Fidelity,
    "network": NetworkMeasure,
    "brokers": Broker,
    "ties": Tie,
    "sector_ties": SectorTie,
    "case_flow": CaseFlow,
    "durations": Duration,
    "success": Success,
    "comparison": Comparison,
    "baskets": Basket,
    "goals": GoalScore,
    "coaching": Coaching,
    "effects": Effect,
    "advice": Advice,
}
"""Published tables by name. A column is named as its field; the ends of an estimate x are x_low and x_high."""
