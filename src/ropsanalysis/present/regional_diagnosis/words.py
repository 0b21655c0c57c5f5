"""The diagnosis's recurring words: how a standing, a trend, a missing value and an indicator are put in Polish."""

from __future__ import annotations

from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Number, Tone
from ropsanalysis.regional_diagnosis.records import Indicator, Position, Trend
from ropsanalysis.regional_diagnosis.view import RegionalDiagnosis

STANDING = {
    "better": "korzystniej",
    "similar": "podobnie",
    "worse": "mniej korzystnie",
    "above": "powyżej",
    "below": "poniżej",
    "unknown": "brak danych",
}
TREND = {
    "improving": "poprawa",
    "worsening": "pogorszenie",
    "rising": "wzrost",
    "falling": "spadek",
    "no_clear_change": "brak wyraźnej zmiany",
    "too_short": "szereg za krótki",
}
#: Why a value is missing, short enough for a table's cell.
MISSING = {
    "not_published": "nie opublikowano",
    "withheld": "nie podano (x)",
    "zero_means_missing": "nie opublikowano",
    "unclear_zero": "0 lub brak danych",
}


def tone(position: Position) -> Tone:
    """Return how a statement about a position is marked; a difference within usual wobble is neither good nor bad."""
    if position.beyond_noise is False:
        return "text"
    return "good" if position.standing == "better" else "bad" if position.standing == "worse" else "text"


def value(indicator: Indicator, number: float | None, *, missing: str = "") -> Number:
    """Return a value of the indicator for running text: with a percent or złoty sign, other units apart."""
    unit = indicator.unit if indicator.unit in {"%", "zł"} else ""
    return Number(number, digits=indicator.digits, unit=unit, missing=missing)


def cell(indicator: Indicator, number: float | None, *, missing: str = "") -> Number:
    """Return a value of the indicator for a table whose row or column names the unit."""
    return Number(number, digits=indicator.digits, missing=missing)


def difference(indicator: Indicator, number: float | None) -> Number:
    """Return a difference between two values: in percentage points for percentages."""
    return Number(number, digits=indicator.digits, unit=indicator.difference_unit, signed=True)


def unit_and_year(indicator: Indicator, year: int) -> str:
    """Return what stands in brackets after an indicator's name."""
    when = f"{year}{polish.NBSP}r."
    return when if _unit_is_clear(indicator) else f"{indicator.unit}, {when}"


def with_unit(indicator: Indicator) -> str:
    """Return the indicator's short name with its unit, for the rows of a table."""
    return indicator.short if _names_unit(indicator) else f"{indicator.short} ({indicator.unit})"


def _names_unit(indicator: Indicator) -> bool:
    return indicator.unit.casefold() in indicator.short.casefold()


def _unit_is_clear(indicator: Indicator) -> bool:
    """Whether the number or the name already tells the unit."""
    return indicator.unit in {"%", "zł"} or _names_unit(indicator)


def missing_reason(diagnosis: RegionalDiagnosis, indicator: Indicator, year: int) -> str:
    """Return why the region has no value in a year, in a few words."""
    flag = next((o.flag for o in diagnosis.observed(indicator) if o.year == year), "")
    return MISSING.get(flag, "brak danych")


def place(position: Position) -> str:
    """Return the rank among the voivodeships that have a value."""
    if position.rank is None:
        return polish.DASH
    return polish.rank(position.rank, position.rank_last)


def place_in_words(indicator: Indicator, position: Position) -> str:
    """Return the rank as part of a sentence.

    For an indicator without a good direction only the height of the value is told.
    """
    if position.rank is None:
        return ""
    where = f"{place(position)}{polish.NBSP}miejsce na{polish.NBSP}{position.n_ranked}"
    return f"{where} (licząc od najwyższej wartości)" if indicator.direction == "neutral" else where


def trend_in_words(indicator: Indicator, trend: Trend) -> str:
    """Return the trend as part of a sentence, with its mean yearly change."""
    if trend.marker == "too_short" or trend.first_year is None or trend.last_year is None:
        return "szereg jest za krótki, aby ocenić trend"
    span = f"w latach {polish.years(trend.first_year, trend.last_year)}"
    if trend.marker == "no_clear_change":
        return f"{span} bez wyraźnej zmiany"
    step = Number(trend.slope, digits=max(indicator.digits, 1), unit=indicator.difference_unit, signed=True)
    return f"{span} {TREND[trend.marker]} (przeciętnie {step.text} rocznie)"


def in_so_many(count: int) -> Number:
    """Return a count for a sentence that reads the same with any number, none included."""
    return Number(count or None, missing="0")


def source_of(indicators: list[Indicator]) -> str:
    """Return the source line under a figure or table."""
    others = sorted({indicator.source for indicator in indicators} - {"GUS"})
    primary = f" (dane pierwotne także: {polish.listing(others)})" if others else ""
    return f"opracowanie własne na podstawie: GUS, Wskaźniki zrównoważonego rozwoju, dane regionalne{primary}."
