"""Turns linked rows of registers into spells: one entity is counted once, whatever number of registers knows it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ropsanalysis.io.social_mapping import ListMap
from ropsanalysis.social_economy.schema import SPELL_COLUMNS

_NAT: Final = np.datetime64("NaT", "s")
_DAY: Final = 86_400
_NEVER: Final = np.iinfo(np.int64).max // 2
_TOLD: Final = ("legal_form", "teryt", "id", "name")
_NONE: Final = np.iinfo(np.int64).min  # what NaT is as a number

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A record that says again what another says, or contradicts it; `other` is that one's position."""

    position: int
    other: int
    code: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Registers that do not agree whether an entity is closed; positions of the records."""

    open: int
    closed: int


@dataclass(slots=True)
class Spells:
    """What came of the linked records.

    Attributes
    ----------
    table
        Columns `SPELL_COLUMNS`, sorted by entity and start.
    entity
        Entity of each record.
    dropped
        Records that stand in no spell, because their register already has one for that time.
    conflicts
        Entities that some registers show as closed and others as open.
    uncovered
        Records that end before the first day their list claims to cover.
    """

    table: pd.DataFrame
    entity: npt.NDArray[np.object_]
    dropped: list[Dropped] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    uncovered: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Spell:
    """A spell in the making; days are whole seconds, `_NEVER` for an end that has not come."""

    base: int
    start: int
    end: int
    start_from: int
    end_from: int
    records: list[int]


def build_spells(
    records: pd.DataFrame, labels: Labels, lists: Sequence[ListMap], *, units: npt.NDArray[np.bool_]
) -> Spells:
    """Return the spells of linked records.

    Parameters
    ----------
    records
        Columns `social_lists.RECORD_COLUMNS`, sorted by list and content; `list` is a position in `lists`.
    labels
        Entity of each record.
    lists
        Descriptions of the lists.
    units
        Which records are units of reintegration.

    Notes
    -----
    Form and gmina come from the more specific register: a list of one form goes before a list of several, and among
    equals the order of the lists decides. The first start of all registers counts, the last verification, and the
    end only if every register that keeps closed entities has one. A record of another register that lies wholly
    before or after what is known is a spell of its own: the entity changed its form.
    """
    entity = _entity_ids(records, labels, units)
    result = Spells(pd.DataFrame(), entity)
    maker = _Maker(records, lists, result)
    order = np.lexsort((np.arange(len(labels)), labels))
    bounds = np.flatnonzero(np.diff(labels[order], prepend=-1))
    sizes = np.diff(np.append(bounds, len(order)))
    alone = order[bounds[sizes == 1]]
    several = [order[start : start + size].tolist() for start, size in zip(bounds, sizes, strict=True) if size > 1]
    spells = [spell for group in several for spell in maker.spells(group)]
    result.table = maker.table(alone, spells)
    result.dropped.sort(key=lambda one: one.position)
    return result


def _entity_ids(records: pd.DataFrame, labels: Labels, units: npt.NDArray[np.bool_]) -> npt.NDArray[np.object_]:
    """Return a stable id for each record's entity: it depends on what the records say, not on their order."""
    kinds = {
        kind: records[kind].to_numpy(dtype=object)
        for kind in ("krs", "nip", "regon", "id", "name", "teryt", "legal_form")
    }
    starts = records["start"].to_numpy(dtype="datetime64[D]").astype(str)
    keys: dict[int, str] = {}
    order = np.lexsort((np.arange(len(labels)), labels))
    bounds = np.append(np.flatnonzero(np.diff(labels[order], prepend=-1)), len(order))
    for first, last in pairwise(bounds.tolist()):
        group = order[first:last].tolist()
        words: list[str] = []
        for kind in ("krs", "nip", "regon"):
            numbers = [kinds[kind][one] for one in group if kinds[kind][one]]
            if numbers:
                words = [kind, min(numbers)]
                break
        if not words or units[group[0]]:  # one operator runs several units, so its number does not tell which
            words.extend(min(tuple(kinds[kind][one] for kind in _TOLD) for one in group))
        keys[int(labels[group[0]])] = "|".join(words)
    by_key: dict[str, list[int]] = {}
    for label, key in keys.items():
        by_key.setdefault(key, []).append(label)
    for key, same in by_key.items():
        if len(same) > 1:  # told apart by everything that is known
            for label in same:
                own = np.flatnonzero(labels == label).tolist()
                whole = sorted("|".join([starts[one], *(str(column[one]) for column in kinds.values())]) for one in own)
                keys[label] = "|".join([key, *whole])
    repeated: dict[str, int] = {}
    ids: dict[int, str] = {}
    for label in sorted(keys):
        digest = hashlib.sha256(keys[label].encode()).hexdigest()[:16]
        repeated[digest] = repeated.get(digest, 0) + 1
        ids[label] = digest if repeated[digest] == 1 else f"{digest}-{repeated[digest]}"
    result = np.empty(len(labels), dtype=object)
    result[:] = [ids[label] for label in labels.tolist()]
    return result


class _Maker:
    def __init__(self, records: pd.DataFrame, lists: Sequence[ListMap], result: Spells) -> None:
        self._records, self._lists, self._result = records, lists, result
        self._list = records["list"].to_numpy()
        self._start = records["start"].to_numpy(dtype="datetime64[s]").astype(np.int64)
        end = records["end"].to_numpy(dtype="datetime64[s]").astype(np.int64)
        self._end = np.where(end == _NONE, _NEVER, end)
        self._verified = records["verified"].to_numpy(dtype="datetime64[s]").astype(np.int64)
        columns = ("name", "legal_form", "teryt", "size_class", "start_reason", "end_reason", "nip", "regon", "krs")
        self._words = {name: records[name].to_numpy(dtype=object) for name in columns}
        self._keeps = [one.closures for one in lists]
        self._covers = [
            int(np.datetime64(one.covers_from, "s").astype(np.int64)) if one.covers_from else _NONE for one in lists
        ]
        specific = sorted(range(len(lists)), key=lambda number: (not lists[number].legal_form, number))
        self._rank = {number: rank for rank, number in enumerate(specific)}

    # --- one entity ---------------------------------------------------------------------------------------

    def spells(self, group: list[int]) -> list[_Spell]:
        """Return the spells of one entity's records, in the order of time."""
        by_list: dict[int, list[int]] = {}
        for one in group:
            by_list.setdefault(int(self._list[one]), []).append(one)
        made: list[_Spell] = []
        attached: list[tuple[_Spell, int]] = []
        for number in sorted(by_list, key=self._rank.__getitem__):
            own = self._in_turn(by_list[number])
            fresh = []
            for one in own:
                over = next((spell for spell in made if self._meets(spell, one)), None)
                if over is None:
                    fresh.append(_Spell(one, int(self._start[one]), int(self._end[one]), one, one, [one]))
                else:
                    attached.append((over, one))
            made = self._continued(sorted([*made, *fresh], key=lambda spell: spell.start))
        for spell, one in attached:
            spell.records.append(one)
        self._first_start(made[0])
        self._last_end(made[-1])
        return self._merged(made)

    def _in_turn(self, records: list[int]) -> list[int]:
        """Return one register's records without those that overlap an earlier one, which are dropped."""
        kept: list[int] = []
        for one in sorted(records, key=lambda one: (self._start[one], one)):
            if kept and self._start[one] < self._end[kept[-1]]:
                self._result.dropped.append(Dropped(one, kept[-1], self._reason(one, kept[-1])))
            else:
                kept.append(one)
        return kept

    def _reason(self, one: int, other: int) -> str:
        numbers = any(self._words[kind][one] and self._words[kind][one] == self._words[kind][other]
                      for kind in ("nip", "regon", "krs"))  # fmt: skip
        same = all(self._words[kind][one] == self._words[kind][other] for kind in ("name", "legal_form", "teryt"))
        return "ES-14" if numbers and not (same and self._start[one] == self._start[other]) else "ES-25"

    def _meets(self, spell: _Spell, one: int) -> bool:
        if self._start[one] < spell.end and spell.start < self._end[one]:
            return True
        same = all(self._words[kind][one] == self._words[kind][spell.base] for kind in ("legal_form", "teryt"))
        # Registers learn of one closing, or one opening, on different days.
        return bool(same and spell.start <= self._end[one] and self._start[one] <= spell.end)

    def _continued(self, spells: list[_Spell]) -> list[_Spell]:
        """Close the gap of one day that registers leave which note the last day and not the first after it."""
        for earlier, later in pairwise(spells):
            if earlier.end < later.start <= earlier.end + _DAY:
                earlier.end = later.start
        return spells

    def _first_start(self, spell: _Spell) -> None:
        first = min(spell.records, key=lambda one: (self._start[one], one != spell.base))
        if self._start[first] < spell.start:
            spell.start, spell.start_from = int(self._start[first]), first

    def _last_end(self, spell: _Spell) -> None:
        keeping = [one for one in spell.records if self._keeps[self._list[one]]]
        if not keeping:
            return
        still = [one for one in keeping if self._end[one] == _NEVER]
        closed = [one for one in keeping if self._end[one] != _NEVER]
        if still and closed:
            self._result.conflicts.append(Conflict(still[0], closed[0]))
            spell.end, spell.end_from = _NEVER, spell.base
        elif closed:
            first = spell.base if spell.base in closed else closed[0]
            # The days may differ a little; what began later cannot have ended before.
            spell.end, spell.end_from = max(int(self._end[first]), spell.start), first
        else:
            spell.end = _NEVER

    def _merged(self, spells: list[_Spell]) -> list[_Spell]:
        """Return the spells, those joined between which nothing changed."""
        merged = [spells[0]]
        for spell in spells[1:]:
            last = merged[-1]
            same = all(
                self._words[kind][spell.base] == self._words[kind][last.base] for kind in ("legal_form", "teryt")
            )
            if same and spell.start <= last.end:
                merged[-1] = replace(last, base=spell.base, end=spell.end, end_from=spell.end_from,
                                     records=[*last.records, *spell.records])  # fmt: skip
            else:
                merged.append(spell)
        return merged

    # --- the table ----------------------------------------------------------------------------------------

    def table(self, alone: Labels, spells: Sequence[_Spell]) -> pd.DataFrame:
        """Return the spells of entities with one record, and of the others, as one table."""
        base = np.concatenate([alone, np.array([spell.base for spell in spells], dtype=np.int64)]).astype(np.int64)
        start = np.concatenate([self._start[alone], np.array([spell.start for spell in spells], dtype=np.int64)])
        end = np.concatenate([self._end[alone], np.array([spell.end for spell in spells], dtype=np.int64)])
        start_from = np.concatenate([alone, np.array([spell.start_from for spell in spells], dtype=np.int64)]).astype(
            int
        )
        end_from = np.concatenate([alone, np.array([spell.end_from for spell in spells], dtype=np.int64)]).astype(int)
        of_list = np.array(self._keeps, dtype=bool)
        several = [spell.records for spell in spells]
        keeps = np.concatenate([of_list[self._list[alone]], [bool(of_list[self._list[own]].any()) for own in several]])
        verified = np.concatenate([self._verified[alone], [int(self._verified[own].max()) for own in several]])
        covers_of = np.array(self._covers, dtype=np.int64)
        covers = np.concatenate([covers_of[self._list[alone]], [self._covered(own) for own in several]])
        entity = self._result.entity[base]
        last = pd.Series(end).groupby(entity).transform("max").to_numpy()
        late = (covers != _NONE) & (last <= covers)
        self._result.uncovered.extend(base[late].tolist())
        observed = np.where((covers != _NONE) & (start < covers) & ~late, covers, _NONE)
        sizes = np.concatenate(
            [self._words["size_class"][alone], np.array([self._size(spell) for spell in spells], dtype=object)]
        )
        sources = np.array([one.source for one in self._lists], dtype=object)
        ended = end != _NEVER
        table = pd.DataFrame(
            {
                "entity": entity,
                "name": self._words["name"][base],
                "legal_form": self._words["legal_form"][base],
                "teryt": self._words["teryt"][base],
                "start": _days(start),
                "end": _days(np.where(ended, end, _NONE)),
                "start_reason": self._words["start_reason"][start_from],
                "end_reason": np.where(ended, self._words["end_reason"][end_from], ""),
                "source": sources[self._list[base]],
                "observed_from": _days(observed),
                "closures_known": keeps.astype(bool),
                "verified": _days(verified),
                "size_class": sizes,
            }
        )[list(SPELL_COLUMNS)]
        texts = [name for name in SPELL_COLUMNS if table[name].dtype == object and name != "size_class"]
        table = table.astype(dict.fromkeys(texts, "str"))
        table["size_class"] = table["size_class"].astype("str").where(table["size_class"].notna())
        return table.sort_values(["entity", "start", "legal_form", "teryt"], ignore_index=True)

    def _covered(self, records: list[int]) -> int:
        """Return from which day on some register would have shown an entity; `_NONE` if one shows all."""
        keeping = [one for one in records if self._keeps[self._list[one]]] or records
        days = [self._covers[self._list[one]] for one in keeping]
        return _NONE if _NONE in days else min(days)

    def _size(self, spell: _Spell) -> str | None:
        own = [spell.base, *spell.records]
        return next((self._words["size_class"][one] for one in own if self._words["size_class"][one]), None)


def _days(seconds: npt.NDArray[np.int64]) -> npt.NDArray[np.datetime64]:
    return seconds.astype(np.int64).astype("datetime64[s]")
