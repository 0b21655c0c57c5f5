"""k-means, agreement of partitions, stability and silhouettes: against brute force and constructed cases."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ropsanalysis.stats.typology import adjusted_rand_index, k_means, nearest, silhouette, stability

PARTITIONS = st.integers(4, 9).flatmap(
    lambda n: st.tuples(*(st.lists(st.integers(0, 3), min_size=n, max_size=n) for _ in range(2)))
)


def by_pairs(first: list[int], second: list[int]) -> float:
    """Count the adjusted Rand index over all pairs of rows, as Hubert and Arabie define it."""
    together = a = b = 0
    pairs = list(combinations(range(len(first)), 2))
    for i, j in pairs:
        same = (first[i] == first[j], second[i] == second[j])
        together += all(same)
        a += same[0]
        b += same[1]
    expected, highest = a * b / len(pairs), (a + b) / 2
    return 1.0 if expected == highest else (together - expected) / (highest - expected)


@given(PARTITIONS)
def test_adjusted_rand_index_by_brute_force(partitions: tuple[list[int], list[int]]) -> None:
    assert adjusted_rand_index(*partitions) == pytest.approx(by_pairs(*partitions))


@given(PARTITIONS)
def test_names_of_clusters_do_not_matter(partitions: tuple[list[int], list[int]]) -> None:
    first, second = partitions
    renamed = [{0: 7, 1: 5, 2: 6, 3: 1}[label] for label in first]
    assert adjusted_rand_index(renamed, second) == pytest.approx(adjusted_rand_index(second, first))


def test_random_partitions_agree_by_chance_only() -> None:
    # Law: the index is 0 on average.
    rng = np.random.default_rng(2)
    values = [adjusted_rand_index(rng.integers(3, size=60), rng.integers(3, size=60)) for _ in range(400)]
    assert np.mean(values) == pytest.approx(0.0, abs=0.005)


def test_partitions_of_different_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="same rows"):
        adjusted_rand_index([0, 1], [0, 1, 1])


def test_the_best_partition_is_found() -> None:
    # Brute force over all 2^8 ways to split eight points in two.
    points = np.random.default_rng(4).normal(size=(8, 2))

    def within(labels: tuple[int, ...]) -> float:
        parts = [points[np.array(labels) == k] for k in (0, 1)]
        return sum(((part - part.mean(axis=0)) ** 2).sum() for part in parts if len(part))

    best = min(within(labels) for labels in product((0, 1), repeat=8))
    found = k_means(points, k=2, rng=np.random.default_rng(0), starts=20)
    assert found.within == pytest.approx(best)


def test_clusters_come_in_order_of_size_and_labels_fit_centres() -> None:
    points = np.concatenate([np.zeros((3, 2)), np.full((6, 2), 10.0), np.full((4, 2), -10.0)])
    found = k_means(points, k=3, rng=np.random.default_rng(1))
    assert np.bincount(found.labels).tolist() == [6, 4, 3]
    assert found.centres == pytest.approx(np.array([[10.0, 10.0], [-10.0, -10.0], [0.0, 0.0]]))
    assert (nearest(points, found.centres) == found.labels).all()


def test_separated_groups_are_stable_and_one_cloud_is_not() -> None:
    rng = np.random.default_rng(6)
    apart = np.concatenate([rng.normal(size=(60, 3)), rng.normal(size=(60, 3)) + 12])
    cloud = rng.normal(size=(120, 3))
    found = [k_means(points, k=2, rng=rng) for points in (apart, cloud)]
    assert stability(apart, found[0], rng=rng) == 1.0
    assert stability(cloud, found[1], rng=rng) < 0.7
    assert silhouette(apart, found[0].labels) > 0.8 > 0.5 > silhouette(cloud, found[1].labels)


def test_silhouette_by_its_definition() -> None:
    points = np.random.default_rng(7).normal(size=(12, 3))
    labels = np.array([0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 3])
    widths = []
    for i in range(12):
        distance = np.sqrt(((points - points[i]) ** 2).sum(axis=1))
        own = labels == labels[i]
        if own.sum() == 1:
            widths.append(0.0)
            continue
        a = distance[own].sum() / (own.sum() - 1)
        b = min(distance[labels == other].mean() for other in set(labels) - {labels[i]})
        widths.append((b - a) / max(a, b))
    assert silhouette(points, labels) == pytest.approx(np.mean(widths))
    assert np.isnan(silhouette(points, np.zeros(12)))


def test_equal_seeds_give_equal_partitions() -> None:
    points = np.random.default_rng(9).normal(size=(50, 4))
    twice = [k_means(points, k=3, rng=np.random.default_rng(3)).labels for _ in range(2)]
    assert (twice[0] == twice[1]).all()


def test_equal_rows_do_not_stop_the_search() -> None:
    assert k_means(np.ones((5, 2)), k=2, rng=np.random.default_rng(0)).within == 0.0


def test_incomplete_rows_and_too_many_clusters_are_refused() -> None:
    with pytest.raises(ValueError, match="impute"):
        k_means([[1.0, np.nan]], k=1, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="between 1 and"):
        k_means([[1.0], [2.0]], k=3, rng=np.random.default_rng(0))
