"""The composite index: what goes into it, who gets one, ranks and their intervals."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_registers import draw_spells, make_inputs, make_spells, make_status, make_units, shuffled, spell

from ropsanalysis.regions import REGIONS
from ropsanalysis.social_economy.condition import (
    CONDITION_COLUMNS,
    DIMENSIONS,
    INDICATOR_COLUMNS,
    SPECS,
    VALUE_COLUMNS,
    condition_tables,
)
from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_economy.schema import Inputs
from ropsanalysis.social_economy.structure import structure_tables
from ropsanalysis.stats.tables import frame

PARAMETERS = SocialEconomyParameters(index_draws=40)
ESTIMATE_COLUMNS = {
    "teryt": "str", "legal_form": "str", "year": "Int64", "measure": "str", "value": "Float64", "low": "Float64",
    "high": "Float64", "base": "Int64", "reason": "str",
}  # fmt: skip
SHARES = ("risk_share", "exit_to_work_share", "positive_result_share", "liquid_share")
SURVEYED = [spec.key for spec in SPECS if spec.source == "survey"]


def register(*codes: str, seed: int = 2, n: int = 1200) -> Inputs:
    units = make_units(codes, powiats=3, gminas=3)
    spells = draw_spells(n, units, rng=np.random.default_rng(seed))
    status = make_status((e, "2023-05-01", None) for e in spells["entity"].unique()[:200])
    return make_inputs(units=units, spells=spells, status=status)


@pytest.fixture(scope="module")
def country() -> Inputs:
    return register(*(region.teryt for region in REGIONS))


def estimates(inputs: Inputs, *, hidden: tuple[tuple[str, str, str], ...] = ()) -> pd.DataFrame:
    """Return made-up results of the survey for voivodeships; hidden are (teryt, measure, reason)."""
    rng = np.random.default_rng(7)
    reasons = {(teryt, measure): reason for teryt, measure, reason in hidden}
    rows = []
    for year, teryt, measure in itertools.product(
        (2024, 2025), sorted(set(inputs.spells["teryt"].str[:2])), (*SHARES, "staff", "participants")
    ):
        value = rng.random() if measure in SHARES else float(rng.integers(100, 900))
        reason = reasons.get((teryt, measure), "")
        rows.append(
            {"teryt": teryt, "legal_form": "", "year": year, "measure": measure, "reason": reason}
            | {"value": None if reason else value}
        )  # fmt: skip
    return frame(rows, ESTIMATE_COLUMNS)


def local(inputs: Inputs) -> pd.DataFrame:
    rng = np.random.default_rng(8)
    powiats = inputs.units.loc[inputs.units["level"] == "powiat", "teryt"]
    rows = [(teryt, key, rng.random(), "") for teryt in powiats for key in SURVEYED]
    return pd.DataFrame(rows, columns=list(VALUE_COLUMNS)).astype(VALUE_COLUMNS)


def condition(
    inputs: Inputs, survey: pd.DataFrame | None = None, powiats: pd.DataFrame | None = None
) -> dict[str, pd.DataFrame]:
    tables = structure_tables(inputs, parameters=PARAMETERS)
    tables["estimates"] = frame([], ESTIMATE_COLUMNS) if survey is None else survey
    return condition_tables(
        inputs, tables, frame([], VALUE_COLUMNS) if powiats is None else powiats, parameters=PARAMETERS
    )


@pytest.fixture(scope="module")
def full(country: Inputs) -> dict[str, pd.DataFrame]:
    return condition(country, estimates(country), local(country))


def value(tables: dict[str, pd.DataFrame], teryt: str, key: str) -> pd.Series[Any]:
    table = tables["condition_values"]
    found = table[(table["teryt"] == teryt) & (table["key"] == key)]
    assert len(found) == 1
    return found.iloc[0]


# --- what goes into it --------------------------------------------------------------------------------


def test_indicators_have_one_key_each_and_fit_into_figures() -> None:
    assert max(Counter(spec.key for spec in SPECS).values()) == 1
    assert all(0 < len(spec.short) <= 42 for spec in SPECS)
    assert [*dict.fromkeys(spec.dimension for spec in SPECS)] == list(DIMENSIONS)
    assert {spec.direction for spec in SPECS} <= {"higher", "lower"}


def test_tables_have_the_columns_of_the_contract(full: dict[str, pd.DataFrame]) -> None:
    expected = {
        "condition": CONDITION_COLUMNS, "condition_values": VALUE_COLUMNS, "condition_indicators": INDICATOR_COLUMNS,
    }  # fmt: skip
    assert {name: dict(table.dtypes.astype(str)) for name, table in full.items()} == expected


def test_register_indicators_by_hand() -> None:
    # Powiat 1401 of two gminas, 10 thousand inhabitants each. In the last three years: 2 opened of which one closed.
    rows = [
        spell("a", "ngo", "140101", "2015-01-01", verified="2025-06-01"),
        spell("b", "cis", "140101", "2015-01-01"),
        spell("c", "ngo", "140101", "2015-01-01", "2024-01-01"),
        spell("d", "kgw", "140101", "2023-05-01"),
        spell("e", "kgw", "140101", "2023-06-01", "2025-01-01"),
        *(spell(f"f{k}", "ngo", f"{powiat}01") for k, powiat in enumerate(("1402", "2601", "2602"))),
    ]
    inputs = make_inputs(spells=make_spells(rows), status=make_status([("a", "2023-01-01", None)]))
    tables = condition(inputs)
    expected = {
        "density": 3 / 2,
        "core_density": 1 / 2,
        "entry_rate": 2 / 3 / 3,  # 2 in three years, 3 entities at the beginning and at the end
        "growth": 0.0,
        "active_share": 1 / 3,
        "gminas_with_reintegration": 1 / 2,
        "population_in_reach": 1 / 2,
        "gminas_with_enterprise": 1 / 2,
    }
    assert {spec.key for spec in SPECS if spec.source == "register"} == set(expected)
    for key, number in expected.items():
        assert value(tables, "1401", key)["value"] == pytest.approx(number), key


def test_growth_is_not_told_where_closures_are_not_known() -> None:
    rows = [spell(f"e{p}", "ngo", f"{p}01", closures_known=p != "1401") for p in ("1401", "1402", "2601", "2602")]
    tables = condition(make_inputs(spells=make_spells(rows)))
    assert pd.isna(value(tables, "1401", "growth")["value"])
    assert value(tables, "1401", "growth")["reason"] == "none"
    assert value(tables, "1402", "growth")["value"] == 0


def test_totals_of_the_survey_are_set_against_inhabitants_of_its_latest_year(country: Inputs) -> None:
    survey = estimates(country)
    tables = condition(country, survey)
    latest = survey[(survey["year"] == 2025) & (survey["teryt"] == "14")].set_index("measure")["value"]
    # Nine gminas of 10 thousand inhabitants.
    assert value(tables, "14", "staff_per_10k")["value"] == pytest.approx(latest["staff"] / 9)
    assert value(tables, "14", "participants_per_100k")["value"] == pytest.approx(latest["participants"] / 0.9)
    assert value(tables, "14", "risk_share")["value"] == latest["risk_share"]


def test_what_is_hidden_stays_hidden(country: Inputs) -> None:
    survey = estimates(country, hidden=(("14", "staff", "protected"), ("26", "risk_share", "imprecise")))
    tables = condition(country, survey)
    for teryt, key, reason in (("14", "staff_per_10k", "protected"), ("26", "risk_share", "imprecise")):
        found = value(tables, teryt, key)
        assert pd.isna(found["value"])
        assert found["reason"] == reason
    values = tables["condition_values"]
    assert ((values["reason"] == "") == values["value"].notna()).all()


def test_the_official_indicator_enters_for_voivodeships_only(country: Inputs) -> None:
    codes = [region.teryt for region in REGIONS]
    rows = [("1.B.8", code, 2023, float(k), "") for k, code in enumerate(codes)]
    rows += [("1.B.8", "02", 2024, 99.0, "")]  # a year that one voivodeship has is none to compare
    observations = pd.DataFrame(rows, columns=["indicator", "teryt", "year", "value", "flag"])
    tables = condition(replace(country, observations=observations))
    assert value(tables, "02", "1.B.8")["value"] == 0
    assert value(tables, codes[5], "1.B.8")["value"] == 5
    values = tables["condition_values"]
    assert values.loc[values["key"] == "1.B.8", "teryt"].str.len().eq(2).all()


# --- the index ----------------------------------------------------------------------------------------


def test_every_voivodeship_and_powiat_is_ranked_among_its_like(full: dict[str, pd.DataFrame]) -> None:
    table = full["condition"]
    for level, number in (("voivodeship", 16), ("powiat", 48)):
        own = table[table["level"] == level]
        assert len(own) == number
        assert (own["n"] == number).all()
        # 1 is the highest score; equal scores share the better place.
        assert (own["rank"] == own["score"].rank(method="min", ascending=False)).all()
        assert ((own["rank_low"] <= own["rank"]) & (own["rank"] <= own["rank_high"])).all()
        assert (own["rank_low"] < own["rank_high"]).any()
    assert "00" not in set(table["teryt"])


def test_powiats_are_ranked_in_their_voivodeship_too(full: dict[str, pd.DataFrame]) -> None:
    table = full["condition"]
    powiats = table[table["level"] == "powiat"]
    within = powiats.groupby(powiats["teryt"].str[:2])["score"].rank(method="min", ascending=False)
    assert (powiats["rank_region"] == within).all()
    assert (powiats["n_region"] == 3).all()
    assert table.loc[table["level"] == "voivodeship", ["rank_region", "n_region"]].isna().all(axis=None)


def test_a_score_is_the_mean_of_its_dimensions(full: dict[str, pd.DataFrame]) -> None:
    table = full["condition"]
    means = table[list(DIMENSIONS)].astype("float64").mean(axis=1)
    np.testing.assert_allclose(table["score"].astype("float64"), means)
    assert ((table[list(DIMENSIONS)] >= 0) & (table[list(DIMENSIONS)] <= 100)).all(axis=None)
    assert (table["reason"] == "").all()


def test_without_a_survey_the_index_stands_on_the_registers(country: Inputs) -> None:
    table = condition(country)["condition"]
    assert table["score"].notna().all()
    assert table[["employment", "finances"]].isna().all(axis=None)


def test_a_powiat_with_too_few_indicators_gets_no_index(country: Inputs) -> None:
    # All but one powiat have the values of the survey; without population it lacks densities as well.
    answers = local(country)
    answers = answers[answers["teryt"] != "1401"].reset_index(drop=True)
    population = country.population[~country.population["teryt"].str.startswith("1401")].reset_index(drop=True)
    spells = country.spells.assign(verified=pd.NaT).astype({"verified": "datetime64[s]"})
    inputs = replace(country, population=population, spells=spells)
    strict = replace(PARAMETERS, index_min_available=0.9)
    tables = structure_tables(inputs, parameters=strict) | {"estimates": frame([], ESTIMATE_COLUMNS)}
    table = condition_tables(inputs, tables, answers, parameters=strict)["condition"].set_index("teryt")
    own = table.loc["1401"]
    assert own["reason"] in ("none", "imprecise")
    assert own[["score", "rank", "rank_low", "rank_high", *DIMENSIONS]].isna().all()
    assert table.loc["1402", "n"] == 47
    assert table.loc["1402", "n_region"] == 2


def test_one_voivodeship_has_no_index_but_its_powiats_do() -> None:
    inputs = register("14", n=300)
    tables = condition(inputs, estimates(inputs), local(inputs))
    table = tables["condition"]
    assert set(table["level"]) == {"powiat"}
    assert sorted(table["rank"]) == sorted(table["rank_region"])
    assert (table["n"] == 3).all()


def test_the_same_input_gives_the_same_ranks_in_any_order(country: Inputs, full: dict[str, pd.DataFrame]) -> None:
    again = condition(shuffled(country, seed=4), estimates(country), local(country).sample(frac=1, random_state=1))
    for name, table in full.items():
        pd.testing.assert_frame_equal(again[name], table)
