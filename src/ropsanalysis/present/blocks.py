"""What a notebook cell returns: cover, statement, points, figure, table, note.

A block carries its numbers unrounded together with everything a renderer needs, and travels through
the notebook as JSON. HTML, PDF and the JSON annex are all written from that one structure, so they
cannot disagree about a number.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from string import Formatter
from typing import Any, ClassVar, Literal, get_args

from ropsanalysis.present import polish

#: The MIME type under which a block travels in a notebook's outputs.
BLOCK_MIME = "application/vnd.ropsanalysis.block+json"
#: What a block, and a page, says where its numbers were made up for demonstration.
SYNTHETIC_MARK = "dane syntetyczne"
SYNTHETIC_BANNER = "DANE SYNTETYCZNE"

FigureKind = Literal["Wykres", "Mapa"]
Tone = Literal["text", "lead", "good", "bad"]
Align = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its way of being shown; `value` stays unrounded.

    Attributes
    ----------
    value
        The number itself; None where it is missing.
    digits
        Decimal places to print.
    unit
        Printed after the number, as in "12 zł"; empty where a column names the unit.
    signed
        Whether a plus is printed before positive numbers.
    missing
        Why the number is missing (Polish); printed instead of it.
    """

    value: float | None
    digits: int = 0
    unit: str = ""
    signed: bool = False
    missing: str = ""

    def __post_init__(self) -> None:
        if self.value is not None and math.isnan(self.value):
            object.__setattr__(self, "value", None)  # NaN is not JSON; a missing number is None

    @property
    def text(self) -> str:
        """The number as it is printed, in every format."""
        if self.value is None:
            return self.missing or polish.DASH
        show = polish.signed if self.signed else polish.number
        return polish.with_unit(show(self.value, digits=self.digits), self.unit)


Cell = str | Number


def cell_text(cell: Cell) -> str:
    """Return what a table prints for a cell."""
    return cell.text if isinstance(cell, Number) else cell


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading and which way its cells lean."""

    label: str
    align: Align = "right"


@dataclass(frozen=True, slots=True)
class Block:
    """Base of all blocks: shows itself in JupyterLab and carries its structure."""

    kind: ClassVar[str] = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the block as JSON-ready values."""
        return {"kind": self.kind, **{f.name: _plain(getattr(self, f.name)) for f in fields(self)}}

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        from ropsanalysis.present import markup

        del include, exclude
        return {
            BLOCK_MIME: self.to_dict(),
            "text/html": markup.fragment(self),
            "text/plain": plain_text(self),
        }


@dataclass(frozen=True, slots=True)
class Cover(Block):
    """The title page: which report, for which region, in whose name, from what data.

    Attributes
    ----------
    synthetic
        Whether any of the numbers are made up.
    real
        Which of them are not, as in "oprócz danych GUS"; then each block carries a mark of its own.
    """

    kind: ClassVar[str] = "cover"
    report: str
    title: str
    subtitle: str
    teryt: str
    region: str
    centre: str
    edition: str
    facts: tuple[tuple[str, str], ...] = ()
    synthetic: bool = False
    real: str = ""

    @property
    def banner(self) -> str:
        """What every page says of made-up numbers; empty where there are none."""
        if not self.synthetic:
            return ""
        return f"{SYNTHETIC_BANNER} ({self.real})" if self.real else SYNTHETIC_BANNER


@dataclass(frozen=True, slots=True)
class Statement(Block):
    """A paragraph and the unrounded numbers it speaks of; `synthetic` where these are made up."""

    kind: ClassVar[str] = "statement"
    text: str
    values: Mapping[str, Number] = field(default_factory=dict)
    tone: Tone = "text"
    synthetic: bool = False

    @classmethod
    def of(cls, template: str, /, *, tone: Tone = "text", synthetic: bool = False, **parts: Cell) -> Statement:
        """Build a statement from a template, printing each number the one way numbers are printed.

        A part that the template does not name is left out: a file holds no number that a page does not print.

        Examples
        --------
        >>> Statement.of("W regionie: {value}.", value=Number(377.61, digits=1)).text
        'W regionie: 377,6.'
        """
        shown = {name: cell_text(part) for name, part in parts.items()}
        named = {name for _, name, _, _ in Formatter().parse(template)}
        values = {name: part for name, part in parts.items() if isinstance(part, Number) and name in named}
        return cls(text=template.format_map(shown), values=values, tone=tone, synthetic=synthetic)


@dataclass(frozen=True, slots=True)
class Points(Block):
    """A list of statements, such as the key findings."""

    kind: ClassVar[str] = "points"
    items: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Table(Block):
    """A table: the first column heads its rows.

    Attributes
    ----------
    key
        Stable name of the table within its report.
    highlight
        Indices of rows about the report's own region.
    synthetic
        Whether its numbers are made up, in a report where not all are.
    """

    kind: ClassVar[str] = "table"
    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    source: str = ""
    note: str = ""
    highlight: tuple[int, ...] = ()
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Figure(Block):
    """A drawing with its alternative text, a longer description and the data behind it, marked as that table is."""

    kind: ClassVar[str] = "figure"
    key: str
    title: str
    svg: str
    alt: str
    description: str
    data: Table
    source: str = ""
    note: str = ""
    label: FigureKind = "Wykres"

    @property
    def synthetic(self) -> bool:
        """Whether its numbers are made up, in a report where not all are."""
        return self.data.synthetic


@dataclass(frozen=True, slots=True)
class Note(Block):
    """A remark on method or a caution about data; `items` are listed below its text."""

    kind: ClassVar[str] = "note"
    text: str
    title: str = ""
    items: tuple[str, ...] = ()


AnyBlock = Cover | Statement | Points | Table | Figure | Note
_KINDS: dict[str, type[Block]] = {block.kind: block for block in get_args(AnyBlock)}


def from_dict(data: Mapping[str, Any]) -> AnyBlock:
    """Rebuild a block from its JSON structure.

    Raises
    ------
    KeyError, TypeError
        The structure is not one that `Block.to_dict` wrote.
    """
    values = {key: value for key, value in data.items() if key != "kind"}
    cls = _KINDS[data["kind"]]
    if cls is Statement:
        return _statement(values)
    if cls is Points:
        return Points(items=tuple(_statement(_without_kind(item)) for item in values["items"]))
    if cls is Table:
        return _table(values)
    if cls is Figure:
        return Figure(**{**values, "data": _table(_without_kind(values["data"]))})
    if cls is Cover:
        return Cover(**{**values, "facts": tuple((str(a), str(b)) for a, b in values["facts"])})
    return Note(**{**values, "items": tuple(values["items"])})


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; of a number only what differs from the defaults, as there are thousands."""
    match value:
        case Number():
            kept = {f.name: getattr(value, f.name) for f in fields(Number) if getattr(value, f.name) != f.default}
            return {"value": value.value, **kept}
        case Statement() | Table() | Column():
            return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
        case tuple():
            return [_plain(item) for item in value]
        case Mapping():
            return {key: _plain(item) for key, item in value.items()}
        case _:
            return value


def _without_kind(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key != "kind"}


def _statement(data: Mapping[str, Any]) -> Statement:
    values = {name: Number(**number) for name, number in data["values"].items()}
    return Statement(text=data["text"], values=values, tone=data["tone"], synthetic=data["synthetic"])


def _table(data: Mapping[str, Any]) -> Table:
    rows = tuple(tuple(_cell(cell) for cell in row) for row in data["rows"])
    columns = tuple(Column(**column) for column in data["columns"])
    rest = {f.name: data[f.name] for f in fields(Table) if f.name not in {"rows", "columns", "highlight"}}
    return Table(columns=columns, rows=rows, highlight=tuple(data["highlight"]), **rest)


def _cell(cell: object) -> Cell:
    return Number(**cell) if isinstance(cell, Mapping) else str(cell)


def marked(text: str, block: Statement | Table | Figure) -> str:
    """Return a text about a block with the mark of made-up numbers where the block has it."""
    return f"{text} [{SYNTHETIC_MARK}]" if block.synthetic else text


def plain_text(block: Block) -> str:
    """Return a short plain form of a block, for terminals and `text/plain` readers."""
    match block:
        case Statement(text=text):
            return marked(text, block)
        case Note(title=title, text=text, items=items):
            return "\n".join([f"{title} {text}".strip(), *(f"• {item}" for item in items)])
        case Points(items=items):
            return "\n".join(f"• {marked(item.text, item)}" for item in items)
        case Table(title=title, columns=columns, rows=rows):
            head = "\t".join(column.label for column in columns)
            return "\n".join([marked(title, block), head, *("\t".join(map(cell_text, row)) for row in rows)])
        case Figure(title=title, alt=alt):
            return f"{marked(title, block)}\n{alt}"
        case Cover(title=title, subtitle=subtitle):
            return f"{title}\n{subtitle}"
        case _:
            return repr(block)
