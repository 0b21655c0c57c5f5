"""A register and a survey like real ones: few reintegration units nearly all of which answer, many organisations."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ropsanalysis.io.catalogue import legal_form_frame
from ropsanalysis.regions import REGIONS
from ropsanalysis.social_economy import schema
from ropsanalysis.social_economy.schema import REVENUE_SOURCES, SIZE_CLASSES, SURVEY_COLUMNS, Inputs

AS_OF = pd.Timestamp("2025-12-31")

# Legal form: entities of the country, share that answers, chance to employ anybody, mean staff of those that do,
# mean revenue in thousand PLN, sources of revenue (sales, contracts, grants, EU, donations, fees, other).
FORMS = {
    "cis": (200, 0.80, 1.00, 9, 1500, (3, 2, 8, 2, 0, 0, 1)),
    "kis": (200, 0.70, 0.80, 3, 300, (0, 1, 8, 3, 0, 0, 1)),
    "zaz": (133, 0.90, 1.00, 55, 4500, (4, 1, 9, 0, 0, 0, 0)),
    "wtz": (729, 0.85, 1.00, 14, 1200, (0, 0, 9, 0, 0, 0, 0)),
    "social_cooperative": (900, 0.30, 0.90, 6, 700, (8, 3, 2, 1, 0, 0, 0)),
    "work_cooperative": (500, 0.20, 0.95, 25, 6000, (9, 1, 0, 0, 0, 0, 1)),
    "disabled_cooperative": (170, 0.30, 1.00, 90, 15000, (9, 1, 1, 0, 0, 0, 0)),
    "farm_cooperative": (600, 0.15, 0.90, 12, 7000, (9, 0, 1, 0, 0, 0, 1)),
    "nonprofit_company": (400, 0.25, 0.85, 12, 3000, (6, 4, 2, 2, 0, 0, 0)),
    "ngo": (20000, 0.03, 0.25, 5, 250, (1, 2, 5, 1, 4, 2, 1)),
    "church_entity": (900, 0.08, 0.40, 8, 900, (1, 2, 4, 1, 6, 0, 1)),
    "kgw": (6000, 0.03, 0.02, 1, 15, (1, 0, 5, 0, 2, 2, 0)),
}
REINTEGRATION = ("cis", "kis", "zaz", "wtz")


def simulate(
    rng: np.random.Generator,
    *,
    years: tuple[int, ...] = (2023, 2024, 2025),
    regions: int = 16,
    scale: float = 1.0,
    response: float = 1.0,
    missing: float = 0.03,
) -> Inputs:
    """Draw inputs; `scale` multiplies the register, `response` the shares that answer, `missing` numbers not given."""
    counts = [max(1, round(entities * scale)) for entities, *_ in FORMS.values()]
    form = np.repeat(np.array(list(FORMS)), counts)
    n = form.size
    figures = {name: np.repeat(np.array([row[k] for row in FORMS.values()], float), counts) for k, name in _FIGURES}
    region = rng.choice(regions, size=n, p=_region_shares(regions))
    powiat = rng.integers(1, 9, n)
    teryt = [f"{REGIONS[r].teryt}{p:02d}{g:02d}" for r, p, g in zip(region, powiat, rng.integers(1, 5, n), strict=True)]
    employs = rng.random(n) < figures["employs"]
    staff = np.where(employs, 1 + rng.poisson(figures["staff"] * rng.lognormal(-0.6, 1.0, n)), 0)
    entities = pd.DataFrame({"entity": [f"e{i:06d}" for i in range(n)], "legal_form": form, "teryt": teryt})
    since = pd.to_datetime("2005-01-01") + pd.to_timedelta(rng.integers(0, 6500, n), unit="D")
    spells = entities.assign(
        name=[f"Podmiot {i}" for i in range(n)],
        start=since.astype("datetime64[s]"),
        end=pd.Series(pd.NaT, index=entities.index, dtype="datetime64[s]"),
        start_reason="",
        end_reason="",
        source="rejestr",
        observed_from=pd.Series(pd.NaT, index=entities.index, dtype="datetime64[s]"),
        closures_known=True,
        verified=pd.Series(pd.NaT, index=entities.index, dtype="datetime64[s]"),
        size_class=_size_class(staff, rng),
    )[list(schema.SPELL_COLUMNS)]
    survey = pd.concat([_answers(rng, entities, figures, staff, year, response, missing) for year in years])
    return Inputs(
        spells=spells,
        status=pd.DataFrame(columns=list(schema.STATUS_COLUMNS)),
        survey=survey[list(SURVEY_COLUMNS)].reset_index(drop=True),
        support=pd.DataFrame(columns=list(schema.SUPPORT_COLUMNS)),
        programme=pd.DataFrame(columns=list(schema.PROGRAMME_COLUMNS)),
        population=_population(teryt),
        units=pd.DataFrame(columns=list(schema.UNIT_COLUMNS)),
        observations=pd.DataFrame(columns=["indicator", "teryt", "year", "value", "flag"]),
        indicators=pd.DataFrame(columns=["indicator"]),
        legal_forms=legal_form_frame(),
        register_counts=pd.DataFrame(columns=list(schema.REGISTER_COUNT_COLUMNS)),
        as_of=AS_OF,
    )


_FIGURES = tuple(enumerate(("entities", "answers", "employs", "staff", "revenue")))


def _region_shares(regions: int) -> np.ndarray:
    shares = np.linspace(1.0, 3.5, regions)
    return np.asarray(shares / shares.sum())


def _size_class(staff: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    classes = np.array(SIZE_CLASSES, dtype=object)[np.digitize(staff, [1, 10, 50])]
    classes[rng.random(staff.size) < 0.1] = None
    return classes


def _population(teryt: list[str]) -> pd.DataFrame:
    gminas = sorted(set(teryt))
    rows = [(gmina, year, 20000) for gmina in gminas for year in (2023, 2024, 2025)]
    return pd.DataFrame(rows, columns=list(schema.POPULATION_COLUMNS))


def _answers(
    rng: np.random.Generator,
    entities: pd.DataFrame,
    figures: dict[str, np.ndarray],
    staff: np.ndarray,
    year: int,
    response: float,
    missing: float,
) -> pd.DataFrame:
    rows = np.flatnonzero(rng.random(len(entities)) < np.minimum(figures["answers"] * response, 1.0))
    form = entities["legal_form"].to_numpy()[rows]
    people, n = staff[rows].astype(float), rows.size
    revenue = np.round(1000 * figures["revenue"][rows] * rng.lognormal(-0.7, 1.2, n), 2)
    mixes = np.array([FORMS[key][5] for key in form], dtype=float) + 0.02
    shares = rng.gamma(mixes)
    parts = np.round(revenue[:, None] * shares / shares.sum(axis=1, keepdims=True), 2)
    costs = np.round(revenue * rng.normal(0.97, 0.08, n).clip(0.5, 1.5), 2)
    reintegrates = np.isin(form, REINTEGRATION)
    places = np.where(reintegrates, rng.integers(15, 60, n), np.nan)
    participants = np.round(places * rng.uniform(0.7, 1.2, n))
    leaving = rng.binomial(np.nan_to_num(participants).astype(int), np.where(form == "wtz", 0.04, 0.35))
    exits = np.where(reintegrates, leaving, np.nan)
    to_work = np.where(reintegrates, rng.binomial(leaving, 0.3), np.nan)
    answers = pd.DataFrame(
        {
            "entity": entities["entity"].to_numpy()[rows],
            "year": year,
            "staff": people,
            "staff_fte": np.round(people * rng.uniform(0.6, 1.0, n), 2),
            "staff_risk": rng.binomial(people.astype(int), np.where(reintegrates, 0.6, 0.1)).astype(float),
            "volunteers": rng.poisson(np.where(np.isin(form, ["ngo", "kgw", "church_entity"]), 12, 0.3)).astype(float),
            "revenue_total_pln": revenue,
            **{f"revenue_{source}_pln": parts[:, k] for k, source in enumerate(REVENUE_SOURCES)},
            "costs_pln": costs,
            "result_pln": revenue - costs,
            "current_assets_pln": np.round(revenue * rng.lognormal(-1.5, 0.7, n), 2),
            "current_liabilities_pln": np.round(revenue * rng.lognormal(-1.9, 0.9, n), 2),
            "public_contracts": rng.poisson(0.5, n).astype(float),
            "places": places,
            "participants": participants,
            "exits": exits,
            "exits_to_work": to_work,
            "reintegration_cost_pln": np.where(reintegrates, np.round(costs * 0.8, 2), np.nan),
        }
    )
    for name in answers.columns[2:]:
        answers.loc[rng.random(n) < missing, name] = np.nan
    return answers
