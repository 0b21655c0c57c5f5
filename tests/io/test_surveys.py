"""Survey files of every kind open to the same table; broken ones are findings that tell nothing of their content."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pytest
from training_project import person, write_csv, write_sav, write_xlsx

from ropsanalysis.io import sav
from ropsanalysis.io.surveys import Opened, open_survey

PEOPLE = [person(number, uwagi=text) for number, text in enumerate(["żółć; „x”\nwiersz", "=cmd|' /C calc'!A0", ""], 1)]
FILE = "data/raw/training_survey/ankieta"


def opened(path: Path) -> Opened:
    return open_survey(path, file=f"{FILE}{path.suffix}")


def answers(table: Opened, name: str) -> list[str]:
    assert table.table is not None, table.finding
    column = table.table.column(name)
    return [column.texts[position] for position in column.positions]


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("bom", [True, False])
def test_csv_of_limesurvey_opens_with_its_brackets_and_line_breaks(tmp_path: Path, delimiter: str, bom: bool) -> None:
    path = tmp_path / "ankieta.csv"
    write_csv(path, PEOPLE, delimiter=delimiter, bom=bom)
    table = opened(path)
    assert table.finding is None
    assert table.table is not None
    assert table.table.header == tuple(PEOPLE[0])
    for name in PEOPLE[0]:
        assert answers(table, name) == [one[name] for one in PEOPLE]
    assert table.table.rows.tolist() == [2, 3, 4]
    assert not table.table.ragged.any()


def test_a_workbook_opens_with_numbers_as_text_and_all_its_sheets(tmp_path: Path) -> None:
    path = tmp_path / "ankieta.xlsx"
    write_xlsx(path, [{"typ": "OPS", "ocena": 4}, {"typ": None, "ocena": 3.5}], legenda=[["a", "b"], [1, 2]])
    table = opened(path)
    assert answers(table, "ocena") == ["4", "3.5"]
    assert answers(table, "typ") == ["OPS", ""]
    assert table.sheet == "dane"
    assert [name for name, _ in table.others] == ["legenda"]


def test_rows_of_another_width_are_marked(tmp_path: Path) -> None:
    path = tmp_path / "ankieta.csv"
    path.write_text("a,b\n1,2\n3\n4,5,6\n", encoding="utf-8")
    table = opened(path).table
    assert table is not None
    assert table.ragged.tolist() == [False, True, True]
    assert table.header == ("a", "b", "")


# --- SPSS ------------------------------------------------------------------------------------------------


def test_labels_codes_and_missing_values_of_spss(tmp_path: Path) -> None:
    path = tmp_path / "ankieta ąę.sav"
    write_sav(
        path,
        {
            "ocena": [1.0, 5.0, 9.0, 95.0, np.nan, 3.0],
            "tekst": ["żółć", "", "BD", "x", "y", "z"],
            "data": [datetime.date(2025, 3, 3)] * 6,
            "dwa": [1.0, 2.0, 3.0, 1.0, 2.0, 3.0],
        },
        variable_value_labels={"ocena": {1: "źle", 5: "bardzo dobrze", 9: "odmowa"}, "dwa": {1: "a", 2: "a", 3: "b"}},
        missing_ranges={"ocena": [9, {"lo": 90, "hi": 99}], "tekst": ["BD"]},
    )
    table = opened(path)
    assert answers(table, "ocena") == ["źle", "bardzo dobrze", "", "", "", "3"]
    assert answers(table, "tekst") == ["żółć", "", "", "x", "y", "z"]
    assert answers(table, "data") == ["2025-03-03"] * 6
    assert answers(table, "dwa") == ["1", "2", "3", "1", "2", "3"], "one label for two values tells nothing apart"
    assert table.table is not None
    column = table.table.column("ocena")
    assert [column.codes[position] for position in column.positions] == ["1", "5", "", "", "", "3"]


@pytest.mark.parametrize(
    ("content", "code", "found"),
    [
        (b"", "TN-03", "bez treści"),
        (b"id,waga\n1,2\n", "TN-06", "nie zaczyna się"),
        (b"$FL2", "TN-06", "uszkodzony"),
        (b"$FL2@(#) SPSS DATA FILE" + bytes(400), "TN-06", "uszkodzony"),
        (b"$FL3" + b"\xff" * 4096, "TN-06", "uszkodzony"),
    ],
)
def test_what_is_no_spss_file_is_a_finding(tmp_path: Path, content: bytes, code: str, found: str) -> None:
    path = tmp_path / "ankieta.sav"
    path.write_bytes(content)
    finding = opened(path).finding
    assert finding is not None
    assert finding.code == code
    assert finding.severity == "blocking"
    assert found in finding.found


def test_damaged_spss_files_never_bring_the_process_down(tmp_path: Path) -> None:
    # Bytes damaged like these can end the reading library with a segmentation fault, hence its own process.
    source = tmp_path / "good.sav"
    write_sav(source, {"a": [1.0, 2.0] * 30, "t": ["żółć" * 50, "tajne"] * 30}, variable_value_labels={"a": {1: "x"}})
    content, rng = source.read_bytes(), np.random.default_rng(7)
    path = tmp_path / "ankieta.sav"
    for _ in range(12):
        damaged = bytearray(content)
        for _ in range(30):
            damaged[rng.integers(4, len(damaged))] = rng.integers(256)
        path.write_bytes(damaged[: rng.integers(200, len(damaged))])
        result = opened(path)
        assert (result.table is None) == (result.finding is not None)
        if result.finding is not None:
            assert "tajne" not in repr(result.finding)


def test_an_spss_file_with_too_many_cells_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ankieta.sav"
    write_sav(path, {"a": [1.0] * 6, "b": [2.0] * 6})
    monkeypatch.setattr(sav, "CELLS", 11)
    finding = opened(path).finding
    assert finding is not None
    assert "ponad 11 komórek" in finding.found
    monkeypatch.setattr(sav, "CELLS", 12)
    assert opened(path).finding is None


# --- files that cannot be used ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"\xef\xbb\xbf \n", "TN-03"),
        ("a.csv", b"id,typ\n", "TN-04"),
        ("a.csv", "typ\nświetlica\n".encode("cp1250"), "TN-05"),
        ("a.csv", b"PK\x03\x04", "TN-06"),
        ("a.csv", b'a,b\n"open,1\n', "TN-06"),
        ("a.xlsx", b"not a workbook", "TN-06"),
        ("a.xlsx", b"", "TN-03"),
    ],
)
def test_unusable_files_are_findings(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    result = opened(path)
    assert result.table is None
    assert result.finding is not None
    assert result.finding.code == code


def test_an_absent_file_is_a_finding(tmp_path: Path) -> None:
    finding = opened(tmp_path / "brak.csv").finding
    assert finding is not None
    assert finding.code == "TN-02"
