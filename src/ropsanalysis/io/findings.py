"""What screening found in a file, worded for the person who must correct it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, Literal

Severity = Literal["blocking", "warning"]

CHECKS: Final[dict[str, str]] = {
    "GUS-01": "brak kolumny",
    "GUS-02": "brak pliku",
    "GUS-03": "plik pusty",
    "GUS-04": "sam nagłówek, bez danych",
    "GUS-05": "kodowanie znaków",
    "GUS-06": "format pliku",
    "GUS-07": "wartość nie jest liczbą",
    "GUS-08": "przecinek dziesiętny",
    "GUS-09": "powtórzona obserwacja",
    "GUS-10": "kod TERYT zapisany niezgodnie",
    "GUS-11": "nieznany kod TERYT",
    "GUS-12": "nieznany wskaźnik",
    "GUS-13": "rok spoza zakresu",
    "GUS-14": "wartość niemożliwa",
    "GUS-15": "zero zamiast braku danych",
    "GUS-16": "województwa nie sumują się do Polski",
    "GUS-17": "kopia poprzedniego roku",
    "GUS-18": "brak województwa w ostatnim roku",
    "GUS-19": "flaga niezgodna z wartością",
    "GUS-20": "kolumna nieużywana",
    "GUS-21": "niezgodna liczba komórek",
    "GUS-22": "niepoprawny opis wskaźnika",
    "GUS-23": "wskaźnik bez obserwacji",
    "GUS-24": "podejrzany rząd wielkości",
    "GUS-25": "wskaźnik wyłączony",
}
"""Stable code and Polish name of each check."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or doubtful.

    Attributes
    ----------
    code
        Key of `CHECKS`.
    severity
        ``"blocking"`` stops the build; ``"warning"`` does not.
    file
        Path of the file inside the project.
    row
        Row as a spreadsheet numbers it (the header is row 1); None if it concerns the whole file.
    column
        Column's name, or an empty text.
    found, expected, remedy
        Polish: what stands there, what should, what to do.
    """

    code: str
    severity: Severity
    file: str
    row: int | None
    column: str
    found: str
    expected: str
    remedy: str

    @property
    def check(self) -> str:
        """Code and name of the check, e.g. ``"GUS-01 brak kolumny"``."""
        return f"{self.code} {CHECKS[self.code]}"


def suggest(word: str, known: Sequence[str]) -> str:
    """Return a Polish question with the nearest known words, or an empty text.

    Examples
    --------
    >>> suggest("wskaznik", ["wskaźnik", "rok"])
    'Czy chodziło o „wskaźnik”?'
    """
    near = get_close_matches(word, known, n=2, cutoff=0.6)
    return f"Czy chodziło o {' albo '.join(f'„{name}”' for name in near)}?" if near else ""


def format_findings(findings: Sequence[Finding], *, limit: int = 10) -> str:
    """Return findings as a plain Polish text, blocking ones first.

    Parameters
    ----------
    limit
        Of one check in one file at most this many are listed; the rest is counted.

    Examples
    --------
    >>> empty = Finding("GUS-03", "blocking", "a.csv", None, "", "0 bajtów", "dane", "Uzupełnić.")
    >>> print(format_findings([empty]))
    BŁĘDY, które wstrzymują obliczenia: 1
    <BLANKLINE>
    GUS-03 plik pusty - a.csv
      jest:     0 bajtów
      ma być:   dane
      co robić: Uzupełnić.
    """
    if not findings:
        return "Kontrola danych nie wykazała uwag."
    parts: list[str] = []
    titles = {"blocking": "BŁĘDY, które wstrzymują obliczenia", "warning": "OSTRZEŻENIA"}
    for severity, title in titles.items():
        chosen = [finding for finding in findings if finding.severity == severity]
        if not chosen:
            continue
        parts.append(f"{title}: {len(chosen)}")
        groups: dict[tuple[str, str], list[Finding]] = {}
        for finding in chosen:
            groups.setdefault((finding.file, finding.code), []).append(finding)
        for (file, _), group in sorted(groups.items()):
            parts.extend(_format_one(finding) for finding in group[:limit])
            if len(group) > limit:
                parts.append(f"{group[0].check} - {file}: pozostałe takie uwagi: {len(group) - limit}.")
    return "\n\n".join(parts)


def _format_one(finding: Finding) -> str:
    place = finding.file
    if finding.row is not None:
        place += f", wiersz {finding.row}"
    if finding.column:
        place += f", kolumna „{finding.column}”"
    return (
        f"{finding.check} - {place}\n"
        f"  jest:     {finding.found}\n"
        f"  ma być:   {finding.expected}\n"
        f"  co robić: {finding.remedy}"
    )
