"""Refuses register lists that hold personal data.

A register of entities holds numbers of tax payers and names of entities by its nature; what it must not hold is a
PESEL or an e-mail address of somebody. Telephone numbers are not looked for: a REGON looks like one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ropsanalysis.io.answers import normalise
from ropsanalysis.io.findings import Finding
from ropsanalysis.io.identifiers import NAMES, Kind, find_kinds
from ropsanalysis.io.surveys import SurveyTable

LOOKED_FOR: Final[tuple[Kind, ...]] = ("email", "pesel")
FREE_ROLES: Final = frozenset({"id", "name", "start_reason", "end_reason"})
"""Roles whose columns hold words; in the others only numbers, days and closed lists are read."""

_PERSONAL: Final = frozenset({"pesel", "imie", "imiona", "imienia", "nazwisko", "nazwiska", "nazwiskiem"})
_EXPECTED: Final = "plik bez danych, które wskazują osobę"
_REMOVE: Final = (
    "Proszę usunąć te dane i wgrać plik ponownie. Pliku nie użyto, a samych wartości nigdzie nie zapisano ani nie "
    "pokazano."
)


def guard_list(file: str, table: SurveyTable, roles: Mapping[str, str], *, sheet: str = "") -> list[Finding]:
    """Search the columns of a list that hold words, and those that nobody needs.

    Parameters
    ----------
    file
        Path inside the project.
    roles
        Column of each role that is read; empty for a sheet that is not.
    sheet
        Name of the sheet where it is not the one that is read.
    """
    found: list[Finding] = []
    role_of = {column: role for role, column in roles.items()}
    place = f"arkusz „{sheet}”: " if sheet and not find_kinds(sheet) else "inny arkusz: " if sheet else ""
    for position, (header, column) in enumerate(zip(table.header, table.columns, strict=True), start=1):
        in_header = _kinds(header)
        label = header if header and not in_header else f"kolumna nr {position}"
        if in_header:
            found.append(_blocking(file, f"{place}{label}", f"nazwa kolumny zawiera: {_listed(in_header)}"))
        role = role_of.get(header)
        if role is not None and role not in FREE_ROLES:
            continue
        hits: dict[Kind, list[int]] = {}
        for number, text in enumerate(column.texts):
            for kind in _kinds(text):
                hits.setdefault(kind, []).append(number)
        for kind, numbers in sorted(hits.items()):
            told = f"{NAMES[kind]}, liczba wierszy: {column.count(numbers)}"
            found.append(_blocking(file, f"{place}{label}", told))
        if not hits and not in_header and _PERSONAL & set(normalise(header).split()) and any(column.texts):
            found.append(_named(file, f"{place}{label}", mapped=role is not None))
    return found


def _kinds(text: str) -> list[Kind]:
    kinds = find_kinds(text)
    return [kind for kind in LOOKED_FOR if kind in kinds]


def _blocking(file: str, column: str, found: str) -> Finding:
    return Finding("ES-10", "blocking", file, None, column, found, _EXPECTED, _REMOVE)


def _named(file: str, column: str, *, mapped: bool) -> Finding:
    if mapped:
        return _blocking(file, column, "nazwa kolumny wskazuje na dane osobowe")
    remedy = "Kolumny nie wczytano. Proszę usunąć ją z pliku."
    return Finding("ES-10", "warning", file, 1, column, "nazwa kolumny wskazuje na dane osobowe", _EXPECTED, remedy)


def _listed(kinds: list[Kind]) -> str:
    return ", ".join(NAMES[kind] for kind in kinds)
