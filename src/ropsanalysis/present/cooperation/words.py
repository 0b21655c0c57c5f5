"""The report's recurring words: which data numbers come from, how cases, shares and hidden numbers are put."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

from ropsanalysis.cooperation.view import Cooperation
from ropsanalysis.definitions import PUBLISHED
from ropsanalysis.present import numbers, polish
from ropsanalysis.present.blocks import Number
from ropsanalysis.present.origin import origin as origin
from ropsanalysis.present.origin import say as say
from ropsanalysis.present.origin import source as source
from ropsanalysis.stats.records import Estimate

NETWORK: Final = ("cooperation_network",)
CASES: Final = ("cooperation_cases",)
COACHING: Final = ("cooperation_effects",)
#: Pilots are judged by their partners and by their cases.
PILOTS: Final = ("cooperation_network", "cooperation_cases")
ALL: Final = ("cooperation_network", "cooperation_cases", "cooperation_effects")

#: What a table prints in place of a number that is not shown, by the record's reason.
HIDDEN: Final = {
    "few": "ukryto",
    "no_data": "brak danych",
    "no_ties": "brak powiązań",
    "one_wave": "jeden pomiar",
    "few_paths": "zbyt mało dróg",
    "not_stated": "nie podano",
    "ongoing": "w toku",
}
_EXPLAINED: Final = {
    "few": "„ukryto” – zbyt mało spraw albo osób",
    "no_data": "„brak danych” – danych nie dostarczono",
    "no_ties": "„brak powiązań” – nie ma powiązań, z których dałoby się to policzyć",
    "one_wave": "„jeden pomiar” – powiązania znamy tylko z jednego z dwóch momentów",
    "few_paths": "„zbyt mało dróg” – pośrednictwa nie liczymy z kilku dróg",
    "not_stated": "„nie podano” – ośrodek nie podał tej wielkości",
    "ongoing": "„w toku” – jeszcze się nie zakończyło",
}
_BECAUSE: Final = {
    "few": "zbyt mało spraw",
    "no_data": "brak danych",
    "no_ties": "brak powiązań",
    "one_wave": "powiązania znamy tylko z jednego momentu",
    "few_paths": "zbyt mało dróg między podmiotami",
    "not_stated": "ośrodek nie podał tej wielkości",
    "ongoing": "sprawy jeszcze trwają",
}


def note(text: str, reasons: Iterable[str] = ()) -> str:
    """Return a note with the meaning of the words in place of numbers added, for the reasons that occur in a table."""
    told = dict.fromkeys(_EXPLAINED[reason] for reason in reasons if reason in _EXPLAINED)
    return f"{text} {polish.capital('; '.join(told))}.".strip() if told else text


def because(reason: str) -> str:
    """Return why a number is not shown, as after a colon."""
    return _BECAUSE.get(reason, "brak danych")


# --- numbers ------------------------------------------------------------------------------------------


def count(value: float | None, *, reason: str = PUBLISHED) -> Number:
    """Return a whole number, or why it is not shown."""
    return Number(value, missing=HIDDEN.get(reason, ""))


def plain(value: float | None, *, digits: int = 1, signed: bool = False, reason: str = PUBLISHED) -> Number:
    """Return a number without a unit."""
    return Number(value, digits=digits, signed=signed, missing=HIDDEN.get(reason, ""))


def percent(share: float | None, *, reason: str = PUBLISHED, unit: str = "%", digits: int = 1) -> Number:
    """Return a share (0–1) as a percentage; empty `unit` where a column names it."""
    return numbers.percent(share, missing=HIDDEN.get(reason, ""), unit=unit, digits=digits)


def points(difference: float | None, *, reason: str = PUBLISHED, unit: str = "p.p.") -> Number:
    """Return a difference of shares in percentage points, with its sign."""
    value = None if difference is None else round(100 * difference, 6)
    return Number(value, digits=1, unit=unit, signed=True, missing=HIDDEN.get(reason, ""))


def probability(p: float | None) -> Number | str:
    """Return a p-value; a very small one is not printed as zero."""
    return f"<{polish.NBSP}0,001" if p is not None and p < 0.001 else Number(p, digits=3)


def share_cells(estimate: Estimate, *, reason: str = PUBLISHED) -> tuple[Number, Number, Number]:
    """Return a share and the ends of its interval for columns of percentages; a reason stands once."""
    return cells(estimate, lambda value: percent(value, unit=""), reason=reason)


def cells(
    estimate: Estimate, show: Callable[[float | None], Number], *, reason: str = PUBLISHED
) -> tuple[Number, Number, Number]:
    """Return an estimate and the ends of its interval for three columns; where it is hidden, the reason stands once."""
    first = show(estimate.value) if estimate.shown else Number(None, missing=HIDDEN.get(reason, ""))
    return first, show(estimate.low), show(estimate.high)


def cases(number: float | None, *, one: str = "sprawa", few: str = "sprawy") -> Number:
    r"""Return so many cases, with the noun in the form that the number asks for.

    Examples
    --------
    >>> cases(1).text, cases(23).text, cases(172).text, cases(5, one="sprawę").text
    ('1\xa0sprawa', '23\xa0sprawy', '172\xa0sprawy', '5\xa0spraw')
    """
    return Number(number, unit="" if number is None else polish.plural_form(round(number), one, few, "spraw"))


def at_least(exact: float | None, least: float | None, *, reason: str = PUBLISHED) -> Number | str:
    r"""Return a whole number, where it is rounded down the words for that, or why it is not shown.

    Examples
    --------
    >>> at_least(31, None).text, at_least(None, 100)
    ('31', 'co najmniej\xa0100')
    """
    if exact is None and least is not None:
        return f"co najmniej{polish.NBSP}{count(least).text}"
    return count(exact, reason=reason)


def out_of(number: int) -> Number:
    r"""Return so many cases as after "z": of one case, of many cases.

    Examples
    --------
    >>> out_of(1).text, out_of(22).text
    ('1\xa0sprawy', '22\xa0spraw')
    """
    return Number(number, unit="sprawy" if number == 1 else "spraw")


def pilots(number: int, *, where: bool = False) -> Number:
    r"""Return so many pilots, or, with `where`, as after "w" and "w tych".

    Examples
    --------
    >>> pilots(1).text, pilots(3).text, pilots(5).text, pilots(3, where=True).text, pilots(1, where=True).text
    ('1\xa0pilotaż', '3\xa0pilotaże', '5\xa0pilotaży', '3\xa0pilotażach', '1\xa0pilotażu')
    """
    if where:
        return Number(number, unit="pilotażu" if number == 1 else "pilotażach")
    return Number(number, unit=polish.plural_form(number, "pilotaż", "pilotaże", "pilotaży"))


def entities(number: int) -> Number:
    """Return so many entities."""
    return Number(number, unit=polish.plural_form(number, "podmiot", "podmioty", "podmiotów"))


def days(number: float | None) -> Number:
    r"""Return so many whole days.

    Examples
    --------
    >>> days(1.0).text, days(23.4).text
    ('1\xa0dzień', '23\xa0dni')
    """
    return Number(number, unit="dzień" if number is not None and round(number) == 1 else "dni")


def confidence(models: Cooperation) -> str:
    """Return the level of the intervals, as in "95%"."""
    return percent(models.choice("confidence"), digits=0).text


def spread(name: str, estimate: Estimate, show: Callable[[float | None], Number]) -> tuple[str, dict[str, Any]]:
    """Return the piece of a template that prints an estimate and, where known, its interval; and the numbers."""
    parts: dict[str, Any] = {name: show(estimate.value)}
    if estimate.low is None or estimate.high is None:
        return f"{{{name}}}", parts
    for end, value in (("low", estimate.low), ("high", estimate.high)):
        number = show(value)
        parts[f"{name}_{end}"] = number if number.unit == "%" else replace(number, unit="")
    return f"{{{name}}} (od {{{name}_low}} do {{{name}_high}})", parts
