"""Opens one delivered file, CSV or XLSX, and says in findings why it cannot be used."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ropsanalysis.errors import DataError
from ropsanalysis.io import tabular, workbook_guard
from ropsanalysis.io.findings import Finding, Severity, suggest
from ropsanalysis.io.provenance import sha256
from ropsanalysis.io.tabular import RawTable

_LARGEST_CSV: Final = 200 * 2**20


@dataclass(frozen=True, slots=True)
class Intake:
    """One file as it was opened.

    Attributes
    ----------
    file
        Path inside the project, for findings and provenance.
    table
        Header and rows as text; None if the file cannot be used.
    findings
        What is wrong with the file as a whole.
    sha256, bytes
        Checksum and size; empty and 0 if there is no file.
    """

    file: str
    table: RawTable | None
    findings: tuple[Finding, ...]
    sha256: str = ""
    bytes: int = 0


def open_file(folder: Path, stem: str, *, label: str, columns: Sequence[str], required: bool = True) -> Intake:
    """Open ``<stem>.csv``, or ``<stem>.xlsx`` where there is no CSV, of a dataset's folder.

    Parameters
    ----------
    label
        Path of the folder inside the project.
    columns
        Columns the file must have; others are ignored with a warning.
    required
        Whether an absent file is blocking or only worth a warning.
    """
    path = next((path for path in (folder / f"{stem}.csv", folder / f"{stem}.xlsx") if path.is_file()), None)
    if path is None:
        severity: Severity = "blocking" if required else "warning"
        expected = f"plik {stem}.csv (albo {stem}.xlsx) w folderze {label}"
        remedy = "Proszę wgrać plik do tego folderu albo ponownie zaimportować zbiór."
        finding = Finding("GUS-02", severity, f"{label}/{stem}.csv", None, "", "brak pliku", expected, remedy)
        return Intake(f"{label}/{stem}.csv", None, (finding,))
    file = f"{label}/{path.name}"
    if path.suffix == ".csv" and path.stat().st_size > _LARGEST_CSV:
        return Intake(file, None, (_format(file, "plik większy niż 200 MiB", "Proszę sprawdzić, czy to ten plik."),))
    data = path.read_bytes()
    opened = _open_xlsx(file, data) if path.suffix == ".xlsx" else _open_csv(file, data)
    if isinstance(opened, Finding):
        return Intake(file, None, (opened,), sha256(data), len(data))
    findings = _check_columns(file, opened, columns)
    usable = not any(finding.severity == "blocking" for finding in findings)
    return Intake(file, opened if usable else None, findings, sha256(data), len(data))


def _open_xlsx(file: str, data: bytes) -> RawTable | Finding:
    if not data:
        return _empty(file)
    try:
        table = workbook_guard.read_first_sheet(data)
    except DataError as error:
        return _format(file, str(error), "Proszę zapisać dane ponownie jako XLSX albo jako CSV w UTF-8.")
    return _header_only(file) if not table.rows else table


def _open_csv(file: str, data: bytes) -> RawTable | Finding:
    if not data.strip(b" \t\r\n\xef\xbb\xbf"):
        return _empty(file)
    binary = tabular.detect_format(data)
    if binary:
        return _format(
            file,
            f"{binary} z rozszerzeniem .csv",
            "Proszę otworzyć plik w arkuszu i zapisać jako „CSV UTF-8” albo zmienić rozszerzenie na .xlsx.",
        )
    encoding = tabular.detect_encoding(data)
    if encoding != "UTF-8":
        return _encoding(file, encoding)
    text = data.decode("utf-8-sig")
    sample = tabular.find_mojibake(text)
    if sample:
        return _encoding(file, f"UTF-8 z polskimi literami zepsutymi wcześniej (np. „{sample}”)")
    try:
        table = tabular.parse(text)
    except csv.Error as error:
        return _format(file, f"niepoprawny CSV ({error})", "Proszę sprawdzić niedomknięte cudzysłowy.")
    return _header_only(file) if not table.rows else table


def _check_columns(file: str, table: RawTable, columns: Sequence[str]) -> tuple[Finding, ...]:
    found: list[Finding] = []
    unknown = [name for name in table.header if name not in columns]
    for name in columns:
        times = table.header.count(name)
        if times > 1:
            found.append(
                Finding(
                    "GUS-21", "blocking", file, 1, name, f"kolumna występuje {times} razy", "jeden raz",
                    "Proszę usunąć powtórzoną kolumnę.",
                )
            )  # fmt: skip
        if times == 0:
            near = suggest(name, unknown).replace("chodziło o", "odpowiada jej")
            found.append(
                Finding(
                    "GUS-01", "blocking", file, 1, name,
                    f"kolumny: {', '.join(table.header)}" if table.header else "brak nagłówka",
                    f"kolumny: {', '.join(columns)}",
                    f"Proszę dodać kolumnę albo poprawić jej nazwę. {near}".strip(),
                )
            )  # fmt: skip
    missing = [name for name in columns if name not in table.header]
    found.extend(
        Finding(
            "GUS-20", "warning", file, 1, name, "kolumna spoza opisu zbioru",
            f"kolumny: {', '.join(columns)}",
            "Kolumnę pominięto. Jeżeli jest potrzebna, proszę sprawdzić jej nazwę.",
        )
        for name in unknown
        if not missing
    )  # fmt: skip
    return tuple(found)


def _empty(file: str) -> Finding:
    return Finding(
        "GUS-03", "blocking", file, None, "", "plik bez treści", "nagłówek i wiersze danych",
        "Proszę wgrać plik ponownie; poprzednie kopiowanie mogło zostać przerwane.",
    )  # fmt: skip


def _header_only(file: str) -> Finding:
    return Finding(
        "GUS-04", "blocking", file, None, "", "nagłówek bez wierszy danych",
        "co najmniej jeden wiersz danych",
        "Proszę sprawdzić, czy eksport się zakończył, i wgrać plik ponownie.",
    )  # fmt: skip


def _encoding(file: str, found: str) -> Finding:
    return Finding(
        "GUS-05", "blocking", file, None, "", found, "UTF-8",
        "Proszę zapisać plik ponownie z kodowaniem UTF-8 (w Excelu: „CSV UTF-8 (rozdzielany przecinkami)”).",
    )  # fmt: skip


def _format(file: str, found: str, remedy: str) -> Finding:
    return Finding("GUS-06", "blocking", file, None, "", found, "plik CSV w UTF-8 albo skoroszyt XLSX", remedy)
