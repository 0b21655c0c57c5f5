"""Which parts of two editions are the same part: blocks, rows, columns and sentences found again.

All rules treat both editions alike, so that comparing them the other way round finds the same pairs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from ropsanalysis.present.blocks import Cell, Table, cell_text
from ropsanalysis.reporting.editions.parts import Grid, Sentence, wording

#: Sentences of one chapter that share less of their words, in order, are different sentences.
_LIKE: Final = 0.6

#: Headings of limits, which say nothing without the heading before them.
_LIMITS: Final = frozenset({"od", "do", "od–do"})

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Matched(Generic[T]):
    """Pairs in the order of the newer edition, and what only one of the editions has."""

    pairs: tuple[tuple[T, T], ...]
    gone: tuple[T, ...]
    added: tuple[T, ...]


def grids(old: Sequence[Grid], new: Sequence[Grid]) -> Matched[Grid]:
    """Pair tables and figures: by key and title, else by key, else by title; then they were renamed."""
    return _matched(
        old,
        new,
        lambda grid: (grid.kind, grid.key, grid.caption),
        lambda grid: (grid.kind, grid.key),
        lambda grid: (grid.kind, wording(grid.caption)),
    )


def sentences(old: Sequence[Sentence], new: Sequence[Sentence]) -> Matched[Sentence]:
    """Pair sentences: by chapter and wording, else by wording, else those of a chapter that are most alike."""
    exact = _matched(
        old,
        new,
        lambda one: (wording(one.chapter), one.wording, len(one.values)),
        lambda one: (one.wording, len(one.values)),
    )
    place = {id(one): index for index, one in enumerate(new)}
    like = _alike(exact.gone, exact.added)
    pairs = sorted((*exact.pairs, *like), key=lambda pair: place[id(pair[1])])
    known = {id(one) for pair in like for one in pair}
    return Matched(
        pairs=tuple(pairs),
        gone=tuple(one for one in exact.gone if id(one) not in known),
        added=tuple(one for one in exact.added if id(one) not in known),
    )


def label_columns(old: Table, new: Table) -> int:
    """Return how many of the first columns name a row: as few as tell the rows apart in both editions.

    Only texts name rows; where no number of columns tells them apart, the first alone does, and equal names count.
    """
    most = min(_texts_first(old), _texts_first(new))
    for count in range(1, most + 1):
        if all(len({names(row, count) for row in table.rows}) == len(table.rows) for table in (old, new)):
            return count
    return 1


def names(row: Sequence[Cell], count: int) -> str:
    """Return the name of a row: the texts of its first cells."""
    return " › ".join(cell_text(cell) for cell in row[:count])


def numbered(labels: Sequence[str]) -> list[str]:
    """Return labels that each stand once: a repeated one gets its number.

    Examples
    --------
    >>> numbered(["CIS", "KIS", "CIS"])
    ['CIS', 'KIS', 'CIS (2)']
    """
    seen: Counter[str] = Counter()
    found = []
    for label in labels:
        seen[label] += 1
        found.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    return found


def column_labels(table: Table) -> list[str]:
    """Return headings that each stand once: a limit, or one that repeats, follows the heading it belongs to."""
    labels = [column.label for column in table.columns]
    times = Counter(labels)
    owner, found = "", []
    for label in labels:
        depends = times[label] > 1 or label in _LIMITS
        owner = owner if depends else label
        found.append(f"{owner}: {label}" if depends and owner else label)
    return numbered(found)


def _matched(old: Sequence[T], new: Sequence[T], *keys: Callable[[T], Hashable]) -> Matched[T]:
    """Pair by each key in turn what the keys before left over; the n-th of a kind goes with the n-th."""
    left, right = list(range(len(old))), list(range(len(new)))
    pairs: list[tuple[int, int]] = []
    for key in keys:
        waiting: dict[Hashable, list[int]] = defaultdict(list)
        for index in right:
            waiting[key(new[index])].append(index)
        found = [(index, waiting[name].pop(0)) for index in left if waiting[name := key(old[index])]]
        pairs += found
        left = sorted({*left} - {a for a, _ in found})
        right = sorted({*right} - {b for _, b in found})
    pairs.sort(key=lambda pair: pair[1])
    return Matched(
        pairs=tuple((old[a], new[b]) for a, b in pairs),
        gone=tuple(old[index] for index in left),
        added=tuple(new[index] for index in right),
    )


def _alike(old: Sequence[Sentence], new: Sequence[Sentence]) -> list[tuple[Sentence, Sentence]]:
    """Pair the sentences of one chapter that were reworded, the most alike first."""
    scored = [
        (-score, abs(a - b), min(a, b), a, b)
        for a, one in enumerate(old)
        for b, other in enumerate(new)
        if wording(one.chapter) == wording(other.chapter)
        and bool(one.values) == bool(other.values)
        and (score := _likeness(one.wording.split(), other.wording.split())) >= _LIKE
    ]
    pairs: list[tuple[int, int]] = []
    for *_, a, b in sorted(scored):
        if all(a != left and b != right for left, right in pairs):
            pairs.append((a, b))
    return [(old[a], new[b]) for a, b in pairs]


def _likeness(old: Sequence[str], new: Sequence[str]) -> float:
    """Return the share of words that both have in the same order (longest common subsequence)."""
    shared = (Counter(old) & Counter(new)).total()
    if 2 * shared < _LIKE * (len(old) + len(new)):
        return 0.0  # no order of the shared words could reach the limit
    row = [0] * (len(new) + 1)
    for word in old:
        diagonal = 0
        for index, other in enumerate(new, start=1):
            above = row[index]
            row[index] = diagonal + 1 if word == other else max(above, row[index - 1])
            diagonal = above
    return 2 * row[-1] / (len(old) + len(new))


def _texts_first(table: Table) -> int:
    """Return how many columns, from the first, hold nothing but texts."""
    return next(
        (index for index in range(len(table.columns)) if any(not isinstance(row[index], str) for row in table.rows)),
        len(table.columns),
    )
