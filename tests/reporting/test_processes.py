"""A run is its process and all that it started, in whatever group: measured together, ended together."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from editions import is_alive

from ropsanalysis.reporting.processes import Watch, family

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sessions are those of POSIX")

PARENT = """\
import subprocess, sys, time
held = bytearray(60 * 2**20)
child = subprocess.Popen([sys.executable, "-c", sys.argv[1]], start_new_session=True)
print(child.pid, flush=True)
time.sleep(600)
"""
CHILD = "import time; held = bytearray(120 * 2**20); time.sleep(600)"


@pytest.fixture
def run() -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Start a process with a child in a session of its own; yield it and the child's number."""
    words = [sys.executable, "-c", PARENT, CHILD]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        yield process, child
        for one in family(process.pid):
            one.kill()


def wait_until_large(watch: Watch) -> None:
    until = time.monotonic() + 60
    while watch.largest_mib < 120 and time.monotonic() < until:
        watch.look(limit_mib=10_000)
        time.sleep(0.05)


def test_all_processes_count_and_the_largest_is_told(run: tuple[subprocess.Popen[str], int]) -> None:
    process, child = run
    watch = Watch(process.pid)
    assert watch.usage() == {}
    wait_until_large(watch)
    assert [one.pid for one in family(process.pid)] == [process.pid, child]
    assert watch.look(limit_mib=150), "neither alone is so large"
    assert not watch.look(limit_mib=600)
    assert 120 <= watch.usage()["peak_memory_mib"] < 180
    assert watch.usage()["cpu_seconds"] > 0


def test_a_child_in_a_session_of_its_own_is_ended_too(run: tuple[subprocess.Popen[str], int]) -> None:
    process, child = run
    Watch(process.pid).end()
    process.wait(30)
    until = time.monotonic() + 30
    while is_alive(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_alive(child)


def test_a_child_whose_parent_has_gone_is_ended_if_it_was_seen(run: tuple[subprocess.Popen[str], int]) -> None:
    process, child = run
    watch = Watch(process.pid)
    watch.look(limit_mib=10_000)
    process.kill()
    process.wait(30)
    assert is_alive(child)
    watch.end()
    until = time.monotonic() + 30
    while is_alive(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_alive(child)


def test_what_several_processes_share_counts_once(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux tells what is shared")
    source = (
        "import os, time\nheld = bytearray(b'x') * (100 * 2**20)\n"
        "for _ in range(4):\n    if not os.fork(): time.sleep(600)\n"
        "print('ready', flush=True)\ntime.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        watch = Watch(process.pid)
        assert len(family(process.pid)) == 5
        assert not watch.look(limit_mib=250)
        assert watch.look(limit_mib=60)
        watch.end()
