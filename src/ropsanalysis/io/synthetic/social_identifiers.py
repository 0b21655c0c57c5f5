"""Identifiers of the made-up entities: with valid check digits, but of ranges that no office gives out.

No tax office has a code that ends in two zeros (NIP), no REGON begins with 98, and the court register (KRS) counts in
hundreds of thousands, not in nine millions: whoever looks one of these numbers up finds nobody.
"""

from __future__ import annotations

from typing import Final

import numpy as np

NIP_PREFIX: Final = "900"
"""Codes of tax offices do not end in two zeros."""
REGON_PREFIX: Final = "98"
"""The first two digits stand for a voivodeship or a pool of numbers; 98 is neither."""
KRS_PREFIX: Final = "0009"

_NIP_WEIGHTS: Final = (6, 5, 7, 2, 3, 4, 5, 6, 7)
_REGON_WEIGHTS: Final = (8, 9, 2, 3, 4, 5, 6, 7)


def draw_nips(size: int, rng: np.random.Generator) -> list[str]:
    """Return `size` different NIP."""
    return _checked(NIP_PREFIX, 6, _NIP_WEIGHTS, size, rng, ten_is=None)


def draw_regons(size: int, rng: np.random.Generator) -> list[str]:
    """Return `size` different REGON of nine digits."""
    return _checked(REGON_PREFIX, 6, _REGON_WEIGHTS, size, rng, ten_is=0)


def draw_krs(size: int, rng: np.random.Generator) -> list[str]:
    """Return `size` different numbers of KRS; they have no check digit."""
    return [f"{KRS_PREFIX}{number:06}" for number in rng.choice(10**6, size=size, replace=False)]


def _checked(
    prefix: str, free: int, weights: tuple[int, ...], size: int, rng: np.random.Generator, *, ten_is: int | None
) -> list[str]:
    """Return numbers with a check digit modulo 11; numbers whose remainder is 10 are left out unless it has a digit."""
    # A little more than needed: one in eleven may have no check digit.
    drawn = rng.choice(10**free, size=size + size // 5 + 50, replace=False)
    whole = np.array([int(prefix) * 10**free + int(number) for number in drawn], dtype=np.int64)
    places = 10 ** np.arange(len(weights) - 1, -1, -1, dtype=np.int64)
    remainder = ((whole[:, None] // places % 10) * np.array(weights)).sum(axis=1) % 11
    if ten_is is None:
        whole, remainder = whole[remainder < 10], remainder[remainder < 10]
    else:
        remainder = np.where(remainder == 10, ten_is, remainder)
    width = len(weights) + 1
    return [f"{number * 10 + digit:0{width}}" for number, digit in zip(whole[:size], remainder[:size], strict=True)]
