"""Screens the data of project monitoring: cards, persons, entities, plans, centres, activities, money.

All findings come at once. Only the cards are needed; without another dataset the report says what it would have shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ropsanalysis.io import (
    catalogue,
    identifiers,
    project_cards,
    project_catalogue,
    project_money,
    project_persons,
    project_services,
    project_work,
    social_places,
)
from ropsanalysis.io.built import TOPICS
from ropsanalysis.io.dataset_origin import read_origin
from ropsanalysis.io.findings import Finding
from ropsanalysis.io.project_units import Units
from ropsanalysis.io.provenance import FileRecord
from ropsanalysis.io.row_notes import REJECTED
from ropsanalysis.io.social_tables import TableRead
from ropsanalysis.project_monitoring import schema
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.project_monitoring.schema import DATASETS, Inputs, validate

CORE: Final = TOPICS["project_monitoring"].core
"""Datasets of which at least one must be there."""

_COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    "plan": schema.PLAN_COLUMNS, "subregions": schema.SUBREGION_COLUMNS, "participants": schema.PARTICIPANT_COLUMNS,
    "entities": schema.ENTITY_COLUMNS, "lpdi": schema.LPDI_COLUMNS, "cus": schema.CUS_COLUMNS,
    "foster_care": schema.FOSTER_COLUMNS, "activities": schema.ACTIVITY_COLUMNS, "budget": schema.BUDGET_COLUMNS,
    "payments": schema.PAYMENT_COLUMNS, "cards": schema.CARD_COLUMNS,
}  # fmt: skip
_TYPES: Final[Mapping[str, Sequence[str]]] = {
    "datetime64[s]": (
        "start", "end", "as_of", "day", "started", "ended", "left", "evidence_day", "adopted", "in_force_from",
        "in_force_to", "carried_out_day", "opened", "closed", "done",
    ),
    "float64": (
        *project_cards.MONEY, *project_cards.TARGETS, "hours", "attendance", "family", "institutional",
        "total_printed", "step",
    ),
    "int64": ("row", "action", "year", "services", "eu_grosz", "national_grosz"),
    "bool": ("complete", *schema.SECTIONS),
}  # fmt: skip
_CARD, _PARTICIPANTS, _ENTITIES, _LPDI, _CUS, _FOSTER, _ACTIVITIES, _BUDGET, _PAYMENTS = DATASETS


@dataclass(frozen=True, slots=True)
class MonitoringScreening:
    """What screening let through, what it refused, and why.

    Attributes
    ----------
    inputs
        What the report is computed from; None where a finding is blocking.
    findings
        All findings, dataset by dataset.
    rejected
        Columns file, row, code, reason, record; the record of a person is empty, because the row's number leads to it.
    files
        Provenance of the files that were read.
    synthetic
        Whether any delivered dataset was made up for demonstration.
    sources
        Who published each dataset, as its ``provenance.json`` says.
    """

    inputs: Inputs | None
    findings: tuple[Finding, ...]
    rejected: pd.DataFrame
    files: tuple[FileRecord, ...]
    synthetic: bool
    sources: Mapping[str, str]

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """Findings that stop the build."""
        return tuple(finding for finding in self.findings if finding.severity == "blocking")


def empty_table(name: str) -> pd.DataFrame:
    """Return a table of `Inputs` without rows, with its columns and their types."""
    types = {column: kind for kind, columns in _TYPES.items() for column in columns}
    types["planned"] = "float64" if name == "plan" else "datetime64[s]"
    return pd.DataFrame({column: pd.Series(dtype=types.get(column, "str")) for column in _COLUMNS[name]})


def present(raw: Path) -> bool:
    """Return whether the folder of raw data holds cards of projects."""
    return any((raw / name).is_dir() for name in CORE)


def screen_project_monitoring(raw: Path) -> MonitoringScreening:
    """Screen the datasets below the folder of raw data.

    Parameters
    ----------
    raw
        Usually ``data/raw``.

    Notes
    -----
    Bad data never raise here: they become findings.
    """
    return _Screener(raw).screen()


@dataclass(slots=True)
class _Screener:
    raw: Path
    findings: list[Finding] = field(default_factory=list)
    rejected: list[pd.DataFrame] = field(default_factory=list)
    files: list[FileRecord] = field(default_factory=list)
    about: dict[str, Mapping[str, object]] = field(default_factory=dict)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)

    def screen(self) -> MonitoringScreening:
        self._check_present()
        for dataset in DATASETS:
            self.about[dataset] = self._provenance(dataset)
        self._check_mixture()
        tables = self._tables()
        inputs = None
        if tables and not self._blocked():
            inputs = validate(Inputs(**tables, **_catalogue(), refused=dict(self.refused)))
        return MonitoringScreening(
            inputs=inputs,
            findings=tuple(self.findings),
            rejected=self._all_rejected(),
            files=tuple(self._with_source(file) for file in self.files),
            synthetic=any(about.get("synthetic") is True for about in self.about.values()),
            sources={name: str(about["source"]) for name, about in self.about.items() if about.get("source")},
        )

    # --- datasets as such --------------------------------------------------------------------------------

    def _label(self, dataset: str) -> str:
        return f"{self.raw.parent.name}/{self.raw.name}/{dataset}"

    def _keep(
        self,
        findings: Sequence[Finding],
        rejected: pd.DataFrame,
        files: Sequence[FileRecord],
        *,
        redact: Callable[[str], str] = identifiers.redact_person,
    ) -> None:
        self.findings.extend(finding.redacted(redact) for finding in findings)
        self.rejected.append(rejected)
        self.files.extend(files)

    def _check_present(self) -> None:
        if not present(self.raw):
            self.findings.append(
                Finding("PM-07", "blocking", f"{self.raw.parent.name}/{self.raw.name}", None, "",
                        "brak kart projektów", f"zbiór {', '.join(CORE)}",
                        "Proszę dostarczyć kartę projektu. Nie uzupełniamy jej danymi pokazowymi, bo wyniki mieszałyby "
                        "dane prawdziwe ze zmyślonymi.")
            )  # fmt: skip

    def _provenance(self, dataset: str) -> Mapping[str, object]:
        about, findings = read_origin(
            self.raw / dataset, label=self._label(dataset), prefix="PM", fields="source, synthetic, year"
        )
        self.findings.extend(findings)
        return about

    def _check_mixture(self) -> None:
        there = [name for name in DATASETS if (self.raw / name).is_dir()]
        made_up = [name for name in there if self.about[name].get("synthetic") is True]
        if made_up and len(made_up) < len(there):
            self.findings.append(
                Finding("PM-34", "warning", f"{self.raw.parent.name}/{self.raw.name}", None, "",
                        f"zbiory pokazowe: {', '.join(made_up)}", "wszystkie zbiory prawdziwe albo wszystkie pokazowe",
                        "Raport i każda jego część z danych pokazowych będą tak oznaczone. Proszę dostarczyć prawdziwe "
                        "zbiory w miejsce pokazowych.")
            )  # fmt: skip

    def _with_source(self, file: FileRecord) -> FileRecord:
        told = str(self.about.get(Path(file.path).parent.name, {}).get("source", ""))
        return replace(file, path=identifiers.redact(file.path), source=told or file.source)

    def _all_rejected(self) -> pd.DataFrame:
        parts = [part for part in self.rejected if len(part)]
        if not parts:
            return pd.DataFrame(columns=list(REJECTED))
        return pd.concat(parts, ignore_index=True)[list(REJECTED)]

    def _blocked(self) -> bool:
        return any(finding.severity == "blocking" for finding in self.findings)

    # --- the parts ---------------------------------------------------------------------------------------

    def _tables(self) -> dict[str, Any]:
        """Return the tables of `Inputs` by name; nothing where there are no cards to read the others by."""
        read = social_places.read_units(self.raw)
        # A list of units that is broken is told as the social economy tells it.
        self._keep(read.findings, read.rejected, read.files)
        parameters = MonitoringParameters(**catalogue.parameter_values("monitoring_parameters"))  # type: ignore[arg-type]
        cards = self._table(_CARD, "cards", partial(project_cards.read_cards, parameters=parameters))
        self._check_cards(cards)
        if cards.empty or read.table.empty:
            return {}
        units, year = Units.of(read.table), int(cards["as_of"].dt.year.max())
        budget = self._table(_BUDGET, "budget", partial(project_money.read_budget, cards=cards))
        return {
            "cards": cards,
            "plan": self._beside(_CARD, "plan", partial(project_cards.read_plan, cards=cards)),
            "subregions": self._beside(_CARD, "subregions", partial(project_cards.read_subregions, units=units)),
            "participants": self._participants(cards, units, parameters),
            "entities": self._table(
                _ENTITIES, "entities", partial(project_persons.read_entities, cards=cards, units=units)
            ),
            "lpdi": self._table(_LPDI, "lpdi", partial(project_services.read_plans, cards=cards, units=units)),
            "cus": self._table(_CUS, "cus", partial(project_services.read_centres, cards=cards, units=units)),
            "foster_care": self._foster_care(year),
            "activities": self._table(_ACTIVITIES, "activities", partial(project_work.read_activities, cards=cards)),
            "budget": budget,
            "payments": self._table(
                _PAYMENTS, "payments", partial(project_money.read_payments, cards=cards, budget=budget)
            ),
            "units": read.table,
            "year": year,
        }

    def _check_cards(self, cards: pd.DataFrame) -> None:
        if (self.raw / _CARD).is_dir() and cards.empty and not self._blocked():
            self.findings.append(
                Finding("PM-04", "blocking", f"{self._label(_CARD)}/cards.csv", None, "", "żadnej karty nie można użyć",
                        "co najmniej jedna karta projektu", "Proszę sprawdzić pozostałe uwagi do tego pliku.")
            )  # fmt: skip

    def _table(
        self,
        dataset: str,
        table: str,
        read: Callable[..., TableRead],
        *,
        redact: Callable[[str], str] = identifiers.redact_person,
    ) -> pd.DataFrame:
        """Return a table of a dataset; without rows where there is no such folder."""
        if not (self.raw / dataset).is_dir():
            return empty_table(table)
        found = read(self.raw / dataset, label=self._label(dataset))
        self.refused.update((dataset, teryt) for teryt in found.refused_in)
        self._keep(found.findings, found.rejected, found.files, redact=redact)
        return found.table

    def _beside(self, dataset: str, stem: str, read: Callable[..., TableRead]) -> pd.DataFrame:
        """Return a table whose file may be absent from its folder."""
        there = any((self.raw / dataset / f"{stem}.{ending}").is_file() for ending in ("csv", "xlsx"))
        return self._table(dataset, stem, read) if there else empty_table(stem)

    def _participants(self, cards: pd.DataFrame, units: Units, parameters: MonitoringParameters) -> pd.DataFrame:
        if not (self.raw / _PARTICIPANTS).is_dir():
            return empty_table("participants")
        file = f"{self._label(_PARTICIPANTS)}/participants.csv"
        key = project_persons.load_key(self.raw.parent.parent, file=file)
        if key.value is None:
            self.findings.extend(key.findings)
            return empty_table("participants")
        return self._table(
            _PARTICIPANTS, "participants",
            partial(
                project_persons.read_participants, cards=cards, units=units, key=key.value, parameters=parameters
            ),
            redact=identifiers.redact,
        )  # fmt: skip

    def _foster_care(self, year: int) -> pd.DataFrame:
        """Return the office's figures and the published ones; where both have a year, the office's."""
        own = self._table(_FOSTER, "foster_care", partial(project_services.read_foster_care, last_year=year))
        both = pd.concat([own, project_catalogue.published_foster_frame()], ignore_index=True)
        return both.drop_duplicates(["teryt", "year"]).sort_values(["teryt", "year"], ignore_index=True)


def _catalogue() -> dict[str, Any]:
    institutions = catalogue.institution_frame()[["key", "name", "short"]]
    return {
        "institutions": institutions,
        "actions": project_catalogue.action_frame(),
        "published": project_catalogue.published_frame(),
    }
