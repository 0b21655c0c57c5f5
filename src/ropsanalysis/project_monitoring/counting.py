"""Who counts as supported and who as having raised their qualifications: written rules, a reason for every person.

Persons are counted once, however many rows and spellings they have in the files (screening gives one pseudonym to all
spellings). Definitions of the programme FERS were not found; these rules follow those of the programmes of 2014-2020
and can be changed (see `parameters.MonitoringParameters`).

**Supported.** A row of a person (one form of support) passes unless, in this order,

1. ``not_started``: the support has no first day;
2. ``after_day``: it begins after the day of the data;
3. ``incomplete``: the person's data are not complete (only if `complete_data_only`);
4. ``no_institution``: the person works for no institution of the catalogue (only if `institution_required`);
5. ``form_not_counted``: the form of support is one of `forms_not_counted`.

A person is supported if any row passes, from the first day of the earliest that does. Who is not has the rule of the
row that came farthest, since that one lacks least.

**Qualified.** A person counts unless, in this order,

1. ``not_supported``: the person is not supported (only if `qualified_must_be_supported`);
2. ``no_evidence``: there is no evidence;
3. ``attendance_only``: the evidence says only that the person attended;
4. ``evidence_not_accepted``: it is of no kind of `accepted_evidence`, or has no day, so that nothing below can be told;
5. ``evidence_before_start``: it is dated before the support began, or that support has no first day;
6. ``too_late``: it is dated more than `weeks_after_leaving` weeks after the person left the project;
7. ``evidence_after_day``: it is dated after the day of the data.

Again one row with evidence is enough, and who has none has the rule of the row that came farthest. The day of leaving
is that of the row; where the row has none, the person's earliest from the beginning of that support on. Without any
the person is still in the project. A person is qualified from the day of the evidence, but not before being supported
where that is required.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.project_monitoring.published import listed
from ropsanalysis.project_monitoring.schema import PARTICIPANT_COLUMNS

SUPPORTED_RULES: Final = ("not_started", "after_day", "incomplete", "no_institution", "form_not_counted")
EVIDENCE_RULES: Final = (
    "no_evidence", "attendance_only", "evidence_not_accepted", "evidence_before_start", "too_late",
    "evidence_after_day",
)  # fmt: skip
QUALIFIED_RULES: Final = ("not_supported", *EVIDENCE_RULES)
COUNTED: Final = ""
"""Rule of whom nothing speaks against."""

_PERSON: Final = ["teryt", "person"]
_FIRST: Final = ["started", *(name for name in PARTICIPANT_COLUMNS if name not in ("started", "row")), "row"]
"""Order of a person's rows: by day, and what begins on one day by all that is told of it, so that it never changes."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Every row and every person, with the rule by which it is not counted ("" counted).

    Attributes
    ----------
    supports
        Columns of the participants, with supported_rule and qualified_rule of the row; ordered by person and day.
    persons
        A row per voivodeship and person: supported_rule, supported_day (NaT if not supported), qualified_rule,
        qualified_day (NaT if not), unit, institution and action of the first support that counts (for persons of whom
        none counts, of their first), rows (numbers of the file, in order, as text).
    """

    supports: pd.DataFrame
    persons: pd.DataFrame

    def of(self, teryt: str) -> pd.DataFrame:
        """Return the persons of a voivodeship."""
        return self.persons[self.persons["teryt"] == teryt]

    def supports_of(self, teryt: str) -> pd.DataFrame:
        """Return the supports that make somebody of a voivodeship supported."""
        own = self.supports[self.supports["teryt"] == teryt]
        return own[own["supported_rule"] == COUNTED]


def count_persons(participants: pd.DataFrame, cards: pd.DataFrame, *, parameters: MonitoringParameters) -> Counted:
    """Apply the rules to every row and person; see the module for the rules.

    Parameters
    ----------
    participants, cards
        As in `schema.Inputs`; each voivodeship of the participants has a card.
    parameters
        ``complete_data_only``, ``institution_required``, ``forms_not_counted``, ``accepted_evidence``,
        ``weeks_after_leaving``, ``qualified_must_be_supported``.
    """
    supports = participants.sort_values([*_PERSON, *_FIRST], na_position="last", ignore_index=True)
    as_of = supports["teryt"].map(cards.set_index("teryt")["as_of"]).astype("datetime64[s]")
    supports = supports.assign(
        supported_rule=_supported_rules(supports, as_of, parameters),
        qualified_rule=_evidence_rules(supports, as_of, parameters),
    )
    return Counted(supports=supports, persons=_persons(supports, parameters))


def _supported_rules(supports: pd.DataFrame, as_of: pd.Series[Any], parameters: MonitoringParameters) -> list[str]:
    failed = (
        supports["started"].isna(),
        supports["started"] > as_of,
        ~supports["complete"] & parameters.complete_data_only,
        (supports["institution"] == "") & parameters.institution_required,
        supports["form"].isin(listed(parameters.forms_not_counted)),
    )
    return first_failed(failed, SUPPORTED_RULES)


def _evidence_rules(supports: pd.DataFrame, as_of: pd.Series[Any], parameters: MonitoringParameters) -> list[str]:
    evidence, day = supports["evidence"], supports["evidence_day"]
    accepted = evidence.isin(listed(parameters.accepted_evidence))
    failed = (
        evidence == "",
        (evidence == "attendance") & ~accepted,
        ~accepted | day.isna(),
        supports["started"].isna() | (day < supports["started"]),
        day > _leaving(supports) + pd.Timedelta(weeks=parameters.weeks_after_leaving),
        day > as_of,
    )
    return first_failed(failed, EVIDENCE_RULES)


def _leaving(supports: pd.DataFrame) -> pd.Series[Any]:
    """Return on which day the person of each row left the project, NaT while in it."""
    known = supports.loc[supports["left"].notna(), [*_PERSON, "left"]].rename(columns={"left": "leaving"})
    both = supports.reset_index().merge(known, on=_PERSON)
    later = both[both["leaving"] >= both["started"]].groupby("index")["leaving"].min()
    return supports["left"].fillna(later.reindex(supports.index).astype("datetime64[s]"))


def _persons(supports: pd.DataFrame, parameters: MonitoringParameters) -> pd.DataFrame:
    """Return a row per person; `supports` are in the order of persons and days."""
    counts = supports["supported_rule"] == COUNTED
    evident = supports["qualified_rule"] == COUNTED
    # The first row that counts comes before the person's other rows.
    chosen = supports.assign(other=~counts).sort_values([*_PERSON, "other"], kind="stable")
    persons = chosen.groupby(_PERSON, sort=True)[["unit", "institution", "action"]].first()
    keys = [supports[name] for name in _PERSON]
    persons["supported_rule"] = _farthest(supports["supported_rule"], SUPPORTED_RULES, keys)
    persons["supported_day"] = supports["started"].where(counts).groupby(keys).min()
    persons["qualified_rule"] = _farthest(supports["qualified_rule"], EVIDENCE_RULES, keys)
    day = supports["evidence_day"].where(evident).groupby(keys).min()
    if parameters.qualified_must_be_supported:
        supported = persons["supported_rule"] == COUNTED
        persons["qualified_rule"] = persons["qualified_rule"].where(supported, "not_supported")
        day = day.where(day > persons["supported_day"], persons["supported_day"])
    persons["qualified_day"] = day.where(persons["qualified_rule"] == COUNTED)
    persons["rows"] = supports.groupby(keys)["row"].agg(lambda rows: ", ".join(map(str, sorted(set(rows)))))
    return persons.reset_index()


def _farthest(rules: pd.Series[str], order: Sequence[str], keys: Sequence[pd.Series[str]]) -> pd.Series[str]:
    """Return for each person the rule of the row that failed last, "" if one passed."""
    stages = (*order, COUNTED)
    place = rules.map({rule: number for number, rule in enumerate(stages)})
    return place.groupby(list(keys)).max().map(dict(enumerate(stages))).astype("str")


def first_failed(failed: Sequence[pd.Series[bool]], rules: Sequence[str]) -> list[str]:
    """Return for each row the first rule that it fails, "" if it passes all.

    Examples
    --------
    >>> first_failed([pd.Series([True, False, False]), pd.Series([True, True, False])], ["one", "two"])
    ['one', 'two', '']
    """
    masks = [mask.to_numpy(dtype=np.bool_) for mask in failed]
    return [str(rule) for rule in np.select(masks, list(rules), default=COUNTED)]
