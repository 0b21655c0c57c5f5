"""Work in the social economy, and the way back to work: staff, persons at risk, places, participants, exits."""

from __future__ import annotations

from typing import Any

from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Cell, Column, Figure, Number, Statement, Table
from ropsanalysis.present.social_economy import survey, words
from ropsanalysis.regions import POLAND
from ropsanalysis.social_economy.records import Measured
from ropsanalysis.social_economy.view import SocialEconomy


def _year(economy: SocialEconomy) -> str:
    return str(economy.survey_years()[-1])


# --- work ---------------------------------------------------------------------------------------------


def work_summary(economy: SocialEconomy) -> Statement:
    """Return how many people the sector employs here, and how many of them are at risk of exclusion."""
    if not economy.survey_years():
        return words.missing("es_survey")
    staff, risk = economy.measured("staff"), economy.measured("risk_share")
    text, parts = f"W {_year(economy)}{polish.NBSP}r. ", dict[str, Any]()
    if staff is not None and staff.value.shown:
        told, parts = words.with_interval("staff", staff.value, words.count)
        parts["staff"] = words.persons(staff.value.value, one="osobę")
        text += f"podmioty ekonomii społecznej w województwie zatrudniały na umowę o pracę szacunkowo {told}."
    else:
        text = f"Liczby zatrudnionych w województwie w {_year(economy)}{polish.NBSP}r. nie można podać."
    if risk is not None and risk.value.shown:
        told, more = words.with_interval("risk", risk.value, words.percent, " zatrudnionych")
        parts |= more
        text += f" Osoby zagrożone wykluczeniem społecznym stanowiły {told}{_against_poland(economy, risk, parts)}."
    text += _coverage(economy, parts)
    return words.say(economy, words.SURVEY, text, **parts)


def _coverage(economy: SocialEconomy, parts: dict[str, Any]) -> str:
    """Say for how many entities the sums stand where some legal forms did not answer; adds the numbers it prints."""
    quality = next((q for q in economy.quality.get(economy.region.teryt, ()) if str(q.year) == _year(economy)), None)
    if quality is None or quality.covered is None or quality.register is None or quality.covered == quality.register:
        return ""
    parts |= {"covered": Number(quality.covered), "register": Number(quality.register)}
    return " Sumy obejmują {covered} z {register} podmiotów: formy prawne, z których nikt nie odpowiedział, pominięto."


def _against_poland(economy: SocialEconomy, own: Measured, parts: dict[str, Any]) -> str:
    """Say how a share differs from Poland's, and whether the intervals are apart; adds the number it prints."""
    poland = economy.measured(own.measure, teryt=POLAND.teryt, year=own.year)
    if poland is None or not poland.value.shown:
        return ""
    parts[f"{own.measure}_poland"] = words.percent(poland.value.value)
    apart = (own.value.low or 0) > (poland.value.high or 1) or (own.value.high or 1) < (poland.value.low or 0)
    sure = "Różnica raczej nie jest przypadkowa: przedziały są rozłączne"
    if not apart:
        sure = "Różnica może być przypadkowa: przedziały zachodzą na siebie"
    return f", a w Polsce {{{own.measure}_poland}}. {sure}"


def work_figure(economy: SocialEconomy) -> Figure | None:
    """Return the share of persons at risk among staff by legal form; None where nothing can be shown."""
    return survey.share_figure(
        economy, "risk_share", survey.measured_forms(economy, "risk_share"), key="work_figure",
        title="Osoby zagrożone wykluczeniem wśród zatrudnionych według formy prawnej", label="% zatrudnionych",
        base="n: liczba podmiotów, które kogoś zatrudniają i podały obie liczby.",
    )  # fmt: skip


def work_table(economy: SocialEconomy) -> Table | None:
    """Return staff, full-time equivalents, persons at risk and volunteers by legal form; None without a survey."""
    return survey.by_form(
        economy, ("staff", "staff_fte", "staff_risk", "volunteers", "risk_share", "employing_share"),
        survey.measured_forms(economy, "staff"), key="work", title="Zatrudnienie w sektorze według formy prawnej",
        note="Liczby osób i etatów oszacowano dla wszystkich podmiotów z rejestrów. Podmioty zatrudniające: odsetek "
        "podmiotów, które zatrudniają na umowę o pracę co najmniej jedną osobę. n: liczba podmiotów, które podały "
        "liczbę zatrudnionych.",
    )  # fmt: skip


def work_years_table(economy: SocialEconomy) -> Table | None:
    """Return the main measures over the years of the survey; None with fewer than two years."""
    years = economy.survey_years()
    if len(years) < 2:
        return None
    keys = (
        "staff",
        "staff_fte",
        "risk_share",
        "participants",
        "exit_to_work_share",
        "revenue_total_pln",
        "public_share",
    )
    found = [economy.measures[key] for key in keys if key in economy.measures]
    rows = []
    reasons: list[str] = []
    for measure in found:
        cells: list[Cell] = [survey.named(measure, measure.name)]
        for year in years:
            row = economy.measured(measure.key, year=year)
            reasons.append("" if row is None else row.reason)
            cells.append(survey.cell(economy, row, measure.key))
        rows.append(tuple(cells))
    return Table(
        key="survey_years",
        title="Wyniki badania podmiotów w kolejnych latach",
        columns=(Column("Wielkość (jednostka)", "left"), *(Column(str(year)) for year in years)),
        rows=tuple(rows),
        note="Wszystkie formy prawne w województwie razem." + words.explained(reasons),
        **words.origin(economy, *words.SURVEY),
    )


# --- reintegration ------------------------------------------------------------------------------------


def reintegration_summary(economy: SocialEconomy) -> Statement:
    """Return how many units of reintegration there are, whom they serve and how many go on to open work."""
    units = [economy.structured(form.key) for form in economy.forms.values() if form.group == "reintegration"]
    counts = [(words.form(economy, unit.legal_form), unit.entities) for unit in units if unit is not None]
    coverage = economy.coverage.get((economy.region.teryt, "reintegration"))
    parts: dict[str, Any] = {f"kind{i}": Number(number) for i, (_, number) in enumerate(counts)}
    parts["units"] = Number(sum(number for _, number in counts))
    units_all = sum(number for _, number in counts)
    noun = polish.plural_form(
        units_all, "jednostka reintegracyjna", "jednostki reintegracyjne", "jednostek reintegracyjnych"
    )
    listed = polish.listing(f"{name} – {{kind{i}}}" for i, (name, _) in enumerate(counts))
    text = f"W rejestrach {polish.plural_form(units_all, 'jest', 'są', 'jest')} {{units}} {noun} ({listed})"
    if coverage is not None:
        parts |= {"with_any": Number(coverage.with_any), "gminas": words.gminas(coverage.gminas)}
        text += "; mają siedziby w {with_any} z {gminas}"
    text += "."
    if not economy.survey_years():
        return words.say(economy, words.REGISTER, text, **parts)
    taking, exits = economy.measured("participants"), economy.measured("exit_to_work_share")
    if taking is not None and taking.value.shown:
        told, more = words.with_interval("participants", taking.value, words.count)
        parts |= more
        parts["participants"] = words.persons(taking.value.value)
        uses = polish.plural_form(round(taking.value.value or 0), "korzystała", "korzystały", "korzystało")
        text += f" W {_year(economy)}{polish.NBSP}r. {uses} z nich szacunkowo {told}."
    if exits is not None and exits.value.shown:
        told, more = words.with_interval("exits", exits.value, words.percent)
        parts |= more
        text += (
            f" Spośród osób, które zakończyły udział, pracę na otwartym rynku podjęło {told}"
            f"{_against_poland(economy, exits, parts)}."
        )
    return words.say(economy, words.SURVEY, text, **parts)


def reintegration_figure(economy: SocialEconomy) -> Figure | None:
    """Return the share of exits to the open labour market by kind of unit; None where nothing can be shown."""
    forms = survey.measured_forms(economy, "exit_to_work_share", group="reintegration")
    return survey.share_figure(
        economy, "exit_to_work_share", forms, key="reintegration_figure",
        title="Podjęcie pracy na otwartym rynku przez osoby, które zakończyły udział",
        label="% osób, które zakończyły udział", base="n: liczba jednostek, w których ktoś zakończył udział.",
    )  # fmt: skip


def reintegration_table(economy: SocialEconomy) -> Table | None:
    """Return places, participants, exits and cost by kind of unit; None without a survey."""
    return survey.by_form(
        economy,
        ("places", "participants", "occupancy", "exits", "exits_to_work", "exit_to_work_share",
         "cost_per_participant_pln"),
        survey.measured_forms(economy, "participants", group="reintegration"), key="reintegration",
        title="Reintegracja według rodzaju jednostki",
        note="Wykorzystanie miejsc: liczba uczestników podzielona przez liczbę miejsc. Podjęli pracę: na otwartym "
        "rynku pracy; odsetek dotyczy osób, które zakończyły udział. Koszt: na uczestnika w roku. n: liczba jednostek, "
        "które podały liczbę uczestników.",
    )  # fmt: skip
