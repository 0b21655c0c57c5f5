"""The report's formats as nbconvert exporters.

`jupyter nbconvert --to ropsanalysis-html report.ipynb` works for anybody who has the package
installed; `ropsanalysis render` calls the same classes.
"""

from __future__ import annotations

import json
from typing import Any, ClassVar

from nbconvert.exporters.exporter import Exporter
from nbformat import NotebookNode
from traitlets import default

from ropsanalysis.reporting import annex, document, html, pdf, xlsx


class _ReportExporter(Exporter):  # type: ignore[misc]
    """What the formats share: an executed notebook is read as a document first."""

    export_from_notebook: ClassVar[str] = ""
    extension: ClassVar[str] = ""

    @default("file_extension")  # type: ignore[untyped-decorator]
    def _extension(self) -> str:
        return self.extension

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str | bytes, dict[str, Any]]:
        """Return the rendered report and nbconvert's resources."""
        del kw
        return self.render(document.read(nb)), {**(resources or {}), "output_extension": self.extension}

    def render(self, read: document.Document) -> str | bytes:
        """Return the document in this exporter's format."""
        raise NotImplementedError


class ReportHTMLExporter(_ReportExporter):
    """One self-contained HTML file."""

    export_from_notebook = "ropsanalysis HTML"
    extension = ".html"
    output_mimetype = "text/html"

    def render(self, read: document.Document) -> str:
        """Return the report as HTML."""
        return html.render(read)


class ReportPDFExporter(_ReportExporter):
    """An accessible PDF (PDF/UA-1); refused where it would not be accessible."""

    export_from_notebook = "ropsanalysis PDF"
    extension = ".pdf"
    output_mimetype = "application/pdf"

    def render(self, read: document.Document) -> bytes:
        """Return the report as PDF."""
        return pdf.render(read)


class ReportJSONExporter(_ReportExporter):
    """All blocks with their unrounded numbers."""

    export_from_notebook = "ropsanalysis JSON"
    extension = ".json"
    output_mimetype = "application/json"

    def render(self, read: document.Document) -> str:
        """Return the report as JSON."""
        return json.dumps(annex.to_dict(read), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


class ReportXLSXExporter(_ReportExporter):
    """All tables and the data of all figures as a workbook of plain sheets."""

    export_from_notebook = "ropsanalysis XLSX"
    extension = ".xlsx"
    output_mimetype = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def render(self, read: document.Document) -> bytes:
        """Return the report as XLSX."""
        return xlsx.render(read)
