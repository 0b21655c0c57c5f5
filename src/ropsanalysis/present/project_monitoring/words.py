"""The report's recurring words: datasets, hidden numbers, persons and units in the form that a number asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

from ropsanalysis.definitions import PUBLISHED
from ropsanalysis.present import numbers, polish
from ropsanalysis.present.blocks import Cell, Number
from ropsanalysis.present.dates import day as day
from ropsanalysis.present.dates import long_day as long_day
from ropsanalysis.present.numbers import amount as amount
from ropsanalysis.present.numbers import grosze as grosze
from ropsanalysis.present.numbers import rare as rare
from ropsanalysis.present.numbers import stepped as stepped
from ropsanalysis.present.numbers import thousands as thousands
from ropsanalysis.present.origin import origin as origin
from ropsanalysis.present.origin import say as say
from ropsanalysis.present.origin import source as source
from ropsanalysis.project_monitoring.view import ProjectMonitoring
from ropsanalysis.regions import Region
from ropsanalysis.stats.records import Estimate

CARD: Final = ("project_card",)
PERSONS: Final = ("project_participants", "project_card")
ENTITIES: Final = ("supported_entities",)
PLANS: Final = ("lpdi", "project_card")
ACTIVITIES: Final = ("project_activities", "project_card")
MONEY: Final = ("project_budget", "project_payments", "project_activities", "project_card")
COST: Final = ("project_payments", "project_budget", "project_participants")
CENTRES: Final = ("cus",)
FOSTER: Final = ("foster_care",)

#: Which datasets an indicator is computed from.
BEHIND: Final = {"supported": PERSONS, "qualified": PERSONS, "plans": PLANS}

#: What a table prints in place of a number that is not shown, by the record's reason.
HIDDEN: Final = {
    "no_target": "brak celu",
    "no_plan": "brak planu",
    "no_data": "brak danych",
    "few": "ukryto",
    "no_budget": "brak budżetu",
    "not_published": "nie opublikowano",
}
_EXPLAINED: Final = {
    "no_target": "„brak celu” – karta projektu nie podaje celu",
    "no_plan": "„brak planu” – karta projektu nie podaje planu",
    "no_data": "„brak danych” – danych nie dostarczono",
    "few": "„ukryto” – zbyt mało osób",
    "no_budget": "„brak budżetu” – budżetu nie dostarczono",
    "not_published": "„nie opublikowano” – nie znaleźliśmy tej liczby w opublikowanych dokumentach",
}


def note(text: str, reasons: Iterable[str] = ()) -> str:
    """Return a note with the meaning of the words in place of numbers added, for the reasons that occur."""
    told = dict.fromkeys(_EXPLAINED[reason] for reason in reasons if reason in _EXPLAINED)
    return f"{text} {polish.capital('; '.join(told))}.".strip() if told else text


def count(value: float | None, *, reason: str = PUBLISHED) -> Number:
    """Return a number of persons, units or activities for a column."""
    return Number(value, missing=HIDDEN.get(reason, ""))


def percent(share: float | None, *, reason: str = PUBLISHED, unit: str = "%", digits: int = 1) -> Number:
    """Return a share (0–1) as a percentage; empty `unit` where a column names it."""
    return numbers.percent(share, missing=HIDDEN.get(reason, ""), unit=unit, digits=digits)


def workers(number: float | None) -> Number:
    """Return so many employees, as after "objęto" or "z"."""
    unit = "" if number is None else polish.plural_form(round(number), "pracownika", "pracowników", "pracowników")
    return Number(number, unit=unit)


def persons(number: float | None) -> Number:
    """Return so many persons, as a sentence counts them."""
    unit = "" if number is None else polish.plural_form(round(number), "osoba", "osoby", "osób")
    return Number(number, unit=unit)


def units(number: float | None) -> Number:
    """Return so many units of local government, as after "z"."""
    unit = "" if number is None else polish.plural_form(round(number), "jednostki", "jednostek", "jednostek")
    return Number(number, unit=unit)


def of_gminas(number: int) -> Number:
    """Return so many gminas, as after "z" or "do"."""
    return Number(number, unit="gminy" if number == 1 else "gmin")


def per_month(value: float | None, indicator: str) -> Number:
    """Return what is needed or was reached in a month; a part of a person or unit takes the genitive case."""
    return Number(value, digits=1, unit="jednostki" if indicator == "plans" else "osoby")


def index(value: float | None, *, reason: str = PUBLISHED) -> Number:
    """Return an index of earned value, with two decimals."""
    return Number(value, digits=2, missing=HIDDEN.get(reason, ""))


def value_of(indicator: str, value: float | None, *, reason: str = PUBLISHED, unit: bool = True) -> Number:
    """Return a value of an indicator: whole persons, or a percentage of units."""
    if indicator == "plans":
        return percent(value, reason=reason, unit="%" if unit else "")
    return count(value, reason=reason)


def spread(name: str, estimate: Estimate, show: Callable[[float | None], Number]) -> tuple[str, dict[str, Any]]:
    """Return the piece of a template that prints an estimate and, where known, its interval; and the numbers."""
    parts: dict[str, Any] = {name: show(estimate.value)}
    if estimate.low is None or estimate.high is None:
        return f"{{{name}}}", parts
    for end, value in (("low", estimate.low), ("high", estimate.high)):
        shown = show(value)
        same = shown.unit != "%" and shown.unit == parts[name].unit
        parts[f"{name}_{end}"] = replace(shown, unit="") if same and end == "low" else shown
    return f"{{{name}}} (od {{{name}_low}} do {{{name}_high}})", parts


def confidence(project: ProjectMonitoring) -> str:
    """Return the level of the intervals, as in "95%"."""
    return percent(project.number("confidence"), digits=0).text


def as_of(project: ProjectMonitoring) -> str:
    """Return the day of the data as a sentence names it."""
    return long_day(project.as_of)


def money_cell(pln: float | None, *, reason: str = PUBLISHED) -> Number:
    """Return an amount in thousands of złoty for a column."""
    return thousands(pln, missing=HIDDEN.get(reason, ""))


def activities(number: int, cases: tuple[str, str, str] = ("działanie", "działania", "działań")) -> Cell:
    """Return so many activities with their noun."""
    return Number(number, unit=polish.plural_form(number, *cases))


def powiat(name: str) -> str:
    """Return a powiat as a sentence names it: "powiat miński", but "Płock"."""
    return name if name[:1].isupper() else f"powiat {name}"


def here(region: Region) -> str:
    """Return where the report is about, with the first letter in upper case."""
    return polish.capital(region.in_locative)
