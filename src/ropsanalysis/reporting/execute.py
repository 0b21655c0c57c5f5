"""One notebook, run by papermill with checked parameters and read back without traces of the run."""

from __future__ import annotations

import hashlib
import logging
import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import papermill
from papermill.exceptions import PapermillExecutionError

from ropsanalysis.errors import ReportError
from ropsanalysis.reporting.job import EngineName

if TYPE_CHECKING:
    from ropsanalysis.reporting.spec import Scalar

#: Papermill's own names: None is its ordinary Jupyter kernel.
_ENGINES: dict[EngineName, str | None] = {"ropsanalysis": "ropsanalysis", "kernel": None}

#: Terminal colours, which a traceback carries and a text file should not.
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class CellFailedError(ReportError):
    """A cell of the notebook raised; carries the full traceback for the diagnostic file."""

    def __init__(self, message: str, diagnostic: str) -> None:
        super().__init__(message)
        self.diagnostic = diagnostic


def run(
    notebook: Path, parameters: Mapping[str, Scalar], *, engine: EngineName, workdir: Path, time_limit: int
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

    Raises
    ------
    CellFailedError
        A cell raised an error.
    """
    logging.getLogger("papermill").setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
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
            )
    except PapermillExecutionError as error:
        number = error.cell_index + 1 - _injected_before(notebook, error.cell_index, given=bool(parameters))
        raise CellFailedError(f"cell {number} failed with {error.ename}", _diagnostic(error, number)) from error
    return without_traces(executed)


def _literal(path: Path) -> str:
    """Return the path with braces doubled: papermill formats paths with the parameters."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _injected_before(notebook: Path, index: int, *, given: bool) -> int:
    """Return how many cells papermill put in before this one: the reader counts in the source."""
    cells = nbformat.read(notebook, as_version=4).cells
    tagged = [i for i, cell in enumerate(cells) if "parameters" in cell.metadata.get("tags", [])]
    return int(given and index > (tagged[0] if tagged else -1))


def _diagnostic(error: PapermillExecutionError, number: int) -> str:
    lines = _COLOUR.sub("", "\n".join(error.traceback))
    return f"{error.ename}: {error.evalue}\n\nCell {number}:\n{error.source}\n\n{lines}\n"


def without_traces(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return the notebook without times, random ids and paths, so that two runs give the same bytes."""
    clean = nbformat.from_dict(notebook)
    clean.metadata.pop("papermill", None)
    clean.metadata.pop("widgets", None)
    clean.metadata.get("language_info", {}).pop("version", None)
    for index, cell in enumerate(clean.cells):
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        cell.id = hashlib.sha256(f"{index}\n{cell.source}".encode()).hexdigest()[:12]
        if cell.cell_type == "code":
            cell.outputs = [o for o in cell.outputs if o.get("name") != "stderr"]
    return clean
