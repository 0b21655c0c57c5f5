"""Small made-up surveys for tests of the training needs: three voivodeships, five institution types."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ropsanalysis.training_needs.parameters import TrainingParameters
from ropsanalysis.training_needs.sample import Sample, read_sample
from ropsanalysis.training_needs.schema import Inputs, Survey, choice_columns

REGIONS = ("02", "14", "26")
INSTITUTIONS = pd.DataFrame(
    {
        "key": ["ops", "dps", "pcpr", "cis", "wtz"],
        "name": [
            "Ośrodek pomocy społecznej",
            "Dom pomocy",
            "Centrum pomocy rodzinie",
            "Centrum integracji",
            "Warsztat",
        ],
        "short": ["OPS", "DPS", "PCPR", "CIS", "WTZ"],
        "group": ["assistance", "assistance", "family", "social_economy", "social_economy"],
    }
)
COMPETENCES = pd.DataFrame(
    {
        "key": ["law", "digital", "management", "supervision", "ageing", "disability"],
        "name": ["Prawo", "Kompetencje cyfrowe", "Zarządzanie", "Superwizja", "Starość", "Niepełnosprawność"],
        "short": ["Prawo", "Cyfrowe", "Zarządzanie", "Superwizja", "Starość", "Niepełnosprawność"],
    }
)
OPTIONS = pd.DataFrame(
    [
        ("position", "manager", "Kadra kierownicza"),
        ("position", "social_worker", "Pracownik socjalny"),
        ("position", "other", "Inne stanowisko"),
        ("tenure", "under_2", "Krócej niż 2 lata"),
        ("tenure", "over_20", "Ponad 20 lat"),
        ("education", "bachelor", "Wyższe I stopnia"),
        ("education", "master", "Wyższe II stopnia"),
        ("form", "classroom", "Szkolenie stacjonarne"),
        ("form", "online_live", "Szkolenie na żywo przez internet"),
        ("time", "weekend", "Weekend"),
        ("barrier", "cost", "Koszt udziału"),
    ],
    columns=["question", "option", "label"],
)
STAFF = {"ops": 400, "dps": 500, "pcpr": 150, "cis": 40, "wtz": 110}
QUICK = TrainingParameters(bootstrap_draws=60, plan_curve_steps=2, max_profiles=3)
"""The parameters of the report, with fewer random draws."""


def make_inputs(
    n: int = 420, *, regions: Sequence[str] = REGIONS, seed: int = 1, gap_of: dict[str, float] | None = None
) -> Inputs:
    """Draw a survey of about n respondents in which the institution types differ in their need.

    Parameters
    ----------
    gap_of
        Mean gap of each institution type in every competence; "law" is needed half a point more by all.
    """
    rng = np.random.default_rng(seed)
    gaps = {"ops": 1.0, "dps": 0.4, "pcpr": 1.4, "cis": 0.7, "wtz": 0.7} | (gap_of or {})
    frame = pd.DataFrame(
        [(r, i, staff) for r in regions for i, staff in STAFF.items()], columns=["teryt", "institution", "staff"]
    )
    rate = frame["institution"].map({"ops": 2.0, "dps": 0.8, "pcpr": 1.2, "cis": 1.0, "wtz": 1.0}) * frame["staff"]
    counts = np.minimum(rng.multinomial(n, rate / rate.sum()), frame["staff"])
    people = frame.loc[np.repeat(frame.index, counts), ["teryt", "institution"]].reset_index(drop=True)
    n = len(people)
    for question in ("position", "tenure", "education"):
        keys = OPTIONS.loc[OPTIONS["question"] == question, "option"].to_numpy()
        people[question] = pd.Series(rng.choice(keys, size=n), dtype="str").where(rng.random(n) > 0.05)
    shape = (n, len(COMPETENCES))
    level = 3.9 + rng.normal(size=(n, 1)) * 0.4
    lack = people["institution"].map(gaps).to_numpy()[:, None] + np.array([0.5, 0, 0, 0, 0, 0])
    importance = _rating(level + rng.normal(size=shape) * 0.7)
    mastery = _rating(level - lack + rng.normal(size=shape) * 0.7)
    importance[rng.random(shape) < 0.04] = np.nan
    mastery[rng.random(shape) < 0.06] = np.nan
    wanted = (rng.random(shape) < 0.4).astype(float)
    wanted[rng.random(n) < 0.1] = np.nan
    columns = choice_columns(OPTIONS)
    ticked = (rng.random((n, len(columns))) < 0.5).astype(float)
    ticked[rng.random(n) < 0.1] = np.nan
    keys = list(COMPETENCES["key"])
    survey = Survey(
        respondents=people,
        importance=pd.DataFrame(importance, columns=keys),
        mastery=pd.DataFrame(mastery, columns=keys),
        wanted=pd.DataFrame(wanted, columns=keys),
        choices=pd.DataFrame(ticked, columns=columns),
        year=2025,
        low=1,
        high=5,
        synthetic=True,
    )
    offer = pd.DataFrame(
        [(key, "classroom", 15, 16.0, 9000.0, 4) for key in keys],
        columns=["competence", "form", "group_size", "hours", "cost_pln", "capacity_groups"],
    )
    targets = pd.DataFrame(
        [(r, 90_000.0, 60, 50, 0.95, 0.0) for r in regions],
        columns=[
            "teryt", "budget_pln", "persons_supported", "persons_qualified", "qualification_rate", "minimum_coverage",
        ],
    )  # fmt: skip
    return Inputs(survey, frame, offer, targets, COMPETENCES, INSTITUTIONS, OPTIONS)


def make_sample(n: int = 420, **options: object) -> Sample:
    return read_sample(make_inputs(n, **options))  # type: ignore[arg-type]


def shuffled(inputs: Inputs, *, seed: int) -> Inputs:
    """Return the same survey with its rows in another order."""
    from dataclasses import replace

    order = np.random.default_rng(seed).permutation(len(inputs.survey.respondents))
    tables = {
        name: getattr(inputs.survey, name).iloc[order].reset_index(drop=True)
        for name in ("respondents", "importance", "mastery", "wanted", "choices")
    }
    return replace(inputs, survey=replace(inputs.survey, **tables))


def _rating(values: np.ndarray) -> np.ndarray:
    return np.clip(np.round(values), 1, 5)
