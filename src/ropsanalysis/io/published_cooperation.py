"""Reads what was published of the cooperation projects: partners, money, promised effects, content of the models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import pandas as pd

from ropsanalysis.cooperation.schema import ELEMENTS, SECTORS
from ropsanalysis.errors import DataError
from ropsanalysis.io.catalogue import build_entry, load_entries, require_unique
from ropsanalysis.io.published_projects import Document, documents
from ropsanalysis.regions import REGIONS

COUNTED_FROM: Final[Mapping[str, str]] = {
    "": "podaje urząd",
    "units": "gminy i powiaty pilotaży (każda jednostka raz)",
    "powiats": "powiaty pilotaży (każdy raz; powiat, w którym leży gmina pilotażu, nie jest liczony)",
    "gminas": "gminy pilotaży (każda raz)",
    "large_gminas": "gminy pilotaży powyżej 20 000 mieszkańców (każda raz)",
    "entities": "podmioty sieci, poza animatorami i inspiratorami (każdy raz, także gdy jest w kilku pilotażach)",
    "coached_workers": "pracownicy socjalni, którzy mieli coaching (każdy raz)",
}
"""How an effect is counted from an office's data; "what:teryt" counts in that voivodeship only."""
PROJECT_COLUMNS: Final = (
    "project", "title", "teryt", "partners", "macroregion", "start", "end", "value_pln", "grant_pln", "targets",
    "source",
)  # fmt: skip
PROMISED_COLUMNS: Final = ("project", "effect", "name", "number", "unit", "counted_from", "source")

_FILE: Final = "cooperation_projects.yaml"


@dataclass(frozen=True, slots=True)
class PromisedEffect:
    """An effect that a project promised; `number` is None for a product such as a model, of which there is one."""

    effect: str
    name: str
    number: float | None
    unit: str
    counted_from: str = ""

    @property
    def counted(self) -> tuple[str, str]:
        """What is counted and in which voivodeship only ("" all of the project)."""
        what, _, teryt = self.counted_from.partition(":")
        return what, teryt


@dataclass(frozen=True, slots=True)
class CooperationProject:
    """What was published of a cooperation project.

    Attributes
    ----------
    teryt
        Voivodeships of the macroregion.
    start, end
        Day or year as published, "" where not.
    value_pln, grant_pln
        None where not published; `value_note` says what the value is.
    elements
        Minimum content of the model (`cooperation.schema.ELEMENTS`) in words; empty where the document has none.
    areas
        Sectors of policy that the document names.
    not_found
        What was looked for and not found.
    """

    project: str
    title: str
    programme: str
    leader: str
    partners: tuple[str, ...]
    macroregion: str
    teryt: tuple[str, ...]
    start: str
    end: str
    value_pln: float | None
    value_note: str
    grant_pln: float | None
    funding: str
    aim: str
    target_groups: tuple[str, ...]
    areas: tuple[str, ...]
    elements: Mapping[str, str]
    effects: tuple[PromisedEffect, ...]
    not_found: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class PilotFigure:
    """A published figure of the pilot of rural gminas; `of` is the base of a count, None without one."""

    key: str
    name: str
    number: float
    unit: str
    of: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class RuralPilot:
    """What was published of the pilot of the model for rural gminas, and what was looked for and not found."""

    title: str
    figures: tuple[PilotFigure, ...]
    not_found: tuple[str, ...]
    note: str
    source: str

    def figure(self, key: str) -> PilotFigure:
        """Return a figure by its key."""
        return next(figure for figure in self.figures if figure.key == key)


@cache
def cooperation_projects() -> tuple[CooperationProject, ...]:
    """Return the two published cooperation projects.

    Raises
    ------
    DataError
        If an entry lacks a field, has an unknown one, names an unknown voivodeship, sector, element, source or way of
        counting, or an effect twice.
    """
    entries = load_entries(_FILE)
    known = documents(_FILE, entries)
    found = tuple(_project(entry, known) for entry in entries["projects"])
    require_unique(_FILE, [project.project for project in found])
    return found


@cache
def rural_pilot() -> RuralPilot:
    """Return what was published of the pilot of rural gminas.

    Raises
    ------
    DataError
        As for `cooperation_projects`.
    """
    entries = load_entries(_FILE)
    entry = entries["rural_pilot"]
    figures = tuple(build_entry(PilotFigure, figure, _FILE) for figure in entry["figures"])
    require_unique(_FILE, [figure.key for figure in figures])
    changes = {
        "figures": figures,
        "not_found": tuple(entry["not_found"]),
        "source": _cite(entry, documents(_FILE, entries), "rural_pilot"),
    }
    return build_entry(RuralPilot, {**entry, **changes}, _FILE)


def cooperation_project_frame() -> pd.DataFrame:
    """Return the projects as a table: teryt joined by "+", partners and target groups by "; ", NaN for no amount."""
    rows = [
        (
            entry.project, entry.title, "+".join(entry.teryt), "; ".join((entry.leader, *entry.partners)),
            entry.macroregion, entry.start, entry.end, entry.value_pln, entry.grant_pln,
            "; ".join(entry.target_groups),
            f"{entry.source} – {entry.value_note}" if entry.value_note else entry.source,
        )
        for entry in cooperation_projects()
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=list(PROJECT_COLUMNS))
    texts = [name for name in PROJECT_COLUMNS if name not in ("value_pln", "grant_pln")]
    return table.astype(dict.fromkeys(texts, "str") | {"value_pln": "float64", "grant_pln": "float64"})


def promised_frame() -> pd.DataFrame:
    """Return the promised effects as a table: project, effect, name, number (NaN for none), unit, counted_from, source.

    `counted_from` is a key of `COUNTED_FROM`, or such a key, a colon and the voivodeship it is counted in.
    """
    rows = [
        (entry.project, effect.effect, effect.name, effect.number, effect.unit, effect.counted_from, entry.source)
        for entry in cooperation_projects()
        for effect in entry.effects
    ]
    table = pd.DataFrame(rows, columns=list(PROMISED_COLUMNS))
    return table.astype(dict.fromkeys(set(PROMISED_COLUMNS) - {"number"}, "str") | {"number": "float64"})


_LISTS: Final = ("partners", "teryt", "target_groups", "areas", "not_found")


def _project(entry: Mapping[str, Any], known: Mapping[str, Document]) -> CooperationProject:
    key = entry.get("project", "")
    changes: dict[str, Any] = {name: tuple(entry.get(name, ())) for name in _LISTS}
    changes["effects"] = tuple(build_entry(PromisedEffect, effect, _FILE) for effect in entry.get("effects", ()))
    project = build_entry(CooperationProject, {**entry, **changes, "source": _cite(entry, known, key)}, _FILE)
    regions = {region.teryt for region in REGIONS} - {"00"}
    wrong = {
        "województwa": sorted(set(project.teryt) - regions),
        "sektory": sorted(set(project.areas) - set(SECTORS)),
        "elementy": sorted(set(project.elements) ^ set(ELEMENTS)) if project.elements else [],
        "sposoby liczenia": sorted(
            effect.counted_from
            for effect in project.effects
            if effect.counted[0] not in COUNTED_FROM or effect.counted[1] not in ("", *project.teryt)
        ),
    }
    problems = [f"nieznane lub brakujące {name}: {', '.join(found)}" for name, found in wrong.items() if found]
    if problems:
        raise DataError(f"Katalog {_FILE}, wpis „{key}”: {'; '.join(problems)}.")
    require_unique(_FILE, [effect.effect for effect in project.effects])
    return project


def _cite(entry: Mapping[str, Any], known: Mapping[str, Document], where: str) -> str:
    source = entry.get("source", "")
    if source not in known:
        raise DataError(f"Katalog {_FILE}, wpis „{where}”: brak źródła (source) albo nieznane źródło „{source}”.")
    return known[source].citation
