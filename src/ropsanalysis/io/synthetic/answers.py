"""What the made-up respondents answer: ratings from latent traits, ticks, and answers they leave out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.io.synthetic.truth import (
    CHOICES,
    COMPETENCES,
    INSTITUTIONS,
    PROFILE_GENERAL,
    PROFILES,
    REMARKS,
    SIZES,
    TENURES,
)
from ropsanalysis.stats.vocabulary import FloatMatrix

NOT_APPLICABLE: Final = 0.75
"""Share of staff who answer "nie dotyczy" where a competence does not concern their institution."""

SKIPPED: Final = 0.05
"""Mean share of questions left out; the share differs between persons."""

STRAIGHT: Final = 0.008
"""Share of respondents who give the same rating throughout."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers before they are written in the form of a file; all frames have one row per respondent.

    Attributes
    ----------
    people
        teryt, institution, position, tenure, education; the last three null where left out.
    importance, mastery
        Ratings 1-5 by competence, NaN where there is none.
    not_applicable
        True where both ratings are "nie dotyczy".
    wanted
        1.0 ticked, 0.0 not ticked, NaN where the question was left out.
    choices
        Likewise for each question of `CHOICES`, by option.
    remark
        Free text, empty where there is none.
    """

    people: pd.DataFrame
    importance: pd.DataFrame
    mastery: pd.DataFrame
    not_applicable: pd.DataFrame
    wanted: pd.DataFrame
    choices: dict[str, pd.DataFrame]
    remark: pd.Series

    def of_regions(self, regions: Collection[str]) -> Answers:
        """Return the answers from some voivodeships (TERYT codes), renumbered from 0."""
        rows = np.flatnonzero(self.people["teryt"].isin(regions))

        def pick(table: pd.DataFrame) -> pd.DataFrame:
            return table.iloc[rows].reset_index(drop=True)

        return Answers(
            people=pick(self.people),
            importance=pick(self.importance),
            mastery=pick(self.mastery),
            not_applicable=pick(self.not_applicable),
            wanted=pick(self.wanted),
            choices={question: pick(ticks) for question, ticks in self.choices.items()},
            remark=self.remark.iloc[rows].reset_index(drop=True),
        )


def draw_answers(people: pd.DataFrame, *, groups: dict[str, str], rng: np.random.Generator) -> Answers:
    """Return the answers of all respondents.

    Parameters
    ----------
    people
        teryt, institution, position, tenure, education, profile, as `population.draw_respondents` gives them.
    groups
        Group of each kind of institution.

    Notes
    -----
    Importance is a mean per competence, a person's general tendency and noise; mastery is importance less the
    gap of the person's institution, position, tenure, profile and voivodeship, with a tendency of its own.
    Topics are wanted by their appeal, hardly by the gap.
    """
    n = len(people)
    gap = _gaps(people, rng)
    foreign = np.column_stack([people["institution"].isin(truth.not_for) for truth in COMPETENCES.values()])
    # Mixed by hand: a decomposition of a covariance matrix may differ in sign between machines.
    tendency = rng.normal(size=(2, n, 1))
    noise = rng.normal(size=(2, n, len(COMPETENCES)))
    centre = np.array([truth.importance for truth in COMPETENCES.values()]) - 0.9 * foreign
    importance = _rate(centre + 0.5 * tendency[0] + 0.75 * noise[0])
    mastery = _rate(centre - gap + 0.35 * tendency[0] + 0.3 * tendency[1] + 0.25 * noise[0] + 0.70 * noise[1])
    straight = rng.random(n) < STRAIGHT
    importance[straight] = mastery[straight] = rng.choice([3.0, 4.0, 5.0], size=(int(straight.sum()), 1))
    not_applicable = foreign & (rng.random(foreign.shape) < NOT_APPLICABLE) & ~straight[:, None]
    # Few persons leave out much, most leave out next to nothing: a beta with mean SKIPPED.
    careless = np.where(straight, 0.0, rng.beta(0.6, 0.6 * (1 - SKIPPED) / SKIPPED, size=n))[:, None]
    for ratings in (importance, mastery):
        ratings[not_applicable | (rng.random(ratings.shape) < careless)] = np.nan
    appeal = np.array([truth.appeal for truth in COMPETENCES.values()])
    wish = _logistic(appeal + 0.25 * (gap - gap.mean()) - 3.0 * foreign)
    keys = list(COMPETENCES)
    return Answers(
        people=_leave_out(people[["teryt", "institution", "position", "tenure", "education"]], rng),
        importance=pd.DataFrame(importance, columns=keys),
        mastery=pd.DataFrame(mastery, columns=keys),
        not_applicable=pd.DataFrame(not_applicable, columns=keys),
        wanted=pd.DataFrame(_tick(wish, rng), columns=keys),
        choices={question: _choose(question, people["institution"].map(groups), rng) for question in CHOICES},
        remark=pd.Series(_remarks(n, rng)),
    )


def _gaps(people: pd.DataFrame, rng: np.random.Generator) -> FloatMatrix:
    """Return how far the mastery of each person lies below importance, shape (persons, competences)."""
    keys = list(COMPETENCES)
    region = {teryt: rng.normal(0.0, 0.12) + rng.normal(0.0, 0.15, len(keys)) for teryt in SIZES}
    institution = {
        kind: rng.normal(0.0, 0.10, len(keys)) + [(truth.more or {}).get(kind, 0.0) for truth in COMPETENCES.values()]
        for kind in INSTITUTIONS
    }
    position = {
        kind: np.array([(truth.more or {}).get(kind, 0.0) for truth in COMPETENCES.values()])
        for kind in people["position"].unique()
    }
    profile = {
        number: PROFILE_GENERAL[number] + np.array([extra.get(key, 0.0) for key in keys])
        for number, extra in enumerate(PROFILES)
    }
    tenure = {key: np.full(len(keys), effect) for key, (_, effect) in TENURES.items()}
    common = np.array([truth.gap for truth in COMPETENCES.values()])
    effects = {"teryt": region, "institution": institution, "position": position, "profile": profile, "tenure": tenure}
    total = np.tile(common, (len(people), 1))
    for column, effect in effects.items():
        total += np.stack([effect[value] for value in people[column]])
    return total


def _rate(latent: FloatMatrix) -> FloatMatrix:
    """Return latent values as ratings 1-5."""
    return np.asarray(np.clip(np.rint(latent), 1.0, 5.0))


def _logistic(log_odds: FloatMatrix) -> FloatMatrix:
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))


def _tick(chance: FloatMatrix, rng: np.random.Generator, *, unanswered: float = 0.03) -> FloatMatrix:
    """Return ticks: at least one in each row (the likeliest), all NaN in the rows of those who did not answer."""
    ticks = (rng.random(chance.shape) < chance).astype(float)
    empty = np.flatnonzero(ticks.sum(axis=1) == 0)
    ticks[empty, chance[empty].argmax(axis=1)] = 1.0
    ticks[rng.random(len(ticks)) < unanswered] = np.nan
    return ticks


def _choose(question: str, group: pd.Series, rng: np.random.Generator) -> pd.DataFrame:
    """Return the ticks of one question about forms, times or barriers."""
    options = list(CHOICES[question]["assistance"])
    chance = np.array([[CHOICES[question][name][option] for option in options] for name in group])
    ticks = _tick(chance, rng)
    if "none" in options:
        none = ticks[:, options.index("none")] == 1.0
        ticks[none] = np.array([float(option == "none") for option in options])
    return pd.DataFrame(ticks, columns=options)


def _leave_out(people: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return people with position, tenure and education left out now and then."""
    told = people.copy()
    for column in ("position", "tenure", "education"):
        told[column] = told[column].mask(rng.random(len(told)) < 0.02)
    return told


def _remarks(n: int, rng: np.random.Generator) -> list[str]:
    chosen = rng.integers(len(REMARKS), size=n)
    return [REMARKS[which] if chance < 0.04 else "" for chance, which in zip(rng.random(n), chosen, strict=True)]
