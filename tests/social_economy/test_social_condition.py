"""What the composite index may not depend on (hidden estimates, answers of entities, chance) and must (direction)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from small_registers import copied, draw_spells, make_inputs, make_survey, make_units

from ropsanalysis.social_economy.condition import SPECS, VALUE_COLUMNS, condition_tables
from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_economy.schema import Inputs
from ropsanalysis.social_economy.structure import structure_tables
from ropsanalysis.stats.tables import frame

PARAMETERS = SocialEconomyParameters(index_draws=30)
REGIONS = ("02", "06", "10", "14", "18", "22", "26", "30")
ESTIMATES = {
    "teryt": "str",
    "legal_form": "str",
    "year": "Int64",
    "measure": "str",
    "value": "Float64",
    "reason": "str",
}
#: Measure of the survey's estimates behind each indicator that comes from the survey.
MEASURES = {spec.key: spec.key for spec in SPECS if spec.source == "survey"}
MEASURES |= {"staff_per_10k": "staff", "participants_per_100k": "participants"}


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    units = make_units(REGIONS, powiats=3)
    spells = draw_spells(800, units, rng=np.random.default_rng(3))
    there = spells.loc[spells["end"].isna(), "entity"].unique()[:40]
    survey = make_survey({"entity": entity, "year": 2025, "staff": 5.0} for entity in there)
    return make_inputs(units=units, spells=spells, survey=survey)


@pytest.fixture(scope="module")
def estimates() -> pd.DataFrame:
    """Return estimates of every measure and voivodeship that differ from one another."""
    rng = np.random.default_rng(8)
    rows = [(teryt, "", 2025, measure, rng.random(), "") for teryt in REGIONS for measure in MEASURES.values()]
    return pd.DataFrame(rows, columns=list(ESTIMATES)).astype(ESTIMATES)


@pytest.fixture(scope="module")
def structure(inputs: Inputs) -> dict[str, pd.DataFrame]:
    return structure_tables(inputs, parameters=PARAMETERS)


def condition(
    inputs: Inputs,
    structure: dict[str, pd.DataFrame],
    estimates: pd.DataFrame,
    parameters: SocialEconomyParameters = PARAMETERS,
) -> dict[str, pd.DataFrame]:
    tables = {**structure, "estimates": estimates}
    return condition_tables(inputs, tables, frame([], VALUE_COLUMNS), parameters=parameters)


def where(estimates: pd.DataFrame, teryt: str, measure: str) -> pd.Series[bool]:
    chosen: pd.Series[bool] = (estimates["teryt"] == teryt) & (estimates["measure"] == measure)
    assert chosen.sum() == 1
    return chosen


def test_a_hidden_estimate_changes_nothing(
    inputs: Inputs, structure: dict[str, pd.DataFrame], estimates: pd.DataFrame
) -> None:
    hidden = estimates.copy()
    for measure in ("staff", "risk_share"):
        hidden.loc[where(hidden, "14", measure), ["value", "reason"]] = [None, "protected"]
    leaked = hidden.copy()
    leaked.loc[leaked["reason"] != "", "value"] = 1e6
    one, other = condition(inputs, structure, hidden), condition(inputs, structure, leaked)
    for name, table in one.items():
        pd.testing.assert_frame_equal(other[name], table)
    shown = condition(inputs, structure, estimates)["condition"].set_index("teryt")
    assert shown.loc["14", "score"] != one["condition"].set_index("teryt").loc["14", "score"]


def test_answers_enter_only_by_what_is_published(
    inputs: Inputs, structure: dict[str, pd.DataFrame], estimates: pd.DataFrame
) -> None:
    answers = inputs.survey.assign(staff=inputs.survey["staff"] * 100, staff_risk=77.0)
    one = condition(inputs, structure, estimates)
    other = condition(replace(inputs, survey=answers), structure, estimates)
    for name, table in one.items():
        pd.testing.assert_frame_equal(other[name], table)


@pytest.mark.parametrize("key", MEASURES)
def test_each_indicator_counts_in_its_direction(
    inputs: Inputs, structure: dict[str, pd.DataFrame], estimates: pd.DataFrame, key: str
) -> None:
    spec = next(spec for spec in SPECS if spec.key == key)
    own = where(estimates, "22", MEASURES[key])
    scores = []
    for value in (0.0, 1.0):  # below and above what any other voivodeship has
        changed = estimates.copy()
        changed.loc[own, "value"] = value
        scores.append(condition(inputs, structure, changed)["condition"].set_index("teryt").loc["22", spec.dimension])
    worse, better = scores if spec.direction == "higher" else reversed(scores)
    assert better > worse


def test_chance_decides_on_intervals_only(
    inputs: Inputs, structure: dict[str, pd.DataFrame], estimates: pd.DataFrame
) -> None:
    first = condition(inputs, structure, estimates)["condition"]
    again = condition(inputs, structure, estimates)["condition"]
    pd.testing.assert_frame_equal(first, again)
    other = condition(inputs, structure, estimates, replace(PARAMETERS, seed=1))["condition"]
    fixed = ["teryt", "score", "rank", "n", "available"]
    pd.testing.assert_frame_equal(first[fixed], other[fixed])
    assert not first[["rank_low", "rank_high"]].equals(other[["rank_low", "rank_high"]])


def test_an_indicator_that_nobody_has_takes_nothing_from_what_is_available(
    inputs: Inputs, structure: dict[str, pd.DataFrame], estimates: pd.DataFrame
) -> None:
    without = condition(inputs, structure, estimates[estimates["measure"] != "staff"])["condition"]
    own = without[without["level"] == "voivodeship"]
    assert (own["available"] == 1).all()  # there is no official indicator here either


def test_two_voivodeships_are_not_ranked_but_have_their_values() -> None:
    units = make_units(("14", "26"), powiats=3)
    small = make_inputs(units=units, spells=draw_spells(200, units, rng=np.random.default_rng(1)))
    tables = structure_tables(small, parameters=PARAMETERS)
    found = condition(small, tables, pd.DataFrame(columns=list(ESTIMATES)).astype(ESTIMATES))
    assert set(found["condition"]["level"]) == {"powiat"}
    values = found["condition_values"]
    assert values.loc[(values["teryt"] == "14") & (values["key"] == "density"), "value"].notna().all()


def test_nothing_given_is_changed(inputs: Inputs, structure: dict[str, pd.DataFrame], estimates: pd.DataFrame) -> None:
    before = copied(inputs) | {name: table.copy(deep=True) for name, table in structure.items()}
    told = estimates.copy(deep=True)
    condition(inputs, structure, estimates)
    for name, table in before.items():
        pd.testing.assert_frame_equal(structure[name] if name in structure else getattr(inputs, name), table)
    pd.testing.assert_frame_equal(estimates, told)
