"""The choices of method behind the report on the social economy, each with its reason in the catalogue."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SocialEconomyParameters:
    """Choices of method; the statutory ones follow acts of law, the rest is policy.

    Attributes
    ----------
    status_since
        First day, ISO, on which the status of social enterprise existed.
    statutory_min_units, statutory_dominance
        Fewer entities than this, or one entity's share above this, make an aggregate confidential.
    count_threshold
        Fewest persons of a count from the survey that is shown.
    protection_share
        Smallest width of the interval an attacker may derive for a hidden amount, as a share of the amount.
    min_base
        Fewest answering entities behind an estimate.
    min_effective
        Fewest effective answers behind an estimate, unless all entities answered.
    widest_share, widest_relative
        Largest half-width of an interval: of a share, and of a total or a mean as a part of the estimate.
    quantile_base
        Fewest answers of a quantile that is shown.
    unanimity_base
        If fewer entities than this answered, it is confidential that all answered the same.
    confidence
        Level of the intervals.
    history_years
        Years of the series of stocks and flows.
    verification_months
        An entity verified within so many months before the register's day counts as confirmed to be active.
    log_months
        Months of the log of changes.
    survival_years
        Years of the survival curves.
    cohort_years
        Years of founding that make up one cohort.
    min_survival_entities
        Fewest entities of a survival curve.
    collapse_below
        Answers under which a cell of legal form and size is merged before weighting.
    trim_ratio
        Largest weight, as a multiple of the median weight.
    index_draws, seed
        Variants of the composite index behind the rank intervals; start of all random numbers.
    index_min_available
        Smallest share of a unit's indicators for which it gets an index.
    funnel_inner, funnel_outer
        Levels of the two control limits of the funnel plots.
    target_min_years
        Fewest years of a series from which a target is judged.
    alpha
        Level of the tests.
    """

    status_since: str = "2022-10-30"
    statutory_min_units: int = 3
    statutory_dominance: float = 0.75
    count_threshold: int = 3
    protection_share: float = 0.1
    min_base: int = 5
    min_effective: int = 10
    widest_share: float = 0.15
    widest_relative: float = 0.5
    quantile_base: int = 10
    unanimity_base: int = 10
    confidence: float = 0.95
    history_years: int = 10
    verification_months: int = 24
    log_months: int = 12
    survival_years: int = 10
    cohort_years: int = 5
    min_survival_entities: int = 30
    collapse_below: int = 3
    trim_ratio: float = 8.0
    index_draws: int = 200
    seed: int = 4_2026
    index_min_available: float = 0.5
    funnel_inner: float = 0.95
    funnel_outer: float = 0.998
    target_min_years: int = 8
    alpha: float = 0.05
