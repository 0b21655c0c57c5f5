"""Reads the codebook of a survey: which column answers which question, and how its answers are to be understood."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ropsanalysis.errors import DataError, UsageError
from ropsanalysis.io import catalogue, plain_yaml
from ropsanalysis.io.findings import Finding, suggest
from ropsanalysis.io.identifiers import find_kinds
from ropsanalysis.io.surveys import SUFFIXES
from ropsanalysis.regions import find
from ropsanalysis.training_needs.schema import CHOICE_QUESTIONS, PROFILE_QUESTIONS

RATINGS: Final = ("importance", "mastery")
"""Roles whose columns hold ratings of competences."""
TICKED: Final = ("Tak", "Y", "Yes", "1", "True", "X", "zaznaczono", "selected")
"""What counts as ticked where the codebook does not say."""
FIRST_YEAR: Final = 2010

_SINGLE: Final = ("person", "region", "institution", *PROFILE_QUESTIONS)
_BY_KEY: Final = (*RATINGS, "wanted", *CHOICE_QUESTIONS)
_KEYS: Final = ("survey", "year", "file", "scale", "columns", "answers", "ticked", "region")
_SCALE_KEYS: Final = ("low", "high", "not_applicable")
_NO_ANSWER: Final = ("", "null", "~")
_REMEDY: Final = "Proszę poprawić książkę kodów według opisu w dokumentacji."


@dataclass(frozen=True, slots=True)
class Codebook:
    """What a codebook says; every text is as written, surrounding blanks removed.

    Attributes
    ----------
    path
        Path of the codebook inside the project, for findings.
    title
        Title of the survey.
    year
        Year of the survey.
    file
        Name of the survey's file in the same folder.
    low, high
        Ends of the rating scale.
    not_applicable
        Answers that mean that a rating does not apply.
    single
        Column of each role with one column: person, region, institution, position, tenure, education.
    by_key
        For each role with many (importance, mastery, wanted, form, time, barrier) the column of each key.
    free_text
        Columns of free text, which are searched for identifiers and then dropped.
    answers
        For each role the key that an answer of the file stands for; an empty key means no answer.
    ticked
        Answers that mean that an option was ticked.
    region
        TERYT of the one voivodeship the survey is meant for; empty if it is meant for several.
    """

    path: str
    title: str
    year: int
    file: str
    low: int
    high: int
    not_applicable: tuple[str, ...]
    single: Mapping[str, str]
    by_key: Mapping[str, Mapping[str, str]]
    free_text: tuple[str, ...]
    answers: Mapping[str, Mapping[str, str]]
    ticked: tuple[str, ...]
    region: str

    def mapped(self) -> list[tuple[str, str]]:
        """Return role and column of every column that answers a question, free text left out."""
        many = [(f"{role}: {key}", column) for role, keys in self.by_key.items() for key, column in keys.items()]
        return [*self.single.items(), *many]


def read_codebook(path: Path, *, label: str) -> tuple[Codebook | None, tuple[Finding, ...]]:
    """Read a codebook and check it against the catalogue.

    Parameters
    ----------
    label
        Path of the folder inside the project, for findings.

    Returns
    -------
    tuple
        The codebook, or None where a finding is blocking; and all findings.
    """
    reader = _Reader(f"{label}/{path.name}")
    try:
        document = plain_yaml.load(path)
    except DataError as error:
        expected = "krótki plik YAML" if path.stat().st_size > plain_yaml.LARGEST else "plik YAML w UTF-8"
        reader.note("", str(error), expected)
        return None, tuple(reader.findings)
    codebook = reader.read(document)
    blocked = any(finding.severity == "blocking" for finding in reader.findings)
    return (None if blocked else codebook), tuple(reader.findings)


class _Reader:
    """Turns the document into a codebook; collects every finding, not only the first."""

    def __init__(self, file: str) -> None:
        self.findings: list[Finding] = []
        self._file = file

    def note(self, column: str, found: str, expected: str, remedy: str = _REMEDY, *, code: str = "TN-08") -> None:
        self.findings.append(Finding(code, "blocking", self._file, None, column, found, expected, remedy))

    def read(self, document: object) -> Codebook | None:
        book = self._mapping(document, "", _KEYS)
        scale = self._mapping(book.get("scale"), "scale", _SCALE_KEYS)
        columns = self._mapping(book.get("columns"), "columns", (*_SINGLE, *_BY_KEY, "free_text"))
        single: dict[str, str] = {role: self._text(columns[role], role) for role in _SINGLE if role in columns}
        by_key: dict[str, dict[str, str]] = {
            role: self._columns(role, columns[role]) for role in _BY_KEY if role in columns
        }
        codebook = Codebook(
            path=self._file,
            title=self._text(book.get("survey", ""), "survey"),
            year=self._number(book.get("year"), "year", FIRST_YEAR, datetime.datetime.now(tz=datetime.UTC).year + 1),
            file=self._survey_file(book.get("file")),
            low=self._number(scale.get("low"), "scale: low", 0, 10),
            high=self._number(scale.get("high"), "scale: high", 1, 11),
            not_applicable=self._texts(scale.get("not_applicable", []), "scale: not_applicable"),
            single=single,
            by_key=by_key,
            free_text=self._texts(columns.get("free_text", []), "free_text"),
            answers=self._answers(book.get("answers", {})),
            ticked=self._texts(book.get("ticked", list(TICKED)), "ticked"),
            region=self._region(book.get("region", "")),
        )
        self._check(codebook)
        return codebook

    def _check(self, book: Codebook) -> None:
        if book.low >= book.high:
            self.note("scale", f"skala od {book.low} do {book.high}", "dolny koniec skali mniejszy od górnego")
        if "institution" not in book.single:
            self.note("institution", "brak kolumny z typem instytucji", "columns: institution")
        if "region" not in book.single and not book.region:
            self.note("region", "brak kolumny z województwem", "columns: region albo jedno województwo w polu region")
        importance, mastery = (set(book.by_key.get(role, {})) for role in RATINGS)
        if not importance & mastery:
            self.note(
                "importance, mastery",
                "żadna kompetencja nie ma obu ocen",
                "kolumny z oceną ważności i opanowania tych samych kompetencji",
            )
        for key in sorted(importance ^ mastery if importance & mastery else ()):
            self.findings.append(
                Finding("TN-37", "warning", self._file, None, key, "jest tylko jedna z dwóch ocen",
                        "ocena ważności i ocena opanowania",
                        "Luki tej kompetencji nie da się policzyć. Proszę wskazać drugą kolumnę.")
            )  # fmt: skip
        used: dict[str, str] = {}
        for role, column in [*book.mapped(), *(("free_text", name) for name in book.free_text)]:
            if column in used:
                self.note(column, f"kolumna wskazana dwa razy: {used[column]} oraz {role}", "jedna rola kolumny")
            used[column] = role

    def _mapping(self, value: object, name: str, known: tuple[str, ...]) -> dict[str, Any]:
        if not isinstance(value, dict):
            found = "brak" if value in (None, "") else "nie jest listą „nazwa: wartość”"
            self.note(name, found, f"wpisy: {', '.join(known)}")
            return {}
        for key in value:
            if key not in known:
                near = suggest(str(key), known)
                self.note(name, f"nieznany wpis „{key}”", f"wpisy: {', '.join(known)}", near or _REMEDY)
        return value

    def _text(self, value: object, name: str) -> str:
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.note(name, "brak tekstu", "niepusty tekst")
        return ""

    def _texts(self, value: object, name: str) -> tuple[str, ...]:
        if isinstance(value, str):
            return (value.strip(),)
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(item.strip() for item in value)
        self.note(name, "nie jest listą tekstów", 'lista, np. ["Tak", "1"]')
        return ()

    def _number(self, value: object, name: str, low: int, high: int) -> int:
        if isinstance(value, str) and re.fullmatch(r"\d{1,4}", value.strip()) and low <= int(value) <= high:
            return int(value)
        found = "brak" if value in (None, "") else f"„{value}”" if isinstance(value, str) else "nie jest liczbą"
        self.note(name, found, f"liczba całkowita od {low} do {high}")
        return low

    def _survey_file(self, value: object) -> str:
        name = self._text(value, "file")
        # Only a plain name: a codebook must not lead the reader out of its folder.
        if name and (name in (".", "..") or re.search(r"[/\\:\x00]", name)):
            self.note("file", "ścieżka zamiast nazwy pliku", "nazwa pliku w tym samym folderze")
        elif find_kinds(name):
            self.note("file", "nazwa pliku zawiera dane osobowe", "nazwa bez danych osoby", code="TN-10")
        elif name and not name.lower().endswith(SUFFIXES):
            self.note("file", f"„{name}”", f"nazwa pliku z rozszerzeniem {', '.join(SUFFIXES)}")
        return name

    def _columns(self, role: str, value: object) -> dict[str, str]:
        if not isinstance(value, dict):
            self.note(role, "nie jest listą „klucz: kolumna”", 'np. {social_work: "waz[01]"}')
            return {}
        known = keys_of(role)
        for key in value:
            if key not in known:
                self.note(
                    role, f"nieznany klucz „{key}”", f"klucz z katalogu: {', '.join(known)}",
                    f"Proszę poprawić klucz. {suggest(str(key), known)}".strip(), code="TN-09",
                )  # fmt: skip
        return {str(key): self._text(column, f"{role}: {key}") for key, column in value.items()}

    def _answers(self, value: object) -> dict[str, dict[str, str]]:
        roles = ("region", "institution", *PROFILE_QUESTIONS, *RATINGS)
        read: dict[str, dict[str, str]] = {}
        for role, answers in self._mapping(value, "answers", roles).items():
            if not isinstance(answers, dict) or not all(isinstance(key, str) for key in answers.values()):
                self.note(f"answers: {role}", "nie jest listą „odpowiedź: klucz”", 'np. {"A1": ops}')
                continue
            known = () if role in RATINGS else keys_of(role)
            for key in answers.values():
                if known and key.strip() not in (*_NO_ANSWER, *known):
                    self.note(
                        f"answers: {role}", f"nieznany klucz „{key}”", f"klucz z katalogu: {', '.join(known)}",
                        f"Proszę poprawić klucz. {suggest(key, known)}".strip(), code="TN-09",
                    )  # fmt: skip
            read[role] = {
                str(answer): "" if key.strip() in _NO_ANSWER else key.strip() for answer, key in answers.items()
            }
        return read

    def _region(self, value: object) -> str:
        if value == "":
            return ""
        try:
            return find(str(value)).teryt
        except (UsageError, DataError):
            self.note("region", "nieznane województwo", "nazwa albo dwucyfrowy kod TERYT województwa")
            return ""


def keys_of(role: str) -> tuple[str, ...]:
    """Return the catalogue's keys that a role may use; empty where there is no closed list."""
    if role in (*RATINGS, "wanted"):
        return tuple(entry.key for entry in catalogue.competences())
    if role == "institution":
        return tuple(entry.key for entry in catalogue.institutions())
    return tuple(entry.option for entry in catalogue.survey_options() if entry.question == role)
