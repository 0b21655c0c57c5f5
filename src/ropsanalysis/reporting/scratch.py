"""The private directory of a batch: where reports are made before they are moved into place.

It lies in the edition's folder, on the same disk as the reports, and goes when the batch ends. What a killed
batch left behind is told from what another is using by the process that made it, not by its age: a clock may jump.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ropsanalysis.io import atomic

_PREFIX: Final = ".work-"
_OWNER: Final = "owner.json"
_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
#: States of a process that has ended, and the place of its start time after the name: proc_pid_stat(5).
_ENDED: Final = frozenset("ZXx")
_START_TIME: Final = 19


@contextmanager
def private(folder: Path) -> Iterator[Path]:
    """Make a private directory below an edition's folder and take it away at the end.

    Raises
    ------
    RopsError
        It cannot be made.
    """
    try:
        path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
    except OSError as error:
        raise atomic.explain(error, folder) from error
    try:
        owner = {"host": socket.gethostname(), "pid": os.getpid(), "started": _started(os.getpid())}
        atomic.write_text(path / _OWNER, json.dumps(owner))
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def abandoned(folder: Path, *, locked: bool) -> list[Path]:
    """Return private directories whose batch has ended without taking them away.

    Parameters
    ----------
    locked
        Whether the caller holds the edition's lock. Then nobody else is at work there, so that a directory counts
        as abandoned unless its process is known to live; without a lock, only if it is known not to.
    """
    found = ((path, _is_alive(path)) for path in there(folder))
    return [path for path, alive in found if alive is False or (alive is None and locked)]


def there(folder: Path) -> list[Path]:
    """Return the private directories of all batches, at work or not."""
    return sorted(folder.glob(f"{_PREFIX}*"))


def _is_alive(path: Path) -> bool | None:
    """Whether the process that made a directory lives; None where that cannot be told from here."""
    try:
        owner = json.loads((path / _OWNER).read_bytes())
        if owner["host"] != socket.gethostname() or not owner["started"]:
            return None
        return bool(_started(owner["pid"]) == owner["started"])
    except (OSError, ValueError, KeyError, TypeError):
        return None  # killed before it could say who it is


def _started(pid: int) -> str:
    """Return when a process started, in ticks since a boot that is named: a process number is used again.

    Empty where the system does not tell, or the process has ended.
    """
    try:
        words = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        ended = words[0] in _ENDED
        return "" if ended else f"{_BOOT.read_text(encoding='ascii').strip()} {words[_START_TIME]}"
    except (OSError, IndexError):
        return ""
