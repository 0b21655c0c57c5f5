"""Why persons and units are not counted, in numbers that single nobody out.

What may be derived from what. The value of an indicator of persons is published as it is, as the programme asks for;
so the difference of supported and qualified is public. Of everything else:

- The persons looked at less the supported are those not counted as supported. Where they are one to `min_count` - 1,
  neither they nor the persons looked at are printed, here and among the reasons of the qualified.
- Rules are joined until each number is at least `min_count`, with persons to spare beyond one for each rule that is
  named (see `joining`). For the qualified ``not_supported`` stays by itself, because its number follows from the other
  table; the other rules are joined among themselves, and their sum follows from the two indicators. Where even all of
  them are few, all rules that there are stand in one line without a number, whether anybody falls under them or not.

Units are public bodies, and their plans are public: nothing of them is hidden.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from ropsanalysis.project_monitoring.counting import EVIDENCE_RULES, SUPPORTED_RULES, Counted
from ropsanalysis.project_monitoring.denominator import denominator
from ropsanalysis.project_monitoring.joining import joined_with_spare
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.project_monitoring.period import periods
from ropsanalysis.project_monitoring.plans import OUTSIDE, UNIT_RULES, unit_rules
from ropsanalysis.project_monitoring.published import as_table
from ropsanalysis.project_monitoring.schema import Inputs
from ropsanalysis.stats.joined_parts import publishable

_NOT_SUPPORTED: Final = "not_supported"


def reasons_table(inputs: Inputs, counted: Counted, *, parameters: MonitoringParameters) -> pd.DataFrame:
    """Return how many persons and units each rule keeps out of each indicator."""
    rows: list[dict[str, Any]] = []
    for period in periods(inputs.cards):
        teryt = period.teryt
        rows += [{"teryt": teryt, **row} for row in person_reasons(counted.of(teryt), fewest=parameters.min_count)]
        lpdi = inputs.lpdi[inputs.lpdi["teryt"] == teryt]
        if len(lpdi):
            units = denominator(inputs.units, teryt, plan_units=parameters.plan_units)
            found = Counter(unit_rules(lpdi, period.as_of, units, parameters=parameters).values())
            rows += [
                {"teryt": teryt, "indicator": "plans", "rules": rule, "number": found[rule],
                 "of": None if rule == OUTSIDE else len(units.codes)}
                for rule in UNIT_RULES
                if found[rule]
            ]  # fmt: skip
    return as_table("reasons", rows)


def person_reasons(persons: pd.DataFrame, *, fewest: int) -> Iterator[dict[str, Any]]:
    """Yield the numbers of persons that each rule keeps out, those of few joined.

    Parameters
    ----------
    persons
        One voivodeship's, as `counting.Counted.persons`.
    fewest
        Fewest persons of a number, unless it is 0.
    """
    rules = {name: Counter(persons[f"{name}_rule"].astype(str)) for name in ("supported", "qualified")}
    outside = sum(rules["supported"][rule] for rule in SUPPORTED_RULES)
    looked_at = len(persons) if publishable(outside, fewest=fewest) or not outside else None
    for keys, number in _joined(rules["supported"], SUPPORTED_RULES, fewest):
        yield {"indicator": "supported", "rules": keys, "number": number, "of": looked_at}
    unsupported = rules["qualified"][_NOT_SUPPORTED]
    if unsupported:
        known = unsupported if looked_at is not None else None
        yield {"indicator": "qualified", "rules": _NOT_SUPPORTED, "number": known, "of": looked_at}
    for keys, number in _joined(rules["qualified"], EVIDENCE_RULES, fewest):
        yield {"indicator": "qualified", "rules": keys, "number": number, "of": looked_at}


def _joined(found: Mapping[str, int], order: Sequence[str], fewest: int) -> Iterator[tuple[str, int | None]]:
    """Yield rules, joined where few, and their number, None where all of them together are few."""
    counts = {f"{place} {rule}": [found[rule]] for place, rule in enumerate(order) if found.get(rule, 0)}
    parts = joined_with_spare(counts, fewest=fewest, fewest_inside=fewest)
    for keys in parts:
        yield "+".join(key.partition(" ")[2] for key in keys), sum(counts[key][0] for key in keys)
    if counts and not parts:
        yield "+".join(order), None
