"""The compute floor of a batch: the cells of each report as one plain Python script, and nothing else.

    python tools/floor.py PROJECT RESULT.json OUT --jobs 2 [--report KEY ...] [--region 28 ...]

Everything that the reports load is imported once; each report then runs in a process forked from that, and writes
its figures, as the SVG that they are, to a file each. No document, no format, no check, no manifest: whatever a batch
takes beyond this is the price of the finished reports. `bench_batch.py` runs it beside the batch.
"""

from __future__ import annotations

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # before numpy: a process that forks has one thread
os.environ.setdefault("MPLBACKEND", "Agg")

import argparse  # noqa: E402
import ast  # noqa: E402
import gc  # noqa: E402
import json  # noqa: E402
import resource  # noqa: E402
import sys  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from dataclasses import dataclass  # noqa: E402
from pathlib import Path  # noqa: E402
from types import CodeType  # noqa: E402
from typing import Any  # noqa: E402

from ropsanalysis.io import built  # noqa: E402
from ropsanalysis.io.paths import PROJECT_VARIABLE, Project  # noqa: E402
from ropsanalysis.reporting import spec  # noqa: E402

#: What the last line of a cell comes to: Jupyter would show it.
_SHOWN = "_shown"


@dataclass(frozen=True, slots=True)
class Job:
    """One report for one area."""

    report: str
    area: str
    values: dict[str, Any]


def cells(notebook: Path) -> list[ast.Module]:
    """Return the code cells of a notebook but that of its parameters; the last line of each is kept as a name."""
    found = []
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code" or "parameters" in cell["metadata"].get("tags", []):
            continue
        tree = ast.parse("".join(cell["source"]))
        if tree.body and isinstance(last := tree.body[-1], ast.Expr):
            tree.body[-1] = ast.Assign([ast.Name(_SHOWN, ast.Store())], last.value)
        found.append(ast.fix_missing_locations(tree))
    return found


def imports(parts: Sequence[ast.Module]) -> CodeType:
    """Return the import statements of the cells, as a script of their own."""
    body: list[ast.stmt] = [
        line for tree in parts for line in tree.body if isinstance(line, (ast.Import, ast.ImportFrom))
    ]
    return compile(ast.Module(body, []), "imports", "exec")


def run(script: Sequence[CodeType], values: dict[str, Any], out: Path) -> None:
    """Run the cells with the parameters' values and save each figure."""
    out.mkdir(parents=True)
    names, saved = dict(values), 0
    for code in script:
        names[_SHOWN] = None
        exec(code, names)  # noqa: S102 - the project's own notebooks
        if (svg := getattr(names[_SHOWN], "svg", None)) is not None:
            (out / f"{saved}.svg").write_text(svg, encoding="utf-8")
            saved += 1


def plan(project: Project, reports: Sequence[str], regions: Sequence[str]) -> list[Job]:
    """Return the jobs that `render` would have, area by area; as it does, check the tables once before any fork."""
    edition = built.edition(project)
    found = []
    for one in spec.find_reports(reports):
        covered = built.record(project, one.key).get("regions")
        for area in one.areas(spec.find_regions(regions)):
            if covered is None or area.teryt in covered:
                declared = {parameter.name: parameter.default for parameter in one.parameters}
                found.append(Job(one.key, area.teryt, {**declared, **one.fill(area, edition)}))
    return sorted(found, key=lambda job: (job.area in {"", "00"}, job.area))


def fork_all(jobs: Sequence[Job], scripts: dict[str, list[CodeType]], out: Path, *, most: int) -> None:
    """Run each job in a process of its own, at most so many at a time.

    Raises
    ------
    SystemExit
        One of them fails.
    """
    waiting, running = list(reversed(jobs)), dict[int, Job]()
    gc.collect()
    gc.freeze()  # as the batch does
    while waiting or running:
        while waiting and len(running) < most:
            job = waiting.pop()
            pid = os.fork()
            if pid == 0:
                _in_child(scripts[job.report], job, out / f"{job.area}-{job.report}")
            running[pid] = job
        pid, status = os.wait()
        ended = running.pop(pid)
        if status:
            raise SystemExit(f"{ended.report} {ended.area}: the script failed")


def _in_child(script: Sequence[CodeType], job: Job, out: Path) -> None:
    code = 1
    try:
        run(script, job.values, out)
        code = 0
    except Exception as error:  # noqa: BLE001 - told, and the parent stops
        print(repr(error), file=sys.stderr)
    finally:
        os._exit(code)


def main() -> None:
    """Run all, and write how many there were and what they took."""
    parser = argparse.ArgumentParser(description="Run the cells of reports as plain scripts.")
    parser.add_argument("project", type=Path)
    parser.add_argument("result", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="at a time")
    parser.add_argument("--report", action="append", required=True)
    parser.add_argument("--region", action="append", default=[])
    chosen = parser.parse_args()
    project = Project(chosen.project.resolve())
    os.environ[PROJECT_VARIABLE] = str(project.root)
    trees = {key: cells(project.notebooks / f"{key}.ipynb") for key in chosen.report}
    for parts in trees.values():
        exec(imports(parts), {})  # noqa: S102
    jobs = plan(project, chosen.report, chosen.region)
    scripts = {key: [compile(tree, key, "exec") for tree in parts] for key, parts in trees.items()}
    fork_all(jobs, scripts, chosen.out, most=chosen.jobs)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    chosen.result.write_text(json.dumps({"reports": len(jobs), "cpu_seconds": used.ru_utime + used.ru_stime}))


if __name__ == "__main__":
    main()
