"""What a worker of a Dask cluster is asked to do: say what it has, take what it lacks, make a report.

Everything that comes and goes is text, numbers and bytes. A report is made in a process beside the worker (see
`ropsanalysis.reporting.host`), for a worker itself may not start the processes that keep reports apart.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import distributed

from ropsanalysis.io import provenance
from ropsanalysis.io.paths import PROJECT_VARIABLE
from ropsanalysis.reporting import code_state, parcel

#: Seconds that a process with everything imported is kept for the next report.
_IDLE_SECONDS: Final = 120.0
#: Of what such a process printed before it ended, so many characters are told.
_TOLD: Final = 4000


def state() -> dict[str, Any]:
    """Return what must be the same on all machines, or their reports would differ."""
    return {
        "package": code_state.package_digest(),
        "python": ".".join(map(str, sys.version_info[:2])),
        "libraries": dict(line.split("==", 1) for line in code_state.environment()),
    }


def lacking(described: Mapping[str, Any]) -> list[str]:
    """Return the names of a parcel's files that have to be sent to this worker."""
    return parcel.lacking(described, _folder() / "stock")


def take(digest: str, data: bytes, *, first: bool, last: bool) -> None:
    """Take one part after the other of a file with a checksum."""
    arriving = _folder() / "stock" / f"{digest}.arriving"
    with arriving.open("wb" if first else "ab") as file:
        file.write(data)
    if last:
        parcel.put_in_stock(arriving.read_bytes(), arriving.parent)
        arriving.unlink()


def lay_out(described: Mapping[str, Any]) -> None:
    """Lay out a parcel of which nothing is lacking."""
    parcel.lay_out(described, _folder(), _folder() / "stock")


def make(values: Mapping[str, Any], key: str, epoch: str | None) -> dict[str, Any]:
    """Make one report from a parcel that was laid out.

    Parameters
    ----------
    values
        The job: see `ropsanalysis.reporting.parcel.addressed`.
    key
        The parcel's.
    epoch
        The time that files are given.

    Returns
    -------
    dict
        `status` (done, failed, or lost where the process beside the worker ended), `cause`, `diagnostic`, `usage`,
        and of a finished report `files` with the bytes of each format and `sums` with their checksums.
    """
    host = _HOSTS.get()
    try:
        return host.make({"job": values, "project": str(parcel.place_of(key, _folder())), "epoch": epoch})
    finally:
        _HOSTS.give_back(host)


def end() -> None:
    """End all processes beside this worker, whatever they are doing."""
    _HOSTS.end()


def _folder() -> Path:
    """Return this worker's own folder, which Dask removes when the worker ends."""
    folder = Path(distributed.get_worker().local_directory) / "ropsanalysis"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


class _Host:
    """A process beside the worker, and the lines to it."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="host-", dir=_folder()))
        self._log = (self._folder / "host.log").open("w+b")
        environment = {name: value for name, value in os.environ.items() if name != PROJECT_VARIABLE}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ropsanalysis", "host"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            cwd=self._folder,
            env=environment,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C in the worker's terminal is the worker's affair
        )
        self._timer: threading.Timer | None = None

    def make(self, order: Mapping[str, Any]) -> dict[str, Any]:
        answer = self._ask({**order, "folder": str(self._folder)})
        if answer is None:
            code = self._process.wait()
            cause = f"the process that was to run it ended with code {code}"
            return {"status": "lost", "cause": cause, "diagnostic": self._printed(), "usage": {}}
        paths = {name: Path(path) for name, path in answer["files"].items()}
        answer["files"] = {name: path.read_bytes() for name, path in paths.items()}
        answer["sums"] = {name: provenance.sha256(data) for name, data in answer["files"].items()}
        for path in paths.values():
            path.unlink()
        return answer

    def keep(self) -> None:
        """Wait for the next order, but not for ever."""
        self._timer = threading.Timer(_IDLE_SECONDS, _HOSTS.drop, [self])
        self._timer.daemon = True
        self._timer.start()

    def wake(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def is_there(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        """End the process; the runs that it started end with it."""
        self.wake()
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._log):
            with suppress(OSError, ValueError):  # it may be told to close in the middle of a line
                if stream is not None:
                    stream.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _ask(self, order: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the answer to an order; None where the process ends without one."""
        orders, answers = self._process.stdin, self._process.stdout
        try:
            if orders is None or answers is None:
                return None
            orders.write(json.dumps(order) + "\n")
            orders.flush()
            found: dict[str, Any] = json.loads(answers.readline())
        except (OSError, ValueError):
            return None
        return found

    def _printed(self) -> str:
        try:
            self._log.seek(0)
            return self._log.read().decode("utf-8", errors="replace")[-_TOLD:]
        except (OSError, ValueError):
            return ""


class _Hosts:
    """The processes beside this worker: those at work, and those that wait for more."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._all: set[_Host] = set()
        self._idle: list[_Host] = []

    def get(self) -> _Host:
        with self._lock:
            while self._idle:
                host = self._idle.pop()
                host.wake()
                if host.is_there():
                    return host
                self._all.discard(host)
                host.end()
            host = _Host()  # while nobody is told to end them all
            self._all.add(host)
            return host

    def give_back(self, host: _Host) -> None:
        with self._lock:
            if host in self._all and host.is_there():
                self._idle.append(host)
                host.keep()
                return
            self._all.discard(host)
        host.end()

    def drop(self, host: _Host) -> None:
        with self._lock:
            if host not in self._idle:
                return  # it got work meanwhile
            self._idle.remove(host)
            self._all.discard(host)
        host.end()

    def end(self) -> None:
        with self._lock:
            hosts, self._all = self._all, set()
            self._idle.clear()
        for host in hosts:
            host.end()


_HOSTS: Final = _Hosts()
