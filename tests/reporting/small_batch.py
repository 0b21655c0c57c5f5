"""A batch whose reports cost nothing, in a process that can be killed: what is tested is what surrounds them."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from editions import manifest_of, whole_files

from ropsanalysis.regions import by_teryt
from ropsanalysis.reporting import lifeline, render, warm, worker
from ropsanalysis.reporting.cache import Inputs
from ropsanalysis.reporting.job import Job
from ropsanalysis.reporting.render import Plan

REPORT, FORMATS = "regional_diagnosis", ("html", "json")
#: What changes the file system, as Python's audit hooks name it, beside opening a file to write.
_CHANGING = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.truncate"}


class Keys:
    """Stands for `cache.Keys`: a report depends on one number."""

    def __init__(self, version: int) -> None:
        self._version = version

    def inputs(self, report: str, *_: object, **__: object) -> Inputs:
        return Inputs("notebook", {}, {}, {f"{report}/table": str(self._version)}, {})

    def save(self) -> None:
        pass


@dataclass(frozen=True)
class Edition:
    """An edition under `folder / "2025"`; which runs were started is in `folder / "ran"`.

    The run of a code hangs while there is a file `folder / "hang-<code>"`.
    """

    folder: Path
    codes: tuple[str, ...] = ("02", "04", "06")
    time_limit: int = 300

    @property
    def place(self) -> Path:
        return self.folder / "2025"

    def plan(self, version: int) -> Plan:
        jobs = tuple(
            Job(
                report=REPORT, teryt=code, edition="2025", notebook=Path("n.ipynb"), project=self.folder,
                target=self.place / by_teryt(code).folder, formats=FORMATS,
                parameters={"region": code, "version": version}, time_limit=self.time_limit,
            )
            for code in self.codes
        )  # fmt: skip
        records = {REPORT: {"fingerprint": str(version), "regions": list(self.codes), "synthetic": False}}
        return Plan(jobs, self.place, "2025", records, self.folder / "diagnostics", Keys(version), {})

    def versions(self) -> dict[str, set[int]]:
        """Return the versions of each region's files that are in place; fails on a half-written file."""
        found: dict[str, set[int]] = {}
        for path in self.place.glob(f"*/{REPORT}.*"):
            words = path.read_text(encoding="utf-8")
            assert words.rstrip().endswith(("</html>", "}")), f"half a file: {path}"
            version = json.loads(words.split("<!--")[0] if path.suffix == ".html" else words)["version"]
            found.setdefault(path.parent.name[:2], set()).add(version)
        return found

    def ran(self, pid: int) -> list[str]:
        """Return the codes whose runs a render started, by its process number."""
        log = self.folder / "ran"
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        return [line.split()[1] for line in lines if line.split()[0] == str(pid)]

    def check_whole(self, version: int) -> None:
        """Fail unless every report is whole, of this version and told of, and nothing else is left."""
        assert self.versions() == {code: {version} for code in self.codes}
        names = {f"{by_teryt(code).folder}/{REPORT}.{name}" for code in self.codes for name in FORMATS}
        assert set(whole_files(self.place)) == {*names, "index.html", "manifest.json"}
        manifest = manifest_of(self.place)
        assert {(run["teryt"], run["status"]) for run in manifest["runs"]} == {(code, "done") for code in self.codes}
        assert manifest["data"][REPORT]["fingerprint"] == str(version)
        assert {run["data_fingerprint"] for run in manifest["runs"]} == {str(version)}
        page = (self.place / "index.html").read_text(encoding="utf-8")
        assert all(f'href="{name}"' in page for name in names)
        assert "nieudanego odświeżenia" not in page


def work(job: Job, workdir: Path) -> None:
    """Stand for `worker.work`: write a file for each format after a few milliseconds, or never where told so."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    os.setsid()
    lifeline.end_with_parent()
    with (job.project / "ran").open("a", encoding="utf-8") as log:
        log.write(f"{parent.pid} {job.teryt}\n")
    while (job.project / f"hang-{job.teryt}").exists():
        time.sleep(0.1)
    text = json.dumps({"version": job.parameters["version"], "teryt": job.teryt, "rest": "x" * 20_000})
    for name in job.formats:
        time.sleep(0.004)
        ending = "<!-- --></html>\n" if name == "html" else "\n"
        (workdir / f"{job.report}.{name}").write_text(text + ending, encoding="utf-8")
    (workdir / worker.RESULT).write_text(json.dumps({"seconds": 0.01}), encoding="utf-8")


def render_in_fork(
    edition: Edition,
    version: int,
    *,
    before: Callable[[], Any] = lambda: None,
    workers: int = 2,
    **options: Any,
) -> int:
    """Start a render in a forked process and return its number; it ends with 0, 1 for a failure, 9 for an error."""
    pid = os.fork()
    if pid:
        return pid
    code = 9
    try:
        os.setsid()
        warm.up = lambda _: None
        worker.work = work
        before()
        outcomes = render.run(
            edition.plan(version),
            workers=workers,
            on_change=lambda *_: None,
            on_outcome=lambda _: None,
            **options,
        )
        code = int(any(outcome.status == "failed" for outcome in outcomes))
    except BaseException as error:  # noqa: BLE001 - told to the test
        (edition.folder / "error").write_text(repr(error), encoding="utf-8")
    finally:
        os._exit(code)


def finish(pid: int) -> int:
    """Wait for a render and return its exit code, negative for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def kill_at_change(number: int) -> Callable[[], None]:
    """Return what makes a process kill itself just before its n-th change of the file system."""
    return _kill_at(number, _is_change)


def kill_while_moving() -> Callable[[], None]:
    """Return what makes a process kill itself between the moves of the first report's two files."""
    return _kill_at(2, lambda event, args: event == "os.rename" and Path(args[1]).parent.name[:2].isdigit())


def _is_change(event: str, args: tuple[Any, ...]) -> bool:
    if event == "open":
        return isinstance(args[2], int) and bool(args[2] & (os.O_WRONLY | os.O_RDWR))
    return event in _CHANGING


def _kill_at(number: int, counts: Callable[[str, tuple[Any, ...]], bool]) -> Callable[[], None]:
    def install() -> None:
        seen, own = 0, os.getpid()

        def hook(event: str, args: tuple[Any, ...]) -> None:
            nonlocal seen
            if os.getpid() == own and counts(event, args):
                seen += 1
                if seen == number:
                    os.kill(own, signal.SIGKILL)

        sys.addaudithook(hook)

    return install
