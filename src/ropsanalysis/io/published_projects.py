"""Reads what was published of the coordination projects, and of plans and foster care, each figure with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final, Literal, NamedTuple

import pandas as pd

from ropsanalysis.errors import DataError
from ropsanalysis.io.catalogue import build_entry, load_entries, require_unique
from ropsanalysis.project_monitoring.schema import FOSTER_COLUMNS
from ropsanalysis.regions import REGIONS

Kind = Literal["text", "list", "day", "money", "count", "share"]

FIELDS: Final[Mapping[str, Kind]] = {
    "title": "text", "number": "text", "leader": "text", "start": "day", "end": "day", "value": "money", "eu": "money",
    "national": "money", "target_supported": "count", "target_qualified": "count", "target_plan_share": "share",
    "target_plan_units": "count", "teams": "list",
}  # fmt: skip
"""What each card must tell, or say that nobody published it; names of `project_monitoring.records.Published`."""
FURTHER: Final[Mapping[str, Kind]] = {
    "target_family_share": "share", "target_social_economy_share": "share", "target_foster_share": "share",
    "tasks": "list", "aims": "list", "recipients": "list", "activities": "list", "selected": "day",
    "resolution": "text", "funding_share": "share", "own_contribution_share": "share",
}  # fmt: skip
"""What some cards tell besides."""
UNITS: Final[Mapping[Kind, tuple[str, ...]]] = {
    "text": ("",), "list": ("",), "day": ("",), "money": ("PLN", "EUR"), "count": ("osoby", "JST"), "share": ("%",),
}  # fmt: skip
"""Units of each kind of figure; "%" stands for a share from 0 to 1 that is printed in percent."""

_PROJECTS: Final = "projects.yaml"
_FIGURES: Final = "published_figures.yaml"
_STEP: Final = 0.01
"""Distance of numbers that a source can print, where the catalogue says nothing else."""
PUBLISHED_COLUMNS: Final = ("teryt", "field", "number", "text", "unit", "step", "source")


@dataclass(frozen=True, slots=True)
class Document:
    """A public document or page that figures are taken from."""

    key: str
    name: str
    issuer: str
    address: str

    @property
    def citation(self) -> str:
        """Name, issuer and address in one line, for a reader."""
        return ", ".join(part for part in (self.name, self.issuer, self.address) if part)


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure or text of a project.

    Attributes
    ----------
    number
        In its unit; a share lies between 0 and 1. None for a text.
    text
        "" for a number; a list is joined by "; ", a day is "2023-09-01".
    source
        Citation of the document, with what must be known of the figure behind a dash.
    step
        Distance of the figures that the source could have printed: 0.01 for amounts to the grosz, 100 000 where
        it says "45,6 mln".
    """

    field: str
    number: float | None
    text: str
    unit: str
    source: str
    step: float


@dataclass(frozen=True, slots=True)
class PublishedCard:
    """What was published of the project of one voivodeship; figures nobody published are missing."""

    teryt: str
    figures: tuple[Figure, ...]

    def find(self, field: str) -> Figure | None:
        """Return the figure of a field, None where nobody published it."""
        return next((figure for figure in self.figures if figure.field == field), None)

    def number(self, field: str) -> float | None:
        """Return a number, None where nobody published it."""
        figure = self.find(field)
        return figure.number if figure else None


class CardProblem(NamedTuple):
    """A check that a card fails: its key as in `records.CardCheck`, what was expected and found, in Polish words."""

    check: str
    expected: float
    found: float
    words: str


class AdoptedPlan(NamedTuple):
    """A unit that was published to have adopted a local plan of deinstitutionalisation by a day."""

    teryt: str
    unit: str
    name: str
    as_of: str
    source: str


class FosterFigure(NamedTuple):
    """A further published figure on foster care, in its unit."""

    year: int
    name: str
    number: float
    unit: str
    source: str


def card_problems(
    *,
    value: float | None = None,
    eu: float | None = None,
    national: float | None = None,
    supported: float | None = None,
    qualified: float | None = None,
    step: float = 0.01,
    eu_share: float = 0.8252,
    tolerance: float = 0.00005,
    result_to_product: float = 0.95,
) -> tuple[CardProblem, ...]:
    """Return what does not fit in the figures of one card; a check whose figures are not known is left out.

    Parameters
    ----------
    value, eu, national
        Value of the project and its two parts, in one currency.
    supported, qualified
        Targets of product and result, in persons.
    step
        Distance of amounts that the source could have printed; rounded amounts are given the benefit of it.
    eu_share, tolerance
        Share of the EU (0-1), and the largest difference that counts as the same: half of the last digit of 82.52%.
    result_to_product
        Ratio of the target of result to that of product.

    Notes
    -----
    Parts add up where ``eu + national == value`` in whole grosze. The target of result fits where it is
    ``result_to_product * supported`` rounded to the nearest or to the next whole person.

    Examples
    --------
    >>> card_problems(value=100.0, eu=82.52, national=17.48, supported=688, qualified=654)
    ()
    >>> [problem.check for problem in card_problems(value=100.0, eu=82.52, national=17.47)]
    ['parts_add_up']
    """
    problems = []
    if value is not None and eu is not None and national is not None:
        parts, whole = round(100 * eu) + round(100 * national), round(100 * value)
        if parts != whole:
            words = f"część unijna i krajowa dają razem {_money(parts)}, a wartość to {_money(whole)}"
            problems.append(CardProblem("parts_add_up", whole / 100, parts / 100, words))
    if value is not None and eu is not None and value > 0:
        half = step / 2
        low, high = (eu - half) / (value + half), (eu + half) / max(value - half, half)
        if low > eu_share + tolerance or high < eu_share - tolerance:
            words = f"udział środków UE to {_percent(eu / value)}, a powinien wynosić {_percent(eu_share)}"
            problems.append(CardProblem("eu_share", eu_share, eu / value, words))
    if supported is not None and qualified is not None:
        exact = result_to_product * supported
        fitting = {round(exact), -int(-exact // 1)}
        if qualified not in fitting:
            words = (
                f"wskaźnik rezultatu {qualified:.0f} nie stanowi {_percent(result_to_product)} produktu {supported:.0f}"
            )
            problems.append(CardProblem("result_target", float(min(fitting)), float(qualified), words))
    return tuple(problems)


@cache
def published_cards() -> tuple[PublishedCard, ...]:
    """Return the published cards of the sixteen projects, in the order of the codes of voivodeships.

    Raises
    ------
    DataError
        If a voivodeship is missing or there twice, a field is unknown or not spoken of, a figure has no source or not
        the form of its field, or figures do not fit (`card_problems`).
    """
    entries = load_entries(_PROJECTS)
    known = documents(_PROJECTS, entries)
    cards = tuple(_card(entry, known) for entry in entries["cards"])
    found, expected = [card.teryt for card in cards], [region.teryt for region in REGIONS if region.teryt != "00"]
    if found != expected:
        raise DataError(
            f"Katalog {_PROJECTS}: oczekiwano kart 16 województw po kolei ({', '.join(expected)}), są: "
            f"{', '.join(found)}."
        )
    for card in cards:
        check_card(card)
    return cards


def published_frame() -> pd.DataFrame:
    """Return the cards as a table: teryt, field, number (float64), text, unit, step (float64), source.

    Each of `FIELDS` has a row for each voivodeship; where nobody published it number and text are empty, and so is the
    source. A field of `FURTHER` has a row where there is something.
    """
    rows = []
    for card in published_cards():
        for field in FIELDS:
            figure = card.find(field)
            rows.append(
                (card.teryt, field, figure.number, figure.text, figure.unit, figure.step, figure.source)
                if figure
                else (card.teryt, field, None, "", "", _STEP, "")
            )
        rows.extend(
            (card.teryt, f.field, f.number, f.text, f.unit, f.step, f.source)
            for f in card.figures
            if f.field in FURTHER
        )
    table = pd.DataFrame(rows, columns=list(PUBLISHED_COLUMNS))
    return table.astype(
        {"number": "float64", "step": "float64"} | dict.fromkeys(("teryt", "field", "text", "unit", "source"), "str")
    )


def published_foster_frame() -> pd.DataFrame:
    """Return the published figures on foster care: a row per year, columns `FOSTER_COLUMNS`.

    Where an entry names another source (`beside`) of `foster_figures` for the year, its number is told in the source.

    Raises
    ------
    DataError
        If a row has no source, an unknown field, or a count that is negative.
    """
    entries = load_entries(_FIGURES)
    known = documents(_FIGURES, entries)
    rows = []
    for entry in entries["foster_care"]:
        where = f"foster_care {entry.get('year')}"
        beside = entry.get("beside", "")
        extra = sorted((set(entry) - {"beside"}) ^ set(FOSTER_COLUMNS))
        if extra:
            raise DataError(f"Katalog {_FIGURES}, wpis „{where}”: nieznane lub brakujące pola {', '.join(extra)}.")
        if min(entry["family"], entry["institutional"]) < 0:
            raise DataError(f"Katalog {_FIGURES}, wpis „{where}”: liczba dzieci jest ujemna.")
        told = [
            f"inne źródło podaje {_thousands(figure.number)} dzieci: {figure.source}"
            for figure in foster_figures() if beside and figure.year == entry["year"]
            and figure.source == _source({"source": beside}, known, _FIGURES, where).citation
        ]  # fmt: skip
        if beside and not told:
            raise DataError(f"Katalog {_FIGURES}, wpis „{where}”: źródło „{beside}” nie podaje liczby dla tego roku.")
        source = "; ".join([_source(entry, known, _FIGURES, where).citation, *told])
        rows.append({name: entry[name] for name in FOSTER_COLUMNS} | {"source": source})
    types = {"teryt": "str", "year": "int64", "source": "str"}
    types |= dict.fromkeys(("family", "institutional", "total_printed", "step"), "float64")
    return pd.DataFrame(rows, columns=list(FOSTER_COLUMNS)).astype(types)


@cache
def foster_figures() -> tuple[FosterFigure, ...]:
    """Return further published figures on foster care (changes, shares, number of units)."""
    return tuple(FosterFigure(**entry) for entry in _sourced("foster_figures", FosterFigure))


@cache
def adopted_plans() -> tuple[AdoptedPlan, ...]:
    """Return the units that were published to have adopted a local plan of deinstitutionalisation."""
    return tuple(AdoptedPlan(**entry) for entry in _sourced("adopted_plans", AdoptedPlan))


def documents(file: str, entries: Mapping[str, Any]) -> dict[str, Document]:
    """Return the documents that a file of the catalogue names, by key.

    Raises
    ------
    DataError
        If one lacks a field, has an unknown one, or no name.
    """
    found = [build_entry(Document, entry, file) for entry in entries["documents"]]
    require_unique(file, [document.key for document in found])
    for document in found:
        if not document.name:
            raise DataError(f"Katalog {file}, wpis „{document.key}”: dokument nie ma nazwy.")
    return {document.key: document for document in found}


def check_card(card: PublishedCard) -> None:
    """Refuse a card whose figures do not fit each other.

    Raises
    ------
    DataError
        Says what does not fit.
    """
    money = [card.find(field) for field in ("value", "eu", "national")]
    currencies = {figure.unit for figure in money if figure}
    problems = [
        problem.words
        for problem in card_problems(
            value=card.number("value"), eu=card.number("eu"), national=card.number("national"),
            supported=card.number("target_supported"), qualified=card.number("target_qualified"),
            step=max((figure.step for figure in money if figure), default=0.01),
        )
    ]  # fmt: skip
    if len(currencies) > 1:
        problems.append("kwoty są podane w różnych walutach")
    start, end = card.find("start"), card.find("end")
    if start and end and start.text >= end.text:
        problems.append("projekt kończy się przed rozpoczęciem")
    if problems:
        raise DataError(f"Katalog {_PROJECTS}, karta „{card.teryt}”: {'; '.join(problems)}.")


def _card(entry: Mapping[str, Any], known: Mapping[str, Document]) -> PublishedCard:
    teryt, figures = str(entry.get("teryt", "")), entry.get("figures", {})
    unknown = sorted({str(name) for name in entry} - {"teryt", "figures"} | set(figures) - {*FIELDS, *FURTHER})
    if unknown:
        raise DataError(f"Katalog {_PROJECTS}, karta „{teryt}”: nieznane pola {', '.join(unknown)}.")
    silent = [name for name in FIELDS if name not in figures]
    if silent:
        raise DataError(
            f"Katalog {_PROJECTS}, karta „{teryt}”: brak pól {', '.join(silent)}; jeżeli nikt ich nie opublikował, "
            "proszę wpisać null."
        )
    built = (_figure(teryt, name, figure, known) for name, figure in figures.items() if figure is not None)
    return PublishedCard(teryt, tuple(built))


_FIGURE_FIELDS: Final = frozenset({"number", "text", "unit", "source", "step", "note"})


def _figure(teryt: str, field: str, entry: Mapping[str, Any], known: Mapping[str, Document]) -> Figure:
    where = f"{teryt}, {field}"
    unknown = sorted(set(entry) - _FIGURE_FIELDS)
    if unknown:
        raise DataError(f"Katalog {_PROJECTS}, wpis „{where}”: nieznane pola {', '.join(unknown)}.")
    kind = {**FIELDS, **FURTHER}[field]
    number, text, unit = entry.get("number"), entry.get("text", ""), entry.get("unit", "")
    problem = _form(kind, number, text, unit)
    if problem:
        raise DataError(f"Katalog {_PROJECTS}, wpis „{where}”: {problem}.")
    source = _source(entry, known, _PROJECTS, where).citation
    note = entry.get("note", "")
    return Figure(
        field=field,
        number=None if number is None else float(number),
        text="; ".join(text) if isinstance(text, list) else str(text),
        unit=unit,
        source=f"{source} – {note}" if note else source,
        step=float(entry.get("step", _STEP)),
    )


def _form(kind: Kind, number: object, text: object, unit: str) -> str:
    """Return what is wrong with the form of a figure, "" where nothing."""
    if unit not in UNITS[kind]:
        return f"jednostka „{unit}” (dozwolone: {', '.join(UNITS[kind])})"
    if kind in ("text", "list", "day"):
        if number is not None or not text or isinstance(text, list) != (kind == "list"):
            return "oczekiwano " + {"text": "tekstu", "list": "listy tekstów", "day": "daty"}[kind]
        return "" if kind != "day" or _is_day(text) else "data w innym zapisie niż 2023-09-01"
    if text or not isinstance(number, (int, float)) or isinstance(number, bool) or number < 0:
        return "oczekiwano liczby nieujemnej"
    if kind == "share" and number > 1:
        return "udział większy niż 1"
    if kind == "count" and number != int(number):
        return "oczekiwano liczby całkowitej"
    return ""


def _is_day(text: object) -> bool:
    try:
        return isinstance(text, str) and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _sourced(name: str, record: type[Any]) -> list[dict[str, Any]]:
    """Return the entries of a list of published figures, the key of their document replaced by its citation."""
    entries = load_entries(_FIGURES)
    known = documents(_FIGURES, entries)
    found = []
    for entry in entries[name]:
        where = f"{name}: {entry.get('name', '')}"
        wrong = sorted(set(entry) ^ set(record._fields))
        if wrong:
            raise DataError(f"Katalog {_FIGURES}, wpis „{where}”: nieznane lub brakujące pola {', '.join(wrong)}.")
        found.append({**entry, "source": _source(entry, known, _FIGURES, where).citation})
    return found


def _source(entry: Mapping[str, Any], known: Mapping[str, Document], file: str, where: str) -> Document:
    key = entry.get("source", "")
    if not key:
        raise DataError(f"Katalog {file}, wpis „{where}”: brak źródła (source).")
    if key not in known:
        raise DataError(f"Katalog {file}, wpis „{where}”: nieznane źródło „{key}” (są: {', '.join(known)}).")
    return known[key]


def _money(grosze: int) -> str:
    return f"{grosze // 100}".replace("-", "−") + f",{grosze % 100:02d}"


def _thousands(number: float) -> str:
    return f"{number / 1000:.1f} tys.".replace(".", ",", 1)


def _percent(share: float) -> str:
    return f"{100 * share:.2f}%".replace(".", ",")
