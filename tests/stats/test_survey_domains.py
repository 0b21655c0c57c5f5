"""Ratios, quantiles and totals with missing answers for many domains at once: against R, one by one, by simulation."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from ropsanalysis.errors import UsageError
from ropsanalysis.stats.survey import Design, mean, quantile, ratio
from ropsanalysis.stats.survey_domains import domain_means, domain_ratios, domain_totals, imputed_totals
from ropsanalysis.stats.survey_quantiles import domain_quantiles
from support import shared_data


@pytest.fixture(scope="module")
def apistrat() -> pd.DataFrame:
    return pd.read_csv(shared_data("survey_reference") / "apistrat.csv")


@pytest.fixture(scope="module")
def strat(apistrat: pd.DataFrame) -> Design:
    return Design(apistrat["pw"], strata=apistrat["stype"], population=apistrat["fpc"])


def test_ratio_of_a_domain_against_r(apistrat: pd.DataFrame, strat: Design) -> None:
    # R survey 4.1.1: svyratio(~api.stu, ~enroll, subset(strat, stype != "H"))
    codes = np.where(apistrat["stype"] != "H", 0, -1)
    found = domain_ratios(apistrat[["api.stu"]], apistrat[["enroll"]], strat, codes, 1)
    assert found.value.item() == pytest.approx(0.846737736967, rel=1e-9)
    assert found.se.item() == pytest.approx(0.00746751077934, rel=1e-9)


def test_many_domains_are_as_one_by_one(apistrat: pd.DataFrame, strat: Design) -> None:
    codes = pd.factorize(apistrat["sch.wide"] + apistrat["awards"], sort=True)[0]
    tops, bottoms = apistrat[["api.stu", "meals"]], apistrat[["enroll", "enroll"]]
    ratios = domain_ratios(tops, bottoms, strat, codes, codes.max() + 1)
    quantiles = domain_quantiles(apistrat["api00"], strat, codes, codes.max() + 1, probabilities=[0.25, 0.5])
    for domain in range(codes.max() + 1):
        inside = codes == domain
        for k, name in enumerate(tops):
            single = ratio(apistrat[name], apistrat["enroll"], strat, domain=inside)
            for field in ("value", "se", "low", "high", "deff"):
                assert getattr(ratios, field)[domain, k] == pytest.approx(getattr(single, field), rel=1e-12)
            assert (ratios.n[domain, k], ratios.df[domain, k]) == (single.n, single.df)
        for k, probability in enumerate((0.25, 0.5)):
            alone = quantile(apistrat["api00"], strat, probability=probability, domain=inside)
            assert (quantiles.value[domain, k], quantiles.low[domain, k]) == (alone.value, alone.low)
            assert quantiles.high[domain, k] == alone.high


def test_a_ratio_without_denominator_is_missing() -> None:
    found = domain_ratios([[1.0], [2.0]], [[0.0], [4.0]], Design([1, 1]), [0, 1], 2)
    assert np.isnan(found.value[0, 0])
    assert found.value[1, 0] == 0.5
    with pytest.raises(UsageError, match="as many numerators"):
        domain_ratios([[1.0]], [[1.0, 2.0]], Design([1]), [0], 1)


def test_quantiles_that_few_answers_reach_are_withheld() -> None:
    # By hand: ten answers, each with weight 1. The 0.1-quantile is the smallest, the 0.3-quantile the third.
    answers, design = np.arange(1.0, 11.0), Design(np.ones(10))
    codes = np.zeros(10, dtype=int)
    found = domain_quantiles(answers, design, codes, 1, probabilities=[0.1, 0.3, 0.8, 0.9], least=3)
    np.testing.assert_array_equal(found.value[0], [np.nan, 3.0, 8.0, np.nan])
    assert np.isnan(found.low[0, 1])  # the interval of the third would end at the smallest
    # Ties: six entities have nothing, so nobody can be told from a decile of nothing.
    tied = domain_quantiles(np.repeat([0.0, 5.0, 9.0], [6, 3, 1]), design, codes, 1, probabilities=[0.1], least=3)
    assert tied.value.item() == 0.0


def test_totals_without_missing_answers_are_plain(apistrat: pd.DataFrame, strat: Design) -> None:
    codes = pd.factorize(apistrat["stype"], sort=True)[0]
    plain = domain_totals(apistrat[["enroll"]], strat, codes, 3)
    found = imputed_totals(apistrat[["enroll"]], strat, codes[:, None], codes, 3)
    np.testing.assert_allclose(found.value, plain.value, rtol=1e-12)
    np.testing.assert_allclose(found.se, plain.se, rtol=1e-12)


def test_missing_answers_take_the_mean_of_their_cell(apistrat: pd.DataFrame, strat: Design) -> None:
    # Law: a cell that is a stratum with equal weights: its total is its size times the mean of those who answered, and
    # varies as that mean does in a sample of n of N, and as one of m of n. acs.46 is missing for 66 of 200 schools.
    codes = pd.factorize(apistrat["stype"], sort=True)[0]
    size = apistrat.groupby("stype")["fpc"].first().to_numpy()
    answers = apistrat[["acs.46"]].to_numpy()
    means = domain_means(answers, strat, codes, 3)
    totals = imputed_totals(answers, strat, codes[:, None], codes, 3)
    answering = means.n[:, 0] > 1
    # The file's weights are rounded, so they add up to the size of a stratum with 7 digits only.
    np.testing.assert_allclose(totals.value[answering, 0], (size * means.value[:, 0])[answering], rtol=1e-6)
    n, m = means.n[:, 0] + means.n_missing[:, 0], means.n[:, 0]
    spread = apistrat.groupby("stype")["acs.46"].var().to_numpy()
    variance = (size * means.se[:, 0]) ** 2 + size * (n / m - 1) * spread
    np.testing.assert_allclose(totals.se[answering, 0] ** 2, variance[answering], rtol=1e-6)


def test_who_is_silent_is_chance_even_if_all_are_asked() -> None:
    # Brute force: of 6 entities, all asked, any 4 may be those that answer; the mean of the estimated variances is the
    # variance of the 15 totals.
    everybody = np.array([3.0, 8.0, 1.0, 12.0, 4.0, 7.0])
    design, cell = Design(np.ones(6), population=np.full(6, 6.0)), np.zeros(6, dtype=int)
    totals, variances = [], []
    for answering in combinations(range(6), 4):
        answers = np.where(np.isin(np.arange(6), answering), everybody, np.nan)[:, None]
        found = imputed_totals(answers, design, cell[:, None], cell, 1)
        totals.append(found.value.item())
        variances.append(found.se.item() ** 2)
    assert np.mean(totals) == pytest.approx(everybody.sum())
    assert np.mean(variances) == pytest.approx(np.var(totals))
    complete = imputed_totals(everybody[:, None], design, cell[:, None], cell, 1)
    assert complete.se.item() == 0


def test_intervals_cover_the_truth_although_answers_are_missing() -> None:
    # Simulation with a known truth: 2 strata of 400 and 60, samples of 60 and 30, every fourth answer missing.
    rng = np.random.default_rng(11)
    strata = np.repeat([0, 1], [400, 60])
    truth = np.where(strata == 1, rng.gamma(4.0, 10.0, 460), rng.gamma(2.0, 3.0, 460))
    covered, widths = 0, []
    for _ in range(400):
        drawn = np.concatenate([rng.choice(400, 60, replace=False), 400 + rng.choice(60, 30, replace=False)])
        stratum = strata[drawn]
        size = np.array([400.0, 60.0])[stratum]
        answers = np.where(rng.random(drawn.size) < 0.25, np.nan, truth[drawn])[:, None]
        design = Design(size / np.array([60.0, 30.0])[stratum], strata=stratum, population=size)
        found = imputed_totals(answers, design, stratum[:, None], np.zeros(drawn.size, dtype=int), 1)
        covered += bool(found.low.item() <= truth.sum() <= found.high.item())
        widths.append(found.se.item())
    # 400 draws: a share of 0.95 is seen between 0.92 and 0.98 nearly always (three standard errors).
    assert 0.92 <= covered / 400 <= 0.98
    assert mean(np.array(widths), Design(np.ones(400))).value > 0
