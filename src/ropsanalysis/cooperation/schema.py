"""What the report on cooperation models reads: pilots, partners, ties, cases, baskets of services, goals, coaching.

Screening makes these tables from delivered files and words its findings for people; what stands here is the contract
that its result must keep.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import pandas as pd

from ropsanalysis.errors import DataError
from ropsanalysis.regions import REGIONS

DATASETS: Final = ("cooperation_network", "cooperation_cases", "cooperation_effects")
"""Folders of the raw data: pilots.csv, partners.csv and ties.csv; cases.csv, baskets.csv and goals.csv; effects.csv
and coaching.csv. Pilots are needed; without another file the report says what it would have shown."""

SECTORS: Final = (
    "social_assistance", "family_support", "employment", "education", "health", "culture_sport", "courts", "police",
    "ngo", "local_government", "other",
)  # fmt: skip
LEVELS: Final = ("gmina", "powiat", "region")
ROLES: Final = ("animator", "inspirer", "partner")
"""Animator: the centre of social assistance (OPS) that ties the partners together; inspirer: ROPS."""
WAVES: Final = ("before", "after")
OUTCOMES: Final = ("success", "partial", "interrupted", "ongoing")
"""How a case ended; only `success` counts as completed successfully, `ongoing` not yet in any rate."""
FOLLOWUPS: Final = ("", "kept", "lost")
"""Whether the change held at the follow-up; "" no follow-up."""
COACHING_KINDS: Final = ("individual", "group")
ELEMENTS: Final = ("diagnosis", "contract", "animator", "inspirer", "two_levels", "basket", "monitoring", "aftercare")
"""Minimum content of a model of cooperation, as the call for projects has it."""
GOAL_LEVELS: Final = (-2, 2)
"""Lowest and highest level of attainment of a goal; 0 is the expected one."""

PILOT_COLUMNS: Final = (
    "teryt", "pilot", "name", "unit", "population", "project", "started", "ended", "monitoring", "aftercare", "as_of",
)  # fmt: skip
PARTNER_COLUMNS: Final = ("pilot", "entity", "name", "sector", "level", "role", "unit", "joined", "left")
TIE_COLUMNS: Final = ("pilot", "wave", "source", "target", "strength")
CASE_COLUMNS: Final = (
    "pilot", "case", "row", "persons", "signal", "diagnosis", "contract", "ended", "outcome", "monitored",
    "followup_day", "followup",
)  # fmt: skip
BASKET_COLUMNS: Final = ("pilot", "case", "sector", "service", "planned", "delivered")
GOAL_COLUMNS: Final = ("pilot", "case", "goal", "weight", "entry", "exit")
COACHING_COLUMNS: Final = ("pilot", "worker", "kind", "day", "hours")
EFFECT_COLUMNS: Final = ("teryt", "project", "effect", "achieved", "as_of", "source")


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything the report is computed from; a table that was not delivered is empty, with its columns.

    Days are datetime64[s], NaT where unknown; codes are text; numbers float64 unless said otherwise.

    Attributes
    ----------
    pilots
        A row per pilot (a gmina or powiat that tries the model): teryt (voivodeship), pilot (unique key), name, unit
        (gmina or powiat code), population (NaN unknown), project (key of the catalogue of cooperation projects, ""
        none of them), started, ended, monitoring and aftercare (bool: the model of the pilot describes how it is
        monitored, and what follows the support), as_of (last day that the data of the pilot describe; no day of its
        cases is later).
    partners
        A row per entity of a pilot: entity (key, unique inside the pilot), sector, level, role, unit, joined, left.
    ties
        Working ties between two entities of a pilot, without direction (source < target), before the model and after
        it: strength 1 (rare), 2 (regular), 3 (joint work). No row: no tie.
    cases
        A row per case (person or family): case (keyed pseudonym), row of the file, persons (in it), days of signal,
        diagnosis, social contract and end, outcome, monitored (bool), follow-up.
    baskets
        Basket of services of a case: units of a service planned and delivered, by the sector that gives it.
    goals
        Goals of a case with weight and levels from -2 to 2 at entry and exit (exit NaN while open).
    coaching
        A row per meeting of a social worker (keyed pseudonym): kind, day, hours.
    effects
        What the office states to have achieved: effect is a key of the catalogue.
    promised
        Catalogue: project, effect, name, number (NaN where a product without a number), unit, counted_from ("" stated
        by the office; else how we count it), source.
    projects
        Catalogue: project, title, teryt (voivodeships joined by "+"), partners, macroregion, start, end, value_pln,
        grant_pln, targets (text), source.
    units
        Territorial units: teryt, level, name, parent, kind.
    sectors
        Names of the sectors: key, name, short.
    year
        Last year that the data describe.
    refused
        How many rows screening set aside, by dataset and voivodeship ("" where a row does not tell its own).
    """

    pilots: pd.DataFrame
    partners: pd.DataFrame
    ties: pd.DataFrame
    cases: pd.DataFrame
    baskets: pd.DataFrame
    goals: pd.DataFrame
    coaching: pd.DataFrame
    effects: pd.DataFrame
    promised: pd.DataFrame
    projects: pd.DataFrame
    units: pd.DataFrame
    sectors: pd.DataFrame
    year: int
    refused: Mapping[tuple[str, str], int]


def validate(inputs: Inputs) -> Inputs:
    """Return the inputs if they keep the contract.

    Raises
    ------
    DataError
        Naming each table and rule that is broken; values are not printed, since some are of persons.
    """
    broken = list(_column_problems(inputs))
    if not broken:  # the rules need the columns
        broken = [
            *_word_problems(inputs), *_network_problems(inputs), *_case_problems(inputs), *_number_problems(inputs),
        ]  # fmt: skip
    if broken:
        raise DataError(
            f"Dane o modelach kooperacji nie są zgodne ze schematem: {'; '.join(broken)}. Proszę uruchomić ponownie "
            "`ropsanalysis check`."
        )
    return inputs


_COLUMNS: Final = {
    "pilots": PILOT_COLUMNS,
    "partners": PARTNER_COLUMNS,
    "ties": TIE_COLUMNS,
    "cases": CASE_COLUMNS,
    "baskets": BASKET_COLUMNS,
    "goals": GOAL_COLUMNS,
    "coaching": COACHING_COLUMNS,
    "effects": EFFECT_COLUMNS,
}
_WORDS: Final = {
    ("partners", "sector"): SECTORS,
    ("partners", "level"): LEVELS,
    ("partners", "role"): ROLES,
    ("ties", "wave"): WAVES,
    ("cases", "outcome"): OUTCOMES,
    ("cases", "followup"): FOLLOWUPS,
    ("baskets", "sector"): SECTORS,
    ("coaching", "kind"): COACHING_KINDS,
}
_STEPS: Final = ("signal", "diagnosis", "contract", "ended", "followup_day")
"""Days of a case, in their order."""


def _column_problems(inputs: Inputs) -> Iterator[str]:
    for name, columns in _COLUMNS.items():
        if tuple(getattr(inputs, name).columns) != columns:
            yield f"{name}: inne kolumny niż {', '.join(columns)}"


def _word_problems(inputs: Inputs) -> Iterator[str]:
    for (name, column), allowed in _WORDS.items():
        if not getattr(inputs, name)[column].isin(allowed).all():
            yield f"{name}: wartość kolumny {column} spoza listy"
    codes = {region.teryt for region in REGIONS}
    for name in ("pilots", "effects"):
        if not getattr(inputs, name)["teryt"].isin(codes).all():
            yield f"{name}: kod spoza listy województw"
    for name in ("partners", "ties", "cases", "baskets", "goals", "coaching"):
        if not getattr(inputs, name)["pilot"].isin(inputs.pilots["pilot"]).all():
            yield f"{name}: pilotaż spoza listy"


def _network_problems(inputs: Inputs) -> Iterator[str]:
    pilots, partners, ties = inputs.pilots, inputs.partners, inputs.ties
    if pilots["pilot"].duplicated().any():
        yield "pilots: powtórzony pilotaż"
    if pilots["pilot"].str.contains("+", regex=False).any():
        yield "pilots: znak + w kluczu pilotażu (łączy klucze pilotaży)"
    if pilots["as_of"].isna().any() or pilots["started"].isna().any():
        yield "pilots: brak dnia rozpoczęcia albo stanu danych"
    if partners.duplicated(["pilot", "entity"]).any():
        yield "partners: powtórzony podmiot pilotażu"
    if ties.duplicated(["pilot", "wave", "source", "target"]).any() or not (ties["source"] < ties["target"]).all():
        yield "ties: powtórzona albo odwrócona para podmiotów"
    known = pd.MultiIndex.from_frame(partners[["pilot", "entity"]])
    if not all(pd.MultiIndex.from_frame(ties[["pilot", end]]).isin(known).all() for end in ("source", "target")):
        yield "ties: podmiot spoza listy pilotażu"


def _case_problems(inputs: Inputs) -> Iterator[str]:
    cases = inputs.cases
    if cases.duplicated(["pilot", "case"]).any():
        yield "cases: powtórzona sprawa"
    known = pd.MultiIndex.from_frame(cases[["pilot", "case"]])
    for name in ("baskets", "goals"):
        if not pd.MultiIndex.from_frame(getattr(inputs, name)[["pilot", "case"]]).isin(known).all():
            yield f"{name}: sprawa spoza listy"
    days = cases[list(_STEPS)].ffill(axis=1)  # an unknown day stands where the one before it stands
    if any((days[earlier] > days[later]).any() for earlier, later in pairwise(_STEPS)):
        yield "cases: dni poza kolejnością kroków"
    if ((cases["outcome"] == "ongoing") != cases["ended"].isna()).any():
        yield "cases: wynik bez dnia zakończenia albo sprawa w toku z takim dniem"
    last = cases["pilot"].map(inputs.pilots.drop_duplicates("pilot").set_index("pilot")["as_of"])
    if any((cases[name] > last).any() for name in _STEPS):
        yield "cases: dzień późniejszy niż stan danych pilotażu"


def _number_problems(inputs: Inputs) -> Iterator[str]:
    if not inputs.ties["strength"].between(1, 3).all():
        yield "ties: siła więzi poza zakresem 1–3"
    for name in ("planned", "delivered"):
        if not (inputs.baskets[name].dropna() >= 0).all():
            yield f"baskets: ujemna liczba w kolumnie {name}"
    for name in ("entry", "exit"):
        if not inputs.goals[name].dropna().between(*GOAL_LEVELS).all():
            yield f"goals: kolumna {name} poza zakresem od -2 do 2"
    if not (inputs.goals["weight"] > 0).all():
        yield "goals: waga nie większa od zera"
    if not (inputs.coaching["hours"].dropna() > 0).all():
        yield "coaching: liczba godzin nie większa od zera"
