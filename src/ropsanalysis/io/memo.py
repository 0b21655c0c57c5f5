"""What was worked out of a file, remembered for as long as the file system says it is the same file.

Asking whether anything has changed would otherwise mean reading every file of data and code again.
Size, time of change and inode tell an unchanged file, save for one that was changed just before it was
read: another change in the same moment could leave all of them as they were. Such a file is read again.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

import ropsanalysis
from ropsanalysis.errors import RopsError
from ropsanalysis.io import atomic
from ropsanalysis.io.paths import Project

_Made = TypeVar("_Made")

#: Beside the processed tables; may be deleted at any time.
NAME: Final = ".memo.json"

#: A file changed less than this before it was read, or "after" it by a clock that was set back, is read again.
_SETTLED_NS: Final = 2_000_000_000
#: Modules whose results are remembered: where they change, everything is worked out anew.
_MAKERS: Final = ("memo.py", "source_code.py")


class Memo:
    """Remembers, for one project, what was worked out of its files and of the package's own.

    Parameters
    ----------
    store
        File that keeps the memory from one command to the next.
    roots
        Folders by name. Only what lies in one of them is kept, under that name: never a machine's path.
    """

    def __init__(self, store: Path, *, roots: Mapping[str, Path]) -> None:
        self._store, self._roots = store, dict(roots)
        self._entries = _read(store)
        self._changed = False

    def recall(self, path: Path, name: str, make: Callable[[bytes], _Made]) -> _Made:
        """Return what `make` gives for the file's content, without reading the file where that is known.

        Parameters
        ----------
        name
            Tells apart what different functions make of one file.
        make
            A pure function whose result JSON can hold.
        """
        key = self._key(path)
        now = _signature(path)
        kept = self._entries.get(key, {}).get(name)
        if kept is not None and kept["of"] == now and kept["read_ns"] - max(now[1:3]) > _SETTLED_NS:
            found: _Made = kept["is"]
            return found
        read_ns = time.time_ns()
        made = make(path.read_bytes())
        if _signature(path) == now:
            self._entries.setdefault(key, {})[name] = {"of": now, "read_ns": read_ns, "is": made}
            self._changed = True
        return made

    def sha256(self, path: Path) -> str:
        """Return the SHA-256 checksum of a file's bytes in hexadecimal."""
        return self.recall(path, "sha256", lambda data: hashlib.sha256(data).hexdigest())

    def save(self) -> None:
        """Keep the memory for the next command, if there is a folder for it; failing to keep it harms nothing."""
        if not self._changed or not self._store.parent.is_dir():
            return
        there = {key: kept for key, kept in self._entries.items() if (path := self._path(key)) and path.is_file()}
        with suppress(RopsError):
            atomic.write_text(self._store, json.dumps({"made_by": _made_by(), "files": there}))
            self._changed = False

    def _key(self, path: Path) -> str:
        for name, root in self._roots.items():
            if path.is_relative_to(root):
                return f"{name}/{path.relative_to(root).as_posix()}"
        return str(path)  # told apart in this process, and left out by `save`

    def _path(self, key: str) -> Path | None:
        name, _, rest = key.partition("/")
        return self._roots[name] / rest if name in self._roots else None


@cache
def of(project: Project) -> Memo:
    """Return this process's memory of a project."""
    package = Path(ropsanalysis.__file__).parent
    return Memo(project.processed / NAME, roots={"package": package, "project": project.root})


def _signature(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


@cache
def _made_by() -> str:
    digest = hashlib.sha256(repr(sys.version_info[:2]).encode())
    for name in _MAKERS:
        digest.update(Path(__file__).with_name(name).read_bytes())
    return digest.hexdigest()


def _read(store: Path) -> dict[str, dict[str, Any]]:
    try:
        found = json.loads(store.read_bytes())
        if found["made_by"] != _made_by():
            return {}
        files = found["files"]
        for kept in files.values():
            for one in kept.values():
                _check(one)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}  # whatever it is, it can be worked out again
    return dict(files)


def _check(one: Mapping[str, Any]) -> None:
    """Raise where an entry has not the form that `recall` reads."""
    if "is" not in one or not all(isinstance(value, int) for value in (*one["of"], one["read_ns"])):
        raise ValueError("not an entry of this memory")
