"""The composite index of the sector: the voivodeship among the others, and its powiats."""

from __future__ import annotations

from typing import Any, Final

from ropsanalysis.present import bars, figures, maps, polish
from ropsanalysis.present.blocks import Cell, Column, Figure, Number, Statement, Table
from ropsanalysis.present.figures import Interval
from ropsanalysis.present.maps import Shapes
from ropsanalysis.present.social_economy import words
from ropsanalysis.regions import REGIONS
from ropsanalysis.social_economy.records import Condition
from ropsanalysis.social_economy.view import SocialEconomy

DIMENSION: Final = {
    "vitality": "Żywotność",
    "employment": "Zatrudnienie",
    "reintegration": "Reintegracja",
    "finances": "Finanse",
    "reach": "Zasięg",
}
_NAMES: Final = {region.teryt: region for region in REGIONS}
_NOT_SHOWN: Final = Statement(
    "Wskaźnika złożonego nie wyznaczono: rejestry nie obejmują wszystkich województw albo brakuje zbyt wielu "
    "wskaźników."
)


def voivodeships(economy: SocialEconomy) -> list[Condition]:
    """Return the index of all voivodeships that have one, the best first."""
    found = [c for c in economy.conditions.values() if c.level == "voivodeship" and c.score is not None]
    return sorted(found, key=lambda c: (c.rank.value or 0.0, c.teryt))


def powiats(economy: SocialEconomy) -> list[Condition]:
    """Return the index of the voivodeship's powiats that have one, the best first."""
    found = [c for c in economy.conditions.values() if c.level == "powiat" and c.score is not None]
    return sorted(found, key=lambda c: (-(c.score or 0.0), c.teryt))


def dimensions(condition: Condition) -> dict[str, float]:
    """Return the scores (0-100) of the dimensions that are known, in their order."""
    found = {key: getattr(condition, key) for key in DIMENSION}
    return {key: value for key, value in found.items() if value is not None}


def condition_summary(economy: SocialEconomy) -> Statement:
    """Return where the voivodeship stands, how sure that is, and what is strong and weak."""
    own = economy.condition()
    if own is None or own.score is None:
        return _NOT_SHOWN
    scores = dimensions(own)
    parts: dict[str, Any] = {"score": Number(own.score, digits=1), "n": Number(own.n)}
    text = (
        "Wskaźnik złożony kondycji sektora wynosi {score} na 100 punktów, co daje "
        f"{polish.rank(_whole(own.rank.value))}{polish.NBSP}miejsce wśród {{n}} województw. Przy innych, równie "
        "uzasadnionych sposobach liczenia województwo zajmuje zwykle "
        f"{words.places(own.rank)}{polish.NBSP}miejsce."
    )
    if len(scores) > 1:
        best, worst = max(scores, key=lambda k: scores[k]), min(scores, key=lambda k: scores[k])
        text += (
            f" Najwięcej punktów województwo ma w wymiarze „{DIMENSION[best].lower()}” ({{best}}), a najmniej w "
            f"wymiarze „{DIMENSION[worst].lower()}” ({{worst}}). Punkty wymiaru pokazują tylko, jak województwo wypada "
            "w nim na tle innych województw."
        )
        parts |= {"best": Number(scores[best], digits=1), "worst": Number(scores[worst], digits=1)}
    return words.say(economy, words.CONDITION, text, **parts)


def condition_figure(economy: SocialEconomy) -> Figure | None:
    """Return the places of all voivodeships with their intervals; None without an index."""
    ranked = voivodeships(economy)
    if len(ranked) < 2:
        return None
    rows = [
        Interval(
            _NAMES[c.teryt].name, c.rank.value or 0.0, c.rank.low or 0.0, c.rank.high or 0.0,
            "region" if c.teryt == economy.region.teryt else "other",
        )
        for c in ranked
    ]  # fmt: skip
    told = [f"{_NAMES[c.teryt].name} {polish.rank(_whole(c.rank.value))} ({words.places(c.rank)})" for c in ranked]
    return Figure(
        key="condition_figure",
        title="Miejsce województw według wskaźnika złożonego kondycji sektora",
        svg=figures.intervals(rows, key="condition_figure", label="miejsce i przedział miejsc (1 – najlepsze)"),
        alt=f"Miejsca {len(ranked)} województw z przedziałami. Województwo {economy.region.name}: "
        + (f"{words.places(economy.conditions[economy.region.teryt].rank)}" if economy.condition() else polish.DASH),
        description="Miejsce i przedział miejsc: " + "; ".join(told) + ".",
        data=_table(economy, ranked, key="condition_figure_data", title="Miejsca i punkty województw"),
        source=words.source(economy, *words.CONDITION),
        note="Kreska: przedział, w którym mieści się co najmniej 90% miejsc przy innych sposobach normalizacji, "
        "agregacji i ważenia oraz po pominięciu pojedynczych wskaźników. Gdy przedziały zachodzą na siebie, kolejności "
        "nie można uznać za pewną.",
    )


def condition_table(economy: SocialEconomy) -> Table | None:
    """Return the dimensions of the voivodeships; None without an index."""
    ranked = voivodeships(economy)
    if not ranked:
        return None
    return _table(
        economy,
        ranked,
        key="condition",
        title="Wskaźnik złożony kondycji sektora i jego wymiary",
        note="Punkty od 0 do 100: w każdym wskaźniku 0 otrzymuje województwo najsłabsze, a 100 najlepsze. „od” i „do”: "
        "przedział miejsc. Kreska: wymiaru nie wyznaczono.",
    )


def _table(
    economy: SocialEconomy, rows: list[Condition], *, key: str, title: str, note: str = "", powiat: bool = False
) -> Table:
    place = "W województwie" if powiat else "Miejsce"
    return Table(
        key=key,
        title=title,
        columns=(
            Column("Powiat" if powiat else "Województwo", "left"),
            Column("Punkty"),
            Column(place),
            *((Column("W kraju"),) if powiat else ()),
            Column("od"),
            Column("do"),
            *(Column(name) for name in DIMENSION.values()),
        ),
        rows=tuple(_row(economy, c, powiat=powiat) for c in rows),
        note=note,
        highlight=tuple(i for i, c in enumerate(rows) if c.teryt == economy.region.teryt),
        **words.origin(economy, *words.CONDITION),
    )


def _row(economy: SocialEconomy, condition: Condition, *, powiat: bool) -> tuple[Cell, ...]:
    name = words.unit(economy, condition.teryt) if powiat else _NAMES[condition.teryt].name
    own = (Number(condition.rank_region),) if powiat else ()
    return (
        name,
        Number(condition.score, digits=1),
        *own,
        Number(condition.rank.value),
        Number(condition.rank.low),
        Number(condition.rank.high),
        *(Number(getattr(condition, key), digits=0) for key in DIMENSION),
    )


def parts_table(economy: SocialEconomy) -> Table | None:
    """Return the indicators the index is made from, with the voivodeship's values; None without an index."""
    if economy.condition() is None:
        return None
    rows = []
    for indicator in economy.condition_indicators:
        value = economy.condition_values.get((economy.region.teryt, indicator.key))
        percent = indicator.unit == "%"
        number = None if value is None else value.value
        rows.append(
            (
                f"{indicator.name} (%)" if percent else indicator.name,
                DIMENSION[indicator.dimension],
                "więcej" if indicator.direction == "higher" else "mniej",
                Number(
                    None if number is None else round(100 * number, 6) if percent else number,
                    digits=indicator.digits,
                    missing="" if value is None else words.HIDDEN.get(value.reason, ""),
                ),
            )
        )
    return Table(
        key="condition_parts",
        title="Z czego składa się wskaźnik złożony",
        columns=(
            Column("Wskaźnik", "left"),
            Column("Wymiar", "left"),
            Column("Lepiej", "left"),
            Column("Wartość w województwie"),
        ),
        rows=tuple(rows),
        note="Lepiej: czy za korzystniejszą uznano wartość większą, czy mniejszą."
        + words.explained(v.reason for v in economy.condition_values.values() if v.teryt == economy.region.teryt),
        **words.origin(economy, *words.CONDITION),
    )


def powiat_condition_summary(economy: SocialEconomy) -> Statement:
    """Return which powiats have the highest and the lowest index, and how sure their places are."""
    ranked = powiats(economy)
    if len(ranked) < 2:
        return Statement("Wskaźnika złożonego powiatów nie wyznaczono: brakuje zbyt wielu wskaźników.")
    best, worst = ranked[0], ranked[-1]
    width = [(c.rank.high or 0.0) - (c.rank.low or 0.0) + 1 for c in ranked]
    return words.say(
        economy,
        words.CONDITION,
        f"Najwyższy wskaźnik wśród powiatów województwa: {words.powiat(economy, best.teryt)} ({{best}} pkt), "
        f"najniższy: {words.powiat(economy, worst.teryt)} ({{worst}} pkt). Przedział miejsc w kraju obejmuje "
        "przeciętnie {width} z {n} miejsc, dlatego warto porównywać grupy powiatów, a nie powiaty na sąsiednich "
        "miejscach.",
        best=Number(best.score, digits=1),
        worst=Number(worst.score, digits=1),
        width=Number(sum(width) / len(width)),
        n=Number(best.n),
    )


def powiat_condition_figure(economy: SocialEconomy, shapes: Shapes | None = None) -> Figure | None:
    """Return the index of the powiats as a map where outlines are given, else as ranked points; None without any.

    Parameters
    ----------
    shapes
        Outlines of the powiats by code.
    """
    ranked = powiats(economy)
    if not ranked:
        return None
    values = {c.teryt: c.score or 0.0 for c in ranked}
    names = {c.teryt: words.unit(economy, c.teryt) for c in ranked}
    told = "; ".join(f"{names[code]} {polish.number(value, digits=1)}" for code, value in values.items())
    on_map = shapes is not None and all(code in shapes for code in values)
    key = "powiat_condition_figure"
    if shapes is not None and on_map:
        svg = maps.draw_units(values, key=key, digits=0, unit="punkty (0–100)", shapes=shapes)
    else:
        svg = bars.ranked(
            [bars.Bar(names[c.teryt], c.score or 0.0) for c in ranked], key=key, label="punkty (0–100)", digits=1
        )
    best, worst = ranked[0], ranked[-1]
    return Figure(
        key=key,
        title="Wskaźnik złożony kondycji sektora w powiatach",
        svg=svg,
        alt=f"Punkty {len(ranked)} powiatów: najwięcej {names[best.teryt]} ({_points(best)}), najmniej "
        f"{names[worst.teryt]} ({_points(worst)}).",
        description=f"Punkty od najwyższych: {told}.",
        data=_table(economy, ranked, key="powiat_condition_data", title="Wskaźnik złożony w powiatach", powiat=True),
        source=words.source(economy, *words.CONDITION),
        note="Powiaty porównano ze wszystkimi powiatami w kraju, dla których są dane. W danych wykresu „od” i „do” to "
        "przedział miejsc w kraju, a kreska oznacza wymiar bez wyniku: odpowiedziało zbyt mało podmiotów."
        + (" Wartości najmniejszych powiatów, które nie mieszczą się na mapie, podaje tabela." if on_map else ""),
        label="Mapa" if on_map else "Wykres",
    )


def _points(condition: Condition) -> str:
    return Number(condition.score, digits=1).text


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
