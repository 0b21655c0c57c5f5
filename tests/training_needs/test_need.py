"""Measures of need: worked cases, variances by other ways, coverage, ranks, quadrants."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from small_surveys import COMPETENCES, QUICK, make_inputs, make_sample

from ropsanalysis.training_needs.need import estimate, quadrants
from ropsanalysis.training_needs.ranks import bootstrap_scores, rank_interval, ranks
from ropsanalysis.training_needs.sample import Sample, read_sample
from ropsanalysis.training_needs.weights import weigh

NAN = np.nan


def with_ratings(importance: list[float], mastery: list[float]) -> Sample:
    """One voivodeship, one institution type of 400 staff, ratings of the first competence as given."""
    inputs = make_inputs(900, regions=("26",))
    people = inputs.survey.respondents
    rows = people.index[people["institution"] == "ops"][: len(importance)]
    tables = {
        name: getattr(inputs.survey, name).loc[rows].reset_index(drop=True)
        for name in ("respondents", "importance", "mastery", "wanted", "choices")
    }
    tables["importance"]["law"], tables["mastery"]["law"] = importance, mastery
    return read_sample(replace(inputs, survey=replace(inputs.survey, **tables)))


def test_mean_weighted_discrepancy_of_the_worked_case() -> None:
    # By hand (the usual worked case): mean importance 4.5, discrepancies 2, 2, 1, 1, weighted 9, 9, 4.5, 4.5,
    # their mean 6.75.
    need = estimate(with_ratings([5, 4, 5, 4], [3, 2, 4, 3]), parameters=QUICK)
    assert need.mwds.value[0, 0] == pytest.approx(6.75)
    assert need.rds.value[0, 0] == -100.0  # all four lack mastery
    assert need.share.value[0, 0] == 1.0


def test_a_missing_rating_takes_the_whole_pair_out() -> None:
    # The two respondents added rated one thing only: neither their importance of 1 nor their mastery of 5 counts.
    need = estimate(with_ratings([5, 4, 5, 4, 1, NAN], [3, 2, 4, 3, NAN, 5]), parameters=QUICK)
    assert need.mwds.value[0, 0] == pytest.approx(6.75)
    assert need.importance.value[0, 0] == pytest.approx(4.5)
    assert (need.base[0, 0], need.missing[0, 0]) == (4, 2)


def test_ranked_discrepancy_counts_signs() -> None:
    # Three need training (-1 each), one masters it better than it is important (+1), one is even: -2 of 5 is -40.
    need = estimate(with_ratings([5, 4, 5, 2, 3], [3, 2, 4, 3, 3]), parameters=QUICK)
    assert need.rds.value[0, 0] == pytest.approx(-40.0)
    assert need.share.value[0, 0] == pytest.approx(0.6)


def test_weights_are_those_of_the_frame() -> None:
    # Definition with numpy, over the pairs of Poland (last unit).
    sample = make_sample()
    need = estimate(sample, parameters=QUICK)
    weights = need.weighting.weights
    pair = ~np.isnan(sample.gap[:, 2])
    i, m = (np.average(r[pair, 2], weights=weights[pair]) for r in (sample.importance, sample.mastery))
    assert need.mwds.value[-1, 2] == pytest.approx((i - m) * i)
    assert need.share.value[-1, 2] == pytest.approx(np.average(sample.gap[pair, 2] > 0, weights=weights[pair]))


def test_units_are_voivodeships_then_poland() -> None:
    sample = make_sample()
    need = estimate(sample, parameters=QUICK)
    assert sample.units == ("02", "14", "26", "00")
    assert need.base.shape == (4, 6)
    assert need.cell_base.shape == (4, 5, 6)
    assert (need.base[:3].sum(axis=0) == need.base[3]).all()
    assert (need.cell_base.sum(axis=1) == need.base).all()


def test_interval_of_the_discrepancy_agrees_with_the_bootstrap() -> None:
    # Two ways to the same variance: linearisation, and 1500 rescaled bootstrap samples (standard error of an SD: 2 %).
    sample = make_sample(600)
    need = estimate(sample, parameters=QUICK)
    drawn = bootstrap_scores(sample, need.weighting.design, draws=1500, seed=3)
    se = need.mwds.half_width / 1.96  # over 100 degrees of freedom: t is within 1 % of 1.96
    assert drawn.std(axis=1) == pytest.approx(se, rel=0.12)
    assert drawn.mean(axis=1) == pytest.approx(need.mwds.value, abs=0.15)


def test_a_census_has_no_sampling_error() -> None:
    # Finite population: everybody of the frame answered, so nothing varies.
    inputs = make_inputs()
    people = inputs.survey.respondents
    counts = people.groupby(["teryt", "institution"], sort=False).size()
    frame = counts.rename("staff").reset_index()
    sample = read_sample(replace(inputs, frame=frame))
    need = estimate(sample, parameters=QUICK)
    assert need.mwds.half_width == pytest.approx(np.zeros((4, 6)), abs=1e-9)
    drawn = bootstrap_scores(sample, need.weighting.design, draws=20, seed=1)
    assert drawn.std(axis=1) == pytest.approx(np.zeros((4, 6)), abs=1e-9)


@pytest.mark.slow
def test_intervals_cover_the_truth_in_95_of_100_samples() -> None:
    # A population of 16 000 staff in five strata, 1000 samples of 300 by simple random sampling inside the strata;
    # standard error of the coverage 0.7 points.
    rng = np.random.default_rng(7)
    sizes = {"ops": 6000, "dps": 5000, "pcpr": 2500, "cis": 900, "wtz": 1600}
    frame = pd.DataFrame({"teryt": "26", "institution": list(sizes), "staff": list(sizes.values())})
    kind = np.repeat(np.arange(5), list(sizes.values()))
    importance = np.clip(np.round(4.2 + rng.normal(size=kind.size) * 0.8), 1, 5)
    mastery = np.clip(
        np.round(importance - np.array([0.8, 0.2, 1.2, 0.5, 0.0])[kind] + rng.normal(size=kind.size)), 1, 5
    )
    truth = (importance - mastery).mean() * importance.mean(), (importance > mastery).mean()
    drawn = (90, 60, 60, 40, 50)
    people = pd.DataFrame({"teryt": "26", "institution": np.repeat(list(sizes), drawn)})
    people[["position", "tenure", "education"]] = None
    blank = pd.DataFrame(1.0, index=range(300), columns=list(COMPETENCES["key"]))
    template = make_inputs(300, regions=("26",))
    survey = replace(
        template.survey,
        respondents=people,
        importance=blank,
        mastery=blank,
        wanted=blank * NAN,
        choices=pd.DataFrame(NAN, index=range(300), columns=list(template.survey.choices)),
    )
    sample = read_sample(replace(template, survey=survey, frame=frame))
    few = replace(QUICK, bootstrap_draws=2)
    covered = np.zeros(2)
    for _ in range(1000):
        picked = np.concatenate([rng.choice(np.flatnonzero(kind == k), n, replace=False) for k, n in enumerate(drawn)])
        ratings = [np.repeat(values[picked, None], 6, axis=1) for values in (importance, mastery)]
        need = estimate(replace(sample, importance=ratings[0], mastery=ratings[1]), parameters=few)
        covered += [
            band.low[0, 0] <= true <= band.high[0, 0] for band, true in zip((need.mwds, need.share), truth, strict=True)
        ]
    assert (covered / 1000 >= 0.93).all()
    assert (covered / 1000 <= 0.97).all()


def test_ranks_and_their_intervals() -> None:
    # "law" is needed half a point more than the rest by construction, the others alike.
    need = estimate(make_sample(600), parameters=QUICK)
    assert need.rank[-1, 0] == 1
    assert (need.rank_low[-1, 0], need.rank_high[-1, 0]) == (1, 1)
    assert (need.rank_low <= need.rank).all()
    assert (need.rank <= need.rank_high).all()
    assert (need.rank_high - need.rank_low)[-1, 1:].max() >= 2
    assert sorted(need.rank[-1]) == [1, 2, 3, 4, 5, 6]


def test_rank_interval_by_hand() -> None:
    # Twenty draws: the 2.5 % and 97.5 % points are the smallest and the largest.
    drawn = np.tile(np.arange(1.0, 21.0), (1, 1)).reshape(1, 20, 1)
    low, high = rank_interval(drawn, confidence=0.95)
    assert (low[0, 0], high[0, 0]) == (1, 20)
    low, high = rank_interval(drawn, confidence=0.80)
    assert (low[0, 0], high[0, 0]) == (2, 18)


def test_hidden_competences_take_no_place() -> None:
    scores = np.array([5.0, 9.0, 7.0, 7.0])
    assert ranks(scores, np.array([True, False, True, True])).tolist()[::2] == [3, 1]
    assert np.isnan(ranks(scores, np.array([True, False, True, True]))[1])


def test_bootstrap_of_a_voivodeship_does_not_depend_on_the_others() -> None:
    sample = make_sample(420)
    design = weigh(sample, parameters=QUICK).design
    alone = read_sample(_only(make_inputs(420), "14"))
    drawn = bootstrap_scores(sample, design, draws=5, seed=9)[1]
    again = bootstrap_scores(alone, weigh(alone, parameters=QUICK).design, draws=5, seed=9)[0]
    # Weights differ by the raking over voivodeships, random numbers do not: results are close, not equal.
    assert drawn == pytest.approx(again, abs=0.3)


def test_quadrants_by_hand() -> None:
    # Lines at the means 3.5 and 3.0.
    importance, mastery = np.array([[5.0, 4.0, 2.0, 3.0]]), np.array([[2.0, 4.0, 2.5, 3.5]])
    shown = np.ones((1, 4), dtype=bool)
    names = ["concentrate", "keep", "low_priority", "overkill"]
    assert quadrants(importance, mastery, shown, cut=None).tolist() == [names]
    # At the middle of the scale (3): the fourth is on the line of importance and counts as important.
    assert quadrants(importance, mastery, shown, cut=3.0)[0, 3] == "keep"
    # Without the first, the lines are 3.0 and 3.33.
    shown[0, 0] = False
    assert quadrants(importance, mastery, shown, cut=None).tolist() == [["", "keep", "low_priority", "keep"]]


def test_too_few_answers_are_not_precise() -> None:
    sample = make_sample(60)
    need = estimate(sample, parameters=QUICK)
    assert (need.precise == ((need.base >= 20) & (need.share.half_width <= 0.2))).all()
    assert not need.precise.all()
    assert np.isnan(need.rank[~need.precise]).all()


def _only(inputs: object, teryt: str) -> object:
    keep = (inputs.survey.respondents["teryt"] == teryt).to_numpy()
    tables = {
        name: getattr(inputs.survey, name)[keep].reset_index(drop=True)
        for name in ("respondents", "importance", "mastery", "wanted", "choices")
    }
    frame = inputs.frame[inputs.frame["teryt"] == teryt].reset_index(drop=True)
    return replace(inputs, survey=replace(inputs.survey, **tables), frame=frame)
