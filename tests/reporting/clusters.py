"""A Dask cluster on this machine: scheduler and workers are processes of their own, as on other machines."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from projects import cli_environment

#: Keeps everything a worker starts from reading below a folder, as if that lay on another machine.
_BLIND = """\
import os, sys
hidden = os.environ["HIDDEN_FOLDER"]
def hook(event, args):
    if event in {"open", "os.listdir", "os.scandir"} and str(args[0]).startswith(hidden):
        raise FileNotFoundError(2, "not on this machine", str(args[0]))
sys.addaudithook(hook)
"""


class Cluster:
    """A scheduler and two workers of one thread each, which do not see what lies below a folder."""

    def __init__(self, hidden: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="ropsanalysis-cluster-"))
        (self.folder / "sitecustomize.py").write_text(_BLIND, encoding="utf-8")
        paths = os.pathsep.join(filter(None, (str(self.folder), os.environ.get("PYTHONPATH"))))
        self._environment = cli_environment({"PYTHONPATH": paths, "HIDDEN_FOLDER": str(hidden)})
        self._processes: list[subprocess.Popen[bytes]] = []
        self.address = ""

    @property
    def notes(self) -> Path:
        """A folder that workers do see."""
        return self.folder

    def start(self) -> Cluster:
        """Start what does not run."""
        if any(process.poll() is not None for process in self._processes):
            self._end()
        if not self._processes:
            self._processes = [self._run("dask_scheduler", "--host", "127.0.0.1", "--port", "0",
                                         "--scheduler-file", "scheduler.json")]  # fmt: skip
            self.address = self._address()
            self._processes.append(self._run("dask_worker", self.address, "--nworkers", "2", "--nthreads", "1",
                                             "--local-directory", str(self.folder)))  # fmt: skip
        return self

    def lose_scheduler(self) -> None:
        """Kill the scheduler."""
        self._processes[0].kill()
        self._processes[0].wait()

    def stop(self) -> None:
        """End everything."""
        self._end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, module: str, *words: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{module}.log").open("ab")
        with log:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{module}", *words, "--no-dashboard"],
                cwd=self.folder, env=self._environment, stdout=log, stderr=log,
            )  # fmt: skip

    def _address(self) -> str:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                return str(json.loads((self.folder / "scheduler.json").read_bytes())["address"])
            except (OSError, ValueError):
                time.sleep(0.1)
        raise AssertionError((self.folder / "dask_scheduler.log").read_text(encoding="utf-8"))

    def _end(self) -> None:
        for process in reversed(self._processes):
            started = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
            process.terminate()
            _, left = psutil.wait_procs(started, timeout=10)
            for one in left:
                one.kill()
            process.kill()
            process.wait()
        self._processes = []
        (self.folder / "scheduler.json").unlink(missing_ok=True)
