"""Made-up result tables on cooperation models in the shape the report reads.

They try how the report shows results, not how they come about: numbers follow simple rules, so that the same situation
gives the same tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ropsanalysis.cooperation.records import TABLES
from ropsanalysis.cooperation.schema import ELEMENTS, SECTORS
from ropsanalysis.cooperation.view import Cooperation
from ropsanalysis.definitions import Choice, SourceFile
from ropsanalysis.io import catalogue
from ropsanalysis.io.project_catalogue import sector_frame
from ropsanalysis.regions import find
from ropsanalysis.stats.network import circle_layout
from ropsanalysis.stats.published import as_table, columns

OWN = "04"
CHOICES = tuple(Choice(p.name, p.value, p.unit, p.description) for p in catalogue.parameters("cooperation_parameters"))
DATASETS = ("cooperation_network", "cooperation_cases", "cooperation_effects")
PILOTS = {"a": ("Gmina Barcin", 9), "b": ("Gmina Żnin", 12), "c": ("Powiat tucholski", 10), "d": ("Gmina Kcynia", 6)}
#: Measure -> before, after, p, p after Holm's correction.
MEASURES: Mapping[str, tuple[float, float, float, float]] = {
    "density": (0.124, 0.431, 0.0002, 0.0016),
    "centralisation": (0.305, 0.352, 0.402, 0.804),
    "betweenness_centralisation": (0.411, 0.384, 0.611, 0.804),
    "cross_sector": (0.452, 0.687, 0.0004, 0.0028),
    "cross_level": (0.312, 0.405, 0.061, 0.366),
    "reach": (0.701, 1.0, 0.012, 0.072),
    "brokerage": (0.204, 0.388, 0.0031, 0.0186),
    "ties": (8.25, 24.5, 0.0002, 0.0016),
}
FLOW = {"signal": (140, 140), "diagnosis": (131, 140), "contract": (118, 140), "undiagnosed": (7, 118),
        "basket": (112, 140),
        "ended": (101, 140), "success": (76, 101), "followup": (51, 76), "kept": (43, 51)}  # fmt: skip


@dataclass(frozen=True)
class Delivered:
    """Which data there are.

    Attributes
    ----------
    ties, cases, baskets, goals, coaching
        Whether these were delivered.
    hidden
        Whether every result on cases is hidden.
    project
        Whether a published project covers the voivodeship.
    whole
        Whether all voivodeships of the project delivered data.
    pilots
        Whether there is any pilot.
    synthetic
        Whether all is made up.
    """

    ties: bool = True
    cases: bool = True
    baskets: bool = True
    goals: bool = True
    coaching: bool = True
    hidden: bool = False
    project: bool = True
    whole: bool = True
    pilots: bool = True
    synthetic: bool = True


SITUATIONS = {
    "full": Delivered(),
    "part of the project": Delivered(whole=False),
    "no project": Delivered(project=False),
    "no ties": Delivered(ties=False),
    "no cases": Delivered(cases=False, baskets=False, goals=False),
    "hidden": Delivered(hidden=True),
    "pilots only": Delivered(ties=False, cases=False, baskets=False, goals=False, coaching=False),
    "nothing": Delivered(False, False, False, False, False, project=False, pilots=False),
    "real": Delivered(synthetic=False),
}


def cooperation(situation: Delivered | None = None) -> Cooperation:
    """Return the view of one voivodeship in a situation."""
    given = situation or Delivered()
    return Cooperation.read(
        find(OWN), tables(given), edition="2025", choices=CHOICES,
        files=(SourceFile("data/raw/cooperation_network/pilots.csv", "ab" * 32, 1234, 4, 4, "ROPS"),),
        synthetic=given.synthetic, synthetic_datasets=frozenset(DATASETS if given.synthetic else ()),
        sources=dict(zip(DATASETS, ("pilotaże i powiązania", "sprawy", "efekty i coaching"), strict=True)),
    )  # fmt: skip


def tables(given: Delivered) -> dict[str, pd.DataFrame]:
    """Return all tables of a situation."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    rows["sectors"] = sector_frame().to_dict("records")
    if given.pilots:
        _pilots(rows, given)
        _ties(rows, given)
    _cases(rows, given)
    _promises(rows, given)
    return {name: as_table(TABLES[name], [_whole(name, row) for row in found]) for name, found in rows.items()}


def _whole(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with all columns: each estimate, given as (value, error) or None, over three of them."""
    found: dict[str, Any] = {}
    for name, kind in columns(TABLES[table]).items():
        found[name] = {"str": "", "bool": False}.get(kind)
    for name, value in row.items():
        if isinstance(value, tuple):
            middle, error = value
            found |= {name: middle, f"{name}_low": middle - error, f"{name}_high": middle + error}
        else:
            found[name] = value
    return found | {"teryt": OWN} if "teryt" in found else found


def _pilots(rows: dict[str, list[dict[str, Any]]], given: Delivered) -> None:
    for key, (name, entities) in PILOTS.items():
        rows["pilots"].append(
            {"pilot": key, "name": name, "unit": "0419011", "population": 14_000.0, "project": "urban_rural",
             "started": "2024-01-15", "ended": "2025-10-31" if key == "a" else "", "months": 21.5,
             "entities": entities, "sectors": min(entities, 7), "levels": 2}
        )  # fmt: skip
        for place in range(entities):
            rows["partners"].append(
                {"pilot": key, "sector": SECTORS[place % 7], "level": "powiat" if place == 4 else "gmina",
                 "entities": 1}
            )  # fmt: skip
        for element in ELEMENTS:
            from_cases = element in {"diagnosis", "contract", "basket"}
            few = from_cases and (given.hidden or key == "d")
            known = not (from_cases and (few or not given.cases))
            rows["fidelity"].append(
                {"pilot": key, "element": element, "known": known,
                 "kept": known and (key, element) != ("c", "aftercare"),
                 "share": 0.875 if from_cases and known else None, "basis": "cases" if from_cases else "pilot",
                 "reason": "few" if few and given.cases else "" if known else "no_data"}
            )  # fmt: skip


def _ties(rows: dict[str, list[dict[str, Any]]], given: Delivered) -> None:
    for pilot in ("", *PILOTS):
        for measure, (before, after, p, adjusted) in MEASURES.items():
            numbers: dict[str, Any] = {"before": before, "after": after, "difference": after - before, "p": p,
                                       "p_adjusted": adjusted}  # fmt: skip
            if measure == "brokerage":
                numbers |= {"paths_before": 49, "paths_after": 121} | ({} if pilot else {"p": None, "p_adjusted": None})
            rows["network"].append(
                {"pilot": pilot, "measure": measure, "entities": 37 if not pilot else PILOTS[pilot][1],
                 "reason": "" if given.ties else "no_ties"} | (numbers if given.ties else {})
            )  # fmt: skip
    for key, (_, entities) in PILOTS.items():
        sectors = [0, *(place % 7 for place in range(1, entities))]
        places = circle_layout(sectors, 0)
        for place in range(entities):
            rows["brokers"].append(
                {"pilot": key, "entity": f"e{place}", "name": f"Podmiot {place} w {key}",
                 "sector": SECTORS[sectors[place]], "level": "powiat" if place == 4 else "gmina",
                 "role": "animator" if place == 0 else "partner", "sectors": 4,
                 "degree_before": 0.25 if given.ties else None, "degree": 0.5 if given.ties else None,
                 "betweenness": 0.6 / (place + 1) if given.ties else None,
                 "x": float(places[place, 0]), "y": float(places[place, 1])}
            )  # fmt: skip
        for place in range(1, entities if given.ties else 0):
            rows["ties"].append(
                {"pilot": key, "source": "e0", "target": f"e{place}", "before": 2 if place % 3 == 0 else 0,
                 "after": 0 if place == 3 else 2}
            )  # fmt: skip
    if given.ties:
        for first in range(7):
            for second in range(first, 7):
                rows["sector_ties"].append(
                    {"first": SECTORS[first], "second": SECTORS[second], "before": 1, "after": 2 + second % 3,
                     "possible": 10}
                )  # fmt: skip


def _cases(rows: dict[str, list[dict[str, Any]]], given: Delivered) -> None:
    why = "no_data" if not given.cases else "few" if given.hidden else ""
    for step, (cases, of) in FLOW.items():
        rows["case_flow"].append({"step": step, "reason": why} | ({} if why else {"cases": cases, "of": of}))
    for step, days in {"diagnosis": 12.0, "contract": 31.0, "ended": 290.0, "signal_contract": 47.0}.items():
        numbers = {"median": (days, 4.0), "lower": days - 8, "upper": days + 15, "cases": 118, "events": 101}
        rows["durations"].append({"step": step, "reason": why} | ({} if why else numbers))
    rates = {"": (101, 76), "a": (31, 26), "b": (36, 28), "c+d": (34, 22)}
    for pilots, (ended, success) in rates.items():
        if given.cases and (not given.hidden or not pilots):
            numbers = {"success": success, "ended": ended, "rate": (success / ended, 0.08), "reference": 76 / 101,
                       "inner_low": 0.55, "inner_high": 0.91, "outer_low": 0.44, "outer_high": 0.97,
                       "zone": "rather_low" if pilots == "c+d" else "inside"}  # fmt: skip
            rows["success"].append({"pilots": pilots, "reason": why} | ({} if why else numbers))
    if given.cases:
        published = {"name": "pilotaż gmin wiejskich", "success": 140, "of": 172, "rate": (140 / 172, 0.058),
                     "source": "https://liderzykooperacji.pl/", "reason": why}  # fmt: skip
        gap = {} if why else {"difference": (76 / 101 - 140 / 172, 0.101), "p": 0.284}
        rows["comparison"].append(published | gap)
    why = "no_data" if not given.baskets else why
    for place, sector in enumerate(SECTORS[:6]):
        numbers = {"cases": 40 + place, "planned": 300.0, "delivered": 300.0 - 30 * place,
                   "share": (1 - 0.1 * place, 0.05)}  # fmt: skip
        rows["baskets"].append({"sector": sector, "reason": why} | ({} if why else numbers))
    why = "no_data" if not given.goals else "few" if given.hidden else ""
    for pilots in rates:
        base = {"cases": 30, "goals": 82} if pilots else {"cases_from": 90, "goals_from": 240}
        numbers = base | {"unscored": 0.109, "entry": 31.2, "exit": 49.8, "change": (18.6, 2.4), "attained": 0.634}
        rows["goals"].append({"pilots": pilots, "reason": why} | ({} if why else numbers))
    for kind, workers in (("", 24), ("individual", 18), ("group", 15)):
        rows["coaching"].append(
            {"kind": kind, "reason": ""} | {"workers": workers, "meetings": 3 * workers, "hours": 5.5 * workers}
            if given.coaching
            else {"kind": kind, "reason": "no_data"}
        )
    if given.pilots and given.cases and not given.hidden:
        for pilots, verdict, causes in (
            ("a", "extend", ""), ("b", "extend", "basket_short"), ("c", "mend_first", "aftercare+low_rate"),
            ("d", "look_closer", "low_rate"),
        ):  # fmt: skip
            rated = "c+d" if pilots in ("c", "d") else pilots
            ended, success = rates[rated]
            rows["advice"].append(
                {
                    "pilots": pilots,
                    "rated": rated,
                    "verdict": verdict,
                    "causes": causes,
                    "ended": ended,
                    "rate": success / ended,
                }
            )
    elif given.pilots:
        rows["advice"] += [{"pilots": key, "rated": key, "verdict": "watch", "causes": "few_ended"} for key in PILOTS]


def _promises(rows: dict[str, list[dict[str, Any]]], given: Delivered) -> None:
    if not given.project:
        return
    rows["projects"].append(
        {"project": "urban_rural", "title": "Kooperacja – efektywna i skuteczna", "partners": "ROPS w Toruniu",
         "macroregion": "Makroregion II", "end": "2022-12-31", "value_pln": 31_604_368.34, "grant_pln": 4_868_206.71,
         "targets": "podmioty polityk", "source": "opis projektu"}
    )  # fmt: skip
    for effect, name, unit, promised, achieved, basis in (
        ("pilot_units", "Jednostki samorządu z pilotażem", "JST", 50.0, 26.0, "counted"),
        ("entities", "Podmioty współpracujące", "podmioty", 288.0, 301.0, "counted"),
        ("covid_entities", "Podmioty wsparte w pandemii", "podmioty", 830.0, 747.0, "stated"),
        ("skilled_staff", "Kadra z nowymi kompetencjami", "osoby", 200.0, None, "stated"),
        ("model", "Model kooperacji", "model", None, 1.0, "stated"),
    ):
        rows["effects"].append(
            {"project": "urban_rural", "effect": effect, "name": name, "unit": unit, "promised": promised,
             "achieved": achieved, "own": None if achieved is None else 1.0, "basis": basis,
             "share": None if promised is None or achieved is None else achieved / promised,
             "complete": given.whole or basis == "stated", "source": "opis projektu",
             "reason": "" if achieved is not None else "not_stated"}
        )  # fmt: skip
