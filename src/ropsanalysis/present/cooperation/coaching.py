"""Coaching of social workers: how many, how often, how long."""

from __future__ import annotations

from ropsanalysis.cooperation.view import Cooperation
from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Column, Number, Statement, Table
from ropsanalysis.present.cooperation import names, words
from ropsanalysis.present.cooperation.missing import missing


def coaching_summary(models: Cooperation) -> Statement:
    """Return how many social workers had coaching and how many hours, or what would have been shown."""
    row = models.coached()
    if row is None or row.reason == "no_data":
        return missing("coaching")
    if row.workers is None:
        return words.say(
            models, words.COACHING, "Liczby pracowników objętych coachingiem nie podajemy: zbyt mało osób."
        )
    per = None if not row.workers or row.hours is None else row.hours / row.workers
    return words.say(
        models,
        words.COACHING,
        "Coachingiem objęto {workers}" + ("; na osobę przypada średnio {per} godziny." if per is not None else "."),
        workers=Number(row.workers, unit="pracownika socjalnego" if row.workers == 1 else "pracowników socjalnych"),
        per=words.plain(per),
    )


def coaching_table(models: Cooperation) -> Table | None:
    """Return coaching by kind; None without data."""
    rows = [row for kind in names.COACHING if (row := models.coached(kind)) is not None and row.reason != "no_data"]
    if not rows:
        return None
    return Table(
        key="coaching",
        title="Coaching pracowników socjalnych",
        columns=(Column("Rodzaj", "left"), Column("Pracownicy"), Column("Spotkania"), Column("Godziny")),
        rows=tuple(
            (
                polish.capital(names.COACHING[row.kind]), words.count(row.workers, reason=row.reason),
                words.count(row.meetings), words.plain(row.hours),
            )
            for row in rows
        ),
        note=words.note(
            "Pracownik, który korzystał z obu rodzajów, liczy się w wierszu „Razem” raz.", (row.reason for row in rows)
        ),
        **words.origin(models, *words.COACHING),
    )  # fmt: skip
