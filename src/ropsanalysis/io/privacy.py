"""Refuses files that hold identifiers of persons: every column, header and sheet is searched before anything else."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import Final

from ropsanalysis.io.answers import normalise
from ropsanalysis.io.findings import Finding, Prefix
from ropsanalysis.io.identifiers import NAMES, Kind, find_in_column, find_kinds
from ropsanalysis.io.surveys import Opened, SurveyTable, from_raw
from ropsanalysis.io.tabular import RawTable
from ropsanalysis.io.workbook_guard import Sheet

SEED: Final = "seed"
"""Column that LimeSurvey fills with a random number, often of nine digits, which is no telephone number."""

_PERSONAL: Final = frozenset(
    {"imie", "imiona", "nazwisko", "adres", "ulica", "pesel", "email", "mail", "telefon", "tel", "komorka"}
    | {"firstname", "lastname", "surname", "phone", "ip", "ipaddr"}
    | {"imienia", "nazwiska", "adresu", "telefonu", "komorkowy", "maila"}
)
_PHRASES: Final = ("e mail", "numer telefonu", "data urodzenia", "kod pocztowy", "first name", "last name")
_EXPECTED: Final = "plik bez danych, które wskazują osobę"
_REMEDY: Final = (
    "Proszę usunąć te dane w programie źródłowym i wgrać plik ponownie. Pliku nie użyto, a samych wartości nigdzie "
    "nie zapisano ani nie pokazano."
)
_AMOUNT: Final = re.compile(r"[+-]?\d[\d\s.,–-]*(?:zł|PLN)?", re.IGNORECASE)
_PESEL_DIGITS: Final = 11


def guard_sheets(file: str, sheets: Sequence[Sheet]) -> list[Finding]:
    """Search all sheets of a delivered file; the guard that `intake.open_file` takes."""
    return guard_for("TN")(file, sheets)


def guard_for(prefix: Prefix, *, numbers: Collection[str] = ()) -> Callable[[str, Sequence[Sheet]], list[Finding]]:
    """Return a guard for `intake.open_file` whose findings are numbered for a topic.

    Parameters
    ----------
    numbers
        Columns of amounts and of numbers of entities (NIP, REGON, KRS, of an entry): nine or ten digits there are no
        telephone and no PESEL that lost its zero. Eleven digits that make a PESEL are one anywhere.
    """

    def guard(file: str, sheets: Sequence[Sheet]) -> list[Finding]:
        found: list[Finding] = []
        for number, sheet in enumerate(sheets, start=1):
            found.extend(
                _sheet(file, number, sheet.name, from_raw(sheet.table), first=number == 1, prefix=prefix,
                       numbers=numbers if number == 1 else ())
            )  # fmt: skip
        return found

    return guard


def guard_survey(file: str, opened: Opened) -> list[Finding]:
    """Search a survey's file, its other sheets included."""
    found: list[Finding] = []
    if opened.table is not None:
        found.extend(_sheet(file, 1, opened.sheet, opened.table, first=True))
    for number, (name, table) in enumerate(opened.others, start=2):
        found.extend(_sheet(file, number, name, table, first=False))
    return found


def check_headers(file: str, table: SurveyTable, mapped: Collection[str], *, prefix: Prefix = "TN") -> list[Finding]:
    """Return findings on columns whose names promise personal data: blocking if mapped, else a warning.

    Columns without any answer, which survey programs write for anonymous surveys, are passed over in silence.
    """
    found = []
    for name, column in zip(table.header, table.columns, strict=True):
        if not _is_personal(name):
            continue
        if name in mapped:
            remedy = "Proszę wskazać w książce kodów inną kolumnę, a tę usunąć z pliku."
            found.append(Finding(f"{prefix}-11", "blocking", file, 1, name, "kolumna ma rolę w książce kodów",
                                 _EXPECTED, remedy))  # fmt: skip
        elif any(column.texts):
            found.append(Finding(f"{prefix}-11", "warning", file, 1, name, "nazwa kolumny wskazuje na dane osobowe",
                                 _EXPECTED, "Kolumny nie wczytano. Proszę usunąć ją z pliku."))  # fmt: skip
    return found


def telling_columns(file: str, table: RawTable, *, prefix: Prefix) -> tuple[Finding, ...]:
    """Return a blocking finding for each filled column whose name promises personal data, whether it is read or not."""
    survey = from_raw(table)
    return tuple(
        Finding(f"{prefix}-11", "blocking", file, 1, name, "nazwa kolumny wskazuje na dane osobowe", _EXPECTED, _REMEDY)
        for name, column in zip(survey.header, survey.columns, strict=True)
        if _is_personal(name) and any(column.texts)
    )


def _sheet(
    file: str,
    number: int,
    name: str,
    table: SurveyTable,
    *,
    first: bool,
    prefix: Prefix = "TN",
    numbers: Collection[str] = (),
) -> list[Finding]:
    found = []
    named = find_kinds(name)
    place = "" if first else f"arkusz nr {number}" if named else f"arkusz „{name}”"
    if named:
        found.append(_finding(file, place, f"nazwa arkusza nr {number} zawiera: {_listed(named)}", prefix))
    for position, (header, column) in enumerate(zip(table.header, table.columns, strict=True), start=1):
        in_header = find_kinds(header)
        label = header if header and not in_header else f"kolumna nr {position}"
        where = f"{place}: {label}" if place else label
        if in_header:
            found.append(_finding(file, where, f"nazwa kolumny zawiera: {_listed(in_header)}", prefix))
        if header in numbers:
            hits = _in_numbers(column.texts)
            found.extend(
                _finding(file, where, f"{NAMES[kind]}, liczba wierszy: {column.count(positions)}", prefix)
                for kind, positions in hits.items()
            )
            continue
        technical = normalise(header.partition(".")[0]) == SEED
        hits = find_in_column(column.texts, technical=technical)
        if column.codes is not column.texts:
            for kind, positions in find_in_column(column.codes, technical=technical).items():
                hits[kind] = sorted({*hits.get(kind, []), *positions})
        for kind, positions in hits.items():
            found.append(_finding(file, where, f"{NAMES[kind]}, liczba wierszy: {column.count(positions)}", prefix))
    return found


def _in_numbers(texts: Sequence[str]) -> dict[Kind, list[int]]:
    """Return what `find_in_column` would, of a column whose plain numbers are none of persons unless a PESEL."""
    looked_at = [
        position for position, text in enumerate(texts)
        if sum(map(str.isdecimal, text)) == _PESEL_DIGITS or not _AMOUNT.fullmatch(text)
    ]  # fmt: skip
    found = find_in_column([texts[position] for position in looked_at], technical=True)
    return {kind: [looked_at[position] for position in positions] for kind, positions in found.items()}


def _finding(file: str, column: str, found: str, prefix: Prefix) -> Finding:
    return Finding(f"{prefix}-10", "blocking", file, None, column, found, _EXPECTED, _REMEDY)


def _listed(kinds: Collection[Kind]) -> str:
    return ", ".join(NAMES[kind] for kind in sorted(kinds))


def _is_personal(header: str) -> bool:
    # A long header is a question, which may well speak of addresses or telephones.
    words = normalise(header)
    return len(words.split()) <= 3 and (
        not _PERSONAL.isdisjoint(words.split()) or any(phrase in words for phrase in _PHRASES)
    )
