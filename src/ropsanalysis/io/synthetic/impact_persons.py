"""The made-up panel of persons: participants and a comparison group, measured up to four times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ropsanalysis.io.synthetic import impact_truth as truth
from ropsanalysis.io.synthetic.social_chance import Whole, happens, pick, pick_from, skewed
from ropsanalysis.social_impact.schema import PANEL_COLUMNS, SCALE_ITEMS, WAVES

Flags = npt.NDArray[np.bool_]

_LATER: Final = len(WAVES) - 1
_EDUCATION: Final = (120, 330, 280, 190, 80)
_SILENT: Final = 12  # of a thousand answers to items
_AWAY: Final = 15  # of a thousand persons, those who miss a wave and come back


@dataclass(frozen=True, slots=True)
class People:
    """Who is measured, one entry per person; `wellness` in thousandths of a standard deviation."""

    person: npt.NDArray[np.object_]
    teryt: npt.NDArray[np.object_]
    entity: npt.NDArray[np.object_]
    cluster: Whole
    participant: Flags
    kind: npt.NDArray[np.object_]
    female: Flags
    age: Whole
    disability: Flags
    months: Whole
    wellness: Whole


def draw_panel(rng: np.random.Generator, *, supported: bool = True) -> pd.DataFrame:
    """Return the panel, a row per person and wave, as delivered: whole numbers, None where there is no answer.

    Parameters
    ----------
    supported
        Whether support has its effect. Without it the same persons have the same luck, so that the difference is the
        true effect in these very persons.
    """
    people = _people(rng)
    count = len(people.person)
    work = _chances(people, truth.WORK_NATURAL, rng, start=130, per_month=-1, spread=40)
    assistance = _chances(people, truth.ASSISTANCE_NATURAL, rng, start=520, per_month=2, spread=-25)
    if supported:
        effects = {"": (0, 0, 0), **truth.WORK_EFFECT}
        work[:, 1:] += np.array([effects[kind] for kind in people.kind], dtype=np.int64)
        assistance[:, 1:] += people.participant[:, None] * np.array(truth.ASSISTANCE_EFFECT, dtype=np.int64)
    works, assisted = _states(work, rng), _states(assistance, rng)
    answers = _items(people, rng, supported=supported)
    health = _to_scale(_level(people, truth.HEALTH_NATURAL, rng) + _noise((count, len(WAVES)), 500, rng))
    columns = {
        "work": works.astype(np.int64),
        "hours": works * _hours(people, rng),
        "income_source": _incomes(people, works, assisted, rng),
        "assistance": assisted.astype(np.int64),
        "education": _education(count, rng),
        "health": _with_gaps(health, rng),
        **answers,
        "months_to_work": _months_to_work(works, rng),
    }
    return _rows(people, columns, _seen(people, rng))


def _people(rng: np.random.Generator) -> People:
    parts = [_group(teryt, group, rng) for teryt in truth.SIZES for group in ("participant", "comparison")]
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in People.__dataclass_fields__}
    _, joined["cluster"] = np.unique(joined["entity"].astype(str), return_inverse=True)
    return People(**joined)


def _group(teryt: str, group: str, rng: np.random.Generator) -> People:
    participants, others, entities, offices = truth.SIZES[teryt]
    takes_part = group == "participant"
    count, places = (participants, entities) if takes_part else (others, offices)
    kinds = pick_from(truth.KINDS, places, rng) if takes_part else np.full(places, "", dtype=object)
    place = pick(rng.integers(2, 6, size=places), count, rng) if count else np.zeros(0, dtype=np.int64)
    names = np.array([f"{kinds[k] or 'pup'}_{teryt}{k + 1:02}" for k in range(places)], dtype=object)
    kind = kinds[place]
    evenly = happens(truth.LONG_WITHOUT_WORK[group], count, rng)
    months = np.where(
        evenly, rng.integers(3, truth.LONGEST + 1, size=count), skewed(0, truth.LONGEST, count, rng)
    )  # fmt: skip
    age = rng.integers(21, 60, size=count) if takes_part else rng.integers(19, 58, size=count)
    disability = happens([truth.DISABLED[key] for key in kind], count, rng)
    if teryt == truth.NO_OVERLAP:
        age = np.where(takes_part, 38 + age % 24, 18 + age % 7)
        months = np.where(takes_part, 24 + months % 37, months % 4)
        disability = disability & takes_part
    months = np.minimum(months, 12 * (age - 16))
    return People(
        person=np.array([f"{teryt}-{'u' if takes_part else 'p'}{k + 1:04}" for k in range(count)], dtype=object),
        teryt=np.full(count, teryt, dtype=object),
        entity=names[place],
        cluster=place,
        participant=np.full(count, takes_part),
        kind=kind,
        female=happens(550, count, rng),
        age=age,
        disability=disability,
        months=months,
        wellness=_noise(count, 1000, rng) - 12 * (months - 24) - 150 * disability,
    )


def _chances(
    people: People, natural: truth.Waves, rng: np.random.Generator, *, start: int, per_month: int, spread: int
) -> Whole:
    """Return the chance of a state at each wave in thousandths, shape (n, 4), without support."""
    always = start + per_month * people.months // 2 + np.clip(people.wellness, -2000, 2000) // spread
    clusters = int(people.cluster.max()) + 1
    shift = rng.integers(-25, 26, size=(clusters, 2))[people.cluster]
    chance = np.repeat((always + shift[:, 0])[:, None], len(WAVES), axis=1)
    # Who is long without work gets less of what comes to everybody.
    slower = 1200 - 8 * people.months
    chance[:, 1:] += np.array(natural, dtype=np.int64) * slower[:, None] // 1000 + shift[:, 1:]
    return chance


def _states(chance: Whole, rng: np.random.Generator) -> Flags:
    """Return who is in a state at each wave: most keep their luck from one wave to the next."""
    tickets = rng.integers(1000, size=chance.shape)
    for wave in range(1, chance.shape[1]):
        kept = happens(650, len(chance), rng)
        tickets[:, wave] = np.where(kept, tickets[:, wave - 1], tickets[:, wave])
    return np.asarray(tickets < chance)


def _level(people: People, natural: truth.Waves, rng: np.random.Generator, *, per_month: int = 0) -> Whole:
    """Return how well each person is at each wave, in thousandths of a point of a scale from 1 to 5."""
    own = (7 * people.wellness + 7 * _noise(len(people.person), 1000, rng)) // 10 - per_month * (people.months - 24)
    clusters = int(people.cluster.max()) + 1
    shift = rng.integers(-90, 91, size=(clusters, 2))[people.cluster]
    level = np.repeat((2800 + 7 * own // 10 + shift[:, 0])[:, None], len(WAVES), axis=1)
    level[:, 1:] += np.array(natural, dtype=np.int64) + shift[:, 1:]
    return np.asarray(level + _noise(level.shape, 250, rng))


def _items(people: People, rng: np.random.Generator, *, supported: bool) -> dict[str, npt.NDArray[np.object_]]:
    """Return the answers to all items, each of shape (n, 4)."""
    found = {}
    for scale, effect in truth.SCALE_EFFECT.items():
        level = _level(people, truth.SCALE_NATURAL, rng, per_month=15 if scale == "se" else 0)
        if supported:
            level[:, 1:] += people.participant[:, None] * np.array(effect, dtype=np.int64)
        for item in (name for name in SCALE_ITEMS if name.startswith(scale)):
            found[item] = _with_gaps(_to_scale(level + _noise(level.shape, 700, rng)), rng)
    return found


def _to_scale(thousandths: Whole) -> Whole:
    return np.asarray(np.clip((thousandths + 500) // 1000, 1, 5))


def _noise(shape: int | tuple[int, ...], spread: int, rng: np.random.Generator) -> Whole:
    """Return whole numbers around zero that are nearly normal, with `spread` as their standard deviation."""
    size = (shape,) if isinstance(shape, int) else shape
    # The sum of twelve even numbers from -500 to 500 has a standard deviation of 1000.
    return np.asarray(rng.integers(-500, 501, size=(12, *size)).sum(axis=0) * spread // 1000)


def _with_gaps(answers: Whole, rng: np.random.Generator) -> npt.NDArray[np.object_]:
    gaps = rng.integers(1000, size=answers.shape) < _SILENT
    return np.where(gaps, None, answers.astype(object))  # type: ignore[call-overload, no-any-return]


def _hours(people: People, rng: np.random.Generator) -> Whole:
    count = len(people.person)
    full, week = np.where(people.disability, 35, 40), rng.integers(16, 35, size=count)
    return np.asarray(np.where(happens(600, count, rng), full, week)[:, None])


def _incomes(people: People, works: Flags, assisted: Flags, rng: np.random.Generator) -> npt.NDArray[np.object_]:
    """Return the main source of income at each wave."""
    shape = works.shape
    otherwise = pick_from({"family": 45, "other": 25, "none": 30}, works.size, rng).reshape(shape)
    pension = (people.disability & happens(550, shape[0], rng))[:, None] & ~works
    lives_on_it = works & (rng.integers(1000, size=shape) < 930)
    return np.select([lives_on_it, pension, assisted], ["work", "pension", "benefit"], default=otherwise)


def _education(count: int, rng: np.random.Generator) -> Whole:
    """Return the level of education: the same at all waves, but for the few who finish a school."""
    level = 1 + pick(_EDUCATION, count, rng)
    risen = np.minimum(level + happens(15, count, rng), len(_EDUCATION))
    return np.column_stack([level] * _LATER + [risen])


def _months_to_work(works: Flags, rng: np.random.Generator) -> npt.NDArray[np.object_]:
    """Return whole months from exit to the first job, as far as they are known 6 and 12 months after it."""
    count = len(works)
    soon, late = rng.integers(1, 7, size=count), rng.integers(7, 13, size=count)
    tried = happens(60, count, rng), happens(50, count, rng)  # a job that did not last until the wave
    months = np.full(works.shape, None, dtype=object)
    first = np.where(works[:, 1], 0, np.where(works[:, 2] | tried[0], soon, -1))
    second = np.where(first >= 0, first, np.where(works[:, 3] | tried[1], late, -1))
    for wave, known in ((2, first), (3, second)):
        months[:, wave] = np.where(known >= 0, known.astype(object), None)  # type: ignore[call-overload]
    return months


def _seen(people: People, rng: np.random.Generator) -> Flags:
    """Return at which waves each person was seen; those less well off are lost more."""
    count = len(people.person)
    base = np.array([truth.LOST[teryt] for teryt in people.teryt], dtype=np.int64)
    worse = 1000 + 14 * (people.months - 26) - np.clip(people.wellness, -2000, 2000) // 4
    hazard = base * np.maximum(worse, 200) // 3000
    lost = np.cumsum(rng.integers(1000, size=(count, _LATER)) < hazard[:, None], axis=1) > 0
    seen = np.column_stack([np.ones(count, dtype=bool), ~lost])
    seen[:, 1] &= ~happens(_AWAY, count, rng)
    seen[:, 2] &= ~happens(_AWAY, count, rng)
    return np.asarray(seen)


def _rows(people: People, columns: dict[str, npt.NDArray[np.generic]], seen: Flags) -> pd.DataFrame:
    """Return a row per person and wave at which the person was seen, person by person."""
    who, wave = np.nonzero(seen)
    told: dict[str, npt.NDArray[np.generic]] = {
        "person": people.person[who],
        "teryt": people.teryt[who],
        "entity": people.entity[who],
        "group": np.where(people.participant, "participant", "comparison")[who],
        "kind": people.kind[who],
        "wave": np.array(WAVES, dtype=object)[wave],
        "sex": np.where(people.female, "female", "male")[who],
        "age": people.age[who],
        "disability": people.disability.astype(np.int64)[who],
        "months_out_of_work": people.months[who],
        **{name: cells[who, wave] for name, cells in columns.items()},
    }
    return pd.DataFrame({name: told[name].astype(object) for name in PANEL_COLUMNS})
