"""What the monitoring of a coordination project reads: persons, entities, plans, centres, activities, money.

Screening makes these tables from delivered files and words its findings for people; what stands here is the contract
that its result must keep.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from ropsanalysis.errors import DataError
from ropsanalysis.regions import POLAND, REGIONS

DATASETS: Final = (
    "project_card", "project_participants", "supported_entities", "lpdi", "cus", "foster_care",
    "project_activities", "project_budget", "project_payments",
)  # fmt: skip
"""Folders of the raw data. Only the card is needed; without another the report says what it would have shown."""

INDICATORS: Final = ("supported", "qualified", "plans")
"""Supported employees, employees who raised their qualifications, share of units with a plan made and carried out."""
COUNTED: Final = ("supported", "qualified")
"""Indicators that count persons; `plans` is a share (0-1) of units."""
FORMS: Final = (
    "training", "course", "postgraduate", "supervision", "advice", "study_visit", "conference", "other",
)  # fmt: skip
EVIDENCE: Final = ("", "state_diploma", "external_exam", "internal_exam", "attendance", "statement")
"""Kinds of evidence that a person raised qualifications; "" none. `attendance`: a certificate of having attended."""
SECTIONS: Final = ("diagnosis", "programme", "costs", "resources", "monitoring")
"""Parts of a local plan of deinstitutionalisation."""
PLAN_EVIDENCE: Final = ("", "resolution", "order", "draft", "statement")
"""What shows that a plan was adopted: a resolution or order; a draft or statement does not."""
CARRIED_OUT: Final = ("", "annual_report", "monitoring", "contract", "statement")
"""What shows that a plan is carried out."""
PLAN_UNITS: Final = ("cities_once", "all", "gminas", "powiats")
"""What the share of plans is a share of; see `denominator`."""
TEAMS: Final = ("research", "social_services", "training", "social_economy")
ACTIVITY_KINDS: Final = (
    "training", "meeting", "conference", "advice", "supervision", "study_visit", "study", "document", "promotion",
    "network", "other",
)  # fmt: skip
CATEGORIES: Final = ("staff", "services", "training", "equipment", "travel", "promotion", "other", "indirect")
"""Categories of costs of a budget."""
ACTIONS: Final = tuple(range(1, 17))
NO_ACTION: Final = 0
"""Stands for the management and the indirect costs of a project, in its budget only."""

CARD_COLUMNS: Final = (
    "teryt", "title", "number", "leader", "start", "end", "as_of", "value_pln", "eu_pln", "national_pln",
    "target_supported", "target_qualified", "target_plan_share", "source",
)  # fmt: skip
PLAN_COLUMNS: Final = ("teryt", "indicator", "day", "planned")
SUBREGION_COLUMNS: Final = ("powiat", "subregion")
PARTICIPANT_COLUMNS: Final = (
    "teryt", "person", "row", "unit", "employer", "institution", "form", "action", "started", "ended", "left",
    "complete", "evidence", "evidence_day",
)  # fmt: skip
ENTITY_COLUMNS: Final = ("teryt", "entity", "unit", "institution", "form", "action", "started")
LPDI_COLUMNS: Final = (
    "teryt", "unit", "title", "adopted", "in_force_from", "in_force_to", *SECTIONS, "evidence", "carried_out",
    "carried_out_day", "row",
)  # fmt: skip
CUS_COLUMNS: Final = ("teryt", "centre", "name", "gminas", "opened", "closed", "services")
FOSTER_COLUMNS: Final = ("teryt", "year", "family", "institutional", "total_printed", "step", "source")
ACTIVITY_COLUMNS: Final = (
    "teryt", "activity", "action", "team", "kind", "title", "planned", "done", "hours", "attendance", "product",
    "subregion",
)  # fmt: skip
BUDGET_COLUMNS: Final = (
    "teryt", "line", "task", "action", "team", "category", "quarter", "eu_grosz", "national_grosz",
)  # fmt: skip
PAYMENT_COLUMNS: Final = ("teryt", "payment", "line", "day", "eu_grosz", "national_grosz")


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything the report is computed from; a table that was not delivered is empty, with its columns.

    Days are datetime64[s] (NaT where unknown), quarters texts such as "2024-Q1", money int64 in grosze, codes text.

    Attributes
    ----------
    cards
        A row per project: teryt (voivodeship, two digits, unique), period, as_of (day that all data of the project
        describe), value and parts in PLN (float64, whole grosze; NaN where the office gave none), targets (NaN where
        none), source.
    plan
        What the office planned to have reached: per voivodeship, indicator (`INDICATORS`) and day, cumulative; may be
        empty.
    subregions
        Powiat (four digits) -> name of the sub-region; may be empty, then each powiat is its own.
    participants
        A row per person and form of support: person (keyed pseudonym, one for all spellings), row (row of the file, for
        the office's own list), unit (gmina, six digits; powiat, four digits; "" unknown) of the workplace, employer
        (key, "" if none), institution (key of the catalogue, "" if not one that works for inclusion), form, action
        (1-16), started, ended (of this support), left (day on which the person left the project, NaT while in it),
        complete (bool: all data of the person required by the programme are there), evidence, evidence_day.
    entities
        Entities supported: a row per entity and form.
    lpdi
        A row per plan: unit (gmina or powiat code), days, sections (bool), evidence (`PLAN_EVIDENCE`), carried_out
        (`CARRIED_OUT`), carried_out_day, row of the file.
    cus
        Social service centres: gminas (codes joined by "+"), opened, closed, services (int64, kinds of services).
    foster_care
        Children in foster care at the end of a year, per voivodeship or Poland ("00"): family, institutional,
        total_printed (NaN if none was printed), step (to what the two are rounded; 1 if they are exact), source. Holds
        the published figures of the catalogue as well.
    activities
        A row per activity: planned and done days (done NaT while open), hours, attendance (float64, NaN unknown),
        product (text, "" none), team, subregion ("" none).
    budget
        A row per budget line and quarter; `line` names the line (the same in its quarters), `action` 1-16 or
        `NO_ACTION`.
    payments
        A row per payment; `line` is that of the budget ("" where screening found none: the payment still counts in the
        total).
    units
        Territorial units as the social economy has them: teryt, level, name, parent, kind.
    institutions
        key, name, short of the catalogue.
    actions
        key (1-16), title, short, team, serves of the catalogue.
    published
        Published figures of the cards: teryt, field, number (NaN), text (""), unit, step (distance of the numbers that
        the source could have printed, such as 100 000 for "45,6 mln"), source.
    year
        Year of the latest as_of.
    refused
        How many rows screening set aside, by dataset and voivodeship ("" where a row does not tell its own).
    """

    cards: pd.DataFrame
    plan: pd.DataFrame
    subregions: pd.DataFrame
    participants: pd.DataFrame
    entities: pd.DataFrame
    lpdi: pd.DataFrame
    cus: pd.DataFrame
    foster_care: pd.DataFrame
    activities: pd.DataFrame
    budget: pd.DataFrame
    payments: pd.DataFrame
    units: pd.DataFrame
    institutions: pd.DataFrame
    actions: pd.DataFrame
    published: pd.DataFrame
    year: int
    refused: Mapping[tuple[str, str], int]


_COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    "cards": CARD_COLUMNS, "plan": PLAN_COLUMNS, "subregions": SUBREGION_COLUMNS, "participants": PARTICIPANT_COLUMNS,
    "entities": ENTITY_COLUMNS, "lpdi": LPDI_COLUMNS, "cus": CUS_COLUMNS, "foster_care": FOSTER_COLUMNS,
    "activities": ACTIVITY_COLUMNS, "budget": BUDGET_COLUMNS, "payments": PAYMENT_COLUMNS,
}  # fmt: skip
_VOCABULARIES: Final[Mapping[str, Mapping[str, Sequence[object]]]] = {
    "plan": {"indicator": INDICATORS},
    "participants": {"form": FORMS, "action": ACTIONS, "evidence": EVIDENCE},
    "entities": {"form": FORMS, "action": ACTIONS},
    "lpdi": {"evidence": PLAN_EVIDENCE, "carried_out": CARRIED_OUT},
    "activities": {"action": ACTIONS, "team": TEAMS, "kind": ACTIVITY_KINDS},
    "budget": {"action": (*ACTIONS, NO_ACTION), "team": (*TEAMS, ""), "category": CATEGORIES},
}
_DAYS: Final[Mapping[str, Sequence[str]]] = {
    "cards": ("start", "end", "as_of"), "plan": ("day",), "participants": ("started", "ended", "left", "evidence_day"),
    "entities": ("started",), "lpdi": ("adopted", "in_force_from", "in_force_to", "carried_out_day"),
    "cus": ("opened", "closed"), "activities": ("planned", "done"), "payments": ("day",),
}  # fmt: skip
_KEYS: Final[Mapping[str, Sequence[str]]] = {
    "cards": ("teryt",), "plan": ("teryt", "indicator", "day"), "subregions": ("powiat",),
    "activities": ("teryt", "activity"), "budget": ("teryt", "line", "quarter"), "payments": ("teryt", "payment"),
}  # fmt: skip
_OF_A_PROJECT: Final = ("plan", "participants", "entities", "lpdi", "cus", "activities", "budget", "payments")
_QUARTER: Final = r"\d{4}-Q[1-4]"


def validate(inputs: Inputs) -> Inputs:
    """Return the inputs if they keep the contract.

    Raises
    ------
    DataError
        Naming each table and rule that is broken; values are not printed, since some are about persons.
    """
    broken = list(_column_problems(inputs))
    if not broken:  # the rules need the columns
        broken = [*_value_problems(inputs), *_card_problems(inputs.cards), *_money_problems(inputs)]
    if broken:
        raise DataError(
            f"Dane o projektach koordynacyjnych nie są zgodne ze schematem: {'; '.join(broken)}. Proszę uruchomić "
            "ponownie `ropsanalysis check`."
        )
    return inputs


def _column_problems(inputs: Inputs) -> Iterator[str]:
    for name, columns in _COLUMNS.items():
        if tuple(getattr(inputs, name).columns) != tuple(columns):
            yield f"{name}: inne kolumny niż {', '.join(columns)}"


def _value_problems(inputs: Inputs) -> Iterator[str]:
    for name, vocabulary in _VOCABULARIES.items():
        for column, allowed in vocabulary.items():
            if not getattr(inputs, name)[column].isin(allowed).all():
                yield f"{name}: wartość kolumny {column} spoza listy"
    for name, columns in _DAYS.items():
        for column in columns:
            if getattr(inputs, name)[column].dtype.kind != "M":
                yield f"{name}: kolumna {column} nie zawiera dat"
    for name, key in _KEYS.items():
        if getattr(inputs, name).duplicated(list(key)).any():
            yield f"{name}: powtórzony wiersz ({', '.join(key)})"
    projects = set(inputs.cards["teryt"])
    for name in _OF_A_PROJECT:
        if not getattr(inputs, name)["teryt"].isin(projects).all():
            yield f"{name}: województwo bez karty projektu"
    for name, column in (("participants", "complete"), *(("lpdi", section) for section in SECTIONS)):
        if not getattr(inputs, name)[column].isin((True, False)).all():
            yield f"{name}: kolumna {column} inna niż tak i nie"
    if not inputs.foster_care["teryt"].isin({POLAND.teryt, *(region.teryt for region in REGIONS)}).all():
        yield "foster_care: kod spoza listy województw"


def _card_problems(cards: pd.DataFrame) -> Iterator[str]:
    if not cards["teryt"].isin({region.teryt for region in REGIONS}).all():
        yield "cards: kod spoza listy województw"
    if cards[["start", "end", "as_of"]].isna().to_numpy().any():
        yield "cards: brak daty początku, końca albo stanu danych"
    if not (cards["end"] >= cards["start"]).all():
        yield "cards: koniec projektu przed początkiem"
    for name in ("target_supported", "target_qualified", "target_plan_share"):
        if not (cards[name].dropna() >= 0).all():
            yield f"cards: kolumna {name} mniejsza od zera"


def _money_problems(inputs: Inputs) -> Iterator[str]:
    for name in ("budget", "payments"):
        for column in ("eu_grosz", "national_grosz"):
            if getattr(inputs, name)[column].dtype.kind != "i":
                yield f"{name}: kolumna {column} nie zawiera całkowitej liczby groszy"
    if (inputs.budget[["eu_grosz", "national_grosz"]] < 0).to_numpy().any():
        yield "budget: kwota ujemna"
    if not inputs.budget["quarter"].str.fullmatch(_QUARTER).all():
        yield "budget: kwartał w innej postaci niż 2024-Q1"
    described = inputs.budget[["teryt", "line", "action", "team", "category"]].drop_duplicates()
    if described.duplicated(["teryt", "line"]).any():
        yield "budget: jedna pozycja z różnymi działaniami, zespołami albo kategoriami"
    if inputs.payments["day"].isna().any():
        yield "payments: płatność bez daty"
    lines = set(zip(inputs.budget["teryt"], inputs.budget["line"], strict=True))
    pairs = zip(inputs.payments["teryt"], inputs.payments["line"], strict=True)
    if any(line and (teryt, line) not in lines for teryt, line in pairs):
        yield "payments: pozycja spoza budżetu"
