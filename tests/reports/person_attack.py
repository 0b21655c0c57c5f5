"""Somebody who has all reports on persons or cases and wants to tell how many few of them are.

Nothing here uses the package's protection. What is printed becomes equations of unknown whole numbers, and the least
and the greatest value of each that fits them is found by linear programming (see `attack`). Also here: the search for
keys and pseudonyms of persons in whatever is published.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from attack import Program
from report_edition import Edition

#: More persons or cases than any voivodeship has.
MANY = 5000.0
FORMATS = ("html", "json", "xlsx", "pdf")

Terms = Mapping[str, float]


@dataclass(slots=True)
class Unknowns:
    """Unknown numbers of persons by name, and what is printed of them.

    Attributes
    ----------
    secrets
        Sums of unknown numbers that must not be known to be few.
    """

    program: Program = field(default_factory=Program)
    number: dict[str, int] = field(default_factory=dict)
    secrets: dict[str, Terms] = field(default_factory=dict)

    def between(self, terms: Terms, low: float, high: float) -> None:
        """Add that a sum lies between two ends; unknown numbers are made as they are named."""
        for name in terms:
            if name not in self.number:
                self.number[name] = self.program.count(0, MANY)
        self.program.add({self.number[name]: weight for name, weight in terms.items()}, low, high)

    def equals(self, terms: Terms, value: float) -> None:
        """Add a printed sum."""
        self.between(terms, value, value)

    def inside(self, part: str, whole: str) -> None:
        """Add that one number is part of another one."""
        self.between({whole: 1, part: -1}, 0, np.inf)

    def secret(self, name: str, terms: Terms | None = None) -> None:
        """Add a number that must not be known to be small; by default the one of that name."""
        self.secrets[name] = {name: 1} if terms is None else terms

    def ends(self, terms: Terms) -> tuple[int, int]:
        """Return the least and the greatest whole number that a sum can be."""
        direction = {self.number[name]: weight for name, weight in terms.items()}

        def reach(sign: float) -> float:
            found = self.program.push({index: sign * weight for index, weight in direction.items()})
            return sum(weight * found[index] for index, weight in direction.items())

        return math.ceil(reach(-1.0) - 1e-6), math.floor(reach(1.0) + 1e-6)

    def told(self, fewest: int) -> dict[str, int]:
        """Return the secrets that are known exactly, and are at least one and fewer than `fewest`."""
        found = {}
        for name, terms in self.secrets.items():
            low, high = self.ends(terms)
            assert low <= high, f"what is printed of {name} contradicts itself"
            if low == high and 0 < low < fewest:
                found[name] = low
        return found


# ---- keys of persons in what is published ------------------------------------------------------------------


def published(edition: Edition, teryt: str, pdf_text: Callable[[Path], str]) -> Iterator[tuple[str, str]]:
    """Yield all that the files of a report hold: markup and attributes of the page, every part of the workbook.

    Of the JSON, checksums of delivered files are left out where they are just that.
    """
    for name in FORMATS:
        path = edition.path(teryt, name)
        if name == "pdf":
            yield name, pdf_text(path)
        elif name == "xlsx":
            with zipfile.ZipFile(path) as parts:
                yield name, "\n".join(parts.read(part).decode("utf-8", "replace") for part in parts.namelist())
        elif name == "json":
            yield name, _without_checksums(path.read_text(encoding="utf-8"), edition)
        else:
            yield name, path.read_text(encoding="utf-8")


def _without_checksums(text: str, edition: Edition) -> str:
    for dataset in json.loads(text)["provenance"]["datasets"].values():
        for file, digest in dataset["files"].items():
            assert hashlib.sha256((edition.project / file).read_bytes()).hexdigest() == digest, file
            text = text.replace(f'"{digest}"', '""')
    return text


def keys_in(text: str, keys: frozenset[str]) -> set[str]:
    """Return the keys that stand in a text as words of their own."""
    return keys & {word for run in re.findall(r"[\w/-]+", text) for word in (run, *run.split("/"))}


def digests_in(text: str) -> list[str]:
    """Return what could be a pseudonym, whatever key made it: 32 or more hexadecimal digits."""
    return re.findall(r"(?<![0-9a-zA-Z+/_=-])[0-9a-f]{32,}(?![0-9a-zA-Z])", text)


def row_lists_in(text: str, lists: Iterable[str]) -> set[str]:
    """Return the lists of row numbers ("3012, 3040") that stand in a text."""
    return set(lists) & set(re.findall(r"\b\d{4,}(?:, \d{4,})+\b", text))
