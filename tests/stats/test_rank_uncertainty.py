"""Rank intervals of a composite index: counted by hand, collapsing cases, and laws."""

from __future__ import annotations

import numpy as np
import pytest

from ropsanalysis.stats.composite import composite_index
from ropsanalysis.stats.rank_uncertainty import SCALES, indicator_weights, rank_uncertainty

VALUES = np.random.default_rng(11).normal(50, 10, (16, 6))
OPTIONS = {"directions": ["higher", "lower"] * 3, "dimensions": ["a", "a", "a", "b", "b", "c"]}


def _uncertainty(values: np.ndarray = VALUES, *, draws: int = 50, seed: int = 1) -> object:
    return rank_uncertainty(values, draws=draws, rng=np.random.default_rng(seed), **OPTIONS)  # type: ignore[arg-type]


def test_number_of_variants_by_hand() -> None:
    # 5 scales x 2 equal weightings x (all + 6 left out) = 70, and the draws.
    result = _uncertainty(draws=50)
    assert len(result.variants) == result.ranks.shape[0] == len(SCALES) * 2 * 7 + 50  # type: ignore[attr-defined]


def test_the_first_variant_is_the_plain_index() -> None:
    plain = composite_index(VALUES, **OPTIONS)  # type: ignore[arg-type]
    assert (_uncertainty().ranks[0] == plain.ranks).all()  # type: ignore[attr-defined]


def test_the_seed_decides() -> None:
    first, second, other = _uncertainty(seed=1), _uncertainty(seed=1), _uncertainty(seed=2)
    assert (first.ranks == second.ranks).all()  # type: ignore[attr-defined]
    assert not (first.ranks == other.ranks).all()  # type: ignore[attr-defined]


def test_a_unit_best_in_everything_is_first_in_every_variant() -> None:
    values = VALUES.copy()
    values[4] = np.where(np.array(OPTIONS["directions"]) == "higher", 500, -500)
    result = _uncertainty(values)
    assert (result.ranks[:, 4] == 1).all()  # type: ignore[attr-defined]
    assert result.low[4] == result.high[4] == 1  # type: ignore[attr-defined]


def test_percentiles_are_ranks_in_order() -> None:
    result = _uncertainty()
    assert (result.low <= result.median).all()  # type: ignore[attr-defined]
    assert (result.median <= result.high).all()  # type: ignore[attr-defined]
    assert (result.low == result.low.round()).all()  # type: ignore[attr-defined]


def test_every_variant_ranks_all_units_without_ties_once() -> None:
    ranks = _uncertainty().ranks  # type: ignore[attr-defined]
    scaled = [v.normalisation != "rank" for v in _uncertainty().variants]  # type: ignore[attr-defined]
    assert (np.sort(ranks[scaled], axis=1) == np.arange(1, 17)).all()


def test_a_unit_with_too_few_indicators_is_never_ranked() -> None:
    values = VALUES.copy()
    values[3, :3] = np.nan
    result = _uncertainty(values)
    assert np.isnan(result.ranks[:, 3]).all()  # type: ignore[attr-defined]
    assert np.isnan(result.high[3])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("weighting", "expected"),
    # Two dimensions of two and one indicators: 1/2 each, halved inside the first; or a third each.
    [("equal_by_dimension", [0.25, 0.25, 0.5]), ("equal_by_indicator", [1 / 3, 1 / 3, 1 / 3])],
)
def test_weights_by_hand(weighting: str, expected: list[float]) -> None:
    assert indicator_weights(["a", "a", "b"], weighting=weighting) == pytest.approx(expected)  # type: ignore[arg-type]
