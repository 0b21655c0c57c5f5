"""The first page of the summary: what it is about, and what the ministry should know after half a minute."""

from __future__ import annotations

from typing import Any, Final

from ropsanalysis.national_summary.view import NationalSummary
from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Cover, Note, Points, Statement
from ropsanalysis.present.national_summary import words
from ropsanalysis.present.national_summary.actions import actions_summary
from ropsanalysis.present.national_summary.indicators import in_danger, indicators_summary
from ropsanalysis.present.national_summary.money import money_summary
from ropsanalysis.present.origin import say
from ropsanalysis.regions import POLAND, by_teryt

_NAMED: Final = 4
"""So many voivodeships are named in a sentence; the rest is counted."""
_TARGETS: Final = {
    "supported": "pracowników objętych wsparciem",
    "qualified": "pracowników, którzy podnieśli kwalifikacje",
    "plans": "jednostek z planem deinstytucjonalizacji",
}


def cover(summary: NationalSummary) -> Cover:
    """Return the title page."""
    real = [report.title for report in summary.reports if not report.synthetic]
    return Cover(
        report="national_summary",
        title="Podsumowanie krajowe",
        subtitle="Województwa obok siebie",
        teryt=POLAND.teryt,
        region=POLAND.name,
        centre="Regionalne ośrodki polityki społecznej",
        edition=summary.edition,
        facts=(
            ("Zakres", "Polska"),
            ("Edycja", summary.edition),
            ("Projekty koordynacyjne", words.count(len(summary.of_indicator("supported"))).text),
            ("Raporty", polish.listing(polish.lower_first(report.title) for report in summary.reports)),
        ),
        synthetic=summary.synthetic,
        real=f"oprócz: {'; '.join(real)}" if summary.synthetic and real else "",
    )


def key_findings(summary: NationalSummary) -> Points:
    """Return what the ministry should know after half a minute."""
    found = [
        indicators_summary(summary),
        *(_danger(summary, indicator) for indicator in _TARGETS),
        money_summary(summary),
        _spending(summary),
        _exceeding(summary),
        actions_summary(summary),
    ]
    known = tuple(statement for statement in found if statement is not None)
    return Points(known or (Statement("Żadne województwo nie dostarczyło danych o projekcie koordynacyjnym."),))


def _danger(summary: NationalSummary, indicator: str) -> Statement | None:
    known = [row for row in summary.of_indicator(indicator) if row.probability is not None]
    if not known:
        return None
    rows = in_danger(summary, indicator)
    if not rows:
        return say(
            summary, (words.MONITORING,),
            f"Cel {_TARGETS[indicator]}: przy obecnym tempie każdy z projektów ({{count}}) ma co najmniej 50% "
            "szansy, że go osiągnie.",
            count=words.count(len(known)),
        )  # fmt: skip
    named = ", ".join(f"{by_teryt(row.teryt).name} {{p{place}}}" for place, row in enumerate(rows[:_NAMED]))
    rest = f" i {len(rows) - _NAMED} innych" if len(rows) > _NAMED else ""
    parts: dict[str, Any] = {f"p{place}": words.chance(row.probability) for place, row in enumerate(rows[:_NAMED])}
    return say(
        summary, (words.MONITORING,),
        f"Cel {_TARGETS[indicator]}: szansę mniejszą niż 50% ma przy obecnym tempie {{few}} z {{count}} projektów: "
        f"{named}{rest}.",
        few=words.count(len(rows)), count=words.count(len(known)),
        **parts,
    )  # fmt: skip


def _spending(summary: NationalSummary) -> Statement | None:
    rows = [row for row in summary.money if row.teryt != POLAND.teryt and row.spent is not None and row.planned]
    if not rows:
        return None
    least = min(rows, key=lambda row: ((row.spent or 0) / (row.planned or 1), row.teryt))
    return say(
        summary, (words.MONITORING,),
        f"Najdalej od planu wydatków jest województwo {by_teryt(least.teryt).name}: wydano {{share}} kwoty "
        "zaplanowanej na ten dzień.",
        share=words.percent((least.spent or 0) / (least.planned or 1)),
    )  # fmt: skip


def _exceeding(summary: NationalSummary) -> Statement | None:
    """Name the projects whose spending would exceed the budget at the present pace."""
    rows = [row for row in summary.money if row.forecast is not None and row.budget and row.forecast > row.budget]
    if not rows:
        return None
    return say(
        summary, (words.MONITORING,),
        "Przy obecnym tempie wydatków budżetu nie wystarczyłoby do końca projektu w {few} z {count} projektów: "
        f"{', '.join(by_teryt(row.teryt).name for row in rows)}.",
        few=words.count(len(rows)), count=words.count(sum(row.forecast is not None for row in summary.money)),
    )  # fmt: skip


def reading_note(summary: NationalSummary) -> Note:
    """Say how to read the summary."""
    del summary
    return Note(
        title="Jak czytać.",
        text="Podsumowanie zestawia liczby z raportów województw. Projekty różnią się wartością, celami, terminami i "
        "regułami liczenia, dlatego zestawienie nie jest rankingiem urzędów.",
    )
