"""One voivodeship's share of the protected tables: what its report selects, and nothing computed anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from ropsanalysis.definitions import Choice, SourceFile
from ropsanalysis.regions import POLAND, Region
from ropsanalysis.stats.records import as_records
from ropsanalysis.training_needs.records import (
    Agreement,
    Answer,
    Cell,
    CellKey,
    Competence,
    Conflict,
    Coverage,
    CurvePoint,
    Difference,
    Driver,
    Institution,
    Need,
    Option,
    PlanLimit,
    PlannedGroup,
    PlanSummary,
    Pooled,
    ProfileGap,
    ProfileQuality,
    ProfileShare,
    Protection,
    Quality,
    Response,
    Scale,
)


@dataclass(frozen=True, slots=True)
class TrainingNeeds:
    """The training needs of one voivodeship.

    Attributes
    ----------
    region, edition
        Whom the report is about, and which edition it belongs to.
    competences, institutions
        The catalogue's words by key, in its order.
    labels
        The words of an answer by question and option, in the order of the questionnaire.
    response
        Staff and respondents by institution type; "" is all of them.
    quality
        What weighting did; None where there were too few respondents to weight.
    answers
        Position, tenure, education, forms, times and barriers.
    needs, poland
        Measures of need by competence, in the catalogue's order, for the voivodeship and for Poland. Poland is
        empty where the survey covers one voivodeship.
    cells, pooled
        Need by institution type ("" never) and competence, as observed and by the model.
    agreement, differences, drivers, scales
        What the methods agree on, who differs, what a gap goes along with, how reliable the ratings are. Drivers
        are those of the whole survey where it covers more than one voivodeship.
    profiles, profile_shares, profile_quality
        Typical profiles of need, how common they are here, how firm the division is.
    plan, plan_summary, plan_limits, plan_curve, plan_coverage, plan_conflicts
        The training plan; without a summary there is none.
    protection
        The audit of all protected tables, those of other voivodeships included.
    choices
        The choices of method.
    files
        The data files all was computed from.
    synthetic
        Whether any of the data is made up; the report then says so on every page.
    """

    region: Region
    edition: str
    competences: Mapping[str, Competence]
    institutions: Mapping[str, Institution]
    labels: Mapping[tuple[str, str], str]
    response: Mapping[str, Response]
    quality: Quality | None
    answers: tuple[Answer, ...]
    needs: Mapping[str, Need]
    poland: Mapping[str, Need]
    cells: Mapping[CellKey, Cell]
    pooled: Mapping[CellKey, Pooled]
    agreement: tuple[Agreement, ...]
    differences: tuple[Difference, ...]
    drivers: tuple[Driver, ...]
    scales: tuple[Scale, ...]
    profiles: tuple[ProfileGap, ...]
    profile_shares: tuple[ProfileShare, ...]
    profile_quality: ProfileQuality | None
    plan: tuple[PlannedGroup, ...]
    plan_summary: PlanSummary | None
    plan_limits: tuple[PlanLimit, ...]
    plan_curve: tuple[CurvePoint, ...]
    plan_coverage: tuple[Coverage, ...]
    plan_conflicts: tuple[Conflict, ...]
    protection: tuple[Protection, ...]
    choices: tuple[Choice, ...]
    files: tuple[SourceFile, ...]
    synthetic: bool

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
    ) -> TrainingNeeds:
        """Select one voivodeship's training needs from the protected tables, given by their names."""
        code = region.teryt
        qualities = as_records(tables["quality"], Quality, teryt=code)
        summaries = as_records(tables["plan_summary"], PlanSummary, teryt=code)
        cells = as_records(tables["needs_by_institution"], Cell, teryt=code)
        profile_qualities = as_records(tables["profile_quality"], ProfileQuality)
        return cls(
            region=region,
            edition=edition,
            competences={c.key: c for c in as_records(tables["competences"], Competence)},
            institutions={i.key: i for i in as_records(tables["institutions"], Institution)},
            labels={(o.question, o.option): o.label for o in as_records(tables["options"], Option)},
            response={r.institution: r for r in as_records(tables["response"], Response, teryt=code)},
            quality=qualities[0] if qualities else None,
            answers=as_records(tables["answers"], Answer, teryt=code),
            needs={n.competence: n for n in as_records(tables["needs"], Need, teryt=code)},
            poland={n.competence: n for n in as_records(tables["needs"], Need, teryt=POLAND.teryt)},
            cells={(c.institution, c.competence): c for c in cells},
            pooled={(p.institution, p.competence): p for p in as_records(tables["pooled"], Pooled, teryt=code)},
            agreement=as_records(tables["agreement"], Agreement, teryt=code),
            differences=as_records(tables["differences"], Difference, teryt=code),
            drivers=as_records(tables["drivers"], Driver),
            scales=as_records(tables["scales"], Scale, teryt=code),
            profiles=as_records(tables["profiles"], ProfileGap),
            profile_shares=as_records(tables["profile_shares"], ProfileShare, teryt=code),
            profile_quality=profile_qualities[0] if profile_qualities else None,
            plan=as_records(tables["plan"], PlannedGroup, teryt=code),
            plan_summary=summaries[0] if summaries else None,
            plan_limits=as_records(tables["plan_limits"], PlanLimit, teryt=code),
            plan_curve=as_records(tables["plan_curve"], CurvePoint, teryt=code),
            plan_coverage=as_records(tables["plan_coverage"], Coverage, teryt=code),
            plan_conflicts=as_records(tables["plan_conflicts"], Conflict, teryt=code),
            protection=as_records(tables["protection"], Protection),
            choices=choices,
            files=files,
            synthetic=synthetic,
        )

    @property
    def total(self) -> Response | None:
        """Staff and respondents of all institution types together."""
        return self.response.get("")

    def ranked(self) -> list[Need]:
        """Return the competences whose need is shown, the strongest first."""
        shown = [need for need in self.needs.values() if need.mwds.shown and need.rank.shown]
        return sorted(shown, key=lambda need: (need.rank.value or 0.0, -(need.mwds.value or 0.0)))

    def unranked(self) -> list[Need]:
        """Return the competences whose need is not shown, in the catalogue's order; one may be the strongest."""
        ranked = {need.competence for need in self.ranked()}
        return [need for need in self.needs.values() if need.competence not in ranked]

    def wished(self) -> list[Need]:
        """Return the competences whose place on the wish list is shown, the most wanted first."""
        shown = [need for need in self.needs.values() if need.wanted_share.shown and need.wanted_rank is not None]
        return sorted(shown, key=lambda need: need.wanted_rank or 0.0)

    def shown_institutions(self) -> list[Institution]:
        """Return the institution types with at least one share of staff in need to show, in the catalogue's order."""
        shown = {cell.institution for cell in self.cells.values() if cell.share.shown}
        return [institution for key, institution in self.institutions.items() if key in shown]

    def hidden_institutions(self) -> list[Institution]:
        """Return the institution types that have staff here but no share of staff in need to show."""
        shown = {institution.key for institution in self.shown_institutions()}
        return [i for key, i in self.institutions.items() if key in self.response and key not in shown]

    def answered(self, question: str) -> list[Answer]:
        """Return the answers to one question, in the order of the questionnaire."""
        order = [option for asked, option in self.labels if asked == question]
        found = [answer for answer in self.answers if answer.question == question]
        return sorted(found, key=lambda a: order.index(a.option) if a.option in order else len(order))

    def label(self, answer: Answer) -> str:
        """Return an answer's words."""
        return self.labels.get((answer.question, answer.option), answer.option)

    def choice(self, name: str) -> float:
        """Return the value of a choice of method that is a number.

        Raises
        ------
        KeyError
            There is no such choice.
        """
        return float({choice.name: choice.value for choice in self.choices}[name])

    @property
    def cut_at_means(self) -> bool:
        """Whether the lines between the quadrants run through the means, not through the middle of the scale."""
        return ("quadrant_cut", "midpoint") not in {(choice.name, choice.value) for choice in self.choices}

    def source(self) -> str:
        """Return the sources of the data, each once, as a table names them."""
        return "; ".join(dict.fromkeys(file.source for file in self.files if file.source))
