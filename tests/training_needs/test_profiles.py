"""Profiles of need: two built-in kinds of respondents are found, centring and imputation by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small_surveys import QUICK, make_sample

from ropsanalysis.stats.typology import adjusted_rand_index
from ropsanalysis.training_needs.profiles import centre, impute, profiles


def test_centring_and_imputation_by_hand() -> None:
    gap = np.array([[2.0, 0.0, np.nan], [3.0, 1.0, 2.0]])
    centred = centre(gap)
    assert centred == pytest.approx(np.array([[1.0, -1.0, np.nan], [1.0, -1.0, 0.0]]), nan_ok=True)
    assert impute(centred)[0].tolist() == [1.0, -1.0, 0.0]


def test_two_kinds_of_need_are_found() -> None:
    # Half lack two points in the first three competences, half in the last three.
    sample = make_sample(400)
    kind = np.arange(len(sample)) % 2
    importance = np.full(sample.gap.shape, 4.0)
    mastery = np.where((np.arange(6) < 3) == (kind[:, None] == 0), 2.0, 4.0)
    mastery = mastery + np.random.default_rng(1).integers(0, 2, size=mastery.shape)
    found = profiles(replace(sample, importance=importance, mastery=mastery), parameters=QUICK)
    assert found is not None
    assert found.quality[0].k == 2
    assert found.quality[0].stability > 0.95
    assert adjusted_rand_index(found.labels, kind) == 1.0
    first = found.gap[found.labels[kind == 0][0]]
    assert first == pytest.approx([1.5] * 3 + [-0.5] * 3, abs=0.2)
    assert found.centred.sum(axis=1) == pytest.approx([0.0, 0.0], abs=1e-9)


def test_who_rated_too_little_has_no_profile() -> None:
    sample = make_sample(200)
    importance = sample.importance.copy()
    importance[:7, :4] = np.nan
    found = profiles(replace(sample, importance=importance), parameters=QUICK)
    assert found is not None
    assert (found.labels[:7] == -1).all()


def test_too_few_respondents_give_no_profiles() -> None:
    assert profiles(make_sample(30), parameters=QUICK) is None
