"""The benchmark's plain pandas route finds what the reports compute, so that only equal results are timed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from small_registers import make_inputs, make_spells, make_units, spell

from ropsanalysis.social_economy.schema import Inputs
from support import load_tool

routes = load_tool("social_routes")
YEARS = 10


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    """Return entities that move, change, pause, close at once, or come under observation late."""
    rng = np.random.default_rng(5)
    units = make_units(("14", "26"), powiats=3, gminas=2)
    gminas = units.loc[units["level"] == "gmina", "teryt"].to_numpy()
    rows = []
    for entity in range(400):
        day = np.datetime64("2008-01-01") + rng.integers(6500)
        seen_late = rng.random() < 0.3
        for _ in range(rng.integers(1, 4)):
            end = day + rng.integers(1, 2500)
            last = end > np.datetime64("2025-12-31") or rng.random() < 0.3
            rows.append(
                spell(
                    f"e{entity:03}", ("ngo", "kgw")[rng.integers(2)], gminas[rng.integers(len(gminas))], str(day),
                    None if last else str(end), observed_from="2012-06-01" if seen_late else None,
                    closures_known=rng.random() < 0.97,
                )
            )  # fmt: skip
            if last:
                break
            day = end + rng.choice([0, 0, 40])
            if day > np.datetime64("2025-12-31"):
                break
    return make_inputs(units=units, spells=make_spells(rows))


def test_both_routes_find_the_same_stocks_and_flows(inputs: Inputs) -> None:
    found, plain = routes.flows(inputs, YEARS), routes.plain_flows(inputs, YEARS)
    assert routes.differences(found, plain) == []
    assert found["opening"].shape == (6, YEARS + 8)  # powiats; years and quarters
    assert all(table.to_numpy().sum() for table in found.values())  # every kind of event is among them
    assert list(found["opening"].columns)[0::10] == ["2016", "2024-Q1"]


def test_both_routes_find_the_same_survival(inputs: Inputs) -> None:
    found, plain = routes.survival(inputs, YEARS), routes.plain_survival(inputs, YEARS)
    assert routes.differences(found, plain) == []
    assert found["survival"].shape == (6, 4 * YEARS + 1)
    assert plain["low"].notna().to_numpy().mean() > 0.5  # enough limits are compared


def test_the_plain_curve_is_the_product_over_those_at_risk() -> None:
    rows = [
        spell("a", start="2010-01-01", end="2011-01-01"),  # closed of three
        spell("b", start="2010-01-01", end="2013-01-01"),  # closed of two
        spell("c", start="2010-01-01"),
    ]
    found = routes.plain_survival(make_inputs(spells=make_spells(rows)), YEARS)
    assert found["lives"].loc["1401", 0] == 3
    assert found["survival"].loc["1401", [0.0, 0.75, 1.0, 2.75, 3.25]].tolist() == pytest.approx(
        [1, 1, 2 / 3, 2 / 3, 1 / 3]
    )
    assert found["at_risk"].loc["1401", [0.0, 1.0, 3.25]].tolist() == [3, 2, 1]


@pytest.mark.parametrize("name", ["opening", "left"])
def test_one_other_number_is_a_difference(inputs: Inputs, name: str) -> None:
    found, other = routes.flows(inputs, YEARS), routes.plain_flows(inputs, YEARS)
    other[name].iloc[2, 3] += 1
    assert routes.differences(found, other) == [name]


def test_a_missing_table_or_row_is_a_difference(inputs: Inputs) -> None:
    found, other = routes.survival(inputs, YEARS), routes.plain_survival(inputs, YEARS)
    without = {name: table for name, table in other.items() if name != "lives"}
    assert routes.differences(found, without) == ["lives"]
    assert routes.differences(found, other | {"low": other["low"].iloc[1:]}) == ["low"]


def test_only_limits_may_be_missing_by_the_plain_route() -> None:
    table = pd.DataFrame([[0.5, 1.0]], index=["1401"])
    gap = table.mask(table == 1.0)
    assert routes.differences({"low": table}, {"low": gap}) == []
    assert routes.differences({"survival": table}, {"survival": gap}) == ["survival"]
