"""Whether a pilot keeps the minimum content that the call for projects asks of a model of cooperation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from ropsanalysis.cooperation.cases import Voivodeship
from ropsanalysis.cooperation.parameters import CooperationParameters
from ropsanalysis.cooperation.protection import SHARE_DIGITS, may_tell, telling_pilots
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


def fidelity(
    inputs: Inputs, regions: Sequence[Voivodeship], *, parameters: CooperationParameters
) -> pd.DataFrame:
    """Return for each pilot and element of `ELEMENTS` whether it is there, and in which share of cases.

    Notes
    -----
    diagnosis, contract, basket: kept where at least `min_element_share` of the pilot's cases have it; known only where
    the share may be told. monitoring, aftercare: kept where the model of the pilot describes them; their shares are
    those of all cases that were monitored, and of successful cases that were followed up. animator, inspirer: an entity
    has the role. two_levels: entities of a gmina and of a powiat take part.
    """
    described = inputs.pilots.set_index("pilot")
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
                    row |= _of_cases(cases, element, pilot in telling, parameters)
                    if element in FROM_PILOT:
                        row |= {"basis": "pilot", "known": True, "kept": bool(described.at[pilot, element])}
                rows.append(row)
    return as_table("fidelity", rows)


def missing_elements(
    inputs: Inputs, own: Voivodeship, pilots: tuple[str, ...], *, parameters: CooperationParameters
) -> tuple[str, ...]:
    """Return the elements that a part of a voivodeship lacks, in the order of `ELEMENTS`.

    Parameters
    ----------
    pilots
        Pilots joined, with enough cases for their outcome to be told: an element of the cases is lacking where the
        share in all of their cases is too small, any other one where one of the pilots lacks it.
    """
    cases, described = own.of(pilots), inputs.pilots.set_index("pilot")
    partners = {pilot: inputs.partners[inputs.partners["pilot"] == pilot] for pilot in pilots}
    kept: dict[str, bool] = {
        element: float(cases[column].mean()) >= parameters.min_element_share for element, column in FROM_CASES.items()
    }
    kept |= {element: all(bool(described.at[pilot, element]) for pilot in pilots) for element in FROM_PILOT}
    kept |= {
        element: all(_of_partners(partners[pilot], element)["kept"] for pilot in pilots if len(partners[pilot]))
        for element in FROM_PARTNERS
    }
    return tuple(element for element in ELEMENTS if not kept[element])


def _of_partners(partners: pd.DataFrame, element: str) -> dict[str, Any]:
    if partners.empty:
        return {"kept": False, "known": False, "reason": "no_data"}
    if element == "two_levels":
        return {"kept": set(partners["level"]) >= TWO_LEVELS}
    return {"kept": bool((partners["role"] == element).any())}


def _of_cases(
    cases: pd.DataFrame, element: str, telling: bool, parameters: CooperationParameters
) -> dict[str, Any]:
    column = (FROM_CASES | FROM_PILOT)[element]
    base = cases[cases["successful"]] if element == "aftercare" else cases
    found: dict[str, Any] = {"basis": "cases", "known": False, "reason": "no_data" if base.empty else "few"}
    if telling and may_tell(len(base), parameters=parameters):
        share = float(base[column].mean())
        found |= {"share": rounded(share, SHARE_DIGITS), "reason": ""}
        found |= {"known": True, "kept": share >= parameters.min_element_share}
    return found
