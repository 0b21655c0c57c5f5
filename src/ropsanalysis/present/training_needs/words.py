"""The report's recurring words: how a share, an estimate, a hidden number and a place are put in Polish."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Number
from ropsanalysis.stats.records import Estimate
from ropsanalysis.training_needs.view import TrainingNeeds

#: What a table prints in place of a number that is not shown, by the record's reason.
HIDDEN = {"protected": "ukryto", "imprecise": "nieprecyzyjne", "none": "brak odpowiedzi"}
_EXPLAINED = {
    "protected": "„ukryto” – zbyt mało odpowiedzi, zbyt szeroki przedział albo ochrona innych komórek tabeli",
    "imprecise": "„nieprecyzyjne” – zbyt mało odpowiedzi lub zbyt szeroki przedział w całym województwie",
    "none": "„brak odpowiedzi” – nikt nie odpowiedział",
}
QUADRANT = {
    "concentrate": "ważniejsze, słabiej opanowane",
    "keep": "ważniejsze, lepiej opanowane",
    "low_priority": "mniej ważne, słabiej opanowane",
    "overkill": "mniej ważne, lepiej opanowane",
}
METHOD = {
    "mwds": "średnia ważona luka (MWDS)",
    "rds": "luka rangowa (RDS)",
    "share": "odsetek osób z luką",
    "wanted": "lista życzeń",
}
QUESTION = {
    "position": "Stanowisko",
    "tenure": "Staż pracy",
    "education": "Wykształcenie",
    "form": "Forma",
    "time": "Termin",
    "barrier": "Przeszkoda",
}


def explained(reasons: Iterable[str]) -> str:
    """Return a sentence to add: what the words in place of numbers mean, for the reasons that occur in a table."""
    found = set(reasons)
    told = [text for reason, text in _EXPLAINED.items() if reason in found]
    return f" {'; '.join(told)}." if told else ""


def percent(share: float | None, *, reason: str = "", unit: str = "%", digits: int = 0) -> Number:
    """Return a share (0–1) as a percentage; empty `unit` where a column names it."""
    value = None if share is None else round(100 * share, 6)  # 0.57 becomes 57, not 56.99999999999999
    return Number(value, digits=digits, unit=unit, missing=HIDDEN.get(reason, ""))


def percent_cells(share: Estimate, *, reason: str = "") -> tuple[Number, Number, Number]:
    """Return a share and the ends of its interval for columns that say "%"."""
    value, low, high = share
    return percent(value, reason=reason, unit=""), percent(low, unit=""), percent(high, unit="")


def score(value: float | None, *, reason: str = "") -> Number:
    """Return a mean rating or a score, with the two decimals it is published with."""
    return Number(value, digits=2, missing=HIDDEN.get(reason, ""))


def score_cells(estimate: Estimate, *, reason: str = "") -> tuple[Number, Number, Number]:
    """Return a score and the ends of its interval for three columns."""
    return score(estimate.value, reason=reason), score(estimate.low), score(estimate.high)


def count(value: float | None, *, reason: str = "") -> Number:
    """Return a number of people or answers."""
    return Number(value, missing=HIDDEN.get(reason, ""))


def count_cells(estimate: Estimate, *, reason: str = "") -> tuple[Number, Number, Number]:
    """Return an estimated number of people and the ends of its interval for three columns."""
    return count(estimate.value, reason=reason), count(estimate.low), count(estimate.high)


def covered(share: float | None, *, unit: str = "%") -> Number:
    """Return the share of need that a plan covers, with the decimal that tells neighbouring budgets apart."""
    return percent(share, unit=unit, digits=1)


def money(value: float | None) -> Number:
    """Return an amount with its currency."""
    return Number(value, unit="zł")


def with_interval(name: str, estimate: Estimate, show: Callable[[float | None], Number]) -> tuple[str, dict[str, Any]]:
    """Return the piece of a template that prints an estimate with its interval, and the numbers for it."""
    parts = {
        name: show(estimate.value),
        f"{name}_low": show(estimate.low),
        f"{name}_high": show(estimate.high),
    }
    return f"{{{name}}} (od {{{name}_low}} do {{{name}_high}})", parts


def confidence(needs: TrainingNeeds) -> str:
    """Return the level of the intervals, as in "95%"."""
    return percent(needs.choice("confidence")).text


def places(rank: Estimate) -> str:
    """Return the interval of a rank, as in "1.–4."."""
    if rank.low is None or rank.high is None:
        return polish.DASH
    return polish.rank(round(rank.low), round(rank.high))


def probability(p: float | None) -> Number | str:
    """Return a p-value; a very small one is not printed as zero."""
    return "< 0,001" if p is not None and p < 0.001 else Number(p, digits=3)


def competence(needs: TrainingNeeds, key: str) -> str:
    """Return the short name of a competence."""
    return needs.competences[key].short if key in needs.competences else key


def quoted(needs: TrainingNeeds, key: str) -> str:
    """Return the name of a competence for a sentence."""
    return f"„{competence(needs, key)}”"


def institution(needs: TrainingNeeds, key: str) -> str:
    """Return the short name of an institution type."""
    if key == "":
        return "Wszystkie typy"
    return needs.institutions[key].short if key in needs.institutions else key


def institutions(names: Iterable[str]) -> str:
    """Join names of institution types; some hold an "i" of their own, so the last follows "oraz"."""
    items = list(names)
    return "".join(items) if len(items) < 2 else f"{', '.join(items[:-1])} oraz {items[-1]}"


def based_on(name: str = "base") -> str:
    """Return the piece of a template that prints the number of answers, never broken over two lines."""
    return f"n{polish.NBSP}={polish.NBSP}{{{name}}}"


def source(needs: TrainingNeeds) -> str:
    """Return the source line under a figure or table."""
    return f"opracowanie własne na podstawie: {needs.source()}."


def people(number: int) -> str:
    """Return so many persons, in the form the number asks for."""
    return polish.plural(number, "osoba", "osoby", "osób")
