"""Keeps account of the rows of a confidential file: which are doubtful, which are refused, what is told of them.

A finding never holds a value of the row, and of a refused row only the number is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ropsanalysis.io.findings import Finding
from ropsanalysis.io.row_notes import RowNotes

Rows = NDArray[np.bool_]


@dataclass(slots=True)
class RowLog:
    """The rows of one file.

    Attributes
    ----------
    file
        Path inside the project.
    numbers
        Number of each row, as a spreadsheet counts.
    kept
        Which rows are still accepted.
    """

    file: str
    numbers: NDArray[np.int64]
    kept: Rows = field(init=False)
    _notes: RowNotes = field(init=False)

    def __post_init__(self) -> None:
        self.kept = np.ones(len(self.numbers), dtype=bool)
        self._notes = RowNotes(self.file)

    def doubt(self, rows: Rows, code: str, columns: Sequence[str], found: str, *, expected: str, remedy: str) -> None:
        """Warn of the accepted rows among `rows`; they stay accepted."""
        self._note(rows, code, columns, found, expected, remedy, refuse=False)

    def refuse(
        self, rows: Rows, code: str, columns: Sequence[str], found: str, *, expected: str, remedy: str,
        together: bool = False,
    ) -> None:  # fmt: skip
        """Warn of the accepted rows among `rows` and set them aside; `together`: they have one cause, told once."""
        told = f"{'Wiersze' if together and (rows & self.kept).sum() > 1 else 'Wiersz'} odłożono. {remedy}"
        self._note(rows, code, columns, found, expected, told, refuse=True, together=together)
        self.kept = self.kept & ~rows

    def _note(
        self, rows: Rows, code: str, columns: Sequence[str], found: str, expected: str, remedy: str, *, refuse: bool,
        together: bool = False,
    ) -> None:  # fmt: skip
        places = [(int(number), found) for number in self.numbers[rows & self.kept]]
        if places:
            self._notes.add(code, ", ".join(columns), places, expected, remedy, refuse=refuse, together=together)

    def findings(self) -> tuple[Finding, ...]:
        """Return what was found, check by check."""
        return self._notes.findings()

    def rejected(self) -> pd.DataFrame:
        """Return the refused rows, columns `row_notes.REJECTED`; the record is empty."""
        return self._notes.rejected(lambda _: ()).assign(record="")
