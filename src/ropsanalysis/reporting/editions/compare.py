"""Two editions of one report compared: every number that changed, with what may have changed it.

A number has an address that outlives reordering: its block, row and column by their labels, or its sentence by
its wording. Nothing here reads a file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from ropsanalysis.errors import UsageError
from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Cell, Cover, Number, Table
from ropsanalysis.reporting.editions import matching, parts
from ropsanalysis.reporting.editions.causes import Cause, Difference, Evidence, evidence, recorded_choices
from ropsanalysis.reporting.editions.changes import Change, Comparison, Part, Place, Rewording
from ropsanalysis.reporting.editions.parts import Grid, Sentence

#: A number that is equal, or printed as equal.
_Unlisted = Literal["same", "unseen"]
_Found = Change | Rewording | _Unlisted


@dataclass(frozen=True, slots=True)
class _Spot:
    """What is known of a number before its two values are compared; pairs are of the older and the newer edition."""

    place: Place
    causes: tuple[Cause, ...]
    made_up: tuple[bool, bool]
    own: bool = False
    finding: bool = False
    years: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class _Labelled:
    """A table with its rows and columns by label; the first columns, which name the rows, are no columns of it."""

    table: Table
    naming: int
    rows: dict[str, int] = field(init=False)
    columns: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        names = matching.numbered([matching.names(row, self.naming) for row in self.table.rows])
        labels = matching.column_labels(self.table)
        object.__setattr__(self, "rows", {name: index for index, name in enumerate(names)})
        object.__setattr__(self, "columns", {labels[i]: i for i in range(self.naming, len(labels))})

    def cell(self, row: str, column: str) -> Cell:
        return self.table.rows[self.rows[row]][self.columns[column]]

    def own(self, row: str) -> bool:
        return self.rows[row] in self.table.highlight

    def years(self, row: str) -> frozenset[str]:
        """Return the years that the texts of a row name."""
        cells = self.table.rows[self.rows[row]]
        return frozenset[str]().union(*(parts.years(cell) for cell in cells if isinstance(cell, str)))

    def numbers(self, *, row: str = "", column: str = "") -> int:
        """Count the numbers of the table, or of a row or column of it."""
        rows = [self.table.rows[self.rows[row]]] if row else self.table.rows
        return sum(
            isinstance(cell, Number)
            for cells in rows
            for cell in ([cells[self.columns[column]]] if column else cells[self.naming :])
        )


def compare(old: object, new: object, *, tolerance: float = 0, code: Sequence[Difference] = ()) -> Comparison:
    """Compare the JSON of two editions of a report.

    Parameters
    ----------
    tolerance
        A change is listed only where it is larger than so many units of the last printed digit; at 0, wherever
        the printed number differs.
    code
        What is known of the code of the two editions, besides what their JSON says.

    Raises
    ------
    UsageError
        One is not the JSON of a report, or they are of two reports or regions.
    """
    before, after = parts.read(old), parts.read(new)
    check_same(before.cover, after.cover)
    why = evidence(before, after, code)
    grids = matching.grids(before.grids, after.grids)
    sentences = matching.sentences(before.sentences, after.sentences)
    found = [
        *(one for pair in grids.pairs for one in _grid(*pair, why)),
        *(one for pair in sentences.pairs for one in _sentence(*pair, why)),
    ]
    changes = [one for one in found if isinstance(one, Change)]
    numbers = sorted((one for one in changes if one.kind == "number"), key=lambda one: -abs(one.relative or 0))
    counts = Counter(one for one in found if isinstance(one, str))
    return Comparison(
        old=before.cover,
        new=after.cover,
        evidence=why,
        compared=len(changes) + counts.total(),
        unseen=counts["unseen"],
        changes=tuple(one for one in numbers if not one.within(tolerance)),
        slight=tuple(one for one in numbers if one.within(tolerance)),
        missing=tuple(one for one in changes if one.kind == "missing"),
        units=tuple(one for one in changes if one.kind == "unit"),
        added=(
            *(_whole(grid, why) for grid in grids.added),
            *(part for a, b in grids.pairs for part in _edges(a, b, why, gone=False)),
            *(_lone(one, why) for one in sentences.added),
        ),
        gone=(
            *(_whole(grid, why) for grid in grids.gone),
            *(part for a, b in grids.pairs for part in _edges(b, a, why, gone=True)),
            *(_lone(one, why) for one in sentences.gone),
        ),
        renamed=tuple(
            Rewording(_at(b), f"{a.kind} {a.key}", f"{b.kind} {b.key}") for a, b in grids.pairs if a.key != b.key
        ),
        texts=tuple(one for one in found if isinstance(one, Rewording)),
        choices=(recorded_choices(before), recorded_choices(after)),
    )


def check_same(old: Cover, new: Cover) -> None:
    """Check that two title pages are of one report and one region.

    Raises
    ------
    UsageError
        They are not.
    """
    if (old.report, old.teryt) != (new.report, new.teryt):
        raise UsageError(
            f"two different reports: {old.report} for {old.teryt} and {new.report} for {new.teryt}; "
            "compare editions of one report for one region"
        )


def _grid(old: Grid, new: Grid, why: Evidence) -> Iterator[_Found]:
    """Compare the cells of rows and columns that both tables have, and the texts around them."""
    for name, text in new.words.items():
        if text != old.words.get(name, ""):
            yield Rewording(replace(_at(new), column=name), old.words.get(name, ""), text)
    before, after = _labelled(old, new)
    spot = _Spot(_at(new), why.causes(new.source), (old.synthetic, new.synthetic))
    for row in (name for name in after.rows if name in before.rows):
        here = replace(
            spot,
            own=after.own(row),
            years=(parts.years(old.caption) | before.years(row), parts.years(new.caption) | after.years(row)),
        )
        for column in (name for name in after.columns if name in before.columns):
            place = replace(here.place, row=row, column=column)
            yield from _cell(before.cell(row, column), after.cell(row, column), replace(here, place=place))


def _labelled(one: Grid, other: Grid) -> tuple[_Labelled, _Labelled]:
    count = matching.label_columns(one.table, other.table)
    return _Labelled(one.table, count), _Labelled(other.table, count)


def _cell(old: Cell, new: Cell, spot: _Spot) -> Iterator[_Found]:
    if isinstance(old, Number) or isinstance(new, Number):
        yield _number(_as_number(old), _as_number(new), spot)
    elif old != new:
        yield Rewording(spot.place, old, new)


def _as_number(cell: Cell) -> Number:
    """Return a cell as a number; a word in the place of one says why it is missing."""
    return cell if isinstance(cell, Number) else Number(None, missing=cell)


def _number(old: Number, new: Number, spot: _Spot) -> Change | _Unlisted:
    """Compare two numbers that stand in one place."""
    if old.value is None and new.value is None:
        return "same" if old.text == new.text else _change("missing", old, new, spot)
    if old.value is None or new.value is None:
        return _change("missing", old, new, spot)
    if old.unit != new.unit:
        return _change("unit", old, new, spot)
    if old.value == new.value:
        return "same"
    digits = min(old.digits, new.digits)
    if polish.number(old.value, digits=digits) == polish.number(new.value, digits=digits):
        return "unseen"
    return _change("number", old, new, spot)


def _change(kind: Literal["number", "unit", "missing"], old: Number, new: Number, spot: _Spot) -> Change:
    return Change(
        kind=kind,
        place=spot.place,
        old=old,
        new=new,
        causes=(*_own_causes(old, new, spot), *spot.causes),
        own=spot.own,
        finding=spot.finding,
        made_up=spot.made_up,
    )


def _own_causes(old: Number, new: Number, spot: _Spot) -> Iterator[Cause]:
    """Yield what the number itself says of why it differs."""
    if (old.value is None) != (new.value is None):
        yield Cause("shown" if old.value is None else "hidden", (old if old.value is None else new).text)
    if spot.made_up[0] != spot.made_up[1]:
        yield Cause("real" if spot.made_up[0] else "synthetic")
    if spot.years[0] != spot.years[1]:
        yield Cause("period", " → ".join(", ".join(sorted(years)) or polish.DASH for years in spot.years))


def _sentence(old: Sentence, new: Sentence, why: Evidence) -> Iterator[_Found]:
    """Compare the numbers of a sentence; of one that was reworded, nobody can say which number is which."""
    place = Place(new.chapter, row=new.text)
    if old.wording != new.wording or len(old.values) != len(new.values):
        yield Rewording(place, old.text, new.text, finding=new.finding)
        return
    named = old.values.keys() == new.values.keys()
    spot = _Spot(
        place,
        why.causes(),
        (old.synthetic, new.synthetic),
        finding=new.finding,
        years=(old.years, new.years),
    )
    for (name, number), first in zip(new.values.items(), old.values.values(), strict=True):
        before = old.values[name] if named else first
        yield _number(before, number, replace(spot, place=replace(place, column=name)))


def _whole(grid: Grid, why: Evidence) -> Part:
    numbers = _Labelled(grid.table, 1).numbers()
    return Part(grid.kind, _at(grid), numbers, why.causes(grid.source))


def _edges(one: Grid, other: Grid, why: Evidence, *, gone: bool) -> Iterator[Part]:
    """Yield the rows and columns that `other` has and `one` has not."""
    known, more = _labelled(one, other)
    causes = why.causes(other.source)
    for row in (name for name in more.rows if name not in known.rows):
        new_years = parts.years(row) - frozenset[str]().union(*map(parts.years, known.rows))
        own = Cause("period", row) if new_years else Cause("unit_gone" if gone else "new_unit")
        yield Part("row", replace(_at(other), row=row), more.numbers(row=row), (own, *causes))
    for column in (name for name in more.columns if name not in known.columns):
        new_years = parts.years(column) - frozenset[str]().union(*map(parts.years, known.columns))
        own_causes = (Cause("period", column),) if new_years else ()
        yield Part("column", replace(_at(other), column=column), more.numbers(column=column), (*own_causes, *causes))


def _lone(sentence: Sentence, why: Evidence) -> Part:
    place = Place(sentence.chapter, row=sentence.text)
    return Part("sentence", place, len(sentence.values), why.causes())


def _at(grid: Grid) -> Place:
    return Place(grid.chapter, f"{grid.kind} {grid.key}", grid.caption)
