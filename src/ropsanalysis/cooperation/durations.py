"""How many days pass between the steps of a case, open cases counted as long as they were watched."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from ropsanalysis.cooperation.cases import Voivodeship
from ropsanalysis.cooperation.parameters import CooperationParameters
from ropsanalysis.cooperation.protection import DAY_DIGITS, cells, few, may_tell, open_steps, step_counts, step_pairs
from ropsanalysis.cooperation.published import Row, as_table
from ropsanalysis.stats.published import estimate, rounded
from ropsanalysis.stats.survival import kaplan_meier, lifetime_quantile


class _Step(NamedTuple):
    """Between which days, and of which steps of the flow its cases and its events are some."""

    since: str
    until: str
    cases: str
    events: str


STEPS: Final[Mapping[str, _Step]] = {
    "diagnosis": _Step("signal", "diagnosis", "signal", "diagnosis"),
    "contract": _Step("diagnosis", "contract", "diagnosis", "contract"),
    "ended": _Step("contract", "ended", "contract", "ended"),
    "signal_contract": _Step("signal", "contract", "signal", "contract"),
}


def durations(regions: Sequence[Voivodeship], *, parameters: CooperationParameters) -> pd.DataFrame:
    """Return the median days between two steps, with its interval, and the quartiles.

    Notes
    -----
    Kaplan-Meier; the interval is that of Brookmeyer and Crowley. A case that has not reached the step is watched until
    the day it ended, else until the last day of its pilot's data. Steps made on one day take 0 days: all durations
    are computed with a day more, which is taken off the result, since what takes no time cannot be watched. Numbers of
    cases and events are those of the flow; where they are not (a day is missing), or the flow hides them, there are
    none.
    """
    rows: list[Row] = []
    for own in regions:
        counts = step_counts(own.cases)
        told = open_steps(counts, step_pairs(own.cases), parameters=parameters)
        for name, step in STEPS.items():
            cases = own.cases[own.cases[step.since].notna()]
            events = cases[step.until].notna()
            row: Row = {"teryt": own.teryt, "step": name}
            if cases.empty:
                row["reason"] = "no_data"
            elif not may_tell(len(cases), parameters=parameters) or few(int(events.sum()), parameters=parameters):
                row["reason"] = "few"
            else:
                row |= _quantiles(cases, step, parameters)
                row |= {"cases": None, "events": None, "reason": "" if events.any() else "ongoing"}
                if step.cases in told and len(cases) == counts[step.cases]:
                    row["cases"] = len(cases)
                    if _events_told(int(events.sum()), step, counts, told, parameters):
                        row["events"] = int(events.sum())
            rows.append(row)
    return as_table("durations", rows)


def _quantiles(cases: pd.DataFrame, step: _Step, parameters: CooperationParameters) -> Row:
    watched = cases[step.until].fillna(cases["ended"]).fillna(cases["as_of"])
    days = (watched - cases[step.since]).dt.days.to_numpy(dtype=np.float64) + 1
    curve = kaplan_meier(days, cases[step.until].notna().to_numpy(), confidence=parameters.confidence)
    lower, median, upper = (lifetime_quantile(curve, share=share) for share in (0.25, 0.5, 0.75))
    return estimate("median", median.value - 1, median.low - 1, median.high - 1, digits=DAY_DIGITS) | {
        "lower": rounded(lower.value - 1, DAY_DIGITS),
        "upper": rounded(upper.value - 1, DAY_DIGITS),
    }


def _events_told(
    events: int, step: _Step, counts: Mapping[str, int], told: Collection[str], parameters: CooperationParameters
) -> bool:
    """Whether the events may be told beside the steps of the flow; some of its cases may lack the step before.

    The two numbers and that of the cases with both make four groups, none of which may be few.
    """
    if step.events not in told or "signal" not in told:
        return False
    gaps = cells(counts["signal"], counts[step.cases], counts[step.events], events)
    known = counts[step.events] == events or (step.until == "ended" or "undiagnosed" in told)
    return known and not any(few(gap, parameters=parameters) for gap in gaps)
