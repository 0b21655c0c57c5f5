"""Effects of centres through the topic's tables: R's did, cases by hand, laws, what cannot be told, known truths."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import f
from simulated_gminas import EFFECT, YEARS, codes_of, empty_inputs, panel, simulate

from ropsanalysis.social_impact.centre_checks import ENOUGH_DF
from ropsanalysis.social_impact.centres import centre_tables
from ropsanalysis.social_impact.parameters import SocialImpactParameters
from ropsanalysis.social_impact.records import TABLES
from ropsanalysis.social_impact.schema import Inputs
from ropsanalysis.stats.published import columns
from ropsanalysis.stats.records import as_records
from support import shared_data

PARAMETERS = SocialImpactParameters(bootstrap_draws=199)
CARE = "home_care_per_10k"
Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return simulate(np.random.default_rng(5))


@pytest.fixture(scope="module")
def tables(inputs: Inputs) -> Tables:
    return centre_tables(inputs, parameters=PARAMETERS)


def simple(tables: Tables, teryt: str = "02", outcome: str = CARE) -> pd.Series:
    """Return the effect that the claim rests on."""
    effects = tables["centre_effects"]
    found = effects[(effects["teryt"] == teryt) & (effects["outcome"] == outcome) & effects["main"]]
    assert len(found) == 1
    return found.iloc[0]


def reasons(inputs: Inputs, outcome: str = CARE) -> set[str]:
    """Return why there is no effect of an outcome; no number may stand beside a reason."""
    effects = centre_tables(inputs, parameters=PARAMETERS)["centre_effects"]
    own = effects[effects["outcome"] == outcome]
    assert (
        own.loc[own["reason"] != "", ["effect", "effect_low", "effect_high", "band_low", "band_high", "grade"]]
        .isna()
        .all(axis=None)
    )
    return set(own["reason"])


def small(opened: list[float], rates: np.ndarray | None = None, *, years: np.ndarray = YEARS) -> Inputs:
    """Return a voivodeship of so many gminas, with noise unless rates are given."""
    if rates is None:
        rates = np.random.default_rng(1).normal(50, 5, (len(opened), years.size))
    return panel(codes_of({"02": len(opened)}), np.array(opened, dtype=float), {CARE: rates}, years)


# --- against published values and by hand ---------------------------------------------------------------


def test_effects_are_those_of_r_did_on_its_own_data() -> None:
    # R: aggte(att_gt(lemp, first.treat, data = mpdta, control = "nevertreated"), type = "simple" / "dynamic" /
    # "group"), printed in the README of did (shared/data/did_reference/reference_did_README.txt) to four digits.
    table = pd.read_csv(shared_data("did_reference") / "mpdta.csv")
    wide = table.pivot_table(index="countyreal", columns="year", values="lemp")
    begin = table.groupby("countyreal")["first.treat"].first().astype(float).replace(0, np.nan)
    inputs = panel(
        codes_of({"14": len(wide)}), begin.to_numpy(), {CARE: 1000 * wide.to_numpy()}, wide.columns.to_numpy()
    )
    effects = centre_tables(inputs, parameters=PARAMETERS)["centre_effects"]
    own = effects[(effects["outcome"] == CARE) & (effects["controls"] == "never")].set_index("kind")
    assert own.loc["event", "at"].tolist() == [-3, -2, -1, 0, 1, 2, 3]
    published = [0.0305, -0.0006, -0.0245, -0.0199, -0.0510, -0.1373, -0.1008]
    assert own.loc["event", "effect"].to_numpy() / 1000 == pytest.approx(published, abs=5.1e-5)
    # Cohort 2004: the mean of its four cells -0.0105, -0.0704, -0.1373, -0.1008.
    assert own.loc["cohort", "effect"].iloc[0] / 1000 == pytest.approx(-0.07975, abs=1e-4)
    assert own.loc["event", "gminas"].tolist() == [131, 171, 171, 191, 60, 20, 20]  # in the file: 20, 40, 131


def test_the_effect_is_the_difference_of_mean_changes() -> None:
    # Changes from 2019 to 2020: with a centre 9, 7, 8; without -1, 1, 0, 0. 8 less 0.
    rates = np.array([[10, 19], [20, 27], [30, 38], [10, 9], [20, 21], [30, 30], [40, 40]], dtype=float)
    inputs = small([2020, 2020, 2020, *[np.nan] * 4], rates, years=np.array([2019, 2020]))
    found = centre_tables(inputs, parameters=PARAMETERS)
    row = simple(found)
    assert (row["effect"], row["gminas"], row["controls"]) == (8, 3, "not_yet")
    assert row["effect_low"] < 8 < row["effect_high"]
    levels = found["centre_levels"].set_index(["series", "year"])["mean"]
    assert levels.to_dict() == {
        ("opened", 2019): 20, ("opened", 2020): 28, ("never", 2019): 25, ("never", 2020): 25,
    }  # fmt: skip
    # Only one year before the opening: nothing can be tested, and three gminas are few. Each costs a grade, down to
    # that of a change that was measured.
    assert set(found["centre_tests"].loc[found["centre_tests"]["outcome"] == CARE, "reason"]) == {"no_pre"}
    assert row["grade"] == 2


def test_cohorts_count_all_gminas(inputs: Inputs, tables: Tables) -> None:
    cohorts = tables["centre_cohorts"]
    gminas = inputs.jst.drop_duplicates("teryt")
    assert cohorts.groupby("teryt")["gminas"].sum().to_dict() == {"00": 270, "02": 150, "04": 120}
    poland = cohorts[cohorts["teryt"] == "00"]
    assert poland.loc[poland["year"].isna(), "gminas"].item() == gminas["opened"].isna().sum()
    assert poland.loc[poland["year"] == 2020, "gminas"].item() == (gminas["opened"] == 2020).sum()


def test_a_centre_that_opens_after_the_last_year_is_none_yet() -> None:
    found = centre_tables(small([2020, 2020, 2021, 2021, 2027, *[np.nan] * 11]), parameters=PARAMETERS)
    cohorts = found["centre_cohorts"]
    assert cohorts.loc[cohorts["year"].isna(), "gminas"].item() == 12
    assert simple(found)["gminas"] == 4


# --- what is published --------------------------------------------------------------------------------


def test_tables_are_records(tables: Tables) -> None:
    assert set(tables) == {"centre_cohorts", "centre_effects", "centre_tests", "centre_levels"}
    for name, table in tables.items():
        assert table.dtypes.astype(str).to_dict() == columns(TABLES[name])
        assert len(as_records(table, TABLES[name])) == len(table) > 0


def test_one_effect_of_each_outcome_and_area_is_the_claim(tables: Tables) -> None:
    effects = tables["centre_effects"]
    main = effects[effects["main"]]
    assert not main.duplicated(["teryt", "outcome"]).any()
    assert len(main) == 9
    assert set(main["kind"]) == {"simple"}
    assert set(main["controls"]) == {"never", "not_yet"}  # the latter where there is no data
    measured = effects[effects["reason"] == ""]
    assert set(measured["controls"]) == {"never", "not_yet"}
    assert set(measured["kind"]) == {"simple", "event", "cohort", "calendar"}
    assert measured.loc[measured["kind"] == "event", "at"].between(-5, 5).all()


def test_bands_hold_more_than_intervals(tables: Tables) -> None:
    shown = tables["centre_effects"][tables["centre_effects"]["reason"] == ""]
    assert (shown["band_low"] <= shown["effect_low"]).all()
    assert (shown["band_high"] >= shown["effect_high"]).all()
    events = shown[shown["kind"] == "event"]
    assert (events["band_low"] < events["effect_low"]).all()


def test_poland_is_there_only_beside_two_voivodeships() -> None:
    one = simulate(np.random.default_rng(2), regions={"02": 60})
    assert set(centre_tables(one, parameters=PARAMETERS)["centre_effects"]["teryt"]) == {"02"}


# --- laws ---------------------------------------------------------------------------------------------


def assert_same(found: Tables, expected: Tables) -> None:
    for name, table in expected.items():
        pd.testing.assert_frame_equal(found[name], table, obj=name)


def test_the_order_of_rows_changes_nothing(inputs: Inputs, tables: Tables) -> None:
    shuffled = replace(inputs, jst=inputs.jst.sample(frac=1, random_state=3))
    assert_same(centre_tables(shuffled, parameters=PARAMETERS), tables)


def test_a_voivodeship_has_the_same_numbers_alone(inputs: Inputs, tables: Tables) -> None:
    alone = replace(inputs, jst=inputs.jst[inputs.jst["teryt"].str.startswith("04")])
    expected = {name: table[table["teryt"] == "04"].reset_index(drop=True) for name, table in tables.items()}
    assert_same(centre_tables(alone, parameters=PARAMETERS), expected)


def test_levels_of_gminas_do_not_matter(inputs: Inputs, tables: Tables) -> None:
    shift = inputs.jst["teryt"].map(hash_of)
    moved = replace(inputs, jst=inputs.jst.assign(**{CARE: inputs.jst[CARE] + shift}))
    found = centre_tables(moved, parameters=PARAMETERS)
    for name in ("centre_effects", "centre_tests"):
        pd.testing.assert_frame_equal(found[name], tables[name], atol=2e-3)


def hash_of(code: str) -> float:
    return float(int(code) % 97)


def test_the_unit_of_the_outcome_is_that_of_the_effect(inputs: Inputs, tables: Tables) -> None:
    scaled = replace(inputs, jst=inputs.jst.assign(**{CARE: inputs.jst[CARE] * 1000}))
    found = simple(centre_tables(scaled, parameters=PARAMETERS))
    for name in ("effect", "effect_low", "effect_high"):
        assert found[name] / 1000 == pytest.approx(simple(tables)[name], abs=1e-3)


def test_no_input_is_changed(inputs: Inputs) -> None:
    before = inputs.jst.copy()
    centre_tables(inputs, parameters=PARAMETERS)
    pd.testing.assert_frame_equal(inputs.jst, before)


# --- what cannot be told ------------------------------------------------------------------------------


def test_without_gminas_there_are_no_rows() -> None:
    found = centre_tables(empty_inputs(), parameters=PARAMETERS)
    assert all(table.empty for table in found.values())
    assert found["centre_effects"].dtypes.astype(str).to_dict() == columns(TABLES["centre_effects"])


@pytest.mark.parametrize(
    ("opened", "reason"),
    [
        ([2020.0] * 12, "no_controls"),  # all gminas of the voivodeship in one year
        ([np.nan] * 12, "few"),
        ([2020.0] * 2 + [np.nan] * 10, "few"),
        ([2014.0] * 4 + [np.nan] * 10, "no_pre"),  # all from the first year on
        ([2014.0] * 4 + [2020.0] + [np.nan] * 10, "few"),  # only one opening was seen
        ([2020.0], "few"),
        ([np.nan], "few"),
    ],
)
def test_an_effect_that_cannot_be_told_has_a_reason(opened: list[float], reason: str) -> None:
    assert reasons(small(opened)) == {reason}


def test_all_with_a_centre_but_at_different_times_are_compared_with_later_ones() -> None:
    found = centre_tables(small([2018.0] * 6 + [2021.0] * 6), parameters=PARAMETERS)["centre_effects"]
    own = found[(found["outcome"] == CARE) & (found["kind"] == "simple")].set_index("controls")
    assert own["reason"].to_dict() == {"never": "no_controls", "not_yet": ""}
    assert own["main"].to_dict() == {"never": False, "not_yet": True}
    assert own.loc["not_yet", "gminas"] == 6  # nobody is left to compare the later ones with


def test_one_year_and_no_value_are_no_data() -> None:
    one = np.array([2020])
    assert reasons(small([2020.0] * 4 + [np.nan] * 10, years=one)) == {"no_data"}
    assert reasons(small([2020.0] * 4 + [np.nan] * 10), "assistance_per_10k") == {"no_data"}


def test_outcomes_that_never_differ_have_no_interval_and_no_number() -> None:
    constant = np.full((14, YEARS.size), 7.0)
    assert reasons(small([2020.0] * 4 + [np.nan] * 10, constant)) == {"unstable"}


def test_gminas_with_gaps_are_left_out_and_still_counted() -> None:
    opened = [2020.0] * 5 + [np.nan] * 12
    rates = np.random.default_rng(4).normal(50, 5, (17, YEARS.size))
    gaps = rates.copy()
    gaps[0, 3] = gaps[9, 11] = np.nan
    found = centre_tables(small(opened, gaps), parameters=PARAMETERS)
    kept = [place for place in range(17) if place not in (0, 9)]
    alone = centre_tables(
        panel([codes_of({"02": 17})[place] for place in kept], np.array(opened)[kept], {CARE: rates[kept]}),
        parameters=PARAMETERS,
    )
    assert simple(found)["effect"] == simple(alone)["effect"]
    assert simple(found)["gminas"] == 4
    assert found["centre_cohorts"]["gminas"].tolist() == [5, 12]
    levels = found["centre_levels"]
    assert set(levels.loc[levels["series"] == "never", "gminas"]) == {11}


def test_a_year_that_nobody_measured_is_no_gap() -> None:
    rates = np.random.default_rng(4).normal(50, 5, (17, YEARS.size))
    rates[:, 0] = np.nan
    found = centre_tables(small([2020.0] * 5 + [np.nan] * 12, rates), parameters=PARAMETERS)
    assert simple(found)["gminas"] == 5
    assert found["centre_levels"]["year"].min() == 2015


# --- known truths -------------------------------------------------------------------------------------


def test_a_true_effect_is_found_and_graded(tables: Tables) -> None:
    for teryt in ("00", "02", "04"):
        row = simple(tables, teryt)
        assert row["effect_low"] < EFFECT < row["effect_high"]
        assert row["effect_low"] > 0
        assert row["grade"] == (3 if teryt != "04" else 2)  # in "04" the test before the opening cannot be made
        assert not row["few"]
        none = simple(tables, teryt, "residential_per_10k")
        assert none["effect_low"] < 0 < none["effect_high"]


def test_before_and_after_would_be_wrong(tables: Tables) -> None:
    # What happens in all gminas from year to year is larger than the effect; levels of gminas with a centre show both.
    levels = tables["centre_levels"]
    own = levels[(levels["teryt"] == "00") & (levels["outcome"] == CARE) & (levels["series"] == "opened")]
    means = own.set_index("year")["mean"]
    assert abs((means[2024] - means[2018]) - EFFECT) > 2
    assert abs(simple(tables, "00")["effect"] - EFFECT) < 1


def test_gminas_that_drifted_apart_before_cost_a_grade() -> None:
    drifting = simulate(np.random.default_rng(8), drift=1.5)
    found = centre_tables(drifting, parameters=PARAMETERS)
    row, tests = simple(found, "00"), found["centre_tests"]
    assert row["grade"] == 2
    own = tests[(tests["teryt"] == "00") & (tests["outcome"] == CARE)]
    assert not own["passed"].any()
    placebo = own[own["test"] == "placebo"].iloc[0]
    # The centre is pretended two years early: one and two years of drift from the last year before that.
    assert placebo["value"] == pytest.approx(1.5 * 1.5, abs=0.6)
    assert placebo["value_low"] > 0
    assert not placebo["passed"]


def test_a_test_before_the_opening_counts_only_where_it_could_find_something(tables: Tables) -> None:
    tests = tables["centre_tests"]
    own = tests[(tests["test"] == "pre_trend") & (tests["outcome"] == CARE)]
    made = own[own["reason"] == ""]
    assert {"00", "02"} <= set(made["teryt"])
    assert (made["df_denominator"] >= ENOUGH_DF).all()
    # Printed are an F and its degrees of freedom, and the p-value is theirs.
    expected = f.sf(*(made[name].to_numpy(dtype=float) for name in ("statistic", "df", "df_denominator")))
    np.testing.assert_allclose(made["p"].to_numpy(dtype=float), expected, atol=1e-4)
    other = own[own["reason"] != ""]
    assert set(other["reason"]) == {"few"}
    assert not other["passed"].any()
    assert other[["statistic", "df", "df_denominator", "p"]].isna().all(axis=None)


def test_each_check_that_is_not_passed_costs_a_grade_and_a_few_gminas_another(tables: Tables) -> None:
    effects, tests = tables["centre_effects"], tables["centre_tests"]
    lost = tests[~tests["passed"]].groupby(["teryt", "outcome", "controls"]).size()
    for row in effects[effects["grade"].notna()].to_dict("records"):
        key = (row["teryt"], row["outcome"], row["controls"])
        assert row["grade"] == max(3 - lost.get(key, 0) - row["few"], 2), key
    assert effects["grade"].max() == 3
    few = centre_tables(small([2020.0] * 4 + [np.nan] * 11), parameters=PARAMETERS)["centre_effects"]
    assert few["few"][few["reason"] == ""].all()


def test_effects_of_two_gminas_are_not_told() -> None:
    found = centre_tables(small([2018.0] * 4 + [2021.0] * 2 + [np.nan] * 11), parameters=PARAMETERS)["centre_effects"]
    cohorts = found[found["kind"] == "cohort"].set_index(["controls", "at"])
    assert cohorts.loc[("never", 2021), ["gminas", "reason"]].tolist() == [2, "few"]
    assert pd.isna(cohorts.loc[("never", 2021), "effect"])
    assert pd.isna(cohorts.loc[("never", 2021), "grade"])
    assert cohorts.loc[("never", 2018), "reason"] == ""


def test_an_opening_in_one_gmina_alone_cannot_be_told_from_chance() -> None:
    # The only gmina of a year has no other to differ from, and its error would seem to be 0.
    found = centre_tables(small([2018.0] * 4 + [2021.0] + [np.nan] * 11), parameters=PARAMETERS)
    effects = found["centre_effects"]
    assert set(effects.loc[effects["kind"] == "cohort", "at"]) == {2018}
    assert simple(found)["gminas"] == 4


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.3, 0.06])
def test_intervals_and_tests_keep_their_level(share: float) -> None:
    # With a share of 0.06 about nine gminas of a voivodeship have a centre: few, and the intervals know it.
    inside, passed = [], []
    for seed in range(25):
        found = centre_tables(simulate(np.random.default_rng(1000 + seed), share=share), parameters=PARAMETERS)
        for teryt in ("00", "02", "04"):
            row = simple(found, teryt)
            if row["reason"] == "":
                inside.append(row["effect_low"] <= EFFECT <= row["effect_high"])
        tests = found["centre_tests"]
        passed.append(tests[(tests["outcome"] == CARE) & (tests["controls"] == "never") & (tests["reason"] == "")])
    # About 75 of each: three standard errors of a share of 0.95 are 0.075.
    assert 0.87 <= np.mean(inside) <= 1
    rates = pd.concat(passed).groupby("test")["passed"].mean()
    assert (rates >= 0.87).all()
