"""Where the models are tried, with whom, and which published projects cover a voivodeship."""

from __future__ import annotations

import pandas as pd

from ropsanalysis.cooperation.published import Row, as_table, conform
from ropsanalysis.cooperation.schema import LEVELS, SECTORS, Inputs

DAYS_IN_MONTH = 365.25 / 12
"""Days of a mean month."""
MONTH_DIGITS = 1


def pilots(inputs: Inputs) -> pd.DataFrame:
    """Return the pilots, with the months they last (to the last day of their data where they go on) and partners."""
    partners = inputs.partners.groupby("pilot").agg(
        entities=("entity", "nunique"), sectors=("sector", "nunique"), levels=("level", "nunique")
    )
    own = inputs.pilots.sort_values(["teryt", "pilot"], ignore_index=True)
    own = own.merge(partners, on="pilot", how="left").fillna({"entities": 0, "sectors": 0, "levels": 0})
    last = own["ended"].fillna(own["as_of"])
    return conform(
        "pilots",
        own.assign(
            started=_iso(own["started"]),
            ended=_iso(own["ended"]),
            months=((last - own["started"]).dt.days / DAYS_IN_MONTH).round(MONTH_DIGITS),
        ),
    )


def partners(inputs: Inputs) -> pd.DataFrame:
    """Count the entities of each pilot by sector and level, in the order of `SECTORS` and `LEVELS`."""
    places = inputs.pilots[["pilot", "teryt"]]
    found = inputs.partners.merge(places, on="pilot").groupby(["teryt", "pilot", "sector", "level"], sort=True)
    counts = found["entity"].nunique().rename("entities").reset_index()
    ranks = {name: place for names in (SECTORS, LEVELS) for place, name in enumerate(names)}
    order = counts.assign(first=counts["sector"].map(ranks), second=counts["level"].map(ranks))
    return conform("partners", order.sort_values(["teryt", "pilot", "first", "second"], ignore_index=True))


def projects(inputs: Inputs) -> pd.DataFrame:
    """Return a row for each voivodeship with a pilot and each published project that covers it."""
    delivered = set(inputs.pilots["teryt"])
    rows: list[Row] = [
        {**{str(name): value for name, value in project.items()}, "teryt": teryt}
        for project in inputs.projects.to_dict("records")
        for teryt in str(project["teryt"]).split("+")
        if teryt in delivered
    ]
    rows.sort(key=lambda row: (row["teryt"], row["project"]))
    return as_table("projects", rows)


def sectors(inputs: Inputs) -> pd.DataFrame:
    """Return the names of the sectors, in the order of the catalogue."""
    return conform("sectors", inputs.sectors)


def _iso(days: pd.Series[pd.Timestamp]) -> pd.Series[str]:
    """Write days as 2024-03-01, unknown ones as an empty text."""
    return days.dt.strftime("%Y-%m-%d").fillna("")
