"""One notebook run: parameters as they were given, outputs as a kernel gives them, no traces, no leaks."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from small_notebooks import put, small_notebook

from ropsanalysis.reporting import document
from ropsanalysis.reporting.execute import CellFailedError, run, without_traces
from ropsanalysis.reporting.job import EngineName
from ropsanalysis.reporting.printed import CUT, MOST_PRINTED

ENGINES = ["ropsanalysis", pytest.param("kernel", marks=pytest.mark.slow)]


def execute(
    folder: Path, *cells: str, region: str = "28", engine: EngineName = "ropsanalysis", **options: Any
) -> nbformat.NotebookNode:
    """Run a small notebook with the given extra cells in a project folder."""
    (folder / "notebooks").mkdir(parents=True, exist_ok=True)
    path = put(small_notebook(*cells), folder)
    work = folder / "work"
    work.mkdir(exist_ok=True)
    parameters = {"region": region, "edition": "2025"}
    return run(path, parameters, engine=engine, workdir=work, time_limit=60, **options)


def last_outputs(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return notebook.cells[-1].outputs


@pytest.mark.parametrize("engine", ENGINES)
def test_a_code_keeps_its_zero_and_is_text(tmp_path: Path, engine: EngineName) -> None:
    executed = execute(tmp_path, "region, type(region).__name__", region="02", engine=engine)
    assert last_outputs(executed)[0]["data"]["text/plain"] == "('02', 'str')"
    assert document.read(executed).cover.teryt == "02"


@pytest.mark.parametrize("name", ["{region}", "{", "}{0}", "100%", "żółw i gęś"])
def test_a_folder_s_name_is_taken_as_it_is(tmp_path: Path, name: str) -> None:
    assert document.read(execute(tmp_path / name)).cover.teryt == "28"


@pytest.mark.parametrize("engine", ENGINES)
def test_output_of_each_kind_is_kept_in_order(tmp_path: Path, engine: EngineName) -> None:
    executed = execute(
        tmp_path,
        "import sys, warnings\nprint('jeden')\ndisplay('dwa')\nprint('trzy')\nprint('błąd', file=sys.stderr)\n"
        "warnings.warn('stare')\n'cztery'",
        engine=engine,
    )
    kinds = [(output.output_type, output.get("name", "")) for output in last_outputs(executed)]
    assert kinds == [("stream", "stdout"), ("display_data", ""), ("stream", "stdout"), ("execute_result", "")]
    shown = [e.text for e in document.read(executed).elements if isinstance(e, document.Plain)]
    assert shown == ["jeden", "'dwa'", "trzy", "'cztery'"]


@pytest.mark.parametrize("engine", ENGINES)
def test_each_engine_cuts_what_is_printed_at_the_same_place(tmp_path: Path, engine: EngineName) -> None:
    cell = "for i in range(30000):\n    print(i)\n    if i == 20: display('ważne')\nprint('x' * 2**20)\n'y' * 10**5"
    outputs = execute(tmp_path, cell, engine=engine).cells[-1].outputs
    kinds = [one.output_type for one in outputs]
    assert kinds == ["stream", "display_data", "stream", "execute_result"]
    whole = "".join(f"{i}\n" for i in range(30000))[:MOST_PRINTED]
    assert outputs[0].text + outputs[2].text == whole + CUT
    assert outputs[3].data["text/plain"] == "'" + "y" * (MOST_PRINTED - 1) + CUT


def test_a_semicolon_and_none_show_nothing(tmp_path: Path) -> None:
    executed = execute(tmp_path, "'a';", "None", "x = 1")
    assert [cell.outputs for cell in executed.cells[-3:]] == [[], [], []]


def test_magics_and_the_last_result_work_as_in_jupyter(tmp_path: Path) -> None:
    assert last_outputs(execute(tmp_path, "%matplotlib inline\n!echo tak"))[0].text.strip() == "tak"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_failed_cell_is_named_without_the_values_it_spoke_of(tmp_path: Path, engine: EngineName) -> None:
    with pytest.raises(CellFailedError) as caught:
        execute(tmp_path, "x = 1", "raise ValueError('PESEL 44051401359')", "y = 2", engine=engine)
    # Source cells: parameters, set-up, cover, heading, points, x, the failing one.
    assert str(caught.value) == "cell 7 failed with ValueError"
    assert "PESEL 44051401359" in caught.value.diagnostic
    assert "raise ValueError" in caught.value.diagnostic
    assert "\x1b" not in caught.value.diagnostic


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("x = (", "SyntaxError"),
        ("1 / 0", "ZeroDivisionError"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("import nowhere", "ModuleNotFoundError"),
        ("nowhere", "NameError"),
        ("assert False", "AssertionError"),
    ],
)
def test_every_way_to_fail_fails_the_report(tmp_path: Path, source: str, name: str) -> None:
    with pytest.raises(CellFailedError, match=f"cell 6 failed with {name}$"):
        execute(tmp_path, source)


def test_a_notebook_that_ends_itself_is_no_report(tmp_path: Path) -> None:
    # Papermill takes `sys.exit(0)` for a good end; the chapters after it would be missing.
    with pytest.raises(CellFailedError, match="cell 6 failed with SystemExit: the cell ended the notebook"):
        execute(tmp_path, "import sys; sys.exit(0)", "'later'")


@pytest.mark.parametrize("engine", ENGINES)
def test_each_code_cell_is_told_before_it_runs(tmp_path: Path, engine: EngineName) -> None:
    told: list[int] = []
    with pytest.raises(CellFailedError, match="cell 7 failed with ValueError"):
        execute(tmp_path, "", "raise ValueError", "1", engine=engine, on_cell=told.append)
    # Cell 1 declares the parameters, and the values that papermill puts in after it count as that cell; 4 is a heading.
    assert told == [1, 1, 2, 3, 5, 7]


@pytest.mark.parametrize("engine", ENGINES)
def test_another_machine_is_out_of_reach(tmp_path: Path, engine: EngineName) -> None:
    cell = "import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=30)"
    with pytest.raises(CellFailedError, match="cell 6 failed with NetworkRefusedError: a report is made from files"):
        execute(tmp_path, cell, engine=engine)


def test_a_failed_cell_stops_the_notebook(tmp_path: Path) -> None:
    with pytest.raises(CellFailedError):
        execute(tmp_path, "1 / 0", "open('later.txt', 'w').close()")
    assert not (tmp_path / "work" / "later.txt").exists()


def test_the_notebook_is_left_as_it_was(tmp_path: Path) -> None:
    execute(tmp_path, "1")
    before = (tmp_path / "notebooks" / "regional_diagnosis.ipynb").read_bytes()
    notebook = nbformat.read(tmp_path / "notebooks" / "regional_diagnosis.ipynb", 4)
    execute(tmp_path, "1")
    assert all(not cell.get("outputs") for cell in notebook.cells)
    assert len(before) == len((tmp_path / "notebooks" / "regional_diagnosis.ipynb").read_bytes())


def test_cells_work_in_their_own_folder(tmp_path: Path) -> None:
    here = Path.cwd()
    execute(tmp_path, "from pathlib import Path\nPath('stray.txt').write_text('a')")
    assert [path.name for path in (tmp_path / "work").iterdir()] == ["stray.txt"]
    assert Path.cwd() == here


def test_two_runs_give_the_same_notebook(tmp_path: Path) -> None:
    cells = ("print('a')", "display('b')", "'c'")
    one, two = (execute(tmp_path, *cells) for _ in range(2))
    assert nbformat.writes(one) == nbformat.writes(two)


def test_an_executed_notebook_carries_no_path_no_time_and_no_version(tmp_path: Path) -> None:
    text = nbformat.writes(execute(tmp_path, "'c'"))
    assert str(tmp_path) not in text
    assert "start_time" not in text
    assert "papermill" not in json.loads(text)["metadata"]


def test_without_traces_keeps_what_a_reader_sees_and_the_notebook_given() -> None:
    v4 = nbformat.v4
    streams = [("stderr", "ostrzeżenie"), ("stdout", "wynik")]
    outputs = [v4.new_output("stream", name=name, text=text) for name, text in streams]
    traces = {"papermill": {"start_time": "now"}, "tags": ["a"], "execution": {"shell.execute_reply": "now"}}
    notebook = v4.new_notebook(
        cells=[v4.new_code_cell("1", outputs=outputs, metadata=traces), v4.new_markdown_cell("tekst")],
        metadata={"papermill": {}, "language_info": {"name": "python", "version": "3.11.7"}},
    )
    before = json.dumps(notebook)
    clean = without_traces(notebook)
    assert [o.text for o in clean.cells[0].outputs] == ["wynik"]
    assert clean.cells[0].metadata == {"tags": ["a"]}
    assert clean.metadata == {"language_info": {"name": "python"}}
    assert clean.cells[1].source == "tekst"
    assert len({cell.id for cell in clean.cells}) == 2
    assert json.dumps(notebook) == before, "the notebook given is unchanged"


def test_nothing_of_one_run_reaches_the_next_or_the_caller(tmp_path: Path) -> None:
    main, hook, out = sys.modules["__main__"], sys.displayhook, sys.stdout
    execute(tmp_path, "secret = 1")
    assert (sys.modules["__main__"], sys.displayhook, sys.stdout) == (main, hook, out)
    with pytest.raises(CellFailedError, match="NameError"):
        execute(tmp_path, "secret")


def test_no_history_is_written_for_the_researcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    execute(tmp_path, "tajne = 1")
    assert not list(tmp_path.rglob("history.sqlite*"))
