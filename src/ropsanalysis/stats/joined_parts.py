"""Parts of a whole joined until each is large enough to be published, so that none tells of a few persons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


def publishable(whole: int, nested: Sequence[int] = (), *, fewest: int, fewest_inside: int = 0) -> bool:
    """Return whether a part may be published together with numbers of those inside it.

    Parameters
    ----------
    whole
        Persons of the part.
    nested
        Numbers of persons inside it, such as those who raised their qualifications; 0 to `whole` each.
    fewest
        Fewest persons of a part.
    fewest_inside
        Fewest persons with and without what a nested number counts, unless nobody or everybody has it.

    Raises
    ------
    ValueError
        If a number is negative, or a nested one larger than the whole.

    Examples
    --------
    >>> publishable(20, (15,), fewest=10, fewest_inside=5)
    True
    >>> publishable(20, (16,), fewest=10, fewest_inside=5)  # 4 persons lack it
    False
    >>> publishable(20, (20,), fewest=10, fewest_inside=5)
    True
    """
    if whole < 0 or any(not 0 <= inside <= whole for inside in nested):
        raise ValueError(f"a part of {whole} persons cannot have {list(nested)} persons inside it")
    return whole >= fewest and all(
        inside in (0, whole) or min(inside, whole - inside) >= fewest_inside for inside in nested
    )


def joined_parts(counts: Mapping[str, Sequence[int]], *, fewest: int, fewest_inside: int = 0) -> list[tuple[str, ...]]:
    """Join parts that may not be published until each may.

    Parameters
    ----------
    counts
        Key -> numbers of persons: the part's own, then those nested inside it (as many for each key). A key without
        persons counts as a small part: leave it out where it is not to be joined.
    fewest, fewest_inside
        As in `publishable`.

    Returns
    -------
    parts
        Keys of each part. All keys that may not stand alone make one part; until that may be published, it takes the
        smallest of the others, by persons and then by key. Parts, and the keys inside them, stand in the order of
        `counts`. A single part of all keys may still not be publishable.

    Raises
    ------
    ValueError
        If a number is negative or a nested one larger than the part, or keys have different amounts of numbers.

    Examples
    --------
    >>> joined_parts({"cis": [30], "kis": [12], "wtz": [4], "zaz": [3]}, fewest=10)
    [('cis',), ('kis', 'wtz', 'zaz')]

    Of 14 persons in "b" only one lacks what the second number counts; with "c" it is one of many.

    >>> joined_parts({"a": [40, 20], "b": [14, 13], "c": [16, 8]}, fewest=10, fewest_inside=5)
    [('a',), ('b', 'c')]
    """
    if len({len(numbers) for numbers in counts.values()}) > 1:
        raise ValueError("every key needs the same amount of numbers")

    def may_stand(keys: Iterable[str]) -> bool:
        whole, *nested = (sum(column) for column in zip(*(counts[key] for key in keys), strict=True))
        return publishable(whole, nested, fewest=fewest, fewest_inside=fewest_inside)

    joined = {key for key in counts if not may_stand([key])}
    alone = sorted(counts.keys() - joined, key=lambda key: (counts[key][0], key))
    while joined and alone and not may_stand(joined):
        joined.add(alone.pop(0))
    place = {key: number for number, key in enumerate(counts)}
    parts: list[tuple[str, ...]] = [(key,) for key in alone]
    if joined:
        parts.append(tuple(sorted(joined, key=place.__getitem__)))
    return sorted(parts, key=lambda part: place[part[0]])
