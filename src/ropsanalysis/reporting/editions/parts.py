"""A report's JSON taken apart for comparing: its tables with their labels, its sentences with their numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from ropsanalysis.errors import UsageError
from ropsanalysis.present.blocks import Cover, Figure, Note, Number, Points, Statement, Table, from_dict
from ropsanalysis.reporting import annex

#: Heading of the chapter on changes since an earlier edition; no comparison looks into that chapter.
CHANGES: Final = "Co się zmieniło od poprzedniej edycji"

#: Fact on the title page that differs between any two editions.
_EDITION: Final = "Edycja"
#: A number as it stands in a sentence, with what groups and splits its digits.
_NUMBER: Final = re.compile(r"[+−-]?\d+(?:[\u00a0,.]\d+)*")
_YEAR: Final = re.compile(r"(?<![\d,.])(?:19|20)\d{2}(?![\d,]|\.\d)")

GridKind = Literal["table", "figure"]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table, or the data behind a figure.

    Attributes
    ----------
    key
        Name of the block in its report; it is not always the only one of that name.
    chapter
        Headings above it, outermost first.
    synthetic
        Whether its numbers are made up.
    words
        Texts that belong to it besides its cells, by what they are.
    """

    kind: GridKind
    key: str
    chapter: str
    caption: str
    table: Table
    source: str
    synthetic: bool
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text with the numbers it speaks of; a text of another kind has none.

    Attributes
    ----------
    wording
        The text with a sign in place of every number, by which it is known in another edition.
    years
        The years that the text names beside its numbers.
    finding
        Whether it is one of the report's key findings.
    """

    chapter: str
    text: str
    wording: str
    values: Mapping[str, Number] = field(default_factory=dict)
    years: frozenset[str] = frozenset()
    synthetic: bool = False
    finding: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """One report of one edition.

    Attributes
    ----------
    provenance
        What the JSON says of its origin; empty in one that was written without it.
    """

    cover: Cover
    grids: tuple[Grid, ...]
    sentences: tuple[Sentence, ...]
    provenance: Mapping[str, Any]


def read(data: object) -> Report:
    """Take a report's JSON apart, without the chapter on changes.

    Raises
    ------
    UsageError
        The JSON is not a report's.
    """
    if not isinstance(data, Mapping) or data.get("format") != annex.FORMAT:
        raise UsageError(f"not the JSON of a report (it has no 'format': {annex.FORMAT})")
    try:
        cover = from_dict(data["cover"])
        if not isinstance(cover, Cover):
            raise UsageError("not the JSON of a report (its 'cover' is something else)")
        parts = tuple(_parts(data["elements"], cover))
        origin = _origin(data["provenance"]) if "provenance" in data else {}
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise UsageError(f"damaged JSON of a report ({type(error).__name__}: {error})") from error
    return Report(
        cover=cover,
        grids=tuple(part for part in parts if isinstance(part, Grid)),
        sentences=tuple(part for part in parts if isinstance(part, Sentence)),
        provenance=origin,
    )


def _origin(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a report says of its origin, each part as `reporting.lineage` writes it.

    Raises
    ------
    AttributeError, KeyError, TypeError
        A part is of another form.
    """
    return {
        "package_version": str(found["package_version"]),
        "code": str(found["code"]),
        "libraries": {str(name): str(version) for name, version in found["libraries"].items()},
        "datasets": {
            str(name): {
                "sources": [str(text) for text in dataset["sources"]],
                "files": {str(path): str(digest) for path, digest in dataset["files"].items()},
            }
            for name, dataset in found["datasets"].items()
        },
        "choices": {
            str(name): {"value": choice["value"], "description": str(choice["description"])}
            for name, choice in found["choices"].items()
        },
    }


def years(text: str) -> frozenset[str]:
    """Return the years that a text names.

    Examples
    --------
    >>> sorted(years("Zmiana 2023–2024 (12 024 osoby, 2 025,5)"))
    ['2023', '2024']
    """
    return frozenset(_YEAR.findall(text))


def wording(text: str) -> str:
    """Return a text with a sign in place of every number.

    Examples
    --------
    >>> wording("W 2025 r. 377,6 osoby (−1,2)")
    'W # r. # osoby (#)'
    """
    return _NUMBER.sub("#", text)


def _parts(elements: list[Mapping[str, Any]], cover: Cover) -> Iterator[Grid | Sentence]:
    """Yield grids and sentences in order; the first list of points is that of the key findings."""
    facts = (f"{name}: {text}" for name, text in cover.facts if name != _EDITION)
    for text in (cover.title, cover.subtitle, cover.centre, *facts):
        yield _words("", text)
    headings: dict[int, str] = {}
    findings_seen = False
    for element in elements:
        kind = element["kind"]
        if kind == "heading":
            headings = {level: text for level, text in headings.items() if level < element["level"]}
            headings[element["level"]] = element["text"]
        if headings.get(2) == CHANGES:
            continue
        chapter = " › ".join(headings.values())
        if kind in {"heading", "paragraph", "plain"}:
            yield _words(chapter, element["text"])
            continue
        block = from_dict({name: value for name, value in {"svg": "", **element}.items() if name in _FIELDS[kind]})
        match block:
            case Table() | Figure():
                yield _grid(block, chapter, made_up=_made_up(cover, block))
            case Points(items=items):
                for item in items:
                    yield _sentence(item, chapter, made_up=_made_up(cover, item), finding=not findings_seen)
                findings_seen = True
            case Statement():
                yield _sentence(block, chapter, made_up=_made_up(cover, block), finding=False)
            case Note(title=title, text=text, items=listed):
                yield from (_words(chapter, words) for words in (f"{title} {text}".strip(), *listed) if words)


_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    block.kind: frozenset(block.__dataclass_fields__) | {"kind"} for block in (Table, Figure, Points, Statement, Note)
}


def _made_up(cover: Cover, block: Statement | Table | Figure) -> bool:
    """Whether a block's numbers are made up: its own mark counts where not all of the report's are."""
    return block.synthetic if cover.real else cover.synthetic


def _words(chapter: str, text: str) -> Sentence:
    return Sentence(chapter=chapter, text=text, wording=text)


def _sentence(item: Statement, chapter: str, *, made_up: bool, finding: bool) -> Sentence:
    text = item.text
    for number in sorted(item.values.values(), key=lambda number: -len(number.text)):
        text = re.sub(rf"(?<![\d,]){re.escape(number.text)}(?![\d,])", "#", text, count=1)
    return Sentence(
        chapter,
        item.text,
        wording(text) if item.values else item.text,
        item.values,
        years=years(text) if item.values else frozenset(),
        synthetic=made_up,
        finding=finding,
    )


def _grid(block: Table | Figure, chapter: str, *, made_up: bool) -> Grid:
    if isinstance(block, Table):
        words = {"title": block.title, "note": block.note, "source": block.source}
        return Grid("table", block.key, chapter, block.title, block, block.source, made_up, words)
    # The texts that describe a drawing repeat its numbers, which are compared as numbers.
    words = {
        "title": block.title, "note": block.note, "source": block.source, "data_title": block.data.title,
        "alt": wording(block.alt), "description": wording(block.description),
    }  # fmt: skip
    return Grid("figure", block.key, chapter, block.title, block.data, block.source, made_up, words)
