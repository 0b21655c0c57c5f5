"""The made-up offer of training and the targets and budgets of the made-up projects."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import pandas as pd

# Per form: persons in a group, hours, fixed cost and cost of an hour of one group (PLN), groups per voivodeship.
_FORMS: Final[dict[str, tuple[int, int, int, int, int]]] = {
    "classroom": (16, 16, 2_400, 420, 8),
    "online_live": (18, 12, 500, 350, 6),
    "e_learning": (30, 6, 1_500, 450, 4),
    "blended": (16, 20, 1_800, 400, 6),
    "study_visit": (15, 16, 12_000, 300, 3),
    "supervision_group": (12, 20, 800, 380, 5),
    "postgraduate": (20, 180, 15_000, 450, 1),
}
# Per competence: forms on offer, and how dear its trainers are compared with the rest.
_OFFER: Final[dict[str, tuple[float, tuple[str, ...]]]] = {
    "social_work": (1.0, ("classroom", "online_live", "postgraduate")),
    "supervision": (1.2, ("supervision_group", "classroom", "postgraduate")),
    "deinstitutionalisation": (1.1, ("classroom", "online_live", "blended", "study_visit")),
    "cus_act": (1.1, ("classroom", "online_live", "e_learning", "study_visit")),
    "foster_care": (1.0, ("classroom", "online_live", "supervision_group")),
    "disability": (1.0, ("classroom", "online_live", "study_visit")),
    "mental_health": (1.25, ("classroom", "online_live", "blended")),
    "ageing": (1.0, ("classroom", "online_live", "e_learning")),
    "homelessness": (1.0, ("classroom", "study_visit")),
    "domestic_violence": (1.05, ("classroom", "online_live", "supervision_group")),
    "foreigners": (1.05, ("classroom", "online_live", "e_learning")),
    "social_economy": (1.0, ("classroom", "online_live", "study_visit")),
    "public_procurement": (1.15, ("classroom", "online_live", "e_learning", "blended")),
    "management": (1.2, ("classroom", "blended", "postgraduate")),
    "law": (1.15, ("classroom", "online_live", "e_learning")),
    "digital": (0.9, ("classroom", "online_live", "e_learning")),
    "communication": (0.95, ("classroom", "online_live")),
    "motivational_dialogue": (1.1, ("classroom", "blended")),
    "diversity": (0.9, ("online_live", "e_learning")),
    "staff_wellbeing": (1.1, ("classroom", "online_live", "supervision_group")),
}

PUBLISHED_TARGETS: Final[dict[str, tuple[int, int | None]]] = {
    "16": (502, 477),
    "18": (1641, 1559),
    "26": (688, 654),
    "30": (1756, None),
}
"""Persons supported and persons with a raised qualification that projects published; the result of 30 is unknown."""

RESULT_SHARE: Final = 0.95
"""Result target over product target, as in all projects that published both."""

_QUALIFICATION_RATE: Final = 0.96
_PLN_PER_PERSON: Final = 500


def build_offer() -> pd.DataFrame:
    """Return example prices: competence, form, group_size, hours, cost_pln (per group), capacity_groups."""
    rows = []
    for competence, (price, forms) in _OFFER.items():
        for form in forms:
            size, hours, fixed, hourly, capacity = _FORMS[form]
            rows.append((competence, form, size, hours, round(price * (fixed + hourly * hours), -1), capacity))
    return pd.DataFrame(
        rows, columns=["competence", "form", "group_size", "hours", "cost_pln", "capacity_groups"]
    ).astype({"cost_pln": int})


def draw_targets(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return budget and targets of each voivodeship of the frame.

    Targets are the published ones where there are any, else a seventh of the staff rounded to 20 persons, of whom
    95 % raise their qualification. Budgets would pay for training these persons once, not for all that is lacked.
    """
    rows = []
    for teryt, staff in frame.groupby("teryt")["staff"].sum().items():
        supported, qualified = PUBLISHED_TARGETS.get(str(teryt), (0, None))
        if not supported:
            supported = 20 * round(int(staff) / 7 / 20)
            qualified = math.ceil(RESULT_SHARE * supported - 1e-9)
        budget = round(supported * _PLN_PER_PERSON * rng.uniform(0.9, 1.1), -4)
        coverage = float(rng.choice([0.02, 0.03, 0.04, 0.05]))
        rows.append((teryt, int(budget), supported, qualified, _QUALIFICATION_RATE, coverage))
    columns = [
        "teryt",
        "budget_pln",
        "persons_supported",
        "persons_qualified",
        "qualification_rate",
        "minimum_coverage",
    ]
    return pd.DataFrame(rows, columns=columns).astype({"persons_qualified": "Int64"})
