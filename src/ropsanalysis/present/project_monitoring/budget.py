"""The money: spent against plan, earned value in plain words, and how much will probably not be spent."""

from __future__ import annotations

from math import nan
from typing import Any

from ropsanalysis.present import curves
from ropsanalysis.present.blocks import Cell, Column, Figure, Note, Points, Statement, Table
from ropsanalysis.present.dates import period
from ropsanalysis.present.project_monitoring import names, words
from ropsanalysis.present.project_monitoring.missing import missing
from ropsanalysis.project_monitoring.records import Money, Spending
from ropsanalysis.project_monitoring.view import ProjectMonitoring
from ropsanalysis.stats.records import Estimate

#: Indices within this distance of 1 are called even.
_EVEN = 0.05
_LESS_PAID = (
    "także dlatego, że płatności następują po wykonaniu, a koszty pośrednie uznaje się za wykonane zgodnie z planem"
)


def budget_summary(project: ProjectMonitoring) -> Points | Statement:
    """Return what was spent, what the work done was worth, and what will probably be left."""
    row = project.total
    if row is None:
        return missing("project_budget")
    found = [spent(project, row), _earned(project, row), unspent(project, row)]
    if row.budget is None:
        found.append(missing("project_budget"))
    elif row.spent is None:
        found.append(missing("project_payments"))
    return Points(tuple(statement for statement in found if statement is not None))


def spent(project: ProjectMonitoring, row: Money) -> Statement | None:
    """Return what was spent by the day of the data, beside the budget and its plan; None where it is not known."""
    if row.spent is None:
        return None
    parts: dict[str, Any] = {"spent": words.amount(row.spent), "day": words.as_of(project)}
    text = "Pieniądze: do {day} wydano {spent}"
    if row.budget:
        text += " z {budget} ({share} budżetu)"
        parts |= {"budget": words.amount(row.budget), "share": words.percent(row.spent / row.budget)}
    if row.planned is not None:
        text += "; plan na ten dzień to {planned}"
        parts["planned"] = words.amount(row.planned)
    return words.say(project, words.MONEY, f"{text}.", **parts)


def _earned(project: ProjectMonitoring, row: Money) -> Statement | None:
    if row.earned is None or row.schedule_index is None:
        return None
    indices = [row.schedule_index] if row.cost_index is None else [row.cost_index, row.schedule_index]
    cost = "" if row.cost_index is None else " Wskaźnik kosztu {cost}: {cost_words}."
    return words.say(
        project,
        words.MONEY,
        f"Wartość wypracowana, czyli planowana kwota za to, co już wykonano, to {{earned}}.{cost} Wskaźnik terminu "
        "{schedule}: {schedule_words}.",
        tone="bad" if min(indices) < 1 - 2 * _EVEN else "text",
        earned=words.amount(row.earned),
        cost=words.index(row.cost_index),
        cost_words="" if row.cost_index is None else cost_words(row.cost_index),
        schedule=words.index(row.schedule_index),
        schedule_words=schedule_words(row.schedule_index),
    )


def cost_words(index: float) -> str:
    """Return what an index of cost says."""
    if abs(index - 1) <= _EVEN:
        return "zapłacono mniej więcej tyle, ile wynosi plan wykonanych prac"
    if index > 1:
        return f"zapłacono mniej, niż wynosi plan wykonanych prac; {_LESS_PAID}"
    return "zapłacono więcej, niż wynosi plan wykonanych prac"


def schedule_words(index: float) -> str:
    """Return what an index of schedule says."""
    if abs(index - 1) <= _EVEN:
        return "wykonano mniej więcej tyle, ile zaplanowano na ten dzień"
    if index > 1:
        return "wykonano więcej, niż zaplanowano na ten dzień"
    return "wykonano mniej, niż zaplanowano na ten dzień"


def unspent(project: ProjectMonitoring, row: Money) -> Statement | None:
    """Return how much of the budget will probably be left, or by how much payments would exceed it; None without it."""
    if row.unspent.value is None or row.forecast.value is None or not row.budget:
        return None
    over = Estimate(*(None if end is None else end - row.budget for end in row.forecast))
    if row.forecast.value > row.budget:
        return _exceeding(project, row, row.budget, over)
    parts: dict[str, Any] = {"value": words.amount(row.unspent.value)}
    text = "Niewykorzystane na koniec projektu przy obecnym tempie wydatków: {value} ({share} budżetu)"
    parts["share"] = words.percent(row.unspent.value / row.budget)
    if over.low is not None and over.high is not None:
        parts |= {"high": words.amount(row.unspent.high)}
        if over.high > 0:
            text += ", ale prognoza jest niepewna: od przekroczenia budżetu o {over} do {high} niewykorzystanych"
            parts["over"] = words.amount(over.high)
        else:
            text += ", od {low} do {high}"
            parts["low"] = words.amount(row.unspent.low)
    return words.say(project, words.MONEY, f"{text}.", tone="bad", **parts)


def _exceeding(project: ProjectMonitoring, row: Money, budget: float, over: Estimate) -> Statement:
    parts: dict[str, Any] = {
        "over": words.amount(over.value), "share": words.percent((over.value or 0.0) / budget),
        "when": period(row.exhausted) if row.exhausted else "",
    }  # fmt: skip
    text = "Przy obecnym tempie wydatki przekroczyłyby budżet o {over} ({share} budżetu)"
    if over.low is not None and over.high is not None:
        parts["high"] = words.amount(over.high)
        if over.low < 0:
            text += ", ale prognoza jest niepewna: od {left} niewykorzystanych do {high} ponad budżet"
            parts["left"] = words.amount(-over.low)
        else:
            text += ", od {low} do {high}"
            parts["low"] = words.amount(over.low)
    if row.exhausted:
        text += "; środki wyczerpałyby się około {when}"
    return words.say(project, words.MONEY, f"{text}.", tone="bad", **parts)


def spending_figure(project: ProjectMonitoring) -> Figure | None:
    """Return the plan and the payments, quarter by quarter, with the forecast; None where there is no course."""
    rows, total = sorted(project.spending, key=lambda row: row.quarter), project.total
    if total is None or len(rows) < 2 or not any(row.spent is not None for row in rows):
        return None
    mln = 1_000_000

    def at(value: float | None) -> float:
        return nan if value is None else value / mln

    last = len(rows) - 1
    ahead: dict[str, tuple[float, ...]] = {"ahead": (), "low": (), "high": ()}
    if total.forecast.value is not None and rows[last].spent is None:
        ends = dict(zip(("ahead", "low", "high"), total.forecast, strict=True))
        ahead = {
            name: tuple(at(end) if place == last else nan for place in range(len(rows)))
            for name, end in ends.items()
            if end is not None
        }
        if len(ahead) < 3:
            ahead |= {"low": (), "high": ()}
    svg = curves.course(
        curves.Course(
            tuple(row.quarter for row in rows), tuple(at(row.spent) for row in rows),
            tuple(at(row.planned) for row in rows) if any(row.planned is not None for row in rows) else (),
            target=at(total.budget), **ahead,
        ),
        names=curves.CourseNames(
            "wydano", "plan", "", "prognoza (mediana)", f"przedział {words.confidence(project)}",
            "" if total.budget is None else f"budżet: {words.amount(total.budget).text}",
        ),
        key="spending",
        up="mln zł, narastająco",
        digits=2,
    )  # fmt: skip
    told = spent(project, total)
    return Figure(
        key="spending",
        title="Wydatki wobec planu",
        svg=svg,
        alt=f"Wykres liniowy według kwartałów. {told.text if told else ''}".strip(),
        description="Wydano do końca kwartału: "
        + "; ".join(
            f"{period(row.quarter)} {words.amount(row.spent).text}"
            + ("" if row.planned is None else f" (plan {words.amount(row.planned).text})")
            for row in rows
            if row.spent is not None
        )
        + ".",
        data=_spending_data(project, rows),
        source=words.source(project, "project_budget", "project_payments"),
        note="Narastająco od początku projektu, stan na koniec kwartału. Pas na końcu: przedział prognozy wydatków.",
    )


def _spending_data(project: ProjectMonitoring, rows: list[Spending]) -> Table:
    return Table(
        key="spending_data",
        title="Plan i wydatki narastająco (tys. zł)",
        columns=(Column("Kwartał", "left"), Column("Plan"), Column("Wydano"), Column("UE"), Column("Kraj")),
        rows=tuple(
            (period(row.quarter), *map(words.money_cell, (row.planned, row.spent, row.eu, row.national)))
            for row in rows
        ),
        synthetic=project.made_up("project_budget", "project_payments"),
    )


def earned_value_note(project: ProjectMonitoring) -> Note | None:
    """Return the indices of earned value in plain words; None where there are none."""
    if all(row.earned is None for row in project.money):
        return None
    return Note(
        title="Jak czytać wskaźniki wykonania.",
        text="Same wydatki nie mówią, czy projekt idzie zgodnie z planem: można wydać mało, bo pracuje się oszczędnie, "
        "albo dlatego, że prawie nic nie zrobiono. Dlatego porównujemy trzy kwoty na dzień danych.",
        items=(
            "Plan: ile według budżetu miało kosztować to, co zaplanowano do tego dnia.",
            "Wartość wypracowana: ile według budżetu miało kosztować to, co rzeczywiście wykonano.",
            "Wydano: ile zapłacono.",
            (
                "Wskaźnik kosztu = wartość wypracowana : wydano. Powyżej 1: zapłacono mniej, niż wynosi plan "
                f"wykonanych prac; {_LESS_PAID}. Poniżej 1: zapłacono więcej."
            ),
            (
                "Wskaźnik terminu = wartość wypracowana : plan. Poniżej 1: wykonano mniej, niż zaplanowano; "
                "powyżej 1: więcej."
            ),
        ),
    )


def earned_value_table(project: ProjectMonitoring) -> Table | None:
    """Return earned value of the whole project and of its teams; None where there is no budget."""
    total = project.total
    if total is None:
        return None
    rows = [("Cały projekt", total)]
    rows += [(_team(project, row.key), row) for row in project.amounts("team")]
    return Table(
        key="earned_value",
        title=f"Plan, wykonanie i wydatki na dzień {words.day(project.as_of)}",
        columns=(
            Column("Część", "left"), Column("Budżet (tys. zł)"), Column("Plan (tys. zł)"),
            Column("Wypracowano (tys. zł)"), Column("Wydano (tys. zł)"), Column("Wskaźnik kosztu"),
            Column("Wskaźnik terminu"),
        ),
        rows=tuple((name, *_earned_cells(row)) for name, row in rows),
        note=words.note(
            "Kwoty od początku projektu. Kosztów zarządzania i pośrednich nie przypisano zespołom, dlatego suma "
            "zespołów może być mniejsza niż kwota całego projektu.",
            (row.reason for _, row in rows)),
        **words.origin(project, *words.MONEY),
    )  # fmt: skip


def _team(project: ProjectMonitoring, key: str) -> str:
    return project.label("team", key) if key else "Zarządzanie i koszty pośrednie"


def _earned_cells(row: Money) -> tuple[Cell, ...]:
    amounts = (words.money_cell(v, reason=row.reason) for v in (row.budget, row.planned, row.earned, row.spent))
    return *amounts, words.index(row.cost_index), words.index(row.schedule_index)


def forecast_table(project: ProjectMonitoring) -> Table | None:
    """Return what will probably be spent and left by source of money; None where there is no forecast."""
    total = project.total
    rows = [("Razem", total)] if total is not None else []
    rows += [(names.SOURCE.get(row.key, row.key), row) for row in project.amounts("source")]
    rows = [(name, row) for name, row in rows if row is not None and row.forecast.value is not None]
    if not rows:
        return None
    return Table(
        key="forecast",
        title="Prognoza wydatków i niewykorzystanych środków na koniec projektu (tys. zł)",
        columns=(
            Column("Źródło", "left"), Column("Budżet"), Column("Prognoza"), Column("od"), Column("do"),
            Column("Niewykorzystane"), Column("od"), Column("do"),
        ),
        rows=tuple(
            (name, *(words.money_cell(v) for v in (row.budget, *row.forecast, *row.unspent))) for name, row in rows
        ),
        note=f"Prognoza zakłada tempo z ostatnich {round(project.number('forecast_months'))} miesięcy. „od” i „do”: "
        f"przedział {words.confidence(project)}. Prognoza mówi, ile by wydano w tym tempie, także ponad budżet; "
        "niewykorzystane jest wtedy 0. Część UE i część krajową dzielimy tak, jak dzieli się reszta budżetu.",
        **words.origin(project, "project_budget", "project_payments"),
    )  # fmt: skip
