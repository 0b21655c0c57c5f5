"""Screens ``bdl_local``: exports of the Local Data Bank for gminas and powiats, as many files as there are."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from ropsanalysis.errors import DataError
from ropsanalysis.io import local_catalogue, local_checks, plain_yaml, social_places
from ropsanalysis.io.catalogue import parameter_values
from ropsanalysis.io.dataset_origin import read_origin
from ropsanalysis.io.findings import Finding, suggest
from ropsanalysis.io.intake import Intake, open_file
from ropsanalysis.io.local_files import CELL_COLUMNS, plain_name, read_cells
from ropsanalysis.io.local_units import Units, match_cells, unit_frame
from ropsanalysis.io.provenance import FileRecord
from ropsanalysis.io.row_notes import REJECTED, RowNotes
from ropsanalysis.local_diagnosis.inputs import LocalInputs

DATASET: Final = "bdl_local"
NAMES: Final = "variables.yaml"
"""The dataset's own names of variables."""
_ENDINGS: Final = (".csv", ".xlsx")


@dataclass(frozen=True, slots=True)
class LocalScreening:
    """What screening let through, what it refused, and why.

    Attributes
    ----------
    findings
        All findings.
    inputs
        Units and values, ready to be assessed.
    rejected
        Columns `row_notes.REJECTED`.
    files
        Provenance of the files that were read.
    """

    findings: tuple[Finding, ...]
    inputs: LocalInputs
    rejected: pd.DataFrame
    files: tuple[FileRecord, ...]

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """Findings that stop the build."""
        return tuple(finding for finding in self.findings if finding.severity == "blocking")


def screen_local(raw: Path, *, latest_year: int | None = None) -> LocalScreening:
    """Screen ``bdl_local`` below the folder of raw data.

    Parameters
    ----------
    latest_year
        Last year that can be true; by default the current one.
    """
    last = latest_year or datetime.datetime.now(tz=datetime.UTC).year
    folder, label = raw / DATASET, f"{raw.parent.name}/{raw.name}/{DATASET}"
    listed = social_places.read_units(raw)
    units = unit_frame(listed.table)
    _, origin = read_origin(folder, label=label, prefix="LD", fields="source i synthetic")
    names, told = _names(folder, label)
    findings = [*listed.findings, *origin, *told]
    look_up = Units(units)
    parts, rejected, records = [], [], list(listed.files)
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in _ENDINGS and path.name[0] not in ".~")
    if not paths:
        findings.append(
            Finding("LD-02", "blocking", label, None, "", "brak plików", "eksporty BDL w formacie CSV albo XLSX",
                    "Proszę wgrać eksporty do tego folderu.")
        )  # fmt: skip
    for path in paths:
        intake = open_file(folder, path.stem, label=label, columns=None, prefix="LD")
        cells, notes = _read(intake, look_up, names, last)
        findings += [*intake.findings, *notes.findings()]
        rejected.append(_rejected(intake, notes))
        parts.append(cells.assign(file=intake.file))
        records.append(_record(intake, cells))
    cells = pd.concat(parts, ignore_index=True) if parts else _no_cells()
    values, more = _checked(cells, units, label)
    return LocalScreening(
        findings=tuple(findings + more),
        inputs=LocalInputs(
            units, values[["teryt", "variable", "year", "value", "flag"]], local_catalogue.indicator_frame()
        ),
        rejected=pd.concat(rejected, ignore_index=True) if rejected else pd.DataFrame(columns=list(REJECTED)),
        files=tuple(record for record in records if record.sha256),
    )


def _checked(cells: pd.DataFrame, units: pd.DataFrame, label: str) -> tuple[pd.DataFrame, list[Finding]]:
    variables, indicators = local_catalogue.variables(), local_catalogue.indicators()
    tolerance = float(parameter_values("local_parameters")["sum_tolerance"])
    values, findings = local_checks.one_value_each(cells)
    values, impossible = local_checks.possible(values, variables)
    values, over = local_checks.parts_within(values, indicators)
    findings += impossible + over
    findings += local_checks.sums(values, units, variables, tolerance=tolerance) if len(values) else []
    findings += local_checks.missing_units(values, units, label)
    findings += local_checks.missing_variables(values, variables, label)
    return values, findings


def _read(intake: Intake, units: Units, names: dict[str, str], last: int) -> tuple[pd.DataFrame, RowNotes]:
    notes = RowNotes(intake.file)
    if intake.table is None:
        return _no_cells(), notes
    cells = read_cells(intake.table, notes, names=names, last_year=last)
    matched = match_cells(cells, units, notes)
    return matched.loc[~matched["row"].isin(notes.refused)], notes


def _no_cells() -> pd.DataFrame:
    return pd.DataFrame(columns=[*CELL_COLUMNS, "teryt", "file"]).astype({"value": "float64", "year": "int64"})


def _names(folder: Path, label: str) -> tuple[dict[str, str], list[Finding]]:
    """Return the key of each variable by its name in exports, with findings on the dataset's own names."""
    known = {variable.key: variable.bdl_name for variable in local_catalogue.variables()}
    path = folder / NAMES
    findings: list[Finding] = []
    own: dict[str, str] = {}
    if path.is_file():
        try:
            found = plain_yaml.load(path)
        except DataError as error:
            findings.append(_bad_names(label, str(error), ""))
            found = {}
        if not isinstance(found, dict) or not all(isinstance(name, str) for pair in found.items() for name in pair):
            findings.append(_bad_names(label, "to nie jest lista par „klucz: nazwa zmiennej”", ""))
            found = {}
        own = {key: name for key, name in found.items() if key in known}
        findings += [
            _bad_names(label, f"nieznany klucz „{key}”", suggest(key, list(known))) for key in found if key not in known
        ]
    names = {plain_name(name): key for key, name in {**known, **own}.items()}
    if len(names) < len(known):
        findings.append(_bad_names(label, "dwa klucze mają tę samą nazwę zmiennej", ""))
    return names, findings


def _bad_names(label: str, found: str, hint: str) -> Finding:
    return Finding(
        "LD-08", "blocking", f"{label}/{NAMES}", None, "", found,
        "klucze z katalogu local_variables.yaml, każdy z nazwą zmiennej z nagłówka eksportu",
        f"Proszę poprawić plik. {hint}".strip(),
    )  # fmt: skip


def _rejected(intake: Intake, notes: RowNotes) -> pd.DataFrame:
    by_number = {row.number: row.cells for row in intake.table.rows} if intake.table else {}
    return notes.rejected(lambda number: by_number[number])


def _record(intake: Intake, cells: pd.DataFrame) -> FileRecord:
    return FileRecord(
        path=intake.file,
        sha256=intake.sha256,
        bytes=intake.bytes,
        rows_in=len(intake.table.rows) if intake.table else 0,
        rows_out=cells["row"].nunique(),
        reader="local_diagnosis",
        source="",
    )
