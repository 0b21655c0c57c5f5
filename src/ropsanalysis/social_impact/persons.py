"""The panel of persons as arrays over persons and waves: what every module on persons computes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ropsanalysis.social_impact.records import Outcome
from ropsanalysis.social_impact.schema import KINDS, SCALE_ITEMS, WAVES, Inputs
from ropsanalysis.stats.records import as_records
from ropsanalysis.stats.vocabulary import BoolVector, FloatMatrix, FloatVector, IntVector

ENTRY: Final = WAVES.index("entry")
M6: Final = WAVES.index("m6")
M12: Final = WAVES.index("m12")
NO_KIND: Final = -1
"""Code of the kind of support of the comparison group."""
YEAR: Final = 12.0
"""Months after the exit for which persons are observed."""
AT_ONCE: Final = 1e-6
"""Months that stand for a wait that ended at once: a curve of those still waiting knows no time of 0."""

_TRAITS: Final = ("female", "age", "disability", "months_out_of_work")
_DERIVED: Final = {"income_work": "income_source"}
_TOLD: Final = 0.9
"""Part of a trait's variance that earlier traits may tell of it, see `telling_traits`."""


class Waiting(NamedTuple):
    """Months from exit until something happened, each of shape (n,); who still waited at the end has event false."""

    time: FloatVector
    event: BoolVector


@dataclass(frozen=True, slots=True, eq=False)
class Persons:
    """The n persons of one voivodeship, in an order that depends neither on that of the rows nor on pseudonyms.

    Attributes
    ----------
    teryt
        Voivodeship.
    participant
        Shape (n,); the others are the comparison group.
    kind
        Shape (n,): index into `schema.KINDS`, `NO_KIND` in the comparison group.
    cluster
        Shape (n,): number of the entity.
    seen
        Shape (n, 4): whether there is a row of the wave.
    answers
        Outcome -> shape (n, 4), NaN where not answered. A scale is the mean of its items, unless more than half of
        them are missing; a duration is known from the wave on at which it had ended.
    items
        Scale -> shape (n, k): answers to its items at entry.
    traits
        Shape (n, p): traits at entry (0/1 or numbers, NaN where missing), outcomes at entry among them.
    trait_names
        Their p names; an outcome goes by its key.
    """

    teryt: str
    participant: BoolVector
    kind: IntVector
    cluster: IntVector
    seen: NDArray[np.bool_]
    answers: Mapping[str, FloatMatrix]
    items: Mapping[str, FloatMatrix]
    traits: FloatMatrix
    trait_names: tuple[str, ...]

    def __len__(self) -> int:
        return self.participant.size

    @property
    def throughout(self) -> BoolVector:
        """Who was seen at all waves, shape (n,)."""
        return np.asarray(self.seen.all(axis=1))

    def group(self, name: str) -> BoolVector:
        """Return who belongs to a group of `schema.GROUPS`, shape (n,)."""
        return self.participant if name == "participant" else ~self.participant

    def base(self, outcome: Outcome) -> BoolVector:
        """Return who answered an outcome at all waves (a duration: was seen at all), shape (n,)."""
        if outcome.kind == "duration":
            return self.throughout
        return np.asarray(~np.isnan(self.answers[outcome.key]).any(axis=1))

    def waiting(self, outcome: Outcome) -> Waiting:
        """Return how long persons waited for a duration to end, cut at its longest time."""
        horizon = longest(outcome)
        known = self.answers[outcome.key]
        time = np.where(np.isnan(known[:, M12]), known[:, M6], known[:, M12])
        event = time <= horizon  # false where it is not known
        return Waiting(np.maximum(np.where(event, time, horizon), AT_ONCE), event)


def longest(outcome: Outcome) -> float:
    """Return the time up to which a duration is observed."""
    return YEAR if outcome.high is None else outcome.high


def measured(inputs: Inputs) -> tuple[Outcome, ...]:
    """Return the catalogue's outcomes of persons that the panel can hold, in its order."""
    known = as_records(inputs.outcomes, Outcome)
    return tuple(o for o in known if o.level == "person" and set(_sources(o)) <= set(inputs.panel.columns))


def read_persons(inputs: Inputs) -> tuple[Persons, ...]:
    """Turn the panel into arrays, one result per voivodeship, ascending.

    Notes
    -----
    What a person is (traits, group, kind, entity, voivodeship) is read at entry. Persons are sorted by everything they
    hold but their pseudonym, so that equal panels give equal results to the last digit.
    """
    panel, outcomes = inputs.panel, measured(inputs)
    if panel.empty:
        return ()
    person = pd.factorize(panel["person"])[0]
    wave = pd.Categorical(panel["wave"], categories=WAVES).codes
    n = int(person.max()) + 1
    first = np.empty(n, dtype=np.int64)
    at_entry = wave == ENTRY
    first[person[at_entry]] = np.flatnonzero(at_entry)
    seen = np.zeros((n, len(WAVES)), dtype=np.bool_)
    seen[person, wave] = True
    answers = {}
    for outcome in outcomes:
        wide = np.full((n, len(WAVES)), np.nan)
        wide[person, wave] = _answers(panel, outcome)
        answers[outcome.key] = wide
    entry = panel.iloc[first]
    own = {"female": _yes(entry["sex"], "female")} | {key: _numbers(entry[key]) for key in _TRAITS[1:]}
    own |= {o.key: answers[o.key][:, ENTRY] for o in outcomes if o.kind != "duration"}
    teryt, region = np.unique(entry["teryt"].to_numpy(dtype=str), return_inverse=True)
    _, cluster = np.unique(entry["entity"].astype("str").to_numpy(dtype=str), return_inverse=True)
    whole = Persons(
        teryt="",
        participant=(entry["group"] == "participant").to_numpy(dtype=np.bool_),
        kind=_kinds(entry),
        cluster=cluster.astype(np.int64),
        seen=seen,
        answers=answers,
        items={o.key: entry[list(_sources(o))].to_numpy(dtype=np.float64) for o in outcomes if o.kind == "scale"},
        traits=np.column_stack(list(own.values())),
        trait_names=tuple(own),
    )
    order = _order(whole, region)
    ends = np.cumsum(np.bincount(region))[:-1]
    return tuple(_part(whole, rows, str(code)) for code, rows in zip(teryt, np.split(order, ends), strict=True))


def unlike(answers: FloatVector) -> int:
    """Return how many differ from the most common answer; missing ones are left out.

    Examples
    --------
    >>> unlike(np.array([0.0, 1.0, 1.0, np.nan]))
    1
    """
    known = answers[~np.isnan(answers)]
    return int(known.size - np.unique(known, return_counts=True)[1].max(initial=0))


def filled(traits: FloatMatrix) -> FloatMatrix:
    """Return traits with missing ones at their means; 0 where nobody's is known."""
    known = ~np.isnan(traits)
    count = np.maximum(known.sum(axis=0), 1)
    return np.where(known, traits, np.where(known, traits, 0.0).sum(axis=0) / count)


def telling_traits(traits: FloatMatrix, *, fewest: int) -> IntVector:
    """Return the columns of traits that weights can be made from, in their order.

    Notes
    -----
    Left out are traits in which fewer than `fewest` persons differ from the most common value, and those of whose
    variance the earlier ones tell more than nine tenths, such as work as the main source of income, which nearly all
    who work have. What little such a trait adds is a difference of a handful of persons: asking for its balance would
    find no weights at all, although both groups are alike.

    Examples
    --------
    >>> telling_traits(np.array([[1.0, 2.0, 0.0], [2.0, 4.1, 0.0], [3.0, 6.0, 0.0], [4.0, 8.0, 1.0]]), fewest=1)
    array([0, 2])
    """
    used: list[int] = []
    basis = np.zeros((len(traits), 0))
    for place, column in enumerate(traits.T):
        if unlike(column) < fewest:
            continue
        centred = column - column.mean()
        rest = centred - basis @ (basis.T @ centred)
        if rest @ rest > (1 - _TOLD) * (centred @ centred):
            used.append(place)
            basis = np.column_stack((basis, rest / np.linalg.norm(rest)))
    return np.array(used, dtype=np.int64)


def _sources(outcome: Outcome) -> tuple[str, ...]:
    """Columns of the panel that an outcome is computed from."""
    if outcome.kind == "scale":
        return tuple(name for name in outcome.items.split(",") if name in SCALE_ITEMS) or (outcome.key,)
    return (_DERIVED.get(outcome.key, outcome.key),)


def _answers(panel: pd.DataFrame, outcome: Outcome) -> FloatVector:
    """Return the outcome of each row of the panel."""
    source = list(_sources(outcome))
    if outcome.key in _DERIVED:
        return _yes(panel[source[0]], "work")
    if outcome.kind != "scale":
        return _numbers(panel[source[0]])
    items = panel[source].to_numpy(dtype=np.float64)
    known = ~np.isnan(items)
    count = known.sum(axis=1)
    total = np.where(known, items, 0.0).sum(axis=1)
    enough = 2 * count >= items.shape[1]
    mean: FloatVector = np.divide(total, count, out=np.full(len(panel), np.nan), where=enough & (count > 0))
    return mean


def _yes(column: pd.Series[Any], answer: str) -> FloatVector:
    """Return 1 where a text is this answer, 0 where another, NaN where there is none."""
    known = (column.notna() & (column != "")).to_numpy(dtype=np.bool_)
    return np.where(known, (column == answer).to_numpy(dtype=np.float64), np.nan)


def _kinds(entry: pd.DataFrame) -> IntVector:
    places = {kind: place for place, kind in enumerate(KINDS)}
    codes = np.array([places.get(kind, NO_KIND) for kind in entry["kind"]], dtype=np.int64)
    supported = (entry["group"] == "participant").to_numpy(dtype=np.bool_)
    # A participant without a kind, taken from all participants less those of the kinds, would be known.
    return np.where(supported & (codes == NO_KIND), KINDS.index("other"), np.where(supported, codes, NO_KIND))


def _numbers(column: pd.Series[Any]) -> FloatVector:
    numbers: FloatVector = np.asarray(column, dtype=np.float64)
    return numbers


def _order(persons: Persons, region: IntVector) -> IntVector:
    """Sort by voivodeship, group, and then everything that is known of a person."""
    answers = (*persons.answers.values(), *persons.items.values())
    known = np.column_stack([persons.kind, persons.cluster, persons.traits, *answers, persons.seen])
    return np.lexsort((*known.T[::-1], ~persons.participant, region)).astype(np.int64)


def _part(persons: Persons, rows: IntVector, teryt: str) -> Persons:
    """Return some persons as those of a voivodeship."""
    found: dict[str, Any] = {}
    for field in fields(Persons):
        value = getattr(persons, field.name)
        if isinstance(value, Mapping):
            found[field.name] = {key: array[rows] for key, array in value.items()}
        else:
            found[field.name] = value[rows] if isinstance(value, np.ndarray) else value
    return Persons(**(found | {"teryt": teryt}))
