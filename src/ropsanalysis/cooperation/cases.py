"""The cases as the report counts them: which steps each has reached, in which pilot and voivodeship."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from ropsanalysis.cooperation.schema import Inputs

REACHED: Final[Mapping[str, str]] = {
    "diagnosis": "diagnosed",
    "contract": "contracted",
    "basket": "with_basket",
    "ended": "closed",
    "success": "successful",
    "followup": "followed",
    "kept": "lasting",
}
"""Step of a case -> column (bool) that says whether it has been reached."""


@dataclass(frozen=True, slots=True)
class Voivodeship:
    """A voivodeship's pilots and cases.

    Attributes
    ----------
    teryt
        Two digits.
    pilots
        Its pilots, in the order of their keys.
    cases
        Rows of `read_cases`.
    by_pilot
        Pilot -> its cases; only pilots that have any.
    """

    teryt: str
    pilots: tuple[str, ...]
    cases: pd.DataFrame
    by_pilot: Mapping[str, pd.DataFrame]

    def of(self, pilots: tuple[str, ...]) -> pd.DataFrame:
        """Return the cases of some of the pilots."""
        found = [self.by_pilot[pilot] for pilot in pilots if pilot in self.by_pilot]
        if len(found) == 1:
            return found[0]
        return pd.concat(found) if found else self.cases.iloc[:0]


def read_cases(inputs: Inputs) -> pd.DataFrame:
    """Return the cases with their voivodeship, the last day of their pilot's data, and the steps they have reached.

    Returns
    -------
    pandas.DataFrame
        The columns of the cases, teryt, as_of, and a column (bool) for each step of `REACHED`. The steps of the way in
        count as they were recorded, each by itself: diagnosis and contract by their days, a basket by its services.
        Those of the way out are nested: success among the ended cases, a follow-up among the successful ones, a change
        that was kept among those followed up. Rows stand in an order that the order of the delivered rows does not
        change.
    """
    places = inputs.pilots[["pilot", "teryt", "as_of"]]
    cases = inputs.cases.sort_values(["pilot", "case"], ignore_index=True).merge(places, on="pilot", how="left")
    planned = pd.MultiIndex.from_frame(inputs.baskets[["pilot", "case"]])
    successful = cases["outcome"] == "success"
    return cases.assign(
        diagnosed=cases["diagnosis"].notna(),
        contracted=cases["contract"].notna(),
        with_basket=pd.MultiIndex.from_frame(cases[["pilot", "case"]]).isin(planned),
        closed=cases["outcome"] != "ongoing",
        successful=successful,
        followed=successful & (cases["followup"] != ""),
        lasting=successful & (cases["followup"] == "kept"),
    )


def voivodeships(inputs: Inputs) -> list[Voivodeship]:
    """Return each voivodeship that has a pilot, in the order of the codes."""
    cases = read_cases(inputs)
    found = []
    for teryt, pilots in inputs.pilots.groupby("teryt", sort=True):
        own = cases[cases["teryt"] == teryt]
        by_pilot = {str(pilot): rows for pilot, rows in own.groupby("pilot", sort=True)}
        found.append(Voivodeship(str(teryt), tuple(sorted(pilots["pilot"])), own, by_pilot))
    return found
