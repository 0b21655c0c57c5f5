"""Words and number formats of the national summary."""

from __future__ import annotations

from typing import Final

from ropsanalysis.present import numbers, polish
from ropsanalysis.present.blocks import Cell, Number

MONITORING: Final = "project_monitoring"
INDICATORS: Final = {
    "supported": "pracownicy objęci wsparciem",
    "qualified": "pracownicy, którzy podnieśli kwalifikacje",
    "plans": "jednostki, które mają plan i go realizują",
}
"""The obligatory indicators as headings and sentences name them; the monitoring of projects says how they count."""
MISSING: Final = {
    "no_data": "brak danych",
    "no_target": "brak celu",
    "no_budget": "brak budżetu",
    "not_published": "nie opublikowano",
    "few": "ukryto",
    "protected": "ukryto",
    "no_comparison": "brak porównania",
    "no_overlap": "grupy różne",
    "unstable": "niestabilne",
    "": "brak danych",
}
"""What stands in place of a number, by the reason that the report on the voivodeship gives."""


def missing(reason: str) -> str:
    """Return what a table prints in place of a number."""
    return MISSING.get(reason, polish.DASH)


def percent(value: float | None, *, digits: int = 1, reason: str = "") -> Number:
    """Return a share (0-1) as it is printed."""
    return numbers.percent(value, digits=digits, missing=missing(reason))


def chance(value: float | None) -> Cell:
    """Return a probability (0-1) as it is printed."""
    return numbers.rare(value) if value is not None else missing("no_data")


def count(value: float | None, reason: str = "") -> Number:
    """Return a whole number as it is printed."""
    return Number(value, missing=missing(reason))


def millions(value: float | None, reason: str = "") -> Number:
    """Return an amount in PLN as millions with two decimals, for columns that name the unit."""
    return Number(None if value is None else value / 1e6, digits=2, missing=missing(reason))


def ratio(value: float | None) -> Number:
    """Return an index of earned value as it is printed."""
    return Number(value, digits=2)


def regions(number: int) -> str:
    """Return how many voivodeships, as in "w 3 województwach"."""
    return polish.plural(number, "województwie", "województwach", "województwach")
