"""The jobs of a batch, done by the workers of a Dask cluster.

Workers need this package, the very same, and nothing else: tables and notebooks are sent to those that do not find
them on a shared disk, and finished files come back as bytes. They are put in place here, as those of a local batch
are. Which worker gets which job is decided here as well, so that it is known which jobs a lost worker had.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ropsanalysis.errors import ReportError, RopsError, UsageError
from ropsanalysis.io import provenance
from ropsanalysis.reporting import parcel, publish
from ropsanalysis.reporting.job import Job, Outcome
from ropsanalysis.reporting.parcel import Parcel

if TYPE_CHECKING:
    from distributed import Client, Future

#: How often a job is started whose worker is lost each time.
TRIES: Final = 3
#: Seconds to wait for a scheduler, and for a worker where there is none.
_PATIENCE: Final = 30.0
#: Seconds that a worker may take for a part of the data, and a finished report to come over.
_TRANSFER: Final = 120.0
#: Seconds between two looks at which workers there are.
_PAUSE: Final = 0.25
#: Bytes that are sent at a time.
_PART: Final = 4 * 2**20
_ADDRESS: Final = re.compile(r"(tcp|tls|ws|wss|ucx)://.+")


class SchedulerLostError(RopsError):
    """The scheduler is not there, or no longer."""


def check_address(address: str) -> None:
    """Check what can be checked before anything is planned.

    Raises
    ------
    UsageError
        It is no address of a scheduler, or the library that speaks to one is not installed.
    """
    if not _ADDRESS.fullmatch(address):
        raise UsageError(f"A scheduler's address reads tcp://host:8786 or tls://host:8786, not '{address}'.")
    if find_spec("distributed") is None:
        raise UsageError(
            "--scheduler needs the package 'distributed', the extra [cluster] of this project: run `make setup`, or "
            '`pip install "ropsanalysis[cluster]"`.'
        )


def run(
    jobs: Sequence[Job],
    *,
    address: str,
    most: int | None,
    scratch: Path,
    on_change: Callable[[int, list[Job]], None],
    done: Callable[[Outcome], None],
    stop: Callable[[], bool] = lambda: False,
    say: Callable[[str], None] = lambda _: None,
) -> None:
    """Run the jobs on a cluster; apart from where they run it is `ropsanalysis.reporting.batch.run`.

    Parameters
    ----------
    address
        Of the scheduler, as in ``"tcp://host:8786"``.
    most
        How many jobs at a time; None for as many as the workers have threads.
    say
        Told of workers that cannot be used.

    Raises
    ------
    KeyboardInterrupt
        `stop` said yes; nothing runs any more.
    SchedulerLostError
        The scheduler is not to be reached, or there is no worker, or no longer.
    ReportError
        Workers that are there at the start have other code or libraries than this machine.
    """
    with _connected(address) as client:
        crew = _Crew(client, address, parcel.pack(jobs), say)
        batch = _Batch(jobs, crew, most=most, scratch=scratch, done=done)
        try:
            crew.gather()
            while batch.is_going_on():
                if stop():
                    raise KeyboardInterrupt
                batch.hand_out()
                on_change(batch.finished, batch.running_jobs())
                batch.wait()
                batch.collect()
            on_change(batch.finished, [])
        finally:
            crew.dismiss(batch.running)


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    import distributed

    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)  # what goes wrong is told by the errors of this module, once
    try:
        client = distributed.Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        logging.disable(before)
        raise SchedulerLostError(f"No scheduler answers at {address} ({type(error).__name__}).") from error
    try:
        with client.as_current():
            yield client
    finally:
        with suppress(OSError, TimeoutError):
            client.close(timeout=5)
        logging.disable(before)


class _Crew:
    """The workers of the cluster that may be used: they have the same code and all the data."""

    def __init__(self, client: Client, address: str, packed: Parcel, say: Callable[[str], None]) -> None:
        self._client, self._address, self._parcel, self._say = client, address, packed, say
        self._described = packed.described()
        self._refused: set[str] = set()
        self._alone_since: float | None = None
        self.threads: dict[str, int] = {}

    def gather(self) -> None:
        """Find the workers there are.

        Raises
        ------
        SchedulerLostError
            There is none.
        ReportError
            Some are of another state than this machine.
        """
        limit = time.monotonic() + _PATIENCE
        while not (there := self._there()) and time.monotonic() < limit:
            time.sleep(_PAUSE)
        if not there:
            raise SchedulerLostError(f"The scheduler {self._address} has no workers; start one with `dask worker`.")
        different = {worker: why for worker in there if (why := self._difference(worker))}
        if different:
            told = "; ".join(f"{worker}: {why}" for worker, why in sorted(different.items()))
            raise ReportError(
                f"Workers differ from this machine, and their reports might: {told}. Install the same version of "
                "ropsanalysis and of its libraries there, and start them anew."
            )
        self.look()

    def look(self) -> None:
        """Look which workers there are now: some may be lost, others have come.

        Raises
        ------
        SchedulerLostError
            The scheduler is gone, or all workers are and none comes.
        """
        there = self._there()
        self._refused &= set(there)
        self.threads = {worker: there[worker] for worker in self.threads if worker in there}
        for worker in there.keys() - self.threads.keys() - self._refused:
            why = self._difference(worker) or self._supply(worker)
            if why:
                self._refused.add(worker)
                self._say(f"The worker {worker} is not used: {why}.")
            else:
                self.threads[worker] = there[worker]
        if self.threads:
            self._alone_since = None
            return
        self._alone_since = self._alone_since or time.monotonic()
        if time.monotonic() - self._alone_since > _PATIENCE:
            raise SchedulerLostError(
                f"The scheduler {self._address} has had no worker that can be used for {_PATIENCE:.0f} s. Finished "
                "reports are kept; run the same command to go on."
            )

    def start(self, job: Job, worker: str) -> Future[dict[str, Any]]:
        """Start a job on a worker."""
        from ropsanalysis.reporting import remote

        epoch = os.environ.get("SOURCE_DATE_EPOCH")
        return self._submit(remote.make, worker, parcel.addressed(job), self._parcel.key, epoch)

    def dismiss(self, running: Mapping[Future[dict[str, Any]], Any]) -> None:
        """Let no worker go on with what nobody waits for, and take back what they hold for the next report."""
        from ropsanalysis.reporting import remote

        with suppress(OSError, TimeoutError, ValueError, RuntimeError):  # there may be nobody to tell it to
            if self._client.status == "running":
                self._client.cancel(list(running), force=True)
                self._client.run(remote.end, workers=list(self.threads), on_error="ignore")

    def check(self) -> None:
        """Raise `SchedulerLostError` where the scheduler is gone."""
        if self._client.status != "running":
            raise SchedulerLostError(
                f"The scheduler {self._address} is gone. Finished reports are kept; run the same command to go on."
            )

    def _there(self) -> dict[str, int]:
        self.check()
        try:
            return dict(self._client.nthreads())
        except (OSError, TimeoutError, ValueError, RuntimeError):
            self.check()
            return dict(self.threads)  # one question that got lost; the next look will tell

    def _difference(self, worker: str) -> str:
        """Return in what a worker differs from this machine; empty where in nothing."""
        from ropsanalysis.reporting import remote

        try:
            theirs = self._submit(remote.state, worker).result(timeout=_TRANSFER)
        except ModuleNotFoundError as error:
            return f"it lacks the package '{error.name}'"
        except Exception as error:  # noqa: BLE001 - whatever an older package there answers, it is not this one
            return f"it could not say what it has ({type(error).__name__})"
        return difference(remote.state(), theirs)

    def _supply(self, worker: str) -> str:
        """See to it that a worker has all the data; return why that cannot be, empty where it has."""
        from ropsanalysis.reporting import remote

        try:
            for name in self._submit(remote.lacking, worker, self._described).result(timeout=_TRANSFER):
                self._send(name, worker)
            self._submit(remote.lay_out, worker, self._described).result(timeout=_TRANSFER)
        except RopsError as error:
            return str(error)
        except Exception as error:  # noqa: BLE001 - a full disk there, or it was lost meanwhile: the others go on
            return f"the data could not be sent to it ({type(error).__name__})"
        return ""

    def _send(self, name: str, worker: str) -> None:
        from ropsanalysis.reporting import remote

        data, digest = self._parcel.data(name), self._parcel.sums[name]
        for start in range(0, max(len(data), 1), _PART):
            part, last = data[start : start + _PART], start + _PART >= len(data)
            self._submit(remote.take, worker, digest, part, first=start == 0, last=last).result(timeout=_TRANSFER)

    def _submit(self, function: Callable[..., Any], worker: str, *values: Any, **named: Any) -> Future[Any]:
        return self._client.submit(
            function, *values, **named, workers=[worker], allow_other_workers=False, pure=False, retries=0
        )


@dataclass(frozen=True, slots=True)
class _Sent:
    job: Job
    worker: str


class _Batch:
    """The jobs: those waiting, those that workers have, and how often each was lost."""

    def __init__(
        self, jobs: Sequence[Job], crew: _Crew, *, most: int | None, scratch: Path, done: Callable[[Outcome], None]
    ) -> None:
        self._waiting = list(reversed(jobs))
        self._crew, self._most, self._scratch, self._done = crew, most, scratch, done
        self._lost: Counter[tuple[str, str]] = Counter()
        self.running: dict[Future[dict[str, Any]], _Sent] = {}
        self.finished = 0
        self._looked = time.monotonic()

    def is_going_on(self) -> bool:
        """Return whether anything is left to do."""
        return bool(self._waiting or self.running)

    def running_jobs(self) -> list[Job]:
        """Return the jobs that workers have."""
        return [sent.job for sent in self.running.values()]

    def hand_out(self) -> None:
        """Give each free thread of a worker a job."""
        busy = Counter(sent.worker for sent in self.running.values())
        free = [worker for worker, threads in self._crew.threads.items() for _ in range(threads - busy[worker])]
        for worker in sorted(free, key=lambda one: busy[one]):
            if not self._waiting or (self._most is not None and len(self.running) >= self._most):
                return
            job = self._waiting.pop()
            self.running[self._crew.start(job, worker)] = _Sent(job, worker)

    def wait(self) -> None:
        """Wait until a report is finished, but not longer than until workers should be looked at again."""
        import distributed

        try:
            if self.running:
                distributed.wait(list(self.running), timeout=_PAUSE, return_when="FIRST_COMPLETED")
            else:
                time.sleep(_PAUSE)
        except TimeoutError:
            pass
        except distributed.CancelledError:
            self._crew.check()  # the scheduler may be gone; else `collect` finds which of them was cancelled

    def collect(self) -> None:
        """Take what is finished, and take back what lost workers had."""
        for future in [future for future in self.running if future.done()]:
            self._take(future)
        if time.monotonic() - self._looked >= _PAUSE:
            self._crew.look()
            self._looked = time.monotonic()
            for future, sent in list(self.running.items()):
                if sent.worker not in self._crew.threads and not future.done():
                    future.cancel(force=True)
                    self._take_back(future, "its worker was lost")

    def _take(self, future: Future[dict[str, Any]]) -> None:
        self._crew.check()
        sent = self.running[future]
        try:
            found = future.result(timeout=_TRANSFER)
        except Exception as error:  # noqa: BLE001 - whatever Dask says of a worker that it lost, or cannot hear
            self._crew.check()
            self._take_back(future, f"its worker gave no answer ({type(error).__name__})")
            return
        if found["status"] == "lost":
            self._take_back(future, found["cause"], diagnostic=found["diagnostic"])
            return
        del self.running[future]
        future.release()
        self._tell(_outcome(sent.job, found, self._scratch))

    def _take_back(self, future: Future[dict[str, Any]], cause: str, *, diagnostic: str = "") -> None:
        """Run a job again that a worker was lost with, unless that has happened too often."""
        job = self.running.pop(future).job
        key = (job.report, job.teryt)
        self._lost[key] += 1
        if self._lost[key] < TRIES:
            self._waiting.append(job)
        else:
            self._tell(Outcome(job, "failed", cause=f"{cause}, {TRIES} times", diagnostic=diagnostic))

    def _tell(self, outcome: Outcome) -> None:
        self.finished += 1
        self._done(outcome)


def difference(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> str:
    """Return in what the state of a worker differs from that of this machine, in words; empty where in nothing."""
    if ours["python"] != theirs["python"]:
        return f"it runs Python {theirs['python']} and not {ours['python']}"
    if ours["package"] != theirs["package"]:
        return "it has another version of ropsanalysis, or changed code"
    other = [
        f"{name} {theirs['libraries'][name]} and not {number}"
        for name, number in ours["libraries"].items()
        if theirs["libraries"].get(name, number) != number
    ]
    rest = f" and {len(other) - 3} more" if len(other) > 3 else ""
    return f"it has {', '.join(other[:3])}{rest}" if other else ""


def _outcome(job: Job, found: Mapping[str, Any], scratch: Path) -> Outcome:
    """Put a finished report's files in place, as they were where it was made."""
    if found["status"] != "done":
        return Outcome(job, "failed", cause=found["cause"], diagnostic=found["diagnostic"], usage=dict(found["usage"]))
    workdir = scratch / f"{job.teryt}-{job.report}"
    try:
        workdir.mkdir(parents=True)
        for name in job.formats:
            (workdir / f"{job.report}.{name}").write_bytes(_whole(name, found))
        return publish.publish(job, workdir, usage=dict(found["usage"]))
    except ReportError as error:
        return Outcome(job, "failed", cause=str(error))
    except OSError as error:
        return Outcome(job, "failed", cause=publish.hint(error))
    finally:
        shutil.rmtree(workdir, ignore_errors=True)


def _whole(name: str, found: Mapping[str, Any]) -> bytes:
    data: bytes = found["files"][name]
    if provenance.sha256(data) != found["sums"][name]:
        raise ReportError(f"the {name} file did not come over whole; run the same command again")
    return data
