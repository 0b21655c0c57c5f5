"""Partial pooling against statsmodels' mixed model, nlme's published fit, and limits that must hold."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from ropsanalysis.stats.pooling import pooled_means

# Potthoff, R. F., Roy, S. N. (1964), Biometrika 51, 313-326: distance (mm) at ages 8, 10, 12, 14; the first eleven are
# girls. Ships with R's nlme as Orthodont.
ORTHODONT = np.array(
    [
        [21, 20, 21.5, 23], [21, 21.5, 24, 25.5], [20.5, 24, 24.5, 26], [23.5, 24.5, 25, 26.5], [21.5, 23, 22.5, 23.5],
        [20, 21, 21, 22.5], [21.5, 22.5, 23, 25], [23, 23, 23.5, 24], [20, 21, 22, 21.5], [16.5, 19, 19, 19.5],
        [24.5, 25, 28, 28], [26, 25, 29, 31], [21.5, 22.5, 23, 26.5], [23, 22.5, 24, 27.5], [25.5, 27.5, 26.5, 27],
        [20, 23.5, 22.5, 26], [24.5, 25.5, 27, 28.5], [22, 22, 24.5, 26.5], [24, 21.5, 24.5, 25.5], [23, 20.5, 31, 26],
        [27.5, 28, 31, 31.5], [23, 23, 23.5, 25], [21.5, 23.5, 24, 28], [17, 24.5, 26, 29.5], [22.5, 25.5, 25.5, 26],
        [23, 24.5, 26, 30], [22, 21.5, 23.5, 25],
    ]
)  # fmt: skip
AGES = np.array([8, 10, 12, 14])


def orthodont() -> pd.DataFrame:
    subject = np.repeat(np.arange(27), 4)
    return pd.DataFrame(
        {"distance": ORTHODONT.ravel(), "subject": subject, "age": np.tile(AGES, 27), "female": (subject < 11) * 1.0}
    )


def test_the_mixed_model_library_gives_the_published_orthodont_fit() -> None:
    # nlme: lme(distance ~ age + Sex, random = ~1 | Subject) (R 4.2).
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = smf.mixedlm("distance ~ age + female", orthodont(), groups="subject").fit(reml=True)
    assert fit.fe_params.tolist() == pytest.approx([17.70671296, 0.66018519, -2.32102273], abs=1e-5)
    assert float(fit.cov_re.iloc[0, 0]) == pytest.approx(3.2667837, abs=1e-3)
    assert fit.scale == pytest.approx(2.0494560, abs=1e-3)
    assert fit.llf == pytest.approx(-218.75625, abs=1e-4)


def test_pooled_means_agree_with_the_mixed_model_library() -> None:
    # The pooled model has no predictor that varies inside a group, so age's published slope is taken off first.
    data = orthodont()
    data["level"] = data["distance"] - 0.66018519 * data["age"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = smf.mixedlm("level ~ female", data, groups="subject").fit(reml=True, method=["powell"])
    fixed = np.column_stack((np.ones(27), np.arange(27) < 11))
    pooled = pooled_means(data["level"], data["subject"], fixed)
    assert pooled is not None
    assert pooled.between == pytest.approx(float(fit.cov_re.iloc[0, 0]), rel=1e-4)
    assert pooled.within == pytest.approx(fit.scale, rel=1e-4)
    effects = np.array([float(fit.random_effects[subject].iloc[0]) for subject in range(27)])
    assert pooled.value == pytest.approx(fixed @ fit.fe_params.to_numpy() + effects, abs=1e-4)


def test_unequal_groups_and_dependent_columns_agree_too() -> None:
    rng = np.random.default_rng(1)
    group = np.repeat(np.arange(12), rng.integers(2, 15, size=12))
    kind = np.arange(12) % 3
    values = rng.normal(size=12)[group] + kind[group] + rng.normal(size=group.size)
    data = pd.DataFrame({"y": values, "g": group, "kind": kind[group]})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = smf.mixedlm("y ~ C(kind)", data, groups="g").fit(reml=True, method=["powell"])
    fixed = np.column_stack((np.ones(12), np.eye(3)[kind]))  # a constant and all three dummies: one too many
    pooled = pooled_means(values, group, fixed)
    assert pooled is not None
    assert pooled.between == pytest.approx(float(fit.cov_re.iloc[0, 0]), rel=1e-3)
    effects = np.array([float(fit.random_effects[g].iloc[0]) for g in range(12)])
    expected = fit.fe_params["Intercept"] + np.array([0.0, *fit.fe_params[1:]])[kind] + effects
    assert pooled.value == pytest.approx(expected, abs=1e-3)


def test_large_groups_keep_their_mean_and_empty_ones_get_the_fixed_part() -> None:
    # Limits of the shrinkage: 1 for many answers, 0 for none.
    rng = np.random.default_rng(2)
    group = np.repeat(np.arange(6), 4000)
    values = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0])[group] + rng.normal(size=group.size)
    pooled = pooled_means(values, group, np.ones((7, 1)))
    assert pooled is not None
    means = np.bincount(group, weights=values) / 4000
    assert pooled.value[:6] == pytest.approx(means, abs=0.01)
    assert pooled.value[6] == pytest.approx(means.mean(), abs=0.01)
    assert pooled.se[6] > 10 * pooled.se[0]


def test_groups_that_do_not_differ_are_pooled_completely() -> None:
    values = np.tile([1.0, 2.0, 3.0], 5)
    pooled = pooled_means(values, np.repeat(np.arange(5), 3), np.ones((5, 1)))
    assert pooled is not None
    assert pooled.between == 0.0
    assert pooled.value == pytest.approx(np.full(5, 2.0))


def test_intervals_cover_the_true_means() -> None:
    # 60 samples of 240 cells (16 x 15, as in the report): 93-97 %.
    rng = np.random.default_rng(3)
    kinds, regions = np.tile(np.arange(15), 16), np.repeat(np.arange(16), 15)
    fixed = np.column_stack((np.ones(240), np.eye(15)[kinds], np.eye(16)[regions]))
    covered = []
    for _ in range(60):
        sizes = rng.poisson(15, size=240) + 1
        truth = rng.normal(size=15)[kinds] * 0.3 + rng.normal(size=16)[regions] * 0.1 + rng.normal(size=240) * 0.2
        group = np.repeat(np.arange(240), sizes)
        pooled = pooled_means(truth[group] + rng.normal(size=group.size), group, fixed)
        assert pooled is not None
        covered.append(((pooled.low <= truth) & (truth <= pooled.high)).mean())
    assert 0.93 <= np.mean(covered) <= 0.97


@pytest.mark.parametrize(
    ("values", "groups"),
    [([1.0, 2.0, 3.0], [0, 1, 2]), ([1.0, 2.0, 3.0], [0, 0, 0]), ([np.nan, np.nan], [0, 1])],
)
def test_variances_that_cannot_be_told_apart_give_no_model(values: list[float], groups: list[int]) -> None:
    assert pooled_means(values, groups, np.ones((3, 1))) is None
