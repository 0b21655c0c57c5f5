"""Many reports through the real command line: one's failure, a full disk or Ctrl-C harm no other report."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess, Popen

import pytest
from editions import is_alive, manifest_of, whole_files, with_status
from lxml import html
from small_notebooks import put, small_notebook

from projects import link_project
from ropsanalysis.regions import REGIONS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="signals and process groups are those of POSIX"),
]

FORMATS = ("html", "json", "pdf", "xlsx")

#: One fault for each region named; all the others are made as usual.
FAULTS = """\
import os, pathlib, signal, subprocess, time
project = pathlib.Path(os.environ["ROPSANALYSIS_PROJECT"])
match region:
    case "02": os.kill(os.getpid(), signal.SIGKILL)
    case "04": raise ValueError("PESEL 44051401359")
    case "06": os._exit(3)
    case "08":
        child = subprocess.Popen(["sleep", "600"])
        (project / "pids.txt").write_text(f"{os.getpid()} {child.pid}")
        while True: time.sleep(0.1)
    case "10": pathlib.Path("stray.txt").write_text("x")
    case "12": display(Cover(report="regional_diagnosis", title="a", subtitle="b", teryt="14", region="c",
                             centre="d", edition=edition))
    case "16": print("wynik pomocniczy")
"""
FAULTY = {"02", "04", "06", "08", "12"}
CAUSES = {
    "02": "cell 6: its process was ended by SIGKILL (out of memory?)",
    "04": "cell 6 failed with ValueError",
    "06": "cell 6: its process ended with code 3 before the report was finished",
    "08": "cell 6: it took longer than 12 s and was ended",
    "12": "the notebook shows 2 cover blocks; a report has exactly one",
}


@pytest.fixture(scope="module")
def faulty(built_data: Path, tmp_path_factory: pytest.TempPathFactory, run_cli: Callable[..., CompletedProcess[str]]):
    """Run all sixteen regions with five faults among them."""
    folder = link_project(built_data, tmp_path_factory.mktemp("faulty"))
    put(small_notebook(FAULTS), folder)
    result = run_cli(
        "render",
        "--report",
        "regional_diagnosis",
        "--project",
        folder,
        "--jobs",
        "2",
        "--time-limit",
        "12",
        "--edition",
        "2025",
        "--json",
    )
    return folder, result


def edition_of(faulty: tuple[Path, CompletedProcess[str]]) -> Path:
    return faulty[0] / "reports" / "2025"


def test_each_fault_is_one_named_failure_and_the_code_is_1(faulty: tuple[Path, CompletedProcess[str]]) -> None:
    _, result = faulty
    assert result.returncode == 1, result.stderr
    outcomes = {item["teryt"]: item for item in json.loads(result.stdout)}
    assert len(outcomes) == 16
    assert {code: outcomes[code]["cause"] for code in sorted(outcomes) if outcomes[code]["cause"]} == CAUSES
    told = re.findall(r"^FAILED regional_diagnosis (\d\d) \S+: .*Details: .*\.txt$", result.stderr, re.MULTILINE)
    assert sorted(told) == sorted(FAULTY)
    assert "Traceback" not in result.stderr


def test_the_other_reports_are_whole(faulty: tuple[Path, CompletedProcess[str]]) -> None:
    edition = edition_of(faulty)
    files = whole_files(edition)
    expected = {f"{r.folder}/regional_diagnosis.{f}" for r in REGIONS if r.teryt not in FAULTY for f in FORMATS}
    assert {name for name in files if "/" in name} == expected
    assert {name for name in files if "/" not in name} == {"index.html", "manifest.json"}


def test_each_report_is_its_own_region_s(faulty: tuple[Path, CompletedProcess[str]]) -> None:
    for region in REGIONS:
        path = edition_of(faulty) / region.folder / "regional_diagnosis.json"
        if region.teryt not in FAULTY:
            cover = json.loads(path.read_text(encoding="utf-8"))["cover"]
            assert (cover["teryt"], cover["subtitle"]) == (region.teryt, f"województwo {region.name}")


def test_a_stray_file_of_a_notebook_is_published_nowhere(faulty: tuple[Path, CompletedProcess[str]]) -> None:
    assert not list(faulty[0].rglob("stray.txt"))


def test_a_report_that_takes_too_long_is_ended_with_its_children(faulty: tuple[Path, CompletedProcess[str]]) -> None:
    pids = [int(pid) for pid in (faulty[0] / "pids.txt").read_text(encoding="utf-8").split()]
    assert len(pids) == 2
    assert not any(is_alive(pid) for pid in pids)


def test_values_of_the_data_are_in_the_diagnostic_file_only(faulty: tuple[Path, CompletedProcess[str]]) -> None:
    _, result = faulty
    assert "44051401359" not in result.stdout + result.stderr
    reports = edition_of(faulty).parent  # the diagnostics lie beside the editions, which are handed on
    holding = [p.relative_to(reports) for p in reports.rglob("*") if p.is_file() and b"44051401359" in p.read_bytes()]
    assert holding == [Path("diagnostics/2025/04-kujawsko-pomorskie-regional_diagnosis.txt")]


def test_the_manifest_tells_what_is_there(faulty: tuple[Path, CompletedProcess[str]]) -> None:
    manifest = manifest_of(edition_of(faulty))
    done, failed = with_status(manifest, "done"), with_status(manifest, "failed")
    assert set(failed) == FAULTY
    assert {code: run["cause"] for code, run in failed.items()} == CAUSES
    assert set(done) == {region.teryt for region in REGIONS} - FAULTY
    for run in done.values():
        assert set(run["files"]) == set(FORMATS)
        assert run["seconds"] > 0
        assert run["parameters"] == {"region": run["teryt"], "edition": "2025"}
    assert manifest["data"]["regional_diagnosis"]["fingerprint"]
    assert all(not run["files"] for run in failed.values())


def test_the_index_lists_sixteen_regions_and_its_links_lead_somewhere(
    faulty: tuple[Path, CompletedProcess[str]],
) -> None:
    edition = edition_of(faulty)
    page = html.fromstring((edition / "index.html").read_text(encoding="utf-8"))
    rows = page.xpath("//tr[@data-words]")
    assert [row.xpath("string(th)") for row in rows] == [region.name for region in REGIONS]
    links = [link for link in page.xpath("//a/@href") if not link.startswith("#")]
    assert len([link for link in links if link.endswith(".pdf")]) == 16 - len(FAULTY)
    for link in links:
        assert (edition / link).is_file(), link
    missing = [row for row in rows if "brak raportu" in row.text_content()]
    assert len(missing) == len(FAULTY)
    assert len(page.xpath("//ul[@class='tiles']/li")) == 16


def test_the_index_is_found_by_name_code_and_plain_letters(faulty: tuple[Path, CompletedProcess[str]]) -> None:
    page = html.fromstring((edition_of(faulty) / "index.html").read_text(encoding="utf-8"))
    rows = {row.xpath("string(td[1])"): row.get("data-words") for row in page.xpath("//tr[@data-words]")}
    for words in ("łódzkie", "lodzkie", "10", "pl71"):
        assert [code for code, text in rows.items() if re.search(rf"(^| ){words}( |$)", text)] == ["10"]


# ---- a second run -----------------------------------------------------------------------------


def test_a_failure_leaves_the_earlier_good_report_and_its_entry(
    small_project: Callable[..., Path], run_cli: Callable[..., CompletedProcess[str]]
) -> None:
    folder = small_project()
    words = (
        "render",
        "--report",
        "regional_diagnosis",
        "--project",
        folder,
        "--region",
        "02,04",
        "--format",
        "html",
        "--edition",
        "2025",
    )
    assert run_cli(*words).returncode == 0
    good = (folder / "reports" / "2025" / "04-kujawsko-pomorskie" / "regional_diagnosis.html").read_bytes()
    put(small_notebook('assert region != "04"'), folder)
    assert run_cli(*words).returncode == 1
    edition = folder / "reports" / "2025"
    whole_files(edition)
    assert (edition / "04-kujawsko-pomorskie" / "regional_diagnosis.html").read_bytes() == good
    failed = with_status(manifest_of(edition), "failed")
    assert set(failed) == {"04"}
    assert failed["04"]["files"]["html"]["path"] == "04-kujawsko-pomorskie/regional_diagnosis.html"


# ---- interrupted ------------------------------------------------------------------------------

SLEEP = """\
import os, pathlib, subprocess, time
if region > "04":
    child = subprocess.Popen(["sleep", "600"])
    project = pathlib.Path(os.environ["ROPSANALYSIS_PROJECT"])
    (project / f"pids-{region}").write_text(f"{os.getpid()} {child.pid}")
    time.sleep(600)
"""


def wait_until(condition: Callable[[], bool], process: Popen[str], *, seconds: int = 90) -> None:
    """Wait for a state of a running command."""
    until = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, f"ended early: {process.communicate()}"
        assert time.monotonic() < until, "the command did not get there in time"
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("number", "engine"),
    [(signal.SIGINT, "ropsanalysis"), (signal.SIGTERM, "ropsanalysis"), (signal.SIGINT, "kernel")],
)
def test_an_interrupted_run_keeps_what_is_finished_and_nothing_else(
    small_project: Callable[..., Path], start_cli: Callable[..., Popen[str]], number: signal.Signals, engine: str
) -> None:
    folder = small_project(SLEEP)
    edition = folder / "reports" / "2025"
    process = start_cli(
        "render",
        "--report",
        "regional_diagnosis",
        "--project",
        folder,
        "--jobs",
        "2",
        "--edition",
        "2025",
        "--format",
        "html,json",
        "--engine",
        engine,
    )
    wait_until(lambda: (folder / "pids-06").exists() and (folder / "pids-08").exists(), process)
    process.send_signal(number)  # to the parent alone
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert "interrupted; finished reports are kept" in err
    assert "Traceback" not in err
    names = {f"{folder}/regional_diagnosis.{f}" for folder in ("02-dolnoslaskie", "04-kujawsko-pomorskie")
             for f in ("html", "json")}  # fmt: skip
    assert set(whole_files(edition)) == {*names, "index.html", "manifest.json"}
    assert set(with_status(manifest_of(edition), "done")) == {"02", "04"}
    pids = [[int(pid) for pid in path.read_text(encoding="utf-8").split()] for path in folder.glob("pids-*")]
    assert len(pids) == 2
    ours = [pid for pair in pids for pid in pair]  # a kernel is a session of its own, and ended all the same
    until = time.monotonic() + 15
    while any(is_alive(pid) for pid in ours) and time.monotonic() < until:
        time.sleep(0.2)
    left = [pid for pid in ours if is_alive(pid)]
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert left == []


# ---- a disk that is full or may not be written to ------------------------------------------------


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mount a small disk in memory; skips where that is not allowed."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def mount(options: str) -> Path:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            pytest.skip(f"no small disk can be mounted here ({done.stderr.strip()})")
        return folder

    yield mount
    subprocess.run(["umount", str(folder)], capture_output=True, check=False)


def test_a_full_disk_leaves_whole_files_and_says_so(
    small_project: Callable[..., Path], mounted: Callable[[str], Path], run_cli: Callable[..., CompletedProcess[str]]
) -> None:
    disk = mounted("size=400k")
    result = run_cli(
        "render",
        "--report",
        "regional_diagnosis",
        "--project",
        small_project(),
        "--out",
        disk,
        "--jobs",
        "2",
        "--edition",
        "2025",
    )
    assert result.returncode == 1
    assert re.search("no space left on the disk", result.stderr, re.IGNORECASE)
    assert "Traceback" not in result.stderr, result.stderr
    files = whole_files(disk / "2025")
    reports = [name for name in files if name.endswith((".html", ".pdf")) and "/" in name]
    assert reports, "the reports that found room are there"
    if "manifest.json" in files:  # there may be no room for it
        manifest_of(disk / "2025")


def test_a_file_size_limit_is_told_like_a_full_disk(
    small_project: Callable[..., Path], start_cli: Callable[..., Popen[str]]
) -> None:
    import resource

    folder = small_project()
    process = start_cli(
        "render", "--report", "regional_diagnosis", "--project", folder, "--region", "02",
        "--format", "json,pdf", "--edition", "2025",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, 8_000)),
    )  # fmt: skip
    _, err = process.communicate(timeout=120)
    assert process.returncode == 1, err
    assert re.search("no space left on the disk", err, re.IGNORECASE)
    assert "Traceback" not in err
    files = whole_files(folder / "reports" / "2025")
    assert not [name for name in files if name.endswith(("regional_diagnosis.pdf", "regional_diagnosis.json"))]
