"""Where runs get their processes from, and what around a batch may go wrong without harm to whole reports."""

from __future__ import annotations

import multiprocessing
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, tzinfo
from multiprocessing.connection import Connection
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import numpy as np
import pytest
from editions import manifest_of, with_status
from small_batch import FORMATS, REPORT, Edition, finish, render_in_fork

from ropsanalysis.errors import UsageError
from ropsanalysis.reporting import batch, html, isolation, manifest, pool, publish, warm, worker
from ropsanalysis.reporting.job import Job

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks")


def test_a_system_that_cannot_fork_says_what_to_choose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")
    with pytest.raises(UsageError, match="choose --isolation pool or process"):
        isolation.source("fork", notebooks=())


@pytest.mark.slow
def test_a_new_process_for_each_report_makes_it_too(
    small_project: Callable[..., Path], run_cli: Callable[..., CompletedProcess[str]]
) -> None:
    folder = small_project("import multiprocessing\nprint(multiprocessing.get_start_method(allow_none=True))")
    result = run_cli(
        "render", "--report", REPORT, "--region", "28", "--format", "json", "--edition", "2025", "--project", folder,
        "--isolation", "process",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    [path] = (folder / "reports" / "2025").glob("28-*/*.json")
    assert "spawn" in path.read_text(encoding="utf-8")


def test_of_very_much_output_beginning_and_end_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "output.log"
    path.write_text("first" + "x" * 500_000 + "last", encoding="utf-8")
    text = batch._shortened(path)
    assert (text[:5], text[-4:]) == ("first", "last")
    assert "\n[300009 bytes left out]\n" in text
    assert len(text) < 200_100
    path.write_text("a" * 150_000 + "b", encoding="utf-8")
    assert batch._shortened(path) == "a" * 150_000 + "b"
    assert batch._shortened(tmp_path / "none") == ""


# ---- a process of the pool --------------------------------------------------------------------

Make = Callable[[Job, Path], bool]


def serve(connection: Connection, other_end: Connection, make: Make, most: int, growth: int) -> None:
    other_end.close()  # forked, it has both; and the line is closed where nobody has the other end any more
    worker.make, pool._MOST_REPORTS, pool._MOST_GROWTH_MIB, warm.up = make, most, growth, print
    pool.serve(connection, ())


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Callable[..., Callable[[], str]]]:
    """Start a process of the pool with something in the place of its work; yields what asks it for a report."""
    context = multiprocessing.get_context("fork")
    started: list[tuple[Any, Connection]] = []
    job = Edition(tmp_path).plan(1).jobs[0]

    def start(make: Make, *, most: int = 50, growth: int = 300) -> Callable[[], str]:
        here, there = context.Pipe()
        process = context.Process(target=serve, args=(there, here, make, most, growth))
        process.start()
        there.close()
        started.append((process, here))
        assert here.recv() == "ready"

        def ask() -> str:
            here.send((job, tmp_path))
            return str(here.recv())

        return ask

    yield start
    for process, here in started:
        here.close()
        process.join(20)
        process.kill()
        assert process.exitcode == 0, "it ends when the line is closed"


def test_a_process_of_the_pool_is_used_again_and_replaced_after_many_reports(
    line: Callable[..., Callable[[], str]],
) -> None:
    ask = line(lambda *_: True, most=3)
    assert [ask() for _ in range(3)] == ["again", "again", "enough"]


def test_a_process_in_which_a_report_failed_is_replaced(line: Callable[..., Callable[[], str]]) -> None:
    assert line(lambda *_: False)() == "enough"


def test_a_process_that_was_changed_for_good_is_replaced(line: Callable[..., Callable[[], str]]) -> None:
    def spoil(*_: object) -> bool:
        np.median = min
        return True

    assert line(spoil)() == "enough"


def test_a_process_that_grows_is_replaced(line: Callable[..., Callable[[], str]]) -> None:
    held: list[bytearray] = []

    def grow(*_: object) -> bool:
        held.append(bytearray(b"x") * (30 * 2**20))
        return True

    ask = line(grow, growth=50)
    assert [ask() for _ in range(3)] == ["again", "again", "enough"]


# ---- around a batch ---------------------------------------------------------------------------


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    """Return an edition with every report of version 1 in place, whose runs may take two seconds."""
    html.environment().get_template("index.html.j2")  # once, and not in every fork
    edition = Edition(tmp_path / "edition", time_limit=2)
    edition.folder.mkdir()
    assert finish(render_in_fork(edition, 1)) == 0
    return edition


def refuse_one_file() -> None:
    """Let no file take the place of one of 04's, as on Windows while a program has it open."""
    real = os.replace

    def replace(source: Any, target: Any) -> None:
        if Path(target).parent.name.startswith("04") and Path(target).suffix == ".json":
            raise PermissionError(13, "The process cannot access the file because it is being used", str(target))
        real(source, target)

    os.replace = replace


def test_a_report_open_in_another_program_keeps_its_old_files_and_the_others_are_made(edition: Edition) -> None:
    assert finish(render_in_fork(edition, 2, before=refuse_one_file)) == 1
    assert edition.versions() == {"02": {2}, "04": {1}, "06": {2}}
    failed = with_status(manifest_of(edition.place), "failed")
    assert list(failed) == ["04"]
    assert "open in another program; close it and render again" in failed["04"]["cause"]
    assert set(failed["04"]["files"]) == set(FORMATS), "the old report is still told of"
    assert "nieudanego odświeżenia" in (edition.place / "index.html").read_text(encoding="utf-8")
    pid = render_in_fork(edition, 2)
    assert finish(pid) == 0
    assert edition.ran(pid) == ["04"]
    edition.check_whole(2)


def let_the_clock_jump() -> None:
    """Let every look at the clock show another time, years before or after the one before."""
    chance, real = random.Random(3), time.time  # noqa: S311 - not for secrets

    def jumping() -> float:
        return real() + chance.uniform(-2e8, 2e8)

    class Jumping(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.fromtimestamp(jumping(), tz=tz or UTC)

    time.time, time.time_ns = jumping, lambda: int(jumping() * 1e9)
    manifest.datetime = publish.datetime = Jumping


def test_a_clock_that_jumps_changes_neither_limits_nor_what_is_fresh(edition: Edition) -> None:
    (edition.folder / "hang-04").touch()
    assert finish(render_in_fork(edition, 2, before=let_the_clock_jump)) == 1
    assert edition.versions() == {"02": {2}, "04": {1}, "06": {2}}
    failed = with_status(manifest_of(edition.place), "failed")
    assert {code: run["cause"] for code, run in failed.items()} == {"04": "it took longer than 2 s and was ended"}
    (edition.folder / "hang-04").unlink()
    pid = render_in_fork(edition, 2, before=let_the_clock_jump)
    assert finish(pid) == 0
    assert edition.ran(pid) == ["04"]
    pid = render_in_fork(edition, 2)
    assert finish(pid) == 0
    assert edition.ran(pid) == []
    edition.check_whole(2)
    assert {path.suffix for path in edition.place.glob(f"04*/{REPORT}.*")} == {".html", ".json"}
