"""Goals of the cases: how far they were attained at entry and exit (goal attainment scaling)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from ropsanalysis.cooperation.cases import Voivodeship
from ropsanalysis.cooperation.parameters import CooperationParameters
from ropsanalysis.cooperation.protection import (
    SCORE_DIGITS,
    SHARE_DIGITS,
    STEP,
    few,
    least_cases,
    may_tell,
    outcome_parts,
)
from ropsanalysis.cooperation.published import Row, as_table
from ropsanalysis.cooperation.schema import Inputs
from ropsanalysis.stats.goal_attainment import t_score
from ropsanalysis.stats.intervals import t_interval
from ropsanalysis.stats.joined_parts import joined_parts
from ropsanalysis.stats.published import estimate, rounded
from ropsanalysis.stats.vocabulary import FloatVector

_LEVELS = ["entry", "exit"]


class _Scores(NamedTuple):
    """Of each case: its pilot, T scores, goals, and how many of them were attained."""

    pilot: np.ndarray
    entry: FloatVector
    exit: FloatVector
    goals: FloatVector
    attained: FloatVector

    def of(self, pilots: Sequence[str]) -> _Scores:
        """Return the cases of some pilots."""
        kept = np.isin(self.pilot, pilots)
        return _Scores(*(column[kept] for column in self))


def goals(inputs: Inputs, regions: Sequence[Voivodeship], *, parameters: CooperationParameters) -> pd.DataFrame:
    """Return T scores at entry and exit of each voivodeship ("" first), and of its parts where there are several.

    Notes
    -----
    Of cases that ended, with all goals of which both levels are known; 50 is attainment as expected. The change is the
    mean over cases with Student's t interval. attained: goals at level 0 or above at exit, of all. The parts are those
    of `success`, joined where too few of their cases have goals. Where few cases that ended, or have a contract or a
    diagnosis, have no goals, the number of those that have is rounded down (`protection.least_cases`), in all parts if
    in one. The share of attained goals is not told where few cases have such a goal, or one that was not attained.
    """
    rows: list[Row] = []
    for own in regions:
        scores = _scores(inputs, own, parameters)
        if not scores.pilot.size:
            rows.append({"teryt": own.teryt, "pilots": "", "reason": _silence(inputs, own)})
            continue
        parts = [own.pilots, *_parts(own, scores, parameters)]
        found = [_row(own.teryt, part, scores.of(part), parameters) for part in parts]
        if any(row.get("attained") is None for row in found):  # else the others would give the one that is hidden
            found = [row | {"attained": None} for row in found]
        if not found[0]["reason"]:
            counts = _counts(own, parts, scores, parameters)
            found = [row | numbers for row, numbers in zip(found, counts, strict=True)]
        found[0]["pilots"] = ""
        rows += found
    return as_table("goals", rows)


def _scores(inputs: Inputs, own: Voivodeship, parameters: CooperationParameters) -> _Scores:
    keys = own.cases.loc[own.cases["closed"], ["pilot", "case"]]
    scored = inputs.goals.dropna(subset=_LEVELS).merge(keys, on=["pilot", "case"])
    scored = scored.sort_values(["pilot", "case", *_LEVELS, "weight"])
    starts = np.flatnonzero(~scored.duplicated(["pilot", "case"]))[1:]
    rows = []
    for levels, pilot in zip(
        np.split(scored[[*_LEVELS, "weight"]].to_numpy(dtype=np.float64), starts),
        scored.drop_duplicates(["pilot", "case"])["pilot"],
        strict=len(scored) > 0,  # of nothing there is still one, empty, piece
    ):
        entry, last, weights = levels.T
        ends = [t_score(level, weights, correlation=parameters.goal_correlation) for level in (entry, last)]
        rows.append((pilot, *ends, float(len(levels)), float((last >= 0).sum())))
    rows.sort()  # an order that pseudonyms do not change, so that means agree to the last digit
    columns = zip(*rows, strict=True) if rows else [()] * len(_Scores._fields)
    return _Scores(*(np.array(list(column)) for column in columns))


def _parts(own: Voivodeship, scores: _Scores, parameters: CooperationParameters) -> list[tuple[str, ...]]:
    """Return unions of the parts of which outcomes are told, each with enough cases that have goals.

    None if there is only one.
    """
    outcomes = {"+".join(part): part for part in outcome_parts(own, parameters=parameters)}
    counts = {key: (len(scores.of(part).pilot),) for key, part in outcomes.items()}
    joined = joined_parts(counts, fewest=parameters.min_cases)
    parts = [tuple(sorted(pilot for key in keys for pilot in outcomes[key])) for keys in joined]
    return parts if len(parts) > 1 else []


def _counts(
    own: Voivodeship, parts: Sequence[tuple[str, ...]], scores: _Scores, parameters: CooperationParameters
) -> list[Row]:
    """Return how many cases and goals the voivodeship and its parts rest on, exactly or rounded down.

    The parts are exact if all of them may be and the whole is; that may be exact without them.
    """
    some = [scores.of(part) for part in parts]
    cases = [len(one.pilot) for one in some]
    goals = [int(one.goals.sum()) for one in some]
    wholes = [_wholes(own.of(part)) for part in parts]
    clear = [
        not any(few(abs(whole - n), parameters=parameters) for whole in larger)
        for n, larger in zip(cases, wholes, strict=True)
    ]
    least = least_cases(cases, wholes, exact=clear[0], parameters=parameters)
    ended_told = bool(outcome_parts(own, parameters=parameters))
    rows: list[Row] = []
    for place, (n, m, low) in enumerate(zip(cases, goals, least, strict=True)):
        if all(clear) or (place == 0 and clear[0]):
            row: Row = {"cases": n, "goals": m}
        else:
            many = -(-m // n)  # goals of a case, rounded up: steps as coarse as those of the cases
            steps = n // STEP - low // STEP
            row = {"cases_from": low, "goals_from": max(m // (STEP * many) - steps, 0) * STEP * many or None}
        ended = wholes[place][0]
        row["unscored"] = rounded(1 - (row.get("cases") or low) / ended, SHARE_DIGITS) if ended_told else None
        rows.append(row)
    return rows


def _wholes(cases: pd.DataFrame) -> tuple[int, ...]:
    """Return numbers told elsewhere, of cases of which those with goals are as good as a part; ended ones first."""
    ended, contracted = cases["closed"], cases["contracted"]
    wholes = (ended, ended & contracted, contracted, cases["diagnosed"])
    return (*(int(whole.sum()) for whole in wholes), len(cases))


def _row(teryt: str, pilots: Sequence[str], scores: _Scores, parameters: CooperationParameters) -> Row:
    row: Row = {"teryt": teryt, "pilots": "+".join(pilots)}
    cases = len(scores.pilot)
    if not may_tell(cases, parameters=parameters):
        return row | {"reason": "few"}
    change = scores.exit - scores.entry
    mean, se = float(change.mean()), float(change.std(ddof=1)) / np.sqrt(cases)
    ends = t_interval(mean, se, cases - 1, confidence=parameters.confidence)
    attaining, failing = int((scores.attained > 0).sum()), int((scores.attained < scores.goals).sum())
    tells = few(attaining, parameters=parameters) or few(failing, parameters=parameters)
    return row | estimate("change", mean, float(ends.low), float(ends.high), digits=SCORE_DIGITS) | {
        "entry": rounded(scores.entry.mean(), SCORE_DIGITS),
        "exit": rounded(scores.exit.mean(), SCORE_DIGITS),
        "attained": None if tells else rounded(scores.attained.sum() / scores.goals.sum(), SHARE_DIGITS),
        "reason": "",
    }  # fmt: skip


def _silence(inputs: Inputs, own: Voivodeship) -> str:
    """Return why a voivodeship has no case with scored goals."""
    with_goals = inputs.goals["pilot"].isin(own.pilots).any()
    return "ongoing" if with_goals and not own.cases.empty else "no_data"
