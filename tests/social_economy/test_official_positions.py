"""Positions on the official indicators: published figures (case ES-C), ties, incomplete years."""

from __future__ import annotations

import pandas as pd
import pytest
from small_inputs import small_inputs

from ropsanalysis.regions import REGIONS
from ropsanalysis.social_economy.official import COLUMNS, positions


@pytest.fixture(scope="module")
def placed() -> pd.DataFrame:
    return positions(small_inputs()).set_index(["indicator", "teryt"])


#: Statistics Poland, regional indicators of sustainable development, as printed in DOMAIN.md 3.6 (case ES-C): Poland
#: first, then voivodeships in the order of their TERYT codes.
ES_C = {
    ("1.B.7", 2024): "3.3 2.5 2.8 4.2 4.1 2.5 3.3 2.3 3.2 3.6 3.8 3.4 2.8 5.4 5.8 4.1 3.5",
    ("1.E.1", 2024): "30.2 28.3 29.2 37.2 28.4 30.3 30.7 33.7 30.5 32.0 29.2 27.4 21.5 34.8 30.6 33.0 29.1",
}


@pytest.mark.parametrize(("indicator", "year"), list(ES_C))
def test_values_are_the_published_ones(placed: pd.DataFrame, indicator: str, year: int) -> None:
    rows = placed.loc[indicator]
    assert set(rows["year"]) == {year}
    published = [float(text) for text in ES_C[indicator, year].split()]
    assert list(rows.index) == ["00", *sorted(region.teryt for region in REGIONS)]
    assert list(rows["value"]) == published
    assert list(rows["poland"].unique()) == [published[0]]
    assert list(rows["difference"]) == pytest.approx([value - published[0] for value in published])


def test_equal_values_share_their_places(placed: pd.DataFrame) -> None:
    # 1.B.7 in 2024: 5.8, 5.4, 4.2, then 4.1 twice (lubuskie 08 and wielkopolskie 30), ... 2.5 twice before the last.
    rows = placed.loc["1.B.7"]
    spans = rows[["rank_first", "rank_last"]]
    assert tuple(spans.loc["28"]) == (1, 1)
    assert tuple(spans.loc["08"]) == tuple(spans.loc["30"]) == (4, 5)
    assert tuple(spans.loc["02"]) == tuple(spans.loc["10"]) == (14, 15)
    assert tuple(spans.loc["14"]) == (16, 16)
    assert set(rows["n"]) == {16}
    assert spans.loc["00"].isna().all()


def test_the_register_shows_more_organisations_than_are_active(placed: pd.DataFrame) -> None:
    # Case ES-C, of 2022: 43 in REGON against 27.4 active per 10 thousand; 64 %.
    observed = small_inputs().observations.set_index(["indicator", "teryt", "year"])["value"]
    assert observed["1.E.1", "00", 2022] / observed["1.E.2", "00", 2022] == pytest.approx(0.64, abs=0.005)
    for indicator in ("1.B.8", "1.E.2"):
        assert len(placed.loc[indicator]) == 17


def test_a_year_that_lacks_a_voivodeship_is_passed_over() -> None:
    whole = small_inputs()
    gone = whole.observations[~(whole.observations["year"].eq(2024) & whole.observations["teryt"].eq("14"))]
    rows = positions(small_inputs(observations=gone)).set_index("indicator")
    assert set(rows.loc["1.B.7", "year"]) == {2023}
    assert set(rows.loc["1.E.1", "year"]) == {2022}
    nowhere = whole.observations[whole.observations["teryt"] != "14"]
    assert positions(small_inputs(observations=nowhere)).empty


def test_direction_decides_who_is_first() -> None:
    indicators = small_inputs().indicators.assign(direction="lower")
    rows = positions(small_inputs(indicators=indicators)).set_index(["indicator", "teryt"])
    assert rows.loc[("1.B.7", "14"), "rank_first"] == 1
    assert rows.loc[("1.B.7", "28"), "rank_first"] == 16


def test_order_of_rows_does_not_matter_and_inputs_stay() -> None:
    inputs = small_inputs()
    before = inputs.observations.copy(deep=True)
    turned = small_inputs(observations=inputs.observations.iloc[::-1], indicators=inputs.indicators.iloc[::-1])
    pd.testing.assert_frame_equal(positions(inputs), positions(turned))
    pd.testing.assert_frame_equal(inputs.observations, before)


def test_without_indicators_there_is_an_empty_table() -> None:
    inputs = small_inputs()
    found = positions(small_inputs(observations=inputs.observations.iloc[:0], indicators=inputs.indicators.iloc[:0]))
    assert found.empty
    assert found.dtypes.astype(str).to_dict() == COLUMNS
