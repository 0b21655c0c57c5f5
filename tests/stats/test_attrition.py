"""Loss to follow-up: the model against statsmodels, weights by hand, balance with a known truth, and no crash."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from ropsanalysis.stats.attrition import Retention, retention


def entry(n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw year of birth, a mark and a constant; who stays depends on the first two; and the chance of staying."""
    born, mark = rng.normal(1980, 12, n).round(), (rng.random(n) < 0.3).astype(float)
    chance = 1 / (1 + np.exp(-(1.2 - 0.06 * (born - 1980) - 0.8 * mark)))
    return (rng.random(n) < chance).astype(float), np.column_stack((born, mark, np.ones(n))), chance


def test_model_is_the_logit_of_statsmodels() -> None:
    kept, x, _ = entry(600, np.random.default_rng(1))
    found = retention(kept, x)
    # statsmodels Logit on a constant, the centred year and the mark.
    fit = sm.Logit(kept, np.column_stack((np.ones(600), x[:, 0] - 1980, x[:, 1]))).fit(disp=0)
    assert found.coefficients[:2] == pytest.approx(fit.params[1:], rel=1e-5)
    assert found.se[:2] == pytest.approx(fit.bse[1:], rel=1e-4)
    assert found.model_p == pytest.approx(fit.llr_pvalue, rel=1e-4)
    assert found.probability == pytest.approx(fit.predict(), rel=1e-5)
    # The constant third characteristic is left out, not fatal.
    assert np.isnan([found.coefficients[2], found.se[2], found.before[2]]).all()
    assert (found.reason, found.share) == ("", kept.mean())


def test_weights_of_one_mark_worked_by_hand() -> None:
    # Mark 0: 3 of 4 kept; mark 1: 2 of 4. Weights (5/8)/(3/4) = 5/6 and (5/8)/(1/2) = 5/4, mean 1.
    found = retention([1, 1, 1, 0, 1, 1, 0, 0], np.repeat([0.0, 1.0], 4)[:, None], trim_quantile=None)
    assert found.weights[[0, 1, 2, 4, 5]] == pytest.approx([5 / 6, 5 / 6, 5 / 6, 5 / 4, 5 / 4])
    assert np.isnan(found.weights[[3, 6, 7]]).all()
    # Kept: mean 2/5, lost 2/3, all 1/2, standard deviation of all 1/2.
    assert found.before == pytest.approx([(2 / 5 - 1 / 2) / 0.5])
    assert found.kept_less_lost == pytest.approx([(2 / 5 - 2 / 3) / 0.5])
    assert found.after == pytest.approx([0.0], abs=1e-9)
    assert found.n_effective == pytest.approx(5**2 / (3 * (5 / 6) ** 2 + 2 * (5 / 4) ** 2))
    assert found.flags == ("low_share", "few_lost", "imbalance_before")


def test_weights_mend_the_balance_and_the_mean() -> None:
    # Known truth: an outcome that follows the year of birth; the mean over everybody is known here.
    rng = np.random.default_rng(2)
    kept, x, _ = entry(4000, rng)
    outcome = 0.1 * (x[:, 0] - 1980) + x[:, 1] + rng.normal(0, 1, 4000)
    found = retention(kept, x, trim_quantile=None)
    seen = kept == 1
    assert np.abs(found.before[:2]).max() > 0.1
    assert np.abs(found.after[:2]).max() < 0.02  # main effects are balanced nearly exactly; 0.02 for their estimation
    plain, mended = outcome[seen].mean(), np.average(outcome[seen], weights=found.weights[seen])
    assert abs(mended - outcome.mean()) < 0.25 * abs(plain - outcome.mean())
    assert "imbalance_before" in found.flags
    assert "imbalance_after" not in found.flags
    assert found.weights[seen].mean() == pytest.approx(1.0)


def test_trimming_cuts_the_largest_and_keeps_the_mean() -> None:
    kept, x, _ = entry(1000, np.random.default_rng(3))
    free, cut, ratio = (
        retention(kept, x, trim_quantile=quantile, max_ratio=limit)
        for quantile, limit in ((None, None), (0.9, None), (0.99, 1.2))
    )
    n = int(kept.sum())
    assert free.n_trimmed == 0
    assert cut.n_trimmed == pytest.approx(0.1 * n, abs=1)
    for found in (cut, ratio):
        assert np.nanmean(found.weights) == pytest.approx(1.0)
        assert np.nanmax(found.weights) < np.nanmax(free.weights)
        assert found.n_effective > free.n_effective
    # Cut at 1.2 times the mean of the untrimmed, then scaled up: the largest is 1.2 over the mean after cutting.
    assert np.nanmax(ratio.weights) == pytest.approx(1.2 / np.nanmean(np.minimum(free.weights, 1.2)))


def unweighted(found: Retention, kept: list[int]) -> bool:
    """Return whether those kept have weight 1, the lost none, and balance did not move."""
    expected = np.where(np.array(kept) == 1, 1.0, np.nan)
    np.testing.assert_array_equal(found.weights, expected)
    np.testing.assert_array_equal(found.before, found.after)
    return bool(np.isnan(found.coefficients).all() and np.isnan(found.model_p))


def test_separation_falls_back_to_weights_of_one() -> None:
    kept = [1, 1, 1, 0, 0, 0]
    found = retention(kept, [[1], [2], [3], [7], [8], [9]])
    assert (found.reason, found.share) == ("separation", 0.5)
    assert unweighted(found, kept)
    assert "not_modelled" in found.flags
    # Quasi-complete: nobody with the mark was kept, others were both.
    kept = [1, 1, 0, 0, 1, 0, 0, 0]
    assert retention(kept, [[0], [0], [0], [0], [0], [1], [1], [1]]).reason == "separation"


def test_a_trait_that_tells_for_certain_leaves_a_model_of_the_others() -> None:
    # Of forty persons all three who have the second trait were lost: a logit with it has no maximum (its coefficient
    # runs away), one without it has. Weights of 1 would throw away what the first trait tells.
    rng = np.random.default_rng(3)
    older = rng.normal(size=40)
    kept = (rng.random(40) < 1 / (1 + np.exp(older - 1))).astype(float)
    telling = np.zeros(40)
    telling[np.flatnonzero(kept == 0)[:3]] = 1.0
    both = retention(kept, np.column_stack([older, telling]), trim_quantile=None)
    alone = retention(kept, older[:, None], trim_quantile=None)
    assert both.reason == ""
    assert np.isnan(both.coefficients[1])
    assert both.weights == pytest.approx(alone.weights, nan_ok=True)
    assert both.n_effective < both.n_kept


def test_a_small_unit_is_no_separation() -> None:
    kept, x, _ = entry(400, np.random.default_rng(4))
    plain, tiny = retention(kept, x), retention(kept, x * [1e-6, 1e6, 1])
    assert tiny.reason == ""
    assert tiny.weights == pytest.approx(plain.weights, nan_ok=True)
    assert tiny.coefficients[:2] * [1e-6, 1e6] == pytest.approx(plain.coefficients[:2])


@pytest.mark.parametrize(
    ("kept", "characteristics", "reason", "not_modelled"),
    [
        ([1, 1, 1], [[1], [2], [3]], "nobody_lost", False),
        ([0, 0, 0], [[1], [2], [3]], "nobody_kept", True),
        ([1, 0, 1], [[5], [5], [5]], "no_varying_characteristic", True),
        ([1, 0, 1], [[np.nan], [np.nan], [np.nan]], "no_varying_characteristic", True),
        ([1, 0, 1], np.empty((3, 0)), "no_varying_characteristic", True),
    ],
)
def test_nothing_to_model_is_said_and_survived(
    kept: list[int], characteristics: list[list[float]], reason: str, not_modelled: bool
) -> None:
    found = retention(kept, characteristics)
    assert found.reason == reason
    assert unweighted(found, kept)
    assert ("not_modelled" in found.flags) == not_modelled


def test_columns_told_by_others_are_left_out() -> None:
    kept, x, _ = entry(300, np.random.default_rng(5))
    both = np.column_stack((x[:, :2], 1 - x[:, 1], x[:, 0] * 3 + 1))
    found, plain = retention(kept, both), retention(kept, x[:, :2])
    assert found.weights == pytest.approx(plain.weights, nan_ok=True)
    assert np.isnan(found.coefficients).tolist() == [False, False, True, True]
    assert not np.isnan(found.after).any()


def test_missing_characteristics_are_filled_marked_and_counted() -> None:
    kept, x, _ = entry(500, np.random.default_rng(6))
    x = x[:, :2].copy()
    x[:40, 0] = np.nan
    kept[:40] = np.arange(40) % 2
    before = x.copy()
    found = retention(kept, x)
    np.testing.assert_array_equal(x, before)
    assert found.n_filled.tolist() == [40, 0]
    # The logit on the year at its mean and the mark of a missing year: statsmodels.
    year = np.where(np.isnan(x[:, 0]), np.nanmean(x[:, 0]), x[:, 0]) - 1980
    fit = sm.Logit(kept, np.column_stack((np.ones(500), year, x[:, 1], np.isnan(x[:, 0])))).fit(disp=0)
    assert found.probability == pytest.approx(fit.predict(), rel=1e-5)


def test_a_rare_missing_answer_does_not_take_the_model_away() -> None:
    kept, x, _ = entry(500, np.random.default_rng(7))
    x = x[:, :2].copy()
    x[:2, 0], kept[:2] = np.nan, 1.0  # both were kept: their mark separates
    assert retention(kept, x).reason == ""


def test_what_cannot_be_used_is_refused() -> None:
    with pytest.raises(ValueError, match="kept: only 0"):
        retention([1, 2], [[1], [2]])
    with pytest.raises(ValueError, match="kept: only 0"):
        retention([1, np.nan], [[1], [2]])
    with pytest.raises(ValueError, match="characteristics: 1 rows, expected 2"):
        retention([1, 0], [[1]])
    with pytest.raises(ValueError, match="nobody entered"):
        retention([], np.empty((0, 1)))
    with pytest.raises(ValueError, match="trim_quantile"):
        retention([1, 0], [[1], [2]], trim_quantile=0)
    with pytest.raises(ValueError, match="max_ratio"):
        retention([1, 0], [[1], [2]], max_ratio=0.5)


def test_low_share_has_the_limit_given() -> None:
    kept, x = np.repeat([1, 0], [7, 3]), np.arange(10.0)[:, None] % 3
    assert "low_share" in retention(kept, x).flags
    assert "low_share" not in retention(kept, x, enough_share=0.7).flags


def test_weights_that_leave_little_are_flagged() -> None:
    # By hand: of 100 with the mark 2 are kept, of 100 without it 98; weights 0.5/0.02 = 25 and 0.5/0.98 = 0.51, so
    # 100**2 / (2 * 25**2 + 98 * 0.51**2) = 7.8 of 100 are left.
    kept = np.concatenate((np.repeat([1, 0], [2, 98]), np.repeat([1, 0], [98, 2])))
    found = retention(kept, np.repeat([1.0, 0.0], 100)[:, None], trim_quantile=None)
    assert found.n_effective == pytest.approx(100**2 / (2 * 25**2 + 98 * (0.5 / 0.98) ** 2))
    assert "few_effective" in found.flags
