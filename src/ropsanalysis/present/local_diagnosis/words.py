"""The recurring words of the diagnosis of gminas and powiats: group, place, value, change."""

from __future__ import annotations

from typing import Final

from ropsanalysis.local_diagnosis.records import Indicator, Position
from ropsanalysis.local_diagnosis.view import LocalDiagnosis
from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Number
from ropsanalysis.regions import by_teryt
from ropsanalysis.units import CITY

DATASET: Final = "bdl_local"
MISSING: Final = "brak danych"

_KINDS: Final = {
    "gmina miejska": "gminy miejskie (bez miast na prawach powiatu)",
    "gmina wiejska": "gminy wiejskie",
    "gmina miejsko-wiejska": "gminy miejsko-wiejskie",
    CITY: "miasta na prawach powiatu",
    "powiat": "powiaty (bez miast na prawach powiatu)",
}
_ALL: Final = {"gmina": "wszystkie gminy", "powiat": "wszystkie powiaty i miasta na prawach powiatu"}
_DIRECTED: Final = (
    "najkorzystniejsza ćwiartka", "korzystniejsza połowa", "mniej korzystna połowa", "najmniej korzystna ćwiartka",
)  # fmt: skip
_NEUTRAL: Final = ("najwyższa ćwiartka", "wyższa połowa", "niższa połowa", "najniższa ćwiartka")


def group(diagnosis: LocalDiagnosis) -> str:
    """Return whom the unit is compared with."""
    where = "w Polsce" if diagnosis.group.scope == "kind_in_country" else diagnosis.unit.region.in_locative
    if diagnosis.group.scope == "voivodeship":
        return f"{_ALL[diagnosis.unit.level]} {where}"
    return f"{_KINDS[diagnosis.unit.kind]} {where}"


def kind_and_place(kind: str, voivodeship: str) -> str:
    """Return the kind of a unit with its voivodeship, for a table's cell."""
    return f"{kind}, {by_teryt(voivodeship).name}"


def place(rank: int | None, ranked: int | None) -> str:
    """Return a rank among so many, for a table's cell."""
    if rank is None or not ranked:
        return polish.DASH
    return f"{polish.rank(rank)} z{polish.NBSP}{ranked}"


def quarter(indicator: Indicator, ahead: float | None) -> str:
    """Return in which part of the group a value lies; `ahead` is the share of units that it is ahead of."""
    if ahead is None:
        return polish.DASH
    words = _DIRECTED if indicator.directed else _NEUTRAL
    return words[0 if ahead >= 0.75 else 1 if ahead >= 0.5 else 2 if ahead >= 0.25 else 3]


def value(indicator: Indicator, number: float | None) -> Number:
    """Return a value for running text: with a percent or złoty sign, other units apart."""
    unit = indicator.unit if indicator.unit in {"%", "zł"} else ""
    return Number(number, digits=indicator.digits, unit=unit, missing=MISSING)


def cell(indicator: Indicator, number: float | None) -> Number:
    """Return a value for a table whose row names the unit."""
    return Number(number, digits=indicator.digits, missing=MISSING)


def change(indicator: Indicator, position: Position) -> Number:
    """Return the change since the first year: in percent of numbers and money, in points of percentages."""
    if indicator.relative_change:
        return Number(position.change, digits=1, unit="%", signed=True)
    return Number(position.change, digits=indicator.digits, unit="p.p." if indicator.unit == "%" else "", signed=True)


def with_unit(indicator: Indicator) -> str:
    """Return the indicator's short name with its unit, for the rows of a table."""
    unit = indicator.unit
    return indicator.short if unit.casefold() in indicator.short.casefold() else f"{indicator.short} ({unit})"


def unit_and_year(indicator: Indicator, year: int) -> str:
    """Return what stands in brackets after an indicator's name in a sentence."""
    when = f"{year}{polish.NBSP}r."
    clear = indicator.unit in {"%", "zł"} or indicator.unit.casefold() in indicator.short.casefold()
    return when if clear else f"{indicator.unit}, {when}"


def names(indicators: list[Indicator]) -> str:
    """Return the indicators' short names as part of a sentence."""
    return polish.listing([polish.lower_first(indicator.short) for indicator in indicators])
