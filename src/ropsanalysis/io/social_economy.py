"""Screens the data of the social economy: registers, inhabitants, survey of entities, support, targets.

All findings come at once. Registers and inhabitants are required; the survey, the support and the targets may be
absent, and their chapters then are. Figures of Statistics Poland come with the project and are read as the regional
diagnosis reads them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import pandas as pd

from ropsanalysis.io import catalogue, identifiers, screening, social_places, social_registers
from ropsanalysis.io.dataset_origin import read_origin
from ropsanalysis.io.findings import Finding
from ropsanalysis.io.provenance import FileRecord
from ropsanalysis.io.row_notes import REJECTED
from ropsanalysis.io.social_entities import Known
from ropsanalysis.io.social_programme import read_programme
from ropsanalysis.io.social_registers import RegistersRead
from ropsanalysis.io.social_support import read_support
from ropsanalysis.io.social_survey import read_survey
from ropsanalysis.social_economy.schema import DATASETS, INDICATORS, Inputs, validate

REQUIRED: Final = ("es_register", "gmina_population")
"""Datasets without which there is no report."""

_OFFICIAL: Final = "gus_sdg"


@dataclass(frozen=True, slots=True)
class SocialScreening:
    """What screening let through, what it refused, and why.

    Attributes
    ----------
    inputs
        What the report is computed from; None where a finding is blocking.
    findings
        All findings, dataset by dataset.
    rejected
        Columns file, row, code, reason, record; the record of an entity's answers is empty, because the row's number
        leads to them.
    review
        Records of registers that may be one entity, for a person to decide: record_a, record_b, name_a, name_b,
        teryt, why.
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
    review: pd.DataFrame
    files: tuple[FileRecord, ...]
    synthetic: bool
    sources: Mapping[str, str]

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """Findings that stop the build."""
        return tuple(finding for finding in self.findings if finding.severity == "blocking")


def present(raw: Path) -> bool:
    """Return whether the folder of raw data holds any delivered dataset of the social economy."""
    return any((raw / name).is_dir() for name in DATASETS)


def screen_social_economy(raw: Path) -> SocialScreening:
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

    def screen(self) -> SocialScreening:
        for dataset in DATASETS:
            self._check_present(dataset)
            self.about[dataset] = self._provenance(dataset)
        self._check_mixture()
        units = social_places.read_units(self.raw)
        self._keep(units.findings, units.rejected, units.files)
        registers = self._registers(units.table)
        population = self._population(units.table)
        known = None if registers is None else _known(registers)
        last_year = None if known is None else known.last_year
        survey = read_survey(self.raw / "es_survey", label=self._label("es_survey"), known=known)
        support = read_support(self.raw / "owes_support", label=self._label("owes_support"), last_year=last_year)
        programme = read_programme(self.raw / "es_programme", label=self._label("es_programme"))
        for dataset, read in (("es_survey", survey), ("owes_support", support), ("es_programme", programme)):
            if (self.raw / dataset).is_dir():  # an optional dataset that is absent is no finding
                self._keep(
                    [finding.redacted(identifiers.redact) for finding in read.findings], read.rejected, read.files
                )
        observations, indicators = self._official()
        inputs = None
        blocked = any(finding.severity == "blocking" for finding in self.findings)
        if registers is not None and population is not None and not blocked:
            inputs = validate(
                Inputs(
                    spells=registers.spells,
                    status=registers.status,
                    survey=survey.table,
                    support=support.table,
                    programme=programme.table,
                    population=population,
                    units=units.table,
                    observations=observations,
                    indicators=indicators,
                    legal_forms=catalogue.legal_form_frame(),
                    register_counts=registers.counts,
                    as_of=registers.as_of,
                )
            )
        return SocialScreening(
            inputs=inputs,
            findings=tuple(self.findings),
            rejected=self._all_rejected(),
            review=self._review(registers),
            files=tuple(self._with_source(file) for file in self.files),
            synthetic=self._synthetic(),
            sources={name: str(about["source"]) for name, about in self.about.items() if about.get("source")},
        )

    # --- datasets as such --------------------------------------------------------------------------------

    def _label(self, dataset: str) -> str:
        return f"{self.raw.parent.name}/{self.raw.name}/{dataset}"

    def _keep(self, findings: Sequence[Finding], rejected: pd.DataFrame, files: Sequence[FileRecord]) -> None:
        self.findings.extend(finding.redacted(identifiers.redact_person) for finding in findings)
        self.rejected.append(rejected)
        self.files.extend(files)

    def _check_present(self, dataset: str) -> None:
        if dataset not in REQUIRED or (self.raw / dataset).is_dir():
            return
        self.findings.append(
            Finding("ES-07", "blocking", self._label(dataset), None, "", "brak folderu zbioru",
                    f"zbiory: {', '.join(REQUIRED)}",
                    "Proszę dostarczyć ten zbiór. Brakującego zbioru nie uzupełniamy danymi pokazowymi, bo wyniki "
                    "mieszałyby dane prawdziwe ze zmyślonymi.")
        )  # fmt: skip

    def _provenance(self, dataset: str) -> Mapping[str, object]:
        about, findings = read_origin(
            self.raw / dataset, label=self._label(dataset), prefix="ES", fields="source, synthetic"
        )
        self.findings.extend(findings)
        return about

    def _synthetic(self) -> bool:
        return any(about.get("synthetic") is True for about in self.about.values())

    def _check_mixture(self) -> None:
        there = [name for name in DATASETS if (self.raw / name).is_dir()]
        made_up = [name for name in there if self.about[name].get("synthetic") is True]
        if made_up and len(made_up) < len(there):
            self.findings.append(
                Finding("ES-34", "warning", f"{self.raw.parent.name}/{self.raw.name}", None, "",
                        f"zbiory pokazowe: {', '.join(made_up)}", "wszystkie zbiory prawdziwe albo wszystkie pokazowe",
                        "Wyniki ze zbiorów pokazowych będą oznaczone jako dane syntetyczne. Proszę dostarczyć "
                        "prawdziwe zbiory w miejsce pokazowych.")
            )  # fmt: skip

    def _with_source(self, file: FileRecord) -> FileRecord:
        dataset = Path(file.path).parent.name
        told = str(self.about.get(dataset, {}).get("source", ""))
        # A register's description names it; of the other datasets the provenance knows better than the reader.
        source = (file.source or told) if dataset == social_registers.DATASET else (told or file.source)
        return replace(file, path=identifiers.redact(file.path), source=source)

    def _all_rejected(self) -> pd.DataFrame:
        parts = [part for part in self.rejected if len(part)]
        if not parts:
            return pd.DataFrame(columns=list(REJECTED))
        return pd.concat(parts, ignore_index=True)[list(REJECTED)]

    # --- the parts ---------------------------------------------------------------------------------------

    def _registers(self, units: pd.DataFrame) -> RegistersRead | None:
        """Return the registers; None where they are absent or cannot be used."""
        if units.empty or not (self.raw / "es_register").is_dir():
            return None
        read = social_registers.read_registers(self.raw, units=units)
        self._keep(read.findings, read.rejected, read.files)
        return None if read.spells.empty else read

    def _review(self, registers: RegistersRead | None) -> pd.DataFrame:
        if registers is None:
            return pd.DataFrame(columns=list(social_registers.REVIEW_COLUMNS))
        return registers.review

    def _population(self, units: pd.DataFrame) -> pd.DataFrame | None:
        if units.empty or not (self.raw / "gmina_population").is_dir():
            return None
        read = social_places.read_population(self.raw, units=units)
        self._keep(read.findings, read.rejected, read.files)
        return read.table

    def _official(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the observations and the description of the official indicators that the report reads.

        What is doubtful in them is told by the screening of the regional diagnosis, to which they belong; only what
        stops any build is repeated.
        """
        official = screening.screen_regional(self.raw)
        ours = f"{self._label(_OFFICIAL)}/"
        self.findings.extend(finding for finding in official.blocking if finding.file.startswith(ours))
        self.files.extend(file for file in official.files if file.path.startswith(ours))
        observations, indicators = (
            table[table["indicator"].isin(INDICATORS)].reset_index(drop=True)
            for table in (official.observations, official.indicators)
        )
        return observations, indicators


def _known(registers: RegistersRead) -> Known:
    return Known(
        spells=registers.spells,
        identifiers=registers.identifiers,
        reintegration=frozenset(entry.key for entry in catalogue.legal_forms() if entry.reintegration),
        last_year=registers.as_of.year,
    )
