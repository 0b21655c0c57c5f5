"""Whether the two groups are alike enough to be compared: how likely each was to take part."""

from __future__ import annotations

from ropsanalysis.present import histograms
from ropsanalysis.present.blocks import Column, Figure, Number, Statement, Table
from ropsanalysis.present.social_impact import words
from ropsanalysis.present.social_impact.attribution import compares
from ropsanalysis.social_impact.view import SocialImpact


def balance_summary(impact: SocialImpact) -> Statement:
    """Return what the figures on the likeness of the groups are about, or why there are none."""
    row = impact.comparison
    if row is None or row.verdict == "no_comparison":
        return words.say(impact, words.PERSONS, "Nie ma drugiej grupy, z którą można by porównać uczestników.")
    if not impact.balance and not impact.overlap:
        return words.say(
            impact, words.PERSONS, "Cech obu grup nie podajemy, bo osób jest zbyt mało albo trzeba chronić ich dane."
        )
    return words.say(
        impact,
        words.PERSONS,
        "Porównanie jest tyle warte, ile podobieństwo grup na wejściu. Wagi mogą wyrównać tylko cechy, które "
        "zmierzono; o pozostałych mówi tabela powyżej."
        if compares(impact)
        else "Grupy różnią się na wejściu tak bardzo, że różnic między nimi po wsparciu nie szacujemy.",
    )


def overlap_figure(impact: SocialImpact) -> Figure | None:
    """Return how the probability of taking part is spread in both groups; None where it is not known."""
    bins = [
        histograms.Bin(row.low, row.high, 100 * row.participant, 100 * row.comparison)
        for row in impact.overlap
        if row.low is not None and row.high is not None and row.participant is not None and row.comparison is not None
    ]
    if not bins:
        return None
    own, other = max(bins, key=lambda b: b.share), max(bins, key=lambda b: b.other)
    share = None if impact.comparison is None else impact.comparison.overlap
    text = (
        f"Uczestników najwięcej ({Number(own.share, digits=1, unit='%').text}) jest w przedziale "
        f"{_span(own)}, osób z grupy porównawczej ({Number(other.other, digits=1, unit='%').text}) – w "
        f"przedziale {_span(other)}."
    )
    like = "" if share is None else f" Podobne osoby w grupie porównawczej ma {words.percent(share).text} uczestników."
    return Figure(
        key="overlap",
        title="Podobieństwo grup: prawdopodobieństwo udziału we wsparciu",
        svg=histograms.mirrored(
            bins,
            key="overlap",
            across="prawdopodobieństwo udziału obliczone z cech na wejściu",
            up="% osób w grupie",
            names=("uczestnicy (w górę)", "grupa porównawcza (w dół)"),
        ),
        alt=f"Dwa histogramy po obu stronach osi. {text}{like}",
        description=f"{text}{like} Im bardziej oba rozkłady się pokrywają, tym pewniejsze jest porównanie.",
        data=Table(
            key="overlap_data",
            title="Prawdopodobieństwo udziału w grupach (%)",
            columns=(Column("Przedział", "left"), Column("Uczestnicy (%)"), Column("Grupa porównawcza (%)")),
            rows=tuple((_span(b), Number(b.share, digits=1), Number(b.other, digits=1)) for b in bins),
            synthetic=impact.made_up(*words.PERSONS),
        ),
        source=words.source(impact, *words.PERSONS),
    )


def _span(b: histograms.Bin) -> str:
    return f"{words.plain(b.low).text}–{words.plain(b.high).text}"
