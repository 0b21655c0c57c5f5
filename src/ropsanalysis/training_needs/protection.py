"""Which numbers of the survey may be shown: response, shares with their bases, answers by voivodeship.

In every table totals come last on their axis, and an axis of length 1 has none (`with_totals`): counts (R, I) of
R voivodeships and I institution types give ``hidden`` of shape (R + 1, I + 1), for one voivodeship (1, I + 1),
for regions alone, counts (R, 1), it is (R + 1, 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from ropsanalysis.errors import DisclosureError
from ropsanalysis.stats.disclosure_attack import TOLERANCE, Attacker
from ropsanalysis.stats.disclosure_audit import Audit, audit, prove, witness_tables
from ropsanalysis.stats.disclosure_rules import is_small_count
from ropsanalysis.stats.disclosure_suppression import Suppression, suppress
from ropsanalysis.stats.disclosure_system import CellSystem, table_system, with_totals
from ropsanalysis.training_needs.protection_system import share_system

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

TOTAL_COST: Final = 100.0
"""Hiding a total loses so many times more than hiding a part of the same base: every reader looks for it."""

REMAINDER_WIDTH: Final = 2
"""Persons by which the number of those who said no, which no table prints, must stay uncertain at least."""

WITNESS_REACH: Final = 2.0
"""Tables that could stand behind the published response lie within so many protection widths of the true one."""

MAX_ROUNDS: Final = 12
"""Rounds of the search for the cheapest pattern; three to six are usual, the rest is left to the heuristic."""

WITNESS_DIGITS: Final = 6
"""Digits that the solver is sure of; in two-way tables the witnesses are whole numbers."""

RESPONSE: Final = "Liczba odpowiedzi według województw i typów instytucji"

_REMEDY: Final = (
    "Połącz najmniejsze typy instytucji albo odpowiedzi, albo zmniejsz protection_width w "
    "catalogue/training_parameters.yaml (decyzja o polityce ochrony danych)."
)


class Rules(Protocol):
    """The parameters that protection reads; `TrainingParameters` has them."""

    @property
    def threshold(self) -> int:
        """Fewest respondents of a count that may be shown."""

    @property
    def protection_width(self) -> int:
        """Narrowest interval that an attacker may derive for a hidden count."""

    @property
    def zero_is_disclosive(self) -> bool:
        """Whether "nobody" is as telling as "one"."""

    @property
    def share_digits(self) -> int:
        """Digits behind the point that shares (0-1) are published with."""

    @property
    def statutory_min_units(self) -> int:
        """Fewest units of an aggregate by the statute of official statistics."""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """What the audit found for one system of tables.

    Attributes
    ----------
    system
        Its Polish name.
    cells, primary, secondary
        Positions in all, hidden for their own sake, hidden to protect others.
    width_required, width_smallest
        Protection interval in persons (a cell with fewer staff needs only as many), and the smallest found of
        the cells that need it; NaN where nothing is hidden.
    gap
        Share of the loss by secondary suppression that a better pattern could at most have saved.
    verdict
        ``safe``: no hidden count can be derived more narrowly than required.
    """

    system: str
    cells: int
    primary: int
    secondary: int
    width_required: float
    width_smallest: float
    gap: float
    verdict: Literal["safe", "unsafe"]

    @property
    def hidden(self) -> int:
        """All hidden positions: the number that may be published, since where none is secondary all are small."""
        return self.primary + self.secondary


@dataclass(frozen=True, slots=True)
class Protected:
    """A table that may be published.

    Attributes
    ----------
    hidden
        The table with its totals: true where the count must not be shown.
    witnesses
        Shape (w, rows, columns): tables without totals that an attacker cannot tell from the true one, which
        is the first. Between them every hidden count varies by its required width.
    audit
        One row.
    """

    hidden: BoolArray
    witnesses: FloatArray
    audit: tuple[AuditRow, ...]

    def by_region(self) -> Protected:
        """Return the same protection where only the voivodeships' totals are used: one column."""
        return replace(self, hidden=self.hidden[:, -1:], witnesses=self.witnesses.sum(axis=2, keepdims=True))


@dataclass(frozen=True, slots=True)
class ProtectedShares:
    """Shares that may be published with their bases.

    Attributes
    ----------
    hidden
        Shape (rows, columns, k), with totals: true where neither share nor base may be shown.
    audit
        One row for each of the k questions.
    """

    hidden: BoolArray
    audit: tuple[AuditRow, ...]


def protect_response(respondents: IntArray, *, staff: IntArray, parameters: Rules) -> Protected:
    """Protect the numbers of respondents by voivodeship and institution type.

    Parameters
    ----------
    respondents
        Shape (R, I).
    staff
        Shape (R, I), persons employed; everybody knows them, and that no more can have answered.
    parameters
        Threshold and width of protection.

    Raises
    ------
    DisclosureError
        If a hidden count cannot be protected.
    """
    system = table_system(respondents, inner_high=np.maximum(staff, respondents))
    full = with_totals(respondents)
    return _protect_counts(system, full, _sensitive(full, parameters), name=RESPONSE, parameters=parameters)


def protect_table(
    counts: IntArray, *, upper: IntArray, name: str, parameters: Rules, withheld: BoolArray | None = None
) -> Protected:
    """Protect counts of single-choice answers by voivodeship, with base (last column) and Poland (last row).

    Parameters
    ----------
    counts
        Shape (R, K): respondents of each voivodeship by answer.
    upper
        Shape (R,): what everybody knows to be the largest possible base: respondents where they are published,
        otherwise staff.
    name
        Polish name of the question.
    parameters
        Threshold and width of protection.
    withheld
        Shape (R [+ 1],): rows hidden as a whole, because their number of respondents is; none by default.

    Raises
    ------
    DisclosureError
        If a hidden count cannot be protected.

    Notes
    -----
    The shares are published weighted and rounded; treating them as exact counts gives the attacker more than
    he has.
    """
    base = np.maximum(upper, counts.sum(axis=1))[:, None]
    ceiling = np.repeat(base, counts.shape[1], axis=1)
    high = with_totals(ceiling).astype(np.float64)
    if counts.shape[1] > 1:
        high[:, -1:] = with_totals(base)
    system = replace(table_system(counts, inner_high=ceiling), high=high.ravel())
    full = with_totals(counts)
    primary = _sensitive(full, parameters)
    if withheld is not None:
        primary = primary | withheld[:, None]
    return _protect_counts(system, full, primary, name=name, parameters=parameters)


def protect_shares(
    yes: IntArray,
    valid: IntArray,
    *,
    respondents: IntArray,
    response: Protected,
    weights: FloatArray,
    staff: IntArray,
    prehidden: BoolArray,
    names: Sequence[str],
    parameters: Rules,
) -> ProtectedShares:
    """Protect the shares of K questions with their bases, by voivodeship and institution type.

    Parameters
    ----------
    yes, valid
        Shape (R, I, K): respondents who said yes, who answered.
    respondents, staff
        Shape (R, I), as in `protect_response`.
    response
        Its result; for shares by voivodeship alone (I = 1) ``response.by_region()``.
    weights
        Shape (R, I): weight of a respondent, NaN where there is none. With I = 1 the weighted share of a
        voivodeship is taken for its exact count, more than the attacker has.
    prehidden
        Positions hidden for another reason (too few answers, too wide an interval), with totals:
        (R [+ 1], I [+ 1], K). They cost nothing and are protected like all others.
    names
        Polish names of the K questions.
    parameters
        Threshold, width of protection, digits of shares.

    Returns
    -------
    ProtectedShares
        A position is hidden in all questions where the number of respondents is hidden.

    Raises
    ------
    DisclosureError
        If a hidden count cannot be protected.
    ValueError
        If the response was protected for other counts.

    Notes
    -----
    A position is sensitive if fewer than the threshold answered, said yes or said no. See
    `protection_system.share_system` for what the attacker knows, and why question by question is enough.
    """
    if (
        not np.allclose(response.witnesses[0], respondents)
        or (response.witnesses.max(axis=0) > np.maximum(staff, respondents)).any()
    ):
        raise ValueError("response: it was protected for other numbers of respondents or staff")
    hidden = np.zeros(prehidden.shape, dtype=np.bool_)
    audits = []
    unknown = response.hidden[: yes.shape[0], : yes.shape[1]]
    for k, name in enumerate(names):
        system = share_system(
            yes[:, :, k],
            valid[:, :, k],
            weights=np.nan_to_num(weights),
            response_hidden=unknown,
            witnesses=response.witnesses,
            width=parameters.protection_width,
            remainder_width=REMAINDER_WIDTH,
            digits=parameters.share_digits,
        )
        base, said = with_totals(valid[:, :, k]), with_totals(yes[:, :, k])
        split = _sensitive(said, parameters) | _sensitive(base - said, parameters)
        forced = _sensitive(base, parameters) | ((base > 0) & split) | prehidden[:, :, k] | response.hidden
        found = _suppress(system, base, forced, name=name)
        hidden[:, :, k] = found.hidden.reshape(forced.shape)
        checked = audit(system, found.hidden, found.proof.moves)
        audits.append(_audit_row(name, checked, found, int(forced.sum()), system, parameters))
    return ProtectedShares(hidden, refuse_unsafe(audits))


def refuse_unsafe(audits: Sequence[AuditRow]) -> tuple[AuditRow, ...]:
    """Return the audit of tables that may all be published.

    Raises
    ------
    DisclosureError
        Naming the tables (Polish) in which a hidden count can be derived too narrowly.
    """
    for row in audits:
        if row.verdict == "unsafe":
            raise DisclosureError(
                f"Ochrona danych: w zestawieniu „{row.system}” ukryto {row.primary + row.secondary} z {row.cells} "
                f"liczb, ale co najmniej jedną z nich można odtworzyć z dokładnością do {row.width_smallest:.0f} os. "
                f"(wymagany przedział: {row.width_required:.0f} os.). Raporty nie powstaną. {_REMEDY}"
            )
    return tuple(audits)


def _protect_counts(
    system: CellSystem, full: IntArray, primary: BoolArray, *, name: str, parameters: Rules
) -> Protected:
    system = replace(system, width=np.minimum(parameters.protection_width, system.high))
    found = _suppress(system, full, primary, name=name)
    cells = np.flatnonzero(system.hidden_cells(found.hidden) & system.needs_protection)
    near = prove(Attacker(_near(system, WITNESS_REACH * parameters.protection_width), found.hidden), cells)
    tables = np.round(witness_tables(found.proof if near.failures else near, cells), WITNESS_DIGITS)
    checked = audit(system, found.hidden, list(tables - system.values))
    shape = tuple(length - (length > 1) for length in full.shape)
    return Protected(
        hidden=found.hidden.reshape(full.shape),
        witnesses=tables.reshape(-1, *full.shape)[:, : shape[0], : shape[1]],
        audit=refuse_unsafe([_audit_row(name, checked, found, int(primary.sum()), system, parameters)]),
    )


def _near(system: CellSystem, reach: float) -> CellSystem:
    """Return the system with cells that stay near the true values, so that its tables are rather like the true one."""
    return replace(
        system,
        low=np.maximum(system.low, system.values - reach),
        high=np.minimum(system.high, system.values + reach),
    )


def _sensitive(counts: IntArray, parameters: Rules) -> BoolArray:
    threshold = max(parameters.threshold, parameters.statutory_min_units)
    return is_small_count(counts, threshold=threshold, zero_is_disclosive=parameters.zero_is_disclosive)


def _suppress(system: CellSystem, base: IntArray, primary: BoolArray, *, name: str) -> Suppression:
    """Hide as little of a table as possible; what must be hidden costs nothing.

    Raises
    ------
    DisclosureError
        If nothing that can be hidden protects it.
    """
    loss = np.asarray(base, dtype=np.float64) + 1.0
    loss[-1 if base.shape[0] > 1 else slice(0), :] *= TOTAL_COST
    loss[:, -1 if base.shape[1] > 1 else slice(0)] *= TOTAL_COST
    cost = np.where(primary, 0.0, loss).ravel()
    try:
        return suppress(system, cost=cost, primary=primary.ravel(), max_rounds=MAX_ROUNDS)
    except ArithmeticError as error:
        raise DisclosureError(
            f"Ochrona danych: w zestawieniu „{name}” małych liczb nie da się ukryć tak, aby nie można ich było "
            f"odtworzyć. Raporty nie powstaną. {_REMEDY}"
        ) from error


def _audit_row(
    name: str, checked: Audit, found: Suppression, primary: int, system: CellSystem, parameters: Rules
) -> AuditRow:
    """Sum an audit up; a cell that can only vary less than the width (fewer staff) counts as the width if it does."""
    required = float(parameters.protection_width)
    positions = checked.cells[system.width[checked.cells] > 0]
    width = checked.width[np.isin(checked.cells, positions)]
    full_range = width >= np.minimum(system.width, system.high - system.low)[positions] - TOLERANCE
    effective = np.where(full_range, np.maximum(width, required), width)
    return AuditRow(
        system=name,
        cells=found.hidden.size,
        primary=primary,
        secondary=int(found.hidden.sum()) - primary,
        width_required=required,
        width_smallest=round(float(effective.min()), 6) if effective.size else float("nan"),
        gap=round(found.gap, 6),
        verdict="safe" if checked.safe else "unsafe",
    )
