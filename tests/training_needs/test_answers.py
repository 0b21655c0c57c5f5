"""Answers to single and tick-all questions: weighted shares with their own bases."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small_surveys import QUICK, make_sample

from ropsanalysis.training_needs.answers import answers
from ropsanalysis.training_needs.weights import weigh


def test_single_answers_add_up_to_one_and_leave_out_the_silent() -> None:
    sample = make_sample()
    found = {a.question: a for a in answers(sample, weigh(sample, parameters=QUICK), parameters=QUICK)}
    assert list(found) == ["position", "tenure", "education", "form", "time", "barrier"]
    position = found["position"]
    assert position.single
    assert position.share.value.sum(axis=1) == pytest.approx(np.ones(4))
    assert (position.base[:3, 0] == position.counts.sum(axis=1)).all()
    assert (position.answered == position.base[:3, 0]).all()
    assert position.answered.sum() == (sample.profile["position"] >= 0).sum()


def test_ticks_are_weighted_shares_of_those_who_answered() -> None:
    # Definition with numpy, for Poland.
    sample = make_sample()
    weighting = weigh(sample, parameters=QUICK)
    form = next(a for a in answers(sample, weighting, parameters=QUICK) if a.question == "form")
    ticks = sample.ticks["form"]
    known = ~np.isnan(ticks[:, 1])
    assert form.share.value[-1, 1] == pytest.approx(np.average(ticks[known, 1], weights=weighting.weights[known]))
    assert form.base[-1, 1] == known.sum()
    assert form.counts.sum(axis=0).tolist() == np.nansum(ticks, axis=0).tolist()


def test_questions_nobody_answered_are_left_out() -> None:
    sample = make_sample()
    silent = replace(sample, profile={name: np.full(len(sample), -1) for name in sample.profile})
    found = answers(silent, weigh(silent, parameters=QUICK), parameters=QUICK)
    assert [a.question for a in found] == ["form", "time", "barrier"]
