"""The chapters: each with an overview in sentences, a figure, a table, and a word on gaps in the data."""

from __future__ import annotations

import math

from ropsanalysis.present import maps, multiples, polish
from ropsanalysis.present.blocks import Column, Figure, Note, Number, Points, Statement, Table
from ropsanalysis.present.regional_diagnosis import words
from ropsanalysis.regional_diagnosis.records import Indicator, Observation
from ropsanalysis.regional_diagnosis.view import RegionalDiagnosis
from ropsanalysis.regions import POLAND, REGIONS


def _compared(diagnosis: RegionalDiagnosis, section: str) -> list[Indicator]:
    return [indicator for indicator in diagnosis.of_section(section) if indicator.comparable]


def chapter_overview(diagnosis: RegionalDiagnosis, section: str) -> Points:
    """Return one sentence for each indicator of a chapter, urban and rural variants left to its table."""
    own = [indicator for indicator in diagnosis.of_section(section) if not indicator.is_variant]
    sentences = [
        _sentence(diagnosis, indicator) if indicator.comparable else _count_sentence(diagnosis, indicator)
        for indicator in own
    ]
    return Points(tuple(sentence for sentence in sentences if sentence is not None))


def _sentence(diagnosis: RegionalDiagnosis, indicator: Indicator) -> Statement | None:
    position = diagnosis.position(indicator)
    if position is None:
        return None
    if position.value is None:
        return _unknown_sentence(diagnosis, indicator, position.year)
    noise = "; różnica mieści się w zwykłych wahaniach z roku na rok" if position.beyond_noise is False else ""
    return Statement.of(
        "{name} ({when}): {value}, w Polsce {poland}; {place}{noise}; {trend}.",
        tone=words.tone(position),
        name=indicator.short,
        when=words.unit_and_year(indicator, position.year),
        value=words.value(indicator, position.value),
        poland=words.value(indicator, position.poland),
        place=words.place_in_words(indicator, position),
        noise=noise,
        trend=words.trend_in_words(indicator, diagnosis.trend(indicator)),
    )


def _unknown_sentence(diagnosis: RegionalDiagnosis, indicator: Indicator, year: int) -> Statement:
    last = diagnosis.latest(indicator)
    known = (
        f" Ostatnia znana wartość: {words.value(indicator, last.value).text} ({last.year}{polish.NBSP}r.)."
        if last is not None
        else ""
    )
    return Statement.of(
        "{name} ({when}): w województwie – {reason}, w Polsce – {poland}.{known}",
        known=known,
        name=indicator.short,
        when=words.unit_and_year(indicator, year),
        reason=words.missing_reason(diagnosis, indicator, year),
        poland=words.value(indicator, diagnosis.value(indicator, year, POLAND.teryt)),
    )


def _count_sentence(diagnosis: RegionalDiagnosis, indicator: Indicator) -> Statement | None:
    last = diagnosis.latest(indicator)
    if last is None:
        return None
    return Statement.of(
        "{name} ({when}): {value}, czyli {share} ogółu w Polsce; {trend}.",
        name=indicator.short,
        when=words.unit_and_year(indicator, last.year),
        value=words.value(indicator, last.value),
        share=Number(_share(diagnosis, indicator, last.year), digits=1, unit="%"),
        trend=words.trend_in_words(indicator, diagnosis.trend(indicator)),
    )


def _share(diagnosis: RegionalDiagnosis, indicator: Indicator, year: int) -> float | None:
    """Return the region's share in Poland's count, in percent."""
    own, poland = diagnosis.value(indicator, year), diagnosis.value(indicator, year, POLAND.teryt)
    return None if own is None or not poland else 100 * own / poland


def chapter_figure(diagnosis: RegionalDiagnosis, section: str) -> Figure:
    """Return the chapter's indicators over the years, for the region, Poland, peers and all others."""
    indicators = _compared(diagnosis, section)
    panels = [_panel(diagnosis, indicator) for indicator in indicators]
    title = diagnosis.sections[section]
    broken = any(_breaks(diagnosis, indicator) for indicator in indicators)
    return Figure(
        key=section,
        title=f"{title}: przebieg w latach",
        svg=multiples.trajectories(panels, key=section, region=f"woj. {diagnosis.region.name}"),
        alt=f"Wykresy liniowe ({len(panels)}): {polish.listing([i.short for i in indicators])}; województwo "
        f"{diagnosis.region.name}, Polska, województwa podobne i pozostałe.",
        description=" ".join(_path_in_words(diagnosis, indicator) for indicator in indicators),
        data=_figure_data(diagnosis, section, indicators),
        source=words.source_of(indicators),
        note=(
            "Pionowa linia kropkowana oznacza zmianę poziomu szeregu: lat po jej obu stronach nie należy porównywać."
            if broken
            else ""
        ),
    )


def _breaks(diagnosis: RegionalDiagnosis, indicator: Indicator) -> tuple[int, ...]:
    years = [o.year for o in diagnosis.observed(indicator, POLAND.teryt) if o.value is not None]
    return tuple(year for year in indicator.breaks if years and min(years) < year <= max(years))


def _panel(diagnosis: RegionalDiagnosis, indicator: Indicator) -> multiples.Panel:
    lines = []
    for unit in (*REGIONS, POLAND):
        observed = diagnosis.observed(indicator, unit.teryt)
        lines.append(
            multiples.Line(
                label=unit.name,
                role=diagnosis.role(unit.teryt),
                years=tuple(o.year for o in observed),
                values=tuple(math.nan if o.value is None else o.value for o in observed),
            )
        )
    return multiples.Panel(
        title=indicator.short,
        unit=indicator.unit,
        digits=indicator.digits,
        lines=tuple(lines),
        breaks=_breaks(diagnosis, indicator),
    )


def _path_in_words(diagnosis: RegionalDiagnosis, indicator: Indicator) -> str:
    parts = []
    for name, teryt in (
        (f"województwo {diagnosis.region.name}", diagnosis.region.teryt),
        ("Polska", POLAND.teryt),
    ):
        known = [o for o in diagnosis.observed(indicator, teryt) if o.value is not None]
        if known:
            first, last = known[0], known[-1]
            parts.append(
                f"{name} {words.value(indicator, first.value).text} ({first.year}) i "
                f"{words.value(indicator, last.value).text} ({last.year})"
            )
    return f"{words.with_unit(indicator)}: {'; '.join(parts)}."


def _figure_data(diagnosis: RegionalDiagnosis, section: str, indicators: list[Indicator]) -> Table:
    """Return the figure's values with years across: three rows for each indicator."""
    years = [year for year in range(*_span(diagnosis, indicators)) if _any_value(diagnosis, indicators, year)]
    rows: list[tuple[str | Number, ...]] = []
    for indicator in indicators:
        own = {o.year: o for o in diagnosis.observed(indicator)}
        poland = {o.year: o.value for o in diagnosis.observed(indicator, POLAND.teryt)}
        peers = [{o.year: o.value for o in diagnosis.observed(indicator, p.teryt)} for p in diagnosis.peers]
        rows += [
            (
                indicator.short,
                diagnosis.region.short,
                *(_own_cell(indicator, own.get(y), poland.get(y)) for y in years),
            ),
            (indicator.short, "Polska", *(words.cell(indicator, poland.get(y)) for y in years)),
            (
                indicator.short,
                "podobne (średnia)",
                *(words.cell(indicator, _mean([p.get(y) for p in peers])) for y in years),
            ),
        ]
    return Table(
        key=f"{section}_data",
        title=f"{diagnosis.sections[section]}: wartości na wykresie",
        columns=(
            Column("Wskaźnik", "left"),
            Column("Obszar", "left"),
            *(Column(str(year)) for year in years),
        ),
        rows=tuple(rows),
        note="Kreska: rok bez badania lub spoza szeregu, a dla województw podobnych także brak wartości. "
        "n.op.: wartości dla województwa nie opublikowano. x: wartości nie podano w źródle. "
        "0?: źródło podaje 0, ale nie wiadomo, czy nie oznacza ono braku danych.",
    )


_SYMBOL = {"not_published": "n.op.", "zero_means_missing": "n.op.", "withheld": "x", "unclear_zero": "0?"}


def _own_cell(indicator: Indicator, observed: Observation | None, poland: float | None) -> Number:
    if observed is None or (observed.flag == "not_published" and poland is None):
        return words.cell(indicator, None)
    return words.cell(indicator, observed.value, missing=_SYMBOL.get(observed.flag, ""))


def _span(diagnosis: RegionalDiagnosis, indicators: list[Indicator]) -> tuple[int, int]:
    years = [o.year for i in indicators for o in diagnosis.observed(i, POLAND.teryt) if o.value is not None]
    return min(years), max(years) + 1


def _any_value(diagnosis: RegionalDiagnosis, indicators: list[Indicator], year: int) -> bool:
    return any(diagnosis.value(indicator, year, POLAND.teryt) is not None for indicator in indicators)


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def chapter_table(diagnosis: RegionalDiagnosis, section: str) -> Table:
    """Return where the region stands on each compared indicator of a chapter."""
    rows = []
    indicators = _compared(diagnosis, section)
    for indicator in indicators:
        position, trend = diagnosis.position(indicator), diagnosis.trend(indicator)
        if position is None:
            continue
        reason = words.missing_reason(diagnosis, indicator, position.year)
        rows.append(
            (
                words.with_unit(indicator),
                str(position.year),
                words.cell(indicator, position.value, missing=reason),
                words.cell(indicator, position.poland),
                words.difference(indicator, position.difference),
                words.cell(indicator, position.peer_mean),
                words.difference(indicator, position.difference_to_best),
                words.place(position),
                words.TREND[trend.marker],
            )
        )
    return Table(
        key=section,
        title=f"{diagnosis.sections[section]}: województwo {diagnosis.region.name} na tle Polski",
        columns=(
            Column("Wskaźnik", "left"),
            Column("Rok"),
            Column("Woj."),
            Column("Polska"),
            Column("Różnica"),
            Column("Podobne"),
            Column("Do najl."),
            Column("Miejsce"),
            Column("Trend", "left"),
        ),
        rows=tuple(rows),
        source=words.source_of(indicators),
        note=(
            f"Rok: ostatni, za który wartość ma co najmniej {diagnosis.choice('min_regions'):.0f} województw; "
            "trend może obejmować lata późniejsze. "
            "Miejsce 1. oznacza wartość najkorzystniejszą, a dla wskaźników bez określonego kierunku najwyższą. "
            "„Podobne”: średnia województw podobnych. „Do najl.”: różnica wobec województwa na 1.\u00a0miejscu. "
            "„Poprawa” i „pogorszenie” oznaczają zmianę zgodną lub niezgodną z kierunkiem podanym w tabeli "
            "wskaźników; nie przesądzają, czy zmieniły się potrzeby mieszkańców."
        ),
    )


def chapter_counts(diagnosis: RegionalDiagnosis, section: str) -> Table:
    """Return the chapter's plain counts with the region's share in Poland."""
    rows = []
    indicators = [indicator for indicator in diagnosis.of_section(section) if not indicator.comparable]
    for indicator in indicators:
        last = diagnosis.latest(indicator)
        if last is None:
            continue
        rows.append(
            (
                words.with_unit(indicator),
                str(last.year),
                words.cell(indicator, last.value),
                words.cell(indicator, diagnosis.value(indicator, last.year, POLAND.teryt)),
                Number(_share(diagnosis, indicator, last.year), digits=1),
                words.TREND[diagnosis.trend(indicator).marker],
            )
        )
    return Table(
        key=f"{section}_counts",
        title=f"{diagnosis.sections[section]}: liczby bezwzględne",
        columns=(
            Column("Wielkość", "left"),
            Column("Rok"),
            Column("Woj."),
            Column("Polska"),
            Column("Udział w Polsce (%)"),
            Column("Trend", "left"),
        ),
        rows=tuple(rows),
        source=words.source_of(indicators),
        note=_population_note(diagnosis),
    )


def _population_note(diagnosis: RegionalDiagnosis) -> str:
    note = "Liczby bezwzględne zależą od wielkości województwa, dlatego nie tworzymy z nich rankingu."
    own, poland = (
        diagnosis.background.get(("population_thousand", teryt)) for teryt in (diagnosis.region.teryt, POLAND.teryt)
    )
    if own is None or poland is None or own.year != poland.year or not own.value or not poland.value:
        return note
    share = Number(100 * own.value / poland.value, digits=1, unit="%")
    year = f"{own.year}{polish.NBSP}r."
    return f"{note} Dla porównania: udział województwa w ludności Polski wynosi {share.text} ({year})."


def chapter_gaps(diagnosis: RegionalDiagnosis, section: str) -> Note:
    """Return which years have no value for the region, and what to keep in mind about the indicators."""
    items = []
    for indicator in diagnosis.of_section(section):
        gaps = _gaps(diagnosis, indicator)
        remarks = [f"{polish.capital(gaps)}."] if gaps else []
        if indicator.caution and not indicator.is_variant:
            remarks.append(indicator.caution)
        if remarks:
            items.append(f"{indicator.short}: {' '.join(remarks)}")
    return Note("", title="Jak czytać te dane", items=tuple(items))


def _gaps(diagnosis: RegionalDiagnosis, indicator: Indicator) -> str:
    """Return the years without a value by reason; the years between biennial surveys are no gap."""
    by_reason: dict[str, list[int]] = {}
    for observed in diagnosis.observed(indicator):
        poland = diagnosis.value(indicator, observed.year, POLAND.teryt)
        if observed.value is None and not (observed.flag == "not_published" and poland is None):
            by_reason.setdefault(words.MISSING.get(observed.flag, "brak danych"), []).append(observed.year)
    return "; ".join(
        f"za {'rok' if len(years) == 1 else 'lata'} {polish.runs_of_years(years)} {_reason(reason)}"
        for reason, years in by_reason.items()
    )


def _reason(reason: str) -> str:
    return {
        "nie opublikowano": "wartości dla województwa nie opublikowano",
        "nie podano (x)": "wartości dla województwa nie podano (w źródle znak „x”)",
        "0 lub brak danych": "w źródle podano 0, które może oznaczać brak danych",
    }.get(reason, f"w źródle: {reason}")


def indicator_map(diagnosis: RegionalDiagnosis, key: str, shapes: maps.Shapes | None = None) -> Figure:
    """Return a map of one indicator in its latest comparable year."""
    indicator = diagnosis.indicators[key]
    position = diagnosis.position(indicator)
    if position is None:
        raise ValueError(f"indicator {key} does not compare regions, so it has no map")
    values = diagnosis.values_of(indicator, position.year)
    rows = sorted(
        ((region, values[region.teryt]) for region in REGIONS),
        key=lambda item: (math.isnan(item[1]), -item[1], item[0].name),
    )
    own = next(index for index, (region, _) in enumerate(rows) if region.teryt == diagnosis.region.teryt)
    known = {name: value for name, value in values.items() if not math.isnan(value)}
    return Figure(
        key=f"map_{key}",
        label="Mapa",
        title=f"{indicator.name}, {position.year}{polish.NBSP}r.",
        svg=maps.draw(
            values,
            key=f"map-{key}",
            teryt=diagnosis.region.teryt,
            digits=indicator.digits,
            unit=indicator.unit,
            shapes=shapes,
        ),
        alt=f"Mapa województw w pięciu klasach, od {polish.number(min(known.values()), digits=indicator.digits)} do "
        f"{polish.number(max(known.values()), digits=indicator.digits)}; województwo {diagnosis.region.name}: "
        f"{words.value(indicator, position.value, missing='brak danych').text}, "
        f"Polska: {words.value(indicator, position.poland).text}.",
        description=maps.in_words(values, digits=indicator.digits, poland=position.poland),
        data=Table(
            key=f"map_{key}_data",
            title=f"{indicator.short}, {position.year}{polish.NBSP}r.",
            columns=(Column("Województwo", "left"), Column(indicator.unit)),
            rows=tuple((region.name, words.cell(indicator, value, missing="brak danych")) for region, value in rows),
            highlight=(own,),
        ),
        source=words.source_of([indicator]),
        note="Pięć klas o zbliżonej liczbie województw; obrysem wyróżniono województwo, którego dotyczy raport."
        + ("" if shapes is None else " Granice: plik z folderu data/raw/boundaries, uproszczone."),
    )
