"""The theory of change as a figure: what goes in, what is done, for whom, what changed, what it is valued at."""

from __future__ import annotations

from collections.abc import Iterator
from math import fsum
from typing import Final

from ropsanalysis.present import chains, polish
from ropsanalysis.present.blocks import Cell, Column, Figure, Number, Statement, Table, cell_text
from ropsanalysis.present.social_impact import names, words
from ropsanalysis.present.social_impact.value import shown_summary
from ropsanalysis.social_impact.records import Claim
from ropsanalysis.social_impact.schema import WAVES
from ropsanalysis.social_impact.view import SocialImpact

_REMARK: Final = {
    "Nakłady": "kto płaci",
    "Działania": "formy wsparcia",
    "Uczestnicy": "kto korzysta",
    "Zmiany": "rok po wyjściu",
    "Wartość": "według rachunku",
}
#: Stage, box, what stands in it, how it is dressed.
Element = tuple[str, str, Cell, str, chains.Tone]


def theory_summary(impact: SocialImpact) -> Statement:
    """Return how to read the figure."""
    undecided = sum(tone == "open" for stage, _, _, _, tone in _elements(impact) if stage == "Zmiany")
    rest = (
        " Pola z linią przerywaną to zmiany, których pomiar nie rozstrzyga albo nie objął: tu droga jest na razie "
        "tylko założeniem."
        if undecided
        else ""
    )
    return words.say(
        impact,
        words.ALL,
        "Wykres pokazuje zakładaną drogę od nakładów do wartości. Strzałki mówią, co po czym następuje w tym "
        "założeniu; nie są dowodem, że jedno wynika z drugiego." + rest,
    )


def theory_figure(impact: SocialImpact) -> Figure:
    """Return the chain from inputs to value, each box with its number."""
    elements = list(_elements(impact))
    stages = [
        chains.Stage(
            name,
            tuple(
                chains.Box(title, " – ".join(filter(None, (cell_text(cell), text))), tone)
                for stage, title, cell, text, tone in elements
                if stage == name
            ),
            remark,
        )
        for name, remark in _REMARK.items()
    ]
    told = " ".join(
        f"{stage.name}: " + "; ".join(f"{box.title} ({box.text})" if box.text else box.title for box in stage.boxes)
        + "." for stage in stages
    )  # fmt: skip
    return Figure(
        key="theory",
        title="Zakładana droga od nakładów do wartości",
        svg=chains.chain(stages, key="theory"),
        alt=f"Pięć poziomów pól połączonych strzałkami z góry na dół. {told}",
        description=told,
        data=Table(
            key="theory_data",
            title="Elementy drogi od nakładów do wartości",
            columns=(
                Column("Poziom", "left"), Column("Element", "left"), Column("Wielkość"), Column("Uwaga", "left"),
            ),
            rows=tuple((stage, title, cell, text or polish.DASH) for stage, title, cell, text, _ in elements),
            synthetic=impact.made_up(*words.ALL),
        ),
        source=words.source(impact, *words.ALL),
        note="Kolor i słowa mówią to samo: niebieska ramka – poprawa, bordowa – pogorszenie, przerywana – nie wiadomo.",
    )  # fmt: skip


def _elements(impact: SocialImpact) -> Iterator[Element]:
    yield from _inputs(impact)
    yield from _activities(impact)
    yield from _outputs(impact)
    yield from _outcomes(impact)
    yield from _worth(impact)


def _inputs(impact: SocialImpact) -> Iterator[Element]:
    payers = dict.fromkeys(row.payer for row in impact.costs)
    for payer in payers:
        paid = [row.indexed if row.indexed is not None else row.amount for row in impact.costs if row.payer == payer]
        known = [value for value in paid if value is not None]
        yield "Nakłady", polish.capital(payer), words.thousands(fsum(known) if known else None), "", "plain"
    if not payers:
        yield "Nakłady", "Nakłady nieznane", "", "nie dostarczono danych", "open"


def _activities(impact: SocialImpact) -> Iterator[Element]:
    rows = [row for row in impact.participation if row.group == "participant" and row.kinds]
    for row in rows:
        title = names.kinds(row.kinds) if "+" not in row.kinds else names.short_kinds(row.kinds)
        persons = Number(row.persons, missing=words.HIDDEN.get(row.reason, ""),
                               unit=words.persons(row.persons).unit)  # fmt: skip
        yield "Działania", title, persons, "", "plain"
    if not rows:
        yield "Działania", "Formy wsparcia", "", "brak danych o uczestnikach", "open"


def _outputs(impact: SocialImpact) -> Iterator[Element]:
    whole = impact.took_part()
    if not impact.has_persons() or whole is None:
        yield "Uczestnicy", "Uczestnicy", "", "brak danych", "open"
        return
    yield (
        "Uczestnicy", "Rozpoczęły wsparcie",
        Number(whole.persons, missing=words.HIDDEN.get(whole.reason, ""), unit=words.persons(whole.persons).unit),
        "", "plain",
    )  # fmt: skip
    for wave, title in ((WAVES[1], "Widziane na wyjściu"), (WAVES[-1], "Widziane rok po wyjściu")):
        row = impact.retained(wave)
        if row is not None and row.share is not None:
            yield "Uczestnicy", title, words.percent(row.share, digits=0), "", "plain"


def _outcomes(impact: SocialImpact) -> Iterator[Element]:
    rows = {claim.outcome: claim for claim in impact.claimed("persons")}
    for outcome in impact.measured("person"):
        claim = rows.get(outcome.key)
        if claim is None:
            continue
        title = outcome.short
        if not claim.effect.shown:
            yield "Zmiany", title, "", words.because([claim.reason]), "open"
            continue
        amount = words.in_unit(outcome, claim.effect.value, change=True, signed=True)
        yield "Zmiany", title, amount, f"{names.CHANGED[claim.verdict]} (siła dowodu: {claim.grade or 0})", _tone(claim)
    if not rows:
        yield "Zmiany", "Zmiany u uczestników", "", "brak pomiaru", "open"


def _tone(claim: Claim) -> chains.Tone:
    tones: dict[str, chains.Tone] = {"improved": "good", "worsened": "bad", "small": "plain"}
    return tones.get(claim.verdict, "open")


def _worth(impact: SocialImpact) -> Iterator[Element]:
    summary = shown_summary(impact)
    if summary is None:
        reason = impact.summary.reason if impact.summary is not None else "no_data"
        yield "Wartość", "Wartość na 1\u00a0zł nakładów", "", words.because([reason]), "open"
        return
    yield (
        "Wartość", "Na 1\u00a0zł nakładów", words.ratio(summary.ratio.value, unit="zł"),
        f"siła dowodu: {_grade(impact)}", "plain",
    )  # fmt: skip
    for row in sorted(impact.stakeholders, key=lambda row: -(row.present_value or 0.0)):
        yield "Wartość", polish.capital(row.stakeholder), words.thousands(row.present_value), "", "plain"


def _grade(impact: SocialImpact) -> int:
    return max((claim.grade or 0 for claim in impact.claimed("value")), default=1)
