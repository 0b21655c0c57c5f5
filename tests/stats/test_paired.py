"""Change of the same persons, against scipy and statsmodels, by hand, in collapsing cases and with a known truth."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.stats import logistic, norm, t, ttest_rel
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

from ropsanalysis.errors import UsageError
from ropsanalysis.stats.ordinal import OrderedLogit, ordered_logit
from ropsanalysis.stats.paired import paired_duration, paired_mean, paired_ordinal, paired_share
from ropsanalysis.stats.survival import kaplan_meier, restricted_mean


def pairs_of_counts(kept_yes: int, lost: int, gained: int, kept_no: int) -> tuple[np.ndarray, np.ndarray]:
    """Return before and after of so many persons."""
    cells = (kept_yes, lost, gained, kept_no)
    return np.repeat([1.0, 1.0, 0.0, 0.0], cells), np.repeat([1.0, 0.0, 1.0, 0.0], cells)


def clustered(rng: np.random.Generator, *, entities: int = 30) -> dict[str, np.ndarray]:
    """Draw persons of entities, with an effect of the entity on the change."""
    entity = np.repeat(np.arange(entities), rng.integers(2, 9, entities))
    before = rng.normal(10, 2, entity.size)
    after = before + 0.5 + rng.normal(0, 1, entities)[entity] + rng.normal(0, 1, entity.size)
    return {"before": before, "after": after, "weights": rng.uniform(0.5, 2, entity.size), "clusters": entity}


def test_unweighted_mean_change_is_the_paired_t_test() -> None:
    data = clustered(np.random.default_rng(1))
    before, after = data["before"], data["after"]
    found = paired_mean(before, after)
    # scipy.stats.ttest_rel
    other = ttest_rel(after, before)
    assert found.p_value == pytest.approx(other.pvalue)
    limits = other.confidence_interval(0.95)
    assert [found.low, found.high] == pytest.approx([limits.low, limits.high])
    assert found.standardised == pytest.approx((after - before).mean() / before.std(ddof=1))
    assert found.standardised_corrected == pytest.approx(found.standardised * (1 - 3 / (4 * before.size - 5)))
    assert (found.n, found.n_clusters) == (before.size, before.size)


def test_clustered_mean_change_is_the_regression_with_clustered_errors() -> None:
    data = clustered(np.random.default_rng(2))
    found = paired_mean(**data)
    # statsmodels WLS on a constant, cov_type="cluster", with t of G - 1 degrees of freedom.
    change = data["after"] - data["before"]
    fit = sm.WLS(change, np.ones(change.size), weights=data["weights"]).fit(
        cov_type="cluster", cov_kwds={"groups": data["clusters"]}, use_t=True
    )
    assert [found.change, found.se] == pytest.approx([fit.params[0], fit.bse[0]])
    assert [found.low, found.high] == pytest.approx(fit.conf_int()[0])
    assert found.p_value == pytest.approx(fit.pvalues[0])
    assert found.n_clusters == 30
    assert found.after - found.before == pytest.approx(found.change)


def test_standardised_change_worked_by_hand() -> None:
    # Before 1 2 3 4, mean 2.5, variance 5/3; changes 1 2 0 2, mean 1.25. Correction 1 - 3/(4 * 3 - 1) = 8/11.
    found = paired_mean([1, 2, 3, 4], [2, 4, 3, 6])
    assert found.standardised == pytest.approx(1.25 / (5 / 3) ** 0.5)
    assert found.standardised_corrected == pytest.approx(1.25 / (5 / 3) ** 0.5 * 8 / 11)
    # A weight of 2 counts a person twice in mean (14 / 5 = 2.8) and spread, not in n.
    weighted = paired_mean([1, 2, 3, 4], [2, 4, 3, 6], weights=[1, 1, 1, 2])
    spread = ((1 - 2.8) ** 2 + (2 - 2.8) ** 2 + (3 - 2.8) ** 2 + 2 * (4 - 2.8) ** 2) / 5 * 4 / 3
    assert weighted.standardised == pytest.approx((1 + 2 + 0 + 2 * 2) / 5 / spread**0.5)


def test_persons_lost_are_counted_and_may_lack_weight_and_entity() -> None:
    found = paired_mean(
        [1, 2, 3, 4, 5], [2, 4, 3, None, 6], weights=[1, 1, 1, np.nan, 0], clusters=["a", "b", "b", None, "c"]
    )
    assert (found.n, found.n_missing, found.n_clusters) == (3, 1, 2)


def test_change_without_spread_or_clusters_claims_nothing() -> None:
    same = paired_mean([1.1, 2.2, 3.3], [1.2, 2.3, 3.4])
    assert same.change == pytest.approx(0.1)
    assert np.isnan(same.p_value)
    one = paired_mean([1, 2, 3], [2, 4, 6], clusters=[1, 1, 1])
    assert one.change == 2.0
    assert np.isnan([one.low, one.high, one.p_value]).all()
    flat = paired_mean([2, 2, 2], [2, 3, 4])
    assert np.isnan(flat.standardised)
    empty = paired_mean([np.nan, 1], [1, np.nan])
    assert (empty.n, empty.n_missing) == (0, 2)
    assert np.isnan([empty.change, empty.p_value, empty.standardised]).all()


def test_answers_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(ValueError, match="after: 1 values, expected 2"):
        paired_mean([1, 2], [1])
    with pytest.raises(ValueError, match="weights: 1 values, expected 2"):
        paired_mean([1, 2], [1, 2], weights=[1])
    with pytest.raises(ValueError, match="clusters: 1 labels, expected 2"):
        paired_mean([1, 2], [1, 2], clusters=["a"])
    with pytest.raises(UsageError, match="weights"):
        paired_mean([1, 2], [1, 2], weights=[1, np.nan])
    with pytest.raises(ValueError, match="before: only 0"):
        paired_share([2, 1], [1, 0])


def test_approval_ratings() -> None:
    # Agresti, Categorical Data Analysis, table 10.1: approve 794 both times, 150 only first, 86 only second, 570 never.
    before, after = pairs_of_counts(794, 150, 86, 570)
    found = paired_share(before, after)
    assert (found.gained, found.lost, found.kept_yes, found.kept_no) == (86, 150, 794, 570)
    # statsmodels mcnemar(exact=False, correction=False): 17.35593, p = 3.0993e-05.
    other = mcnemar([[794, 150], [86, 570]], exact=False, correction=False)
    assert (found.mcnemar_statistic, found.mcnemar_p) == pytest.approx((other.statistic, other.pvalue))
    assert found.mcnemar_statistic == pytest.approx(17.35593, abs=1e-5)
    assert (found.mcnemar_method, found.method, found.p_value) == ("chi_square", "newcombe", found.mcnemar_p)
    assert found.difference == pytest.approx(-64 / 1600)
    # By hand: square root of (b + c)/n^2 - (b - c)^2/n^3, times n/(n - 1) under the root.
    assert found.se == pytest.approx(((236 / 1600 - 0.04**2) / 1599) ** 0.5)
    assert found.odds_ratio == pytest.approx(86 / 150)
    assert found.cohens_h == pytest.approx(2 * np.arcsin(0.55**0.5) - 2 * np.arcsin(0.59**0.5))


@pytest.mark.parametrize(("gained", "lost"), [(3, 1), (0, 5), (4, 4), (12, 2), (20, 10)])
def test_mcnemar_as_in_statsmodels(gained: int, lost: int) -> None:
    found = paired_share(*pairs_of_counts(10, lost, gained, 10))
    exact = gained + lost < 25
    other = mcnemar([[10, lost], [gained, 10]], exact=exact, correction=False)
    assert found.mcnemar_p == pytest.approx(other.pvalue)
    assert found.mcnemar_method == ("exact" if exact else "chi_square")


def newcombe_from_counts(a: int, b: int, c: int, d: int) -> tuple[float, float]:
    """Return his method 10 for the share in the first wave less that in the second, as printed, in counts."""
    n = a + b + c + d
    (l1, u1), (l2, u2) = (proportion_confint(count, n, method="wilson") for count in (a + b, a + c))
    p1, p2 = (a + b) / n, (a + c) / n
    top = a * d - b * c
    top = top - n / 2 if top > n / 2 else min(top, 0)
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    phi = top / margins**0.5 if margins else 0.0
    below = (p1 - l1) ** 2 - 2 * phi * (p1 - l1) * (u2 - p2) + (u2 - p2) ** 2
    above = (u1 - p1) ** 2 - 2 * phi * (u1 - p1) * (p2 - l2) + (p2 - l2) ** 2
    return p1 - p2 - below**0.5, p1 - p2 + above**0.5


@pytest.mark.parametrize(
    "counts", [(36, 12, 2, 0), (1, 1, 7, 12), (14, 5, 0, 22), (0, 5, 5, 0), (10, 0, 0, 0), (59, 6, 16, 80)]
)
def test_square_and_add_interval(counts: tuple[int, int, int, int]) -> None:
    # Wilson's limits from statsmodels; ours is of after - before, hence the change of sign.
    low, high = newcombe_from_counts(*counts)
    found = paired_share(*pairs_of_counts(*counts))
    assert [found.low, found.high] == pytest.approx([-high, -low])


def test_square_and_add_interval_covers() -> None:
    # Known truth: 60 % and 70 %, correlated. The aim is 0.95; 0.02 is four errors of a coverage over 2000 draws.
    rng = np.random.default_rng(3)
    covered = 0
    for counts in rng.multinomial(40, [0.5, 0.1, 0.2, 0.2], size=2000):
        low, high = newcombe_from_counts(*counts)
        covered += low <= -0.1 <= high
    assert covered / 2000 == pytest.approx(0.95, abs=0.02)


def test_weighted_share_is_the_regression_with_clustered_errors() -> None:
    rng = np.random.default_rng(4)
    data = clustered(rng)
    before, after = (data["before"] > 10).astype(float), (data["after"] > 10).astype(float)
    found = paired_share(before, after, weights=data["weights"], clusters=data["clusters"])
    fit = sm.WLS(after - before, np.ones(before.size), weights=data["weights"]).fit(
        cov_type="cluster", cov_kwds={"groups": data["clusters"]}, use_t=True
    )
    assert [found.low, found.high] == pytest.approx(fit.conf_int()[0])
    assert (found.method, found.p_value) == ("linearised", pytest.approx(fit.pvalues[0]))
    # McNemar's test remains that of the persons.
    assert found.mcnemar_p == pytest.approx(paired_share(before, after).p_value)


def test_nobody_changed_is_no_certainty() -> None:
    before = np.repeat([1.0, 0.0], [12, 8])
    plain = paired_share(before, before)
    assert (plain.difference, plain.mcnemar_method) == (0.0, "none")
    assert plain.low < 0 < plain.high
    assert np.isnan([plain.p_value, plain.odds_ratio]).all()
    grouped = paired_share(before, before, clusters=np.repeat([1, 2, 3, 4], 5))
    assert grouped.method == "newcombe"
    assert grouped.high > plain.high  # four clusters are worth less than twenty persons
    assert paired_share([0, 0, 1], [1, 1, 1]).odds_ratio == np.inf
    assert np.isnan(paired_share([np.nan], [1]).low)


def test_equal_weights_are_no_weights() -> None:
    before, after = pairs_of_counts(10, 10, 18, 9)
    assert paired_share(before, after, weights=np.full(47, 2.0)) == paired_share(before, after)


def ordinal_waves(n: int, rng: np.random.Generator, *, effect: float) -> tuple[np.ndarray, np.ndarray]:
    """Draw answers 1-5 whose marginal distributions follow a cumulative logit with a shared part per person."""
    cuts = [-2.0, -0.5, 0.5, 2.0]
    # The persons' ranks are correlated, each wave by itself is logistic: a Gaussian copula.
    z = rng.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], size=n)
    latent = logistic.ppf(norm.cdf(z)) + np.array([0.0, effect])
    return np.digitize(latent[:, 0], cuts) + 1.0, np.digitize(latent[:, 1], cuts) + 1.0


def test_common_odds_ratio_is_that_of_the_ordered_logit() -> None:
    before, after = ordinal_waves(300, np.random.default_rng(5), effect=0.7)
    found = paired_ordinal(before, after)
    codes = np.concatenate((before, after)).astype(int) - 1
    wave = np.repeat([0.0, 1.0], 300)[:, None]
    fit = ordered_logit(codes, wave)
    assert np.log(found.odds_ratio) == pytest.approx(fit.slopes[0], abs=1e-6)
    # Sandwich from statsmodels' own scores (numerical) and the exact Hessian; thresholds are other parameters there,
    # which does not matter for the slope.
    model = OrderedLogit(codes, wave)
    at = np.concatenate((fit.slopes, [fit.thresholds[0]], np.log(np.diff(fit.thresholds))))
    steps = 1e-5 * np.eye(at.size)
    scores = np.array([(model.loglikeobs(at + e) - model.loglikeobs(at - e)) / 2e-5 for e in steps]).T
    persons = scores[:300] + scores[300:]
    inverse = np.linalg.inv(model.hessian(at))
    se = (inverse @ (persons.T @ persons * 300 / 299) @ inverse)[0, 0] ** 0.5
    reach = np.log(found.high / found.low) / 2
    assert reach == pytest.approx(t.ppf(0.975, 299) * se, rel=1e-5)


@pytest.mark.filterwarnings("ignore:cov_type not fully supported")
def test_two_categories_are_a_clustered_logit() -> None:
    data = clustered(np.random.default_rng(6))
    before, after = (data["before"] > 9).astype(float), (data["after"] > 9).astype(float)
    found = paired_ordinal(before, after, weights=data["weights"], clusters=data["clusters"])
    # statsmodels GLM, weights as frequencies, cluster errors without its own factor; G/(G - 1) = 30/29.
    n = before.size
    fit = sm.GLM(
        np.concatenate((before, after)), np.column_stack((np.ones(2 * n), np.repeat([0, 1], n))),
        family=sm.families.Binomial(), freq_weights=np.tile(data["weights"], 2),
    ).fit(cov_type="cluster", cov_kwds={"groups": np.tile(data["clusters"], 2), "use_correction": False})  # fmt: skip
    assert np.log(found.odds_ratio) == pytest.approx(fit.params[1], abs=1e-7)
    reach = t.ppf(0.975, 29) * fit.bse[1] * (30 / 29) ** 0.5
    assert np.log(found.high / found.low) / 2 == pytest.approx(reach, rel=1e-6)


def test_known_shift_is_found_and_covered() -> None:
    # Known truth 0.5; 0.06 is four errors of a coverage over 200 draws; 0.01 allows for the bias of few persons.
    rng, inside, logs = np.random.default_rng(7), 0, []
    for _ in range(200):
        found = paired_ordinal(*ordinal_waves(120, rng, effect=0.5))
        inside += np.log(found.low) <= 0.5 <= np.log(found.high)
        logs.append(np.log(found.odds_ratio))
    assert np.mean(logs) == pytest.approx(0.5, abs=4 * np.std(logs) / 200**0.5 + 0.01)
    assert inside / 200 == pytest.approx(0.95, abs=0.06)


def test_ordinal_laws() -> None:
    before, after = ordinal_waves(80, np.random.default_rng(8), effect=0.7)
    up, down = paired_ordinal(before, after), paired_ordinal(before, after, direction="lower")
    assert up.odds_ratio * down.odds_ratio == pytest.approx(1.0)
    assert (up.improved, up.superiority) == pytest.approx((down.worsened, 1 - down.superiority))
    assert up.improved + up.unchanged + up.worsened == pytest.approx(1.0)
    # Labels count by their order only, and the unit of weights not at all.
    stretched = paired_ordinal(before**3, after**3, weights=np.full(80, 7.0))
    assert stretched.odds_ratio == pytest.approx(up.odds_ratio)
    assert [stretched.low, stretched.high, stretched.p_value] == pytest.approx([up.low, up.high, up.p_value])
    # A person of weight 2 is two persons for the estimate.
    double = np.where(np.arange(80) < 20, 2.0, 1.0)
    twice = np.repeat(np.arange(80), double.astype(int))
    assert paired_ordinal(before, after, weights=double).odds_ratio == pytest.approx(
        paired_ordinal(before[twice], after[twice]).odds_ratio
    )


def test_ordinal_without_an_estimate() -> None:
    alike = paired_ordinal([3, 3, 3], [3, 3, 3])
    assert np.isnan([alike.odds_ratio, alike.low, alike.p_value]).all()
    assert (alike.unchanged, alike.superiority) == (1.0, 0.5)
    assert alike.superiority_low < 0.5 < alike.superiority_high
    apart = paired_ordinal([1, 1, 2, 2], [3, 3, 4, 4])
    assert np.isnan(apart.odds_ratio)
    assert (apart.improved, apart.superiority) == (1.0, 1.0)
    assert apart.superiority_low < 1.0
    nobody = paired_ordinal([np.nan], [1])
    assert nobody.n == 0


def durations(n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw months until a job, those of the group shorter, seen for up to 24 months."""
    group = np.arange(n) % 2.0
    months = np.ceil(rng.exponential(np.where(group == 1, 6, 10)))
    seen = rng.integers(12, 25, n)
    return np.minimum(months, seen), (months <= seen).astype(float), group


def test_plain_durations_are_restricted_means() -> None:
    time, event, group = durations(200, np.random.default_rng(9))
    found = paired_duration(time, event, horizon=12, group=group)
    curves = [kaplan_meier(time[group == g], event[group == g]) for g in (1, 0)]
    first, second = (restricted_mean(curve, horizon=12) for curve in curves)
    assert (found.mean, found.low, found.high) == (first.value, first.low, first.high)
    assert (found.reference, found.difference) == (second.value, first.value - second.value)
    # Independent groups: variances add.
    half = (((first.high - first.value) ** 2) + (second.high - second.value) ** 2) ** 0.5
    assert (found.difference_low, found.difference_high) == pytest.approx(
        (found.difference - half, found.difference + half)
    )
    assert (found.n, found.reference_n, found.n_missing) == (100, 100, 0)
    assert found.n_events + found.reference_n_events == event.sum()


def test_without_censoring_pseudo_values_are_the_times() -> None:
    # Then the weighted mean and its clustered error are those of times cut at the horizon: statsmodels WLS.
    rng = np.random.default_rng(10)
    data = clustered(rng)
    time = np.ceil(rng.exponential(8, data["before"].size))
    group = rng.integers(0, 2, time.size).astype(float)
    found = paired_duration(
        time, np.ones(time.size), horizon=12, group=group, weights=data["weights"], clusters=data["clusters"]
    )
    fit = sm.WLS(np.minimum(time, 12), np.column_stack((np.ones(time.size), group)), weights=data["weights"]).fit(
        cov_type="cluster", cov_kwds={"groups": data["clusters"], "use_correction": False}, use_t=True
    )
    assert (found.reference, found.difference) == pytest.approx(tuple(fit.params))
    fewer = min(np.unique(np.asarray(data["clusters"])[group == name]).size for name in (0, 1))
    reach = t.ppf(0.975, fewer - 1) * fit.bse[1] * (30 / 29) ** 0.5
    assert found.difference_high - found.difference == pytest.approx(reach)


def test_pseudo_values_agree_with_greenwood() -> None:
    # Both are estimates of one variance; with 400 persons they differ by a few per cent.
    time, event, group = durations(400, np.random.default_rng(11))
    plain = paired_duration(time, event, horizon=12, group=group)
    pseudo = paired_duration(time, event, horizon=12, group=group, weights=np.ones(400))
    assert pseudo.difference == pytest.approx(plain.difference, abs=0.02)
    assert pseudo.difference_high - pseudo.difference == pytest.approx(
        plain.difference_high - plain.difference, rel=0.03
    )


def test_spells_of_the_same_persons_are_told_apart_better() -> None:
    # Positively correlated spells: the person as cluster makes the interval of the difference narrower.
    rng = np.random.default_rng(12)
    person = rng.exponential(6, 100)
    time = np.concatenate((person + rng.exponential(1, 100), person + rng.exponential(1, 100)))
    wave, persons = np.repeat([0, 1], 100), np.tile(np.arange(100), 2)
    alone, linked = (
        paired_duration(time, np.ones(200), horizon=10, group=wave, clusters=labels)
        for labels in (np.arange(200), persons)
    )
    assert linked.difference == pytest.approx(alone.difference)
    assert linked.difference_high - linked.difference < 0.5 * (alone.difference_high - alone.difference)


def test_one_group_missing_times_and_short_watching() -> None:
    found = paired_duration([1, 2, 3, 4, None, 5], [1, 1, 1, 1, 1, None], horizon=4)
    assert (found.mean, found.n, found.n_missing) == (2.5, 4, 2)
    assert np.isnan([found.reference, found.difference, found.p_value]).all()
    unseen = paired_duration([1, 2, 3], [1, 0, 0], horizon=12, weights=[1, 2, 1])
    assert np.isnan([unseen.mean, unseen.low]).all()
    # Only one was watched until the horizon: its pseudo-value exists all the same.
    last = paired_duration([1, 2, 3, 6], [1, 0, 1, 0], horizon=6, weights=[1, 1, 1, 1])
    assert last.n == 4
    assert np.isfinite([last.mean, last.low]).all()
    with pytest.raises(ValueError, match="nobody has 0"):
        paired_duration([1, 2], [1, 1], horizon=2, group=[1, 1])
    with pytest.raises(ValueError, match="group: only 0"):
        paired_duration([1, 2], [1, 1], horizon=2, group=[1, 2])
