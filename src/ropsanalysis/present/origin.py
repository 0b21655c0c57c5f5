"""How a report was made, as every report ends: its methods with the choices used, the choices, the data files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from ropsanalysis.definitions import Choice, SourceFile
from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Cell, Column, Number, Points, Statement, Table

_WORDS: Final = {"mean": "średnia", "midpoint": "środek skali", "True": "tak", "False": "nie"}
"""What is printed for a choice that is not a number."""


def choice_value(choice: Choice) -> Cell:
    """Return the value of a choice as it is printed."""
    if isinstance(choice.value, (str, bool)):
        return _WORDS.get(str(choice.value), str(choice.value))
    if float(choice.value).is_integer():
        return Number(choice.value)
    return Number(choice.value, digits=max(2, len(repr(float(choice.value)).partition(".")[2])))  # 0.998 is not 1.00


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
    """Return the parameters of the methods as they were used."""
    return Table(
        key="choices",
        title=title,
        columns=(Column("Parametr", "left"), Column("Wartość"), Column("Jednostka", "left")),
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
