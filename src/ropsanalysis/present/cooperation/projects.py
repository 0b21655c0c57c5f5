"""The published projects: cards with the source of each figure."""

from __future__ import annotations

from typing import Final

from ropsanalysis.cooperation.records import Project
from ropsanalysis.cooperation.view import Cooperation
from ropsanalysis.present import dates, numbers, polish
from ropsanalysis.present.blocks import Cell, Column, Points, Statement, Table

_NOT_PUBLISHED: Final = "nie opublikowano"


def projects_summary(models: Cooperation) -> Points:
    """Return which published project covers the voivodeship, or that none does."""
    if not models.projects:
        return Points(
            (
                Statement(
                    "Znamy karty dwóch opublikowanych projektów modeli kooperacji: dla gmin miejsko-wiejskich i dla "
                    f"miast. Żaden z nich nie obejmuje województwa {models.region.genitive}, dlatego nie zestawiamy tu "
                    "obietnic z wynikami. Trzeci projekt, dla gmin wiejskich, podał wyniki testowania, ale nie listę "
                    "województw ani obiecane efekty."
                ),
            )
        )
    return Points(tuple(_told(project) for project in models.projects))


def _told(project: Project) -> Statement:
    period = _period(project)
    text = "Województwo obejmuje projekt „{title}”" + (" ({period})" if period else "")
    return Statement.of(
        f"{text}. To, co obiecano, dotyczy całego projektu, a nie jednego województwa.",
        title=project.title,
        period=period,
    )


def _period(project: Project) -> str:
    known = [_when(text) for text in (project.start, project.end)]
    if known == ["", ""]:
        return ""
    if not known[0]:
        return f"do {known[1]}"
    if not known[1]:
        return f"od {known[0]}"
    space = "" if known == [project.start, project.end] else polish.NBSP  # years stand close, days apart
    return f"{known[0]}{space}{polish.DASH}{space}{known[1]}"


def _when(text: str) -> str:
    return dates.day(text) if len(text) >= 10 else text


def project_cards(models: Cooperation) -> Table | None:
    """Return what is published about the project, item by item, with its source; None outside the projects."""
    if not models.projects:
        return None
    rows: list[tuple[Cell, ...]] = []
    for project in models.projects:
        rows += _items(project)
    return Table(
        key="projects",
        title="Karta opublikowanego projektu" if len(models.projects) == 1 else "Karty opublikowanych projektów",
        columns=(Column("Pozycja", "left"), Column("Treść", "left")),
        rows=tuple(rows),
        note="„nie opublikowano” – nie znaleźliśmy tej pozycji w publicznych dokumentach.",
        source=f"{'; '.join(dict.fromkeys(project.source for project in models.projects))}.",
    )


def _items(project: Project) -> list[tuple[str, Cell]]:
    return [
        ("Tytuł", project.title),
        ("Partnerzy", project.partners or _NOT_PUBLISHED),
        ("Obszar", project.macroregion or _NOT_PUBLISHED),
        ("Okres", _period(project) or _NOT_PUBLISHED),
        ("Wartość", numbers.grosze(project.value_pln, missing=_NOT_PUBLISHED)),
        ("W tym dotacja celowa", numbers.grosze(project.grant_pln, missing=_NOT_PUBLISHED)),
        ("Grupy docelowe", project.targets or _NOT_PUBLISHED),
        ("Źródło wszystkich pozycji", project.source),
    ]
