"""The made-up persons of the coordination projects: who was supported, when, and what shows for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ropsanalysis.io.synthetic import project_truth as truth
from ropsanalysis.io.synthetic.social_chance import Whole, days, happens, pick, pick_from
from ropsanalysis.project_monitoring.schema import ENTITY_COLUMNS

Days = npt.NDArray[np.datetime64]

_FIRST: Final = 60
"""Days from the start of a project to its first support."""
_GAPS: Final = (35, 200)
"""Days from one support of a person to the next."""
_WEEKS: Final = 28
_TEACHING: Final = ("training", "course", "postgraduate")
_NO_DAY: Final = np.datetime64("NaT", "D")
_ENTITY_FORMS: Final = {"advice": 45, "training": 25, "supervision": 15, "study_visit": 15}


def draw_participants(cards: pd.DataFrame, gminas: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return a row per person and form of support, as delivered.

    Parameters
    ----------
    cards
        As `project_cards.draw_cards` gives them.
    gminas
        Columns teryt and kind.
    """
    parts = [_of_project(card, gminas, rng) for card in cards.to_dict("records")]
    return pd.concat(parts, ignore_index=True)


def _of_project(card: dict[Any, Any], gminas: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    teryt, own = str(card["teryt"]), truth.PROJECTS[str(card["teryt"])]
    # Some of those supported do not count, so there are more of them.
    count = int(card["target_supported"]) * own.reached // 950
    places, keys, employers = _workplaces(teryt, count, gminas, rng)
    number = 1 + pick(truth.SUPPORTS[own.supports], count, rng)
    who = np.repeat(np.arange(count), number)
    nth = np.arange(len(who)) - np.repeat(np.cumsum(number) - number, number)
    started = _starts(str(card["start"]), who, nth, rng)
    kept = started <= days(truth.AS_OF)
    who, nth, started = who[kept], nth[kept], started[kept]
    form = pick_from(truth.FORMS, len(who), rng)
    form[nth == 0] = np.where(happens(700, int((nth == 0).sum()), rng), "training", form[nth == 0])
    ended = _ends(started, form, rng)
    left = _leavings(who, ended, count, rng)
    evidence, evidence_day = _evidence(who, form, ended, left, own.qualified, count, rng)
    return pd.DataFrame(
        {
            "teryt": teryt,
            "person": [f"U-{position + 1:04}" for position in who],
            "unit": places[who],
            "employer": employers[who],
            "institution": keys[who],
            "form": form,
            "action": pick_from(truth.SUPPORT_ACTIONS, len(who), rng),
            "started": as_texts(started),
            "ended": as_texts(ended),
            "left": as_texts(left[who]),
            "complete": happens(truth.COMPLETE, count, rng)[who].astype(np.int64),
            "evidence": evidence,
            "evidence_day": as_texts(evidence_day),
        }
    )


def _workplaces(
    teryt: str, count: int, gminas: pd.DataFrame, rng: np.random.Generator
) -> tuple[npt.NDArray[np.object_], ...]:
    """Return the unit, the type of institution and the employer of each person."""
    own = gminas[gminas["teryt"].str.startswith(teryt)]
    weights = own["kind"].map(truth.PLACES).to_numpy() * ~happens(truth.UNREACHED, len(own), rng)
    units = own["teryt"].to_numpy(dtype=object)[pick(weights, count, rng)]
    keys = pick_from(truth.INSTITUTIONS, count, rng)
    powiat = (keys == "pcpr") | ((keys == "dps") & happens(600, count, rng))
    units = np.array([unit[:4] if of else unit for unit, of in zip(units, powiat, strict=True)], dtype=object)
    employers = np.array([f"{key}-{unit}" for key, unit in zip(keys, units, strict=True)], dtype=object)
    inside = happens(truth.INSIDE, count, rng)
    keys, employers = np.where(inside, keys, ""), np.where(inside, employers, "")
    return units, keys, employers


def _starts(first_day: str, who: Whole, nth: Whole, rng: np.random.Generator) -> Days:
    """Return the first day of each support: more and more persons come, each from one support to the next."""
    count = int(who.max()) + 1
    begin = days(first_day) + _FIRST
    length = int((days(truth.AS_OF) - begin).astype(np.int64))
    offsets = rng.integers(length, size=(2, count))
    first = np.where(happens(500, count, rng), offsets[0], offsets.max(axis=0))
    gaps = np.where(nth == 0, 0, rng.integers(*_GAPS, size=len(who)))
    # Sums of the gaps of one person: those of all before it are taken away again.
    heap = np.cumsum(gaps)
    before = np.maximum.accumulate(np.where(nth == 0, heap, 0))
    return _on_working_days(begin + first[who] + heap - before)


def _on_working_days(moments: Days) -> Days:
    """Return the days, Saturdays and Sundays moved back to Friday."""
    weekday = (moments.astype(np.int64) + 3) % 7  # 1 January 1970 was a Thursday
    return np.asarray(moments - np.maximum(weekday - 4, 0))


def _ends(started: Days, form: npt.NDArray[np.object_], rng: np.random.Generator) -> Days:
    limits = np.array([truth.DURATION[key] for key in form], dtype=np.int64)
    ended = started + rng.integers(limits[:, 0], limits[:, 1] + 1)
    return np.asarray(np.where(ended <= days(truth.AS_OF), ended, _NO_DAY))


def _leavings(who: Whole, ended: Days, count: int, rng: np.random.Generator) -> Days:
    """Return for each person the day of leaving, none for those who are still in the project."""
    last = np.full(count, _NO_DAY)
    open_still = np.zeros(count, dtype=bool)
    open_still[who[np.isnat(ended)]] = True
    for person, day in zip(who, ended, strict=True):
        if np.isnat(last[person]) or day > last[person]:
            last[person] = day
    long_ago = last < days(truth.AS_OF) - 40
    return np.asarray(np.where(long_ago & ~open_still & happens(600, count, rng), last, _NO_DAY))


def _evidence(
    who: Whole, form: npt.NDArray[np.object_], ended: Days, left: Days, quality: int, count: int,
    rng: np.random.Generator,
) -> tuple[npt.NDArray[np.object_], Days]:  # fmt: skip
    """Return the kind and day of the evidence of each support; none before the support has ended."""
    teaching = np.isin(form.astype(str), _TEACHING)
    size = len(who)
    good = happens(quality, count, rng)[who] & _first_of_each(who, teaching)
    exams = pick_from({"external_exam": 8, "state_diploma": 2}, size, rng)
    strong = np.where(form == "postgraduate", "state_diploma", exams)
    weak = np.where(teaching, pick_from(truth.WEAK_EVIDENCE, size, rng), "")
    day = ended + rng.integers(0, 21, size=size)
    # Who has left brings it within four weeks, but for a few.
    leaving = left[who]
    too_late = ~np.isnat(leaving) & happens(truth.LATE_EVIDENCE, size, rng)
    day = np.where(too_late, leaving + _WEEKS + rng.integers(1, 60, size=size), day)
    kind = np.where(good, strong, weak)
    there = (kind != "") & (day <= days(truth.AS_OF))
    return np.where(there, kind, ""), np.asarray(np.where(there, day, _NO_DAY))


def _first_of_each(who: Whole, chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Return of each person's rows the first chosen one; of persons without one the first row."""
    order = np.lexsort((np.arange(len(who)), ~chosen, who))
    first = np.zeros(len(who), dtype=bool)
    _, places = np.unique(who[order], return_index=True)
    first[order[places]] = True
    return first


def draw_entities(participants: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return a row per supported entity and form: about a third of the persons' employers."""
    employers = participants[participants["employer"] != ""].drop_duplicates(["teryt", "employer"])
    chosen = employers[happens(350, len(employers), rng)]
    start = days(chosen["started"].to_list())
    table = chosen.rename(columns={"employer": "entity"}).assign(
        form=pick_from(_ENTITY_FORMS, len(chosen), rng),
        action=pick_from({"3": 5, "4": 3, "6": 4, "7": 2, "14": 1}, len(chosen), rng),
        started=as_texts(start),
    )
    return table[list(ENTITY_COLUMNS)].reset_index(drop=True)


def as_texts(moments: Days) -> Sequence[str]:
    """Return days as files hold them, "" for none."""
    return ["" if text == "NaT" else str(text) for text in np.datetime_as_string(moments.astype("datetime64[D]"))]
