"""From tables to arrays: codes, order, and who is outside the frame."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from small_surveys import make_inputs, shuffled

from ropsanalysis.training_needs.sample import read_sample


def test_order_of_the_file_does_not_matter() -> None:
    inputs = make_inputs()
    first, second = read_sample(inputs), read_sample(shuffled(inputs, seed=3))
    for name in ("region", "institution", "importance", "mastery", "wanted"):
        assert np.array_equal(getattr(first, name), getattr(second, name), equal_nan=True)
    assert all(np.array_equal(first.profile[q], second.profile[q]) for q in first.profile)
    assert all(np.array_equal(first.ticks[q], second.ticks[q], equal_nan=True) for q in first.ticks)


def test_counts_are_those_of_the_file() -> None:
    inputs = make_inputs()
    sample = read_sample(inputs)
    people = inputs.survey.respondents
    assert sample.respondents[2, 1] == ((people["teryt"] == "26") & (people["institution"] == "dps")).sum()
    gap = inputs.survey.importance["digital"] - inputs.survey.mastery["digital"]
    where = (people["teryt"] == "14") & (people["institution"] == "ops")
    assert sample.counts(sample.gap > 0)[1, 0, 1] == (gap[where] > 0).sum()


def test_respondents_outside_the_frame_are_left_out() -> None:
    inputs = make_inputs()
    frame = inputs.frame[~((inputs.frame["teryt"] == "02") & (inputs.frame["institution"] == "dps"))]
    sample = read_sample(replace(inputs, frame=frame))
    assert sample.staff[0, 1] == 0
    assert sample.respondents[0, 1] == 0
    assert len(sample) == (read_sample(inputs).respondents.sum() - read_sample(inputs).respondents[0, 1])


def test_a_voivodeship_that_was_not_surveyed_is_no_unit() -> None:
    inputs = make_inputs(regions=("26",))
    both = make_inputs().frame
    sample = read_sample(replace(inputs, frame=both))
    assert sample.units == ("26",)
    assert sample.unit_staff().tolist() == [1200]


def test_inputs_are_not_changed() -> None:
    inputs = make_inputs()
    before = {name: getattr(inputs.survey, name).copy() for name in ("respondents", "importance", "wanted", "choices")}
    sample = read_sample(inputs)
    sample.importance[:] = 0
    for name, table in before.items():
        assert table.equals(getattr(inputs.survey, name))
