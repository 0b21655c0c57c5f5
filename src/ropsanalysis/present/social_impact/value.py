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
    "unmeasured": "Wiersz podano jako zmierzony, a porównanie z osobami bez wsparcia nie pokazuje poprawy albo go nie "
    "ma",
    "above_measured": "Wiersz przypisuje wsparciu więcej osób, niż dopuszcza pomiar",
    "left_out": "Wartość jest niepełna, bo pominięto wiersze z błędami",
}
#: Remarks from the gravest on, as the first page puts the gravest one.
_GRAVEST: Final = {
    "above_measured": "przypisano wsparciu więcej osób, niż dopuszcza pomiar",
    "unmeasured": "pomiar nie potwierdza rezultatu podanego jako zmierzony",
    "counted_twice": "ten sam rezultat policzono więcej niż raz",
    "too_long": "przyjęto czas trwania dłuższy, niż ktokolwiek obserwował",
    "no_deadweight": "nie podano, ile zmieniłoby się bez wsparcia",
    "no_source": "cena nie ma źródła",
    "no_range": "założenia nie mają granic",
    "one_line": "wynik zależy głównie od jednego rezultatu",
}
_CHECKED: Final = (
    "czy ceny mają źródła, czy niczego nie policzono dwa razy, czy podano, co zaszłoby bez wsparcia (efekt jałowy), "
    "czy rezultaty nie trwają dłużej, niż je obserwowano, czy wynik nie zależy od jednego wiersza, czy założenia mają "
    "granice oraz czy liczba osób nie przekracza tej, którą dopuszcza porównanie z osobami bez wsparcia"
)
_CONFIRMED: Final = (
    "Gdy rezultaty powiązane z pomiarem liczyć tylko w takiej mierze, w jakiej potwierdza je porównanie z osobami bez "
    "wsparcia (rezultat niepotwierdzony: 0 zł), na 1\u00a0zł nakładów przypada {measured} wartości."
)


_BESIDE: Final = {
    "too_long": "lata: przyjęto {0}, obserwowano {1}",
    "above_measured": "osoby netto: mapa {0}, pomiar najwyżej {1}",
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


def caveat(impact: SocialImpact, *, measured: bool = True) -> tuple[str, dict[str, Any]]:
    """Return how a sentence on the ratio goes on: what the map claims too much, what the measurement bears out.

    Parameters
    ----------
    measured
        Whether to add the ratio with the measured counterfactual.
    """
    row, lines = impact.summary, {remark.line for remark in impact.overclaims if remark.line}
    text, parts = "", dict[str, Any]()
    if row is None:
        return text, parts
    but = []
    for remark in impact.overclaims:
        if remark.code == "left_out":
            but.append("wartość jest niepełna, bo w mapie pominięto {left_out} z błędami")
            parts["left_out"] = _lines(remark)
    if lines:
        worst = next(code for code in _GRAVEST if any(remark.code == code for remark in impact.overclaims))
        but.append(
            f"do {{doubtful}} z {{lines}} rezultatów w mapie są zastrzeżenia, najpoważniejsze: {_GRAVEST[worst]}"
        )
        parts |= {"doubtful": Number(len(lines)), "lines": Number(len(impact.map_lines))}
    if but:
        text = f", ale {'; '.join(but)}"
    if measured and row.ratio_measured is not None:
        text += (
            "; gdy rezultaty powiązane z pomiarem liczyć tylko w części, którą potwierdza porównanie z osobami bez "
            "wsparcia, na 1\u00a0zł przypada {measured}"
        )
        parts["measured"] = words.ratio(row.ratio_measured, unit="zł")
    return text, parts


def below_in_words(row: ValueSummary) -> tuple[str, dict[str, Any]]:
    """Return in how many of the draws value is smaller than inputs, as a sentence without its stop, and its numbers."""
    parts: dict[str, Any] = {"draws": Number(row.draws)}
    start = "Przy innych możliwych założeniach"
    share = row.below_one or 0.0
    if share == 0:
        return f"{start} wartość w żadnym z {{draws}} przeliczeń nie jest mniejsza niż nakłady", parts
    if share == 1:
        return f"{start} wartość w każdym z {{draws}} przeliczeń jest mniejsza niż nakłady", parts
    text = f"{start} ({{draws}} przeliczeń) wartość jest mniejsza niż nakłady w {{below}} przypadków"
    return text, parts | {"below": words.rare(share)}


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
    more, numbers = caveat(impact, measured=False)
    found = [
        words.say(
            impact,
            words.MAP,
            f"Z rachunku wynika, że {text}{more}. Nakłady: {{inputs}}; wartość: {{value}} (ceny z {{year}}\u00a0r., "
            "stopa dyskontowa {rate}).",
            tone="lead",
            inputs=words.thousands(row.inputs),
            value=words.thousands(row.present_value),
            year=str(row.price_year or polish.DASH),
            rate=words.percent(row.rate),
            **parts,
            **numbers,
        ),
        _confirmed(impact, row),
        _payback(impact, row),
        _biggest(impact, row),
        Statement(
            "To rachunek, a nie pomiar: udziały, ceny i czasy trwania są założeniami z mapy oddziaływania. Wskaźników "
            "z różnych rachunków nie należy ze sobą porównywać."
        ),
    ]
    return Points(tuple(statement for statement in found if statement is not None))


def _confirmed(impact: SocialImpact, row: ValueSummary) -> Statement | None:
    if row.ratio_measured is None:
        return None
    return words.say(impact, words.MAP, _CONFIRMED, measured=words.ratio(row.ratio_measured, unit="zł"))


def _payback(impact: SocialImpact, row: ValueSummary) -> Statement | None:
    if row.payback_years is None:
        return words.say(impact, words.MAP, "W okresie objętym rachunkiem wartość nie zrównuje się z nakładami.")
    spent = sorted({cost.year for cost in impact.costs if cost.year is not None})
    when = f" z lat {polish.years(spent[0], spent[-1])}" if len(spent) > 1 else ""
    return words.say(
        impact, words.MAP,
        "Wartość zrównuje się z nakładami po {years}. Czas liczymy od początku rezultatów i przyjmujemy, że "
        f"wszystkie nakłady{when} poniesiono naraz, w tej samej chwili.",
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
        return Points((words.say(impact, words.MAP, f"Sprawdziliśmy tylko: {_CHECKED}. Uwag nie ma."),))
    remarks = [_remark(impact, code) for code in dict.fromkeys(row.code for row in impact.overclaims)]
    return Points((*remarks, words.say(impact, words.MAP, f"Sprawdziliśmy tylko: {_CHECKED}.")))


def _remark(impact: SocialImpact, code: str) -> Statement:
    rows = [row for row in impact.overclaims if row.code == code]
    where = polish.listing(dict.fromkeys(_about(impact, row) if row.line else _lines(row).text for row in rows))
    tail = f": {where}" if where else ""
    return words.say(impact, words.MAP, f"Uwaga do mapy. {_CHECK.get(code, code)}{{tail}}.", tone="bad", tail=tail)


def _lines(row: Overclaim) -> Number:
    count = int(row.found)
    return Number(count, unit=polish.plural_form(count, "wiersz", "wiersze", "wierszy"))


def _about(impact: SocialImpact, row: Overclaim) -> str:
    name = f"„{polish.lower_first(names.line(impact, row.line))}”"
    told = row.found.split(" > ") if row.code in _BESIDE else []
    if len(told) != 2 or told[1] == "?":
        return name
    claimed, observed = (number.replace(".", ",") for number in told)
    return f"{name} ({_BESIDE[row.code].format(claimed, observed)})"


def measured_table(impact: SocialImpact) -> Table | None:
    """Return persons that lines claim beside those that the comparison shows; None where it says nothing of any."""
    rows = [row for row in impact.map_lines if row.claimed is not None and row.measured.shown]
    if not rows:
        return None
    return Table(
        key="measured",
        title="Ile osób ma rezultat, którego nie byłoby bez wsparcia: mapa i pomiar",
        columns=(
            Column("Rezultat", "left"), Column("Mapa: osoby netto"), Column("Pomiar"), Column("od"), Column("do"),
            Column("Ocena", "left"),
        ),
        rows=tuple(
            (row.outcome, *(Number(n) for n in (row.claimed, *row.measured)), _agreement(row)) for row in rows
        ),
        note="Mapa: liczba osób po odjęciu tych, które miałyby rezultat i bez wsparcia (efekt jałowy). Pomiar: "
        "uczestnicy z pliku nakładów razy różnica wobec osób bez wsparcia; od i do: przedział tej różnicy. Kto "
        "korzystał ze wsparcia w dwóch latach, może być w nakładach liczony dwa razy.",
        **words.origin(impact, *words.MAP, *words.PERSONS),
    )  # fmt: skip


def _agreement(row: MapLine) -> str:
    claimed, low, high = row.claimed or 0.0, row.measured.low, row.measured.high
    if high is not None and claimed > high:
        return "mapa powyżej pomiaru"
    if not row.decided:
        return "pomiar nie rozstrzyga"
    return "mapa poniżej pomiaru" if low is not None and claimed < low else "w granicach pomiaru"


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
    prices = words.prices_of(impact)
    return Table(
        key="map",
        title="Mapa oddziaływania: rezultaty i ich wartość",
        columns=(
            Column("Rezultat", "left"), Column("Dla kogo", "left"), Column("Ile"), Column("Cena (zł)"),
            Column("Rok cen"), Column("Po zmianie cen (zł)"), Column("Lata"), Column("Rok 1 (tys. zł)"),
            Column("Razem (tys. zł)"), Column("Udział (%)"),
        ),
        rows=tuple(rows),
        note="Ile: wszystkie osoby (lub inne jednostki) z rezultatem w całym okresie nakładów, bez odejmowania tych, "
        "które miałyby go i bez wsparcia. Cena: wartość pieniężna jednej jednostki na rok, przeliczona wskaźnikiem cen"
        + (f" na ceny {prices}" if prices else ".")
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
