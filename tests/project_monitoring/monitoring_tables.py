"""Made-up result tables of a coordination project in the shape the report reads.

They try how the report shows results, not how they come about: numbers follow simple rules, so that the same
situation gives the same tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from ropsanalysis.definitions import Choice, SourceFile
from ropsanalysis.io import catalogue, project_catalogue
from ropsanalysis.project_monitoring.records import TABLES
from ropsanalysis.project_monitoring.schema import CATEGORIES, DATASETS, SECTIONS, TEAMS
from ropsanalysis.project_monitoring.view import ProjectMonitoring
from ropsanalysis.regions import find
from ropsanalysis.stats.published import as_table

OWN: Final = "26"
CHOICES: Final = tuple(
    Choice(p.name, p.value, p.unit, p.description) for p in catalogue.parameters("monitoring_parameters")
)
LABELS: Final = {question: project_catalogue.labels(question) for question in project_catalogue.VOCABULARIES}
QUARTERS: Final = tuple(f"{year}-Q{n}" for year in range(2023, 2029) for n in range(1, 5))[2:]
#: Quarters that are over on the day of the data, 31 December 2025.
PAST: Final = 10
BUDGET: Final = 13_768_806.14
EU, NATIONAL = 11_362_018.82, 2_406_787.32


@dataclass(frozen=True)
class Told:
    """Which data there are, and how well the project goes.

    Attributes
    ----------
    participants, plans, activities, budget, payments, centres, foster
        Whether each was delivered.
    done
        Whether all targets are reached, nothing is late and every gmina was reached.
    overspent
        Whether money will lack.
    fits
        Whether the card's figures add up and agree with the published.
    synthetic
        Whether the data are made up.
    """

    participants: bool = True
    plans: bool = True
    activities: bool = True
    budget: bool = True
    payments: bool = True
    centres: bool = True
    foster: bool = True
    done: bool = False
    overspent: bool = False
    fits: bool = True
    synthetic: bool = True


SITUATIONS: Final[Mapping[str, Told]] = {
    "whole": Told(),
    "done": Told(done=True, synthetic=False),
    "overspent": Told(overspent=True),
    "odd card": Told(fits=False),
    "no participants": Told(participants=False),
    "no plans": Told(plans=False),
    "no activities": Told(activities=False),
    "no budget": Told(budget=False),
    "no payments": Told(payments=False),
    "card alone": Told(
        participants=False, plans=False, activities=False, budget=False, payments=False, centres=False, foster=False
    ),
}


def monitoring(told: Told) -> ProjectMonitoring:
    """Return the view of a situation."""
    delivered = {
        "project_participants": told.participants, "supported_entities": told.participants, "lpdi": told.plans,
        "cus": told.centres, "foster_care": told.foster, "project_activities": told.activities,
        "project_budget": told.budget, "project_payments": told.payments,
    }  # fmt: skip
    present = [name for name in DATASETS if delivered.get(name, True)]
    return ProjectMonitoring.read(
        find(OWN),
        tables(told),
        edition="2025",
        choices=CHOICES,
        files=(SourceFile("data/raw/project_card/card.csv", "ab" * 32, 900, 1, 1, "karta"),),
        synthetic=told.synthetic,
        synthetic_datasets=frozenset(present) if told.synthetic else frozenset(),
        sources={name: f"zbiór {name}" for name in present},
        labels=LABELS,
    )


def tables(told: Told) -> dict[str, pd.DataFrame]:
    """Return all published tables of a situation."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for row in project_catalogue.action_frame().to_dict("records"):
        rows["actions"].append({**row, "action": row["key"]})
    rows["institutions"] = [
        {"key": row.key, "name": row.name, "short": row.short} for row in catalogue.institutions()
    ]  # fmt: skip
    rows["cards"] = [_card(told)]
    rows["published"] = list(_published(told))
    rows["card_checks"] = list(_checks(told))
    rows["indicators"], rows["progress"] = list(_indicators(told)), list(_progress(told))
    rows["units"] = list(_units(told))
    if told.participants:
        rows["parts"], rows["reasons"] = list(_parts()), list(_person_reasons())
        rows["entities"] = [{"keys": "ops", "entities": 62}, {"keys": "pcpr+cis", "entities": 17}]
    if told.plans:
        rows["reasons"] += [
            {"indicator": "plans", "rules": rule, "number": number, "of": 115}
            for rule, number in (("no_plan", 60), ("not_adopted", 12), ("not_carried_out", 20))
        ]
        rows["plan_sections"] = [
            {"section": name, "plans": 43 - place, "of": 43} for place, name in enumerate(SECTIONS)
        ]
    rows["action_states"] = list(_states(told))
    if told.activities:
        rows["heat"] = list(_heat(told))
        rows["teams"] = list(_teams(told))
        rows["late"] = [] if told.done else list(_late())
        rows["products"] = [
            {"action": 1, "team": "research", "title": "Badanie", "product": "raport z badania", "done": "2025-05-20"},
            {"action": 8, "team": "social_economy", "title": "Posiedzenie", "product": "stanowisko komitetu",
             "done": "2024-11-05"},
        ]  # fmt: skip
    rows["money"], rows["spending"] = list(_money(told)), list(_spending(told))
    rows["unit_costs"] = list(_unit_costs(told))
    if told.centres:
        rows["centres"] = [
            {"name": "CUS w Iłży Małej", "gminas": "Iłża Mała", "units": 1, "opened": "2024-02-01", "services": 7},
            {"name": "CUS Nad Rzeką", "gminas": "Brody, Łąki", "units": 2, "opened": "2025-01-02", "services": None},
        ]
    if told.foster:
        rows["foster_care"] = [
            {"teryt": OWN, "year": year, "family": 1500.0 + 20 * year % 7, "institutional": 420.0,
             "total": 1920.0 + 20 * year % 7, "share": (1500.0 + 20 * year % 7) / (1920.0 + 20 * year % 7),
             "flagged": False, "step": 1.0, "source": "dane urzędu"}
            for year in (2023, 2024)
        ]  # fmt: skip
    rows["foster_care"] += [
        {"teryt": "00", "year": 2020, "family": 55_500.0, "institutional": 16_000.0, "total": 71_500.0,
         "share": 55_500 / 71_500, "printed": 71_500.0, "difference": 0.0, "flagged": False, "step": 100.0,
         "source": "GUS"},
        {"teryt": "00", "year": 2023, "family": 58_210.0, "institutional": 17_128.0, "total": 75_338.0,
         "share": 58_210 / 75_338, "printed": 75_800.0, "difference": 462.0, "flagged": True, "step": 1.0,
         "source": "omówienie"},
    ]  # fmt: skip
    return {name: as_table(TABLES[name], [_placed(row, name) for row in rows[name]]) for name in TABLES}


def _placed(row: dict[str, Any], name: str) -> dict[str, Any]:
    fields = TABLES[name]._fields
    texts = {field: "" for field in fields if TABLES[name].__annotations__[field] == "str"}
    place = {"teryt": OWN} if "teryt" in fields else {}
    return {field: value for field, value in {**texts, **place, **row}.items() if field in fields or "_" in field}


def _card(told: Told) -> dict[str, Any]:
    return {
        "title": "Koordynacja polityki społecznej", "number": "", "leader": "ROPS w Kielcach", "start": "2023-09-01",
        "end": "2028-12-31", "as_of": "2025-12-31", "value_pln": BUDGET, "eu_pln": EU if told.fits else EU - 0.01,
        "national_pln": NATIONAL, "target_supported": 688, "target_qualified": 654, "target_plan_share": 0.5,
        "source": "umowa o dofinansowanie",
    }  # fmt: skip


def _published(told: Told) -> Iterator[dict[str, Any]]:
    own = {
        "title": "Koordynacja polityki społecznej w województwie świętokrzyskim", "start": "2023-09-01",
        "value": f"{BUDGET:.2f}", "eu": f"{EU:.2f}", "target_supported": "688" if told.fits else "690",
        "target_plan_share": "0.5",
    }  # fmt: skip
    frame = project_catalogue.published_frame()
    for row in frame[frame["teryt"] == OWN].to_dict("records"):
        number = None if pd.isna(row["number"]) else row["number"]
        agrees = told.fits or row["field"] != "target_supported"
        yield {**row, "number": number, "own": own.get(row["field"], ""), "agrees": agrees}


def _checks(told: Told) -> Iterator[dict[str, Any]]:
    lines = BUDGET if told.budget else None
    reason = "" if told.budget else "no_budget"
    eu = EU if told.fits else EU - 0.01
    yield {"check": "parts_add_up", "expected": BUDGET, "found": eu + NATIONAL, "passed": told.fits}
    yield {"check": "eu_share", "expected": 0.8252, "found": eu / BUDGET, "passed": True}
    yield {"check": "result_target", "expected": 653.6, "found": 654.0, "passed": True}
    yield {"check": "budget_total", "expected": BUDGET, "found": lines, "passed": told.budget, "reason": reason}
    yield {"check": "eu_total", "expected": eu, "found": EU if told.budget else None,
           "passed": told.budget and told.fits, "reason": reason}  # fmt: skip


def _indicators(told: Told) -> Iterator[dict[str, Any]]:
    for name, known, target, value in (
        ("supported", told.participants, 688.0, 700.0 if told.done else 301.0),
        ("qualified", told.participants, 654.0, 660.0 if told.done else 152.0),
        ("plans", told.plans, 0.5, 60 / 115 if told.done else 23 / 115),
    ):
        line = target * 0.4375
        row: dict[str, Any] = {
            "indicator": name, "target": target, "line": line, "planned": 0.9 * line,
            "denominator": 115 if name == "plans" else None, "reason": "" if known else "no_data",
        }  # fmt: skip
        if known:
            share = name == "plans"
            forecast = min(value * 2.2, 1.0) if share else value * 2.2
            row |= {
                "value": value, "numerator": round(115 * value) if share else None, "of_target": value / target,
                "forecast": forecast, "forecast_low": 0.92 * forecast, "forecast_high": min(1.08 * forecast, 1.0)
                if share else 1.08 * forecast, "probability": 1.0 if told.done else 0.31,
                "needed_per_month": 0.0 if told.done else 10.75, "recent_per_month": 8.25,
                "lapsing": 2 if share else None,
            }  # fmt: skip
        yield row


def _progress(told: Told) -> Iterator[dict[str, Any]]:
    for row in _indicators(told):
        for place, quarter in enumerate(QUARTERS):
            past = place < PAST
            known = "value" in row
            found = {
                "indicator": row["indicator"], "quarter": quarter, "day": f"{quarter[:4]}-12-31",
                "line": row["target"] * (place + 1) / len(QUARTERS),
                "planned": 0.9 * row["target"] * (place + 1) / len(QUARTERS),
            }  # fmt: skip
            if known and past:
                found["reached"] = row["value"] * (place + 1) / PAST
            elif known:
                step = (place - PAST + 1) / (len(QUARTERS) - PAST)
                for end in ("forecast", "forecast_low", "forecast_high"):
                    found[end] = row["value"] + (row[end] - row["value"]) * step
            yield found


def _units(told: Told) -> Iterator[dict[str, Any]]:
    """Yield 5 powiats with 6 gminas each and a city with powiat rights."""
    plans = ("counted", "", "not_adopted", "not_carried_out", "", "sections_missing")
    for powiat in range(1, 6):
        code = f"26{powiat:02d}"
        area = "północny" if powiat < 3 else "południowy"
        common = {"powiat": code, "subregion": area}
        yield {"unit": code, "level": "powiat", "name": f"powiatowy {'abcde'[powiat - 1]}", "kind": "powiat",
               "reached": powiat % 2 == 0 or told.done, "plan": "counted" if powiat == 1 and told.plans else "",
               **common}  # fmt: skip
        for gmina in range(1, 7):
            yield {
                "unit": f"{code}{gmina:02d}", "level": "gmina", "name": "Dwikoły" if gmina < 3 else f"Gmina {gmina}",
                "kind": "gmina miejska" if gmina == 1 else "gmina wiejska",
                "reached": told.participants and (told.done or (powiat + gmina) % 3 > 0),
                "plan": plans[gmina - 1] if told.plans else "", "centre": gmina == 1 and powiat < 4,
                "lacking": {"counted": 0, "not_adopted": 1 + powiat % 2, "not_carried_out": 1,
                            "sections_missing": 2}.get(plans[gmina - 1]),
                "until": "2027-06-30" if gmina == 1 and powiat < 3 else "2030-12-31" if gmina == 1 else "", **common,
            }  # fmt: skip
    yield {"unit": "266101", "level": "gmina", "name": "Miasto", "kind": "miasto na prawach powiatu", "powiat": "2661",
           "subregion": "północny", "reached": told.participants, "plan": "counted" if told.plans else ""}  # fmt: skip


def _parts() -> Iterator[dict[str, Any]]:
    for dimension, found in (
        ("institution", (("ops", 180, 95), ("pcpr+cus", 81, 37), ("family_support+unknown", 40, 20))),
        ("subregion", (("północny", 161, 92), ("południowy", 140, 60))),
        ("action", (("6", 251, 140), ("4+7", 50, 12))),
    ):
        for keys, supported, qualified in found:
            yield {"dimension": dimension, "keys": keys, "supported": supported, "qualified": qualified}


def _person_reasons() -> Iterator[dict[str, Any]]:
    yield {"indicator": "supported", "rules": "incomplete", "number": 24, "of": 336}
    yield {"indicator": "supported", "rules": "not_started+no_institution", "number": 11, "of": 336}
    yield {"indicator": "qualified", "rules": "not_supported", "number": 35, "of": 336}
    yield {"indicator": "qualified", "rules": "no_evidence", "number": 91, "of": 336}
    yield {"indicator": "qualified", "rules": "attendance_only", "number": 51, "of": 336}
    yield {"indicator": "qualified", "rules": "too_late+evidence_after_day", "number": 7, "of": 336}


def _states(told: Told) -> Iterator[dict[str, Any]]:
    for action in range(1, 17):
        if not told.activities:
            yield {"action": action, "planned": 0, "due": 0, "done": 0, "late": 0, "products": 0, "reason": "no_data"}
            continue
        done = 0 if action == 16 and not told.done else 5 + action % 4
        late = 0 if told.done else {3: 1, 7: 3, 16: 2}.get(action, 0)
        yield {
            "action": action, "planned": 20, "due": 6 + action % 4, "done": done, "late": late, "hours": 12.0 * done,
            "attendance": 15.0 * done, "products": action % 3, "persons": {4: 30, 6: 251, 7: None}.get(action, 0),
            "first": "2023-11-06" if done else "", "last": "2025-11-20" if done else "",
            "latest_due": "2025-03-31" if late else "", "value_pln": 500_000.0, "spent_pln": 180_000.0,
        }  # fmt: skip


def _heat(told: Told) -> Iterator[dict[str, Any]]:
    for action in range(1, 17):
        for place, quarter in enumerate(QUARTERS):
            if (action + place) % 3:
                done = (action * place) % 9 if place < PAST and (action < 16 or told.done) else 0
                yield {"action": action, "quarter": quarter, "done": done, "due": 2}


def _teams(told: Told) -> Iterator[dict[str, Any]]:
    for place, team in enumerate(TEAMS):
        late = 0 if told.done or place == 0 else place
        yield {"team": team, "done": 21 + place, "late": late, "hours": 301.0, "attendance": 1200.0, "products": place}
    for place, area in enumerate(("północny", "południowy")):
        yield {"team": "social_services", "subregion": area, "done": 8 + place, "late": 0, "hours": 64.0,
               "attendance": 211.0, "products": 0}  # fmt: skip


def _late() -> Iterator[dict[str, Any]]:
    for number, (action, team, days) in enumerate(
        ((7, "social_services", 275), (7, "social_services", 122), (7, "social_services", 45),
         (3, "social_services", 91), (16, "training", 61), (16, "training", 34))
    ):  # fmt: skip
        yield {"activity": f"a{number}", "action": action, "team": team, "title": f"Szkolenie nr {number + 1}",
               "planned": "2025-03-31", "days": days}  # fmt: skip


def _money(told: Told) -> Iterator[dict[str, Any]]:
    if not told.budget and not told.payments:
        yield {"dimension": "total", "key": "", "reason": "no_budget"}
        return
    shares = {
        "total": {"": 1.0}, "source": {"eu": EU / BUDGET, "national": NATIONAL / BUDGET},
        "action": {str(action): 0.05 for action in range(1, 17)} | {"0": 0.2},
        "team": dict.fromkeys(TEAMS, 0.2), "category": dict.fromkeys(CATEGORIES, 0.125),
    }  # fmt: skip
    if not told.budget:
        shares = {"total": shares["total"], "source": shares["source"]}
    for dimension, keys in shares.items():
        for key, share in keys.items():
            whole = {"eu": EU, "national": NATIONAL}.get(key, round(BUDGET * share, 2))
            row: dict[str, Any] = {"dimension": dimension, "key": key, "reason": ""}
            if told.budget:
                row |= {"budget": whole, "planned": 0.45 * whole}
            if told.payments:
                end = whole * (1.1 if told.overspent else 0.93)
                row |= {"spent": round(0.38 * whole, 2), "forecast": end, "forecast_low": 0.97 * end,
                        "forecast_high": 1.03 * end}  # fmt: skip
                if told.budget:
                    row |= {
                        "unspent": max(whole - end, 0.0),
                        "unspent_low": max(whole - 1.03 * end, 0.0),
                        "unspent_high": max(whole - 0.97 * end, 0.0),
                    }
                    if dimension == "total" and end > whole:
                        row["exhausted"] = "2028-Q2"
            if told.budget and dimension in {"total", "action", "team"}:
                row |= {"earned": 0.36 * whole, "schedule_index": 0.8}
                if told.payments:
                    row["cost_index"] = 0.36 / 0.38
            if not (told.budget and told.payments):
                row["reason"] = "no_data" if told.budget else "no_budget"
            yield row


def _spending(told: Told) -> Iterator[dict[str, Any]]:
    for place, quarter in enumerate(QUARTERS if told.budget or told.payments else ()):
        row: dict[str, Any] = {"quarter": quarter}
        if told.budget:
            row["planned"] = BUDGET * (place + 1) / len(QUARTERS)
        if told.payments and place < PAST:
            spent = 0.38 * BUDGET * (place + 1) / PAST
            row |= {"spent": spent, "eu": 0.8252 * spent, "national": 0.1748 * spent}
        yield row


def _unit_costs(told: Told) -> Iterator[dict[str, Any]]:
    persons = {"supported": 301, "qualified": 152}
    for per, number in persons.items():
        for base, share in (("all", 0.38), ("persons", 0.11)):
            known = told.participants and told.payments and (base == "all" or told.budget)
            row: dict[str, Any] = {"per": per, "base": base, "reason": "" if known else "no_data"}
            if told.participants:
                row["persons"] = number
            if told.payments and (base == "all" or told.budget):
                row["spent"] = round(share * BUDGET, 2)
            if known:
                row["cost"] = round(share * BUDGET / number, 2)
            yield row
