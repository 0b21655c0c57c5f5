"""The sixteen obligatory actions over the country: what was due, what was done, what is late."""

from __future__ import annotations

from math import isnan, nan

from ropsanalysis.national_summary.records import ActionRow
from ropsanalysis.national_summary.view import NationalSummary
from ropsanalysis.present import heatmap, polish
from ropsanalysis.present.blocks import Column, Figure, Number, Statement, Table
from ropsanalysis.present.national_summary import words
from ropsanalysis.present.origin import origin, say
from ropsanalysis.regions import POLAND, by_teryt

_EDGES = (1.0, 2.0, 3.0, 5.0)
_CLASSES = ("nic", "1", "2", "3–4", "5 i więcej")


def actions_summary(summary: NationalSummary) -> Statement | None:
    """Say how much of what was due is done, and which action is late the most."""
    rows = [row for row in summary.action_rows(POLAND.teryt) if row.due]
    if not rows:
        return None
    due, late = sum(row.due for row in rows), sum(row.late for row in rows)
    template = "Do dnia, który opisują dane, zaplanowano we wszystkich projektach {due} zadań; opóźnionych jest {late}"
    worst = max(rows, key=lambda row: (row.late, -row.action))
    if worst.late:
        template += ", najwięcej w działaniu {number} ({title}): {worst}"
    return say(
        summary, (words.MONITORING,), f"{template}.",
        due=Number(due), late=Number(late), number=Number(worst.action), title=worst.title, worst=Number(worst.late),
    )  # fmt: skip


def actions_table(summary: NationalSummary) -> Table | None:
    """Return the sixteen actions over all projects."""
    rows = summary.action_rows(POLAND.teryt)
    if not rows:
        return None
    behind: dict[int, list[str]] = {}
    for row in summary.actions:
        if row.teryt != POLAND.teryt and row.late:
            behind.setdefault(row.action, []).append(row.teryt)
    return Table(
        key="actions",
        title="Zadania szesnastu działań obowiązkowych we wszystkich projektach",
        columns=(
            Column("Działanie", "left"), Column("Zadania do dziś"), Column("Wykonane"), Column("Opóźnione"),
            Column("Województwa z opóźnieniem"),
        ),
        rows=tuple(
            (
                f"{row.action}. {row.title}", Number(row.due), Number(row.done), Number(row.late),
                Number(len(behind.get(row.action, ()))),
            )
            for row in rows
        ),
        note="Wykonane: także te, które zaplanowano na później. Opóźnione: zaplanowane i niewykonane, dla których "
        "minął termin z dopuszczalną zwłoką podaną w raportach województw.",
        **origin(summary, words.MONITORING),
    )  # fmt: skip


def actions_figure(summary: NationalSummary) -> Figure | None:
    """Draw how many tasks are late, by voivodeship and action."""
    codes = sorted({row.teryt for row in summary.actions} - {POLAND.teryt})
    actions = summary.action_rows(POLAND.teryt)
    if not codes:
        return None
    by_place = {(row.teryt, row.action): row for row in summary.actions}
    values = [[_late(by_place.get((code, action.action))) for action in actions] for code in codes]
    data = Table(
        key="actions_figure_data",
        title="Zadania opóźnione według województw i działań",
        columns=(Column("Województwo", "left"), *(Column(str(action.action)) for action in actions)),
        rows=tuple(
            (polish.capital(by_teryt(code).name), *(Number(value, missing="nie planowano") for value in row))
            for code, row in zip(codes, values, strict=True)
        ),
        **origin(summary, words.MONITORING),
    )
    known = [value for row in values for value in row if not isnan(value)]
    none = sum(value == 0 for value in known)
    worst = max(codes, key=lambda code: (sum(row.late for row in summary.action_rows(code)), code))
    return Figure(
        key="actions_figure",
        title="Zadania opóźnione według województw i działań",
        svg=heatmap.heatmap(
            values, rows=[by_teryt(code).name for code in codes], columns=[str(action.action) for action in actions],
            edges=_EDGES, classes=_CLASSES, key="actions", hidden="nie planowano",
        ),
        alt=(
            f"W {polish.plural(none, 'polu', 'polach', 'polach')} z {len(known)} nic nie jest opóźnione; najwięcej "
            f"opóźnień ma województwo {by_teryt(worst).name} ({sum(row.late for row in summary.action_rows(worst))})."
        ),
        description=(
            "Wiersze: województwa, kolumny: numery szesnastu działań z poprzedniej tabeli. Pole mówi, ile zadań "
            "zaplanowanych do dziś jest opóźnionych. Liczby zawiera tabela danych."
        ),
        data=data,
        source=data.source,
    )  # fmt: skip


def _late(row: ActionRow | None) -> float:
    return nan if row is None or not row.due else float(row.late)
