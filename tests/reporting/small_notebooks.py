"""Small notebooks with the real report's parameters, so that a faulty one costs a second and not six."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat

from ropsanalysis.present.blocks import Block, Column, Cover, Figure, Number, Points, Statement, Table
from ropsanalysis.regions import find

PARAMETERS = 'region: str = "28"  # voivodeship\nedition: str = ""  # edition'

SETUP = """\
from ropsanalysis.present.blocks import Cover, Number, Points, Statement
from ropsanalysis.regions import find
own = find(region)"""

COVER = """\
Cover(report="regional_diagnosis", title="Diagnoza sytuacji regionalnej",
      subtitle="województwo " + own.name, teryt=own.teryt, region=own.name, centre=own.centre, edition=edition)"""

POINTS = 'Points(items=(Statement.of("W regionie {value} osób.", value=Number(377.61, digits=1)),))'


def small_notebook(*cells: str, before: tuple[str, ...] = ()) -> nbformat.NotebookNode:
    """Return an unexecuted report of cover, heading and one finding, then the given code cells."""
    v4 = nbformat.v4
    parameters = v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
    body = [v4.new_code_cell(text) for text in (*before, SETUP, COVER)]
    end = [v4.new_code_cell(text) for text in (POINTS, *cells)]
    notebook = v4.new_notebook(cells=[parameters, *body, v4.new_markdown_cell("## Ustalenia"), *end])
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return notebook


def put(notebook: nbformat.NotebookNode, project: Path) -> Path:
    """Make the notebook the project's regional diagnosis."""
    path = project / "notebooks" / "regional_diagnosis.ipynb"
    path.unlink(missing_ok=True)
    nbformat.write(notebook, path)
    return path


def cover(**changes: Any) -> Cover:
    """Return a title page for Warmińsko-Mazurskie."""
    own = find("28")
    fields = {
        "report": "regional_diagnosis", "title": "Diagnoza sytuacji regionalnej",
        "subtitle": "województwo warmińsko-mazurskie", "teryt": "28", "region": own.name, "centre": own.centre,
        "edition": "2025", "facts": (("Stan danych", "2025"),),
    }  # fmt: skip
    return Cover(**{**fields, **changes})


def table(**changes: Any) -> Table:
    """Return a table of one row for each of two regions."""
    fields = {
        "key": "small", "title": "Korzystający z pomocy społecznej",
        "columns": (Column("Województwo", "left"), Column("2024"), Column("2025")),
        "rows": (
            ("warmińsko-mazurskie", Number(391.24, digits=1), Number(377.61, digits=1)),
            ("Polska", Number(None, missing="brak danych"), Number(222.7, digits=1)),
        ),
        "source": "GUS",
    }  # fmt: skip
    return Table(**{**fields, **changes})


SVG = '<svg viewBox="0 0 90 20" xmlns="http://www.w3.org/2000/svg"><text x="3" y="12">377,6</text></svg>'


def figure(**changes: Any) -> Figure:
    """Return a figure with everything an accessible document needs."""
    fields = {
        "key": "small-figure", "title": "Zmiana w czasie", "svg": SVG, "alt": "Wykres liniowy: 377,6 w 2025 roku.",
        "description": "Wartość spadła z 391,2 do 377,6.", "data": table(key="small-data"),
    }  # fmt: skip
    return Figure(**{**fields, **changes})


def findings(*texts: str) -> Points:
    """Return key findings with one number each."""
    return Points(items=tuple(Statement.of(text, value=Number(377.61, digits=1)) for text in texts))


def executed(*outputs: Block | str | nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return an executed notebook: a block or an output is a code cell's, a text is a Markdown cell."""
    v4 = nbformat.v4
    cells = []
    for output in outputs:
        if isinstance(output, str):
            cells.append(v4.new_markdown_cell(output))
            continue
        if isinstance(output, Block):
            data = output._repr_mimebundle_()
            output = v4.new_output("execute_result", data=data, execution_count=1)
        cells.append(v4.new_code_cell("show()", outputs=[output]))
    return v4.new_notebook(cells=cells)
