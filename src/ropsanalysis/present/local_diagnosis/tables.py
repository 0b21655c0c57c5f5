"""The body of the report on a gmina or powiat: indicators, course over years, small numbers, units of like size."""

from __future__ import annotations

import math

from ropsanalysis.local_diagnosis.records import Indicator, Point
from ropsanalysis.local_diagnosis.view import LocalDiagnosis
from ropsanalysis.present import origin, panels, polish
from ropsanalysis.present.blocks import Cell, Column, Figure, Note, Number, Table
from ropsanalysis.present.local_diagnosis import words


def section_table(diagnosis: LocalDiagnosis, section: str) -> Table | Note:
    """Return the indicators of a chapter: value, comparison, place, change."""
    title = diagnosis.sections[section]
    placed = [(i, p) for i, p in diagnosis.placed() if i.section == section]
    if not placed:
        return Note(text=f"{title}: zbiór danych nie zawiera wskaźników tego rozdziału.")
    spans = {(position.first_year, position.year) for _, position in placed}
    first, last = spans.pop() if len(spans) == 1 else (None, None)
    return Table(
        key=f"indicators_{section}",
        title=title,
        columns=(
            Column("Wskaźnik", "left"),
            Column("Wartość" if last is None else f"Wartość ({last})"),
            Column("Mediana grupy"),
            Column("Woj."),
            Column("Miejsce w grupie"),
            Column("Położenie", "left"),
            Column("Zmiana" if first is None else f"Zmiana od {first}"),
        ),
        rows=tuple(
            (
                words.with_unit(indicator) + ("" if last else f", {polish.years(position.first_year, position.year)}"),
                words.cell(indicator, position.value),
                words.cell(indicator, position.median),
                words.cell(indicator, position.voivodeship_value),
                words.place(position.rank, position.ranked) if position.value is not None else polish.DASH,
                words.quarter(indicator, position.ahead),
                words.change(indicator, position),
            )
            for indicator, position in placed
        ),
        note=" ".join(f"{i.short}: {polish.lower_first(i.caution)}" for i, _ in placed if i.caution),
        source=origin.source(diagnosis, words.DATASET),
    )


def course_figure(diagnosis: LocalDiagnosis) -> Figure | Note:
    """Return the most important indicators over the years beside the median of the group and the voivodeship."""
    drawn = [(i, diagnosis.series[key]) for key, i in diagnosis.indicators.items() if key in diagnosis.series]
    drawn = [(indicator, points) for indicator, points in drawn if any(point.value is not None for point in points)]
    if not drawn:
        return Note(title="Przebieg w latach.", text="Brak wskaźników, których przebieg można pokazać.")
    title = "Przebieg najważniejszych wskaźników w latach"
    return Figure(
        key="course",
        title=title,
        svg=panels.panels(
            [_panel(indicator, points) for indicator, points in drawn],
            key="course",
            names=(("region", diagnosis.unit.level), ("poland", "mediana grupy"), ("peer", "województwo")),
        ),
        alt=f"Wykresy liniowe ({len(drawn)}): {words.names([indicator for indicator, _ in drawn])}; "
        f"{diagnosis.unit.title}, mediana grupy i województwo.",
        description=" ".join(_path(indicator, points) for indicator, points in drawn),
        data=_course_data(title, drawn),
        source=origin.source(diagnosis, words.DATASET),
        note="Na wykresie liczby ludności nie ma województwa, którego wielkość jest nieporównywalna.",
    )


def _panel(indicator: Indicator, points: tuple[Point, ...]) -> panels.Panel:
    years = tuple(float(point.year) for point in points)
    first, last = points[0].year, points[-1].year
    lines = [
        panels.Series("poland", years, _numbers(point.median for point in points)),
        panels.Series("region", years, _numbers(point.value for point in points)),
    ]
    if indicator.denominator:  # the number of a whole voivodeship would press the others flat
        lines.insert(0, panels.Series("peer", years, _numbers(point.voivodeship_value for point in points)))
    return panels.Panel(
        title=indicator.short,
        unit=indicator.unit,
        digits=indicator.digits,
        series=tuple(line for line in lines if any(value == value for value in line.values)),
        ticks=tuple((float(year), str(year)) for year in dict.fromkeys((first, (first + last) // 2, last))),
    )


def _numbers(values: object) -> tuple[float, ...]:
    return tuple(math.nan if value is None else value for value in values)  # type: ignore[attr-defined]


def _path(indicator: Indicator, points: tuple[Point, ...]) -> str:
    known = [point for point in points if point.value is not None]
    first, last = known[0], known[-1]
    return (
        f"{words.with_unit(indicator)}: {words.value(indicator, first.value).text} ({first.year}) i "
        f"{words.value(indicator, last.value).text} ({last.year}), mediana grupy "
        f"{words.value(indicator, last.median).text} ({last.year})."
    )


def _course_data(title: str, drawn: list[tuple[Indicator, tuple[Point, ...]]]) -> Table:
    years = sorted({point.year for _, points in drawn for point in points})
    rows: list[tuple[Cell, ...]] = []
    for indicator, points in drawn:
        by_year = {point.year: point for point in points}
        for whose, of in (
            ("własna wartość", "value"),
            ("mediana grupy", "median"),
            ("województwo", "voivodeship_value"),
        ):
            if of == "voivodeship_value" and not indicator.denominator:
                continue
            numbers = (getattr(by_year[year], of) if year in by_year else None for year in years)
            rows.append((f"{words.with_unit(indicator)}: {whose}", *(words.cell(indicator, n) for n in numbers)))
    return Table(
        key="course_data",
        title=title,
        columns=(Column("Wskaźnik", "left"), *(Column(str(year)) for year in years)),
        rows=tuple(rows),
    )


def small_numbers(diagnosis: LocalDiagnosis) -> Table | Note:
    """Return the indicators made of small numbers, with the numbers and their intervals."""
    few = [(indicator, position) for indicator, position in diagnosis.known() if position.small]
    if not few:
        return Note(title="Małe liczby.", text="Żadnego wskaźnika nie obliczono z małych liczb.")
    return Table(
        key="small_numbers",
        title="Wskaźniki obliczone z małych liczb",
        columns=(
            Column("Wskaźnik", "left"),
            Column("Rok"),
            Column("Licznik"),
            Column("Mianownik"),
            Column("Wartość"),
            Column("Przedział od"),
            Column("Przedział do"),
        ),
        rows=tuple(
            (
                words.with_unit(indicator),
                str(position.year),
                Number(position.counted),
                Number(position.base),
                words.cell(indicator, position.value),
                Number(position.low, digits=indicator.digits),
                Number(position.high, digits=indicator.digits),
            )
            for indicator, position in few
        ),
        note="Przedział podajemy, gdy licznik liczy osoby: pokazuje, o ile taka liczba mogłaby się zmienić "
        "przypadkiem. Wskaźników z małych liczb nie zaliczamy do mocnych ani słabych stron.",
        source=origin.source(diagnosis, words.DATASET),
    )


def peers_table(diagnosis: LocalDiagnosis) -> Table | Note:
    """Return the units of the group with the nearest number of inhabitants."""
    if not diagnosis.peers:
        return Note(title="Jednostki podobnej wielkości.", text="Nie można ich wskazać: brak liczby ludności.")
    return Table(
        key="peers",
        title="Jednostki grupy o najbliższej liczbie ludności",
        columns=(
            Column("Jednostka", "left"),
            Column("Kod TERYT", "left"),
            Column("Rodzaj i województwo", "left"),
            Column("Liczba ludności"),
        ),
        rows=tuple(
            (
                peer.peer_name,
                peer.peer,
                words.kind_and_place(peer.peer_kind, peer.peer_voivodeship),
                Number(peer.population),
            )
            for peer in diagnosis.peers
        ),
        source=origin.source(diagnosis, words.DATASET),
    )


def gaps_note(diagnosis: LocalDiagnosis) -> Note:
    """Say which indicators have no value."""
    gaps = diagnosis.gaps()
    if not gaps:
        return Note(title="Braki danych.", text="Wszystkie wskaźniki mają wartość.")
    return Note(
        title="Braki danych.",
        text="Tych wskaźników nie da się podać: brakuje licznika, mianownika albo roku, w którym wartość ma dość "
        "jednostek.",
        items=tuple(indicator.name for indicator in gaps),
    )
