"""Breakdowns of supported and qualified persons, in parts that name nobody.

Each person is in one part of a dimension: that of the first support that counts, so that parts add up to the
indicator. What may be derived from what:

- A part has at least `min_persons`, and both those qualified and those not are none or at least `min_count`. Where even
  all persons together do not allow the number of qualified, it is left out of the dimension and parts are made by
  persons alone.
- Parts of different dimensions overlap in ways that are not published, so one cannot be taken from another.
- Which gminas support came to is published, each with at least one person of its sub-region. A part of sub-regions
  therefore has more persons than reached gminas and powiats by at least `min_count` - 1, so that of no unit it can be
  told that fewer than `min_count` persons work there.
- The number of persons of an action (first support or later, `actions.ActionState`) is shown only where the action is
  a part by itself, and where those who came later, and those who never came, are none or at least `min_count`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pandas as pd

from ropsanalysis.project_monitoring.counting import COUNTED, Counted
from ropsanalysis.project_monitoring.denominator import denominator
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.project_monitoring.period import periods
from ropsanalysis.project_monitoring.published import as_table
from ropsanalysis.project_monitoring.reach import reached_units, subregions
from ropsanalysis.project_monitoring.schema import Inputs
from ropsanalysis.stats.joined_parts import joined_parts, publishable

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
    A part of all persons that may not be published is left without numbers.
    """
    if not counts:
        return
    whole, supported, qualified = (sum(column) for column in zip(*counts.values(), strict=True))
    rules = {"fewest": parameters.min_persons, "fewest_inside": parameters.min_count}
    nested = publishable(whole, (supported, qualified), **rules)
    used = {key: (row if nested else row[:2]) for key, row in counts.items()}
    for keys in _joined(used, reached, parameters):
        total = [sum(column) for column in zip(*(used[key] for key in keys), strict=True)]
        shown = publishable(total[0], total[1:], **rules) and _spare(keys, used, reached, parameters)
        yield {
            "keys": "+".join(_plain(key) for key in keys), "supported": total[1] if shown else None,
            "qualified": total[2] if shown and nested else None,
        }  # fmt: skip


def _joined(
    counts: Mapping[str, tuple[int, ...]], reached: Mapping[str, int], parameters: MonitoringParameters
) -> list[tuple[str, ...]]:
    """Return the parts: each publishable, and with persons to spare beyond the units that were reached."""
    groups: dict[tuple[str, ...], tuple[int, ...]] = {(key,): numbers for key, numbers in counts.items()}
    while True:
        names = {"\0".join(keys): keys for keys in groups}
        joined = joined_parts(
            {name: groups[keys] for name, keys in names.items()},
            fewest=parameters.min_persons, fewest_inside=parameters.min_count,
        )  # fmt: skip
        found = [tuple(sorted(key for name in part for key in names[name])) for part in joined]
        tight = [keys for keys in found if not _spare(keys, counts, reached, parameters)]
        if not tight or len(found) == 1:
            return found
        # The first part without enough to spare takes the smallest of the others, until each has enough.
        taken = min(
            (keys for keys in found if keys != tight[0]), key=lambda keys: (sum(counts[k][0] for k in keys), keys)
        )
        merged = [keys for keys in found if keys not in (tight[0], taken)] + [tuple(sorted((*tight[0], *taken)))]
        groups = {
            keys: tuple(sum(column) for column in zip(*(counts[key] for key in keys), strict=True))
            for keys in sorted(merged)
        }


def _spare(
    keys: tuple[str, ...], counts: Mapping[str, tuple[int, ...]], reached: Mapping[str, int],
    parameters: MonitoringParameters,
) -> bool:  # fmt: skip
    units = sum(reached.get(key, 0) for key in keys)
    return not units or sum(counts[key][0] for key in keys) - units >= parameters.min_count - 1


def _plain(key: str) -> str:
    """Return a key as the tables have it: an action without the zero that kept it in order."""
    return str(int(key)) if key.isdecimal() else key
