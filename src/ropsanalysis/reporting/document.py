"""An executed notebook read as a document: cover, headings, paragraphs and numbered blocks.

HTML, PDF and JSON are written from this one reading. Only our own block type and plain text pass;
any other MIME type a cell may emit (scripts, widgets, foreign HTML) is left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

from ropsanalysis.errors import ReportError
from ropsanalysis.present.blocks import BLOCK_MIME, AnyBlock, Cover, Figure, Points, Table, from_dict

#: Level of the headings that begin a chapter; the report's title is level 1.
_CHAPTER = 2

if TYPE_CHECKING:
    from nbformat import NotebookNode

_MARKDOWN = MarkdownIt("zero", {"html": False}).enable(["heading", "list", "emphasis"])


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the report's title; level 2 is a chapter."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a paragraph in one weight."""

    text: str
    strong: bool = False
    emphasis: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the notebook's own Markdown; `bullet` for a list item."""

    runs: tuple[Run, ...]
    bullet: bool = False


@dataclass(frozen=True, slots=True)
class Plain:
    """Plain text that a cell printed or returned."""

    text: str


@dataclass(frozen=True, slots=True)
class Numbered:
    """A block in its place, with the number it has in this document, as in "Tabela 3."."""

    block: AnyBlock
    caption: str = ""
    anchor: str = ""


Element = Heading | Paragraph | Plain | Numbered


@dataclass(frozen=True, slots=True)
class Document:
    """A report as read from its notebook.

    Attributes
    ----------
    cover
        The title page; every report has exactly one.
    elements
        Everything else, in order.
    lineage
        What its numbers come from, where that is known: see `reporting.lineage`.
    """

    cover: Cover
    elements: tuple[Element, ...]
    lineage: Mapping[str, Any] = field(default_factory=dict)

    def numbered(self, kind: type[Table] | type[Figure]) -> list[Numbered]:
        """Return the numbered blocks of one kind, for the lists at the end."""
        return [e for e in self.elements if isinstance(e, Numbered) and isinstance(e.block, kind)]

    def headings(self) -> list[Heading]:
        """Return the chapters and sections, for the table of contents."""
        return [e for e in self.elements if isinstance(e, Heading)]


def read(notebook: NotebookNode) -> Document:
    """Read an executed notebook.

    Raises
    ------
    ReportError
        The notebook has no cover, more than one, an error output, a block of unknown form, or a figure
        without alternative text.
    """
    covers: list[Cover] = []
    elements: list[Element] = []
    numbers = _Numbers()
    for cell in notebook.cells:
        for element in _cell(cell, numbers):
            if isinstance(element, Numbered) and isinstance(element.block, Cover):
                covers.append(element.block)
            else:
                elements.append(element)
    if len(covers) != 1:
        raise ReportError(f"the notebook shows {len(covers)} cover blocks; a report has exactly one")
    return Document(cover=covers[0], elements=tuple(elements))


def assemble(cover: Cover, pieces: Iterable[Heading | Paragraph | Plain | AnyBlock]) -> Document:
    """Return a document made of these pieces; blocks get their numbers and headings their anchors here."""
    numbers = _Numbers()
    return Document(cover, tuple(_placed(piece, numbers) for piece in pieces))


def with_chapter(document: Document, title: str, blocks: Iterable[AnyBlock]) -> Document:
    """Return the document with one chapter more, after that of the first list of points: the key findings.

    Tables and figures behind it are numbered anew.
    """
    pieces = [element.block if isinstance(element, Numbered) else element for element in document.elements]
    findings = next((index for index, piece in enumerate(pieces) if isinstance(piece, Points)), len(pieces))
    ends = (i for i, p in enumerate(pieces) if i > findings and isinstance(p, Heading) and p.level == _CHAPTER)
    at = next(ends, len(pieces))
    whole = assemble(document.cover, [*pieces[:at], Heading(_CHAPTER, title, ""), *blocks, *pieces[at:]])
    return replace(document, elements=whole.elements)


def _placed(piece: Heading | Paragraph | Plain | AnyBlock, numbers: _Numbers) -> Element:
    match piece:
        case Heading(text=text):
            return replace(piece, anchor=numbers.anchor(text))
        case Paragraph() | Plain():
            return piece
        case _:
            return numbers.block(piece)


class _Numbers:
    """Counts tables, charts and maps, and keeps anchors unique."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._anchors: set[str] = set()

    def block(self, block: AnyBlock) -> Numbered:
        label = block.label if isinstance(block, Figure) else "Tabela" if isinstance(block, Table) else ""
        if not label:
            return Numbered(block)
        count = self._counts[label] = self._counts.get(label, 0) + 1
        return Numbered(block, caption=f"{label} {count}.", anchor=self.anchor(f"{label} {count}"))

    def anchor(self, text: str) -> str:
        plain = unicodedata.normalize("NFKD", text.lower().replace("ł", "l")).encode("ascii", "ignore").decode()
        base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "sekcja"
        name, suffix = base, 2
        while name in self._anchors:
            name, suffix = f"{base}-{suffix}", suffix + 1
        self._anchors.add(name)
        return name


def _cell(cell: NotebookNode, numbers: _Numbers) -> Iterator[Element]:
    if cell.cell_type == "markdown":
        yield from _markdown(cell.source, numbers)
    elif cell.cell_type == "code":
        for output in cell.get("outputs", []):
            yield from _output(output, numbers)


def _output(output: NotebookNode, numbers: _Numbers) -> Iterator[Element]:
    if output.output_type == "error":
        raise ReportError(f"a cell failed with {output.ename}; a report with a failed cell is not rendered")
    if output.output_type == "stream":
        if output.name == "stdout" and output.text.strip():
            yield Plain(_text(output.text).rstrip())
        return
    data = output.get("data", {})
    if BLOCK_MIME in data:
        yield numbers.block(_block(data[BLOCK_MIME]))
    elif "text/plain" in data:
        yield Plain(_text(data["text/plain"]))


def _block(data: Any) -> AnyBlock:
    try:
        block = from_dict(data)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ReportError(f"a cell returned a block of unknown form ({type(error).__name__})") from error
    if isinstance(block, Figure) and not block.alt.strip():
        raise ReportError(f"figure '{block.key}' has no alternative text; say in `alt` what it shows")
    return block


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "".join(value)


def _markdown(source: str, numbers: _Numbers) -> Iterator[Element]:
    tokens = _MARKDOWN.parse(source)
    bullets = 0
    for index, token in enumerate(tokens):
        if token.type == "bullet_list_open":
            bullets += 1
        elif token.type == "bullet_list_close":
            bullets -= 1
        elif token.type == "inline":
            opener = tokens[index - 1]
            if opener.type == "heading_open":
                text = "".join(run.text for run in _runs(token))
                yield Heading(level=max(2, int(opener.tag[1])), text=text, anchor=numbers.anchor(text))
            else:
                yield Paragraph(tuple(_runs(token)), bullet=bullets > 0)


def _runs(inline: Any) -> Iterator[Run]:
    strong = emphasis = False
    for child in inline.children or ():
        match child.type:
            case "strong_open" | "strong_close":
                strong = child.type == "strong_open"
            case "em_open" | "em_close":
                emphasis = child.type == "em_open"
            case "softbreak" | "hardbreak":
                yield Run(" ", strong, emphasis)
            case _ if child.content:
                yield Run(child.content, strong, emphasis)
