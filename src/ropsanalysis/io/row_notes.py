"""Collects what is wrong with the rows of one file: a few findings for a person, all refused rows for the record."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from ropsanalysis.io.findings import CHECKS, Finding, Severity
from ropsanalysis.io.identifiers import REMOVED, find_kinds

LIMIT: Final = 20
"""Of one check in one file at most so many rows are told one by one."""
FIRST: Final = 5
"""Of rows that are told together so many are named."""
REJECTED: Final = ("file", "row", "code", "reason", "record")

Place = tuple[int | None, str]
"""Row of the file, and what was found there."""


@dataclass(slots=True)
class RowNotes:
    """Findings and refused rows of one file.

    Attributes
    ----------
    file
        Path inside the project.
    """

    file: str
    _findings: dict[str, list[Finding]] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)
    _refused: dict[int, dict[str, str]] = field(default_factory=dict)

    def add(
        self,
        code: str,
        column: str,
        places: Iterable[Place],
        expected: str,
        remedy: str,
        *,
        severity: Severity = "warning",
        refuse: bool = False,
        together: bool = False,
    ) -> None:
        """Note one check's findings in one column.

        Parameters
        ----------
        places
            In the order of rows; of many only the first `LIMIT` become findings, the others are counted.
        refuse
            Whether the rows are rejected.
        together
            Whether the rows have one cause: one finding then stands for all, at the first row, with their number and
            the first of them.
        """
        places = list(places)
        told = self._findings.setdefault(code, [])
        shown = [_together(places)] if together and len(places) > 1 else places
        told.extend(
            Finding(code, severity, self.file, row, column, found, expected, remedy) for row, found in shown[:LIMIT]
        )
        self._counts[code] = self._counts.get(code, 0) + len(shown)
        if refuse:
            for row, found in places:
                if row is not None:
                    self.refuse(code, [row], found)

    def refuse(self, code: str, rows: Iterable[int], found: str) -> None:
        """Reject rows without a finding of their own."""
        for row in rows:
            self._refused.setdefault(row, {}).setdefault(code, found)

    @property
    def refused(self) -> frozenset[int]:
        """Rows that were rejected."""
        return frozenset(self._refused)

    def findings(self) -> tuple[Finding, ...]:
        """Return the findings check by check, each check's last saying how many more there are."""
        result: list[Finding] = []
        for code in sorted(self._findings):
            told = sorted(self._findings[code], key=_order)[:LIMIT]
            result.extend(told)
            more = self._counts[code] - len(told)
            if more:
                last = told[-1]
                found = f"pozostałe takie uwagi do tego pliku: {more}"
                result.append(Finding(code, last.severity, self.file, None, "", found, last.expected, last.remedy))
        return tuple(result)

    def rejected(self, record: Callable[[int], Sequence[str]]) -> pd.DataFrame:
        """Return the refused rows with columns `REJECTED`.

        Parameters
        ----------
        record
            Gives the cells of a row of the file.
        """
        lines = []
        for row in sorted(self._refused):
            reasons = self._refused[row]
            told = "; ".join(f"{code} {CHECKS[code]}: {found}" for code, found in sorted(reasons.items()))
            cells = json.dumps([clean(cell) for cell in record(row)], ensure_ascii=False)
            lines.append((self.file, row, " ".join(sorted(reasons)), clean(told), cells))
        return pd.DataFrame(lines, columns=list(REJECTED))


def clean(text: str) -> str:
    """Return the text, or a mark in its place if it holds a PESEL or an e-mail address.

    Telephone numbers are not looked for: a REGON looks like one.
    """
    return text if find_kinds(text).isdisjoint(("pesel", "email")) else REMOVED


def _together(places: Sequence[Place]) -> Place:
    """Return one place that stands for rows of one cause."""
    row, found = places[0]
    first = ", ".join(str(number) for number, _ in places[:FIRST])
    return row, f"{found} (wierszy: {len(places)}; {'' if len(places) <= FIRST else 'pierwsze: '}{first})"


def _order(finding: Finding) -> tuple[bool, int, str]:
    return finding.row is None, finding.row or 0, finding.column
