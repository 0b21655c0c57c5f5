"""Nothing published of persons gives an answer away: rules by hand, and attacks that try every possible count."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from simulated_persons import make_inputs, make_panel

from ropsanalysis.social_impact import protection
from ropsanalysis.social_impact.assess import person_tables
from ropsanalysis.social_impact.parameters import SocialImpactParameters
from ropsanalysis.social_impact.persons import read_persons, unlike

USUAL = SocialImpactParameters()
SHARES = ("work", "income_work", "assistance")


def _published(panel: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return person_tables(make_inputs(panel), parameters=USUAL)


def _small(seed: int, *, missing: float = 0.01) -> pd.DataFrame:
    """Return a small voivodeship in which few work; without loss weights are 1 and shares tell counts."""
    panel = make_panel(22, 21, seed=seed, entities=6, loss=0.0, missing=missing)
    rng = np.random.default_rng(seed)
    works = (rng.random(len(panel)) < rng.choice([0.1, 0.25, 0.4])).astype(float)
    panel["work"] = panel["work"].where(panel["work"].isna(), works)
    panel["hours"] = panel["hours"] * works
    panel["income_source"] = np.where(works == 1, "work", "benefit")
    return panel


def _true_count(panel: pd.DataFrame, outcome: str, group: str, wave: str) -> tuple[int, int]:
    """Return how many of the base have the trait, and how many there are."""
    source = panel.assign(income_work=(panel["income_source"] == "work").astype(float))
    wide = source[source["group"] == group].set_index(["person", "wave"])[outcome].unstack()  # noqa: PD010
    base = wide.dropna()
    return int(base[wave].sum()), len(base)


# --- rules --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("yes", "no", "expected"),
    [(5, 5, ""), (4, 20, "protected"), (20, 4, "protected"), (4, 5, "few"), (0, 30, "protected")],
)
def test_a_share_needs_five_with_and_without_the_trait_of_ten(yes: int, no: int, expected: str) -> None:
    answers = np.repeat([1.0, 0.0], (yes, no))[:, None]
    assert protection.hidden_because(answers, parameters=USUAL) == expected


def test_one_wave_of_few_hides_all_waves() -> None:
    fine, rare = np.repeat([1.0, 0.0], (10, 10)), np.repeat([1.0, 0.0], (3, 17))
    assert protection.hidden_because(np.column_stack((fine, rare, fine, fine)), parameters=USUAL) == "protected"


def test_unlike_counts_those_who_differ_from_most() -> None:
    assert unlike(np.array([3.0, 3, 3, 4, 5, np.nan])) == 2
    assert unlike(np.array([])) == 0
    assert unlike(np.full(3, np.nan)) == 0


def test_traits_are_compared_between_sets_that_both_are_large_and_mixed() -> None:
    traits = np.column_stack((np.tile([0.0, 1.0], 20), np.repeat([0.0, 1.0], (37, 3))))
    first = np.arange(40) < 20
    shown = protection.open_traits(traits, first, ~first, parameters=USUAL)
    assert shown.tolist() == [True, False]
    assert not protection.open_traits(traits, np.arange(40) < 9, ~first, parameters=USUAL).any()


def test_an_outcome_that_is_protected_in_one_group_is_hidden_in_both_and_by_all_methods() -> None:
    panel = make_panel(60, 60, loss=0.0, missing=0.0)
    rare = (panel["group"] == "comparison") & (panel["wave"] == "m6")
    panel.loc[rare, "assistance"] = 0.0
    found = _published(panel)
    for name, fields in (("levels", ["level", "n"]), ("changes", ["change", "size", "n", "p", "smallest"]),
                         ("effects", ["effect", "n_participant", "p", "evalue", "delta", "grade"])):  # fmt: skip
        own = found[name][found[name]["outcome"] == "assistance"]
        assert set(own["reason"]) == {"protected"}, name
        assert own[fields].isna().all(axis=None), name


def test_hours_are_hidden_where_they_would_tell_how_many_work() -> None:
    panel = make_panel(30, 0, loss=0.0, missing=0.0)
    works = panel["person"].isin(panel["person"].unique()[:3])
    panel["work"], panel["hours"] = works.astype(float), 40.0 * works
    panel["income_source"] = np.where(works, "work", "family")
    panel["months_to_work"] = np.where(works & panel["wave"].isin(("m6", "m12")), 0.0, np.nan)
    changes, levels = (_published(panel)[name] for name in ("changes", "levels"))
    for outcome in ("work", "hours", "income_work"):
        assert set(changes.loc[changes["outcome"] == outcome, "reason"]) == {"protected"}
    assert levels.loc[levels["outcome"] == "months_to_work", "reason"].tolist() == ["protected"]


def test_what_is_hidden_is_counted() -> None:
    found = _published(_small(1))
    table = found["protection"].set_index("table")
    for name in ("levels", "changes", "effects"):
        hidden = found[name]["reason"].isin(("few", "protected")).sum()
        assert table.loc[name, ["results", "hidden"]].tolist() == [len(found[name]), hidden]


# --- one share within another -------------------------------------------------------------------------


def _living(panel: pd.DataFrame, lacking: int, *, wave: str = "m6", group: str = "comparison") -> pd.DataFrame:
    """Let all who work live on it, but so many of a group at a wave; at others eight of each group do not."""
    source = np.where(panel["work"] == 1, "work", "benefit")
    for who in ("participant", "comparison"):
        for when in ("entry", "exit", "m6", "m12"):
            at = np.flatnonzero((panel["group"] == who) & (panel["wave"] == when) & (panel["work"] == 1))
            source[at[: lacking if (who, when) == (group, wave) else 8]] = "benefit"
    return panel.assign(income_source=source)


@pytest.mark.parametrize("group", ["participant", "comparison"])
@pytest.mark.parametrize("wave", ["entry", "m12"])
@pytest.mark.parametrize(("lacking", "hidden"), [(0, False), (1, True), (4, True), (5, False)])
def test_a_share_within_another_is_hidden_where_the_difference_counts_a_few(
    lacking: int, hidden: bool, wave: str, group: str
) -> None:
    panel = make_panel(120, 120, loss=0.0, missing=0.0, seed=3)
    found = _published(_living(panel, lacking, wave=wave, group=group))
    for name in ("levels", "changes", "effects"):
        own = found[name].set_index("outcome")["reason"]
        assert (set(own.loc[["income_work"]]) == {"protected"}) == hidden, name
        assert "protected" not in set(own.loc[["work"]]), name
        if hidden:
            rows = found[name][found[name]["outcome"] == "income_work"]
            numbers = rows.select_dtypes("number").drop(columns="smallest", errors="ignore")
            assert numbers.isna().all(axis=None), name
    traits = found["balance"].set_index("trait")["before"]
    assert pd.isna(traits["income_work"]) == (hidden and wave == "entry")


def test_who_lives_on_work_and_says_not_to_work_is_protected_as_well() -> None:
    panel = _living(make_panel(120, 120, loss=0.0, missing=0.0, seed=3), 8)
    at = np.flatnonzero((panel["group"] == "participant") & (panel["wave"] == "exit") & (panel["work"] == 0))
    panel.iloc[at[:2], panel.columns.get_loc("income_source")] = "work"
    levels = _published(panel)["levels"]
    assert set(levels.loc[levels["outcome"] == "income_work", "reason"]) == {"protected"}


@pytest.mark.parametrize("seed", range(12))
def test_who_subtracts_one_share_from_another_never_counts_a_few(seed: int) -> None:
    panel = _small(seed, missing=0.0)
    rng = np.random.default_rng(100 + seed)
    lives = (panel["work"] == 1) & (rng.random(len(panel)) < rng.choice([0.5, 0.9, 1.0]))
    panel["income_source"] = np.where(lives, "work", "benefit")
    table = _published(panel)["levels"].set_index(["outcome", "group", "wave"])
    for group, wave in itertools.product(("participant", "comparison"), ("entry", "exit", "m6", "m12")):
        work, living = (table.loc[(name, group, wave)] for name in ("work", "income_work"))
        if work["reason"] == living["reason"] == "":
            count = (work["level"] - living["level"]) * work["n"]
            assert not 0.5 < abs(count) < 4.5, (group, wave)


# --- rounding -----------------------------------------------------------------------------------------


def test_numbers_are_stored_as_they_are_printed() -> None:
    found = _published(make_panel(90, 90))
    digits = {"work": 3, "assistance": 3, "income_work": 3, "hours": 1, "months_to_work": 1}
    for name, fields in (("levels", ("level", "level_low", "level_high")), ("effects", ("effect", "effect_low"))):
        for outcome, own in found[name].groupby("outcome"):
            numbers = own[list(fields)].to_numpy(dtype=float)
            np.testing.assert_array_equal(numbers, numbers.round(digits.get(outcome, 2)))
    for table, column, places in (("retention", "share", 2), ("overlap", "participant", 2), ("balance", "before", 2),
                                  ("lost", "difference", 2), ("effects", "p", 4)):  # fmt: skip
        numbers = found[table][column].to_numpy(dtype=float)
        np.testing.assert_array_equal(numbers, numbers.round(places))


def test_rounding_leaves_no_minus_before_zero_and_no_infinity() -> None:
    assert str(protection.rounded(-0.0001, 2)) == "0.0"
    assert protection.rounded(np.inf, 2) is None
    assert protection.rounded(np.nan, 2) is None


# --- attacks ------------------------------------------------------------------------------------------


def _possible(level: float, n: int) -> list[int]:
    """Return all counts of n that give a printed share."""
    return [count for count in range(n + 1) if abs(count / n - level) <= 0.0005 + 1e-9]


@pytest.mark.parametrize("seed", range(12))
def test_no_count_below_five_follows_from_the_levels_of_a_small_voivodeship(seed: int) -> None:
    panel = _small(seed)
    table = _published(panel)["levels"]
    for row in table[table["outcome"].isin(SHARES)].to_dict("records"):
        count, n = _true_count(panel, row["outcome"], row["group"], row["wave"])
        if row["reason"]:
            assert pd.isna(row["level"])
            assert pd.isna(row["n"])
            continue
        possible = _possible(row["level"], row["n"])
        assert count in possible
        assert all(5 <= guess <= n - 5 for guess in possible)


@pytest.mark.parametrize("seed", range(12))
def test_who_tries_all_counts_against_the_printed_differences_never_finds_one_below_five(seed: int) -> None:
    """Try each pair of counts (participants, comparison) of a trait at entry against its printed difference."""
    panel = _small(seed, missing=0.0)
    found = _published(panel)
    (persons,) = read_persons(make_inputs(panel))
    balance = found["balance"].set_index("trait")["before"]
    comparison = found["comparison"].iloc[0]
    n1, n0 = int(comparison["n_participant"]), int(comparison["n_comparison"])
    k1, k0 = np.meshgrid(np.arange(n1 + 1), np.arange(n0 + 1), indexing="ij")
    spread = np.sqrt(k1 / n1 * (1 - k1 / n1) * n1 / (n1 - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        difference = (k1 / n1 - k0 / n0) / spread
    for trait in ("work", "income_work", "assistance", "female", "disability"):
        if pd.isna(balance[trait]):
            continue
        possible = np.argwhere(np.abs(difference - balance[trait]) <= 0.005 + 1e-9)
        harmless = (possible >= 5).all(axis=1) & (possible <= [n1 - 5, n0 - 5]).all(axis=1)
        assert harmless.any()
        values = persons.traits[:, persons.trait_names.index(trait)]
        for group in ("participant", "comparison"):
            assert unlike(values[persons.throughout & persons.group(group)]) >= 5


@pytest.mark.parametrize("seed", range(12))
def test_the_largest_difference_is_one_that_is_printed_anyway(seed: int) -> None:
    found = _published(_small(seed))
    printed = found["balance"]["before"].abs().max()
    assert found["comparison"]["worst_before"].iloc[0] == printed


def test_another_hidden_answer_changes_nothing_that_is_printed_of_the_outcome() -> None:
    panel = make_panel(40, 40, loss=0.0, missing=0.0, seed=2)
    people = panel["person"].unique()
    worlds = []
    for count in range(5):
        helped = panel["person"].isin(people[:count]) | (panel["person"].isin(people[40:60]))
        worlds.append(_published(panel.assign(assistance=helped.astype(float))))
    for name in ("levels", "changes", "effects"):
        # Which method is the main one follows from how alike the groups are by all their traits.
        tables = [
            world[name].query("outcome == 'assistance'").drop(columns="main", errors="ignore") for world in worlds
        ]
        for table in tables[1:]:
            pd.testing.assert_frame_equal(table, tables[0])
    for world in worlds:
        traits = pd.concat([world["balance"], world["lost"]])
        assert traits.loc[traits["trait"] == "assistance", ["before", "ipw", "balanced"]].isna().all(axis=None)


def test_the_lost_are_not_told_by_those_seen_and_all() -> None:
    """Where the difference between those kept and all is printed, at least five of the lost have the trait or not."""
    shown = hidden = 0
    for seed in range(6):
        panel = make_panel(70, 60, seed=seed, loss=0.3)
        (persons,) = read_persons(make_inputs(panel))
        table = _published(panel)["lost"]
        for row in table.to_dict("records"):
            lost = persons.group(row["group"]) & ~persons.throughout
            fewest = unlike(persons.traits[lost, persons.trait_names.index(row["trait"])])
            if pd.isna(row["difference"]):
                hidden += 1
            else:
                shown += 1
                assert lost.sum() >= 10
                assert fewest >= 5
    assert shown > 0
    assert hidden > 0


@pytest.mark.parametrize("seed", range(4))
def test_no_small_kind_of_support_follows_from_parts_and_sum(seed: int) -> None:
    rng = np.random.default_rng(seed)
    panel = make_panel(60, 30, seed=seed, entities=12, kinds=tuple(rng.choice(["cis", "kis", "wtz", "zaz", "ps"], 5)))
    table = _published(panel)["participation"].query("group == 'participant'")
    parts = table[table["kinds"] != ""].set_index("kinds")["persons"]
    true = panel[(panel["wave"] == "entry") & (panel["kind"] != "")]["kind"].value_counts()
    for part, persons in parts.items():
        kinds = part.split("+")
        assert persons == true[kinds].sum() >= 10
        if len(kinds) > 1:  # all ways to share the persons of a part out: no kind is fixed
            ways = [w for w in itertools.product(range(1, persons), repeat=len(kinds)) if sum(w) == persons]
            assert all(len({way[k] for way in ways}) > 1 for k in range(len(kinds)))


def test_nothing_is_told_of_a_voivodeship_with_nine_persons_in_each_group() -> None:
    found = _published(make_panel(9, 9, loss=0.0, missing=0.0))
    for name in ("participation", "retention", "levels", "changes", "effects"):
        assert set(found[name]["reason"]) == {"few"}, name
    numbers = found["comparison"].drop(columns=["teryt", "verdict"])
    assert numbers.isna().all(axis=None)
    assert found["balance"].empty
    assert found["lost"]["difference"].isna().all()


def test_no_table_on_persons_speaks_of_poland() -> None:
    panel = pd.concat([make_panel(40, 40, teryt=code) for code in ("02", "04")], ignore_index=True)
    assert {code for table in _published(panel).values() for code in table["teryt"]} == {"02", "04"}


def test_all_may_be_alike_at_entry_but_at_no_other_wave() -> None:
    # A centre of social integration admits nobody who works: that all are alike there tells nothing of a person.
    answers = np.zeros((20, 4))
    answers[:8, 1:] = 1.0
    assert protection.hidden_because(answers, parameters=SocialImpactParameters()) == ""
    answers[0, 0] = 1.0  # one who works after all would be told
    assert protection.hidden_because(answers, parameters=SocialImpactParameters()) == "protected"
    answers[:, 0], answers[:, 2] = 0.0, 1.0
    assert protection.hidden_because(answers, parameters=SocialImpactParameters()) == "protected"
