"""The opening of the report on a gmina or powiat: cover, key findings, place in the group, strengths, weaknesses."""

from __future__ import annotations

import math
from typing import Any, Final

from ropsanalysis.local_diagnosis.records import Indicator, Position
from ropsanalysis.local_diagnosis.view import LocalDiagnosis
from ropsanalysis.present import origin, polish
from ropsanalysis.present.blocks import Column, Cover, Figure, Note, Number, Points, Statement, Table
from ropsanalysis.present.local_diagnosis import drawings, words

_AGEING: Final = "aged_65_share"
_POPULATION: Final = "population"
_NAMED: Final = 4


def cover(diagnosis: LocalDiagnosis) -> Cover:
    """Return the title page."""
    span = diagnosis.span()
    return Cover(
        report="local_diagnosis",
        title="Diagnoza lokalna",
        subtitle=polish.capital(diagnosis.unit.title),
        teryt=diagnosis.unit.teryt,
        region=diagnosis.unit.region.name,
        centre=diagnosis.unit.region.centre,
        edition=diagnosis.edition,
        facts=(
            ("Kod TERYT", diagnosis.unit.teryt),
            ("Województwo", diagnosis.unit.region.name),
            ("Zakres danych", "brak danych" if span is None else f"lata {polish.years(*span)}"),
            ("Grupa porównawcza", words.group(diagnosis)),
            ("Źródło danych", diagnosis.sources.get(words.DATASET, "")),
        ),
        synthetic=diagnosis.synthetic,
    )


def key_findings(diagnosis: LocalDiagnosis) -> Points:
    """Return what the head of the gmina or powiat should know after half a minute."""
    found = [
        _size(diagnosis),
        _ageing(diagnosis),
        _balance(diagnosis),
        _extremes(diagnosis, "strength"),
        _extremes(diagnosis, "weakness"),
        _small(diagnosis),
        _missing(diagnosis),
    ]
    known = tuple(statement for statement in found if statement is not None)
    return Points(known or (Statement("W zbiorze danych nie ma żadnej wartości dla tej jednostki."),))


def _size(diagnosis: LocalDiagnosis) -> Statement | None:
    position = diagnosis.positions.get(_POPULATION)
    if position is None or position.value is None:
        return None
    indicator = diagnosis.indicators[_POPULATION]
    change = f"; zmiana od {position.first_year}{polish.NBSP}r.: {{change}}" if position.change is not None else ""
    return Statement.of(
        f"Liczba ludności w {position.year}{polish.NBSP}r.: {{value}}{change}.",
        value=words.value(indicator, position.value), change=words.change(indicator, position),
    )  # fmt: skip


def _ageing(diagnosis: LocalDiagnosis) -> Statement | None:
    position = diagnosis.positions.get(_AGEING)
    if position is None or position.value is None:
        return None
    indicator = diagnosis.indicators[_AGEING]
    return Statement.of(
        "Udział ludności w wieku 65 lat i więcej: {value} (mediana grupy {median}, województwo {region}).",
        value=words.value(indicator, position.value), median=words.value(indicator, position.median),
        region=words.value(indicator, position.voivodeship_value),
    )  # fmt: skip


def _balance(diagnosis: LocalDiagnosis) -> Statement | None:
    places = [p.ahead for i, p in diagnosis.known() if i.directed and p.ahead is not None]
    if not places:
        return None
    return Statement.of(
        "Na tle grupy porównawczej: liczba wskaźników o ustalonym korzystnym kierunku, które oceniono – {n}; "
        "w korzystniejszej połowie grupy – {better}, w mniej korzystnej – {worse}.",
        n=Number(len(places)), better=Number(sum(place >= 0.5 for place in places)),
        worse=Number(sum(place < 0.5 for place in places)),
    )  # fmt: skip


def _extremes(diagnosis: LocalDiagnosis, kind: str) -> Statement | None:
    listed = diagnosis.standing(kind)[:_NAMED]
    if not listed:
        return None
    parts: dict[str, Any] = {}
    phrases = []
    for number, (indicator, position) in enumerate(listed):
        parts |= {
            f"value{number}": words.value(indicator, position.value),
            f"median{number}": words.value(indicator, position.median),
        }
        phrases.append(
            f"{polish.lower_first(indicator.short)} ({words.unit_and_year(indicator, position.year)}: "
            f"{{value{number}}}, mediana grupy {{median{number}}})"
        )
    opening = "Najkorzystniej na tle grupy: " if kind == "strength" else "Najmniej korzystnie na tle grupy: "
    return Statement.of(opening + polish.listing(phrases) + ".", tone="good" if kind == "strength" else "bad", **parts)


def _small(diagnosis: LocalDiagnosis) -> Statement | None:
    few = [indicator for indicator, position in diagnosis.known() if position.small]
    if not few:
        return None
    return Statement(f"Z małych liczb obliczono (ostrożnie przy wnioskach): {words.names(few)}.")


def _missing(diagnosis: LocalDiagnosis) -> Statement | None:
    gaps = diagnosis.gaps()
    return Statement(f"Brak danych: {words.names(gaps)}.") if gaps and diagnosis.known() else None


def reading_note(diagnosis: LocalDiagnosis) -> Note:
    """Say how to read the report."""
    count = Number(diagnosis.group.group_size).text
    return Note(
        title="Jak czytać.",
        text=f"Porównujemy z grupą: {words.group(diagnosis)} (liczba jednostek: {count}). Miejsce 1. jest "
        "najkorzystniejsze, a przy wskaźnikach bez korzystnego kierunku oznacza najwyższą wartość. Miejsce opisuje "
        "położenie, a nie pracę urzędu: na większość wskaźników samorząd wpływa tylko częściowo.",
    )


def place_figure(diagnosis: LocalDiagnosis) -> Figure | Note:
    """Return the unit's place in its group, indicator by indicator."""
    placed = [(i, p) for i, p in diagnosis.known() if p.ahead is not None]
    if not placed:
        return Note(title="Położenie w grupie.", text="Brak wskaźników, które można porównać.")
    title = "Położenie w grupie porównawczej"
    return Figure(
        key="places",
        title=title,
        svg=drawings.strips(
            [_strip(indicator, position) for indicator, position in placed], key="places", unit=diagnosis.unit.level
        ),
        alt=f"Wykres położenia {len(placed)} wskaźników na skali od 0 do 100% jednostek grupy: {diagnosis.unit.title}.",
        description="Każdy wiersz pokazuje, jaka część pozostałych jednostek grupy ma wartość mniej korzystną, a przy "
        "wskaźnikach bez kierunku – niższą. Tło oznacza środkową połowę grupy, pionowa linia – jej środek.",
        data=Table(
            key="places_data",
            title=title,
            columns=(
                Column("Wskaźnik", "left"),
                Column("Rok"),
                Column("Wartość"),
                Column("Mediana grupy"),
                Column("Wyprzedza w grupie"),
                Column("Wyprzedza w województwie"),
            ),
            rows=tuple(
                (
                    words.with_unit(indicator),
                    str(position.year),
                    words.cell(indicator, position.value),
                    words.cell(indicator, position.median),
                    _percent(position.ahead),
                    _percent(position.near_ahead),
                )
                for indicator, position in placed
            ),
        ),
        source=origin.source(diagnosis, words.DATASET),
    )


def _strip(indicator: Indicator, position: Position) -> drawings.Strip:
    return drawings.Strip(
        label=indicator.short,
        group=math.nan if position.ahead is None else position.ahead,
        voivodeship=math.nan if position.near_ahead is None else position.near_ahead,
        value=words.value(indicator, position.value).text,
        median=words.value(indicator, position.median).text,
        directed=indicator.directed,
    )


def _percent(share: float | None) -> Number:
    return Number(None if share is None else 100 * share, unit="%")


def strengths(diagnosis: LocalDiagnosis) -> Points:
    """Return where the unit is among the most favourable of its group."""
    return _listed(diagnosis, "strength", "Żaden wskaźnik nie wyróżnia się korzystnie na tle grupy.")


def weaknesses(diagnosis: LocalDiagnosis) -> Points:
    """Return where the unit is among the least favourable of its group."""
    return _listed(diagnosis, "weakness", "Żaden wskaźnik nie wyróżnia się niekorzystnie na tle grupy.")


def _listed(diagnosis: LocalDiagnosis, kind: str, nothing: str) -> Points:
    listed = diagnosis.standing(kind)
    if not listed:
        return Points((Statement(nothing),))
    return Points(
        tuple(
            Statement.of(
                f"{indicator.short} ({words.unit_and_year(indicator, position.year)}): {{value}}, mediana grupy "
                f"{{median}}; {words.place(position.rank, position.ranked)}.{_caution(indicator)}",
                tone="good" if kind == "strength" else "bad",
                value=words.value(indicator, position.value),
                median=words.value(indicator, position.median),
            )
            for indicator, position in listed
        )
    )


def _caution(indicator: Indicator) -> str:
    return f" {indicator.caution}" if indicator.caution else ""
