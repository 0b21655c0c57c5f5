"""The headline of each of the other reports, by voivodeship."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ropsanalysis.national_summary.records import Headline
from ropsanalysis.national_summary.view import NationalSummary
from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Cell, Column, Note, Number, Table
from ropsanalysis.present.national_summary import words
from ropsanalysis.present.origin import origin

_COLUMNS: Final[Mapping[str, tuple[Column, ...]]] = {
    "regional_diagnosis": (Column("Sytuacja: miejsce"), Column("zakres")),
    "training_needs": (Column("Luka (MWDS)"), Column("kompetencja", "left")),
    "social_economy": (Column("ES na 10 tys."),),
    "social_impact": (Column("Praca po roku"), Column("przedział"), Column("dowód", "left")),
    "cooperation": (Column("Sprawy udane"), Column("przedział"), Column("n")),
}
"""Columns of each report's headline."""


def headlines_summary(summary: NationalSummary) -> Note | None:
    """Say what each column is, and where it is told in full."""
    there = [row for row in (_first(summary, key) for key in _COLUMNS) if row is not None]
    if not there:
        return None
    return Note(
        title="Jedna liczba z każdego raportu.",
        text="Tabela powtarza po jednej liczbie z raportów województw; pełny wynik, podstawę i zastrzeżenia podaje "
        "raport województwa.",
        items=tuple(f"{summary.sources.get(row.report, row.report)}: {polish.lower_first(row.measure)}"
                    for row in there),
    )  # fmt: skip


def headlines_table(summary: NationalSummary) -> Table | None:
    """Return the headline number of each report and voivodeship."""
    reports = [key for key in _COLUMNS if _first(summary, key) is not None]
    if not reports:
        return None
    return Table(
        key="headlines",
        title="Najważniejsze liczby pozostałych raportów",
        columns=(Column("Województwo", "left"), *(column for key in reports for column in _COLUMNS[key])),
        rows=tuple(
            (
                polish.capital(region.name),
                *(cell for key in reports for cell in _cells(key, summary.headline(key, region.teryt))),
            )
            for region in summary.regions
        ),
        note="Zakres miejsc wynika z różnych rozsądnych sposobów obliczania; przedziały mają poziom ufności 95%, n to "
        "liczba zakończonych spraw. Praca rok po wsparciu: „por.” oznacza porównanie z osobami bez wsparcia, „zm.” – "
        "zmianę bez grupy porównawczej, która nie mówi, co stałoby się bez wsparcia; liczba po przecinku to stopień "
        "siły dowodu (0–5). Ukryto, brak porównania, grupy różne: powód podaje raport województwa.",
        **origin(summary, *reports),
    )


def _first(summary: NationalSummary, report: str) -> Headline | None:
    return next((row for row in summary.headlines if row.report == report), None)


def _cells(report: str, row: Headline | None) -> tuple[Cell, ...]:
    if row is None:
        return (Number(None, missing="brak raportu"), *(polish.DASH for _ in _COLUMNS[report][1:]))
    number = shown(row)
    match row.report:
        case "regional_diagnosis":
            return number, _span(row)
        case "training_needs":
            return number, row.detail
        case "social_impact":
            return number, _span(row, factor=100, signed=True), _compared(row.detail)
        case "cooperation":
            return number, _span(row, factor=100), words.count(row.base, row.reason)
    return (number,)


def shown(row: Headline) -> Number:
    """Return a headline's number with its unit; shares and their differences are 0-1 inside."""
    factor = 100 if row.unit in {"%", "p.p."} else 1
    return Number(
        None if row.value is None else factor * row.value,
        digits=row.digits,
        unit=row.unit,
        signed=row.unit == "p.p.",
        missing=words.missing(row.reason),
    )


def _span(row: Headline, *, factor: float = 1, signed: bool = False) -> str:
    """Return the ends of an interval or span of places, in whole numbers; signed ends are told by words."""
    if row.low is None or row.high is None:
        return polish.DASH
    low, high = ((polish.signed if signed else polish.number)(factor * end) for end in (row.low, row.high))
    return f"{low} do {high}" if signed else polish.DASH.join((low, high))


def _compared(detail: str) -> str:
    method, _, grade = detail.partition("+")
    if grade == "0":
        return polish.DASH
    return f"{'zm.' if method == 'before_after' else 'por.'}, {grade}"
