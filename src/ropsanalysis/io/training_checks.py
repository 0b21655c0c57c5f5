"""Checks of a survey that need all its answers together: repeated persons, thoughtless answers, the frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.io import catalogue
from ropsanalysis.io.findings import CHECKS, Finding, Severity
from ropsanalysis.io.training_survey import rows_text
from ropsanalysis.regions import by_teryt

STRAIGHT: Final = 10
"""Ratings of one kind from which on one and the same rating throughout is doubtful."""

_CELL: Final = ["teryt", "institution"]


@dataclass(frozen=True, slots=True)
class Checked:
    """Findings, refused rows (columns file, row, code, reason) and a mask of the respondents that are kept."""

    findings: tuple[Finding, ...]
    rejected: pd.DataFrame
    kept: np.ndarray


def check(survey: Mapping[str, pd.DataFrame], frame: pd.DataFrame, *, frame_file: str) -> Checked:
    """Check the respondents of all files together.

    Parameters
    ----------
    survey
        The frames of `training_survey.Decoded`, by name, those of all files joined.
    frame
        Columns teryt, institution, staff; if empty, nothing is compared with it.
    frame_file
        Path of the frame inside the project, for findings.

    Notes
    -----
    A later row of the same person in the same file is refused. Tokens of different files are not compared,
    because offices number their respondents independently.
    """
    people = survey["people"]
    repeated = (people["token"].notna() & people.duplicated(["file", "token"])).to_numpy()
    straight = _is_straight(survey["importance"]) & _is_straight(survey["mastery"]) & ~repeated
    alike = _is_copy(survey, straight | repeated)
    findings = [
        *_by_file(
            people[repeated], "TN-19", "warning", "osoba, która odpowiedziała już wcześniej", "jedna ankieta osoby",
            "Do obliczeń wzięto pierwszą ankietę osoby.",
        ),
        *_by_file(
            people[straight], "TN-23", "warning", f"ta sama ocena we wszystkich pytaniach (co najmniej {STRAIGHT})",
            "oceny przemyślane", "Ankiety zachowano. Proszę ocenić, czy nie wypełniono ich bez czytania.",
        ),
        *_by_file(
            people[alike], "TN-24", "warning", "odpowiedzi na wszystkie pytania takie same jak w innej ankiecie",
            "ankieta każdej osoby raz", "Ankiety zachowano. Proszę sprawdzić, czy nie wczytano ich dwa razy.",
        ),
    ]  # fmt: skip
    outside = np.zeros(len(people), dtype=bool)
    if not frame.empty:
        outside, found = _compare(people, ~repeated, frame, frame_file)
        findings += found
    rejected = [_refused(people[repeated], "TN-19"), _refused(people[outside], "TN-25")]
    return Checked(tuple(findings), pd.concat(rejected, ignore_index=True), ~(repeated | outside))


def _is_straight(ratings: pd.DataFrame) -> np.ndarray:
    values = ratings.to_numpy(dtype=float)
    given = ~np.isnan(values)
    lowest = np.where(given, values, np.inf).min(axis=1)
    highest = np.where(given, values, -np.inf).max(axis=1)
    return np.asarray((given.sum(axis=1) >= STRAIGHT) & (lowest == highest))


def _is_copy(survey: Mapping[str, pd.DataFrame], known: np.ndarray) -> np.ndarray:
    """Return who gave all answers as someone above did; thoughtless answers, already `known`, are alike anyway."""
    ratings = np.hstack([survey[name].to_numpy(dtype=float) for name in ("importance", "mastery")])
    ticks = np.hstack([survey[name].to_numpy(dtype=float) for name in ("wanted", "choices")])
    candidates = np.flatnonzero(((~np.isnan(ratings)).sum(axis=1) >= STRAIGHT) & ~known)
    people = survey["people"].iloc[candidates]
    closed = [pd.factorize(people[name])[0] for name in people.columns if name not in ("file", "row", "token")]
    numbers = np.nan_to_num(np.hstack([ratings, ticks])[candidates], nan=-1).astype(np.int8)
    vectors = np.ascontiguousarray(np.column_stack([numbers, *(codes.astype(np.int8) for codes in closed)]))
    rows = vectors.view(np.dtype((np.void, vectors.shape[1]))).ravel() if len(vectors) else np.array([])
    alike = np.zeros(len(ratings), dtype=bool)
    _, first = np.unique(rows, return_index=True)
    alike[candidates] = True
    alike[candidates[first]] = False
    return alike


def _compare(
    people: pd.DataFrame, counted: np.ndarray, frame: pd.DataFrame, frame_file: str
) -> tuple[np.ndarray, list[Finding]]:
    grouped = people.loc[counted, _CELL].value_counts().rename("count").reset_index()
    cells = grouped.merge(frame, on=_CELL, how="left").sort_values(_CELL)
    known = pd.MultiIndex.from_frame(frame[_CELL])
    outside = counted & ~pd.MultiIndex.from_frame(people[_CELL]).isin(known)
    findings: list[Finding] = []
    for _, rows in people[outside].groupby(_CELL, sort=True):
        findings += _by_file(
            rows, "TN-25", "blocking", f"respondenci tam, gdzie operat nie ma pracowników: {_place(rows.iloc[0])}",
            "liczba pracowników w operacie większa od zera",
            f"Proszę uzupełnić {frame_file} albo poprawić typ instytucji lub województwo w ankiecie.",
        )  # fmt: skip
    for _, cell in cells[cells["count"] > cells["staff"]].iterrows():
        found = f"{_place(cell)}: respondentów {cell['count']}, pracowników {cell['staff']:.0f}"
        findings.append(
            Finding("TN-26", "blocking", frame_file, None, "staff", found, "nie więcej respondentów niż pracowników",
                    "Proszę sprawdzić liczbę pracowników w operacie oraz to, czy pliku nie wczytano kilka razy.")
        )  # fmt: skip
    return np.asarray(outside), findings


def _place(cell: pd.Series) -> str:
    short = next(entry.short for entry in catalogue.institutions() if entry.key == cell["institution"])
    return f"{by_teryt(str(cell['teryt'])).name}, {short}"


def _by_file(
    rows: pd.DataFrame, code: str, severity: Severity, found: str, expected: str, remedy: str
) -> list[Finding]:
    return [
        Finding(code, severity, str(file), int(numbers.iloc[0]), "", f"{found} ({rows_text(numbers.to_numpy())})",
                expected, remedy)
        for file, numbers in rows.groupby("file", sort=True)["row"]
    ]  # fmt: skip


def _refused(rows: pd.DataFrame, code: str) -> pd.DataFrame:
    return rows[["file", "row"]].assign(code=code, reason=f"{code} {CHECKS[code]}")
