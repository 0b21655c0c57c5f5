"""Counts, densities, coverage, location quotients and inequality: by hand, against a published table, and by laws."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from small_registers import (
    draw_spells,
    make_inputs,
    make_population,
    make_spells,
    make_status,
    make_survey,
    make_units,
    spell,
)

from ropsanalysis.social_economy.dynamics import flow_tables
from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_economy.schema import Inputs
from ropsanalysis.social_economy.structure import structure_tables

PARAMETERS = SocialEconomyParameters()
EVERYWHERE = [f"{number:02d}" for number in range(2, 33, 2)]
GROUPS = ["reintegration_units", "cooperatives", "companies", "organisations", "kgw"]


def row(table: pd.DataFrame, **keys: object) -> pd.Series:
    for name, value in keys.items():
        table = table[table[name] == value]
    assert len(table) == 1
    return table.iloc[0]


# --- case ES-A ----------------------------------------------------------------------------------------

# GUS, 30.11.2022, units of reintegration in Poland: 1265 active in 2021, 18 (1,4 %) fewer than in 2020. Of 2020 the
# table names CIS, ZAZ and WTZ; KIS is the rest of 1283.
GUS = {"cis": (193, 201), "kis": (237, 202), "zaz": (127, 133), "wtz": (726, 729)}


@pytest.fixture(scope="module")
def reintegration() -> Inputs:
    """Return a register of all voivodeships with as many units as Statistics Poland counted in both years."""
    gminas = [f"{code}0101" for code in EVERYWHERE]
    rows = []
    for form, (before, after) in GUS.items():
        for number in range(max(before, after)):
            start = "2010-03-01" if number < before else "2021-05-01"
            end = None if number < after else "2021-09-30"
            rows.append(spell(f"{form}{number}", form, gminas[number % 16], start, end))
    return make_inputs(units=make_units(EVERYWHERE), spells=make_spells(rows), as_of="2021-12-31")


def test_units_of_reintegration_add_up_to_the_published_number(reintegration: Inputs) -> None:
    table = structure_tables(reintegration, parameters=PARAMETERS)["stock"]
    poland = table[table["teryt"] == "00"].set_index(["legal_form", "year"])["entities"]
    assert [poland[form, 2021] for form in GUS] == [201, 202, 133, 729]
    assert poland["", 2021] == 201 + 202 + 133 + 729 == 1265
    assert poland["", 2020] == 1283
    change = poland["", 2021] - poland["", 2020]
    assert change == -18
    assert round(100 * change / poland["", 2020], 1) == -1.4


def test_flows_of_units_of_reintegration_explain_the_published_change(reintegration: Inputs) -> None:
    flows = flow_tables(reintegration, parameters=PARAMETERS)["flows"]
    own = flows[(flows["teryt"] == "00") & (flows["period"] == "2021")].set_index("legal_form")
    assert (own.loc["", "opening"], own.loc["", "closing"]) == (1283, 1265)
    # 8 CIS, 6 ZAZ and 3 WTZ more, 35 KIS fewer: net changes, as the table has no entries and exits.
    assert (own.loc["", "founded"], own.loc["", "closed"]) == (8 + 6 + 3, 35)


# --- one small register by hand -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def small() -> Inputs:
    """Return a voivodeship of two powiats with two gminas each, of 10 000, 20 000, 30 000 and 40 000 inhabitants."""
    units = make_units(("14",))
    people = make_population(units, (2024, 2025)).assign(population=[9_000, 10_000, 20_000, 20_000, 30_000, 30_000,
                                                                     40_000, 40_000])  # fmt: skip
    spells = make_spells(
        [
            spell("a", "ngo", "140101", verified="2023-12-31"),
            spell("b", "ngo", "140101", verified="2023-12-30"),
            spell("c", "cis", "140101", verified="2025-06-01"),
            spell("d", "kgw", "140201"),
            spell("e", "work_cooperative", "140201", "2025-12-31"),
            spell("f", "nonprofit_company", "140201", "2010-01-01", "2025-12-31"),  # gone on the day
            spell("g", "ngo", "140102", "2026-01-01"),  # not yet there
        ]
    )
    status = make_status([("a", "2023-01-01", None), ("d", "2023-01-01", "2025-12-31"), ("f", "2023-01-01", None)])
    return make_inputs(units=units, population=people, spells=spells, status=status)


def test_inhabitants_without_an_entity_are_not_known_where_a_gmina_has_no_number(small: Inputs) -> None:
    without = small.population[small.population["teryt"] != "140202"]
    inputs = make_inputs(units=small.units, population=without, spells=small.spells, status=small.status)
    found = structure_tables(inputs, parameters=PARAMETERS)
    table = found["coverage"].set_index(["teryt", "kind"])
    assert pd.isna(table.loc[("1402", "any"), "population_without"])
    assert table.loc[("1401", "any"), "population_without"] == 20_000
    assert table.loc[("1402", "any"), "without"] == 1
    assert pd.isna(row(found["gminas"], teryt="140202")["per_10k"])


def test_an_answer_to_the_survey_confirms_nobody_since_it_would_tell_who_answered() -> None:
    survey = make_survey([{"entity": "a", "year": 2025, "staff": 1.0}])
    table = structure_tables(
        make_inputs(spells=make_spells([spell("a"), spell("b", verified="2025-03-01")]), survey=survey),
        parameters=PARAMETERS,
    )["structure"]
    assert row(table, teryt="14", legal_form="")["active"] == 1


def test_where_a_register_verifies_nobody_the_confirmed_are_unknown_and_not_none() -> None:
    rows = [spell("a", "cis"), spell("b", "kis", verified="2025-03-01"), spell("c", "kis")]
    table = structure_tables(make_inputs(spells=make_spells(rows)), parameters=PARAMETERS)["structure"]
    found = [row(table, teryt="14", legal_form=form)["active"] for form in ("cis", "kis", "")]
    assert pd.isna(found[0])
    assert found[1:] == [1, 1]
    nobody = structure_tables(make_inputs(spells=make_spells(rows[:1])), parameters=PARAMETERS)["structure"]
    assert pd.isna(row(nobody, teryt="14", legal_form="")["active"])


def test_a_verification_later_than_the_day_of_the_registers_confirms_too() -> None:
    # Registers may describe different days; the oldest counts.
    inputs = make_inputs(spells=make_spells([spell("a", verified="2026-02-01")]))
    table = structure_tables(inputs, parameters=PARAMETERS)["structure"]
    assert row(table, teryt="14", legal_form="")["active"] == 1


def test_a_verification_confirms_the_entity_not_its_spell() -> None:
    rows = [
        spell("a", teryt="140101", end="2025-06-01", verified="2025-01-01"),
        spell("a", teryt="140201", start="2025-06-01"),
    ]
    table = structure_tables(make_inputs(spells=make_spells(rows)), parameters=PARAMETERS)["structure"]
    assert row(table, teryt="1402", legal_form="")["active"] == 1
    assert row(table, teryt="1401", legal_form="")["active"] == 0


# --- laws ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drawn() -> Inputs:
    """Return a register of all voivodeships, with some powiats without any entity and unequal populations."""
    units = make_units(EVERYWHERE, powiats=3, gminas=3)
    rng = np.random.default_rng(4)
    spells = draw_spells(1500, units, rng=rng)
    spells = spells[~spells["teryt"].str.startswith(("0203", "1403"))]
    people = make_population(units)
    people["population"] = rng.integers(2_000, 60_000, len(people))
    entities = spells["entity"].drop_duplicates().to_numpy()[:300]
    status = make_status([(entity, "2023-05-01", None) for entity in entities])
    return make_inputs(units=units, spells=spells, population=people, status=status)


@pytest.fixture(scope="module")
def whole(drawn: Inputs) -> dict[str, pd.DataFrame]:
    return structure_tables(drawn, parameters=PARAMETERS)


def test_all_tables_tell_the_same_number_of_entities(whole: dict[str, pd.DataFrame], drawn: Inputs) -> None:
    number = row(whole["structure"], teryt="00", legal_form="")["entities"]
    as_of = drawn.as_of
    there = drawn.spells[(drawn.spells["start"] <= as_of) & ~(drawn.spells["end"] <= as_of)]
    assert number == len(there)
    assert number == whole["gminas"]["entities"].sum()
    assert number == row(whole["stock"], teryt="00", legal_form="", year=2025)["entities"]
    assert number == whole["gminas"][GROUPS].sum().sum()


def test_densities_are_entities_over_inhabitants(whole: dict[str, pd.DataFrame], drawn: Inputs) -> None:
    people = drawn.population[drawn.population["year"] == 2025]
    by_powiat = people.groupby(people["teryt"].str[:4])["population"].sum()
    own = whole["structure"][whole["structure"]["teryt"].isin(by_powiat.index)]
    expected = 10_000 * own["entities"].astype(float) / own["teryt"].map(by_powiat)
    np.testing.assert_allclose(own["per_10k"].astype(float), expected, rtol=1e-12)


def test_location_quotient_is_1_on_average(whole: dict[str, pd.DataFrame]) -> None:
    # Weighted by the entities a unit has, the quotients of a form average to 1 (a unit's weight times its quotient is
    # its share of the form's entities); weighted by Poland's shares of forms, those of a unit do.
    table = whole["structure"][whole["structure"]["legal_form"] != ""]
    units = table[(table["teryt"].str.len() == 2) & (table["teryt"] != "00")].copy()
    units["all"] = units.groupby("teryt")["entities"].transform("sum")
    shares = units["all"] / units.groupby("legal_form")["all"].transform("sum")
    by_legal_form = (units["location_quotient"] * shares).groupby(units["legal_form"]).sum()
    np.testing.assert_allclose(by_legal_form.astype(float), 1.0, rtol=1e-9)
    poland = table[table["teryt"] == "00"].set_index("legal_form")
    np.testing.assert_allclose(poland["location_quotient"].astype(float), 1.0, rtol=1e-12)
    by_unit = (units["location_quotient"] * units["legal_form"].map(poland["share"])).groupby(units["teryt"]).sum()
    np.testing.assert_allclose(by_unit.astype(float), 1.0, rtol=1e-9)


def test_location_quotient_by_hand() -> None:
    # Every voivodeship has an NGO; the first one has three CIS as well: of its 4 entities 3/4 are CIS, of Poland's 19
    # 3/19.
    units = make_units(EVERYWHERE, powiats=1, gminas=1)
    rows = [spell(f"n{code}", "ngo", f"{code}0101") for code in EVERYWHERE]
    rows += [spell(f"c{number}", "cis", "020101") for number in range(3)]
    table = structure_tables(make_inputs(units=units, spells=make_spells(rows)), parameters=PARAMETERS)["structure"]
    assert row(table, teryt="02", legal_form="cis")["location_quotient"] == pytest.approx(0.75 / (3 / 19))
    assert row(table, teryt="0201", legal_form="ngo")["location_quotient"] == pytest.approx(0.25 / (16 / 19))
    assert row(table, teryt="04", legal_form="cis")["location_quotient"] == 0
    assert pd.isna(row(table, teryt="02", legal_form="")["location_quotient"])
    assert pd.isna(row(table, teryt="02", legal_form="zaz")["location_quotient"])  # nobody has one


def test_coverage_agrees_with_the_gminas(whole: dict[str, pd.DataFrame]) -> None:
    gminas, coverage = whole["gminas"], whole["coverage"]
    assert (coverage["with_any"] + coverage["without"] == coverage["gminas"]).all()
    assert row(coverage, teryt="00", kind="any")["gminas"] == len(gminas)
    columns = {"any": "entities", "reintegration": "reintegration_units", "social_enterprise": "social_enterprises"}
    for kind, column in columns.items():
        for teryt in ("00", "02", "0203", "1402"):
            inside = gminas if teryt == "00" else gminas[gminas["teryt"].str.startswith(teryt)]
            lacking = inside[inside[column] == 0]
            found = row(coverage, teryt=teryt, kind=kind)
            assert (found["without"], found["population_without"]) == (len(lacking), lacking["population"].sum())
            assert found["share_without"] == pytest.approx(len(lacking) / len(inside))
    assert row(coverage, teryt="0203", kind="any")["with_any"] == 0


def test_all_entities_in_one_of_two_equal_powiats() -> None:
    # One of two has everything: Gini 1 - 1/2, Theil ln 2.
    inputs = make_inputs(units=make_units(("14",)), spells=make_spells([spell("a"), spell("b")]))
    found = row(structure_tables(inputs, parameters=PARAMETERS)["inequality"], teryt="14", year=2025)
    assert (found["gini"], found["theil"]) == pytest.approx((0.5, np.log(2)))
    assert (found["hhi"], found["top_share"]) == (1, 1)


def test_concentration_is_known_without_inhabitants() -> None:
    units = make_units(("14",))
    inputs = make_inputs(units=units, spells=make_spells([spell("a")]), population=make_population(units, (2025,)))
    table = structure_tables(inputs, parameters=PARAMETERS)["inequality"]
    before = row(table, teryt="14", year=2024)
    assert before["hhi"] == 1
    assert pd.isna(before[["gini", "theil"]]).all()
    assert pd.notna(row(table, teryt="14", year=2025)["gini"])


def test_one_powiat_or_no_entity_gives_no_inequality() -> None:
    alone = make_inputs(units=make_units(("14",), powiats=1), spells=make_spells([spell("a")]))
    assert structure_tables(alone, parameters=PARAMETERS)["inequality"].empty
    late = make_inputs(units=make_units(("14",)), spells=make_spells([spell("a", start="2024-05-01")]))
    assert structure_tables(late, parameters=PARAMETERS)["inequality"]["year"].tolist() == [2024, 2025]
