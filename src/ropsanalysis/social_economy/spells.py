"""Entities over time: who is there on a day, and what comes and goes between days, counted for any unit and form.

Everything is arithmetic on whole days: a spell holds on day d if it began by then and has not ended by then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ropsanalysis.regions import POLAND, REGIONS
from ropsanalysis.social_economy.schema import Inputs
from ropsanalysis.stats.vocabulary import BoolVector, FloatMatrix, FloatVector, IntVector

IntMatrix = NDArray[np.int64]
BoolMatrix = NDArray[np.bool_]

NEVER: Final = np.iinfo(np.int64).max // 4
"""The last day of a spell that has not ended."""

_WIDTHS: Final = {"voivodeship": 2, "powiat": 4, "gmina": 6}


@dataclass(frozen=True, slots=True)
class Spells:
    """Spells as arrays of shape (n,), sorted by entity and first day.

    Attributes
    ----------
    row
        Position of each spell in the table of the inputs.
    entity, form, gmina
        Codes: positions in `entities`, `forms` and `gminas`.
    first, last
        Days since 1970-01-01; the spell holds while ``first <= day < last``, `NEVER` where it has not ended.
    continues, goes_on
        Whether the spell takes over from the one before it, of the same entity, on the day that one ends; and whether
        the one after it takes over.
    closures_known
        Whether the register shows closed entities.
    observed_from
        First day from which the register would have shown the spell; before all days where from its start.
    """

    entities: pd.Index[str]
    forms: tuple[str, ...]
    gminas: tuple[str, ...]
    row: IntVector
    entity: IntVector
    form: IntVector
    gmina: IntVector
    first: IntVector
    last: IntVector
    continues: BoolVector
    goes_on: BoolVector
    closures_known: BoolVector
    observed_from: IntVector

    @classmethod
    def of(cls, inputs: Inputs) -> Spells:
        """Read the spells of the registers."""
        table = inputs.spells
        entity, entities = pd.factorize(table["entity"])
        gmina, gminas = pd.factorize(table["teryt"], sort=True)
        forms = tuple(inputs.legal_forms["key"])
        form = pd.Index(forms).get_indexer(pd.Index(table["legal_form"]))
        first, last = to_days(table["start"]), to_days(table["end"])
        # Place and form only decide between spells that begin and end on one day.
        order = np.lexsort((form, gmina, last, first, entity))
        observed = to_days(table["observed_from"])
        return cls(
            entities=pd.Index(entities),
            forms=forms,
            gminas=tuple(gminas),
            row=order.astype(np.int64),
            entity=entity[order].astype(np.int64),
            form=form[order].astype(np.int64),
            gmina=gmina[order].astype(np.int64),
            first=first[order],
            last=last[order],
            **_links(entity[order], first[order], last[order]),
            closures_known=table["closures_known"].to_numpy(dtype=np.bool_)[order],
            observed_from=np.where(observed == NEVER, -NEVER, observed)[order],
        )

    @property
    def voivodeship(self) -> IntVector:
        """Code of each spell's voivodeship."""
        codes = np.array([int(gmina[:2]) for gmina in self.gminas], dtype=np.int64)
        return codes[self.gmina]

    def holds(self, day: int) -> BoolVector:
        """Return which spells hold on a day."""
        holds: BoolVector = (self.first <= day) & (day < self.last)
        return holds


def _links(entity: IntVector, first: IntVector, last: IntVector) -> dict[str, BoolVector]:
    continues = np.zeros(entity.size, dtype=np.bool_)
    continues[1:] = (entity[1:] == entity[:-1]) & (first[1:] == last[:-1])
    return {"continues": continues, "goes_on": _one_later(continues)}


def _one_later(of_this: BoolVector) -> BoolVector:
    """Return of each spell what is true of the next one; of the last one nothing is."""
    return np.append(of_this[1:], False) if of_this.size else of_this


def with_status(inputs: Inputs, spells: Spells) -> Spells:
    """Return the parts of spells during which the entity has the status of social enterprise, as spells.

    Notes
    -----
    One begins when the entity gets the status and ends when it loses it or is closed; a move or a change of form splits
    it as it splits the entity's own. A status at a time when the register shows no such entity counts for nothing.
    """
    status = inputs.status
    code = spells.entities.get_indexer(pd.Index(status["entity"]))
    begin, end = np.searchsorted(spells.entity, code, "left"), np.searchsorted(spells.entity, code, "right")
    which = np.repeat(np.arange(code.size), end - begin)  # the pairs of each status with all spells of its entity
    pair = np.arange(which.size) - np.repeat(np.cumsum(end - begin) - (end - begin), end - begin) + begin[which]
    first = np.maximum(to_days(status["since"])[which], spells.first[pair])
    last = np.minimum(to_days(status["until"])[which], spells.last[pair])
    held = first < last
    first, last, pair = first[held], last[held], pair[held]
    order = np.lexsort((last, first, spells.entity[pair]))
    first, last, pair = first[order], last[order], pair[order]
    return Spells(
        entities=spells.entities,
        forms=spells.forms,
        gminas=spells.gminas,
        row=spells.row[pair],
        entity=spells.entity[pair],
        form=spells.form[pair],
        gmina=spells.gmina[pair],
        first=first,
        last=last,
        **_links(spells.entity[pair], first, last),
        closures_known=spells.closures_known[pair],
        observed_from=spells.observed_from[pair],
    )


def to_days(moments: pd.Series[Any]) -> IntVector:
    """Return days since 1970-01-01, `NEVER` for NaT."""
    days = moments.to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(days), NEVER, days.astype(np.int64))


def day_of(moment: pd.Timestamp) -> int:
    """Return one moment as a day since 1970-01-01."""
    return int(np.datetime64(moment, "D").astype(np.int64))


def iso(day: int) -> str:
    """Return a day since 1970-01-01 as an ISO date.

    Examples
    --------
    >>> iso(0)
    '1970-01-01'
    """
    return str(np.datetime64(day, "D"))


# --- units --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Units:
    """Units of one level; `of_gmina` is the position in `teryt` of the unit that each gmina of the spells is in."""

    level: str
    teryt: tuple[str, ...]
    of_gmina: IntVector


def covers_poland(spells: Spells) -> bool:
    """Return whether there are entities in all voivodeships, so that Poland can be counted."""
    return len({gmina[:2] for gmina in spells.gminas}) == len(REGIONS)


def units_of(inputs: Inputs, spells: Spells, level: str) -> Units:
    """Return all units of a level in the voivodeships that the registers cover, in the order of their codes."""
    if level == "country":
        return Units(level, (POLAND.teryt,), np.zeros(len(spells.gminas), dtype=np.int64))
    covered = {gmina[:2] for gmina in spells.gminas}
    table = inputs.units[inputs.units["level"] == level]
    codes = tuple(sorted(code for code in table["teryt"] if code[:2] in covered))
    width = _WIDTHS[level]
    place = pd.Index(codes).get_indexer(pd.Index([gmina[:width] for gmina in spells.gminas]))
    return Units(level, codes, place.astype(np.int64))


def levels(inputs: Inputs, spells: Spells, *names: str) -> Iterator[Units]:
    """Yield the units of the levels named; the country only where the registers cover all of it."""
    for name in names:
        if name != "country" or covers_poland(spells):
            yield units_of(inputs, spells, name)


@dataclass(frozen=True, slots=True)
class Rows:
    """What is counted one by one: units, or units by legal form; `code` is each spell's position, -1 if in none."""

    teryt: tuple[str, ...]
    form: tuple[str, ...]
    code: IntVector

    @property
    def size(self) -> int:
        """Number of rows."""
        return len(self.teryt)


def rows_of(spells: Spells, units: Units, *, by_form: bool) -> Rows:
    """Return the rows of units, or of all units by all legal forms: the forms of the first unit, of the second ..."""
    unit = units.of_gmina[spells.gmina]
    if not by_form:
        return Rows(units.teryt, ("",) * len(units.teryt), unit)
    k = len(spells.forms)
    inside = (unit >= 0) & (spells.form >= 0)
    return Rows(
        tuple(teryt for teryt in units.teryt for _ in spells.forms),
        spells.forms * len(units.teryt),
        np.where(inside, unit * k + spells.form, -1),
    )


# --- counts -------------------------------------------------------------------------------------------


def count(rows: Rows, where: BoolVector) -> IntVector:
    """Count spells by row, shape (r,)."""
    return np.bincount(rows.code[where & (rows.code >= 0)], minlength=rows.size).astype(np.int64)


def stock(spells: Spells, rows: Rows, days: ArrayLike) -> IntMatrix:
    """Count the spells that hold on days, shape (d,): by row and day, shape (r, d)."""
    on = np.asarray(days, dtype=np.int64)
    everything = np.ones(rows.code.size, dtype=np.bool_)
    return _until(spells.first, rows, everything, on) - _until(spells.last, rows, everything, on)


@dataclass(frozen=True, slots=True)
class Movement:
    """Stock and flow of rows (r) over periods (p), all of shape (r, p): opening + in - out = closing."""

    opening: IntMatrix
    founded: IntMatrix
    arrived: IntMatrix
    closed: IntMatrix
    left: IntMatrix
    closing: IntMatrix


def movement(spells: Spells, rows: Rows, *, first: ArrayLike, last: ArrayLike) -> Movement:
    """Count what comes and goes in each period.

    Parameters
    ----------
    first, last
        Shape (p,): first and last day of each period. Opening is the state on the eve of the first day.

    Notes
    -----
    An entity that moves or changes its form inside one row is no event of that row. One that is gone on the day it
    came is counted on both sides, though it was there on no day.
    """
    eve, end = np.asarray(first, dtype=np.int64) - 1, np.asarray(last, dtype=np.int64)
    inside = np.zeros(rows.code.size, dtype=np.bool_)
    inside[1:] = spells.continues[1:] & (rows.code[1:] == rows.code[:-1])

    def events(day: IntVector, kind: BoolVector) -> IntMatrix:
        return _until(day, rows, kind, end) - _until(day, rows, kind, eve)

    return Movement(
        opening=stock(spells, rows, eve),
        founded=events(spells.first, ~spells.continues),
        arrived=events(spells.first, spells.continues & ~inside),
        closed=events(spells.last, ~spells.goes_on),
        left=events(spells.last, spells.goes_on & ~_one_later(inside)),
        closing=stock(spells, rows, end),
    )


def _until(day: IntVector, rows: Rows, kind: BoolVector, days: IntVector) -> IntMatrix:
    """Count events of a kind up to and including days, by row: shape (r, d)."""
    edges, back = np.unique(days, return_inverse=True)
    chosen = kind & (rows.code >= 0)
    bins = np.searchsorted(edges, day[chosen], "left")  # the first of the days on which the event has happened
    width = edges.size + 1
    table = np.bincount(rows.code[chosen] * width + bins, minlength=rows.size * width).reshape(rows.size, width)
    return np.cumsum(table, axis=1, dtype=np.int64)[:, back]


def exits_known(spells: Spells, rows: Rows, first: ArrayLike) -> BoolMatrix:
    """Return whether all registers behind a row show those who closed since the first day of each period: (r, p).

    Notes
    -----
    They do not where a register drops closed entities, nor before the day from which it would have shown an entity.
    """
    counted = rows.code >= 0
    silent = count(rows, ~spells.closures_known) > 0
    since = np.full(rows.size, -NEVER, dtype=np.int64)
    np.maximum.at(since, rows.code[counted], spells.observed_from[counted])
    known: BoolMatrix = ~silent[:, None] & (np.asarray(first, dtype=np.int64) >= since[:, None])
    return known


# --- inhabitants --------------------------------------------------------------------------------------


class Population:
    """Inhabitants by unit and year.

    Notes
    -----
    A gmina has the number of the year asked for, or of the latest year before. A gmina without any is left out of its
    powiat, as most often it was part of a neighbour then; but a powiat without any makes larger units unknown.
    """

    def __init__(self, inputs: Inputs) -> None:
        units, table = inputs.units, inputs.population
        gminas = pd.Index(units.loc[units["level"] == "gmina", "teryt"]).sort_values()
        self._years, year = np.unique(table["year"].to_numpy(dtype=np.int64), return_inverse=True)
        known = np.full((len(gminas), self._years.size), np.nan)
        known[gminas.get_indexer(pd.Index(table["teryt"])), year] = table["population"].to_numpy(dtype=np.float64)
        for later in range(1, self._years.size):
            gap = np.isnan(known[:, later])
            known[gap, later] = known[gap, later - 1]
        powiats, by_powiat = _summed([code[:4] for code in gminas], known, gaps=True)
        regions, by_region = _summed([code[:2] for code in powiats], by_powiat, gaps=False)
        country, whole = _summed([POLAND.teryt] * len(regions), by_region, gaps=False)
        self._codes = pd.Index([*gminas, *powiats, *regions, *country])
        self._known = np.vstack([known, by_powiat, by_region, whole])

    def of(self, teryt: Sequence[str], years: Sequence[int]) -> FloatMatrix:
        """Return inhabitants of units (n) in years (y), shape (n, y); NaN where not known."""
        asked = np.asarray(years, dtype=np.int64)
        latest = np.searchsorted(self._years, asked, "right") - 1
        place = self._codes.get_indexer(pd.Index(list(teryt)))
        padded = np.pad(self._known, ((0, 1), (1, 0)), constant_values=np.nan)  # -1: before all years, no such unit
        return padded[place][:, latest + 1]


def _summed(keys: list[str], values: FloatMatrix, *, gaps: bool) -> tuple[list[str], FloatMatrix]:
    """Add up rows by key; with `gaps`, missing values count as nothing unless all are missing."""
    names, code = np.unique(np.array(keys, dtype=np.str_), return_inverse=True)
    sums, known = np.zeros((names.size, values.shape[1])), np.zeros((names.size, values.shape[1]))
    np.add.at(sums, code, np.where(np.isnan(values), 0.0, values) if gaps else values)
    np.add.at(known, code, ~np.isnan(values))
    return list(map(str, names)), np.where(known > 0, sums, np.nan)


def divided(part: FloatVector | IntMatrix, whole: FloatVector | IntMatrix) -> FloatVector:
    """Return part over whole, NaN where the whole is not above 0; shapes broadcast."""
    one, other = np.broadcast_arrays(np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64))
    found: FloatVector = np.divide(one, other, out=np.full(one.shape, np.nan), where=other > 0)
    return found
