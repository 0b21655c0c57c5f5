"""The networks of a few pilots before and after, drawn side by side, with the key to their numbered entities."""

from __future__ import annotations

from typing import Final, NamedTuple

from ropsanalysis.cooperation.records import Broker, Tie
from ropsanalysis.cooperation.view import Cooperation
from ropsanalysis.present import networks, polish
from ropsanalysis.present.blocks import Cell, Column, Figure, Number, Table
from ropsanalysis.present.cooperation import names, words

#: Pilots drawn: as many as have room on one page.
_DRAWN: Final = 3
#: Highest drawing (points) that fits on a page with its caption and notes.
_TALLEST: Final = 590.0
_KEY: Final = ("powiązanie, które było i jest", "nowe", "zanikłe", "animator")
#: Most entities of a pilot that is drawn; with more of them ties cover one another.
_MOST: Final = 28


class _Drawn(NamedTuple):
    """A pilot that is drawn: its entities with their numbers, and its ties."""

    pilot: str
    entities: dict[str, tuple[int, Broker]]
    ties: list[Tie]


def _drawn(models: Cooperation) -> list[_Drawn]:
    """Return the pilots that are drawn: of those known before and after that have room, the ones with most entities."""
    found = []
    for pilot in models.pilots:
        ties, entities = [tie for tie in models.ties if tie.pilot == pilot], models.entities(pilot)
        both = any(tie.before for tie in ties) and any(tie.after for tie in ties)
        if both and len(entities) <= _MOST and networks.fits([networks.Node(0, one.x, one.y, 0) for one in entities]):
            found.append((pilot, entities, ties))
    for count in range(min(_DRAWN, len(found)), 0, -1):
        drawn = _numbered(models, sorted(found, key=lambda one: -len(one[1]))[:count])
        short = [names.short_sector(models, key) for key in models.sectors]
        circles = [_network(models, one, list(models.sectors)) for one in drawn]
        if count == 1 or networks.height(circles, sectors=short, names=_KEY) <= _TALLEST:
            return drawn
    return []


def _numbered(models: Cooperation, found: list[tuple[str, list[Broker], list[Tie]]]) -> list[_Drawn]:
    """Return the pilots with their entities numbered as on the circle, sector by sector, the animator first."""
    drawn, number = [], 0
    for pilot, entities, ties in sorted(found, key=lambda one: list(models.pilots).index(one[0])):
        ordered = sorted(entities, key=lambda one: (one.role != "animator", list(models.sectors).index(one.sector)))
        drawn.append(_Drawn(pilot, {one.entity: (number + k, one) for k, one in enumerate(ordered, 1)}, ties))
        number += len(entities)
    return drawn


def network_figure(models: Cooperation) -> Figure | None:
    """Return the networks of a few pilots before and after; None where no pilot is known at both times."""
    drawn = _drawn(models)
    if not drawn:
        return None
    sectors = list(models.sectors)
    told = " ".join(_in_words(models, one) for one in drawn)
    both = {tie.pilot for tie in models.ties}
    more = (
        f" Narysowano {len(drawn)} z {len(both)} pilotaży: te o największej liczbie podmiotów, najwyżej {_MOST}."
        if len(both) > len(drawn)
        else ""
    )
    return Figure(
        key="networks",
        title="Sieć współpracy przed wprowadzeniem modelu i po nim",
        svg=networks.networks(
            [_network(models, one, sectors) for one in drawn],
            key="networks",
            sectors=[names.short_sector(models, key) for key in sectors],
            names=_KEY,
        ),
        alt=f"Rysunki sieci ({len(drawn)}), po lewej przed wprowadzeniem modelu, po prawej po nim. {told}",
        description=told,
        data=_data(models, drawn),
        source=words.source(models, *words.NETWORK),
        note="Numery podmiotów objaśnia tabela pod rysunkiem. Kształt i wypełnienie oznaczają sektor. Rysunek nie "
        f"pokazuje siły powiązań.{more}",
    )


def _counts(one: _Drawn) -> tuple[int, int, int, int]:
    """Return ties before, ties after, new ties and ties that are gone."""
    before = sum(1 for tie in one.ties if tie.before)
    after = sum(1 for tie in one.ties if tie.after)
    new = sum(1 for tie in one.ties if tie.after and not tie.before)
    return before, after, new, before + new - after


def _network(models: Cooperation, one: _Drawn, sectors: list[str]) -> networks.Network:
    before, after, new, _ = _counts(one)
    places = {key: place for place, key in enumerate(one.entities)}
    return networks.Network(
        title=names.pilot(models, one.pilot),
        heads=(f"przed: {_ties(before)}", f"po: {_ties(after)}, w tym nowe: {new}"),
        nodes=tuple(
            networks.Node(number, row.x, row.y, sectors.index(row.sector), row.role == "animator")
            for number, row in one.entities.values()
        ),
        ties=tuple(
            networks.Tie(places[tie.source], places[tie.target], bool(tie.before), bool(tie.after)) for tie in one.ties
        ),
    )


def _ties(number: int) -> str:
    return polish.plural(number, "powiązanie", "powiązania", "powiązań")


def _in_words(models: Cooperation, one: _Drawn) -> str:
    before, after, new, gone = _counts(one)
    lost = f", zanikłe: {gone}" if gone else ""
    return (
        f"{names.pilot(models, one.pilot)} ({words.entities(len(one.entities)).text}): {_ties(before)} przed, "
        f"{_ties(after)} po, w tym nowe: {new}{lost}."
    )


def _data(models: Cooperation, drawn: list[_Drawn]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for one in drawn:
        for key, (number, row) in one.entities.items():
            tied = {
                one.entities[tie.target if tie.source == key else tie.source][0]: tie
                for tie in one.ties
                if key in (tie.source, tie.target)
            }
            before = ", ".join(str(other) for other in sorted(tied) if tied[other].before)
            after = ", ".join(str(other) for other in sorted(tied) if tied[other].after)
            rows.append((f"{number}. {row.name}", before or polish.DASH, after or polish.DASH))
    return Table(
        key="networks_data",
        title="Z kim współpracuje każdy podmiot (numery)",
        columns=(Column("Podmiot", "left"), Column("Przed modelem", "left"), Column("Po wprowadzeniu modelu", "left")),
        rows=tuple(rows),
        synthetic=models.made_up(*words.NETWORK),
    )


def entities_table(models: Cooperation) -> Table | None:
    """Return the key to the drawing: numbers, names, sectors and roles; None without a drawing."""
    drawn = _drawn(models)
    if not drawn:
        return None
    return Table(
        key="entities",
        title="Podmioty na rysunku sieci",
        columns=(
            Column("Numer i podmiot", "left"), Column("Pilotaż", "left"), Column("Sektor", "left"),
            Column("Szczebel", "left"), Column("Rola", "left"),
        ),
        rows=tuple(
            (
                f"{number}. {row.name}", names.pilot(models, one.pilot), names.short_sector(models, row.sector),
                names.LEVEL.get(row.level, row.level), names.ROLE.get(row.role, row.role),
            )
            for one in drawn
            for number, row in one.entities.values()
        ),
        **words.origin(models, *words.NETWORK),
    )  # fmt: skip


def brokers_table(models: Cooperation) -> Table | None:
    """Return the entities through which most ways between others run, the first of each pilot; None without ties."""
    found: list[Broker] = []
    for pilot in models.pilots:
        own = [row for row in models.entities(pilot) if row.betweenness is not None]
        found += sorted(own, key=lambda row: -(row.betweenness or 0.0))[:3]
    if not found:
        return None
    return Table(
        key="brokers",
        title="Podmioty, które najczęściej pośredniczą (po trzy z pilotażu)",
        columns=(
            Column("Podmiot", "left"), Column("Pilotaż", "left"), Column("Sektor", "left"), Column("Rola", "left"),
            Column("Partnerzy przed (%)"), Column("Partnerzy po (%)"), Column("Pośrednictwo (0–100)"),
            Column("Sektory w zasięgu"),
        ),
        rows=tuple(
            (
                row.name, names.pilot(models, row.pilot), names.short_sector(models, row.sector),
                names.ROLE.get(row.role, row.role), words.percent(row.degree_before, unit=""),
                words.percent(row.degree, unit=""), words.percent(row.betweenness, unit=""), Number(row.sectors),
            )
            for row in found
        ),
        note="Partnerzy: z jaką częścią pozostałych podmiotów pilotażu podmiot współpracuje. Pośrednictwo: jaka część "
        "najkrótszych dróg między innymi podmiotami prowadzi przez niego po wprowadzeniu modelu.",
        **words.origin(models, *words.NETWORK),
    )  # fmt: skip
