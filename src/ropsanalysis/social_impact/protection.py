"""What of the persons' results may be published: the one place where they are hidden and rounded.

Why nobody's answer can be worked out from the tables:

- There are no sums over voivodeships, so that none can be had by taking the others from Poland.
- All that is printed of an outcome rests on the same persons, those of a group who answered it at all four waves (see
  `Persons.base`). There is no smaller set to take from a larger one. Bases of different outcomes differ by the few
  persons who left a question out; that a question was left out is no trait. The levels of one outcome say nothing of
  another, except where one share lies within another (`NESTED`): who lives on work works. Their difference counts
  those who work but do not live on it. Where these, or those of whom the reverse is told, or the difference of both
  counts, are at least one and fewer than `min_count` at any wave in either group, the inner share is hidden as a
  whole, in both groups and by all methods; the trait of its name where that is so at entry in a set compared.
- Nothing rests on fewer than `min_persons` of a group, neither a level nor a comparison.
- A share in a small group tells a count. Where fewer than `min_count` persons of a group differ from the most common
  answer (for a share: have the trait, or lack it) at any wave, the outcome is hidden in the voivodeship as a whole:
  levels, changes, and effects by all methods, of both groups. Else an effect and one group's level would give the
  other's. Only at entry may all be alike: support that admits nobody who works says so in its rules, and the group's
  share at entry is then 0 for everyone to see. The same rule holds for numbers, scales and times: mean hours of a
  group in which two persons work would tell what the hidden share of those who work does not.
- Tables on traits at entry (`lost`, `balance`) print standardised differences of two decimals. A trait is left out
  where fewer than `min_count` persons of one of the sets compared differ from its most common value. Of these tables
  `lost` compares all who began with those seen throughout: so the lost, whom the difference of both would tell of, are
  one of the sets, and must be at least `min_persons`.
- Numbers of persons: kinds of support are put together until each part has `min_persons`. Retention is printed in whole
  percent; that a person was lost tells no trait.
- Levels and effects are rounded to what is printed, before they are stored; their intervals come from sums over
  entities that are not published, so that the number of persons who changed cannot be worked out from a width.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from ropsanalysis.social_impact.parameters import SocialImpactParameters
from ropsanalysis.social_impact.persons import unlike
from ropsanalysis.social_impact.published import as_table
from ropsanalysis.social_impact.records import Outcome
from ropsanalysis.social_impact.schema import WAVES
from ropsanalysis.stats.published import estimate as estimate
from ropsanalysis.stats.published import rounded as rounded
from ropsanalysis.stats.vocabulary import BoolVector, FloatMatrix

Hidden = Literal["", "few", "protected"]

SHARE_DIGITS: Final = 3
"""Decimals of shares (0-1) and of differences of shares."""
RETENTION_DIGITS: Final = 2
"""Decimals of the share of persons seen: whole percent."""
SIZE_DIGITS: Final = 2
"""Decimals of standardised differences, effect sizes, reliabilities and E-values."""
P_DIGITS: Final = 4
NESTED: Final = (("income_work", "work"),)
"""Outcomes of which the first is a part of the second: who has the first nearly always has the second."""
_USUAL_DIGITS: Final = 2
_CHECKED: Final = ("participation", "retention", "reliability", "levels", "changes", "effects")


def hidden_because(answers: FloatMatrix, *, parameters: SocialImpactParameters) -> Hidden:
    """Return why the answers of a group may not be printed: "few" persons, "protected", or "" if they may.

    Parameters
    ----------
    answers
        Shape (n, waves), complete: the group's base of an outcome.

    Examples
    --------
    >>> hidden_because(np.eye(12)[:, :1], parameters=SocialImpactParameters())
    'protected'
    """
    if len(answers) < parameters.min_persons:
        return "few"
    differing = [unlike(wave) for wave in answers.T]
    if len(differing) == len(WAVES) and differing[0] == 0:
        differing = differing[1:]  # all alike at entry: whom the support admits is no secret
    return "" if all(count >= parameters.min_count for count in differing) else "protected"


def tells_difference(inner: FloatMatrix, outer: FloatMatrix, *, parameters: SocialImpactParameters) -> bool:
    """Return whether two shares, one within the other, would tell of a few persons who have only one of both.

    Parameters
    ----------
    inner, outer
        Shape (n, waves): 1, 0 or NaN, of the persons that either share is computed from.

    Examples
    --------
    >>> works = np.ones((20, 1))
    >>> tells_difference(np.repeat([[1.0], [0.0]], (17, 3), axis=0), works, parameters=SocialImpactParameters())
    True
    >>> tells_difference(works, works, parameters=SocialImpactParameters())
    False
    """
    lacking, beyond = ((outer == 1) & (inner == 0)).sum(axis=0), ((inner == 1) & (outer == 0)).sum(axis=0)
    counts = np.concatenate((lacking, beyond, np.abs(lacking - beyond)))
    return bool(((counts > 0) & (counts < parameters.min_count)).any())


def open_traits(
    traits: FloatMatrix, *sets: BoolVector, names: Sequence[str] = (), parameters: SocialImpactParameters
) -> BoolVector:
    """Return which traits may be compared between sets of persons, shape (p,).

    Parameters
    ----------
    traits
        Shape (n, p).
    sets
        Each of shape (n,): the sets compared.
    names
        Names of the p traits, by which those of `NESTED` are known.
    """
    if any(members.sum() < parameters.min_persons for members in sets):
        return np.zeros(traits.shape[1], dtype=np.bool_)
    fewest = [[unlike(column) for column in traits[members].T] for members in sets]
    shown = np.asarray(np.min(fewest, axis=0) >= parameters.min_count)
    for inner, outer in NESTED:
        if {inner, outer} <= set(names):
            pair = [list(names).index(name) for name in (inner, outer)]
            columns = [traits[:, [place]] for place in pair]
            shown[pair[0]] &= not any(tells_difference(*(c[s] for c in columns), parameters=parameters) for s in sets)
    return shown


def digits_of(outcome: Outcome) -> int:
    """Return the decimals with which levels and effects are stored."""
    if outcome.kind == "share":
        return SHARE_DIGITS
    return _USUAL_DIGITS if outcome.digits is None else outcome.digits


def protection_table(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Count results on persons, and those hidden for few persons or confidentiality, per voivodeship and table."""
    rows: list[dict[str, Any]] = []
    for name in _CHECKED:
        table = tables[name]
        for teryt, own in table.groupby("teryt", sort=True):
            hidden = int(own["reason"].isin(("few", "protected")).sum())
            rows.append({"teryt": teryt, "table": name, "results": len(own), "hidden": hidden})
    return as_table("protection", sorted(rows, key=lambda row: str(row["teryt"])))
