"""One writer to an edition at a time; a lock ends with its holder, however that ends."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ropsanalysis.errors import RopsError
from ropsanalysis.reporting import locking
from ropsanalysis.reporting.locking import BusyError, hold

HOLDER = """\
import sys, time
from pathlib import Path
from ropsanalysis.reporting.locking import hold
with hold(Path(sys.argv[1]), wait=True, say=lambda text: print(text, flush=True)):
    print("held", flush=True)
    sys.stdin.readline()
print("released", flush=True)
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Start processes that take the lock of an edition and keep it until they are told to end."""
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        words = [sys.executable, "-c", HOLDER, str(tmp_path / "2025")]
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True, encoding="utf-8"))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def silent(text: str) -> None:
    raise AssertionError(f"nothing to say: {text}")


def test_who_does_not_wait_is_told_who_holds_it(tmp_path: Path, holder: Callable[..., subprocess.Popen[str]]) -> None:
    first = holder()
    assert line(first) == "held"
    with (
        pytest.raises(BusyError, match=rf"process {first.pid} on \S+ \(since .*\) is writing to .*2025"),
        hold(tmp_path / "2025", wait=False, say=silent),
    ):
        pass
    assert BusyError.exit_code == 1


def test_the_second_waits_and_says_for_whom(holder: Callable[..., subprocess.Popen[str]]) -> None:
    first = holder()
    assert line(first) == "held"
    second = holder()
    told = line(second)
    assert told.startswith(f"Waiting: process {first.pid} on ")
    assert "--no-wait" in told
    first.communicate("end\n")
    assert line(second) == "held"


def test_a_killed_holder_holds_nothing(tmp_path: Path, holder: Callable[..., subprocess.Popen[str]]) -> None:
    first = holder()
    assert line(first) == "held"
    first.kill()
    first.wait()
    with hold(tmp_path / "2025", wait=False, say=silent) as locked:
        assert locked
        with pytest.raises(RuntimeError), hold(tmp_path / "2026", wait=False, say=silent):
            raise RuntimeError  # another edition is another lock, released also where its block fails
    with hold(tmp_path / "2026", wait=False, say=silent):
        pass


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_a_forked_child_that_outlives_the_holder_holds_nothing(tmp_path: Path) -> None:
    code = (
        "import os, sys, time\nfrom pathlib import Path\nfrom ropsanalysis.reporting.locking import hold\n"
        "with hold(Path(sys.argv[1]), wait=True, say=print):\n"
        "    child = os.fork()\n"
        "    if child == 0:\n        os.close(1)\n        time.sleep(60)\n        os._exit(0)\n"
        "    print(child, flush=True)\n    os._exit(0)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "2025")], stdout=subprocess.PIPE, text=True, check=True
    )
    child = int(result.stdout)
    try:
        with hold(tmp_path / "2025", wait=False, say=silent) as locked:
            assert locked
    finally:
        os.kill(child, 9)


def test_a_lock_file_removed_while_it_is_held_does_not_let_two_in(
    tmp_path: Path, holder: Callable[..., subprocess.Popen[str]]
) -> None:
    first = holder()
    assert line(first) == "held"
    second = holder()
    assert line(second).startswith("Waiting")
    lock = tmp_path / ".2025.lock"
    lock.unlink()  # as `make clean` does
    third = holder()
    assert line(third) == "held"
    first.communicate("end\n")
    time.sleep(1)  # the second gets the lock of the removed file, which is worth nothing
    assert line(second).startswith(f"Waiting: process {third.pid} on ")
    third.communicate("end\n")
    assert line(second) == "held"


def test_the_lock_lies_beside_the_edition_which_is_handed_on(tmp_path: Path) -> None:
    with hold(tmp_path / "reports" / "2025", wait=False, say=silent):
        assert [path.name for path in (tmp_path / "reports").iterdir()] == [".2025.lock"]
        assert f'"pid": {os.getpid()}' in (tmp_path / "reports" / ".2025.lock").read_text(encoding="utf-8")
    assert (tmp_path / "reports" / ".2025.lock").read_text(encoding="utf-8") == "{}\n"


def test_a_holder_that_says_nothing_is_another_process(
    tmp_path: Path, holder: Callable[..., subprocess.Popen[str]]
) -> None:
    assert line(holder()) == "held"
    (tmp_path / ".2025.lock").write_text("?", encoding="utf-8")
    with pytest.raises(BusyError, match="another process is writing"), hold(tmp_path / "2025", wait=False, say=silent):
        pass


def test_a_disk_without_locks_is_said_and_work_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(handle: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(locking, "_lock", refuse)
    told: list[str] = []
    with hold(tmp_path / "2025", wait=False, say=told.append) as locked:
        assert not locked
    assert len(told) == 1
    assert "one `render` on it at a time" in told[0]


def test_a_lock_that_cannot_be_had_otherwise_is_an_error_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(handle: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(locking, "_lock", refuse)
    with (
        pytest.raises(RopsError, match=r"Input/output error\. Choose another --out"),
        hold(tmp_path / "2025", wait=True, say=silent),
    ):
        pass
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(RopsError, match="Cannot write to"), hold(tmp_path / "file" / "2025", wait=True, say=silent):
        pass
