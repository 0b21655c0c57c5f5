"""What an impact map may claim too much of; `overclaims` finds it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from ropsanalysis.social_impact.confirmed import Known, Measured
from ropsanalysis.social_impact.evidence import BEFORE_AFTER
from ropsanalysis.social_impact.parameters import SocialImpactParameters
from ropsanalysis.social_impact.published import as_table
from ropsanalysis.social_impact.schema import ASSUMPTIONS

CHECKS: Final = (
    "no_source", "counted_twice", "no_deadweight", "too_long", "one_line", "no_range", "unmeasured", "above_measured",
    "left_out",
)  # fmt: skip
"""no_source: a proxy without source; counted_twice: one outcome of one stakeholder in two lines, or one measured
outcome valued twice; no_deadweight: nobody said what would have happened anyway; too_long: it lasts longer than
anybody observed; one_line: the ratio rests on one line; no_range: no lowest and highest value, so that nothing is
known of the ratio's uncertainty; unmeasured: a line that claims to be measured names no measured outcome, or one whose
effect is of grade 2 or less or not one for the better after Holm's correction; above_measured: net of deadweight it
claims more persons than the upper end of what the comparison with persons without support shows; left_out: lines with
mistakes were set aside, so that the value is one of a part."""

_Line = dict[str, Any]
_Found = Iterable[tuple[_Line, str]]


def overclaims(
    impact_map: pd.DataFrame,
    lines: pd.DataFrame,
    effects: pd.DataFrame,
    known: Known,
    *,
    parameters: SocialImpactParameters,
    refused: Mapping[str, int] = MappingProxyType({}),
) -> pd.DataFrame:
    """Find what impact maps claim too much of.

    Parameters
    ----------
    impact_map
        As in `schema.Inputs`, of any number of voivodeships.
    lines
        Its results: columns teryt, line and share (0-1) of the value of all lines of the voivodeship, NaN where the
        line has none.
    effects
        The published table of effects on persons.
    known
        What the comparison says of each outcome.
    parameters
        ``dominant_share``.
    refused
        Lines set aside, as in `schema.Inputs`.

    Returns
    -------
    pandas.DataFrame
        The published table, a row per check (in the order of `CHECKS`) and line that it finds. ``found`` is
        what it found: the other lines (counted_twice), years claimed and observed (too_long), the share (one_line),
        the measured outcome (unmeasured), persons claimed and measured at most (above_measured), how many lines
        (left_out, which is of no line: ""), else "".

    Notes
    -----
    Words of outcomes and stakeholders count as equal whatever their capitals and spaces. Of an outcome of which nobody
    said how long it was observed, one year is believed. A line has a range if any of its assumptions has.
    """
    shares = lines.set_index(["teryt", "line"])["share"].astype("float64").to_dict()
    main = effects[effects["main"].astype("bool")] if len(effects) else effects
    grades = {(row["teryt"], row["outcome"]): row["grade"] for row in main.to_dict("records")}
    found: list[_Line] = []
    for teryt, own in impact_map.groupby("teryt", sort=True):
        rows = _rows(own)
        own_known = {key: of for (where, key), of in known.items() if where == teryt}
        strong = {
            key
            for (where, key), number in grades.items()
            if where == teryt and _strong(number) and own_known.get(key, Measured()).improved
        }
        checks: dict[str, _Found] = {
            "no_source": ((row, "") for row in rows if not str(row["proxy_source"]).strip()),
            "counted_twice": _twice(rows),
            "no_deadweight": ((row, "") for row in rows if pd.isna(row["deadweight"])),
            "too_long": _too_long(rows),
            "one_line": (
                (row, f"{share:.4f}")
                for row in rows
                if (share := shares.get((teryt, row["line"]))) is not None and share > parameters.dominant_share
            ),
            "no_range": ((row, "") for row in rows if not _has_range(row)),
            "unmeasured": _unmeasured(rows, strong),
            "above_measured": _above(rows, own_known),
        }
        found += [
            {"teryt": teryt, "code": code, "line": row["line"], "found": told}
            for code in CHECKS
            for row, told in checks.get(code, ())
        ]
        if count := refused.get(str(teryt), 0) + refused.get("", 0):
            found.append({"teryt": teryt, "code": "left_out", "line": "", "found": str(count)})
    return as_table("overclaims", found)


def _rows(table: pd.DataFrame) -> list[_Line]:
    """Return the lines in the order of their names, 2 before 10."""
    rows: list[_Line] = [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
    return sorted(rows, key=lambda row: (len(row["line"]), row["line"]))


def _strong(number: Any) -> bool:
    return not pd.isna(number) and number > BEFORE_AFTER


def _twice(rows: list[_Line]) -> _Found:
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for row in rows:
        for kind in _kinds(row):
            alike[kind].append(str(row["line"]))
    for row in rows:
        others = {line for kind in _kinds(row) for line in alike[kind]} - {str(row["line"])}
        if others:
            yield row, ", ".join(str(one["line"]) for one in rows if str(one["line"]) in others)


def _kinds(row: _Line) -> Iterator[tuple[str, ...]]:
    """Yield what no two lines may share."""
    yield "words", _plain(row["stakeholder"]), _plain(row["outcome"])
    if row["outcome_key"]:
        yield "key", str(row["outcome_key"])


def _plain(words: str) -> str:
    return " ".join(str(words).casefold().split())


def _too_long(rows: list[_Line]) -> _Found:
    for row in rows:
        claimed, observed = row["duration_years"], row["evidence_years"]
        if claimed > (1.0 if pd.isna(observed) else observed):
            yield row, f"{claimed:g} > {'?' if pd.isna(observed) else format(observed, 'g')}"


def _has_range(row: _Line) -> bool:
    ends = [row[f"{name}_{end}"] for name in ASSUMPTIONS for end in ("low", "high")]
    return not pd.isna(pd.Series(ends)).all()


def _unmeasured(rows: list[_Line], strong: Collection[str]) -> _Found:
    return (
        (row, row["outcome_key"]) for row in rows if row["evidence"] == "measured" and row["outcome_key"] not in strong
    )


def _above(rows: list[_Line], known: Mapping[str, Measured]) -> _Found:
    for row in rows:
        claimed = row["quantity"] * (1 - row["deadweight"])
        highest = known.get(row["outcome_key"], Measured()).persons.high
        if highest is not None and claimed > highest:
            yield row, f"{claimed:.0f} > {highest:.0f}"
