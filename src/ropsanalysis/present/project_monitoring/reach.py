"""Where support came to: gminas reached and not, by powiat, as a map where outlines are there."""

from __future__ import annotations

from math import nan
from typing import Any, NamedTuple

from ropsanalysis.present import bars, maps, polish
from ropsanalysis.present.blocks import Column, Figure, Number, Points, Statement, Table
from ropsanalysis.present.maps import Shapes
from ropsanalysis.present.project_monitoring import words
from ropsanalysis.present.project_monitoring.missing import missing
from ropsanalysis.project_monitoring.records import UnitReach
from ropsanalysis.project_monitoring.view import ProjectMonitoring

_KIND = {"gmina miejska": "miasto", "gmina wiejska": "gmina wiejska"}


class Powiat(NamedTuple):
    """The gminas of a powiat."""

    code: str
    name: str
    subregion: str
    gminas: tuple[UnitReach, ...]

    @property
    def reached(self) -> int:
        """How many of its gminas support came to."""
        return sum(unit.reached for unit in self.gminas)

    @property
    def without(self) -> tuple[UnitReach, ...]:
        """Its gminas that support did not come to."""
        return tuple(sorted((u for u in self.gminas if not u.reached), key=lambda unit: polish.sort_key(unit.name)))


def powiats(project: ProjectMonitoring) -> list[Powiat]:
    """Return the powiats with their gminas, in the order of their names."""
    names = {row.unit: row.name for row in project.units if row.level == "powiat"}
    found: dict[str, list[UnitReach]] = {}
    for row in project.gminas():
        found.setdefault(row.powiat, []).append(row)
    listed = [
        Powiat(code, names.get(code, rows[0].name if len(rows) == 1 else code), rows[0].subregion, tuple(rows))
        for code, rows in found.items()
    ]
    return sorted(listed, key=lambda powiat: polish.sort_key(powiat.name))


def is_known(project: ProjectMonitoring) -> bool:
    """Return whether it is known which gminas support came to."""
    return project.has_indicator("supported") and bool(project.gminas())


def gmina(unit: UnitReach, others: tuple[UnitReach, ...]) -> str:
    """Return the name of a gmina, with its kind where another of the same powiat has the same name."""
    same = [other for other in others if other.unit != unit.unit and other.name == unit.name]
    return f"{unit.name} ({_KIND.get(unit.kind, unit.kind)})" if same else unit.name


def reach_summary(project: ProjectMonitoring) -> Points | Statement:
    """Return how many gminas support came to, and in which powiats it came to fewest."""
    if not is_known(project):
        return missing("project_participants", "gmin, do których wsparcie dotarło i nie dotarło")
    rows = project.gminas()
    reached = sum(row.reached for row in rows)
    without = len(rows) - reached
    parts: dict[str, Any] = {
        "reached": Number(reached), "all": words.of_gminas(len(rows)), "share": words.percent(reached / len(rows))
    }  # fmt: skip
    text = f"{words.here(project.region)} wsparcie dotarło do pracowników z {{reached}} z {{all}} ({{share}})."
    if not without:
        return words.say(project, words.PERSONS, text, tone="good", **parts)
    worst = [p for p in powiats(project) if p.without and len(p.gminas) > 1]
    worst.sort(key=lambda p: (-len(p.without), p.name))
    found = [words.say(project, words.PERSONS, text, **parts)]
    if worst:
        most = len(worst[0].without)
        named = [words.powiat(p.name) for p in worst if len(p.without) == most]
        found.append(
            words.say(
                project,
                words.PERSONS,
                "Najwięcej gmin bez wsparcia w jednym powiecie: {most} ({where}). Pełna lista jest w tabeli.",
                most=Number(most),
                where=polish.listing(named[:4]) + (" i inne" if len(named) > 4 else ""),
            )
        )
    return Points(tuple(found))


def reach_figure(project: ProjectMonitoring, shapes: Shapes | None = None) -> Figure | None:
    """Return the share of gminas reached by powiat: a map where outlines of all are given, else ranked bars."""
    rows = powiats(project) if is_known(project) else []
    if len(rows) < 2:
        return None
    values = {p.code: 100 * p.reached / len(p.gminas) if p.gminas else nan for p in rows}
    mapped = shapes is not None and set(values) <= set(shapes)
    unit = "% gmin powiatu, do których dotarło wsparcie"
    ranked = sorted(rows, key=lambda p: (values[p.code], polish.sort_key(p.name)))
    if shapes is not None and mapped:
        svg = maps.draw_units(values, key="reach", digits=0, unit=unit, shapes=shapes)
    else:
        svg = bars.ranked(
            [bars.Bar(p.name, values[p.code]) for p in ranked], key="reach", label=unit, digits=0,
            marks=[bars.Mark(f"woj. {project.region.name}", _whole(rows), "region")],
        )  # fmt: skip
    first, last = ranked[0], ranked[-1]
    return Figure(
        key="reach",
        title="Gminy, do których dotarło wsparcie, według powiatów",
        svg=svg,
        alt=f"{'Mapa' if mapped else 'Wykres słupkowy'} odsetka gmin objętych wsparciem w {len(rows)} powiatach: "
        f"najmniej {_told(first)}, najwięcej {_told(last)}.",
        description=f"Gminy objęte wsparciem, od najmniejszego odsetka: {'; '.join(_told(p) for p in ranked)}.",
        data=Table(
            key="reach_data",
            title="Gminy objęte wsparciem",
            columns=(Column("Powiat", "left"), Column("Gminy"), Column("Z wsparciem"), Column("Odsetek (%)")),
            rows=tuple(
                (p.name, Number(len(p.gminas)), Number(p.reached), Number(values[p.code], digits=1)) for p in ranked
            ),
            synthetic=project.made_up(*words.PERSONS),
        ),
        source=words.source(project, *words.PERSONS),
        note="Podstawa odsetka: wszystkie gminy powiatu; miasto na prawach powiatu to jedna gmina. Wystarcza jedna "
        "osoba objęta wsparciem, która pracuje w gminie. Pracownicy instytucji powiatowych nie liczą się do gminy.",
        label="Mapa" if mapped else "Wykres",
    )


def _whole(rows: list[Powiat]) -> float:
    return 100 * sum(p.reached for p in rows) / sum(len(p.gminas) for p in rows)


def _told(powiat: Powiat) -> str:
    return f"{words.powiat(powiat.name)} {powiat.reached} z {len(powiat.gminas)}"


def unreached_table(project: ProjectMonitoring) -> Table | None:
    """Return the gminas that support did not come to, by powiat; None where it came to all."""
    rows = [p for p in powiats(project) if p.without] if is_known(project) else []
    if not rows:
        return None
    return Table(
        key="unreached",
        title="Gminy, do których wsparcie jeszcze nie dotarło",
        columns=(Column("Powiat", "left"), Column("Bez wsparcia"), Column("Gminy bez wsparcia", "left")),
        rows=tuple(
            (p.name, f"{len(p.without)} z {len(p.gminas)}", ", ".join(gmina(unit, p.gminas) for unit in p.without))
            for p in rows
        ),
        note="„Bez wsparcia”: ile z gmin powiatu.",
        **words.origin(project, *words.PERSONS),
    )
