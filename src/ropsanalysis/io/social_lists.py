"""Reads one register list: opens the file, understands each column, refuses rows that cannot be true.

Each distinct text of a column is understood once, however many rows have it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ropsanalysis.io import entity_numbers, intake
from ropsanalysis.io.answers import normalise
from ropsanalysis.io.days import is_empty, parse_day
from ropsanalysis.io.entity_names import compare_form
from ropsanalysis.io.findings import Finding, suggest
from ropsanalysis.io.gminas import Gminas, Place, region_code
from ropsanalysis.io.provenance import FileRecord, sha256
from ropsanalysis.io.row_notes import LIMIT, REJECTED, RowNotes
from ropsanalysis.io.social_mapping import ListMap, form_vocabulary, suggest_form
from ropsanalysis.io.social_privacy import guard_list
from ropsanalysis.io.surveys import Column, SurveyTable, from_raw
from ropsanalysis.io.tabular import RawTable, from_records
from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_economy.schema import SIZE_CLASSES

RECORD_COLUMNS: Final = (
    "list", "row", "id", "name", "nip", "regon", "krs", "legal_form", "teryt", "start", "end", "start_reason",
    "end_reason", "verified", "size_class", "since", "until", "plain", "core", "family",
)  # fmt: skip
"""What is known of each accepted row; `list` is the position of its list, the last three are its name compared."""
DAYS: Final = ("start", "end", "verified", "since", "until")
NAMELESS: Final = "(bez nazwy)"

_STATUS_SINCE: Final = SocialEconomyParameters().status_since
_LONGEST: Final = 300
_HEADER_ROWS: Final = 20  # a title and its notes may stand above the header
_CORRECT: Final = "Proszę poprawić wartość w rejestrze albo w liście."
_REFUSED: Final = "Wiersz pominięto. Proszę poprawić wartość w rejestrze albo w liście."
_DAY: Final = "dzień, np. 2024-03-31 albo 31.03.2024"
_COUNT: Final = re.compile(r"\d{1,6}(?:[.,]\d+)?")
_RANGE: Final = re.compile(r"(?:od )?(\d+) (?:do )?(\d+)(?: osob.*| prac.*)?")
_LARGER: Final = re.compile(r"(powyzej |ponad |wiecej niz )?(\d+)( i wiecej| lub wiecej| plus)?(?: osob.*| prac.*)?")
_BOTH: Final = frozenset({"brak danych", "nieznana", "0 9", "do 9", "do 9 osob", "mikro"})
_OPEN: Final = 50

Mask = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]
Moments = npt.NDArray[np.datetime64]


@dataclass(slots=True)
class ListRead:
    """One list as it was read.

    Attributes
    ----------
    mapping
        Its description.
    records
        Accepted rows, columns `RECORD_COLUMNS`; None if the file cannot be used.
    notes
        Findings on rows, and refused rows; more may be added.
    number, name
        Position among all lists; what its records are named by.
    findings
        Findings on the file as a whole.
    """

    mapping: ListMap
    notes: RowNotes
    number: int
    name: str
    records: pd.DataFrame | None = None
    findings: list[Finding] = field(default_factory=list)
    _table: SurveyTable | None = None
    _sha256: str = ""
    _bytes: int = 0

    @property
    def file(self) -> str:
        """Path of the list inside the project."""
        return self.notes.file

    def rejected(self) -> pd.DataFrame:
        """Return the refused rows: columns `row_notes.REJECTED`, the record being the cells that were read."""
        table = self._table
        if table is None:
            return pd.DataFrame(columns=list(REJECTED))
        places = {int(row): position for position, row in enumerate(table.rows)}
        columns = [table.column(name) for name in self.mapping.columns.values()]
        return self.notes.rejected(lambda row: [column.texts[int(column.positions[places[row]])] for column in columns])

    def record(self, rows_out: int) -> tuple[FileRecord, ...]:
        """Return the provenance; none if there was no file."""
        if not self._sha256:
            return ()
        rows = len(self._table.rows) if self._table is not None else 0
        source = self.mapping.source
        return (FileRecord(self.file, self._sha256, self._bytes, rows, rows_out, "social_registers", source),)


def read_list(mapping: ListMap, folder: Path, *, label: str, number: int, name: str, gminas: Gminas) -> ListRead:
    """Read the list that a description describes.

    Parameters
    ----------
    folder
        Where the file lies.
    label
        Path of the folder inside the project.
    number, name
        Position of the list among all; what its records are named by.
    gminas
        Where places are looked up.

    Notes
    -----
    Bad files never raise; a blocking finding leaves no records.
    """
    file = f"{label}/{mapping.file}"
    read = ListRead(mapping, RowNotes(file), number, name)
    path = folder / mapping.file
    if not path.is_file():
        read.findings.append(
            Finding("ES-02", "blocking", file, None, "", "brak pliku", f"plik, na który wskazuje {mapping.path}",
                    "Proszę wgrać plik do tego folderu albo poprawić pole „file” w opisie listy.")
        )  # fmt: skip
        return read
    if path.stat().st_size > intake.LARGEST_FILE:
        read.findings.append(intake.too_large(file, "ES"))
        return read
    data = path.read_bytes()
    read._sha256, read._bytes = sha256(data), len(data)
    sheets = intake.read_sheets(file, data, prefix="ES", every=True, sheet=mapping.sheet)
    if isinstance(sheets, Finding):
        read.findings.append(sheets)
        return read
    table = from_raw(_below_titles(sheets[0].table, set(mapping.columns.values())))
    table = replace(table, header=tuple(_one_line(name) for name in table.header))
    read.findings += guard_list(file, table, mapping.columns)
    for sheet in sheets[1:]:
        read.findings += guard_list(file, from_raw(sheet.table), {}, sheet=sheet.name or "bez nazwy")
    del sheets
    read.findings += _check_header(file, table, mapping)
    if not any(finding.severity == "blocking" for finding in read.findings):
        read._table = table
        read.records = _Rows(table, mapping, read.notes, gminas).read(number)
    return read


def _below_titles(raw: RawTable, wanted: set[str]) -> RawTable:
    """Return the table below its titles: from the first row on that has all names of columns."""
    if wanted <= {_one_line(name) for name in raw.header}:
        return raw
    for position, row in enumerate(raw.rows[:_HEADER_ROWS]):
        if wanted <= {_one_line(cell) for cell in row.cells}:
            return from_records([(one.number, one.cells) for one in raw.rows[position:]], raw.delimiter)
    return raw


def _one_line(name: str) -> str:
    """Return a heading without the line breaks that narrow columns have."""
    return " ".join(name.split())


def _check_header(file: str, table: SurveyTable, mapping: ListMap) -> Iterator[Finding]:
    header = [name for name in table.header if name]
    for role, name in mapping.columns.items():
        times = header.count(name)
        if times == 0:
            near = suggest(name, header)
            yield Finding("ES-01", "blocking", file, 1, name, f"kolumny: {', '.join(header[:30])}",
                          f"kolumna „{name}” ({role} w {mapping.path})",
                          f"Proszę poprawić nazwę kolumny w opisie listy. {near}".strip())  # fmt: skip
        elif times > 1:
            yield Finding("ES-21", "blocking", file, 1, name, f"kolumna występuje {times} razy", "jeden raz",
                          "Proszę zmienić nazwę albo usunąć powtórzoną kolumnę.")  # fmt: skip
    if not len(table.rows):
        yield Finding("ES-04", "blocking", file, None, "", "nagłówek bez wierszy danych",
                      "co najmniej jeden wiersz danych", "Proszę sprawdzić, czy eksport się zakończył.")  # fmt: skip


class _Rows:
    """Understands the columns of one list."""

    def __init__(self, table: SurveyTable, mapping: ListMap, notes: RowNotes, gminas: Gminas) -> None:
        self._table, self._map, self._notes, self._gminas = table, mapping, notes, gminas
        self._size = len(table.rows)
        self._as_of = np.datetime64(mapping.as_of, "s")

    def read(self, number: int) -> pd.DataFrame:
        self._check_width()
        numbers: dict[str, Texts] = {kind: self._number(kind) for kind in entity_numbers.KINDS}
        names, compared = self._words("name"), self._compared()
        days = self._all_days()
        values: dict[str, Any] = {
            "list": np.full(self._size, number),
            "row": self._table.rows,
            "id": self._words("id"),
            "name": np.where(names == "", NAMELESS, names),
            **numbers,
            "legal_form": self._forms(),
            "teryt": self._places(),
            **days,
            "start_reason": self._words("start_reason"),
            "end_reason": self._words("end_reason"),
            "size_class": self._sizes(),
            **compared,
        }
        unknown = (names == "") & np.logical_and.reduce([found == "" for found in numbers.values()])
        self._note("ES-18", "name", unknown, "brak nazwy i identyfikatora", "nazwa, NIP, REGON albo KRS",
                   _REFUSED, refuse=True)  # fmt: skip
        kept = ~np.isin(self._table.rows, list(self._notes.refused))
        frame = pd.DataFrame(values)[list(RECORD_COLUMNS)]
        return frame[kept].reset_index(drop=True)

    # --- helpers ------------------------------------------------------------------------------------------

    def _column(self, role: str) -> Column | None:
        name = self._map.columns.get(role)
        return self._table.column(name) if name else None

    def _label(self, role: str) -> str:
        return self._map.columns.get(role, role)

    def _text(self, role: str, position: int) -> str:
        column = self._column(role)
        return column.texts[int(column.positions[position])] if column else ""

    def _note(
        self,
        code: str,
        role: str,
        wrong: Mask,
        found: Callable[[int], str] | str,
        expected: str,
        remedy: str,
        *,
        refuse: bool = False,
    ) -> None:
        """Note the rows of a mask; `found` tells, for all or by position, what stands there."""
        positions = np.flatnonzero(wrong)
        if len(positions):
            tell = found if callable(found) else lambda _: found
            places = [(int(self._table.rows[position]), tell(int(position))) for position in positions]
            self._notes.add(code, self._label(role), places, expected, remedy, refuse=refuse)

    def _shown(self, role: str) -> Callable[[int], str]:
        return lambda position: f"„{self._text(role, position)}”" if self._text(role, position) else "pusta komórka"

    def _words(self, role: str) -> Texts:
        column = self._column(role)
        if column is None:
            return np.full(self._size, "", dtype=object)
        return _spread(column, [" ".join(text.split())[:_LONGEST] for text in column.texts])

    def _compared(self) -> dict[str, Texts]:
        """Return what names are compared by."""
        column = self._column("name")
        if column is None:
            return {part: np.full(self._size, "", dtype=object) for part in ("plain", "core", "family")}
        names = [compare_form(text) for text in column.texts]
        return {
            "plain": _spread(column, [name.plain for name in names]),
            "core": _spread(column, [name.core for name in names]),
            "family": _spread(column, [name.family for name in names]),
        }

    # --- roles --------------------------------------------------------------------------------------------

    def _check_width(self) -> None:
        width = len([name for name in self._table.header if name])
        self._note("ES-21", "", self._table.ragged, "inna liczba komórek niż w nagłówku",
                   f"liczba komórek jak w nagłówku: {width}",
                   "Wiersz pominięto. Proszę sprawdzić rozdzielniki i cudzysłowy w tym wierszu.",
                   refuse=True)  # fmt: skip

    def _number(self, kind: entity_numbers.Kind) -> Texts:
        column = self._column(kind)
        if column is None:
            return np.full(self._size, "", dtype=object)
        read = [entity_numbers.read(kind, text) for text in column.texts]
        wrong = np.array([one.wrong for one in read], dtype=bool)[column.positions]
        mended = np.array([one.mended for one in read], dtype=bool)[column.positions]
        name = entity_numbers.NAMES[kind]
        self._note("ES-18", kind, wrong, lambda row: f"{name} {_digits_of(self._text(kind, row))}",
                   entity_numbers.EXPECTED[kind],
                   "Numeru nie użyto, podmiot pozostał. Proszę sprawdzić numer w rejestrze.")  # fmt: skip
        self._note("ES-18", kind, mended, f"{name} bez zera na początku", "numer zapisany jako tekst",
                   "Zero przywrócono. Proszę zapisać kolumnę jako tekst.")  # fmt: skip
        return _spread(column, [one.value for one in read])

    def _forms(self) -> Texts:
        if self._map.legal_form or "legal_form" not in self._map.columns:
            return np.full(self._size, self._map.legal_form, dtype=object)
        column = self._table.column(self._map.columns["legal_form"])
        known = form_vocabulary() | dict(self._map.legal_forms)
        keys = _spread(column, [known.get(normalise(text), "") for text in column.texts])
        unknown = np.flatnonzero(keys == "")
        if len(unknown):
            # One finding for each unknown word, not for each row that has it.
            by_text = dict(zip(column.positions[unknown][::-1], unknown[::-1], strict=True))
            for text_number, first in sorted(by_text.items(), key=lambda item: int(item[1])):
                text = column.texts[int(text_number)]
                rows = self._table.rows[unknown[column.positions[unknown] == text_number]]
                near = suggest_form(text) if text else ""
                found = f"„{text[:80]}”" if text else "pusta komórka"
                place = (int(self._table.rows[first]), f"{found}, liczba wierszy: {len(rows)}")
                self._notes.add(
                    "ES-16", self._label("legal_form"), [place],
                    "forma prawna z katalogu albo z pola legal_forms w opisie listy",
                    f"Wiersze pominięto. Proszę poprawić formę albo dopisać ją w opisie listy. {near}".strip(),
                )  # fmt: skip
                self._notes.refuse("ES-16", [int(row) for row in rows], found)
        return keys

    def _places(self) -> Texts:
        codes, gmina = self._column("teryt"), self._column("gmina")
        result = np.full(self._size, "", dtype=object)
        problems = np.full(self._size, "brak gminy", dtype=object)
        if codes is not None:
            found = self._gminas.by_codes(codes.texts, region=self._map.region)
            result, problems = (
                _spread(codes, [one.teryt for one in found]),
                _spread(codes, [one.problem for one in found]),
            )
            mended = np.array([one.mended for one in found], dtype=bool)[codes.positions]
            self._note("ES-40", "teryt", mended, lambda row: f"kod „{self._text('teryt', row)}” bez zera na początku",
                       "kod zapisany jako tekst", "Zero przywrócono. Proszę zapisać kolumnę jako tekst.")  # fmt: skip
        if gmina is not None:
            open_ = result == "" if codes is None else np.array([not text for text in codes.texts])[codes.positions]
            for position in np.flatnonzero(open_):
                place = self._named(int(position))
                result[position], problems[position] = place.teryt, place.problem
        if not self._map.attaches:
            role = "teryt" if codes is not None else "gmina"
            for position in np.flatnonzero(result == "")[:LIMIT]:
                if str(problems[position]).startswith("nieznana"):
                    near = self._gminas.near(self._text("gmina", int(position)))
                    problems[position] = f"{problems[position]}. {near}".strip(" .")
            self._note("ES-15", role, result == "", lambda row: str(problems[row]),
                       "gmina z wykazu TERYT", _REFUSED, refuse=True)  # fmt: skip
        return result

    def _named(self, position: int) -> Place:
        region = self._map.region or region_code(self._text("region", position))
        return self._gminas.by_name(self._text("gmina", position), self._text("powiat", position), region)

    def _sizes(self) -> Texts:
        for role, read in (("size_class", _size_class), ("staff", _staff_class)):
            column = self._column(role)
            if column is not None:
                classes = [read(text) for text in column.texts]
                wrong = np.array([one is None for one in classes], dtype=bool)[column.positions]
                expected = f"jedna z klas: {', '.join(SIZE_CLASSES)}" if role == "size_class" else "liczba osób"
                self._note("ES-38", role, wrong, self._shown(role), expected,
                           "Wartości nie użyto, podmiot pozostał. Proszę ją poprawić.")  # fmt: skip
                return _spread(column, [one or None for one in classes])
        return np.full(self._size, None, dtype=object)

    # --- days ---------------------------------------------------------------------------------------------

    def _all_days(self) -> dict[str, Moments]:
        start, bad_start = self._days("start")
        end, bad_end = self._days("end")
        verified, bad_verified = self._days("verified")
        if not self._map.attaches:
            bad_start |= np.isnat(start)
            self._note("ES-11", "start", bad_start, self._shown("start"), _DAY, _REFUSED, refuse=True)
            # Nobody knows then whether the entity is still there.
            self._note("ES-11", "end", bad_end, self._shown("end"), _DAY, _REFUSED, refuse=True)
            self._note("ES-12", "end", end < start, lambda row: f"koniec {_iso(end[row])}, początek {_iso(start[row])}",
                       "koniec nie wcześniejszy niż początek", _REFUSED, refuse=True)  # fmt: skip
            self._note("ES-26", "start", start > self._as_of, lambda row: f"początek {_iso(start[row])}",
                       f"dzień nie późniejszy niż stan listy ({self._map.as_of})",
                       "Wiersz pominięto. Proszę poprawić dzień albo pole as_of w opisie listy.",
                       refuse=True)  # fmt: skip
            end = self._without(
                end, end > self._as_of, "ES-26", "end", f"dzień nie późniejszy niż stan listy ({self._map.as_of})",
                "Przyjęto, że podmiot nadal działa. Proszę sprawdzić dzień.",
            )  # fmt: skip
        self._note("ES-11", "verified", bad_verified, self._shown("verified"), _DAY, "Dnia weryfikacji nie użyto.")
        verified = self._without(
            verified, verified > self._as_of, "ES-26", "verified",
            f"dzień nie późniejszy niż stan listy ({self._map.as_of})", "Dnia weryfikacji nie użyto.",
        )  # fmt: skip
        since, until = self._status_days()
        return {"start": start, "end": end, "verified": verified, "since": since, "until": until}

    def _status_days(self) -> tuple[Moments, Moments]:
        since, bad_since = self._days("status_since")
        until, bad_until = self._days("status_until")
        dropped = "Statusu nie wczytano, podmiot pozostał. Proszę poprawić dzień."
        self._note("ES-11", "status_since", bad_since | (np.isnat(since) & ~np.isnat(until)),
                   self._shown("status_since"), _DAY, dropped)  # fmt: skip
        self._note("ES-11", "status_until", bad_until, self._shown("status_until"), _DAY, dropped)
        since = np.where(bad_until, np.datetime64("NaT", "s"), since)
        first = np.datetime64(_STATUS_SINCE, "s")
        since = self._without(
            since, since < first, "ES-13", "status_since",
            "dzień od 30.10.2022, kiedy powstał status przedsiębiorstwa społecznego", dropped,
        )  # fmt: skip
        since = self._without(
            since, since > self._as_of, "ES-26", "status_since",
            f"dzień nie późniejszy niż stan listy ({self._map.as_of})", dropped,
        )  # fmt: skip
        reversed_ = until < since
        self._note("ES-12", "status_until", reversed_,
                   lambda row: f"utrata statusu {_iso(until[row])}, nadanie {_iso(since[row])}",
                   "utrata nie wcześniejsza niż nadanie", dropped)  # fmt: skip
        since = np.where(reversed_, np.datetime64("NaT", "s"), since)
        until = self._without(
            until, (until > self._as_of) & ~np.isnat(since), "ES-26", "status_until",
            f"dzień nie późniejszy niż stan listy ({self._map.as_of})", "Przyjęto, że status nadal trwa.",
        )  # fmt: skip
        return since, np.where(np.isnat(since), np.datetime64("NaT", "s"), until)

    def _days(self, role: str) -> tuple[Moments, Mask]:
        """Return the days of a column, and where something stands that is none."""
        column = self._column(role)
        if column is None:
            return np.full(self._size, np.datetime64("NaT", "s")), np.zeros(self._size, dtype=bool)
        days = [None if is_empty(text) else parse_day(text) for text in column.texts]
        moments = np.array([np.datetime64("NaT", "s") if day is None else np.datetime64(day, "s") for day in days])
        bad = np.array([day is None and not is_empty(text) for day, text in zip(days, column.texts, strict=True)])
        return moments.astype("datetime64[s]")[column.positions], bad.astype(bool)[column.positions]

    def _without(self, days: Moments, wrong: Mask, code: str, role: str, expected: str, remedy: str) -> Moments:
        """Return the days without the wrong ones, which are noted."""
        self._note(code, role, wrong, lambda row: f"dzień {_iso(days[row])}", expected, remedy)
        return np.where(wrong, np.datetime64("NaT", "s"), days)


def _spread(column: Column, values: Sequence[object]) -> Texts:
    """Return the value of each distinct text for each row."""
    distinct = np.empty(len(values), dtype=object)
    distinct[:] = values
    spread: Texts = distinct[column.positions]
    return spread


def _iso(moment: np.datetime64) -> str:
    return str(np.datetime_as_string(moment, unit="D"))


def _digits_of(text: str) -> str:
    """Return how a finding may name a wrong number: eleven digits may be a PESEL, so they are only counted."""
    digits = sum(sign.isdecimal() for sign in text)
    if 8 <= digits <= 10 and len(text) <= 16:
        return f"„{text}”"
    return f"(liczba cyfr: {digits})"


def _size_class(text: str) -> str | None:
    """Return the size class; an empty text where none is given or two are possible; None if it cannot be read."""
    words = normalise(text.replace("+", " plus").replace("<", " ponizej ").replace(">", " powyzej "))
    if not words or is_empty(text):
        return ""
    if words in _BOTH:  # nothing, or two classes at once
        return ""
    bounds, number = _RANGE.fullmatch(words), _LARGER.fullmatch(words)
    if bounds:
        low, high = int(bounds[1]), int(bounds[2])
        return _class_of(low) if _class_of(low) == _class_of(high) else None
    if number:
        staff = int(number[2])
        return _class_of(staff) if staff >= _OPEN or not (number[1] or number[3]) else None
    return None


def _staff_class(text: str) -> str | None:
    if is_empty(text):
        return ""
    plain = text.replace("\u00a0", "").replace(" ", "")
    return _class_of(math.ceil(float(plain.replace(",", ".")))) if _COUNT.fullmatch(plain) else None


def _class_of(staff: int) -> str:
    """Return the size class of a number of persons."""
    return SIZE_CLASSES[int(np.searchsorted((1, 10, 50), staff, side="right"))]
