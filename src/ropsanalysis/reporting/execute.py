"""One notebook, run by papermill with checked parameters and read back without traces of the run."""

from __future__ import annotations

import hashlib
import logging
import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from ropsanalysis.errors import ReportError
from ropsanalysis.reporting import offline
from ropsanalysis.reporting.job import EngineName
from ropsanalysis.reporting.printed import shortened

if TYPE_CHECKING:
    from ropsanalysis.reporting.spec import Scalar

#: Papermill's own names: None is its ordinary Jupyter kernel.
_ENGINES: dict[EngineName, str | None] = {"ropsanalysis": "ropsanalysis", "kernel": None}

#: Terminal colours, which a traceback carries and a text file should not.
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")

#: A kernel is another process: it is told at its start what this one is told by `offline.enforced`.
_KERNEL_ARGUMENTS: Final = [
    "--IPKernelApp.exec_lines=__import__('ropsanalysis.reporting.offline', fromlist=['offline']).enforce()"
]

#: What some errors of a cell mean, whatever the words that came with them; those may hold values of the data.
_MEANINGS: Final = {
    "NetworkRefusedError": "a report is made from files alone and may not use the network",
    "MemoryError": "there was not enough memory",
    "SystemExit": "the cell ended the notebook",
    "DataError": "the data are missing or cannot be used as they are",
    "DeadKernelError": "the kernel's process was ended",
    "CellTimeoutError": "it took too long",
}


class CellFailedError(ReportError):
    """A cell of the notebook raised; carries the full traceback for the diagnostic file."""

    def __init__(self, message: str, diagnostic: str) -> None:
        super().__init__(message)
        self.diagnostic = diagnostic


def run(
    notebook: Path,
    parameters: Mapping[str, Scalar],
    *,
    engine: EngineName,
    workdir: Path,
    time_limit: int,
    on_cell: Callable[[int], object] = lambda _: None,
) -> nbformat.NotebookNode:
    """Run a notebook and return it executed.

    Parameters
    ----------
    notebook
        The source; it is not changed.
    parameters
        Checked values: text, numbers and booleans only.
    engine
        `ropsanalysis` runs the cells in this process; `kernel` is papermill's ordinary kernel.
    workdir
        Where the cells run, so that a stray file of theirs goes nowhere else.
    time_limit
        Seconds after which papermill gives up on one cell (kernel engine; the in-process engine is
        ended from outside by the batch).
    on_cell
        Told the number of each code cell, as the reader of the source counts, just before it runs.

    Raises
    ------
    CellFailedError
        A cell raised an error, or ended the notebook.
    """
    number = _Numbers(notebook, given=bool(parameters))
    last = 0

    def tell(*, cell_index: int, **_: Any) -> None:
        nonlocal last
        last = number.of(cell_index)
        on_cell(last)

    logging.getLogger("papermill").setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(), offline.enforced() if engine == "ropsanalysis" else nullcontext():
            warnings.simplefilter("ignore")  # papermill's dependencies warn of their own future
            executed = papermill.execute_notebook(
                _literal(notebook),
                None,
                parameters=dict(parameters),
                engine_name=_ENGINES[engine],
                kernel_name="python3",
                progress_bar=False,
                request_save_on_cell_execute=False,
                cwd=str(workdir),
                execution_timeout=time_limit,
                on_cell_execute=tell,
                **({} if engine == "ropsanalysis" else {"extra_arguments": list(_KERNEL_ARGUMENTS)}),
            )
    except PapermillExecutionError as error:
        raise _failed(number.of(error.cell_index), error.ename, error.evalue, error.source, error.traceback) from error
    except (DeadKernelError, CellTimeoutError) as error:
        raise CellFailedError(f"cell {last} failed with {_named(type(error).__name__)}", str(error)) from error
    for index, cell in enumerate(executed.cells):
        for output in cell.get("outputs", []):  # papermill takes `sys.exit(0)` for a good end
            if output.output_type == "error":
                raise _failed(number.of(index), output.ename, output.evalue, cell.source, output.traceback)
    return without_traces(executed)


def _literal(path: Path) -> str:
    """Return the path with braces doubled: papermill formats paths with the parameters."""
    return str(path).replace("{", "{{").replace("}", "}}")


class _Numbers:
    """The numbers of cells as the reader of the source counts: papermill puts one in for the parameters."""

    def __init__(self, notebook: Path, *, given: bool) -> None:
        cells = nbformat.read(notebook, as_version=4).cells
        tagged = [i for i, cell in enumerate(cells) if "parameters" in cell.metadata.get("tags", [])]
        self._injected = (tagged[0] if tagged else -1) + 1 if given else len(cells)

    def of(self, index: int) -> int:
        return index + 1 - int(index >= self._injected)


def _failed(number: int, name: str, text: str, source: str, traceback: Iterable[str]) -> CellFailedError:
    lines = _COLOUR.sub("", "\n".join(traceback))
    return CellFailedError(
        f"cell {number} failed with {_named(name)}", f"{name}: {text}\n\nCell {number}:\n{source}\n\n{lines}\n"
    )


def _named(name: str) -> str:
    """Return an error's name with what it means, where that can be told without the words that came with it."""
    return f"{name}: {_MEANINGS[name]}" if name in _MEANINGS else name


def without_traces(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return the notebook without times, random ids and paths, so that two runs give the same bytes.

    What a cell printed is cut where it is very long.
    """
    clean = nbformat.from_dict(notebook)
    clean.metadata.pop("papermill", None)
    clean.metadata.pop("widgets", None)
    clean.metadata.get("language_info", {}).pop("version", None)
    for index, cell in enumerate(clean.cells):
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        cell.id = hashlib.sha256(f"{index}\n{cell.source}".encode()).hexdigest()[:12]
        if cell.cell_type == "code":
            cell.outputs = shortened(o for o in cell.outputs if o.get("name") != "stderr")
    return clean
