"""The answers as arrays over voivodeships, institution types and competences: what every module computes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ropsanalysis.regions import POLAND
from ropsanalysis.stats.vocabulary import FloatMatrix
from ropsanalysis.training_needs.schema import PROFILE_QUESTIONS, Inputs

Codes = NDArray[np.int64]
Counts = NDArray[np.int64]
MISSING: Final = -1
"""Code of an answer that was not given."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Respondents inside the frame, in an order that does not depend on that of the file.

    Attributes
    ----------
    regions, institutions, competences
        Keys: TERYT codes of the r voivodeships surveyed, ascending; all i institution types and j competences of the
        catalogue, in its order.
    group
        Shape (i,): field of each institution type (assistance, family, social_economy).
    staff
        Shape (r, i): people in the frame.
    region, institution
        Shape (n,): indices into `regions` and `institutions`.
    importance, mastery
        Shape (n, j): ratings, NaN where missing.
    wanted
        Shape (n, j): 1 where the topic was ticked, NaN where the question was not answered.
    profile
        Question of the profile (position, tenure, education) -> shape (n,), index of the option,
        `MISSING` where not said.
    ticks
        Question with ticks (form, time, barrier) -> shape (n, options), as `wanted`.
    options
        Question -> keys of its options, in the order of the catalogue.
    low, high
        Ends of the rating scale.
    """

    regions: tuple[str, ...]
    institutions: tuple[str, ...]
    competences: tuple[str, ...]
    group: tuple[str, ...]
    staff: Counts
    region: Codes
    institution: Codes
    importance: FloatMatrix
    mastery: FloatMatrix
    wanted: FloatMatrix
    profile: dict[str, Codes]
    ticks: dict[str, FloatMatrix]
    options: dict[str, tuple[str, ...]]
    low: int
    high: int

    def __len__(self) -> int:
        return self.region.size

    @property
    def units(self) -> tuple[str, ...]:
        """TERYT codes of the rows of results: the voivodeships, then Poland if there is more than one."""
        return (*self.regions, POLAND.teryt) if len(self.regions) > 1 else self.regions

    @property
    def cell(self) -> Codes:
        """Shape (n,): number of the respondent's cell, voivodeship by voivodeship."""
        return self.region * len(self.institutions) + self.institution

    @property
    def respondents(self) -> Counts:
        """Shape (r, i): respondents."""
        counts = np.bincount(self.cell, minlength=self.staff.size)
        return counts.reshape(self.staff.shape).astype(np.int64)

    @property
    def gap(self) -> FloatMatrix:
        """Shape (n, j): importance minus mastery, NaN unless both were rated."""
        return self.importance - self.mastery

    def counts(self, flags: NDArray[np.bool_]) -> Counts:
        """Count the true values of each column (n, k) per cell: shape (r, i, k)."""
        table = np.zeros((self.staff.size, flags.shape[1]), dtype=np.int64)
        np.add.at(table, self.cell, flags)
        return table.reshape(*self.staff.shape, flags.shape[1])

    def unit_codes(self) -> Iterator[tuple[Codes, int]]:
        """Yield what sorts respondents into voivodeships, then into Poland: codes (n,) and number of domains."""
        yield self.region, len(self.regions)
        if len(self.regions) > 1:
            yield np.zeros(len(self), dtype=np.int64), 1

    def unit_staff(self) -> Counts:
        """People in the frame per unit, shape (units,)."""
        staff = self.staff.sum(axis=1)
        return np.append(staff, staff.sum()) if len(self.regions) > 1 else staff


def read_sample(inputs: Inputs) -> Sample:
    """Turn the inputs into arrays.

    Notes
    -----
    Respondents whose voivodeship and institution type have no staff in the frame are left out: nobody is known for
    whom they could speak (screening reports them). Rows are sorted by everything they hold, so that equal surveys
    give equal results, those that use random numbers included.
    """
    survey = inputs.survey
    people = survey.respondents
    institutions = tuple(inputs.institutions["key"])
    regions = tuple(sorted(set(people["teryt"]) & set(inputs.frame["teryt"])))
    region = _codes(people["teryt"], regions)
    institution = _codes(people["institution"], institutions)
    staff = _staff(inputs.frame, regions, institutions)
    options = {
        str(question): tuple(rows["option"]) for question, rows in inputs.options.groupby("question", sort=False)
    }
    profile = {q: _codes(people[q], options.get(q, ())) for q in PROFILE_QUESTIONS if q in people}
    ticked = {
        question: [name for name in (f"{question}:{option}" for option in keys) if name in survey.choices]
        for question, keys in options.items()
        if question not in PROFILE_QUESTIONS
    }
    ratings = [table.to_numpy(dtype=np.float64) for table in (survey.importance, survey.mastery, survey.wanted)]
    ticks = {question: survey.choices[names].to_numpy(dtype=np.float64) for question, names in ticked.items() if names}
    inside = (region >= 0) & (institution >= 0)
    inside[inside] = staff[region[inside], institution[inside]] > 0
    everything = np.column_stack([region, institution, *profile.values(), *ratings, *ticks.values()])
    order = np.lexsort(everything.T[::-1])
    kept = order[inside[order]]
    present = np.unique(region[kept])
    return Sample(
        regions=tuple(regions[code] for code in present),
        institutions=institutions,
        competences=tuple(inputs.competences["key"]),
        group=tuple(inputs.institutions["group"]),
        staff=staff[present],
        region=np.searchsorted(present, region[kept]).astype(np.int64),
        institution=institution[kept],
        importance=ratings[0][kept],
        mastery=ratings[1][kept],
        wanted=ratings[2][kept],
        profile={question: codes[kept] for question, codes in profile.items()},
        ticks={question: answers[kept] for question, answers in ticks.items()},
        options={
            **{question: options[question] for question in profile if question in options},
            **{question: tuple(name.partition(":")[2] for name in ticked[question]) for question in ticks},
        },
        low=survey.low,
        high=survey.high,
    )


def _codes(column: pd.Series[str], keys: tuple[str, ...]) -> Codes:
    return np.asarray(pd.Index(keys).get_indexer(pd.Index(column)), dtype=np.int64)


def _staff(frame: pd.DataFrame, regions: tuple[str, ...], institutions: tuple[str, ...]) -> Counts:
    table = np.zeros((len(regions), len(institutions)), dtype=np.int64)
    row, column = _codes(frame["teryt"], regions), _codes(frame["institution"], institutions)
    known = (row >= 0) & (column >= 0)
    np.add.at(table, (row[known], column[known]), frame["staff"].to_numpy(dtype=np.int64)[known])
    return table
