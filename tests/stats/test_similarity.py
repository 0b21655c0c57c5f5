"""Nearest neighbours: by hand, with gaps, and as laws."""

from __future__ import annotations

import numpy as np
import pytest

from ropsanalysis.stats.similarity import nearest, standardise, standardised_distances


def test_distances_by_hand() -> None:
    # One feature 0, 2, 4: mean 2, sd sqrt(8/3); neighbours are 2 apart -> 2 / sqrt(8/3).
    distances = standardised_distances([[0.0], [2.0], [4.0]])
    assert distances[0, 1] == pytest.approx(2 / (8 / 3) ** 0.5)
    assert distances[0, 2] == pytest.approx(4 / (8 / 3) ** 0.5)


def test_neighbours_come_nearest_first_and_never_include_the_unit_itself() -> None:
    found = nearest([[0.0, 0.0], [1.0, 1.0], [1.2, 1.1], [9.0, 9.0]], k=3)
    assert found.index[1].tolist() == [2, 0, 3]
    assert all(unit not in row for unit, row in enumerate(found.index.tolist()))
    assert (np.diff(found.distance, axis=1) >= 0).all()


def test_unit_of_a_feature_does_not_matter() -> None:
    rng = np.random.default_rng(1)
    features = rng.normal(size=(16, 4))
    stretched = features * [1, 1000, 0.01, 5] + [0, 5, 9, -3]
    assert nearest(stretched, k=3).index.tolist() == nearest(features, k=3).index.tolist()


def test_a_missing_feature_does_not_make_units_alike() -> None:
    # Units 0 and 2 share only the first feature and differ there by the whole range.
    distances = standardised_distances([[0.0, 1.0], [0.0, 2.0], [9.0, np.nan]])
    assert distances[0, 2] > distances[0, 1]


def test_units_without_a_shared_feature_are_no_neighbours() -> None:
    found = nearest([[0.0, np.nan], [1.0, np.nan], [np.nan, 5.0]], k=2)
    assert found.index[2].tolist() == [-1, -1]
    assert found.index[0].tolist() == [1, -1]
    assert np.isnan(found.distance[2]).all()


def test_constant_and_empty_columns_separate_nobody() -> None:
    scaled = standardise([[1.0, 7.0, np.nan], [3.0, 7.0, np.nan]])
    assert scaled[:, 1].tolist() == [0.0, 0.0]
    assert np.isnan(scaled[:, 2]).all()
    assert nearest([[1.0, np.nan], [3.0, np.nan]], k=1).index.ravel().tolist() == [1, 0]
