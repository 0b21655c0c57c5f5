"""What the survey of entities says: bases of shares, totals by hand, laws, published tables."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from ropsanalysis.io import catalogue
from ropsanalysis.regions import REGIONS
from ropsanalysis.social_economy import publish
from ropsanalysis.social_economy.accounts import revenue_parts
from ropsanalysis.social_economy.estimates import all_figures, powiat_values, survey_tables
from ropsanalysis.social_economy.estimator import Estimator, Figure
from ropsanalysis.social_economy.measures import MEASURES
from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_economy.reintegration import reintegration_figures
from ropsanalysis.social_economy.sample import Sample, read_samples
from ropsanalysis.social_economy.schema import REVENUE_SOURCES, Inputs
from ropsanalysis.social_economy.weights import weigh
from ropsanalysis.social_economy.work import work_figures
from social_economy.simulated_entities import simulate

PARAMETERS = SocialEconomyParameters()


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return simulate(np.random.default_rng(3), years=(2024, 2025), scale=0.3, response=1.5)


@pytest.fixture(scope="module")
def tables(inputs: Inputs) -> dict[str, pd.DataFrame]:
    return survey_tables(inputs, parameters=PARAMETERS)


def census(form: str, **answers: list[float]) -> Sample:
    """Entities of one form in one voivodeship, all of which answered; what is not given is not answered."""
    base = simulate(np.random.default_rng(0), years=(2025,), scale=0.01, regions=1)
    n = len(next(iter(answers.values())))
    spells = pd.concat([base.spells.iloc[:1]] * n, ignore_index=True)
    spells = spells.assign(entity=[f"e{i}" for i in range(n)], legal_form=form, size_class="10-49")
    survey = pd.concat([base.survey.iloc[:1]] * n, ignore_index=True).assign(entity=spells["entity"])
    silent = {name: np.nan for name in survey.columns if name not in ("entity", "year")}
    return read_samples(replace(base, spells=spells, survey=survey.assign(**{**silent, **answers})))[0]


def estimator(sample: Sample) -> Estimator:
    return Estimator(sample, weigh(sample, parameters=PARAMETERS), 0.95)


def test_share_of_risk_groups_is_of_the_staff() -> None:
    # GUS, social economy entities in 2023: of 210,9 thousand employees 27,2 thousand from risk groups, 12,9 %.
    found = work_figures(estimator(census("ngo", staff=[110_900.0, 100_000.0, 0.0], staff_risk=[7_200.0, 20_000.0, 0])))
    assert found["risk_share"].value[0, -1] == pytest.approx(27.2 / 210.9)
    assert round(float(found["risk_share"].value[0, -1]), 3) == 0.129
    assert found["risk_share"].base[0, -1] == 2  # one that employs nobody says nothing about the staff
    assert found["employing_share"].value[0, -1] == pytest.approx(2 / 3)
    assert found["employing_share"].base[0, -1] == 3


def test_a_share_of_exits_is_not_one_of_participants() -> None:
    # GUS, erratum of 27.11.2024 (case ES-D): the wrong base made 5,4 % of 18,4 %. The same slip here: 540 persons went
    # to work, of 2935 who left, of 10 000 who took part; a unit nobody left is in neither number.
    units = {"participants": [6_000.0, 4_000.0, 0.0], "exits": [1_935.0, 1_000.0, 0.0], "exits_to_work": [340, 200, 0]}
    sample = census("cis", **units)
    found = reintegration_figures(estimator(sample))["exit_to_work_share"]
    wrong = sum(units["exits_to_work"]) / sum(units["participants"])
    assert round(wrong, 3) == 0.054
    assert round(float(found.value[0, -1]), 3) == 0.184
    assert found.base[0, -1] == 2


def test_the_interval_of_a_share_of_exits_knows_that_finding_work_is_chance() -> None:
    # Wilson's interval of 30 of 100, 95 %: 21.895 to 39.585 % (Brown, Cai and DasGupta 2001, formula 4, by hand).
    # All three units answered, so the sample itself leaves no doubt.
    sample = census("cis", participants=[90.0, 90.0, 90.0], exits=[50.0, 30.0, 20.0], exits_to_work=[15.0, 9.0, 6.0])
    found = reintegration_figures(estimator(sample))["exit_to_work_share"]
    assert found.value[0, -1] == pytest.approx(0.30)
    assert (found.low[0, -1], found.high[0, -1]) == (pytest.approx(0.21895, abs=1e-5), pytest.approx(0.39585, abs=1e-5))


def test_forms_with_one_answer_each_do_not_make_a_total_exact() -> None:
    # Four forms of 10 entities in one voivodeship, one answer each: nothing within a form shows how staff varies.
    base = simulate(np.random.default_rng(0), years=(2025,), scale=0.01, regions=1)
    forms = ["ngo", "kgw", "cis", "zaz"]
    spells = pd.concat([base.spells.iloc[:1]] * 40, ignore_index=True)
    spells = spells.assign(entity=[f"e{i}" for i in range(40)], legal_form=forms * 10, size_class="10-49")
    survey = pd.concat([base.survey.iloc[:1]] * 4, ignore_index=True)
    survey = survey.assign(entity=spells["entity"][:4], staff=[1.0, 2.0, 10.0, 60.0])
    sample = read_samples(replace(base, spells=spells, survey=survey))[0]
    found = work_figures(estimator(sample))["staff"]
    assert found.value[0, -1] == pytest.approx(10 * 73)
    assert found.high[0, -1] - found.low[0, -1] > 730
    measure = next(measure for measure in MEASURES if measure.key == "staff")
    assert publish.is_imprecise(found, measure, PARAMETERS)[0, -1]


def test_what_is_imprecise() -> None:
    # By hand: fine; too few answers; half-width 51 of 100; too few effective answers; a census; no interval.
    low, high = [60.0, 60, 49, 60, 60, np.nan], [140.0, 140, 151, 140, 140, np.nan]
    base, effective = [20, 4, 20, 20, 6, 20], [15.0, 15, 15, 9.9, np.inf, 15]
    columns = (np.array([[*column]], dtype=float) for column in ([100.0] * 6, low, high))
    figure = Figure(*columns, np.array([base]), np.array([effective]))
    total, share, median = (
        next(measure for measure in MEASURES if measure.key == key)
        for key in ("staff", "contracts_share", "revenue_median")
    )
    found = publish.is_imprecise(figure, total, PARAMETERS)
    np.testing.assert_array_equal(found, [[False, True, True, True, False, True]])
    shares = Figure(figure.value / 100, figure.low / 250, figure.high / 250, figure.base, figure.effective)
    np.testing.assert_array_equal(
        publish.is_imprecise(shares, share, PARAMETERS), [[True] * 6]
    )  # half-widths of 16 points and more
    np.testing.assert_array_equal(
        publish.is_imprecise(figure, median, PARAMETERS), [[False, True, False, True, False, False]]
    )
    looser = replace(PARAMETERS, min_base=4, min_effective=9, widest_relative=0.51, widest_share=0.21)
    assert publish.is_imprecise(figure, total, looser).tolist() == [[False] * 5 + [True]]
    assert publish.is_imprecise(shares, share, looser).tolist() == [[False] * 5 + [True]]


def test_quality_says_what_the_totals_cover(inputs: Inputs, tables: dict[str, pd.DataFrame]) -> None:
    response, quality = tables["response"], tables["quality"].set_index(["teryt", "year"])
    rows = response[(response["legal_form"] != "") & (response["teryt"] != "00") & (response["reason"] != "none")]
    expected = rows.groupby(["teryt", "year"])["register"].sum()
    assert (quality.loc[expected.index, "covered"] == expected).all()
    assert (quality.loc["00", "covered"] == expected.groupby("year").sum()).all()
    assert (quality["covered"] < quality["register"]).any()


def test_public_share_is_of_the_revenue_whose_sources_are_known() -> None:
    # By hand: 60 of 100 and 40 of 300 are public; the third entity gave only its revenue, and is in neither number.
    sources = {f"revenue_{source}_pln": [0.0, 0.0, np.nan] for source in REVENUE_SOURCES}
    sources |= {"revenue_sales_pln": [40.0, 260.0, np.nan], "revenue_grants_pln": [60.0, 40.0, np.nan]}
    sample = census("ngo", revenue_total_pln=[100.0, 300.0, 5_000.0], **sources)
    found = all_figures(sample, weigh(sample, parameters=PARAMETERS), parameters=PARAMETERS)
    assert found["public_share"].value[0, -1] == pytest.approx(100 / 400)
    assert found["public_share"].base[0, -1] == 2
    assert found["revenue_share_sales"].value[0, -1] == pytest.approx(300 / 400)
    assert found["revenue_hhi"].value[0, -1] == pytest.approx(0.75**2 + 0.25**2)
    assert found["revenue_total_pln"].value[0, -1] == pytest.approx(5_400.0)  # nobody gave costs here
    assert found["revenue_total_pln"].base[0, -1] == 3


def test_a_total_of_money_keeps_the_answers_of_those_that_gave_no_costs() -> None:
    # By hand: all four gave their revenue, so its total is its own sum; the costs and the result are known of three
    # (two times because the third number follows), whose mean stands for the fourth: 4/3 of 300 and of 60.
    sample = census("ngo", revenue_total_pln=[100.0, 200.0, 60.0, 9e6], costs_pln=[90.0, 150.0, np.nan, np.nan],
                    result_pln=[10.0, np.nan, 0.0, np.nan])  # fmt: skip
    found = all_figures(sample, weigh(sample, parameters=PARAMETERS), parameters=PARAMETERS)
    revenue, costs, result = (found[key].value[0, -1] for key in ("revenue_total_pln", "costs_pln", "result_pln"))
    assert (revenue, costs, result) == (pytest.approx(9_000_360.0), pytest.approx(400.0), pytest.approx(80.0))
    assert [found[key].base[0, -1] for key in ("revenue_total_pln", "costs_pln", "result_pln")] == [4, 3, 3]
    # Nobody tells the costs: then the revenue stands for itself.
    lonely = census("ngo", revenue_total_pln=[100.0, 200.0, 60.0])
    alone = all_figures(lonely, weigh(lonely, parameters=PARAMETERS), parameters=PARAMETERS)
    assert alone["revenue_total_pln"].value[0, -1] == pytest.approx(360.0)
    assert np.isnan(alone["costs_pln"].value[0, -1])


def test_sources_left_empty_are_nothing_if_the_others_make_up_the_total() -> None:
    nothing = {f"revenue_{source}_pln": np.full(3, np.nan) for source in REVENUE_SOURCES}
    given = {
        **nothing,
        "revenue_total_pln": np.array([10.0, 10.0, 0.0]),
        "revenue_fees_pln": np.array([10.0, 7, np.nan]),
    }
    parts = revenue_parts(given)
    np.testing.assert_array_equal(parts[0], [0, 0, 0, 0, 0, 10, 0])
    assert np.isnan(parts[1]).all()
    np.testing.assert_array_equal(parts[2], 0.0)


def test_shares_of_sources_add_up_and_make_the_public_share(inputs: Inputs) -> None:
    sample = read_samples(inputs)[-1]
    found = all_figures(sample, weigh(sample, parameters=PARAMETERS), parameters=PARAMETERS)
    shares = {source: found[f"revenue_share_{source}"].value for source in REVENUE_SOURCES}
    known = ~np.isnan(found["public_share"].value)
    np.testing.assert_allclose(sum(shares.values())[known], 1.0, rtol=1e-12)
    public = shares["public_contracts"] + shares["grants"] + shares["eu"]
    np.testing.assert_allclose(public[known], found["public_share"].value[known], rtol=1e-12)


def test_totals_add_up_over_forms_and_voivodeships(inputs: Inputs) -> None:
    sample = read_samples(inputs)[-1]
    found = all_figures(sample, weigh(sample, parameters=PARAMETERS), parameters=PARAMETERS)
    for key in ("staff", "volunteers", "revenue_total_pln", "participants"):
        value = np.nan_to_num(found[key].value)
        np.testing.assert_allclose(value[:, :-1].sum(axis=1), value[:, -1], rtol=1e-9)
        np.testing.assert_allclose(value[:-1].sum(axis=0), value[-1], rtol=1e-9)


def test_the_estimate_of_staff_is_unbiased() -> None:
    # Simulation: 40 surveys of one population whose staff is known from a census of it; 60 % answer.
    rng = np.random.default_rng(8)
    whole = simulate(rng, years=(2025,), scale=0.1, response=1e9, missing=0.0, regions=2)
    forms = whole.spells.set_index("entity")
    cell = (whole.survey["entity"].map(forms["teryt"]).str[:2] + whole.survey["entity"].map(forms["legal_form"])).array
    errors, covered = [], 0
    for _ in range(40):
        answers = rng.random(len(whole.survey)) < 0.6
        spoken_for = np.isin(cell, cell[answers])
        truth = whole.survey["staff"][spoken_for].sum()
        found = work_figures(estimator(read_samples(replace(whole, survey=whole.survey[answers]))[0]))["staff"]
        errors.append(found.value[-1, -1] / truth - 1)
        covered += bool(found.low[-1, -1] <= truth <= found.high[-1, -1])
    assert abs(np.mean(errors)) < 3 * np.std(errors) / np.sqrt(40)
    # Staff is very unequal, and strata of three answers show too little of it: intervals hold less than they promise.
    assert 0.75 <= covered / 40 <= 1.0


def test_the_tables_keep_their_columns_and_their_law(tables: dict[str, pd.DataFrame]) -> None:
    for name, columns in (
        ("response", publish.RESPONSE_COLUMNS),
        ("quality", publish.QUALITY_COLUMNS),
        ("estimates", publish.ESTIMATE_COLUMNS),
        ("protection", publish.PROTECTION_COLUMNS),
    ):
        expected = {column: "string" if kind == "str" else kind for column, kind in columns.items()}
        found = {column: "string" if str(kind) == "str" else str(kind) for column, kind in tables[name].dtypes.items()}
        assert found == expected
    estimates = tables["estimates"]
    assert not estimates.duplicated(["teryt", "legal_form", "year", "measure"]).any()
    assert (estimates["value"].notna() == (estimates["reason"] == "")).all()
    assert estimates.loc[estimates["reason"] == "protected", ["low", "high", "base"]].isna().all(axis=None)
    shown = estimates[estimates["reason"] == ""].dropna(subset=["low", "high"])
    assert ((shown["low"] <= shown["value"]) & (shown["value"] <= shown["high"])).all()
    assert (shown["base"] >= PARAMETERS.min_base).all()
    assert set(estimates["measure"]) == {measure.key for measure in MEASURES}
    assert set(tables["protection"]["verdict"]) == {"safe"}


def test_measures_of_reintegration_are_of_its_units_only(tables: dict[str, pd.DataFrame]) -> None:
    rows = tables["estimates"][tables["estimates"]["measure"] == "participants"]
    assert set(rows["legal_form"]) == {"cis", "kis", "zaz", "wtz", ""}


def test_quantiles_are_in_order(tables: dict[str, pd.DataFrame]) -> None:
    keys = ["revenue_q10", "revenue_q25", "revenue_median", "revenue_q75", "revenue_q90"]
    wide = tables["estimates"].pivot_table(index=["teryt", "legal_form", "year"], columns="measure", values="value")
    compared = 0
    for low, high in pairwise(keys):
        both = wide[[low, high]].dropna()
        compared += len(both)
        assert (both[low] <= both[high]).all()
    assert compared > 100


def test_inputs_are_not_changed_and_rows_in_any_order_give_the_same(
    inputs: Inputs, tables: dict[str, pd.DataFrame]
) -> None:
    copies = {field.name: getattr(inputs, field.name).copy() for field in fields(inputs) if field.name != "as_of"}
    shuffled = replace(
        inputs, spells=inputs.spells.sample(frac=1, random_state=1), survey=inputs.survey.sample(frac=1, random_state=2)
    )
    again = survey_tables(shuffled, parameters=PARAMETERS)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(again[name], table)
    pd.testing.assert_frame_equal(
        powiat_values(shuffled, parameters=PARAMETERS), powiat_values(inputs, parameters=PARAMETERS)
    )
    for name, copy in copies.items():
        pd.testing.assert_frame_equal(getattr(inputs, name), copy)


def test_without_a_survey_tables_are_empty_and_typed(inputs: Inputs) -> None:
    nothing = replace(inputs, survey=inputs.survey.iloc[:0])
    found = survey_tables(nothing, parameters=PARAMETERS)
    assert {name: len(table) for name, table in found.items()} == dict.fromkeys(
        ("response", "quality", "estimates", "protection"), 0
    )
    assert list(found["estimates"].columns) == list(publish.ESTIMATE_COLUMNS)
    assert list(powiat_values(nothing, parameters=PARAMETERS).columns) == ["teryt", "key", "value", "reason"]


def test_poland_is_spoken_of_only_if_all_voivodeships_are_there(inputs: Inputs) -> None:
    one = REGIONS[0].teryt
    few = [region.teryt for region in REGIONS[:3]]
    for kept in ([one], few):
        spells = inputs.spells[inputs.spells["teryt"].str[:2].isin(kept)]
        survey = inputs.survey[inputs.survey["entity"].isin(spells["entity"])]
        found = survey_tables(replace(inputs, spells=spells, survey=survey), parameters=PARAMETERS)
        assert set(found["estimates"]["teryt"]) == set(found["response"]["teryt"]) == set(kept)
    silent = inputs.survey[
        ~inputs.survey["entity"].isin(inputs.spells["entity"][inputs.spells["teryt"].str[:2] == one])
    ]
    found = survey_tables(replace(inputs, survey=silent), parameters=PARAMETERS)["estimates"]
    assert set(found.loc[found["teryt"] == "00", "reason"]) == {"none"}


def test_a_form_nobody_answered_for_is_said_to_be_left_out(inputs: Inputs) -> None:
    churches = inputs.spells["entity"][inputs.spells["legal_form"] == "church_entity"]
    found = survey_tables(
        replace(inputs, survey=inputs.survey[~inputs.survey["entity"].isin(churches)]), parameters=PARAMETERS
    )
    rows = found["response"][found["response"]["legal_form"] == "church_entity"]
    assert set(rows["reason"]) == {"none"}
    assert (rows["respondents"] == 0).all()
    assert (rows["register"] > 0).all()


def test_the_catalogue_describes_every_measure_with_its_base() -> None:
    described = {entry.key: entry for entry in catalogue.measures()}
    assert list(described) == [measure.key for measure in MEASURES]
    for measure in MEASURES:
        entry = described[measure.key]
        decimals = round(-np.log10(measure.step)) if measure.step < 1 else 0
        assert entry.digits == decimals - (2 if entry.unit == "%" else 0)  # the table's last digit is the printed one
        assert (entry.kind == "quantile") == (measure.probability > 0)
        assert entry.base
    frame = catalogue.measure_frame()
    assert list(frame.columns) == ["key", "name", "short", "unit", "digits", "chapter", "kind", "base"]
    assert len(frame) == len(MEASURES)
