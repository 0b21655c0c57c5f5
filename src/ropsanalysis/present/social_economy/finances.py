"""The money of the sector: where it comes from, how it is spread, whether it suffices."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from ropsanalysis.present import polish, stacks
from ropsanalysis.present.blocks import Column, Figure, Number, Statement, Table
from ropsanalysis.present.social_economy import survey, words
from ropsanalysis.regions import POLAND
from ropsanalysis.social_economy.records import Measured
from ropsanalysis.social_economy.view import SocialEconomy

#: What the sources of revenue are called; public money in blue, what the entity earns in warm colours.
SOURCES: Final = {
    "sales": stacks.Part("sprzedaż na rynku", "#f6c89b"),
    "fees": stacks.Part("składki i opłaty", "#fbe6cf"),
    "donations": stacks.Part("darowizny", "#e3a1b9"),
    "public_contracts": stacks.Part("zamówienia publiczne", "#c6dbef"),
    "grants": stacks.Part("dotacje krajowe", "#6aaed6"),
    "eu": stacks.Part("fundusze UE", "#1f5f9e", "#ffffff"),
    "other": stacks.Part("pozostałe źródła", "#d9dde2"),
}
_HIDDEN_PART: Final = stacks.Part("części ukryte, razem", "#ffffff")
_SPREAD: Final = ("revenue_q10", "revenue_q25", "revenue_median", "revenue_q75", "revenue_q90")


def finances_summary(economy: SocialEconomy) -> Statement:
    """Return the revenue, the part of public money, and how many entities end the year with a surplus."""
    if not economy.survey_years():
        return words.missing("es_survey")
    year = economy.survey_years()[-1]
    text, parts = f"W {year}{polish.NBSP}r. ", dict[str, Any]()
    revenue, median = economy.measured("revenue_total_pln"), economy.measured("revenue_median")
    if revenue is not None and revenue.value.shown:
        parts["revenue"] = Number((revenue.value.value or 0.0) / 1e6, digits=1, unit="mln zł")
        text += "przychody podmiotów ekonomii społecznej w województwie wyniosły szacunkowo {revenue}"
        if median is not None and median.value.shown:
            parts["median"] = words.thousands(median.value.value)
            text += "; połowa podmiotów uzyskała nie więcej niż {median}"
        text += "."
    else:
        text = f"Łącznych przychodów w województwie w {year}{polish.NBSP}r. nie można podać."
    public, surplus = economy.measured("public_share"), economy.measured("positive_result_share")
    if public is not None and public.value.shown:
        told, more = words.with_interval("public", public.value, words.percent, " przychodów")
        parts |= more
        text += f" Ze środków publicznych pochodziło {told}."
    if surplus is not None and surplus.value.shown:
        told, more = words.with_interval("surplus", surplus.value, words.percent, " podmiotów")
        parts |= more
        text += f" Dodatni wynik finansowy osiągnęło {told}."
    return words.say(economy, words.SURVEY, text, **parts)


def _structures(economy: SocialEconomy) -> list[tuple[str, dict[str, Measured | None], bool]]:
    """Return the revenue by source: the voivodeship, Poland, and the legal forms here, with their labels."""
    whole = [("województwo", economy.region.teryt, "", True), ("Polska", POLAND.teryt, "", False)]
    forms = [
        (words.form(economy, form.key), economy.region.teryt, form.key, False)
        for form in survey.measured_forms(economy, "revenue_share_sales")
    ]
    found = []
    for label, teryt, form, own in (*whole, *forms):
        shares = {source: economy.measured(f"revenue_share_{source}", form, teryt=teryt) for source in SOURCES}
        if any(share is not None for share in shares.values()):
            found.append((label, shares, own))
    return found


def _some(shares: dict[str, Measured | None]) -> bool:
    return any(share is not None and share.value.shown for share in shares.values())


def revenue_figure(economy: SocialEconomy) -> Figure | None:
    """Return the sources of revenue as bars of equal length; None where they cannot be shown."""
    found = _structures(economy)
    table = revenue_table(economy)
    if table is None or not any(_some(shares) for _, shares, _ in found):
        return None
    rows = [
        stacks.Stack(label, _percents(shares), own=own, instead="ukryto lub za mało odpowiedzi")
        for label, shares, own in found
    ]
    gaps = any(row.shares and row.shares[-1] for row in rows)
    parts = [*SOURCES.values(), *((_HIDDEN_PART,) if gaps else ())]
    drawn = rows if gaps else [replace(row, shares=row.shares[:-1]) for row in rows]
    label, shares, _ = next(item for item in found if _some(item[1]))
    told = polish.listing(
        f"{SOURCES[source].label} {words.percent(share.value.value, digits=0).text}"
        for source, share in shares.items()
        if share is not None and share.value.shown
    )
    return Figure(
        key="revenue_figure",
        title=f"Skąd pochodzą przychody sektora, {economy.survey_years()[-1]}{polish.NBSP}r. (%)",
        svg=stacks.stacked(drawn, parts, key="revenue_figure"),
        alt=f"Struktura przychodów, {label}: {told}.",
        description=f"Struktura przychodów, {label}: {told}. Liczby dla pozostałych wierszy podaje tabela.",
        data=replace(table, key="revenue_figure_data", source=""),
        source=words.source(economy, *words.SURVEY),
        note="Ze środków publicznych pochodzą zamówienia publiczne, dotacje krajowe i fundusze UE (odcienie "
        "niebieskiego). Przy udziałach poniżej 5% nie podano liczb."
        + (" Udziały, których nie można podać osobno, narysowano razem jako dopełnienie do 100%." if gaps else ""),
    )


def _percents(shares: dict[str, Measured | None]) -> tuple[float, ...]:
    """Return the shares in percent, and what the hidden ones make up together; nothing where none is shown."""
    if not _some(shares):
        return ()
    shown = [100 * (share.value.value or 0.0) if share is not None else 0.0 for share in shares.values()]
    whole = all(share is not None and share.value.shown for share in shares.values())
    return (*shown, 0.0 if whole else max(100 - sum(shown), 0.0))


def revenue_table(economy: SocialEconomy) -> Table | None:
    """Return the sources of revenue of the voivodeship, Poland and the legal forms; None without a survey."""
    found = _structures(economy)
    if not found:
        return None
    reasons = [share.reason for _, shares, _ in found for share in shares.values() if share is not None]
    return Table(
        key="revenue",
        title=f"Źródła przychodów, {economy.survey_years()[-1]}{polish.NBSP}r.",
        columns=(
            Column("Forma prawna", "left"),
            *(Column(f"{polish.capital(part.label)} (%)") for part in SOURCES.values()),
            Column("n"),
        ),
        rows=tuple(
            (
                polish.capital(label),
                *(
                    words.percent(None, unit="") if share is None
                    else words.percent(share.value.value, reason=share.reason, unit="")
                    for share in shares.values()
                ),
                _base(shares),
            )
            for label, shares, _ in found
        ),
        note="Udział źródła w przychodach podmiotów, które podały je według źródeł; n: liczba tych podmiotów."
        + words.explained(reasons),
        highlight=(0,),
        **words.origin(economy, *words.SURVEY),
    )  # fmt: skip


def _base(shares: dict[str, Measured | None]) -> Number:
    first = next((share for share in shares.values() if share is not None), None)
    return words.count(None if first is None else first.base, reason="" if first is None else first.reason)


def finances_table(economy: SocialEconomy) -> Table | None:
    """Return result, liquidity, diversification and public contracts by legal form; None without a survey."""
    return survey.by_form(
        economy,
        ("revenue_total_pln", "result_margin", "positive_result_share", "liquidity_median", "contracts_share",
         "public_share", "revenue_hhi_median"),
        survey.measured_forms(economy, "revenue_total_pln"), key="finances",
        title="Wynik, płynność i źródła finansowania",
        note="Wynik do przychodów: przychody pomniejszone o koszty jako odsetek przychodów. Płynność: aktywa obrotowe "
        "na złotówkę zobowiązań krótkoterminowych. HHI: 1 oznacza jedno źródło przychodów. n: liczba podmiotów, które "
        "podały przychody.",
    )  # fmt: skip


def spread_table(economy: SocialEconomy) -> Table | None:
    """Return the distribution of revenue over entities by legal form; None without a survey."""
    return survey.by_form(
        economy, _SPREAD, survey.measured_forms(economy, _SPREAD[0]), key="revenue_spread",
        title="Rozkład rocznych przychodów podmiotów",
        note="1. decyl: kwota, której nie przekraczają przychody 10% podmiotów; 1. kwartyl – 25%, mediana – 50%, "
        "3. kwartyl – 75%, 9. decyl – 90%. n: liczba podmiotów, które podały przychody.",
    )  # fmt: skip
