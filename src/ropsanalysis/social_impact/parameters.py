"""The choices of method behind the report on social impact, each with its reason in the catalogue."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SocialImpactParameters:
    """Choices of method; none of them is a rule of law unless its entry in the catalogue names the act.

    Attributes
    ----------
    min_persons
        Fewest persons of a group behind a printed result.
    min_count
        Fewest persons with and without a trait behind a printed share.
    min_clusters
        Fewest entities of a group behind an interval.
    confidence
        Level of the intervals.
    alpha
        Level of the tests, after correction for many outcomes.
    smallest_difference_sd
        Smallest important difference of a mean, in standard deviations at entry.
    smallest_difference_share
        Smallest important difference of a share (0-1).
    max_attrition
        Share of persons lost (0-1) above which a claim loses a grade.
    trim_quantile
        Quantile of the weights for loss above which they are cut.
    min_overlap
        Smallest share of participants with a like person in the comparison group; below it nothing is estimated.
    max_imbalance
        Largest standardised difference that still counts as alike.
    r_squared_max
        Factor on the explained share for Oster's delta.
    min_opened
        Fewest gminas that opened a centre behind a printed effect.
    placebo_years
        Years by which the placebo moves the opening forward.
    bootstrap_draws
        Draws of the cluster bootstrap.
    map_draws
        Draws over the impact map.
    seed
        Start of all random numbers.
    discount_rate
        Yearly discount rate of the impact map, unless the office sets its own.
    dominant_share
        Share of the value of one line above which the ratio counts as driven by it.
    """

    min_persons: int = 10
    min_count: int = 5
    min_clusters: int = 5
    confidence: float = 0.95
    alpha: float = 0.05
    smallest_difference_sd: float = 0.2
    smallest_difference_share: float = 0.05
    max_attrition: float = 0.3
    trim_quantile: float = 0.99
    min_overlap: float = 0.8
    max_imbalance: float = 0.1
    r_squared_max: float = 1.3
    min_opened: int = 3
    placebo_years: int = 2
    bootstrap_draws: int = 999
    map_draws: int = 20_000
    seed: int = 5_2026
    discount_rate: float = 0.035
    dominant_share: float = 0.5
