"""The training needs: from the survey to all published tables, computed once for every report."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.errors import DataError
from ropsanalysis.stats.tables import frame
from ropsanalysis.training_needs.answers import Answers, answers, tabulate
from ropsanalysis.training_needs.drivers import drivers
from ropsanalysis.training_needs.groups import differences, pooled_gaps
from ropsanalysis.training_needs.need import Need, estimate
from ropsanalysis.training_needs.parameters import TrainingParameters
from ropsanalysis.training_needs.plan import PlanTables, plan_tables
from ropsanalysis.training_needs.profiles import Profiles, profiles
from ropsanalysis.training_needs.publish_counts import answers_table, profile_tables, quality_table, response_table
from ropsanalysis.training_needs.publish_need import (
    agreement_table,
    cells_table,
    differences_table,
    drivers_table,
    needs_table,
    pooled_table,
    scales_table,
)
from ropsanalysis.training_needs.sample import Sample, read_sample
from ropsanalysis.training_needs.schema import Inputs
from ropsanalysis.training_needs.shield import Shield, shield

QUESTIONS: Final = {
    "position": "Stanowisko",
    "tenure": "Staż pracy",
    "education": "Wykształcenie",
    "form": "Forma szkolenia",
    "time": "Termin szkolenia",
    "barrier": "Przeszkoda",
    "wanted": "Chęć szkolenia",
    "profile": "Profil potrzeb",
}
"""Names of the questions in the audit of protection."""

PROTECTION_COLUMNS: Final = {
    "system": "str", "cells": "Int64", "hidden": "Int64", "width_required": "Float64", "width_smallest": "Float64",
    "gap": "Float64", "verdict": "str",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NationalTables:
    """Every table that the reports read; whatever stands here may be published.

    Numbers are rounded and hidden ones empty, with the ``reason`` beside them: "" shown, "protected", "imprecise" or
    "none". ``teryt`` is "00" for Poland, whose rows are absent where one voivodeship was surveyed.

    Attributes
    ----------
    response, quality, answers
        Who answered, what weighting did, and what they said about themselves and the trainings they prefer.
    needs, needs_by_institution, pooled
        Measures of need by competence; by institution type, as observed and by the mixed model.
    agreement, differences, drivers, scales
        How alike the methods order competences; tests of institution types; the ordered logits; reliability.
    profiles, profile_shares, profile_quality
        Typical profiles. The first row of the quality is that of the number of profiles chosen.
    plan, plan_summary, plan_limits, plan_curve, plan_coverage, plan_conflicts
        See `plan.PlanTables`.
    protection
        Audit of every system of tables that was protected.
    competences, institutions, options
        Words of the catalogue.
    """

    response: pd.DataFrame
    quality: pd.DataFrame
    answers: pd.DataFrame
    needs: pd.DataFrame
    needs_by_institution: pd.DataFrame
    pooled: pd.DataFrame
    agreement: pd.DataFrame
    differences: pd.DataFrame
    drivers: pd.DataFrame
    scales: pd.DataFrame
    profiles: pd.DataFrame
    profile_shares: pd.DataFrame
    profile_quality: pd.DataFrame
    plan: pd.DataFrame
    plan_summary: pd.DataFrame
    plan_limits: pd.DataFrame
    plan_curve: pd.DataFrame
    plan_coverage: pd.DataFrame
    plan_conflicts: pd.DataFrame
    protection: pd.DataFrame
    competences: pd.DataFrame
    institutions: pd.DataFrame
    options: pd.DataFrame


def assess(inputs: Inputs, *, parameters: TrainingParameters) -> NationalTables:
    """Compute, protect and round all tables of the training needs.

    Parameters
    ----------
    inputs
        Survey, frame, offer, targets and words; any number of voivodeships.
    parameters
        Choices of method.

    Returns
    -------
    NationalTables
        The same for the same input, whatever the order of the survey's rows; no input is changed.

    Raises
    ------
    DataError
        If nobody in the survey belongs to the frame.
    DisclosureError
        If a hidden count cannot be protected.
    """
    sample = read_sample(inputs)
    if not len(sample):
        raise DataError(
            "Ankieta potrzeb szkoleniowych: żadna odpowiedź nie pochodzi z województwa i typu instytucji, które mają "
            "pracowników w operacie (training_frame). Proszę uzupełnić operat albo poprawić te kolumny ankiety."
        )
    need = estimate(sample, parameters=parameters)
    questions = answers(sample, need.weighting, parameters=parameters)
    types = profiles(sample, parameters=parameters)
    shares = _profile_shares(sample, need, types, parameters)
    wishes = _wishes(sample, need)
    labels = _labels(inputs)
    guard = shield(
        sample,
        need,
        [*questions, *(extra for extra in (wishes, shares) if extra is not None)],
        names=dict(zip(inputs.competences["key"], inputs.competences["name"], strict=True)),
        labels=labels,
        parameters=parameters,
    )
    response = response_table(sample, need.weighting, guard, parameters=parameters)
    needs = needs_table(sample, need, guard, parameters=parameters)
    cells = cells_table(sample, need, guard, parameters=parameters)
    pooled = pooled_table(sample, pooled_gaps(sample, parameters=parameters), cells, guard, parameters=parameters)
    # A type named in a test has at least ``min_base`` answers: that would narrow down a hidden base.
    tested = differences(sample, need.weighting, shown=~guard.need[:, :-1], parameters=parameters)
    gaps, profile_shares, profile_quality = profile_tables(sample, types, shares, guard, parameters=parameters)
    return NationalTables(
        response=response,
        quality=quality_table(sample, need.weighting, guard, response),
        answers=answers_table(sample, questions, guard, parameters=parameters),
        needs=needs,
        needs_by_institution=cells,
        pooled=pooled,
        agreement=agreement_table(sample, need, needs),
        differences=differences_table(sample, tested, parameters=parameters),
        drivers=drivers_table(sample, drivers(sample, parameters=parameters), labels, parameters=parameters),
        scales=scales_table(sample, parameters=parameters),
        profiles=gaps,
        profile_shares=profile_shares,
        profile_quality=profile_quality,
        **_plan(plan_tables(inputs, needs, cells, pooled, parameters=parameters)),
        protection=_protection(guard),
        competences=inputs.competences.copy(),
        institutions=inputs.institutions.copy(),
        options=inputs.options.copy(),
    )


def _wishes(sample: Sample, need: Need) -> Answers | None:
    """Return the wish list as a question with ticks, None where it was not asked."""
    known = ~np.isnan(sample.wanted)
    if not known.any():
        return None
    return Answers(
        question="wanted",
        options=sample.competences,
        single=False,
        base=need.wanted_base,
        share=need.wanted,
        precise=need.wanted_precise,
        counts=sample.counts(sample.wanted == 1).sum(axis=1),
        answered=sample.counts(known).sum(axis=1).max(axis=1),
    )


def _profile_shares(
    sample: Sample, need: Need, found: Profiles | None, parameters: TrainingParameters
) -> Answers | None:
    if found is None:
        return None
    chosen = (found.labels[:, None] == np.arange(len(found.gap))).astype(np.float64)
    chosen[found.labels < 0] = np.nan
    numbers = tuple(str(number) for number in range(1, len(found.gap) + 1))
    return tabulate(sample, need.weighting, "profile", numbers, chosen, single=True, parameters=parameters)


def _labels(inputs: Inputs) -> dict[tuple[str, str], str]:
    """Polish names of questions (option "") and of their options."""
    labels = {(question, ""): name for question, name in QUESTIONS.items()}
    labels |= {(q, option): label for q, option, label in inputs.options[["question", "option", "label"]].to_numpy()}
    labels |= {("wanted", key): name for key, name in inputs.competences[["key", "name"]].to_numpy()}
    return labels


def _plan(tables: PlanTables) -> dict[str, pd.DataFrame]:
    return {field.name: getattr(tables, field.name) for field in fields(tables)}


def _protection(guard: Shield) -> pd.DataFrame:
    rows = [{name: getattr(row, name) for name in PROTECTION_COLUMNS} for row in guard.audit]
    table = frame(rows, PROTECTION_COLUMNS)
    for name in ("width_smallest", "gap"):
        table[name] = table[name].astype("float64").round(4).astype("Float64")
    return table
