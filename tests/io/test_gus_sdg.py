"""The importer against the files of Statistics Poland, and against files that are not as they should be."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from ropsanalysis.errors import DataError
from ropsanalysis.io import gus_sdg
from ropsanalysis.regions import POLAND, REGIONS
from support import PROJECT, shared_data

TREE = PROJECT / "data" / "raw" / "gus_sdg"

# Rows quoted from the published files; the file's head says from which versions.
_QUOTED = (Path(__file__).parent / "expected_gus_sdg.csv").read_text(encoding="utf-8").splitlines()
CASES = [line.split(",") for line in _QUOTED if not line.startswith("#")]


@pytest.fixture(scope="module")
def published() -> Path:
    return shared_data("gus_sdg")


@pytest.fixture(scope="module")
def observations() -> pd.DataFrame:
    """Return the dataset in the tree, values as text."""
    return pd.read_csv(TREE / "observations.csv", dtype=str, keep_default_na=False)


def series(observations: pd.DataFrame, indicator: str, teryt: str) -> pd.DataFrame:
    chosen = observations.loc[observations["indicator"].eq(indicator) & observations["teryt"].eq(teryt)]
    return chosen.set_index(chosen["year"].astype(int))


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(case[:2]))
def test_rows_quoted_from_the_source(observations: pd.DataFrame, case: list[str]) -> None:
    indicator, year, *expected = case
    codes = [region.teryt for region in (POLAND, *REGIONS)]
    values = [series(observations, indicator, code).loc[int(year), "value"] for code in codes]
    assert values == expected


def test_poverty_of_regions_2012_to_2018_is_missing_never_zero(observations: pd.DataFrame) -> None:
    for region in REGIONS:
        gap = series(observations, "1.D.2", region.teryt).loc[2012:2018]
        assert gap["value"].eq("").all()
        assert gap["flag"].eq("zero_means_missing").all()
    assert series(observations, "1.D.2", "00").loc[2012:2018, "value"].ne("").all()


def test_no_zero_is_left_where_zero_cannot_be(observations: pd.DataFrame) -> None:
    values = pd.to_numeric(observations["value"])
    assert not values.eq(0).any()


def test_each_reason_for_a_missing_value_is_told_apart(observations: pd.DataFrame) -> None:
    # Counted in the source: 112 zeros of 1.D.2 (16 regions, 7 years), 6 of 1.B.3 (Opolskie); x: 18 in 8.C.3,
    # 2 in 8.D.7, 1 in 1.D.1.
    counts = observations["flag"].value_counts()
    assert counts["zero_means_missing"] == 112
    assert counts["unclear_zero"] == 6
    assert counts["withheld"] == 21
    assert series(observations, "1.D.1", "16").loc[2023, "flag"] == "withheld"
    assert series(observations, "1.B.3", "16").loc[2024, "flag"] == "unclear_zero"
    assert series(observations, "1.E.1", "28").loc[2023, "flag"] == "not_published"


def test_excluded_series_have_no_observations(observations: pd.DataFrame) -> None:
    assert not observations["indicator"].isin(["1.E.3", "1.D.4", "1.F.3", "10.A.9", "1.B.6", "1.C.3"]).any()
    described = pd.read_csv(TREE / "indicators.csv", dtype=str, keep_default_na=False).set_index("indicator")
    assert described.loc["1.E.3", "status"] == "excluded"
    assert described.loc["1.E.3", "exclusion_reason"] != ""


def test_years_run_from_the_first_to_the_last_with_a_value(observations: pd.DataFrame) -> None:
    poland = series(observations, "1.B.2", "00")
    assert list(poland.index) == [2022, 2023, 2024]  # the source's empty years 2010-2021 are left out
    assert len(series(observations, "1.E.1", "00")) == 15  # 2010-2024, odd years kept as not published


def test_urban_and_rural_columns_become_variants(observations: pd.DataFrame) -> None:
    # First and last data row of the source's file: total 90.7, urban 95.2, rural 81.4 for Poland in 2010.
    for key, value in (("1.G.1", "90.7"), ("1.G.1.miasto", "95.2"), ("1.G.1.wies", "81.4")):
        assert series(observations, key, "00").loc[2010, "value"] == value


def test_the_dataset_in_the_tree_is_what_the_importer_makes(published: Path, tmp_path: Path) -> None:
    first = gus_sdg.import_folder(published, tmp_path / "a")
    second = gus_sdg.import_folder(published, tmp_path / "b")
    assert first == second
    for path in sorted((tmp_path / "a").iterdir()):
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()
        assert path.read_bytes() == (TREE / path.name).read_bytes(), f"{path.name}: import the dataset again"
    assert {path.name for path in TREE.iterdir()} == {path.name for path in (tmp_path / "a").iterdir()}
    assert first.indicators == 32
    assert first.excluded == 6
    assert sum(record.rows_out for record in first.files[1:]) == first.observations


# --- sources that are not as they should be ---------------------------------------------------------------


def _replace(file: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


B1 = "indicator_1-b-1-reg.csv"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda folder: (folder / B1).unlink(), f"Brak pliku {B1}"),
        (_replace(B1, "2010,541.5", "2010,541O5"), "wiersz 3, kolumna 00: „541O5” nie jest liczbą"),
        (_replace(B1, "2011,", "2010,"), "wiersz 4: rok 2010 występuje po raz drugi"),
        (_replace(B1, "2011,", "rok 2011,"), "„rok 2011” nie jest rokiem"),
        (_replace(B1, "Dolnośląskie", "Dolnoslaskie"), "„Dolnoslaskie” nie jest nazwą województwa"),
        (_replace(B1, "Lubelskie", "Lubuskie"), "kolumny powtórzone dla 08"),
        (_replace(B1, "2010,541.5,", "2010,541,5,"), "18 komórek zamiast 18|19 komórek zamiast 18"),
        (_replace(B1, "year,Poland", "2009,Poland"), "dwóch wierszy nagłówka"),
        (_replace("indicators.csv", "Osoby korzystające ze", "Osoby pobierające"), "źródło zmieniło nazwę"),
        (_replace("indicators.csv", "1.B.1,indicator", "1.B.9,indicator"), "szereg 1.B.9 .* nie ma wpisu"),
        (_replace("indicators.csv", "commit", "hash"), "brak kolumn commit"),
    ],
)
def test_a_changed_source_is_refused_and_nothing_is_written(
    published: Path, tmp_path: Path, change: Callable[[Path], None], message: str
) -> None:
    source = tmp_path / "source"
    shutil.copytree(published, source)
    change(source)
    with pytest.raises(DataError, match=message):
        gus_sdg.import_folder(source, tmp_path / "target")
    assert not (tmp_path / "target").exists()


def test_a_source_in_another_encoding_is_refused(published: Path, tmp_path: Path) -> None:
    path = tmp_path / B1
    path.write_bytes((published / B1).read_text(encoding="utf-8").encode("cp1250"))
    with pytest.raises(DataError, match="UTF-8"):
        gus_sdg.read_series(path)
