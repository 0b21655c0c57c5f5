"""Files that are whole or absent; tables that come back as they went; where a project lies."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pandas as pd
import pytest

from ropsanalysis.errors import DataError, RopsError, UsageError
from ropsanalysis.io import atomic, provenance, store
from ropsanalysis.io.paths import Project
from support import PROJECT


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*.tmp")]


def test_text_is_written_the_same_on_every_system(tmp_path: Path) -> None:
    path = atomic.write_text(tmp_path / "new" / "a.txt", "ąę\n")
    assert path.read_bytes() == "ąę\n".encode()
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_a_failure_leaves_the_old_file_and_no_half_one(tmp_path: Path, failure: type[BaseException]) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old", encoding="utf-8")

    def interrupted() -> None:
        with atomic.replacing(path) as temporary:
            temporary.write_text("ne", encoding="utf-8")
            raise failure

    with pytest.raises(failure):
        interrupted()
    assert path.read_text(encoding="utf-8") == "old"
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (errno.ENOSPC, "No space left .* Free some space"),
        (errno.EACCES, "open in another program"),
        (errno.EROFS, "may not write"),
        (errno.EIO, "Correct the cause"),
    ],
)
def test_the_system_s_refusal_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, message: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old", encoding="utf-8")

    def refuse(self: Path, target: Path) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(RopsError, match=message):
        atomic.write_text(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert leftovers(tmp_path) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_really_full_disk(tmp_path: Path) -> None:
    def fill() -> None:
        with atomic.replacing(tmp_path / "a.txt"), Path("/dev/full").open("wb", buffering=0) as full:
            full.write(b"x")

    with pytest.raises(RopsError, match="No space left"):
        fill()


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "indicator": ["1.B.1", "1.B.1"],
            "teryt": ["02", "28"],
            "year": [2025, 2025],
            "value": [172.4, float("nan")],
            "beyond_noise": pd.array([True, None], dtype="boolean"),
            "text": ["=1+1", "</script><script>"],
        }
    )


def test_a_table_comes_back_as_it_went(tmp_path: Path) -> None:
    path = store.write_table(frame(), tmp_path / "a.parquet")
    pd.testing.assert_frame_equal(store.read_table(path), frame())
    assert list(store.read_table(path, columns=["teryt"]).columns) == ["teryt"]


def test_the_same_table_gives_the_same_bytes(tmp_path: Path) -> None:
    first = store.write_table(frame(), tmp_path / "a.parquet").read_bytes()
    second = store.write_table(frame(), tmp_path / "elsewhere" / "b.parquet").read_bytes()
    assert first == second


def test_missing_and_damaged_tables_say_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"Brak tabeli „a.parquet”.*ropsanalysis build"):
        store.read_table(tmp_path / "a.parquet")
    damaged = tmp_path / "b.parquet"
    damaged.write_bytes(b"PAR1 nothing")
    with pytest.raises(DataError, match="uszkodzona"):
        store.read_table(damaged)
    good = store.write_table(frame(), tmp_path / "c.parquet")
    with pytest.raises(DataError, match="nie ma kolumn rok"):
        store.read_table(good, columns=["teryt", "rok"])


def test_rejected_rows_are_kept_word_for_word(tmp_path: Path) -> None:
    rejected = pd.DataFrame(
        {
            "file": ["data/raw/gus_sdg/observations.csv"],
            "row": [7],
            "code": ["GUS-07"],
            "reason": ["GUS-07 wartość nie jest liczbą: „=1+1”"],
            "record": ['["1.B.1", "02", "2010", "=1+1", ""]'],
        }
    )
    (tmp_path / "gus_sdg-old.csv").write_text("stale", encoding="utf-8")
    (path,) = store.write_rejected(rejected, tmp_path)
    assert path.name == "gus_sdg-observations.csv"
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    pd.testing.assert_frame_equal(pd.read_csv(path), rejected, check_dtype=False)


def test_provenance_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "data" / "a.csv"
    path.parent.mkdir()
    path.write_bytes(b"abc")
    record = provenance.record_file(
        path, root=tmp_path, rows_in=1, rows_out=1, reader="gus_sdg", source="GUS", date="2025-06-11"
    )
    assert record.path == "data/a.csv"
    # FIPS 180-2, appendix B.1: SHA-256 of "abc".
    assert record.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    text = provenance.to_json([record], about={"dataset": "a"})
    assert provenance.from_json(text) == (record,)
    assert str(tmp_path) not in text
    with pytest.raises(ValueError, match="subpath"):
        provenance.record_file(path, root=tmp_path / "elsewhere", rows_in=1, rows_out=1, reader="gus_sdg", source="GUS")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": [{}]}', '{"files": 1}'])
def test_damaged_provenance_is_refused(text: str) -> None:
    with pytest.raises(DataError, match="provenance"):
        provenance.from_json(text)


def test_a_project_is_found_from_below(tmp_path: Path) -> None:
    for name in ("notebooks", "data/raw/gus_sdg"):
        (tmp_path / name).mkdir(parents=True)
    project = Project.find(tmp_path / "data" / "raw" / "gus_sdg")
    assert project == Project(tmp_path.resolve())
    assert project.processed == project.root / "data" / "processed"
    assert Project.find(PROJECT / "tests").root == PROJECT


def test_no_project_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'notebooks' and 'data'"):
        Project.find(tmp_path)
