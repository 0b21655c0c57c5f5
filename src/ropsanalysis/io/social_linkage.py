"""Finds which rows of the register lists are one entity.

Numbers decide first, then the name within one gmina; what is only similar is left apart and listed for a person. Units
of reintegration (CIS, KIS, ZAZ, WTZ) often carry the numbers of whoever runs them, so a number makes them one only
within one legal form and gmina.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process

from ropsanalysis.io.entity_numbers import KINDS, NAMES
from ropsanalysis.io.social_links import Decisions
from ropsanalysis.stats.linkage import linked_groups, pairs_of_equal

SIMILAR: Final = 88.0
"""Least likeness of two names, 0 to 100, that a person is asked about: one letter in ten differs."""
SHORTEST: Final = 5
"""Shorter names are alike by chance."""

_DAY: Final = np.timedelta64(1, "D")
_NEVER: Final = np.datetime64("9999-12-31", "s")
_BLOCK: Final = 512
_JOINED: Final = "inny numer wspólny"
_CROWD: Final = 60  # so many entities of one name in one gmina are a word, not a name

Positions = list[int]
Pair = tuple[int, int]
Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two records that may be, or may not be, one entity; `why` is Polish."""

    a: int
    b: int
    why: str


@dataclass(slots=True)
class Linked:
    """What linkage found.

    Attributes
    ----------
    labels
        Entity of each record; records of one entity share a label, whose value has no meaning.
    review
        Pairs kept apart, or joined in spite of a contradiction, for a person to look at.
    contradictions
        Pairs whose numbers contradict one another, the later record second.
    """

    labels: Labels
    review: list[Doubt] = field(default_factory=list)
    contradictions: list[Doubt] = field(default_factory=list)


def link(records: pd.DataFrame, *, units: npt.NDArray[np.bool_], decisions: Decisions) -> Linked:
    """Find which records are one entity.

    Parameters
    ----------
    records
        Columns `social_lists.RECORD_COLUMNS`, sorted by list and row.
    units
        Which records are units of reintegration.
    decisions
        What a person decided; it goes before everything else.

    Notes
    -----
    Records are joined by an equal NIP, REGON or KRS; by the number of the entry within one register; as consecutive
    entries of one unit; and by an equal name in one gmina where no number contradicts. Two KRS numbers at one time
    are two entities, whatever else they share; one after the other they are an entity that changed its form.
    """
    return _Linker(records, units, decisions).link()


class _Linker:
    def __init__(self, records: pd.DataFrame, units: npt.NDArray[np.bool_], decisions: Decisions) -> None:
        self._n = len(records)
        self._units = units
        self._decisions = decisions
        self._numbers = {kind: records[kind].to_numpy(dtype=object) for kind in KINDS}
        self._list = records["list"].to_numpy()
        self._id = records["id"].to_numpy(dtype=object)
        self._form = records["legal_form"].to_numpy(dtype=object)
        self._teryt = records["teryt"].to_numpy(dtype=object)
        self._start = records["start"].to_numpy(dtype="datetime64[s]")
        end = records["end"].to_numpy(dtype="datetime64[s]")
        self._end = np.where(np.isnat(end), _NEVER, end)
        self._core = records["core"].to_numpy(dtype=object)
        self._family = records["family"].to_numpy(dtype=object)
        # Who an entity may be the same as: any form outside reintegration, else only its own form.
        self._sphere = np.where(units, self._form, "").astype(object)
        self._bare = np.logical_and.reduce([numbers == "" for numbers in self._numbers.values()])
        self._found = Linked(np.arange(self._n))

    def link(self) -> Linked:
        pairs = [*self._by_number(), self._by_entry(), self._by_succession()]
        labels = self._joined(pairs)
        labels = self._split(labels, self._units_apart)
        labels = self._split(labels, self._courts_apart)
        self._note_contradictions(labels)
        labels = self._join_more(labels, self._decisions.same)
        labels = self._split_decided(labels)
        labels = self._join_more(labels, self._by_name(labels))
        labels = self._split_decided(labels)
        self._find_similar(labels)
        self._found.labels = labels
        self._found.review = self._undecided(labels, self._found.review)
        self._found.contradictions = self._undecided(labels, self._found.contradictions, joined=True)
        return self._found

    # --- by numbers ---------------------------------------------------------------------------------------

    def _by_number(self) -> Iterator[Labels]:
        for numbers in self._numbers.values():
            # A unit of reintegration shares a number only with records of its form in its gmina.
            own = np.where(self._units, numbers + "|" + self._form + "|" + self._teryt, numbers)
            yield pairs_of_equal(_keys(own, numbers != ""))

    def _by_entry(self) -> Labels:
        """Return pairs of records with one number of entry in one register, unless their numbers contradict."""
        own = self._list.astype(str).astype(object) + "|" + self._id
        pairs: list[Pair] = []
        for group in _repeated(_keys(own, self._id != "")):
            for a, b in pairwise(sorted(group, key=self._when)):
                if self._units[a] == self._units[b] and (not self._contradict([a], [b]) or self._follows(a, b)):
                    pairs.append((a, b))
                else:
                    why = f"numer wpisu „{self._id[b]}” mają też inne podmioty"
                    self._found.contradictions.append(Doubt(a, b, why))
        return _array(pairs)

    def _by_succession(self) -> Labels:
        """Return pairs of entries of one unit of reintegration that moved or changed its form."""
        pairs: list[Pair] = []
        for numbers in self._numbers.values():
            own = self._list.astype(str).astype(object) + "|" + numbers
            for group in _repeated(_keys(own, self._units & (numbers != ""))):
                pairs.extend(self._successors(group))
        return _array(pairs)

    def _successors(self, group: Positions) -> Iterator[Pair]:
        """Yield each unit of a group with the one that follows it, in its form or in its gmina, if only one does."""
        begun: dict[np.datetime64, Positions] = {}
        for one in group:
            begun.setdefault(self._start[one], []).append(one)
        for one in group:
            next_days = {self._end[one], self._end[one] + _DAY}
            after = [
                other
                for day in sorted(next_days)
                for other in begun.get(day, ())[:_CROWD]
                if other != one and (self._form[other] == self._form[one] or self._teryt[other] == self._teryt[one])
            ]
            if len(after) == 1:
                yield one, after[0]

    # --- apart again --------------------------------------------------------------------------------------

    def _units_apart(self, group: Positions) -> list[Positions]:
        """Return the units of reintegration that one operator runs side by side in one gmina."""
        if not self._units[group[0]]:
            return [group]
        if len(group) > _CROWD:  # a number that stands for nobody; the names are all that is left
            return _by_key(group, self._core)
        beside = [(a, b) for a, b in combinations(group, 2) if self._beside(a, b)]
        if not beside:
            return [group]
        same = [
            (a, b)
            for a, b in combinations(group, 2)
            if (self._list[a] == self._list[b] and self._id[a] and self._id[a] == self._id[b])
            or (self._core[a] == self._core[b] and not self._beside(a, b))
            or (self._list[a] == self._list[b] and self._id[a] == self._id[b] and self._follows(a, b))
        ]
        parts = _components(group, same)
        lists = [{int(self._list[one]) for one in part} for part in parts]
        for (one, where), (other, there) in combinations(zip(parts, lists, strict=True), 2):
            if not where & there:  # a list that has both knows that they are two
                self._doubt(one[0], other[0], "ten sam numer podmiotu prowadzącego, forma i gmina, różne nazwy")
        return parts

    def _beside(self, a: int, b: int) -> bool:
        """Return whether one register has two units at one time."""
        if self._list[a] != self._list[b] or not self._overlap(a, b):
            return False
        if self._id[a] and self._id[b]:
            return bool(self._id[a] != self._id[b])
        return bool(self._core[a] != self._core[b])

    def _courts_apart(self, group: Positions) -> list[Positions]:
        """Return the entities of a group that has several KRS numbers at one time."""
        court = self._numbers["krs"]
        by_court: dict[str, Positions] = {}
        for one in group:
            if court[one]:
                by_court.setdefault(court[one], []).append(one)
        if self._units[group[0]] or len(by_court) < 2 or self._in_turn(list(by_court.values())):
            return [group]
        parts = {number: list(own) for number, own in sorted(by_court.items())}
        for one in group:
            if not court[one]:
                nearest = max(parts, key=lambda number: (self._likeness(one, parts[number]), number))
                parts[nearest].append(one)
        for (number, own), (other, theirs) in pairwise(parts.items()):
            a, b = min(own), min(theirs)
            why = f"wspólny numer, a różne KRS: {number} i {other}"
            self._found.contradictions.append(Doubt(min(a, b), max(a, b), why))
            self._doubt(a, b, "wspólny NIP albo REGON, różne numery KRS")
        return [sorted(own) for own in parts.values()]

    def _likeness(self, one: int, others: Positions) -> int:
        """Return how much a record has in common with others, of which it can belong to one entity only."""
        return max(
            4 * bool(self._numbers["regon"][one] and self._numbers["regon"][one] == self._numbers["regon"][other])
            + 4 * bool(self._numbers["krs"][one] and self._numbers["krs"][one] == self._numbers["krs"][other])
            + 3 * bool(self._numbers["nip"][one] and self._numbers["nip"][one] == self._numbers["nip"][other])
            + 2 * bool(self._core[one] == self._core[other])
            + bool(self._teryt[one] == self._teryt[other])
            for other in others
        )

    def _in_turn(self, groups: Sequence[Positions]) -> bool:
        """Return whether groups of records follow one another without overlapping."""
        spans = sorted((min(self._start[group]), max(self._end[group])) for group in groups)
        return all(later[0] >= earlier[1] - _DAY for earlier, later in pairwise(spans))

    def _split(self, labels: Labels, apart: Callable[[Positions], list[Positions]]) -> Labels:
        """Return labels in which each group of more than one record is divided as `apart` says."""
        labels = labels.copy()
        for group in _repeated(labels):
            for part in apart(group)[1:]:
                labels[part] = part[0]
        return _canonical(labels)

    def _note_contradictions(self, labels: Labels) -> None:
        """Note entities outside reintegration that have two numbers of one kind at one time, and join all the same."""
        for kind in ("nip", "regon"):
            has = (self._numbers[kind] != "") & ~self._units
            frame = pd.DataFrame({"entity": labels[has], "number": self._numbers[kind][has], "at": np.flatnonzero(has)})
            distinct = frame.drop_duplicates(["entity", "number"])
            for _, group in distinct[distinct["entity"].duplicated(keep=False)].groupby("entity", sort=True):
                first, *others = group["at"].tolist()
                for other in others:
                    if self._overlap(first, other):
                        why = f"różne numery {NAMES[kind]}, {_JOINED}"
                        self._found.contradictions.append(Doubt(first, other, why))
                        self._doubt(first, other, why)

    # --- by name ------------------------------------------------------------------------------------------

    def _by_name(self, labels: Labels) -> list[Pair]:
        """Return pairs of entities with one name in one gmina, where nothing contradicts."""
        keys = pd.DataFrame({"core": self._core, "teryt": self._teryt, "sphere": self._sphere, "entity": labels})
        distinct = keys[keys["core"] != ""].drop_duplicates()
        distinct = distinct[distinct.duplicated(["core", "teryt", "sphere"], keep=False)]
        members = _members(labels, distinct["entity"])
        pairs: list[Pair] = []
        for _, group in distinct.groupby(["core", "teryt", "sphere"], sort=True):
            entities = [members[entity] for entity in group["entity"]]
            pairs.extend(self._same_name(entities))
        return pairs

    def _same_name(self, entities: list[Positions]) -> Iterator[Pair]:
        whole = [one for entity in entities for one in entity]
        if not self._differ(whole):
            yield from pairwise(entity[0] for entity in entities)
            return
        if len(entities) > _CROWD:
            return
        known = [entity for entity in entities if not self._bare[entity].all()]
        bare = [entity for entity in entities if self._bare[entity].all()]
        joined: list[Positions] = []
        for entity in (*known, *bare):
            fits = [other for other in joined if not self._differ([*entity, *other])]
            if len(fits) == 1:
                yield fits[0][0], entity[0]
                fits[0].extend(entity)
                continue
            if entity in bare:
                for other in fits or joined:
                    why = "ta sama nazwa i gmina" if fits else "ta sama nazwa i gmina, inna forma lub inny wpis"
                    self._doubt(other[0], entity[0], why)
            joined.append(list(entity))

    def _differ(self, records: Positions) -> bool:
        """Return whether records cannot all be one entity: another number, form word, or entry of one register."""
        if any(len(set(numbers[records]) - {""}) > 1 for numbers in self._numbers.values()):
            return True
        if len(set(self._family[records]) - {""}) > 1:
            return True
        entries: dict[int, set[str]] = {}
        for one in records:
            if self._id[one]:
                entries.setdefault(int(self._list[one]), set()).add(self._id[one])
        return any(len(found) > 1 for found in entries.values())

    def _contradict(self, one: Positions, other: Positions) -> bool:
        both = [*one, *other]
        return any(len(set(numbers[both]) - {""}) > 1 for numbers in self._numbers.values())

    def _find_similar(self, labels: Labels) -> None:
        """Put entities without any number, whose name is like another's in the gmina, on the review list."""
        frame = pd.DataFrame(
            {
                "place": self._teryt + "|" + self._sphere,
                "entity": labels,
                "core": self._core,
                "list": self._list,
                "bare": pd.Series(self._bare).groupby(labels).transform("all").to_numpy(),
                "at": np.arange(self._n),
            }
        )
        frame = frame[frame["core"].str.len() >= SHORTEST].drop_duplicates(["place", "entity", "core"])
        wanted = frame.groupby("place")["bare"].transform("any") & frame["place"].duplicated(keep=False)
        for _, here in frame[wanted].groupby("place", sort=True):
            self._similar_in(here)

    def _similar_in(self, here: pd.DataFrame) -> None:
        cores, at = here["core"].tolist(), here["at"].to_numpy()
        entities, lists = here["entity"].to_numpy(), here["list"].to_numpy()
        digits = [re.findall(r"\d+", core) for core in cores]
        bare = np.flatnonzero(here["bare"].to_numpy())
        told: set[Pair] = set()
        for first in range(0, len(bare), _BLOCK):
            block = bare[first : first + _BLOCK]
            scores = process.cdist(
                [cores[one] for one in block], cores, scorer=fuzz.ratio, score_cutoff=SIMILAR, dtype=np.float32
            )
            for row, column in np.argwhere(scores >= SIMILAR):
                a, b = int(block[row]), int(column)
                pair = (min(a, b), max(a, b))
                # One register does not list an entity twice under two names, and "no. 1" is not "no. 2".
                if pair in told or entities[a] == entities[b] or lists[a] == lists[b] or digits[a] != digits[b]:
                    continue
                told.add(pair)
                if cores[a] != cores[b]:
                    self._doubt(int(at[a]), int(at[b]), "podobne nazwy w jednej gminie")

    # --- decisions and doubts -----------------------------------------------------------------------------

    def _split_decided(self, labels: Labels) -> Labels:
        """Return labels in which records that a person told apart are apart, each with what it has most in common."""
        labels = labels.copy()
        for a, b in self._decisions.different:
            if labels[a] != labels[b]:
                continue
            group = np.flatnonzero(labels == labels[a]).tolist()
            apart = [one for one in group if one == b or (one != a and self._nearer(one, b, a))]
            labels[apart] = b
            labels[[one for one in group if one not in apart]] = a
        return _canonical(labels)

    def _nearer(self, one: int, here: int, there: int) -> bool:
        return self._likeness(one, [here]) > self._likeness(one, [there])

    def _undecided(self, labels: Labels, doubts: Sequence[Doubt], *, joined: bool = False) -> list[Doubt]:
        """Return the doubts that no decision settled, one for each pair of entities, in the order of records.

        Parameters
        ----------
        joined
            Whether doubts about records that are one entity now are kept whatever they say.
        """
        decided = {
            frozenset((int(labels[a]), int(labels[b]))) for a, b in (*self._decisions.same, *self._decisions.different)
        }
        found: dict[tuple[frozenset[int], str], Doubt] = {}
        for doubt in doubts:
            entities = frozenset((int(labels[doubt.a]), int(labels[doubt.b])))
            told = joined or len(entities) == 2 or doubt.why.endswith(_JOINED)
            if told and entities not in decided:
                found.setdefault((entities, doubt.why), doubt)
        return sorted(found.values(), key=lambda doubt: (doubt.a, doubt.b))

    def _doubt(self, a: int, b: int, why: str) -> None:
        self._found.review.append(Doubt(min(a, b), max(a, b), why))

    # --- helpers ------------------------------------------------------------------------------------------

    def _joined(self, pairs: Iterable[Labels]) -> Labels:
        return linked_groups(self._n, np.concatenate([one for one in pairs if len(one)] or [_array([])]))

    def _join_more(self, labels: Labels, pairs: Sequence[Pair]) -> Labels:
        own = np.column_stack((np.arange(self._n), labels))
        return linked_groups(self._n, np.concatenate([own, _array(pairs)]) if len(pairs) else own)

    def _when(self, one: int) -> tuple[np.datetime64, np.datetime64, int]:
        return self._start[one], self._end[one], one

    def _overlap(self, a: int, b: int) -> bool:
        return bool(self._start[a] < self._end[b] and self._start[b] < self._end[a])

    def _follows(self, a: int, b: int) -> bool:
        """Return whether `b` begins on the day `a` ends, or the day after."""
        gap = self._start[b] - self._end[a]
        return bool(np.timedelta64(0, "s") <= gap <= _DAY)


def _repeated(keys: npt.NDArray[np.object_] | Labels) -> Iterator[Positions]:
    """Yield the positions of each key that several records have, None left out; groups by their first record."""
    codes = pd.factorize(pd.Series(keys))[0]
    order = np.argsort(codes, kind="stable")
    bounds = np.flatnonzero(np.diff(codes[order], prepend=-2))
    for group in np.split(order, bounds[1:]) if len(order) else ():
        if len(group) > 1 and codes[group[0]] >= 0:
            yield group.tolist()


def _keys(keys: npt.NDArray[np.object_], given: npt.NDArray[np.bool_]) -> npt.NDArray[np.object_]:
    """Return the keys with None where there is none."""
    keys = keys.copy()
    keys[~given] = None
    return keys


def _members(labels: Labels, wanted: pd.Series[int]) -> dict[int, Positions]:
    chosen = np.flatnonzero(np.isin(labels, wanted.unique()))
    members: dict[int, Positions] = {}
    for one in chosen.tolist():
        members.setdefault(int(labels[one]), []).append(one)
    return members


def _components(group: Positions, pairs: Sequence[Pair]) -> list[Positions]:
    places = {one: number for number, one in enumerate(group)}
    labels = linked_groups(len(group), _array([(places[a], places[b]) for a, b in pairs]))
    parts: dict[int, Positions] = {}
    for one, label in zip(group, labels.tolist(), strict=True):
        parts.setdefault(label, []).append(one)
    return list(parts.values())


def _by_key(group: Positions, keys: npt.NDArray[np.object_]) -> list[Positions]:
    parts: dict[str, Positions] = {}
    for one in group:
        parts.setdefault(keys[one], []).append(one)
    return list(parts.values())


def _canonical(labels: Labels) -> Labels:
    """Return labels that are the smallest position of each group."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    result: Labels = first.astype(np.int64)[inverse]
    return result


def _array(pairs: Sequence[Pair]) -> Labels:
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)
