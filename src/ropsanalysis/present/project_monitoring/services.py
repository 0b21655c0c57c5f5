"""Social services: local plans by status and by section, and social service centres."""

from __future__ import annotations

from collections import Counter
from typing import Final

from ropsanalysis.present import polish
from ropsanalysis.present.blocks import Cell, Column, Number, Points, Statement, Table
from ropsanalysis.present.project_monitoring import names, words
from ropsanalysis.present.project_monitoring.missing import missing
from ropsanalysis.present.project_monitoring.reach import gmina
from ropsanalysis.project_monitoring.records import UnitReach
from ropsanalysis.project_monitoring.view import ProjectMonitoring

_STATUS: Final = {
    "counted": "Plan policzony (opracowany i realizowany)",
    "not_carried_out": "Brak dowodu, że plan jest realizowany",
    "sections_missing": "W planie brakuje wymaganej części",
    "expired": "Plan już nie obowiązuje",
    "not_in_force": "Plan jeszcze nie obowiązuje",
    "not_adopted": "Plan bez uchwały lub zarządzenia",
    "": "Brak planu",
}


def plans_summary(project: ProjectMonitoring) -> Points | Statement:
    """Return how many units have a plan, and how far the others are."""
    row = project.indicator("plans")
    if row is None or row.value is None:
        return missing("lpdi")
    units = project.counted_units()
    begun = sum(unit.plan not in {"", "counted"} for unit in units)
    found = [
        words.say(
            project,
            words.PLANS,
            "Samorządy z planem opracowanym i realizowanym: {n} z {of} ({share}). Z planem, którego reguły jeszcze nie "
            "liczą: {begun}; bez planu: {none}.",
            n=words.count(row.numerator),
            of=words.count(row.denominator),
            share=words.percent(row.value),
            begun=Number(begun),
            none=Number(sum(unit.plan == "" for unit in units)),
        )
    ]
    weakest = min(project.plan_sections, key=lambda section: section.plans / section.of, default=None)
    if weakest is not None and weakest.of and weakest.plans < weakest.of:
        found.append(
            words.say(
                project,
                words.PLANS,
                "Wśród przyjętych planów najrzadziej jest część „{section}”: ma ją {plans} z {of}.",
                section=polish.lower_first(project.label("section", weakest.section)),
                plans=Number(weakest.plans),
                of=Number(weakest.of),
            )
        )
    return Points(tuple(found))


def plans_table(project: ProjectMonitoring) -> Table | None:
    """Return units by the status of their plan, gminas and powiats apart; None without plans."""
    if not project.has_indicator("plans"):
        return None
    units = project.counted_units()
    levels = [level for level in names.LEVEL if any(unit.level == level for unit in units)]
    counts = Counter((unit.plan, unit.level) for unit in units)
    sizes = Counter(unit.level for unit in units)
    shown = [status for status in _STATUS if any(counts[status, level] for level in levels)]

    def row(label: str, numbers: list[int]) -> tuple[Cell, ...]:
        return label, *map(Number, numbers), Number(sum(numbers)), words.percent(sum(numbers) / len(units), unit="")

    whole = row("Razem", [sizes[level] for level in levels])
    return Table(
        key="plans",
        title="Samorządy według stanu planu deinstytucjonalizacji (LPDI)",
        columns=(
            Column("Stan planu", "left"), *(Column(names.LEVEL[level]) for level in levels), Column("Razem"),
            Column("Odsetek (%)"),
        ),
        rows=(*(row(_STATUS[status], [counts[status, level] for level in levels]) for status in shown), whole),
        note="Podstawa odsetka: wszystkie jednostki mianownika. Miasto na prawach powiatu jest wśród gmin. Gdy "
        "jednostka ma kilka planów, decyduje ten, któremu najmniej brakuje.",
        **words.origin(project, *words.PLANS),
    )  # fmt: skip


def plan_units_table(project: ProjectMonitoring) -> Table | None:
    """Return which units have a plan that counts, and which one that does not yet, by powiat; None without plans."""
    if not project.has_indicator("plans"):
        return None
    units = project.counted_units()
    statuses = [s for s in _STATUS if s and any(unit.plan == s for unit in units)]
    if not statuses:
        return None
    return Table(
        key="plan_units",
        title="Które samorządy mają plan (LPDI)",
        columns=(Column("Stan planu", "left"), Column("Jednostki"), Column("Które", "left")),
        rows=tuple((_STATUS[s], *_listed(project, [unit for unit in units if unit.plan == s])) for s in statuses),
        **words.origin(project, *words.PLANS),
    )


def _listed(project: ProjectMonitoring, units: list[UnitReach]) -> tuple[Cell, Cell]:
    told = [
        unit_name(project, unit)
        for unit in sorted(units, key=lambda unit: (unit.level == "gmina", polish.sort_key(unit.name)))
    ]
    return Number(len(units)), ", ".join(told)


def unit_name(project: ProjectMonitoring, unit: UnitReach) -> str:
    """Return the name of a gmina or powiat, told from others of the same name."""
    if unit.level == "powiat":
        return words.powiat(unit.name)
    same = tuple(other for other in project.gminas() if other.name == unit.name)
    if len({other.powiat for other in same}) > 1:
        powiats = {row.unit: row.name for row in project.units if row.level == "powiat"}
        where = powiats.get(unit.powiat, "")
        return f"{unit.name} ({words.powiat(where)})" if where else f"{unit.name} (miasto)"
    return gmina(unit, same)


def sections_table(project: ProjectMonitoring) -> Table | None:
    """Return which sections adopted plans have; None where there is no adopted plan."""
    rows = [row for row in project.plan_sections if row.of]
    if not rows:
        return None
    return Table(
        key="plan_sections",
        title="Części przyjętych planów (LPDI)",
        columns=(Column("Część planu", "left"), Column("Plany z tą częścią"), Column("Odsetek (%)")),
        rows=tuple(
            (project.label("section", row.section), Number(row.plans), words.percent(row.plans / row.of, unit=""))
            for row in rows
        ),
        note=f"Podstawa odsetka: {rows[0].of} przyjętych planów, także tych, które już nie obowiązują.",
        **words.origin(project, *words.PLANS),
    )


def centres_summary(project: ProjectMonitoring) -> Statement:
    """Return how many centres there are and how many gminas they serve."""
    if "cus" not in project.sources:
        return missing("cus")
    if not project.centres:
        return words.say(
            project, words.CENTRES, f"{words.here(project.region)} nie działa żadne centrum usług społecznych (CUS)."
        )
    served = sum(unit.centre for unit in project.gminas())
    number = len(project.centres)
    share = " ({share})" if project.gminas() else ""
    return words.say(
        project,
        words.CENTRES,
        f"{words.here(project.region)} {polish.plural_form(number, 'działa', 'działają', 'działa')} {{n}}; "
        f"{polish.plural_form(number, 'obsługuje', 'obsługują', 'obsługuje')} {{served}} z {{all}}{share}.",
        n=Number(number, unit=polish.plural_form(number, "centrum", "centra", "centrów") + " usług społecznych (CUS)"),
        served=Number(served, unit=polish.plural_form(served, "gminę", "gminy", "gmin")),
        all=Number(len(project.gminas())),
        share=words.percent(served / len(project.gminas()) if project.gminas() else None),
    )


def centres_table(project: ProjectMonitoring) -> Table | None:
    """Return the social service centres; None where there are none."""
    if not project.centres:
        return None
    rows = sorted(project.centres, key=lambda row: (row.opened, row.name))
    return Table(
        key="centres",
        title="Centra usług społecznych (CUS)",
        columns=(
            Column("Centrum", "left"), Column("Gminy", "left"), Column("Liczba gmin"), Column("Otwarte"),
            Column("Rodzaje usług"),
        ),
        rows=tuple(
            (row.name, row.gminas, Number(row.units), words.day(row.opened), Number(row.services)) for row in rows
        ),
        **words.origin(project, *words.CENTRES),
    )  # fmt: skip
