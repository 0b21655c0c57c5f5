"""The national summary as its notebook reads it: sixteen voivodeships side by side, and nothing computed anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ropsanalysis.definitions import Choice, SourceFile
from ropsanalysis.national_summary import records
from ropsanalysis.national_summary.records import ActionRow, Headline, IndicatorRow, MoneyRow, Region, Source
from ropsanalysis.regions import POLAND
from ropsanalysis.stats.records import as_records


@dataclass(frozen=True, slots=True)
class NationalSummary:
    """What the reports on the voivodeships say, side by side.

    Attributes
    ----------
    edition
        Which edition it belongs to.
    regions
        The sixteen voivodeships.
    indicators, money, actions, headlines
        Numbers taken over from the reports on voivodeships; teryt "00" is their sum.
    reports
        The reports that they were taken from.
    choices, files
        Empty: the summary chooses nothing and reads no files of its own.
    synthetic
        Whether any of the data is made up.
    synthetic_datasets
        Reports with made-up data.
    sources
        Title of each report.
    """

    edition: str
    regions: tuple[Region, ...]
    indicators: tuple[IndicatorRow, ...]
    money: tuple[MoneyRow, ...]
    actions: tuple[ActionRow, ...]
    headlines: tuple[Headline, ...]
    reports: tuple[Source, ...]
    choices: tuple[Choice, ...]
    files: tuple[SourceFile, ...]
    synthetic: bool
    synthetic_datasets: frozenset[str]
    sources: Mapping[str, str]

    @classmethod
    def read(cls, tables: Mapping[str, pd.DataFrame], **about: Any) -> NationalSummary:
        """Read the tables of `records.TABLES`, given by their names; `about` holds the other attributes."""
        found: dict[str, Any] = {name: as_records(tables[name], record) for name, record in records.TABLES.items()}
        return cls(reports=found.pop("sources"), **found, **about)

    def made_up(self, *reports: str) -> bool:
        """Return whether any of these reports has made-up data."""
        return any(report in self.synthetic_datasets for report in reports)

    def name(self, teryt: str) -> str:
        """Return the name of a voivodeship, or what stands for all of them together."""
        return next((region.name for region in self.regions if region.teryt == teryt), "razem")

    def of_indicator(self, indicator: str) -> tuple[IndicatorRow, ...]:
        """Return an indicator of all voivodeships, in the order of their codes, without the sum."""
        return tuple(row for row in self.indicators if row.indicator == indicator and row.teryt != POLAND.teryt)

    def indicator_sum(self, indicator: str) -> IndicatorRow | None:
        """Return an indicator over all voivodeships."""
        found = (row for row in self.indicators if row.indicator == indicator and row.teryt == POLAND.teryt)
        return next(found, None)

    @property
    def money_sum(self) -> MoneyRow | None:
        """The money of all projects."""
        return next((row for row in self.money if row.teryt == POLAND.teryt), None)

    def action_rows(self, teryt: str) -> tuple[ActionRow, ...]:
        """Return the actions of a voivodeship, or of all together."""
        return tuple(row for row in self.actions if row.teryt == teryt)

    def headline(self, report: str, teryt: str) -> Headline | None:
        """Return the headline of a report on a voivodeship."""
        return next((row for row in self.headlines if row.report == report and row.teryt == teryt), None)
