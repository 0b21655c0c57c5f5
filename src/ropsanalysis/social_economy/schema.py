"""What the report on the social economy reads: registers, a survey of entities, support, targets, population.

Screening makes these tables from delivered files and words its findings for people; what stands here is the contract
that its result must keep.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.errors import DataError
from ropsanalysis.regions import REGIONS

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
INDICATORS: Final = ("1.B.7", "1.B.8", "1.E.1", "1.E.2")
"""Official indicators of Statistics Poland that the report reads."""
STATUS_SINCE: Final = pd.Timestamp("2022-10-30")
"""First day on which the status of social enterprise existed: act of 5.08.2022 on the social economy."""
DIRECTIONS: Final = ("higher", "lower")
SIGNED: Final = ("result_pln",)
"""Amounts of the survey that may be below zero."""
REINTEGRATION_COLUMNS: Final = ("places", "participants", "exits", "exits_to_work", "reintegration_cost_pln")
"""Columns of the survey that only units of reintegration answer."""
PARTS: Final = (("staff_risk", "staff"), ("exits_to_work", "exits"))
"""Columns of the survey of which the first counts a part of the second."""

_PRECISION: Final = 1e-6


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


def revenue_tolerance(total: pd.Series[float]) -> pd.Series[float]:
    """Return by how many PLN the parts of a revenue may differ from its total: 1 PLN or 0.1 %, whichever is more."""
    return (total.abs() * 0.001).clip(lower=1.0)


def validate(inputs: Inputs) -> Inputs:
    """Return the inputs if they keep the contract.

    Raises
    ------
    DataError
        Naming each table and rule that is broken; values are not printed, since some are answers of entities.
    """
    broken = list(_column_problems(inputs))
    if not broken:  # the rules need the columns
        broken = [
            *_place_problems(inputs),
            *_register_problems(inputs),
            *_survey_problems(inputs),
            *_table_problems(inputs),
        ]
    if broken:
        raise DataError(
            f"Dane o ekonomii społecznej nie są zgodne ze schematem: {'; '.join(broken)}. Proszę uruchomić ponownie "
            "`ropsanalysis check`."
        )
    return inputs


def _column_problems(inputs: Inputs) -> Iterator[str]:
    expected = {
        "spells": SPELL_COLUMNS,
        "status": STATUS_COLUMNS,
        "survey": SURVEY_COLUMNS,
        "support": SUPPORT_COLUMNS,
        "programme": PROGRAMME_COLUMNS,
        "population": POPULATION_COLUMNS,
        "units": UNIT_COLUMNS,
        "legal_forms": FORM_COLUMNS,
        "register_counts": REGISTER_COUNT_COLUMNS,
    }
    for name, columns in expected.items():
        if tuple(getattr(inputs, name).columns) != columns:
            yield f"{name}: inne kolumny niż {', '.join(columns)}"
    days = {"spells": ("start", "end", "observed_from", "verified"), "status": ("since", "until")}
    for name, dated in days.items():
        table: pd.DataFrame = getattr(inputs, name)
        for column in dated:
            if column in table and not pd.api.types.is_datetime64_dtype(table[column]):
                yield f"{name}: kolumna {column} nie zawiera dni"
    if not {"indicator", "teryt", "year", "value"} <= set(inputs.observations.columns):
        yield "observations: brak kolumn indicator, teryt, year, value"
    if "indicator" not in inputs.indicators.columns:
        yield "indicators: brak kolumny indicator"


def _place_problems(inputs: Inputs) -> Iterator[str]:
    units, population = inputs.units, inputs.population
    if units["teryt"].duplicated().any():
        yield "units: powtórzona jednostka"
    if not units["level"].isin(LEVELS).all():
        yield "units: poziom spoza listy"
    if not _among(units.loc[units["parent"] != "", "parent"], units["teryt"]):
        yield "units: jednostka nadrzędna spoza listy"
    if population.duplicated(["teryt", "year"]).any():
        yield "population: powtórzona gmina w roku"
    if not _among(population["teryt"], _gminas(units)):
        yield "population: gmina spoza listy"
    if not (population["population"] > 0).all():
        yield "population: liczba ludności nie większa od zera"


def _register_problems(inputs: Inputs) -> Iterator[str]:
    spells, status = inputs.spells, inputs.status
    if not _among(spells["teryt"], _gminas(inputs.units)):
        yield "spells: gmina spoza listy"
    if not spells["legal_form"].isin(inputs.legal_forms["key"]).all():
        yield "spells: forma prawna spoza katalogu"
    if spells["entity"].isna().any() or spells["start"].isna().any():
        yield "spells: brak podmiotu albo dnia rozpoczęcia"
    if (spells["end"] < spells["start"]).any():
        yield "spells: koniec przed początkiem"
    if not spells["size_class"].dropna().isin(SIZE_CLASSES).all():
        yield "spells: klasa wielkości spoza listy"
    if _overlap(spells, "start", "end"):
        yield "spells: okresy jednego podmiotu zachodzą na siebie"
    if not _among(status["entity"], spells["entity"]):
        yield "status: podmiot spoza rejestru"
    if not (status["since"] >= STATUS_SINCE).all():
        yield "status: dzień nadania pusty albo przed 30.10.2022"
    if (status["until"] < status["since"]).any():
        yield "status: koniec przed początkiem"
    if _overlap(status, "since", "until"):
        yield "status: okresy jednego podmiotu zachodzą na siebie"


def _overlap(table: pd.DataFrame, first: str, last: str) -> bool:
    """Whether of some entity a period begins before the one before it has ended."""
    entity, _ = pd.factorize(table["entity"])  # numbers sort many times faster than texts
    begins, ends = (table[name].to_numpy().astype("datetime64[s]") for name in (first, last))
    closed = np.where(np.isnat(ends), np.datetime64("9999-12-31", "s"), ends)
    order = np.lexsort((closed, begins, entity))
    same = entity[order][1:] == entity[order][:-1]
    return bool((same & ~(closed[order][:-1] <= begins[order][1:])).any())


def _survey_problems(inputs: Inputs) -> Iterator[str]:
    survey = inputs.survey
    if survey.duplicated(["entity", "year"]).any():
        yield "survey: powtórzony podmiot w roku"
    if not _among(survey["entity"], inputs.spells["entity"]):
        yield "survey: podmiot spoza rejestru"
    numbers = [name for name in SURVEY_COLUMNS if name not in ("entity", "year")]
    if not all(pd.api.types.is_float_dtype(survey[name]) for name in numbers):
        yield "survey: kolumna, która nie zawiera liczb"
        return
    if np.isinf(survey[numbers].to_numpy(dtype=float)).any():
        yield "survey: liczba nieskończona"
    if (survey[[name for name in numbers if name not in SIGNED]] < 0).any(axis=None):
        yield "survey: liczba mniejsza od zera"
    for part, whole in PARTS:
        if (survey[part] > survey[whole]).any():
            yield f"survey: {part} większe niż {whole}"
    sources = survey[[f"revenue_{source}_pln" for source in REVENUE_SOURCES]]
    total = survey["revenue_total_pln"]
    excess = sources.sum(axis=1) - total
    apart = (excess > revenue_tolerance(total) + _PRECISION) & sources.notna().any(axis=1)
    short = (-excess > revenue_tolerance(total) + _PRECISION) & sources.notna().all(axis=1)
    if (apart | short).any():
        yield "survey: części przychodu nie sumują się"


def _table_problems(inputs: Inputs) -> Iterator[str]:
    support, programme = inputs.support, inputs.programme
    voivodeships = [region.teryt for region in REGIONS]
    if not support["teryt"].isin(voivodeships).all():
        yield "support: województwo spoza listy"
    if support.duplicated(["owes", "year"]).any():
        yield "support: powtórzony ośrodek w roku"
    if not (support["cost_pln"] > 0).all() or (support["jobs_created"] < 0).any():
        yield "support: koszt nie większy od zera albo liczba miejsc pracy mniejsza od zera"
    lasting = support[["jobs_after_12m", "jobs_after_24m"]]
    if lasting.gt(support["jobs_created"], axis=0).any(axis=None):
        yield "support: więcej miejsc pracy utrzymanych niż utworzonych"
    if not programme["teryt"].isin(voivodeships).all():
        yield "programme: województwo spoza listy"
    if not programme["direction"].isin(DIRECTIONS).all():
        yield "programme: kierunek inny niż higher, lower"
    if not (programme["baseline_year"] < programme["target_year"]).all():
        yield "programme: rok celu nie późniejszy niż rok bazowy"
    for name in ("observations", "indicators"):
        if not getattr(inputs, name)["indicator"].isin(INDICATORS).all():
            yield f"{name}: wskaźnik inny niż {', '.join(INDICATORS)}"


def _gminas(units: pd.DataFrame) -> pd.Series[str]:
    return units.loc[units["level"] == "gmina", "teryt"]


def _among(values: pd.Series[str], known: pd.Series[str]) -> bool:
    """Whether all values are known; a set of ordinary texts is searched faster than a column of them."""
    return set(values.unique().tolist()) <= set(known.tolist())
