"""Social workers who were coached, and how much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from ropsanalysis.cooperation.cases import Voivodeship
from ropsanalysis.cooperation.parameters import CooperationParameters
from ropsanalysis.cooperation.protection import UNIT_DIGITS, few, may_tell
from ropsanalysis.cooperation.published import Row, as_table
from ropsanalysis.cooperation.schema import COACHING_KINDS, Inputs
from ropsanalysis.stats.published import rounded

KINDS: Final = ("", *COACHING_KINDS)
"""Both kinds together first."""


def coaching(inputs: Inputs, regions: Sequence[Voivodeship], *, parameters: CooperationParameters) -> pd.DataFrame:
    """Count workers, their meetings and hours in each voivodeship, by kind of coaching.

    Notes
    -----
    A row of the data is one worker in one meeting: hours add up over workers. Workers are persons at work in a small
    office, and hours of one tell of their time, so that the limits of cases hold for them. Both kinds are told or
    neither, for one is what the other leaves of the whole.
    """
    rows: list[Row] = []
    for own in regions:
        meetings = inputs.coaching[inputs.coaching["pilot"].isin(own.pilots)]
        by_kind = {kind: meetings[meetings["kind"] == kind] if kind else meetings for kind in KINDS}
        workers = {kind: some["worker"].nunique() for kind, some in by_kind.items()}
        told = set()
        if may_tell(workers[""], parameters=parameters):
            told = set(KINDS) if _kinds_told(workers, parameters) else {""}
        for kind, some in by_kind.items():
            row: Row = {"teryt": own.teryt, "kind": kind, "reason": ""}
            if meetings.empty:
                row["reason"] = "no_data"
            elif kind not in told:
                row["reason"] = "few"
            else:
                row |= {"workers": workers[kind], "meetings": len(some)}
                row["hours"] = rounded(sum(sorted(some["hours"].dropna())), UNIT_DIGITS)
            rows.append(row)
    return as_table("coaching", rows)


def _kinds_told(workers: dict[str, int], parameters: CooperationParameters) -> bool:
    """Whether neither a kind nor the workers who had only the other one are few."""
    return all(
        (workers[kind] == 0 or may_tell(workers[kind], parameters=parameters))
        and not few(workers[""] - workers[kind], parameters=parameters)
        for kind in COACHING_KINDS
    )
