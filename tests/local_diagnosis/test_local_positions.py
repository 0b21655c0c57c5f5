"""Numbers of gminas and powiats: recomputed from the raw files by other means, and rules tried on small tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ropsanalysis.errors import UsageError
from ropsanalysis.io import local_catalogue
from ropsanalysis.io.local_areas import find_areas, read_areas
from ropsanalysis.local_diagnosis.assess import assess, covered_voivodeships
from ropsanalysis.local_diagnosis.groups import nearest_in_size, scopes
from ropsanalysis.local_diagnosis.inputs import LocalInputs
from ropsanalysis.local_diagnosis.parameters import LocalParameters
from ropsanalysis.local_diagnosis.positions import compared_years
from ropsanalysis.local_diagnosis.view import LocalDiagnosis
from ropsanalysis.present import local_diagnosis as show
from support import PROJECT

#: A dozen units: every kind, the largest and a small one, groups of the voivodeship and of the country.
DOZEN = (
    "1465011", "2801011", "2801032", "2801043", "2862011", "3263011", "0201011", "0201022", "2801", "2862", "1465",
    "1601",
)  # fmt: skip
YEAR = 2024


@pytest.fixture(scope="module")
def exported(built_data: Path) -> pd.DataFrame:
    """Return the made-up exports as one plain table: rows by code of seven digits, columns by variable and year."""
    keys = {entry.bdl_name: entry.key for entry in local_catalogue.variables()}
    parts = []
    for path in sorted((built_data / "raw" / "bdl_local").glob("*.csv")):
        table = pd.read_csv(path, dtype=str, encoding="utf-8-sig").set_index("Kod").drop(columns="Nazwa")
        table = table.loc[:, [name for name in table.columns if name.endswith("]")]]
        table.columns = pd.MultiIndex.from_tuples(
            [(keys[name.rsplit(",", 2)[0]], int(name.rsplit(",", 2)[1])) for name in table.columns]
        )
        parts.append(table.apply(pd.to_numeric, errors="coerce"))
    return pd.concat(parts, axis=1)


@pytest.fixture(scope="module")
def units(built_data: Path) -> pd.DataFrame:
    """Return the list of units as it comes with the project."""
    return pd.read_csv(built_data / "raw" / "teryt_units" / "units.csv", dtype=str)


def group_of(code: str, exported: pd.DataFrame, units: pd.DataFrame) -> list[str]:
    """Return the codes in the export of a unit's group: its kind in the voivodeship, or in the country where few."""
    level = "gmina" if len(code) == 7 else "powiat"
    own = units.loc[units["level"] == level].copy()
    own["kind"] = np.where(own["teryt"].str[2:4] > "60", "city", own["kind"])
    kinds = dict(zip(own["teryt"], own["kind"], strict=True))
    kind = kinds[code[:6]]
    alike = {teryt for teryt, its in kinds.items() if its == kind}
    near = {teryt for teryt in alike if teryt[:2] == code[:2]}
    chosen = near if len(near) >= 8 else alike
    if level == "powiat":
        return sorted(f"{teryt}000" for teryt in chosen)
    return sorted(row for row in exported.index if row[:6] in chosen and row[4:] != "000" and row[6] in "123")


@pytest.mark.parametrize("code", DOZEN)
def test_numbers_of_a_unit_are_those_of_the_raw_files(
    code: str, exported: pd.DataFrame, units: pd.DataFrame, built_data: Path
) -> None:
    folder = built_data / "processed" / "local_diagnosis"
    table = pd.read_parquet(folder / f"positions_{code[:2]}.parquet")
    rows = table.loc[table["teryt"] == code].set_index("indicator")
    level = "gmina" if len(code) == 7 else "powiat"
    own = code if level == "gmina" else f"{code}000"
    members = group_of(code, exported, units)
    inside = exported.index.str.startswith(code[:2]) & (exported.index.str[4:] != "000" if level == "gmina" else (
        (exported.index.str[4:] == "000") & (exported.index.str[2:4] != "00")
    ))  # fmt: skip
    region = exported.loc[inside & exported.index.str[6].isin(list("123") if level == "gmina" else ["0"])]
    tried = [entry for entry in local_catalogue.indicators() if level in entry.levels]
    assert set(rows.index) == {entry.indicator for entry in tried}
    for entry in tried:
        count = exported[entry.numerator][YEAR]
        base = exported[entry.denominator][YEAR] / entry.per if entry.denominator else count * 0 + 1
        value = count / base
        row = rows.loc[entry.indicator]
        assert row["year"] == YEAR
        assert row["value"] == pytest.approx(value[own], rel=1e-12, nan_ok=True), entry.indicator
        assert row["median"] == pytest.approx(value[members].median(), rel=1e-12), entry.indicator
        both = count[region.index].notna() & base[region.index].notna()
        total = count[region.index][both].sum() / (base[region.index][both].sum() if entry.denominator else 1)
        assert row["voivodeship_value"] == pytest.approx(total, rel=1e-12), entry.indicator
        if not np.isnan(value[own]):
            ahead = value[members] < value[own] if entry.direction == "lower" else value[members] > value[own]
            assert row["rank"] == 1 + ahead.sum(), entry.indicator
            assert row["ranked"] == value[members].notna().sum()


# --- rules on small tables -------------------------------------------------------------------------------

KINDS = ["gmina wiejska"] * 10 + ["gmina miejska"] * 3
SMALL = pd.DataFrame(
    {
        "teryt": [f"2801{number:02}2" for number in range(1, 11)] + [f"2802{number:02}1" for number in range(1, 4)],
        "level": "gmina",
        "name": [f"Gmina {number}" for number in range(13)],
        "kind": KINDS,
        "powiat": ["2801"] * 10 + ["2802"] * 3,
        "voivodeship": "28",
    }
)


def inputs(numbers: dict[str, list[float]], *, years: tuple[int, ...] = (2024,)) -> LocalInputs:
    """Return values of the thirteen gminas, the same in each year unless there are more."""
    rows = [
        (teryt, key, year, series[place], "")
        for key, series in numbers.items()
        for year in years
        for place, teryt in enumerate(SMALL["teryt"])
    ]
    table = pd.DataFrame(rows, columns=["teryt", "variable", "year", "value", "flag"])
    return LocalInputs(SMALL, table, local_catalogue.indicator_frame())


def position(found: dict[str, pd.DataFrame], place: int, indicator: str) -> pd.Series:
    table = found["positions_28"].set_index(["teryt", "indicator"])
    return table.loc[(SMALL["teryt"][place], indicator)]


def test_a_small_group_gives_way_to_the_country_and_then_to_the_voivodeship() -> None:
    far = SMALL.assign(voivodeship="30", teryt=SMALL["teryt"].str.replace("28", "30", n=1))
    alone = scopes(SMALL, parameters=LocalParameters())
    assert alone["scope"].tolist() == ["kind_in_voivodeship"] * 10 + ["voivodeship"] * 3
    assert alone["group_size"].tolist() == [10] * 10 + [13] * 3
    both = scopes(pd.concat([SMALL, far], ignore_index=True), parameters=LocalParameters(min_group=6))
    assert both["scope"].tolist()[10:13] == ["kind_in_country"] * 3
    assert both["group_size"].tolist()[10:13] == [6] * 3


def test_places_follow_the_direction_and_ties_share_the_best() -> None:
    people = [10_000.0] * 13
    helped = [100.0, 200.0, 200.0, 400.0, 500.0, 600.0, 700.0, 800.0, 900.0, 1000.0, 1.0, 2.0, 3.0]
    found = assess(inputs({"population": people, "assistance": helped}), parameters=LocalParameters())
    ranks = [position(found, place, "assistance_rate")["rank"] for place in range(10)]
    assert ranks == [1, 2, 2, 4, 5, 6, 7, 8, 9, 10]
    assert position(found, 0, "assistance_rate")["ahead"] == 1
    assert position(found, 1, "assistance_rate")["ahead"] == pytest.approx(7.5 / 9)
    assert position(found, 9, "assistance_rate")["ahead"] == 0
    assert position(found, 0, "assistance_rate")["standing"] == "strength"
    assert position(found, 9, "assistance_rate")["standing"] == "weakness"
    assert position(found, 0, "population")["standing"] == ""


def test_small_numbers_are_marked_and_are_no_strength() -> None:
    people = [1_000.0] * 13
    helped = [5.0, *[100.0] * 9, *[100.0] * 3]
    found = assess(inputs({"population": people, "assistance": helped}), parameters=LocalParameters())
    row = position(found, 0, "assistance_rate")
    assert row["small"]
    assert row["rank"] == 1
    assert row["standing"] == ""
    assert row["low"] < 5 < row["high"] < 20
    assert not position(found, 1, "assistance_rate")["small"]


def test_an_interval_that_holds_the_median_keeps_a_place_from_being_a_strength() -> None:
    people = [1_000.0] * 13
    close = [float(number) for number in range(40, 50)]
    found = assess(inputs({"population": people, "assistance": [*close, 1.0, 2.0, 3.0]}), parameters=LocalParameters())
    assert position(found, 0, "assistance_rate")["ahead"] == 1
    assert position(found, 0, "assistance_rate")["standing"] == ""


def test_the_year_is_the_last_with_enough_values_and_the_change_looks_back_from_it() -> None:
    value = np.array([[1.0, 2.0, 3.0, np.nan], [1.0, np.nan, 3.0, np.nan], [np.nan, np.nan, 3.0, 9.0]])
    years = [2010, 2018, 2020, 2021]
    assert compared_years(value, years, parameters=LocalParameters()) == (2, 2)
    assert compared_years(value, years, parameters=LocalParameters(change_years=10)) == (0, 2)
    assert compared_years(value * np.nan, years, parameters=LocalParameters()) is None


def test_the_order_of_rows_does_not_matter_and_nothing_given_is_changed() -> None:
    given = inputs(
        {"population": [float(number) for number in range(1000, 1013)], "ngos": [3.0] * 13}, years=(2020, 2024)
    )
    before = given.observations.copy()
    found = assess(given, parameters=LocalParameters())
    mixed = LocalInputs(
        SMALL, given.observations.sample(frac=1, random_state=1).reset_index(drop=True), given.indicators
    )
    for name, table in assess(mixed, parameters=LocalParameters()).items():
        pd.testing.assert_frame_equal(table, found[name])
    pd.testing.assert_frame_equal(given.observations, before)


def test_units_of_like_size_are_the_nearest_in_proportion() -> None:
    units = SMALL.join(scopes(SMALL, parameters=LocalParameters()))
    population = np.array([1000.0, 1100, 2000, 4000, 8000, 100, 90, 80, np.nan, 70, 500, 500, 500])
    found = nearest_in_size(units, population, parameters=LocalParameters(n_peers=2))
    first = found.loc[found["teryt"] == SMALL["teryt"][0], "peer"].tolist()
    assert first == [SMALL["teryt"][1], SMALL["teryt"][2]]
    assert SMALL["teryt"][8] not in set(found["teryt"]) | set(found["peer"])


def test_a_unit_without_any_value_gets_a_report_that_says_so() -> None:
    numbers = {"population": [float("nan"), *[1000.0] * 12]}
    given = inputs(numbers)
    assert covered_voivodeships(given) == ("28",)
    found = assess(given, parameters=LocalParameters())
    [unit] = find_areas(["2801011"], read_areas(PROJECT / "data" / "raw"))
    tables = {
        name: found.get(name, found.get(f"{name}_28"))
        for name in ("indicators", "units", "positions", "series", "peers")
    }
    own = {name: table.replace({"teryt": {SMALL["teryt"][0]: "2801011"}}) for name, table in tables.items()}
    diagnosis = LocalDiagnosis.read(
        unit, own, edition="2025", sections=local_catalogue.sections(), choices=(), files=(), sources={},
        synthetic=False,
    )  # fmt: skip
    assert "nie ma żadnej wartości" in show.key_findings(diagnosis).items[0].text
    assert show.cover(diagnosis).facts[2] == ("Zakres danych", "brak danych")
    assert len(show.gaps_note(diagnosis).items) == 15
    assert show.strengths(diagnosis).items[0].text.startswith("Żaden wskaźnik")
    for block in (show.place_figure, show.course_figure, show.peers_table):
        assert block(diagnosis).kind == "note"


@pytest.mark.parametrize(
    ("name", "number"), [("min_coverage", 0.0), ("confidence", 1.0), ("extreme_share", 0.5), ("n_peers", 0)]
)
def test_impossible_choices_are_refused(name: str, number: float) -> None:
    with pytest.raises(UsageError, match=name):
        LocalParameters(**{name: number})  # type: ignore[arg-type]
