"""What a złoty brought: the impact map with its results, value by year and by stakeholder, and what it overclaims."""

from __future__ import annotations

from typing import Any, Final

from ropsanalysis.present import bars, polish
from ropsanalysis.present.blocks import Cell, Column, Figure, Number, Points, Statement, Table
from ropsanalysis.present.social_impact import names, words
from ropsanalysis.present.social_impact.missing import missing
from ropsanalysis.social_impact.records import MapLine, Overclaim, ValueSummary
from ropsanalysis.social_impact.view import SocialImpact

_CHECK: Final = {
    "no_source": "Cena bez źródła",
    "counted_twice": "Rezultat policzony więcej niż raz",
    "no_deadweight": "Nie podano, ile zmieniłoby się bez wsparcia (efekt jałowy); wiersza nie wliczono do wartości",
    "too_long": "Czas trwania dłuższy, niż ktokolwiek obserwował",
    "one_line": "Wynik zależy głównie od jednego wiersza",
    "no_range": "Brak granic założeń, więc niepewność jest większa, niż pokazuje przedział",
    "unmeasured": "Wiersz podano jako zmierzony, a nie ma pomiaru z grupą porównawczą, na którym mógłby się oprzeć",
}


def shown_summary(impact: SocialImpact) -> ValueSummary | None:
    """Return the result of the impact map where there is a ratio to show."""
    found = impact.summary
    return found if found is not None and found.ratio.shown else None


def ratio_in_words(row: ValueSummary) -> tuple[str, dict[str, Any]]:
    """Return the piece of a template that says what falls to one złoty of inputs, and its numbers."""
    text, parts = words.spread("ratio", row.ratio, words.ratio)
    return "na 1\u00a0zł nakładów przypada " + text.replace("{ratio}", "{ratio} wartości", 1), {
        **parts, "ratio": words.ratio(row.ratio.value, unit="zł")
    }  # fmt: skip


def value_summary(impact: SocialImpact) -> Points | Statement:
    """Return inputs, value and ratio with its interval, and what the ratio rests on."""
    row = impact.summary
    if row is None or row.reason == "no_data" or not impact.has_map():
        return missing("impact_map")
    if not row.ratio.shown:
        return words.say(
            impact, words.MAP, "Wartości przypadającej na złotówkę nakładów nie podajemy: {why}.",
            why=words.because([row.reason]),
        )  # fmt: skip
    text, parts = ratio_in_words(row)
    found = [
        words.say(
            impact,
            words.MAP,
            f"Z rachunku wynika, że {text}. Nakłady: {{inputs}}; wartość: {{value}} (ceny z {{year}}\u00a0r., stopa "
            "dyskontowa {rate}).",
            tone="lead",
            inputs=words.thousands(row.inputs),
            value=words.thousands(row.present_value),
            year=str(row.price_year or polish.DASH),
            rate=words.percent(row.rate),
            **parts,
        ),
        _payback(impact, row),
        _biggest(impact, row),
        Statement(
            "To rachunek, a nie pomiar: udziały, ceny i czasy trwania są założeniami z mapy oddziaływania. Wskaźników "
            "z różnych rachunków nie należy ze sobą porównywać."
        ),
    ]
    return Points(tuple(statement for statement in found if statement is not None))


def _payback(impact: SocialImpact, row: ValueSummary) -> Statement | None:
    if row.payback_years is None:
        return words.say(impact, words.MAP, "W okresie objętym rachunkiem wartość nie zrównuje się z nakładami.")
    return words.say(
        impact, words.MAP, "Wartość zrównuje się z nakładami po {years} od wsparcia.",
        years=Number(row.payback_years, digits=1, unit="roku"),
    )  # fmt: skip


def _biggest(impact: SocialImpact, row: ValueSummary) -> Statement | None:
    if row.biggest_share is None:
        return None
    rest = "" if row.without_biggest is None else "; bez niego na 1\u00a0zł przypadałoby {without}"
    return words.say(
        impact,
        words.MAP,
        f"Największą część wartości ({{share}}) daje rezultat „{{line}}”{rest}.",
        share=words.percent(row.biggest_share),
        line=polish.lower_first(names.line(impact, row.biggest_line)),
        without=words.ratio(row.without_biggest, unit="zł"),
    )


def overclaims(impact: SocialImpact) -> Points | None:
    """Return what the impact map claims too much of, as a list of remarks; None where there is no map."""
    if not impact.has_map():
        return None
    if not impact.overclaims:
        return Points((words.say(impact, words.MAP, "Próby kontrolne nie wykryły w mapie oddziaływania zawyżeń."),))
    return Points(tuple(_remark(impact, code) for code in dict.fromkeys(row.code for row in impact.overclaims)))


def _remark(impact: SocialImpact, code: str) -> Statement:
    rows = [row for row in impact.overclaims if row.code == code]
    where = polish.listing(dict.fromkeys(_about(impact, row) for row in rows if row.line))
    tail = f": {where}" if where else ""
    return words.say(impact, words.MAP, f"Uwaga do mapy. {_CHECK.get(code, code)}{{tail}}.", tone="bad", tail=tail)


def _about(impact: SocialImpact, row: Overclaim) -> str:
    name = f"„{polish.lower_first(names.line(impact, row.line))}”"
    years = row.found.split(" > ") if row.code == "too_long" else []
    if len(years) != 2 or years[1] == "?":
        return name
    claimed, observed = (year.replace(".", ",") for year in years)
    return f"{name} (lata: przyjęto {claimed}, obserwowano {observed})"


def map_table(impact: SocialImpact) -> Table | None:
    """Return the lines of the impact map with their values; None without a map."""
    if not impact.has_map():
        return None
    rows: list[tuple[Cell, ...]] = [
        (
            row.outcome, row.stakeholder, Number(row.quantity), words.money(row.proxy_value, unit=""),
            str(row.price_year or polish.DASH), words.money(row.proxy_indexed, unit=""),
            Number(row.duration_years, digits=1), words.thousands(row.impact, unit=""),
            words.thousands(row.present_value, unit=""), words.percent(row.share, unit=""),
        )
        for row in impact.map_lines
    ]  # fmt: skip
    year = impact.summary.price_year if impact.summary else None
    return Table(
        key="map",
        title="Mapa oddziaływania: rezultaty i ich wartość",
        columns=(
            Column("Rezultat", "left"), Column("Dla kogo", "left"), Column("Ile rocznie"), Column("Cena (zł)"),
            Column("Rok cen"), Column("Po zmianie cen (zł)"), Column("Lata"), Column("Rok 1 (tys. zł)"),
            Column("Razem (tys. zł)"), Column("Udział (%)"),
        ),
        rows=tuple(rows),
        note="Cena: wartość pieniężna jednej jednostki rezultatu na rok, przeliczona wskaźnikiem cen"
        + (f" na ceny z {year}\u00a0r." if year else ".")
        + " Rok 1: po odjęciu efektu jałowego, wyparcia i wkładu innych. Razem: wszystkie lata po zdyskontowaniu.",
        **words.origin(impact, *words.MAP),
    )  # fmt: skip


def assumptions_table(impact: SocialImpact) -> Table | None:
    """Return the shares, the source of the price and the evidence of each line; None without a map."""
    if not impact.has_map():
        return None
    return Table(
        key="assumptions",
        title="Mapa oddziaływania: założenia i ich podstawa",
        columns=(
            Column("Rezultat", "left"), Column("Efekt jałowy (%)"), Column("Wyparcie (%)"), Column("Wkład innych (%)"),
            Column("Zanikanie (%)"), Column("Podstawa", "left"), Column("Skąd cena", "left"),
        ),
        rows=tuple(_assumed(row) for row in impact.map_lines),
        note="Efekt jałowy (deadweight): co zaszłoby i bez wsparcia. Wyparcie (displacement): co stało się kosztem "
        "innych. Wkład innych (attribution): za co odpowiadają inne działania. Zanikanie (drop-off): o ile rezultat "
        "słabnie co rok po pierwszym roku.",
        **words.origin(impact, "impact_map"),
    )  # fmt: skip


def _assumed(row: MapLine) -> tuple[Cell, ...]:
    shares = (row.deadweight, row.displacement, row.attribution, row.drop_off)
    price = "; ".join(filter(None, (row.proxy, row.proxy_source))) or "nie podano"
    return (
        row.outcome,
        *(Number(words.percent(s, unit="").value, digits=0, missing="nie podano") for s in shares),
        names.RESTS_ON.get(row.evidence, row.evidence or "nie podano"),
        price,
    )


def value_years_table(impact: SocialImpact) -> Table | None:
    """Return the value by year after the support; None where nothing was computed."""
    rows = sorted((row for row in impact.value_years if row.value is not None), key=lambda row: row.year or 0)
    if not rows:
        return None
    return Table(
        key="value_years",
        title="Wartość w kolejnych latach po wsparciu",
        columns=(
            Column("Rok po wsparciu", "left"), Column("Wartość (tys. zł)"), Column("Po zdyskontowaniu (tys. zł)"),
        ),
        rows=tuple(
            (str(row.year), words.thousands(row.value, unit=""), words.thousands(row.discounted, unit=""))
            for row in rows
        ),
        **words.origin(impact, *words.MAP),
    )  # fmt: skip


def stakeholders_figure(impact: SocialImpact) -> Figure | None:
    """Return whose value it is; None where nothing was computed."""
    rows = sorted((row for row in impact.stakeholders if row.share is not None), key=lambda row: -(row.share or 0.0))
    if not rows:
        return None
    told = "; ".join(
        f"{row.stakeholder} {words.percent(row.share).text} ({words.thousands(row.present_value).text})" for row in rows
    )
    return Figure(
        key="stakeholders",
        title="Czyja to wartość: udział w wartości razem",
        svg=bars.ranked(
            [bars.Bar(polish.capital(row.stakeholder), 100 * (row.share or 0.0)) for row in rows],
            key="stakeholders", label="% wartości", digits=1,
        ),
        alt=f"Udziały w wartości: {told}.",
        description=f"Wartość przypada na: {told}.",
        data=Table(
            key="stakeholders_data",
            title="Wartość według interesariuszy",
            columns=(Column("Dla kogo", "left"), Column("Wartość (tys. zł)"), Column("Udział (%)")),
            rows=tuple(
                (
                    polish.capital(row.stakeholder), words.thousands(row.present_value, unit=""),
                    words.percent(row.share, unit=""),
                )
                for row in rows
            ),
            synthetic=impact.made_up(*words.MAP),
        ),
        source=words.source(impact, *words.MAP),
    )  # fmt: skip
