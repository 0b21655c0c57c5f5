"""Social return through the topic's tables: the case by hand, prices, laws, what cannot be told, costs of outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_maps import NONE, changes, effects, levels, money, participation

from ropsanalysis.social_impact.parameters import SocialImpactParameters
from ropsanalysis.social_impact.records import TABLES
from ropsanalysis.social_impact.schema import Inputs
from ropsanalysis.social_impact.valuation import value_tables
from ropsanalysis.stats.published import columns
from ropsanalysis.stats.records import as_records

PARAMETERS = SocialImpactParameters(map_draws=2000)
Tables = dict[str, pd.DataFrame]

RANGE = {"deadweight_low": 0.1, "deadweight_high": 0.5, "quantity_low": 80.0, "quantity_high": 130.0,
         "distribution": "triangular"}  # fmt: skip
#: Three lines of two stakeholders, the first without any range.
LINES: list[Mapping[str, Any]] = [
    {},
    {**RANGE, "outcome": "Zdrowie", "outcome_key": "health", "proxy_value": 150.0, "stakeholder": "gmina"},
    {"attribution_low": 0.1, "attribution_high": 0.7, "distribution": "pert", "outcome": "Więzi",
     "outcome_key": "ties", "proxy_value": 20.0},
]  # fmt: skip


def value(inputs: Inputs, parameters: SocialImpactParameters = PARAMETERS) -> Tables:
    return value_tables(inputs, effects({}), participation(), levels({}), changes({}), parameters=parameters)


def summary(tables: Tables) -> pd.Series:
    assert len(tables["value_summary"]) == 1
    return tables["value_summary"].iloc[0]


@pytest.fixture(scope="module")
def tables() -> Tables:
    return value(money(LINES))


# --- by hand ------------------------------------------------------------------------------------------


def test_the_case_by_hand() -> None:
    # DOMAIN.md, section 4 (derived by hand): impact 9000; values 9000, 8100, 7290; discounted 8695.6522, 7561.4367,
    # 6575.1623, together 22 832.2512; ratio 1.9027, net 0.9027.
    found = value(money())
    row = summary(found)
    assert row["present_value"] == pytest.approx(22_832.2512, abs=5e-5)
    assert row["ratio"] == pytest.approx(1.9027, abs=5e-5)
    assert row["net_ratio"] == pytest.approx(0.9027, abs=5e-5)
    assert found["map_lines"]["impact"].tolist() == [9000]
    assert found["value_years"]["value"].tolist() == pytest.approx([9000, 8100, 7290])
    assert found["value_years"]["discounted"].tolist() == pytest.approx([8695.6522, 7561.4367, 6575.1623], abs=5e-5)
    # 12 000 less the first year's 8695.6522 is 43.7 % of the second year's 7561.4367.
    assert row["payback_years"] == pytest.approx(1.437, abs=5e-4)
    assert (row["biggest_line"], row["biggest_share"], row["without_biggest"]) == ("1", 1, 0)
    assert (row["inputs"], row["rate"], row["price_year"], row["reason"]) == (12_000, 0.035, 2024, "")


def test_without_ranges_nothing_is_said_of_uncertainty() -> None:
    found = value(money())
    assert summary(found)[["ratio_low", "ratio_high", "median", "below_one", "draws"]].isna().all()
    assert all(found[name].empty for name in ("tornado", "ratio_bins", "drivers"))
    assert "no_range" in set(found["overclaims"]["code"])


def test_break_even_by_hand() -> None:
    found = value(money())["break_even"].set_index(["line", "assumption"])
    # PV = 100 x 200 x 0.75 x 0.6 x 2.536917 = 22 832.25 is 12 000 at 52.557 persons, a proxy of 105.11, a deadweight of
    # 1 - 0.75 x 0.52557 = 0.60582 and an attribution of 1 - 0.6 x 0.52557 = 0.68466.
    for name, expected in (("quantity", 52.557), ("proxy_value", 105.115), ("deadweight", 0.6058)):
        assert found.loc[("1", name), "threshold"] == pytest.approx(expected, abs=1e-3)
    for name, expected in (("deadweight", 0.6058), ("attribution", 0.6847)):
        assert found.loc[("", name), "threshold"] == pytest.approx(expected, abs=1e-3)
    assert found.loc[("", "deadweight"), "value"] == pytest.approx(0.25)
    assert found.loc[("", "duration_years"), "value"] == pytest.approx(3)
    assert found.loc[("", "displacement"), ["value", "threshold"]].tolist() == pytest.approx([0, 0.4744], abs=1e-4)
    assert found.loc[("", "inputs"), ["value", "threshold"]].tolist() == pytest.approx([12_000, 22_832.2512])
    assert found["reachable"].all()


def test_break_even_out_of_reach_is_said_to_be() -> None:
    # With no deadweight 30 443.00, with no drop-off 25 214.73: neither brings 60 000.
    found = value(money(costs=[{"amount_pln": 60_000.0}]))["break_even"].set_index(["line", "assumption"])
    for line in ("", "1"):
        assert not found.loc[(line, "deadweight"), "reachable"]
        assert not found.loc[(line, "drop_off"), "reachable"]
    assert found.loc[("1", "deadweight"), "threshold"] < 0  # it says how far off it is
    assert pd.isna(found.loc[("", "deadweight"), "threshold"])
    assert found.loc[("1", "quantity"), "reachable"]


def test_one_value_for_all_lines_gives_what_they_give_together() -> None:
    # 100 x 100 PLN over a year each, deadweight 0.2 and 0.6: as 0.4 in both. 12 000 of 2 x 10 000 undiscounted are
    # left at 0.4, so a rate of 0 gives a ratio of 1 and the threshold is the value.
    plain = {"proxy_value": 100.0, "duration_years": 1.0, "attribution": 0.0, "drop_off": 0.0}
    inputs = money([{**plain, "deadweight": 0.2}, {**plain, "deadweight": 0.6}])
    found = value(inputs, replace(PARAMETERS, discount_rate=0.0))["break_even"].set_index(["line", "assumption"])
    assert found.loc[("", "deadweight"), ["value", "threshold"]].tolist() == pytest.approx([0.4, 0.4])


def test_prices_of_other_years_are_brought_to_that_of_the_report() -> None:
    # 2022 to 2024: 1.10 x 1.05 = 1.155 (index of 2022 itself is not needed).
    prices = {2022: 114.0, 2023: 110.0, 2024: 105.0}
    inputs = money([{"price_year": 2022}], [{"year": 2023, "amount_pln": 10_000.0}, {"amount_pln": 500.0}],
                   prices=prices)  # fmt: skip
    found = value(inputs)
    assert found["map_lines"]["proxy_indexed"].item() == pytest.approx(231)
    assert found["map_lines"]["proxy_value"].item() == 200
    assert found["costs"]["indexed"].tolist() == [10_500, 500]
    assert summary(found)["present_value"] == pytest.approx(22_832.2512 * 1.155, abs=1e-3)
    assert summary(found)["inputs"] == 11_000


def test_value_by_stakeholder_adds_up(tables: Tables) -> None:
    found = tables["stakeholders"]
    assert found["present_value"].sum() == pytest.approx(summary(tables)["present_value"], abs=1e-3)
    assert found["share"].sum() == pytest.approx(1, abs=1e-5)
    # 200 + 20 to participants, 150 to gminas, all else alike.
    assert found.set_index("stakeholder")["share"].to_dict() == pytest.approx(
        {"uczestnicy": 220 / 370, "gmina": 150 / 370}, abs=1e-6
    )


# --- how sure it is -----------------------------------------------------------------------------------


def test_draws_stay_around_the_ratio(tables: Tables) -> None:
    row = summary(tables)
    assert row["ratio_low"] < row["median"] < row["ratio_high"]
    assert row["ratio_low"] < row["ratio"] < row["ratio_high"]
    bins = tables["ratio_bins"]
    assert bins["share"].sum() == pytest.approx(1, abs=1e-4)
    assert (bins["low"].to_numpy()[1:] == bins["high"].to_numpy()[:-1]).all()
    assert row["draws"] == 2000


def test_the_tornado_moves_one_assumption(tables: Tables) -> None:
    found = tables["tornado"]
    widths = (found["ratio_high"] - found["ratio_low"]).abs()
    assert (widths.to_numpy()[1:] <= widths.to_numpy()[:-1]).all()
    row = found[(found["line"] == "2") & (found["assumption"] == "deadweight")].iloc[0]
    # The second line alone is 100 x 150 x 0.75 x 0.6 x 2.536917 / 12 000 = 1.42702 of the ratio; 0.9 or 0.5 for 0.75.
    rest = summary(tables)["ratio"] - 1.42702
    assert row[["low", "high"]].tolist() == [0.1, 0.5]
    assert row[["ratio_low", "ratio_high"]].tolist() == pytest.approx(
        [rest + 1.42702 * 0.9 / 0.75, rest + 1.42702 * 0.5 / 0.75], abs=1e-4
    )
    # One line only has a range, so that moving "all lines" would say the same again.
    assert set(found["line"]) == {"2", "3"}


def test_the_tornado_shows_twelve_and_all_lines_together() -> None:
    found = value(money([{**RANGE, "outcome": str(place)} for place in range(12)]))["tornado"]
    assert len(found) == 12
    both = found[found["line"] == ""].set_index("assumption")
    assert both.loc["deadweight", ["low", "high"]].tolist() == pytest.approx([0.1, 0.5])
    assert both.loc["quantity", ["low", "high"]].isna().all()


def test_drivers_stand_for_all_lines(tables: Tables) -> None:
    found = tables["drivers"].set_index(["line", "assumption"])["correlation"]
    assert set(found.index) == {("", "deadweight"), ("", "quantity"), ("", "attribution")}
    assert found["", "deadweight"] < -0.5
    assert found["", "quantity"] > 0.1


@pytest.mark.parametrize("name", ["quantity", "proxy_value", "deadweight", "duration_years"])
def test_errors_of_one_kind_do_not_cancel_over_lines(name: str) -> None:
    # Twelve equal lines are as uncertain as one: drawn apart, their interval would be about 3.5 times narrower.
    ends = {
        "quantity": (70.0, 130.0), "proxy_value": (150.0, 250.0), "deadweight": (0.1, 0.4), "duration_years": (2.0, 4.0)
    }[name]  # fmt: skip
    line = {f"{name}_low": ends[0], f"{name}_high": ends[1], "distribution": "triangular", "outcome_key": ""}
    many = summary(value(money([{**line, "outcome": str(place)} for place in range(12)])))
    one = summary(value(money([line])))
    assert (many["ratio_high"] - many["ratio_low"]) / 12 == pytest.approx(
        one["ratio_high"] - one["ratio_low"], abs=1e-5
    )


def test_the_interval_is_not_narrower_than_what_one_kind_does() -> None:
    wide = {"quantity_low": 60.0, "quantity_high": 140.0, "distribution": "uniform", "outcome_key": ""}
    found = value(money([{**wide, "outcome": str(place)} for place in range(8)]))
    bar = found["tornado"][(found["tornado"]["line"] == "") & (found["tornado"]["assumption"] == "quantity")].iloc[0]
    row = summary(found)
    assert row["ratio_high"] - row["ratio_low"] == pytest.approx(
        0.95 * (bar["ratio_high"] - bar["ratio_low"]), rel=0.02
    )


# --- what the measurement bears out -------------------------------------------------------------------


def confirmed(*lines: Mapping[str, Any], participants: float = 400.0, **persons: pd.DataFrame) -> Tables:
    given = {
        "effects": effects({}), "participation": participation(), "levels": levels({}), "changes": changes({}),
        **persons,
    }  # fmt: skip
    return value_tables(money(lines, [{"participants": participants}]), **given, parameters=PARAMETERS)


def test_persons_of_the_map_stand_beside_those_measured() -> None:
    # 100 x 0.75 on the map; 400 x 0.1 (0.05 to 0.2) measured.
    row = confirmed({})["map_lines"].iloc[0]
    assert row[["claimed", "measured", "measured_low", "measured_high"]].tolist() == pytest.approx([75, 40, 20, 80])
    assert row["decided"]


def test_an_outcome_that_should_fall_counts_in_the_good_direction() -> None:
    fell = {"outcome": "assistance", "effect": -0.1, "effect_low": -0.2, "effect_high": -0.05}
    row = confirmed({"outcome_key": "assistance"}, effects=effects(fell))["map_lines"].iloc[0]
    assert row[["measured", "measured_low", "measured_high"]].tolist() == pytest.approx([40, 20, 80])
    assert row["decided"]


@pytest.mark.parametrize(
    ("line", "given"),
    [
        ({"outcome_key": ""}, {}),
        ({"outcome_key": "health"}, {"effects": effects({"outcome": "health"})}),
        ({}, {"effects": effects({"method": "before_after", "grade": 2})}),
        ({}, {"effects": effects({"effect": NONE, "effect_low": NONE, "effect_high": NONE, "reason": "few"})}),
        ({}, {"participants": NONE}),
    ],
)
def test_without_a_measured_share_no_persons_are_compared(line: dict[str, Any], given: dict[str, Any]) -> None:
    row = confirmed(line, **given)["map_lines"].iloc[0]
    assert row[["claimed", "measured", "measured_low", "measured_high"]].isna().all()


@pytest.mark.parametrize(
    ("line", "given", "part"),
    [
        ({}, {}, 40 / 75),  # 40 persons instead of 75
        ({}, {"participants": 5000.0}, 100 / 75),  # 500 measured: never more than the line's quantity
        ({}, {"effects": effects({"p_adjusted": 0.06})}, 0.0),
        ({}, {"effects": effects({"effect": -0.1, "effect_low": -0.2, "effect_high": -0.05})}, 0.0),
        ({}, {"effects": effects({"effect": 0.02, "effect_low": 0.01, "effect_high": 0.03})}, 0.0),  # unimportant
        ({}, {"effects": effects({"method": "before_after"})}, 0.0),  # it calls itself measured
        ({"evidence": "expert"}, {"effects": effects({"p_adjusted": 0.06})}, 0.0),
        ({}, {"participants": NONE}, 1.0),
        ({"outcome_key": "health"}, {"effects": effects({"outcome": "health"})}, 1.0),  # a mean tells no persons
    ],
)
def test_the_second_ratio_counts_what_the_comparison_bears_out(
    line: dict[str, Any], given: dict[str, Any], part: float
) -> None:
    other = {"outcome": "Inne", "outcome_key": "", "evidence": "expert"}  # no measurement judges it
    row = summary(confirmed(line, other, **given))
    assert row["ratio_measured"] == pytest.approx(1.90268760 * (part + 1), abs=1e-5)
    assert row["ratio"] == pytest.approx(2 * 1.90268760, abs=1e-5)


def test_without_a_measurement_there_is_no_second_ratio() -> None:
    assert pd.isna(summary(confirmed({"evidence": "expert"}, effects=effects()))["ratio_measured"])
    assert pd.isna(summary(confirmed({"outcome_key": "", "evidence": "literature"}))["ratio_measured"])


# --- laws ---------------------------------------------------------------------------------------------


def test_tables_are_records(tables: Tables) -> None:
    assert set(tables) == {
        "map_lines", "value_years", "stakeholders", "costs", "value_summary", "tornado", "break_even", "ratio_bins",
        "drivers", "overclaims", "cost_per", "inaction",
    }  # fmt: skip
    for name, table in tables.items():
        assert table.dtypes.astype(str).to_dict() == columns(TABLES[name])
        assert len(as_records(table, TABLES[name])) == len(table)


def test_the_order_of_rows_changes_nothing(tables: Tables) -> None:
    inputs = money(LINES)
    turned = replace(inputs, impact_map=inputs.impact_map.iloc[::-1], costs=inputs.costs.iloc[::-1])
    for name, table in value(turned).items():
        pd.testing.assert_frame_equal(table, tables[name], obj=name)


def test_a_voivodeship_has_the_same_numbers_beside_others(tables: Tables) -> None:
    two = money([*LINES, *({**line, "teryt": "14"} for line in LINES)], [{}, {"teryt": "14", "amount_pln": 9000.0}])
    two = replace(two, impact_map=two.impact_map.assign(line=["1", "2", "3"] * 2))
    for name, table in value(two).items():
        own = table[table["teryt"] == "02"].reset_index(drop=True)
        pd.testing.assert_frame_equal(own, tables[name], obj=name)


def test_the_unit_of_money_does_not_matter(tables: Tables) -> None:
    lines = [{**line, "proxy_value": 10 * line.get("proxy_value", 200.0)} for line in LINES]
    found = summary(value(money(lines, [{"amount_pln": 120_000.0}])))
    for name in ("ratio", "ratio_low", "ratio_high", "median", "payback_years", "below_one", "without_biggest"):
        assert found[name] == pytest.approx(summary(tables)[name], abs=1e-6)


def test_lines_are_in_the_order_of_their_numbers() -> None:
    found = value(money([{"outcome": str(place)} for place in range(11)]))
    assert found["map_lines"]["line"].tolist() == [str(place) for place in range(1, 12)]


def test_no_input_is_changed() -> None:
    inputs = money(LINES, inaction=[{}])
    before = {name: getattr(inputs, name).copy() for name in ("impact_map", "costs", "inaction", "prices")}
    value(inputs)
    for name, table in before.items():
        pd.testing.assert_frame_equal(getattr(inputs, name), table)


# --- what cannot be told ------------------------------------------------------------------------------


def no_ratio(tables: Tables) -> str:
    """Return why there is no ratio, and that nothing that hangs on it is told."""
    row = summary(tables)
    assert row[["ratio", "ratio_low", "ratio_high", "net_ratio", "payback_years", "median", "below_one"]].isna().all()
    assert all(tables[name].empty for name in ("tornado", "break_even", "ratio_bins", "drivers"))
    return str(row["reason"])


def test_nothing_delivered_gives_no_rows() -> None:
    assert all(table.empty for table in value(money((), ())).values())


@pytest.mark.parametrize("costs", [(), ({"amount_pln": 0.0},)])
def test_without_inputs_there_is_value_but_no_ratio(costs: tuple[dict[str, float], ...]) -> None:
    found = value(money(LINES, costs))
    assert no_ratio(found) == "no_costs"
    assert summary(found)["present_value"] == pytest.approx(22_832.2512 * 370 / 200, abs=1e-3)
    assert found["map_lines"]["present_value"].notna().all()


def test_costs_without_a_map_are_no_data() -> None:
    found = value(money([]))
    assert no_ratio(found) == "no_data"
    assert found["costs"]["indexed"].tolist() == [12_000]


def test_a_line_whose_prices_are_unknown_leaves_no_ratio() -> None:
    found = value(money([{}, {"price_year": 2019, "outcome": "Inne"}]))
    assert no_ratio(found) == "no_prices"
    assert found["map_lines"]["present_value"].isna().tolist() == [False, True]
    assert pd.isna(summary(found)["present_value"])


def test_costs_whose_prices_are_unknown_leave_no_ratio() -> None:
    found = value(money(costs=[{}, {"year": 2019}]))
    assert no_ratio(found) == "no_prices"
    assert found["cost_per"]["reason"].unique().tolist() == ["no_prices"]
    assert found["cost_per"]["cost"].isna().all()


def test_without_an_index_amounts_of_the_same_year_stand() -> None:
    assert summary(value(money(prices={})))["ratio"] == pytest.approx(1.9027, abs=5e-5)


def test_a_line_without_deadweight_is_left_out_and_named() -> None:
    found = value(money([{}, {"deadweight": NONE, "outcome": "Inne", "outcome_key": ""}]))
    row = summary(found)
    assert row["ratio"] == pytest.approx(1.9027, abs=5e-5)
    assert row["reason"] == ""
    assert found["map_lines"]["present_value"].isna().tolist() == [False, True]
    remarks = found["overclaims"]
    assert remarks.loc[remarks["code"] == "no_deadweight", "line"].tolist() == ["2"]


def test_a_map_without_any_deadweight_has_no_ratio() -> None:
    found = value(money([{"deadweight": NONE}]))
    assert no_ratio(found) == "no_data"
    assert len(found["map_lines"]) == 1


def test_value_of_nothing_is_a_ratio_of_nothing() -> None:
    row = summary(value(money([{"quantity": 0.0}])))
    assert (row["ratio"], row["biggest_line"]) == (0, "")
    assert row[["payback_years", "biggest_share", "without_biggest"]].isna().all()


def test_payback_never_comes_where_the_ratio_is_below_one() -> None:
    # 24 390 undiscounted, 22 832 discounted, 24 000 spent.
    row = summary(value(money(costs=[{"amount_pln": 24_000.0}])))
    assert row["ratio"] < 1
    assert pd.isna(row["payback_years"])


# --- cost of an outcome, cost of doing nothing --------------------------------------------------------


def cost_per(inputs: Inputs, **persons: pd.DataFrame) -> pd.DataFrame:
    given = {
        "effects": effects({}), "participation": participation(), "levels": levels({}), "changes": changes({}),
        **persons,
    }  # fmt: skip
    found = value_tables(inputs, **given, parameters=PARAMETERS)["cost_per"]
    return found[found["outcome"] == "work"].set_index("basis")


def test_cost_of_a_lasting_outcome_by_hand() -> None:
    # 12 000 / 40 = 300 a person; over 0.4 (0.3 to 0.5) 750 (600 to 1000), over 0.1 (0.05 to 0.2) 3000 (1500 to 6000).
    found = cost_per(money())
    assert found["per_participant"].tolist() == [300, 300]
    numbers = ["cost", "cost_low", "cost_high"]
    assert found.loc["gross", numbers].tolist() == pytest.approx([750, 600, 1000])
    assert found.loc["net", numbers].tolist() == pytest.approx([3000, 1500, 6000])


def test_payers_of_a_year_pay_for_the_same_persons() -> None:
    costs = [{}, {"payer": "gminy", "amount_pln": 8000.0}, {"year": 2023, "participants": 10.0}]
    found = cost_per(money(costs=costs, prices={2024: 100.0}))
    assert found["per_participant"].tolist() == [640, 640]  # 32 000 over 40 + 10
    part = [*costs, {"year": 2022, "participants": NONE}]
    assert set(cost_per(money(costs=part, prices={2023: 100.0, 2024: 100.0}))["reason"]) == {"no_data"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"p_adjusted": 0.06}, "undecided"),  # its interval leaves out 0, but one of many outcomes may by chance
        ({"p_adjusted": NONE}, "undecided"),
        ({"effect": -0.1, "effect_low": -0.2, "effect_high": -0.05}, "undecided"),
        ({"method": "before_after", "grade": 2}, "no_comparison"),
        ({"effect": NONE, "effect_low": NONE, "effect_high": NONE, "reason": "few"}, "few"),
        ({"main": False}, "no_data"),
    ],
)
def test_an_unsure_effect_gives_no_net_cost_but_the_gross_one(change: dict[str, Any], reason: str) -> None:
    found = cost_per(money(), effects=effects(change))
    assert found.loc["net", "reason"] == reason
    assert pd.isna(found.loc["net", "cost"])
    assert found.loc["gross", "cost"] == 750


def test_hidden_shares_give_their_reason() -> None:
    hidden = levels({"level": NONE, "level_low": NONE, "level_high": NONE, "reason": "protected"})
    assert cost_per(money(), levels=hidden).loc["gross", "reason"] == "protected"
    nothing = cost_per(money(), levels=levels(), participation=participation("few"))
    assert nothing.loc["gross", "reason"] == "few"
    zero = cost_per(money(), levels=levels({"level_low": 0.0}))
    assert pd.isna(zero.loc["gross", "cost_high"])


def test_cost_of_doing_nothing_by_hand() -> None:
    # 10 x 1000 a year: 10 000 / 1.035 + 10 000 / 1.035^2 = 18 996.9428; a quarter of it is avoided.
    found = value(money(inaction=[{}, {"item": "Inne", "price_year": 2019}]))["inaction"].set_index("item")
    assert found.loc["Świadczenia", "cost"] == pytest.approx(18_996.9428, abs=5e-5)
    assert found.loc["Świadczenia", "avoided"] == pytest.approx(4749.2357, abs=5e-5)
    assert found.loc["Inne", ["cost", "avoided"]].isna().all()


# --- a known truth ------------------------------------------------------------------------------------


def test_the_interval_holds_truths_within_the_ranges_at_its_rate() -> None:
    row = summary(value(money([{**RANGE, "quantity_low": NONE, "quantity_high": NONE}])))
    truth = np.random.default_rng(12).triangular(0.1, 0.25, 0.5, size=4000)
    ratios = 1.90268760 * (1 - truth) / 0.75
    inside = (ratios >= row["ratio_low"]) & (ratios <= row["ratio_high"])
    assert inside.mean() == pytest.approx(0.95, abs=0.015)  # 2000 draws and 4000 truths: a standard error of 0.006
