"""Gminas over time: levels by year, and differences by years since the opening of a social service centre."""

from __future__ import annotations

from math import nan
from typing import Any

from ropsanalysis.present import panels, polish
from ropsanalysis.present.blocks import Cell, Column, Figure, Number, Table
from ropsanalysis.present.social_impact import words
from ropsanalysis.present.social_impact.centres import areas
from ropsanalysis.regions import POLAND
from ropsanalysis.social_impact.records import CentreEffect, CentreLevel, Outcome
from ropsanalysis.social_impact.view import SocialImpact

_SHORT = {"województwo": "woj."}
_SERIES = {"opened": "gminy z centrum", "never": "gminy bez centrum"}


def centre_levels_figure(impact: SocialImpact) -> Figure | None:
    """Return mean levels by year of gminas with and without a centre, here or else in Poland; None without levels."""
    teryt = next((code for code, _ in areas(impact) if any(r.teryt == code and r.mean is not None
                 for r in impact.centre_levels)), None)  # fmt: skip
    if teryt is None:
        return None
    where = dict(areas(impact))[teryt]
    charts, told, rows = [], [], []
    for outcome in impact.measured("gmina"):
        by_series = {
            key: sorted(
                (r for r in impact.centre_levels if (r.teryt, r.outcome, r.series) == (teryt, outcome.key, key)
                 and r.mean is not None and r.year is not None),
                key=lambda r: r.year or 0,
            )
            for key in _SERIES
        }  # fmt: skip
        found = {key: levels for key, levels in by_series.items() if levels}
        if found:
            charts.append(_levels_panel(outcome, found))
            told.append(_levels_in_words(outcome, found))
            rows += [(outcome, key, level) for key, levels in found.items() for level in levels]
    if not charts:
        return None
    keys: list[tuple[Any, str]] = [("region", _SERIES["opened"]), ("peer", _SERIES["never"])]
    used = {s.role for chart in charts for s in chart.series}
    return Figure(
        key="centre_levels",
        title="Średnia w gminach z centrum i w gminach bez centrum "
        + ("w Polsce" if teryt == POLAND.teryt else "w województwie"),
        svg=panels.panels(charts, key="centre_levels", names=[(role, name) for role, name in keys if role in used]),
        alt=f"Małe wykresy ({len(charts)}), {where}. {' '.join(told)}",
        description=" ".join(told),
        data=_levels_data(impact, rows),
        source=words.source(impact, *words.GMINAS),
        note="Osoby na 10\u00a0tys. mieszkańców; średnia gmin bez wag. Gminy otwierały centra w różnych latach.",
    )


def _levels_panel(outcome: Outcome, found: dict[str, list[CentreLevel]]) -> panels.Panel:
    series = tuple(
        panels.Series(
            "region" if key == "opened" else "peer",
            tuple(float(level.year or 0) for level in levels),
            tuple(nan if level.mean is None else level.mean for level in levels),
        )
        for key, levels in found.items()
    )
    years = sorted({int(place) for s in series for place in s.places})
    step = max(1, -(-len(years) // 4))
    ticks = tuple((float(year), str(year)) for year in years[::step])
    return panels.Panel(outcome.short, "na 10\u00a0tys. mieszkańców", 1, series, ticks)


def _levels_in_words(outcome: Outcome, found: dict[str, list[CentreLevel]]) -> str:
    told = [
        f"{_SERIES[key]} z {words.plain(levels[0].mean, digits=1).text} w {levels[0].year} do "
        f"{words.plain(levels[-1].mean, digits=1).text} w {levels[-1].year}"
        for key, levels in found.items()
    ]
    return f"{outcome.short}: {'; '.join(told)}."


def _levels_data(impact: SocialImpact, rows: list[tuple[Outcome, str, CentreLevel]]) -> Table:
    return Table(
        key="centre_levels_data",
        title="Średnia na 10\u00a0tys. mieszkańców",
        columns=(
            Column("Wskaźnik", "left"), Column("Gminy", "left"), Column("Rok"), Column("Średnia"), Column("n gmin"),
        ),
        rows=tuple(
            (outcome.short, polish.capital(_SERIES[key]), str(level.year), words.plain(level.mean, digits=1),
             Number(level.gminas))
            for outcome, key, level in rows
        ),
        synthetic=impact.made_up(*words.GMINAS),
    )  # fmt: skip


def event_figure(impact: SocialImpact) -> Figure | None:
    """Return differences by years since the opening, in the voivodeship and in Poland; None where none is estimated."""
    found = [
        (teryt, where, outcome, events)
        for teryt, where in areas(impact)
        for outcome in impact.measured("gmina")
        if len(events := impact.events(outcome.key, teryt)) > 1
    ]
    if not found:
        return None
    charts = [_event_panel(teryt, where, outcome, events) for teryt, where, outcome, events in found]
    used = dict.fromkeys(teryt for teryt, _, _, _ in found)
    roles: dict[str, Any] = {impact.region.teryt: "region", POLAND.teryt: "poland"}
    told = " ".join(_event_in_words(where, outcome, events) for _, where, outcome, events in found)
    banded = any(s.band_low for chart in charts for s in chart.series)
    return Figure(
        key="events",
        title="Różnica wobec gmin bez centrum według lat od otwarcia",
        svg=panels.panels(
            charts,
            key="events",
            names=[(roles[teryt], _named(impact, teryt)) for teryt in used],
            interval=f"przedział punktowy {words.confidence(impact)}",
            band="pas łączny" if banded else "",
        ),
        alt=f"Małe wykresy ({len(charts)}) różnic przed otwarciem centrum i po nim. {told}",
        description=f"Przed otwarciem różnice powinny być bliskie zera. {told}",
        data=_event_data(impact, found),
        source=words.source(impact, *words.GMINAS),
        note="Linia kropkowana: otwarcie centrum. Kreski: przedział osobno dla każdego roku; pas: przedział, który "
        "obejmuje wszystkie lata naraz.",
    )


def _named(impact: SocialImpact, teryt: str) -> str:
    return "Polska" if teryt == POLAND.teryt else f"woj. {impact.region.name}"


def _event_panel(teryt: str, where: str, outcome: Outcome, events: list[CentreEffect]) -> panels.Panel:
    def column(values: list[float | None]) -> tuple[float, ...]:
        return tuple(nan if value is None else value for value in values)

    banded = any(e.band_low is not None for e in events)
    series = panels.Series(
        "poland" if teryt == POLAND.teryt else "region",
        tuple(float(e.at or 0) for e in events),
        column([e.effect.value for e in events]),
        column([e.effect.low for e in events]),
        column([e.effect.high for e in events]),
        column([e.band_low for e in events]) if banded else (),
        column([e.band_high for e in events]) if banded else (),
    )
    at = [e.at or 0 for e in events]
    step = max(1, -(-len(at) // 7))
    ticks = tuple((float(k), words.plain(k, digits=0, signed=True).text) for k in at if k % step == 0)
    return panels.Panel(
        f"{outcome.short} ({_SHORT.get(where, where)})",
        "różnica na 10\u00a0tys., lata od otwarcia",
        1,
        (series,),
        ticks,
        start=-0.5,
        zero=True,
    )


def _event_in_words(where: str, outcome: Outcome, events: list[CentreEffect]) -> str:
    told = ", ".join(
        f"{words.plain(e.at, digits=0, signed=True).text} {words.plain(e.effect.value, digits=1, signed=True).text}"
        for e in events
    )
    return f"{outcome.short}, {where} (rok od otwarcia i różnica): {told}."


def _event_data(impact: SocialImpact, found: list[tuple[str, str, Outcome, list[CentreEffect]]]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            outcome.short,
            where,
            words.plain(e.at, digits=0, signed=True),
            *words.change_cells(outcome, e.effect),
            words.plain(e.band_low, digits=1, signed=True),
            words.plain(e.band_high, digits=1, signed=True),
            words.count(e.gminas),
        )
        for _, where, outcome, events in found
        for e in events
    ]
    return Table(
        key="events_data",
        title="Różnica według lat od otwarcia",
        columns=(
            Column("Wskaźnik", "left"), Column("Obszar", "left"), Column("Rok od otwarcia"), Column("Różnica"),
            Column("od"), Column("do"), Column("Pas od"), Column("Pas do"), Column("Gminy"),
        ),
        rows=tuple(rows),
        note="Osoby na 10\u00a0tys. mieszkańców; rok 0 – rok otwarcia.",
        synthetic=impact.made_up(*words.GMINAS),
    )  # fmt: skip
