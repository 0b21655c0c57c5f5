"""Whether the model of a pilot is ready for wider use, and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import pandas as pd

from ropsanalysis.cooperation.baskets import case_services
from ropsanalysis.cooperation.cases import Voivodeship
from ropsanalysis.cooperation.fidelity import missing_elements
from ropsanalysis.cooperation.parameters import CooperationParameters
from ropsanalysis.cooperation.protection import may_tell
from ropsanalysis.cooperation.published import Row, as_table
from ropsanalysis.cooperation.schema import Inputs

BELOW: Final = frozenset({"rather_low", "low"})
"""Zones of the funnel below its inner limit."""


def advice(
    inputs: Inputs,
    regions: Sequence[Voivodeship],
    success: pd.DataFrame,
    network: pd.DataFrame,
    *,
    parameters: CooperationParameters,
) -> pd.DataFrame:
    """Return a line of advice for each part of which outcomes are told, and for the pilots of which they are not.

    Parameters
    ----------
    success, network
        The published tables.

    Notes
    -----
    The first that holds: an element of the minimum content is missing ("mend_first"); fewer than `min_ended` cases
    ended, or nothing may be told of them ("watch"); the rate of success lies below the inner limit of the funnel
    ("look_closer"). Else "extend": a rate below the voivodeship's own, but within the limits of chance, speaks against
    nothing. Other causes (short baskets, a network without a change that is one after Holm's correction, no follow-up)
    are told beside the verdict and do not change it.
    """
    rows: list[Row] = []
    changed = set(network.loc[network["p_adjusted"].fillna(1.0) <= parameters.alpha, "pilot"])
    measured = set(network.loc[network["p_adjusted"].notna(), "pilot"])
    for own in regions:
        told = success[(success["teryt"] == own.teryt) & (success["pilots"] != "")]
        for row in told.to_dict("records"):
            pilots = tuple(str(row["pilots"]).split("+"))
            known = row["reason"] == ""
            elements = missing_elements(inputs, own, pilots, from_cases=known, parameters=parameters)
            causes = [*elements, *_causes(inputs, own, pilots, str(row["zone"]), known=known, parameters=parameters)]
            if measured & {*pilots} and not changed & {*pilots}:
                causes.append("no_network_change")
            rows.append(
                {
                    "teryt": own.teryt,
                    "pilots": row["pilots"],
                    "verdict": _verdict(elements, causes, known=known),
                    "causes": "+".join(causes),
                    "ended": row["ended"],
                    "rate": row["rate"],
                }
            )
    return as_table("advice", rows)


def _verdict(elements: Sequence[str], causes: Sequence[str], *, known: bool) -> str:
    if elements:
        return "mend_first"
    if "few_ended" in causes or not known:
        return "watch"
    return "look_closer" if "low_rate" in causes else "extend"


def _causes(
    inputs: Inputs,
    own: Voivodeship,
    pilots: tuple[str, ...],
    zone: str,
    *,
    known: bool,
    parameters: CooperationParameters,
) -> Iterator[str]:
    """Yield what the cases speak against; of parts too small to be told of only that they are."""
    cases = own.of(pilots)
    if cases["closed"].sum() < parameters.min_ended:
        yield "few_ended"
    if not known:
        return
    if zone in BELOW:
        yield "low_rate"
    services = case_services(inputs, cases)
    enough = may_tell(len(services[["pilot", "case"]].drop_duplicates()), parameters=parameters)
    if enough and services["delivered"].sum() < parameters.min_delivered * services["planned"].sum():
        yield "basket_short"
    if not cases["followed"].any():
        yield "no_followup"
