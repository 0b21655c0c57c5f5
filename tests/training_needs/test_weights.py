"""Weights: worked merges of cells, totals of the frame, and that nothing varies inside a cell."""

from __future__ import annotations

import numpy as np
import pytest
from small_surveys import QUICK, make_inputs, make_sample

from ropsanalysis.training_needs.sample import read_sample
from ropsanalysis.training_needs.weights import merge_cells, weigh

GROUP = ("assistance", "assistance", "assistance", "family", "social_economy", "social_economy")


@pytest.mark.parametrize(
    ("respondents", "expected"),
    [
        # All large enough: every type is its own stratum.
        ([10, 11, 12, 13, 14, 15], [0, 1, 2, 3, 4, 5]),
        # Two small types of a field make up ten together.
        ([4, 6, 30, 20, 20, 20], [0, 0, 1, 2, 3, 4]),
        # A single small type joins the smallest other of its field (12, not 30).
        ([3, 30, 12, 20, 20, 20], [0, 1, 0, 2, 3, 4]),
        # The family field is too small as a whole: it joins the smallest stratum of the voivodeship (the last).
        ([20, 20, 20, 5, 20, 15], [0, 1, 2, 3, 4, 3]),
        # Two fields too small, together large enough.
        ([20, 20, 20, 5, 2, 4], [0, 1, 2, 3, 3, 3]),
        # Next to nobody answered at all.
        ([1, 0, 0, 0, 0, 2], [0, 0, 0, 0, 0, 0]),
    ],
)
def test_small_cells_are_merged_inside_their_field_first(respondents: list[int], expected: list[int]) -> None:
    staff = np.full(6, 50)
    assert merge_cells(np.array(respondents), staff, GROUP, below=10).tolist() == expected


def test_types_without_staff_are_in_no_stratum() -> None:
    merged = merge_cells(np.array([10, 0, 10, 10, 10, 10]), np.array([5, 0, 5, 5, 5, 5]), GROUP, below=10)
    assert merged.tolist() == [0, -1, 1, 2, 3, 4]


@pytest.mark.parametrize("regions", [("26",), ("02", "26"), ("02", "14", "26")])
def test_strata_add_up_to_their_staff(regions: tuple[str, ...]) -> None:
    # Law of raking: the margin adjusted last is met; 1 in 1000 is the tolerance of the weighting.
    sample = make_sample(140 * len(regions), regions=regions)
    weighting = weigh(sample, parameters=QUICK)
    assert weighting.raking.converged
    weighted = weighting.by_cell * sample.respondents
    for stratum in range(weighting.strata.max() + 1):
        where = weighting.strata == stratum
        assert weighted[where].sum() == pytest.approx(sample.staff[where].sum(), rel=1e-3)


def test_weights_are_equal_inside_every_cell() -> None:
    # The audit of disclosure relies on this.
    sample = make_sample()
    weighting = weigh(sample, parameters=QUICK)
    for cell in np.unique(sample.cell):
        assert np.unique(weighting.weights[sample.cell == cell]).size == 1
    assert (weighting.by_cell[sample.region, sample.institution] == weighting.weights).all()


def test_one_voivodeship_with_enough_answers_is_post_stratified() -> None:
    # With every cell its own stratum, a weight is staff over respondents.
    sample = make_sample(500, regions=("26",))
    assert sample.respondents.min() >= QUICK.collapse_below
    weighting = weigh(sample, parameters=QUICK)
    assert weighting.by_cell == pytest.approx(sample.staff / sample.respondents)


def test_a_type_nobody_answered_from_anywhere_does_not_stop_the_weighting() -> None:
    inputs = make_inputs()
    inputs.survey.respondents.loc[inputs.survey.respondents["institution"] == "cis", "institution"] = "wtz"
    sample = read_sample(inputs)
    weighting = weigh(sample, parameters=QUICK)
    assert weighting.raking.converged
    assert weighting.weights.sum() == pytest.approx(sample.staff.sum(), rel=1e-3)


def test_no_weight_exceeds_the_cap() -> None:
    # One type has fifty times the staff it had when it answered like the others.
    inputs = make_inputs(900)
    people = inputs.survey.respondents
    inputs.frame.loc[inputs.frame["institution"] == "wtz", "staff"] = 5_500
    sample = read_sample(inputs)
    weighting = weigh(sample, parameters=QUICK)
    assert len(people) == len(sample)
    assert weighting.weights.max() <= QUICK.trim_ratio * np.median(weighting.weights) * (1 + 1e-9)
    assert weighting.trimmed.n_trimmed > 0
