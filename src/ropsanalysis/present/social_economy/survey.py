"""Tables and figures of measures of the survey: by legal form, with hidden numbers and their bases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import nan

from ropsanalysis.present import polish, rankings
from ropsanalysis.present.blocks import Cell, Column, Figure, Number, Table
from ropsanalysis.present.social_economy import words
from ropsanalysis.regions import POLAND
from ropsanalysis.social_economy.records import LegalForm, Measure, Measured
from ropsanalysis.social_economy.view import SocialEconomy


def measured_forms(economy: SocialEconomy, measure: str, *, group: str = "") -> list[LegalForm]:
    """Return the legal forms with a row for the measure here, of one group if named, in the catalogue's order."""
    forms = [form for form in economy.forms.values() if group in ("", form.group)]
    return [form for form in forms if economy.measured(measure, form.key) is not None]


def share_figure(
    economy: SocialEconomy, measure: str, forms: Sequence[LegalForm], *, key: str, title: str, label: str, base: str
) -> Figure | None:
    """Return a share by legal form with intervals, beside Poland's."""
    found = [("", economy.measured(measure)), *((form.key, economy.measured(measure, form.key)) for form in forms)]
    rows = [(form, row) for form, row in found if row is not None]
    shown = [(form, row) for form, row in rows if row.value.shown]
    if not shown:
        return None
    poland = {form: economy.measured(measure, form, teryt=POLAND.teryt) for form, _ in rows}
    drawn = [
        rankings.Row(
            words.form(economy, form), _hundred(row.value.value), _hundred(row.value.low), _hundred(row.value.high),
            _hundred(None if (whole := poland[form]) is None else whole.value.value),
            words.percent(row.value.value).text,
        )
        for form, row in shown
    ]  # fmt: skip
    told = "; ".join(f"{words.form(economy, form)} {words.percent(row.value.value).text}" for form, row in shown)
    hidden = [words.form(economy, form) for form, row in rows if not row.value.shown]
    return Figure(
        key=key,
        title=f"{title}, {shown[0][1].year}{polish.NBSP}r.",
        svg=rankings.ranking(
            drawn, key=key, label=label, region="województwo",
            reference="Polska" if any(row is not None and row.value.shown for row in poland.values()) else "",
            interval=f"przedział {words.confidence(economy)}",
        ),
        alt=f"{title}: {told}.",
        description=f"{told}." + (f" Nie pokazano: {polish.listing(hidden)}." if hidden else ""),
        data=Table(
            key=f"{key}_data",
            title=title,
            columns=(
                Column("Forma prawna", "left"), Column("Województwo (%)"), Column("od"), Column("do"), Column("n"),
                Column("Polska (%)"),
            ),
            rows=tuple(
                (
                    words.form(economy, form),
                    *words.percent_cells(row.value, reason=row.reason),
                    words.count(row.base, reason=row.reason),
                    cell(economy, poland[form], measure),
                )
                for form, row in rows
            ),
            synthetic=economy.made_up(*words.SURVEY),
        ),
        source=words.source(economy, *words.SURVEY),
        note=base + words.explained(row.reason for _, row in rows),
    )  # fmt: skip


def _hundred(share: float | None) -> float:
    return nan if share is None else 100 * share


def by_form(
    economy: SocialEconomy, measures: Sequence[str], forms: Iterable[LegalForm], *, key: str, title: str, note: str
) -> Table | None:
    """Return several measures by legal form, with the number of answers behind the first; None without a survey."""
    if not economy.survey_years():
        return None
    keys = [measure for measure in measures if measure in economy.measures]
    rows: list[tuple[Cell, ...]] = []
    reasons: list[str] = []
    for form in ("", *(form.key for form in forms)):
        found = [economy.measured(measure, form) for measure in keys]
        reasons += [row.reason for row in found if row is not None]
        base = found[0]
        rows.append(
            (
                words.form(economy, form),
                *(cell(economy, row, measure) for row, measure in zip(found, keys, strict=True)),
                words.count(None if base is None else base.base, reason="" if base is None else base.reason),
            )
        )
    units = [economy.measures[measure] for measure in keys]
    return Table(
        key=key,
        title=f"{title}, {economy.survey_years()[-1]}{polish.NBSP}r.",
        columns=(
            Column("Forma prawna", "left"),
            *(Column(named(measure, measure.short)) for measure in units),
            Column("n"),
        ),
        rows=tuple(rows),
        note=note + words.explained(reasons),
        highlight=(0,),
        **words.origin(economy, *words.SURVEY),
    )


def bases_table(economy: SocialEconomy) -> Table | None:
    """Return what each result of the survey is based on, and on how many answers; None without a survey."""
    if not economy.survey_years():
        return None
    found = [(measure, economy.measured(measure.key)) for measure in economy.measures.values()]
    rows = [(measure, row) for measure, row in found if row is not None]
    return Table(
        key="bases",
        title=f"Podstawy wyników badania podmiotów, {economy.survey_years()[-1]}{polish.NBSP}r.",
        columns=(Column("Wynik", "left"), Column("Podstawa", "left"), Column("n")),
        rows=tuple(
            (polish.capital(measure.name), measure.base, words.count(row.base, reason=row.reason))
            for measure, row in rows
        ),
        note="n: liczba podmiotów z województwa, na których odpowiedziach opiera się wynik."
        + words.explained(row.reason for _, row in rows),
        **words.origin(economy, *words.SURVEY),
    )


def named(measure: Measure, name: str) -> str:
    """Return a measure's name with the unit it is printed in, unless the name says it; large amounts in thousands."""
    unit = "tys. zł" if _in_thousands(measure) else measure.unit
    if not unit or unit in name.lower().split():
        return name
    return f"{name[:-1]}; {unit})" if name.endswith(")") else f"{name} ({unit})"


def _in_thousands(measure: Measure) -> bool:
    return measure.unit == "zł" and measure.kind == "total"


def cell(economy: SocialEconomy, row: Measured | None, measure: str) -> Number:
    """Return a measure for a column, or a row, that is `named` with its unit."""
    value = None if row is None else row.value.value
    reason = "" if row is None else row.reason
    if _in_thousands(economy.measures[measure]):
        return words.thousands(value, reason=reason, unit="")
    return words.in_unit(economy.measures[measure], value, reason=reason, unit="")
