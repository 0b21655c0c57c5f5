"""Reads the description of a register list: which file, which register, and which of its columns means what."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ropsanalysis.errors import DataError
from ropsanalysis.io import catalogue, plain_yaml
from ropsanalysis.io.answers import normalise
from ropsanalysis.io.days import parse_day
from ropsanalysis.io.findings import Finding, suggest
from ropsanalysis.io.gminas import region_code
from ropsanalysis.io.identifiers import find_kinds

SUFFIXES: Final = (".csv", ".xlsx")
ROLES: Final = (
    "id", "name", "nip", "regon", "krs", "legal_form", "teryt", "gmina", "powiat", "region", "start", "end",
    "start_reason", "end_reason", "verified", "size_class", "staff", "status_since", "status_until",
)  # fmt: skip
"""What a column of a list may mean."""

_KEYS: Final = (
    "file", "source", "as_of", "covers_from", "closures", "legal_form", "region", "sheet", "columns", "legal_forms",
)  # fmt: skip
_YES: Final = frozenset({"true", "yes", "tak", "prawda", "1"})
_NO: Final = frozenset({"false", "no", "nie", "fałsz", "0"})
_REMEDY: Final = "Proszę poprawić opis listy według dokumentacji."


@dataclass(frozen=True, slots=True)
class ListMap:
    """What a description says.

    Attributes
    ----------
    path
        Path of the description inside the project, for findings.
    file
        Name of the list's file in the same folder.
    source
        Name of the register, as reports print it.
    as_of
        Day that the list describes, ISO.
    covers_from
        First day from which the list would show an entity, ISO; empty if from its start.
    closures
        Whether closed entities stay in the list.
    legal_form
        Key of the one form of all rows; empty if a column tells it, or if nothing does.
    region
        TERYT of the one voivodeship of all rows; empty if there are several.
    sheet
        Name of the sheet; empty for the first.
    columns
        Column of each role of `ROLES` that the list has.
    legal_forms
        Key for each spelling of a form, normalised.
    """

    path: str
    file: str
    source: str
    as_of: str
    covers_from: str
    closures: bool
    legal_form: str
    region: str
    sheet: str
    columns: Mapping[str, str]
    legal_forms: Mapping[str, str]

    @property
    def attaches(self) -> bool:
        """Whether the list only adds to entities of other lists: it says nothing of form or beginning."""
        return "start" not in self.columns


def read_mapping(path: Path, *, label: str) -> tuple[ListMap | None, tuple[Finding, ...]]:
    """Read a description and check it.

    Parameters
    ----------
    label
        Path of the folder inside the project, for findings.

    Returns
    -------
    tuple
        The description, or None where a finding is blocking; and all findings.
    """
    reader = _Reader(f"{label}/{path.name}")
    try:
        document = plain_yaml.load(path)
    except DataError as error:
        reader.note("", str(error), "krótki plik YAML w UTF-8")
        return None, tuple(reader.findings)
    mapping = reader.read(document)
    return (None if reader.findings else mapping), tuple(reader.findings)


def form_vocabulary() -> dict[str, str]:
    """Return the key of every spelling of a legal form that the catalogue knows, normalised."""
    return {
        normalise(word): entry.key
        for entry in catalogue.legal_forms()
        for word in (entry.key, entry.name, entry.short, *entry.aliases)
    }


def suggest_form(text: str) -> str:
    """Return a Polish question with the nearest legal form, or an empty text."""
    known = form_vocabulary()
    names = {entry.key: entry.name for entry in catalogue.legal_forms()}
    near = suggest(normalise(text)[:80], list(known))
    if not near:
        return ""
    keys = dict.fromkeys(known[word] for word in re.findall(r"„(.*?)”", near))
    return f"Czy chodziło o {' albo '.join(f'„{names[key]}”' for key in keys)}?"


class _Reader:
    """Turns the document into a description; collects every finding, not only the first."""

    def __init__(self, file: str) -> None:
        self.findings: list[Finding] = []
        self._file = file

    def note(self, column: str, found: str, expected: str, remedy: str = _REMEDY, *, code: str = "ES-08") -> None:
        self.findings.append(Finding(code, "blocking", self._file, None, column, found, expected, remedy))

    def read(self, document: object) -> ListMap:
        book = self._mapping(document, "", _KEYS)
        columns = {
            role: " ".join(self._text(column, f"columns: {role}").split())
            for role, column in self._mapping(book.get("columns"), "columns", ROLES).items()
            if role in ROLES
        }
        mapping = ListMap(
            path=self._file,
            file=self._list_file(book.get("file")),
            source=self._source(book.get("source")),
            as_of=self._day(book.get("as_of"), "as_of"),
            covers_from=self._day(book["covers_from"], "covers_from") if "covers_from" in book else "",
            closures=self._boolean(book["closures"], "closures") if "closures" in book else "end" in columns,
            legal_form=self._form(book["legal_form"], "legal_form") if "legal_form" in book else "",
            region=self._region(book["region"]) if "region" in book else "",
            sheet=self._text(book["sheet"], "sheet") if "sheet" in book else "",
            columns=columns,
            legal_forms=self._forms(book["legal_forms"]) if "legal_forms" in book else {},
        )
        self._check(mapping, form_given="legal_form" in book)
        return mapping

    def _check(self, mapping: ListMap, *, form_given: bool) -> None:
        columns = mapping.columns
        if not {"name", "nip", "regon", "krs"} & set(columns):
            self.note("columns", "brak kolumny, po której można rozpoznać podmiot", "kolumna name, nip, regon lub krs")
        if mapping.attaches:
            if "status_since" not in columns:
                self.note("columns", "brak kolumny start", "kolumna start (dzień wpisu albo rozpoczęcia działalności), "
                          "a w liście przedsiębiorstw społecznych kolumna status_since")  # fmt: skip
        else:
            if "name" not in columns:
                self.note("columns", "brak kolumny name", "kolumna z nazwą podmiotu")
            if not form_given and "legal_form" not in columns:
                self.note("legal_form", "brak formy prawnej", "jedna forma w polu legal_form albo columns: legal_form")
            if "teryt" not in columns and "gmina" not in columns:
                self.note("columns", "brak gminy", "kolumna teryt albo kolumny gmina i powiat")
        if form_given and "legal_form" in columns:
            self.note("legal_form", "forma podana dwa razy: w polu i w kolumnie", "pole legal_form albo kolumna")
        if mapping.closures and "end" not in columns and not mapping.attaches:
            self.note("closures", "lista ma zawierać zamknięte podmioty, a nie ma kolumny end",
                      "columns: end albo closures: false")  # fmt: skip
        if mapping.covers_from and mapping.as_of and mapping.covers_from > mapping.as_of:
            self.note(
                "covers_from", f"{mapping.covers_from}, później niż as_of", f"dzień nie późniejszy niż {mapping.as_of}"
            )
        if mapping.as_of > (datetime.datetime.now(tz=datetime.UTC).date() + datetime.timedelta(days=1)).isoformat():
            self.note("as_of", f"dzień z przyszłości: {mapping.as_of}", "dzień, którego dotyczy lista", code="ES-26")
        used: dict[str, str] = {}
        for role, column in columns.items():
            if column and column in used:
                self.note(
                    role, f"kolumna „{column}” wskazana dwa razy: {used[column]} oraz {role}", "jedna rola kolumny"
                )
            used[column] = role

    def _mapping(self, value: object, name: str, known: tuple[str, ...]) -> dict[str, Any]:
        if not isinstance(value, dict):
            found = "brak" if value in (None, "") else "nie jest listą „nazwa: wartość”"
            self.note(name, found, f"wpisy: {', '.join(known)}")
            return {}
        for key in value:
            if key not in known:
                near = suggest(str(key), known)
                self.note(name, f"nieznany wpis „{key}”", f"wpisy: {', '.join(known)}", near or _REMEDY, code="ES-09")
        return value

    def _text(self, value: object, name: str) -> str:
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.note(name, "brak tekstu", "niepusty tekst")
        return ""

    def _source(self, value: object) -> str:
        source = " ".join(self._text(value, "source").split())
        if find_kinds(source):  # reports print it
            self.note("source", "nazwa rejestru zawiera dane osobowe", "nazwa bez danych osoby", code="ES-10")
            return ""
        return source

    def _list_file(self, value: object) -> str:
        name = self._text(value, "file")
        # Only a plain name: a description must not lead the reader out of its folder.
        if name and (name in (".", "..") or re.search(r"[/\\:\x00]", name)):
            self.note("file", "ścieżka zamiast nazwy pliku", "nazwa pliku w tym samym folderze")
        elif not find_kinds(name).isdisjoint(("pesel", "email")):
            self.note("file", "nazwa pliku zawiera dane osobowe", "nazwa bez danych osoby", code="ES-10")
        elif name and not name.lower().endswith(SUFFIXES):
            self.note("file", f"„{name}”", f"nazwa pliku z rozszerzeniem {', '.join(SUFFIXES)}")
        return name

    def _day(self, value: object, name: str) -> str:
        day = parse_day(value) if isinstance(value, str) else None
        if day is None:
            self.note(name, f"„{value}”" if isinstance(value, str) else "brak", "dzień, np. 2025-12-31")
            return ""
        return day.isoformat()

    def _boolean(self, value: object, name: str) -> bool:
        word = value.strip().casefold() if isinstance(value, str) else ""
        if word not in _YES | _NO:
            self.note(name, f"„{value}”" if isinstance(value, str) else "brak", "true albo false")
        return word in _YES

    def _form(self, value: object, name: str) -> str:
        text = self._text(value, name)
        key = form_vocabulary().get(normalise(text), "")
        if text and not key:
            known = ", ".join(entry.key for entry in catalogue.legal_forms())
            near = suggest_form(text)
            self.note(name, f"nieznana forma prawna „{text}”", f"klucz z katalogu: {known}",
                      f"Proszę poprawić klucz. {near}".strip(), code="ES-16")  # fmt: skip
        return key

    def _forms(self, value: object) -> dict[str, str]:
        if not isinstance(value, dict):
            self.note("legal_forms", "nie jest listą „zapis: klucz”", 'np. {"Fundacja": ngo}')
            return {}
        return {normalise(str(text)): self._form(key, f"legal_forms: {text}") for text, key in value.items()}

    def _region(self, value: object) -> str:
        code = region_code(value) if isinstance(value, str) else ""
        if not code:
            self.note("region", "nieznane województwo", "nazwa albo dwucyfrowy kod TERYT województwa", code="ES-40")
        return code
