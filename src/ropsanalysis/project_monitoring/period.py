"""The time of a project: its quarters, the months before the day of the data, how much of it has passed."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from ropsanalysis.stats.vocabulary import FloatVector

DAYS_PER_MONTH: Final = 365.25 / 12
"""Mean length of a month, by which a time left that is no whole number of months is told."""


@dataclass(frozen=True, slots=True)
class Period:
    """When a project lasts and up to which day its data go.

    Attributes
    ----------
    teryt
        The project's voivodeship.
    start, end
        First and last day; both belong to it.
    as_of
        Day that all data describe, itself included.
    """

    teryt: str
    start: pd.Timestamp
    end: pd.Timestamp
    as_of: pd.Timestamp

    @property
    def passed(self) -> float:
        """Share of the project's days that have passed (0-1)."""
        return self.passed_by(self.as_of)

    def passed_by(self, day: pd.Timestamp) -> float:
        """Return the share of the project's days that have passed at the end of a day (0-1)."""
        share = ((day - self.start).days + 1) / ((self.end - self.start).days + 1)
        return min(max(share, 0.0), 1.0)

    @property
    def months_left(self) -> float:
        """Months from the day of the data to the end, 0 after it."""
        return self.months_to(self.end)

    def months_to(self, day: pd.Timestamp) -> float:
        """Return the months from the day of the data to a later day, 0 to an earlier one."""
        return max((day - self.as_of).days, 0) / DAYS_PER_MONTH

    def quarters(self, *, since: pd.Timestamp | None = None, until: pd.Timestamp | None = None) -> list[str]:
        """Return the quarters from a day (by default the start) to another (by default the end), such as "2024-Q1"."""
        first, last = (quarter_of(day) for day in (since or self.start, until or self.end))
        return [f"{quarter.year}-Q{quarter.quarter}" for quarter in pd.period_range(first, last, freq="Q")]

    def shown_day(self, quarter: str) -> pd.Timestamp:
        """Return the day for which a quarter's cumulative value is told.

        Notes
        -----
        Its last day, or the project's if that comes first; in the quarter in which the data end, the day of the data.
        """
        first, last = quarter_ends(quarter)
        if first <= self.as_of < last:
            return min(self.as_of, self.end)
        return min(last, self.end)

    def recent_edges(self, months: int) -> list[pd.Timestamp]:
        """Return the edges of the last whole months before the day of the data, the earliest first.

        Parameters
        ----------
        months
            How many months at most; fewer where the project is younger.

        Returns
        -------
        list of pandas.Timestamp
            One more than there are months, each month without its first edge and with its last; the last edge is the
            day of the data (or the end of the project). A single edge where no whole month has passed.
        """
        last = min(self.as_of, self.end)
        edges = [last - pd.DateOffset(months=back) for back in range(months, -1, -1)]
        # A month counts as whole if the project lasted on each of its days.
        return [edge for edge in edges if edge + pd.Timedelta(days=1) >= self.start]


def periods(cards: pd.DataFrame) -> list[Period]:
    """Return the period of each project by voivodeship."""
    rows = cards.sort_values("teryt").to_dict("records")
    return [Period(str(row["teryt"]), row["start"], row["end"], row["as_of"]) for row in rows]


def quarter_of(day: pd.Timestamp) -> pd.Period:
    """Return the quarter that a day lies in."""
    return pd.Period(day, freq="Q")


def quarter_ends(quarter: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and the last day of a quarter.

    Examples
    --------
    >>> [f"{day:%d.%m.%Y}" for day in quarter_ends("2024-Q1")]
    ['01.01.2024', '31.03.2024']
    """
    year, number = int(quarter[:4]), int(quarter[6:])
    first = pd.Timestamp(year, 3 * number - 2, 1)
    return first, first + pd.offsets.QuarterEnd(startingMonth=3)


def by_month(
    days: pd.Series[Any], edges: Sequence[pd.Timestamp], *, weights: Sequence[float] | None = None
) -> FloatVector:
    """Return how many days, or how much of their weights, fall into each month between edges.

    Parameters
    ----------
    days
        Without missing ones.
    edges
        As `Period.recent_edges` gives them.
    weights
        A number for each day, whole so that their order does not matter; 1 without them.
    """
    stamps = days.to_numpy(dtype="datetime64[s]")
    limits = np.array([edge.to_datetime64() for edge in edges], dtype="datetime64[s]")
    place = np.searchsorted(limits, stamps, side="left")
    inside = (place > 0) & (place < len(limits))
    given = np.ones(len(stamps)) if weights is None else np.asarray(weights, dtype=np.float64)
    return np.bincount(place[inside] - 1, weights=given[inside], minlength=len(limits) - 1).astype(np.float64)


def generator(seed: int, *names: str) -> np.random.Generator:
    """Return a source of chance that depends on what is drawn, and not on what was drawn before."""
    return np.random.default_rng([seed, zlib.crc32(" ".join(names).encode())])
