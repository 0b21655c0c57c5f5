"""The report's recurring words: where numbers come from, how shares, changes, amounts and hidden numbers are put."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

from ropsanalysis.definitions import PUBLISHED
from ropsanalysis.present import numbers, polish
from ropsanalysis.present.blocks import Number
from ropsanalysis.present.numbers import rare as rare
from ropsanalysis.present.origin import origin as origin
from ropsanalysis.present.origin import say as say
from ropsanalysis.present.origin import source as source
from ropsanalysis.present.origin import stopped as stopped
from ropsanalysis.social_impact.records import Outcome
from ropsanalysis.social_impact.view import SocialImpact
from ropsanalysis.stats.records import Estimate

PERSONS: Final = ("impact_panel",)
GMINAS: Final = ("jst_panel",)
MAP: Final = ("impact_map", "impact_costs", "price_index")
COSTS: Final = ("impact_costs", "price_index")
#: Cost of one lasting outcome needs persons and amounts.
COST_PER: Final = ("impact_costs", "price_index", "impact_panel")
ALL: Final = ("impact_panel", "jst_panel", *MAP)

#: What a table prints in place of a number that is not shown, by the record's reason.
HIDDEN: Final = {
    "few": "ukryto",
    "few_gminas": "za mało gmin",
    "protected": "ukryto",
    "no_data": "brak danych",
    "no_comparison": "brak porównania",
    "no_overlap": "grupy różne",
    "no_controls": "brak gmin bez centrum",
    "no_pre": "brak lat przed",
    "unstable": "niestabilne",
    "undecided": "nie rozstrzygnięto",
    "no_costs": "brak nakładów",
    "no_prices": "brak wskaźnika cen",
}
_EXPLAINED: Final = {
    "few": "„ukryto” – zbyt mało osób albo ochrona innych liczb",
    "protected": "„ukryto” – zbyt mało osób albo ochrona innych liczb",
    "few_gminas": "„za mało gmin” – z tak małej liczby gmin nie da się podać wyniku",
    "no_data": "„brak danych” – danych nie dostarczono",
    "no_comparison": "„brak porównania” – nie ma grupy porównawczej",
    "no_overlap": "„grupy różne” – grupa porównawcza zbyt różni się od uczestników",
    "no_controls": "„brak gmin bez centrum” – nie ma gmin, z którymi można porównać",
    "no_pre": "„brak lat przed” – dane nie obejmują roku przed otwarciem centrum",
    "unstable": "„niestabilne” – z tych danych nie da się podać wiarygodnej liczby",
    "undecided": "„nie rozstrzygnięto” – porównanie z osobami bez wsparcia nie potwierdza poprawy",
    "no_costs": "„brak nakładów” – nie podano nakładów albo wynoszą zero",
    "no_prices": "„brak wskaźnika cen” – kwot z różnych lat nie da się przeliczyć na ceny jednego roku",
}
_BECAUSE: Final = {
    "few": "zbyt mało obserwacji",
    "protected": "ochrona danych osób",
    "no_data": "brak danych",
    "no_comparison": "brak grupy porównawczej",
    "no_overlap": "grupa porównawcza zbyt różni się od uczestników",
    "no_controls": "brak gmin bez centrum do porównania",
    "no_pre": "brak danych sprzed otwarcia centrum",
    "unstable": "zbyt niepewny wynik",
    "undecided": "porównanie z osobami bez wsparcia nie potwierdza poprawy",
    "no_costs": "nie podano nakładów albo wynoszą zero",
    "no_prices": "kwot z różnych lat nie da się przeliczyć na ceny jednego roku",
}


#: Units as the first page writes them, after a number with a decimal.
_IN_FULL: Final = {"p.p.": "punktu procentowego", "pkt": "punktu", "godz.": "godziny", "mies.": "miesiąca"}
#: From here on a number of persons is printed without a part of a person.
_MANY: Final = 10


def prices_of(impact: SocialImpact) -> str:
    """Return the year of the prices of all amounts, as in "w cenach z 2025 r."; "" where there are none."""
    year = impact.summary.price_year if impact.summary else None
    return f"z {year}\u00a0r." if year else ""


def explained(reasons: Iterable[str]) -> str:
    """Return a sentence to add: what the words in place of numbers mean, for the reasons that occur in a table."""
    told = dict.fromkeys(_EXPLAINED[reason] for reason in reasons if reason in _EXPLAINED)
    return polish.capital(f"{'; '.join(told)}.") if told else ""


def note(text: str, reasons: Iterable[str] = ()) -> str:
    """Return a note with the meaning of the words in place of numbers added."""
    return f"{text} {explained(reasons)}".strip()


def because(reasons: Iterable[str]) -> str:
    """Return why something cannot be estimated, as after a colon; the first reason that has words."""
    told = dict.fromkeys(_BECAUSE[reason] for reason in reasons if reason in _BECAUSE)
    return "; ".join(told) or "brak danych"


# --- numbers ------------------------------------------------------------------------------------------


def count(value: float | None, *, reason: str = PUBLISHED) -> Number:
    """Return a number of entities, persons or gminas."""
    return Number(value, missing=HIDDEN.get(reason, ""))


def persons(number: float | None, *, one: str = "osoba") -> Number:
    """Return so many persons, with the noun in the form that the number asks for; `one` is that of a single person."""
    return Number(number, unit="" if number is None else polish.plural_form(round(number), one, "osoby", "osób"))


def gminas(number: int) -> Number:
    """Return so many gminas as after "w" or "z"."""
    return Number(number, unit="gminie" if number == 1 else "gminach")


def percent(share: float | None, *, reason: str = PUBLISHED, unit: str = "%", digits: int = 1) -> Number:
    """Return a share (0–1) as a percentage; empty `unit` where a column names it."""
    return numbers.percent(share, missing=HIDDEN.get(reason, ""), unit=unit, digits=digits)


def _hundred(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 6)  # 0.57 becomes 57, not 56.99999999999999


def money(value: float | None, *, reason: str = PUBLISHED, unit: str = "zł", digits: int = 0) -> Number:
    """Return an amount in złoty."""
    return Number(value, digits=digits, unit=unit, missing=HIDDEN.get(reason, ""))


def thousands(value: float | None, *, reason: str = PUBLISHED, unit: str = "tys. zł") -> Number:
    """Return an amount in thousands of złoty; in a sentence, large ones are whole."""
    digits = 0 if unit and value is not None and abs(value) >= 100_000 else 1
    return Number(None if value is None else value / 1000, digits=digits, unit=unit, missing=HIDDEN.get(reason, ""))


def ratio(value: float | None, *, unit: str = "", reason: str = PUBLISHED) -> Number:
    """Return złoty of value per złoty of inputs, with two decimals."""
    return Number(value, digits=2, unit=unit, missing=HIDDEN.get(reason, ""))


def plain(value: float | None, *, digits: int = 2, signed: bool = False, reason: str = PUBLISHED) -> Number:
    """Return a number without a unit, such as an effect size."""
    return Number(value, digits=digits, signed=signed, missing=HIDDEN.get(reason, ""))


def probability(p: float | None) -> Number | str:
    """Return a p-value; a very small one is not printed as zero."""
    return f"<{polish.NBSP}0,001" if p is not None and p < 0.001 else Number(p, digits=3)


def confidence(impact: SocialImpact) -> str:
    """Return the level of the intervals, as in "95%"."""
    return percent(impact.choice("confidence"), digits=0).text


def assumption_value(key: str, value: float | None) -> Number:
    """Return the value of an assumption of the impact map in its unit."""
    if key in {"deadweight", "displacement", "attribution", "drop_off", "discount_rate", "rate"}:
        return percent(value)
    if key in {"proxy_value", "inputs"}:
        return money(value)
    if key == "duration_years":
        return years(value)
    return Number(value, digits=0 if value is None or value >= _MANY or float(value).is_integer() else 1)


def years(value: float | None) -> Number:
    r"""Return so many years; a part of one takes the genitive case.

    Examples
    --------
    >>> years(3.0).text, years(2.5).text
    ('3\xa0lata', '2,5\xa0roku')
    """
    if value is not None and float(value).is_integer():
        return Number(value, unit=polish.plural_form(round(value), "rok", "lata", "lat"))
    return Number(value, digits=1, unit="roku")


# --- outcomes -----------------------------------------------------------------------------------------


def unit(outcome: Outcome, *, change: bool = False) -> str:
    """Return the unit of an outcome's level, or of its change, as a column or a sentence prints it."""
    if outcome.kind == "share":
        return "p.p." if change else "%"
    if outcome.kind in {"ordinal", "scale"}:
        return "pkt"
    return outcome.unit.replace(" tys.", f"{polish.NBSP}tys.")


def in_unit(
    outcome: Outcome, value: float | None, *, change: bool = False, signed: bool = False, bare: bool = False,
    in_full: bool = False, reason: str = PUBLISHED,
) -> Number:  # fmt: skip
    """Return the level of an outcome, or its change, as its catalogue entry says.

    Parameters
    ----------
    bare
        Whether to leave the unit to the column.
    in_full
        Whether to write the unit out instead of shortening it.
    """
    name = unit(outcome, change=change)
    shown = _hundred(value) if outcome.kind == "share" else value
    return Number(
        shown,
        digits=1 if outcome.digits is None else outcome.digits,
        unit="" if bare else _IN_FULL.get(name, name) if in_full else name,
        signed=signed,
        missing=HIDDEN.get(reason, ""),
    )


def cells(
    estimate: Estimate, show: Callable[[float | None], Number], *, reason: str = PUBLISHED
) -> tuple[Number, Number, Number]:
    """Return an estimate and the ends of its interval for three columns; where it is hidden, the reason stands once."""
    first = show(estimate.value)
    if not estimate.shown:
        first = Number(None, missing=HIDDEN.get(reason, ""))
    return first, show(estimate.low), show(estimate.high)


def change_cells(outcome: Outcome, estimate: Estimate, *, reason: str = PUBLISHED) -> tuple[Number, Number, Number]:
    """Return a change of an outcome and its interval, with signs, for columns beside one that names the unit."""
    return cells(estimate, lambda v: in_unit(outcome, v, change=True, signed=True, bare=True), reason=reason)


def spread(name: str, estimate: Estimate, show: Callable[[float | None], Number]) -> tuple[str, dict[str, Any]]:
    """Return the piece of a template that prints an estimate and, where known, its interval; and the numbers."""
    parts: dict[str, Any] = {name: show(estimate.value)}
    if estimate.low is None or estimate.high is None:
        return f"{{{name}}}", parts
    for end, value in (("low", estimate.low), ("high", estimate.high)):
        number = show(value)
        parts[f"{name}_{end}"] = number if number.unit == "%" else replace(number, unit="")
    return f"{{{name}}} (od {{{name}_low}} do {{{name}_high}})", parts


def has_interval(estimate: Estimate) -> bool:
    """Return whether an estimate has both ends of its interval; a figure shows no others."""
    return estimate.value is not None and estimate.low is not None and estimate.high is not None


def left_out(impact: SocialImpact, estimates: Iterable[Estimate]) -> str:
    """Return the sentence to add under a figure that leaves out estimates without an interval; empty where none is."""
    if all(has_interval(estimate) for estimate in estimates if estimate.shown):
        return ""
    return (
        " Pominięto wyniki bez przedziału, bo nie wiadomo, jak są pewne: przedział wymaga osób z co najmniej "
        f"{round(impact.choice('min_clusters'))} podmiotów."
    )


def without_sign(estimate: Estimate) -> Estimate:
    """Return a change and its interval as amounts, for sentences whose verb says the direction."""
    value, low, high = estimate
    if value is None or value >= 0:
        return estimate
    return Estimate(-value, None if high is None else -high, None if low is None else -low)
