"""The pilots and their partners: where, since when, with which sectors and levels of government."""

from __future__ import annotations

import numpy as np

from ropsanalysis.cooperation.view import Cooperation
from ropsanalysis.present import dates, heatmap, lettering, polish
from ropsanalysis.present.blocks import Cell, Column, Figure, Number, Statement, Table
from ropsanalysis.present.cooperation import names, words
from ropsanalysis.present.cooperation.missing import missing

_LEVELS = ("gmina", "powiat", "region")


def pilots_summary(models: Cooperation) -> Statement:
    """Return how many pilots there are, how long they have run and with how many entities."""
    if not models.pilots:
        return missing("pilots")
    found = list(models.pilots.values())
    months = [pilot.months for pilot in found if pilot.months is not None]
    sizes = [pilot.entities for pilot in found]
    two = sum(1 for pilot in found if pilot.levels >= 2)
    text = "Pilotaże: {n}. Na jeden przypada średnio {mean} podmiotów (od {least} do {most})"
    if months:
        text += "; trwają lub trwały średnio {months} miesiąca"
    text += ". Podmioty co najmniej dwóch szczebli samorządu łączy {two} z {n}."
    return words.say(
        models,
        words.NETWORK,
        text,
        n=Number(len(found)),
        mean=Number(sum(sizes) / len(sizes), digits=1),
        least=Number(min(sizes)),
        most=Number(max(sizes)),
        months=Number(sum(months) / len(months) if months else None, digits=1),
        two=Number(two),
    )


def pilots_table(models: Cooperation) -> Table | None:
    """Return the pilots with their period and the number of entities; None without pilots."""
    if not models.pilots:
        return None
    return Table(
        key="pilots",
        title="Pilotaże modelu kooperacji",
        columns=(
            Column("Pilotaż", "left"), Column("Kod TERYT", "left"), Column("Ludność"), Column("Początek", "left"),
            Column("Koniec", "left"), Column("Miesiące"), Column("Podmioty"), Column("Sektory"), Column("Szczeble"),
        ),
        rows=tuple(
            (
                pilot.name, pilot.unit or polish.DASH, words.count(pilot.population), dates.day(pilot.started),
                dates.day(pilot.ended) if pilot.ended else "trwa", words.plain(pilot.months), Number(pilot.entities),
                Number(pilot.sectors), Number(pilot.levels),
            )
            for pilot in models.pilots.values()
        ),
        note="Miesiące: od początku do końca pilotażu albo do ostatniego dnia danych. Szczeble: gmina, powiat, "
        "województwo.",
        **words.origin(models, *words.NETWORK),
    )  # fmt: skip


def partners_table(models: Cooperation) -> Table | Statement | None:
    """Return the entities of all pilots by sector and level; None without pilots."""
    if not models.pilots:
        return None
    if not models.partners:
        return missing("partners")
    rows: list[tuple[Cell, ...]] = []
    for key in models.sectors:
        by_level = {
            level: sum(row.entities for row in models.partners if (row.sector, row.level) == (key, level))
            for level in _LEVELS
        }
        if any(by_level.values()):
            own = {row.pilot for row in models.partners if row.sector == key and row.entities}
            rows.append(
                (names.sector(models, key), *(Number(by_level[level]) for level in _LEVELS),
                 Number(sum(by_level.values())), Number(len(own)))
            )  # fmt: skip
    whole = [sum(row.entities for row in models.partners if row.level == level) for level in _LEVELS]
    every = {row.pilot for row in models.partners if row.entities}
    rows.append(("Razem", *(Number(n) for n in whole), Number(sum(whole)), Number(len(every))))
    return Table(
        key="partners",
        title="Podmioty pilotaży według sektora i szczebla",
        columns=(
            Column("Sektor", "left"), *(Column(polish.capital(names.LEVEL[level])) for level in _LEVELS),
            Column("Razem"), Column("Pilotaże z sektorem"),
        ),
        rows=tuple(rows),
        note="Podmiot, który współpracuje w kilku pilotażach, liczy się w każdym z nich.",
        **words.origin(models, *words.NETWORK),
    )  # fmt: skip


def partners_figure(models: Cooperation) -> Figure | None:
    """Return how many entities of each sector each pilot has; None without partners."""
    keys = [key for key in models.sectors if any(row.sector == key and row.entities for row in models.partners)]
    pilots = [key for key in models.pilots if any(row.pilot == key for row in models.partners)]
    if not keys or not pilots:
        return None
    grid = np.array(
        [
            [
                sum(row.entities for row in models.partners if (row.pilot, row.sector) == (pilot, key))
                for pilot in pilots
            ]
            for key in keys
        ],
        dtype=float,
    )
    absent = {
        names.pilot(models, pilot): [
            names.short_sector(models, key) for k, key in enumerate(keys) if grid[k, p] == 0
        ]
        for p, pilot in enumerate(pilots)
    }  # fmt: skip
    told = "; ".join(
        f"{name} – nie ma sektorów: {polish.listing(map(polish.lower_first, lacking))}"
        if lacking
        else f"{name} – są wszystkie sektory"
        for name, lacking in absent.items()
    )
    short = [lettering.wrapped(names.short_sector(models, key), 300, 7.8)[0] for key in keys]
    columns = tuple(names.pilot(models, pilot) for pilot in pilots)
    return Figure(
        key="partners_map",
        title="Liczba podmiotów z każdego sektora w pilotażach",
        svg=heatmap.heatmap(
            grid, rows=short, columns=columns, edges=(0.5, 1.5, 2.5, 3.5),
            classes=("brak", "1", "2", "3", "4 i więcej"), key="partners_map",
        ),
        alt=f"Tablica sektorów ({len(keys)}) i pilotaży ({len(pilots)}) z liczbą podmiotów. {told}.",
        description=f"Sektory w pilotażach: {told}.",
        data=Table(
            key="partners_map_data",
            title="Liczba podmiotów według sektora i pilotażu",
            columns=(Column("Sektor", "left"), *(Column(name) for name in columns)),
            rows=tuple(
                (names.sector(models, key), *(Number(value) for value in line))
                for key, line in zip(keys, grid, strict=True)
            ),
            synthetic=models.made_up(*words.NETWORK),
        ),
        source=words.source(models, *words.NETWORK),
    )  # fmt: skip
