"""One voivodeship's share of the tables on cooperation models: what its report selects, and nothing computed anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import pandas as pd

from ropsanalysis.cooperation import records
from ropsanalysis.cooperation.records import (
    Advice,
    Basket,
    Broker,
    CaseFlow,
    Coaching,
    Comparison,
    Duration,
    Effect,
    Fidelity,
    GoalScore,
    NetworkMeasure,
    Partner,
    Pilot,
    Project,
    Sector,
    SectorTie,
    Success,
    Tie,
)
from ropsanalysis.definitions import Choice, SourceFile
from ropsanalysis.regions import Region
from ropsanalysis.stats.records import as_records

_Record = TypeVar("_Record")


@dataclass(frozen=True, slots=True)
class Cooperation:
    """The pilots of one voivodeship: who works together, what became of the cases, what was promised.

    Attributes
    ----------
    region, edition
        Whom the report is about, and which edition it belongs to.
    sectors
        Sectors of policy by key, in the catalogue's order.
    projects, effects
        The published projects that cover the voivodeship, and what they promised with what was achieved.
    pilots
        Pilots by key.
    partners, fidelity
        Their entities by sector and level, and whether they keep the minimum content of a model.
    network, brokers, ties, sector_ties
        The networks before and after; pilot "" is the mean over the pilots.
    case_flow, durations, success, comparison
        Cases from signal to end; `comparison` with the published pilot is None where there is none.
    baskets, goals, coaching
        Services planned and delivered, attainment of goals, coaching of social workers.
    advice
        The table on extending the model.
    choices, files
        The choices of method, and the data files all was computed from.
    synthetic
        Whether any of the data is made up; the report then says so on every page.
    synthetic_datasets
        Which datasets are made up; each block computed from one carries a mark.
    sources
        What to print as the source of each dataset.
    """

    region: Region
    edition: str
    sectors: Mapping[str, Sector]
    projects: tuple[Project, ...]
    effects: tuple[Effect, ...]
    pilots: Mapping[str, Pilot]
    partners: tuple[Partner, ...]
    fidelity: tuple[Fidelity, ...]
    network: tuple[NetworkMeasure, ...]
    brokers: tuple[Broker, ...]
    ties: tuple[Tie, ...]
    sector_ties: tuple[SectorTie, ...]
    case_flow: tuple[CaseFlow, ...]
    durations: tuple[Duration, ...]
    success: tuple[Success, ...]
    comparison: Comparison | None
    baskets: tuple[Basket, ...]
    goals: tuple[GoalScore, ...]
    coaching: tuple[Coaching, ...]
    advice: tuple[Advice, ...]
    choices: tuple[Choice, ...]
    files: tuple[SourceFile, ...]
    synthetic: bool
    synthetic_datasets: frozenset[str]
    sources: Mapping[str, str]

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
    ) -> Cooperation:
        """Select one voivodeship's share of the tables of `records.TABLES`, given by their names.

        Parameters
        ----------
        synthetic_datasets
            Datasets (folders of the raw data) that are made up.
        sources
            Source of each dataset as a table prints it, by dataset.
        """
        own: dict[str, Any] = {
            name: as_records(tables[name], record, teryt=region.teryt)
            for name, record in records.TABLES.items()
            if name not in {"sectors", "pilots", "comparison"}
        }
        return cls(
            region=region,
            edition=edition,
            sectors={sector.key: sector for sector in as_records(tables["sectors"], Sector)},
            pilots={pilot.pilot: pilot for pilot in as_records(tables["pilots"], Pilot, teryt=region.teryt)},
            comparison=_first(as_records(tables["comparison"], Comparison, teryt=region.teryt)),
            choices=choices,
            files=files,
            synthetic=synthetic,
            synthetic_datasets=synthetic_datasets,
            sources=sources,
            **own,
        )

    def made_up(self, *datasets: str) -> bool:
        """Return whether any of these datasets is made up."""
        return not self.synthetic_datasets.isdisjoint(datasets)

    def has_ties(self) -> bool:
        """Return whether ties of any pilot were delivered."""
        return bool(self.ties)

    def has_cases(self) -> bool:
        """Return whether cases of the voivodeship were delivered."""
        return any(row.reason != "no_data" for row in self.case_flow)

    def step(self, step: str) -> CaseFlow | None:
        """Return how many cases reached a step."""
        return _first(row for row in self.case_flow if row.step == step)

    def duration(self, step: str) -> Duration | None:
        """Return how long cases took to a step."""
        return _first(row for row in self.durations if row.step == step)

    def rate(self, pilots: str = "") -> Success | None:
        """Return the share of cases that succeeded, of joined pilots or of the whole voivodeship."""
        return _first(row for row in self.success if row.pilots == pilots)

    def rates(self) -> list[Success]:
        """Return the shares of single and joined pilots, without that of the whole voivodeship."""
        return [row for row in self.success if row.pilots]

    def measure(self, measure: str, pilot: str = "") -> NetworkMeasure | None:
        """Return a measure of a pilot's network, or its mean over the pilots."""
        return _first(row for row in self.network if (row.pilot, row.measure) == (pilot, measure))

    def element(self, pilot: str, element: str) -> Fidelity | None:
        """Return whether a pilot keeps an element of the minimum content."""
        return _first(row for row in self.fidelity if (row.pilot, row.element) == (pilot, element))

    def entities(self, pilot: str) -> list[Broker]:
        """Return the entities of a pilot in the order of the table."""
        return [row for row in self.brokers if row.pilot == pilot]

    def goal(self, pilots: str = "") -> GoalScore | None:
        """Return the attainment of goals of joined pilots or of the whole voivodeship."""
        return _first(row for row in self.goals if row.pilots == pilots)

    def coached(self, kind: str = "") -> Coaching | None:
        """Return coaching of one kind, or of both."""
        return _first(row for row in self.coaching if row.kind == kind)

    def choice(self, name: str) -> float:
        """Return the value of a choice of method that is a number.

        Raises
        ------
        KeyError
            There is no such choice.
        """
        return float({choice.name: choice.value for choice in self.choices}[name])


def _first(found: Iterable[_Record]) -> _Record | None:
    return next(iter(found), None)
