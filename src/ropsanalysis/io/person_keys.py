"""Brings the spellings of one key of a person or case to one form, before it becomes a pseudonym.

Offices write the same key with other capitals, hyphens or leading zeros in two files; two pseudonyms would then count
one person twice.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from ropsanalysis.io import identifiers

_GROUP: Final = re.compile(r"\d+|[^\W\d_]+")


def normalised_key(text: str) -> str:
    """Return a key in the one form that all its spellings share; empty if it has no letter and no digit.

    Signs of compatibility are made ordinary (NFKC), case and separators are dropped, and so are leading zeros of a key
    without letters. Between two groups of digits one hyphen stays: 1/12 and 11/2 are not the same key.

    Examples
    --------
    >>> [normalised_key(text) for text in ("U-017", "u 017", "０042", "42", "12/2024", "12-2024", "--")]
    ['u017', 'u017', '42', '42', '12-2024', '12-2024', '']
    """
    groups = _GROUP.findall(unicodedata.normalize("NFKC", text).casefold())
    if all(group.isdecimal() for group in groups):
        groups = [group.lstrip("0") or "0" for group in groups]
    joined = ""
    for group in groups:
        joined += f"-{group}" if joined[-1:].isdecimal() and group[0].isdecimal() else group
    return joined


def person_pseudonym(text: str, key: bytes, *, within: str = "") -> str:
    """Return the keyed pseudonym of a key, the same for all its spellings; empty if there is no key.

    Parameters
    ----------
    within
        Where the key is unique, such as a pilot; empty if it is so in the whole file.
    """
    known = normalised_key(text)
    return identifiers.pseudonym(f"{within}\n{known}" if within else known, key) if known else ""
