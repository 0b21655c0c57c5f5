"""Opens one delivered file, CSV or XLSX, and says in findings why it cannot be used."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ropsanalysis.errors import DataError
from ropsanalysis.io import tabular, workbook_guard
from ropsanalysis.io.findings import Finding, Prefix, Severity, suggest
from ropsanalysis.io.provenance import sha256
from ropsanalysis.io.tabular import RawTable
from ropsanalysis.io.workbook_guard import Sheet

LARGEST_FILE: Final = 200 * 2**20
"""Largest file, in bytes, that is opened."""

Guard = Callable[[str, Sequence[Sheet]], Sequence[Finding]]
"""Looks at a whole file, by its path in the project, before a word of it may be told."""


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


def open_file(
    folder: Path,
    stem: str,
    *,
    label: str,
    columns: Sequence[str] | None,
    required: bool = True,
    prefix: Prefix = "GUS",
    guard: Guard | None = None,
) -> Intake:
    """Open ``<stem>.csv``, or ``<stem>.xlsx`` where there is no CSV, of a dataset's folder.

    Parameters
    ----------
    label
        Path of the folder inside the project.
    columns
        Columns the file must have; others are ignored with a warning. None leaves the columns to the caller.
    required
        Whether an absent file is blocking or only worth a warning.
    prefix
        Topic that findings are numbered for.
    guard
        What looks at the whole file first, all sheets of a workbook included; a blocking finding of its own
        refuses the file before anything in it is described.
    """
    path = next((path for path in (folder / f"{stem}.csv", folder / f"{stem}.xlsx") if path.is_file()), None)
    if path is None:
        severity: Severity = "blocking" if required else "warning"
        expected = f"plik {stem}.csv (albo {stem}.xlsx) w folderze {label}"
        remedy = "Proszę wgrać plik do tego folderu albo ponownie zaimportować zbiór."
        finding = Finding(f"{prefix}-02", severity, f"{label}/{stem}.csv", None, "", "brak pliku", expected, remedy)
        return Intake(f"{label}/{stem}.csv", None, (finding,))
    file = f"{label}/{path.name}"
    if path.stat().st_size > LARGEST_FILE:
        return Intake(file, None, (too_large(file, prefix),))
    data = path.read_bytes()
    sheets = read_sheets(file, data, prefix=prefix, every=guard is not None)
    if isinstance(sheets, Finding):
        return Intake(file, None, (sheets,), sha256(data), len(data))
    findings = tuple(guard(file, sheets)) if guard else ()
    if columns is not None and not _stops(findings):
        findings += check_columns(file, sheets[0].table.header, columns, prefix)
    usable = not _stops(findings)
    return Intake(file, sheets[0].table if usable else None, findings, sha256(data), len(data))


def read_sheets(file: str, data: bytes, *, prefix: Prefix, every: bool, sheet: str = "") -> tuple[Sheet, ...] | Finding:
    """Return the table of a CSV file or workbook, or the finding that says why there is none.

    Parameters
    ----------
    file
        Path inside the project; its ending tells the format.
    every
        Whether the other sheets of a workbook are read too; the first always comes first.
    sheet
        Name of the sheet that is to come first; empty for the first of the workbook.
    """
    workbook = file.lower().endswith(".xlsx")
    opened = _read_xlsx(file, data, prefix, every or bool(sheet)) if workbook else _read_csv(file, data, prefix)
    if isinstance(opened, Finding):
        return opened
    if sheet and workbook:
        names = [one.name for one in opened]
        if sheet not in names:
            near = suggest(sheet, names)
            remedy = f"Proszę poprawić nazwę arkusza. {near}".strip()
            return _format(file, f"brak arkusza „{sheet}”, liczba arkuszy: {len(names)}", remedy, prefix)
        opened = tuple(sorted(opened, key=lambda one: one.name != sheet))
    return opened if opened[0].table.rows else _header_only(file, prefix)


def too_large(file: str, prefix: Prefix) -> Finding:
    """Return the finding of a file above `LARGEST_FILE`."""
    return _format(file, f"plik większy niż {LARGEST_FILE // 2**20} MiB", "Proszę sprawdzić, czy to ten plik.", prefix)


def empty(file: str, prefix: Prefix) -> Finding:
    """Return the finding of a file without content."""
    return Finding(
        f"{prefix}-03", "blocking", file, None, "", "plik bez treści", "nagłówek i wiersze danych",
        "Proszę wgrać plik ponownie; poprzednie kopiowanie mogło zostać przerwane.",
    )  # fmt: skip


def _read_xlsx(file: str, data: bytes, prefix: Prefix, every: bool) -> tuple[Sheet, ...] | Finding:
    if not data:
        return empty(file, prefix)
    try:
        if every:
            return workbook_guard.read_sheets(data)
        return (Sheet("", workbook_guard.read_first_sheet(data)),)
    except DataError as error:
        return _format(file, str(error), "Proszę zapisać dane ponownie jako XLSX albo jako CSV w UTF-8.", prefix)


def _read_csv(file: str, data: bytes, prefix: Prefix) -> tuple[Sheet, ...] | Finding:
    if not data.strip(b" \t\r\n\xef\xbb\xbf"):
        return empty(file, prefix)
    binary = tabular.detect_format(data)
    if binary:
        return _format(
            file,
            f"{binary} z rozszerzeniem .csv",
            "Proszę otworzyć plik w arkuszu i zapisać jako „CSV UTF-8” albo zmienić rozszerzenie na .xlsx.",
            prefix,
        )
    encoding = tabular.detect_encoding(data)
    if encoding != "UTF-8":
        return _encoding(file, encoding, prefix)
    text = data.decode("utf-8-sig")
    sample = tabular.find_mojibake(text)
    if sample:
        return _encoding(file, f"UTF-8 z polskimi literami zepsutymi wcześniej (np. „{sample}”)", prefix)
    try:
        return (Sheet("", tabular.parse(text)),)
    except csv.Error as error:
        return _format(file, f"niepoprawny CSV ({error})", "Proszę sprawdzić niedomknięte cudzysłowy.", prefix)


def _stops(findings: Sequence[Finding]) -> bool:
    return any(finding.severity == "blocking" for finding in findings)


def check_columns(file: str, header: Sequence[str], columns: Sequence[str], prefix: Prefix) -> tuple[Finding, ...]:
    """Return findings on columns that are absent or repeated (blocking), or that nobody asks for (warning)."""
    found: list[Finding] = []
    unknown = [name for name in header if name not in columns]
    for name in columns:
        times = header.count(name)
        if times > 1:
            found.append(
                Finding(
                    f"{prefix}-21", "blocking", file, 1, name, f"kolumna występuje {times} razy", "jeden raz",
                    "Proszę usunąć powtórzoną kolumnę.",
                )
            )  # fmt: skip
        if times == 0:
            near = suggest(name, unknown).replace("chodziło o", "odpowiada jej")
            found.append(
                Finding(
                    f"{prefix}-01", "blocking", file, 1, name,
                    f"kolumny: {', '.join(header)}" if header else "brak nagłówka",
                    f"kolumny: {', '.join(columns)}",
                    f"Proszę dodać kolumnę albo poprawić jej nazwę. {near}".strip(),
                )
            )  # fmt: skip
    missing = [name for name in columns if name not in header]
    found.extend(
        Finding(
            f"{prefix}-20", "warning", file, 1, name, "kolumna spoza opisu zbioru",
            f"kolumny: {', '.join(columns)}",
            "Kolumnę pominięto. Jeżeli jest potrzebna, proszę sprawdzić jej nazwę.",
        )
        for name in unknown
        if not missing
    )  # fmt: skip
    return tuple(found)


def _header_only(file: str, prefix: Prefix) -> Finding:
    return Finding(
        f"{prefix}-04", "blocking", file, None, "", "nagłówek bez wierszy danych",
        "co najmniej jeden wiersz danych",
        "Proszę sprawdzić, czy eksport się zakończył, i wgrać plik ponownie.",
    )  # fmt: skip


def _encoding(file: str, found: str, prefix: Prefix) -> Finding:
    return Finding(
        f"{prefix}-05", "blocking", file, None, "", found, "UTF-8",
        "Proszę zapisać plik ponownie z kodowaniem UTF-8 (w Excelu: „CSV UTF-8 (rozdzielany przecinkami)”).",
    )  # fmt: skip


def _format(file: str, found: str, remedy: str, prefix: Prefix) -> Finding:
    expected = "plik CSV w UTF-8 albo skoroszyt XLSX"
    return Finding(f"{prefix}-06", "blocking", file, None, "", found, expected, remedy)
