"""Blocks as HTML fragments: what JupyterLab shows and what the HTML report is made of.

Every text passes through `escape`; the one thing inserted as it stands is a figure's SVG, which
`present.svg` wrote and cleaned.
"""

from __future__ import annotations

from html import escape

from ropsanalysis.present.blocks import (
    SYNTHETIC_MARK,
    Block,
    Column,
    Cover,
    Figure,
    Note,
    Number,
    Points,
    Statement,
    Table,
    cell_text,
)

#: Marks a row about the report's own region.
_OWN = ' class="own"'


def fragment(block: Block, *, caption: str = "", anchor: str = "") -> str:
    """Return a block as HTML.

    Parameters
    ----------
    block
        The block to show.
    caption
        Its number, as in "Tabela 3."; empty in a notebook, where nothing is numbered.
    anchor
        The element's id, for links from the lists of tables and figures.
    """
    match block:
        case Cover():
            return _cover(block)
        case Statement():
            return f'<p class="{block.tone}">{_marked(block.text, block)}</p>'
        case Points():
            items = "".join(f'<li class="{item.tone}">{_marked(item.text, item)}</li>' for item in block.items)
            return f'<ul class="points">{items}</ul>'
        case Table():
            return table(block, caption=caption, anchor=anchor)
        case Figure():
            return _figure(block, caption=caption, anchor=anchor)
        case Note():
            title = f"<strong>{escape(block.title)}</strong> " if block.title else ""
            items = "".join(f"<li>{escape(item)}</li>" for item in block.items)
            listed = f"<ul>{items}</ul>" if items else ""
            return f'<div class="note"><p>{title}{escape(block.text)}</p>{listed}</div>'
        case _:
            raise TypeError(f"no HTML for {type(block).__name__}")


def table(block: Table, *, caption: str = "", anchor: str = "") -> str:
    """Return a table with a caption, column and row headers, in a region that a keyboard can scroll."""
    identity = f' id="{escape(anchor)}"' if anchor else ""
    label = escape(f"{caption} {block.title}".strip())
    head = "".join(f'<th scope="col"{_lean(column)}>{escape(column.label)}</th>' for column in block.columns)
    body = "".join(
        f"<tr{_OWN if index in block.highlight else ''}>{_row(block.columns, row)}</tr>"
        for index, row in enumerate(block.rows)
    )
    number = f"<b>{escape(caption)}</b> " if caption else ""
    return (
        f'<div class="tablebox"{identity}><div class="scroll" role="region" tabindex="0" aria-label="{label}">'
        f"<table><caption>{number}{_marked(block.title, block)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{_foot(block)}</div>"
    )


def _row(columns: tuple[Column, ...], row: tuple[str | Number, ...]) -> str:
    first, *rest = row
    cells = "".join(
        f"<td{_lean(column)}>{escape(cell_text(cell))}</td>" for column, cell in zip(columns[1:], rest, strict=True)
    )
    return f'<th scope="row">{escape(cell_text(first))}</th>{cells}'


def _lean(column: Column) -> str:
    return ' class="r"' if column.align == "right" else ""


def _figure(block: Figure, *, caption: str, anchor: str) -> str:
    identity = f' id="{escape(anchor)}"' if anchor else ""
    number = f"<b>{escape(caption)}</b> " if caption else ""
    name = escape(f"{caption} {block.title}".strip())
    svg = block.svg.replace("<svg ", f'<svg role="img" aria-label="{escape(block.alt)}" ', 1)
    summary = "Opis i dane mapy" if block.label == "Mapa" else "Opis i dane wykresu"
    return (
        f"<figure{identity}><figcaption>{number}{_marked(block.title, block)}</figcaption>"
        f'<div class="scroll" role="region" tabindex="0" aria-label="{name}">{svg}</div>{_foot(block)}'
        f"<details><summary>{summary}</summary><p>{escape(block.description)}</p>"
        f"{table(block.data)}</details></figure>"
    )


def _marked(text: str, block: Statement | Table | Figure) -> str:
    mark = f' <span class="mark">{SYNTHETIC_MARK}</span>' if block.synthetic else ""
    return escape(text) + mark


def _foot(block: Table | Figure) -> str:
    note = f'<p class="remark">{escape(block.note)}</p>' if block.note else ""
    source = f'<p class="source">Źródło: {escape(block.source)}</p>' if block.source else ""
    return note + source


def _cover(block: Cover) -> str:
    facts = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(text)}</dd></div>" for name, text in block.facts)
    synthetic = f'<p class="synthetic">{escape(block.banner)}</p>' if block.synthetic else ""
    return (
        f'<header class="cover">{synthetic}<p class="centre">{escape(block.centre)}</p><h1>{escape(block.title)}</h1>'
        f'<p class="subtitle">{escape(block.subtitle)}</p><dl class="facts">{facts}</dl></header>'
    )
