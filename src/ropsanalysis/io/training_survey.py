"""Turns the answers of one survey into ratings, ticks and keys of the catalogue, and says which rows it refused.

Findings may name a wrong rating or code, never free text nor a person's token.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.io import answers
from ropsanalysis.io.answers import OUTSIDE, UNKNOWN, Read
from ropsanalysis.io.codebook import RATINGS, Codebook, keys_of
from ropsanalysis.io.findings import CHECKS, Finding, Severity, suggest
from ropsanalysis.io.identifiers import pseudonym
from ropsanalysis.io.surveys import Column, SurveyTable
from ropsanalysis.regions import REGIONS, by_teryt
from ropsanalysis.training_needs.schema import CHOICE_QUESTIONS, PROFILE_QUESTIONS

REJECTED: Final = ("file", "row", "code", "reason")
"""Columns of refused rows; the answers themselves are not copied."""

_SUBMITTED: Final = ("submitdate", "data wyslania", "date submitted")
_LAST_PAGE: Final = ("lastpage", "ostatnia strona", "last page")
_NAMED: Final = 5  # of one column at most this many wrong answers are named one by one


@dataclass(frozen=True, slots=True)
class Decoded:
    """Accepted respondents of one file; all frames share one RangeIndex.

    Attributes
    ----------
    people
        file, row, token (keyed pseudonym, null where there is none), teryt, institution, position, tenure, education.
    importance, mastery, wanted, choices
        As in `training_needs.schema.Survey`.
    rejected
        Columns `REJECTED`.
    findings
        What was found.
    """

    people: pd.DataFrame
    importance: pd.DataFrame
    mastery: pd.DataFrame
    wanted: pd.DataFrame
    choices: pd.DataFrame
    rejected: pd.DataFrame
    findings: tuple[Finding, ...]


def check_columns(book: Codebook, table: SurveyTable) -> list[Finding]:
    """Return findings on columns that the codebook names and the file lacks, or has twice."""
    found = []
    named = [*book.mapped(), *(("free_text", column) for column in book.free_text)]
    for role, name in named:
        times = table.header.count(name)
        if times == 0:
            near = suggest(name, [header for header in table.header if header])
            found.append(
                Finding("TN-01", "blocking", book.path, None, name, f"brak tej kolumny ({role}) w pliku {book.file}",
                        "nazwa kolumny z nagłówka pliku", f"Proszę poprawić nazwę w książce kodów. {near}".strip())
            )  # fmt: skip
        elif times > 1:
            found.append(
                Finding("TN-21", "blocking", book.path, None, name, f"kolumna występuje {times} razy", "jeden raz",
                        "Proszę usunąć powtórzoną kolumnę.")
            )  # fmt: skip
    return found


def decode(book: Codebook, table: SurveyTable, *, file: str, key: bytes | None) -> Decoded:
    """Decode all answers of a file whose columns `check_columns` has found complete.

    Parameters
    ----------
    file
        Path of the survey's file inside the project, for findings.
    key
        Key of pseudonyms; None if the codebook names no column of persons.

    Notes
    -----
    Rows that were not finished, or lack the institution or voivodeship, are refused with a warning; rows with an
    answer that cannot be right are refused with a blocking finding. Contradictory barriers become missing.
    """
    return _Decoder(book, table, file).decode(key)


def rows_text(rows: np.ndarray) -> str:
    """Return rows as a finding lists them.

    Examples
    --------
    >>> rows_text(np.array([14, 88])), rows_text(np.arange(2, 9))
    ('wiersze: 14, 88', 'wiersze: 2, 3, 4, 5, 6 (wszystkich: 7)')
    """
    listed = ", ".join(str(row) for row in rows[:5])
    return f"wiersze: {listed}" + (f" (wszystkich: {len(rows)})" if len(rows) > 5 else "")


@dataclass(frozen=True, slots=True)
class _Problem:
    """How to word answers that a reader marked with a number below zero."""

    code: str
    expected: str
    remedy: Callable[[str], str]


@dataclass(slots=True)
class _Decoder:
    book: Codebook
    table: SurveyTable
    file: str
    findings: list[Finding] = field(default_factory=list)
    refusals: list[tuple[np.ndarray, str, str]] = field(default_factory=list)
    active: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.active = np.ones(len(self.table.rows), dtype=bool)

    def decode(self, key: bytes | None) -> Decoded:
        self._leave_out_unfinished()
        people = self._people(key)
        ratings = {role: self._ratings(role) for role in RATINGS}
        wanted = self._ticks("wanted")
        choices = pd.concat([self._choices(question) for question in CHOICE_QUESTIONS], axis=1)
        kept = self.active.copy()
        for mask, _, _ in self.refusals:
            kept &= ~mask
        return Decoded(
            people=people[kept].reset_index(drop=True),
            importance=ratings["importance"][kept].reset_index(drop=True),
            mastery=ratings["mastery"][kept].reset_index(drop=True),
            wanted=wanted[kept].reset_index(drop=True),
            choices=choices[kept].reset_index(drop=True),
            rejected=self._rejected(),
            findings=tuple(self.findings),
        )

    def _leave_out_unfinished(self) -> None:
        self._refuse(
            self.table.ragged, "TN-21", "", "inna liczba komórek niż w nagłówku", f"{len(self.table.header)} komórek",
            "Proszę sprawdzić rozdzielniki i cudzysłowy w tych wierszach.",
        )  # fmt: skip
        self.active &= ~self.table.ragged
        for names in (_SUBMITTED, _LAST_PAGE):
            header = next((h for h in self.table.header if answers.normalise(h.partition(".")[0]) in names), None)
            if header is None:
                continue
            empty = self.table.column(header).map(lambda text, _: float(text in ("", "0"))) == 1
            self._refuse(
                empty, "TN-18", header, "ankieta bez daty wysłania lub ostatniej strony", "ankieta wysłana przez osobę",
                "Ankiet niedokończonych nie wzięto do obliczeń.", severity="warning",
            )  # fmt: skip
            self.active &= ~empty
            return

    def _people(self, key: bytes | None) -> pd.DataFrame:
        teryt = self._regions()
        people = pd.DataFrame({"file": self.file, "row": self.table.rows, "token": self._tokens(key), "teryt": teryt})
        people["institution"] = self._keys("institution")
        for question in PROFILE_QUESTIONS:
            people[question] = self._keys(question)
        missing = [("teryt", "region"), ("institution", "institution")]
        for name, role in missing:
            column = self.book.single.get(role, "")
            self._refuse(
                people[name].isna().to_numpy() & self._unrefused(), "TN-31", column, "brak odpowiedzi",
                "województwo i typ instytucji każdej osoby", "Bez tej odpowiedzi ankiety nie można użyć.",
                severity="warning",
            )  # fmt: skip
        return people

    def _tokens(self, key: bytes | None) -> np.ndarray:
        tokens = np.full(len(self.table.rows), None, dtype=object)
        name = self.book.single.get("person")
        if name is None or key is None:
            return tokens
        column = self.table.column(name)
        known = np.array([pseudonym(text, key) if text else None for text in column.texts], dtype=object)
        return np.asarray(known[column.positions])

    def _regions(self) -> np.ndarray:
        names = np.array([*(region.teryt for region in REGIONS), None], dtype=object)
        name = self.book.single.get("region")
        if name is None:
            return np.full(len(self.table.rows), self.book.region, dtype=object)
        problem = _Problem(
            "TN-16", "nazwa województwa albo kod TERYT jednostki (od 2 do 7 cyfr)",
            lambda text: f"Proszę poprawić nazwę lub kod. {suggest(text, [r.name for r in REGIONS])}".strip(),
        )  # fmt: skip
        found = self._read(name, answers.region_reader(self.book), {UNKNOWN: problem})
        teryt = np.asarray(names[np.where(found >= 0, found, len(REGIONS)).astype(int)])
        if self.book.region:
            teryt[np.isnan(found)] = self.book.region
            elsewhere = (found >= 0) & (teryt != self.book.region)
            there = sorted({by_teryt(code).name for code in teryt[elsewhere & self.active]})
            self._refuse(
                elsewhere, "TN-17", name, f"województwo: {', '.join(there)}",
                f"województwo {by_teryt(self.book.region).name}, podane w książce kodów",
                "Proszę usunąć te ankiety albo poprawić pole „region” w książce kodów.",
            )  # fmt: skip
        return teryt

    def _keys(self, role: str) -> np.ndarray:
        keys = keys_of(role)
        names = np.array([*keys, None], dtype=object)
        column = self.book.single.get(role)
        if column is None:
            return np.full(len(self.table.rows), None, dtype=object)
        is_institution = role == "institution"
        problem = _Problem(
            "TN-15" if is_institution else "TN-14",
            "typ instytucji z katalogu" if is_institution else "odpowiedź z katalogu",
            lambda text: (
                f"Proszę poprawić odpowiedź albo dopisać ją w książce kodów (answers: {role}). "
                f"{suggest(text, answers.labels(role))}"
            ).strip(),
        )
        found = self._read(column, answers.key_reader(self.book, role), {UNKNOWN: problem})
        return np.asarray(names[np.where(found >= 0, found, len(keys)).astype(int)])

    def _ratings(self, role: str) -> pd.DataFrame:
        span = f"liczba całkowita od {self.book.low} do {self.book.high}"
        remedy = "Proszę poprawić ocenę w pliku albo skalę w książce kodów (scale, answers: {})."
        problems = {
            OUTSIDE: _Problem("TN-12", span, lambda _: remedy.format(role)),
            UNKNOWN: _Problem("TN-13", span, lambda _: remedy.format(role)),
        }
        read = answers.rating_reader(self.book, role)
        columns = self.book.by_key.get(role, {})
        empty = np.full(len(self.table.rows), np.nan)
        return pd.DataFrame(
            {key: self._read(columns[key], read, problems) if key in columns else empty for key in keys_of(role)}
        )

    def _ticks(self, role: str) -> pd.DataFrame:
        """Return ticks by key; an empty cell is "not ticked" if the person ticked or refused anything else."""
        columns = self.book.by_key.get(role, {})
        problem = _Problem(
            "TN-14", f"zaznaczenie ({', '.join(self.book.ticked)}) albo pusta komórka",
            lambda _: "Proszę poprawić odpowiedź albo dopisać ją w polu „ticked” książki kodów.",
        )  # fmt: skip
        read = answers.tick_reader(self.book)
        ticks = {key: self._read(name, read, {UNKNOWN: problem}) for key, name in columns.items()}
        answered = np.zeros(len(self.table.rows), dtype=bool)
        for values in ticks.values():
            answered |= ~np.isnan(values)
        empty = np.full(len(self.table.rows), np.nan)
        return pd.DataFrame(
            {
                key: np.where(answered & np.isnan(ticks[key]), 0.0, ticks[key]) if key in ticks else empty
                for key in keys_of(role)
            }
        )

    def _choices(self, question: str) -> pd.DataFrame:
        ticks = self._ticks(question)
        if question == "barrier":
            others = ticks.drop(columns="none")
            contradictory = ((ticks["none"] == 1) & (others == 1).any(axis=1)).to_numpy()
            self._note(
                contradictory, "TN-22", self.book.by_key.get("barrier", {}).get("none", ""),
                "zaznaczono „brak przeszkód” razem z przeszkodą", "brak przeszkód albo przeszkody",
                "Odpowiedzi tych osób na pytanie o przeszkody pominięto.", severity="warning",
            )  # fmt: skip
            ticks = ticks.mask(pd.Series(contradictory), axis=0)
        return ticks.rename(columns=lambda option: f"{question}:{option}")

    def _read(self, name: str, read: Read, problems: Mapping[float, _Problem]) -> np.ndarray:
        """Return what a column's answers mean, with answers that were not understood as NaN and their rows refused."""
        column = self.table.column(name)
        meaning = np.array([read(*answer) for answer in zip(column.texts, column.codes, strict=True)], dtype=float)
        for mark, problem in problems.items():
            wrong = np.flatnonzero(meaning == mark)
            if wrong.size:
                self._refuse_answers(name, column, wrong, problem)
        return np.asarray(np.where(meaning < 0, np.nan, meaning)[column.positions])

    def _refuse_answers(self, name: str, column: Column, wrong: np.ndarray, problem: _Problem) -> None:
        counts = np.bincount(column.positions[self.active], minlength=len(column.texts))
        wrong = wrong[np.argsort(-counts[wrong], kind="stable")]
        for position in wrong[:_NAMED]:
            text = column.texts[position]
            mask = column.positions == position
            self._refuse(mask, problem.code, name, answers.shown(text), problem.expected, problem.remedy(text))
        if len(wrong) > _NAMED:
            mask = np.isin(column.positions, wrong[_NAMED:])
            found = f"inne nieznane odpowiedzi: {len(wrong) - _NAMED}"
            self._refuse(mask, problem.code, name, found, problem.expected, problem.remedy(""))

    def _unrefused(self) -> np.ndarray:
        mask = np.ones(len(self.table.rows), dtype=bool)
        for refused, _, _ in self.refusals:
            mask &= ~refused
        return mask

    def _refuse(
        self, mask: np.ndarray, code: str, column: str, found: str, expected: str, remedy: str,
        *, severity: Severity = "blocking",
    ) -> None:  # fmt: skip
        mask = mask & self.active
        if mask.any():
            self._note(mask, code, column, found, expected, remedy, severity=severity)
            self.refusals.append((mask, code, f"{code} {CHECKS[code]}" + (f": {column}" if column else "")))

    def _note(
        self, mask: np.ndarray, code: str, column: str, found: str, expected: str, remedy: str, *, severity: Severity
    ) -> None:
        rows = self.table.rows[mask & self.active]
        if rows.size:
            text = f"{found} ({rows_text(rows)})"
            self.findings.append(Finding(code, severity, self.file, int(rows[0]), column, text, expected, remedy))

    def _rejected(self) -> pd.DataFrame:
        return refused_rows(self.file, [(self.table.rows[mask], code, reason) for mask, code, reason in self.refusals])


def refused_rows(file: str, refusals: Sequence[tuple[np.ndarray, str, str]]) -> pd.DataFrame:
    """Return one line per refused row, with all its codes and reasons.

    Parameters
    ----------
    refusals
        Rows, code and reason of each ground of refusal.
    """
    parts = [pd.DataFrame({"file": file, "row": rows, "code": code, "reason": why}) for rows, code, why in refusals]
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype="int64" if name == "row" else "str") for name in REJECTED})
    return merge_refusals(pd.concat(parts, ignore_index=True))


def merge_refusals(lines: pd.DataFrame) -> pd.DataFrame:
    """Return refusals with one line per row of a file; codes and reasons of a row are joined."""
    lines = lines.drop_duplicates().sort_values(["file", "row"], kind="stable")
    several = lines.duplicated(["file", "row"], keep=False)
    joined = (
        lines[several]
        .groupby(["file", "row"], sort=True)
        .agg({"code": _joined_codes, "reason": "; ".join})
        .reset_index()
    )
    merged = pd.concat([lines[~several], joined], ignore_index=True).sort_values(["file", "row"], kind="stable")
    return merged[list(REJECTED)].reset_index(drop=True)


def _joined_codes(codes: pd.Series[str]) -> str:
    return " ".join(sorted(set(codes)))
