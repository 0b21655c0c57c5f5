"""The choices of method behind the report on cooperation models, each with its reason in the catalogue."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CooperationParameters:
    """Choices of method.

    Attributes
    ----------
    min_cases
        Fewest cases behind a published result.
    min_count
        Fewest cases with and without a trait behind a published share, unless all or none have it.
    min_strength
        Weakest tie that counts in the network (1-3).
    min_paths
        Fewest paths of two ties behind a share that runs through the animator.
    permutations
        Draws of the permutation test.
    seed
        Start of the random numbers.
    confidence
        Level of the intervals.
    alpha
        Level of the tests.
    goal_correlation
        Assumed correlation of goals in the T score of goal attainment.
    published_success
        Successful cases in the published pilot of rural gminas.
    published_cases
        All cases there.
    funnel_inner
        Inner limits of the funnel plot (probability).
    funnel_outer
        Outer limits of the funnel plot (probability).
    min_ended
        Fewest ended cases of a pilot before the model is advised for wider use.
    min_element_share
        Least share of cases with an element of the minimum content (diagnosis, contract, basket) for it to be kept.
    min_delivered
        Share of planned services delivered below which baskets are called short.
    """

    min_cases: int = 10
    min_count: int = 3
    min_strength: int = 1
    min_paths: int = 10
    permutations: int = 999
    seed: int = 7_2026
    confidence: float = 0.95
    alpha: float = 0.05
    goal_correlation: float = 0.3
    published_success: int = 140
    published_cases: int = 172
    funnel_inner: float = 0.95
    funnel_outer: float = 0.998
    min_ended: int = 20
    min_element_share: float = 0.5
    min_delivered: float = 0.8
