"""The list of units and the inhabitants of gminas."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from register_project import units, write_csv, write_xlsx

from ropsanalysis.io import social_places
from ropsanalysis.io.social_places import PlacesRead
from support import PROJECT

HEADER = ["teryt", "year", "population"]
OPOLSKIE = 930_300  # GUS (BDL), 2024: 930,30 thousand; the smallest voivodeship, with 71 gminas


def raw_with(root: Path, rows: list[list[object]], *, xlsx: bool = False) -> Path:
    raw = root / "data" / "raw"
    (raw / "gmina_population").mkdir(parents=True)
    shutil.copytree(PROJECT / "data" / "raw" / "bdl_context", raw / "bdl_context")
    if xlsx:
        write_xlsx(raw / "gmina_population" / "population.xlsx", [HEADER, *rows])
    else:
        write_csv(raw / "gmina_population" / "population.csv", [HEADER, *rows])
    return raw


def read(root: Path, rows: list[list[object]], **how: bool) -> PlacesRead:
    return social_places.read_population(raw_with(root, rows, **how), units=units())


def opolskie(*, year: int = 2024, total: int = OPOLSKIE) -> list[list[object]]:
    """Return a row for each gmina of Opolskie, as many in each as in any other."""
    gminas = sorted(units().query("level == 'gmina' and teryt.str.startswith('16')")["teryt"])
    share, rest = divmod(total, len(gminas))
    return [[teryt, year, share + (number < rest)] for number, teryt in enumerate(gminas)]


def told(result: PlacesRead, code: str) -> list[str]:
    return [finding.found for finding in result.findings if finding.code == code]


def test_a_whole_voivodeship_is_read_without_a_word_but_on_the_others(tmp_path: Path) -> None:
    result = read(tmp_path, opolskie())
    assert result.table["population"].sum() == OPOLSKIE
    assert result.table.dtypes.astype(str).to_dict() == {"teryt": "str", "year": "int64", "population": "int64"}
    assert [finding.code for finding in result.findings] == ["ES-35"]
    assert "mazowieckie" in result.findings[0].found
    assert ", opolskie" not in result.findings[0].found
    assert (result.files[0].rows_in, result.files[0].rows_out) == (71, 71)


def test_seven_digits_groups_of_thousands_and_a_workbook(tmp_path: Path) -> None:
    rows: list[list[object]] = [["1261011", 2024, "807 644"], [" 16 61 01 1", "2024", 125_000.0]]
    result = read(tmp_path, rows, xlsx=True)
    assert result.table.to_numpy().tolist() == [["126101", 2024, 807_644], ["166101", 2024, 125_000]]


def test_a_lost_zero_is_put_back_with_a_warning(tmp_path: Path) -> None:
    result = read(tmp_path, [[201011, 2024, 38_000]])
    assert result.table["teryt"].tolist() == ["020101"]
    assert "bez zera" in told(result, "ES-40")[0]


def test_parts_of_a_gmina_are_never_counted_twice(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["0201043", 2024, 15_000], ["0201044", 2024, 4_000], ["0201045", 2024, 11_000],  # the gmina and its two parts
        ["0204014", 2024, 12_000], ["0204015", 2024, 8_000],  # the parts alone
        ["1465028", 2024, 120_000], ["1465038", 2024, 130_000],  # districts alone
    ]  # fmt: skip
    result = read(tmp_path, rows)
    assert result.table.to_numpy().tolist() == [
        ["020104", 2024, 15_000], ["020401", 2024, 20_000], ["146501", 2024, 250_000],
    ]  # fmt: skip


def test_half_a_gmina_is_not_the_gmina(tmp_path: Path) -> None:
    result = read(tmp_path, [["0204014", 2024, 12_000], ["0204015", 2024, -8], ["020101", 2024, 38_000]])
    assert result.table["teryt"].tolist() == ["020101"]
    assert result.rejected["row"].tolist() == [2, 3]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["020102", 2024, 0], "ES-28"),
        (["020102", 2024, -5], "ES-28"),
        (["020102", 2024, "dużo"], "ES-38"),
        (["020102", 24, 500], "ES-28"),
        (["0201", 2024, 500], "ES-40"),
        (["999999", 2024, 500], "ES-40"),
        (["", 2024, 500], "ES-40"),
        (["020101", 2024, 500], "ES-25"),  # contradicts the first row
    ],
)
def test_a_row_that_cannot_be_true_is_kept_aside(tmp_path: Path, row: list[object], code: str) -> None:
    result = read(tmp_path, [["020101", 2024, 38_000], row, ["126101", 2024, 800_000]])
    assert code in {finding.code for finding in result.findings}
    assert 3 in result.rejected["row"].tolist()
    assert code in result.rejected.set_index("row").loc[3, "code"]
    assert "126101" in result.table["teryt"].tolist()
    assert len(result.table) == (1 if code == "ES-25" else 2)


def test_a_repeated_row_is_left_out_once(tmp_path: Path) -> None:
    result = read(tmp_path, [["020101", 2024, 38_000], ["0201011", 2024, 38_000]])
    assert result.table["population"].tolist() == [38_000]
    assert result.rejected["row"].tolist() == [3]


def test_sums_are_compared_with_the_published_population(tmp_path: Path) -> None:
    near, far, thousands = (tmp_path / name for name in ("near", "far", "thousands"))
    assert told(read(near, opolskie(total=round(OPOLSKIE * 1.04))), "ES-33") == []
    doubtful = read(far, opolskie(total=round(OPOLSKIE * 1.06)))
    assert [finding.severity for finding in doubtful.findings if finding.code == "ES-33"] == ["warning"]
    wrong = read(thousands, opolskie(total=OPOLSKIE // 1000 + 71))
    [finding] = [finding for finding in wrong.findings if finding.code == "ES-33"]
    assert finding.severity == "blocking"
    assert "opolskie" in finding.found
    assert "930300" in finding.expected


def test_missing_gminas_are_named(tmp_path: Path) -> None:
    result = read(tmp_path, [row for row in opolskie() if row[0] != "166101"])
    assert any("166101 Opole" in found and "opolskie" in found for found in told(result, "ES-35"))


def test_an_old_year_does_not_hide_what_is_missing_in_the_newest(tmp_path: Path) -> None:
    rows = [*opolskie(year=2023), *(row for row in opolskie() if row[0] != "166101")]
    assert any("rok 2024" in found and "166101 Opole" in found for found in told(read(tmp_path, rows), "ES-35"))


def test_nothing_usable_is_blocking(tmp_path: Path) -> None:
    result = read(tmp_path, [["999999", 2024, 1]])
    assert [finding.code for finding in result.findings if finding.severity == "blocking"] == ["ES-04"]


def test_a_missing_file_is_blocking(tmp_path: Path) -> None:
    result = social_places.read_population(tmp_path / "data" / "raw", units=units())
    assert [(finding.code, finding.severity) for finding in result.findings] == [("ES-02", "blocking")]
    assert result.table.empty


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    rows = [*opolskie(), ["0201044", 2024, 4_000], ["0201045", 2024, 11_000]]
    pd.testing.assert_frame_equal(read(tmp_path / "a", rows).table, read(tmp_path / "b", rows[::-1]).table)


# --- units ----------------------------------------------------------------------------------------------


def units_with(root: Path, change: str, into: str) -> PlacesRead:
    text = (PROJECT / "data" / "raw" / "teryt_units" / "units.csv").read_text(encoding="utf-8")
    assert change in text
    folder = root / "data" / "raw" / "teryt_units"
    folder.mkdir(parents=True)
    (folder / "units.csv").write_text(text.replace(change, into), encoding="utf-8")
    return social_places.read_units(folder.parent)


def test_the_shipped_units_are_read_without_a_word() -> None:
    result = social_places.read_units(PROJECT / "data" / "raw")
    assert result.findings == ()
    assert len(result.table) == 2876
    assert set(map(str, result.table.dtypes)) == {"str"}


@pytest.mark.parametrize(
    ("change", "into"),
    [
        ("126101,gmina,Kraków,1261,", "126101,gmina,Kraków,1299,"),
        ("126101,gmina,Kraków", "12610,gmina,Kraków"),
        ("126101,gmina,Kraków", "126201,gmina,Kraków"),
        ("126101,gmina,Kraków", "126101,powiat,Kraków"),
        ("32,voivodeship,zachodniopomorskie,00,województwo\n", ""),
    ],
)
def test_units_that_do_not_fit_together_are_refused(tmp_path: Path, change: str, into: str) -> None:
    result = units_with(tmp_path, change, into)
    assert [(finding.code, finding.severity) for finding in result.findings] == [("ES-40", "blocking")]
    assert result.table.empty
