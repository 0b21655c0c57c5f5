"""The same reports by the workers of a Dask cluster: real processes, of which some are killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil
import pytest
from bundles import FOLDERS, Bundled
from clusters import Cluster
from editions import is_alive, manifest_of, whole_files, with_status

from projects import link_project
from ropsanalysis.errors import ReportError, UsageError
from ropsanalysis.io import built
from ropsanalysis.io.paths import Project
from ropsanalysis.regions import find
from ropsanalysis.reporting import cluster, code_state, parcel, render, spec
from ropsanalysis.reporting.job import Job
from ropsanalysis.reporting.render import Plan

REPORT = "regional_diagnosis"
RAW = set(built.TOPICS[REPORT].datasets)
by_cluster = pytest.mark.skipif(sys.platform == "win32", reason="kills processes, and keeps them from reading files")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    own = tmp_path_factory.getbasetemp()
    one = Cluster(hidden=own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own)
    yield one
    one.stop()


@pytest.fixture
def workers(running: Cluster) -> Cluster:
    for path in running.notes.glob("run-*"):
        path.unlink()
    return running.start()


def plan(folder: Path, regions: Sequence[str], **options: object) -> Plan:
    return render.plan(
        Project(folder),
        reports=spec.find_reports([REPORT]),
        regions=[find(code) for code in regions],
        formats=("html", "json"),
        parameters={},
        edition="2025",
        **options,  # type: ignore[arg-type]
    )


def run_on(address: str, planned: Plan, **options: object) -> list[render.Outcome]:
    quiet = {"on_change": lambda *_: None, "on_outcome": lambda _: None}
    return render.run(planned, workers=None, scheduler=address, **quiet, **options)  # type: ignore[arg-type]


def words(folder: Path, address: str, regions: str) -> tuple[str | Path, ...]:
    chosen = ("--report", REPORT, "--region", regions, "--format", "html,json", "--edition", "2025")
    return ("render", *chosen, "--project", folder, "--scheduler", address, "--json")


def runs(notes: Path) -> list[tuple[str, int]]:
    """Return region and process of each run that a notebook began."""
    return [(path.name.split("-")[1], int(path.name.split("-")[2])) for path in sorted(notes.glob("run-*"))]


def noting(notes: Path, rest: str = "") -> str:
    """Return a cell that notes that it runs."""
    note = f"(pathlib.Path({str(notes)!r}) / f'run-{{region}}-{{os.getpid()}}').touch()"
    return f"import os, pathlib, signal, time\n{note}\n{rest}"


def wait_for(condition: Callable[[], object], seconds: float = 240) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.05)


def worker_of(run: int) -> int:
    """Return the Dask worker that a run was made by: it started the process that forked the run."""
    host = psutil.Process(run).parent()
    assert host is not None
    assert "host" in host.cmdline()
    return host.ppid()


# ---- the same bytes, without a shared disk ------------------------------------------------------


@by_cluster
@pytest.mark.slow
def test_workers_that_see_none_of_the_data_make_the_same_bytes(workers: Cluster, bundled: Bundled) -> None:
    planned = render.plan(
        Project(bundled.project), reports=spec.find_reports([REPORT]), regions=[find("26")],
        formats=spec.DEFAULT_FORMATS, parameters={}, out=workers.notes / "editions", edition=bundled.folder.name,
    )  # fmt: skip
    [outcome] = run_on(workers.address, planned)
    assert (outcome.status, outcome.cause) == ("done", "")
    for name, path in outcome.files.items():
        assert path.read_bytes() == (bundled.folder / FOLDERS["26"] / f"{REPORT}.{name}").read_bytes(), name
    assert outcome.usage["cpu_seconds"] > 0
    [run] = manifest_of(planned.folder)["runs"]
    assert run["status"] == "done"
    files = [path for path in workers.folder.rglob("*") if path.is_file() and "ropsanalysis" in path.parts]
    assert [path for path in files if path.name == "build.json"], "the data were laid out"
    assert not [path for path in files if RAW & set(path.parts)], "raw data stay at the office"


# ---- faults --------------------------------------------------------------------------------------


@by_cluster
@pytest.mark.slow
def test_a_lost_worker_costs_only_its_own_job(
    workers: Cluster, small_project: Callable[..., Path], start_cli: Callable[..., subprocess.Popen[str]]
) -> None:
    folder = small_project(noting(workers.notes, "time.sleep(2 if region in ('02', '04') else 0)"))
    process = start_cli(*words(folder, workers.address, "02,04,06,08"))
    wait_for(lambda: len(runs(workers.notes)) >= 2)
    region, victim = runs(workers.notes)[0]
    os.kill(worker_of(victim), signal.SIGKILL)
    output, errors = process.communicate(timeout=240)
    assert process.returncode == 0, errors
    assert {one["status"] for one in json.loads(output)} == {"done"}
    begun = [code for code, _ in runs(workers.notes)]
    assert sorted(begun) == sorted(["02", "04", "06", "08", region])
    wait_for(lambda: not is_alive(victim), seconds=10)  # it is not left running beside the second one
    edition = folder / "reports" / "2025"
    assert set(with_status(manifest_of(edition), "done")) == {"02", "04", "06", "08"}
    assert len(whole_files(edition)) == 4 * 2 + 2


@by_cluster
@pytest.mark.slow
def test_failures_are_named_and_stay_with_their_reports(
    workers: Cluster, small_project: Callable[..., Path], run_cli: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    faults = """\
match region:
    case "02":
        while True: time.sleep(1)
    case "04": os.kill(os.getppid(), signal.SIGKILL)
    case "06": raise ValueError("PESEL 44051401359")"""
    folder = small_project(noting(workers.notes, faults))
    result = run_cli(*words(folder, workers.address, "02,04,06,08"), "--time-limit", "4")
    assert result.returncode == 1
    causes = {one["teryt"]: one["cause"] for one in json.loads(result.stdout)}
    assert causes["02"].endswith("took longer than 4 s and was ended")
    assert causes["04"] == "the process that was to run it ended with code -9, 3 times"
    assert causes["06"].endswith("failed with ValueError")
    assert causes["08"] == ""
    assert f"FAILED {REPORT} 04 kujawsko-pomorskie" in result.stderr
    assert "44051401359" not in result.stderr
    begun = [code for code, _ in runs(workers.notes)]
    assert sorted(begun) == ["02", "04", "04", "04", "06", "08"]
    edition = folder / "reports" / "2025"
    assert set(with_status(manifest_of(edition), "done")) == {"08"}
    assert set(with_status(manifest_of(edition), "failed")) == {"02", "04", "06"}
    assert len(whole_files(edition)) == 2 + 2


@by_cluster
@pytest.mark.slow
@pytest.mark.parametrize("fault", ["interrupt", "scheduler"])
def test_what_ends_in_the_middle_keeps_finished_reports_and_leaves_nothing_running(
    workers: Cluster, small_project: Callable[..., Path], start_cli: Callable[..., subprocess.Popen[str]], fault: str
) -> None:
    folder = small_project(noting(workers.notes, "time.sleep(0 if region in ('02', '04') else 600)"))
    process = start_cli(*words(folder, workers.address, "02,04,06,08,10"))
    edition = folder / "reports" / "2025"
    wait_for(lambda: len(runs(workers.notes)) == 4 and len(list(edition.glob("0*/*.json"))) == 2)
    if fault == "interrupt":
        process.send_signal(signal.SIGINT)
    else:
        workers.lose_scheduler()
    _, errors = process.communicate(timeout=240)
    if fault == "interrupt":
        assert process.returncode == 130
        wait_for(lambda: not any(is_alive(pid) for _, pid in runs(workers.notes)), seconds=20)
    else:
        assert process.returncode == 1
        told = f"The scheduler {workers.address} is gone. Finished reports are kept; run the same command to go on."
        assert told in errors
        assert "Traceback" not in errors
    assert set(with_status(manifest_of(edition), "done")) == {"02", "04"}
    assert len(whole_files(edition)) == 2 * 2 + 2


# ---- who may take part ---------------------------------------------------------------------------


@by_cluster
@pytest.mark.slow
def test_workers_with_other_code_are_named_and_not_used(
    workers: Cluster, small_project: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = plan(small_project(), ["02"])
    monkeypatch.setattr(code_state, "package_digest", lambda: "changed since")
    with pytest.raises(ReportError, match=r"tcp://127\.0\.0\.1:\d+: it has another version of ropsanalysis"):
        run_on(workers.address, planned)
    assert whole_files(planned.folder) == ["index.html", "manifest.json"]


OURS = {"package": "a", "python": "3.11", "libraries": {"numpy": "2.4.6", "typst": "0.15.2"}}


@pytest.mark.parametrize(
    ("theirs", "told"),
    [
        ({}, ""),
        ({"python": "3.12"}, "it runs Python 3.12 and not 3.11"),
        ({"package": "b"}, "it has another version of ropsanalysis, or changed code"),
        ({"libraries": {"numpy": "2.4.5", "typst": "0.15.2"}}, "it has numpy 2.4.5 and not 2.4.6"),
        ({"libraries": {"numpy": "2.4.6", "typst": "0.15.2", "pywin32": "1"}}, ""),  # of another system
    ],
)
def test_a_difference_is_told_in_words(theirs: dict[str, object], told: str) -> None:
    assert cluster.difference(OURS, {**OURS, **theirs}) == told


def test_a_wrong_address_and_a_missing_library_are_told_before_anything_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    cluster.check_address("tls://scheduler:8786")
    with pytest.raises(UsageError, match="reads tcp://host:8786"):
        cluster.check_address("scheduler:8786")
    monkeypatch.setattr(cluster, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"make setup.*ropsanalysis\[cluster\]"):
        cluster.check_address("tcp://scheduler:8786")


def test_a_scheduler_that_does_not_answer_is_told(
    small_project: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE", 1)
    with pytest.raises(cluster.SchedulerLostError, match=r"No scheduler answers at tcp://127\.0\.0\.1:9"):
        run_on("tcp://127.0.0.1:9", plan(small_project(), ["02"]))


# ---- data by value -------------------------------------------------------------------------------


@pytest.fixture
def packed(built_data: Path, tmp_path: Path) -> tuple[Job, parcel.Parcel]:
    folder = link_project(built_data, tmp_path / "project")
    (folder / "earlier.json").write_text("{}", encoding="utf-8")
    [job] = plan(folder, ["02"]).jobs
    return job, parcel.pack([job])


def laid_out(packed: parcel.Parcel, folder: Path) -> Path:
    described = {**packed.described(), "sources": dict.fromkeys(packed.sums, "/nowhere")}
    for name in parcel.lacking(described, folder / "stock"):
        parcel.put_in_stock(packed.data(name), folder / "stock")
    assert parcel.lacking(described, folder / "stock") == []
    return parcel.lay_out(described, folder, folder / "stock")


def test_tables_sent_without_their_raw_data_are_known_to_fit_them(
    packed: tuple[Job, parcel.Parcel], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, files = packed
    there = Project(laid_out(files, tmp_path / "there"))
    assert there.root != job.project
    assert built.record(there, REPORT) == built.record(Project(job.project), REPORT)
    raw = {path.relative_to(there.raw) for path in there.raw.rglob("*") if path.is_file()}
    assert Path(built.LISTED) in raw
    assert not [path for path in raw if RAW & set(path.parts)]
    assert all((there.raw / name).is_dir() for name in RAW), "what was delivered is known"
    received = parcel.received(parcel.addressed(job), there.root, tmp_path / "work")
    assert received.notebook.read_bytes() == job.notebook.read_bytes()
    assert (received.project, received.target) == (there.root, tmp_path / "work" / parcel.DONE)
    assert str(job.project) not in json.dumps(parcel.addressed(job))
    monkeypatch.setattr(built, "_versions", lambda: {"numpy": "other"})  # on that machine
    assert built.changed(there, REPORT) != []


def test_files_on_a_shared_disk_are_not_sent(packed: tuple[Job, parcel.Parcel], tmp_path: Path) -> None:
    assert parcel.lacking(packed[1].described(), tmp_path / "stock") == []


def test_only_what_has_changed_is_sent_again(packed: tuple[Job, parcel.Parcel], tmp_path: Path) -> None:
    job, files = packed
    laid_out(files, tmp_path)
    job.notebook.write_text(job.notebook.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    later = parcel.pack([job])
    assert later.key != files.key
    described = {**later.described(), "sources": dict.fromkeys(later.sums, "/nowhere")}
    assert parcel.lacking(described, tmp_path / "stock") == [f"notebooks/{REPORT}.ipynb"]
    with pytest.raises(ReportError, match="has changed since the run began"):
        files.data(f"notebooks/{REPORT}.ipynb")


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", "a\\..\\x", "C:x", ""])
def test_a_parcel_writes_nothing_outside_its_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "stock").mkdir()
    parcel.put_in_stock(b"x", tmp_path / "stock")
    [stocked] = (tmp_path / "stock").iterdir()
    described = {"key": "k" * 64, "sums": {name: stocked.name}, "raw": {"folders": [], "files": {}}}
    with pytest.raises(ReportError, match="has no file"):
        parcel.lay_out(described, tmp_path / "there", tmp_path / "stock")
    assert not list(tmp_path.rglob("x"))
