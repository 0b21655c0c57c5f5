"""Trends, forecasts, disparities, index and the whole assessment on small tables and on the real figures."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small_tables import context, indicators, ladder, observations, replaced

from ropsanalysis.errors import UsageError
from ropsanalysis.regional_diagnosis.assess import DiagnosisParameters, NationalTables, assess
from ropsanalysis.regional_diagnosis.composite_index import index_members, index_tables
from ropsanalysis.regional_diagnosis.disparities import convergence, disparities
from ropsanalysis.regional_diagnosis.forecast import forecasts
from ropsanalysis.regional_diagnosis.series import REGION_CODES, UNITS, latest_context, read_series
from ropsanalysis.regional_diagnosis.trend import relative_trends, trends

YEARS = list(range(2014, 2025))
PARAMETERS = DiagnosisParameters(index_draws=20)


def test_series_are_ordered_and_know_their_years() -> None:
    observed = replaced(ladder("x", YEARS), "32", 2024, np.nan)
    (one,) = read_series(observed.sample(frac=1, random_state=1), indicators({"indicator": "x"}))
    assert one.years.tolist() == YEARS
    assert (one.last_year, one.poland(2024), one.regions(2024)[:2].tolist()) == (2024, 8.5, [1.0, 2.0])
    assert one.common_years(16)[-1] == 2023


def test_the_same_key_twice_is_refused() -> None:
    observed = ladder("x", YEARS)
    with pytest.raises(ValueError, match="duplicate"):
        read_series(pd.concat([observed, observed]), indicators({"indicator": "x"}))


def test_latest_background_is_the_last_published() -> None:
    frame = pd.DataFrame(
        {
            "indicator": ["p", "p", "p"],
            "teryt": ["02", "02", "02"],
            "year": [2024, 2022, 2023],
            "value": [np.nan, 1.0, 2.0],
        }
    )
    assert latest_context(frame, "p")["02"] == 2.0
    assert np.isnan(latest_context(frame, "p")["00"])


def test_trends_cover_counts_variants_and_poland() -> None:
    observed = pd.concat([ladder("count", YEARS), ladder("x.wies", YEARS)])
    table = trends(
        read_series(observed, indicators({"indicator": "count", "comparable": False}, {"indicator": "x.wies"})),
        parameters=PARAMETERS,
    )
    assert len(table) == 2 * 17
    assert table["teryt"].unique().tolist() == list(UNITS)
    assert set(table["marker"]) == {"no_clear_change"}


def test_window_of_a_series_that_ended_early() -> None:
    observed = ladder("x", list(range(2008, 2025)))
    for year in range(2019, 2025):
        observed = replaced(observed, "16", year, np.nan)
    table = trends(read_series(observed, indicators({"indicator": "x"})), parameters=PARAMETERS).set_index("teryt")
    # The window is 2015-2024 for all; 2015-2018 leaves four values.
    assert (table.loc["16", "n"], table.loc["16", "marker"]) == (4, "too_short")
    assert table.loc["02", "first_year"] == 2015


def test_relative_trend_by_hand() -> None:
    # Region 02 stays at 1 while Poland goes 1, 2, 4, 5, 10: 100, 50, 25, 20, 10 percent of Poland.
    years = list(range(2020, 2025))
    observed = observations("x", years, {"00": [1, 2, 4, 5, 10], "02": [1, 1, 1, 1, 1]})
    table = relative_trends(read_series(observed, indicators({"indicator": "x"})), parameters=PARAMETERS)
    row = table.set_index("teryt").loc["02"]
    # Ten pairwise slopes: -50, -37.5, -26.67, -22.5, -25, -15, -13.33, -5, -7.5, -10;
    # median (-22.5 - 15) / 2.
    assert (row["slope"], row["marker"]) == (pytest.approx(-18.75), "improving")


def test_forecast_tables_fit_together() -> None:
    rows = ({"indicator": "x", "kind": "percent"}, {"indicator": "y", "break_years": "2020"})
    observed = pd.concat([ladder("x", YEARS, step=6.2), ladder("y", YEARS)])
    ahead, quality = forecasts(read_series(observed, indicators(*rows)), parameters=PARAMETERS)
    assert quality.groupby("indicator")["status"].unique().map(list).to_dict() == {
        "x": ["ok"],
        "y": ["broken"],
    }
    assert set(ahead["indicator"]) == {"x"}
    assert ahead["year"].unique().tolist() == [2025, 2026, 2027]
    assert ahead[["mean", "low95", "high95"]].max().max() <= 100
    assert (quality.loc[quality["status"] != "ok", "reason"] != "").all()


def test_disparities_by_hand() -> None:
    # 1 ... 16: mean 8.5, sd sqrt(21.25), ratio 16. Weight 1 for all but region 32, which weighs 17:
    # weighted mean (120 + 272)/32 = 12.25; mean of squares (1240 + 17 * 256)/32 = 174.75;
    # variance 174.75 - 12.25^2 = 24.6875.
    people = dict.fromkeys(REGION_CODES, 1.0) | {"32": 17.0}
    series = read_series(ladder("x", [2024]), indicators({"indicator": "x"}))
    (row,) = disparities(series, context(population_thousand=people), parameters=PARAMETERS).to_dict("records")
    assert (row["n"], row["mean"], row["ratio"], row["weighted"]) == (16, 8.5, 16.0, True)
    assert row["cv"] == pytest.approx(21.25**0.5 / 8.5)
    assert row["cv_weighted"] == pytest.approx(24.6875**0.5 / 12.25)


def test_without_population_nothing_is_weighted() -> None:
    series = read_series(ladder("x", [2024]), indicators({"indicator": "x"}))
    row = disparities(series, context(), parameters=PARAMETERS).iloc[0]
    assert not row["weighted"]
    assert np.isnan(row["cv_weighted"])


def test_convergence_of_regions_that_close_their_gaps() -> None:
    # Each year a region keeps 90 % of its log distance to 10: half-life ln 2 / -ln 0.9 = 6.58 years.
    years = list(range(2015, 2025))
    values = {
        code: [10 * (start / 10) ** (0.9**step) for step in range(10)]
        for code, start in zip(REGION_CODES, range(4, 20), strict=True)
    }
    series = read_series(observations("x", years, values), indicators({"indicator": "x"}))
    row = convergence(series, context(), parameters=PARAMETERS).iloc[0]
    assert (row["verdict"], row["n"], row["first_year"], row["last_year"]) == ("converging", 16, 2015, 2024)
    assert row["half_life_years"] == pytest.approx(np.log(2) / -np.log(0.9))
    assert row["sigma_slope"] < 0


def test_convergence_starts_after_the_break_and_needs_years() -> None:
    series = read_series(ladder("x", YEARS), indicators({"indicator": "x", "break_years": "2022"}))
    row = convergence(series, context(), parameters=PARAMETERS).iloc[0]
    assert (row["verdict"], row["first_year"]) == ("unclear", 2022)
    assert np.isnan(row["beta"])


INDEX_ROWS = (
    {"indicator": "x", "section": "poverty"},
    {"indicator": "y", "section": "housing", "direction": "higher"},
    {"indicator": "n", "direction": "neutral"},
    {"indicator": "x.wies"},
    {"indicator": "c", "comparable": False},
    {"indicator": "m", "index_member": False},
)


def _index_observations() -> pd.DataFrame:
    return pd.concat([ladder(str(row["indicator"]), YEARS) for row in INDEX_ROWS])


def test_only_members_with_a_better_end_enter_the_index() -> None:
    series = read_series(_index_observations(), indicators(*INDEX_ROWS))
    assert [member.key for member in index_members(series, min_regions=14)] == ["x", "y"]


def test_index_by_hand() -> None:
    # x and y run against each other: every region scores (100 - p + p)/2 = 50 and all share the first place.
    series = read_series(_index_observations(), indicators(*INDEX_ROWS))
    scores, variants = index_tables(series, parameters=PARAMETERS)
    assert scores["score"].to_numpy() == pytest.approx(np.full(16, 50.0))
    assert scores["score_poverty"].tolist()[0] == 100
    assert scores["score_housing"].tolist()[0] == 0
    # 5 scales x 2 weightings x (all + 2 left out) + 20 drawn variants, each with sixteen regions.
    assert len(variants) == (30 + 20) * 16
    assert variants["variant"].nunique() == 50


def test_interval_holds_the_rank() -> None:
    scores, _ = index_tables(read_series(_index_observations(), indicators(*INDEX_ROWS)), parameters=PARAMETERS)
    assert (scores["rank_low"] <= scores["rank"]).all()
    assert (scores["rank"] <= scores["rank_high"]).all()


def test_no_members_no_index() -> None:
    scores, variants = index_tables([], parameters=PARAMETERS)
    assert scores.empty
    assert variants.empty
    assert "rank_low" in scores.columns


@pytest.mark.parametrize(
    ("name", "value"),
    [("alpha", 0.0), ("alpha", 1.5), ("min_regions", 20), ("n_peers", 0), ("index_draws", -1)],
)
def test_senseless_parameters_are_refused_by_name(name: str, value: float) -> None:
    with pytest.raises(UsageError, match=name):
        DiagnosisParameters(**{name: value})  # type: ignore[arg-type]


def _everything() -> NationalTables:
    background = context(
        urbanisation_percent={code: 40.0 + i for i, code in enumerate(REGION_CODES)},
        population_thousand={code: 1000.0 + 10 * i for i, code in enumerate(REGION_CODES)},
    )
    return assess(_index_observations(), indicators(*INDEX_ROWS), background, parameters=PARAMETERS)


def test_the_assessment_is_repeatable() -> None:
    first, second = _everything(), _everything()
    for field in fields(NationalTables):
        pd.testing.assert_frame_equal(getattr(first, field.name), getattr(second, field.name))


def test_no_input_is_changed() -> None:
    observed, table, background = _index_observations(), indicators(*INDEX_ROWS), context()
    copies = observed.copy(), table.copy(), background.copy()
    assess(observed, table, background, parameters=PARAMETERS)
    for before, after in zip(copies, (observed, table, background), strict=True):
        pd.testing.assert_frame_equal(before, after)


# The real figures of Statistics Poland that ship with the project.


@pytest.fixture(scope="module")
def poland(built_data: Path) -> NationalTables:
    """Return what the build made of the shipped figures."""
    folder, names = built_data / "processed" / "regional_diagnosis", [field.name for field in fields(NationalTables)]
    return NationalTables(**{name: pd.read_parquet(folder / f"{name}.parquet") for name in names})


@pytest.mark.slow
def test_social_assistance_in_warminsko_mazurskie(poland: NationalTables) -> None:
    # indicator_1-b-1-reg.csv, row 2025: Warmińsko-Mazurskie 377.6 (the highest of sixteen), Poland 222.7,
    # Śląskie 164.0 (the lowest).
    table = poland.positions
    row = table[(table["indicator"] == "1.B.1") & (table["teryt"] == "28")].iloc[0]
    assert (row["year"], row["value"], row["poland"], row["rank"]) == (2025, 377.6, 222.7, 16)
    assert (row["best_teryt"], row["best_value"]) == ("24", 164.0)
    assert (row["standing"], bool(row["beyond_noise"])) == ("worse", True)


@pytest.mark.slow
def test_trend_of_social_assistance_in_warminsko_mazurskie(poland: NationalTables) -> None:
    # indicator_1-b-1-reg.csv 2016-2025: 713.1, 635.1, 580.7, 542.6, 501.4, 440.5, 418.0, 403.9, 371.6, 377.6:
    # of 45 pairs only 2024-2025 rises, S = 1 - 44 = -43.
    table = poland.trends
    row = table[(table["indicator"] == "1.B.1") & (table["teryt"] == "28")].iloc[0]
    assert (row["first_year"], row["last_year"], row["s"], row["marker"]) == (2016, 2025, -43, "improving")


@pytest.mark.slow
def test_excluded_indicators_are_nowhere(poland: NationalTables) -> None:
    for field in fields(NationalTables):
        table = getattr(poland, field.name)
        if "indicator" in table:
            assert not table["indicator"].isin(["1.E.3", "1.D.4", "1.F.3", "10.A.9"]).any()


@pytest.mark.slow
def test_forecasts_of_real_series_keep_their_promise(poland: NationalTables) -> None:
    # Over some 300 series the 80 % intervals of past forecasts should hold about 80 % of what came.
    quality = poland.forecast_quality
    tested = quality[quality["status"] == "ok"]
    assert 0.72 < tested["coverage80"].mean() < 0.92
    assert tested["mae"].notna().all()


@pytest.mark.slow
def test_real_tables_are_whole(poland: NationalTables) -> None:
    assert (poland.positions.groupby("indicator").size() == 17).all()
    ranked = poland.positions.dropna(subset=["rank"])
    assert (ranked["rank_last"] <= ranked["n_ranked"]).all()
    assert len(poland.index_scores) == 16
    assert poland.index_scores["rank"].notna().all()
    assert not poland.trends.duplicated(["indicator", "teryt"]).any()
    assert set(poland.peers.groupby("teryt").size()) == {3}
