"""A document as plain data: every block with its unrounded numbers, for checking and comparing."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ropsanalysis.present.blocks import Figure
from ropsanalysis.reporting.document import Document, Heading, Numbered, Paragraph, Plain

#: Raised when the structure changes in a way a reader of older files would notice.
FORMAT = 1


def to_dict(document: Document) -> dict[str, Any]:
    """Return the document as JSON-ready values; drawings are left out, their data is kept."""
    return {
        "format": FORMAT,
        "cover": document.cover.to_dict(),
        "elements": [_element(element) for element in document.elements],
        **({"provenance": document.lineage} if document.lineage else {}),
    }


def _element(element: Heading | Paragraph | Plain | Numbered) -> dict[str, Any]:
    match element:
        case Heading():
            return {"kind": "heading", **asdict(element)}
        case Paragraph(runs=runs):
            return {"kind": "paragraph", "text": "".join(run.text for run in runs), "bullet": element.bullet}
        case Plain(text=text):
            return {"kind": "plain", "text": text}
        case Numbered(block=block, caption=caption, anchor=anchor):
            data = block.to_dict()
            if isinstance(block, Figure):
                del data["svg"]
            return {**data, "caption": caption, "anchor": anchor}
