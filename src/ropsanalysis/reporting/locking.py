"""One writer to an edition at a time, held by a lock of the operating system.

Such a lock ends with the process that holds it, however it ends: nothing has to be cleared away after a power cut.
"""

from __future__ import annotations

import errno
import json
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ropsanalysis.errors import RopsError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

#: The byte that is locked. Windows keeps others from reading a locked byte, so it lies behind what the file says.
_BYTE: Final = 1 << 30
_PAUSE_SECONDS: Final = 0.2
#: A file system that knows no locks says so by one of these.
_UNKNOWN: Final = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL}


class BusyError(RopsError):
    """Somebody else is writing to the edition, and the caller does not want to wait."""


@contextmanager
def hold(folder: Path, *, wait: bool, say: Callable[[str], None]) -> Iterator[bool]:
    """Hold the lock of an edition's folder while the block runs.

    Parameters
    ----------
    folder
        The edition's folder. The lock lies beside it, for editions are handed on.
    wait
        Whether to wait for another holder, or to raise.
    say
        Told once who is waited for, and that there is no lock where the file system has none.

    Yields
    ------
    bool
        Whether there is a lock at all.

    Raises
    ------
    BusyError
        Another process holds it and `wait` is false; the message names the process.
    RopsError
        The lock cannot be written.
    """
    path = folder.with_name(f".{folder.name}.lock")
    handle = _open(path)
    try:
        locked = _take(handle, folder, wait=wait, say=say)
        while not _is_at(handle, path):  # somebody removed it meanwhile: the lock of a removed file keeps nobody out
            os.close(handle)
            handle = _open(path)
            locked = _take(handle, folder, wait=wait, say=say)
        with suppress(OSError):  # the disk may be full; the lock holds without words
            _write(handle, {"pid": os.getpid(), "host": socket.gethostname(), "since": _now()})
        yield locked
        with suppress(OSError):
            _write(handle, {})
    finally:
        os.close(handle)


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
    except OSError as error:
        raise RopsError(f"Cannot write to {path.parent}: {error.strerror or error}. Choose another --out.") from error


def _is_at(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except OSError:
        return False


def _take(handle: int, folder: Path, *, wait: bool, say: Callable[[str], None]) -> bool:
    told = False
    while True:
        try:
            _lock(handle)
        except OSError as error:
            if error.errno in _UNKNOWN:
                say(f"{folder} is on a disk that knows no locks: run one `render` on it at a time.")
                return False
            if error.errno not in {errno.EACCES, errno.EAGAIN, errno.EDEADLK}:
                raise RopsError(f"Cannot lock {folder}: {error.strerror or error}. Choose another --out.") from error
        else:
            return True
        if not wait:
            raise BusyError(f"{_holder(handle)} is writing to {folder}. Try again when it is done.")
        if not told:
            say(f"Waiting: {_holder(handle)} is writing to {folder}. --no-wait gives up instead.")
            told = True
        time.sleep(_PAUSE_SECONDS)


def _lock(handle: int) -> None:
    """Lock the byte, or raise at once."""
    if sys.platform == "win32":
        os.lseek(handle, _BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        # Not `flock`: a child that was forked would hold it on after its parent has died.
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _BYTE, os.SEEK_SET)


def _holder(handle: int) -> str:
    """Return who holds the lock, as it says itself."""
    try:
        os.lseek(handle, 0, os.SEEK_SET)
        found = json.loads(os.read(handle, 1000))
        return f"process {found['pid']} on {found['host']} (since {found['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"


def _write(handle: int, content: dict[str, object]) -> None:
    os.lseek(handle, 0, os.SEEK_SET)
    os.ftruncate(handle, 0)
    os.write(handle, json.dumps(content).encode() + b"\n")


def _now() -> str:
    return datetime.now(tz=UTC).isoformat(timespec="seconds")
