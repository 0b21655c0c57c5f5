"""The sixteen actions: what was done, how much, for whom, what is late, quarter by quarter."""

from __future__ import annotations

from math import nan
from typing import Any, Final

import numpy as np

from ropsanalysis.present import heatmap, polish
from ropsanalysis.present.blocks import Cell, Column, Figure, Number, Points, Statement, Table
from ropsanalysis.present.dates import period, quarter_label
from ropsanalysis.present.project_monitoring import names, words
from ropsanalysis.present.project_monitoring.missing import missing
from ropsanalysis.project_monitoring.records import ActionState, Product
from ropsanalysis.project_monitoring.view import ProjectMonitoring

_DUE: Final = ("zadanie", "zadania", "zadań")
_MANY_ROWS: Final = 40


def tasks(number: int) -> Number:
    """Return so many single activities of the actions, which readers know as tasks."""
    return Number(number, unit=polish.plural_form(number, *_DUE))


def actions_summary(project: ProjectMonitoring) -> Points | Statement:
    """Return how much of what was due is done, what is late and where nothing was done yet."""
    if not project.has_activities():
        return missing("project_activities")
    found = [_done(project), _late(project), _idle(project), _most(project)]
    return Points(tuple(statement for statement in found if statement is not None))


def totals(project: ProjectMonitoring) -> tuple[int, int, int, int]:
    """Return how many activities are planned, due, done and late."""
    rows = project.action_states
    planned, due, done, late = ([getattr(row, name) for row in rows] for name in ("planned", "due", "done", "late"))
    return sum(planned), sum(due), sum(done), sum(late)


def _done(project: ProjectMonitoring) -> Statement:
    planned, due, done, _ = totals(project)
    return words.say(
        project,
        words.ACTIVITIES,
        "Do {day} wykonano {done} z {planned} zadań zaplanowanych na cały projekt; plan na ten dzień to {due}.",
        day=words.as_of(project),
        done=Number(done),
        planned=Number(planned),
        due=Number(due),
    )


def _late(project: ProjectMonitoring) -> Statement:
    late = sum(row.late for row in project.action_states)
    days = polish.plural(round(project.number("late_days")), "dzień", "dni", "dni")
    if not late:
        return words.say(
            project, words.ACTIVITIES, f"Żadne zadanie nie jest spóźnione o {days} ani więcej.", tone="good"
        )
    where = [row for row in project.action_states if row.late]
    most = max(where, key=lambda row: (row.late, -row.action))
    return words.say(
        project,
        words.ACTIVITIES,
        f"{{verb}} {{late}} (co najmniej {days} po terminie) w {{n}} z {{all}} działań; najwięcej w działaniu "
        "{action} ({most}).",
        tone="bad",
        verb=polish.plural_form(late, "Spóźnione jest", "Spóźnione są", "Spóźnionych jest"),
        late=tasks(late),
        n=Number(len(where)),
        all=Number(len(project.action_states)),
        action=names.action(project, most.action),
        most=Number(most.late),
    )


def _idle(project: ProjectMonitoring) -> Statement | None:
    idle = [row for row in project.action_states if not row.done]
    if not idle:
        return words.say(
            project, words.ACTIVITIES, "W każdym z {n} działań wykonano co najmniej jedno zadanie.",
            n=Number(len(project.action_states)),
        )  # fmt: skip
    return words.say(
        project,
        words.ACTIVITIES,
        "Bez żadnego wykonanego zadania: {which}.",
        tone="bad",
        which="; ".join(names.action(project, row.action) for row in idle),
    )


def _most(project: ProjectMonitoring) -> Statement | None:
    rows = [row for row in project.action_states if row.persons]
    if not rows:
        return None
    most = max(rows, key=lambda row: row.persons or 0)
    return words.say(
        project,
        (*words.ACTIVITIES, *words.PERSONS),
        "Najwięcej osób objętych wsparciem miało je w działaniu {action}: {persons}.",
        action=names.action(project, most.action),
        persons=Number(most.persons),
    )


def actions_table(project: ProjectMonitoring) -> Table | None:
    """Return the 16 actions: planned, due, done, late, hours, products, persons; None without activities."""
    if not project.has_activities():
        return None
    rows = sorted(project.action_states, key=lambda row: row.action)
    return Table(
        key="actions",
        title=f"Szesnaście działań: co zrobiono do {words.day(project.as_of)}",
        columns=(
            Column("Działanie", "left"), Column("Plan"), Column("Na dziś"), Column("Wykonane"), Column("Spóźnione"),
            Column("Godziny"), Column("Obecności"), Column("Produkty"), Column("Osoby"), Column("Ostatnie"),
        ),
        rows=tuple(_cells(project, row) for row in rows),
        note=words.note(
            "Plan: zadania zaplanowane na cały projekt; „Na dziś”: z tego do dnia danych. Spóźnione: niewykonane co "
            f"najmniej {polish.plural(round(project.number('late_days')), 'dzień', 'dni', 'dni')} po terminie. "
            "Obecności: suma obecności na zajęciach, ta sama osoba liczy się tyle razy, ile razy przyszła. Osoby: "
            "różne osoby objęte wsparciem w działaniu (także kolejnym); jedna osoba może być w kilku działaniach. "
            "Ostatnie: dzień ostatniego wykonanego zadania.",
            ("few" if row.persons is None and project.has_indicator("supported") else "" for row in rows),
        ),
        **words.origin(project, *words.ACTIVITIES, *words.PERSONS),
    )  # fmt: skip


def _cells(project: ProjectMonitoring, row: ActionState) -> tuple[Cell, ...]:
    few = "few" if row.persons is None and project.has_indicator("supported") else ""
    return (
        names.action(project, row.action),
        Number(row.planned),
        Number(row.due),
        Number(row.done),
        Number(row.late),
        Number(row.hours),
        Number(row.attendance),
        Number(row.products),
        words.count(row.persons, reason=few),
        words.day(row.last),
    )


def actions_heatmap(project: ProjectMonitoring) -> Figure | None:
    """Return the activities done by action and quarter; None without activities."""
    states = sorted(project.action_states, key=lambda row: row.action)
    quarters = sorted({row.quarter for row in project.heat if row.done or row.due})
    day = project.as_of
    last = f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}" if day else ""
    quarters = [quarter for quarter in quarters if quarter <= last]
    if not project.has_activities() or not quarters:
        return None
    found = {(row.action, row.quarter): row for row in project.heat}
    grid = np.full((len(states), len(quarters)), nan)
    for y, state in enumerate(states):
        for x, quarter in enumerate(quarters):
            cell = found.get((state.action, quarter))
            if cell is not None and (cell.done or cell.due):
                grid[y, x] = cell.done
    return Figure(
        key="actions_heatmap",
        title="Wykonane zadania według działań i kwartałów",
        svg=heatmap.heatmap(
            grid,
            rows=[names.action(project, state.action) for state in states],
            columns=[quarter_label(quarter) for quarter in quarters],
            edges=(1, 2, 4, 7),
            classes=("0", "1", f"2{polish.DASH}3", f"4{polish.DASH}6", "7 i więcej"),
            key="actions_heatmap",
            hidden="nic nie planowano i nie wykonano",
        ),
        alt=f"Mapa cieplna: {len(states)} działań w {len(quarters)} kwartałach. "
        + "; ".join(f"działanie {s.action}: {_sum(grid[y])}" for y, s in enumerate(states))
        + " wykonanych zadań.",
        description="Wykonane zadania w kolejnych kwartałach: "
        + "; ".join(f"{names.action(project, s.action)}: {_row(grid[y], quarters)}" for y, s in enumerate(states))
        + ".",
        data=_heat_data(project, states, quarters, grid),
        source=words.source(project, *words.ACTIVITIES),
        note="Liczba w polu: zadania wykonane w kwartale. Zero: było co wykonać, a nie wykonano niczego.",
    )


def _sum(row: Any) -> str:
    return Number(float(np.nansum(row))).text


def _row(row: Any, quarters: list[str]) -> str:
    told = [f"{period(q)} {Number(float(v)).text}" for q, v in zip(quarters, row, strict=True) if v == v]
    return ", ".join(told) or "nic"


def _heat_data(project: ProjectMonitoring, states: list[ActionState], quarters: list[str], grid: Any) -> Table:
    return Table(
        key="actions_heatmap_data",
        title="Wykonane zadania",
        columns=(Column("Działanie", "left"), *(Column(period(quarter)) for quarter in quarters)),
        rows=tuple(
            (names.action(project, state.action), *(Number(float(value)) for value in grid[y]))
            for y, state in enumerate(states)
        ),
        synthetic=project.made_up(*words.ACTIVITIES),
    )


def late_table(project: ProjectMonitoring) -> Table | None:
    """Return the activities that are late, the longest first; None where none is."""
    rows = sorted(project.late, key=lambda row: (-row.days, row.action, row.title))
    if not rows:
        return None
    more = len(rows) - _MANY_ROWS
    return Table(
        key="late",
        title="Zadania spóźnione",
        columns=(
            Column("Zadanie", "left"), Column("Działanie", "left"), Column("Zespół", "left"), Column("Termin"),
            Column("Dni po terminie"),
        ),
        rows=tuple(
            (
                row.title or row.activity,
                names.action(project, row.action),
                project.label("team", row.team),
                words.day(row.planned),
                Number(row.days),
            )
            for row in rows[:_MANY_ROWS]
        ),
        note=f"Tabela pokazuje {_MANY_ROWS} najbardziej spóźnionych; pozostałych jest {more}." if more > 0 else "",
        **words.origin(project, *words.ACTIVITIES),
    )  # fmt: skip


def products_table(project: ProjectMonitoring) -> Table | None:
    """Return the products of activities that were done, the same ones of an action together; None without any."""
    found: dict[tuple[int, str], list[Product]] = {}
    for row in sorted(project.products, key=lambda row: (row.action, polish.sort_key(row.product))):
        found.setdefault((row.action, row.product), []).append(row)
    if not found:
        return None
    return Table(
        key="products",
        title="Produkty działań",
        columns=(
            Column("Działanie", "left"), Column("Produkt", "left"), Column("Liczba"), Column("Pierwszy"),
            Column("Ostatni"),
        ),
        rows=tuple(
            (
                names.action(project, number),
                product,
                Number(len(rows)),
                words.day(min(row.done for row in rows)),
                words.day(max(row.done for row in rows)),
            )
            for (number, product), rows in found.items()
        ),
        note="Produkty wykonanych zadań, jak nazywa je rejestr działań.",
        **words.origin(project, *words.ACTIVITIES),
    )  # fmt: skip


def serves_table(project: ProjectMonitoring) -> Table:
    """Return the 16 actions with the reports and chapters that serve them."""
    rows = [project.actions[number] for number in sorted(project.actions)]
    references = dict.fromkeys(row.reference for row in rows if row.reference)
    return Table(
        key="serves",
        title="Szesnaście działań obowiązkowych i raporty, które im służą",
        columns=(
            Column("Nr", "left"), Column("Działanie (skrót własny)", "left"), Column("Raporty i rozdziały", "left")
        ),
        rows=tuple((f"{row.action}.", row.title, row.serves or polish.DASH) for row in rows),
        source=f"{'; '.join(references)}." if references else "katalog działań programu.",
    )  # fmt: skip
