"""Do HTML, PDF, XLSX and JSON of one report hold the same numbers? Each is read back and compared with the JSON.

The JSON has every number unrounded. In the HTML each table is compared cell by cell, in the workbook each cell by its
exact value and by how it is shown, in the PDF each row; sentences, captions and notes stand in the same order in all.
Drawings are compared between HTML and PDF by their words, as the JSON has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from ropsanalysis.present.blocks import (
    Cell,
    Figure,
    Note,
    Number,
    Points,
    Statement,
    Table,
    cell_text,
    marked,
)
from ropsanalysis.reporting import cells, rereading
from ropsanalysis.reporting.document import Document, Heading, Numbered, Paragraph, Plain
from ropsanalysis.reporting.rereading import Place, Workbook, squeezed

#: How many characters of a text a message shows, so that a reader can find the place.
_SHOWN: Final = 80
#: The workbook's sheets before those of tables.
_FIRST_SHEETS: Final = ("Okładka", "Ustalenia", "Uwagi")


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where a format does not say what the JSON says: the format, and Polish words for the place."""

    format: str
    text: str


# ---- HTML --------------------------------------------------------------------------------------------------------


def with_html(document: Document, page: Any) -> list[Difference]:
    """Return where an HTML page, read by `rereading.page`, differs from the JSON."""
    found = [Difference("html", text) for text in _tables(document, page)]
    for style in page.xpath("//style"):
        style.drop_tree()
    text = squeezed(str(page.text_content()))
    return found + [
        Difference("html", f"brak tekstu „{_short(part)}”") for part in _lacking(text, _page_parts(document))
    ]


def _tables(document: Document, page: Any) -> Iterator[str]:
    expected = [(numbered.caption, _table(numbered)) for numbered in _with_table(document)]
    shown = page.xpath("//table")
    if len(shown) != len(expected):
        yield f"tabel jest {len(shown)}, a w JSON {len(expected)}"
        return
    for (caption, table), found in zip(expected, shown, strict=True):
        rows = [[column.label for column in table.columns], *([cell_text(cell) for cell in row] for row in table.rows)]
        lines = [[str(cell.text_content()) for cell in row.xpath("./th | ./td")] for row in found.xpath("./*/tr")]
        yield from _unequal(f"{caption} {table.title}", rows, lines)


def _unequal(title: str, expected: Sequence[Sequence[str]], found: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield each cell that differs, rows counted from the heading, which is row 0."""
    for row, (wanted, shown) in enumerate(zip_longest(expected, found, fillvalue=())):
        for column, (one, other) in enumerate(zip_longest(wanted, shown, fillvalue=""), start=1):
            if one != other:
                yield f"{_short(title)}, wiersz {row}, kolumna {column}: „{_short(other)}”, a w JSON „{_short(one)}”"


def _page_parts(document: Document) -> Iterator[str]:
    cover = document.cover
    yield from (
        cover.banner,
        cover.centre,
        cover.title,
        cover.subtitle,
        *(part for fact in cover.facts for part in fact),
    )
    for element in document.elements:
        yield from _texts(element)
        if isinstance(element, Numbered) and isinstance(element.block, Figure):
            yield from (element.block.description, element.block.data.title, *_feet(element.block.data))


# ---- PDF ---------------------------------------------------------------------------------------------------------


def with_pdf(document: Document, pages: Sequence[str], *, drawn: Sequence[str]) -> list[Difference]:
    """Return where a PDF, read by `rereading.pdf_pages`, differs from the JSON.

    Parameters
    ----------
    drawn
        The words of each figure's drawing in the HTML, squeezed, in order.
    """
    text = "".join(_bodies(document, pages))
    lacking = _lacking(text, _pdf_parts(document))
    found = [Difference("pdf", f"brak tekstu „{_short(part)}”") for part in lacking]
    if document.cover.banner:
        banner = squeezed(document.cover.banner)
        bare = [number for number, page in enumerate(pages, start=1) if banner not in page]
        found += [Difference("pdf", f"strona {number}: brak napisu „{document.cover.banner}”") for number in bare]
    absent = (word for word in drawn if word not in text)
    return found + [Difference("pdf", f"rysunek: brak napisu „{_short(word)}” z HTML") for word in absent]


def _bodies(document: Document, pages: Sequence[str]) -> Iterator[str]:
    """Yield what each page holds between its running head and its foot."""
    cover = document.cover
    head = squeezed(f"{cover.banner}{cover.title} – {cover.subtitle}edycja {cover.edition}")
    for number, page in enumerate(pages, start=1):
        foot = squeezed(f"{cover.centre}{number} / {len(pages)}")
        yield page.removeprefix(head).removesuffix(foot)


def _pdf_parts(document: Document) -> Iterator[str]:
    cover = document.cover
    yield from (
        cover.banner,
        cover.centre,
        cover.title,
        cover.subtitle,
        *(part for fact in cover.facts for part in fact),
    )
    figures = []
    for element in document.elements:
        yield from _texts(element)
        if isinstance(element, Numbered) and isinstance(element.block, Table):
            yield from _rows(element.block)
        if isinstance(element, Numbered) and isinstance(element.block, Figure):
            figures.append(element)
    for figure in figures:
        data = _table(figure)
        yield f"{figure.caption} {_block(figure).title}"
        yield from (_block(figure).description, data.title, *_rows(data), *_feet(data))


def _rows(table: Table) -> Iterator[str]:
    """Yield each row as one text: typesetting keeps rows whole."""
    for row in table.rows:
        yield " ".join(map(cell_text, row))


def drawn_words(page: Any) -> list[str]:
    """Return the words of all drawings of an HTML page, squeezed."""
    words = (
        squeezed(str(item.text_content())) for item in page.xpath("//*[local-name()='svg']//*[local-name()='text']")
    )
    return [word for word in words if word]


# ---- XLSX --------------------------------------------------------------------------------------------------------


def with_xlsx(document: Document, book: Workbook) -> list[Difference]:
    """Return where a workbook differs from the JSON."""
    captioned = _with_table(document)
    names = cells.names([*_FIRST_SHEETS, *(numbered.caption for numbered in captioned)])
    if list(book.sheets) != names:
        return [Difference("xlsx", f"arkusze „{_short(', '.join(book.sheets))}”, a powinny być: „{', '.join(names)}”")]
    found: list[str] = []
    for name, numbered in zip(names[len(_FIRST_SHEETS) :], captioned, strict=True):
        title = cells.pieces(f"{numbered.caption} {_block(numbered).title}")[0]
        found += _in_sheet(title, _table(numbered), book.sheets[name])
        text = _words(book.sheets[name])
        found += [
            f"{title}: brak tekstu „{_short(part)}”"
            for part in _remarks(_block(numbered))
            if squeezed(part) not in text
        ]
    for name in _FIRST_SHEETS:
        found += [f"{name}: liczba w arkuszu tekstów" for cell in book.sheets[name].values() if cell.number is not None]
    first, findings, notes = (_words(book.sheets[name]) for name in _FIRST_SHEETS)
    sentences = (marked(statement.text, statement) for statement in _statements(document))
    found += [f"brak zdania „{_short(part)}”" for part in _lacking(findings, sentences)]
    found += [f"brak uwagi „{_short(part)}”" for part in _lacking(notes, _note_texts(document))]
    cover = document.cover
    facts = (cover.banner, cover.teryt, *(f"{name} {value}" for name, value in cover.facts))
    found += [f"okładka: brak „{_short(part)}”" for part in facts if squeezed(part) not in first]
    return [Difference("xlsx", one) for one in found]


def _words(sheet: Mapping[Place, rereading.Cell]) -> str:
    """Return all texts of a sheet, row by row, squeezed."""
    return squeezed(" ".join(sheet[place].text for place in sorted(sheet)))


def _remarks(block: Table | Figure) -> Iterator[str]:
    if isinstance(block, Figure):
        yield from (block.alt, block.description)
        yield from _feet(block.data)
    yield from _feet(block)


def _note_texts(document: Document) -> Iterator[str]:
    for element in document.elements:
        if isinstance(element, Numbered) and isinstance(element.block, Note):
            yield from (element.block.text, *element.block.items)


def _in_sheet(title: str, table: Table, sheet: Mapping[Place, rereading.Cell]) -> Iterator[str]:
    """Yield what differs between a table and its sheet."""
    if (0, 0) not in sheet or sheet[0, 0].text != title:
        yield f"arkusz nie ma tytułu „{_short(title)}”"
        return
    labels, units = cells.headings(table.columns, table.rows)
    heads = [cells.pieces(label)[0] for label in labels]
    rows = sorted({row for row, _ in sheet})
    head = next((row for row in rows if row and _texts_of(sheet, row, len(heads)) == heads), None)
    if head is None:
        yield f"{_short(title)}: brak nagłówka tabeli"
        return
    numbers = 0
    for row, line in enumerate(table.rows, start=1):
        for column, cell in enumerate(line):
            numbers += _is_number(cell)
            shown = sheet.get((head + row, column), rereading.Cell(""))
            if not _same(cell, shown, named=units[column]):
                seen = shown.text if shown.number is None else repr(shown.number)
                place = f"{_short(title)}, wiersz {row}, kolumna {column + 1}"
                yield f"{place}: „{_short(seen)}”, a w JSON „{_short(cell_text(cell))}”"
    if numbers != sum(cell.number is not None for cell in sheet.values()):
        yield f"{_short(title)}: liczby poza tabelą"


def _texts_of(sheet: Mapping[Place, rereading.Cell], row: int, width: int) -> list[str]:
    return [sheet.get((row, column), rereading.Cell("")).text for column in range(width)]


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, Number) and cell.value is not None and len(cell.unit) <= cells.LONGEST_UNIT


def _same(cell: Cell, shown: rereading.Cell, *, named: str) -> bool:
    """Whether a sheet's cell has the number and shows it as the report does, or has the text."""
    if isinstance(cell, Number) and _is_number(cell):
        form = cells.number_format(cell, unit="" if cell.unit == named else cell.unit)
        return shown.number == cell.value and shown.form == form
    first, *rest = cells.pieces(cell_text(cell))
    return shown.number is None and (shown.text.startswith(first) if rest else shown.text == first)


# ---- what a document says, in order --------------------------------------------------------------------------------


def _lacking(text: str, parts: Iterator[str]) -> list[str]:
    """Return the parts that do not stand in the text, each after the one before it."""
    lacking, place = [], 0
    for part in parts:
        wanted = squeezed(part)
        found = text.find(wanted, place)
        if found < 0:
            lacking.append(part)
        else:
            place = found + len(wanted)
    return lacking


def _texts(element: Heading | Paragraph | Plain | Numbered) -> Iterator[str]:
    match element:
        case Heading(text=text) | Plain(text=text):
            yield text
        case Paragraph(runs=runs):
            yield "".join(run.text for run in runs)
        case Numbered(block=Statement(text=text)):
            yield text
        case Numbered(block=Points(items=items)):
            yield from (item.text for item in items)
        case Numbered(block=Note() as note):
            yield from (f"{note.title} {note.text}", *note.items)
        case Numbered(block=Table() | Figure() as block, caption=caption):
            yield f"{caption} {block.title}"
            if isinstance(block, Figure):
                yield from _feet(block)


def _feet(block: Table | Figure) -> Iterator[str]:
    if block.note:
        yield block.note
    if block.source:
        yield f"Źródło: {block.source}"


def _statements(document: Document) -> Iterator[Statement]:
    for element in document.elements:
        match element:
            case Numbered(block=Statement() as statement):
                yield statement
            case Numbered(block=Points(items=items)):
                yield from items


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _with_table(document: Document) -> list[Numbered]:
    return [e for e in document.elements if isinstance(e, Numbered) and isinstance(e.block, Table | Figure)]


def _block(numbered: Numbered) -> Any:
    return numbered.block


def _table(numbered: Numbered) -> Table:
    block: Table | Figure = _block(numbered)
    return block.data if isinstance(block, Figure) else block
