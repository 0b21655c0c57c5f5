"""How many cases ended with success: beside the published pilot, and pilot by pilot within the limits of chance."""

from __future__ import annotations

from math import nan

import numpy as np

from ropsanalysis.cooperation.records import Success
from ropsanalysis.cooperation.view import Cooperation
from ropsanalysis.present import forests, funnels, polish
from ropsanalysis.present.blocks import Cell, Column, Figure, Number, Points, Statement, Table
from ropsanalysis.present.cooperation import names, words
from ropsanalysis.stats.funnel import control_limits
from ropsanalysis.stats.records import Estimate


def success_summary(models: Cooperation) -> Points | None:
    """Return the rate of success beside the published one, and which pilots differ by more than chance."""
    if not models.has_cases():
        return None
    found = [_compared(models), _zones(models)]
    return Points(tuple(statement for statement in found if statement is not None))


def _compared(models: Cooperation) -> Statement:
    row, other = models.rate(), models.comparison
    if row is None or row.rate.value is None or row.ended is None:
        return words.say(
            models, words.CASES, "Odsetka spraw zakończonych z powodzeniem nie podajemy: {why}.",
            why=words.because(row.reason if row else "no_data"),
        )  # fmt: skip
    text, parts = words.spread("rate", row.rate, words.percent)
    text = f"Z powodzeniem zakończyło się {text} spraw ({{success}} z {{ended}})."
    if other is not None and other.difference.value is not None:
        more, numbers = words.spread("gap", other.difference, words.points)
        parts |= numbers | {
            "other": words.percent(other.rate.value),
            "done": words.count(other.success),
            "of": words.count(other.of),
            "p": words.probability(other.p),
        }
        text += " W opublikowanym pilotażu gmin wiejskich było to {other} ({done} z {of})."
        if other.p is not None and other.p < models.choice("alpha"):
            text += f" Różnica {more} jest większa, niż zwykle daje przypadek (p = {{p}})."
        else:
            text += f" Różnica {more} może być dziełem przypadku (p = {{p}})."
        text += " Pilotaże różnią się gminami, rodzinami i latami, więc różnica nie mówi, który model jest lepszy."
    return words.say(models, words.CASES, text, success=words.count(row.success), ended=words.count(row.ended), **parts)


def _zones(models: Cooperation) -> Statement | None:
    judged = [row for row in models.rates() if row.rate.value is not None and row.zone]
    if len(judged) < 2:
        return None
    outside = [row for row in judged if row.zone != "inside"]
    if not outside:
        return words.say(models, words.CASES, "Różnice odsetka powodzeń między pilotażami mogą być dziełem przypadku.")
    return words.say(
        models,
        words.CASES,
        "Od wyniku województwa odbiegają bardziej, niż zwykle daje przypadek: {who}. Wykres wskazuje, czemu się "
        "przyjrzeć, a nie kto pracuje lepiej.",
        who="; ".join(f"{names.pilots(models, row.pilots)} ({names.ZONE[row.zone]})" for row in outside),
    )


def success_figure(models: Cooperation) -> Figure | None:
    """Return the rates with intervals of the voivodeship, its pilots and the published pilot; None where hidden."""
    rows = [row for row in (models.rate(), *models.rates()) if row is not None and row.rate.value is not None]
    if not rows:
        return None
    drawn = [_row(names.pilots(models, row.pilots), row.rate, row.ended) for row in rows]
    other = models.comparison
    if other is not None and other.rate.value is not None:
        drawn.append(_row("Opublikowany pilotaż gmin wiejskich", other.rate, other.of, kind=1))
    told = "; ".join(
        f"{names.pilots(models, row.pilots)} – {words.percent(row.rate.value).text} (n = {row.ended})" for row in rows
    )
    if other is not None:
        told += f"; opublikowany pilotaż gmin wiejskich – {words.percent(other.rate.value).text} (n = {other.of})"
    return Figure(
        key="success",
        title="Sprawy zakończone z powodzeniem (% zakończonych)",
        svg=forests.forest(
            drawn,
            key="success",
            kinds=["sprawy województwa"] + (["opublikowany pilotaż"] if len(drawn) > len(rows) else []),
            styles=(0, 2)[: 2 if len(drawn) > len(rows) else 1],
            label="% zakończonych spraw",
            interval=f"przedział {words.confidence(models)}",
            notes="% (z ilu spraw)",
        ),
        alt=f"Wykres punktowy odsetków z przedziałami. {polish.capital(told)}.",
        description=f"{polish.capital(told)}.",
        data=_data(models, rows),
        source=_source(models),
    )


def _source(models: Cooperation) -> str:
    own = words.source(models, *words.CASES)
    return f"{own.rstrip('.')}; {models.comparison.source}." if models.comparison else own


def _row(label: str, rate: Estimate, ended: int | None, *, kind: int = 0) -> forests.Row:
    value, low, high = (nan if number is None else 100 * number for number in rate)
    return forests.Row(
        label, (forests.Mark(kind, value, low, high),), f"{words.percent(rate.value).text} (n = {ended})"
    )


def _data(models: Cooperation, rows: list[Success]) -> Table:
    cells: list[tuple[Cell, ...]] = [
        (
            names.pilots(models, row.pilots), words.count(row.success, reason=row.reason), words.count(row.ended),
            *words.share_cells(row.rate, reason=row.reason), names.ZONE.get(row.zone, polish.DASH),
        )
        for row in rows
    ]  # fmt: skip
    other = models.comparison
    if other is not None:
        cells.append(
            ("Opublikowany pilotaż gmin wiejskich", Number(other.success), Number(other.of),
             *words.share_cells(other.rate), polish.DASH)
        )  # fmt: skip
    return Table(
        key="success_data",
        title="Sprawy zakończone z powodzeniem",
        columns=(
            Column("Pilotaż", "left"), Column("Z powodzeniem"), Column("Zakończone (n)"), Column("Odsetek (%)"),
            Column("od"), Column("do"), Column("Na wykresie lejkowym", "left"),
        ),
        rows=tuple(cells),
        note="„od” i „do”: przedział Wilsona. Granice wykresu lejkowego leżą wokół odsetka województwa.",
        synthetic=models.made_up(*words.CASES),
    )  # fmt: skip


def funnel_figure(models: Cooperation) -> Figure | None:
    """Return the pilots by number of ended cases within the limits of chance; None with fewer than two."""
    rows = [row for row in models.rates() if row.success is not None and row.ended and row.inner_low is not None]
    whole = models.rate()
    if len(rows) < 2 or whole is None or whole.success is None or not whole.ended:
        return None
    target = whole.success / whole.ended
    own = [row.ended or 0 for row in rows]
    bases = np.unique([*np.linspace(5, 1.15 * max(own), 60).round(), *own])
    levels = models.choice("funnel_inner"), models.choice("funnel_outer")
    limits = control_limits(bases, target, family="binomial", levels=levels)  # of chance alone, as in the table
    told = "; ".join(
        f"{names.pilots(models, row.pilots)}: {words.percent(row.rate.value).text} z n = {row.ended}, "
        f"{names.ZONE.get(row.zone, polish.DASH)}"
        for row in rows
    )
    inner, outer = (_level(level) for level in levels)
    return Figure(
        key="funnel",
        title="Pilotaże w granicach przypadku: odsetek spraw zakończonych z powodzeniem",
        svg=funnels.funnel(
            [
                funnels.Unit(row.ended or 0, 100 * (row.rate.value or 0.0), name, own=True)
                for row, name in ((row, names.on_chart(models, row.pilots)) for row in rows)
            ],
            [
                funnels.Limits(
                    float(base), 100 * target,
                    (100 * float(limits.low_inner[k]), 100 * float(limits.high_inner[k])),
                    (100 * float(limits.low_outer[k]), 100 * float(limits.high_outer[k])),
                )
                for k, base in enumerate(bases)
            ],
            key="funnel",
            across="sprawy zakończone",
            up="% zakończonych z powodzeniem",
            ceiling=100.0,
            names=("pilotaże", "", f"granice {inner}", f"granice {outer}"),
        ),
        alt=f"Wykres lejkowy pilotaży ({len(rows)}); linia: {words.percent(target).text}. {told}.",
        description=f"Linia przerywana: odsetek województwa ({words.percent(target).text}). {told}.",
        data=_funnel_data(models, rows),
        source=words.source(models, *words.CASES),
        note="Im mniej spraw, tym szersze granice. Pilotaż w granicach nie różni się od pozostałych bardziej, niż daje "
        "przypadek.",
    )  # fmt: skip


def _level(level: float) -> str:
    whole = abs(100 * level - round(100 * level)) < 1e-9
    return words.percent(level, digits=0 if whole else 1).text


def _funnel_data(models: Cooperation, rows: list[Success]) -> Table:
    return Table(
        key="funnel_data",
        title="Pilotaże na wykresie lejkowym (%)",
        columns=(
            Column("Pilotaż", "left"), Column("Zakończone (n)"), Column("Odsetek (%)"), Column("Węższe granice od"),
            Column("Węższe granice do"), Column("Szersze granice od"), Column("Szersze granice do"),
            Column("Położenie", "left"),
        ),
        rows=tuple(
            (
                names.pilots(models, row.pilots), words.count(row.ended),
                *(
                    words.percent(value, unit="")
                    for value in (row.rate.value, row.inner_low, row.inner_high, row.outer_low, row.outer_high)
                ),
                names.ZONE.get(row.zone, polish.DASH),
            )
            for row in rows
        ),
        synthetic=models.made_up(*words.CASES),
    )  # fmt: skip
