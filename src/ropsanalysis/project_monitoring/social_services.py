"""Social services: sections of plans, social service centres, foster care, entities supported."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pandas as pd

from ropsanalysis.project_monitoring.denominator import denominator
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.project_monitoring.period import Period, periods
from ropsanalysis.project_monitoring.plans import not_adopted
from ropsanalysis.project_monitoring.published import as_table, day_text
from ropsanalysis.project_monitoring.schema import SECTIONS, Inputs
from ropsanalysis.stats.joined_parts import joined_parts, publishable


def social_service_tables(inputs: Inputs, *, parameters: MonitoringParameters) -> dict[str, pd.DataFrame]:
    """Return the tables ``plan_sections``, ``centres``, ``foster_care`` and ``entities``."""
    sections: list[dict[str, Any]] = []
    centres: list[dict[str, Any]] = []
    entities: list[dict[str, Any]] = []
    names = dict(zip(inputs.units["teryt"], inputs.units["name"], strict=True))
    for period in periods(inputs.cards):
        sections += _sections(inputs, period, parameters)
        entities += _entities(inputs, period, parameters)
        for centre in open_centres(inputs.cus, period).to_dict("records"):
            codes = sorted(str(centre["gminas"]).split("+"))
            centres.append({
                "teryt": period.teryt, "name": centre["name"], "gminas": ", ".join(names.get(c, c) for c in codes),
                "units": len(codes), "opened": day_text(centre["opened"]), "services": centre["services"],
            })  # fmt: skip
    return {
        "plan_sections": as_table("plan_sections", sections),
        "centres": as_table("centres", centres),
        "foster_care": as_table("foster_care", list(_foster_care(inputs.foster_care))),
        "entities": as_table("entities", entities),
    }


def open_centres(cus: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Return the centres of a voivodeship that are open on the day of the data, by day of opening."""
    own = cus[(cus["teryt"] == period.teryt) & (cus["opened"] <= period.as_of)]
    return own[~(own["closed"] <= period.as_of)].sort_values(["opened", "name", "gminas"])


def _sections(inputs: Inputs, period: Period, parameters: MonitoringParameters) -> Iterator[dict[str, Any]]:
    """Count sections of the plans that units of the share adopted by the day of the data, also of expired ones."""
    units = denominator(inputs.units, period.teryt, plan_units=parameters.plan_units)
    own = inputs.lpdi[(inputs.lpdi["teryt"] == period.teryt) & inputs.lpdi["unit"].isin(units.stands_for)]
    adopted = own[~not_adopted(own, period.as_of, parameters=parameters)]
    if len(adopted):
        for section in SECTIONS:
            yield {
                "teryt": period.teryt, "section": section, "plans": int(adopted[section].sum()), "of": len(adopted),
            }  # fmt: skip


def _entities(inputs: Inputs, period: Period, parameters: MonitoringParameters) -> Iterator[dict[str, Any]]:
    """Count entities once, by the type of institution of their first support; few types together, few ones not."""
    own = inputs.entities[(inputs.entities["teryt"] == period.teryt) & (inputs.entities["started"] <= period.as_of)]
    first = own.sort_values(["entity", "started", "institution"]).drop_duplicates("entity")
    counts = {str(key or "unknown"): [int(number)] for key, number in first["institution"].value_counts().items()}
    for keys in joined_parts(dict(sorted(counts.items())), fewest=parameters.min_count):
        number = sum(counts[key][0] for key in keys)
        if publishable(number, fewest=parameters.min_count):
            yield {"teryt": period.teryt, "keys": "+".join(keys), "entities": number}


def _foster_care(table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Compare the printed total of each year with the sum of its parts.

    Notes
    -----
    A total printed as 75,8 thousand stands for 75 750 to 75 850: it is flagged if the sum differs by more than half of
    its last digit that is not 0. So 75 800 is flagged for 58 210 + 17 128 = 75 338, and 71 500 is not for
    55 500 + 16 000.
    """
    for row in table.sort_values(["teryt", "year", "source"]).to_dict("records"):
        total = row["family"] + row["institutional"]
        printed = None if pd.isna(row["total_printed"]) else float(row["total_printed"])
        difference = None if printed is None else printed - total
        yield {
            "teryt": row["teryt"], "year": row["year"], "family": row["family"], "institutional": row["institutional"],
            "total": total, "share": row["family"] / total if total else 0.0, "printed": printed,
            "difference": difference, "step": row["step"], "source": row["source"],
            "flagged": difference is not None and printed is not None and _apart(difference, printed),
        }  # fmt: skip


def _apart(difference: float, printed: float) -> bool:
    return abs(difference) > half_digit(printed) * (1 + 1e-9)  # 1e-9: sums of decimals are not exact


def half_digit(printed: float) -> float:
    """Return half of the last digit that is not 0 of a printed number.

    Examples
    --------
    >>> half_digit(75_800.0), half_digit(75_338.0), half_digit(71.5)
    (50.0, 0.5, 0.05)
    """
    exponent = Decimal(repr(printed)).normalize().as_tuple().exponent
    return float(Decimal(1).scaleb(int(exponent)) / 2)
