"""A document as a workbook: cover, findings, notes, and a sheet for each table and each figure's data."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from ropsanalysis.present import polish
from ropsanalysis.present.blocks import (
    SYNTHETIC_BANNER,
    AnyBlock,
    Cell,
    Column,
    Cover,
    Figure,
    Note,
    Points,
    Statement,
    Table,
    cell_text,
    marked,
)
from ropsanalysis.reporting import cells, sheets
from ropsanalysis.reporting.document import Document, Heading, Numbered, Paragraph, Plain
from ropsanalysis.reporting.pdf import DEFAULT_EPOCH
from ropsanalysis.reporting.sheets import Sheet

#: What a report's notes call a symbol that cannot begin a sentence.
_SPOKEN = {polish.DASH: "Kreska"}
DASH_MEANS = (
    "nie ma tu liczby i nie jest to zero: wartości nie ma w danych, nie można jej obliczyć albo jej nie pokazano; "
    "przyczynę podają uwagi do raportu"
)
WORD_MEANS = "przyczyna, dla której nie ma tu liczby; nie jest to zero"
_NUMBERS = (
    "Komórka zawiera wartość sprzed zaokrąglenia do wyświetlenia; widać tyle miejsc po przecinku, ile w raporcie. "
    "Jednostkę podaje nagłówek kolumny albo sama komórka."
)
_BOLD = "Wiersz pogrubiony dotyczy województwa, dla którego powstał raport."

Rows = list[tuple[str, str]]


def render(document: Document) -> bytes:
    """Return the document as XLSX.

    Raises
    ------
    ReportError
        A table has more rows or columns than a sheet can hold.
    """
    cover = document.cover
    numbered = [(e.caption, e.block) for e in document.elements if isinstance(e, Numbered)]
    captioned = [(caption, block) for caption, block in numbered if isinstance(block, Table | Figure)]
    first, second, third, *tabs = cells.names(["Okładka", "Ustalenia", "Uwagi", *(caption for caption, _ in captioned)])
    blocks = {tab: block for tab, (_, block) in zip(tabs, captioned, strict=True)}
    texts = [
        _texts(second, "Ustalenia i opisy z raportu", ("Rozdział", "Treść"), _findings(document)),
        _texts(third, "Objaśnienia, uwagi i źródła", ("Czego dotyczy", "Treść"), _notes(document, blocks)),
    ]
    others = [replace(sheet, banner=cover.banner) for sheet in texts] + [
        replace(_data(tab, caption, block), banner=_banner(cover, block))
        for tab, (caption, block) in zip(tabs, captioned, strict=True)
    ]
    contents = [(f"Arkusz „{sheet.name}”", sheet.title) for sheet in others]
    opening = _texts(first, cover.title, ("Pozycja", "Treść"), _facts(cover) + contents, line=cover.subtitle)
    return sheets.write(
        [replace(opening, banner=cover.banner), *others],
        properties={
            "title": f"{cover.title} – {cover.subtitle}",
            "subject": f"{cover.title}, edycja {cover.edition}",
            "author": cover.centre,
            "company": cover.centre,
            "keywords": cover.banner,
        },
        created=datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", DEFAULT_EPOCH)), UTC),
    )


def _banner(cover: Cover, block: Table | Figure) -> str:
    """Return what a block's sheet says of made-up numbers: its own mark in a report where not all are."""
    if not cover.real:
        return cover.banner
    return SYNTHETIC_BANNER if block.synthetic else ""


def _texts(tab: str, title: str, headings: tuple[str, str], rows: Rows, *, line: str = "") -> Sheet:
    return Sheet(tab, title, tuple(Column(heading, "left") for heading in headings), tuple(rows), lines=(line,))


def _data(tab: str, caption: str, block: Table | Figure) -> Sheet:
    """Return the sheet of a table, or of the data behind a figure."""
    table = _table(block)
    drawn = () if isinstance(block, Table) else (f"{block.label}: {block.alt}", f"Opis: {block.description}")
    notes = [f"Uwaga: {note}" for note in _notes_of(block)]
    sources = [f"Źródło: {source}" for source in _sources_of(block)]
    return Sheet(
        tab,
        f"{caption} {block.title}",
        table.columns,
        table.rows,
        lines=(table.title,) if table.title != block.title else (),
        remarks=(*drawn, *notes, *sources),
        highlight=table.highlight,
    )


def _table(block: Table | Figure) -> Table:
    return block if isinstance(block, Table) else block.data


def _notes_of(block: Table | Figure) -> list[str]:
    return [note for note in dict.fromkeys((_table(block).note, block.note)) if note]


def _sources_of(block: Table | Figure) -> list[str]:
    return [source for source in dict.fromkeys((_table(block).source, block.source)) if source]


def _facts(cover: Cover) -> Rows:
    """Return what the cover says of the report; its own facts come once, as the report words them."""
    always = {"Ośrodek": cover.centre, "Województwo": cover.region, "Kod TERYT": cover.teryt, "Edycja": cover.edition}
    said = {name for name, _ in cover.facts}
    return [*((name, text) for name, text in always.items() if name not in said), *cover.facts]


def _findings(document: Document) -> Rows:
    """Return every sentence of the report that is not a note, in order."""
    rows: Rows = []
    for chapter, element in _with_chapter(document):
        match element:
            case Points(items=items):
                rows += [(chapter, marked(item.text, item)) for item in items]
            case Statement() as statement:
                rows.append((chapter, marked(statement.text, statement)))
            case Plain(text=text):
                rows.append((chapter, text))
            case Paragraph(runs=runs):
                rows.append((chapter, "".join(run.text for run in runs)))
    return rows


def _with_chapter(document: Document) -> Iterator[tuple[str, AnyBlock | Paragraph | Plain]]:
    """Yield all that is no heading, with the chapter and section it stands in."""
    headings: dict[int, str] = {}
    for element in document.elements:
        if isinstance(element, Heading):
            headings = {level: text for level, text in headings.items() if level < element.level}
            headings[element.level] = element.text
        else:
            chapter = ": ".join(headings.values()) or document.cover.title
            yield chapter, element.block if isinstance(element, Numbered) else element


def _notes(document: Document, blocks: Mapping[str, Table | Figure]) -> Rows:
    """Return the meaning of each symbol, how to read the sheets, the report's notes, and all sources."""
    rows = _symbols(blocks)
    rows.append(("Liczby", _NUMBERS))
    if any(_table(block).highlight for block in blocks.values()):
        rows.append(("Pogrubienie", _BOLD))
    for chapter, element in _with_chapter(document):
        if isinstance(element, Note):
            about = f"{chapter}: {element.title}" if element.title else chapter
            rows += [(about, text) for text in (element.text, *element.items) if text]
    sources = ((("Źródło", source), tab) for tab, block in blocks.items() for source in _sources_of(block))
    return rows + _places(sources)


def _symbols(blocks: Mapping[str, Table | Figure]) -> Rows:
    """Return what stands in place of numbers, each with its meaning and the sheets that use it."""
    notes = {tab: _notes_of(block) for tab, block in blocks.items()}
    anywhere = [note for some in notes.values() for note in some]
    used = []
    for tab, block in blocks.items():
        for symbol in dict.fromkeys(_symbol(cell) for row in _table(block).rows for cell in row):
            if symbol == polish.DASH:  # may mean another thing on another sheet
                used.append(((f"Symbol „{symbol}”", _meaning(symbol, notes[tab]) or DASH_MEANS), tab))
            elif symbol:
                used.append(((f"Symbol „{symbol}”", _meaning(symbol, notes[tab] + anywhere) or WORD_MEANS), tab))
    return _places(used)


def _symbol(cell: Cell) -> str:
    """Return what a cell prints in place of a number; empty for a number and for a text."""
    is_symbol = cell == polish.DASH if isinstance(cell, str) else cell.value is None
    return cell_text(cell) if is_symbol else ""


def _meaning(symbol: str, notes: Iterable[str]) -> str:
    """Return what the first note that explains the symbol says of it, as in "n.op.: nie opublikowano."."""
    name = re.escape(_SPOKEN.get(symbol, symbol))
    for note in notes:
        if found := re.search(
            rf"(?:^|\s){name}: (.+?)(?:\.(?=\s+[^\s:]+: |\s+[A-ZĄĆĘŁŃÓŚŹŻ„])|\.?\s*$)", note, re.DOTALL
        ):
            return found[1]
    return ""


def _places(pairs: Iterable[tuple[tuple[str, str], str]]) -> Rows:
    """Return each thing and what is said of it once, with the names of the sheets where it is found."""
    found: dict[tuple[str, str], list[str]] = {}
    for pair, tab in pairs:
        found.setdefault(pair, []).append(tab)
    return [
        (thing, f"{text}{'' if text.endswith('.') else '.'} Arkusze: {', '.join(tabs)}.")
        for (thing, text), tabs in found.items()
    ]
