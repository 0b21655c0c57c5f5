"""What keys of the tables are called in Polish, beside the words that the catalogue has: reasons, checks, parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from ropsanalysis.present import polish
from ropsanalysis.project_monitoring.view import ProjectMonitoring

RULE: Final[Mapping[str, str]] = {
    "not_started": "wsparcie nie ma daty rozpoczęcia",
    "after_day": "wsparcie zaczyna się po dniu, na który są dane",
    "incomplete": "niepełne dane osoby",
    "no_institution": "miejsce pracy nie jest instytucją działającą na rzecz włączenia społecznego",
    "form_not_counted": "tylko forma wsparcia, której reguły nie liczą",
    "not_supported": "osoba nie liczy się jako objęta wsparciem",
    "no_evidence": "brak dowodu podniesienia kwalifikacji",
    "attendance_only": "tylko zaświadczenie o uczestnictwie",
    "evidence_not_accepted": "dowód innego rodzaju, niż przyjmują reguły",
    "evidence_before_start": "dowód sprzed rozpoczęcia wsparcia",
    "too_late": "dowód uzyskany po terminie",
    "evidence_after_day": "dowód z datą po dniu, na który są dane",
    "no_plan": "brak planu",
    "not_adopted": "plan bez uchwały lub zarządzenia",
    "not_in_force": "plan jeszcze nie obowiązuje",
    "expired": "plan już nie obowiązuje",
    "sections_missing": "w planie brakuje wymaganej części",
    "not_carried_out": "brak dowodu, że plan jest realizowany",
    "unit_not_counted": "jednostka poza mianownikiem",
}
PLAN_UNITS: Final[Mapping[str, str]] = {
    "cities_once": "gminy i powiaty, miasto na prawach powiatu raz",
    "all": "gminy i powiaty, miasto na prawach powiatu dwa razy",
    "gminas": "gminy",
    "powiats": "powiaty",
}
SOURCE: Final[Mapping[str, str]] = {"eu": "Część UE (EFS+)", "national": "Część krajowa (dotacja celowa)"}
CHECK: Final[Mapping[str, str]] = {
    "parts_add_up": "Część UE i część krajowa dają razem wartość projektu, co do grosza",
    "eu_share": "Udział UE w wartości projektu",
    "result_target": "Cel „podnieśli kwalifikacje” jako część celu „objęci wsparciem”, po zaokrągleniu do osób",
    "budget_total": "Linie budżetu dają razem wartość projektu, co do grosza",
    "eu_total": "Część UE w liniach budżetu równa się części UE projektu, co do grosza",
}
CITY: Final = "miasto na prawach powiatu"
LEVEL: Final[Mapping[str, str]] = {"gmina": "Gminy", "powiat": "Powiaty"}


def rules(keys: str) -> str:
    """Return the reasons of a row as a sentence goes on, several of them where they were joined.

    Examples
    --------
    >>> rules("evidence_not_accepted+too_late")
    'dowód innego rodzaju, niż przyjmują reguły, lub dowód uzyskany po terminie'
    """
    first, *others = (RULE.get(key, key) for key in keys.split("+"))
    told = first
    for before, rule in zip([first, *others], others, strict=False):
        told += f"{',' if ',' in before else ''} lub {rule}"  # a comma closes what a comma opened
    return told


def indicator(project: ProjectMonitoring, name: str) -> str:
    """Return the name of an indicator."""
    return project.label("indicator", name)


SHORT: Final[Mapping[str, str]] = {
    "supported": "Objęci wsparciem",
    "qualified": "Podnieśli kwalifikacje",
    "plans": "Plany (LPDI)",
}
"""Indicators where a table names one in each row."""


def institutions(project: ProjectMonitoring, keys: str) -> str:
    """Return types of institutions by their short names, joined where persons are few."""
    shorts = {key: row.short for key, row in project.institutions.items()} | {"": "nieznany", "unknown": "nieznany"}
    return ", ".join(shorts.get(key, key) for key in keys.split("+"))


def area(project: ProjectMonitoring) -> str:
    """Return what the areas of the parts are: sub-regions, or powiats where the office named no sub-regions."""
    powiats = {unit.name for unit in project.units if unit.level == "powiat" or unit.kind == CITY}
    own = {unit.subregion for unit in project.units if unit.subregion}
    return "powiat" if own <= powiats else "subregion"


def subregions(keys: str) -> str:
    """Return sub-regions, joined where persons are few."""
    return ", ".join("nieznany" if key in {"", "unknown"} else key for key in keys.split("+"))


def in_area(project: ProjectMonitoring, keys: str) -> str:
    """Return sub-regions or powiats as a sentence names them: "powiat kielecki", "subregion elbląski", but "Kielce"."""
    return polish.listing(named_area(area(project), key) for key in keys.split("+"))


def named_area(kind: str, name: str) -> str:
    """Return an area with what it is, unless its name says so or is that of a city.

    Examples
    --------
    >>> [named_area("subregion", name) for name in ("elbląski", "subregion I", "Kielce", "unknown")]
    ['subregion elbląski', 'subregion I', 'Kielce', 'miejsce pracy nieznane']
    """
    if name in {"", "unknown"}:
        return "miejsce pracy nieznane"
    return name if name[:1].isupper() or name.startswith(kind) else f"{kind} {name}"


def action(project: ProjectMonitoring, number: int) -> str:
    """Return an action as a table names it: its number and short title; 0 stands for the management."""
    if number not in project.actions:
        return "Zarządzanie i koszty pośrednie" if number == 0 else str(number)
    return f"{number}.{polish.NBSP}{project.actions[number].short}"


def actions(project: ProjectMonitoring, keys: str) -> str:
    """Return actions, joined where persons are few: a single one with its title, several by number."""
    found = keys.split("+")
    if len(found) == 1 and found[0].isdigit():
        return action(project, int(found[0]))
    return f"działania {polish.listing(found)}" if all(found) else ", ".join(key or "nieznane" for key in found)


def list_of(project: ProjectMonitoring, question: str, keys: Iterable[str]) -> str:
    """Return the names of keys as a sentence lists them; "oraz" before the last where a name itself has an "i"."""
    found = [polish.lower_first(project.label(question, key)) for key in keys]
    if len(found) > 1 and any(" i " in name for name in found):
        return f"{', '.join(found[:-1])} oraz {found[-1]}"
    return polish.listing(found)
