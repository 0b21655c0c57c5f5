"""Exports of the Local Data Bank: both shapes, attributes, unit codes, and the structural context."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from ropsanalysis.errors import DataError
from ropsanalysis.io import bdl
from support import PROJECT, shared_data

CREL_HEADER = '"Kod";"Nazwa";"Ogółem";"Rok";"Wartosc";"Jednostka miary";"Atrybut";\n'
CTAB = "LUDN_2425_CTAB_20250611231708.csv"


@pytest.fixture(scope="module")
def exports() -> Path:
    return shared_data("bdl_exports")


def crel(folder: Path, *lines: str) -> Path:
    path = folder / "RYNE_2392_CREL_20230312150319.csv"
    path.write_text(CREL_HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_wide_export_is_tidied(exports: Path) -> None:
    export = bdl.read_export(exports / CTAB)
    assert export.exported == "2025-06-11"
    assert export.rows == 4314  # lines of the file less its header
    density = export.observations.query("indicator == 'LUDN_2425:ludnosc-na-1-km2'").set_index("teryt")["value"]
    # Read off the file: POLSKA 119.4, DOLNOŚLĄSKIE 143.8, powiat bolesławiecki 66.9, Bolesławiec (1) 1610.3.
    assert list(density.loc[["00", "02", "0201", "0201011"]]) == [119.4, 143.8, 66.9, 1610.3]


def test_parts_of_gminas_are_left_out_unless_asked_for(exports: Path) -> None:
    whole = bdl.read_export(exports / CTAB).observations
    with_parts = bdl.read_export(exports / CTAB, parts=True).observations
    assert "0201044" not in set(whole["teryt"])  # Nowogrodziec - miasto (4), already in 0201043
    assert "0201044" in set(with_parts["teryt"])
    population = whole.loc[whole["indicator"].eq("LUDN_2425:ludnosc-w-tysiacach")]
    gminas = population.loc[population["teryt"].str.len().eq(7), "value"]
    # Poland had 2 477 gminas in 2024; their sum is Poland's 37 489.09 but for rounding.
    assert len(gminas) == 2477
    assert gminas.sum() == pytest.approx(37489.09, abs=2477 * 0.005)


def test_an_empty_cell_is_missing_not_zero(exports: Path) -> None:
    observations = bdl.read_export(exports / CTAB).observations
    empty = observations.loc[observations["value"].isna()]
    assert set(empty["flag"]) == {"not_published"}


def test_a_long_export_with_secrecy_as_zero(exports: Path) -> None:
    observations = bdl.read_export(exports / "RYNE_2392_CREL_20230312150319.csv").observations
    withheld = observations.loc[observations["flag"].eq("withheld")]
    # TRAPS.md: 42 zeros with attribute x, 2004-09.
    assert len(withheld) == 42
    assert withheld["value"].isna().all()
    assert set(withheld["year"]) <= set(range(2004, 2010))
    assert not observations["value"].eq(0).any()


def test_decimal_commas_and_ids_of_subregions(exports: Path) -> None:
    observations = bdl.read_export(exports / "RYNE_2392_CREL_20230312150319.csv").observations
    first = observations.iloc[0]
    # First line: 011212000000; PODREGION KRAKOWSKI; 2004; 14,8. A subregion has no TERYT code: its id stays.
    assert (first["teryt"], first["year"], first["value"]) == ("011212000000", 2004, 14.8)
    assert observations["teryt"].str.len().eq(12).all()


def test_blanks_without_an_attribute_are_not_published(exports: Path) -> None:
    observations = bdl.read_export(exports / "OCHR_3227_CREL_20230312181227.csv").observations
    # TRAPS.md: 146 empty values without a flag (73 subregions, 2012 and 2013).
    assert observations["flag"].eq("not_published").sum() == observations["value"].isna().sum() == 146


@pytest.mark.parametrize(
    ("attribute", "flag", "value"),
    [
        ("", "", 0.0), ("x", "withheld", None), ("X", "withheld", None), ("n", "not_published", None),
        ("a", "below_format", 0.0), ("k", "incomplete", 0.0), ("s", "preliminary", 0.0),
        ("v", "low_precision", 0.0), ("z", "balance_zero", 0.0),
    ],
)  # fmt: skip
def test_the_attribute_decides_what_a_zero_is(tmp_path: Path, attribute: str, flag: str, value: float | None) -> None:
    path = crel(tmp_path, f'011200000000;"MAŁOPOLSKIE";"ogółem";"2004";0,0;"%";"{attribute}";')
    row = bdl.read_export(path).observations.iloc[0]
    assert row["flag"] == flag
    assert row["teryt"] == "12"
    assert pd.isna(row["value"]) if value is None else row["value"] == value


def test_every_attribute_of_the_dictionary_is_known() -> None:
    recorded = json.loads((shared_data("bdl_api") / "samples_raw_attributes.json").read_text(encoding="utf-8"))
    symbols = {entry["symbol"].strip() for entry in recorded["list_attributes"]}
    assert symbols <= set(bdl.ATTRIBUTES)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('011200000000;"M";"ogółem";"2004";14,8;"%";"?";', "nieznany atrybut"),
        ('011200000000;"M";"ogółem";"2004";abc;"%";"";', "nie jest liczbą"),
        ('011200000000;"M";"ogółem";"04";14,8;"%";"";', "nie jest rokiem"),
        ('PL12;"M";"ogółem";"2004";14,8;"%";"";', "wiersz 2, kolumna „Kod”"),
        ('011200000000;"M";"ogółem";"2004";14,8;', "komórek zamiast"),
    ],
)
def test_a_damaged_export_is_refused(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        bdl.read_export(crel(tmp_path, line))


def test_repeated_observations_are_refused(tmp_path: Path) -> None:
    line = '011200000000;"M";"ogółem";"2004";14,8;"%";"";'
    with pytest.raises(DataError, match="powtórzonych"):
        bdl.read_export(crel(tmp_path, line, line))


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "inny.csv"
    path.write_text("a;b\n1;2\n", encoding="utf-8")
    with pytest.raises(DataError, match="nie jest eksportem BDL"):
        bdl.read_export(path)
    path.write_bytes(CREL_HEADER.encode("cp1250"))
    with pytest.raises(DataError, match="Windows-1250"):
        bdl.read_export(path)


def test_the_context_in_the_tree_is_what_the_reader_makes(exports: Path, tmp_path: Path) -> None:
    record = bdl.write_context(exports / CTAB, tmp_path)
    assert record.date == "2025-06-11"
    tree = PROJECT / "data" / "raw" / "bdl_context"
    for path in sorted(tmp_path.iterdir()):
        assert path.read_bytes() == (tree / path.name).read_bytes(), f"{path.name}: write the context again"


def test_context_values() -> None:
    path = PROJECT / "data" / "raw" / "bdl_context" / "observations.csv"
    context = pd.read_csv(path, dtype={"teryt": str}).pivot_table(index="teryt", columns="indicator", values="value")
    # Lines of the export: POLSKA ...,119.4,2021,-3.9,37489.09,...,59.4 and WARMIŃSKO-MAZURSKIE 55.8,...,-6.4,
    # 1349.17,...,58.7.
    order = ["density_per_km2", "population_change_per_1000", "population_thousand", "urbanisation_percent"]
    assert list(context.loc["00", order]) == [119.4, -3.9, 37489.09, 59.4]
    assert list(context.loc["28", order]) == [55.8, -6.4, 1349.17, 58.7]
    assert context.loc["02":, "population_thousand"].sum() == pytest.approx(37489.09, abs=0.08)


def test_an_export_without_a_voivodeship_makes_no_context(exports: Path, tmp_path: Path) -> None:
    lines = (exports / CTAB).read_text(encoding="utf-8").splitlines()
    path = tmp_path / CTAB
    path.write_text("\n".join(line for line in lines if not line.startswith("2800000")), encoding="utf-8")
    with pytest.raises(DataError, match="16 z 17"):
        bdl.write_context(path, tmp_path / "out")
