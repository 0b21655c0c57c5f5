"""Finding a pattern of hidden positions, checking it, and saying what the check found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from ropsanalysis.errors import DisclosureError
from ropsanalysis.stats.disclosure_attack import TOLERANCE
from ropsanalysis.stats.disclosure_audit import audit
from ropsanalysis.stats.disclosure_suppression import Suppression, suppress
from ropsanalysis.stats.disclosure_system import CellSystem, IntVector
from ropsanalysis.stats.vocabulary import BoolVector, FloatVector

MAX_ROUNDS: Final = 25
"""Rounds of the search for the cheapest pattern, after which a heuristic completes it."""
REMEDY: Final = (
    "Połącz formy prawne o najmniejszej liczbie odpowiedzi albo zmniejsz protection_share w "
    "catalogue/social_economy_parameters.yaml (decyzja o polityce ochrony danych)."
)


@dataclass(frozen=True, slots=True)
class AuditRow:
    """What the audit found for one system of tables.

    Attributes
    ----------
    system
        Its Polish name.
    cells, hidden
        Positions in all, and hidden.
    width_required, width_smallest
        Width of the interval that an attacker may derive for a hidden number as a share of it, and the smallest found;
        for numbers of respondents in entities. NaN where nothing is hidden.
    gap
        Share of the loss by secondary suppression that a better pattern could at most have saved.
    verdict
        ``safe``: no hidden number can be derived more narrowly than required.
    """

    system: str
    cells: int
    hidden: int
    width_required: float
    width_smallest: float
    gap: float
    verdict: Literal["safe", "unsafe"]


def refuse_unsafe(audits: Sequence[AuditRow]) -> tuple[AuditRow, ...]:
    """Return the audit of tables that may all be published.

    Raises
    ------
    DisclosureError
        Naming the table (Polish) in which a hidden number can be derived too narrowly.
    """
    for row in audits:
        if row.verdict == "unsafe":
            raise DisclosureError(
                f"Ochrona danych: w zestawieniu „{row.system}” ukryto {row.hidden} z {row.cells} pozycji, ale co "
                f"najmniej jedną z ukrytych wielkości można odtworzyć zbyt dokładnie. Raporty nie powstaną. {REMEDY}"
            )
    return tuple(audits)


def find_pattern(system: CellSystem, primary: BoolVector, loss: FloatVector, *, name: str) -> Suppression:
    """Hide as little as possible; what must be hidden costs nothing.

    Raises
    ------
    DisclosureError
        If nothing that can be hidden protects it.
    """
    cost = np.where(primary, 0.0, loss)
    try:
        return suppress(system, cost=cost, primary=primary, max_rounds=MAX_ROUNDS)
    except ArithmeticError as error:
        raise DisclosureError(
            f"Ochrona danych: w zestawieniu „{name}” ukrytych wielkości nie da się ochronić przed odtworzeniem. "
            f"Raporty nie powstaną. {REMEDY}"
        ) from error


def audit_row(
    name: str, system: CellSystem, pattern: Suppression, *, size: tuple[int, int], required: float, relative: bool
) -> AuditRow:
    """Check a pattern by arithmetic alone and sum it up.

    Parameters
    ----------
    system, pattern
        The cells, and what is hidden of them.
    size
        Positions of the table, and hidden ones.
    required
        Width of protection: as a share of the number if ``relative``, else in its unit.
    """
    checked = audit(system, pattern.hidden, pattern.proof.moves)
    width = checked.width
    if relative:
        # Where all answered nothing, width is no share of it; whether it is enough is part of the verdict.
        some = system.values[checked.cells] != 0
        width = width[some] / np.abs(system.values[checked.cells][some])
    else:
        # Where everybody knows that fewer than required can have answered, doubt about all of them is enough.
        full = checked.width >= system.width[checked.cells] - TOLERANCE
        width = np.where(full, np.maximum(width, required), width)
    return AuditRow(
        system=name,
        cells=size[0],
        hidden=size[1],
        width_required=required,
        width_smallest=round(float(width.min()), 4) if width.size else float("nan"),
        gap=round(pattern.gap, 4),
        verdict="safe" if checked.safe else "unsafe",
    )


def find_company(
    system: CellSystem,
    primary: BoolVector,
    loss: FloatVector,
    *,
    single: BoolVector,
    holds: BoolVector,
    lines: Sequence[IntVector],
    name: str,
) -> Suppression:
    """Find a pattern in which no entity that answered can work out another one from its line's published numbers.

    Parameters
    ----------
    system, primary, loss, name
        As in `find_pattern`.
    single
        Shape (n_groups,): positions with the contribution of one entity.
    holds
        Shape (n_groups,): positions that hold anything.
    lines
        Positions that add up to nothing, with their signs.

    Notes
    -----
    An entity alone in a hidden position knows its number, so in a line with only one more hidden number it would know
    that one too. The pattern is sought again with the cheapest third position hidden as well.
    """
    while True:
        pattern = find_pattern(system, primary, loss, name=name)
        more = lonely_lines(pattern.hidden, single, holds, loss, lines)
        if not more.any():
            return pattern
        primary = pattern.hidden | more


def lonely_lines(
    hidden: BoolVector, single: BoolVector, holds: BoolVector, loss: FloatVector, lines: Sequence[IntVector]
) -> BoolVector:
    """Third positions to hide where one of only two hidden in a line is a single entity's; see `find_company`.

    Examples
    --------
    >>> hidden, single = np.array([True, True, False, False]), np.array([True, False, False, False])
    >>> lonely_lines(hidden, single, np.ones(4, dtype=bool), np.array([1.0, 1.0, 3.0, 2.0]), [np.arange(4)])
    array([False, False, False,  True])
    """
    more = np.zeros(hidden.size, dtype=np.bool_)
    for line in lines:
        gone = line[hidden[line] & holds[line]]
        left = line[~hidden[line] & holds[line]]
        if gone.size == 2 and single[gone].any() and left.size:
            more[left[np.argmin(loss[left])]] = True
    return more
