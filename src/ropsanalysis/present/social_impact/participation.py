"""Who took part, who answered at each wave, who was lost, and how reliable the scales are."""

from __future__ import annotations

from collections.abc import Iterator
from math import nan

from ropsanalysis.present import panels, polish
from ropsanalysis.present.blocks import Cell, Column, Figure, Number, Points, Statement, Table
from ropsanalysis.present.social_impact import claims, names, words
from ropsanalysis.present.social_impact.missing import missing
from ropsanalysis.social_impact.records import Lost
from ropsanalysis.social_impact.schema import GROUPS, WAVES
from ropsanalysis.social_impact.view import SocialImpact


def participation_summary(impact: SocialImpact) -> Points | Statement:
    """Return how many persons began and how many were still seen a year after the exit."""
    if not impact.has_persons():
        return missing("impact_panel")
    found = [_began(impact), _compared(impact), _retained(impact), _lost(impact)]
    return Points(tuple(statement for statement in found if statement is not None))


def _began(impact: SocialImpact) -> Statement:
    whole = impact.took_part()
    if whole is None or whole.persons is None:
        reason = "few" if whole is None else whole.reason
        return words.say(impact, words.PERSONS, "Liczby uczestników nie podajemy: {why}.", why=words.because([reason]))
    where = "" if whole.entities is None else " w {entities}"
    return words.say(
        impact,
        words.PERSONS,
        f"Pomiarem objęto {{persons}}, które zaczęły korzystać ze wsparcia{where}.".replace(
            "które zaczęły", "która zaczęła" if whole.persons == 1 else "które zaczęły"
        ),
        persons=words.persons(whole.persons, one="osobę"),
        entities=Number(whole.entities, unit="podmiocie" if whole.entities == 1 else "podmiotach"),
    )


def _compared(impact: SocialImpact) -> Statement:
    group = impact.took_part("comparison")
    if group is None or group.reason in {"no_data", "no_comparison"}:
        return words.say(
            impact,
            words.PERSONS,
            "Grupy porównawczej nie ma: nikogo bez wsparcia nie zapytano o to samo w tych samych terminach.",
        )
    if group.persons is None:
        return words.say(
            impact, words.PERSONS, "Liczby osób w grupie porównawczej nie podajemy: {why}.",
            why=words.because([group.reason]),
        )  # fmt: skip
    return words.say(
        impact,
        words.PERSONS,
        "Grupa porównawcza liczy {persons} bez wsparcia; zapytano je o to samo w tych samych terminach.",
        persons=words.persons(group.persons, one="osobę"),
    )


def _retained(impact: SocialImpact) -> Statement | None:
    own, other = impact.retained("all"), impact.retained("all", "comparison")
    if own is None or own.share is None:
        return None
    beside = " (w grupie porównawczej {other})" if other is not None and other.share is not None else ""
    much = any("attrition" in claims.doubts(claim) for claim in impact.claimed("persons"))
    return words.say(
        impact,
        words.PERSONS,
        f"We wszystkich czterech pomiarach widziano {{own}} uczestników{beside}; pozostałych utracono."
        + (" To dużo: wynik może zależeć od tego, kto odpadł, co uwzględniono w ocenie siły dowodu." if much else ""),
        tone="bad" if much else "text",
        own=words.percent(own.share, digits=0),
        other=words.percent(None if other is None else other.share, digits=0),
    )


def _lost(impact: SocialImpact) -> Statement | None:
    rows = [row for row in impact.lost if row.group == "participant" and row.difference is not None]
    if not rows:
        return None
    most = max(rows, key=lambda row: abs(row.difference or 0.0))
    weighted = [row.difference_weighted for row in rows if row.difference_weighted is not None]
    after = "; po zastosowaniu wag żadna różnica nie przekracza {after}" if weighted else ""
    return words.say(
        impact,
        words.PERSONS,
        "Osoby widziane we wszystkich pomiarach najbardziej różnią się od wszystkich, które zaczęły, pod względem "
        f"cechy „{{trait}}” – o {{before}} odchylenia standardowego{after}.",
        trait=polish.lower_first(names.trait(impact, most.trait)),
        before=words.plain(abs(most.difference or 0.0)),
        after=words.plain(max((abs(value) for value in weighted), default=None)),
    )


def participation_table(impact: SocialImpact) -> Table | None:
    """Return persons and entities by kind of support, with the comparison group; None without a panel."""
    if not impact.has_persons():
        return None
    own = sorted((row for row in impact.participation if row.group == "participant"), key=lambda row: not row.kinds)
    other = [row for row in impact.participation if row.group == "comparison" and row.reason != "no_comparison"]
    rows: list[tuple[Cell, ...]] = [
        (names.kinds(row.kinds), words.count(row.persons, reason=row.reason),
         words.count(row.entities, reason=row.reason))
        for row in own
    ]  # fmt: skip
    rows += [
        ("Grupa porównawcza", words.count(row.persons, reason=row.reason),
         words.count(row.entities, reason=row.reason))
        for row in other
        if not row.kinds
    ]  # fmt: skip
    return Table(
        key="participation",
        title="Osoby objęte pomiarem według formy wsparcia",
        columns=(Column("Forma wsparcia", "left"), Column("Osoby"), Column("Podmioty")),
        rows=tuple(rows),
        note=words.note(
            "Osoby, które rozpoczęły wsparcie. Formy o małej liczbie osób połączono. Podmiot grupy porównawczej to "
            "urząd lub instytucja, przez którą znaleziono osoby.",
            (row.reason for row in (*own, *other)),
        ),
        **words.origin(impact, *words.PERSONS),
    )


def retention_figure(impact: SocialImpact) -> Figure | None:
    """Return the share of each group seen at each wave; None where nothing is shown."""
    groups = [group for group in GROUPS if any(_share(impact, group, wave) is not None for wave in WAVES)]
    if not groups:
        return None
    series = tuple(
        panels.Series(
            "region" if group == "participant" else "peer",
            (0.0, 1.0, 2.0, 3.0),
            tuple(nan if (share := _share(impact, group, wave)) is None else 100 * share for wave in WAVES),
        )
        for group in groups
    )
    ticks = tuple((float(place), names.WAVE[wave]) for place, wave in enumerate(WAVES))
    told = [
        f"{names.GROUP[group]}: "
        + ", ".join(f"{names.WAVE[wave]} {words.percent(_share(impact, group, wave), digits=0).text}" for wave in WAVES)
        for group in groups
    ]
    return Figure(
        key="retention",
        title="Odsetek osób, które odpowiadały w kolejnych pomiarach",
        svg=panels.panels(
            [panels.Panel("Widziani w pomiarze", "% osób, które zaczęły", 0, series, ticks, zero=True)],
            key="retention",
            names=[(s.role, names.GROUP[group]) for s, group in zip(series, groups, strict=True)],
        ),
        alt=f"Wykres liniowy dla czterech pomiarów. {polish.capital('; '.join(told))}.",
        description=" ".join(f"{polish.capital(text)}." for text in told),
        data=_retention_data(impact, groups),
        source=words.source(impact, *words.PERSONS),
    )


def _share(impact: SocialImpact, group: str, wave: str) -> float | None:
    row = impact.retained(wave, group)
    return None if row is None else row.share


def _retention_data(impact: SocialImpact, groups: list[str]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for wave in (*WAVES, "all"):
        found = [impact.retained(wave, group) for group in groups]
        rows.append(
            (
                polish.capital(names.WAVE.get(wave, "wszystkie cztery")),
                *(
                    words.percent(row.share if row else None, reason=row.reason if row else "", unit="", digits=0)
                    for row in found
                ),
            )
        )
    return Table(
        key="retention_data",
        title="Odsetek osób widzianych w pomiarze (%)",
        columns=(Column("Pomiar", "left"), *(Column(polish.capital(f"{names.GROUP[g]} (%)")) for g in groups)),
        rows=tuple(rows),
        synthetic=impact.made_up(*words.PERSONS),
    )


def lost_table(impact: SocialImpact) -> Table | None:
    """Return how those seen at all waves differ at entry from all who began; None where nothing is known."""
    groups = [g for g in GROUPS if any(r.group == g and r.difference is not None for r in impact.lost)]
    if not groups:
        return None
    found = {(row.group, row.trait): row for row in impact.lost}
    traits = dict.fromkeys(row.trait for row in impact.lost if row.group in groups)
    return Table(
        key="lost",
        title="Różnica między osobami widzianymi we wszystkich pomiarach a wszystkimi, które zaczęły",
        columns=(
            Column("Cecha na wejściu", "left"),
            *(Column(f"{_GROUPS[g]}, {when}") for g in groups for when in ("bez wag", "z wagami")),
        ),
        rows=tuple(
            (names.trait(impact, trait), *(cell for g in groups for cell in _differences(found.get((g, trait)))))
            for trait in traits
        ),
        note="W odchyleniach standardowych. Wagi przywracają skład grupy z początku: bliżej zera znaczy, że utrata "
        "osób mniej zmienia wynik.",
        **words.origin(impact, *words.PERSONS),
    )


_GROUPS = {"participant": "Uczestnicy", "comparison": "Grupa porówn."}


def _differences(row: Lost | None) -> Iterator[Cell]:
    for value in (None, None) if row is None else (row.difference, row.difference_weighted):
        yield words.plain(value, signed=True)


def reliability_table(impact: SocialImpact) -> Table | None:
    """Return how consistently the items of each scale were answered at entry; None without scales."""
    if not impact.reliability:
        return None
    return Table(
        key="reliability",
        title="Rzetelność skal na wejściu",
        columns=(
            Column("Skala", "left"), Column("Pozycje"), Column("n"), Column("Alfa"), Column("od"), Column("do"),
            Column("Omega"),
        ),
        rows=tuple(
            (
                names.long(impact, row.outcome),
                words.count(row.items),
                words.count(row.n),
                *words.cells(row.alpha, words.plain, reason=row.reason),
                words.plain(row.omega),
            )
            for row in impact.reliability
        ),
        note=words.note(
            "Alfa Cronbacha i omega McDonalda: od 0 do 1; zwykle za wystarczającą uznaje się rzetelność co najmniej "
            "0,7. „od” i „do”: przedział ufności alfy.",
            (row.reason for row in impact.reliability),
        ),
        **words.origin(impact, *words.PERSONS),
    )  # fmt: skip
