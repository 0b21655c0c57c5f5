"""A document as one HTML file: no request to anywhere, no script, readable on paper and on a phone."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ropsanalysis.present import markup
from ropsanalysis.present.blocks import Figure, Table
from ropsanalysis.reporting.document import Document, Heading, Numbered, Paragraph, Plain


@cache
def environment() -> Environment:
    """Return the template environment; everything not marked as safe is escaped."""
    return Environment(
        loader=PackageLoader("ropsanalysis.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(document: Document) -> str:
    """Return the document as HTML."""
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            cover=document.cover,
            cover_html=Markup(markup.fragment(document.cover)),  # noqa: S704 - fragment escapes
            body=Markup("\n".join(_elements(document))),  # noqa: S704 - each element escapes
            headings=[heading for heading in document.headings() if heading.level == 2],
            tables=document.numbered(Table),
            figures=document.numbered(Figure),
        )
    )


def _elements(document: Document) -> list[str]:
    parts: list[str] = []
    in_list = False
    for element in document.elements:
        bullet = isinstance(element, Paragraph) and element.bullet
        if bullet != in_list:
            parts.append("<ul>" if bullet else "</ul>")
            in_list = bullet
        parts.append(_element(element))
    if in_list:
        parts.append("</ul>")
    return parts


def _element(element: Heading | Paragraph | Plain | Numbered) -> str:
    match element:
        case Heading(level=level, text=text, anchor=anchor):
            return f'<h{level} id="{Markup.escape(anchor)}">{Markup.escape(text)}</h{level}>'
        case Paragraph(runs=runs, bullet=bullet):
            inner = "".join(_run(run.text, strong=run.strong, emphasis=run.emphasis) for run in runs)
            return f"<li>{inner}</li>" if bullet else f"<p>{inner}</p>"
        case Plain(text=text):
            return f"<pre>{Markup.escape(text)}</pre>"
        case Numbered(block=block, caption=caption, anchor=anchor):
            return markup.fragment(block, caption=caption, anchor=anchor)


def _run(text: str, *, strong: bool, emphasis: bool) -> str:
    inner = str(Markup.escape(text))
    if emphasis:
        inner = f"<em>{inner}</em>"
    return f"<strong>{inner}</strong>" if strong else inner
