"""The work of the four teams, and of the advisers of social services by sub-region."""

from __future__ import annotations

from typing import Any

from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Cell, Column, Number, Points, Statement, Table
from ropsanalysis.present.project_monitoring import names, words
from ropsanalysis.present.project_monitoring.actions import tasks
from ropsanalysis.present.project_monitoring.missing import missing
from ropsanalysis.project_monitoring.records import Team
from ropsanalysis.project_monitoring.view import ProjectMonitoring


def teams_summary(project: ProjectMonitoring) -> Points | Statement:
    """Return what each team did, and where advisers did least."""
    rows = project.teams()
    if not project.has_activities() or not rows:
        return missing("project_activities")
    found = [_team(project, row) for row in rows]
    areas = project.teams(by_subregion=True)
    if len(areas) > 1:
        fewest, most = (pick(areas, key=lambda row: (row.done, row.subregion)) for pick in (min, max))
        if fewest.done < most.done:
            found.append(
                words.say(
                    project,
                    words.ACTIVITIES,
                    "Doradcy do spraw usług społecznych: najwięcej zadań – {most} ({most_n}), najmniej – {fewest} "
                    "({fewest_n}).",
                    most=names.named_area("subregion", most.subregion),
                    most_n=Number(most.done),
                    fewest=names.named_area("subregion", fewest.subregion),
                    fewest_n=Number(fewest.done),
                )
            )
    return Points(tuple(found))


def _team(project: ProjectMonitoring, row: Team) -> Statement:
    text = "{team}: {done}"
    parts: dict[str, Any] = {"team": project.label("team", row.team), "done": tasks(row.done)}
    if row.hours:
        hours = Number(row.hours, unit=polish.plural_form(round(row.hours), "godzina", "godziny", "godzin"))
        text, parts = text + ", {hours}", parts | {"hours": hours}
    if row.products:
        number = Number(row.products, unit=polish.plural_form(row.products, "produkt", "produkty", "produktów"))
        text, parts = text + ", {products}", parts | {"products": number}
    if row.late:
        text, parts = text + "; spóźnione: {late}", parts | {"late": Number(row.late)}
    return words.say(project, words.ACTIVITIES, f"{text}.", **parts)


def teams_table(project: ProjectMonitoring) -> Table | None:
    """Return the four teams side by side; None without activities."""
    rows = project.teams() if project.has_activities() else []
    if not rows:
        return None
    return Table(
        key="teams",
        title="Praca zespołów",
        columns=(Column("Zespół", "left"), *_COLUMNS),
        rows=tuple((project.label("team", row.team), *_cells(row)) for row in rows),
        note="Zadania, godziny, obecności i produkty: suma wykonanych. Spóźnione: zadania niewykonane w terminie.",
        **words.origin(project, *words.ACTIVITIES),
    )


def advisers_table(project: ProjectMonitoring) -> Table | None:
    """Return the work in each sub-region; None where activities name none."""
    rows = sorted(project.teams(by_subregion=True), key=lambda row: row.subregion)
    if not rows:
        return None
    return Table(
        key="advisers",
        title="Doradcy do spraw usług społecznych według subregionów",
        columns=(Column("Subregion", "left"), *_COLUMNS),
        rows=tuple((row.subregion, *_cells(row)) for row in rows),
        note="Tylko zadania, przy których rejestr podaje subregion.",
        **words.origin(project, *words.ACTIVITIES),
    )


_COLUMNS = (Column("Wykonane"), Column("Spóźnione"), Column("Godziny"), Column("Obecności"), Column("Produkty"))


def _cells(row: Team) -> tuple[Cell, ...]:
    return Number(row.done), Number(row.late), Number(row.hours), Number(row.attendance), Number(row.products)
