"""Lifetimes from spells by hand; curves, tests and hazards of small registers and of simulated ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from small_inputs import small_inputs

from ropsanalysis.regions import REGIONS
from ropsanalysis.social_economy.durations import (
    HAZARD_TYPES,
    SUMMARY_TYPES,
    SURVIVAL_TYPES,
    TEST_TYPES,
    survival_tables,
)
from ropsanalysis.social_economy.hazards import EVENTS_PER_TERM
from ropsanalysis.social_economy.lives import entity_lives
from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_economy.schema import SPELL_COLUMNS, UNIT_COLUMNS, Inputs
from ropsanalysis.stats.survival import kaplan_meier, lifetime_quantile, log_rank, survival_at
from ropsanalysis.stats.survival_regression import cox_regression

PARAMETERS = SocialEconomyParameters()
AS_OF = pd.Timestamp("2025-12-31")
YEAR = 365.25
KINDS = ("gmina miejska", "gmina wiejska", "gmina miejsko-wiejska")


def register(rows: pd.DataFrame) -> Inputs:
    """Return inputs with these spells; what is not given is a foundation of voivodeship 14 known from its start."""
    spells = rows.assign(name="x", start_reason="", end_reason="", source="rejestr", size_class=None)
    plain = {"legal_form": "ngo", "teryt": "140101", "end": pd.NaT, "observed_from": pd.NaT, "closures_known": True}
    spells = spells.assign(verified=pd.NaT, **{name: value for name, value in plain.items() if name not in spells})
    for name in ("start", "end", "observed_from", "verified"):
        spells[name] = pd.to_datetime(spells[name]).astype("datetime64[s]")
    units = [(f"{region.teryt}01{i:02d}", "gmina", "x", "", KINDS[i - 1]) for region in REGIONS for i in (1, 2, 3)]
    return replace(
        small_inputs(), spells=spells[list(SPELL_COLUMNS)], units=pd.DataFrame(units, columns=list(UNIT_COLUMNS))
    )


def lives_of(*spells: dict[str, object]) -> pd.DataFrame:
    return entity_lives(register(pd.DataFrame(list(spells))), years=10, cohort_years=5)


def spell(entity: str, start: str, end: str | None = None, **more: object) -> dict[str, object]:
    plain = {"legal_form": "ngo", "teryt": "140101", "observed_from": None, "closures_known": True}
    return {"entity": entity, "start": start, "end": end, **plain, **more}


def simulated(
    rng: np.random.Generator,
    n: int,
    *,
    regions: int = 1,
    ratio: float = 2.0,
    forms: tuple[str, ...] = ("ngo", "social_cooperative"),
    years: float = 6.0,
    observed_from: str | None = None,
) -> Inputs:
    """Draw founded entities: social cooperatives close `ratio` times as fast, foundations after `years` on average."""
    start = pd.Timestamp("2006-01-01") + pd.to_timedelta(rng.integers(0, 6900, n), unit="D")
    form = rng.choice(forms, n)
    life = rng.exponential(years * YEAR, n) / np.where(form == "social_cooperative", ratio, 1.0)
    end = pd.Series(start + pd.to_timedelta(np.ceil(life), unit="D"))
    chosen = np.array([REGIONS[r].teryt for r in range(16)])[rng.integers(0, regions, n)]
    rows = pd.DataFrame(
        {
            "entity": [f"e{i:05d}" for i in range(n)],
            "legal_form": form,
            "teryt": [f"{region}01{kind:02d}" for region, kind in zip(chosen, rng.integers(1, 4, n), strict=True)],
            "start": start,
            "end": end.where(end <= AS_OF),
            "observed_from": pd.Timestamp(observed_from) if observed_from else pd.NaT,
        }
    )
    if observed_from:  # what closed before the register began is not in it
        rows = rows[~(rows["end"] <= pd.Timestamp(observed_from))]
    return register(rows)


def test_moving_and_changing_form_is_one_life_and_a_gap_begins_another() -> None:
    lives = lives_of(
        spell("a", "2016-01-01", "2018-01-01", legal_form="social_cooperative", teryt="140102"),
        spell("a", "2018-01-01", "2019-01-01", legal_form="ngo", teryt="120101"),
        spell("a", "2020-01-01"),
    )
    # By hand: 1096 days from 1.01.2016 to 1.01.2019, and 2191 from 1.01.2020 to 31.12.2025.
    assert (lives["time"] * YEAR).round(6).tolist() == [1096, 2191]
    assert lives["event"].tolist() == [True, False]
    assert lives["entry"].tolist() == [0, 0]
    assert lives["group"].tolist() == ["cooperatives", "organisations"]
    assert lives["region"].tolist() == ["14", "14"]
    assert lives["kind"].tolist() == ["gmina wiejska", "gmina miejska"]
    assert lives["cohort"].tolist() == ["2015–2019", "2020–2024"]


def test_under_observation_from_the_day_the_register_would_tell() -> None:
    lives = lives_of(
        spell("before", "2010-01-01", "2014-01-01", observed_from="2015-01-01"),  # closed before anybody looked
        spell("late", "2010-01-01", "2016-01-01", observed_from="2015-01-01"),
        spell("later", "2018-01-01", observed_from="2015-01-01"),
        spell("moved", "2010-01-01", "2012-01-01", observed_from="2015-01-01"),
        spell("moved", "2012-01-01", "2019-01-01", observed_from="2011-01-01"),
    )
    assert lives["entity"].tolist() == ["late", "later", "moved"]
    assert (lives["entry"] * YEAR).round(6).tolist() == [1826, 0, 730]  # "moved" is first seen on 1.01.2012
    assert (lives["time"] * YEAR).round(6).tolist() == [2191, 2921, 3287]


def test_only_closings_that_would_be_known_and_seen() -> None:
    lives = lives_of(
        spell("unknown", "2016-01-01", closures_known=False),
        spell("half", "2016-01-01", "2018-01-01", closures_known=False),
        spell("half", "2018-01-01", closures_known=True),
        spell("never", "2016-01-01", "2016-01-01"),
        spell("tomorrow", "2024-12-31", "2026-01-01"),
        spell("today", "2024-12-31", "2025-12-31"),
        spell("new", "2025-12-31"),
        spell("future", "2026-06-01"),
    )
    assert lives["entity"].tolist() == ["today", "tomorrow"]
    assert lives["event"].tolist() == [True, False]
    assert (lives["time"] * YEAR).round(6).tolist() == [365, 365]


def test_lives_are_followed_for_so_many_years() -> None:
    lives = lives_of(
        spell("old", "1990-01-01", "2020-01-01"),
        spell("older", "1990-01-01", "2020-01-01", observed_from="2005-01-01"),  # too old when first seen
        spell("young", "2014-01-01", "2020-01-01"),
    )
    assert lives["entity"].tolist() == ["old", "young"]
    assert lives["time"].tolist() == [10, pytest.approx(2191 / YEAR)]
    assert lives["event"].tolist() == [False, True]


def test_newest_cohort_ends_with_the_registers() -> None:
    lives = lives_of(spell("a", "2025-01-01"), spell("b", "2021-01-01"), spell("c", "2019-12-31"))
    assert lives["cohort"].tolist() == ["2025", "2020–2024", "2015–2019"]


def test_curve_of_a_small_register_by_hand() -> None:
    # 40 entities founded on 1.01.2018; 10 close after a year and a half, 10 after three years and a half.
    ends = ["2019-07-01"] * 10 + ["2021-07-01"] * 10 + [None] * 20
    found = survival_tables(
        register(pd.DataFrame([spell(f"e{i:02d}", "2018-01-01", end) for i, end in enumerate(ends)])),
        parameters=PARAMETERS,
    )
    curve = found["survival"].query("group == '' and cohort == ''").set_index("years")
    assert curve.index.tolist() == [i / 4 for i in range(32)]  # until 7.75; the registers end at 7.996
    assert curve.loc[[1.0, 1.5, 3.25, 3.5, 7.75], "survival"].tolist() == [1, 0.75, 0.75, 0.5, 0.5]
    assert curve.loc[[0.0, 1.25, 1.5, 3.25, 3.5, 7.75], "at_risk"].tolist() == [40, 40, 30, 30, 20, 20]
    # Greenwood on the scale log(-log): 0.75 ** exp(+-z * sqrt(10 / (40 * 30)) / log 0.75)
    power = np.exp(norm.ppf(0.975) * np.sqrt(10 / 1200) / np.log(0.75))
    assert curve.loc[2.0, "low"] == pytest.approx(0.75 ** (1 / power))
    assert curve.loc[2.0, "high"] == pytest.approx(0.75**power)
    summary = found["survival_summary"].set_index(["group", "cohort"]).loc[("", "")]
    assert (summary["n"], summary["events"]) == (40, 20)
    assert (summary["at_1"], summary["at_3"], summary["at_5"]) == (1, 0.75, 0.5)
    assert summary["at_1_low"] == pytest.approx(0.025 ** (1 / 40))  # Clopper and Pearson: all of 40
    assert summary["median"] == pytest.approx(1277 / YEAR)  # 1.01.2018 to 1.07.2021
    assert found["survival_tests"].empty  # one group, one cohort
    assert set(found["survival"]["group"]) == {"", "organisations"}
    assert set(found["survival"]["cohort"]) == {"", "2015–2019"}


def test_tables_say_what_the_statistics_do() -> None:
    inputs = simulated(np.random.default_rng(1), 900, observed_from="2008-07-01")
    lives = entity_lives(inputs, years=10, cohort_years=5)
    found = survival_tables(inputs, parameters=PARAMETERS)
    members = lives[lives["group"] == "cooperatives"]
    assert (members["entry"] > 0).any()
    curve = kaplan_meier(members["time"], members["event"], entry=members["entry"])
    rows = found["survival"].query("group == 'cooperatives'")
    read = survival_at(curve, rows["years"].to_numpy(dtype=float))
    for name in ("survival", "low", "high", "at_risk"):
        assert rows[name].to_numpy(dtype=float) == pytest.approx(getattr(read, name))
    summary = found["survival_summary"].query("group == 'cooperatives'").iloc[0]
    median = lifetime_quantile(curve)
    assert (summary["median"], summary["median_low"], summary["median_high"]) == (
        median.value, median.low, median.high,
    )  # fmt: skip
    test = log_rank(lives["time"], lives["event"], lives["group"].astype(str), entry=lives["entry"])
    row = found["survival_tests"].set_index("comparison").loc["group"]
    assert (row["statistic"], row["p_value"]) == pytest.approx((test.statistic, test.p_value))
    assert (row["df"], row["n"], row["events"]) == (1, len(lives), lives["event"].sum())


def test_truncated_register_tells_what_the_whole_one_does() -> None:
    # Half of the foundations last longer than 6 log 2 = 4.16 years. Standard error with 20 thousand about 0.06 years.
    inputs = simulated(np.random.default_rng(2), 20_000, forms=("ngo",), observed_from="2012-01-01")
    whole = survival_tables(inputs, parameters=PARAMETERS)["survival_summary"].query("group == '' and cohort == ''")
    assert whole["median"].iloc[0] == pytest.approx(6 * np.log(2), abs=0.2)
    assert whole["at_5"].iloc[0] == pytest.approx(np.exp(-5 / 6), abs=0.02)
    # Had the entry been left out, those that lasted until 2012 would count as seen from their founding.
    naive = inputs.spells.assign(observed_from=pd.Series(pd.NaT, index=inputs.spells.index, dtype="datetime64[s]"))
    wrong = survival_tables(replace(inputs, spells=naive), parameters=PARAMETERS)["survival_summary"]
    assert wrong.query("group == '' and cohort == ''")["at_5"].iloc[0] > np.exp(-5 / 6) + 0.05


def test_curves_begin_and_end_with_enough_entities() -> None:
    # 40 cooperatives are only seen from the age of 5 on, 29 foundations from their founding, 36 circles as well.
    rows = [
        *[spell(f"a{i}", "2008-01-01", legal_form="work_cooperative", observed_from="2013-01-01") for i in range(40)],
        *[spell(f"b{i}", "2020-01-01") for i in range(PARAMETERS.min_survival_entities - 1)],
        *[spell(f"d{i}", "2023-01-01", legal_form="kgw") for i in range(32)],
        *[spell(f"f{i}", "2016-01-01", "2019-01-01", legal_form="kgw") for i in range(4)],
    ]
    found = survival_tables(register(pd.DataFrame(rows)), parameters=PARAMETERS)
    assert set(found["survival_summary"]["group"]) == {"", "kgw"}
    circles = found["survival"].query("group == 'kgw'")
    # The 32 are seen for 2.998 years (1095 days); four remain, fewer than min_base, so 3 years are not shown.
    assert circles["years"].max() == 2.75
    row = found["survival_summary"].query("group == 'kgw'").iloc[0]
    assert row["at_1"] == 1
    assert pd.isna(row["at_3"])
    assert pd.isna(row["median"])
    assert (row["n"], row["events"]) == (36, 4)


def test_poland_needs_all_voivodeships() -> None:
    rng = np.random.default_rng(3)
    fifteen = survival_tables(simulated(rng, 3000, regions=15), parameters=PARAMETERS)
    assert "00" not in set(fifteen["survival"]["teryt"])
    found = survival_tables(simulated(rng, 3000, regions=16), parameters=PARAMETERS)
    assert set(found["survival"]["teryt"]) == {"00"} | {region.teryt for region in REGIONS}
    whole = found["survival_summary"].query("group == '' and cohort == ''").set_index("teryt")
    assert whole.loc["00", "n"] == whole.drop("00")["n"].sum()
    assert whole.loc["00", "events"] == whole.drop("00")["events"].sum()


def test_hazards_recover_the_truth() -> None:
    # Social cooperatives close twice as fast; kind of gmina and cohort do nothing. Intervals at 99.9 %.
    found = survival_tables(
        simulated(np.random.default_rng(4), 8000, observed_from="2009-01-01"),
        parameters=replace(PARAMETERS, confidence=0.999),
    )["hazards"].set_index("term")
    row = found.loc["group:cooperatives"]
    assert row["low"] < 2 < row["high"]
    assert row["hazard_ratio"] == pytest.approx(2, abs=0.25)
    assert row["p_value"] < 1e-12
    assert (row["label"], row["reference"]) == ("Spółdzielnie", "Organizacje pozarządowe")
    others = found.drop(["group:cooperatives", "global"])
    assert (others["low"] < 1).all()
    assert (others["high"] > 1).all()
    assert found.loc["kind:gmina miejska", "reference"] == "Gmina wiejska"
    assert {"kind:gmina miejsko-wiejska", "cohort:2005–2009"} <= set(found.index)
    assert found.loc["global", ["hazard_ratio", "low", "high", "p_value"]].isna().all()
    assert (found["ph_p_value"] > 0.001).all()
    assert (found["n"] == row["n"]).all()


def test_hazards_are_those_of_the_plain_model() -> None:
    inputs = simulated(np.random.default_rng(5), 1500)
    lives = entity_lives(inputs, years=10, cohort_years=5)
    found = survival_tables(inputs, parameters=PARAMETERS)["hazards"].query("term != 'global'")
    reference = found["reference"].iloc[-1].removeprefix("Założone: ")
    design = pd.get_dummies(lives[["group", "kind", "cohort"]], prefix_sep=":", dtype=float)[list(found["term"])]
    assert f"cohort:{reference}" not in design
    model = cox_regression(lives["time"], lives["event"], design, entry=lives["entry"])
    assert model.n == found["n"].iloc[0]
    assert found["hazard_ratio"].to_numpy(dtype=float) == pytest.approx(np.exp(model.coefficients))


def test_levels_with_few_closings_are_left_out_with_their_entities() -> None:
    rng = np.random.default_rng(6)
    many = simulated(rng, 1200).spells
    few = [spell(f"k{i}", "2021-01-01", "2023-01-01" if i < 9 else None, legal_form="kgw") for i in range(60)]
    added = register(pd.concat([many, register(pd.DataFrame(few)).spells], ignore_index=True))
    without = survival_tables(register(many), parameters=PARAMETERS)["hazards"]
    found = survival_tables(added, parameters=PARAMETERS)["hazards"]
    assert EVENTS_PER_TERM == 10
    assert "group:kgw" not in set(found["term"])
    pd.testing.assert_frame_equal(found, without)


def test_small_registers_have_a_smaller_model_or_none() -> None:
    # 60 closings or so carry the groups and kinds of gmina, not the cohorts as well; a dozen carry nothing.
    def terms(n: int) -> set[str]:
        found = survival_tables(simulated(np.random.default_rng(7), n), parameters=PARAMETERS)["hazards"]
        assert (found["events"] >= EVENTS_PER_TERM * (len(found) - 1)).all()
        return {term.split(":")[0] for term in found["term"]}

    assert terms(1000) == {"group", "kind", "cohort", "global"}
    assert terms(45) <= {"group", "kind", "global"}
    assert terms(45)
    assert terms(14) == set()


def test_without_foundations_the_most_closed_group_is_the_reference() -> None:
    inputs = simulated(np.random.default_rng(8), 900, forms=("kgw", "social_cooperative", "social_cooperative"))
    found = survival_tables(inputs, parameters=PARAMETERS)["hazards"].set_index("term")
    assert found.loc["group:kgw", "reference"] == "Spółdzielnie"
    assert found.loc["group:kgw", "high"] < 1


def test_cohorts_never_seen_at_the_same_age_are_not_compared() -> None:
    # One is seen up to the age of 3, the other from the age of 5 on.
    rows = [
        *[spell(f"a{i}", "2023-01-01", f"2024-0{1 + i % 8}-01" if i < 40 else None) for i in range(80)],
        *[
            spell(f"b{i}", "2010-01-01", f"2018-0{1 + i % 8}-01" if i < 40 else None, observed_from="2015-01-01")
            for i in range(80)
        ],
    ]
    found = survival_tables(register(pd.DataFrame(rows)), parameters=PARAMETERS)
    assert found["hazards"].empty
    assert found["survival_tests"].empty


def test_no_lifetime_gives_empty_tables_with_their_columns() -> None:
    expected = {
        "survival": SURVIVAL_TYPES,
        "survival_summary": SUMMARY_TYPES,
        "survival_tests": TEST_TYPES,
        "hazards": HAZARD_TYPES,
    }
    unknown = register(pd.DataFrame([spell("a", "2016-01-01", closures_known=False)]))
    for inputs in (unknown, small_inputs()):
        found = survival_tables(inputs, parameters=PARAMETERS)
        assert list(found) == list(expected)
        for name, types in expected.items():
            assert found[name].empty
            assert list(found[name].columns) == list(types)


def test_order_of_rows_does_not_matter_and_inputs_stay_as_they_are() -> None:
    inputs = simulated(np.random.default_rng(9), 1500, regions=2, observed_from="2009-01-01")
    before = inputs.spells.copy(deep=True)
    found = survival_tables(inputs, parameters=PARAMETERS)
    pd.testing.assert_frame_equal(inputs.spells, before)
    shuffled = replace(inputs, spells=inputs.spells.sample(frac=1, random_state=1))
    again = survival_tables(shuffled, parameters=PARAMETERS)
    for name, table in found.items():
        pd.testing.assert_frame_equal(table, again[name], check_exact=True)
    for column, kind in SURVIVAL_TYPES.items():
        assert kind == "str" or found["survival"][column].dtype == kind
    assert (found["survival"].groupby(["teryt", "group", "cohort"])["survival"].diff().dropna() <= 0).all()
    assert not found["survival"][["survival", "low", "high"]].isna().any(axis=None)
