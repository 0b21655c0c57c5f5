"""Where a report's numbers come from: marks of made-up numbers, sources, and how the report was made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final, Protocol, TypedDict

from ropsanalysis.definitions import Choice, SourceFile
from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Cell, Column, Number, Points, Statement, Table, Tone

_WORDS: Final = {"mean": "średnia", "midpoint": "środek skali", "True": "tak", "False": "nie"}
"""What is printed for a choice that is not a number."""


#: Texts longer than this take more than one line of a narrow column.
_LONG: Final = 20


class Reported(Protocol):
    """What a view of one voivodeship says of its datasets."""

    @property
    def sources(self) -> Mapping[str, str]:
        """What to print as the source of each dataset."""

    def made_up(self, *datasets: str) -> bool:
        """Return whether any of these datasets is made up."""


class Origin(TypedDict):
    """Where the numbers of a table come from, and whether they are made up."""

    source: str
    synthetic: bool


def origin(view: Reported, *datasets: str) -> Origin:
    """Return the source line of a table, and whether to mark it as made up."""
    return {"source": source(view, *datasets), "synthetic": view.made_up(*datasets)}


def source(view: Reported, *datasets: str) -> str:
    """Return the source line under a table or figure computed from these datasets."""
    texts = dict.fromkeys(filter(None, (view.sources.get(name, "") for name in datasets)))
    return f"opracowanie własne na podstawie: {'; '.join(texts)}." if texts else "opracowanie własne."


def say(view: Reported, datasets: Iterable[str], template: str, /, *, tone: Tone = "text", **parts: Cell) -> Statement:
    """Build a statement about numbers of these datasets, marked where any of them is made up."""
    found = Statement.of(template, tone=tone, synthetic=view.made_up(*datasets), **parts)
    return replace(found, text=stopped(found.text)) if found.text.endswith("..") else found


def stopped(text: str) -> str:
    """Return a sentence with its full stop; one that ends with an abbreviation has it already.

    Examples
    --------
    >>> stopped("o 3 p.p."), stopped("o 3 p.p.."), stopped("o 3 zł")
    ('o 3 p.p.', 'o 3 p.p.', 'o 3 zł.')
    """
    return f"{text.rstrip('.')}."


def choice_value(choice: Choice) -> Cell:
    """Return the value of a choice as it is printed."""
    if isinstance(choice.value, (str, bool)):
        return _WORDS.get(str(choice.value), str(choice.value))
    if float(choice.value).is_integer():
        return Number(choice.value)
    written = f"{Decimal(repr(float(choice.value))):f}"  # 0.998 is not 1.00, and 5e-05 not 0.00
    return Number(choice.value, digits=max(2, len(written.partition(".")[2])))


def methods(texts: Iterable[str], choices: Sequence[Choice]) -> Points:
    """Fill each text with the choices it names in braces."""
    used: dict[str, Any] = {choice.name: choice_value(choice) for choice in choices}
    return Points(
        tuple(
            Statement.of(text, **{name: shown for name, shown in used.items() if f"{{{name}}}" in text})
            for text in texts
        )
    )


def choices_table(choices: Sequence[Choice], *, title: str) -> Table:
    """Return the parameters of the methods as they were used; long texts among their values lean left."""
    long = any(isinstance(choice.value, str) and len(choice.value) > _LONG for choice in choices)
    return Table(
        key="choices",
        title=title,
        columns=(
            Column("Parametr", "left"),
            Column("Wartość", "left" if long else "right"),
            Column("Jednostka", "left"),
        ),
        rows=tuple(
            (choice.description.rstrip("."), choice_value(choice), choice.unit or polish.DASH) for choice in choices
        ),
    )


def files_table(files: Sequence[SourceFile], *, note: str, sizes: bool) -> Table:
    """Return the data files a report was computed from, with the start of their checksums.

    Parameters
    ----------
    sizes
        Whether to print their sizes; the size of a survey hints at how many answered.
    """
    size = (Column("Bajtów"),) if sizes else ()
    # Leaning right, the column is as wide as a checksum; with a column more, it shares the room with the texts.
    checksum = Column("SHA-256 (początek)", "left" if sizes else "right")
    return Table(
        key="sources",
        title="Pliki danych, z których powstał raport",
        columns=(
            Column("Plik", "left"),
            Column("Wierszy w pliku"),
            Column("Przyjęto"),
            *size,
            checksum,
            Column("Źródło", "left"),
        ),
        rows=tuple(
            (
                file.path,
                Number(file.rows_in),
                Number(file.rows_out),
                *((Number(file.size),) if sizes else ()),
                file.sha256[:16],
                file.source,
            )
            for file in files
        ),
        note=note,
    )
