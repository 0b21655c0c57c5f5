"""The chapter of a report on what changed since an earlier edition: a few lines, as ordinary blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from ropsanalysis.present.blocks import AnyBlock, Column, Note, Number, Statement, Table
from ropsanalysis.reporting import annex
from ropsanalysis.reporting.document import Document, with_chapter
from ropsanalysis.reporting.editions import files, words
from ropsanalysis.reporting.editions.cautions import NOT_RESULTS
from ropsanalysis.reporting.editions.changes import Change, Comparison
from ropsanalysis.reporting.editions.parts import CHANGES

#: Most changes that a report lists; the whole list is a page of its own.
MOST: Final = 12


def added(document: Document, previous: Path) -> Document:
    """Return a report with the chapter on what changed since an earlier edition, after its key findings.

    Raises
    ------
    UsageError
        The JSON of the earlier edition is missing, damaged, or of another report or region.
    """
    found = files.compare(previous, annex.to_dict(document))
    return with_chapter(document, CHANGES, blocks(found))


def blocks(found: Comparison) -> tuple[AnyBlock, ...]:
    """Return the blocks of the chapter.

    Changes that may give somebody away are not pointed out here: a report is read by everybody.

    Parameters
    ----------
    found
        The report about to be written, compared with its earlier edition.
    """
    edition = found.old.edition
    if found.old.synthetic and not found.new.synthetic:
        text = "Liczb nie porównujemy z edycją {edition}: zawierała ona dane syntetyczne, a ta edycja ich nie zawiera."
        return (Statement.of(text, edition=edition),)
    compared = Number(found.compared)
    if found.same:
        text = "Od edycji {edition} nic się nie zmieniło; porównane liczby: {compared}."
        return (Statement.of(text, edition=edition, compared=compared),)
    lead = Statement.of(
        "Liczby zmienione od edycji {edition}: {changed} spośród {compared} porównanych; zmiany mniejsze niż "
        "zaokrąglenie: {below}.",
        tone="lead",
        edition=edition,
        changed=Number(len(found.changes)),
        compared=compared,
        below=Number(found.below),
    )
    largest = _largest(found.changes)
    table = (_table(largest, found),) if largest else ()
    return (lead, *table, Note("", title="Skąd te zmiany i gdzie jest ich pełny wykaz", items=tuple(_remarks(found))))


def _largest(changes: Sequence[Change]) -> list[Change]:
    """Return the changes to tell, each once: a figure repeats numbers of the table beside it."""
    results = sorted((one for one in changes if one.place.block not in NOT_RESULTS), key=_weight)
    once = {(one.old.value, one.new.value): one for one in reversed(results)}
    return [one for one in results if once[one.old.value, one.new.value] is one][:MOST]


def _weight(change: Change) -> tuple[int, float]:
    """Return what orders changes: key findings, then what is about the region and in words, then the rest."""
    group = 0 if change.finding else 1 if change.own or not change.place.block else 2
    return group, -abs(change.relative or 0)


def _table(changes: Sequence[Change], found: Comparison) -> Table:
    names, made_up = words.named(changes, mixed=words.mixed(found))
    return Table(
        key="edition_changes",
        title=f"Największe zmiany liczb od edycji {found.old.edition}",
        columns=(
            Column("Liczba", "left"),
            Column("Było"),
            Column("Jest"),
            Column("Różnica"),
            Column("Zmiana"),
            Column("Możliwa przyczyna", "left"),
        ),
        rows=tuple(
            (": ".join(filter(None, (change.place.chapter, name))), *words.values(change), words.causes(change.causes))
            for name, change in zip(names, changes, strict=True)
        ),
        source=f"porównanie z edycją {found.old.edition} tego raportu.",
        note="Kolejność: liczby z najważniejszych ustaleń, potem z opisu i wierszy o województwie, potem pozostałe; w "
        "każdej grupie od największej zmiany względnej.",
        synthetic=made_up,
    )


def _remarks(found: Comparison) -> Iterator[str]:
    yield from words.origins(found.evidence)
    reworded = sum(text.finding for text in found.texts)
    counts = {
        "liczby, które zaczęto albo przestano podawać": len(found.missing),
        "liczby w innych jednostkach": len(found.units),
        "nowe tabele, wiersze, kolumny i zdania": len(found.added),
        "usunięte tabele, wiersze, kolumny i zdania": len(found.gone),
        "zmienione teksty": len(found.texts),
        "w tym najważniejsze ustalenia w nowym brzmieniu": reworded,
    }
    if told := [f"{what} – {count}" for what, count in counts.items() if count]:
        yield f"Poza liczbami z tabeli: {'; '.join(told)}."
    yield "Pełny wykaz zawiera strona zmian między edycjami, którą tworzy polecenie „ropsanalysis diff”."
