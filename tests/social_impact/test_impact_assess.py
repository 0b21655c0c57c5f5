"""All tables of the report from whatever was delivered: complete, of the right types, and the same each time."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest
from simulated_persons import make_inputs, make_panel

from ropsanalysis.errors import DataError
from ropsanalysis.social_impact.assess import assess
from ropsanalysis.social_impact.parameters import SocialImpactParameters
from ropsanalysis.social_impact.published import as_table, conform
from ropsanalysis.social_impact.records import TABLES
from ropsanalysis.social_impact.schema import CENTRE_OUTCOMES, JST_COLUMNS, MAP_COLUMNS, Inputs
from ropsanalysis.stats.published import columns
from ropsanalysis.stats.records import as_records

QUICK = SocialImpactParameters(bootstrap_draws=99, map_draws=500)
PERSONS = ("participation", "retention", "lost", "reliability", "levels", "changes", "balance", "overlap", "comparison",
           "effects", "protection")  # fmt: skip


def _persons() -> Inputs:
    panel = pd.concat([make_panel(60, 50, teryt="02"), make_panel(40, 0, teryt="14")], ignore_index=True)
    return make_inputs(panel)


def _gminas() -> Inputs:
    rng = np.random.default_rng(1)
    codes = [f"02{powiat:02}{k:02}" for powiat in range(1, 13) for k in range(1, 5)]
    opened = {code: 2020.0 if place % 4 == 0 else np.nan for place, code in enumerate(codes)}
    rows = [
        {"teryt": code, "year": year, "opened": opened[code],
         **{name: 50 + 3 * (year >= opened[code]) + rng.normal() for name in CENTRE_OUTCOMES}}
        for code in codes
        for year in range(2016, 2024)
    ]  # fmt: skip
    jst = pd.DataFrame(rows, columns=list(JST_COLUMNS))
    units = pd.DataFrame(
        {"teryt": codes, "level": "gmina", "name": codes, "parent": [c[:4] for c in codes], "kind": ""}
    )
    return make_inputs(jst=jst, units=units)


def _map() -> Inputs:
    row: dict[str, object] = dict.fromkeys(MAP_COLUMNS, np.nan)
    row |= {
        "teryt": "12", "line": "1", "stakeholder": "uczestnicy", "outcome": "Praca", "outcome_key": "work",
        "indicator": "osoby", "quantity": 100.0, "proxy_value": 200.0, "duration_years": 3.0, "deadweight": 0.25,
        "displacement": 0.0, "attribution": 0.4, "drop_off": 0.1, "distribution": "", "currency": "PLN",
        "price_year": 2024.0, "proxy": "cena", "proxy_source": "badanie", "evidence": "measured",
    }  # fmt: skip
    costs = pd.DataFrame(
        [{"teryt": "12", "year": 2024.0, "payer": "gmina", "amount_pln": 12000.0, "participants": 50.0}]
    )
    prices = pd.DataFrame([{"year": 2024.0, "index": 103.6, "source": "GUS"}])
    table = pd.DataFrame([row], columns=list(MAP_COLUMNS))
    return make_inputs(impact_map=table, costs=costs, prices=prices, price_year=2024)


DELIVERED: dict[str, Callable[[], Inputs]] = {
    "nothing": make_inputs, "persons": _persons, "gminas": _gminas, "map": _map,
}  # fmt: skip


@pytest.fixture(scope="module", params=DELIVERED)
def delivery(request: pytest.FixtureRequest) -> tuple[str, Inputs, dict[str, pd.DataFrame]]:
    inputs = DELIVERED[request.param]()
    return request.param, inputs, assess(inputs, parameters=QUICK)


Delivery = tuple[str, Inputs, dict[str, pd.DataFrame]]


def test_all_tables_are_there_with_their_columns_and_types(delivery: Delivery) -> None:
    _, _, found = delivery
    assert list(found) == list(TABLES)
    for name, table in found.items():
        assert {column: str(kind) for column, kind in table.dtypes.items()} == columns(TABLES[name]), name
        assert len(as_records(table, TABLES[name])) == len(table)


def test_only_what_was_delivered_has_rows(delivery: Delivery) -> None:
    what, _, found = delivery
    filled = {name for name, table in found.items() if len(table)}
    assert ("levels" in filled) == (what == "persons")
    assert ("centre_effects" in filled) == (what == "gminas")
    assert ("map_lines" in filled) == (what == "map")
    units = {"nothing": [], "persons": ["02", "14"], "gminas": ["02"], "map": ["12"]}
    assert found["units"]["teryt"].tolist() == units[what]
    subjects = {"nothing": set(), "persons": {"persons"}, "gminas": {"gminas"}, "map": {"value"}}
    assert set(found["claims"]["subject"]) == subjects[what]


def test_the_order_of_rows_does_not_matter_and_no_input_is_changed(delivery: Delivery) -> None:
    _, inputs, found = delivery
    before = copy.deepcopy(inputs)
    shuffled = replace(
        inputs,
        panel=inputs.panel.sample(frac=1.0, random_state=2).reset_index(drop=True),
        jst=inputs.jst.sample(frac=1.0, random_state=2).reset_index(drop=True),
    )
    again = assess(shuffled, parameters=QUICK)
    for name, table in found.items():
        pd.testing.assert_frame_equal(table, again[name])
    assess(inputs, parameters=QUICK)
    for field in fields(Inputs):
        one, other = getattr(before, field.name), getattr(inputs, field.name)
        if isinstance(one, pd.DataFrame):
            pd.testing.assert_frame_equal(one, other)
        else:
            assert one == other


def test_a_voivodeship_without_a_comparison_stands_beside_one_with() -> None:
    found = assess(_persons(), parameters=QUICK)
    verdicts = found["comparison"].set_index("teryt")["verdict"]
    assert verdicts["14"] == "no_comparison"
    assert verdicts["02"] != "no_comparison"
    claims = found["claims"].query("subject == 'persons'")
    assert set(claims.loc[claims["teryt"] == "14", "method"]) == {"before_after"}


def test_a_voivodeship_has_the_same_results_whichever_others_are_computed_with_it() -> None:
    both = _persons()
    alone = replace(both, panel=both.panel[both.panel["teryt"] == "02"].reset_index(drop=True))
    first, second = (assess(inputs, parameters=QUICK) for inputs in (both, alone))
    for name in PERSONS:
        own = first[name][first[name]["teryt"] == "02"].reset_index(drop=True)
        pd.testing.assert_frame_equal(own, second[name])


@pytest.mark.parametrize("outcome", ["work", "assistance"])
def test_what_the_map_is_measured_by_is_what_the_report_claims(outcome: str) -> None:
    priced = _map()
    inputs = replace(
        _persons(), impact_map=priced.impact_map.assign(teryt="02", outcome_key=outcome), prices=priced.prices,
        costs=priced.costs.assign(teryt="02", participants=500.0), price_year=2024,
    )  # fmt: skip
    found = assess(inputs, parameters=QUICK)
    (line,), (claim,) = (
        found[name].query(f"teryt == '02' and {column} == '{outcome}'").to_dict("records")
        for name, column in (("map_lines", "outcome_key"), ("claims", "outcome"))
    )
    assert line["decided"] == (claim["verdict"] == "improved")
    sign = -1 if outcome == "assistance" else 1
    assert line["measured"] == pytest.approx(sign * 500 * claim["effect"], abs=0.06)
    codes = set(found["overclaims"].query("teryt == '02'")["code"])
    assert ("unmeasured" in codes) == (claim["verdict"] != "improved" or claim["grade"] <= 2)


def test_inputs_that_break_their_contract_are_refused() -> None:
    inputs = _persons()
    panel = inputs.panel.assign(group=inputs.panel["group"].where(inputs.panel["wave"] != "exit", "comparison"))
    with pytest.raises(DataError, match="obu grupach"):
        assess(replace(inputs, panel=panel), parameters=QUICK)


def test_a_table_that_lacks_a_column_does_not_conform() -> None:
    table = as_table("retention", [])
    with pytest.raises(KeyError):
        conform("retention", table.drop(columns=["share"]))
