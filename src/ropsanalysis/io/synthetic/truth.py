"""What is true in the made-up world of the demo: who works where, who answers, what is lacked, what is liked.

Every number here is invented. They are only meant to be plausible in size and to differ where a report should
find differences: between kinds of institution, positions and profiles of need, and between what people lack
(`Competence.gap`) and what they would like to attend (`Competence.appeal`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SIZES: Final[dict[str, float]] = {
    "02": 7.7, "04": 5.3, "06": 5.3, "08": 2.6, "10": 6.3, "12": 9.1, "14": 14.7, "16": 2.5,
    "18": 5.5, "20": 3.0, "22": 6.3, "24": 11.4, "26": 3.1, "28": 3.6, "30": 9.3, "32": 4.3,
}  # fmt: skip
"""Size of each voivodeship by TERYT code: roughly its share of Poland's population, in percent."""

PROFILES: Final[tuple[dict[str, float], ...]] = (
    {"deinstitutionalisation": 1.1, "cus_act": 1.4, "social_economy": 1.4, "public_procurement": 1.2,
     "foreigners": 0.9, "disability": -0.7, "staff_wellbeing": -0.6},
    {"mental_health": 1.2, "ageing": 1.3, "disability": 1.4, "domestic_violence": 1.2, "motivational_dialogue": 1.0,
     "cus_act": -0.8, "public_procurement": -0.8},
    {"management": 1.4, "law": 1.1, "digital": 1.4, "communication": 1.3, "staff_wellbeing": 1.2, "diversity": 0.9,
     "foster_care": -0.7, "ageing": -0.6},
    {},
)  # fmt: skip
"""Profiles of need: what each adds to the gap of a competence, in points of the scale."""

PROFILE_GENERAL: Final = (0.0, 0.0, 0.0, -0.8)
"""What each profile adds to the gap of all competences; the last profile lacks little of anything."""


@dataclass(frozen=True, slots=True)
class Institution:
    """A kind of institution.

    Attributes
    ----------
    staff
        Persons employed in a voivodeship of average size.
    growth
        Exponent by which staff follow the size of the voivodeship; 1 is in proportion.
    response
        Relative readiness to answer; about the share that answers in a survey of the usual size.
    positions
        Shares of positions, in percent.
    profiles
        Shares of the `PROFILES`, in percent.
    absent
        Voivodeships (TERYT) without such an institution.
    """

    staff: int
    growth: float
    response: float
    positions: dict[str, int]
    profiles: tuple[int, int, int, int]
    absent: tuple[str, ...] = ()


_OFFICE: Final = {
    "manager": 10,
    "social_worker": 48,
    "specialist": 10,
    "coordinator_assistant": 12,
    "administration": 20,
}
_HOME: Final = {"manager": 5, "social_worker": 7, "instructor_therapist": 23, "caregiver": 50, "administration": 15}
_DAY: Final = {"manager": 10, "social_worker": 5, "specialist": 10, "instructor_therapist": 55, "caregiver": 20}
_FAMILY: Final = {"manager": 8, "social_worker": 12, "specialist": 25, "coordinator_assistant": 45, "other": 10}
_WORKSHOP: Final = {"manager": 12, "specialist": 18, "instructor_therapist": 55, "administration": 15}
_DESK: Final = {"manager": 20, "specialist": 50, "administration": 30}

INSTITUTIONS: Final[dict[str, Institution]] = {
    "ops": Institution(1400, 1.0, 0.060, _OFFICE, (35, 30, 15, 20)),
    "cus": Institution(90, 0.8, 0.30, _OFFICE, (55, 10, 20, 15), absent=("08",)),
    "pcpr": Institution(320, 1.0, 0.17, _OFFICE, (30, 35, 15, 20)),
    "dps": Institution(1200, 1.0, 0.045, _HOME, (10, 60, 10, 20)),
    "sds": Institution(320, 1.0, 0.11, _DAY, (10, 60, 10, 20)),
    "family_support": Institution(600, 1.0, 0.05, _FAMILY, (10, 45, 15, 30)),
    "adoption": Institution(12, 0.5, 0.45, _FAMILY, (5, 45, 25, 25)),
    "cis": Institution(120, 0.9, 0.12, _WORKSHOP, (40, 15, 25, 20)),
    "kis": Institution(60, 0.9, 0.16, _WORKSHOP, (35, 20, 20, 25), absent=("16",)),
    "zaz": Institution(140, 0.9, 0.10, _WORKSHOP, (25, 25, 30, 20)),
    "wtz": Institution(420, 1.0, 0.07, _WORKSHOP, (10, 50, 15, 25)),
    "owes": Institution(42, 0.5, 0.40, _DESK, (35, 5, 45, 15)),
    "ngo": Institution(460, 1.0, 0.03, {**_DESK, "instructor_therapist": 20, "other": 15}, (25, 25, 30, 20)),
    "jst": Institution(240, 1.0, 0.09, _DESK, (45, 5, 35, 15)),
    "rops": Institution(48, 0.5, 0.60, _DESK, (45, 5, 30, 20)),
}


@dataclass(frozen=True, slots=True)
class Competence:
    """A competence.

    Attributes
    ----------
    importance
        Mean importance on the scale from 1 to 5.
    gap
        How far mastery lies below importance, in points of the scale.
    appeal
        Log-odds that somebody ticks the topic as wanted.
    not_for
        Institutions whose work it does not concern; most of their staff answer "nie dotyczy".
    more
        What is added to the gap, by kind of institution or position.
    """

    importance: float
    gap: float
    appeal: float
    not_for: tuple[str, ...] = ()
    more: dict[str, float] | None = None


COMPETENCES: Final[dict[str, Competence]] = {
    "social_work": Competence(4.3, 0.5, -1.7, ("owes", "zaz"), {"caregiver": 0.3, "jst": 0.3}),
    "supervision": Competence(3.8, 1.2, -1.2, (), {"family_support": 0.4, "manager": -0.3}),
    "deinstitutionalisation": Competence(4.0, 1.9, -2.3, ("zaz",), {"dps": 0.4, "rops": -0.8, "cus": -0.5}),
    "cus_act": Competence(3.8, 1.7, -2.5, ("wtz", "zaz", "kis"), {"cus": -0.6, "ops": 0.3, "rops": -0.6}),
    "foster_care": Competence(
        3.9, 0.9, -2.0, ("dps", "sds", "cis", "kis", "zaz", "wtz", "owes"), {"pcpr": 0.4, "family_support": 0.5}
    ),
    "disability": Competence(4.1, 0.6, -1.4, ("adoption",), {"zaz": 0.4, "wtz": 0.3, "caregiver": 0.2}),
    "mental_health": Competence(4.4, 1.2, 0.0, (), {"sds": 0.4, "dps": 0.3, "jst": -0.5}),
    "ageing": Competence(4.1, 0.8, -1.6, ("adoption", "zaz", "cis", "kis"), {"dps": 0.5, "ops": 0.2}),
    "homelessness": Competence(3.5, 0.7, -2.2, ("adoption", "wtz", "zaz", "sds", "dps"), {"ops": 0.4, "ngo": -0.3}),
    "domestic_violence": Competence(4.2, 0.9, -1.1, ("zaz", "owes", "wtz"), {"pcpr": 0.3, "family_support": 0.4}),
    "foreigners": Competence(3.6, 1.3, -1.8, (), {"ops": 0.3, "pcpr": 0.2, "owes": -0.3}),
    "social_economy": Competence(
        3.6, 1.3, -2.3, ("adoption", "family_support"), {"owes": -1.2, "cis": -0.5, "ops": 0.3}
    ),
    "public_procurement": Competence(3.6, 1.6, -2.6, ("adoption", "family_support"), {"manager": 0.4, "jst": -0.6}),
    "management": Competence(3.9, 0.9, -1.6, (), {"manager": 0.6, "cus": 0.4, "caregiver": -0.4}),
    "law": Competence(4.3, 1.4, -1.3, (), {"ngo": 0.3, "manager": 0.2, "jst": -0.4}),
    "digital": Competence(3.9, 0.9, -0.5, (), {"caregiver": 0.4, "dps": 0.3, "rops": -0.4}),
    "communication": Competence(4.3, 0.3, -0.7, (), {"caregiver": 0.2}),
    "motivational_dialogue": Competence(4.0, 0.8, -0.2, (), {"cis": 0.4, "kis": 0.4, "social_worker": 0.2}),
    "diversity": Competence(3.5, 0.4, -2.1, (), {}),
    "staff_wellbeing": Competence(4.3, 0.9, 0.1, (), {"dps": 0.3, "rops": -0.2}),
}

TENURES: Final[dict[str, tuple[int, float]]] = {
    "under_2": (14, 0.40),
    "2_5": (22, 0.15),
    "6_10": (24, 0.0),
    "11_20": (26, -0.10),
    "over_20": (14, -0.20),
}
"""Share of each length of service, in percent, and what it adds to all gaps."""

EDUCATION: Final[dict[str, int]] = {"secondary": 16, "bachelor": 24, "master": 46, "postgraduate": 14}
"""Shares of levels of education, in percent."""

CHOICES: Final[dict[str, dict[str, dict[str, float]]]] = {
    "form": {
        "assistance": {"classroom": 0.48, "online_live": 0.52, "e_learning": 0.30, "blended": 0.25, "study_visit": 0.30,
                       "supervision_group": 0.34, "postgraduate": 0.14},
        "family": {"classroom": 0.55, "online_live": 0.38, "e_learning": 0.20, "blended": 0.28, "study_visit": 0.26,
                   "supervision_group": 0.56, "postgraduate": 0.20},
        "social_economy": {"classroom": 0.44, "online_live": 0.46, "e_learning": 0.24, "blended": 0.30,
                           "study_visit": 0.58, "supervision_group": 0.16, "postgraduate": 0.10},
    },
    "time": {
        "assistance": {"workday_short": 0.62, "workday_full": 0.46, "two_days": 0.34, "weekend": 0.08,
                       "afternoon": 0.14},
        "family": {"workday_short": 0.55, "workday_full": 0.50, "two_days": 0.36, "weekend": 0.14, "afternoon": 0.16},
        "social_economy": {"workday_short": 0.40, "workday_full": 0.48, "two_days": 0.50, "weekend": 0.18,
                           "afternoon": 0.12},
    },
    "barrier": {
        "assistance": {"no_replacement": 0.55, "no_time": 0.52, "cost": 0.30, "distance": 0.28, "no_offer": 0.20,
                       "no_support": 0.10, "none": 0.10},
        "family": {"no_replacement": 0.36, "no_time": 0.56, "cost": 0.36, "distance": 0.32, "no_offer": 0.28,
                   "no_support": 0.10, "none": 0.11},
        "social_economy": {"no_replacement": 0.30, "no_time": 0.42, "cost": 0.56, "distance": 0.26, "no_offer": 0.34,
                           "no_support": 0.08, "none": 0.14},
    },
}  # fmt: skip
"""Probability of each tick, by question and group of institutions; "none" excludes the other barriers."""

REMARKS: Final = (
    "Prosimy o szkolenia w małych grupach.",
    "Najbardziej potrzebujemy ćwiczeń na przykładach z naszej pracy.",
    "Terminy po wakacjach byłyby wygodniejsze.",
    "Dojazd do stolicy województwa zajmuje cały dzień; lepiej bliżej albo zdalnie.",
    "Dobrze byłoby powtórzyć szkolenie po roku.",
    "Chętnie zobaczymy, jak robią to inne ośrodki.",
    "Brakuje zastępstwa na czas szkolenia, żeby zespół mógł pojechać razem.",
    "Uwagi? „Więcej praktyki, mniej slajdów”; reszta dobrze.",
)
"""Made-up remarks."""

FORMULA_REMARK: Final = "=cmd|' /C calc'!A0"
"""A remark that a spreadsheet would run if it were written as anything but text."""
