"""Effects beside a weighted comparison: against statsmodels and the jackknife, as laws, and where truth is known."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.treatment
from statsmodels.treatment.treatment_effects import TreatmentEffect

from ropsanalysis.stats.balancing import NoOverlapError, propensity
from ropsanalysis.stats.effects import difference_in_differences
from ropsanalysis.stats.staggered import aggregate, group_time_effects
from ropsanalysis.stats.weighted_effects import Weighting, average_effect, effects_on_treated, small_sample_factor

METHODS: tuple[Weighting, ...] = ("ipw", "aipw", "entropy")


class Births:
    """Cattaneo's data on birth weight and smoking, which Stata's and statsmodels' manuals use."""

    def __init__(self, table: pd.DataFrame) -> None:
        self.weight = table["bweight"].to_numpy(float)
        self.smoked = table["mbsmoke_"].to_numpy()
        x = table[["mmarried_", "mage", "mage2", "fbaby_", "medu"]].to_numpy(float)
        self.x = (x - x.mean(axis=0)) / x.std(axis=0)
        design = sm.add_constant(self.x)
        chosen = sm.Logit(self.smoked.astype(float), design).fit(disp=0)
        self.model = TreatmentEffect(sm.OLS(self.weight, design), self.smoked, results_select=chosen)


@pytest.fixture(scope="module")
def births() -> Births:
    path = Path(statsmodels.treatment.__file__).parent / "tests" / "results" / "cataneo2.csv"
    if not path.exists():
        pytest.skip("statsmodels was installed without its tests' data (cataneo2.csv)")
    return Births(pd.read_csv(path))


def sample(rng: np.random.Generator, *, counties: int = 40, each: int = 8) -> dict[str, np.ndarray]:
    """Effect 1; the poorer (x) join more often and catch up anyway; shocks are common to counties."""
    county = np.repeat(np.arange(counties), each)
    x = rng.normal(0, 0.6, counties)[county] + rng.normal(0, 0.8, county.size)
    treated = rng.random(county.size) < 1 / (1 + np.exp(0.6 - 0.8 * x))
    outcome = treated + x + rng.normal(0, 0.4, counties)[county] + rng.normal(0, 1, county.size)
    return {"outcomes": outcome[:, None], "treated": treated, "covariates": x[:, None], "clusters": county}


def test_inverse_probability_as_in_statsmodels(births: Births) -> None:
    # statsmodels' TreatmentEffect on its own data; its sandwich has neither the factor G / (G - 1) nor that for small
    # samples, with the five covariates of the score. Tolerance: its search.
    reference = births.model.ipw(effect_group=1).results_gmm
    found = effects_on_treated(births.weight[:, None], births.smoked, births.x, method="ipw", clusters=None)[0]
    n = births.weight.size
    scores = propensity(births.x, births.smoked).scores[births.smoked == 0]
    odds = scores / (1 - scores)
    effective = odds.sum() ** 2 / (odds**2).sum()
    wider = effective / (effective - 5 - 1)
    assert found.value == pytest.approx(reference.params[0], rel=1e-6)
    assert found.se == pytest.approx(reference.bse[0] * np.sqrt(n / (n - 1) * wider), rel=1e-5)
    # Stata's teffects ipw, atet, with a probit instead of the logit: -225.1773 (statsmodels results_teffects.py).
    assert found.value == pytest.approx(-225.2, rel=0.01)


@pytest.mark.parametrize("method", ["ipw", "aipw"])
def test_effect_on_everybody_as_in_statsmodels(births: Births, method: str) -> None:
    reference = getattr(births.model, method)().results_gmm
    found = average_effect(births.weight, births.smoked, births.x, method=method, clusters=None)
    n = births.weight.size
    assert found.value == pytest.approx(reference.params[0], rel=1e-6)
    assert found.se == pytest.approx(reference.bse[0] * np.sqrt(n / (n - 1)), rel=1e-5)
    # Stata, with a probit: ipw -230.6886, aipw -230.9892 (as printed in statsmodels' treatment_effects.py).
    assert found.value == pytest.approx({"ipw": -230.6886, "aipw": -230.9892}[method], rel=0.01)


@pytest.mark.parametrize("method", METHODS)
def test_errors_are_those_of_leaving_out_counties(method: Weighting) -> None:
    # The jackknife makes the weights anew without each county in turn; both are right to the order of 1 / G.
    data = sample(np.random.default_rng(5))
    found = effects_on_treated(**data, method=method)[0]
    values = []
    for county in range(40):
        kept = data["clusters"] != county
        values.append(effects_on_treated(**{k: v[kept] for k, v in data.items()}, method=method)[0].value)
    jackknife = np.sqrt(39 / 40 * ((np.array(values) - np.mean(values)) ** 2).sum())
    assert found.se == pytest.approx(jackknife, rel=0.05)
    fewer = min(np.unique(data["clusters"][data["treated"] == group]).size for group in (True, False))
    assert (found.df, found.n_clusters) == (fewer - 1, 40)


@pytest.mark.parametrize("method", METHODS)
def test_weights_remove_what_the_covariate_brings(method: Weighting) -> None:
    # Effect 1. Means over 30 samples vary by about 0.15 / sqrt(30) = 0.03; without weights the bias is about 0.7.
    rng = np.random.default_rng(6)
    found, naive = [], []
    for _ in range(30):
        data = sample(rng)
        found.append(effects_on_treated(**data, method=method)[0].value)
        zero = np.zeros(len(data["treated"]))
        outcome = data["outcomes"][:, 0]
        naive.append(difference_in_differences(zero, outcome, data["treated"], clusters=data["clusters"]).value)
    assert np.mean(found) == pytest.approx(1.0, abs=0.1)
    assert np.mean(naive) > 1.5


@pytest.mark.parametrize("method", METHODS)
def test_order_and_constants_do_not_matter(method: Weighting) -> None:
    data = sample(np.random.default_rng(8))
    order = np.random.default_rng(9).permutation(len(data["treated"]))
    found = effects_on_treated(**data, method=method)[0]
    shuffled = effects_on_treated(**{k: v[order] for k, v in data.items()}, method=method)[0]
    moved = effects_on_treated(**{**data, "outcomes": data["outcomes"] + 100}, method=method)[0]
    assert astuple(shuffled) == pytest.approx(astuple(found), rel=1e-6)
    assert astuple(moved) == pytest.approx(astuple(found), rel=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_without_a_difference_of_covariates_it_is_the_difference_of_means(method: Weighting) -> None:
    # The covariate is the same in both groups, so all weights are. The covariate's share of the error is what is left.
    treated = np.tile([1, 0], 100)
    x = np.repeat(np.arange(50), 4) % 2
    y = np.random.default_rng(10).normal(size=200)
    found = effects_on_treated(y[:, None], treated, x[:, None], method=method, clusters=None)[0]
    plain = difference_in_differences(np.zeros(200), y, treated, clusters=None)
    assert found.value == pytest.approx(plain.value)
    assert found.se == pytest.approx(plain.se, rel=0.05)


@pytest.mark.parametrize("method", METHODS)
def test_each_outcome_has_weights_of_those_whose_outcome_is_known(method: Weighting) -> None:
    data = sample(np.random.default_rng(12))
    y = np.repeat(data["outcomes"], 3, axis=1)
    y[::5, 1] = np.nan
    y[:, 2] *= 2
    found = effects_on_treated(**{**data, "outcomes": y}, method=method)
    assert found[0].n_missing == found[2].n_missing == 0
    assert found[1].n_missing == 64
    assert found[2].value == pytest.approx(2 * found[0].value)
    kept = np.arange(len(y)) % 5 > 0
    alone = effects_on_treated(**{k: v[kept] for k, v in data.items()}, method=method)[0]
    assert astuple(found[1])[:-1] == pytest.approx(astuple(alone)[:-1])


def test_no_counterparts_no_effect() -> None:
    x = np.arange(20.0)
    for method in METHODS:
        with pytest.raises(NoOverlapError):
            effects_on_treated(x[:, None], x > 9, x[:, None], method=method, clusters=None)
    with pytest.raises(NoOverlapError):
        average_effect(x, x > 9, x[:, None], method="ipw", clusters=None)
    # A category of the comparison alone: no obstacle for the effect on the treated, one for that on everybody.
    treated, category = np.arange(20) % 2, np.arange(20) % 4 == 0
    assert effects_on_treated(x[:, None], treated, category[:, None], method="ipw", clusters=None)[0].n_treated == 10
    with pytest.raises(NoOverlapError):
        average_effect(x, treated, category[:, None], method="ipw", clusters=None)


def test_unknown_methods_and_wrong_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="choose ipw, aipw or entropy"):
        effects_on_treated([[1]], [1], [[1]], method="matching", clusters=None)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="expected 2"):
        effects_on_treated([[1], [2]], [1, 0], [[1]], method="ipw", clusters=None)


# --- Coverage -----------------------------------------------------------------------------------------

#: With 800 samples the share covered of a true 95 % varies by 0.0077 (binomial); 93-97 % is 2.6 of these.
SAMPLES = 800


def covered(effects: list[tuple[float, float]], truth: float) -> float:
    return float(np.mean([low <= truth <= high for low, high in effects]))


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
def test_intervals_beside_weighted_comparisons_cover(method: Weighting) -> None:
    rng = np.random.default_rng(20240601)
    found = [effects_on_treated(**sample(rng, counties=80, each=8), method=method)[0] for _ in range(SAMPLES)]
    assert 0.93 <= covered([(effect.low, effect.high) for effect in found], 1.0) <= 0.97


def without_effect(rng: np.random.Generator, facilities: tuple[int, int], persons: int) -> dict[str, np.ndarray]:
    """No effect, 12 covariates of which two matter and set the groups apart, persons of a facility alike."""
    treated = np.repeat([True, False], persons)
    facility = np.concatenate((rng.integers(0, facilities[0], persons), 100 + rng.integers(0, facilities[1], persons)))
    x = rng.normal(size=(2 * persons, 12))
    x[:, 0] += 0.5 * treated
    x[:, 1] += 0.3 * treated
    shock = rng.normal(0, np.sqrt(0.05), 200)[facility]
    y = 0.3 * x[:, 0] + 0.3 * x[:, 1] + shock + rng.normal(0, np.sqrt(0.95), 2 * persons)
    return {"outcomes": y[:, None], "treated": treated, "covariates": x, "clusters": facility}


@pytest.mark.slow
@pytest.mark.parametrize(("facilities", "persons"), [((11, 9), 120), ((24, 20), 235)])
@pytest.mark.parametrize("method", METHODS)
def test_intervals_cover_in_small_samples_with_many_covariates(
    method: Weighting, facilities: tuple[int, int], persons: int
) -> None:
    # With all facilities' degrees of freedom and no factor for small samples 90-93 % with 11 and 9 facilities.
    rng = np.random.default_rng(20240604)
    found = [effects_on_treated(**without_effect(rng, facilities, persons), method=method)[0] for _ in range(SAMPLES)]
    assert 0.935 <= covered([(effect.low, effect.high) for effect in found], 0.0) <= 0.975


def test_the_factor_for_small_samples_is_that_of_the_formula() -> None:
    # Against itself with a covariate that does not vary: the weights are the same, the factor counts one more.
    data = sample(np.random.default_rng(13))
    effect = effects_on_treated(**data, method="ipw")[0]
    scores = propensity(data["covariates"], data["treated"]).scores[~data["treated"]]
    odds = scores / (1 - scores)
    effective = odds.sum() ** 2 / (odds**2).sum()
    assert small_sample_factor(effective, 1) == pytest.approx(np.sqrt(effective / (effective - 2)))
    constant = np.column_stack((data["covariates"], np.zeros(320)))
    more = effects_on_treated(**{**data, "covariates": constant}, method="ipw")[0]
    assert more.se / effect.se == pytest.approx(small_sample_factor(effective, 2) / small_sample_factor(effective, 1))


@pytest.mark.slow
def test_intervals_of_differences_in_differences_cover() -> None:
    rng = np.random.default_rng(20240602)
    found = []
    for _ in range(SAMPLES):
        county = np.repeat(np.arange(30), 6)
        change = county % 2 + rng.normal(0, 0.7, 30)[county] + rng.normal(0, 1, 180)
        found.append(difference_in_differences(np.zeros(180), change, county % 2, clusters=county))
    assert 0.93 <= covered([(effect.low, effect.high) for effect in found], 1.0) <= 0.97


@pytest.mark.slow
def test_intervals_of_staggered_effects_cover() -> None:
    rng = np.random.default_rng(20240603)
    found = []
    for _ in range(SAMPLES):
        county = np.repeat(np.arange(60), 4)
        begin = rng.choice([0, 3, 4, 5], 60)[county]
        time = np.arange(1, 7)
        shocks = rng.normal(0, 0.4, (60, 6)).cumsum(axis=1)[county]
        treated = (begin[:, None] > 0) & (time >= begin[:, None])
        y = rng.normal(0, 2, (240, 1)) + 0.5 * time + shocks + treated + rng.normal(0, 1, (240, 6))
        simple = aggregate(group_time_effects(y, time, begin, clusters=county), "simple")
        found.append((simple.overall_low, simple.overall_high))
    assert 0.93 <= covered(found, 1.0) <= 0.97
