"""Drivers of the gap: built-in effects are found, rare levels merged, and what cannot be estimated is left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from small_surveys import QUICK, make_sample

from ropsanalysis.training_needs.drivers import MERGED, Term, drivers, merge_levels


def test_the_institution_group_that_lacks_most_is_found() -> None:
    # Built in: family institutions lack 1.4 points, the others 0.4 to 1.0; nothing else matters.
    sample = make_sample(900)
    rows = drivers(sample, parameters=QUICK)
    family = [row for row in rows if row.level == "family"]
    assert len(family) == 6
    assert all(row.reference == "assistance" and row.effect > 0.1 and row.p_adjusted < 0.05 for row in family)
    others = [row for row in rows if row.term != "institution_group"]
    assert {row.term for row in others} == {"position", "tenure", "education"}
    assert sum(row.p_adjusted < 0.05 for row in others) <= 2
    assert all(row.low <= row.effect <= row.high for row in rows)


def test_effect_agrees_with_the_raw_difference() -> None:
    # With predictors that are unrelated to one another, the average marginal effect is near the difference of the
    # observed shares of gaps of two points or more.
    sample = make_sample(900)
    row = next(r for r in drivers(sample, parameters=QUICK) if r.level == "family" and r.competence == 0)
    groups = np.array(sample.group)[sample.institution]
    gap = sample.gap[:, 0]
    large = [np.mean(gap[(groups == name) & ~np.isnan(gap)] >= 2) for name in ("assistance", "family")]
    assert abs(row.effect - (large[1] - large[0])) < 0.08


def test_rare_levels_are_merged_or_left_out() -> None:
    codes = np.repeat([0, 1, 2, 3, -1], [40, 12, 30, 9, 5])
    merged = merge_levels(Term("position", codes, ("a", "b", "c", "d")), below=20)
    assert merged.levels == ("a", "c", MERGED)
    assert np.bincount(merged.codes[merged.codes >= 0]).tolist() == [40, 30, 21]
    thin = merge_levels(Term("position", np.repeat([0, 1, 2], [40, 12, 30]), ("a", "b", "c")), below=20)
    assert thin.levels == ("a", "c")
    assert (thin.codes == -1).sum() == 12


def test_no_large_gaps_no_model() -> None:
    sample = make_sample(300)
    even = replace(sample, mastery=sample.importance)
    assert drivers(even, parameters=QUICK) == []


def test_questions_that_were_not_asked_are_no_terms() -> None:
    sample = make_sample(900)
    silent = replace(sample, profile={name: np.full(len(sample), -1) for name in sample.profile})
    assert {row.term for row in drivers(silent, parameters=QUICK)} == {"institution_group"}
