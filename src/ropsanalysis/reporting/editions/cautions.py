"""Changes between two editions that may give somebody away, listed as warnings; nothing is decided here.

Each edition protects its own numbers. Set side by side they can say more: a number hidden in one and shown in the
other, or a count of persons that changed by one or two, is about the few who came, left or were corrected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from ropsanalysis.io.built import TOPICS
from ropsanalysis.present.blocks import Number
from ropsanalysis.reporting.editions.changes import Change, Comparison, Place

#: What every report prints in place of a number that it protects.
HIDDEN: Final = "ukryto"

#: Choices of method that say the least number of persons, or of their cases, that a report tells.
_LEAST: Final = frozenset({"threshold", "count_threshold", "min_persons", "min_cases"})
#: The least number where neither edition records one: the largest that any report uses.
_LEAST_UNKNOWN: Final = 10

#: Units of numbers that count persons, cases or entities, as far as a number has a unit.
_COUNTED: Final = re.compile(r"(?:os[.ó]|osob|spraw|rodzin|podmio|pracown|uczestn|respond)", re.IGNORECASE)
#: Headings of columns whose whole numbers count nobody.
_UNCOUNTED: Final = re.compile(
    r"%|zł|miejsc[ea] ?(?:$|\(|:)|\brok\b|\blata?\b|p\.p\.|udział|odset|średni|wskaźnik|stopień|\bnr\b|bajt|godzin|"
    r"na \d",
    re.IGNORECASE,
)
#: Tables about the report itself.
NOT_RESULTS: Final = frozenset({"table choices", "table sources"})


@dataclass(frozen=True, slots=True)
class Caution:
    """A change that a person should look at before both editions are published.

    Attributes
    ----------
    kind
        `hidden` where just one edition hides the number, `few` where a count changed by fewer than `least`.
    """

    kind: Literal["hidden", "few"]
    place: Place
    old: str
    new: str
    least: int = 0


def cautions(found: Comparison) -> tuple[Caution, ...]:
    """Return the changes of a comparison that may give somebody away."""
    return (*_uncovered(found), *_few(found))


def _uncovered(found: Comparison) -> Iterator[Caution]:
    for change in found.missing:
        if (change.old.text == HIDDEN) != (change.new.text == HIDDEN):
            yield Caution("hidden", change.place, change.old.text, change.new.text)
    for text in found.texts:
        if text.place.column and (text.old == HIDDEN) != (text.new == HIDDEN):
            yield Caution("hidden", text.place, text.old, text.new)


def _few(found: Comparison) -> Iterator[Caution]:
    if not _about_persons(found.new.report):
        return
    least = least_count(found)
    for change in (*found.changes, *found.slight):
        if change.difference is not None and abs(change.difference) < least and _counts(change):
            yield Caution("few", change.place, change.old.text, change.new.text, least)


def least_count(found: Comparison) -> int:
    """Return the least number of persons that either edition tells."""
    values = [
        int(value) for choices in found.choices for name, value in choices.items() if name.rpartition(".")[2] in _LEAST
    ]
    return max(values, default=_LEAST_UNKNOWN)


def _about_persons(report: str) -> bool:
    """Whether a report is made from data about single persons or entities; one that is not known may be."""
    topic = TOPICS.get(report)
    return topic is None or topic.confidential or any(TOPICS[key].confidential for key in topic.derived_from)


def _counts(change: Change) -> bool:
    """Whether a number may count persons: a whole number, neither money nor share, rank or year."""
    if change.place.block in NOT_RESULTS or not (_whole(change.old) and _whole(change.new)):
        return False
    if change.new.unit:
        return bool(_COUNTED.match(change.new.unit))
    return not (change.place.block and _UNCOUNTED.search(change.place.column))


def _whole(number: Number) -> bool:
    return number.digits == 0 and number.value is not None and float(number.value).is_integer()
