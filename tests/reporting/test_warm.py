"""What is done before the first fork is done once, and leaves a process that can be forked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from projects import cli_environment
from ropsanalysis.reporting import warm

WATCH = """\
import json, os, sys, tempfile, threading
from pathlib import Path
from ropsanalysis.io.paths import PROJECT_VARIABLE
from ropsanalysis.regions import by_teryt
from ropsanalysis.reporting import warm, worker
from ropsanalysis.reporting.job import Job
from ropsanalysis.reporting.spec import REPORTS

project, report = Path(sys.argv[1]), "regional_diagnosis"
notebook = project / "notebooks" / f"{report}.ipynb"
warm.up([notebook])
threads = [Path(f"/proc/self/task/{number}/comm").read_text().strip() for number in os.listdir("/proc/self/task")]
before = set(sys.modules)
if os.fork() == 0:
    os.environ[PROJECT_VARIABLE] = str(project)
    parameters = REPORTS[report].fill(by_teryt("26"), "2025")
    work = Path(tempfile.mkdtemp())
    job = Job(report, "26", "2025", notebook, project, work, ("html", "pdf", "xlsx", "json"), parameters)
    worker._make(job, work)
    print(json.dumps({"threads": threads, "late": sorted(set(sys.modules) - before)}), flush=True)
    os._exit(0)
sys.exit(os.wait()[1])
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="forks")
def test_a_forked_run_loads_nothing_of_weight_and_no_thread_stands_in_its_way(project: Path) -> None:
    words = [sys.executable, "-c", WATCH, str(project)]
    result = subprocess.run(words, capture_output=True, text=True, env=cli_environment(), check=True, timeout=300)
    seen = json.loads(result.stdout.splitlines()[-1])
    # pyarrow's allocator has a thread of its own, which comes up again in a fork.
    assert len([name for name in seen["threads"] if not name.startswith("jemalloc")]) == 1
    heavy = ("IPython", "lxml", "matplotlib", "numpy", "ropsanalysis", "seaborn", "statsmodels", "typst", "xlsxwriter")
    assert [name for name in seen["late"] if name.startswith(heavy)] == []
    assert len(seen["late"]) < 20


def test_a_notebook_that_cannot_be_read_or_loaded_stops_nothing(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ipynb"
    broken.write_text("{", encoding="utf-8")
    missing = tmp_path / "missing.ipynb"
    strange = tmp_path / "strange.ipynb"
    cell = {"cell_type": "code", "source": ["from ropsanalysis.present import nothing_of_that_name\n"]}
    strange.write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    warm.up([broken, missing, strange])
