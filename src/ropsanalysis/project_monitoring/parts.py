"""Breakdowns of supported and qualified persons, in parts that name nobody.

Each person is in one part of a dimension: that of the first support that counts, so that parts add up to the
indicator. What may be derived from what:

- A part has at least `min_persons`, and both those qualified and those not are none or at least `min_count`. Where even
  all persons together do not allow the number of qualified, it is left out of the dimension and parts are made by
  persons alone.
- Parts of different dimensions overlap in ways that are not published, so one cannot be taken from another.
- A key that a part names has somebody, and which gminas and powiats support came to is published, each with at least
  one person. A part therefore has persons to spare (see `joining`), so that of no key and no unit in it can be told
  that fewer than `min_count` persons work there. Only where a project has supported hardly more persons than gminas,
  the list of reached gminas and the indicator themselves tell that there was about one in each; then there are no parts
  by sub-region.
- The course of an indicator by quarters is told where neither its values nor its changes are of few persons (see
  `course_protection`). Editions of several days are not protected against being compared.
- The number of persons of an action (first support or later, `actions.ActionState`) is shown only where the action is
  a part by itself, and where those who came later, and those who never came, are none or at least `min_count`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pandas as pd

from ropsanalysis.project_monitoring.counting import COUNTED, Counted
from ropsanalysis.project_monitoring.denominator import denominator
from ropsanalysis.project_monitoring.joining import joined_with_spare
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.project_monitoring.period import periods
from ropsanalysis.project_monitoring.published import as_table
from ropsanalysis.project_monitoring.reach import reached_units, subregions
from ropsanalysis.project_monitoring.schema import Inputs
from ropsanalysis.stats.joined_parts import publishable

DIMENSIONS: Final = ("institution", "subregion", "action")
UNKNOWN: Final = "unknown"
"""Key of those whose institution or workplace is not told."""

Counts = Mapping[str, tuple[int, int, int]]
"""Key -> persons (supported or qualified), of them supported, of them qualified."""


def parts_table(inputs: Inputs, counted: Counted, *, parameters: MonitoringParameters) -> pd.DataFrame:
    """Return persons supported and qualified by institution, sub-region and action, in publishable parts."""
    areas = subregions(inputs)
    rows: list[dict[str, Any]] = []
    for period in periods(inputs.cards):
        persons = counted_persons(counted, period.teryt)
        units = denominator(inputs.units, period.teryt, plan_units="cities_once")  # each place once
        reached = reached_by_area(reached_units(counted, period.teryt, units), areas)
        for dimension in DIMENSIONS:
            keys = keys_of(persons, dimension, areas)
            spare = reached if dimension == "subregion" else {}
            for row in parts(counts_of(persons, keys), spare, parameters=parameters):
                rows.append({"teryt": period.teryt, "dimension": dimension, **row})
    return as_table("parts", rows)


def counted_persons(counted: Counted, teryt: str) -> pd.DataFrame:
    """Return the persons of a voivodeship who are supported or qualified."""
    own = counted.of(teryt)
    return own[(own["supported_rule"] == COUNTED) | (own["qualified_rule"] == COUNTED)]


def keys_of(persons: pd.DataFrame, dimension: str, areas: Mapping[str, str]) -> pd.Series[str]:
    """Return in which part of a dimension each person is; actions in two digits, so that they keep their order."""
    if dimension == "action":
        return persons["action"].map("{:02d}".format).astype("str")
    if dimension == "subregion":
        return persons["unit"].map(lambda unit: areas.get(str(unit)[:4], UNKNOWN)).astype("str")
    return persons["institution"].replace("", UNKNOWN).astype("str")


def counts_of(persons: pd.DataFrame, keys: pd.Series[str]) -> dict[str, tuple[int, int, int]]:
    """Count persons, supported and qualified ones for each key, in the order of the keys."""
    flags = pd.DataFrame({
        "persons": 1, "supported": persons["supported_rule"] == COUNTED,
        "qualified": persons["qualified_rule"] == COUNTED,
    }, index=persons.index)  # fmt: skip
    table = flags.astype("int64").groupby(keys, sort=True).sum()
    return {
        str(key): (int(row[0]), int(row[1]), int(row[2]))
        for key, row in zip(table.index, table.to_numpy(), strict=True)
    }


def reached_by_area(units: frozenset[str], areas: Mapping[str, str]) -> dict[str, int]:
    """Count the reached gminas and powiats of each sub-region."""
    found: dict[str, int] = {}
    for unit in units:
        area = areas.get(unit[:4], UNKNOWN)
        found[area] = found.get(area, 0) + 1
    return found


def parts(counts: Counts, reached: Mapping[str, int], *, parameters: MonitoringParameters) -> Iterator[dict[str, Any]]:
    """Yield the publishable parts of one dimension.

    Parameters
    ----------
    counts
        Persons by key.
    reached
        Units by key of which is published that support came to them; keys without any may be left out.

    Notes
    -----
    There are none where even all persons together may not be told of.
    """
    if not counts:
        return
    whole, supported, qualified = (sum(column) for column in zip(*counts.values(), strict=True))
    rules = {"fewest": parameters.min_persons, "fewest_inside": parameters.min_count}
    nested = publishable(whole, (supported, qualified), **rules)
    used = {key: (row if nested else row[:2]) for key, row in counts.items()}
    for keys in joined_with_spare(used, places=reached, **rules):
        total = [sum(column) for column in zip(*(used[key] for key in keys), strict=True)]
        yield {
            "keys": "+".join(_plain(key) for key in keys), "supported": total[1],
            "qualified": total[2] if nested else None,
        }  # fmt: skip


def _plain(key: str) -> str:
    """Return a key as the tables have it: an action without the zero that kept it in order."""
    return str(int(key)) if key.isdecimal() else key
