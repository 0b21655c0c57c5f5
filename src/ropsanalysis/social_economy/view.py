"""One voivodeship's share of the tables on the social economy: what its report selects, and nothing computed anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple, TypeVar

import pandas as pd

from ropsanalysis.definitions import Choice, SourceFile
from ropsanalysis.regions import POLAND, Region
from ropsanalysis.social_economy.records import (
    Change,
    Condition,
    ConditionIndicator,
    ConditionValue,
    Coverage,
    Flow,
    FunnelLimit,
    FunnelPoint,
    Gmina,
    Hazard,
    Indicator,
    Inequality,
    LegalForm,
    Measure,
    Measured,
    Observation,
    Owes,
    Position,
    Protection,
    Quality,
    RegisterCount,
    Response,
    SocialEnterprises,
    Stock,
    Structure,
    SurvivalPoint,
    SurvivalSummary,
    SurvivalTest,
    Target,
    TargetPoint,
    Unit,
)
from ropsanalysis.stats.records import as_records

_Record = TypeVar("_Record", bound=NamedTuple)
_Key = TypeVar("_Key")

#: Teryt and legal form.
FormKey = tuple[str, str]
#: Teryt, group and cohort.
CurveKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class SocialEconomy:
    """The condition of the social economy of one voivodeship, beside Poland where the registers cover all of it.

    Attributes
    ----------
    region, edition
        Whom the report is about, and which edition it belongs to.
    forms, measures
        Legal forms and measures of the survey by key, in the catalogue's order.
    units
        The voivodeship, its powiats and gminas by code.
    register_counts
        What each register brought here.
    stock, structure
        Entities over the years and on the day of the registers, here, in Poland and (structure) in the powiats.
    gminas, coverage, inequality
        Gminas, how many are without entities, how unequal powiats are.
    flows, changes, social_enterprises
        Entities that came and went, by unit, legal form and period; the log; the status of social enterprise.
    survival, survival_summary, survival_tests, hazards
        How long entities last, here and in Poland.
    indicators, observations, positions
        Official indicators of Statistics Poland for all voivodeships and Poland, by indicator and unit.
    response, quality, estimates
        The survey, by unit and legal form. The quality of each unit and year.
    protection
        The audit of all protected tables, those of other voivodeships included.
    condition_indicators, condition_values, conditions
        The composite index: its parts, their values here and in the powiats, the index of all voivodeships and of
        the powiats here.
    owes, owes_funnel, owes_limits
        Support centres of the voivodeship; all support centres in the funnel plots.
    targets, target_series
        Targets of the regional programme, and the series they are judged from by key.
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
    forms: Mapping[str, LegalForm]
    measures: Mapping[str, Measure]
    units: Mapping[str, Unit]
    register_counts: tuple[RegisterCount, ...]
    stock: Mapping[FormKey, tuple[Stock, ...]]
    structure: Mapping[FormKey, Structure]
    gminas: tuple[Gmina, ...]
    coverage: Mapping[tuple[str, str], Coverage]
    inequality: Mapping[str, tuple[Inequality, ...]]
    flows: Mapping[FormKey, tuple[Flow, ...]]
    changes: tuple[Change, ...]
    social_enterprises: Mapping[FormKey, tuple[SocialEnterprises, ...]]
    survival: Mapping[CurveKey, tuple[SurvivalPoint, ...]]
    survival_summary: Mapping[CurveKey, SurvivalSummary]
    survival_tests: Mapping[tuple[str, str], SurvivalTest]
    hazards: Mapping[str, tuple[Hazard, ...]]
    indicators: Mapping[str, Indicator]
    observations: Mapping[tuple[str, str], tuple[Observation, ...]]
    positions: Mapping[tuple[str, str], Position]
    response: Mapping[FormKey, tuple[Response, ...]]
    quality: Mapping[str, tuple[Quality, ...]]
    estimates: Mapping[FormKey, tuple[Measured, ...]]
    protection: tuple[Protection, ...]
    condition_indicators: tuple[ConditionIndicator, ...]
    condition_values: Mapping[tuple[str, str], ConditionValue]
    conditions: Mapping[str, Condition]
    owes: tuple[Owes, ...]
    owes_funnel: Mapping[str, tuple[FunnelPoint, ...]]
    owes_limits: Mapping[str, tuple[FunnelLimit, ...]]
    targets: tuple[Target, ...]
    target_series: Mapping[int, tuple[TargetPoint, ...]]
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
        measures: pd.DataFrame,
        choices: tuple[Choice, ...],
        files: tuple[SourceFile, ...],
        synthetic: bool,
        synthetic_datasets: frozenset[str],
        sources: Mapping[str, str],
    ) -> SocialEconomy:
        """Select one voivodeship's share of the tables, given by their names.

        Parameters
        ----------
        measures
            What the catalogue says of the measures of the survey, in its order: key, name, short, unit, digits,
            chapter, kind, base.
        synthetic_datasets
            Datasets (folders of the raw data) that are made up.
        sources
            Source of each dataset as a table prints it, by dataset.
        """
        code = region.teryt
        given = _Tables(tables, code)
        conditions = [c for c in as_records(tables["condition"], Condition) if len(c.teryt) == 2 or c.teryt[:2] == code]
        indicators = as_records(tables["indicators"], Indicator)
        observations = sorted(as_records(tables["observations"], Observation), key=attrgetter("year"))
        targets = as_records(tables["targets"], Target, teryt=code)
        own = {target.key for target in targets}
        points = [p for p in as_records(tables["target_series"], TargetPoint) if p.key in own]
        return cls(
            region=region,
            edition=edition,
            forms={form.key: form for form in as_records(tables["legal_forms"], LegalForm)},
            measures={measure.key: measure for measure in as_records(measures, Measure)},
            units={unit.teryt: unit for unit in given.inside("units", Unit)},
            register_counts=given.own("register_counts", RegisterCount),
            stock=_grouped(
                sorted(given.beside_poland("stock", Stock), key=attrgetter("day")), attrgetter("teryt", "legal_form")
            ),
            structure={(s.teryt, s.legal_form): s for s in given.beside_poland("structure", Structure)},
            gminas=given.inside("gminas", Gmina),
            coverage={(c.teryt, c.kind): c for c in given.beside_poland("coverage", Coverage)},
            inequality=_grouped(given.beside_poland("inequality", Inequality), attrgetter("teryt")),
            flows=_grouped(
                sorted(given.beside_poland("flows", Flow), key=attrgetter("first_day")),
                attrgetter("teryt", "legal_form"),
            ),
            changes=given.own("changes", Change),
            social_enterprises=_grouped(
                given.beside_poland("social_enterprises", SocialEnterprises), attrgetter("teryt", "legal_form")
            ),
            survival=_grouped(given.beside_poland("survival", SurvivalPoint), attrgetter("teryt", "group", "cohort")),
            survival_summary={
                (s.teryt, s.group, s.cohort): s for s in given.beside_poland("survival_summary", SurvivalSummary)
            },
            survival_tests={(t.teryt, t.comparison): t for t in given.beside_poland("survival_tests", SurvivalTest)},
            hazards=_grouped(given.beside_poland("hazards", Hazard), attrgetter("teryt")),
            indicators={indicator.indicator: indicator for indicator in indicators},
            observations=_grouped(observations, attrgetter("indicator", "teryt")),
            positions={(p.indicator, p.teryt): p for p in as_records(tables["positions"], Position)},
            response=_grouped(given.beside_poland("response", Response), attrgetter("teryt", "legal_form")),
            quality=_grouped(given.beside_poland("quality", Quality), attrgetter("teryt")),
            estimates=_grouped(given.beside_poland("estimates", Measured), attrgetter("teryt", "legal_form")),
            protection=as_records(tables["protection"], Protection),
            condition_indicators=as_records(tables["condition_indicators"], ConditionIndicator),
            condition_values={(v.teryt, v.key): v for v in given.inside("condition_values", ConditionValue)},
            conditions={condition.teryt: condition for condition in conditions},
            owes=given.own("owes", Owes),
            owes_funnel=_grouped(as_records(tables["owes_funnel"], FunnelPoint), attrgetter("measure")),
            owes_limits=_grouped(as_records(tables["owes_limits"], FunnelLimit), attrgetter("measure")),
            targets=targets,
            target_series=_grouped(points, attrgetter("key")),
            choices=choices,
            files=files,
            synthetic=synthetic,
            synthetic_datasets=synthetic_datasets,
            sources=sources,
        )

    def made_up(self, *datasets: str) -> bool:
        """Return whether any of these datasets is made up."""
        return not self.synthetic_datasets.isdisjoint(datasets)

    @property
    def as_of(self) -> str:
        """The day of the registers, ISO; empty where the voivodeship has no entity."""
        stock = self.stocked()
        return stock[-1].day if stock else ""

    @property
    def covers_poland(self) -> bool:
        """Whether the registers cover all voivodeships, so that there is a Poland to compare with."""
        return (POLAND.teryt, "") in self.structure

    def stocked(self, form: str = "", teryt: str | None = None) -> tuple[Stock, ...]:
        """Return the entities of one legal form over the years; by default all forms in the report's region."""
        return self.stock.get((teryt or self.region.teryt, form), ())

    def structured(self, form: str = "", teryt: str | None = None) -> Structure | None:
        """Return the entities of one legal form on the day of the registers."""
        return self.structure.get((teryt or self.region.teryt, form))

    def present_forms(self) -> list[LegalForm]:
        """Return the legal forms with at least one entity here, now or in the years shown, in the catalogue's order."""
        return [form for form in self.forms.values() if any(stock.entities for stock in self.stocked(form.key))]

    def powiats(self) -> list[Unit]:
        """Return the powiats of the voivodeship, in the order of their codes."""
        return [unit for unit in self.units.values() if unit.level == "powiat"]

    def years(self, form: str = "", teryt: str | None = None) -> list[Flow]:
        """Return the flows of whole years, the oldest first."""
        return [f for f in self.flows.get((teryt or self.region.teryt, form), ()) if not f.quarterly]

    def quarters(self, form: str = "", teryt: str | None = None) -> list[Flow]:
        """Return the flows of the last quarters, the oldest first."""
        return [f for f in self.flows.get((teryt or self.region.teryt, form), ()) if f.quarterly]

    def curve(self, group: str = "", cohort: str = "", teryt: str | None = None) -> tuple[SurvivalPoint, ...]:
        """Return one survival curve; empty where there are too few entities."""
        return self.survival.get((teryt or self.region.teryt, group, cohort), ())

    def survived(self, group: str = "", cohort: str = "", teryt: str | None = None) -> SurvivalSummary | None:
        """Return the summary of one survival curve."""
        return self.survival_summary.get((teryt or self.region.teryt, group, cohort))

    def position(self, indicator: str, teryt: str | None = None) -> Position | None:
        """Return where a unit stands on an official indicator."""
        return self.positions.get((indicator, teryt or self.region.teryt))

    def observed(self, indicator: str, teryt: str | None = None) -> tuple[Observation, ...]:
        """Return all years of an official indicator."""
        return self.observations.get((indicator, teryt or self.region.teryt), ())

    def survey_years(self) -> list[int]:
        """Return the years of the survey with a number for the voivodeship, the oldest first."""
        return sorted({row.year for row in self.estimates.get((self.region.teryt, ""), ())})

    def measured(
        self, measure: str, form: str = "", *, teryt: str | None = None, year: int | None = None
    ) -> Measured | None:
        """Return one measure of the survey; by default of all forms here in the last year."""
        years = self.survey_years()
        when = year if year is not None else years[-1] if years else None
        rows = self.estimates.get((teryt or self.region.teryt, form), ())
        return next((row for row in rows if row.measure == measure and row.year == when), None)

    def condition(self, teryt: str | None = None) -> Condition | None:
        """Return the composite index of a voivodeship or of a powiat here."""
        return self.conditions.get(teryt or self.region.teryt)

    def choice(self, name: str) -> float:
        """Return the value of a choice of method that is a number.

        Raises
        ------
        KeyError
            There is no such choice.
        """
        return float({choice.name: choice.value for choice in self.choices}[name])


class _Tables:
    """The tables, read for one voivodeship."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], teryt: str) -> None:
        self._tables = tables
        self._teryt = teryt

    def own(self, name: str, record: type[_Record]) -> tuple[_Record, ...]:
        """Return the rows of the voivodeship itself."""
        return as_records(self._tables[name], record, teryt=self._teryt)

    def inside(self, name: str, record: type[_Record]) -> tuple[_Record, ...]:
        """Return the rows of the voivodeship and of the units in it."""
        return as_records(self._tables[name], record, inside=self._teryt)

    def beside_poland(self, name: str, record: type[_Record]) -> tuple[_Record, ...]:
        """Return the rows of the voivodeship, of the units in it, and of Poland."""
        return (*self.inside(name, record), *as_records(self._tables[name], record, teryt=POLAND.teryt))


def _grouped(records: Iterable[_Record], key: Callable[[_Record], _Key]) -> dict[_Key, tuple[_Record, ...]]:
    """Return records with the same key together, in their order."""
    found: dict[_Key, list[_Record]] = {}
    for record in records:
        found.setdefault(key(record), []).append(record)
    return {name: tuple(rows) for name, rows in found.items()}
