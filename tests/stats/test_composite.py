"""Composite index: COINr's stages of the ASEM index, hand-worked cases, and laws.

The stages (data of 51 countries, 49 indicators) were produced by the R package COINr (Becker et al. 2022)
from the European Commission's ASEM Sustainable Connectivity data; they are read, never copied.
"""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ropsanalysis.definitions import Direction
from ropsanalysis.stats.composite import (
    aggregate,
    composite_index,
    impute,
    normalise,
    treat_all,
    treat_outliers,
)
from support import shared_data

# The stage files hold 9 to 17 significant digits; values reach 1e6.
STORED = 1e-8

TABLES = arrays(np.float64, (8, 3), elements=st.integers(0, 50).map(float))


class Asem:
    """The stored stages and the framework of the ASEM index."""

    def __init__(self) -> None:
        folder = shared_data("composite_reference")
        self.stage = {
            name: pd.read_csv(folder / f"stage_{name}.csv")
            for name in ("denominated", "imputed", "treated", "normalised")
        }
        self.method = json.loads((folder / "method.json").read_text(encoding="utf-8"))
        meta = pd.read_csv(folder / "ASEM_iMeta.csv").set_index("iCode")
        self.codes = list(self.stage["imputed"].columns[7:])
        self.directions: list[Direction] = [
            "lower" if meta.loc[code, "Direction"] < 0 else "higher" for code in self.codes
        ]
        self.dimensions = [str(meta.loc[code, "Parent"]) for code in self.codes]
        self.sub_index = {code: str(meta.loc[code, "Parent"]) for code in set(self.dimensions)}

    def values(self, name: str) -> np.ndarray:
        return self.stage[name][self.codes].to_numpy(dtype=np.float64)


@pytest.fixture(scope="module")
def asem() -> Asem:
    return Asem()


def test_imputed_stage(asem: Asem) -> None:
    # method.json: impute, imtype "indgroup_mean" by group EurAsia.
    assert asem.method["impute"]["imtype"] == ["indgroup_mean"]
    groups = asem.stage["denominated"]["Group_EurAsia"].tolist()
    assert np.isnan(asem.values("denominated")).sum() == 65
    ours = impute(asem.values("denominated"), method="mean", groups=groups)
    assert ours == pytest.approx(asem.values("imputed"), rel=STORED)


def test_treated_stage(asem: Asem) -> None:
    # method.json: winsorise while |skewness| > 2 and kurtosis > 3.5; at most a tenth of 51 units, so 6 steps.
    assert (asem.method["treat"]["t_skew"], asem.method["treat"]["t_kurt"]) == ([2.0], [3.5])
    ours = treat_all(asem.values("imputed"))
    assert ours == pytest.approx(asem.values("treated"), rel=STORED)
    treated = (ours != asem.values("imputed")).any(axis=0)
    assert treated.sum() == 15


def test_normalised_stage(asem: Asem) -> None:
    # method.json: normalise, ntype "minmax" (0-100); directions from ASEM_iMeta.csv.
    ours = normalise(asem.values("treated"), directions=asem.directions, method="minmax")
    assert ours == pytest.approx(asem.values("normalised"), abs=100 * STORED)


def test_all_stages_together_and_the_aggregated_index(asem: Asem) -> None:
    # No aggregated stage is stored. By hand: mean of indicators in each of 8 dimensions, mean of 5 dimensions
    # in Connectivity and of 3 in Sustainability, mean of the two (method.json: arith_mean, all weights 1).
    normalised = asem.stage["normalised"][asem.codes]
    dimension = pd.Series(asem.dimensions, index=asem.codes)
    means = {d: normalised[list(dimension.index[dimension == d])].mean(axis=1) for d in dimension.unique()}
    connectivity = sum(means[d] for d in ("ConEcFin", "Instit", "P2P", "Physical", "Political")) / 5
    sustainability = sum(means[d] for d in ("Environ", "Social", "SusEcFin")) / 3
    expected = (connectivity + sustainability) / 2

    order = list(dict.fromkeys(asem.dimensions))
    outer = [1 / 6 if d in ("Environ", "Social", "SusEcFin") else 1 / 10 for d in order]
    result = composite_index(
        asem.values("denominated"),
        directions=asem.directions,
        dimensions=asem.dimensions,
        dimension_weights=outer,
        imputation="mean",
        groups=asem.stage["denominated"]["Group_EurAsia"].tolist(),
    )
    assert result.scores == pytest.approx(expected.to_numpy(), abs=100 * STORED)
    assert (result.ranks == expected.rank(ascending=False)).all()


def test_winsorising_by_hand() -> None:
    # One far value among 12 (limit ceil(1.2) = 2 steps): drawn in to the next level, and the shape is fine.
    result = treat_outliers([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 100])
    assert result.treated.tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 11]
    assert (result.transformation, result.steps) == ("winsorised", 1)


def test_winsorising_a_low_outlier_with_a_gap() -> None:
    result = treat_outliers([-90, np.nan, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    assert result.treated[0] == 2
    assert np.isnan(result.treated[1])


def test_log_when_winsorising_fails() -> None:
    # Two pairs of far levels, of which one step draws in only the first: ln(x - min + 0.01 range) of the
    # original values is taken, range 999 - 1.
    values = np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 900, 999])
    result = treat_outliers(values, max_steps=1)
    assert result.transformation == "log"
    assert result.treated == pytest.approx(np.log(values - 1 + 0.01 * 998))


def test_values_without_outliers_pass_through() -> None:
    result = treat_outliers([1, 2, 3, 4, 5])
    assert (result.transformation, result.treated.tolist()) == ("none", [1, 2, 3, 4, 5])


def test_normalisations_by_hand() -> None:
    column = [[2.0], [4.0], [8.0], [np.nan]]
    minmax = normalise(column, directions=["higher"], low=1, high=100).ravel()
    assert minmax[:3].tolist() == [1.0, 34.0, 100.0]  # 1 + 99 * (4 - 2) / 6
    ranks = normalise(column, directions=["lower"], method="rank").ravel()
    assert ranks[:3].tolist() == [100.0, 50.0, 0.0]
    # mean 14/3, deviations -8/3, -2/3, 10/3; variance (64 + 4 + 100)/9/2 = 28/3
    zscore = normalise(column, directions=["higher"], method="zscore").ravel()
    assert zscore[:3] == pytest.approx(np.array([-8, -2, 10]) / 3 / (28 / 3) ** 0.5)
    assert np.isnan([minmax[3], ranks[3], zscore[3]]).all()


def test_an_indicator_without_variation_sits_in_the_middle() -> None:
    assert normalise([[5.0], [5.0]], directions=["lower"]).ravel().tolist() == [50.0, 50.0]


def test_means_by_hand() -> None:
    # Arithmetic (3*1 + 1*9)/4 = 3; geometric 1^0.75 * 9^0.25 = 3^0.5.
    assert aggregate([[1.0, 9.0]], weights=[3, 1])[0] == 3
    assert aggregate([[1.0, 9.0]], weights=[3, 1], method="geometric")[0] == pytest.approx(3**0.5)


def test_availability_by_hand() -> None:
    values = [[1.0, 2.0, 3.0], [1.0, 2.0, np.nan], [1.0, np.nan, np.nan]]
    assert aggregate(values, weights=[1, 1, 1], min_available=0.66)[:2].tolist() == [2.0, 1.5]
    assert np.isnan(aggregate(values, weights=[1, 1, 1], min_available=0.66)[2])


def test_a_unit_below_the_threshold_has_no_score_and_no_rank() -> None:
    values = [[1.0, 5.0, 3.0], [2.0, 6.0, 4.0], [3.0, np.nan, np.nan]]
    result = composite_index(values, directions=["higher"] * 3, dimensions=["a", "a", "b"])
    assert np.isnan([result.scores[2], result.ranks[2]]).all()
    assert result.available.tolist() == [1, 1, pytest.approx(1 / 3)]
    assert result.ranks[:2].tolist() == [2, 1]


@pytest.mark.parametrize("aggregation", ["arithmetic", "geometric"])
@given(values=TABLES)
def test_rows_and_units_of_measurement_do_not_matter(aggregation: str, values: np.ndarray) -> None:
    directions: list[Direction] = ["higher", "lower", "higher"]
    options = {"directions": directions, "dimensions": ["a", "a", "b"], "aggregation": aggregation}
    plain = composite_index(values, **options).scores  # type: ignore[arg-type]
    stretched = composite_index(2.0 * values + 7, **options).scores  # type: ignore[arg-type]
    turned = composite_index(values[::-1], **options).scores  # type: ignore[arg-type]
    assert stretched == pytest.approx(plain)
    assert turned[::-1] == pytest.approx(plain)


@given(values=TABLES)
def test_scores_stay_on_the_scale_and_geometric_never_exceeds_arithmetic(values: np.ndarray) -> None:
    options = {"directions": ["higher"] * 3, "dimensions": ["a", "a", "b"]}
    scores = composite_index(values, **options).scores  # type: ignore[arg-type]
    assert ((scores >= 0) & (scores <= 100)).all()
    positive = normalise(values, directions=["higher"] * 3, low=1.0)
    arithmetic = aggregate(positive, weights=[1, 1, 2])
    geometric = aggregate(positive, weights=[1, 1, 2], method="geometric")
    assert (geometric <= arithmetic + 1e-9).all()


@given(values=TABLES, unit=st.integers(0, 7), column=st.integers(0, 2))
def test_improving_one_value_never_lowers_the_units_rank(values: np.ndarray, unit: int, column: int) -> None:
    options = {
        "directions": ["higher"] * 3,
        "dimensions": ["a", "a", "b"],
        "normalisation": "rank",
        "treat": False,
    }
    before = composite_index(values, **options).ranks[unit]  # type: ignore[arg-type]
    better = values.copy()
    better[unit, column] += 10
    assert composite_index(better, **options).ranks[unit] <= before  # type: ignore[arg-type]


def test_the_input_is_not_changed() -> None:
    values = np.array([[1.0, np.nan], [2.0, 3.0], [9.0, 4.0]])
    before = values.copy()
    composite_index(values, directions=["higher"] * 2, dimensions=["a", "b"], imputation="median")
    assert np.array_equal(values, before, equal_nan=True)


def test_a_geometric_mean_of_zscores_is_refused() -> None:
    with pytest.raises(ValueError, match="z-scores"):
        composite_index(
            np.eye(3),
            directions=["higher"] * 3,
            dimensions="abc",
            normalisation="zscore",
            aggregation="geometric",
        )


@pytest.mark.parametrize("weights", [[1.0], [-1.0, 2.0], [0.0, 0.0]])
def test_unusable_weights_are_refused(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="weight"):
        aggregate([[1.0, 2.0]], weights=weights)


def test_a_geometric_mean_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        aggregate([[0.0, 2.0]], weights=[1, 1], method="geometric")
