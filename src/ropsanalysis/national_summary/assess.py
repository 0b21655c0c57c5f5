"""National summary: from the published tables of the voivodeships' reports to those of the ministry's.

Nothing here is computed from raw data, and nothing is estimated: numbers are taken over, added up and ranked. A sum is
given only where every voivodeship with that report has its part, so that no hidden part can be found by subtraction.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from ropsanalysis.national_summary.headlines import headlines
from ropsanalysis.national_summary.records import TABLES
from ropsanalysis.regions import POLAND, REGIONS
from ropsanalysis.stats.published import as_table
from ropsanalysis.stats.ranking import competition_ranks

Tables = Mapping[str, pd.DataFrame]

MONITORING: Final = "project_monitoring"


@dataclass(frozen=True, slots=True)
class Built:
    """The tables of one of the voivodeships' reports.

    Attributes
    ----------
    title
        Polish title of the report.
    tables
        Its published tables by name.
    regions
        Voivodeships that it covers.
    year
        Last year that its data describe.
    synthetic
        Whether any of them are made up.
    fingerprint
        Checksum of all that the tables were made from.
    """

    title: str
    tables: Tables
    regions: tuple[str, ...]
    year: int
    synthetic: bool
    fingerprint: str


def assess(reports: Mapping[str, Built]) -> dict[str, pd.DataFrame]:
    """Put the published numbers of all voivodeships side by side.

    Parameters
    ----------
    reports
        What there is of each report, by its key; any may be absent.

    Returns
    -------
    dict of str to pandas.DataFrame
        The tables of `records.TABLES`.
    """
    monitoring = reports[MONITORING].tables if MONITORING in reports else {}
    found: dict[str, Sequence[Mapping[str, Any]]] = {
        "regions": list(_regions(reports)),
        "indicators": _indicators(monitoring),
        "money": _money(monitoring),
        "actions": _actions(monitoring),
        "headlines": headlines({key: report.tables for key, report in reports.items()}),
        "sources": [
            {
                "report": key, "title": report.title, "year": report.year, "regions": len(report.regions),
                "synthetic": report.synthetic, "fingerprint": report.fingerprint,
            }
            for key, report in reports.items()
        ],
    }  # fmt: skip
    return {name: as_table(TABLES[name], rows) for name, rows in found.items()}


def _regions(reports: Mapping[str, Built]) -> Iterator[dict[str, Any]]:
    for region in REGIONS:
        keys = (key for key, report in reports.items() if region.teryt in report.regions)
        yield {"teryt": region.teryt, "name": region.name, "reports": "+".join(keys)}


# --- indicators -----------------------------------------------------------------------------------------

_TAKEN: Final = ("value", "numerator", "denominator", "target", "of_target", "line", "probability", "reason")
_FORECAST: Final = ("forecast", "forecast_low", "forecast_high")


def _indicators(tables: Tables) -> list[dict[str, Any]]:
    if "indicators" not in tables:
        return []
    rows: list[dict[str, Any]] = []
    for name, table in tables["indicators"].groupby("indicator", sort=False):
        own = table.sort_values("teryt")
        places = competition_ranks(own["of_target"].astype("Float64").to_numpy("float64", na_value=float("nan")),
                                   direction="higher").first  # fmt: skip
        for place, (_, row) in zip(places, own.iterrows(), strict=True):
            rows.append(
                {"teryt": row["teryt"], "indicator": name, **{key: row[key] for key in (*_TAKEN, *_FORECAST)}}
                | {"place": None if math.isnan(place) else int(place)}
            )
        rows.append({"teryt": POLAND.teryt, "indicator": name} | _sum_of_indicator(str(name), own))
    return rows


def _sum_of_indicator(name: str, table: pd.DataFrame) -> dict[str, Any]:
    """Return the sum over the voivodeships: of persons, or for the plans of units in the share."""
    if name == "plans":
        numerator, denominator = _total(table, "numerator"), _total(table, "denominator")
        value = _ratio(numerator, denominator)
        return {
            "numerator": numerator,
            "denominator": denominator,
            "value": value,
            "reason": "few" if value is None else "",
        }
    value, target = _total(table, "value"), _total(table, "target")
    return {
        "value": value,
        "target": target,
        "of_target": _ratio(value, target),
        "line": _total(table, "line"),
        "reason": "" if value is not None else "few",
    }


# --- money and actions ----------------------------------------------------------------------------------

_ADDED: Final = ("budget", "planned", "spent")


def _money(tables: Tables) -> list[dict[str, Any]]:
    if "money" not in tables:
        return []
    cards = tables["cards"].set_index("teryt")
    totals = tables["money"][tables["money"]["dimension"] == "total"].sort_values("teryt")
    rows: list[dict[str, Any]] = []
    for _, row in totals.iterrows():
        taken = {key: row[key] for key in (*_ADDED, "cost_index", "schedule_index", "forecast", "unspent", "reason")}
        value = cards["value_pln"].get(row["teryt"])
        rows.append({"teryt": row["teryt"], "value_pln": value, "share_spent": _share(row), **taken})
    together = {key: _total(totals, key) for key in (*_ADDED, "earned")}
    rows.append(
        {"teryt": POLAND.teryt, "value_pln": _total(tables["cards"], "value_pln"), "share_spent": _share(together)}
        | {key: together[key] for key in _ADDED}
        | {"cost_index": _ratio(together["earned"], together["spent"])}
        | {"schedule_index": _ratio(together["earned"], together["planned"])}
        | {"reason": "" if together["spent"] is not None else "no_data"}
    )
    return rows


def _share(row: Mapping[str, Any] | pd.Series[Any]) -> float | None:
    return _ratio(row["spent"], row["budget"])


def _ratio(part: Any, whole: Any) -> float | None:
    return None if pd.isna(part) or pd.isna(whole) or not whole else float(part) / float(whole)


def _actions(tables: Tables) -> list[dict[str, Any]]:
    if "action_states" not in tables:
        return []
    titles = tables["actions"].set_index("action")["short"]
    counted = tables["action_states"][["teryt", "action", "due", "done", "late"]]
    both = pd.concat([counted, counted.groupby("action", as_index=False).sum(numeric_only=True).assign(teryt="00")])
    return [
        {**{str(key): value for key, value in row.items()}, "title": titles[row["action"]]}
        for row in both.sort_values(["teryt", "action"]).to_dict("records")
    ]


def _total(table: pd.DataFrame, name: str) -> float | None:
    """Return the sum of a column, or nothing where a part is missing."""
    return None if table.empty or table[name].isna().any() else float(table[name].sum())
