"""What the made-up coordination projects are like: size, pace and care of each; whole numbers only.

Where a figure of a project was published (`io.project_catalogue`), the cards take it; what stands here is made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

AS_OF: Final = "2025-12-31"
"""Day that all made-up data of projects describe."""
START: Final = "2023-10-01"
END: Final = "2028-12-31"
SUBREGIONS: Final = ("04", "12", "28", "30")
"""Voivodeships whose projects work in sub-regions."""
SUBREGION_NAMES: Final = ("subregion I", "subregion II", "subregion III", "subregion IV")
PLANNED: Final = ("02", "04", "06", "10", "12", "16", "22", "26", "28", "30", "32")
"""Voivodeships whose offices delivered a plan of what they are to reach."""
PLAN_DAYS: Final = {
    "2023-12-31": 15, "2024-06-30": 100, "2024-12-31": 220, "2025-06-30": 330, "2025-12-31": 450, "2026-12-31": 680,
    "2027-12-31": 880, "2028-12-31": 1000,
}  # fmt: skip
"""How much of its targets, out of a thousand, an office planned to have reached by a day."""


@dataclass(frozen=True, slots=True)
class Project:
    """What is made up of a project.

    Attributes
    ----------
    value
        Value in PLN, where it was not published in PLN.
    supported
        Target of supported employees, where it was not published.
    reached
        Persons supported by the day of the data, per thousand of the target.
    qualified
        Of these, per thousand, those with accepted evidence.
    supports
        Profile of forms of support per person: few, some, many.
    plans
        Units that have a local plan, per thousand.
    centres
        Social service centres.
    late
        Activities that are late, per thousand of those due.
    spending
        Payments, per thousand of what was planned for a quarter; bills come some weeks later.
    family
        Children in family foster care in 2020, per thousand.
    children
        Children in foster care in 2020.
    """

    value: int
    supported: int
    reached: int
    qualified: int
    supports: str
    plans: int
    centres: int
    late: int
    spending: int
    family: int
    children: int


PROJECTS: Final = {
    "02": Project(26_400_000, 1_210, 520, 780, "some", 240, 5, 60, 930, 735, 6_900),
    "04": Project(19_850_000, 930, 400, 640, "many", 310, 4, 90, 860, 790, 4_700),
    "06": Project(27_300_000, 1_180, 330, 560, "few", 180, 4, 120, 780, 770, 3_600),
    "08": Project(11_900_000, 520, 610, 860, "some", 420, 3, 30, 1090, 805, 2_500),
    "10": Project(24_600_000, 1_130, 450, 700, "some", 260, 6, 80, 900, 745, 5_300),
    "12": Project(33_700_000, 1_420, 380, 720, "many", 220, 7, 100, 840, 775, 4_300),
    "14": Project(45_600_000, 1_980, 560, 820, "some", 290, 9, 50, 1130, 760, 8_400),
    "16": Project(10_000_000, 502, 480, 740, "some", 340, 3, 70, 890, 780, 2_100),
    "18": Project(34_600_000, 1_641, 290, 520, "few", 120, 4, 140, 720, 785, 2_600),
    "20": Project(13_200_000, 610, 430, 690, "some", 150, 3, 90, 1160, 765, 2_200),
    "22": Project(21_800_000, 1_020, 660, 900, "many", 600, 6, 20, 990, 830, 5_800),
    "24": Project(38_500_000, 1_690, 350, 610, "few", 330, 8, 110, 810, 755, 9_100),
    "26": Project(13_800_000, 688, 470, 760, "some", 360, 4, 60, 910, 750, 2_300),
    "28": Project(15_400_000, 740, 405, 670, "many", 280, 5, 80, 870, 795, 3_500),
    "30": Project(37_100_000, 1_756, 250, 580, "few", 100, 6, 130, 700, 770, 6_100),
    "32": Project(17_600_000, 860, 540, 830, "some", 390, 4, 40, 940, 815, 4_600),
}
SUPPORTS: Final = {"few": (80, 15, 4, 1), "some": (55, 30, 12, 3), "many": (30, 36, 24, 10)}
"""How many persons get one, two, three and four forms of support."""
COMPLETE: Final = 970
"""Persons with complete data, per thousand."""
INSIDE: Final = 985
"""Persons who work for an institution of the catalogue, per thousand."""
INSTITUTIONS: Final = {
    "ops": 44, "pcpr": 14, "dps": 12, "sds": 6, "cus": 5, "family_support": 7, "cis": 3, "wtz": 4, "zaz": 2, "owes": 3,
}  # fmt: skip
FORMS: Final = {
    "training": 46, "course": 14, "postgraduate": 4, "supervision": 14, "advice": 10, "study_visit": 6,
    "conference": 4, "other": 2,
}  # fmt: skip
DURATION: Final = {
    "training": (1, 4), "course": (10, 60), "postgraduate": (250, 300), "supervision": (60, 180), "advice": (0, 30),
    "study_visit": (2, 4), "conference": (0, 1), "other": (0, 20),
}  # fmt: skip
"""Shortest and longest support, in days after its first."""
SUPPORT_ACTIONS: Final = {"6": 40, "4": 15, "7": 10, "3": 8, "16": 7, "14": 6, "10": 4, "9": 4, "12": 3, "5": 3}
"""Actions that support persons."""
WEAK_EVIDENCE: Final = {"attendance": 35, "internal_exam": 20, "statement": 10, "": 35}
"""What persons bring who raised no qualifications by the rules."""
LATE_EVIDENCE: Final = 40
"""Evidence dated more than four weeks after leaving, per thousand of those who left."""
PLACES: Final = {"city": 40, "town": 9, "mixed": 6, "rural": 4}
UNREACHED: Final = 320
"""Gminas nobody of which is supported, per thousand."""
KINDS: Final = {
    "research": {"study": 4, "document": 4, "meeting": 2, "conference": 1},
    "social_services": {"meeting": 4, "advice": 4, "training": 3, "study_visit": 1, "network": 2},
    "training": {"training": 7, "supervision": 3, "study": 1, "meeting": 1},
    "social_economy": {"meeting": 4, "network": 3, "training": 2, "promotion": 2, "conference": 1},
}
"""Kinds of activities of each team, and their weights."""
PER_YEAR: Final = (3, 8)
"""Fewest activities of an action in a year, and one more than the most."""
