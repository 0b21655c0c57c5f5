"""Faults of a notebook in a real batch: one report fails with its cause told, and no other report notices."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from editions import is_alive, manifest_of, whole_files, with_status
from small_notebooks import put, small_notebook

from projects import link_project
from ropsanalysis.regions import by_teryt

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="signals and process groups are those of POSIX"),
]

#: One fault for each region named, in a cell of its own. The others show what a fault might have left to them.
FAULTS = """\
import os, pathlib, signal, socket, subprocess, sys, time, urllib.request
project = pathlib.Path(os.environ["ROPSANALYSIS_PROJECT"])
def leave_child():
    child = subprocess.Popen(["sleep", "600"], start_new_session=True)
    (project / f"child-{region}").write_text(str(child.pid))
match region:
    case "02": sys.exit(0)
    case "04":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        leave_child()
        while True:
            try: time.sleep(600)
            except BaseException: pass
    case "06":
        leave_child()
        held = []
        while True: held.append(bytearray(2**23))
    case "08": urllib.request.urlopen("https://example.org/44051401359")
    case "10": socket.create_connection(("192.0.2.1", 80))
    case "12": os._exit(0)
    case "14": os.kill(os.getpid(), signal.SIGKILL)
"""
CAUSES = {
    "02": "cell 6 failed with SystemExit: the cell ended the notebook",
    "04": "cell 6: it took longer than {time_limit} s and was ended",
    "06": "cell 6: it held more than {memory_limit} MiB of memory and was ended",
    "08": "cell 6 failed with NetworkRefusedError: a report is made from files alone and may not use the network",
    "10": "cell 6 failed with NetworkRefusedError: a report is made from files alone and may not use the network",
    "12": "cell 6: its process ended with code 0 before the report was finished",
    "14": "cell 6: its process was ended by SIGKILL (out of memory?)",
}
#: What the kernel's client says where the kernel ends or is ended by its own cell.
KERNEL_CAUSES = {
    **CAUSES,
    **dict.fromkeys(("12", "14"), "cell 6 failed with DeadKernelError: the kernel's process was ended"),
}

#: What a notebook may do to its process without failing.
CHANGES = """\
import builtins, decimal, locale, logging, random, threading, warnings
import matplotlib as mpl, numpy as np, pandas as pd
from matplotlib import pyplot as plt
if region == "18":
    os.environ.update(LANG="xx", SOURCE_DATE_EPOCH="86400", TZ="Asia/Tokyo"); time.tzset()
    os.environ.pop("PATH"); os.environ.pop("ROPSANALYSIS_PROJECT")
    os.chdir("/"); os.umask(0o777)
    sys.path.insert(0, "/nowhere"); sys.argv[:] = ["x"]; sys.setrecursionlimit(5000)
    sys.modules["__main__"].left = sys.modules["left"] = 1
    builtins.left = 1; builtins.sorted = lambda items, **_: list(items)
    mpl.rcParams["font.size"] = 30; mpl.rcParams["svg.hashsalt"] = "x"; plt.figure()
    pd.set_option("display.precision", 1); np.seterr(all="raise"); np.set_printoptions(precision=1)
    warnings.simplefilter("error"); logging.disable(); logging.getLogger().setLevel(1)
    locale.setlocale(locale.LC_ALL, "C"); decimal.getcontext().prec = 2; random.seed(1); np.random.seed(1)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    pd.DataFrame.left = lambda self: 1
if region == "20":
    print("x" * 2**20); os.write(1, b"y" * 2**20); sys.stderr.write("z" * 2**20)
    pathlib.Path("stray.txt").write_text("x")
"""
SHOWN = """\
print(sorted(os.environ), os.environ.get("LANG"), os.environ.get("SOURCE_DATE_EPOCH"), time.tzname,
      pathlib.Path.cwd().name, oct(os.umask(0o22)), [p for p in sys.path if "nowhere" in p], sys.argv,
      sys.getrecursionlimit(), hasattr(sys.modules["__main__"], "left"), "left" in sys.modules,
      hasattr(builtins, "left"), mpl.rcParams["font.size"], mpl.rcParams["svg.hashsalt"], plt.get_fignums(),
      pd.get_option("display.precision"), np.geterr(), np.get_printoptions()["precision"],
      [f[0] for f in warnings.filters], logging.root.manager.disable, logging.root.level,
      locale.setlocale(locale.LC_ALL), decimal.getcontext().prec,
      signal.getsignal(signal.SIGTERM), hasattr(pd.DataFrame, "left")) if region not in {"18", "20"} else None
"""


@dataclass(frozen=True)
class Batch:
    """A batch that has ended: its project, its command, its regions and the causes it should tell."""

    project: Path
    result: CompletedProcess[str]
    regions: tuple[str, ...]
    causes: dict[str, str]

    @property
    def edition(self) -> Path:
        return self.project / "reports" / "2025"

    def annex(self, teryt: str) -> dict[str, Any]:
        path = self.edition / by_teryt(teryt).folder / "regional_diagnosis.json"
        return json.loads(path.read_text(encoding="utf-8"))

    def printed(self, teryt: str) -> list[str]:
        return [one["text"] for one in self.annex(teryt)["elements"] if one["kind"] == "plain"]


#: How the batch is run, and which regions: each failure in a pool costs a new process, each report a new kernel.
WAYS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "fork": ((), ("02", "04", "06", "08", "10", "12", "14", "16", "18", "20", "22", "24")),
    "pool": (("--isolation", "pool"), ("04", "14", "18", "20", "22", "24")),
    "kernel": (("--engine", "kernel"), ("06", "08", "12", "20", "22")),
}
TIME_LIMIT, MEMORY_LIMIT = 15, 900


@pytest.fixture(scope="module", params=list(WAYS))
def batch(
    request: pytest.FixtureRequest,
    built_data: Path,
    tmp_path_factory: pytest.TempPathFactory,
    run_cli: Callable[..., CompletedProcess[str]],
) -> Batch:
    """Run a batch with faults in it."""
    words, regions = WAYS[request.param]
    project = link_project(built_data, tmp_path_factory.mktemp(request.param))
    put(small_notebook(FAULTS, CHANGES, SHOWN), project)
    result = run_cli(
        "render", "--report", "regional_diagnosis", "--region", ",".join(regions), "--jobs", "2", "--project", project,
        "--time-limit", str(TIME_LIMIT), "--memory-limit", str(MEMORY_LIMIT), "--edition", "2025",
        "--format", "html,json", "--json", *words, cwd=project,
    )  # fmt: skip
    told = KERNEL_CAUSES if request.param == "kernel" else CAUSES
    causes = {
        code: cause.format(time_limit=TIME_LIMIT, memory_limit=MEMORY_LIMIT)
        for code, cause in told.items()
        if code in regions
    }
    return Batch(project, result, regions, causes)


def test_each_fault_is_told_with_its_cell_and_its_cause(batch: Batch) -> None:
    assert batch.result.returncode == 1, batch.result.stderr
    outcomes = {item["teryt"]: item for item in json.loads(batch.result.stdout)}
    assert set(outcomes) == set(batch.regions)
    assert {code: one["cause"] for code, one in outcomes.items() if one["status"] != "done"} == batch.causes
    lines = re.findall(
        r"^FAILED regional_diagnosis (\d\d) \S+: (.*)\. Details: (.*\.txt)$", batch.result.stderr, re.MULTILINE
    )
    assert {code: cause for code, cause, _ in lines} == batch.causes
    assert all(Path(path).read_text(encoding="utf-8").startswith(cause) for _, cause, path in lines)
    assert "44051401359" not in batch.result.stderr + batch.result.stdout
    assert "Traceback" not in batch.result.stderr


def test_the_other_reports_are_whole_and_told_of(batch: Batch) -> None:
    good = set(batch.regions) - set(batch.causes)
    names = {f"{by_teryt(c).folder}/regional_diagnosis.{name}" for c in good for name in ("html", "json")}
    assert set(whole_files(batch.edition)) == {*names, "index.html", "manifest.json"}
    manifest = manifest_of(batch.edition)
    assert set(with_status(manifest, "done")) == good
    assert {code: run["cause"] for code, run in with_status(manifest, "failed").items()} == batch.causes
    page = (batch.edition / "index.html").read_text(encoding="utf-8")
    assert set(re.findall(r'href="(\d\d-[^"]+)"', page)) == names


def test_nothing_that_a_failed_run_started_is_left(batch: Batch) -> None:
    left = {path.name: int(path.read_text(encoding="utf-8")) for path in batch.project.glob("child-*")}
    assert set(left) == {f"child-{code}" for code in ("04", "06") if code in batch.regions}
    assert [name for name, pid in left.items() if is_alive(pid)] == []


def test_what_one_notebook_changes_the_next_does_not_see(batch: Batch) -> None:
    seen = {code: batch.printed(code) for code in batch.regions if code in {"16", "22", "24"}}
    assert seen
    assert len({text for texts in seen.values() for text in texts}) == 1, seen
    [shown, *_] = seen["22"]
    assert "ROPSANALYSIS_PROJECT" in shown
    assert "nowhere" not in shown
    assert batch.annex("22")["cover"]["teryt"] == "22"


def test_a_megabyte_printed_stays_out_of_the_report(batch: Batch) -> None:
    shown = "".join(batch.printed("20"))
    assert shown.startswith("xxx")
    assert "(dalszą część wydruku pominięto)" in shown
    sizes = [path.stat().st_size for path in (batch.edition / by_teryt("20").folder).iterdir()]
    assert max(sizes) < 120_000
    assert not list(batch.project.rglob("stray.txt"))


def test_what_a_run_cost_is_in_the_manifest_failed_or_not(batch: Batch) -> None:
    runs = {run["teryt"]: run for run in manifest_of(batch.edition)["runs"]}
    assert all(50 < runs[code]["peak_memory_mib"] < MEMORY_LIMIT for code in set(batch.regions) - set(batch.causes))
    assert all(runs[code]["cpu_seconds"] > 0 for code in set(batch.regions) - {"12", "14"})
    if "06" in batch.regions:
        assert runs["06"]["peak_memory_mib"] > MEMORY_LIMIT / 2


def test_a_second_run_makes_what_failed_and_nothing_else(
    batch: Batch, run_cli: Callable[..., CompletedProcess[str]]
) -> None:
    good: Sequence[str] = [code for code in batch.regions if code not in batch.causes]
    result = run_cli(
        "status", "--report", "regional_diagnosis", "--region", ",".join(batch.regions), "--project", batch.project,
        "--edition", "2025", "--format", "html,json", "--json",
    )  # fmt: skip
    states = {one["teryt"]: one["state"] for one in json.loads(result.stdout)}
    assert states == {**dict.fromkeys(good, "fresh"), **dict.fromkeys(batch.causes, "failed")}
