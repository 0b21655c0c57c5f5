"""Measures of networks against networkx and published values; the permutation test against every swap there is."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pytest
from scipy.stats import binomtest, kstest

from ropsanalysis.cooperation.records import NetworkMeasure
from ropsanalysis.stats.network import (
    Network,
    PairedTest,
    betweenness,
    brokered_paths,
    circle_layout,
    measures,
    paired_permutations,
)
from ropsanalysis.stats.network_measures import MEASURES


def network(graph: nx.Graph, sector: list[int] | None = None, animator: int | None = None) -> Network:
    """Return a network whose levels are those of the sectors halved."""
    n = len(graph)
    codes = np.arange(n) if sector is None else np.array(sector)
    return Network(nx.to_numpy_array(graph, weight=None) > 0, codes, codes // 2, animator)


def random_network(rng: np.random.Generator, n: int = 12, share: float = 0.25) -> Network:
    upper = np.triu(rng.random((n, n)) < share, 1)
    return Network(upper | upper.T, rng.integers(0, 4, n), rng.integers(0, 2, n), int(rng.integers(n)))


def flipped(own: Network, pairs: list[tuple[int, int]]) -> Network:
    """Return the network with some ties taken up or dropped."""
    adjacency = own.adjacency.copy()
    for i, j in pairs:
        adjacency[i, j] = adjacency[j, i] = not adjacency[i, j]
    return own._replace(adjacency=adjacency)


# --- measures -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [3, 4, 9])
def test_star_circle_and_complete_network_of_freeman(n: int) -> None:
    # Freeman (1978): both centralisations are 1 in a star, and 0 where all entities are alike.
    star = measures(network(nx.star_graph(n - 1), animator=0))
    assert (star["centralisation"], star["betweenness_centralisation"]) == pytest.approx((1, 1))
    assert (star["brokerage"], star["reach"], star["ties"]) == (1, 1, n - 1)
    for graph in (nx.cycle_graph(n), nx.complete_graph(n)):
        even = measures(network(graph))
        assert (even["centralisation"], even["betweenness_centralisation"]) == pytest.approx((0, 0))
    assert measures(network(nx.complete_graph(n)))["density"] == 1


def test_kite_of_krackhardt() -> None:
    # Krackhardt (1990), Assessing the political landscape, Administrative Science Quarterly 35: Heather (7) lies most
    # often between others, for 14 of 36 pairs; Fernando and Garth (5, 6) 8.33; Diane (3) has most ties, 6.
    kite = network(nx.krackhardt_kite_graph())
    assert betweenness(kite)[[3, 5, 6, 7, 8]] == pytest.approx(np.array([11 / 3, 25 / 3, 25 / 3, 14, 8]) / 36)
    found = measures(kite)
    assert found["centralisation"] == pytest.approx((10 * 6 - 36) / (9 * 8))
    assert found["ties"] == 18


def test_marriages_of_florentine_families() -> None:
    # Padgett's marriages, as in Wasserman and Faust (1994), Social Network Analysis, ch. 5: with Pucci, who has no tie,
    # the centralisation of degrees is 0.267; without, the Medici have betweenness 0.522, and its centralisation is
    # 0.437. With Pucci, igraph's centr_betw gives 0.3834921.
    families = nx.florentine_families_graph()
    found = measures(network(families))
    medici = list(families).index("Medici")
    assert round(betweenness(network(families))[medici], 3) == 0.522
    assert round(found["betweenness_centralisation"], 3) == 0.437
    families.add_node("Pucci")
    found = measures(network(families))
    assert round(found["centralisation"], 3) == 0.267
    assert found["betweenness_centralisation"] == pytest.approx(0.3834921, abs=5e-8)
    assert found["reach"] == pytest.approx((15 * 14) / (16 * 15))


def test_karate_club_of_zachary() -> None:
    # igraph, centr_betw of the karate club: 0.4055572. 78 ties among 34 members (Zachary 1977).
    found = measures(network(nx.karate_club_graph()))
    assert found["betweenness_centralisation"] == pytest.approx(0.4055572, abs=5e-8)
    assert (found["ties"], found["density"]) == (78, pytest.approx(78 / 561))


@pytest.mark.parametrize("share", [0.05, 0.15, 0.3, 0.7])
def test_random_networks_are_measured_as_by_networkx_and_by_hand(share: float) -> None:
    rng = np.random.default_rng(1)
    for n in (3, 7, 15):
        own = random_network(rng, n, share)
        graph = nx.from_numpy_array(own.adjacency.astype(int))
        found = measures(own)
        assert found["density"] == pytest.approx(nx.density(graph))
        assert found["ties"] == graph.number_of_edges()
        degree = np.array([graph.degree(k) for k in range(n)])
        assert found["centralisation"] == pytest.approx((degree.max() - degree).sum() / ((n - 1) * (n - 2)))
        between = np.array(list(nx.betweenness_centrality(graph).values()))
        assert betweenness(own) == pytest.approx(between)
        assert found["betweenness_centralisation"] == pytest.approx((between.max() - between).sum() / (n - 1))
        sizes = [len(part) for part in nx.connected_components(graph)]
        assert found["reach"] == pytest.approx(sum(s * (s - 1) for s in sizes) / (n * (n - 1)))
        for name, codes in (("cross_sector", own.sector), ("cross_level", own.level)):
            unlike = [codes[i] != codes[j] for i, j in graph.edges]
            assert found[name] == pytest.approx(np.mean(unlike) if unlike else np.nan, nan_ok=True)
        assert found["brokerage"] == pytest.approx(brute_brokerage(own), nan_ok=True)


def brute_brokerage(own: Network) -> float:
    """Count every path i - k - j between unlike sectors not tied themselves, one by one."""
    middles = [
        k
        for i, j in itertools.combinations(range(len(own.adjacency)), 2)
        for k in range(len(own.adjacency))
        if own.adjacency[i, k] and own.adjacency[k, j] and not own.adjacency[i, j] and own.sector[i] != own.sector[j]
    ]
    return float(np.mean([k == own.animator for k in middles])) if middles else np.nan


def test_brokerage_by_hand() -> None:
    # A path 0 - 1 - 2 - 3 and sectors 0, 0, 1, 0: of 0 - 1 - 2 (unlike) and 1 - 2 - 3 (like) only the first counts.
    path = nx.path_graph(4)
    assert measures(network(path, [0, 0, 1, 0], animator=1))["brokerage"] == 1
    assert measures(network(path, [0, 0, 1, 0], animator=2))["brokerage"] == 0
    # All sectors unlike: two paths, one through each.
    assert measures(network(path, animator=2))["brokerage"] == 0.5
    # Once 0 and 2 are tied themselves, they need nobody between them: 0 - 2 - 3 and 1 - 2 - 3 are left.
    path.add_edge(0, 2)
    assert measures(network(path, animator=1))["brokerage"] == 0
    assert measures(network(path, animator=2))["brokerage"] == 1


def test_ties_of_entities_without_a_level_are_no_part_of_the_share_between_levels() -> None:
    star = network(nx.star_graph(4))._replace(level=np.array([0, 0, 1, -1, -1]))
    assert measures(star)["cross_level"] == 0.5  # of the ties to 1 and 2, not of all four
    assert np.isnan(measures(star._replace(level=np.array([-1, 0, 1, 0, 1])))["cross_level"])


def test_paths_behind_the_brokerage_are_counted() -> None:
    rng = np.random.default_rng(14)
    for _ in range(5):
        own = random_network(rng, 9, 0.3)
        through, paths = brokered_paths(own)
        assert through / paths == pytest.approx(brute_brokerage(own))
        middles = [
            k
            for i, j in itertools.combinations(range(9), 2)
            for k in range(9)
            if own.adjacency[i, k]
            and own.adjacency[k, j]
            and not own.adjacency[i, j]
            and own.sector[i] != own.sector[j]
        ]
        assert paths == len(middles)
    assert np.isnan(brokered_paths(own._replace(animator=None))[0])


def test_undefined_measures_are_not_numbers() -> None:
    empty = measures(network(nx.empty_graph(4), animator=0))
    assert {name for name, value in empty.items() if np.isnan(value)} == {"cross_sector", "cross_level", "brokerage"}
    assert (empty["density"], empty["reach"], empty["centralisation"]) == (0, 0, 0)
    pair = measures(network(nx.path_graph(2)))
    assert {name for name, value in pair.items() if np.isnan(value)} == {
        "centralisation",
        "betweenness_centralisation",
        "brokerage",
    }
    for n in (0, 1):
        alone = measures(network(nx.empty_graph(n)))
        assert {name for name, value in alone.items() if not np.isnan(value)} == {"ties"}


def test_measures_are_those_of_the_published_table() -> None:
    # Names as in the contract of the table, where they are listed.
    assert NetworkMeasure.__doc__ is not None
    assert all(f'"{name}"' in NetworkMeasure.__doc__ for name in MEASURES)
    assert tuple(measures(network(nx.path_graph(3)))) == MEASURES


def test_names_of_the_entities_do_not_matter() -> None:
    rng = np.random.default_rng(2)
    own = random_network(rng)
    order = rng.permutation(12)
    again = Network(
        own.adjacency[np.ix_(order, order)],
        own.sector[order],
        own.level[order],
        int(np.flatnonzero(order == own.animator)[0]),
    )
    assert measures(again) == pytest.approx(measures(own), nan_ok=True)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sector": np.zeros(3, dtype=int)}, "do not fit"),
        ({"level": np.zeros(5, dtype=int)}, "do not fit"),
        ({"adjacency": np.zeros((4, 3), dtype=bool)}, "do not fit"),
        ({"adjacency": np.zeros((4, 4))}, "bool"),
        ({"adjacency": np.eye(4, dtype=bool)}, "itself"),
        ({"adjacency": np.triu(np.ones((4, 4), dtype=bool), 1)}, "no direction"),
        ({"animator": 4}, "animator"),
        ({"animator": -1}, "animator"),
    ],
)
def test_networks_that_cannot_be_are_refused(changes: dict[str, object], message: str) -> None:
    own = network(nx.path_graph(4))._replace(**changes)
    for look in (measures, betweenness):
        with pytest.raises(ValueError, match=message):
            look(own)


# --- permutation test ---------------------------------------------------------------------------------


def paired_permutation(
    before: list[Network], after: list[Network], *, rng: np.random.Generator, draws: int
) -> dict[str, PairedTest]:
    """Return the tests of the mean over pilots."""
    return paired_permutations(before, after, rngs=[rng] * len(before), draws=draws).mean


def exact_p(before: Network, after: Network, name: str) -> float:
    """Return the two-sided p-value over all swaps of the pairs that changed."""
    changed = list(zip(*np.nonzero(np.triu(before.adjacency != after.adjacency)), strict=True))
    observed = measures(after)[name] - measures(before)[name]
    hits = []
    for swap in itertools.product((False, True), repeat=len(changed)):
        pairs = [pair for pair, moved in zip(changed, swap, strict=True) if moved]
        difference = measures(flipped(after, pairs))[name] - measures(flipped(before, pairs))[name]
        # As the test has it: a draw in which a measure is undefined shows no difference.
        hits.append(abs(np.nan_to_num(difference)) >= abs(observed) - 1e-9)
    return float(np.mean(hits))


def test_test_agrees_with_all_swaps() -> None:
    rng = np.random.default_rng(3)
    for _ in range(3):
        before = random_network(rng, 7, 0.4)
        pairs = list(itertools.combinations(range(7), 2))
        after = flipped(before, [pairs[k] for k in rng.choice(21, 7, replace=False)])
        found = paired_permutation([before], [after], rng=rng, draws=4_000)
        first, last = measures(before), measures(after)
        for name in MEASURES:
            assert found[name].difference == pytest.approx(last[name] - first[name], nan_ok=True)
            if not np.isnan(found[name].difference):
                # 4 000 draws: four standard errors of a share are at most 0.032.
                assert found[name].p == pytest.approx(exact_p(before, after, name), abs=0.032)


@pytest.mark.parametrize(("gained", "lost"), [(9, 2), (6, 6), (12, 1), (5, 0)])
def test_density_is_the_sign_test_of_the_pairs_that_changed(gained: int, lost: int) -> None:
    # McNemar's exact test is the sign test of the discordant pairs (scipy.stats.binomtest).
    before = network(nx.path_graph(10), animator=0)
    off, on = (
        list(zip(*np.nonzero(np.triu(matrix, 1)), strict=True)) for matrix in (~before.adjacency, before.adjacency)
    )
    after = flipped(before, off[:gained] + on[:lost])
    found = paired_permutation([before], [after], rng=np.random.default_rng(4), draws=9_999)
    expected = binomtest(gained, gained + lost).pvalue
    # Four standard errors of a share of 9 999 draws: at most 0.02.
    assert found["density"].p == pytest.approx(expected, abs=4 * (expected * (1 - expected) / 9_999) ** 0.5 + 2e-4)
    assert found["ties"].p == found["density"].p
    assert found["ties"].difference == gained - lost


def test_several_pilots_are_tested_by_their_mean() -> None:
    rng = np.random.default_rng(5)
    before = [random_network(rng, n) for n in (6, 9, 14)]
    after = [flipped(own, [(0, 1), (2, 3), (1, 4)]) for own in before]
    found = paired_permutation(before, after, rng=rng, draws=99)
    changes = [measures(b)["density"] - measures(a)["density"] for a, b in zip(before, after, strict=True)]
    assert found["density"].difference == pytest.approx(np.mean(changes))
    # Each of three pilots gains five ties: all fifteen pairs go one way, 2 in 2^15 swaps.
    empty = [own._replace(adjacency=np.zeros_like(own.adjacency)) for own in before]
    full = [flipped(own, [(0, 1), (0, 2), (0, 3), (0, 4), (0, 5)]) for own in empty]
    found = paired_permutation(empty, full, rng=rng, draws=499)
    assert found["ties"] == (5, pytest.approx(1 / 500))
    # Before, no tie had a sector: no pilot shows how its share changed.
    assert np.isnan(found["cross_sector"].difference)
    assert np.isnan(found["cross_sector"].p)


def test_a_pilot_without_a_measure_is_left_out_of_its_mean() -> None:
    rng = np.random.default_rng(6)
    own = random_network(rng, 8, 0.4)
    other = flipped(own, [(0, 1), (0, 2), (5, 6)])
    empty = network(nx.empty_graph(5))
    tied = flipped(empty, [(0, 1)])
    alone = paired_permutation([own], [other], rng=rng, draws=9)
    both = paired_permutation([own, empty], [other, tied], rng=rng, draws=9)
    assert both["cross_sector"].difference == alone["cross_sector"].difference
    assert both["ties"].difference == pytest.approx((alone["ties"].difference + 1) / 2)


def test_a_pilot_is_tested_alike_by_itself_and_among_others() -> None:
    rng = np.random.default_rng(13)
    before = [random_network(rng, n) for n in (6, 9, 14)]
    after = [flipped(own, [(0, 1), (2, 3), (1, 4)]) for own in before]

    def tests(*chosen: int) -> tuple[dict[str, PairedTest], ...]:
        rngs = [np.random.default_rng(pilot) for pilot in chosen]
        return paired_permutations([before[k] for k in chosen], [after[k] for k in chosen], rngs=rngs, draws=99).each

    together = tests(0, 1, 2)
    for pilot in range(3):
        (alone,) = tests(pilot)
        np.testing.assert_equal(together[pilot], alone)
        own = paired_permutation([before[pilot]], [after[pilot]], rng=np.random.default_rng(pilot), draws=99)
        np.testing.assert_equal(own, alone)
    with pytest.raises(ValueError, match="1 generators for 3 pilots"):
        paired_permutations(before, after, rngs=[rng], draws=9)


def test_no_change_shows_nothing_and_no_pilot_nothing_at_all() -> None:
    own = random_network(np.random.default_rng(7))
    found = paired_permutation([own, own], [own, own], rng=np.random.default_rng(7), draws=50)
    assert all(test == (0, 1) for test in found.values())
    nothing = paired_permutation([], [], rng=np.random.default_rng(7), draws=50)
    assert set(nothing) == set(MEASURES)
    assert all(np.isnan(test.difference) and np.isnan(test.p) for test in nothing.values())


def test_the_same_seed_gives_the_same_test_and_swapped_waves_the_same_p() -> None:
    rng = np.random.default_rng(8)
    before = random_network(rng)
    after = flipped(before, [(0, 1), (0, 2), (3, 4), (5, 6), (7, 8)])
    first, again = (paired_permutation([before], [after], rng=np.random.default_rng(9), draws=200) for _ in range(2))
    back = paired_permutation([after], [before], rng=np.random.default_rng(9), draws=200)
    for name in MEASURES:
        np.testing.assert_array_equal(first[name], again[name])
        np.testing.assert_array_equal([first[name].difference, first[name].p], [-back[name].difference, back[name].p])


def test_waves_of_other_entities_are_refused() -> None:
    own = random_network(np.random.default_rng(10), 6)
    rng = np.random.default_rng(10)
    for other in (
        random_network(rng, 7),
        own._replace(sector=own.sector + 1),
        own._replace(animator=None),
    ):
        with pytest.raises(ValueError, match="same entities"):
            paired_permutation([own], [other], rng=rng, draws=9)
    with pytest.raises(ValueError, match="1 networks before and 0 after"):
        paired_permutation([own], [], rng=rng, draws=9)
    with pytest.raises(ValueError, match="draws"):
        paired_permutation([own], [own], rng=rng, draws=0)


def test_p_values_are_uniform_where_nothing_changed() -> None:
    rng = np.random.default_rng(11)
    values: dict[str, list[float]] = {name: [] for name in MEASURES}
    for _ in range(300):
        before, after = [], []
        for _ in range(2):
            first = random_network(rng, 12, 0.3)
            before.append(first)
            after.append(first._replace(adjacency=random_network(rng, 12, 0.3).adjacency))
        for name, test in paired_permutation(before, after, rng=rng, draws=99).items():
            values[name].append(test.p)
    for name in MEASURES:
        p = np.array(values[name])
        # Never more hits than the level says, but for three standard errors of 300 simulations.
        for level in (0.05, 0.1, 0.2, 0.5):
            assert (p <= level).mean() <= level + 3 * (level * (1 - level) / 300) ** 0.5
    # Measures that take many values have p-values on the whole grid (Kolmogorov-Smirnov, a chance of 1 in 1000).
    for name in ("betweenness_centralisation", "cross_sector", "brokerage"):
        assert kstest(values[name], "uniform").pvalue > 0.001


def test_a_hub_that_arises_is_found() -> None:
    rng = np.random.default_rng(12)
    found = []
    for _ in range(40):
        before = random_network(rng, 20, 0.08)._replace(animator=0)
        adjacency = before.adjacency.copy()
        adjacency[0, 1:15] = adjacency[1:15, 0] = True
        tests = paired_permutation([before], [before._replace(adjacency=adjacency)], rng=rng, draws=199)
        found.append([tests[name].p <= 0.05 for name in ("density", "centralisation")])
    assert (np.mean(found, axis=0) > 0.9).all()


# --- places for drawing -------------------------------------------------------------------------------


def test_circle_holds_sectors_side_by_side_and_the_animator_in_the_middle() -> None:
    sector = np.array([2, 0, 1, 2, 0, 1, 1, 0])
    places = circle_layout(sector, animator=3)
    assert places[3].tolist() == [0, 0]
    others = [k for k in range(8) if k != 3]
    assert np.hypot(*places[others].T) == pytest.approx(np.ones(7))
    angle = np.arctan2(places[:, 0], places[:, 1]) % (2 * np.pi)
    around = sorted(others, key=lambda k: angle[k])
    assert [int(sector[k]) for k in around] == [0, 0, 0, 1, 1, 1, 2]
    # Between sectors the step is twice as wide as inside, also where the circle closes.
    step = np.diff([*angle[around], 2 * np.pi])
    inside = step[[0, 1, 3, 4]]
    assert inside == pytest.approx(np.full(4, 2 * np.pi / 10))
    assert step[[2, 5, 6]] == pytest.approx(2 * inside[:3])


def test_circle_of_few() -> None:
    assert circle_layout([]).shape == (0, 2)
    assert circle_layout([5], animator=0).tolist() == [[0, 0]]
    assert circle_layout([5]) == pytest.approx(np.array([[0, 1]]))
