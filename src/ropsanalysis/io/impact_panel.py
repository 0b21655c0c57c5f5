"""Reads the panel of persons: a row per person and wave, of participants and of a comparison group.

A person's key becomes a keyed pseudonym at once. Findings name rows and columns, never a value, and of a refused row
only the number is kept. A single answer that cannot be right is left out; the rest of its row stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ropsanalysis.errors import DataError
from ropsanalysis.io import identifiers, impact_answers, impact_persons
from ropsanalysis.io.findings import Finding
from ropsanalysis.io.intake import check_columns, open_file
from ropsanalysis.io.privacy import check_headers, guard_for, guard_survey
from ropsanalysis.io.provenance import FileRecord
from ropsanalysis.io.row_notes import REJECTED
from ropsanalysis.io.social_rows import RowLog
from ropsanalysis.io.surveys import SurveyTable, from_raw, open_survey
from ropsanalysis.regions import by_teryt
from ropsanalysis.social_impact.schema import PANEL_COLUMNS, SCALE_ITEMS

DATE: Final = "date"
"""Optional column: the day of the measurement, by which a wave before the entry is found."""

_TEXTS: Final = ("person", "teryt", "entity", "group", "kind", "wave", "sex", "income_source")
_STEM: Final = "panel"


@dataclass(frozen=True, slots=True)
class PanelRead:
    """The panel as it was read.

    Attributes
    ----------
    table
        Accepted rows in the order of the file, columns `PANEL_COLUMNS`.
    rejected
        Columns file, row, code, reason, record (empty).
    findings
        What was found.
    files
        Provenance; without numbers of rows, which reports may have to hide.
    year
        Last year of a measurement; None where the file has no dates.
    """

    table: pd.DataFrame
    rejected: pd.DataFrame
    findings: tuple[Finding, ...]
    files: tuple[FileRecord, ...]
    year: int | None = None


@dataclass(frozen=True, slots=True)
class _Opened:
    file: str
    table: SurveyTable | None
    findings: tuple[Finding, ...]
    files: tuple[FileRecord, ...]


def empty_panel() -> pd.DataFrame:
    """Return a panel without rows."""
    return pd.DataFrame({name: pd.Series(dtype="str" if name in _TEXTS else "float64") for name in PANEL_COLUMNS})


def read_panel(folder: Path, *, label: str, project: Path) -> PanelRead:
    """Read ``panel.csv``, ``panel.xlsx`` or ``panel.sav`` of a folder.

    Parameters
    ----------
    label
        Path of the folder inside the project, for findings.
    project
        Folder of the project, outside of which the key of pseudonyms lies.

    Notes
    -----
    Bad files never raise: they become findings. A file that cannot be used is blocking; single rows and answers are
    warnings. Hours of who does not work are 0 where they were left empty.
    """
    opened = _open(folder, label)
    key, problems = _key(opened, project)
    findings = [*opened.findings, *problems]
    if opened.table is None or key is None:
        return PanelRead(empty_panel(), pd.DataFrame(columns=list(REJECTED)), tuple(findings), opened.files)
    log = RowLog(opened.file, opened.table.rows)
    table, days = _read_rows(opened.table, key, log)
    table = table[log.kept].reset_index(drop=True)
    findings += [*log.findings(), *_about_groups(table, opened.file)]
    year = _last_year(days, log)
    return PanelRead(table[list(PANEL_COLUMNS)], log.rejected(), tuple(findings), opened.files, year)


def _open(folder: Path, label: str) -> _Opened:
    plain = any((folder / f"{_STEM}.{ending}").is_file() for ending in ("csv", "xlsx"))
    path = folder / f"{_STEM}.sav"
    if path.is_file() and not plain:
        file = f"{label}/{path.name}"
        survey = open_survey(path, file=file)
        found = [survey.finding] if survey.finding else guard_survey(file, survey)
        # Surveys were first read for training needs; the same checks have the same numbers here.
        findings = [replace(finding, code=finding.code.replace("TN-", "IM-")) for finding in found]
        table, checksum, size = survey.table, survey.sha256, survey.bytes
    else:
        intake = open_file(
            folder, _STEM, label=label, columns=None, required=False, prefix="IM",
            guard=guard_for("IM", numbers=("entity",)),
        )  # fmt: skip
        file, findings = intake.file, list(intake.findings)
        table, checksum, size = from_raw(intake.table) if intake.table else None, intake.sha256, intake.bytes
    if table is not None and not _stops(findings):
        header = [name for name in table.header if name]
        columns = (*PANEL_COLUMNS, DATE) if DATE in header else PANEL_COLUMNS
        findings += [
            *check_columns(file, header, columns, "IM"), *check_headers(file, table, columns, prefix="IM")
        ]  # fmt: skip
    files = (FileRecord(file, checksum, size, None, None, "social_impact", ""),) if checksum else ()
    return _Opened(file, None if _stops(findings) else table, tuple(findings), files)


def _key(opened: _Opened, project: Path) -> tuple[bytes | None, list[Finding]]:
    if opened.table is None:
        return None, []
    try:
        return identifiers.load_key(project), []
    except DataError as error:
        remedy = "Bez klucza nie można zastąpić kluczy osób pseudonimami, więc pliku nie użyto."
        return None, [
            Finding(
                "IM-33", "blocking", opened.file, None, "person", str(error), "klucz poza folderem projektu", remedy
            )
        ]


def _read_rows(table: SurveyTable, key: bytes, log: RowLog) -> tuple[pd.DataFrame, NDArray[np.datetime64] | None]:
    log.refuse(
        table.ragged, "IM-21", (), "inna liczba komórek niż w nagłówku",
        expected=f"liczba komórek jak w nagłówku: {sum(map(bool, table.header))}",
        remedy="Proszę sprawdzić rozdzielniki, cudzysłowy i przecinki dziesiętne w tym wierszu.",
    )  # fmt: skip
    read = impact_answers
    column = {name: table.column(name) for name in PANEL_COLUMNS}
    persons = [identifiers.pseudonym(text, key) if text else "" for text in column["person"].texts]
    values: dict[str, NDArray[np.generic]] = {
        "person": np.array(persons, dtype=object)[column["person"].positions],
        "teryt": read.read_regions(column["teryt"], "teryt", log),
        "entity": read.read_texts(column["entity"]),
        "group": read.read_words(column["group"], "group", read.GROUPS, log, refuse=True, required=True),
        "kind": read.read_words(column["kind"], "kind", read.KINDS, log, refuse=True, required=False),
        "wave": read.read_words(column["wave"], "wave", read.WAVES, log, refuse=True, required=True),
        "sex": read.read_words(column["sex"], "sex", read.SEXES, log, refuse=False, required=False),
        "income_source": read.read_words(
            column["income_source"], "income_source", read.INCOME_SOURCES, log, refuse=False, required=False
        ),
    }
    for name in ("disability", "work", "assistance"):
        values[name] = read.read_yes_no(column[name], name, log)
    for name in ("age", "months_out_of_work", "hours", "months_to_work"):
        values[name] = read.read_quantities(column[name], name, log)
    for name in ("education", "health", *SCALE_ITEMS):
        values[name] = read.read_scale(column[name], name, log)
    log.refuse(
        values["person"] == "", "IM-28", ["person"], "brak klucza osoby", expected="klucz, ten sam w każdej fali",
        remedy="Proszę wpisać klucz bez danych, które wskazują osobę.",
    )  # fmt: skip
    compared = (values["group"] == "comparison") & (values["kind"] != "")
    log.doubt(
        compared, "IM-17", ["kind"], "rodzaj wsparcia u osoby z grupy porównawczej", expected="pusta komórka",
        remedy="Rodzaj pominięto. Proszę sprawdzić, czy ta osoba nie korzystała ze wsparcia.",
    )  # fmt: skip
    values["kind"] = np.where(compared, "", values["kind"])
    days = read.read_days(table.column(DATE), DATE, log) if DATE in table.header else None
    frame = read.frame_of({name: values[name] for name in PANEL_COLUMNS})
    return impact_persons.check_persons(frame, days, log), days


def _about_groups(table: pd.DataFrame, file: str) -> list[Finding]:
    """Return what is to be said of whole voivodeships, or of a file of which nothing is left."""
    if table.empty:
        return [
            Finding("IM-04", "blocking", file, None, "", "żadnego wiersza nie można użyć",
                    "co najmniej jedna osoba z pomiarem na wejściu", "Proszę sprawdzić pozostałe uwagi do tego pliku.")
        ]  # fmt: skip
    return [
        Finding("IM-23", "warning", file, None, "group",
                f"województwo {by_teryt(teryt).name}: sami uczestnicy, nikogo w grupie porównawczej",
                "osoby podobne do uczestników, które nie korzystały ze wsparcia (comparison)",
                "Raport pokaże zmianę, ale nie wpływ wsparcia. Proszę dostarczyć grupę porównawczą, jeżeli ją zbadano.")
        for teryt in impact_persons.lacking_comparison(table)
    ]  # fmt: skip


def _last_year(days: NDArray[np.datetime64] | None, log: RowLog) -> int | None:
    if days is None:
        return None
    known = days[log.kept & ~np.isnat(days)]
    return int(known.max().astype("datetime64[Y]").astype(int)) + 1970 if len(known) else None


def _stops(findings: Sequence[Finding]) -> bool:
    return any(finding.severity == "blocking" for finding in findings)
