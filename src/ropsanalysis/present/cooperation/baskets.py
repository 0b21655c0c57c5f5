"""The basket of services: what was planned with a person or family, and what each sector delivered."""

from __future__ import annotations

from math import fsum
from typing import Any

from ropsanalysis.cooperation.records import Basket
from ropsanalysis.cooperation.view import Cooperation
from ropsanalysis.present import figures
from ropsanalysis.present.blocks import Column, Figure, Statement, Table
from ropsanalysis.present.cooperation import names, words
from ropsanalysis.present.cooperation.missing import missing


def total(models: Cooperation) -> tuple[float, float]:
    """Return all units planned and delivered, of the sectors where both are shown."""
    shown = _shown(models)
    return fsum(row.planned or 0.0 for row in shown), fsum(row.delivered or 0.0 for row in shown)


def partly(models: Cooperation) -> str:
    """Return the words to add where the units of some sectors are not shown; "" where all are."""
    hidden = any(row.reason == "few" for row in models.baskets)
    return " (bez sektorów, których liczb nie podajemy)" if hidden else ""


def _shown(models: Cooperation) -> list[Basket]:
    return [row for row in models.baskets if row.planned is not None and row.delivered is not None]


def basket_summary(models: Cooperation) -> Statement:
    """Return which share of the planned services was delivered, and which sector fell short most."""
    if not models.baskets or all(row.reason == "no_data" for row in models.baskets):
        return missing("baskets")
    planned, delivered = total(models)
    if not planned:
        reason = next((row.reason for row in models.baskets if row.reason), "no_data")
        return words.say(
            models, words.CASES, "Usług zaplanowanych i dostarczonych nie podajemy: {why}.", why=words.because(reason)
        )
    shares = [row for row in _shown(models) if row.share.value is not None]
    text = "Dostarczono {share} zaplanowanych jednostek usług{partly}: {delivered} z {planned}."
    parts: dict[str, Any] = {}
    if len(shares) > 1:
        least, most = (pick(shares, key=lambda row: row.share.value or 0.0) for pick in (min, max))
        text += " Najwięcej zaplanowanych usług zapewnił sektor {most} ({top}), najmniej {least} ({low})."
        parts = {
            "most": f"„{names.short_sector(models, most.sector)}”",
            "least": f"„{names.short_sector(models, least.sector)}”",
            "top": words.percent(most.share.value),
            "low": words.percent(least.share.value),
        }
    return words.say(
        models,
        words.CASES,
        text,
        share=words.percent(delivered / planned),
        delivered=words.count(delivered),
        planned=words.count(planned),
        partly=partly(models),
        **parts,
    )


def basket_figure(models: Cooperation) -> Figure | None:
    """Return units planned and delivered by sector; None where nothing is shown."""
    rows = sorted(_shown(models), key=lambda row: -(row.planned or 0.0))
    if not rows:
        return None
    told = "; ".join(
        f"{names.short_sector(models, row.sector)}: zaplanowano {words.count(row.planned).text}, dostarczono "
        f"{words.count(row.delivered).text}"
        for row in rows
    )
    return Figure(
        key="baskets",
        title="Jednostki usług zaplanowane i dostarczone według sektora",
        svg=figures.dumbbells(
            [
                figures.Change(names.short_sector(models, row.sector), row.planned or 0.0, row.delivered or 0.0)
                for row in rows
            ],
            key="baskets",
            label="jednostki usług",
            digits=0,
            ends=("zaplanowane", "dostarczone"),
        ),
        alt=f"Wykres punktowy, po dwa punkty na sektor. {told}.",
        description=f"{told}.",
        data=Table(
            key="baskets_data",
            title="Jednostki usług zaplanowane i dostarczone",
            columns=(Column("Sektor", "left"), Column("Zaplanowane"), Column("Dostarczone")),
            rows=tuple(
                (names.short_sector(models, row.sector), words.count(row.planned), words.count(row.delivered))
                for row in rows
            ),
            synthetic=models.made_up(*words.CASES),
        ),
        source=words.source(models, *words.CASES),
        note="Jednostki różnych usług (godziny, spotkania, dni) nie są sobie równe; porównywać można zaplanowane z "
        "dostarczonymi, a nie sektory między sobą.",
    )


def basket_table(models: Cooperation) -> Table | None:
    """Return the services by sector with the share delivered and its interval; None without baskets."""
    rows = [row for row in models.baskets if row.reason != "no_data"]
    if not rows:
        return None
    return Table(
        key="baskets_all",
        title="Koszyk usług według sektora",
        columns=(
            Column("Sektor", "left"), Column("Sprawy z usługą (n)"), Column("Zaplanowane"), Column("Dostarczone"),
            Column("Dostarczono (%)"), Column("od"), Column("do"),
        ),
        rows=tuple(
            (
                names.sector(models, row.sector),
                words.count(row.cases, reason=row.reason or "few"),
                words.count(row.planned), words.count(row.delivered),
                *words.share_cells(row.share, reason=row.reason),
            )
            for row in rows
        ),
        note=words.note(
            f"„od” i „do”: przedział {words.confidence(models)}. Podstawą odsetka są zaplanowane jednostki usług w "
            "zakończonych sprawach.",
            [row.reason or ("few" if row.cases is None else "") for row in rows],
        ),
        **words.origin(models, *words.CASES),
    )  # fmt: skip
