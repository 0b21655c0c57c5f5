"""Institution types compared: covariances by the survey module, findings that must and must not be made."""

from __future__ import annotations

import numpy as np
import pytest
from small_surveys import QUICK, make_sample

from ropsanalysis.stats.survey import domain_means
from ropsanalysis.stats.survey_design import Design
from ropsanalysis.training_needs.groups import differences, group_means, pooled_gaps
from ropsanalysis.training_needs.weights import weigh

ALIKE = dict.fromkeys(("ops", "dps", "pcpr", "cis", "wtz"), 0.8)


def test_means_and_variances_are_those_of_the_survey_module() -> None:
    # stats.survey.domain_means, which is checked against R's survey package; without finite population.
    sample = make_sample()
    weighting = weigh(sample, parameters=QUICK)
    everybody = np.ones(len(sample), dtype=bool)
    mean, covariance, base = group_means(sample, weighting, everybody)
    endless = Design(weighting.weights, strata=weighting.design.strata)
    other = domain_means(sample.gap, endless, sample.institution, 5)
    assert mean == pytest.approx(other.value)
    assert pytest.approx(other.se) == np.sqrt(np.diagonal(covariance, axis1=1, axis2=2)).T
    assert (base == other.n).all()


def test_covariance_gives_the_variance_of_the_mean_of_all() -> None:
    # Law: with the same respondents, the mean over all is the sum of the types' means times their fixed shares, so its
    # variance given the types' sizes follows from the covariance; checked on complete ratings in strata = types.
    sample = make_sample(500, regions=("26",))
    weighting = weigh(sample, parameters=QUICK)
    mean, covariance, _ = group_means(sample, weighting, np.ones(len(sample), dtype=bool))
    off = covariance - np.array([np.diag(np.diag(part)) for part in covariance])
    assert off == pytest.approx(np.zeros_like(off), abs=1e-12)  # every type is its own stratum: independent
    assert mean.shape == (5, 6)


def test_real_differences_are_found_and_named() -> None:
    # Built in: pcpr lacks most (1.4), dps least (0.4), in every competence.
    sample = make_sample(900)
    found = differences(sample, weigh(sample, parameters=QUICK), shown=np.ones((4, 5), dtype=bool), parameters=QUICK)
    poland = [d for d in found if d.unit == 3]
    assert len(poland) == 6
    for difference in poland:
        assert difference.p_adjusted < 0.001
        assert (difference.highest, difference.lowest) == (2, 1)
        assert difference.highest_gap > 1.0 > difference.lowest_gap


def test_institution_types_that_are_alike_are_seldom_told_apart() -> None:
    # Holm bounds the chance of any finding in a unit at 5 %: in 60 surveys of one voivodeship at most 8 (99.5 %).
    wrong = 0
    for seed in range(60):
        sample = make_sample(300, regions=("26",), seed=seed, gap_of=ALIKE)
        found = differences(
            sample, weigh(sample, parameters=QUICK), shown=np.ones((1, 5), dtype=bool), parameters=QUICK
        )
        wrong += any(d.p_adjusted < 0.05 for d in found)
    assert wrong <= 8


def test_hidden_and_small_types_take_no_part() -> None:
    sample = make_sample(900)
    shown = np.ones((4, 5), dtype=bool)
    shown[:, 2] = False
    found = differences(sample, weigh(sample, parameters=QUICK), shown=shown, parameters=QUICK)
    assert all(2 not in (d.highest, d.lowest) for d in found)
    alone = np.zeros((4, 5), dtype=bool)
    alone[:, 0] = True
    silent = differences(sample, weigh(sample, parameters=QUICK), shown=alone, parameters=QUICK)
    assert all(np.isnan(d.test.p_value) and d.highest is None for d in silent)


def test_pooled_gaps_lie_between_the_cell_and_its_type() -> None:
    sample = make_sample(420)
    pooled = pooled_gaps(sample, parameters=QUICK)
    assert pooled.value.shape == (3, 5, 6)
    assert np.isfinite(pooled.value).all()
    raw = np.array([[np.nanmean(sample.gap[sample.cell == r * 5 + i], axis=0) for i in range(5)] for r in range(3)])
    # Shrinkage: pooled means of the small types vary less than the raw ones.
    assert pooled.value[:, 3].std() < raw[:, 3].std()
    assert (pooled.low < pooled.value).all()


def test_one_voivodeship_is_pooled_to_its_general_mean() -> None:
    pooled = pooled_gaps(make_sample(200, regions=("26",)), parameters=QUICK)
    assert np.isfinite(pooled.value).all()
