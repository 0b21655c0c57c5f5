"""The staff of the made-up institutions, and who of them answers the survey."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from ropsanalysis.errors import UsageError
from ropsanalysis.io.synthetic.truth import EDUCATION, INSTITUTIONS, SIZES, TENURES

SMALLEST: Final = 8
"""Fewest staff of a kind of institution that exists in a voivodeship."""


def draw_frame(rng: np.random.Generator) -> pd.DataFrame:
    """Return the staff of each kind of institution in each voivodeship.

    Returns
    -------
    pandas.DataFrame
        Columns teryt, institution, staff (persons, at least `SMALLEST`); kinds that a voivodeship does not have
        are not listed.
    """
    average = sum(SIZES.values()) / len(SIZES)
    rows = [
        (teryt, key, max(SMALLEST, round(kind.staff * (size / average) ** kind.growth * rng.lognormal(0.0, 0.15))))
        for teryt, size in SIZES.items()
        for key, kind in INSTITUTIONS.items()
        if teryt not in kind.absent
    ]
    return pd.DataFrame(rows, columns=["teryt", "institution", "staff"])


def draw_respondents(frame: pd.DataFrame, *, respondents: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return who answers: unequal shares of the staff of each cell of the frame, in random order.

    Returns
    -------
    pandas.DataFrame
        Columns teryt, institution, position, tenure, education, profile (0-3); one row per respondent.

    Raises
    ------
    UsageError
        If more persons should answer than work in all institutions, or fewer than one.

    Notes
    -----
    A sample without replacement with unequal weights: each person waits an exponential time with the weight as
    its rate, and the first ones answer (Efraimidis and Spirakis).

    References
    ----------
    Efraimidis, P. S., Spirakis, P. G. (2006). Weighted random sampling with a reservoir. Information Processing
    Letters 97(5), 181-185.
    """
    staff = int(frame["staff"].sum())
    if not 1 <= respondents <= staff:
        raise UsageError(
            f"Cannot draw {respondents} respondents: the synthetic institutions employ {staff} persons. "
            f"Choose a number from 1 to {staff}."
        )
    # Small voivodeships reach their institutions better, so that numbers of respondents differ less than staff.
    readiness = {teryt: size**-0.5 * rng.lognormal(0.0, 0.10) for teryt, size in SIZES.items()}
    weight = [
        INSTITUTIONS[key].response * readiness[teryt] * rng.lognormal(0.0, 0.15)
        for teryt, key in zip(frame["teryt"], frame["institution"], strict=True)
    ]
    cell = np.repeat(np.arange(len(frame)), frame["staff"])
    first = np.argsort(rng.exponential(size=staff) / np.repeat(weight, frame["staff"]), kind="stable")[:respondents]
    people = frame.loc[rng.permutation(cell[first]), ["teryt", "institution"]].reset_index(drop=True)
    people[["position", "profile"]] = None
    for key, kind in INSTITUTIONS.items():
        mine = people["institution"].eq(key).to_numpy()
        people.loc[mine, "position"] = _draw(kind.positions, int(mine.sum()), rng)
        people.loc[mine, "profile"] = _draw(dict(enumerate(kind.profiles)), int(mine.sum()), rng)
    people["tenure"] = _draw({key: share for key, (share, _) in TENURES.items()}, respondents, rng)
    people["education"] = _draw(EDUCATION, respondents, rng)
    return people[["teryt", "institution", "position", "tenure", "education", "profile"]]


def _draw(shares: Mapping[Any, int], n: int, rng: np.random.Generator) -> np.ndarray:
    """Return `n` options drawn with chances in proportion to `shares`."""
    chances = np.array(list(shares.values()), dtype=float)
    options = np.array(list(shares), dtype=object)
    return options[rng.choice(len(options), size=n, p=chances / chances.sum())]
