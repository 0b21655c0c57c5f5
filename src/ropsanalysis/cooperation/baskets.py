"""Baskets of services: what was planned for the cases, and how much of it each sector delivered."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ropsanalysis.cooperation.cases import Voivodeship
from ropsanalysis.cooperation.parameters import CooperationParameters
from ropsanalysis.cooperation.protection import SHARE_DIGITS, UNIT_DIGITS, few, may_tell
from ropsanalysis.cooperation.published import Row, as_table
from ropsanalysis.cooperation.schema import SECTORS, Inputs
from ropsanalysis.stats import survey
from ropsanalysis.stats.published import estimate, rounded
from ropsanalysis.stats.survey_design import Design

_UNITS = ["planned", "delivered"]
_STEPS = ("diagnosed", "contracted", "with_basket", "closed")
"""Steps that as good as all cases of the table have reached: columns of the cases."""


def baskets(inputs: Inputs, regions: Sequence[Voivodeship], *, parameters: CooperationParameters) -> pd.DataFrame:
    """Return services planned and delivered in each voivodeship, by the sector that gives them.

    Notes
    -----
    Of cases that ended: services of open ones are still to come. Services of which one of the numbers is missing are
    left out. Where few cases have no service of the sector, the number of those that have is not told. The share is
    that of all units (a ratio), its interval that of units that come in cases: Student's t with the linearised variance
    between cases, cut at 0, and at 1 where no case got more than planned.
    """
    rows: list[Row] = []
    for own in regions:
        services = case_services(inputs, own.cases).groupby(["sector", "pilot", "case"])[_UNITS].sum()
        by_sector = {str(sector): sums for sector, sums in services.groupby(level="sector")}
        for sector in SECTORS:
            sums = by_sector.get(sector, services.iloc[:0])
            rows.append({"teryt": own.teryt, "sector": sector} | _row(sums, own, parameters))
    return as_table("baskets", rows)


def case_services(inputs: Inputs, cases: pd.DataFrame) -> pd.DataFrame:
    """Return the services, planned and delivered, of those of the cases that have a basket and ended."""
    keys = cases.loc[cases["with_basket"] & cases["closed"], ["pilot", "case"]]
    return inputs.baskets.dropna(subset=_UNITS).merge(keys, on=["pilot", "case"])


def _row(sums: pd.DataFrame, own: Voivodeship, parameters: CooperationParameters) -> Row:
    if sums.empty:
        return {"reason": "no_data"}
    if not may_tell(len(sums), parameters=parameters):
        return {"reason": "few"}
    steps = own.cases[list(_STEPS)]
    wholes = (len(steps), *steps.sum(), (steps["contracted"] & steps["closed"]).sum())
    counted = not any(few(abs(int(whole) - len(sums)), parameters=parameters) for whole in wholes)
    # In an order that neither rows nor pseudonyms change, so that sums agree to the last digit.
    planned, delivered = sums.sort_values(_UNITS).to_numpy(dtype=np.float64).T
    row: Row = {"cases": len(sums) if counted else None, "reason": ""}
    row["planned"] = rounded(planned.sum(), UNIT_DIGITS)
    short, beyond = int((delivered < planned).sum()), int((delivered > planned).sum())
    if few(short, parameters=parameters) or few(beyond, parameters=parameters):
        return row | {"reason": "few"}
    if planned.sum() == 0:
        return row | {"delivered": rounded(delivered.sum(), UNIT_DIGITS), "reason": "no_data"}
    share = survey.ratio(delivered, planned, Design(np.ones(planned.size)), confidence=parameters.confidence)
    high = share.high if beyond else min(share.high, 1.0)
    return row | estimate("share", share.value, max(share.low, 0.0), high, digits=SHARE_DIGITS) | {
        "delivered": rounded(delivered.sum(), UNIT_DIGITS)
    }  # fmt: skip
