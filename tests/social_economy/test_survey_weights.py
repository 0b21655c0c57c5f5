"""Weights of the survey of entities: register totals, merged size classes, trimming, forms nobody answered for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ropsanalysis.regions import REGIONS
from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_economy.sample import SIZES, Sample, open_on, read_samples
from ropsanalysis.social_economy.schema import Inputs
from ropsanalysis.social_economy.weights import joined_strata, merge_sizes, weigh
from social_economy.simulated_entities import simulate

PARAMETERS = SocialEconomyParameters()


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return simulate(np.random.default_rng(1), years=(2025,), scale=0.4)


@pytest.fixture(scope="module")
def sample(inputs: Inputs) -> Sample:
    return read_samples(inputs)[0]


def test_weights_reproduce_the_registers_by_form(sample: Sample) -> None:
    # Law: in every voivodeship the entities of each form that answered stand for all of that form.
    weighting = weigh(sample, parameters=PARAMETERS)
    totals = np.bincount(sample.cell, weights=weighting.weights, minlength=16 * 12).reshape(16, 12)
    expected = np.where(sample.respondents > 0, sample.register.sum(axis=2), 0)
    np.testing.assert_allclose(totals, expected, rtol=1e-9)
    assert (expected.sum() < sample.register.sum()).all()  # some forms have no answers at all


def test_weights_come_nearer_to_the_registers_by_size(sample: Sample) -> None:
    weighting = weigh(sample, parameters=PARAMETERS)
    represented = sample.register * (sample.respondents > 0)[:, :, None]
    target = represented.sum(axis=(0, 1)) / represented.sum()
    plain = np.bincount(sample.size, minlength=len(SIZES)) / len(sample)
    weighted = np.bincount(sample.size, weights=weighting.weights, minlength=len(SIZES)) / weighting.weights.sum()
    assert np.abs(weighted - target).max() < 0.25 * np.abs(plain - target).max()
    assert weighting.converged.all()


def test_few_answers_are_merged_with_the_neighbouring_size() -> None:
    # By hand, below = 3: from the largest class down 2 + 1 answers make one class, 5 the next, 1 is left over.
    np.testing.assert_array_equal(merge_sizes(np.array([1, 5, 1, 2]), np.array([9, 9, 9, 9]), below=3), [1, 1, 0, 0])
    np.testing.assert_array_equal(merge_sizes(np.array([0, 0, 0, 1]), np.array([9, 0, 9, 9]), below=3), [0, -1, 0, 0])


def test_no_weight_exceeds_its_multiple_of_the_median(sample: Sample) -> None:
    strict = replace(PARAMETERS, trim_ratio=1.5)
    weighting = weigh(sample, parameters=strict)
    assert weighting.trimmed.any()
    free = weighting.weights > 1  # strata that answered completely take no part
    for cell in np.unique(sample.cell[free]):
        own = weighting.weights[free & (sample.cell == cell)]
        assert own.max() <= 1.5 * np.median(own) * (1 + 1e-5)
    assert weighting.weights.min() >= 1
    totals = np.bincount(sample.cell, weights=weighting.weights, minlength=16 * 12).reshape(16, 12)
    np.testing.assert_allclose(totals[totals > 0], sample.register.sum(axis=2)[totals > 0], rtol=1e-9)


def test_no_weight_is_below_one_and_a_form_that_answered_completely_stands_for_itself(inputs: Inputs) -> None:
    # Law: an entity stands at least for itself. All WTZ of the first voivodeship answer, of the rest as before.
    own = (inputs.spells["legal_form"] == "wtz") & (inputs.spells["teryt"].str[:2] == REGIONS[0].teryt)
    entities = inputs.spells.loc[own, "entity"]
    others = inputs.survey[~inputs.survey["entity"].isin(entities)]
    answers = inputs.survey.iloc[:1].drop(columns="entity").merge(entities, how="cross")
    survey = pd.concat([others, answers[others.columns]], ignore_index=True)
    sample = read_samples(replace(inputs, survey=survey))[0]
    weighting = weigh(sample, parameters=PARAMETERS)
    assert weighting.weights.min() >= 1
    complete = (sample.respondents == sample.register.sum(axis=2)).ravel()[sample.cell]
    assert complete.sum() >= len(entities) > 5
    np.testing.assert_array_equal(weighting.weights[complete], 1.0)


def test_strata_with_few_answers_are_compared_with_others_of_their_voivodeship() -> None:
    # By hand, entities in brackets. First voivodeship: 0 (5), 1 (9) and 2 (1, answered completely) have one answer
    # each, 3 (9) has three: 0 and 1 are still too few together, so 3 joins them; 2 stays by itself. Second: 4 (7) has
    # one answer and nobody to join.
    stratum = np.array([0, 1, 2, 3, 3, 3, 4])
    region = np.array([0, 0, 0, 0, 0, 0, 1])
    totals = np.array([5.0, 9.0, 1.0, 9.0, 7.0])
    np.testing.assert_array_equal(joined_strata(stratum, region, totals), [0, 0, 2, 0, 0, 0, 4])
    enough = joined_strata(np.array([0, 0, 1, 2, 2, 2]), np.zeros(6, dtype=int), np.array([5.0, 9.0, 9.0]))
    np.testing.assert_array_equal(enough, [0, 0, 0, 2, 2, 2])


def test_a_census_varies_by_nothing(inputs: Inputs) -> None:
    # Collapse: everybody answered, so every weight is 1.
    survey = inputs.survey.iloc[:1].drop(columns="entity").merge(inputs.spells[["entity"]], how="cross")
    weighting = weigh(read_samples(replace(inputs, survey=survey))[0], parameters=PARAMETERS)
    np.testing.assert_allclose(weighting.weights, 1.0, rtol=1e-6)
    assert np.asarray(weighting.design.layout.left).max() < 1e-9


def test_who_was_open_at_the_end_of_the_year(inputs: Inputs) -> None:
    # By hand: closed on the last day is closed; the spell begun on it counts; of two spells of one entity the later.
    columns = inputs.spells.iloc[:1]
    days = [("2010-01-01", "2025-12-31"), ("2025-12-31", None), ("2011-01-01", None), ("2026-01-01", None)]
    spells = pd.concat([columns] * 5, ignore_index=True)
    spells["entity"] = ["a", "b", "c", "d", "c"]
    starts, ends = zip(*days, ("2020-01-01", None), strict=True)
    spells["start"] = pd.to_datetime(pd.Series(starts)).astype("datetime64[s]")
    spells["end"] = pd.to_datetime(pd.Series(ends)).astype("datetime64[s]")
    held = open_on(spells, pd.Timestamp("2025-12-31"))
    assert list(held["entity"]) == ["b", "c"]
    assert held["start"].iloc[1] == pd.Timestamp("2020-01-01")


def test_units_by_kind_add_up_to_the_group() -> None:
    # GUS, 30.11.2022 (case ES-A): 1265 reintegration units in 2021: CIS 201, KIS 202, ZAZ 133, WTZ 729.
    counts = {"cis": 201, "kis": 202, "zaz": 133, "wtz": 729}
    base = simulate(np.random.default_rng(0), years=(2025,), scale=0.01)
    form = np.repeat(list(counts), list(counts.values()))
    rows = pd.concat([base.spells.iloc[:1]] * form.size, ignore_index=True)
    region = [REGIONS[i % 16].teryt for i in range(form.size)]
    rows = rows.assign(
        entity=[f"u{i:04d}" for i in range(form.size)], legal_form=form, teryt=pd.Series(region) + "0101"
    )
    survey = pd.concat([base.survey.iloc[:1]] * 40, ignore_index=True).assign(
        entity=rows["entity"].iloc[::30][:40].array
    )
    found = read_samples(replace(base, spells=rows, survey=survey))[0]
    by_form = dict(zip(found.axes.forms, found.register.sum(axis=(0, 2)), strict=True))
    assert {key: by_form[key] for key in counts} == counts
    assert found.register[:, found.axes.reintegration].sum() == sum(counts.values()) == 1265
    assert sum(units for _, units in found.by_powiat.values()) == 1265
