"""The published tables as typed records: what a report reads, free of data frames.

Every number here may be published; a hidden one is None, and its record's `reason` says why: "" shown, "few" too few
persons, "protected" hidden for confidentiality, "no_data" not delivered, "no_comparison" no comparison group,
"no_overlap" the groups are too different, "no_controls" no gmina without a centre to compare with, "no_pre" no year
before the opening, "unstable" cannot be estimated from these answers, "undecided" the comparison does not decide,
"no_costs" no costs, or of 0, "no_prices" amounts of different years cannot be brought to one. Shares run from 0 to 1;
effects on shares are differences of shares.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from ropsanalysis.stats.records import Estimate


class Outcome(NamedTuple):
    """An outcome of the catalogue; `items` are separated by commas."""

    key: str
    level: str
    kind: str
    name: str
    short: str
    unit: str
    digits: int | None
    direction: str
    low: float | None
    high: float | None
    items: str


class Unit(NamedTuple):
    """A voivodeship or gmina by code and name."""

    teryt: str
    level: str
    name: str


# --- persons ------------------------------------------------------------------------------------------


class Participation(NamedTuple):
    """How many persons began (None where hidden), and which share was seen at all waves.

    `group`: "participant" or "comparison". `kinds`: keys of the kinds of support that the row stands for, joined by
    "+": small kinds are put together; "" all persons of the group.
    """

    teryt: str
    group: str
    kinds: str
    persons: int | None
    entities: int | None
    reason: str


class Retention(NamedTuple):
    """Share (0-1) of persons seen at a wave ("entry", "exit", "m6", "m12", "all" for all four)."""

    teryt: str
    group: str
    wave: str
    share: float | None
    reason: str


class Lost(NamedTuple):
    """Standardised difference at entry between those seen at all waves and all who began, before and after weights."""

    teryt: str
    group: str
    trait: str
    difference: float | None
    difference_weighted: float | None


class Reliability(NamedTuple):
    """Reliability of a scale at entry."""

    teryt: str
    outcome: str
    alpha: Estimate
    omega: float | None
    items: int | None
    n: int | None
    reason: str


class Level(NamedTuple):
    """Level of an outcome at a wave among those who answered it at all waves, weighted for loss."""

    teryt: str
    group: str
    outcome: str
    wave: str
    level: Estimate
    n: int | None
    reason: str


class Change(NamedTuple):
    """Change of participants from entry to 12 months after exit, without any comparison.

    change: difference of levels; for kind "ordinal" the mean change of answers. size, size_name: effect size ("d"
    standardised mean change, "h" Cohen's h of shares, "or" cumulative odds ratio), size_low and size_high its
    interval. smallest: smallest important difference, in units of the change. verdict: "improved", "worsened",
    "small" (the whole interval is smaller than important), "unclear". p_adjusted: Holm over the outcomes of the
    voivodeship.
    """

    teryt: str
    outcome: str
    change: Estimate
    n: int | None
    size: Estimate
    size_name: str
    p: float | None
    p_adjusted: float | None
    smallest: float | None
    verdict: str
    reason: str


class Balance(NamedTuple):
    """Standardised difference of a trait at entry between participants and comparison group."""

    teryt: str
    trait: str
    before: float | None
    ipw: float | None
    balanced: float | None


class Overlap(NamedTuple):
    """Share of each group whose probability of taking part lies in a bin (low, high]."""

    teryt: str
    low: float | None
    high: float | None
    participant: float | None
    comparison: float | None


class Comparison(NamedTuple):
    """How well the comparison group serves.

    overlap: share of participants with like persons in the comparison group. worst_before, worst_after: largest
    standardised difference before and after balancing. n_effective: effective number of comparison persons.
    verdict: "good", "doubtful", "no_overlap", "no_comparison".
    """

    teryt: str
    overlap: float | None
    worst_before: float | None
    worst_after: float | None
    n_participant: int | None
    n_comparison: int | None
    n_effective: float | None
    verdict: str


class Effect(NamedTuple):
    """Effect on an outcome by one method.

    method: "before_after", "did", "ipw", "aipw", "balancing". main: whether the report's claim rests on it. grade:
    0-5 (see `evidence`). evalue, evalue_limit: E-value of the estimate and of the end of its interval nearest to no
    effect. delta: Oster's delta.
    """

    teryt: str
    outcome: str
    method: str
    effect: Estimate
    n_participant: int | None
    n_comparison: int | None
    p: float | None
    p_adjusted: float | None
    evalue: float | None
    evalue_limit: float | None
    delta: float | None
    main: bool
    grade: int | None
    reason: str


# --- gminas with a social service centre --------------------------------------------------------------


class CentreCohort(NamedTuple):
    """Gminas whose centre opened in a year; year None: gminas without one. teryt "00" is Poland."""

    teryt: str
    year: int | None
    gminas: int | None


class CentreEffect(NamedTuple):
    """Effect of opening a centre.

    controls: "never" or "not_yet". kind: "simple" (all openings), "event" (by years since the opening, in `at`),
    "cohort" (by year of opening, in `at`), "calendar" (by year, in `at`). low and high: pointwise interval;
    band: simultaneous one. gminas: gminas with a centre behind the number. few: whether gminas of either side are so
    few that the grade is lowered.
    """

    teryt: str
    outcome: str
    controls: str
    kind: str
    at: int | None
    effect: Estimate
    band_low: float | None
    band_high: float | None
    gminas: int | None
    few: bool
    main: bool
    grade: int | None
    reason: str


class CentreTest(NamedTuple):
    """A check of the comparison of gminas: "pre_trend" (joint test of the years before) or "placebo" (earlier opening).

    value: the placebo's effect. statistic, df, df_denominator: F of the joint test and its degrees of freedom. passed:
    whether nothing was found that should not be there; false, with a reason, where the check cannot be made.
    """

    teryt: str
    outcome: str
    controls: str
    test: str
    value: Estimate
    statistic: float | None
    df: int | None
    df_denominator: int | None
    p: float | None
    passed: bool
    reason: str


class CentreLevel(NamedTuple):
    """Mean of an outcome over gminas by year; series: "opened" (gminas that ever opened a centre) or "never"."""

    teryt: str
    outcome: str
    series: str
    year: int | None
    mean: float | None
    gminas: int | None


# --- value --------------------------------------------------------------------------------------------


class MapLine(NamedTuple):
    """A line of the impact map with its results; amounts in PLN of `price_year` of the summary.

    quantity: all persons or units with the outcome that the costs paid for, gross. proxy_value: as delivered, in prices
    of `price_year`; proxy_indexed: in prices of the report. impact: value of the first year net of all shares.
    present_value: discounted value of all years; share: of the total.

    Where the line rests on a measured share of persons (`outcome_key`): claimed: quantity net of deadweight; measured:
    participants of the costs times the main effect beside the comparison group, in the good direction, with its
    interval (empty where there is no such effect or participants are not known); decided: whether that effect is one
    for the better after Holm's correction. Else both are None.
    """

    teryt: str
    line: str
    stakeholder: str
    outcome: str
    outcome_key: str
    indicator: str
    proxy: str
    proxy_source: str
    evidence: str
    price_year: int | None
    quantity: float | None
    proxy_value: float | None
    proxy_indexed: float | None
    duration_years: float | None
    deadweight: float | None
    displacement: float | None
    attribution: float | None
    drop_off: float | None
    impact: float | None
    present_value: float | None
    share: float | None
    claimed: float | None
    measured: Estimate
    decided: bool


class ValueYear(NamedTuple):
    """Value of all lines in a year after the support, before and after discounting."""

    teryt: str
    year: int | None
    value: float | None
    discounted: float | None


class StakeholderValue(NamedTuple):
    """Present value by stakeholder."""

    teryt: str
    stakeholder: str
    present_value: float | None
    share: float | None


class Cost(NamedTuple):
    """Inputs by year and payer: as paid, and in prices of the report."""

    teryt: str
    year: int | None
    payer: str
    amount: float | None
    indexed: float | None
    participants: float | None


class ValueSummary(NamedTuple):
    """Result of the impact map.

    ratio: the point estimate with the interval of the draws; median: of the draws; below_one: share of draws in which
    the ratio is below 1. payback_years: None where never. biggest_line, biggest_share: the line with the largest
    present value; without_biggest: ratio without it. ratio_measured: ratio if lines with a measured outcome count only
    so far as the comparison with persons without support bears them out (see `confirmed.confirmed_deadweight`); None
    where no line rests on a measurement. reason: "", "no_data", "no_costs" or "no_prices".
    """

    teryt: str
    price_year: int | None
    rate: float | None
    inputs: float | None
    present_value: float | None
    ratio: Estimate
    median: float | None
    net_ratio: float | None
    payback_years: float | None
    below_one: float | None
    draws: int | None
    biggest_line: str
    biggest_share: float | None
    without_biggest: float | None
    ratio_measured: float | None
    reason: str


class Tornado(NamedTuple):
    """Ratio where one assumption takes its lowest and highest plausible value; line "" means all lines together."""

    teryt: str
    line: str
    assumption: str
    low: float | None
    high: float | None
    ratio_low: float | None
    ratio_high: float | None


class BreakEven(NamedTuple):
    """Value of an assumption at which the ratio is 1; None where there is none. reachable: whether it is possible."""

    teryt: str
    line: str
    assumption: str
    value: float | None
    threshold: float | None
    reachable: bool


class RatioBin(NamedTuple):
    """Share of the draws whose ratio lies in (low, high]."""

    teryt: str
    low: float | None
    high: float | None
    share: float | None


class Driver(NamedTuple):
    """Which assumption the spread of the ratio comes from: its correlation with the ratio; line "" means all lines."""

    teryt: str
    line: str
    assumption: str
    correlation: float | None


class Overclaim(NamedTuple):
    """Something in the impact map that claims too much; `code` is one of `overclaiming.CHECKS`."""

    teryt: str
    code: str
    line: str
    found: str


class CostPer(NamedTuple):
    """Cost of one lasting outcome.

    basis: "gross" (persons with the outcome 12 months after exit) or "net" (only what the support added). cost: PLN
    of the report's prices, interval from that of the share.
    """

    teryt: str
    outcome: str
    basis: str
    cost: Estimate
    per_participant: float | None
    reason: str


class Inaction(NamedTuple):
    """Cost of doing nothing, one item: discounted over its years, and what support avoids of it."""

    teryt: str
    item: str
    payer: str
    persons: float | None
    years: float | None
    cost: float | None
    avoided: float | None
    source: str


# --- claims -------------------------------------------------------------------------------------------


class Claim(NamedTuple):
    """What the report claims, with the strength of its evidence.

    subject: "persons", "gminas" or "value". verdict: "improved", "worsened", "small", "unclear", "unknown".
    doubts: keys of what would change our mind, joined by "+": see `evidence.DOUBTS`.
    """

    teryt: str
    subject: str
    outcome: str
    method: str
    effect: Estimate
    grade: int | None
    verdict: str
    doubts: str
    reason: str


class Protection(NamedTuple):
    """How many results were hidden, and of how many."""

    teryt: str
    table: str
    results: int | None
    hidden: int | None


TABLES: Final[Mapping[str, type[NamedTuple]]] = {
    "outcomes": Outcome,
    "units": Unit,
    "participation": Participation,
    "retention": Retention,
    "lost": Lost,
    "reliability": Reliability,
    "levels": Level,
    "changes": Change,
    "balance": Balance,
    "overlap": Overlap,
    "comparison": Comparison,
    "effects": Effect,
    "centre_cohorts": CentreCohort,
    "centre_effects": CentreEffect,
    "centre_tests": CentreTest,
    "centre_levels": CentreLevel,
    "map_lines": MapLine,
    "value_years": ValueYear,
    "stakeholders": StakeholderValue,
    "costs": Cost,
    "value_summary": ValueSummary,
    "tornado": Tornado,
    "break_even": BreakEven,
    "ratio_bins": RatioBin,
    "drivers": Driver,
    "overclaims": Overclaim,
    "cost_per": CostPer,
    "inaction": Inaction,
    "claims": Claim,
    "protection": Protection,
}
"""Published tables by name. A column is named as its field; the ends of an estimate x are x_low and x_high."""
