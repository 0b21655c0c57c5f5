"""One voivodeship's share of the tables on social impact: what its report selects, and nothing computed anew."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import pandas as pd

from ropsanalysis.definitions import Choice, SourceFile
from ropsanalysis.regions import POLAND, Region
from ropsanalysis.social_impact import records
from ropsanalysis.social_impact.records import (
    Balance,
    BreakEven,
    CentreCohort,
    CentreEffect,
    CentreLevel,
    CentreTest,
    Change,
    Claim,
    Comparison,
    Cost,
    CostPer,
    Driver,
    Effect,
    Inaction,
    Level,
    Lost,
    MapLine,
    Outcome,
    Overclaim,
    Overlap,
    Participation,
    Protection,
    RatioBin,
    Reliability,
    Retention,
    StakeholderValue,
    Tornado,
    ValueSummary,
    ValueYear,
)
from ropsanalysis.stats.records import as_records

_Record = TypeVar("_Record")


class Grade(Protocol):
    """A grade of evidence as the catalogue describes it."""

    @property
    def grade(self) -> int:
        """Its number, 0-5."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def verb(self) -> str:
        """Verb of a sentence about a result of this grade; empty where there is none."""

    @property
    def stems(self) -> Collection[str]:
        """Stems of words that a sentence of a lower grade must not use."""

    @property
    def description(self) -> str:
        """What it takes to have this grade."""


@dataclass(frozen=True, slots=True)
class SocialImpact:
    """What changed for the persons and gminas of one voivodeship, how it is known, and what a złoty brought.

    Attributes
    ----------
    region, edition
        Whom the report is about, and which edition it belongs to.
    grades
        Grades of evidence by number, the weakest first.
    outcomes
        Outcomes of the catalogue by key, in its order.
    participation, retention, lost, reliability
        Who took part, who was seen at each wave, who was lost, how reliable the scales are.
    levels, changes
        Outcomes at the waves, and what changed from entry to 12 months after exit.
    balance, overlap, comparison, effects
        The comparison with persons without support; `comparison` None where the panel was not delivered.
    centre_cohorts, centre_effects, centre_tests, centre_levels
        Gminas with a social service centre, here and in Poland (teryt "00").
    map_lines, value_years, stakeholders, costs, summary
        The impact map with its results; `summary` None where nothing was computed.
    tornado, break_even, ratio_bins, drivers, overclaims
        How sure the ratio is, and what the map claims too much of.
    cost_per, inaction
        Cost of one lasting outcome, and of doing nothing.
    claims
        What the report claims, here and (gminas) in Poland.
    protection
        How many results were hidden.
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
    grades: Mapping[int, Grade]
    outcomes: Mapping[str, Outcome]
    participation: tuple[Participation, ...]
    retention: tuple[Retention, ...]
    lost: tuple[Lost, ...]
    reliability: tuple[Reliability, ...]
    levels: tuple[Level, ...]
    changes: tuple[Change, ...]
    balance: tuple[Balance, ...]
    overlap: tuple[Overlap, ...]
    comparison: Comparison | None
    effects: tuple[Effect, ...]
    centre_cohorts: tuple[CentreCohort, ...]
    centre_effects: tuple[CentreEffect, ...]
    centre_tests: tuple[CentreTest, ...]
    centre_levels: tuple[CentreLevel, ...]
    map_lines: tuple[MapLine, ...]
    value_years: tuple[ValueYear, ...]
    stakeholders: tuple[StakeholderValue, ...]
    costs: tuple[Cost, ...]
    summary: ValueSummary | None
    tornado: tuple[Tornado, ...]
    break_even: tuple[BreakEven, ...]
    ratio_bins: tuple[RatioBin, ...]
    drivers: tuple[Driver, ...]
    overclaims: tuple[Overclaim, ...]
    cost_per: tuple[CostPer, ...]
    inaction: tuple[Inaction, ...]
    claims: tuple[Claim, ...]
    protection: tuple[Protection, ...]
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
        grades: Iterable[Grade],
        edition: str,
        choices: tuple[Choice, ...],
        files: tuple[SourceFile, ...],
        synthetic: bool,
        synthetic_datasets: frozenset[str],
        sources: Mapping[str, str],
    ) -> SocialImpact:
        """Select one voivodeship's share of the tables of `records.TABLES`, given by their names.

        Parameters
        ----------
        grades
            The catalogue's grades of evidence.
        synthetic_datasets
            Datasets (folders of the raw data) that are made up.
        sources
            Source of each dataset as a table prints it, by dataset.
        """
        own: dict[str, Any] = {}
        for name, record in records.TABLES.items():
            if name in {"outcomes", "units", "comparison", "value_summary"}:
                continue
            rows = as_records(tables[name], record, teryt=region.teryt)
            if name.startswith("centre_") or name == "claims":
                rows += as_records(tables[name], record, teryt=POLAND.teryt)
            own[name] = rows
        return cls(
            region=region,
            edition=edition,
            grades={entry.grade: entry for entry in sorted(grades, key=lambda entry: entry.grade)},
            outcomes={outcome.key: outcome for outcome in as_records(tables["outcomes"], Outcome)},
            comparison=_first(as_records(tables["comparison"], Comparison, teryt=region.teryt)),
            summary=_first(as_records(tables["value_summary"], ValueSummary, teryt=region.teryt)),
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

    def has_persons(self) -> bool:
        """Return whether the panel of persons covers the voivodeship."""
        return any(row.reason != "no_data" for row in self.participation)

    def has_map(self) -> bool:
        """Return whether there is an impact map of the voivodeship."""
        return bool(self.map_lines)

    def measured(self, level: str) -> list[Outcome]:
        """Return the outcomes of persons ("person") or gminas ("gmina"), in the catalogue's order."""
        return [outcome for outcome in self.outcomes.values() if outcome.level == level]

    def took_part(self, group: str = "participant", kinds: str = "") -> Participation | None:
        """Return how many persons of a group began; by default all participants."""
        return _first(row for row in self.participation if (row.group, row.kinds) == (group, kinds))

    def retained(self, wave: str, group: str = "participant") -> Retention | None:
        """Return the share of a group seen at a wave; "all" for all four."""
        return _first(row for row in self.retention if (row.group, row.wave) == (group, wave))

    def level(self, outcome: str, wave: str, group: str = "participant") -> Level | None:
        """Return the level of an outcome at a wave."""
        return _first(row for row in self.levels if (row.group, row.outcome, row.wave) == (group, outcome, wave))

    def change(self, outcome: str) -> Change | None:
        """Return the change of participants on an outcome, without any comparison."""
        return _first(row for row in self.changes if row.outcome == outcome)

    def effect(self, outcome: str, method: str) -> Effect | None:
        """Return the effect on an outcome by one method."""
        return _first(row for row in self.effects if (row.outcome, row.method) == (outcome, method))

    def main_effect(self, outcome: str) -> Effect | None:
        """Return the effect that the report's claim on an outcome rests on."""
        return _first(row for row in self.effects if row.outcome == outcome and row.main)

    def claimed(self, subject: str, teryt: str | None = None) -> list[Claim]:
        """Return the claims about a subject, in the order of the table."""
        code = teryt or self.region.teryt
        return [claim for claim in self.claims if (claim.subject, claim.teryt) == (subject, code)]

    def controls(self, outcome: str, teryt: str) -> str:
        """Return the gminas ("never", "not_yet") that the main effect on an outcome compares with; "" for none."""
        rows = [row for row in self.centre_effects if (row.outcome, row.teryt) == (outcome, teryt)]
        found = _first([row for row in rows if row.main] + [row for row in rows if row.effect.shown] + rows)
        return "" if found is None else found.controls

    def centre_effect(self, outcome: str, teryt: str | None = None) -> CentreEffect | None:
        """Return the effect of all openings, against the gminas of the main claim."""
        code = teryt or self.region.teryt
        return _first(self._centre_rows(outcome, code, "simple"))

    def events(self, outcome: str, teryt: str | None = None) -> list[CentreEffect]:
        """Return the effects by years since the opening that are shown, the earliest first."""
        rows = self._centre_rows(outcome, teryt or self.region.teryt, "event")
        return sorted((row for row in rows if row.effect.shown and row.at is not None), key=lambda row: row.at or 0)

    def _centre_rows(self, outcome: str, teryt: str, kind: str) -> list[CentreEffect]:
        wanted = (outcome, teryt, kind, self.controls(outcome, teryt))
        return [row for row in self.centre_effects if (row.outcome, row.teryt, row.kind, row.controls) == wanted]

    def opened(self, teryt: str | None = None) -> list[CentreCohort]:
        """Return the gminas by year of opening, the first year first."""
        rows = [row for row in self.centre_cohorts if row.teryt == (teryt or self.region.teryt)]
        return sorted((row for row in rows if row.year is not None), key=lambda row: row.year or 0)

    def without_centre(self, teryt: str | None = None) -> int | None:
        """Return the number of gminas without a centre; None where it is not known."""
        code = teryt or self.region.teryt
        found = _first(row for row in self.centre_cohorts if row.teryt == code and row.year is None)
        return None if found is None else found.gminas

    def line(self, key: str) -> MapLine | None:
        """Return a line of the impact map."""
        return _first(row for row in self.map_lines if row.line == key)

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
