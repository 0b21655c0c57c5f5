"""How sure the ratio is: its distribution, what moves it, and at which assumptions it would be one."""

from __future__ import annotations

from typing import Final

from ropsanalysis.present import histograms, polish, tornados
from ropsanalysis.present.blocks import Column, Figure, Number, Statement, Table, cell_text
from ropsanalysis.present.social_impact import names, words
from ropsanalysis.present.social_impact.value import below_in_words, shown_summary
from ropsanalysis.social_impact.records import Tornado
from ropsanalysis.social_impact.view import SocialImpact

#: Bars of the tornado; the others move the ratio less.
_BARS: Final = 12


def uncertainty_summary(impact: SocialImpact) -> Statement:
    """Return how often the value is smaller than the inputs when assumptions vary, or why this is not known."""
    row = shown_summary(impact)
    if row is None or row.below_one is None or row.draws is None:
        reason = impact.summary.reason if impact.summary is not None else "no_data"
        return words.say(
            impact, words.MAP, "Niepewności wartości nie podajemy: {why}.", why=words.because([reason or "no_data"])
        )
    text, parts = below_in_words(row)
    return words.say(
        impact, words.MAP, f"{text}. Środkowy wynik przeliczeń to {{median}} na 1\u00a0zł nakładów.",
        median=words.ratio(row.median, unit="zł"), **parts,
    )  # fmt: skip


def distribution_figure(impact: SocialImpact) -> Figure | None:
    """Return the distribution of the ratio over all draws; None where nothing was drawn."""
    bins = [
        histograms.Bin(row.low, row.high, 100 * row.share)
        for row in impact.ratio_bins
        if row.low is not None and row.high is not None and row.share is not None
    ]
    summary = shown_summary(impact)
    if not bins or summary is None:
        return None
    text, parts = words.spread("r", summary.ratio, words.ratio)
    estimate = text.format_map({name: part.text for name, part in parts.items()})
    below, parts = below_in_words(summary)
    told = f"Wynik: {estimate}. {below.format_map({name: cell_text(part) for name, part in parts.items()})}."
    return Figure(
        key="ratio",
        title="Rozkład wartości na 1\u00a0zł nakładów przy zmiennych założeniach",
        svg=histograms.distribution(
            bins,
            key="ratio",
            across="wartość na 1\u00a0zł nakładów (zł)",
            up="% przeliczeń",
            lines=[
                histograms.Line(1.0, "1\u00a0zł: wartość równa nakładom", dashed=True),
                histograms.Line(
                    summary.ratio.value or 0.0, f"wynik rachunku: {words.ratio(summary.ratio.value, unit='zł').text}"
                ),
            ],
            split=1.0,
        ),
        alt=f"Histogram z linią przy 1\u00a0zł. {told}",
        description=f"{told} Najwięcej przeliczeń daje wynik {_span(max(bins, key=lambda b: b.share))}.",
        data=Table(
            key="ratio_data",
            title="Rozkład wartości na 1\u00a0zł nakładów",
            columns=(Column("Wartość na 1\u00a0zł", "left"), Column("Przeliczenia (%)")),
            rows=tuple((_span(b), Number(b.share, digits=1)) for b in bins),
            synthetic=impact.made_up(*words.MAP),
        ),
        source=words.source(impact, *words.MAP),
        note="Puste słupki: wartość mniejsza niż nakłady. Założenia bez podanych granic się nie zmieniają. Założenia "
        "jednego rodzaju (na przykład wszystkie ceny) zmieniają się razem we wszystkich wierszach.",
    )


def _span(b: histograms.Bin) -> str:
    return f"od {words.ratio(b.low).text} do {words.ratio(b.high).text}"


def widest(impact: SocialImpact) -> Tornado | None:
    """Return the assumption that, moved alone, changes the ratio most; None where none has a range."""
    return next((row for row, _, _ in _moves(impact)), None)


def _moves(impact: SocialImpact) -> list[tuple[Tornado, float, float]]:
    found = [
        (row, row.ratio_low, row.ratio_high)
        for row in impact.tornado
        if row.ratio_low is not None and row.ratio_high is not None
    ]
    return sorted(found, key=lambda move: -abs(move[2] - move[1]))


def tornado_figure(impact: SocialImpact) -> Figure | None:
    """Return how far the ratio moves with each assumption alone; None where no assumption has a range."""
    moves, summary = _moves(impact), shown_summary(impact)
    if not moves or summary is None:
        return None
    shown = moves[:_BARS]
    told = "; ".join(
        f"{_about(impact, row.line, row.assumption)}: od {words.ratio(low).text} do {words.ratio(high).text}"
        for row, low, high in ((row, min(a, b), max(a, b)) for row, a, b in shown)
    )
    more = (
        "" if len(moves) == len(shown) else f" Pozostałe założenia ({len(moves) - len(shown)}) zmieniają wynik mniej."
    )
    return Figure(
        key="tornado",
        title="Wartość na 1\u00a0zł nakładów, gdy zmienia się jedno założenie",
        svg=tornados.tornado(
            [
                tornados.Swing(
                    _about(impact, row.line, row.assumption), low, high,
                    "" if row.low is None else words.assumption_value(row.assumption, row.low).text,
                    "" if row.high is None else words.assumption_value(row.assumption, row.high).text,
                )
                for row, low, high in shown
            ],
            base=summary.ratio.value or 0.0,
            key="tornado",
            label="wartość na 1\u00a0zł nakładów (zł)",
            names=("najmniejsza wartość założenia", "największa wartość założenia"),
            notes="od – do",
            line=(1.0, "1\u00a0zł"),
            estimate="wynik",
        ),
        alt=f"Wynik {words.ratio(summary.ratio.value).text} przy zmianie jednego założenia: {told}.",
        description=f"Od założenia, które zmienia wynik najbardziej: {told}.{more}",
        data=_tornado_data(impact, moves),
        source=words.source(impact, *words.MAP),
        note=more.strip(),
    )  # fmt: skip


def _about(impact: SocialImpact, line: str, assumption: str) -> str:
    name = polish.capital(names.assumption(assumption))
    return f"{name} – {polish.lower_first(names.line(impact, line))}"


def _tornado_data(impact: SocialImpact, moves: list[tuple[Tornado, float, float]]) -> Table:
    return Table(
        key="tornado_data",
        title="Wynik przy najmniejszej i największej wartości założenia",
        columns=(
            Column("Założenie", "left"), Column("Rezultat", "left"), Column("Najmniej"), Column("Najwięcej"),
            Column("Wynik przy najmniej"), Column("Wynik przy najwięcej"),
        ),
        rows=tuple(
            (
                polish.capital(names.assumption(row.assumption)), names.line(impact, row.line),
                words.assumption_value(row.assumption, row.low), words.assumption_value(row.assumption, row.high),
                words.ratio(low), words.ratio(high),
            )
            for row, low, high in moves
        ),
        synthetic=impact.made_up(*words.MAP),
    )  # fmt: skip


def break_even_table(impact: SocialImpact) -> Table | None:
    """Return at which value of each assumption the ratio would be one; None where nothing was computed."""
    if not impact.break_even or shown_summary(impact) is None:
        return None
    rows = [row for row in impact.break_even if row.reachable and row.threshold is not None]
    rest = len(impact.break_even) - len(rows)
    if not rows:
        return None
    return Table(
        key="break_even",
        title="Przy jakiej wartości założenia na 1\u00a0zł nakładów przypadałby 1\u00a0zł wartości",
        columns=(
            Column("Założenie", "left"), Column("Rezultat", "left"), Column("Przyjęto"), Column("Próg"),
        ),
        rows=tuple(
            (
                polish.capital(names.assumption(row.assumption)), names.line(impact, row.line),
                words.assumption_value(row.assumption, row.value),
                words.assumption_value(row.assumption, row.threshold),
            )
            for row in rows
        ),
        note="Pozostałe założenia bez zmian."
        + (f" W {rest} przypadkach żadna możliwa wartość założenia nie daje takiego wyniku." if rest > 1 else
           " W jednym przypadku żadna możliwa wartość założenia nie daje takiego wyniku." if rest else ""),
        **words.origin(impact, *words.MAP),
    )  # fmt: skip


def drivers_table(impact: SocialImpact) -> Table | None:
    """Return which assumptions the spread of the ratio comes from; None where nothing was drawn."""
    rows = sorted(
        (row for row in impact.drivers if row.correlation is not None), key=lambda row: -abs(row.correlation or 0.0)
    )
    if not rows:
        return None
    return Table(
        key="drivers",
        title="Od których założeń zależy niepewność wyniku",
        columns=(Column("Założenie", "left"), Column("Rezultat", "left"), Column("Korelacja")),
        rows=tuple(
            (
                polish.capital(names.assumption(row.assumption)), names.line(impact, row.line),
                words.plain(row.correlation, signed=True),
            )
            for row in rows
        ),
        note="Korelacja założenia z wynikiem przeliczeń: im dalej od zera, tym więcej niepewności "
        "usunąłby jego pomiar. Założenia jednego rodzaju zmieniają się razem we wszystkich wierszach.",
        **words.origin(impact, *words.MAP),
    )  # fmt: skip
