"""Networks of pilots: the permutation test against all swaps there are, and what is known of one wave."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small_pilots import HAND, PARTNERS, TIES, USUAL, inputs, partner, pilot, tie

from ropsanalysis.cooperation.networks import brokers, network_table, read_networks, sector_ties
from ropsanalysis.cooperation.parameters import CooperationParameters
from ropsanalysis.stats.comparison import adjust

MANY = replace(USUAL, permutations=1_999)


def test_the_test_has_the_probability_of_all_swaps() -> None:
    # Three pairs differ, so eight swaps are equally likely; only none and all of them move the density by 0.3: 1/4.
    found = network_table(read_networks(HAND, parameters=MANY), parameters=MANY)
    density = found[(found["pilot"] == "04-a") & (found["measure"] == "density")].iloc[0]
    assert density["p"] == pytest.approx(0.25, abs=4 * np.sqrt(0.25 * 0.75 / 2_000))


def test_holm_runs_over_the_measures_of_a_pilot() -> None:
    found = network_table(read_networks(HAND, parameters=MANY), parameters=MANY)
    own = found[found["pilot"] == "04-a"]
    expected = adjust(own["p"].astype("float64").to_numpy(), method="holm")
    np.testing.assert_allclose(own["p_adjusted"].astype("float64").to_numpy(), expected.round(4))


def test_networks_without_a_change_are_rarely_found_changed() -> None:
    """If nothing changed, p is at most 0.1 in a tenth of pilots; 120 of them, limits of 4 standard deviations."""
    rng = np.random.default_rng(11)
    entities = [partner(f"e{number}", "education", "gmina") for number in range(7)]
    pairs = [(f"e{one}", f"e{other}") for one in range(7) for other in range(one + 1, 7)]
    pilots, partners, ties = [], [], []
    for number in range(120):
        key = f"04-{number:03}"
        pilots.append(pilot(key))
        partners += [one | {"pilot": key} for one in entities]
        for wave in ("before", "after"):
            ties += [tie(wave, *pair, pilot=key) for pair in pairs if rng.random() < 0.4]
    parameters = replace(USUAL, permutations=199)
    networks = read_networks(inputs(pilots=pilots, partners=partners, ties=ties), parameters=parameters)
    found = network_table(networks, parameters=parameters)
    p = found.loc[(found["measure"] == "density") & (found["pilot"] != ""), "p"].astype("float64")
    assert len(p) == 120
    assert (p <= 0.1).mean() <= 0.1 + 4 * np.sqrt(0.1 * 0.9 / 120)
    assert (p > 0.5).any()


def test_a_weak_tie_counts_only_as_asked() -> None:
    parameters = replace(USUAL, min_strength=2)
    found = network_table(read_networks(HAND, parameters=parameters), parameters=parameters)
    own = found[(found["pilot"] == "04-a") & (found["measure"] == "ties")].iloc[0]
    assert (own["before"], own["after"]) == (0, 4)  # the only tie before was rare (1)


def test_one_wave_is_told_and_not_compared() -> None:
    after = [one for one in TIES if one["wave"] == "after"]
    pilots = [pilot("04-a"), pilot("04-b"), pilot("04-c")]
    partners = [
        *PARTNERS,
        *({**one, "pilot": "04-b"} for one in PARTNERS),
        partner("ops", "other", "gmina", pilot="04-c"),
    ]
    ties = [*TIES, *({**one, "pilot": "04-b"} for one in after)]
    networks = read_networks(inputs(pilots=pilots, partners=partners, ties=ties), parameters=USUAL)
    found = network_table(networks, parameters=USUAL)
    density = found[found["measure"] == "density"].set_index("pilot")
    assert density["reason"].to_dict() == {"": "", "04-a": "", "04-b": "one_wave", "04-c": "no_ties"}
    assert density.loc["04-b", "after"] == 0.4
    assert density.loc[["04-b", "04-c"], ["before", "difference", "p"]].isna().all(axis=None)
    assert density.loc["", "difference"] == 0.3  # the mean is of the one pilot with both waves
    assert sector_ties(networks)["possible"].sum() == 10  # of that pilot as well
    assert (
        brokers(networks).set_index(["pilot", "entity"]).loc[("04-c", "ops"), ["degree", "degree_before"]].isna().all()
    )


def test_the_mean_is_over_pilots() -> None:
    pilots, twice = [pilot("04-a"), pilot("04-b")], [{**one, "pilot": "04-b"} for one in PARTNERS]
    ties = [*TIES, tie("before", "ops", "pup", pilot="04-b"), tie("after", "ops", "pup", pilot="04-b")]
    networks = read_networks(inputs(pilots=pilots, partners=[*PARTNERS, *twice], ties=ties), parameters=USUAL)
    found = network_table(networks, parameters=USUAL).set_index(["pilot", "measure"])
    mean = found.loc[("", "density")]
    assert (mean["before"], mean["after"], mean["difference"]) == (0.1, 0.25, 0.15)  # 0.1 0.4 and 0.1 0.1
    assert mean["entities"] == 10


def star_and_chain(leaves: int, pilot: str, wave: str, chain: int) -> list[dict[str, object]]:
    """Return ties of the animator to the first leaves, and of leaves to one another, each to the next."""
    found = [tie(wave, "a", f"l{k}", pilot=pilot) for k in range(leaves)]
    return found + [tie(wave, f"l{k}", f"l{k + 1}", pilot=pilot) for k in range(chain)]


def test_brokerage_counts_the_paths_of_all_pilots_together() -> None:
    sectors = ("employment", "education", "health", "courts", "police", "ngo")
    pilots, partners, ties = [], [], []
    for key, before, after in (("04-a", (5, 0), (6, 0)), ("04-b", (0, 4), (4, 4))):
        pilots.append(pilot(key))
        partners += [partner("a", "social_assistance", "gmina", "animator", pilot=key)]
        partners += [partner(f"l{k}", sector, "gmina", pilot=key) for k, sector in enumerate(sectors)]
        ties += star_and_chain(before[0], key, "before", before[1]) + star_and_chain(after[0], key, "after", after[1])
    networks = read_networks(inputs(pilots=pilots, partners=partners, ties=ties), parameters=USUAL)
    found = network_table(networks, parameters=USUAL).set_index(["pilot", "measure"]).xs("brokerage", level="measure")
    # a: stars of 5 and 6 leaves, 10 and 15 paths. b: before, the chain of five has 3 paths and none of the animator's;
    # after, the animator has 4 * 3 / 2 - 3 = 3 pairs that are not tied, the chain 3 paths, and l4 - l3 - animator is 1.
    assert found[["paths_before", "paths_after"]].T.to_dict("list") == {"": [13, 22], "04-a": [10, 15], "04-b": [3, 7]}
    assert found.loc["04-a", ["before", "after"]].tolist() == [1, 1]
    assert found.loc["04-b", ["before", "after", "difference", "p"]].isna().all()
    assert found.loc["04-b", "reason"] == "few_paths"
    # Shares of 1 and 0 before are no half of both: 10 of 13 paths, then 18 of 22; nothing tests such a difference.
    assert found.loc["", ["before", "after", "difference"]].tolist() == [0.769, 0.818, 0.049]
    assert found.loc[""].isna()[["p", "p_adjusted"]].all()


def test_a_pilots_result_does_not_depend_on_the_others() -> None:
    pilots, twice = [pilot("04-a"), pilot("04-0")], [{**one, "pilot": "04-0"} for one in PARTNERS]
    ties = [*TIES, tie("before", "ops", "pup", pilot="04-0"), tie("after", "ops", "pcpr", pilot="04-0")]
    alone = network_table(read_networks(HAND, parameters=USUAL), parameters=USUAL)
    both = inputs(pilots=pilots, partners=[*PARTNERS, *twice], ties=ties)
    found = network_table(read_networks(both, parameters=USUAL), parameters=USUAL)
    own, others = (one[one["pilot"] == "04-a"].reset_index(drop=True) for one in (alone, found))
    assert own.equals(others)


def test_the_number_of_draws_is_the_choice_of_method() -> None:
    found = network_table(read_networks(HAND, parameters=USUAL), parameters=CooperationParameters(permutations=9))
    assert set(found["p"].dropna()) <= {place / 10 for place in range(1, 11)}
