"""Cells run by IPython in this very process, their outputs collected as a kernel would send them.

A kernel costs seconds of start-up and imports per report. Here the process was forked from a parent
that has everything imported, and ends with the report, so nothing of one run reaches the next.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from typing import Any, Literal

import nbformat
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type

from ropsanalysis.reporting.printed import MOST_PRINTED

StreamName = Literal["stdout", "stderr"]


class _Outputs:
    """The outputs of the cell that is running, in the order in which they came."""

    def __init__(self) -> None:
        self.items: list[Any] = []
        self._room: dict[StreamName, int] = {}

    def clear(self) -> None:
        self.items.clear()
        self._room.clear()

    def add(self, output_type: str, **fields: Any) -> None:
        self.items.append(nbformat.from_dict({"output_type": output_type, **fields}))

    def write(self, name: StreamName, text: str) -> None:
        """Add what was printed: one character more than a report may hold, which tells that there was more."""
        text = text[: self._room.get(name, MOST_PRINTED + 1)]
        self._room[name] = self._room.get(name, MOST_PRINTED + 1) - len(text)
        last = self.items[-1] if self.items else None
        if last is not None and last.output_type == "stream" and last.name == name:
            last.text += text
        elif text:
            self.add("stream", name=name, text=text)


class _Stream(io.TextIOBase):
    """A text stream that becomes the cell's output."""

    def __init__(self, outputs: _Outputs, name: StreamName) -> None:
        self._outputs, self._name = outputs, name

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._outputs.write(self._name, text)
        return len(text)


class _Publisher(DisplayPublisher):  # type: ignore[misc]
    outputs: _Outputs

    def publish(self, data: Any, metadata: Any = None, **kwargs: Any) -> None:
        del kwargs
        self.outputs.add("display_data", data=data, metadata=metadata or {})

    def clear_output(self, wait: bool = False) -> None:
        del wait
        self.outputs.clear()


class _Hook(DisplayHook):  # type: ignore[misc]
    outputs: _Outputs
    source: str = ""

    def quiet(self) -> bool:
        """Return whether the cell ends in a semicolon; the base class would ask the history, which is off."""
        return bool(self.semicolon_at_end_of_expression(self.source))

    def __call__(self, result: Any = None) -> None:
        if result is None or self.quiet():
            return
        data, metadata = self.compute_format_data(result)
        self.outputs.add("execute_result", data=data, metadata=metadata, execution_count=self.shell.execution_count)


class _Shell(InteractiveShell):  # type: ignore[misc]
    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)

    def init_history(self) -> None:
        """Keep no history file: a batch must not write into the researcher's own."""
        self.history_manager = HistoryManager(shell=self, parent=self, enabled=False, hist_file=":memory:")

    def enable_gui(self, gui: str | None = None) -> None:
        """Accept `%matplotlib inline`; there is no window to open."""

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        """Leave the traceback to the cell's error output, where a kernel puts it too."""


def run_cells(nb_man: Any, *, on_cell_execute: Callable[..., object] | None = None) -> None:
    """Run the code cells of papermill's managed notebook and fill in their outputs.

    Parameters
    ----------
    on_cell_execute
        Called with each code cell and its index just before it runs, as a kernel's client calls it.
    """
    main, hook = sys.modules["__main__"], sys.displayhook
    _Shell.clear_instance()
    shell = _Shell.instance(user_ns={})  # the instance, so that `display()` in a cell finds it
    try:
        for index, cell in enumerate(nb_man.nb.cells):
            nb_man.cell_start(cell, index)
            if cell.cell_type == "code" and cell.source.strip():
                if on_cell_execute is not None:
                    on_cell_execute(cell=cell, cell_index=index)
                failed = _run_cell(shell, cell)
                if failed:
                    nb_man.cell_exception(cell, index)
                    return
            nb_man.cell_complete(cell, index)
    finally:
        _Shell.clear_instance()
        sys.modules["__main__"], sys.displayhook = main, hook


def _run_cell(shell: _Shell, cell: Any) -> bool:
    outputs = _Outputs()
    shell.displayhook.outputs = shell.display_pub.outputs = outputs
    shell.displayhook.source = cell.source
    cell.execution_count = shell.execution_count
    with redirect_stdout(_Stream(outputs, "stdout")), redirect_stderr(_Stream(outputs, "stderr")):
        result = shell.run_cell(cell.source, store_history=False)
    shell.execution_count += 1
    error = result.error_before_exec or result.error_in_exec
    if error is not None:
        lines = shell.InteractiveTB.structured_traceback(type(error), error, error.__traceback__)
        outputs.add("error", ename=type(error).__name__, evalue=str(error), traceback=list(lines))
    cell.outputs = outputs.items
    return error is not None
