"""The made-up support centres (OWES) and the made-up targets of the regional programmes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.io.synthetic.social_chance import allot, days, skewed
from ropsanalysis.io.synthetic.social_survey import KINDS
from ropsanalysis.io.synthetic.social_truth import POPULATION, PUBLISHED
from ropsanalysis.social_economy.schema import PROGRAMME_COLUMNS, SUPPORT_COLUMNS

YEARS: Final = (2021, 2022, 2023, 2024, 2025)
CENTRES: Final = 45
LASTING: Final = (820, 690)
"""Of a thousand jobs created, those there after 12 and after 24 months, at the typical centre."""
UNUSUAL: Final[dict[int, tuple[int, int]]] = {7: (600, 430), 19: (960, 890), 33: (700, 560)}
"""Centres (by number) that differ from the others by more than chance, and what lasts there."""
SIDES: Final = ("północny", "południowy", "środkowy", "wschodni", "zachodni")

_LAST_YEAR: Final = YEARS[-1]
_EVERYWHERE: Final = 1_500_000  # added to the inhabitants, so that small voivodeships have two centres as well


def draw_support(rng: np.random.Generator) -> pd.DataFrame:
    """Return a row per centre and year, as delivered; jobs are empty where it is too early to count them."""
    rows: list[tuple[object, ...]] = []
    numbers = allot(CENTRES, [people + _EVERYWHERE for people, _ in POPULATION.values()])
    centre = 0
    for teryt, number in zip(POPULATION, numbers, strict=True):
        for place in range(number):
            rows.extend(_centre(centre, teryt, SIDES[place], rng))
            centre += 1
    return pd.DataFrame(rows, columns=list(SUPPORT_COLUMNS))


def _centre(number: int, teryt: str, side: str, rng: np.random.Generator) -> list[tuple[object, ...]]:
    letter = chr(65 + number % 26) if number < 26 else f"A{chr(65 + number % 26)}"
    name = f"OWES Przykład {letter} – podregion {side}"
    lasting = UNUSUAL.get(number) or tuple(share + int(rng.integers(-15, 16)) for share in LASTING)
    size = int(rng.integers(35, 120))
    price = int(rng.integers(31, 46)) * 1000
    rows: list[tuple[object, ...]] = []
    for year in YEARS:
        jobs = size * int(rng.integers(800, 1201)) // 1000
        enterprises = max(1, jobs // int(rng.integers(5, 9)))
        advice = 40 * enterprises + int(skewed(300, 2400, 1, rng)[0])
        cost = jobs * price + advice * 140 + int(rng.integers(100, 400)) * 1000
        # Of jobs that last two years all last one: the same job is asked about twice.
        fate = rng.integers(1000, size=jobs)
        after = [int((fate < share).sum()) for share in lasting]
        told = [str(after[0]) if year < _LAST_YEAR else "", str(after[1]) if year < _LAST_YEAR - 1 else ""]
        rows.append(
            (f"owes_{number + 1:02}", name, teryt, f"podregion {side}", year, advice, jobs, *told, enterprises, cost)
        )
    return rows


@dataclass(frozen=True, slots=True)
class Target:
    """A target that every programme has: its words, and how far it reaches.

    Attributes
    ----------
    area
        Area of the national programme (KPRES).
    measure
        What it is measured by; "" if by nothing that we have.
    years
        Year of the baseline and of the target.
    growth
        Smallest and largest growth, in thousandths of the baseline; the more, the harder to reach.
    modest
        Targets that lie just ahead, by voivodeship, in units of the last digit.
    """

    area: str
    name: str
    measure: str
    unit: str
    digits: int
    years: tuple[int, int]
    growth: tuple[int, int]
    modest: Mapping[str, int] = field(default_factory=dict)


AREAS: Final = (
    "Solidarna wspólnota lokalna",
    "Solidarny rynek pracy",
    "Konkurencyjna przedsiębiorczość społeczna",
    "Solidarne społeczeństwo",
)
"""Areas of KPRES to 2030 (M.P. 2022 poz. 1171)."""

TARGETS: Final = (
    Target(AREAS[0], "Aktywne organizacje non-profit na 10 tys. mieszkańców", "gus:1.E.1",
           "na 10 tys. ludności", 1, (2020, 2030), (1120, 1600)),
    Target(AREAS[0], "Organizacje społeczne w rejestrze REGON na 10 tys. mieszkańców", "gus:1.E.2",
           "na 10 tys. ludności", 1, (2023, 2027), (1060, 1220), {"02": 541, "04": 462, "16": 512, "26": 491}),
    Target(AREAS[1], "Jednostki reintegracyjne na 100 tys. mieszkańców", "gus:1.B.7",
           "na 100 tys. ludności", 1, (2020, 2030), (1000, 1450)),
    Target(AREAS[1], "Udział osób z grup zagrożonych wykluczeniem w zatrudnieniu", "survey:risk_share",
           "%", 1, (2023, 2030), (1050, 1400)),
    Target(AREAS[2], "Liczba spółdzielni socjalnych", "register:social_cooperative",
           "podmioty", 0, (2020, 2030), (900, 1250)),
    Target(AREAS[2], "Liczba przedsiębiorstw społecznych", "register:social_enterprises",
           "podmioty", 0, (2023, 2028), (3200, 6500)),
    Target(AREAS[3], "Mieszkańcy, którzy słyszeli o ekonomii społecznej", "", "%", 0, (2022, 2030), (1200, 1700)),
)  # fmt: skip


def draw_programme(entities: pd.DataFrame, gminas: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the targets of each voivodeship, as delivered.

    Baselines agree with what they are measured by; targets ask for little in one voivodeship and much in another.
    """
    region = pd.Series(gminas["teryt"].str[:2].to_numpy()[entities["place"]], index=entities.index)
    rows = []
    for teryt in POPULATION:
        here = entities[region == teryt]
        for target in TARGETS:
            baseline = _baseline(target, teryt, here, rng)
            growth = int(rng.integers(target.growth[0], target.growth[1] + 1))
            wanted = target.modest.get(teryt, max(baseline * growth // 1000, baseline + 1))
            numbers = [_number(value, target.digits) for value in (baseline, wanted)]
            rows.append(
                (teryt, target.area, target.name, target.measure, target.unit, target.digits, "higher",
                 numbers[0], target.years[0], numbers[1], target.years[1])
            )  # fmt: skip
    return pd.DataFrame(rows, columns=list(PROGRAMME_COLUMNS))


def _baseline(target: Target, teryt: str, here: pd.DataFrame, rng: np.random.Generator) -> int:
    """Return the baseline in units of its last digit."""
    if target.measure in PUBLISHED:
        return PUBLISHED[target.measure][teryt]
    day = days(f"{target.years[0]}-12-31")
    if target.measure == "register:social_enterprises":
        return int(((here["since"] <= day) & ~(here["until"] <= day)).sum())
    there = here[(here["start"] <= day) & ~(here["end"] <= day)]
    if target.measure.startswith("register:"):
        return int(there["legal_form"].eq(target.measure.removeprefix("register:")).sum())
    if target.measure == "survey:risk_share":
        risk = there["legal_form"].map({key: kind.risk for key, kind in KINDS.items()})
        return int((there["staff"] * risk).sum() // there["staff"].sum())
    return int(rng.integers(18, 43))


def _number(value: int, digits: int) -> str:
    """Return units of the last digit as text with a decimal point."""
    return f"{value // 10**digits}.{value % 10**digits:0{digits}}" if digits else str(value)
