"""The budget in parts: EU and national money to the grosz, categories, actions, and the cost per person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Cell, Column, Statement, Table
from ropsanalysis.present.project_monitoring import names, words
from ropsanalysis.present.project_monitoring.missing import missing
from ropsanalysis.project_monitoring.records import Money
from ropsanalysis.project_monitoring.view import ProjectMonitoring

_PER = {"supported": "otrzymał wsparcie", "qualified": "podniósł kwalifikacje"}
_BASE = {"all": "wszystkie wydatki projektu", "persons": "wydatki na działania, w których wspierano osoby"}


def split_summary(project: ProjectMonitoring) -> Statement:
    """Return whether the EU and the national part of the budget add up to the grosz."""
    total, parts = project.total, project.amounts("source")
    if total is None or total.budget is None or len(parts) < 2:
        return missing("project_budget", "podziału budżetu na część UE i krajową, kategorie kosztów i działania")
    off = _gap(total.budget, [row.budget for row in parts])
    eu = next((row.budget for row in parts if row.key == "eu"), None)
    text = (
        "Część UE i część krajowa budżetu dają razem budżet co do grosza"
        if off == 0
        else "Część UE i część krajowa budżetu nie dają razem budżetu: różnica wynosi {off}"
    )
    return words.say(
        project, ("project_budget",), f"{text}; udział UE w budżecie to {{share}}.", tone="good" if off == 0 else "bad",
        off=words.grosze(off), share=words.percent(None if eu is None else eu / total.budget, digits=2),
    )  # fmt: skip


def _gap(whole: float, parts: list[float | None]) -> float:
    """Return by how much parts miss the whole, in złoty, reckoned in whole grosze."""
    return (round(100 * whole) - sum(round(100 * (part or 0.0)) for part in parts)) / 100


def split_table(project: ProjectMonitoring) -> Table | None:
    """Return budget and payments by source of money to the grosz; None where there is no budget."""
    total, parts = project.total, project.amounts("source")
    if total is None or not parts:
        return None
    rows = [(names.SOURCE.get(row.key, row.key), row) for row in parts] + [("Razem", total)]
    return Table(
        key="split",
        title="Część UE i część krajowa, co do grosza",
        columns=(
            Column("Źródło", "left"), Column("Budżet (zł)"), Column("Udział w budżecie (%)"), Column("Wydano (zł)"),
            Column("Udział w wydatkach (%)"),
        ),
        rows=tuple(
            (
                name,
                words.grosze(row.budget, unit=""),
                words.percent(_part(row.budget, total.budget), unit="", digits=2),
                words.grosze(row.spent, unit="", missing=words.HIDDEN.get(row.reason, "")),
                words.percent(_part(row.spent, total.spent), unit="", digits=2),
            )
            for name, row in rows
        ),
        note=words.note(
            "Podstawa odsetków: wiersz „Razem” tej samej kolumny.", (row.reason for _, row in rows)
        ),
        **words.origin(project, "project_budget", "project_payments"),
    )  # fmt: skip


def _part(value: float | None, whole: float | None) -> float | None:
    return None if value is None or not whole else value / whole


def categories_table(project: ProjectMonitoring) -> Table | None:
    """Return budget and payments by category of costs; None where there is no budget."""
    return _spent_table(
        project, "category", "Kategoria kosztów", "Budżet i wydatki według kategorii kosztów",
        lambda row: project.label("category", row.key) if row.key else "Bez kategorii",
    )  # fmt: skip


def action_money_table(project: ProjectMonitoring) -> Table | None:
    """Return budget, payments and indices by action; None where there is no budget."""
    return _spent_table(
        project, "action", "Działanie", "Budżet i wydatki według działań",
        lambda row: names.action(project, int(row.key)) if row.key.isdigit() else "Bez działania", indices=True,
    )  # fmt: skip


def _spent_table(
    project: ProjectMonitoring, dimension: str, head: str, title: str, name: Callable[[Money], str], *,
    indices: bool = False,
) -> Table | None:  # fmt: skip
    rows = project.amounts(dimension)
    if not rows:
        return None
    beside = (Column("Wskaźnik kosztu"), Column("Wskaźnik terminu")) if indices else ()

    def more(row: Money) -> tuple[Cell, ...]:
        return (words.index(row.cost_index), words.index(row.schedule_index)) if indices else ()

    return Table(
        key=f"money_{dimension}",
        title=title,
        columns=(
            Column(head, "left"), Column("Budżet (tys. zł)"), Column("Plan (tys. zł)"), Column("Wydano (tys. zł)"),
            Column("Wydano (% budżetu)"), *beside,
        ),
        rows=tuple(
            (
                name(row),
                words.money_cell(row.budget, reason=row.reason),
                words.money_cell(row.planned),
                words.money_cell(row.spent, reason=row.reason),
                words.percent(_part(row.spent, row.budget), unit=""),
                *more(row),
            )
            for row in rows
        ),
        note=words.note(
            "Plan i wydatki od początku projektu do dnia danych. Podstawa odsetka: budżet w tym samym wierszu.",
            (row.reason for row in rows),
        ),
        **words.origin(project, *words.MONEY),
    )  # fmt: skip


def unit_cost_summary(project: ProjectMonitoring) -> Statement:
    """Return what fell on one supported and on one qualified person."""
    known = [(per, row) for per in _PER if (row := project.unit_cost(per, "all")) is not None and row.cost is not None]
    if not known:
        lacking = "project_payments" if project.total is None or project.total.spent is None else "project_participants"
        return missing(lacking, "wydatków w przeliczeniu na osobę")
    pieces = [f"na jednego pracownika, który {_PER[per]}: {{{per}}}" for per, _ in known]
    parts: dict[str, Any] = {per: words.amount(row.cost) for per, row in known}
    return words.say(project, words.COST, f"Wydatki projektu w przeliczeniu {', '.join(pieces)}.", **parts)


def unit_cost_table(project: ProjectMonitoring) -> Table | None:
    """Return money per person; None where it is not known."""
    rows = [row for row in project.unit_costs if row.cost is not None]
    if not rows:
        return None
    return Table(
        key="unit_costs",
        title="Wydatki na osobę",
        columns=(
            Column("Na kogo", "left"), Column("Które wydatki", "left"), Column("Wydano (tys. zł)"), Column("Osoby"),
            Column("Na osobę (tys. zł)"),
        ),
        rows=tuple(
            (
                f"Pracownik {'objęty wsparciem' if row.per == 'supported' else 'z podniesionymi kwalifikacjami'}",
                polish.capital(_BASE.get(row.base, row.base)),
                words.money_cell(row.spent, reason=row.reason),
                words.count(row.persons, reason=row.reason),
                words.thousands(row.cost, missing=words.HIDDEN.get(row.reason, ""), digits=1),
            )
            for row in rows
        ),
        note=words.note(
            "Wydatki podzielone przez liczbę osób. Projekt robi też rzeczy, które nie są wsparciem osób (badania, "
            "dokumenty, sieciowanie), dlatego koszt z wszystkich wydatków nie jest ceną szkolenia.",
            (row.reason for row in rows),
        ),
        **words.origin(project, *words.COST),
    )  # fmt: skip
