"""Positions, peers and profile on small tables worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from small_tables import context, indicators, ladder, observations, replaced

from ropsanalysis.regional_diagnosis.parameters import DiagnosisParameters
from ropsanalysis.regional_diagnosis.peers import peers, structural_features
from ropsanalysis.regional_diagnosis.position import positions
from ropsanalysis.regional_diagnosis.profile import profile
from ropsanalysis.regional_diagnosis.series import REGION_CODES, read_series
from ropsanalysis.regional_diagnosis.trend import relative_trends, trends

YEARS = list(range(2018, 2025))
PARAMETERS = DiagnosisParameters()
NO_PEERS = pd.DataFrame({"teryt": [], "peer_teryt": []})


def _positions(observed: pd.DataFrame, *rows: dict[str, object], groups: pd.DataFrame = NO_PEERS) -> pd.DataFrame:
    series = read_series(observed, indicators(*rows))
    return positions(series, groups, parameters=PARAMETERS).set_index("teryt")


def test_a_ladder_of_regions_by_hand() -> None:
    # Regions have 1 ... 16, Poland 8.5, lower is better: region 02 (value 1) is best, 32 (value 16) last.
    # SD of 1 ... 16 with divisor n: sqrt((16^2 - 1)/12) = sqrt(21.25).
    table = _positions(ladder("x", YEARS), {"indicator": "x"})
    worst = table.loc["32"]
    assert (worst["rank"], worst["rank_last"], worst["n_ranked"], worst["year"]) == (16, 16, 16, 2024)
    assert (worst["difference"], worst["relative_difference"]) == (7.5, pytest.approx(7.5 / 8.5))
    assert (worst["best_teryt"], worst["best_value"], worst["difference_to_best"]) == ("02", 1.0, 15.0)
    assert worst["z"] == pytest.approx(-7.5 / 21.25**0.5)
    assert worst["standing"] == "worse"
    # Values 8 and 9 lie 0.5 from Poland, 0.11 SD: similar. Value 10 lies 1.5 away, 0.33 SD: worse.
    assert table.loc[list(REGION_CODES[6:10]), "standing"].tolist() == [
        "better",
        "similar",
        "similar",
        "worse",
    ]


def test_poland_has_a_row_without_a_rank() -> None:
    poland = _positions(ladder("x", YEARS), {"indicator": "x"}).loc["00"]
    assert (poland["value"], poland["difference"], poland["standing"]) == (8.5, 0.0, "unknown")
    assert poland["rank"] is pd.NA
    assert np.isnan(poland["z"])


def test_a_region_without_a_value_keeps_its_row() -> None:
    observed = replaced(ladder("x", YEARS), "16", 2024, np.nan)
    table = _positions(observed, {"indicator": "x"})
    opolskie = table.loc["16"]
    assert np.isnan(opolskie["value"])
    assert opolskie["rank"] is pd.NA
    assert (opolskie["standing"], opolskie["n_ranked"], opolskie["year"]) == ("unknown", 15, 2024)
    assert opolskie["beyond_noise"] is pd.NA
    # Region 16 had value 8; those above it move up by one place.
    assert table.loc["32", "rank"] == 15


def test_the_year_is_the_last_with_enough_regions() -> None:
    observed = ladder("x", YEARS)
    for code in REGION_CODES[:3]:
        observed = replaced(observed, code, 2024, np.nan)
    # 13 of 16 in 2024 are too few, so 2023 is compared.
    assert _positions(observed, {"indicator": "x"})["year"].unique().tolist() == [2023]


def test_an_indicator_without_a_fit_year_has_no_rows() -> None:
    few = observations("x", [2024], {"00": [1.0], "02": [1.0], "04": [2.0]})
    assert _positions(few, {"indicator": "x"}).empty


def test_counts_and_excluded_indicators_never_enter() -> None:
    observed = pd.concat([ladder("count", YEARS), ladder("out", YEARS)])
    rows = ({"indicator": "count", "comparable": False}, {"indicator": "out", "status": "excluded"})
    assert _positions(observed, *rows).empty


def test_neutral_indicators_rank_from_the_highest() -> None:
    table = _positions(ladder("x", YEARS), {"indicator": "x", "direction": "neutral"})
    assert (table.loc["32", "rank"], table.loc["32", "standing"]) == (1, "above")
    assert (table.loc["02", "rank"], table.loc["02", "standing"]) == (16, "below")


def test_equal_values_share_a_place() -> None:
    table = _positions(replaced(ladder("x", YEARS), "04", 2024, 1.0), {"indicator": "x"})
    assert table.loc[["02", "04", "06"], "rank"].tolist() == [1, 1, 3]
    assert table.loc[["02", "04", "06"], "rank_last"].tolist() == [2, 2, 3]


def test_mean_of_the_peer_group_leaves_missing_peers_out() -> None:
    groups = pd.DataFrame({"teryt": ["02"] * 3, "peer_teryt": ["04", "06", "16"]})
    observed = replaced(ladder("x", YEARS), "16", 2024, np.nan)
    table = _positions(observed, {"indicator": "x"}, groups=groups)
    # Peers have 2, 3 and nothing: mean 2.5, region 1.
    assert (table.loc["02", "peer_mean"], table.loc["02", "difference_to_peers"]) == (2.5, -1.5)
    assert np.isnan(table.loc["04", "peer_mean"])


def test_noise_is_at_least_what_rounding_gives() -> None:
    # Differences to Poland are constant: no wobble at all, but one decimal of rounding leaves 0.1/sqrt(6).
    table = _positions(ladder("x", YEARS), {"indicator": "x"})
    assert table.loc["02", "noise"] == pytest.approx(0.1 / 6**0.5)
    assert table.loc["02", "beyond_noise"]


def test_noise_of_a_wobbling_difference() -> None:
    observed = ladder("x", YEARS)
    for year, value in zip(YEARS, [10, 8, 9, 8, 9, 8, 10], strict=True):
        observed = replaced(observed, "16", year, float(value))
    # Differences to Poland 1.5, -0.5, 0.5, -0.5, 0.5, -0.5, 1.5: a palindrome, so slope 0 and a line at the
    # median 0.5; absolute deviations from it 1, 1, 0, 1, 0, 1, 1 with median 1.
    table = _positions(observed, {"indicator": "x"})
    assert table.loc["16", "noise"] == pytest.approx(1.4826)
    # 1.5 from Poland is less than 1.96 * 1.4826: it can be this year's swing.
    assert not table.loc["16", "beyond_noise"]


def test_noise_needs_five_years_since_the_break() -> None:
    table = _positions(ladder("x", YEARS), {"indicator": "x", "break_years": "2021"})
    assert np.isnan(table.loc["02", "noise"])
    assert table.loc["02", "beyond_noise"] is pd.NA


def test_places_add_up_and_order_of_rows_does_not_matter() -> None:
    rng = np.random.default_rng(5)
    observed = observations("x", [2024], {code: [float(rng.integers(1, 9))] for code in ("00", *REGION_CODES)})
    table = _positions(observed, {"indicator": "x"})
    # Mid-places of sixteen regions add up to 16 * 17 / 2.
    assert (table["rank"] + table["rank_last"]).sum() / 2 == 136
    shuffled = _positions(observed.sample(frac=1, random_state=3), {"indicator": "x"})
    pd.testing.assert_frame_equal(table, shuffled)


def test_peers_are_alike_in_structure() -> None:
    # Two clearly apart groups of eight: every peer comes from the own group.
    urban = {code: 80.0 + i if i < 8 else 30.0 + i for i, code in enumerate(REGION_CODES)}
    density = {code: 300.0 if i < 8 else 50.0 for i, code in enumerate(REGION_CODES)}
    table = peers(context(urbanisation_percent=urban, density_per_km2=density), [], n_peers=3)
    assert len(table) == 48
    groups = dict.fromkeys(REGION_CODES[:8], "a") | dict.fromkeys(REGION_CODES[8:], "b")
    assert (table["teryt"].map(groups) == table["peer_teryt"].map(groups)).all()
    assert table.groupby("teryt")["order"].apply(list).map(tuple).unique().tolist() == [(1, 2, 3)]


def test_income_is_the_mean_of_the_last_three_published_years() -> None:
    observed = observations("1.D.1", [2021, 2022, 2023, 2024], {"16": [60.0, 82.0, None, 80.0], "18": [1, 2, 3, 4]})
    series = read_series(observed, indicators({"indicator": "1.D.1"}))
    features = structural_features(context(), series)
    assert features.loc["16", "income"] == pytest.approx((60 + 82 + 80) / 3)
    assert features.loc["18", "income"] == 3


def test_without_any_background_there_are_no_peers() -> None:
    assert peers(context(), [], n_peers=3).empty


def _profile(observed: pd.DataFrame, *rows: dict[str, object]) -> pd.DataFrame:
    series = read_series(observed, indicators(*rows))
    return profile(
        positions(series, NO_PEERS, parameters=PARAMETERS),
        trends(series, parameters=PARAMETERS),
        relative_trends(series, parameters=PARAMETERS),
        parameters=PARAMETERS,
    )


def _keys(table: pd.DataFrame, kind: str, teryt: str) -> list[str]:
    chosen = table[(table["kind"] == kind) & (table["teryt"] == teryt)].sort_values("order")
    return list(chosen["indicator"])


def test_strengths_and_weaknesses_are_the_four_ends() -> None:
    table = _profile(ladder("x", YEARS), {"indicator": "x"})
    assert sorted(table.loc[table["kind"] == "strength", "teryt"]) == list(REGION_CODES[:4])
    assert sorted(table.loc[table["kind"] == "weakness", "teryt"]) == list(REGION_CODES[12:])
    assert table[table["kind"] == "watch"].empty


def test_watch_list_needs_both_worse_and_worsening() -> None:
    observed = ladder("x", YEARS)
    for offset, year in enumerate(YEARS):
        observed = replaced(observed, "32", year, 16.0 + offset)
        observed = replaced(observed, "02", year, 1.0 + 0.1 * offset)
    table = _profile(observed, {"indicator": "x"})
    assert _keys(table, "watch", "32") == ["x"]
    assert _keys(table, "watch", "02") == []
    assert _keys(table, "falling_behind", "32") == []


def test_falling_behind_while_improving() -> None:
    # Poland halves from 16 to 8; region 32 comes down from 20 only to 17: better than before, farther behind.
    falling = [16.0, 14.0, 12.0, 11.0, 10.0, 9.0, 8.0]
    slower = [20.0, 19.5, 19.0, 18.5, 18.0, 17.5, 17.0]
    values = dict.fromkeys(("00", *REGION_CODES), falling)
    observed = observations("x", YEARS, {**values, "32": slower})
    table = _profile(observed, {"indicator": "x"})
    assert _keys(table, "falling_behind", "32") == ["x"]
    assert _keys(table, "watch", "32") == []
    assert table["teryt"].unique().tolist() == ["32"]


def test_a_trend_that_ended_before_says_nothing_about_now() -> None:
    # Region 32 worsens year by year; put the compared year beyond the end of that trend.
    observed = ladder("x", YEARS)
    for offset, year in enumerate(YEARS):
        observed = replaced(observed, "32", year, 16.0 + offset)
    series = read_series(observed, indicators({"indicator": "x"}))
    table = positions(series, NO_PEERS, parameters=PARAMETERS)
    changes = trends(series, parameters=PARAMETERS), relative_trends(series, parameters=PARAMETERS)
    assert _keys(profile(table, *changes, parameters=PARAMETERS), "watch", "32") == ["x"]
    later = table.assign(year=table["year"] + 1)
    assert _keys(profile(later, *changes, parameters=PARAMETERS), "watch", "32") == []


def test_farthest_from_poland_comes_first() -> None:
    # In y region 32 has 16 against 8.5 as in x, but the others are close together: farther by SD.
    flat = {code: [8.0 + 0.01 * i] * len(YEARS) for i, code in enumerate(REGION_CODES)}
    y = observations("y", YEARS, {**flat, "00": [8.5] * len(YEARS), "32": [16.0] * len(YEARS)})
    table = _profile(pd.concat([ladder("x", YEARS), y]), {"indicator": "x"}, {"indicator": "y"})
    assert _keys(table, "weakness", "32") == ["y", "x"]


def test_variants_and_neutral_indicators_stay_out_of_the_profile() -> None:
    observed = pd.concat([ladder("x.miasto", YEARS), ladder("z", YEARS)])
    rows = ({"indicator": "x.miasto"}, {"indicator": "z", "direction": "neutral"})
    assert _profile(observed, *rows).empty
