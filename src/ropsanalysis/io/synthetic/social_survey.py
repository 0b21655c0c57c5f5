"""What the made-up entities answer in the yearly survey: staff, money, and the participants of reintegration.

What an entity is like does not change from year to year; its figures move a little. Amounts stay below a hundred
million, because nine digits in a row may pass for a telephone number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ropsanalysis.io.synthetic.social_chance import Whole, days, happens, share_of, skewed, split
from ropsanalysis.io.synthetic.social_registers import UNITS
from ropsanalysis.io.synthetic.social_tables import SIZE_LIMITS
from ropsanalysis.io.synthetic.social_truth import POPULATION
from ropsanalysis.social_economy.schema import REVENUE_SOURCES, SURVEY_COLUMNS

YEARS: Final = (2023, 2024, 2025)
KEYS: Final = ("nip", "krs", "id")
"""Columns that say which entity a row is about; each row has one of them."""
LARGEST_PLN: Final = 99_000_000

Answers = dict[str, "npt.NDArray[np.object_]"]


@dataclass(frozen=True, slots=True)
class Kind:
    """How entities of one legal form answer.

    Attributes
    ----------
    sample
        Entities asked that answer in a year; for units of reintegration, of a thousand asked, those that answer.
    risk
        Of a thousand staff, those from risk groups in the typical entity.
    volunteers
        Most volunteers.
    per_staff, besides
        Revenue per person employed, and of an entity without staff, in PLN.
    sources
        Relative size of the parts of the revenue, in the order of `REVENUE_SOURCES`.
    short
        Whether it gets the short questionnaire: nothing about assets, liabilities and contracts.
    places
        Smallest and largest number of places of a unit of reintegration.
    leave, work
        Of a thousand participants those that leave in a year, and of a thousand of these those that go to work.
    """

    sample: int
    risk: int
    volunteers: int
    per_staff: int
    besides: int
    sources: tuple[int, ...]
    short: bool = False
    places: tuple[int, int] = (0, 0)
    leave: int = 0
    work: int = 0


KINDS: Final[dict[str, Kind]] = {
    "cis": Kind(850, 120, 6, 78_000, 0, (10, 5, 50, 30, 2, 0, 3), places=(15, 90), leave=520, work=360),
    "kis": Kind(850, 60, 8, 70_000, 0, (0, 0, 55, 40, 3, 0, 2), places=(10, 60), leave=560, work=270),
    "zaz": Kind(850, 700, 5, 62_000, 0, (25, 8, 60, 5, 1, 0, 1), places=(22, 75), leave=70, work=300),
    "wtz": Kind(850, 15, 8, 92_000, 0, (2, 0, 90, 4, 3, 0, 1), places=(20, 70), leave=80, work=110),
    "social_cooperative": Kind(170, 430, 6, 82_000, 30_000, (50, 22, 12, 10, 2, 1, 3)),
    "work_cooperative": Kind(70, 45, 0, 165_000, 60_000, (82, 12, 1, 1, 0, 1, 3)),
    "disabled_cooperative": Kind(40, 330, 0, 120_000, 40_000, (78, 10, 9, 1, 0, 0, 2)),
    "farm_cooperative": Kind(30, 8, 0, 240_000, 90_000, (86, 0, 8, 1, 0, 1, 4)),
    "nonprofit_company": Kind(85, 170, 10, 130_000, 50_000, (52, 22, 12, 9, 2, 0, 3)),
    "ngo": Kind(240, 35, 40, 112_000, 24_000, (16, 12, 30, 12, 18, 6, 6)),
    "church_entity": Kind(35, 25, 50, 98_000, 40_000, (12, 14, 38, 5, 26, 0, 5)),
    "kgw": Kind(90, 0, 45, 30_000, 14_000, (12, 2, 52, 2, 18, 10, 4), short=True),
}
"""How entities answer, by legal form."""

DOMINANT: Final = (
    ("social_cooperative", "08"),
    ("nonprofit_company", "20"),
    ("work_cooperative", "26"),
    ("church_entity", "16"),
)
"""Form and voivodeship in which one entity has nearly all the revenue."""
SIZE_WEIGHTS: Final = (2, 6, 30, 60)
"""Relative readiness to ask entities of each class of size: few large ones are left out."""
# Revenue in thousandths of the typical entity's, at equal steps of rank: heavy at the upper end.
_SPREAD: Final = (60, 180, 320, 460, 600, 760, 940, 1150, 1450, 1900, 2900, 6500)


def draw_survey(entities: pd.DataFrame, gminas: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the answers as delivered: texts, empty where not asked or not answered.

    Columns are nip, krs, id (one of which says who answers) and those of the schema but the entity.
    """
    traits = _traits(entities, gminas, rng)
    # Who runs a unit of reintegration shares its NIP with it, so such organisations are not asked.
    runs = entities["nip"].isin(entities.loc[entities["legal_form"].isin(UNITS), "nip"]) & ~entities["legal_form"].isin(
        UNITS
    )
    parts = [_year(entities, traits, year, ~runs.to_numpy(), rng) for year in YEARS]
    return pd.concat(parts, ignore_index=True)[[*KEYS, *SURVEY_COLUMNS[1:]]]


def _of_kind(entities: pd.DataFrame, name: str) -> npt.NDArray[np.int64]:
    return (
        entities["legal_form"].map({key: getattr(kind, name) for key, kind in KINDS.items()}).to_numpy(dtype=np.int64)
    )


def _traits(entities: pd.DataFrame, gminas: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return what each entity is like in all years."""
    n = len(entities)
    typical = _of_kind(entities, "risk")
    step, within = rng.integers(len(_SPREAD) - 1, size=n), rng.integers(1000, size=n)
    spread = np.array(_SPREAD, dtype=np.int64)
    staff = entities["staff"].to_numpy(dtype=np.int64)
    money = (_of_kind(entities, "besides") + _of_kind(entities, "per_staff") * staff) // 1000
    money = money * (spread[step] * (1000 - within) + spread[step + 1] * within) // 1000
    low = entities["legal_form"].map({key: kind.places[0] for key, kind in KINDS.items()})
    high = entities["legal_form"].map({key: kind.places[1] for key, kind in KINDS.items()})
    traits = pd.DataFrame(
        {
            # Around the form's share, from half to one and a half of it.
            "risk": np.minimum(typical * rng.integers(500, 1501, size=n) // 1000, 950),
            "money": np.maximum(money, 500),
            "volunteers": np.where(happens(550, n, rng), skewed(0, _of_kind(entities, "volunteers"), n, rng), 0),
            "places": skewed(low, high, n, rng),
            "margin": rng.integers(880, 1070, size=n),
            "assets": rng.integers(60, 520, size=n),
            "debts": skewed(10, 420, n, rng),
            "eager": rng.integers(1, 2**30, size=n),
        }
    )
    region = gminas["teryt"].str[:2].to_numpy()[entities["place"]]
    # In some voivodeships more of those who leave find work, whoever prepared them.
    market = {teryt: int(rng.integers(700, 1350)) for teryt in POPULATION}
    traits["market"] = [market[teryt] for teryt in region]
    for form, teryt in DOMINANT:
        here = entities["legal_form"].eq(form).to_numpy() & (region == teryt)
        lasting = np.flatnonzero(here & entities["end"].isna().to_numpy() & (entities["start"] < "2020").to_numpy())
        one = lasting[traits["money"].to_numpy()[lasting].argmax()]
        rest = int(traits.loc[here, "money"].sum())
        traits.loc[one, "money"] = min(6 * rest, LARGEST_PLN // 1000 * 800)
        traits.loc[one, "eager"] = 0
    return traits


def _year(
    entities: pd.DataFrame, traits: pd.DataFrame, year: int, askable: npt.NDArray[np.bool_], rng: np.random.Generator
) -> pd.DataFrame:
    """Return the answers of those that were there at the end of the year, were asked and answered."""
    last = days(f"{year}-12-31")
    there = (entities["start"] <= last) & ~(entities["end"] <= last) & askable
    mine = np.concatenate([_answering(entities, traits, key, there.to_numpy(), rng) for key in KINDS])
    asked, like = entities.iloc[mine].reset_index(drop=True), traits.iloc[mine].reset_index(drop=True)
    n = len(asked)
    staff = np.maximum(
        asked["staff"].to_numpy() * rng.integers(930, 1071, size=n) // 1000, asked["staff"].to_numpy() > 0
    )
    fte = 10 * staff * rng.integers(720, 1001, size=n) // 1000
    answers: Answers = {
        "year": _text(np.full(n, year)),
        "staff": _text(staff),
        "staff_fte": np.array([f"{tenths // 10}.{tenths % 10}" for tenths in fte], dtype=object),
        "staff_risk": _text(np.minimum(share_of(staff, like["risk"], rng), staff)),
        "volunteers": _text(share_of(like["volunteers"], rng.integers(700, 1301, size=n), rng)),
        **_money(asked, like, rng),
        **_reintegration(asked, like, rng),
    }
    _leave_out(answers, asked, rng)
    # Units of reintegration are told apart by the number of their register; others by NIP, or by KRS without one.
    unit = asked["legal_form"].isin(UNITS) | (asked["nip"].eq("") & asked["krs"].eq(""))
    told = {
        "nip": asked["nip"].mask(unit, ""),
        "krs": asked["krs"].mask(unit | asked["nip"].ne(""), ""),
        "id": asked["id"].where(unit, ""),
    }
    return pd.DataFrame({**told, **answers}).sort_values(list(KEYS), ignore_index=True)


def _answering(
    entities: pd.DataFrame, traits: pd.DataFrame, form: str, there: npt.NDArray[np.bool_], rng: np.random.Generator
) -> Whole:
    """Return the positions of the entities of one form that answer; mostly the same ones each year."""
    mine = np.flatnonzero(there & entities["legal_form"].eq(form).to_numpy())
    if form in UNITS:
        return mine[happens(KINDS[form].sample, len(mine), rng)]
    size = np.searchsorted(SIZE_LIMITS, entities["staff"].to_numpy()[mine], side="right") - 1
    turn = traits["eager"].to_numpy()[mine] // np.array(SIZE_WEIGHTS)[size] * rng.integers(700, 1301, size=len(mine))
    return np.asarray(mine[np.argsort(turn, kind="stable")[: KINDS[form].sample]])


def _money(asked: pd.DataFrame, like: pd.DataFrame, rng: np.random.Generator) -> Answers:
    n = len(asked)
    total = np.minimum(like["money"].to_numpy() * rng.integers(850, 1181, size=n) // 1000, LARGEST_PLN)
    typical = np.array([KINDS[key].sources for key in asked["legal_form"]], dtype=np.int64)
    # Nobody has a part of everything: half of the smaller parts are missing, the rest differ between entities.
    weights = typical * rng.integers(200, 2001, size=typical.shape)
    weights[(rng.integers(100, size=typical.shape) < 45) & (typical < typical.max(axis=1, keepdims=True))] = 0
    parts = split(total, weights)
    costs = total * like["margin"].to_numpy() // 1000 * rng.integers(960, 1041, size=n) // 1000
    contracts = np.where(parts[:, REVENUE_SOURCES.index("public_contracts")] > 0, skewed(1, 14, n, rng), 0)
    return {
        "revenue_total_pln": _text(total),
        **{f"revenue_{source}_pln": _text(parts[:, place]) for place, source in enumerate(REVENUE_SOURCES)},
        "costs_pln": _text(np.minimum(costs, LARGEST_PLN)),
        "result_pln": _text(total - np.minimum(costs, LARGEST_PLN)),
        "current_assets_pln": _text(total * like["assets"].to_numpy() // 1000),
        "current_liabilities_pln": _text(total * like["debts"].to_numpy() // 1000),
        "public_contracts": _text(contracts),
    }


def _reintegration(asked: pd.DataFrame, like: pd.DataFrame, rng: np.random.Generator) -> Answers:
    n = len(asked)
    unit = asked["legal_form"].isin(UNITS).to_numpy()
    places = like["places"].to_numpy()
    # Places of a ZAZ are jobs of its disabled staff; in a centre or club more persons than places come in a year.
    flow = np.where(asked["legal_form"].isin(["cis", "kis"]), 1250, 970)
    participants = np.maximum(places * flow * rng.integers(820, 1091, size=n) // 1_000_000, 1)
    exits = np.minimum(share_of(participants, _of_kind(asked, "leave"), rng), participants)
    to_work = np.minimum(share_of(exits, _of_kind(asked, "work") * like["market"].to_numpy() // 1000, rng), exits)
    cost = (
        participants * np.where(asked["legal_form"].eq("kis"), 5200, 17_500) * rng.integers(750, 1351, size=n) // 1000
    )
    found = {
        "places": places,
        "participants": participants,
        "exits": exits,
        "exits_to_work": to_work,
        "reintegration_cost_pln": cost,
    }
    return {name: np.where(unit, _text(values), "") for name, values in found.items()}


def _leave_out(answers: Answers, asked: pd.DataFrame, rng: np.random.Generator) -> None:
    """Empty what was not asked, and now and then what somebody did not want to tell."""
    n = len(asked)
    short = asked["legal_form"].map({key: kind.short for key, kind in KINDS.items()}).to_numpy(dtype=bool)
    for name in ("current_assets_pln", "current_liabilities_pln", "public_contracts"):
        answers[name] = np.where(short, "", answers[name])
    untold = {
        ("volunteers",): 40,
        tuple(f"revenue_{source}_pln" for source in REVENUE_SOURCES): 35,
        ("costs_pln", "result_pln"): 30,
        ("current_assets_pln", "current_liabilities_pln"): 60,
        ("reintegration_cost_pln",): 70,
    }
    for names, per_mille in untold.items():
        silent = happens(per_mille, n, rng)
        for name in names:
            answers[name] = np.where(silent, "", answers[name])


def _text(values: npt.ArrayLike) -> npt.NDArray[np.object_]:
    return np.array([str(value) for value in np.asarray(values).tolist()], dtype=object)
