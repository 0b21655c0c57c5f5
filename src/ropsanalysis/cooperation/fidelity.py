"""Whether a pilot keeps the minimum content that the call for projects asks of a model of cooperation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from ropsanalysis.cooperation.cases import Voivodeship
from ropsanalysis.cooperation.parameters import CooperationParameters
from ropsanalysis.cooperation.protection import SHARE_DIGITS, Telling, may_tell, telling_pilots
from ropsanalysis.cooperation.published import Row, as_table
from ropsanalysis.cooperation.schema import ELEMENTS, Inputs
from ropsanalysis.stats.published import rounded

FROM_CASES: Final[Mapping[str, str]] = {
    "diagnosis": "diagnosed",
    "contract": "contracted",
    "basket": "with_basket",
}
"""Elements that are kept where enough cases have them -> column of the cases."""
FROM_PILOT: Final[Mapping[str, str]] = {"monitoring": "monitored", "aftercare": "followed"}
"""Elements that the pilot's documents describe -> column of the cases that shows how far they are practised."""
FROM_PARTNERS: Final = ("animator", "inspirer", "two_levels")
TWO_LEVELS: Final = frozenset({"gmina", "powiat"})
"""Levels of local government that the minimum content wants side by side."""


def fidelity(inputs: Inputs, regions: Sequence[Voivodeship], *, parameters: CooperationParameters) -> pd.DataFrame:
    """Return for each pilot and element of `ELEMENTS` whether it is there, and in which share of cases.

    Notes
    -----
    diagnosis, contract, basket: kept where at least `min_element_share` of the pilot's cases have it; known where the
    pilot has `min_cases` cases, the share where it may be told. monitoring, aftercare: kept where the model of the
    pilot describes them; their shares are those of all cases that were monitored, and of successful cases that were
    followed up. animator, inspirer: an entity has the role. two_levels: entities of a gmina and of a powiat take part.
    """
    described = _described(inputs)
    rows: list[Row] = []
    for own in regions:
        telling = telling_pilots(own, parameters=parameters)
        for pilot in own.pilots:
            cases = own.of((pilot,))
            partners = inputs.partners[inputs.partners["pilot"] == pilot]
            for element in ELEMENTS:
                row: Row = {"teryt": own.teryt, "pilot": pilot, "element": element, "kept": False, "known": True}
                row |= {"reason": "", "share": None}
                if element in FROM_PARTNERS:
                    row |= {"basis": "partners"} | _of_partners(partners, element)
                else:
                    row |= _of_cases(cases, element, telling, parameters)
                    if element in FROM_PILOT:
                        row |= {"basis": "pilot", "known": True, "kept": pilot in described[element]}
                rows.append(row)
    return as_table("fidelity", rows)


def missing_in_public(inputs: Inputs, pilot: str) -> frozenset[str]:
    """Return the elements that a pilot lacks by its documents and, where it has any, its partners."""
    lacking = {element for element, described in _described(inputs).items() if pilot not in described}
    partners = inputs.partners[inputs.partners["pilot"] == pilot]
    lacking |= {one for one in FROM_PARTNERS if len(partners) and not _of_partners(partners, one)["kept"]}
    return frozenset(lacking)


def missing_in_cases(own: Voivodeship, pilots: tuple[str, ...], *, parameters: CooperationParameters) -> frozenset[str]:
    """Return the elements of which the share in all cases of some pilots, joined, is too small."""
    cases = own.of(pilots)
    return frozenset(one for one, column in FROM_CASES.items() if cases[column].mean() < parameters.min_element_share)


def _described(inputs: Inputs) -> dict[str, frozenset[str]]:
    """Return the pilots whose documents describe an element of `FROM_PILOT`."""
    return {element: frozenset(inputs.pilots.loc[inputs.pilots[element], "pilot"]) for element in FROM_PILOT}


def _of_partners(partners: pd.DataFrame, element: str) -> dict[str, Any]:
    if partners.empty:
        return {"kept": False, "known": False, "reason": "no_data"}
    if element == "two_levels":
        return {"kept": set(partners["level"]) >= TWO_LEVELS}
    return {"kept": bool((partners["role"] == element).any())}


def _of_cases(cases: pd.DataFrame, element: str, telling: Telling, parameters: CooperationParameters) -> dict[str, Any]:
    column = {**FROM_CASES, **FROM_PILOT}[element]
    base = cases[cases["successful"]] if element == "aftercare" else cases
    found: dict[str, Any] = {"basis": "cases", "known": False, "reason": "no_data" if base.empty else "few"}
    if may_tell(len(base), parameters=parameters):
        share = float(base[column].mean())
        found |= {"known": True, "kept": share >= parameters.min_element_share}
        if column in telling.traits and set(base["pilot"]) <= telling.pilots:
            found |= {"share": rounded(share, SHARE_DIGITS), "reason": ""}
    return found
