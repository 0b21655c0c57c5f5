"""Lifetimes that begin and end while somebody watches, and who is at risk whenever one of them ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from ropsanalysis.stats.vocabulary import BoolVector, FloatMatrix, FloatVector, as_vector

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """What was seen of n lifetimes.

    Attributes
    ----------
    entry
        Shape (n,): age from which each was watched; 0 if from its beginning (no left truncation).
    time
        Shape (n,): age at which it ended, or until which it was watched; above `entry`.
    event
        Shape (n,): whether it ended at `time`; otherwise it is censored there.
    """

    entry: FloatVector
    time: FloatVector
    event: BoolVector

    @property
    def n(self) -> int:
        """Lifetimes."""
        return self.time.size


def lifetimes(time: ArrayLike, event: ArrayLike, *, entry: ArrayLike | None = None) -> Lifetimes:
    """Return lifetimes that can be used.

    Parameters
    ----------
    time
        Shape (n,): age at the end, or until which the lifetime was watched, in any unit.
    event
        Shape (n,), bool or 0 and 1: whether it ended then.
    entry
        Shape (n,): age from which it was watched. None: all from their beginning.

    Raises
    ------
    ValueError
        If there is no lifetime, the arrays differ in length, a number is missing, an event is neither 0 nor 1, an
        entry is negative, or not below its time.
    """
    until, ended = as_vector(time, name="time"), as_vector(event, name="event")
    since = np.zeros(until.size) if entry is None else as_vector(entry, name="entry")
    if until.size == 0:
        raise ValueError("time: no lifetime was given")
    for name, vector in (("time", until), ("event", ended), ("entry", since)):
        if vector.size != until.size:
            raise ValueError(f"{name}: {vector.size} values, expected {until.size}, one for each time")
        if np.isnan(vector).any():
            raise ValueError(f"{name}: missing in {np.isnan(vector).sum()} lifetimes; leave these out")
    if not np.isin(ended, (0.0, 1.0)).all():
        raise ValueError("event: only 0 (censored) and 1 (ended) can be used")
    if (since < 0).any():
        raise ValueError(f"entry: negative in {(since < 0).sum()} lifetimes")
    if not (since < until).all():
        raise ValueError(
            f"entry: not below time in {(since >= until).sum()} lifetimes; what ended before it was watched, or lasted "
            "no time at all, was never at risk and must be left out"
        )
    return Lifetimes(since, until, ended == 1.0)


@dataclass(frozen=True, slots=True)
class RiskSets:
    """The k distinct times at which lifetimes ended, and where each lifetime stands among them.

    A lifetime is at risk at a time if ``entry < time of the event <= time``: censored at the same moment counts as
    still there, beginning to be watched at the same moment does not.

    Attributes
    ----------
    times
        Shape (k,), ascending.
    first, last
        Shape (n,): each lifetime is at risk at the times ``first`` to ``last - 1``.
    event
        Shape (n,): as in `Lifetimes`; one that ended did so at the time ``last - 1``.
    """

    times: FloatVector
    first: Places
    last: Places
    event: BoolVector

    def incidence(self, codes: Places, kinds: int) -> tuple[csr_array, csr_array]:
        """Return matrices of shape (k, kinds) that add up values of each kind (codes 0 to kinds - 1).

        The first yields those that leave the risk set after each time less those that join it only then: `from_the_end`
        of its product are the sums over those at risk. The second yields the sums over those that ended at each time.
        """
        k, n = self.times.size, self.event.size
        rows, columns = np.concatenate((self.last, self.first)), np.tile(codes, 2)
        steps = csr_array((np.repeat((1.0, -1.0), n), (rows, columns)), shape=(k + 1, kinds))
        which = np.flatnonzero(self.event)
        ended = csr_array((np.ones(which.size), (self.last[which] - 1, codes[which])), shape=(k, kinds))
        return steps[1:], ended

    def counts(self, codes: Places | None = None, kinds: int = 1) -> FloatMatrix:
        """Count those at risk at each time by kind (codes 0 to kinds - 1): shape (k, kinds)."""
        return self._counted(self.last, codes, kinds) - self._counted(self.first, codes, kinds)

    def ended(self, codes: Places | None = None, kinds: int = 1) -> FloatMatrix:
        """Count those that ended at each time by kind: shape (k, kinds)."""
        which = np.flatnonzero(self.event)
        kind = np.zeros(which.size, dtype=np.int64) if codes is None else codes[which]
        return _table(self.last[which] - 1, kind, self.times.size, kinds)

    def _counted(self, places: Places, codes: Places | None, kinds: int) -> FloatMatrix:
        """Count those whose place is beyond each time."""
        kind = np.zeros(places.size, dtype=np.int64) if codes is None else codes
        return from_the_end(_table(places, kind, self.times.size + 1, kinds)[1:])


def risk_sets(lives: Lifetimes) -> RiskSets:
    """Place lifetimes among the times at which some of them ended."""
    times = np.unique(lives.time[lives.event])
    return RiskSets(
        times=times,
        first=np.searchsorted(times, lives.entry, side="right"),
        last=np.searchsorted(times, lives.time, side="right"),
        event=lives.event,
    )


def from_the_end(steps: FloatMatrix) -> FloatMatrix:
    """Add up from the last row, where few are at risk: rounding errors of large sums do not reach small ones."""
    return np.asarray(np.cumsum(steps[::-1], axis=0)[::-1], dtype=np.float64)


def _table(rows: Places, columns: Places, n_rows: int, n_columns: int) -> FloatMatrix:
    counts = np.bincount(rows * n_columns + columns, minlength=n_rows * n_columns)
    return counts.reshape(n_rows, n_columns).astype(np.float64)
