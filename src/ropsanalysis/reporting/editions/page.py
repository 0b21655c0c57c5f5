"""A page on all that changed between two editions of a report: summary, cautions, numbers, parts, texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ropsanalysis.present import polish
from ropsanalysis.present.blocks import (
    AnyBlock,
    Cell,
    Column,
    Cover,
    Note,
    Number,
    Points,
    Statement,
    Table,
)
from ropsanalysis.reporting import document, html
from ropsanalysis.reporting.document import Document, Heading
from ropsanalysis.reporting.editions import words
from ropsanalysis.reporting.editions.cautions import Caution
from ropsanalysis.reporting.editions.changes import Change, Comparison, Part, Rewording

#: What is compared, for the words of a text's row, where it is no cell.
_WORDS: Final = {
    "title": "tytuł", "note": "uwaga", "source": "źródło", "data_title": "tytuł danych", "alt": "tekst alternatywny",
    "description": "opis",
}  # fmt: skip
_PARTS: Final = {
    "table": "tabela", "figure": "wykres lub mapa", "row": "wiersz", "column": "kolumna", "sentence": "zdanie",
}  # fmt: skip
_MISSING: Final = "Liczby, które podaje tylko jedna edycja, albo których brak ma inną przyczynę"


def render(found: Comparison, cautions: Sequence[Caution]) -> str:
    """Return the page as HTML, in the reports' own form: no script, no request to anywhere."""
    return html.render(_document(found, cautions))


def _document(found: Comparison, cautions: Sequence[Caution]) -> Document:
    pieces: list[Heading | AnyBlock] = [_heading("Podsumowanie"), _summary(found, cautions), _origins(found)]
    for title, blocks in (
        ("Zmiany, które mogą wskazać osobę", _cautions(cautions)),
        ("Zmienione liczby", _numbers(found.changes, found)),
        ("Liczby, które zaczęto albo przestano podawać", _others(found.missing, key="missing", title=_MISSING)),
        ("Liczby w innych jednostkach", _others(found.units, key="units", title="Liczby w obu jednostkach")),
        ("Nowe części", _parts(found.added, key="added")),
        ("Usunięte części", _parts(found.gone, key="gone")),
        ("Tabele i wykresy pod inną nazwą", _texts(found.renamed, key="renamed")),
        ("Zmienione teksty", _texts(found.texts, key="texts")),
    ):
        if blocks:
            pieces += [_heading(title), *blocks]
    return document.assemble(_cover(found), pieces)


def _heading(text: str) -> Heading:
    return Heading(2, text, "")


def _cover(found: Comparison) -> Cover:
    new, old = found.new, found.old
    return replace(
        new,
        title=f"Zmiany między edycjami: {new.title}",
        edition=f"{old.edition} → {new.edition}",
        facts=(
            ("Kod TERYT", new.teryt),
            ("Starsza edycja", old.edition),
            ("Nowsza edycja", new.edition),
            ("Porównane liczby", polish.number(found.compared)),
        ),
        synthetic=old.synthetic or new.synthetic,
        real=new.real if new.synthetic else old.real,
    )


def _summary(found: Comparison, cautions: Sequence[Caution]) -> Points:
    counts = {
        "Zmienione liczby": len(found.changes),
        "Zmiany mniejsze niż zaokrąglenie (niewymienione)": found.below,
        "Liczby, które zaczęto albo przestano podawać": len(found.missing),
        "Liczby w innych jednostkach": len(found.units),
        "Nowe tabele, wiersze, kolumny i zdania": len(found.added),
        "Usunięte tabele, wiersze, kolumny i zdania": len(found.gone),
        "Tabele i wykresy pod inną nazwą": len(found.renamed),
        "Zmienione teksty": len(found.texts),
        "Zmiany, które mogą wskazać osobę": len(cautions),
    }
    told = [Statement.of(f"{what}: {{n}}.", n=Number(count)) for what, count in counts.items() if count]
    return Points(tuple(told or [Statement("Między edycjami nic się nie zmieniło.")]))


def _origins(found: Comparison) -> Note:
    return Note("", title="Co mogło zmienić liczby", items=tuple(words.origins(found.evidence)))


def _cautions(cautions: Sequence[Caution]) -> tuple[AnyBlock, ...]:
    if not cautions:
        return ()
    note = Note(
        "Każda edycja chroni swoje liczby osobno. Kto ma obie, może z różnicy poznać ukrytą liczbę albo rozpoznać "
        "osobę, która przybyła lub ubyła. To ostrzeżenie niczego nie rozstrzyga: decyduje ośrodek.",
        title="Ostrożnie.",
    )
    rows = tuple(
        (words.spot(one.place, one.new), words.where(one.place), one.old, one.new, _why(one)) for one in cautions
    )
    columns = _columns("Liczba", "Gdzie", "Było", "Jest", "Dlaczego ostrożnie")
    return note, Table("cautions", "Zmiany, które mogą wskazać osobę", columns, rows)


def _why(caution: Caution) -> str:
    if caution.kind == "hidden":
        return "liczbę ukryto tylko w jednej z edycji"
    return f"liczba osób zmieniła się o mniej niż próg ({caution.least})"


def _numbers(changes: Sequence[Change], found: Comparison) -> tuple[AnyBlock, ...]:
    if not changes:
        return ()
    names, made_up = words.named(changes, mixed=words.mixed(found))
    table = Table(
        key="changes",
        title="Liczby od największej zmiany względnej",
        columns=(
            *_columns("Liczba", "Gdzie"),
            *map(Column, ("Było", "Jest", "Różnica", "Zmiana")),
            *_columns("Możliwa przyczyna"),
        ),
        rows=tuple(
            (name, words.where(change.place), *words.values(change), words.causes(change.causes))
            for name, change in zip(names, changes, strict=True)
        ),
        highlight=tuple(index for index, change in enumerate(changes) if change.own or change.finding),
        note="Wyróżniono najważniejsze ustalenia i wiersze o województwie. Różnice liczymy przed zaokrągleniem.",
        synthetic=made_up,
    )
    return (table,)


def _others(changes: Sequence[Change], *, key: str, title: str) -> tuple[AnyBlock, ...]:
    """Return numbers that have no difference: not shown by one edition, or in another unit."""
    columns = _columns("Liczba", "Gdzie", "Było", "Jest", "Możliwa przyczyna")
    rows: list[tuple[Cell, ...]] = [
        (words.name(one), words.where(one.place), one.old.text, one.new.text, words.causes(one.causes))
        for one in changes
    ]
    return (Table(key, title, columns, tuple(rows)),) if rows else ()


def _parts(parts: Sequence[Part], *, key: str) -> tuple[AnyBlock, ...]:
    columns = (*_columns("Część", "Rodzaj", "Gdzie"), Column("Liczby"), *_columns("Możliwa przyczyna"))
    rows: list[tuple[Cell, ...]] = [
        (
            part.place.row or part.place.column or part.place.caption,
            _PARTS[part.kind],
            words.where(part.place),
            Number(part.numbers),
            words.causes(part.causes),
        )
        for part in parts
    ]
    title = "Części, których starsza edycja nie ma" if key == "added" else "Części, których nowsza edycja nie ma"
    return (Table(key, title, columns, tuple(rows)),) if rows else ()


def _texts(texts: Sequence[Rewording], *, key: str) -> tuple[AnyBlock, ...]:
    rows: list[tuple[Cell, ...]] = [(_named(one), words.where(one.place), one.old, one.new) for one in texts]
    title = "Nazwy tabel i wykresów w obu edycjach" if key == "renamed" else "Teksty w obu edycjach"
    return (Table(key, title, _columns("Tekst", "Gdzie", "Było", "Jest"), tuple(rows)),) if rows else ()


def _named(text: Rewording) -> str:
    place = text.place
    if not place.block:
        return "zdanie"
    return f"{place.row} – {place.column}" if place.row else _WORDS.get(place.column, "nazwa")


def _columns(*labels: str) -> tuple[Column, ...]:
    return tuple(Column(label, "left") for label in labels)
