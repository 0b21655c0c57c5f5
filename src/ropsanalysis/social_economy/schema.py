"""What the report on the social economy reads: registers, a survey of entities, support, targets, population.

Screening makes these tables from delivered files and words its findings for people; what stands here is the contract
that its result must keep.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

DATASETS: Final = ("es_register", "gmina_population", "es_survey", "owes_support", "es_programme")
"""Folders of the raw data that an office delivers; the first two are required, the others may be absent."""

SPELL_COLUMNS: Final = (
    "entity", "name", "legal_form", "teryt", "start", "end", "start_reason", "end_reason", "source", "observed_from",
    "closures_known", "verified", "size_class",
)  # fmt: skip
STATUS_COLUMNS: Final = ("entity", "since", "until")
REVENUE_SOURCES: Final = ("sales", "public_contracts", "grants", "eu", "donations", "fees", "other")
"""Parts of the revenue; a column of the survey is ``"revenue_<source>_pln"``."""
PUBLIC_SOURCES: Final = ("public_contracts", "grants", "eu")
"""Parts of the revenue that come from public money."""
SURVEY_COLUMNS: Final = (
    "entity", "year", "staff", "staff_fte", "staff_risk", "volunteers", "revenue_total_pln",
    *(f"revenue_{source}_pln" for source in REVENUE_SOURCES),
    "costs_pln", "result_pln", "current_assets_pln", "current_liabilities_pln", "public_contracts", "places",
    "participants", "exits", "exits_to_work", "reintegration_cost_pln",
)  # fmt: skip
SUPPORT_COLUMNS: Final = (
    "owes", "name", "teryt", "subregion", "year", "advice_hours", "jobs_created", "jobs_after_12m", "jobs_after_24m",
    "enterprises_created", "cost_pln",
)  # fmt: skip
PROGRAMME_COLUMNS: Final = (
    "teryt", "area", "name", "measure", "unit", "digits", "direction", "baseline", "baseline_year", "target",
    "target_year",
)  # fmt: skip
POPULATION_COLUMNS: Final = ("teryt", "year", "population")
UNIT_COLUMNS: Final = ("teryt", "level", "name", "parent", "kind")
LEVELS: Final = ("country", "voivodeship", "powiat", "gmina")
FORM_COLUMNS: Final = ("key", "name", "short", "group", "reintegration", "logged")
SIZE_CLASSES: Final = ("0", "1-9", "10-49", "50+")
"""Staff on contracts of employment."""
REGISTER_COUNT_COLUMNS: Final = ("teryt", "source", "records", "entities", "shared", "review")


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything the report on the social economy is computed from.

    Attributes
    ----------
    spells
        A row per entity, legal form and gmina, for as long as nothing of these changed. entity: stable id of the
        linked entity. legal_form: key of the catalogue. teryt: six digits of the gmina. start, end: days
        (datetime64[s], NaT while it lasts); a spell holds on day d if ``start <= d`` and not ``end <= d``. An entity
        whose next spell begins on the day the last one ends has moved or changed its form, not closed and opened.
        start_reason, end_reason: Polish words of the register, "" if it gives none. source: register it is counted
        from. observed_from: first day from which the register would have shown it (left truncation), NaT if from its
        start. closures_known: whether the register keeps closed entities. verified: last verification, NaT if none.
        size_class: one of `SIZE_CLASSES` or null.
    status
        Spells of the status of social enterprise: entity, since, until (NaT while it lasts); never before
        30.10.2022.
    survey
        A row per entity and year; numbers are float, NaN where not answered or not applicable. staff: persons on
        contracts of employment; staff_fte: full-time equivalents; staff_risk: of staff, persons at risk of social
        exclusion; amounts in PLN; public_contracts: number; places, participants, exits, exits_to_work,
        reintegration_cost_pln: only units of reintegration. Every entity stands in `spells`.
    support
        A row per OWES (support centre) and year: teryt of the voivodeship, jobs_after_12m and jobs_after_24m: of the
        jobs created in that year those that lasted; NaN where it is too early to tell.
    programme
        A row per target of a regional programme: teryt of the voivodeship; area: area of KPRES or of the programme;
        measure: what it is measured by (see `targets.MEASURES`), "" where no data of ours measure it; direction:
        "higher" or "lower".
    population
        Inhabitants by gmina (six digits) and year.
    units
        Country, voivodeships, powiats, gminas: teryt of 2 ("00" is Poland), 4 or 6 digits, level, name, parent's
        teryt ("" for Poland), kind ("gmina miejska", "powiat", "miasto na prawach powiatu" ...).
    observations, indicators
        Official indicators 1.B.7, 1.B.8, 1.E.1, 1.E.2: indicator, teryt, year, value, flag; and their description as
        in the catalogue's table of indicators.
    legal_forms
        Columns key, name, short, group, reintegration (bool), logged (bool: its changes are listed one by one).
    register_counts
        What linkage found, by voivodeship and register.
    as_of
        Day that the registers describe.
    """

    spells: pd.DataFrame
    status: pd.DataFrame
    survey: pd.DataFrame
    support: pd.DataFrame
    programme: pd.DataFrame
    population: pd.DataFrame
    units: pd.DataFrame
    observations: pd.DataFrame
    indicators: pd.DataFrame
    legal_forms: pd.DataFrame
    register_counts: pd.DataFrame
    as_of: pd.Timestamp
