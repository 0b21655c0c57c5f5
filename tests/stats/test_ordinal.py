"""Ordered logit: published fit of the housing data, exact derivatives, effects, and the proportional-odds check."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.optimize import approx_fprime

from ropsanalysis.stats.ordinal import OrderedLogit, binary_logit, brant, marginal_effects, ordered_logit
from support import shared_data


def housing() -> tuple[np.ndarray, np.ndarray]:
    """MASS housing, one row per household; columns InflMedium, InflHigh, Apartment, Atrium, Terrace, ContHigh."""
    table = pd.read_csv(shared_data("survey_reference") / "housing.csv")
    table = table.loc[table.index.repeat(table["Freq"])]
    outcome = table["Sat"].map({"Low": 0, "Medium": 1, "High": 2}).to_numpy()
    dummies = {
        "Infl": ("Medium", "High"),
        "Type": ("Apartment", "Atrium", "Terrace"),
        "Cont": ("High",),
    }
    columns = [table[name] == level for name, levels in dummies.items() for level in levels]
    return outcome, np.column_stack(columns).astype(float)


def simulated(n: int, rng: np.random.Generator, *, shift: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Draw from a proportional-odds model; `shift` lets the first predictor move the upper threshold alone."""
    x = rng.integers(0, 2, size=(n, 2)).astype(float)
    u = rng.logistic(size=n) + 0.8 * x[:, 0] - 0.5 * x[:, 1]
    upper = 1.0 + shift * x[:, 0]
    return (u > -0.5).astype(int) + (u > upper), x


def test_housing_as_fitted_by_polr() -> None:
    # R MASS::polr(Sat ~ Infl + Type + Cont, weights = Freq, data = housing) (R 4.2); statsmodels
    # and polr stop at slightly different points, hence 1e-4.
    fit = ordered_logit(*housing())
    expected = [0.56639374, 1.28881906, -0.57235015, -0.36618657, -1.09101491, 0.36028415]
    assert fit.converged
    assert fit.slopes == pytest.approx(expected, abs=1e-4)
    assert fit.thresholds == pytest.approx([-0.49613534, 0.69070826], abs=1e-4)
    assert np.sqrt(fit.covariance[0, 0]) == pytest.approx(0.104652786, abs=1e-4)


def test_derivatives_are_those_of_the_likelihood() -> None:
    # Central truth: numerical differences of statsmodels' own log-likelihood.
    outcome, x = simulated(300, np.random.default_rng(1))
    model = OrderedLogit(outcome, x)
    at = model.start_params + 0.1
    assert model.score(at) == pytest.approx(approx_fprime(at, model.loglike, 1e-7), abs=1e-3)
    numerical = np.array([approx_fprime(at, lambda p, i=i: model.score(p)[i], 1e-7) for i in range(at.size)])
    assert model.hessian(at) == pytest.approx(numerical, abs=1e-3)


def test_binary_outcome_is_a_plain_logit() -> None:
    # With two categories the model is logistic regression: statsmodels Logit.
    outcome, x = simulated(400, np.random.default_rng(2))
    other = sm.Logit(outcome > 0, sm.add_constant(x)).fit(disp=0)
    fit = ordered_logit((outcome > 0).astype(int), x)
    assert fit.slopes == pytest.approx(other.params[1:], abs=1e-5)
    assert -fit.thresholds[0] == pytest.approx(other.params[0], abs=1e-5)
    assert binary_logit(outcome > 0, sm.add_constant(x)) == pytest.approx(other.params, abs=1e-6)


def test_marginal_effect_is_the_mean_change_of_the_predicted_probability() -> None:
    # Predictions by statsmodels' own `predict`, with everybody moved to each level.
    outcome, x = housing()
    fit = ordered_logit(outcome, x)
    model = OrderedLogit(outcome, x)
    params = np.concatenate((fit.slopes, [fit.thresholds[0], np.log(np.diff(fit.thresholds)[0])]))
    means = []
    for column in (None, 0, 1):
        moved = x.copy()
        moved[:, [0, 1]] = 0.0
        if column is not None:
            moved[:, column] = 1.0
        means.append(model.predict(params, exog=moved)[:, 2].mean())
    effects = marginal_effects(fit, x, columns=[0, 1], category=2)
    assert effects.effect == pytest.approx(np.subtract(means[1:], means[0]), abs=1e-8)


def test_interval_of_a_marginal_effect_covers_the_truth() -> None:
    # 600 samples, standard error 0.9 points: 92-98 %. Truth from a sample of half a million.
    _, big = simulated(500_000, np.random.default_rng(99))
    chance = [1 / (1 + np.exp(1.0 - (0.8 * level - 0.5 * big[:, 1]))) for level in (0, 1)]
    truth = float((chance[1] - chance[0]).mean())
    rng = np.random.default_rng(3)
    covered = 0
    for _ in range(600):
        outcome, x = simulated(300, rng)
        effects = marginal_effects(ordered_logit(outcome, x), x, columns=[0], category=2)
        covered += effects.low[0] <= truth <= effects.high[0]
    assert 0.92 <= covered / 600 <= 0.98


def test_check_of_proportional_odds_keeps_its_level_and_finds_violations() -> None:
    # 800 samples from the model: 5 % rejections with a standard error of 0.8 points; with the upper threshold moved
    # by 1 for one predictor, only that predictor's check should fail.
    rng = np.random.default_rng(4)
    true = [brant(*simulated(500, rng), terms=[[0], [1]]) for _ in range(800)]
    wrong = [brant(*simulated(500, rng, shift=1.0), terms=[[0], [1]]) for _ in range(100)]
    assert np.mean(np.array(true) < 0.05, axis=0) == pytest.approx([0.05, 0.05], abs=0.025)
    assert np.mean(np.array(wrong)[:, 0] < 0.05) > 0.9
    assert np.mean(np.array(wrong)[:, 1] < 0.05) < 0.15


def test_a_group_that_never_crosses_a_threshold_gives_no_figure() -> None:
    outcome, x = simulated(200, np.random.default_rng(5))
    x[:, 0] = outcome == 2
    assert np.isnan(binary_logit(outcome == 2, sm.add_constant(x))).all()
    assert np.isnan(brant(outcome, x, terms=[[0], [1]])).all()
    assert not ordered_logit(outcome, x).converged


def test_two_categories_have_nothing_to_check() -> None:
    outcome, x = simulated(100, np.random.default_rng(6))
    assert np.isnan(brant((outcome > 0).astype(int), x, terms=[[0]])).all()
