"""The money of all projects side by side."""

from __future__ import annotations

from ropsanalysis.national_summary.records import MoneyRow
from ropsanalysis.national_summary.view import NationalSummary
from ropsanalysis.present import figures, polish
from ropsanalysis.present.blocks import Column, Figure, Number, Statement, Table
from ropsanalysis.present.national_summary import words
from ropsanalysis.present.origin import origin, say
from ropsanalysis.regions import POLAND, by_teryt


def money_summary(summary: NationalSummary) -> Statement | None:
    """Say how much of the money of all projects is spent, beside what was planned to be spent by now."""
    total = summary.money_sum
    if total is None or total.spent is None or not total.budget or total.planned is None:
        return None
    return say(
        summary, (words.MONITORING,),
        "Z budżetów wszystkich projektów ({budget} mln zł) wydano {spent} mln zł, czyli {share}; plan na ten dzień "
        "wynosił {planned} mln zł ({planned_share}).",
        budget=words.millions(total.budget), spent=words.millions(total.spent),
        share=words.percent(total.share_spent), planned=words.millions(total.planned),
        planned_share=words.percent(total.planned / total.budget),
    )  # fmt: skip


def money_table(summary: NationalSummary) -> Table | None:
    """Return budget, plan, payments and earned value of each project."""
    rows = {row.teryt: row for row in summary.money}
    if not rows:
        return None
    return Table(
        key="money",
        title="Budżety projektów: plan, wydatki i prognoza (mln zł)",
        columns=(
            Column("Województwo", "left"),
            *(Column(label) for label in (
                "Budżet", "Plan na dziś", "Wydano", "% budżetu", "Wskaźnik kosztów", "Wskaźnik terminów",
                "Wydatki w obecnym tempie", "Niewykorzystane",
            )),
        ),
        rows=tuple(
            (polish.capital(summary.name(code)), *_cells(rows.get(code)))
            for code in (*(region.teryt for region in summary.regions), POLAND.teryt)
        ),
        note="Plan na dziś: wydatki zaplanowane do dnia, który opisują dane. Wskaźnik kosztów: wartość wykonanych prac "
        "podzielona przez wydatki; wskaźnik terminów: wartość wykonanych prac podzielona przez plan. Wartość większa "
        "niż 1 oznacza odpowiednio wydatki mniejsze niż wartość wykonanych prac (także dlatego, że płatności następują "
        "po wykonaniu) i prace wcześniejsze, niż planowano. Wydatki w obecnym tempie: do końca projektu, jeżeli tempo "
        "z ostatnich miesięcy się utrzyma; mogą przekraczać budżet. Prognoz nie sumujemy.",
        **origin(summary, words.MONITORING),
    )  # fmt: skip


def _cells(row: MoneyRow | None) -> tuple[Number, ...]:
    reason = row.reason if row else "no_data"
    if row is None:
        return tuple(Number(None, missing=words.missing(reason)) for _ in range(8))
    return (
        words.millions(row.budget, reason),
        words.millions(row.planned, reason),
        words.millions(row.spent, reason),
        words.percent(row.share_spent, reason=reason),
        words.ratio(row.cost_index),
        words.ratio(row.schedule_index),
        Number(None if row.forecast is None else row.forecast / 1e6, digits=2),
        Number(None if row.unspent is None else row.unspent / 1e6, digits=2),
    )


def money_figure(summary: NationalSummary) -> Figure | None:
    """Draw for each project which share of its budget was planned to be spent by now, and which is."""
    rows = [row for row in summary.money if row.teryt != POLAND.teryt and row.budget and row.planned is not None
            and row.share_spent is not None]  # fmt: skip
    if not rows:
        return None
    rows.sort(key=lambda row: (-(row.share_spent or 0), row.teryt))
    shares = [(row, 100 * (row.planned or 0) / (row.budget or 1), 100 * (row.share_spent or 0)) for row in rows]
    data = Table(
        key="money_figure_data",
        title="Plan i wydatki w procentach budżetu",
        columns=(Column("Województwo", "left"), Column("plan"), Column("wydano")),
        rows=tuple(
            (polish.capital(by_teryt(row.teryt).name), words.percent(planned / 100), words.percent(spent / 100))
            for row, planned, spent in shares
        ),
        **origin(summary, words.MONITORING),
    )
    first, last = shares[0], shares[-1]
    return Figure(
        key="money_figure",
        title="Wydatki na tle planu",
        svg=figures.dumbbells(
            [figures.Change(by_teryt(row.teryt).name, planned, spent) for row, planned, spent in shares],
            key="money", label="% budżetu projektu", ends=("plan na dziś", "wydano"), joint=" – ",
        ),
        alt=(
            f"Największą część budżetu wydało województwo {by_teryt(first[0].teryt).name} "
            f"({words.percent(first[2] / 100).text}), najmniejszą {by_teryt(last[0].teryt).name} "
            f"({words.percent(last[2] / 100).text})."
        ),
        description=(
            "Dla każdego województwa dwa punkty: jaką część budżetu planowano wydać do dnia, który opisują dane, i "
            "jaką wydano. Liczby zawiera tabela danych."
        ),
        data=data,
        source=data.source,
    )  # fmt: skip
