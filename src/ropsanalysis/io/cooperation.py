"""Screens the data of cooperation models: pilots with their networks, cases with baskets and goals, effects, coaching.

All findings come at once. Pilots there must be, else there is nothing to report; each other file may be absent, and
the report then says what it would have shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import pandas as pd

from ropsanalysis.cooperation.schema import (
    BASKET_COLUMNS,
    CASE_COLUMNS,
    COACHING_COLUMNS,
    DATASETS,
    EFFECT_COLUMNS,
    GOAL_COLUMNS,
    PARTNER_COLUMNS,
    PILOT_COLUMNS,
    TIE_COLUMNS,
    Inputs,
)
from ropsanalysis.errors import DataError
from ropsanalysis.io import (
    answers,
    cooperation_cases,
    cooperation_cells,
    cooperation_effects,
    cooperation_network,
    identifiers,
    social_places,
)
from ropsanalysis.io.dataset_origin import read_origin
from ropsanalysis.io.findings import Finding
from ropsanalysis.io.project_catalogue import cooperation_project_frame, promised_frame, sector_frame
from ropsanalysis.io.provenance import FileRecord
from ropsanalysis.io.row_notes import REJECTED
from ropsanalysis.io.social_tables import SocialTable, finished

_NETWORK, _CASES, _EFFECTS = DATASETS
_DAYS: Final = ("started", "ended", "as_of", "joined", "left", "signal", "diagnosis", "contract", "followup_day", "day")
_NUMBERS: Final = ("population", "persons", "planned", "delivered", "weight", "entry", "exit", "hours", "achieved")
_FLAGS: Final = ("monitoring", "aftercare", "monitored")
_WHOLE: Final = ("row", "strength")


@dataclass(frozen=True, slots=True)
class CooperationScreening:
    """What screening let through, what it refused, and why.

    Attributes
    ----------
    inputs
        What the report is computed from; None where a finding is blocking.
    findings
        All findings, file by file.
    rejected
        Columns file, row, code, reason, record; the record of a row about a person is empty.
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


def empty_table(columns: Sequence[str]) -> pd.DataFrame:
    """Return one of the tables without rows, its columns typed as the schema has them."""
    return pd.DataFrame({name: pd.Series(dtype=_type(name)) for name in columns})


def screen_cooperation(raw: Path) -> CooperationScreening:
    """Screen the datasets below the folder of raw data.

    Parameters
    ----------
    raw
        Usually ``data/raw``.

    Notes
    -----
    Bad data never raise here: they become findings. No clock is read: what is in the future is told by the day that
    each pilot gives as the last one of its data (``as_of``).
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
    places: dict[str, str] = field(default_factory=dict)

    def screen(self) -> CooperationScreening:
        if not (self.raw / _NETWORK).is_dir():
            self.findings.append(
                Finding("CO-07", "blocking", f"{self.raw.parent.name}/{self.raw.name}", None, "", "brak pilotaży",
                        f"zbiór {_NETWORK} z plikiem pilots.csv",
                        "Proszę dostarczyć ten zbiór. Brakującego zbioru nie uzupełniamy danymi pokazowymi, bo wyniki "
                        "mieszałyby dane prawdziwe ze zmyślonymi.")
            )  # fmt: skip
        for dataset in DATASETS:
            self.about[dataset] = self._provenance(dataset)
        self._check_mixture()
        units = social_places.read_units(self.raw)
        self._keep(units.findings, units.rejected, units.files)
        inputs = None
        if not self._blocked():
            inputs = self._tables(units.table)
        return CooperationScreening(
            inputs=None if self._blocked() else inputs,
            findings=tuple(self.findings),
            rejected=self._all_rejected(),
            files=tuple(self._with_source(file) for file in self.files),
            synthetic=any(about.get("synthetic") is True for about in self.about.values()),
            sources={name: str(about["source"]) for name, about in self.about.items() if about.get("source")},
        )

    # --- the tables --------------------------------------------------------------------------------------

    def _tables(self, units: pd.DataFrame) -> Inputs | None:
        projects, promised = cooperation_project_frame(), promised_frame()
        stated = self.about[_NETWORK].get("year")
        pilots = self._taken(
            _NETWORK, PILOT_COLUMNS, cooperation_network.read_pilots, units=units, projects=projects,
            year=stated if isinstance(stated, int) else None,
        )  # fmt: skip
        self.places = self._places(pilots)
        partners = self._taken(
            _NETWORK, PARTNER_COLUMNS, cooperation_network.read_partners, units=units, pilots=pilots
        )  # fmt: skip
        if len(partners):
            file = f"{self._label(_NETWORK)}/partners.csv"
            self.findings += cooperation_network.about_pilots(pilots, partners, file=file)
        ties = self._taken(_NETWORK, TIE_COLUMNS, cooperation_network.read_ties, pilots=pilots, partners=partners)
        key = self._key()
        cases = self._of_persons(_CASES, CASE_COLUMNS, cooperation_cases.read_cases, key, pilots=pilots)
        baskets, goals = (
            self._of_persons(_CASES, columns, read, key, pilots=pilots, cases=cases)
            for columns, read in (
                (BASKET_COLUMNS, cooperation_cases.read_baskets), (GOAL_COLUMNS, cooperation_cases.read_goals),
            )
        )  # fmt: skip
        last = pilots["as_of"].max()
        effects = self._taken(
            _EFFECTS, EFFECT_COLUMNS, cooperation_effects.read_effects, promised=promised, projects=projects, last=last
        )
        coaching = self._of_persons(
            _EFFECTS, COACHING_COLUMNS, cooperation_effects.read_coaching, key, pilots=pilots
        )  # fmt: skip
        if pilots.empty:
            if not self._blocked():
                self.findings.append(
                    Finding("CO-04", "blocking", f"{self._label(_NETWORK)}/pilots.csv", None, "",
                            "żadnego wiersza nie można użyć", "co najmniej jeden pilotaż",
                            "Proszę sprawdzić pozostałe uwagi do tego pliku.")
                )  # fmt: skip
            return None
        inputs = Inputs(
            pilots=pilots,
            partners=partners,
            ties=ties,
            cases=cases,
            baskets=baskets,
            goals=goals,
            coaching=coaching,
            effects=effects,
            promised=promised,
            projects=projects,
            units=units,
            sectors=sector_frame(),
            year=int(last.year),
            refused=dict(self.refused),
        )
        self.findings += cooperation_effects.about_counts(inputs, file=f"{self._label(_EFFECTS)}/effects.csv")
        return inputs

    def _taken(
        self, dataset: str, columns: Sequence[str], read: Callable[..., SocialTable], **about: object
    ) -> pd.DataFrame:
        """Return a table as the schema has it; empty if its folder is absent."""
        folder = self.raw / dataset
        if not folder.is_dir():
            return empty_table(columns)
        found = read(folder, label=self._label(dataset), **about)
        table = found.table.astype({name: _type(name) for name in columns}).reset_index(drop=True)
        done = finished(found, table)
        redact = identifiers.redact if found.confidential else identifiers.redact_person
        self._keep(done.findings, done.rejected, done.files, redact=redact)
        told = cooperation_cells.refused_in(found, set(done.rejected["row"]), self._place_of)
        self.refused.update((dataset, teryt) for teryt in told)
        return table

    def _of_persons(
        self, dataset: str, columns: Sequence[str], read: Callable[..., SocialTable], key: bytes | None, **about: object
    ) -> pd.DataFrame:
        return empty_table(columns) if key is None else self._taken(dataset, columns, read, key=key, **about)

    def _places(self, pilots: pd.DataFrame) -> dict[str, str]:
        return dict(zip(pilots["pilot"], pilots["teryt"], strict=True))

    def _place_of(self, row: Mapping[str, str]) -> str:
        """Return the voivodeship of a row of any file, "" where it does not tell it."""
        if row.get("teryt"):
            return answers.voivodeship(row["teryt"]) or ""
        return self.places.get(" ".join(row.get("pilot", "").split()), "")

    def _key(self) -> bytes | None:
        """Return the key of pseudonyms; None, with a finding, if there is none to be had, or no need of it."""
        needed = [name for name in (_CASES, _EFFECTS) if (self.raw / name).is_dir()]
        if not needed:
            return None
        try:
            return identifiers.load_key(self.raw.parent.parent)
        except DataError as error:
            self.findings.append(
                Finding("CO-33", "blocking", self._label(needed[0]), None, "", str(error),
                        "klucz poza folderem projektu",
                        "Bez klucza nie można zastąpić kluczy spraw i osób pseudonimami, więc plików nie użyto.")
            )  # fmt: skip
            return None

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

    def _provenance(self, dataset: str) -> Mapping[str, object]:
        about, findings = read_origin(
            self.raw / dataset, label=self._label(dataset), prefix="CO", fields="source, synthetic, year"
        )
        self.findings.extend(findings)
        return about

    def _check_mixture(self) -> None:
        there = [name for name in DATASETS if (self.raw / name).is_dir()]
        made_up = [name for name in there if self.about[name].get("synthetic") is True]
        if made_up and len(made_up) < len(there):
            self.findings.append(
                Finding("CO-34", "warning", f"{self.raw.parent.name}/{self.raw.name}", None, "",
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


def _type(name: str) -> str:
    for names, dtype in ((_DAYS, "datetime64[s]"), (_NUMBERS, "float64"), (_FLAGS, "bool"), (_WHOLE, "int64")):
        if name in names:
            return dtype
    return "str"
