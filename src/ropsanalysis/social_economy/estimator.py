"""Design-based figures for all voivodeships, legal forms and their totals at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ropsanalysis.social_economy.sample import Codes, Sample
from ropsanalysis.social_economy.weights import Weighting
from ropsanalysis.stats.disclosure_system import table_shape
from ropsanalysis.stats.survey_domains import (
    DomainEstimates,
    domain_ratios,
    domain_shares,
    estimates,
    imputation_factors,
    imputed_totals,
)
from ropsanalysis.stats.survey_domains import Sample as Answers
from ropsanalysis.stats.survey_quantiles import domain_quantiles
from ropsanalysis.stats.vocabulary import BoolVector, FloatMatrix, FloatVector

_FIELDS: Final = ("value", "low", "high", "n", "effective")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure in a table of voivodeships by legal forms, totals last (shape (r [+ 1], f [+ 1])).

    Attributes
    ----------
    value, low, high
        Estimate and ends of its interval, in the unit of the measure; NaN where nothing is known.
    base
        Entities whose answers it rests on.
    effective
        How many equally weighted answers would tell as much; infinite where all entities gave the answer.
    """

    value: FloatMatrix
    low: FloatMatrix
    high: FloatMatrix
    base: Codes
    effective: FloatMatrix


@dataclass(frozen=True, slots=True)
class Estimator:
    """Turns columns of answers, shape (n,), into figures.

    Attributes
    ----------
    sample, weighting
        Of one year.
    confidence
        Level of the intervals.
    least
        Fewest answers that must reach a quantile from either side.
    among
        Shape (n,): entities that the figures are about; None: all.
    """

    sample: Sample
    weighting: Weighting
    confidence: float
    least: int = 1
    among: BoolVector | None = None

    def totals(self, columns: Mapping[str, FloatVector]) -> dict[str, Figure]:
        """Totals over the population; see `imputation_cells` for missing answers."""
        values = _stack(columns)
        cells = imputation_cells(self.sample, self.weighting, values)
        return self._figures(
            columns,
            lambda codes, d: imputed_totals(values, self.weighting.design, cells, codes, d, confidence=self.confidence),
        )

    def ratios(self, columns: Mapping[str, tuple[FloatVector, FloatVector]]) -> dict[str, Figure]:
        """Ratios of two totals over entities that gave both; the base counts those with a denominator above 0."""
        top = _stack({name: pair[0] for name, pair in columns.items()})
        bottom = _stack({name: pair[1] for name, pair in columns.items()})
        # Without the denominator the numerator is nothing too: such entities change no ratio but would swell its base.
        top = np.where(bottom == 0, np.nan, top)
        return self._figures(
            columns,
            lambda codes, d: domain_ratios(top, bottom, self.weighting.design, codes, d, confidence=self.confidence),
        )

    def shares(self, columns: Mapping[str, FloatVector]) -> dict[str, Figure]:
        """Shares of entities; columns hold 1, 0 and NaN."""
        values = _stack(columns)
        return self._figures(
            columns,
            lambda codes, d: domain_shares(values, self.weighting.design, codes, d, confidence=self.confidence),
        )

    def quantiles(self, values: FloatVector, probabilities: Mapping[str, float]) -> dict[str, Figure]:
        """Quantiles of one column over entities."""
        return self._figures(
            probabilities,
            lambda codes, d: domain_quantiles(
                values,
                self.weighting.design,
                codes,
                d,
                probabilities=list(probabilities.values()),
                confidence=self.confidence,
                least=self.least,
            ),
        )

    def concentration(self, name: str, parts: FloatMatrix) -> dict[str, Figure]:
        r"""Herfindahl-Hirschman index of the structure of a total by k parts (shape (n, k), a row known or not).

        Notes
        -----
        :math:`H = \sum_j s_j^2` with :math:`s_j` the part's share of the total X; linearised variable
        :math:`\sum_j 2 s_j (x_{ij} - s_j x_i) / X`.
        """
        whole = np.where((parts.sum(axis=1) == 0)[:, None], np.nan, parts)

        def index(codes: Codes, domains: int) -> DomainEstimates:
            answers = Answers.of(whole, self.weighting.design, codes, domains)
            sums = answers.sums(answers.filled)
            with np.errstate(invalid="ignore", divide="ignore"):
                share = sums / sums.sum(axis=1, keepdims=True)
                own, of = share[answers.codes], sums.sum(axis=1)[answers.codes]
                scores = (2 * own * (answers.filled - own * answers.filled.sum(axis=1, keepdims=True))).sum(axis=1) / of
            first = Answers.of(whole[:, :1], self.weighting.design, codes, domains)
            scores = np.where(first.used, scores[:, None], 0.0)
            return estimates(first, (share**2).sum(axis=1, keepdims=True), scores, confidence=self.confidence)

        return self._figures([name], index)

    def _figures(
        self, names: Mapping[str, object] | list[str], estimate: Callable[[Codes, int], DomainEstimates]
    ) -> dict[str, Figure]:
        shape = table_shape(self.sample.axes.shape)
        tables = {field: np.full((*shape, len(names)), np.nan) for field in _FIELDS}
        for codes, domains, place in self.sample.levels():
            kept = codes if self.among is None else np.where(self.among, codes, -1)
            found = estimate(kept, domains)
            effective = _effective(found.n, self.weighting.weights, kept, domains)
            for field, table in tables.items():
                part = table[place]
                table[place] = (effective if field == "effective" else getattr(found, field)).reshape(part.shape)
        return {
            name: Figure(
                tables["value"][..., k],
                tables["low"][..., k],
                tables["high"][..., k],
                tables["n"][..., k].astype(np.int64),
                tables["effective"][..., k],
            )
            for k, name in enumerate(names)
        }


def imputation_cells(sample: Sample, weighting: Weighting, values: FloatMatrix) -> NDArray[np.int64]:
    """Cells, shape (n, k), within which a missing answer takes the mean of those given.

    Notes
    -----
    The strata of the weights; where nobody in one of a form's strata gave the answer, the form in the voivodeship as a
    whole. A form without any answer adds nothing.
    """
    strata, cell = weighting.strata, sample.cell
    cells = np.empty(values.shape, dtype=np.int64)
    for column in range(values.shape[1]):
        answered = np.bincount(strata, weights=~np.isnan(values[:, column]))
        silent = np.bincount(cell, weights=(answered == 0)[strata]) > 0
        cells[:, column] = np.where(silent[cell], answered.size + cell, strata)
    return cells


def effective_weights(sample: Sample, weighting: Weighting, values: FloatVector) -> FloatVector:
    """Weights with which the answers given (shape (n,)) add up to the published total; 0 for missing ones."""
    column = values[:, None]
    factor = imputation_factors(~np.isnan(column), weighting.weights, imputation_cells(sample, weighting, column))
    return np.asarray(weighting.weights * factor[:, 0])


def _effective(n: Codes, weights: FloatVector, codes: Codes, domains: int) -> FloatMatrix:
    """Kish's effective number of the n (shape (d, k)) answers of each domain; infinite for a census."""
    inside = codes >= 0
    sums = [np.bincount(codes[inside], weights=weights[inside] ** power, minlength=domains) for power in (0, 1, 2)]
    members, total, squares = (each[:, None] for each in sums)
    with np.errstate(invalid="ignore", divide="ignore"):
        kish = np.where(members > 0, total**2 / squares * n / members, 0.0)
    return np.where((n == members) & (total <= members * (1 + 1e-9)) & (n > 0), np.inf, kish)


def _stack(columns: Mapping[str, FloatVector]) -> FloatMatrix:
    return np.column_stack(list(columns.values()))
