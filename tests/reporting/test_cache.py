"""A run's key changes with all its result depends on, part by part, and with nothing else."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import packages_distributions, version
from pathlib import Path
from typing import Any

import pytest

import ropsanalysis
from projects import cli_environment
from ropsanalysis.io.built import TOPICS
from ropsanalysis.io.paths import Project
from ropsanalysis.reporting import cache, imports
from ropsanalysis.reporting.cache import Inputs, Keys
from ropsanalysis.reporting.spec import DEFAULT_FORMATS, FORMATS, REPORTS
from support import THOROUGH

PACKAGE = Path(ropsanalysis.__file__).parent
NOTEBOOKS = PACKAGE.parents[1] / "notebooks"
TABLES = ["profile", "trends"]
RECORD = {
    "fingerprint": "f", "latest_year": 2025, "regions": ["28"], "synthetic": False, "tables": TABLES,
    "package_version": "0.1.0", "code": "c", "libraries": {"numpy": "2"}, "parameters": {}, "findings": [],
    "datasets": {"gus_sdg": {"source": "GUS"}}, "files": [{"path": "data/raw/gus_sdg/a.csv", "sha256": "0"}],
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """A project with tables that nobody computed, and a copy of the package; what a test changes is put back."""

    project: Path
    package: Path
    saved: dict[Path, bytes | None] = field(default_factory=dict)

    def inputs(self, report: str = "regional_diagnosis", formats: Sequence[str] = DEFAULT_FORMATS) -> Inputs:
        return Keys(Project(self.project), package=self.package).inputs(report, self.notebook(report), formats)

    def notebook(self, report: str = "regional_diagnosis") -> Path:
        return self.project / "notebooks" / f"{report}.ipynb"

    def find(self, name: str) -> Path:
        return next(root / name for root in (self.package, self.project) if (root / name).exists())

    def write(self, path: Path, content: bytes | None) -> None:
        """Write a file, or remove it."""
        self.saved.setdefault(path, path.read_bytes() if path.exists() else None)
        path.unlink(missing_ok=True)
        if content is not None:
            path.write_bytes(content)

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text that occurs once in a file of the package or the project."""
        text = self.find(name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{name}: {text.count(old)} times {old!r}"
        self.write(self.find(name), text.replace(old, new).encode())

    def append(self, name: str, text: str) -> None:
        self.write(self.find(name), self.find(name).read_bytes() + text.encode())

    def record(self, topic: str = "regional_diagnosis", **changes: Any) -> None:
        path = self.find(f"data/processed/{topic}/build.json")
        self.write(path, json.dumps({**json.loads(path.read_bytes()), **changes}).encode())

    def cells(self, change: Callable[[dict[str, Any]], object], report: str = "regional_diagnosis") -> None:
        """Change a notebook."""
        notebook = json.loads(self.notebook(report).read_bytes())
        change(notebook)
        self.write(self.notebook(report), json.dumps(notebook).encode())

    def boundaries(self, name: str, text: str | None) -> None:
        self.write(self.project / "data" / "raw" / "boundaries" / name, None if text is None else text.encode())


@pytest.fixture(scope="module")
def made_world(tmp_path_factory: pytest.TempPathFactory) -> World:
    base = tmp_path_factory.mktemp("world")
    made = World(base / "project", base / "package")
    shutil.copytree(PACKAGE, made.package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(NOTEBOOKS, made.project / "notebooks")
    for topic in TOPICS:
        folder = made.project / "data" / "processed" / topic
        folder.mkdir(parents=True)
        (folder / "build.json").write_text(json.dumps(RECORD), encoding="utf-8")
        for name in TABLES:
            (folder / f"{name}.parquet").write_bytes(name.encode())
    (made.project / "data" / "raw" / "boundaries").mkdir(parents=True)
    (made.project / "data" / "raw" / "boundaries" / "wojewodztwa.geojson").write_text("{}", encoding="utf-8")
    return made


@pytest.fixture
def world(made_world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    yield made_world
    for path, content in list(made_world.saved.items()):
        made_world.write(path, content)
    made_world.saved.clear()


def reasons(world: World, change: Callable[[World], object], **asked: Any) -> list[str]:
    """Return in what the key differs after a change, after it went through the manifest's JSON."""
    before = json.loads(json.dumps(world.inputs(**asked).as_dict()))
    change(world)
    return cache.changes(before, world.inputs(**asked))


# ---- what is a change -------------------------------------------------------------------------


def other_cell(world: World) -> None:
    cell = {"cell_type": "markdown", "metadata": {}, "source": ["## Nowy"], "id": "a"}
    world.cells(lambda notebook: notebook["cells"].append(cell))


CHANGES: dict[str, tuple[Callable[[World], object], list[str]]] = {
    "notebook": (other_cell, ["notebook"]),
    "code it imports": (
        lambda w: w.edit("present/polish.py", 'MINUS = "\\u2212"', 'MINUS = "-"'),
        ["code: present/polish.py"],
    ),
    "code that a package's front imports": (
        lambda w: w.append("present/regional_diagnosis/outlook.py", "\nA = 1\n"),
        ["code: present/regional_diagnosis/outlook.py"],
    ),
    "code of a format": (lambda w: w.append("reporting/sheets.py", "\nA = 1\n"), ["code: reporting/sheets.py"]),
    "code that runs the notebook": (
        lambda w: w.append("reporting/inprocess.py", "\nA = 1\n"),
        ["code: reporting/inprocess.py"],
    ),
    "code that calls all of these": (
        lambda w: w.append("reporting/worker.py", "\nA = 1\n"),
        ["code: reporting/worker.py"],
    ),
    "the own part of what offers the data": (
        lambda w: w.edit("jupyter.py", '_origin(about, edition, "parameters")', '_origin(about, "", "parameters")'),
        ["code: jupyter.py"],
    ),
    "a template": (lambda w: w.append("reporting/templates/report.typ", "// x"), ["templates: report.typ"]),
    "what a template names": (lambda w: w.append("reporting/templates/style.css", "/**/"), ["templates: style.css"]),
    "the catalogue": (lambda w: w.append("catalogue/sections.yaml", "# x"), ["catalogue: sections.yaml"]),
    "a table": (
        lambda w: w.append("data/processed/regional_diagnosis/trends.parquet", "x"),
        ["data: regional_diagnosis"],
    ),
    "a source that is printed": (lambda w: w.record(datasets={}), ["data: regional_diagnosis"]),
    "a checksum that is printed": (lambda w: w.record(files=[]), ["data: regional_diagnosis"]),
    "by which code the tables were made": (lambda w: w.record(code="d"), ["code: tables of regional_diagnosis"]),
    "an outline": (lambda w: w.boundaries("wojewodztwa.geojson", "{ }"), ["data: boundaries"]),
    "an outline more": (lambda w: w.boundaries("a.json", "{}"), ["data: boundaries"]),
    "an outline less": (lambda w: w.boundaries("wojewodztwa.geojson", None), ["data: boundaries"]),
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_change_is_named(world: World, case: str) -> None:
    change, expected = CHANGES[case]
    assert reasons(world, change) == expected


def test_several_changes_are_all_named_and_long_lists_cut(world: World) -> None:
    def change(world: World) -> None:
        other_cell(world)
        for name in ("blocks", "figures", "maps", "markup", "polish"):
            world.append(f"present/{name}.py", "\nA = 1\n")
        world.record(synthetic=True)

    assert reasons(world, change) == [
        "notebook",
        "data: regional_diagnosis",
        "code: present/blocks.py, present/figures.py, present/maps.py and 2 more",
    ]


# ---- what is none -----------------------------------------------------------------------------


def run_notebook(notebook: dict[str, Any]) -> None:
    """Leave in a notebook what JupyterLab leaves there."""
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"other-{number}"
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["377,6"]}]
            cell["execution_count"] = number
            cell["metadata"]["execution"] = {"iopub.execute_input": "2026-01-01T00:00:00Z"}
        cell["source"] = "".join(cell["source"])
    notebook["metadata"].setdefault("language_info", {})["version"] = "3.13.9"
    notebook["metadata"]["widgets"] = {"state": {}}


NO_CHANGES: dict[str, Callable[[World], object]] = {
    "outputs of the notebook": lambda w: w.cells(run_notebook),
    "a docstring": lambda w: w.edit(
        "present/polish.py", ast.get_docstring(ast.parse((PACKAGE / "present/polish.py").read_text())) or "", "Words."
    ),
    "a comment": lambda w: w.append("present/figures.py", "\n# a comment\n"),
    "a module it does not import": lambda w: w.append("stats/pooling.py", "\nA = 1\n"),
    "a module of another report": lambda w: w.append("present/cooperation/network.py", "\nA = 1\n"),
    "data of another report": lambda w: w.append("data/processed/cooperation/trends.parquet", "x"),
    "the origin of another report": lambda w: w.record("cooperation", files=[]),
    "a part of what offers the data that it does not use": lambda w: w.edit(
        "jupyter.py", '_origin(about, edition, "training_parameters")', '_origin(about, "", "training_parameters")'
    ),
    "choices of another report": lambda w: w.append("catalogue/cooperation_parameters.yaml", "# x"),
    "the page that leads to the reports": lambda w: w.append("reporting/templates/index.html.j2", "<!-- -->"),
    "the code that writes that page": lambda w: w.append("reporting/index.py", "\nA = 1\n"),
    "the code that decides what to run": lambda w: w.append("reporting/render.py", "\nA = 1\n"),
    "a build of the same tables by other code elsewhere": lambda w: w.record(fingerprint="g"),
    "a file that is no outline": lambda w: w.boundaries("README.txt", "x"),
}


@pytest.mark.parametrize("case", NO_CHANGES)
def test_nothing_that_the_result_does_not_depend_on_counts(world: World, case: str) -> None:
    assert reasons(world, NO_CHANGES[case]) == []


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("reporting/templates/report.html.j2", {"html"}),
        ("reporting/templates/report.typ", {"pdf", "xlsx"}),  # the workbook takes its date from the module of the PDF
        ("reporting/sheets.py", {"xlsx"}),
        ("reporting/annex.py", set(FORMATS)),  # what is checked is the JSON's reading of the document
        ("reporting/lineage.py", {"json"}),
    ],
)
def test_a_format_depends_on_what_renders_it(world: World, name: str, own: set[str]) -> None:
    before = {one: world.inputs(formats=(one,)).as_dict() for one in FORMATS}
    world.append(name, "\n")
    if name.endswith(".py"):
        world.append(name, "A = 1\n")
    assert {one for one in FORMATS if cache.changes(before[one], world.inputs(formats=(one,)))} == own


def test_a_run_of_more_formats_covers_one_of_them(world: World) -> None:
    before = world.inputs().as_dict()
    assert cache.changes(before, world.inputs(formats=("html",))) == []
    assert cache.changes(world.inputs(formats=("html",)).as_dict(), world.inputs()) != []


# ---- environment ------------------------------------------------------------------------------


def test_a_version_of_a_library_that_the_code_imports_is_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before = world.inputs().as_dict()
    assert before["environment"]["pandas"] == version("pandas")
    assert {"typst", "xlsxwriter", "jinja2", "matplotlib"} <= set(before["environment"])
    assert not {"cryptography", "highspy", "json", "ropsanalysis"} & set(before["environment"])
    real, old = cache._version, before["environment"]["python"]
    monkeypatch.setattr(cache, "_version", lambda name: "3.9" if name == "pandas" else real(name))
    monkeypatch.setattr(sys, "version_info", (3, 99, 0))
    now = replace(world.inputs(), environment={**world.inputs().environment, "new": "1"})
    assert cache.changes(before, now) == [
        f"environment: new none -> 1, pandas {version('pandas')} -> 3.9, python {old} -> 3.99"
    ]


def test_the_date_that_documents_carry_counts_when_it_is_set_and_when_no_longer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = world.inputs().as_dict()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    dated = world.inputs()
    assert cache.changes(before, dated) == ["environment: SOURCE_DATE_EPOCH none -> 1700000000"]
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert cache.changes(dated.as_dict(), world.inputs()) == ["environment: SOURCE_DATE_EPOCH 1700000000 -> none"]


def test_a_library_without_a_version_counts_by_its_code(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "local_helper_of_mine.py").write_text("A = 1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    source = "import local_helper_of_mine\nimport nowhere.to_be_found\n"
    world.cells(lambda notebook: notebook["cells"][1].update(source=source), "cooperation")
    before = world.inputs("cooperation")
    assert before.environment["nowhere"] == "none"
    (tmp_path / "local_helper_of_mine.py").write_text("A = 2\n", encoding="utf-8")
    cache._version.cache_clear()
    (found,) = cache.changes(before.as_dict(), world.inputs("cooperation"))
    assert found.startswith("environment: local_helper_of_mine ")


def test_names_of_distributions_are_right() -> None:
    known = packages_distributions()
    assert {name: [version(own)] for name, own in cache.DISTRIBUTIONS.items()} == {
        name: [version(own) for own in known[name]] for name in cache.DISTRIBUTIONS
    }


# ---- what cannot be told ----------------------------------------------------------------------


@pytest.mark.parametrize("before", [None, {}, [], "x", {"notebook": "a"}])
def test_a_run_of_unknown_origin_is_no_fresh_one(world: World, before: Any) -> None:
    assert cache.changes(before, world.inputs()) == ["not recorded what it was made from"]


@pytest.mark.parametrize(
    ("source", "whole"),
    [
        ("%matplotlib inline\n!ls\nfrom ropsanalysis import jupyter\njupyter.cooperation('04')", False),
        ("from ropsanalysis import jupyter as offer\noffer.cooperation('04')", False),
        ("from ropsanalysis.jupyter import cooperation\ncooperation('04')", False),
        ("from ropsanalysis import jupyter\ngetattr(jupyter, 'coop' + 'eration')('04')", True),
        ("from ropsanalysis import jupyter\nload = jupyter\nload.cooperation('04')", True),
        ("import ropsanalysis.jupyter\nropsanalysis.jupyter.cooperation('04')", True),
        ("from ropsanalysis.jupyter import *\ncooperation('04')", True),
        ("x = !ls", True),
    ],
)
def test_a_use_of_the_offer_that_cannot_be_told_counts_as_all_of_it(world: World, source: str, whole: bool) -> None:
    memo = Keys(Project(world.project))._memo
    found = imports.follow([source], roots=(), memo=memo, package=world.package)
    assert "cooperation/view.py" in found.modules
    assert ("training_needs/view.py" in found.modules) == whole


def test_data_of_every_topic_a_notebook_names_count(world: World) -> None:
    more = "\nmore = jupyter.cooperation(region)"
    world.cells(lambda notebook: notebook["cells"][1]["source"].append(more))
    data = world.inputs().data
    assert {name.partition("/")[0] for name in data} == {"regional_diagnosis", "cooperation", "boundaries"}
    assert world.inputs("training_needs").data.keys() == {
        f"training_needs/{name}" for name in ("build.json", "profile", "trends")
    }


def test_a_summary_depends_on_the_origin_of_what_it_sums_up(world: World) -> None:
    assert reasons(world, lambda w: w.record("cooperation", files=[]), report="national_summary") == [
        "data: cooperation"
    ]


# ---- the lists in the module ------------------------------------------------------------------


def test_every_root_is_a_module_and_every_format_has_one() -> None:
    roots = [
        *cache.RUNNING,
        *cache.COMPARING,
        *cache.CALLING,
        *(one for own in cache.RENDERING.values() for one in own),
    ]
    assert [name for name in roots if not PACKAGE.joinpath(*name.split(".")[1:]).with_suffix(".py").is_file()] == []
    assert set(cache.RENDERING) == set(FORMATS)


def test_what_a_notebook_is_told_of_its_data_is_in_the_key(world: World) -> None:
    tree = ast.parse((PACKAGE / "jupyter.py").read_text(encoding="utf-8"))
    told = {
        node.slice.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Name)
        and node.value.id == "about"
        and isinstance(node.slice, ast.Constant)
    }
    assert {"files", "regions", "synthetic"} <= told
    for name in told:
        assert reasons(world, lambda w, name=name: w.record(**{name: ["trends"]})) == ["data: regional_diagnosis"], name


WATCH = """\
import importlib, json, os, pkgutil, sys, tempfile
from pathlib import Path
import ropsanalysis
from ropsanalysis.io import store
from ropsanalysis.io.local_areas import read_areas
from ropsanalysis.io.paths import PROJECT_VARIABLE
from ropsanalysis.regions import REGIONS
from ropsanalysis.reporting import worker
from ropsanalysis.reporting.job import Job
from ropsanalysis.reporting.spec import FORMATS, REPORTS

project, report = Path(sys.argv[1]), sys.argv[2]
package = str(Path(ropsanalysis.__file__).parent) + os.sep
for module in pkgutil.walk_packages([package], "ropsanalysis."):  # what a module calls as it is loaded is not the run's
    if not module.name.endswith(("__main__", "_sav_process")):
        importlib.import_module(module.name)
called, opened, tables = set(), set(), set()

def profile(frame, event, arg):
    if event == "call" and frame.f_code.co_name != "<module>" and frame.f_code.co_filename.startswith(package):
        called.add(frame.f_code.co_filename.removeprefix(package))

def hook(event, args):
    if event == "open" and isinstance(args[0], (str, os.PathLike)):
        opened.add(os.fspath(args[0]))

def read_table(path, **asked):
    tables.add(f"{path.parent.name}/{path.stem}")  # it is opened by a library that no audit hook sees
    return real(path, **asked)

real, store.read_table = store.read_table, read_table
spec = REPORTS[report]
areas = spec.areas(REGIONS) or spec.areas([]) or read_areas(project / "data" / "raw")
region = next(one for one in areas if one.teryt in ("00", "26", "2801011"))
os.environ[PROJECT_VARIABLE] = str(project)
work = Path(tempfile.mkdtemp())
job = Job(report, region.teryt, "2025", project / "notebooks" / f"{report}.ipynb", project, work, FORMATS,
          spec.fill(region, "2025"))
sys.addaudithook(hook)
sys.setprofile(profile)
worker._make(job, work)
sys.setprofile(None)
own = sorted(path.removeprefix(package) for path in opened if path.startswith(package))
print(json.dumps({"called": sorted(called), "files": own, "tables": sorted(tables)}))
"""


@pytest.mark.slow
@pytest.mark.parametrize("report", REPORTS if THOROUGH else ["social_economy", "national_summary", "local_diagnosis"])
def test_whatever_a_run_calls_or_opens_is_in_its_key(project: Path, report: str) -> None:
    words = [sys.executable, "-c", WATCH, str(project), report]
    result = subprocess.run(words, capture_output=True, text=True, env=cli_environment(), check=True)
    seen = json.loads(result.stdout.splitlines()[-1])
    key = Keys(Project(project)).inputs(report, project / "notebooks" / f"{report}.ipynb", FORMATS)
    assert len(seen["called"]) > 20
    assert set(seen["called"]) <= set(key.code) | set(key.files)  # a template is called as well
    files = {name for name in seen["files"] if not name.endswith((".py", ".pyc"))}
    # To describe the choices of method their files are searched for the one that has them; the others tell nothing.
    searched = {name for name in files if name.startswith("catalogue/") and name.endswith("_parameters.yaml")}
    assert files - searched <= set(key.files)
    assert any(name.startswith("reporting/templates/") for name in files)
    assert seen["tables"]
    assert set(seen["tables"]) <= set(key.data)
