"""What a comparison of two editions finds: numbers that changed, parts that came or went, texts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ropsanalysis.present.blocks import Cover, Number
from ropsanalysis.reporting.editions.causes import Cause, Evidence

ChangeKind = Literal["number", "unit", "missing"]
PartKind = Literal["table", "figure", "row", "column", "sentence"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a number or text stands.

    Attributes
    ----------
    chapter
        Headings above it.
    block
        Kind and key of its table or figure, as in "table poverty"; empty for a sentence.
    caption
        Title of the table or figure.
    row, column
        Its row and column by label; of a sentence the text as the newer edition has it, and the name of its number.
    """

    chapter: str
    block: str = ""
    caption: str = ""
    row: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A number that both editions have, and that differs.

    Attributes
    ----------
    kind
        `number` for another value, `unit` for another unit, `missing` where one edition does not show it.
    own, finding
        Whether it stands in a row about the report's own region, or among the key findings.
    made_up
        Whether it is made up, in the older and in the newer edition.
    """

    kind: ChangeKind
    place: Place
    old: Number
    new: Number
    causes: tuple[Cause, ...]
    own: bool = False
    finding: bool = False
    made_up: tuple[bool, bool] = (False, False)

    @property
    def difference(self) -> float | None:
        """The newer value less the older one, unrounded."""
        if self.kind != "number" or self.old.value is None or self.new.value is None:
            return None
        return self.new.value - self.old.value

    def within(self, tolerance: float) -> bool:
        """Whether the values differ by no more than so many units of their last printed digit."""
        smallest = tolerance * 10.0 ** -min(self.old.digits, self.new.digits)
        # A difference of values such as 0.3 and 0.2 is a little more than the tenth that is meant.
        return self.difference is not None and abs(self.difference) <= smallest * (1 + 1e-9)

    @property
    def relative(self) -> float | None:
        """The difference as a part of the older value; infinite from zero."""
        if self.difference is None or self.old.value is None:
            return None
        return self.difference / abs(self.old.value) if self.old.value else math.copysign(math.inf, self.difference)


@dataclass(frozen=True, slots=True)
class Part:
    """A block, row, column or sentence that only one edition has; `numbers` counts what it holds."""

    kind: PartKind
    place: Place
    numbers: int
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class Rewording:
    """A text that changed; of a reworded sentence with numbers both texts are whole, numbers and all."""

    place: Place
    old: str
    new: str
    finding: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two editions of a report.

    Attributes
    ----------
    old, new
        Title pages of the two editions.
    compared
        Numbers that both editions have.
    unseen
        How many numbers changed by less than is printed.
    changes, slight
        Numbers with another value, beyond and within the tolerance; those first that changed most for their size.
    missing, units
        Numbers that one edition does not show, or for another reason, and those with another unit.
    added, gone
        What only the newer, and what only the older edition has.
    renamed
        Tables and figures that go by another key.
    choices
        Values of the choices of method that each edition records, by name.
    """

    old: Cover
    new: Cover
    evidence: Evidence
    compared: int
    unseen: int
    changes: tuple[Change, ...]
    slight: tuple[Change, ...]
    missing: tuple[Change, ...]
    units: tuple[Change, ...]
    added: tuple[Part, ...]
    gone: tuple[Part, ...]
    renamed: tuple[Rewording, ...]
    texts: tuple[Rewording, ...]
    choices: tuple[Mapping[str, Any], Mapping[str, Any]]

    @property
    def below(self) -> int:
        """How many numbers changed by less than is printed, or than the tolerance."""
        return self.unseen + len(self.slight)

    @property
    def same(self) -> bool:
        """Whether nothing is listed."""
        return not (self.changes or self.missing or self.units or self.added or self.gone or self.renamed or self.texts)
