"""The sector in the figures of Statistics Poland: real numbers in every report, never marked as made up."""

from __future__ import annotations

from math import nan

from ropsanalysis.present import multiples, polish
from ropsanalysis.present.blocks import Column, Figure, Number, Points, Statement, Table
from ropsanalysis.present.social_economy import words
from ropsanalysis.present.theme import Role
from ropsanalysis.regions import POLAND, REGIONS
from ropsanalysis.social_economy.records import Indicator, Observation, Position
from ropsanalysis.social_economy.view import SocialEconomy

_ACTIVE, _REGISTERED = "1.E.1", "1.E.2"


def official_summary(economy: SocialEconomy) -> Points:
    """Return where the voivodeship stands on each official indicator, and what active and registered mean."""
    found = [_sentence(economy, indicator) for indicator in economy.indicators.values()]
    return Points(tuple(s for s in (*found, _two_scopes(economy)) if s is not None))


def _sentence(economy: SocialEconomy, indicator: Indicator) -> Statement | None:
    position = economy.position(indicator.indicator)
    if position is None:
        return None
    name = f"{indicator.short} ({indicator.unit}, {position.year}{polish.NBSP}r.)"
    if position.value is None:
        return Statement.of(
            "{name}: wartości dla województwa nie opublikowano, w Polsce {poland}.",
            name=name,
            poland=value(indicator, position.poland),
        )
    before = _first(economy, indicator)
    past = (
        ""
        if before is None or before.year == position.year
        else ". W {past_year}\u00a0r. wartość województwa wynosiła {past}"
    )
    return Statement.of(
        "{name}: {value}, w Polsce {poland} (różnica {difference}); {place}\u00a0miejsce wśród {n} województw"
        f"{past}.",
        name=name,
        value=value(indicator, position.value),
        poland=value(indicator, position.poland),
        difference=Number(position.difference, digits=indicator.digits, signed=True),
        place=place(position),
        n=Number(position.n),
        past_year=str(before.year if before else ""),
        past=value(indicator, before.value if before else None),
    )


def value(indicator: Indicator, number: float | None) -> Number:
    """Return a value of an official indicator with the decimals it is published with."""
    return Number(number, digits=indicator.digits)


def place(position: Position) -> str:
    """Return the rank, 1 for the highest value, or the span of ranks that a tie shares."""
    return polish.rank(position.rank_first, position.rank_last)


def _first(economy: SocialEconomy, indicator: Indicator) -> Observation | None:
    return next((o for o in economy.observed(indicator.indicator) if o.value is not None), None)


def _two_scopes(economy: SocialEconomy) -> Statement | None:
    """Return active organisations beside registered ones of the last year that has both."""
    active, registered = (
        {o.year: o.value for o in economy.observed(key) if o.value is not None} for key in (_ACTIVE, _REGISTERED)
    )
    both = sorted(set(active) & set(registered))
    if not both:
        return None
    year = both[-1]
    return Statement.of(
        "Organizacje aktywne i zarejestrowane: w {year}\u00a0r. liczba aktywnych organizacji non-profit na "
        "10\u00a0tys. mieszkańców (wskaźnik 1.E.1) wynosiła {active}, a liczba fundacji, stowarzyszeń i organizacji "
        "społecznych w rejestrze REGON (1.E.2) – {registered}. Nie można z tego obliczyć odsetka organizacji "
        "aktywnych, bo zakresy są różne: 1.E.1 obejmuje także podmioty wyznaniowe, samorząd gospodarczy i zawodowy "
        "oraz organizacje pracodawców.",
        year=str(year),
        active=value(economy.indicators[_ACTIVE], active[year]),
        registered=value(economy.indicators[_REGISTERED], registered[year]),
    )


def official_figure(economy: SocialEconomy) -> Figure | None:
    """Return the official indicators over the years for the region, Poland and all others; None without data."""
    indicators = [i for i in economy.indicators.values() if _first(economy, i) is not None]
    if not indicators:
        return None
    return Figure(
        key="official",
        title="Ekonomia społeczna w danych GUS: przebieg w latach",
        svg=multiples.trajectories(
            [_panel(economy, indicator) for indicator in indicators],
            key="official",
            region=f"woj. {economy.region.name}",
        ),
        alt=f"Wykresy liniowe ({len(indicators)}): {polish.listing([i.short for i in indicators])}; województwo "
        f"{economy.region.name}, Polska i pozostałe województwa.",
        description=" ".join(_in_words(economy, indicator) for indicator in indicators),
        data=_figure_data(economy, indicators),
        source=words.source(economy, *words.OFFICIAL),
        note="Aktywne organizacje non-profit GUS bada co dwa lata.",
    )


def _panel(economy: SocialEconomy, indicator: Indicator) -> multiples.Panel:
    lines = []
    for unit in (*REGIONS, POLAND):
        observed = economy.observed(indicator.indicator, unit.teryt)
        role: Role = "poland" if unit is POLAND else "region" if unit.teryt == economy.region.teryt else "other"
        lines.append(
            multiples.Line(
                label=unit.name,
                role=role,
                years=tuple(o.year for o in observed),
                values=tuple(nan if o.value is None else o.value for o in observed),
            )
        )
    return multiples.Panel(indicator.short, indicator.unit, indicator.digits, tuple(lines))


def _in_words(economy: SocialEconomy, indicator: Indicator) -> str:
    parts = []
    for name, teryt in ((f"województwo {economy.region.name}", economy.region.teryt), ("Polska", POLAND.teryt)):
        known = [o for o in economy.observed(indicator.indicator, teryt) if o.value is not None]
        if known:
            first, last = known[0], known[-1]
            parts.append(
                f"{name} {value(indicator, first.value).text} ({first.year}) i {value(indicator, last.value).text} "
                f"({last.year})"
            )
    return f"{indicator.short} ({indicator.unit}): {'; '.join(parts)}."


def _figure_data(economy: SocialEconomy, indicators: list[Indicator]) -> Table:
    known = {
        (i.indicator, teryt): {o.year: o.value for o in economy.observed(i.indicator, teryt) if o.value is not None}
        for i in indicators
        for teryt in (economy.region.teryt, POLAND.teryt)
    }
    years = sorted({year for series in known.values() for year in series})
    return Table(
        key="official_data",
        title="Ekonomia społeczna w danych GUS: wartości na wykresie",
        columns=(Column("Wskaźnik", "left"), Column("Obszar", "left"), *(Column(str(year)) for year in years)),
        rows=tuple(
            (i.short, name, *(value(i, known[i.indicator, teryt].get(year)) for year in years))
            for i in indicators
            for name, teryt in ((economy.region.short, economy.region.teryt), ("Polska", POLAND.teryt))
        ),
        note="Kreska: rok bez badania albo bez opublikowanej wartości.",
    )


def official_table(economy: SocialEconomy) -> Table | None:
    """Return value, Poland, difference and rank on each official indicator; None without data."""
    rows = [(i, p) for i in economy.indicators.values() if (p := economy.position(i.indicator)) is not None]
    if not rows:
        return None
    return Table(
        key="official",
        title=f"Województwo {economy.region.name} na tle Polski w danych GUS",
        columns=(
            Column("Wskaźnik", "left"),
            Column("Jednostka", "left"),
            Column("Rok"),
            Column("Woj."),
            Column("Polska"),
            Column("Różnica"),
            Column("Miejsce"),
        ),
        rows=tuple(
            (
                f"{i.short} ({i.indicator})",
                i.unit,
                str(p.year),
                Number(p.value, digits=i.digits, missing="nie opublikowano"),
                value(i, p.poland),
                Number(p.difference, digits=i.digits, signed=True),
                place(p),
            )
            for i, p in rows
        ),
        source=words.source(economy, *words.OFFICIAL),
        note="Rok: ostatni opublikowany. Miejsce: wśród województw, dla których podano wartość; 1.\u00a0miejsce "
        "oznacza wartość najwyższą. Jednostki reintegracyjne w tych danych to CIS, ZAZ i WTZ, bez KIS.",
    )
