"""What the report on social impact reads: persons over time, gminas over time, an impact map, costs, prices.

Screening makes these tables from delivered files and words its findings for people; what stands here is the contract
that its result must keep.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from ropsanalysis.errors import DataError
from ropsanalysis.regions import REGIONS

DATASETS: Final = ("impact_panel", "jst_panel", "impact_map", "impact_costs", "price_index")
"""Folders of the raw data; an office delivers those it has, and the report says what the others would have shown."""

WAVES: Final = ("entry", "exit", "m6", "m12")
"""Entry to support, exit from it, 6 and 12 months after the exit; for the comparison group the same days."""
GROUPS: Final = ("participant", "comparison")
KINDS: Final = ("cis", "kis", "zaz", "wtz", "ps", "other")
"""Kinds of support; "ps" is work in a social enterprise. Persons of the comparison group have ""."""
INCOME_SOURCES: Final = ("work", "benefit", "pension", "family", "other", "none")
SEXES: Final = ("female", "male")
SCALE_ITEMS: Final = (
    *(f"wb_{k}" for k in range(1, 6)), *(f"st_{k}" for k in range(1, 5)), *(f"se_{k}" for k in range(1, 6)),
)  # fmt: skip
"""Items of the scales of well-being, social ties and self-efficacy, each answered from 1 to 5."""
PANEL_COLUMNS: Final = (
    "person", "teryt", "entity", "group", "kind", "wave",
    "sex", "age", "disability", "months_out_of_work",
    "work", "hours", "income_source", "assistance", "education", "health", *SCALE_ITEMS, "months_to_work",
)  # fmt: skip
CENTRE_OUTCOMES: Final = ("home_care_per_10k", "residential_per_10k", "assistance_per_10k")
JST_COLUMNS: Final = ("teryt", "year", "opened", *CENTRE_OUTCOMES)
ASSUMPTIONS: Final = (
    "quantity", "proxy_value", "duration_years", "deadweight", "displacement", "attribution", "drop_off",
)  # fmt: skip
"""Numbers of a line of the impact map; each may have a lowest and a highest plausible value."""
SHARES: Final = ("deadweight", "displacement", "attribution", "drop_off")
DISTRIBUTIONS: Final = ("triangular", "uniform", "pert")
EVIDENCE: Final = ("measured", "literature", "expert", "assumed")
"""What a line of the impact map rests on."""
MAP_COLUMNS: Final = (
    "teryt", "line", "stakeholder", "outcome", "outcome_key", "indicator", *ASSUMPTIONS,
    *(f"{name}_{end}" for name in ASSUMPTIONS for end in ("low", "high")),
    "distribution", "currency", "price_year", "proxy", "proxy_source", "evidence", "evidence_years",
)  # fmt: skip
COST_COLUMNS: Final = ("teryt", "year", "payer", "amount_pln", "participants")
INACTION_COLUMNS: Final = (
    "teryt", "item", "payer", "persons", "cost_per_person_year_pln", "years", "reduction", "price_year", "source",
)  # fmt: skip
PRICE_COLUMNS: Final = ("year", "index", "source")


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything the report on social impact is computed from; a table that was not delivered is empty.

    Attributes
    ----------
    panel
        A row per person and wave. person: pseudonym; teryt: voivodeship (two digits); entity: the entity that
        supports the person, or the office through which a person of the comparison group was found (cluster of the
        standard errors); group: one of `GROUPS`; kind: one of `KINDS`, "" in the comparison group. sex, age,
        disability (0/1), months_out_of_work: as at entry, the same in each row of a person. work, assistance: 0/1;
        hours: a week; income_source: main one; education, health: 1-5; items: 1-5; months_to_work: whole months from
        exit to the first job, known at m6 and m12, NaN where there was none yet. Numbers are float64, NaN where not
        answered. Every person has a row of wave entry.
    jst
        A row per gmina (six digits) and year: opened is the year in which its social service centre (CUS) opened,
        NaN where there is none, the same in all years; rates are per 10 thousand inhabitants.
    impact_map
        A row per line of an impact map of a voivodeship. quantity: all persons or other units with the outcome that the
        costs paid for, over the whole time of these costs, gross (what would have happened anyway is not subtracted);
        duration_years: how long it lasts; proxy_value: PLN per unit and year in prices of price_year; shares 0-1;
        each ``_low`` and ``_high`` NaN where none is given; distribution: one of `DISTRIBUTIONS`, "" where no range;
        outcome_key: key of the measured outcome it rests on, "" for none; evidence_years: for how many years the
        outcome was observed, NaN if unknown. deadweight is NaN where the office left it out.
    costs
        A row per voivodeship, year and payer; participants: persons served in that year for all payers together, NaN if
        unknown. Years add up: whoever is supported in two years counts in both unless the office counts them once.
    inaction
        A row per cost that arises where nothing is done: persons, PLN per person and year, years, and which share of
        it support removes.
    prices
        A row per year: index of consumer prices, previous year = 100, and its source.
    price_year
        Year to whose prices all amounts are brought: the last year of the costs, else of the index; None where there
        are neither.
    units
        Territorial units as the social economy has them: teryt, level, name, parent, kind.
    outcomes
        The catalogue's outcomes: key, level, kind, name, short, unit, digits, direction, low, high, items
        (comma-separated).
    year
        Last year that the data describe.
    map_refused
        How many lines of the impact map screening set aside, by voivodeship; "" where a line does not tell its own.
    """

    panel: pd.DataFrame
    jst: pd.DataFrame
    impact_map: pd.DataFrame
    costs: pd.DataFrame
    inaction: pd.DataFrame
    prices: pd.DataFrame
    price_year: int | None
    units: pd.DataFrame
    outcomes: pd.DataFrame
    year: int
    map_refused: Mapping[str, int] = field(default_factory=dict)


def validate(inputs: Inputs) -> Inputs:
    """Return the inputs if they keep the contract.

    Raises
    ------
    DataError
        Naming each table and rule that is broken; values are not printed, since some are answers of persons.
    """
    broken = list(_column_problems(inputs))
    if not broken:  # the rules need the columns
        broken = [*_panel_problems(inputs.panel), *_jst_problems(inputs), *_money_problems(inputs)]
    if broken:
        raise DataError(
            f"Dane o oddziaływaniu społecznym nie są zgodne ze schematem: {'; '.join(broken)}. Proszę uruchomić "
            "ponownie `ropsanalysis check`."
        )
    return inputs


def _column_problems(inputs: Inputs) -> Iterator[str]:
    expected = {
        "panel": PANEL_COLUMNS,
        "jst": JST_COLUMNS,
        "impact_map": MAP_COLUMNS,
        "costs": COST_COLUMNS,
        "inaction": INACTION_COLUMNS,
        "prices": PRICE_COLUMNS,
    }
    for name, columns in expected.items():
        if tuple(getattr(inputs, name).columns) != columns:
            yield f"{name}: inne kolumny niż {', '.join(columns)}"


def _panel_problems(panel: pd.DataFrame) -> Iterator[str]:
    codes = {region.teryt for region in REGIONS}
    if not panel["teryt"].isin(codes).all():
        yield "panel: kod spoza listy województw"
    for name, allowed in (("group", GROUPS), ("wave", WAVES), ("kind", (*KINDS, ""))):
        if not panel[name].isin(allowed).all():
            yield f"panel: wartość kolumny {name} spoza listy"
    if panel.duplicated(["person", "wave"]).any():
        yield "panel: powtórzona fala osoby"
    if panel[["person", "group"]].drop_duplicates()["person"].duplicated().any():
        yield "panel: osoba w obu grupach"
    if not set(panel["person"]) <= set(panel.loc[panel["wave"] == "entry", "person"]):
        yield "panel: osoba bez pomiaru na wejściu"
    for name in ("work", "assistance", "disability"):
        if not panel[name].dropna().isin((0.0, 1.0)).all():
            yield f"panel: kolumna {name} inna niż 0 i 1"
    for name in ("education", "health", *SCALE_ITEMS):
        if not panel[name].dropna().between(1, 5).all():
            yield f"panel: kolumna {name} poza skalą 1–5"


def _jst_problems(inputs: Inputs) -> Iterator[str]:
    jst = inputs.jst
    if jst.duplicated(["teryt", "year"]).any():
        yield "jst: powtórzona gmina w roku"
    gminas = inputs.units.loc[inputs.units["level"] == "gmina", "teryt"]
    if not jst["teryt"].isin(gminas).all():
        yield "jst: gmina spoza listy"
    if jst[["teryt", "opened"]].drop_duplicates()["teryt"].duplicated().any():
        yield "jst: różne lata otwarcia centrum w jednej gminie"


def _money_problems(inputs: Inputs) -> Iterator[str]:
    impact, costs = inputs.impact_map, inputs.costs
    for name in SHARES:
        if not impact[name].dropna().between(0, 1).all():
            yield f"impact_map: kolumna {name} poza zakresem 0–1"
    if impact.duplicated(["teryt", "line"]).any():
        yield "impact_map: powtórzony wiersz mapy"
    if not (impact["currency"] == "PLN").all():
        yield "impact_map: waluta inna niż PLN"
    if not (costs["amount_pln"] >= 0).all():
        yield "costs: kwota ujemna"
    if inputs.prices["year"].duplicated().any():
        yield "prices: powtórzony rok"
    if not (inputs.prices["index"] > 0).all():
        yield "prices: wskaźnik nie większy od zera"
