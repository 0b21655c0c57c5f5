"""The list behind a number: every person or unit of an indicator, counted or with the rule that keeps it out.

For the office's own machine alone: pseudonyms and row numbers lead to persons. No published table is made of this.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from ropsanalysis.errors import UsageError, did_you_mean
from ropsanalysis.project_monitoring.counting import COUNTED, QUALIFIED_RULES, SUPPORTED_RULES, count_persons
from ropsanalysis.project_monitoring.denominator import denominator
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.project_monitoring.period import Period, periods
from ropsanalysis.project_monitoring.plans import UNIT_RULES, unit_rules
from ropsanalysis.project_monitoring.schema import COUNTED as OF_PERSONS
from ropsanalysis.project_monitoring.schema import INDICATORS, Inputs

LEDGER_COLUMNS: Final = ("subject", "rows", "counted", "rule", "explanation")
RULES: Final[Mapping[str, tuple[str, ...]]] = {
    "supported": SUPPORTED_RULES, "qualified": QUALIFIED_RULES, "plans": UNIT_RULES,
}  # fmt: skip
"""Rules of each indicator, in the order in which they are applied."""


def ledger(inputs: Inputs, *, indicator: str, teryt: str, parameters: MonitoringParameters) -> pd.DataFrame:
    """List every person or unit of an indicator in a voivodeship.

    Parameters
    ----------
    indicator
        One of `schema.INDICATORS`.
    teryt
        Code of the voivodeship.

    Returns
    -------
    pandas.DataFrame
        Columns `LEDGER_COLUMNS`: subject (pseudonym of a person, code of a unit), rows (numbers of the file, such as
        "12, 40", "" for a unit without a plan), counted (bool), rule (key of `RULES`, "" if counted), explanation (a
        Polish sentence). Ordered by the first row of the file, units without a plan last.

    Raises
    ------
    UsageError
        There is no such indicator, or no project of that voivodeship in the data.
    """
    if indicator not in INDICATORS:
        raise UsageError(
            f"There is no indicator '{indicator}'.{did_you_mean(indicator, INDICATORS)} "
            f"Indicators: {', '.join(INDICATORS)}."
        )
    period = next((one for one in periods(inputs.cards) if one.teryt == teryt), None)
    if period is None:
        raise UsageError(f"The data hold no project of the voivodeship {teryt}.")
    if indicator in OF_PERSONS:
        found = _persons(inputs, indicator, teryt, parameters)
    else:
        found = _units(inputs, period, parameters)
    words = explanations(parameters)
    table = pd.DataFrame(found, columns=["subject", "rows", "rule"]).astype("str")
    table["counted"] = table["rule"] == COUNTED
    table["explanation"] = [words[indicator, rule] for rule in table["rule"]]
    order = table["rows"].map(lambda rows: int(rows.split(",")[0]) if rows else float("inf"))
    return table.assign(order=order).sort_values(["order", "subject"], ignore_index=True)[list(LEDGER_COLUMNS)]


def _persons(
    inputs: Inputs, indicator: str, teryt: str, parameters: MonitoringParameters
) -> list[tuple[str, str, str]]:
    # Persons are counted in each voivodeship by itself.
    own = inputs.participants[inputs.participants["teryt"] == teryt]
    if own.empty:
        return []
    persons = count_persons(own, inputs.cards, parameters=parameters).persons
    columns = persons[["person", "rows", f"{indicator}_rule"]]
    return [(str(a), str(b), str(c)) for a, b, c in columns.itertuples(index=False)]


def _units(inputs: Inputs, period: Period, parameters: MonitoringParameters) -> list[tuple[str, str, str]]:
    lpdi = inputs.lpdi[inputs.lpdi["teryt"] == period.teryt]
    units = denominator(inputs.units, period.teryt, plan_units=parameters.plan_units)
    rules = unit_rules(lpdi, period.as_of, units, parameters=parameters)
    rows: dict[str, set[int]] = {code: set() for code in rules}
    for code, row in zip(lpdi["unit"], lpdi["row"], strict=True):
        for unit in units.stands_for.get(code, (str(code),)):
            rows[unit].add(int(row))
    return [(unit, ", ".join(map(str, sorted(rows[unit]))), rule) for unit, rule in rules.items()]


def explanations(parameters: MonitoringParameters) -> dict[tuple[str, str], str]:
    """Return the Polish sentence for each indicator and rule, "" being the rule of what is counted."""
    weeks = parameters.weeks_after_leaving
    words: dict[str, dict[str, str]] = {
        "supported": {
            COUNTED: "Osoba liczona jako objęta wsparciem.",
            "not_started": "Wsparcie nie ma daty rozpoczęcia.",
            "after_day": "Wsparcie rozpoczyna się po dniu, na który podano dane.",
            "incomplete": "Dane osoby są niekompletne.",
            "no_institution": "Osoba nie pracuje w instytucji działającej na rzecz włączenia społecznego.",
            "form_not_counted": "Tej formy wsparcia nie liczy się do wskaźnika.",
        },
        "qualified": {
            COUNTED: "Osoba liczona jako ta, która podniosła kwalifikacje.",
            "not_supported": "Osoba nie jest liczona jako objęta wsparciem.",
            "no_evidence": "Brak dowodu podniesienia kwalifikacji.",
            "attendance_only": "Jest tylko zaświadczenie o udziale, które nie dowodzi podniesienia kwalifikacji.",
            "evidence_not_accepted": "Dowód nie ma daty albo nie jest uznawanego rodzaju.",
            "evidence_before_start": "Dowód ma datę sprzed rozpoczęcia wsparcia albo wsparcie nie ma daty rozpoczęcia.",
            "too_late": f"Dowód ma datę późniejszą niż {_weeks(weeks)} po opuszczeniu projektu.",
            "evidence_after_day": "Dowód ma datę późniejszą niż dzień, na który podano dane.",
        },
        "plans": {
            COUNTED: "Jednostka ma plan, który jest przyjęty, obowiązuje i jest realizowany.",
            "no_plan": "Jednostka nie ma planu.",
            "not_adopted": "Plan nie jest przyjęty: brak daty przyjęcia albo uznawanego dowodu (uchwały, zarządzenia).",
            "not_in_force": "Plan zaczyna obowiązywać po dniu, na który podano dane.",
            "expired": "Plan przestał obowiązywać przed dniem, na który podano dane.",
            "sections_missing": "W planie brakuje wymaganej części.",
            "not_carried_out": "Brak dowodu z datą, że plan jest realizowany.",
            "unit_not_counted": "Jednostki nie ma wśród tych, od których liczy się odsetek.",
        },
    }
    return {(indicator, rule): text for indicator, own in words.items() for rule, text in own.items()}


def _weeks(number: int) -> str:
    """Return a number of weeks in the accusative.

    Examples
    --------
    >>> _weeks(1), _weeks(4), _weeks(12), _weeks(24)
    ('1 tydzień', '4 tygodnie', '12 tygodni', '24 tygodnie')
    """
    few = number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14)
    return f"{number} {'tydzień' if number == 1 else 'tygodnie' if few else 'tygodni'}"
