"""Which shares of the revenue by source may be shown: voivodeships (all forms), legal forms (Poland), Poland."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from ropsanalysis.social_economy.accounts import revenue_parts
from ropsanalysis.social_economy.families import scaled_to
from ropsanalysis.social_economy.magnitudes import BoolArray, is_confidential, table_of
from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_economy.sample import Sample
from ropsanalysis.social_economy.schema import PUBLIC_SOURCES, REVENUE_SOURCES
from ropsanalysis.social_economy.suppression import AuditRow, audit_row, find_company
from ropsanalysis.social_economy.weights import Weighting
from ropsanalysis.stats.disclosure_system import ALWAYS_OPEN, IntVector, SystemBuilder, table_shape
from ropsanalysis.stats.vocabulary import BoolVector, FloatMatrix

NAME: Final = "Przychody według źródeł: województwa i źródła, formy prawne i źródła"
POLAND_COST: Final = 100.0
"""Hiding a source in Poland as a whole loses so many times more than hiding it in a voivodeship or a legal form."""

_PUBLIC: Final = np.isin(REVENUE_SOURCES, PUBLIC_SOURCES).astype(np.float64)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows that sources are published for, each with seven sources.

    Attributes
    ----------
    place
        Row and column in a table with totals, of the m rows.
    sums
        Shape (l, m): parts 1, total -1; Poland is the sum of the voivodeships, and of the legal forms.
    """

    place: tuple[tuple[int, int], ...]
    sums: sparse.csr_array

    def of(self, table: FloatMatrix) -> FloatMatrix:
        """Entries of a table with totals, shape (m,)."""
        return np.array([table[place] for place in self.place], dtype=np.float64)


def protect_sources(
    samples: Sequence[Sample],
    weightings: Sequence[Weighting],
    money: BoolArray,
    public: BoolArray,
    *,
    published: BoolVector,
    parameters: SocialEconomyParameters,
) -> tuple[BoolArray, AuditRow]:
    """Find the shares to hide.

    Parameters
    ----------
    samples, weightings
        Of all years.
    money, public
        Shape (r [+ 1], f [+ 1]): positions where the revenue and its public part are hidden.
    published
        Shape (r [+ 1],): rows that are published.
    parameters
        Rules of confidentiality.

    Returns
    -------
    hidden, audit
        Shape (r [+ 1], f [+ 1], sources), and what the audit found.

    Raises
    ------
    DisclosureError
        If a hidden share cannot be protected.

    Notes
    -----
    Shares of the revenue are taken for exact amounts, and the revenue behind them for published where it is. In every
    row sources add up to the revenue and the public ones to its public part; in every column voivodeships, and legal
    forms, add up to Poland. Inside the table of voivodeships by legal forms sources are not published at all.
    """
    rows = _rows(money.shape, published)
    k = len(REVENUE_SOURCES)
    hidden_money = rows.of(money.astype(np.float64)) > 0
    builder = SystemBuilder()
    sensitive, single, holds = (np.zeros((len(rows.place), k), dtype=np.bool_) for _ in range(3))
    for year, (sample, weighting) in enumerate(zip(samples, weightings, strict=True)):
        parts = revenue_parts(sample.answers)
        weights = np.where(np.isnan(parts[:, 0]), 0.0, weighting.weights)
        parts = np.nan_to_num(parts)
        amounts = np.column_stack([rows.of(table_of(sample, weights * part)) for part in parts.T])
        contributors = np.column_stack([rows.of(table_of(sample, (weights * part > 0) * 1.0)) for part in parts.T])
        single |= contributors == 1
        holds |= contributors > 0
        sensitive |= np.column_stack([_confidential(sample, part, weights, rows, parameters) for part in parts.T])
        answered = rows.of(table_of(sample, np.ones(len(sample)))) > 0
        _add_year(
            builder,
            year,
            amounts * scaled_to(amounts[-1]),
            answered,
            rows,
            shown=(~hidden_money, rows.of(public.astype(np.float64)) == 0),
            share=parameters.protection_share,
        )
    system = builder.build()
    primary = (sensitive | hidden_money[:, None]).ravel()
    loss = np.ones((len(rows.place), k))
    if len(rows.place) > 1 and published.all():
        loss[-1] = POLAND_COST
    pattern = find_company(
        system, primary, loss.ravel(), single=single.ravel(), holds=holds.ravel(), lines=_lines(rows, k), name=NAME
    )
    hidden = np.ones((*money.shape, k), dtype=np.bool_)
    for place, gone in zip(rows.place, pattern.hidden.reshape(-1, k), strict=True):
        hidden[place] = gone
    size = (int(holds.sum()), int((holds & pattern.hidden.reshape(-1, k)).sum()))
    row = audit_row(NAME, system, pattern, size=size, required=parameters.protection_share, relative=True)
    return hidden, row


def _rows(shape: tuple[int, ...], published: BoolVector) -> _Rows:
    """Voivodeships over all forms; with Poland published also forms, and Poland last."""
    last = (shape[0] - 1, shape[1] - 1)
    if shape[0] == 1 or not published[-1]:
        regions = [(row, last[1]) for row in range(shape[0]) if published[row]]
        return _Rows(tuple(regions), sparse.csr_array((0, len(regions))))
    regions = [(row, last[1]) for row in range(last[0])]
    forms = [(last[0], column) for column in range(last[1])]
    kinds = np.repeat([0, 1, 2], [len(regions), len(forms), 1])
    sums = np.array([(kinds == kind).astype(np.float64) - (kinds == 2) for kind in (0, 1) if (kinds == kind).any()])
    return _Rows((*regions, *forms, last), sparse.csr_array(sums))


def _confidential(
    sample: Sample, values: FloatMatrix, weights: FloatMatrix, rows: _Rows, parameters: SocialEconomyParameters
) -> BoolVector:
    marks = np.zeros(table_shape(sample.axes.shape))
    for codes, domains, place in sample.levels():
        part = marks[place]
        found = is_confidential(values, weights, codes, domains, parameters=parameters)
        marks[place] = found.reshape(part.shape)
    return np.asarray(rows.of(marks) > 0)


def _add_year(
    builder: SystemBuilder,
    year: int,
    amounts: FloatMatrix,
    answered: BoolVector,
    rows: _Rows,
    *,
    shown: tuple[BoolVector, BoolVector],
    share: float,
) -> None:
    """Add the sources (m, k) of one year, their totals and their public parts."""
    m, k = amounts.shape
    reach = 2.0 * float(amounts.sum())
    high = np.where(answered, reach, 0.0)
    of_rows = sparse.kron(sparse.eye_array(m), np.ones((1, k)))
    names = {"source": f"source {year}", "whole": f"whole {year}", "public": f"public {year}"}
    flat = amounts.ravel()
    builder.add(names["source"], flat, high=np.repeat(high, k), group=np.arange(m * k), width=flat * share)
    totals = {"whole": amounts.sum(axis=1), "public": amounts @ _PUBLIC}
    matrices = {"whole": of_rows, "public": sparse.kron(sparse.eye_array(m), _PUBLIC[None, :])}
    for (name, values), told in zip(totals.items(), shown, strict=True):
        low, top = np.where(told, values, 0.0), np.where(told, values, high)
        # A hidden public part is protected here as well; the revenue itself is by its own family.
        width = np.where(told, 0.0, values * share) if name == "public" else 0.0
        builder.add(names[name], values, low=low, high=top, group=ALWAYS_OPEN, width=width)
        builder.relate({names["source"]: matrices[name], names[name]: -sparse.eye_array(m)})
    if rows.sums.shape[0]:
        builder.relate({names["source"]: sparse.kron(rows.sums, sparse.eye_array(k))})


def _lines(rows: _Rows, k: int) -> list[IntVector]:
    """Shares that add up to something published: all sources and the public ones of a row, a source over rows."""
    places = np.arange(len(rows.place) * k).reshape(-1, k)
    lines = [line for row in places for line in (row, row[_PUBLIC > 0], row[_PUBLIC == 0])]
    return lines + [places[np.flatnonzero(one), source] for one in rows.sums.toarray() for source in range(k)]
