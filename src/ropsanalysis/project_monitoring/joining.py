"""Joins small parts until no number of persons of a key, and of no place inside it, can be told to be small.

That a key is named in a part tells that it has somebody: ten persons of ten named powiats are one each. A part
therefore needs persons to spare: so many beyond one for each key (or each place that is known to have somebody) that
any of these could have `min_count` of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ropsanalysis.stats.joined_parts import joined_parts, publishable

_SEPARATOR: Final = "\0"

Numbers = Mapping[str, Sequence[int]]
"""Key -> persons, then numbers nested inside them."""


def joined_with_spare(
    counts: Numbers, *, fewest: int, fewest_inside: int, places: Mapping[str, int] | None = None
) -> list[tuple[str, ...]]:
    """Return the parts that may be published; none where even all keys together may not.

    Parameters
    ----------
    counts
        Persons of each key that has any.
    fewest, fewest_inside
        As in `stats.joined_parts`; `fewest_inside` is also what any key and place of a part could have.
    places
        How many places of a key are known to have somebody each; at least the key itself is one.

    Examples
    --------
    >>> joined_with_spare({"a": [12], "b": [6], "c": [5]}, fewest=10, fewest_inside=5)
    [('a',), ('b', 'c')]

    Of the 12 persons of "a" it is known that each of ten places has one, so that no place could have five:

    >>> joined_with_spare({"a": [12], "b": [20]}, fewest=10, fewest_inside=5, places={"a": 10})
    [('a', 'b')]
    >>> joined_with_spare({"a": [4]}, fewest=5, fewest_inside=5)
    []
    """
    known = places or {}

    def total(keys: Sequence[str]) -> list[int]:
        return [sum(column) for column in zip(*(counts[key] for key in keys), strict=True)]

    def has_spare(keys: Sequence[str]) -> bool:
        return total(keys)[0] - sum(max(known.get(key, 1), 1) for key in keys) >= fewest_inside - 1

    parts: list[tuple[str, ...]] = [(key,) for key in counts]
    while True:
        names = {_SEPARATOR.join(part): part for part in parts}
        joined = joined_parts(
            {name: total(part) for name, part in names.items()}, fewest=fewest, fewest_inside=fewest_inside
        )
        parts = [tuple(sorted(key for name in part for key in names[name])) for part in joined]
        tight = [part for part in parts if not has_spare(part)]
        if len(parts) < 2:
            whole, *nested = total(parts[0]) if parts else [0]
            fine = not tight and publishable(whole, nested, fewest=fewest, fewest_inside=fewest_inside)
            return parts if fine else []
        if not tight:
            return parts
        # One part without enough to spare takes the smallest of the others, until each has enough.
        others = [part for part in parts if part != tight[0]]
        taken = min(others, key=lambda part: (total(part)[0], part))
        parts = sorted([*(part for part in others if part != taken), tuple(sorted((*tight[0], *taken)))])
