"""One voivodeship's share of the tables on its coordination project: what its report selects, nothing computed anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import pandas as pd

from ropsanalysis.definitions import Choice, SourceFile
from ropsanalysis.project_monitoring import records
from ropsanalysis.project_monitoring.records import (
    Action,
    ActionState,
    Card,
    CardCheck,
    Centre,
    EntityCount,
    FosterCare,
    Heat,
    Indicator,
    Institution,
    Late,
    Money,
    Part,
    PlanSection,
    Product,
    Progress,
    Published,
    Reason,
    Spending,
    Team,
    UnitCost,
    UnitReach,
)
from ropsanalysis.regions import POLAND, Region
from ropsanalysis.stats.records import as_records

_Record = TypeVar("_Record")
#: Tables that a report looks up by key instead of by voivodeship.
_CATALOGUE: Final = frozenset({"actions", "institutions"})
_FIELDS: Final[Mapping[str, str]] = {"parts": "all_parts", "teams": "all_teams", "foster_care": "all_foster_care"}
"""Attributes that hold a table under another name, because methods select from it."""


@dataclass(frozen=True, slots=True)
class ProjectMonitoring:
    """Where the coordination project of one voivodeship stands: indicators, actions, teams, money, plans.

    Attributes
    ----------
    region, edition
        Whom the report is about, and which edition it belongs to.
    actions, institutions
        The programme's actions by number and the catalogue's types of institutions by key.
    cards
        The project as the office described it; at most one.
    published, card_checks
        Published figures with their sources beside the office's own, and checks of the card.
    indicators, progress, all_parts, reasons, units, entities
        The three indicators, their course, their parts, who was not counted and why, and which units were reached.
    action_states, late, products, heat
        The 16 actions: state, activities that are late, products, and activities by quarter.
    all_teams
        Work of the teams, and of advisers by sub-region.
    money, spending, unit_costs
        Earned value, plan and payments by quarter, cost per person.
    plan_sections, centres, all_foster_care
        Local plans by section, social service centres, foster care here and in Poland (teryt "00").
    choices, files
        The choices of method, and the data files all was computed from.
    synthetic
        Whether any of the data is made up; the report then says so on every page.
    synthetic_datasets
        Which datasets are made up; each block computed from one carries a mark.
    sources
        What to print as the source of each dataset that was delivered.
    labels
        Polish words of every vocabulary, by question and key.
    """

    region: Region
    edition: str
    actions: Mapping[int, Action]
    institutions: Mapping[str, Institution]
    cards: tuple[Card, ...]
    published: tuple[Published, ...]
    card_checks: tuple[CardCheck, ...]
    indicators: tuple[Indicator, ...]
    progress: tuple[Progress, ...]
    all_parts: tuple[Part, ...]
    reasons: tuple[Reason, ...]
    units: tuple[UnitReach, ...]
    action_states: tuple[ActionState, ...]
    late: tuple[Late, ...]
    products: tuple[Product, ...]
    heat: tuple[Heat, ...]
    all_teams: tuple[Team, ...]
    money: tuple[Money, ...]
    spending: tuple[Spending, ...]
    unit_costs: tuple[UnitCost, ...]
    plan_sections: tuple[PlanSection, ...]
    centres: tuple[Centre, ...]
    all_foster_care: tuple[FosterCare, ...]
    entities: tuple[EntityCount, ...]
    choices: tuple[Choice, ...]
    files: tuple[SourceFile, ...]
    synthetic: bool
    synthetic_datasets: frozenset[str]
    sources: Mapping[str, str]
    labels: Mapping[str, Mapping[str, str]]

    @classmethod
    def read(
        cls,
        region: Region,
        tables: Mapping[str, pd.DataFrame],
        *,
        edition: str,
        choices: tuple[Choice, ...],
        files: tuple[SourceFile, ...],
        synthetic: bool,
        synthetic_datasets: frozenset[str],
        sources: Mapping[str, str],
        labels: Mapping[str, Mapping[str, str]],
    ) -> ProjectMonitoring:
        """Select one voivodeship's share of the tables of `records.TABLES`, given by their names.

        Parameters
        ----------
        synthetic_datasets
            Datasets (folders of the raw data) that are made up.
        sources
            Source of each delivered dataset as a table prints it, by dataset.
        labels
            Polish words of the catalogue, by question ("form", "team", …) and key.
        """
        own: dict[str, Any] = {
            _FIELDS.get(name, name): as_records(tables[name], record, teryt=region.teryt)
            for name, record in records.TABLES.items()
            if name not in _CATALOGUE
        }
        own["all_foster_care"] += as_records(tables["foster_care"], FosterCare, teryt=POLAND.teryt)
        return cls(
            region=region,
            edition=edition,
            actions={row.action: row for row in as_records(tables["actions"], Action)},
            institutions={row.key: row for row in as_records(tables["institutions"], Institution)},
            choices=choices,
            files=files,
            synthetic=synthetic,
            synthetic_datasets=synthetic_datasets,
            sources=sources,
            labels=labels,
            **own,
        )

    def made_up(self, *datasets: str) -> bool:
        """Return whether any of these datasets is made up."""
        return not self.synthetic_datasets.isdisjoint(datasets)

    @property
    def card(self) -> Card | None:
        """The project as the office described it; None where it delivered no card."""
        return _first(self.cards)

    @property
    def as_of(self) -> str:
        """Day that all data describe, as text; "" without a card."""
        return self.card.as_of if self.card is not None else ""

    def indicator(self, name: str) -> Indicator | None:
        """Return where an indicator stands."""
        return _first(row for row in self.indicators if row.indicator == name)

    def has_indicator(self, name: str) -> bool:
        """Return whether the data of an indicator cover the voivodeship."""
        row = self.indicator(name)
        return row is not None and row.value is not None

    def course(self, indicator: str) -> list[Progress]:
        """Return an indicator at the end of each quarter, in time."""
        return sorted((row for row in self.progress if row.indicator == indicator), key=lambda row: row.quarter)

    def parts(self, dimension: str) -> list[Part]:
        """Return the parts of a dimension ("institution", "subregion", "action")."""
        return [row for row in self.all_parts if row.dimension == dimension]

    def not_counted(self, indicator: str) -> list[Reason]:
        """Return why persons or units are not counted in an indicator."""
        return [row for row in self.reasons if row.indicator == indicator]

    def has_activities(self) -> bool:
        """Return whether activities of the project were delivered."""
        return any(row.planned or row.done for row in self.action_states)

    def teams(self, *, by_subregion: bool = False) -> list[Team]:
        """Return the teams as wholes, or the advisers of each sub-region."""
        return [row for row in self.all_teams if bool(row.subregion) == by_subregion]

    def amounts(self, dimension: str) -> list[Money]:
        """Return the parts of the budget of a dimension."""
        return [row for row in self.money if row.dimension == dimension]

    @property
    def total(self) -> Money | None:
        """The whole budget; None where no budget and no payments were delivered."""
        row = _first(self.amounts("total"))
        return None if row is None or (row.budget is None and row.spent is None) else row

    def unit_cost(self, per: str, base: str) -> UnitCost | None:
        """Return money spent per person."""
        return _first(row for row in self.unit_costs if (row.per, row.base) == (per, base))

    def gminas(self) -> list[UnitReach]:
        """Return the gminas, cities with powiat rights among them, that support could reach."""
        return [row for row in self.units if row.level == "gmina"]

    def counted_units(self) -> list[UnitReach]:
        """Return the units of the denominator of the share of plans."""
        return [row for row in self.units if row.plan != "unit_not_counted"]

    def foster_care(self, *, poland: bool = False) -> list[FosterCare]:
        """Return foster care of the voivodeship, or of Poland, year by year."""
        code = POLAND.teryt if poland else self.region.teryt
        return sorted((row for row in self.all_foster_care if row.teryt == code), key=lambda row: row.year)

    def label(self, question: str, key: str) -> str:
        """Return the Polish word of a key, as the catalogue of the question has it; an unknown key as it is."""
        return self.labels.get(question, {}).get(key, key)

    def choice(self, name: str) -> str | float:
        """Return a choice of method.

        Raises
        ------
        KeyError
            There is no such choice.
        """
        return {choice.name: choice.value for choice in self.choices}[name]

    def number(self, name: str) -> float:
        """Return a choice of method that is a number.

        Raises
        ------
        KeyError
            There is no such choice.
        """
        return float(self.choice(name))

    def chosen(self, name: str) -> list[str]:
        """Return the keys that a choice of method lists, joined by commas.

        Raises
        ------
        KeyError
            There is no such choice.
        """
        return [key.strip() for key in str(self.choice(name)).split(",") if key.strip()]


def _first(found: Iterable[_Record]) -> _Record | None:
    return next(iter(found), None)
