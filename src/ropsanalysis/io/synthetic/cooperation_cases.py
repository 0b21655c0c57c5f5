"""The made-up cases of cooperation: their steps, baskets of services and goals, and the coaching of social workers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from ropsanalysis.io.synthetic import cooperation_truth as truth
from ropsanalysis.io.synthetic.cooperation_network import Entity, Pilot, as_text
from ropsanalysis.io.synthetic.social_chance import days, happens, pick, pick_apart

_SIGNALS: Final = ("2023-01-02", "2025-09-30")
_AS_OF: Final = int(days(truth.AS_OF).astype(np.int64))
_NEVER_SIGNED: Final = 500  # of a thousand cases that do not end well
_MONITORED: Final = 930
_FOLLOWED: Final = 720
_KEPT: Final = 860
_UNKEPT_OUTCOMES: Final = {"partial": 60, "interrupted": 40}
_GAINS: Final = {"success": (1, 3), "partial": (0, 2), "interrupted": (-1, 1)}
_AREAS: Final = ("praca", "nauka dzieci", "zdrowie", "mieszkanie", "relacje w rodzinie", "finanse domowe")


class Case(NamedTuple):
    """A made-up case; days as numbers since 1970-01-01, None where it is not there (yet)."""

    pilot: str
    case: str
    persons: int
    signal: int
    diagnosis: int | None
    contract: int | None
    ended: int | None
    outcome: str
    monitored: int
    followup_day: int | None
    followup: str


def draw_cases(pilots: Sequence[Pilot], rng: np.random.Generator) -> list[Case]:
    """Return the cases of all pilots: about 81% of those that ended, ended well."""
    return [case for pilot in pilots for case in _cases(pilot, rng)]


def case_frame(cases: Sequence[Case]) -> pd.DataFrame:
    """Return the cases as they are delivered."""
    table = pd.DataFrame(cases, columns=list(Case._fields))
    for name in ("signal", "diagnosis", "contract", "ended", "followup_day"):
        table[name] = ["" if day is None else as_text(day) for day in (getattr(case, name) for case in cases)]
    return table


def draw_baskets(cases: Sequence[Case], entities: Sequence[Entity], rng: np.random.Generator) -> pd.DataFrame:
    """Return the services planned and delivered, for cases with a contract; health and courts deliver too little."""
    sectors = {entity.pilot: {one.sector for one in entities if one.pilot == entity.pilot} for entity in entities}
    keys = list(truth.SERVICES)
    rows: list[tuple[str, str, str, str, int, int]] = []
    for case in cases:
        if case.contract is None:
            continue
        weights = [truth.SERVICES[key][1] if key in sectors[case.pilot] else 0 for key in keys]
        for k in pick_apart(weights, int(rng.integers(3, 7)), rng):
            service, _, share = truth.SERVICES[keys[k]]
            planned = int(rng.integers(3, 17))
            share = share * {"interrupted": 500, "ongoing": 550}.get(case.outcome, 1000) // 1000
            delivered = int(happens(share, planned, rng).sum())
            rows.append((case.pilot, case.case, keys[k], service, planned, delivered))
    return pd.DataFrame(rows, columns=["pilot", "case", "sector", "service", "planned", "delivered"])


def draw_goals(cases: Sequence[Case], rng: np.random.Generator) -> pd.DataFrame:
    """Return the goals of cases with a contract, with weight and levels at entry and exit."""
    rows: list[tuple[str, str, str, int, int, int | str]] = []
    for case in cases:
        if case.contract is None or case.pilot.startswith(truth.NO_GOALS):
            continue
        for k in pick_apart([1] * len(_AREAS), int(rng.integers(2, 5)), rng):
            entry = int(rng.integers(-2, 0))
            level: int | str = ""
            if case.ended is not None:
                low, high = _GAINS[case.outcome]
                level = min(2, max(-2, entry + int(rng.integers(low, high + 1))))
            rows.append((case.pilot, case.case, _AREAS[k], int(rng.integers(1, 6)), entry, level))
    return pd.DataFrame(rows, columns=["pilot", "case", "goal", "weight", "entry", "exit"])


def draw_coaching(pilots: Sequence[Pilot], rng: np.random.Generator) -> pd.DataFrame:
    """Return the meetings of social workers with a coach."""
    rows: list[tuple[str, str, str, str, float]] = []
    for pilot in pilots:
        workers = int(rng.integers(2, 6))
        if pilot.teryt == truth.NO_GOALS:
            continue
        group = sorted(int(day) for day in pilot.started + 90 + rng.integers(0, 700, size=4))
        for number in range(workers):
            worker = f"{pilot.pilot}-ps{number + 1}"
            alone = sorted({int(day) for day in pilot.started + 60 + rng.integers(0, 900, size=rng.integers(4, 9))})
            rows += [(pilot.pilot, worker, "individual", as_text(day), int(rng.integers(2, 5)) / 2) for day in alone]
            rows += [
                (pilot.pilot, worker, "group", as_text(day), 3.0)
                for day, there in zip(sorted(set(group)), happens(850, len(set(group)), rng), strict=True)
                if there
            ]
    return pd.DataFrame(rows, columns=["pilot", "worker", "kind", "day", "hours"])


def _cases(pilot: Pilot, rng: np.random.Generator) -> list[Case]:
    low, high = truth.SMALL_CASES if pilot.small else truth.CASES
    low = high if pilot.pilot in truth.OUTLIERS else low
    count = int(rng.integers(low, high + 1))
    success = truth.SUCCESS + int(rng.integers(-truth.SPREAD, truth.SPREAD + 1))
    success = truth.OUTLIERS.get(pilot.pilot, success)
    first, last = (int(day) for day in days(_SIGNALS).astype(np.int64))
    signals = np.sort(rng.integers(max(first, pilot.started + 30), last + 1, size=count))
    return [_case(pilot, number, int(signal), success, rng) for number, signal in enumerate(signals)]


def _case(pilot: Pilot, number: int, signal: int, success: int, rng: np.random.Generator) -> Case:
    """Return a case; what would happen after the last day of the data has not happened yet.

    Chance is drawn whether or not it is needed, so that the last day changes no other case.
    """
    waits = signal + np.cumsum([int(rng.integers(4, 36)), int(rng.integers(8, 61)), int(rng.integers(200, 401))])
    early = int(rng.integers(40, 200))
    without_diagnosis, never_signed, monitored, followed, kept = happens(
        [truth.SKIPPED.get(pilot.pilot[-1], 0), _NEVER_SIGNED, _MONITORED, _FOLLOWED, _KEPT], 5, rng
    )  # fmt: skip
    well, other = bool(happens(success, 1, rng)[0]), int(pick(list(_UNKEPT_OUTCOMES.values()), 1, rng)[0])
    outcome = "success" if well else list(_UNKEPT_OUTCOMES)[other]
    persons = int(pick((8, 20, 25, 25, 12, 10), 1, rng)[0]) + 1
    followup = int(waits[2]) + int(rng.integers(80, 130))
    never_signed = never_signed and not well
    end = int(waits[1 if outcome == "interrupted" else 2]) + (early if outcome == "interrupted" else 0)
    ended = _until(end)
    checked = followed and ended is not None and outcome == "success" and pilot.pilot != truth.NO_AFTERCARE
    day = _until(followup) if checked else None
    return Case(
        pilot=pilot.pilot,
        case=f"{pilot.pilot.upper()}/{number + 1:03}",
        persons=persons,
        signal=signal,
        diagnosis=None if without_diagnosis else _until(int(waits[0])),
        contract=None if never_signed else _until(int(waits[1])),
        ended=ended,
        outcome=outcome if ended is not None else "ongoing",
        monitored=int(monitored and pilot.pilot != truth.NO_MONITORING),
        followup_day=day,
        followup="" if day is None else "kept" if kept else "lost",
    )


def _until(day: int) -> int | None:
    return day if day <= _AS_OF else None
