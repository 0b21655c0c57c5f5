"""The card of the project: published figures, each with its source, beside the office's own, and the checks of both."""

from __future__ import annotations

from typing import Final

from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Cell, Column, Number, Points, Statement, Table
from ropsanalysis.present.project_monitoring import names, words
from ropsanalysis.present.project_monitoring.missing import missing
from ropsanalysis.project_monitoring.records import CardCheck, Published
from ropsanalysis.project_monitoring.view import ProjectMonitoring

_DAYS: Final = frozenset({"start", "end", "selected"})
_EXACT: Final = 0.01
"""Step of an amount that was published to the grosz."""
_NOT_PUBLISHED: Final = "nie opublikowano"
_UNITS: Final = {"osoby": ("osoba", "osoby", "osób"), "JST": ("JST", "JST", "JST")}
_AMOUNTS: Final = frozenset({"parts_add_up", "budget_total", "eu_total"})


def card_summary(project: ProjectMonitoring) -> Points:
    """Return the project in a few sentences: title, period, value, and how much of it was published."""
    card = project.card
    found = []
    if card is None:
        found.append(missing("project_card"))
    else:
        title = f" „{card.title}”" if card.title else ""
        found.append(
            words.say(
                project,
                words.CARD,
                f"Okres projektu{title}: od {{start}} do {{end}}; dane opisują stan na {{day}}.",
                start=words.long_day(card.start),
                end=words.long_day(card.end),
                day=words.as_of(project),
            )
        )
        if card.value_pln is not None:
            found.append(
                words.say(project, words.CARD, "Wartość projektu według karty urzędu: {value}.",
                          value=words.grosze(card.value_pln))
            )  # fmt: skip
    found += [_published(project), *_disagree(project)]
    return Points(tuple(found))


def _published(project: ProjectMonitoring) -> Statement:
    known = [row for row in project.published if is_published(row)]
    return Statement.of(
        "Z {all} pozycji karty w publicznych dokumentach znaleźliśmy {known}; przy każdej jest źródło. Pozostałych nie "
        "uzupełniamy szacunkiem.",
        all=Number(len(project.published)),
        known=Number(len(known)),
    )


def _disagree(project: ProjectMonitoring) -> list[Statement]:
    rows = [row for row in project.published if not row.agrees]
    return [
        words.say(
            project, words.CARD,
            "Karta urzędu różni się od opublikowanej w pozycji „{field}”: karta podaje {own}, źródło {number}.",
            tone="bad", field=field(project, row), own=own_text(row), number=published_text(row),
        )
        for row in rows
    ]  # fmt: skip


def is_published(row: Published) -> bool:
    """Return whether anybody published the figure."""
    return row.number is not None or bool(row.text)


def field(project: ProjectMonitoring, row: Published) -> str:
    """Return the name of a field of the card."""
    return project.label("field", row.field)


def published_text(row: Published) -> Cell:
    """Return a published figure in its unit, or that nobody published it."""
    if row.number is None:
        if not row.text:
            return _NOT_PUBLISHED
        return words.day(row.text) if row.field in _DAYS else row.text
    return _figure(row, row.number, row.step)


def own_text(row: Published) -> Cell:
    """Return what the office's own card says, in the form of the published figure."""
    if not row.own:
        return polish.DASH
    if row.field in _DAYS:
        return words.day(row.own)
    try:
        return _figure(row, float(row.own.replace(",", ".")), _EXACT)
    except ValueError:
        return row.own


def _figure(row: Published, number: float, step: float) -> Number:
    if row.unit == "%" or row.field.endswith("_share"):
        share = 100 * number
        return words.percent(number, digits=0 if abs(share - round(share)) < 1e-9 else 2)
    if row.field in {"value", "eu", "national"}:
        unit = {"EUR": "EUR", "PLN": "zł"}.get(row.unit, "zł")
        return words.grosze(number, unit=unit) if step <= _EXACT else words.stepped(number, step, unit=unit)
    cases = _UNITS.get(row.unit)
    return Number(number, unit=polish.plural_form(round(number), *cases) if cases else row.unit)


def card_table(project: ProjectMonitoring) -> Table | None:
    """Return every field of the card: published, with the source of that figure, and the office's own."""
    rows = _in_order(project)
    if not rows:
        return None
    cited = {source: f"[{n}]" for n, source in enumerate(dict.fromkeys(r.source for r in rows if r.source), start=1)}
    found = "; ".join(f"{mark} {text.rstrip('.')}" for text, mark in cited.items()) or "brak opublikowanych liczb"
    made_up = project.made_up(*words.CARD)
    own = "" if project.card is None else f" Karta urzędu: {(project.card.source or 'plik urzędu').rstrip('.')}."
    return Table(
        key="card",
        title="Karta projektu: liczby opublikowane i karta urzędu",
        columns=(
            Column("Pozycja", "left"), Column("Opublikowano", "left"), Column("Źródło", "left"),
            Column("Karta urzędu", "left"), Column("Zgodność", "left"),
        ),
        rows=tuple(
            (
                field(project, row),
                published_text(row),
                cited.get(row.source, polish.DASH),
                own_text(row),
                _agreement(row),
            )
            for row in rows
        ),
        source=f"{found}.{own}",
        note="„nie opublikowano” – nie znaleźliśmy tej pozycji w publicznych dokumentach."
        + (" Karta urzędu jest syntetyczna; kolumna „Opublikowano” zawiera dane rzeczywiste." if made_up else ""),
        synthetic=made_up,
    )  # fmt: skip


def _in_order(project: ProjectMonitoring) -> list[Published]:
    """Return the fields in the catalogue's order."""
    order = list(project.labels.get("field", {}))
    return sorted(project.published, key=lambda row: order.index(row.field) if row.field in order else len(order))


def _agreement(row: Published) -> str:
    if not is_published(row) or not row.own:
        return polish.DASH
    if not row.agrees:
        return "nie"
    exact = row.step <= _EXACT or row.number is None or float(row.own) == row.number
    return "tak" if exact else "tak, w granicach zaokrąglenia"


def card_checks_table(project: ProjectMonitoring) -> Table | None:
    """Return the checks of the card; None where there is none."""
    if not project.card_checks:
        return None
    return Table(
        key="card_checks",
        title="Sprawdzenie karty",
        columns=(
            Column("Sprawdzenie", "left"), Column("Powinno być"), Column("Jest"), Column("Wynik", "left"),
        ),
        rows=tuple(
            (names.CHECK.get(row.check, row.check), _check(row, row.expected), _check(row, row.found), _passed(row))
            for row in project.card_checks
        ),
        note=words.note(
            f"Udział UE wynosi {words.percent(project.number('eu_share'), digits=2).text} w każdym z sześciu "
            "opublikowanych budżetów, które sprawdziliśmy, a cel „podnieśli kwalifikacje” to "
            f"{words.percent(project.number('result_to_product'), digits=0).text} celu „objęci wsparciem” w trzech "
            "projektach z oboma celami. To prawidłowości z opublikowanych kart, a nie przepis.",
            (row.reason for row in project.card_checks),
        ),
        **words.origin(project, *words.CARD, "project_budget"),
    )  # fmt: skip


def _check(row: CardCheck, value: float | None) -> Cell:
    reason = row.reason if value is None else ""
    if row.check in _AMOUNTS:
        return words.grosze(value, missing=words.HIDDEN.get(reason, ""))
    if row.check == "eu_share":
        return words.percent(value, reason=reason, digits=2)
    return words.count(value, reason=reason)


def _passed(row: CardCheck) -> str:
    if row.expected is None or row.found is None:
        return "nie sprawdzono"
    return "zgodne" if row.passed else "niezgodne"
