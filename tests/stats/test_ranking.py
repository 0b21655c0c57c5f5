"""Ranks with ties and standings; worked by hand, and as laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ropsanalysis.stats.ranking import competition_ranks, signed_distance, standing

NUMBERS = st.lists(st.integers(-50, 50), min_size=1, max_size=16)


def test_ties_share_the_first_place_and_the_next_place_is_skipped() -> None:
    # By hand, lower is better: 2.0 and 2.0 share places 1-2, 3.5 is third, 9.1 fourth.
    ranking = competition_ranks([9.1, 2.0, 3.5, 2.0], direction="lower")
    assert ranking.first.tolist() == [4, 1, 3, 1]
    assert ranking.last.tolist() == [4, 2, 3, 2]


def test_a_missing_unit_has_no_rank_and_moves_nobody() -> None:
    ranking = competition_ranks([5.0, np.nan, 7.0], direction="higher")
    assert np.isnan(ranking.first[1])
    assert ranking.first[[0, 2]].tolist() == [2, 1]
    assert ranking.n_ranked == 2


@given(NUMBERS)
def test_mean_of_first_and_last_place_adds_up_to_the_sum_of_places(values: list[int]) -> None:
    # Whatever the ties, mid-ranks of n units add up to n(n + 1)/2.
    ranking = competition_ranks(values, direction="higher")
    n = len(values)
    assert (ranking.first + ranking.last).sum() / 2 == pytest.approx(n * (n + 1) / 2)


@given(NUMBERS)
def test_turning_the_direction_mirrors_the_ranks(values: list[int]) -> None:
    up = competition_ranks(values, direction="higher")
    down = competition_ranks(values, direction="lower")
    assert (up.first + down.last == len(values) + 1).all()


@given(NUMBERS, st.randoms())
def test_rank_does_not_depend_on_the_order_of_units(values: list[int], random: object) -> None:
    order = list(range(len(values)))
    random.shuffle(order)  # type: ignore[attr-defined]
    plain = competition_ranks(values, direction="lower").first
    shuffled = competition_ranks([values[i] for i in order], direction="lower").first
    assert (shuffled == plain[order]).all()


@pytest.mark.parametrize(
    ("value", "direction", "expected"),
    [
        # Benchmark 10, spread 4, band 0.25: similar within 10 +/- 1.
        (11.0, "higher", "similar"),
        (11.1, "higher", "better"),
        (11.1, "lower", "worse"),
        (8.9, "lower", "better"),
        (11.1, "neutral", "above"),
        (8.9, "neutral", "below"),
        (np.nan, "lower", "unknown"),
    ],
)
def test_standing(value: float, direction: str, expected: str) -> None:
    assert standing(value, 10.0, spread=4.0, direction=direction, band_sd=0.25) == expected  # type: ignore[arg-type]


def test_without_spread_there_is_no_distance_and_all_are_similar() -> None:
    assert np.isnan(signed_distance(3.0, 3.0, spread=0.0, direction="higher"))
    assert standing(3.0, 3.0, spread=0.0, direction="higher", band_sd=0.25) == "similar"


def test_a_table_is_refused() -> None:
    with pytest.raises(ValueError, match="one-dimensional"):
        competition_ranks([[1.0, 2.0]], direction="lower")
