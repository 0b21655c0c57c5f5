"""Who lacks what: ordered logits of the gap on institution group, position, tenure and education."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from ropsanalysis.stats.comparison import adjust
from ropsanalysis.stats.ordinal import brant, marginal_effects, ordered_logit
from ropsanalysis.stats.vocabulary import FloatMatrix
from ropsanalysis.training_needs.parameters import TrainingParameters
from ropsanalysis.training_needs.sample import MISSING, Codes, Sample

LARGE_GAP: Final = 2
"""Gap, in points of the scale, whose probability the effects are about."""
TOP_CATEGORY: Final = 3
"""Gaps this large or larger form the highest category; none, or a negative one, the lowest."""
MERGED: Final = "merged"
"""Level that joins those with too few respondents."""


@dataclass(frozen=True, slots=True)
class Driver:
    """Association of one level of one term with a large gap in one competence.

    Attributes
    ----------
    competence
        Index.
    term, level, reference
        Keys: the term's key, its level, and the level it is compared with.
    effect, low, high
        Average marginal effect on the probability of a gap of ``LARGE_GAP`` points or more.
    p_value, p_adjusted
        Of no effect; the latter corrected for all effects in the table.
    proportional_p, proportional_ok
        Test that the term's effect is the same at all thresholds (NaN where it cannot be made), and whether it stands
        after correction for the number of tests.
    n
        Respondents in the model.
    """

    competence: int
    term: str
    level: str
    reference: str
    effect: float
    low: float
    high: float
    p_value: float
    p_adjusted: float
    proportional_p: float
    proportional_ok: bool
    n: int


@dataclass(frozen=True, slots=True)
class Term:
    """A categorical predictor: level of each respondent (`MISSING` where not said) and the levels' keys."""

    name: str
    codes: Codes
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Coded:
    """A term as dummy columns against its most frequent level."""

    term: Term
    columns: tuple[int, ...]
    reference: int
    others: tuple[int, ...]


def drivers(sample: Sample, *, parameters: TrainingParameters) -> list[Driver]:
    """Effects of all terms on the gap in every competence, over the whole survey.

    Notes
    -----
    Categories of the outcome are a gap of at most 0, 1, 2, and 3 or more points; a category with fewer than
    ``min_base`` respondents is joined with the next lower one, and without ``min_base`` gaps of 2 points there is no
    model. Levels with fewer than ``min_base`` respondents are merged into one, and left out if that is still too small.
    Who lacks an answer is left out. The model is not weighted: it holds the institution group, on which response
    depends. Benjamini-Hochberg over all effects (and, apart, over all checks of proportional odds): a table to look for
    patterns in, where a bounded share of false ones is acceptable.
    """
    terms = terms_of(sample)
    found = [row for j in range(len(sample.competences)) for row in _one_competence(sample, j, terms, parameters)]
    if not found:
        return []
    p_adjusted = adjust([row.p_value for row in found], method="benjamini_hochberg")
    checks = {(row.competence, row.term): row.proportional_p for row in found}
    checked = dict(zip(checks, adjust(list(checks.values()), method="benjamini_hochberg"), strict=True))
    return [
        Driver(
            row.competence, row.term, row.level, row.reference, row.effect, row.low, row.high, row.p_value, float(p),
            row.proportional_p, not checked[row.competence, row.term] < parameters.alpha, row.n,
        )
        for row, p in zip(found, p_adjusted, strict=True)
    ]  # fmt: skip


def terms_of(sample: Sample) -> list[Term]:
    """Institution group, and the questions of the profile that were asked."""
    groups = tuple(dict.fromkeys(sample.group))
    of_type = np.array([groups.index(group) for group in sample.group])
    terms = [Term("institution_group", of_type[sample.institution], groups)]
    return terms + [
        Term(question, codes, sample.options[question])
        for question, codes in sample.profile.items()
        if question in sample.options and (codes != MISSING).any()
    ]


def merge_levels(term: Term, *, below: int) -> Term:
    """Join levels with fewer respondents than this into one, or leave them out if that is still too small."""
    counts = np.bincount(term.codes[term.codes >= 0], minlength=len(term.levels))
    small = counts < below
    kept = np.flatnonzero(~small)
    target = kept.size if counts[small].sum() >= below else MISSING
    mapping = np.full(len(term.levels) + 1, target)
    mapping[kept] = np.arange(kept.size)
    mapping[-1] = MISSING  # code -1 looks up the last entry
    merged = (MERGED,) if target != MISSING else ()
    return Term(term.name, mapping[term.codes], tuple(term.levels[level] for level in kept) + merged)


def _one_competence(sample: Sample, j: int, terms: list[Term], parameters: TrainingParameters) -> list[Driver]:
    gap = sample.gap[:, j]
    complete = ~np.isnan(gap)
    for term in terms:
        complete &= term.codes != MISSING
    rows = np.flatnonzero(complete)
    # Leaving out rare levels of one term can thin out another, so this is repeated until nothing changes.
    while True:
        merged = [merge_levels(Term(t.name, t.codes[rows], t.levels), below=parameters.min_base) for t in terms]
        left = np.all([term.codes != MISSING for term in merged], axis=0)
        if left.all():
            break
        rows = rows[left]
    outcome = np.clip(gap[rows], 0, TOP_CATEGORY).astype(np.int64)
    while outcome.max(initial=0) > LARGE_GAP and (outcome == outcome.max()).sum() < parameters.min_base:
        outcome = np.minimum(outcome, outcome.max() - 1)
    sizes = np.bincount(outcome, minlength=LARGE_GAP + 1)
    if sizes[LARGE_GAP:].sum() < parameters.min_base or (sizes < 1).any():
        return []
    coded, matrix = _dummies([term for term in merged if len(term.levels) > 1])
    if not coded:
        return []
    return _effects(j, outcome, matrix, coded, confidence=parameters.confidence)


def _dummies(terms: list[Term]) -> tuple[list[_Coded], FloatMatrix]:
    coded: list[_Coded] = []
    columns: list[FloatMatrix] = []
    start = 0
    for term in terms:
        counts = np.bincount(term.codes, minlength=len(term.levels))
        reference = int(counts.argmax())
        others = tuple(level for level in range(len(term.levels)) if level != reference)
        columns.append((term.codes[:, None] == np.array(others)).astype(np.float64))
        coded.append(_Coded(term, tuple(range(start, start + len(others))), reference, others))
        start += len(others)
    return coded, np.hstack(columns) if columns else np.empty((0, 0))


def _effects(j: int, outcome: Codes, matrix: FloatMatrix, coded: list[_Coded], *, confidence: float) -> list[Driver]:
    fit = ordered_logit(outcome, matrix)
    if not fit.converged:
        return []
    columns = [item.columns for item in coded]
    checks = brant(outcome, matrix, terms=columns)
    if np.isnan(checks).any() and outcome.max() > LARGE_GAP:
        # Too few gaps in the highest category for a logit of its own: the lower thresholds can still be compared.
        checks = brant(np.minimum(outcome, outcome.max() - 1), matrix, terms=columns)
    rows = []
    for item, check in zip(coded, checks, strict=True):
        effects = marginal_effects(fit, matrix, columns=item.columns, category=LARGE_GAP, confidence=confidence)
        rows += [
            Driver(
                j, item.term.name, item.term.levels[level], item.term.levels[item.reference], float(effect), float(low),
                float(high), float(p), float("nan"), float(check), True, outcome.size,
            )
            for level, effect, low, high, p in zip(
                item.others, effects.effect, effects.low, effects.high, effects.p_value, strict=True
            )
        ]  # fmt: skip
    return rows
