"""Which rows of which tables may be shown: lines up the protection of response, needs, wishes, answers, profiles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ropsanalysis.training_needs.answers import Answers
from ropsanalysis.training_needs.need import Need, is_precise
from ropsanalysis.training_needs.parameters import TrainingParameters
from ropsanalysis.training_needs.protection import (
    AuditRow,
    Protected,
    protect_response,
    protect_shares,
    protect_table,
)
from ropsanalysis.training_needs.sample import Counts, Sample

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Shield:
    """What must not be shown, with totals last on an axis (Poland, all institution types).

    Attributes
    ----------
    response
        Shape (u, i + 1): numbers of respondents.
    need
        Shape (u, i + 1, j): shares in need and their bases.
    answers
        Question ("wanted" and "profile" among them) -> shape (u, options): shares and bases.
    audit
        One row per protected system.
    """

    response: BoolArray
    need: BoolArray
    answers: dict[str, BoolArray]
    audit: tuple[AuditRow, ...]


def shield(
    sample: Sample,
    need: Need,
    questions: list[Answers],
    *,
    names: dict[str, str],
    labels: dict[tuple[str, str], str],
    parameters: TrainingParameters,
) -> Shield:
    """Protect all tables of counts together.

    Parameters
    ----------
    names
        Polish names of competences.
    labels
        Polish names of questions (option "") and options.

    Raises
    ------
    DisclosureError
        If a hidden count cannot be protected.
    """
    respondents = sample.respondents
    response = protect_response(respondents, staff=sample.staff, parameters=parameters)
    shares = protect_shares(
        sample.counts(sample.gap > 0),
        sample.counts(~np.isnan(sample.gap)),
        respondents=respondents,
        response=response,
        weights=need.weighting.by_cell,
        staff=sample.staff,
        prehidden=_too_vague(need, response, parameters),
        names=[f"Luka: {names[key]}" for key in sample.competences],
        parameters=parameters,
    )
    withheld = response.hidden[:, -1]
    known = np.where(withheld[: len(sample.regions)], sample.staff.sum(axis=1), respondents.sum(axis=1))
    protected = {q.question: _protect_question(q, known, withheld, labels, parameters) for q in questions}
    return Shield(
        response=response.hidden,
        need=shares.hidden,
        answers={question: hidden for question, (hidden, _) in protected.items()},
        audit=(*response.audit, *shares.audit, *(row for _, rows in protected.values() for row in rows)),
    )


def _too_vague(need: Need, response: Protected, parameters: TrainingParameters) -> BoolArray:
    """Institution types' shares that are not shown for their base or interval; shares over all types always are."""
    vague = np.zeros((*response.hidden.shape, need.base.shape[1]), dtype=np.bool_)
    vague[:, : need.cell_base.shape[1]] = (need.cell_base > 0) & ~is_precise(
        need.cell_base, need.cell_share, parameters=parameters
    )
    return vague


def _protect_question(
    question: Answers,
    known: Counts,
    withheld: BoolArray,
    labels: dict[tuple[str, str], str],
    parameters: TrainingParameters,
) -> tuple[BoolArray, tuple[AuditRow, ...]]:
    """Hidden options per unit and the audit; with a hidden base nothing of the question is shown there."""
    name = labels[question.question, ""]
    if question.single:
        table = protect_table(question.counts, upper=known, name=name, parameters=parameters, withheld=withheld)
        return table.hidden[:, :-1] | table.hidden[:, -1:], table.audit
    # Everybody sees the base of a question that allows several ticks, so each option is a table of yes and no.
    tables = [
        protect_table(
            np.column_stack((chosen, question.answered - chosen)),
            upper=known,
            name=f"{name}: {labels[question.question, option]}",
            parameters=parameters,
            withheld=withheld,
        )
        for option, chosen in zip(question.options, question.counts.T, strict=True)
    ]
    base = np.any([table.hidden[:, -1] for table in tables], axis=0)
    hidden = np.column_stack([table.hidden[:, :-1].any(axis=1) for table in tables]) | base[:, None]
    return hidden, tuple(row for table in tables for row in table.audit)
