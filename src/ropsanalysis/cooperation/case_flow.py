"""How many cases reached each step, from the first signal to a change that lasted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from ropsanalysis.cooperation.cases import Voivodeship
from ropsanalysis.cooperation.parameters import CooperationParameters
from ropsanalysis.cooperation.protection import open_steps, step_counts, step_pairs
from ropsanalysis.cooperation.published import Row, as_table

COULD: Final[Mapping[str, str]] = {
    "signal": "signal",
    "diagnosis": "signal",
    "contract": "signal",
    "undiagnosed": "contract",
    "basket": "signal",
    "ended": "signal",
    "success": "ended",
    "followup": "success",
    "kept": "followup",
}
"""Step -> step that its number is compared with. Contracts and baskets are recorded without a diagnosis as well."""


def case_flow(regions: Sequence[Voivodeship], *, parameters: CooperationParameters) -> pd.DataFrame:
    """Count the cases of each voivodeship at each step, where that tells of no few (see `protection.open_steps`)."""
    rows: list[Row] = []
    for own in regions:
        counts = step_counts(own.cases)
        told = open_steps(counts, step_pairs(own.cases), parameters=parameters) if counts["signal"] else frozenset()
        for step, base in COULD.items():
            row: Row = {"teryt": own.teryt, "step": step}
            if step in told:
                row |= {"cases": counts[step], "of": counts[base] if base in told else None, "reason": ""}
            else:
                row["reason"] = "few" if counts["signal"] else "no_data"
            rows.append(row)
    return as_table("case_flow", rows)
