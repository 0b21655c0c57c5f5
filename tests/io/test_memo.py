"""A file that has changed is read again, whatever was remembered of it; one that has not is read once."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from ropsanalysis.io.memo import Memo

LONG_AGO = 1_700_000_000 * 10**9


class Asked:
    """A function to remember the results of, which counts how often it was asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, data: bytes) -> str:
        self.times += 1
        return data.decode()


@pytest.fixture
def settled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file that changed long before now: the clock that the memory reads is an hour ahead."""
    path = tmp_path / "table.csv"
    path.write_text("stary", encoding="utf-8")
    real = time.time_ns
    monkeypatch.setattr("ropsanalysis.io.memo.time.time_ns", lambda: real() + 3600 * 10**9)
    return path


def memo_of(folder: Path) -> Memo:
    return Memo(folder / ".memo.json", roots={"project": folder})


def test_an_unchanged_file_is_read_once(settled: Path) -> None:
    asked, memo = Asked(), memo_of(settled.parent)
    assert [memo.recall(settled, "text", asked) for _ in range(3)] == ["stary"] * 3
    assert asked.times == 1
    memo.save()
    assert memo_of(settled.parent).recall(settled, "text", asked) == "stary"
    assert asked.times == 1


def test_what_different_functions_make_is_told_apart(settled: Path) -> None:
    memo = memo_of(settled.parent)
    assert memo.recall(settled, "text", lambda data: data.decode()) == "stary"
    assert memo.recall(settled, "size", len) == 5


def test_an_edit_of_the_same_size_with_the_old_time_put_back_is_noticed(settled: Path) -> None:
    memo, asked = memo_of(settled.parent), Asked()
    os.utime(settled, ns=(LONG_AGO, LONG_AGO))
    assert memo.recall(settled, "text", asked) == "stary"
    time.sleep(0.02)  # the file system's own clock moves in steps
    settled.write_text("nowy!", encoding="utf-8")
    os.utime(settled, ns=(LONG_AGO, LONG_AGO))
    if os.name == "posix":  # elsewhere no time of change is kept that a program cannot set
        assert memo.recall(settled, "text", asked) == "nowy!"
    assert asked.times == (2 if os.name == "posix" else 1)


def test_a_file_put_in_place_of_another_is_noticed(settled: Path) -> None:
    memo = memo_of(settled.parent)
    assert memo.recall(settled, "text", bytes.decode) == "stary"
    other = settled.with_name("other.csv")
    other.write_text("inny.", encoding="utf-8")
    os.replace(other, settled)  # noqa: PTH105
    assert memo.recall(settled, "text", bytes.decode) == "inny."


@pytest.mark.parametrize("hours", [0, -1], ids=["just changed", "changed after a clock was set back"])
def test_a_file_that_changed_as_it_was_read_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    path, asked, memo = tmp_path / "table.csv", Asked(), memo_of(tmp_path)
    path.write_text("stary", encoding="utf-8")
    real = time.time_ns
    monkeypatch.setattr("ropsanalysis.io.memo.time.time_ns", lambda: real() + hours * 3600 * 10**9)
    for _ in range(3):
        assert memo.recall(path, "text", asked) == "stary"
    assert asked.times == 3


def test_a_file_that_changes_while_it_is_read_is_not_remembered(settled: Path) -> None:
    memo, asked = memo_of(settled.parent), Asked()

    def change(data: bytes) -> str:
        settled.write_text("dłuższy", encoding="utf-8")
        return data.decode()

    assert memo.recall(settled, "text", change) == "stary"
    assert memo.recall(settled, "text", asked) == "dłuższy"
    assert asked.times == 1


def test_no_path_of_the_machine_is_kept(settled: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("elsewhere") / "a.csv"
    outside.write_text("poza", encoding="utf-8")
    memo = memo_of(settled.parent)
    memo.recall(settled, "text", bytes.decode)
    assert memo.recall(outside, "text", bytes.decode) == "poza"
    memo.save()
    assert list(json.loads((settled.parent / ".memo.json").read_bytes())["files"]) == ["project/table.csv"]


def test_a_file_that_is_gone_is_forgotten(settled: Path) -> None:
    memo = memo_of(settled.parent)
    memo.recall(settled, "text", bytes.decode)
    settled.unlink()
    memo.save()
    assert json.loads((settled.parent / ".memo.json").read_bytes())["files"] == {}


ENTRY = '{"of": [5, 1, 1, 1], "read_ns": 9, "is": "x"}'


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "null", "\x00", '{"made_by": "other", "files": {}}', '{"files": {"project/table.csv": 1}}']
    + [
        f'{{"made_by": "MINE", "files": {text}}}'
        for text in ("[]", '{"project/table.csv": []}', '{"project/table.csv": {"text": {"of": "x"}}}',
                     '{"project/table.csv": {"text": {"of": [1, 2, "3", 4], "read_ns": 1, "is": 1}}}')
    ],
)  # fmt: skip
def test_a_damaged_memory_is_an_empty_one(settled: Path, content: str) -> None:
    memo = memo_of(settled.parent)
    memo.recall(settled, "text", bytes.decode)
    memo.save()
    store = settled.parent / ".memo.json"
    made_by = json.loads(store.read_bytes())["made_by"]
    store.write_text(content.replace("MINE", made_by), encoding="utf-8")
    asked = Asked()
    assert memo_of(settled.parent).recall(settled, "text", asked) == "stary"
    assert asked.times == 1


def test_what_another_version_of_the_code_made_is_not_believed(settled: Path) -> None:
    memo = memo_of(settled.parent)
    memo.recall(settled, "text", lambda _: "co innego")
    memo.save()
    store = settled.parent / ".memo.json"
    assert memo_of(settled.parent).recall(settled, "text", bytes.decode) == "co innego"
    kept = json.loads(store.read_bytes())
    store.write_text(json.dumps({**kept, "made_by": "0" * 64}), encoding="utf-8")
    assert memo_of(settled.parent).recall(settled, "text", bytes.decode) == "stary"


def test_without_a_folder_or_leave_to_write_nothing_is_kept_and_nothing_fails(
    settled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = Memo(tmp_path / "none" / ".memo.json", roots={"project": tmp_path})
    assert nowhere.recall(settled, "text", bytes.decode) == "stary"
    nowhere.save()
    assert not (tmp_path / "none").exists()

    memo = memo_of(settled.parent)
    memo.recall(settled, "text", bytes.decode)

    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(13, "denied")

    monkeypatch.setattr(Path, "replace", refuse)
    memo.save()
    assert sorted(path.name for path in settled.parent.iterdir()) == ["table.csv"]
