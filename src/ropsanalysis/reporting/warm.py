"""What every report would do first, done once before the processes of reports are forked.

Importing alone would cost each report a third of what it computes.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final

from ropsanalysis.present import figures, polish
from ropsanalysis.reporting import html, imports, pdf

#: What runs cells and reads tables, loaded by libraries only when it is first used.
_LATE: Final = (
    "IPython.core.application",
    "IPython.core.completerlib",
    "IPython.core.crashhandler",
    "IPython.core.logger",
    "IPython.core.magics",
    "IPython.core.oinspect",
    "babel.dates",
    "pyarrow.pandas_compat",
    "pyarrow.parquet",
    "ropsanalysis.catalogue",
    "ropsanalysis.io.store",
    "ropsanalysis.jupyter",
    "ropsanalysis.reporting.inprocess",
)


def up(notebooks: Iterable[Path]) -> None:
    """Load what the notebooks import of this package, fonts, styles, words and templates; set nothing in PDF.

    A document that the typesetter has once set leaves threads behind, which no fork survives.
    """
    _up(frozenset(notebooks))


@cache
def _up(notebooks: frozenset[Path]) -> None:
    own = {name for notebook in notebooks for name in imports.own_modules(_cells(notebook))}
    for name in (*_LATE, *sorted(own)):
        with suppress(ImportError):  # the report that needs it will say so
            import_module(name)
    figures.intervals([figures.Interval("", 1, 1, 1, "region")], key="warm-up", label="")
    polish.number(1.5, digits=1)
    html.environment().get_template("report.html.j2")
    pdf.compiler()
    gc.collect()
    gc.freeze()  # keeps the collector of each child from copying the parent's pages


def _cells(notebook: Path) -> list[str]:
    try:
        return imports.code_cells(json.loads(notebook.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError):
        return []  # nor can the report be made of it, which will say why
