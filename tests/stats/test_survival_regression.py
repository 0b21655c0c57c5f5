"""Cox's regression and the check of proportionality against R and statsmodels, and where the truth is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from statsmodels.duration.hazard_regression import PHReg

from ropsanalysis.stats.survival_regression import (
    Ages,
    Ties,
    cox_regression,
    hazard_ratios,
    proportionality_test,
)

TRAITS = ["age", "sex", "ph_ecog"]


@pytest.fixture(scope="module")
def lung() -> pd.DataFrame:
    table = pd.read_csv(Path(__file__).parent / "lung.csv", comment="#").dropna()
    # The entry is made up, so that the same data show left truncation: in R, entry <- (age * 7) %% 60.
    return table.assign(died=table["status"] == 2, entry=table["age"] * 7 % 60)


# R 4.2.2, survival 3.5-3: coxph(Surv(time, status) ~ age + sex + ph.ecog, lung, ties = ...): coefficients, standard
# errors, log likelihood without and with covariates. The first is published in many textbooks.
MODELS = {
    "efron": (
        (0.0110667645601, -0.5526123957036, 0.4637284753704),
        (0.0092674110137, 0.1677390537873, 0.1135772661620),
        (-744.480455761, -729.230121375),
    ),
    "breslow": (
        (0.0110411363495, -0.5518895697876, 0.4629470405902),
        (0.00926677011354, 0.16774244802102, 0.11357405206130),
        (-744.692819266, -729.488705177),
    ),
}
# ... of the rows with time > entry: coxph(Surv(entry, time, status == 2) ~ age + sex + ph.ecog, ties = ...)
TRUNCATED = {
    "efron": (
        (0.00310119086822, -0.50092295386353, 0.50600651493657),
        (0.00944307076498, 0.17105546218849, 0.11780931047677),
        (-688.286626744, -674.598520162),
    ),
    "breslow": (
        (0.00309457448983, -0.50047746746790, 0.50522365833114),
        (0.00944307188998, 0.17105757096309, 0.11780813349337),
        (-688.476511644, -674.825214769),
    ),
}


@pytest.mark.parametrize("truncated", [False, True])
@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_published_model(lung: pd.DataFrame, ties: Ties, truncated: bool) -> None:
    rows = lung[lung["time"] > lung["entry"]] if truncated else lung
    entry = rows["entry"] if truncated else None
    model = cox_regression(rows["time"], rows["died"], rows[TRAITS], entry=entry, ties=ties)
    coefficients, se, likelihoods = (TRUNCATED if truncated else MODELS)[ties]
    assert model.converged
    assert model.coefficients == pytest.approx(coefficients, abs=1e-9)
    assert model.se == pytest.approx(se, abs=1e-10)
    assert (model.log_likelihood_null, model.log_likelihood) == pytest.approx(likelihoods, abs=1e-8)


def test_published_hazard_ratios(lung: pd.DataFrame) -> None:
    # R: summary(coxph(.)): exp(coef), p; limits are exp(coef -+ 1.959964 se).
    ratios = hazard_ratios(cox_regression(lung["time"], lung["died"], lung[TRAITS]))
    assert ratios.ratio == pytest.approx([1.01112822772, 0.57544455619, 1.58999119005], abs=1e-9)
    assert ratios.p_value == pytest.approx([2.32415681e-01, 9.86051372e-04, 4.44706665e-05], rel=1e-6)
    assert ratios.low[1] == pytest.approx(np.exp(-0.5526123957036 - 1.959963984540 * 0.1677390537873))
    assert ratios.high[1] == pytest.approx(np.exp(-0.5526123957036 + 1.959963984540 * 0.1677390537873))


# R 4.2.2, survival 3.5-3: cox.zph(coxph(Surv(time, status) ~ age + sex + ph.ecog, lung), transform = ...): chi-square
# of each and of all, p of each and of all
CHECKS = {
    "km": (
        (0.187987673652, 2.305437227405, 2.054248774054, 4.463657588759),
        (0.664596763116, 0.128921998811, 0.151782098908, 0.215554945342),
    ),
    "identity": (
        (0.152350317254, 2.491913217107, 1.578235238377, 4.119382951479),
        (0.696299353637, 0.114432541342, 0.209015076382, 0.248858142032),
    ),
    "log": (
        (3.373634010749, 2.034936878885, 0.370496324777, 5.389821428058),
        (0.0662474757341, 0.1537205658631, 0.5427338528570, 0.1453790557016),
    ),
}


@pytest.mark.parametrize("ages", ["km", "identity", "log"])
def test_proportionality_agrees_with_r(lung: pd.DataFrame, ages: Ages) -> None:
    test = proportionality_test(cox_regression(lung["time"], lung["died"], lung[TRAITS]), ages=ages)
    assert [*test.statistic, test.global_statistic] == pytest.approx(CHECKS[ages][0], rel=1e-8)
    assert [*test.p_value, test.global_p_value] == pytest.approx(CHECKS[ages][1], rel=1e-8)
    assert (test.df.tolist(), test.global_df) == ([1, 1, 1], 3)


def test_proportionality_under_truncation_agrees_with_r(lung: pd.DataFrame) -> None:
    # R: cox.zph(coxph(Surv(entry, time, status == 2) ~ age + sex + ph.ecog)) of the rows with time > entry
    rows = lung[lung["time"] > lung["entry"]]
    test = proportionality_test(cox_regression(rows["time"], rows["died"], rows[TRAITS], entry=rows["entry"]))
    assert test.statistic == pytest.approx([0.589308909695, 1.324042679185, 3.701735077756], rel=1e-8)
    assert test.global_statistic == pytest.approx(6.351246465533, rel=1e-8)


def test_levels_of_one_classification_are_tested_together(lung: pd.DataFrame) -> None:
    # R: cox.zph(coxph(Surv(time, status) ~ factor(ph.ecog) + age, lung)) of ph.ecog < 3, terms = TRUE and FALSE
    rows = lung[lung["ph_ecog"] < 3]
    design = np.column_stack((rows["ph_ecog"] == 1, rows["ph_ecog"] == 2, rows["age"]))
    model = cox_regression(rows["time"], rows["died"], design)
    together = proportionality_test(model, terms=[0, 0, 1])
    assert together.statistic == pytest.approx([2.089721228314, 0.266929782281], rel=1e-8)
    assert together.df.tolist() == [2, 1]
    assert together.p_value == pytest.approx([0.351740843655, 0.605398775808], rel=1e-8)
    apart = proportionality_test(model)
    assert apart.statistic == pytest.approx([0.312389853022, 1.966310113107, 0.266929782281], rel=1e-8)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("seed", range(3))
def test_model_agrees_with_statsmodels(seed: int, ties: Ties) -> None:
    rng = np.random.default_rng(seed)
    # statsmodels counts who joins at the very age of an event as at risk, R and we do not; so entries lie between.
    entry, time = np.maximum(rng.integers(0, 10, 300) - 0.5, 0), rng.integers(1, 25, 300)
    seen = entry < time
    entry, time, event = entry[seen], time[seen], (rng.random(300) < 0.6)[seen]
    design = np.column_stack((rng.normal(100, 5, time.size), rng.integers(0, 2, time.size)))
    model = cox_regression(time, event, design, entry=entry, ties=ties)
    other = PHReg(time, design, status=event.astype(int), entry=entry, ties=ties).fit(disp=False)
    assert model.coefficients == pytest.approx(other.params, rel=1e-4, abs=1e-7)  # statsmodels stops earlier
    assert model.se == pytest.approx(other.bse, rel=1e-5)
    assert model.log_likelihood == pytest.approx(other.llf, rel=1e-9)


def test_joining_at_the_age_of_an_event_is_not_being_at_risk() -> None:
    # R 4.2.2, survival 3.5-3: coef(coxph(Surv(e, t, s) ~ x)) of e = 0 0 3 0 1, t = 3 5 6 7 4, s = 1 1 1 0 1,
    # x = 1 0 1 0 1
    model = cox_regression([3, 5, 6, 7, 4], [1, 1, 1, 0, 1], [[1], [0], [1], [0], [1]], entry=[0, 0, 3, 0, 1])
    assert model.coefficients[0] == pytest.approx(1.29356246523, abs=1e-9)


def test_the_likelihood_is_that_of_the_plain_formula() -> None:
    # Efron's formula written out age by age, and its maximum found by another method.
    rng = np.random.default_rng(4)
    entry, time = rng.integers(0, 4, 40), rng.integers(4, 9, 40)
    event, design = rng.random(40) < 0.8, rng.normal(size=(40, 2))

    def plain(beta: np.ndarray) -> float:
        weight, total = np.exp(design @ beta), 0.0
        for age in np.unique(time[event]):
            risk, tied = weight[(entry < age) & (time >= age)].sum(), weight[event & (time == age)]
            total += np.log(tied).sum() - sum(np.log(risk - turn / tied.size * tied.sum()) for turn in range(tied.size))
        return float(total)

    model = cox_regression(time, event, design, entry=entry)
    assert model.log_likelihood_null == pytest.approx(plain(np.zeros(2)))
    assert model.log_likelihood == pytest.approx(plain(model.coefficients))
    best = minimize(
        lambda beta: -plain(beta), np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-12}
    )
    assert model.coefficients == pytest.approx(best.x, abs=1e-6)
    assert model.residuals.sum(axis=0) == pytest.approx([0, 0], abs=1e-8)  # what defines the maximum


def test_units_of_covariates_do_not_matter(lung: pd.DataFrame) -> None:
    plain = cox_regression(lung["time"], lung["died"], lung[TRAITS])
    other = cox_regression(lung["time"] / 365.25, lung["died"], lung[TRAITS] * [1e6, -1, 1] + [0, 5, 1e4])
    assert other.coefficients * [1e6, -1, 1] == pytest.approx(plain.coefficients, rel=1e-6)
    assert other.se * [1e6, 1, 1] == pytest.approx(plain.se, rel=1e-6)
    assert proportionality_test(other).statistic == pytest.approx(proportionality_test(plain).statistic, rel=1e-5)


def test_truncated_model_recovers_the_truth() -> None:
    # 200 samples of about 300; hazard ratio 2, and a covariate that does nothing. Standard error of the coverage 1.5
    # points.
    rng = np.random.default_rng(6)
    covered, estimates = np.zeros(2), []
    truth = np.array([np.log(2), 0.0])
    for _ in range(200):
        design = np.column_stack((rng.integers(0, 2, 500), rng.normal(size=500)))
        life = rng.exponential(6 * np.exp(-design @ truth))
        look = rng.choice([0.0, 1.0, 3.0], 500)
        seen = life > look
        model = cox_regression(
            np.minimum(life, 8)[seen], (life <= 8)[seen], design[seen], entry=look[seen], ties="efron"
        )
        covered += np.abs(model.coefficients - truth) <= 1.96 * model.se
        estimates.append(model.coefficients)
    assert np.mean(estimates, axis=0) == pytest.approx(truth, abs=0.03)
    assert (covered / 200 >= 0.91).all()
    assert (covered / 200 <= 0.985).all()


def test_check_holds_its_level_and_finds_crossing_hazards() -> None:
    # 5 % of 300 samples, standard error 1.3 points; lifetimes of the second kind with a falling hazard are found.
    rng = np.random.default_rng(7)
    group = np.repeat((0.0, 1.0), 100)
    level, power = 0, 0
    for _ in range(300):
        same = cox_regression(rng.exponential(1, 200) * (1 + group), np.ones(200), group[:, None])
        level += int(proportionality_test(same).global_p_value < 0.05)
        shape = np.where(group == 1, 0.5, 1.5)
        crossing = cox_regression(rng.weibull(shape), np.ones(200), group[:, None])
        power += int(proportionality_test(crossing).p_value[0] < 0.05)
    assert 0.02 <= level / 300 <= 0.09
    assert power / 300 > 0.95


def test_what_cannot_be_told_apart_is_missing(lung: pd.DataFrame) -> None:
    # As R does with NA: the later of two equal covariates and a constant are left out, the others keep their values.
    design = np.column_stack((lung["age"], lung["sex"], 3 - lung["sex"], np.ones(len(lung)), lung["ph_ecog"]))
    model = cox_regression(lung["time"], lung["died"], design)
    assert np.isnan(model.coefficients).tolist() == [False, False, True, True, False]
    assert model.coefficients[[0, 1, 4]] == pytest.approx(MODELS["efron"][0], abs=1e-9)
    assert model.se[[0, 1, 4]] == pytest.approx(MODELS["efron"][1], abs=1e-9)
    test = proportionality_test(model)
    assert test.df.tolist() == [1, 1, 0, 0, 1]
    assert test.global_statistic == pytest.approx(CHECKS["km"][0][3], rel=1e-7)
    assert np.isnan(test.p_value[[2, 3]]).all()


def test_infinite_hazard_ratios_are_no_result() -> None:
    # None of the second kind ends: the likelihood grows for ever as its hazard ratio falls.
    rng = np.random.default_rng(9)
    kind = np.repeat((0.0, 1.0), (5000, 50))
    model = cox_regression(rng.exponential(1, 5050), kind == 0, kind[:, None])
    assert not model.converged
    with pytest.raises(ValueError, match="not converged"):
        proportionality_test(model)
    # ... and all of the second kind end before any other.
    assert not cox_regression([1, 2, 3, 4], [1, 1, 1, 1], [[1], [1], [0], [0]]).converged


def test_covariates_without_effect_do_not_look_restless() -> None:
    # The coefficient is 0 up to rounding: both kinds end at the same ages.
    model = cox_regression(np.tile(np.arange(1, 40), 2), np.ones(78), np.repeat((0.0, 1.0), 39)[:, None])
    assert model.converged
    assert model.coefficients[0] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("event", "covariates", "message"),
    [
        ([1, 1], [[1]], "covariates: 1 rows, expected 2"),
        ([1, 1], [[1], [None]], "covariates: missing in 1"),
        ([0, 0], [[1], [2]], "no lifetime ended"),
    ],
)
def test_data_that_cannot_be_used(event: list[int], covariates: list[list[float]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        cox_regression([1, 2], event, covariates)


def test_choices_that_are_unknown(lung: pd.DataFrame) -> None:
    model = cox_regression(lung["time"], lung["died"], lung[TRAITS])
    with pytest.raises(ValueError, match="ties"):
        cox_regression([1, 2], [1, 1], [[1], [2]], ties="exact")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="ages"):
        proportionality_test(model, ages="rank")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="terms"):
        proportionality_test(model, terms=[0, 1])
    with pytest.raises(ValueError, match="confidence"):
        hazard_ratios(model, confidence=1.0)
