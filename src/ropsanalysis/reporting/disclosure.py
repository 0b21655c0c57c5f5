"""What was done in each topic so that no person and no entity can be recognised: one record for every kind of data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from ropsanalysis.io.built import TOPICS

if TYPE_CHECKING:
    import pandas as pd

Basis = Literal["audit", "rules", "public", "derived"]
Verdict = Literal["safe", "unsafe", "not_audited"]

#: Topics whose published tables an attacker's calculation was tried on.
AUDITED: Final = frozenset({"training_needs", "social_economy"})
CHECKED: Final[Mapping[Basis, str]] = {
    "audit": "Zestawy publikowanych tabel: dla każdej ukrytej liczby obliczono przedział, w którym mógłby ją umieścić "
    "ktoś, kto zna wszystko, co opublikowano.",
    "rules": "Progi liczebności i reguły ukrywania z katalogu zastosowano przy przetwarzaniu danych, przed zapisaniem "
    "tabel; przedziałów nie wyznaczano.",
    "public": "Dane jawne: publikowane wskaźniki, bez danych o osobach i pojedynczych podmiotach.",
    "derived": "Wyłącznie liczby już opublikowane w raportach, z których powstało zestawienie.",
}
#: Slack for widths that were rounded before they were stored.
_ROUNDING: Final = 1e-3


@dataclass(frozen=True, slots=True)
class System:
    """What the audit found for one system of tables.

    Attributes
    ----------
    cells, hidden
        Positions in all, and hidden ones for whatever reason.
    required, found
        Width an attacker's interval must have, and the narrowest; None where nothing is hidden.
    """

    system: str
    cells: int
    hidden: int
    required: float | None
    found: float | None
    verdict: str

    @property
    def holds(self) -> bool:
        """Whether the audit passed, by its verdict and by its numbers."""
        if self.found is None or self.required is None:
            return self.verdict == "safe" and self.hidden == 0
        return self.verdict == "safe" and self.found >= self.required - _ROUNDING


@dataclass(frozen=True, slots=True)
class Record:
    """What was checked for one topic.

    Attributes
    ----------
    basis
        ``audit``: attacker's intervals were computed; ``rules``: thresholds were applied when tables were made;
        ``public``: nothing to protect; ``derived``: only numbers of other reports.
    checked
        The same in Polish words.
    verdict
        ``safe`` or ``unsafe`` of an audit; ``not_audited`` elsewhere.
    narrowest
        Of the systems the one whose narrowest interval is nearest to what is required; None without an audit.
    """

    topic: str
    basis: Basis
    checked: str
    verdict: Verdict
    narrowest: System | None
    systems: tuple[System, ...]


def basis_of(key: str) -> Basis:
    """Return how a topic is protected."""
    topic = TOPICS[key]
    if topic.derived_from:
        return "derived"
    if key in AUDITED:
        return "audit"
    return "rules" if topic.confidential else "public"


def record(key: str, tables: Mapping[str, pd.DataFrame]) -> Record:
    """Return the record of a topic from its published tables."""
    basis = basis_of(key)
    if basis != "audit":
        return Record(key, basis, CHECKED[basis], "not_audited", None, ())
    return audited(key, tuple(_system(row) for row in tables["protection"].to_dict("records")))


def audited(key: str, systems: tuple[System, ...]) -> Record:
    """Return the record of an audit of systems of tables; where there is none, nothing was published."""
    verdict: Verdict = "safe" if all(system.holds for system in systems) else "unsafe"
    return Record(key, "audit", CHECKED["audit"], verdict, _narrowest(systems), systems)


def _system(row: Mapping[object, object]) -> System:
    return System(
        system=str(row["system"]),
        cells=int(str(row["cells"])),
        hidden=int(str(row["hidden"])),
        required=_width(row["width_required"]),
        found=_width(row["width_smallest"]),
        verdict=str(row["verdict"]),
    )


def _width(value: object) -> float | None:
    try:
        number = float(str(value))
    except ValueError:
        return None  # pandas has no number here
    return None if math.isnan(number) else number


def _narrowest(systems: tuple[System, ...]) -> System | None:
    known = [system for system in systems if system.found is not None and system.required]
    return min(known, key=lambda system: (system.found or 0.0) / (system.required or 1.0), default=None)
