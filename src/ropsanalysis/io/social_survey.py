"""Reads the survey of entities of the social economy: a row per entity and year.

The answers of an entity are not copied anywhere: findings name rows and columns, never a value, and a refused row
is kept in mind by its number only. A single answer that cannot be right is left out; the rest of its row stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ropsanalysis.io import entity_numbers, social_survey_checks
from ropsanalysis.io.answers import normalise
from ropsanalysis.io.findings import Finding
from ropsanalysis.io.intake import open_file
from ropsanalysis.io.privacy import guard_for
from ropsanalysis.io.provenance import FileRecord
from ropsanalysis.io.row_notes import REJECTED
from ropsanalysis.io.social_entities import (
    CONTRADICTORY,
    KINDS,
    SEVERAL,
    UNKNOWN,
    Asked,
    Known,
    Matched,
    match,
    standard,
)
from ropsanalysis.io.social_mapping import form_vocabulary, suggest_form
from ropsanalysis.io.social_numbers import PERCENTAGE, UNREADABLE, read_numbers
from ropsanalysis.io.social_rows import RowLog
from ropsanalysis.io.social_survey_columns import FORM, NUMBERS, check_columns, read_description
from ropsanalysis.io.surveys import Column, SurveyTable, from_raw
from ropsanalysis.social_economy.schema import REINTEGRATION_COLUMNS, SURVEY_COLUMNS

FIRST_YEAR: Final = 1995
_YEAR: Final = re.compile(r"([12]\d{3})(?:[.,]0+)?\s*(?:r\.?|rok)?", re.ASCII | re.IGNORECASE)
_LEFT_OUT: Final = "Wartość pominięto, reszta wiersza zostaje. Proszę ją sprawdzić i poprawić."


@dataclass(frozen=True, slots=True)
class SurveyRead:
    """The survey as it was read.

    Attributes
    ----------
    table
        Accepted rows, columns `SURVEY_COLUMNS`.
    rejected
        Columns file, row, code, reason, record (empty).
    findings
        What was found.
    files
        Provenance; without numbers of rows, which reports may have to hide.
    """

    table: pd.DataFrame
    rejected: pd.DataFrame
    findings: tuple[Finding, ...]
    files: tuple[FileRecord, ...]


def empty_survey() -> pd.DataFrame:
    """Return a survey without rows."""
    return pd.DataFrame({name: pd.Series(dtype=_type(name)) for name in SURVEY_COLUMNS})


def read_survey(folder: Path, *, label: str, known: Known | None) -> SurveyRead:
    """Read ``survey.csv`` or ``survey.xlsx`` of a folder, with its optional description ``survey.yaml``.

    Parameters
    ----------
    label
        Path of the folder inside the project, for findings.
    known
        The entities of the registers; None where there are none, so that only the file as such is checked.

    Notes
    -----
    Bad files never raise: they become findings. A file that cannot be used is blocking; single rows and answers are
    warnings.
    """
    described = read_description(folder, label=label)
    numbers = {described.theirs(name) for name in (*KINDS, *NUMBERS)}
    intake = open_file(
        folder, "survey", label=label, columns=None, required=False, prefix="ES",
        guard=guard_for("ES", numbers=numbers),
    )  # fmt: skip
    files = described.files
    if intake.sha256:
        files += (FileRecord(intake.file, intake.sha256, intake.bytes, None, None, "social_economy", ""),)
    findings = [*described.findings, *intake.findings]
    if intake.table is None or any(finding.severity == "blocking" for finding in findings):
        return SurveyRead(empty_survey(), pd.DataFrame(columns=list(REJECTED)), tuple(findings), files)
    table = from_raw(intake.table)
    columns, problems = check_columns(table, described, file=intake.file)
    findings.extend(problems)
    if known is None or any(finding.severity == "blocking" for finding in problems):
        return SurveyRead(empty_survey(), pd.DataFrame(columns=list(REJECTED)), tuple(findings), files)
    log = RowLog(intake.file, table.rows)
    answers = _read_rows(table, columns, known, log)
    return SurveyRead(answers, log.rejected(), (*findings, *log.findings()), files)


def _type(name: str) -> str:
    return {"entity": "str", "year": "int64"}.get(name, "float64")


def _read_rows(table: SurveyTable, columns: Mapping[str, str], known: Known, log: RowLog) -> pd.DataFrame:
    log.refuse(
        table.ragged, "ES-21", (), "inna liczba komórek niż w nagłówku",
        expected=f"liczba komórek jak w nagłówku: {sum(map(bool, table.header))}",
        remedy="Proszę sprawdzić rozdzielniki, cudzysłowy i przecinki dziesiętne w tym wierszu.",
    )  # fmt: skip
    year = _years(table, columns["year"], known.last_year, log)
    answers = pd.DataFrame({name: _answers(table, columns, name, log) for name in NUMBERS})
    matched = _entities(table, columns, year, answers, known, log)
    social_survey_checks.check(answers, matched.reintegration, columns, log)
    _refuse_silent(answers, log)
    named = answers.assign(entity=_names(matched), year=year)[list(SURVEY_COLUMNS)]
    _refuse_repeated(named, log)
    kept = named[log.kept].reset_index(drop=True)
    return kept.astype({name: _type(name) for name in SURVEY_COLUMNS})


def _names(matched: Matched) -> NDArray[np.object_]:
    if not len(matched.entities):
        return np.full(len(matched.position), "", dtype=object)
    return np.asarray(np.where(matched.position >= 0, matched.entities[matched.position], ""), dtype=object)


def _years(table: SurveyTable, column: str, last: int, log: RowLog) -> NDArray[np.int64]:
    def read(text: str, code: str) -> float:
        del code
        found = _YEAR.fullmatch(text)
        return float(found[1]) if found else np.nan

    year = table.column(column).map(read)
    expected = f"rok od {FIRST_YEAR} do {last}"
    log.refuse(np.isnan(year), "ES-38", [column], "to nie jest rok", expected=expected, remedy="Proszę poprawić rok.")
    log.refuse(
        year > last, "ES-26", [column], "rok późniejszy niż dzień, na który podano rejestry", expected=expected,
        remedy="Proszę poprawić rok albo dostarczyć nowsze rejestry.",
    )  # fmt: skip
    log.refuse(year < FIRST_YEAR, "ES-28", [column], "rok zbyt dawny", expected=expected, remedy="Proszę poprawić rok.")
    return np.asarray(np.nan_to_num(year), dtype=np.int64)


def _answers(table: SurveyTable, columns: Mapping[str, str], name: str, log: RowLog) -> NDArray[np.float64]:
    """Return a column's numbers, NaN where there is none or it cannot be read."""
    if name not in columns:
        return np.full(len(table.rows), np.nan)
    column = table.column(columns[name])
    is_amount = name.endswith("_pln")
    values = read_numbers(column.texts, amounts=is_amount)[column.positions]
    expected = "kwota w złotych, np. 1234,50" if is_amount else "liczba, np. 12"
    log.doubt(
        values == UNREADABLE, "ES-38", [columns[name]], "to nie jest liczba albo można ją odczytać dwojako",
        expected=expected, remedy=_LEFT_OUT,
    )  # fmt: skip
    log.doubt(values == PERCENTAGE, "ES-38", [columns[name]], "procent zamiast liczby", expected=expected,
              remedy=_LEFT_OUT)  # fmt: skip
    return np.where(np.isinf(values), np.nan, values)


def _refuse_silent(answers: pd.DataFrame, log: RowLog) -> None:
    """Refuse rows without any number: they would count as respondents."""
    log.refuse(
        answers.isna().all(axis=1).to_numpy(), "ES-38", (), "wiersz bez żadnej liczby, której można użyć",
        expected="co najmniej jedna odpowiedź", remedy="Podmiotów, które nie odpowiedziały, nie trzeba wpisywać.",
    )  # fmt: skip


def _entities(
    table: SurveyTable,
    columns: Mapping[str, str],
    year: NDArray[np.int64],
    answers: pd.DataFrame,
    known: Known,
    log: RowLog,
) -> Matched:
    count = len(table.rows)
    numbers: dict[str, NDArray[np.object_]] = {}
    given = np.zeros(count, dtype=bool)
    for kind in KINDS:
        if kind in columns:
            column = table.column(columns[kind])
            numbers[kind] = np.array([standard(kind, text) for text in column.texts], dtype=object)[column.positions]
            given |= numbers[kind] != ""
    for official in entity_numbers.KINDS:
        if official in columns:
            _doubt_wrong(table.column(columns[official]), official, columns[official], log)
    log.refuse(
        ~given, "ES-18", [columns[kind] for kind in numbers], "brak numeru podmiotu",
        expected=f"co najmniej jeden numer: {', '.join(KINDS)}",
        remedy="Proszę wpisać numer, po którym podmiot można znaleźć w rejestrach.",
    )  # fmt: skip
    reintegrates = (answers[list(REINTEGRATION_COLUMNS)] > 0).any(axis=1).to_numpy()
    asked = Asked(numbers, _forms(table, columns, log), year, reintegrates)
    matched = match(asked, known)
    _refuse_unmatched(matched, [columns[kind] for kind in numbers], columns["year"], log)
    return matched


def _doubt_wrong(column: Column, kind: entity_numbers.Kind, name: str, log: RowLog) -> None:
    wrong = np.array([entity_numbers.read(kind, text).wrong for text in column.texts])[column.positions]
    log.doubt(
        wrong, "ES-18", [name], f"to nie jest {entity_numbers.NAMES[kind]}", expected=entity_numbers.EXPECTED[kind],
        remedy="Numer pominięto. Proszę go poprawić.",
    )  # fmt: skip


def _refuse_unmatched(matched: Matched, numbers: Sequence[str], year: str, log: RowLog) -> None:
    log.refuse(
        matched.position == UNKNOWN, "ES-27", numbers, "podmiotu o tym numerze nie ma w rejestrach",
        expected="podmiot z rejestrów w zbiorze es_register",
        remedy="Proszę sprawdzić numer albo dostarczyć rejestr, w którym jest ten podmiot.",
    )  # fmt: skip
    log.refuse(
        matched.position == CONTRADICTORY, "ES-22", numbers, "numery wskazują różne podmioty",
        expected="numery jednego podmiotu", remedy="Proszę poprawić numery.",
    )  # fmt: skip
    log.refuse(
        matched.position == SEVERAL, "ES-22", numbers, "numer ma kilka podmiotów, np. organizacja i jej WTZ",
        expected="numer jednego podmiotu",
        remedy=f"Proszę dodać numer wpisu (kolumna id) albo formę prawną (kolumna {FORM}).",
    )  # fmt: skip
    log.refuse(
        ~matched.open & (matched.position >= 0), "ES-30", [year],
        "według rejestrów podmiot w tym roku nie działał", expected="rok, w którym podmiot działał",
        remedy="Proszę poprawić rok albo daty w rejestrze.",
    )  # fmt: skip


def _forms(table: SurveyTable, columns: Mapping[str, str], log: RowLog) -> NDArray[np.object_]:
    if FORM not in columns:
        return np.full(len(table.rows), "", dtype=object)
    spellings = form_vocabulary()
    column = table.column(columns[FORM])
    forms = np.array([spellings.get(normalise(text), "") for text in column.texts], dtype=object)
    for position, (text, form) in enumerate(zip(column.texts, forms, strict=True)):
        if text and not form:
            log.doubt(
                column.positions == position, "ES-16", [columns[FORM]], "nieznana forma prawna",
                expected="forma prawna z katalogu",
                remedy=f"Formy nie użyto do rozpoznania podmiotu. {suggest_form(text)}".strip(),
            )  # fmt: skip
    return np.asarray(forms[column.positions])


def _refuse_repeated(named: pd.DataFrame, log: RowLog) -> None:
    """Of equal rows keep the first; of rows that differ none, since none is more credible than the others."""
    accepted = named[log.kept]
    key = ["entity", "year"]
    copies, repeated = np.zeros(len(named), dtype=bool), np.zeros(len(named), dtype=bool)
    copies[accepted.index[accepted.duplicated()]] = True
    log.refuse(
        copies, "ES-25", (), "wiersz powtarza inny wiersz tego podmiotu i roku",
        expected="jeden wiersz na podmiot i rok", remedy="Proszę usunąć powtórzony wiersz.",
    )  # fmt: skip
    accepted = named[log.kept]
    repeated[accepted.index[accepted.duplicated(key, keep=False)]] = True
    log.refuse(
        repeated, "ES-25", (), "podmiot ma w tym roku kilka różnych wierszy", expected="jeden wiersz na podmiot i rok",
        remedy="Żadnego z nich nie użyto. Proszę zostawić poprawny.",
    )  # fmt: skip
