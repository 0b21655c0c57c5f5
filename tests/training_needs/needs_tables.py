"""Made-up result tables in the shape the report reads: random numbers, already protected and rounded.

What is hidden here is hidden at random: these tables try how the report shows results, not how they come about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ropsanalysis.definitions import Choice, SourceFile
from ropsanalysis.regions import find
from ropsanalysis.training_needs.view import TrainingNeeds

INSTITUTIONS = {
    "ops": ("Ośrodek pomocy społecznej", "OPS/MOPS", "assistance"),
    "cus": ("Centrum usług społecznych", "CUS", "assistance"),
    "pcpr": ("Powiatowe centrum pomocy rodzinie", "PCPR/MOPR", "family"),
    "dps": ("Dom pomocy społecznej", "DPS", "assistance"),
    "sds": ("Środowiskowy dom samopomocy", "ŚDS", "assistance"),
    "family_support": ("Placówka wsparcia rodziny i pieczy zastępczej", "Wsparcie rodziny i piecza", "family"),
    "adoption": ("Ośrodek adopcyjny", "Ośrodek adopcyjny", "family"),
    "cis": ("Centrum integracji społecznej", "CIS", "social_economy"),
    "kis": ("Klub integracji społecznej", "KIS", "social_economy"),
    "zaz": ("Zakład aktywności zawodowej", "ZAZ", "social_economy"),
    "wtz": ("Warsztat terapii zajęciowej", "WTZ", "social_economy"),
    "owes": ("Ośrodek wsparcia ekonomii społecznej", "OWES", "social_economy"),
    "ngo": ("Organizacja pozarządowa i inny podmiot ekonomii społecznej", "NGO i inne PES", "social_economy"),
    "jst": ("Urząd jednostki samorządu terytorialnego", "Urząd JST", "assistance"),
    "rops": ("Regionalny ośrodek polityki społecznej", "ROPS", "assistance"),
}
COMPETENCES = {
    "social_work": ("Metodyka pracy socjalnej", "Praca socjalna"),
    "supervision": ("Superwizja pracy socjalnej", "Superwizja"),
    "deinstitutionalisation": ("Deinstytucjonalizacja usług społecznych", "Deinstytucjonalizacja"),
    "cus_act": ("Realizowanie usług przez centrum usług społecznych", "Ustawa o CUS"),
    "foster_care": ("Piecza zastępcza i wspieranie rodziny", "Piecza zastępcza"),
    "disability": ("Wsparcie osób z niepełnosprawnościami", "Niepełnosprawność"),
    "mental_health": ("Zdrowie psychiczne i kryzysy", "Zdrowie psychiczne"),
    "ageing": ("Wsparcie osób starszych", "Starzenie się"),
    "homelessness": ("Bezdomność i wykluczenie mieszkaniowe", "Bezdomność"),
    "domestic_violence": ("Przeciwdziałanie przemocy domowej", "Przemoc domowa"),
    "foreigners": ("Integracja cudzoziemców", "Integracja cudzoziemców"),
    "social_economy": ("Ekonomia społeczna", "Ekonomia społeczna"),
    "public_procurement": ("Zamówienia publiczne i klauzule społeczne", "Zamówienia publiczne"),
    "management": ("Zarządzanie instytucją i projektem", "Zarządzanie"),
    "law": ("Prawo i postępowanie administracyjne", "Prawo"),
    "digital": ("Kompetencje cyfrowe", "Kompetencje cyfrowe"),
    "communication": ("Komunikacja i praca w zespole", "Komunikacja"),
    "motivational_dialogue": ("Dialog motywujący", "Dialog motywujący"),
    "diversity": ("Różnorodność i niedyskryminacja", "Różnorodność i niedyskryminacja"),
    "staff_wellbeing": ("Dobrostan pracowników i wypalenie zawodowe", "Dobrostan i wypalenie"),
}
OPTIONS = {
    "position": {
        "manager": "kadra kierownicza", "social_worker": "pracownik socjalny", "specialist": "specjalista",
        "coordinator_assistant": "koordynator lub asystent", "instructor_therapist": "instruktor lub terapeuta",
        "caregiver": "opiekun", "administration": "administracja", "other": "inne stanowisko",
    },
    "tenure": {"under_2": "mniej niż 2 lata", "2_5": "2–5 lat", "6_10": "6–10 lat", "11_20": "11–20 lat",
               "over_20": "więcej niż 20 lat"},
    "education": {"secondary": "średnie", "bachelor": "licencjackie", "master": "magisterskie",
                  "postgraduate": "podyplomowe"},
    "form": {"classroom": "szkolenie stacjonarne", "online_live": "szkolenie na żywo przez internet",
             "e_learning": "e-learning", "blended": "forma mieszana", "study_visit": "wizyta studyjna",
             "supervision_group": "grupa superwizyjna", "postgraduate": "studia podyplomowe"},
    "time": {"workday_short": "dzień roboczy, do 4 godzin", "workday_full": "cały dzień roboczy",
             "two_days": "dwa dni z rzędu", "weekend": "weekend", "afternoon": "popołudnie"},
    "barrier": {"no_replacement": "brak zastępstwa", "no_time": "brak czasu", "cost": "koszt",
                "distance": "odległość", "no_offer": "brak oferty na potrzebny temat",
                "no_support": "brak zgody przełożonych", "none": "brak przeszkód"},
}  # fmt: skip
CHOICES = (
    Choice("threshold", 5, "liczba osób", "Najmniejsza liczba respondentów, którą wolno podać."),
    Choice("protection_width", 5, "liczba osób", "Najmniejsza szerokość przedziału ochrony."),
    Choice("min_base", 20, "liczba odpowiedzi", "Najmniejsza liczba odpowiedzi, przy której podajemy oszacowanie."),
    Choice("max_half_width", 0.2, "udział", "Największa połowa szerokości przedziału odsetka."),
    Choice("confidence", 0.95, "prawdopodobieństwo", "Poziom ufności przedziałów."),
    Choice("quadrant_cut", "mean", "", "Położenie linii dzielących ćwiartki."),
    Choice("bootstrap_draws", 500, "liczba losowań", "Liczba prób bootstrapowych."),
    Choice("collapse_below", 10, "liczba respondentów", "Liczba, poniżej której typy łączymy przy ważeniu."),
    Choice("trim_ratio", 5.0, "krotność mediany wag", "Największa waga."),
    Choice("staff_base", 50, "liczba osób", "Podstawa zaokrąglania liczby pracowników."),
    Choice("alpha", 0.05, "prawdopodobieństwo", "Poziom istotności testów."),
)
FILES = (
    SourceFile(
        "data/raw/training_survey/ankieta.csv", "0123456789abcdef" * 4, 812345, 5000, 4961,
        "badanie potrzeb szkoleniowych kadr 2025",
    ),
    SourceFile("data/raw/training_frame/frame.csv", "fedcba9876543210" * 4, 4321, 240, 240, "sprawozdania MRPiPS-03"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Survey:
    """What kind of survey to make up.

    Attributes
    ----------
    respondents
        Respondents by TERYT; "00" only where there is more than one voivodeship.
    shown_types
        How many institution types (the largest) have estimates.
    plan
        Status of the plan.
    wanted
        Whether people could tick topics.
    traits
        Whether position, tenure and education were asked.
    """

    respondents: tuple[tuple[str, int], ...] = (("26", 320), ("14", 640), ("00", 960))
    shown_types: int = 7
    plan: str = "optimal"
    wanted: bool = True
    traits: bool = True


def needs(teryt: str = "26", survey: Survey | None = None, *, seed: int = 1) -> TrainingNeeds:
    """Return the view of one voivodeship on made-up tables."""
    return TrainingNeeds.read(
        find(teryt), tables(survey or Survey(), seed=seed), edition="2025", choices=CHOICES, files=FILES, synthetic=True
    )


def tables(survey: Survey, *, seed: int = 1) -> dict[str, pd.DataFrame]:
    """Return all result tables of one made-up survey."""
    rng = np.random.default_rng(seed)
    units = survey.respondents
    few = {teryt: n < 60 for teryt, n in units}
    made: dict[str, Any] = {
        "response": [r for teryt, n in units for r in _response(rng, teryt, n, survey)],
        "quality": [_quality(teryt, n, few=few[teryt]) for teryt, n in units],
        "answers": [r for teryt, n in units for r in _answers(rng, teryt, n, survey, few=few[teryt])],
        "needs": [r for teryt, n in units for r in _needs(rng, teryt, n, survey, few=few[teryt])],
        "needs_by_institution": [r for teryt, n in units for r in _cells(rng, teryt, n, survey, few=few[teryt])],
        "pooled": [r for teryt, n in units for r in _pooled(rng, teryt, survey, few=few[teryt])],
        "agreement": [r for teryt, _ in units for r in _agreement(rng, teryt, survey) if not few[teryt]],
        "differences": [r for teryt, _ in units for r in _differences(rng, teryt) if not few[teryt]],
        "drivers": _drivers(rng, "00" if len(units) > 1 else units[0][0]) if survey.traits else [],
        "scales": [r for teryt, n in units for r in _scales(teryt, n, few=few[teryt])],
        "profiles": [
            {"profile": p, "competence": c, "gap": _r(1 + rng.normal(0, 0.7)), "centred": _r(rng.normal(0, 0.5))}
            for p in (1, 2, 3)
            for c in COMPETENCES
        ],
        "profile_shares": [r for teryt, n in units for r in _profile_shares(teryt, n, few=few[teryt])],
        "profile_quality": [{"k": 3, "stability": 0.82, "silhouette": 0.21, "n": 900}],
        **_plans(rng, units, survey),
        "protection": _protection(),
        "competences": [{"key": k, "name": n, "short": s} for k, (n, s) in COMPETENCES.items()],
        "institutions": [{"key": k, "name": n, "short": s, "group": g} for k, (n, s, g) in INSTITUTIONS.items()],
        "options": [
            {"question": q, "option": o, "label": text} for q, options in OPTIONS.items() for o, text in options.items()
        ],
    }
    return {name: pd.DataFrame(rows) for name, rows in made.items()}


def _r(value: float, digits: int = 2) -> float:
    return round(float(value), digits)


def _around(value: float, half: float, *, digits: int = 2) -> tuple[float, float, float]:
    return _r(value, digits), _r(value - half, digits), _r(value + half, digits)


def _ends(name: str, value: float | None, half: float = 0.0, *, digits: int = 2) -> dict[str, float | None]:
    if value is None:
        return {name: None, f"{name}_low": None, f"{name}_high": None}
    middle, low, high = _around(value, half, digits=digits)
    return {name: middle, f"{name}_low": low, f"{name}_high": high}


_SIZES = np.array([34, 4, 9, 16, 7, 9, 1, 2, 2, 2, 6, 1, 9, 5, 1]) / 108


def _shown(index: int, survey: Survey) -> bool:
    return index in np.argsort(-_SIZES)[: survey.shown_types]


def _response(rng: np.random.Generator, teryt: str, n: int, survey: Survey) -> list[dict[str, Any]]:
    staff, rows = n * 13, []
    for index, key in enumerate(INSTITUTIONS):
        own, sample = _SIZES[index], _SIZES[index] * rng.uniform(0.6, 1.5)
        hidden = not _shown(index, survey) and n * sample < 8
        rows.append(
            {
                "teryt": teryt, "institution": key, "staff": round(staff * own),
                "respondents": None if hidden else round(n * sample), "rate": None if hidden else _r(sample / own / 13),
                "share_frame": _r(own), "share_sample": None if hidden else _r(sample),
                "share_weighted": None if hidden else _r(own + rng.uniform(-0.01, 0.01)),
                "reason": "protected" if hidden else "",
            }
        )  # fmt: skip
    everybody = {
        "teryt": teryt, "institution": "", "staff": staff, "respondents": n, "rate": 0.08, "share_frame": 1.0,
        "share_sample": 1.0, "share_weighted": 1.0, "reason": "",
    }  # fmt: skip
    return [everybody, *rows]


def _quality(teryt: str, n: int, *, few: bool) -> dict[str, Any]:
    return {
        "teryt": teryt, "respondents": n, "staff": n * 13, "deff": None if few else 1.31,
        "n_effective": None if few else _r(n / 1.31, 0), "weight_min": 0.4, "weight_max": 3.2, "n_trimmed": 4,
        "iterations": 6, "converged": True, "difference_before": 0.11, "difference_after": 0.01,
    }  # fmt: skip


def _answers(rng: np.random.Generator, teryt: str, n: int, survey: Survey, *, few: bool) -> list[dict[str, Any]]:
    rows = []
    for question, options in OPTIONS.items():
        if question in {"position", "tenure", "education"} and not survey.traits:
            continue
        single = question in {"position", "tenure", "education"}
        shares = rng.dirichlet(np.ones(len(options)) * 3) if single else rng.uniform(0.08, 0.7, len(options))
        for place, option in enumerate(options):
            hidden = few or (single and place == len(options) - 1 and n < 400)
            found = _around(shares[place], min(0.06, shares[place]))
            share, low, high = (None, None, None) if hidden else found
            rows.append(
                {
                    "teryt": teryt, "question": question, "option": option, "base": None if few else round(n * 0.95),
                    "share": share, "low": low, "high": high, "reason": "protected" if hidden else "",
                }
            )  # fmt: skip
    return rows


def _needs(rng: np.random.Generator, teryt: str, n: int, survey: Survey, *, few: bool) -> list[dict[str, Any]]:
    count = len(COMPETENCES)
    importance, mastery = rng.uniform(3.7, 4.8, count), rng.uniform(2.6, 3.9, count)
    mwds = importance * (importance - mastery)
    share = np.clip((importance - mastery) / 2.2 + rng.normal(0, 0.05, count), 0.05, 0.92)
    wanted = rng.uniform(0.05, 0.5, count)
    rank = {name: (-values).argsort().argsort() + 1 for name, values in (("m", mwds), ("w", wanted), ("s", share))}
    rows = []
    for i, key in enumerate(COMPETENCES):
        base = round(n * rng.uniform(0.8, 0.95))
        high_i, high_m = importance[i] >= importance.mean(), mastery[i] >= mastery.mean()
        quadrant = ("keep" if high_i else "overkill") if high_m else ("concentrate" if high_i else "low_priority")
        place = float(rank["m"][i])
        ends = {} if few else {"rank": place, "rank_low": max(1.0, place - 3), "rank_high": min(count, place + 3.0)}
        rows.append(
            {
                "teryt": teryt, "competence": key, "base": base, "missing": n - base,
                **_ends("importance", None if few else importance[i], 0.1),
                **_ends("mastery", None if few else mastery[i], 0.12),
                **_ends("mwds", None if few else mwds[i], 0.7), "rank": None, "rank_low": None, "rank_high": None,
                **ends, **_ends("rds", None if few else -100 * (share[i] - 0.1), 8, digits=0),
                "rds_rank": None if few else float(rank["s"][i]), **_ends("share", None if few else share[i], 0.06),
                **_ends("staff", None if few else round(share[i] * n * 13 / 50) * 50, 300, digits=0),
                **_wanted(None if few or not survey.wanted else wanted[i]),
                "wanted_rank": None if few or not survey.wanted else float(rank["w"][i]),
                "quadrant": "" if few else quadrant, "reason": "imprecise" if few else "",
            }
        )  # fmt: skip
    return rows


def _wanted(value: float | None) -> dict[str, float | None]:
    ends = _ends("wanted", value, 0.05)
    return {"wanted_share": ends.pop("wanted"), **ends, "wanted_base": None if value is None else 250}


def _cells(rng: np.random.Generator, teryt: str, n: int, survey: Survey, *, few: bool) -> list[dict[str, Any]]:
    rows = []
    for index, institution in enumerate(INSTITUTIONS):
        for competence in COMPETENCES:
            hidden = few or not _shown(index, survey) or rng.random() < 0.15
            share, low, high = _around(rng.uniform(0.15, 0.8), 0.13)
            people = round(share * n * 13 * _SIZES[index])
            shown = None if hidden else 1
            rows.append(
                {
                    "teryt": teryt, "institution": institution, "competence": competence,
                    "base": shown and max(20, round(n * _SIZES[index] * 0.9)), "share": shown and share,
                    "low": shown and low, "high": shown and high, "staff": shown and people,
                    "staff_low": shown and round(people * 0.8), "staff_high": shown and round(people * 1.2),
                    "reason": "protected" if hidden else "",
                }
            )  # fmt: skip
    return rows


def _pooled(rng: np.random.Generator, teryt: str, survey: Survey, *, few: bool) -> list[dict[str, Any]]:
    rows = []
    for index, institution in enumerate(INSTITUTIONS):
        for competence in COMPETENCES:
            if not few and (_shown(index, survey) or index % 2):
                gap, low, high = _around(rng.uniform(0.2, 1.8), 0.35)
                rows.append(
                    {"teryt": teryt, "institution": institution, "competence": competence, "gap": gap, "low": low,
                     "high": high, "base": 25, "reason": ""}
                )  # fmt: skip
    return rows


def _agreement(rng: np.random.Generator, teryt: str, survey: Survey) -> list[dict[str, Any]]:
    methods = ["mwds", "rds", "share", *(["wanted"] if survey.wanted else [])]
    return [
        {"teryt": teryt, "method_a": a, "method_b": b, "tau": 0.18 if b == "wanted" else _r(rng.uniform(0.7, 0.95)),
         "p_value": 0.31 if b == "wanted" else 0.0001, "top5_shared": 1 if b == "wanted" else 4}
        for place, a in enumerate(methods)
        for b in methods[place + 1 :]
    ]  # fmt: skip


def _differences(rng: np.random.Generator, teryt: str) -> list[dict[str, Any]]:
    return [
        {"teryt": teryt, "competence": key, "statistic": _r(rng.uniform(1, 40)), "p_value": _r(p / 20, 4),
         "p_adjusted": _r(p, 4), "significant": p < 0.05, "highest_institution": "dps", "highest_gap": 1.62,
         "lowest_institution": "ops", "lowest_gap": 0.48}
        for key in COMPETENCES
        for p in [min(1.0, float(rng.exponential(0.3)))]
    ]  # fmt: skip


def _drivers(rng: np.random.Generator, teryt: str) -> list[dict[str, Any]]:
    terms = {"position": ("stanowisko", "position", "social_worker"), "tenure": ("staż", "tenure", "over_20")}
    rows = []
    for key in list(COMPETENCES)[:6]:
        for label, question, reference in terms.values():
            for option, text in OPTIONS[question].items():
                if option != reference:
                    effect, low, high = _around(rng.normal(0, 0.12), 0.09)
                    rows.append(
                        {"teryt": teryt, "competence": key, "term": label, "level": text,
                         "reference": OPTIONS[question][reference], "effect": effect, "low": low, "high": high,
                         "p_value": 0.02, "p_adjusted": 0.03 if low * high > 0 else 0.4, "proportional_p": 0.2,
                         "proportional_ok": key != "supervision", "n": 880}
                    )  # fmt: skip
    return rows


def _scales(teryt: str, n: int, *, few: bool) -> list[dict[str, Any]]:
    return [
        {"teryt": teryt, "scale": scale, "alpha": None if few else 0.91, "alpha_low": None if few else 0.89,
         "alpha_high": None if few else 0.93, "omega": None if few else 0.92, "items": 20, "n": round(n * 0.6)}
        for scale in ("importance", "mastery")
    ]  # fmt: skip


def _profile_shares(teryt: str, n: int, *, few: bool) -> list[dict[str, Any]]:
    return [
        {"teryt": teryt, "profile": p, "base": None if few else round(n * 0.9), "share": None if few else share,
         "reason": "protected" if few else ""}
        for p, share in ((1, 0.46), (2, 0.33), (3, 0.21))
    ]  # fmt: skip


_MESSAGES = {
    "optimal": "Plan jest najlepszy z możliwych w podanych warunkach: jego optymalność została dowiedziona.",
    "gap": "Plan spełnia wszystkie warunki, ale w wyznaczonym czasie nie dowiedziono, że jest najlepszy.",
    "infeasible": "Celów projektu nie da się osiągnąć jednocześnie.",
    "missing": "Brak celów i budżetu projektu dla tego województwa, dlatego planu nie wyznaczono.",
}


def _plans(
    rng: np.random.Generator, units: tuple[tuple[str, int], ...], survey: Survey
) -> dict[str, list[dict[str, Any]]]:
    made: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("plan", "plan_summary", "plan_limits", "plan_curve", "plan_coverage", "plan_conflicts")
    }
    for teryt, n in units:
        if teryt == "00":
            continue
        works = survey.plan in {"optimal", "gap"}
        made["plan_summary"].append(
            {
                "teryt": teryt, "status": survey.plan, "gap": 0.013 if survey.plan == "gap" else 0.0 if works else None,
                "budget_pln": None if survey.plan == "missing" else 900_000.0, "cost_pln": 897_400.0 if works else None,
                "groups": 33, "seats": 500, "persons": 702 if works else None, "persons_certain": 610,
                "persons_supported": None if survey.plan == "missing" else 688,
                "persons_qualified": None if survey.plan == "missing" else 654,
                "expected_qualified": 667.0 if works else None, "need_covered": 0.43 if works else None,
                "message": _MESSAGES[survey.plan],
            }
        )  # fmt: skip
        if survey.plan == "infeasible":
            made["plan_conflicts"].append(
                {"teryt": teryt, "limit": "persons_supported", "label": "osoby objęte wsparciem", "required": 688.0,
                 "possible": 540.0}
            )  # fmt: skip
        if not works:
            continue
        for key in rng.permutation(list(COMPETENCES))[:11]:
            groups = int(rng.integers(1, 6))
            made["plan"].append(
                {"teryt": teryt, "competence": key, "form": str(rng.choice(["classroom", "online_live", "blended"])),
                 "groups": groups, "seats": groups * 15, "group_size": 15, "hours": groups * 16.0,
                 "cost_pln": groups * 21_500.0, "audiences": "OPS/MOPS, DPS, PCPR/MOPR i inne"}
            )  # fmt: skip
        limits = [
            ("budget", "Budżet (zł)", 897_400.0, 900_000.0, True, 0.021, "100 000 zł więcej"),
            ("persons_supported", "Osoby objęte wsparciem", 702.0, 688.0, False, 0.0, "wymaganie niższe o 1 osobę"),
            ("capacity:foreigners:classroom", "Dostępne grupy: Integracja cudzoziemców, szkolenie stacjonarne",
             4.0, 4.0, True, 0.004, "1 grupa więcej"),
            ("coverage:dps", "Najmniejsza liczba osób: DPS", 40.0, 40.0, True, 0.001, "wymaganie niższe o 1 osobę"),
            ("saturated:law", "Cała potrzeba pokryta: Prawo", 120.0, 120.0, True, None, ""),
            ("no_offer:homelessness", "Brak oferty: Bezdomność", 0.0, 0.0, True, None, ""),
        ]  # fmt: skip
        names = ("limit", "label", "used", "available", "binding", "extra", "unit")
        made["plan_limits"] += [{"teryt": teryt, **dict(zip(names, limit, strict=True))} for limit in limits]
        made["plan_curve"] += [
            {"teryt": teryt, "budget_pln": 300_000.0 * step, "need_covered": _r(0.75 * (1 - 0.75**step)),
             "persons": round(900 * (1 - 0.6**step))}
            for step in range(1, 7)
        ]  # fmt: skip
        made["plan_coverage"] += [
            {"teryt": teryt, "institution": key, "staff": round(n * 13 * _SIZES[index]),
             "persons": round(n * 2 * _SIZES[index]), "share": _r(rng.uniform(0.1, 0.3)), "minimum": 0.1}
            for index, key in enumerate(INSTITUTIONS)
        ]  # fmt: skip
    return made


def _protection() -> list[dict[str, Any]]:
    names = ("respondenci według województw i typów instytucji", "udziały osób z luką", "stanowiska", "staż pracy")
    return [
        {"system": name, "cells": 272, "hidden": 81, "width_required": 5.0, "width_smallest": 6.0,
         "gap": 0.0, "verdict": "safe"}
        for name in names
    ]  # fmt: skip
