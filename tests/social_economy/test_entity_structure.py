"""Stock, structure, gminas, coverage and inequality: small registers counted by hand, larger ones by plain pandas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_registers import (
    copied,
    draw_spells,
    make_inputs,
    make_population,
    make_spells,
    make_status,
    make_units,
    shuffled,
    spell,
)

from ropsanalysis.regions import REGIONS
from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_economy.schema import Inputs
from ropsanalysis.social_economy.structure import (
    COVERAGE_COLUMNS,
    GMINA_COLUMNS,
    INEQUALITY_COLUMNS,
    STOCK_COLUMNS,
    STRUCTURE_COLUMNS,
    structure_tables,
)

PARAMETERS = SocialEconomyParameters()
COLUMNS = {
    "stock": STOCK_COLUMNS,
    "structure": STRUCTURE_COLUMNS,
    "gminas": GMINA_COLUMNS,
    "coverage": COVERAGE_COLUMNS,
    "inequality": INEQUALITY_COLUMNS,
}

# Two powiats of two gminas in 14 and in 26, 10 thousand inhabitants each. On 31.12.2025 there are:
SMALL = [
    spell("a", "ngo", "140101", verified="2025-01-10"),
    spell("b", "ngo", "140101", verified="2023-12-30"),  # verified more than 24 months before
    spell("c", "cis", "140101", verified="2024-06-01"),
    spell("d", "social_cooperative", "140201"),
    spell("e", "ngo", "260101"),
    spell("f", "kgw", "140102", end="2025-12-31"),  # ended on the day, so not there
    spell("g", "nonprofit_company", "140101", "2015-01-01", "2024-01-01"),  # moved to 140201
    spell("g", "nonprofit_company", "140201", "2024-01-01"),
]
STATUS = [("d", "2023-01-01", None), ("a", "2023-01-01", "2024-01-01"), ("f", "2023-01-01", None)]


@pytest.fixture(scope="module")
def small() -> dict[str, pd.DataFrame]:
    inputs = make_inputs(spells=make_spells(SMALL), status=make_status(STATUS))
    return structure_tables(inputs, parameters=PARAMETERS)


@pytest.fixture(scope="module")
def country() -> Inputs:
    units = make_units([region.teryt for region in REGIONS], powiats=3, gminas=3)
    rng = np.random.default_rng(5)
    spells = draw_spells(3000, units, rng=rng)
    population = make_population(units, range(2016, 2026))
    population["population"] = rng.integers(2_000, 60_000, len(population))
    held = [(e, "2023-05-01", None) for e in spells["entity"].unique()[:300]]
    return make_inputs(units=units, spells=spells, population=population, status=make_status(held))


def only(table: pd.DataFrame, **where: Any) -> pd.Series[Any]:
    for name, value in where.items():
        table = table[table[name] == value]
    assert len(table) == 1
    return table.iloc[0]


def test_all_tables_have_the_columns_of_the_contract(small: dict[str, pd.DataFrame]) -> None:
    assert set(small) == set(COLUMNS)
    for name, columns in COLUMNS.items():
        assert dict(small[name].dtypes.astype(str)) == columns


def test_entities_are_counted_on_the_day(small: dict[str, pd.DataFrame]) -> None:
    structure = small["structure"]
    assert only(structure, teryt="14", legal_form="")["entities"] == 5
    assert only(structure, teryt="1401", legal_form="")["entities"] == 3
    assert only(structure, teryt="14", legal_form="kgw")["entities"] == 0
    ngo = only(structure, teryt="14", legal_form="ngo")
    assert (ngo["entities"], ngo["share"], ngo["per_10k"]) == (2, 2 / 5, 2 / 4)


def test_confirmed_is_what_was_verified_in_the_last_months(small: dict[str, pd.DataFrame]) -> None:
    ngo = only(small["structure"], teryt="1401", legal_form="ngo")
    assert (ngo["active"], ngo["active_share"]) == (1, 0.5)
    assert only(small["structure"], teryt="14", legal_form="cis")["active"] == 1


def test_the_stock_goes_back_ten_years_and_ends_on_the_day(small: dict[str, pd.DataFrame]) -> None:
    stock = small["stock"]
    own = stock[(stock["teryt"] == "14") & (stock["legal_form"] == "")].sort_values("day")
    assert own["day"].tolist() == [f"{year}-12-31" for year in range(2015, 2026)]
    assert own["year"].tolist() == list(range(2015, 2026))
    assert own["entities"].tolist() == [6] * 10 + [5]
    assert only(stock, teryt="14", legal_form="", year=2025)["per_10k"] == 5 / 4


def test_the_day_of_the_registers_is_the_last_row_of_its_year() -> None:
    tables = structure_tables(make_inputs(spells=make_spells(SMALL), as_of="2025-06-30"), parameters=PARAMETERS)
    stock = tables["stock"]
    own = stock[(stock["teryt"] == "14") & (stock["legal_form"] == "kgw")].sort_values("day")
    assert own["day"].iloc[-2:].tolist() == ["2024-12-31", "2025-06-30"]
    assert own["entities"].iloc[-1] == 1


def test_the_population_column_tells_which_count_was_used() -> None:
    units = make_units()
    population = make_population(units, [2018], each=1000)
    stock = structure_tables(
        make_inputs(units=units, spells=make_spells(SMALL), population=population), parameters=PARAMETERS
    )["stock"]
    assert only(stock, teryt="14", legal_form="", year=2023)["population"] == 4000
    early = only(stock, teryt="14", legal_form="", year=2017)
    assert pd.isna(early["population"])
    assert pd.isna(early["per_10k"])
    assert early["entities"] == 6


def test_gminas_stand_with_their_entities(small: dict[str, pd.DataFrame]) -> None:
    gminas = small["gminas"].set_index("teryt")
    assert sorted(gminas.index) == [f"{r}0{p}0{g}" for r in ("14", "26") for p in (1, 2) for g in (1, 2)]
    first = gminas.loc["140101"]
    assert (first["entities"], first["reintegration_units"], first["organisations"], first["companies"]) == (3, 1, 2, 0)
    assert (first["parent"], first["population"], first["per_10k"]) == ("1401", 10_000, 3.0)
    # The status of a has ended, that of f with f itself.
    assert gminas["social_enterprises"].to_dict() == dict.fromkeys(gminas.index, 0) | {"140201": 1}
    assert gminas.loc["140201", ["cooperatives", "companies"]].tolist() == [1, 1]


def test_coverage_counts_gminas_without_entities(small: dict[str, pd.DataFrame]) -> None:
    found = only(small["coverage"], teryt="14", kind="any")
    assert found[["gminas", "with_any", "without", "population_without", "share_without"]].tolist() == [
        4, 2, 2, 20_000, 0.5,
    ]  # fmt: skip
    assert only(small["coverage"], teryt="1402", kind="reintegration")["with_any"] == 0
    assert only(small["coverage"], teryt="14", kind="social_enterprise")["with_any"] == 1
    assert "00" not in set(small["coverage"]["teryt"])


def test_without_the_whole_country_there_is_no_poland_and_no_location_quotient(small: dict[str, pd.DataFrame]) -> None:
    assert all("00" not in set(table["teryt"]) for table in small.values())
    assert small["structure"]["location_quotient"].isna().all()


def test_the_location_quotient_is_a_share_over_polands(country: Inputs) -> None:
    structure = structure_tables(country, parameters=PARAMETERS)["structure"]
    here, poland = (only(structure, teryt=teryt, legal_form="wtz") for teryt in ("1402", "00"))
    assert here["location_quotient"] == pytest.approx(here["share"] / poland["share"])
    assert structure.loc[structure["legal_form"] == "", "location_quotient"].isna().all()


def test_structure_agrees_with_plain_grouping(country: Inputs) -> None:
    day, spells = country.as_of, country.spells
    there = spells[(spells["start"] <= day) & ~(spells["end"] <= day)]
    structure = structure_tables(country, parameters=PARAMETERS)["structure"].set_index(["teryt", "legal_form"])
    for width in (2, 4):
        plain = there.groupby([there["teryt"].str[:width], "legal_form"]).size()
        ours = structure.loc[structure.index.isin(plain.index), "entities"]
        pd.testing.assert_series_equal(
            ours.astype("int64").sort_index(), plain.sort_index(), check_names=False, check_index_type=False
        )
    assert structure.loc[("00", ""), "entities"] == len(there)


def test_parts_add_up_to_wholes(country: Inputs) -> None:
    tables = structure_tables(country, parameters=PARAMETERS)
    stock = tables["stock"]
    by_form = stock[(stock["legal_form"] != "")].groupby(["teryt", "year"])["entities"].sum()
    whole = stock[stock["legal_form"] == ""].set_index(["teryt", "year"])["entities"]
    assert (by_form.sort_index() == whole.sort_index()).all()
    regions = stock[stock["teryt"] != "00"].groupby(["legal_form", "day"])[["entities", "population"]].sum()
    poland = stock[stock["teryt"] == "00"].set_index(["legal_form", "day"])[["entities", "population"]].sort_index()
    later = poland.index.get_level_values("day") >= "2016"  # nobody was counted in 2015
    assert (regions.sort_index()[later] == poland[later]).all(axis=None)
    gminas = tables["gminas"]
    groups = ["cooperatives", "companies", "organisations", "kgw", "reintegration_units"]
    assert (gminas[groups].sum(axis=1) == gminas["entities"]).all()
    coverage = tables["coverage"]
    assert (coverage["with_any"] + coverage["without"] == coverage["gminas"]).all()


def test_inequality_agrees_with_its_definition(country: Inputs) -> None:
    tables = structure_tables(country, parameters=PARAMETERS)
    found = only(tables["inequality"], teryt="14", year=2025)
    structure = tables["structure"]
    own = structure[(structure["legal_form"] == "") & structure["teryt"].str.fullmatch("14..")]
    counts = own["entities"].to_numpy(dtype=float)
    density = own["per_10k"].to_numpy(dtype=float)
    people = counts / density * 10_000
    weight = people / people.sum()
    mean = (weight * density).sum()
    # Half the mean absolute difference of two inhabitants' densities over the mean; Theil's T by its definition.
    apart = np.abs(density[:, None] - density[None, :])
    assert found["gini"] == pytest.approx((weight[:, None] * weight[None, :] * apart).sum() / 2 / mean)
    assert found["theil"] == pytest.approx((weight * density / mean * np.log(density / mean)).sum())
    assert found["hhi"] == pytest.approx(((counts / counts.sum()) ** 2).sum())
    assert found["top_share"] == pytest.approx(counts.max() / counts.sum())
    assert found["n"] == 3
    assert pd.isna(found["theil_between"])


def test_theil_of_poland_is_between_voivodeships_and_within_them(country: Inputs) -> None:
    inequality = structure_tables(country, parameters=PARAMETERS)["inequality"]
    found = only(inequality, teryt="00", year=2025)
    assert found["n"] == 48
    assert found["theil_between"] + found["theil_within"] == pytest.approx(found["theil"])
    assert found["theil_between"] > 0
    assert found["theil_within"] > 0


def test_even_powiats_are_not_unequal() -> None:
    rows = [spell(f"e{powiat}{k}", "ngo", f"{powiat}01") for powiat in ("1401", "1402") for k in range(3)]
    inequality = structure_tables(make_inputs(spells=make_spells(rows)), parameters=PARAMETERS)["inequality"]
    found = only(inequality, teryt="14", year=2025)
    assert found[["gini", "theil"]].tolist() == pytest.approx([0, 0], abs=1e-12)
    assert found[["hhi", "top_share"]].tolist() == [0.5, 0.5]


def test_rows_may_stand_in_any_order_and_stay_as_they_are(country: Inputs) -> None:
    before, expected = copied(country), structure_tables(country, parameters=PARAMETERS)
    for name, table in copied(country).items():
        pd.testing.assert_frame_equal(table, before[name])
    for name, table in structure_tables(shuffled(country, seed=1), parameters=PARAMETERS).items():
        pd.testing.assert_frame_equal(table, expected[name])
