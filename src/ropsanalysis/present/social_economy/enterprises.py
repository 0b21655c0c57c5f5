"""Social enterprises: a status that exists since 30 October 2022, and is no series with what was called so before."""

from __future__ import annotations

from typing import Any

from ropsanalysis.present import bars, polish
from ropsanalysis.present.blocks import Column, Figure, Number, Points, Statement, Table
from ropsanalysis.present.social_economy import words
from ropsanalysis.regions import POLAND
from ropsanalysis.social_economy.records import SocialEnterprises
from ropsanalysis.social_economy.view import SocialEconomy

_BREAK = (
    "Status istnieje od 30\u00a0października 2022\u00a0r. (ustawa z 5\u00a0sierpnia 2022\u00a0r. o ekonomii "
    "społecznej), dlatego obecnych danych nie łączymy w jeden szereg z danymi o wcześniejszych przedsiębiorstwach."
)
#: Rows of the table of one year.
_YEAR = 4


def with_status(economy: SocialEconomy, form: str = "", teryt: str | None = None) -> tuple[SocialEnterprises, ...]:
    """Return the social enterprises at the ends of quarters, the oldest first."""
    rows = economy.social_enterprises.get((teryt or economy.region.teryt, form), ())
    return tuple(sorted(rows, key=lambda row: row.day))


def social_enterprise_summary(economy: SocialEconomy) -> Points | Statement:
    """Return how many have the status, who got and lost it, of which forms they are."""
    rows = with_status(economy)
    if not rows or not rows[-1].enterprises:
        return words.say(
            economy,
            words.REGISTER,
            f"W rejestrach nie ma podmiotów ze statusem przedsiębiorstwa społecznego. {_BREAK}",
        )
    last = rows[-1]
    poland = with_status(economy, teryt=POLAND.teryt)
    beside = " (w Polsce {poland})" if poland else ""
    stated = words.say(
        economy,
        words.DENSITY,
        "{day} status przedsiębiorstwa społecznego (PS) "
        + polish.plural_form(last.enterprises, "miał", "miały", "miało")
        + " {enterprises}, czyli {density} na 10\u00a0tys. mieszkańców"
        + f"{beside}. {_BREAK}",
        day=words.long_day(last.day),
        enterprises=words.entities(last.enterprises),
        density=Number(last.per_10k, digits=2),
        poland=Number(poland[-1].per_10k if poland else None, digits=2),
    )
    found = [stated, _last_year(economy, rows), _of_which_forms(economy, last)]
    return Points(tuple(statement for statement in found if statement is not None))


def _last_year(economy: SocialEconomy, rows: tuple[SocialEnterprises, ...]) -> Statement | None:
    if len(rows) <= _YEAR:
        return None
    before, recent = rows[-1 - _YEAR], rows[-_YEAR:]
    gained, lost = sum(row.gained or 0 for row in recent), sum(row.lost or 0 for row in recent)
    return words.say(
        economy,
        words.REGISTER,
        "Od {day} status "
        + polish.plural_form(gained, "uzyskał", "uzyskały", "uzyskało")
        + " {gained}, a "
        + polish.plural_form(lost, "utracił", "utraciły", "utraciło")
        + " {lost}; liczba przedsiębiorstw społecznych "
        + (
            "zmieniła się z {before} na {after}."
            if before.enterprises != rows[-1].enterprises
            else "nadal wynosi {after}."
        ),
        day=words.long_day(before.day),
        gained=words.entities(gained),
        lost=Number(lost),
        before=Number(before.enterprises),
        after=Number(rows[-1].enterprises),
    )


def _of_which_forms(economy: SocialEconomy, last: SocialEnterprises) -> Statement | None:
    found = [(form, with_status(economy, form.key)) for form in economy.forms.values()]
    known = [(form, rows[-1].enterprises) for form, rows in found if rows and rows[-1].enterprises]
    known.sort(key=lambda pair: -pair[1])
    if not known:
        return None
    pieces = ", ".join(f"{{form{number}}} – {{count{number}}}" for number in range(len(known)))
    parts: dict[str, Any] = {"all": Number(last.enterprises)}
    for number, (form, count) in enumerate(known):
        parts |= {f"form{number}": polish.lower_first(form.short), f"count{number}": Number(count)}
    return words.say(economy, words.REGISTER, "Formy prawne tych podmiotów ({all}): " + pieces + ".", **parts)


def social_enterprise_figure(economy: SocialEconomy) -> Figure | None:
    """Return the number of social enterprises at the ends of quarters; None where there are too few quarters."""
    rows = with_status(economy)
    if len(rows) < 2 or not any(row.enterprises for row in rows):
        return None
    first, last = rows[0], rows[-1]
    return Figure(
        key="enterprises",
        title="Przedsiębiorstwa społeczne od wprowadzenia statusu",
        svg=bars.columns(
            [bars.Bar(_column(row.day), row.enterprises) for row in rows],
            key="enterprises",
            up="podmioty ze statusem przedsiębiorstwa społecznego na koniec kwartału",
        ),
        alt=f"Wykres kolumnowy liczby przedsiębiorstw społecznych w {len(rows)} kwartałach: od {first.enterprises} "
        f"({words.day(first.day)}) do {last.enterprises} ({words.day(last.day)}).",
        description="Liczba przedsiębiorstw społecznych: "
        + "; ".join(f"{words.day(row.day)} – {row.enterprises}" for row in rows)
        + ".",
        data=Table(
            key="enterprises_data",
            title="Przedsiębiorstwa społeczne na koniec kwartału",
            columns=(Column("Dzień", "left"), Column("Przedsiębiorstwa społeczne")),
            rows=tuple((words.day(row.day), Number(row.enterprises)) for row in rows),
            synthetic=economy.made_up(*words.REGISTER),
        ),
        source=words.source(economy, *words.REGISTER),
        note="Szereg zaczyna się po wprowadzeniu statusu, 30\u00a0października 2022\u00a0r.",
    )


def _column(day: str) -> str:
    """Return a day as a label of two short lines: month and year."""
    year, month, _ = day.split("-")
    return f"{month}.{year[2:]}"


def social_enterprise_table(economy: SocialEconomy) -> Table | None:
    """Return the social enterprises quarter by quarter, with those that got and lost the status; None without any."""
    rows = with_status(economy)
    if not rows or not any(row.enterprises for row in rows):
        return None
    poland = {row.day: row for row in with_status(economy, teryt=POLAND.teryt)}
    return Table(
        key="enterprises",
        title="Przedsiębiorstwa społeczne: uzyskanie i utrata statusu",
        columns=(
            Column("Dzień", "left"),
            Column("Uzyskały"),
            Column("Utraciły"),
            Column("Mają status"),
            Column("Na 10 tys. mieszk."),
            *((Column("Polska na 10 tys."),) if poland else ()),
        ),
        rows=tuple(
            (
                words.day(row.day),
                Number(row.gained),
                Number(row.lost),
                Number(row.enterprises),
                Number(row.per_10k, digits=2),
                *((Number(poland[row.day].per_10k if row.day in poland else None, digits=2),) if poland else ()),
            )
            for row in rows
        ),
        **words.origin(economy, *words.DENSITY),
        note="Uzyskały, utraciły: od dnia z poprzedniego wiersza, a w pierwszym wierszu od 30\u00a0października "
        "2022\u00a0r.",
    )
