"""Whatever moment a batch is killed at, the next one finds whole reports whole and makes the others anew."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess, Popen

import pytest
from editions import is_alive, manifest_of, whole_files, with_status
from small_batch import Edition, finish, kill_at_change, kill_while_moving, render_in_fork

from ropsanalysis.errors import ReportError
from ropsanalysis.reporting import html, publish, render, scratch
from ropsanalysis.reporting.locking import hold
from support import THOROUGH

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks and kills")


@pytest.fixture(scope="module")
def first_edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """Return an edition with every report of version 1 in place."""
    html.environment().get_template("index.html.j2")  # once, and not in every fork
    edition = Edition(tmp_path_factory.mktemp("first"))
    pid = render_in_fork(edition, 1)
    assert finish(pid) == 0
    edition.check_whole(1)
    assert sorted(edition.ran(pid)) == list(edition.codes)
    return edition


@pytest.fixture
def edition(first_edition: Edition, tmp_path: Path) -> Edition:
    """Return a copy of it that a test may spoil."""
    return copy(first_edition, tmp_path / "edition")


def copy(first: Edition, folder: Path) -> Edition:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(first.folder, folder)
    return Edition(folder)


def go_on_after_kill(edition: Edition) -> None:
    """Check what a killed batch of version 2 left, then that the next one completes it and repeats nothing."""
    left = edition.versions()
    assert set(left) == set(edition.codes), "a report that was there is gone"
    begun = {code for code, versions in left.items() if 2 in versions}
    pid = render_in_fork(edition, 2)
    assert finish(pid) == 0, (edition.folder / "error").read_text(encoding="utf-8")
    edition.check_whole(2)
    again = edition.ran(pid)
    assert not begun & set(again), "a report that was finished was made again"
    assert len(again) == len(set(again))


def kills(first: Edition, folder: Path, *, number: int, seed: int) -> None:
    """Kill batches, half of them just before a change of the file system, half at a moment by the clock."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    most, hit = 300, 0
    while hit < number:
        edition, change = copy(first, folder), chance.randint(1, most)
        if hit % 2:
            pid = render_in_fork(edition, 2)
            time.sleep(chance.uniform(0, 0.15))
            os.kill(pid, signal.SIGKILL)
        else:
            pid = render_in_fork(edition, 2, before=kill_at_change(change))
        if finish(pid) == -signal.SIGKILL:
            hit += 1
        elif not hit % 2:
            most = max(50, change)  # no batch makes so many changes
        go_on_after_kill(edition)


def test_batches_killed_at_any_moment_lose_nothing(first_edition: Edition, tmp_path: Path) -> None:
    kills(first_edition, tmp_path / "edition", number=200 if THOROUGH else 15, seed=1)


@pytest.mark.slow
def test_a_kill_before_every_single_change_loses_nothing(first_edition: Edition, tmp_path: Path) -> None:
    number, code = 0, -signal.SIGKILL
    while code == -signal.SIGKILL:
        number += 1
        edition = copy(first_edition, tmp_path / "edition")
        code = finish(render_in_fork(edition, 2, before=kill_at_change(number), workers=1))
        go_on_after_kill(edition)
    assert code == 0
    assert number > 40, "the kills must reach the moving of files, the manifest and the index"


# ---- two at once ------------------------------------------------------------------------------


def test_of_two_renders_at_once_the_second_finds_the_work_done(edition: Edition) -> None:
    pids = [render_in_fork(edition, 2, say=lambda _: None) for _ in range(3)]
    assert [finish(pid) for pid in pids] == [0, 0, 0]
    edition.check_whole(2)
    assert sorted(len(edition.ran(pid)) for pid in pids) == [0, 0, 3]


def test_who_does_not_want_to_wait_changes_nothing(edition: Edition) -> None:
    with hold(edition.place, wait=False, say=print):
        assert finish(render_in_fork(edition, 2, wait=False)) == 9
        assert f"process {os.getpid()} on " in (edition.folder / "error").read_text(encoding="utf-8")
    edition.check_whole(1)


# ---- what a dead process leaves behind --------------------------------------------------------


def leave_work(edition: Edition, owner: str | None) -> Path:
    place = edition.place / ".work-left"
    (place / "02-regional_diagnosis").mkdir(parents=True)
    (place / "02-regional_diagnosis" / "half.html").write_text("<html>", encoding="utf-8")
    if owner is not None:
        (place / "owner.json").write_text(owner, encoding="utf-8")
    return place


@pytest.mark.parametrize(
    "owner",
    [
        None, "", "[]", '{"host": "elsewhere", "pid": 1, "started": "b 1"}',
        '{"host": "HERE", "pid": 1, "started": "another boot 1"}', '{"host": "HERE", "pid": 4194304, "started": "b 1"}',
        '{"host": "HERE", "pid": PID, "started": "BOOT 1"}',
    ],
)  # fmt: skip
def test_leavings_of_the_dead_go_whatever_they_say(edition: Edition, owner: str | None) -> None:
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    if owner is not None:
        owner = owner.replace("HERE", socket.gethostname()).replace("PID", str(os.getpid())).replace("BOOT", boot)
    leave_work(edition, owner)
    (edition.place / ".manifest.json.1-abcd.tmp").write_text("{", encoding="utf-8")
    assert finish(render_in_fork(edition, 1)) == 0
    edition.check_whole(1)


def test_what_a_living_process_works_in_stays(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    with scratch.private(edition.place) as place:
        assert scratch.abandoned(edition.place, locked=True) == []
        assert finish(render_in_fork(edition, 2)) == 0
        assert place.is_dir()
    leave_work(edition, None)
    assert scratch.abandoned(edition.place, locked=False) == []  # nobody can tell; without a lock that is too little
    assert len(scratch.abandoned(edition.place, locked=True)) == 1


def killed_while_moving(edition: Edition) -> Path:
    """Return the private directory of a batch that was killed between the two files of its first report."""
    assert finish(render_in_fork(edition, 2, before=kill_while_moving(), workers=1)) == -signal.SIGKILL
    assert {1, 2} in edition.versions().values()
    return next(edition.place.glob(".work-*"))


def test_a_report_half_moved_is_completed_and_not_made_again(edition: Edition) -> None:
    killed_while_moving(edition)
    pid = render_in_fork(edition, 2)
    assert finish(pid) == 0
    assert len(edition.ran(pid)) == 2
    edition.check_whole(2)


@pytest.mark.parametrize("damage", ["note", "about", "rest"])
def test_a_report_half_moved_that_cannot_be_completed_is_made_again(edition: Edition, damage: str) -> None:
    place = killed_while_moving(edition)
    path = {
        "note": next(place.glob("notes/*.json")),
        "about": place / "about.json",
        "rest": next(path for path in place.glob("*/regional_diagnosis.*")),
    }[damage]
    path.write_text(path.read_text(encoding="utf-8")[:100], encoding="utf-8")  # as a power cut leaves it
    pid = render_in_fork(edition, 2)
    assert finish(pid) == 0
    assert len(edition.ran(pid)) == 3
    edition.check_whole(2)


def test_what_a_batch_has_finished_counts_before_it_is_in_the_manifest(edition: Edition) -> None:
    killed_while_moving(edition)
    left = edition.versions()
    states = {one.job.teryt: one.state for one in render.standings(edition.plan(2))}
    assert set(states.values()) == {"stale"}  # one of two files is not enough
    assert edition.versions() == left, "who only asks moves nothing"
    shutil.copytree(edition.place, edition.folder / "moved" / "2025")
    moved = Edition(edition.folder / "moved")
    publish.recover(next(moved.place.glob(".work-*")))
    states = {one.job.teryt: one.state for one in render.standings(moved.plan(2))}
    assert sorted(states.values()) == ["fresh", "stale", "stale"]


def test_a_file_that_cannot_be_replaced_leaves_the_earlier_report_whole(
    edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = edition.plan(2).jobs[0]
    before = {path.name: path.read_bytes() for path in job.target.iterdir()}
    workdir = tmp_path / "work" / "02-regional_diagnosis"
    workdir.mkdir(parents=True)
    for name in job.formats:
        (workdir / f"{job.report}.{name}").write_text("nowy", encoding="utf-8")
    publish.begin(tmp_path / "work", edition="2025", records={}, inputs={})
    real = os.replace

    def refuse(source: Path, target: Path) -> None:
        if Path(source) == workdir / f"{job.report}.{job.formats[-1]}":
            raise PermissionError(13, "open in Excel")
        real(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(ReportError, match=r"regional_diagnosis\.json: .*open in another program"):
        publish.publish(job, workdir, usage={})
    assert {path.name: path.read_bytes() for path in job.target.iterdir()} == before
    assert not list((tmp_path / "work" / "notes").iterdir()), "there is nothing to complete"


@pytest.mark.parametrize("copies", [False, True])
def test_without_room_to_keep_the_earlier_report_it_is_not_lost(
    edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, copies: bool
) -> None:
    job = edition.plan(2).jobs[0]
    before = {path.name: path.read_bytes() for path in job.target.iterdir()}
    workdir = tmp_path / "02-regional_diagnosis"
    workdir.mkdir()
    for name in job.formats:
        (workdir / f"{job.report}.{name}").write_text("nowy", encoding="utf-8")

    def no_links(self: Path, target: Path) -> None:
        raise OSError(errno.EPERM, "no such thing on this disk")

    def full(source: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    if copies:
        publish.publish(job, workdir, usage={})
        assert {path.read_text(encoding="utf-8") for path in job.target.iterdir()} == {"nowy"}
        return
    monkeypatch.setattr(shutil, "copy2", full)
    with pytest.raises(ReportError, match="no space left on the disk"):
        publish.publish(job, workdir, usage={})
    assert {path.name: path.read_bytes() for path in job.target.iterdir()} == before


# ---- the real command -------------------------------------------------------------------------

ORPHAN = """\
import multiprocessing, os, subprocess, sys, time
from ropsanalysis.reporting.lifeline import end_with_parent
def work():
    os.setsid()
    end_with_parent()
    child = subprocess.Popen(["sleep", "600"])
    print(os.getpid(), child.pid, flush=True)
    while True: pass
if __name__ == "__main__":
    multiprocessing.get_context(sys.argv[1]).Process(target=work).start()
    time.sleep(600)
"""


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_worker_ends_with_all_it_started_when_its_parent_is_killed(tmp_path: Path, method: str) -> None:
    script = tmp_path / "parent.py"
    script.write_text(ORPHAN, encoding="utf-8")
    parent = Popen([sys.executable, str(script), method], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pids = [int(word) for word in parent.stdout.readline().split()]
    assert len(pids) == 2
    parent.kill()
    parent.wait()
    until = time.monotonic() + 30
    while any(is_alive(pid) for pid in pids) and time.monotonic() < until:
        time.sleep(0.1)
    left = [pid for pid in pids if is_alive(pid)]
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    parent.stdout.close()
    assert left == []


HOLD = """\
import os, pathlib, time
project = pathlib.Path(os.environ["ROPSANALYSIS_PROJECT"])
if region > "04" and (project / "hold").exists():
    (project / f"pid-{region}").write_text(str(os.getpid()))
    time.sleep(600)
"""


@pytest.mark.slow
def test_a_killed_render_goes_on_where_it_was(
    small_project: Callable[..., Path],
    start_cli: Callable[..., Popen[str]],
    run_cli: Callable[..., CompletedProcess[str]],
) -> None:
    folder = small_project(HOLD)
    (folder / "hold").touch()
    words = ("--report", "regional_diagnosis", "--region", "02,04,06,08", "--format", "html,json", "--edition", "2025")
    process = start_cli("render", *words, "--jobs", "2", "--project", folder)
    until = time.monotonic() + 120
    while not ((folder / "pid-06").exists() and (folder / "pid-08").exists()):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.1)
    busy = run_cli("render", *words, "--no-wait", "--project", folder)
    assert busy.returncode == 1
    assert f"process {process.pid} on " in busy.stderr
    process.kill()
    process.communicate()
    edition = folder / "reports" / "2025"
    assert not (edition / "manifest.json").exists()
    result = run_cli("status", *words, "--json", "--project", folder)
    states = {one["teryt"]: one["state"] for one in json.loads(result.stdout)}
    assert states == {"02": "fresh", "04": "fresh", "06": "missing", "08": "missing"}
    (folder / "hold").unlink()
    result = run_cli("render", *words, "--json", "--project", folder)
    assert result.returncode == 0, result.stderr
    outcomes = {one["teryt"]: one["status"] for one in json.loads(result.stdout)}
    assert outcomes == {"02": "fresh", "04": "fresh", "06": "done", "08": "done"}
    assert set(with_status(manifest_of(edition), "done")) == {"02", "04", "06", "08"}
    assert len(whole_files(edition)) == 4 * 2 + 2
    pids = [int((folder / f"pid-{code}").read_text(encoding="utf-8")) for code in ("06", "08")]
    assert not any(is_alive(pid) for pid in pids)
