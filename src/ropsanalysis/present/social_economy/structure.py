"""What the sector is made of: entities by legal form, now and over the years."""

from __future__ import annotations

from typing import Any

from ropsanalysis.present import multiples, polish
from ropsanalysis.present.blocks import Cell, Column, Figure, Number, Points, Statement, Table
from ropsanalysis.present.social_economy import words
from ropsanalysis.regions import POLAND
from ropsanalysis.social_economy.records import Structure
from ropsanalysis.social_economy.view import SocialEconomy

#: Legal forms that one sentence names.
_NAMED = 3


def structure_summary(economy: SocialEconomy) -> Points:
    """Return how many entities there are, of which forms, how many confirmed, what is rarer than in Poland."""
    found = [_size(economy), _forms(economy), _confirmed(economy), _against_poland(economy)]
    return Points(tuple(statement for statement in found if statement is not None))


def _size(economy: SocialEconomy) -> Statement | None:
    own, poland = economy.structured(), economy.structured(teryt=POLAND.teryt)
    if own is None:
        return None
    beside = "" if poland is None else " (w Polsce {poland})"
    return words.say(
        economy,
        words.DENSITY,
        "{day} rejestry obejmowały {where} {entities} ekonomii społecznej, czyli {density} na 10\u00a0tys. "
        f"mieszkańców{beside}.",
        day=words.long_day(economy.as_of),
        entities=words.entities(own.entities),
        where=economy.region.in_locative,
        density=words.density(own.per_10k),
        poland=words.density(None if poland is None else poland.per_10k),
    )


def by_form(economy: SocialEconomy, teryt: str | None = None) -> list[Structure]:
    """Return the legal forms that have entities, in the catalogue's order."""
    found = [economy.structured(key, teryt) for key in economy.forms]
    return [row for row in found if row is not None and row.entities]


def _forms(economy: SocialEconomy) -> Statement | None:
    own, forms = economy.structured(), sorted(by_form(economy), key=lambda row: -row.entities)
    if own is None or not forms:
        return None
    named = forms[:_NAMED]
    pieces: list[str] = []
    parts: dict[str, Any] = {}
    for number, row in enumerate(named):
        pieces.append(f"{{form{number}}} – {{count{number}}} ({{share{number}}})")
        parts |= {
            f"form{number}": polish.lower_first(economy.forms[row.legal_form].short),
            f"count{number}": Number(row.entities),
            f"share{number}": words.percent(row.share),
        }
    return words.say(
        economy,
        words.REGISTER,
        "Najliczniejsze formy: " + "; ".join(pieces) + ". W nawiasach udział wśród wszystkich {all}.",
        all=Number(own.entities, unit=polish.plural_form(own.entities, "podmiotu", "podmiotów", "podmiotów")),
        **parts,
    )


def _confirmed(economy: SocialEconomy) -> Statement | None:
    own = economy.structured()
    if own is None or own.active is None or own.active_share is None:
        return None
    return words.say(
        economy,
        words.REGISTER,
        "Wpis w rejestrze nie oznacza, że podmiot działa. W ostatnich {months} rejestry zweryfikowały {active} z {all} "
        "({share}).",
        months=Number(economy.choice("verification_months"), unit="miesiącach"),
        active=Number(own.active),
        all=Number(own.entities, unit=polish.plural_form(own.entities, "podmiotu", "podmiotów", "podmiotów")),
        share=words.percent(own.active_share),
    )


def _against_poland(economy: SocialEconomy) -> Statement | None:
    """Return the forms whose share here differs most from their share in Poland."""
    known = [(row, row.location_quotient) for row in by_form(economy) if row.location_quotient is not None]
    if not economy.covers_poland or not known:
        return None
    known.sort(key=lambda pair: -pair[1])
    over = [pair for pair in known if pair[1] > 1][:_NAMED]
    under = [pair for pair in reversed(known) if pair[1] < 1][:_NAMED]
    sides = [("Większy udział niż w Polsce mają tu: ", over), ("mniejszy: ", under)]
    if not over:
        sides = [("Mniejszy udział niż w Polsce mają tu: ", under)]
    pieces: list[str] = []
    parts: dict[str, Any] = {}
    for name, side in sides:
        if side:
            pieces.append(name + ", ".join(f"{{form_{row.legal_form}}} ({{lq_{row.legal_form}}})" for row, _ in side))
            parts |= {
                f"form_{row.legal_form}": polish.lower_first(words.form(economy, row.legal_form)) for row, _ in side
            }
            parts |= {f"lq_{row.legal_form}": words.ratio(quotient) for row, quotient in side}
    if not pieces:
        return None
    return words.say(
        economy,
        words.REGISTER,
        "; ".join(pieces) + ". W nawiasach iloraz lokalizacji: udział formy w województwie "
        "podzielony przez jej udział w Polsce.",
        **parts,
    )


def structure_table(economy: SocialEconomy) -> Table | None:
    """Return the entities by legal form; None where there are none."""
    total, forms = economy.structured(), by_form(economy)
    if total is None:
        return None
    rows = [total, *forms]
    beside = economy.covers_poland
    confirmed = any(row.active is not None for row in rows)
    return Table(
        key="structure",
        title=f"Podmioty ekonomii społecznej według formy prawnej {economy.region.in_locative}",
        columns=(
            Column("Forma", "left"),
            Column("Podmioty"),
            Column("Udział (%)"),
            Column("Na 10 tys. mieszk."),
            *((Column("Polska na 10 tys."), Column("Iloraz lokalizacji")) if beside else ()),
            *((Column("Potwierdzone"), Column("Potwierdzone (%)")) if confirmed else ()),
        ),
        rows=tuple(_row(economy, row, beside=beside, confirmed=confirmed) for row in rows),
        **words.origin(economy, *words.DENSITY),
        note=f"Stan na {words.long_day(economy.as_of)} Udział: wśród wszystkich podmiotów województwa."
        + (" Iloraz lokalizacji: udział formy w województwie podzielony przez jej udział w Polsce." if beside else "")
        + (
            " Potwierdzone: podmioty, których wpis zweryfikowano w ostatnich "
            f"{economy.choice('verification_months'):.0f} miesiącach, i ich odsetek wśród podmiotów tej formy; kreska: "
            "rejestr nie podaje dni weryfikacji."
            if confirmed
            else ""
        ),
        highlight=(0,),
    )


def _row(economy: SocialEconomy, row: Structure, *, beside: bool, confirmed: bool) -> tuple[Cell, ...]:
    poland = economy.structured(row.legal_form, POLAND.teryt)
    return (
        words.form(economy, row.legal_form),
        Number(row.entities),
        words.percent(row.share, unit=""),
        words.density(row.per_10k, digits=2),
        *(
            (words.density(None if poland is None else poland.per_10k, digits=2), words.ratio(row.location_quotient))
            if beside
            else ()
        ),
        *((Number(row.active), words.percent(row.active_share, unit="")) if confirmed else ()),
    )


def forms_figure(economy: SocialEconomy) -> Figure | None:
    """Return the entities of each legal form over the years; None where there is but one year."""
    forms = [form for form in economy.present_forms() if len(economy.stocked(form.key)) > 1]
    if not forms:
        return None
    last = economy.as_of
    return Figure(
        key="forms",
        title="Liczba podmiotów według formy prawnej w kolejnych latach",
        svg=multiples.trajectories(
            [
                multiples.Panel(
                    form.short,
                    "podmioty",
                    0,
                    (
                        multiples.Line(
                            form.short,
                            "region",
                            tuple(s.year for s in economy.stocked(form.key)),
                            tuple(float(s.entities) for s in economy.stocked(form.key)),
                        ),
                    ),
                )
                for form in forms
            ],
            key="forms",
            region=f"woj. {economy.region.name}",
        ),
        alt=f"Wykresy liniowe ({len(forms)}) liczby podmiotów w latach: {polish.listing([f.short for f in forms])}.",
        description="Liczba podmiotów na początku i na końcu szeregu: "
        + "; ".join(
            f"{form.short} {polish.number(rows[0].entities)} ({rows[0].year}) i {polish.number(rows[-1].entities)} "
            f"({rows[-1].year})"
            for form in forms
            if (rows := economy.stocked(form.key))
        )
        + ".",
        data=_forms_data(economy, [form.key for form in forms]),
        source=words.source(economy, *words.REGISTER),
        note="Stan na koniec roku"
        + ("" if last.endswith("12-31") else f", w ostatnim roku na {words.day(last)}")
        + ". Każdy wykres ma własną skalę, która nie musi zaczynać się od zera.",
    )


def _forms_data(economy: SocialEconomy, forms: list[str]) -> Table:
    series = {key: {s.year: s.entities for s in economy.stocked(key)} for key in forms}
    years = sorted({year for found in series.values() for year in found})
    return Table(
        key="forms_data",
        title="Liczba podmiotów na koniec roku",
        columns=(Column("Forma", "left"), *(Column(str(year)) for year in years)),
        rows=tuple(
            (words.form(economy, key), *(Number(found.get(year)) for year in years)) for key, found in series.items()
        ),
        synthetic=economy.made_up(*words.REGISTER),
    )
