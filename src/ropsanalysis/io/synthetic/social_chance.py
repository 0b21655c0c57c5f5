"""Chance of the made-up social economy: whole numbers and plain arithmetic only, so that every machine agrees.

Distributions of numpy that call the machine's logarithm or exponential may differ in the last bit, and a date or an
amount with them; what stands here draws whole numbers and compares them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]

_TICKETS: Final = 2**50


def pick(weights: npt.ArrayLike, size: int, rng: np.random.Generator) -> Whole:
    """Return `size` positions, each drawn in proportion to whole-numbered weights, with replacement."""
    heap = np.cumsum(np.asarray(weights, dtype=np.int64))
    return np.searchsorted(heap, rng.integers(int(heap[-1]), size=size), side="right").astype(np.int64)


def pick_from(weights: dict[str, int], size: int, rng: np.random.Generator) -> npt.NDArray[np.object_]:
    """Return `size` keys, each drawn in proportion to its weight."""
    return np.array(list(weights), dtype=object)[pick(list(weights.values()), size, rng)]


def pick_apart(weights: npt.ArrayLike, size: int, rng: np.random.Generator) -> Whole:
    """Return `size` different positions; heavy ones are likelier, those of weight 0 never come. Sorted."""
    heavy = np.asarray(weights, dtype=np.int64)
    waiting = rng.integers(_TICKETS, size=len(heavy)) // np.maximum(heavy, 1)
    order = np.argsort(np.where(heavy > 0, waiting, _TICKETS), kind="stable")
    return np.sort(order[: min(size, int((heavy > 0).sum()))])


def happens(per_mille: npt.ArrayLike, size: int, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Return for each of `size` cases whether something of the given chance (out of a thousand) happens."""
    return np.asarray(rng.integers(1000, size=size) < np.asarray(per_mille, dtype=np.int64))


def share_of(amount: npt.ArrayLike, per_mille: npt.ArrayLike, rng: np.random.Generator) -> Whole:
    """Return so many thousandths of whole amounts, rounded up or down by chance so that the mean is right."""
    exact = np.asarray(amount, dtype=np.int64) * np.asarray(per_mille, dtype=np.int64)
    return np.asarray((exact + rng.integers(1000, size=exact.shape)) // 1000)


def skewed(low: npt.ArrayLike, high: npt.ArrayLike, size: int, rng: np.random.Generator, *, power: int = 2) -> Whole:
    """Return whole numbers between low and high (inclusive), the more of them near `low` the higher the power."""
    bottom, top = np.asarray(low, dtype=np.int64), np.asarray(high, dtype=np.int64)
    chance = rng.integers(1000, size=size)
    part = chance
    for _ in range(power - 1):
        part = part * chance // 1000
    return np.asarray(bottom + (top - bottom + 1) * part // 1000)


def split(total: Whole, weights: Whole) -> Whole:
    """Return whole parts of each total in proportion to its row of weights, shape (n, parts); they add up to it.

    What rounding leaves over goes to the heaviest part.
    """
    parts = total[:, None] * weights // np.maximum(weights.sum(axis=1), 1)[:, None]
    parts[np.arange(len(total)), weights.argmax(axis=1)] += total - parts.sum(axis=1)
    return np.asarray(parts)


def allot(total: int, weights: Sequence[int]) -> list[int]:
    """Return whole numbers in proportion to the weights that add up to `total` (largest remainders)."""
    heap = sum(weights)
    parts = [total * weight // heap for weight in weights]
    rest = [total * weight % heap for weight in weights]
    for position in sorted(range(len(weights)), key=lambda place: (-rest[place], place))[: total - sum(parts)]:
        parts[position] += 1
    return parts


def days(texts: Any) -> npt.NDArray[np.datetime64]:
    """Return ISO texts as days."""
    return np.asarray(texts, dtype="datetime64[D]")
