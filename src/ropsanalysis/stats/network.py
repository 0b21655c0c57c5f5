"""Networks of cooperating entities: how dense, how centred, how mixed; and whether that changed more than by chance.

Measures after Freeman (1978); the permutation test swaps the two waves of single pairs of entities.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import networkx as nx
import numpy as np
from numpy.typing import ArrayLike

from ropsanalysis.stats import network_measures
from ropsanalysis.stats.vocabulary import BoolVector, FloatMatrix, FloatVector, IntVector

_BATCH = 64
"""Drawn networks measured at once: few enough to stay in the processor's own memory, many enough to be quick."""
_SAME = 1e-9
"""Differences this close count as the same: sums in another order differ in their last digits."""


class Network(NamedTuple):
    """Entities of a pilot and the ties between them.

    Attributes
    ----------
    adjacency
        Shape (n, n): whether two entities are tied; symmetric, nobody is tied to itself.
    sector, level
        Shape (n,): codes of sector and level of government. A negative level: ties of such entities are left out of the
        share of ties between unlike levels.
    animator
        Place of the entity that ties the others together, None if there is none.
    """

    adjacency: BoolVector
    sector: IntVector
    level: IntVector
    animator: int | None = None


class PairedTest(NamedTuple):
    """Mean difference (after less before) over the pilots and its two-sided p-value; NaN where undefined."""

    difference: float
    p: float


class PairedTests(NamedTuple):
    """Tests of each pilot by itself and of the mean over all, measure by measure."""

    each: tuple[dict[str, PairedTest], ...]
    mean: dict[str, PairedTest]


def measures(network: Network) -> dict[str, float]:
    r"""Return the measures of a network, NaN where undefined.

    Returns
    -------
    measures
        - density: ties of all possible ones.
        - centralisation: of degrees, 1 in a star and 0 where all have as many ties.
        - betweenness_centralisation: likewise of betweenness.
        - cross_sector, cross_level: share of ties between unlike sectors, unlike levels (without negative ones).
        - reach: share of pairs joined by a path.
        - brokerage: of all paths i - k - j between entities of unlike sectors that are not tied themselves, the share
          whose middle k is the animator.
        - ties: their number.

    Raises
    ------
    ValueError
        If the network's parts do not fit each other, or ties are not symmetric.

    Notes
    -----
    With degrees :math:`d_i`, centralisation is :math:`\sum_i (\max d - d_i) / ((n-1)(n-2))`; with betweenness
    :math:`b_i` (0 to 1, as in `betweenness`) it is :math:`\sum_i (\max b - b_i) / (n-1)`. Density and reach need two
    entities, centralisation three, shares of ties a tie, and brokerage an animator and such a path.

    References
    ----------
    Freeman, L. C. (1978). Centrality in social networks: conceptual clarification. Social Networks 1(3), 215-239.
    Gould, R. V., Fernandez, R. M. (1989). Structures of mediation: a formal approach to brokerage in transaction
    networks. Sociological Methodology 19, 89-126.

    Examples
    --------
    >>> star = np.zeros((4, 4), dtype=bool)
    >>> star[0, 1:] = star[1:, 0] = True
    >>> found = measures(Network(star, np.array([0, 1, 2, 2]), np.zeros(4, dtype=int), animator=0))
    >>> found["density"], found["centralisation"], found["brokerage"], found["cross_level"]
    (0.5, 1.0, 1.0, 0.0)
    """
    _check(network)
    found = network_measures.measures(network.adjacency[None], network.sector, network.level, network.animator)
    return {name: float(values[0]) for name, values in found.items()}


def brokered_paths(network: Network) -> tuple[float, int]:
    """Return the number of paths that run through the animator (NaN without one), and of all that "brokerage" counts.

    Raises
    ------
    ValueError
        As `measures`.

    Examples
    --------
    >>> path = np.eye(4, k=1, dtype=bool) | np.eye(4, k=-1, dtype=bool)
    >>> brokered_paths(Network(path, np.arange(4), np.zeros(4, dtype=int), animator=1))
    (1.0, 2)
    """
    _check(network)
    tied = network.adjacency[None].astype(np.float64)
    through, paths = network_measures.brokered(tied, network.sector, network.animator)
    return float(through[0]), int(paths[0])


def betweenness(network: Network) -> FloatVector:
    r"""Return how often each entity lies on the shortest paths between others.

    Returns
    -------
    betweenness
        Shape (n,): 0 to 1, the middle of a star has 1; 0 with fewer than three entities.

    Notes
    -----
    :math:`b_k = \frac{2}{(n-1)(n-2)} \sum_{i<j} \sigma_{ikj} / \sigma_{ij}` with the number :math:`\sigma_{ij}` of
    shortest paths from i to j and :math:`\sigma_{ikj}` of those through k. Pairs that no path joins add nothing.

    References
    ----------
    Freeman, L. C. (1977). A set of measures of centrality based on betweenness. Sociometry 40(1), 35-41.
    """
    _check(network)
    found = nx.betweenness_centrality(nx.from_numpy_array(network.adjacency.astype(np.int64)))
    return np.array([found[place] for place in range(len(network.adjacency))], dtype=np.float64)


def paired_permutations(
    before: Sequence[Network], after: Sequence[Network], *, rngs: Sequence[np.random.Generator], draws: int
) -> PairedTests:
    r"""Test whether the measures of the same entities' networks changed, in each pilot and in the mean over all.

    Parameters
    ----------
    before, after
        Networks of the pilots in the two waves, in the same order and each with the same entities.
    rngs
        Random numbers of each pilot: with one generator each, a pilot's result does not depend on the others.
    draws
        Random swaps.

    Returns
    -------
    tests
        Differences (after less before) of each measure with their p-values. The mean is over the pilots where both
        waves have the measure, and is tested on the same draws.

    Raises
    ------
    ValueError
        If waves have different pilots or entities, a network is not valid, there are not as many generators as pilots,
        or there are no draws.

    Notes
    -----
    If nothing changed, it does not matter which of the two observations of a pair of entities was made first. Each draw
    swaps the two waves of every pair with probability 1/2, independently, and measures anew;
    :math:`p = (1 + \#\{|t^*| \ge |t|\}) / (1 + \text{draws})`. A draw without a pilot that has the measure in both
    waves shows no difference, 0. Pairs of one entity are not independent of each other, so p is too small where
    entities take up or drop many ties at once.

    References
    ----------
    Pitman, E. J. G. (1937). Significance tests which may be applied to samples from any populations. Supplement to the
    Journal of the Royal Statistical Society 4(1), 119-130.
    Phipson, B., Smyth, G. K. (2010). Permutation p-values should never be zero. Statistical Applications in Genetics
    and Molecular Biology 9(1), article 39.
    """
    if len(before) != len(after):
        raise ValueError(f"{len(before)} networks before and {len(after)} after")
    if len(rngs) != len(before):
        raise ValueError(f"{len(rngs)} generators for {len(before)} pilots")
    if draws < 1:
        raise ValueError(f"draws: {draws} is below 1")
    pairs = list(zip(before, after, strict=True))
    for pair in pairs:
        _check_pair(*pair)
    observed = [_differences(first, first.adjacency[None], second.adjacency[None]) for first, second in pairs]
    drawn = [_drawn_differences(first, second, rng, draws) for (first, second), rng in zip(pairs, rngs, strict=True)]
    each = tuple(_tests([own], [chance], draws) for own, chance in zip(observed, drawn, strict=True))
    return PairedTests(each, _tests(observed, drawn, draws))


def circle_layout(sector: ArrayLike, animator: int | None = None) -> FloatMatrix:
    """Return places on a circle where entities of one sector stand side by side.

    Parameters
    ----------
    sector
        Shape (n,): codes of the sectors.
    animator
        Entity that stands in the middle; None if all stand on the circle.

    Returns
    -------
    places
        Shape (n, 2): x and y from -1 to 1. The circle begins at the top and runs clockwise through the sectors by their
        code, with a gap of one place between sectors.

    Examples
    --------
    >>> circle_layout([0, 0, 0]).round(2).tolist()
    [[0.0, 1.0], [0.87, -0.5], [-0.87, -0.5]]
    >>> circle_layout([1, 0], animator=0).round(2).tolist()
    [[0.0, 0.0], [0.0, 1.0]]
    """
    codes = np.asarray(sector, dtype=np.int64)
    places = np.zeros((codes.size, 2))
    around = [place for place in np.argsort(codes, kind="stable") if place != animator]
    if not around:
        return places
    own = codes[around]
    starts = np.concatenate([[0], np.cumsum(own[1:] != own[:-1])])
    gaps = starts[-1] + 1 if starts[-1] else 0
    angle = 2 * np.pi * (np.arange(len(around)) + starts) / (len(around) + gaps)
    places[around] = np.column_stack([np.sin(angle), np.cos(angle)])
    return places


def _tests(
    observed: Sequence[Mapping[str, FloatVector]], drawn: Sequence[Mapping[str, FloatVector]], draws: int
) -> dict[str, PairedTest]:
    """Return the tests of the mean over pilots, from the differences of each and those drawn."""
    tests = {}
    for name in network_measures.MEASURES:
        difference = _mean([found[name] for found in observed])[0] if observed else np.nan
        if np.isnan(difference):
            tests[name] = PairedTest(np.nan, np.nan)
            continue
        chance = np.nan_to_num(_mean([found[name] for found in drawn]))
        hits = int((np.abs(chance) >= abs(difference) - _SAME).sum())
        tests[name] = PairedTest(float(difference), (1 + hits) / (1 + draws))
    return tests


def _drawn_differences(before: Network, after: Network, rng: np.random.Generator, draws: int) -> dict[str, FloatVector]:
    """Return differences of the measures in drawn networks, shape (draws,) each."""
    rows, columns = np.nonzero(np.triu(before.adjacency != after.adjacency))
    batches = []
    for start in range(0, draws, _BATCH):
        many = min(_BATCH, draws - start)
        swapped = rng.random((many, rows.size)) < 0.5
        waves = []
        for own, other in ((before, after), (after, before)):
            adjacency = np.repeat(own.adjacency[None], many, axis=0)
            drawn = np.where(swapped, other.adjacency[rows, columns], own.adjacency[rows, columns])
            adjacency[:, rows, columns] = adjacency[:, columns, rows] = drawn
            waves.append(adjacency)
        batches.append(_differences(before, *waves))
    return {name: np.concatenate([batch[name] for batch in batches]) for name in network_measures.MEASURES}


def _differences(network: Network, before: BoolVector, after: BoolVector) -> dict[str, FloatVector]:
    """Return after less before of each measure for networks of the same entities, shape (d, n, n) each."""
    first, second = (
        network_measures.measures(wave, network.sector, network.level, network.animator) for wave in (before, after)
    )
    return {name: second[name] - first[name] for name in network_measures.MEASURES}


def _mean(differences: Sequence[FloatVector]) -> FloatVector:
    """Return the mean over the pilots that have a difference, NaN where none has; shape (d,)."""
    stacked = np.array(differences)
    known = ~np.isnan(stacked)
    total, many = np.where(known, stacked, 0.0).sum(axis=0), known.sum(axis=0)
    return np.where(many > 0, total / np.maximum(many, 1), np.nan)


def _check(network: Network) -> None:
    adjacency, sector, level, animator = network
    n = len(adjacency)
    if adjacency.shape != (n, n) or sector.shape != (n,) or level.shape != (n,):
        raise ValueError(f"ties of shape {adjacency.shape} do not fit sectors {sector.shape} and levels {level.shape}")
    if adjacency.dtype != np.bool_:
        raise ValueError("ties are either there or not: an array of bool is needed")
    if (adjacency != adjacency.T).any() or adjacency.diagonal().any():
        raise ValueError("ties have no direction, and nobody is tied to itself")
    if animator is not None and not 0 <= animator < n:
        raise ValueError(f"animator: there is no entity {animator} among {n}")


def _check_pair(before: Network, after: Network) -> None:
    for network in (before, after):
        _check(network)
    same = np.array_equal(before.sector, after.sector) and np.array_equal(before.level, after.level)
    if not same or before.animator != after.animator:
        raise ValueError("the two waves of a pilot must have the same entities")
