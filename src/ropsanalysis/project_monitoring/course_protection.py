"""Which points of the course of persons may be told, so that none tells of a few persons.

The two indicators of persons are published for the day of the data, as the programme asks for. An earlier point is told
only where the persons supported and qualified by then, and those supported and not qualified, are none or at least
`min_count`, and so are their changes since the last point told and until the day of the data. What came to in a hidden
quarter goes into the next one told. Of the months from which a forecast goes on the pace is told only if the day before
them could be, and there is no forecast from few persons. Both indicators are told of the same points, because their
difference is public wherever both are.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ropsanalysis.project_monitoring.counting import COUNTED

Point = tuple[int, int]
"""Persons supported and qualified by a day."""


def told_points(points: Sequence[Point], *, fewest: int) -> list[bool]:
    """Return which points of a course may be told; the last always is.

    Parameters
    ----------
    points
        In order of time; the last is the day of the data.
    fewest
        Fewest persons of a number or of a change, unless it is 0.

    Examples
    --------
    >>> told_points([(0, 0), (4, 0), (9, 0), (30, 6), (32, 6), (41, 12)], fewest=5)
    [True, False, True, True, False, True]

    From (30, 6) to (41, 12) at the end 6 of 11 qualified and 5 did not, so it may be told; from 40 they would be 4:

    >>> told_points([(9, 0), (30, 6), (41, 12)], fewest=5), told_points([(9, 0), (30, 6), (40, 12)], fewest=5)
    ([True, True, True], [True, False, True])

    From 27 to 30 at the end 3 persons came, so 27 is not told either:

    >>> told_points([(20, 0), (27, 0), (30, 0)], fewest=5)
    [True, False, True]
    """
    *earlier, last = points
    told: list[int] = []
    for place, point in enumerate(earlier):
        before = earlier[told[-1]] if told else (0, 0)
        if _many((0, 0), point, fewest) and _many(before, point, fewest):
            told.append(place)
    while told and not _many(earlier[told[-1]], last, fewest):
        told.pop()
    return [place in told for place in range(len(earlier))] + [True]


def _many(before: Point, after: Point, fewest: int) -> bool:
    """Return whether no change between two points is of few persons."""
    supported, qualified = after[0] - before[0], after[1] - before[1]
    return all(change == 0 or abs(change) >= fewest for change in (supported, qualified, supported - qualified))


def told_days(
    persons: pd.DataFrame, days: Sequence[pd.Timestamp], as_of: pd.Timestamp, *, fewest: int
) -> frozenset[pd.Timestamp]:
    """Return of which days both indicators of persons may be told, the day of the data among them.

    Parameters
    ----------
    persons
        One voivodeship's, as `counting.Counted.persons`.
    days
        Days that would be told; later ones than the day of the data are left out.
    """
    earlier = sorted({day for day in days if day < as_of})
    came = [persons.loc[persons[f"{name}_rule"] == COUNTED, f"{name}_day"] for name in ("supported", "qualified")]
    points = [(int((came[0] <= day).sum()), int((came[1] <= day).sum())) for day in (*earlier, as_of)]
    points[-1] = (len(came[0]), len(came[1]))
    kept = told_points(points, fewest=fewest)
    return frozenset(day for day, fine in zip((*earlier, as_of), kept, strict=True) if fine)
