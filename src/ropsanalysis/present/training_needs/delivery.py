"""How to train: forms and times that people prefer, and what keeps them from training."""

from __future__ import annotations

from math import nan
from typing import Any

from ropsanalysis.present import polish, rankings
from ropsanalysis.present.blocks import Column, Figure, Statement, Table
from ropsanalysis.present.training_needs import words
from ropsanalysis.training_needs.records import Answer
from ropsanalysis.training_needs.view import TrainingNeeds

_HEADINGS = {"form": "Preferowane formy", "time": "Dogodne terminy", "barrier": "Przeszkody"}


def most_common(needs: TrainingNeeds, question: str) -> list[Answer]:
    """Return the shown answers to a question, the most common first."""
    shown = [answer for answer in needs.answered(question) if answer.share.shown]
    return sorted(shown, key=lambda answer: -(answer.share.value or 0.0))


def as_common(needs: TrainingNeeds, question: str) -> list[Answer]:
    """Return the most common answer, and those whose interval reaches into its own; "no barrier" aside."""
    found = [answer for answer in most_common(needs, question) if answer.option != "none"]
    lowest = (found[0].share.low or 0.0) if found else 0.0
    return [*found[:1], *(answer for answer in found[1:] if (answer.share.high or 0.0) > lowest)]


def delivery_summary(needs: TrainingNeeds) -> Statement:
    """Return the most common form, time and barrier."""
    pieces: list[str] = []
    alike: list[str] = []
    parts: dict[str, Any] = {}
    for question, opening in (("form", "forma"), ("time", "termin"), ("barrier", "przeszkoda")):
        found = as_common(needs, question)
        if found:
            piece, numbers = words.with_interval(question, found[0].share, words.percent)
            base = words.based_on(f"{question}_n")
            pieces.append(f"{opening} – {polish.lower_first(needs.label(found[0]))}: {piece}, {base}")
            parts |= {**numbers, f"{question}_n": words.count(found[0].base)}
            alike += [f"„{polish.lower_first(needs.label(answer))}”" for answer in found[1:]]
    if not pieces:
        return Statement("Form, terminów i przeszkód nie podajemy: nie pytano o nie albo odpowiedzi jest zbyt mało.")
    return Statement.of(
        "Najczęściej wskazywane: "
        + "; ".join(pieces)
        + ". W nawiasach przedziały {confidence}."
        + (" Przedziały zachodzą na siebie, dlatego równie częste mogą być: {alike}." if alike else ""),
        confidence=words.confidence(needs),
        alike=polish.listing(alike),
        **parts,
    )


def delivery_figure(needs: TrainingNeeds) -> Figure | None:
    """Return forms, times and barriers with intervals; None where nothing may be shown."""
    answers = {question: most_common(needs, question) for question in _HEADINGS}
    rows: list[rankings.Row] = []
    for question, heading in _HEADINGS.items():
        if answers[question]:
            rows += [rankings.Row(heading), *(_row(needs, answer) for answer in answers[question])]
    if not rows:
        return None
    told = [
        f"{heading.lower()}: {polish.listing([polish.lower_first(needs.label(a)) for a in answers[q][:3]])}"
        for q, heading in _HEADINGS.items()
        if answers[q]
    ]
    level = words.confidence(needs)
    return Figure(
        key="delivery",
        title="Formy, terminy i przeszkody",
        svg=rankings.ranking(
            rows,
            key="delivery",
            label="odsetek pracowników (%)",
            region=f"woj. {needs.region.name}",
            notes="odsetek i n",
            interval=f"przedział {level}",
        ),
        alt=f"Odsetki odpowiedzi z przedziałami {level}; najczęstsze: {'; '.join(told)}.",
        description=" ".join(
            f"{heading}: "
            + "; ".join(f"{needs.label(a)} {words.percent(a.share.value).text}" for a in answers[question])
            + "."
            for question, heading in _HEADINGS.items()
            if answers[question]
        ),
        data=Table(
            key="delivery_data",
            title="Formy, terminy i przeszkody",
            columns=(
                Column("Pytanie", "left"),
                Column("Odpowiedź", "left"),
                Column("Odsetek (%)"),
                Column("od"),
                Column("do"),
                Column("n"),
            ),
            rows=tuple(
                (
                    words.QUESTION[question],
                    needs.label(answer),
                    *words.percent_cells(answer.share, reason=answer.reason),
                    words.count(answer.base, reason=answer.reason),
                )
                for question in _HEADINGS
                for answer in needs.answered(question)
            ),
            note=f"„od” i „do”: przedział {level}; n: osoby, które odpowiedziały na pytanie."
            + words.explained(answer.reason for answer in needs.answers if answer.question in _HEADINGS),
        ),
        source=words.source(needs),
        note="Można było wybrać kilka odpowiedzi, dlatego odsetki nie sumują się do 100%.",
    )


def _row(needs: TrainingNeeds, answer: Answer) -> rankings.Row:
    value, low, high = (nan if v is None else round(100 * v, 6) for v in answer.share)
    note = f"{words.percent(answer.share.value).text};{polish.NBSP} n = {words.count(answer.base).text}"
    return rankings.Row(needs.label(answer), value, low, high, note=note)
