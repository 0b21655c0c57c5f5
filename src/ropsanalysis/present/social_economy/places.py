"""Where the entities are: powiats, gminas, and how unequal the powiats are."""

from __future__ import annotations

from math import nan

from ropsanalysis.present import bars, maps, polish
from ropsanalysis.present.blocks import Cell, Column, Figure, Number, Points, Statement, Table
from ropsanalysis.present.maps import Shapes
from ropsanalysis.present.social_economy import words
from ropsanalysis.regions import POLAND
from ropsanalysis.social_economy.records import Coverage, Gmina, Inequality, Structure, Unit
from ropsanalysis.social_economy.view import SocialEconomy

#: What a gmina is without, and what it has at least one of.
_WITHOUT = {
    "any": ("Żadnego podmiotu ekonomii społecznej", "co najmniej jeden podmiot ekonomii społecznej"),
    "reintegration": ("Jednostki reintegracyjnej", "co najmniej jedna jednostka reintegracyjna"),
    "social_enterprise": ("Przedsiębiorstwa społecznego", "co najmniej jedno przedsiębiorstwo społeczne"),
}


def ranked_powiats(economy: SocialEconomy) -> list[tuple[Unit, Structure]]:
    """Return the powiats with their entities, the densest first."""
    found = [(unit, row) for unit in economy.powiats() if (row := economy.structured(teryt=unit.teryt)) is not None]
    return sorted(found, key=lambda pair: (-(pair[1].per_10k or 0.0), pair[0].name))


def powiat_figure(economy: SocialEconomy, shapes: Shapes | None = None) -> Figure | None:
    """Return the density by powiat: a map where outlines of all powiats are given, else ranked bars."""
    powiats = ranked_powiats(economy)
    if len(powiats) < 2:
        return None
    values = {unit.teryt: nan if row.per_10k is None else row.per_10k for unit, row in powiats}
    mapped = shapes is not None and set(values) <= set(shapes)
    if shapes is not None and mapped:
        svg = maps.draw_units(values, key="powiats", digits=1, unit="podmioty na 10 tys. mieszkańców", shapes=shapes)
    else:
        svg = bars.ranked(
            [bars.Bar(unit.name, values[unit.teryt]) for unit, _ in powiats],
            key="powiats",
            label="podmioty na 10 tys. mieszkańców",
            digits=1,
            marks=_areas(economy),
        )
    first, last = powiats[0], powiats[-1]
    return Figure(
        key="powiats",
        title="Podmioty ekonomii społecznej na 10 tys. mieszkańców według powiatów",
        svg=svg,
        alt=f"{'Mapa' if mapped else 'Wykres słupkowy'} gęstości podmiotów w {len(powiats)} powiatach: najwięcej "
        f"{_named(economy, first)}, najmniej {_named(economy, last)}.",
        description="Podmioty na 10 tys. mieszkańców, od największej gęstości: "
        + "; ".join(f"{unit.name} {words.density(row.per_10k).text}" for unit, row in powiats)
        + ".",
        data=Table(
            key="powiats_data",
            title="Podmioty na 10 tys. mieszkańców",
            columns=(Column("Powiat", "left"), Column("Podmioty"), Column("Na 10 tys. mieszk.")),
            rows=tuple((unit.name, Number(row.entities), words.density(row.per_10k)) for unit, row in powiats),
            synthetic=economy.made_up(*words.DENSITY),
        ),
        source=words.source(economy, *words.DENSITY),
        note=f"Stan na {words.long_day(economy.as_of)} Podmiot liczymy w powiecie jego siedziby, choć może działać "
        "także gdzie indziej.",
        label="Mapa" if mapped else "Wykres",
    )


def _named(economy: SocialEconomy, pair: tuple[Unit, Structure]) -> str:
    return f"{words.powiat(economy, pair[0].teryt)} ({words.density(pair[1].per_10k).text})"


def _areas(economy: SocialEconomy) -> list[bars.Mark]:
    own, poland = economy.structured(), economy.structured(teryt=POLAND.teryt)
    marks = []
    if own is not None and own.per_10k is not None:
        marks.append(bars.Mark(f"woj. {economy.region.name}", own.per_10k, "region"))
    if poland is not None and poland.per_10k is not None:
        marks.append(bars.Mark("Polska", poland.per_10k, "poland"))
    return marks


def powiat_table(economy: SocialEconomy) -> Table | None:
    """Return the powiats with their entities, the confirmed ones, units of reintegration and empty gminas."""
    powiats = sorted(ranked_powiats(economy), key=lambda pair: pair[0].teryt)
    if not powiats:
        return None
    confirmed = any(row.active is not None for _, row in powiats)
    reintegration = [key for key, form in economy.forms.items() if form.reintegration]
    whole = economy.structured()
    rows = [("Województwo", economy.region.teryt, whole)] if whole is not None else []
    rows += [(unit.name, unit.teryt, row) for unit, row in powiats]
    return Table(
        key="powiats",
        title="Powiaty: podmioty ekonomii społecznej i gminy bez nich",
        columns=(
            Column("Powiat", "left"),
            Column("Podmioty"),
            Column("Na 10 tys. mieszk."),
            *((Column("Potwierdzone (%)"),) if confirmed else ()),
            Column("Jednostki reintegr."),
            Column("Przeds. społeczne"),
            Column("Gminy"),
            Column("Gminy bez podmiotu"),
        ),
        rows=tuple(
            (
                name,
                Number(row.entities),
                words.density(row.per_10k),
                *((words.percent(row.active_share, unit=""),) if confirmed else ()),
                Number(sum(_count(economy, key, teryt) for key in reintegration)),
                Number(sum(g.social_enterprises for g in _within(economy, teryt))),
                *_coverage_cells(economy, teryt),
            )
            for name, teryt, row in rows
        ),
        **words.origin(economy, *words.DENSITY),
        note=f"Stan na {words.long_day(economy.as_of)}"
        + (
            " Potwierdzone: odsetek podmiotów, których wpis zweryfikowano w ostatnich "
            f"{economy.choice('verification_months'):.0f} miesiącach."
            if confirmed
            else ""
        )
        + " Jednostki reintegracyjne: CIS, KIS, ZAZ i WTZ.",
        highlight=(0,) if whole is not None else (),
    )


def _count(economy: SocialEconomy, form: str, teryt: str) -> int:
    row = economy.structured(form, teryt)
    return 0 if row is None else row.entities


def _within(economy: SocialEconomy, teryt: str) -> list[Gmina]:
    return [gmina for gmina in economy.gminas if gmina.teryt.startswith(teryt)]


def _coverage_cells(economy: SocialEconomy, teryt: str) -> tuple[Number, Number]:
    found = economy.coverage.get((teryt, "any"))
    return Number(None if found is None else found.gminas), Number(None if found is None else found.without)


def gminas_summary(economy: SocialEconomy) -> Points | None:
    """Return in how many gminas there is no entity, no unit of reintegration, no social enterprise."""
    found = [_lacking(economy, kind) for kind in _WITHOUT]
    told = tuple(statement for statement in found if statement is not None)
    return Points(told) if told else None


def lacking(economy: SocialEconomy, kind: str) -> Coverage | None:
    """Return the coverage of the voivodeship's gminas by entities of a kind."""
    return economy.coverage.get((economy.region.teryt, kind))


def _lacking(economy: SocialEconomy, kind: str) -> Statement | None:
    coverage = lacking(economy, kind)
    if coverage is None:
        return None
    if not coverage.without:
        return words.say(
            economy,
            words.REGISTER,
            "W każdej z {all} ma siedzibę {what}.",
            tone="good",
            what=_WITHOUT[kind][1],
            all=words.gminas(coverage.gminas),
        )
    poland = economy.coverage.get((POLAND.teryt, kind))
    beside = "" if poland is None else "; w Polsce {poland}"
    inhabited = words.inhabited(coverage)
    part = _part_of_inhabitants(economy, coverage)
    return words.say(
        economy,
        words.DENSITY,
        "{what} nie ma w {without} z {all} ({share}"
        + beside
        + ")"
        + inhabited
        + (", czyli {part} ludności województwa." if inhabited and part is not None else "."),
        what=_WITHOUT[kind][0],
        without=Number(coverage.without),
        all=words.gminas(coverage.gminas),
        share=words.percent(coverage.share_without),
        people=words.persons(coverage.population_without),
        part=words.percent(part),
        poland=words.percent(None if poland is None else poland.share_without),
    )


def _part_of_inhabitants(economy: SocialEconomy, coverage: Coverage) -> float | None:
    stock = economy.stocked()
    if coverage.population_without is None or not stock or not stock[-1].population:
        return None
    return coverage.population_without / stock[-1].population


def empty_gminas(economy: SocialEconomy) -> list[Gmina]:
    """Return the gminas without any entity."""
    return [gmina for gmina in economy.gminas if not gmina.entities]


def gminas_table(economy: SocialEconomy) -> Table | None:
    """Return by powiat in how many gminas there is no entity of a kind, and which have none at all."""
    powiats = economy.powiats()
    empty = {gmina.teryt for gmina in empty_gminas(economy)}
    rows: list[tuple[Cell, ...]] = []
    for unit in powiats:
        inside = _within(economy, unit.teryt)
        covered = [economy.coverage.get((unit.teryt, kind)) for kind in _WITHOUT]
        if not any(found is not None and found.without for found in covered):
            continue
        names = [words.gmina(gmina, inside) for gmina in inside if gmina.teryt in empty]
        rows.append(
            (
                unit.name,
                Number(len(inside)),
                *(Number(None if found is None else found.without) for found in covered),
                *((", ".join(names) or polish.DASH,) if empty else ()),
            )
        )
    if not rows:
        return None
    return Table(
        key="gminas",
        title="Gminy bez podmiotów ekonomii społecznej według powiatów",
        columns=(
            Column("Powiat", "left"),
            Column("Gminy"),
            Column("Bez żadnego podmiotu"),
            Column("Bez jedn. reintegr."),
            Column("Bez przeds. społ."),
            *((Column("Gminy bez żadnego podmiotu", "left"),) if empty else ()),
        ),
        rows=tuple(rows),
        **words.origin(economy, *words.REGISTER),
        note="Liczby gmin. Pominięto powiaty, w których w każdej gminie są jednostka reintegracyjna i przedsiębiorstwo "
        "społeczne. Podmiot liczymy w gminie jego siedziby."
        + ("" if empty else " W każdej gminie województwa jest co najmniej jeden podmiot ekonomii społecznej."),
    )


def inequality_summary(economy: SocialEconomy) -> Points | None:
    """Return in plain words how unequal powiats are and how concentrated entities are; None for one powiat."""
    rows = economy.inequality.get(economy.region.teryt, ())
    if not rows or rows[-1].n < 2:
        return None
    found = [_gini(economy, rows), _concentration(economy, rows[-1]), _between(economy)]
    return Points(tuple(statement for statement in found if statement is not None))


def _gini(economy: SocialEconomy, rows: tuple[Inequality, ...]) -> Statement | None:
    first, last = rows[0], rows[-1]
    if last.gini is None:
        return None
    past = "" if first.gini is None or first.year == last.year else "; w {first}\u00a0r. wynosił {before}"
    return words.say(
        economy,
        words.DENSITY,
        "Różnice między powiatami: współczynnik Giniego gęstości podmiotów wynosi {gini}"
        + past
        + ". Zero oznaczałoby, że w każdym powiecie przypada tyle samo podmiotów na mieszkańca, a wartość bliska "
        "jedności – że wszystkie podmioty są w jednym małym powiecie.",
        gini=words.ratio(last.gini),
        before=words.ratio(first.gini),
        first=str(first.year),
    )


def _concentration(economy: SocialEconomy, last: Inequality) -> Statement | None:
    if not last.hhi or last.top_share is None:
        return None
    return words.say(
        economy,
        words.REGISTER,
        "Koncentracja: w powiecie, w którym podmiotów jest najwięcej, ma siedzibę {top} wszystkich podmiotów "
        "województwa. Koncentracja jest taka, jak gdyby podmioty rozłożono po równo na {equal} z {n} powiatów "
        "(odwrotność wskaźnika HHI, który wynosi {hhi}).",
        top=words.percent(last.top_share),
        equal=Number(1 / last.hhi, digits=1),
        n=Number(last.n),
        hhi=Number(last.hhi, digits=3),
    )


def _between(economy: SocialEconomy) -> Statement | None:
    """Return which part of Poland's inequality lies between voivodeships."""
    rows = economy.inequality.get(POLAND.teryt, ())
    if not rows:
        return None
    last = rows[-1]
    if not last.theil or last.theil_between is None:
        return None
    return words.say(
        economy,
        words.DENSITY,
        "W kraju współczynnik Giniego między powiatami wynosi {gini}. Na różnice między województwami przypada "
        "{between} nierówności mierzonej wskaźnikiem Theila, a reszta – na różnice między powiatami tych samych "
        "województw.",
        gini=words.ratio(last.gini),
        between=words.percent(last.theil_between / last.theil),
    )


def inequality_table(economy: SocialEconomy) -> Table | None:
    """Return the measures of inequality and concentration over the years; None for one powiat."""
    rows = economy.inequality.get(economy.region.teryt, ())
    if not rows or rows[-1].n < 2:
        return None
    poland = {row.year: row for row in economy.inequality.get(POLAND.teryt, ())}
    return Table(
        key="inequality",
        title="Nierówności i koncentracja podmiotów między powiatami",
        columns=(
            Column("Rok", "left"),
            Column("Gini"),
            Column("Theil"),
            Column("HHI"),
            Column("Największy powiat (%)"),
            *((Column("Polska: Gini"), Column("Polska: Theil"), Column("w tym między woj.")) if poland else ()),
        ),
        rows=tuple(
            (
                str(row.year),
                Number(row.gini, digits=3),
                Number(row.theil, digits=3),
                Number(row.hhi, digits=3),
                words.percent(row.top_share, unit=""),
                *(_country_cells(poland.get(row.year)) if poland else ()),
            )
            for row in rows
        ),
        **words.origin(economy, *words.DENSITY),
        note="Gini i Theil: nierówność liczby podmiotów na mieszkańca między powiatami, ważona liczbą mieszkańców; 0 "
        "oznacza brak różnic. HHI: suma kwadratów udziałów powiatów w liczbie podmiotów; 1 oznacza wszystkie podmioty "
        "w jednym powiecie. Największy powiat: udział powiatu, w którym podmiotów jest najwięcej.",
    )


def _country_cells(row: Inequality | None) -> tuple[Number, Number, Number]:
    if row is None:
        return Number(None), Number(None), Number(None)
    return Number(row.gini, digits=3), Number(row.theil, digits=3), Number(row.theil_between, digits=3)
