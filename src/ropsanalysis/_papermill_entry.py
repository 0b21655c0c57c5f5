"""The door through which papermill finds our engine.

Papermill loads its plugins while it is itself being imported, whoever imports it. The class is
therefore made when papermill asks for it, and this module alone imports nothing.
"""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def _engine() -> type:
    from papermill.engines import Engine

    class InProcessEngine(Engine):  # type: ignore[misc]
        """Run a notebook's cells in the current process, without a kernel.

        Whoever calls it gives the notebook a process of its own: see `ropsanalysis.reporting.batch`.
        """

        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> None:
            """Run every cell in order and stop at the first that fails."""
            from ropsanalysis.reporting.inprocess import run_cells

            del kernel_name
            run_cells(nb_man, on_cell_execute=kwargs.get("on_cell_execute"))

    return InProcessEngine


def __getattr__(name: str) -> Any:
    if name == "InProcessEngine":
        return _engine()
    raise AttributeError(name)
