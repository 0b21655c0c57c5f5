"""What it cost: inputs by payer, the cost of one lasting outcome, and the cost of doing nothing."""

from __future__ import annotations

from math import fsum
from typing import Final

from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Cell, Column, Number, Statement, Table
from ropsanalysis.present.social_impact import names, words
from ropsanalysis.social_impact import evidence as scale
from ropsanalysis.social_impact.records import CostPer
from ropsanalysis.social_impact.view import SocialImpact

_BASIS: Final = {
    "gross": "wszystkie osoby z rezultatem rok po wyjściu",
    "net": "tylko różnica wobec osób bez wsparcia",
}
#: Participants of several years are added up.
_TWICE: Final = "Uczestników z kolejnych lat sumujemy, więc osoba wspierana w dwóch latach liczy się dwa razy."


def costs_summary(impact: SocialImpact) -> Statement:
    """Return what was spent and who paid most of it, or that it is not known."""
    paid: dict[str, float] = {}
    comparable = all(row.indexed is not None for row in impact.costs)
    for row in impact.costs:
        amount = row.indexed if comparable else row.amount
        if amount is not None:
            paid[row.payer] = paid.get(row.payer, 0.0) + amount
    total, years = fsum(paid.values()), sorted({row.year for row in impact.costs if row.year is not None})
    if not total or not years:
        return Statement(
            "Nakładów nie dostarczono albo wynoszą zero, dlatego raport nie podaje kosztu rezultatów ani wartości na "
            "1\u00a0zł. Aby to zmienić, proszę zapisać w folderze data/raw/impact_costs plik costs.csv lub costs.xlsx, "
            "z jednym wierszem na rok i płatnika."
        )
    most = max(paid, key=lambda payer: paid[payer])
    return words.say(
        impact,
        words.COSTS,
        "Nakłady (lata {years}) wyniosły {total}; największym płatnikiem jest {payer} ({share})."
        + ("" if comparable else " To kwoty wypłacone: nie da się ich przeliczyć na ceny jednego roku."),
        years=polish.years(years[0], years[-1]),
        total=words.thousands(total),
        payer=most,
        share=words.percent(paid[most] / total),
    )


def costs_table(impact: SocialImpact) -> Table | None:
    """Return the inputs by year and payer; None where none were delivered."""
    if not impact.costs:
        return None
    rows: list[tuple[Cell, ...]] = [
        (
            str(row.year or polish.DASH), row.payer, words.thousands(row.amount, unit=""),
            words.thousands(row.indexed, unit=""), Number(row.participants),
        )
        for row in impact.costs
    ]  # fmt: skip
    prices = words.prices_of(impact)
    return Table(
        key="costs",
        title="Nakłady według roku i płatnika",
        columns=(
            Column("Rok", "left"), Column("Płatnik", "left"), Column("Wydano (tys. zł)"),
            Column("Po zmianie cen (tys. zł)"), Column("Uczestnicy"),
        ),
        rows=tuple(rows),
        note=f"Po zmianie cen: w cenach {prices}, przeliczone wskaźnikiem cen." if prices else "",
        **words.origin(impact, *words.COSTS),
    )  # fmt: skip


def cost_per_summary(impact: SocialImpact) -> Statement | None:
    """Return what one lasting outcome cost beyond those that would have come anyway, or why this is not known."""
    net = [row for row in impact.cost_per if row.basis == "net"]
    if not net:
        return None
    row = next((row for row in net if row.cost.shown), None)
    if row is None:
        return words.say(
            impact, words.COST_PER,
            "Kosztu jednego trwałego rezultatu, którego nie byłoby bez wsparcia, nie podajemy: {why}.",
            why=words.because(row.reason for row in net),
        )  # fmt: skip
    text, parts = words.spread("cost", row.cost, words.money)
    return words.say(
        impact,
        words.COST_PER,
        f"Na jedną osobę z trwałym rezultatem „{{name}}” przypada {text} nakładów, licząc tylko różnicę wobec osób bez "
        f"wsparcia. {_TWICE}",
        name=polish.lower_first(names.short(impact, row.outcome)),
        **parts,
    )


def cost_per_table(impact: SocialImpact) -> Table | None:
    """Return the cost of one lasting outcome, gross and net; None where costs were not delivered."""
    if not impact.cost_per:
        return None
    return Table(
        key="cost_per",
        title="Nakłady na jeden trwały rezultat",
        columns=(
            Column("Rezultat", "left"), Column("Kogo policzono", "left"), Column("Nakłady (zł)"), Column("od"),
            Column("do"), Column("Na uczestnika (zł)"),
        ),
        rows=tuple(_cost(impact, row) for row in impact.cost_per),
        note=words.note(
            "Trwały: utrzymuje się 12 miesięcy po wyjściu. „Wszystkie osoby”: także te, które miały rezultat już na "
            "wejściu albo osiągnęłyby go bez wsparcia. „od” i „do”: przedział wynikający z niepewności odsetka. "
            + _TWICE,
            (row.reason for row in impact.cost_per),
        ),
        **words.origin(impact, *words.COST_PER),
    )  # fmt: skip


def _cost(impact: SocialImpact, row: CostPer) -> tuple[Cell, ...]:
    return (
        names.short(impact, row.outcome),
        _BASIS.get(row.basis, row.basis),
        *words.cells(row.cost, lambda v: words.money(v, unit=""), reason=row.reason),
        words.money(row.per_participant, unit=""),
    )


def inaction_summary(impact: SocialImpact) -> Statement | None:
    """Return what doing nothing would cost; None where nobody delivered it."""
    known = [row for row in impact.inaction if row.cost is not None]
    if not known:
        return None
    return words.say(
        impact,
        ["impact_costs", "impact_map", "price_index"],
        "Koszt zaniechania: według założeń wsparcie pozwala uniknąć wydatków w wysokości {avoided}; bez wsparcia "
        "te same pozycje kosztowałyby razem {cost}. To założenie ośrodka, a nie pomiar (stopień {grade} z {best}). "
        "Unikniętych wydatków nie należy dodawać do wartości z mapy oddziaływania: mogą to być te same kwoty.",
        cost=words.thousands(sum(row.cost or 0.0 for row in known)),
        avoided=words.thousands(sum(row.avoided or 0.0 for row in known)),
        grade=Number(scale.ASSUMED),
        best=Number(max(impact.grades, default=scale.RANDOMISED)),
    )


def inaction_table(impact: SocialImpact) -> Table | None:
    """Return the cost of doing nothing, item by item; None where nobody delivered it."""
    if not impact.inaction:
        return None
    return Table(
        key="inaction",
        title="Koszt zaniechania",
        columns=(
            Column("Wydatek", "left"), Column("Płatnik", "left"), Column("Osoby"), Column("Lata"),
            Column("Koszt (tys. zł)"), Column("Do uniknięcia (tys. zł)"), Column("Skąd dane", "left"),
        ),
        rows=tuple(
            (
                row.item, row.payer, Number(row.persons), Number(row.years, digits=1),
                words.thousands(row.cost, unit=""), words.thousands(row.avoided, unit=""), row.source or "nie podano",
            )
            for row in impact.inaction
        ),
        note="Koszty zdyskontowane. Do uniknięcia: część, której według założeń można uniknąć, gdy działa wsparcie.",
        **words.origin(impact, "impact_costs", "impact_map", "price_index"),
    )  # fmt: skip
