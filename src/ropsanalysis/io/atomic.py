"""Files that are either the old one or the whole new one, never half of it."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from ropsanalysis.errors import RopsError

_NO_SPACE: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_ACCESS: Final = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ETXTBSY}


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; what is written there takes the place of `path` at the end.

    The folder is created when needed. If the block fails or is interrupted, the temporary file is removed and
    the previous file stays as it was.

    Raises
    ------
    RopsError
        If the disk is full, or the file cannot be written (no permission, or open in another program); the
        message says what to do.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        _flush_to_disk(temporary)
        temporary.replace(path)
    except OSError as error:
        raise explain(error, path) from error
    finally:
        # After a successful replace there is nothing left to remove.
        if temporary.exists():
            temporary.unlink()


def write_bytes(path: Path, data: bytes) -> Path:
    """Write `data` to `path` at once and return the path; see `replacing` for errors."""
    with replacing(path) as temporary:
        temporary.write_bytes(data)
    return path


def write_text(path: Path, text: str) -> Path:
    """Write `text` as UTF-8 with line feeds, on every system alike, at once; return the path."""
    return write_bytes(path, text.encode("utf-8"))


def explain(error: OSError, path: Path) -> RopsError:
    """Return the package's error for a file that could not be written: what happened and what to do."""
    if error.errno in _NO_SPACE:
        return RopsError(
            f"No space left on the disk while writing {path}. The previous file, if any, is unchanged. "
            "Free some space and run the command again."
        )
    if isinstance(error, PermissionError) or error.errno in _NO_ACCESS:
        return RopsError(
            f"Cannot write {path}: it is open in another program, or you may not write to this folder. "
            "The previous file, if any, is unchanged. Close the file (or choose a folder you may write to) "
            "and run the command again."
        )
    return RopsError(
        f"Cannot write {path}: {error.strerror or error}. The previous file, if any, is unchanged. "
        "Correct the cause and run the command again."
    )


def _flush_to_disk(path: Path) -> None:
    # Without this a power cut may leave the new name with no content behind it.
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def remove_leavings(folder: Path) -> None:
    """Remove temporary files that killed processes left in a folder which nobody else is writing to now."""
    for path in folder.glob(".*.tmp"):
        with suppress(OSError):
            path.unlink()
