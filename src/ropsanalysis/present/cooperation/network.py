"""Measures of the networks before and after, and which sectors work with which."""

from __future__ import annotations

from typing import Any

import numpy as np

from ropsanalysis.cooperation.records import NetworkMeasure, SectorTie
from ropsanalysis.cooperation.view import Cooperation
from ropsanalysis.present import figures, heatmap, polish
from ropsanalysis.present.blocks import Cell, Column, Figure, Number, Statement, Table
from ropsanalysis.present.cooperation import names, words
from ropsanalysis.present.cooperation.missing import missing


def network_summary(models: Cooperation) -> Statement:
    """Return how the networks changed on the mean over the pilots, and what chance may explain."""
    if not models.has_ties():
        return missing("ties")
    known = [row for key in names.MEASURE if (row := models.measure(key)) and row.difference is not None]
    if not known:
        reason = next((row.reason for row in models.network if row.reason), "no_ties")
        return words.say(models, words.NETWORK, "Zmiany sieci nie podajemy: {why}.", why=words.because(reason))
    alpha = models.choice("alpha")
    beyond = [row for row in known if row.p_adjusted is not None and row.p_adjusted < alpha]
    rest = [row for row in known if row.p_adjusted is not None and row not in beyond]
    text = ""
    parts: dict[str, Any] = {}
    if beyond:
        text = "Większa niż przypadkowa jest zmiana miar: {beyond}."
        parts["beyond"] = polish.listing(f"{names.MEASURE[row.measure].name} ({_fromto(row)})" for row in beyond)
    if rest:
        text += (" " if text else "") + "Może być przypadkowa zmiana miar: {rest}."
        parts["rest"] = polish.listing(names.MEASURE[row.measure].name for row in rest)
    return words.say(
        models,
        words.NETWORK,
        f"{text} To porównanie tych samych podmiotów w dwóch momentach, bez gmin, które modelu nie wprowadziły.",
        **parts,
    )


def _value(measure: str, value: float | None, *, reason: str = "", unit: bool = False) -> Number:
    kind = names.MEASURE[measure].kind
    if kind == "count":
        whole = value is None or float(value).is_integer()
        return words.plain(value, digits=0 if whole else 1, reason=reason)
    return words.percent(value, reason=reason, unit="%" if unit and kind == "share" else "")


def _fromto(row: NetworkMeasure) -> str:
    first, last = (_value(row.measure, value, unit=True).text for value in (row.before, row.after))
    return f"z {first} do {last}"


def measures_figure(models: Cooperation) -> Figure | None:
    """Return the measures in percent before and after, means over the pilots; None where none is known twice."""
    rows = [
        (key, row.before, row.after)
        for key, measure in names.MEASURE.items()
        if measure.kind != "count" and (row := models.measure(key)) and row.before is not None and row.after is not None
    ]
    if not rows:
        return None
    told = "; ".join(
        f"{names.MEASURE[key].name}: {words.percent(before, unit='').text} przed, "
        f"{words.percent(after, unit='').text} po"
        for key, before, after in rows
    )
    return Figure(
        key="measures",
        title="Miary sieci przed wprowadzeniem modelu i po nim (średnia pilotaży)",
        svg=figures.dumbbells(
            [figures.Change(polish.capital(names.MEASURE[key].name), 100 * a, 100 * b) for key, a, b in rows],
            key="measures",
            label="0–100 (w odsetkach: %)",
            ends=("przed wprowadzeniem modelu", "po wprowadzeniu modelu"),
        ),
        alt=f"Wykres punktowy, po dwa punkty na miarę. {polish.capital(told)}.",
        description=f"{polish.capital(told)}.",
        data=Table(
            key="measures_data",
            title="Miary sieci, średnia pilotaży (0–100)",
            columns=(Column("Miara", "left"), Column("Przed"), Column("Po")),
            rows=tuple(
                (polish.capital(names.MEASURE[key].name), words.percent(a, unit=""), words.percent(b, unit=""))
                for key, a, b in rows
            ),
            synthetic=models.made_up(*words.NETWORK),
        ),
        source=words.source(models, *words.NETWORK),
        note="Pośrednictwo animatora: nie średnia, lecz drogi wszystkich pilotaży razem.",
    )


def measures_table(models: Cooperation) -> Table | None:
    """Return the measures before and after with the test in plain words, means over the pilots; None without ties."""
    rows = [row for key in names.MEASURE if (row := models.measure(key)) is not None]
    if not rows:
        return None
    return Table(
        key="measures_all",
        title="Zmiana miar sieci i to, czy jest większa niż przypadkowa (średnia pilotaży)",
        columns=(
            Column("Miara", "left"), Column("Przed"), Column("Po"), Column("Różnica"), Column("p"),
            Column("p po poprawce"), Column("Zmiana", "left"),
        ),
        rows=tuple(
            (
                _about(row),
                *_numbers(row), words.probability(row.p), words.probability(row.p_adjusted), _verdict(models, row),
            )
            for row in rows
        ),
        note=words.note(
            "W procentach albo od 0 do 100, oprócz liczby powiązań; różnica odsetków w punktach procentowych. p: jak "
            "często różnica co najmniej tak duża pojawia się, gdy przy każdej parze podmiotów losowo zamienia się stan "
            f"przed i po (liczba losowań: {words.count(models.choice('permutations')).text}). Podmiot, który zyskuje "
            "wiele powiązań naraz, zaniża p. Poprawka Holma na liczbę miar. Pośrednictwo animatora: drogi wszystkich "
            "pilotaży razem, bez testu.",
            (row.reason for row in rows),
        ),
        **words.origin(models, *words.NETWORK),
    )  # fmt: skip


def _numbers(row: NetworkMeasure) -> tuple[Number, Number, Number]:
    before, after = (_value(row.measure, value) for value in (row.before, row.after))
    if row.before is None:
        before = Number(None, missing=words.HIDDEN.get(row.reason, ""))
    if names.MEASURE[row.measure].kind == "count":
        return before, after, words.plain(row.difference, signed=True)
    return before, after, words.points(row.difference, unit="")


def _about(row: NetworkMeasure) -> str:
    """Return the name of a measure and what it means, with the number of paths that brokerage rests on."""
    name, meaning, _ = names.MEASURE[row.measure]
    paths = ""
    if row.paths_before is not None or row.paths_after is not None:
        paths = f"; liczba dróg przed: {words.count(row.paths_before).text}, po: {words.count(row.paths_after).text}"
    return f"{polish.capital(name)} ({meaning}{paths})"


def _verdict(models: Cooperation, row: NetworkMeasure) -> str:
    if row.p_adjusted is None:
        return "bez testu" if row.difference is not None else "nie wiadomo"
    return "większa niż przypadkowa" if row.p_adjusted < models.choice("alpha") else "może być przypadkowa"


def pilots_network_table(models: Cooperation) -> Table | None:
    """Return density, ties across sectors and the animator's brokerage of each pilot; None without ties."""
    pilots = [key for key in models.pilots if any(row.pilot == key for row in models.network)]
    if not pilots:
        return None
    shown = ("density", "cross_sector", "brokerage")
    rows: list[tuple[Cell, ...]] = []
    reasons: list[str] = []
    for pilot in pilots:
        own = [models.measure(key, pilot) for key in shown]
        density = own[0]
        line: list[Cell] = [names.pilot(models, pilot), Number(density.entities if density else None)]
        for row in own:
            line += _brokered(row) if row and row.measure == "brokerage" else _numbers(row)[:2] if row else ()
            reasons += [row.reason] if row else []
        line.append(words.probability(density.p_adjusted) if density else Number(None))
        rows.append(tuple(line))
    return Table(
        key="pilots_network",
        title="Sieci pilotaży przed wprowadzeniem modelu i po nim",
        columns=(
            Column("Pilotaż", "left"), Column("Podmioty (n)"), Column("Gęstość przed (%)"), Column("Gęstość po (%)"),
            Column("Między\u00adsektorowe przed (%)"), Column("Między\u00adsektorowe po (%)"),
            Column("Animator przed (%)"), Column("Animator po (%)"), Column("p gęstości"),
        ),
        rows=tuple(rows),
        note=words.note(
            "Animator: pośrednictwo animatora (n: liczba dróg między niepołączonymi podmiotami różnych sektorów). p "
            "gęstości: po poprawce Holma na liczbę miar pilotażu.", reasons
        ),
        **words.origin(models, *words.NETWORK),
    )  # fmt: skip


def _brokered(row: NetworkMeasure) -> tuple[Cell, Cell]:
    """Return the animator's brokerage before and after, each with the number of paths it rests on."""
    found: list[Cell] = []
    for share, paths in ((row.before, row.paths_before), (row.after, row.paths_after)):
        value = words.percent(share, unit="", reason=row.reason)
        found.append(value if paths is None else f"{value.text} (n{polish.NBSP}={polish.NBSP}{paths})")
    return found[0], found[1]


def sectors_figure(models: Cooperation) -> Figure | None:
    """Return which part of the possible ties between sectors is there after; None without ties."""
    known = [row for row in models.sector_ties if row.possible]
    keys = [key for key in models.sectors if any(key in (row.first, row.second) for row in known)]
    if len(keys) < 2:
        return None
    grid = np.full((len(keys), len(keys)), np.nan)
    for row in known:
        i, j = keys.index(row.first), keys.index(row.second)
        grid[i, j] = grid[j, i] = 100 * row.after / row.possible
    across = [row for row in known if row.first != row.second]
    ordered = sorted(across, key=lambda row: -row.after / row.possible)
    told = ""
    if ordered:
        told = (
            f"Najczęściej współpracują sektory: {_pair(models, ordered[0])}; najrzadziej: {_pair(models, ordered[-1])}."
        )
    short = [names.short_sector(models, key) for key in keys]
    return Figure(
        key="sectors",
        title="Współpraca między sektorami po wprowadzeniu modelu (% możliwych powiązań)",
        svg=heatmap.heatmap(
            grid, rows=short, columns=short, edges=(20, 40, 60, 80),
            classes=("poniżej 20%", "20–39%", "40–59%", "60–79%", "80% i więcej"), key="sectors", hidden="brak par",
        ),
        alt=f"Tablica {len(keys)} na {len(keys)} sektorów z odsetkiem możliwych powiązań. {told}",
        description=f"Pole tablicy: jaka część par podmiotów z dwóch sektorów współpracuje, wszystkie pilotaże razem. "
        f"{told}".strip(),
        data=_sector_data(models, known),
        source=words.source(models, *words.NETWORK),
        note="Na przekątnej: powiązania wewnątrz sektora. Podstawę (n par) i stan przed wprowadzeniem modelu podają "
        "dane wykresu.",
    )  # fmt: skip


def _both(models: Cooperation, row: SectorTie) -> str:
    first, second = (names.short_sector(models, key) for key in (row.first, row.second))
    return f"{first} – {polish.lower_first(second)}"


def _pair(models: Cooperation, row: SectorTie) -> str:
    share = words.percent(row.after / row.possible, digits=0).text
    return f"{polish.lower_first(_both(models, row))} ({share} z n = {row.possible})"


def _sector_data(models: Cooperation, known: list[SectorTie]) -> Table:
    return Table(
        key="sectors_data",
        title="Powiązania między sektorami, wszystkie pilotaże",
        columns=(
            Column("Sektory", "left"), Column("Możliwe pary (n)"), Column("Przed"), Column("Po"), Column("Przed (%)"),
            Column("Po (%)"),
        ),
        rows=tuple(
            (
                _both(models, row),
                Number(row.possible), Number(row.before), Number(row.after),
                words.percent(row.before / row.possible, unit=""), words.percent(row.after / row.possible, unit=""),
            )
            for row in known
        ),
        synthetic=models.made_up(*words.NETWORK),
    )  # fmt: skip
