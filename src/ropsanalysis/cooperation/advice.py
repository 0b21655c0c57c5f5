"""Whether the model of a pilot is ready for wider use, and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from ropsanalysis.cooperation.baskets import case_services
from ropsanalysis.cooperation.cases import Voivodeship
from ropsanalysis.cooperation.fidelity import missing_in_cases, missing_in_public
from ropsanalysis.cooperation.parameters import CooperationParameters
from ropsanalysis.cooperation.protection import may_tell
from ropsanalysis.cooperation.published import Row, as_table
from ropsanalysis.cooperation.schema import ELEMENTS, Inputs
from ropsanalysis.stats.rates import binomial_interval

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
    ended, or nothing may be told of them ("watch"); the rate of success lies below the inner limit of the funnel, or
    its whole interval below the rate of the published pilot ("look_closer"). Else "extend": the rules name no obstacle,
    which is no proof that the model works. Documents and partners are public: of pilots whose cases are joined each is
    judged by its own, and only the cases are joined. Other causes (short baskets, a network without a change that is
    one after Holm's correction, no follow-up) are told beside the verdict and do not change it.
    """
    rows: list[Row] = []
    changed = set(network.loc[network["p_adjusted"].fillna(1.0) <= parameters.alpha, "pilot"])
    measured = set(network.loc[network["p_adjusted"].notna(), "pilot"])
    for own in regions:
        told = success[(success["teryt"] == own.teryt) & (success["pilots"] != "")]
        for row in told.to_dict("records"):
            part = tuple(str(row["pilots"]).split("+"))
            known = row["reason"] == ""
            of_cases = missing_in_cases(own, part, parameters=parameters) if known else frozenset()
            spoken = list(_causes(inputs, own, row, known=known, parameters=parameters))
            groups: dict[frozenset[str], list[str]] = {}
            for pilot in part:
                groups.setdefault(missing_in_public(inputs, pilot), []).append(pilot)
            for lacking, pilots in groups.items():
                elements = [element for element in ELEMENTS if element in lacking | of_cases]
                causes = [*elements, *spoken]
                if measured & {*pilots} and not changed & {*pilots}:
                    causes.append("no_network_change")
                rows.append(
                    {"teryt": own.teryt, "pilots": "+".join(pilots), "rated": row["pilots"]}
                    | {"verdict": _verdict(elements, causes, known=known), "causes": "+".join(causes)}
                    | {"ended": row["ended"], "rate": row["rate"]}
                )
    return as_table("advice", rows)


def _verdict(elements: Sequence[str], causes: Sequence[str], *, known: bool) -> str:
    if elements:
        return "mend_first"
    if "few_ended" in causes or not known:
        return "watch"
    return "look_closer" if {"low_rate", "below_published"} & {*causes} else "extend"


def _causes(
    inputs: Inputs,
    own: Voivodeship,
    row: Mapping[Any, Any],
    *,
    known: bool,
    parameters: CooperationParameters,
) -> Iterator[str]:
    """Yield what the cases of a row of `Success` speak against; of parts too small to be told of only that they are."""
    cases = own.of(tuple(str(row["pilots"]).split("+")))
    if cases["closed"].sum() < parameters.min_ended:
        yield "few_ended"
    if not known:
        return
    if row["zone"] in BELOW:
        yield "low_rate"
    ends = binomial_interval(row["success"], row["ended"], confidence=parameters.confidence)
    if float(ends.high) < parameters.published_success / parameters.published_cases:
        yield "below_published"
    services = case_services(inputs, cases)
    enough = may_tell(len(services[["pilot", "case"]].drop_duplicates()), parameters=parameters)
    if enough and services["delivered"].sum() < parameters.min_delivered * services["planned"].sum():
        yield "basket_short"
    if not cases["followed"].any():
        yield "no_followup"
