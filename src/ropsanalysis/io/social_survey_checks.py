"""Finds answers of the survey of entities that cannot be right, and leaves them out.

Where two answers contradict each other, none is more credible than the other, so both are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.io.social_rows import RowLog, Rows
from ropsanalysis.social_economy.schema import (
    PARTS,
    REINTEGRATION_COLUMNS,
    REVENUE_SOURCES,
    SIGNED,
    revenue_tolerance,
)

LARGEST_COUNT: Final = 1e6
LARGEST_PLN: Final = 1e10
"""Larger answers are not believed: the whole sector has 210.9 thousand staff and PLN 55.6 bn of revenue (GUS 2023)."""
FTE_SLACK: Final = (1.05, 0.5)
"""Full-time equivalents may exceed the staff by this factor and this number: rounding, and averages over the year."""

_ONE: Final = "Wartość pominięto, reszta wiersza zostaje. Proszę ją sprawdzić i poprawić."
_MANY: Final = "Te wartości pominięto, reszta wiersza zostaje. Proszę je sprawdzić i poprawić."
_TOTAL: Final = "revenue_total_pln"
_SOURCES: Final = [f"revenue_{source}_pln" for source in REVENUE_SOURCES]
_PART_WORDS: Final[Mapping[str, str]] = {
    "staff_risk": "pracowników z grup zagrożonych jest więcej niż wszystkich pracowników",
    "exits_to_work": "osób, które podjęły pracę, jest więcej niż wszystkich, które odeszły",
}


def check(answers: pd.DataFrame, reintegration: Rows, columns: Mapping[str, str], log: RowLog) -> None:
    """Leave out answers that cannot be right, in place, and say so.

    Parameters
    ----------
    answers
        A column per question, a row per row of the file; changed.
    reintegration
        Whether the row is about a unit of reintegration.
    columns
        What the file calls each column it has.
    log
        Takes the findings.
    """
    _impossible(answers, columns, log)
    _parts(answers, columns, log)
    _full_time(answers, columns, log)
    _not_asked(answers, reintegration, columns, log)
    _revenue(answers, columns, log)
    _result(answers, columns, log)


def _impossible(answers: pd.DataFrame, columns: Mapping[str, str], log: RowLog) -> None:
    for name in answers:
        values = answers[name].to_numpy()
        is_amount = str(name).endswith("_pln")
        largest = LARGEST_PLN if is_amount else LARGEST_COUNT
        wrong = {
            "liczba mniejsza od zera": (values < 0) & (name not in SIGNED),
            "liczba zbyt duża": np.abs(values) > largest,
        }
        if not is_amount and name != "staff_fte":
            wrong["ułamek zamiast liczby całkowitej"] = (values >= 0) & (values != np.floor(values))
        for found, rows in wrong.items():
            expected = (
                "kwota w złotych" if is_amount else "liczba od zera" if name == "staff_fte" else "liczba całkowita"
            )
            _leave_out(answers, rows, [str(name)], found, "ES-28", expected, columns, log)


def _parts(answers: pd.DataFrame, columns: Mapping[str, str], log: RowLog) -> None:
    for part, whole in PARTS:
        rows = (answers[part] > answers[whole]).to_numpy()
        expected = f"{columns.get(part, part)} nie większe niż {columns.get(whole, whole)}"
        _leave_out(answers, rows, [part, whole], _PART_WORDS[part], "ES-30", expected, columns, log)


def _full_time(answers: pd.DataFrame, columns: Mapping[str, str], log: RowLog) -> None:
    factor, more = FTE_SLACK
    rows = (answers["staff_fte"] > answers["staff"] * factor + more).to_numpy()
    found = "etatów jest więcej niż pracowników"
    _leave_out(answers, rows, ["staff_fte"], found, "ES-30", "przeliczenie pracowników na pełne etaty", columns, log)


def _not_asked(answers: pd.DataFrame, reintegration: Rows, columns: Mapping[str, str], log: RowLog) -> None:
    asked = list(REINTEGRATION_COLUMNS)
    others = ~reintegration & log.kept
    rows = (answers[asked] > 0).any(axis=1).to_numpy() & others
    answers.loc[others & ~rows, asked] = np.nan  # a zero there says "not applicable"
    found = "uczestnicy reintegracji w podmiocie, który nie jest jednostką reintegracyjną"
    expected = "odpowiedzi tylko CIS, KIS, ZAZ i WTZ"
    _leave_out(answers, rows, asked, found, "ES-30", expected, columns, log)


def _revenue(answers: pd.DataFrame, columns: Mapping[str, str], log: RowLog) -> None:
    sources, total = answers[_SOURCES], answers[_TOTAL]
    given, complete = sources.notna().any(axis=1), sources.notna().all(axis=1)
    excess = sources.sum(axis=1) - total
    tolerance = revenue_tolerance(total)
    # Parts that are not given may be what is missing, but parts that are given cannot exceed the whole.
    wrong = given & ((excess > tolerance) | ((-excess > tolerance) & complete))
    found = "części przychodu nie sumują się do całości"
    expected = "suma części równa całości, z dokładnością do 1 zł albo 0,1%"
    _leave_out(answers, wrong.to_numpy(), [*_SOURCES, _TOTAL], found, "ES-29", expected, columns, log)
    whole = given & (excess.abs() <= tolerance)
    answers.loc[whole, _SOURCES] = sources[whole].fillna(0.0)  # what is given is all there is
    answers.loc[complete & total.isna() & ~wrong, _TOTAL] = sources.sum(axis=1)


def _result(answers: pd.DataFrame, columns: Mapping[str, str], log: RowLog) -> None:
    expected = answers[_TOTAL] - answers["costs_pln"]
    larger = answers[[_TOTAL, "costs_pln"]].max(axis=1)
    rows = ((answers["result_pln"] - expected).abs() > revenue_tolerance(larger)).to_numpy()
    log.doubt(
        rows, "ES-29", [columns.get("result_pln", "result_pln")], "wynik jest inny niż przychód minus koszty",
        expected="wynik = przychód - koszty, z dokładnością do 1 zł albo 0,1%",
        remedy="Wartości zostają, bo różnicą może być podatek. Proszę je sprawdzić.",
    )  # fmt: skip


def _leave_out(
    answers: pd.DataFrame,
    rows: Rows,
    names: list[str],
    found: str,
    code: str,
    expected: str,
    columns: Mapping[str, str],
    log: RowLog,
) -> None:
    if not rows.any():
        return
    there = [columns[name] for name in names if name in columns]
    log.doubt(rows, code, there, found, expected=expected, remedy=_ONE if len(names) == 1 else _MANY)
    answers.loc[rows, names] = np.nan
