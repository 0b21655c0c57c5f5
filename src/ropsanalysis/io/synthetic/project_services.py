"""The made-up local plans, social service centres and foster care of sixteen voivodeships."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.io.project_services import TOTAL
from ropsanalysis.io.synthetic import project_truth as truth
from ropsanalysis.io.synthetic.project_persons import as_texts
from ropsanalysis.io.synthetic.social_chance import days, happens, pick_apart, pick_from
from ropsanalysis.project_monitoring.schema import CUS_COLUMNS, LPDI_COLUMNS, SECTIONS

YEARS: Final = (2020, 2021, 2022, 2023, 2024)

_SECTIONS: Final = (990, 980, 940, 965, 930)
_EVIDENCE: Final = {"resolution": 82, "order": 10, "draft": 6, "statement": 2}
_CARRIED_OUT: Final = {"annual_report": 50, "monitoring": 20, "contract": 8, "statement": 6, "": 16}
_ENDS: Final = {"2025-06-30": 2, "2027-12-31": 48, "2030-12-31": 50}
_LAST_POWIAT: Final = "60"  # cities that are powiats as well are numbered from 61; their plan is that of the gmina
_FIRST_PLAN: Final = "2024-01-15"
_FIRST_CENTRE: Final = "2021-03-01"


def draw_plans(units: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return a row per local plan of deinstitutionalisation, as delivered.

    Parameters
    ----------
    units
        Gminas and powiats: teryt, level, name.
    """
    parts = []
    able = units[(units["level"] == "gmina") | (units["teryt"].str[2:4] <= _LAST_POWIAT)]
    for teryt, project in truth.PROJECTS.items():
        own = able[able["teryt"].str.startswith(teryt)]
        chosen = own.iloc[pick_apart(np.ones(len(own), dtype=np.int64), len(own) * project.plans // 1000, rng)]
        parts.append(_plans(teryt, chosen, rng))
    return pd.concat(parts, ignore_index=True)


def _plans(teryt: str, units: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    count, end = len(units), days(truth.AS_OF)
    first = days(_FIRST_PLAN)
    adopted = first + rng.integers(int((end - first).astype(np.int64)) + 1, size=count)
    evidence = pick_from(_EVIDENCE, count, rng)
    carried, day = pick_from(_CARRIED_OUT, count, rng), adopted + rng.integers(90, 500, size=count)
    drafts = evidence == "draft"
    shown = (carried != "") & (day <= end) & ~drafts
    expiring = days([str(text) for text in pick_from(_ENDS, count, rng)])
    expiring = np.where(expiring > adopted + 60, expiring, days("2030-12-31"))
    nothing = np.datetime64("NaT", "D")
    return pd.DataFrame(
        {
            "teryt": teryt,
            "unit": units["teryt"].to_numpy(),
            "title": [
                f"Lokalny plan deinstytucjonalizacji usług społecznych: {'powiat ' if level == 'powiat' else ''}{name}"
                for level, name in zip(units["level"], units["name"], strict=True)
            ],
            "adopted": as_texts(np.where(drafts, nothing, adopted)),
            "in_force_from": as_texts(np.where(drafts, nothing, adopted + rng.integers(0, 15, size=count))),
            "in_force_to": as_texts(np.where(drafts, nothing, expiring)),
            **{
                name: happens(chance, count, rng).astype(np.int64)
                for name, chance in zip(SECTIONS, _SECTIONS, strict=True)
            },
            "evidence": evidence,
            "carried_out": np.where(shown, carried, ""),
            "carried_out_day": as_texts(np.where(shown, day, nothing)),
        }
    )[[name for name in LPDI_COLUMNS if name != "row"]]


def draw_centres(units: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return a row per social service centre; some are of several gminas of a powiat."""
    rows = []
    gminas = units[units["level"] == "gmina"]
    for teryt, project in truth.PROJECTS.items():
        own = gminas[gminas["teryt"].str.startswith(teryt)].reset_index(drop=True)
        heads = pick_apart(np.ones(len(own), dtype=np.int64), project.centres, rng)
        opened = days(_FIRST_CENTRE) + rng.integers(
            int((days(truth.AS_OF) - days(_FIRST_CENTRE)).astype(np.int64)) + 1, size=len(heads)
        )
        joint, services = happens(300, len(heads), rng), rng.integers(6, 25, size=len(heads))
        taken = set(own["teryt"].iloc[heads])
        for number, place in enumerate(heads):
            head, name = str(own["teryt"].iloc[place]), str(own["name"].iloc[place])
            near = [code for code in own["teryt"] if code[:4] == head[:4] and code not in taken]
            beside = near[:2] if joint[number] else []
            taken.update(beside)
            rows.append(
                (
                    teryt, f"cus-{teryt}-{number + 1}", f"Centrum Usług Społecznych: {name}", "+".join([head, *beside]),
                    str(opened[number]), "", int(services[number]),
                )
            )  # fmt: skip
    return pd.DataFrame(rows, columns=list(CUS_COLUMNS))


def draw_foster_care(rng: np.random.Generator) -> pd.DataFrame:
    """Return children in foster care by voivodeship and year; all of it is made up."""
    rows = []
    for teryt, project in truth.PROJECTS.items():
        children, family = project.children, project.family
        for year in YEARS:
            kept = children * family // 1000
            rows.append((teryt, year, kept, children - kept, children, "dane zmyślone (przykład)"))
            children += children * int(rng.integers(-10, 31)) // 1000
            family += int(rng.integers(-8, 7))
    return pd.DataFrame(rows, columns=["teryt", "year", "family", "institutional", TOTAL, "source"])
