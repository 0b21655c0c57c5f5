"""Which column of a delivered survey of entities answers which question: our names, or the office's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ropsanalysis.errors import DataError
from ropsanalysis.io import plain_yaml
from ropsanalysis.io.findings import Finding, suggest
from ropsanalysis.io.provenance import FileRecord, sha256
from ropsanalysis.io.social_entities import KINDS
from ropsanalysis.io.surveys import SurveyTable
from ropsanalysis.social_economy.schema import SURVEY_COLUMNS

FORM: Final = "legal_form"
"""Column that tells apart entities with one NIP; it may be absent."""
NUMBERS: Final = tuple(name for name in SURVEY_COLUMNS if name not in ("entity", "year"))
"""Questions of the survey: all are numbers."""
KNOWN: Final = (*KINDS, FORM, "year", *NUMBERS)
"""Columns that a survey may have."""
REQUIRED: Final = ("year", "staff")

_DESCRIPTIONS: Final = ("survey.yaml", "survey.yml")
_LISTED: Final = ", ".join(KNOWN)
_REMEDY: Final = "Proszę poprawić opis."


@dataclass(frozen=True, slots=True)
class Description:
    """What ``survey.yaml`` says.

    Attributes
    ----------
    names
        The office's name of each of our columns that it names otherwise.
    findings
        What is wrong with the description.
    files
        Its provenance; empty where there is none.
    """

    names: Mapping[str, str]
    findings: tuple[Finding, ...]
    files: tuple[FileRecord, ...]

    def theirs(self, name: str) -> str:
        """Return what the file calls a column."""
        return self.names.get(name, name)


def read_description(folder: Path, *, label: str) -> Description:
    """Read the optional description of the survey's columns.

    Parameters
    ----------
    label
        Path of the folder inside the project, for findings.
    """
    path = next((folder / name for name in _DESCRIPTIONS if (folder / name).is_file()), None)
    if path is None:
        return Description({}, (), ())
    file = f"{label}/{path.name}"
    data = path.read_bytes()
    record = FileRecord(file, sha256(data), len(data), 0, 0, "social_economy", "")
    findings: list[Finding] = []

    def note(
        column: str, found: str, expected: str, remedy: str = "Proszę poprawić opis.", code: str = "ES-08"
    ) -> None:
        findings.append(Finding(code, "blocking", file, None, column, found, expected, remedy))

    try:
        document = plain_yaml.load(path)
    except DataError as error:
        note("", str(error), "krótki plik YAML w UTF-8")
        return Description({}, tuple(findings), (record,))
    names: dict[str, str] = {}
    columns = document.get("columns") if isinstance(document, dict) else None
    for key in document if isinstance(document, dict) else ():
        if key != "columns":
            note(str(key), "nieznany wpis", "wpis: columns", code="ES-09")
    if not isinstance(columns, dict):
        note("columns", "brak listy „nasza nazwa: nazwa w pliku”", "np. columns: {staff: Liczba pracowników}")
        columns = {}
    for ours, theirs in columns.items():
        if ours not in KNOWN:
            near = suggest(str(ours), KNOWN)
            note("columns", f"nieznana nazwa „{ours}”", f"jedna z: {_LISTED}", f"Proszę poprawić nazwę. {near}".strip(),
                 code="ES-09")  # fmt: skip
        elif not isinstance(theirs, str) or not theirs.strip():
            note(f"columns: {ours}", "brak nazwy kolumny", "nazwa kolumny w pliku ankiety")
        elif theirs.strip() in names.values():
            note(f"columns: {ours}", "kolumna wskazana dwa razy", "jedno znaczenie kolumny")
        else:
            names[str(ours)] = theirs.strip()
    return Description(names, tuple(findings), (record,))


def check_columns(table: SurveyTable, described: Description, *, file: str) -> tuple[dict[str, str], list[Finding]]:
    """Return what the file calls each of our columns it has, and what is wrong with its header.

    A year, the staff and at least one number of the entity are required; what else is absent is a warning.
    """
    header = list(table.header)
    wanted = {name: described.theirs(name) for name in KNOWN}
    there = {ours: theirs for ours, theirs in wanted.items() if theirs in header}
    unused = [name for name in header if name and name not in wanted.values()]
    findings = [
        Finding("ES-21", "blocking", file, 1, theirs, f"kolumna występuje {header.count(theirs)} razy", "jeden raz",
                "Proszę usunąć powtórzoną kolumnę.")
        for theirs in there.values() if header.count(theirs) > 1
    ]  # fmt: skip
    if not any(kind in there for kind in KINDS):
        findings.append(
            Finding("ES-01", "blocking", file, 1, " albo ".join(KINDS), _listed(header),
                    f"co najmniej jedna kolumna z numerem podmiotu: {', '.join(KINDS)}",
                    "Proszę dodać kolumnę, po której podmiot można znaleźć w rejestrach.")
        )  # fmt: skip
    for ours in ("year", *NUMBERS):
        if ours not in there:
            findings.append(_missing(ours, wanted[ours], unused, header, file))
    findings.extend(
        # A description that names an absent column is mistaken, whatever the column is for.
        _missing(ours, described.names[ours], unused, header, file)
        for ours in (*KINDS, FORM) if ours in described.names and ours not in there
    )  # fmt: skip
    if unused and not any(finding.severity == "blocking" for finding in findings):
        findings.append(
            Finding("ES-20", "warning", file, 1, "", f"kolumny bez znaczenia ({len(unused)}): {_first(unused)}",
                    f"kolumny: {_LISTED}", "Kolumny pominięto. Potrzebne proszę wskazać w pliku survey.yaml.")
        )  # fmt: skip
    return there, findings


def _missing(ours: str, theirs: str, unused: list[str], header: list[str], file: str) -> Finding:
    near = suggest(theirs, unused).replace("chodziło o", "odpowiada jej")
    if ours in REQUIRED or ours != theirs:
        remedy = "Proszę dodać kolumnę albo wskazać ją w pliku survey.yaml."
        return Finding("ES-01", "blocking", file, 1, theirs, _listed(header), f"kolumna {theirs}",
                       f"{remedy} {near}".strip())  # fmt: skip
    return Finding("ES-01", "warning", file, 1, theirs, "brak kolumny", f"kolumny: {_LISTED}",
                   f"Tego, co się z niej liczy, raport nie poda. {near}".strip())  # fmt: skip


def _listed(header: list[str]) -> str:
    return f"kolumny: {_first(header)}" if any(header) else "brak nagłówka"


def _first(names: list[str]) -> str:
    return ", ".join(names[:10]) + (" …" if len(names) > 10 else "")
