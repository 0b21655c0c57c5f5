"""Goal attainment: how far persons and families came with the goals agreed upon, at entry and at exit."""

from __future__ import annotations

from math import nan

from ropsanalysis.cooperation.records import GoalScore
from ropsanalysis.cooperation.view import Cooperation
from ropsanalysis.present import forests, polish
from ropsanalysis.present.blocks import Column, Figure, Statement, Table
from ropsanalysis.present.cooperation import names, words
from ropsanalysis.present.cooperation.missing import missing


def goals_summary(models: Cooperation) -> Statement:
    """Return how the score changed from entry to exit, or what would have been shown."""
    if not models.goals or all(row.reason == "no_data" for row in models.goals):
        return missing("goals")
    return in_brief(models) or words.say(
        models, words.CASES, "Oceny osiągania celów nie podajemy: {why}.",
        why=words.because(next((row.reason for row in models.goals if row.reason), "few")),
    )  # fmt: skip


def in_brief(models: Cooperation) -> Statement | None:
    """Return in one or two sentences how far the goals were attained; None where this is not shown."""
    row = models.goal()
    if row is None or row.entry is None or row.exit is None or row.change.value is None:
        return None
    text, parts = words.spread("change", row.change, lambda value: words.plain(value, signed=True))
    base = "; podstawa: {cases}" if row.cases is not None or row.cases_from is not None else ""
    share = " W stopniu co najmniej oczekiwanym osiągnięto {attained} celów (n: {goals})."
    left = ""
    if row.unscored is not None and row.unscored > 0:
        left = " Celów nie oceniono {most}{unscored} zakończonych spraw."
    return words.say(
        models,
        words.CASES,
        f"Wskaźnik osiągania celów (50 – cele osiągnięte zgodnie z oczekiwaniem) wynosił na początku {{entry}}, a na "
        f"końcu {{exit}}; różnica {text}{base}."
        + (share if row.attained is not None and (row.goals or row.goals_from) else "")
        + left,
        entry=words.plain(row.entry),
        exit=words.plain(row.exit),
        cases=words.cases(row.cases) if row.cases is not None else f"{words.at_least(None, row.cases_from)} spraw",
        most="w " if row.cases is not None else "w co najwyżej ",
        unscored=words.percent(row.unscored),
        attained=words.percent(row.attained),
        goals=words.at_least(row.goals, row.goals_from),
        **parts,
    )


def goals_figure(models: Cooperation) -> Figure | None:
    """Return the change of the score in each pilot with its interval; None where nothing is shown."""
    rows = [row for row in models.goals if row.change.value is not None]
    if not rows:
        return None
    told = "; ".join(f"{names.pilots(models, row.pilots)} – {_told(row)}" for row in rows)
    return Figure(
        key="goals",
        title="Zmiana wskaźnika osiągania celów od początku do końca sprawy",
        svg=forests.forest(
            [
                forests.Row(
                    names.pilots(models, row.pilots),
                    (forests.Mark(0, *(nan if value is None else value for value in row.change)),),
                    f"{words.plain(row.entry).text} → {words.plain(row.exit).text}",
                )
                for row in rows
            ],
            key="goals",
            kinds=["zmiana"],
            label="punkty wskaźnika T",
            interval=f"przedział {words.confidence(models)}",
            notes="początek → koniec",
        ),
        alt=f"Wykres punktowy zmian z przedziałami. {polish.capital(told)}.",
        description=f"{polish.capital(told)}.",
        data=_data(models, rows),
        source=words.source(models, *words.CASES),
        note="Wskaźnik T: 50 – cele osiągnięte tak, jak oczekiwano; mniej – poniżej oczekiwań. Zmiana w czasie nie "
        "mówi, skąd się wzięła.",
    )


def _told(row: GoalScore) -> str:
    return (
        f"{words.plain(row.change.value, signed=True).text} (z {words.plain(row.entry).text} do "
        f"{words.plain(row.exit).text})"
    )


def _data(models: Cooperation, rows: list[GoalScore]) -> Table:
    return Table(
        key="goals_data",
        title="Zmiana wskaźnika osiągania celów",
        columns=(Column("Pilotaż", "left"), Column("Początek"), Column("Koniec"), Column("Zmiana"), Column("od"),
                 Column("do")),
        rows=tuple(
            (
                names.pilots(models, row.pilots), words.plain(row.entry), words.plain(row.exit),
                *words.cells(row.change, lambda value: words.plain(value, signed=True)),
            )
            for row in rows
        ),
        synthetic=models.made_up(*words.CASES),
    )  # fmt: skip


def goals_table(models: Cooperation) -> Table | None:
    """Return the attainment of goals with its bases; None without goals."""
    rows = list(models.goals)
    if all(row.change.value is None for row in rows):
        return None
    return Table(
        key="goals_all",
        title="Osiąganie celów według pilotaży",
        columns=(
            Column("Pilotaż", "left"), Column("Sprawy (n)"), Column("Cele (n)"), Column("T na początku"),
            Column("T na końcu"), Column("Zmiana"), Column("Cele osiągnięte (%)"),
        ),
        rows=tuple(
            (
                names.pilots(models, row.pilots), words.at_least(row.cases, row.cases_from, reason=row.reason or "few"),
                words.at_least(row.goals, row.goals_from, reason=row.reason or "few"),
                words.plain(row.entry), words.plain(row.exit), words.plain(row.change.value, signed=True),
                words.percent(row.attained, unit="", reason=row.reason or "few"),
            )
            for row in rows
        ),
        note=words.note(
            "Cele osiągnięte: w stopniu oczekiwanym albo wyższym na końcu sprawy. „Co najmniej”: liczbę zaokrąglono w "
            "dół, aby z różnicy nie wynikało, że celów nie ma kilka spraw. Pilotaże o małej liczbie spraw "
            "połączono.",
            [row.reason or ("few" if row.attained is None else "") for row in rows],
        ),
        **words.origin(models, *words.CASES),
    )  # fmt: skip
