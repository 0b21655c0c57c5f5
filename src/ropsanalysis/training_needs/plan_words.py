"""Polish words of the training plan: names of its limits and what its result means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ropsanalysis.stats.allocation import Status

BUDGET: Final = "Budżet (zł)"
SUPPORTED: Final = "Osoby objęte wsparciem"
BUDGET_FOR_ALL: Final = "Budżet potrzebny do osiągnięcia wszystkich celów (zł)"
QUALIFIED: Final = "Osoby, które uzyskają kwalifikacje"

UNITS: Final[Mapping[str, str]] = {
    "budget": "100\u00a0000\u00a0zł więcej",
    "persons_supported": "wymaganie niższe o 1 osobę",
    "persons_qualified": "wymaganie niższe o 1 osobę",
    "coverage": "wymaganie niższe o 1 osobę",
    "capacity": "1 grupa więcej",
    "trainings": "1 miejsce więcej",
    "saturated": "",
    "no_offer": "",
}
"""What the additional cover of each kind of limit is counted for."""

NO_TARGETS: Final = (
    "Brak celów i budżetu projektu dla tego województwa, dlatego planu nie wyznaczono. Proszę uzupełnić plik "
    "targets.csv."
)
NO_NEED: Final = (
    "Brak oszacowań potrzeb, które można opublikować, albo brak danych o liczbie pracowników, dlatego planu nie "
    "wyznaczono."
)
_RESULTS: Final[Mapping[Status, str]] = {
    "optimal": "Lepszego planu w tych warunkach nie ma: program to udowodnił.",
    "gap": (
        "Plan spełnia wszystkie warunki, ale w wyznaczonym czasie nie udowodniono, że lepszego nie ma. Podano, o ile "
        "co najwyżej pokrycie potrzeb mogłoby być większe."
    ),
    "infeasible": "Celów projektu nie da się osiągnąć jednocześnie.",
    "unsolved": "W wyznaczonym czasie nie znaleziono planu ani nie dowiedziono, że go nie ma.",
}
_NEAREST: Final = "Przedstawiono plan, który jest najbliższy celom."
_MORE_MONEY: Final = "Osiągnięcie wszystkich celów wymaga większego budżetu."
_MONEY_IS_NOT_ENOUGH: Final = (
    "Większy budżet nie wystarczy: ograniczeniem jest liczba dostępnych grup, liczba pracowników albo liczba osób, "
    "które potrzebują szkoleń."
)


def message(
    status: Status,
    *,
    found: bool,
    affordable: bool | None,
    without_offer: Sequence[str],
    without_estimate: Sequence[str],
) -> str:
    """Say what came out, in sentences without numbers.

    Parameters
    ----------
    status
        What the solver found for the targets as they are.
    found
        Whether there is a plan, be it the nearest one.
    affordable
        Whether more money would make impossible targets possible; None where that was not asked, or not answered.
    without_offer, without_estimate
        Short names of the competences that no training addresses, and of those whose need is not published.
    """
    parts = [_RESULTS[status]]
    if status == "infeasible" and found:
        parts.append(_NEAREST)
    if affordable is not None:
        parts.append(_MORE_MONEY if affordable else _MONEY_IS_NOT_ENOUGH)
    if without_offer:
        parts.append(f"Brak oferty szkoleń dla kompetencji: {_quoted(without_offer)}.")
    if without_estimate:
        parts.append(f"Plan pomija kompetencje, których potrzeby nie można podać: {_quoted(without_estimate)}.")
    return " ".join(parts)


def _quoted(names: Sequence[str]) -> str:
    *first, last = [f"„{name}”" for name in names]
    return f"{', '.join(first)} i {last}" if first else last


def coverage(institution: str) -> str:
    """Name the least number of persons of an institution type."""
    return f"Wymagana liczba osób: {institution}"


def capacity(competence: str, form: str) -> str:
    """Name the most groups of an offer."""
    return f"Dostępne grupy: {competence}, {form[:1].lower()}{form[1:]}"


def trainings(institution: str) -> str:
    """Name the most seats of an institution type."""
    return f"Limit miejsc: {institution}"


def saturated(competence: str) -> str:
    """Name a need that is covered in full."""
    return f"Cała potrzeba pokryta: {competence}"


def no_offer(competence: str) -> str:
    """Name a need that no offer addresses."""
    return f"Brak oferty: {competence}"
