"""The tables on the social economy as typed records: what a report reads, free of data frames.

Every number here may be published. A hidden number of the survey is None, and its record's `reason` says what the
report prints. Shares and rates run from 0 to 1; legal form "" is all forms, group "" all groups, cohort "" all cohorts.
"""

from __future__ import annotations

from typing import NamedTuple

from ropsanalysis.stats.records import Estimate


class Unit(NamedTuple):
    """A territorial unit; `parent` is the code of the unit it lies in."""

    teryt: str
    level: str
    name: str
    parent: str
    kind: str


class LegalForm(NamedTuple):
    """A legal form or kind of entity; `short` fits beside a chart, `logged` means its changes are listed."""

    key: str
    name: str
    short: str
    group: str
    reintegration: bool
    logged: bool


class RegisterCount(NamedTuple):
    """What one register brought: its records, the entities they are, those shared with others, pairs to review."""

    teryt: str
    source: str
    records: int | None
    entities: int | None
    shared: int | None
    review: int | None


class Stock(NamedTuple):
    """Entities at the end of a year or, in the last row, on the day of the registers (`day`, ISO)."""

    teryt: str
    legal_form: str
    year: int
    day: str
    entities: int
    population: int | None
    per_10k: float | None


class Structure(NamedTuple):
    """Entities of one legal form in one unit; `active` are those confirmed to be active."""

    teryt: str
    legal_form: str
    entities: int
    active: int | None
    active_share: float | None
    share: float | None
    per_10k: float | None
    location_quotient: float | None


class Gmina(NamedTuple):
    """A gmina with its entities by group of legal forms."""

    teryt: str
    name: str
    parent: str
    kind: str
    population: int | None
    entities: int
    per_10k: float | None
    social_enterprises: int
    reintegration_units: int
    cooperatives: int | None
    companies: int | None
    organisations: int | None
    kgw: int | None


class Coverage(NamedTuple):
    """Gminas with and without entities of a kind (any, reintegration, social_enterprise); a share of gminas."""

    teryt: str
    kind: str
    gminas: int
    with_any: int
    without: int
    population_without: int | None
    share_without: float | None


class Inequality(NamedTuple):
    """How unequal the density of entities is between powiats, and how concentrated the entities are."""

    teryt: str
    year: int
    n: int
    gini: float | None
    theil: float | None
    theil_between: float | None
    theil_within: float | None
    hhi: float | None
    top_share: float | None


class Flow(NamedTuple):
    """Entities at the opening of a period, those that came and went, and at its closing.

    `entry_rate` and `exit_rate` are per entity of the mean of opening and closing; without `exits_known` some
    registers do not show closed entities.
    """

    teryt: str
    legal_form: str
    period: str
    first_day: str
    last_day: str
    opening: int
    founded: int
    arrived: int
    closed: int
    left: int
    closing: int
    exits_known: bool
    entry_rate: Estimate
    exit_rate: Estimate

    @property
    def quarterly(self) -> bool:
        """Whether the period is a quarter, not a year."""
        return "-" in self.period

    @property
    def change(self) -> int:
        """Closing minus opening."""
        return self.closing - self.opening


class Change(NamedTuple):
    """One entry of the log: what happened to one entity on one day (ISO), and why, in the register's words."""

    gmina: str
    day: str
    name: str
    legal_form: str
    event: str
    reason: str
    source: str


class SocialEnterprises(NamedTuple):
    """Social enterprises on a day (ISO), and those that got or lost the status since the previous row."""

    teryt: str
    legal_form: str
    day: str
    enterprises: int
    gained: int | None
    lost: int | None
    per_10k: float | None


class SurvivalPoint(NamedTuple):
    """Share of entities still active so many years after they were founded."""

    teryt: str
    group: str
    cohort: str
    years: float
    at_risk: int | None
    survival: Estimate


class SurvivalSummary(NamedTuple):
    """Median lifetime in years and the shares still active after 1, 3 and 5 years."""

    teryt: str
    group: str
    cohort: str
    n: int
    events: int
    median: Estimate
    at_1: Estimate
    at_3: Estimate
    at_5: Estimate


class SurvivalTest(NamedTuple):
    """Whether survival differs between groups or between cohorts (log-rank)."""

    teryt: str
    comparison: str
    statistic: float | None
    df: int | None
    p_value: float | None
    n: int | None
    events: int | None


class Hazard(NamedTuple):
    """How much faster entities with a trait close than those of the reference; term "global" only tests the model."""

    teryt: str
    term: str
    label: str
    reference: str
    hazard_ratio: Estimate
    p_value: float | None
    ph_p_value: float | None
    n: int | None
    events: int | None


class Indicator(NamedTuple):
    """An official indicator of Statistics Poland."""

    indicator: str
    name: str
    short: str
    unit: str
    digits: int
    direction: str
    definition: str = ""
    caution: str = ""


class Observation(NamedTuple):
    """An official value of one year."""

    indicator: str
    teryt: str
    year: int
    value: float | None
    flag: str


class Position(NamedTuple):
    """Where a unit stands on an official indicator in its latest year; a tie shares the ranks first to last of n."""

    indicator: str
    teryt: str
    year: int
    value: float | None
    poland: float | None
    difference: float | None
    rank_first: int | None
    rank_last: int | None
    n: int | None


class Response(NamedTuple):
    """Entities in the registers and those that answered the survey of a year."""

    teryt: str
    legal_form: str
    year: int
    register: int | None
    respondents: int | None
    rate: float | None
    reason: str


class Quality(NamedTuple):
    """What weighting did: design effect, effective number of answers, largest difference to the registers."""

    teryt: str
    year: int
    respondents: int | None
    register: int | None
    deff: float | None
    n_effective: float | None
    weight_min: float | None
    weight_max: float | None
    n_trimmed: int | None
    iterations: int | None
    converged: bool
    difference_before: float | None
    difference_after: float | None
    covered: int | None = None


class Measure(NamedTuple):
    """What the catalogue says of a measure of the survey; `base` is what its values relate to, in words."""

    key: str
    name: str
    short: str
    unit: str
    digits: int
    chapter: str
    kind: str
    base: str


class Measured(NamedTuple):
    """One measure of the survey for a unit, a legal form and a year; `base` answering entities."""

    teryt: str
    legal_form: str
    year: int
    measure: str
    value: Estimate
    base: int | None
    reason: str


class Protection(NamedTuple):
    """The audit of one protected system of tables."""

    system: str
    cells: int | None
    hidden: int | None
    width_required: float | None
    width_smallest: float | None
    gap: float | None
    verdict: str


class ConditionIndicator(NamedTuple):
    """A partial indicator of the composite index; `source` is register, survey or official."""

    key: str
    dimension: str
    name: str
    short: str
    unit: str
    digits: int
    direction: str
    source: str
    levels: str


class ConditionValue(NamedTuple):
    """A partial indicator's value for one unit."""

    teryt: str
    key: str
    value: float | None
    reason: str


class Condition(NamedTuple):
    """A unit's composite index (0–100), its dimensions, and its place among the units of its level.

    `rank` carries the places in the variants of the index; `rank_region` of `n_region` is the place of a powiat in
    its voivodeship; `available` is the share of the indicators that are known.
    """

    teryt: str
    level: str
    score: float | None
    rank: Estimate
    n: int | None
    vitality: float | None
    employment: float | None
    reintegration: float | None
    finances: float | None
    reach: float | None
    available: float | None
    reason: str
    rank_region: int | None = None
    n_region: int | None = None


class Owes(NamedTuple):
    """What one support centre reported for a year; year 0 is all years together.

    `share_12m` and `share_24m`: of the jobs created long enough ago (`base_12m`, `base_24m`), those that lasted.
    """

    owes: str
    name: str
    teryt: str
    subregion: str
    year: int
    advice_hours: float | None
    jobs_created: float | None
    enterprises_created: float | None
    cost_pln: float | None
    base_12m: float | None
    jobs_after_12m: float | None
    share_12m: Estimate
    base_24m: float | None
    jobs_after_24m: float | None
    share_24m: Estimate
    cost_per_job: float | None
    cost_per_lasting_job: float | None
    hours_per_enterprise: float | None


class FunnelPoint(NamedTuple):
    """One support centre in a funnel plot: its value on its base, with the control limits there."""

    measure: str
    owes: str
    name: str
    teryt: str
    base: float | None
    value: float | None
    centre: float | None
    low_inner: float | None
    high_inner: float | None
    low_outer: float | None
    high_outer: float | None
    verdict: str
    dispersion: float | None
    adjusted: bool


class FunnelLimit(NamedTuple):
    """The control limits of a funnel plot at one base."""

    measure: str
    base: float
    centre: float
    low_inner: float
    high_inner: float
    low_outer: float
    high_outer: float


class Target(NamedTuple):
    """A target of the regional programme, how far it is, and whether it will be reached.

    `on_path` is what the straight line from baseline to target asks for in the latest year; `forecast` is for the
    target year, with its 80 % interval; verdict is reached, on_track, off_track or cannot_say (then `reason`).
    """

    key: int
    teryt: str
    area: str
    name: str
    measure: str
    unit: str
    digits: int
    direction: str
    baseline: float | None
    baseline_year: int | None
    target: float | None
    target_year: int | None
    latest: float | None
    latest_year: int | None
    on_path: float | None
    forecast: Estimate
    verdict: str
    reason: str


class TargetPoint(NamedTuple):
    """One year of a target's measure."""

    key: int
    year: int
    value: float | None
