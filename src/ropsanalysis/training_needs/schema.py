"""What the report on training needs reads: a survey, its frame, the offer of training and the project's targets.

Screening makes these tables from delivered files and words its findings for people; what stands here is the
contract that its result must keep. No free text and no token of a person ever reaches it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.errors import DataError
from ropsanalysis.regions import REGIONS

DATASETS: Final = ("training_survey", "training_frame", "training_offer", "training_targets")
"""Folders of the raw data that the report reads."""
RESPONDENT_COLUMNS: Final = ("teryt", "institution", "position", "tenure", "education")
FRAME_COLUMNS: Final = ("teryt", "institution", "staff")
OFFER_COLUMNS: Final = ("competence", "form", "group_size", "hours", "cost_pln", "capacity_groups")
TARGET_COLUMNS: Final = (
    "teryt",
    "budget_pln",
    "persons_supported",
    "persons_qualified",
    "qualification_rate",
    "minimum_coverage",
)
COMPETENCE_COLUMNS: Final = ("key", "name", "short")
INSTITUTION_COLUMNS: Final = ("key", "name", "short", "group")
OPTION_COLUMNS: Final = ("question", "option", "label")
CHOICE_QUESTIONS: Final = ("form", "time", "barrier")
"""Questions whose options are ticked; a column of `Survey.choices` is ``"<question>:<option>"``."""
PROFILE_QUESTIONS: Final = ("position", "tenure", "education")
"""Questions with one answer, besides the institution."""

_TERYT: Final = frozenset(region.teryt for region in REGIONS)


@dataclass(frozen=True, slots=True)
class Survey:
    """Answers of a survey; all frames share one RangeIndex, a row per respondent.

    Attributes
    ----------
    respondents
        Columns teryt, institution (never null), position, tenure, education (null where not said); keys of the
        catalogue.
    importance, mastery
        One float column per competence, in the order of the catalogue: `low` to `high`, NaN where the rating is
        missing or "nie dotyczy".
    wanted
        1.0 where the topic was ticked, 0.0 where not, NaN where the question was not answered at all.
    choices
        Columns such as ``"form:online_live"``, ``"barrier:cost"``, values as in `wanted`.
    year
        Year of the survey.
    low, high
        Ends of the rating scale.
    synthetic
        Whether any answer was made up for demonstration.
    """

    respondents: pd.DataFrame
    importance: pd.DataFrame
    mastery: pd.DataFrame
    wanted: pd.DataFrame
    choices: pd.DataFrame
    year: int
    low: int
    high: int
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything the report on training needs is computed from.

    Attributes
    ----------
    survey
        The answers.
    frame
        Columns teryt, institution, staff (persons, above 0): whom the survey is about.
    offer
        Columns competence, form, group_size (persons), hours, cost_pln (per group), capacity_groups (most groups
        per voivodeship).
    targets
        Columns teryt, budget_pln, persons_supported, persons_qualified (Int64, null where the project gives none),
        qualification_rate (0-1), minimum_coverage (0-1, share of the staff of each institution type); may have no
        rows.
    competences
        Columns key, name, short.
    institutions
        Columns key, name, short, group.
    options
        Columns question, option, label, in the order of the catalogue.
    """

    survey: Survey
    frame: pd.DataFrame
    offer: pd.DataFrame
    targets: pd.DataFrame
    competences: pd.DataFrame
    institutions: pd.DataFrame
    options: pd.DataFrame


def choice_columns(options: pd.DataFrame) -> list[str]:
    """Return the columns that `Survey.choices` must have, in the order of the catalogue."""
    chosen = options[options["question"].isin(CHOICE_QUESTIONS)]
    return [f"{question}:{option}" for question, option in zip(chosen["question"], chosen["option"], strict=True)]


def validate(inputs: Inputs) -> Inputs:
    """Return the inputs if they keep the contract.

    Raises
    ------
    DataError
        Naming each table and rule that is broken; values are not printed, since they are answers of persons.
    """
    broken = [*_survey_problems(inputs), *_table_problems(inputs)]
    if broken:
        raise DataError(
            f"Dane o potrzebach szkoleniowych nie są zgodne ze schematem: {'; '.join(broken)}. Proszę uruchomić "
            "ponownie `ropsanalysis check`."
        )
    return inputs


def _survey_problems(inputs: Inputs) -> list[str]:
    survey = inputs.survey
    competences = list(inputs.competences["key"])
    columns = {
        "respondents": list(RESPONDENT_COLUMNS),
        "importance": competences,
        "mastery": competences,
        "wanted": competences,
        "choices": choice_columns(inputs.options),
    }
    index = pd.RangeIndex(len(survey.respondents))
    broken: list[str] = []
    for name, expected in columns.items():
        table: pd.DataFrame = getattr(survey, name)
        if list(table.columns) != expected:
            broken.append(f"{name}: inne kolumny niż w katalogu")
        if not table.index.equals(index):
            broken.append(f"{name}: indeks wierszy inny niż 0…n-1")
    if broken:
        return broken
    people = survey.respondents
    if not people["teryt"].isin(_TERYT).all():
        broken.append("respondents: kod województwa spoza listy")
    if not people["institution"].isin(inputs.institutions["key"]).all():
        broken.append("respondents: typ instytucji spoza katalogu")
    for question in PROFILE_QUESTIONS:
        known = inputs.options.loc[inputs.options["question"] == question, "option"]
        if not people[question].dropna().isin(known).all():
            broken.append(f"respondents: odpowiedź „{question}” spoza katalogu")
    for name in ("importance", "mastery"):
        if not _within(getattr(survey, name), survey.low, survey.high):
            broken.append(f"{name}: ocena spoza skali")
    for name in ("wanted", "choices"):
        values = getattr(survey, name).to_numpy(dtype=float)
        if not (np.isnan(values) | (values == 0) | (values == 1)).all():
            broken.append(f"{name}: wartość inna niż 0, 1 i brak")
    return broken


def _table_problems(inputs: Inputs) -> list[str]:
    expected = {
        "frame": FRAME_COLUMNS,
        "offer": OFFER_COLUMNS,
        "targets": TARGET_COLUMNS,
        "competences": COMPETENCE_COLUMNS,
        "institutions": INSTITUTION_COLUMNS,
        "options": OPTION_COLUMNS,
    }
    broken = [
        f"{name}: inne kolumny niż {', '.join(columns)}"
        for name, columns in expected.items()
        if tuple(getattr(inputs, name).columns) != columns
    ]
    if broken:
        return broken
    frame, offer, targets = inputs.frame, inputs.offer, inputs.targets
    if frame.duplicated(["teryt", "institution"]).any() or not (frame["staff"] > 0).all():
        broken.append("frame: powtórzona komórka albo liczba osób nie większa od zera")
    if not (offer[list(OFFER_COLUMNS[2:])] > 0).all(axis=None):
        broken.append("offer: liczba nie większa od zera")
    too_many = (targets["persons_qualified"] > targets["persons_supported"]).fillna(value=False)
    if targets["teryt"].duplicated().any() or too_many.any():
        broken.append("targets: powtórzone województwo albo więcej osób z kwalifikacjami niż objętych wsparciem")
    return broken


def _within(table: pd.DataFrame, low: int, high: int) -> bool:
    values = table.to_numpy(dtype=float)
    return bool((np.isnan(values) | ((values >= low) & (values <= high))).all())
